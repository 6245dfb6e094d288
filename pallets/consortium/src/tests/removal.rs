// SPDX-License-Identifier: Apache-2.0

//! The removal of an organisation, with its seats in the council and its validators. It fails
//! unless enough seats and validators remain.

use crate::{mock::*, pallet::*, types::*};
use frame_support::assert_ok;
use twinchain_primitives::assert_noop;

type Error = crate::Error<Test>;

/// The manufacturer's node.
fn its_node() -> PeerId {
    super::nodes::peer(1).try_into().unwrap()
}

/// Runs a test on a chain on which the manufacturer has a seat, a validator and a node.
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
fn removal_ends_seats_and_validators() {
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
fn nodes_stay_listed_until_two_sessions_after_the_validators_stop() {
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
fn nodes_are_disconnected_immediately_without_validators() {
    run(|| {
        assert_ok!(Consortium::add_node(signed(M), MAKER, its_node().into(), vec![]));
        assert_ok!(Consortium::remove_organisation(root(), MAKER));
        assert!(Consortium::nodes().is_empty());
    });
}

#[test]
fn nodes_stay_listed_for_a_validator_dismissed_earlier() {
    run_with_officials(|| {
        assert_ok!(Consortium::remove_validator(root(), VALIDATORS[0]));
        assert_ok!(Consortium::remove_organisation(root(), MAKER));
        assert!(Session::validators().contains(&VALIDATORS[0]));
        assert_eq!(Consortium::nodes(), [its_node()]);
    });
}

#[test]
fn nodes_stay_listed_for_a_validator_in_its_last_session() {
    run_with_officials(|| {
        assert_ok!(Consortium::remove_validator(root(), VALIDATORS[0]));
        go_to(System::block_number() / 10 * 10 + 10);
        // It is no longer planned, but validates in this session.
        assert!(!Planned::<Test>::get().iter().any(|(account, _)| *account == VALIDATORS[0]));
        assert!(Session::validators().contains(&VALIDATORS[0]));
        assert_ok!(Consortium::remove_organisation(root(), MAKER));
        assert_eq!(Consortium::nodes(), [its_node()]);
    });
}

#[test]
fn official_cannot_leave_or_be_admitted_without_consent() {
    run_with_officials(|| {
        assert_noop!(Consortium::leave_organisation(signed(S)), Error::HoldsOffice);
        for official in [S, VALIDATORS[0]] {
            assert_noop!(Consortium::remove_member(signed(M), official), Error::HoldsOffice);
        }
        for stranger in [COUNCILLOR, VALIDATORS[1]] {
            let add = Consortium::add_member(signed(C), CUSTOMER, stranger, vec![]);
            assert_noop!(add, Error::HoldsOffice);
        }
        // The council can remove it, and so can an administrator once it holds no office.
        assert_ok!(Consortium::remove_member(root(), S));
        assert_ok!(Consortium::add_member(root(), CUSTOMER, COUNCILLOR, vec![]));
        assert_ok!(Consortium::remove_validator(root(), VALIDATORS[0]));
        assert_ok!(Consortium::remove_member(signed(M), VALIDATORS[0]));
    });
}

#[test]
fn removal_fails_when_too_few_officials_would_remain() {
    run_with_officials(|| {
        seat(&[COUNCILLOR, S, 50]);
        let remove = || Consortium::remove_organisation(root(), MAKER);
        assert_noop!(remove(), Error::TooFewSeats);
        seat(&[COUNCILLOR, S, 50, 51]);
        for validator in &VALIDATORS[1..] {
            assert_ok!(Consortium::remove_validator(root(), *validator));
        }
        assert_noop!(remove(), Error::TooFewValidators);
        // Another validator must have registered keys.
        assert_ok!(Consortium::add_validator(root(), N));
        assert_noop!(remove(), Error::TooFewValidators);
        super::validators::set_keys(N, 9);
        assert_ok!(remove());
    });
}

#[test]
fn organisation_without_offices_can_be_removed_from_a_small_council() {
    run(|| {
        assert_eq!(Councillors::seats().len(), 1);
        assert_ok!(Consortium::remove_organisation(root(), CUSTOMER));
    });
}
