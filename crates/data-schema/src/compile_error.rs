//! The kinds of errors for which a schema is rejected, and their location in the source.

// The derived encoding of an enum casts its indices.
#![allow(clippy::as_conversions)]

mod advice;

use crate::{
    keywords::{expected_value, replacement},
    pattern::PatternErrorKind,
    violation::{place, Violation, ViolationKind},
};
use alloc::string::String;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;

/// The reason for which a schema is rejected.
///
/// The codec indices are part of the format: a retired one is never used again.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum CompileErrorKind {
    /// The source is not JSON (RFC 8259).
    #[codec(index = 0)]
    InvalidJson,
    /// A string in the source is not UTF-8.
    #[codec(index = 1)]
    InvalidUtf8,
    /// An object in the source has the same key twice.
    #[codec(index = 2)]
    DuplicateKey,
    /// A schema that is not an object, `true` or `false`.
    #[codec(index = 3)]
    NotASchema,
    /// A keyword of JSON Schema that is not supported.
    #[codec(index = 4)]
    UnsupportedKeyword,
    /// The value of a keyword is not valid for it.
    #[codec(index = 5)]
    InvalidKeywordValue,
    /// `type` names a type that JSON Schema does not have.
    #[codec(index = 6)]
    UnknownType,
    /// Schemas are nested deeper than [`crate::MAX_DEPTH`], or the source's text deeper than
    /// [`crate::json::MAX_READER_DEPTH`].
    #[codec(index = 7)]
    TooDeep,
    /// More than [`crate::MAX_NODES`] schemas in the source.
    #[codec(index = 8)]
    TooManyNodes,
    /// The source is longer than [`crate::MAX_SOURCE`].
    #[codec(index = 9)]
    TooLong,
    /// A number in the source is outside the bounds of [`crate::number`].
    #[codec(index = 10)]
    NumberOutOfBounds,
    /// More than [`crate::MAX_COST`] schemas could apply to one place of a value.
    #[codec(index = 11)]
    TooComplex,
    /// The compiled schema is longer than [`crate::MAX_PROGRAM`].
    #[codec(index = 12)]
    ProgramTooLong,
    /// `$schema` names a draft that is not supported, or a different one from the root's.
    #[codec(index = 13)]
    UnknownDialect,
    /// A reference leads to a place that does not exist or is not a schema.
    #[codec(index = 14)]
    ReferenceNotFound,
    /// A reference leads outside the schema.
    #[codec(index = 15)]
    ReferenceAway,
    /// References form a circle: a schema would apply itself to the same value.
    #[codec(index = 16)]
    CircularReference,
    /// A part of the schema has its own identifier, which would change the targets of references in
    /// it.
    #[codec(index = 17)]
    NestedId,
    /// The expression of a `pattern` is not valid in ECMA-262 with the flag `u`.
    #[codec(index = 18)]
    InvalidPattern,
    /// The expression of a `pattern` has look-around, a back-reference or a Unicode property.
    #[codec(index = 19)]
    UnsupportedPattern,
    /// The expression of a `pattern` is too long, or its automaton too large.
    #[codec(index = 20)]
    PatternTooComplex,
}

impl From<PatternErrorKind> for CompileErrorKind {
    fn from(kind: PatternErrorKind) -> Self {
        use PatternErrorKind as Kind;
        match kind {
            Kind::Unbalanced
            | Kind::InvalidQuantifier
            | Kind::InvalidEscape
            | Kind::InvalidRange
            | Kind::InvalidSyntax => Self::InvalidPattern,
            Kind::LookAround
            | Kind::WordBoundary
            | Kind::BackReference
            | Kind::UnicodeProperty
            | Kind::GroupName => Self::UnsupportedPattern,
            Kind::TooLong | Kind::TooDeep | Kind::TooComplex => Self::PatternTooComplex,
        }
    }
}

impl fmt::Display for CompileErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.advice())
    }
}

/// The reason for which a schema is rejected, and the location: cheap to make and to pass on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompileFailure {
    /// The reason.
    pub kind: CompileErrorKind,
    /// The keyword with the error, if the error concerns one.
    pub keyword: Option<&'static str>,
    /// The byte offset in the source: of the name of an unsupported keyword, of the invalid value
    /// of a keyword, of the schema that exceeds a limit, or of the byte that cannot be read.
    pub offset: u32,
    /// The exact reason, where the kind has several: for an expression.
    pub detail: Option<&'static str>,
}

impl CompileFailure {
    pub(crate) const fn new(
        kind: CompileErrorKind,
        keyword: Option<&'static str>,
        offset: u32,
    ) -> Self {
        Self { kind, keyword, offset, detail: None }
    }

    /// Returns the reason and what to do, without the location.
    pub fn reason(&self) -> impl fmt::Display {
        let Self { kind, keyword, detail, .. } = *self;
        fmt::from_fn(move |f| explain(f, kind, keyword, detail))
    }
}

impl fmt::Display for CompileFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at byte {})", self.reason(), self.offset)
    }
}

impl core::error::Error for CompileFailure {}

impl From<Violation> for CompileFailure {
    fn from(violation: Violation) -> Self {
        let kind = match violation.kind {
            ViolationKind::InvalidUtf8 => CompileErrorKind::InvalidUtf8,
            ViolationKind::DuplicateKey => CompileErrorKind::DuplicateKey,
            ViolationKind::TooLong => CompileErrorKind::TooLong,
            ViolationKind::TooDeep => CompileErrorKind::TooDeep,
            ViolationKind::NumberOutOfBounds => CompileErrorKind::NumberOutOfBounds,
            _ => CompileErrorKind::InvalidJson,
        };
        Self::new(kind, None, violation.offset)
    }
}

/// The reason for which a schema is rejected, for readers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompileError {
    /// The reason.
    pub kind: CompileErrorKind,
    /// The keyword with the error, if the error concerns one.
    pub keyword: Option<&'static str>,
    /// The byte offset in the source, as in [`CompileFailure::offset`].
    pub offset: u32,
    /// The exact reason, as in [`CompileFailure::detail`].
    pub detail: Option<&'static str>,
    /// The JSON Pointer (RFC 6901) of that location in the source.
    pub pointer: String,
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        explain(f, self.kind, self.keyword, self.detail)?;
        f.write_str(" ")?;
        place(f, &self.pointer, self.offset)
    }
}

impl core::error::Error for CompileError {}

fn explain(
    f: &mut fmt::Formatter<'_>,
    kind: CompileErrorKind,
    keyword: Option<&'static str>,
    detail: Option<&'static str>,
) -> fmt::Result {
    if let (Some(name), Some(detail)) = (keyword, detail) {
        return write!(f, "`{name}`: {detail}");
    }
    match (kind, keyword) {
        (CompileErrorKind::UnsupportedKeyword, Some(name)) => {
            write!(f, "`{name}` is not supported: {}", replacement(name))
        },
        (CompileErrorKind::InvalidKeywordValue, Some(name)) => match expected_value(name) {
            Some(takes) => write!(f, "`{name}` takes {takes}"),
            None => write!(f, "`{name}` does not take this value: correct it"),
        },
        (kind, Some(name)) => write!(f, "`{name}`: {kind}"),
        (kind, None) => write!(f, "{kind}"),
    }
}
