//! Strings, numbers and literals at a position of a text: syntax only.

use super::{text::hex4, to_u32};
use crate::{error::Violation, keyword::Keyword, number::Number};

/// A refusal at a position of the text that the reader was given.
#[cold]
pub(super) fn refused(keyword: Keyword, position: usize) -> Violation {
    Violation { keyword, offset: to_u32(position) }
}

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// The bytes of a word that are `"`, `\` or below 0x20, as high bits. Only the lowest one is
/// exact, which is all that is asked for.
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
pub(super) fn string(text: &[u8], start: usize, escaped: &mut bool) -> Result<usize, Violation> {
    let mut position = start;
    *escaped = false;
    let mut high = 0u64;
    loop {
        let rest = text.get(position..).unwrap_or_default();
        let (words, tail) = rest.as_chunks::<8>();
        let mut found = None;
        for bytes in words {
            let word = u64::from_le_bytes(*bytes);
            high |= word & HIGH;
            let stop = stops(word);
            if stop != 0 {
                found = usize::try_from(stop.trailing_zeros() >> 3).ok();
                break;
            }
            position = position.saturating_add(8);
        }
        if found.is_none() {
            found = tail.iter().position(|byte| {
                high |= u64::from(*byte & 0x80);
                matches!(byte, b'"' | b'\\' | 0..=0x1f)
            });
        }
        let Some(skip) = found else { return Err(refused(Keyword::InvalidJson, text.len())) };
        position = position.saturating_add(skip);
        match text.get(position) {
            Some(b'"') => break,
            Some(b'\\') => {
                *escaped = true;
                position = escape(text, position)?;
            },
            _ => return Err(refused(Keyword::InvalidJson, position)),
        }
    }
    if high != 0 {
        if let Err(error) = core::str::from_utf8(text.get(start..position).unwrap_or_default()) {
            let position = start.saturating_add(error.valid_up_to());
            return Err(refused(Keyword::InvalidUtf8, position));
        }
    }
    Ok(position)
}

/// The position after the escape that begins at `position`.
fn escape(text: &[u8], position: usize) -> Result<usize, Violation> {
    after_escape(text, position).ok_or_else(|| refused(Keyword::InvalidJson, position))
}

fn after_escape(text: &[u8], position: usize) -> Option<usize> {
    match text.get(position.saturating_add(1))? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(position.saturating_add(2)),
        b'u' => {
            let after = position.saturating_add(6);
            match unit(text, position)? {
                0xd800..=0xdbff => match unit(text, after)? {
                    0xdc00..=0xdfff => Some(after.saturating_add(6)),
                    _ => None,
                },
                0xdc00..=0xdfff => None,
                _ => Some(after),
            }
        },
        _ => None,
    }
}

/// The value of the `\uXXXX` at `position`.
fn unit(text: &[u8], position: usize) -> Option<u32> {
    let (prefix, digits) = text.get(position..position.saturating_add(6))?.split_at_checked(2)?;
    if prefix == b"\\u" {
        hex4(digits)
    } else {
        None
    }
}

/// Scans the number that begins at `start` into `number`, and returns where it ends.
pub(super) fn number<'a>(
    text: &'a [u8],
    start: usize,
    number: &mut Number<'a>,
) -> Result<usize, Violation> {
    let at = |position: usize| text.get(position).copied();
    number.negative = at(start) == Some(b'-');
    let first = start.saturating_add(usize::from(number.negative));
    number.integer = digits(text, first)?;
    let mut end = first.saturating_add(number.integer.len());
    if number.integer.len() > 1 && at(first) == Some(b'0') {
        return Err(refused(Keyword::InvalidJson, first.saturating_add(1)));
    }
    number.fraction = &[];
    if at(end) == Some(b'.') {
        let from = end.saturating_add(1);
        number.fraction = digits(text, from)?;
        end = from.saturating_add(number.fraction.len());
    }
    number.exponent = 0;
    if matches!(at(end), Some(b'e' | b'E')) {
        let mut from = end.saturating_add(1);
        let below = at(from) == Some(b'-');
        if matches!(at(from), Some(b'+' | b'-')) {
            from = from.saturating_add(1);
        }
        let written = digits(text, from)?;
        end = from.saturating_add(written.len());
        let mut exponent = 0i32;
        for digit in written {
            // Far beyond what the digits of any text could bring back, so it may stay there.
            let next = exponent.saturating_mul(10).saturating_add(i32::from(digit & 0x0f));
            exponent = next.min(1_000_000_000);
        }
        number.exponent = if below { exponent.saturating_neg() } else { exponent };
    }
    Ok(end)
}

/// At least one digit at `start`.
fn digits(text: &[u8], start: usize) -> Result<&[u8], Violation> {
    let rest = text.get(start..).unwrap_or_default();
    let length = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
    match rest.get(..length) {
        Some(digits) if length > 0 => Ok(digits),
        _ => Err(refused(Keyword::InvalidJson, start)),
    }
}
