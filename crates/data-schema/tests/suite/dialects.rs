//! The differences between the drafts.

use crate::support::{accepts, fails, refused, rejects};
use data_schema::{CompileErrorKind as Kind, Dialect, KeywordRole, Schema, ViolationKind};

/// Returns a schema in a dialect: `$schema` and these members.
fn written(dialect: Dialect, members: &str) -> String {
    let uri = match dialect {
        Dialect::Draft3 => "http://json-schema.org/draft-03/schema",
        Dialect::Draft4 => "http://json-schema.org/draft-04/schema",
        Dialect::Draft6 => "http://json-schema.org/draft-06/schema",
        Dialect::Draft7 => "http://json-schema.org/draft-07/schema",
        Dialect::Draft2019 => "https://json-schema.org/draft/2019-09/schema",
        Dialect::Draft2020 => "https://json-schema.org/draft/2020-12/schema",
    };
    format!(r#"{{"$schema":"{uri}",{members}}}"#)
}

const ALL: [Dialect; 5] =
    [Dialect::Draft4, Dialect::Draft6, Dialect::Draft7, Dialect::Draft2019, Dialect::Draft2020];

#[test]
fn the_dialect_is_named_with_http_or_https_and_with_an_empty_fragment_or_none() {
    for name in ["draft-04", "draft-06", "draft-07", "draft/2019-09", "draft/2020-12"] {
        for scheme in ["http", "https"] {
            for fragment in ["", "#"] {
                let uri = format!("{scheme}://json-schema.org/{name}/schema{fragment}");
                accepts(&format!(r#"{{"$schema":"{uri}"}}"#), &["1"]);
            }
        }
    }
    for wrong in [
        "\"http://json-schema.org/draft-03/schema#\"",
        "\"http://json-schema.org/draft-05/schema#\"",
        "\"http://json-schema.org/draft-08/schema#\"",
        "\"http://json-schema.org/schema#\"",
        "\"http://json-schema.org/draft-07/schema##\"",
        "\"http://json-schema.org/draft-07/schema/\"",
        "\"HTTP://json-schema.org/draft-07/schema\"",
        "\"ftp://json-schema.org/draft-07/schema\"",
        "\"https://spec.openapis.org/oas/3.1/dialect/base\"",
        "\"draft-07\"",
        "\"\"",
        "7",
        "null",
    ] {
        let source = format!(r#"{{"type":"null","$schema":{wrong}}}"#);
        refused(&source, Kind::UnknownDialect, Some("$schema"), 25, "/$schema");
    }
    let long = format!(r#"{{"$schema":"http://json-schema.org/{}"}}"#, "x".repeat(10_000));
    refused(&long, Kind::UnknownDialect, Some("$schema"), 11, "/$schema");
    // A subschema must name the same dialect.
    accepts(
        &written(
            Dialect::Draft7,
            r#""not":{"$schema":"https://json-schema.org/draft-07/schema#","type":"null"}"#,
        ),
        &["1"],
    );
    let other = r#"{"not":{"$schema":"http://json-schema.org/draft-07/schema"}}"#;
    refused(other, Kind::UnknownDialect, Some("$schema"), 18, "/not/$schema");
    // In a value or as the name of a property, `$schema` is not the keyword.
    accepts(r#"{"enum":[{"$schema":"a"}],"properties":{"$schema":{}}}"#, &[r#"{"$schema":"a"}"#]);
    assert_eq!(Schema::compile(b"true").unwrap().dialect(), Dialect::Draft2020);
    for dialect in ALL {
        let schema = Schema::compile(written(dialect, r#""type":"null""#).as_bytes()).unwrap();
        assert_eq!(schema.dialect(), dialect);
    }
}

#[test]
fn exclusive_bounds_are_booleans_in_draft_4_and_numbers_later() {
    let source = written(
        Dialect::Draft4,
        r#""minimum":1,"exclusiveMinimum":true,"maximum":3,"exclusiveMaximum":false"#,
    );
    accepts(&source, &["1.1", "3", "\"x\""]);
    rejects(&source, ViolationKind::ExclusiveMinimumMismatch, &["1", "0"]);
    rejects(&source, ViolationKind::MaximumMismatch, &["3.1"]);
    let source = written(Dialect::Draft4, r#""exclusiveMaximum":true,"maximum":3"#);
    rejects(&source, ViolationKind::ExclusiveMaximumMismatch, &["3", "4"]);
    // `true` excludes a bound, which must exist. `false` has no effect.
    accepts(&written(Dialect::Draft4, r#""exclusiveMinimum":false"#), &["1"]);
    for (dialect, keyword, value) in [
        (Dialect::Draft4, "exclusiveMinimum", "true"),
        (Dialect::Draft4, "exclusiveMaximum", "true"),
        (Dialect::Draft4, "exclusiveMinimum", "1"),
        (Dialect::Draft6, "exclusiveMinimum", "true"),
        (Dialect::Draft7, "exclusiveMaximum", "false"),
        (Dialect::Draft2019, "exclusiveMaximum", "true"),
        (Dialect::Draft2020, "exclusiveMinimum", "true"),
    ] {
        let source = written(dialect, &format!(r#""{keyword}":{value}"#));
        let error = Schema::compile(source.as_bytes()).unwrap_err();
        assert_eq!(
            (error.kind, error.keyword),
            (Kind::InvalidKeywordValue, Some(keyword)),
            "{source}"
        );
        assert_eq!(error.pointer, format!("/{keyword}"));
    }
    for dialect in [Dialect::Draft6, Dialect::Draft7, Dialect::Draft2019] {
        let source = written(dialect, r#""exclusiveMinimum":1"#);
        rejects(&source, ViolationKind::ExclusiveMinimumMismatch, &["1"]);
    }
}

#[test]
fn in_draft_4_an_integer_is_written_without_fraction_and_exponent() {
    let source = |dialect| written(dialect, r#""type":"integer""#);
    for dialect in ALL {
        accepts(&source(dialect), &["1", "-0", "100000000000000000000000000000000000000001"]);
        rejects(&source(dialect), ViolationKind::TypeMismatch, &["1.5", "1e-1"]);
        for value in ["1.0", "1e0", "1E2", "10e-1", "0.0"] {
            match dialect {
                Dialect::Draft4 => rejects(&source(dialect), ViolationKind::TypeMismatch, &[value]),
                _ => accepts(&source(dialect), &[value]),
            }
        }
        accepts(&written(dialect, r#""type":"number""#), &["1", "1.0", "1.5", "1e2"]);
        // Equality is by value in all drafts.
        accepts(&written(dialect, r#""enum":[1]"#), &["1.0", "10e-1"]);
    }
}

#[test]
fn items_by_position_are_an_array_until_2019_and_prefix_items_later() {
    for dialect in [Dialect::Draft4, Dialect::Draft6, Dialect::Draft7, Dialect::Draft2019] {
        let source = written(
            dialect,
            r#""items":[{"type":"null"},{"type":"string"}],"additionalItems":false"#,
        );
        accepts(&source, &["[]", "[null]", "[null,\"\"]", "{}"]);
        fails(&source, "[null,\"\",1]", ViolationKind::ItemsMismatch, 9, "/2");
        fails(&source, "[null,1]", ViolationKind::TypeMismatch, 6, "/1");
        let source = written(dialect, r#""additionalItems":{"type":"null"},"items":[{}]"#);
        accepts(&source, &["[1,null,null]"]);
        fails(&source, "[1,1]", ViolationKind::TypeMismatch, 3, "/1");
        // Without an array as `items`, `additionalItems` has no effect.
        for members in [r#""items":{},"additionalItems":false"#, r#""additionalItems":false"#] {
            accepts(&written(dialect, members), &["[1,2]"]);
        }
        // `prefixItems` is a keyword of a later draft.
        accepts(&written(dialect, r#""prefixItems":[false]"#), &["[1]"]);
        let empty = written(dialect, r#""items":[]"#);
        assert_eq!(Schema::build(empty.as_bytes()).unwrap_err().kind, Kind::InvalidKeywordValue);
        let wrong = written(dialect, r#""items":[{}],"additionalItems":7"#);
        assert_eq!(Schema::build(wrong.as_bytes()).unwrap_err().kind, Kind::NotASchema);
    }
    let source = written(Dialect::Draft2020, r#""items":[{}]"#);
    assert_eq!(Schema::build(source.as_bytes()).unwrap_err().kind, Kind::InvalidKeywordValue);
    let source = written(Dialect::Draft2020, r#""additionalItems":false"#);
    assert_eq!(Schema::build(source.as_bytes()).unwrap_err().kind, Kind::UnsupportedKeyword);
}

#[test]
fn in_draft_4_schemas_are_objects() {
    for members in
        [r#""not":false"#, r#""items":true"#, r#""properties":{"a":true}"#, r#""allOf":[true]"#]
    {
        let source = written(Dialect::Draft4, members);
        assert_eq!(
            Schema::build(source.as_bytes()).unwrap_err().kind,
            Kind::NotASchema,
            "{source}"
        );
        assert!(Schema::build(written(Dialect::Draft6, members).as_bytes()).is_ok());
    }
    // Two keywords have always accepted booleans.
    let source = written(
        Dialect::Draft4,
        r#""additionalProperties":false,"items":[{}],"additionalItems":false"#,
    );
    rejects(&source, ViolationKind::ItemsMismatch, &[]);
    assert!(Schema::build(source.as_bytes()).unwrap().check(b"[1,2]").is_err());
}

/// The role and the effect of keywords in the drafts that do not have them.
#[test]
fn a_keyword_that_only_a_later_draft_knows_is_an_annotation() {
    for (keyword, first) in [
        ("const", Dialect::Draft6),
        ("contains", Dialect::Draft6),
        ("propertyNames", Dialect::Draft6),
        ("examples", Dialect::Draft6),
        ("if", Dialect::Draft7),
        ("then", Dialect::Draft7),
        ("else", Dialect::Draft7),
        ("$comment", Dialect::Draft7),
        ("$anchor", Dialect::Draft2019),
        ("$defs", Dialect::Draft2019),
        ("$recursiveRef", Dialect::Draft2019),
        ("dependentRequired", Dialect::Draft2019),
        ("minContains", Dialect::Draft2019),
        ("unevaluatedProperties", Dialect::Draft2019),
        ("prefixItems", Dialect::Draft2020),
        ("$dynamicRef", Dialect::Draft2020),
    ] {
        for dialect in ALL.into_iter().filter(|dialect| *dialect < first) {
            let source = written(dialect, &format!(r#""{keyword}":false"#));
            accepts(&source, &["1", "{}", "[1]"]);
            let uses = Schema::keywords(source.as_bytes());
            let found = uses.iter().find(|found| found.name == keyword).unwrap();
            assert_eq!(found.role, KeywordRole::Later, "{source}");
        }
    }
}

#[test]
fn a_keyword_that_only_earlier_drafts_know_is_rejected() {
    for (keyword, last) in [
        ("divisibleBy", Dialect::Draft3),
        ("disallow", Dialect::Draft3),
        ("extends", Dialect::Draft3),
        ("dependencies", Dialect::Draft7),
        ("$recursiveRef", Dialect::Draft2019),
        ("additionalItems", Dialect::Draft2019),
    ] {
        for dialect in ALL.into_iter().filter(|dialect| *dialect > last) {
            let source = written(dialect, &format!(r#""{keyword}":{{}}"#));
            let error = Schema::compile(source.as_bytes()).unwrap_err();
            assert_eq!((error.kind, error.keyword), (Kind::UnsupportedKeyword, Some(keyword)));
            assert!(!error.to_string().contains("remove it"), "{error}");
        }
    }
    // Identifiers and definitions are accepted in every draft.
    for dialect in ALL {
        accepts(&written(dialect, r#""id":"a","definitions":{}"#), &["1"]);
    }
}

#[test]
fn keywords_beside_a_reference_are_reported() {
    let members = r##""title":"t","$ref":"#/definitions/a","maxLength":1,"if":{},"unit":"h",
        "definitions":{"a":{"minimum":1}}"##;
    let roles = |dialect| {
        let source = written(dialect, members);
        let uses = Schema::keywords(source.as_bytes());
        uses.into_iter().map(|found| (found.name.to_text(), found.role)).collect::<Vec<_>>()
    };
    let found = roles(Dialect::Draft7);
    for (name, role) in [
        ("title", KeywordRole::Annotation),
        ("$ref", KeywordRole::Checked),
        ("maxLength", KeywordRole::BesideReference),
        ("if", KeywordRole::BesideReference),
        ("unit", KeywordRole::Unknown),
        ("minimum", KeywordRole::Checked),
    ] {
        assert!(found.contains(&(name.into(), role)), "{name} {found:?}");
    }
}
