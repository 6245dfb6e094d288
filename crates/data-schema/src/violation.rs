//! The kinds of violations of a text, and their location.

// The derived encoding of an enum casts its indices.
#![allow(clippy::as_conversions)]

mod advice;

use alloc::string::String;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;

/// The rule that a text violates: a keyword of the schema, or a rule of JSON text itself.
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
pub enum ViolationKind {
    /// The text is not JSON (RFC 8259).
    #[codec(index = 0)]
    InvalidJson,
    /// A string is not UTF-8.
    #[codec(index = 1)]
    InvalidUtf8,
    /// An object has the same key twice, compared after unescaping.
    #[codec(index = 2)]
    DuplicateKey,
    /// The text is longer than the limit.
    #[codec(index = 3)]
    TooLong,
    /// Arrays and objects are nested deeper than the limit.
    #[codec(index = 4)]
    TooDeep,
    /// A number has more than 128 significant digits, or is not 0 and its decimal exponent is
    /// outside -512..=512.
    #[codec(index = 5)]
    NumberOutOfBounds,
    /// The compiled schema is damaged: the compiler did not make it.
    #[codec(index = 6)]
    InvalidProgram,
    /// `type`.
    #[codec(index = 16)]
    TypeMismatch,
    /// `enum`.
    #[codec(index = 17)]
    EnumMismatch,
    /// `const`.
    #[codec(index = 18)]
    ConstMismatch,
    /// `required`.
    #[codec(index = 19)]
    RequiredMismatch,
    /// `additionalProperties` is `false` and the object has a further property.
    #[codec(index = 20)]
    AdditionalPropertiesMismatch,
    /// `minProperties`.
    #[codec(index = 21)]
    MinPropertiesMismatch,
    /// `maxProperties`.
    #[codec(index = 22)]
    MaxPropertiesMismatch,
    /// `items` is `false` and the array has a further item.
    #[codec(index = 23)]
    ItemsMismatch,
    /// `minItems`.
    #[codec(index = 24)]
    MinItemsMismatch,
    /// `maxItems`.
    #[codec(index = 25)]
    MaxItemsMismatch,
    /// `minLength`.
    #[codec(index = 26)]
    MinLengthMismatch,
    /// `maxLength`.
    #[codec(index = 27)]
    MaxLengthMismatch,
    /// `minimum`.
    #[codec(index = 28)]
    MinimumMismatch,
    /// `maximum`.
    #[codec(index = 29)]
    MaximumMismatch,
    /// `exclusiveMinimum`.
    #[codec(index = 30)]
    ExclusiveMinimumMismatch,
    /// `exclusiveMaximum`.
    #[codec(index = 31)]
    ExclusiveMaximumMismatch,
    /// `multipleOf`.
    #[codec(index = 32)]
    MultipleOfMismatch,
    /// `anyOf`: no branch matches.
    #[codec(index = 33)]
    AnyOfMismatch,
    /// `oneOf`: no branch matches, or more than one.
    #[codec(index = 34)]
    OneOfMismatch,
    /// `not`: the schema that must not match does.
    #[codec(index = 35)]
    NotMismatch,
    /// The boolean schema `false`, which no value matches.
    #[codec(index = 36)]
    FalseSchema,
    /// `pattern`.
    #[codec(index = 37)]
    PatternMismatch,
    /// `uniqueItems`: two items are equal.
    #[codec(index = 38)]
    UniqueItemsMismatch,
    /// `contains`: no item matches.
    #[codec(index = 39)]
    ContainsMismatch,
    /// `minContains`: too few items match `contains`.
    #[codec(index = 40)]
    MinContainsMismatch,
    /// `maxContains`: too many items match `contains`.
    #[codec(index = 41)]
    MaxContainsMismatch,
    /// `if`: the consequence of the condition, in `then` or `else`, does not match.
    #[codec(index = 42)]
    IfMismatch,
    /// `dependentRequired`: a member that another one requires is missing.
    #[codec(index = 43)]
    DependentRequiredMismatch,
    /// `dependentSchemas`: the schema that a member requires does not match.
    #[codec(index = 44)]
    DependentSchemasMismatch,
}

impl ViolationKind {
    /// Returns `true` if this is a rule of JSON text itself, not a keyword of the schema.
    pub(crate) const fn is_about_text(self) -> bool {
        matches!(
            self,
            Self::InvalidJson
                | Self::InvalidUtf8
                | Self::DuplicateKey
                | Self::TooLong
                | Self::TooDeep
                | Self::NumberOutOfBounds
        )
    }

    /// Every kind, in the order of the codec indices.
    pub const ALL: [ViolationKind; 36] = [
        ViolationKind::InvalidJson,
        ViolationKind::InvalidUtf8,
        ViolationKind::DuplicateKey,
        ViolationKind::TooLong,
        ViolationKind::TooDeep,
        ViolationKind::NumberOutOfBounds,
        ViolationKind::InvalidProgram,
        ViolationKind::TypeMismatch,
        ViolationKind::EnumMismatch,
        ViolationKind::ConstMismatch,
        ViolationKind::RequiredMismatch,
        ViolationKind::AdditionalPropertiesMismatch,
        ViolationKind::MinPropertiesMismatch,
        ViolationKind::MaxPropertiesMismatch,
        ViolationKind::ItemsMismatch,
        ViolationKind::MinItemsMismatch,
        ViolationKind::MaxItemsMismatch,
        ViolationKind::MinLengthMismatch,
        ViolationKind::MaxLengthMismatch,
        ViolationKind::MinimumMismatch,
        ViolationKind::MaximumMismatch,
        ViolationKind::ExclusiveMinimumMismatch,
        ViolationKind::ExclusiveMaximumMismatch,
        ViolationKind::MultipleOfMismatch,
        ViolationKind::AnyOfMismatch,
        ViolationKind::OneOfMismatch,
        ViolationKind::NotMismatch,
        ViolationKind::FalseSchema,
        ViolationKind::PatternMismatch,
        ViolationKind::UniqueItemsMismatch,
        ViolationKind::ContainsMismatch,
        ViolationKind::MinContainsMismatch,
        ViolationKind::MaxContainsMismatch,
        ViolationKind::IfMismatch,
        ViolationKind::DependentRequiredMismatch,
        ViolationKind::DependentSchemasMismatch,
    ];

    /// Returns the keyword as it is written in a schema, or a name in the same style for other
    /// rules.
    pub const fn as_str(self) -> &'static str {
        match self {
            ViolationKind::InvalidJson => "invalidJson",
            ViolationKind::InvalidUtf8 => "invalidUtf8",
            ViolationKind::DuplicateKey => "duplicateKey",
            ViolationKind::TooLong => "tooLong",
            ViolationKind::TooDeep => "tooDeep",
            ViolationKind::NumberOutOfBounds => "numberOutOfBounds",
            ViolationKind::InvalidProgram => "invalidProgram",
            ViolationKind::TypeMismatch => "type",
            ViolationKind::EnumMismatch => "enum",
            ViolationKind::ConstMismatch => "const",
            ViolationKind::RequiredMismatch => "required",
            ViolationKind::AdditionalPropertiesMismatch => "additionalProperties",
            ViolationKind::MinPropertiesMismatch => "minProperties",
            ViolationKind::MaxPropertiesMismatch => "maxProperties",
            ViolationKind::ItemsMismatch => "items",
            ViolationKind::MinItemsMismatch => "minItems",
            ViolationKind::MaxItemsMismatch => "maxItems",
            ViolationKind::MinLengthMismatch => "minLength",
            ViolationKind::MaxLengthMismatch => "maxLength",
            ViolationKind::MinimumMismatch => "minimum",
            ViolationKind::MaximumMismatch => "maximum",
            ViolationKind::ExclusiveMinimumMismatch => "exclusiveMinimum",
            ViolationKind::ExclusiveMaximumMismatch => "exclusiveMaximum",
            ViolationKind::MultipleOfMismatch => "multipleOf",
            ViolationKind::AnyOfMismatch => "anyOf",
            ViolationKind::OneOfMismatch => "oneOf",
            ViolationKind::NotMismatch => "not",
            ViolationKind::FalseSchema => "falseSchema",
            ViolationKind::PatternMismatch => "pattern",
            ViolationKind::UniqueItemsMismatch => "uniqueItems",
            ViolationKind::ContainsMismatch => "contains",
            ViolationKind::MinContainsMismatch => "minContains",
            ViolationKind::MaxContainsMismatch => "maxContains",
            ViolationKind::IfMismatch => "if",
            ViolationKind::DependentRequiredMismatch => "dependentRequired",
            ViolationKind::DependentSchemasMismatch => "dependentSchemas",
        }
    }
}

impl fmt::Display for ViolationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The kind and the location of a violation: cheap to make and to pass on.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Violation {
    /// The violated rule.
    pub kind: ViolationKind,
    /// The byte offset in the text of the value that fails. For `additionalProperties` it is that
    /// of the property's name, for text that is not JSON that of the byte that cannot be read.
    pub offset: u32,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} (at byte {})", self.kind, self.kind.advice(), self.offset)
    }
}

impl core::error::Error for Violation {}

/// A validation error for readers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidationError {
    /// The violated rule.
    pub kind: ViolationKind,
    /// The byte offset, as in [`Violation::offset`].
    pub offset: u32,
    /// The JSON Pointer (RFC 6901) of the value that fails; empty for the whole document.
    pub pointer: String,
}

impl fmt::Display for ValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ", self.kind, self.kind.advice())?;
        place(f, &self.pointer, self.offset)
    }
}

impl core::error::Error for ValidationError {}

/// Writes the location in a text, in words.
pub(crate) fn place(f: &mut fmt::Formatter<'_>, pointer: &str, offset: u32) -> fmt::Result {
    if pointer.is_empty() {
        write!(f, "(at byte {offset})")
    } else {
        write!(f, "(at {pointer}, byte {offset})")
    }
}
