// SPDX-License-Identifier: Apache-2.0

//! The pallet's types.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    traits::{ConstU32, Get},
    BoundedVec,
};
use scale_info::{prelude::vec::Vec, TypeInfo};
use sp_core::H256;
use twinchain_primitives::{Asset, ContainerId, History, Moment, Name, PluginId, TwinId};

/// The maximum number of links in one call.
pub const MAX_LINKS_PER_CALL: u32 = 16;
/// The maximum number of envelopes in one offer.
pub const MAX_OFFER_ENVELOPES: u32 = 256;
/// The maximum number of links of one twin.
pub const MAX_LINKS: u32 = 4_096;
/// The maximum number of steps in a path.
pub const MAX_PATH_STEPS: u32 = 16;

/// [`MAX_LINKS_PER_CALL`] as a type.
pub struct MaxLinksPerCall;
impl Get<u32> for MaxLinksPerCall {
    fn get() -> u32 {
        MAX_LINKS_PER_CALL
    }
}

/// One party's view of an asset. The description is in a separate map, because it is long and no
/// rule reads it.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Twin<AccountId, BlockNumber> {
    /// The account that controls the twin.
    pub owner: AccountId,
    /// The physical thing that it represents. It never changes.
    pub asset: Asset,
    /// The status of the twin.
    pub status: Status,
    /// The number of its links, at most [`MAX_LINKS`].
    pub links: u32,
    /// The number of offers that were ever made, which is the id of the next one.
    pub offers: u32,
    /// The open offer, if any.
    pub offer: Option<Offer<AccountId>>,
    /// The history of the twin. It chains the encoded events that contain a
    /// [`Stamp`](twinchain_primitives::Stamp).
    pub history: History<BlockNumber>,
}

/// The status of a twin.
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
    /// Frozen permanently, but still readable.
    #[codec(index = 1)]
    Deactivated,
}

/// The proposal to hand over a twin, with containers, to one account.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Offer<AccountId> {
    /// The offer's id, unique for this twin. It is needed to accept or decline the offer.
    pub id: u32,
    /// The offeree, which can accept the offer.
    pub to: AccountId,
    /// The last moment to accept, in Unix milliseconds.
    pub deadline: Moment,
    /// The containers that change owner in the same step.
    pub containers: BoundedVec<ContainerId, ConstU32<MAX_LINKS_PER_CALL>>,
}

/// The current seed of a confidential data set of a container that is offered with a twin, sealed
/// for the offeree.
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

/// A twin that is on offer, as views return it.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct OfferInfo<AccountId> {
    /// The twin.
    pub twin: TwinId,
    /// The twin's owner, which offers it.
    pub owner: AccountId,
    /// The offer.
    pub offer: Offer<AccountId>,
}

/// The target of a link.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub enum Target<AccountId> {
    /// A data container.
    #[codec(index = 0)]
    Container(ContainerId),
    /// Another twin, for example the twin of a part.
    #[codec(index = 1)]
    Twin(TwinId),
    /// An account, for example the account of a service company.
    #[codec(index = 2)]
    Account(AccountId),
    /// The hash of an object outside the chain.
    #[codec(index = 3)]
    Hash(H256),
}

/// A link to add to a new twin. The name is UTF-8 text of 1 to 64 bytes.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub enum NewLink<AccountId> {
    /// Links an existing container.
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
    /// Creates a container from a plugin, with the same owner as the twin, and links it.
    #[codec(index = 4)]
    Instantiate {
        /// The link's name.
        name: Vec<u8>,
        /// The plugin.
        plugin: PluginId,
    },
}

impl<AccountId> NewLink<AccountId> {
    /// Returns the link's name, as it was passed to the call.
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

/// A twin and its description, as views return it.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct TwinInfo<AccountId, BlockNumber> {
    /// Its record.
    pub twin: Twin<AccountId, BlockNumber>,
    /// Its description, JSON text.
    pub description: Vec<u8>,
}

/// The reason why a path cannot be resolved. Steps are numbered from 0.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub enum ResolveError {
    /// The twin at which the path starts does not exist.
    #[codec(index = 0)]
    TwinNotFound,
    /// The path has more than [`MAX_PATH_STEPS`] steps.
    #[codec(index = 1)]
    TooManySteps,
    /// The step is not a name: it is empty, longer than 64 bytes, not UTF-8, has control or
    /// invisible characters, or has leading or trailing white space.
    #[codec(index = 2)]
    InvalidStep {
        /// The number of the step.
        step: u32,
    },
    /// The twin that the path has reached has no link with this name.
    #[codec(index = 3)]
    Missing {
        /// The number of the step.
        step: u32,
        /// The name of the missing link.
        name: Name,
        /// The twin that the path has reached.
        twin: TwinId,
    },
    /// The path continues after a link whose target is not a twin.
    #[codec(index = 4)]
    NotATwin {
        /// The number of the step.
        step: u32,
        /// The name of the link.
        name: Name,
    },
}
