// SPDX-License-Identifier: Apache-2.0

//! What was measured, as a table, as JSON and as a picture.

use crate::{
    drive::{percentile, Counts, Measured},
    error::Result,
    state::Growth,
};
use serde::{Deserialize, Serialize};
use std::{fs, path::Path};

/// From this part of the weight or the length on, blocks count as full.
const FULL: f64 = 0.95;

/// A run of all workloads.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Bench {
    /// Where and how it ran.
    pub setting: Setting,
    /// The workloads, in the order in which they ran.
    pub workloads: Vec<Figures>,
}

/// Where and how something was measured.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Setting {
    /// The machine.
    pub machine: String,
    /// The node's version.
    pub node: String,
    /// The runtime's version.
    pub runtime: u32,
    /// Seconds that each workload was measured, at least.
    pub seconds: u64,
    /// Seconds before that, which do not count.
    pub warm_up: u64,
    /// The accounts that send.
    pub accounts: usize,
    /// The connections that they send through.
    pub sockets: usize,
    /// Further arguments of the node.
    pub node_arguments: Vec<String>,
}

/// What one workload came to.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Figures {
    /// The workload.
    pub name: String,
    /// The time that was measured, as slots count it.
    pub seconds: f64,
    /// The blocks of that time.
    pub blocks: u64,
    /// The slots of that time without a block.
    pub blocks_missed: u64,
    /// The extrinsics in these blocks, all of them final.
    pub extrinsics: u64,
    /// Extrinsics a second, made final.
    pub extrinsics_per_second: f64,
    /// Items a second: of an append, each of what it appends.
    pub items_per_second: f64,
    /// Extrinsics a second, compared with those of the floor.
    pub of_floor: Option<f64>,
    /// Seconds from handing an extrinsic in to knowing its block.
    pub inclusion: Latency,
    /// Seconds from handing an extrinsic in to knowing that its block is final.
    pub finality: Latency,
    /// Extrinsics in a block, on average.
    pub extrinsics_per_block: f64,
    /// The part used of a block's weight for ordinary transactions, on average.
    pub weight_fill: f64,
    /// The part used of a block's length for ordinary transactions, on average.
    pub length_fill: f64,
    /// What kept blocks from holding more: `weight`, `length` or `processor`.
    pub limited_by: String,
    /// Extrinsics that were handed in and in no block, as many as were let through at once.
    pub on_their_way: usize,
    /// The node's use of the processor, in percent of one core.
    pub node_cpu_percent: f64,
    /// This program's.
    pub own_cpu_percent: f64,
    /// The node's memory at the end of the measured time, in bytes.
    pub memory_bytes: u64,
    /// The most that it had during the workload.
    pub memory_peak_bytes: u64,
    /// What one operation does to the state.
    pub state: Growth,
    /// The bytes by which the database grew on the disk for each extrinsic.
    pub disk_bytes_per_extrinsic: f64,
    /// What the pool refused.
    pub refused: Counts,
    /// How many the pool took and lost, so that they had to be handed in again.
    pub lost: u64,
    /// What failed in a block.
    pub failed: Counts,
    /// How many had to be signed while it was measured.
    pub signed_late: u64,
}

/// A distribution in two numbers, in seconds.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Latency {
    /// The median.
    pub p50: f64,
    /// What 95 of 100 do not exceed.
    pub p95: f64,
}

impl Latency {
    /// Of sorted values.
    pub fn of(sorted: &[f64]) -> Self {
        Self { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95) }
    }
}

impl Figures {
    /// The figures of what was measured.
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

    /// How many extrinsics came to nothing.
    pub fn bad(&self) -> u64 {
        self.refused.values().sum::<u64>() + self.failed.values().sum::<u64>() + self.lost
    }
}

impl Bench {
    /// Compares all workloads with the floor, if that is among them.
    pub fn compare(&mut self, floor: &str) {
        let floor = self.workloads.iter().find(|workload| workload.name == floor);
        let Some(floor) = floor.map(|floor| floor.extrinsics_per_second) else { return };
        for workload in &mut self.workloads {
            workload.of_floor = Some(workload.extrinsics_per_second / floor);
        }
    }

    /// As a table.
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
            "\nin block, final: p50/p95 of the time since an extrinsic was handed in. bad: \
             refused, lost or failed.\nCPU: of the node, 100 is one core; own: of this program. state, \
             written: keys and values for each operation.\n",
        );
        for figures in &self.workloads {
            text.push_str(&trouble(&figures.name, &figures.refused, figures.lost, &figures.failed));
        }
        text
    }

    /// As a picture: a bar for each workload.
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
<text x="16" y="26" font-size="16" font-weight="bold" fill="#1a1a1a">Extrinsics a second, made final</text>
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
                "{} accounts, {} sockets, {} s each; the generator runs on the same machine",
                self.setting.accounts, self.setting.sockets, self.setting.seconds
            ))
        ));
        svg
    }
}

/// A run of all floods.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Hostile {
    /// Where and how it ran.
    pub setting: Setting,
    /// The least ratio that is good enough.
    pub least: f64,
    /// What happened without a flood, and with each.
    pub floods: Vec<FloodFigures>,
}

/// The name of what is measured without a flood.
pub const QUIET: &str = "no flood";

/// What the members' extrinsics came to while something was flooded.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct FloodFigures {
    /// The flood.
    pub name: String,
    /// The members' extrinsics a second, made final.
    pub extrinsics_per_second: f64,
    /// Compared with those without a flood.
    pub ratio: f64,
    /// Seconds from handing a member's extrinsic in to knowing its block.
    pub inclusion: Latency,
    /// The slots without a block.
    pub blocks_missed: u64,
    /// Whether the node still ran and answered.
    pub alive: bool,
    /// The flood's connections, and how many requests each had on their way.
    pub connections: (usize, usize),
    /// The flood's requests a second that were answered, whatever the answer.
    pub answers_per_second: f64,
    /// The flood's requests by how they were answered.
    pub answers: Counts,
    /// The node's use of the processor, in percent of one core.
    pub node_cpu_percent: f64,
    /// That of this program, which the flood comes from.
    pub own_cpu_percent: f64,
    /// The most memory that the node had, in bytes.
    pub memory_peak_bytes: u64,
    /// The members' extrinsics that the pool refused.
    pub refused: Counts,
    /// How many of them the pool took and lost, so that they had to be handed in again.
    pub lost: u64,
    /// What failed in the blocks.
    pub failed: Counts,
}

impl FloodFigures {
    /// The part about the members' extrinsics. The rest is left empty.
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

    /// Whether the members hardly noticed.
    pub fn is_good(&self, least: f64) -> bool {
        self.alive && self.ratio >= least
    }
}

/// Compares each flood with the mean of what was measured without one just before and after it,
/// since both the chain and the machine change meanwhile.
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
    /// As a table.
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
            "\nratio: the members' extrinsics a second, compared with those without a flood; below \
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

    /// Whether no flood did much.
    pub fn is_good(&self) -> bool {
        self.floods.iter().all(|flood| flood.is_good(self.least))
    }
}

/// Writes something as JSON, into a folder that is made if need be.
pub fn write_json(folder: &Path, name: &str, what: &impl Serialize) -> Result<()> {
    let mut text = serde_json::to_string_pretty(what)?;
    text.push('\n');
    write(folder, name, &text)
}

/// Writes a file, into a folder that is made if need be.
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
        lost => format!("  {name}: {lost} lost by the pool, after it took them\n"),
    };
    lines("refused", refused) + &lines("failed", failed) + &lost
}

fn megabytes(bytes: u64) -> String {
    format!("{:.0}", bytes as f64 / 1e6)
}

/// Columns as wide as what is in them; the first is aligned left, the others right.
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
    fn columns_are_as_wide_as_what_is_in_them() {
        let text = table(&["a", "long"], vec![vec!["name".into(), "1".into()]]);
        assert_eq!(text, "a     long\nname     1\n");
    }

    #[test]
    fn the_table_compares_with_the_floor_and_tells_of_trouble() {
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
    fn a_flood_is_bad_when_members_come_to_less() {
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
