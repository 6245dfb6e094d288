// SPDX-License-Identifier: Apache-2.0

//! From what is wrong with a value or a document to the pallet's errors.

use crate::{
    document::{DocumentError, Fault},
    pallet::{Config, Error},
};
use data_schema::{CompileErrorKind, Keyword, Violation};
use sp_runtime::SaturatedConversion;

/// The error for a value that fails; `index` is its position in the call.
pub(crate) fn value_error<T: Config>(index: u8, violation: Violation) -> Error<T> {
    keyword_error(violation.keyword, index, violation.offset.saturated_into())
}

/// The error for a document that is refused.
pub(crate) fn document_error<T: Config>(error: DocumentError) -> Error<T> {
    let (index, offset) = (error.index, error.offset.saturated_into());
    match error.fault {
        Fault::TooLong => Error::DocumentTooLong,
        Fault::Text(keyword) | Fault::Default(keyword) => keyword_error(keyword, index, offset),
        Fault::Member => Error::InvalidMember { index, offset },
        Fault::Name => Error::InvalidNameIn { index, offset },
        Fault::DescriptionTooLong => Error::DescriptionTooLong,
        Fault::TooManyDataSets => Error::TooManyDataSets,
        Fault::TooManyRoles => Error::TooManyRoles,
        Fault::ListSchema => Error::ListSchemaDemandsMore { index, offset },
        Fault::ConfidentialDefault => Error::ConfidentialDefault { index, offset },
        Fault::ListDefault => Error::InvalidListDefault { index, offset },
        Fault::DefaultsTooLong => Error::PayloadTooLong,
        Fault::Schema(kind) => compile_error(kind, index, offset),
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
        CompileErrorKind::TooComplex => Error::SchemaTooComplex { index, offset },
    }
}

fn keyword_error<T: Config>(keyword: Keyword, index: u8, offset: u16) -> Error<T> {
    match keyword {
        Keyword::InvalidJson => Error::InvalidJson { index, offset },
        Keyword::InvalidUtf8 => Error::InvalidUtf8 { index, offset },
        Keyword::DuplicateKey => Error::DuplicateKey { index, offset },
        Keyword::TooLong => Error::ValueTooLong { index, offset },
        Keyword::TooDeep => Error::TooDeep { index, offset },
        Keyword::NumberOutOfBounds => Error::NumberOutOfBounds { index, offset },
        Keyword::InvalidProgram => Error::CorruptSchema { index, offset },
        Keyword::Type => Error::Type { index, offset },
        Keyword::Enum => Error::Enum { index, offset },
        Keyword::Const => Error::Const { index, offset },
        Keyword::Required => Error::Required { index, offset },
        Keyword::AdditionalProperties => Error::AdditionalProperties { index, offset },
        Keyword::MinProperties => Error::MinProperties { index, offset },
        Keyword::MaxProperties => Error::MaxProperties { index, offset },
        Keyword::Items => Error::Items { index, offset },
        Keyword::MinItems => Error::MinItems { index, offset },
        Keyword::MaxItems => Error::MaxItems { index, offset },
        Keyword::MinLength => Error::MinLength { index, offset },
        Keyword::MaxLength => Error::MaxLength { index, offset },
        Keyword::Minimum => Error::Minimum { index, offset },
        Keyword::Maximum => Error::Maximum { index, offset },
        Keyword::ExclusiveMinimum => Error::ExclusiveMinimum { index, offset },
        Keyword::ExclusiveMaximum => Error::ExclusiveMaximum { index, offset },
        Keyword::MultipleOf => Error::MultipleOf { index, offset },
        Keyword::AnyOf => Error::AnyOf { index, offset },
        Keyword::OneOf => Error::OneOf { index, offset },
        Keyword::Not => Error::Not { index, offset },
        Keyword::FalseSchema => Error::FalseSchema { index, offset },
    }
}
