// SPDX-License-Identifier: Apache-2.0

//! Links, and the indices of their targets.

use super::update::Update;
use crate::{growth, pallet::*, types::*, WeightInfo};
use alloc::vec::Vec;
use frame_support::{dispatch::DispatchResult, ensure, traits::Get, weights::Weight};
use sp_runtime::DispatchError;
use twinchain_primitives::{Containers, Name, TwinId};

/// The index entries that the weight of `set_link` includes: those of the link's old target and of
/// its new one. Each is read and written.
const INDICES_OF_SET_LINK: u64 = 2;

impl<T: Config> Pallet<T> {
    /// Adds a link, or replaces the link with this name. Adds the weight used so far to `spent`,
    /// also on failure.
    pub(crate) fn do_set_link(
        who: &T::AccountId,
        id: TwinId,
        name: Vec<u8>,
        target: Target<T::AccountId>,
        spent: &mut Weight,
    ) -> DispatchResult {
        spent.saturating_accrue(Self::set_link_own_weight(&name, &target));
        let mut update = Update::<T>::load_for_change(who, id)?;
        let name = Name::try_from(name).map_err(|_| Error::<T>::InvalidName)?;
        Self::check_target(who, &target, spent)?;
        let updated = Self::put_link(&mut update, name, target)?;
        update.store();
        let left = INDICES_OF_SET_LINK.saturating_sub(updated);
        spent.saturating_reduce(T::DbWeight::get().reads_writes(left, left));
        Ok(())
    }

    /// Removes a link. Adds the weight used so far to `spent`, also on failure.
    pub(crate) fn do_remove_link(
        who: &T::AccountId,
        id: TwinId,
        name: Vec<u8>,
        spent: &mut Weight,
    ) -> DispatchResult {
        spent.saturating_accrue(Self::remove_link_weight());
        let mut update = Update::<T>::load_for_change(who, id)?;
        let name = Name::try_from(name).map_err(|_| Error::<T>::InvalidName)?;
        let old = Links::<T>::take(id, &name).ok_or(Error::<T>::LinkNotFound)?;
        if !Self::unindex(id, &old) {
            spent.saturating_reduce(T::DbWeight::get().reads_writes(1, 1));
        }
        update.twin.links = update.twin.links.saturating_sub(1);
        update.deposit(|twin, stamp| Event::LinkRemoved { twin, stamp, name });
        update.store();
        Ok(())
    }

    /// Fails unless an account may link this target from its twins. Adds the weight of the
    /// containers' check to `spent`.
    pub(crate) fn check_target(
        who: &T::AccountId,
        target: &Target<T::AccountId>,
        spent: &mut Weight,
    ) -> DispatchResult {
        match target {
            Target::Container(container) => {
                let may_link = T::Containers::may_link(who, *container, spent)?;
                ensure!(may_link, Error::<T>::MayNotLink);
            },
            Target::Twin(twin) => {
                ensure!(Twins::<T>::contains_key(twin), Error::<T>::TargetNotFound);
            },
            Target::Account(_) | Target::Hash(_) => {},
        }
        Ok(())
    }

    /// Stores a checked link and updates its index. Updates the twin, which the caller stores.
    /// Returns the number of index entries that it updated.
    pub(crate) fn put_link(
        update: &mut Update<T>,
        name: Name,
        target: Target<T::AccountId>,
    ) -> Result<u64, DispatchError> {
        let id = update.id;
        let unindexed = match Links::<T>::get(id, &name) {
            Some(old) => Self::unindex(id, &old),
            None => {
                let links = &mut update.twin.links;
                ensure!(*links < MAX_LINKS, Error::<T>::LinksExhausted);
                *links = links.saturating_add(1);
                false
            },
        };
        let add = |links: &mut Option<u32>| *links = Some(links.unwrap_or(0).saturating_add(1));
        let indexed = Self::update_index(id, &target, add);
        Links::<T>::insert(id, &name, &target);
        update.deposit(|twin, stamp| Event::LinkSet { twin, stamp, name, target });
        Ok(u64::from(unindexed).saturating_add(u64::from(indexed)))
    }

    /// Removes a link from the index of its target. Returns `true` if such targets have an index.
    fn unindex(id: TwinId, target: &Target<T::AccountId>) -> bool {
        Self::update_index(id, target, |links| {
            // The entry of a twin without links to the target is removed.
            *links = links.unwrap_or(0).checked_sub(1).filter(|rest| *rest > 0);
        })
    }

    /// Changes the number of links from a twin to a target in the target's index. Returns `true` if
    /// such targets have an index.
    fn update_index(
        id: TwinId,
        target: &Target<T::AccountId>,
        change: impl FnOnce(&mut Option<u32>),
    ) -> bool {
        match target {
            Target::Container(container) => TwinsOfContainer::<T>::mutate(container, id, change),
            Target::Twin(twin) => TwinsOfTwin::<T>::mutate(twin, id, change),
            Target::Account(_) | Target::Hash(_) => return false,
        }
        true
    }

    /// Returns the maximum weight of a call of `remove_link`.
    pub(crate) fn remove_link_weight() -> Weight {
        T::WeightInfo::remove_link().saturating_add(growth::remove_link())
    }

    /// Returns the maximum weight of a call of `set_link`.
    pub(crate) fn set_link_weight(name: &[u8], target: &Target<T::AccountId>) -> Weight {
        let own = Self::set_link_own_weight(name, target);
        match target {
            Target::Container(_) => own.saturating_add(T::Containers::may_link_weight()),
            Target::Twin(_) | Target::Account(_) | Target::Hash(_) => own,
        }
    }

    /// Returns the weight of `set_link` without the containers' check.
    fn set_link_own_weight(name: &[u8], target: &Target<T::AccountId>) -> Weight {
        T::WeightInfo::set_link().saturating_add(growth::set_link(name, target))
    }
}
