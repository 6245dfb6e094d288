// SPDX-License-Identifier: Apache-2.0

//! The pallet's reads as a runtime API. The node reads the peers that it may connect to, and
//! Polkadot.js Apps cannot call view functions yet.

use crate::types::{
    MemberInfo, NodeInfo, Organisation, OrganisationId, OrganisationInfo, OrganisationQuota,
    PeerId, Quota, Share,
};
use alloc::vec::Vec;
use codec::Codec;
use frame_support::weights::Weight;
use sp_core::H256;
use twinchain_primitives::Page;

sp_api::decl_runtime_apis! {
    /// Reads the consortium. Pages have at most 256 items; `after` is the `next` of the previous
    /// page.
    pub trait ConsortiumApi<AccountId> where AccountId: Codec {
        /// Returns an organisation.
        fn organisation(id: OrganisationId) -> Option<Organisation>;
        /// Returns all organisations, including removed ones.
        fn organisations(
            after: Option<OrganisationId>,
            limit: u32,
        ) -> Page<OrganisationInfo, OrganisationId>;
        /// Returns an account's membership and its organisation, or `None` if it is not a member.
        fn member(account: AccountId) -> Option<(OrganisationId, MemberInfo<AccountId>)>;
        /// Returns the members of an organisation.
        fn members_of(
            organisation: OrganisationId,
            after: Option<AccountId>,
            limit: u32,
        ) -> Page<MemberInfo<AccountId>, AccountId>;
        /// Returns the quota of a member, and how much of it can be spent in the next block.
        fn quota(account: AccountId) -> Option<Quota>;
        /// Returns the quota of a councillor or a validator for official calls, and how much of it
        /// can be spent in the next block.
        fn official_quota(account: AccountId) -> Option<Quota>;
        /// Returns the quotas that the members of an organisation share, and how much of them can
        /// be spent in the next block.
        fn organisation_quota(organisation: OrganisationId) -> Option<OrganisationQuota>;
        /// Returns the bytes that an extrinsic of this weight and length takes from an
        /// organisation's quota.
        fn byte_cost(weight: Weight, length: u32) -> u64;
        /// Returns the sum of the shares that organisations are granted.
        fn granted() -> Share;
        /// Returns the hash that an account signs for `claim_member`.
        fn member_claim(organisation: OrganisationId, account: AccountId) -> H256;
        /// Returns the hash that a node's key signs for `claim_node`.
        fn node_claim(organisation: OrganisationId, peer: PeerId) -> H256;
        /// Returns the cost of an extrinsic of this weight and length, in microseconds.
        fn cost(weight: Weight, length: u32) -> u64;
        /// Returns the appointed validators.
        fn validators() -> Vec<AccountId>;
        /// Returns the nodes that can connect.
        fn nodes() -> Vec<PeerId>;
        /// Returns the nodes of an organisation.
        fn nodes_of(
            organisation: OrganisationId,
            after: Option<PeerId>,
            limit: u32,
        ) -> Page<NodeInfo, PeerId>;
    }
}
