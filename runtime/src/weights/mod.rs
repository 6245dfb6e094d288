// SPDX-License-Identifier: Apache-2.0

//! What executing costs. `scripts/weights.sh` measures and writes every file here but this one.
//!
//! pallet-balances and pallet-grandpa have no call that anybody can send, but reports of offences; the
//! benchmarks of pallet-session ask for staking. These keep the SDK's weights, which were measured on
//! its reference machine, with this runtime's costs of the database.

// Generated: measured figures are in the comments, and what functions are for stands at the traits.
#![allow(missing_docs)]

pub mod block;
pub mod database;
pub mod extrinsic;
pub mod frame_system;
pub mod frame_system_extensions;
pub mod pallet_collective;
pub mod pallet_consortium;
pub mod pallet_data_container;
pub mod pallet_digital_twin;
pub mod pallet_membership;
pub mod pallet_multisig;
pub mod pallet_proxy;
pub mod pallet_timestamp;
pub mod pallet_utility;
