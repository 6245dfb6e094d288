// SPDX-License-Identifier: Apache-2.0

//! The implementation of the calls.

mod claims;
mod lookup;
mod members;
mod motions;
mod multisigs;
pub(crate) mod nodes;
mod organisations;
mod removal;
