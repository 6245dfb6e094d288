//! Why an expression is refused.

use core::fmt;

/// Why an expression is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PatternErrorKind {
    /// A group or a class is not closed, or closed twice.
    Unbalanced,
    /// A quantifier has nothing to repeat, or its numbers are not in order.
    InvalidQuantifier,
    /// An escape that ECMA-262 does not have with the flag `u`.
    InvalidEscape,
    /// A range of a class begins after its end, or has a class as an end.
    InvalidRange,
    /// A character that has to be escaped, or a group that ECMA-262 does not have.
    InvalidSyntax,
    /// Look-ahead or look-behind.
    LookAround,
    /// `\b` or `\B`.
    WordBoundary,
    /// A reference to what a group matched.
    BackReference,
    /// `\p` or `\P`.
    UnicodeProperty,
    /// The name of a group has other letters than those of ASCII, or stands twice.
    GroupName,
    /// More code points than [`MAX_PATTERN`](super::MAX_PATTERN).
    TooLong,
    /// Groups are nested deeper than [`MAX_PATTERN_DEPTH`](super::MAX_PATTERN_DEPTH).
    TooDeep,
    /// More positions than [`MAX_POSITIONS`](super::MAX_POSITIONS), or more steps than
    /// [`MAX_STEPS`](super::MAX_STEPS).
    TooComplex,
}

/// Why an expression is refused, and where.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PatternError {
    /// The reason.
    pub kind: PatternErrorKind,
    /// The place: how many code points of the expression come before.
    pub at: u32,
}

impl PatternErrorKind {
    /// Returns what is wrong, and what to do.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Unbalanced => "a group or class is only opened or only closed: complete it",
            Self::InvalidQuantifier => {
                "a quantifier follows what it repeats, and its numbers are in order"
            },
            Self::InvalidEscape => "with the flag u there is no such escape: write the character",
            Self::InvalidRange => "a range goes from a character to one that is not before it",
            Self::InvalidSyntax => "with the flag u this is an error: escape it with a backslash",
            Self::LookAround => "look-around is not supported: say it without",
            Self::WordBoundary => {
                r"`\b` and `\B` are not supported: say what stands beside the word"
            },
            Self::BackReference => "back-references are not supported: say it without",
            Self::UnicodeProperty => "Unicode properties are not supported: list the ranges",
            Self::GroupName => "names of groups are of ASCII and differ: take them out",
            Self::TooLong => "the expression is too long: shorten it",
            Self::TooDeep => "groups are nested too deep: take some out",
            Self::TooComplex => "its repetitions are too long: bound the length with maxLength",
        }
    }
}

impl fmt::Display for PatternErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl core::error::Error for PatternError {}
