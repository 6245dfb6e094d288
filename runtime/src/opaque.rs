// SPDX-License-Identifier: Apache-2.0

//! The block as the node handles it, with opaque extrinsics.

use crate::BlockNumber;
use sp_runtime::{generic, traits::BlakeTwo256};

pub use sp_runtime::OpaqueExtrinsic as UncheckedExtrinsic;

/// A block's header.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A block whose extrinsics are bytes.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
