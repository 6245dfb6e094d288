// SPDX-License-Identifier: Apache-2.0

//! Parsing of hexadecimal digits.

use crate::error::Error;

/// Parses hexadecimal digits after `0x` into `bytes`. Fails if the length differs. The error
/// contains no digits, because they may be secret.
pub(crate) fn read_hex(text: &str, bytes: &mut [u8], what: &'static str) -> Result<(), Error> {
    let length = bytes.len();
    text.strip_prefix("0x")
        .and_then(|digits| ::hex::decode_to_slice(digits, bytes).ok())
        .ok_or(Error::InvalidHex { what, bytes: length })
}
