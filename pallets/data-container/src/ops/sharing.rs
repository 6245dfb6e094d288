// SPDX-License-Identifier: Apache-2.0

//! Sharing: giving single accounts access to single data sets, and taking it away.

use super::{lookup::len_u32, update::Update};
use crate::{pallet::*, types::*};
use alloc::vec::Vec;
use frame_support::{dispatch::DispatchResult, ensure, traits::Time};
use sp_runtime::{DispatchError, SaturatedConversion};
use twinchain_primitives::{Access, ContainerId, DataSetId, Moment, Name, SharedEnvelope};

impl<T: Config> Pallet<T> {
    /// Grants an account access to data sets until `until`. Its other access keeps its own end.
    /// Returns the number of bytes written.
    pub(crate) fn do_share(
        who: &T::AccountId,
        id: ContainerId,
        account: T::AccountId,
        access: Vec<DataSetAccess>,
        until: Option<Moment>,
        envelopes: Vec<SharedEnvelope>,
    ) -> Result<u64, DispatchError> {
        Self::check_access_list(&access)?;
        ensure!(len_u32(&envelopes) <= MAX_ENVELOPES, Error::<T>::TooManyEnvelopes);
        let mut update = Update::<T>::load_for_sharing(who, id)?;
        ensure!(until.is_none_or(|until| T::Time::now() <= until), Error::<T>::InvalidExpiry);
        let before = AccountRights::<T>::get(id, &account).unwrap_or_default();
        let mut rights = before.clone();
        for access in access {
            Self::give_access(&mut update, &account, &mut rights, access, until)?;
        }
        for envelope in envelopes {
            Self::give_seed(&mut update, &account, &before, &rights, envelope)?;
        }
        update.put_rights(&account, rights);
        Ok(update.store())
    }

    /// Adds access to one data set to an account's rights. The caller stores the rights.
    fn give_access(
        update: &mut Update<T>,
        account: &T::AccountId,
        rights: &mut Rights,
        DataSetAccess { data_set, access }: DataSetAccess,
        until: Option<Moment>,
    ) -> DispatchResult {
        let (name, mut data_set) = Self::active_data_set(update.id, data_set)?;
        check_access::<T>(access, &data_set)?;
        let mut grant = take_grant(rights, data_set.id);
        grant.give(access, Until::from_call(until));
        rights.grants.try_push(grant).map_err(|_| Error::<T>::TooManyDataSets)?;
        let (data_set_id, reader) = (data_set.id, account.clone());
        update.deposit(|container, stamp| Event::Shared {
            container,
            stamp,
            account: reader,
            data_set: data_set_id,
            access,
            until,
        });
        if access.intersects(Access::READ) && *account != update.container.owner {
            let known = data_set.key;
            Self::end_sealing_with_read(update, &mut data_set, account.clone(), until);
            put_if_changed(update, &name, &data_set, known);
        }
        Ok(())
    }

    /// Stores the current seed of a data set, sealed for an account whose new rights let it read.
    fn give_seed(
        update: &mut Update<T>,
        account: &T::AccountId,
        before: &Rights,
        rights: &Rights,
        envelope: SharedEnvelope,
    ) -> DispatchResult {
        let SharedEnvelope { data_set, epoch, key_version, envelope: sealed } = envelope;
        let (name, mut data_set) = Self::active_data_set(update.id, data_set)?;
        let (known, reader) = (data_set.key, account.clone());
        let mut holder =
            Self::check_holder(&update.container, &data_set, reader, |_| rights.clone())?;
        let segment = Self::newest_segment(&data_set, epoch)?;
        // An account that could not read has no envelope, so the lookup is skipped.
        let reads = before.grant(data_set.id).is_some_and(|grant| grant.read.is_some());
        if !reads && *account != update.container.owner {
            holder = holder.without_envelope();
        }
        let sealed = SealedFor { epoch, key_version, sealed };
        let checked = Self::check_envelope(update.id, &data_set, segment, holder, sealed)?;
        Self::put_envelope(update, &mut data_set, checked);
        put_if_changed(update, &name, &data_set, known);
        Ok(())
    }

    /// Takes access away from an account's grants. Returns the number of bytes written.
    pub(crate) fn do_unshare(
        who: &T::AccountId,
        id: ContainerId,
        account: T::AccountId,
        access: Vec<DataSetAccess>,
    ) -> Result<u64, DispatchError> {
        Self::check_access_list(&access)?;
        let mut update = Update::<T>::load_for_sharing(who, id)?;
        let mut rights = AccountRights::<T>::get(id, &account).unwrap_or_default();
        let now = T::Time::now();
        for DataSetAccess { data_set, access } in access {
            let (name, mut data_set) = Self::named_data_set(id, data_set)?;
            ensure!(access.is_valid(), Error::<T>::InvalidAccess);
            let mut grant = take_grant(&mut rights, data_set.id);
            let before = grant;
            ensure!(before.access().intersects(access), Error::<T>::NotShared);
            grant.take(access);
            put_grant(&mut rights, grant);
            update.deposit_unshared(&account, &grant);
            if before.read.is_some() && grant.read.is_none() {
                Self::remove_envelope(&mut update, &data_set, &account);
                // A READ that has expired has already ended sealing.
                let held = before.active(now).intersects(Access::READ);
                if held && account != update.container.owner {
                    let (reader, reason) = (account.clone(), EndReason::ReadTaken);
                    Self::end_sealing_now(&mut update, &mut data_set, reader, reason);
                    update.put_data_set(&name, &data_set);
                }
            }
        }
        update.put_rights(&account, rights);
        Ok(update.store())
    }

    /// Removes all rights of the caller in a container. Returns the number of grants removed and
    /// the number of bytes written.
    pub(crate) fn do_leave(
        who: &T::AccountId,
        id: ContainerId,
    ) -> Result<(u32, u64), DispatchError> {
        let mut update = Update::<T>::load(who, id)?;
        let rights = AccountRights::<T>::get(id, who).ok_or(Error::<T>::NothingToDo)?;
        let grants = rights.grants.clone();
        update.drop_rights(who, rights);
        // A grant names its data set by id; the key is in the data set's record.
        let data_sets = match grants.iter().any(|grant| grant.read.is_some()) {
            true => Self::data_sets_in_order(id),
            false => Vec::new(),
        };
        for grant in &grants {
            if let Some(until) = grant.read {
                let about = data_sets.iter().find(|(_, data_set)| data_set.id == grant.data_set);
                let (_, data_set) = about.ok_or(Error::<T>::Corrupt)?;
                Self::leave_seed(&mut update, data_set, until);
            }
        }
        Ok((grants.len().saturated_into(), update.store()))
    }

    /// Removes the expired parts of an account's grants. Returns the number of grants changed and
    /// the number of bytes written.
    pub(crate) fn do_clear_expired(
        who: &T::AccountId,
        id: ContainerId,
        account: T::AccountId,
    ) -> Result<(u32, u64), DispatchError> {
        let mut update = Update::<T>::load(who, id)?;
        ensure!(update.container.offer.is_none(), Error::<T>::OfferPending);
        let mut rights = AccountRights::<T>::get(id, &account).unwrap_or_default();
        let now = T::Time::now();
        let ended: Vec<Grant> = rights
            .grants
            .iter()
            .copied()
            .filter(|grant| grant.active(now) != grant.access())
            .collect();
        ensure!(!ended.is_empty(), Error::<T>::NothingToDo);
        // A grant names its data set by id; the segment of an envelope is in the data set's record.
        let read_ended = |grant: &Grant| grant.read.is_some_and(|until| !until.holds(now));
        let data_sets = match ended.iter().any(read_ended) {
            true => Self::data_sets_in_order(id),
            false => Vec::new(),
        };
        for before in &ended {
            let mut grant = take_grant(&mut rights, before.data_set);
            grant.take(before.access().without(before.active(now)));
            put_grant(&mut rights, grant);
            update.deposit_unshared(&account, &grant);
            if before.read.is_some() && grant.read.is_none() {
                let about = data_sets.iter().find(|(_, data_set)| data_set.id == grant.data_set);
                let (_, data_set) = about.ok_or(Error::<T>::Corrupt)?;
                Self::remove_envelope(&mut update, data_set, &account);
            }
        }
        update.put_rights(&account, rights);
        Ok((ended.len().saturated_into(), update.store()))
    }
}

/// Stores a data set if its key differs from `known`.
fn put_if_changed<T: Config>(
    update: &mut Update<T>,
    name: &Name,
    data_set: &DataSetOf<T>,
    known: Option<EpochKey>,
) {
    if data_set.key != known {
        update.put_data_set(name, data_set);
    }
}

/// Fails unless `access` can be given to an account on this data set.
fn check_access<T: Config>(access: Access, data_set: &DataSetOf<T>) -> Result<(), Error<T>> {
    ensure!(access.is_valid(), Error::InvalidAccess);
    let reads_public = access.intersects(Access::READ) && data_set.visibility == Visibility::Public;
    ensure!(!reads_public, Error::ReadIsPublic);
    Ok(())
}

/// Removes the grant on a data set from an account's rights and returns it, or an empty grant if
/// the account has none.
fn take_grant(rights: &mut Rights, data_set: DataSetId) -> Grant {
    let known = rights.grant(data_set).copied();
    rights.grants.retain(|grant| grant.data_set != data_set);
    known.unwrap_or_else(|| Grant::none(data_set))
}

/// Puts back a grant that was taken out, unless it is empty.
fn put_grant(rights: &mut Rights, grant: Grant) {
    if !grant.access().is_empty() {
        // There is room, because the grant was taken out before.
        let _ = rights.grants.try_push(grant);
    }
}
