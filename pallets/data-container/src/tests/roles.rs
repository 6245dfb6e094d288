// SPDX-License-Identifier: Apache-2.0

//! Roles: their permissions and their holders.

use super::{Error, Event};
use crate::{mock::*, pallet::*, types::*};
use frame_support::assert_ok;
use sp_runtime::DispatchResult;
use twinchain_primitives::{assert_noop, Access, ContainerId, Name, RoleId};

fn set_role(
    who: AccountId,
    id: ContainerId,
    role: &str,
    permissions: &[(&str, Access)],
) -> DispatchResult {
    let permissions = permissions.iter().map(|(set, bits)| access(set, *bits)).collect();
    outcome(DataContainer::set_role(signed(who), id, role.into(), permissions))
}

fn assign_role(who: AccountId, id: ContainerId, account: AccountId, role: &str) -> DispatchResult {
    outcome(DataContainer::assign_role(signed(who), id, account, role.into()))
}

fn unassign_role(
    who: AccountId,
    id: ContainerId,
    account: AccountId,
    role: &str,
) -> DispatchResult {
    outcome(DataContainer::unassign_role(signed(who), id, account, role.into()))
}

const BOTH: Access = Access::ALL.without(Access::READ);

#[test]
fn a_role_is_created_changed_and_emptied() {
    run(|| {
        let id = service();
        assert_ok!(set_role(M, id, "auditor", &[("manual", Access::WRITE), ("price", BOTH)]));
        let auditor = Role { id: 2, name: name("auditor") };
        assert_eq!(RoleNames::<Test>::get(id).last(), Some(&auditor));
        let told = role_set(id, 2, "auditor", &[(0, Access::WRITE), (PRICE, BOTH)]);
        assert_eq!(events(), [told]);
        let held = RoleAccess { role: 2, access: BOTH };
        assert!(data_set(id, "price").permissions.contains(&held));
        assert_ok!(set_role(M, id, "auditor", &[("price", Access::NONE)]));
        let price = data_set(id, "price");
        assert!(price.permissions.iter().all(|entry| entry.role == TECHNICIAN));
        // Permissions that the call does not name stay, and so does the role.
        assert!(data_set(id, "manual").permissions.iter().any(|entry| entry.role == 2));
        assert_eq!(RoleNames::<Test>::get(id).len(), 3);
    });
}

#[test]
fn a_changed_role_gives_its_holders_the_new_permission_immediately() {
    run(|| {
        let id = service();
        assert_ok!(assign_role(M, id, S, "technician"));
        assert_ok!(set(S, id, "hours", b"1"));
        assert_noop!(set(S, id, "manual", br#""x""#), Error::NotPermitted);
        let change = [("hours", Access::NONE), ("manual", Access::WRITE)];
        assert_ok!(set_role(M, id, "technician", &change));
        assert_noop!(set(S, id, "hours", b"1"), Error::NotPermitted);
        assert_ok!(set(S, id, "manual", br#""x""#));
    });
}

#[test]
fn a_role_is_assigned_and_taken() {
    run(|| {
        let id = service();
        assert_ok!(assign_role(M, id, S, "technician"));
        assert_ok!(assign_role(M, id, S, "chief"));
        let assigned = |role| Event::RoleAssigned { container: id, stamp: STAMP, account: S, role };
        assert_eq!(events(), [assigned(TECHNICIAN), assigned(CHIEF)]);
        assert_eq!(DataContainer::shared_with(S, None, 9).items, [id]);
        let held = AccountRights::<Test>::get(id, S).unwrap();
        assert_eq!(held.roles.to_vec(), [TECHNICIAN, CHIEF]);
        System::reset_events();
        assert_ok!(unassign_role(M, id, S, "technician"));
        let (stamp, role) = (STAMP, TECHNICIAN);
        let taken = Event::RoleUnassigned { container: id, stamp, account: S, role };
        assert_eq!(events(), [taken]);
        assert_noop!(append(S, id, "usageLog", &[r#"{"hours":1}"#]), Error::NotPermitted);
        assert_ok!(unassign_role(M, id, S, "chief"));
        // An account without any right is no longer a member.
        assert_eq!(AccountRights::<Test>::get(id, S), None);
        assert!(DataContainer::shared_with(S, None, 9).items.is_empty());
        assert!(DataContainer::members(id, None, 9).items.is_empty());
    });
}

#[test]
fn in_a_closed_container_roles_can_be_assigned_and_taken_but_not_changed() {
    run(|| {
        let id = service();
        close(id);
        assert_ok!(assign_role(M, id, S, "technician"));
        assert_ok!(unassign_role(M, id, S, "technician"));
        let change = set_role(M, id, "technician", &[("hours", BOTH)]);
        assert_noop!(change, Error::ContainerClosed);
    });
}

#[test]
fn set_role_fails_when_the_container_cannot_change() {
    run(|| {
        let one = [("hours", Access::WRITE)];
        assert_noop!(set_role(M, 0, "a", &one), Error::ContainerNotFound);
        let id = service();
        for who in [C, S, X] {
            assert_noop!(set_role(who, id, "a", &one), Error::NotOwner);
        }
        offer(id);
        assert_noop!(set_role(M, id, "a", &one), Error::OfferPending);
        withdraw(id);
        close(id);
        assert_noop!(set_role(M, id, "a", &one), Error::ContainerClosed);
    });
}

#[test]
fn set_role_fails_when_a_name_or_the_list_is_invalid() {
    run(|| {
        let id = service();
        assert_noop!(set_role(M, id, "a", &[]), Error::NothingToDo);
        assert_noop!(set_role(M, id, "a", &[("hours", BOTH); 65]), Error::TooManyItems);
        assert_ok!(set_role(M, id, "a", &[("hours", BOTH); 64]));
        for bad in ["", "a/b", "0", &"n".repeat(65)] {
            assert_noop!(set_role(M, id, bad, &[("hours", BOTH)]), Error::InvalidName);
        }
        assert_noop!(set_role(M, id, "a", &[("a/b", BOTH)]), Error::InvalidName);
        let call = set_role(M, id, "a", &[("hours", BOTH), ("nothing", BOTH)]);
        assert_noop!(call, Error::DataSetNotFound);
        assert_ok!(DataContainer::retire_data_set(signed(M), id, b"manual".to_vec()));
        assert_noop!(set_role(M, id, "a", &[("manual", BOTH)]), Error::DataSetRetired);
    });
}

#[test]
fn set_role_fails_when_a_role_cannot_have_such_access() {
    run(|| {
        let id = service();
        for set in ["hours", "price"] {
            let read = set_role(M, id, "a", &[(set, Access::READ)]);
            assert_noop!(read, Error::RolesCannotRead);
            let read = set_role(M, id, "a", &[(set, Access::READ | Access::WRITE)]);
            assert_noop!(read, Error::RolesCannotRead);
            // An undefined bit, which a client could still send.
            let odd: Access = codec::Decode::decode(&mut &[8u8][..]).unwrap();
            assert_noop!(set_role(M, id, "a", &[(set, odd)]), Error::InvalidAccess);
        }
    });
}

#[test]
fn set_role_fails_when_there_are_16() {
    run(|| {
        let id = service();
        for n in 2..16 {
            assert_ok!(set_role(M, id, &format!("r{n}"), &[("hours", BOTH)]));
        }
        assert_noop!(set_role(M, id, "more", &[("hours", BOTH)]), Error::TooManyRoles);
        assert_ok!(set_role(M, id, "r9", &[("hours", Access::WRITE)]));
    });
}

#[test]
fn assign_role_fails_when_it_is_unknown_held_or_not_the_owners_call() {
    run(|| {
        assert_noop!(assign_role(M, 0, S, "technician"), Error::ContainerNotFound);
        let id = service();
        for who in [C, S, X] {
            assert_noop!(assign_role(who, id, S, "technician"), Error::NotOwner);
        }
        assert_noop!(assign_role(M, id, S, "a/b"), Error::InvalidName);
        assert_noop!(assign_role(M, id, S, "nobody"), Error::RoleNotFound);
        assert_ok!(assign_role(M, id, S, "technician"));
        assert_noop!(assign_role(M, id, S, "technician"), Error::RoleHeld);
        offer(id);
        assert_noop!(assign_role(M, id, S, "chief"), Error::OfferPending);
    });
}

#[test]
fn unassign_role_fails_when_it_is_unknown_not_held_or_not_the_owners_call() {
    run(|| {
        assert_noop!(unassign_role(M, 0, S, "technician"), Error::ContainerNotFound);
        let id = service();
        assert_noop!(unassign_role(M, id, S, "technician"), Error::RoleNotHeld);
        assert_ok!(assign_role(M, id, S, "technician"));
        for who in [C, S, X] {
            assert_noop!(unassign_role(who, id, S, "technician"), Error::NotOwner);
        }
        assert_noop!(unassign_role(M, id, S, ""), Error::InvalidName);
        assert_noop!(unassign_role(M, id, S, "nobody"), Error::RoleNotFound);
        assert_noop!(unassign_role(M, id, S, "chief"), Error::RoleNotHeld);
        assert_noop!(unassign_role(M, id, C, "technician"), Error::RoleNotHeld);
        offer(id);
        assert_noop!(unassign_role(M, id, S, "technician"), Error::OfferPending);
    });
}

fn rename_role(who: AccountId, id: ContainerId, role: &str, new_name: &str) -> DispatchResult {
    outcome(DataContainer::rename_role(signed(who), id, role.into(), new_name.into()))
}

fn remove_role(who: AccountId, id: ContainerId, role: &str) -> DispatchResult {
    outcome(DataContainer::remove_role(signed(who), id, role.into()))
}

fn role_names(id: ContainerId) -> Vec<(RoleId, String, u32)> {
    let roles = DataContainer::container(id).unwrap().roles.into_iter();
    let text = |name: &Name| String::from_utf8(name.as_ref().to_vec()).unwrap();
    roles.map(|info| (info.role.id, text(&info.role.name), info.holders)).collect()
}

#[test]
fn a_renamed_role_keeps_its_holders_and_permissions() {
    run(|| {
        let id = service();
        assert_ok!(assign_role(M, id, S, "technician"));
        System::reset_events();
        assert_ok!(rename_role(M, id, "technician", "mechanic"));
        let new_name = name("mechanic");
        let renamed =
            Event::RoleRenamed { container: id, stamp: STAMP, role: TECHNICIAN, name: new_name };
        assert_eq!(events(), [renamed]);
        let expected = [(0, "mechanic".to_string(), 1), (1, "chief".to_string(), 0)];
        assert_eq!(role_names(id), expected);
        assert_ok!(set(S, id, "hours", b"1"));
        assert_ok!(unassign_role(M, id, S, "mechanic"));
        // The old name is free for another role.
        assert_ok!(rename_role(M, id, "chief", "technician"));
    });
}

#[test]
fn rename_role_fails_when_the_name_is_invalid_or_taken() {
    run(|| {
        assert_noop!(rename_role(M, 0, "technician", "a"), Error::ContainerNotFound);
        let id = service();
        for who in [C, S, X] {
            assert_noop!(rename_role(who, id, "technician", "a"), Error::NotOwner);
        }
        for bad in ["", "a/b", "0", " a", &"n".repeat(65)] {
            assert_noop!(rename_role(M, id, "technician", bad), Error::InvalidName);
        }
        assert_noop!(rename_role(M, id, "", "a"), Error::InvalidName);
        assert_noop!(rename_role(M, id, "nobody", "a"), Error::RoleNotFound);
        assert_noop!(rename_role(M, id, "technician", "chief"), Error::RoleExists);
        assert_noop!(rename_role(M, id, "chief", "chief"), Error::RoleExists);
        offer(id);
        assert_noop!(rename_role(M, id, "technician", "a"), Error::OfferPending);
        withdraw(id);
        close(id);
        assert_noop!(rename_role(M, id, "technician", "a"), Error::ContainerClosed);
    });
}

#[test]
fn a_removed_role_frees_its_id_without_its_permissions() {
    run(|| {
        let id = service();
        for n in 2..16 {
            assert_ok!(set_role(M, id, &format!("r{n}"), &[("hours", BOTH)]));
        }
        assert_noop!(set_role(M, id, "more", &[("manual", BOTH)]), Error::TooManyRoles);
        assert_ok!(set(M, id, "hours", b"1"));
        // A retired data set names the role as well.
        assert_ok!(DataContainer::retire_data_set(signed(M), id, b"usageLog".to_vec()));
        System::reset_events();
        assert_ok!(remove_role(M, id, "technician"));
        let removed = Event::RoleRemoved { container: id, stamp: STAMP, role: TECHNICIAN };
        assert_eq!(events(), [removed]);
        for (_, set) in DataContainer::data_sets(id) {
            assert!(set.permissions.iter().all(|entry| entry.role != TECHNICIAN));
        }
        assert_eq!(entry(id, "hours").unwrap(), "1");
        // The next role gets the id, and only the permissions that it is given.
        assert_ok!(set_role(M, id, "more", &[("manual", BOTH)]));
        assert_eq!(role_names(id).last(), Some(&(TECHNICIAN, "more".into(), 0)));
        assert_ok!(assign_role(M, id, S, "more"));
        assert_ok!(set(S, id, "manual", br#""x""#));
        assert_noop!(set(S, id, "hours", b"2"), Error::NotPermitted);
    });
}

#[test]
fn remove_role_fails_when_it_is_held_unknown_or_not_the_owners_call() {
    run(|| {
        assert_noop!(remove_role(M, 0, "technician"), Error::ContainerNotFound);
        let id = service();
        for who in [C, S, X] {
            assert_noop!(remove_role(who, id, "technician"), Error::NotOwner);
        }
        assert_noop!(remove_role(M, id, "a/b"), Error::InvalidName);
        assert_noop!(remove_role(M, id, "nobody"), Error::RoleNotFound);
        for holder in [S, X] {
            assert_ok!(assign_role(M, id, holder, "technician"));
        }
        assert_noop!(remove_role(M, id, "technician"), Error::RoleInUse);
        assert_ok!(unassign_role(M, id, S, "technician"));
        assert_noop!(remove_role(M, id, "technician"), Error::RoleInUse);
        // A holder that leaves or becomes the owner no longer holds the role.
        assert_ok!(DataContainer::leave(signed(X), id));
        assert_ok!(assign_role(M, id, C, "chief"));
        offer(id);
        assert_noop!(remove_role(M, id, "technician"), Error::OfferPending);
        assert_ok!(DataContainer::accept_ownership(signed(C), id, 0));
        assert_ok!(remove_role(C, id, "technician"));
        assert_ok!(remove_role(C, id, "chief"));
        assert!(role_names(id).is_empty());
        let closed = service();
        close(closed);
        assert_noop!(remove_role(M, closed, "technician"), Error::ContainerClosed);
    });
}
