// SPDX-License-Identifier: Apache-2.0

//! Sharing: access of single accounts to single data sets, given and taken.

use super::{data::length, sealing::SealedFor};
use crate::{
    access::{grant_of, holds},
    pallet::*,
    types::*,
};
use alloc::vec::Vec;
use frame_support::{dispatch::DispatchResult, ensure, traits::Time};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{DispatchError, SaturatedConversion};
use twinchain_primitives::{Access, ContainerId, DataSetId, Moment, Name, SharedEnvelope};

impl<T: Config> Pallet<T> {
    /// Adds access to the grants of an account, all of which then end at `until`.
    pub(crate) fn do_share(
        who: &T::AccountId,
        id: ContainerId,
        account: T::AccountId,
        access: Vec<DataSetAccess>,
        until: Option<Moment>,
        envelopes: Vec<SharedEnvelope>,
    ) -> DispatchResult {
        Self::check_list(&access)?;
        ensure!(length(&envelopes) <= MAX_ENVELOPES, Error::<T>::TooManyEnvelopes);
        let container = Self::check_sharing(who, id)?;
        let now = T::Time::now();
        ensure!(until.is_none_or(|until| now <= until), Error::<T>::InvalidExpiry);
        let mut rights = AccountRights::<T>::get(id, &account).unwrap_or_default();
        for DataSetAccess { data_set, access } in access {
            let (name, mut data_set) = Self::active_data_set(id, data_set)?;
            check_access::<T>(access, &data_set)?;
            // What has ended counts as nothing, so that it does not come back with the rest.
            let before = grant_of(&rights, data_set.id, now).map_or(Access::NONE, |g| g.access);
            let grant = Grant { data_set: data_set.id, access: before | access, until };
            rights.grants.retain(|old| old.data_set != data_set.id);
            rights.grants.try_push(grant).map_err(|_| Error::<T>::TooManyDataSets)?;
            if !grant.access.intersects(Access::READ) {
                Self::remove_envelope(id, &container, data_set.id, &account);
            } else if account != container.owner {
                let known = data_set.key;
                Self::end_sealing_with_read(id, &mut data_set, account.clone(), until);
                if data_set.key != known {
                    DataSets::<T>::insert(id, name, &data_set);
                }
            }
            Self::deposit_event(Event::Shared {
                container: id,
                account: account.clone(),
                data_set: grant.data_set,
                access: grant.access,
                until,
            });
        }
        for SharedEnvelope { data_set, epoch, key_version, envelope: seed } in envelopes {
            let (name, mut data_set) = Self::active_data_set(id, data_set)?;
            let holder =
                Self::check_holder(&container, &data_set, account.clone(), |_| rights.clone())?;
            let known = data_set.key;
            let sealed = SealedFor { epoch, key_version, seed };
            Self::store_envelope(id, &mut data_set, holder, sealed)?;
            if data_set.key != known {
                DataSets::<T>::insert(id, name, data_set);
            }
        }
        Self::put_rights(id, &account, rights);
        Ok(())
    }

    /// Takes access away from the grants of an account.
    pub(crate) fn do_unshare(
        who: &T::AccountId,
        id: ContainerId,
        account: T::AccountId,
        access: Vec<DataSetAccess>,
    ) -> DispatchResult {
        Self::check_list(&access)?;
        let container = Self::check_sharing(who, id)?;
        let mut rights = AccountRights::<T>::get(id, &account).unwrap_or_default();
        for DataSetAccess { data_set, access } in access {
            let (name, mut data_set) = Self::named_data_set(id, data_set)?;
            ensure!(access.is_valid(), Error::<T>::InvalidAccess);
            let grant = rights
                .grants
                .iter_mut()
                .find(|grant| grant.data_set == data_set.id && grant.access.intersects(access))
                .ok_or(Error::<T>::NotShared)?;
            let read = grant.access.intersects(Access::READ);
            // A grant that ended saw to it itself that nothing new is sealed for its holder.
            let held = holds(grant, T::Time::now());
            grant.access = grant.access.without(access);
            let left = grant.access;
            rights.grants.retain(|grant| !grant.access.is_empty());
            if read && !left.intersects(Access::READ) {
                Self::remove_envelope(id, &container, data_set.id, &account);
                if held && account != container.owner {
                    let reason = EndReason::ReadTaken;
                    Self::end_sealing_now(id, &mut data_set, account.clone(), reason);
                    DataSets::<T>::insert(id, name, &data_set);
                }
            }
            Self::deposit_event(Event::Unshared {
                container: id,
                account: account.clone(),
                data_set: data_set.id,
                access: left,
            });
        }
        Self::put_rights(id, &account, rights);
        Ok(())
    }

    /// Clears the grants of an account that have ended. Tells how many.
    pub(crate) fn do_clear_expired(
        id: ContainerId,
        account: T::AccountId,
    ) -> Result<u32, DispatchError> {
        let container = Containers::<T>::get(id).ok_or(Error::<T>::ContainerNotFound)?;
        ensure!(container.offer.is_none(), Error::<T>::OfferPending);
        let mut rights = AccountRights::<T>::get(id, &account).unwrap_or_default();
        let now = T::Time::now();
        let ended: Vec<DataSetId> = rights
            .grants
            .iter()
            .filter(|grant| !holds(grant, now))
            .map(|grant| grant.data_set)
            .collect();
        ensure!(!ended.is_empty(), Error::<T>::NothingToDo);
        rights.grants.retain(|grant| holds(grant, now));
        Self::put_rights(id, &account, rights);
        for data_set in &ended {
            Self::remove_envelope(id, &container, *data_set, &account);
            Self::deposit_event(Event::Unshared {
                container: id,
                account: account.clone(),
                data_set: *data_set,
                access: Access::NONE,
            });
        }
        Ok(ended.len().saturated_into())
    }

    /// The container, if it exists, is the account's, and not on offer: what sharing needs. It may
    /// be closed.
    pub(crate) fn check_sharing(
        who: &T::AccountId,
        id: ContainerId,
    ) -> Result<Container<T::AccountId>, DispatchError> {
        let container = Self::check_owned(who, id)?;
        ensure!(container.offer.is_none(), Error::<T>::OfferPending);
        Ok(container)
    }

    /// The data set of this name, if it is in use.
    pub(crate) fn active_data_set(
        id: ContainerId,
        name: Vec<u8>,
    ) -> Result<(Name, DataSet<BlockNumberFor<T>>), Error<T>> {
        let (name, data_set) = Self::named_data_set(id, name)?;
        ensure!(data_set.is_active(), Error::DataSetRetired);
        Ok((name, data_set))
    }

    /// The data set of this name, whether or not it is in use.
    pub(crate) fn named_data_set(
        id: ContainerId,
        name: Vec<u8>,
    ) -> Result<(Name, DataSet<BlockNumberFor<T>>), Error<T>> {
        let name = Name::try_from(name).map_err(|_| Error::InvalidName)?;
        let data_set = DataSets::<T>::get(id, &name).ok_or(Error::DataSetNotFound)?;
        Ok((name, data_set))
    }

    /// Stores what an account may do, with the index; nothing at all leaves nothing.
    pub(crate) fn put_rights(id: ContainerId, account: &T::AccountId, rights: Rights) {
        if rights.roles.is_empty() && rights.grants.is_empty() {
            AccountRights::<T>::remove(id, account);
            ContainersOfAccount::<T>::remove(account, id);
        } else {
            AccountRights::<T>::insert(id, account, rights);
            ContainersOfAccount::<T>::insert(account, id, ());
        }
    }
}

/// Access as it can be given to an account.
fn check_access<T: Config>(
    access: Access,
    data_set: &DataSet<BlockNumberFor<T>>,
) -> Result<(), Error<T>> {
    ensure!(access.is_valid(), Error::InvalidAccess);
    let reads_public = access.intersects(Access::READ) && data_set.visibility == Visibility::Public;
    ensure!(!reads_public, Error::ReadIsPublic);
    Ok(())
}
