//! Helpers for the tables of the tests.

use data_schema::{CompileErrorKind, Schema, ValidationError, ViolationKind};

pub fn schema(source: &str) -> Schema {
    match Schema::compile(source.as_bytes()) {
        Ok(schema) => schema,
        Err(error) => panic!("{source}: {error}"),
    }
}

/// Checks that each value matches.
#[track_caller]
pub fn accepts(source: &str, values: &[&str]) {
    let schema = schema(source);
    for value in values {
        assert_eq!(schema.validate(value.as_bytes()), Ok(()), "{source} with {value}");
        let stats = schema.check(value.as_bytes()).unwrap();
        assert!(stats.live <= schema.cost(), "{source} with {value}: {stats:?}");
    }
}

/// Checks that each value violates the keyword at the top.
#[track_caller]
pub fn rejects(source: &str, kind: ViolationKind, values: &[&str]) {
    for value in values {
        fails(source, value, kind, 0, "");
    }
}

/// Checks that the value violates the keyword at this location.
#[track_caller]
pub fn fails(source: &str, value: &str, kind: ViolationKind, offset: u32, pointer: &str) {
    let schema = schema(source);
    let expected = ValidationError { kind, offset, pointer: pointer.into() };
    assert_eq!(schema.validate(value.as_bytes()), Err(expected), "{source} with {value}");
    let violation = schema.check(value.as_bytes()).unwrap_err();
    assert_eq!((violation.kind, violation.offset), (kind, offset), "{source} with {value}");
}

/// Checks that the source is rejected at this location.
#[track_caller]
pub fn refused(
    source: &str,
    kind: CompileErrorKind,
    keyword: Option<&str>,
    offset: u32,
    pointer: &str,
) {
    let error = Schema::compile(source.as_bytes()).expect_err(source);
    assert_eq!(
        (error.kind, error.keyword, error.offset, error.pointer.as_str()),
        (kind, keyword, offset, pointer),
        "{source}"
    );
    let cheap = Schema::build(source.as_bytes()).unwrap_err();
    assert_eq!((cheap.kind, cheap.keyword, cheap.offset), (kind, keyword, offset), "{source}");
    let refusals = Schema::refusals(source.as_bytes());
    assert!(refusals.contains(&cheap), "{source}: {refusals:?}");
}

/// Returns as many repetitions of a part as fit into `length` bytes, between brackets.
pub fn fill(part: impl Fn(usize) -> String, length: usize, open: char, close: char) -> String {
    let mut text = String::from(open);
    for n in 0.. {
        let next = part(n);
        if text.len() + next.len() + 1 > length {
            break;
        }
        text.push_str(if n > 0 { "," } else { "" });
        text.push_str(&next);
    }
    text.push(close);
    text
}
