// SPDX-License-Identifier: Apache-2.0

//! The admission, limits, suspension, removal and clearing of organisations.

use crate::{mock::*, pallet::*, quota::Rate, types::*};
use frame_support::assert_ok;
use sp_runtime::{DispatchError::BadOrigin, DispatchResult};
use twinchain_primitives::assert_noop;

type Error = crate::Error<Test>;

const LIMITS: Limits = Limits { members: 2, nodes: 1, quota: RATE, time: TIME, bytes: BYTES };

fn admit(name: &str, admin: AccountId) -> DispatchResult {
    Consortium::admit_organisation(root(), name.into(), admin, LIMITS)
}

fn status(organisation: OrganisationId) -> Status {
    Organisations::<Test>::get(organisation).unwrap().status
}

#[test]
fn admitted_organisation_has_an_administrator() {
    run(|| {
        assert_ok!(admit("Service Ltd", N));
        assert_eq!(
            events(),
            [
                Event::OrganisationAdmitted {
                    organisation: 2,
                    name: b"Service Ltd".to_vec().try_into().unwrap(),
                },
                Event::MemberAdded { organisation: 2, account: N, label: Label::new() },
                Event::AdminSet { organisation: 2, account: N, admin: true },
            ]
        );
        let organisation = Organisations::<Test>::get(2).unwrap();
        assert_eq!((organisation.members, organisation.admins, organisation.nodes), (1, 1, 0));
        assert_eq!(organisation.limits, LIMITS);
        assert!(Members::<Test>::get(N).unwrap().admin);
    });
}

#[test]
fn admit_organisation_fails() {
    run(|| {
        let call = Consortium::admit_organisation(signed(M), b"a".to_vec(), N, LIMITS);
        assert_noop!(call, BadOrigin);
        for name in ["", "a/b", "a\nb", &"a".repeat(65)] {
            assert_noop!(admit(name, N), Error::InvalidName);
        }
        assert_noop!(admit("Cranes Ltd", N), Error::NameTaken);
        let with = |quota, members| {
            let limits = Limits { quota, members, ..LIMITS };
            Consortium::admit_organisation(root(), b"Service Ltd".to_vec(), N, limits)
        };
        for (burst, per_block) in [(0, 0), (5, 0), (5, 6)] {
            assert_noop!(with(Rate { burst, per_block }, 1), Error::InvalidLimits);
        }
        assert_noop!(with(RATE, 0), Error::MembersExhausted);
        NextOrganisationId::<Test>::put(OrganisationId::MAX);
        assert_noop!(admit("Service Ltd", N), Error::IdsExhausted);
        NextOrganisationId::<Test>::put(2);
    });
}

#[test]
fn lower_limits_keep_existing_members_and_nodes() {
    run(|| {
        let quota = Rate { burst: 5, per_block: 5 };
        let limits = Limits { members: 1, nodes: 0, quota, ..LIMITS };
        assert_ok!(Consortium::set_limits(root(), MAKER, limits));
        assert_eq!(events(), [Event::LimitsSet { organisation: MAKER, limits }]);
        assert_eq!(members(MAKER), [M, S].into());
        let call = Consortium::add_member(signed(M), MAKER, N, vec![]);
        assert_noop!(call, Error::MembersExhausted);

        assert_noop!(Consortium::set_limits(signed(M), MAKER, limits), BadOrigin);
        assert_noop!(Consortium::set_limits(root(), 9, limits), Error::OrganisationNotFound);
        let invalid = Limits { quota: Rate { burst: 1, per_block: 2 }, ..limits };
        assert_noop!(Consortium::set_limits(root(), MAKER, invalid), Error::InvalidLimits);
        assert_ok!(Consortium::remove_organisation(root(), MAKER));
        assert_noop!(Consortium::set_limits(root(), MAKER, limits), Error::Removed);
    });
}

#[test]
fn suspended_organisation_can_be_resumed() {
    run(|| {
        assert_ok!(Consortium::suspend_organisation(root(), MAKER));
        let told = Event::StatusSet { organisation: MAKER, status: Status::Suspended };
        assert_eq!(events(), [told]);
        assert_noop!(Consortium::suspend_organisation(root(), MAKER), Error::Suspended);
        let call = Consortium::add_member(signed(M), MAKER, N, vec![]);
        assert_noop!(call, Error::Suspended);
        assert_ok!(Consortium::resume_organisation(root(), MAKER));
        assert_eq!(status(MAKER), Status::Active);
        assert_noop!(Consortium::resume_organisation(root(), MAKER), Error::NotSuspended);
        assert_ok!(Consortium::add_member(signed(M), MAKER, N, vec![]));

        assert_noop!(Consortium::suspend_organisation(signed(M), MAKER), BadOrigin);
        assert_noop!(Consortium::resume_organisation(signed(M), MAKER), BadOrigin);
        assert_noop!(Consortium::suspend_organisation(root(), 9), Error::OrganisationNotFound);
        assert_noop!(Consortium::resume_organisation(root(), 9), Error::OrganisationNotFound);
    });
}

#[test]
fn removed_organisation_stays_removed() {
    run(|| {
        assert_noop!(Consortium::remove_organisation(signed(M), MAKER), BadOrigin);
        assert_noop!(Consortium::remove_organisation(root(), 9), Error::OrganisationNotFound);
        assert_ok!(Consortium::suspend_organisation(root(), MAKER));
        assert_ok!(Consortium::remove_organisation(root(), MAKER));
        assert_eq!(status(MAKER), Status::Removed);
        assert_noop!(Consortium::remove_organisation(root(), MAKER), Error::Removed);
        assert_noop!(Consortium::suspend_organisation(root(), MAKER), Error::Removed);
        assert_noop!(Consortium::resume_organisation(root(), MAKER), Error::Removed);
        assert_noop!(admit("Cranes Ltd", N), Error::NameTaken);
    });
}

#[test]
fn removed_organisation_is_cleared_in_steps() {
    run(|| {
        let peer = super::nodes::peer(7);
        assert_ok!(Consortium::add_node(root(), MAKER, peer.clone(), vec![]));
        let clear = |limit| {
            let call = Consortium::clear_organisation(signed(N), MAKER, limit);
            call.map(|_| ()).map_err(|failed| failed.error)
        };
        assert_noop!(clear(1), Error::NotRemoved);
        assert_ok!(Consortium::remove_organisation(root(), MAKER));
        assert!(Consortium::nodes().is_empty());
        events();
        assert_ok!(clear(0));
        assert_eq!(events(), [Event::Cleared { organisation: MAKER, cleared: 1 }]);
        Consortium::do_try_state().unwrap();
        assert_noop!(clear(1), Error::ClearedEnough);
        go_to(System::block_number() + 1);
        assert_ok!(clear(u32::MAX));
        assert_eq!(events(), [Event::Cleared { organisation: MAKER, cleared: 2 }]);
        assert_noop!(clear(1), Error::NothingToDo);
        assert!(members(MAKER).is_empty());
        // Its former members and nodes can join another organisation.
        assert_ok!(Consortium::add_member(root(), CUSTOMER, M, vec![]));
        assert_ok!(Consortium::add_node(root(), CUSTOMER, peer, vec![]));
        let call = Consortium::clear_organisation(signed(N), 9, 1);
        assert_eq!(call.unwrap_err().error, Error::OrganisationNotFound.into());
        let call = Consortium::clear_organisation(RuntimeOrigin::none(), MAKER, 1);
        assert_eq!(call.unwrap_err().error, BadOrigin);
    });
}
