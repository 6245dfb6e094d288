// SPDX-License-Identifier: Apache-2.0

//! How much of the pool each organisation holds, so that none of them takes the room of others.
//!
//! Half of the room for ordinary transactions is for those that come first. The other half is
//! divided by the number of organisations: what each of them holds beyond such a share is from the
//! first half. So whatever some of them send, there is room for the share of each. While the pool
//! is less than half full, nobody is counted.

use super::membership::Membership;
use log::debug;
use pallet_consortium::OrganisationId;
use sc_transaction_pool::PoolLimit;
use std::{
    collections::{hash_map::Entry, HashMap, HashSet},
    time::{Duration, Instant},
};
use twinchain_runtime::{AccountId, Hash};

const LOG_TARGET: &str = "txpool";

/// How long a count is taken for true. What is let in meanwhile is added to it.
const MAX_AGE: Duration = Duration::from_secs(1);

/// How much longer than counting a count is kept, at least.
const AGE_OF_COUNTING: u32 = 10;

/// How long it is remembered whose member an account is.
const MAX_AGE_OF_MEMBERS: Duration = Duration::from_secs(60);

/// A transaction in the pool: its signer, and its length in bytes.
pub type Held = (AccountId, usize);

/// How the room for ordinary transactions is divided.
#[derive(Clone, Debug)]
pub struct Division {
    /// What is for those that come first.
    pub free: PoolLimit,
    /// What is for each organisation, besides.
    pub share: PoolLimit,
}

/// What an organisation has in the pool.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Holding {
    count: usize,
    bytes: usize,
}

impl Holding {
    const fn fits(self, limit: &PoolLimit) -> bool {
        self.count <= limit.count && self.bytes <= limit.total_bytes
    }

    /// Returns what is held beyond a limit.
    const fn beyond(self, limit: &PoolLimit) -> Self {
        self.without(Self { count: limit.count, bytes: limit.total_bytes })
    }

    const fn of(bytes: usize) -> Self {
        Self { count: 1, bytes }
    }

    const fn without(self, other: Self) -> Self {
        Self {
            count: self.count.saturating_sub(other.count),
            bytes: self.bytes.saturating_sub(other.bytes),
        }
    }

    const fn and(self, other: Self) -> Self {
        Self {
            count: self.count.saturating_add(other.count),
            bytes: self.bytes.saturating_add(other.bytes),
        }
    }
}

/// When something was read, and how long that took.
type Reading = (Instant, Duration);

/// A transaction that was let in. It is on its way until the pool has answered.
#[derive(Clone, Copy, Debug)]
pub struct OnItsWay {
    organisation: Option<OrganisationId>,
    bytes: usize,
}

/// What organisations hold.
#[derive(Default)]
pub struct Shares {
    held: HashMap<Option<OrganisationId>, Holding>,
    /// What is on its way. Its signatures were not checked, so it may be anyone's.
    on_its_way: HashMap<Option<OrganisationId>, Holding>,
    organisations: usize,
    counted: Option<Reading>,
    members: HashMap<AccountId, Option<OrganisationId>>,
    members_since: Option<Instant>,
}

impl Shares {
    /// Lets a transaction of this signer and length in, or not.
    ///
    /// `held` lists what the pool holds, and `divide` divides the room by the number of
    /// organisations.
    ///
    /// # Errors
    /// If the runtime does not answer.
    pub fn admit(
        &mut self,
        (signer, bytes): Held,
        at: Hash,
        membership: &dyn Membership,
        clock: impl Fn() -> Instant,
        held: impl FnOnce() -> Vec<Held>,
        divide: impl FnOnce(usize) -> Division,
    ) -> Result<Option<OnItsWay>, String> {
        self.count_if_old(at, membership, clock, held)?;
        let organisation = self.organisation(at, &signer, membership)?;
        let Division { free, share } = divide(self.organisations);
        let all = self.held.keys().chain(self.on_its_way.keys()).collect::<HashSet<_>>();
        let others = all.into_iter().filter(|other| **other != organisation);
        let after = self.holding(organisation).and(Holding::of(bytes));
        let beyond = others
            .map(|other| self.holding(*other).beyond(&share))
            .fold(after.beyond(&share), Holding::and);
        if after.fits(&share) || beyond.fits(&free) {
            let on_its_way = self.on_its_way.entry(organisation).or_default();
            *on_its_way = on_its_way.and(Holding::of(bytes));
            return Ok(Some(OnItsWay { organisation, bytes }));
        }
        debug!(target: LOG_TARGET, "Organisation {organisation:?} holds its share of the pool");
        Ok(None)
    }

    /// Notes that the pool has answered, and whether it took the transaction.
    pub fn answered(&mut self, OnItsWay { organisation, bytes }: OnItsWay, taken: bool) {
        if let Entry::Occupied(mut on_its_way) = self.on_its_way.entry(organisation) {
            let left = on_its_way.get().without(Holding::of(bytes));
            if left.count == 0 {
                on_its_way.remove();
            } else {
                on_its_way.insert(left);
            }
        }
        if taken {
            let held = self.held.entry(organisation).or_default();
            *held = held.and(Holding::of(bytes));
        }
    }

    /// Returns what an organisation has in the pool, and on its way.
    fn holding(&self, organisation: Option<OrganisationId>) -> Holding {
        let of = |holdings: &HashMap<_, Holding>| {
            holdings.get(&organisation).copied().unwrap_or_default()
        };
        of(&self.held).and(of(&self.on_its_way))
    }

    fn count_if_old(
        &mut self,
        at: Hash,
        membership: &dyn Membership,
        clock: impl Fn() -> Instant,
        held: impl FnOnce() -> Vec<Held>,
    ) -> Result<(), String> {
        let begin = clock();
        let is_old = self.counted.is_none_or(|(counted, took)| {
            let age = begin.saturating_duration_since(counted);
            age >= MAX_AGE.max(took.saturating_mul(AGE_OF_COUNTING))
        });
        if !is_old {
            return Ok(());
        }
        let forget = self
            .members_since
            .is_none_or(|since| begin.saturating_duration_since(since) >= MAX_AGE_OF_MEMBERS);
        if forget {
            self.members.clear();
            self.members_since = Some(begin);
        }
        self.organisations = membership.organisations(at)?;
        self.held.clear();
        for (signer, bytes) in held() {
            let organisation = self.organisation(at, &signer, membership)?;
            let holding = self.held.entry(organisation).or_default();
            *holding = holding.and(Holding::of(bytes));
        }
        let end = clock();
        self.counted = Some((end, end.saturating_duration_since(begin)));
        Ok(())
    }

    fn organisation(
        &mut self,
        at: Hash,
        account: &AccountId,
        membership: &dyn Membership,
    ) -> Result<Option<OrganisationId>, String> {
        if let Some(known) = self.members.get(account) {
            return Ok(*known);
        }
        let organisation = membership.organisation(at, account)?;
        // Others could fill the memory with accounts that they make up.
        if organisation.is_some() {
            self.members.insert(account.clone(), organisation);
        }
        Ok(organisation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::testing::account;
    use std::cell::{Cell, RefCell};
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// [`account`]s are members, of four organisations.
    #[derive(Default)]
    struct Members {
        asked: AtomicUsize,
        silent: bool,
    }

    impl Membership for Members {
        fn organisation(
            &self,
            _: Hash,
            account: &AccountId,
        ) -> Result<Option<OrganisationId>, String> {
            self.asked.fetch_add(1, Ordering::Relaxed);
            let bytes: &[u8] = account.as_ref();
            Ok((bytes[0] != 0).then(|| bytes[0].into()))
        }

        fn organisations(&self, _: Hash) -> Result<usize, String> {
            if self.silent {
                return Err("no such function".into());
            }
            Ok(4)
        }
    }

    /// A pool of 100 places and 10,000 bytes, and a clock that stands still.
    struct Pool {
        shares: RefCell<Shares>,
        members: Members,
        held: RefCell<Vec<Held>>,
        now: Cell<Instant>,
        counted: Cell<usize>,
        takes: Duration,
    }

    impl Pool {
        fn new(held: Vec<Held>) -> Self {
            Self {
                shares: RefCell::default(),
                members: Members::default(),
                held: RefCell::new(held),
                now: Cell::new(Instant::now()),
                counted: Cell::new(0),
                takes: Duration::ZERO,
            }
        }

        fn wait(&self, time: Duration) {
            self.now.set(self.now.get() + time);
        }

        fn submit(
            &self,
            organisation: u8,
            member: u8,
            bytes: usize,
        ) -> Result<Option<OnItsWay>, String> {
            let held = || {
                self.counted.set(self.counted.get() + 1);
                self.wait(self.takes);
                self.held.borrow().clone()
            };
            let free = PoolLimit { count: 50, total_bytes: 5_000 };
            let divide = |organisations| Division {
                share: PoolLimit { count: 50 / organisations, total_bytes: 5_000 / organisations },
                free,
            };
            let transaction = (account(organisation, member), bytes);
            let clock = || self.now.get();
            let mut shares = self.shares.borrow_mut();
            shares.admit(transaction, Hash::zero(), &self.members, clock, held, divide)
        }

        fn admits(&self, organisation: u8, member: u8, bytes: usize) -> bool {
            let admitted = self.submit(organisation, member, bytes).unwrap();
            if let Some(on_its_way) = admitted {
                self.shares.borrow_mut().answered(on_its_way, true);
            }
            admitted.is_some()
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
        assert!(!pool.admits(0, 99, 10));
        assert!(pool.shares.borrow().members.keys().all(|it| AsRef::<[u8]>::as_ref(it)[0] == 1));
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
    fn counting_takes_a_tenth_of_the_time_at_most() {
        let mut pool = Pool::new(held(1, 62, 10));
        pool.takes = Duration::from_millis(500);
        assert!(!pool.admits(1, 0, 10));
        pool.wait(Duration::from_millis(4_999));
        assert!(!pool.admits(1, 0, 10));
        assert_eq!(pool.counted.get(), 1);
        pool.wait(Duration::from_millis(1));
        assert!(!pool.admits(1, 0, 10));
        assert_eq!(pool.counted.get(), 2);
    }

    #[test]
    fn members_are_remembered_for_a_minute() {
        let pool = Pool::new(held(1, 62, 10));
        let asked = || pool.members.asked.load(Ordering::Relaxed);
        assert!(!pool.admits(1, 0, 10));
        assert_eq!(asked(), 62);
        pool.wait(MAX_AGE);
        assert!(!pool.admits(1, 0, 10));
        assert_eq!(asked(), 62);
        pool.wait(MAX_AGE_OF_MEMBERS);
        assert!(!pool.admits(1, 0, 10));
        assert_eq!(asked(), 124);
    }

    #[test]
    fn what_is_on_its_way_counts_until_the_pool_refuses_it() {
        let pool = Pool::new(held(1, 62, 10));
        // Signed by anyone, in the name of a member.
        let forged: Vec<_> = (0..12).map(|_| pool.submit(2, 0, 10).unwrap().unwrap()).collect();
        assert!(pool.submit(2, 0, 10).unwrap().is_none());
        for on_its_way in forged {
            pool.shares.borrow_mut().answered(on_its_way, false);
        }
        assert!(pool.shares.borrow().on_its_way.is_empty());
        assert!((0..12).all(|member| pool.admits(2, member, 10)));
        assert!(!pool.admits(2, 0, 10));
    }

    #[test]
    fn a_runtime_that_does_not_answer_is_an_error() {
        let mut pool = Pool::new(vec![]);
        pool.members.silent = true;
        pool.submit(1, 0, 10).unwrap_err();
    }
}
