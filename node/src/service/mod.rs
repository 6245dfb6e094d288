// SPDX-License-Identifier: Apache-2.0

//! Puts the node together.

mod authoring;
mod equivocations;
mod full;
mod migrations;
mod node_list;
mod partial;
mod pool;
mod threads;
mod throttled_pool;
mod types;

pub use full::start;
pub use partial::{partial, Partial};
pub use types::{FullBackend, FullClient};
