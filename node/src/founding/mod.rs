// SPDX-License-Identifier: Apache-2.0

//! A consortium's own chain, from nothing.
//!
//! Each company makes its keys where they stay, and gets a fragment of a file in return, which holds
//! nothing secret ([`join`]). The fragments of all companies together ([`mod@file`]) are checked
//! ([`check`]) and become a chain specification ([`spec`]), whose genesis hash every company compares
//! with what it makes of the same fragments.

pub mod check;
mod claim;
pub mod file;
pub mod join;
pub mod spec;

pub use claim::NODE_KEY;
pub use join::{check_node_key, ConsortiumCmd};
pub use spec::{ChainSpecCmd, GenesisHashCmd};

#[cfg(test)]
mod tests;
