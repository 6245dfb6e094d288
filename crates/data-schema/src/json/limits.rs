//! The limits of a reader.

/// The maximum nesting that a [`Reader`](super::Reader) can accept.
pub const MAX_READER_DEPTH: u32 = 64;

/// The limits of a [`Reader`](super::Reader).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The maximum length of the text, in bytes.
    pub bytes: u32,
    /// The maximum nesting of arrays and objects. Values above [`MAX_READER_DEPTH`] count as that.
    pub depth: u32,
    /// If `true`, an object with duplicate keys is rejected.
    pub unique_keys: bool,
}

impl Default for Limits {
    /// Returns 64 KiB, [`MAX_READER_DEPTH`] levels, unique keys.
    fn default() -> Self {
        Self { bytes: 65_536, depth: MAX_READER_DEPTH, unique_keys: true }
    }
}
