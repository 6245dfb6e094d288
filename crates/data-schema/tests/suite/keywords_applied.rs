//! Conditions, and schemas that apply to some items or members in addition to others (Core, 10.2.2
//! and 10.3; Validation, 6.4.4, 6.4.5 and 6.5.4).

use crate::support::{accepts, fails, refused, rejects, schema};
use data_schema::{CompileErrorKind as Kind, Schema, ViolationKind, MAX_COST};

const DRAFT_SEVEN: &str = r#""$schema":"http://json-schema.org/draft-07/schema#","#;

#[test]
fn a_condition_decides_what_else_must_match() {
    let source = r#"{"if":{"type":"integer"},"then":{"minimum":5},"else":{"type":"string"}}"#;
    accepts(source, &["5", "9", "\"a\""]);
    rejects(source, ViolationKind::IfMismatch, &["4", "1.5", "null", "{}"]);
    // A missing branch matches any value.
    accepts(r#"{"if":{"type":"integer"},"then":{"minimum":5}}"#, &["5", "1.5", "null"]);
    accepts(r#"{"if":{"type":"integer"},"else":{"type":"string"}}"#, &["4", "\"a\""]);
    accepts(r#"{"if":false}"#, &["4"]);
    accepts(r#"{"then":false,"else":false}"#, &["4"]);
    // A condition can check whole arrays and objects.
    let nested = r#"{"items":{"if":{"required":["a"]},"then":{"properties":{"b":{"const":1}},
        "required":["b"]},"else":{"maxProperties":1}}}"#;
    accepts(nested, &[r#"[{"a":0,"b":1},{"b":2},{},7]"#]);
    fails(nested, r#"[{"b":1},{"b":2,"a":0}]"#, ViolationKind::IfMismatch, 9, "/1");
    fails(nested, r#"[{"b":1,"c":2}]"#, ViolationKind::IfMismatch, 1, "/0");
    // A failed condition within `not` makes the value match.
    accepts(r#"{"not":{"if":{"type":"null"},"then":false}}"#, &["null"]);
    assert_eq!(schema(source).cost(), 4);
}

#[test]
fn contains_requires_matching_items() {
    let source = r#"{"contains":{"minimum":5}}"#;
    accepts(source, &["[1,5]", "[7]", "{}", "4", "[[],\"a\"]"]);
    rejects(source, ViolationKind::ContainsMismatch, &["[]", "[1]", "[4.9,1]"]);
    let bounded = r#"{"contains":{"minimum":5},"minContains":2,"maxContains":3}"#;
    accepts(bounded, &["[5,6]", "[5,1,6,7]"]);
    rejects(bounded, ViolationKind::ContainsMismatch, &["[]", "[1]"]);
    rejects(bounded, ViolationKind::MinContainsMismatch, &["[5]", "[1,5]"]);
    rejects(bounded, ViolationKind::MaxContainsMismatch, &["[5,6,7,8]"]);
    accepts(r#"{"contains":{"minimum":5},"minContains":0}"#, &["[]", "[1]"]);
    accepts(r#"{"minContains":2,"maxContains":0}"#, &["[]", "[1,2,3]"]);
    // In addition to the schemas for every item and by position.
    let beside =
        r#"{"prefixItems":[{"type":"string"}],"items":{"type":"number"},"contains":{"const":3}}"#;
    accepts(beside, &["[\"a\",3]", "[\"a\",1,3.0]"]);
    fails(beside, "[3]", ViolationKind::TypeMismatch, 1, "/0");
    rejects(beside, ViolationKind::ContainsMismatch, &["[\"a\",1]"]);
    // Items that are arrays and objects.
    let deep = r#"{"contains":{"contains":{"type":"object","required":["a"]},"type":"array"}}"#;
    accepts(deep, &[r#"[[1],[2,{"a":1}]]"#]);
    rejects(deep, ViolationKind::ContainsMismatch, &[r#"[[1],[2,{"b":1}]]"#]);
    assert_eq!(schema(beside).cost(), 2);
}

#[test]
fn members_match_by_the_pattern_of_their_names() {
    let source = r#"{"properties":{"a1":{"maximum":9}},"patternProperties":{"^a":{"type":"number"},
        "1$":{"minimum":3}},"additionalProperties":false}"#;
    accepts(source, &["{}", r#"{"a":1}"#, r#"{"a1":5}"#, r#"{"b1":3}"#, r#"{"ab":0}"#, "[]"]);
    fails(source, r#"{"a":""}"#, ViolationKind::TypeMismatch, 5, "/a");
    fails(source, r#"{"a1":2}"#, ViolationKind::MinimumMismatch, 6, "/a1");
    fails(source, r#"{"a1":10}"#, ViolationKind::MaximumMismatch, 6, "/a1");
    fails(source, r#"{"b":1}"#, ViolationKind::AdditionalPropertiesMismatch, 1, "/b");
    // Escapes are resolved. An expression that matches any name leaves no additional properties.
    fails(source, r#"{"\u0061":""}"#, ViolationKind::TypeMismatch, 10, "/a");
    accepts(r#"{"patternProperties":{"":{}},"additionalProperties":false}"#, &[r#"{"a":1}"#]);
    fails(
        r#"{"patternProperties":{"^x":false}}"#,
        r#"{"x":1}"#,
        ViolationKind::FalseSchema,
        5,
        "/x",
    );
    // Nested objects, whose own members follow other rules.
    let nested = r##"{"patternProperties":{"^n":{"$ref":"#"},"^v":{"type":"integer"}}}"##;
    accepts(nested, &[r#"{"n":{"n":{"v":1},"v":2},"x":""}"#]);
    fails(nested, r#"{"n":{"n":{"v":""}}}"#, ViolationKind::TypeMismatch, 15, "/n/n/v");
}

#[test]
fn names_of_members_match_a_schema() {
    let source = r#"{"propertyNames":{"maxLength":3,"pattern":"^[a-z]*$"}}"#;
    accepts(source, &["{}", r#"{"abc":{"TOO LONG":1}}"#, "[\"ABCD\"]", "\"ABCD\""]);
    fails(source, r#"{"abcd":1}"#, ViolationKind::MaxLengthMismatch, 1, "/abcd");
    fails(source, r#"{"a":1,"B":1}"#, ViolationKind::PatternMismatch, 7, "/B");
    accepts(source, &[r#"{"\u0061":1}"#]);
    fails(r#"{"propertyNames":false}"#, r#"{"a":1}"#, ViolationKind::FalseSchema, 1, "/a");
    let choice = r#"{"propertyNames":{"anyOf":[{"const":"a"},{"enum":["b","c"]}]}}"#;
    accepts(choice, &[r#"{"a":1,"c":[]}"#]);
    fails(choice, r#"{"a":{"d":1},"d":1}"#, ViolationKind::AnyOfMismatch, 13, "/d");
    // A name is a string, so keywords for other types have no effect.
    accepts(r#"{"propertyNames":{"minimum":5,"required":["a"]}}"#, &[r#"{"1":1}"#]);
    rejects(
        r#"{"not":{"propertyNames":{"const":"a"}}}"#,
        ViolationKind::NotMismatch,
        &["{}", r#"{"a":1}"#],
    );
}

#[test]
fn members_require_others() {
    let source = r#"{"dependentRequired":{"a":["b","c"],"d":[]}}"#;
    accepts(source, &["{}", r#"{"b":1}"#, r#"{"a":1,"c":2,"b":3}"#, r#"{"d":1}"#, "[\"a\"]", "7"]);
    rejects(source, ViolationKind::DependentRequiredMismatch, &[r#"{"a":1}"#, r#"{"b":1,"a":1}"#]);
    let source = r#"{"dependentSchemas":{"a":{"properties":{"b":{"type":"integer"}}},"c":false}}"#;
    accepts(source, &["{}", r#"{"b":""}"#, r#"{"a":1,"b":2}"#, "\"a\""]);
    rejects(source, ViolationKind::DependentSchemasMismatch, &[r#"{"b":"","a":1}"#, r#"{"c":1}"#]);
    // Up to draft 7, one keyword has both meanings.
    let source =
        format!(r#"{{{DRAFT_SEVEN}"dependencies":{{"a":["b"],"c":{{"minProperties":3}}}}}}"#);
    accepts(&source, &["{}", r#"{"a":1,"b":2}"#, r#"{"c":1,"d":1,"e":1}"#]);
    rejects(&source, ViolationKind::DependentRequiredMismatch, &[r#"{"a":1}"#]);
    rejects(&source, ViolationKind::DependentSchemasMismatch, &[r#"{"c":1,"d":1}"#]);
}

#[test]
fn keywords_of_later_drafts_have_no_effect() {
    for (draft, source) in [
        (4, r#""contains":false,"propertyNames":false"#),
        (6, r#""if":true,"then":false"#),
        (7, r#""contains":true,"minContains":3,"dependentRequired":{"a":["b"]}"#),
    ] {
        let schema =
            format!(r#"{{"$schema":"http://json-schema.org/draft-0{draft}/schema#",{source}}}"#);
        accepts(&schema, &["[1]", r#"{"a":1}"#]);
    }
}

#[test]
fn invalid_values_are_rejected_at_their_location() {
    for (keyword, values) in [
        ("if", &["1", "[]", "\"a\"", "null"][..]),
        ("then", &["1", "[]"]),
        ("contains", &["1", "[]"]),
        ("propertyNames", &["1", "[]"]),
    ] {
        for value in values {
            let source = format!(r#"{{"{keyword}":{value}}}"#);
            let offset = keyword.len() as u32 + 4;
            refused(&source, Kind::NotASchema, Some(keyword), offset, &format!("/{keyword}"));
        }
    }
    for (keyword, values) in [
        ("minContains", &["-1", "1.5", "\"1\"", "{}"][..]),
        ("maxContains", &["-1", "[]"]),
        ("patternProperties", &["1", "[]", "true"]),
        ("dependentSchemas", &["1", "[]"]),
        ("dependentRequired", &["1", "[]", "true"]),
    ] {
        for value in values {
            let source = format!(r#"{{"{keyword}":{value}}}"#);
            let offset = keyword.len() as u32 + 4;
            refused(
                &source,
                Kind::InvalidKeywordValue,
                Some(keyword),
                offset,
                &format!("/{keyword}"),
            );
        }
    }
    let kind = |source: &str| Schema::build(source.as_bytes()).unwrap_err().kind;
    assert_eq!(kind(r#"{"dependentRequired":{"a":{}}}"#), Kind::InvalidKeywordValue);
    assert_eq!(kind(r#"{"dependentRequired":{"a":[1]}}"#), Kind::InvalidKeywordValue);
    let (twice, keyword) = (r#"{"dependentRequired":{"a":["b","b"]}}"#, "dependentRequired");
    refused(twice, Kind::InvalidKeywordValue, Some(keyword), 31, "/dependentRequired/a/1");
    let twice = format!(r#"{{{DRAFT_SEVEN}"dependencies":{{"a":["b","b"]}}}}"#);
    let error = Schema::compile(twice.as_bytes()).unwrap_err();
    assert_eq!((error.kind, error.keyword), (Kind::InvalidKeywordValue, Some("dependencies")));
    assert_eq!(kind(r#"{"dependentSchemas":{"a":[]}}"#), Kind::NotASchema);
    let bad = r#"{"patternProperties":{"ab(":{}}}"#;
    refused(bad, Kind::InvalidPattern, Some("patternProperties"), 25, "/patternProperties/ab(");
}

#[test]
fn schemas_that_apply_together_add_up() {
    let cost = |source: &str| schema(source).cost();
    // Each expression, the schema for its members, and the schema for names.
    let pattern = |n: usize| format!(r#""^{n}":{{"type":"string"}}"#);
    let patterns: Vec<_> = (0..5).map(pattern).collect();
    let patterns = patterns.join(",");
    assert_eq!(cost(&format!(r#"{{"patternProperties":{{{patterns}}}}}"#)), 10);
    let names =
        format!(r#"{{"patternProperties":{{{patterns}}},"propertyNames":{{"pattern":"a"}}}}"#);
    assert_eq!(cost(&names), 12);
    // A name costs only beside its own member, at any depth of the recursion.
    assert_eq!(cost(r##"{"patternProperties":{"^a":{"$ref":"#"}}}"##), 2);
    assert_eq!(cost(r##"{"contains":{"$ref":"#"}}"##), 1);
    // A name is a string and has no members.
    let names = r##"{"propertyNames":{"$ref":"#"},"additionalProperties":{"$ref":"#"}}"##;
    assert_eq!(cost(names), 2);
    // If two schemas apply to the same item, the cost grows with every level.
    let kind = |source: &str| Schema::build(source.as_bytes()).unwrap_err().kind;
    assert_eq!(kind(r##"{"items":{"$ref":"#"},"contains":{"$ref":"#"}}"##), Kind::TooComplex);
    let many: Vec<_> = (0..MAX_COST).map(|n| pattern(n as usize)).collect();
    assert_eq!(
        kind(&format!(r#"{{"patternProperties":{{{}}}}}"#, many.join(","))),
        Kind::TooComplex
    );
    assert_eq!(kind(r##"{"if":{"$ref":"#"}}"##), Kind::CircularReference);
    assert_eq!(cost(r##"{"then":{"$ref":"#"}}"##), 1);
    assert_eq!(kind(r##"{"dependentSchemas":{"a":{"$ref":"#"}}}"##), Kind::CircularReference);
}
