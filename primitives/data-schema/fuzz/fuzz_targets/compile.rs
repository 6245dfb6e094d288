//! Any bytes as the source of a schema: a verdict, never a panic, and what compiles obeys the
//! limits and validates.
#![no_main]

use data_schema::{json, Schema, MAX_COST, MAX_PROGRAM};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|source: &[u8]| {
    let built = Schema::build(source);
    match Schema::compile(source) {
        Ok(schema) => {
            assert_eq!(built.as_ref(), Ok(&schema));
            assert!((1..=MAX_COST).contains(&schema.cost()));
            assert!(schema.program().len() <= MAX_PROGRAM as usize);
            assert_eq!(json::check(source, json::Limits::default()), Ok(()));
            // The source is a JSON text too, so it can be a value.
            if let Ok(stats) = schema.check(source) {
                assert!(stats.live <= schema.cost() && stats.bytes as usize == source.len());
            }
        },
        Err(error) => {
            let refusal = built.unwrap_err();
            assert_eq!((refusal.kind, refusal.keyword), (error.kind, error.keyword));
            assert_eq!(refusal.offset, error.offset);
            assert!(error.offset as usize <= source.len());
            assert_eq!(error.pointer, json::pointer(source, error.offset));
            assert!(!error.to_string().is_empty());
        },
    }
});
