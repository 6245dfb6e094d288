//! The tables of a compiled expression, before encoding.

use super::limits::MAX_POSITIONS;
use crate::cast::to_u32;
use alloc::vec::Vec;

/// The number of bits of a word.
pub(super) const WORD: u32 = 64;
/// The maximum number of words of a set.
pub(super) const MAX_WORDS: u32 = MAX_POSITIONS / WORD;

/// Flag: the expression matches every text.
pub(super) const ALWAYS: u8 = 1;
/// Flag: the expression matches the empty text.
pub(super) const EMPTY: u8 = 2;

/// The content of a compiled expression. A position is a state of the automaton.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub words: u32,
    /// `true` if every text matches.
    pub always: bool,
    /// `true` if the empty text matches.
    pub empty: bool,
    /// The positions that can read the first character.
    pub first: Vec<u64>,
    /// The positions at which a match can begin later.
    pub later: Vec<u64>,
    /// The positions after which the expression has matched.
    pub matched: Vec<u64>,
    /// The positions after which the expression has matched if the text ends there.
    pub matched_at_end: Vec<u64>,
    /// The positions that the next position can follow.
    pub advancing: Vec<u64>,
    /// The other transitions: a set of positions, and the set of the positions that can follow
    /// them.
    pub jumps: Vec<(Vec<u64>, Vec<u64>)>,
    /// The starts of ranges of code points, with their letters.
    pub ranges: Vec<(u32, u8)>,
    /// For each letter, the positions that read it.
    pub readers: Vec<Vec<u64>>,
}

impl Tables {
    /// Returns the number of words that each character examines.
    pub fn steps(&self) -> u32 {
        steps(self.words, to_u32(self.jumps.len()))
    }

    /// Returns the bytes of the program, in the layout of `program.rs`.
    pub fn encode(&self) -> Vec<u8> {
        let flags = if self.always { ALWAYS } else { 0 } | if self.empty { EMPTY } else { 0 };
        let words = u8::try_from(self.words).unwrap_or(u8::MAX);
        let mut bytes = alloc::vec![flags, words];
        for count in [self.readers.len(), self.ranges.len(), self.jumps.len()] {
            bytes.extend(u16::try_from(count).unwrap_or(u16::MAX).to_le_bytes());
        }
        bytes.extend((0..128u32).map(|point| {
            let after = self.ranges.partition_point(|(first, _)| *first <= point);
            let range = self.ranges.get(after.saturating_sub(1));
            range.map_or(0, |(_, letter)| *letter)
        }));
        for (first, letter) in &self.ranges {
            bytes.extend((*first | (u32::from(*letter) << 24)).to_le_bytes());
        }
        let mut sets: Vec<&[u64]> = alloc::vec![
            &self.first,
            &self.later,
            &self.matched,
            &self.matched_at_end,
            &self.advancing
        ];
        sets.extend(self.readers.iter().map(Vec::as_slice));
        for (from, to) in &self.jumps {
            sets.extend([from.as_slice(), to.as_slice()]);
        }
        sets.into_iter().flatten().for_each(|word| bytes.extend(word.to_le_bytes()));
        bytes
    }
}

/// Returns the number of words that each character examines.
pub(super) fn steps(words: u32, jumps: u32) -> u32 {
    words.saturating_mul(jumps.saturating_mul(2).saturating_add(4))
}
