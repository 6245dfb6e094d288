//! Every successful call of the reader makes progress. Walkers call its methods at random, continue
//! after errors, and count the calls that succeed.

use crate::rng::Rng;
use data_schema::json::{Limits, Reader};
use std::{fs, path::Path};

/// Returns the documents in this repository, and texts that once stopped a chain.
fn texts() -> Vec<Vec<u8>> {
    let package = std::env::var("CARGO_MANIFEST_DIR").unwrap();
    let examples = Path::new(&package).join("../../docs/examples");
    let mut files: Vec<_> =
        fs::read_dir(examples).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    assert!(files.len() >= 4, "{files:?}");
    let mut texts: Vec<_> = files.into_iter().map(|file| fs::read(file).unwrap()).collect();
    for short in ["[1]", "[[[[]]]]", r#"{"type":["array",null]}"#, "{}", "1", "", "[1,{},\"x\"]"] {
        texts.push(short.into());
    }
    texts
}

/// Changes a text at a few places: replaces, removes or repeats bytes, or inserts structure.
fn mutate(rng: &mut Rng, text: &mut Vec<u8>) {
    const STRUCTURE: &[u8] = b"[]{},:\"\\ 0-tfn";
    for _ in 0..rng.below(4) {
        let at = rng.below(text.len() + 1);
        let end = (at + rng.below(20)).min(text.len());
        match rng.below(4) {
            0 => text.insert(at, *rng.pick(STRUCTURE)),
            1 => drop(text.drain(at..end)),
            2 => {
                let part = text[at..end].to_vec();
                text.splice(at..at, part);
            },
            _ => {
                if let Some(byte) = text.get_mut(at) {
                    *byte = *rng.pick(STRUCTURE);
                }
            },
        }
    }
}

/// Calls one method. Returns `true` if it succeeded.
fn call(reader: &mut Reader<'_>, method: usize) -> bool {
    match method {
        0 => reader.next_key().is_ok(),
        1 => reader.next_item().is_ok(),
        2 => reader.peek_kind().is_ok(),
        3 => reader.begin_object().is_ok(),
        4 => reader.begin_array().is_ok(),
        5 => reader.string().is_ok(),
        6 => reader.number().is_ok(),
        7 => reader.boolean().is_ok(),
        8 => reader.finish().is_ok(),
        9 => reader.next().is_ok(),
        10 => reader.string_or_skip().is_ok(),
        _ => reader.skip_value().is_ok(),
    }
}

const METHODS: usize = 12;

#[test]
fn successful_calls_are_bounded_by_the_bytes() {
    let mut rng = Rng::new(Rng::seed("TWINCHAIN_SEED", 15));
    let texts = texts();
    let (mut walks, mut most) = (0u64, 0f64);
    for round in 0..2_000 {
        let mut text = texts[round % texts.len()].clone();
        // Of long texts, only a part is walked.
        text.truncate(200 + rng.below(4_000));
        mutate(&mut rng, &mut text);
        let mut reader = Reader::new(&text, Limits::default()).unwrap();
        // Some walkers repeat one method, some alternate between two, some call any.
        let (first, second) = (rng.below(METHODS), rng.below(METHODS));
        let anything = rng.percent(60);
        let mut steps = 0usize;
        for turn in 0..4 * text.len() + 40 {
            let method = match (anything, turn % 2) {
                (true, _) => rng.below(METHODS),
                (false, 0) => first,
                (false, _) => second,
            };
            steps += usize::from(call(&mut reader, method));
        }
        walks += 1;
        most = most.max(steps as f64 / (text.len() as f64 + 1.0));
        assert!(steps <= 3 * text.len() + 3, "{steps} for {}", String::from_utf8_lossy(&text));
    }
    println!("counted: steps: {walks} walks, at most {most:.2} calls a byte succeeded");
}
