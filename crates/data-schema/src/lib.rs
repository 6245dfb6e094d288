//! JSON Schema (drafts 4, 6, 7, 2019-09 and 2020-12), compiled to a flat, bounded program and
//! validated in place: without floats, without recursion, without panics, in time that its input
//! cannot stretch.
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
//! A schema is written in the draft that `$schema` at its root names, or in 2020-12 ([`Dialect`]).
//! Every keyword has exactly the meaning that the draft gives it, and applies only to the type it
//! is for.
//!
//! | applies to | keywords | standard (2020-12) |
//! |---|---|---|
//! | any value | `type` (one name, or several), `enum`, `const` | Validation, 6.1 |
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
//! [`keywords`] lists what each keyword of the drafts 3 to 2020-12 is in a dialect. Annotations
//! check nothing, and neither do names that no draft knows or only a later one does, with any value
//! ([`Schema::keywords`] finds them). Any other keyword of a draft is refused by name, since a
//! check that silently does not happen is worse than none, and so is one with a value that it does
//! not take.
//!
//! Values are compared by meaning: `1.0` is an integer (except in draft 4) and equals `1`, `1e2`
//! equals `100`, numbers are exact decimals (see [`number`]), the order of members does not matter,
//! and escapes are resolved. Duplicate keys in an object are refused, in values and in schemas.
//!
//! # References
//!
//! A source is read once to see where everything is. Then the root is compiled, and whatever it
//! refers to, each place once: a definition that nothing refers to is not looked at. A schema may
//! apply itself to members and items of a value; a circle in which it would apply itself to the
//! same value is refused.
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
//! A value is read once. At each place of it, the schemas that apply there are live. Each is a unit
//! of work. A `pattern` adds those that its automaton takes, more than eight comparisons of a
//! number add one, and so does `uniqueItems` anywhere, since arrays are then read ahead. At most
//! [`Schema::cost`] units apply to a place. The work of [`Schema::check`] is at most the value's
//! bytes times that, times a constant and, for look-ups in large `enum` and `properties`, the
//! logarithm of their size. [`Stats`] says how much it was.
//! Arrays and objects in `const` and `enum` count as schemas, because they are compared while the
//! text streams by. `examples/worst.rs` searches for what takes the longest for its units.
//!
//! Up to 15 keys, 4 levels and 8 undecided schemas are held in place; only values that need more of
//! one of them cost an allocation.
//!
//! # What fails where
//!
//! [`Violation::offset`] and the JSON Pointer name the deepest place that makes the value fail: for
//! `required` the object, for `additionalProperties` the property, for `uniqueItems` the array, and
//! for `anyOf`, `oneOf`, `not`, `const` and `enum` the value that they stand for. The first
//! violation in the order of the text is reported, after which the text is not read any further.
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

/// The version of the compiler. It grows when the same source is compiled to something else, so
/// that compiled schemas can be told apart.
pub const COMPILER_VERSION: u8 = program::VERSION;

/// A schema within a text that references lead into.
#[derive(Clone, Copy, Debug)]
pub struct SchemaSource<'a> {
    /// The whole text, at most [`MAX_SOURCE`] bytes. No object in it has the same key twice: it was
    /// read before.
    pub root: &'a [u8],
    /// Where in it the schema begins.
    pub place: u32,
}

impl<'a> SchemaSource<'a> {
    fn part(self) -> compile::Source<'a> {
        compile::Source { root: self.root, place: Some(self.place), has_unique_keys: true }
    }

    /// Compiles the schema. The error's offset counts from the start of the text. Adds the work of
    /// compiling expressions to `patterns`, also when it fails: at most [`PATTERN_WORK`], and
    /// [`PATTERN_WORK_BY_BYTE`] for each byte of the text.
    pub fn compile(self, patterns: &mut u32) -> Result<Schema, CompileFailure> {
        Schema::from_source(self.part(), patterns)
    }

    /// Returns what the members of the schema and of its subschemas are, as far as they are
    /// compiled. Members that are refused are passed over.
    pub fn keywords(self) -> Vec<KeywordUse<'a>> {
        compile::survey(self.part()).0
    }

    /// Returns all reasons for which the schema is refused, in the order of the text: none if
    /// [`compile`](Self::compile) takes it. What is too much as a whole is found only when nothing
    /// else is wrong, and a text that cannot be read further, or an expression that takes too much
    /// work, is the last.
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
    /// Compiles the source of a schema; the error has a JSON Pointer into it.
    pub fn compile(source: &[u8]) -> Result<Self, CompileError> {
        Self::build(source).map_err(|failure| failure.locate(source))
    }

    /// The same, with an error that costs nothing to make.
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

    /// Returns what the members of a schema and of its subschemas are, as far as they are compiled.
    /// Members that are refused are passed over. Names that begin with `x-` or have a colon in
    /// them, such as `title:de`, are meant to be unknown, and count as annotations.
    pub fn keywords(source: &[u8]) -> Vec<KeywordUse<'_>> {
        compile::survey(whole(source)).0
    }

    /// Returns all reasons for which a schema is refused, as [`SchemaSource::refusals`] does.
    pub fn refusals(source: &[u8]) -> Vec<CompileFailure> {
        compile::survey(whole(source)).1
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
    /// verdict or [`ViolationKind::InvalidProgram`].
    pub fn check(&self, value: &[u8]) -> Result<Stats, Violation> {
        let (stats, verdict) = self.metered(value);
        verdict.map(|()| stats)
    }

    /// The same, with the work that was done when the value fails as well.
    pub fn metered(&self, value: &[u8]) -> (Stats, Result<(), Violation>) {
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

    /// The dialect that the source is written in. A damaged program may say any.
    pub fn dialect(&self) -> Dialect {
        Dialect::numbered(program::Program(&self.0).dialect())
    }

    /// The compiled bytes.
    pub fn program(&self) -> &[u8] {
        &self.0
    }
}

/// The whole text as a schema.
fn whole(source: &[u8]) -> compile::Source<'_> {
    compile::Source { root: source, place: None, has_unique_keys: false }
}
