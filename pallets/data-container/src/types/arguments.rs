// SPDX-License-Identifier: Apache-2.0

//! What calls take, besides numbers, bytes and accounts.

use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::{prelude::vec::Vec, TypeInfo};
use twinchain_primitives::Access;

/// Access to one data set, as it is given to roles and accounts, and taken away.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct DataSetAccess {
    /// The data set's name, text.
    pub data_set: Vec<u8>,
    /// The sum of the bits of [`Access`].
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

/// A new key of a data set, as its owner made it.
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
