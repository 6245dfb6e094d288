// SPDX-License-Identifier: Apache-2.0

//! Checks weights: runs the most expensive calls, each alone in a block, and compares their
//! declared weight with the time they take.
//!
//! The time of a call is its execution, plus the time that the end and the import of its block take
//! beyond those of an empty block. Everything is read from the database, with an empty trie cache.
//! The declared weight is the call's contribution to the weight of its block, after refunds. It
//! includes the signature and the checks around the call, and the allowance for its bytes.
//!
//! A machine with other work changes its speed during a measurement. So a block of remarks, a known
//! call, is built next to each call. Times are scaled to the machine's best speed.
//!
//! The bytes that a call declares are compared with those that its block wrote to the state beyond
//! an empty block. Events do not count.

use crate::{
    chain::{Built, Chain, Import, NODES_TRIE_CACHE},
    error::Result,
    hostile_calls::{remark, Make, World},
    report::{self, least, micros},
    state::{Template, OWNER},
};
use codec::Encode;
use frame_support::weights::Weight;
use serde::Serialize;
use sp_runtime::OpaqueExtrinsic;
use std::path::{Path, PathBuf};
use twinchain_runtime::{configs::system::BYTE_WEIGHT, RuntimeEvent};

/// Maximum ratio of measured to declared time. It allows for the noise of measurements.
const TOLERANCE: f64 = 1.25;

/// Number of remarks in the block that measures the machine's speed.
const KNOWN: u32 = 100;

/// Compares the declared weight of calls with the measured time.
#[derive(clap::Args, Debug)]
pub struct Check {
    /// Number of containers in the state.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(100..))]
    containers: u64,
    /// Number of runs of each call; the fastest counts.
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=60))]
    repeat: u32,
    /// File for the figures as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Declared and measured figures of a call. Times are in microseconds.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    call: &'static str,
    /// Length of the extrinsic, in bytes.
    bytes: usize,
    declared: f64,
    /// Speed of the machine, relative to its best.
    speed: f64,
    /// Time of the fastest run, scaled to the machine's best speed.
    measured: f64,
    /// Time of the execution of the call within `measured`.
    executed: f64,
    /// Time with everything that the call reads already in the trie cache.
    warm: f64,
    /// Measured time divided by declared time.
    ratio: f64,
    /// Bytes that the call and the checks around it may write to the state.
    declared_bytes: u64,
    /// Bytes written, of the run that wrote most.
    written_bytes: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    date: String,
    processor: String,
    containers: u64,
    repeat: u32,
    tolerance: f64,
    calls: Vec<Row>,
}

/// Figures of one block, in microseconds and bytes.
struct Sample {
    weight: Weight,
    /// Time of the execution of the call, if the block has one.
    executed: f64,
    /// Time of the end of the block and its import.
    rest: f64,
    /// The sum of both, with all reads already in the trie cache.
    warm: f64,
    /// Bytes written to the state.
    written: u64,
}

impl Check {
    /// Measures the calls, prints the report and checks the figures.
    pub fn run(&self, base: &Path) -> Result<()> {
        let folder = tempfile::tempdir_in(base)?;
        let chain = Chain::open(folder.path(), Some(NODES_TRIE_CACHE))?;
        let template = Template::make(&chain)?;
        template.fill(&chain, self.containers)?;
        let world = World::make(&chain, self.containers, self.repeat)?;
        let calls = world.calls();
        // Warm-up: the first blocks are slower than all others.
        measure(&chain, &[])?;
        let idle = (0..self.repeat.max(3)).map(|_| measure(&chain, &[]));
        let idle = idle.collect::<Result<Vec<_>>>()?;
        let rows = calls.iter().map(|(name, make)| self.row(&chain, &idle, name, make));
        let mut calls = rows.collect::<Result<Vec<_>>>()?;
        adjust(&mut calls);
        let report = Report {
            date: report::today(),
            processor: report::processor(),
            containers: self.containers,
            repeat: self.repeat,
            tolerance: TOLERANCE,
            calls,
        };
        report.print();
        if let Some(path) = &self.json {
            report::write_json(path, &report)?;
        }
        judge(&report.calls)
    }

    /// Runs a call several times, each in its own block.
    fn row(&self, chain: &Chain, idle: &[Sample], call: &'static str, make: &Make) -> Result<Row> {
        let (mut samples, mut known, mut bytes) = (Vec::new(), Vec::new(), 0);
        for run in 0..self.repeat {
            known.push(known_call(chain)?);
            let extrinsics = chain.sign(vec![make(run)])?;
            bytes = extrinsics.iter().map(Encode::encoded_size).max().unwrap_or_default();
            let sample = measure(chain, &extrinsics).map_err(|error| format!("{call}: {error}"))?;
            samples.push(sample);
        }
        Ok(Row { speed: 1.0 / least(known), ..Row::of(call, bytes, &samples, idle) })
    }
}

/// Returns the time that the known call takes, in microseconds.
fn known_call(chain: &Chain) -> Result<f64> {
    let remarks = (0..KNOWN).map(|number| (OWNER, remark(128, number))).collect();
    let block = chain.build(&chain.sign(remarks)?)?;
    Ok(block.applied.into_iter().map(micros).sum())
}

/// Makes speeds relative to the best one, and scales times to it.
fn adjust(rows: &mut [Row]) {
    let best = rows.iter().map(|row| row.speed).fold(f64::MIN_POSITIVE, f64::max);
    for row in rows {
        row.speed /= best;
        for time in [&mut row.measured, &mut row.executed, &mut row.warm, &mut row.ratio] {
            *time *= row.speed;
        }
    }
}

/// Builds and imports a block.
fn measure(chain: &Chain, extrinsics: &[OpaqueExtrinsic]) -> Result<Sample> {
    // The first build fills the trie cache for the second.
    chain.build(extrinsics)?;
    let warm = chain.build(extrinsics)?;
    let warm = warm.applied.iter().copied().map(micros).sum::<f64>() + micros(warm.finished);
    chain.forget();
    let built = chain.build(extrinsics)?;
    let weight = built.whole_weight()?;
    let executed = built.applied.iter().copied().map(micros).sum();
    let finished = micros(built.finished);
    let written = written_bytes(&built);
    check_events(built.events()?.into_iter().map(|record| record.event))?;
    let imported = micros(chain.import(built, Import::Own)?);
    Ok(Sample { weight, executed, rest: finished + imported, warm: warm + imported, written })
}

/// Returns the bytes of the keys and values that a block wrote. Of frame-system, only accounts
/// count: the rest is events or written in every block.
fn written_bytes(built: &Built) -> u64 {
    let system = sp_io::hashing::twox_128(b"System");
    let accounts = frame_support::storage::storage_prefix(b"System", b"Account");
    let counts = |key: &[u8]| !key.starts_with(&system) || key.starts_with(&accounts);
    let bytes = |(key, value): (&Vec<u8>, Option<&Vec<u8>>)| {
        value.filter(|_| counts(key)).map_or(0, |value| key.len() + value.len())
    };
    built.changes().map(bytes).sum::<usize>() as u64
}

/// Fails if a call within a batch failed: the figures would be those of another call.
fn check_events(events: impl IntoIterator<Item = RuntimeEvent>) -> Result<()> {
    use pallet_utility::Event::{BatchCompletedWithErrors, BatchInterrupted, ItemFailed};
    for event in events {
        if let RuntimeEvent::Utility(
            BatchInterrupted { .. } | BatchCompletedWithErrors | ItemFailed { .. },
        ) = event
        {
            return Err(format!("a call of a batch failed: {event:?}").into());
        }
    }
    Ok(())
}

/// Fails if a call takes much longer than it declares, or writes more.
fn judge(rows: &[Row]) -> Result<()> {
    let growing = rows.iter().filter(|row| row.written_bytes > row.declared_bytes);
    let growing: Vec<_> = growing
        .map(|row| {
            let (call, declared, written) = (row.call, row.declared_bytes, row.written_bytes);
            format!("{call} declares {declared} bytes and writes {written}")
        })
        .collect();
    if !growing.is_empty() {
        return Err(growing.join("; ").into());
    }
    let slow: Vec<_> = rows
        .iter()
        .filter(|row| row.ratio > TOLERANCE)
        .map(|row| {
            format!(
                "{} declares {:.0} us and takes {:.0} us, {:.2} times as much",
                row.call, row.declared, row.measured, row.ratio
            )
        })
        .collect();
    match slow.is_empty() {
        true => Ok(()),
        false => {
            let all = slow.join("; ");
            Err(format!("more than {TOLERANCE} times what is declared: {all}").into())
        },
    }
}

impl Row {
    fn of(call: &'static str, bytes: usize, samples: &[Sample], idle: &[Sample]) -> Self {
        let fastest = |samples: &[Sample], time: fn(&Sample) -> f64| {
            least(samples.iter().map(time).collect())
        };
        let heaviest = |samples: &[Sample], figure: fn(&Sample) -> u64| {
            samples.iter().map(figure).max().unwrap_or_default()
        };
        let beyond = |figure| heaviest(samples, figure).saturating_sub(heaviest(idle, figure));
        // Between runs of the same call, weights differ by at most a revision's byte.
        let weight = beyond(|sample| sample.weight.ref_time());
        // Blocks reserve time for all their bytes, so calls do not declare it.
        let declared = weight.saturating_add(BYTE_WEIGHT * bytes as u64) as f64 / 1e6;
        let rest = fastest(idle, |sample| sample.rest);
        let measured = (fastest(samples, |sample| sample.executed + sample.rest) - rest).max(0.0);
        let idle_warm = fastest(idle, |sample| sample.warm);
        let warm = (fastest(samples, |sample| sample.warm) - idle_warm).max(0.0);
        Self {
            call,
            bytes,
            declared,
            measured,
            executed: fastest(samples, |sample| sample.executed),
            warm,
            speed: 1.0,
            ratio: measured / declared,
            // FRAME adds the length of an extrinsic to the proof size.
            declared_bytes: beyond(|sample| sample.weight.proof_size())
                .saturating_sub(bytes as u64),
            written_bytes: beyond(|sample| sample.written),
        }
    }
}

impl Report {
    fn print(&self) {
        println!(
            "Each call alone in a block, fastest of {} runs, {} containers in the state, {}, at \
             its best speed\n",
            self.repeat, self.containers, self.processor
        );
        println!(
            "{:<44}{:>8}{:>14}{:>8}{:>14}{:>14}{:>14}{:>10}{:>16}{:>16}",
            "call",
            "bytes",
            "declared us",
            "speed",
            "measured us",
            "executed us",
            "cached us",
            "ratio",
            "declared bytes",
            "written bytes"
        );
        for row in &self.calls {
            println!(
                "{:<44}{:>8}{:>14.1}{:>8.2}{:>14.1}{:>14.1}{:>14.1}{:>10.2}{:>16}{:>16}",
                row.call,
                row.bytes,
                row.declared,
                row.speed,
                row.measured,
                row.executed,
                row.warm,
                row.ratio,
                row.declared_bytes,
                row.written_bytes
            );
        }
        println!();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(weight: u64, executed: f64, rest: f64, written: u64) -> Sample {
        Sample {
            weight: Weight::from_parts(weight, 10 * written),
            executed,
            rest,
            warm: executed + rest,
            written,
        }
    }

    #[test]
    fn time_of_an_empty_block_is_subtracted() {
        let idle = [sample(5_000_000, 0.0, 50.0, 10), sample(5_000_000, 0.0, 40.0, 10)];
        let calls = [
            sample(25_000_000, 9.0, 60.0, 30),
            sample(25_000_000, 11.0, 50.0, 31),
            sample(25_000_000, 30.0, 90.0, 30),
        ];
        let row = Row::of("x", 0, &calls, &idle);
        assert_eq!((row.declared, row.measured, row.executed), (20.0, 21.0, 9.0));
        assert!((row.ratio - 1.05).abs() < 1e-9, "{row:?}");
        assert_eq!((row.declared_bytes, row.written_bytes), (210, 21));
        judge(&[row]).unwrap();
    }

    #[test]
    fn a_call_that_writes_more_than_it_declares_fails_with_its_name() {
        let idle = [sample(0, 0.0, 0.0, 0)];
        let row = |call, bytes| Row::of(call, bytes, &[sample(1_000_000, 1.0, 0.0, 20)], &idle);
        // It declares 200 bytes, from which the length of the extrinsic is subtracted.
        judge(&[row("fine", 180)]).unwrap();
        let error = judge(&[row("fine", 180), row("writes", 181)]).unwrap_err().to_string();
        assert!(error.contains("writes") && !error.contains("fine"), "{error}");
    }

    #[test]
    fn times_are_scaled_to_the_best_speed() {
        let idle = [sample(0, 0.0, 0.0, 0)];
        let row = |speed, time| Row {
            speed,
            ..Row::of("x", 0, &[sample(1_000_000, time, 0.0, 0)], &idle)
        };
        let mut rows = [row(0.002, 1.0), row(0.001, 2.0)];
        adjust(&mut rows);
        assert_eq!(rows.each_ref().map(|row| row.speed), [1.0, 0.5]);
        assert_eq!(rows.each_ref().map(|row| row.measured), [1.0, 1.0]);
        judge(&rows).unwrap();
    }

    #[test]
    fn a_call_that_takes_too_long_fails_with_its_name() {
        let idle = [sample(0, 0.0, 0.0, 0)];
        let row = |call, time| Row::of(call, 0, &[sample(1_000_000, time, 0.0, 0)], &idle);
        let error = judge(&[row("fine", 1.25), row("slow", 1.3)]).unwrap_err().to_string();
        assert!(error.contains("slow") && !error.contains("fine"), "{error}");
    }

    #[test]
    fn check_fails_when_a_batch_stops() {
        use pallet_utility::Event::{BatchCompleted, BatchInterrupted, ItemCompleted};
        check_events([ItemCompleted, BatchCompleted].map(RuntimeEvent::Utility)).unwrap();
        let error = sp_runtime::DispatchError::BadOrigin;
        let stopped = BatchInterrupted { index: 3, error };
        assert!(check_events([RuntimeEvent::Utility(stopped)]).is_err());
    }
}
