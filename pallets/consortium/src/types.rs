// SPDX-License-Identifier: Apache-2.0

//! The pallet's types.

use crate::quota::{Bucket, Rate};
use alloc::{string::String, vec::Vec};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{dispatch::DispatchResult, traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_core::H256;
use sp_runtime::traits::{BlakeTwo256, Hash};
use twinchain_primitives::{Name, MAX_NAME};

/// The maximum length of a peer id, in bytes.
pub const MAX_PEER_ID: u32 = 64;
/// The maximum number of members and nodes that one call clears.
pub const MAX_CLEAR: u32 = 64;

/// The id of an organisation. Ids are assigned in sequence and never reused.
pub type OrganisationId = u32;
/// The label of a member or a node: UTF-8 text of at most 64 bytes. It has no control or invisible
/// characters, no leading or trailing white space, and no `/`. It can be empty.
pub type Label = BoundedVec<u8, ConstU32<MAX_NAME>>;
/// The bytes of a peer id: the multihash of an Ed25519 key (38 bytes, displayed as `12D3KooW..`).
/// Nodes have no other kind of key.
pub type PeerId = BoundedVec<u8, ConstU32<MAX_PEER_ID>>;

/// The status of an organisation.
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
    /// Its members can transact.
    #[codec(index = 0)]
    Active,
    /// Its members cannot transact until the council resumes it. Its nodes stay connected.
    #[codec(index = 1)]
    Suspended,
    /// Permanent. Its members cannot transact unless another organisation admits them. Its nodes
    /// are disconnected once its validators are no longer needed.
    #[codec(index = 2)]
    Removed,
}

/// The limits of an organisation.
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
    /// The maximum number of members.
    pub members: u32,
    /// The maximum number of nodes.
    pub nodes: u32,
    /// The execution time that each member can spend, in microseconds.
    pub quota: Rate,
    /// The execution time that all members together can spend, in microseconds.
    pub time: Rate,
    /// The bytes that all members together can spend: the length of their extrinsics, and the bytes
    /// that these write to the state.
    pub bytes: Rate,
}

impl Limits {
    /// Returns `true` if all three quotas are valid. See [`Rate::is_valid`].
    pub const fn is_valid(&self) -> bool {
        self.quota.is_valid() && self.time.is_valid() && self.bytes.is_valid()
    }
}

/// A part of the chain's capacity that is granted to organisations.
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
    /// The number of nodes.
    pub nodes: u32,
}

impl Share {
    /// Returns the sum of both shares.
    pub const fn saturating_add(self, other: Self) -> Self {
        Self {
            time: self.time.saturating_add(other.time),
            bytes: self.bytes.saturating_add(other.bytes),
            nodes: self.nodes.saturating_add(other.nodes),
        }
    }

    /// Returns this share less `other`.
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
    /// Its name. No two organisations ever have the same name.
    pub name: Name,
    /// Its status.
    pub status: Status,
    /// Its limits.
    pub limits: Limits,
    /// The number of its members, including administrators.
    pub members: u32,
    /// The number of its administrators.
    pub admins: u32,
    /// The number of its nodes.
    pub nodes: u32,
}

impl Organisation {
    /// Returns the organisation's share of the chain's capacity. A removed organisation keeps only
    /// room for its nodes, until they are cleared.
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
    /// The organisation that it belongs to.
    pub organisation: OrganisationId,
    /// `true` if it is an administrator of the organisation.
    pub admin: bool,
    /// The amount of its quota that it has spent.
    pub bucket: Bucket<N>,
}

/// An organisation and its id, as views return it.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct OrganisationInfo {
    /// Its id.
    pub id: OrganisationId,
    /// Its record.
    pub organisation: Organisation,
}

/// A member, as views return it.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct MemberInfo<AccountId> {
    /// The account.
    pub account: AccountId,
    /// Its organisation's label for it.
    pub label: Label,
    /// `true` if it is an administrator.
    pub admin: bool,
}

/// A node, as views return it.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct NodeInfo {
    /// Its peer id.
    pub peer: PeerId,
    /// Its organisation's label for it.
    pub label: Label,
}

/// A quota and its current state.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct Quota {
    /// The size of the full quota, and the amount that each block replenishes.
    pub rate: Rate,
    /// The amount that can be spent in the next block, in the units of the quota.
    pub available: u64,
}

/// The quotas that the members of an organisation share.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct OrganisationQuota {
    /// Execution time, in microseconds.
    pub time: Quota,
    /// Bytes.
    pub bytes: Quota,
}

/// The minimum number of seats of the council.
pub const MIN_SEATS: u32 = 3;
/// The maximum number of open motions of one councillor.
pub const MAX_MOTIONS_EACH: u32 = 3;

/// The seats of the council. Members of an organisation lose theirs when it is removed.
pub trait Seats<AccountId> {
    /// The maximum number of seats.
    const MOST: u32;

    /// Returns the accounts of the councillors.
    fn seats() -> Vec<AccountId>;

    /// Removes these accounts from the council.
    fn vacate(accounts: &[AccountId]) -> DispatchResult;
}

/// The unfinished operations of multisig accounts.
pub trait PendingMultisigs<AccountId, N> {
    /// Returns the block in which an operation began, or `None` if it is not pending.
    fn began(account: &AccountId, call_hash: [u8; 32]) -> Option<N>;

    /// Removes a pending operation.
    fn forget(account: &AccountId, call_hash: [u8; 32]);
}

/// Returns the hash that an account or a node signs to claim membership of an organisation.
///
/// It is the 256-bit BLAKE2b hash of the SCALE encoding of these fields, in this order:
///
/// - the text `twinchain/claim/member` or `twinchain/claim/node`,
/// - the hash of the genesis block,
/// - the organisation,
/// - the account or peer id,
/// - the number of its earlier claims.
pub fn claim_hash(
    text: &str,
    genesis: impl Encode,
    organisation: OrganisationId,
    subject: &impl Encode,
    nonce: u32,
) -> H256 {
    BlakeTwo256::hash_of(&(text, genesis, organisation, subject, nonce))
}

/// The first field of an account's claim.
pub const MEMBER_CLAIM: &str = "twinchain/claim/member";
/// The first field of a node's claim.
pub const NODE_CLAIM: &str = "twinchain/claim/node";

/// The finality gadget. `N` is the chain's block number.
pub trait RestartFinality<N> {
    /// Restarts finality with the validators of the next session, `delay` blocks after it begins,
    /// on top of the block `best_finalized`.
    fn restart(delay: N, best_finalized: N) -> DispatchResult;

    /// Returns `true` if a restart or a change of validators is pending. Another one would be lost.
    fn is_changing() -> bool;
}

/// The minimum number of blocks of a session. The block that begins a session has no room for
/// ordinary transactions. Changes of the validators must reach all of them before the next ones.
pub const MIN_SESSION_LENGTH: u32 = 10;

/// A quota, as the genesis defines it.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisRate {
    /// The size of the full quota.
    pub burst: u64,
    /// The amount that each block replenishes.
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

/// An organisation, as the genesis defines it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisOrganisation<AccountId> {
    /// Its name.
    pub name: String,
    /// The maximum number of members.
    pub max_members: u32,
    /// The maximum number of nodes.
    pub max_nodes: u32,
    /// The size of each member's full quota, in microseconds.
    pub burst: u64,
    /// The amount that each block replenishes in a member's quota, in microseconds.
    pub per_block: u64,
    /// The execution time that all members together can spend, in microseconds.
    pub time: GenesisRate,
    /// The bytes that all members together can spend.
    pub bytes: GenesisRate,
    /// Its administrators and their labels.
    pub admins: Vec<(AccountId, String)>,
    /// Its other members and their labels.
    pub members: Vec<(AccountId, String)>,
    /// Its nodes, as the hex of the peer id's bytes, and their labels.
    pub nodes: Vec<(sp_core::Bytes, String)>,
}

/// The authority to manage the members and nodes of organisations.
pub(crate) enum Manager {
    /// The council, or root, which manages every organisation.
    Council,
    /// An administrator of this organisation.
    Admin(OrganisationId),
    /// Any other account, which manages none.
    None,
}
