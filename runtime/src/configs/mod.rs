// SPDX-License-Identifier: Apache-2.0

//! The configuration of the pallets, by concern.

pub mod consensus;
pub mod system;
pub mod twins;
