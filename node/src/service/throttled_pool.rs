// SPDX-License-Identifier: Apache-2.0

//! The pool in front of which stands what keeps it from harm: by clients that send what is refused,
//! again and again, and by an author that came too late.

use super::types::FullClient;
use async_trait::async_trait;
use futures_timer::Delay;
use sc_transaction_pool::TransactionPoolHandle;
use sc_transaction_pool_api::{
    ChainEvent, ImportNotificationStream, MaintainedTransactionPool, PoolStatus, ReadyTransactions,
    TransactionFor, TransactionPool, TransactionSource, TransactionStatusStreamFor, TxHash,
    TxInvalidityReportMap,
};
use sp_runtime::transaction_validity::{InvalidTransaction, TransactionValidityError};
use std::{collections::HashMap, pin::Pin, sync::Arc, time::Duration};
use twinchain_runtime::{opaque::Block, Hash};

/// Delay before a rejection is returned, to slow down clients that retry in a loop.
const REJECTION_DELAY: Duration = Duration::from_millis(500);

/// Factor by which an author waits longer than the SDK's proposer until the pool knows the parent
/// block: at most half of its time for filling. Otherwise it would begin with transactions that are
/// in that block already.
const READY_TIMEOUT_FACTOR: u32 = 4;

/// Maximum length of the reason why a transaction is refused, in bytes. Where the runtime trapped,
/// as with calls nested without end, the SDK's reason is half a megabyte of backtrace.
const MAX_REASON_BYTES: usize = 500;

/// The pool as the node has it.
type Inner = TransactionPoolHandle<Block, FullClient>;

type Error = <Inner as TransactionPool>::Error;

/// The pool as this node's author and those who send requests to it see it. The network sees it as
/// it is.
pub struct ThrottledPool(pub Arc<Inner>);

/// What a client is told, and when, if its transaction is refused.
async fn delay_rejection<T>(
    source: TransactionSource,
    result: Result<T, Error>,
) -> Result<T, Error> {
    match result {
        Err(error) if source == TransactionSource::External => {
            Delay::new(REJECTION_DELAY).await;
            Err(shortened(error))
        },
        result => result,
    }
}

fn shortened(error: Error) -> Error {
    match error {
        Error::RuntimeApi(mut reason) if reason.len() > MAX_REASON_BYTES => {
            reason.truncate(reason.floor_char_boundary(MAX_REASON_BYTES));
            Error::RuntimeApi(reason + "...")
        },
        error => error,
    }
}

/// What an author found out, without the transactions that it came too late for. They are in a
/// block that the pool has yet to hear of. To report them would take with them all that their
/// senders sent afterwards.
fn without_stale<H: std::hash::Hash + Eq>(
    errors: TxInvalidityReportMap<H>,
) -> TxInvalidityReportMap<H> {
    const STALE: TransactionValidityError =
        TransactionValidityError::Invalid(InvalidTransaction::Stale);
    errors.into_iter().filter(|(_, error)| *error != Some(STALE)).collect()
}

#[async_trait]
impl TransactionPool for ThrottledPool {
    type Block = Block;
    type Hash = <Inner as TransactionPool>::Hash;
    type InPoolTransaction = <Inner as TransactionPool>::InPoolTransaction;
    type Error = Error;

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
        delay_rejection(source, self.0.submit_one(at, source, transaction).await).await
    }

    async fn submit_and_watch(
        &self,
        at: Hash,
        source: TransactionSource,
        transaction: TransactionFor<Self>,
    ) -> Result<Pin<Box<TransactionStatusStreamFor<Self>>>, Self::Error> {
        delay_rejection(source, self.0.submit_and_watch(at, source, transaction).await).await
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
        self.0.report_invalid(at, without_stale(errors)).await
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
        self.0.ready_at_with_timeout(at, timeout.saturating_mul(READY_TIMEOUT_FACTOR)).await
    }
}

#[async_trait]
impl MaintainedTransactionPool for ThrottledPool {
    async fn maintain(&self, event: ChainEvent<Block>) {
        self.0.maintain(event).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use TransactionSource::{External, InBlock, Local};

    fn refusal(length: usize) -> Result<(), Error> {
        Err(Error::RuntimeApi("ä".repeat(length)))
    }

    #[test]
    fn only_a_client_that_is_refused_waits() {
        for source in [External, InBlock, Local] {
            assert!(delay_rejection(source, Ok::<_, Error>(7)).now_or_never().unwrap().is_ok());
        }
        for source in [InBlock, Local] {
            assert!(delay_rejection(source, refusal(1)).now_or_never().unwrap().is_err());
        }
        assert!(delay_rejection(External, refusal(1)).now_or_never().is_none());
        assert!(futures::executor::block_on(delay_rejection(External, refusal(1))).is_err());
    }

    #[test]
    fn a_reason_has_a_bounded_length() {
        let length = |characters| match shortened(refusal(characters).unwrap_err()) {
            Error::RuntimeApi(reason) => reason.len(),
            other => panic!("{other}"),
        };
        // Each of these characters has two bytes.
        assert_eq!(length(MAX_REASON_BYTES / 2), MAX_REASON_BYTES);
        assert_eq!(length(MAX_REASON_BYTES / 2 + 1), MAX_REASON_BYTES + "...".len());
    }

    #[test]
    fn what_came_too_late_is_not_reported() {
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
