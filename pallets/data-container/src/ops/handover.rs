// SPDX-License-Identifier: Apache-2.0

//! Handing over: a container offered, accepted, or not.

use super::{data::length, sealing::SealedFor};
use crate::{answers::EnvelopeState, pallet::*, types::*};
use alloc::vec::Vec;
use frame_support::{dispatch::DispatchResult, ensure, traits::Time};
use twinchain_primitives::{ContainerId, Moment, SharedEnvelope, TwinId};

impl<T: Config> Pallet<T> {
    /// Puts a container on offer, by itself or with a twin, or replaces its offer.
    pub(crate) fn do_offer(
        who: &T::AccountId,
        id: ContainerId,
        to: T::AccountId,
        deadline: Moment,
        twin: Option<TwinId>,
        envelopes: Vec<SharedEnvelope>,
    ) -> DispatchResult {
        ensure!(length(&envelopes) <= MAX_DATA_SETS, Error::<T>::TooManyEnvelopes);
        let mut container = Self::check_owned(who, id)?;
        ensure!(to != *who, Error::<T>::OfferToSelf);
        ensure!(T::Time::now() <= deadline, Error::<T>::InvalidExpiry);
        if let Some(old) = Self::take_offer(id, &mut container).filter(|old| old.to != to) {
            Self::end_disclosure(id, &container, &old.to, EndReason::OfferEnded);
        }
        let offer = container.offers;
        container.offers = offer.checked_add(1).ok_or(Error::<T>::IdsExhausted)?;
        container.offer = Some(Offer { id: offer, to: to.clone(), deadline });
        for SharedEnvelope { data_set, epoch, key_version, envelope: seed } in envelopes {
            let (_, mut data_set) = Self::named_data_set(id, data_set)?;
            let none = |_: &_| Rights::default();
            let holder = Self::check_holder(&container, &data_set, to.clone(), none)?;
            let sealed = SealedFor { epoch, key_version, seed };
            Self::store_envelope(id, &mut data_set, holder, sealed)?;
        }
        for (_, data_set) in DataSets::<T>::iter_prefix(id) {
            let readable = data_set.key.is_none()
                || !data_set.can_be_read()
                || Self::envelope_state(id, &data_set, &to) == EnvelopeState::Current;
            ensure!(readable, Error::<T>::MissingEnvelope { data_set: data_set.id });
        }
        Containers::<T>::insert(id, container);
        OffersTo::<T>::insert(&to, id, ());
        if let Some(twin) = twin {
            OfferedWith::<T>::insert(id, twin);
        }
        Self::deposit_event(Event::OwnershipOffered { container: id, offer, to, deadline, twin });
        Ok(())
    }

    /// Accepts the offer of a container that is offered by itself.
    pub(crate) fn do_accept(who: T::AccountId, id: ContainerId, offer: u32) -> DispatchResult {
        let container = Containers::<T>::get(id).ok_or(Error::<T>::ContainerNotFound)?;
        ensure!(!OfferedWith::<T>::contains_key(id), Error::<T>::OfferedWithTwin);
        let open = container.offer.as_ref().ok_or(Error::<T>::OfferNotFound)?;
        ensure!(open.to == who, Error::<T>::NotOfferee);
        ensure!(open.id == offer, Error::<T>::WrongOffer);
        Self::hand_over(id, container)
    }

    /// Accepts the offer of a container as a part of its twin's.
    pub(crate) fn do_accept_with_twin(
        owner: &T::AccountId,
        to: &T::AccountId,
        twin: TwinId,
        id: ContainerId,
    ) -> DispatchResult {
        let container = Containers::<T>::get(id).ok_or(Error::<T>::ContainerNotFound)?;
        let with_twin = OfferedWith::<T>::get(id) == Some(twin)
            && container.owner == *owner
            && container.offer.as_ref().is_some_and(|offer| offer.to == *to);
        ensure!(with_twin, Error::<T>::NotOfferedWithTwin);
        Self::hand_over(id, container)
    }

    pub(crate) fn do_cancel_offer(who: &T::AccountId, id: ContainerId) -> DispatchResult {
        let container = Self::check_owned(who, id)?;
        Ok(Self::end_offer(id, container)?)
    }

    /// Ends the offer of a container, if it still belongs to the twin's.
    pub(crate) fn do_cancel_with_twin(twin: TwinId, id: ContainerId) {
        if OfferedWith::<T>::get(id) == Some(twin) {
            // An offer that is with a twin is open, or it would not be with one.
            let _ = Containers::<T>::get(id).map(|container| Self::end_offer(id, container));
        }
    }

    /// Gives a container to whom it is offered. Roles and grants of others stay. The former owner
    /// keeps nothing but what it granted itself, and nothing new is sealed before the new owner
    /// rotates.
    fn hand_over(id: ContainerId, mut container: Container<T::AccountId>) -> DispatchResult {
        let Offer { id: offer, to, deadline } =
            Self::take_offer(id, &mut container).ok_or(Error::<T>::OfferNotFound)?;
        ensure!(T::Time::now() <= deadline, Error::<T>::OfferLapsed);
        let from = core::mem::replace(&mut container.owner, to.clone());
        ContainersOfOwner::<T>::remove(&from, id);
        ContainersOfOwner::<T>::insert(&to, id, ());
        // An owner needs no rights; kept, they would come back when it hands the container on.
        Self::put_rights(id, &to, Rights::default());
        Self::end_disclosure(id, &container, &from, EndReason::OwnerChanged);
        Containers::<T>::insert(id, container);
        Self::deposit_event(Event::OwnershipTransferred { container: id, from, to, offer });
        Ok(())
    }

    fn end_offer(id: ContainerId, mut container: Container<T::AccountId>) -> Result<(), Error<T>> {
        let offer = Self::take_offer(id, &mut container).ok_or(Error::OfferNotFound)?;
        Self::end_disclosure(id, &container, &offer.to, EndReason::OfferEnded);
        Containers::<T>::insert(id, container);
        Self::deposit_event(Event::OfferCancelled { container: id, offer: offer.id });
        Ok(())
    }

    /// Takes the open offer out of a container, which the caller stores, and out of the indices.
    fn take_offer(
        id: ContainerId,
        container: &mut Container<T::AccountId>,
    ) -> Option<Offer<T::AccountId>> {
        let offer = container.offer.take()?;
        OffersTo::<T>::remove(&offer.to, id);
        OfferedWith::<T>::remove(id);
        Some(offer)
    }
}
