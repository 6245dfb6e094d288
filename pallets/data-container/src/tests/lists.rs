// SPDX-License-Identifier: Apache-2.0

//! Lists: appending and removing items.

use super::{Error, Event};
use crate::{mock::*, operation::Operation, pallet::*, types::*};
use frame_support::assert_ok;
use sp_runtime::DispatchResult;
use twinchain_primitives::{assert_noop, ContainerId};

fn remove(who: AccountId, id: ContainerId, set: &str, batch: u32, at: u32) -> DispatchResult {
    outcome(DataContainer::remove_item(signed(who), id, set.into(), batch, at, None))
}

const ONE: &str = r#"{"hours":1}"#;
const TWO: &str = r#"{"hours":2}"#;

#[test]
fn an_append_is_one_batch() {
    run(|| {
        let container = service();
        let before = data_set(container, "usageLog");
        assert_ok!(append(M, container, "usageLog", &[ONE, TWO]));
        let operation = Operation::Append {
            revision: 1,
            author: M,
            authority: Authority::Owner,
            block: 1,
            time: Timestamp::get(),
            batch: 0,
            payload_hash: items_hash(&[ONE, TWO]),
        };
        let log = data_set(container, "usageLog");
        assert_eq!((log.revision, log.count, log.batches), (1, 2, 1));
        assert_eq!(log.head, crate::operation::next_head(&before.head, &operation));
        let changed = Event::DataSetChanged {
            container,
            data_set: USAGE_LOG,
            name: name("usageLog"),
            operation,
        };
        assert_eq!(events(), [changed]);
        assert_eq!(Batches::<Test>::iter().count(), 1);
    });
}

#[test]
fn append_fails_when_there_is_nothing_or_too_much_to_append() {
    run(|| {
        let container = service();
        assert_noop!(append(M, container, "stamps", &[]), Error::NothingToDo);
        assert_noop!(append(M, container, "stamps", &["1"; 257]), Error::TooManyItems);
        assert_ok!(append(M, container, "stamps", &["1"; 256]));
        let long = padded("1", 65_536);
        assert_ok!(append(M, container, "stamps", &[&long]));
        assert_ok!(append(M, container, "stamps", &[&long, &format!("{:48}", 1)]));
        let call = append(M, container, "stamps", &[&long, &format!("{:49}", 1)]);
        assert_noop!(call, Error::PayloadTooLong);
        let call = append(M, container, "stamps", &["1", &format!("{long} ")]);
        assert_noop!(call, Error::ValueTooLong { index: 1, offset: u16::MAX });
    });
}

#[test]
fn append_fails_when_there_is_no_such_list() {
    run(|| {
        assert_noop!(append(M, 0, "usageLog", &[ONE]), Error::ContainerNotFound);
        let container = service();
        assert_noop!(append(M, container, "nothing", &[ONE]), Error::DataSetNotFound);
        assert_noop!(append(M, container, "a/b", &[ONE]), Error::InvalidName);
        assert_noop!(append(M, container, "hours", &["1"]), Error::WrongKind);
        assert_noop!(append(M, container, "offers", &["1"]), Error::Confidential);
        assert_noop!(append(X, container, "usageLog", &[ONE]), Error::NotPermitted);
        let call = |revision| {
            DataContainer::append(signed(M), container, b"stamps".to_vec(), texts(&["1"]), revision)
        };
        assert_noop!(call(Some(1)), Error::StaleRevision);
        assert_ok!(call(Some(0)));
        assert_ok!(DataContainer::retire_data_set(signed(M), container, b"usageLog".to_vec()));
        assert_noop!(append(M, container, "usageLog", &[ONE]), Error::DataSetRetired);
        close(container);
        assert_noop!(append(M, container, "stamps", &["1"]), Error::ContainerClosed);
    });
}

#[test]
fn append_fails_when_the_numbers_are_used_up() {
    let mut chain = ExtBuilder.build();
    chain.execute_with(|| {
        let container = service();
        let prepare = |change: fn(&mut DataSet<AccountId, u64>)| {
            DataSets::<Test>::mutate(container, name("stamps"), |set| {
                change(set.as_mut().unwrap())
            });
        };
        prepare(|set| set.batches = u32::MAX);
        assert_noop!(append(M, container, "stamps", &["1"]), Error::IdsExhausted);
        prepare(|set| (set.batches, set.count) = (0, u32::MAX - 1));
        assert_noop!(append(M, container, "stamps", &["1", "2"]), Error::IdsExhausted);
        assert_ok!(append(M, container, "stamps", &["1"]));
        prepare(|set| (set.count, set.revision) = (0, u32::MAX));
        assert_noop!(append(M, container, "stamps", &["1"]), Error::IdsExhausted);
    });
}

#[test]
fn removing_the_only_item_leaves_an_empty_batch() {
    run(|| {
        let container = service();
        assert_ok!(append(M, container, "usageLog", &[ONE]));
        System::reset_events();
        assert_ok!(remove(M, container, "usageLog", 0, 0));
        let operation = Operation::Remove {
            revision: 2,
            author: M,
            authority: Authority::Owner,
            block: 1,
            time: Timestamp::get(),
            batch: 0,
            position: 0,
        };
        let changed = Event::DataSetChanged {
            container,
            data_set: USAGE_LOG,
            name: name("usageLog"),
            operation,
        };
        assert_eq!(events(), [changed]);
        assert_eq!(items(container, "usageLog"), [vec![None]]);
        let log = data_set(container, "usageLog");
        assert_eq!((log.revision, log.count, log.batches), (2, 0, 1));
        // The next batch has the next number.
        assert_ok!(append(M, container, "usageLog", &[TWO]));
        assert_eq!(items(container, "usageLog"), [vec![None], vec![Some(TWO.into())]]);
    });
}

#[test]
fn remove_item_fails_when_there_is_no_such_item() {
    run(|| {
        assert_noop!(remove(M, 0, "usageLog", 0, 0), Error::ContainerNotFound);
        let container = service();
        assert_noop!(remove(M, container, "usageLog", 0, 0), Error::ItemNotFound);
        assert_ok!(append(M, container, "usageLog", &[ONE, TWO]));
        for (batch, position) in [(0, 2), (1, 0), (0, u32::MAX), (u32::MAX, 0)] {
            let call = remove(M, container, "usageLog", batch, position);
            assert_noop!(call, Error::ItemNotFound);
        }
        assert_ok!(remove(M, container, "usageLog", 0, 1));
        assert_noop!(remove(M, container, "usageLog", 0, 1), Error::ItemNotFound);
        assert_noop!(remove(M, container, "nothing", 0, 0), Error::DataSetNotFound);
        assert_noop!(remove(M, container, "", 0, 0), Error::InvalidName);
        assert_noop!(remove(M, container, "hours", 0, 0), Error::WrongKind);
        assert_noop!(remove(M, container, "offers", 0, 0), Error::ItemNotFound);
        assert_noop!(remove(X, container, "usageLog", 0, 0), Error::NotPermitted);
    });
}

#[test]
fn remove_item_fails_when_the_list_cannot_change() {
    run(|| {
        let container = service();
        assert_ok!(append(M, container, "stamps", &["1"]));
        assert_noop!(remove(M, container, "stamps", 0, 0), Error::WriteOnce);
        assert_ok!(append(M, container, "usageLog", &[ONE, TWO]));
        let call = |revision| {
            DataContainer::remove_item(
                signed(M),
                container,
                b"usageLog".to_vec(),
                0,
                0,
                Some(revision),
            )
        };
        assert_noop!(call(0), Error::StaleRevision);
        assert_ok!(call(1));
        offer(container);
        assert_noop!(remove(M, container, "usageLog", 0, 1), Error::OfferPending);
        // Appending is still allowed.
        assert_ok!(append(M, container, "usageLog", &[ONE]));

        let other = service();
        assert_ok!(append(M, other, "usageLog", &[ONE]));
        assert_ok!(DataContainer::retire_data_set(signed(M), other, b"usageLog".to_vec()));
        assert_noop!(remove(M, other, "usageLog", 0, 0), Error::DataSetRetired);
        close(other);
        assert_noop!(remove(M, other, "usageLog", 0, 0), Error::ContainerClosed);
    });
}
