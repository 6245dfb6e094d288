// SPDX-License-Identifier: Apache-2.0

//! The handover of twins with containers: offers, and their acceptance or end.

use super::update::Update;
use crate::{growth, pallet::*, types::*, WeightInfo};
use alloc::{collections::BTreeMap, vec::Vec};
use frame_support::{dispatch::DispatchResult, ensure, traits::Time, weights::Weight, BoundedVec};
use sp_runtime::SaturatedConversion;
use twinchain_primitives::{ContainerId, Containers, Moment, SharedEnvelope, TwinId};

/// The envelopes of an offer, by container.
type Sorted = BTreeMap<ContainerId, Vec<SharedEnvelope>>;

impl<T: Config> Pallet<T> {
    /// Offers a twin with containers, or renews its offer to the same account with at least the
    /// same containers. Adds the weight used so far to `spent`, also on failure.
    pub(crate) fn do_offer_twin(
        who: &T::AccountId,
        id: TwinId,
        to: T::AccountId,
        deadline: Moment,
        containers: Vec<ContainerId>,
        envelopes: Vec<ContainerEnvelope>,
        spent: &mut Weight,
    ) -> DispatchResult {
        let count = envelopes.len().saturated_into();
        let own = T::WeightInfo::offer_twin(count).saturating_add(growth::offer_twin());
        spent.saturating_accrue(own);
        ensure!(
            envelopes.len().saturated_into::<u32>() <= MAX_OFFER_ENVELOPES,
            Error::<T>::TooManyEnvelopes
        );
        let containers =
            BoundedVec::try_from(containers).map_err(|_| Error::<T>::TooManyContainers)?;
        let mut envelopes = Self::group_by_container(&containers, envelopes)?;
        let mut update = Update::<T>::load_owned(who, id)?;
        ensure!(to != *who, Error::<T>::OfferToSelf);
        ensure!(T::Time::now() <= deadline, Error::<T>::InvalidExpiry);
        let renews = |open: &Offer<_>| {
            open.to == to && open.containers.iter().all(|open| containers.contains(open))
        };
        ensure!(update.twin.offer.as_ref().is_none_or(renews), Error::<T>::OfferPending);
        let offer = update.twin.offers;
        update.twin.offers = offer.checked_add(1).ok_or(Error::<T>::IdsExhausted)?;
        for container in &containers {
            let envelopes = envelopes.remove(container).unwrap_or_default();
            T::Containers::offer(who, &to, deadline, id, *container, envelopes, spent)?;
        }
        let (offeree, listed) = (to.clone(), containers.to_vec());
        update.deposit(|twin, stamp| Event::TwinOffered {
            twin,
            stamp,
            offer,
            to: offeree,
            deadline,
            containers: listed,
        });
        OffersTo::<T>::insert(&to, id, ());
        update.twin.offer = Some(Offer { id: offer, to, deadline, containers });
        update.store();
        Ok(())
    }

    /// Hands over a twin and all containers that are offered with it. Adds the weight used so far
    /// to `spent`, also on failure.
    pub(crate) fn do_accept_twin(
        who: T::AccountId,
        id: TwinId,
        offer: u32,
        spent: &mut Weight,
    ) -> DispatchResult {
        spent.saturating_accrue(Self::accept_twin_weight(0));
        let mut update = Update::<T>::load(&who, id)?;
        let open = Self::take_offer_for(&mut update, &who, offer)?;
        ensure!(T::Time::now() <= open.deadline, Error::<T>::OfferLapsed);
        let from = core::mem::replace(&mut update.twin.owner, who.clone());
        for container in &open.containers {
            T::Containers::accept(&from, &who, id, *container, spent)?;
        }
        OffersTo::<T>::remove(&who, id);
        TwinsOfOwner::<T>::remove(&from, id);
        TwinsOfOwner::<T>::insert(&who, id, ());
        update.deposit(|twin, stamp| Event::TwinTransferred { twin, stamp, from, to: who, offer });
        update.store();
        Ok(())
    }

    /// Ends the offer of a twin and of its containers, for the owner, or for any account once the
    /// offer has lapsed. Adds the weight used so far to `spent`, also on failure.
    pub(crate) fn do_cancel_offer(
        who: &T::AccountId,
        id: TwinId,
        spent: &mut Weight,
    ) -> DispatchResult {
        spent.saturating_accrue(Self::cancel_offer_weight(0));
        let mut update = Update::<T>::load(who, id)?;
        let open = update.twin.offer.take().ok_or(Error::<T>::OfferNotFound)?;
        let lapsed = T::Time::now() > open.deadline;
        ensure!(lapsed || update.twin.owner == *who, Error::<T>::NotOwner);
        Self::end_offer(update, open, spent);
        Ok(())
    }

    /// Ends the offer of a twin and of its containers, for the offeree. Adds the weight used so far
    /// to `spent`, also on failure.
    pub(crate) fn do_decline_offer(
        who: &T::AccountId,
        id: TwinId,
        offer: u32,
        spent: &mut Weight,
    ) -> DispatchResult {
        spent.saturating_accrue(Self::cancel_offer_weight(0));
        let mut update = Update::<T>::load(who, id)?;
        let open = Self::take_offer_for(&mut update, who, offer)?;
        Self::end_offer(update, open, spent);
        Ok(())
    }

    /// Takes the open offer out of a twin. Fails unless `who` is the offeree and `offer` is its id.
    fn take_offer_for(
        update: &mut Update<T>,
        who: &T::AccountId,
        offer: u32,
    ) -> Result<Offer<T::AccountId>, Error<T>> {
        let open = update.twin.offer.take().ok_or(Error::OfferNotFound)?;
        ensure!(open.to == *who, Error::NotOfferee);
        ensure!(open.id == offer, Error::WrongOffer);
        Ok(open)
    }

    /// Ends an offer that was taken out of its twin, and stores the twin.
    fn end_offer(mut update: Update<T>, open: Offer<T::AccountId>, spent: &mut Weight) {
        for container in &open.containers {
            T::Containers::cancel(&update.author, update.id, *container, spent);
        }
        OffersTo::<T>::remove(&open.to, update.id);
        update.deposit(|twin, stamp| Event::OfferCancelled { twin, stamp, offer: open.id });
        update.store();
    }

    /// Groups the envelopes by container. Fails if a container is listed twice, or if an envelope
    /// is for a container that is not listed.
    pub(crate) fn group_by_container(
        containers: &[ContainerId],
        envelopes: Vec<ContainerEnvelope>,
    ) -> Result<Sorted, Error<T>> {
        let mut sorted: Sorted = containers.iter().map(|id| (*id, Vec::new())).collect();
        ensure!(sorted.len() == containers.len(), Error::DuplicateContainer);
        for ContainerEnvelope { container, data_set, epoch, key_version, envelope } in envelopes {
            let own = sorted.get_mut(&container).ok_or(Error::ContainerNotOffered)?;
            own.push(SharedEnvelope { data_set, epoch, key_version, envelope });
        }
        Ok(sorted)
    }

    /// Returns the maximum weight of a call of `offer_twin`.
    pub(crate) fn offer_twin_weight(
        containers: &[ContainerId],
        envelopes: &[ContainerEnvelope],
    ) -> Weight {
        let offer_weight = |id: &ContainerId| {
            let sealed = envelopes.iter().filter(|new| new.container == *id);
            let (count, bytes) = sealed.fold((0u32, 0u32), |(count, bytes), new| {
                let bytes = bytes.saturating_add(new.envelope.len().saturated_into());
                (count.saturating_add(1), bytes)
            });
            T::Containers::offer_weight(count, bytes)
        };
        // A call with more containers fails before it processes any of them.
        let looked_at = containers.iter().take(MAX_LINKS_PER_CALL.saturated_into());
        looked_at.fold(
            T::WeightInfo::offer_twin(envelopes.len().saturated_into())
                .saturating_add(growth::offer_twin()),
            |weight, id| weight.saturating_add(offer_weight(id)),
        )
    }

    /// Returns the weight of accepting a twin with this many containers.
    pub(crate) fn accept_twin_weight(containers: u32) -> Weight {
        let own = T::WeightInfo::accept_twin().saturating_add(growth::accept_twin());
        own.saturating_add(each(T::Containers::accept_weight(), containers))
    }

    /// Returns the weight of ending the offer of a twin with this many containers.
    pub(crate) fn cancel_offer_weight(containers: u32) -> Weight {
        let own = T::WeightInfo::cancel_offer().saturating_add(growth::cancel_offer());
        own.saturating_add(each(T::Containers::cancel_weight(), containers))
    }
}

fn each(weight: Weight, count: u32) -> Weight {
    weight.saturating_mul(count.into())
}
