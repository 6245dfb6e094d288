// SPDX-License-Identifier: Apache-2.0

//! The history of a twin or a container: a hash chain of its events.

use crate::Moment;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::H256;
use sp_io::hashing::blake2_256;

/// The revision, author, block and time of one change, as every event of a history contains them.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct Stamp<AccountId, BlockNumber> {
    /// The revision after the change. The first one is 1.
    pub revision: u64,
    /// The account whose call made the change.
    pub author: AccountId,
    /// The block of the change.
    pub block: BlockNumber,
    /// The time of that block, in Unix milliseconds.
    pub time: Moment,
}

/// The current state of a history.
///
/// ```
/// use twinchain_primitives::History;
///
/// let mut history = History::new(b"twinchain/twin/1", &[7; 32].into(), 5, 9u32);
/// let first = history.head;
/// let event = history.record("Alice", 10, 1_700_000_000_000, |stamp| (stamp, "what happened"));
/// assert_eq!((event.0.revision, event.0.block), (1, 10));
/// assert!(history.head != first && history.revision == 1 && history.changed == 10);
/// ```
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
pub struct History<BlockNumber> {
    /// The number of changes.
    pub revision: u64,
    /// The head of the hash chain of all changes.
    pub head: H256,
    /// The block of the last change.
    pub changed: BlockNumber,
}

impl<BlockNumber> History<BlockNumber> {
    /// Returns a history without changes. Its head is `blake2_256(label ++ genesis hash ++ id)`,
    /// with the id in little endian.
    pub fn new(label: &[u8; 16], genesis: &H256, id: u64, block: BlockNumber) -> Self {
        let head = blake2_256(&(label, genesis, id).encode()).into();
        Self { revision: 0, head, changed: block }
    }

    /// Adds a change and returns its event. The new head is
    /// `blake2_256(previous head ++ SCALE(event))`.
    ///
    /// `event` receives the stamp and must include it in the event. Revisions cannot run out: at a
    /// million changes per second they last for 580,000 years.
    pub fn record<AccountId, E: Encode>(
        &mut self,
        author: AccountId,
        block: BlockNumber,
        time: Moment,
        event: impl FnOnce(Stamp<AccountId, BlockNumber>) -> E,
    ) -> E
    where
        BlockNumber: Clone,
    {
        let revision = self.revision.saturating_add(1);
        let event = event(Stamp { revision, author, block: block.clone(), time });
        let head = blake2_256(&(self.head, &event).encode()).into();
        *self = Self { revision, head, changed: block };
        event
    }
}

/// Returns the blake2_256 hash of data that an event refers to but does not contain.
pub fn blake2_256_of(bytes: &[u8]) -> H256 {
    blake2_256(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_matches_its_definition() {
        let mut bytes = b"twinchain/twin/1".to_vec();
        bytes.extend([9; 32]);
        bytes.extend(258u64.to_le_bytes());
        let mut history = History::new(b"twinchain/twin/1", &[9; 32].into(), 258, 1u32);
        assert_eq!(history.head, blake2_256(&bytes).into());
        let mut bytes = history.head.0.to_vec();
        bytes.extend([1, 2, 3]);
        history.record(5u8, 4, 6, |stamp| {
            assert_eq!(stamp, Stamp { revision: 1, author: 5, block: 4, time: 6 });
            [1u8, 2, 3]
        });
        assert_eq!(history.head, blake2_256(&bytes).into());
        assert_eq!((history.revision, history.changed), (1, 4));
    }
}
