//! Sets of code points.

use alloc::vec::Vec;

/// The last code point.
pub(super) const LAST: u32 = 0x10_ffff;

/// A set of code points: ranges with both ends, in order, with gaps between them.
#[derive(Clone, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Class(Vec<(u32, u32)>);

impl Class {
    /// Returns the set of the code points in `ranges`, which may be in any order.
    pub fn new(mut ranges: Vec<(u32, u32)>) -> Self {
        ranges.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::new();
        for (first, last) in ranges {
            match merged.last_mut() {
                Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
                _ => merged.push((first, last)),
            }
        }
        Self(merged)
    }

    pub fn one(point: u32) -> Self {
        Self(alloc::vec![(point, point)])
    }

    /// Returns the set of all other code points.
    pub fn negated(&self) -> Self {
        let mut gaps = Vec::new();
        let mut next = 0u32;
        for (first, last) in &self.0 {
            if let Some(before) = first.checked_sub(1).filter(|before| *before >= next) {
                gaps.push((next, before));
            }
            next = last.saturating_add(1);
        }
        if next <= LAST {
            gaps.push((next, LAST));
        }
        Self(gaps)
    }

    pub fn ranges(&self) -> &[(u32, u32)] {
        &self.0
    }

    pub fn contains(&self, point: u32) -> bool {
        let after = self.0.partition_point(|(first, _)| *first <= point);
        after
            .checked_sub(1)
            .and_then(|index| self.0.get(index))
            .is_some_and(|(_, last)| point <= *last)
    }

    /// Returns the set of `.`: all code points but line terminators.
    pub fn dot() -> Self {
        Self::new(alloc::vec![(0x0a, 0x0a), (0x0d, 0x0d), (0x2028, 0x2029)]).negated()
    }

    /// Returns the set of `\d`, `\s`, `\w` or of their opposites, or `None` for other letters.
    pub fn named(letter: char) -> Option<Self> {
        let ranges: &[(u32, u32)] = match letter.to_ascii_lowercase() {
            'd' => &[(0x30, 0x39)],
            // WhiteSpace and LineTerminator (ECMA-262, 12.2 and 12.3).
            's' => &[
                (0x09, 0x0d),
                (0x20, 0x20),
                (0xa0, 0xa0),
                (0x1680, 0x1680),
                (0x2000, 0x200a),
                (0x2028, 0x2029),
                (0x202f, 0x202f),
                (0x205f, 0x205f),
                (0x3000, 0x3000),
                (0xfeff, 0xfeff),
            ],
            'w' => &[(0x30, 0x39), (0x41, 0x5a), (0x5f, 0x5f), (0x61, 0x7a)],
            _ => return None,
        };
        let class = Self(ranges.to_vec());
        Some(if letter.is_ascii_uppercase() { class.negated() } else { class })
    }
}
