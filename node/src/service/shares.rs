// SPDX-License-Identifier: Apache-2.0

//! Counts the pool's room that each organisation holds, so that none takes the room of others.
//!
//! Half of the room for ordinary transactions is for any organisation. The other half is divided by
//! the number of organisations into equal shares: an organisation's transactions beyond its share
//! use the first half. So each organisation finds room for its share, regardless of the others.
//! While the pool is less than half full, nothing is counted.
//!
//! The pool is counted once a second. Transactions accepted since then, and those that are being
//! submitted, are added, whether or not the pool was crowded when they arrived.

use super::membership::Membership;
use pallet_consortium::OrganisationId;
use sc_transaction_pool::PoolLimit;
use std::{
    collections::{hash_map::Entry, HashMap, HashSet},
    hash::Hash as Key,
    time::{Duration, Instant},
};
use twinchain_runtime::{AccountId, Hash};

/// Maximum age of a count, if counting is fast.
const MAX_AGE: Duration = Duration::from_secs(1);

/// Minimum age of a count, as a multiple of the time that counting takes, so that counting takes at
/// most a tenth of the time.
const AGE_OF_COUNTING: u32 = 10;

/// Maximum age of a count, however long counting took.
const MAX_AGE_OF_ALL: Duration = Duration::from_secs(5);

/// A transaction: its signer, and its length in bytes.
pub type Held = (AccountId, usize);

/// The division of the room for ordinary transactions.
#[derive(Clone, Debug)]
pub struct Division {
    /// The room that any organisation can take.
    pub free: PoolLimit,
    /// The additional room of each organisation.
    pub share: PoolLimit,
}

/// The transactions of an account or an organisation in the pool: their number and bytes.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Holding {
    count: usize,
    bytes: usize,
}

impl Holding {
    const fn of(bytes: usize) -> Self {
        Self { count: 1, bytes }
    }

    const fn and(self, other: Self) -> Self {
        Self {
            count: self.count.saturating_add(other.count),
            bytes: self.bytes.saturating_add(other.bytes),
        }
    }

    const fn without(self, other: Self) -> Self {
        Self {
            count: self.count.saturating_sub(other.count),
            bytes: self.bytes.saturating_sub(other.bytes),
        }
    }

    const fn fits(self, limit: &PoolLimit) -> bool {
        self.count <= limit.count && self.bytes <= limit.total_bytes
    }

    /// Returns the part of the holding beyond a limit.
    const fn beyond(self, limit: &PoolLimit) -> Self {
        self.without(Self { count: limit.count, bytes: limit.total_bytes })
    }
}

/// The holdings by account or organisation.
#[derive(Clone, Debug)]
struct Holdings<K>(HashMap<K, Holding>);

impl<K> Default for Holdings<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Key> Holdings<K> {
    fn add(&mut self, who: K, holding: Holding) {
        let known = self.0.entry(who).or_default();
        *known = known.and(holding);
    }

    fn remove(&mut self, who: K, holding: Holding) {
        if let Entry::Occupied(mut known) = self.0.entry(who) {
            let left = known.get().without(holding);
            if left.count == 0 {
                known.remove();
            } else {
                known.insert(left);
            }
        }
    }
}

/// A count of the pool.
#[derive(Debug)]
pub struct Count {
    held: Holdings<Option<OrganisationId>>,
    organisations: usize,
    /// The time when it was finished, and the duration of counting.
    counted: (Instant, Duration),
}

impl Count {
    /// Counts the transactions in the pool by organisation.
    ///
    /// If the runtime API fails.
    pub fn new(
        at: Hash,
        membership: &dyn Membership,
        clock: impl Fn() -> Instant,
        held: impl FnOnce() -> Vec<Held>,
    ) -> Result<Self, String> {
        let begin = clock();
        let mut count = Holdings::default();
        // Grouped by signer, because many transactions have few signers.
        let mut signers = Holdings::default();
        for (signer, bytes) in held() {
            signers.add(signer, Holding::of(bytes));
        }
        for (signer, holding) in signers.0 {
            count.add(membership.organisation(at, &signer)?, holding);
        }
        let organisations = membership.organisations(at)?;
        let end = clock();
        let took = end.saturating_duration_since(begin);
        Ok(Self { held: count, organisations, counted: (end, took) })
    }

    fn is_old(&self, now: Instant) -> bool {
        let (counted, took) = self.counted;
        let kept = MAX_AGE.max(took.saturating_mul(AGE_OF_COUNTING)).min(MAX_AGE_OF_ALL);
        now.saturating_duration_since(counted) >= kept
    }
}

/// The known holdings in the pool. No function here calls the runtime, so a lock is held for
/// moments only.
#[derive(Default)]
pub struct Shares {
    count: Option<Count>,
    /// The transactions that the pool accepted since the count began.
    since: Holdings<AccountId>,
    /// The same for a count that is in progress.
    meanwhile: Option<Holdings<AccountId>>,
    /// The transactions that are being submitted. Their signatures may not be verified yet, so
    /// anyone may have sent them.
    on_their_way: Holdings<AccountId>,
}

impl Shares {
    /// Records that a transaction is being submitted. A call of [`Self::answered`] must follow.
    pub fn enter(&mut self, (signer, bytes): &Held) {
        self.on_their_way.add(signer.clone(), Holding::of(*bytes));
    }

    /// Records that the pool has responded, and whether it accepted the transaction.
    pub fn answered(&mut self, (signer, bytes): &Held, taken: bool, now: Instant) {
        self.on_their_way.remove(signer.clone(), Holding::of(*bytes));
        if !taken {
            return;
        }
        if let Some(meanwhile) = &mut self.meanwhile {
            meanwhile.add(signer.clone(), Holding::of(*bytes));
        }
        // An old count is replaced before the next decision, so nothing needs to be added to it.
        match &self.count {
            Some(count) if !count.is_old(now) => {
                self.since.add(signer.clone(), Holding::of(*bytes))
            },
            _ => self.since = Holdings::default(),
        }
    }

    /// Returns `true` if the pool must be counted before the next decision.
    pub fn is_due(&self, now: Instant) -> bool {
        self.count.as_ref().is_none_or(|count| count.is_old(now))
    }

    /// Records that a count begins. Call this before reading the pool.
    pub fn begin_count(&mut self) {
        self.meanwhile = Some(Holdings::default());
    }

    /// Stores the result of the count that [`Self::begin_count`] began.
    pub fn end_count(&mut self, count: Option<Count>) {
        self.since = self.meanwhile.take().unwrap_or_default();
        self.count = count;
    }

    /// Returns the signers whose organisations [`Self::admits`] needs in addition to the count.
    pub fn signers(&self) -> Vec<AccountId> {
        let all = self.since.0.keys().chain(self.on_their_way.0.keys());
        all.collect::<HashSet<_>>().into_iter().cloned().collect()
    }

    /// Returns `true` if a transaction of this organisation, which is being submitted, takes no
    /// room of other organisations. `members` are the organisations of [`Self::signers`]; signers
    /// that are missing are considered next time. Accepted transactions of `members` move into the
    /// count, so that no signer is looked up again.
    pub fn admits(
        &mut self,
        organisation: Option<OrganisationId>,
        members: &HashMap<AccountId, Option<OrganisationId>>,
        divide: impl FnOnce(usize) -> Division,
    ) -> bool {
        let Some(count) = &mut self.count else { return true };
        for (signer, of) in members {
            if let Some(holding) = self.since.0.remove(signer) {
                count.held.add(*of, holding);
            }
        }
        let mut held = count.held.clone();
        for (signer, holding) in &self.on_their_way.0 {
            if let Some(of) = members.get(signer) {
                held.add(*of, *holding);
            }
        }
        let Division { free, share } = divide(count.organisations);
        let own = held.0.get(&organisation).copied().unwrap_or_default();
        let all = held.0.values().map(|held| held.beyond(&share));
        own.fits(&share) || all.fold(Holding::default(), Holding::and).fits(&free)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::testing::{account, FakeMembers};
    use std::cell::{Cell, RefCell};

    /// A pool of 100 places and 10,000 bytes, and a clock that only advances on request.
    struct Pool {
        shares: RefCell<Shares>,
        members: FakeMembers,
        held: RefCell<Vec<Held>>,
        now: Cell<Instant>,
        counted: Cell<usize>,
        takes: Duration,
    }

    impl Pool {
        fn new(held: Vec<Held>) -> Self {
            Self {
                shares: RefCell::default(),
                members: FakeMembers::default(),
                held: RefCell::new(held),
                now: Cell::new(Instant::now()),
                counted: Cell::new(0),
                takes: Duration::ZERO,
            }
        }

        fn wait(&self, time: Duration) {
            self.now.set(self.now.get() + time);
        }

        fn count(&self) {
            self.shares.borrow_mut().begin_count();
            let held = || {
                self.counted.set(self.counted.get() + 1);
                self.wait(self.takes);
                self.held.borrow().clone()
            };
            let count = Count::new(Hash::zero(), &self.members, || self.now.get(), held).unwrap();
            self.shares.borrow_mut().end_count(Some(count));
        }

        /// Enters a transaction, and decides as in a crowded pool.
        fn enter(&self, organisation: u8, member: u8, bytes: usize) -> bool {
            self.shares.borrow_mut().enter(&(account(organisation, member), bytes));
            if self.shares.borrow().is_due(self.now.get()) {
                self.count();
            }
            let free = PoolLimit { count: 50, total_bytes: 5_000 };
            let divide = |organisations| Division {
                share: PoolLimit { count: 50 / organisations, total_bytes: 5_000 / organisations },
                free,
            };
            let mut shares = self.shares.borrow_mut();
            let of = |account: AccountId| {
                let organisation = self.members.organisation(Hash::zero(), &account).unwrap();
                (account, organisation)
            };
            let members = shares.signers().into_iter().map(of).collect();
            let own = (organisation != 0).then(|| organisation.into());
            shares.admits(own, &members, divide)
        }

        fn leave(&self, organisation: u8, member: u8, bytes: usize, taken: bool) {
            let transaction = (account(organisation, member), bytes);
            self.shares.borrow_mut().answered(&transaction, taken, self.now.get());
            if taken {
                self.held.borrow_mut().push(transaction);
            }
        }

        fn admits(&self, organisation: u8, member: u8, bytes: usize) -> bool {
            let admitted = self.enter(organisation, member, bytes);
            self.leave(organisation, member, bytes, admitted);
            admitted
        }
    }

    fn held(organisation: u8, count: u8, bytes: usize) -> Vec<Held> {
        (0..count).map(|member| (account(organisation, member), bytes)).collect()
    }

    #[test]
    fn organisation_that_takes_the_free_room_leaves_other_shares() {
        // A share is 12 transactions, and 50 are free.
        let pool = Pool::new([held(1, 61, 10), held(2, 11, 10)].concat());
        assert!(pool.admits(1, 0, 10));
        assert!(!pool.admits(1, 0, 10));
        assert!(!pool.admits(1, 200, 10), "another member");
        assert!(pool.admits(2, 0, 10));
        assert!(!pool.admits(2, 1, 10), "the admitted one counts");
        assert!((0..12).all(|member| pool.admits(3, member, 10)));
        assert!(!pool.admits(3, 12, 10));
    }

    #[test]
    fn free_room_is_for_all_organisations() {
        let pool = Pool::new([held(1, 32, 10), held(2, 32, 10)].concat());
        for organisation in 1..=4 {
            assert!(pool.admits(organisation, 0, 10));
        }
        assert!((0..8).all(|member| pool.admits(1, member, 10)));
        assert!(!pool.admits(1, 0, 10));
        assert!(!pool.admits(2, 0, 10));
        assert!(pool.admits(3, 0, 10));
    }

    #[test]
    fn bytes_count_too() {
        // A share is 1,250 bytes, and 5,000 are free.
        let pool = Pool::new(held(1, 6, 1_000));
        assert!(!pool.admits(1, 0, 251));
        assert!(pool.admits(1, 0, 250));
        assert!(!pool.admits(2, 0, 1_251));
        assert!(pool.admits(2, 0, 1_250));
        assert!(!pool.admits(2, 0, 1));
        assert!(pool.admits(3, 0, 1_250));
    }

    #[test]
    fn non_members_have_one_common_share() {
        let pool = Pool::new([held(1, 62, 10), held(0, 11, 10)].concat());
        assert!(pool.admits(0, 99, 10));
        assert!(!pool.admits(0, 98, 10));
    }

    #[test]
    fn pool_is_counted_again_after_a_second() {
        let pool = Pool::new(held(1, 62, 10));
        assert!(!pool.admits(1, 0, 10));
        pool.held.borrow_mut().clear();
        pool.wait(MAX_AGE - Duration::from_millis(1));
        assert!(!pool.admits(1, 0, 10));
        pool.wait(Duration::from_millis(1));
        assert!(pool.admits(1, 0, 10));
        assert_eq!(pool.counted.get(), 2);
    }

    #[test]
    fn slow_counts_are_kept_longer_up_to_a_limit() {
        for (takes, kept) in [(300, 3_000), (2_000, 5_000)] {
            let mut pool = Pool::new(held(1, 62, 10));
            pool.takes = Duration::from_millis(takes);
            assert!(!pool.admits(1, 0, 10));
            pool.wait(Duration::from_millis(kept - 1));
            assert!(!pool.admits(1, 0, 10));
            assert_eq!(pool.counted.get(), 1);
            pool.wait(Duration::from_millis(1));
            assert!(!pool.admits(1, 0, 10));
            assert_eq!(pool.counted.get(), 2);
        }
    }

    #[test]
    fn transactions_from_before_the_pool_was_crowded_count() {
        let pool = Pool::new(vec![]);
        pool.count();
        // No decision is made for these.
        for member in 0..62 {
            pool.shares.borrow_mut().enter(&(account(1, member), 10));
            pool.leave(1, member, 10, true);
        }
        assert!(!pool.admits(1, 99, 10));
        assert!(pool.admits(2, 0, 10));
        assert_eq!(pool.counted.get(), 1);
    }

    #[test]
    fn transactions_on_their_way_count_until_refused() {
        let pool = Pool::new(held(1, 62, 10));
        // Sent by anyone, in the name of members.
        assert!((0..12).all(|member| pool.enter(2, member, 10)));
        assert!(!pool.admits(2, 12, 10));
        (0..12).for_each(|member| pool.leave(2, member, 10, false));
        assert!(pool.shares.borrow().on_their_way.0.is_empty());
        assert!((0..12).all(|member| pool.admits(2, member, 10)));
        assert!(!pool.admits(2, 0, 10));
    }

    #[test]
    fn transactions_accepted_during_a_count_are_not_lost() {
        let pool = Pool::new(held(1, 61, 10));
        pool.shares.borrow_mut().enter(&(account(1, 61), 10));
        pool.shares.borrow_mut().begin_count();
        let read = pool.held.borrow().clone();
        pool.leave(1, 61, 10, true);
        let count = Count::new(Hash::zero(), &pool.members, || pool.now.get(), || read).unwrap();
        pool.shares.borrow_mut().end_count(Some(count));
        assert!(!pool.admits(1, 62, 10));
    }

    #[test]
    fn old_count_is_not_added_to() {
        let pool = Pool::new(vec![]);
        pool.count();
        pool.wait(MAX_AGE);
        pool.shares.borrow_mut().enter(&(account(1, 0), 10));
        pool.leave(1, 0, 10, true);
        assert!(pool.shares.borrow().signers().is_empty());
    }

    #[test]
    fn all_are_admitted_without_a_count() {
        let none = HashMap::new();
        assert!(Shares::default().admits(Some(1), &none, |_| panic!("no count to divide")));
        Count::new(Hash::zero(), &FakeMembers::silent(), Instant::now, Vec::new).unwrap_err();
    }
}
