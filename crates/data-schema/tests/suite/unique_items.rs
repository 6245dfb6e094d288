//! `uniqueItems` (Validation, 6.4.3), with the equality of JSON values (Core, 4.2.2).

use crate::support::{accepts, fails, fill, rejects, schema};
use data_schema::{Schema, ViolationKind, MAX_VALUE};

const UNIQUE: &str = r#"{"uniqueItems":true}"#;

#[test]
fn items_differ_by_meaning() {
    accepts(
        UNIQUE,
        &[
            "[]",
            "[1]",
            "[1,2]",
            "[1,true]",
            "[0,false]",
            "[null,0,false,\"\",[],{}]",
            "[[1],[true]]",
            "[\"1\",1]",
            "[[],[[]],[[],[]]]",
            "[{},[]]",
            r#"[{"a":1},{"a":2}]"#,
            r#"[{"a":1},{"b":1}]"#,
            r#"[{"a":1,"b":2},{"a":2,"b":1}]"#,
            r#"["a","a "]"#,
            r#"["ab",["a","b"]]"#,
            r#"[["ab"],["a","b"]]"#,
            r#"[{"a":{"b":1}},{"a":{"b":2}}]"#,
            "[1e300,1e301]",
            "[0.1,0.10000000000000000000000001]",
            r#"[{"a":"b"},["a","b"]]"#,
            r#"["\u00e9","e\u0301"]"#,
            "{}",
            "\"aa\"",
            "1",
            r#"[{"ab":1,"c":2},{"a":1,"bc":2}]"#,
            r#"[{"":1},{" ":1}]"#,
            "[[1,2],[2,1]]",
            "[-1,1]",
        ],
    );
    rejects(
        UNIQUE,
        ViolationKind::UniqueItemsMismatch,
        &[
            "[1,1]",
            "[1,1.0]",
            "[100,1e2]",
            "[1,2,1]",
            "[0,-0]",
            "[0.0,0e5]",
            "[true,true]",
            "[null,null]",
            r#"["a","\u0061"]"#,
            r#"["😀","\ud83d\uDE00"]"#,
            "[[],[]]",
            "[{},{}]",
            "[[1,2],[1.0,2]]",
            r#"[{"a":1,"b":2},{"b":2.0,"a":1}]"#,
            r#"[{"a":{"b":[1]}},{"a":{"b":[1]}}]"#,
            r#"[{"\u0061":1},{"a":1}]"#,
            r#"[1,2,3,4,5,6,7,8,9,{"x":[null,{"y":0.50}]},{"x":[null,{"y":5e-1}]}]"#,
            r#"[ {"a" : 1} ,{"a":1}]"#,
            "[0.3,0.30]",
            "[12345678901234567890123456789012345678.5,\
             1234567890123456789012345678901234567850e-2]",
        ],
    );
    accepts(r#"{"uniqueItems":false}"#, &["[1,1]"]);
}

#[test]
fn it_applies_at_any_place() {
    fails(
        r#"{"properties":{"a":{"uniqueItems":true}}}"#,
        r#"{"b":[1,1],"a":[2,2]}"#,
        ViolationKind::UniqueItemsMismatch,
        15,
        "/a",
    );
    // Arrays in arrays are checked separately.
    let nested = r#"{"uniqueItems":true,"items":{"uniqueItems":true}}"#;
    accepts(nested, &["[[1,2],[2,1]]", "[[],[1]]"]);
    fails(nested, "[[1,2],[3,3]]", ViolationKind::UniqueItemsMismatch, 7, "/1");
    fails(nested, "[[1,2],[1,2]]", ViolationKind::UniqueItemsMismatch, 0, "");
    // In a branch that need not match.
    accepts(r#"{"anyOf":[{"uniqueItems":true},{"maxItems":2}]}"#, &["[1,1]", "[1,2,3]"]);
    rejects(
        r#"{"anyOf":[{"uniqueItems":true},{"maxItems":2}]}"#,
        ViolationKind::AnyOfMismatch,
        &["[1,1,1]"],
    );
    accepts(r#"{"not":{"uniqueItems":true}}"#, &["[1,1]"]);
    rejects(r#"{"not":{"uniqueItems":true}}"#, ViolationKind::NotMismatch, &["[1]", "{}", "1"]);
    // With other violations, the first in the text is reported.
    fails(
        r#"{"uniqueItems":true,"items":{"type":"integer"}}"#,
        "[1,1,null]",
        ViolationKind::TypeMismatch,
        5,
        "/2",
    );
    // Two arrays in one text.
    let two = r#"{"additionalProperties":{"uniqueItems":true}}"#;
    accepts(two, &[r#"{"a":[1,[2,2]],"b":[1,[2,2]]}"#]);
    fails(two, r#"{"a":[1,2],"b":[[],[]]}"#, ViolationKind::UniqueItemsMismatch, 15, "/b");
}

#[test]
fn unreadable_text_is_reported_before_equal_items() {
    for (value, kind, offset) in [
        ("[1,1", ViolationKind::InvalidJson, 4),
        ("[1,1,", ViolationKind::InvalidJson, 5),
        ("[1,1,{\"a\":1,\"a\":1}]", ViolationKind::DuplicateKey, 12),
        ("[1,1,1e999]", ViolationKind::NumberOutOfBounds, 5),
    ] {
        let violation = schema(UNIQUE).check(value.as_bytes()).unwrap_err();
        assert_eq!((violation.kind, violation.offset), (kind, offset), "{value}");
    }
    let deep = format!("[{}{}]", "[".repeat(40), "]".repeat(40));
    assert_eq!(schema(UNIQUE).check(deep.as_bytes()).unwrap_err().kind, ViolationKind::TooDeep);
}

#[test]
fn its_work_is_counted() {
    let (with, without) = (schema(UNIQUE), schema("{}"));
    assert_eq!((with.cost(), without.cost()), (2, 1));
    let stats = with.check(b"[1,2]").unwrap();
    assert_eq!((stats.bytes, stats.live), (5, 2));
    // Without such an array, no text is read ahead.
    assert_eq!(with.check(b"{\"a\":[1,2]}").unwrap().live, 1);
    // Text that was read ahead counts, although the value fails at its beginning.
    let early = schema(r#"{"uniqueItems":true,"items":{"type":"null"}}"#);
    let long = format!("[1{}]", ",null".repeat(1_000));
    let (stats, verdict) = early.metered(long.as_bytes());
    assert_eq!((verdict.unwrap_err().offset, stats.bytes as usize), (1, long.len()));
    // The cost limit leaves no unit for it.
    let full = |branches: usize| {
        let branches = vec![r#"{"minimum":1}"#; branches].join(",");
        format!(r#"{{"uniqueItems":true,"allOf":[{branches}]}}"#)
    };
    assert_eq!(schema(&full(30)).cost(), 32);
    assert!(Schema::build(full(31).as_bytes()).is_err());
}

#[test]
fn long_arrays_are_compared_in_little_time() {
    let most = MAX_VALUE as usize;
    // Numbers, texts that differ at their end, objects with members in another order, and arrays in
    // arrays. Each has as many items as fit, and the last repeats the first.
    let prefix = "p".repeat(200);
    let makers: [&dyn Fn(usize) -> String; 4] = [
        &|n| n.to_string(),
        &|n| format!("\"{prefix}{n}\""),
        &|n| format!(r#"{{"b":{n},"a":[{n}]}}"#),
        &|n| format!("{}{n}{}", "[".repeat(20), "]".repeat(20)),
    ];
    for maker in makers {
        let text = fill(maker, most - 1, '[', ']');
        assert_eq!(schema(UNIQUE).validate(text.as_bytes()), Ok(()));
        let repeated = format!("{},{}]", &text[..text.len() - 1], maker(0));
        if repeated.len() <= most {
            assert!(schema(UNIQUE).validate(repeated.as_bytes()).is_err());
        }
    }
}
