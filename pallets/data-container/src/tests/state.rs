// SPDX-License-Identifier: Apache-2.0

//! The raw state and the numbers on which clients rely, which must not change by accident.

use super::costs::state;
use crate::{mock::*, pallet::*, types::*};
use codec::{Decode, Encode};
use frame_support::{
    assert_ok,
    storage::{storage_prefix, unhashed},
    traits::{GetStorageVersion, StorageVersion},
    Hashable,
};
use scale_info::{TypeDef, TypeInfo};
use std::fmt::Debug;
use twinchain_primitives::{Access, ContainerId, DataSetId};

/// Returns the number of keys that a call changed.
fn touched<T: Debug, E: Debug>(call: impl FnOnce() -> Result<T, E>) -> usize {
    let before = state();
    call().unwrap();
    let after = state();
    let new_or_changed = after.iter().filter(|(key, value)| before.get(*key) != Some(value));
    let gone = before.keys().filter(|key| !after.contains_key(*key));
    new_or_changed.count() + gone.count()
}

fn key(map: &str, parts: &[Vec<u8>]) -> Vec<u8> {
    let mut key = storage_prefix(b"DataContainer", map.as_bytes()).to_vec();
    key.extend(parts.concat());
    key
}

#[test]
fn the_state_has_its_version() {
    run(|| {
        assert_eq!(DataContainer::on_chain_storage_version(), StorageVersion::new(1));
        assert_eq!(DataContainer::in_code_storage_version(), StorageVersion::new(1));
    });
}

#[test]
fn values_are_stored_under_their_documented_keys() {
    run(|| {
        let id = service();
        assert_ok!(set(M, id, "hours", b"7"));
        assert_ok!(append(M, id, "stamps", &["1", "2"]));
        grant(id, S, HOURS, Access::WRITE, Some(5));
        let id_part = id.twox_64_concat();
        let raw = |map, parts: &[Vec<u8>]| unhashed::get_raw(&key(map, parts)).unwrap();

        let at = [id_part.clone(), HOURS.twox_64_concat()];
        // Author, block and time; the variant, the length, the text.
        let stamp = (M, 1u64, Timestamp::get()).encode();
        let stamped = |value: &[u8]| [&stamp, value].concat();
        assert_eq!(unhashed::get_raw(&key("LongEntries", &at)), None, "it is in the record");
        let at = [id_part.clone(), name("hours").blake2_128_concat()];
        let stored = [&[1], &stamped(&[0, 4, b'7'])[..]].concat();
        assert!(raw("DataSets", &at).ends_with(&stored));
        let long = format!("{:?}", "x".repeat(511)).into_bytes();
        assert_ok!(set(M, id, "manual", &long));
        let at = [id_part.clone(), 0u16.twox_64_concat()];
        assert_eq!(raw("LongEntries", &at), stamped(&[&[0][..], &long.encode()].concat()));
        let at = [id_part.clone(), 4u16.twox_64_concat(), 0u32.twox_64_concat()];
        assert_eq!(raw("Batches", &at), stamped(&[8, 1, 0, 4, b'1', 1, 0, 4, b'2']));
        let at = [id_part.clone(), S.blake2_128_concat()];
        assert_eq!(raw("AccountRights", &at), [0, 4, 2, 0, 0, 1, 1, 5, 0, 0, 0, 0, 0, 0, 0, 0]);
        let at = [id_part.clone(), name("hours").blake2_128_concat()];
        assert_eq!(raw("DataSets", &at), data_set(id, "hours").encode());
        let document = raw("Documents", &[hash(SERVICE.as_bytes()).0.to_vec()]);
        assert_eq!(Vec::<u8>::decode(&mut &document[..]).unwrap(), SERVICE.as_bytes());
        assert!(!raw("Schemas", &[data_set(id, "hours").schema.0.to_vec()]).is_empty());
        assert!(raw("ContainersOfOwner", &[M.blake2_128_concat(), id_part]).is_empty());
        assert_eq!(raw("NextContainerId", &[]), 1u64.encode());
        assert_eq!(raw("NextPluginId", &[]), 1u64.encode());
    });
}

#[test]
fn a_write_of_any_value_touches_one_or_two_keys() {
    run(|| {
        let id = service();
        assert_eq!(touched(|| set(M, id, "hours", b"1")), 1);
        assert_eq!(touched(|| set(M, id, "hours", b"2")), 1);
        assert_eq!(touched(|| append(M, id, "stamps", &["1"])), 2);
        assert_eq!(touched(|| append(M, id, "stamps", &["1"; 256])), 2);
        let values = || vec![new_value("hours", "1"), new_value("manual", r#""x""#)];
        assert_eq!(touched(|| DataContainer::store(signed(M), id, values())), 2);
        let clear = || DataContainer::clear_entry(signed(M), id, b"hours".to_vec(), None);
        assert_eq!(touched(clear), 1);
        assert_ok!(append(M, id, "usageLog", &[r#"{"hours":1}"#]));
        let remove = || DataContainer::remove_item(signed(M), id, b"usageLog".to_vec(), 0, 0, None);
        assert_eq!(touched(remove), 2);
        let retire = |set: &str| DataContainer::retire_data_set(signed(M), id, set.into());
        assert_eq!(touched(|| retire("manual")), 1);
        assert_eq!(touched(|| retire("price")), 2);
        assert_eq!(touched(|| DataContainer::close_container(signed(M), id)), 1);
    });
}

#[test]
fn publishing_again_adds_a_plugin_and_nothing_else() {
    run(|| {
        publish(M, SERVICE);
        // Writes the plugin, the counter, and the indices of publishers and names.
        let again = || DataContainer::publish_plugin(signed(M), SERVICE.into());
        assert_eq!(touched(again), 4);
    });
}

#[test]
fn purging_frees_the_state() {
    run(|| {
        let id = service();
        let before = state().len();
        for _ in 0..3 {
            assert_ok!(append(M, id, "usageLog", &[r#"{"hours":1}"#]));
        }
        assert_eq!(state().len(), before + 3);
        assert_ok!(DataContainer::retire_data_set(signed(M), id, b"usageLog".to_vec()));
        assert_ok!(DataContainer::purge(signed(M), id, b"usageLog".to_vec(), 64));
        assert_eq!(state().len(), before);
    });
}

#[test]
fn every_stored_value_decodes_and_encodes_to_the_same_bytes() {
    run(|| {
        let id = service();
        assign(id, S, TECHNICIAN);
        rotate(id, "price", &[]);
        assert_ok!(set_sealed(M, id, "price", 1));
        assert_ok!(append(M, id, "stamps", &["1"]));
        assert_ok!(set(M, id, "manual", format!("{:?}", "x".repeat(600)).as_bytes()));
        assert_ok!(share(id, X, "price", Access::READ, Some(START)));
        let sealed =
            vec![HolderEnvelope::Key { public: public_key(9), envelope: SEALED_SEED.to_vec() }];
        assert_ok!(DataContainer::set_account_envelopes(signed(M), 1, sealed));
        offer(id);
        let check = |map: &str, decode: fn(&[u8]) -> Vec<u8>| {
            let prefix = key(map, &[]);
            let values: Vec<_> =
                state().into_iter().filter(|(key, _)| key.starts_with(&prefix)).collect();
            assert!(!values.is_empty(), "{map} is empty");
            for (_, value) in values {
                assert_eq!(decode(&value), value, "{map}");
            }
        };
        fn again<T: Decode + Encode>(mut bytes: &[u8]) -> Vec<u8> {
            T::decode(&mut bytes).unwrap().encode()
        }
        check("Plugins", again::<Plugin<AccountId>>);
        check("Containers", again::<Container<AccountId, u64>>);
        check("DataSets", again::<DataSet<AccountId, u64>>);
        check("AccountRights", again::<Rights>);
        check("RoleNames", again::<Roles>);
        check("LongEntries", again::<Entry<AccountId, u64>>);
        check("Epochs", again::<Epoch>);
        check("Envelopes", again::<Envelope>);
        check("SealingEnds", again::<SealingEnd<AccountId>>);
        check("EncryptionKeys", again::<EncryptionKey<u64>>);
        check("KeyVersions", again::<AccountKey>);
        check("AccountKeyEnvelopes", again::<AccountEnvelopes<AccountId>>);
        check("Batches", again::<Batch<AccountId, u64>>);
        check("Schemas", again::<CompiledSchema>);
    });
}

/// Returns the variants of an enum with their indices.
fn variants<T: TypeInfo>() -> Vec<(String, u8)> {
    match T::type_info().type_def {
        TypeDef::Variant(enumeration) => enumeration
            .variants
            .iter()
            .map(|variant| (variant.name.to_string(), variant.index))
            .collect(),
        _ => panic!("not an enum"),
    }
}

fn listed(list: &[(&str, u8)]) -> Vec<(String, u8)> {
    list.iter().map(|(name, index)| (name.to_string(), *index)).collect()
}

#[test]
fn calls_keep_their_indices() {
    let expected = [
        ("publish_plugin", 0),
        ("retire_plugin", 1),
        ("create_container", 10),
        ("instantiate", 11),
        ("clone_container", 12),
        ("set_description", 13),
        ("add_data_set", 14),
        ("retire_data_set", 15),
        ("purge", 16),
        ("close_container", 17),
        ("set_entry", 30),
        ("clear_entry", 32),
        ("append", 33),
        ("remove_item", 35),
        ("store", 36),
        ("offer_ownership", 20),
        ("accept_ownership", 21),
        ("cancel_offer", 22),
        ("decline_offer", 23),
        ("set_sealed_entry", 31),
        ("append_sealed", 34),
        ("set_role", 40),
        ("assign_role", 41),
        ("unassign_role", 42),
        ("share", 43),
        ("unshare", 44),
        ("clear_expired", 45),
        ("leave", 46),
        ("rename_role", 47),
        ("remove_role", 48),
        ("set_encryption_key", 50),
        ("rotate_key", 51),
        ("set_envelope", 52),
        ("set_envelopes", 53),
        ("set_account_envelopes", 54),
        ("remove_account_envelope", 55),
    ];
    let calls: Vec<_> =
        variants::<Call<Test>>().into_iter().filter(|(name, _)| !name.starts_with("__")).collect();
    for call in listed(&expected) {
        assert!(calls.contains(&call), "{call:?}");
    }
    assert_eq!(calls.len(), expected.len());
}

#[test]
fn events_keep_their_indices() {
    let expected = [
        ("PluginPublished", 0),
        ("PluginRetired", 1),
        ("ContainerCreated", 2),
        ("ContainerCloned", 3),
        ("DescriptionSet", 4),
        ("ContainerClosed", 5),
        ("DataSetAdded", 6),
        ("DataSetChanged", 7),
        ("DataSetPurged", 8),
        ("RoleSet", 9),
        ("RoleAssigned", 10),
        ("RoleUnassigned", 11),
        ("Shared", 12),
        ("Unshared", 13),
        ("EncryptionKeySet", 14),
        ("KeyRotated", 15),
        ("EnvelopeSet", 16),
        ("OwnershipOffered", 17),
        ("OwnershipTransferred", 18),
        ("OfferCancelled", 19),
        ("SealingLimited", 20),
        ("EnvelopeRemoved", 21),
        ("AccountEnvelopeSet", 22),
        ("AccountEnvelopeRemoved", 23),
        ("RoleRenamed", 24),
        ("RoleRemoved", 25),
        ("ReaderLeft", 26),
    ];
    let events: Vec<_> =
        variants::<Event<Test>>().into_iter().filter(|(name, _)| !name.starts_with("__")).collect();
    for event in listed(&expected) {
        assert!(events.contains(&event), "{event:?}");
    }
    assert_eq!(events.len(), expected.len());
}

#[test]
fn an_error_carries_index_and_offset() {
    let error = crate::Error::<Test>::TypeMismatch { index: 2, offset: 0x0304 };
    match error.into() {
        sp_runtime::DispatchError::Module(module) => {
            assert_eq!((module.index, module.error), (2, [47, 2, 4, 3]))
        },
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_time_of_the_chain_ends_grants() {
    run(|| {
        let id: ContainerId = service();
        let set_id: DataSetId = HOURS;
        grant(id, S, set_id, Access::WRITE, Some(START));
        assert_ok!(set(S, id, "hours", b"1"));
        set_time(START + 1);
        assert!(set(S, id, "hours", b"1").is_err());
    });
}

#[test]
fn limits_are_in_the_metadata() {
    let constants: Vec<_> = DataContainer::pallet_constants_metadata()
        .into_iter()
        .map(|constant| (constant.name.to_string(), constant.value))
        .collect();
    for (name, value) in [
        ("MaxDocument", 262_144u32),
        ("MaxValue", 65_536),
        ("MaxShortValue", 512),
        ("MaxPayload", 65_584),
        ("MaxItems", 256),
        ("MaxDataSets", 64),
        ("MaxRoles", 16),
        ("MaxSchema", 65_536),
        ("MaxSchemaDepth", 16),
        ("MaxSchemaNodes", 1_024),
        ("MaxName", 64),
        ("MaxDescription", 8_192),
        ("MaxEnvelopes", 64),
        ("MaxKeyHolders", 16),
        ("MaxPublicKey", 1_216),
        ("MaxSealedSeed", 1_168),
        ("KeyChangeBlocks", 600),
    ] {
        assert!(constants.contains(&(name.into(), value.encode())), "{name}");
    }
    assert!(constants.contains(&("MaxSegments".into(), 16u8.encode())));
    assert!(constants.contains(&("PurgeDelay".into(), 2_592_000_000u64.encode())));
    assert!(Weights::get().max_block.ref_time() > 0);
}
