// SPDX-License-Identifier: Apache-2.0

//! Output: text and tables for people, JSON for programs.

use crate::cli::{Options, WaitFor};
use comfy_table::{presets, ContentArrangement, Table};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{json, Value};
use std::{
    io::{IsTerminal, Write},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use twinchain_client::{
    failure::{escaped_json, printable},
    Failure,
};

/// The version of the `--json` output. It increases when a member changes its meaning or is
/// removed.
const SCHEMA: u32 = 1;

/// The width of tables without a terminal, in characters.
const WIDTH: u16 = 160;

/// The result of a command.
pub struct Reply {
    data: Option<Value>,
    words: String,
}

impl Reply {
    /// Returns a reply with data, and the same as text.
    pub fn new(data: Value, words: impl Into<String>) -> Self {
        Self { data: Some(data), words: words.into() }
    }

    /// Returns an empty reply, for a command that has printed its output as a stream.
    pub fn silent() -> Self {
        Self { data: None, words: String::new() }
    }

    /// Adds a member to the data.
    pub fn add(&mut self, name: &str, value: Value) {
        if let Some(Value::Object(members)) = &mut self.data {
            members.entry(name).or_insert(value);
        }
    }

    /// Prints the reply.
    pub fn print(self, options: &Options) -> Result<(), Failure> {
        if options.json {
            match self.data {
                Some(data) => print_json(&json!({ "schema": SCHEMA, "data": data })),
                None => Ok(()),
            }
        } else if !self.words.is_empty() {
            print(&printable(&self.words))
        } else {
            Ok(())
        }
    }
}

/// Prints a line to standard output. Ignores a closed pipe, but fails for other errors, such as a
/// full disk.
fn print(line: &str) -> Result<(), Failure> {
    let mut out = anstream::stdout();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            let message = format!("the result cannot be printed: {error}");
            Err(Failure::other(message).fix("the command itself was executed"))
        },
        _ => Ok(()),
    }
}

fn print_json(value: &Value) -> Result<(), Failure> {
    print(&escaped_json(&value.to_string()))
}

/// Prints one element of a stream: a JSON object on one line, or text.
pub fn stream(options: &Options, data: &Value, words: &str) -> Result<(), Failure> {
    match options.json {
        true => print_json(&json!({ "schema": SCHEMA, "data": data })),
        false => print(&printable(words)),
    }
}

/// Prints a failure: as JSON on standard output, or as text on standard error.
pub fn fail(failure: &Failure, json_wanted: bool) {
    if json_wanted {
        let _ = print_json(&json!({ "schema": SCHEMA, "error": failure.to_json() }));
        return;
    }
    for problem in failure.problems().into_iter().flat_map(|problems| &problems.words) {
        note(problem);
    }
    let wide = std::env::var("COLUMNS").ok().and_then(|width| width.parse().ok());
    let theme = match std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
        true => miette::GraphicalTheme::unicode(),
        false => miette::GraphicalTheme::unicode_nocolor(),
    };
    let handler = miette::GraphicalReportHandler::new_themed(theme).with_width(wide.unwrap_or(100));
    let mut text = String::new();
    let failure = &failure.clone().for_terminal();
    match handler.render_report(&mut text, failure) {
        Ok(()) => anstream::eprintln!("{}", text.trim_end()),
        Err(_) => anstream::eprintln!("error: {failure}"),
    }
}

/// Prints text on standard error that is not the result, such as context for a question.
pub fn note(words: &str) {
    anstream::eprintln!("{}", printable(words));
}

/// The progress display of a long command. It is shown only on a terminal, and not with `--json`.
pub struct Progress {
    bar: ProgressBar,
    wait: WaitFor,
    has_noted_pacing: AtomicBool,
}

impl Progress {
    /// Starts the display for a number of transactions.
    pub fn new(options: &Options, wait: WaitFor, transactions: usize) -> Self {
        let is_shown = !options.json && std::io::stderr().is_terminal();
        let bar = match (is_shown, transactions) {
            (false, _) => ProgressBar::hidden(),
            (true, 0 | 1) => ProgressBar::new_spinner(),
            (true, count) => ProgressBar::new(count as u64),
        };
        let template = match transactions {
            0 | 1 => "{spinner} {msg} ({elapsed})",
            _ => "{spinner} {bar:30} {pos} of {len} transactions, {msg} ({elapsed})",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        if is_shown {
            bar.enable_steady_tick(Duration::from_millis(120));
        }
        let progress = Self { bar, wait, has_noted_pacing: AtomicBool::new(false) };
        progress.say("preparing");
        progress
    }

    /// Shows what the command currently does.
    pub fn say(&self, words: &'static str) {
        self.bar.set_message(words);
    }

    /// Shows that the command waits for a quota. Prints a note if no progress is shown, because the
    /// wait can take minutes.
    pub fn say_pacing(&self, blocks: Option<u64>) {
        let words = match blocks {
            None => "the quota is used up: waiting until it has filled up".to_string(),
            Some(blocks) => format!(
                "the quota is used up: waiting until it has filled up, which takes at most \
                 {blocks} blocks"
            ),
        };
        if self.bar.is_hidden() && !self.has_noted_pacing.swap(true, Ordering::Relaxed) {
            note(&words);
        }
        self.bar.set_message(words);
    }

    /// Shows that a transaction is sent, and what the command waits for.
    pub fn say_sent(&self) {
        self.say(match self.wait {
            WaitFor::None => "sending",
            WaitFor::Best => "sent, waiting for a block",
            WaitFor::Finalized => "sent, waiting until the block is finalized",
        });
    }

    /// Counts a transaction as done.
    pub fn advance(&self) {
        self.bar.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Formats a table.
pub fn table<const N: usize>(titles: [&str; N], rows: Vec<[String; N]>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    let width = std::env::var("COLUMNS").ok().and_then(|width| width.parse().ok());
    match width {
        Some(width) => {
            table.set_width(width);
        },
        None if !std::io::stdout().is_terminal() => {
            table.set_width(WIDTH);
        },
        None => {},
    }
    table.set_header(titles.map(str::to_uppercase));
    for row in rows {
        table.add_row(row);
    }
    table.to_string()
}

/// Formats names and values as aligned lines.
pub fn lines(pairs: &[(&str, String)]) -> String {
    let width = pairs.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    let line = |(name, value): &(&str, String)| format!("{name:<width$}  {value}");
    pairs.iter().map(line).collect::<Vec<_>>().join("\n")
}
