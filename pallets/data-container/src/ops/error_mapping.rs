// SPDX-License-Identifier: Apache-2.0

//! Maps faults of values and documents to the pallet's errors.

use crate::{
    document::{DocumentError, DocumentErrorKind},
    pallet::{Config, Error},
};
use data_schema::{CompileErrorKind, Violation, ViolationKind};
use sp_runtime::SaturatedConversion;

/// Returns the error for an invalid value. `index` is its position in the call.
pub(crate) fn value_error<T: Config>(index: u8, violation: Violation) -> Error<T> {
    keyword_error(violation.kind, index, violation.offset.saturated_into())
}

/// Returns the error for an invalid document.
pub(crate) fn document_error<T: Config>(error: DocumentError) -> Error<T> {
    let (index, offset) = (error.index, error.offset_in_data_set());
    match error.fault {
        DocumentErrorKind::TooLong => Error::DocumentTooLong,
        DocumentErrorKind::Text(keyword) | DocumentErrorKind::Default(keyword) => {
            keyword_error(keyword, index, offset)
        },
        DocumentErrorKind::Member => Error::InvalidMember { index, offset },
        DocumentErrorKind::Name => Error::InvalidNameIn { index, offset },
        DocumentErrorKind::DescriptionTooLong => Error::DescriptionTooLong,
        DocumentErrorKind::TooManyDataSets => Error::TooManyDataSets,
        DocumentErrorKind::TooManyRoles => Error::TooManyRoles,
        DocumentErrorKind::ListSchema => Error::ListSchemaDemandsMore { index, offset },
        DocumentErrorKind::ConfidentialDefault => Error::ConfidentialDefault { index, offset },
        DocumentErrorKind::ListDefault => Error::InvalidListDefault { index, offset },
        DocumentErrorKind::DefaultsTooLong => Error::PayloadTooLong,
        DocumentErrorKind::Schema(kind) => compile_error(kind, index, offset),
    }
}

fn compile_error<T: Config>(kind: CompileErrorKind, index: u8, offset: u16) -> Error<T> {
    match kind {
        CompileErrorKind::InvalidJson => Error::InvalidJson { index, offset },
        CompileErrorKind::InvalidUtf8 => Error::InvalidUtf8 { index, offset },
        CompileErrorKind::DuplicateKey => Error::DuplicateKey { index, offset },
        CompileErrorKind::NotASchema => Error::NotASchema { index, offset },
        CompileErrorKind::UnsupportedKeyword => Error::UnsupportedKeyword { index, offset },
        CompileErrorKind::InvalidKeywordValue => Error::InvalidKeywordValue { index, offset },
        CompileErrorKind::UnknownType => Error::UnknownType { index, offset },
        CompileErrorKind::TooDeep => Error::TooDeep { index, offset },
        CompileErrorKind::NumberOutOfBounds => Error::NumberOutOfBounds { index, offset },
        CompileErrorKind::TooManyNodes
        | CompileErrorKind::TooLong
        | CompileErrorKind::ProgramTooLong => Error::SchemaTooLong { index, offset },
        CompileErrorKind::UnknownDialect => Error::UnknownDialect { index, offset },
        CompileErrorKind::ReferenceNotFound => Error::ReferenceNotFound { index, offset },
        CompileErrorKind::ReferenceAway => Error::ReferenceAway { index, offset },
        CompileErrorKind::CircularReference => Error::CircularReference { index, offset },
        CompileErrorKind::NestedId => Error::NestedId { index, offset },
        CompileErrorKind::InvalidPattern => Error::InvalidPattern { index, offset },
        CompileErrorKind::UnsupportedPattern => Error::UnsupportedPattern { index, offset },
        CompileErrorKind::PatternTooComplex => Error::PatternTooComplex { index, offset },
        CompileErrorKind::TooComplex => Error::SchemaTooComplex { index, offset },
    }
}

fn keyword_error<T: Config>(keyword: ViolationKind, index: u8, offset: u16) -> Error<T> {
    match keyword {
        ViolationKind::InvalidJson => Error::InvalidJson { index, offset },
        ViolationKind::InvalidUtf8 => Error::InvalidUtf8 { index, offset },
        ViolationKind::DuplicateKey => Error::DuplicateKey { index, offset },
        ViolationKind::TooLong => Error::ValueTooLong { index, offset },
        ViolationKind::TooDeep => Error::TooDeep { index, offset },
        ViolationKind::NumberOutOfBounds => Error::NumberOutOfBounds { index, offset },
        ViolationKind::InvalidProgram => Error::CorruptSchema { index, offset },
        ViolationKind::TypeMismatch => Error::TypeMismatch { index, offset },
        ViolationKind::EnumMismatch => Error::EnumMismatch { index, offset },
        ViolationKind::ConstMismatch => Error::ConstMismatch { index, offset },
        ViolationKind::RequiredMismatch => Error::RequiredMismatch { index, offset },
        ViolationKind::AdditionalPropertiesMismatch => {
            Error::AdditionalPropertiesMismatch { index, offset }
        },
        ViolationKind::MinPropertiesMismatch => Error::MinPropertiesMismatch { index, offset },
        ViolationKind::MaxPropertiesMismatch => Error::MaxPropertiesMismatch { index, offset },
        ViolationKind::ItemsMismatch => Error::ItemsMismatch { index, offset },
        ViolationKind::MinItemsMismatch => Error::MinItemsMismatch { index, offset },
        ViolationKind::MaxItemsMismatch => Error::MaxItemsMismatch { index, offset },
        ViolationKind::MinLengthMismatch => Error::MinLengthMismatch { index, offset },
        ViolationKind::MaxLengthMismatch => Error::MaxLengthMismatch { index, offset },
        ViolationKind::MinimumMismatch => Error::MinimumMismatch { index, offset },
        ViolationKind::MaximumMismatch => Error::MaximumMismatch { index, offset },
        ViolationKind::ExclusiveMinimumMismatch => {
            Error::ExclusiveMinimumMismatch { index, offset }
        },
        ViolationKind::ExclusiveMaximumMismatch => {
            Error::ExclusiveMaximumMismatch { index, offset }
        },
        ViolationKind::MultipleOfMismatch => Error::MultipleOfMismatch { index, offset },
        ViolationKind::AnyOfMismatch => Error::AnyOfMismatch { index, offset },
        ViolationKind::OneOfMismatch => Error::OneOfMismatch { index, offset },
        ViolationKind::NotMismatch => Error::NotMismatch { index, offset },
        ViolationKind::PatternMismatch => Error::PatternMismatch { index, offset },
        ViolationKind::UniqueItemsMismatch => Error::UniqueItemsMismatch { index, offset },
        ViolationKind::ContainsMismatch => Error::ContainsMismatch { index, offset },
        ViolationKind::MinContainsMismatch => Error::MinContainsMismatch { index, offset },
        ViolationKind::MaxContainsMismatch => Error::MaxContainsMismatch { index, offset },
        ViolationKind::IfMismatch => Error::IfMismatch { index, offset },
        ViolationKind::DependentRequiredMismatch => {
            Error::DependentRequiredMismatch { index, offset }
        },
        ViolationKind::DependentSchemasMismatch => {
            Error::DependentSchemasMismatch { index, offset }
        },
        ViolationKind::FalseSchema => Error::FalseSchema { index, offset },
    }
}
