//! The schemas of a program and the edges between them. Follows references and bounds the work at
//! one place of a value.

use crate::{
    cast::{to_u32, to_usize},
    compile_error::{CompileErrorKind, CompileFailure},
    program::NONE,
    MAX_COST, MAX_VALUE_DEPTH,
};
use alloc::vec::Vec;
use core::ops::Range;

/// A schema that another one applies.
#[derive(Clone, Copy)]
pub(super) struct Child {
    /// Its number in the graph.
    pub schema: u32,
    /// The offset of the `$ref` that leads to it, or 0 without a reference.
    pub reference: u32,
}

/// The part of the value to which a schema applies another one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// The same value.
    Here,
    /// One item. Of the schemas for items, only one applies to each item.
    Item,
    /// One member. Of the schemas for members, only one applies to each member.
    Member,
    /// Every item, in addition to others.
    EveryItem,
    /// Every member, in addition to others.
    EveryMember,
    /// The name of every member, which has no parts.
    Name,
}

impl Reach {
    /// Returns the part of the value, and `true` if all schemas for that part apply together.
    fn part(self) -> (Part, bool) {
        match self {
            Self::Here => (Part::Whole, true),
            Self::Item => (Part::Item, false),
            Self::Member => (Part::Member, false),
            Self::EveryItem => (Part::Item, true),
            Self::EveryMember | Self::Name => (Part::Member, true),
        }
    }
}

/// The value itself, or its content.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    Item,
    Member,
}

/// The units of work of a schema itself.
#[derive(Clone, Copy, Default)]
pub(super) struct Units {
    /// At the value.
    pub here: u32,
    /// At each member, for its name.
    pub member: u32,
}

/// The application of a schema by another one.
#[derive(Clone, Copy)]
pub(super) struct Edge {
    pub child: Child,
    pub reach: Reach,
}

/// A schema.
struct Schema {
    /// The offset of its node in the program, or [`NONE`] until it is known.
    node: u32,
    /// The offset of the schema in the source.
    offset: u32,
    units: Units,
    edges: Range<usize>,
    /// The target of the reference that this schema consists of.
    same: Option<Child>,
}

/// All schemas of a source.
#[derive(Default)]
pub(super) struct Graph {
    schemas: Vec<Schema>,
    edges: Vec<Edge>,
}

impl Graph {
    /// Adds a schema whose node is at `node` in the program.
    pub fn add(&mut self, node: u32, offset: u32, units: Units, edges: &[Edge]) -> u32 {
        let first = self.edges.len();
        self.edges.extend_from_slice(edges);
        let edges = first..self.edges.len();
        self.push(Schema { node, offset, units, edges, same: None })
    }

    /// Adds a schema that is the target of a reference before it is compiled.
    pub fn promise(&mut self, offset: u32) -> u32 {
        self.push(Schema { node: NONE, offset, units: Units::default(), edges: 0..0, same: None })
    }

    /// Sets the schema that a promised one is.
    pub fn fulfil(&mut self, promised: u32, child: Child) {
        if let Some(schema) = self.schemas.get_mut(to_usize(promised)) {
            schema.same = Some(child);
        }
    }

    /// Returns `true` if a schema is compiled.
    pub fn is_compiled(&self, schema: u32) -> bool {
        let schema = self.schemas.get(to_usize(schema));
        schema.is_some_and(|schema| schema.node != NONE || schema.same.is_some())
    }

    /// Returns the offset of a schema's node in the program, or [`NONE`] if that is not known.
    pub fn node(&self, schema: u32) -> u32 {
        self.schemas.get(to_usize(schema)).map_or(NONE, |schema| schema.node)
    }

    fn push(&mut self, schema: Schema) -> u32 {
        let number = to_u32(self.schemas.len());
        self.schemas.push(schema);
        number
    }

    /// Replaces references by their final targets, in every edge, and gives each reference the node
    /// of its target. Returns the final target of the root. Fails if references form a circle.
    pub fn follow_references(&mut self, root: u32) -> Result<u32, CompileFailure> {
        // The final targets of the schemas for which they are known.
        let mut known: Vec<Option<u32>> = alloc::vec![None; self.schemas.len()];
        let mut chain: Vec<u32> = Vec::new();
        for start in 0..to_u32(self.schemas.len()) {
            chain.clear();
            let (mut at, mut reference) = (start, NONE);
            let itself = loop {
                if let Some(Some(itself)) = known.get(to_usize(at)) {
                    break *itself;
                }
                let schema = self.schemas.get(to_usize(at));
                let Some(next) = schema.and_then(|schema| schema.same) else { break at };
                if chain.len() > self.schemas.len() {
                    return Err(circle(reference));
                }
                chain.push(at);
                (at, reference) = (next.schema, next.reference);
            };
            // Records the target for all schemas on the way, so that none is followed twice.
            for passed in chain.iter().chain([&start]) {
                if let Some(slot) = known.get_mut(to_usize(*passed)) {
                    *slot = Some(itself);
                }
            }
        }
        let itself = |schema: u32| known.get(to_usize(schema)).copied().flatten().unwrap_or(schema);
        for edge in &mut self.edges {
            edge.child.schema = itself(edge.child.schema);
        }
        let nodes: Vec<u32> = self.schemas.iter().map(|schema| schema.node).collect();
        for (schema, itself) in self.schemas.iter_mut().zip(&known) {
            let node = itself.and_then(|itself| nodes.get(to_usize(itself)));
            schema.node = node.copied().unwrap_or(schema.node);
        }
        Ok(itself(root))
    }

    /// Returns the maximum units of work that can apply to one place of a value. Fails if it
    /// exceeds the limit, or if a schema applies itself to the same place.
    pub fn cost(&self, root: u32) -> Result<u8, CompileFailure> {
        let order = self.order()?;
        // The cost of each schema at the place itself, and then at any place one level further
        // below.
        let mut costs = self.level(&order, Part::Whole, false, &[])?;
        let mut most = cost_of(&costs, root);
        for depth in 0..MAX_VALUE_DEPTH {
            // A value has items or members, never both.
            let items = self.level(&order, Part::Item, false, &costs)?;
            // The cost of a name applies beside the member, and not further down.
            let members = self.level(&order, Part::Member, depth == 0, &costs)?;
            let below = items.into_iter().zip(members).map(|(item, member)| item.max(member));
            let below: Vec<u32> = below.collect();
            most = most.max(cost_of(&below, root));
            // From here on the costs are the same at every level.
            if below == costs {
                break;
            }
            costs = below;
        }
        Ok(u8::try_from(most).unwrap_or(u8::MAX))
    }

    /// Returns the cost of each schema at the place itself, or at a place below whose first step is
    /// an item or a member. `below` has the costs of the schemas that apply after that step.
    /// `with_names` is `true` for the member itself, whose name is checked.
    fn level(
        &self,
        order: &[u32],
        way: Part,
        with_names: bool,
        below: &[u32],
    ) -> Result<Vec<u32>, CompileFailure> {
        let mut costs: Vec<u32> = alloc::vec![0; self.schemas.len()];
        for number in order {
            let Some(schema) = self.schemas.get(to_usize(*number)) else { continue };
            let mut here = match way {
                Part::Whole => schema.units.here,
                Part::Member if with_names => schema.units.member,
                Part::Member | Part::Item => 0,
            };
            let mut further = 0;
            // All schemas for one place add up, but of the alternatives for an item or member only
            // the most expensive one counts.
            for Edge { child, reach } in self.edges_of(schema) {
                match reach.part() {
                    _ if *reach == Reach::Name && !with_names => {},
                    (Part::Whole, _) => {
                        here = here.saturating_add(cost_of(&costs, child.schema));
                    },
                    (part, true) if part == way => {
                        here = here.saturating_add(cost_of(below, child.schema));
                    },
                    (part, false) if part == way => {
                        further = further.max(cost_of(below, child.schema));
                    },
                    _ => {},
                }
            }
            let cost = here.saturating_add(further);
            if cost > MAX_COST {
                let (kind, offset) = (CompileErrorKind::TooComplex, schema.offset);
                return Err(CompileFailure::new(kind, None, offset));
            }
            if let Some(slot) = costs.get_mut(to_usize(*number)) {
                *slot = cost;
            }
        }
        Ok(costs)
    }

    /// Returns the offset of a schema in the source.
    pub fn offset(&self, schema: u32) -> u32 {
        self.schemas.get(to_usize(schema)).map_or(0, |schema| schema.offset)
    }

    fn edges_of(&self, schema: &Schema) -> &[Edge] {
        self.edges.get(schema.edges.clone()).unwrap_or_default()
    }

    /// Returns the schemas in an order in which each follows those that it applies to the same
    /// place. Fails if there is a circle.
    fn order(&self) -> Result<Vec<u32>, CompileFailure> {
        let mut order = Vec::with_capacity(self.schemas.len());
        let mut states = alloc::vec![State::New; self.schemas.len()];
        // The open schemas, the index of the next edge of each, and the reference that led to it.
        let mut open: Vec<(u32, usize, u32)> = Vec::new();
        for start in 0..to_u32(self.schemas.len()) {
            if states.get(to_usize(start)) != Some(&State::New) {
                continue;
            }
            set(&mut states, start, State::Open);
            open.push((start, 0, NONE));
            while let Some((number, next, _)) = open.last_mut() {
                let schema = self.schemas.get(to_usize(*number));
                let edges = schema.map(|schema| self.edges_of(schema)).unwrap_or_default();
                let Some(Edge { child, reach }) = edges.get(*next) else {
                    set(&mut states, *number, State::Done);
                    order.push(*number);
                    open.pop();
                    continue;
                };
                *next = next.saturating_add(1);
                if *reach != Reach::Here {
                    continue;
                }
                match states.get(to_usize(child.schema)) {
                    Some(State::New) => {
                        set(&mut states, child.schema, State::Open);
                        open.push((child.schema, 0, child.reference));
                    },
                    Some(State::Open) => {
                        let around = open.iter().rev().take_while(|(n, ..)| *n != child.schema);
                        let references = around.map(|(.., reference)| *reference);
                        let of = references.chain([child.reference]).find(|at| *at != NONE);
                        return Err(circle(of.unwrap_or_default()));
                    },
                    Some(State::Done) | None => {},
                }
            }
        }
        Ok(order)
    }
}

fn cost_of(costs: &[u32], schema: u32) -> u32 {
    costs.get(to_usize(schema)).copied().unwrap_or_default()
}

/// The state of a schema in the search for an order.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

fn set(states: &mut [State], schema: u32, state: State) {
    if let Some(slot) = states.get_mut(to_usize(schema)) {
        *slot = state;
    }
}

/// Returns the error for references that form a circle, one of which is at `offset`.
fn circle(offset: u32) -> CompileFailure {
    CompileFailure::new(CompileErrorKind::CircularReference, Some("$ref"), offset)
}
