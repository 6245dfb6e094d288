// SPDX-License-Identifier: Apache-2.0

//! The pool for clients and other nodes. It is protected from transactions that fill it, and from
//! clients that repeatedly send rejected transactions.

use super::{
    gate::{Gate, Refusal},
    types::{FullPool, PoolError},
};
use async_trait::async_trait;
use futures_timer::Delay;
use sc_transaction_pool_api::{
    error::Error, ChainEvent, ImportNotificationStream, MaintainedTransactionPool, PoolStatus,
    ReadyTransactions, TransactionFor, TransactionPool, TransactionSource,
    TransactionStatusStreamFor, TxHash, TxInvalidityReportMap,
};
use std::{collections::HashMap, future::Future, pin::Pin, sync::Arc, time::Duration};
use twinchain_runtime::{opaque::Block, Hash};

/// Delay before a rejection is returned, to slow down clients that retry in a loop.
const REJECTION_DELAY: Duration = Duration::from_millis(500);

/// Maximum length of the reason of a rejection, in bytes. If the runtime trapped, as with endlessly
/// nested calls, the SDK's reason is half a megabyte of backtrace.
const MAX_REASON_BYTES: usize = 500;

/// The users of the pool.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Face {
    Clients,
    Network,
}

/// The pool for clients or for other nodes. The node's own tasks use the underlying pool.
pub struct ThrottledPool<P = FullPool> {
    pool: Arc<P>,
    gate: Arc<Gate<P>>,
    face: Face,
}

impl<P> ThrottledPool<P>
where
    P: TransactionPool<Block = Block, Hash = Hash, Error = PoolError> + 'static,
{
    /// Returns the pool for clients. It delays rejections.
    pub fn for_clients(pool: Arc<P>, gate: Arc<Gate<P>>) -> Self {
        Self { pool, gate, face: Face::Clients }
    }

    /// Returns the pool for other nodes.
    pub fn for_network(pool: Arc<P>, gate: Arc<Gate<P>>) -> Self {
        Self { pool, gate, face: Face::Network }
    }

    /// Submits a transaction if there is room for it.
    async fn submit<T, F>(
        &self,
        at: Hash,
        source: TransactionSource,
        transaction: TransactionFor<P>,
        submit: impl FnOnce(TransactionFor<P>) -> F,
    ) -> Result<T, PoolError>
    where
        F: Future<Output = Result<T, PoolError>>,
    {
        match self.gate.enter(at, source, &transaction).await {
            Ok(admission) => {
                let result = submit(transaction).await;
                if let (Some(admission), Ok(_)) = (admission, &result) {
                    admission.taken();
                }
                result
            },
            Err(Refusal::Invalid(error)) => Err(error),
            Err(Refusal::NoRoom) => Err(match self.face {
                Face::Clients => Error::ImmediatelyDropped.into(),
                // The only error for which the SDK does not penalize the peer, which did nothing
                // wrong.
                Face::Network => {
                    Error::AlreadyImported(Box::new(self.pool.hash_of(&transaction))).into()
                },
            }),
        }
    }

    /// Returns the result, to clients after a delay if it is a rejection.
    async fn answer<T>(
        &self,
        source: TransactionSource,
        result: Result<T, PoolError>,
    ) -> Result<T, PoolError> {
        match self.face {
            Face::Clients => delay_rejection(source, result).await,
            Face::Network => result,
        }
    }
}

/// Returns the result. Delays and shortens the rejection of an external transaction.
async fn delay_rejection<T>(
    source: TransactionSource,
    result: Result<T, PoolError>,
) -> Result<T, PoolError> {
    match result {
        Err(error) if source == TransactionSource::External => {
            Delay::new(REJECTION_DELAY).await;
            Err(shortened(error))
        },
        result => result,
    }
}

fn shortened(error: PoolError) -> PoolError {
    match error {
        PoolError::RuntimeApi(mut reason) if reason.len() > MAX_REASON_BYTES => {
            reason.truncate(reason.floor_char_boundary(MAX_REASON_BYTES));
            PoolError::RuntimeApi(reason + "...")
        },
        error => error,
    }
}

#[async_trait]
impl<P> TransactionPool for ThrottledPool<P>
where
    P: TransactionPool<Block = Block, Hash = Hash, Error = PoolError> + 'static,
{
    type Block = Block;
    type Hash = Hash;
    type InPoolTransaction = P::InPoolTransaction;
    type Error = PoolError;

    async fn submit_at(
        &self,
        at: Hash,
        source: TransactionSource,
        transactions: Vec<TransactionFor<Self>>,
    ) -> Result<Vec<Result<Hash, PoolError>>, PoolError> {
        let mut results = Vec::with_capacity(transactions.len());
        for transaction in transactions {
            let submit = |transaction| self.pool.submit_one(at, source, transaction);
            results.push(self.submit(at, source, transaction, submit).await);
        }
        Ok(results)
    }

    async fn submit_one(
        &self,
        at: Hash,
        source: TransactionSource,
        transaction: TransactionFor<Self>,
    ) -> Result<Hash, PoolError> {
        let submit = |transaction| self.pool.submit_one(at, source, transaction);
        let result = self.submit(at, source, transaction, submit).await;
        self.answer(source, result).await
    }

    async fn submit_and_watch(
        &self,
        at: Hash,
        source: TransactionSource,
        transaction: TransactionFor<Self>,
    ) -> Result<Pin<Box<TransactionStatusStreamFor<Self>>>, PoolError> {
        let submit = |transaction| self.pool.submit_and_watch(at, source, transaction);
        let result = self.submit(at, source, transaction, submit).await;
        self.answer(source, result).await
    }

    async fn ready_at(
        &self,
        at: Hash,
    ) -> Box<dyn ReadyTransactions<Item = Arc<P::InPoolTransaction>> + Send> {
        self.pool.ready_at(at).await
    }

    fn ready(&self) -> Box<dyn ReadyTransactions<Item = Arc<P::InPoolTransaction>> + Send> {
        self.pool.ready()
    }

    async fn report_invalid(
        &self,
        at: Option<Hash>,
        errors: TxInvalidityReportMap<TxHash<Self>>,
    ) -> Vec<Arc<P::InPoolTransaction>> {
        self.pool.report_invalid(at, errors).await
    }

    fn futures(&self) -> Vec<P::InPoolTransaction> {
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

    fn ready_transaction(&self, hash: &Hash) -> Option<Arc<P::InPoolTransaction>> {
        self.pool.ready_transaction(hash)
    }

    async fn ready_at_with_timeout(
        &self,
        at: Hash,
        timeout: Duration,
    ) -> Box<dyn ReadyTransactions<Item = Arc<P::InPoolTransaction>> + Send> {
        self.pool.ready_at_with_timeout(at, timeout).await
    }
}

#[async_trait]
impl<P> MaintainedTransactionPool for ThrottledPool<P>
where
    P: MaintainedTransactionPool<Block = Block, Hash = Hash, Error = PoolError> + 'static,
{
    async fn maintain(&self, event: ChainEvent<Block>) {
        self.pool.maintain(event).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use TransactionSource::{External, InBlock, Local};

    fn refusal(length: usize) -> Result<(), PoolError> {
        Err(PoolError::RuntimeApi("ä".repeat(length)))
    }

    #[test]
    fn only_rejected_clients_wait() {
        for source in [External, InBlock, Local] {
            assert!(delay_rejection(source, Ok(7)).now_or_never().unwrap().is_ok());
        }
        for source in [InBlock, Local] {
            assert!(delay_rejection(source, refusal(1)).now_or_never().unwrap().is_err());
        }
        assert!(delay_rejection(External, refusal(1)).now_or_never().is_none());
        assert!(futures::executor::block_on(delay_rejection(External, refusal(1))).is_err());
    }

    #[test]
    fn reason_is_shortened_to_the_limit() {
        let length = |characters| match shortened(refusal(characters).unwrap_err()) {
            PoolError::RuntimeApi(reason) => reason.len(),
            other => panic!("{other}"),
        };
        // Each of these characters has two bytes.
        assert_eq!(length(MAX_REASON_BYTES / 2), MAX_REASON_BYTES);
        assert_eq!(length(MAX_REASON_BYTES / 2 + 1), MAX_REASON_BYTES + "...".len());
    }
}
