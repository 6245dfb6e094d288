//! A schema while it is read, and its encoding in the program.

use super::graph::{Child, Edge, Graph, Reach, Units};
use crate::{
    cast::{to_u32, to_usize},
    compile_error::CompileErrorKind,
    compile_error::CompileFailure,
    dialect::Dialect,
    json::{sort_by_text, Text},
    number::{Decimal, Divisor},
    pattern::Pattern,
    program::{
        bounds, conditions, number_units, pattern_units, sections, types, HEADER, MORE, NONE,
        REQUIRED, TRUE_NODE, UNIQUE_UNITS, VERSION,
    },
    MAX_COST, MAX_PROGRAM, MAX_PROGRAM_BY_BYTE, MIN_PROGRAM,
};
use alloc::vec::Vec;
use core::cmp::Ordering;

/// A name of `properties` or `required`.
#[derive(Clone, Copy)]
pub(super) struct Property<'a> {
    pub name: Text<'a>,
    pub hash: u32,
    /// The property's schema, or `None` for a name of `required`.
    pub schema: Option<Child>,
}

/// The values of `const` or `enum`.
#[derive(Default)]
pub(super) struct Values<'a> {
    pub simple: u8,
    pub numbers: Vec<Decimal<'a>>,
    pub strings: Vec<(u32, Text<'a>)>,
    pub nodes: Vec<Child>,
}

/// The bounds of a count.
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

/// A regular expression in the program.
#[derive(Clone, Copy)]
pub(super) struct Expression {
    /// Its offset.
    at: u32,
    /// The maximum number of steps for each character.
    steps: u32,
}

impl Expression {
    /// Returns the units of work of the expression.
    fn units(self) -> u32 {
        pattern_units(self.steps)
    }
}

/// The content of a schema object while it is read.
pub(super) struct Builder<'a> {
    /// The offset of the schema in the source.
    pub offset: u32,
    pub types: u8,
    /// In the order of the bits in `program::bounds`.
    pub bounds: [Option<Decimal<'a>>; 5],
    /// The values of `exclusiveMinimum` and `exclusiveMaximum` in draft 4, with their offsets.
    pub exclusive: [Option<(bool, u32)>; 2],
    pub length: Range,
    pub pattern: Option<Expression>,
    pub count: Range,
    pub unique: bool,
    pub size: Range,
    pub constant: Option<Values<'a>>,
    pub choices: Option<Values<'a>>,
    pub properties: Vec<Property<'a>>,
    pub additional: Option<Child>,
    /// The schema for the items after those of `prefix`.
    pub items: Option<Child>,
    /// `additionalItems`, which applies to those items if `items` is an array.
    pub further_items: Option<Child>,
    /// The schemas for items by position, from `prefixItems` or from an array as `items`.
    pub prefix: Vec<Child>,
    /// `allOf` and the targets of references.
    pub all: Vec<Child>,
    pub any: Vec<Child>,
    pub one: Vec<Child>,
    pub not: Option<Child>,
    pub contains: Option<Child>,
    /// `minContains` and `maxContains`.
    pub contained: Range,
    /// `propertyNames`.
    pub names: Option<Child>,
    /// `patternProperties`. Without an expression, the schema applies to any name.
    pub patterns: Vec<(Option<Expression>, Child)>,
    /// The keyword from which the condition is compiled, one of [`conditions`].
    pub condition: u8,
    /// `if`.
    pub when: Option<Child>,
    pub then: Option<Child>,
    /// `else`.
    pub otherwise: Option<Child>,
    /// `dependentRequired`, `dependentSchemas` and `dependencies`.
    pub dependents: Vec<Dependent<'a>>,
    /// The keyword that reports a missing or repeated required member.
    pub requires: &'static str,
}

/// The requirement that a member brings to its object.
pub(super) struct Dependent<'a> {
    pub name: (Text<'a>, u32),
    pub demands: Demand<'a>,
}

/// The required members or the required schema.
pub(super) enum Demand<'a> {
    /// Members that this keyword names.
    Names(Vec<(Text<'a>, u32)>, &'static str),
    Schema(Child),
}

impl<'a> Builder<'a> {
    pub fn new(offset: u32) -> Self {
        Self {
            offset,
            types: types::ANY,
            bounds: [None; 5],
            exclusive: [None; 2],
            length: Range::default(),
            pattern: None,
            count: Range::default(),
            unique: false,
            size: Range::default(),
            constant: None,
            choices: None,
            properties: Vec::new(),
            additional: None,
            items: None,
            further_items: None,
            prefix: Vec::new(),
            all: Vec::new(),
            any: Vec::new(),
            one: Vec::new(),
            not: None,
            contains: None,
            contained: Range { fewest: 1, most: u32::MAX },
            names: None,
            patterns: Vec::new(),
            condition: conditions::IF,
            when: None,
            then: None,
            otherwise: None,
            dependents: Vec::new(),
            requires: "required",
        }
    }

    /// Returns a schema that requires these members of an object. `keyword` names them.
    pub fn requiring(offset: u32, names: &[(Text<'a>, u32)], keyword: &'static str) -> Self {
        let mut builder = Self { requires: keyword, ..Self::new(offset) };
        builder.require(names);
        builder
    }

    /// Requires these members of an object.
    pub fn require(&mut self, names: &[(Text<'a>, u32)]) {
        let property =
            |(name, hash): &(Text<'a>, u32)| Property { name: *name, hash: *hash, schema: None };
        self.properties.extend(names.iter().map(property));
    }

    /// Returns the maximum number of comparisons for a number, before duplicates are removed.
    fn comparisons(&self) -> u32 {
        let [comparisons @ .., multiple] = &self.bounds;
        let bounds = to_u32(comparisons.iter().flatten().count());
        let multiple = if multiple.is_some() { 2 } else { 0 };
        let sets = [&self.constant, &self.choices].into_iter().flatten();
        // A set is searched by bisection.
        let searches =
            sets.map(|set| u32::BITS.saturating_sub(to_u32(set.numbers.len()).leading_zeros()));
        searches.fold(bounds.saturating_add(multiple), u32::saturating_add)
    }

    /// Returns the condition with its consequences. Without `if`, `then` and `else` have no effect.
    fn condition(&self) -> Option<[Option<Child>; 3]> {
        self.when.map(|when| [Some(when), self.then, self.otherwise])
    }

    /// Returns the reference if the schema applies nothing else to the same value, or `None`.
    fn lone_reference(&self) -> Option<Child> {
        let is_conditional = self.condition().is_some();
        match (self.all.as_slice(), self.any.as_slice(), self.one.as_slice(), self.not) {
            ([only], [], [], None) if only.reference != 0 && !is_conditional => Some(*only),
            _ => None,
        }
    }

    /// Returns the schemas that it applies.
    fn edges(&self) -> Vec<Edge> {
        let literals = [&self.constant, &self.choices].into_iter().flatten();
        let literals = literals.flat_map(|values| &values.nodes);
        let same_place = self.all.iter().chain(&self.any).chain(&self.one).chain(&self.not);
        let branches = self.condition().unwrap_or_default();
        let branches = branches.iter().flatten().map(|child| (child, Reach::Here));
        let here = same_place.chain(literals).map(|child| (child, Reach::Here)).chain(branches);
        let properties = self.properties.iter().filter_map(|property| property.schema.as_ref());
        let members = properties.chain(&self.additional).map(|child| (child, Reach::Member));
        let items = self.prefix.iter().chain(&self.items).map(|child| (child, Reach::Item));
        let named = self.patterns.iter().map(|(_, child)| child);
        let members = members.chain(named.map(|child| (child, Reach::EveryMember)));
        let members = members.chain(self.names.iter().map(|child| (child, Reach::Name)));
        let items = items.chain(self.contains.iter().map(|child| (child, Reach::EveryItem)));
        let all = here.chain(members).chain(items);
        all.map(|(child, reach)| Edge { child: *child, reach }).collect()
    }
}

/// Returns the maximum bytes of a program from a source of this length.
fn longest_program(source: usize) -> usize {
    let by_bytes = source.saturating_mul(to_usize(MAX_PROGRAM_BY_BYTE));
    by_bytes.saturating_add(to_usize(MIN_PROGRAM)).min(to_usize(MAX_PROGRAM))
}

/// The program while it grows.
pub(super) struct Output {
    bytes: Vec<u8>,
    /// The maximum length of the program.
    most: usize,
    /// The positions of offsets of nodes that are not known yet, and the schemas of these nodes.
    missing: Vec<(usize, u32)>,
    has_unique: bool,
}

impl Output {
    /// Returns an empty program for a source of this length.
    pub fn new(source: usize) -> Self {
        let most = longest_program(source);
        let mut bytes = Vec::with_capacity(1024);
        bytes.extend_from_slice(&[VERSION, 0, 0, 0, 0, 0, 0, 0, types::ANY, 0, 0, 0]);
        Self { bytes, most, missing: Vec::new(), has_unique: false }
    }

    /// Follows the references, computes the cost, and returns the program.
    pub fn finish(
        mut self,
        mut graph: Graph,
        root: Child,
        dialect: Dialect,
    ) -> Result<Vec<u8>, CompileFailure> {
        let root = graph.follow_references(root.schema)?;
        let unique = if self.has_unique { UNIQUE_UNITS } else { 0 };
        let cost = u32::from(graph.cost(root)?).saturating_add(unique);
        if cost > MAX_COST {
            let kind = CompileErrorKind::TooComplex;
            return Err(CompileFailure::new(kind, None, graph.offset(root)));
        }
        let cost = u8::try_from(cost).unwrap_or(u8::MAX);
        for (at, schema) in core::mem::take(&mut self.missing) {
            self.patch(at, graph.node(schema));
        }
        self.patch(HEADER.saturating_sub(4), graph.node(root));
        if let [_, slot, number, ..] = self.bytes.as_mut_slice() {
            (*slot, *number) = (cost, dialect.number());
        }
        Ok(self.bytes)
    }

    fn patch(&mut self, at: usize, value: u32) {
        let slots = self.bytes.get_mut(at..).unwrap_or_default();
        for (slot, byte) in slots.iter_mut().zip(value.to_le_bytes()) {
            *slot = byte;
        }
    }

    /// Writes a node. Returns its schema, or the target if the schema consists only of a reference.
    pub fn node(
        &mut self,
        builder: &mut Builder<'_>,
        graph: &mut Graph,
    ) -> Result<Child, CompileFailure> {
        let offset = builder.offset;
        let (bytes, missing) = (self.bytes.len(), self.missing.len());
        let edges = builder.edges();
        let expressions = builder.patterns.iter().filter_map(|(expression, _)| *expression);
        let number_units = number_units(builder.comparisons());
        let pattern_units = builder.pattern.map_or(0, Expression::units);
        let units = Units {
            here: number_units.saturating_add(pattern_units).saturating_add(1),
            member: expressions.fold(0, |sum, own| sum.saturating_add(own.units())),
        };
        let mut header = [NONE; 7];
        let mut mask = 0u8;
        let written = [
            (sections::LITERALS, self.literals(builder, graph)),
            (sections::NUMBERS, self.numbers(builder, number_units > 0)),
            (sections::STRING, self.string(builder)),
            (sections::ARRAY, self.array(builder, graph)),
            (sections::OBJECT, self.object(builder, graph)?),
            (sections::IN_PLACE, self.in_place(builder, graph)),
            (sections::PATTERN, builder.pattern.map_or(NONE, |expression| expression.at)),
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
        if builder.unique {
            mask |= sections::UNIQUE;
            self.has_unique = true;
        }
        // A schema that is only a reference needs no node: its sections are removed again.
        if let (types::ANY, sections::IN_PLACE, Some(only)) =
            (builder.types, mask, builder.lone_reference())
        {
            self.bytes.truncate(bytes);
            self.missing.truncate(missing);
            return Ok(only);
        }
        let node = match (builder.types, mask) {
            (types::ANY, 0) => TRUE_NODE,
            _ => {
                let node = self.position();
                self.bytes.extend_from_slice(&[builder.types, mask]);
                for at in header.iter().take_while(|at| **at != NONE) {
                    self.u32(*at);
                }
                node
            },
        };
        if self.bytes.len() > self.most {
            let kind = CompileErrorKind::ProgramTooLong;
            return Err(CompileFailure::new(kind, None, offset));
        }
        let schema = graph.add(node, offset, units, &edges);
        Ok(Child { schema, reference: 0 })
    }

    fn position(&self) -> u32 {
        to_u32(self.bytes.len())
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

    /// Writes a count and whether another part follows.
    fn count_and_more(&mut self, count: usize, more: bool) {
        /// The maximum without the flag. No source reaches it.
        const MOST: u16 = 0x7fff;
        let [low, high] = u16::try_from(count).unwrap_or(MOST).min(MOST).to_le_bytes();
        let more = if more { MORE } else { 0 };
        self.bytes.extend([low, high | more]);
    }

    fn range(&mut self, range: Range) {
        self.u32(range.fewest);
        self.u32(range.most);
    }

    /// Writes the offset of a schema's node, or [`NONE`] without a schema.
    fn link(&mut self, child: Option<Child>, graph: &Graph) {
        let node = child.map_or(NONE, |child| graph.node(child.schema));
        if let (NONE, Some(child)) = (node, child) {
            self.missing.push((self.bytes.len(), child.schema));
        }
        self.u32(node);
    }

    fn decimal(&mut self, value: &Decimal<'_>) {
        self.bytes.push(u8::from(value.is_negative()));
        let exponent = i16::try_from(value.exponent()).unwrap_or_default();
        self.bytes.extend_from_slice(&exponent.to_le_bytes());
        self.bytes.push(u8::try_from(value.len()).unwrap_or(u8::MAX));
        self.bytes.extend(value.digits());
    }

    fn text(&mut self, text: &Text<'_>) -> (u32, u32) {
        let at = self.position();
        text.append_to(&mut self.bytes);
        (at, self.position().saturating_sub(at))
    }

    fn literals(&mut self, builder: &mut Builder<'_>, graph: &Graph) -> u32 {
        if builder.constant.is_none() && builder.choices.is_none() {
            return NONE;
        }
        let constant = builder.constant.as_mut().map_or(NONE, |values| self.values(values, graph));
        let choices = builder.choices.as_mut().map_or(NONE, |values| self.values(values, graph));
        let at = self.position();
        self.u32(constant);
        self.u32(choices);
        at
    }

    fn values(&mut self, values: &mut Values<'_>, graph: &Graph) -> u32 {
        values.numbers.sort_unstable();
        values.numbers.dedup();
        sort_by_text(
            &mut values.strings,
            |(hash, _)| *hash,
            |(_, text)| *text,
            |_, _| Ordering::Equal,
        );
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
            self.u32(number);
        }
        for (hash, (text, length)) in strings {
            self.u32(hash);
            self.u32(text);
            self.u32(length);
        }
        for node in &values.nodes {
            self.link(Some(*node), graph);
        }
        at
    }

    fn numbers(&mut self, builder: &Builder<'_>, counts_more: bool) -> u32 {
        let mut mask = if counts_more { bounds::MANY } else { 0 };
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

    fn string(&mut self, builder: &Builder<'_>) -> u32 {
        if builder.length.is_open() {
            return NONE;
        }
        let at = self.position();
        self.range(builder.length);
        at
    }

    /// Writes a regular expression. Returns `None` if every text matches it.
    pub fn expression(&mut self, pattern: &Pattern<Vec<u8>>) -> Option<Expression> {
        let expression = Expression { at: self.position(), steps: pattern.steps() };
        if expression.steps == 0 {
            return None;
        }
        self.u32(to_u32(pattern.as_bytes().len()));
        self.bytes.extend_from_slice(pattern.as_bytes());
        Some(expression)
    }

    fn array(&mut self, builder: &Builder<'_>, graph: &Graph) -> u32 {
        let says_nothing = builder.items.is_none() && builder.contains.is_none();
        if builder.count.is_open() && says_nothing && builder.prefix.is_empty() {
            return NONE;
        }
        let at = self.position();
        self.range(builder.count);
        self.link(builder.items, graph);
        self.count_and_more(builder.prefix.len(), builder.contains.is_some());
        for item in &builder.prefix {
            self.link(Some(*item), graph);
        }
        if builder.contains.is_some() {
            self.link(builder.contains, graph);
            self.range(builder.contained);
        }
        at
    }

    fn object(&mut self, builder: &mut Builder<'_>, graph: &Graph) -> Result<u32, CompileFailure> {
        let properties = &mut builder.properties;
        let has_rules = builder.names.is_some() || !builder.patterns.is_empty();
        let says_nothing = builder.additional.is_none() && !has_rules;
        if builder.size.is_open() && says_nothing && properties.is_empty() {
            return Ok(NONE);
        }
        // A name of `properties` precedes the same name of `required`.
        let required_last =
            |a: &Property<'_>, b: &Property<'_>| a.schema.is_none().cmp(&b.schema.is_none());
        sort_by_text(properties, |property| property.hash, |property| property.name, required_last);
        let mut required = 0usize;
        let mut entries: Vec<(u32, u32, u32, Option<Child>)> = Vec::with_capacity(properties.len());
        let mut last: Option<&Property<'_>> = None;
        for property in properties.iter() {
            let same =
                last.is_some_and(|last| last.hash == property.hash && last.name == property.name);
            let is_required = property.schema.is_none();
            required = required.saturating_add(usize::from(is_required));
            let entry = if same { entries.last_mut() } else { None };
            match entry {
                Some((_, _, length, _)) if *length & REQUIRED != 0 => {
                    return Err(CompileFailure::new(
                        CompileErrorKind::InvalidKeywordValue,
                        Some(builder.requires),
                        property.name.offset(),
                    ));
                },
                Some((_, _, length, _)) => *length |= REQUIRED,
                None => {
                    let (at, length) = self.text(&property.name);
                    let flag = if is_required { REQUIRED } else { 0 };
                    entries.push((property.hash, at, length | flag, property.schema));
                },
            }
            last = Some(property);
        }
        let at = self.position();
        self.range(builder.size);
        self.count(required);
        self.link(builder.additional, graph);
        self.count_and_more(entries.len(), has_rules);
        for (hash, name, length, schema) in entries {
            self.u32(hash);
            self.u32(name);
            self.u32(length);
            self.link(schema, graph);
        }
        if has_rules {
            self.link(builder.names, graph);
            self.count(builder.patterns.len());
            for (expression, child) in &builder.patterns {
                self.u32(expression.map_or(NONE, |expression| expression.at));
                self.link(Some(*child), graph);
            }
        }
        Ok(at)
    }

    fn in_place(&mut self, builder: &Builder<'_>, graph: &Graph) -> u32 {
        let not = builder.not.as_slice();
        let lists = [builder.all.as_slice(), &builder.any, &builder.one, not];
        let condition = builder.condition();
        if lists.iter().all(|list| list.is_empty()) && condition.is_none() {
            return NONE;
        }
        let at = self.position();
        // Counts that do not fit into a byte exceed the maximum cost, so the program is rejected.
        let [all, any, one, not] = lists.map(|list| u8::try_from(list.len()).unwrap_or(u8::MAX));
        let more = if condition.is_some() { MORE } else { 0 };
        self.bytes.extend([all, any, one, not | more]);
        for child in lists.into_iter().flatten() {
            self.link(Some(*child), graph);
        }
        if let Some(branches) = condition {
            self.bytes.push(builder.condition);
            for branch in branches {
                self.link(branch, graph);
            }
        }
        at
    }
}
