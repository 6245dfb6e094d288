// SPDX-License-Identifier: Apache-2.0

//! Lookups and checks that several calls share.

use crate::{pallet::*, types::*};
use alloc::vec::Vec;
use frame_support::{
    ensure,
    traits::{Contains, Get},
};
use frame_system::Pallet as System;
use twinchain_primitives::Name;

impl<T: Config> Pallet<T> {
    /// Returns an organisation. Fails if it does not exist or was removed.
    pub(crate) fn ensure_not_removed(id: OrganisationId) -> Result<Organisation, Error<T>> {
        let organisation = Organisations::<T>::get(id).ok_or(Error::OrganisationNotFound)?;
        ensure!(organisation.status != Status::Removed, Error::Removed);
        Ok(organisation)
    }

    /// Stores an organisation and updates the sum of all shares. Fails if a share grows and the sum
    /// exceeds the chain's capacity: `CapacityExceeded` for time and bytes, `TooManyNodes` for
    /// nodes.
    pub(crate) fn put_organisation(
        id: OrganisationId,
        organisation: Organisation,
    ) -> Result<(), Error<T>> {
        let before = Organisations::<T>::get(id).map_or_else(Share::default, |old| old.share());
        let after = organisation.share();
        if before != after {
            let granted = Granted::<T>::get().saturating_sub(before).saturating_add(after);
            // A share that does not grow is accepted even if the sum exceeds the capacity, so that
            // an organisation can always be reduced or removed.
            let fits = |grows: bool, fits: bool| !grows || fits;
            let time = fits(after.time > before.time, granted.time <= T::BlockTime::get());
            let bytes = fits(after.bytes > before.bytes, granted.bytes <= T::BlockBytes::get());
            ensure!(time && bytes, Error::CapacityExceeded);
            let nodes = fits(after.nodes > before.nodes, granted.nodes <= T::MaxNodes::get());
            ensure!(nodes, Error::TooManyNodes);
            Granted::<T>::put(granted);
        }
        Organisations::<T>::insert(id, organisation);
        Ok(())
    }

    /// Returns `true` if the nodes of an organisation can connect.
    pub(crate) fn lists_nodes(id: OrganisationId) -> bool {
        Organisations::<T>::get(id).is_some_and(|organisation| match organisation.status {
            Status::Active | Status::Suspended => true,
            Status::Removed => {
                ListedUntil::<T>::get(id).is_some_and(|until| System::<T>::block_number() < until)
            },
        })
    }

    /// Returns `true` if an account is a councillor or an appointed validator.
    pub(crate) fn is_official(account: &T::AccountId) -> bool {
        T::Councillors::contains(account) || Validators::<T>::get().contains(account)
    }

    /// Checks a label, which can be empty.
    pub(crate) fn check_label(label: Vec<u8>) -> Result<Label, Error<T>> {
        let readable = label.is_empty() || Name::try_from(label.as_slice()).is_ok();
        ensure!(readable, Error::InvalidLabel);
        Label::try_from(label).map_err(|_| Error::InvalidLabel)
    }
}
