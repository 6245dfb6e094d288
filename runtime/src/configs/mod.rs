// SPDX-License-Identifier: Apache-2.0

//! The configuration of the pallets, by concern.

pub mod call_filter;
pub mod consensus;
pub mod governance;
pub mod growth;
pub mod key_ownership;
pub mod limits;
pub mod migrations;
// The derived codec of the proxy types casts their indices.
#[allow(clippy::as_conversions)]
pub mod proxy_and_multisig;
pub mod system;
pub mod twins;
