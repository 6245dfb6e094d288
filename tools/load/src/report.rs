// SPDX-License-Identifier: Apache-2.0

//! The results as a table, as JSON and as a picture.

use crate::{
    drive::{percentile, Counts, Measured},
    error::Result,
    state::Growth,
};
use serde::{Deserialize, Serialize};
use std::{fs, path::Path};

/// Fraction of the weight or the length from which blocks count as full.
const FULL: f64 = 0.95;

/// The results of all workloads.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Bench {
    /// Conditions of the run.
    pub setting: Setting,
    /// The workloads, in the order in which they ran.
    pub workloads: Vec<Figures>,
}

/// The conditions of a measurement.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Setting {
    /// The machine.
    pub machine: String,
    /// The node's version.
    pub node: String,
    /// The runtime's version.
    pub runtime: u32,
    /// Minimum seconds of each measurement.
    pub seconds: u64,
    /// Seconds before each measurement, which do not count.
    pub warm_up: u64,
    /// Number of accounts that send.
    pub accounts: usize,
    /// Number of connections through which they send.
    pub sockets: usize,
    /// Further arguments of the node.
    pub node_arguments: Vec<String>,
}

/// The figures of one workload.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Figures {
    /// Name of the workload.
    pub name: String,
    /// Measured time, counted in slots, in seconds.
    pub seconds: f64,
    /// Blocks in that time.
    pub blocks: u64,
    /// Slots without a block in that time.
    pub blocks_missed: u64,
    /// Extrinsics in these blocks. All are final.
    pub extrinsics: u64,
    /// Finalised extrinsics per second.
    pub extrinsics_per_second: f64,
    /// Items per second. An append counts each of its items.
    pub items_per_second: f64,
    /// Extrinsics per second, as a ratio to the floor.
    pub of_floor: Option<f64>,
    /// Seconds from submission until the block was seen.
    pub inclusion: Latency,
    /// Seconds from submission until the block was seen to be final.
    pub finality: Latency,
    /// Average number of extrinsics in a block.
    pub extrinsics_per_block: f64,
    /// Average fraction used of a block's weight for ordinary transactions.
    pub weight_fill: f64,
    /// Average fraction used of a block's length for ordinary transactions.
    pub length_fill: f64,
    /// The limit on the size of blocks: `weight`, `length` or `processor`.
    pub limited_by: String,
    /// Number of extrinsics that could be in flight.
    pub on_their_way: usize,
    /// The node's processor use, in percent of one core.
    pub node_cpu_percent: f64,
    /// This program's processor use, in percent of one core.
    pub own_cpu_percent: f64,
    /// The node's memory at the end of the measured time, in bytes.
    pub memory_bytes: u64,
    /// Peak of the node's memory during the workload, in bytes.
    pub memory_peak_bytes: u64,
    /// Effect of one operation on the state.
    pub state: Growth,
    /// Bytes by which the database grew on disk for each extrinsic.
    pub disk_bytes_per_extrinsic: f64,
    /// Rejections by the pool, by reason.
    pub refused: Counts,
    /// Number of extrinsics that the pool accepted and lost.
    pub lost: u64,
    /// Failures in blocks, by error.
    pub failed: Counts,
    /// Number of extrinsics that were signed during the measurement.
    pub signed_late: u64,
}

/// Two percentiles of a distribution, in seconds.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Latency {
    /// The median.
    pub p50: f64,
    /// The 95th percentile.
    pub p95: f64,
}

impl Latency {
    /// Returns the percentiles of sorted values.
    pub fn of(sorted: &[f64]) -> Self {
        Self { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95) }
    }
}

impl Figures {
    /// Returns the figures of a measurement.
    pub fn new(name: &str, items: u32, measured: &Measured, state: Growth) -> Self {
        let rate = measured.rate();
        let (weight_fill, length_fill) = (measured.weight_fill, measured.length_fill);
        let limited_by = match () {
            () if weight_fill >= FULL => "weight",
            () if length_fill >= FULL => "length",
            () => "processor",
        };
        Self {
            name: name.into(),
            seconds: measured.seconds(),
            blocks: measured.blocks,
            blocks_missed: measured.missed(),
            extrinsics: measured.extrinsics,
            extrinsics_per_second: rate,
            items_per_second: rate * f64::from(items),
            of_floor: None,
            inclusion: Latency::of(&measured.to_inclusion),
            finality: Latency::of(&measured.to_finality),
            extrinsics_per_block: measured.extrinsics as f64 / measured.blocks.max(1) as f64,
            weight_fill,
            length_fill,
            limited_by: limited_by.into(),
            on_their_way: measured.on_their_way,
            node_cpu_percent: measured.node_cpu * 100.0,
            own_cpu_percent: measured.own_cpu * 100.0,
            memory_bytes: measured.memory.0,
            memory_peak_bytes: measured.memory.1,
            state,
            disk_bytes_per_extrinsic: measured.disk.0 as f64 / measured.disk.1.max(1) as f64,
            refused: measured.refused.clone(),
            lost: measured.lost,
            failed: measured.failed.clone(),
            signed_late: measured.late,
        }
    }

    /// Returns the number of rejections, failures and lost extrinsics.
    pub fn bad(&self) -> u64 {
        self.refused.values().sum::<u64>() + self.failed.values().sum::<u64>() + self.lost
    }
}

impl Bench {
    /// Computes each workload's ratio to the floor, if the floor is among them.
    pub fn compare(&mut self, floor: &str) {
        let floor = self.workloads.iter().find(|workload| workload.name == floor);
        let Some(floor) = floor.map(|floor| floor.extrinsics_per_second) else { return };
        for workload in &mut self.workloads {
            workload.of_floor = Some(workload.extrinsics_per_second / floor);
        }
    }

    /// Returns the results as a table.
    pub fn table(&self) -> String {
        let heads = [
            "workload",
            "ext/s",
            "items/s",
            "of floor",
            "in block s",
            "final s",
            "ext/block",
            "weight",
            "length",
            "limit",
            "missed",
            "bad",
            "CPU %",
            "own %",
            "MB",
            "peak MB",
            "state +B",
            "written B",
            "disk B",
        ];
        let two = |latency: &Latency| format!("{:.1}/{:.1}", latency.p50, latency.p95);
        let percent = |part: f64| format!("{:.0} %", part * 100.0);
        let rows = self.workloads.iter().map(|figures| {
            vec![
                figures.name.clone(),
                format!("{:.0}", figures.extrinsics_per_second),
                format!("{:.0}", figures.items_per_second),
                figures.of_floor.map_or("-".into(), |ratio| format!("{ratio:.2}")),
                two(&figures.inclusion),
                two(&figures.finality),
                format!("{:.0}", figures.extrinsics_per_block),
                percent(figures.weight_fill),
                percent(figures.length_fill),
                figures.limited_by.clone(),
                figures.blocks_missed.to_string(),
                figures.bad().to_string(),
                format!("{:.0}", figures.node_cpu_percent),
                format!("{:.0}", figures.own_cpu_percent),
                megabytes(figures.memory_bytes),
                megabytes(figures.memory_peak_bytes),
                figures.state.added_bytes.to_string(),
                figures.state.written_bytes.to_string(),
                format!("{:.0}", figures.disk_bytes_per_extrinsic),
            ]
        });
        let mut text = table(&heads, rows.collect());
        text.push_str(
            "\nin block, final: p50/p95 of the time since submission. bad: \
             rejected, lost or failed.\nCPU: of the node, 100 is one core; own: of this program. \
             state, written: keys and values for each operation.\n",
        );
        for figures in &self.workloads {
            text.push_str(&trouble(&figures.name, &figures.refused, figures.lost, &figures.failed));
        }
        text
    }

    /// Returns the results as a picture with a bar for each workload.
    pub fn svg(&self) -> String {
        const WIDTH: f64 = 760.0;
        const LEFT: f64 = 150.0;
        const LONGEST: f64 = 340.0;
        const TOP: f64 = 64.0;
        const STEP: f64 = 34.0;
        let most = self.workloads.iter().map(|figures| figures.extrinsics_per_second);
        let most = most.fold(f64::MIN_POSITIVE, f64::max);
        let height = TOP + STEP * self.workloads.len() as f64 + 34.0;
        let mut svg = format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="13">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="16" y="26" font-size="16" font-weight="bold" fill="#1a1a1a">Finalised extrinsics per second</text>
<text x="16" y="46" fill="#555555">{}</text>
"##,
            escape(&format!("one validator, {}", self.setting.machine))
        );
        for (row, figures) in self.workloads.iter().enumerate() {
            let y = TOP + STEP * row as f64;
            let length = LONGEST * figures.extrinsics_per_second / most;
            let items = match figures.items_per_second > figures.extrinsics_per_second {
                true => format!(", {:.0} items/s", figures.items_per_second),
                false => String::new(),
            };
            let label = format!(
                "{:.0}/s{items}, final in {:.1} s",
                figures.extrinsics_per_second, figures.finality.p50
            );
            svg.push_str(&format!(
                r##"<text x="{:.0}" y="{:.0}" text-anchor="end" fill="#1a1a1a">{}</text>
<rect x="{LEFT:.0}" y="{y:.0}" width="{length:.1}" height="22" fill="#2b6cb0"/>
<text x="{:.1}" y="{:.0}" fill="#1a1a1a">{}</text>
"##,
                LEFT - 8.0,
                y + 16.0,
                escape(&figures.name),
                LEFT + length + 8.0,
                y + 16.0,
                escape(&label)
            ));
        }
        svg.push_str(&format!(
            r##"<text x="16" y="{:.0}" fill="#555555">{}</text>
</svg>
"##,
            height - 14.0,
            escape(&format!(
                "{} accounts, {} sockets, {} s each; the load generator runs on the same machine",
                self.setting.accounts, self.setting.sockets, self.setting.seconds
            ))
        ));
        svg
    }
}

/// The results of all floods.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Hostile {
    /// Conditions of the run.
    pub setting: Setting,
    /// The minimum ratio.
    pub least: f64,
    /// Figures without a flood, and with each flood.
    pub floods: Vec<FloodFigures>,
}

/// The name of a measurement without a flood.
pub const QUIET: &str = "no flood";

/// The rate of the members' extrinsics during a flood.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct FloodFigures {
    /// Name of the flood.
    pub name: String,
    /// Finalised extrinsics of members per second.
    pub extrinsics_per_second: f64,
    /// Ratio to the rate without a flood.
    pub ratio: f64,
    /// Seconds from the submission of a member's extrinsic until its block was seen.
    pub inclusion: Latency,
    /// Slots without a block.
    pub blocks_missed: u64,
    /// `true` if the node still ran and made blocks.
    pub alive: bool,
    /// The flood's connections, and the number of requests in flight for each.
    pub connections: (usize, usize),
    /// Responses per second to the flood, of any content.
    pub answers_per_second: f64,
    /// Responses to the flood, by content.
    pub answers: Counts,
    /// The node's processor use, in percent of one core.
    pub node_cpu_percent: f64,
    /// Processor use of this program, including the flood, in percent of one core.
    pub own_cpu_percent: f64,
    /// Peak of the node's memory, in bytes.
    pub memory_peak_bytes: u64,
    /// Members' extrinsics that the pool rejected, by reason.
    pub refused: Counts,
    /// Number of members' extrinsics that the pool accepted and lost.
    pub lost: u64,
    /// Failures in blocks, by error.
    pub failed: Counts,
}

impl FloodFigures {
    /// Returns the figures of the members' extrinsics. The other fields are empty.
    pub fn new(name: &str, measured: &Measured) -> Self {
        Self {
            name: name.into(),
            extrinsics_per_second: measured.rate(),
            inclusion: Latency::of(&measured.to_inclusion),
            blocks_missed: measured.missed(),
            alive: true,
            node_cpu_percent: measured.node_cpu * 100.0,
            own_cpu_percent: measured.own_cpu * 100.0,
            memory_peak_bytes: measured.memory.1,
            refused: measured.refused.clone(),
            lost: measured.lost,
            failed: measured.failed.clone(),
            ..Self::default()
        }
    }

    /// Returns `true` if the node is alive and the members' rate is high enough.
    pub fn is_good(&self, least: f64) -> bool {
        self.alive && self.ratio >= least
    }
}

/// Computes the ratio of each flood to the mean of the nearest measurements without a flood, before
/// and after it. Both the chain and the machine change over time.
pub fn compare(floods: &mut [FloodFigures]) {
    let quiet = |flood: &&FloodFigures| flood.name == QUIET;
    let rates: Vec<f64> = (0..floods.len())
        .map(|position| {
            let (before, after) = floods.split_at(position);
            let around = [before.iter().rev().find(quiet), after.iter().find(quiet)];
            let rates = around.iter().flatten().map(|flood| flood.extrinsics_per_second);
            rates.clone().sum::<f64>() / rates.count() as f64
        })
        .collect();
    for (flood, rate) in floods.iter_mut().zip(rates) {
        flood.ratio = match flood.name == QUIET {
            true => 1.0,
            false => flood.extrinsics_per_second / rate,
        };
    }
}

impl Hostile {
    /// Returns the results as a table.
    pub fn table(&self) -> String {
        let heads = [
            "flood",
            "members' ext/s",
            "ratio",
            "",
            "in block s",
            "missed",
            "alive",
            "sockets",
            "answers/s",
            "CPU %",
            "own %",
            "peak MB",
        ];
        let rows = self.floods.iter().map(|flood| {
            let (sockets, each) = flood.connections;
            vec![
                flood.name.clone(),
                format!("{:.0}", flood.extrinsics_per_second),
                format!("{:.2}", flood.ratio),
                if flood.is_good(self.least) { "ok" } else { "BAD" }.into(),
                format!("{:.1}/{:.1}", flood.inclusion.p50, flood.inclusion.p95),
                flood.blocks_missed.to_string(),
                if flood.alive { "yes" } else { "NO" }.into(),
                format!("{sockets}x{each}"),
                format!("{:.0}", flood.answers_per_second),
                format!("{:.0}", flood.node_cpu_percent),
                format!("{:.0}", flood.own_cpu_percent),
                megabytes(flood.memory_peak_bytes),
            ]
        });
        let mut text = table(&heads, rows.collect());
        text.push_str(&format!(
            "\nratio: the members' extrinsics per second, relative to those without a flood; below \
             {} is bad.\nCPU: of the node, 100 is one core; own: of this program, flood and \
             members together.\n",
            self.least
        ));
        for flood in &self.floods {
            let mut answers: Vec<_> = flood.answers.iter().collect();
            answers.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
            for (answer, count) in answers.into_iter().take(3) {
                text.push_str(&format!("  {}: {count} answers: {answer}\n", flood.name));
            }
            text.push_str(&trouble(&flood.name, &flood.refused, flood.lost, &flood.failed));
        }
        text
    }

    /// Returns `true` if the node withstood every flood.
    pub fn is_good(&self) -> bool {
        self.floods.iter().all(|flood| flood.is_good(self.least))
    }
}

/// Writes a value as JSON into a folder, which is created if necessary.
pub fn write_json(folder: &Path, name: &str, what: &impl Serialize) -> Result<()> {
    let mut text = serde_json::to_string_pretty(what)?;
    text.push('\n');
    write(folder, name, &text)
}

/// Writes a file into a folder, which is created if necessary.
pub fn write(folder: &Path, name: &str, text: &str) -> Result<()> {
    fs::create_dir_all(folder)?;
    let path = folder.join(name);
    fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// Draws the picture from the file with the figures.
pub fn draw(folder: &Path, figures: &str, picture: &str) -> Result<()> {
    let bench: Bench = serde_json::from_slice(&fs::read(folder.join(figures))?)?;
    write(folder, picture, &bench.svg())
}

fn trouble(name: &str, refused: &Counts, lost: u64, failed: &Counts) -> String {
    let lines = |what: &str, counts: &Counts| {
        let line = |(why, count): (&String, &u64)| format!("  {name}: {count} {what}: {why}\n");
        counts.iter().map(line).collect::<String>()
    };
    let lost = match lost {
        0 => String::new(),
        lost => format!("  {name}: {lost} lost by the pool after it accepted them\n"),
    };
    lines("rejected", refused) + &lines("failed", failed) + &lost
}

fn megabytes(bytes: u64) -> String {
    format!("{:.0}", bytes as f64 / 1e6)
}

/// Formats rows with columns as wide as their content. The first column is left-aligned, the others
/// are right-aligned.
fn table(heads: &[&str], rows: Vec<Vec<String>>) -> String {
    let heads: Vec<String> = heads.iter().map(|head| head.to_string()).collect();
    let all: Vec<_> = std::iter::once(heads).chain(rows).collect();
    let columns = all.iter().map(Vec::len).max().unwrap_or_default();
    let length =
        |row: &Vec<String>, column: usize| row.get(column).map_or(0, |s| s.chars().count());
    let widths: Vec<usize> = (0..columns)
        .map(|column| all.iter().map(|row| length(row, column)).max().unwrap_or_default())
        .collect();
    let line = |row: &Vec<String>| {
        let cells =
            row.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| match column {
                0 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_string() + "\n"
    };
    all.iter().map(line).collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bench() -> Bench {
        let figures = |name: &str, rate: f64| Figures {
            name: name.into(),
            extrinsics_per_second: rate,
            items_per_second: rate * 2.0,
            ..Figures::default()
        };
        let setting = Setting {
            machine: "2 cores of A & B <x>".into(),
            node: "node 1".into(),
            runtime: 1,
            seconds: 30,
            warm_up: 12,
            accounts: 64,
            sockets: 4,
            node_arguments: Vec::new(),
        };
        let mut workloads = vec![figures("floor", 400.0), figures("other", 100.0)];
        workloads[1].failed.insert("Module".into(), 3);
        workloads[1].lost = 2;
        Bench { setting, workloads }
    }

    #[test]
    fn columns_are_as_wide_as_their_content() {
        let text = table(&["a", "long"], vec![vec!["name".into(), "1".into()]]);
        assert_eq!(text, "a     long\nname     1\n");
    }

    #[test]
    fn the_table_shows_ratios_to_the_floor_and_problems() {
        let mut bench = bench();
        bench.compare("floor");
        assert_eq!(bench.workloads[1].of_floor, Some(0.25));
        let text = bench.table();
        assert!(text.contains("0.25"), "{text}");
        assert!(text.contains("other: 3 failed: Module"), "{text}");
        assert!(text.contains("other: 2 lost"), "{text}");
        assert_eq!(bench.workloads[1].bad(), 5);
    }

    #[test]
    fn without_a_floor_nothing_is_compared() {
        let mut bench = bench();
        bench.compare("none");
        assert_eq!(bench.workloads[0].of_floor, None);
        assert!(bench.table().contains('-'));
    }

    #[test]
    fn the_longest_bar_is_that_of_the_fastest() {
        let svg = bench().svg();
        assert!(svg.starts_with("<svg") && svg.ends_with("</svg>\n"), "{svg}");
        assert!(svg.contains(r#"width="340.0""#) && svg.contains(r#"width="85.0""#), "{svg}");
        assert!(svg.contains("A &amp; B &lt;x&gt;"), "{svg}");
        assert_eq!(svg.matches("<text").count(), svg.matches("</text>").count());
    }

    #[test]
    fn the_picture_is_drawn_from_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("new");
        write_json(&inner, "bench.json", &bench()).unwrap();
        draw(&inner, "bench.json", "bench.svg").unwrap();
        assert_eq!(fs::read_to_string(inner.join("bench.svg")).unwrap(), bench().svg());
    }

    #[test]
    fn full_blocks_are_limited_by_their_weight() {
        let figures = |weight_fill, length_fill| {
            let measured = Measured { weight_fill, length_fill, ..Measured::default() };
            Figures::new("x", 1, &measured, Growth::default()).limited_by
        };
        assert_eq!(figures(0.99, 0.3), "weight");
        assert_eq!(figures(0.3, 0.99), "length");
        assert_eq!(figures(0.3, 0.3), "processor");
    }

    #[test]
    fn a_flood_is_bad_if_the_members_rate_drops() {
        let measured =
            |extrinsics| Measured { slots: 10, blocks: 9, extrinsics, ..Measured::default() };
        let row = |(name, extrinsics)| FloodFigures::new(name, &measured(extrinsics));
        let rows = [(QUIET, 400), ("x", 300), (QUIET, 800), ("y", 300)];
        let mut floods = rows.map(row);
        compare(&mut floods);
        let ratios: Vec<f64> = floods.iter().map(|flood| flood.ratio).collect();
        assert_eq!(ratios, [1.0, 0.5, 1.0, 0.375]);
        let flood = &floods[1];
        assert_eq!((flood.extrinsics_per_second, flood.blocks_missed), (10.0, 1));
        assert!(flood.is_good(0.5) && !flood.is_good(0.7));
        assert!(!FloodFigures { alive: false, ..flood.clone() }.is_good(0.5));
    }
}
