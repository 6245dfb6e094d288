//! The values of `const` and `enum`. An array or object among them becomes a node that matches only
//! this value, so that it is compared while the text is read.

use super::{
    graph::Child,
    node::{Builder, Property, Range, Values},
    Compiler,
};
use crate::{
    cast::to_u32,
    compile_error::CompileErrorKind,
    compile_error::CompileFailure,
    json::{Text, Token},
    number::Decimal,
    program::{simple, types},
    MAX_DEPTH,
};
use alloc::vec::Vec;

/// One value.
pub(super) enum Literal<'a> {
    Simple(u8),
    Number(Decimal<'a>),
    String(u32, Text<'a>),
    Node(Child),
}

impl<'a> Literal<'a> {
    /// Returns the value of a single token, or `None` for other tokens.
    fn scalar(token: &Token<'a>) -> Option<Self> {
        match token {
            Token::Null => Some(Literal::Simple(simple::NULL)),
            Token::Bool(false) => Some(Literal::Simple(simple::FALSE)),
            Token::Bool(true) => Some(Literal::Simple(simple::TRUE)),
            Token::Number(number) => Some(Literal::Number(number.decimal())),
            Token::String(text) => Some(Literal::String(text.hash(), *text)),
            _ => None,
        }
    }
}

impl<'a> Values<'a> {
    /// Adds a value.
    pub fn insert(&mut self, literal: Literal<'a>) {
        match literal {
            Literal::Simple(bit) => self.simple |= bit,
            Literal::Number(number) => self.numbers.push(number),
            Literal::String(hash, text) => self.strings.push((hash, text)),
            Literal::Node(child) => self.nodes.push(child),
        }
    }
}

/// An array or object that is being read.
struct Open<'a> {
    builder: Builder<'a>,
    key: Option<(Text<'a>, u32)>,
    count: u32,
}

impl<'a> Compiler<'a> {
    /// Reads the value that begins with `token`.
    pub(super) fn literal(&mut self, mut token: Token<'a>) -> Result<Literal<'a>, CompileFailure> {
        let mut stack: Vec<Open<'a>> = Vec::new();
        loop {
            let done = match token {
                Token::BeginArray | Token::BeginObject => {
                    let depth = self.depth().saturating_add(stack.len());
                    if to_u32(depth) >= MAX_DEPTH {
                        return Err(self.refuse(CompileErrorKind::TooDeep));
                    }
                    let mut builder = Builder::new(self.reader.offset());
                    builder.types = match token {
                        Token::BeginArray => types::ARRAY,
                        _ => types::OBJECT,
                    };
                    stack.push(Open { builder, key: None, count: 0 });
                    None
                },
                Token::EndArray | Token::EndObject => {
                    let Some(open) = stack.pop() else {
                        return Err(self.refuse(CompileErrorKind::InvalidJson));
                    };
                    Some(Literal::Node(self.composite(open)?))
                },
                Token::Key(name) => {
                    if let Some(open) = stack.last_mut() {
                        open.key = Some((name, self.reader.key_hash()));
                    }
                    None
                },
                _ => Literal::scalar(&token),
            };
            if let Some(literal) = done {
                if stack.is_empty() {
                    return Ok(literal);
                }
                let child = match literal {
                    Literal::Node(child) => child,
                    scalar => self.scalar_node(scalar)?,
                };
                if let Some(open) = stack.last_mut() {
                    open.insert(child);
                }
            }
            token = self.reader.next()?;
        }
    }

    /// Adds the node that matches one scalar.
    fn scalar_node(&mut self, literal: Literal<'a>) -> Result<Child, CompileFailure> {
        let mut builder = Builder::new(self.reader.offset());
        let mut values = Values::default();
        values.insert(literal);
        builder.constant = Some(values);
        self.emit(&mut builder)
    }

    /// Adds the node that matches one array or object.
    fn composite(&mut self, open: Open<'a>) -> Result<Child, CompileFailure> {
        let mut builder = open.builder;
        let exact = Range { fewest: open.count, most: open.count };
        if builder.types == types::ARRAY {
            builder.count = exact;
        } else {
            // As many members as names and no other name means exactly these members.
            builder.size = exact;
            builder.additional = Some(self.boolean(false, builder.offset));
        }
        self.emit(&mut builder)
    }
}

impl Open<'_> {
    fn insert(&mut self, child: Child) {
        match self.key {
            Some((name, hash)) => {
                self.builder.properties.push(Property { name, hash, schema: Some(child) });
            },
            None => self.builder.prefix.push(child),
        }
        self.count = self.count.saturating_add(1);
    }
}
