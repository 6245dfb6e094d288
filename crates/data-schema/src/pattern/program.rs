//! The layout of a compiled expression, and its execution in place.
//!
//! All numbers are little-endian. A set has a bit for each position, in words of 64 bits.
//!
//! | part | bytes |
//! |---|---|
//! | header | flags u8, words of a set u8, letters u16, ranges u16, jumps u16 |
//! | ASCII | the letter of each of the 128 code points, u8 |
//! | ranges | the first code point u32, with the letter in the top byte; sorted |
//! | sets | at the start, later, matched, matched at the end, advancing |
//! | letters | for each, the set of the positions that read it |
//! | jumps | for each, the set of source positions and the set of target positions |
//!
//! A letter is a set of code points that the expression does not distinguish. The program is not
//! trusted: a damaged one gives some verdict.

use super::{
    automaton,
    error::PatternError,
    limits::{MAX_COMPILE_WORK, MAX_STEPS},
    syntax,
    tables::{steps, ALWAYS, EMPTY, MAX_WORDS},
};
use crate::cast::{to_u32, to_usize};
use alloc::vec::Vec;

const WORDS: usize = 16;
const _: () = assert!(MAX_WORDS == 16);

/// A set in the bytes of a program.
type Set<'p> = &'p [[u8; 8]];

/// A compiled expression, as its bytes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Pattern<B>(B);

impl Pattern<Vec<u8>> {
    /// Compiles an expression.
    pub fn compile(source: &str) -> Result<Self, PatternError> {
        Self::from_chars(&source.chars().collect::<Vec<_>>())
    }

    /// Compiles an expression from its code points.
    pub fn from_chars(source: &[char]) -> Result<Self, PatternError> {
        Self::within(source, &mut { MAX_COMPILE_WORK })
    }

    /// Compiles an expression from its code points with at most `work` units of work, and subtracts
    /// the units used from `work`.
    pub fn within(source: &[char], work: &mut u32) -> Result<Self, PatternError> {
        let whole = syntax::parse(source)?;
        let tables =
            automaton::compile(&whole, work).map_err(|kind| PatternError { kind, at: 0 })?;
        Ok(Self(tables.encode()))
    }
}

impl<B: AsRef<[u8]>> Pattern<B> {
    /// Returns the expression with these compiled bytes. Other bytes give some verdict.
    pub fn from_bytes(bytes: B) -> Self {
        Self(bytes)
    }

    /// Returns the compiled bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_ref()
    }

    /// Returns the maximum number of steps that each character of a text takes, at most
    /// [`MAX_STEPS`](super::MAX_STEPS), or 0 if every text matches.
    pub fn steps(&self) -> u32 {
        match Program::read(self.0.as_ref()) {
            Some(program) if program.flags & ALWAYS == 0 => program.steps(),
            _ => 0,
        }
    }

    /// Returns `true` if the expression matches somewhere in the text. Takes at most
    /// [`Self::steps`] for each character.
    pub fn is_match(&self, text: impl Iterator<Item = char>) -> bool {
        match Program::read(self.0.as_ref()) {
            Some(program) => program.run(text),
            None => false,
        }
    }
}

struct Program<'p> {
    flags: u8,
    words: usize,
    ascii: &'p [u8; 128],
    ranges: &'p [[u8; 4]],
    first: Set<'p>,
    later: Set<'p>,
    matched: Set<'p>,
    matched_at_end: Set<'p>,
    advancing: Set<'p>,
    readers: Set<'p>,
    /// Two sets for each jump.
    jumps: Set<'p>,
}

impl<'p> Program<'p> {
    /// Returns the maximum number of steps that each character takes.
    fn steps(&self) -> u32 {
        let words = to_u32(self.words);
        let jumps = to_u32(self.jumps.len()).checked_div(words.saturating_mul(2));
        steps(words, jumps.unwrap_or_default()).min(MAX_STEPS)
    }

    fn read(bytes: &'p [u8]) -> Option<Self> {
        let (&[flags, words, l0, l1, r0, r1, j0, j1], rest) = bytes.split_first_chunk::<8>()?;
        let words = usize::from(words);
        if words == 0 || words > WORDS {
            return None;
        }
        let (ascii, rest) = rest.split_first_chunk::<128>()?;
        let ranges = usize::from(u16::from_le_bytes([r0, r1])).saturating_mul(4);
        let (ranges, rest) = rest.split_at_checked(ranges)?;
        let sets = rest.as_chunks::<8>().0;
        let (first, sets) = sets.split_at_checked(words)?;
        let (later, sets) = sets.split_at_checked(words)?;
        let (matched, sets) = sets.split_at_checked(words)?;
        let (matched_at_end, sets) = sets.split_at_checked(words)?;
        let (advancing, sets) = sets.split_at_checked(words)?;
        let letters = usize::from(u16::from_le_bytes([l0, l1])).saturating_mul(words);
        let (readers, sets) = sets.split_at_checked(letters)?;
        let jumps = usize::from(u16::from_le_bytes([j0, j1])).saturating_mul(words);
        let jumps = sets.get(..jumps.saturating_mul(2))?;
        Some(Self {
            flags,
            words,
            ascii,
            ranges: ranges.as_chunks::<4>().0,
            first,
            later,
            matched,
            matched_at_end,
            advancing,
            readers,
            jumps,
        })
    }

    /// Returns the letter of a code point.
    #[inline]
    fn letter(&self, point: char) -> usize {
        let point = u32::from(point);
        let letter = match self.ascii.get(to_usize(point)) {
            Some(letter) => *letter,
            None => {
                let start = |range: &[u8; 4]| u32::from_le_bytes(*range) & 0x00ff_ffff;
                let after = self.ranges.partition_point(|range| start(range) <= point);
                self.ranges.get(after.saturating_sub(1)).map_or(0, |[.., letter]| *letter)
            },
        };
        usize::from(letter)
    }

    /// Returns the positions that read a code point.
    #[inline]
    fn readers(&self, point: char) -> Set<'p> {
        let from = self.letter(point).saturating_mul(self.words);
        self.readers.get(from..from.saturating_add(self.words)).unwrap_or_default()
    }

    fn run(&self, text: impl Iterator<Item = char>) -> bool {
        if self.flags & ALWAYS != 0 {
            return true;
        }
        match self.words {
            1 => self.run_word(text),
            // Most expressions need few words, and each character clears all of them.
            2 => self.run_wide::<2>(text),
            3..=4 => self.run_wide::<4>(text),
            _ => self.run_wide::<WORDS>(text),
        }
    }

    /// Runs with sets of one word, which stay in registers.
    fn run_word(&self, text: impl Iterator<Item = char>) -> bool {
        let word = |set: Set<'_>| set.first().map_or(0, |word| u64::from_le_bytes(*word));
        let (later, matched, advancing) =
            (word(self.later), word(self.matched), word(self.advancing));
        let (jumps, _) = self.jumps.as_chunks::<2>();
        let (mut at, mut begins, mut empty) = (0u64, word(self.first), true);
        for point in text {
            empty = false;
            // The bits of `at` are the positions reached by the text so far. A shift moves each to
            // the next position, and jumps cover all other transitions.
            let mut next = begins | ((at & advancing) << 1);
            begins = later;
            for [from, to] in jumps {
                if at & u64::from_le_bytes(*from) != 0 {
                    next |= u64::from_le_bytes(*to);
                }
            }
            let readers = self.readers.get(self.letter(point));
            at = next & readers.map_or(0, |readers| u64::from_le_bytes(*readers));
            if at & matched != 0 {
                return true;
            }
            if at | later == 0 {
                return false;
            }
        }
        if empty {
            return self.flags & EMPTY != 0;
        }
        at & word(self.matched_at_end) != 0
    }

    /// Runs with sets of at most `N` words.
    fn run_wide<const N: usize>(&self, text: impl Iterator<Item = char>) -> bool {
        let mut at = [0u64; N];
        let mut begins = self.first;
        let mut empty = true;
        for point in text {
            empty = false;
            let mut next = [0u64; N];
            for (word, begin) in next.iter_mut().zip(begins) {
                *word = u64::from_le_bytes(*begin);
            }
            begins = self.later;
            let mut carry = 0u64;
            for ((next, at), advancing) in next.iter_mut().zip(&at).zip(self.advancing) {
                let advance = at & u64::from_le_bytes(*advancing);
                *next |= (advance << 1) | carry;
                carry = advance >> 63;
            }
            let mut jumps = self.jumps.chunks_exact(self.words);
            while let (Some(from), Some(to)) = (jumps.next(), jumps.next()) {
                if meet(&at, from) {
                    for (next, to) in next.iter_mut().zip(to) {
                        *next |= u64::from_le_bytes(*to);
                    }
                }
            }
            // A word without a reader stays unchanged; the compiler writes all of them.
            let mut alive = 0u64;
            for (next, reader) in next.iter_mut().zip(self.readers(point)) {
                *next &= u64::from_le_bytes(*reader);
                alive |= *next;
            }
            if meet(&next, self.matched) {
                return true;
            }
            if alive == 0 && self.later.iter().all(|word| *word == [0; 8]) {
                return false;
            }
            at = next;
        }
        if empty {
            return self.flags & EMPTY != 0;
        }
        meet(&at, self.matched_at_end)
    }
}

/// Returns `true` if two sets have a common position.
#[inline]
fn meet(one: &[u64], other: Set<'_>) -> bool {
    one.iter().zip(other).any(|(one, other)| one & u64::from_le_bytes(*other) != 0)
}
