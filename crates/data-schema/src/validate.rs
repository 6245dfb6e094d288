//! Runs a program over the text of a value in one pass, with all live nodes of a place together.
//!
//! A place is a value or a part of one. At its start, every node that applies to it checks what it
//! can. A node with further checks (for members, for items, or through `anyOf` and similar
//! keywords) becomes a [`LiveNode`] until the place ends. The live nodes of a place are on the
//! stack above those of the places around it. So the stack's height is bounded by depth x cost, and
//! the work by bytes x cost.

use crate::{
    cast::{to_u32, to_usize},
    json::{Event, Limits, Reader, Text},
    number::Decimal,
    program::{
        self, bounds, conditions, pattern_units, sections, simple, types, Contains, Damaged, Node,
        Program, Properties, FALSE_NODE, NONE, UNIQUE_UNITS,
    },
    stack::Stack,
    unique::Repeated,
    violation::{Violation, ViolationKind},
    MAX_COST, MAX_VALUE, MAX_VALUE_DEPTH,
};
use core::cmp::Ordering;

/// The work of a validation, with which a caller can refund unused weight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// The bytes read.
    pub bytes: u32,
    /// The maximum units of work that applied to one place; never above the schema's cost.
    pub live: u32,
}

impl Stats {
    /// Returns the work: the bytes times the maximum units that applied to one place.
    pub fn work(&self) -> u32 {
        self.bytes.saturating_mul(self.live)
    }
}

/// The effect of a node's verdict on its parent node.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Applicator {
    /// It must match: a property, an item, a branch of `allOf`, the root.
    #[default]
    Must,
    AnyOf,
    OneOf,
    Not,
    Const,
    Enum,
    /// It is counted.
    Contains,
    If,
    Then,
    Else,
}

/// The verdicts that an entry waits for, those that it has, and whether it has failed.
mod flag {
    pub const FAILED: u16 = 1;
    pub const IN_PLACE: u16 = 2;
    pub const WANTS_ANY: u16 = 4;
    pub const WANTS_ONE: u16 = 8;
    pub const WANTS_CONST: u16 = 16;
    pub const WANTS_ENUM: u16 = 32;
    pub const HAS_ANY: u16 = 64;
    pub const HAS_ONE: u16 = 128;
    pub const HAS_CONST: u16 = 256;
    pub const HAS_ENUM: u16 = 512;
    /// The value is an array whose items must differ.
    pub const UNIQUE: u16 = 1024;
    pub const CONDITION: u16 = 2048;
    pub const HAS_IF: u16 = 4096;
    pub const HAS_THEN: u16 = 8192;
    pub const HAS_ELSE: u16 = 16384;
    /// The end of the value requires more checks than those of the entry's section.
    pub const PENDING: u16 = WANTS_ANY | WANTS_ONE | WANTS_CONST | WANTS_ENUM | UNIQUE | CONDITION;
    /// Other nodes apply to the same place through the entry.
    pub const BRINGS_IN: u16 = IN_PLACE | WANTS_CONST | WANTS_ENUM;
}

/// The parent of the root: none.
const ROOT: u16 = u16::MAX;

/// A node that is live at an open place.
#[derive(Clone, Copy, Default)]
struct LiveNode {
    node: u32,
    /// The offset of its array or object section, if the value at the place is one.
    section: u32,
    parent: u16,
    flags: u16,
    /// The number of required names seen, or of items that match `contains`.
    seen: u16,
    role: Applicator,
}

/// An open array or object.
#[derive(Clone, Copy, Default)]
struct Frame {
    /// The index of its first entry.
    first: u32,
    /// The number of members or items read so far.
    count: u32,
    offset: u32,
    is_object: bool,
}

/// The information about the value that begins at a place, or about the name of a member.
struct Instance<'r, 'v> {
    reader: &'r Reader<'v>,
    /// The string, if the value is one.
    text: &'r Text<'v>,
    event: Event,
    kind: u8,
    offset: u32,
    decimal: Option<Decimal<'v>>,
    hash: Option<u32>,
    length: Option<u32>,
}

impl<'r, 'v> Instance<'r, 'v> {
    /// Returns the instance for the value whose first token the reader has just read.
    #[inline]
    fn new(event: Event, reader: &'r Reader<'v>) -> Self {
        let kind = match event {
            Event::Null => types::NULL,
            Event::True | Event::False => types::BOOLEAN,
            Event::Number if reader.last_number().is_plain() => types::INTEGER,
            Event::Number if reader.last_number().is_integer() => types::WHOLE,
            Event::Number => types::FRACTION,
            Event::String => types::STRING,
            Event::BeginArray => types::ARRAY,
            Event::BeginObject => types::OBJECT,
            // The reader returns none of these where a value is expected.
            Event::EndArray | Event::EndObject | Event::Key | Event::End => 0,
        };
        let offset = reader.offset();
        let (decimal, hash, length) = (None, None, None);
        Self { reader, text: reader.last_string(), event, kind, offset, decimal, hash, length }
    }

    /// Returns the instance for the name of the member that the reader has just read.
    fn of_name(reader: &'r Reader<'v>) -> Self {
        Self {
            reader,
            text: reader.last_key(),
            event: Event::String,
            kind: types::STRING,
            offset: reader.last_key().offset(),
            decimal: None,
            hash: Some(reader.key_hash()),
            length: None,
        }
    }

    #[inline]
    fn is_container(&self) -> bool {
        self.kind & (types::ARRAY | types::OBJECT) != 0
    }

    fn decimal(&mut self) -> &Decimal<'v> {
        self.decimal.get_or_insert_with(|| self.reader.last_number().decimal())
    }

    fn hash(&mut self) -> u32 {
        let text = self.text;
        let hash = self.hash.unwrap_or_else(|| text.hash());
        *self.hash.insert(hash)
    }

    fn length(&mut self) -> u32 {
        let text = self.text;
        let length = self.length.unwrap_or_else(|| text.char_count());
        *self.length.insert(length)
    }
}

/// The result of looking up a value in a set.
enum Member {
    Yes,
    No,
    /// The value is an array or object, and nodes of the set must compare it.
    Nodes,
}

struct Run<'p> {
    program: Program<'p>,
    value: &'p [u8],
    entries: Stack<LiveNode, 8>,
    stats: Stats,
    /// The units of work that apply to the current place.
    live: u32,
    repeated: Repeated,
    /// The object section that was used last, and its offset.
    properties: Properties<'p>,
    section: u32,
}

/// Checks `value` against `program`. Returns the work done and the verdict.
pub(crate) fn run<'p>(program: &'p [u8], value: &'p [u8]) -> (Stats, Result<(), Violation>) {
    let limits = Limits { bytes: MAX_VALUE, depth: MAX_VALUE_DEPTH, unique_keys: true };
    let program = Program(program);
    let begun = Reader::new(value, limits).and_then(|reader| Ok((reader, program.header()?)));
    let (mut reader, (_, root)) = match begun {
        Ok(begun) => begun,
        Err(violation) => return (Stats::default(), Err(violation)),
    };
    let mut run = Run {
        program,
        value,
        entries: Stack::default(),
        stats: Stats::default(),
        live: 0,
        repeated: Repeated::default(),
        properties: Properties::default(),
        section: NONE,
    };
    let verdict = run.read(&mut reader, root);
    run.stats.bytes = match &verdict {
        // A place that fails is not counted yet.
        Err(violation) => {
            run.count();
            match violation.kind.is_about_text() {
                // The lexer may have read the whole text.
                true => to_u32(value.len()),
                false => reader.consumed().max(run.repeated.until()),
            }
        },
        Ok(()) => to_u32(value.len()),
    };
    if run.repeated.until() > 0 {
        run.stats.live = run.stats.live.saturating_add(UNIQUE_UNITS);
    }
    (run.stats, verdict)
}

impl Run<'_> {
    /// Reads the whole value, with all nodes that apply to each place of it.
    fn read(&mut self, reader: &mut Reader<'_>, root: u32) -> Result<(), Violation> {
        let mut frames: Stack<Frame, 4> = Stack::default();

        let event = reader.advance()?;
        let mut instance = Instance::new(event, reader);
        self.enter(root, ROOT, Applicator::Must, &mut instance)?;
        self.settle(0, &mut instance, &mut frames)?;
        self.count();
        while let Some(frame) = frames.as_mut_slice().last_mut() {
            let event = reader.advance_to_value()?;
            if matches!(event, Event::EndArray | Event::EndObject) {
                self.conclude(frame)?;
                frames.truncate(frames.len().saturating_sub(1));
                continue;
            }
            let place = frame.count;
            frame.count = frame.count.saturating_add(1);
            let parents = to_usize(frame.first)..self.entries.len();
            let is_member = frame.is_object;
            if parents.is_empty() && !matches!(event, Event::BeginArray | Event::BeginObject) {
                continue;
            }
            let mut instance = Instance::new(event, reader);
            for parent in parents.clone() {
                if is_member {
                    self.member(parent, &mut instance)?;
                } else {
                    self.item(parent, place, &mut instance)?;
                }
            }
            // Most scalars are finished at this point.
            if self.entries.len() > parents.end || instance.is_container() {
                self.settle(parents.end, &mut instance, &mut frames)?;
            }
            self.count();
        }
        reader.finish()
    }

    /// Counts the units of the current place in the work done.
    #[inline]
    fn count(&mut self) {
        self.stats.live = self.stats.live.max(self.live);
        self.live = 0;
    }

    /// Applies the rules of `parent` to a member of an open object, at the start of its value.
    fn member(&mut self, parent: usize, instance: &mut Instance<'_, '_>) -> Result<(), Violation> {
        let Some(entry) = self.entries.as_mut_slice().get_mut(parent) else { return Ok(()) };
        if entry.flags & flag::FAILED != 0 || entry.section == NONE {
            return Ok(());
        }
        if self.section != entry.section {
            self.properties = self.program.properties(entry.section)?;
            self.section = entry.section;
        }
        let properties = &self.properties;
        let (name, hash) = (instance.reader.last_key(), instance.reader.key_hash());
        let (required, node) = properties.find(self.program, name, hash).unwrap_or((false, NONE));
        entry.seen = entry.seen.saturating_add(u16::from(required));
        let parent = u16::try_from(parent).unwrap_or(ROOT);
        let further = properties.further;
        let is_named = properties.names.is_some() && self.name(parent, instance)?;
        match (node, further) {
            (NONE, NONE) => Ok(()),
            (NONE, _) if is_named => Ok(()),
            (NONE, FALSE_NODE) => {
                let at = name.offset();
                self.reject(
                    parent,
                    Applicator::Must,
                    ViolationKind::AdditionalPropertiesMismatch,
                    at,
                )
            },
            (NONE, node) | (node, _) => self.enter(node, parent, Applicator::Must, instance),
        }
    }

    /// Applies the rules for names to a member: `patternProperties` to its value, and
    /// `propertyNames` to its name. Returns `true` if an expression of `patternProperties` matches.
    #[cold]
    #[inline(never)]
    fn name(&mut self, parent: u16, instance: &mut Instance<'_, '_>) -> Result<bool, Violation> {
        let Some(rules) = self.properties.names else { return Ok(false) };
        let mut name = Instance::of_name(instance.reader);
        let mut is_named = false;
        for &[p0, p1, p2, p3, n0, n1, n2, n3] in rules.patterns {
            let at = u32::from_le_bytes([p0, p1, p2, p3]);
            if at == NONE || self.pattern(at, &name)? {
                is_named = true;
                let node = u32::from_le_bytes([n0, n1, n2, n3]);
                self.enter(node, parent, Applicator::Must, instance)?;
            }
        }
        if rules.names != NONE {
            let base = self.entries.len();
            self.enter(rules.names, parent, Applicator::Must, &mut name)?;
            self.bring_in(base, &mut name)?;
            let (first, offset) = (to_u32(base), name.offset);
            self.conclude(&Frame { first, count: 0, offset, is_object: false })?;
        }
        Ok(is_named)
    }

    /// Applies the rules of `parent` to an item of an open array, at its start.
    fn item(
        &mut self,
        parent: usize,
        place: u32,
        instance: &mut Instance<'_, '_>,
    ) -> Result<(), Violation> {
        let Some(entry) = self.entries.as_slice().get(parent) else { return Ok(()) };
        if entry.flags & flag::FAILED != 0 || entry.section == NONE {
            return Ok(());
        }
        let items = self.program.items(entry.section)?;
        let parent = u16::try_from(parent).unwrap_or(ROOT);
        let prefix = usize::try_from(place).ok().and_then(|place| items.prefix.get(place));
        match (prefix.map(|node| u32::from_le_bytes(*node)), items.further) {
            (None, NONE) => {},
            (None, FALSE_NODE) => {
                let kind = ViolationKind::ItemsMismatch;
                self.reject(parent, Applicator::Must, kind, instance.offset)?;
            },
            (Some(node), _) | (None, node) => {
                self.enter(node, parent, Applicator::Must, instance)?;
            },
        }
        match items.contains {
            Some(Contains { node, .. }) => self.contained(node, parent, instance),
            None => Ok(()),
        }
    }

    /// Applies the schema of `contains` to an item, in addition to others.
    #[cold]
    #[inline(never)]
    fn contained(
        &mut self,
        node: u32,
        parent: u16,
        instance: &mut Instance<'_, '_>,
    ) -> Result<(), Violation> {
        self.enter(node, parent, Applicator::Contains, instance)
    }

    /// Applies `node` to the value that begins here.
    #[inline]
    fn enter(
        &mut self,
        node: u32,
        parent: u16,
        role: Applicator,
        instance: &mut Instance<'_, '_>,
    ) -> Result<(), Violation> {
        self.live = self.live.wrapping_add(1);
        if self.live > MAX_COST {
            return Err(Damaged.into());
        }
        let header = self.program.node(node)?;
        if header.types & instance.kind != 0 && header.sections == 0 {
            return self.accept(parent, role, instance.offset);
        }
        self.evaluate(&header, node, parent, role, instance)
    }

    /// Does the same for a node that checks more than a type, or whose type does not match.
    #[inline(never)]
    fn evaluate(
        &mut self,
        header: &Node<'_>,
        node: u32,
        parent: u16,
        role: Applicator,
        instance: &mut Instance<'_, '_>,
    ) -> Result<(), Violation> {
        let offset = instance.offset;
        if header.types & instance.kind == 0 {
            let kind = if header.types == 0 {
                ViolationKind::FalseSchema
            } else {
                ViolationKind::TypeMismatch
            };
            return self.reject(parent, role, kind, offset);
        }
        // Before `const` and `enum`, so that all comparisons are counted.
        if instance.kind & types::NUMBER != 0 && header.sections & sections::NUMBERS != 0 {
            let (units, violated) =
                number(self.program, header.section(sections::NUMBERS)?, instance)?;
            self.live = self.live.wrapping_add(units);
            if self.live > MAX_COST {
                return Err(Damaged.into());
            }
            if let Some(kind) = violated {
                return self.reject(parent, role, kind, offset);
            }
        }
        let mut flags = 0u16;
        let literals = header.section(sections::LITERALS)?;
        if literals != NONE {
            let (constant, choices) = self.program.literals(literals)?;
            for (set, kind, wants) in [
                (constant, ViolationKind::ConstMismatch, flag::WANTS_CONST),
                (choices, ViolationKind::EnumMismatch, flag::WANTS_ENUM),
            ] {
                if set == NONE {
                    continue;
                }
                match contains(self.program, set, instance)? {
                    Member::Yes => {},
                    Member::No => return self.reject(parent, role, kind, offset),
                    Member::Nodes => flags |= wants,
                }
            }
        }
        let mut section = NONE;
        match instance.kind {
            types::STRING => {
                let at = header.section(sections::STRING)?;
                if at != NONE {
                    if let Some(kind) = string(self.program, at, instance)? {
                        return self.reject(parent, role, kind, offset);
                    }
                }
                if header.sections & sections::PATTERN != 0
                    && !self.pattern(header.section(sections::PATTERN)?, instance)?
                {
                    return self.reject(parent, role, ViolationKind::PatternMismatch, offset);
                }
            },
            types::ARRAY => {
                section = header.section(sections::ARRAY)?;
                if header.sections & sections::UNIQUE != 0 {
                    flags |= flag::UNIQUE;
                }
            },
            types::OBJECT => section = header.section(sections::OBJECT)?,
            _ => {},
        }
        if header.sections & sections::IN_PLACE != 0 {
            flags |= flag::IN_PLACE;
        }
        // A node whose checks are complete needs no entry.
        if flags == 0 && section == NONE {
            return self.accept(parent, role, offset);
        }
        if let Some(slot) = self.entries.push_slot() {
            *slot = LiveNode { node, section, parent, flags, seen: 0, role };
        }
        Ok(())
    }

    /// Returns `true` if the string matches the expression of a pattern section.
    #[inline(never)]
    fn pattern(&mut self, at: u32, instance: &Instance<'_, '_>) -> Result<bool, Damaged> {
        let pattern = self.program.pattern(at)?;
        self.live = self.live.saturating_add(pattern_units(pattern.steps()));
        if self.live > MAX_COST {
            return Err(Damaged);
        }
        Ok(pattern.is_match(instance.text.chars()))
    }

    /// Adds the nodes that apply through the entries from `base` on, which have further checks for
    /// the value that begins here. Then opens the array or object, or ends the place.
    fn settle(
        &mut self,
        base: usize,
        instance: &mut Instance<'_, '_>,
        frames: &mut Stack<Frame, 4>,
    ) -> Result<(), Violation> {
        self.bring_in(base, instance)?;
        let (first, offset) = (to_u32(base), instance.offset);
        let is_object = instance.kind == types::OBJECT;
        if !instance.is_container() {
            return self.conclude(&Frame { first, count: 0, offset, is_object });
        }
        if let Some(slot) = frames.push_slot() {
            *slot = Frame { first, count: 0, offset, is_object };
        }
        Ok(())
    }

    /// Adds the nodes that apply to the same place through the entries from `base` on.
    // Most schemas have none of these at most places, so the check is inlined into the loop.
    #[inline(always)]
    fn bring_in(&mut self, base: usize, instance: &mut Instance<'_, '_>) -> Result<(), Violation> {
        let mut index = base;
        while let Some(flags) = self.entries.as_slice().get(index).map(|entry| entry.flags) {
            if flags & (flag::BRINGS_IN | flag::UNIQUE) != 0 {
                self.bring_in_of(index, flags, instance)?;
            }
            index = index.saturating_add(1);
        }
        Ok(())
    }

    /// Adds the nodes that apply through one entry.
    #[inline(never)]
    fn bring_in_of(
        &mut self,
        index: usize,
        flags: u16,
        instance: &mut Instance<'_, '_>,
    ) -> Result<(), Violation> {
        if flags & flag::UNIQUE != 0 {
            self.repeated.look(self.value, instance.offset);
        }
        match flags & flag::FAILED == 0 && flags & flag::BRINGS_IN != 0 {
            true => self.expand(index, instance),
            false => Ok(()),
        }
    }

    /// Adds the nodes that apply to the same place through entry `index`.
    fn expand(&mut self, index: usize, instance: &mut Instance<'_, '_>) -> Result<(), Violation> {
        let Some(entry) = self.entries.as_slice().get(index).copied() else { return Ok(()) };
        let parent = u16::try_from(index).unwrap_or(ROOT);
        let header = self.program.node(entry.node)?;
        let mut groups: [(&[[u8; 4]], Applicator); 9] = [(&[], Applicator::Must); 9];
        let [all, any, one, not, constant, choices, when, then, otherwise] = &mut groups;
        let mut flags = entry.flags;
        if flags & flag::IN_PLACE != 0 {
            let in_place = self.program.in_place(header.section(sections::IN_PLACE)?)?;
            *all = (in_place.all, Applicator::Must);
            *any = (in_place.any, Applicator::AnyOf);
            *one = (in_place.one, Applicator::OneOf);
            *not = (in_place.not, Applicator::Not);
            flags |= if in_place.any.is_empty() { 0 } else { flag::WANTS_ANY };
            flags |= if in_place.one.is_empty() { 0 } else { flag::WANTS_ONE };
            if let Some(condition) = in_place.condition {
                let [a, b, c] = condition.nodes;
                *when = (a, Applicator::If);
                *then = (b, Applicator::Then);
                *otherwise = (c, Applicator::Else);
                // A missing branch matches any value.
                flags |= if b.is_empty() { flag::HAS_THEN } else { 0 };
                flags |= if c.is_empty() { flag::HAS_ELSE } else { 0 };
                flags |= flag::CONDITION;
            }
        }
        if flags & (flag::WANTS_CONST | flag::WANTS_ENUM) != 0 {
            let (c, e) = self.program.literals(header.section(sections::LITERALS)?)?;
            if flags & flag::WANTS_CONST != 0 {
                *constant = (self.program.set(c)?.nodes, Applicator::Const);
            }
            if flags & flag::WANTS_ENUM != 0 {
                *choices = (self.program.set(e)?.nodes, Applicator::Enum);
            }
        }
        if let Some(entry) = self.entries.as_mut_slice().get_mut(index) {
            entry.flags = flags;
        }
        for (nodes, role) in groups {
            for node in nodes {
                self.enter(u32::from_le_bytes(*node), parent, role, instance)?;
                if self
                    .entries
                    .as_slice()
                    .get(index)
                    .is_none_or(|entry| entry.flags & flag::FAILED != 0)
                {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Ends the place of `frame`. Its entries give their verdicts, the last added first.
    fn conclude(&mut self, frame: &Frame) -> Result<(), Violation> {
        // In reverse, since an entry was added after the one that waits for its verdict.
        for index in (to_usize(frame.first)..self.entries.len()).rev() {
            let Some(entry) = self.entries.as_slice().get(index).copied() else { continue };
            if entry.flags & flag::FAILED != 0 {
                continue;
            }
            match self.verdict(&entry, frame)? {
                Some(kind) => self.kill(index, kind, frame.offset)?,
                None => self.accept(entry.parent, entry.role, frame.offset)?,
            }
        }
        self.entries.truncate(to_usize(frame.first));
        Ok(())
    }

    /// Returns the rule that an entry violates at the end of the value, or `None`.
    fn verdict(&self, entry: &LiveNode, frame: &Frame) -> Result<Option<ViolationKind>, Damaged> {
        if entry.section != NONE {
            let count = frame.count;
            if frame.is_object {
                let properties = self.program.properties(entry.section)?;
                if entry.seen < properties.required {
                    return Ok(Some(ViolationKind::RequiredMismatch));
                }
                if count < properties.fewest {
                    return Ok(Some(ViolationKind::MinPropertiesMismatch));
                }
                if count > properties.most {
                    return Ok(Some(ViolationKind::MaxPropertiesMismatch));
                }
            } else {
                let items = self.program.items(entry.section)?;
                if count < items.fewest {
                    return Ok(Some(ViolationKind::MinItemsMismatch));
                }
                if count > items.most {
                    return Ok(Some(ViolationKind::MaxItemsMismatch));
                }
                if let Some(contains) = items.contains {
                    let seen = u32::from(entry.seen);
                    if seen < contains.fewest {
                        return Ok(Some(match seen {
                            0 => ViolationKind::ContainsMismatch,
                            _ => ViolationKind::MinContainsMismatch,
                        }));
                    }
                    if seen > contains.most {
                        return Ok(Some(ViolationKind::MaxContainsMismatch));
                    }
                }
            }
        }
        if entry.flags & flag::PENDING == 0 {
            return Ok(None);
        }
        if entry.flags & flag::CONDITION != 0 {
            let holds = entry.flags & flag::HAS_IF != 0;
            let wanted = if holds { flag::HAS_THEN } else { flag::HAS_ELSE };
            if entry.flags & wanted == 0 {
                return self.unmet_condition(entry.node).map(Some);
            }
        }
        if entry.flags & flag::UNIQUE != 0 && self.repeated.contains(frame.offset) {
            return Ok(Some(ViolationKind::UniqueItemsMismatch));
        }
        let lacks = |wants: u16, has: u16| entry.flags & wants != 0 && entry.flags & has == 0;
        Ok(if lacks(flag::WANTS_CONST, flag::HAS_CONST) {
            Some(ViolationKind::ConstMismatch)
        } else if lacks(flag::WANTS_ENUM, flag::HAS_ENUM) {
            Some(ViolationKind::EnumMismatch)
        } else if lacks(flag::WANTS_ANY, flag::HAS_ANY) {
            Some(ViolationKind::AnyOfMismatch)
        } else if lacks(flag::WANTS_ONE, flag::HAS_ONE) {
            Some(ViolationKind::OneOfMismatch)
        } else {
            None
        })
    }

    /// Returns the violation of a node whose condition has a consequence that does not match.
    fn unmet_condition(&self, node: u32) -> Result<ViolationKind, Damaged> {
        let header = self.program.node(node)?;
        let in_place = self.program.in_place(header.section(sections::IN_PLACE)?)?;
        Ok(match in_place.condition.ok_or(Damaged)?.keyword {
            conditions::DEPENDENT_REQUIRED => ViolationKind::DependentRequiredMismatch,
            conditions::DEPENDENT_SCHEMAS => ViolationKind::DependentSchemasMismatch,
            _ => ViolationKind::IfMismatch,
        })
    }

    /// Reports that a node has matched. `parent` may wait for that, or for the opposite.
    #[inline(always)]
    fn accept(&mut self, parent: u16, role: Applicator, offset: u32) -> Result<(), Violation> {
        if role == Applicator::Must {
            return Ok(());
        }
        self.report(parent, role, offset)
    }

    #[inline(never)]
    fn report(&mut self, parent: u16, role: Applicator, offset: u32) -> Result<(), Violation> {
        let flag = match role {
            Applicator::Must => return Ok(()),
            Applicator::Not => {
                return self.kill(usize::from(parent), ViolationKind::NotMismatch, offset)
            },
            Applicator::AnyOf => flag::HAS_ANY,
            Applicator::OneOf => flag::HAS_ONE,
            Applicator::Const => flag::HAS_CONST,
            Applicator::Enum => flag::HAS_ENUM,
            Applicator::If => flag::HAS_IF,
            Applicator::Then => flag::HAS_THEN,
            Applicator::Else => flag::HAS_ELSE,
            Applicator::Contains => 0,
        };
        let Some(entry) = self.entries.as_mut_slice().get_mut(usize::from(parent)) else {
            return Ok(());
        };
        if role == Applicator::Contains {
            entry.seen = entry.seen.saturating_add(1);
        }
        if role == Applicator::OneOf && entry.flags & flag::HAS_ONE != 0 {
            return self.kill(usize::from(parent), ViolationKind::OneOfMismatch, offset);
        }
        entry.flags |= flag;
        Ok(())
    }

    /// Marks an entry as failed.
    fn kill(&mut self, index: usize, kind: ViolationKind, offset: u32) -> Result<(), Violation> {
        let Some(entry) = self.entries.as_mut_slice().get_mut(index) else { return Ok(()) };
        if entry.flags & flag::FAILED != 0 {
            return Ok(());
        }
        entry.flags |= flag::FAILED;
        let (parent, role) = (entry.parent, entry.role);
        self.reject(parent, role, kind, offset)
    }

    /// Marks every node that requires the failed child of `parent` as failed. Fails with a
    /// violation if the root is among them.
    fn reject(
        &mut self,
        mut parent: u16,
        mut role: Applicator,
        kind: ViolationKind,
        offset: u32,
    ) -> Result<(), Violation> {
        while role == Applicator::Must {
            let Some(entry) = self.entries.as_mut_slice().get_mut(usize::from(parent)) else {
                return Err(Violation { kind, offset });
            };
            if entry.flags & flag::FAILED != 0 {
                return Ok(());
            }
            entry.flags |= flag::FAILED;
            (parent, role) = (entry.parent, entry.role);
        }
        Ok(())
    }
}

/// Looks up the value in a set.
#[inline(never)]
fn contains(
    program: Program<'_>,
    at: u32,
    instance: &mut Instance<'_, '_>,
) -> Result<Member, Damaged> {
    let set = program.set(at)?;
    let found = match instance.event {
        Event::Null => set.simple & simple::NULL != 0,
        Event::False => set.simple & simple::FALSE != 0,
        Event::True => set.simple & simple::TRUE != 0,
        Event::String => {
            if set.strings.is_empty() {
                return Ok(Member::No);
            }
            let hash = instance.hash();
            let text = *instance.text;
            program::find(set.strings, program, &text, hash).is_some()
        },
        Event::Number => {
            let value = instance.decimal();
            let mut damaged = false;
            let search = set.numbers.binary_search_by(|at| {
                match program.compare(value, u32::from_le_bytes(*at)) {
                    Ok(order) => order.reverse(),
                    Err(Damaged) => {
                        damaged = true;
                        Ordering::Equal
                    },
                }
            });
            if damaged {
                return Err(Damaged);
            }
            search.is_ok()
        },
        _ if set.nodes.is_empty() => false,
        _ => return Ok(Member::Nodes),
    };
    Ok(if found { Member::Yes } else { Member::No })
}

/// Returns the additional units of work of the comparisons, and the first bound that the number
/// violates.
#[inline(never)]
fn number(
    program: Program<'_>,
    at: u32,
    instance: &mut Instance<'_, '_>,
) -> Result<(u32, Option<ViolationKind>), Damaged> {
    let (mask, mut rest) = program.numbers(at)?;
    let units = u32::from(mask & bounds::MANY != 0);
    let violated = |kind: ViolationKind| Ok((units, Some(kind)));
    let value = instance.decimal();
    let mut compare = |bit: u8| -> Result<Option<Ordering>, Damaged> {
        if mask & bit == 0 {
            return Ok(None);
        }
        let (order, after) = program::compare(value, rest)?;
        rest = after;
        Ok(Some(order))
    };
    if compare(bounds::MINIMUM)?.is_some_and(Ordering::is_lt) {
        return violated(ViolationKind::MinimumMismatch);
    }
    if compare(bounds::MAXIMUM)?.is_some_and(Ordering::is_gt) {
        return violated(ViolationKind::MaximumMismatch);
    }
    if compare(bounds::EXCLUSIVE_MINIMUM)?.is_some_and(Ordering::is_le) {
        return violated(ViolationKind::ExclusiveMinimumMismatch);
    }
    if compare(bounds::EXCLUSIVE_MAXIMUM)?.is_some_and(Ordering::is_ge) {
        return violated(ViolationKind::ExclusiveMaximumMismatch);
    }
    if mask & bounds::MULTIPLE_OF != 0 && !program::divisor(rest)?.divides(value) {
        return violated(ViolationKind::MultipleOfMismatch);
    }
    Ok((units, None))
}

/// Returns the bound that the string's length violates, or `None`.
fn string(
    program: Program<'_>,
    at: u32,
    instance: &mut Instance<'_, '_>,
) -> Result<Option<ViolationKind>, Damaged> {
    let (shortest, longest) = program.string(at)?;
    let (least, most) = instance.text.char_bounds();
    if shortest <= least && most <= longest {
        return Ok(None);
    }
    let length = instance.length();
    Ok(if length < shortest {
        Some(ViolationKind::MinLengthMismatch)
    } else if length > longest {
        Some(ViolationKind::MaxLengthMismatch)
    } else {
        None
    })
}
