// SPDX-License-Identifier: Apache-2.0

//! Limits the room for ordinary transactions to nine tenths of each of the pool's queues. The last
//! tenth is for officials.
//!
//! A queue of the SDK that exceeds its limit drops the oldest transactions of the lowest priority,
//! so a newcomer evicts those that have waited longest. The limits apply to each queue separately:
//! `ready` and `future`, in transactions and in bytes. Here, transactions that are being submitted
//! count too. A ready transaction may move all that wait for it to the ready queue: the future
//! queue has a tenth of the ready queue's room, and that much is kept free in the ready queue. So
//! an ordinary newcomer never evicts an older transaction.

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

/// Divisor: 1/N of the places of each queue is reserved for officials.
const RESERVED_PART: usize = 10;

/// Maximum number of transactions that are being submitted (not in the pool yet) at the same time.
/// Two threads validate them, so more would not be faster.
const MAX_ON_THEIR_WAY: usize = 64;

/// Divisor: transactions that are being submitted can take 1/N of the places of the future queue,
/// so that a small pool does not appear full.
const ON_THEIR_WAY_PART: usize = 4;

/// Divisor: 1/N of the places for ordinary transactions belongs to the organisations' shares. The
/// others are for any organisation.
const SHARED_PART: usize = 2;

/// Maximum age of the ready queue's tags.
const MAX_AGE_OF_TAGS: Duration = Duration::from_secs(1);

/// Minimum age of the tags before they are read again, as a multiple of the time that reading
/// takes.
const AGE_OF_READING: u32 = 10;

/// The transactions for which the pool has room.
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
    /// Returns `true` if a transaction is admitted. Calls `is_ready` only if it decides.
    pub fn admits(self, valid: &ValidTransaction, is_ready: impl FnOnce() -> bool) -> bool {
        match self {
            Self::All => true,
            Self::Ready => valid.priority >= OFFICIAL_PRIORITY || is_ready(),
            Self::Officials => valid.priority >= OFFICIAL_PRIORITY,
        }
    }
}

/// The number and the bytes of transactions that are being submitted.
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
    /// Computes the room from the limits of the whole pool.
    pub fn new(ready: &PoolLimit, future: &PoolLimit) -> Self {
        let ordinary = |all: usize| all.saturating_sub(all.div_ceil(RESERVED_PART));
        let ordinary = |limit: &PoolLimit| PoolLimit {
            count: ordinary(limit.count),
            total_bytes: ordinary(limit.total_bytes),
        };
        Self { ready: ordinary(ready), future: ordinary(future), on_their_way: Mutex::default() }
    }

    /// Returns the maximum number of transactions that are being submitted at the same time.
    pub fn max_on_their_way(&self) -> usize {
        (self.future.count / ON_THEIR_WAY_PART).clamp(1, MAX_ON_THEIR_WAY)
    }

    /// Returns the number of permits, of [`Self::max_on_their_way`], that a transaction of this
    /// length takes. Without this, long transactions would fill the room before they are checked.
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

    /// Returns the room that any organisation can take.
    fn free(&self) -> PoolLimit {
        let part = |all: usize| all.saturating_sub(all / SHARED_PART);
        PoolLimit { count: part(self.ready.count), total_bytes: part(self.ready.total_bytes) }
    }

    /// Returns `true` if more than the free room is taken in a pool with this status.
    fn is_crowded(&self, status: &PoolStatus, on_their_way: OnTheirWay) -> bool {
        let sum = |parts: [usize; 3]| parts.into_iter().fold(0, usize::saturating_add);
        self.free().is_exceeded(
            sum([status.ready, status.future, on_their_way.count]),
            sum([status.ready_bytes, status.future_bytes, on_their_way.bytes]),
        )
    }

    /// Returns the transactions for which a pool with this status has room.
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

    /// Claims room for a transaction of this length, and returns the transactions for which the
    /// pool then has room. Keep the claim until the transaction is in the pool, or refused.
    pub fn claim(
        self: &Arc<Self>,
        bytes: usize,
        status: impl FnOnce() -> PoolStatus,
    ) -> (Claim, Space) {
        let mut on_their_way = lock(&self.on_their_way);
        on_their_way.count = on_their_way.count.saturating_add(1);
        on_their_way.bytes = on_their_way.bytes.saturating_add(bytes);
        // Read with the lock held, so that a transaction that arrives meanwhile is counted twice
        // rather than not at all.
        let status = status();
        let space = self.space(&status, *on_their_way);
        let crowded = self.is_crowded(&status, *on_their_way);
        (Claim { room: self.clone(), bytes, crowded }, space)
    }
}

/// The room claimed for a transaction that is being submitted.
pub struct Claim {
    room: Arc<Room>,
    bytes: usize,
    /// Whether organisations are limited to their shares.
    pub crowded: bool,
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut on_their_way = lock(&self.room.on_their_way);
        on_their_way.count = on_their_way.count.saturating_sub(1);
        on_their_way.bytes = on_their_way.bytes.saturating_sub(self.bytes);
    }
}

/// The tags that the ready queue provides. The pool returns them only with a copy of the queue. So
/// they are read again only if one is missing or they are old, and for at most a tenth of the time.
#[derive(Default)]
pub struct ReadyTags {
    tags: HashSet<TransactionTag>,
    /// The time when they were read, and the duration of reading.
    read: Option<(Instant, Duration)>,
}

impl ReadyTags {
    /// Returns `true` if all `required` tags are provided, so that a transaction that requires them
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

    /// Adds the tags of a transaction that is admitted as ready.
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

    /// Returns the transactions for which there is room, after a newcomer of ten bytes.
    fn space(ready: usize, ready_bytes: usize, future: usize, future_bytes: usize) -> Space {
        room().claim(10, || status(ready, ready_bytes, future, future_bytes)).1
    }

    fn valid(priority: u64) -> ValidTransaction {
        ValidTransaction { priority, ..Default::default() }
    }

    #[test]
    fn ready_queue_is_full_for_ordinary_transactions_at_nine_tenths() {
        assert_eq!(space(0, 0, 0, 0), Space::All);
        assert_eq!(space(899, 0, 0, 0), Space::All);
        assert_eq!(space(900, 0, 0, 0), Space::Officials);
        assert_eq!(space(0, 8_990, 0, 0), Space::All);
        assert_eq!(space(0, 8_991, 0, 0), Space::Officials);
    }

    #[test]
    fn future_queue_is_full_for_ordinary_transactions_at_nine_tenths() {
        assert_eq!(space(0, 0, 89, 0), Space::All);
        assert_eq!(space(0, 0, 90, 0), Space::Ready);
        assert_eq!(space(0, 0, 0, 890), Space::All);
        assert_eq!(space(0, 0, 0, 891), Space::Ready);
        assert_eq!(space(900, 0, 90, 0), Space::Officials);
    }

    #[test]
    fn ready_queue_has_room_for_the_future_queue() {
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
    fn transactions_on_their_way_take_room() {
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
    fn pool_is_crowded_when_half_of_the_room_is_taken() {
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
    fn shares_and_free_room_fit_into_the_room() {
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
    fn small_pool_admits_few_at_a_time() {
        let limit = |count| PoolLimit { count, total_bytes: count };
        let most = |count| Room::new(&limit(count), &limit(count / 10)).max_on_their_way();
        assert_eq!([0, 9, 100, 1_000, 32_768].map(most), [1, 1, 2, 22, MAX_ON_THEIR_WAY]);
    }

    #[test]
    fn long_transactions_take_more_permits() {
        let room = room();
        assert_eq!(room.max_on_their_way(), 22);
        // A permit covers 10 bytes.
        assert_eq!(
            [0, 10, 19, 20, 219, 220, 1_000_000].map(|it| room.permits(it)),
            [1, 1, 1, 2, 21, 22, 22]
        );
        // Together they take a quarter of the future queue, unless a single one takes more.
        assert!(22 * 10 <= room.future.total_bytes / ON_THEIR_WAY_PART);
    }

    #[test]
    fn officials_are_always_admitted() {
        for space in [Space::All, Space::Ready, Space::Officials] {
            assert!(space.admits(&valid(OFFICIAL_PRIORITY), || false));
        }
    }

    #[test]
    fn ordinary_transactions_are_admitted_where_there_is_room() {
        for priority in [0, OFFICIAL_PRIORITY - 1] {
            assert!(Space::All.admits(&valid(priority), || false));
            assert!(Space::Ready.admits(&valid(priority), || true));
            assert!(!Space::Ready.admits(&valid(priority), || false));
            assert!(!Space::Officials.admits(&valid(priority), || true));
        }
    }

    /// A clock that only advances on request, and a count of readings.
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

        /// Requires a tag of a queue that provides the given tags.
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
    fn transaction_without_requirements_is_ready() {
        let read = || panic!("no tag is required");
        assert!(ReadyTags::default().provide(&[], Instant::now, read));
    }

    #[test]
    fn transaction_is_ready_if_the_ready_queue_provides_its_tags() {
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
    fn missing_tags_are_read_for_at_most_a_tenth_of_the_time() {
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
    fn old_tags_are_read_again() {
        let (mut tags, reading) = (ReadyTags::default(), Reading::new(Duration::ZERO));
        assert!(reading.ask(&mut tags, 1, &[1]));
        reading.wait(MAX_AGE_OF_TAGS - Duration::from_millis(1));
        assert!(reading.ask(&mut tags, 1, &[]));
        reading.wait(Duration::from_millis(1));
        assert!(!reading.ask(&mut tags, 1, &[]));
    }

    #[test]
    fn admitted_transaction_provides_its_tags() {
        let takes = Duration::from_millis(10);
        let (mut tags, reading) = (ReadyTags::default(), Reading::new(takes));
        assert!(reading.ask(&mut tags, 1, &[1]));
        tags.add(&[vec![2]]);
        assert!(reading.ask(&mut tags, 2, &[1]));
        assert_eq!(reading.readings.get(), 1);
    }
}
