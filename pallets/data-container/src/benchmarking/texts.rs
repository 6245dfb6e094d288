// SPDX-License-Identifier: Apache-2.0

//! Texts that take long to read, for their length.

use alloc::{format, string::String, vec::Vec};
use data_schema::{Schema, MAX_COST, MAX_SOURCE, MAX_VALUE_DEPTH};

/// A name or a role, as long as one can be, that differs from others at its very end.
pub(super) fn name(n: u32) -> Vec<u8> {
    format!("{n:n>64}").into_bytes()
}

/// A JSON text of so many bytes, at least one: no other has as many tokens.
pub(super) fn digits(bytes: u32) -> Vec<u8> {
    let items = bytes.saturating_sub(1) / 2;
    match items {
        0 => padded("1".into(), bytes),
        _ => padded(format!("[{}]", alloc::vec!["1"; items as usize].join(",")), bytes),
    }
}

/// The same, nested as deep as a value may be, if it is long enough.
pub(super) fn value(bytes: u32) -> Vec<u8> {
    let around = MAX_VALUE_DEPTH as usize - 1;
    match bytes.checked_sub(2 * around as u32) {
        None | Some(0) => digits(bytes),
        Some(inner) => {
            [alloc::vec![b'['; around], digits(inner), alloc::vec![b']'; around]].concat()
        },
    }
}

/// So many different JSON texts: the numbers take the longest of all literals to compile.
fn numbers(bytes: usize) -> String {
    let mut text = String::from("0");
    for n in 0usize.. {
        let next = format!(",{}e{}", n * 7_919 % 1_000 + 1_000, n % 400);
        if text.len() + next.len() > bytes {
            break;
        }
        text.push_str(&next);
    }
    text
}

/// A schema that is as long as one can be, of which nothing applies to [`value`] but itself.
pub(super) fn long_schema() -> Schema {
    let start = r#"{"properties":{"x":{"enum":["#;
    let source = format!("{start}{}]}}}}}}", numbers(MAX_SOURCE as usize - start.len() - 8));
    Schema::compile(source.as_bytes()).expect("it is a schema")
}

/// A schema with as many others for every number in [`digits`] as there can be.
pub(super) fn dear_schema() -> Schema {
    let branch = r#"{"minimum":0,"maximum":9,"enum":[0,1,2,3,4]}"#;
    let branches = alloc::vec![branch; MAX_COST as usize - 1].join(",");
    let source = format!(r#"{{"items":{{"allOf":[{branches}]}}}}"#);
    Schema::compile(source.as_bytes()).expect("it is a schema")
}

/// All roles, as the permissions of a data set, in the order in which [`super::setup`] has them.
fn all_roles() -> String {
    let role = |n| format!(r#""{}":["set","remove"]"#, text(name(n)));
    (0..crate::MAX_ROLES).map(role).collect::<Vec<_>>().join(",")
}

/// A document of so many bytes with as many data sets and roles as there can be, a new version of a
/// plugin. Each data set has a schema of its own.
pub(super) fn document(bytes: u32, replaces: u64) -> Vec<u8> {
    let room = (bytes as usize - 2_000) / crate::MAX_DATA_SETS as usize;
    let set = |n| {
        let permissions = if n == 0 { all_roles() } else { String::new() };
        let text = format!(
            r#""{}":{{"type":"entry","permissions":{{{permissions}}},"dataSchema":{{"title":{n},"enum":["#,
            text(name(n)),
        );
        let left = room.saturating_sub(text.len() - permissions.len() + 4);
        format!("{text}{}]}}}}", numbers(left))
    };
    let sets = (0..crate::MAX_DATA_SETS).map(set).collect::<Vec<_>>().join(",");
    let document = format!(
        r#"{{"replaces":{replaces},"template":{{"type":"{}","properties":{{{sets}}}}}}}"#,
        text(name(0)),
    );
    padded(document, bytes)
}

/// A definition of so many bytes of a list with all roles, as many defaults as there can be, and a
/// schema that fills the rest.
pub(super) fn definition(bytes: u32) -> Vec<u8> {
    let defaults = text(digits(2 * crate::MAX_ITEMS + 1));
    let start = format!(
        r#"{{"type":"list","visibility":"public","value":{defaults},"permissions":{{{}}},"dataSchema":{{"enum":[1,"#,
        all_roles(),
    );
    let rest = numbers(bytes as usize - start.len() - 3);
    padded(format!("{start}{rest}]}}}}"), bytes)
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("it is text")
}

/// The text with blanks behind it, so many bytes in all.
fn padded(text: String, bytes: u32) -> Vec<u8> {
    let blanks = bytes as usize - text.len();
    [text, " ".repeat(blanks)].concat().into_bytes()
}
