// SPDX-License-Identifier: Apache-2.0

//! The hash chain over a data set's changes.
//!
//! The head can be recomputed from all operations ([`Operation`]) of a data set. If a change is
//! omitted, altered, moved or taken from another data set, the result is a different head.
//!
//! ```
//! use pallet_data_container::operation::{initial_head, next_head, Operation};
//! use pallet_data_container::Authority;
//!
//! let genesis = [7; 32].into();
//! let set = Operation::Set {
//!     revision: 1,
//!     author: 42u64,
//!     authority: Authority::Owner,
//!     block: 9u32,
//!     time: 1_700_000_000_000,
//!     payload_hash: [1; 32].into(),
//! };
//! let head = next_head(&initial_head(&genesis, 5, 0), &set);
//! assert_ne!(head, next_head(&initial_head(&genesis, 5, 1), &set));
//! ```

use crate::types::{Authority, StoredValue};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;
use sp_core::H256;
use sp_io::hashing::blake2_256;
use twinchain_primitives::{ContainerId, DataSetId, Moment};

/// The prefix of a data set's first hash, which separates heads from all other hashes of the chain.
const LABEL: &[u8; 16] = b"twinchain/head/2";

/// One change of a data set, as its head and its event contain it. Hashes are blake2_256.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub enum Operation<AccountId, BlockNumber> {
    /// The entry was set.
    #[codec(index = 0)]
    Set {
        /// The revision after the change.
        revision: u32,
        /// The account that made the change.
        author: AccountId,
        /// The authority by which it was made.
        authority: Authority,
        /// The block of the change.
        block: BlockNumber,
        /// The time of that block, Unix milliseconds.
        time: Moment,
        /// The hash of the value; see [`value_hash`].
        payload_hash: H256,
    },
    /// The entry was cleared.
    #[codec(index = 1)]
    Clear {
        /// The revision after the change.
        revision: u32,
        /// The account that made the change.
        author: AccountId,
        /// The authority by which it was made.
        authority: Authority,
        /// The block of the change.
        block: BlockNumber,
        /// The time of that block, Unix milliseconds.
        time: Moment,
    },
    /// Items were appended, as one batch.
    #[codec(index = 2)]
    Append {
        /// The revision after the change.
        revision: u32,
        /// The account that made the change.
        author: AccountId,
        /// The authority by which it was made.
        authority: Authority,
        /// The block of the change.
        block: BlockNumber,
        /// The time of that block, Unix milliseconds.
        time: Moment,
        /// The number of the batch.
        batch: u32,
        /// The hash of the items; see [`items_hash`].
        payload_hash: H256,
    },
    /// An item was removed.
    #[codec(index = 3)]
    Remove {
        /// The revision after the change.
        revision: u32,
        /// The account that made the change.
        author: AccountId,
        /// The authority by which it was made.
        authority: Authority,
        /// The block of the change.
        block: BlockNumber,
        /// The time of that block, Unix milliseconds.
        time: Moment,
        /// The batch of the item.
        batch: u32,
        /// The item's position in the batch.
        position: u32,
    },
    /// The data set was retired. This is its last operation.
    #[codec(index = 4)]
    Retire {
        /// The revision after the change.
        revision: u32,
        /// The account that made the change.
        author: AccountId,
        /// The authority by which it was made.
        authority: Authority,
        /// The block of the change.
        block: BlockNumber,
        /// The time of that block, Unix milliseconds.
        time: Moment,
    },
}

/// The revision, block and time of the next change.
#[derive(Clone, Copy)]
pub(crate) struct OperationStamp<BlockNumber> {
    pub revision: u32,
    pub block: BlockNumber,
    pub time: Moment,
}

/// Returns the hash of a stored value: blake2_256 of the bytes of a public value, or of
/// `SCALE((suite: u8, epoch: u32, ciphertext: Vec<u8>))` of a sealed one. The suite and the epoch
/// are included because the same ciphertext opens to another value under another key.
pub fn value_hash(value: &StoredValue) -> H256 {
    match value {
        StoredValue::Public(value) => blake2_256(value).into(),
        StoredValue::Sealed { suite, epoch, ciphertext } => {
            blake2_256(&(suite, epoch, ciphertext).encode()).into()
        },
    }
}

/// Returns the hash of the items of one append: blake2_256 of `SCALE(Vec<Vec<u8>>)` of public
/// items, or of `SCALE((suite: u8, epoch: u32, Vec<Vec<u8>>))` of items that are `sealed` with a
/// suite for an epoch.
pub fn items_hash(items: &[Vec<u8>], sealed: Option<(u8, u32)>) -> H256 {
    match sealed {
        None => blake2_256(&items.encode()).into(),
        Some((suite, epoch)) => blake2_256(&(suite, epoch, items).encode()).into(),
    }
}

/// Returns the head of a data set without changes: `blake2_256("twinchain/head/2" ++ genesis hash
/// ++ container ++ data set id)`, with numbers in little endian.
pub fn initial_head(genesis: &H256, container: ContainerId, data_set: DataSetId) -> H256 {
    blake2_256(&(LABEL, genesis, container, data_set).encode()).into()
}

/// Returns the head after one more change: `blake2_256(head ++ SCALE(operation))`.
pub fn next_head<A: Encode, N: Encode>(head: &H256, operation: &Operation<A, N>) -> H256 {
    blake2_256(&(head, operation).encode()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(revision: u32, hash: u8) -> Operation<u64, u32> {
        let authority = Authority::Role(3);
        let payload_hash = [hash; 32].into();
        Operation::Set { revision, author: 1, authority, block: 2, time: 3, payload_hash }
    }

    fn head(operations: &[Operation<u64, u32>]) -> H256 {
        operations
            .iter()
            .fold(initial_head(&[0; 32].into(), 1, 2), |head, change| next_head(&head, change))
    }

    #[test]
    fn initial_head_matches_its_definition() {
        let mut bytes = b"twinchain/head/2".to_vec();
        bytes.extend([9; 32]);
        bytes.extend(258u64.to_le_bytes());
        bytes.extend(7u16.to_le_bytes());
        assert_eq!(initial_head(&[9; 32].into(), 258, 7), blake2_256(&bytes).into());
    }

    #[test]
    fn head_depends_on_time_author_and_epoch() {
        let Operation::Set { revision, author, authority, block, time, payload_hash } = set(1, 1)
        else {
            unreachable!()
        };
        let base = head(&[set(1, 1)]);
        let later = Operation::Set { revision, author, authority, block, time: 4, payload_hash };
        let others = Operation::Set { revision, author: 9, authority, block, time, payload_hash };
        assert_ne!(base, head(&[later]));
        assert_ne!(base, head(&[others]));
        let sealed = |epoch| StoredValue::Sealed {
            suite: 1,
            epoch,
            ciphertext: crate::Ciphertext::truncate_from(alloc::vec![7; 112]),
        };
        assert_ne!(value_hash(&sealed(1)), value_hash(&sealed(2)));
        let public = StoredValue::Public(crate::Value::truncate_from(alloc::vec![7; 112]));
        assert_ne!(value_hash(&sealed(1)), value_hash(&public));
        let items = [alloc::vec![7; 112]];
        let hashes = [None, Some((1, 1)), Some((1, 2))].map(|sealed| items_hash(&items, sealed));
        assert!(hashes[0] != hashes[1] && hashes[1] != hashes[2]);
        let bytes = (1u8, 2u32, items.to_vec()).encode();
        assert_eq!(hashes[2], blake2_256(&bytes).into());
    }

    #[test]
    fn head_changes_when_an_operation_is_omitted_moved_or_altered() {
        let (a, b, c) = (set(1, 1), set(2, 2), set(3, 3));
        let whole = head(&[a.clone(), b.clone(), c.clone()]);
        assert_eq!(whole, head(&[a.clone(), b.clone(), c.clone()]));
        assert_ne!(whole, head(&[a.clone(), c.clone()]));
        assert_ne!(whole, head(&[b.clone(), a.clone(), c.clone()]));
        assert_ne!(whole, head(&[a, set(2, 9), c]));
    }
}
