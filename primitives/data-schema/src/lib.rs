//! A subset of JSON Schema (draft 2020-12), compiled to a flat, bounded program and validated in
//! place: without floats, without recursion, without panics, in time that its input cannot stretch.
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod compile;
mod error;
pub mod json;
mod keyword;
mod kind;
pub mod number;
mod program;
mod refusal;
mod stack;
mod validate;

pub use error::{Stats, ValidationError, Violation};
pub use keyword::Keyword;
pub use kind::CompileErrorKind;
pub use refusal::{CompileError, Refusal};

use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// The longest source of a schema, in bytes.
pub const MAX_SOURCE: u32 = 8 * 1024;
/// The longest compiled schema, in bytes.
pub const MAX_PROGRAM: u32 = 16 * 1024;
/// The deepest nesting of schemas in schemas; arrays and objects in `const` and `enum` count.
pub const MAX_DEPTH: u32 = 16;
/// The most schemas in one source, itself included. The boolean schemas count, and so does each
/// array and object in `const` and `enum` with each value in it.
pub const MAX_NODES: u32 = 256;
/// The longest value, in bytes.
pub const MAX_VALUE: u32 = 16 * 1024;
/// The deepest nesting of arrays and objects in a value.
pub const MAX_VALUE_DEPTH: u32 = 32;
/// The most schemas that may apply to one place of a value.
pub const MAX_COST: u32 = 32;

/// A depth as the length of an array, in constants.
const fn levels(depth: u32) -> usize {
    let (mut levels, mut counted) = (0usize, 0u32);
    while counted < depth {
        levels = levels.saturating_add(1);
        counted = counted.saturating_add(1);
    }
    levels
}

/// Whether a member of a schema object with this name means nothing to validation.
pub fn is_annotation(name: &json::Text<'_>) -> bool {
    compile::is_annotation(name)
}

/// A compiled schema.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Schema(BoundedVec<u8, ConstU32<MAX_PROGRAM>>);

impl Schema {
    /// Compiles the source of a schema; the error has a JSON Pointer into it.
    pub fn compile(source: &[u8]) -> Result<Self, CompileError> {
        Self::build(source).map_err(|refusal| refusal.locate(source))
    }

    /// The same, with an error that costs nothing to make.
    pub fn build(source: &[u8]) -> Result<Self, Refusal> {
        let program = compile::compile(source)?;
        let refusal = Refusal { kind: CompileErrorKind::ProgramTooLong, keyword: None, offset: 0 };
        BoundedVec::try_from(program).map(Self).map_err(|_| refusal)
    }

    /// Validates a JSON text; the error has a JSON Pointer into it.
    pub fn validate(&self, value: &[u8]) -> Result<(), ValidationError> {
        match self.check(value) {
            Ok(_) => Ok(()),
            Err(violation) => Err(violation.locate(value)),
        }
    }

    /// The same, with an error that costs nothing to make, and with the work that was done.
    ///
    /// The text may have [`MAX_VALUE`] bytes and [`MAX_VALUE_DEPTH`] levels. The first violation in
    /// the order of the text is told. A schema that did not come out of the compiler gives a
    /// verdict or [`Keyword::InvalidProgram`].
    pub fn check(&self, value: &[u8]) -> Result<Stats, Violation> {
        validate::run(&self.0, value)
    }

    /// An upper bound of the schemas that apply to one place of a value, at most [`MAX_COST`].
    /// Validating takes time in proportion to the value's bytes times this.
    pub fn cost(&self) -> u32 {
        match program::Program(&self.0).header() {
            Ok((cost, _)) => u32::from(cost).clamp(1, MAX_COST),
            Err(program::Damaged) => MAX_COST,
        }
    }

    /// The compiled bytes.
    pub fn program(&self) -> &[u8] {
        &self.0
    }
}
