// SPDX-License-Identifier: Apache-2.0

//! Keys of data sets and accounts, and the envelopes between them.

use super::NamedHolder;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use twinchain_primitives::{Moment, PublicKey, SealedSeed};

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
    /// The segment of the epoch, from 1 to [`MAX_SEGMENTS`](crate::MAX_SEGMENTS).
    pub segment: u8,
    /// The last moment to seal for it. 0: it is to be rotated first.
    pub valid_until: Moment,
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
    /// It gave its READ up by itself. Sealing goes on meanwhile: an account that leaves must not
    /// silence those that write.
    #[codec(index = 5)]
    ReaderLeft,
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
    /// makes no difference. Before that, sealing to the epoch had ended, or the reader had left by
    /// itself, so that a rotation is due anyway.
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
