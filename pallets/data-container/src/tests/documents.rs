// SPDX-License-Identifier: Apache-2.0

//! Hostile documents and definitions: each gets a verdict immediately.

use super::{claims, Error};
use crate::mock::*;
use frame_support::assert_ok;
use sp_runtime::DispatchError;
use std::{fs, path::Path};
use twinchain_primitives::assert_noop;

/// Values that are not a type, for `type` in a list's schema, and the offset of the fault in each.
/// All of them once stopped the chain.
const NO_TYPES: [(&str, usize); 9] = [
    ("[1]", 1),
    ("[null]", 1),
    (r#"["array",null]"#, 9),
    (r#"["array",{}]"#, 9),
    (r#"[["array"]]"#, 1),
    (r#"[true,"array"]"#, 1),
    (r#"["array",1.5e3,"array"]"#, 9),
    (r#"[{"type":"array"}]"#, 1),
    ("[[],[]]", 1),
];

fn list_of(type_name: &str) -> String {
    format!(r#"{{"type":"list","visibility":"public","dataSchema":{{"type":{type_name}}}}}"#)
}

#[test]
fn a_list_with_an_invalid_type_is_rejected_by_every_call() {
    run(|| {
        let container = service();
        for (no_type, place) in NO_TYPES {
            let text = list_of(no_type);
            let offset = text.find(no_type).unwrap() + place;
            let invalid = |from: usize| {
                let offset = (from + offset) as u16;
                DispatchError::from(Error::InvalidKeywordValue { index: 0, offset })
            };
            let bytes = || text.clone().into_bytes();
            let name = || b"new".to_vec();
            let added = DataContainer::add_data_set(signed(M), container, name(), bytes());
            assert_eq!(added.unwrap_err().error, invalid(0));
            let document = document(&format!(r#""a":{text}"#));
            let from = "\"a\":".len();
            let published = DataContainer::publish_plugin(signed(M), document.clone().into());
            assert_eq!(published.unwrap_err().error, invalid(from));
            let tried = DataContainer::check_document(M, document.into()).unwrap_err();
            assert_eq!((tried.error, tried.keyword), (invalid(from), b"type".to_vec()));
            let tried = DataContainer::check_definition(container, name(), bytes()).unwrap_err();
            assert_eq!((tried.error, tried.offset), (invalid(0), offset as u32));
        }
        // The chain continues to work.
        assert_ok!(set(M, container, "hours", b"1"));
    });
}

#[test]
fn a_single_type_means_the_same_with_and_without_brackets() {
    run(|| {
        let container = service();
        let items = r#""items":{"type":"integer"}"#;
        for (name, array) in
            [("a", r#""array""#), ("b", r#"["array"]"#), ("c", r#"["\u0061rray"]"#)]
        {
            let text = format!(
                r#"{{"type":"list","visibility":"public","dataSchema":{{"type":{array},{items}}}}}"#
            );
            let add = DataContainer::add_data_set(signed(M), container, name.into(), text.into());
            assert_ok!(add);
            assert_ok!(append(M, container, name, &["1"]));
            let wrong = append(M, container, name, &["[1]"]);
            assert_noop!(wrong, Error::TypeMismatch { index: 0, offset: 0 });
        }
    });
}

/// Returns the files in a folder of this package. The path is read at run time, because cargo may
/// reuse a binary that it compiled for another clone.
fn files(folder: &str) -> Vec<Vec<u8>> {
    let package = std::env::var("CARGO_MANIFEST_DIR").unwrap();
    let folder = Path::new(&package).join(folder);
    let mut files: Vec<_> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.retain(|file| file.is_file());
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

#[test]
fn every_document_in_the_corpus_gets_a_verdict() {
    let corpus = files("fuzz/corpus/document");
    assert!(corpus.len() >= 50, "{}", corpus.len());
    corpus.iter().for_each(|bytes| claims::document(bytes));
}

#[test]
fn every_definition_in_the_corpus_gets_a_verdict() {
    let corpus = files("fuzz/corpus/definition");
    assert!(corpus.len() >= 50, "{}", corpus.len());
    corpus.iter().for_each(|bytes| claims::definition(bytes));
}

/// A small generator of pseudo-random numbers, the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        ((self.0 >> 33) as usize) % end.max(1)
    }
}

/// Replaces pieces of a text with other pieces of it, with tokens, or with nothing.
fn mutate(random: &mut Random, text: &mut Vec<u8>) {
    const TOKENS: [&str; 16] = [
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "null",
        "[1]",
        "\"array\"",
        "{}",
        "\"type\":",
        "1e9",
        "\"",
        "\\",
        "\"list\"",
        "[[]]",
    ];
    for _ in 0..=random.below(3) {
        let at = random.below(text.len() + 1);
        let end = (at + random.below(12)).min(text.len());
        let new = match random.below(3) {
            0 => vec![],
            1 => TOKENS[random.below(TOKENS.len())].as_bytes().to_vec(),
            _ => {
                let from = random.below(text.len() + 1);
                let to = (from + random.below(60)).min(text.len());
                text[from..to].to_vec()
            },
        };
        text.splice(at..end, new);
    }
}

#[test]
fn mutated_documents_get_a_verdict() {
    let mut random = Random(15);
    let mut texts = files("../../docs/examples");
    texts.push(SERVICE.into());
    let definitions: Vec<Vec<u8>> = NO_TYPES.map(|(no_type, _)| list_of(no_type).into()).into();
    texts.extend(
        NO_TYPES.map(|(no_type, _)| document(&format!(r#""a":{}"#, list_of(no_type))).into_bytes()),
    );
    let mut accepted = 0;
    for round in 0..4_000 {
        let mut text = texts[round % texts.len()].clone();
        mutate(&mut random, &mut text);
        claims::document(&text);
        accepted += u32::from(crate::document::plugin(&text).is_ok());
        let mut text = definitions[round % definitions.len()].clone();
        mutate(&mut random, &mut text);
        claims::definition(&text);
    }
    println!("counted: mutated documents: 8000 verdicts, {accepted} documents were accepted");
    assert!(accepted > 100, "{accepted}");
}
