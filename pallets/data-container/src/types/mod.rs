// SPDX-License-Identifier: Apache-2.0

//! The types that the pallet stores, and the types of call arguments.

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

/// A plugin document or a definition of a data set, as JSON text.
pub type Document = BoundedVec<u8, ConstU32<MAX_DOCUMENT>>;
/// The envelopes of one version of an account's secret key, at most one for each holder.
pub type AccountEnvelopes<AccountId> =
    BoundedVec<AccountEnvelope<AccountId>, ConstU32<MAX_KEY_HOLDERS>>;
/// The permissions of roles on a data set, at most one for each role.
pub type Permissions = BoundedVec<RoleAccess, ConstU32<MAX_ROLES>>;

/// The kind of a data set.
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
    /// One value, which a write replaces.
    #[codec(index = 0)]
    Entry,
    /// Batches of items, in the order in which they were appended.
    #[codec(index = 1)]
    List,
}

/// The visibility of a data set. It never changes.
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
    /// Only readers can read it. The chain stores ciphertext.
    #[codec(index = 0)]
    Confidential,
    /// Anyone can read it. The chain stores JSON text and validates it against the schema.
    #[codec(index = 1)]
    Public,
}

/// The status of a container.
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
    /// Closed permanently: no more writes.
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
    /// The position of its first byte.
    pub offset: u32,
    /// Its length.
    pub length: u32,
}

/// A compiled schema and the place of its source, from which a later compiler can compile it again.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct CompiledSchema {
    /// The program that validates values.
    pub program: Schema,
    /// The hash of a document that contains the source.
    pub document: H256,
    /// The place in the document of the whole schema, which is the value of `dataSchema`.
    pub root: Span,
    /// The offset in `root` of the schema of a value or an item, or `None` if any item is valid.
    pub place: Option<u32>,
}

/// The definition of a data set in a plugin.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Definition {
    /// Its name.
    pub name: Name,
    /// Whether it is an entry or a list.
    pub kind: Kind,
    /// Whether it is public or confidential.
    pub visibility: Visibility,
    /// `true` if an entry can be set only once, or if a list's items are never removed.
    pub write_once: bool,
    /// The hash under which the schema of its value, or of each of its items, is stored.
    pub schema: H256,
    /// The place in the document of its default, or `None`. The default of a list is an array of
    /// items.
    pub default: Option<Span>,
    /// The permissions of roles on it.
    pub permissions: Permissions,
}

/// A published plugin. Labels, translations and hints for users are in its document only.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Plugin<AccountId> {
    /// The account that published it, and that can retire it.
    pub publisher: AccountId,
    /// Its name.
    pub name: Name,
    /// The blake2_256 hash of its document.
    pub document: H256,
    /// The earlier plugin that it replaces, if any.
    pub replaces: Option<PluginId>,
    /// `true` if it can have no new instances.
    pub retired: bool,
    /// The place in the document of its description, or `None`.
    pub description: Option<Span>,
    /// Its data sets, in the order of the document.
    pub data_sets: BoundedVec<Definition, ConstU32<MAX_DATA_SETS>>,
    /// Its roles.
    pub roles: Roles,
}

/// The owner's proposal to hand a container over to another account.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Offer<AccountId> {
    /// The number of the offer, counted for each container. Accepting names it.
    pub id: u32,
    /// The offeree.
    pub to: AccountId,
    /// The last moment to accept, in Unix milliseconds.
    pub deadline: Moment,
}

/// A container. The record is small because every write reads it.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Container<AccountId, BlockNumber> {
    /// The account that controls it.
    pub owner: AccountId,
    /// Whether it is active or closed.
    pub status: Status,
    /// The plugin of which it is an instance, if any. A clone of an instance is also an instance
    /// if, at the time, the plugin was not retired and the copied data sets were exactly the
    /// plugin's.
    pub plugin: Option<PluginId>,
    /// The container that it was cloned from, if any.
    pub cloned_from: Option<ContainerId>,
    /// The number of data sets that it has ever had, at most [`MAX_DATA_SETS`]. It is the id of the
    /// next one.
    pub data_sets: DataSetId,
    /// The number of confidential data sets in use.
    pub confidential: u16,
    /// The number of offers of it that were ever made. It is the id of the next one.
    pub offers: u32,
    /// The current offer, lapsed or not, or `None`.
    pub offer: Option<Offer<AccountId>>,
    /// The history of all changes except those of its data sets. It chains the encoded events that
    /// carry a [`Stamp`](twinchain_primitives::Stamp).
    pub history: History<BlockNumber>,
}

/// A data set of a container. `N` is the chain's block number.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct DataSet<AccountId, N> {
    /// Its id, which is never used again in this container.
    pub id: DataSetId,
    /// Whether it is an entry or a list.
    pub kind: Kind,
    /// Whether it is public or confidential.
    pub visibility: Visibility,
    /// The moment when it was retired, in Unix milliseconds, or `None` if it is in use.
    pub retired: Option<Moment>,
    /// `true` if an entry can be set only once, or if a list's items are never removed.
    pub write_once: bool,
    /// The hash under which the schema of its value, or of each of its items, is stored.
    pub schema: H256,
    /// The hash of the document that contains its definition, with labels and the schema's source.
    pub document: H256,
    /// The number of changes that it has had.
    pub revision: u32,
    /// The hash that chains every change; see [`crate::operation`].
    pub head: H256,
    /// The number of values or live items that it holds.
    pub count: u32,
    /// The number of batches that it has. It is the number of the next batch.
    pub batches: u32,
    /// The block of its last operation, or of its creation. Changes of roles, shares and keys, and
    /// purges, are changes of the container and counted in its `history`.
    pub changed: N,
    /// The current key of a confidential data set, or `None` before the first rotation.
    pub key: Option<EpochKey>,
    /// The permissions of roles on it.
    pub permissions: Permissions,
    /// The value of an entry, if it has at most [`MAX_SHORT_VALUE`] bytes. A longer value is in
    /// `LongEntries`.
    pub value: Option<Entry<AccountId, N, ShortValue>>,
}

impl<AccountId, N> DataSet<AccountId, N> {
    /// Returns `true` if it holds a value, or a batch, even if all items of the batch were removed.
    pub fn holds_values(&self) -> bool {
        self.count > 0 || self.batches > 0
    }

    /// Returns `true` if it can contain data to read: it is in use, or retired and holds values.
    pub fn can_be_read(&self) -> bool {
        self.is_active() || self.holds_values()
    }

    /// Returns `true` if it is not retired.
    pub fn is_active(&self) -> bool {
        self.retired.is_none()
    }
}
