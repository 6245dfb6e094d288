// SPDX-License-Identifier: Apache-2.0

//! Reports to operators that a multi-block migration runs, or that one failed.
//!
//! While one runs, blocks contain no transactions, which looks like a fault. This module reads the
//! two keys of the state that report it after each block.

use super::types::{FullBackend, FullClient};
use futures::{FutureExt, StreamExt};
use log::{info, warn};
use sc_client_api::{BlockchainEvents, StorageKey, StorageProvider};
use sp_blockchain::HeaderBackend;
use std::sync::Arc;
use substrate_prometheus_endpoint::{register, Gauge, PrometheusError, Registry, U64};
use twinchain_runtime::{
    configs::migrations::{running_key, FailedUpgrades},
    opaque::Block,
    Hash,
};

const LOG_TARGET: &str = "migrations";

/// The state's record of multi-block migrations.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Status {
    /// Whether a migration runs.
    running: bool,
    /// Number of upgrades of the chain that failed in a migration.
    failed: u32,
}

/// An event to report to the operator.
#[derive(Debug, Eq, PartialEq)]
enum News {
    Started,
    Ended,
    Failed,
}

impl Status {
    /// Reads the status. `value_of` returns the value of a key in the state.
    fn read<E>(value_of: impl Fn(&[u8]) -> Result<Option<Vec<u8>>, E>) -> Result<Self, E> {
        // SCALE encodes a `u32` in little endian.
        let count = |bytes: Vec<u8>| bytes.try_into().map(u32::from_le_bytes).ok();
        Ok(Self {
            running: value_of(&running_key())?.is_some(),
            failed: value_of(&FailedUpgrades::key())?.and_then(count).unwrap_or(0),
        })
    }

    /// Returns the event since `before`, if any.
    fn news_since(self, before: Self) -> Option<News> {
        if self.failed > before.failed {
            return Some(News::Failed);
        }
        match (before.running, self.running) {
            (false, true) => Some(News::Started),
            (true, false) => Some(News::Ended),
            _ => None,
        }
    }
}

/// The metrics for Prometheus.
struct Metrics {
    running: Gauge<U64>,
    failed: Gauge<U64>,
}

impl Metrics {
    fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        let gauge = |name: &str, help: &str| register(Gauge::new(name, help)?, registry);
        Ok(Self {
            running: gauge(
                "twinchain_migration_running",
                "1 while a multi-block migration keeps transactions out of blocks",
            )?,
            failed: gauge(
                "twinchain_failed_upgrades",
                "Upgrades of this chain that failed in a multi-block migration",
            )?,
        })
    }
}

/// Watches the state of the best block.
pub async fn watch(client: Arc<FullClient>, prometheus: Option<Registry>) {
    let metrics = prometheus.and_then(|registry| {
        Metrics::register(&registry)
            .inspect_err(|error| warn!(target: LOG_TARGET, "Cannot register the metrics: {error}"))
            .ok()
    });
    let mut blocks = client.import_notification_stream();
    let mut last = None;
    loop {
        let info = client.info();
        // A node has no state until its warp sync has finished.
        if let Ok(status) = status_at(&client, info.best_hash) {
            // Failures before the start are not reported.
            let before = last.unwrap_or(Status { running: false, ..status });
            report(status.news_since(before), info.best_number);
            last = Some(status);
            if let Some(metrics) = &metrics {
                metrics.running.set(status.running.into());
                metrics.failed.set(status.failed.into());
            }
        }
        if blocks.next().await.is_none() {
            return;
        }
        // While many blocks arrive, only the best one counts.
        while let Some(Some(_)) = blocks.next().now_or_never() {}
    }
}

fn status_at(client: &FullClient, block: Hash) -> sp_blockchain::Result<Status> {
    Status::read(|key| {
        let key = StorageKey(key.to_vec());
        let value = StorageProvider::<Block, FullBackend>::storage(client, block, &key)?;
        Ok(value.map(|data| data.0))
    })
}

fn report(news: Option<News>, number: u32) {
    match news {
        Some(News::Started) => info!(
            target: LOG_TARGET,
            "🚧 A migration runs at #{number}: until it ends, blocks contain no transactions"
        ),
        Some(News::Ended) => info!(target: LOG_TARGET, "🚧 The migration has ended at #{number}"),
        Some(News::Failed) => warn!(
            target: LOG_TARGET,
            "🚧 A migration failed at #{number}, and the chain continues without it. Events of \
             MultiBlockMigrations name it; the next runtime must repair the state."
        ),
        None => {},
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    const NONE: Status = Status { running: false, failed: 0 };
    const RUNNING: Status = Status { running: true, failed: 0 };

    /// Reads the status of the state that `write` leaves.
    fn status_of(write: impl FnOnce()) -> Status {
        sp_io::TestExternalities::new_empty().execute_with(|| {
            write();
            let value_of = |key: &[u8]| sp_io::storage::get(key).map(|value| value.to_vec());
            Status::read(|key| Ok::<_, Infallible>(value_of(key))).unwrap()
        })
    }

    #[test]
    fn status_is_read_from_the_state() {
        assert_eq!(status_of(|| {}), NONE);
        assert_eq!(status_of(|| sp_io::storage::set(&running_key(), &[1])), RUNNING);
        let failed = 0x0102_0304;
        assert_eq!(status_of(|| FailedUpgrades::set(&failed)), Status { failed, ..NONE });
    }

    #[test]
    fn malformed_count_is_zero() {
        let write = || sp_io::storage::set(&FailedUpgrades::key(), &[1, 2, 3]);
        assert_eq!(status_of(write), NONE);
    }

    #[test]
    fn reading_fails_if_the_state_is_unavailable() {
        assert_eq!(Status::read(|_| Err("pruned")), Err("pruned"));
    }

    #[test]
    fn only_changes_are_reported() {
        let failed = Status { failed: 1, ..NONE };
        for (before, now, news) in [
            (NONE, NONE, None),
            (NONE, RUNNING, Some(News::Started)),
            (RUNNING, RUNNING, None),
            (RUNNING, NONE, Some(News::Ended)),
            (RUNNING, failed, Some(News::Failed)),
            (NONE, failed, Some(News::Failed)),
            (failed, failed, None),
            (failed, NONE, None),
        ] {
            assert_eq!(now.news_since(before), news, "{before:?} {now:?}");
        }
    }
}
