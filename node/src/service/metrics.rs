// SPDX-License-Identifier: Apache-2.0

//! Metrics for Prometheus. If a metric cannot be registered, the node runs without it.

use log::warn;
use substrate_prometheus_endpoint::{
    register, Counter, Gauge, PrometheusError, Registry, I64, U64,
};

const LOG_TARGET: &str = "metrics";

/// Registers a counter.
pub fn counter(prometheus: Option<&Registry>, name: &str, help: &str) -> Option<Counter<U64>> {
    let make = |registry| register(Counter::new(name, help)?, registry);
    or_warn(name, prometheus.map(make))
}

/// Registers a gauge.
pub fn gauge(prometheus: Option<&Registry>, name: &str, help: &str) -> Option<Gauge<U64>> {
    let make = |registry| register(Gauge::new(name, help)?, registry);
    or_warn(name, prometheus.map(make))
}

/// Registers a gauge of numbers that may be negative.
pub fn signed_gauge(prometheus: Option<&Registry>, name: &str, help: &str) -> Option<Gauge<I64>> {
    let make = |registry| register(Gauge::new(name, help)?, registry);
    or_warn(name, prometheus.map(make))
}

fn or_warn<M>(name: &str, metric: Option<Result<M, PrometheusError>>) -> Option<M> {
    metric?
        .inspect_err(
            |error| warn!(target: LOG_TARGET, "Cannot register the metric {name}: {error}"),
        )
        .ok()
}
