//! Fuzz target for `claims::document`, which panics if one of its claims is false.
#![no_main]

#[path = "../../src/tests/claims.rs"]
#[allow(dead_code)]
mod claims;
use pallet_data_container::document;

libfuzzer_sys::fuzz_target!(|input: &[u8]| claims::document(input));
