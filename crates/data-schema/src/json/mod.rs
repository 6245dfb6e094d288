//! A bounded pull reader for JSON text (RFC 8259), without recursion and without a tree.
//!
//! Every reader enforces all of RFC 8259: UTF-8, no byte order mark, no control characters in
//! strings, complete escapes, no lone surrogates, no leading zeros, and nothing after the value. In
//! addition, nesting is bounded, and numbers have the bounds of [`crate::number`]. Duplicate keys
//! of an object (compared after unescaping) are rejected unless [`Limits::unique_keys`] is `false`.
//!
//! Work is linear in the length of the text, except for duplicate keys. An object of more than
//! [`SMALL_OBJECT`] members is checked at its end by sorting its keys by hash and content. A
//! hostile text of `b` bytes costs at most `b * log2(b)` byte comparisons, for any hashes.
//!
//! Only the keys of open objects are held in memory, 12 bytes each: the first few in the reader
//! itself, many in one vector. No token allocates.
//!
//! Every successful call makes progress: see [`Reader`].
//!
//! ```
//! use data_schema::json::{Limits, Reader};
//!
//! let text = br#"{"name": "crane", "tags": ["a", "b"], "extra": {"x": [1, 2]}}"#;
//! let mut reader = Reader::new(text, Limits::default())?;
//! let (mut name, mut tags) = (None, 0);
//! reader.begin_object()?;
//! while let Some(key) = reader.next_key()? {
//!     if key == "name" {
//!         name = Some(reader.string()?);
//!     } else if key == "tags" {
//!         reader.begin_array()?;
//!         while reader.next_item()? {
//!             reader.string()?;
//!             tags += 1;
//!         }
//!     } else {
//!         let raw = reader.skip_value()?;
//!         assert_eq!(raw.text, br#"{"x": [1, 2]}"#);
//!         assert_eq!(raw.offset, 47);
//!     }
//! }
//! reader.finish()?;
//! assert!(name.unwrap() == "crane" && tags == 2);
//! # Ok::<(), data_schema::Violation>(())
//! ```

mod keys;
mod lexer;
mod limits;
mod pointer;
mod reader;
mod sort;
mod text;

pub(crate) use keys::Key;
pub use keys::SMALL_OBJECT;
pub use limits::{Limits, MAX_READER_DEPTH};
pub use pointer::pointer;
pub(crate) use reader::Event;
pub use reader::{Kind, Raw, Reader, Token};
pub(crate) use sort::sort_by_text;
pub use text::{Chars, Text};

use crate::violation::Violation;

/// Checks that the whole text is one JSON value within `limits`.
pub fn check(text: &[u8], limits: Limits) -> Result<(), Violation> {
    let mut reader = Reader::new(text, limits)?;
    reader.skip_value()?;
    reader.finish()
}
