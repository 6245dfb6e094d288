// SPDX-License-Identifier: Apache-2.0

//! Entries: setting one, clearing it, and storing several.

use super::{Error, Event};
use crate::{mock::*, operation::Operation, pallet::*, types::*};
use frame_support::assert_ok;
use sp_runtime::DispatchResult;
use twinchain_primitives::{assert_noop, Access, ContainerId};

fn clear(who: AccountId, id: ContainerId, set: &str) -> DispatchResult {
    DataContainer::clear_entry(signed(who), id, set.into(), None)
}

fn store(who: AccountId, id: ContainerId, values: &[(&str, &str)]) -> DispatchResult {
    let values = values.iter().map(|(set, value)| new_value(set, value)).collect();
    DataContainer::store(signed(who), id, values).map(|_| ()).map_err(|error| error.error)
}

#[test]
fn set_entry_counts_and_chains_the_change_and_deposits_an_event() {
    run(|| {
        let container = service();
        let before = data_set(container, "hours");
        next_blocks(2);
        assert_ok!(set(M, container, "hours", b" 12 "));
        // The value is stored byte for byte, with its blanks.
        assert_eq!(entry(container, "hours").unwrap(), " 12 ");
        let operation = Operation::Set {
            revision: 1,
            author: M,
            authority: Authority::Owner,
            block: 3,
            time: Timestamp::get(),
            payload_hash: hash(b" 12 "),
        };
        let after = data_set(container, "hours");
        assert_eq!((after.revision, after.count, after.changed), (1, 1, 3));
        assert_eq!(after.head, crate::operation::next_head(&before.head, &operation));
        let changed =
            Event::DataSetChanged { container, data_set: HOURS, name: name("hours"), operation };
        assert_eq!(events(), [changed]);
    });
}

#[test]
fn setting_the_same_value_again_makes_a_new_revision() {
    run(|| {
        let container = service();
        assert_ok!(set(M, container, "hours", b"1"));
        let first = data_set(container, "hours");
        assert_ok!(set(M, container, "hours", b"1"));
        let second = data_set(container, "hours");
        assert_eq!((second.revision, second.count), (2, 1));
        assert_ne!(first.head, second.head);
    });
}

#[test]
fn set_entry_fails_when_there_is_no_such_entry() {
    run(|| {
        assert_noop!(set(M, 0, "hours", b"1"), Error::ContainerNotFound);
        let container = service();
        assert_noop!(set(M, container, "nothing", b"1"), Error::DataSetNotFound);
        for bad in ["", "a/b", "\n", &"n".repeat(65)] {
            assert_noop!(set(M, container, bad, b"1"), Error::InvalidName);
        }
        assert_noop!(set(M, container, "usageLog", b"1"), Error::WrongKind);
        assert_noop!(set(M, container, "price", b"1"), Error::Confidential);
        // Access is checked first, so a stranger learns nothing about a data set.
        assert_noop!(set(X, container, "price", b"1"), Error::NotPermitted);
        assert_noop!(set(X, container, "hours", b"no value"), Error::NotPermitted);
    });
}

#[test]
fn set_entry_fails_when_the_data_set_is_retired_or_the_container_closed() {
    run(|| {
        let container = service();
        assert_ok!(DataContainer::retire_data_set(signed(M), container, b"hours".to_vec()));
        assert_noop!(set(M, container, "hours", b"1"), Error::DataSetRetired);
        close(container);
        assert_noop!(set(M, container, "serial", b"1"), Error::ContainerClosed);
    });
}

#[test]
fn set_entry_fails_when_the_revision_is_not_the_expected_one() {
    run(|| {
        let container = service();
        let call = |value: &str, expected| {
            DataContainer::set_entry(
                signed(M),
                container,
                b"hours".to_vec(),
                value.into(),
                expected,
            )
        };
        assert_noop!(call("1", Some(1)), Error::StaleRevision);
        assert_ok!(call("1", Some(0)));
        assert_noop!(call("2", Some(0)), Error::StaleRevision);
        assert_noop!(call("2", Some(u32::MAX)), Error::StaleRevision);
        assert_ok!(call("2", Some(1)));
        assert_eq!(entry(container, "hours").unwrap(), "2");
    });
}

#[test]
fn set_entry_fails_when_a_write_once_entry_was_set() {
    run(|| {
        let container = service();
        assert_ok!(set(M, container, "serial", br#""4711""#));
        assert_noop!(set(M, container, "serial", br#""4712""#), Error::WriteOnce);
        // A default counts as the first write.
        let plugin = publish(
            M,
            &document(
                r#""value":{"type":"entry","visibility":"public","dataSchema":true,"value":1,
                "writeOnce":true}"#,
            ),
        );
        let other = instantiate(M, plugin);
        assert_noop!(set_value(other, b"2"), Error::WriteOnce);
    });
}

#[test]
fn set_entry_fails_when_the_revisions_are_used_up() {
    let mut chain = ExtBuilder.build();
    chain.execute_with(|| {
        let container = service();
        DataSets::<Test>::mutate(container, name("hours"), |set| {
            set.as_mut().unwrap().revision = u32::MAX;
        });
        assert_noop!(set(M, container, "hours", b"1"), Error::IdsExhausted);
    });
}

#[test]
fn a_cleared_entry_has_no_value_and_can_be_set_again() {
    run(|| {
        let container = service();
        assert_ok!(set(M, container, "hours", b"1"));
        System::reset_events();
        assert_ok!(clear(M, container, "hours"));
        assert_eq!(entry(container, "hours"), None);
        let operation = Operation::Clear {
            revision: 2,
            author: M,
            authority: Authority::Owner,
            block: 1,
            time: START,
        };
        let changed =
            Event::DataSetChanged { container, data_set: HOURS, name: name("hours"), operation };
        assert_eq!(events(), [changed]);
        assert_ok!(set(M, container, "hours", b"3"));
        let hours = data_set(container, "hours");
        assert_eq!((hours.revision, hours.count), (3, 1));
    });
}

#[test]
fn clear_entry_fails_when_there_is_nothing_to_clear() {
    run(|| {
        assert_noop!(clear(M, 0, "hours"), Error::ContainerNotFound);
        let container = service();
        assert_noop!(clear(M, container, "hours"), Error::ItemNotFound);
        assert_noop!(clear(M, container, "nothing"), Error::DataSetNotFound);
        assert_noop!(clear(M, container, "a/b"), Error::InvalidName);
        assert_noop!(clear(M, container, "usageLog"), Error::WrongKind);
        assert_noop!(clear(M, container, "price"), Error::ItemNotFound);
        assert_noop!(clear(X, container, "manual"), Error::NotPermitted);
        assert_ok!(clear(M, container, "manual"));
        assert_noop!(clear(M, container, "manual"), Error::ItemNotFound);
    });
}

#[test]
fn set_entry_fails_when_the_caller_is_the_owner_and_offers_it() {
    run(|| {
        let container = service();
        assign(container, S, CHIEF);
        offer(container);
        assert_noop!(set(M, container, "hours", b"1"), Error::OfferPending);
        assert_ok!(set(S, container, "hours", b"1"));
        withdraw(container);
        assert_ok!(set(M, container, "hours", b"2"));
    });
}

#[test]
fn store_fails_when_the_caller_is_the_owner_and_offers_it() {
    run(|| {
        let container = service();
        assign(container, S, CHIEF);
        offer(container);
        let store =
            |who| DataContainer::store(signed(who), container, vec![new_value("hours", "1")]);
        assert_noop!(store(M), Error::OfferPending);
        assert_ok!(store(S));
    });
}

#[test]
fn clear_entry_fails_when_the_entry_cannot_change() {
    run(|| {
        let container = service();
        assert_ok!(set(M, container, "serial", br#""4711""#));
        assert_noop!(clear(M, container, "serial"), Error::WriteOnce);
        let call = |expected| {
            DataContainer::clear_entry(signed(M), container, b"manual".to_vec(), Some(expected))
        };
        assert_noop!(call(0), Error::StaleRevision);
        assert_noop!(call(2), Error::StaleRevision);
        assert_ok!(DataContainer::retire_data_set(signed(M), container, b"manual".to_vec()));
        assert_noop!(clear(M, container, "manual"), Error::DataSetRetired);
        assert_ok!(set(M, container, "hours", b"1"));
        offer(container);
        assert_noop!(clear(M, container, "hours"), Error::OfferPending);
        assert_noop!(set(M, container, "hours", b"2"), Error::OfferPending);
        let closed = service();
        close(closed);
        assert_noop!(clear(M, closed, "manual"), Error::ContainerClosed);
    });
}

#[test]
fn store_sets_many_entries_in_order() {
    run(|| {
        let container = service();
        assert_ok!(store(M, container, &[("hours", "1"), ("serial", r#""4711""#), ("hours", "2")]));
        assert_eq!(entry(container, "hours").unwrap(), "2");
        assert_eq!(data_set(container, "hours").revision, 2);
        let operation = |revision, value: &str| Operation::Set {
            revision,
            author: M,
            authority: Authority::Owner,
            block: 1,
            time: Timestamp::get(),
            payload_hash: hash(value.as_bytes()),
        };
        let changed = |data_set, text, operation| Event::DataSetChanged {
            container,
            data_set,
            name: name(text),
            operation,
        };
        let expected = [
            changed(HOURS, "hours", operation(1, "1")),
            changed(3, "serial", operation(1, r#""4711""#)),
            changed(HOURS, "hours", operation(2, "2")),
        ];
        assert_eq!(events(), expected);
    });
}

#[test]
fn store_checks_the_expected_revision_of_each_value() {
    run(|| {
        let container = service();
        let call = |revisions: [u32; 2]| {
            let values = revisions.map(|expected| NewValue {
                expected_revision: Some(expected),
                ..new_value("hours", "1")
            });
            DataContainer::store(signed(M), container, values.to_vec())
        };
        assert_noop!(call([0, 0]), Error::StaleRevision);
        assert_ok!(call([0, 1]));
        assert_eq!(data_set(container, "hours").revision, 2);
    });
}

#[test]
fn store_fails_when_there_is_nothing_or_too_much_to_store() {
    run(|| {
        let container = service();
        assert_noop!(store(M, container, &[]), Error::NothingToDo);
        assert_noop!(store(M, container, &[("hours", "1"); 65]), Error::TooManyItems);
        assert_ok!(store(M, container, &[("hours", "1"); 64]));

        let long = |bytes: usize| padded("1", bytes);
        let (half, more) = (long(32_792), long(32_793));
        let mut values = [("hours", half.as_str()); 2];
        assert_ok!(store(M, container, &values));
        assert_noop!(
            store(M, container, &[values.as_slice(), &[("hours", "1")]].concat()),
            Error::PayloadTooLong
        );
        values[1] = ("hours", &more);
        assert_noop!(store(M, container, &values), Error::PayloadTooLong);
        let call = store(M, container, &[("hours", "1"), ("hours", &long(65_537))]);
        assert_noop!(call, Error::ValueTooLong { index: 1, offset: u16::MAX });
    });
}

#[test]
fn store_fails_when_one_of_the_entries_is_rejected() {
    run(|| {
        assert_noop!(store(M, 0, &[("hours", "1")]), Error::ContainerNotFound);
        let container = service();
        let good = ("hours", "1");
        for (bad, error) in [
            (("a/b", "1"), Error::InvalidName),
            (("nothing", "1"), Error::DataSetNotFound),
            (("usageLog", "1"), Error::WrongKind),
            (("price", "1"), Error::Confidential),
            (("hours", "1.5"), Error::TypeMismatch { index: 1, offset: 0 }),
        ] {
            assert_noop!(store(M, container, &[good, bad]), error);
        }
        let serial = ("serial", r#""4711""#);
        assert_noop!(store(M, container, &[serial, serial]), Error::WriteOnce);
        let stale = NewValue { expected_revision: Some(9), ..new_value("hours", "1") };
        let values = vec![new_value("serial", r#""1""#), stale];
        assert_noop!(DataContainer::store(signed(M), container, values), Error::StaleRevision);
        grant(container, S, HOURS, Access::WRITE, None);
        assert_ok!(store(S, container, &[good]));
        assert_noop!(store(S, container, &[good, serial]), Error::NotPermitted);
        assert_ok!(DataContainer::retire_data_set(signed(M), container, b"manual".to_vec()));
        assert_noop!(store(M, container, &[good, ("manual", "1")]), Error::DataSetRetired);
        close(container);
        assert_noop!(store(M, container, &[good]), Error::ContainerClosed);
    });
}

#[test]
fn a_value_is_the_same_wherever_it_is_stored() {
    run(|| {
        let id = service();
        let value = |bytes: usize| format!("{:?}", "x".repeat(bytes - 2));
        let kept = || LongEntries::<Test>::contains_key(id, 0);
        for (bytes, apart) in [(512, false), (513, true), (65_536, true), (2, false), (513, true)] {
            assert_ok!(set(M, id, "manual", value(bytes).as_bytes()));
            assert_eq!((entry(id, "manual"), kept()), (Some(value(bytes)), apart));
            // A clone has the value as well.
            let clone = NextContainerId::<Test>::get();
            assert_ok!(DataContainer::clone_container(signed(M), id, true));
            assert_eq!(entry(clone, "manual"), Some(value(bytes)));
            assert_eq!(LongEntries::<Test>::contains_key(clone, 0), apart);
        }
        // Clearing and purging remove the value from both places.
        let clear = || DataContainer::clear_entry(signed(M), id, b"manual".to_vec(), None);
        assert_ok!(clear());
        assert_eq!((entry(id, "manual"), kept()), (None, false));
        for bytes in [513, 512] {
            let id = instantiate(M, 0);
            assert_ok!(set(M, id, "manual", value(bytes).as_bytes()));
            assert_ok!(DataContainer::retire_data_set(signed(M), id, b"manual".to_vec()));
            assert_eq!(entry(id, "manual"), Some(value(bytes)));
            assert_ok!(DataContainer::purge(signed(M), id, b"manual".to_vec(), 1));
            assert_eq!(entry(id, "manual"), None);
            assert!(!LongEntries::<Test>::contains_key(id, 0));
        }
    });
}

#[test]
fn a_sealed_value_is_the_same_wherever_it_is_stored() {
    run(|| {
        let id = service();
        rotate(id, "price", &[]);
        // The longest value that fits into the record, and the next longer one.
        for bytes in [112, 496, 560] {
            let call = DataContainer::set_sealed_entry(
                signed(M),
                id,
                b"price".to_vec(),
                1,
                vec![7; bytes],
                None,
            );
            assert_ok!(call);
            let stored = DataContainer::entry(id, b"price".to_vec()).unwrap();
            let ciphertext = vec![7; bytes].try_into().unwrap();
            assert_eq!(stored.value, StoredValue::Sealed { suite: SUITE, epoch: 1, ciphertext });
            assert_eq!(LongEntries::<Test>::contains_key(id, PRICE), bytes > 512);
        }
    });
}
