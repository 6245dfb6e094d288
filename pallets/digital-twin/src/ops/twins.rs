// SPDX-License-Identifier: Apache-2.0

//! The creation, description and deactivation of twins.

use super::update::Update;
use crate::{growth, pallet::*, types::*, WeightInfo};
use alloc::{collections::BTreeSet, vec::Vec};
use frame_support::{dispatch::DispatchResult, ensure, traits::Get, weights::Weight};
use sp_runtime::{DispatchError, SaturatedConversion};
use twinchain_primitives::{
    blake2_256_of, Asset, Containers, Description, DescriptionError, Name, TwinId,
};

impl<T: Config> Pallet<T> {
    /// Creates a twin. Adds the weight used so far to `spent`, also on failure.
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
            // The declared weight assumes that every link has an index.
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

    /// Returns the maximum weight of a call of `create_twin`.
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

    /// Returns the maximum weight of `create_twin` without its containers.
    fn own_weight(description: &[u8], asset: &[u8], links: &[NewLink<T::AccountId>]) -> Weight {
        let (text, count) = (description.len().saturated_into(), links.len().saturated_into());
        let growth = growth::create_twin(description, asset, links);
        T::WeightInfo::create_twin(text, count).saturating_add(growth)
    }

    /// Stores a description, and records its hash in an event.
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

    /// Returns the names of new links. Fails if the links are too many, a name is invalid, or two
    /// names are the same.
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

    /// Returns the target of a new link, and creates it if necessary. Adds the weight of that to
    /// `spent`.
    fn make_target(
        owner: &T::AccountId,
        link: NewLink<T::AccountId>,
        spent: &mut Weight,
    ) -> Result<Target<T::AccountId>, DispatchError> {
        let target = match link {
            NewLink::Instantiate { plugin, .. } => {
                // The creator owns the container, so it needs no check.
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
