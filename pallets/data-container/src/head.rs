// SPDX-License-Identifier: Apache-2.0

//! The hash chain over a data set's changes. Whoever holds every [`Operation`] of a data set
//! recomputes its head; a change that was left out, altered, moved or taken from another data set
//! gives another head.
//!
//! ```
//! use pallet_data_container::head::{first, next, Operation};
//! use pallet_data_container::Authority;
//!
//! let genesis = [7; 32].into();
//! let set = Operation::Set {
//!     revision: 1,
//!     author: 42u64,
//!     authority: Authority::Owner,
//!     block: 9u32,
//!     payload_hash: [1; 32].into(),
//! };
//! let head = next(&first(&genesis, 5, 0), &set);
//! assert_ne!(head, next(&first(&genesis, 5, 1), &set));
//! ```

use crate::types::Authority;
use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;
use sp_core::H256;
use sp_io::hashing::blake2_256;
use twinchain_primitives::{ContainerId, DataSetId};

/// What a head starts with, so that no other hash of the chain can be taken for one.
const LABEL: &[u8; 16] = b"twinchain/head/1";

/// One change of a data set, as its head and its event hold it: the revision that it made, who
/// did it, by what right, and in which block. Hashes are blake2_256.
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
        /// The hash of the value's bytes.
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
        /// The batch's number.
        batch: u32,
        /// The hash of the items' SCALE encoding as `Vec<Vec<u8>>`.
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
    },
}

/// The head of a data set that was never changed: `blake2_256("twinchain/head/1" ++ genesis hash ++
/// container ++ data set id)`, numbers in little endian.
pub fn first(genesis: &H256, container: ContainerId, data_set: DataSetId) -> H256 {
    blake2_256(&(LABEL, genesis, container, data_set).encode()).into()
}

/// The head after one more change: `blake2_256(head ++ SCALE(operation))`.
pub fn next<A: Encode, N: Encode>(head: &H256, operation: &Operation<A, N>) -> H256 {
    blake2_256(&(head, operation).encode()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(revision: u32, hash: u8) -> Operation<u64, u32> {
        let authority = Authority::Role(3);
        Operation::Set { revision, author: 1, authority, block: 2, payload_hash: [hash; 32].into() }
    }

    fn head(operations: &[Operation<u64, u32>]) -> H256 {
        operations.iter().fold(first(&[0; 32].into(), 1, 2), |head, change| next(&head, change))
    }

    #[test]
    fn the_first_head_is_what_its_definition_says() {
        let mut bytes = b"twinchain/head/1".to_vec();
        bytes.extend([9; 32]);
        bytes.extend(258u64.to_le_bytes());
        bytes.extend(7u16.to_le_bytes());
        assert_eq!(first(&[9; 32].into(), 258, 7), blake2_256(&bytes).into());
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
