//! Finds arrays with equal items, in bounded time whatever the items are.
//!
//! A value is written down in a canonical form: strings unescaped, numbers as their decimal digits
//! and exponent, members in the order of their names. Two values are equal if and only if their
//! forms are, byte for byte, so nothing is hashed, and there is no hash that values could be made
//! for. Items are sorted by the length of their form, then by its bytes: only items of the same
//! length are compared, so all arrays within each other together take at most `b * log2(b)` byte
//! comparisons for a form of `b` bytes.

use crate::{
    cast::to_usize,
    json::{Limits, Raw, Reader, Token},
    number::Decimal,
    MAX_VALUE, MAX_VALUE_DEPTH,
};
use alloc::vec::Vec;

/// The bytes that forms begin and end with. The last two are not in any UTF-8, so no form is the
/// beginning of another.
mod mark {
    pub const NULL: u8 = b'n';
    pub const FALSE: u8 = b'f';
    pub const TRUE: u8 = b't';
    pub const NUMBER: u8 = b'#';
    pub const STRING: u8 = b'"';
    pub const ARRAY: u8 = b'[';
    pub const OBJECT: u8 = b'{';
    /// Ends an array or object.
    pub const CLOSE: u8 = 0xfe;
    /// Ends a name, string or number.
    pub const END: u8 = 0xff;
}

/// The arrays with equal items that are known, and how far values were looked at.
#[derive(Default)]
pub(crate) struct Repeated {
    /// Where they begin, sorted.
    arrays: Vec<u32>,
    /// Before this offset, all arrays are known.
    until: u32,
}

impl Repeated {
    /// Where looking ended.
    pub fn until(&self) -> u32 {
        self.until
    }

    /// Looks at the array or object that begins at `offset` of `text` and all in it, unless it was
    /// looked at as a part of another one. What is not JSON ends the search: the text is refused.
    pub fn look(&mut self, text: &[u8], offset: u32) {
        if offset < self.until {
            return;
        }
        // The text was not longer than a value.
        let limits = Limits { bytes: MAX_VALUE, depth: MAX_VALUE_DEPTH, unique_keys: false };
        let raw = Raw { text: text.get(to_usize(offset)..).unwrap_or_default(), offset };
        let Ok(mut reader) = Reader::within(raw, limits) else { return };
        let mut search = Search::default();
        while search.step(&mut reader).is_some() && !search.open.is_empty() {}
        self.until = offset.saturating_add(reader.consumed()).max(self.until);
        search.arrays.sort_unstable();
        self.arrays = search.arrays;
    }

    /// Whether the array that begins at `offset`, which was looked at, has equal items.
    pub fn contains(&self, offset: u32) -> bool {
        self.arrays.binary_search(&offset).is_ok()
    }
}

/// A part of the form.
#[derive(Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
}

impl Span {
    fn of(self, form: &[u8]) -> &[u8] {
        form.get(self.start..self.end).unwrap_or_default()
    }

    fn length(self) -> usize {
        self.end.saturating_sub(self.start)
    }
}

/// An array or object that is open.
struct Open {
    is_array: bool,
    offset: u32,
    /// Where its form begins, and where the forms of what is in it begin.
    start: usize,
    content: usize,
    /// The first of its items or members among the spans.
    first: usize,
    /// Where the form of the member begins that is being read.
    member: usize,
}

#[derive(Default)]
struct Search {
    form: Vec<u8>,
    open: Vec<Open>,
    /// The items and members of all that is open, innermost last.
    spans: Vec<Span>,
    arrays: Vec<u32>,
    sorted: Vec<u8>,
}

impl Search {
    /// Reads a token. Returns nothing if there is none.
    fn step(&mut self, reader: &mut Reader<'_>) -> Option<()> {
        let token = reader.next().ok()?;
        let start = self.form.len();
        match token {
            Token::Null => self.form.push(mark::NULL),
            Token::Bool(false) => self.form.push(mark::FALSE),
            Token::Bool(true) => self.form.push(mark::TRUE),
            Token::Number(number) => self.number(&number.decimal()),
            Token::String(text) => {
                self.form.push(mark::STRING);
                text.append_to(&mut self.form);
                self.form.push(mark::END);
            },
            Token::Key(name) => {
                if let Some(open) = self.open.last_mut() {
                    open.member = start;
                }
                name.append_to(&mut self.form);
                self.form.push(mark::END);
                return Some(());
            },
            Token::BeginArray | Token::BeginObject => {
                let is_array = matches!(token, Token::BeginArray);
                self.form.push(if is_array { mark::ARRAY } else { mark::OBJECT });
                let (content, first) = (self.form.len(), self.spans.len());
                let offset = reader.offset();
                self.open.push(Open { is_array, offset, start, content, first, member: content });
                return Some(());
            },
            Token::EndArray | Token::EndObject => {
                let open = self.open.pop()?;
                self.close(&open);
                self.ended(open.start);
                return Some(());
            },
            Token::End => return None,
        }
        self.ended(start);
        Some(())
    }

    fn number(&mut self, number: &Decimal<'_>) {
        self.form.extend([mark::NUMBER, u8::from(number.is_negative())]);
        let exponent = if number.is_zero() { 0 } else { number.exponent() };
        // Any order will do. It lies within 640 of zero.
        self.form.extend(exponent.to_le_bytes().into_iter().take(2));
        self.form.extend(number.digits());
        self.form.push(mark::END);
    }

    /// A value ends, whose form begins at `start`.
    fn ended(&mut self, start: usize) {
        if let Some(open) = self.open.last() {
            let start = if open.is_array { start } else { open.member };
            self.spans.push(Span { start, end: self.form.len() });
        }
    }

    /// An array or object ends: looks for equal items, or puts the members in order.
    fn close(&mut self, open: &Open) {
        let Self { form, spans, arrays, sorted, .. } = self;
        let parts = spans.get_mut(open.first..).unwrap_or_default();
        if open.is_array {
            parts.sort_unstable_by(|a, b| {
                a.length().cmp(&b.length()).then_with(|| a.of(form).cmp(b.of(form)))
            });
            let mut pairs = parts.iter().zip(parts.iter().skip(1));
            if pairs.any(|(a, b)| a.length() == b.length() && a.of(form) == b.of(form)) {
                arrays.push(open.offset);
            }
        } else if !parts.is_sorted_by(|a, b| a.of(form) <= b.of(form)) {
            // No name is the beginning of another with its end, and all differ.
            parts.sort_unstable_by(|a, b| a.of(form).cmp(b.of(form)));
            sorted.clear();
            parts.iter().for_each(|part| sorted.extend_from_slice(part.of(form)));
            form.truncate(open.content);
            form.extend_from_slice(sorted);
        }
        form.push(mark::CLOSE);
        spans.truncate(open.first);
    }
}
