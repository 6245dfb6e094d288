// SPDX-License-Identifier: Apache-2.0

//! How much room the pool has for ordinary transactions: nine tenths of each queue. The last tenth
//! is for officials.
//!
//! A queue of the SDK that exceeds its limit drops the oldest of the lowest priority, so that the
//! newcomer pushes out what has waited longest. Each queue is compared by itself: `ready` and
//! `future`, in transactions and in bytes. Here what is on its way into the pool counts too, and a
//! transaction that is ready may bring all that waits for it: the future queue has a tenth of the
//! room of the ready one, which is what is kept free there. So an ordinary newcomer never pushes
//! out an older one.

use super::{lock, shares::Division};
use pallet_consortium::extension::OFFICIAL_PRIORITY;
use sc_transaction_pool::PoolLimit;
use sc_transaction_pool_api::PoolStatus;
use sp_runtime::transaction_validity::{TransactionTag, ValidTransaction};
use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// One in this number of places is kept for officials, in each queue.
const RESERVED_PART: usize = 10;

/// Most transactions that are on their way into the pool at the same time. Two threads validate
/// them, so that more would not be faster.
const MAX_ON_THEIR_WAY: usize = 64;

/// The part of the future queue that may be on its way, so that a small pool is not taken for full.
const ON_THEIR_WAY_PART: usize = 4;

/// One in this number of places for ordinary transactions is for an organisation of its own. The
/// others are for those that come first.
const SHARED_PART: usize = 2;

/// How long the tags of the ready queue are taken for true.
const MAX_AGE_OF_TAGS: Duration = Duration::from_secs(1);

/// How much longer than reading them the tags are kept, at least.
const AGE_OF_READING: u32 = 10;

/// What there is room for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Space {
    /// All transactions.
    All,
    /// Officials' transactions, and ordinary ones that are ready.
    Ready,
    /// Officials' transactions.
    Officials,
}

impl Space {
    /// Returns whether a transaction is let in. `is_ready` is asked if that decides.
    pub fn admits(self, valid: &ValidTransaction, is_ready: impl FnOnce() -> bool) -> bool {
        match self {
            Self::All => true,
            Self::Ready => valid.priority >= OFFICIAL_PRIORITY || is_ready(),
            Self::Officials => valid.priority >= OFFICIAL_PRIORITY,
        }
    }
}

/// What is on its way into the pool.
#[derive(Clone, Copy, Debug, Default)]
struct OnTheirWay {
    count: usize,
    bytes: usize,
}

/// The room for ordinary transactions.
pub struct Room {
    ready: PoolLimit,
    future: PoolLimit,
    on_their_way: Mutex<OnTheirWay>,
}

impl Room {
    /// Takes the limits of the whole pool.
    pub fn new(ready: &PoolLimit, future: &PoolLimit) -> Self {
        let ordinary = |all: usize| all.saturating_sub(all.div_ceil(RESERVED_PART));
        let ordinary = |limit: &PoolLimit| PoolLimit {
            count: ordinary(limit.count),
            total_bytes: ordinary(limit.total_bytes),
        };
        Self { ready: ordinary(ready), future: ordinary(future), on_their_way: Mutex::default() }
    }

    /// Returns how many transactions may be on their way at the same time.
    pub fn max_on_their_way(&self) -> usize {
        (self.future.count / ON_THEIR_WAY_PART).clamp(1, MAX_ON_THEIR_WAY)
    }

    /// Returns how many permits of [`Self::max_on_their_way`] a transaction of this length takes.
    /// Otherwise long ones would fill the room before they are looked at.
    pub fn permits(&self, bytes: usize) -> u32 {
        let most = self.max_on_their_way();
        let each = (self.future.total_bytes / ON_THEIR_WAY_PART / most).max(1);
        u32::try_from((bytes / each).clamp(1, most)).unwrap_or(1)
    }

    /// Divides the room for ordinary transactions by the number of organisations.
    pub fn divide(&self, organisations: usize) -> Division {
        let part = |all: usize| (all / SHARED_PART / organisations.max(1)).max(1);
        let share =
            PoolLimit { count: part(self.ready.count), total_bytes: part(self.ready.total_bytes) };
        Division { free: self.free(), share }
    }

    /// Returns what is for those that come first.
    fn free(&self) -> PoolLimit {
        let part = |all: usize| all.saturating_sub(all / SHARED_PART);
        PoolLimit { count: part(self.ready.count), total_bytes: part(self.ready.total_bytes) }
    }

    /// Returns whether more than what is free is taken in a pool with this status.
    fn is_crowded(&self, status: &PoolStatus, on_their_way: OnTheirWay) -> bool {
        let sum = |parts: [usize; 3]| parts.into_iter().fold(0, usize::saturating_add);
        self.free().is_exceeded(
            sum([status.ready, status.future, on_their_way.count]),
            sum([status.ready_bytes, status.future_bytes, on_their_way.bytes]),
        )
    }

    /// Returns what there is room for in a pool with this status.
    fn space(&self, status: &PoolStatus, on_their_way: OnTheirWay) -> Space {
        let OnTheirWay { count, bytes } = on_their_way;
        let exceeds = |limit: &PoolLimit, there: usize, there_bytes: usize| {
            limit.is_exceeded(there.saturating_add(count), there_bytes.saturating_add(bytes))
        };
        if exceeds(&self.ready, status.ready, status.ready_bytes) {
            Space::Officials
        } else if exceeds(&self.future, status.future, status.future_bytes) {
            Space::Ready
        } else {
            Space::All
        }
    }

    /// Claims room for a transaction of this length, and returns what there is room for with it.
    /// The claim has to be kept until the transaction is in the pool, or refused.
    pub fn claim(
        self: &Arc<Self>,
        bytes: usize,
        status: impl FnOnce() -> PoolStatus,
    ) -> (Claim, Space) {
        let mut on_their_way = lock(&self.on_their_way);
        on_their_way.count = on_their_way.count.saturating_add(1);
        on_their_way.bytes = on_their_way.bytes.saturating_add(bytes);
        // Read with the lock held: a transaction that arrives meanwhile is counted twice, and never
        // not at all.
        let status = status();
        let space = self.space(&status, *on_their_way);
        let crowded = self.is_crowded(&status, *on_their_way);
        (Claim { room: self.clone(), bytes, crowded }, space)
    }
}

/// Room that is claimed for a transaction on its way into the pool.
pub struct Claim {
    room: Arc<Room>,
    bytes: usize,
    /// Whether organisations are let in only as far as their shares go.
    pub crowded: bool,
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut on_their_way = lock(&self.room.on_their_way);
        on_their_way.count = on_their_way.count.saturating_sub(1);
        on_their_way.bytes = on_their_way.bytes.saturating_sub(self.bytes);
    }
}

/// The tags that the ready queue provides. The pool gives them only with a copy of the queue, so
/// they are read again only when one is missing or they are old, and a tenth of the time at most.
#[derive(Default)]
pub struct ReadyTags {
    tags: HashSet<TransactionTag>,
    /// When they were read, and how long that took.
    read: Option<(Instant, Duration)>,
}

impl ReadyTags {
    /// Returns whether all `required` tags are provided, so that a transaction that requires them
    /// is ready.
    pub fn provide(
        &mut self,
        required: &[TransactionTag],
        clock: impl Fn() -> Instant,
        read: impl FnOnce() -> HashSet<TransactionTag>,
    ) -> bool {
        if required.is_empty() {
            return true;
        }
        let all_there = |tags: &HashSet<_>| required.iter().all(|tag| tags.contains(tag));
        let begin = clock();
        let may_read = self.read.is_none_or(|(at, took)| {
            let age = begin.saturating_duration_since(at);
            age >= took.saturating_mul(AGE_OF_READING)
                && (age >= MAX_AGE_OF_TAGS || !all_there(&self.tags))
        });
        if may_read {
            self.tags = read();
            let end = clock();
            self.read = Some((end, end.saturating_duration_since(begin)));
        }
        all_there(&self.tags)
    }

    /// Adds the tags of a transaction that is let in as ready.
    pub fn add(&mut self, provided: &[TransactionTag]) {
        self.tags.extend(provided.iter().cloned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    const READY: PoolLimit = PoolLimit { count: 1_000, total_bytes: 10_000 };
    const FUTURE: PoolLimit = PoolLimit { count: 100, total_bytes: 1_000 };

    fn room() -> Arc<Room> {
        Arc::new(Room::new(&READY, &FUTURE))
    }

    fn status(ready: usize, ready_bytes: usize, future: usize, future_bytes: usize) -> PoolStatus {
        PoolStatus { ready, ready_bytes, future, future_bytes }
    }

    /// What there is room for, for a newcomer of ten bytes.
    fn space(ready: usize, ready_bytes: usize, future: usize, future_bytes: usize) -> Space {
        room().claim(10, || status(ready, ready_bytes, future, future_bytes)).1
    }

    fn valid(priority: u64) -> ValidTransaction {
        ValidTransaction { priority, ..Default::default() }
    }

    #[test]
    fn the_ready_queue_is_full_for_ordinary_transactions_at_nine_tenths() {
        assert_eq!(space(0, 0, 0, 0), Space::All);
        assert_eq!(space(899, 0, 0, 0), Space::All);
        assert_eq!(space(900, 0, 0, 0), Space::Officials);
        assert_eq!(space(0, 8_990, 0, 0), Space::All);
        assert_eq!(space(0, 8_991, 0, 0), Space::Officials);
    }

    #[test]
    fn the_future_queue_is_full_for_ordinary_transactions_at_nine_tenths() {
        assert_eq!(space(0, 0, 89, 0), Space::All);
        assert_eq!(space(0, 0, 90, 0), Space::Ready);
        assert_eq!(space(0, 0, 0, 890), Space::All);
        assert_eq!(space(0, 0, 0, 891), Space::Ready);
        assert_eq!(space(900, 0, 90, 0), Space::Officials);
    }

    #[test]
    fn all_that_waits_finds_room_in_the_ready_queue() {
        for limit in 1..2_000 {
            let ready = PoolLimit { count: limit, total_bytes: limit };
            let future = PoolLimit { count: limit / 10, total_bytes: limit / 10 };
            let room = Room::new(&ready, &future);
            assert!(room.ready.count + future.count <= ready.count);
            assert!(room.ready.total_bytes + future.total_bytes <= ready.total_bytes);
            assert!(room.ready.count < ready.count);
            assert!(room.future.count < future.count || future.count == 0);
        }
    }

    #[test]
    fn what_is_on_its_way_takes_room_until_it_has_arrived() {
        let room = room();
        let empty = || status(0, 0, 0, 0);
        let claims: Vec<_> = (0..90).map(|_| room.claim(10, empty)).collect();
        assert!(claims.iter().all(|(_, space)| *space == Space::All));
        assert_eq!(room.claim(10, empty).1, Space::Ready);
        drop(claims);
        assert_eq!(room.claim(900, empty).1, Space::All);
        let (large, _) = room.claim(895, empty);
        assert_eq!(room.claim(10, empty).1, Space::Ready);
        assert_eq!(room.claim(9_000, empty).1, Space::Officials);
        drop(large);
        assert_eq!(room.claim(10, empty).1, Space::All);
    }

    #[test]
    fn a_pool_is_crowded_when_half_of_the_room_is_taken() {
        let crowded = |ready, ready_bytes, future, future_bytes| {
            room().claim(10, || status(ready, ready_bytes, future, future_bytes)).0.crowded
        };
        assert!(!crowded(0, 0, 0, 0));
        assert!(!crowded(400, 0, 49, 0));
        assert!(crowded(400, 0, 50, 0));
        assert!(!crowded(0, 4_000, 0, 490));
        assert!(crowded(0, 4_000, 0, 491));
    }

    #[test]
    fn all_shares_fit_into_the_room_besides_what_is_free() {
        for organisations in 1..=450 {
            let Division { free, share } = room().divide(organisations);
            assert!(free.count + organisations * share.count <= 900);
            assert!(free.total_bytes + organisations * share.total_bytes <= 9_000);
            assert!(share.count > 0);
        }
        assert_eq!(room().divide(0).share.count, 450);
        assert_eq!(room().divide(100_000).share.count, 1, "there is always room for one");
    }

    #[test]
    fn a_small_pool_takes_few_at_a_time() {
        let limit = |count| PoolLimit { count, total_bytes: count };
        let most = |count| Room::new(&limit(count), &limit(count / 10)).max_on_their_way();
        assert_eq!([0, 9, 100, 1_000, 32_768].map(most), [1, 1, 2, 22, MAX_ON_THEIR_WAY]);
    }

    #[test]
    fn long_transactions_take_more_of_what_may_be_on_its_way() {
        let room = room();
        assert_eq!(room.max_on_their_way(), 22);
        // A permit is for 10 bytes.
        assert_eq!(
            [0, 10, 19, 20, 219, 220, 1_000_000].map(|it| room.permits(it)),
            [1, 1, 1, 2, 21, 22, 22]
        );
        // Together they take a quarter of the queue of those that wait, or one takes more.
        assert!(22 * 10 <= room.future.total_bytes / ON_THEIR_WAY_PART);
    }

    #[test]
    fn officials_are_always_let_in() {
        for space in [Space::All, Space::Ready, Space::Officials] {
            assert!(space.admits(&valid(OFFICIAL_PRIORITY), || false));
        }
    }

    #[test]
    fn ordinary_transactions_are_let_in_where_they_belong() {
        for priority in [0, OFFICIAL_PRIORITY - 1] {
            assert!(Space::All.admits(&valid(priority), || false));
            assert!(Space::Ready.admits(&valid(priority), || true));
            assert!(!Space::Ready.admits(&valid(priority), || false));
            assert!(!Space::Officials.admits(&valid(priority), || true));
        }
    }

    /// A clock that stands still unless it is told otherwise, and a count of readings.
    struct Reading {
        now: Cell<Instant>,
        takes: Duration,
        readings: Cell<u32>,
    }

    impl Reading {
        fn new(takes: Duration) -> Self {
            Self { now: Cell::new(Instant::now()), takes, readings: Cell::new(0) }
        }

        fn wait(&self, time: Duration) {
            self.now.set(self.now.get() + time);
        }

        /// Asks for a tag of a queue that provides these.
        fn ask(&self, tags: &mut ReadyTags, required: u8, provided: &[u8]) -> bool {
            let read = || {
                self.readings.set(self.readings.get() + 1);
                self.wait(self.takes);
                provided.iter().map(|tag| vec![*tag]).collect()
            };
            tags.provide(&[vec![required]], || self.now.get(), read)
        }
    }

    #[test]
    fn what_requires_nothing_is_ready() {
        let read = || panic!("there is nothing to look for");
        assert!(ReadyTags::default().provide(&[], Instant::now, read));
    }

    #[test]
    fn what_requires_a_tag_is_ready_if_the_ready_queue_provides_it() {
        let (mut tags, reading) = (ReadyTags::default(), Reading::new(Duration::ZERO));
        assert!(reading.ask(&mut tags, 1, &[1, 2]));
        assert!(!reading.ask(&mut tags, 3, &[1, 2]));
        assert!(reading.ask(&mut tags, 3, &[1, 2, 3]));
        let (both, now) = ([vec![1], vec![4]], Instant::now());
        let mut tags = ReadyTags::default();
        assert!(!tags.provide(&both, || now, || [vec![1]].into()));
        assert!(tags.provide(&both, || now, || both.clone().into()));
    }

    #[test]
    fn tags_are_read_again_if_one_is_missing_but_a_tenth_of_the_time_at_most() {
        let takes = Duration::from_millis(10);
        let (mut tags, reading) = (ReadyTags::default(), Reading::new(takes));
        assert!(!reading.ask(&mut tags, 3, &[1]));
        reading.wait(takes * AGE_OF_READING - Duration::from_millis(1));
        assert!(!reading.ask(&mut tags, 3, &[1, 3]));
        assert!(reading.ask(&mut tags, 1, &[]));
        assert_eq!(reading.readings.get(), 1);
        reading.wait(Duration::from_millis(1));
        assert!(reading.ask(&mut tags, 3, &[1, 3]));
        assert_eq!(reading.readings.get(), 2);
    }

    #[test]
    fn old_tags_are_not_believed() {
        let (mut tags, reading) = (ReadyTags::default(), Reading::new(Duration::ZERO));
        assert!(reading.ask(&mut tags, 1, &[1]));
        reading.wait(MAX_AGE_OF_TAGS - Duration::from_millis(1));
        assert!(reading.ask(&mut tags, 1, &[]));
        reading.wait(Duration::from_millis(1));
        assert!(!reading.ask(&mut tags, 1, &[]));
    }

    #[test]
    fn what_was_let_in_as_ready_provides_its_tags_from_then_on() {
        let takes = Duration::from_millis(10);
        let (mut tags, reading) = (ReadyTags::default(), Reading::new(takes));
        assert!(reading.ask(&mut tags, 1, &[1]));
        tags.add(&[vec![2]]);
        assert!(reading.ask(&mut tags, 2, &[1]));
        assert_eq!(reading.readings.get(), 1);
    }
}
