// SPDX-License-Identifier: Apache-2.0

//! The removal of an organisation, with its seats in the council and its validators.

use crate::{pallet::*, types::*};
use alloc::vec::Vec;
use frame_support::{dispatch::DispatchResult, ensure, traits::Get};
use frame_system::{pallet_prelude::BlockNumberFor, Pallet as System};
use sp_runtime::{
    traits::{CheckedDiv, Convert, Saturating},
    SaturatedConversion,
};

/// The number of sessions after the current one for which a removed organisation's nodes are
/// listed. Its validators are already planned for the next session. The session after that is the
/// first one without them, and the nodes stay listed for two more sessions.
const SESSIONS_LISTED: u32 = 4;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_remove_organisation(id: OrganisationId) -> DispatchResult {
        Self::ensure_not_removed(id)?;
        let seats = Self::seats_to_vacate(id)?;
        let validators = Self::validators_to_dismiss(id)?;
        // Members that were dismissed earlier may still validate.
        let validating = T::Validating::get();
        let validates = validating.iter().any(|account| Self::is_member_of(account, id));
        if validates || !validators.is_empty() {
            ListedUntil::<T>::insert(id, Self::end_of_listing());
        }
        if !seats.is_empty() {
            T::Councillors::vacate(&seats)?;
            Self::deposit_event(Event::SeatsVacated { accounts: seats });
        }
        let mut left = Validators::<T>::get();
        validators.into_iter().for_each(|account| Self::dismiss(&mut left, account, false));
        Validators::<T>::put(left);
        Self::do_set_status(id, Status::Removed)
    }

    /// Returns the councillors among an organisation's members. Fails if fewer than [`MIN_SEATS`]
    /// seats would remain without them.
    fn seats_to_vacate(id: OrganisationId) -> Result<Vec<T::AccountId>, Error<T>> {
        let (own, others): (Vec<_>, Vec<_>) = T::Councillors::seats()
            .into_iter()
            .partition(|account| Self::is_member_of(account, id));
        let left: u32 = others.len().saturated_into();
        ensure!(own.is_empty() || left >= MIN_SEATS, Error::TooFewSeats);
        Ok(own)
    }

    /// Returns the appointed validators among an organisation's members. Fails if no validator with
    /// registered keys would remain without them.
    fn validators_to_dismiss(id: OrganisationId) -> Result<Vec<T::AccountId>, Error<T>> {
        let (own, others): (Vec<_>, Vec<_>) =
            Validators::<T>::get().into_iter().partition(|account| Self::is_member_of(account, id));
        let remain = others.into_iter().any(|account| T::KeysOf::convert(account).is_some());
        ensure!(own.is_empty() || remain, Error::TooFewValidators);
        Ok(own)
    }

    fn is_member_of(account: &T::AccountId, id: OrganisationId) -> bool {
        Members::<T>::get(account).is_some_and(|member| member.organisation == id)
    }

    /// Returns the first block in which the nodes of an organisation that is removed now, and has
    /// validators, are no longer listed.
    fn end_of_listing() -> BlockNumberFor<T> {
        // All sessions have the same length, and the first one begins with the genesis block.
        let length = SessionLength::<T>::get();
        let now = System::<T>::block_number();
        let session = now.checked_div(&length).unwrap_or_default();
        session.saturating_add(SESSIONS_LISTED.into()).saturating_mul(length)
    }
}
