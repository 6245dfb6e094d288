// SPDX-License-Identifier: Apache-2.0

//! How much of the pool each organisation holds, so that none of them takes the room of others.
//!
//! Half of the room for ordinary transactions is for those that come first. The other half is
//! divided by the number of organisations: what each of them holds beyond such a share is from the
//! first half. So each finds room for its share, regardless of what others send. While the pool is
//! less than half full, none is counted.
//!
//! The pool is counted once a second. What came in since then is added, and what is on its way,
//! whether or not the pool was crowded when it came.

use super::membership::Membership;
use pallet_consortium::OrganisationId;
use sc_transaction_pool::PoolLimit;
use std::{
    collections::{hash_map::Entry, HashMap, HashSet},
    hash::Hash as Key,
    time::{Duration, Instant},
};
use twinchain_runtime::{AccountId, Hash};

/// How long a count is taken for true.
const MAX_AGE: Duration = Duration::from_secs(1);

/// How much longer than counting a count is kept, so that counting takes a tenth of the time.
const AGE_OF_COUNTING: u32 = 10;

/// How long a count is kept at most, however long it took.
const MAX_AGE_OF_ALL: Duration = Duration::from_secs(5);

/// A transaction: its signer, and its length in bytes.
pub type Held = (AccountId, usize);

/// How the room for ordinary transactions is divided.
#[derive(Clone, Debug)]
pub struct Division {
    /// What is for those that come first.
    pub free: PoolLimit,
    /// What is for each organisation, besides.
    pub share: PoolLimit,
}

/// What an account or an organisation has in the pool.
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

    /// Returns what is held beyond a limit.
    const fn beyond(self, limit: &PoolLimit) -> Self {
        self.without(Self { count: limit.count, bytes: limit.total_bytes })
    }
}

/// What each holds.
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
    /// When it was finished, and how long it took.
    counted: (Instant, Duration),
}

impl Count {
    /// Counts what the pool holds.
    ///
    /// # Errors
    /// If the runtime does not answer.
    pub fn new(
        at: Hash,
        membership: &dyn Membership,
        clock: impl Fn() -> Instant,
        held: impl FnOnce() -> Vec<Held>,
    ) -> Result<Self, String> {
        let begin = clock();
        let mut count = Holdings::default();
        // Many are of few signers.
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

/// What is known of who holds what. Nothing in here asks anyone, so that a lock is held for moments
/// only.
#[derive(Default)]
pub struct Shares {
    count: Option<Count>,
    /// What the pool took since the count began.
    since: Holdings<AccountId>,
    /// The same since the count began that is being made.
    meanwhile: Option<Holdings<AccountId>>,
    /// What is on its way. Its signatures were not checked, so it may be anyone's.
    on_their_way: Holdings<AccountId>,
}

impl Shares {
    /// Notes that a transaction is on its way. [`Self::answered`] has to follow.
    pub fn enter(&mut self, (signer, bytes): &Held) {
        self.on_their_way.add(signer.clone(), Holding::of(*bytes));
    }

    /// Notes that the pool has answered, and whether it took the transaction.
    pub fn answered(&mut self, (signer, bytes): &Held, taken: bool, now: Instant) {
        self.on_their_way.remove(signer.clone(), Holding::of(*bytes));
        if !taken {
            return;
        }
        if let Some(meanwhile) = &mut self.meanwhile {
            meanwhile.add(signer.clone(), Holding::of(*bytes));
        }
        // Before the next judgement an old one is made anew.
        match &self.count {
            Some(count) if !count.is_old(now) => {
                self.since.add(signer.clone(), Holding::of(*bytes))
            },
            _ => self.since = Holdings::default(),
        }
    }

    /// Returns whether the pool has to be counted before anyone is judged.
    pub fn is_due(&self, now: Instant) -> bool {
        self.count.as_ref().is_none_or(|count| count.is_old(now))
    }

    /// Notes that a count begins: before the pool is read.
    pub fn begin_count(&mut self) {
        self.meanwhile = Some(Holdings::default());
    }

    /// Takes a count, which ends what [`Self::begin_count`] began.
    pub fn end_count(&mut self, count: Option<Count>) {
        self.since = self.meanwhile.take().unwrap_or_default();
        self.count = count;
    }

    /// Returns the signers about whom [`Self::admits`] has to know more than the count says.
    pub fn signers(&self) -> Vec<AccountId> {
        let all = self.since.0.keys().chain(self.on_their_way.0.keys());
        all.collect::<HashSet<_>>().into_iter().cloned().collect()
    }

    /// Returns whether a transaction of this organisation, which is on its way, takes the room of
    /// no other one. `members` are those of [`Self::signers`]; others are looked at next time. What
    /// the pool took of them goes into the count, so that no signer is asked for again.
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

    /// A pool of 100 places and 10,000 bytes, and a clock that stands still.
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

        /// Enters, and is judged as in a crowded pool.
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
    fn an_organisation_that_takes_all_that_is_free_leaves_the_shares_of_others() {
        // A share is 12, and 50 are free.
        let pool = Pool::new([held(1, 61, 10), held(2, 11, 10)].concat());
        assert!(pool.admits(1, 0, 10));
        assert!(!pool.admits(1, 0, 10));
        assert!(!pool.admits(1, 200, 10), "another member");
        assert!(pool.admits(2, 0, 10));
        assert!(!pool.admits(2, 1, 10), "the one that was let in counts");
        assert!((0..12).all(|member| pool.admits(3, member, 10)));
        assert!(!pool.admits(3, 12, 10));
    }

    #[test]
    fn what_is_free_is_for_all() {
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
    fn bytes_count_as_well() {
        // A share is 1,250, and 5,000 are free.
        let pool = Pool::new(held(1, 6, 1_000));
        assert!(!pool.admits(1, 0, 251));
        assert!(pool.admits(1, 0, 250));
        assert!(!pool.admits(2, 0, 1_251));
        assert!(pool.admits(2, 0, 1_250));
        assert!(!pool.admits(2, 0, 1));
        assert!(pool.admits(3, 0, 1_250));
    }

    #[test]
    fn those_that_are_not_members_share_one_share() {
        let pool = Pool::new([held(1, 62, 10), held(0, 11, 10)].concat());
        assert!(pool.admits(0, 99, 10));
        assert!(!pool.admits(0, 98, 10));
    }

    #[test]
    fn the_pool_is_counted_again_after_a_second() {
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
    fn counting_takes_a_tenth_of_the_time_but_a_count_is_never_very_old() {
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
    fn what_came_while_the_pool_was_not_crowded_counts_as_well() {
        let pool = Pool::new(vec![]);
        pool.count();
        // None of these is judged.
        for member in 0..62 {
            pool.shares.borrow_mut().enter(&(account(1, member), 10));
            pool.leave(1, member, 10, true);
        }
        assert!(!pool.admits(1, 99, 10));
        assert!(pool.admits(2, 0, 10));
        assert_eq!(pool.counted.get(), 1);
    }

    #[test]
    fn what_is_on_its_way_counts_until_the_pool_refuses_it() {
        let pool = Pool::new(held(1, 62, 10));
        // Signed by anyone, in the name of members.
        assert!((0..12).all(|member| pool.enter(2, member, 10)));
        assert!(!pool.admits(2, 12, 10));
        (0..12).for_each(|member| pool.leave(2, member, 10, false));
        assert!(pool.shares.borrow().on_their_way.0.is_empty());
        assert!((0..12).all(|member| pool.admits(2, member, 10)));
        assert!(!pool.admits(2, 0, 10));
    }

    #[test]
    fn what_the_pool_takes_during_a_count_is_not_lost() {
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
    fn nothing_is_kept_of_what_the_pool_took_before_a_count_that_is_old() {
        let pool = Pool::new(vec![]);
        pool.count();
        pool.wait(MAX_AGE);
        pool.shares.borrow_mut().enter(&(account(1, 0), 10));
        pool.leave(1, 0, 10, true);
        assert!(pool.shares.borrow().signers().is_empty());
    }

    #[test]
    fn without_a_count_all_are_let_in() {
        let none = HashMap::new();
        assert!(Shares::default().admits(Some(1), &none, |_| panic!("there is nothing to divide")));
        Count::new(Hash::zero(), &FakeMembers::silent(), Instant::now, Vec::new).unwrap_err();
    }
}
