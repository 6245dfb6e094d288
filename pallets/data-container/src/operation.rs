// SPDX-License-Identifier: Apache-2.0

//! The hash chain over a data set's changes. Whoever holds every [`Operation`] of a data set
//! recomputes its head; a change that was left out, altered, moved or taken from another data set
//! gives another head.
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

/// What a head starts with, so that no other hash of the chain can be taken for one.
const LABEL: &[u8; 16] = b"twinchain/head/2";

/// One change of a data set, as its head and its event hold it: the revision that it made, who did
/// it, by what right, in which block, and when. Hashes are blake2_256.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub enum Operation<AccountId, BlockNumber> {
    /// The entry was set.
    #[codec(index = 0)]
    Set {
        /// The revision that the change made.
        revision: u32,
        /// Who did it.
        author: AccountId,
        /// By what right.
        authority: Authority,
        /// In which block.
        block: BlockNumber,
        /// The time of that block, Unix milliseconds.
        time: Moment,
        /// The hash of the value; see [`value_hash`].
        payload_hash: H256,
    },
    /// The entry was cleared.
    #[codec(index = 1)]
    Clear {
        /// The revision that the change made.
        revision: u32,
        /// Who did it.
        author: AccountId,
        /// By what right.
        authority: Authority,
        /// In which block.
        block: BlockNumber,
        /// The time of that block, Unix milliseconds.
        time: Moment,
    },
    /// Items were appended, as one batch.
    #[codec(index = 2)]
    Append {
        /// The revision that the change made.
        revision: u32,
        /// Who did it.
        author: AccountId,
        /// By what right.
        authority: Authority,
        /// In which block.
        block: BlockNumber,
        /// The time of that block, Unix milliseconds.
        time: Moment,
        /// The batch's number.
        batch: u32,
        /// The hash of the items; see [`items_hash`].
        payload_hash: H256,
    },
    /// An item was removed.
    #[codec(index = 3)]
    Remove {
        /// The revision that the change made.
        revision: u32,
        /// Who did it.
        author: AccountId,
        /// By what right.
        authority: Authority,
        /// In which block.
        block: BlockNumber,
        /// The time of that block, Unix milliseconds.
        time: Moment,
        /// The batch of the item.
        batch: u32,
        /// Its position in the batch.
        position: u32,
    },
    /// The data set was retired: nothing follows.
    #[codec(index = 4)]
    Retire {
        /// The revision that the change made.
        revision: u32,
        /// Who did it.
        author: AccountId,
        /// By what right.
        authority: Authority,
        /// In which block.
        block: BlockNumber,
        /// The time of that block, Unix milliseconds.
        time: Moment,
    },
}

/// The revision that a change makes, and when it is made.
#[derive(Clone, Copy)]
pub(crate) struct OperationStamp<BlockNumber> {
    pub revision: u32,
    pub block: BlockNumber,
    pub time: Moment,
}

/// Returns the hash of a stored value: blake2_256 of a public value's bytes, and of
/// `SCALE((suite: u8, epoch: u32, ciphertext: Vec<u8>))` of a sealed one, since the same ciphertext
/// opens to something else under another key.
pub fn value_hash(value: &StoredValue) -> H256 {
    match value {
        StoredValue::Public(value) => blake2_256(value).into(),
        StoredValue::Sealed { suite, epoch, ciphertext } => {
            blake2_256(&(suite, epoch, ciphertext).encode()).into()
        },
    }
}

/// Returns the hash of the items of one append: blake2_256 of `SCALE(Vec<Vec<u8>>)` of public ones,
/// and of `SCALE((suite: u8, epoch: u32, Vec<Vec<u8>>))` of those that are `sealed` with a suite
/// for an epoch.
pub fn items_hash(items: &[Vec<u8>], sealed: Option<(u8, u32)>) -> H256 {
    match sealed {
        None => blake2_256(&items.encode()).into(),
        Some((suite, epoch)) => blake2_256(&(suite, epoch, items).encode()).into(),
    }
}

/// The head of a data set that was never changed: `blake2_256("twinchain/head/2" ++ genesis hash ++
/// container ++ data set id)`, numbers in little endian.
pub fn initial_head(genesis: &H256, container: ContainerId, data_set: DataSetId) -> H256 {
    blake2_256(&(LABEL, genesis, container, data_set).encode()).into()
}

/// The head after one more change: `blake2_256(head ++ SCALE(operation))`.
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
    fn the_first_head_is_what_its_definition_says() {
        let mut bytes = b"twinchain/head/2".to_vec();
        bytes.extend([9; 32]);
        bytes.extend(258u64.to_le_bytes());
        bytes.extend(7u16.to_le_bytes());
        assert_eq!(initial_head(&[9; 32].into(), 258, 7), blake2_256(&bytes).into());
    }

    #[test]
    fn what_differs_in_time_author_or_epoch_has_another_head() {
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
    fn leaving_out_swapping_or_altering_shows() {
        let (a, b, c) = (set(1, 1), set(2, 2), set(3, 3));
        let whole = head(&[a.clone(), b.clone(), c.clone()]);
        assert_eq!(whole, head(&[a.clone(), b.clone(), c.clone()]));
        assert_ne!(whole, head(&[a.clone(), c.clone()]));
        assert_ne!(whole, head(&[b.clone(), a.clone(), c.clone()]));
        assert_ne!(whole, head(&[a, set(2, 9), c]));
    }
}
