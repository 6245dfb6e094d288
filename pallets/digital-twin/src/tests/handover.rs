// SPDX-License-Identifier: Apache-2.0

//! The handover of a twin with its containers, all or nothing.

use crate::{mock::*, pallet::*, types::*};
use frame_support::assert_ok;
use pallet_data_container::{Containers, OfferedWith};
use sp_runtime::{AccountId32, DispatchResult};
use twinchain_primitives::{assert_noop, ContainerId, Moment, SharedEnvelope, TwinId};

type TwinError = Error<Test>;

fn offer_with(
    who: AccountId32,
    twin: TwinId,
    to: AccountId32,
    deadline: Moment,
    containers: &[ContainerId],
) -> DispatchResult {
    let containers = containers.to_vec();
    let call = DigitalTwin::offer_twin(signed(who), twin, to, deadline, containers, vec![]);
    call.map(|_| ()).map_err(|failed| failed.error)
}

fn accept(who: AccountId32, twin: TwinId, offer: u32) -> DispatchResult {
    let call = DigitalTwin::accept_twin(signed(who), twin, offer);
    call.map(|_| ()).map_err(|failed| failed.error)
}

fn cancel(who: AccountId32, twin: TwinId) -> DispatchResult {
    let call = DigitalTwin::cancel_offer(signed(who), twin);
    call.map(|_| ()).map_err(|failed| failed.error)
}

fn decline(who: AccountId32, twin: TwinId, offer: u32) -> DispatchResult {
    let call = DigitalTwin::decline_offer(signed(who), twin, offer);
    call.map(|_| ()).map_err(|failed| failed.error)
}

fn owner_of(container: ContainerId) -> AccountId32 {
    Containers::<Test>::get(container).unwrap().owner
}

fn twin_owner(twin: TwinId) -> AccountId32 {
    Twins::<Test>::get(twin).unwrap().owner
}

/// Creates a twin of M that links two containers of M.
fn crane() -> (TwinId, [ContainerId; 2]) {
    let both = [container(M, SERVICE_ID), container(M, SERVICE_ID)];
    let twin = twin(M);
    link(M, twin, "service", Target::Container(both[0]));
    link(M, twin, "spare", Target::Container(both[1]));
    events();
    (twin, both)
}

fn set_time(now: Moment) {
    Timestamp::set_timestamp(now);
}

#[test]
fn accepted_twin_and_its_containers_change_owner_together() {
    run(|| {
        let (twin, both) = crane();
        assert_ok!(offer_with(M, twin, C, START, &both));
        let offered = DigitalTwin::offers_to(C, None, 9);
        assert_eq!(offered.items[0].twin, twin);
        assert_eq!(offered.items[0].offer.containers.to_vec(), both);
        assert_eq!(DataContainer::offers_to(C, None, 9).items.len(), 2);
        let told = Event::TwinOffered {
            twin,
            stamp: stamp(),
            offer: 0,
            to: C,
            deadline: START,
            containers: both.to_vec(),
        };
        assert!(events().contains(&told.into()));
        assert_ok!(accept(C, twin, 0));
        assert_eq!([twin_owner(twin), owner_of(both[0]), owner_of(both[1])], [C, C, C]);
        let (from, to) = (M, C);
        let told = Event::TwinTransferred { twin, stamp: stamp(), from, to, offer: 0 };
        assert!(events().contains(&told.into()));
        assert_eq!(DigitalTwin::twins_of_owner(C, None, 9).items, [twin]);
        assert!(DigitalTwin::twins_of_owner(M, None, 9).items.is_empty());
        assert!(DigitalTwin::offers_to(C, None, 9).items.is_empty());
        assert_eq!(OfferedWith::<Test>::iter().count(), 0);
        // The links stay, and only the new owner can change them.
        assert_eq!(target(twin, "service"), Some(Target::Container(both[0])));
        let call = DigitalTwin::remove_link(signed(M), twin, b"service".to_vec());
        assert_noop!(call, TwinError::NotOwner);
        assert_ok!(DigitalTwin::remove_link(signed(C), twin, b"service".to_vec()));
    });
}

#[test]
fn container_on_offer_with_a_twin_cannot_be_accepted_separately() {
    run(|| {
        let (twin, both) = crane();
        assert_ok!(offer_with(M, twin, C, START, &both));
        let alone = DataContainer::accept_ownership(signed(C), both[0], 0);
        assert_noop!(alone, ContainerError::OfferedWithTwin);
        // The offer of one container is cancelled, and it is offered to another account. The
        // handover then fails as a whole.
        let sell = || DataContainer::offer_ownership(signed(M), both[1], S, START, vec![]);
        assert_noop!(sell(), ContainerError::OfferPending);
        assert_ok!(DataContainer::cancel_offer(signed(M), both[1]));
        assert_ok!(sell());
        assert_noop!(accept(C, twin, 0), ContainerError::NotOfferedWithTwin);
        assert_ok!(DataContainer::accept_ownership(signed(S), both[1], 1));
        assert_noop!(accept(C, twin, 0), ContainerError::NotOfferedWithTwin);
        assert_eq!([twin_owner(twin), owner_of(both[0]), owner_of(both[1])], [M, M, S]);
        // A cancellation ends the offers of the containers that are still on offer with the twin.
        assert_ok!(cancel(M, twin));
        assert_eq!(Containers::<Test>::get(both[0]).unwrap().offer, None);
    });
}

#[test]
fn cancelled_or_renewed_offer_is_void() {
    run(|| {
        let (twin, both) = crane();
        assert_ok!(offer_with(M, twin, C, START, &both[1..]));
        // Renewed: to the same account, with at least the same containers.
        assert_ok!(offer_with(M, twin, C, START + 1, &both));
        assert_noop!(offer_with(M, twin, C, START, &both[1..]), TwinError::OfferPending);
        assert_noop!(offer_with(M, twin, S, START, &both), TwinError::OfferPending);
        assert_noop!(accept(C, twin, 0), TwinError::WrongOffer);
        set_time(START + 2);
        assert_noop!(accept(C, twin, 1), TwinError::OfferLapsed);
        assert_noop!(offer_with(M, twin, S, START + 2, &both), TwinError::OfferPending);
        assert_ok!(offer_with(M, twin, C, START + 2, &both));
        assert_eq!(DigitalTwin::offers_to(C, None, 9).items.len(), 1);
        assert_ok!(cancel(M, twin));
        assert_eq!(Containers::<Test>::get(both[0]).unwrap().offer, None);
        assert!(DigitalTwin::offers_to(C, None, 9).items.is_empty());
        assert_noop!(accept(C, twin, 2), TwinError::OfferNotFound);
        assert_ok!(offer_with(M, twin, S, START + 2, &both[1..]));
        assert_ok!(cancel(M, twin));
        assert_eq!([twin_owner(twin), owner_of(both[0]), owner_of(both[1])], [M, M, M]);
        assert_ok!(DigitalTwin::remove_link(signed(M), twin, b"spare".to_vec()));
    });
}

#[test]
fn twin_can_be_handed_over_without_containers() {
    run(|| {
        let (twin, both) = crane();
        assert_ok!(offer_with(M, twin, C, START, &[]));
        assert_ok!(accept(C, twin, 0));
        assert_eq!([twin_owner(twin), owner_of(both[0])], [C, M]);
    });
}

#[test]
fn offer_twin_fails_when_the_twin_does_not_exist_or_has_another_owner() {
    run(|| {
        assert_noop!(offer_with(M, 0, C, START, &[]), TwinError::NotFound);
        let (twin, _) = crane();
        assert_noop!(offer_with(C, twin, S, START, &[]), TwinError::NotOwner);
        assert_noop!(offer_with(M, twin, M, START, &[]), TwinError::OfferToSelf);
        assert_noop!(offer_with(M, twin, C, START - 1, &[]), TwinError::InvalidExpiry);
        Twins::<Test>::mutate_extant(twin, |twin| twin.offers = u32::MAX);
        assert_noop!(offer_with(M, twin, C, START, &[]), TwinError::IdsExhausted);
    });
}

#[test]
fn deactivated_twin_can_be_handed_over() {
    run(|| {
        let (twin, both) = crane();
        deactivate(M, twin);
        assert_ok!(offer_with(M, twin, C, START, &both));
        assert_ok!(accept(C, twin, 0));
        assert_eq!([twin_owner(twin), owner_of(both[0])], [C, C]);
        let call = DigitalTwin::set_description(signed(C), twin, b"1".to_vec());
        assert_noop!(call, TwinError::Deactivated);
    });
}

#[test]
fn declined_twin_and_its_containers_are_no_longer_on_offer() {
    run(|| {
        let (twin, both) = crane();
        assert_ok!(offer_with(M, twin, C, START, &both));
        set_time(START + 1);
        events();
        assert_ok!(decline(C, twin, 0));
        let told = Event::OfferCancelled { twin, stamp: stamp(), offer: 0 };
        assert!(events().contains(&told.into()));
        assert!(DigitalTwin::offers_to(C, None, 9).items.is_empty());
        assert!(DataContainer::offers_to(C, None, 9).items.is_empty());
        assert_eq!([twin_owner(twin), owner_of(both[0]), owner_of(both[1])], [M, M, M]);
        assert_ok!(DigitalTwin::remove_link(signed(M), twin, b"spare".to_vec()));
    });
}

#[test]
fn decline_offer_fails_when_the_offer_is_for_another_account_or_ended() {
    run(|| {
        assert_noop!(decline(C, 0, 0), TwinError::NotFound);
        let (twin, both) = crane();
        assert_noop!(decline(C, twin, 0), TwinError::OfferNotFound);
        assert_ok!(offer_with(M, twin, C, START, &both));
        for who in [M, S, X] {
            assert_noop!(decline(who, twin, 0), TwinError::NotOfferee);
        }
        assert_noop!(decline(C, twin, 1), TwinError::WrongOffer);
        assert_ok!(decline(C, twin, 0));
        assert_noop!(decline(C, twin, 0), TwinError::OfferNotFound);
    });
}

#[test]
fn any_account_can_cancel_a_lapsed_offer() {
    run(|| {
        let (twin, both) = crane();
        assert_ok!(offer_with(M, twin, C, START, &both));
        assert_noop!(cancel(X, twin), TwinError::NotOwner);
        set_time(START + 1);
        assert_ok!(cancel(X, twin));
        assert!(DataContainer::offers_to(C, None, 9).items.is_empty());
        assert_eq!(OfferedWith::<Test>::iter().count(), 0);
        assert_noop!(cancel(X, twin), TwinError::OfferNotFound);
    });
}

#[test]
fn description_of_a_twin_on_offer_cannot_change() {
    run(|| {
        let (twin, _) = crane();
        offer(twin);
        let call = DigitalTwin::set_description(signed(M), twin, b"1".to_vec());
        assert_noop!(call, TwinError::OfferPending);
        assert_ok!(cancel(M, twin));
        assert_ok!(DigitalTwin::set_description(signed(M), twin, b"1".to_vec()));
    });
}

#[test]
fn state_check_detects_a_container_offered_differently_than_its_twin() {
    let found = |message: &'static str, damage: fn(ContainerId)| {
        ExtBuilder::default().with_plugin(SERVICE).build().execute_with(|| {
            let (twin, both) = crane();
            assert_ok!(offer_with(M, twin, C, START, &both));
            assert_ok!(DigitalTwin::do_try_state());
            damage(both[0]);
            let found = DigitalTwin::do_try_state().unwrap_err();
            assert_eq!(found, sp_runtime::TryRuntimeError::Other(message));
        });
    };
    found("a container is offered with a missing twin", |id| OfferedWith::<Test>::insert(id, 99));
    found("a twin's offer lacks a container that is offered with it", |_| {
        let other = container(M, SERVICE_ID);
        let call = DataContainer::offer_ownership(signed(M), other, C, START, vec![]);
        assert_ok!(call);
        OfferedWith::<Test>::insert(other, 0);
    });
    found("a container is offered with a twin of another owner", |id| {
        Containers::<Test>::mutate_extant(id, |found| found.owner = X);
    });
    found("a container and its twin have different offerees", |id| {
        Containers::<Test>::mutate_extant(id, |found| found.offer.as_mut().unwrap().to = X);
    });
    found("a container and its twin have different deadlines", |id| {
        Containers::<Test>::mutate_extant(id, |found| found.offer.as_mut().unwrap().deadline += 1);
    });
}

#[test]
fn offer_twin_fails_when_a_container_or_an_envelope_cannot_be_offered() {
    run(|| {
        let (twin, both) = crane();
        let many: Vec<_> = (0..17).collect();
        assert_noop!(offer_with(M, twin, C, START, &many), TwinError::TooManyContainers);
        let twice = [both[0], both[0]];
        assert_noop!(offer_with(M, twin, C, START, &twice), TwinError::DuplicateContainer);
        let missing = offer_with(M, twin, C, START, &[both[0], 99]);
        assert_noop!(missing, ContainerError::ContainerNotFound);
        let foreign = container(S, SERVICE_ID);
        let call = offer_with(M, twin, C, START, &[both[0], foreign]);
        assert_noop!(call, ContainerError::NotOwner);
        let envelopes = |container, count| {
            let envelope = ContainerEnvelope {
                container,
                data_set: b"log".to_vec(),
                epoch: 1,
                key_version: 1,
                envelope: vec![7; 80],
            };
            DigitalTwin::offer_twin(signed(M), twin, C, START, both.to_vec(), vec![envelope; count])
        };
        assert_noop!(envelopes(foreign, 1), TwinError::ContainerNotOffered);
        assert_noop!(envelopes(both[0], 257), TwinError::TooManyEnvelopes);
    });
}

#[test]
fn offer_twin_fails_when_an_envelope_is_missing_and_names_the_data_set() {
    run(|| {
        let (twin, both) = crane();
        let set = br#"{"type":"entry","dataSchema":true}"#.to_vec();
        assert_ok!(DataContainer::add_data_set(signed(M), both[1], b"secret".to_vec(), set));
        for who in [M, C] {
            assert_ok!(DataContainer::set_encryption_key(signed(who), 1, vec![9; 32], 0, false));
        }
        let rotated = DataContainer::rotate_key(
            signed(M),
            both[1],
            b"secret".to_vec(),
            0,
            1,
            vec![8; 32],
            pallet_data_container::PreviousSeed::Cut,
            1,
            vec![7; 80],
            vec![],
        );
        assert_ok!(rotated);
        let data_set = Containers::<Test>::get(both[1]).unwrap().data_sets - 1;
        let call = offer_with(M, twin, C, START, &both);
        assert_noop!(call, ContainerError::MissingEnvelope { data_set });
        let envelope = ContainerEnvelope {
            container: both[1],
            data_set: b"secret".to_vec(),
            epoch: 1,
            key_version: 1,
            envelope: vec![7; 80],
        };
        let call = DigitalTwin::offer_twin(
            signed(M),
            twin,
            C,
            START,
            both.to_vec(),
            vec![envelope.clone()],
        );
        assert_ok!(call);
        assert_ok!(cancel(M, twin));
        // If the envelopes do not fit into one call, the container is first offered separately.
        let ContainerEnvelope { data_set, epoch, key_version, envelope, .. } = envelope;
        let alone = SharedEnvelope { data_set, epoch, key_version, envelope };
        let first = DataContainer::offer_ownership(signed(M), both[1], C, START, vec![alone]);
        assert_ok!(first);
        assert_ok!(offer_with(M, twin, C, START, &both));
        assert_ok!(accept(C, twin, 1));
        let due = DataContainer::rotations_due(both[1], None, None).items;
        assert_eq!(due.iter().map(|due| &due.data_set).collect::<Vec<_>>(), [&name("secret")]);
    });
}

#[test]
fn accept_twin_fails_when_the_offer_is_for_another_account_or_ended() {
    run(|| {
        assert_noop!(accept(C, 0, 0), TwinError::NotFound);
        let (twin, both) = crane();
        assert_noop!(accept(C, twin, 0), TwinError::OfferNotFound);
        assert_ok!(offer_with(M, twin, C, START, &both));
        for who in [M, S, X] {
            assert_noop!(accept(who, twin, 0), TwinError::NotOfferee);
        }
        assert_noop!(accept(C, twin, 1), TwinError::WrongOffer);
        set_time(START + 1);
        assert_noop!(accept(C, twin, 0), TwinError::OfferLapsed);
        assert_eq!([twin_owner(twin), owner_of(both[0]), owner_of(both[1])], [M, M, M]);
    });
}

#[test]
fn cancel_offer_fails_when_no_offer_exists_or_the_twin_has_another_owner() {
    run(|| {
        assert_noop!(cancel(M, 0), TwinError::NotFound);
        let (twin, _) = crane();
        assert_noop!(cancel(M, twin), TwinError::OfferNotFound);
        offer(twin);
        assert_noop!(cancel(C, twin), TwinError::NotOwner);
        assert_ok!(cancel(M, twin));
    });
}

#[test]
fn largest_handover_fits_into_a_block_and_refunds_unused_weight() {
    run(|| {
        let (twin, both) = crane();
        assert_ok!(offer_with(M, twin, C, START, &both));
        let call = Call::accept_twin { twin, offer: 0 };
        let declared = info(&call).call_weight;
        let actual = dispatch(C, call).unwrap().actual_weight.unwrap();
        assert!(actual.ref_time() < declared.ref_time());
        let most = Call::<Test>::offer_twin {
            twin,
            to: C,
            deadline: START,
            containers: (0..16).collect(),
            envelopes: vec![],
        };
        let limit = Weights::get()
            .get(frame_support::dispatch::DispatchClass::Normal)
            .max_extrinsic
            .unwrap();
        for call in [
            most,
            Call::accept_twin { twin, offer: 0 },
            Call::cancel_offer { twin },
            Call::decline_offer { twin, offer: 0 },
        ] {
            assert!(info(&call).call_weight.saturating_mul(2).all_lte(limit), "{call:?}");
        }
    });
}
