//! Strings, numbers and literals at a position of a text: syntax only.

use super::text::hex4;
use crate::keyword::Keyword;

/// Why a token is refused, and at which position of the text.
pub(super) type Refused = (Keyword, usize);

/// A scanned string: where it ends (the position of the closing quote) and what is in it.
pub(super) struct Scanned {
    pub end: usize,
    pub escaped: bool,
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

/// Scans a string whose first byte after the quote is at `start`.
pub(super) fn string(text: &[u8], start: usize) -> Result<Scanned, Refused> {
    let mut position = start;
    let mut escaped = false;
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
        let Some(skip) = found else { return Err((Keyword::InvalidJson, text.len())) };
        position = position.saturating_add(skip);
        match text.get(position) {
            Some(b'"') => break,
            Some(b'\\') => {
                escaped = true;
                position = escape(text, position)?;
            },
            _ => return Err((Keyword::InvalidJson, position)),
        }
    }
    if high != 0 {
        if let Err(error) = core::str::from_utf8(text.get(start..position).unwrap_or_default()) {
            return Err((Keyword::InvalidUtf8, start.saturating_add(error.valid_up_to())));
        }
    }
    Ok(Scanned { end: position, escaped })
}

/// The position after the escape that begins at `position`.
fn escape(text: &[u8], position: usize) -> Result<usize, Refused> {
    let refused = (Keyword::InvalidJson, position);
    match text.get(position.saturating_add(1)) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
            Ok(position.saturating_add(2))
        },
        Some(b'u') => {
            let unit = unit(text, position).ok_or(refused)?;
            let after = position.saturating_add(6);
            match unit {
                0xd800..=0xdbff => match self::unit(text, after) {
                    Some(0xdc00..=0xdfff) => Ok(after.saturating_add(6)),
                    _ => Err(refused),
                },
                0xdc00..=0xdfff => Err(refused),
                _ => Ok(after),
            }
        },
        _ => Err(refused),
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

/// The parts of a number: how many digits, and where it ends.
pub(crate) struct ScannedNumber<'a> {
    pub negative: bool,
    pub integer: &'a [u8],
    pub fraction: &'a [u8],
    pub exponent: i32,
    pub end: usize,
}

/// Scans the number that begins at `start`.
pub(super) fn number(text: &[u8], start: usize) -> Result<ScannedNumber<'_>, Refused> {
    let at = |position: usize| text.get(position).copied();
    let negative = at(start) == Some(b'-');
    let first = if negative { start.saturating_add(1) } else { start };
    let integer = digits(text, first)?;
    let mut end = first.saturating_add(integer.len());
    if integer.len() > 1 && integer.first() == Some(&b'0') {
        return Err((Keyword::InvalidJson, first.saturating_add(1)));
    }
    let mut fraction = &[][..];
    if at(end) == Some(b'.') {
        let from = end.saturating_add(1);
        fraction = digits(text, from)?;
        end = from.saturating_add(fraction.len());
    }
    let mut exponent = 0i32;
    if matches!(at(end), Some(b'e' | b'E')) {
        let mut from = end.saturating_add(1);
        let below = at(from) == Some(b'-');
        if matches!(at(from), Some(b'+' | b'-')) {
            from = from.saturating_add(1);
        }
        let written = digits(text, from)?;
        end = from.saturating_add(written.len());
        for digit in written {
            // Far beyond what the digits of any text could bring back, so it may stay there.
            let next = exponent.saturating_mul(10).saturating_add(i32::from(digit & 0x0f));
            exponent = next.min(1_000_000_000);
        }
        if below {
            exponent = exponent.saturating_neg();
        }
    }
    Ok(ScannedNumber { negative, integer, fraction, exponent, end })
}

/// At least one digit at `start`.
fn digits(text: &[u8], start: usize) -> Result<&[u8], Refused> {
    let rest = text.get(start..).unwrap_or_default();
    let length = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
    match rest.get(..length) {
        Some(digits) if length > 0 => Ok(digits),
        _ => Err((Keyword::InvalidJson, start)),
    }
}
