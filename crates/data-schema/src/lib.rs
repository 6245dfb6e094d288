//! JSON Schema (drafts 4, 6, 7, 2019-09 and 2020-12), compiled to a flat, bounded program.
//!
//! Values are validated in place: without floats, without recursion and without panics. The time is
//! bounded by the length of the value and the cost of the schema.
//!
//! ```
//! use data_schema::{ViolationKind, Schema};
//!
//! let schema = Schema::compile(br#"{
//!     "type": "object",
//!     "properties": {
//!         "serial": {"type": "string", "maxLength": 20},
//!         "hours": {"type": "number", "minimum": 0, "multipleOf": 0.25}
//!     },
//!     "required": ["serial"],
//!     "additionalProperties": false
//! }"#)?;
//! assert_eq!(schema.validate(br#"{"serial": "BC250-4711", "hours": 12.50}"#), Ok(()));
//!
//! let error = schema.validate(br#"{"serial": "BC250-4711", "hours": 0.3}"#).unwrap_err();
//! assert_eq!((error.kind, error.pointer.as_str()), (ViolationKind::MultipleOfMismatch, "/hours"));
//!
//! let error = Schema::compile(br#"{"$vocabulary": {}}"#).unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "`$vocabulary` is not supported: remove it (at /$vocabulary, byte 1)",
//! );
//! # Ok::<(), data_schema::CompileError>(())
//! ```
//!
//! # Keywords
//!
//! The dialect of a schema is the draft that `$schema` at its root names, or 2020-12 ([`Dialect`]).
//! Every keyword has exactly the meaning that the draft gives it, and applies only to its type of
//! value.
//!
//! | applies to | keywords | standard (2020-12) |
//! |---|---|---|
//! | any value | `type` (one name or several), `enum`, `const` | Validation, 6.1 |
//! | numbers | `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`, `multipleOf` | Validation, 6.2 |
//! | strings | `minLength`, `maxLength` (in code points), `pattern` (see [`pattern`]) | Validation, 6.3 |
//! | arrays | `items`, `prefixItems`, `additionalItems`, `contains` | Core, 10.3.1 |
//! | arrays | `minItems`, `maxItems`, `uniqueItems` | Validation, 6.4.1 to 6.4.3 |
//! | arrays | `minContains`, `maxContains` | Validation, 6.4.4, 6.4.5 |
//! | objects | `properties`, `patternProperties`, `additionalProperties` | Core, 10.3.2 |
//! | objects | `propertyNames`, `dependentSchemas`, `dependencies` | Core, 10.2.2.4, 10.3.2.4 |
//! | objects | `minProperties`, `maxProperties` | Validation, 6.5.1, 6.5.2 |
//! | objects | `required`, `dependentRequired` | Validation, 6.5.3, 6.5.4 |
//! | any value | `allOf`, `anyOf`, `oneOf`, `not`, `if`, `then`, `else` | Core, 10.2 |
//! | any value | `$ref` to a place or a name in the same text (`$anchor`, `$defs`, `definitions`) | Core, 8.2 |
//!
//! [`keywords`] lists the role of each keyword of the drafts 3 to 2020-12 in a dialect. Annotations
//! check nothing. Neither do names that no draft knows or that only a later draft knows, with any
//! value ([`Schema::keywords`] finds them). Any other keyword of a draft is rejected by name, since
//! a check that silently does not happen is worse than none. A keyword with an invalid value is
//! rejected too.
//!
//! Values are compared by meaning. `1.0` is an integer (except in draft 4) and equals `1`, and
//! `1e2` equals `100`. Numbers are exact decimals (see [`number`]), the order of members does not
//! matter, and escapes are resolved. Duplicate keys in an object are rejected, in values and in
//! schemas.
//!
//! # References
//!
//! The compiler first reads the source once to index its parts. Then it compiles the root, and each
//! place that a reference leads to, once. A definition without a reference is not compiled. A
//! schema may apply itself to members and items of a value. A circle in which it would apply itself
//! to the same value is rejected.
//!
//! # Limits and costs
//!
//! | limit | value |
//! |---|---|
//! | source of a schema | [`MAX_SOURCE`] bytes, [`MAX_NODES`] schemas, nested [`MAX_DEPTH`] deep |
//! | compiled schema | [`MAX_PROGRAM`] bytes, and [`MAX_PROGRAM_BY_BYTE`] for each byte of the source |
//! | units of work for one place of a value | [`MAX_COST`] |
//! | value | [`MAX_VALUE`] bytes, nested [`MAX_VALUE_DEPTH`] deep |
//! | number | [`number::MAX_DIGITS`] significant digits, exponent ±[`number::MAX_EXPONENT`] |
//!
//! A value is read once. At each place of it, the schemas that apply there are live, and each is a
//! unit of work. A `pattern` adds the units that its automaton takes. More than eight comparisons
//! of a number add one unit, and so does `uniqueItems` anywhere in the schema, since arrays are
//! then read ahead. At most [`Schema::cost`] units apply to a place.
//!
//! The work of [`Schema::check`] is at most the value's bytes times that cost, times a constant
//! and, for look-ups in large `enum` and `properties`, the logarithm of their size. [`Stats`]
//! reports the work. Arrays and objects in `const` and `enum` count as schemas, because they are
//! compared while the text is read. `examples/worst.rs` searches for the inputs that take the most
//! time for their units.
//!
//! Up to 15 keys, 4 levels and 8 undecided schemas are held in place. A value allocates only if it
//! needs more of one of them.
//!
//! # Location of errors
//!
//! [`Violation::offset`] and the JSON Pointer name the deepest place that makes the value fail. For
//! `required` this is the object, for `additionalProperties` the property, and for `uniqueItems`
//! the array. For `anyOf`, `oneOf`, `not`, `const` and `enum` it is the value to which they apply.
//! Validation reports the first violation in the order of the text and reads no further.
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;
#[cfg(test)]
extern crate std;

#[cfg(test)]
mod tests {
    mod collisions;
}
mod cast;
mod compile;
mod compile_error;
mod dialect;
pub mod json;
mod keywords;
mod limits;
mod locate;
pub mod number;
pub mod pattern;
mod program;
mod stack;
mod unique;
mod validate;
mod violation;

pub use compile_error::{CompileError, CompileErrorKind, CompileFailure};
pub use dialect::Dialect;
pub use keywords::{
    expected_value, is_annotation, keywords, most_similar, replacement, KeywordRole, KeywordUse,
};
pub use limits::*;
pub use validate::Stats;
pub use violation::{ValidationError, Violation, ViolationKind};

use alloc::vec::Vec;
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// The version of the compiler. It increases when the same source compiles to a different program,
/// to tell compiled schemas apart.
pub const COMPILER_VERSION: u8 = program::VERSION;

/// A schema within a text to which references lead.
#[derive(Clone, Copy, Debug)]
pub struct SchemaSource<'a> {
    /// The whole text, at most [`MAX_SOURCE`] bytes. It has been read before: no object in it has
    /// duplicate keys.
    pub root: &'a [u8],
    /// The byte offset at which the schema begins.
    pub place: u32,
}

impl<'a> SchemaSource<'a> {
    fn part(self) -> compile::Source<'a> {
        compile::Source { root: self.root, place: Some(self.place), has_unique_keys: true }
    }

    /// Compiles the schema. The error's offset counts from the start of the text.
    ///
    /// Adds the work of compiling expressions to `patterns`, even on failure: at most
    /// [`PATTERN_WORK`], plus [`PATTERN_WORK_BY_BYTE`] for each byte of the text.
    pub fn compile(self, patterns: &mut u32) -> Result<Schema, CompileFailure> {
        Schema::from_source(self.part(), patterns)
    }

    /// Returns the roles of the members of the schema and of its subschemas. Considers only schemas
    /// that are compiled. Skips rejected members.
    pub fn keywords(self) -> Vec<KeywordUse<'a>> {
        compile::survey(self.part()).0
    }

    /// Returns all reasons for which the schema is rejected, in the order of the text, or none if
    /// [`compile`](Self::compile) accepts it.
    ///
    /// Limits on the whole schema are checked only if nothing else is wrong. A text that cannot be
    /// read further, and an expression that takes too much work, end the list.
    pub fn refusals(self) -> Vec<CompileFailure> {
        compile::survey(self.part()).1
    }
}

/// A compiled schema.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Schema(BoundedVec<u8, ConstU32<MAX_PROGRAM>>);

impl Schema {
    /// Compiles the source of a schema. The error has a JSON Pointer into the source.
    pub fn compile(source: &[u8]) -> Result<Self, CompileError> {
        Self::build(source).map_err(|failure| failure.locate(source))
    }

    /// Compiles the source of a schema, with an error that is cheap to make.
    pub fn build(source: &[u8]) -> Result<Self, CompileFailure> {
        Self::from_source(whole(source), &mut 0)
    }

    fn from_source(
        source: compile::Source<'_>,
        patterns: &mut u32,
    ) -> Result<Self, CompileFailure> {
        let program = compile::compile(source, patterns)?;
        let failure = CompileFailure::new(CompileErrorKind::ProgramTooLong, None, 0);
        BoundedVec::try_from(program).map(Self).map_err(|_| failure)
    }

    /// Returns the roles of the members of a schema and of its subschemas. Considers only schemas
    /// that are compiled. Skips rejected members. Names that begin with `x-` or contain a colon,
    /// such as `title:de`, are extensions and count as annotations.
    pub fn keywords(source: &[u8]) -> Vec<KeywordUse<'_>> {
        compile::survey(whole(source)).0
    }

    /// Returns all reasons for which a schema is rejected, as [`SchemaSource::refusals`] does.
    pub fn refusals(source: &[u8]) -> Vec<CompileFailure> {
        compile::survey(whole(source)).1
    }

    /// Validates a JSON text. The error has a JSON Pointer into the text.
    pub fn validate(&self, value: &[u8]) -> Result<(), ValidationError> {
        match self.check(value) {
            Ok(_) => Ok(()),
            Err(violation) => Err(violation.locate(value)),
        }
    }

    /// Validates a JSON text, with an error that is cheap to make. Returns the work done.
    ///
    /// The text may have at most [`MAX_VALUE`] bytes and [`MAX_VALUE_DEPTH`] levels. Reports the
    /// first violation in the order of the text. A schema that the compiler did not make gives some
    /// verdict or [`ViolationKind::InvalidProgram`].
    pub fn check(&self, value: &[u8]) -> Result<Stats, Violation> {
        let (stats, verdict) = self.metered(value);
        verdict.map(|()| stats)
    }

    /// Validates a JSON text as [`check`](Self::check) does, and returns the work done even on
    /// failure.
    pub fn metered(&self, value: &[u8]) -> (Stats, Result<(), Violation>) {
        validate::run(&self.0, value)
    }

    /// Returns an upper bound of the units of work that apply to one place of a value, at most
    /// [`MAX_COST`]. The time of a validation is proportional to the value's bytes times this.
    pub fn cost(&self) -> u32 {
        match program::Program(&self.0).header() {
            Ok((cost, _)) => u32::from(cost).clamp(1, MAX_COST),
            Err(program::Damaged) => MAX_COST,
        }
    }

    /// Returns the dialect of the source. A damaged program may return any dialect.
    pub fn dialect(&self) -> Dialect {
        Dialect::numbered(program::Program(&self.0).dialect())
    }

    /// Returns the bytes of the compiled schema.
    pub fn program(&self) -> &[u8] {
        &self.0
    }
}

/// Returns the source for the whole text as a schema.
fn whole(source: &[u8]) -> compile::Source<'_> {
    compile::Source { root: source, place: None, has_unique_keys: false }
}
