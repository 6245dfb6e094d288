// SPDX-License-Identifier: Apache-2.0

//! Answers about people: who has what, and what somebody has. Never writes.

use crate::{access::reads_until, answers::*, pallet::*, types::*};
use alloc::vec::Vec;
use frame_support::traits::Time;
use twinchain_primitives::{keys_after, Access, ContainerId, Moment, Name, Page, MAX_PAGE};

impl<T: Config> Pallet<T> {
    pub(crate) fn read_members(
        id: ContainerId,
        after: Option<T::AccountId>,
        limit: u32,
    ) -> Page<(T::AccountId, Rights), T::AccountId> {
        let members = match after {
            Some(account) => AccountRights::<T>::iter_prefix_from(
                id,
                AccountRights::<T>::hashed_key_for(id, account),
            ),
            None => AccountRights::<T>::iter_prefix(id),
        };
        Page::collect(members.map(|(account, rights)| (account.clone(), (account, rights))), limit)
    }

    pub(crate) fn read_shared_with(
        account: T::AccountId,
        after: Option<ContainerId>,
        limit: u32,
    ) -> Page<ContainerId, ContainerId> {
        let ids = keys_after::<ContainersOfAccount<T>, _, _, _>(account, after);
        Page::collect(ids.map(|id| (id, id)), limit)
    }

    pub(crate) fn read_offers_to(
        account: T::AccountId,
        after: Option<ContainerId>,
        limit: u32,
    ) -> Page<OfferInfo<T::AccountId>, ContainerId> {
        let ids = keys_after::<OffersTo<T>, _, _, _>(account, after);
        let offers = ids.filter_map(|id| {
            let Container { owner, offer, .. } = Containers::<T>::get(id)?;
            let info =
                OfferInfo { container: id, owner, offer: offer?, twin: OfferedWith::<T>::get(id) };
            Some((id, info))
        });
        Page::collect(offers, limit)
    }

    pub(crate) fn read_readable(id: ContainerId, account: T::AccountId) -> Vec<Name> {
        let Some(container) = Containers::<T>::get(id) else { return Vec::new() };
        let readable = |data_set: &DataSet<_>| {
            data_set.visibility == Visibility::Public
                || Self::authority_of(id, &container, data_set, &account, Access::READ).is_some()
        };
        let sets = Self::read_data_sets(id).into_iter();
        sets.filter(|(_, data_set)| readable(data_set)).map(|(name, _)| name).collect()
    }

    /// The readers of a data set: the owner on the first page, and then the members who may read.
    /// A page looks at [`MAX_PAGE`] members at the most, so that it can hold fewer readers than
    /// asked for and still have a next one.
    pub(crate) fn read_readers(
        id: ContainerId,
        name: Vec<u8>,
        after: Option<T::AccountId>,
        limit: u32,
    ) -> Page<Reader<T::AccountId>, T::AccountId> {
        let mut page = Page { items: Vec::new(), next: None };
        let (Some(container), Ok((_, data_set))) =
            (Containers::<T>::get(id), Self::named_data_set(id, name))
        else {
            return page;
        };
        if data_set.visibility == Visibility::Public {
            return page;
        }
        let reader = |account: T::AccountId, until| {
            let envelope = Self::envelope_state(id, &data_set, &account);
            Reader { account, until, envelope }
        };
        if after.is_none() {
            page.items.push(reader(container.owner.clone(), None));
        }
        let now = T::Time::now();
        let members = Self::read_members(id, after, limit.clamp(1, MAX_PAGE));
        page.next = members.next;
        for (account, rights) in members.items {
            let until = reads_until(&rights, data_set.id, now);
            // What was retired is read by the owner alone.
            let reads = data_set.is_active() && account != container.owner;
            if let Some(until) = until.filter(|_| reads) {
                page.items.push(reader(account, until.moment()));
            }
        }
        page
    }

    pub(crate) fn read_sealing(id: ContainerId, name: Vec<u8>) -> Option<Sealing<T::AccountId>> {
        let container = Containers::<T>::get(id)?;
        let (_, data_set) = Self::named_data_set(id, name).ok()?;
        Self::sealing_state(id, &container, &data_set)
    }

    pub(crate) fn read_rotations_due(
        id: ContainerId,
        before: Option<Moment>,
    ) -> Vec<DueRotation<T::AccountId>> {
        let active = |container: &Container<_>| container.status == Status::Active;
        if !Containers::<T>::get(id).is_some_and(|container| active(&container)) {
            return Vec::new();
        }
        // The last moment that is asked about.
        let last = before.map_or(0, |before| before.saturating_sub(1));
        let now = T::Time::now().max(last);
        let due = |data_set: &DataSet<_>| {
            data_set.visibility == Visibility::Confidential
                && data_set.is_active()
                && data_set.key.is_none_or(|key| now > key.valid_until)
        };
        let sets = Self::read_data_sets(id).into_iter();
        sets.filter(|(_, data_set)| due(data_set))
            .map(|(name, DataSet { id: data_set, .. })| DueRotation {
                data_set: name,
                end: SealingEnds::<T>::get(id, data_set),
            })
            .collect()
    }

    pub(crate) fn read_envelope(
        id: ContainerId,
        name: Vec<u8>,
        account: T::AccountId,
    ) -> Option<Envelope> {
        let (_, data_set) = Self::named_data_set(id, name).ok()?;
        Envelopes::<T>::get((id, data_set.id, account))
    }

    pub(crate) fn read_epochs(
        id: ContainerId,
        name: Vec<u8>,
        from: u32,
        limit: u32,
    ) -> Page<(u32, Epoch), u32> {
        let key = Self::named_data_set(id, name).ok().and_then(|(_, set)| Some((set.id, set.key?)));
        let Some((data_set, key)) = key else { return Page { items: Vec::new(), next: None } };
        let from = from.max(1);
        let end = from.saturating_add(limit.clamp(1, MAX_PAGE)).min(key.epoch.saturating_add(1));
        let epochs = (from..end).filter_map(|epoch| {
            let found = Epochs::<T>::get((id, data_set, epoch))?;
            Some((epoch, found))
        });
        Page { items: epochs.collect(), next: Some(end).filter(|next| *next <= key.epoch) }
    }
}
