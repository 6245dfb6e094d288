//! The layout of a compiled schema, and functions that read it in place.
//!
//! All numbers are little-endian. Offsets count from the start of the program, and 0 means "none".
//!
//! | part | bytes |
//! |---|---|
//! | header | version u8, cost u8, dialect u8, 0 u8, root node u32 |
//! | node | types u8, sections u8, the offset u32 of each present section (in the order of the bits) |
//! | literals | `const` set u32, `enum` set u32 |
//! | numbers | mask u8; for each bit of a bound its number, `multipleOf` last as a [`Divisor`] |
//! | string | shortest u32, longest u32 |
//! | pattern | length u32, that many bytes of a [`Pattern`] |
//! | array | fewest u32, most u32, further items' node u32, count u16, that many nodes u32 |
//! | `contains` | node u32, fewest u32, most u32 |
//! | object | fewest u32, most u32, required names u16, further properties' node u32, count u16, that many properties |
//! | names | `propertyNames` node u32, count u16, that many of `patternProperties` |
//! | of `patternProperties` | pattern u32 (0: any name), node u32 |
//! | property | name's hash u32, name u32, length u32 (the top bit: required), node u32; sorted by hash, then name |
//! | in place | counts u8 of `allOf` with references, `anyOf`, `oneOf`, `not`; that many nodes u32 |
//! | condition | keyword u8, nodes u32 of `if`, `then`, `else` |
//! | set | simple values u8, counts u16 of numbers, strings, nodes; sorted numbers u32, strings (hash u32, text u32, length u32) sorted by hash, then text, nodes u32 |
//! | number | negative u8, exponent i16, digits u8, digits in ASCII |
//!
//! The top bit of a count means that another part follows: `contains` after an array, the rules for
//! names after an object, a condition after `not`.
//!
//! A program is not trusted: every read is checked, and the validator bounds the work of a damaged
//! one.
//!
//! [`Divisor`]: crate::number
//! [`Pattern`]: crate::pattern

use crate::{
    cast::{to_u32, to_usize},
    json::Text,
    number::{Decimal, Divisor},
    pattern::Pattern,
    violation::Violation,
    violation::ViolationKind,
};
use alloc::vec::Vec;
use core::cmp::Ordering;

/// The first byte of every program.
pub(crate) const VERSION: u8 = 3;
/// The bytes before the first node.
pub(crate) const HEADER: usize = 8;
/// The node of the schema `true`.
pub(crate) const TRUE_NODE: u32 = 8;
/// The node of the schema `false`.
pub(crate) const FALSE_NODE: u32 = 10;
/// No node.
pub(crate) const NONE: u32 = 0;
/// Flag in a property's length: the property is required.
pub(crate) const REQUIRED: u32 = 0x8000_0000;
/// Flag in the upper byte of the count of an array's or object's section, and in the count of
/// `not`: another part follows.
pub(crate) const MORE: u8 = 0x80;

/// The keywords from which a condition is compiled.
pub(crate) mod conditions {
    pub const IF: u8 = 0;
    pub const DEPENDENT_REQUIRED: u8 = 1;
    pub const DEPENDENT_SCHEMAS: u8 = 2;
}

/// The types of JSON Schema, as bits of a node's first byte.
pub(crate) mod types {
    pub const NULL: u8 = 1;
    pub const BOOLEAN: u8 = 2;
    pub const INTEGER: u8 = 4;
    /// An integer that is written with a fraction or an exponent.
    pub const WHOLE: u8 = 128;
    /// A number that is not an integer.
    pub const FRACTION: u8 = 8;
    pub const STRING: u8 = 16;
    pub const ARRAY: u8 = 32;
    pub const OBJECT: u8 = 64;
    pub const ANY: u8 = 255;
    pub const NUMBER: u8 = INTEGER | WHOLE | FRACTION;
}

/// The sections of a node, as bits of its second byte.
pub(crate) mod sections {
    pub const LITERALS: u8 = 1;
    pub const NUMBERS: u8 = 2;
    pub const STRING: u8 = 4;
    pub const ARRAY: u8 = 8;
    pub const OBJECT: u8 = 16;
    pub const IN_PLACE: u8 = 32;
    pub const PATTERN: u8 = 64;
    /// `uniqueItems`, which has no section. The highest bit, so that it precedes no other section.
    pub const UNIQUE: u8 = 128;
}

/// The units of work of `uniqueItems`, at any place in a schema.
pub(crate) const UNIQUE_UNITS: u32 = 1;

/// Returns the units of work of comparing a number, in addition to that of its schema: with bounds,
/// and with the sorted numbers of `const` and `enum`. Division by `multipleOf` counts as two
/// comparisons.
pub(crate) fn number_units(comparisons: u32) -> u32 {
    /// The number of comparisons that take about as long as the slowest of the other keywords.
    const COMPARISONS: u32 = 8;
    u32::from(comparisons > COMPARISONS)
}

/// Returns the units of work of a pattern for each byte of a text, in addition to that of its
/// schema.
pub(crate) fn pattern_units(steps: u32) -> u32 {
    /// The number of steps that take about as long as the slowest of the other keywords for a byte.
    const STEPS: u32 = 32;
    match steps {
        0 => 0,
        steps => steps.div_ceil(STEPS),
    }
}

/// The bits of a set's simple values.
pub(crate) mod simple {
    pub const NULL: u8 = 1;
    pub const FALSE: u8 = 2;
    pub const TRUE: u8 = 4;
}

/// The bits of a numbers section, in the order of the numbers that follow.
pub(crate) mod bounds {
    pub const MINIMUM: u8 = 1;
    pub const MAXIMUM: u8 = 2;
    pub const EXCLUSIVE_MINIMUM: u8 = 4;
    pub const EXCLUSIVE_MAXIMUM: u8 = 8;
    pub const MULTIPLE_OF: u8 = 16;
    /// The comparisons of a number count as one more unit of work, since there are more than eight.
    pub const MANY: u8 = 32;
}

/// The error for a program with content that the compiler never writes.
#[derive(Debug)]
pub(crate) struct Damaged;

impl From<Damaged> for Violation {
    #[inline]
    fn from(_: Damaged) -> Self {
        Violation { kind: ViolationKind::InvalidProgram, offset: 0 }
    }
}

/// The bytes of a program.
#[derive(Clone, Copy)]
pub(crate) struct Program<'p>(pub &'p [u8]);

impl<'p> Program<'p> {
    fn from(&self, at: u32) -> &'p [u8] {
        self.0.get(to_usize(at)..).unwrap_or_default()
    }

    #[inline]
    fn array<const N: usize>(&self, at: u32) -> Result<(&'p [u8; N], &'p [u8]), Damaged> {
        self.from(at).split_first_chunk::<N>().ok_or(Damaged)
    }

    /// Returns the number of the source's dialect.
    pub fn dialect(&self) -> u8 {
        self.0.get(2).copied().unwrap_or_default()
    }

    /// Returns the cost and the root node.
    pub fn header(&self) -> Result<(u8, u32), Damaged> {
        let (&[version, cost, _, _, r0, r1, r2, r3], _) = self.array::<HEADER>(0)?;
        if version != VERSION {
            return Err(Damaged);
        }
        Ok((cost, u32::from_le_bytes([r0, r1, r2, r3])))
    }

    #[inline]
    pub fn node(&self, at: u32) -> Result<Node<'p>, Damaged> {
        let (&[types, sections], rest) = self.array::<2>(at)?;
        let (offsets, _) = rest.as_chunks::<4>();
        Ok(Node { types, sections, offsets })
    }

    /// Returns the `const` set and the `enum` set.
    #[inline]
    pub fn literals(&self, at: u32) -> Result<(u32, u32), Damaged> {
        let (&[c0, c1, c2, c3, e0, e1, e2, e3], _) = self.array::<8>(at)?;
        Ok((u32::from_le_bytes([c0, c1, c2, c3]), u32::from_le_bytes([e0, e1, e2, e3])))
    }

    #[inline]
    pub fn set(&self, at: u32) -> Result<Set<'p>, Damaged> {
        let (&[simple, n0, n1, s0, s1, c0, c1], rest) = self.array::<7>(at)?;
        let (numbers, rest) = table::<4>(rest, [n0, n1])?;
        let (strings, rest) = table::<12>(rest, [s0, s1])?;
        let (nodes, _) = table::<4>(rest, [c0, c1])?;
        Ok(Set { simple, numbers, strings, nodes })
    }

    /// Returns the mask of a numbers section and the bytes after it.
    #[inline]
    pub fn numbers(&self, at: u32) -> Result<(u8, &'p [u8]), Damaged> {
        let (&[mask], rest) = self.array::<1>(at)?;
        Ok((mask, rest))
    }

    /// Returns the minimum and the maximum length of a string.
    #[inline]
    pub fn string(&self, at: u32) -> Result<(u32, u32), Damaged> {
        let (&[a, b, c, d, e, f, g, h], _) = self.array::<8>(at)?;
        Ok((u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h])))
    }

    /// Returns the compiled expression of a pattern section.
    #[inline]
    pub fn pattern(&self, at: u32) -> Result<Pattern<&'p [u8]>, Damaged> {
        let (length, rest) = self.array::<4>(at)?;
        let bytes = rest.get(..to_usize(u32::from_le_bytes(*length))).ok_or(Damaged)?;
        Ok(Pattern::from_bytes(bytes))
    }

    #[inline]
    pub fn items(&self, at: u32) -> Result<Items<'p>, Damaged> {
        let (&[a, b, c, d, e, f, g, h, i0, i1, i2, i3, c0, c1], rest) = self.array::<14>(at)?;
        let (prefix, rest) = table::<4>(rest, [c0, c1 & !MORE])?;
        let contains = if c1 & MORE == 0 { None } else { Some(Contains::read(rest)?) };
        Ok(Items {
            fewest: u32::from_le_bytes([a, b, c, d]),
            most: u32::from_le_bytes([e, f, g, h]),
            further: u32::from_le_bytes([i0, i1, i2, i3]),
            prefix,
            contains,
        })
    }

    #[inline]
    pub fn properties(&self, at: u32) -> Result<Properties<'p>, Damaged> {
        let (&[a, b, c, d, e, f, g, h, r0, r1, f0, f1, f2, f3, c0, c1], rest) =
            self.array::<16>(at)?;
        let (table, rest) = table::<16>(rest, [c0, c1 & !MORE])?;
        let names = if c1 & MORE == 0 { None } else { Some(NameRules::read(rest)?) };
        Ok(Properties {
            fewest: u32::from_le_bytes([a, b, c, d]),
            most: u32::from_le_bytes([e, f, g, h]),
            required: u16::from_le_bytes([r0, r1]),
            further: u32::from_le_bytes([f0, f1, f2, f3]),
            table,
            names,
        })
    }

    /// Returns the nodes of an in-place section (`allOf`, `anyOf`, `oneOf`, `not`) and its
    /// condition.
    #[inline]
    pub fn in_place(&self, at: u32) -> Result<InPlace<'p>, Damaged> {
        let (&[all, any, one, not], rest) = self.array::<4>(at)?;
        let has_condition = not & MORE != 0;
        let (all, rest) = table::<4>(rest, [all, 0])?;
        let (any, rest) = table::<4>(rest, [any, 0])?;
        let (one, rest) = table::<4>(rest, [one, 0])?;
        let (not, rest) = table::<4>(rest, [not & !MORE, 0])?;
        let condition = if has_condition { Some(Condition::read(rest)?) } else { None };
        Ok(InPlace { all, any, one, not, condition })
    }

    /// Compares `value` with the number at `at`.
    #[inline]
    pub fn compare(&self, value: &Decimal<'_>, at: u32) -> Result<Ordering, Damaged> {
        compare(value, self.from(at)).map(|(order, _)| order)
    }

    /// Returns the UTF-8 of a name or string.
    #[inline]
    pub fn text(&self, at: u32, length: u32) -> &'p [u8] {
        self.from(at).get(..to_usize(length)).unwrap_or_default()
    }
}

/// Compares `value` with the number at the start of `bytes`. Returns the order and the bytes after
/// the number.
#[inline]
pub(crate) fn compare<'b>(
    value: &Decimal<'_>,
    bytes: &'b [u8],
) -> Result<(Ordering, &'b [u8]), Damaged> {
    let (&[negative, e0, e1, length], rest) = bytes.split_first_chunk::<4>().ok_or(Damaged)?;
    let (digits, rest) = rest.split_at_checked(usize::from(length)).ok_or(Damaged)?;
    let exponent = i32::from(i16::from_le_bytes([e0, e1]));
    Ok((value.cmp_parts(negative != 0, digits, exponent), rest))
}

/// Decodes a [`Divisor`].
pub(crate) fn divisor(bytes: &[u8]) -> Result<Divisor<'_>, Damaged> {
    Divisor::decode(bytes).ok_or(Damaged)
}

/// Returns `count` entries of `N` bytes, and the bytes after them.
#[inline]
fn table<const N: usize>(bytes: &[u8], count: [u8; 2]) -> Result<(&[[u8; N]], &[u8]), Damaged> {
    let length = usize::from(u16::from_le_bytes(count)).saturating_mul(N);
    let (entries, rest) = bytes.split_at_checked(length).ok_or(Damaged)?;
    Ok((entries.as_chunks::<N>().0, rest))
}

/// The number of bits in each mask of sections, since some targets have no instruction for it.
const ONES: [u8; 128] = {
    let mut ones = [0u8; 128];
    let (mut slots, mut mask): (&mut [u8], u8) = (&mut ones, 0);
    while let Some((slot, rest)) = slots.split_first_mut() {
        let mut bits = mask;
        while bits != 0 {
            *slot = slot.wrapping_add(1);
            bits &= bits.wrapping_sub(1);
        }
        mask = mask.wrapping_add(1);
        slots = rest;
    }
    ones
};

/// A schema object or a boolean schema.
pub(crate) struct Node<'p> {
    pub types: u8,
    pub sections: u8,
    offsets: &'p [[u8; 4]],
}

impl Node<'_> {
    /// Returns the offset of a section, or [`NONE`].
    #[inline]
    pub fn section(&self, bit: u8) -> Result<u32, Damaged> {
        if self.sections & bit == 0 {
            return Ok(NONE);
        }
        let before = self.sections & bit.wrapping_sub(1);
        let place = ONES.get(usize::from(before)).copied().unwrap_or_default();
        self.offsets.get(usize::from(place)).map(|at| u32::from_le_bytes(*at)).ok_or(Damaged)
    }
}

/// The values of `const` or `enum`.
pub(crate) struct Set<'p> {
    pub simple: u8,
    pub numbers: &'p [[u8; 4]],
    pub strings: &'p [[u8; 12]],
    pub nodes: &'p [[u8; 4]],
}

/// The nodes that apply to the same value.
pub(crate) struct InPlace<'p> {
    pub all: &'p [[u8; 4]],
    pub any: &'p [[u8; 4]],
    pub one: &'p [[u8; 4]],
    pub not: &'p [[u8; 4]],
    pub condition: Option<Condition<'p>>,
}

/// `if` with `then` and `else`, or a keyword with the same effect.
pub(crate) struct Condition<'p> {
    /// One of [`conditions`].
    pub keyword: u8,
    /// The nodes of `if`, `then` and `else`. Each has one node or none.
    pub nodes: [&'p [[u8; 4]]; 3],
}

impl<'p> Condition<'p> {
    fn read(bytes: &'p [u8]) -> Result<Self, Damaged> {
        let (&[keyword], rest) = bytes.split_first_chunk::<1>().ok_or(Damaged)?;
        let (nodes, _) = table::<4>(rest, [3, 0])?;
        let mut nodes = nodes.chunks(1).map(|node| if node == [[0; 4]] { &[] } else { node });
        let mut next = || nodes.next().unwrap_or_default();
        Ok(Self { keyword, nodes: [next(), next(), next()] })
    }
}

/// The rules for an array.
pub(crate) struct Items<'p> {
    pub fewest: u32,
    pub most: u32,
    pub further: u32,
    pub prefix: &'p [[u8; 4]],
    pub contains: Option<Contains>,
}

/// `contains` with `minContains` and `maxContains`.
pub(crate) struct Contains {
    pub node: u32,
    pub fewest: u32,
    pub most: u32,
}

impl Contains {
    fn read(bytes: &[u8]) -> Result<Self, Damaged> {
        let (&[a, b, c, d, e, f, g, h, i, j, k, l], _) =
            bytes.split_first_chunk::<12>().ok_or(Damaged)?;
        Ok(Self {
            node: u32::from_le_bytes([a, b, c, d]),
            fewest: u32::from_le_bytes([e, f, g, h]),
            most: u32::from_le_bytes([i, j, k, l]),
        })
    }
}

/// `propertyNames` and `patternProperties`.
#[derive(Clone, Copy)]
pub(crate) struct NameRules<'p> {
    /// The node that applies to each name, or [`NONE`].
    pub names: u32,
    /// The offset of each expression, or [`NONE`] for any name, and the node for the members it
    /// names.
    pub patterns: &'p [[u8; 8]],
}

impl<'p> NameRules<'p> {
    fn read(bytes: &'p [u8]) -> Result<Self, Damaged> {
        let (&[n0, n1, n2, n3, c0, c1], rest) = bytes.split_first_chunk::<6>().ok_or(Damaged)?;
        let (patterns, _) = table::<8>(rest, [c0, c1])?;
        Ok(Self { names: u32::from_le_bytes([n0, n1, n2, n3]), patterns })
    }
}

/// The rules for an object.
#[derive(Default)]
pub(crate) struct Properties<'p> {
    pub fewest: u32,
    pub most: u32,
    pub required: u16,
    pub further: u32,
    table: &'p [[u8; 16]],
    pub names: Option<NameRules<'p>>,
}

impl Properties<'_> {
    /// Looks up a name. Returns `true` if it is required, and its node or [`NONE`].
    #[inline]
    pub fn find(&self, program: Program<'_>, name: &Text<'_>, hash: u32) -> Option<(bool, u32)> {
        let entry = find(self.table, program, name, hash)?;
        let [.., l0, l1, l2, l3, c0, c1, c2, c3] = *entry;
        let is_required = u32::from_le_bytes([l0, l1, l2, l3]) & REQUIRED != 0;
        Some((is_required, u32::from_le_bytes([c0, c1, c2, c3])))
    }
}

/// Searches a table that is sorted by hash, then text. An entry begins with the hash, the text's
/// offset and its length.
#[inline]
pub(crate) fn find<'p, const N: usize>(
    table: &'p [[u8; N]],
    program: Program<'_>,
    name: &Text<'_>,
    hash: u32,
) -> Option<&'p [u8; N]> {
    let entry = nearby(table, hash)?;
    if name.is_plain(entry_text(program, entry)) {
        return Some(entry);
    }
    find_among_equal_hashes(table, program, name, hash)
}

/// Does the same if another text has the same hash. That takes an attacker, so there may be many.
///
/// The text is unescaped once, since comparing escaped text takes ten times as long.
#[cold]
fn find_among_equal_hashes<'p, const N: usize>(
    table: &'p [[u8; N]],
    program: Program<'_>,
    name: &Text<'_>,
    hash: u32,
) -> Option<&'p [u8; N]> {
    let mut unescaped = Vec::new();
    let plain = match name.is_escaped() {
        true => {
            name.append_to(&mut unescaped);
            unescaped.as_slice()
        },
        false => name.raw(),
    };
    let found = table.binary_search_by(|entry| {
        entry_hash(entry).cmp(&hash).then_with(|| entry_text(program, entry).cmp(plain))
    });
    table.get(found.ok()?)
}

/// Returns an entry with this hash. Hashes are evenly spread, so the entry is close to its place in
/// a perfectly even spread. If an attacker chose the names and it is not, a binary search finds it.
#[inline]
fn nearby<const N: usize>(table: &[[u8; N]], hash: u32) -> Option<&[u8; N]> {
    let length = u64::from(to_u32(table.len()));
    let guess = u64::from(hash).wrapping_mul(length) >> 32;
    let mut index = usize::try_from(guess).ok()?;
    let mut last = Ordering::Equal;
    for _ in 0..6 {
        let entry = table.get(index)?;
        let order = entry_hash(entry).cmp(&hash);
        index = match order {
            Ordering::Equal => return Some(entry),
            // It would be between this entry and the previous one.
            _ if order == last.reverse() => return None,
            Ordering::Less => index.wrapping_add(1),
            Ordering::Greater => index.checked_sub(1)?,
        };
        last = order;
    }
    let found = table.binary_search_by(|entry| entry_hash(entry).cmp(&hash));
    table.get(found.ok()?)
}

#[inline]
fn entry_hash<const N: usize>(entry: &[u8; N]) -> u32 {
    entry.first_chunk::<4>().map_or(0, |hash| u32::from_le_bytes(*hash))
}

#[inline]
fn entry_text<'p, const N: usize>(program: Program<'p>, entry: &[u8; N]) -> &'p [u8] {
    match entry.first_chunk::<12>() {
        Some(&[_, _, _, _, t0, t1, t2, t3, l0, l1, l2, l3]) => {
            let length = u32::from_le_bytes([l0, l1, l2, l3]) & !REQUIRED;
            program.text(u32::from_le_bytes([t0, t1, t2, t3]), length)
        },
        None => &[],
    }
}
