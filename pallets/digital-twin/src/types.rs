// SPDX-License-Identifier: Apache-2.0

//! What the pallet stores, takes and answers.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    traits::{ConstU32, Get},
    BoundedVec,
};
use scale_info::{prelude::vec::Vec, TypeInfo};
use sp_core::H256;
use twinchain_primitives::{Asset, ContainerId, History, Moment, Name, PluginId, TwinId};

/// The most links that one call names.
pub const MAX_LINKS_PER_CALL: u32 = 16;
/// The most envelopes that one offer brings.
pub const MAX_OFFER_ENVELOPES: u32 = 256;
/// The most links that one twin has.
pub const MAX_LINKS: u32 = 4_096;
/// The most steps of a path.
pub const MAX_PATH_STEPS: u32 = 16;

/// A type-level [`MAX_LINKS_PER_CALL`].
pub struct MaxLinksPerCall;
impl Get<u32> for MaxLinksPerCall {
    fn get() -> u32 {
        MAX_LINKS_PER_CALL
    }
}

/// One party's view of an asset. Its description stands in a map of its own, since it is long and
/// no rule reads it.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Twin<AccountId, BlockNumber> {
    /// Who may change the twin.
    pub owner: AccountId,
    /// The physical thing. Never changes.
    pub asset: Asset,
    /// Whether the twin still changes.
    pub status: Status,
    /// How many links it has, at most [`MAX_LINKS`].
    pub links: u32,
    /// How many offers of it were ever made: the id of the next one.
    pub offers: u32,
    /// The open offer, if there is one.
    pub offer: Option<Offer<AccountId>>,
    /// The history of the twin: it chains the events that carry a
    /// [`Stamp`](twinchain_primitives::Stamp), as they are encoded.
    pub history: History<BlockNumber>,
}

/// Whether a twin still changes.
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
    /// In use.
    #[codec(index = 0)]
    Active,
    /// Frozen for good; still readable.
    #[codec(index = 1)]
    Deactivated,
}

/// The proposal to hand a twin, and containers with it, to another account.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Offer<AccountId> {
    /// Counts up with every offer of this twin; accepting names it.
    pub id: u32,
    /// Who may accept.
    pub to: AccountId,
    /// The last moment to accept, in Unix milliseconds.
    pub deadline: Moment,
    /// The containers that change hands in the same step.
    pub containers: BoundedVec<ContainerId, ConstU32<MAX_LINKS_PER_CALL>>,
}

/// The current seed of a confidential data set of a container that is offered with a twin, sealed
/// for the one to whom it is offered.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct ContainerEnvelope {
    /// The container.
    pub container: ContainerId,
    /// The data set's name, text.
    pub data_set: Vec<u8>,
    /// The data set's current epoch.
    pub epoch: u32,
    /// The version of the recipient's encryption key to which it is sealed.
    pub key_version: u32,
    /// The sealed seed, binary.
    pub envelope: Vec<u8>,
}

/// A twin that is on offer to somebody.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct OfferInfo<AccountId> {
    /// The twin.
    pub twin: TwinId,
    /// Who offers it.
    pub owner: AccountId,
    /// The offer.
    pub offer: Offer<AccountId>,
}

/// What a link points to.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub enum Target<AccountId> {
    /// A data container.
    #[codec(index = 0)]
    Container(ContainerId),
    /// Another twin, for example of a part.
    #[codec(index = 1)]
    Twin(TwinId),
    /// An account, for example of a service company.
    #[codec(index = 2)]
    Account(AccountId),
    /// The hash of something kept elsewhere.
    #[codec(index = 3)]
    Hash(H256),
}

/// A link to make together with a new twin. The name is 1 to 64 bytes of UTF-8 text.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub enum NewLink<AccountId> {
    /// Links a container that there is.
    #[codec(index = 0)]
    Container {
        /// The link's name.
        name: Vec<u8>,
        /// The container.
        container: ContainerId,
    },
    /// Links another twin.
    #[codec(index = 1)]
    Twin {
        /// The link's name.
        name: Vec<u8>,
        /// The twin.
        twin: TwinId,
    },
    /// Links an account.
    #[codec(index = 2)]
    Account {
        /// The link's name.
        name: Vec<u8>,
        /// The account.
        account: AccountId,
    },
    /// Links a hash.
    #[codec(index = 3)]
    Hash {
        /// The link's name.
        name: Vec<u8>,
        /// The hash.
        hash: H256,
    },
    /// Makes a container of a plugin, owned by the twin's owner, and links it.
    #[codec(index = 4)]
    Instantiate {
        /// The link's name.
        name: Vec<u8>,
        /// The plugin.
        plugin: PluginId,
    },
}

impl<AccountId> NewLink<AccountId> {
    /// The link's name, as it was given.
    pub fn name(&self) -> &[u8] {
        match self {
            Self::Container { name, .. }
            | Self::Twin { name, .. }
            | Self::Account { name, .. }
            | Self::Hash { name, .. }
            | Self::Instantiate { name, .. } => name,
        }
    }
}

/// A twin as a reader sees it.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct TwinInfo<AccountId, BlockNumber> {
    /// What the chain keeps of it.
    pub twin: Twin<AccountId, BlockNumber>,
    /// Its description, JSON text.
    pub description: Vec<u8>,
}

/// Why a path leads nowhere. Steps count from 0.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub enum ResolveError {
    /// There is no twin to start from.
    #[codec(index = 0)]
    TwinNotFound,
    /// The path has more than [`MAX_PATH_STEPS`] steps.
    #[codec(index = 1)]
    TooManySteps,
    /// The step is not a name: it is empty, longer than 64 bytes, or has a control or an invisible
    /// character, or white space at its ends.
    #[codec(index = 2)]
    InvalidStep {
        /// Which step.
        step: u32,
    },
    /// The twin that was reached has no link of this name.
    #[codec(index = 3)]
    Missing {
        /// Which step.
        step: u32,
        /// The name that is missing.
        name: Name,
        /// The twin that was reached.
        twin: TwinId,
    },
    /// The path goes on behind something that is no twin.
    #[codec(index = 4)]
    NotATwin {
        /// Which step.
        step: u32,
        /// The name of the link that is no twin.
        name: Name,
    },
}
