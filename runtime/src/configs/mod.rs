// SPDX-License-Identifier: Apache-2.0

//! The configuration of the pallets, by concern.

pub mod companies;
pub mod consensus;
pub mod consortium;
pub mod system;
pub mod twins;
