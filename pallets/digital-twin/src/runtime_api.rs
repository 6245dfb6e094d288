// SPDX-License-Identifier: Apache-2.0

//! The pallet's reads as a runtime API, because Polkadot.js Apps cannot call view functions yet.

use crate::types::{OfferInfo, ResolveError, Target, TwinInfo};
use alloc::vec::Vec;
use codec::Codec;
use twinchain_primitives::{ContainerId, Name, Page, TwinId};

sp_api::decl_runtime_apis! {
    /// Reads twins. Pages have at most 256 items, and a limit of 0 counts as 1. `after` is the
    /// `next` of the previous page. Items are in the order of the hashes of their keys, which is
    /// arbitrary.
    pub trait DigitalTwinApi<AccountId, BlockNumber>
    where
        AccountId: Codec,
        BlockNumber: Codec,
    {
        /// Returns a twin with its description.
        fn twin(id: TwinId) -> Option<TwinInfo<AccountId, BlockNumber>>;
        /// Returns a twin's links.
        fn links(
            twin: TwinId,
            after: Option<Name>,
            limit: u32,
        ) -> Page<(Name, Target<AccountId>), Name>;
        /// Returns the twins of an asset and their owners.
        fn twins_of_asset(
            asset: Vec<u8>,
            after: Option<TwinId>,
            limit: u32,
        ) -> Page<(TwinId, AccountId), TwinId>;
        /// Returns the twins that an account owns.
        fn twins_of_owner(
            owner: AccountId,
            after: Option<TwinId>,
            limit: u32,
        ) -> Page<TwinId, TwinId>;
        /// Returns the twins that are on offer to an account.
        fn offers_to(
            account: AccountId,
            after: Option<TwinId>,
            limit: u32,
        ) -> Page<OfferInfo<AccountId>, TwinId>;
        /// Returns the twins that link a container.
        fn twins_of_container(
            container: ContainerId,
            after: Option<TwinId>,
            limit: u32,
        ) -> Page<TwinId, TwinId>;
        /// Returns the twins that link a twin.
        fn twins_of_twin(
            target: TwinId,
            after: Option<TwinId>,
            limit: u32,
        ) -> Page<TwinId, TwinId>;
        /// Returns the target of a path of link names, of at most 16 steps.
        fn resolve(twin: TwinId, path: Vec<u8>) -> Result<Target<AccountId>, ResolveError>;
    }
}
