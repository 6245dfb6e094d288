//! The pull reader, which returns one token after the other.

use super::{
    keys::Keys,
    lexer::{self, refused},
    limits::{Limits, MAX_READER_DEPTH},
    text::Text,
};
use crate::{
    cast::{to_u32, to_usize},
    number::Number,
    violation::{Violation, ViolationKind},
};

/// A token of a text.
#[derive(Clone, Copy, Debug)]
pub enum Token<'a> {
    /// `{`
    BeginObject,
    /// `}`
    EndObject,
    /// `[`
    BeginArray,
    /// `]`
    EndArray,
    /// The name of an object's member; the next token begins its value.
    Key(Text<'a>),
    /// A string.
    String(Text<'a>),
    /// A number.
    Number(Number<'a>),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// The end of the text, after the value.
    End,
}

/// A token without its content, which stays in the reader: moving the content costs more than
/// reading it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    BeginObject,
    EndObject,
    BeginArray,
    EndArray,
    Key,
    String,
    Number,
    True,
    False,
    Null,
    End,
}

/// The type of a value, as its first byte determines it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An object.
    Object,
    /// An array.
    Array,
    /// A string.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Bool,
    /// `null`.
    Null,
}

/// A value as it is written in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raw<'a> {
    /// The value, without white space around it.
    pub text: &'a [u8],
    /// The byte offset of its first byte in the whole text.
    pub offset: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    /// An announced value: the root, a member's value after its key, or an item after `next_item`.
    Value,
    /// A value whose kind was peeked.
    Peeked,
    FirstItem,
    FirstKey,
    /// After a value inside an array or object.
    Next,
    End,
    /// `End` was returned.
    Finished,
}

/// A bounded reader over one JSON text. See the [module](super) for its guarantees.
///
/// Every successful call consumes bytes of the text, or changes the expected token in a way that
/// cannot be repeated. So at most three calls for each byte succeed, and a loop that stops at the
/// first error always ends:
/// - [`next_key`](Self::next_key) and [`next_item`](Self::next_item) fail while the member or item
///   that they announced is unread,
/// - [`peek_kind`](Self::peek_kind) succeeds once for each value,
/// - the end of the text is returned once.
///
/// After an error, the reader's position is unspecified: drop it.
pub struct Reader<'a> {
    text: &'a [u8],
    position: usize,
    /// The position at which the last token began.
    token: usize,
    /// The offset of `text` in the whole text.
    base: u32,
    expect: Expect,
    depth: u32,
    max_depth: u32,
    /// One bit for each open container, the innermost lowest: 1 is an object.
    objects: u64,
    unique_keys: bool,
    keys: Keys,
    key_hash: u32,
    key: Text<'a>,
    string: Text<'a>,
    number: Number<'a>,
}

impl<'a> Reader<'a> {
    /// Returns a reader at the start of `text`. Fails only with [`ViolationKind::TooLong`].
    #[inline]
    pub fn new(text: &'a [u8], limits: Limits) -> Result<Self, Violation> {
        Self::within(Raw { text, offset: 0 }, limits)
    }

    /// Returns a reader over a part of a text. The offsets that it reports are those in the whole
    /// text.
    #[inline]
    pub fn within(raw: Raw<'a>, limits: Limits) -> Result<Self, Violation> {
        if to_u32(raw.text.len()) > limits.bytes {
            return Err(Violation {
                kind: ViolationKind::TooLong,
                offset: raw.offset.saturating_add(limits.bytes),
            });
        }
        Ok(Self {
            text: raw.text,
            position: 0,
            token: 0,
            base: raw.offset,
            expect: Expect::Value,
            depth: 0,
            max_depth: limits.depth.min(MAX_READER_DEPTH),
            objects: 0,
            unique_keys: limits.unique_keys,
            keys: Keys::default(),
            key_hash: 0,
            key: Text::default(),
            string: Text::default(),
            number: Number::default(),
        })
    }

    /// Returns the byte offset at which the last token began.
    #[inline]
    pub fn offset(&self) -> u32 {
        self.base.saturating_add(to_u32(self.token))
    }

    /// Returns the number of bytes of the text consumed so far.
    #[inline]
    pub(crate) fn consumed(&self) -> u32 {
        to_u32(self.position)
    }

    /// Returns the number of open arrays and objects.
    pub fn depth(&self) -> u32 {
        self.depth
    }

    /// Returns the hash of the last key.
    #[inline]
    pub(crate) fn key_hash(&self) -> u32 {
        self.key_hash
    }

    /// Returns the last key.
    #[inline]
    pub(crate) fn last_key(&self) -> &Text<'a> {
        &self.key
    }

    /// Returns the last string that was a value.
    #[inline]
    pub(crate) fn last_string(&self) -> &Text<'a> {
        &self.string
    }

    /// Returns the last number.
    #[inline]
    pub(crate) fn last_number(&self) -> &Number<'a> {
        &self.number
    }

    /// Reads the next token. Its content is then in the reader.
    #[inline]
    pub(crate) fn advance(&mut self) -> Result<Event, Violation> {
        match self.step::<false>() {
            Ok(event) => Ok(event),
            Err(violation) => Err(self.rebase(violation)),
        }
    }

    /// Reads the next token, or a key and the first token of its value together. Never returns
    /// [`Event::Key`].
    #[inline]
    pub(crate) fn advance_to_value(&mut self) -> Result<Event, Violation> {
        match self.step::<true>() {
            Ok(event) => Ok(event),
            Err(violation) => Err(self.rebase(violation)),
        }
    }

    /// Reads the next token.
    // It can fail, so it is not an iterator.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<Token<'a>, Violation> {
        Ok(match self.advance()? {
            Event::BeginObject => Token::BeginObject,
            Event::EndObject => Token::EndObject,
            Event::BeginArray => Token::BeginArray,
            Event::EndArray => Token::EndArray,
            Event::Key => Token::Key(self.key),
            Event::String => Token::String(self.string),
            Event::Number => Token::Number(self.number),
            Event::True => Token::Bool(true),
            Event::False => Token::Bool(false),
            Event::Null => Token::Null,
            Event::End => Token::End,
        })
    }

    /// Begins an object. Fails with [`ViolationKind::TypeMismatch`] if the next value is not an
    /// object. Read its members with [`Self::next_key`].
    pub fn begin_object(&mut self) -> Result<(), Violation> {
        match self.advance()? {
            Event::BeginObject => Ok(()),
            _ => Err(self.wrong_type()),
        }
    }

    /// Returns the next key of the object, or `None` at its end.
    ///
    /// Fails with [`ViolationKind::InvalidJson`] if the value of the last key was neither read nor
    /// skipped.
    pub fn next_key(&mut self) -> Result<Option<Text<'a>>, Violation> {
        self.check_read()?;
        match self.advance()? {
            Event::Key => Ok(Some(self.key)),
            Event::EndObject => Ok(None),
            _ => Err(self.wrong_type()),
        }
    }

    /// Begins an array. Fails with [`ViolationKind::TypeMismatch`] if the next value is not an
    /// array. Read its items after [`Self::next_item`].
    pub fn begin_array(&mut self) -> Result<(), Violation> {
        match self.advance()? {
            Event::BeginArray => Ok(()),
            _ => Err(self.wrong_type()),
        }
    }

    /// Returns `true` if the array has another item, which the caller then reads or skips. Consumes
    /// the comma before the item, or the end of the array.
    ///
    /// Fails with [`ViolationKind::InvalidJson`] if the last item was neither read nor skipped.
    pub fn next_item(&mut self) -> Result<bool, Violation> {
        self.check_read()?;
        let byte = self.peek();
        self.token = self.position;
        let in_array = self.objects & 1 == 0;
        match (self.expect, byte) {
            (Expect::FirstItem, Some(b']')) => {},
            (Expect::Next, Some(b']')) if in_array => {},
            (Expect::FirstItem, _) => {
                self.expect = Expect::Value;
                return Ok(true);
            },
            (Expect::Next, Some(b',')) if in_array => {
                self.skip_byte();
                self.expect = Expect::Value;
                return Ok(true);
            },
            _ => return Err(self.rebase(self.broken())),
        }
        self.close();
        Ok(false)
    }

    /// Fails if an announced value is still unread.
    fn check_read(&self) -> Result<(), Violation> {
        match self.expect {
            Expect::Value | Expect::Peeked => Err(self.rebase(self.broken())),
            _ => Ok(()),
        }
    }

    /// Reads a string. Fails with [`ViolationKind::TypeMismatch`] if the next value is not a
    /// string.
    pub fn string(&mut self) -> Result<Text<'a>, Violation> {
        match self.advance()? {
            Event::String => Ok(self.string),
            _ => Err(self.wrong_type()),
        }
    }

    /// Reads a number. Fails with [`ViolationKind::TypeMismatch`] if the next value is not a
    /// number.
    pub fn number(&mut self) -> Result<Number<'a>, Violation> {
        match self.advance()? {
            Event::Number => Ok(self.number),
            _ => Err(self.wrong_type()),
        }
    }

    /// Reads `true` or `false`. Fails with [`ViolationKind::TypeMismatch`] for any other value.
    pub fn boolean(&mut self) -> Result<bool, Violation> {
        match self.advance()? {
            Event::True => Ok(true),
            Event::False => Ok(false),
            _ => Err(self.wrong_type()),
        }
    }

    /// Returns the type of the next value, which stays unread.
    ///
    /// Fails with [`ViolationKind::InvalidJson`] if its type was already peeked, or if the value
    /// was not announced. Announced values are the root, a member's value after its key, and an
    /// item after [`next_item`](Self::next_item).
    pub fn peek_kind(&mut self) -> Result<Kind, Violation> {
        let kind = match (self.expect, self.peek()) {
            (Expect::Value, Some(b'{')) => Kind::Object,
            (Expect::Value, Some(b'[')) => Kind::Array,
            (Expect::Value, Some(b'"')) => Kind::String,
            (Expect::Value, Some(b'-' | b'0'..=b'9')) => Kind::Number,
            (Expect::Value, Some(b't' | b'f')) => Kind::Bool,
            (Expect::Value, Some(b'n')) => Kind::Null,
            _ => return Err(self.rebase(self.broken())),
        };
        self.expect = Expect::Peeked;
        Ok(kind)
    }

    /// Checks and skips the next value of any type. Returns its text and location.
    pub fn skip_value(&mut self) -> Result<Raw<'a>, Violation> {
        let outer = self.depth;
        let first = self.advance()?;
        let start = self.token;
        if matches!(first, Event::Key | Event::EndObject | Event::EndArray | Event::End) {
            return Err(self.wrong_type());
        }
        while self.depth > outer {
            self.advance()?;
        }
        Ok(Raw {
            text: self.text.get(start..self.position).unwrap_or_default(),
            offset: self.base.saturating_add(to_u32(start)),
        })
    }

    /// Continues at `offset`, the end of the array or object that was just begun, or that is next.
    /// That part of the text must have been read before.
    pub(crate) fn skip_to(&mut self, offset: u32, begun: bool) {
        self.position = to_usize(offset.saturating_sub(self.base));
        if begun {
            self.depth = self.depth.saturating_sub(1);
            self.objects = self.objects.wrapping_shr(1);
        }
        self.ended();
    }

    /// Returns `true` if an announced value is unread.
    pub(crate) fn is_before_value(&self) -> bool {
        matches!(self.expect, Expect::Value | Expect::Peeked)
    }

    /// Returns the byte offset of the next value, if one was announced.
    pub(crate) fn next_offset(&mut self) -> u32 {
        let _ = self.peek();
        self.base.saturating_add(to_u32(self.position))
    }

    /// Reads the next value of any type. Returns it if it is a string, otherwise `None`.
    pub fn string_or_skip(&mut self) -> Result<Option<Text<'a>>, Violation> {
        let raw = self.skip_value()?;
        Ok(raw.text.starts_with(b"\"").then_some(self.string))
    }

    /// Checks that only white space follows. Succeeds once.
    pub fn finish(&mut self) -> Result<(), Violation> {
        match self.advance()? {
            Event::End => Ok(()),
            _ => Err(self.rebase(refused(ViolationKind::InvalidJson, self.token))),
        }
    }

    fn wrong_type(&self) -> Violation {
        self.rebase(refused(ViolationKind::TypeMismatch, self.token))
    }

    /// Converts a position in the part to an offset in the whole text.
    fn rebase(&self, violation: Violation) -> Violation {
        Violation { offset: self.base.saturating_add(violation.offset), ..violation }
    }

    /// Skips white space and returns the next byte.
    #[inline(always)]
    fn peek(&mut self) -> Option<u8> {
        while let Some(byte) = self.text.get(self.position).copied() {
            if !is_space(byte) {
                return Some(byte);
            }
            self.skip_byte();
        }
        None
    }

    /// Skips a byte. The position is within the text, so it cannot wrap.
    #[inline]
    fn skip_byte(&mut self) {
        self.position = self.position.wrapping_add(1);
    }

    /// Returns a violation at the current position.
    fn broken(&self) -> Violation {
        refused(ViolationKind::InvalidJson, self.position)
    }

    #[inline(always)]
    fn step<const TO_VALUE: bool>(&mut self) -> Result<Event, Violation> {
        let mut byte = self.peek();
        self.token = self.position;
        let in_object = self.objects & 1 == 1;
        let is_key = match (self.expect, byte) {
            (Expect::Value | Expect::Peeked, _) => false,
            (Expect::FirstItem, Some(b']')) => return Ok(self.close_array()),
            (Expect::FirstItem, _) => false,
            (Expect::FirstKey, Some(b'}')) => return self.close_object(),
            (Expect::FirstKey, _) => true,
            (Expect::Next, Some(b',')) => {
                self.skip_byte();
                byte = self.peek();
                self.token = self.position;
                in_object
            },
            (Expect::Next, Some(b'}')) if in_object => return self.close_object(),
            (Expect::Next, Some(b']')) if !in_object => return Ok(self.close_array()),
            (Expect::End, None) => {
                self.expect = Expect::Finished;
                return Ok(Event::End);
            },
            _ => return Err(self.broken()),
        };
        if is_key {
            self.key(byte)?;
            if !TO_VALUE {
                self.expect = Expect::Value;
                return Ok(Event::Key);
            }
            byte = self.peek();
            self.token = self.position;
        }
        self.value(byte)
    }

    #[inline(always)]
    fn value(&mut self, byte: Option<u8>) -> Result<Event, Violation> {
        let event = match byte {
            Some(b'"') => {
                let mut escaped = false;
                let raw = self.text::<false>(&mut escaped, &mut None)?;
                let offset = self.offset();
                self.string = Text::new(raw, escaped, offset);
                Event::String
            },
            Some(b'-' | b'0'..=b'9') => {
                self.position = lexer::number(self.text, self.position, &mut self.number)?;
                if !self.number.is_bounded() {
                    return Err(refused(ViolationKind::NumberOutOfBounds, self.token));
                }
                Event::Number
            },
            Some(b'{') => {
                self.open(1)?;
                if self.unique_keys {
                    self.keys.open();
                }
                self.expect = Expect::FirstKey;
                return Ok(Event::BeginObject);
            },
            Some(b'[') => {
                self.open(0)?;
                self.expect = Expect::FirstItem;
                return Ok(Event::BeginArray);
            },
            Some(b't') => self.literal(b"true", Event::True)?,
            Some(b'f') => self.literal(b"false", Event::False)?,
            Some(b'n') => self.literal(b"null", Event::Null)?,
            _ => return Err(self.broken()),
        };
        self.ended();
        Ok(event)
    }

    #[inline]
    fn ended(&mut self) {
        self.expect = if self.depth == 0 { Expect::End } else { Expect::Next };
    }

    fn literal(&mut self, word: &[u8], event: Event) -> Result<Event, Violation> {
        let end = self.position.wrapping_add(word.len());
        if self.text.get(self.position..end) != Some(word) {
            return Err(self.broken());
        }
        self.position = end;
        Ok(event)
    }

    /// Reads the string at the current position.
    #[inline(always)]
    fn text<const HASH: bool>(
        &mut self,
        escaped: &mut bool,
        hash: &mut Option<u32>,
    ) -> Result<&'a [u8], Violation> {
        let start = self.position.wrapping_add(1);
        let end = lexer::string::<HASH>(self.text, start, escaped, hash)?;
        self.position = end.wrapping_add(1);
        Ok(self.text.get(start..end).unwrap_or_default())
    }

    #[inline(always)]
    fn key(&mut self, byte: Option<u8>) -> Result<(), Violation> {
        if byte != Some(b'"') {
            return Err(self.broken());
        }
        let mut escaped = false;
        let mut hash = None;
        let raw = self.text::<true>(&mut escaped, &mut hash)?;
        let offset = self.offset();
        self.key = Text::new(raw, escaped, offset);
        self.key_hash = hash.unwrap_or_else(|| self.key.hash());
        if self.unique_keys {
            let start = to_u32(self.token).wrapping_add(1);
            if self.keys.push(self.text, &self.key, start, self.key_hash) {
                return Err(refused(ViolationKind::DuplicateKey, self.token));
            }
        }
        if self.peek() != Some(b':') {
            return Err(self.broken());
        }
        self.skip_byte();
        Ok(())
    }

    #[inline]
    fn open(&mut self, kind: u64) -> Result<(), Violation> {
        if self.depth >= self.max_depth {
            return Err(refused(ViolationKind::TooDeep, self.position));
        }
        self.depth = self.depth.wrapping_add(1);
        self.objects = self.objects.wrapping_shl(1) | kind;
        self.skip_byte();
        Ok(())
    }

    #[inline]
    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.objects = self.objects.wrapping_shr(1);
        self.skip_byte();
        self.ended();
    }

    #[inline]
    fn close_array(&mut self) -> Event {
        self.close();
        Event::EndArray
    }

    #[inline]
    fn close_object(&mut self) -> Result<Event, Violation> {
        if self.unique_keys {
            if let Some(start) = self.keys.close(self.text) {
                let quote = to_usize(start).saturating_sub(1);
                return Err(refused(ViolationKind::DuplicateKey, quote));
            }
        }
        self.close();
        Ok(Event::EndObject)
    }
}

#[inline]
fn is_space(byte: u8) -> bool {
    byte <= b' ' && matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}
