//! One schema while it is read, and how it is written into the program.

use super::cost::Cost;
use crate::{
    cast::to_u32,
    compile_error::CompileErrorKind,
    compile_error::CompileFailure,
    json::Text,
    number::{Decimal, Divisor},
    program::{sections, types, HEADER, NONE, REQUIRED, TRUE_NODE, VERSION},
    MAX_COST, MAX_PROGRAM,
};
use alloc::vec::Vec;

/// A schema that is in the program already.
#[derive(Clone, Copy)]
pub(super) struct Child {
    pub node: u16,
    pub cost: Cost,
}

/// A name of `properties` or `required`.
pub(super) struct Property<'a> {
    pub name: Text<'a>,
    pub hash: u32,
    /// The property's schema, or [`NONE`] for a name of `required`.
    pub node: u16,
}

/// The values of `const` or `enum`.
#[derive(Default)]
pub(super) struct Values<'a> {
    pub simple: u8,
    pub numbers: Vec<Decimal<'a>>,
    pub strings: Vec<(u32, Text<'a>)>,
    pub nodes: Vec<u16>,
}

/// The least and the most of something that is counted.
#[derive(Clone, Copy)]
pub(super) struct Range {
    pub fewest: u32,
    pub most: u32,
}

impl Default for Range {
    fn default() -> Self {
        Self { fewest: 0, most: u32::MAX }
    }
}

impl Range {
    fn is_open(&self) -> bool {
        self.fewest == 0 && self.most == u32::MAX
    }
}

/// What a schema object says, as far as it is read.
pub(super) struct Builder<'a> {
    /// Where the schema stands in the source.
    pub offset: u32,
    pub types: u8,
    /// In the order of the bits in `program::bounds`.
    pub bounds: [Option<Decimal<'a>>; 5],
    pub length: Range,
    pub count: Range,
    pub size: Range,
    pub constant: Option<Values<'a>>,
    pub choices: Option<Values<'a>>,
    pub properties: Vec<Property<'a>>,
    pub additional: u16,
    pub items: u16,
    pub prefix: Vec<u16>,
    pub all: Vec<u16>,
    pub any: Vec<u16>,
    pub one: Vec<u16>,
    pub not: u16,
    /// The cost of what applies to the same place.
    pub here: Cost,
    /// The highest cost of what applies to a place one level below.
    pub below: Cost,
}

impl<'a> Builder<'a> {
    pub fn new(offset: u32) -> Self {
        Self {
            offset,
            types: types::ANY,
            bounds: [None; 5],
            length: Range::default(),
            count: Range::default(),
            size: Range::default(),
            constant: None,
            choices: None,
            properties: Vec::new(),
            additional: NONE,
            items: NONE,
            prefix: Vec::new(),
            all: Vec::new(),
            any: Vec::new(),
            one: Vec::new(),
            not: NONE,
            here: Cost::default(),
            below: Cost::default(),
        }
    }
}

/// The program while it grows.
pub(super) struct Output {
    bytes: Vec<u8>,
}

impl Output {
    pub fn new() -> Self {
        let mut bytes = Vec::with_capacity(1024);
        bytes.extend_from_slice(&[VERSION, 0, 0, 0, types::ANY, 0, 0, 0]);
        Self { bytes }
    }

    /// Sets the header, and gives the program away.
    pub fn finish(mut self, root: Child) -> Vec<u8> {
        let [r0, r1] = root.node.to_le_bytes();
        for (slot, byte) in
            self.bytes.iter_mut().zip([VERSION, root.cost.most(), r0, r1]).take(HEADER)
        {
            *slot = byte;
        }
        self.bytes
    }

    /// Writes a node; what it refers to stands before it.
    pub fn node(&mut self, builder: &mut Builder<'_>) -> Result<Child, CompileFailure> {
        let offset = builder.offset;
        let refuse = |kind| CompileFailure { kind, keyword: None, offset };
        let cost = Cost::node(builder.here, builder.below);
        if u32::from(cost.most()) > MAX_COST {
            return Err(refuse(CompileErrorKind::TooComplex));
        }
        let mut header = [NONE; 6];
        let mut mask = 0u8;
        let written = [
            (sections::LITERALS, self.literals(builder)?),
            (sections::NUMBERS, self.numbers(builder)),
            (sections::STRING, self.string(builder)),
            (sections::ARRAY, self.array(builder)),
            (sections::OBJECT, self.object(builder)?),
            (sections::IN_PLACE, self.in_place(builder)),
        ];
        let mut slots = header.iter_mut();
        for (bit, at) in written {
            if at != NONE {
                mask |= bit;
                if let Some(slot) = slots.next() {
                    *slot = at;
                }
            }
        }
        let node = match (builder.types, mask) {
            (types::ANY, 0) => TRUE_NODE,
            _ => {
                let node = self.position();
                self.bytes.extend_from_slice(&[builder.types, mask]);
                for at in header.iter().take_while(|at| **at != NONE) {
                    self.u16(*at);
                }
                node
            },
        };
        if to_u32(self.bytes.len()) > MAX_PROGRAM {
            return Err(refuse(CompileErrorKind::ProgramTooLong));
        }
        Ok(Child { node, cost })
    }

    /// Beyond the largest program, the position is wrong and the program is refused.
    fn position(&self) -> u16 {
        u16::try_from(self.bytes.len()).unwrap_or(u16::MAX)
    }

    fn u16(&mut self, value: u16) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    fn u32(&mut self, value: u32) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    fn count(&mut self, count: usize) {
        self.u16(u16::try_from(count).unwrap_or(u16::MAX));
    }

    fn range(&mut self, range: Range) {
        self.u32(range.fewest);
        self.u32(range.most);
    }

    fn decimal(&mut self, value: &Decimal<'_>) {
        self.bytes.push(u8::from(value.is_negative()));
        let exponent = i16::try_from(value.exponent()).unwrap_or_default();
        self.bytes.extend_from_slice(&exponent.to_le_bytes());
        self.bytes.push(u8::try_from(value.len()).unwrap_or(u8::MAX));
        self.bytes.extend(value.digits());
    }

    fn text(&mut self, text: &Text<'_>) -> (u16, u16) {
        let at = self.position();
        if text.is_escaped() {
            self.bytes.extend(text.bytes());
        } else {
            self.bytes.extend_from_slice(text.raw());
        }
        (at, self.position().saturating_sub(at))
    }

    fn literals(&mut self, builder: &mut Builder<'_>) -> Result<u16, CompileFailure> {
        if builder.constant.is_none() && builder.choices.is_none() {
            return Ok(NONE);
        }
        let constant = builder.constant.as_mut().map_or(NONE, |values| self.values(values));
        let choices = builder.choices.as_mut().map_or(NONE, |values| self.values(values));
        let at = self.position();
        self.u16(constant);
        self.u16(choices);
        Ok(at)
    }

    fn values(&mut self, values: &mut Values<'_>) -> u16 {
        values.numbers.sort_unstable();
        values.numbers.dedup();
        values.strings.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.cmp_text(&b.1)));
        values.strings.dedup_by(|a, b| a.0 == b.0 && a.1 == b.1);
        let mut numbers = Vec::with_capacity(values.numbers.len());
        for number in &values.numbers {
            numbers.push(self.position());
            self.decimal(number);
        }
        let mut strings = Vec::with_capacity(values.strings.len());
        for (hash, text) in &values.strings {
            strings.push((*hash, self.text(text)));
        }
        let at = self.position();
        self.bytes.push(values.simple);
        self.count(numbers.len());
        self.count(strings.len());
        self.count(values.nodes.len());
        for number in numbers {
            self.u16(number);
        }
        for (hash, (text, length)) in strings {
            self.u32(hash);
            self.u16(text);
            self.u16(length);
        }
        for node in &values.nodes {
            self.u16(*node);
        }
        at
    }

    fn numbers(&mut self, builder: &Builder<'_>) -> u16 {
        let mut mask = 0u8;
        let mut bit = 1u8;
        for bound in &builder.bounds {
            mask |= if bound.is_some() { bit } else { 0 };
            bit = bit.wrapping_shl(1);
        }
        if mask == 0 {
            return NONE;
        }
        let at = self.position();
        self.bytes.push(mask);
        let [comparisons @ .., multiple] = &builder.bounds;
        for bound in comparisons.iter().flatten() {
            self.decimal(bound);
        }
        if let Some(multiple) = multiple {
            Divisor::encode(multiple, &mut self.bytes);
        }
        at
    }

    fn string(&mut self, builder: &Builder<'_>) -> u16 {
        if builder.length.is_open() {
            return NONE;
        }
        let at = self.position();
        self.range(builder.length);
        at
    }

    fn array(&mut self, builder: &Builder<'_>) -> u16 {
        if builder.count.is_open() && builder.items == NONE && builder.prefix.is_empty() {
            return NONE;
        }
        let at = self.position();
        self.range(builder.count);
        self.u16(builder.items);
        self.count(builder.prefix.len());
        for node in &builder.prefix {
            self.u16(*node);
        }
        at
    }

    fn object(&mut self, builder: &mut Builder<'_>) -> Result<u16, CompileFailure> {
        let properties = &mut builder.properties;
        if builder.size.is_open() && builder.additional == NONE && properties.is_empty() {
            return Ok(NONE);
        }
        properties.sort_unstable_by(|a, b| {
            let order = a.hash.cmp(&b.hash).then_with(|| a.name.cmp_text(&b.name));
            // A name of `properties` comes before the same name of `required`.
            order.then_with(|| (a.node == NONE).cmp(&(b.node == NONE)))
        });
        let mut required = 0usize;
        let mut entries: Vec<(u32, u16, u16, u16)> = Vec::with_capacity(properties.len());
        let mut last: Option<&Property<'_>> = None;
        for property in properties.iter() {
            let same =
                last.is_some_and(|last| last.hash == property.hash && last.name == property.name);
            let is_required = property.node == NONE;
            required = required.saturating_add(usize::from(is_required));
            let entry = if same { entries.last_mut() } else { None };
            match entry {
                Some((_, _, length, _)) if *length & REQUIRED != 0 => {
                    return Err(CompileFailure {
                        kind: CompileErrorKind::InvalidKeywordValue,
                        keyword: Some("required"),
                        offset: property.name.offset(),
                    });
                },
                Some((_, _, length, _)) => *length |= REQUIRED,
                None => {
                    let (at, length) = self.text(&property.name);
                    let flag = if is_required { REQUIRED } else { 0 };
                    entries.push((property.hash, at, length | flag, property.node));
                },
            }
            last = Some(property);
        }
        let at = self.position();
        self.range(builder.size);
        self.count(required);
        self.u16(builder.additional);
        self.count(entries.len());
        for (hash, name, length, node) in entries {
            self.u32(hash);
            self.u16(name);
            self.u16(length);
            self.u16(node);
        }
        Ok(at)
    }

    fn in_place(&mut self, builder: &Builder<'_>) -> u16 {
        let not: &[u16] =
            if builder.not == NONE { &[] } else { core::slice::from_ref(&builder.not) };
        let lists = [builder.all.as_slice(), &builder.any, &builder.one, not];
        if lists.iter().all(|list| list.is_empty()) {
            return NONE;
        }
        let at = self.position();
        // The cost is checked, so the counts are small.
        self.bytes.extend(lists.map(|list| u8::try_from(list.len()).unwrap_or(u8::MAX)));
        for node in lists.into_iter().flatten() {
            self.u16(*node);
        }
        at
    }
}
