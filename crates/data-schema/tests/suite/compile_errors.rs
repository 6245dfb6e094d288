//! Sources that are rejected as schemas, and the locations of their errors.

use crate::support::{refused, schema};
use data_schema::{CompileErrorKind as Kind, Schema, MAX_COST, MAX_NODES, MAX_PROGRAM, MAX_SOURCE};

/// The keywords of the drafts 3 to 2020-12 that are not supported in 2020-12.
const UNSUPPORTED: [&str; 12] = [
    "$dynamicAnchor",
    "$dynamicRef",
    "$recursiveAnchor",
    "$recursiveRef",
    "$vocabulary",
    "additionalItems",
    "dependencies",
    "disallow",
    "divisibleBy",
    "extends",
    "unevaluatedItems",
    "unevaluatedProperties",
];

#[test]
fn unsupported_keywords_are_rejected_by_name() {
    for name in UNSUPPORTED {
        for value in ["true", "{}", "\"x\"", "[1]", "3"] {
            let source = format!("{{\"title\":\"t\", \"{name}\":{value}}}");
            refused(&source, Kind::UnsupportedKeyword, Some(name), 14, &pointer(name));
            let source = format!("{{\"properties\":{{\"{name}\":{{\"{name}\":{value}}}}}}}");
            let place = 19 + name.len() as u32;
            let path = format!("/properties{0}{0}", pointer(name));
            refused(&source, Kind::UnsupportedKeyword, Some(name), place, &path);
        }
    }
    let escaped = r#"{"ext\u0065nds":{}}"#;
    refused(escaped, Kind::UnsupportedKeyword, Some("extends"), 1, "/extends");
}

fn pointer(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

#[test]
fn keywords_spelled_with_escapes_are_keywords() {
    let schema = schema(r#"{"ty\u0070e":"str\u0069ng"}"#);
    assert!(schema.check(b"1").is_err() && schema.check(b"\"\"").is_ok());
}

#[test]
fn malformed_values_are_rejected_at_their_location() {
    for (name, values) in [
        ("type", &["3", "null", "{}", "[]", "[3]", "true"][..]),
        ("enum", &["3", "{}", "\"a\"", "null"]),
        ("properties", &["3", "[]", "true", "null"]),
        ("required", &["\"a\"", "true", "[1]", "[\"a\",null]", "{}"]),
        ("minProperties", &["-1", "1.5", "\"1\"", "null", "[]", "1e-1"]),
        ("maxProperties", &["-1", "1.5", "\"1\""]),
        ("minItems", &["-1", "1.5", "\"1\""]),
        ("maxItems", &["-1", "1.5", "true"]),
        ("minLength", &["-1", "1.5", "\"1\"", "-0.5"]),
        ("maxLength", &["-1", "1.5", "\"1\""]),
        ("minimum", &["\"3\"", "null", "[]", "true"]),
        ("maximum", &["\"3\"", "null", "{}"]),
        ("exclusiveMinimum", &["true", "false", "\"3\""]),
        ("exclusiveMaximum", &["true", "false", "\"3\""]),
        ("multipleOf", &["0", "-1", "0.0", "\"3\"", "null", "-0"]),
        ("allOf", &["[]", "{}", "true", "3"]),
        ("anyOf", &["[]", "{}", "true"]),
        ("oneOf", &["[]", "{}", "\"x\""]),
        ("prefixItems", &["[]", "{}", "true"]),
        ("items", &["[]", "[{}]", "[true,false]"]),
    ] {
        for value in values {
            let source = format!("{{\"{name}\": {value}}}");
            let error = Schema::compile(source.as_bytes()).expect_err(&source);
            assert_eq!(
                (error.kind, error.keyword),
                (Kind::InvalidKeywordValue, Some(name)),
                "{source}"
            );
            let start = name.len() as u32 + 5;
            assert!(error.offset >= start, "{source}: {error:?}");
            assert!(error.pointer.starts_with(&format!("/{name}")), "{source}: {error:?}");
            assert!(error.to_string().starts_with(&format!("`{name}` takes ")), "{error}");
            // Errors before, after and around the member are found too.
            let all = format!(r#"{{"not":null,"x":{source},"contains":{source},"then":7}}"#);
            let refusals = Schema::refusals(all.as_bytes());
            let keywords: Vec<_> = refusals.iter().filter_map(|refused| refused.keyword).collect();
            assert_eq!(keywords, ["not", name, "then"], "{all}");
        }
    }
    refused(r#"{"type":["null","null"]}"#, Kind::InvalidKeywordValue, Some("type"), 16, "/type/1");
    refused(
        r#"{"required":["a","b","\u0061"]}"#,
        Kind::InvalidKeywordValue,
        Some("required"),
        21,
        "/required/2",
    );
    refused(
        r#"{"required":["a",1]}"#,
        Kind::InvalidKeywordValue,
        Some("required"),
        17,
        "/required/1",
    );
    refused(r#"{"allOf": []}"#, Kind::InvalidKeywordValue, Some("allOf"), 10, "/allOf");
    refused(r#"{"type": []}"#, Kind::InvalidKeywordValue, Some("type"), 9, "/type");
}

#[test]
fn unknown_types_are_rejected() {
    refused(r#"{"type":"text"}"#, Kind::UnknownType, Some("type"), 8, "/type");
    refused(r#"{"type":["null","any"]}"#, Kind::UnknownType, Some("type"), 16, "/type/1");
    refused(r#"{"type":"String"}"#, Kind::UnknownType, Some("type"), 8, "/type");
}

#[test]
fn only_objects_and_booleans_are_schemas() {
    for source in ["1", "null", "\"x\"", "[]", "[{}]"] {
        refused(source, Kind::NotASchema, None, 0, "");
    }
    refused(r#"{"properties":{"a":3}}"#, Kind::NotASchema, Some("properties"), 19, "/properties/a");
    refused(
        r#"{"properties":{"a":[]}}"#,
        Kind::NotASchema,
        Some("properties"),
        19,
        "/properties/a",
    );
    refused(r#"{"anyOf":[{},"x"]}"#, Kind::NotASchema, Some("anyOf"), 13, "/anyOf/1");
    refused(r#"{"not":null}"#, Kind::NotASchema, Some("not"), 7, "/not");
    refused(r#"{"items":"x"}"#, Kind::NotASchema, Some("items"), 9, "/items");
    refused(
        r#"{"additionalProperties":1}"#,
        Kind::NotASchema,
        Some("additionalProperties"),
        24,
        "/additionalProperties",
    );
}

#[test]
fn the_source_must_be_json() {
    refused("", Kind::InvalidJson, None, 0, "");
    refused("{", Kind::InvalidJson, None, 1, "");
    refused("{}x", Kind::InvalidJson, None, 2, "");
    refused("true false", Kind::InvalidJson, None, 5, "");
    refused("{\"type\":string}", Kind::InvalidJson, None, 8, "/type");
    refused("{\"minimum\":01}", Kind::InvalidJson, None, 12, "/minimum");
    refused("{\"title\":\"\\ud800\"}", Kind::InvalidJson, None, 10, "/title");
    assert_eq!(Schema::build(b"{\"a\":\"\xff\"}").unwrap_err().kind, Kind::InvalidUtf8);
    assert_eq!(Schema::build(b"\xef\xbb\xbf{}").unwrap_err().kind, Kind::InvalidJson);
}

#[test]
fn duplicate_keys_are_rejected_everywhere() {
    refused(r#"{"type":"null","type":"null"}"#, Kind::DuplicateKey, None, 15, "/type");
    refused(
        r#"{"properties":{"a":{},"\u0061":{}}}"#,
        Kind::DuplicateKey,
        None,
        22,
        "/properties/a",
    );
    refused(r#"{"default":{"x":1,"x":1}}"#, Kind::DuplicateKey, None, 18, "/default/x");
    refused(r#"{"const":{"x":1,"x":1}}"#, Kind::DuplicateKey, None, 16, "/const/x");
}

#[test]
fn nesting_is_bounded() {
    let nest = |levels: usize| format!("{}true{}", "{\"not\":".repeat(levels), "}".repeat(levels));
    schema(&nest(15));
    assert_eq!(Schema::build(nest(16).as_bytes()).unwrap_err().kind, Kind::TooDeep);
    let object = |levels: usize| {
        format!("{}{{}}{}", "{\"properties\":{\"a\":".repeat(levels), "}}".repeat(levels))
    };
    schema(&object(15));
    assert_eq!(Schema::build(object(16).as_bytes()).unwrap_err().kind, Kind::TooDeep);
    let literal =
        |levels: usize| format!("{{\"const\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
    schema(&literal(15));
    assert_eq!(Schema::build(literal(16).as_bytes()).unwrap_err().kind, Kind::TooDeep);
    let annotation =
        |levels: usize| format!("{{\"default\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
    schema(&annotation(63));
    assert_eq!(Schema::build(annotation(64).as_bytes()).unwrap_err().kind, Kind::TooDeep);
}

#[test]
fn nodes_are_bounded() {
    let many = |count: u32| {
        let members: Vec<String> = (0..count).map(|n| format!("\"{n}\":{{}}")).collect();
        format!("{{\"properties\":{{{}}}}}", members.join(","))
    };
    schema(&many(MAX_NODES - 1));
    assert_eq!(Schema::build(many(MAX_NODES).as_bytes()).unwrap_err().kind, Kind::TooManyNodes);
    let literal = format!("{{\"const\":[{}1]}}", "1000000000,".repeat(1_100));
    assert_eq!(Schema::build(literal.as_bytes()).unwrap_err().kind, Kind::TooManyNodes);
}

#[test]
fn the_source_is_bounded() {
    let long = |length: usize| format!("{{\"title\":\"{}\"}}", "x".repeat(length - 12));
    schema(&long(MAX_SOURCE as usize));
    let source = long(MAX_SOURCE as usize + 1);
    assert_eq!(Schema::build(source.as_bytes()).unwrap_err().kind, Kind::TooLong);
}

#[test]
fn the_program_is_bounded() {
    // Each value takes 34 bytes of the program for 2 bytes of the source, of which 12 a byte are
    // allowed.
    let zeros = |count: usize| format!("{{\"const\":[0{}]}}", ",0".repeat(count));
    schema(&zeros(100));
    assert_eq!(Schema::build(zeros(130).as_bytes()).unwrap_err().kind, Kind::ProgramTooLong);
    // A title in the source allows a longer program.
    let titled = zeros(130).replacen('{', "{\"title\":\"a title that says something\",", 1);
    assert!(schema(&titled).program().len() > 4_000);
    // A source of nearly the maximum length stays below the maximum program.
    let names: Vec<String> = (0..9_000).map(|n| format!("\"{n}\"")).collect();
    let most = format!("{{\"required\":[{}]}}", names.join(","));
    assert!(most.len() < MAX_SOURCE as usize);
    let length = schema(&most).program().len();
    assert!(length > 150_000 && length < MAX_PROGRAM as usize, "{length}");
}

#[test]
fn compiling_patterns_takes_bounded_work() {
    // One such expression compiles, but many do not.
    let member = |n: usize| format!("\"{n}\":{{\"pattern\":\"[a-z]{{1000}}\"}}");
    schema(&format!("{{\"properties\":{{{}}}}}", member(0)));
    // An expression that many schemas share is compiled once.
    let same: Vec<String> = (0..50).map(member).collect();
    let same = schema(&format!("{{\"properties\":{{{}}}}}", same.join(",")));
    assert!(same.program().len() < 6_000, "{}", same.program().len());
    let member = |n: usize| format!("\"{n}\":{{\"pattern\":\"[a-z]{{{}}}\"}}", 900 + n);
    let members: Vec<String> = (0..50).map(member).collect();
    let error = Schema::build(format!("{{\"properties\":{{{}}}}}", members.join(",")).as_bytes());
    assert_eq!(error.unwrap_err().kind, Kind::PatternTooComplex);
}

#[test]
fn the_cost_is_bounded() {
    let branches = |count: u32| {
        let branches = vec!["{\"type\":\"null\"}"; count as usize];
        format!("{{\"anyOf\":[{}]}}", branches.join(","))
    };
    assert_eq!(schema(&branches(MAX_COST - 1)).cost(), MAX_COST);
    assert_eq!(Schema::build(branches(MAX_COST).as_bytes()).unwrap_err().kind, Kind::TooComplex);
    // A binary search in 200 numbers takes eight comparisons, which cost no additional unit.
    let numbers: Vec<String> = (0..200).map(|n| n.to_string()).collect();
    for (count, cost) in [(1, 1), (127, 1), (128, 1), (200, 1)] {
        let source = format!("{{\"enum\":[{}]}}", numbers[..count].join(","));
        assert_eq!(schema(&source).cost(), cost, "{count}");
    }
    let bounds = r#""minimum":0,"maximum":9,"exclusiveMinimum":-1,"exclusiveMaximum":10"#;
    for (more, cost) in [
        ("", 1),
        (r#","multipleOf":1,"const":1,"enum":[1]"#, 1),
        (r#","multipleOf":1,"const":1,"enum":[1,2]"#, 2),
    ] {
        let schema = schema(&format!("{{{bounds}{more}}}"));
        let stats = schema.check(b"1").unwrap();
        assert_eq!((schema.cost(), stats.live), (cost, cost), "{more}");
        // The units count even if the value does not match.
        assert_eq!(schema.metered(b"77").0.live, cost);
        assert_eq!(schema.metered(b"true").0.live, 1);
    }
    let long: Vec<String> = (0..300).map(|n| n.to_string()).collect();
    assert_eq!(schema(&format!("{{\"enum\":[{}]}}", long.join(","))).cost(), 2);
    // Each branch has its own schema for the same item, so they add up one level below.
    let items = ["{\"items\":{\"allOf\":[{},{}]}}"; 11];
    let source = format!("{{\"allOf\":[{}]}}", items.join(","));
    assert_eq!(Schema::build(source.as_bytes()).unwrap_err().kind, Kind::TooComplex);
    // Schemas of different properties do not add up.
    let members: Vec<String> = (0..60).map(|n| format!("\"{n}\":{{\"not\":{{}}}}")).collect();
    assert_eq!(schema(&format!("{{\"properties\":{{{}}}}}", members.join(","))).cost(), 2);
    let values = vec!["[0]"; 32];
    let source = format!("{{\"enum\":[{}]}}", values.join(","));
    assert_eq!(Schema::build(source.as_bytes()).unwrap_err().kind, Kind::TooComplex);
}

#[test]
fn numbers_are_bounded() {
    refused("{\"minimum\":1e513}", Kind::NumberOutOfBounds, None, 11, "/minimum");
    refused("{\"default\":1e513}", Kind::NumberOutOfBounds, None, 11, "/default");
    let long = format!("{{\"const\":{}}}", "1".repeat(129));
    refused(&long, Kind::NumberOutOfBounds, None, 9, "/const");
}

#[test]
fn messages_say_what_to_do() {
    let message = |source: &str| Schema::compile(source.as_bytes()).unwrap_err().to_string();
    assert_eq!(
        message(r#"{"properties":{"a":{"$vocabulary":{}}}}"#),
        "`$vocabulary` is not supported: remove it (at /properties/a/$vocabulary, byte 20)"
    );
    assert_eq!(
        message(r#"{"type":"text"}"#),
        "`type`: the schema names a type that does not exist: use `\"null\"`, `\"boolean\"`, \
         `\"object\"`, `\"array\"`, `\"number\"`, `\"integer\"`, `\"string\"`, or an array of \
         them; the type of text is `\"string\"` (at /type, byte 8)"
    );
    assert_eq!(
        message(r#"{"items":[{}]}"#),
        "`items` takes a schema; for an array of schemas, use prefixItems (at /items, byte 9)"
    );
    let schema = schema(r#"{"properties":{"a":{"type":"string"}}}"#);
    assert_eq!(
        schema.validate(b"{\"a\":1}").unwrap_err().to_string(),
        "type: the value is of another type than the schema says: text needs quotes, as in \
         \"Hello\"; a number has none (at /a, byte 5)"
    );
}
