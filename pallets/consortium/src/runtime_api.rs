// SPDX-License-Identifier: Apache-2.0

//! The pallet's reads as a runtime API: for the node, which asks whom to connect to, and for
//! Polkadot.js Apps, which cannot call view functions yet.

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
    /// Reads who is in. Pages have at most 256 items; `after` is the `next` of the page before.
    pub trait ConsortiumApi<AccountId> where AccountId: Codec {
        /// An organisation.
        fn organisation(id: OrganisationId) -> Option<Organisation>;
        /// All organisations, removed ones as well.
        fn organisations(
            after: Option<OrganisationId>,
            limit: u32,
        ) -> Page<OrganisationInfo, OrganisationId>;
        /// Whether, and of which organisation, an account is a member.
        fn member(account: AccountId) -> Option<(OrganisationId, MemberInfo<AccountId>)>;
        /// The members of an organisation.
        fn members_of(
            organisation: OrganisationId,
            after: Option<AccountId>,
            limit: u32,
        ) -> Page<MemberInfo<AccountId>, AccountId>;
        /// What a member can spend in the next block.
        fn quota(account: AccountId) -> Option<Quota>;
        /// What a councillor or a validator can spend on its office in the next block.
        fn official_quota(account: AccountId) -> Option<Quota>;
        /// What the members of an organisation can spend together in the next block.
        fn organisation_quota(organisation: OrganisationId) -> Option<OrganisationQuota>;
        /// What an extrinsic of this weight and length takes of an organisation's bytes.
        fn byte_cost(weight: Weight, length: u32) -> u64;
        /// What all organisations together are granted.
        fn granted() -> Share;
        /// The hash that an account signs for `claim_member`.
        fn member_claim(organisation: OrganisationId, account: AccountId) -> H256;
        /// The hash that a node's key signs for `claim_node`.
        fn node_claim(organisation: OrganisationId, peer: PeerId) -> H256;
        /// What an extrinsic of this weight and length costs, in units.
        fn cost(weight: Weight, length: u32) -> u64;
        /// Whom the council appointed as validators.
        fn validators() -> Vec<AccountId>;
        /// The nodes that may connect.
        fn nodes() -> Vec<PeerId>;
        /// The nodes of an organisation.
        fn nodes_of(
            organisation: OrganisationId,
            after: Option<PeerId>,
            limit: u32,
        ) -> Page<NodeInfo, PeerId>;
    }
}
