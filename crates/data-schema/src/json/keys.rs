//! Detection of duplicate keys, in bounded time for any keys.

use super::{sort::sort_by_text, text::Text};
use crate::cast::{to_u32, to_usize};
use crate::stack::Stack;

/// The number of members up to which a new key is compared with those before it. The keys of a
/// larger object are sorted at its end.
pub const SMALL_OBJECT: usize = 16;

/// An object's key in compact form: it refers to the text by its position instead of borrowing it,
/// as [`Text`] does.
///
/// Among the keys of open objects, it can also be the mark that begins an object. The mark holds
/// the start of the outer object's keys (`hash`) and the halves of its filter.
#[derive(Clone, Copy, Default)]
pub(crate) struct Key {
    pub hash: u32,
    start: u32,
    /// Twice the length in bytes, plus one if the key has escapes.
    length: u32,
}

impl Key {
    /// Returns the key whose first byte is at `start` of the whole text.
    pub fn new(key: &Text<'_>, start: u32, hash: u32) -> Self {
        Self { hash, start, length: packed_length(key) }
    }

    /// Returns the text of the key, from the whole text that contains it.
    #[inline]
    pub fn text<'a>(&self, text: &'a [u8]) -> Text<'a> {
        let start = to_usize(self.start);
        let end = start.saturating_add(to_usize(self.length >> 1));
        Text::new(text.get(start..end).unwrap_or_default(), self.length & 1 == 1, self.start)
    }
}

/// Returns twice the length of a key in bytes, plus one if it has escapes.
#[inline(always)]
fn packed_length(key: &Text<'_>) -> u32 {
    to_u32(key.raw().len()).wrapping_shl(1) | u32::from(key.is_escaped())
}

/// The keys of all open objects.
#[derive(Default)]
pub(super) struct Keys {
    keys: Stack<Key, 16>,
    /// The index of the innermost object's first key.
    first: usize,
    /// A bit for each of its keys, chosen by hash, which shows that most new keys are new.
    filter: u64,
}

impl Keys {
    /// Begins an object.
    #[inline]
    pub fn open(&mut self) {
        let [a, b, c, d, e, f, g, h] = self.filter.to_le_bytes();
        if let Some(mark) = self.keys.push_slot() {
            mark.hash = to_u32(self.first);
            mark.start = u32::from_le_bytes([a, b, c, d]);
            mark.length = u32::from_le_bytes([e, f, g, h]);
        }
        self.first = self.keys.len();
        self.filter = 0;
    }

    /// Adds a key whose first byte is at `start` of `text`. Returns `true` if it is known to be a
    /// duplicate.
    #[inline(always)]
    pub fn push(&mut self, text: &[u8], key: &Text<'_>, start: u32, hash: u32) -> bool {
        let bit = 1u64.rotate_left(hash);
        if self.filter & bit != 0 && self.repeats(text, key, hash) {
            return true;
        }
        self.filter |= bit;
        if let Some(slot) = self.keys.push_slot() {
            slot.hash = hash;
            slot.start = start;
            slot.length = packed_length(key);
        }
        false
    }

    /// Returns `true` if a small object already has the key.
    fn repeats(&self, text: &[u8], key: &Text<'_>, hash: u32) -> bool {
        let seen = self.keys.as_slice().get(self.first..).unwrap_or_default();
        seen.len() < SMALL_OBJECT
            && seen.iter().any(|other| other.hash == hash && other.text(text) == *key)
    }

    /// Ends the innermost object. Returns the position of its first duplicate key, if it has one.
    #[inline]
    pub fn close(&mut self, text: &[u8]) -> Option<u32> {
        let first = self.first;
        let keys = self.keys.as_mut_slice().get_mut(first..).unwrap_or_default();
        let mut duplicate = None;
        if keys.len() > SMALL_OBJECT {
            // Keys with equal hashes are sorted by content, so no choice of keys makes this
            // quadratic.
            let start = |a: &Key, b: &Key| a.start.cmp(&b.start);
            sort_by_text(keys, |key| key.hash, |key| key.text(text), start);
            for (a, b) in keys.iter().zip(keys.iter().skip(1)) {
                if a.hash == b.hash && a.text(text) == b.text(text) {
                    duplicate = Some(duplicate.map_or(b.start, |least: u32| least.min(b.start)));
                }
            }
        }
        let mark = first.saturating_sub(1);
        if let Some(mark) = self.keys.as_slice().get(mark) {
            self.first = to_usize(mark.hash);
            self.filter = u64::from(mark.length) << 32 | u64::from(mark.start);
        }
        self.keys.truncate(mark);
        duplicate
    }
}
