// SPDX-License-Identifier: Apache-2.0

//! Values, as they are stored.

use super::limits::{MAX_ITEMS, MAX_SEALED_VALUE, MAX_SHORT_VALUE, MAX_VALUE};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use twinchain_primitives::Moment;

/// A value as it was written.
pub type Value = BoundedVec<u8, ConstU32<MAX_VALUE>>;
/// A value as its author sealed it.
pub type Ciphertext = BoundedVec<u8, ConstU32<MAX_SEALED_VALUE>>;
/// The items of one append, in order. A removed one leaves a hole.
pub type Items = BoundedVec<Option<StoredValue>, ConstU32<MAX_ITEMS>>;

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
        ciphertext: Ciphertext,
    },
}

impl StoredValue {
    /// The bytes of the value: JSON text, or ciphertext.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Public(value) => value,
            Self::Sealed { ciphertext, .. } => ciphertext,
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
