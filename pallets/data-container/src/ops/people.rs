// SPDX-License-Identifier: Apache-2.0

//! Answers about people: who has what, and what somebody has. Never writes.

use crate::{access::reads_until, answers::*, pallet::*, types::*};
use alloc::vec::Vec;
use frame_support::traits::Time;
use twinchain_primitives::{keys_after, Access, ContainerId, Moment, Name, Page, MAX_PAGE};

/// The most envelopes that one answer about due rotations looks at.
const MAX_EXAMINED: u32 = 1_024;

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
        let readable = |data_set: &DataSet<_, _>| {
            data_set.visibility == Visibility::Public
                || Self::authority_of(id, &container, data_set, &account, Access::READ).is_some()
        };
        let sets = Self::data_sets_in_order(id).into_iter();
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
            let leaked = Self::leaked_seed(id, &data_set, &account);
            Reader { account, until, envelope, leaked }
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

    /// Finds the data sets whose key is to be rotated: from the one of the cursor on, and there
    /// only the readers behind its account.
    pub(crate) fn read_rotations_due(
        id: ContainerId,
        before: Option<Moment>,
        after: Option<RotationCursor<T::AccountId>>,
    ) -> Page<DueRotation<T::AccountId>, RotationCursor<T::AccountId>> {
        let mut page = Page { items: Vec::new(), next: None };
        let active = |container: Container<_, _>| container.status == Status::Active;
        if !Containers::<T>::get(id).is_some_and(active) {
            return page;
        }
        // The last moment that is asked about.
        let last = before.map_or(0, |before| before.saturating_sub(1));
        let now = T::Time::now().max(last);
        let (from, mut reader) = after.map_or((0, None), |at| (at.data_set, at.reader));
        let mut room = MAX_EXAMINED;
        for (name, data_set) in Self::data_sets_in_order(id) {
            let sealed = data_set.visibility == Visibility::Confidential && data_set.is_active();
            if !sealed || data_set.id < from {
                continue;
            }
            let reader = reader.take().filter(|_| data_set.id == from);
            if data_set.key.is_none_or(|key| now > key.valid_until) {
                let end = SealingEnds::<T>::get(id, data_set.id);
                page.items.push(DueRotation { data_set: name, end });
                continue;
            }
            match Self::find_leak(id, &data_set, reader, &mut room) {
                Examined::Leak(end) => {
                    page.items.push(DueRotation { data_set: name, end: Some(end) });
                },
                Examined::All => {},
                Examined::UpTo(reader) => {
                    page.next = Some(RotationCursor { data_set: data_set.id, reader });
                    return page;
                },
            }
        }
        page
    }

    /// Looks for a reader whose key leaked among those behind `after`, at most `room` of them.
    fn find_leak(
        id: ContainerId,
        data_set: &DataSetOf<T>,
        after: Option<T::AccountId>,
        room: &mut u32,
    ) -> Examined<T::AccountId> {
        let Some(key) = data_set.key else { return Examined::All };
        let prefix = (id, data_set.id, key.segment);
        let mut last = after.clone();
        let envelopes = match after {
            Some(account) => Envelopes::<T>::iter_prefix_from(
                prefix,
                Envelopes::<T>::hashed_key_for((id, data_set.id, key.segment, account)),
            ),
            None => Envelopes::<T>::iter_prefix(prefix),
        };
        for (account, envelope) in envelopes {
            let Some(left) = room.checked_sub(1) else { return Examined::UpTo(last) };
            *room = left;
            if let Some(since) = Self::leaked_with(&account, key, &envelope) {
                let reason = EndReason::KeyLeaked;
                return Examined::Leak(SealingEnd { account, reason, since });
            }
            last = Some(account);
        }
        Examined::All
    }

    /// Returns since when a reader's seed of the current epoch counts as known to others.
    fn leaked_seed(
        id: ContainerId,
        data_set: &DataSetOf<T>,
        account: &T::AccountId,
    ) -> Option<Moment> {
        let key = data_set.key?;
        let envelope = Envelopes::<T>::get((id, data_set.id, key.segment, account))?;
        Self::leaked_with(account, key, &envelope)
    }

    fn leaked_with(account: &T::AccountId, key: EpochKey, envelope: &Envelope) -> Option<Moment> {
        let current = envelope.epoch == key.epoch;
        current.then(|| EncryptionKeys::<T>::get(account)?.leaked_with(envelope)).flatten()
    }

    pub(crate) fn read_envelopes(
        id: ContainerId,
        name: Vec<u8>,
        account: T::AccountId,
    ) -> Vec<(u8, Envelope)> {
        let Ok((_, data_set)) = Self::named_data_set(id, name) else { return Vec::new() };
        let newest = data_set.key.map_or(0, |key| key.segment);
        let envelope = |segment| {
            let found = Envelopes::<T>::get((id, data_set.id, segment, account.clone()))?;
            Some((segment, found))
        };
        (1..=newest).filter_map(envelope).collect()
    }

    pub(crate) fn read_encryption_keys(
        account: T::AccountId,
        from: u32,
        limit: u32,
    ) -> Page<(u32, AccountKey), u32> {
        let newest = EncryptionKeys::<T>::get(&account).map_or(0, |key| key.version);
        numbered(from, limit, newest, |version| KeyVersions::<T>::get(&account, version))
    }

    pub(crate) fn read_epochs(
        id: ContainerId,
        name: Vec<u8>,
        from: u32,
        limit: u32,
    ) -> Page<(u32, Epoch), u32> {
        let key = Self::named_data_set(id, name).ok().and_then(|(_, set)| Some((set.id, set.key?)));
        let Some((data_set, key)) = key else { return Page { items: Vec::new(), next: None } };
        numbered(from, limit, key.epoch, |epoch| Epochs::<T>::get((id, data_set, epoch)))
    }
}

/// What a search for a reader whose key leaked came to.
enum Examined<AccountId> {
    /// This one's did.
    Leak(SealingEnd<AccountId>),
    /// Nobody's did.
    All,
    /// Nobody's up to this account, behind which the search goes on.
    UpTo(Option<AccountId>),
}

/// Returns a page of things that are numbered from 1 to `newest`.
fn numbered<I>(
    from: u32,
    limit: u32,
    newest: u32,
    find: impl Fn(u32) -> Option<I>,
) -> Page<(u32, I), u32> {
    let from = from.max(1);
    let end = from.saturating_add(limit.clamp(1, MAX_PAGE)).min(newest.saturating_add(1));
    let items = (from..end).filter_map(|number| Some((number, find(number)?)));
    Page { items: items.collect(), next: Some(end).filter(|next| *next <= newest) }
}
