// SPDX-License-Identifier: Apache-2.0

//! Differences between two JSON texts.

use crate::template::json::{items, members, step};
use data_schema::json::Raw;
use serde_json::{json, Value};
use std::collections::BTreeMap;

/// A difference at one place.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Difference {
    /// The JSON Pointer of the place; empty for the whole value.
    pub pointer: String,
    /// The text before, or `None` if the place is new.
    pub before: Option<String>,
    /// The text after, or `None` if the place was removed.
    pub after: Option<String>,
}

impl Difference {
    /// Returns the difference as one line of text.
    pub fn words(&self) -> String {
        let place = if self.pointer.is_empty() { "(value)" } else { &self.pointer };
        match (&self.before, &self.after) {
            (None, Some(after)) => format!("+ {place}: {after}"),
            (Some(before), None) => format!("- {place}: {before}"),
            (before, after) => {
                let text = |text: &Option<String>| text.clone().unwrap_or_default();
                format!("~ {place}: {} → {}", text(before), text(after))
            },
        }
    }

    /// Returns the difference as JSON.
    pub fn to_json(&self) -> Value {
        json!({ "pointer": self.pointer, "before": self.before, "after": self.after })
    }
}

/// Returns the differences between two JSON texts, sorted by place. White space, the order of
/// members and escapes are not differences; the digits of numbers are.
pub fn diff(before: &[u8], after: &[u8]) -> Vec<Difference> {
    let (before, after) = (leaves(before), leaves(after));
    let mut all = Vec::new();
    for (pointer, old) in &before {
        match after.get(pointer) {
            Some(new) if new == old => {},
            new => all.push(Difference {
                pointer: pointer.clone(),
                before: Some(old.clone()),
                after: new.cloned(),
            }),
        }
    }
    let is_new = |pointer: &&String| !before.contains_key(*pointer);
    all.extend(after.keys().filter(is_new).map(|pointer| Difference {
        pointer: pointer.clone(),
        before: None,
        after: after.get(pointer).cloned(),
    }));
    all.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    all
}

/// Returns the scalars, and the empty arrays and objects, of a text by their JSON Pointers. A text
/// that is not JSON is one scalar.
fn leaves(text: &[u8]) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut open = vec![(String::new(), Raw { text: text.trim_ascii(), offset: 0 })];
    while let Some((pointer, raw)) = open.pop() {
        let inner: Option<Vec<(String, Raw<'_>)>> = match raw.text.first() {
            Some(b'{') => members(raw)
                .ok()
                .map(|all| all.into_iter().map(|of| (step(&of.name), of.value)).collect()),
            Some(b'[') => items(raw).ok().map(|all| {
                all.into_iter().enumerate().map(|(at, of)| (at.to_string(), of)).collect()
            }),
            _ => None,
        };
        match inner {
            Some(inner) if !inner.is_empty() => {
                open.extend(inner.into_iter().map(|(step, of)| (format!("{pointer}/{step}"), of)));
            },
            Some(_) => {
                let is_object = raw.text.first() == Some(&b'{');
                all.insert(pointer, if is_object { "{}".into() } else { "[]".into() });
            },
            None => {
                all.insert(pointer, scalar(raw));
            },
        }
    }
    all
}

fn scalar(raw: Raw<'_>) -> String {
    match crate::template::json::string(raw) {
        Some(text) => Value::from(text).to_string(),
        None => String::from_utf8_lossy(raw.text).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(before: &str, after: &str) -> Vec<String> {
        diff(before.as_bytes(), after.as_bytes()).iter().map(Difference::words).collect()
    }

    #[test]
    fn differences_are_named_by_place() {
        assert_eq!(
            words(
                r#"{"url":"a","pages":12,"x/y":[1,2],"gone":{}}"#,
                r#"{ "pages": 13, "x/y": [1], "url": "\u0061", "new": null }"#,
            ),
            ["- /gone: {}", "+ /new: null", "~ /pages: 12 → 13", "- /x~1y/1: 2"]
        );
        assert_eq!(words("1", "1.0"), ["~ (value): 1 → 1.0"]);
        assert_eq!(words(r#""a""#, r#"["a"]"#), [r#"- (value): "a""#, r#"+ /0: "a""#]);
        assert!(words("[{}]", " [ { } ] ").is_empty());
        // 40 digits are compared exactly.
        let long = "1234567890123456789012345678901234567890";
        assert_eq!(words(long, &long.replace("890", "891")).len(), 1);
        assert_eq!(words("not JSON", "not JSON"), [""; 0]);
    }
}
