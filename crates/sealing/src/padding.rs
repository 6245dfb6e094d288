// SPDX-License-Identifier: Apache-2.0

//! Padding, so that a sealed value shows its length only as a multiple of 64 bytes.

use crate::{error::Error, limits::BLOCK};
use zeroize::Zeroizing;

const END: u8 = 0x80;

/// Returns the value, 0x80, and zeros to a multiple of [`BLOCK`] bytes.
pub fn pad(value: &[u8]) -> Zeroizing<Vec<u8>> {
    let length = (value.len() / BLOCK + 1) * BLOCK;
    let mut padded = Zeroizing::new(Vec::with_capacity(length));
    padded.extend_from_slice(value);
    padded.push(END);
    padded.resize(length, 0);
    padded
}

/// Removes the padding. Fails if it is not exactly the padding of [`pad`].
pub fn unpad(mut padded: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>, Error> {
    let end = padded.iter().rposition(|byte| *byte != 0).ok_or(Error::BadPadding)?;
    let is_whole = padded.len().is_multiple_of(BLOCK) && padded.len() - end <= BLOCK;
    if !is_whole || padded.get(end) != Some(&END) {
        return Err(Error::BadPadding);
    }
    padded.truncate(end);
    Ok(padded)
}
