//! References (Core, 8.2.3), names of schemas (8.2.2), and invalid targets.

use crate::support::{accepts, fails, refused, schema};
use data_schema::{CompileErrorKind as Kind, Schema, ViolationKind, MAX_COST, MAX_NODES};

const SEVEN: &str = r#""$schema":"http://json-schema.org/draft-07/schema#""#;

#[test]
fn a_reference_leads_to_any_place_of_the_schema() {
    for (source, fine, wrong) in [
        // The whole schema, which applies to members too.
        (
            r##"{"properties":{"a":{"$ref":"#"}},"additionalProperties":false}"##,
            r#"{"a":{"a":1}}"#,
            r#"{"a":{"b":1}}"#,
        ),
        (r##"{"$ref":"#/$defs/a","$defs":{"a":{"type":"string"}}}"##, "\"\"", "1"),
        (r##"{"$ref":"#/definitions/a","definitions":{"a":{"type":"string"}}}"##, "\"\"", "1"),
        // Members that no draft knows are compiled where a reference leads into them.
        (
            r##"{"$ref":"#/components/schemas/A",
            "components":{"schemas":{"A":{"type":"string"},"B":{"type":7}}}}"##,
            "\"\"",
            "1",
        ),
        (
            r##"{"properties":{"a":{"type":"integer"},"b":{"$ref":"#/properties/a"}}}"##,
            r#"{"b":1}"#,
            r#"{"b":"1"}"#,
        ),
        (
            r##"{"prefixItems":[{"type":"integer"},{"$ref":"#/prefixItems/0"}]}"##,
            "[1,2]",
            "[1,null]",
        ),
        // Names with characters that have a meaning in a pointer or a URI, each in two spellings.
        (
            r##"{"allOf":[{"$ref":"#/$defs/a~1b"},{"$ref":"#/$defs/c~0d"},
            {"$ref":"#/$defs/e%25f%22"}],
            "$defs":{"a/b":{"type":"integer"},"c~d":{"minimum":1},"e%f\"":{"maximum":3}}}"##,
            "2",
            "4",
        ),
        (
            r##"{"$ref":"#/$defs/gr%c3%B6%C3%9Fe","$defs":{"größe":{"type":"integer"}}}"##,
            "2",
            "\"2\"",
        ),
        (
            r##"{"$\u0072ef":"#/%24defs/\u0061","$defs":{"\u0061":{"type":"integer"}}}"##,
            "2",
            "\"2\"",
        ),
        (r##"{"$ref":"#/$defs/","$defs":{"":{"type":"integer"}}}"##, "2", "\"2\""),
        (
            r##"{"$ref":"#/$defs//$defs/","$defs":{"":{"$defs":{"":{"type":"integer"}}}}}"##,
            "2",
            "\"2\"",
        ),
        // A reference to another reference.
        (
            r##"{"$ref":"#/$defs/c","$defs":{"a":{"type":"integer"},"b":{"$ref":"#/$defs/a"},
            "c":{"$ref":"#/$defs/b"}}}"##,
            "2",
            "\"2\"",
        ),
        // `true` and `false` are schemas.
        (
            r##"{"properties":{"a":{"$ref":"#/$defs/y"},"b":{"$ref":"#/$defs/n"}},
            "$defs":{"y":true,"n":false}}"##,
            r#"{"a":1}"#,
            r#"{"b":1}"#,
        ),
        // A property may have this name.
        (r#"{"properties":{"$ref":{"type":"string"}}}"#, r##"{"$ref":"#"}"##, r#"{"$ref":1}"#),
        (
            r##"{"properties":{"$ref":{"$ref":"#/$defs/a"}},"$defs":{"a":{"type":"string"}}}"##,
            r#"{"$ref":""}"#,
            r#"{"$ref":1}"#,
        ),
        (r##"{"enum":[{"$ref":"#/$defs/a"}],"$defs":{"a":{}}}"##, r##"{"$ref":"#/$defs/a"}"##, "1"),
    ] {
        let schema = schema(source);
        assert_eq!(schema.validate(fine.as_bytes()), Ok(()), "{source} {fine}");
        assert!(schema.validate(wrong.as_bytes()).is_err(), "{source} {wrong}");
    }
}

#[test]
fn keywords_beside_a_reference_apply_from_2019_on() {
    let beside = |dialect: &str| {
        format!(
            r##"{{{dialect}"$ref":"#/definitions/a","maxLength":1,
            "definitions":{{"a":{{"type":"string"}}}}}}"##
        )
    };
    for dialect in ["", r#""$schema":"https://json-schema.org/draft/2019-09/schema","#] {
        fails(&beside(dialect), "\"ab\"", ViolationKind::MaxLengthMismatch, 0, "");
        fails(&beside(dialect), "1", ViolationKind::TypeMismatch, 0, "");
    }
    for draft in [4, 6, 7] {
        let dialect = format!(r#""$schema":"http://json-schema.org/draft-0{draft}/schema#","#);
        accepts(&beside(&dialect), &["\"ab\""]);
        fails(&beside(&dialect), "1", ViolationKind::TypeMismatch, 0, "");
        // This holds for unsupported keywords and invalid values too.
        let wrong = format!(
            r##"{{{dialect}"if":7,"minimum":"1","$ref":"#/definitions/a",
            "definitions":{{"a":{{}}}}}}"##
        );
        accepts(&wrong, &["1"]);
    }
}

#[test]
fn a_schema_can_be_named_by_anchor_or_id() {
    for source in [
        r##"{"$ref":"#foo","$defs":{"a":{"$anchor":"foo","type":"integer"}}}"##.to_string(),
        format!(
            r##"{{{SEVEN},"allOf":[{{"$ref":"#foo"}}],
            "definitions":{{"a":{{"$id":"#foo","type":"integer"}}}}}}"##
        ),
        r##"{"$schema":"http://json-schema.org/draft-04/schema","allOf":[{"$ref":"#foo"}],
            "definitions":{"a":{"id":"#foo","type":"integer"}}}"##
            .to_string(),
        // A value and a property that look like a name.
        r##"{"$ref":"#foo","$defs":{"x":{"enum":[{"$anchor":"foo","type":"null"}]},
            "y":{"properties":{"$anchor":{"type":"null"}}},
            "z":{"$anchor":"foo","type":"integer"}}}"##
            .to_string(),
    ] {
        let schema = schema(&source);
        assert!(schema.check(b"1").is_ok() && schema.check(b"\"1\"").is_err(), "{source}");
    }
    refused(
        r#"{"anyOf":[{"$anchor":"a"},{"$anchor":"a"}]}"#,
        Kind::InvalidKeywordValue,
        Some("$anchor"),
        37,
        "/anyOf/1/$anchor",
    );
    for wrong in ["\"\"", "\"1a\"", "\"a b\"", "\"#a\"", "7", "null"] {
        let error = Schema::compile(format!(r#"{{"$anchor":{wrong}}}"#).as_bytes()).unwrap_err();
        assert_eq!((error.kind, error.keyword), (Kind::InvalidKeywordValue, Some("$anchor")));
    }
}

#[test]
fn a_reference_without_a_target_is_rejected() {
    for text in [
        "#/$defs/b",
        "#/$defs/a/type",
        "#/$defs/a/enum/0",
        "#/$defs/A",
        "#/a",
        "#a",
        "#/",
        "#/$defs/a/",
        "#/$defs/c/01",
        "#/$defs/c/2",
        "#/$defs/c/-",
        "#/$defs/c/+0",
        "#/$defs/%zz",
        "#/$defs/%4",
        "#/$defs/~",
        "#/$defs/~2",
        "#/$defs/c",
        "##",
        "#/allOf/0/$ref",
    ] {
        let source = format!(
            r##"{{"allOf":[{{"$ref":"{text}"}}],
            "$defs":{{"a":{{"type":"null","enum":[1]}},"c":[{{}},1]}}}}"##
        );
        refused(&source, Kind::ReferenceNotFound, Some("$ref"), 18, "/allOf/0/$ref");
    }
    accepts(r##"{"$ref":"#/$defs/c/0","$defs":{"c":[{}]}}"##, &["1"]);
}

#[test]
fn a_reference_outside_the_schema_is_rejected() {
    for text in [
        "other.json",
        "https://a.example/b#/$defs/a",
        "/$defs/a",
        "urn:uuid:1",
        "$defs/a",
        "?#",
        ".#/a",
    ] {
        let source = format!(r##"{{"$ref":"{text}","$defs":{{"a":{{}}}}}}"##);
        refused(&source, Kind::ReferenceAway, Some("$ref"), 8, "/$ref");
    }
    for value in ["7", "null", "{}", "[\"#\"]", "true"] {
        let source = format!(r##"{{"not":{{"$ref":{value}}}}}"##);
        let error = Schema::compile(source.as_bytes()).unwrap_err();
        assert_eq!((error.kind, error.offset), (Kind::InvalidKeywordValue, 15));
    }
}

#[test]
fn a_place_can_have_two_roles() {
    // The first `properties` is an object of schemas. As the target of a reference, it is a schema.
    let source = r##"{"$defs":{"b":{"type":"string"}},"allOf":[
        {"properties":{"properties":{"not":{"$ref":"#/$defs/b"}}}},
        {"$ref":"#/allOf/0/properties"}]}"##;
    accepts(source, &[r#"{"properties":1}"#, "7"]);
    rejects_somewhere(source, &[r#"{"properties":""}"#, r#"{"not":1}"#]);
    for draft in ["", r#""$schema":"http://json-schema.org/draft-07/schema#","#] {
        let source = format!(
            r##"{{{draft}"allOf":[{{"$ref":"#/definitions/a"}}],
            "definitions":{{"a":{{"$ref":"#/definitions/b"}},"b":{{"type":"string"}}}}}}"##
        );
        rejects_somewhere(&source, &["1"]);
    }
}

/// Checks that each value is rejected, at any location.
fn rejects_somewhere(source: &str, values: &[&str]) {
    let schema = schema(source);
    for value in values {
        assert!(schema.validate(value.as_bytes()).is_err(), "{source} {value}");
    }
}

#[test]
fn a_reference_can_use_the_identifier_of_the_root() {
    let draft_four = r#""$schema":"http://json-schema.org/draft-04/schema#","id""#;
    for (id, name, references) in [
        ("\"$id\"", "https://a.example/b.json", ["https://a.example/b.json#/$defs/a", "#/$defs/a"]),
        ("\"$id\"", "urn:example:b", ["urn:example:b#/$defs/a", "urn:example:b#a"]),
        ("\"$id\"", "b.json#", ["b.json#/$defs/a", "b.json#a"]),
        (draft_four, "http://a.example/b#", ["http://a.example/b#/$defs/a", "#/$defs/a"]),
    ] {
        for reference in references {
            let source = format!(
                r##"{{{id}:"{name}","properties":{{"a":{{"$ref":"{reference}"}}}},
                "$defs":{{"a":{{"$anchor":"a","type":"integer"}}}}}}"##
            );
            fails(&source, r#"{"a":""}"#, ViolationKind::TypeMismatch, 5, "/a");
            accepts(&source, &[r#"{"a":1}"#]);
        }
    }
    // Without a fragment, the target is the whole schema.
    let whole = r#"{"$id":"urn:b","properties":{"a":{"$ref":"urn:b"}},"maxProperties":1}"#;
    fails(whole, r#"{"a":{"b":1,"c":2}}"#, ViolationKind::MaxPropertiesMismatch, 5, "/a");
    // A reference that only begins like the identifier leads outside, and so does the identifier of
    // a nested schema.
    for (id, reference) in [("urn:b", "urn:bc"), ("urn:b", "urn:b/c#"), ("", "urn:b"), ("#", "b#")]
    {
        let source = format!(r#"{{"$id":"{id}","not":{{"$ref":"{reference}"}}}}"#);
        assert_eq!(Schema::compile(source.as_bytes()).unwrap_err().kind, Kind::ReferenceAway);
    }
    let within = r#"{"$defs":{"a":{"$id":"urn:b"}},"not":{"$ref":"urn:b"}}"#;
    assert_eq!(Schema::compile(within.as_bytes()).unwrap_err().kind, Kind::ReferenceAway);
}

#[test]
fn references_in_a_circle_are_rejected_unless_they_descend_into_the_value() {
    for (source, offset) in [
        (r##"{"$ref":"#"}"##, 8),
        (
            r##"{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}}}"##,
            0,
        ),
        (r##"{"allOf":[{"$ref":"#"}]}"##, 18),
        (r##"{"anyOf":[{"not":{"$ref":"#"}}]}"##, 25),
        (
            r##"{"$defs":{"a":{"oneOf":[{"type":"null"},{"$ref":"#/$defs/b"}]},
            "b":{"not":{"$ref":"#/$defs/a"}}},"items":{"$ref":"#/$defs/a"}}"##,
            0,
        ),
        (
            r##"{"$schema":"http://json-schema.org/draft-07/schema","items":{"$ref":"#/items"}}"##,
            68,
        ),
    ] {
        let error = Schema::compile(source.as_bytes()).unwrap_err();
        assert_eq!(
            (error.kind, error.keyword),
            (Kind::CircularReference, Some("$ref")),
            "{source}"
        );
        assert!(offset == 0 || error.offset == offset, "{source} {error:?}");
        assert!(error.pointer.ends_with("/$ref"), "{error:?}");
    }
    for (source, fine, wrong) in [
        // A list in a list, a tree, and two kinds that contain each other.
        (
            r##"{"anyOf":[{"type":"null"},{"prefixItems":[true,{"$ref":"#"}],"type":"array"}]}"##,
            "[1,[2,[3,null]]]",
            "[1,[2,3]]",
        ),
        (
            r##"{"$defs":{"node":{"type":"object","properties":{"left":{"$ref":"#/$defs/node"},
            "right":{"$ref":"#/$defs/node"}},"additionalProperties":false}},
            "$ref":"#/$defs/node"}"##,
            r#"{"left":{"right":{}},"right":{}}"#,
            r#"{"left":{"right":{"l":1}}}"#,
        ),
        (
            r##"{"items":{"$ref":"#/$defs/b"},"type":"array",
            "$defs":{"b":{"type":"object","additionalProperties":{"$ref":"#"}}}}"##,
            r#"[{"a":[{"b":[]}]}]"#,
            r#"[{"a":[{"b":1}]}]"#,
        ),
    ] {
        let schema = schema(source);
        assert_eq!(schema.validate(fine.as_bytes()), Ok(()), "{source}");
        assert!(schema.validate(wrong.as_bytes()).is_err(), "{source}");
    }
}

#[test]
fn recursion_costs_what_can_apply_at_any_depth() {
    // No value has both items and members, so only one branch descends.
    let source = r##"{"anyOf":[{"items":{"$ref":"#"}},{"additionalProperties":{"$ref":"#"}}]}"##;
    assert_eq!(schema(source).cost(), 3);
    // Both branches descend into items, so the cost grows with the depth of a value.
    let source = r##"{"allOf":[{"items":{"$ref":"#"}},{"items":{"$ref":"#"}}]}"##;
    let error = Schema::compile(source.as_bytes()).unwrap_err();
    assert_eq!((error.kind, error.offset), (Kind::TooComplex, 0));
    let deep = format!("{}{}", "[".repeat(32), "]".repeat(32));
    let plain = schema(r##"{"items":{"$ref":"#"},"type":"array"}"##);
    assert_eq!((plain.cost(), plain.check(deep.as_bytes()).unwrap().live), (1, 1));
    // The growth ends before the nesting of values does.
    let chain: Vec<String> = (0..20)
        .map(|n| {
            format!(
                r##""{n}":{{"items":{{"allOf":[{{"$ref":"#/$defs/{}"}},{{"minimum":1}}]}}}}"##,
                n + 1
            )
        })
        .collect();
    let source = format!(r##"{{"$ref":"#/$defs/0","$defs":{{{},"20":{{}}}}}}"##, chain.join(","));
    assert_eq!(schema(&source).cost(), 3);
}

#[test]
fn a_definition_is_compiled_once_for_all_references() {
    let source = |count: usize| {
        let members: Vec<String> =
            (0..count).map(|n| format!(r##""p{n:03}":{{"$ref":"#/$defs/big"}}"##)).collect();
        let names: Vec<String> = (0..100).map(|n| format!("\"name {n}\"")).collect();
        format!(
            r##"{{"properties":{{{}}},"$defs":{{"big":{{"enum":[{}]}}}}}}"##,
            members.join(","),
            names.join(",")
        )
    };
    let size = |count: usize| schema(&source(count)).program().len();
    // A property takes its name and 16 bytes.
    assert_eq!(size(101) - size(1), 100 * 20);
    // The order of the definition and the reference makes no difference.
    let before = r##"{"properties":{"a":{"$ref":"#/properties/b"},"b":{"enum":["x","y","z"]}}}"##;
    let after = r##"{"properties":{"b":{"enum":["x","y","z"]},"a":{"$ref":"#/properties/b"}}}"##;
    let alone = r#"{"properties":{"a":true,"b":{"enum":["x","y","z"]}}}"#;
    assert_eq!(schema(before).program().len(), schema(after).program().len());
    assert_eq!(schema(alone).program().len(), schema(after).program().len());
    assert_eq!(
        Schema::build(source(MAX_NODES as usize).as_bytes()).unwrap_err().kind,
        Kind::TooManyNodes
    );
}

#[test]
fn an_id_is_rejected_where_it_would_change_a_reference() {
    // At the root, or without references, an identifier has no effect.
    accepts(r##"{"$id":"https://a.example","$ref":"#/$defs/a","$defs":{"a":{}}}"##, &["1"]);
    accepts(
        r##"{"properties":{"a":{"$id":"https://a.example","type":"null"}}}"##,
        &[r#"{"a":null}"#],
    );
    accepts(r##"{"$ref":"#/$defs/a","$defs":{"a":{"$id":"https://a.example"}}}"##, &["1"]);
    accepts(r##"{"properties":{"$id":{"$ref":"#/$defs/a"}},"$defs":{"a":{}}}"##, &["{}"]);
    accepts(
        r##"{"const":{"$id":"a"},"not":{"$ref":"#/$defs/a"},"$defs":{"a":{"type":"null"}}}"##,
        &[r#"{"$id":"a"}"#],
    );
    // In draft 4 the keyword is `id`, which has no effect in later drafts.
    accepts(r##"{"items":{"id":"https://a.example","items":{"$ref":"#/items"}}}"##, &["[]"]);
    refused(
        r##"{"items":{"$id":"https://a.example","items":{"$ref":"#/items"}}}"##,
        Kind::NestedId,
        Some("$id"),
        10,
        "/items/$id",
    );
    refused(
        r##"{"$schema":"http://json-schema.org/draft-04/schema","items":{"not":{"$ref":"#"},"id":"a"
        }}"##,
        Kind::NestedId,
        Some("id"),
        80,
        "/items/id",
    );
}

#[test]
fn a_chain_of_references_ends() {
    let chain = |length: usize, last: &str| {
        let links: Vec<String> =
            (0..length).map(|n| format!(r##""{n}":{{"$ref":"#/$defs/{}"}}"##, n + 1)).collect();
        format!(r##"{{"$ref":"#/$defs/0","$defs":{{{},"{length}":{last}}}}}"##, links.join(","))
    };
    let schema = schema(&chain(1_000, r#"{"type":"null"}"#));
    assert_eq!(schema.cost(), 1);
    assert!(schema.check(b"null").is_ok() && schema.check(b"1").is_err());
    let circle = Schema::build(chain(1_000, r##"{"$ref":"#/$defs/500"}"##).as_bytes());
    assert_eq!(circle.unwrap_err().kind, Kind::CircularReference);
    // Schemas that apply each other to the same value add up.
    let deep = |length: usize| {
        chain(length, "true")
            .replace(r##"{"$ref":"#/$defs/"##, r##"{"minimum":1,"$ref":"#/$defs/"##)
    };
    assert!(Schema::build(deep(MAX_COST as usize - 2).as_bytes()).is_ok());
    assert_eq!(
        Schema::build(deep(MAX_COST as usize).as_bytes()).unwrap_err().kind,
        Kind::TooComplex
    );
}

#[test]
fn an_id_is_rejected_at_any_target_of_a_reference() {
    // Below an unknown member, and in a value, names of members have no meaning: any object can be
    // there.
    for path in [
        "components/schemas/default",
        "components/schemas/const",
        "components/properties",
        "examples",
    ] {
        let names: Vec<&str> = path.split('/').collect();
        let within = r##"{"$id":"https://a.example","not":{"$ref":"#/not"}}"##;
        let nested = names
            .iter()
            .rev()
            .fold(within.to_string(), |inner, name| format!(r#"{{"{name}":{inner}}}"#));
        let source = format!(r##"{{"$ref":"#/{path}",{}"##, &nested[1..]);
        assert_eq!(Schema::build(source.as_bytes()).unwrap_err().kind, Kind::NestedId, "{source}");
    }
    // Up to draft 7, an identifier beside a reference has no effect.
    accepts(
        &format!(
            r##"{{{SEVEN},"not":{{"$id":"https://a.example","$ref":"#/definitions/b"}},
            "definitions":{{"b":{{"type":"integer"}}}}}}"##
        ),
        &["\"\""],
    );
}

#[test]
fn an_anchor_belongs_to_its_own_schema() {
    let lost = |source: &str| {
        let error = Schema::build(source.as_bytes()).unwrap_err();
        assert_eq!(error.kind, Kind::ReferenceNotFound, "{source}");
    };
    // In another resource, below an unknown member, in a value, beside a reference.
    lost(r##"{"$ref":"#x","$defs":{"a":{"$id":"https://a.example","$anchor":"x"}}}"##);
    lost(r##"{"$ref":"#x","x-data":{"$anchor":"x"}}"##);
    lost(r##"{"$ref":"#x","const":{"$anchor":"x"}}"##);
    lost(&format!(
        r##"{{{SEVEN},"not":{{"$ref":"#x"}},
        "definitions":{{"a":{{"$id":"#x","$ref":"#/definitions/b"}},"b":{{}}}}}}"##
    ));
    // The same name in different resources, or where it is not a name.
    accepts(
        r#"{"$defs":{"a":{"$id":"https://a.example","$anchor":"x"},"b":{"$anchor":"x"}}}"#,
        &["1"],
    );
    accepts(r#"{"x-data":[{"$anchor":"x"},{"$anchor":"x"}]}"#, &["1"]);
    accepts(&format!(r##"{{{SEVEN},"allOf":[{{"$id":"#"}},{{"$id":"#"}}]}}"##), &["1"]);
    // Names and references are both percent-encoded.
    accepts(
        &format!(
            r##"{{{SEVEN},"definitions":{{"a":{{"$id":"#%C3%A9"}}}},
            "allOf":[{{"$ref":"#%c3%a9"}}]}}"##
        ),
        &["1"],
    );
    // 2019-09 and 2020-12 allow different characters.
    let named = |dialect: &str, name: &str| {
        let dialect = format!(r#""$schema":"https://json-schema.org/draft/{dialect}/schema""#);
        Schema::build(format!(r#"{{{dialect},"$anchor":"{name}"}}"#).as_bytes()).is_ok()
    };
    assert!(named("2019-09", "a:b_c") && !named("2019-09", "_a"));
    assert!(named("2020-12", "_a") && !named("2020-12", "a:b"));
}

#[test]
fn definitions_are_an_object() {
    for (keyword, value) in [("$defs", "5"), ("definitions", "[]"), ("$defs", "null")] {
        let source = format!(r#"{{"{keyword}":{value}}}"#);
        let error = Schema::build(source.as_bytes()).unwrap_err();
        let place = (error.kind, error.keyword, error.offset as usize);
        assert_eq!(place, (Kind::InvalidKeywordValue, Some(keyword), keyword.len() + 4));
    }
}

#[test]
fn compiling_takes_time_in_proportion_to_the_source() {
    use std::time::{Duration, Instant};
    // Each of these once took quadratic time: names and references, one definition at the end of a
    // chain, and nested definitions.
    let numbered = |count: usize, one: &dyn Fn(usize) -> String| {
        (0..count).map(one).collect::<Vec<_>>().join(",")
    };
    let names = format!(
        r##"{{"properties":{{{}}},"x":0,"$defs":{{{}}}}}"##,
        numbered(1_000, &|n| format!(r##""{n}":{{"$ref":"#z"}}"##)),
        numbered(1_500, &|n| format!(
            r#""{n}":{{"$anchor":"{}{n}"}}"#,
            if n == 7 { "z\",\"x\":\"" } else { "y" }
        )),
    );
    let chain = format!(
        r##"{{"$ref":"#/$defs/0","$defs":{{{},"499":{{"items":{{"allOf":[{{}},{{}}],
        "items":{{"$ref":"#/$defs/499"}}}},"properties":{{{}}}}}}}}}"##,
        numbered(499, &|n| format!(r##""{n}":{{"$ref":"#/$defs/{}"}}"##, n + 1)),
        numbered(500, &|n| format!(r#""{n}":{{}}"#)),
    );
    let within = (0..55).fold(format!("[{}]", numbered(8_000, &|_| "{}".into())), |inner, _| {
        format!(r#"{{"x":{inner}}}"#)
    });
    let nested = format!(
        r##"{{"properties":{{{}}},{}"##,
        numbered(50, &|n| format!(r##""{n}":{{"$ref":"#{}"}}"##, "/x".repeat(n + 1))),
        &within[1..],
    );
    for source in [names, chain, nested] {
        let start = Instant::now();
        let built = Schema::build(source.as_bytes());
        println!("{} bytes compiled in {:?}: {:?}", source.len(), start.elapsed(), built.err());
        assert!(start.elapsed() < Duration::from_secs(5));
    }
}
