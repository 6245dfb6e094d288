// SPDX-License-Identifier: Apache-2.0

//! Arguments of commands.

use crate::context::text_argument;
use twinchain_client::Failure;
use unicode_normalization::UnicodeNormalization;

/// The longest description, in bytes.
pub const MAX_DESCRIPTION: u64 = 8_192;
/// The longest plugin document, in bytes.
pub const MAX_DOCUMENT: u64 = 262_144;
/// The longest value, in bytes.
pub const MAX_VALUE: u64 = 65_536;
/// The most items that one call appends.
pub const MAX_ITEMS: usize = 256;
/// The most bytes of items that one call appends, as they are stored.
pub const MAX_PAYLOAD: usize = 65_584;

/// A name as the chain keeps it: in normalization form NFC, so that what looks the same is the
/// same.
pub fn name(text: &str) -> String {
    text.nfc().collect()
}

/// Splits `NAME=VALUE`.
pub fn pair(text: &str) -> Result<(&str, &str), Failure> {
    text.split_once('=')
        .filter(|(name, _)| !name.is_empty())
        .ok_or_else(|| Failure::usage(format!("{text} has no name")).fix("write NAME=VALUE"))
}

/// Reads JSON text that was given as an argument.
pub fn json_argument(text: &str) -> Result<Vec<u8>, Failure> {
    let (name, bytes) = text_argument(text, MAX_DESCRIPTION)?;
    check_json(&name, &bytes)?;
    Ok(bytes)
}

/// Fails unless a text is one JSON value.
fn check_json(name: &str, text: &[u8]) -> Result<(), Failure> {
    let limits = data_schema::json::Limits { bytes: u32::MAX, ..Default::default() };
    data_schema::json::check(text, limits)
        .map_err(|violation| twinchain_client::values::failure(&violation, name, text))
}

/// The machine's time in Unix milliseconds.
pub fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    u64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(u64::MAX)
}
