// SPDX-License-Identifier: Apache-2.0

//! With an organisation go its seats in the council and its validators, but not before others can
//! go on without them.

use crate::{mock::*, pallet::*, types::*};
use frame_support::assert_ok;
use twinchain_primitives::assert_noop;

type Error = crate::Error<Test>;

/// The manufacturer's node.
fn its_node() -> PeerId {
    super::nodes::peer(1).try_into().unwrap()
}

/// A chain on which the manufacturer has a seat, a validator and a node.
fn run_with_officials(test: impl FnOnce()) {
    run(|| {
        seat(&[COUNCILLOR, S, 50, 51]);
        let members: [AccountId; 1] = [VALIDATORS[0]];
        for account in members {
            assert_ok!(Consortium::add_member(root(), MAKER, account, vec![]));
        }
        assert_ok!(Consortium::add_node(signed(M), MAKER, its_node().into(), vec![]));
        two_sessions();
        events();
        test();
    });
}

#[test]
fn its_seats_and_validators_go_in_the_same_decision() {
    run_with_officials(|| {
        assert_ok!(Consortium::remove_organisation(root(), MAKER));
        assert_eq!(
            events(),
            [
                Event::SeatsVacated { accounts: vec![S] },
                Event::ValidatorRemoved { account: VALIDATORS[0], offence: false },
                Event::StatusSet { organisation: MAKER, status: Status::Removed },
            ]
        );
        assert_eq!(Councillors::seats(), [COUNCILLOR, 50, 51]);
        assert_eq!(Validators::<Test>::get().into_inner(), VALIDATORS[1..]);
        assert!(validate(S, &nothing(), 0).is_err());
        two_sessions();
        assert_eq!(Session::validators(), VALIDATORS[1..]);
    });
}

#[test]
fn its_nodes_are_listed_until_two_sessions_after_the_first_without_its_validators() {
    run_with_officials(|| {
        go_to(System::block_number() + 7);
        assert_ok!(Consortium::remove_organisation(root(), MAKER));
        let mut without = None;
        let clear = || Consortium::clear_organisation(signed(N), MAKER, 64).map(|_| ());
        loop {
            let session = Session::current_index();
            if !Session::validators().contains(&VALIDATORS[0]) {
                without.get_or_insert(session);
            }
            if without.is_some_and(|first| session >= first + 2) {
                break;
            }
            assert_eq!(Consortium::nodes(), [its_node()], "in block {}", System::block_number());
            assert_eq!(clear().unwrap_err().error, Error::NodesListed.into());
            go_to(System::block_number() + 1);
        }
        assert!(Consortium::nodes().is_empty());
        assert_ok!(clear());
    });
}

#[test]
fn the_nodes_of_one_without_validators_are_disconnected() {
    run(|| {
        assert_ok!(Consortium::add_node(signed(M), MAKER, its_node().into(), vec![]));
        assert_ok!(Consortium::remove_organisation(root(), MAKER));
        assert!(Consortium::nodes().is_empty());
    });
}

#[test]
fn a_validator_that_was_dismissed_before_still_validates_for_a_while() {
    run_with_officials(|| {
        assert_ok!(Consortium::remove_validator(root(), VALIDATORS[0]));
        assert_ok!(Consortium::remove_organisation(root(), MAKER));
        assert!(Session::validators().contains(&VALIDATORS[0]));
        assert_eq!(Consortium::nodes(), [its_node()]);
    });
}

#[test]
fn one_that_is_in_its_last_session_counts_as_well() {
    run_with_officials(|| {
        assert_ok!(Consortium::remove_validator(root(), VALIDATORS[0]));
        go_to(System::block_number() / 10 * 10 + 10);
        // It is planned no more, and validates in this session.
        assert!(!Planned::<Test>::get().iter().any(|(account, _)| *account == VALIDATORS[0]));
        assert!(Session::validators().contains(&VALIDATORS[0]));
        assert_ok!(Consortium::remove_organisation(root(), MAKER));
        assert_eq!(Consortium::nodes(), [its_node()]);
    });
}

#[test]
fn an_official_neither_leaves_nor_is_taken_in_without_its_consent() {
    run_with_officials(|| {
        assert_noop!(Consortium::leave_organisation(signed(S)), Error::HoldsOffice);
        for official in [S, VALIDATORS[0]] {
            assert_noop!(Consortium::remove_member(signed(M), official), Error::HoldsOffice);
        }
        for stranger in [COUNCILLOR, VALIDATORS[1]] {
            let add = Consortium::add_member(signed(C), CUSTOMER, stranger, vec![]);
            assert_noop!(add, Error::HoldsOffice);
        }
        // The council may, and one that gave up its office.
        assert_ok!(Consortium::remove_member(root(), S));
        assert_ok!(Consortium::add_member(root(), CUSTOMER, COUNCILLOR, vec![]));
        assert_ok!(Consortium::remove_validator(root(), VALIDATORS[0]));
        assert_ok!(Consortium::remove_member(signed(M), VALIDATORS[0]));
    });
}

#[test]
fn it_is_refused_while_too_few_would_remain() {
    run_with_officials(|| {
        seat(&[COUNCILLOR, S, 50]);
        let remove = || Consortium::remove_organisation(root(), MAKER);
        assert_noop!(remove(), Error::TooFewSeats);
        seat(&[COUNCILLOR, S, 50, 51]);
        for validator in &VALIDATORS[1..] {
            assert_ok!(Consortium::remove_validator(root(), *validator));
        }
        assert_noop!(remove(), Error::TooFewValidators);
        // Another one has to be able to validate.
        assert_ok!(Consortium::add_validator(root(), N));
        assert_noop!(remove(), Error::TooFewValidators);
        super::validators::set_keys(N, 9);
        assert_ok!(remove());
    });
}

#[test]
fn one_without_offices_is_removed_from_a_small_council() {
    run(|| {
        assert_eq!(Councillors::seats().len(), 1);
        assert_ok!(Consortium::remove_organisation(root(), CUSTOMER));
    });
}
