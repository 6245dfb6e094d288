// SPDX-License-Identifier: Apache-2.0

//! Statistics and their output.

use crate::error::Result;
use serde::Serialize;
use std::{
    path::Path,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// The statistics of many measurements, in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Number of measurements.
    pub count: usize,
    /// The minimum.
    pub min: f64,
    /// The mean.
    pub mean: f64,
    /// The median.
    pub median: f64,
    /// The 75th percentile.
    pub p75: f64,
    /// The 95th percentile.
    pub p95: f64,
    /// The 99th percentile.
    pub p99: f64,
    /// The maximum.
    pub max: f64,
}

impl Summary {
    /// Summarises at least one measurement.
    pub fn of(times: impl IntoIterator<Item = Duration>) -> Self {
        let mut micros: Vec<f64> = times.into_iter().map(micros).collect();
        micros.sort_by(f64::total_cmp);
        let count = micros.len();
        assert!(count > 0, "there must be at least one measurement");
        // The nearest rank: the smallest value that this percentage of the values does not exceed.
        let percentile = |percent: usize| micros[(count * percent).div_ceil(100).max(1) - 1];
        Self {
            count,
            min: micros[0],
            mean: micros.iter().sum::<f64>() / count as f64,
            median: percentile(50),
            p75: percentile(75),
            p95: percentile(95),
            p99: percentile(99),
            max: micros[count - 1],
        }
    }

    /// Returns the heading of the rows from [`row`](Self::row).
    pub fn heading(what: &str) -> String {
        format!(
            "{what:<44}{:>8}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}{:>11}",
            "count", "min", "mean", "median", "p75", "p95", "p99", "max"
        )
    }

    /// Returns a row of a table.
    pub fn row(&self, what: &str) -> String {
        format!(
            "{what:<44}{:>8}{:>10.2}{:>10.2}{:>10.2}{:>10.2}{:>10.2}{:>10.2}{:>11.2}",
            self.count, self.min, self.mean, self.median, self.p75, self.p95, self.p99, self.max
        )
    }
}

/// Converts a time to microseconds.
pub fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// Returns the minimum of at least one figure.
pub fn least(figures: Vec<f64>) -> f64 {
    assert!(!figures.is_empty(), "there must be at least one figure");
    figures.into_iter().fold(f64::INFINITY, f64::min)
}

/// Returns today's date (UTC) in ISO 8601.
pub fn today() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    date(since.as_secs() / 86_400)
}

/// Returns the date `days` days after 1 January 1970.
fn date(mut days: u64) -> String {
    let leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let mut year = 1970;
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let february = 28 + u64::from(leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    format!("{year}-{month:02}-{:02}", days + 1)
}

/// Returns the processor's name and the number of its cores.
pub fn processor() -> String {
    let information = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = information
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':'))
        .map_or("unknown processor", |(_, name)| name.trim());
    let count = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{name}, {count} cores")
}

/// Writes a report as JSON.
pub fn write_json(path: &Path, report: &impl Serialize) -> Result<()> {
    std::fs::write(path, serde_json::to_string_pretty(report)? + "\n")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_measured_values() {
        let summary = Summary::of((1..=200).rev().map(Duration::from_micros));
        let Summary { count, min, mean, median, p75, p95, p99, max } = summary;
        assert_eq!((count, min, max), (200, 1.0, 200.0));
        assert!((mean - 100.5).abs() < 1e-9, "{mean}");
        assert_eq!((median, p75, p95, p99), (100.0, 150.0, 190.0, 198.0));
    }

    #[test]
    fn statistics_of_one_measurement_are_that_measurement() {
        let summary = Summary::of([Duration::from_nanos(1_500)]);
        assert_eq!((summary.min, summary.median, summary.p99, summary.max), (1.5, 1.5, 1.5, 1.5));
    }

    #[test]
    fn least_does_not_depend_on_the_order() {
        assert_eq!(least(vec![3.0, 1.0, 2.0]), 1.0);
    }

    #[test]
    fn dates_respect_leap_years() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(59), "1970-03-01");
        assert_eq!(date(11_016), "2000-02-29");
        assert_eq!(date(20_453), "2025-12-31");
        assert_eq!(date(20_454), "2026-01-01");
    }
}
