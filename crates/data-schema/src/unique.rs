//! Finds arrays with equal items, in bounded time for any items.
//!
//! A value is written in a canonical form: strings unescaped, numbers as their decimal digits and
//! exponent, members in the order of their names. Two values are equal if and only if their forms
//! are equal, byte for byte. So nothing is hashed, and an attacker cannot construct collisions.
//!
//! Items are sorted by the length of their form, then by its bytes, so that only items of the same
//! length are compared. All nested arrays together take at most `b * log2(b)` byte comparisons for
//! a form of `b` bytes.

use crate::{
    cast::to_usize,
    json::{Limits, Raw, Reader, Token},
    number::Decimal,
    MAX_VALUE, MAX_VALUE_DEPTH,
};
use alloc::vec::Vec;

/// The bytes that begin and end forms. The last two never occur in UTF-8, so no form is a prefix of
/// another.
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

/// The known arrays with equal items, and how far the text has been searched.
#[derive(Default)]
pub(crate) struct Repeated {
    /// The offsets at which they begin, sorted.
    arrays: Vec<u32>,
    /// All arrays before this offset are known.
    until: u32,
}

impl Repeated {
    /// Returns the offset at which the search ended.
    pub fn until(&self) -> u32 {
        self.until
    }

    /// Searches the array or object that begins at `offset` of `text` and everything in it, unless
    /// it was searched as a part of another one. Text that is not JSON ends the search, since the
    /// reader rejects it.
    pub fn look(&mut self, text: &[u8], offset: u32) {
        if offset < self.until {
            return;
        }
        // The length of the text has already been checked.
        let limits = Limits { bytes: MAX_VALUE, depth: MAX_VALUE_DEPTH, unique_keys: false };
        let raw = Raw { text: text.get(to_usize(offset)..).unwrap_or_default(), offset };
        let Ok(mut reader) = Reader::within(raw, limits) else { return };
        let mut search = Search::default();
        while search.step(&mut reader).is_some() && !search.open.is_empty() {}
        self.until = offset.saturating_add(reader.consumed()).max(self.until);
        search.arrays.sort_unstable();
        self.arrays = search.arrays;
    }

    /// Returns `true` if the array that begins at `offset` has equal items. It must have been
    /// searched.
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

/// An open array or object.
struct Open {
    is_array: bool,
    offset: u32,
    /// The starts of its form and of its content's forms.
    start: usize,
    content: usize,
    /// The index of its first item or member in the spans.
    first: usize,
    /// The start of the form of the current member.
    member: usize,
}

#[derive(Default)]
struct Search {
    form: Vec<u8>,
    open: Vec<Open>,
    /// The items and members of all open arrays and objects, the innermost last.
    spans: Vec<Span>,
    arrays: Vec<u32>,
    sorted: Vec<u8>,
}

impl Search {
    /// Reads a token. Returns `None` at the end of the text or on an error.
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
        // Any order works. The exponent is within 640 of zero.
        self.form.extend(exponent.to_le_bytes().into_iter().take(2));
        self.form.extend(number.digits());
        self.form.push(mark::END);
    }

    /// Records the end of a value whose form begins at `start`.
    fn ended(&mut self, start: usize) {
        if let Some(open) = self.open.last() {
            let start = if open.is_array { start } else { open.member };
            self.spans.push(Span { start, end: self.form.len() });
        }
    }

    /// Ends an array or object: searches an array for equal items, and sorts the members of an
    /// object.
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
            // No name is a prefix of another with its end mark, and all names differ.
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
