// SPDX-License-Identifier: Apache-2.0

//! How the commands fail.

/// What goes wrong ends the program, and is printed.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;
