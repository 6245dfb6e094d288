//! Syntax of strings and numbers at a position of a text.
//!
//! Positions are within a slice, so additions to them cannot wrap.

use super::text::{hex4, Hash, HIGH, LOW};
use crate::{
    cast::{to_u32, to_usize},
    number::Number,
    violation::{Violation, ViolationKind},
};

/// Returns a violation at a position of the reader's text.
#[cold]
pub(super) fn refused(kind: ViolationKind, position: usize) -> Violation {
    Violation { kind, offset: to_u32(position) }
}

/// Returns a word with the high bit set in each byte that is `"`, `\` or below 0x20. Only the
/// lowest set bit is exact, which is enough for the caller.
#[inline]
fn stops(word: u64) -> u64 {
    let quote = word ^ (LOW.wrapping_mul(0x22));
    let backslash = word ^ (LOW.wrapping_mul(0x5c));
    let quote = quote.wrapping_sub(LOW) & !quote;
    let backslash = backslash.wrapping_sub(LOW) & !backslash;
    let control = word.wrapping_sub(LOW.wrapping_mul(0x20)) & !word;
    (quote | backslash | control) & HIGH
}

/// Scans a string whose first byte after the quote is at `start`. Returns the position of the
/// closing quote, and sets `escaped` if there are escapes.
///
/// With `HASH`, sets `hash` to the hash of the text if the scan can compute it: without escapes,
/// and not at the end of the whole text.
#[inline(always)]
pub(super) fn string<const HASH: bool>(
    text: &[u8],
    start: usize,
    escaped: &mut bool,
    hash: &mut Option<u32>,
) -> Result<usize, Violation> {
    let mut position = start;
    let mut high = 0u64;
    let mut state = Hash::default();
    while let Some(bytes) = text.get(position..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*bytes);
        high |= word;
        let stop = stops(word);
        if stop == 0 {
            if HASH {
                state.word(word);
            }
            position = position.wrapping_add(8);
            continue;
        }
        let bits = stop.trailing_zeros() & !7;
        position = position.wrapping_add(to_usize(bits >> 3));
        match text.get(position) {
            Some(b'"') => {
                if HASH && !*escaped {
                    if bits != 0 {
                        state.word(word & !u64::MAX.wrapping_shl(bits));
                    }
                    *hash = Some(state.finish(position.wrapping_sub(start)));
                }
                return closed(text, start, position, high);
            },
            Some(b'\\') => {
                *escaped = true;
                position = escape(text, position)?;
            },
            _ => return Err(refused(ViolationKind::InvalidJson, position)),
        }
    }
    // Fewer than eight bytes are left.
    loop {
        match text.get(position) {
            Some(b'"') => return closed(text, start, position, high),
            Some(b'\\') => {
                *escaped = true;
                position = escape(text, position)?;
            },
            Some(byte @ 0x20..) => {
                high |= u64::from(*byte);
                position = position.wrapping_add(1);
            },
            Some(_) => return Err(refused(ViolationKind::InvalidJson, position)),
            None => return Err(refused(ViolationKind::InvalidJson, text.len())),
        }
    }
}

/// Ends the string at `end`. If the scan saw a high bit, in the string or just after it, checks the
/// encoding.
#[inline(always)]
fn closed(text: &[u8], start: usize, end: usize, high: u64) -> Result<usize, Violation> {
    if high & HIGH != 0 {
        if let Err(error) = core::str::from_utf8(text.get(start..end).unwrap_or_default()) {
            let position = start.saturating_add(error.valid_up_to());
            return Err(refused(ViolationKind::InvalidUtf8, position));
        }
    }
    Ok(end)
}

/// Returns the position after the escape that begins at `position`.
fn escape(text: &[u8], position: usize) -> Result<usize, Violation> {
    after_escape(text, position).ok_or_else(|| refused(ViolationKind::InvalidJson, position))
}

fn after_escape(text: &[u8], position: usize) -> Option<usize> {
    match text.get(position.wrapping_add(1))? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(position.wrapping_add(2)),
        b'u' => {
            let after = position.wrapping_add(6);
            match unit(text, position)? {
                0xd800..=0xdbff => match unit(text, after)? {
                    0xdc00..=0xdfff => Some(after.wrapping_add(6)),
                    _ => None,
                },
                0xdc00..=0xdfff => None,
                _ => Some(after),
            }
        },
        _ => None,
    }
}

/// Returns the value of the `\uXXXX` at `position`.
fn unit(text: &[u8], position: usize) -> Option<u32> {
    let (prefix, digits) = text.get(position..position.wrapping_add(6))?.split_at_checked(2)?;
    if prefix == b"\\u" {
        hex4(digits)
    } else {
        None
    }
}

/// Scans the number that begins at `start` into `number`, and returns its end.
#[inline]
pub(super) fn number<'a>(
    text: &'a [u8],
    start: usize,
    number: &mut Number<'a>,
) -> Result<usize, Violation> {
    let at = |position: usize| text.get(position).copied();
    number.negative = at(start) == Some(b'-');
    let first = start.wrapping_add(usize::from(number.negative));
    number.integer = digits(text, first)?;
    let mut end = first.wrapping_add(number.integer.len());
    if number.integer.len() > 1 && at(first) == Some(b'0') {
        return Err(refused(ViolationKind::InvalidJson, first.wrapping_add(1)));
    }
    number.fraction = &[];
    if at(end) == Some(b'.') {
        let from = end.wrapping_add(1);
        number.fraction = digits(text, from)?;
        end = from.wrapping_add(number.fraction.len());
    }
    number.exponent = 0;
    number.is_scientific = matches!(at(end), Some(b'e' | b'E'));
    if number.is_scientific {
        let mut from = end.wrapping_add(1);
        let below = at(from) == Some(b'-');
        if matches!(at(from), Some(b'+' | b'-')) {
            from = from.wrapping_add(1);
        }
        let written = digits(text, from)?;
        end = from.wrapping_add(written.len());
        let mut exponent = 0i32;
        for digit in written {
            // Capped far beyond the number of digits of any text, so the capped value stays out of
            // bounds.
            let next = exponent.saturating_mul(10).saturating_add(i32::from(digit & 0x0f));
            exponent = next.min(1_000_000_000);
        }
        number.exponent = if below { exponent.saturating_neg() } else { exponent };
    }
    Ok(end)
}

/// Returns the digits at `start`. Fails if there are none.
#[inline]
fn digits(text: &[u8], start: usize) -> Result<&[u8], Violation> {
    let rest = text.get(start..).unwrap_or_default();
    let length = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
    match rest.get(..length) {
        Some(digits) if length > 0 => Ok(digits),
        _ => Err(refused(ViolationKind::InvalidJson, start)),
    }
}
