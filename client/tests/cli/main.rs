// SPDX-License-Identifier: Apache-2.0

//! Tests of the command `twin` against a real node, over a real socket. All share one development
//! chain, and each makes what it needs.

mod data;
mod failures;
mod keys;
mod many;
mod node;
mod relay;
mod sending;
mod sharing;
mod things;

use node::Twin;
