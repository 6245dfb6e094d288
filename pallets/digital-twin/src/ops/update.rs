// SPDX-License-Identifier: Apache-2.0

//! Changes of a twin. Each is chained into the twin's head and emitted as an event with the same
//! bytes.

use crate::{pallet::*, types::*};
use frame_support::{ensure, traits::Time};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_core::H256;
use sp_io::hashing::blake2_256;
use twinchain_primitives::{Asset, History, Stamp, TwinId};

/// The domain separator in the first head of a twin.
const LABEL: &[u8; 16] = b"twinchain/twin/1";

/// The stamp of the pallet's events.
pub(crate) type StampOf<T> = Stamp<<T as frame_system::Config>::AccountId, BlockNumberFor<T>>;

/// A twin that a call changes, and the caller. It must be stored after the last change.
#[must_use = "an updated twin must be stored"]
pub(crate) struct Update<T: Config> {
    pub id: TwinId,
    pub author: T::AccountId,
    pub twin: Twin<T::AccountId, BlockNumberFor<T>>,
}

impl<T: Config> Update<T> {
    /// Creates a twin with a new id, and adds it to the indices of its asset and its owner.
    pub(crate) fn create(owner: T::AccountId, asset: Asset) -> Result<Self, Error<T>> {
        let id = NextTwinId::<T>::get();
        NextTwinId::<T>::put(id.checked_add(1).ok_or(Error::IdsExhausted)?);
        TwinsOfAsset::<T>::insert(Pallet::<T>::asset_hash(&asset), id, ());
        TwinsOfOwner::<T>::insert(&owner, id, ());
        let block = frame_system::Pallet::<T>::block_number();
        let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::from(0u32));
        let twin = Twin {
            owner: owner.clone(),
            asset: asset.clone(),
            status: Status::Active,
            links: 0,
            offers: 0,
            offer: None,
            history: History::new(LABEL, &genesis, id, block),
        };
        let mut new = Self { id, author: owner.clone(), twin };
        new.deposit(|twin, stamp| Event::TwinCreated { twin, stamp, owner, asset });
        Ok(new)
    }

    /// Loads a twin for any account. Fails if it does not exist.
    pub(crate) fn load(author: &T::AccountId, id: TwinId) -> Result<Self, Error<T>> {
        let twin = Twins::<T>::get(id).ok_or(Error::NotFound)?;
        Ok(Self { id, author: author.clone(), twin })
    }

    /// Loads a twin for its owner. Fails for any other account.
    pub(crate) fn load_owned(author: &T::AccountId, id: TwinId) -> Result<Self, Error<T>> {
        let update = Self::load(author, id)?;
        ensure!(update.twin.owner == *author, Error::NotOwner);
        Ok(update)
    }

    /// Loads a twin for its owner. Fails if it is deactivated or on offer.
    pub(crate) fn load_for_change(author: &T::AccountId, id: TwinId) -> Result<Self, Error<T>> {
        let update = Self::load_owned(author, id)?;
        ensure!(update.twin.status == Status::Active, Error::Deactivated);
        ensure!(update.twin.offer.is_none(), Error::OfferPending);
        Ok(update)
    }

    /// Records a change in the history, and emits its event.
    pub(crate) fn deposit(&mut self, event: impl FnOnce(TwinId, StampOf<T>) -> Event<T>) {
        let block = frame_system::Pallet::<T>::block_number();
        let (id, author) = (self.id, self.author.clone());
        let history = &mut self.twin.history;
        let event = history.record(author, block, T::Time::now(), |stamp| event(id, stamp));
        Pallet::<T>::deposit_event(event);
    }

    /// Stores the twin.
    pub(crate) fn store(self) {
        Twins::<T>::insert(self.id, self.twin);
    }
}

impl<T: Config> Pallet<T> {
    /// Returns the key of an asset in [`TwinsOfAsset`].
    pub fn asset_hash(asset: &Asset) -> H256 {
        blake2_256(asset.as_ref()).into()
    }
}
