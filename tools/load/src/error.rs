// SPDX-License-Identifier: Apache-2.0

//! The error type of both commands.

/// An error ends the run and is printed.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;
