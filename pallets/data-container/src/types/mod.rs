// SPDX-License-Identifier: Apache-2.0

//! What the pallet stores and takes.

mod arguments;
mod keys;
mod limits;
mod rights;
mod values;

pub use arguments::*;
pub use keys::*;
pub use limits::*;
pub use rights::*;
pub use values::*;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use data_schema::Schema;
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use sp_core::H256;
use twinchain_primitives::{ContainerId, DataSetId, History, Moment, Name, PluginId};

/// A plugin document or a definition of a data set, JSON text.
pub type Document = BoundedVec<u8, ConstU32<MAX_DOCUMENT>>;
/// The envelopes of one version of an account's secret key, each holder at most once.
pub type AccountEnvelopes<AccountId> =
    BoundedVec<AccountEnvelope<AccountId>, ConstU32<MAX_KEY_HOLDERS>>;
/// What roles may do with a data set, each role at most once.
pub type Permissions = BoundedVec<RoleAccess, ConstU32<MAX_ROLES>>;

/// Whether a data set holds one value or many.
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
pub enum Kind {
    /// One value.
    #[codec(index = 0)]
    Entry,
    /// Batches of items, in the order in which they were appended.
    #[codec(index = 1)]
    List,
}

/// Who can read a data set. Never changes.
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
pub enum Visibility {
    /// The holders of its key: the chain stores ciphertext only.
    #[codec(index = 0)]
    Confidential,
    /// Everybody: the chain stores JSON text and checks it against the schema.
    #[codec(index = 1)]
    Public,
}

/// Whether a container still changes.
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
    /// It was closed: no more writes, for good.
    #[codec(index = 1)]
    Closed,
}

/// A part of a document, in bytes.
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
pub struct Span {
    /// Where it begins.
    pub offset: u32,
    /// How long it is.
    pub length: u32,
}

/// A compiled schema, with where its source is, so that a later compiler can compile it anew.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct CompiledSchema {
    /// What values are checked with.
    pub program: Schema,
    /// The hash of a document that the source stands in.
    pub document: H256,
    /// Where in the document the whole schema stands: what the data set has as `dataSchema`.
    pub root: Span,
    /// Where in that the schema of a value or an item begins; `None` if an item may be anything.
    pub place: Option<u32>,
}

/// A data set as a plugin defines it.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Definition {
    /// Its name.
    pub name: Name,
    /// One value or many.
    pub kind: Kind,
    /// Who can read it.
    pub visibility: Visibility,
    /// Whether an entry is set once at most, and a list's items stay for ever.
    pub write_once: bool,
    /// The hash of the schema that its value, or each of its items, must match.
    pub schema: H256,
    /// The value with which every instance begins: for a list an array of items.
    pub default: Option<Span>,
    /// What roles may do with it.
    pub permissions: Permissions,
}

/// A published plugin. Its document holds everything that people read: labels, translations, hints.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Plugin<AccountId> {
    /// Who published it, and may retire it.
    pub publisher: AccountId,
    /// Its name.
    pub name: Name,
    /// The blake2_256 of its document.
    pub document: H256,
    /// The plugin that it is a new version of.
    pub replaces: Option<PluginId>,
    /// Whether it makes no more instances.
    pub retired: bool,
    /// Where its description stands in the document.
    pub description: Option<Span>,
    /// Its data sets, in the document's order.
    pub data_sets: BoundedVec<Definition, ConstU32<MAX_DATA_SETS>>,
    /// Its roles.
    pub roles: Roles,
}

/// The proposal to hand a container to another account.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Offer<AccountId> {
    /// Counts up with every offer of this container; accepting names it.
    pub id: u32,
    /// Who may accept.
    pub to: AccountId,
    /// The last moment to accept.
    pub deadline: Moment,
}

/// A data container: small, since every write reads it.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Container<AccountId, BlockNumber> {
    /// Who may do everything with it.
    pub owner: AccountId,
    /// Whether it still changes.
    pub status: Status,
    /// The plugin of which it is an instance. A clone of an instance is one as well, if the plugin
    /// was not retired and the data sets that were cloned are exactly the plugin's.
    pub plugin: Option<PluginId>,
    /// The container that it was cloned from, if it was.
    pub cloned_from: Option<ContainerId>,
    /// How many data sets it ever had: the id of the next one, at most [`MAX_DATA_SETS`].
    pub data_sets: DataSetId,
    /// How many confidential data sets are in use.
    pub confidential: u16,
    /// How many offers of it were ever made: the id of the next one.
    pub offers: u32,
    /// The open offer, if there is one.
    pub offer: Option<Offer<AccountId>>,
    /// The history of everything but the changes of its data sets: it chains the events that carry
    /// a [`Stamp`](twinchain_primitives::Stamp), as they are encoded.
    pub history: History<BlockNumber>,
}

/// A data set of a container. `N` is the chain's block number.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct DataSet<AccountId, N> {
    /// Its id, never used again in this container.
    pub id: DataSetId,
    /// One value or many.
    pub kind: Kind,
    /// Who can read it.
    pub visibility: Visibility,
    /// When it was retired: it changes no more. `None`: it is in use.
    pub retired: Option<Moment>,
    /// Whether an entry is set once at most, and a list's items stay for ever.
    pub write_once: bool,
    /// The hash of the schema that its value, or each of its items, must match.
    pub schema: H256,
    /// The hash of the document where its definition stands, with labels and the schema's source.
    pub document: H256,
    /// How often it was changed.
    pub revision: u32,
    /// The end of the chain of hashes over every change; see [`crate::operation`].
    pub head: H256,
    /// How many values or live items it holds.
    pub count: u32,
    /// How many batches it has: the number of the next one.
    pub batches: u32,
    /// The block of the last operation, or of its making. Roles, shares, keys and purges are
    /// changes of the container, in its `history`.
    pub changed: N,
    /// The key of a confidential data set, once it has one.
    pub key: Option<EpochKey>,
    /// What roles may do with it.
    pub permissions: Permissions,
    /// The value of an entry, if it has one of at most [`MAX_SHORT_VALUE`] bytes. A longer one is
    /// in `LongEntries`.
    pub value: Option<Entry<AccountId, N, ShortValue>>,
}

impl<AccountId, N> DataSet<AccountId, N> {
    /// Returns whether it holds a value, or a batch, be it of removed items alone.
    pub fn holds_values(&self) -> bool {
        self.count > 0 || self.batches > 0
    }

    /// Returns whether there can be anything to open: it is in use, or retired and holds values.
    pub fn can_be_read(&self) -> bool {
        self.is_active() || self.holds_values()
    }

    /// Returns whether it is in use.
    pub fn is_active(&self) -> bool {
        self.retired.is_none()
    }
}
