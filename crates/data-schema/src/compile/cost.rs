//! How many nodes can be live at one place of a value.

use crate::MAX_DEPTH;

/// For each level below a place, the most nodes that a schema at this place makes live there.
#[derive(Clone, Copy, Default)]
pub(super) struct Cost([u8; LEVELS]);

const LEVELS: usize = crate::levels(MAX_DEPTH).saturating_add(1);

impl Cost {
    /// A schema without subschemas.
    pub fn leaf() -> Self {
        Self::node(Self::default(), Self::default())
    }

    /// A schema with the sum of the costs of its subschemas for the same place, and the highest
    /// of those for the places one level below, of which each member or item has only one.
    pub fn node(here: Self, below: Self) -> Self {
        let mut cost = here;
        let lower = core::iter::once(&1u8).chain(below.0.iter());
        for (level, more) in cost.0.iter_mut().zip(lower) {
            *level = level.saturating_add(*more);
        }
        cost
    }

    pub fn add(&mut self, other: Self) {
        for (level, more) in self.0.iter_mut().zip(other.0) {
            *level = level.saturating_add(more);
        }
    }

    pub fn join(&mut self, other: Self) {
        for (level, more) in self.0.iter_mut().zip(other.0) {
            *level = (*level).max(more);
        }
    }

    /// The most at any place.
    pub fn most(&self) -> u8 {
        self.0.iter().copied().max().unwrap_or_default()
    }
}
