//! A parser for the syntax of ECMA-262 (22.2.1) with the flag `u`.

use super::{
    class::{Class, LAST},
    error::{PatternError, PatternErrorKind as Kind},
    limits::{MAX_PATTERN, MAX_PATTERN_DEPTH},
};
use crate::cast::{to_u32, to_usize};
use alloc::{boxed::Box, vec::Vec};

/// A part of an expression.
#[derive(Clone, Debug)]
pub(super) enum Part {
    /// One character of the set.
    Class(Class),
    /// `^`
    Start,
    /// `$`
    End,
    /// One part after the other; an empty list is the empty text.
    All(Vec<Part>),
    /// One of the parts.
    Any(Vec<Part>),
    /// The part, at least and at most this many times.
    Repeat(Box<Part>, u32, Option<u32>),
}

/// An open group: the alternatives before the last `|`, and the parts after it.
#[derive(Default)]
struct Group {
    at: u32,
    alternatives: Vec<Part>,
    parts: Vec<Part>,
}

impl Group {
    fn close(mut self) -> Part {
        if self.alternatives.is_empty() {
            return Part::All(self.parts);
        }
        self.alternatives.push(Part::All(self.parts));
        Part::Any(self.alternatives)
    }
}

/// Parses an expression.
pub(super) fn parse(source: &[char]) -> Result<Part, PatternError> {
    if to_u32(source.len()) > MAX_PATTERN {
        return Err(PatternError { kind: Kind::TooLong, at: MAX_PATTERN });
    }
    Parser { source, at: 0, names: Vec::new() }.run()
}

struct Parser<'s> {
    source: &'s [char],
    at: u32,
    /// The names of the groups.
    names: Vec<&'s [char]>,
}

impl<'s> Parser<'s> {
    fn peek(&self) -> Option<char> {
        self.source.get(to_usize(self.at)).copied()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at = self.at.saturating_add(1);
        Some(next)
    }

    /// Reads this text if it is next. Returns `true` if it was.
    fn take(&mut self, text: &str) -> bool {
        let rest = self.source.get(to_usize(self.at)..).unwrap_or_default();
        let length = text.chars().count();
        let found = rest.get(..length).is_some_and(|next| next.iter().copied().eq(text.chars()));
        if found {
            self.at = self.at.saturating_add(to_u32(length));
        }
        found
    }

    fn run(&mut self) -> Result<Part, PatternError> {
        let mut open: Vec<Group> = Vec::new();
        let mut group = Group::default();
        loop {
            let at = self.at;
            let refuse = |kind| Err(PatternError { kind, at });
            let Some(next) = self.next() else { break };
            let part = match next {
                '|' => {
                    let parts = core::mem::take(&mut group.parts);
                    group.alternatives.push(Part::All(parts));
                    continue;
                },
                '^' => {
                    group.parts.push(Part::Start);
                    self.forbid_quantifier()?;
                    continue;
                },
                '$' => {
                    group.parts.push(Part::End);
                    self.forbid_quantifier()?;
                    continue;
                },
                '(' => {
                    self.group_kind(at)?;
                    if to_u32(open.len()) >= MAX_PATTERN_DEPTH {
                        return refuse(Kind::TooDeep);
                    }
                    let inner = Group { at, ..Group::default() };
                    open.push(core::mem::replace(&mut group, inner));
                    continue;
                },
                ')' => {
                    let Some(outer) = open.pop() else { return refuse(Kind::Unbalanced) };
                    core::mem::replace(&mut group, outer).close()
                },
                '[' => Part::Class(self.class(at)?),
                '.' => Part::Class(Class::dot()),
                '\\' => Part::Class(self.escape(at)?),
                '*' | '+' | '?' | '{' => return refuse(Kind::InvalidQuantifier),
                ']' | '}' => return refuse(Kind::InvalidSyntax),
                other => Part::Class(Class::one(u32::from(other))),
            };
            let part = self.quantified(part)?;
            group.parts.push(part);
        }
        if !open.is_empty() {
            return Err(PatternError { kind: Kind::Unbalanced, at: group.at });
        }
        Ok(group.close())
    }

    /// Reads the kind of a group, after its opening bracket at `at`.
    fn group_kind(&mut self, at: u32) -> Result<(), PatternError> {
        if !self.take("?") || self.take(":") {
            return Ok(());
        }
        if ["=", "!", "<=", "<!"].into_iter().any(|kind| self.take(kind)) {
            return Err(PatternError { kind: Kind::LookAround, at });
        }
        if self.take("<") {
            return self.name(at);
        }
        Err(PatternError { kind: Kind::InvalidSyntax, at })
    }

    /// Reads the name of a group and its closing bracket. Only ASCII names are supported.
    fn name(&mut self, at: u32) -> Result<(), PatternError> {
        let invalid = PatternError { kind: Kind::InvalidSyntax, at };
        let start = self.at;
        loop {
            let first = self.at == start;
            match self.next() {
                Some('>') if !first => break,
                Some(letter) if letter.is_ascii_alphabetic() || matches!(letter, '$' | '_') => {},
                Some(digit) if digit.is_ascii_digit() && !first => {},
                Some(letter) if !letter.is_ascii() => {
                    return Err(PatternError { kind: Kind::GroupName, at });
                },
                _ => return Err(invalid),
            }
        }
        let end = to_usize(self.at.saturating_sub(1));
        let name = self.source.get(to_usize(start)..end).unwrap_or_default();
        // Newer editions allow the same name in different alternatives; this parser does not.
        if self.names.contains(&name) {
            return Err(PatternError { kind: Kind::GroupName, at });
        }
        self.names.push(name);
        Ok(())
    }

    /// Fails before a quantifier: with the flag `u`, an assertion cannot be repeated.
    fn forbid_quantifier(&self) -> Result<(), PatternError> {
        match self.peek() {
            Some('*' | '+' | '?' | '{') => {
                Err(PatternError { kind: Kind::InvalidQuantifier, at: self.at })
            },
            _ => Ok(()),
        }
    }

    /// Returns a part with the quantifier that follows it, if one does.
    fn quantified(&mut self, part: Part) -> Result<Part, PatternError> {
        let at = self.at;
        let (least, most) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                self.at = self.at.saturating_add(1);
                let bounds = self.bounds();
                bounds.ok_or(PatternError { kind: Kind::InvalidQuantifier, at })?
            },
            _ => return Ok(part),
        };
        // The quantifier's character, or the closing bracket of its numbers.
        self.at = self.at.saturating_add(1);
        self.take("?");
        self.forbid_quantifier()?;
        Ok(Part::Repeat(Box::new(part), least, most))
    }

    /// Reads the numbers of a quantifier, up to its closing bracket.
    fn bounds(&mut self) -> Option<(u32, Option<u32>)> {
        let least = self.number()?;
        let most = match (self.take(","), self.peek()?) {
            (false, _) => Some(least),
            (true, '}') => None,
            (true, _) => Some(self.number()?),
        };
        let in_order = most.is_none_or(|most| least <= most);
        (self.peek()? == '}' && in_order).then_some((least, most))
    }

    /// Reads a number. One above `u32::MAX` becomes that, which is too large for any expression.
    fn number(&mut self) -> Option<u32> {
        let mut number = self.next()?.to_digit(10)?;
        while let Some(digit) = self.peek().and_then(|next| next.to_digit(10)) {
            number = number.saturating_mul(10).saturating_add(digit);
            self.at = self.at.saturating_add(1);
        }
        Some(number)
    }

    /// Reads an escape outside a class, after the backslash.
    fn escape(&mut self, at: u32) -> Result<Class, PatternError> {
        let refuse = |kind| Err(PatternError { kind, at });
        match self.peek() {
            Some('b' | 'B') => refuse(Kind::WordBoundary),
            Some('1'..='9' | 'k') => refuse(Kind::BackReference),
            Some(letter) => match Class::named(letter) {
                Some(class) => {
                    self.at = self.at.saturating_add(1);
                    Ok(class)
                },
                None => self.character(at).map(Class::one),
            },
            None => refuse(Kind::InvalidEscape),
        }
    }

    /// Reads an escaped character (CharacterEscape), after the backslash.
    fn character(&mut self, at: u32) -> Result<u32, PatternError> {
        let invalid = PatternError { kind: Kind::InvalidEscape, at };
        let letter = self.next().ok_or(invalid)?;
        Ok(match letter {
            'f' => 0x0c,
            'n' => 0x0a,
            'r' => 0x0d,
            't' => 0x09,
            'v' => 0x0b,
            '0' if !self.peek().is_some_and(|next| next.is_ascii_digit()) => 0,
            'c' => {
                let control = self.next().filter(char::is_ascii_alphabetic).ok_or(invalid)?;
                u32::from(control) & 0x1f
            },
            'x' => self.hex(2).ok_or(invalid)?,
            'u' if self.take("{") => self.code_point().ok_or(invalid)?,
            'u' => {
                let first = self.hex(4).ok_or(invalid)?;
                self.pair(first)
            },
            'p' | 'P' => return Err(PatternError { kind: Kind::UnicodeProperty, at }),
            '^' | '$' | '\\' | '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|'
            | '/' => u32::from(letter),
            _ => return Err(invalid),
        })
    }

    fn hex(&mut self, digits: u32) -> Option<u32> {
        let mut value = 0u32;
        for _ in 0..digits {
            let digit = self.next()?.to_digit(16)?;
            value = value.saturating_mul(16).saturating_add(digit);
        }
        Some(value)
    }

    /// Reads a code point and its closing bracket.
    fn code_point(&mut self) -> Option<u32> {
        let mut value = self.hex(1)?;
        while !self.take("}") {
            let digit = self.hex(1)?;
            value = value.saturating_mul(16).saturating_add(digit);
        }
        (value <= LAST).then_some(value)
    }

    /// Joins a high surrogate with the escape of a low one that follows. Returns the code point.
    fn pair(&mut self, first: u32) -> u32 {
        let before = self.at;
        if (0xd800..0xdc00).contains(&first) && self.take("\\u") {
            if let Some(second @ 0xdc00..0xe000) = self.hex(4) {
                let high = first.saturating_sub(0xd800).saturating_mul(0x400);
                return high.saturating_add(second.saturating_sub(0xdc00)).saturating_add(0x1_0000);
            }
        }
        self.at = before;
        first
    }

    /// Reads a class, after its opening bracket at `at`.
    fn class(&mut self, at: u32) -> Result<Class, PatternError> {
        let unbalanced = PatternError { kind: Kind::Unbalanced, at };
        let negated = self.take("^");
        let mut ranges = Vec::new();
        while !self.take("]") {
            let start = self.at;
            let range = PatternError { kind: Kind::InvalidRange, at: start };
            let first = self.member(unbalanced)?;
            let is_range = self.peek() == Some('-')
                && self.source.get(to_usize(self.at).saturating_add(1)).is_some_and(|c| *c != ']');
            if !is_range {
                match first {
                    Member::One(point) => ranges.push((point, point)),
                    Member::Set(class) => ranges.extend_from_slice(class.ranges()),
                }
                continue;
            }
            self.at = self.at.saturating_add(1);
            match (first, self.member(unbalanced)?) {
                (Member::One(first), Member::One(last)) if first <= last => {
                    ranges.push((first, last));
                },
                _ => return Err(range),
            }
        }
        let class = Class::new(ranges);
        Ok(if negated { class.negated() } else { class })
    }

    /// Reads a member of a class (ClassAtom).
    fn member(&mut self, unbalanced: PatternError) -> Result<Member, PatternError> {
        let at = self.at;
        match self.next().ok_or(unbalanced)? {
            '\\' => match self.peek() {
                Some('b') => {
                    self.at = self.at.saturating_add(1);
                    Ok(Member::One(0x08))
                },
                Some('-') => {
                    self.at = self.at.saturating_add(1);
                    Ok(Member::One(0x2d))
                },
                Some(letter) => match Class::named(letter) {
                    Some(class) => {
                        self.at = self.at.saturating_add(1);
                        Ok(Member::Set(class))
                    },
                    None => self.character(at).map(Member::One),
                },
                None => Err(unbalanced),
            },
            plain => Ok(Member::One(u32::from(plain))),
        }
    }
}

/// A member of a class.
enum Member {
    One(u32),
    Set(Class),
}
