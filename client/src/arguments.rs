// SPDX-License-Identifier: Apache-2.0

//! Parsing and limits of command arguments.

use crate::context::text_argument;
use twinchain_client::Failure;
use unicode_normalization::UnicodeNormalization;

/// The maximum size of a description, in bytes.
pub const MAX_DESCRIPTION: u64 = 8_192;
/// The maximum size of a plugin document, in bytes.
pub const MAX_DOCUMENT: u64 = 262_144;
/// The maximum size of a value, in bytes.
pub const MAX_VALUE: u64 = 65_536;
/// The maximum number of items in one append.
pub const MAX_ITEMS: usize = 256;
/// The maximum size of all items in one append, in bytes as the chain stores them.
pub const MAX_PAYLOAD: usize = 65_584;

/// Returns a name in normalization form NFC, as the chain stores it, so that names that look the
/// same are equal.
pub fn name(text: &str) -> String {
    text.nfc().collect()
}

/// Splits `NAME=VALUE`.
pub fn pair(text: &str) -> Result<(&str, &str), Failure> {
    text.split_once('=')
        .filter(|(name, _)| !name.is_empty())
        .ok_or_else(|| Failure::usage(format!("{text} has no name")).fix("write NAME=VALUE"))
}

/// Reads JSON text given as an argument.
pub fn json_argument(text: &str) -> Result<Vec<u8>, Failure> {
    let (name, bytes) = text_argument(text, MAX_DESCRIPTION)?;
    check_json(&name, &bytes)?;
    Ok(bytes)
}

/// Fails if a text is not exactly one JSON value.
pub fn check_json(name: &str, text: &[u8]) -> Result<(), Failure> {
    let limits = data_schema::json::Limits { bytes: u32::MAX, ..Default::default() };
    data_schema::json::check(text, limits)
        .map_err(|violation| twinchain_client::values::failure(&violation, name, text))
}

/// Returns the machine's time in Unix milliseconds.
pub fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    u64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(u64::MAX)
}
