// SPDX-License-Identifier: Apache-2.0

//! Statistics, and how they are written down.

use crate::error::Result;
use serde::Serialize;
use std::{
    path::Path,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// What many measurements say, in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// How many there were.
    pub count: usize,
    /// The shortest.
    pub min: f64,
    /// The average.
    pub mean: f64,
    /// Half of them are shorter.
    pub median: f64,
    /// Three quarters of them are shorter.
    pub p75: f64,
    /// 95 of 100 are shorter.
    pub p95: f64,
    /// 99 of 100 are shorter.
    pub p99: f64,
    /// The longest.
    pub max: f64,
}

impl Summary {
    /// Sums up measurements, of which there has to be one at least.
    pub fn of(times: impl IntoIterator<Item = Duration>) -> Self {
        let mut micros: Vec<f64> = times.into_iter().map(micros).collect();
        micros.sort_by(f64::total_cmp);
        let count = micros.len();
        assert!(count > 0, "there is nothing to sum up");
        // The nearest rank: the smallest that so many of a hundred do not exceed.
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

    /// The heading above [`row`](Self::row).
    pub fn heading(what: &str) -> String {
        format!(
            "{what:<44}{:>8}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}{:>11}",
            "count", "min", "mean", "median", "p75", "p95", "p99", "max"
        )
    }

    /// A row of a table.
    pub fn row(&self, what: &str) -> String {
        format!(
            "{what:<44}{:>8}{:>10.2}{:>10.2}{:>10.2}{:>10.2}{:>10.2}{:>10.2}{:>11.2}",
            self.count, self.min, self.mean, self.median, self.p75, self.p95, self.p99, self.max
        )
    }
}

/// A time in microseconds.
pub fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// The least of some figures, of which there has to be one at least.
pub fn least(figures: Vec<f64>) -> f64 {
    assert!(!figures.is_empty(), "there is nothing to compare");
    figures.into_iter().fold(f64::INFINITY, f64::min)
}

/// The day, as ISO 8601 writes it.
pub fn today() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    date(since.as_secs() / 86_400)
}

/// The date so many days after the first of January 1970.
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

/// What the machine calls its processor, with how many of them there are.
pub fn processor() -> String {
    let information = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = information
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':'))
        .map_or("a processor without a name", |(_, name)| name.trim());
    let count = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{name}, {count} cores")
}

/// Writes what was measured as JSON.
pub fn write_json(path: &Path, report: &impl Serialize) -> Result<()> {
    std::fs::write(path, serde_json::to_string_pretty(report)? + "\n")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_among_what_was_measured() {
        let summary = Summary::of((1..=200).rev().map(Duration::from_micros));
        let Summary { count, min, mean, median, p75, p95, p99, max } = summary;
        assert_eq!((count, min, max), (200, 1.0, 200.0));
        assert!((mean - 100.5).abs() < 1e-9, "{mean}");
        assert_eq!((median, p75, p95, p99), (100.0, 150.0, 190.0, 198.0));
    }

    #[test]
    fn one_measurement_is_all_of_them() {
        let summary = Summary::of([Duration::from_nanos(1_500)]);
        assert_eq!((summary.min, summary.median, summary.p99, summary.max), (1.5, 1.5, 1.5, 1.5));
    }

    #[test]
    fn the_least_is_found_anywhere() {
        assert_eq!(least(vec![3.0, 1.0, 2.0]), 1.0);
    }

    #[test]
    fn dates_know_leap_years() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(59), "1970-03-01");
        assert_eq!(date(11_016), "2000-02-29");
        assert_eq!(date(20_453), "2025-12-31");
        assert_eq!(date(20_454), "2026-01-01");
    }
}
