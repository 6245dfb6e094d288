// SPDX-License-Identifier: Apache-2.0

//! How both commands fail.

/// What goes wrong ends the run, and is printed.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;
