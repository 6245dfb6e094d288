//! What validating can answer.

use crate::{json, keyword::Keyword};
use alloc::string::String;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;

/// Why a text fails, and where: cheap to make and to pass on.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Violation {
    /// What is violated.
    pub keyword: Keyword,
    /// The byte offset in the text of the value that fails: for `additionalProperties` of the
    /// property's name, for text that is no JSON of the byte that cannot be read.
    pub offset: u32,
}

impl Violation {
    /// The same with a JSON Pointer; `text` is the text that failed.
    pub fn locate(self, text: &[u8]) -> ValidationError {
        ValidationError {
            keyword: self.keyword,
            offset: self.offset,
            pointer: json::pointer(text, self.offset),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} (at byte {})", self.keyword, self.keyword.advice(), self.offset)
    }
}

impl core::error::Error for Violation {}

/// Why a value fails, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidationError {
    /// What is violated.
    pub keyword: Keyword,
    /// The byte offset, as in [`Violation::offset`].
    pub offset: u32,
    /// The JSON Pointer (RFC 6901) of the value that fails; empty for the whole document.
    pub pointer: String,
}

impl fmt::Display for ValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ", self.keyword, self.keyword.advice())?;
        place(f, &self.pointer, self.offset)
    }
}

impl core::error::Error for ValidationError {}

/// What validating a value took, so that a caller can give back unused weight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// The bytes read.
    pub bytes: u32,
    /// Evaluations of a schema node at a place, and look-ups of a key in a node.
    pub steps: u32,
    /// The most nodes that were live at one place; never above the schema's cost.
    pub live: u32,
}

impl Stats {
    /// The work that it counts as: the bytes times the most nodes that were live at one place.
    pub fn work(&self) -> u32 {
        self.bytes.saturating_mul(self.live)
    }
}

/// Where in a text something is, in words.
pub(crate) fn place(f: &mut fmt::Formatter<'_>, pointer: &str, offset: u32) -> fmt::Result {
    if pointer.is_empty() {
        write!(f, "(at byte {offset})")
    } else {
        write!(f, "(at {pointer}, byte {offset})")
    }
}
