//! Replays the fuzzing corpus without a fuzzer, against the claims of `claims.rs`.

use crate::claims;
use std::{fs, path::Path};

/// Runs every file of the target's corpus. The last printed name is that of the file that fails.
fn replay(target: &str, run: impl Fn(&[u8])) {
    // Read at run time: cargo may reuse a binary that it compiled for another clone.
    let package = std::env::var("CARGO_MANIFEST_DIR").unwrap();
    let folder = Path::new(&package).join("fuzz/corpus").join(target);
    let mut files: Vec<_> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 100, "{} files in {}", files.len(), folder.display());
    for file in files {
        println!("{}", file.display());
        run(&fs::read(&file).unwrap());
    }
}

#[test]
fn any_source_in_the_corpus_is_compiled_or_rejected_within_the_limits() {
    replay("compile", claims::compile);
}

#[test]
fn any_pair_in_the_corpus_gets_the_verdict_of_the_oracle() {
    replay("validate", claims::validate);
}

#[test]
fn any_expression_in_the_corpus_has_the_same_verdict_in_other_spellings() {
    replay("pattern", claims::pattern);
}
