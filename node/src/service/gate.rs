// SPDX-License-Identifier: Apache-2.0

//! Admits transactions to the pool, from clients and from other nodes alike.
//!
//! While there is room, it admits all transactions. When the pool is half full, it refuses those of
//! an organisation that would take the room of others. When the pool is nine tenths full, it
//! refuses all ordinary transactions instead of evicting older ones. It always admits officials,
//! which it recognizes by a query to the runtime. See `room`, `shares` and
//! `docs/decisions/0028-room-for-officials-and-others.md`.

use super::{
    authoring::signer,
    lock,
    membership::Membership,
    metrics,
    room::{Claim, ReadyTags, Room, Space},
    shares::{Count, Held, Shares},
    types::{PoolError, Validation},
};
use async_trait::async_trait;
use codec::Encode;
use log::debug;
use sc_transaction_pool::{ChainApi, PoolLimit, ValidateTransactionPriority};
use sc_transaction_pool_api::{
    error::Error, InPoolTransaction, TransactionPool, TransactionSource,
};
use sp_runtime::transaction_validity::{TransactionValidity, TransactionValidityError};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Instant,
};
use substrate_prometheus_endpoint::{Counter, Registry, U64};
use tokio::sync::{Semaphore, SemaphorePermit};
use twinchain_runtime::{
    opaque::{Block, UncheckedExtrinsic},
    AccountId, Hash,
};

const LOG_TARGET: &str = "txpool";

/// Validates a transaction in the runtime.
#[async_trait]
pub trait Validate: Send + Sync {
    /// Returns the validity of an external transaction by the runtime of block `at`.
    async fn validate(
        &self,
        at: Hash,
        transaction: UncheckedExtrinsic,
    ) -> Result<TransactionValidity, PoolError>;
}

// Uses the pool's own threads: they may wait, unlike those that make blocks.
#[async_trait]
impl Validate for Validation {
    async fn validate(
        &self,
        at: Hash,
        transaction: UncheckedExtrinsic,
    ) -> Result<TransactionValidity, PoolError> {
        let (source, priority) =
            (TransactionSource::External, ValidateTransactionPriority::Submitted);
        self.validate_transaction(at, source, Arc::new(transaction), priority).await
    }
}

/// The reason why a transaction is not admitted.
#[derive(Debug)]
pub enum Refusal {
    /// The remaining room is reserved for officials.
    NoRoom,
    /// The runtime rejects it, or cannot be called.
    Invalid(PoolError),
}

/// The admission of a transaction. Keep it until the pool has responded.
pub struct Admission<'a> {
    share: Option<ShareClaim>,
    _claim: Claim,
    _permit: Option<SemaphorePermit<'a>>,
}

impl Admission<'_> {
    /// Records that the pool accepted the transaction.
    pub fn taken(mut self) {
        if let Some(share) = &mut self.share {
            share.taken = true;
        }
    }
}

/// A transaction that counts towards its organisation's share.
struct ShareClaim {
    shares: Arc<Mutex<Shares>>,
    transaction: Held,
    taken: bool,
}

impl ShareClaim {
    fn new(shares: &Arc<Mutex<Shares>>, transaction: Held) -> Self {
        lock(shares).enter(&transaction);
        Self { shares: shares.clone(), transaction, taken: false }
    }
}

impl Drop for ShareClaim {
    fn drop(&mut self) {
        lock(&self.shares).answered(&self.transaction, self.taken, Instant::now());
    }
}

/// The gate in front of a pool.
pub struct Gate<P> {
    pool: Arc<P>,
    runtime: Arc<dyn Validate>,
    membership: Arc<dyn Membership>,
    room: Arc<Room>,
    shares: Arc<Mutex<Shares>>,
    /// Held by the task that counts the pool.
    counting: tokio::sync::Mutex<()>,
    /// Granted in the order of arrival.
    permits: Semaphore,
    ready_tags: Mutex<ReadyTags>,
    refused: Option<Counter<U64>>,
}

impl<P> Gate<P>
where
    P: TransactionPool<Block = Block, Hash = Hash, Error = PoolError> + 'static,
{
    /// Creates the gate of a pool with these limits for its ready and its future queue.
    pub fn new(
        pool: Arc<P>,
        runtime: Arc<dyn Validate>,
        membership: Arc<dyn Membership>,
        limits: [&PoolLimit; 2],
        prometheus: Option<&Registry>,
    ) -> Self {
        let [ready, future] = limits;
        let room = Arc::new(Room::new(ready, future));
        Self {
            pool,
            runtime,
            membership,
            shares: Arc::default(),
            counting: tokio::sync::Mutex::default(),
            permits: Semaphore::new(room.max_on_their_way()),
            room,
            ready_tags: Mutex::default(),
            refused: metrics::counter(
                prometheus,
                "twinchain_pool_refused_total",
                "Transactions refused because the remaining room is reserved for others",
            ),
        }
    }

    /// Admits a transaction, or refuses it. Returns `None` for transactions of this node itself and
    /// of blocks, which are always admitted.
    pub async fn enter(
        &self,
        at: Hash,
        source: TransactionSource,
        transaction: &UncheckedExtrinsic,
    ) -> Result<Option<Admission<'_>>, Refusal> {
        if source != TransactionSource::External {
            return Ok(None);
        }
        let length = transaction.encoded_size();
        // The semaphore is never closed. Even without a permit, the claims would be correct.
        let permit = self.permits.acquire_many(self.room.permits(length)).await.ok();
        let (claim, space) = self.room.claim(length, || self.pool.status());
        // A transaction without a signer belongs to no organisation.
        let share =
            signer(transaction).map(|signer| ShareClaim::new(&self.shares, (signer, length)));
        let is_known = || self.pool.ready_transaction(&self.pool.hash_of(transaction)).is_some();
        // The pool itself responds to known transactions, at no cost.
        if (claim.crowded || space != Space::All) && !is_known() {
            let beyond = match &share {
                Some(share) if claim.crowded => !self.admits(at, &share.transaction.0).await,
                _ => false,
            };
            let space = if beyond { Space::Officials } else { space };
            if space != Space::All {
                self.ask(at, space, transaction).await?;
            }
        }
        Ok(Some(Admission { share, _claim: claim, _permit: permit }))
    }

    /// Returns `true` if a signer's transaction, which is being submitted, takes no room of other
    /// organisations.
    async fn admits(&self, at: Hash, signer: &AccountId) -> bool {
        self.count_if_due(at).await;
        let (membership, own) = (self.membership.clone(), signer.clone());
        let signers = lock(&self.shares).signers();
        // In a blocking thread, because runtime calls take a while.
        let asked = tokio::task::spawn_blocking(move || {
            let members = signers.into_iter().filter_map(|signer| {
                let organisation = membership.organisation(at, &signer).ok()?;
                Some((signer, organisation))
            });
            let members: HashMap<_, _> = members.collect();
            let own = members.get(&own).copied();
            (own, members)
        });
        let Ok((Some(own), members)) = asked.await else { return true };
        lock(&self.shares).admits(own, &members, |organisations| self.room.divide(organisations))
    }

    /// Counts the pool if the last count is old. Concurrent callers wait for the result.
    async fn count_if_due(&self, at: Hash) {
        let _counting = self.counting.lock().await;
        if !lock(&self.shares).is_due(Instant::now()) {
            return;
        }
        lock(&self.shares).begin_count();
        let (pool, membership) = (self.pool.clone(), self.membership.clone());
        let count = tokio::task::spawn_blocking(move || {
            Count::new(at, &*membership, Instant::now, || held(&*pool))
        });
        let count = count.await.unwrap_or_else(|error| Err(error.to_string()));
        let count = count.inspect_err(|error| {
            debug!(target: LOG_TARGET, "Cannot count the shares of the pool: {error}");
        });
        lock(&self.shares).end_count(count.ok());
    }

    /// Validates a transaction in the runtime, and admits or refuses it.
    async fn ask(
        &self,
        at: Hash,
        space: Space,
        transaction: &UncheckedExtrinsic,
    ) -> Result<(), Refusal> {
        let validity = self.runtime.validate(at, transaction.clone()).await;
        let valid = validity.map_err(Refusal::Invalid)?.map_err(|error| {
            let error = match error {
                TransactionValidityError::Invalid(error) => Error::InvalidTransaction(error),
                TransactionValidityError::Unknown(error) => Error::UnknownTransaction(error),
            };
            Refusal::Invalid(error.into())
        })?;
        let is_ready = || {
            let read = || self.pool.ready().flat_map(|it| it.provides().to_vec()).collect();
            let mut tags = lock(&self.ready_tags);
            let is_ready = tags.provide(&valid.requires, Instant::now, read);
            if is_ready {
                tags.add(&valid.provides);
            }
            is_ready
        };
        if space.admits(&valid, is_ready) {
            return Ok(());
        }
        debug!(target: LOG_TARGET, "No room: {:?}", self.pool.hash_of(transaction));
        if let Some(refused) = &self.refused {
            refused.inc();
        }
        Err(Refusal::NoRoom)
    }
}

/// Returns the signed transactions in a pool: signers and lengths.
fn held<P: TransactionPool<Block = Block>>(pool: &P) -> Vec<Held> {
    let of = |it: &P::InPoolTransaction| Some((signer(it.data())?, it.data().encoded_size()));
    let ready = pool.ready().filter_map(|it| of(&it));
    ready.chain(pool.futures().iter().filter_map(of)).collect()
}

#[cfg(test)]
mod tests;
