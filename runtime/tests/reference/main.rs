// SPDX-License-Identifier: Apache-2.0

//! Files that are generated from the runtime's metadata: the reference of calls, events, errors and
//! types, and the explanations of errors. This test fails if a file is stale;
//! `scripts/generate-docs.sh` rewrites them.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test panics when it fails"
)]

mod advice;
mod book;
mod example;
mod page;
mod registry;
mod source;
mod text;
mod types;

use codec::Decode;
use frame_metadata::{v16::RuntimeMetadataV16, RuntimeMetadata, RuntimeMetadataPrefixed};
use twinchain_runtime::Runtime;

/// The environment variable that makes the test write the files instead of comparing them.
const WRITE: &str = "TWINCHAIN_WRITE_DOCS";
/// The root of the repository.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
/// The pallets of this project, described in full. Of the others, the page lists only the calls.
const OWN: [&str; 3] = ["DigitalTwin", "DataContainer", "Consortium"];

#[test]
fn generated_files_match_the_metadata() {
    let metadata = metadata();
    let files = [
        ("docs/extrinsics.md", page::render(&metadata)),
        ("docs/examples/clients/runtime-apis.json", registry::render(&metadata)),
        ("client/js/src/advice.generated.mjs", advice::javascript(&metadata)),
        ("crates/data-schema/src/compile_error/advice.rs", advice::compile_errors(&metadata)),
        ("crates/data-schema/src/violation/advice.rs", advice::violations(&metadata)),
        ("pallets/data-container/src/views/dry_runs/advice.rs", advice::errors(&metadata)),
    ];
    let stale = files.iter().filter_map(|(path, text)| settle(path, text));
    let stale: Vec<String> = stale.chain(settle_metadata()).collect();
    assert!(stale.is_empty(), "{}: run scripts/generate-docs.sh", stale.join("; "));
}

/// Writes the metadata from which the client is generated, or compares it. Returns the difference.
fn settle_metadata() -> Option<String> {
    const PATH: &str = "client/metadata.scale";
    let file = format!("{ROOT}/{PATH}");
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(file, metadata_bytes()).expect("the folder exists");
        return None;
    }
    let committed = std::fs::read(file).unwrap_or_default();
    (committed != metadata_bytes()).then(|| format!("{PATH} is stale"))
}

fn metadata_bytes() -> Vec<u8> {
    Runtime::metadata_at_version(16).expect("version 16 is served").to_vec()
}

fn metadata() -> RuntimeMetadataV16 {
    let bytes = metadata_bytes();
    match RuntimeMetadataPrefixed::decode(&mut &bytes[..]).expect("the metadata decodes").1 {
        RuntimeMetadata::V16(metadata) => metadata,
        _ => panic!("version 16 is not V16"),
    }
}

/// Writes a file, or compares it. Returns the line from which it differs, or `None`.
fn settle(path: &str, text: &str) -> Option<String> {
    let file = format!("{ROOT}/{path}");
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(file, text).expect("the folder exists");
        return None;
    }
    let committed = std::fs::read_to_string(file).unwrap_or_default();
    if committed == text {
        return None;
    }
    let same = committed.lines().zip(text.lines()).take_while(|(a, b)| a == b).count();
    Some(format!("{path} is stale from line {} on", same + 1))
}
