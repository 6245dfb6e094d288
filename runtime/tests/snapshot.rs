// SPDX-License-Identifier: Apache-2.0

//! Tests that the pallets can still read the states that earlier versions wrote.
//!
//! Each file in `snapshots/` holds the raw storage after a fixed sequence of calls, as written at
//! the time. A change of the layout requires a migration, which this test runs before it reads.
//!
//! From the first release on, a snapshot is never rewritten. Until then this one is rewritten
//! (`docs/decisions/0023-how-storage-changes.md`). To add a snapshot of a new layout, give it a new
//! name below and run `TWINCHAIN_WRITE_SNAPSHOT=1 cargo test --release --workspace --test
//! snapshot`.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test panics when it fails"
)]

use codec::Encode;
use frame_support::{
    assert_ok,
    dispatch::DispatchResultWithPostInfo,
    migrations::MultiStepMigrator,
    storage::{storage_prefix, unhashed},
    traits::{GetStorageVersion, OnRuntimeUpgrade, PalletInfoAccess},
};
use pallet_data_container as container;
use pallet_digital_twin as twin;
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie};
use std::{collections::BTreeMap, path::PathBuf};
use twinchain_primitives::{Access, SharedEnvelope};
use twinchain_runtime::{
    configs::migrations::{FailedUpgrades, Migrations},
    DataContainer, DigitalTwin, MultiBlockMigrations, Runtime, RuntimeOrigin, System,
};

const NEWEST: &str = "v1";

const PLUGIN: &str = r#"{
  "description": { "name": "service", "i18n": { "de": { "name": "Wartung" } } },
  "template": {
    "type": "service",
    "properties": {
      "manual": {
        "type": "entry",
        "dataSchema": { "type": "string", "maxLength": 128 },
        "visibility": "public",
        "value": "https://crane.example/manual.pdf",
        "permissions": { "0": ["set"], "technician": ["set", "remove"] }
      },
      "serviceLog": {
        "type": "list",
        "dataSchema": { "type": "array", "items": { "type": "object", "required": ["hours"] } },
        "visibility": "public",
        "permissions": { "technician": ["set"], "inspector": ["remove"] }
      },
      "production": { "type": "entry", "dataSchema": true, "writeOnce": true }
    }
  }
}"#;

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/snapshots/{name}.txt"))
}

/// Returns the raw storage of both pallets.
fn raw() -> BTreeMap<Vec<u8>, Vec<u8>> {
    let mut found = BTreeMap::new();
    for pallet in [DataContainer::name(), DigitalTwin::name()] {
        let prefix = sp_io::hashing::twox_128(pallet.as_bytes());
        let mut key = prefix.to_vec();
        while let Some(next) = sp_io::storage::next_key(&key) {
            if !next.starts_with(&prefix) {
                break;
            }
            found.insert(next.clone(), unhashed::get_raw(&next).expect("the key exists"));
            key = next;
        }
    }
    found
}

fn call(result: DispatchResultWithPostInfo) {
    assert_ok!(result);
}

/// Makes calls that fill every storage item of the pallets.
fn story() {
    System::set_block_number(7);
    // Aura would reject this jump of the time by a call.
    pallet_timestamp::Now::<Runtime>::put(1_800_000_000_000);
    let alice = || RuntimeOrigin::signed(Alice.to_account_id());
    let bob = || RuntimeOrigin::signed(Bob.to_account_id());
    assert_ok!(DataContainer::publish_plugin(alice(), PLUGIN.into()));
    let next = PLUGIN.replacen('{', "{ \"replaces\": 0,", 1);
    assert_ok!(DataContainer::publish_plugin(alice(), next.into()));
    assert_ok!(DataContainer::retire_plugin(alice(), 0));

    let links = vec![
        twin::NewLink::Instantiate { name: b"service".into(), plugin: 1 },
        twin::NewLink::Account { name: b"maker".into(), account: Alice.to_account_id() },
        twin::NewLink::Hash { name: b"drawing".into(), hash: [9; 32].into() },
    ];
    let description = br#"{"name":"Big Crane 250"}"#.to_vec();
    let asset = b"cranes.example/BC250-4711".to_vec();
    call(DigitalTwin::create_twin(alice(), description.clone(), asset.clone(), links));
    call(DigitalTwin::create_twin(bob(), description, asset, vec![]));
    let parent = twin::Target::Twin(0);
    assert_ok!(DigitalTwin::set_link(bob(), 1, b"made as".into(), parent));
    assert_ok!(DigitalTwin::deactivate_twin(bob(), 1));

    let (manual, log) = (b"manual".to_vec(), b"serviceLog".to_vec());
    call(DataContainer::set_entry(alice(), 0, manual, br#""on paper""#.into(), Some(1)));
    let items = vec![br#"{"hours":1}"#.to_vec(), br#"{"hours":2.5}"#.to_vec()];
    call(DataContainer::append(alice(), 0, log.clone(), items, None));
    assert_ok!(DataContainer::remove_item(alice(), 0, log, 0, 1, None));
    assert_ok!(DataContainer::add_data_set(
        alice(),
        0,
        b"colour".into(),
        br#"{"type":"entry","visibility":"public","dataSchema":{"enum":["red"]},"value":"red"}"#
            .into(),
    ));
    assert_ok!(DataContainer::retire_data_set(alice(), 0, b"colour".into()));
    // Too long for the record of its entry.
    let long = format!(
        r#"{{"type":"entry","visibility":"public","dataSchema":true,"value":"{}"}}"#,
        "x".repeat(600)
    );
    assert_ok!(DataContainer::add_data_set(alice(), 0, b"notes".into(), long.into()));
    call(DataContainer::instantiate(bob(), 1, br#""a spare one""#.into()));
    assert_ok!(DataContainer::close_container(bob(), 1));

    let inspector = b"inspector".to_vec();
    assert_ok!(DataContainer::assign_role(alice(), 0, Bob.to_account_id(), inspector));
    for (who, first) in [(alice(), 5), (bob(), 6)] {
        assert_ok!(DataContainer::set_encryption_key(who, 1, vec![first; 32], 0, false));
    }
    keys(alice);
    // Bob's access to the data has an end, and so has sealing.
    let (production, until) = (b"production".to_vec(), Some(1_900_000_000_000));
    let read =
        |data_set: &[u8], access| container::DataSetAccess { data_set: data_set.to_vec(), access };
    let access = vec![read(&production, Access::READ), read(b"serviceLog", Access::WRITE)];
    let envelope = SharedEnvelope {
        data_set: production.clone(),
        epoch: 3,
        key_version: 1,
        envelope: vec![7; 80],
    };
    let bob_id = Bob.to_account_id();
    let shared = DataContainer::share(alice(), 0, bob_id.clone(), access, until, vec![envelope]);
    assert_ok!(shared);
    assert_ok!(DataContainer::set_sealed_entry(
        alice(),
        0,
        production.clone(),
        3,
        vec![8; 112],
        None
    ));
    // A reader that leaves, and a clone.
    let charlie = Charlie.to_account_id();
    let access = vec![read(&production, Access::READ)];
    assert_ok!(DataContainer::share(alice(), 0, charlie.clone(), access, None, vec![]));
    assert_ok!(DataContainer::leave(RuntimeOrigin::signed(charlie), 0));
    call(DataContainer::clone_container(alice(), 0, false));
    // A leaked key that is replaced after 600 blocks.
    System::set_block_number(607);
    assert_ok!(DataContainer::set_encryption_key(bob(), 1, vec![10; 32], 1, true));
    let holders = vec![
        container::HolderEnvelope::Account {
            account: Alice.to_account_id(),
            key_version: 1,
            envelope: vec![9; 80],
        },
        container::HolderEnvelope::Key { public: vec![11; 32], envelope: vec![9; 80] },
    ];
    assert_ok!(DataContainer::set_account_envelopes(bob(), 1, holders));
    let envelope = twin::ContainerEnvelope {
        container: 0,
        data_set: b"production".into(),
        epoch: 3,
        key_version: 2,
        envelope: vec![7; 80],
    };
    let deadline = 1_900_000_000_000;
    assert_ok!(DigitalTwin::offer_twin(alice(), 0, bob_id, deadline, vec![0], vec![envelope]));
    let versions = [
        (DataContainer::name(), DataContainer::in_code_storage_version()),
        (DigitalTwin::name(), DigitalTwin::in_code_storage_version()),
    ];
    for (pallet, version) in versions {
        let key = storage_prefix(pallet.as_bytes(), b":__STORAGE_VERSION__:");
        unhashed::put_raw(&key, &version.encode());
    }
}

/// Makes three epochs of the production data, with a link and a cut.
fn keys(alice: impl Fn() -> RuntimeOrigin) {
    use container::PreviousSeed::{Cut, Link};
    for (epoch, previous) in [(0, Cut), (1, Link(vec![4; 80])), (2, Cut)] {
        let public = vec![20 + epoch as u8; 32];
        let (set, seed) = (b"production".to_vec(), vec![7; 80]);
        let rotated =
            DataContainer::rotate_key(alice(), 0, set, epoch, 1, public, previous, 1, seed, vec![]);
        assert_ok!(rotated);
    }
}

/// Returns the number of map keys that decode, plus the number of existing values.
fn decoded() -> usize {
    use container::*;
    let container = NextPluginId::<Runtime>::exists() as usize
        + NextContainerId::<Runtime>::exists() as usize
        + Plugins::<Runtime>::iter().count()
        + Documents::<Runtime>::iter().count()
        + Schemas::<Runtime>::iter().count()
        + Containers::<Runtime>::iter().count()
        + container::Descriptions::<Runtime>::iter().count()
        + RoleNames::<Runtime>::iter().count()
        + RoleHolders::<Runtime>::iter().count()
        + PluginsOfPublisher::<Runtime>::iter().count()
        + PluginsOfName::<Runtime>::iter().count()
        + SuccessorsOf::<Runtime>::iter().count()
        + InstancesOf::<Runtime>::iter().count()
        + DataSets::<Runtime>::iter().count()
        + AccountRights::<Runtime>::iter().count()
        + LongEntries::<Runtime>::iter().count()
        + Batches::<Runtime>::iter().count()
        + ContainersOfOwner::<Runtime>::iter().count()
        + ContainersSharedWith::<Runtime>::iter().count()
        + Epochs::<Runtime>::iter().count()
        + Envelopes::<Runtime>::iter().count()
        + SealingEnds::<Runtime>::iter().count()
        + SeedsLeft::<Runtime>::iter().count()
        + RemovedEnvelopes::<Runtime>::exists() as usize
        + RemovedRights::<Runtime>::exists() as usize
        + EncryptionKeys::<Runtime>::iter().count()
        + KeyVersions::<Runtime>::iter().count()
        + AccountKeyEnvelopes::<Runtime>::iter().count()
        + UsedKeys::<Runtime>::iter().count()
        + container::OffersTo::<Runtime>::iter().count()
        + OfferedWith::<Runtime>::iter().count();
    let twin = twin::NextTwinId::<Runtime>::exists() as usize
        + twin::Twins::<Runtime>::iter().count()
        + twin::Descriptions::<Runtime>::iter().count()
        + twin::Links::<Runtime>::iter().count()
        + twin::TwinsOfAsset::<Runtime>::iter().count()
        + twin::TwinsOfOwner::<Runtime>::iter().count()
        + twin::TwinsOfContainer::<Runtime>::iter().count()
        + twin::TwinsOfTwin::<Runtime>::iter().count()
        + twin::OffersTo::<Runtime>::iter().count();
    let versions = 2;
    container + twin + versions
}

/// Runs a test on a snapshot after the migrations of this runtime.
fn with_snapshot(name: &str, test: impl FnOnce()) {
    let text = std::fs::read_to_string(path(name)).expect("the snapshot is committed");
    let mut state = TestExternalities::new_empty();
    state.execute_with(|| {
        for line in text.lines().filter(|line| !line.is_empty()) {
            let (key, value) = line.split_once(' ').unwrap_or((line, ""));
            let bytes = |hex| sp_core::bytes::from_hex(hex).expect("the snapshot holds hex");
            unhashed::put_raw(&bytes(key), &bytes(value));
        }
        // After the last block of the calls.
        System::set_block_number(608);
        pallet_timestamp::Now::<Runtime>::put(1_800_000_000_000);
        Migrations::on_runtime_upgrade();
        MultiBlockMigrations::on_runtime_upgrade();
        while MultiBlockMigrations::ongoing() {
            System::set_block_number(System::block_number() + 1);
            MultiBlockMigrations::step();
        }
        assert_eq!(FailedUpgrades::get(), 0);
        test();
    });
}

#[test]
fn the_calls_write_the_newest_snapshot() {
    TestExternalities::new_empty().execute_with(|| {
        story();
        let lines: String = raw()
            .iter()
            .map(|(key, value)| {
                let hex = |bytes: &[u8]| sp_core::bytes::to_hex(bytes, false);
                format!("{} {}\n", hex(key), hex(value))
            })
            .collect();
        let path = path(NEWEST);
        if std::env::var_os("TWINCHAIN_WRITE_SNAPSHOT").is_some() && !path.exists() {
            std::fs::write(&path, &lines).expect("the folder snapshots exists");
        }
        let committed = std::fs::read_to_string(&path).expect("the snapshot is committed");
        assert!(committed == lines, "the layout of the storage changed: see the top of this file");
    });
}

#[test]
fn v1_decodes_to_the_last_key() {
    with_snapshot("v1", || {
        let keys = raw().len();
        assert!(keys > 40, "the snapshot has only {keys} keys");
        assert_eq!(decoded(), keys, "a key does not decode");
        assert_ok!(DataContainer::do_try_state());
        assert_ok!(DigitalTwin::do_try_state());
    });
}

#[test]
fn v1_keeps_its_meaning() {
    with_snapshot("v1", || {
        let (alice, bob) = (Alice.to_account_id(), Bob.to_account_id());
        let twins = DigitalTwin::twins_of_asset(b"cranes.example/BC250-4711".into(), None, 9);
        assert_eq!(twins.items.len(), 2);
        let frozen = DigitalTwin::twin(1).unwrap();
        assert_eq!(
            (frozen.twin.owner, frozen.twin.status),
            (bob.clone(), twin::Status::Deactivated)
        );
        let made_as = DigitalTwin::resolve(1, b"made as/service".into());
        assert_eq!(made_as, Ok(twin::Target::Container(0)));

        let crane = DataContainer::container(0).unwrap();
        assert_eq!((crane.container.owner, crane.container.offers), (alice.clone(), 1));
        assert_eq!(crane.roles.len(), 2);
        let manual = DataContainer::entry(0, b"manual".into()).unwrap();
        let on_paper = br#""on paper""#.to_vec().try_into().unwrap();
        assert_eq!(manual.value, container::StoredValue::Public(on_paper));
        assert_eq!(
            (manual.author, manual.block, manual.time),
            (alice.clone(), 7, 1_800_000_000_000)
        );
        let log = DataContainer::batches(0, b"serviceLog".into(), 0, 9);
        assert_eq!(
            log.items[0].stored.items.iter().map(Option::is_some).collect::<Vec<_>>(),
            [true, false]
        );
        let sets = DataContainer::data_sets(0);
        let kept: Vec<_> = sets.iter().map(|(_, set)| (set.revision, set.count)).collect();
        assert_eq!(kept, [(2, 1), (2, 1), (1, 1), (2, 1), (1, 1)]);
        let notes = DataContainer::entry(0, b"notes".into()).unwrap();
        assert_eq!(notes.value.bytes().len(), 602);
        let key = sets[2].1.key.unwrap();
        assert_eq!((key.epoch, key.segment, key.valid_until), (3, 2, 1_900_000_000_000));
        let envelopes = DataContainer::envelopes(0, b"production".into(), alice);
        let held: Vec<_> =
            envelopes.iter().map(|(segment, envelope)| (*segment, envelope.epoch)).collect();
        assert_eq!(held, [(1, 2), (2, 3)]);
        let leaked = DataContainer::encryption_key(bob.clone()).unwrap().leaked.unwrap();
        assert_eq!(leaked.up_to, 1);
        assert_eq!(DataContainer::account_envelopes(bob.clone(), 1).len(), 2);
        let why = DataContainer::authority_of(0, b"serviceLog".into(), bob, Access::WRITE);
        assert_eq!(why, Some(container::Authority::Grant));
    });
}
