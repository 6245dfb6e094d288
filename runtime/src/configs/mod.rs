// SPDX-License-Identifier: Apache-2.0

//! The configuration of the pallets, by concern.

// The codec makes these for the kinds of proxies.
#[cfg_attr(target_family = "wasm", allow(clippy::as_conversions))]
pub mod companies;
pub mod consensus;
pub mod consortium;
pub mod system;
pub mod twins;
