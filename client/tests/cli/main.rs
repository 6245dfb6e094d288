// SPDX-License-Identifier: Apache-2.0

//! Tests of the command `twin` against a real node, over a real socket. All tests share one
//! development chain, and each creates what it needs.

mod data;
mod failures;
mod history;
mod keys;
mod many;
mod node;
mod relay;
mod sending;
mod sharing;
mod templates;
mod things;
mod verdicts;

use node::Twin;
