// SPDX-License-Identifier: Apache-2.0

//! The bytes of keys and values that each call writes or replaces in the state. These are upper
//! bounds, which calls declare as the second dimension of their weight.
//!
//! | record | bytes, at most |
//! |---|---|
//! | organisation | 44 and the encoded type, and the sum of all shares |
//! | its name, of `n` bytes | 54 + `n` |
//! | member | 80 and the encoded type |
//! | its label, of `l` bytes | 94 + `l` |
//! | account | 160 |
//! | node with an id of `p` bytes and a label of `l` bytes | 154 + 2 `p` + `l`, with index and count |
//! | validators | 34 and 32 for each |

use crate::types::*;
use codec::MaxEncodedLen;
use frame_support::weights::Weight;
use sp_runtime::SaturatedConversion;
use twinchain_primitives::{sum_bytes as sum, writes_bytes};

/// The prefix of every key: the hashes of the pallet's name and the map's name.
const MAP: u64 = 32;
/// The key of an organisation in a map.
const ORGANISATION: u64 = 12;
/// The key of an account in a map.
const ACCOUNT: u64 = 48;
/// The hash and the length prefix of a text in a key.
const HASHED: u64 = 18;
/// The length prefix of a text.
const LENGTH: u64 = 2;
/// A counter or a block number, with its key.
const NUMBER: u64 = MAP + 4;
/// The record of an account in frame-system, with its key.
const PROVIDED: u64 = MAP + ACCOUNT + 80;

/// Returns the length of a text.
fn len(text: &[u8]) -> u64 {
    text.len().saturated_into()
}

/// Returns the maximum encoded length of a type.
fn longest<V: MaxEncodedLen>() -> u64 {
    V::max_encoded_len().saturated_into()
}

/// Returns the bytes of an organisation and of the sum of all shares.
fn organisation() -> u64 {
    let granted = sum([MAP, longest::<Share>()]);
    sum([MAP, ORGANISATION, longest::<Organisation>(), granted])
}

/// Returns the bytes of a member.
fn member<N: MaxEncodedLen>() -> u64 {
    sum([MAP, ACCOUNT, longest::<Member<N>>()])
}

/// Returns the bytes of a member's label.
fn label(label: &[u8]) -> u64 {
    sum([MAP, ORGANISATION, ACCOUNT, LENGTH, len(label)])
}

/// Bounds `admit_organisation`.
pub(crate) fn admit_organisation<N: MaxEncodedLen>(name: &[u8]) -> Weight {
    let by_name = sum([MAP, HASHED, len(name), 4]);
    writes_bytes(sum([NUMBER, by_name])).saturating_add(add_member::<N>(&[]))
}

/// Bounds `leave_organisation`: the organisation, and the number of the member's claims.
pub(crate) fn leave_organisation() -> Weight {
    writes_bytes(sum([organisation(), MAP, ACCOUNT, 4]))
}

/// Bounds `set_limits`, `suspend_organisation`, `resume_organisation` and `remove_member`.
pub(crate) fn change_organisation() -> Weight {
    writes_bytes(organisation())
}

/// Bounds `remove_organisation`: the block until which its nodes are listed, the validators, and
/// the council with the votes on its motions.
pub(crate) fn remove_organisation(seats: u32, motions: u32, validators: u32) -> Weight {
    let seats = u64::from(seats).saturating_mul(32);
    let council = sum([MAP, LENGTH, seats]).saturating_mul(2);
    let votes = sum([MAP, 48, seats]).saturating_mul(motions.into());
    let listed = sum([MAP, ORGANISATION, 4]);
    writes_bytes(sum([organisation(), listed, council, votes]))
        .saturating_add(change_validators(validators))
}

/// Bounds `claim_member`: both organisations, the member, and the number of its claims.
pub(crate) fn claim_member<N: MaxEncodedLen>(label: &[u8]) -> Weight {
    writes_bytes(sum([organisation(), MAP, ACCOUNT, 4])).saturating_add(add_member::<N>(label))
}

/// Bounds `claim_node`: both organisations, the node, and the number of its claims.
pub(crate) fn claim_node(peer: &[u8], label: &[u8]) -> Weight {
    writes_bytes(sum([organisation(), MAP, HASHED, len(peer), 4]))
        .saturating_add(add_node(peer, label))
}

/// Bounds `clear_organisation`: the organisation, the block, and the count of nodes.
pub(crate) fn clear_organisation() -> Weight {
    writes_bytes(sum([organisation(), NUMBER, NUMBER]))
}

/// Bounds `add_member`.
pub(crate) fn add_member<N: MaxEncodedLen>(text: &[u8]) -> Weight {
    writes_bytes(sum([organisation(), member::<N>(), label(text), PROVIDED]))
}

/// Bounds `set_admin`.
pub(crate) fn set_admin<N: MaxEncodedLen>() -> Weight {
    writes_bytes(sum([organisation(), member::<N>()]))
}

/// Bounds `add_node`.
pub(crate) fn add_node(peer: &[u8], label: &[u8]) -> Weight {
    let key = sum([HASHED, len(peer)]);
    let node = sum([MAP, key, 4]);
    let labelled = sum([MAP, ORGANISATION, key, LENGTH, len(label)]);
    writes_bytes(sum([organisation(), NUMBER, node, labelled]))
}

/// Bounds `remove_node`.
pub(crate) fn remove_node() -> Weight {
    writes_bytes(sum([organisation(), NUMBER]))
}

/// Bounds `add_validator` and `remove_validator`.
pub(crate) fn change_validators(validators: u32) -> Weight {
    let accounts = u64::from(validators).saturating_mul(32);
    writes_bytes(sum([MAP, LENGTH, accounts, PROVIDED]))
}

/// Bounds `authorize_upgrade`: a hash, and a flag for the check of the version.
pub(crate) fn authorize_upgrade() -> Weight {
    writes_bytes(sum([MAP, 33]))
}

/// Bounds `restart_finality`: the delay, and the last finalised block.
pub(crate) fn restart_finality() -> Weight {
    writes_bytes(sum([MAP, 8]))
}
