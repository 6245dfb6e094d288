// SPDX-License-Identifier: Apache-2.0

//! The transaction pool.
//!
//! `--pool-type single-state`, the default here, validates against a single chain, the best. It
//! revalidates all waiting transactions once a minute. The SDK's own constructor would do so after
//! every block, which takes half of a busy validator's processor time, although the block author
//! detects invalid transactions anyway. See `docs/decisions/0016-the-transaction-pool.md`.
//!
//! With either type, transactions of a block that another one displaces return to the pool.
//!
//! Transactions of clients and other nodes pass a gate, which keeps room for officials: see `gate`.

use super::{
    gate::Gate,
    membership::{KnownMembers, StateMembership},
    threads::LowPriority,
    types::{FullClient, FullPool, Validation},
};
use futures::StreamExt;
use log::debug;
use sc_cli::{TransactionPoolParams, TransactionPoolType};
use sc_client_api::{BlockBackend, BlockchainEvents, UsageProvider};
use sc_service::{config::Configuration, SpawnEssentialTaskHandle, TaskManager};
use sc_transaction_pool::{
    BasicPool, Builder, Options, Pool, PoolLimit, RevalidationType, TimedTransactionSource,
    TransactionPoolWrapper, ValidateTransactionPriority,
};
use sp_blockchain::HashAndNumber;
use sp_runtime::traits::Header as _;
use std::{sync::Arc, time::Duration};

const LOG_TARGET: &str = "txpool";

/// Divisor of the pool's limits for the future queue: transactions that wait for others may take a
/// tenth of the room. The fork-aware pool has the same limits, and `room` relies on them.
const FUTURE_PART: usize = 10;

/// The pool that validates against a single chain.
type SingleState = Pool<Validation, ()>;

/// The pool and its parts.
pub struct NodePool {
    /// The pool itself.
    pub pool: Arc<FullPool>,
    /// Admits transactions of clients and other nodes.
    pub gate: Arc<Gate<FullPool>>,
    /// Validates transactions.
    pub validation: Arc<Validation>,
    /// The organisations of members.
    pub members: Arc<KnownMembers>,
}

/// Creates the pool, and starts its maintenance tasks.
pub fn transaction_pool(
    params: &TransactionPoolParams,
    config: &Configuration,
    client: &Arc<FullClient>,
    tasks: &TaskManager,
) -> NodePool {
    let spawner = tasks.spawn_essential_handle();
    let prometheus = config.prometheus_registry();
    let validation = |prometheus| {
        let spawner = LowPriority(spawner.clone());
        Arc::new(Validation::new(client.clone(), prometheus, &spawner))
    };
    let (pool, validation) = match params.pool_type {
        TransactionPoolType::SingleState => {
            let validation = validation(prometheus);
            let spawner = spawner.clone();
            (single_state(params, config, client, validation.clone(), spawner), validation)
        },
        TransactionPoolType::ForkAware => {
            let is_validator = config.role.is_authority().into();
            let pool = Builder::new(LowPriority(spawner.clone()), client.clone(), is_validator)
                .with_options(config.transaction_pool.clone())
                .with_prometheus(prometheus)
                .build();
            // The pool has its own instance, which reports the metrics.
            (pool, validation(None))
        },
    };
    let (pool, options) = (Arc::new(pool), options(params));
    let limits = [&options.ready, &options.future];
    let members = Arc::new(KnownMembers::new(StateMembership(client.clone())));
    let gate = Gate::new(pool.clone(), validation.clone(), members.clone(), limits, prometheus);
    let gate = Arc::new(gate);
    NodePool { pool, gate, validation, members }
}

fn single_state(
    params: &TransactionPoolParams,
    config: &Configuration,
    client: &Arc<FullClient>,
    validation: Arc<Validation>,
    spawner: SpawnEssentialTaskHandle,
) -> FullPool {
    let prometheus = config.prometheus_registry();
    let chain = client.usage_info().chain;
    let pool = BasicPool::with_revalidation_type(
        options(params),
        config.role.is_authority().into(),
        validation,
        prometheus,
        RevalidationType::Light,
        spawner.clone(),
        chain.best_number,
        chain.best_hash,
        chain.finalized_hash,
    );
    // Essential: without it, transactions would be lost silently.
    spawner.spawn(
        "transaction-pool-displaced",
        Some("transaction-pool"),
        resubmit_retracted(client.clone(), pool.pool().clone()),
    );
    TransactionPoolWrapper(Box::new(pool))
}

fn options(params: &TransactionPoolParams) -> Options {
    let limit = |part: usize| PoolLimit {
        count: params.pool_limit / part,
        total_bytes: params.pool_kbytes.saturating_mul(1024) / part,
    };
    Options {
        ready: limit(1),
        future: limit(FUTURE_PART),
        reject_future_transactions: false,
        ban_time: Duration::from_secs(params.tx_ban_seconds.unwrap_or_default()),
    }
}

/// Returns the transactions of retracted blocks to the pool. The pool rejects those that the new
/// best chain contains as well, because their nonces are used.
async fn resubmit_retracted(client: Arc<FullClient>, pool: Arc<SingleState>) {
    let mut blocks = client.import_notification_stream();
    while let Some(block) = blocks.next().await {
        let Some(route) = block.tree_route else { continue };
        let bodies = route.retracted().iter().map(|retracted| client.block_body(retracted.hash));
        let all = bodies.flatten().flatten().flatten();
        let transactions: Vec<_> = all
            .map(|transaction| {
                (TimedTransactionSource::new_external(false), Arc::from(transaction))
            })
            .collect();
        if transactions.is_empty() {
            continue;
        }
        let at = HashAndNumber { hash: block.hash, number: *block.header.number() };
        let all = transactions.len();
        let results = pool.resubmit_at(&at, transactions, ValidateTransactionPriority::Submitted);
        let taken = results.await.iter().filter(|result| result.is_ok()).count();
        debug!(target: LOG_TARGET, "Returned {taken} of {all} transactions of retracted blocks.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::Parser;

    fn params(tx_ban_seconds: u64) -> TransactionPoolParams {
        TransactionPoolParams {
            pool_limit: 100,
            pool_kbytes: 20,
            tx_ban_seconds: Some(tx_ban_seconds),
            pool_type: TransactionPoolType::SingleState,
            pool_best_blocks_only: false,
        }
    }

    #[test]
    fn command_line_sets_the_limits() {
        let options = options(&params(7));
        assert_eq!((options.ready.count, options.ready.total_bytes), (100, 20_480));
        assert_eq!((options.future.count, options.future.total_bytes), (10, 2_048));
        assert_eq!(options.ban_time, Duration::from_secs(7));
    }

    #[test]
    fn rejected_transaction_can_be_sent_again() {
        let params = Cli::parse_from(["twinchain-node"]).run.pool_config;
        assert_eq!(options(&params).ban_time, Duration::ZERO);
    }
}
