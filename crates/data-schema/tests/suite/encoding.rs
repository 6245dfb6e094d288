//! The SCALE encoding of the public types.

use crate::support::schema;
use codec::{Decode, Encode, MaxEncodedLen};
use data_schema::{CompileErrorKind, Schema, Violation, ViolationKind, MAX_PROGRAM};

#[test]
fn a_schema_survives_encoding() {
    let schema = schema(r#"{"type":"object","properties":{"a":{"enum":[1,"b"]}}}"#);
    let bytes = schema.encode();
    assert_eq!(Schema::decode(&mut &bytes[..]).unwrap(), schema);
    assert!(bytes.len() <= Schema::max_encoded_len());
    assert_eq!(Schema::max_encoded_len(), MAX_PROGRAM as usize + 4);
    assert_eq!(bytes.len(), schema.program().len() + 2);
}

#[test]
fn keywords_keep_their_indices() {
    let indices: Vec<u8> = ViolationKind::ALL.iter().map(|keyword| keyword.encode()[0]).collect();
    let expected: Vec<u8> = (0..7).chain(16..45).collect();
    assert_eq!(indices, expected);
    for keyword in ViolationKind::ALL {
        assert_eq!(ViolationKind::decode(&mut &keyword.encode()[..]).unwrap(), keyword);
        assert!(!keyword.as_str().is_empty() && !keyword.advice().is_empty());
        assert_eq!(keyword.to_string(), keyword.as_str());
    }
    assert_eq!(CompileErrorKind::InvalidJson.encode(), [0]);
    assert_eq!(CompileErrorKind::ProgramTooLong.encode(), [12]);
    assert_eq!(
        Violation { kind: ViolationKind::TypeMismatch, offset: 5 }.encode(),
        [16, 5, 0, 0, 0]
    );
    assert_eq!(Violation::max_encoded_len(), 5);
}

#[test]
fn the_same_source_gives_the_same_program() {
    let source = r#"{"properties":{"b":{},"a":{"type":"null"}},"required":["a","c"]}"#;
    assert_eq!(schema(source), schema(source));
}

#[test]
fn programs_are_compact() {
    let schema =
        schema(r#"{"type":"object","properties":{"at":{"type":"string","maxLength":40}}}"#);
    assert!(schema.program().len() < 96, "{}", schema.program().len());
    assert_eq!(schema.cost(), 1);
}
