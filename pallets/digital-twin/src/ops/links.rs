// SPDX-License-Identifier: Apache-2.0

//! Links: what may be linked, and the indices that follow them.

use super::update::Update;
use crate::{pallet::*, types::*};
use alloc::vec::Vec;
use frame_support::{dispatch::DispatchResult, ensure};
use twinchain_primitives::{Containers, Name, TwinId};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_set_link(
        who: &T::AccountId,
        id: TwinId,
        name: Vec<u8>,
        target: Target<T::AccountId>,
    ) -> DispatchResult {
        let mut update = Update::<T>::load_for_change(who, id)?;
        let name = Name::try_from(name).map_err(|_| Error::<T>::InvalidName)?;
        Self::check_target(who, &target)?;
        Self::put_link(&mut update, name, target)?;
        update.store();
        Ok(())
    }

    pub(crate) fn do_remove_link(who: &T::AccountId, id: TwinId, name: Vec<u8>) -> DispatchResult {
        let mut update = Update::<T>::load_for_change(who, id)?;
        let name = Name::try_from(name).map_err(|_| Error::<T>::InvalidName)?;
        let old = Links::<T>::take(id, &name).ok_or(Error::<T>::LinkNotFound)?;
        Self::unindex(id, &old);
        update.twin.links = update.twin.links.saturating_sub(1);
        update.deposit(|twin, stamp| Event::LinkRemoved { twin, stamp, name });
        update.store();
        Ok(())
    }

    /// Whether the account may make one of its twins point there.
    pub(crate) fn check_target(
        who: &T::AccountId,
        target: &Target<T::AccountId>,
    ) -> DispatchResult {
        match target {
            Target::Container(container) => {
                ensure!(T::Containers::may_link(who, *container)?, Error::<T>::MayNotLink);
            },
            Target::Twin(twin) => {
                ensure!(Twins::<T>::contains_key(twin), Error::<T>::TargetNotFound);
            },
            Target::Account(_) | Target::Hash(_) => {},
        }
        Ok(())
    }

    /// Writes a checked link with its index and counts it in the twin, which the caller stores.
    pub(crate) fn put_link(
        update: &mut Update<T>,
        name: Name,
        target: Target<T::AccountId>,
    ) -> DispatchResult {
        let id = update.id;
        match Links::<T>::get(id, &name) {
            Some(old) => Self::unindex(id, &old),
            None => {
                let links = &mut update.twin.links;
                ensure!(*links < MAX_LINKS, Error::<T>::LinksExhausted);
                *links = links.saturating_add(1);
            },
        }
        if let Target::Container(container) = target {
            TwinsOfContainer::<T>::mutate(container, id, |links| {
                *links = Some(links.unwrap_or(0).saturating_add(1));
            });
        }
        Links::<T>::insert(id, &name, &target);
        update.deposit(|twin, stamp| Event::LinkSet { twin, stamp, name, target });
        Ok(())
    }

    fn unindex(id: TwinId, target: &Target<T::AccountId>) {
        if let Target::Container(container) = target {
            TwinsOfContainer::<T>::mutate_exists(container, id, |links| {
                *links = links.unwrap_or(0).checked_sub(1).filter(|rest| *rest > 0);
            });
        }
    }
}
