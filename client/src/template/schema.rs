// SPDX-License-Identifier: Apache-2.0

//! Schemas of properties, compiled as the chain compiles them.

use super::{
    json::{reader, Compact},
    parts::Kind,
};
use data_schema::{
    json::{Raw, Reader, Text},
    CompileErrorKind, Dialect, Schema, SchemaSource, Violation,
};

/// A fault of a schema: its offset in the file, and the reason.
pub type Fault = (usize, String);

/// Compiles the schema of a property. Returns all its faults if the chain would reject it.
pub fn compile(raw: Raw<'_>, kind: Kind) -> Result<Schema, Vec<Fault>> {
    let start = raw.offset as usize;
    // The chain stores and measures the text without white space.
    let compact = Compact::of(raw.text);
    let place = |offset: u32| start + compact.origin(offset as usize);
    let root = Raw { text: &compact.text, offset: 0 };
    let item = match kind {
        Kind::Entry => Some(0),
        Kind::List => items_of(root).map_err(|(offset, why)| vec![(place(offset), why)])?,
    };
    let source = match item {
        Some(place) => SchemaSource { root: root.text, place },
        None => SchemaSource { root: b"true", place: 0 },
    };
    source.compile(&mut 0).map_err(|first| {
        let mut all = source.refusals();
        if all.is_empty() {
            all.push(first);
        }
        let fault = |failure: &data_schema::CompileFailure| {
            let size = (failure.kind == CompileErrorKind::TooLong)
                .then(|| format!(": it has {} bytes without white space", root.text.len()));
            let reason = format!("dataSchema: {}{}", failure.reason(), size.unwrap_or_default());
            (place(failure.offset), reason)
        };
        all.iter().map(fault).collect()
    })
}

/// Returns the offset, in the schema of a list, of the schema of its items: the value of `items` if
/// the schema is of type array, otherwise the schema itself. Returns `None` if any item is valid.
///
/// Fails if an array schema has other keywords, which the chain does not check in a list.
fn items_of(schema: Raw<'_>) -> Result<Option<u32>, (u32, String)> {
    let broken = |violation: Violation| (violation.offset, violation.kind.advice().to_string());
    let ArraySchema { is_array, items, dialect, names } = read(schema).map_err(broken)?;
    let stands_alone = dialect.ignores_siblings_of_references();
    if !is_array || (stands_alone && names.iter().any(|name| *name == "$ref")) {
        return Ok(Some(0));
    }
    match names.into_iter().find(|name| !data_schema::is_annotation(name, dialect)) {
        Some(key) => Err((
            key.offset(),
            format!(
                "dataSchema: in a list, a schema of type array can only describe its items, and \
                 `{}` requires more: remove it, or move it into `items`",
                key.to_text()
            ),
        )),
        None => Ok(items),
    }
}

/// The members of a list's schema that decide which part of it applies to the items.
struct ArraySchema<'a> {
    is_array: bool,
    /// The offset of the value of `items`.
    items: Option<u32>,
    dialect: Dialect,
    /// The names of the other members.
    names: Vec<Text<'a>>,
}

fn read(schema: Raw<'_>) -> Result<ArraySchema<'_>, Violation> {
    let (dialect, names) = (Dialect::default(), Vec::new());
    let mut found = ArraySchema { is_array: false, items: None, dialect, names };
    if !schema.text.starts_with(b"{") {
        return Ok(found);
    }
    let mut reader = reader(schema)?;
    reader.begin_object()?;
    while let Some(key) = reader.next_key()? {
        if key == "type" {
            found.is_array = names_only_array(&mut reader)?;
        } else if key == "items" {
            let raw = reader.skip_value()?;
            found.items = Some(raw.offset);
            if raw.text.starts_with(b"[") {
                // An array of schemas is positional: it describes the list, not each item.
                found.names.push(key);
            }
        } else if key == "$schema" {
            let named = reader.string_or_skip()?.and_then(|uri| Dialect::named(&uri));
            found.dialect = named.unwrap_or_default();
        } else {
            reader.skip_value()?;
            found.names.push(key);
        }
    }
    Ok(found)
}

/// Reads the value of `type`. Returns `true` if it is `"array"` or `["array"]`.
fn names_only_array(reader: &mut Reader<'_>) -> Result<bool, Violation> {
    let raw = reader.skip_value()?;
    let is_array = |raw: Raw<'_>| super::json::string(raw).is_some_and(|name| name == "array");
    match raw.text.starts_with(b"[") {
        true => Ok(matches!(super::json::items(raw)?.as_slice(), [one] if is_array(*one))),
        false => Ok(is_array(raw)),
    }
}
