// SPDX-License-Identifier: Apache-2.0

//! Limits of the cost of a keystore's key derivation.

/// The default N of scrypt: 128 MiB of memory, and about half a second.
pub const DEFAULT_COST: u32 = 1 << 17;
/// The minimum N of a keystore. A smaller one would not protect it.
pub const MIN_COST: u32 = 1 << 14;
/// The maximum N of a keystore. A larger one could overload the program that opens it.
pub const MAX_COST: u32 = 1 << 18;
