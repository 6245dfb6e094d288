// SPDX-License-Identifier: Apache-2.0

//! The pallet's reads as a runtime API, since Polkadot.js Apps cannot call view functions yet.

use crate::types::{OfferInfo, ResolveError, Target, TwinInfo};
use alloc::vec::Vec;
use codec::Codec;
use twinchain_primitives::{ContainerId, Name, Page, TwinId};

sp_api::decl_runtime_apis! {
    /// Reads twins. Pages have at most 256 items, and a limit of 0 counts as 1. `after` is the
    /// `next` of the page before. Items come in the order of hashes, which means nothing.
    pub trait DigitalTwinApi<AccountId, BlockNumber>
    where
        AccountId: Codec,
        BlockNumber: Codec,
    {
        /// A twin with its description.
        fn twin(id: TwinId) -> Option<TwinInfo<AccountId, BlockNumber>>;
        /// A twin's links.
        fn links(
            twin: TwinId,
            after: Option<Name>,
            limit: u32,
        ) -> Page<(Name, Target<AccountId>), Name>;
        /// The twins of an asset, with their owners.
        fn twins_of_asset(
            asset: Vec<u8>,
            after: Option<TwinId>,
            limit: u32,
        ) -> Page<(TwinId, AccountId), TwinId>;
        /// The twins that an account owns.
        fn twins_of_owner(
            owner: AccountId,
            after: Option<TwinId>,
            limit: u32,
        ) -> Page<TwinId, TwinId>;
        /// The twins that are on offer to an account.
        fn offers_to(
            account: AccountId,
            after: Option<TwinId>,
            limit: u32,
        ) -> Page<OfferInfo<AccountId>, TwinId>;
        /// The twins that link a container.
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
        /// What a path of link names leads to, at most 16 steps.
        fn resolve(twin: TwinId, path: Vec<u8>) -> Result<Target<AccountId>, ResolveError>;
    }
}
