// SPDX-License-Identifier: Apache-2.0

//! The implementation of the view functions of [`Pallet`]. They never write.

use crate::{pallet::*, types::*};
use alloc::vec::Vec;
use frame_system::pallet_prelude::BlockNumberFor;
use sp_core::H256;
use twinchain_primitives::{keys_after, page_of_keys, ContainerId, Name, Page, TwinId};

impl<T: Config> Pallet<T> {
    pub(crate) fn read_twin(id: TwinId) -> Option<TwinInfo<T::AccountId, BlockNumberFor<T>>> {
        let twin = Twins::<T>::get(id)?;
        let description = Descriptions::<T>::get(id).map(Into::into).unwrap_or_default();
        Some(TwinInfo { twin, description })
    }

    pub(crate) fn read_links(
        twin: TwinId,
        after: Option<Name>,
        limit: u32,
    ) -> Page<(Name, Target<T::AccountId>), Name> {
        let links = match after {
            Some(name) => {
                Links::<T>::iter_prefix_from(twin, Links::<T>::hashed_key_for(twin, name))
            },
            None => Links::<T>::iter_prefix(twin),
        };
        Page::collect(links.map(|(name, target)| (name.clone(), (name, target))), limit)
    }

    pub(crate) fn read_twins_of_asset(
        asset: Vec<u8>,
        after: Option<TwinId>,
        limit: u32,
    ) -> Page<(TwinId, T::AccountId), TwinId> {
        let key = H256(sp_io::hashing::blake2_256(&asset));
        let twins = keys_after::<TwinsOfAsset<T>, _, _, _>(key, after);
        let owned = twins.filter_map(|id| Some((id, (id, Twins::<T>::get(id)?.owner))));
        Page::collect(owned, limit)
    }

    pub(crate) fn read_twins_of_owner(
        owner: T::AccountId,
        after: Option<TwinId>,
        limit: u32,
    ) -> Page<TwinId, TwinId> {
        page_of_keys::<TwinsOfOwner<T>, _, _, _>(owner, after, limit)
    }

    pub(crate) fn read_offers_to(
        account: T::AccountId,
        after: Option<TwinId>,
        limit: u32,
    ) -> Page<OfferInfo<T::AccountId>, TwinId> {
        let twins = keys_after::<OffersTo<T>, _, _, _>(account, after);
        let offers = twins.filter_map(|id| {
            let Twin { owner, offer, .. } = Twins::<T>::get(id)?;
            Some((id, OfferInfo { twin: id, owner, offer: offer? }))
        });
        Page::collect(offers, limit)
    }

    pub(crate) fn read_twins_of_container(
        container: ContainerId,
        after: Option<TwinId>,
        limit: u32,
    ) -> Page<TwinId, TwinId> {
        page_of_keys::<TwinsOfContainer<T>, _, _, _>(container, after, limit)
    }

    pub(crate) fn read_twins_of_twin(
        target: TwinId,
        after: Option<TwinId>,
        limit: u32,
    ) -> Page<TwinId, TwinId> {
        page_of_keys::<TwinsOfTwin<T>, _, _, _>(target, after, limit)
    }

    pub(crate) fn read_resolve(
        twin: TwinId,
        path: Vec<u8>,
    ) -> Result<Target<T::AccountId>, ResolveError> {
        Self::do_resolve(twin, &path)
    }
}
