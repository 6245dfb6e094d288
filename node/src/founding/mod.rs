// SPDX-License-Identifier: Apache-2.0

//! The founding of a consortium's chain.
//!
//! Each company generates its keys on the machine where they stay, and gets a fragment of a file,
//! which contains nothing secret ([`join`]). The fragments of all companies together ([`mod@file`])
//! are checked ([`check`]) and become a chain specification ([`spec`]). Every company creates the
//! specification from the same fragments and compares the genesis hashes.

pub mod check;
mod claim;
pub mod file;
pub mod join;
pub mod spec;

pub use claim::NODE_KEY;
pub use join::{check_node_key, check_password_file, ConsortiumCmd};
pub use spec::{ChainSpecCmd, GenesisHashCmd};

#[cfg(test)]
mod tests;
