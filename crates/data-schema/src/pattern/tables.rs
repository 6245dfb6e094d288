//! What a compiled expression says, before it is written down.

use super::limits::MAX_POSITIONS;
use crate::cast::to_u32;
use alloc::vec::Vec;

/// The bits of a word.
pub(super) const WORD: u32 = 64;
/// The most words of a set.
pub(super) const MAX_WORDS: u32 = MAX_POSITIONS / WORD;

/// It matches every text.
pub(super) const ALWAYS: u8 = 1;
/// It matches the empty text.
pub(super) const EMPTY: u8 = 2;

/// What a program says.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub words: u32,
    /// Every text matches.
    pub always: bool,
    /// The empty text matches.
    pub empty: bool,
    /// The positions that may read the first character.
    pub first: Vec<u64>,
    /// Those where a match may begin later.
    pub later: Vec<u64>,
    /// Those after which the expression has matched.
    pub matched: Vec<u64>,
    /// Those after which it has if the text ends.
    pub matched_at_end: Vec<u64>,
    /// Those that the next one follows.
    pub advancing: Vec<u64>,
    /// The positions that follow others besides.
    pub jumps: Vec<(Vec<u64>, Vec<u64>)>,
    /// Where ranges of code points begin, and their letters.
    pub ranges: Vec<(u32, u8)>,
    /// Which positions read a letter.
    pub readers: Vec<Vec<u64>>,
}

impl Tables {
    /// The words that are looked at for each character.
    pub fn steps(&self) -> u32 {
        steps(self.words, to_u32(self.jumps.len()))
    }

    /// The bytes of the program, as `program.rs` lays them out.
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

/// The words that are looked at for each character.
pub(super) fn steps(words: u32, jumps: u32) -> u32 {
    words.saturating_mul(jumps.saturating_mul(2).saturating_add(4))
}
