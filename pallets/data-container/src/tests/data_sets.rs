// SPDX-License-Identifier: Apache-2.0

//! Adding, retiring and purging data sets.

use super::{Error, Event};
use crate::{mock::*, operation::Operation, pallet::*, types::*};
use codec::Encode;
use data_schema::{Schema, SchemaSource, COMPILER_VERSION};
use frame_support::assert_ok;
use sp_runtime::DispatchResult;
use twinchain_primitives::{assert_noop, Access, ContainerId};

fn add(who: AccountId, id: ContainerId, set: &str, definition: &str) -> DispatchResult {
    DataContainer::add_data_set(signed(who), id, set.into(), definition.into())
        .map(|_| ())
        .map_err(|error| error.error)
}

fn retire(who: AccountId, id: ContainerId, set: &str) -> DispatchResult {
    DataContainer::retire_data_set(signed(who), id, set.into())
}

fn purge(id: ContainerId, set: &str, limit: u32) -> DispatchResult {
    purge_as(M, id, set, limit)
}

fn purge_as(who: AccountId, id: ContainerId, set: &str, limit: u32) -> DispatchResult {
    DataContainer::purge(signed(who), id, set.into(), limit)
        .map(|_| ())
        .map_err(|error| error.error)
}

fn empty() -> ContainerId {
    DataContainer::create_container(signed(M), vec![]).unwrap();
    System::reset_events();
    NextContainerId::<Test>::get() - 1
}

const NUMBER: &str = r#"{"type":"entry","visibility":"public","dataSchema":{"type":"number"}}"#;

#[test]
fn an_added_data_set_is_like_one_of_a_plugin() {
    run(|| {
        let container = empty();
        let definition = r#"{"type":"entry","visibility":"public","writeOnce":true,
            "dataSchema":{"type":"number"},"value": 1.50 ,"permissions":{"a":["set"],"b":[]}}"#;
        assert_ok!(add(M, container, "mass", definition));
        let mass = data_set(container, "mass");
        assert_eq!((mass.id, mass.revision, mass.count), (0, 1, 1));
        assert_eq!(mass.document, hash(definition.as_bytes()));
        let schema = Schemas::<Test>::get(mass.schema).unwrap();
        let Span { offset, length } = schema.root;
        let root = &definition[offset as usize..][..length as usize];
        assert_eq!((root, schema.place), (r#"{"type":"number"}"#, Some(0)));
        assert_eq!(schema.document, mass.document);
        let key = (COMPILER_VERSION, 20u8, 0u8, Some(0u32), root.as_bytes());
        assert_eq!(mass.schema, hash(&key.encode()));
        assert!(mass.write_once);
        assert_eq!(
            Documents::<Test>::get(mass.document).unwrap().as_slice(),
            definition.as_bytes()
        );
        let role = |id, text| Role { id, name: name(text) };
        assert_eq!(RoleNames::<Test>::get(container).to_vec(), [role(0, "a"), role(1, "b")]);
        let operation = Operation::Set {
            revision: 1,
            author: M,
            authority: Authority::Owner,
            block: 1,
            time: Timestamp::get(),
            payload_hash: hash(b"1.50"),
        };
        let changed =
            Event::DataSetChanged { container, data_set: 0, name: name("mass"), operation };
        // The definition also adds the role `b`, which has no permissions yet.
        let (a, b) = ([(0, Access::WRITE)], []);
        let roles = [role_set(container, 0, "a", &a), role_set(container, 1, "b", &b)];
        let [role_a, role_b] = roles;
        assert_eq!(events(), [added(container, "mass"), role_a, role_b, changed]);
    });
}

#[test]
fn an_added_data_set_uses_the_existing_roles() {
    run(|| {
        let container = service();
        let definition = r#"{"type":"list","visibility":"public","dataSchema":true,
            "permissions":{"chief":["set"],"intern":["set"]}}"#;
        assert_ok!(add(M, container, "notes", definition));
        let permissions = data_set(container, "notes").permissions;
        assert_eq!(permissions.iter().map(|entry| entry.role).collect::<Vec<_>>(), [CHIEF, 2]);
        assert_eq!(RoleNames::<Test>::get(container).len(), 3);
        assign(container, S, 2);
        assert_ok!(append(S, container, "notes", &["1"]));
    });
}

#[test]
fn a_definition_given_twice_is_stored_once() {
    run(|| {
        let container = empty();
        assert_ok!(add(M, container, "a", NUMBER));
        assert_ok!(add(M, container, "b", NUMBER));
        assert_eq!(Documents::<Test>::iter_keys().count(), 1);
        assert_eq!(Schemas::<Test>::iter_keys().count(), 1);
        assert_ne!(data_set(container, "a").head, data_set(container, "b").head);
    });
}

/// The result of an earlier compiler keeps its own record, and the same text is compiled again. The
/// record names the document and the place, from which a migration can compile the old schema
/// again.
#[test]
fn a_schema_from_an_earlier_compiler_is_compiled_again() {
    run(|| {
        let container = empty();
        let root = br#"{"type":"number"}"#;
        let of_version = |version: u8| {
            let key = (version, 20u8, 0u8, Some(0u32), root.as_slice());
            hash(&key.encode())
        };
        // An earlier compiler stored a different result for the text first.
        let old = CompiledSchema {
            program: Schema::compile(b"false").unwrap(),
            document: hash(NUMBER.as_bytes()),
            root: Span { offset: NUMBER.find(r#"{"type":"number"}"#).unwrap() as u32, length: 17 },
            place: Some(0),
        };
        Schemas::<Test>::insert(of_version(COMPILER_VERSION - 1), &old);
        assert_ok!(add(M, container, "mass", NUMBER));
        let mass = data_set(container, "mass");
        assert_eq!(mass.schema, of_version(COMPILER_VERSION));
        assert_ok!(set(M, container, "mass", b"1.5"));
        let new = Schemas::<Test>::get(mass.schema).unwrap();
        assert_eq!(new.program, Schema::compile(root).unwrap());
        assert_eq!(Schemas::<Test>::get(of_version(COMPILER_VERSION - 1)), Some(old.clone()));
        // The record of the old schema leads to its source, which compiles to the new schema.
        assert_eq!((old.document, old.root, old.place), (new.document, new.root, new.place));
        let document = Documents::<Test>::get(old.document).unwrap();
        let source = &document[old.root.offset as usize..][..old.root.length as usize];
        let compiled = SchemaSource { root: source, place: 0 }.compile(&mut 0).unwrap();
        assert_eq!(compiled, new.program);
        // The invariants cover only the current compiler.
        Schemas::<Test>::remove(of_version(COMPILER_VERSION - 1));
    });
}

#[test]
fn add_data_set_fails_when_the_container_cannot_change() {
    run(|| {
        assert_noop!(add(M, 0, "mass", NUMBER), Error::ContainerNotFound);
        let container = empty();
        assert_noop!(add(X, container, "mass", NUMBER), Error::NotOwner);
        offer(container);
        assert_noop!(add(M, container, "mass", NUMBER), Error::OfferPending);
        let closed = empty();
        close(closed);
        assert_noop!(add(M, closed, "mass", NUMBER), Error::ContainerClosed);
    });
}

#[test]
fn add_data_set_fails_when_the_name_is_invalid_or_was_used() {
    run(|| {
        let container = empty();
        for bad in ["", "a/b", "a\nb", "\u{85}", &"n".repeat(65)] {
            assert_noop!(add(M, container, bad, NUMBER), Error::InvalidName);
        }
        let call = DataContainer::add_data_set(signed(M), container, vec![0xff], NUMBER.into());
        assert_noop!(call, Error::InvalidName);
        assert_ok!(add(M, container, "mass", NUMBER));
        assert_noop!(add(M, container, "mass", NUMBER), Error::DataSetExists);
        assert_ok!(retire(M, container, "mass"));
        assert_noop!(add(M, container, "mass", NUMBER), Error::DataSetExists);
        // Names are compared byte by byte.
        assert_ok!(add(M, container, "Mass", NUMBER));
        assert_ok!(add(M, container, &long_name(), NUMBER));
    });
}

#[test]
fn add_data_set_fails_when_the_container_has_64() {
    run(|| {
        let container = empty();
        for n in 0..64 {
            assert_ok!(add(M, container, &format!("s{n}"), NUMBER));
            if n % 2 == 0 {
                assert_ok!(retire(M, container, &format!("s{n}")));
            }
        }
        assert_noop!(add(M, container, "one more", NUMBER), Error::TooManyDataSets);
        assert_eq!(Containers::<Test>::get(container).unwrap().data_sets, 64);
    });
}

#[test]
fn add_data_set_fails_when_there_are_too_many_roles() {
    run(|| {
        let container = service();
        let definition = |from: u32, to: u32| {
            let roles: Vec<_> = (from..to).map(|n| format!(r#""r{n}":["set"]"#)).collect();
            let roles = roles.join(",");
            format!(r#"{{"type":"entry","dataSchema":true,"permissions":{{{roles}}}}}"#)
        };
        assert_noop!(add(M, container, "a", &definition(0, 15)), Error::TooManyRoles);
        assert_ok!(add(M, container, "a", &definition(0, 14)));
        assert_noop!(add(M, container, "b", &definition(14, 15)), Error::TooManyRoles);
        assert_ok!(add(M, container, "b", &definition(3, 14)));
    });
}

#[test]
fn add_data_set_fails_when_the_definition_is_invalid() {
    run(|| {
        let container = empty();
        let index = 0;
        for (text, error) in [
            ("entry", Error::InvalidJson { index, offset: 0 }),
            ("[]", Error::InvalidMember { index, offset: 0 }),
            (r#"{"type":"entry"}"#, Error::InvalidMember { index, offset: 0 }),
            (
                r#"{"type":"entry","dataSchema":true,"permissions":{"/":["set"]}}"#,
                Error::InvalidNameIn { index, offset: 49 },
            ),
            (
                r#"{"type":"list","dataSchema":{"type":"array","minItems":1}}"#,
                Error::ListSchemaDemandsMore { index, offset: 44 },
            ),
            (
                r#"{"type":"entry","dataSchema":true,"value":1}"#,
                Error::ConfidentialDefault { index, offset: 42 },
            ),
            (
                r#"{"type":"list","visibility":"public","dataSchema":true,"value":{}}"#,
                Error::InvalidListDefault { index, offset: 63 },
            ),
            (r#"{"type":"entry","dataSchema":7}"#, Error::NotASchema { index, offset: 29 }),
            (
                r#"{"type":"entry","dataSchema":{"unevaluatedItems":{}}}"#,
                Error::UnsupportedKeyword { index, offset: 30 },
            ),
            (
                r#"{"type":"entry","dataSchema":{"minimum":"a"}}"#,
                Error::InvalidKeywordValue { index, offset: 40 },
            ),
            (
                r#"{"type":"entry","dataSchema":{"type":"text"}}"#,
                Error::UnknownType { index, offset: 37 },
            ),
            (
                r#"{"type":"entry","visibility":"public","dataSchema":{"type":"string"},"value":1}"#,
                Error::TypeMismatch { index, offset: 77 },
            ),
        ] {
            assert_noop!(add(M, container, "a", text), error);
        }
        let padded = |bytes| padded(NUMBER, bytes);
        assert_noop!(add(M, container, "a", &padded(262_145)), Error::DocumentTooLong);
        assert_ok!(add(M, container, "a", &padded(262_144)));
    });
}

#[test]
fn a_retired_data_set_keeps_its_data_until_it_is_purged() {
    run(|| {
        let container = service();
        assert_ok!(set(M, container, "hours", b"7"));
        System::reset_events();
        assert_ok!(retire(M, container, "hours"));
        let operation = Operation::Retire {
            revision: 2,
            author: M,
            authority: Authority::Owner,
            block: 1,
            time: START,
        };
        let changed =
            Event::DataSetChanged { container, data_set: HOURS, name: name("hours"), operation };
        assert_eq!(events(), [changed]);
        assert_eq!(entry(container, "hours").unwrap(), "7");
        assert_noop!(set(M, container, "hours", b"8"), Error::DataSetRetired);

        let retired = data_set(container, "hours");
        System::reset_events();
        assert_ok!(purge(container, "hours", 1));
        let purged = Event::DataSetPurged {
            container,
            stamp: STAMP,
            data_set: HOURS,
            name: name("hours"),
            cleared: 0,
            left: 0,
            epochs: 0,
        };
        assert_eq!(events(), [purged]);
        assert_eq!(entry(container, "hours"), None);
        let left = data_set(container, "hours");
        assert_eq!((left.revision, left.head, left.count), (2, retired.head, 0));
    });
}

#[test]
fn retiring_a_confidential_data_set_lowers_the_count() {
    run(|| {
        let container = service();
        assert_ok!(retire(M, container, "price"));
        assert_eq!(Containers::<Test>::get(container).unwrap().confidential, 1);
        assert_ok!(retire(M, container, "offers"));
        assert_eq!(Containers::<Test>::get(container).unwrap().confidential, 0);
    });
}

#[test]
fn retire_data_set_fails_when_it_or_its_container_cannot_change() {
    run(|| {
        assert_noop!(retire(M, 0, "hours"), Error::ContainerNotFound);
        let container = service();
        assert_noop!(retire(X, container, "hours"), Error::NotOwner);
        assert_noop!(retire(M, container, ""), Error::InvalidName);
        assert_noop!(retire(M, container, "nothing"), Error::DataSetNotFound);
        assert_ok!(retire(M, container, "hours"));
        assert_noop!(retire(M, container, "hours"), Error::DataSetRetired);
        offer(container);
        assert_noop!(retire(M, container, "serial"), Error::OfferPending);
        let closed = service();
        close(closed);
        assert_noop!(retire(M, closed, "hours"), Error::ContainerClosed);
    });
}

#[test]
fn a_list_is_purged_in_steps() {
    run(|| {
        let container = service();
        for _ in 0..5 {
            assert_ok!(append(M, container, "usageLog", &[r#"{"hours":1}"#, r#"{"hours":2}"#]));
        }
        assert_ok!(DataContainer::remove_item(signed(M), container, "usageLog".into(), 4, 0, None));
        assert_ok!(retire(M, container, "usageLog"));
        System::reset_events();
        for (limit, cleared, left, live) in [(2, 2, 3, 6), (0, 1, 2, 4), (u32::MAX, 2, 0, 0)] {
            assert_ok!(purge(container, "usageLog", limit));
            let name = name("usageLog");
            let purged = Event::DataSetPurged {
                container,
                stamp: STAMP,
                data_set: USAGE_LOG,
                name,
                cleared,
                left,
                epochs: 0,
            };
            assert_eq!(events().pop(), Some(purged));
            let log = data_set(container, "usageLog");
            assert_eq!((log.batches, log.count), (left, live));
            assert_ok!(DataContainer::do_try_state());
        }
        assert_noop!(purge(container, "usageLog", 1), Error::NothingToDo);
    });
}

#[test]
fn one_purge_clears_at_most_64_batches() {
    run(|| {
        let container = service();
        for _ in 0..65 {
            assert_ok!(append(M, container, "usageLog", &[r#"{"hours":1}"#]));
        }
        assert_ok!(retire(M, container, "usageLog"));
        assert_ok!(purge(container, "usageLog", u32::MAX));
        assert_eq!(data_set(container, "usageLog").batches, 1);
    });
}

#[test]
fn purge_fails_when_the_data_set_is_write_once() {
    run(|| {
        let container = service();
        assert_ok!(append(M, container, "stamps", &["1"]));
        assert_ok!(set(M, container, "serial", br#""BC250-4711""#));
        let secret = r#"{"type":"list","writeOnce":true,"dataSchema":true}"#;
        let id = || b"secret".to_vec();
        assert_ok!(DataContainer::add_data_set(signed(M), container, id(), secret.into()));
        rotate(container, "secret", &[]);
        assert_ok!(append_sealed(M, container, "secret", 1));
        for name in ["stamps", "serial", "secret"] {
            assert_ok!(retire(M, container, name));
        }
        // No account can purge them, not even much later and after a handover.
        for who in [M, X] {
            for name in ["stamps", "serial", "secret"] {
                assert_noop!(purge_as(who, container, name, 64), Error::WriteOnce);
            }
        }
        offer(container);
        assert_ok!(DataContainer::accept_ownership(signed(C), container, 0));
        set_time(START + 100 * PURGE_DELAY);
        for who in [C, M, X] {
            for name in ["stamps", "serial", "secret"] {
                assert_noop!(purge_as(who, container, name, 64), Error::WriteOnce);
            }
        }
        assert_eq!(items(container, "stamps"), [[Some("1".to_string())]]);
        assert_eq!(DataContainer::batches(container, id(), 0, 9).items.len(), 1);
        assert!(!DataContainer::envelopes(container, id(), C).is_empty());
    });
}

#[test]
fn purge_fails_when_another_account_calls_within_30_days() {
    run(|| {
        let container = service();
        assign(container, S, CHIEF);
        assert_ok!(set(M, container, "hours", b"1"));
        assert_ok!(set(M, container, "manual", b"\"a\""));
        next_blocks(1);
        assert_ok!(retire(M, container, "hours"));
        assert_ok!(retire(M, container, "manual"));
        assert_eq!(data_set(container, "hours").retired, Some(START + SLOT));
        for moment in [START + SLOT, START + SLOT + PURGE_DELAY - 1] {
            set_time(moment);
            for who in [S, X] {
                assert_noop!(purge_as(who, container, "hours", 1), Error::PurgeTooEarly);
            }
        }
        assert_ok!(purge(container, "manual", 1));
        set_time(START + SLOT + PURGE_DELAY);
        assert_ok!(purge_as(X, container, "hours", 1));
        assert_eq!(entry(container, "hours"), None);
    });
}

#[test]
fn purge_fails_when_there_is_nothing_to_clear() {
    run(|| {
        assert_noop!(purge(0, "hours", 1), Error::ContainerNotFound);
        let container = service();
        assert_noop!(purge(container, "a/b", 1), Error::InvalidName);
        assert_noop!(purge(container, "nothing", 1), Error::DataSetNotFound);
        assert_noop!(purge(container, "hours", 1), Error::NotRetired);
        assert_ok!(retire(M, container, "hours"));
        assert_noop!(purge(container, "hours", 1), Error::NothingToDo);
    });
}

#[test]
fn purge_fails_when_the_container_is_on_offer_or_closed() {
    run(|| {
        let container = service();
        assert_ok!(retire(M, container, "manual"));
        close(container);
        set_time(START + PURGE_DELAY);
        assert_noop!(purge_as(X, container, "manual", 1), Error::NotOwner);
        // The owner can.
        assert_ok!(purge(container, "manual", 1));
        let container = service();
        assert_ok!(retire(M, container, "manual"));
        offer(container);
        assert_noop!(purge(container, "manual", 1), Error::OfferPending);
    });
}

#[test]
fn the_owner_of_a_closed_container_can_purge_active_data_sets() {
    run(|| {
        let container = service();
        rotate(container, "price", &[]);
        assert_ok!(set_sealed(M, container, "price", 1));
        assert_ok!(append(M, container, "stamps", &["1"]));
        assert_ok!(set(M, container, "hours", b"1"));
        for _ in 0..3 {
            assert_ok!(append(M, container, "usageLog", &[r#"{"hours":1}"#]));
        }
        close(container);
        for name in ["usageLog", "stamps", "hours"] {
            assert_noop!(purge_as(X, container, name, 64), Error::NotOwner);
        }
        assert_noop!(purge(container, "stamps", 64), Error::WriteOnce);
        assert_noop!(purge(container, "offers", 64), Error::NothingToDo);
        next_blocks(1);
        let before = Containers::<Test>::get(container).unwrap().history.revision;
        System::reset_events();
        assert_ok!(purge(container, "usageLog", 2));
        // The purge retires the data set, and is itself a change of the container.
        let log = data_set(container, "usageLog");
        assert_eq!((log.retired, log.revision, log.batches), (Some(START + SLOT), 4, 1));
        assert!(matches!(
            &events()[..],
            [
                Event::DataSetChanged {
                    data_set: USAGE_LOG,
                    operation: Operation::Retire { .. },
                    ..
                },
                Event::DataSetPurged { data_set: USAGE_LOG, left: 1, .. }
            ]
        ));
        let after = Containers::<Test>::get(container).unwrap().history.revision;
        assert_eq!(after, before + 1);
        assert_ok!(purge(container, "usageLog", 2));
        assert_noop!(purge(container, "usageLog", 2), Error::NothingToDo);
        assert_ok!(purge(container, "hours", 1));
        assert_ok!(purge(container, "price", 64));
        let price = data_set(container, "price");
        assert_eq!((price.count, price.key), (0, None));
        assert_eq!(Containers::<Test>::get(container).unwrap().confidential, 1);
        assert_eq!(items(container, "stamps"), [[Some("1".to_string())]]);
    });
}

#[test]
fn purge_fails_when_there_is_no_revision_left_to_retire_with() {
    run(|| {
        let container = service();
        assert_ok!(set(M, container, "hours", b"1"));
        close(container);
        DataSets::<Test>::mutate(container, name("hours"), |set| {
            set.as_mut().unwrap().revision = u32::MAX;
        });
        assert_noop!(purge(container, "hours", 1), Error::IdsExhausted);
    });
}
