// SPDX-License-Identifier: Apache-2.0

//! Shows operators that a migration in steps runs, and that one failed.
//!
//! While one runs, blocks hold no transactions, which looks like a fault. The state says both, so
//! this reads two keys of it after each block.

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

/// What the state of a block says about migrations in steps.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Status {
    /// Whether one runs.
    running: bool,
    /// How many upgrades of the chain failed in one.
    failed: u32,
}

/// What an operator should hear of.
#[derive(Debug, Eq, PartialEq)]
enum News {
    Started,
    Ended,
    Failed,
}

impl Status {
    /// Reads a status. `value_of` returns the value of a key in the state.
    fn read<E>(value_of: impl Fn(&[u8]) -> Result<Option<Vec<u8>>, E>) -> Result<Self, E> {
        // SCALE encodes a `u32` in little endian.
        let count = |bytes: Vec<u8>| bytes.try_into().map(u32::from_le_bytes).ok();
        Ok(Self {
            running: value_of(&running_key())?.is_some(),
            failed: value_of(&FailedUpgrades::key())?.and_then(count).unwrap_or(0),
        })
    }

    /// Returns what changed since `before`, if it matters.
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

/// What is reported to Prometheus.
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
                "1 while a migration in steps keeps transactions out of blocks",
            )?,
            failed: gauge(
                "twinchain_failed_upgrades",
                "Upgrades of this chain that failed in a migration in steps",
            )?,
        })
    }
}

/// Watches the state of the best block.
pub async fn watch(client: Arc<FullClient>, prometheus: Option<Registry>) {
    let metrics = prometheus.and_then(|registry| {
        Metrics::register(&registry)
            .inspect_err(|error| warn!(target: LOG_TARGET, "No metrics: {error}"))
            .ok()
    });
    let mut blocks = client.import_notification_stream();
    let mut last = None;
    loop {
        let info = client.info();
        // A node that warps has no state until it has arrived.
        if let Ok(status) = status_at(&client, info.best_hash) {
            // Failures before the start are no news.
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
        // While blocks come in fast only the best one counts.
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
            "🚧 A migration runs at #{number}: until it ends, blocks hold no transactions"
        ),
        Some(News::Ended) => info!(target: LOG_TARGET, "🚧 The migration has ended at #{number}"),
        Some(News::Failed) => warn!(
            target: LOG_TARGET,
            "🚧 A migration failed at #{number}, and the chain goes on without it. Events of \
             MultiBlockMigrations say which one; the next runtime has to mend it."
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

    /// Reads the status of the state that this writes.
    fn status_of(write: impl FnOnce()) -> Status {
        sp_io::TestExternalities::new_empty().execute_with(|| {
            write();
            let value_of = |key: &[u8]| sp_io::storage::get(key).map(|value| value.to_vec());
            Status::read(|key| Ok::<_, Infallible>(value_of(key))).unwrap()
        })
    }

    #[test]
    fn the_state_says_whether_a_migration_runs_and_how_many_failed() {
        assert_eq!(status_of(|| {}), NONE);
        assert_eq!(status_of(|| sp_io::storage::set(&running_key(), &[1])), RUNNING);
        let failed = 0x0102_0304;
        assert_eq!(status_of(|| FailedUpgrades::set(&failed)), Status { failed, ..NONE });
    }

    #[test]
    fn a_count_that_is_not_one_is_none() {
        let write = || sp_io::storage::set(&FailedUpgrades::key(), &[1, 2, 3]);
        assert_eq!(status_of(write), NONE);
    }

    #[test]
    fn a_state_that_cannot_be_read_is_an_error() {
        assert_eq!(Status::read(|_| Err("pruned")), Err("pruned"));
    }

    #[test]
    fn only_changes_are_news() {
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
