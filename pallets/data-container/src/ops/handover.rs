// SPDX-License-Identifier: Apache-2.0

//! Handover: offering a container; accepting, declining and cancelling the offer.

use super::{
    look_through::LookThrough,
    lookup::{counted_in_this_block, len_u32},
    sealing::CheckedEnvelope,
    update::Update,
};
use crate::{answers::EnvelopeState, growth, pallet::*, types::*, WeightInfo};
use alloc::vec::Vec;
use frame_support::{
    dispatch::DispatchResult,
    ensure,
    traits::{Get, Time},
    weights::Weight,
};
use twinchain_primitives::{ContainerId, Moment, SharedEnvelope, TwinId};

/// An envelope of an offer, and the data set that it is for.
type OfferedSeed<T> = (DataSetOf<T>, CheckedEnvelope<<T as frame_system::Config>::AccountId>);

impl<T: Config> Pallet<T> {
    /// Offers a container, alone or with a twin, or renews the offer to the same account. Adds the
    /// weight used to `spent`; on failure, only the time.
    pub(crate) fn do_offer(
        who: &T::AccountId,
        id: ContainerId,
        to: T::AccountId,
        deadline: Moment,
        twin: Option<TwinId>,
        envelopes: Vec<SharedEnvelope>,
        spent: &mut Weight,
    ) -> DispatchResult {
        let count = len_u32(&envelopes);
        let mut charge =
            LookThrough::begin(spent, |sets| T::WeightInfo::offer_ownership(sets, count));
        ensure!(len_u32(&envelopes) <= MAX_DATA_SETS, Error::<T>::TooManyEnvelopes);
        let mut update = Update::<T>::load_owned(who, id)?;
        ensure!(to != *who, Error::<T>::OfferToSelf);
        ensure!(T::Time::now() <= deadline, Error::<T>::InvalidExpiry);
        let open = update.container.offer.as_ref();
        ensure!(open.is_none_or(|open| open.to == to), Error::<T>::OfferPending);
        let number = update.container.offers;
        update.container.offers = number.checked_add(1).ok_or(Error::<T>::IdsExhausted)?;
        let offer = Offer { id: number, to: to.clone(), deadline };
        update.container.offer = Some(offer);
        charge.looks_at(update.container.data_sets);
        let checked = Self::check_offered_seeds(&update, &to, envelopes)?;

        let offeree = to.clone();
        update.deposit(|container, stamp| Event::OwnershipOffered {
            container,
            stamp,
            offer: number,
            to: offeree,
            deadline,
            twin,
        });
        for (mut data_set, envelope) in checked {
            // The offeree's READ has no end, so the data set's record does not change.
            Self::put_envelope(&mut update, &mut data_set, envelope);
        }
        OffersTo::<T>::insert(&to, id, ());
        update.written.count(growth::INDEX);
        // A renewed offer can be with a different twin than before, or without one.
        OfferedWith::<T>::set(id, twin);
        if twin.is_some() {
            update.written.count(growth::OFFERED_WITH);
        }
        charge.wrote(update.store());
        Ok(())
    }

    /// Checks the envelopes of an offer, which `update` already contains, and returns them. Fails
    /// unless the offeree then has an envelope of the current epoch of every data set that can be
    /// read.
    fn check_offered_seeds(
        update: &Update<T>,
        to: &T::AccountId,
        envelopes: Vec<SharedEnvelope>,
    ) -> Result<Vec<OfferedSeed<T>>, Error<T>> {
        let id = update.id;
        let mut checked = Vec::new();
        for SharedEnvelope { data_set, epoch, key_version, envelope: sealed } in envelopes {
            let (_, data_set) = Self::named_data_set(id, data_set)?;
            let none = |_: &_| Rights::default();
            let holder = Self::check_holder(&update.container, &data_set, to.clone(), none)?;
            let segment = Self::newest_segment(&data_set, epoch)?;
            let sealed = SealedFor { epoch, key_version, sealed };
            let envelope = Self::check_envelope(id, &data_set, segment, holder, sealed)?;
            checked.push((data_set, envelope));
        }
        // The offeree must be able to read all that it would own, not only what the call names.
        for (_, data_set) in DataSets::<T>::iter_prefix(id) {
            let readable = data_set.key.is_none()
                || !data_set.can_be_read()
                || checked.iter().any(|(with, _)| with.id == data_set.id)
                || Self::envelope_state(id, &data_set, to) == EnvelopeState::Current;
            ensure!(readable, Error::MissingEnvelope { data_set: data_set.id });
        }
        Ok(checked)
    }

    /// Accepts the offer of a container that is offered without a twin. Adds the weight used to
    /// `spent`; on failure, only the time.
    pub(crate) fn do_accept(
        who: T::AccountId,
        id: ContainerId,
        offer: u32,
        spent: &mut Weight,
    ) -> DispatchResult {
        let mut charge = LookThrough::begin(spent, Self::accept_time);
        let update = Self::load_for_offeree(&who, id, offer)?;
        Self::hand_over(update, &mut charge)
    }

    /// Ends the offer of a container that is offered without a twin, on behalf of the offeree. Adds
    /// the weight used to `spent`; on failure, only the time.
    pub(crate) fn do_decline_offer(
        who: T::AccountId,
        id: ContainerId,
        offer: u32,
        spent: &mut Weight,
    ) -> DispatchResult {
        let mut charge = LookThrough::begin(spent, T::WeightInfo::cancel_offer);
        let update = Self::load_for_offeree(&who, id, offer)?;
        Ok(Self::end_offer(update, &mut charge)?)
    }

    /// Opens a container for its offeree. Fails if the container is offered with a twin.
    fn load_for_offeree(
        who: &T::AccountId,
        id: ContainerId,
        offer: u32,
    ) -> Result<Update<T>, Error<T>> {
        let update = Update::<T>::load(who, id)?;
        ensure!(!OfferedWith::<T>::contains_key(id), Error::OfferedWithTwin);
        let open = update.container.offer.as_ref().ok_or(Error::OfferNotFound)?;
        ensure!(open.to == *who, Error::NotOfferee);
        ensure!(open.id == offer, Error::WrongOffer);
        Ok(update)
    }

    /// Accepts the offer of a container as a part of its twin's handover. Adds the weight used to
    /// `spent`; on failure, only the time.
    pub(crate) fn do_accept_with_twin(
        owner: &T::AccountId,
        to: &T::AccountId,
        twin: TwinId,
        id: ContainerId,
        spent: &mut Weight,
    ) -> DispatchResult {
        let mut charge = LookThrough::begin(spent, Self::accept_time);
        let update = Update::<T>::load(to, id)?;
        let with_twin = OfferedWith::<T>::get(id) == Some(twin)
            && update.container.owner == *owner
            && update.container.offer.as_ref().is_some_and(|offer| offer.to == *to);
        ensure!(with_twin, Error::<T>::NotOfferedWithTwin);
        Self::hand_over(update, &mut charge)
    }

    /// Ends the offer of a container, on behalf of its owner, or of any account once the offer has
    /// lapsed. Adds the weight used to `spent`; on failure, only the time.
    pub(crate) fn do_cancel_offer(
        who: &T::AccountId,
        id: ContainerId,
        spent: &mut Weight,
    ) -> DispatchResult {
        let mut charge = LookThrough::begin(spent, T::WeightInfo::cancel_offer);
        let update = Update::<T>::load(who, id)?;
        let open = update.container.offer.as_ref().ok_or(Error::<T>::OfferNotFound)?;
        let lapsed = T::Time::now() > open.deadline;
        ensure!(lapsed || update.container.owner == *who, Error::<T>::NotOwner);
        Ok(Self::end_offer(update, &mut charge)?)
    }

    /// Ends the offer of a container if it is still offered with `twin`. Adds the weight used to
    /// `spent`.
    pub(crate) fn do_cancel_with_twin(
        who: &T::AccountId,
        twin: TwinId,
        id: ContainerId,
        spent: &mut Weight,
    ) {
        let mut charge = LookThrough::begin(spent, T::WeightInfo::cancel_offer);
        if OfferedWith::<T>::get(id) != Some(twin) {
            return;
        }
        // Cannot fail: a container that is offered with a twin has an offer.
        let _ = Update::load(who, id).and_then(|update| Self::end_offer(update, &mut charge));
    }

    /// Returns the weight of accepting a container with `data_sets` data sets, without the bytes
    /// written.
    ///
    /// Includes a constant for the search for remaining rights. The search visits accounts that
    /// lost their rights in the same block, which no benchmark can set up.
    pub(crate) fn accept_time(data_sets: u32) -> Weight {
        let steps = T::DbWeight::get().reads(MAX_REMOVED_BEFORE_LISTING.into());
        T::WeightInfo::accept_ownership(data_sets).saturating_add(steps)
    }

    /// Hands a container over to its offeree. Roles and grants of other accounts stay. The former
    /// owner keeps only what it granted itself. Sealed writes fail until the new owner rotates the
    /// keys.
    fn hand_over(
        mut update: Update<T>,
        charge: &mut LookThrough<'_, impl Fn(u32) -> Weight>,
    ) -> DispatchResult {
        let id = update.id;
        let Offer { id: offer, to, deadline } =
            update.container.offer.take().ok_or(Error::<T>::OfferNotFound)?;
        ensure!(T::Time::now() <= deadline, Error::<T>::OfferLapsed);
        charge.looks_at(update.container.data_sets);
        remove_from_offers::<T>(id, &to);
        let from = core::mem::replace(&mut update.container.owner, to.clone());
        ContainersOfOwner::<T>::remove(&from, id);
        ContainersOfOwner::<T>::insert(&to, id, ());
        update.written.count(growth::INDEX);
        let (old, new) = (from.clone(), to.clone());
        let remaining = Self::remaining_rights(id, &to);
        update.deposit(|container, stamp| Event::OwnershipTransferred {
            container,
            stamp,
            from: old,
            to: new,
            offer,
            remaining,
        });
        // An owner needs no roles or grants. If kept, they would apply again after its next
        // handover.
        if let Some(rights) = AccountRights::<T>::get(id, &to) {
            update.drop_rights(&to, rights);
        }
        Self::revoke_seeds(&mut update, &from, EndReason::OwnerChanged);
        charge.wrote(update.store());
        Ok(())
    }

    /// Returns the rights that accounts other than the new owner keep in a container. Looks at the
    /// first [`MAX_REMAINING`] accounts only.
    ///
    /// The search also visits every account that lost its rights in this block, in any container.
    /// Above [`MAX_REMOVED_BEFORE_LISTING`] such accounts, it lists none.
    fn remaining_rights(id: ContainerId, owner: &T::AccountId) -> RemainingRights<T::AccountId> {
        let mut remaining = RemainingRights { accounts: Vec::new(), more: false };
        if counted_in_this_block::<T, RemovedRights<T>>() > MAX_REMOVED_BEFORE_LISTING {
            remaining.more = true;
            return remaining;
        }
        let now = T::Time::now();
        let others = AccountRights::<T>::iter_prefix(id).filter(|(account, _)| account != owner);
        for (listed, (account, rights)) in (0u32..).zip(others) {
            if listed >= MAX_REMAINING {
                remaining.more = true;
                break;
            }
            let access = rights.grants.iter().map(|grant| DataSetPermission {
                data_set: grant.data_set,
                access: grant.active(now),
            });
            let access = access.filter(|granted| !granted.access.is_empty());
            let (roles, access): (Vec<_>, Vec<_>) = (rights.roles.into(), access.collect());
            if !(roles.is_empty() && access.is_empty()) {
                remaining.accounts.push(KeptRights { account, roles, access });
            }
        }
        remaining
    }

    /// Ends the offer of a container.
    fn end_offer(
        mut update: Update<T>,
        charge: &mut LookThrough<'_, impl Fn(u32) -> Weight>,
    ) -> Result<(), Error<T>> {
        let offer = update.container.offer.take().ok_or(Error::OfferNotFound)?;
        charge.looks_at(update.container.data_sets);
        remove_from_offers::<T>(update.id, &offer.to);
        let id = offer.id;
        update.deposit(|container, stamp| Event::OfferCancelled { container, stamp, offer: id });
        Self::revoke_seeds(&mut update, &offer.to, EndReason::OfferEnded);
        charge.wrote(update.store());
        Ok(())
    }
}

/// Removes a container from the indices of offers.
fn remove_from_offers<T: Config>(id: ContainerId, to: &T::AccountId) {
    OffersTo::<T>::remove(to, id);
    OfferedWith::<T>::remove(id);
}
