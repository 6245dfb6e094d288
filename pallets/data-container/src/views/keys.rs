// SPDX-License-Identifier: Apache-2.0

//! Reads of the keys of data sets and accounts, of envelopes, and of rotations that are due.

use crate::{answers::*, pallet::*, types::*};
use alloc::vec::Vec;
use frame_support::traits::Time;
use frame_system::pallet_prelude::BlockNumberFor;
use twinchain_primitives::{ContainerId, Moment, Page, MAX_PAGE};

/// The most envelopes that one page of due rotations examines.
const MAX_EXAMINED: u32 = 1_024;

impl<T: Config> Pallet<T> {
    pub(crate) fn read_sealing(id: ContainerId, name: Vec<u8>) -> Option<Sealing<T::AccountId>> {
        let container = Containers::<T>::get(id)?;
        let (_, data_set) = Self::named_data_set(id, name).ok()?;
        Self::sealing_state(id, &container, &data_set)
    }

    /// Returns whether a data set accepts sealed writes and, if not, why; `None` for a public data
    /// set.
    pub(crate) fn sealing_state(
        id: ContainerId,
        container: &Container<T::AccountId, BlockNumberFor<T>>,
        data_set: &DataSetOf<T>,
    ) -> Option<Sealing<T::AccountId>> {
        if data_set.visibility == Visibility::Public {
            return None;
        }
        if container.status == Status::Closed || !data_set.is_active() {
            return Some(Sealing::Ended);
        }
        let Some(key) = data_set.key else { return Some(Sealing::NoKey) };
        let now = T::Time::now();
        let end = SealingEnds::<T>::get(id, data_set.id);
        // The key cannot be rotated before the offer ends.
        let lapsed = container.offer.as_ref().filter(|offer| now > offer.deadline);
        if let Some(Offer { to, deadline, .. }) = lapsed {
            return Some(Sealing::OfferLapsed { to: to.clone(), since: *deadline });
        }
        Some(match end {
            Some(end) if now > key.valid_until => Sealing::RotationDue(end),
            end => Sealing::Open { end },
        })
    }

    /// Returns the data sets whose key is due for rotation. Continues with the data set of the
    /// cursor, and there with the readers after the cursor's account.
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
        // `before` itself is not included.
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
            if let Some(left) = SeedsLeft::<T>::get(id, data_set.id) {
                page.items.push(DueRotation { data_set: name, end: Some(left) });
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

    /// Searches for a reader whose key leaked, among those after `after`. Takes one from `room` for
    /// each reader, and stops when none is left.
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
            if let Some(since) = Self::leak_of_envelope(&account, key, &envelope) {
                let reason = EndReason::KeyLeaked;
                return Examined::Leak(SealingEnd { account, reason, since });
            }
            last = Some(account);
        }
        Examined::All
    }

    /// Returns the moment since which a reader's seed of the current epoch counts as leaked, or
    /// `None`.
    pub(super) fn leak_of_reader(
        id: ContainerId,
        data_set: &DataSetOf<T>,
        account: &T::AccountId,
    ) -> Option<Moment> {
        let key = data_set.key?;
        let envelope = Envelopes::<T>::get((id, data_set.id, key.segment, account))?;
        Self::leak_of_envelope(account, key, &envelope)
    }

    fn leak_of_envelope(
        account: &T::AccountId,
        key: EpochKey,
        envelope: &Envelope,
    ) -> Option<Moment> {
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

/// The result of a search for a reader whose key leaked.
enum Examined<AccountId> {
    /// The key of this reader leaked.
    Leak(SealingEnd<AccountId>),
    /// No reader's key leaked.
    All,
    /// No key leaked up to this reader. The search continues after it.
    UpTo(Option<AccountId>),
}

/// Returns a page of items that are numbered from 1 to `newest`.
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
