// SPDX-License-Identifier: Apache-2.0

//! The largest number of the pallet's keys that each call reads and writes, and its charge for
//! them.

use crate::{
    mock::*, weights::SubstrateWeight, HolderEnvelope, NamedHolder, PreviousSeed, WeightInfo, SUITE,
};
use frame_support::assert_ok;
use std::collections::BTreeMap;
use twinchain_accesses::{accesses, assert_costs};
use twinchain_primitives::{Access, ContainerId};

/// Returns the state of this pallet, by key.
pub(super) fn state() -> BTreeMap<Vec<u8>, Vec<u8>> {
    twinchain_accesses::state("DataContainer")
}

macro_rules! costs {
    ($($call:tt)*) => { assert_costs!("DataContainer", SubstrateWeight<Test>, $($call)*) };
}

fn text(name: &str) -> Vec<u8> {
    name.as_bytes().to_vec()
}

/// Gives S a role and grants, so that every call has to read them.
fn writer(container: ContainerId) {
    assign(container, S, TECHNICIAN);
    grant(container, S, HOURS, Access::WRITE | Access::REMOVE, Some(u64::MAX));
    grant(container, S, USAGE_LOG, Access::WRITE | Access::REMOVE, Some(u64::MAX));
    grant(container, S, 0, Access::WRITE, None);
}

/// Runs a test in a container where S has a role and grants.
fn of_writer(test: impl FnOnce(ContainerId)) {
    run(|| {
        let id = service();
        writer(id);
        test(id);
    });
}

#[test]
fn a_write_of_any_value_costs_what_the_budget_says() {
    of_writer(|id| {
        let set = |value: &str| {
            DataContainer::set_entry(signed(S), id, text("hours"), value.into(), None)
        };
        // Reads the container, the rights, the data set and the schema. Writes the data set with
        // its value.
        costs!(set_entry(1), (4, 1), set("1"));
        costs!(set_entry(1), (4, 1), set(&"1".repeat(100)));
        // A long value has its own record, which a shorter value removes.
        let set = |bytes: usize| {
            let value = format!("{:?}", "x".repeat(bytes - 2)).into_bytes();
            DataContainer::set_entry(signed(S), id, text("manual"), value, None)
        };
        for (bytes, writes) in [(512, 1), (513, 2), (65_536, 2), (512, 2), (512, 1)] {
            costs!(set_entry(1), (4, writes), set(bytes));
        }
        let items = |count| vec![text(r#"{"hours":1}"#); count];
        let append =
            |count| DataContainer::append(signed(S), id, text("usageLog"), items(count), None);
        costs!(append(1, 1), (4, 2), append(1));
        costs!(append(256, 1), (4, 2), append(256));
        let values = || vec![new_value("hours", "3"), new_value("manual", r#""m""#)];
        costs!(store(2, 1), (6, 2), DataContainer::store(signed(S), id, values()));
        let remove = || DataContainer::remove_item(signed(S), id, text("usageLog"), 1, 255, None);
        costs!(remove_item(), (4, 2), remove());
        let clear = || DataContainer::clear_entry(signed(S), id, text("hours"), None);
        costs!(clear_entry(), (3, 1), clear());
    });
}

#[test]
fn the_rest_of_the_state_does_not_change_the_cost_of_a_write() {
    of_writer(|id| {
        let set = |value| {
            accesses("DataContainer", || {
                DataContainer::set_entry(signed(S), id, text("hours"), text(value), None)
            })
        };
        let before = set("1");
        for n in 0..60u64 {
            let other = instantiate(n, 0);
            assign(other, S, CHIEF);
            grant(id, 1_000 + n, HOURS, Access::WRITE, None);
            assert_ok!(append(M, id, "stamps", &["1"]));
        }
        for n in 7..64 {
            let name = n.to_string().into_bytes();
            let definition = definition("true").into_bytes();
            assert_ok!(DataContainer::add_data_set(signed(M), id, name, definition));
        }
        assert_eq!(set("2"), before);
    });
}

#[test]
fn plugin_calls_cost_what_they_are_charged() {
    run(|| {
        let publish = |document: &str| DataContainer::publish_plugin(signed(M), document.into());
        // Writes 5 schemas, the document, the counter, the plugin and two indices.
        costs!(publish_plugin(SERVICE.len() as u32), (7, 10), publish(SERVICE));
        let next = SERVICE.replacen('{', r#"{"replaces":0,"#, 1);
        costs!(publish_plugin(SERVICE.len() as u32), (8, 6), publish(&next));
        // The smallest possible data sets, each with its own schema.
        let set = |n: u32| format!(r#""{n}":{{"dataSchema":{{"x":{n}}},"type":"entry"}}"#);
        let many: Vec<_> = (0..64).map(set).collect();
        let many = format!(r#"{{"template":{{"type":"a","properties":{{{}}}}}}}"#, many.join(","));
        costs!(publish_plugin(many.len() as u32), (66, 69), publish(&many));
        costs!(retire_plugin(), (1, 1), DataContainer::retire_plugin(signed(M), 0));
    });
}

#[test]
fn container_calls_cost_what_they_are_charged() {
    run(|| {
        publish(M, SERVICE);
        let description = || text(r#"{"name":"mine"}"#);
        let create = || DataContainer::create_container(signed(M), description());
        costs!(create_container(15), (1, 4), create());
        let make = || DataContainer::instantiate(signed(M), 0, description());
        // Writes 7 data sets, one of them with a default, the indices of the owner and the plugin,
        // the roles, the description, the counter and the container.
        costs!(instantiate(15, 7, 36), (3, 13), make());
        let set = || DataContainer::set_description(signed(M), 1, b"{}".to_vec());
        costs!(set_description(2), (1, 2), set());
        grant(1, C, PRICE, Access::READ, None);
        assert_ok!(append(M, 1, "stamps", &["1"]));
        // For an account that has only expired grants, every data set is read.
        grant(1, X, PRICE, Access::READ, Some(0));
        costs!(may_link(7), (9, 0), may_link(X, 1));
        let clone = || DataContainer::clone_container(signed(C), 1, true);
        costs!(clone_container(7, 36), (13, 13), clone());
        let new = || {
            let text = r#"{"type":"entry","visibility":"public","dataSchema":{"x":1},"value":1,
                "permissions":{"new":["set"]}}"#;
            DataContainer::add_data_set(signed(M), 1, b"new".to_vec(), text.into())
        };
        costs!(add_data_set(100), (5, 5), new());
        let retire = |set| DataContainer::retire_data_set(signed(M), 1, text(set));
        costs!(retire_data_set(), (2, 2), retire("price"));
        costs!(retire_data_set(), (2, 1), retire("stamps"));
        let log = [r#"{"hours":1}"#];
        assert_ok!(append(M, 1, "usageLog", &log));
        assert_ok!(retire("usageLog"));
        let purge = || DataContainer::purge(signed(M), 1, text("usageLog"), 64);
        costs!(purge(1), (3, 3), purge());
        costs!(close_container(), (1, 1), DataContainer::close_container(signed(M), 1));
    });
}

#[test]
fn calls_on_rights_cost_what_they_are_charged() {
    run(|| {
        let id = service();
        rotate(id, "price", &[]);
        let role = |bits| vec![access("hours", bits), access("manual", bits)];
        let set =
            |name: &str, bits| DataContainer::set_role(signed(M), id, name.into(), role(bits));
        // Reads the container, the roles and two data sets. Writes them, with a new role.
        costs!(set_role(2), (4, 4), set("new", Access::WRITE));
        let technician = || text("technician");
        let assign = || DataContainer::assign_role(signed(M), id, S, technician());
        costs!(assign_role(), (4, 4), assign());
        let unassign = || DataContainer::unassign_role(signed(M), id, S, technician());
        costs!(unassign_role(), (5, 5), unassign());
        // Reads the container, the rights, the data set and the reader's key. Writes the container,
        // the rights, the index and the envelope, as in the budget.
        let envelope = offered_with(id, "price", C);
        let share = |until| {
            let read = vec![access("price", Access::READ)];
            DataContainer::share(signed(M), id, C, read, until, vec![envelope.clone()])
        };
        costs!(share(1, 1), (4, 4), share(None));
        // Also reads the existing envelope. The end is stored with the key.
        costs!(share(1, 1), (5, 4), share(Some(START)));
        let read = || vec![access("price", Access::READ)];
        let unshare = || DataContainer::unshare(signed(M), id, C, read());
        costs!(unshare(1), (6, 8), unshare());
        assert_ok!(share(Some(START)));
        set_time(START + 1);
        let clear = || DataContainer::clear_expired(signed(X), id, C);
        // Reads the seven data sets for their segments.
        costs!(clear_expired(1), (12, 6), clear());
        assert_ok!(DataContainer::share(signed(M), id, C, read(), None, vec![]));
        rotate(id, "price", &[C]);
        assert_ok!(DataContainer::assign_role(signed(M), id, C, technician()));
        let leave = || DataContainer::leave(signed(C), id);
        costs!(leave(1), (14, 8), leave());
        let rename = || DataContainer::rename_role(signed(M), id, text("chief"), text("head"));
        costs!(rename_role(), (2, 2), rename());
        // Reads the container, the roles, the number of holders and 7 data sets, two of which name
        // the role.
        let remove = || DataContainer::remove_role(signed(M), id, text("head"));
        costs!(remove_role(7), (10, 4), remove());
    });
}

#[test]
fn key_calls_and_sealed_writes_cost_what_they_are_charged() {
    run(|| {
        let id = service();
        let key = || DataContainer::set_encryption_key(signed(9), SUITE, vec![9; 32], 0, false);
        costs!(set_encryption_key(), (2, 3), key());
        for who in [S, C, X] {
            key_version(who);
            assert_ok!(share(id, who, "price", Access::READ, Some(u64::MAX - 1)));
        }
        // Reads the container, the data set, the rights and the key of each reader, and the owner's
        // key.
        let rotation = |epoch, readers: &[u64]| {
            let envelope = |reader: &u64| crate::ReaderEnvelope {
                reader: *reader,
                key_version: 1,
                envelope: SEALED_SEED.to_vec(),
            };
            DataContainer::rotate_key(
                signed(M),
                id,
                text("price"),
                epoch,
                SUITE,
                public_key(epoch as u8 + 9),
                PreviousSeed::Cut,
                1,
                SEALED_SEED.to_vec(),
                readers.iter().map(envelope).collect(),
            )
        };
        // Also reads the previous epoch and whether the key was used, but none of the envelopes.
        costs!(rotate_key(3), (11, 9), rotation(0, &[S, C, X]));
        assert_ok!(rotation(1, &[]));
        let seed = || SEALED_SEED.to_vec();
        let set = || DataContainer::set_envelope(signed(M), id, text("price"), C, 2, 1, seed());
        costs!(set_envelope(), (5, 4), set());
        // An older segment: reads its epoch and the next one, and the rights, key and envelope of
        // each reader.
        let past = || {
            let reader =
                |reader| crate::ReaderEnvelope { reader, key_version: 1, envelope: vec![8; 80] };
            let readers = vec![reader(C), reader(X)];
            DataContainer::set_envelopes(signed(M), id, text("price"), 1, readers)
        };
        costs!(set_envelopes(2), (10, 3), past());
        let holders = || {
            let key = |n| HolderEnvelope::Key { public: public_key(n), envelope: seed() };
            let account =
                |account| HolderEnvelope::Account { account, key_version: 1, envelope: seed() };
            let holders = vec![key(1), account(S), account(C)];
            DataContainer::set_account_envelopes(signed(M), 1, holders)
        };
        costs!(set_account_envelopes(3), (5, 1), holders());
        let gone = || DataContainer::remove_account_envelope(signed(M), 1, NamedHolder::Account(S));
        costs!(remove_account_envelope(), (1, 1), gone());
        writer(id);
        grant(id, S, OFFERS, Access::WRITE, None);
        assert_ok!(share(id, S, "price", Access::WRITE, None));
        // Reads no schema, because the chain cannot validate a ciphertext.
        costs!(set_sealed_entry(112), (3, 1), set_sealed(S, id, "price", 2));
        rotate(id, "offers", &[]);
        costs!(append_sealed(2, 224), (3, 2), append_sealed(S, id, "offers", 1));
    });
}

#[test]
fn handover_calls_cost_what_they_are_charged() {
    run(|| {
        let id = service();
        for set in ["price", "offers"] {
            rotate(id, set, &[]);
        }
        let offer = |to| {
            let envelopes = all_envelopes(id, to);
            move || DataContainer::offer_ownership(signed(M), id, to, START, envelopes.clone())
        };
        let first = offer(X);
        // Reads the container, the key, 7 data sets and two envelopes. Writes the container, the
        // index and two envelopes.
        costs!(offer_ownership(7, 2), (11, 4), first());
        // The offer is renewed, so the index does not change.
        costs!(offer_ownership(7, 2), (11, 1), first());
        let accept = || DataContainer::accept_ownership(signed(X), id, 1);
        costs!(accept_ownership(7), (15, 11), accept());
        rotate(id, "price", &[]);
        let back = DataContainer::offer_ownership(signed(X), id, M, START, all_envelopes(id, M));
        assert_ok!(back);
        costs!(cancel_offer(7), (12, 7), DataContainer::cancel_offer(signed(X), id));
        let again = DataContainer::offer_ownership(signed(X), id, M, START, all_envelopes(id, M));
        assert_ok!(again);
        costs!(cancel_offer(7), (13, 5), DataContainer::decline_offer(signed(M), id, 3));
    });
}
