// SPDX-License-Identifier: Apache-2.0

//! The types of call arguments that are not numbers, bytes or accounts.

use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::{prelude::vec::Vec, TypeInfo};
use twinchain_primitives::Access;

/// Access to one data set, to be given to a role or an account, or taken from it.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct DataSetAccess {
    /// The data set's name, as text.
    pub data_set: Vec<u8>,
    /// The sum of the bits of [`Access`].
    pub access: Access,
}

/// A seed sealed for one reader, as an argument of `rotate_key` and `set_envelopes`.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct ReaderEnvelope<AccountId> {
    /// The reader.
    pub reader: AccountId,
    /// The version of the reader's encryption key to which it is sealed.
    pub key_version: u32,
    /// The sealed seed, as binary data.
    pub envelope: Vec<u8>,
}

/// The relation of a new epoch to the previous one, as an argument of `rotate_key`.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub enum PreviousSeed {
    /// The current epoch's seed, sealed to the new public key, as binary data. Readers of the new
    /// epoch can then also read the older epochs of the segment.
    #[codec(index = 0)]
    Link(Vec<u8>),
    /// No link: the new epoch starts a new segment. Only accounts that can already read the older
    /// epochs still can.
    #[codec(index = 1)]
    Cut,
}

/// A version of the signer's secret key sealed for one holder, as an argument of
/// `set_account_envelopes`.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub enum HolderEnvelope<AccountId> {
    /// Sealed for an account.
    #[codec(index = 0)]
    Account {
        /// The account.
        account: AccountId,
        /// The version of the account's encryption key to which it is sealed.
        key_version: u32,
        /// The sealed secret key, as binary data.
        envelope: Vec<u8>,
    },
    /// Sealed for a key outside the chain.
    #[codec(index = 1)]
    Key {
        /// The public key, as binary data.
        public: Vec<u8>,
        /// The sealed secret key, as binary data.
        envelope: Vec<u8>,
    },
}

/// A holder of a version of the signer's secret key, as an argument of `remove_account_envelope`.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub enum NamedHolder<AccountId> {
    /// An account.
    #[codec(index = 0)]
    Account(AccountId),
    /// A public key, as binary data.
    #[codec(index = 1)]
    Key(Vec<u8>),
}

/// A value for one entry, as an argument of `store`.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct NewValue {
    /// The entry's name, as text.
    pub data_set: Vec<u8>,
    /// The value, as JSON text.
    pub value: Vec<u8>,
    /// The entry's revision as the caller read it. If it has changed since, the call fails.
    pub expected_revision: Option<u32>,
}

/// The next epoch of a data set, as a call brings it.
pub(crate) struct NewEpoch {
    pub expected_epoch: u32,
    pub suite: u8,
    pub public: Vec<u8>,
    pub previous_seed: PreviousSeed,
}

/// A seed as a call brings it, sealed for one account.
pub(crate) struct SealedFor {
    pub epoch: u32,
    pub key_version: u32,
    pub sealed: Vec<u8>,
}
