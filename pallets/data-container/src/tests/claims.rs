// SPDX-License-Identifier: Apache-2.0

//! Claims that hold for any bytes as a plugin document or a definition. The fuzz targets try to
//! refute them. `documents.rs` replays inputs that the fuzz targets found, and mutates published
//! documents.

use super::document::{self, DataSetSource, DocumentError, PluginSource};
use data_schema::json::{self, Limits, Raw};

/// Checks the claims for a plugin document: any bytes get a verdict, without a panic or an endless
/// loop.
pub fn document(bytes: &[u8]) {
    match document::plugin(bytes) {
        Ok(source) => {
            let PluginSource { description, roles, data_sets, .. } = &source;
            assert_eq!(json::check(bytes, Limits::default()).err(), None);
            assert!(data_sets.len() <= 64 && roles.len() <= 16);
            let mut names: Vec<_> = data_sets.iter().map(|(name, _)| name.as_ref()).collect();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), data_sets.len(), "a duplicate name");
            if let Some(description) = description {
                check_part(bytes, description);
            }
            for (_, source) in data_sets {
                data_set(bytes, source, roles.len());
            }
        },
        Err(error) => check_error(bytes, error),
    }
}

/// Checks the claims for the definition of a data set.
pub fn definition(bytes: &[u8]) {
    let mut roles = Default::default();
    match document::definition(bytes, &mut roles) {
        Ok(source) => data_set(bytes, &source, roles.len()),
        Err(error) => check_error(bytes, error),
    }
}

fn data_set(bytes: &[u8], source: &DataSetSource<'_>, roles: usize) {
    let DataSetSource { kind, schema, default, permissions, .. } = source;
    // For a list without `items` the schema is not a part of the document.
    if schema.text != b"true" {
        check_part(bytes, schema);
    }
    assert!(permissions.iter().all(|entry| usize::from(entry.role) < roles));
    if let Some(default) = default {
        check_part(bytes, default);
    }
    let mut work = Default::default();
    match document::check(source, &mut work) {
        Ok(compiled) => {
            let values = default.map(|default| document::default_values(*kind, default));
            for value in values.into_iter().flatten().flatten() {
                check_part(bytes, &value);
                assert!(compiled.check(value.text).is_ok());
            }
        },
        Err(error) => check_error(bytes, error),
    }
}

/// Checks that a part is at its offset and is valid JSON.
fn check_part(bytes: &[u8], raw: &Raw<'_>) {
    let start = raw.offset as usize;
    assert_eq!(bytes.get(start..start + raw.text.len()), Some(raw.text));
    assert_eq!(json::check(raw.text, Limits::default()), Ok(()));
}

fn check_error(bytes: &[u8], error: DocumentError) {
    assert!(error.offset as usize <= bytes.len(), "{error:?}");
    assert!(!error.word().is_empty());
    let pointer = json::pointer(bytes, error.offset);
    assert!(pointer.is_empty() || pointer.starts_with('/'), "{pointer}");
}
