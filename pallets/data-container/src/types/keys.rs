// SPDX-License-Identifier: Apache-2.0

//! Keys of data sets and accounts, and envelopes.

use super::NamedHolder;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use twinchain_primitives::{Moment, PublicKey, SealedSeed};

/// The part of a confidential data set's key that a write reads. The public key is in the
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
    /// The number of the epoch, from 1.
    pub epoch: u32,
    /// The suite of the key.
    pub suite: u8,
    /// The segment of the epoch, from 1 to [`MAX_SEGMENTS`](crate::MAX_SEGMENTS).
    pub segment: u8,
    /// The last moment at which sealed writes to it are accepted, in Unix milliseconds. 0 if it
    /// must be rotated first.
    pub valid_until: Moment,
}

/// The reason why the current key of a data set is due for rotation or has an end: an account that
/// may hold the seed loses READ, left, or its key leaked.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct SealingEnd<AccountId> {
    /// The account that may hold the seed.
    pub account: AccountId,
    /// The reason.
    pub reason: EndReason,
    /// The moment from which the reason applies, in Unix milliseconds. For a READ that expires it
    /// is the last moment of READ, which can be in the future.
    pub since: Moment,
}

/// The reason why an account should not read what is sealed to a seed that it may hold.
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
    /// The container was on offer to it, and the offer ended.
    #[codec(index = 3)]
    OfferEnded,
    /// It changed its encryption key because the previous one leaked. Sealing continues until the
    /// rotation. Never stored in `SealingEnds`: only `rotations_due` returns it.
    #[codec(index = 4)]
    KeyLeaked,
    /// It gave up its READ. Sealing continues until the rotation, because an account that leaves
    /// must not block other writers.
    #[codec(index = 5)]
    ReaderLeft,
}

/// An epoch of a confidential data set: a period with one key pair. Only its readers hold the seed.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Epoch {
    /// The suite of the key.
    pub suite: u8,
    /// The segment that it belongs to, from 1. Each epoch of a segment except the first has a link
    /// to the previous one.
    pub segment: u8,
    /// The public key.
    pub public: PublicKey,
    /// The link: the seed of the previous epoch, sealed to this epoch's key. `None` in the first
    /// epoch of a segment, so that the seed of this epoch alone does not open older values.
    pub previous: Option<SealedSeed>,
}

/// An epoch's seed, sealed for one reader.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Envelope {
    /// The number of the epoch.
    pub epoch: u32,
    /// The version of the reader's encryption key to which it is sealed.
    pub key_version: u32,
    /// The oldest version of the reader's key to which this epoch's seed was sealed, since the
    /// reader last had no envelope of it. If that version leaked, sealing the seed to a newer
    /// version does not help. When the reader loses its envelope, sealing to the epoch ends or the
    /// reader has left, so a rotation is due anyway.
    pub oldest_key_version: u32,
    /// The sealed seed.
    pub sealed: SealedSeed,
}

/// The newest encryption key of an account, to which envelopes for it are sealed.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct EncryptionKey<BlockNumber> {
    /// The number of the version, from 1. Each change adds 1.
    pub version: u32,
    /// The key.
    pub key: AccountKey,
    /// The block in which it was set.
    pub since: BlockNumber,
    /// The versions that the account reported as leaked, if any.
    pub leaked: Option<LeakedKeys>,
}

impl<BlockNumber> EncryptionKey<BlockNumber> {
    /// Returns the moment since which the seed in an envelope counts as known to others, or `None`
    /// if no key to which it was sealed has leaked.
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
    /// The suite of the key.
    pub suite: u8,
    /// The public key.
    pub public: PublicKey,
}

/// The versions of an account's encryption key that count as known to others.
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
    /// The newest leaked version. All earlier versions also count as leaked.
    pub up_to: u32,
    /// The moment of the report, in Unix milliseconds.
    pub since: Moment,
}

/// The recipient of an account envelope. Its SCALE encoding is the associated data of the envelope.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub enum KeyHolder<AccountId> {
    /// An account, and the version of its encryption key.
    #[codec(index = 0)]
    Account(AccountId, u32),
    /// A public key outside the chain, such as that of a device or on paper. Its length determines
    /// the suite.
    #[codec(index = 1)]
    Key(PublicKey),
}

impl<AccountId: PartialEq> KeyHolder<AccountId> {
    /// Returns `true` if both are the same account, in any version, or the same public key.
    pub fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Account(account, _), Self::Account(other, _)) => account == other,
            _ => self == other,
        }
    }

    /// Returns `true` if it is the holder that a call names.
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
    /// The holder that can open it.
    pub holder: KeyHolder<AccountId>,
    /// The sealed secret key.
    pub sealed: SealedSeed,
}
