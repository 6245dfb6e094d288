// SPDX-License-Identifier: Apache-2.0

//! Members and administrators.

use crate::{mock::*, pallet::*, types::*};
use frame_support::assert_ok;
use sp_runtime::{DispatchError::BadOrigin, DispatchResult};
use twinchain_primitives::assert_noop;

type Error = crate::Error<Test>;

fn add(by: AccountId, organisation: OrganisationId, account: AccountId) -> DispatchResult {
    Consortium::add_member(signed(by), organisation, account, b"new".to_vec())
}

#[test]
fn administrator_can_admit_members_within_the_limit() {
    run(|| {
        assert_ok!(add(M, MAKER, N));
        let label = b"new".to_vec().try_into().unwrap();
        assert_eq!(events(), [Event::MemberAdded { organisation: MAKER, account: N, label }]);
        assert_eq!(System::providers(&N), 1);
        assert_ok!(add(M, MAKER, 5));
        assert_noop!(add(M, MAKER, 6), Error::MembersExhausted);
        // The council can admit members of any organisation.
        assert_ok!(Consortium::add_member(root(), CUSTOMER, 6, vec![]));
    });
}

#[test]
fn add_member_fails() {
    run(|| {
        assert_noop!(Consortium::add_member(RuntimeOrigin::none(), MAKER, N, vec![]), BadOrigin);
        assert_noop!(add(S, MAKER, N), Error::NotAdmin);
        assert_noop!(add(N, MAKER, N), Error::NotAdmin);
        assert_noop!(add(C, MAKER, N), Error::NotAdmin);
        assert_noop!(add(M, 9, N), Error::OrganisationNotFound);
        assert_noop!(add(M, MAKER, S), Error::AlreadyMember);
        assert_noop!(add(M, MAKER, C), Error::AlreadyMember);
        for label in [b"a/b".to_vec(), b"a\n".to_vec(), vec![0xff], vec![b'a'; 65]] {
            let call = Consortium::add_member(signed(M), MAKER, N, label);
            assert_noop!(call, Error::InvalidLabel);
        }
        assert_ok!(Consortium::suspend_organisation(root(), MAKER));
        assert_noop!(add(M, MAKER, N), Error::Suspended);
        assert_ok!(Consortium::add_member(root(), MAKER, N, vec![]));
        assert_ok!(Consortium::remove_organisation(root(), MAKER));
        assert_noop!(add(M, MAKER, 5), Error::Removed);
        assert_noop!(Consortium::add_member(root(), MAKER, 5, vec![]), Error::Removed);
    });
}

#[test]
fn removed_member_keeps_its_account_and_can_be_admitted_again() {
    run(|| {
        System::inc_account_nonce(S);
        assert_ok!(Consortium::remove_member(signed(M), S));
        assert_eq!(events(), [Event::MemberRemoved { organisation: MAKER, account: S }]);
        assert!(afford(S, 500).is_err());
        // Without the account, its nonces would restart, and old transactions could be replayed.
        assert_eq!((System::providers(&S), System::account_nonce(S)), (1, 1));
        assert_ok!(add(C, CUSTOMER, S));
        assert_eq!((System::providers(&S), System::account_nonce(S)), (1, 1));
        go_to(9);
        assert_ok!(afford(S, 500));
    });
}

#[test]
fn removing_and_admitting_does_not_refill_the_quota() {
    run(|| {
        assert_ok!(afford(S, RATE.burst));
        assert_ok!(Consortium::remove_member(signed(M), S));
        assert_ok!(add(M, MAKER, S));
        assert!(afford(S, RATE.burst).is_err());
        assert_eq!(Consortium::quota(S).unwrap().available, RATE.per_block);
        go_to(11);
        assert_ok!(afford(S, RATE.burst));
    });
}

#[test]
fn remove_member_fails() {
    run(|| {
        assert_noop!(Consortium::remove_member(RuntimeOrigin::none(), S), BadOrigin);
        assert_noop!(Consortium::remove_member(signed(M), N), Error::NotMember);
        assert_noop!(Consortium::remove_member(signed(S), S), Error::NotAdmin);
        assert_noop!(Consortium::remove_member(signed(C), S), Error::NotAdmin);
        assert_noop!(Consortium::remove_member(signed(M), M), Error::LastAdmin);
        assert_ok!(Consortium::suspend_organisation(root(), MAKER));
        assert_noop!(Consortium::remove_member(signed(M), S), Error::Suspended);
        assert_ok!(Consortium::remove_member(root(), M));
        assert_ok!(Consortium::remove_organisation(root(), MAKER));
        assert_noop!(Consortium::remove_member(root(), S), Error::Removed);
    });
}

#[test]
fn administrators_can_appoint_others_but_one_must_remain() {
    run(|| {
        assert_ok!(Consortium::set_admin(signed(M), S, true));
        let told = Event::AdminSet { organisation: MAKER, account: S, admin: true };
        assert_eq!(events(), [told]);
        assert_ok!(add(S, MAKER, N));
        assert_ok!(Consortium::set_admin(signed(S), M, false));
        assert_noop!(add(M, MAKER, 5), Error::NotAdmin);
        assert_noop!(Consortium::set_admin(signed(S), S, false), Error::LastAdmin);
        assert_ok!(Consortium::set_admin(root(), S, false));
        assert_ok!(Consortium::set_admin(root(), N, true));
        assert_ok!(Consortium::remove_member(signed(N), M));
    });
}

#[test]
fn set_admin_fails() {
    run(|| {
        let set = |by, account, admin| Consortium::set_admin(signed(by), account, admin);
        assert_noop!(Consortium::set_admin(RuntimeOrigin::none(), S, true), BadOrigin);
        assert_noop!(set(M, N, true), Error::NotMember);
        assert_noop!(set(S, S, true), Error::NotAdmin);
        assert_noop!(set(C, S, true), Error::NotAdmin);
        assert_noop!(set(M, S, false), Error::NotChanged);
        assert_noop!(set(M, M, true), Error::NotChanged);
        assert_ok!(Consortium::suspend_organisation(root(), MAKER));
        assert_noop!(set(M, S, true), Error::Suspended);
        assert_ok!(Consortium::remove_organisation(root(), MAKER));
        assert_noop!(set(M, S, true), Error::Removed);
    });
}
