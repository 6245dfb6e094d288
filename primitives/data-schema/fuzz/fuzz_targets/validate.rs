//! A schema, a zero byte, and a value: the verdict is that of the obvious validator, `check` and
//! `validate` agree, and pointers lead somewhere. Where the schema does not compile, its bytes are
//! taken for a damaged program, which may say anything but must not panic.
#![no_main]

#[path = "../../tests/suite/oracle.rs"]
#[allow(dead_code)]
mod oracle;

use data_schema::{json, Keyword, Schema, MAX_VALUE, MAX_VALUE_DEPTH};
use libfuzzer_sys::fuzz_target;
use oracle::Json;
use parity_scale_codec::{Decode, Encode};

fuzz_target!(|input: &[u8]| {
    let zero = input.iter().position(|byte| *byte == 0).unwrap_or(input.len());
    let (source, value) = (&input[..zero], input.get(zero + 1..).unwrap_or_default());
    let Ok(schema) = Schema::build(source) else {
        if let Ok(schema) = Schema::decode(&mut &value.to_vec().encode()[..]) {
            let _ = schema.check(source);
            let _ = schema.cost();
        }
        return;
    };
    let verdict = schema.check(value);
    let limits = json::Limits { bytes: MAX_VALUE, depth: MAX_VALUE_DEPTH, unique_keys: true };
    let well_formed = json::check(value, limits);
    match verdict {
        Ok(stats) => {
            assert_eq!(schema.validate(value), Ok(()));
            assert_eq!(well_formed, Ok(()));
            assert!(stats.live <= schema.cost() && stats.bytes as usize == value.len());
        },
        Err(violation) => {
            let error = schema.validate(value).unwrap_err();
            assert_eq!((error.keyword, error.offset), (violation.keyword, violation.offset));
            assert_ne!(error.keyword, Keyword::InvalidProgram);
            assert!(error.offset as usize <= value.len());
        },
    }
    if well_formed.is_err() {
        return;
    }
    let (tree, instance) = (Json::parse(source).unwrap(), Json::parse(value).unwrap());
    assert_eq!(verdict.is_ok(), oracle::valid(&tree, &instance));
    if let Err(error) = schema.validate(value) {
        assert!(instance.at(&error.pointer).is_some(), "{error}");
    }
});
