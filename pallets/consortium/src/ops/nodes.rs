// SPDX-License-Identifier: Apache-2.0

//! Nodes: the list of peer ids that can connect.

use crate::{pallet::*, types::*};
use alloc::vec::Vec;
use frame_support::{dispatch::DispatchResult, ensure};

/// The prefix of the multihash of an Ed25519 public key. It is an identity hash of 36 bytes, which
/// contains the key as libp2p encodes it (protobuf: type 1 is Ed25519, 32 bytes of data).
pub(crate) const ED25519: [u8; 6] = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20];
/// The length of a key in bytes.
const KEY: usize = 32;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_add_node(
        by: Manager,
        id: OrganisationId,
        peer: Vec<u8>,
        label: Vec<u8>,
    ) -> DispatchResult {
        Self::ensure_may_manage(&by, id)?;
        let peer = Self::check_peer(peer)?;
        let label = Self::check_label(label)?;
        ensure!(!Nodes::<T>::contains_key(&peer), Error::<T>::NodeExists);
        Self::put_node(id, peer, label)?;
        Ok(())
    }

    /// Lists a node that is not listed yet. Does not check the chain's maximum, because the limits
    /// of all organisations together are within it.
    pub(crate) fn put_node(id: OrganisationId, peer: PeerId, label: Label) -> Result<(), Error<T>> {
        let mut organisation = Self::ensure_not_removed(id)?;
        ensure!(organisation.nodes < organisation.limits.nodes, Error::NodesExhausted);
        organisation.nodes = organisation.nodes.saturating_add(1);
        Self::put_organisation(id, organisation)?;
        Nodes::<T>::insert(&peer, id);
        NodesOf::<T>::insert(id, &peer, &label);
        Self::deposit_event(Event::NodeAdded { organisation: id, peer, label });
        Ok(())
    }

    pub(crate) fn do_remove_node(by: Manager, peer: Vec<u8>) -> DispatchResult {
        let peer = Self::check_peer(peer)?;
        let id = Nodes::<T>::get(&peer).ok_or(Error::<T>::NodeNotFound)?;
        Self::ensure_may_manage(&by, id)?;
        Self::take_node(id, &peer)?;
        Ok(())
    }

    /// Removes a node from the list.
    pub(crate) fn take_node(id: OrganisationId, peer: &PeerId) -> Result<(), Error<T>> {
        let mut organisation = Organisations::<T>::get(id).ok_or(Error::OrganisationNotFound)?;
        organisation.nodes = organisation.nodes.saturating_sub(1);
        Self::put_organisation(id, organisation)?;
        Nodes::<T>::remove(peer);
        NodesOf::<T>::remove(id, peer);
        Self::deposit_event(Event::NodeRemoved { organisation: id, peer: peer.clone() });
        Ok(())
    }

    /// Returns the peer id in these bytes. Fails with `InvalidPeerId` unless it is the peer id of
    /// an Ed25519 key.
    pub(crate) fn check_peer(peer: Vec<u8>) -> Result<PeerId, Error<T>> {
        let key = peer.strip_prefix(&ED25519);
        ensure!(key.is_some_and(|key| key.len() == KEY), Error::InvalidPeerId);
        PeerId::try_from(peer).map_err(|_| Error::InvalidPeerId)
    }
}
