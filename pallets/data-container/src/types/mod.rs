// SPDX-License-Identifier: Apache-2.0

//! What the pallet stores and takes.

mod arguments;
mod keys;
mod rights;
mod values;

pub use arguments::*;
pub use keys::*;
pub use rights::*;
pub use values::*;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use sp_core::H256;
use twinchain_primitives::{DataSetId, History, Moment, Name, PluginId};

/// The longest plugin document or data set definition, in bytes of JSON text.
pub const MAX_DOCUMENT: u32 = 64 * 1024;
/// The longest value or item, in bytes.
pub const MAX_VALUE: u32 = data_schema::MAX_VALUE;
/// The most bytes of values that one call stores.
pub const MAX_PAYLOAD: u32 = 64 * 1024;
/// The longest value that is stored in the record of its entry, in bytes. A write then stores one
/// record; a longer value has one of its own, so that what changes an entry but no value stays
/// cheap.
pub const MAX_SHORT_VALUE: u32 = 512;
/// The most items that one call appends.
pub const MAX_ITEMS: u32 = 256;
/// The most data sets that one container ever has, retired ones included.
pub const MAX_DATA_SETS: u32 = 64;
/// The most roles that one container has.
pub const MAX_ROLES: u32 = 16;
/// The most roles that one account holds in one container.
pub const MAX_HELD_ROLES: u32 = 16;
/// The most grants that one account has in one container.
pub const MAX_GRANTS: u32 = 64;
/// How long a retired data set stays before accounts other than its owner may purge it: 30 days, in
/// milliseconds.
pub const PURGE_DELAY: Moment = 30 * 24 * 60 * 60 * 1_000;
/// The most keys of the state that one call of `purge` removes.
pub const MAX_PURGE: u32 = 64;
/// The most envelopes, removed in the same block, that a search of `purge` steps over. A search
/// counts as [`MAX_PURGE`] of them.
pub const MAX_STEPS: u32 = 512;
/// The most envelopes that one call brings, besides the owner's.
pub const MAX_ENVELOPES: u32 = 64;
/// The fewest blocks between two changes of an account's encryption key.
pub const KEY_CHANGE_BLOCKS: u32 = 600;
/// The most segments of one data set: rotations that cut its history, the first included.
pub const MAX_SEGMENTS: u8 = 16;
/// The most holders of one version of an account's secret key.
pub const MAX_KEY_HOLDERS: u32 = 16;
/// The suite X25519: HPKE (RFC 9180) in base mode with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and
/// ChaCha20-Poly1305. It is the only one so far.
pub const SUITE: u8 = 1;
/// A sealed value is padded to a multiple of so many bytes, so that its length tells little.
pub const SEAL_BLOCK: u32 = 64;

// What errors can tell, and what fits into a call.
const _: () = {
    assert!(MAX_DOCUMENT <= 1 << 16, "an error's offset has 16 bits");
    assert!(MAX_ITEMS <= 1 << 8, "an error's index has 8 bits");
    assert!(MAX_VALUE <= MAX_PAYLOAD, "the longest value fits into a call");
};

/// A value as it was written.
pub type Value = BoundedVec<u8, ConstU32<MAX_VALUE>>;
/// The items of one append, in order. A removed one leaves a hole.
pub type Items = BoundedVec<Option<StoredValue>, ConstU32<MAX_ITEMS>>;
/// The envelopes of one version of an account's secret key, each holder at most once.
pub type AccountEnvelopes<AccountId> =
    BoundedVec<AccountEnvelope<AccountId>, ConstU32<MAX_KEY_HOLDERS>>;
/// What roles may do with a data set, each role at most once.
pub type Permissions = BoundedVec<RoleAccess, ConstU32<MAX_ROLES>>;
/// The names of a container's roles; a role's id is its position.
pub type Roles = BoundedVec<Name, ConstU32<MAX_ROLES>>;

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
    Ended,
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
    /// The plugin that it was made from, if it was.
    pub plugin: Option<PluginId>,
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
    /// The end of the chain of hashes over every change; see [`crate::head`].
    pub head: H256,
    /// How many values or live items it holds.
    pub count: u32,
    /// How many batches it has: the number of the next one.
    pub batches: u32,
    /// The block of the last change, or of its making.
    pub changed: N,
    /// The key of a confidential data set, once it has one.
    pub key: Option<EpochKey>,
    /// What roles may do with it.
    pub permissions: Permissions,
    /// The value of an entry, if it has one of at most [`MAX_SHORT_VALUE`] bytes. A longer one is
    /// in `Entries`.
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
