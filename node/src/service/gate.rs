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
    shares::{Held, OnItsWay, Shares},
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
    sync::{Arc, Mutex},
    time::Instant,
};
use substrate_prometheus_endpoint::{Counter, Registry, U64};
use tokio::sync::{Semaphore, SemaphorePermit};
use twinchain_runtime::{
    opaque::{Block, UncheckedExtrinsic},
    Hash,
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

/// A transaction that counts for its organisation's share.
struct ShareClaim {
    shares: Arc<Mutex<Shares>>,
    on_its_way: OnItsWay,
    taken: bool,
}

impl Drop for ShareClaim {
    fn drop(&mut self) {
        lock(&self.shares).answered(self.on_its_way, self.taken);
    }
}

/// What the shares of organisations say to a transaction.
enum ShareOf {
    /// It is let in, and counts.
    Within(ShareClaim),
    /// It is let in, and does not count: it has no signer, or the runtime does not answer.
    Unknown,
    /// It would take the room of others.
    Beyond,
}

/// Stands before a pool.
pub struct Gate<P> {
    pool: Arc<P>,
    runtime: Arc<dyn Validate>,
    membership: Arc<dyn Membership>,
    room: Arc<Room>,
    shares: Arc<Mutex<Shares>>,
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
            permits: Semaphore::new(room.max_on_their_way()),
            room,
            ready_tags: Mutex::default(),
            refused: metrics::counter(
                prometheus,
                "twinchain_pool_refused_total",
                "Transactions refused since the room that is left in the pool is for officials",
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
        // It is closed never, and without it the claims are still right.
        let permit = self.permits.acquire().await.ok();
        let length = transaction.encoded_size();
        let (claim, space) = self.room.claim(length, || self.pool.status());
        let is_known = || self.pool.ready_transaction(&self.pool.hash_of(transaction)).is_some();
        let mut share = None;
        // The pool has an answer for what it knows, at no cost.
        if (claim.crowded || space != Space::All) && !is_known() {
            let mut space = space;
            if claim.crowded {
                match self.share_of(at, transaction, length).await {
                    ShareOf::Within(claim) => share = Some(claim),
                    ShareOf::Unknown => {},
                    ShareOf::Beyond => space = Space::Officials,
                }
            }
            if space != Space::All {
                self.ask(at, space, transaction).await?;
            }
        }
        Ok(Some(Admission { share, _claim: claim, _permit: permit }))
    }

    /// Returns what the share of the signer's organisation says to a transaction.
    async fn share_of(&self, at: Hash, transaction: &UncheckedExtrinsic, length: usize) -> ShareOf {
        let Some(signer) = signer(transaction) else { return ShareOf::Unknown };
        let (pool, room) = (self.pool.clone(), self.room.clone());
        let (shares, membership) = (self.shares.clone(), self.membership.clone());
        // Counting takes a while, and asks the runtime.
        let admitted = tokio::task::spawn_blocking(move || {
            let held = || held(&*pool);
            let divide = |organisations| room.divide(organisations);
            let mut guard = lock(&shares);
            let admitted =
                guard.admit((signer, length), at, &*membership, Instant::now, held, divide);
            drop(guard);
            admitted.map(|admitted| {
                admitted.map(|on_its_way| ShareClaim { shares, on_its_way, taken: false })
            })
        });
        match admitted.await.unwrap_or_else(|error| Err(error.to_string())) {
            Ok(Some(claim)) => ShareOf::Within(claim),
            Ok(None) => ShareOf::Beyond,
            Err(error) => {
                debug!(target: LOG_TARGET, "Shares of the pool are not known: {error}");
                ShareOf::Unknown
            },
        }
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
