//! Arrays, objects and combinations (JSON Schema 2020-12, Validation, sections 6.4 and 6.5, and
//! Core, section 10).

use crate::support::{accepts, fails, rejects};
use data_schema::ViolationKind;

const OTHERS: [&str; 4] = ["null", "true", "12", "\"a text\""];

#[test]
fn items_applies_to_every_item() {
    let source = r#"{"items":{"type":"integer"}}"#;
    accepts(source, &["[]", "[1]", "[1,2.0,3]", "{\"0\":\"a\"}"]);
    accepts(source, &OTHERS);
    fails(source, r#"[1, "x"]"#, ViolationKind::TypeMismatch, 4, "/1");
    accepts(r#"{"items":false}"#, &["[]", "{}"]);
    fails(r#"{"items":false}"#, "[ 1]", ViolationKind::ItemsMismatch, 2, "/0");
    accepts(r#"{"items":true}"#, &["[1,null]"]);
    fails(
        r#"{"items":{"items":{"type":"null"}}}"#,
        "[[null],[null,[]]]",
        ViolationKind::TypeMismatch,
        14,
        "/1/1",
    );
}

#[test]
fn prefix_items_applies_by_position_and_items_to_the_rest() {
    let source = r#"{"prefixItems":[{"type":"integer"},{"type":"string"}]}"#;
    accepts(source, &["[]", "[1]", "[1,\"a\"]", "[1,\"a\",null]", "{\"0\":null}"]);
    accepts(source, &OTHERS);
    fails(source, "[1,2]", ViolationKind::TypeMismatch, 3, "/1");
    fails(source, "[\"a\"]", ViolationKind::TypeMismatch, 1, "/0");
    let source = r#"{"items":{"type":"null"},"prefixItems":[{"type":"integer"}]}"#;
    accepts(source, &["[1]", "[1,null,null]"]);
    fails(source, "[1,null,2]", ViolationKind::TypeMismatch, 8, "/2");
    fails(
        r#"{"prefixItems":[true],"items":false}"#,
        "[1,2]",
        ViolationKind::ItemsMismatch,
        3,
        "/1",
    );
}

#[test]
fn items_are_counted() {
    accepts(r#"{"minItems":1}"#, &["[1]", "[[],[]]", "{}"]);
    rejects(r#"{"minItems":1}"#, ViolationKind::MinItemsMismatch, &["[]", "[ ]"]);
    accepts(r#"{"maxItems":2.0}"#, &["[]", "[1,2]", "{\"a\":1,\"b\":2,\"c\":3}"]);
    rejects(r#"{"maxItems":2.0}"#, ViolationKind::MaxItemsMismatch, &["[1,2,3]", "[[],[],[],[]]"]);
    accepts(r#"{"maxItems":0,"minItems":9}"#, &OTHERS);
    fails(r#"{"items":{"minItems":2}}"#, "[[1,2],[1]]", ViolationKind::MinItemsMismatch, 7, "/1");
}

#[test]
fn properties_apply_by_name() {
    let source = r#"{"properties":{"foo":{"type":"integer"},"b\u00e4r":{"type":"string"}}}"#;
    accepts(source, &["{}", "{\"foo\":1,\"bär\":\"x\"}", "{\"other\":[]}", "[\"foo\"]"]);
    accepts(source, &OTHERS);
    fails(source, r#"{"foo":1,"bär":{}}"#, ViolationKind::TypeMismatch, 16, "/bär");
    fails(source, r#"{"f\u006fo":[]}"#, ViolationKind::TypeMismatch, 12, "/foo");
    fails(
        r#"{"properties":{"a/b~c":false}}"#,
        r#"{"a/b~c":1}"#,
        ViolationKind::FalseSchema,
        9,
        "/a~1b~0c",
    );
    let names = r#"{"properties":{"__proto__":{"type":"number"},"constructor":{"type":"number"},
        "pattern":{"type":"number"},"$ref":{"type":"number"},"":{"type":"number"}}}"#;
    accepts(names, &["{\"__proto__\":1,\"constructor\":2,\"pattern\":3,\"$ref\":4,\"\":5}"]);
    fails(names, "{\"\":\"\"}", ViolationKind::TypeMismatch, 4, "/");
    fails(names, "{\"$ref\":\"\"}", ViolationKind::TypeMismatch, 8, "/$ref");
}

#[test]
fn required_names_must_exist() {
    let source = r#"{"required":["a","b\"c"]}"#;
    accepts(source, &[r#"{"a":1,"b\"c":null}"#, r#"{"\u0062\u0022c":1,"x":1,"\u0061":2}"#, "[]"]);
    accepts(source, &OTHERS);
    rejects(
        source,
        ViolationKind::RequiredMismatch,
        &["{}", "{\"a\":1}", "{\"a\":1,\"b\":1}", "{\"c\":{\"a\":1}}"],
    );
    accepts(r#"{"required":[]}"#, &["{}"]);
    fails(
        r#"{"items":{"required":["x"]}}"#,
        "[{\"x\":1},{}]",
        ViolationKind::RequiredMismatch,
        9,
        "/1",
    );
    accepts(r#"{"required":["a"],"properties":{"a":{"type":"null"}}}"#, &["{\"a\":null}"]);
    rejects(
        r#"{"required":["a"],"properties":{"a":true}}"#,
        ViolationKind::RequiredMismatch,
        &["{}"],
    );
}

#[test]
fn additional_properties_are_those_without_a_schema() {
    let source = r#"{"properties":{"a":{},"b":{}},"additionalProperties":false}"#;
    accepts(source, &["{}", "{\"a\":1}", "{\"b\":1,\"a\":2}", "[1]"]);
    accepts(source, &OTHERS);
    fails(source, r#"{"a":1, "c":2}"#, ViolationKind::AdditionalPropertiesMismatch, 8, "/c");
    let source = r#"{"properties":{"a":{}},"additionalProperties":{"type":"boolean"}}"#;
    accepts(source, &["{\"a\":1,\"c\":true}"]);
    fails(source, "{\"a\":1,\"c\":2}", ViolationKind::TypeMismatch, 11, "/c");
    // A name that is only required is still an additional property.
    fails(
        r#"{"required":["a"],"additionalProperties":false}"#,
        "{\"a\":1}",
        ViolationKind::AdditionalPropertiesMismatch,
        1,
        "/a",
    );
    accepts(r#"{"additionalProperties":true}"#, &["{\"a\":1}"]);
    // The keyword considers only the properties beside it, not those in `allOf`.
    let source = r#"{"allOf":[{"properties":{"a":{}}}],"additionalProperties":{"type":"null"}}"#;
    fails(source, "{\"a\":1}", ViolationKind::TypeMismatch, 5, "/a");
}

#[test]
fn properties_are_counted() {
    accepts(r#"{"minProperties":1}"#, &["{\"a\":1}", "[]"]);
    rejects(r#"{"minProperties":1}"#, ViolationKind::MinPropertiesMismatch, &["{}"]);
    accepts(r#"{"maxProperties":1}"#, &["{}", "{\"a\":{\"b\":1,\"c\":2}}", "[1,2]"]);
    rejects(r#"{"maxProperties":1}"#, ViolationKind::MaxPropertiesMismatch, &["{\"a\":1,\"b\":2}"]);
    accepts(r#"{"minProperties":5,"maxProperties":0}"#, &OTHERS);
    rejects(r#"{"minProperties":2,"required":["z"]}"#, ViolationKind::RequiredMismatch, &["{}"]);
}

#[test]
fn many_properties_are_found() {
    let schemas: Vec<String> =
        (0..200).map(|n| format!("\"property{n}\":{{\"const\":{n}}}")).collect();
    let source =
        format!("{{\"properties\":{{{}}},\"additionalProperties\":false}}", schemas.join(","));
    let value: Vec<String> = (0..200).rev().map(|n| format!("\"property{n}\":{n}")).collect();
    accepts(&source, &[&format!("{{{}}}", value.join(","))]);
    for n in 0..200 {
        fails(
            &source,
            &format!("{{\"property{n}\":-1}}"),
            ViolationKind::ConstMismatch,
            11 + n.to_string().len() as u32 + 1,
            &format!("/property{n}"),
        );
    }
}

#[test]
fn all_of_needs_every_branch() {
    let source = r#"{"allOf":[{"required":["a"]},{"properties":{"a":{"type":"string"}}},{"maxProperties":1}]}"#;
    accepts(source, &["{\"a\":\"\"}", "1"]);
    rejects(source, ViolationKind::RequiredMismatch, &["{\"b\":1}"]);
    fails(source, "{\"a\":1}", ViolationKind::TypeMismatch, 5, "/a");
    rejects(source, ViolationKind::MaxPropertiesMismatch, &["{\"a\":\"\",\"b\":1}"]);
    rejects(r#"{"allOf":[true,false]}"#, ViolationKind::FalseSchema, &["1"]);
    rejects(r#"{"allOf":[{"minimum":3}],"maximum":5}"#, ViolationKind::MaximumMismatch, &["6"]);
    rejects(r#"{"allOf":[{"minimum":3}],"maximum":5}"#, ViolationKind::MinimumMismatch, &["2"]);
}

#[test]
fn any_of_needs_one_branch() {
    let source = r#"{"anyOf":[{"type":"integer"},{"minimum":2}]}"#;
    accepts(source, &["1", "2.5", "3", "\"text\""]);
    rejects(source, ViolationKind::AnyOfMismatch, &["1.5", "-0.5"]);
    let source = r#"{"items":{"anyOf":[{"items":{"const":1}},{"items":{"const":2}}]}}"#;
    accepts(source, &["[[1,1],[2],[],3]"]);
    fails(source, "[[1],[1,2]]", ViolationKind::AnyOfMismatch, 5, "/1");
    rejects(r#"{"anyOf":[false,false]}"#, ViolationKind::AnyOfMismatch, &["{}", "1"]);
    accepts(r#"{"anyOf":[false,true]}"#, &["1", "{}"]);
    rejects(r#"{"anyOf":[true],"type":"string"}"#, ViolationKind::TypeMismatch, &["1"]);
}

#[test]
fn one_of_needs_exactly_one_branch() {
    let source = r#"{"oneOf":[{"type":"integer"},{"minimum":2}]}"#;
    accepts(source, &["1", "2.5"]);
    rejects(source, ViolationKind::OneOfMismatch, &["3", "1.5"]);
    let source = r#"{"oneOf":[{"required":["a"]},{"required":["b"]},{"required":["c"]}]}"#;
    accepts(source, &["{\"a\":1}", "{\"c\":1,\"x\":1}"]);
    rejects(
        source,
        ViolationKind::OneOfMismatch,
        &["{}", "{\"a\":1,\"b\":1}", "{\"a\":1,\"b\":1,\"c\":1}", "1"],
    );
    rejects(r#"{"oneOf":[true,true]}"#, ViolationKind::OneOfMismatch, &["1"]);
    accepts(r#"{"oneOf":[true,false]}"#, &["1"]);
}

#[test]
fn not_inverts_the_verdict() {
    rejects(r#"{"not":{"type":"integer"}}"#, ViolationKind::NotMismatch, &["1", "1.0"]);
    accepts(r#"{"not":{"type":"integer"}}"#, &["1.5", "\"a\"", "{}"]);
    let source = r#"{"not":{"required":["a"],"properties":{"a":{"items":{"type":"null"}}}}}"#;
    rejects(source, ViolationKind::NotMismatch, &["{\"a\":[null]}", "{\"a\":1}", "7"]);
    accepts(source, &["{}", "{\"a\":[null,1]}"]);
    accepts(r#"{"not":{"not":{"type":"null"}}}"#, &["null"]);
    rejects(r#"{"not":{"not":{"type":"null"}}}"#, ViolationKind::NotMismatch, &["1", "[]"]);
    rejects(r#"{"not":true}"#, ViolationKind::NotMismatch, &["1"]);
    accepts(r#"{"not":false}"#, &["1"]);
    fails(
        r#"{"properties":{"a":{"not":{"const":[1]}}}}"#,
        "{\"a\":[1]}",
        ViolationKind::NotMismatch,
        5,
        "/a",
    );
}

#[test]
fn combinations_nest() {
    let source = r#"{"oneOf":[
        {"properties":{"kind":{"const":"a"},"x":{"anyOf":[{"type":"null"},{"not":{"type":"string"}}]}},"required":["kind"]},
        {"properties":{"kind":{"const":"b"},"x":{"allOf":[{"minLength":2},{"maxLength":3}]}},"required":["kind"]}]}"#;
    accepts(source, &[r#"{"kind":"a","x":3}"#, r#"{"x":"ab","kind":"b"}"#]);
    rejects(
        source,
        ViolationKind::OneOfMismatch,
        &[r#"{"kind":"a","x":"ab"}"#, r#"{"x":"a","kind":"b"}"#, "{}"],
    );
}

#[test]
fn duplicate_keys_are_rejected() {
    fails("true", r#"{"a":1,"a":1}"#, ViolationKind::DuplicateKey, 7, "/a");
    fails("true", r#"{"a":1,"b":{"x":1,"\u0078":2}}"#, ViolationKind::DuplicateKey, 18, "/b/x");
    accepts("true", &[r#"{"a":{"a":{"a":1}},"b":{"a":1}}"#, r#"[{"a":1},{"a":1}]"#]);
    let mut members: Vec<String> = (0..40).map(|n| format!("\"k{n:02}\":0")).collect();
    accepts("true", &[&format!("{{{}}}", members.join(","))]);
    members.push("\"\\u006b07\":0".into());
    members.push("\"k03\":0".into());
    fails(
        "true",
        &format!("{{{}}}", members.join(",")),
        ViolationKind::DuplicateKey,
        1 + 40 * 8,
        "/k07",
    );
}
