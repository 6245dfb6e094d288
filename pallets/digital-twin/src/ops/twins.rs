// SPDX-License-Identifier: Apache-2.0

//! Twins: made, described, frozen.

use crate::{pallet::*, types::*, WeightInfo};
use alloc::{collections::BTreeSet, vec::Vec};
use frame_support::{dispatch::DispatchResult, ensure, weights::Weight};
use sp_core::H256;
use sp_io::hashing::blake2_256;
use sp_runtime::{DispatchError, SaturatedConversion};
use twinchain_primitives::{Asset, Containers, Description, DescriptionError, Name, TwinId};

impl<T: Config> Pallet<T> {
    /// Makes a twin. Adds what it took to `spent`, also when it fails.
    pub(crate) fn do_create_twin(
        owner: T::AccountId,
        description: Vec<u8>,
        asset: Vec<u8>,
        links: Vec<NewLink<T::AccountId>>,
        spent: &mut Weight,
    ) -> DispatchResult {
        spent.saturating_accrue(T::WeightInfo::create_twin(
            description.len().saturated_into(),
            links.len().saturated_into(),
        ));
        let description = Self::check_description(description)?;
        let asset = Asset::try_from(asset).map_err(|_| Error::<T>::InvalidAsset)?;
        let names = Self::check_new_links(&links)?;

        let id = NextTwinId::<T>::get();
        let next = id.checked_add(1).ok_or(Error::<T>::IdsExhausted)?;
        NextTwinId::<T>::put(next);
        TwinsOfAsset::<T>::insert(Self::asset_hash(&asset), id, ());
        TwinsOfOwner::<T>::insert(&owner, id, ());
        Descriptions::<T>::insert(id, description);
        Self::deposit_event(Event::TwinCreated {
            twin: id,
            owner: owner.clone(),
            asset: asset.clone(),
        });

        let mut twin =
            Twin { owner, asset, status: Status::Active, links: 0, offers: 0, offer: None };
        for (link, name) in links.into_iter().zip(names) {
            let target = Self::make_target(&twin.owner, link, spent)?;
            Self::put_link(id, &mut twin, name, target)?;
        }
        Twins::<T>::insert(id, twin);
        Ok(())
    }

    pub(crate) fn do_set_description(
        who: &T::AccountId,
        id: TwinId,
        description: Vec<u8>,
    ) -> DispatchResult {
        Self::check_owned(who, id)?;
        Descriptions::<T>::insert(id, Self::check_description(description)?);
        Self::deposit_event(Event::DescriptionSet { twin: id });
        Ok(())
    }

    pub(crate) fn do_deactivate_twin(who: &T::AccountId, id: TwinId) -> DispatchResult {
        let mut twin = Self::check_changeable(who, id)?;
        twin.status = Status::Deactivated;
        Twins::<T>::insert(id, twin);
        Self::deposit_event(Event::TwinDeactivated { twin: id });
        Ok(())
    }

    /// The most that a call of `create_twin` can weigh.
    pub(crate) fn create_twin_weight(
        description: &[u8],
        links: &[NewLink<T::AccountId>],
    ) -> Weight {
        let own = T::WeightInfo::create_twin(
            description.len().saturated_into(),
            links.len().saturated_into(),
        );
        links.iter().fold(own, |weight, link| {
            weight.saturating_add(match link {
                NewLink::Instantiate { .. } => T::Containers::instantiate_weight(),
                NewLink::Container { .. } => T::Containers::may_link_weight(),
                NewLink::Twin { .. } | NewLink::Account { .. } | NewLink::Hash { .. } => {
                    Weight::zero()
                },
            })
        })
    }

    /// The key of an asset in [`TwinsOfAsset`].
    pub fn asset_hash(asset: &Asset) -> H256 {
        blake2_256(asset.as_ref()).into()
    }

    /// The twin, if it exists, is the account's, and is active.
    pub(crate) fn check_owned(
        who: &T::AccountId,
        id: TwinId,
    ) -> Result<Twin<T::AccountId>, DispatchError> {
        let twin = Twins::<T>::get(id).ok_or(Error::<T>::NotFound)?;
        ensure!(twin.owner == *who, Error::<T>::NotOwner);
        ensure!(twin.status == Status::Active, Error::<T>::Deactivated);
        Ok(twin)
    }

    /// As [`Self::check_owned`], and no offer of it is open.
    pub(crate) fn check_changeable(
        who: &T::AccountId,
        id: TwinId,
    ) -> Result<Twin<T::AccountId>, DispatchError> {
        let twin = Self::check_owned(who, id)?;
        ensure!(twin.offer.is_none(), Error::<T>::OfferPending);
        Ok(twin)
    }

    fn check_description(description: Vec<u8>) -> Result<Description, Error<T>> {
        Description::try_from(description).map_err(|error| match error {
            DescriptionError::TooLong => Error::DescriptionTooLong,
            DescriptionError::NotJson { offset } => Error::DescriptionNotJson { offset },
        })
    }

    /// The names of new links, if they are names, differ, and are not too many.
    fn check_new_links(links: &[NewLink<T::AccountId>]) -> Result<Vec<Name>, Error<T>> {
        ensure!(
            links.len().saturated_into::<u32>() <= MAX_LINKS_PER_CALL,
            Error::<T>::TooManyLinks
        );
        let names = links
            .iter()
            .map(|link| Name::try_from(link.name()).map_err(|_| Error::<T>::InvalidName))
            .collect::<Result<Vec<_>, _>>()?;
        let distinct: BTreeSet<_> = names.iter().collect();
        ensure!(distinct.len() == names.len(), Error::<T>::DuplicateLink);
        Ok(names)
    }

    /// Returns what a new link points to, made first if need be. Adds what that took to `spent`.
    fn make_target(
        owner: &T::AccountId,
        link: NewLink<T::AccountId>,
        spent: &mut Weight,
    ) -> Result<Target<T::AccountId>, DispatchError> {
        let target = match link {
            NewLink::Instantiate { plugin, .. } => {
                // Its maker owns it, so there is nothing to ask before linking it.
                let container = T::Containers::instantiate(owner, plugin, spent)?;
                return Ok(Target::Container(container));
            },
            NewLink::Container { container, .. } => {
                spent.saturating_accrue(T::Containers::may_link_weight());
                Target::Container(container)
            },
            NewLink::Twin { twin, .. } => Target::Twin(twin),
            NewLink::Account { account, .. } => Target::Account(account),
            NewLink::Hash { hash, .. } => Target::Hash(hash),
        };
        Self::check_target(owner, &target)?;
        Ok(target)
    }
}
