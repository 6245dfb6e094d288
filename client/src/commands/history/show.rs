// SPDX-License-Identifier: Apache-2.0

//! Histories as text, JSON and comma-separated values.

use crate::{
    context::{as_json, shown},
    output::{lines, table, Reply},
    times,
};
use serde_json::{json, Value as Json};
use twinchain_client::{
    failure::{escaped_json, printable},
    history::{diff::Difference, Change, State, Subject},
};

/// A value as it is shown.
pub struct Value {
    /// The JSON text, or `None` if no key opens it.
    pub text: Option<Vec<u8>>,
    /// The reason why it is closed, or the mismatch with its schema.
    pub why: Option<String>,
}

impl Value {
    fn words(&self) -> String {
        match (&self.text, &self.why) {
            (None, Some(why)) => format!("(closed: {why})"),
            (None, None) => "(closed)".into(),
            (Some(text), None) => shown(text),
            (Some(text), Some(why)) => format!("{}\n{why}", shown(text)),
        }
    }

    fn json(&self) -> Json {
        let text = self.text.as_ref();
        json!({
            "value": text.map(|text| as_json(text)),
            "text": text.map(|text| String::from_utf8_lossy(text)),
            "closed": self.text.is_none().then_some(self.why.as_ref()),
            "mismatch": text.and(self.why.as_ref()),
        })
    }
}

/// A change as it is shown.
pub struct Row {
    pub change: Change,
    /// The authority in words.
    pub by: String,
    /// The values, or `None` for a change without any.
    pub values: Option<Vec<Value>>,
    /// The differences from the value before.
    pub diff: Vec<Difference>,
}

impl Row {
    /// Returns the address of the item that the change is about.
    fn item(&self) -> Option<String> {
        let Change { batch, position, .. } = self.change;
        Some(format!("{}.{}", batch?, position?))
    }

    fn is_about_fields(&self) -> bool {
        self.change.fields.as_object().is_some_and(|fields| !fields.is_empty())
    }

    /// Returns the values with their addresses, for a list.
    fn values(&self) -> Vec<(Option<String>, &Value)> {
        let batch = self.change.batch;
        let all = self.values.iter().flatten().enumerate();
        all.map(|(at, value)| (batch.map(|batch| format!("{batch}.{at}")), value)).collect()
    }

    fn words(&self) -> String {
        let mut words: Vec<_> = self
            .values()
            .into_iter()
            .map(|(item, value)| match item {
                Some(item) => format!("{item}: {}", value.words()),
                None => value.words(),
            })
            .collect();
        words.extend(self.item().filter(|_| self.values.is_none()).map(|it| format!("item {it}")));
        if self.is_about_fields() {
            words.push(printable(&self.change.fields.to_string()));
        }
        words.extend(self.diff.iter().map(|of| printable(&of.words())));
        words.join("\n")
    }

    fn json(&self) -> Json {
        let Change { revision, kind, author, block, time, payload, fields, .. } = &self.change;
        let values: Vec<_> = self
            .values()
            .into_iter()
            .map(|(item, value)| {
                let mut json = value.json();
                json["item"] = json!(item);
                json
            })
            .collect();
        json!({
            "revision": revision,
            "change": kind,
            "author": author.to_string(),
            "authority": (!self.by.is_empty()).then_some(&self.by),
            "block": block,
            "time": time,
            "item": self.item(),
            "hash": payload.map(|hash| format!("{hash:?}")),
            "values": values,
            "fields": fields,
            "diff": self.diff.iter().map(Difference::to_json).collect::<Vec<_>>(),
        })
    }

    /// Returns the rows of the change with comma-separated values.
    fn csv(&self) -> Vec<[String; 8]> {
        let Change { revision, kind, author, block, time, fields, .. } = &self.change;
        let row = |item: String, value: String| {
            let time = times::show(*time);
            let (revision, author) = (revision.to_string(), author.to_string());
            [revision, kind.clone(), author, self.by.clone(), block.to_string(), time, item, value]
        };
        let values = self.values();
        if values.is_empty() {
            let fields = self.is_about_fields().then(|| escaped_json(&fields.to_string()));
            return vec![row(self.item().unwrap_or_default(), fields.unwrap_or_default())];
        }
        let text = |value: &Value| match &value.text {
            Some(text) => escaped_json(&String::from_utf8_lossy(text)),
            None => String::new(),
        };
        let each = values.into_iter();
        each.map(|(item, value)| row(item.unwrap_or_default(), text(value))).collect()
    }
}

/// A history as it is shown.
pub struct Shown {
    pub subject: Subject,
    pub state: Option<State>,
    /// `true` if the changes give the heads in the state.
    pub is_verified: bool,
    /// `true` if the newest change is in a finalized block.
    pub is_final: bool,
    pub rows: Vec<Row>,
}

impl Shown {
    pub fn reply(&self) -> Reply {
        let head = self.state.map(|state| format!("{:?}", state.head));
        let verdict = match (self.is_verified, self.is_final) {
            (false, _) => "the changes do NOT give this head",
            (true, true) => "the changes give this head, which is final",
            (true, false) => "the changes give this head, which is not final yet",
        };
        let row = |row: &Row| {
            let Change { revision, kind, author, block, time, .. } = &row.change;
            [
                revision.to_string(),
                kind.clone(),
                author.to_string(),
                row.by.clone(),
                block.to_string(),
                times::show(*time),
                row.words(),
            ]
        };
        let titles = ["revision", "change", "author", "authority", "block", "time", "value"];
        let mut words = lines(&[
            ("history of", self.subject.to_string()),
            ("head", head.clone().unwrap_or_default()),
            ("verified", verdict.into()),
        ]);
        match self.rows.is_empty() {
            true => words.push_str("\n\nno changes"),
            false => {
                let rows = self.rows.iter().map(row).collect();
                words.push_str(&format!("\n\n{}", table(titles, rows)));
            },
        }
        let mut data = json!({
            "revision": self.state.map(|state| state.revision),
            "head": head,
            "verified": self.is_verified,
            "final": self.is_final,
            "changes": self.rows.iter().map(Row::json).collect::<Vec<_>>(),
        });
        match &self.subject {
            Subject::DataSet(container, name, _) => {
                data["container"] = json!(container);
                data["dataSet"] = json!(name);
            },
            Subject::Container(container) => data["container"] = json!(container),
            Subject::Twin(twin) => data["twin"] = json!(twin),
        }
        Reply::new(data, words)
    }

    /// Returns the changes as comma-separated values (RFC 4180), with a row of titles.
    pub fn csv(&self) -> String {
        let titles =
            ["revision", "change", "author", "authority", "block", "time", "item", "value"];
        let rows = self.rows.iter().flat_map(Row::csv);
        let rows = std::iter::once(titles.map(String::from)).chain(rows);
        let line = |row: [String; 8]| row.map(|field| quoted(&field)).join(",");
        rows.map(line).collect::<Vec<_>>().join("\n")
    }
}

/// Returns a field of a row, in quotes where it must be.
fn quoted(field: &str) -> String {
    match field.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", field.replace('"', "\"\"")),
        false => field.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        assert_eq!(quoted("plain"), "plain");
        assert_eq!(quoted(r#"{"a":1,"b":2}"#), r#""{""a"":1,""b"":2}""#);
        assert_eq!(quoted("a\nb"), "\"a\nb\"");
    }
}
