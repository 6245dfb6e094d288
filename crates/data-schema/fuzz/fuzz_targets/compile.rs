//! A fuzz target that tries to refute `claims::compile`.
#![no_main]

#[path = "../../tests/suite/claims.rs"]
#[allow(dead_code)]
mod claims;
#[path = "../../tests/suite/oracle.rs"]
#[allow(dead_code)]
mod oracle;

libfuzzer_sys::fuzz_target!(|input: &[u8]| claims::compile(input));
