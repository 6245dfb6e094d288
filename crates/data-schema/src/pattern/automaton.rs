//! Compiles the parts of an expression to its automaton (Glushkov's). Its states are the positions
//! of the expression: its characters and classes, with all repetitions written out.

use super::{
    class::{Class, LAST},
    error::PatternErrorKind,
    limits::{MAX_POSITIONS, MAX_STEPS},
    syntax::Part,
    tables::{Tables, MAX_WORDS, WORD},
};
use crate::cast::{to_u32, to_usize};
use alloc::{collections::BTreeMap, vec, vec::Vec};

/// The maximum number of steps of the graph between the positions, and of parts that are emitted.
/// The second bound also ends repetitions of empty parts.
const MAX_EDGES: u32 = 8 * MAX_POSITIONS;

/// A step of the graph between the positions. The numbers are places in the graph.
#[derive(Clone, Debug)]
enum Step {
    /// Reads a character of the class: the position and the next step.
    Read(u32, u32),
    /// Continues at one of the two.
    Split(u32, u32),
    /// Continues only at the start of the text.
    Start(u32),
    /// Continues only at the end of the text.
    End(u32),
    /// The expression has matched.
    Match,
}

/// The states that are reachable without reading a character.
#[derive(Default)]
struct Reach {
    /// The positions that can read the next character.
    positions: Vec<u32>,
    /// `true` if the expression has matched.
    matched: bool,
    /// `true` if the expression has matched if the text ends here.
    matched_at_end: bool,
}

/// The work of a position in addition to the search for its followers: its sets, and the comparison
/// of its class with others.
const POSITION_WORK: u32 = 16;

struct Builder<'p, 'w> {
    steps: Vec<Step>,
    classes: Vec<&'p Class>,
    emitted: u32,
    /// The number of the current search. `seen` has for each step the number of the last search
    /// that reached it, without and with an end of the text on the way.
    search: u32,
    seen: Vec<[u32; 2]>,
    /// The remaining work.
    work: &'w mut u32,
}

/// Compiles an expression. Subtracts the units used from `work`.
pub(super) fn compile(whole: &Part, work: &mut u32) -> Result<Tables, PatternErrorKind> {
    let steps = vec![Step::Match];
    let (classes, seen) = (Vec::new(), Vec::new());
    let mut builder = Builder { steps, classes, emitted: 0, search: 0, seen, work };
    let start = builder.emit(whole, 0)?;
    builder.tables(start)
}

impl<'p> Builder<'p, '_> {
    /// Subtracts `work` from the remaining work. Fails if there is not enough.
    fn spend(&mut self, work: u32) -> Result<(), PatternErrorKind> {
        *self.work = self.work.checked_sub(work).ok_or(PatternErrorKind::TooComplex)?;
        Ok(())
    }

    fn push(&mut self, step: Step) -> Result<u32, PatternErrorKind> {
        let place = to_u32(self.steps.len());
        if place >= MAX_EDGES {
            return Err(PatternErrorKind::TooComplex);
        }
        self.steps.push(step);
        Ok(place)
    }

    /// Emits the steps of a part that continues at `next`. Returns their first place. The recursion
    /// is as deep as groups are nested, which is bounded.
    fn emit(&mut self, part: &'p Part, next: u32) -> Result<u32, PatternErrorKind> {
        self.spend(1)?;
        self.emitted = self.emitted.saturating_add(1);
        if self.emitted > MAX_EDGES {
            return Err(PatternErrorKind::TooComplex);
        }
        match part {
            Part::Class(class) => {
                let position = to_u32(self.classes.len());
                if position >= MAX_POSITIONS {
                    return Err(PatternErrorKind::TooComplex);
                }
                self.spend(POSITION_WORK)?;
                self.classes.push(class);
                self.push(Step::Read(position, next))
            },
            Part::Start => self.push(Step::Start(next)),
            Part::End => self.push(Step::End(next)),
            Part::All(parts) => {
                parts.iter().rev().try_fold(next, |next, part| self.emit(part, next))
            },
            Part::Any(parts) => {
                let mut entry = None;
                for part in parts.iter().rev() {
                    let one = self.emit(part, next)?;
                    entry = Some(match entry {
                        Some(others) => self.push(Step::Split(one, others))?,
                        None => one,
                    });
                }
                Ok(entry.unwrap_or(next))
            },
            Part::Repeat(part, least, most) => {
                let mut entry = next;
                match most {
                    Some(most) => {
                        for _ in *least..*most {
                            let one = self.emit(part, entry)?;
                            entry = self.push(Step::Split(one, next))?;
                        }
                    },
                    None => {
                        // The part loops back to this step, so the step is written first.
                        entry = self.push(Step::Split(next, next))?;
                        let one = self.emit(part, entry)?;
                        if let Some(step) = self.steps.get_mut(to_usize(entry)) {
                            *step = Step::Split(one, next);
                        }
                    },
                }
                for _ in 0..*least {
                    entry = self.emit(part, entry)?;
                }
                Ok(entry)
            },
        }
    }

    /// Returns the states that are reachable from the step at `from`, at the start of the text or
    /// later.
    fn reach(&mut self, from: u32, at_start: bool) -> Result<Reach, PatternErrorKind> {
        let mut reach = Reach::default();
        self.search = self.search.saturating_add(1);
        self.seen.resize(self.steps.len(), [0; 2]);
        let mut open = vec![(from, false)];
        while let Some((place, at_end)) = open.pop() {
            self.spend(1)?;
            // At most twice for each step: before and after an end of the text.
            let index = to_usize(place);
            let seen = self.seen.get_mut(index);
            match seen.and_then(|seen| seen.get_mut(usize::from(at_end))) {
                Some(seen) if *seen != self.search => *seen = self.search,
                _ => continue,
            }
            match self.steps.get(index) {
                Some(Step::Read(position, _)) if !at_end => reach.positions.push(*position),
                Some(Step::Split(one, other)) => {
                    open.push((*other, at_end));
                    open.push((*one, at_end));
                },
                Some(Step::Start(next)) if at_start => open.push((*next, at_end)),
                Some(Step::End(next)) => open.push((*next, true)),
                Some(Step::Match) if at_end => reach.matched_at_end = true,
                Some(Step::Match) => reach.matched = true,
                _ => {},
            }
        }
        Ok(reach)
    }

    fn tables(&mut self, start: u32) -> Result<Tables, PatternErrorKind> {
        let words = to_u32(self.classes.len()).div_ceil(WORD).max(1);
        if words > MAX_WORDS {
            return Err(PatternErrorKind::TooComplex);
        }
        let (first, later) = (self.reach(start, true)?, self.reach(start, false)?);
        let mut tables = Tables {
            words,
            // Every text has a start and an end.
            always: first.matched || later.matched || later.matched_at_end,
            empty: first.matched_at_end,
            ..Tables::default()
        };
        tables.first = self.bits(words, first.positions);
        tables.later = self.bits(words, later.positions);
        tables.matched = self.bits(words, []);
        tables.matched_at_end = self.bits(words, []);
        tables.advancing = self.bits(words, []);
        for place in 0..self.steps.len() {
            let Some(Step::Read(position, next)) = self.steps.get(place) else { continue };
            let (position, next) = (*position, *next);
            let reach = self.reach(next, false)?;
            let mut others = self.bits(words, reach.positions);
            let bit = self.number(position);
            if reach.matched {
                set(&mut tables.matched, bit);
            }
            if reach.matched_at_end {
                set(&mut tables.matched_at_end, bit);
            }
            // A transition to the next position is a shift at run time. All others share a jump
            // with the positions that have the same targets.
            if unset(&mut others, bit.saturating_add(1)) {
                set(&mut tables.advancing, bit);
            }
            if others.iter().all(|word| *word == 0) {
                continue;
            }
            self.spend(to_u32(tables.jumps.len()))?;
            match tables.jumps.iter_mut().find(|(_, to)| *to == others) {
                Some((from, _)) => set(from, bit),
                None => {
                    let mut from = self.bits(words, []);
                    set(&mut from, bit);
                    tables.jumps.push((from, others));
                },
            }
        }
        if tables.steps() > MAX_STEPS {
            return Err(PatternErrorKind::TooComplex);
        }
        self.letters(&mut tables)?;
        Ok(tables)
    }

    /// Returns the bit of a position. Positions were emitted from the last to the first.
    fn number(&self, position: u32) -> u32 {
        to_u32(self.classes.len()).saturating_sub(position).saturating_sub(1)
    }

    fn bits(&self, words: u32, positions: impl IntoIterator<Item = u32>) -> Vec<u64> {
        let mut bits = vec![0; to_usize(words)];
        positions.into_iter().for_each(|position| set(&mut bits, self.number(position)));
        bits
    }

    /// Divides the code points into ranges that no class divides further, and determines for each
    /// the positions that read it.
    fn letters(&mut self, tables: &mut Tables) -> Result<(), PatternErrorKind> {
        let mut starts = vec![0];
        // Many positions can have the same class.
        let mut distinct: BTreeMap<&Class, Vec<u64>> = BTreeMap::new();
        for (position, class) in self.classes.iter().copied().enumerate() {
            let bit = self.number(to_u32(position));
            let bits = distinct.entry(class).or_insert_with(|| self.bits(tables.words, []));
            set(bits, bit);
        }
        for class in distinct.keys() {
            for (first, last) in class.ranges() {
                starts.extend([*first, last.saturating_add(1)]);
            }
        }
        starts.sort_unstable();
        starts.dedup();
        for start in starts.into_iter().filter(|start| *start <= LAST) {
            self.spend(to_u32(distinct.len().saturating_add(tables.readers.len())))?;
            let mut readers = self.bits(tables.words, []);
            for (class, bits) in &distinct {
                if class.contains(start) {
                    readers.iter_mut().zip(bits).for_each(|(word, more)| *word |= more);
                }
            }
            let letter = match tables.readers.iter().position(|known| *known == readers) {
                Some(letter) => letter,
                None => {
                    tables.readers.push(readers);
                    tables.readers.len().saturating_sub(1)
                },
            };
            let letter = u8::try_from(letter).map_err(|_| PatternErrorKind::TooComplex)?;
            match tables.ranges.last() {
                Some((_, before)) if *before == letter => {},
                _ => tables.ranges.push((start, letter)),
            }
        }
        Ok(())
    }
}

/// Sets a bit.
fn set(bits: &mut [u64], bit: u32) {
    if let (Some(word), Some(mask)) = (bits.get_mut(to_usize(bit / WORD)), mask(bit)) {
        *word |= mask;
    }
}

/// Clears a bit. Returns `true` if it was set.
fn unset(bits: &mut [u64], bit: u32) -> bool {
    let (Some(word), Some(mask)) = (bits.get_mut(to_usize(bit / WORD)), mask(bit)) else {
        return false;
    };
    let was_set = *word & mask != 0;
    *word &= !mask;
    was_set
}

fn mask(bit: u32) -> Option<u64> {
    1u64.checked_shl(bit % WORD)
}
