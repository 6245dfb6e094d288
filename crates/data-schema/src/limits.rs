//! The limits of schemas and values.

/// The longest source of a schema, in bytes.
pub const MAX_SOURCE: u32 = 64 * 1024;
/// The longest compiled schema, in bytes.
pub const MAX_PROGRAM: u32 = 256 * 1024;
/// The most bytes of a compiled schema for each byte of its source, besides [`MIN_PROGRAM`]: no
/// source takes much more room compiled than as text.
pub const MAX_PROGRAM_BY_BYTE: u32 = 12;
/// The bytes that any compiled schema may have.
pub const MIN_PROGRAM: u32 = 1_024;
/// The deepest nesting of schemas in schemas; arrays and objects in `const` and `enum` count. What
/// a reference leads to is not nested in what refers to it.
pub const MAX_DEPTH: u32 = 16;
/// The most schemas in one source, itself included, as far as they are compiled. The boolean
/// schemas and the references count, and so does each array and object in `const` and `enum` with
/// each value in it.
pub const MAX_NODES: u32 = 1_024;
/// The work that compiling the expressions of a source may take, besides [`PATTERN_WORK_BY_BYTE`].
/// A unit is about a step of the search for what can follow a position.
pub const PATTERN_WORK: u32 = 24 * 1024;
/// The work of compiling expressions for each byte of the source: no byte costs much.
pub const PATTERN_WORK_BY_BYTE: u32 = 8;
/// The longest value, in bytes.
pub const MAX_VALUE: u32 = 64 * 1024;
/// The deepest nesting of arrays and objects in a value.
pub const MAX_VALUE_DEPTH: u32 = 32;
/// The most units of work that may apply to one place of a value: each schema is one, a `pattern`
/// counts as many as its automaton takes, more than eight comparisons of a number count as one
/// more, and `uniqueItems` anywhere in a schema counts as one.
pub const MAX_COST: u32 = 32;
