// SPDX-License-Identifier: Apache-2.0

//! Claims: accounts and nodes that sign that they belong to an organisation. A claim overrides the
//! membership in another organisation, which may have admitted them without their consent.

use crate::{pallet::*, quota::Bucket, types::*};
use alloc::vec::Vec;
use frame_support::{dispatch::DispatchResult, ensure};
use frame_system::{pallet_prelude::BlockNumberFor, Pallet as System};
use sp_core::{ed25519, ByteArray, H256};
use sp_runtime::traits::{Verify, Zero};

/// The wrapping that wallets put around signed bytes, so that these are never a transaction.
const WRAPPING: (&[u8], &[u8]) = (b"<Bytes>", b"</Bytes>");

impl<T: Config> Pallet<T> {
    pub(crate) fn read_member_claim(id: OrganisationId, account: &T::AccountId) -> H256 {
        let nonce = MemberClaims::<T>::get(account);
        let genesis = System::<T>::block_hash(BlockNumberFor::<T>::zero());
        claim_hash(MEMBER_CLAIM, genesis, id, account, nonce)
    }

    pub(crate) fn read_node_claim(id: OrganisationId, peer: &PeerId) -> H256 {
        let nonce = NodeClaims::<T>::get(peer);
        let genesis = System::<T>::block_hash(BlockNumberFor::<T>::zero());
        claim_hash(NODE_CLAIM, genesis, id, peer, nonce)
    }

    pub(crate) fn do_claim_member(
        by: Manager,
        id: OrganisationId,
        account: T::AccountId,
        label: Vec<u8>,
        signature: T::Signature,
    ) -> DispatchResult {
        let organisation = Self::ensure_may_manage(&by, id)?;
        let label = Self::check_label(label)?;
        let hash = Self::read_member_claim(id, &account);
        let (before, after) = WRAPPING;
        let wrapped = [before, hash.as_bytes(), after].concat();
        let signed = signature.verify(hash.as_bytes(), &account)
            || signature.verify(wrapped.as_slice(), &account);
        ensure!(signed, Error::<T>::InvalidClaim);
        let member = Members::<T>::get(&account);
        let elsewhere = member.as_ref().is_none_or(|member| member.organisation != id);
        ensure!(elsewhere, Error::<T>::AlreadyMember);
        ensure!(organisation.members < organisation.limits.members, Error::<T>::MembersExhausted);
        MemberClaims::<T>::mutate(&account, |used| *used = used.saturating_add(1));
        if let Some(member) = member {
            Self::take_member(&account, member)?;
        }
        let bucket = Bucket::exhausted(organisation.limits.quota, System::<T>::block_number());
        Self::put_member(id, organisation, account, label, bucket)?;
        Ok(())
    }

    pub(crate) fn do_claim_node(
        by: Manager,
        id: OrganisationId,
        peer: Vec<u8>,
        label: Vec<u8>,
        signature: ed25519::Signature,
    ) -> DispatchResult {
        let organisation = Self::ensure_may_manage(&by, id)?;
        let peer = Self::check_peer(peer)?;
        let label = Self::check_label(label)?;
        let key = Self::key_of(&peer).ok_or(Error::<T>::InvalidClaim)?;
        let hash = Self::read_node_claim(id, &peer);
        ensure!(signature.verify(hash.as_bytes(), &key), Error::<T>::InvalidClaim);
        let other = Nodes::<T>::get(&peer);
        ensure!(other != Some(id), Error::<T>::NodeExists);
        ensure!(organisation.nodes < organisation.limits.nodes, Error::<T>::NodesExhausted);
        NodeClaims::<T>::mutate(&peer, |used| *used = used.saturating_add(1));
        if let Some(other) = other {
            Self::take_node(other, &peer)?;
        }
        Self::put_node(id, peer, label)?;
        Ok(())
    }

    /// Returns the Ed25519 key in a peer id, or `None` if it contains none.
    fn key_of(peer: &PeerId) -> Option<ed25519::Public> {
        let key = peer.strip_prefix(&super::nodes::ED25519)?;
        ed25519::Public::from_slice(key).ok()
    }
}
