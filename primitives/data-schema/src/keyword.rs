//! The reasons for which a text can fail.

// The derived encoding of an enum casts its indices.
#![allow(clippy::as_conversions)]

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;

/// What a text violates: a keyword of the schema, or a rule for JSON text itself.
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
pub enum Keyword {
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
    /// The compiled schema is damaged: it did not come out of the compiler.
    #[codec(index = 6)]
    InvalidProgram,
    /// `type`.
    #[codec(index = 16)]
    Type,
    /// `enum`.
    #[codec(index = 17)]
    Enum,
    /// `const`.
    #[codec(index = 18)]
    Const,
    /// `required`.
    #[codec(index = 19)]
    Required,
    /// `additionalProperties` is `false` and there is a further property.
    #[codec(index = 20)]
    AdditionalProperties,
    /// `minProperties`.
    #[codec(index = 21)]
    MinProperties,
    /// `maxProperties`.
    #[codec(index = 22)]
    MaxProperties,
    /// `items` is `false` and there is a further item.
    #[codec(index = 23)]
    Items,
    /// `minItems`.
    #[codec(index = 24)]
    MinItems,
    /// `maxItems`.
    #[codec(index = 25)]
    MaxItems,
    /// `minLength`.
    #[codec(index = 26)]
    MinLength,
    /// `maxLength`.
    #[codec(index = 27)]
    MaxLength,
    /// `minimum`.
    #[codec(index = 28)]
    Minimum,
    /// `maximum`.
    #[codec(index = 29)]
    Maximum,
    /// `exclusiveMinimum`.
    #[codec(index = 30)]
    ExclusiveMinimum,
    /// `exclusiveMaximum`.
    #[codec(index = 31)]
    ExclusiveMaximum,
    /// `multipleOf`.
    #[codec(index = 32)]
    MultipleOf,
    /// `anyOf`: no branch matches.
    #[codec(index = 33)]
    AnyOf,
    /// `oneOf`: no branch matches, or more than one.
    #[codec(index = 34)]
    OneOf,
    /// `not`: the schema that must not match does.
    #[codec(index = 35)]
    Not,
    /// The boolean schema `false`, which matches nothing.
    #[codec(index = 36)]
    FalseSchema,
}

impl Keyword {
    /// Whether this is a rule for JSON text itself, not a keyword of the schema.
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

    /// Every keyword, in the order of the codec indices.
    pub const ALL: [Keyword; 28] = [
        Keyword::InvalidJson,
        Keyword::InvalidUtf8,
        Keyword::DuplicateKey,
        Keyword::TooLong,
        Keyword::TooDeep,
        Keyword::NumberOutOfBounds,
        Keyword::InvalidProgram,
        Keyword::Type,
        Keyword::Enum,
        Keyword::Const,
        Keyword::Required,
        Keyword::AdditionalProperties,
        Keyword::MinProperties,
        Keyword::MaxProperties,
        Keyword::Items,
        Keyword::MinItems,
        Keyword::MaxItems,
        Keyword::MinLength,
        Keyword::MaxLength,
        Keyword::Minimum,
        Keyword::Maximum,
        Keyword::ExclusiveMinimum,
        Keyword::ExclusiveMaximum,
        Keyword::MultipleOf,
        Keyword::AnyOf,
        Keyword::OneOf,
        Keyword::Not,
        Keyword::FalseSchema,
    ];

    /// The keyword as it is written in a schema, or a name in the same style for what is none.
    pub const fn as_str(self) -> &'static str {
        match self {
            Keyword::InvalidJson => "invalidJson",
            Keyword::InvalidUtf8 => "invalidUtf8",
            Keyword::DuplicateKey => "duplicateKey",
            Keyword::TooLong => "tooLong",
            Keyword::TooDeep => "tooDeep",
            Keyword::NumberOutOfBounds => "numberOutOfBounds",
            Keyword::InvalidProgram => "invalidProgram",
            Keyword::Type => "type",
            Keyword::Enum => "enum",
            Keyword::Const => "const",
            Keyword::Required => "required",
            Keyword::AdditionalProperties => "additionalProperties",
            Keyword::MinProperties => "minProperties",
            Keyword::MaxProperties => "maxProperties",
            Keyword::Items => "items",
            Keyword::MinItems => "minItems",
            Keyword::MaxItems => "maxItems",
            Keyword::MinLength => "minLength",
            Keyword::MaxLength => "maxLength",
            Keyword::Minimum => "minimum",
            Keyword::Maximum => "maximum",
            Keyword::ExclusiveMinimum => "exclusiveMinimum",
            Keyword::ExclusiveMaximum => "exclusiveMaximum",
            Keyword::MultipleOf => "multipleOf",
            Keyword::AnyOf => "anyOf",
            Keyword::OneOf => "oneOf",
            Keyword::Not => "not",
            Keyword::FalseSchema => "falseSchema",
        }
    }

    /// What to do about it, in one plain sentence.
    pub const fn advice(self) -> &'static str {
        match self {
            Keyword::InvalidJson => {
                "this is not JSON: text needs quotes, names need quotes, and nothing may follow the value"
            },
            Keyword::InvalidUtf8 => "text must be UTF-8: save it in this encoding",
            Keyword::DuplicateKey => "this name stands twice in the same object: remove one",
            Keyword::TooLong => "the text is too long: shorten it",
            Keyword::TooDeep => "arrays and objects are nested too deep: flatten them",
            Keyword::NumberOutOfBounds => {
                "a number may have 128 significant digits and an exponent from -512 to 512: round it"
            },
            Keyword::InvalidProgram => "the compiled schema is damaged: compile its source again",
            Keyword::Type => "the value has another type than the schema wants: text needs quotes, numbers and true or false have none",
            Keyword::Enum => "choose one of the values that the schema lists",
            Keyword::Const => "only the one value that the schema names is allowed",
            Keyword::Required => "a required property is missing: add it",
            Keyword::AdditionalProperties => "the schema does not know this property: remove or rename it",
            Keyword::MinProperties => "too few properties: add some",
            Keyword::MaxProperties => "too many properties: remove some",
            Keyword::Items => "the schema allows no further items: remove this one",
            Keyword::MinItems => "too few items: add some",
            Keyword::MaxItems => "too many items: remove some",
            Keyword::MinLength => "the text is too short",
            Keyword::MaxLength => "the text is too long for the schema",
            Keyword::Minimum => "the number is below the minimum",
            Keyword::Maximum => "the number is above the maximum",
            Keyword::ExclusiveMinimum => "the number must be above the exclusive minimum",
            Keyword::ExclusiveMaximum => "the number must be below the exclusive maximum",
            Keyword::MultipleOf => "the number is not a multiple of the step that the schema names",
            Keyword::AnyOf => "the value matches none of the alternatives",
            Keyword::OneOf => "the value must match exactly one of the alternatives",
            Keyword::Not => "the value is just what the schema excludes",
            Keyword::FalseSchema => "the schema allows no value here: remove it",
        }
    }
}

impl fmt::Display for Keyword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
