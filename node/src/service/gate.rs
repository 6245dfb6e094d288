// SPDX-License-Identifier: Apache-2.0

//! Who is let into the pool, from clients and from other nodes alike.
//!
//! While there is room, all are. When the pool is half full, an organisation is refused that would
//! take the room of others. When it is nine tenths full, all ordinary transactions are refused,
//! instead of pushing out older ones. Officials are always let in: the runtime is asked who they
//! are. See `room`, `shares` and `docs/decisions/0028-room-for-officials-and-others.md`.

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

/// Asks the runtime about a transaction.
#[async_trait]
pub trait Validate: Send + Sync {
    /// Returns what the runtime of block `at` says of a transaction from outside.
    async fn validate(
        &self,
        at: Hash,
        transaction: UncheckedExtrinsic,
    ) -> Result<TransactionValidity, PoolError>;
}

// The pool's own way: its threads may wait, as those that make blocks may not.
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

/// Why a transaction is not let in.
#[derive(Debug)]
pub enum Refusal {
    /// The room that is left is for officials.
    NoRoom,
    /// The runtime refuses it, or cannot be asked.
    Invalid(PoolError),
}

/// Lets a transaction in. To be kept until the pool has answered.
pub struct Admission<'a> {
    share: Option<ShareClaim>,
    _claim: Claim,
    _permit: Option<SemaphorePermit<'a>>,
}

impl Admission<'_> {
    /// Says that the pool took the transaction.
    pub fn taken(mut self) {
        if let Some(share) = &mut self.share {
            share.taken = true;
        }
    }
}

/// A transaction that counts for the share of its signer's organisation.
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

/// Stands before a pool.
pub struct Gate<P> {
    pool: Arc<P>,
    runtime: Arc<dyn Validate>,
    membership: Arc<dyn Membership>,
    room: Arc<Room>,
    shares: Arc<Mutex<Shares>>,
    /// Held by the one who counts what the pool holds.
    counting: tokio::sync::Mutex<()>,
    /// First come, first served.
    permits: Semaphore,
    ready_tags: Mutex<ReadyTags>,
    refused: Option<Counter<U64>>,
}

impl<P> Gate<P>
where
    P: TransactionPool<Block = Block, Hash = Hash, Error = PoolError> + 'static,
{
    /// Stands before a pool with these limits for its ready and its future queue.
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
                "Transactions refused since the room that is left in the pool is for others",
            ),
        }
    }

    /// Lets a transaction in, or not. Those of this node itself, and those of blocks, always.
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
        // It is closed never, and without it the claims are still right.
        let permit = self.permits.acquire_many(self.room.permits(length)).await.ok();
        let (claim, space) = self.room.claim(length, || self.pool.status());
        // What has no signer is of no organisation.
        let share =
            signer(transaction).map(|signer| ShareClaim::new(&self.shares, (signer, length)));
        let is_known = || self.pool.ready_transaction(&self.pool.hash_of(transaction)).is_some();
        // The pool has an answer for what it knows, at no cost.
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

    /// Returns whether a signer's transaction, which is on its way, takes the room of no other
    /// organisation.
    async fn admits(&self, at: Hash, signer: &AccountId) -> bool {
        self.count_if_due(at).await;
        let (membership, own) = (self.membership.clone(), signer.clone());
        let signers = lock(&self.shares).signers();
        // It takes a while to ask the runtime.
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

    /// Counts what the pool holds, unless that was done a moment ago. Others wait for it.
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
            debug!(target: LOG_TARGET, "Shares of the pool are not known: {error}");
        });
        lock(&self.shares).end_count(count.ok());
    }

    /// Asks the runtime what a transaction is, and decides.
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

/// Returns what a pool holds, with its signers.
fn held<P: TransactionPool<Block = Block>>(pool: &P) -> Vec<Held> {
    let of = |it: &P::InPoolTransaction| Some((signer(it.data())?, it.data().encoded_size()));
    let ready = pool.ready().filter_map(|it| of(&it));
    ready.chain(pool.futures().iter().filter_map(of)).collect()
}

#[cfg(test)]
mod tests;
