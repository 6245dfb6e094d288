// SPDX-License-Identifier: Apache-2.0

//! Stored values.

use super::limits::{MAX_ITEMS, MAX_SEALED_VALUE, MAX_SHORT_VALUE, MAX_VALUE};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use twinchain_primitives::Moment;

/// A public value, as it was written.
pub type Value = BoundedVec<u8, ConstU32<MAX_VALUE>>;
/// A confidential value, as its author sealed it.
pub type Ciphertext = BoundedVec<u8, ConstU32<MAX_SEALED_VALUE>>;
/// The items of one append, in order. A removed item is `None`.
pub type Items = BoundedVec<Option<StoredValue>, ConstU32<MAX_ITEMS>>;

/// A stored value. Index 2 is reserved for values outside the state.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub enum StoredValue {
    /// JSON text that matches the schema.
    #[codec(index = 0)]
    Public(Value),
    /// A ciphertext that only holders of an epoch's seed can open. The author is the associated
    /// data.
    #[codec(index = 1)]
    Sealed {
        /// The suite with which it is sealed.
        suite: u8,
        /// The epoch to whose key it is sealed.
        epoch: u32,
        /// The ephemeral key, the encrypted and padded value, and the tag.
        ciphertext: Ciphertext,
    },
}

impl StoredValue {
    /// Returns the bytes of the JSON text or the ciphertext.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Public(value) => value,
            Self::Sealed { ciphertext, .. } => ciphertext,
        }
    }
}

/// A stored value of at most [`MAX_SHORT_VALUE`] bytes. Its encoding is that of a [`StoredValue`].
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub enum ShortValue {
    /// JSON text that matches the schema.
    #[codec(index = 0)]
    Public(BoundedVec<u8, ConstU32<MAX_SHORT_VALUE>>),
    /// A ciphertext that only holders of an epoch's seed can open. The author is the associated
    /// data.
    #[codec(index = 1)]
    Sealed {
        /// The suite with which it is sealed.
        suite: u8,
        /// The epoch to whose key it is sealed.
        epoch: u32,
        /// The ephemeral key, the encrypted and padded value, and the tag.
        ciphertext: BoundedVec<u8, ConstU32<MAX_SHORT_VALUE>>,
    },
}

impl TryFrom<StoredValue> for ShortValue {
    type Error = StoredValue;

    /// Fails with the value if it is longer than [`MAX_SHORT_VALUE`].
    fn try_from(value: StoredValue) -> Result<Self, StoredValue> {
        match value {
            StoredValue::Public(bytes) => {
                let short = bytes.into_inner().try_into();
                short
                    .map(Self::Public)
                    .map_err(|bytes| StoredValue::Public(Value::truncate_from(bytes)))
            },
            StoredValue::Sealed { suite, epoch, ciphertext } => {
                match ciphertext.into_inner().try_into() {
                    Ok(ciphertext) => Ok(Self::Sealed { suite, epoch, ciphertext }),
                    Err(bytes) => {
                        let ciphertext = Ciphertext::truncate_from(bytes);
                        Err(StoredValue::Sealed { suite, epoch, ciphertext })
                    },
                }
            },
        }
    }
}

impl From<ShortValue> for StoredValue {
    fn from(value: ShortValue) -> Self {
        match value {
            ShortValue::Public(bytes) => Self::Public(Value::truncate_from(bytes.into_inner())),
            ShortValue::Sealed { suite, epoch, ciphertext } => {
                let ciphertext = Ciphertext::truncate_from(ciphertext.into_inner());
                Self::Sealed { suite, epoch, ciphertext }
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

/// The value of an entry, with its author and time.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Entry<AccountId, BlockNumber, Stored = StoredValue> {
    /// The account that wrote it. It is the associated data of a sealed value, so the value opens
    /// with no other author.
    pub author: AccountId,
    /// The block in which it was written.
    pub block: BlockNumber,
    /// The time of that block, in Unix milliseconds.
    pub time: Moment,
    /// The value.
    pub value: Stored,
}

/// The items of one append, with their author and time.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Batch<AccountId, BlockNumber> {
    /// The account that appended them. It is the associated data of sealed items, so they open with
    /// no other author.
    pub author: AccountId,
    /// The block in which they were appended.
    pub block: BlockNumber,
    /// The time of that block, in Unix milliseconds.
    pub time: Moment,
    /// The items.
    pub items: Items,
}
