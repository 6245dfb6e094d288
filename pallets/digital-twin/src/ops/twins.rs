// SPDX-License-Identifier: Apache-2.0

//! Twins: made, described, frozen.

use super::update::Update;
use crate::{growth, pallet::*, types::*, WeightInfo};
use alloc::{collections::BTreeSet, vec::Vec};
use frame_support::{dispatch::DispatchResult, ensure, traits::Get, weights::Weight};
use sp_runtime::{DispatchError, SaturatedConversion};
use twinchain_primitives::{
    blake2_256_of, Asset, Containers, Description, DescriptionError, Name, TwinId,
};

impl<T: Config> Pallet<T> {
    /// Makes a twin. Adds what it took to `spent`, also when it fails.
    pub(crate) fn do_create_twin(
        owner: T::AccountId,
        description: Vec<u8>,
        asset: Vec<u8>,
        links: Vec<NewLink<T::AccountId>>,
        spent: &mut Weight,
    ) -> DispatchResult {
        spent.saturating_accrue(Self::own_weight(&description, &asset, &links));
        let description = Self::check_description(description)?;
        let asset = Asset::try_from(asset).map_err(|_| Error::<T>::InvalidAsset)?;
        let names = Self::check_new_links(&links)?;

        let mut update = Update::<T>::create(owner.clone(), asset)?;
        Self::put_description(&mut update, description);
        for (link, name) in links.into_iter().zip(names) {
            let target = Self::make_target(&owner, link, spent)?;
            let updated = Self::put_link(&mut update, name, target)?;
            // A link is charged as one that has an index.
            let left = 1u64.saturating_sub(updated);
            spent.saturating_reduce(T::DbWeight::get().reads_writes(left, left));
        }
        update.store();
        Ok(())
    }

    pub(crate) fn do_set_description(
        who: &T::AccountId,
        id: TwinId,
        description: Vec<u8>,
    ) -> DispatchResult {
        let mut update = Update::<T>::load_for_change(who, id)?;
        Self::put_description(&mut update, Self::check_description(description)?);
        update.store();
        Ok(())
    }

    pub(crate) fn do_deactivate_twin(who: &T::AccountId, id: TwinId) -> DispatchResult {
        let mut update = Update::<T>::load_for_change(who, id)?;
        update.twin.status = Status::Deactivated;
        update.deposit(|twin, stamp| Event::TwinDeactivated { twin, stamp });
        update.store();
        Ok(())
    }

    /// The most that a call of `create_twin` can weigh.
    pub(crate) fn create_twin_weight(
        description: &[u8],
        asset: &[u8],
        links: &[NewLink<T::AccountId>],
    ) -> Weight {
        let own = Self::own_weight(description, asset, links);
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

    /// Returns the most that `create_twin` can weigh without its containers.
    fn own_weight(description: &[u8], asset: &[u8], links: &[NewLink<T::AccountId>]) -> Weight {
        let (text, count) = (description.len().saturated_into(), links.len().saturated_into());
        let growth = growth::create_twin(description, asset, links);
        T::WeightInfo::create_twin(text, count).saturating_add(growth)
    }

    /// Stores a description, and tells its hash.
    fn put_description(update: &mut Update<T>, description: Description) {
        let hash = blake2_256_of(description.as_ref());
        Descriptions::<T>::insert(update.id, description);
        update.deposit(|twin, stamp| Event::DescriptionSet { twin, stamp, description: hash });
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
            NewLink::Container { container, .. } => Target::Container(container),
            NewLink::Twin { twin, .. } => Target::Twin(twin),
            NewLink::Account { account, .. } => Target::Account(account),
            NewLink::Hash { hash, .. } => Target::Hash(hash),
        };
        Self::check_target(owner, &target, spent)?;
        Ok(target)
    }
}
