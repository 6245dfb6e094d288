//! The limits of expressions.

/// The maximum length of an expression, in code points.
pub const MAX_PATTERN: u32 = 1_024;
/// The maximum nesting of groups.
pub const MAX_PATTERN_DEPTH: u32 = 16;
/// The maximum number of characters and classes of an expression, with its repetitions written out:
/// `[0-9]{4}` has 4.
pub const MAX_POSITIONS: u32 = 1_024;
/// The maximum number of steps for each character of a value.
pub const MAX_STEPS: u32 = 512;
/// The maximum work of compiling a single expression. A unit is about one step of the search for
/// the positions that can follow another.
pub const MAX_COMPILE_WORK: u32 = 1 << 20;
