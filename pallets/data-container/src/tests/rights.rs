// SPDX-License-Identifier: Apache-2.0

//! Decisions about access: owners, roles, grants and strangers. `roles.rs` and `sharing.rs` test
//! how rights are given and taken.

use super::{Error, Event};
use crate::{mock::*, operation::Operation, pallet::*, types::*};
use frame_support::{assert_ok, weights::Weight};
use sp_runtime::{traits::Dispatchable, DispatchError, DispatchResult};
use twinchain_primitives::{assert_noop, Access, ContainerId, Containers as _};

fn remove(who: AccountId, id: ContainerId, batch: u32) -> DispatchResult {
    outcome(DataContainer::remove_item(signed(who), id, b"usageLog".to_vec(), batch, 0, None))
}

fn clear(who: AccountId, id: ContainerId) -> DispatchResult {
    DataContainer::clear_entry(signed(who), id, b"hours".to_vec(), None)
}

const ONE: &[&str] = &[r#"{"hours":1}"#];

/// Returns the authority for the last change.
fn last_authority() -> Authority {
    match events().pop().unwrap() {
        Event::DataSetChanged { operation, .. } => match operation {
            Operation::Set { authority, .. }
            | Operation::Clear { authority, .. }
            | Operation::Append { authority, .. }
            | Operation::Remove { authority, .. }
            | Operation::Retire { authority, .. } => authority,
        },
        other => panic!("the last event is another: {other:?}"),
    }
}

#[test]
fn a_role_gives_what_each_data_set_permits_it() {
    run(|| {
        let container = service();
        assign(container, S, TECHNICIAN);
        assert_ok!(append(S, container, "usageLog", ONE));
        assert_eq!(last_authority(), Authority::Role(TECHNICIAN));
        assert_noop!(remove(S, container, 0), Error::NotPermitted);
        assert_ok!(set(S, container, "hours", b"1"));
        assert_noop!(clear(S, container), Error::NotPermitted);
        assert_noop!(set(S, container, "manual", br#""x""#), Error::NotPermitted);

        assign(container, C, CHIEF);
        assert_noop!(append(C, container, "usageLog", ONE), Error::NotPermitted);
        assert_ok!(remove(C, container, 0));
        assert_eq!(last_authority(), Authority::Role(CHIEF));
        assert_ok!(clear(C, container));
    });
}

#[test]
fn a_changed_permission_applies_to_current_role_holders() {
    run(|| {
        let container = service();
        assign(container, S, TECHNICIAN);
        DataSets::<Test>::mutate(container, name("hours"), |set| {
            set.as_mut().unwrap().permissions.retain(|entry| entry.role != TECHNICIAN);
        });
        assert_noop!(set(S, container, "hours", b"1"), Error::NotPermitted);
    });
}

#[test]
fn a_grant_is_for_one_data_set_and_one_access() {
    run(|| {
        let container = service();
        grant(container, S, HOURS, Access::WRITE, None);
        assert_ok!(set(S, container, "hours", b"1"));
        assert_eq!(last_authority(), Authority::Grant);
        assert_noop!(clear(S, container), Error::NotPermitted);
        assert_noop!(append(S, container, "usageLog", ONE), Error::NotPermitted);
        grant(container, S, HOURS, Access::REMOVE, None);
        assert_ok!(clear(S, container));
        grant(container, C, USAGE_LOG, Access::REMOVE, None);
        assert_noop!(append(C, container, "usageLog", ONE), Error::NotPermitted);
    });
}

#[test]
fn an_expired_grant_gives_nothing() {
    run(|| {
        let container = service();
        let all = Access::WRITE | Access::REMOVE;
        grant(container, S, HOURS, all, Some(START + SLOT));
        next_blocks(1);
        assert_ok!(set(S, container, "hours", b"1"));
        next_blocks(1);
        assert_noop!(set(S, container, "hours", b"2"), Error::NotPermitted);
        assert_noop!(clear(S, container), Error::NotPermitted);
        let call = DataContainer::store(signed(S), container, vec![new_value("hours", "2")]);
        assert_noop!(call, Error::NotPermitted);
        assert!(!DataContainer::can(container, b"hours".to_vec(), S, Access::WRITE));
        // A role does not end with the grant.
        assign(container, S, TECHNICIAN);
        assert_ok!(set(S, container, "hours", b"2"));
        assert_eq!(last_authority(), Authority::Role(TECHNICIAN));
    });
}

#[test]
fn rights_in_one_container_give_none_in_another() {
    run(|| {
        let (one, other) = (service(), service());
        assign(one, S, TECHNICIAN);
        grant(one, S, USAGE_LOG, Access::REMOVE, None);
        assert_ok!(append(S, one, "usageLog", ONE));
        assert_noop!(append(S, other, "usageLog", ONE), Error::NotPermitted);
        assert_ok!(append(M, other, "usageLog", ONE));
        assert_noop!(remove(S, other, 0), Error::NotPermitted);
    });
}

#[test]
fn taking_a_right_from_one_account_leaves_the_others() {
    run(|| {
        let container = service();
        for who in [S, C] {
            assign(container, who, TECHNICIAN);
        }
        for who in [X, 9] {
            grant(container, who, HOURS, Access::WRITE, None);
        }
        let role = b"technician".to_vec();
        assert_ok!(DataContainer::unassign_role(signed(M), container, S, role));
        let write = vec![access("hours", Access::WRITE)];
        assert_ok!(DataContainer::unshare(signed(M), container, X, write));
        for who in [C, 9] {
            assert_ok!(set(who, container, "hours", b"1"));
        }
        for who in [S, X] {
            assert_noop!(set(who, container, "hours", b"1"), Error::NotPermitted);
        }
    });
}

#[test]
fn many_roles_and_grants_are_searched() {
    run(|| {
        let container = service();
        for n in 2..16 {
            let definition = format!(
                r#"{{"type":"entry","visibility":"public","dataSchema":true,
                "permissions":{{"r{n}":["set"]}}}}"#
            );
            assert_ok!(DataContainer::add_data_set(
                signed(M),
                container,
                format!("s{n}").into(),
                definition.into()
            ));
        }
        for role in 0..16 {
            assign(container, S, role);
        }
        assert_ok!(set(S, container, "s15", b"1"));
        assert_eq!(last_authority(), Authority::Role(15));
        let sets = Containers::<Test>::get(container).unwrap().data_sets;
        for set in 0..sets - 1 {
            grant(container, C, set, Access::REMOVE, Some(START));
        }
        grant(container, C, sets - 1, Access::WRITE, None);
        let last = b"s15".to_vec();
        assert_eq!(
            DataContainer::authority_of(container, last, C, Access::WRITE),
            Some(Authority::Grant)
        );
    });
}

#[test]
fn the_owner_needs_no_rights() {
    run(|| {
        let container = service();
        // A lesser grant does not restrict the owner.
        grant(container, M, HOURS, Access::REMOVE, Some(0));
        assert_ok!(set(M, container, "hours", b"1"));
        assert_eq!(last_authority(), Authority::Owner);
    });
}

#[test]
fn an_unsigned_or_root_origin_is_rejected() {
    run(|| {
        service();
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            for call in super::weights::longest_calls() {
                let refused = RuntimeCall::from(call).dispatch(origin.clone());
                assert_noop!(refused, DispatchError::BadOrigin);
            }
        }
    });
}

#[test]
fn a_container_can_be_linked_by_its_owner_with_access_or_if_it_is_public() {
    run(|| {
        assert_eq!(may_link(M, 0), Err(Error::ContainerNotFound.into()));
        let secret = service();
        assert_eq!(may_link(M, secret), Ok(true));
        assert_eq!(may_link(X, secret), Ok(false));
        grant(secret, S, PRICE, Access::READ, Some(START));
        assert_eq!(may_link(S, secret), Ok(true));
        set_time(START + 1);
        assert_eq!(may_link(S, secret), Ok(false));
        assign(secret, S, CHIEF);
        assert_eq!(may_link(S, secret), Ok(true));
        let public = container_of("true");
        assert_eq!(may_link(X, public), Ok(true));
    });
}

#[test]
fn a_twin_instantiates_for_its_owner() {
    run(|| {
        let plugin = publish(M, SERVICE);
        let instance = <DataContainer as twinchain_primitives::Containers<u64>>::instantiate;
        let mut spent = Weight::zero();
        let id = instance(&C, plugin, &mut spent).unwrap();
        assert_eq!(Containers::<Test>::get(id).unwrap().owner, C);
        assert!(spent.all_lte(DataContainer::instantiate_weight()));
        let mut refused = Weight::zero();
        assert_eq!(instance(&C, 7, &mut refused), Err(Error::PluginNotFound.into()));
        assert!(refused.ref_time() > 0 && refused.ref_time() < spent.ref_time());
    });
}
