//! The fuzzing corpus, replayed without a fuzzer: what `claims.rs` asserts of any bytes.

use crate::claims;
use std::{fs, path::Path};

/// Runs every file of the target's corpus; the last name printed is that of the one that fails.
fn replay(target: &str, run: impl Fn(&[u8])) {
    // Asked for when it runs: cargo may take what it compiled for another clone.
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
fn any_source_in_the_corpus_is_compiled_or_refused_within_the_limits() {
    replay("compile", claims::compile);
}

#[test]
fn any_pair_in_the_corpus_gets_the_verdict_of_the_obvious_validator() {
    replay("validate", claims::validate);
}

#[test]
fn any_expression_in_the_corpus_gets_the_verdict_of_its_other_spellings() {
    replay("pattern", claims::pattern);
}
