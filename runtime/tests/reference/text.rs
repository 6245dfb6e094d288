// SPDX-License-Identifier: Apache-2.0

//! Helpers for Markdown and source code.

use std::fmt::Write;

/// Writes a heading, with one empty line before and after.
pub fn heading(out: &mut String, level: usize, text: &str) {
    if !out.ends_with("\n\n") {
        out.push('\n');
    }
    writeln!(out, "{} {text}\n", "#".repeat(level)).expect("writing to a string succeeds");
}

/// Writes a line or several lines.
pub fn line(out: &mut String, text: &str) {
    writeln!(out, "{}", text.trim_end_matches(' ')).expect("writing to a string succeeds");
}

/// Joins documentation into one paragraph.
pub fn joined(docs: &[String]) -> String {
    sentences(docs.iter().map(String::as_str))
}

/// Joins the texts that are not empty, with spaces.
pub fn sentences<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let texts: Vec<&str> =
        texts.into_iter().map(str::trim).filter(|text| !text.is_empty()).collect();
    texts.join(" ")
}

/// Returns the anchor that GitHub gives to a heading.
pub fn anchor(heading: &str) -> String {
    let kept = |letter: &char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_');
    heading.to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-")
}

/// Breaks a text at spaces into lines of at most `width` bytes, unless a word is longer. Each line
/// but the last ends with its space.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_inclusive(' ') {
        let last = lines.last_mut().expect("there is always a line");
        if !last.is_empty() && last.len() + word.trim_end().len() > width {
            lines.push(word.into());
        } else {
            last.push_str(word);
        }
    }
    lines
}

/// Returns a name in snake case in the camel case of Polkadot.js.
pub fn camel_case(name: &str) -> String {
    let mut parts = name.split('_');
    let mut camel = String::from(parts.next().unwrap_or_default());
    for part in parts {
        camel.push_str(&part[..1].to_uppercase());
        camel.push_str(&part[1..]);
    }
    camel
}

/// Returns the name of a crate in Pascal case, without `pallet_`.
pub fn pallet_name(name: &str) -> String {
    let camel = camel_case(name.strip_prefix("pallet_").unwrap_or(name));
    format!("{}{}", camel[..1].to_uppercase(), &camel[1..])
}
