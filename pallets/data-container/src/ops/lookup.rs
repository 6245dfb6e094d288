// SPDX-License-Identifier: Apache-2.0

//! Lookups and checks that several calls share.

use crate::{pallet::*, types::*};
use alloc::vec::Vec;
use frame_support::{ensure, StorageValue};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::SaturatedConversion;
use twinchain_primitives::{ContainerId, Name};

impl<T: Config> Pallet<T> {
    /// Returns the data set with this name. Fails if it is retired.
    pub(crate) fn active_data_set(
        id: ContainerId,
        name: Vec<u8>,
    ) -> Result<(Name, DataSetOf<T>), Error<T>> {
        let (name, data_set) = Self::named_data_set(id, name)?;
        ensure!(data_set.is_active(), Error::DataSetRetired);
        Ok((name, data_set))
    }

    /// Returns the data set with this name, active or retired.
    pub(crate) fn named_data_set(
        id: ContainerId,
        name: Vec<u8>,
    ) -> Result<(Name, DataSetOf<T>), Error<T>> {
        let name = Name::try_from(name).map_err(|_| Error::InvalidName)?;
        let data_set = DataSets::<T>::get(id, &name).ok_or(Error::DataSetNotFound)?;
        Ok((name, data_set))
    }

    /// Returns the data sets of a container, ordered by id.
    pub(crate) fn data_sets_in_order(id: ContainerId) -> Vec<(Name, DataSetOf<T>)> {
        let mut data_sets: Vec<_> = DataSets::<T>::iter_prefix(id).collect();
        data_sets.sort_by_key(|(_, data_set)| data_set.id);
        data_sets
    }

    /// Fails if a call's list of data sets is empty or has more than [`MAX_DATA_SETS`] items.
    pub(crate) fn check_access_list(list: &[DataSetAccess]) -> Result<(), Error<T>> {
        ensure!(!list.is_empty(), Error::NothingToDo);
        ensure!(len_u32(list) <= MAX_DATA_SETS, Error::TooManyItems);
        Ok(())
    }

    /// Fails if the container is closed or on offer.
    pub(crate) fn check_unfrozen(
        container: &Container<T::AccountId, BlockNumberFor<T>>,
    ) -> Result<(), Error<T>> {
        ensure!(container.status == Status::Active, Error::ContainerClosed);
        ensure!(container.offer.is_none(), Error::OfferPending);
        Ok(())
    }

    /// Stores an account's rights and their index entry. Removes both if the rights are empty.
    pub(crate) fn put_rights(id: ContainerId, account: &T::AccountId, rights: Rights) {
        if rights.is_empty() {
            AccountRights::<T>::remove(id, account);
            ContainersSharedWith::<T>::remove(account, id);
            count_in_this_block::<T, RemovedRights<T>>(1);
        } else {
            AccountRights::<T>::insert(id, account, rights);
            ContainersSharedWith::<T>::insert(account, id, ());
        }
    }
}

/// Returns the count that `Counter` has for this block.
pub(super) fn counted_in_this_block<T, Counter>() -> u32
where
    T: Config,
    Counter: StorageValue<(BlockNumberFor<T>, u32), Query = (BlockNumberFor<T>, u32)>,
{
    let (block, count) = Counter::get();
    match block == frame_system::Pallet::<T>::block_number() {
        true => count,
        false => 0,
    }
}

/// Adds `more` to the count that `Counter` has for this block.
pub(super) fn count_in_this_block<T, Counter>(more: u32)
where
    T: Config,
    Counter: StorageValue<(BlockNumberFor<T>, u32), Query = (BlockNumberFor<T>, u32)>,
{
    let count = counted_in_this_block::<T, Counter>().saturating_add(more);
    Counter::put((frame_system::Pallet::<T>::block_number(), count));
}

/// Returns the length of a list. No list in a call has 2^32 items.
pub(super) fn len_u32<I>(items: &[I]) -> u32 {
    items.len().saturated_into()
}
