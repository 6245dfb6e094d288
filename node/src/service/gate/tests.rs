// SPDX-License-Identifier: Apache-2.0

//! Tests of the gate with real pools of the SDK, of both types, on a fake chain.

use super::*;
use crate::service::{
    testing::{account, organisation_of},
    throttled_pool::ThrottledPool,
};
use futures::future::join_all;
use pallet_consortium::{extension::OFFICIAL_PRIORITY, OrganisationId};
use sc_transaction_pool::{BasicPool, ForkAwareTxPool, Options};
use sc_transaction_pool_api::error::IntoPoolError;
use sp_blockchain::TreeRoute;
use sp_runtime::{
    generic::BlockId,
    traits::{BlakeTwo256, Hash as _},
    transaction_validity::{InvalidTransaction, UnknownTransaction, ValidTransaction},
};
use std::sync::atomic::{AtomicUsize, Ordering};
use twinchain_runtime::{opaque::Header, AccountId, Address, BlockNumber};
use TransactionSource::{External, InBlock, Local};

const READY: PoolLimit = PoolLimit { count: 100, total_bytes: 10_000 };
const FUTURE: PoolLimit = PoolLimit { count: 10, total_bytes: 1_000 };
const AT: Hash = Hash::zero();

/// The number of the account whose transactions are invalid, and of the one whose validity is
/// unknown.
const INVALID: u8 = 255;
const UNKNOWN: u8 = 254;

/// Returns a transaction of an organisation's member, with a nonce, the official flag and padding.
fn of_member(
    (organisation, member): (u8, u8),
    nonce: u8,
    official: bool,
    length: u8,
) -> UncheckedExtrinsic {
    let signer = Address::Id(account(organisation, member)).encode();
    let end = [nonce, official.into()];
    UncheckedExtrinsic::from_blob([&[0x84], &signer[..], &end, &vec![0; length.into()]].concat())
}

/// Returns a transaction of an account of organisation 1.
fn transaction(account: u8, nonce: u8, official: bool, length: u8) -> UncheckedExtrinsic {
    of_member((1, account), nonce, official, length)
}

fn ordinary(account: u8, nonce: u8) -> UncheckedExtrinsic {
    transaction(account, nonce, false, 0)
}

fn official(account: u8, nonce: u8) -> UncheckedExtrinsic {
    transaction(account, nonce, true, 0)
}

/// A runtime in which all accounts have the nonce 0. It counts the validations.
#[derive(Default)]
struct Runtime {
    asked: AtomicUsize,
    organisations: AtomicUsize,
}

impl Runtime {
    fn validity(transaction: &UncheckedExtrinsic) -> TransactionValidity {
        let [_, _, organisation, member, rest @ ..] = transaction.inner() else {
            panic!("too short")
        };
        let (account, nonce, official) = ([*organisation, *member], rest[30], rest[31]);
        match account[1] {
            INVALID => return Err(InvalidTransaction::BadProof.into()),
            UNKNOWN => return Err(UnknownTransaction::Custom(7).into()),
            _ => {},
        }
        Ok(ValidTransaction {
            priority: if official == 1 { OFFICIAL_PRIORITY } else { 0 },
            requires: nonce
                .checked_sub(1)
                .map(|before| [&account[..], &[before]].concat())
                .into_iter()
                .collect(),
            provides: vec![[&account[..], &[nonce]].concat()],
            ..ValidTransaction::default()
        })
    }
}

#[async_trait]
impl Validate for Runtime {
    async fn validate(
        &self,
        _: Hash,
        transaction: UncheckedExtrinsic,
    ) -> Result<TransactionValidity, PoolError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Ok(Self::validity(&transaction))
    }
}

impl Membership for Runtime {
    fn organisation(&self, _: Hash, account: &AccountId) -> Result<Option<OrganisationId>, String> {
        Ok(organisation_of(account))
    }

    fn organisations(&self, _: Hash) -> Result<usize, String> {
        match self.organisations.load(Ordering::Relaxed) {
            0 => Err("no such function".into()),
            count => Ok(count),
        }
    }
}

/// A chain that consists of a genesis block.
struct Chain;

#[async_trait]
impl ChainApi for Chain {
    type Block = Block;
    type Error = PoolError;

    async fn validate_transaction(
        &self,
        at: Hash,
        source: TransactionSource,
        transaction: Arc<UncheckedExtrinsic>,
        _: ValidateTransactionPriority,
    ) -> Result<TransactionValidity, PoolError> {
        // Lets other submissions interleave, as in a pool with validation threads.
        tokio::task::yield_now().await;
        self.validate_transaction_blocking(at, source, transaction)
    }

    fn validate_transaction_blocking(
        &self,
        _: Hash,
        _: TransactionSource,
        transaction: Arc<UncheckedExtrinsic>,
    ) -> Result<TransactionValidity, PoolError> {
        Ok(Runtime::validity(&transaction))
    }

    fn block_id_to_number(&self, _: &BlockId<Block>) -> Result<Option<BlockNumber>, PoolError> {
        Ok(Some(0))
    }

    fn block_id_to_hash(&self, _: &BlockId<Block>) -> Result<Option<Hash>, PoolError> {
        Ok(Some(AT))
    }

    fn hash_and_length(&self, transaction: &UncheckedExtrinsic) -> (Hash, usize) {
        transaction.using_encoded(|bytes| (BlakeTwo256::hash(bytes), bytes.len()))
    }

    async fn block_body(&self, _: Hash) -> Result<Option<Vec<UncheckedExtrinsic>>, PoolError> {
        Ok(None)
    }

    fn block_header(&self, _: Hash) -> Result<Option<Header>, PoolError> {
        Ok(None)
    }

    fn tree_route(&self, _: Hash, _: Hash) -> Result<TreeRoute<Block>, PoolError> {
        Err(PoolError::BlockIdConversion("there is one block".into()))
    }
}

/// A pool behind a gate.
struct Guarded<P> {
    pool: Arc<P>,
    gate: Arc<Gate<P>>,
    network: ThrottledPool<P>,
    runtime: Arc<Runtime>,
}

impl<P> Guarded<P>
where
    P: TransactionPool<Block = Block, Hash = Hash, Error = PoolError> + 'static,
{
    fn new(pool: P) -> Self {
        let (pool, runtime) = (Arc::new(pool), Arc::<Runtime>::default());
        let registry = Registry::new();
        let limits = [&READY, &FUTURE];
        let membership = runtime.clone();
        let gate = Gate::new(pool.clone(), runtime.clone(), membership, limits, Some(&registry));
        let gate = Arc::new(gate);
        let network = ThrottledPool::for_network(pool.clone(), gate.clone());
        Self { pool, gate, network, runtime }
    }

    /// Submits all at the same time, and returns the hashes of the accepted ones.
    async fn submit(&self, all: Vec<UncheckedExtrinsic>) -> Vec<Hash> {
        let results = all.into_iter().map(|it| self.network.submit_one(AT, External, it));
        join_all(results).await.into_iter().filter_map(Result::ok).collect()
    }

    async fn refusal(&self, transaction: UncheckedExtrinsic) -> Error {
        let result = self.network.submit_one(AT, External, transaction).await;
        result.unwrap_err().into_pool_error().unwrap()
    }

    /// Fills the ready queue with ordinary transactions.
    async fn fill(&self) -> Vec<Hash> {
        let taken = self.submit((0..200).map(|account| ordinary(account, 0)).collect()).await;
        assert!((85..=90).contains(&taken.len()), "{}", taken.len());
        taken
    }

    fn assert_ready(&self, all: &[Hash]) {
        assert!(all.iter().all(|hash| self.pool.ready_transaction(hash).is_some()));
    }

    fn asked(&self) -> usize {
        self.runtime.asked.load(Ordering::Relaxed)
    }

    fn refused(&self) -> u64 {
        self.gate.refused.as_ref().unwrap().get()
    }
}

fn single_state() -> Guarded<BasicPool<Chain, Block>> {
    let options = Options { ready: READY, future: FUTURE, ..Options::default() };
    Guarded::new(BasicPool::new_test(Arc::new(Chain), AT, AT, options).0)
}

fn fork_aware() -> Guarded<ForkAwareTxPool<Chain, Block>> {
    let most = READY.count + FUTURE.count;
    let (pool, [task, blocking_task]) =
        ForkAwareTxPool::new_test_with_limits(Arc::new(Chain), AT, AT, READY, FUTURE, most, None);
    drop(tokio::spawn(task));
    drop(std::thread::spawn(|| futures::executor::block_on(blocking_task)));
    Guarded::new(pool)
}

/// Makes a test of each function, with each type of pool.
macro_rules! tests {
    ($($name:ident),*) => {
        mod single_state {
            $(#[tokio::test]
            async fn $name() {
                super::$name(super::single_state()).await;
            })*
        }
        mod fork_aware {
            $(#[tokio::test]
            async fn $name() {
                super::$name(super::fork_aware()).await;
            })*
        }
    };
}

tests!(
    runtime_is_not_called_while_there_is_room,
    full_pool_refuses_newcomers_and_drops_nothing,
    officials_enter_a_pool_that_is_full_for_others,
    bytes_fill_a_pool_too,
    waiting_transactions_are_refused_when_the_future_queue_is_full,
    transactions_that_a_newcomer_makes_ready_find_room,
    transactions_of_the_node_and_of_blocks_are_admitted,
    full_pool_reports_invalid_transactions,
    client_gets_an_error_when_there_is_no_room,
    each_transaction_of_a_batch_is_checked,
    organisation_cannot_take_the_room_of_others
);

/// A pool of the SDK.
trait SomePool: TransactionPool<Block = Block, Hash = Hash, Error = PoolError> + 'static {}
impl<P: TransactionPool<Block = Block, Hash = Hash, Error = PoolError> + 'static> SomePool for P {}

async fn runtime_is_not_called_while_there_is_room<P: SomePool>(guarded: Guarded<P>) {
    let chain = (0..80).map(|nonce| ordinary(1, nonce)).collect();
    assert_eq!(guarded.submit(chain).await.len(), 80);
    assert_eq!(guarded.asked(), 0);
    assert_eq!(guarded.refused(), 0);
}

async fn full_pool_refuses_newcomers_and_drops_nothing<P: SomePool>(guarded: Guarded<P>) {
    let taken = guarded.fill().await;
    assert!(guarded.refused() >= 110);
    for account in 200..250 {
        // The error for a known transaction, so that the peer is not blamed.
        let refusal = guarded.refusal(ordinary(account, 0)).await;
        assert!(matches!(refusal, Error::AlreadyImported(_)), "{refusal}");
    }
    assert!(guarded.refused() >= 160);
    guarded.assert_ready(&taken);
}

async fn officials_enter_a_pool_that_is_full_for_others<P: SomePool>(guarded: Guarded<P>) {
    let taken = guarded.fill().await;
    let votes = guarded.submit((200..210).map(|account| official(account, 0)).collect()).await;
    assert_eq!(votes.len(), 10);
    guarded.assert_ready(&votes);
    guarded.assert_ready(&taken);
    // Beyond the limit they evict ordinary ones.
    let votes = guarded.submit((210..230).map(|account| official(account, 0)).collect()).await;
    assert_eq!(votes.len(), 20);
    guarded.assert_ready(&votes);
}

async fn bytes_fill_a_pool_too<P: SomePool>(guarded: Guarded<P>) {
    let large = |account| transaction(account, 0, false, 240);
    let taken = guarded.submit((0..100).map(large).collect()).await;
    assert!((30..=37).contains(&taken.len()), "{}", taken.len());
    assert!(guarded.submit((100..150).map(large).collect()).await.is_empty());
    guarded.assert_ready(&taken);
    assert_eq!(guarded.submit(vec![transaction(150, 0, true, 240)]).await.len(), 1);
    guarded.assert_ready(&taken);
}

async fn waiting_transactions_are_refused_when_the_future_queue_is_full<P: SomePool>(
    guarded: Guarded<P>,
) {
    guarded.submit(vec![ordinary(100, 0)]).await;
    // All of these wait for the nonce 0 of their account.
    let waiting = guarded.submit((0..50).map(|account| ordinary(account, 1)).collect()).await;
    assert!((7..=9).contains(&waiting.len()), "{}", waiting.len());
    guarded.submit((50..100).map(|account| ordinary(account, 1)).collect()).await;
    assert_eq!(guarded.pool.futures().len(), waiting.len());
    let still: Vec<Hash> = guarded.pool.futures().iter().map(|it| *it.hash()).collect();
    assert!(waiting.iter().all(|hash| still.contains(hash)));

    // Ready transactions are admitted, also those that depend on one that was just admitted.
    let ready = vec![ordinary(101, 0), ordinary(100, 1), ordinary(100, 2)];
    assert_eq!(guarded.submit(ready).await.len(), 3);
    assert_eq!(guarded.pool.status().ready, 4);
    // An official may wait.
    assert_eq!(guarded.submit(vec![official(102, 1)]).await.len(), 1);
    assert_eq!(guarded.pool.futures().len(), waiting.len() + 1);
}

async fn transactions_that_a_newcomer_makes_ready_find_room<P: SomePool>(guarded: Guarded<P>) {
    let waiting = (1..9).map(|nonce| ordinary(250, nonce)).collect();
    let waiting = guarded.submit(waiting).await;
    assert_eq!(waiting.len(), 8);
    let taken = guarded.submit((0..80).map(|account| ordinary(account, 0)).collect()).await;
    assert_eq!(taken.len(), 80);
    let taken = [taken, guarded.submit(vec![ordinary(250, 0)]).await].concat();
    guarded.assert_ready(&waiting);
    guarded.submit((80..200).map(|account| ordinary(account, 0)).collect()).await;
    guarded.assert_ready(&waiting);
    guarded.assert_ready(&taken);
}

async fn transactions_of_the_node_and_of_blocks_are_admitted<P: SomePool>(guarded: Guarded<P>) {
    guarded.fill().await;
    for (account, source) in [(200, Local), (201, InBlock)] {
        let asked = guarded.asked();
        let hash = guarded.network.submit_one(AT, source, ordinary(account, 0)).await.unwrap();
        guarded.assert_ready(&[hash]);
        assert_eq!(guarded.asked(), asked);
    }
}

async fn full_pool_reports_invalid_transactions<P: SomePool>(guarded: Guarded<P>) {
    let taken = guarded.fill().await;
    let refused = guarded.refused();
    let refusal = guarded.refusal(ordinary(INVALID, 0)).await;
    assert!(matches!(refusal, Error::InvalidTransaction(InvalidTransaction::BadProof)));
    let refusal = guarded.refusal(ordinary(UNKNOWN, 0)).await;
    assert!(matches!(refusal, Error::UnknownTransaction(UnknownTransaction::Custom(7))));
    let asked = guarded.asked();
    assert!(taken.contains(&guarded.pool.hash_of(&ordinary(0, 0))));
    assert!(matches!(guarded.refusal(ordinary(0, 0)).await, Error::AlreadyImported(_)));
    assert_eq!(guarded.asked(), asked);
    assert_eq!(guarded.refused(), refused);
}

async fn client_gets_an_error_when_there_is_no_room<P: SomePool>(guarded: Guarded<P>) {
    guarded.fill().await;
    let clients = ThrottledPool::for_clients(guarded.pool.clone(), guarded.gate.clone());
    let one = clients.submit_one(AT, External, ordinary(200, 0)).await.map(|_| ());
    let watched = clients.submit_and_watch(AT, External, ordinary(200, 0)).await.map(|_| ());
    for result in [one, watched] {
        let refusal = result.unwrap_err().into_pool_error().unwrap();
        assert!(matches!(refusal, Error::ImmediatelyDropped), "{refusal}");
    }
    assert!(clients.submit_and_watch(AT, External, official(200, 0)).await.is_ok());
}

async fn each_transaction_of_a_batch_is_checked<P: SomePool>(guarded: Guarded<P>) {
    guarded.fill().await;
    let all = vec![ordinary(200, 0), official(201, 0), ordinary(INVALID, 0)];
    let results = guarded.network.submit_at(AT, External, all).await.unwrap();
    assert_eq!(results.iter().map(Result::is_ok).collect::<Vec<_>>(), [false, true, false]);
}

async fn organisation_cannot_take_the_room_of_others<P: SomePool>(guarded: Guarded<P>) {
    // Of 90 places, half are for any organisation, and each of the three organisations has 15 in
    // addition.
    guarded.runtime.organisations.store(3, Ordering::Relaxed);
    let of = |organisation: u8, members: u8| {
        (0..members).map(|member| of_member((organisation, member), 0, false, 0)).collect()
    };
    let first = guarded.submit(of(1, 200)).await;
    assert!((56..=60).contains(&first.len()), "{}", first.len());
    let others = [guarded.submit(of(2, 50)).await, guarded.submit(of(3, 50)).await];
    for taken in &others {
        assert!((13..=15).contains(&taken.len()), "{}", taken.len());
    }
    assert!(guarded.submit(of(1, 200)).await.is_empty());
    guarded.assert_ready(&[&first[..], &others.concat()].concat());
    // Officials of the organisation are still admitted.
    assert_eq!(guarded.submit(vec![of_member((1, 201), 0, true, 0)]).await.len(), 1);
    let refusal = guarded.refusal(of_member((1, 202), 0, false, 0)).await;
    assert!(matches!(refusal, Error::AlreadyImported(_)), "{refusal}");
}
