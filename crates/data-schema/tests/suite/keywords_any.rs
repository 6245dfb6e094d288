//! `type`, `enum`, `const` and the boolean schemas (JSON Schema 2020-12, Validation, section 6.1).

use crate::support::{accepts, fails, rejects};
use data_schema::ViolationKind;

const VALUES: [(&str, &str); 8] = [
    ("null", "null"),
    ("boolean", "true"),
    ("integer", "3"),
    ("number", "3.5"),
    ("string", "\"3\""),
    ("array", "[3]"),
    ("object", "{\"a\":3}"),
    ("integer", "-0"),
];

#[test]
fn type_accepts_only_its_type() {
    for (name, _) in VALUES {
        let source = format!("{{\"type\":\"{name}\"}}");
        for (other, value) in VALUES {
            if name == other || (name == "number" && other == "integer") {
                accepts(&source, &[value]);
            } else {
                rejects(&source, ViolationKind::TypeMismatch, &[value]);
            }
        }
    }
}

#[test]
fn an_integer_is_a_number_without_a_fraction_in_any_notation() {
    let source = r#"{"type":"integer"}"#;
    accepts(source, &["1.0", "1e2", "100", "1.50e1", "10e-1", "0.0", "-0.0", "0e5", "0e-999999"]);
    accepts(source, &["1e512", "123456789012345678901234567890123456789.0", "-1E+3"]);
    rejects(source, ViolationKind::TypeMismatch, &["1.5", "1e-1", "15e-1", "1e-512", "0.1e0"]);
}

#[test]
fn type_takes_several_names() {
    let source = r#"{"type":["string","null","integer"]}"#;
    accepts(source, &["\"\"", "null", "2.0"]);
    rejects(source, ViolationKind::TypeMismatch, &["2.5", "true", "[]", "{}"]);
    accepts(r#"{"type":["integer","number"]}"#, &["1", "1.5"]);
    accepts(r#"{"type":["object"]}"#, &["{}"]);
}

#[test]
fn enum_compares_by_meaning() {
    let source = r#"{"enum":[1,"a\u00e9\n",null,true,[1,{"x":[],"y":2}],{"a":1,"b":"c"},{}]}"#;
    accepts(source, &["1", "1.0", "10e-1", "0.1e1", "\"aé\\n\"", "\"\\u0061\\u00E9\\u000a\""]);
    accepts(source, &["null", "true", "[1.0,{\"y\":2,\"x\":[ ]}]", "{}", "{ }"]);
    accepts(source, &["{\"b\":\"\\u0063\",\"a\":1e0}"]);
    rejects(
        source,
        ViolationKind::EnumMismatch,
        &["2", "\"a\"", "\"aé\"", "false", "[]", "[1]", "-1", "\"\""],
    );
    rejects(
        source,
        ViolationKind::EnumMismatch,
        &["[1,{\"x\":[],\"y\":2},3]", "[1,{\"x\":[null],\"y\":2}]"],
    );
    rejects(
        source,
        ViolationKind::EnumMismatch,
        &["{\"a\":1}", "{\"a\":1,\"b\":\"c\",\"d\":1}", "{\"z\":1}"],
    );
    rejects(
        source,
        ViolationKind::EnumMismatch,
        &["{\"a\":1,\"c\":\"c\"}", "{\"a\":\"c\",\"b\":1}", "\"1\""],
    );
}

#[test]
fn an_empty_enum_rejects_every_value() {
    rejects(r#"{"enum":[]}"#, ViolationKind::EnumMismatch, &["1", "null", "[]", "{}", "\"\""]);
}

#[test]
fn enum_finds_each_of_many() {
    let numbers: Vec<String> = (0..500).map(|n| format!("{}", n * 7)).collect();
    let source = format!("{{\"enum\":[{}]}}", numbers.join(","));
    for number in 0..3_500 {
        let text = number.to_string();
        if number % 7 == 0 {
            accepts(&source, &[&text]);
        } else {
            rejects(&source, ViolationKind::EnumMismatch, &[&text]);
        }
    }
    let words: Vec<String> = (0..400).map(|n| format!("\"word-{n}\"")).collect();
    let source = format!("{{\"enum\":[{}]}}", words.join(","));
    for word in &words {
        accepts(&source, &[word]);
    }
    rejects(&source, ViolationKind::EnumMismatch, &["\"word-400\"", "\"word-\"", "\"\"", "0"]);
}

#[test]
fn repeated_enum_values_are_accepted() {
    accepts(r#"{"enum":[1,1.0,"a","\u0061",1]}"#, &["1", "\"a\""]);
}

#[test]
fn const_compares_by_meaning() {
    accepts(r#"{"const":100}"#, &["100", "1e2", "100.0", "10.0e1"]);
    rejects(
        r#"{"const":100}"#,
        ViolationKind::ConstMismatch,
        &["10", "-100", "\"100\"", "[100]", "null"],
    );
    accepts(r#"{"const":0}"#, &["0", "-0", "0.0", "-0e9"]);
    accepts(r#"{"const":false}"#, &["false"]);
    rejects(r#"{"const":false}"#, ViolationKind::ConstMismatch, &["0", "null", "true", "\"\""]);
    rejects(r#"{"const":0}"#, ViolationKind::ConstMismatch, &["false"]);
    accepts(r#"{"const":null}"#, &["null"]);
    accepts(r#"{"const":"\ud83d\ude00"}"#, &["\"😀\"", "\"\\uD83D\\uDE00\""]);
    let nested = r#"{"const":{"a":[1,[2,{"b":null}]],"c":""}}"#;
    accepts(nested, &[r#"{"c":"","a":[1.0,[2,{"b":null}]]}"#]);
    rejects(
        nested,
        ViolationKind::ConstMismatch,
        &[r#"{"c":"","a":[1,[2,{"b":0}]]}"#, r#"{"c":""}"#, "[]"],
    );
    rejects(r#"{"const":[]}"#, ViolationKind::ConstMismatch, &["{}", "[[]]", "[0]", "null"]);
    accepts(r#"{"const":[]}"#, &["[]", "[ ]"]);
    rejects(r#"{"const":{}}"#, ViolationKind::ConstMismatch, &["[]", "{\"a\":1}"]);
}

#[test]
fn const_and_enum_apply_together() {
    let source = r#"{"const":[1],"enum":[[1],[2],3]}"#;
    accepts(source, &["[1]"]);
    rejects(source, ViolationKind::ConstMismatch, &["[2]", "3"]);
    rejects(r#"{"const":[1],"enum":[[2]]}"#, ViolationKind::EnumMismatch, &["[1]"]);
}

#[test]
fn an_error_in_a_nested_literal_is_at_its_start() {
    let source = r#"{"properties":{"a":{"enum":[[1,2],{"x":{"y":1}}]}}}"#;
    fails(source, r#"{"a":{"x":{"y":2}}}"#, ViolationKind::EnumMismatch, 5, "/a");
    fails(source, r#"{"a":[1,3]}"#, ViolationKind::EnumMismatch, 5, "/a");
}

#[test]
fn boolean_schemas_accept_every_value_or_none() {
    accepts("true", &["1", "null", "{\"a\":[1]}", "[]", "\"x\""]);
    accepts("{}", &["1", "null", "{\"a\":[1]}", "[]", "\"x\""]);
    rejects("false", ViolationKind::FalseSchema, &["1", "null", "{\"a\":[1]}", "[]", "\"x\""]);
    fails(
        r#"{"properties":{"a":false}}"#,
        r#"{"b":1,"a":2}"#,
        ViolationKind::FalseSchema,
        11,
        "/a",
    );
    accepts(r#"{"properties":{"a":false}}"#, &["{}", "{\"b\":1}", "1"]);
    fails(r#"{"prefixItems":[true,false]}"#, "[1, 2]", ViolationKind::FalseSchema, 4, "/1");
}

#[test]
fn annotations_have_no_effect_with_any_value() {
    for name in [
        "title",
        "description",
        "default",
        "examples",
        "$comment",
        "$id",
        "id",
        "format",
        "deprecated",
        "readOnly",
        "writeOnly",
        "contentEncoding",
        "contentMediaType",
        "contentSchema",
        "unit",
        "x-order",
        "TYPE",
        "patterns",
        "",
        "aNameThatIsFarLongerThanAnyKeywordOfAnyDraft",
    ] {
        for value in ["1", "null", "\"email\"", "{\"pattern\":[{\"$ref\":1}]}", "[[],{}]", "false"]
        {
            accepts(&format!("{{\"{name}\":{value}}}"), &["1", "\"x\"", "{}"]);
        }
    }
}
