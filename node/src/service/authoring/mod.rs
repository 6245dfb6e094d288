// SPDX-License-Identifier: Apache-2.0

//! Makes this node's blocks: for how long it fills them, and with which transactions.

mod candidates;
mod organisations;
mod pool;
mod signer;
mod timing;
mod watchdog;

#[cfg(test)]
pub use organisations::Parent;
pub use pool::AuthorPool;
pub use signer::signer;
pub use timing::{TimedProposerFactory, PROPOSAL_PORTION};
pub use watchdog::{guard, Watch};

/// The log target of this module's parts.
const LOG_TARGET: &str = "authoring";
