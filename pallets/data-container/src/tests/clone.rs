// SPDX-License-Identifier: Apache-2.0

//! Cloning.

use super::{Error, Event};
use crate::{answers::*, mock::*, operation::Operation, pallet::*, types::*};
use frame_support::assert_ok;
use sp_runtime::DispatchResult;
use twinchain_primitives::{assert_noop, Access, ContainerId};

fn clone(who: AccountId, id: ContainerId, with_values: bool) -> DispatchResult {
    DataContainer::clone_container(signed(who), id, with_values)
        .map(|_| ())
        .map_err(|error| error.error)
}

/// Returns a container of M with two public entries, a list, and a retired data set between them.
fn public() -> ContainerId {
    let set = r#"{"type":"entry","visibility":"public","dataSchema":true,
        "permissions":{"technician":["set"]}}"#;
    let list = r#"{"type":"list","visibility":"public","dataSchema":true}"#;
    let plugin = publish(M, &document(&format!(r#""a":{set},"old":{set},"b":{set},"log":{list}"#)));
    let container = instantiate(M, plugin);
    for text in ["a", "old"] {
        assert_ok!(set_text(container, text));
    }
    assert_ok!(append(M, container, "log", &["1"]));
    assert_ok!(DataContainer::retire_data_set(signed(M), container, b"old".to_vec()));
    assign(container, S, TECHNICIAN);
    System::reset_events();
    container
}

fn set_text(container: ContainerId, data_set: &str) -> DispatchResult {
    set(M, container, data_set, format!("\"{data_set}\"").as_bytes())
}

#[test]
fn a_clone_has_the_active_data_sets_and_no_values() {
    run(|| {
        let source = public();
        next_blocks(1);
        assert_ok!(clone(X, source, false));
        let id = source + 1;
        let info = DataContainer::container(id).unwrap();
        let original = DataContainer::container(source).unwrap();
        assert_eq!(info.description, original.description);
        let roles = |info: &ContainerInfo<_, _>| {
            info.roles.iter().map(|info| info.role.clone()).collect::<Vec<_>>()
        };
        assert_eq!(roles(&info), roles(&original));
        // Roles are copied, but not their holders.
        assert!(info.roles.iter().all(|role| role.holders == 0));
        assert_eq!((info.container.owner, info.container.data_sets), (X, 3));
        // A data set of the plugin is missing, so the clone is not an instance.
        assert_eq!((info.container.plugin, info.container.cloned_from), (None, Some(source)));
        assert!(LongEntries::<Test>::iter_prefix(id).next().is_none());
        assert!(AccountRights::<Test>::iter_prefix(id).next().is_none());
        for (position, text) in ["a", "b", "log"].into_iter().enumerate() {
            let (new, old) = (data_set(id, text), data_set(source, text));
            assert_eq!((new.id, new.revision), (position as u16, 0));
            assert_eq!((new.count, new.batches, new.changed), (0, 0, 2));
            assert_eq!((new.schema, new.document), (old.schema, old.document));
            assert_eq!(new.permissions, old.permissions);
            assert_ne!(new.head, old.head);
        }
        let added = |text| added(id, text);
        let described = Some(hash(&DataContainer::container(id).unwrap().description));
        let expected = [
            Event::ContainerCreated { container: id, stamp: STAMP, owner: X, plugin: None },
            Event::ContainerCloned { container: id, stamp: STAMP, source },
            Event::DescriptionSet { container: id, stamp: STAMP, description: described },
            added("a"),
            added("b"),
            added("log"),
            role_set(id, 0, "technician", &[(0, Access::WRITE), (1, Access::WRITE)]),
        ];
        assert_eq!(events(), expected);
    });
}

#[test]
fn a_clone_with_values_has_the_public_entries() {
    run(|| {
        let source = public();
        assert_ok!(clone(X, source, true));
        let id = source + 1;
        assert_eq!(entry(id, "a").unwrap(), r#""a""#);
        assert_eq!(entry(id, "b"), None);
        assert!(items(id, "log").is_empty());
        let operation = Operation::Set {
            revision: 1,
            author: X,
            authority: Authority::Owner,
            block: 1,
            time: Timestamp::get(),
            payload_hash: hash(br#""a""#),
        };
        let changed =
            Event::DataSetChanged { container: id, data_set: 0, name: name("a"), operation };
        assert_eq!(events()[4], changed);
        assert_eq!(events().len(), 8);
    });
}

#[test]
fn a_clone_is_independent_of_its_source() {
    run(|| {
        let source = public();
        assert_ok!(clone(X, source, true));
        assert_ok!(set(X, source + 1, "a", b"1"));
        assert_eq!(entry(source, "a").unwrap(), r#""a""#);
        assert_noop!(set(M, source + 1, "a", b"2"), Error::NotPermitted);
        assert_noop!(set(S, source + 1, "a", b"2"), Error::NotPermitted);
        close(source);
        assert_ok!(set(X, source + 1, "a", b"2"));
        // A closed container can be cloned, because its definitions remain useful.
        assert_ok!(clone(X, source, false));
        assert_ok!(set(X, source + 2, "a", b"2"));
    });
}

#[test]
fn a_write_once_entry_cloned_with_its_value_cannot_be_set_again() {
    run(|| {
        let source = service();
        assert_ok!(set(M, source, "serial", br#""4711""#));
        assert_ok!(clone(M, source, true));
        assert_noop!(set(M, source + 1, "serial", br#""1""#), Error::WriteOnce);
        assert_ok!(clone(M, source, false));
        assert_ok!(set(M, source + 2, "serial", br#""1""#));
    });
}

#[test]
fn the_owner_or_an_account_with_access_can_clone_a_confidential_container() {
    run(|| {
        let source = service();
        rotate(source, "price", &[]);
        assert_ok!(set_sealed(M, source, "price", 1));
        set_key(C, 1);
        let offered = offered_with(source, "price", C);
        assert_ok!(DataContainer::offer_ownership(signed(M), source, C, START, vec![offered]));
        assert_ok!(clone(M, source, true));
        let made = Containers::<Test>::get(source + 1).unwrap();
        assert_eq!((made.offer, made.offers), (None, 0));
        assign(source, S, TECHNICIAN);
        assert_ok!(clone(S, source, true));
        grant(source, C, PRICE, Access::READ, Some(START + 10));
        assert_ok!(clone(C, source, false));
        assert_eq!(Containers::<Test>::get(source + 3).unwrap().confidential, 2);
        for id in source + 1..=source + 3 {
            assert!(data_set(id, "price").key.is_none());
            assert_eq!(data_set(id, "price").count, 0, "sealed values are not copied");
        }
    });
}

#[test]
fn clone_container_fails_when_it_is_unknown_or_confidential() {
    run(|| {
        assert_noop!(clone(M, 0, false), Error::ContainerNotFound);
        let source = service();
        assert_noop!(clone(X, source, false), Error::MayNotClone);
        for set in [b"price".to_vec(), b"offers".to_vec()] {
            assert_ok!(DataContainer::retire_data_set(signed(M), source, set));
        }
        // All confidential data sets of it are retired.
        assert_ok!(clone(X, source, false));
    });
}

#[test]
fn clone_container_fails_when_the_only_access_has_ended() {
    run(|| {
        let source = service();
        grant(source, C, PRICE, Access::READ, Some(START + 10));
        set_time(START + 10);
        assert_ok!(clone(C, source, false));
        set_time(START + 11);
        assert_noop!(clone(C, source, false), Error::MayNotClone);
        grant(source, C, HOURS, Access::WRITE, None);
        assert_ok!(clone(C, source, false));
    });
}

#[test]
fn clone_container_fails_when_the_values_are_too_long() {
    run(|| {
        let sets: Vec<_> = (0..5).map(|n| format!(r#""s{n}":{}"#, definition("true"))).collect();
        let source = instantiate(M, publish(M, &document(&sets.join(","))));
        let value = padded("1", 16_396);
        for n in 0..4 {
            assert_ok!(set(M, source, &format!("s{n}"), value.as_bytes()));
        }
        assert_ok!(clone(X, source, true));
        assert_ok!(set(M, source, "s4", b"1"));
        assert_noop!(clone(X, source, true), Error::PayloadTooLong);
        assert_ok!(clone(X, source, false));
    });
}

#[test]
fn clone_container_fails_when_the_ids_are_used_up() {
    run(|| {
        let source = service();
        NextContainerId::<Test>::put(u64::MAX);
        assert_noop!(clone(M, source, false), Error::IdsExhausted);
    });
}

#[test]
fn a_clone_is_an_instance_if_its_data_sets_are_those_of_the_plugin() {
    run(|| {
        let plugin = publish(M, SERVICE);
        let source = instantiate(M, plugin);
        let cloned = |source| {
            let id = NextContainerId::<Test>::get();
            assert_ok!(clone(M, source, false));
            let made = Containers::<Test>::get(id).unwrap();
            assert_eq!(made.cloned_from, Some(source));
            (id, made.plugin)
        };
        let (first, of) = cloned(source);
        assert_eq!(of, Some(plugin));
        // A clone of a clone is an instance as well, and the permissions of roles do not matter.
        let change = vec![access("hours", Access::NONE)];
        assert_ok!(DataContainer::set_role(signed(M), first, b"chief".to_vec(), change));
        let (_, of) = cloned(first);
        assert_eq!(of, Some(plugin));
        let mut instances = DataContainer::instances(plugin, None, 9).items;
        instances.sort_unstable();
        assert_eq!(instances, [source, first, first + 1]);
        // With an additional data set, or with one fewer, it is not an instance.
        let more = instantiate(M, plugin);
        let text = definition("true").into();
        assert_ok!(DataContainer::add_data_set(signed(M), more, b"more".to_vec(), text));
        assert_eq!(cloned(more).1, None);
        let fewer = instantiate(M, plugin);
        assert_ok!(DataContainer::retire_data_set(signed(M), fewer, b"offers".to_vec()));
        assert_eq!(cloned(fewer).1, None);
        // Nor with data sets of the same names and other definitions.
        let text = r#"{"type":"list","dataSchema":{"type":"number"},"visibility":"public"}"#;
        let other = empty();
        for (name, _) in DataContainer::data_sets(source) {
            let name = name.as_ref().to_vec();
            assert_ok!(DataContainer::add_data_set(signed(M), other, name, text.into()));
        }
        Containers::<Test>::mutate_extant(other, |found| found.plugin = Some(plugin));
        InstancesOf::<Test>::insert(plugin, other, ());
        assert_eq!(cloned(other).1, None);
        // A retired plugin gets no new instances, not even by cloning.
        assert_ok!(DataContainer::retire_plugin(signed(M), plugin));
        assert_eq!(cloned(source).1, None);
    });
}

/// Returns a container of M without data sets.
fn empty() -> ContainerId {
    let id = NextContainerId::<Test>::get();
    assert_ok!(DataContainer::create_container(signed(M), vec![]));
    id
}
