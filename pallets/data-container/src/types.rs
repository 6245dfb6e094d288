// SPDX-License-Identifier: Apache-2.0

//! What the pallet stores and takes.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::{prelude::vec::Vec, TypeInfo};
use sp_core::H256;
use twinchain_primitives::{
    Access, DataSetId, History, Moment, Name, PluginId, PublicKey, RoleId, SealedSeed,
};

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

/// What a role may do with a data set.
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
pub struct RoleAccess {
    /// The role.
    pub role: RoleId,
    /// `WRITE`, `REMOVE` or both; never `READ`, which is a matter of keys.
    pub access: Access,
}

/// What a role may do with one data set, as [`Event::RoleSet`](crate::Event::RoleSet) says it.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct DataSetPermission {
    /// The data set's id.
    pub data_set: DataSetId,
    /// `WRITE`, `REMOVE`, both or nothing.
    pub access: Access,
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

/// What a write needs to know of the key of a confidential data set. The public key is in its
/// [`Epoch`].
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
pub struct EpochKey {
    /// The epoch, from 1.
    pub epoch: u32,
    /// How it is sealed.
    pub suite: u8,
    /// The segment of the epoch, from 1 to [`MAX_SEGMENTS`].
    pub segment: u8,
    /// The last moment to seal for it. 0: it is to be rotated first.
    pub valid_until: Moment,
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

/// Why the current key of a data set is to be rotated: sealing to it ends or ended, or its seed
/// leaked.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct SealingEnd<AccountId> {
    /// The account that may hold the seed: its READ ended or will end, or its key leaked.
    pub account: AccountId,
    /// Why the key is to be rotated.
    pub reason: EndReason,
    /// Since when, Unix milliseconds; for a READ that expires its last moment, which may be still
    /// to come.
    pub since: Moment,
}

/// Why a seed that an account has must not be sealed to for good.
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
pub enum EndReason {
    /// Its READ has an end.
    #[codec(index = 0)]
    ReadExpires,
    /// The owner took READ from it.
    #[codec(index = 1)]
    ReadTaken,
    /// It was the owner, and handed the container over.
    #[codec(index = 2)]
    OwnerChanged,
    /// The container was on offer to it, and that offer ended.
    #[codec(index = 3)]
    OfferEnded,
    /// It changed its encryption key because the one before leaked. Sealing goes on meanwhile.
    /// Never stored in `SealingEnds`: only `rotations_due` says it.
    #[codec(index = 4)]
    KeyLeaked,
}

/// A stored value. The index 2 is kept for values outside the state.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub enum StoredValue {
    /// JSON text that matches the schema.
    #[codec(index = 0)]
    Public(Value),
    /// What only the holders of an epoch's seed can open. The author is the associated data.
    #[codec(index = 1)]
    Sealed {
        /// How it is sealed.
        suite: u8,
        /// The epoch to whose key it is sealed.
        epoch: u32,
        /// The ephemeral key, the encrypted and padded value, and the tag.
        ciphertext: Value,
    },
}

impl StoredValue {
    /// The bytes of the value: JSON text, or ciphertext.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Public(value) | Self::Sealed { ciphertext: value, .. } => value,
        }
    }
}

/// A stored value of at most [`MAX_SHORT_VALUE`] bytes, encoded as a [`StoredValue`] is.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub enum ShortValue {
    /// JSON text that matches the schema.
    #[codec(index = 0)]
    Public(BoundedVec<u8, ConstU32<MAX_SHORT_VALUE>>),
    /// What only the holders of an epoch's seed can open. The author is the associated data.
    #[codec(index = 1)]
    Sealed {
        /// How it is sealed.
        suite: u8,
        /// The epoch to whose key it is sealed.
        epoch: u32,
        /// The ephemeral key, the encrypted and padded value, and the tag.
        ciphertext: BoundedVec<u8, ConstU32<MAX_SHORT_VALUE>>,
    },
}

impl TryFrom<StoredValue> for ShortValue {
    type Error = StoredValue;

    /// Fails with the value if it is too long.
    fn try_from(value: StoredValue) -> Result<Self, StoredValue> {
        let long = |bytes: Vec<u8>| Value::truncate_from(bytes);
        match value {
            StoredValue::Public(bytes) => {
                let short = bytes.into_inner().try_into();
                short.map(Self::Public).map_err(|bytes| StoredValue::Public(long(bytes)))
            },
            StoredValue::Sealed { suite, epoch, ciphertext } => {
                match ciphertext.into_inner().try_into() {
                    Ok(ciphertext) => Ok(Self::Sealed { suite, epoch, ciphertext }),
                    Err(bytes) => {
                        Err(StoredValue::Sealed { suite, epoch, ciphertext: long(bytes) })
                    },
                }
            },
        }
    }
}

impl From<ShortValue> for StoredValue {
    fn from(value: ShortValue) -> Self {
        let long = |bytes: BoundedVec<u8, _>| Value::truncate_from(bytes.into_inner());
        match value {
            ShortValue::Public(bytes) => Self::Public(long(bytes)),
            ShortValue::Sealed { suite, epoch, ciphertext } => {
                Self::Sealed { suite, epoch, ciphertext: long(ciphertext) }
            },
        }
    }
}

impl<AccountId, BlockNumber> From<Entry<AccountId, BlockNumber, ShortValue>>
    for Entry<AccountId, BlockNumber>
{
    fn from(entry: Entry<AccountId, BlockNumber, ShortValue>) -> Self {
        let Entry { author, block, time, value } = entry;
        Self { author, block, time, value: value.into() }
    }
}

/// The value of an entry, and who wrote it when.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Entry<AccountId, BlockNumber, Stored = StoredValue> {
    /// Who wrote it. Associated data of a sealed value, so that it opens with no other author.
    pub author: AccountId,
    /// The block in which it was written.
    pub block: BlockNumber,
    /// The time of that block, Unix milliseconds.
    pub time: Moment,
    /// The value.
    pub value: Stored,
}

/// The items of one append, and who appended them when.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Batch<AccountId, BlockNumber> {
    /// Who appended them. Associated data of sealed items, so that they open with no other author.
    pub author: AccountId,
    /// The block in which they were appended.
    pub block: BlockNumber,
    /// The time of that block, Unix milliseconds.
    pub time: Moment,
    /// The items.
    pub items: Items,
}

/// An epoch of a confidential data set: a key pair, the seed of which its readers hold.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Epoch {
    /// How it is sealed.
    pub suite: u8,
    /// The segment that it belongs to, from 1. The epochs of a segment follow each other, each with
    /// the seed of the one before.
    pub segment: u8,
    /// The public key.
    pub public: PublicKey,
    /// The seed of the epoch before, sealed to this one's key. `None` in the first epoch of a
    /// segment: an account that has this epoch's seed alone cannot read what is older.
    pub previous: Option<SealedSeed>,
}

/// An epoch's seed, sealed for one reader.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Envelope {
    /// The epoch.
    pub epoch: u32,
    /// The version of the reader's encryption key to which it is sealed.
    pub key_version: u32,
    /// The oldest version of the reader's key to which this epoch's seed was sealed since the
    /// reader last had no envelope of it. Where that one leaked, sealing the seed to a newer one
    /// makes no difference. Before that, sealing to the epoch had ended.
    pub oldest_key_version: u32,
    /// The sealed seed.
    pub sealed: SealedSeed,
}

/// The newest encryption key of an account, with which others seal envelopes for it.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct EncryptionKey<BlockNumber> {
    /// Counts up from 1 with every change.
    pub version: u32,
    /// The key.
    pub key: AccountKey,
    /// The block in which it was set.
    pub since: BlockNumber,
    /// The versions that leaked, if the account ever said so.
    pub leaked: Option<LeakedKeys>,
}

impl<BlockNumber> EncryptionKey<BlockNumber> {
    /// Returns since when the seed in an envelope for the account counts as known to others,
    /// because a key to which it was sealed leaked. `None`: it does not.
    pub fn leaked_with(&self, envelope: &Envelope) -> Option<Moment> {
        let leaked = self.leaked.filter(|leaked| envelope.oldest_key_version <= leaked.up_to)?;
        Some(leaked.since)
    }
}

/// A version of an account's encryption key.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct AccountKey {
    /// How envelopes are sealed to it.
    pub suite: u8,
    /// The public key.
    pub public: PublicKey,
}

/// Versions of an account's encryption key that count as known to others.
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
pub struct LeakedKeys {
    /// The newest of them. All before it count as leaked, too.
    pub up_to: u32,
    /// When the account said so, Unix milliseconds.
    pub since: Moment,
}

/// Who can open an account envelope. Its SCALE encoding is the associated data.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub enum KeyHolder<AccountId> {
    /// An account, with this version of its own encryption key.
    #[codec(index = 0)]
    Account(AccountId, u32),
    /// A key outside the chain: of a device, or on paper. Its length decides the suite.
    #[codec(index = 1)]
    Key(PublicKey),
}

impl<AccountId: PartialEq> KeyHolder<AccountId> {
    /// Returns whether both are the same account, or the same key.
    pub fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Account(account, _), Self::Account(other, _)) => account == other,
            _ => self == other,
        }
    }

    /// Returns whether it is the holder that a call names.
    pub fn is_named(&self, named: &NamedHolder<AccountId>) -> bool {
        match (self, named) {
            (Self::Account(account, _), NamedHolder::Account(named)) => account == named,
            (Self::Key(public), NamedHolder::Key(named)) => public.as_slice() == named.as_slice(),
            _ => false,
        }
    }
}

/// A version of an account's own secret key, sealed for a holder.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct AccountEnvelope<AccountId> {
    /// Who can open it.
    pub holder: KeyHolder<AccountId>,
    /// The sealed secret key.
    pub sealed: SealedSeed,
}

/// What one account may do in one container, besides what it owns.
#[derive(
    Clone,
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
pub struct Rights {
    /// The roles that it holds.
    pub roles: BoundedVec<RoleId, ConstU32<MAX_HELD_ROLES>>,
    /// What it may do with single data sets.
    pub grants: BoundedVec<Grant, ConstU32<MAX_GRANTS>>,
}

/// Access of one account to one data set. Each thing that it may do has an end of its own.
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
pub struct Grant {
    /// The data set.
    pub data_set: DataSetId,
    /// Until when the account may read it; `None`: it may not.
    pub read: Option<Until>,
    /// Until when it may write.
    pub write: Option<Until>,
    /// Until when it may remove.
    pub remove: Option<Until>,
}

/// The end of a part of a grant.
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
pub enum Until {
    /// None.
    #[codec(index = 0)]
    Forever,
    /// The last moment at which it holds, Unix milliseconds.
    #[codec(index = 1)]
    Moment(Moment),
}

impl Until {
    /// Returns the end that a call names: `None` stands for no end.
    pub fn from_call(until: Option<Moment>) -> Self {
        until.map_or(Self::Forever, Self::Moment)
    }

    /// Returns the last moment, or `None` if there is no end.
    pub fn moment(self) -> Option<Moment> {
        match self {
            Self::Forever => None,
            Self::Moment(until) => Some(until),
        }
    }

    /// Returns whether it has not ended: it still holds at the very moment.
    pub fn holds(self, now: Moment) -> bool {
        self.moment().is_none_or(|until| now <= until)
    }
}

impl Rights {
    /// Returns the grant on a data set, ended or not.
    pub fn grant(&self, data_set: DataSetId) -> Option<&Grant> {
        self.grants.iter().find(|grant| grant.data_set == data_set)
    }
}

impl Grant {
    /// Returns a grant of nothing.
    pub fn none(data_set: DataSetId) -> Self {
        Self { data_set, read: None, write: None, remove: None }
    }

    /// Returns its parts: what they give, and until when.
    fn parts(&self) -> [(Access, Option<Until>); 3] {
        [(Access::READ, self.read), (Access::WRITE, self.write), (Access::REMOVE, self.remove)]
    }

    /// Sets the end of every part that `access` names; `None` takes the part away.
    fn set(&mut self, access: Access, until: Option<Until>) {
        let parts = [
            (Access::READ, &mut self.read),
            (Access::WRITE, &mut self.write),
            (Access::REMOVE, &mut self.remove),
        ];
        for (bit, part) in parts {
            if access.contains(bit) {
                *part = until;
            }
        }
    }

    /// Gives all of `access` until an end, which replaces an earlier one. The other parts stay.
    pub fn give(&mut self, access: Access, until: Until) {
        self.set(access, Some(until));
    }

    /// Takes all of `access` away.
    pub fn take(&mut self, access: Access) {
        self.set(access, None);
    }

    /// Returns what it gives at a moment, or ever if there is none to compare with.
    fn access_at(&self, now: Option<Moment>) -> Access {
        let holds = |until: Until| now.is_none_or(|now| until.holds(now));
        let parts = self.parts().into_iter();
        parts.fold(Access::NONE, |access, (bit, until)| match until.is_some_and(holds) {
            true => access | bit,
            false => access,
        })
    }

    /// Returns all that it gives, ended or not.
    pub fn access(&self) -> Access {
        self.access_at(None)
    }

    /// Returns what it gives at the moment `now`.
    pub fn active(&self, now: Moment) -> Access {
        self.access_at(Some(now))
    }
}

/// By what right somebody acted.
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
pub enum Authority {
    /// As the container's owner.
    #[codec(index = 0)]
    Owner,
    /// Through a role.
    #[codec(index = 1)]
    Role(RoleId),
    /// Through a grant.
    #[codec(index = 2)]
    Grant,
}

/// Access to one data set, as it is given to roles and accounts, and taken away.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct DataSetAccess {
    /// The data set's name, text.
    pub data_set: Vec<u8>,
    /// The bits: 1 reads, 2 writes, 4 removes; their sum gives several.
    pub access: Access,
}

/// A seed for one reader, as `rotate_key` and `set_envelopes` take it.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct ReaderEnvelope<AccountId> {
    /// The reader.
    pub reader: AccountId,
    /// The version of the reader's encryption key to which it is sealed.
    pub key_version: u32,
    /// The sealed seed, binary.
    pub envelope: Vec<u8>,
}

/// What becomes of the values that are sealed for the epochs before, as `rotate_key` takes it.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub enum PreviousSeed {
    /// Readers of the new epoch read them as well: the current epoch's seed, sealed to the new
    /// public key; binary.
    #[codec(index = 0)]
    Link(Vec<u8>),
    /// They stay with the accounts that can read them now: a new segment begins.
    #[codec(index = 1)]
    Cut,
}

/// A version of the signer's secret key for one holder, as `set_account_envelopes` takes it.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub enum HolderEnvelope<AccountId> {
    /// For an account.
    #[codec(index = 0)]
    Account {
        /// The account.
        account: AccountId,
        /// The version of its encryption key to which it is sealed.
        key_version: u32,
        /// The sealed secret key, binary.
        envelope: Vec<u8>,
    },
    /// For a key outside the chain.
    #[codec(index = 1)]
    Key {
        /// The public key, binary.
        public: Vec<u8>,
        /// The sealed secret key, binary.
        envelope: Vec<u8>,
    },
}

/// A holder of a version of the signer's secret key, as `remove_account_envelope` takes it.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub enum NamedHolder<AccountId> {
    /// An account.
    #[codec(index = 0)]
    Account(AccountId),
    /// A public key, binary.
    #[codec(index = 1)]
    Key(Vec<u8>),
}

/// One value for one data set, as `store` takes it.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct NewValue {
    /// The data set's name, text.
    pub data_set: Vec<u8>,
    /// The value, JSON text.
    pub value: Vec<u8>,
    /// Refuse if the data set's revision is another one.
    pub expected_revision: Option<u32>,
}
