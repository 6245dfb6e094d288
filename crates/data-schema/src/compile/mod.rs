//! From the source of a schema to its program: one pass over the text, with a stack of the schemas
//! that are open.

mod cost;
mod literal;
mod node;

use crate::{
    cast::to_u32,
    compile_error::CompileErrorKind,
    compile_error::CompileFailure,
    json::{Limits, Reader, Text, Token, MAX_READER_DEPTH},
    keywords::{classify, Keyword, KeywordClass},
    number::Decimal,
    program::{types, FALSE_NODE, NONE, TRUE_NODE},
    MAX_DEPTH, MAX_NODES, MAX_SOURCE,
};
use alloc::vec::Vec;
use cost::Cost;
use node::{Builder, Child, Output, Property, Values};

/// Where in its parent a schema belongs.
#[derive(Clone, Copy)]
enum Slot<'a> {
    Root,
    Property(Text<'a>, u32),
    Additional,
    Items,
    Not,
    List(List),
}

/// A keyword whose value is an array of schemas.
#[derive(Clone, Copy)]
enum List {
    Prefix,
    All,
    Any,
    One,
}

/// What is read next in an open schema.
#[derive(Clone, Copy)]
enum Mode {
    /// Its keywords.
    Keywords,
    /// The members of `properties`.
    Properties,
    /// The schemas of an array, which begins at the offset.
    List(List, &'static str, u32),
}

/// A schema object that is being read.
struct Frame<'a> {
    builder: Builder<'a>,
    mode: Mode,
    slot: Slot<'a>,
}

struct Compiler<'a> {
    reader: Reader<'a>,
    output: Output,
    nodes: u32,
    frames: Vec<Frame<'a>>,
    root: Option<Child>,
    /// The names of members that no draft knows, if they are asked for.
    unknown: Option<Vec<Text<'a>>>,
}

/// Compiles a schema to its program.
pub(crate) fn compile(source: &[u8]) -> Result<Vec<u8>, CompileFailure> {
    let mut compiler = Compiler::new(source)?;
    let root = compiler.run()?;
    Ok(compiler.output.finish(root))
}

/// Returns the names of members of a schema and of its subschemas that no draft knows, up to the
/// first place where it is refused.
pub(crate) fn unknown_keywords(source: &[u8]) -> Vec<Text<'_>> {
    let Ok(mut compiler) = Compiler::new(source) else { return Vec::new() };
    compiler.unknown = Some(Vec::new());
    let _ = compiler.run();
    compiler.unknown.unwrap_or_default()
}

impl<'a> Compiler<'a> {
    fn new(source: &'a [u8]) -> Result<Self, CompileFailure> {
        let limits = Limits { bytes: MAX_SOURCE, depth: MAX_READER_DEPTH, unique_keys: true };
        Ok(Self {
            reader: Reader::new(source, limits)?,
            output: Output::new(),
            nodes: 0,
            frames: Vec::with_capacity(4),
            root: None,
            unknown: None,
        })
    }

    /// Compiles the whole source. Returns its root.
    fn run(&mut self) -> Result<Child, CompileFailure> {
        let token = self.reader.next()?;
        self.schema(token, Slot::Root, None)?;
        while let Some(frame) = self.frames.last() {
            let mode = frame.mode;
            self.step(mode)?;
        }
        self.reader.finish()?;
        self.root.ok_or_else(|| self.refuse(CompileErrorKind::NotASchema))
    }

    /// How many schemas are open.
    fn depth(&self) -> usize {
        self.frames.len()
    }

    /// A failure at the last token.
    fn refuse(&self, kind: CompileErrorKind) -> CompileFailure {
        CompileFailure { kind, keyword: None, offset: self.reader.offset() }
    }

    /// The last token is not what the keyword takes.
    fn invalid(&self, name: &'static str) -> CompileFailure {
        CompileFailure { keyword: Some(name), ..self.refuse(CompileErrorKind::InvalidKeywordValue) }
    }

    fn builder(&mut self) -> Result<&mut Builder<'a>, CompileFailure> {
        let offset = self.reader.offset();
        let failure = CompileFailure { kind: CompileErrorKind::InvalidJson, keyword: None, offset };
        self.frames.last_mut().map(|frame| &mut frame.builder).ok_or(failure)
    }

    fn set_mode(&mut self, mode: Mode) {
        if let Some(frame) = self.frames.last_mut() {
            frame.mode = mode;
        }
    }

    /// Counts a schema.
    fn count(&mut self, offset: u32) -> Result<(), CompileFailure> {
        self.nodes = self.nodes.saturating_add(1);
        if self.nodes > MAX_NODES {
            return Err(CompileFailure {
                kind: CompileErrorKind::TooManyNodes,
                keyword: None,
                offset,
            });
        }
        Ok(())
    }

    /// Writes a schema into the program.
    fn emit(&mut self, builder: &mut Builder<'a>) -> Result<Child, CompileFailure> {
        self.count(builder.offset)?;
        self.output.node(builder)
    }

    fn step(&mut self, mode: Mode) -> Result<(), CompileFailure> {
        let token = self.reader.next()?;
        match (mode, token) {
            (Mode::Keywords, Token::Key(name)) => self.keyword(&name),
            (Mode::Keywords, _) => match self.frames.pop() {
                Some(mut frame) => {
                    let child = self.emit(&mut frame.builder)?;
                    self.deliver(child, frame.slot);
                    Ok(())
                },
                None => Ok(()),
            },
            (Mode::Properties, Token::Key(name)) => {
                let slot = Slot::Property(name, self.reader.key_hash());
                let token = self.reader.next()?;
                self.schema(token, slot, Some("properties"))
            },
            (Mode::Properties, _) => {
                self.set_mode(Mode::Keywords);
                Ok(())
            },
            (Mode::List(list, name, offset), Token::EndArray) => {
                let builder = self.builder()?;
                let schemas = match list {
                    List::Prefix => &builder.prefix,
                    List::All => &builder.all,
                    List::Any => &builder.any,
                    List::One => &builder.one,
                };
                if schemas.is_empty() {
                    return Err(CompileFailure { offset, ..self.invalid(name) });
                }
                self.set_mode(Mode::Keywords);
                Ok(())
            },
            (Mode::List(list, name, _), token) => self.schema(token, Slot::List(list), Some(name)),
        }
    }

    /// The schema that begins with `token`.
    fn schema(
        &mut self,
        token: Token<'a>,
        slot: Slot<'a>,
        keyword: Option<&'static str>,
    ) -> Result<(), CompileFailure> {
        let offset = self.reader.offset();
        if to_u32(self.depth()) >= MAX_DEPTH {
            return Err(self.refuse(CompileErrorKind::TooDeep));
        }
        let node = match token {
            Token::Bool(true) => TRUE_NODE,
            Token::Bool(false) => FALSE_NODE,
            Token::BeginObject => {
                let builder = Builder::new(offset);
                self.frames.push(Frame { builder, mode: Mode::Keywords, slot });
                return Ok(());
            },
            // In older drafts, an array stood for what is prefixItems now.
            Token::BeginArray if keyword == Some("items") => return Err(self.invalid("items")),
            _ => {
                return Err(CompileFailure {
                    keyword,
                    ..self.refuse(CompileErrorKind::NotASchema)
                });
            },
        };
        self.count(offset)?;
        self.deliver(Child { node, cost: Cost::leaf() }, slot);
        Ok(())
    }

    /// Hands a finished schema to the one it belongs to.
    fn deliver(&mut self, child: Child, slot: Slot<'a>) {
        let Some(Frame { builder, .. }) = self.frames.last_mut() else {
            self.root = Some(child);
            return;
        };
        let in_place = match slot {
            Slot::Root => false,
            Slot::Property(name, hash) => {
                builder.properties.push(Property { name, hash, node: child.node });
                false
            },
            Slot::Additional => {
                builder.additional = child.node;
                false
            },
            Slot::Items => {
                builder.items = child.node;
                false
            },
            Slot::List(List::Prefix) => {
                builder.prefix.push(child.node);
                false
            },
            Slot::Not => {
                builder.not = child.node;
                true
            },
            Slot::List(List::All) => {
                builder.all.push(child.node);
                true
            },
            Slot::List(List::Any) => {
                builder.any.push(child.node);
                true
            },
            Slot::List(List::One) => {
                builder.one.push(child.node);
                true
            },
        };
        if in_place {
            builder.here.add(child.cost);
        } else {
            builder.below.join(child.cost);
        }
    }

    /// A member of a schema object, whose value comes next.
    fn keyword(&mut self, key: &Text<'a>) -> Result<(), CompileFailure> {
        let (known, name) = match classify(key) {
            KeywordClass::Known(known, name) => (known, name),
            KeywordClass::Annotation => {
                self.reader.skip_value()?;
                return Ok(());
            },
            KeywordClass::Unknown => {
                if let Some(unknown) = &mut self.unknown {
                    unknown.push(*key);
                }
                self.reader.skip_value()?;
                return Ok(());
            },
            KeywordClass::Refused(name) => {
                return Err(CompileFailure {
                    keyword: Some(name),
                    ..self.refuse(CompileErrorKind::UnsupportedKeyword)
                });
            },
        };
        let token = self.reader.next()?;
        match known {
            Keyword::Type => {
                let types = self.types(token, name)?;
                self.builder()?.types = types;
            },
            Keyword::Enum => {
                let values = self.values(token, name)?;
                self.builder()?.choices = Some(values);
            },
            Keyword::Const => {
                let literal = self.literal(token)?;
                let builder = self.builder()?;
                let mut values = Values::default();
                values.insert(literal, &mut builder.here);
                builder.constant = Some(values);
            },
            Keyword::Required => self.required(token, name)?,
            Keyword::Properties => match token {
                Token::BeginObject => self.set_mode(Mode::Properties),
                _ => return Err(self.invalid(name)),
            },
            Keyword::AdditionalProperties => self.schema(token, Slot::Additional, Some(name))?,
            Keyword::Items => self.schema(token, Slot::Items, Some(name))?,
            Keyword::Not => self.schema(token, Slot::Not, Some(name))?,
            Keyword::PrefixItems => self.list(token, List::Prefix, name)?,
            Keyword::AllOf => self.list(token, List::All, name)?,
            Keyword::AnyOf => self.list(token, List::Any, name)?,
            Keyword::OneOf => self.list(token, List::One, name)?,
            Keyword::MinProperties => self.range(token, name, |b, n| b.size.fewest = n)?,
            Keyword::MaxProperties => self.range(token, name, |b, n| b.size.most = n)?,
            Keyword::MinItems => self.range(token, name, |b, n| b.count.fewest = n)?,
            Keyword::MaxItems => self.range(token, name, |b, n| b.count.most = n)?,
            Keyword::MinLength => self.range(token, name, |b, n| b.length.fewest = n)?,
            Keyword::MaxLength => self.range(token, name, |b, n| b.length.most = n)?,
            Keyword::Minimum => self.bound(token, name, |[slot, ..]| slot)?,
            Keyword::Maximum => self.bound(token, name, |[_, slot, ..]| slot)?,
            Keyword::ExclusiveMinimum => self.bound(token, name, |[_, _, slot, ..]| slot)?,
            Keyword::ExclusiveMaximum => self.bound(token, name, |[_, _, _, slot, _]| slot)?,
            Keyword::MultipleOf => self.bound(token, name, |[.., slot]| slot)?,
        }
        Ok(())
    }

    fn list(
        &mut self,
        token: Token<'a>,
        list: List,
        name: &'static str,
    ) -> Result<(), CompileFailure> {
        match token {
            Token::BeginArray => {
                self.set_mode(Mode::List(list, name, self.reader.offset()));
                Ok(())
            },
            _ => Err(self.invalid(name)),
        }
    }

    /// `type`: one name, or an array of different ones.
    fn types(&mut self, token: Token<'a>, name: &'static str) -> Result<u8, CompileFailure> {
        match token {
            Token::String(text) => self.type_named(&text).map(|(_, bits)| bits),
            Token::BeginArray => {
                let start = self.reader.offset();
                let (mut seen, mut types) = (0u8, 0u8);
                loop {
                    match self.reader.next()? {
                        Token::String(text) => {
                            let (one, bits) = self.type_named(&text)?;
                            if seen & one != 0 {
                                return Err(self.invalid(name));
                            }
                            seen |= one;
                            types |= bits;
                        },
                        Token::EndArray if types == 0 => {
                            return Err(CompileFailure { offset: start, ..self.invalid(name) });
                        },
                        Token::EndArray => return Ok(types),
                        _ => return Err(self.invalid(name)),
                    }
                }
            },
            _ => Err(self.invalid(name)),
        }
    }

    /// A bit for the name, and the bits of the types it stands for.
    fn type_named(&self, text: &Text<'_>) -> Result<(u8, u8), CompileFailure> {
        const NAMES: [(&str, u8, u8); 7] = [
            ("null", types::NULL, types::NULL),
            ("boolean", types::BOOLEAN, types::BOOLEAN),
            ("integer", types::INTEGER, types::INTEGER),
            ("number", types::FRACTION, types::INTEGER | types::FRACTION),
            ("string", types::STRING, types::STRING),
            ("array", types::ARRAY, types::ARRAY),
            ("object", types::OBJECT, types::OBJECT),
        ];
        match NAMES.iter().find(|(name, ..)| text == name) {
            Some((_, one, bits)) => Ok((*one, *bits)),
            None => Err(CompileFailure {
                keyword: Some("type"),
                ..self.refuse(CompileErrorKind::UnknownType)
            }),
        }
    }

    /// `enum`: an array of values; an empty one allows nothing.
    fn values(
        &mut self,
        token: Token<'a>,
        name: &'static str,
    ) -> Result<Values<'a>, CompileFailure> {
        if !matches!(token, Token::BeginArray) {
            return Err(self.invalid(name));
        }
        let mut values = Values::default();
        loop {
            match self.reader.next()? {
                Token::EndArray => return Ok(values),
                token => {
                    let literal = self.literal(token)?;
                    let builder = self.builder()?;
                    values.insert(literal, &mut builder.here);
                },
            }
        }
    }

    /// `required`: an array of names; that they differ is checked when the schema ends.
    fn required(&mut self, token: Token<'a>, name: &'static str) -> Result<(), CompileFailure> {
        if !matches!(token, Token::BeginArray) {
            return Err(self.invalid(name));
        }
        loop {
            match self.reader.next()? {
                Token::EndArray => return Ok(()),
                Token::String(name) => {
                    let hash = name.hash();
                    self.builder()?.properties.push(Property { name, hash, node: NONE });
                },
                _ => return Err(self.invalid(name)),
            }
        }
    }

    /// A count: a whole number, however it is written. No text can have more than `u32::MAX` of
    /// anything.
    fn range(
        &mut self,
        token: Token<'a>,
        name: &'static str,
        set: impl Fn(&mut Builder<'a>, u32),
    ) -> Result<(), CompileFailure> {
        let Token::Number(number) = token else { return Err(self.invalid(name)) };
        if number.decimal().is_negative() || !number.is_integer() {
            return Err(self.invalid(name));
        }
        set(self.builder()?, number.to_u32().unwrap_or(u32::MAX));
        Ok(())
    }

    /// A number to compare with, or to divide by, which must be above 0.
    fn bound(
        &mut self,
        token: Token<'a>,
        name: &'static str,
        slot: impl for<'b> Fn(&'b mut [Option<Decimal<'a>>; 5]) -> &'b mut Option<Decimal<'a>>,
    ) -> Result<(), CompileFailure> {
        let Token::Number(number) = token else { return Err(self.invalid(name)) };
        let value = number.decimal();
        if name == "multipleOf" && (value.is_negative() || value.is_zero()) {
            return Err(self.invalid(name));
        }
        *slot(&mut self.builder()?.bounds) = Some(value);
        Ok(())
    }
}
