// SPDX-License-Identifier: Apache-2.0

//! Look-ups and checks that several calls share.

use crate::{pallet::*, types::*};
use alloc::vec::Vec;
use frame_support::ensure;
use twinchain_primitives::Name;

impl<T: Config> Pallet<T> {
    /// An organisation that was not removed.
    pub(crate) fn ensure_not_removed(id: OrganisationId) -> Result<Organisation, Error<T>> {
        let organisation = Organisations::<T>::get(id).ok_or(Error::OrganisationNotFound)?;
        ensure!(organisation.status != Status::Removed, Error::Removed);
        Ok(organisation)
    }

    /// A label, which may be empty.
    pub(crate) fn check_label(label: Vec<u8>) -> Result<Label, Error<T>> {
        let readable = label.is_empty() || Name::try_from(label.as_slice()).is_ok();
        ensure!(readable, Error::InvalidLabel);
        Label::try_from(label).map_err(|_| Error::InvalidLabel)
    }
}
