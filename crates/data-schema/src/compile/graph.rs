//! The schemas of a program and what they apply: how references are followed, and how much can
//! apply to one place of a value.

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
    /// Where the `$ref` stands that leads to it; 0 if it stands there itself.
    pub reference: u32,
}

/// Where a schema is applied, seen from the one that applies it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// To the same value.
    Here,
    /// To an item of it: of those that an item can have, one applies.
    Item,
    /// To a member of it: of those that a member can have, one applies.
    Member,
    /// To any item of it, besides others.
    EveryItem,
    /// To any member of it, besides others.
    EveryMember,
    /// To the name of any member of it, which has nothing below.
    Name,
}

impl Reach {
    /// The part of the value that it leads to, and whether all that lead there apply together.
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

/// The value itself, or what it holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    Item,
    Member,
}

/// The units of work that a schema takes by itself.
#[derive(Clone, Copy, Default)]
pub(super) struct Units {
    /// At the value.
    pub here: u32,
    /// At each member, for its name.
    pub member: u32,
}

/// A schema that another one applies.
#[derive(Clone, Copy)]
pub(super) struct Edge {
    pub child: Child,
    pub reach: Reach,
}

/// A schema.
struct Schema {
    /// Where its node is in the program, or [`NONE`] as long as that is not known.
    node: u32,
    /// Where it stands in the source.
    offset: u32,
    units: Units,
    edges: Range<usize>,
    /// What it is the same as: where a reference leads to.
    same: Option<Child>,
}

/// All schemas of a source.
#[derive(Default)]
pub(super) struct Graph {
    schemas: Vec<Schema>,
    edges: Vec<Edge>,
}

impl Graph {
    /// Adds a schema that is in the program at `node`.
    pub fn add(&mut self, node: u32, offset: u32, units: Units, edges: &[Edge]) -> u32 {
        let first = self.edges.len();
        self.edges.extend_from_slice(edges);
        let edges = first..self.edges.len();
        self.push(Schema { node, offset, units, edges, same: None })
    }

    /// Adds a schema that something refers to before it is compiled.
    pub fn promise(&mut self, offset: u32) -> u32 {
        self.push(Schema { node: NONE, offset, units: Units::default(), edges: 0..0, same: None })
    }

    /// Keeps a promise.
    pub fn fulfil(&mut self, promised: u32, child: Child) {
        if let Some(schema) = self.schemas.get_mut(to_usize(promised)) {
            schema.same = Some(child);
        }
    }

    /// Whether a schema is compiled.
    pub fn is_compiled(&self, schema: u32) -> bool {
        let schema = self.schemas.get(to_usize(schema));
        schema.is_some_and(|schema| schema.node != NONE || schema.same.is_some())
    }

    /// Where the node of a schema is in the program, or [`NONE`] if that is not known.
    pub fn node(&self, schema: u32) -> u32 {
        self.schemas.get(to_usize(schema)).map_or(NONE, |schema| schema.node)
    }

    fn push(&mut self, schema: Schema) -> u32 {
        let number = to_u32(self.schemas.len());
        self.schemas.push(schema);
        number
    }

    /// Leads every edge to the schema itself, and gives those that are the same as another one its
    /// node. Returns the schema itself of the root. Fails if references lead in a circle.
    pub fn follow_references(&mut self, root: u32) -> Result<u32, CompileFailure> {
        // What each schema is, as far as that is known.
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
            // What is on the way is done, so nothing is passed twice.
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

    /// Returns the most units of work that can apply to one place of a value. Fails if it is more
    /// than is allowed, or if a schema applies itself to the same place.
    pub fn cost(&self, root: u32) -> Result<u8, CompileFailure> {
        let order = self.order()?;
        // What schemas cost at the place itself, and then at any place one more level below.
        let mut costs = self.level(&order, Part::Whole, false, &[])?;
        let mut most = cost_of(&costs, root);
        for depth in 0..MAX_VALUE_DEPTH {
            // A value has items or members, never both.
            let items = self.level(&order, Part::Item, false, &costs)?;
            // What a name takes, it takes beside the member, and not further down.
            let members = self.level(&order, Part::Member, depth == 0, &costs)?;
            let below = items.into_iter().zip(members).map(|(item, member)| item.max(member));
            let below: Vec<u32> = below.collect();
            most = most.max(cost_of(&below, root));
            // From here on it is the same at every level.
            if below == costs {
                break;
            }
            costs = below;
        }
        Ok(u8::try_from(most).unwrap_or(u8::MAX))
    }

    /// What each schema costs at the place itself, or at a place that is reached by an item or
    /// member first, where what is applied to that costs what `below` says; `with_names` if it is
    /// the member itself, whose name is looked at.
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

    /// Where a schema stands in the source.
    pub fn offset(&self, schema: u32) -> u32 {
        self.schemas.get(to_usize(schema)).map_or(0, |schema| schema.offset)
    }

    fn edges_of(&self, schema: &Schema) -> &[Edge] {
        self.edges.get(schema.edges.clone()).unwrap_or_default()
    }

    /// The schemas, each after those that it applies to the same place.
    fn order(&self) -> Result<Vec<u32>, CompileFailure> {
        let mut order = Vec::with_capacity(self.schemas.len());
        let mut states = alloc::vec![State::New; self.schemas.len()];
        // The schemas that are open, the edge of each that comes next, and the reference to each.
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

/// How far the search for an order is with a schema.
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

/// References lead in a circle without a value in between; one of them stands at `offset`.
fn circle(offset: u32) -> CompileFailure {
    CompileFailure::new(CompileErrorKind::CircularReference, Some("$ref"), offset)
}
