//! The pull reader: one token after the other.

use super::{
    keys::Keys,
    lexer::{self, Refused},
    text::Text,
    to_u32, Limits, MAX_READER_DEPTH,
};
use crate::{error::Violation, keyword::Keyword, number::Number};

/// One step through a text.
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

/// The type of a value, as its first byte tells.
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

/// A value as it stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raw<'a> {
    /// The value, without white space around it.
    pub text: &'a [u8],
    /// The byte offset of its first byte in the whole text.
    pub offset: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    Value,
    FirstItem,
    FirstKey,
    /// After a value inside an array or object.
    Next,
    End,
}

/// A bounded reader over one JSON text. See the [module](super) for what it guarantees.
///
/// After an error, the reader's position is unspecified: drop it.
pub struct Reader<'a> {
    text: &'a [u8],
    position: usize,
    /// Where the last token began.
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
}

impl<'a> Reader<'a> {
    /// A reader at the start of `text`. Fails with [`Keyword::TooLong`] only.
    pub fn new(text: &'a [u8], limits: Limits) -> Result<Self, Violation> {
        Self::within(Raw { text, offset: 0 }, limits)
    }

    /// A reader over a part of a text; the offsets it tells are those in the whole text.
    pub fn within(raw: Raw<'a>, limits: Limits) -> Result<Self, Violation> {
        if to_u32(raw.text.len()) > limits.bytes {
            return Err(Violation {
                keyword: Keyword::TooLong,
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
        })
    }

    /// The byte offset at which the last token began.
    pub fn offset(&self) -> u32 {
        self.base.saturating_add(to_u32(self.token))
    }

    /// How many arrays and objects are open.
    pub fn depth(&self) -> u32 {
        self.depth
    }

    /// The hash of the last key.
    pub(crate) fn key_hash(&self) -> u32 {
        self.key_hash
    }

    /// The next token.
    // It fails, so it is no iterator.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<Token<'a>, Violation> {
        self.step().map_err(|refused| self.refuse(refused))
    }

    /// Begins an object: the next value must be one ([`Keyword::Type`] otherwise). Read its
    /// members with [`Self::next_key`].
    pub fn begin_object(&mut self) -> Result<(), Violation> {
        match self.next()? {
            Token::BeginObject => Ok(()),
            _ => Err(self.wrong_type()),
        }
    }

    /// The next key of the object, or `None` at its end. Read or skip the value before the next
    /// call.
    pub fn next_key(&mut self) -> Result<Option<Text<'a>>, Violation> {
        match self.next()? {
            Token::Key(key) => Ok(Some(key)),
            Token::EndObject => Ok(None),
            _ => Err(self.wrong_type()),
        }
    }

    /// Begins an array: the next value must be one ([`Keyword::Type`] otherwise). Read its items
    /// after [`Self::next_item`].
    pub fn begin_array(&mut self) -> Result<(), Violation> {
        match self.next()? {
            Token::BeginArray => Ok(()),
            _ => Err(self.wrong_type()),
        }
    }

    /// Whether the array has another item, which is then to be read or skipped; its end is
    /// consumed.
    pub fn next_item(&mut self) -> Result<bool, Violation> {
        if self.expect != Expect::Value && self.peek() == Some(b']') {
            return match self.next()? {
                Token::EndArray => Ok(false),
                _ => Err(self.wrong_type()),
            };
        }
        Ok(true)
    }

    /// A string ([`Keyword::Type`] if the next value is none).
    pub fn string(&mut self) -> Result<Text<'a>, Violation> {
        match self.next()? {
            Token::String(text) => Ok(text),
            _ => Err(self.wrong_type()),
        }
    }

    /// A number ([`Keyword::Type`] if the next value is none).
    pub fn number(&mut self) -> Result<Number<'a>, Violation> {
        match self.next()? {
            Token::Number(number) => Ok(number),
            _ => Err(self.wrong_type()),
        }
    }

    /// `true` or `false` ([`Keyword::Type`] if the next value is neither).
    pub fn boolean(&mut self) -> Result<bool, Violation> {
        match self.next()? {
            Token::Bool(value) => Ok(value),
            _ => Err(self.wrong_type()),
        }
    }

    /// The type of the next value, which stays unread.
    pub fn peek_kind(&mut self) -> Result<Kind, Violation> {
        let mut byte = self.peek();
        if self.expect == Expect::Next && byte == Some(b',') {
            let after = self.position.saturating_add(1);
            let rest = self.text.get(after..).unwrap_or_default();
            byte = rest.iter().copied().find(|byte| !is_space(*byte));
        }
        match byte {
            Some(b'{') => Ok(Kind::Object),
            Some(b'[') => Ok(Kind::Array),
            Some(b'"') => Ok(Kind::String),
            Some(b'-' | b'0'..=b'9') => Ok(Kind::Number),
            Some(b't' | b'f') => Ok(Kind::Bool),
            Some(b'n') => Ok(Kind::Null),
            _ => Err(self.refuse((Keyword::InvalidJson, self.position))),
        }
    }

    /// Checks and skips the next value, whatever it is, and says where it stands.
    pub fn skip_value(&mut self) -> Result<Raw<'a>, Violation> {
        let outer = self.depth;
        let mut token = self.next()?;
        let start = self.token;
        if matches!(token, Token::Key(_) | Token::EndObject | Token::EndArray | Token::End) {
            return Err(self.wrong_type());
        }
        while self.depth > outer {
            token = self.next()?;
        }
        let _ = token;
        Ok(Raw {
            text: self.text.get(start..self.position).unwrap_or_default(),
            offset: self.base.saturating_add(to_u32(start)),
        })
    }

    /// Nothing but white space may follow.
    pub fn finish(&mut self) -> Result<(), Violation> {
        match self.next()? {
            Token::End => Ok(()),
            _ => Err(self.refuse((Keyword::InvalidJson, self.token))),
        }
    }

    fn wrong_type(&self) -> Violation {
        self.refuse((Keyword::Type, self.token))
    }

    fn refuse(&self, (keyword, position): Refused) -> Violation {
        Violation { keyword, offset: self.base.saturating_add(to_u32(position)) }
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        let rest = self.text.get(self.position..)?;
        for byte in rest {
            if !is_space(*byte) {
                return Some(*byte);
            }
            self.position = self.position.saturating_add(1);
        }
        None
    }

    fn advance(&mut self) {
        self.position = self.position.saturating_add(1);
    }

    fn step(&mut self) -> Result<Token<'a>, Refused> {
        let mut byte = self.peek();
        self.token = self.position;
        let in_object = self.objects & 1 == 1;
        match (self.expect, byte) {
            (Expect::Value, _) => {},
            (Expect::FirstItem, Some(b']')) => return Ok(self.close_array()),
            (Expect::FirstItem, _) => {},
            (Expect::FirstKey, Some(b'}')) => return self.close_object(),
            (Expect::FirstKey, _) => return self.key(byte),
            (Expect::Next, Some(b',')) => {
                self.advance();
                byte = self.peek();
                self.token = self.position;
                if in_object {
                    return self.key(byte);
                }
            },
            (Expect::Next, Some(b'}')) if in_object => return self.close_object(),
            (Expect::Next, Some(b']')) if !in_object => return Ok(self.close_array()),
            (Expect::End, None) => return Ok(Token::End),
            _ => return Err((Keyword::InvalidJson, self.position)),
        }
        self.value(byte)
    }

    fn value(&mut self, byte: Option<u8>) -> Result<Token<'a>, Refused> {
        let token = match byte {
            Some(b'"') => {
                let (text, _) = self.text()?;
                Token::String(text)
            },
            Some(b'-' | b'0'..=b'9') => {
                let scanned = lexer::number(self.text, self.position)?;
                let number = Number::new(&scanned);
                if !number.is_bounded() {
                    return Err((Keyword::NumberOutOfBounds, self.position));
                }
                self.position = scanned.end;
                Token::Number(number)
            },
            Some(b'{') => {
                self.open(1)?;
                if self.unique_keys {
                    self.keys.open();
                }
                self.expect = Expect::FirstKey;
                return Ok(Token::BeginObject);
            },
            Some(b'[') => {
                self.open(0)?;
                self.expect = Expect::FirstItem;
                return Ok(Token::BeginArray);
            },
            Some(b't') => self.literal(b"true", Token::Bool(true))?,
            Some(b'f') => self.literal(b"false", Token::Bool(false))?,
            Some(b'n') => self.literal(b"null", Token::Null)?,
            _ => return Err((Keyword::InvalidJson, self.position)),
        };
        self.ended();
        Ok(token)
    }

    fn ended(&mut self) {
        self.expect = if self.depth == 0 { Expect::End } else { Expect::Next };
    }

    fn literal(&mut self, word: &[u8], token: Token<'a>) -> Result<Token<'a>, Refused> {
        let end = self.position.saturating_add(word.len());
        if self.text.get(self.position..end) != Some(word) {
            return Err((Keyword::InvalidJson, self.position));
        }
        self.position = end;
        Ok(token)
    }

    /// The string at the position, and where its first byte is.
    fn text(&mut self) -> Result<(Text<'a>, usize), Refused> {
        let start = self.position.saturating_add(1);
        let scanned = lexer::string(self.text, start)?;
        let raw = self.text.get(start..scanned.end).unwrap_or_default();
        let offset = self.base.saturating_add(to_u32(self.position));
        self.position = scanned.end.saturating_add(1);
        Ok((Text::new(raw, scanned.escaped, offset), start))
    }

    fn key(&mut self, byte: Option<u8>) -> Result<Token<'a>, Refused> {
        if byte != Some(b'"') {
            return Err((Keyword::InvalidJson, self.position));
        }
        let (key, start) = self.text()?;
        self.key_hash = key.hash();
        if self.unique_keys && self.keys.push(self.text, &key, to_u32(start), self.key_hash) {
            return Err((Keyword::DuplicateKey, self.token));
        }
        if self.peek() != Some(b':') {
            return Err((Keyword::InvalidJson, self.position));
        }
        self.advance();
        self.expect = Expect::Value;
        Ok(Token::Key(key))
    }

    fn open(&mut self, kind: u64) -> Result<(), Refused> {
        if self.depth >= self.max_depth {
            return Err((Keyword::TooDeep, self.position));
        }
        self.depth = self.depth.saturating_add(1);
        self.objects = self.objects.wrapping_shl(1) | kind;
        self.advance();
        Ok(())
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.objects = self.objects.wrapping_shr(1);
        self.advance();
        self.ended();
    }

    fn close_array(&mut self) -> Token<'a> {
        self.close();
        Token::EndArray
    }

    fn close_object(&mut self) -> Result<Token<'a>, Refused> {
        if self.unique_keys {
            if let Some(start) = self.keys.close(self.text) {
                let quote = super::to_usize(start).saturating_sub(1);
                return Err((Keyword::DuplicateKey, quote));
            }
        }
        self.close();
        Ok(Token::EndObject)
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}
