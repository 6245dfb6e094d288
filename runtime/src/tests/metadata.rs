// SPDX-License-Identifier: Apache-2.0

use crate::{Runtime, TOKEN_DECIMALS, TOKEN_SYMBOL};
use codec::Decode;
use frame_metadata::{RuntimeMetadata, RuntimeMetadataPrefixed};
use sp_core::OpaqueMetadata;

fn decoded(metadata: OpaqueMetadata) -> RuntimeMetadata {
    RuntimeMetadataPrefixed::decode(&mut &metadata[..]).unwrap().1
}

/// Returns the metadata of a version that the runtime serves.
fn at(version: u32) -> RuntimeMetadata {
    decoded(Runtime::metadata_at_version(version).unwrap())
}

#[test]
fn versions_that_clients_use_are_served() {
    assert_eq!(Runtime::metadata_versions(), vec![14, 15, 16]);
}

#[test]
fn every_version_decodes_and_names_the_pallets_at_their_indices() {
    let expected: Vec<(&str, u8)> = vec![
        ("System", 0),
        ("Timestamp", 1),
        ("Aura", 2),
        ("Grandpa", 3),
        ("Session", 4),
        ("Balances", 5),
        ("Authorship", 6),
        ("Historical", 7),
        ("Offences", 8),
        ("MultiBlockMigrations", 9),
        ("DataContainer", 10),
        ("DigitalTwin", 11),
        ("Consortium", 12),
        ("Council", 13),
        ("Councillors", 14),
        ("Utility", 20),
        ("Proxy", 21),
        ("Multisig", 22),
    ];

    let RuntimeMetadata::V14(v14) = at(14) else { panic!("version 14 is not V14") };
    let RuntimeMetadata::V15(v15) = at(15) else { panic!("version 15 is not V15") };
    let RuntimeMetadata::V16(v16) = at(16) else { panic!("version 16 is not V16") };
    let pallets = |list: Vec<(String, u8)>| {
        let mut list: Vec<_> = list.iter().map(|(name, index)| (name.as_str(), *index)).collect();
        // The metadata lists them in the order of their hooks.
        list.sort_unstable_by_key(|(_, index)| *index);
        assert_eq!(list, expected);
    };
    pallets(v14.pallets.into_iter().map(|p| (p.name, p.index)).collect());
    pallets(v15.pallets.into_iter().map(|p| (p.name, p.index)).collect());
    pallets(v16.pallets.into_iter().map(|p| (p.name, p.index)).collect());
}

#[test]
fn the_runtime_apis_that_clients_call_are_described() {
    let RuntimeMetadata::V16(metadata) = at(16) else { panic!("version 16 is not V16") };
    let described: Vec<_> = metadata.apis.into_iter().map(|api| api.name).collect();
    for name in ["Metadata", "AccountNonceApi", "TransactionPaymentApi", "RuntimeViewFunction"] {
        assert!(described.iter().any(|api| api == name), "{name} is missing in {described:?}");
    }
}

#[test]
fn build_script_hashes_metadata_with_the_exported_token() {
    let script = include_str!("../../build.rs");
    let call = format!("builder.enable_metadata_hash(\"{TOKEN_SYMBOL}\", {TOKEN_DECIMALS})");
    assert!(script.contains(&call), "build.rs has no {call}");
}
