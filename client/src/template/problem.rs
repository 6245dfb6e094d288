// SPDX-License-Identifier: Apache-2.0

//! Problems of a template, each with its place in the file.

use super::json::line_and_column;
use crate::failure::{Failure, Kind};
use data_schema::json::pointer;
use serde_json::{json, Value};

/// The reason why a part of a template cannot be imported.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Problem {
    /// The name of the plugin's link, if the problem is in a plugin.
    pub plugin: Option<String>,
    /// The name of the property, if the problem is in one.
    pub property: Option<String>,
    /// The reason, with advice on what to do.
    pub reason: String,
    /// The byte offset in the file.
    pub offset: usize,
    /// `true` if the property's value does not match its schema, so that it can be set aside.
    pub is_about_value: bool,
}

/// A problem as it is shown: with line, column and JSON Pointer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// The JSON Pointer (RFC 6901).
    pub pointer: String,
}

impl Problem {
    /// Returns the place of the problem in a file.
    pub fn place(&self, text: &[u8]) -> Place {
        let (line, column) = line_and_column(text, self.offset);
        let offset = u32::try_from(self.offset).unwrap_or(u32::MAX);
        Place { line, column, pointer: pointer(text, offset) }
    }

    /// Returns the plugin and property, such as `service/manual`, or `template`.
    pub fn subject(&self) -> String {
        match (&self.plugin, &self.property) {
            (Some(plugin), Some(property)) => format!("{plugin}/{property}"),
            (Some(plugin), None) => plugin.clone(),
            _ => "template".into(),
        }
    }

    /// Returns the problem as one line of text.
    pub fn words(&self, file: &str, text: &[u8]) -> String {
        let Place { line, column, pointer } = self.place(text);
        let pointer = match pointer.is_empty() {
            true => String::new(),
            false => format!(" (at {pointer})"),
        };
        format!("{file}:{line}:{column}: {}: {}{pointer}", self.subject(), self.reason)
    }

    /// Returns the problem as JSON.
    pub fn to_json(&self, file: &str, text: &[u8]) -> Value {
        let Place { line, column, pointer } = self.place(text);
        json!({
            "file": file,
            "plugin": self.plugin,
            "property": self.property,
            "reason": self.reason,
            "pointer": pointer,
            "line": line,
            "column": column,
        })
    }
}

/// Returns the failure for the problems of a file, which are listed in the order of the file.
pub fn failure(file: &str, text: &[u8], mut problems: Vec<Problem>) -> Failure {
    problems.sort_by_key(|problem| problem.offset);
    let count = problems.len();
    let message = match count {
        1 => format!("{file} cannot be imported: 1 problem"),
        _ => format!("{file} cannot be imported: {count} problems"),
    };
    let mut failure = Failure::new(Kind::Refused, "template", message);
    if let Some(first) = problems.first() {
        // A template without line breaks would fill the terminal.
        match is_short(text, first.offset) {
            true => failure = failure.at(file, text, first.offset),
            false => failure.pointer = Some(first.place(text).pointer),
        }
    }
    failure = failure.fix(match problems.iter().any(|problem| problem.is_about_value) {
        true => "correct the file; --drop-invalid-values sets values aside that fail their schema",
        false => "correct the file; nothing was sent",
    });
    let list = problems.iter().map(|problem| problem.to_json(file, text)).collect();
    let words = problems.iter().map(|problem| problem.words(file, text)).collect();
    failure.with_problems(list, words)
}

/// Returns `true` if the line of an offset, with those around it, is short enough to show.
fn is_short(text: &[u8], offset: usize) -> bool {
    const LONGEST: usize = 500;
    let (before, after) = text.split_at(offset.min(text.len()));
    let length = |side: &mut dyn Iterator<Item = &u8>| {
        let mut breaks = 0;
        let within = side.take_while(|byte| {
            breaks += usize::from(**byte == b'\n');
            breaks < 2
        });
        within.take(LONGEST).count()
    };
    length(&mut before.iter().rev()) + length(&mut after.iter()) < LONGEST
}
