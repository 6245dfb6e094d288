//! The limits of expressions.

/// The longest expression, in code points.
pub const MAX_PATTERN: u32 = 1_024;
/// The deepest nesting of groups.
pub const MAX_PATTERN_DEPTH: u32 = 16;
/// The most characters and classes of an expression, with its repetitions written out: `[0-9]{4}`
/// has 4.
pub const MAX_POSITIONS: u32 = 1_024;
/// The most steps for each character of a value.
pub const MAX_STEPS: u32 = 512;
/// The most work of compiling one expression by itself. A unit is about a step of the search for
/// what can follow a position.
pub const MAX_COMPILE_WORK: u32 = 1 << 20;
