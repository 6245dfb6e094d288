// SPDX-License-Identifier: Apache-2.0

//! Reads of rights: authorities, members, readers and offers.

use crate::{access::reads_until, answers::*, pallet::*, types::*};
use alloc::vec::Vec;
use frame_support::traits::Time;
use twinchain_primitives::{keys_after, page_of_keys, Access, ContainerId, Name, Page, MAX_PAGE};

impl<T: Config> Pallet<T> {
    pub(crate) fn read_authority(
        id: ContainerId,
        name: Vec<u8>,
        account: T::AccountId,
        access: Access,
    ) -> Option<Authority> {
        let container = Containers::<T>::get(id)?;
        let (_, data_set) = Self::named_data_set(id, name).ok()?;
        Self::find_authority(id, &container, &data_set, &account, access)
    }

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
        page_of_keys::<ContainersSharedWith<T>, _, _, _>(account, after, limit)
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
        let readable = |data_set: &DataSet<_, _>| {
            data_set.visibility == Visibility::Public
                || Self::find_authority(id, &container, data_set, &account, Access::READ).is_some()
        };
        let sets = Self::data_sets_in_order(id).into_iter();
        sets.filter(|(_, data_set)| readable(data_set)).map(|(name, _)| name).collect()
    }

    /// Returns the readers of a data set: the owner on the first page, then the members that may
    /// read.
    ///
    /// A page looks at `limit` members, at most [`MAX_PAGE`]. So it can hold fewer readers than
    /// `limit` and still have a next page.
    pub(crate) fn read_readers(
        id: ContainerId,
        name: Vec<u8>,
        after: Option<T::AccountId>,
        limit: u32,
    ) -> Page<ReaderInfo<T::AccountId>, T::AccountId> {
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
            let leaked = Self::leak_of_reader(id, &data_set, &account);
            ReaderInfo { account, until, envelope, leaked }
        };
        if after.is_none() {
            page.items.push(reader(container.owner.clone(), None));
        }
        let now = T::Time::now();
        let members = Self::read_members(id, after, limit.clamp(1, MAX_PAGE));
        page.next = members.next;
        for (account, rights) in members.items {
            let until = reads_until(&rights, data_set.id, now);
            // Only the owner reads a retired data set.
            let reads = data_set.is_active() && account != container.owner;
            if let Some(until) = until.filter(|_| reads) {
                page.items.push(reader(account, until.moment()));
            }
        }
        page
    }
}
