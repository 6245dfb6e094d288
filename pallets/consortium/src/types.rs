// SPDX-License-Identifier: Apache-2.0

//! What the consortium consists of.

use crate::quota::{Bucket, Rate};
use alloc::{string::String, vec::Vec};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{dispatch::DispatchResult, traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_core::H256;
use sp_runtime::traits::{BlakeTwo256, Hash};
use twinchain_primitives::{Name, MAX_NAME};

/// The most bytes of a peer id.
pub const MAX_PEER_ID: u32 = 64;
/// The most members and nodes that one call clears.
pub const MAX_CLEAR: u32 = 64;

/// The id of an organisation: counts up, never used again.
pub type OrganisationId = u32;
/// What a member or a node is called: 0 to 64 bytes of UTF-8 text without control and
/// invisible characters, white space at its ends, and `/`.
pub type Label = BoundedVec<u8, ConstU32<MAX_NAME>>;
/// The bytes of a peer id: the multihash of an Ed25519 key (38 bytes, written `12D3KooW..`), the
/// only kind of key that nodes have.
pub type PeerId = BoundedVec<u8, ConstU32<MAX_PEER_ID>>;

/// Whether an organisation's members may act.
#[derive(
    Clone,
    Copy,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Encode,
    Eq,
    MaxEncodedLen,
    PartialEq,
    TypeInfo,
)]
pub enum Status {
    /// They may.
    #[codec(index = 0)]
    Active,
    /// They may not, until the council says otherwise. Its nodes stay connected.
    #[codec(index = 1)]
    Suspended,
    /// They never will again: it was removed. Its nodes are disconnected, once it has no validators
    /// any more.
    #[codec(index = 2)]
    Removed,
}

/// What an organisation may have.
#[derive(
    Clone,
    Copy,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Encode,
    Eq,
    MaxEncodedLen,
    PartialEq,
    TypeInfo,
)]
pub struct Limits {
    /// Its most members.
    pub members: u32,
    /// Its most nodes.
    pub nodes: u32,
    /// The execution time that each member may spend, in microseconds.
    pub quota: Rate,
    /// The execution time that all members together may spend, in microseconds.
    pub time: Rate,
    /// The bytes that all members together may spend: what their extrinsics carry, and what these
    /// add to the state.
    pub bytes: Rate,
}

impl Limits {
    /// Returns whether all quotas are of use.
    pub const fn is_valid(&self) -> bool {
        self.quota.is_valid() && self.time.is_valid() && self.bytes.is_valid()
    }
}

/// What organisations are granted of what the chain carries.
#[derive(
    Clone,
    Copy,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Default,
    Encode,
    Eq,
    MaxEncodedLen,
    PartialEq,
    TypeInfo,
)]
pub struct Share {
    /// Execution time in each block, in microseconds.
    pub time: u64,
    /// Bytes in each block.
    pub bytes: u64,
    /// Nodes.
    pub nodes: u32,
}

impl Share {
    /// Returns both together.
    pub const fn saturating_add(self, other: Self) -> Self {
        Self {
            time: self.time.saturating_add(other.time),
            bytes: self.bytes.saturating_add(other.bytes),
            nodes: self.nodes.saturating_add(other.nodes),
        }
    }

    /// Returns what remains of it without the other.
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self {
            time: self.time.saturating_sub(other.time),
            bytes: self.bytes.saturating_sub(other.bytes),
            nodes: self.nodes.saturating_sub(other.nodes),
        }
    }
}

/// A company in the consortium.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Organisation {
    /// Its name, which no other one ever has.
    pub name: Name,
    /// Whether its members may act.
    pub status: Status,
    /// What it may have.
    pub limits: Limits,
    /// How many members it has, administrators included.
    pub members: u32,
    /// How many of them are administrators.
    pub admins: u32,
    /// How many nodes it has.
    pub nodes: u32,
}

impl Organisation {
    /// Returns its share of what the chain carries. A removed one keeps room for its nodes only,
    /// until they are cleared.
    pub fn share(&self) -> Share {
        match self.status {
            Status::Active | Status::Suspended => Share {
                time: self.limits.time.per_block,
                bytes: self.limits.bytes.per_block,
                nodes: self.limits.nodes.max(self.nodes),
            },
            Status::Removed => Share { nodes: self.nodes, ..Share::default() },
        }
    }
}

/// An account that an organisation admitted. `N` is the chain's block number.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Member<N> {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Whether it admits and removes members and nodes.
    pub admin: bool,
    /// What it spent.
    pub bucket: Bucket<N>,
}

/// An organisation as a reader sees it.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct OrganisationInfo {
    /// Its id.
    pub id: OrganisationId,
    /// What the chain keeps of it.
    pub organisation: Organisation,
}

/// A member as a reader sees it.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct MemberInfo<AccountId> {
    /// Who.
    pub account: AccountId,
    /// What its organisation calls it.
    pub label: Label,
    /// Whether it is an administrator.
    pub admin: bool,
}

/// A node as a reader sees it.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct NodeInfo {
    /// Its peer id.
    pub peer: PeerId,
    /// What its organisation calls it.
    pub label: Label,
}

/// What an account may spend.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct Quota {
    /// How much at most, and how much comes back with each block, in units.
    pub rate: Rate,
    /// What can be spent in the next block, in units.
    pub available: u64,
}

/// What the members of an organisation may spend together.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct OrganisationQuota {
    /// Execution time, in microseconds.
    pub time: Quota,
    /// Bytes.
    pub bytes: Quota,
}

/// The fewest seats of the council.
pub const MIN_SEATS: u32 = 3;
/// The most motions of one councillor that can be voted on at a time.
pub const MAX_MOTIONS_EACH: u32 = 3;

/// The council's seats, which end when an organisation is removed.
pub trait Seats<AccountId> {
    /// The most seats.
    const MOST: u32;

    /// Returns the accounts that have one.
    fn seats() -> Vec<AccountId>;

    /// Takes the seats of these accounts away.
    fn vacate(accounts: &[AccountId]) -> DispatchResult;
}

/// The operations that accounts of several signatories have not finished.
pub trait PendingMultisigs<AccountId, N> {
    /// Returns the block in which an operation began, or `None` if it is not pending.
    fn began(account: &AccountId, call_hash: [u8; 32]) -> Option<N>;

    /// Forgets a pending operation.
    fn forget(account: &AccountId, call_hash: [u8; 32]);
}

/// Returns the hash that an account or a node signs to belong to an organisation.
///
/// The BLAKE2b hash, 256 bits, of the SCALE code of: the text `twinchain/claim/member` or
/// `twinchain/claim/node`, the hash of the genesis block, the organisation, the account or peer id,
/// and the number of its earlier claims.
pub fn claim_hash(
    text: &str,
    genesis: impl Encode,
    organisation: OrganisationId,
    subject: &impl Encode,
    nonce: u32,
) -> H256 {
    BlakeTwo256::hash_of(&(text, genesis, organisation, subject, nonce))
}

/// The text that begins an account's claim.
pub const MEMBER_CLAIM: &str = "twinchain/claim/member";
/// The text that begins a node's claim.
pub const NODE_CLAIM: &str = "twinchain/claim/node";

/// What makes blocks final. `N` is the chain's block number.
pub trait RestartFinality<N> {
    /// Begins anew with the validators of the next session, `delay` blocks after it began, on top
    /// of the block `best_finalized`.
    fn restart(delay: N, best_finalized: N) -> DispatchResult;

    /// Returns whether a restart or a change of validators is on its way, so that another one would
    /// be lost.
    fn is_changing() -> bool;
}

/// The least blocks of a session. The block that begins one has no room for ordinary transactions,
/// and changes of the validators have to reach all of them before the next ones.
pub const MIN_SESSION_LENGTH: u32 = 10;

/// What may be spent, as the genesis says it.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisRate {
    /// The most that is spent before something comes back.
    pub burst: u64,
    /// What comes back with each block.
    pub per_block: u64,
}

impl From<Rate> for GenesisRate {
    fn from(Rate { burst, per_block }: Rate) -> Self {
        Self { burst, per_block }
    }
}

impl From<GenesisRate> for Rate {
    fn from(GenesisRate { burst, per_block }: GenesisRate) -> Self {
        Self { burst, per_block }
    }
}

/// An organisation of the genesis.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisOrganisation<AccountId> {
    /// Its name.
    pub name: String,
    /// At most so many members.
    pub max_members: u32,
    /// At most so many nodes.
    pub max_nodes: u32,
    /// What a member may spend at once, in units.
    pub burst: u64,
    /// What comes back to a member with each block, in units.
    pub per_block: u64,
    /// The execution time that all members together may spend, in units.
    pub time: GenesisRate,
    /// The bytes that all members together may spend.
    pub bytes: GenesisRate,
    /// Its administrators, with labels.
    pub admins: Vec<(AccountId, String)>,
    /// Its other members, with labels.
    pub members: Vec<(AccountId, String)>,
    /// Its nodes: the bytes of the peer id as hex, with labels.
    pub nodes: Vec<(sp_core::Bytes, String)>,
}

/// Who manages members and nodes of organisations.
pub(crate) enum Manager {
    /// The council, or root: for every organisation.
    Council,
    /// The administrator of one organisation.
    Admin(OrganisationId),
    /// Any other account.
    None,
}
