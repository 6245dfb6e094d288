//! The limits of schemas and values.

/// The maximum length of a schema's source, in bytes.
pub const MAX_SOURCE: u32 = 64 * 1024;
/// The maximum length of a compiled schema, in bytes.
pub const MAX_PROGRAM: u32 = 256 * 1024;
/// The maximum bytes of a compiled schema per byte of its source, in addition to [`MIN_PROGRAM`].
/// It keeps every compiled schema in proportion to its text.
pub const MAX_PROGRAM_BY_BYTE: u32 = 12;
/// The bytes that every compiled schema may have, for any source.
pub const MIN_PROGRAM: u32 = 1_024;
/// The maximum nesting of schemas in schemas. Arrays and objects in `const` and `enum` count. The
/// target of a reference does not count as nested in the schema that refers to it.
pub const MAX_DEPTH: u32 = 16;
/// The maximum number of schemas in one source, including the root. Counts only schemas that are
/// compiled. Boolean schemas and references count, and so does each array and object in `const` and
/// `enum` with each value in it.
pub const MAX_NODES: u32 = 1_024;
/// The work that compiling the expressions of a source may take, in addition to
/// [`PATTERN_WORK_BY_BYTE`]. A unit is about one step of the search for the positions that can
/// follow another.
pub const PATTERN_WORK: u32 = 24 * 1024;
/// The additional work of compiling expressions per byte of the source.
pub const PATTERN_WORK_BY_BYTE: u32 = 8;
/// The maximum length of a value, in bytes.
pub const MAX_VALUE: u32 = 64 * 1024;
/// The maximum nesting of arrays and objects in a value.
pub const MAX_VALUE_DEPTH: u32 = 32;
/// The maximum units of work that may apply to one place of a value. Each schema is one unit, and a
/// `pattern` counts as many as its automaton takes. More than eight comparisons of a number count
/// as one unit more, and so does `uniqueItems` anywhere in a schema.
pub const MAX_COST: u32 = 32;
