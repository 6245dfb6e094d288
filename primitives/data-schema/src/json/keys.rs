//! Finds duplicate keys, in bounded time whatever the keys are.

use super::{text::Text, to_u32, to_usize};
use alloc::vec::Vec;

/// Up to this many members, a new key is compared with those before it; beyond it, the object's
/// keys are sorted at its end.
pub const SMALL_OBJECT: usize = 16;

/// A key of an open object, or the mark that begins one (then `hash` is the start of the outer
/// object's keys).
#[derive(Clone, Copy)]
struct Key {
    hash: u32,
    start: u32,
    /// Twice the length in bytes, plus one if there are escapes.
    length: u32,
}

impl Key {
    fn text<'a>(&self, text: &'a [u8]) -> Text<'a> {
        let start = to_usize(self.start);
        let end = start.saturating_add(to_usize(self.length >> 1));
        Text::new(text.get(start..end).unwrap_or_default(), self.length & 1 == 1, self.start)
    }
}

/// The keys of all open objects.
#[derive(Default)]
pub(super) struct Keys {
    keys: Vec<Key>,
    /// Where the innermost object's keys begin.
    first: usize,
}

impl Keys {
    /// An object begins.
    pub fn open(&mut self) {
        if self.keys.capacity() == 0 {
            self.keys.reserve(64);
        }
        self.keys.push(Key { hash: to_u32(self.first), start: 0, length: 0 });
        self.first = self.keys.len();
    }

    /// A key was read; `start` is the position of its first byte in `text`. Returns whether it is
    /// known to be a duplicate.
    pub fn push(&mut self, text: &[u8], key: &Text<'_>, start: u32, hash: u32) -> bool {
        let seen = self.keys.get(self.first..).unwrap_or_default();
        if seen.len() < SMALL_OBJECT
            && seen.iter().any(|other| other.hash == hash && other.text(text) == *key)
        {
            return true;
        }
        let length = to_u32(key.raw().len()).wrapping_shl(1) | u32::from(key.is_escaped());
        self.keys.push(Key { hash, start, length });
        false
    }

    /// The innermost object ends. Returns the position of its first key that repeats another.
    pub fn close(&mut self, text: &[u8]) -> Option<u32> {
        let first = self.first;
        let keys = self.keys.get_mut(first..).unwrap_or_default();
        let mut duplicate = None;
        if keys.len() > SMALL_OBJECT {
            // Equal hashes are put in order by content: no choice of keys makes this quadratic.
            keys.sort_unstable_by(|a, b| {
                a.hash
                    .cmp(&b.hash)
                    .then_with(|| a.text(text).cmp_text(&b.text(text)))
                    .then_with(|| a.start.cmp(&b.start))
            });
            for (a, b) in keys.iter().zip(keys.iter().skip(1)) {
                if a.hash == b.hash && a.text(text) == b.text(text) {
                    duplicate = Some(duplicate.map_or(b.start, |least: u32| least.min(b.start)));
                }
            }
        }
        let mark = first.saturating_sub(1);
        self.first = self.keys.get(mark).map_or(0, |mark| to_usize(mark.hash));
        self.keys.truncate(mark);
        duplicate
    }
}
