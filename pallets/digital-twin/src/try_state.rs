// SPDX-License-Identifier: Apache-2.0

//! What always holds. Runs after every test, and on a live chain's state by try-runtime.

#![cfg(any(feature = "try-runtime", feature = "std"))]

use crate::{pallet::*, types::*};
use alloc::collections::BTreeMap;
use frame_support::ensure;
use sp_runtime::TryRuntimeError;
use twinchain_primitives::{ContainerId, Containers, History, TwinId};

impl<T: Config> Pallet<T> {
    /// Checks every invariant of the pallet. Its work grows with the state: never in a block.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::check_twins()?;
        Self::check_links()?;
        Self::check_indices()?;
        Self::check_offers()
    }

    /// Every twin has a used id, a description, and both its indices.
    fn check_twins() -> Result<(), TryRuntimeError> {
        let next = NextTwinId::<T>::get();
        let mut twins = 0u64;
        for (id, twin) in Twins::<T>::iter() {
            ensure!(id < next, "a twin has an id that was not given out");
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
                ensure!(offer.id < twin.offers, "an offer has an id that was not given out");
            }
            twins = twins.saturating_add(1);
        }
        ensure!(
            u64::try_from(Descriptions::<T>::iter_keys().count()) == Ok(twins),
            "a description belongs to no twin"
        );
        Ok(())
    }

    /// A twin counts its links, and the containers know who links them and how often.
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
                    ensure!(Twins::<T>::contains_key(other), "a link to no twin");
                    let count = parts.entry((other, twin)).or_default();
                    *count = count.saturating_add(1);
                },
                Target::Account(_) | Target::Hash(_) => {},
            }
        }
        for (id, twin) in Twins::<T>::iter() {
            ensure!(
                links.remove(&id).unwrap_or_default() == twin.links,
                "a twin miscounts its links"
            );
            ensure!(twin.links <= MAX_LINKS, "a twin has too many links");
        }
        ensure!(links.is_empty(), "a link belongs to no twin");
        for (container, twin, count) in TwinsOfContainer::<T>::iter() {
            ensure!(
                uses.remove(&(container, twin)) == Some(count),
                "a container is wrong about a twin that links it"
            );
        }
        ensure!(uses.is_empty(), "a container misses a twin that links it");
        let linked: BTreeMap<_, _> =
            TwinsOfTwin::<T>::iter().map(|(target, twin, count)| ((target, twin), count)).collect();
        ensure!(linked == parts, "a twin is wrong about the twins that link it");
        Ok(())
    }

    /// The indices hold nothing but twins that are so.
    fn check_indices() -> Result<(), TryRuntimeError> {
        for (asset, id, ()) in TwinsOfAsset::<T>::iter() {
            let twin = Twins::<T>::get(id).ok_or("an asset has a twin that does not exist")?;
            ensure!(Self::asset_hash(&twin.asset) == asset, "an asset has another's twin");
        }
        for (owner, id, ()) in TwinsOfOwner::<T>::iter() {
            let twin = Twins::<T>::get(id).ok_or("an owner has a twin that does not exist")?;
            ensure!(twin.owner == owner, "an owner has another's twin");
        }
        let open = Twins::<T>::iter().filter_map(|(id, twin)| Some((id, twin.offer?.to)));
        let mut offers = 0usize;
        for (id, to) in open {
            ensure!(OffersTo::<T>::contains_key(to, id), "an offer is not listed");
            offers = offers.saturating_add(1);
        }
        ensure!(OffersTo::<T>::iter().count() == offers, "an offer is listed that is none");
        Ok(())
    }

    /// A container that is on offer with a twin is in the twin's offer, to the same account and
    /// until the same moment.
    fn check_offers() -> Result<(), TryRuntimeError> {
        for offered in T::Containers::offered_with_twins() {
            let twin =
                Twins::<T>::get(offered.twin).ok_or("a container is offered with no twin")?;
            let offer = twin.offer.ok_or("a container is offered with a twin that is not")?;
            let listed = offer.containers.contains(&offered.container);
            ensure!(listed, "a twin's offer lacks a container");
            ensure!(twin.owner == offered.owner, "a container is offered with another's twin");
            ensure!(offer.to == offered.to, "a container is offered to another than its twin");
            ensure!(offer.deadline == offered.deadline, "a container's offer ends at another time");
        }
        Ok(())
    }
}
