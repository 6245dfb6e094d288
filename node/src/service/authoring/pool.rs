// SPDX-License-Identifier: Apache-2.0

//! The pool for this node's block author.

use super::{
    candidates::{Candidates, Ready},
    organisations::ParentState,
    watchdog::{Watch, Watched},
};
use crate::service::{
    held_signers::HeldSigners,
    membership::KnownMembers,
    types::{FullPool, PoolError, Validation},
};
use async_trait::async_trait;
use sc_transaction_pool_api::{
    ImportNotificationStream, PoolStatus, ReadyTransactions, TransactionFor, TransactionPool,
    TransactionSource, TransactionStatusStreamFor, TxHash, TxInvalidityReportMap,
};
use sp_runtime::transaction_validity::{InvalidTransaction, TransactionValidityError};
use std::{collections::HashMap, pin::Pin, sync::Arc, time::Duration};
use twinchain_runtime::{opaque::Block, Hash};

/// Factor by which the block author waits longer than the SDK's proposer until the pool has
/// processed the parent block: at most half of its time for filling. Otherwise it would start with
/// transactions that are already in that block.
const READY_TIMEOUT_FACTOR: u32 = 4;

/// A transaction in the pool.
type Transaction = <FullPool as TransactionPool>::InPoolTransaction;

/// The pool as this node's block author sees it: without held signers, and without organisations
/// that are left out of the block. The extrinsics that the block author executes are watched.
pub struct AuthorPool {
    /// The pool.
    pub pool: Arc<FullPool>,
    /// The organisations of members.
    pub members: Arc<KnownMembers>,
    /// Validates transactions.
    pub validation: Arc<Validation>,
    /// The signers whose transactions are left out.
    pub held: Arc<HeldSigners>,
    /// Watches the executed extrinsics.
    pub watch: Arc<Watch>,
}

impl AuthorPool {
    /// Returns the transactions of `ready` to try for a block on top of `parent`.
    fn candidates(&self, ready: Ready<Transaction>, parent: Hash) -> Ready<Transaction> {
        let parent = ParentState {
            members: self.members.clone(),
            validation: self.validation.clone(),
            hash: parent,
        };
        Box::new(Candidates::new(ready, self.held.clone(), parent, Watched::new(&self.watch)))
    }
}

/// Returns the errors without those of stale transactions. These are in a block that the pool has
/// yet to process. Reporting them would also remove all later transactions of their senders.
fn without_stale<H: std::hash::Hash + Eq>(
    errors: TxInvalidityReportMap<H>,
) -> TxInvalidityReportMap<H> {
    const STALE: TransactionValidityError =
        TransactionValidityError::Invalid(InvalidTransaction::Stale);
    errors.into_iter().filter(|(_, error)| *error != Some(STALE)).collect()
}

#[async_trait]
impl TransactionPool for AuthorPool {
    type Block = Block;
    type Hash = Hash;
    type InPoolTransaction = Transaction;
    type Error = PoolError;

    async fn submit_at(
        &self,
        at: Hash,
        source: TransactionSource,
        transactions: Vec<TransactionFor<Self>>,
    ) -> Result<Vec<Result<Hash, PoolError>>, PoolError> {
        self.pool.submit_at(at, source, transactions).await
    }

    async fn submit_one(
        &self,
        at: Hash,
        source: TransactionSource,
        transaction: TransactionFor<Self>,
    ) -> Result<Hash, PoolError> {
        self.pool.submit_one(at, source, transaction).await
    }

    async fn submit_and_watch(
        &self,
        at: Hash,
        source: TransactionSource,
        transaction: TransactionFor<Self>,
    ) -> Result<Pin<Box<TransactionStatusStreamFor<Self>>>, PoolError> {
        self.pool.submit_and_watch(at, source, transaction).await
    }

    async fn ready_at(
        &self,
        at: Hash,
    ) -> Box<dyn ReadyTransactions<Item = Arc<Transaction>> + Send> {
        self.candidates(self.pool.ready_at(at).await, at)
    }

    fn ready(&self) -> Box<dyn ReadyTransactions<Item = Arc<Transaction>> + Send> {
        self.pool.ready()
    }

    async fn report_invalid(
        &self,
        at: Option<Hash>,
        errors: TxInvalidityReportMap<TxHash<Self>>,
    ) -> Vec<Arc<Transaction>> {
        self.pool.report_invalid(at, without_stale(errors)).await
    }

    fn futures(&self) -> Vec<Transaction> {
        self.pool.futures()
    }

    fn status(&self) -> PoolStatus {
        self.pool.status()
    }

    fn import_notification_stream(&self) -> ImportNotificationStream<Hash> {
        self.pool.import_notification_stream()
    }

    fn on_broadcasted(&self, propagations: HashMap<Hash, Vec<String>>) {
        self.pool.on_broadcasted(propagations)
    }

    fn hash_of(&self, transaction: &TransactionFor<Self>) -> Hash {
        self.pool.hash_of(transaction)
    }

    fn ready_transaction(&self, hash: &Hash) -> Option<Arc<Transaction>> {
        self.pool.ready_transaction(hash)
    }

    async fn ready_at_with_timeout(
        &self,
        at: Hash,
        timeout: Duration,
    ) -> Box<dyn ReadyTransactions<Item = Arc<Transaction>> + Send> {
        let timeout = timeout.saturating_mul(READY_TIMEOUT_FACTOR);
        self.candidates(self.pool.ready_at_with_timeout(at, timeout).await, at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stale_transactions_are_not_reported() {
        let errors = [
            (1, Some(InvalidTransaction::Stale.into())),
            (2, Some(InvalidTransaction::BadProof.into())),
            (3, None),
        ];
        let mut left: Vec<u8> = without_stale(errors.into_iter().collect()).into_keys().collect();
        left.sort_unstable();
        assert_eq!(left, [2, 3]);
    }
}
