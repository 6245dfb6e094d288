// SPDX-License-Identifier: Apache-2.0

//! What executing costs.
//!
//! The pallets of the SDK come with weights of their own, counted in database reads and writes,
//! which [`ParityDbWeight`](frame_support::weights::constants::ParityDbWeight) prices. Weights that
//! were measured with this runtime belong here, one file a pallet.
