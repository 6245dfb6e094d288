// SPDX-License-Identifier: Apache-2.0

//! What is printed: words and tables for people, JSON for programs.

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

/// The version of what `--json` prints. It grows when a member changes its meaning or goes.
const SCHEMA: u32 = 1;

/// How wide tables are where there is no terminal.
const WIDTH: u16 = 160;

/// What a command answers.
pub struct Reply {
    data: Option<Value>,
    words: String,
}

impl Reply {
    /// Answers with data, and the same in words.
    pub fn new(data: Value, words: impl Into<String>) -> Self {
        Self { data: Some(data), words: words.into() }
    }

    /// Answers with nothing: what there was to say has been printed as a stream.
    pub fn silent() -> Self {
        Self { data: None, words: String::new() }
    }

    /// Adds a member to the data.
    pub fn add(&mut self, name: &str, value: Value) {
        if let Some(Value::Object(members)) = &mut self.data {
            members.entry(name).or_insert(value);
        }
    }

    /// Prints it.
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

/// Prints a line to standard output. A reader that has read enough is none of our business; one
/// that cannot take it, such as a full disk, is.
fn print(line: &str) -> Result<(), Failure> {
    let mut out = anstream::stdout();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            let message = format!("what was done cannot be printed: {error}");
            Err(Failure::other(message).fix("what was to be done is done all the same"))
        },
        _ => Ok(()),
    }
}

fn print_json(value: &Value) -> Result<(), Failure> {
    print(&escaped_json(&value.to_string()))
}

/// Prints a line of a stream: JSON for itself, or words.
pub fn stream(options: &Options, data: &Value, words: &str) -> Result<(), Failure> {
    match options.json {
        true => print_json(&json!({ "schema": SCHEMA, "data": data })),
        false => print(&printable(words)),
    }
}

/// Prints what went wrong.
pub fn fail(failure: &Failure, json_wanted: bool) {
    if json_wanted {
        let _ = print_json(&json!({ "schema": SCHEMA, "error": failure.to_json() }));
        return;
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

/// Prints words that are not the answer, such as what a question is about.
pub fn note(words: &str) {
    anstream::eprintln!("{}", printable(words));
}

/// Shows how far a command is that takes long: on a terminal, and for people only.
pub struct Progress {
    bar: ProgressBar,
    wait: WaitFor,
    has_noted_pacing: AtomicBool,
}

impl Progress {
    /// Begins to show it, for a number of transactions.
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

    /// Says what the command does now.
    pub fn say(&self, words: &'static str) {
        self.bar.set_message(words);
    }

    /// Says that the command waits for a quota: also where no progress is shown, since that can
    /// take minutes.
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

    /// Says that a transaction is sent, and what the command waits for.
    pub fn say_sent(&self) {
        self.say(match self.wait {
            WaitFor::None => "sending",
            WaitFor::Best => "sent, waiting for a block",
            WaitFor::Finalized => "sent, waiting until it is final",
        });
    }

    /// Says that one more transaction is done.
    pub fn advance(&self) {
        self.bar.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Makes a table.
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

/// Makes lines of names and values.
pub fn lines(pairs: &[(&str, String)]) -> String {
    let width = pairs.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    let line = |(name, value): &(&str, String)| format!("{name:<width$}  {value}");
    pairs.iter().map(line).collect::<Vec<_>>().join("\n")
}
