//! The limits of schemas and values.

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
pub(crate) const fn levels(depth: u32) -> usize {
    let (mut levels, mut counted) = (0usize, 0u32);
    while counted < depth {
        levels = levels.saturating_add(1);
        counted = counted.saturating_add(1);
    }
    levels
}
