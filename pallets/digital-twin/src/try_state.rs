// SPDX-License-Identifier: Apache-2.0

//! The invariants of the pallet. Every test checks them, and try-runtime checks them on a live
//! state.

#![cfg(any(feature = "try-runtime", feature = "std"))]

use crate::{pallet::*, types::*};
use alloc::collections::BTreeMap;
use frame_support::ensure;
use sp_runtime::TryRuntimeError;
use twinchain_primitives::{ContainerId, Containers, History, TwinId};

impl<T: Config> Pallet<T> {
    /// Checks every invariant of the pallet. Its work grows with the state, so no block may run it.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::check_twins()?;
        Self::check_links()?;
        Self::check_indices()?;
        Self::check_offers()
    }

    /// Checks that every twin has an assigned id, a description, and an entry in both its indices.
    fn check_twins() -> Result<(), TryRuntimeError> {
        let next = NextTwinId::<T>::get();
        let mut twins = 0u64;
        for (id, twin) in Twins::<T>::iter() {
            ensure!(id < next, "a twin has an id that was not assigned");
            let History { revision, changed, .. } = twin.history;
            let now = frame_system::Pallet::<T>::block_number();
            ensure!(revision > 0 && changed <= now, "a twin has a wrong history");
            ensure!(Descriptions::<T>::contains_key(id), "a twin has no description");
            ensure!(
                TwinsOfAsset::<T>::contains_key(Self::asset_hash(&twin.asset), id),
                "a twin is missing from its asset"
            );
            ensure!(
                TwinsOfOwner::<T>::contains_key(&twin.owner, id),
                "a twin is missing from its owner"
            );
            if let Some(offer) = twin.offer {
                ensure!(offer.id < twin.offers, "an offer has an id that was not assigned");
            }
            twins = twins.saturating_add(1);
        }
        ensure!(
            u64::try_from(Descriptions::<T>::iter_keys().count()) == Ok(twins),
            "a description has no twin"
        );
        Ok(())
    }

    /// Checks the number of links of each twin, and the indices of containers and of twins.
    fn check_links() -> Result<(), TryRuntimeError> {
        let mut links: BTreeMap<TwinId, u32> = BTreeMap::new();
        let mut uses: BTreeMap<(ContainerId, TwinId), u32> = BTreeMap::new();
        let mut parts: BTreeMap<(TwinId, TwinId), u32> = BTreeMap::new();
        for (twin, _, target) in Links::<T>::iter() {
            let count = links.entry(twin).or_default();
            *count = count.saturating_add(1);
            match target {
                Target::Container(container) => {
                    let count = uses.entry((container, twin)).or_default();
                    *count = count.saturating_add(1);
                },
                Target::Twin(other) => {
                    ensure!(
                        Twins::<T>::contains_key(other),
                        "a link has a target that does not exist"
                    );
                    let count = parts.entry((other, twin)).or_default();
                    *count = count.saturating_add(1);
                },
                Target::Account(_) | Target::Hash(_) => {},
            }
        }
        for (id, twin) in Twins::<T>::iter() {
            ensure!(
                links.remove(&id).unwrap_or_default() == twin.links,
                "a twin has a wrong number of links"
            );
            ensure!(twin.links <= MAX_LINKS, "a twin has too many links");
        }
        ensure!(links.is_empty(), "a link has no twin");
        for (container, twin, count) in TwinsOfContainer::<T>::iter() {
            ensure!(
                uses.remove(&(container, twin)) == Some(count),
                "the index of a container has a wrong entry"
            );
        }
        ensure!(uses.is_empty(), "the index of a container lacks an entry");
        let linked: BTreeMap<_, _> =
            TwinsOfTwin::<T>::iter().map(|(target, twin, count)| ((target, twin), count)).collect();
        ensure!(linked == parts, "the index of the twins that link a twin is wrong");
        Ok(())
    }

    /// Checks that the indices of assets, owners and offers contain exactly the right twins.
    fn check_indices() -> Result<(), TryRuntimeError> {
        for (asset, id, ()) in TwinsOfAsset::<T>::iter() {
            let twin = Twins::<T>::get(id)
                .ok_or("the index of an asset has a twin that does not exist")?;
            ensure!(
                Self::asset_hash(&twin.asset) == asset,
                "the index of an asset has a twin of another asset"
            );
        }
        for (owner, id, ()) in TwinsOfOwner::<T>::iter() {
            let twin = Twins::<T>::get(id)
                .ok_or("the index of an owner has a twin that does not exist")?;
            ensure!(twin.owner == owner, "the index of an owner has a twin of another owner");
        }
        let open = Twins::<T>::iter().filter_map(|(id, twin)| Some((id, twin.offer?.to)));
        let mut offers = 0usize;
        for (id, to) in open {
            ensure!(OffersTo::<T>::contains_key(to, id), "the index of an account lacks an offer");
            offers = offers.saturating_add(1);
        }
        ensure!(
            OffersTo::<T>::iter().count() == offers,
            "the index of an account has an offer that does not exist"
        );
        Ok(())
    }

    /// Checks that every container that is on offer with a twin is listed in the twin's offer, with
    /// the same owner, offeree and deadline.
    fn check_offers() -> Result<(), TryRuntimeError> {
        for offered in T::Containers::offered_with_twins() {
            let twin = Twins::<T>::get(offered.twin)
                .ok_or("a container is offered with a missing twin")?;
            let offer =
                twin.offer.ok_or("a container is offered with a twin that is not on offer")?;
            let listed = offer.containers.contains(&offered.container);
            ensure!(listed, "a twin's offer lacks a container that is offered with it");
            ensure!(
                twin.owner == offered.owner,
                "a container is offered with a twin of another owner"
            );
            ensure!(offer.to == offered.to, "a container and its twin have different offerees");
            ensure!(
                offer.deadline == offered.deadline,
                "a container and its twin have different deadlines"
            );
        }
        Ok(())
    }
}
