// SPDX-License-Identifier: Apache-2.0

//! Sealed values: writing, chaining and rejection.

use super::{Error, Event};
use crate::{mock::*, operation::Operation, pallet::*, types::*};
use codec::Encode;
use frame_support::assert_ok;
use twinchain_primitives::{assert_noop, Access};

#[test]
fn a_sealed_write_is_chained_with_the_hash_of_its_ciphertext() {
    run(|| {
        let id = service();
        rotate(id, "price", &[]);
        rotate(id, "offers", &[]);
        assign(id, S, TECHNICIAN);
        System::reset_events();
        assert_ok!(set_sealed(S, id, "price", 1));
        let operation = Operation::Set {
            revision: 1,
            author: S,
            authority: Authority::Role(TECHNICIAN),
            block: 1,
            time: Timestamp::get(),
            payload_hash: hash(&(SUITE, 1u32, ciphertext()).encode()),
        };
        let changed = Event::DataSetChanged {
            container: id,
            data_set: PRICE,
            name: name("price"),
            operation: operation.clone(),
        };
        assert_eq!(events(), [changed]);
        let first = crate::operation::initial_head(&System::block_hash(0), id, PRICE);
        assert_eq!(data_set(id, "price").head, crate::operation::next_head(&first, &operation));
        let value = Ciphertext::try_from(ciphertext()).unwrap();
        let value = StoredValue::Sealed { suite: SUITE, epoch: 1, ciphertext: value };
        let stored = Entry { author: S, block: 1, time: Timestamp::get(), value };
        assert_eq!(DataContainer::entry(id, b"price".to_vec()), Some(stored));
        // A sensor that can write through a role cannot read.
        assert!(!DataContainer::can(id, b"price".to_vec(), S, Access::READ));
        assert_ok!(append_sealed(M, id, "offers", 1));
        assert_eq!((data_set(id, "offers").count, data_set(id, "offers").batches), (2, 1));
        let remove = || DataContainer::remove_item(signed(M), id, b"offers".to_vec(), 0, 1, None);
        assert_ok!(remove());
        assert_eq!(data_set(id, "offers").count, 1);
        assert_ok!(DataContainer::clear_entry(signed(M), id, b"price".to_vec(), None));
    });
}

#[test]
fn set_sealed_entry_fails_when_there_is_no_such_entry_or_key() {
    run(|| {
        assert_noop!(set_sealed(M, 0, "price", 1), Error::ContainerNotFound);
        let id = service();
        for (set, error) in [
            ("a/b", Error::InvalidName),
            ("nothing", Error::DataSetNotFound),
            ("offers", Error::WrongKind),
            ("hours", Error::NotConfidential),
            ("price", Error::NoKey),
        ] {
            assert_noop!(set_sealed(M, id, set, 1), error);
        }
        assert_noop!(set(M, id, "price", b"1"), Error::Confidential);
        rotate(id, "price", &[]);
        assert_noop!(set_sealed(X, id, "price", 1), Error::NotPermitted);
        for epoch in [0, 2] {
            assert_noop!(set_sealed(M, id, "price", epoch), Error::StaleEpoch);
        }
        assert_ok!(share(id, C, "price", Access::READ, Some(START)));
        // A reader cannot write.
        assert_noop!(set_sealed(C, id, "price", 1), Error::NotPermitted);
        set_time(START + 1);
        assert_noop!(set_sealed(M, id, "price", 1), Error::RotationDue);
    });
}

#[test]
fn set_sealed_entry_fails_when_the_value_or_the_revision_is_wrong() {
    run(|| {
        let id = service();
        rotate(id, "price", &[]);
        let call = |ciphertext: Vec<u8>, revision| {
            let set = b"price".to_vec();
            DataContainer::set_sealed_entry(signed(M), id, set, 1, ciphertext, revision)
        };
        for length in [0, 1, 48, 64, 111, 113, 65_536, 65_648] {
            let error = Error::InvalidCiphertext { index: 0 };
            assert_noop!(call(vec![0; length], None), error);
        }
        assert_ok!(call(vec![0; 65_584], Some(0)));
        assert_noop!(call(ciphertext(), Some(0)), Error::StaleRevision);
        let once = r#"{"type":"entry","dataSchema":true,"writeOnce":true}"#;
        let (set, text) = (b"once".to_vec(), once.into());
        assert_ok!(DataContainer::add_data_set(signed(M), id, set, text));
        rotate(id, "once", &[]);
        assert_ok!(set_sealed(M, id, "once", 1));
        assert_noop!(set_sealed(M, id, "once", 1), Error::WriteOnce);
        DataSets::<Test>::mutate(id, name("price"), |set| {
            set.as_mut().unwrap().revision = u32::MAX
        });
        assert_noop!(call(ciphertext(), None), Error::IdsExhausted);
    });
}

#[test]
fn set_sealed_entry_fails_when_it_has_ended_or_the_offer_has_lapsed() {
    run(|| {
        let id = service();
        rotate(id, "price", &[]);
        let envelopes = all_envelopes(id, C);
        assert_ok!(DataContainer::offer_ownership(signed(M), id, C, START, envelopes));
        assign(id, S, TECHNICIAN);
        // While on offer, the owner cannot set entries. Other accounts can, until the deadline.
        assert_noop!(set_sealed(M, id, "price", 1), Error::OfferPending);
        assert_ok!(set_sealed(S, id, "price", 1));
        set_time(START + 1);
        assert_noop!(set_sealed(S, id, "price", 1), Error::OfferLapsed);
        withdraw(id);
        assert_noop!(set_sealed(M, id, "price", 1), Error::RotationDue);
        rotate(id, "price", &[]);
        assert_ok!(set_sealed(M, id, "price", 2));
        assert_ok!(DataContainer::retire_data_set(signed(M), id, b"price".to_vec()));
        assert_noop!(set_sealed(M, id, "price", 2), Error::DataSetRetired);
        close(id);
        assert_noop!(set_sealed(M, id, "price", 2), Error::ContainerClosed);
    });
}

#[test]
fn append_sealed_fails_when_there_is_nothing_or_too_much_to_append() {
    run(|| {
        let id = service();
        rotate(id, "offers", &[]);
        let call = |items: Vec<Vec<u8>>, revision| {
            let set = b"offers".to_vec();
            DataContainer::append_sealed(signed(M), id, set, 1, items, revision)
        };
        assert_noop!(call(vec![], None), Error::NothingToDo);
        assert_noop!(call(vec![ciphertext(); 257], None), Error::TooManyItems);
        assert_noop!(call(vec![vec![0; 65_584]; 5], None), Error::PayloadTooLong);
        let bad = vec![ciphertext(), vec![0; 111]];
        assert_noop!(call(bad, None), Error::InvalidCiphertext { index: 1 });
        assert_ok!(call(vec![ciphertext(); 256], Some(0)));
        assert_noop!(call(vec![ciphertext()], Some(0)), Error::StaleRevision);
        DataSets::<Test>::mutate(id, name("offers"), |set| {
            set.as_mut().unwrap().revision = u32::MAX
        });
        assert_noop!(call(vec![ciphertext()], None), Error::IdsExhausted);
    });
}

#[test]
fn append_sealed_fails_when_there_is_no_such_list_or_key() {
    run(|| {
        assert_noop!(append_sealed(M, 0, "offers", 1), Error::ContainerNotFound);
        let id = service();
        for (set, error) in [
            ("a/b", Error::InvalidName),
            ("nothing", Error::DataSetNotFound),
            ("price", Error::WrongKind),
            ("usageLog", Error::NotConfidential),
            ("offers", Error::NoKey),
        ] {
            assert_noop!(append_sealed(M, id, set, 1), error);
        }
        assert_noop!(append(M, id, "offers", &["1"]), Error::Confidential);
        rotate(id, "offers", &[]);
        assert_noop!(append_sealed(X, id, "offers", 1), Error::NotPermitted);
        assert_noop!(append_sealed(M, id, "offers", 2), Error::StaleEpoch);
        let envelopes = all_envelopes(id, C);
        assert_ok!(DataContainer::offer_ownership(signed(M), id, C, START, envelopes));
        set_time(START + 1);
        assert_noop!(append_sealed(M, id, "offers", 1), Error::OfferLapsed);
        withdraw(id);
        assert_noop!(append_sealed(M, id, "offers", 1), Error::RotationDue);
        assert_ok!(DataContainer::retire_data_set(signed(M), id, b"offers".to_vec()));
        assert_noop!(append_sealed(M, id, "offers", 1), Error::DataSetRetired);
        close(id);
        assert_noop!(append_sealed(M, id, "offers", 1), Error::ContainerClosed);
    });
}
