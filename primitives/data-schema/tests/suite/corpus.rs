//! The fuzzing corpus, replayed without a fuzzer: what `fuzz/fuzz_targets` assert of any bytes.

use crate::oracle::{self, Json};
use codec::{Decode, Encode};
use data_schema::{json, Keyword, Schema, MAX_COST, MAX_PROGRAM, MAX_VALUE, MAX_VALUE_DEPTH};
use std::{fs, path::Path};

/// Runs every file of the target's corpus; the last name printed is that of the one that fails.
fn replay(target: &str, run: impl Fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<_> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 100, "{} files in {}", files.len(), folder.display());
    for file in files {
        println!("{}", file.display());
        run(&fs::read(&file).unwrap());
    }
}

/// As in `fuzz/fuzz_targets/compile.rs`.
fn compile(source: &[u8]) {
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
}

/// As in `fuzz/fuzz_targets/validate.rs`.
fn validate(input: &[u8]) {
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
}

#[test]
fn any_source_in_the_corpus_is_compiled_or_refused_within_the_limits() {
    replay("compile", compile);
}

#[test]
fn any_pair_in_the_corpus_gets_the_verdict_of_the_obvious_validator() {
    replay("validate", validate);
}
