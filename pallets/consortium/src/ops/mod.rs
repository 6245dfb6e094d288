// SPDX-License-Identifier: Apache-2.0

//! What the calls do.

mod claims;
mod lookup;
mod members;
mod motions;
mod multisigs;
pub(crate) mod nodes;
mod organisations;
mod removal;
