// SPDX-License-Identifier: Apache-2.0

//! The error type of the commands.

/// An error ends the program and is printed.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;
