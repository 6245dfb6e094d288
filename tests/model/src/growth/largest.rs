// SPDX-License-Identifier: Apache-2.0

//! The largest calls, which must write no more than they declare, and ordinary calls, which must be
//! charged for little more than they write.

use super::*;
use crate::samples;
use pallet_data_container::{
    Call, DataSetAccess, HolderEnvelope, NamedHolder, NewValue, NextContainerId, PreviousSeed,
    ReaderEnvelope, MAX_PAYLOAD,
};
use pallet_digital_twin::{Call as TwinCall, ContainerEnvelope, NewLink, NextTwinId, Target};
use sp_core::H256;
use sp_runtime::AccountId32;
use twinchain_primitives::{Access, ContainerId, Moment, SharedEnvelope};

/// The initial owner of everything.
const OWNER: AccountId = AccountId32::new([1; 32]);
/// A sealed seed.
const SEED: [u8; 80] = [7; 80];

fn other(n: u8) -> AccountId {
    AccountId32::new([n; 32])
}

/// Returns a name of 64 bytes.
fn long(n: usize) -> String {
    format!("{n:0>64}")
}

/// Returns a document of these data sets, each `"name":{..}`.
fn document(sets: &[String]) -> Vec<u8> {
    let text = format!(
        r#"{{"description":{{"name":"{}"}},"template":{{"properties":{{{}}}}}}}"#,
        long(0),
        sets.join(",")
    );
    assert!(text.len() <= 262_144, "{}", text.len());
    text.into_bytes()
}

fn set(n: usize, kind: &str, visibility: &str, rest: &str) -> String {
    format!(r#""{}":{{"type":"{kind}","visibility":"{visibility}",{rest}}}"#, long(n))
}

/// Returns the name of a role.
fn role(n: usize) -> String {
    format!("r{n:x}")
}

/// Returns the permissions of 16 roles.
fn permissions(access: &str) -> String {
    permissions_of(16, access)
}

fn permissions_of(roles: usize, access: &str) -> String {
    let roles: Vec<_> = (0..roles).map(|n| format!(r#""{}":["{access}"]"#, role(n))).collect();
    format!(r#""permissions":{{{}}}"#, roles.join(","))
}

fn public(n: usize) -> Vec<u8> {
    let mut key = vec![0; 32];
    key[..2].copy_from_slice(&(n as u16 + 1_000).to_le_bytes());
    key
}

fn publish(document: Vec<u8>) -> (u64, Bytes) {
    let id = pallet_data_container::NextPluginId::<Runtime>::get();
    (id, measure(&OWNER, Call::publish_plugin { document }))
}

fn instantiate(plugin: u64, description: Vec<u8>) -> (ContainerId, Bytes) {
    let id = NextContainerId::<Runtime>::get();
    (id, measure(&OWNER, Call::instantiate { plugin, description }))
}

fn container(sets: &[String]) -> ContainerId {
    let (plugin, _) = publish(document(sets));
    instantiate(plugin, vec![]).0
}

fn description(bytes: usize) -> Vec<u8> {
    format!("\"{}\"", "d".repeat(bytes - 2)).into_bytes()
}

/// Asserts that a call is charged for at most `times` times the bytes that it writes, plus 100.
fn tight(name: &str, bytes: Bytes, times: u64) {
    let Bytes { declared, charged, written, .. } = bytes;
    assert!(charged <= written * times + 100, "{name}: {declared}, {charged}, {written}");
}

/// Like [`tight`], and also for the declared bytes.
fn tight_at_first(name: &str, bytes: Bytes, times: u64) {
    tight(name, bytes, times);
    let Bytes { declared, written, .. } = bytes;
    assert!(declared <= written * times + 100, "{name}: {declared}, {written}");
}

#[test]
fn largest_plugins_write_at_most_the_declared_bytes() {
    chain().execute_with(|| {
        // 64 schemas of the kind that grows most.
        let zeros = format!(r#""const":[0{}]"#, ",0".repeat(100));
        let sets: Vec<_> = (0..64)
            .map(|n| {
                let schema = format!(r#""dataSchema":{{"title":"{n}",{zeros}}}"#);
                set(n, "entry", "confidential", &format!("{schema},{}", permissions("set")))
            })
            .collect();
        let (plugin, bytes) = publish(document(&sets));
        assert!(bytes.written > 250_000 && bytes.written * 3 > bytes.declared, "{bytes}");
        measure(&OWNER, Call::retire_plugin { plugin });
        // Publishing the same document again adds only the plugin's record.
        let (_, again) = publish(document(&sets));
        assert!(again.charged < 11_000, "{again}");
    });
}

#[test]
fn largest_instances_and_clones_write_at_most_the_declared_bytes() {
    chain().execute_with(|| {
        let roles = permissions("set");
        let digits = format!("[1{}]", ",1".repeat(255));
        let lists: Vec<_> = (0..48)
            .map(|n| {
                let rest = format!(r#""dataSchema":true,"value":{digits},{roles}"#);
                set(n, "list", "public", &rest)
            })
            .collect();
        let value = "v".repeat(600);
        let entries: Vec<_> = (0..64)
            .map(|n| {
                let rest =
                    format!(r#""dataSchema":true,"value":"{value}",{}"#, r#""permissions":{}"#);
                set(n, "entry", "public", &rest)
            })
            .collect();
        for sets in [lists, entries] {
            let (plugin, _) = publish(document(&sets));
            let (id, bytes) = instantiate(plugin, description(8_192));
            assert!(bytes.written * 4 > bytes.declared, "{bytes}");
            tight("instantiate", bytes, 2);
            let (container, with_values) = (id, true);
            tight("clone", measure(&OWNER, Call::clone_container { container, with_values }), 2);
            let links = (0..16).map(|n| NewLink::Instantiate { name: long(n).into(), plugin });
            let call = TwinCall::create_twin {
                description: description(8_192),
                asset: vec![b'a'; 128],
                links: links.collect(),
            };
            let bytes = measure(&OWNER, call);
            assert!(bytes.written > 500_000, "{bytes}");
            tight("create_twin", bytes, 2);
        }
        // The maximum bytes of values that a clone copies.
        let sets: Vec<_> =
            (0..64).map(|n| set(n, "entry", "public", r#""dataSchema":true"#)).collect();
        let id = container(&sets);
        let value = format!("\"{}\"", "v".repeat(1_022)).into_bytes();
        let values = (0..64).map(|n| NewValue {
            data_set: long(n).into(),
            value: value.clone(),
            expected_revision: None,
        });
        let call = Call::store { container: id, values: values.collect() };
        tight_at_first("store", measure(&OWNER, call), 2);
        let call = Call::clone_container { container: id, with_values: true };
        let bytes = measure(&OWNER, call);
        assert!(bytes.written > u64::from(MAX_PAYLOAD), "{bytes}");
        tight("clone", bytes, 2);
    });
}

#[test]
fn largest_definitions_write_at_most_the_declared_bytes() {
    chain().execute_with(|| {
        measure(&OWNER, Call::create_container { description: description(8_192) });
        measure(&OWNER, Call::set_description { container: 0, description: description(8_192) });
        let digits = format!("[1{}]", ",1".repeat(255));
        let long_value = format!("\"{}\"", "v".repeat(16_000));
        for (n, (kind, schema, value)) in [
            ("list", r#"{"items":true}"#.to_string(), digits),
            ("entry", "true".to_string(), long_value),
            ("entry", format!(r#"{{"not":{{"const":[0{}]}}}}"#, ",0".repeat(120)), "1".into()),
        ]
        .into_iter()
        .enumerate()
        {
            let roles = permissions_of(15, "remove");
            let rest = format!(r#""dataSchema":{schema},"value":{value},{roles}"#);
            let definition = format!(r#"{{"type":"{kind}","visibility":"public",{rest}}}"#);
            let (name, definition) = (long(n).into_bytes(), definition.into_bytes());
            measure(&OWNER, Call::add_data_set { container: 0, name, definition });
        }
        let permissions: Vec<_> = (0..3)
            .map(|n| DataSetAccess { data_set: long(n).into(), access: Access::REMOVE })
            .collect();
        measure(&OWNER, Call::set_role { container: 0, role: long(15).into(), permissions });
        let call = Call::retire_data_set { container: 0, data_set: long(1).into() };
        measure(&OWNER, call);
        let call = Call::purge { container: 0, data_set: long(1).into(), limit: 64 };
        measure(&OWNER, call);
        measure(&OWNER, Call::close_container { container: 0 });
    });
}

#[test]
fn longest_values_write_at_most_the_declared_bytes() {
    chain().execute_with(|| {
        let id = container(&[
            set(0, "entry", "public", &format!(r#""dataSchema":true,{}"#, permissions("set"))),
            set(1, "list", "public", r#""dataSchema":true"#),
            set(2, "entry", "confidential", r#""dataSchema":true"#),
            set(3, "list", "confidential", r#""dataSchema":true"#),
        ]);
        let (entry, list) = (long(0).into_bytes(), long(1).into_bytes());
        let write = |value: usize| Call::set_entry {
            container: id,
            data_set: entry.clone(),
            value: description(value),
            expected_revision: None,
        };
        for length in [2, 64, 512, 513, 65_536] {
            tight_at_first("set_entry", measure(&OWNER, write(length)), 2);
        }
        let append = |items: usize, length: usize| {
            let items = vec![vec![b'1'; length]; items];
            Call::append { container: id, data_set: list.clone(), items, expected_revision: None }
        };
        for (items, length) in [(1, 1), (256, 1), (4, 100), (256, 120)] {
            tight_at_first("append", measure(&OWNER, append(items, length)), 2);
        }
        // The longest items are strings.
        for (items, length) in [(256, 256), (64, 1_024), (1, 65_536)] {
            let call = Call::append {
                container: id,
                data_set: list.clone(),
                items: vec![description(length); items],
                expected_revision: None,
            };
            tight_at_first("append", measure(&OWNER, call), 2);
        }
        for (batch, position) in [(0, 0), (4, 255), (6, 0)] {
            let call = Call::remove_item {
                container: id,
                data_set: list.clone(),
                batch,
                position,
                expected_revision: None,
            };
            tight("remove_item", measure(&OWNER, call), 2);
        }
        let call =
            Call::clear_entry { container: id, data_set: entry.clone(), expected_revision: None };
        tight_at_first("clear_entry", measure(&OWNER, call), 2);

        let key =
            Call::set_encryption_key { suite: 1, public: public(0), replaces: 0, leaked: false };
        tight_at_first("set_encryption_key", measure(&OWNER, key), 2);
        for n in [2, 3] {
            rotate(id, n, 0, PreviousSeed::Cut, vec![]);
        }
        for length in [112, 496, 560, 64 * 1_024 + 48] {
            let call = Call::set_sealed_entry {
                container: id,
                data_set: long(2).into(),
                epoch: 1,
                ciphertext: vec![0; length],
                expected_revision: None,
            };
            tight_at_first("set_sealed_entry", measure(&OWNER, call), 2);
        }
        for (items, length) in [(1, 112), (256, 240), (1, 64 * 1_024 + 48)] {
            let call = Call::append_sealed {
                container: id,
                data_set: long(3).into(),
                epoch: 1,
                items: vec![vec![0; length]; items],
                expected_revision: None,
            };
            tight_at_first("append_sealed", measure(&OWNER, call), 2);
        }
        let call = Call::remove_item {
            container: id,
            data_set: long(3).into(),
            batch: 1,
            position: 1,
            expected_revision: None,
        };
        tight("remove_item", measure(&OWNER, call), 2);
    });
}

/// Rotates the key of a confidential data set.
fn rotate(
    container: ContainerId,
    n: usize,
    epoch: u32,
    previous_seed: PreviousSeed,
    envelopes: Vec<ReaderEnvelope<AccountId>>,
) -> Bytes {
    let call = Call::rotate_key {
        container,
        data_set: long(n).into(),
        expected_epoch: epoch,
        suite: 1,
        public: public(100 * (epoch as usize + 1) + n),
        previous_seed,
        key_version: 1,
        envelope: SEED.to_vec(),
        envelopes,
    };
    let bytes = measure(&OWNER, call);
    tight("rotate_key", bytes, 2);
    bytes
}

fn seed_for(n: usize, epoch: u32) -> SharedEnvelope {
    let (key_version, envelope) = (1, SEED.to_vec());
    SharedEnvelope { data_set: long(n).into(), epoch, key_version, envelope }
}

fn all(access: Access) -> Vec<DataSetAccess> {
    (0..64).map(|n| DataSetAccess { data_set: long(n).into(), access }).collect()
}

/// Creates a container of 64 confidential entries with keys, whose values are as long as their
/// records can hold. All accounts get a key.
fn confidential() -> ContainerId {
    let rest = format!(r#""dataSchema":true,{}"#, permissions("set"));
    let sets: Vec<_> = (0..64).map(|n| set(n, "entry", "confidential", &rest)).collect();
    let id = container(&sets);
    for n in 1..=66 {
        let (suite, public, replaces, leaked) = (1, public(usize::from(n)), 0, false);
        measure(&other(n), Call::set_encryption_key { suite, public, replaces, leaked });
    }
    for n in 0..64 {
        rotate(id, n, 0, PreviousSeed::Cut, vec![]);
        let (data_set, ciphertext) = (long(n).into(), vec![0; 496]);
        let (container, epoch, expected_revision) = (id, 1, None);
        let call =
            Call::set_sealed_entry { container, data_set, epoch, ciphertext, expected_revision };
        measure(&OWNER, call);
    }
    id
}

#[test]
fn largest_shares_write_at_most_the_declared_bytes() {
    chain().execute_with(|| {
        let id = confidential();
        let account = other(2);
        let roles: Vec<_> = (0..16).map(|n| role(n).into_bytes()).collect();
        for role in &roles {
            let call =
                Call::assign_role { container: id, account: account.clone(), role: role.clone() };
            measure(&OWNER, call);
        }
        let share = |until, envelopes| Call::share {
            container: id,
            account: account.clone(),
            access: all(Access::ALL),
            until,
            envelopes,
        };
        let seeds = || (0..64).map(|n| seed_for(n, 1)).collect::<Vec<_>>();
        let bytes = measure(&OWNER, share(Some(START + 1_000_000), seeds()));
        assert!(bytes.written * 3 > bytes.declared, "{bytes}");
        // A shorter end lowers the validity of each key again.
        measure(&OWNER, share(Some(START + 10), seeds()));
        measure(&OWNER, share(None, vec![]));
        measure(&OWNER, share(Some(START + 5), vec![]));
        let unassign =
            Call::unassign_role { container: id, account: account.clone(), role: roles[0].clone() };
        measure(&OWNER, unassign);
        let old = roles[15].clone();
        let rename = Call::rename_role { container: id, role: old, new_name: long(99).into() };
        measure(&OWNER, rename);
        let access = all(Access::READ);
        let unshare = Call::unshare { container: id, account: account.clone(), access };
        measure(&OWNER, unshare);
        set_block(2, START + 100);
        measure(&OWNER, Call::clear_expired { container: id, account: account.clone() });
        measure(&account, Call::leave { container: id });
        let set_role = Call::set_role {
            container: id,
            role: role(16).into(),
            permissions: all(Access::WRITE),
        };
        // The container already has 16 roles.
        assert!(dispatch(OWNER, set_role.into()).is_err());
        let permissions = all(Access::REMOVE);
        let set_role = Call::set_role { container: id, role: roles[1].clone(), permissions };
        let bytes = measure(&OWNER, set_role);
        assert!(bytes.written * 2 > bytes.declared, "{bytes}");
        let bytes = measure(&OWNER, Call::remove_role { container: id, role: long(99).into() });
        assert!(bytes.written * 2 > bytes.declared, "{bytes}");
    });
}

#[test]
fn envelopes_for_64_readers_write_at_most_the_declared_bytes() {
    chain().execute_with(|| {
        let id = confidential();
        for n in 2..=65 {
            let access = vec![DataSetAccess { data_set: long(0).into(), access: Access::READ }];
            let until = Some(START + 1_000 - Moment::from(n));
            let (account, envelopes) = (other(n), vec![]);
            let call = Call::share { container: id, account, access, until, envelopes };
            measure(&OWNER, call);
        }
        let readers = |count: u8| -> Vec<_> {
            let envelope =
                |n| ReaderEnvelope { reader: other(n), key_version: 1, envelope: SEED.to_vec() };
            (2..2 + count).map(envelope).collect()
        };
        let bytes = rotate(id, 0, 1, PreviousSeed::Link(SEED.to_vec()), readers(64));
        assert!(bytes.written * 2 > bytes.declared, "{bytes}");
        let (data_set, epoch) = (long(0).into_bytes(), 2);
        let call = Call::set_envelopes { container: id, data_set, epoch, envelopes: readers(64) };
        let bytes = measure(&OWNER, call);
        assert!(bytes.written < 200, "repeating the call must change only the container: {bytes}");
    });
}

#[test]
fn largest_container_handovers_write_at_most_the_declared_bytes() {
    chain().execute_with(|| {
        let id = confidential();
        let offer = |to, epoch| Call::offer_ownership {
            container: id,
            to: other(to),
            deadline: Moment::MAX,
            envelopes: (0..64).map(|n| seed_for(n, epoch)).collect(),
        };
        let bytes = measure(&OWNER, offer(2, 1));
        assert!(bytes.written * 2 > bytes.declared, "{bytes}");
        // A renewal with the same envelopes.
        measure(&OWNER, offer(2, 1));
        let declined = Call::decline_offer { container: id, offer: 1 };
        let bytes = measure(&other(2), declined);
        assert!(bytes.written * 2 > bytes.declared, "{bytes}");
        measure(&OWNER, offer(3, 1));
        measure(&OWNER, Call::cancel_offer { container: id });
        for n in 0..64 {
            rotate(id, n, 1, PreviousSeed::Link(SEED.to_vec()), vec![]);
        }
        let number = 3;
        measure(&OWNER, offer(4, 2));
        let bytes = measure(&other(4), Call::accept_ownership { container: id, offer: number });
        assert!(bytes.written * 2 > bytes.declared, "{bytes}");
    });
}

#[test]
fn largest_twin_handovers_write_at_most_the_declared_bytes() {
    chain().execute_with(|| {
        let first = confidential();
        let mut containers = vec![first];
        for _ in 0..15 {
            containers.push(NextContainerId::<Runtime>::get());
            measure(&OWNER, Call::create_container { description: vec![] });
        }
        let create = |links| TwinCall::create_twin {
            description: description(8_192),
            asset: vec![b'a'; 128],
            links,
        };
        let twin = NextTwinId::<Runtime>::get();
        let link = |n| NewLink::Container { name: long(n).into(), container: first };
        tight_at_first("create_twin", measure(&OWNER, create((0..16).map(link).collect())), 2);
        let targets = [
            Target::Container(containers[1]),
            Target::Account(other(9)),
            Target::Twin(twin),
            Target::Hash(H256::repeat_byte(1)),
        ];
        for (n, target) in (0..).zip(targets) {
            let call = TwinCall::set_link { twin, name: long(n).into(), target };
            tight_at_first("set_link", measure(&OWNER, call), 2);
        }
        measure(&OWNER, TwinCall::remove_link { twin, name: long(5).into() });
        let envelope = |n| {
            let SharedEnvelope { data_set, epoch, key_version, envelope } = seed_for(n, 1);
            ContainerEnvelope { container: first, data_set, epoch, key_version, envelope }
        };
        let offer = |to, containers: &[ContainerId], envelopes| TwinCall::offer_twin {
            twin,
            to: other(to),
            deadline: Moment::MAX,
            containers: containers.to_vec(),
            envelopes,
        };
        let envelopes: Vec<_> = (0..64).map(envelope).collect();
        measure(&OWNER, TwinCall::set_description { twin, description: description(8_192) });
        measure(&OWNER, offer(2, &containers, envelopes.clone()));
        measure(&OWNER, offer(2, &containers, envelopes));
        measure(&other(2), TwinCall::decline_offer { twin, offer: 1 });
        measure(&OWNER, offer(3, &containers[1..], vec![]));
        measure(&OWNER, TwinCall::cancel_offer { twin });
        measure(&OWNER, offer(3, &containers[1..], vec![]));
        measure(&other(3), TwinCall::accept_twin { twin, offer: 3 });
        measure(&other(3), TwinCall::deactivate_twin { twin });
    });
}

#[test]
fn envelopes_for_16_holders_write_at_most_the_declared_bytes() {
    chain().execute_with(|| {
        for n in 1..=17 {
            let (suite, public, replaces, leaked) = (1, public(usize::from(n)), 0, false);
            measure(&other(n), Call::set_encryption_key { suite, public, replaces, leaked });
        }
        let holder = |n| HolderEnvelope::Account {
            account: other(n),
            key_version: 1,
            envelope: SEED.to_vec(),
        };
        let (version, envelopes) = (1, (2..=17).map(holder).collect());
        let call = Call::set_account_envelopes { version, envelopes };
        tight_at_first("set_account_envelopes", measure(&OWNER, call), 2);
        let holder = NamedHolder::Account(other(3));
        measure(&OWNER, Call::remove_account_envelope { version, holder });
        let (public, envelope) = (public(500), SEED.to_vec());
        let envelopes = vec![HolderEnvelope::Key { public, envelope }];
        measure(&OWNER, Call::set_account_envelopes { version, envelopes });
    });
}

#[test]
fn ordinary_calls_are_charged_for_about_what_they_write() {
    chain().execute_with(|| {
        for document in samples::first_documents() {
            tight("publish_plugin", measure(&OWNER, Call::publish_plugin { document }), 2);
        }
        let (container, bytes) = instantiate(0, vec![]);
        tight("instantiate", bytes, 2);
        let links = vec![NewLink::Instantiate { name: b"service".to_vec(), plugin: 0 }];
        let (description, asset) = (br#"{"name":"Crane"}"#.to_vec(), b"maker/1".to_vec());
        let call = TwinCall::create_twin { description, asset, links };
        tight("create_twin", measure(&OWNER, call), 2);
        let write = Call::set_entry {
            container,
            data_set: b"manual".to_vec(),
            value: br#""Hello""#.to_vec(),
            expected_revision: None,
        };
        tight_at_first("set_entry", measure(&OWNER, write), 2);
        let append = Call::append {
            container,
            data_set: b"log".to_vec(),
            items: vec![b"7".to_vec()],
            expected_revision: None,
        };
        tight_at_first("append", measure(&OWNER, append), 2);
        let assign = Call::assign_role { container, account: other(2), role: b"worker".to_vec() };
        tight("assign_role", measure(&OWNER, assign), 2);
        let access = vec![DataSetAccess { data_set: b"log".to_vec(), access: Access::WRITE }];
        let (account, until, envelopes) = (other(3), None, vec![]);
        let share = Call::share { container, account, access: access.clone(), until, envelopes };
        tight("share", measure(&OWNER, share), 2);
        let unshare = Call::unshare { container, account: other(3), access: access.clone() };
        tight("unshare", measure(&OWNER, unshare), 2);
        let (role, permissions) = (b"worker".to_vec(), access);
        tight("set_role", measure(&OWNER, Call::set_role { container, role, permissions }), 2);
        let (to, deadline, envelopes) = (other(2), Moment::MAX, vec![]);
        let offer = Call::offer_ownership { container, to, deadline, envelopes };
        tight("offer_ownership", measure(&OWNER, offer), 2);
        let accept = Call::accept_ownership { container, offer: 0 };
        tight("accept_ownership", measure(&other(2), accept), 2);
    });
}
