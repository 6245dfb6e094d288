//! Conversion of a byte offset to a JSON Pointer (RFC 6901).

use super::{
    limits::{Limits, MAX_READER_DEPTH},
    reader::{Reader, Token},
    text::Text,
};
use alloc::{string::String, vec::Vec};
use core::fmt::Write;

/// An open array or object on the way to the place.
enum Step<'a> {
    Member(Option<Text<'a>>),
    Item(Option<u32>),
}

/// Returns the JSON Pointer (RFC 6901) of the innermost value of `text` that has begun at `offset`:
/// the value itself, or the member whose key is there.
///
/// The offset is one that [`crate::Violation`] or [`crate::CompileFailure`] reports. In a text that
/// is damaged before the offset, the result is the last place that can be read. The empty pointer
/// is the whole document.
pub fn pointer(text: &[u8], offset: u32) -> String {
    let limits = Limits { bytes: u32::MAX, depth: MAX_READER_DEPTH, unique_keys: false };
    let mut steps: Vec<Step<'_>> = Vec::new();
    let Ok(mut reader) = Reader::new(text, limits) else { return String::new() };
    while let Ok(token) = reader.next() {
        if reader.offset() > offset {
            break;
        }
        let begins = match token {
            Token::End => break,
            Token::EndObject | Token::EndArray => {
                // The closing bracket itself belongs to the container.
                if reader.offset() == offset {
                    forget(&mut steps);
                    break;
                }
                steps.pop();
                continue;
            },
            Token::Key(key) => {
                if let Some(Step::Member(name)) = steps.last_mut() {
                    *name = Some(key);
                }
                continue;
            },
            Token::BeginObject => Some(Step::Member(None)),
            Token::BeginArray => Some(Step::Item(None)),
            _ => None,
        };
        if let Some(Step::Item(index)) = steps.last_mut() {
            *index = Some(index.map_or(0, |index| index.saturating_add(1)));
        }
        let exact = reader.offset() == offset;
        steps.extend(begins);
        if exact {
            break;
        }
    }
    write(&steps)
}

/// Makes the pointer end at the innermost container itself.
fn forget(steps: &mut [Step<'_>]) {
    match steps.last_mut() {
        Some(Step::Member(name)) => *name = None,
        Some(Step::Item(index)) => *index = None,
        None => {},
    }
}

fn write(steps: &[Step<'_>]) -> String {
    let mut pointer = String::new();
    for step in steps {
        match step {
            Step::Member(Some(name)) => {
                pointer.push('/');
                for c in name.chars() {
                    match c {
                        '~' => pointer.push_str("~0"),
                        '/' => pointer.push_str("~1"),
                        c => pointer.push(c),
                    }
                }
            },
            Step::Item(Some(index)) => {
                // Writing to a string cannot fail.
                let _ = write!(pointer, "/{index}");
            },
            Step::Member(None) | Step::Item(None) => {},
        }
    }
    pointer
}
