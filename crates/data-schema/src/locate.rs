//! Conversion of byte offsets to JSON Pointers, for readers.

use crate::{
    compile_error::{CompileError, CompileFailure},
    json::pointer,
    violation::{ValidationError, Violation},
};

impl Violation {
    /// Returns the violation with a JSON Pointer. `text` is the text that failed.
    pub fn locate(self, text: &[u8]) -> ValidationError {
        let Self { kind, offset } = self;
        ValidationError { kind, offset, pointer: pointer(text, offset) }
    }
}

impl CompileFailure {
    /// Returns the failure with a JSON Pointer. `source` is the rejected source.
    pub fn locate(self, source: &[u8]) -> CompileError {
        let Self { kind, keyword, offset, detail } = self;
        CompileError { kind, keyword, offset, detail, pointer: pointer(source, offset) }
    }
}
