// SPDX-License-Identifier: Apache-2.0

//! What a keystore may cost.

/// scrypt's N by default: 128 MiB of memory, and about half a second.
pub const DEFAULT_COST: u32 = 1 << 17;
/// The least N of a keystore: less would be no protection.
pub const MIN_COST: u32 = 1 << 14;
/// The largest N of a keystore: more would be an attack on the program that opens it.
pub const MAX_COST: u32 = 1 << 18;
