//! Strings of a JSON text, compared and read without copies.

use crate::cast::{to_u32, to_usize};
use alloc::string::String;
use core::{cmp::Ordering, fmt};

/// A JSON string as it is written in the text, without its quotes. Its syntax has been checked.
///
/// `==` compares the unescaped texts.
#[derive(Clone, Copy, Default)]
pub struct Text<'a> {
    raw: &'a [u8],
    escaped: bool,
    offset: u32,
}

impl<'a> Text<'a> {
    #[inline]
    pub(crate) fn new(raw: &'a [u8], escaped: bool, offset: u32) -> Self {
        Self { raw, escaped, offset }
    }

    /// Returns the bytes between the quotes, escapes included.
    pub fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// Returns the byte offset of the opening quote.
    pub fn offset(&self) -> u32 {
        self.offset
    }

    /// Returns `true` if the string has an escape.
    pub fn is_escaped(&self) -> bool {
        self.escaped
    }

    /// Returns the text itself if it has no escape, or `None`.
    pub fn as_plain(&self) -> Option<&'a str> {
        if self.escaped {
            return None;
        }
        core::str::from_utf8(self.raw).ok()
    }

    /// Returns the unescaped code points.
    pub fn chars(&self) -> Chars<'a> {
        Chars { rest: self.raw }
    }

    /// Returns the number of code points, as `minLength` and `maxLength` count.
    #[inline]
    pub fn char_count(&self) -> u32 {
        let count = if self.escaped {
            self.chars().count()
        } else {
            // Every code point has exactly one byte that is not a continuation byte.
            self.raw.iter().filter(|byte| (**byte & 0xc0) != 0x80).count()
        };
        to_u32(count)
    }

    /// Returns the byte offset in the whole text of the code point after `before` others.
    pub(crate) fn offset_of_char(&self, before: u32) -> u32 {
        let mut chars = self.chars();
        let _ = (0..before).take_while(|_| chars.next().is_some()).count();
        let read = self.raw.len().saturating_sub(chars.rest.len());
        self.offset.saturating_add(1).saturating_add(to_u32(read))
    }

    /// Returns bounds of [`Self::char_count`] without reading the text.
    #[inline]
    pub(crate) fn char_bounds(&self) -> (u32, u32) {
        let bytes = to_u32(self.raw.len());
        // A code point takes at most four bytes, or at most two escapes of six.
        (bytes >> if self.escaped { 4 } else { 2 }, bytes)
    }

    /// Copies the unescaped text in UTF-8 to the front of `buffer`. Returns `None` if it is longer.
    pub fn copy_to<'b>(&self, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        let mut used = 0usize;
        for byte in self.bytes() {
            *buffer.get_mut(used)? = byte;
            used = used.saturating_add(1);
        }
        buffer.get(..used)
    }

    /// Appends the unescaped text in UTF-8.
    pub(crate) fn append_to(&self, bytes: &mut alloc::vec::Vec<u8>) {
        self.parts(|part| bytes.extend_from_slice(part));
    }

    /// Calls `take` with the parts of the unescaped text in UTF-8. The text between two escapes is
    /// one part, since an attacker chooses its length.
    fn parts(&self, mut take: impl FnMut(&[u8])) {
        let mut rest = self.raw;
        while let Some(at) = if self.escaped { find_backslash(rest) } else { None } {
            let (plain, escape) = rest.split_at_checked(at).unwrap_or_default();
            take(plain);
            let mut chars = Chars { rest: escape };
            if let Some(letter) = chars.next() {
                take(letter.encode_utf8(&mut [0; 4]).as_bytes());
            }
            rest = chars.rest;
        }
        take(rest);
    }

    /// Returns a copy of the unescaped text.
    pub fn to_text(&self) -> String {
        match self.as_plain() {
            Some(plain) => String::from(plain),
            None => self.chars().collect(),
        }
    }

    /// Returns the bytes of the unescaped text in UTF-8.
    pub(crate) fn bytes(&self) -> impl Iterator<Item = u8> + 'a {
        let (plain, escaped) = if self.escaped { (&[][..], self.raw) } else { (self.raw, &[][..]) };
        plain.iter().copied().chain(Chars { rest: escaped }.flat_map(utf8))
    }

    /// Compares the UTF-8 of the unescaped texts, which gives the order of the code points.
    pub(crate) fn cmp_text(&self, other: &Text<'_>) -> Ordering {
        if !self.escaped && !other.escaped {
            return self.raw.cmp(other.raw);
        }
        // Unescaping is slow, so a common prefix is skipped.
        let same = shared(self.raw, other.raw);
        self.after(same).bytes().cmp(other.after(same).bytes())
    }

    /// Returns the text without its first `bytes`, which end at a code point or an escape.
    fn after(&self, bytes: usize) -> Self {
        Self { raw: self.raw.get(bytes..).unwrap_or_default(), ..*self }
    }

    /// Compares the unescaped text with unescaped UTF-8.
    #[inline]
    pub(crate) fn cmp_plain(&self, plain: &[u8]) -> Ordering {
        if self.escaped {
            self.bytes().cmp(plain.iter().copied())
        } else {
            self.raw.cmp(plain)
        }
    }

    /// Returns `true` if the unescaped text equals this unescaped UTF-8.
    #[inline]
    pub(crate) fn is_plain(&self, plain: &[u8]) -> bool {
        if self.escaped {
            self.cmp_plain(plain) == Ordering::Equal
        } else {
            self.raw == plain
        }
    }

    /// Returns a hash of the unescaped text. It only saves comparisons: collisions cost time,
    /// bounded by the sorted order of every table, and never change a verdict.
    pub fn hash(&self) -> u32 {
        if !self.escaped {
            return hash_plain(self.raw);
        }
        let mut hash = Hash::default();
        let (mut length, mut pending, mut filled) = (0usize, 0u64, 0u32);
        self.parts(|part| {
            length = length.wrapping_add(part.len());
            let (words, rest) = part.as_chunks::<8>();
            // The first byte of a word is its lowest. `filled` is in bits, below 64.
            for word in words {
                let word = u64::from_le_bytes(*word);
                hash.word(pending | word.wrapping_shl(filled));
                pending = word.wrapping_shr(63u32.wrapping_sub(filled)) >> 1;
            }
            for byte in rest {
                pending |= u64::from(*byte).wrapping_shl(filled);
                filled = filled.wrapping_add(8) & 63;
                if filled == 0 {
                    hash.word(pending);
                    pending = 0;
                }
            }
        });
        if filled != 0 {
            hash.word(pending);
        }
        hash.finish(length)
    }
}

impl PartialEq<str> for Text<'_> {
    fn eq(&self, other: &str) -> bool {
        self.cmp_plain(other.as_bytes()) == Ordering::Equal
    }
}

impl PartialEq<&str> for Text<'_> {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl PartialEq<Text<'_>> for Text<'_> {
    fn eq(&self, other: &Text<'_>) -> bool {
        self.cmp_text(other) == Ordering::Equal
    }
}

impl Eq for Text<'_> {}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_text(), f)
    }
}

/// Returns the length in bytes of the common prefix, cut at a whole code point or escape.
fn shared(a: &[u8], b: &[u8]) -> usize {
    let (words, others) = (a.as_chunks::<8>().0, b.as_chunks::<8>().0);
    let words = words.iter().zip(others).take_while(|(a, b)| a == b).count();
    let mut same = words.saturating_mul(8);
    while a.get(same).is_some_and(|byte| b.get(same) == Some(byte)) {
        same = same.saturating_add(1);
    }
    // An escape or a code point that is only partly equal does not belong to the prefix.
    let mut end = 0usize;
    while let Some(found) = a.get(end..same).and_then(find_backslash) {
        let escape = end.saturating_add(found);
        let after = escape.saturating_add(escape_length(a.get(escape..).unwrap_or_default()));
        if after > same {
            return escape;
        }
        end = after;
    }
    let inside = |at: usize| {
        let continues = |text: &[u8]| text.get(at).is_some_and(|byte| byte & 0xc0 == 0x80);
        continues(a) || continues(b)
    };
    while same > end && inside(same) {
        same = same.saturating_sub(1);
    }
    same
}

/// Returns the length of the escape with which a text begins. A surrogate pair is one escape.
fn escape_length(text: &[u8]) -> usize {
    match (text.get(1), text.get(2..6).and_then(hex4)) {
        (Some(b'u'), Some(0xd800..=0xdbff)) => 12,
        (Some(b'u'), _) => 6,
        _ => 2,
    }
}

/// Returns the [`Text::hash`] of unescaped UTF-8.
fn hash_plain(bytes: &[u8]) -> u32 {
    let mut hash = Hash::default();
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        hash.word(u64::from_le_bytes(*word));
    }
    if !rest.is_empty() {
        let mut last = 0u64;
        for byte in rest.iter().rev() {
            last = last << 8 | u64::from(*byte);
        }
        hash.word(last);
    }
    hash.finish(bytes.len())
}

/// A hash that multiplies words of eight bytes. The last word is padded with zeros.
#[derive(Default)]
pub(super) struct Hash(u64);

impl Hash {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

    #[inline]
    pub fn word(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(Self::FACTOR);
    }

    #[inline]
    pub fn finish(mut self, length: usize) -> u32 {
        self.word(u64::from(to_u32(length)));
        let [.., a, b, c, d] = self.0.to_le_bytes();
        u32::from_le_bytes([a, b, c, d])
    }
}

/// The code points of a [`Text`], unescaped.
#[derive(Clone, Debug)]
pub struct Chars<'a> {
    rest: &'a [u8],
}

impl Chars<'_> {
    fn take(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn continuation(&mut self) -> Option<u32> {
        self.take().map(|byte| u32::from(byte & 0x3f))
    }

    fn escape(&mut self) -> Option<char> {
        Some(match self.take()? {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.hex4()?;
                let code = if (0xd800..0xdc00).contains(&unit) {
                    // The reader has checked that the low surrogate follows.
                    let (_, rest) = self.rest.split_at_checked(2)?;
                    self.rest = rest;
                    let low = self.hex4()?;
                    ((unit & 0x3ff) << 10 | (low & 0x3ff)).checked_add(0x1_0000)?
                } else {
                    unit
                };
                char::from_u32(code)?
            },
            other => char::from(other),
        })
    }

    fn hex4(&mut self) -> Option<u32> {
        let (digits, rest) = self.rest.split_at_checked(4)?;
        self.rest = rest;
        hex4(digits)
    }
}

impl Iterator for Chars<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let first = self.take()?;
        let code = match first {
            b'\\' => return self.escape(),
            0..=0x7f => return Some(char::from(first)),
            0x80..=0xdf => u32::from(first & 0x1f) << 6 | self.continuation()?,
            0xe0..=0xef => {
                u32::from(first & 0x0f) << 12 | self.continuation()? << 6 | self.continuation()?
            },
            _ => {
                u32::from(first & 0x07) << 18
                    | self.continuation()? << 12
                    | self.continuation()? << 6
                    | self.continuation()?
            },
        };
        char::from_u32(code)
    }
}

/// A word of eight bytes of value 1.
pub(super) const LOW: u64 = 0x0101_0101_0101_0101;
/// The high bits of a word's bytes.
pub(super) const HIGH: u64 = 0x8080_8080_8080_8080;

/// Returns the position of the first backslash.
fn find_backslash(text: &[u8]) -> Option<usize> {
    let (words, rest) = text.as_chunks::<8>();
    let mut position = 0usize;
    for word in words {
        let backslash = u64::from_le_bytes(*word) ^ LOW.wrapping_mul(0x5c);
        let found = backslash.wrapping_sub(LOW) & !backslash & HIGH;
        if found != 0 {
            return Some(position.wrapping_add(to_usize(found.trailing_zeros() >> 3)));
        }
        position = position.wrapping_add(8);
    }
    let found = rest.iter().position(|byte| *byte == b'\\')?;
    Some(position.wrapping_add(found))
}

/// Returns the value of four hexadecimal digits.
pub(super) fn hex4(digits: &[u8]) -> Option<u32> {
    let mut value = 0u32;
    for digit in digits {
        value = value << 4 | char::from(*digit).to_digit(16)?;
    }
    Some(value)
}

/// Returns the UTF-8 of a code point, byte by byte.
fn utf8(c: char) -> impl Iterator<Item = u8> {
    let mut buffer = [0u8; 4];
    let length = c.encode_utf8(&mut buffer).len();
    buffer.into_iter().take(length)
}
