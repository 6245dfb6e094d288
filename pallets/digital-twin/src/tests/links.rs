// SPDX-License-Identifier: Apache-2.0

//! Setting, replacing and removing links, and the permission to link a target.

use super::twins::wrong_names;
use crate::{mock::*, pallet::*, types::*};
use frame_support::assert_ok;
use pallet_data_container::Containers;
use sp_core::H256;
use sp_runtime::{AccountId32, DispatchResult};
use twinchain_primitives::{assert_noop, Access, ContainerId, TwinId};

fn set(
    who: AccountId32,
    twin: TwinId,
    name: impl Into<Vec<u8>>,
    target: Target<AccountId32>,
) -> DispatchResult {
    let call = DigitalTwin::set_link(signed(who), twin, name.into(), target);
    call.map(|_| ()).map_err(|failed| failed.error)
}

fn remove(who: AccountId32, twin: TwinId, name: impl Into<Vec<u8>>) -> DispatchResult {
    let call = DigitalTwin::remove_link(signed(who), twin, name.into());
    call.map(|_| ()).map_err(|failed| failed.error)
}

fn hash(byte: u8) -> Target<AccountId32> {
    Target::Hash(H256::repeat_byte(byte))
}

#[test]
fn links_can_point_to_containers_twins_accounts_and_hashes() {
    run(|| {
        let container = container(M, SERVICE_ID);
        let (twin, other) = (twin(M), twin(C));
        let targets =
            [Target::Container(container), Target::Twin(other), Target::Account(S), hash(1)];
        for (target_of_it, link) in targets.into_iter().zip(["a", "b", "c", "d"]) {
            events();
            assert_ok!(set(M, twin, link, target_of_it.clone()));
            assert_eq!(target(twin, link), Some(target_of_it.clone()));
            let expected =
                Event::LinkSet { twin, stamp: stamp(), name: name(link), target: target_of_it };
            assert_eq!(events(), [expected.into()]);
        }
        assert_eq!(Twins::<Test>::get(twin).unwrap().links, 4);
    });
}

#[test]
fn only_the_owner_can_replace_and_remove_links_and_the_indices_follow() {
    run(|| {
        let (first, second) = (container(M, SERVICE_ID), container(M, SERVICE_ID));
        let twin = twin(M);
        assert_ok!(set(M, twin, "service", Target::Container(first)));
        assert_eq!((linked_by(first), linked_by(second)), (vec![(twin, 1)], vec![]));

        for who in [C, S, X] {
            let call = set(who.clone(), twin, "service", Target::Container(second));
            assert_eq!(call, Err(Error::<Test>::NotOwner.into()));
            assert_noop!(remove(who, twin, "service"), Error::<Test>::NotOwner);
        }
        assert_ok!(set(M, twin, "service", Target::Container(second)));
        assert_eq!(Twins::<Test>::get(twin).unwrap().links, 1);
        assert_eq!((linked_by(first), linked_by(second)), (vec![], vec![(twin, 1)]));

        events();
        assert_ok!(remove(M, twin, "service"));
        let removed = Event::LinkRemoved { twin, stamp: stamp(), name: name("service") };
        assert_eq!(events(), [removed.into()]);
        assert_eq!(target(twin, "service"), None);
        assert_eq!(Twins::<Test>::get(twin).unwrap().links, 0);
        assert_eq!((linked_by(first), linked_by(second)), (vec![], vec![]));
    });
}

#[test]
fn setting_a_link_to_the_same_target_changes_no_count() {
    run(|| {
        let container = container(M, SERVICE_ID);
        let twin = twin(M);
        for _ in 0..3 {
            assert_ok!(set(M, twin, "a", Target::Container(container)));
        }
        assert_eq!(linked_by(container), [(twin, 1)]);
        assert_eq!(Twins::<Test>::get(twin).unwrap().links, 1);
    });
}

#[test]
fn replacing_a_container_by_another_target_removes_it_from_the_index() {
    run(|| {
        let container = container(M, SERVICE_ID);
        let twin = twin(M);
        assert_ok!(set(M, twin, "a", Target::Container(container)));
        assert_ok!(set(M, twin, "a", Target::Account(S)));
        assert!(linked_by(container).is_empty());
        assert_ok!(set(M, twin, "a", Target::Container(container)));
        assert_eq!(linked_by(container), [(twin, 1)]);
    });
}

#[test]
fn removed_link_can_be_set_again() {
    run(|| {
        let twin = twin(M);
        assert_ok!(set(M, twin, "a", hash(1)));
        assert_ok!(remove(M, twin, "a"));
        assert_noop!(remove(M, twin, "a"), Error::<Test>::LinkNotFound);
        assert_ok!(set(M, twin, "a", hash(2)));
    });
}

#[test]
fn removing_a_link_does_not_change_its_target() {
    run(|| {
        let part = twin(M);
        let whole = twin_of(M, CRANE, vec![NewLink::Twin { name: b"part".to_vec(), twin: part }]);
        assert_ok!(remove(M, whole, "part"));
        assert!(Twins::<Test>::contains_key(part));
    });
}

#[test]
fn twin_can_link_itself_and_the_twins_of_other_accounts() {
    run(|| {
        let (twin, other) = (twin(M), twin(C));
        assert_ok!(set(M, twin, "self", Target::Twin(twin)));
        assert_ok!(set(M, twin, "other", Target::Twin(other)));
        assert_ok!(set(C, other, "back", Target::Twin(twin)));
    });
}

#[test]
fn set_link_fails_when_the_twin_cannot_be_changed_by_the_caller() {
    run(|| {
        let twin = twin(M);
        assert_noop!(set(M, twin + 1, "a", hash(1)), Error::<Test>::NotFound);
        assert_noop!(set(X, twin, "a", hash(1)), Error::<Test>::NotOwner);
        offer(twin);
        assert_noop!(set(M, twin, "a", hash(1)), Error::<Test>::OfferPending);
        assert_noop!(set(C, twin, "a", hash(1)), Error::<Test>::NotOwner);
        withdraw(twin);
        assert_ok!(set(M, twin, "a", hash(1)));
        deactivate(M, twin);
        assert_noop!(set(M, twin, "a", hash(1)), Error::<Test>::Deactivated);
    });
}

#[test]
fn set_link_fails_when_the_name_is_invalid() {
    run(|| {
        let twin = twin(M);
        for name in wrong_names() {
            assert_noop!(set(M, twin, name, hash(1)), Error::<Test>::InvalidName);
        }
        assert_ok!(set(M, twin, [b'n'; 64], hash(1)));
        assert_ok!(set(M, twin, "Tür 3 – außen", hash(1)));
    });
}

#[test]
fn set_link_fails_when_the_target_does_not_exist() {
    run(|| {
        let twin = twin(M);
        for absent in [1, u64::MAX] {
            let to_twin = Target::Twin(absent);
            assert_noop!(set(M, twin, "a", to_twin), Error::<Test>::TargetNotFound);
            let to_container = Target::Container(absent);
            assert_noop!(set(M, twin, "a", to_container), ContainerError::ContainerNotFound);
        }
    });
}

#[test]
fn set_link_fails_when_the_twin_has_4096_links() {
    run(|| {
        let twin = twin(M);
        assert_eq!(MAX_LINKS, 4_096);
        for n in 0..MAX_LINKS {
            assert_ok!(set(M, twin, n.to_string(), hash(1)));
        }
        assert_eq!(Twins::<Test>::get(twin).unwrap().links, 4_096);
        assert_noop!(set(M, twin, "4096", hash(1)), Error::<Test>::LinksExhausted);
        // Replacing a link needs no room, and removing one makes room.
        assert_ok!(set(M, twin, "17", hash(2)));
        assert_ok!(remove(M, twin, "18"));
        assert_ok!(set(M, twin, "4096", hash(1)));
        assert_noop!(set(M, twin, "18", hash(1)), Error::<Test>::LinksExhausted);
    });
}

#[test]
fn remove_link_fails_when_the_twin_cannot_be_changed_by_the_caller() {
    run(|| {
        let twin = twin_of(M, CRANE, vec![hash_link("a")]);
        assert_noop!(remove(M, twin + 1, "a"), Error::<Test>::NotFound);
        assert_noop!(remove(X, twin, "a"), Error::<Test>::NotOwner);
        offer(twin);
        assert_noop!(remove(M, twin, "a"), Error::<Test>::OfferPending);
        withdraw(twin);
        deactivate(M, twin);
        assert_noop!(remove(M, twin, "a"), Error::<Test>::Deactivated);
    });
}

#[test]
fn remove_link_fails_when_the_link_does_not_exist() {
    run(|| {
        let (twin, other) = (twin_of(M, CRANE, vec![hash_link("a")]), twin(M));
        for name in wrong_names() {
            assert_noop!(remove(M, twin, name), Error::<Test>::InvalidName);
        }
        assert_noop!(remove(M, twin, "b"), Error::<Test>::LinkNotFound);
        assert_noop!(remove(M, twin, "A"), Error::<Test>::LinkNotFound);
        // A link of another twin with this name is a different link.
        assert_noop!(remove(M, other, "a"), Error::<Test>::LinkNotFound);
    });
}

/// Creates a confidential container of M, and a function that links it from a new twin of an
/// account.
fn confidential() -> (ContainerId, impl Fn(AccountId32) -> DispatchResult) {
    let container = container(M, PRODUCTION_ID);
    let link = move |who: AccountId32| {
        let twin = twin(who.clone());
        set(who, twin, "production", Target::Container(container))
    };
    (container, link)
}

/// Asserts that an account may not link a container, and that the attempt changes nothing.
fn assert_may_not_link(who: AccountId32, container: ContainerId) {
    let twin = twin(who.clone());
    let target = Target::Container(container);
    assert_noop!(set(who, twin, "a", target), Error::<Test>::MayNotLink);
}

#[test]
fn set_link_fails_when_the_caller_has_no_rights_in_a_confidential_container() {
    run(|| {
        let (container, link) = confidential();
        assert_may_not_link(X, container);
        assert_may_not_link(C, container);
        assert_ok!(link(M));
    });
}

#[test]
fn account_with_a_grant_or_a_role_can_link_a_confidential_container() {
    run(|| {
        let (container, link) = confidential();
        grant(container, C, None);
        assert_ok!(link(C));
        let role =
            pallet_data_container::RoleNames::<Test>::get(container)[0].name.as_ref().to_vec();
        assert_ok!(DataContainer::assign_role(signed(M), container, S, role));
        assert_ok!(link(S));
        assert_may_not_link(X, container);
    });
}

#[test]
fn set_link_fails_when_the_grant_has_ended() {
    run(|| {
        let (container, link) = confidential();
        grant(container, C, Some(START));
        assert_ok!(link(C));
        Timestamp::set_timestamp(START + 1);
        assert_may_not_link(C, container);
        grant(container, C, Some(START + 1));
        assert_ok!(link(C));
    });
}

#[test]
fn set_link_fails_when_the_rights_are_in_another_container() {
    run(|| {
        let (container, _) = confidential();
        let other = confidential().0;
        grant(other, C, None);
        assert_may_not_link(C, container);
    });
}

#[test]
fn any_account_can_link_a_public_container() {
    run(|| {
        let open = container(M, SERVICE_ID);
        let twin = twin(X);
        assert_ok!(set(X, twin, "service", Target::Container(open)));
        assert_eq!(linked_by(open), [(twin, 1)]);
    });
}

#[test]
fn container_is_public_once_its_last_confidential_data_set_is_retired() {
    run(|| {
        let (container, link) = confidential();
        assert_may_not_link(X, container);
        DataContainer::retire_data_set(signed(M), container, b"steps".to_vec()).unwrap();
        assert_ok!(link(X));
    });
}

#[test]
fn link_stays_when_its_creator_loses_the_rights_in_the_container() {
    run(|| {
        let (container, _) = confidential();
        grant(container, C, None);
        let twin = twin(C);
        assert_ok!(set(C, twin, "a", Target::Container(container)));
        let taken = pallet_data_container::DataSets::<Test>::iter_prefix(container)
            .filter(|(_, set)| set.id == 0)
            .map(|(name, _)| pallet_data_container::DataSetAccess {
                data_set: name.as_ref().to_vec(),
                access: Access::WRITE,
            })
            .collect();
        assert_ok!(DataContainer::unshare(signed(M), container, C, taken));
        assert_eq!(target(twin, "a"), Some(Target::Container(container)));
        assert_noop!(set(C, twin, "a", Target::Container(container)), Error::<Test>::MayNotLink);
        assert_ok!(remove(C, twin, "a"));
    });
}

#[test]
fn closed_container_can_be_linked() {
    run(|| {
        let container = container(M, SERVICE_ID);
        DataContainer::close_container(signed(M), container).unwrap();
        let twin = twin(M);
        assert_ok!(set(M, twin, "a", Target::Container(container)));
        assert!(Containers::<Test>::contains_key(container));
    });
}

#[test]
fn container_can_be_linked_from_1000_twins() {
    run(|| {
        let certificate = container(M, SERVICE_ID);
        let twins: Vec<_> = (0..1_000)
            .map(|n| {
                let link = NewLink::Container { name: b"batch".to_vec(), container: certificate };
                twin_of(M, &format!("cranes.example/{n}"), vec![link])
            })
            .collect();
        assert_eq!(linked_by(certificate).len(), 1_000);

        assert_ok!(remove(M, twins[500], "batch"));
        let expected: Vec<_> =
            twins.iter().filter(|twin| **twin != twins[500]).map(|twin| (*twin, 1)).collect();
        assert_eq!(linked_by(certificate), expected);
        let left = twins.iter().filter(|twin| target(**twin, "batch").is_some()).count();
        assert_eq!(left, 999);
    });
}

#[test]
fn index_lists_the_twins_that_link_a_twin() {
    run(|| {
        let (part, crane, other) = (twin(M), twin(M), twin(C));
        let linking = |target| DigitalTwin::twins_of_twin(target, None, 9).items;
        assert!(linking(part).is_empty() && linking(99).is_empty());
        assert_ok!(set(M, crane, "a", Target::Twin(part)));
        assert_ok!(set(M, crane, "b", Target::Twin(part)));
        assert_ok!(set(C, other, "part", Target::Twin(part)));
        assert_eq!(linking(part), [crane, other]);
        // The replacement or removal of its last link removes a twin from the index.
        assert_ok!(set(M, crane, "a", hash(1)));
        assert_eq!(linking(part), [crane, other]);
        assert_ok!(set(M, crane, "b", Target::Twin(other)));
        assert_eq!((linking(part), linking(other)), (vec![other], vec![crane]));
        assert_ok!(remove(C, other, "part"));
        assert!(linking(part).is_empty());
        let made = twin_of(C, CRANE, vec![NewLink::Twin { name: b"p".to_vec(), twin: part }]);
        assert_eq!(linking(part), [made]);
    });
}
