// SPDX-License-Identifier: Apache-2.0

//! How an author fills its block: for a good half of its slot, and without throwing away what others sent.

use async_trait::async_trait;
use futures::{future::MapOk, TryFutureExt};
use sc_transaction_pool_api::{
    ImportNotificationStream, PoolStatus, ReadyTransactions, TransactionFor, TransactionPool,
    TransactionSource, TransactionStatusStreamFor, TxHash, TxInvalidityReportMap,
};
use sp_consensus::{Environment, ProposeArgs, Proposer};
use sp_runtime::transaction_validity::{InvalidTransaction, TransactionValidityError};
use std::{collections::HashMap, pin::Pin, sync::Arc, time::Duration};
use twinchain_runtime::{
    opaque::{Block, Header},
    Hash,
};

/// How much of a slot may pass until the block is ready, or else is given up.
pub const READY: f32 = 0.85;

/// How much of a slot an author takes for executing transactions. Then it computes the state's new
/// root, which takes longer the more has changed, and before the slot ends the others have to get the
/// block and execute it as well, for the next one of them builds upon it.
const FILLING: f32 = 0.55;

/// The part of the time for proposing that filling takes. The SDK's proposer stops after nine tenths
/// of what it is given.
const FILLING_OF_READY: f32 = FILLING / READY / 0.9;

/// So many times longer than the SDK's proposer would an author waits until the pool knows the parent
/// block, at most: half of its time for filling. It would otherwise begin with what is in that block already.
const PATIENCE: u32 = 4;

/// Makes proposers that leave time for what comes after filling a block.
pub struct Prompt<E>(pub E);

/// A proposer that leaves this time.
pub struct PromptProposer<P>(P);

impl<E: Environment<Block>> Environment<Block> for Prompt<E> {
    type Proposer = PromptProposer<E::Proposer>;
    type CreateProposer = MapOk<E::CreateProposer, fn(E::Proposer) -> Self::Proposer>;
    type Error = E::Error;

    fn init(&mut self, parent: &Header) -> Self::CreateProposer {
        self.0.init(parent).map_ok(PromptProposer as fn(E::Proposer) -> Self::Proposer)
    }
}

impl<P: Proposer<Block>> Proposer<Block> for PromptProposer<P> {
    type Error = P::Error;
    type Proposal = P::Proposal;

    fn propose(self, mut args: ProposeArgs<Block>) -> Self::Proposal {
        args.max_duration = args.max_duration.mul_f32(FILLING_OF_READY);
        self.0.propose(args)
    }
}

/// The pool as an author sees it.
pub struct AuthorsPool<P>(pub Arc<P>);

/// What an author found out, without the transactions that it came too late for. They are in a block
/// that the pool has yet to hear of. To report them would take with them all that their senders sent
/// afterwards.
fn worth_reporting<H: std::hash::Hash + Eq>(
    errors: TxInvalidityReportMap<H>,
) -> TxInvalidityReportMap<H> {
    const STALE: TransactionValidityError =
        TransactionValidityError::Invalid(InvalidTransaction::Stale);
    errors.into_iter().filter(|(_, error)| *error != Some(STALE)).collect()
}

#[async_trait]
impl<P: TransactionPool<Block = Block> + 'static> TransactionPool for AuthorsPool<P> {
    type Block = Block;
    type Hash = P::Hash;
    type InPoolTransaction = P::InPoolTransaction;
    type Error = P::Error;

    async fn submit_at(
        &self,
        at: Hash,
        source: TransactionSource,
        transactions: Vec<TransactionFor<Self>>,
    ) -> Result<Vec<Result<TxHash<Self>, Self::Error>>, Self::Error> {
        self.0.submit_at(at, source, transactions).await
    }

    async fn submit_one(
        &self,
        at: Hash,
        source: TransactionSource,
        transaction: TransactionFor<Self>,
    ) -> Result<TxHash<Self>, Self::Error> {
        self.0.submit_one(at, source, transaction).await
    }

    async fn submit_and_watch(
        &self,
        at: Hash,
        source: TransactionSource,
        transaction: TransactionFor<Self>,
    ) -> Result<Pin<Box<TransactionStatusStreamFor<Self>>>, Self::Error> {
        self.0.submit_and_watch(at, source, transaction).await
    }

    async fn ready_at(
        &self,
        at: Hash,
    ) -> Box<dyn ReadyTransactions<Item = Arc<Self::InPoolTransaction>> + Send> {
        self.0.ready_at(at).await
    }

    fn ready(&self) -> Box<dyn ReadyTransactions<Item = Arc<Self::InPoolTransaction>> + Send> {
        self.0.ready()
    }

    async fn report_invalid(
        &self,
        at: Option<Hash>,
        errors: TxInvalidityReportMap<TxHash<Self>>,
    ) -> Vec<Arc<Self::InPoolTransaction>> {
        self.0.report_invalid(at, worth_reporting(errors)).await
    }

    fn futures(&self) -> Vec<Self::InPoolTransaction> {
        self.0.futures()
    }

    fn status(&self) -> PoolStatus {
        self.0.status()
    }

    fn import_notification_stream(&self) -> ImportNotificationStream<TxHash<Self>> {
        self.0.import_notification_stream()
    }

    fn on_broadcasted(&self, propagations: HashMap<TxHash<Self>, Vec<String>>) {
        self.0.on_broadcasted(propagations)
    }

    fn hash_of(&self, transaction: &TransactionFor<Self>) -> TxHash<Self> {
        self.0.hash_of(transaction)
    }

    fn ready_transaction(&self, hash: &TxHash<Self>) -> Option<Arc<Self::InPoolTransaction>> {
        self.0.ready_transaction(hash)
    }

    async fn ready_at_with_timeout(
        &self,
        at: Hash,
        timeout: Duration,
    ) -> Box<dyn ReadyTransactions<Item = Arc<Self::InPoolTransaction>> + Send> {
        self.0.ready_at_with_timeout(at, timeout.saturating_mul(PATIENCE)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_runtime::traits::Header as _;
    use twinchain_runtime::SLOT_DURATION;

    #[test]
    fn what_came_too_late_is_not_reported() {
        let errors = [
            (1, Some(InvalidTransaction::Stale.into())),
            (2, Some(InvalidTransaction::BadProof.into())),
            (3, None),
        ];
        let mut left: Vec<u8> = worth_reporting(errors.into_iter().collect()).into_keys().collect();
        left.sort_unstable();
        assert_eq!(left, [2, 3]);
    }

    /// A proposer that only tells for how long it would fill its block.
    struct Clock;

    impl Environment<Block> for Clock {
        type Proposer = Self;
        type CreateProposer = futures::future::Ready<Result<Self, Self::Error>>;
        type Error = sp_blockchain::Error;

        fn init(&mut self, _: &Header) -> Self::CreateProposer {
            futures::future::ok(Self)
        }
    }

    impl Proposer<Block> for Clock {
        type Error = sp_blockchain::Error;
        type Proposal = futures::future::Ready<Result<sp_consensus::Proposal<Block>, Self::Error>>;

        fn propose(self, args: ProposeArgs<Block>) -> Self::Proposal {
            let filling = args.max_duration.mul_f32(0.9);
            futures::future::err(sp_blockchain::Error::Backend(format!("{}", filling.as_millis())))
        }
    }

    #[test]
    fn an_author_fills_its_block_for_a_good_half_of_the_slot() {
        let parent =
            Header::new(0, Hash::zero(), Hash::zero(), Hash::zero(), sp_runtime::Digest::default());
        let max_duration = Duration::from_millis(SLOT_DURATION).mul_f32(READY);
        let proposal = futures::executor::block_on(async {
            let proposer = Prompt(Clock).init(&parent).await.unwrap();
            proposer.propose(ProposeArgs { max_duration, ..Default::default() }).await
        });
        let Err(error) = proposal else { panic!("it only tells the time") };
        let filling = Duration::from_millis(SLOT_DURATION).mul_f32(FILLING).as_millis();
        assert_eq!(error.to_string(), format!("Backend error: {filling}"));
    }
}
