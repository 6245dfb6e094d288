// SPDX-License-Identifier: Apache-2.0

//! The transactions that wait.
//!
//! `--pool-type single-state`, the default here, judges by one chain, the best. All that waits is
//! validated again once a minute, where the SDK's own constructor would do it after every block: that
//! is half of what a busy validator's processors would do, and an author finds out anyway what is
//! valid no more. See `docs/decisions/0016-the-transaction-pool.md`.
//!
//! What was in a block that another one displaces goes back into the pool, with either type.
//!
//! Clients and other nodes come to it through a gate, which keeps room for officials: see `gate`.

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

/// What is waiting for another transaction may take a tenth of the room. The fork-aware pool has
/// the same limits, and `room` needs it so.
const FUTURE_PART: usize = 10;

/// The pool that judges by one chain.
type SingleState = Pool<Validation, ()>;

/// The pool, and what belongs to it.
pub struct NodePool {
    /// The pool itself.
    pub pool: Arc<FullPool>,
    /// Lets transactions of clients and other nodes in.
    pub gate: Arc<Gate<FullPool>>,
    /// Validates transactions.
    pub validation: Arc<Validation>,
    /// Who belongs to which organisation.
    pub members: Arc<KnownMembers>,
}

/// Makes the pool, and starts what keeps it in order.
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
            // The pool has one of its own, which reports what it does.
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
    // Essential: without it, transactions would be lost in silence.
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

/// Takes the transactions of retracted blocks back into the pool. Those that the new best chain has
/// as well are refused, since their nonces are used up.
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
        debug!(target: LOG_TARGET, "Took back {taken} of {all} transactions of retracted blocks.");
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
    fn the_limits_are_those_of_the_command_line() {
        let options = options(&params(7));
        assert_eq!((options.ready.count, options.ready.total_bytes), (100, 20_480));
        assert_eq!((options.future.count, options.future.total_bytes), (10, 2_048));
        assert_eq!(options.ban_time, Duration::from_secs(7));
    }

    #[test]
    fn a_transaction_that_was_turned_away_may_come_again() {
        let params = Cli::parse_from(["twinchain-node"]).run.pool_config;
        assert_eq!(options(&params).ban_time, Duration::ZERO);
    }
}
