//! What compiling can answer.

use crate::{error::place, error::Violation, json, keyword::Keyword, kind::CompileErrorKind};
use alloc::string::String;
use core::fmt;

/// Why a schema is refused, and where: cheap to make and to pass on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The reason.
    pub kind: CompileErrorKind,
    /// The keyword that it is about, if it is about one.
    pub keyword: Option<&'static str>,
    /// The byte offset in the source: of an unsupported keyword's name, of a keyword's wrong
    /// value, of the schema that is too much, or of the byte that cannot be read.
    pub offset: u32,
}

impl Refusal {
    /// The same with a JSON Pointer; `source` is the source that was refused.
    pub fn locate(self, source: &[u8]) -> CompileError {
        CompileError {
            kind: self.kind,
            keyword: self.keyword,
            offset: self.offset,
            pointer: json::pointer(source, self.offset),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        explain(f, self.kind, self.keyword)?;
        write!(f, " (at byte {})", self.offset)
    }
}

impl core::error::Error for Refusal {}

impl From<Violation> for Refusal {
    fn from(violation: Violation) -> Self {
        let kind = match violation.keyword {
            Keyword::InvalidUtf8 => CompileErrorKind::InvalidUtf8,
            Keyword::DuplicateKey => CompileErrorKind::DuplicateKey,
            Keyword::TooLong => CompileErrorKind::TooLong,
            Keyword::TooDeep => CompileErrorKind::TooDeep,
            Keyword::NumberOutOfBounds => CompileErrorKind::NumberOutOfBounds,
            _ => CompileErrorKind::InvalidJson,
        };
        Refusal { kind, keyword: None, offset: violation.offset }
    }
}

/// Why a schema is refused, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompileError {
    /// The reason.
    pub kind: CompileErrorKind,
    /// The keyword that it is about, if it is about one.
    pub keyword: Option<&'static str>,
    /// The byte offset in the source, as in [`Refusal::offset`].
    pub offset: u32,
    /// The JSON Pointer (RFC 6901) of that place in the source.
    pub pointer: String,
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        explain(f, self.kind, self.keyword)?;
        f.write_str(" ")?;
        place(f, &self.pointer, self.offset)
    }
}

impl core::error::Error for CompileError {}

fn explain(
    f: &mut fmt::Formatter<'_>,
    kind: CompileErrorKind,
    keyword: Option<&'static str>,
) -> fmt::Result {
    match (kind, keyword) {
        (CompileErrorKind::UnsupportedKeyword, Some(name)) => {
            write!(f, "`{name}` is not supported: remove it")
        },
        (CompileErrorKind::InvalidKeywordValue, Some(name)) => match crate::compile::takes(name) {
            Some(takes) => write!(f, "`{name}` takes {takes}"),
            None => write!(f, "`{name}` does not take this value: correct it"),
        },
        (kind, Some(name)) => write!(f, "`{name}`: {kind}"),
        (kind, None) => write!(f, "{kind}"),
    }
}
