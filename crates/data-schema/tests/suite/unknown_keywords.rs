//! Members of schemas that no draft knows are reported and never checked.

use data_schema::{KeywordRole, Schema};

/// Returns the names that are reported for a source, each with the most similar keyword.
fn reported(source: &str) -> Vec<(String, Option<&'static str>)> {
    let mut unknown = Schema::keywords(source.as_bytes());
    unknown.retain(|keyword| keyword.role == KeywordRole::Unknown);
    for keyword in &unknown {
        let at = keyword.name.offset() as usize;
        assert!(source[at..].starts_with('"'), "{source} {at}");
    }
    unknown.into_iter().map(|keyword| (keyword.name.to_text(), keyword.similar())).collect()
}

#[test]
fn misspelled_keywords_are_reported_with_similar_ones() {
    for (name, similar) in [
        ("mininum", Some("minimum")),
        ("minimun", Some("minimum")),
        ("Maximum", Some("maximum")),
        ("maxLenght", Some("maxLength")),
        ("addtionalProperties", Some("additionalProperties")),
        ("$reff", Some("$ref")),
        ("titel", Some("title")),
        ("pattern ", Some("pattern")),
        ("unit", None),
        ("semanticId", None),
        ("", None),
        ("a-name-that-is-longer-than-every-keyword-of-all-drafts", None),
    ] {
        let source = format!(r#"{{"{name}":1}}"#);
        assert_eq!(reported(&source), [(name.to_string(), similar)]);
        // The schema is accepted nevertheless.
        assert!(Schema::compile(source.as_bytes()).is_ok());
    }
}

#[test]
fn keywords_annotations_and_extensions_are_not_reported() {
    for name in ["title", "$id", "format", "x-unit", "x-", "title:de", "xsd:date"] {
        assert_eq!(reported(&format!(r#"{{"{name}":"a"}}"#)), []);
    }
    assert_eq!(reported(r#"{"type":"integer","minimum":1}"#), []);
    assert_eq!(reported("true"), []);
}

#[test]
fn subschemas_are_searched_and_values_are_not() {
    let source = r#"{"a":{"b":1},"properties":{"c":{"d":1},"minimun":{"e":1}},"items":{"f":1},
        "anyOf":[{"g":1},true],"not":{"h":1},"const":{"i":1},"enum":[{"j":1}],"default":{"k":1},
        "additionalProperties":{"l":1}}"#;
    let names: Vec<_> = reported(source).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["a", "d", "e", "f", "g", "h", "l"]);
}

#[test]
fn rejected_members_are_skipped() {
    let names = ["a", "b"].map(|name| (name.to_string(), None));
    assert_eq!(reported(r#"{"a":1,"minimum":"1","b":1}"#), names);
    assert_eq!(reported(r#"{"a":1,"$vocabulary":{},"b":1}"#), names);
    assert_eq!(reported(r#"{"a":1,"items":{"pattern":"(?=a)"},"b":1}"#), names);
    assert_eq!(reported(r#"{"a":1,"#), []);
    assert_eq!(reported("7"), []);
    assert_eq!(reported(""), []);
}

#[test]
fn an_escaped_spelling_is_the_keyword() {
    assert_eq!(reported(r#"{"\u006dinimum":1}"#), []);
    assert_eq!(reported(r#"{"\u006dininum":1}"#), [("mininum".to_string(), Some("minimum"))]);
}
