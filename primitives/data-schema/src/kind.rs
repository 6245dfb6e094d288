//! The reasons for which a schema can be refused.

// The derived encoding of an enum casts its indices.
#![allow(clippy::as_conversions)]

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;

/// Why a schema is refused.
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
    /// A schema must be an object, `true` or `false`.
    #[codec(index = 3)]
    NotASchema,
    /// A keyword of JSON Schema that is not in the subset.
    #[codec(index = 4)]
    UnsupportedKeyword,
    /// A keyword's value is not what the keyword takes.
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
}

impl CompileErrorKind {
    /// What to do about it, in one plain sentence.
    pub const fn advice(self) -> &'static str {
        match self {
            CompileErrorKind::InvalidJson => {
                "the schema is not JSON: text and names need quotes, and nothing may follow the value"
            },
            CompileErrorKind::InvalidUtf8 => "text must be UTF-8: save the schema in this encoding",
            CompileErrorKind::DuplicateKey => {
                "this name stands twice in the same object: remove one"
            },
            CompileErrorKind::NotASchema => "a schema is an object, true or false: write one here",
            CompileErrorKind::UnsupportedKeyword => "this keyword is not supported: remove it",
            CompileErrorKind::InvalidKeywordValue => {
                "the keyword does not take this value: correct it"
            },
            CompileErrorKind::UnknownType => {
                "there is no such type: use null, boolean, integer, number, string, array or object"
            },
            CompileErrorKind::TooDeep => "schemas are nested too deep: flatten them",
            CompileErrorKind::TooManyNodes => "too many schemas in one: split it into data sets",
            CompileErrorKind::TooLong => "the schema is too long: shorten it",
            CompileErrorKind::NumberOutOfBounds => {
                "a number may have 128 significant digits and an exponent from -512 to 512: round it"
            },
            CompileErrorKind::TooComplex => {
                "too many schemas apply to the same value: use fewer allOf, anyOf, oneOf and enum branches"
            },
            CompileErrorKind::ProgramTooLong => {
                "the compiled schema is too long: use fewer or shorter names and enum values"
            },
        }
    }
}

impl fmt::Display for CompileErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.advice())
    }
}
