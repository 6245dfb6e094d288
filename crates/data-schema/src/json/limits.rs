//! What a reader accepts.

/// The deepest nesting that a [`Reader`](super::Reader) can be told to accept.
pub const MAX_READER_DEPTH: u32 = 64;

/// What a [`Reader`](super::Reader) accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest text, in bytes.
    pub bytes: u32,
    /// The deepest nesting of arrays and objects; at most [`MAX_READER_DEPTH`] counts.
    pub depth: u32,
    /// Whether an object with the same key twice is refused.
    pub unique_keys: bool,
}

impl Default for Limits {
    /// 64 KiB, [`MAX_READER_DEPTH`] levels, unique keys.
    fn default() -> Self {
        Self { bytes: 65_536, depth: MAX_READER_DEPTH, unique_keys: true }
    }
}
