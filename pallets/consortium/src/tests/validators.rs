// SPDX-License-Identifier: Apache-2.0

//! Validators, with real sessions.

use crate::{mock::*, pallet::*, WeightInfo};
use frame_support::{assert_ok, traits::Get};
use sp_runtime::{testing::UintAuthorityId, DispatchError::BadOrigin, Perbill};
use sp_staking::offence::{OffenceDetails, OnOffenceHandler};
use twinchain_primitives::assert_noop;

type Error = crate::Error<Test>;

pub fn set_keys(who: AccountId, key: u64) {
    let keys = Keys { dummy: UintAuthorityId(key) };
    let proof = codec::Encode::encode(&(None::<()>,));
    if Session::set_keys(signed(who), keys.clone(), proof).is_err() {
        // The proof for the test's key type cannot be created here, but its effect can.
        pallet_session::NextKeys::<Test>::insert(who, keys);
    }
}

fn validating() -> Vec<AccountId> {
    Session::validators()
}

fn offence(of: &[AccountId]) {
    let details: Vec<_> =
        of.iter().map(|who| OffenceDetails { offender: (*who, ()), reporters: vec![] }).collect();
    <Consortium as OnOffenceHandler<_, _, _>>::on_offence(&details, &[Perbill::one()], 0);
}

#[test]
fn planning_many_validators_leaves_most_of_a_block() {
    let limits: frame_system::limits::BlockWeights =
        <Test as frame_system::Config>::BlockWeights::get();
    let planning = <Test as Config>::WeightInfo::new_session(100);
    assert!(planning.saturating_mul(100).all_lte(limits.max_block));
}

#[test]
fn genesis_validators_validate() {
    run(|| {
        assert_eq!(validating(), VALIDATORS);
        two_sessions();
        assert_eq!(validating(), VALIDATORS);
        two_sessions();
        // Nothing was decided, so nothing changes.
        assert!(sessions().iter().skip(2).all(|(changed, _)| !changed));
    });
}

#[test]
fn appointed_validator_validates_once_it_has_keys() {
    run(|| {
        assert_ok!(Consortium::add_validator(root(), M));
        assert_eq!(events(), [Event::ValidatorAdded { account: M }]);
        two_sessions();
        assert_eq!(validating(), VALIDATORS);
        set_keys(M, 77);
        two_sessions();
        assert_eq!(validating(), [21, 22, 23, M]);
    });
}

#[test]
fn dismissed_validator_stops_validating() {
    run(|| {
        assert_ok!(Consortium::remove_validator(root(), 22));
        assert_eq!(events(), [Event::ValidatorRemoved { account: 22, offence: false }]);
        two_sessions();
        assert_eq!(validating(), [21, 23]);
        // It validates again after it is appointed again.
        assert_ok!(Consortium::add_validator(root(), 22));
        two_sessions();
        assert_eq!(validating(), [21, 23, 22]);
    });
}

#[test]
fn decision_undone_within_a_session_changes_nothing() {
    run(|| {
        two_sessions();
        sessions();
        assert_ok!(Consortium::remove_validator(root(), 23));
        assert_ok!(Consortium::add_validator(root(), 23));
        two_sessions();
        assert_eq!(validating(), VALIDATORS);
        assert!(sessions().iter().all(|(changed, _)| !changed));
    });
}

#[test]
fn new_keys_of_the_same_validators_are_a_change() {
    run(|| {
        two_sessions();
        sessions();
        set_keys(21, 99);
        two_sessions();
        assert!(sessions().iter().any(|(changed, _)| *changed));
    });
}

#[test]
fn validators_continue_when_no_appointed_one_has_keys() {
    run(|| {
        assert_ok!(Consortium::remove_validator(root(), 21));
        assert_ok!(Consortium::remove_validator(root(), 22));
        assert_noop!(Consortium::remove_validator(root(), 23), Error::LastValidator);
        // The remaining validator loses its keys, and another one without keys is appointed.
        pallet_session::NextKeys::<Test>::remove(23);
        assert_ok!(Consortium::add_validator(root(), N));
        two_sessions();
        two_sessions();
        assert!(!validating().is_empty());
        set_keys(N, 5);
        two_sessions();
        assert_eq!(validating(), [N]);
    });
}

#[test]
fn offender_is_dismissed_unless_it_is_the_last_validator() {
    run(|| {
        offence(&[22, N]);
        assert_eq!(events(), [Event::ValidatorRemoved { account: 22, offence: true }]);
        offence(&[22]);
        assert_eq!(events(), []);
        offence(&[21, 23]);
        assert_eq!(
            events(),
            [
                Event::ValidatorRemoved { account: 21, offence: true },
                Event::OffenderKept { account: 23 }
            ]
        );
        two_sessions();
        assert_eq!(validating(), [23]);
    });
}

#[test]
fn add_and_remove_validator_fail() {
    run(|| {
        assert_noop!(Consortium::add_validator(signed(M), M), BadOrigin);
        assert_noop!(Consortium::remove_validator(signed(21), 21), BadOrigin);
        assert_noop!(Consortium::add_validator(root(), 21), Error::AlreadyValidator);
        assert_noop!(Consortium::remove_validator(root(), M), Error::NotValidator);
        assert_ok!(Consortium::add_validator(root(), M));
        assert_noop!(Consortium::add_validator(root(), C), Error::TooManyValidators);
    });
}

#[test]
fn new_councillor_exists_as_an_account() {
    use crate::ProvideFor;
    use frame_support::traits::{ChangeMembers, InitializeMembers};
    type Provided = ProvideFor<Test, ()>;
    run(|| {
        <Provided as InitializeMembers<AccountId>>::initialize_members(&[50]);
        <Provided as ChangeMembers<AccountId>>::change_members_sorted(&[51], &[50], &[51]);
        assert_eq!((System::providers(&50), System::providers(&51)), (1, 1));
        <Provided as ChangeMembers<AccountId>>::set_prime(Some(51));
        assert_eq!(<Provided as ChangeMembers<AccountId>>::get_prime(), None);
    });
}

#[test]
fn council_can_restart_finality() {
    run(|| {
        go_to(25);
        assert_ok!(Consortium::restart_finality(root(), 5, 24));
        let again = Consortium::restart_finality(root(), 5, 24);
        assert_noop!(again, Error::FinalityChanging);
        assert_eq!(restarted(), Some((5, 24)));
        assert_eq!(events(), [Event::FinalityRestarted { delay: 5, best_finalized: 24 }]);
        assert_noop!(Consortium::restart_finality(signed(M), 5, 9), BadOrigin);
        // A session has ten blocks.
        for delay in [0, 6, 24, u64::MAX] {
            let wrong = Consortium::restart_finality(root(), delay, 9);
            assert_noop!(wrong, Error::InvalidDelay);
        }
        assert_noop!(Consortium::restart_finality(root(), 5, 25), Error::NoSuchBlock);
        assert_eq!(restarted(), None);
    });
}

#[test]
fn council_can_authorise_an_upgrade() {
    run(|| {
        let code_hash = sp_core::H256::repeat_byte(7);
        assert_ok!(Consortium::authorize_upgrade(root(), code_hash));
        let expected = frame_system::Event::UpgradeAuthorized { code_hash, check_version: true };
        System::assert_last_event(expected.into());
        assert_noop!(Consortium::authorize_upgrade(signed(M), code_hash), BadOrigin);
    });
}
