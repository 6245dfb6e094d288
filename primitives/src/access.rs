// SPDX-License-Identifier: Apache-2.0

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::ops::BitOr;
use scale_info::TypeInfo;

/// The access to a data set: a set of bits, one byte on the chain.
///
/// | bit | name | meaning |
/// |---|---|---|
/// | 1 | `READ` | holds the key of a confidential data set; anyone can read a public one |
/// | 2 | `WRITE` | sets an entry, appends to a list |
/// | 4 | `REMOVE` | clears an entry, removes an item |
///
/// ```
/// use twinchain_primitives::Access;
/// let both = Access::WRITE | Access::REMOVE;
/// assert!(both.contains(Access::REMOVE));
/// assert!(!both.contains(Access::READ));
/// ```
#[derive(
    Clone,
    Copy,
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
pub struct Access(u8);

impl Access {
    /// No access.
    pub const NONE: Self = Self(0);
    /// Access to read a confidential data set.
    pub const READ: Self = Self(1);
    /// Access to set an entry and to append to a list.
    pub const WRITE: Self = Self(2);
    /// Access to clear an entry and to remove an item.
    pub const REMOVE: Self = Self(4);

    /// All valid bits, in order. Other code derives its lists of bits from this one.
    pub const BITS: [Self; 3] = [Self::READ, Self::WRITE, Self::REMOVE];
    /// All of [`Self::BITS`].
    pub const ALL: Self = Self::union(&Self::BITS);

    /// Returns the union of all sets.
    const fn union(mut sets: &[Self]) -> Self {
        let mut all = Self::NONE;
        while let [first, rest @ ..] = sets {
            all = Self(all.0 | first.0);
            sets = rest;
        }
        all
    }

    /// Returns `true` if every bit of `other` is in this set. Every set contains an empty `other`.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Returns `true` if the sets have a bit in common.
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Returns this set without the bits of `other`.
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Returns `true` if at least one bit is set and all set bits are valid. Check every set that a
    /// call passes.
    pub const fn is_valid(self) -> bool {
        self.0 != 0 && Self::from_bits(self.0).is_some()
    }

    /// Returns `true` if no bit is set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns the bits as they are stored.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Returns the set with these bits, or `None` if one of them is invalid.
    pub const fn from_bits(bits: u8) -> Option<Self> {
        if Self::ALL.contains(Self(bits)) {
            Some(Self(bits))
        } else {
            None
        }
    }
}

impl BitOr for Access {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_three_bits_are_valid() {
        assert_eq!(Access::ALL, Access::READ | Access::WRITE | Access::REMOVE);
        assert_eq!(Access::from_bits(7), Some(Access::ALL));
        assert_eq!(Access::from_bits(8), None);
        assert_eq!(Access::from_bits(255), None);
    }

    #[test]
    fn sets_can_be_compared_and_subtracted() {
        let write_remove = Access::WRITE | Access::REMOVE;
        assert!(write_remove.intersects(Access::WRITE) && !write_remove.intersects(Access::READ));
        assert!(!Access::NONE.intersects(write_remove));
        assert_eq!(write_remove.without(Access::WRITE | Access::READ), Access::REMOVE);
        assert!(write_remove.is_valid() && !Access::NONE.is_valid() && !Access(8).is_valid());
    }

    #[test]
    fn contains_requires_every_bit() {
        let write_remove = Access::WRITE | Access::REMOVE;
        assert!(write_remove.contains(Access::WRITE));
        assert!(!Access::WRITE.contains(write_remove));
        assert!(Access::NONE.is_empty() && Access::READ.contains(Access::NONE));
    }
}
