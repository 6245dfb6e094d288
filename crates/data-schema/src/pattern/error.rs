//! The reasons for which an expression is rejected.

use core::fmt;

/// The reason for which an expression is rejected.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PatternErrorKind {
    /// A group or a class is not closed, or is closed without being open.
    Unbalanced,
    /// A quantifier has nothing to repeat, or its numbers are not in order.
    InvalidQuantifier,
    /// An escape that is not valid in ECMA-262 with the flag `u`.
    InvalidEscape,
    /// A range of a class begins after its end, or has a class as an end.
    InvalidRange,
    /// A character that must be escaped, or a kind of group that ECMA-262 does not have.
    InvalidSyntax,
    /// Look-ahead or look-behind.
    LookAround,
    /// `\b` or `\B`.
    WordBoundary,
    /// A reference to the text that a group matched.
    BackReference,
    /// `\p` or `\P`.
    UnicodeProperty,
    /// The name of a group contains letters outside ASCII, or occurs twice.
    GroupName,
    /// More code points than [`MAX_PATTERN`](super::MAX_PATTERN).
    TooLong,
    /// Groups are nested deeper than [`MAX_PATTERN_DEPTH`](super::MAX_PATTERN_DEPTH).
    TooDeep,
    /// More positions than [`MAX_POSITIONS`](super::MAX_POSITIONS), or more steps than
    /// [`MAX_STEPS`](super::MAX_STEPS).
    TooComplex,
}

/// The reason for which an expression is rejected, and the location.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PatternError {
    /// The reason.
    pub kind: PatternErrorKind,
    /// The location: the number of code points before it.
    pub at: u32,
}

impl PatternErrorKind {
    /// Returns the reason and what to do.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Unbalanced => "a group or class has no matching bracket: add or escape it",
            Self::InvalidQuantifier => {
                "a quantifier must follow what it repeats, and its numbers must be in order"
            },
            Self::InvalidEscape => "the flag u does not allow this escape: write the character",
            Self::InvalidRange => "a range must go from one character to an equal or later one",
            Self::InvalidSyntax => "the flag u does not allow this: escape it with a backslash",
            Self::LookAround => "look-around is not supported: do not use it",
            Self::WordBoundary => {
                r"`\b` and `\B` are not supported: match the characters beside the word"
            },
            Self::BackReference => "back-references are not supported: do not use them",
            Self::UnicodeProperty => "Unicode properties are not supported: list the ranges",
            Self::GroupName => "group names must be ASCII and unique: remove this one",
            Self::TooLong => "the expression is too long: shorten it",
            Self::TooDeep => "groups are nested too deeply: remove some",
            Self::TooComplex => "its repetitions are too long: limit the length with maxLength",
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
