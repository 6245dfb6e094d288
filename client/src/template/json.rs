// SPDX-License-Identifier: Apache-2.0

//! JSON text that is taken apart and put together without a change of its values: a number keeps
//! its digits, and members keep their order.

use data_schema::{
    json::{Limits, Raw, Reader},
    Violation,
};

/// A member of an object.
#[derive(Clone, Debug)]
pub struct Member<'a> {
    /// The name without escapes.
    pub name: String,
    /// The name as written, with quotes.
    pub key: Vec<u8>,
    /// The offset of the name in the whole text.
    pub offset: u32,
    /// The value.
    pub value: Raw<'a>,
}

/// Returns the limits for texts of any length. `unique_keys` rejects an object with a duplicate
/// member.
pub fn limits(unique_keys: bool) -> Limits {
    Limits { bytes: u32::MAX, unique_keys, ..Limits::default() }
}

/// Returns a reader for a part of a text that was read as a whole before.
pub fn reader(raw: Raw<'_>) -> Result<Reader<'_>, Violation> {
    Reader::within(raw, limits(false))
}

/// Returns `true` if a text is one JSON value, in which no object has a duplicate member. Anything
/// else must not become a part of a larger text: its author could change what is around it.
pub fn is_value(text: &[u8]) -> bool {
    let read = || {
        let mut reader = Reader::within(Raw { text, offset: 0 }, limits(true))?;
        reader.skip_value()?;
        reader.finish()
    };
    read().is_ok()
}

/// Returns the members of an object. Fails if the value is not an object.
pub fn members(raw: Raw<'_>) -> Result<Vec<Member<'_>>, Violation> {
    let mut reader = reader(raw)?;
    reader.begin_object()?;
    let mut all = Vec::new();
    while let Some(key) = reader.next_key()? {
        let text = [b"\"", key.raw(), b"\""].concat();
        let (name, offset) = (key.to_text(), key.offset());
        all.push(Member { name, key: text, offset, value: reader.skip_value()? });
    }
    Ok(all)
}

/// Returns the value of a member of an object, or `None`. Fails if the value is not an object.
pub fn member<'a>(raw: Raw<'a>, name: &str) -> Result<Option<Raw<'a>>, Violation> {
    Ok(members(raw)?.into_iter().find(|member| member.name == name).map(|member| member.value))
}

/// Returns the name of a member as a step of a JSON Pointer (RFC 6901).
pub fn step(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Returns the items of an array. Fails if the value is not an array.
pub fn items(raw: Raw<'_>) -> Result<Vec<Raw<'_>>, Violation> {
    let mut reader = reader(raw)?;
    reader.begin_array()?;
    let mut all = Vec::new();
    while reader.next_item()? {
        all.push(reader.skip_value()?);
    }
    Ok(all)
}

/// Returns the text of a string value, or `None` for any other value.
pub fn string(raw: Raw<'_>) -> Option<String> {
    Some(reader(raw).ok()?.string().ok()?.to_text())
}

/// Returns an object with these members, each a name as written and a value.
pub fn object<'a>(members: impl IntoIterator<Item = (&'a [u8], &'a [u8])>) -> Vec<u8> {
    let mut text = vec![b'{'];
    for (key, value) in members {
        if text.len() > 1 {
            text.push(b',');
        }
        text.extend_from_slice(key);
        text.push(b':');
        text.extend_from_slice(value);
    }
    text.push(b'}');
    text
}

/// Returns an array of these items.
pub fn array<'a>(items: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let list: Vec<_> = items.into_iter().collect();
    [b"[".as_slice(), &list.join(b",".as_slice()), b"]"].concat()
}

/// Returns a name as JSON text, with quotes.
pub fn quoted(name: &str) -> Vec<u8> {
    serde_json::Value::from(name).to_string().into_bytes()
}

/// A text without white space between its tokens.
#[derive(Clone, Debug, Default)]
pub struct Compact {
    /// The text.
    pub text: Vec<u8>,
    /// For each byte that follows removed white space, and the first: its offset here and in the
    /// original.
    origins: Vec<(usize, usize)>,
}

impl Compact {
    /// Removes the white space between tokens.
    pub fn of(text: &[u8]) -> Self {
        let mut compact = Self::default();
        let (mut in_string, mut is_escaped, mut skipped) = (false, false, true);
        for (offset, byte) in text.iter().enumerate() {
            if !in_string && matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                skipped = true;
                continue;
            }
            if std::mem::take(&mut skipped) {
                compact.origins.push((compact.text.len(), offset));
            }
            compact.text.push(*byte);
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' if in_string => is_escaped = true,
                b'"' => in_string = !in_string,
                _ => {},
            }
        }
        compact
    }

    /// Returns the offset in the original text of a place in this one.
    pub fn origin(&self, offset: usize) -> usize {
        let after = self.origins.partition_point(|(here, _)| *here <= offset);
        let known = after.checked_sub(1).and_then(|index| self.origins.get(index));
        known.map_or(offset, |(here, there)| there + (offset - here))
    }
}

/// Returns a text with one member or item on each line. The argument has no white space between its
/// tokens.
pub fn pretty(text: &[u8]) -> Vec<u8> {
    let mut all = Vec::with_capacity(text.len() * 2);
    let (mut depth, mut in_string, mut is_escaped) = (0usize, false, false);
    let line = |all: &mut Vec<u8>, depth: usize| {
        all.push(b'\n');
        all.extend(std::iter::repeat_n(b' ', depth * 2));
    };
    for (index, byte) in text.iter().enumerate() {
        if in_string {
            all.push(*byte);
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' => is_escaped = true,
                b'"' => in_string = false,
                _ => {},
            }
            continue;
        }
        let next = text.get(index + 1);
        match byte {
            b'{' | b'[' if !matches!(next, Some(b'}' | b']')) => {
                depth += 1;
                all.push(*byte);
                line(&mut all, depth);
            },
            b'}' | b']' => {
                let is_empty = matches!(all.last(), Some(b'{' | b'['));
                if !is_empty {
                    depth = depth.saturating_sub(1);
                    line(&mut all, depth);
                }
                all.push(*byte);
            },
            b',' => {
                all.push(b',');
                line(&mut all, depth);
            },
            b':' => all.extend_from_slice(b": "),
            b'"' => {
                in_string = true;
                all.push(b'"');
            },
            _ => all.push(*byte),
        }
    }
    all
}

/// Returns the line and column of an offset, both from 1. Columns count characters.
pub fn line_and_column(text: &[u8], offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
    (line, column)
}

/// Returns the offset of the value at a JSON Pointer, or of the innermost value on the way that
/// exists.
pub fn locate(text: &[u8], pointer: &str) -> usize {
    let mut here = Raw { text, offset: 0 };
    let first = text.iter().position(|byte| *byte == b'{').unwrap_or_default();
    let mut offset = first;
    for step in pointer.split('/').skip(1) {
        let name = step.replace("~1", "/").replace("~0", "~");
        let inner = member(here, &name).ok().flatten();
        let item = || items(here).ok()?.get(step.parse::<usize>().ok()?).copied();
        match inner.or_else(item) {
            Some(found) => (here, offset) = (found, found.offset as usize),
            None => break,
        }
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &[u8]) -> Raw<'_> {
        Raw { text, offset: 0 }
    }

    #[test]
    fn text_is_compacted_and_spread_without_a_change_of_values() {
        let text = br#" { "a b" : [ 1.0 , 9e1 , "x \" \\" , { } , [ ] ] , "c":{"d":null} } "#;
        let compact = Compact::of(text);
        let expected = br#"{"a b":[1.0,9e1,"x \" \\",{},[]],"c":{"d":null}}"#;
        assert_eq!(compact.text, expected);
        let spread = pretty(&compact.text);
        assert!(spread.starts_with(b"{\n  \"a b\": [\n    1.0,\n"), "{spread:?}");
        assert_eq!(Compact::of(&spread).text, expected);
        for (offset, byte) in compact.text.iter().enumerate() {
            assert_eq!(text[compact.origin(offset)], *byte, "{offset}");
        }
    }

    #[test]
    fn members_keep_their_text_and_order() {
        let text = br#"{"b":1.50,"\u0061":[{}]}"#;
        let all = members(whole(text)).unwrap();
        let names: Vec<_> = all.iter().map(|member| member.name.as_str()).collect();
        assert_eq!(names, ["b", "a"]);
        let pairs = all.iter().map(|member| (member.key.as_slice(), member.value.text));
        assert_eq!(object(pairs), text);
        assert!(members(whole(b"[]")).is_err() && items(whole(b"{}")).is_err());
        let list = items(whole(b"[1, [2]]")).unwrap();
        assert_eq!(array(list.iter().map(|item| item.text)), b"[1,[2]]");
        assert_eq!(object([]), b"{}");
    }

    #[test]
    fn pointers_lead_to_offsets() {
        let text = br#"{"a/b": [0, {"c": true}]}"#;
        assert_eq!(locate(text, "/a~1b/1/c"), 18);
        assert_eq!(locate(text, "/a~1b/1/d"), 12);
        assert_eq!(locate(text, ""), 0);
    }

    #[test]
    fn places_have_lines_and_columns() {
        let text = "{\n \"ü\": 1\n}".as_bytes();
        assert_eq!(line_and_column(text, 0), (1, 1));
        assert_eq!(line_and_column(text, 8), (2, 6));
        assert_eq!(line_and_column(text, 99), (3, 2));
    }
}
