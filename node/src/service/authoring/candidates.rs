// SPDX-License-Identifier: Apache-2.0

//! The transactions that a block author tries for one block, in the pool's order.
//!
//! The SDK's proposer takes one, executes it, and either reports it as invalid or takes the next.
//! From that this module knows which one is being executed, and which ones failed.

use super::{
    organisations::{Organisations, Parent},
    signer::signer,
    watchdog::Watched,
};
use crate::service::held_signers::HeldSigners;
use sc_transaction_pool_api::{InPoolTransaction, ReadyTransactions};
use std::sync::Arc;
use twinchain_runtime::{opaque::UncheckedExtrinsic, AccountId, Hash};

/// The ready transactions of the pool.
pub type Ready<T> = Box<dyn ReadyTransactions<Item = Arc<T>> + Send>;

/// The transactions that a block author tries for one block.
pub struct Candidates<T, P> {
    ready: Ready<T>,
    held: Arc<HeldSigners>,
    organisations: Organisations<P>,
    watched: Watched,
    /// The signer of the transaction that is being executed.
    executing: Option<AccountId>,
}

impl<T, P: Parent> Candidates<T, P> {
    /// Begins a block on top of `parent`, with the transactions that are `ready` in the pool.
    pub fn new(ready: Ready<T>, held: Arc<HeldSigners>, parent: P, watched: Watched) -> Self {
        let organisations = Organisations::new(parent);
        Self { ready, held, organisations, watched, executing: None }
    }
}

impl<T, P> Iterator for Candidates<T, P>
where
    T: InPoolTransaction<Transaction = Arc<UncheckedExtrinsic>, Hash = Hash>,
    P: Parent,
{
    type Item = Arc<T>;

    fn next(&mut self) -> Option<Self::Item> {
        self.watched.end();
        // The last transaction was not reported as invalid, so it is in the block.
        if let Some(signer) = self.executing.take() {
            self.organisations.included(signer);
        }
        loop {
            let transaction = self.ready.next()?;
            let signer = signer(transaction.data());
            let left_out = signer.as_ref().is_some_and(|signer| {
                self.organisations.leave_out(signer, *transaction.priority())
            });
            if left_out || self.held.contains(signer.as_ref(), transaction.hash()) {
                // Transactions that depend on it cannot be executed either.
                self.ready.report_invalid(&transaction);
                continue;
            }
            self.watched.begin(*transaction.hash(), signer.clone());
            self.executing = signer;
            return Some(transaction);
        }
    }
}

impl<T, P> ReadyTransactions for Candidates<T, P>
where
    T: InPoolTransaction<Transaction = Arc<UncheckedExtrinsic>, Hash = Hash>,
    P: Parent,
{
    fn report_invalid(&mut self, transaction: &Self::Item) {
        self.watched.end();
        self.executing = None;
        if let Some(signer) = signer(transaction.data()) {
            let (priority, extrinsic) = (*transaction.priority(), transaction.data().clone());
            self.organisations.failed(&signer, priority, extrinsic);
        }
        self.ready.report_invalid(transaction);
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            organisations::{CLEAR_FAILURES, DOUBTFUL_FAILURES},
            watchdog::Watch,
        },
        *,
    };
    use crate::service::{
        held_signers::Held,
        testing::{account, bare, transaction, FakeParent, FakeReady, FakeTransaction},
    };
    use pallet_consortium::extension::OFFICIAL_PRIORITY;

    type Block = Candidates<FakeTransaction, FakeParent>;

    fn begin(pool: Vec<FakeTransaction>, held: HeldSigners, watch: &Arc<Watch>) -> Block {
        let ready = Box::new(FakeReady::new(pool));
        Candidates::new(ready, Arc::new(held), FakeParent::default(), Watched::new(watch))
    }

    /// Acts like the SDK's proposer. Returns the number of tried transactions and the included
    /// ones.
    fn propose(
        mut block: Block,
        succeeds: impl Fn(&FakeTransaction) -> bool,
    ) -> (usize, Vec<Arc<FakeTransaction>>) {
        let (mut tried, mut included) = (0, Vec::new());
        while let Some(transaction) = block.next() {
            tried += 1;
            match succeeds(&transaction) {
                true => included.push(transaction),
                false => block.report_invalid(&transaction),
            }
        }
        (tried, included)
    }

    /// Returns a pool with `each` transactions of each of 200 members of these organisations, in
    /// turns.
    fn backlog(organisations: &[u8], each: u8) -> Vec<FakeTransaction> {
        let mut all = Vec::new();
        for nonce in 0..each {
            for member in 0..200 {
                all.extend(organisations.iter().map(|it| transaction(*it, member, nonce)));
            }
        }
        all
    }

    fn hold(signer: Option<AccountId>, hash: Hash) -> HeldSigners {
        HeldSigners::new("".into(), vec![Held { signer, hash, time: 0 }])
    }

    #[test]
    fn ordinary_block_gets_all_in_the_order_of_the_pool() {
        let pool = backlog(&[1, 2], 3);
        let hashes: Vec<Hash> = pool.iter().map(|it| it.hash).collect();
        let block = begin(pool, HeldSigners::default(), &Arc::default());
        let (tried, included) = propose(block, |_| true);
        assert_eq!(tried, hashes.len());
        assert!(included.iter().map(|it| it.hash).eq(hashes));
    }

    #[test]
    fn failed_attempts_are_bounded_for_any_backlog() {
        for each in [1, 5, 20] {
            let block = begin(backlog(&[1, 2, 3], each), HeldSigners::default(), &Arc::default());
            let (tried, included) = propose(block, |_| false);
            assert!(included.is_empty());
            assert_eq!(tried, 3 * CLEAR_FAILURES);
        }
    }

    #[test]
    fn failed_attempts_are_bounded_when_all_signers_are_in_the_block() {
        let block = begin(backlog(&[1, 2, 3], 5), HeldSigners::default(), &Arc::default());
        let (tried, included) = propose(block, |it| it.nonce == 0);
        assert_eq!(included.len(), 3 * 200);
        assert!(tried - included.len() <= 3 * (CLEAR_FAILURES + DOUBTFUL_FAILURES));
    }

    #[test]
    fn backlog_beyond_a_quota_does_not_affect_other_organisations() {
        let mut pool = backlog(&[1], 5);
        pool.extend(backlog(&[2], 5));
        let block = begin(pool, HeldSigners::default(), &Arc::default());
        let (tried, included) = propose(block, |it| it.organisation == 2);
        assert_eq!(included.len(), 5 * 200);
        assert_eq!(tried, included.len() + CLEAR_FAILURES);
    }

    #[test]
    fn member_beyond_its_quota_does_not_affect_colleagues() {
        let block = begin(backlog(&[1], 5), HeldSigners::default(), &Arc::default());
        let (tried, included) = propose(block, |it| it.member != 7 || it.nonce == 0);
        assert_eq!(included.len(), 199 * 5 + 1);
        assert_eq!(tried, included.len() + 1);
    }

    #[test]
    fn votes_are_included_after_the_quota_is_used_up() {
        let mut pool = backlog(&[1], 1);
        pool.push(FakeTransaction { priority: OFFICIAL_PRIORITY, ..transaction(1, 255, 0) });
        let block = begin(pool, HeldSigners::default(), &Arc::default());
        let (_, included) = propose(block, |it| it.priority == OFFICIAL_PRIORITY);
        assert_eq!(included.len(), 1);
    }

    #[test]
    fn only_transactions_of_a_held_signer_are_left_out() {
        let held = hold(Some(account(1, 7)), Hash::zero());
        let block = begin(backlog(&[1, 2], 3), held, &Arc::default());
        let (tried, included) = propose(block, |_| true);
        assert_eq!(tried, included.len());
        assert_eq!(included.len(), (400 - 1) * 3);
        assert!(included.iter().all(|it| (it.organisation, it.member) != (1, 7)));
    }

    #[test]
    fn bare_extrinsic_is_held_by_its_hash() {
        let pool = vec![bare(1), bare(2), transaction(1, 1, 0)];
        let block = begin(pool, hold(None, bare(1).hash), &Arc::default());
        let (_, included) = propose(block, |_| true);
        let hashes: Vec<Hash> = included.iter().map(|it| it.hash).collect();
        assert_eq!(hashes, [bare(2).hash, transaction(1, 1, 0).hash]);
    }

    #[test]
    fn failed_bare_extrinsics_exclude_no_others() {
        let pool = (0..100).map(bare).chain(backlog(&[1], 1)).collect();
        let block = begin(pool, HeldSigners::default(), &Arc::default());
        let (tried, included) = propose(block, |it| it.organisation == 1);
        assert_eq!((tried, included.len()), (300, 200));
    }

    #[test]
    fn extrinsic_is_watched_until_it_ends() {
        let watch = Arc::<Watch>::default();
        let mut block = begin(backlog(&[1], 2), HeldSigners::default(), &watch);
        assert_eq!(watch.executing(), []);
        let first = block.next().unwrap();
        assert_eq!(watch.executing(), [first.hash]);
        block.report_invalid(&first);
        assert_eq!(watch.executing(), []);
        block.next().unwrap();
        let third = block.next().unwrap();
        assert_eq!(watch.executing(), [third.hash]);
        drop(block);
        assert_eq!(watch.executing(), []);
    }
}
