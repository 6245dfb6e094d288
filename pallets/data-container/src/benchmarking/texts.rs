// SPDX-License-Identifier: Apache-2.0

//! Texts that take the longest to read for their length.

use alloc::{format, string::String, vec::Vec};
use data_schema::{pattern::Pattern, Schema, MAX_COST, MAX_VALUE_DEPTH};

/// Returns a name of the greatest length, which differs from others only at its end.
pub(super) fn name(n: u32) -> Vec<u8> {
    format!("{n:n>64}").into_bytes()
}

/// Returns a JSON text of `bytes` bytes, at least one. No text of this length has more tokens.
pub(super) fn digits(bytes: u32) -> Vec<u8> {
    let items = bytes.saturating_sub(1) / 2;
    match items {
        0 => padded("1".into(), bytes),
        _ => padded(format!("[{}]", alloc::vec!["1"; items as usize].join(",")), bytes),
    }
}

/// Returns such a text, nested as deep as a value may be if it is long enough.
pub(super) fn value(bytes: u32) -> Vec<u8> {
    let around = MAX_VALUE_DEPTH as usize - 1;
    match bytes.checked_sub(2 * around as u32) {
        None | Some(0) => digits(bytes),
        Some(inner) => {
            [alloc::vec![b'['; around], digits(inner), alloc::vec![b']'; around]].concat()
        },
    }
}

/// Returns different numbers, `bytes` bytes at most. Numbers take the longest of all literals to
/// compile.
fn numbers(bytes: usize) -> String {
    let mut text = String::from("1");
    for n in 0usize.. {
        let next = format!(",{}e{}", n * 7_919 % 1_000 + 1_000, n % 400);
        if text.len() + next.len() > bytes {
            break;
        }
        text.push_str(&next);
    }
    text
}

/// Returns a schema of at most `bytes` bytes that takes as long as possible to compile. It has
/// expressions for as much work as is allowed, and numbers. `bytes` is at least 256.
fn hard_schema(bytes: usize, title: u32) -> String {
    let build = |patterns: usize| {
        let long = r#"{"pattern":"[a-c]{1000}"}"#;
        // They differ, because equal expressions are compiled once.
        let short = (0..patterns).map(|n| format!(r#"{{"pattern":"abcdefghijk{n:05}"}}"#));
        let all = core::iter::once(long.into()).chain(short).collect::<Vec<_>>().join(",");
        let text = format!(r#"{{"title":"{title:08}","prefixItems":[{all}],"enum":["#);
        let room = bytes.checked_sub(text.len() + 2)?;
        Some(format!("{text}{}]}}", numbers(room)))
    };
    // Finds the largest number of expressions that compiles.
    let (mut fewest, mut most) = (0, bytes / 30);
    while fewest < most {
        let middle = (fewest + most).div_ceil(2);
        let compiles = build(middle).is_some_and(|source| Schema::build(source.as_bytes()).is_ok());
        (fewest, most) = if compiles { (middle, most) } else { (fewest, middle - 1) };
    }
    build(fewest).expect("it is long enough")
}

/// Returns different expressions that together take `work` to compile, or little less.
pub(super) fn expressions(work: u32) -> Vec<Vec<char>> {
    let mut all = Vec::new();
    let mut left = work;
    for n in 0.. {
        let source: Vec<char> = format!("[a-c]{{{}}}", 1_000 - n % 500).chars().collect();
        let mut unused = u32::MAX;
        Pattern::within(&source, &mut unused).expect("it is an expression");
        match left.checked_sub(u32::MAX - unused) {
            Some(rest) => left = rest,
            None => break,
        }
        all.push(source);
    }
    all
}

/// Returns a schema that applies as many schemas as possible to every number in [`digits`]. Each
/// has the keywords that take the longest for what they are charged. They were found by
/// `examples/worst.rs` of the crate data-schema, which searches for them. With one more comparison,
/// each would count as two.
pub(super) fn dear_schema() -> Schema {
    let (below, above) = ("9".repeat(127), "0".repeat(126));
    let branch = format!(
        r#"{{"const":1,"enum":[1],"minimum":0.{below},
        "maximum":1.{above}1,"exclusiveMinimum":0,"exclusiveMaximum":9,"multipleOf":1e-400}}"#
    );
    let branches = alloc::vec![branch; MAX_COST as usize - 1].join(",");
    let source = format!(r#"{{"items":{{"anyOf":[{branches}]}}}}"#);
    Schema::compile(source.as_bytes()).expect("it is a schema")
}

/// Returns the schema `{}` with a program of `bytes` bytes. The bytes after the program are not
/// read.
pub(super) fn schema_of_length(bytes: u32) -> Schema {
    let mut program = Schema::compile(b"{}").expect("it is a schema").program().to_vec();
    program.resize(bytes as usize, 0);
    codec::Decode::decode(&mut &codec::Encode::encode(&program)[..])
        .expect("it decodes as a schema")
}

/// Returns the permissions of all roles on a data set, in the order of [`super::setup`].
fn all_roles() -> String {
    let role = |n| format!(r#""{}":["set","remove"]"#, text(name(n)));
    (0..crate::MAX_ROLES).map(role).collect::<Vec<_>>().join(",")
}

/// Returns a document of `bytes` bytes with the maximum number of data sets and roles, which
/// replaces a plugin. Each data set has its own schema, which takes long to compile.
pub(super) fn document(bytes: u32, replaces: u64) -> Vec<u8> {
    let set = |n: u32, schema: &str| {
        let permissions = if n == 0 { all_roles() } else { String::new() };
        let (name, permissions) = (text(name(n)), format!(r#""permissions":{{{permissions}}}"#));
        format!(r#""{name}":{{"type":"entry",{permissions},"dataSchema":{schema}}}"#)
    };
    let frames = (0..crate::MAX_DATA_SETS).map(|n| set(n, "").len() + 1).sum::<usize>();
    let room = (bytes as usize - frames - 200) / crate::MAX_DATA_SETS as usize;
    let first = hard_schema(room, 0);
    let schema = |n: u32| first.replacen("00000000", &format!("1{n:07}"), 1);
    let sets = (0..crate::MAX_DATA_SETS).map(|n| set(n, &schema(n))).collect::<Vec<_>>().join(",");
    let document = format!(
        r#"{{"replaces":{replaces},"template":{{"type":"{}","properties":{{{sets}}}}}}}"#,
        text(name(0)),
    );
    padded(document, bytes)
}

/// Returns the definition, of `bytes` bytes, of a list with all roles, the maximum number of
/// default items, and a schema that fills the rest.
pub(super) fn definition(bytes: u32) -> Vec<u8> {
    let defaults = text(digits(2 * crate::MAX_ITEMS + 1));
    let start = format!(
        r#"{{"type":"list","visibility":"public","value":{defaults},
        "permissions":{{{}}},"dataSchema":"#,
        all_roles(),
    );
    let schema = hard_schema(bytes as usize - start.len() - 1, 1);
    padded(format!("{start}{schema}}}"), bytes)
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("it is text")
}

/// Returns the text, padded with blanks to `bytes` bytes.
fn padded(text: String, bytes: u32) -> Vec<u8> {
    let blanks = bytes as usize - text.len();
    [text, " ".repeat(blanks)].concat().into_bytes()
}
