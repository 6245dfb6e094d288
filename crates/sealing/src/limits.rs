// SPDX-License-Identifier: Apache-2.0

//! Lengths, in bytes.

/// What sealing adds: the encapsulated key and the tag.
pub const OVERHEAD: usize = ENCAPSULATED + TAG;
pub(crate) const ENCAPSULATED: usize = 32;
const TAG: usize = 16;
/// Padded values have a multiple of this many bytes.
pub const BLOCK: usize = 64;
/// The longest ciphertext that the chain takes.
pub const MAX_CIPHERTEXT: usize = 65_584;
/// The longest value that can be sealed: padding takes at least one byte.
pub const MAX_PLAINTEXT: usize = (MAX_CIPHERTEXT - OVERHEAD) / BLOCK * BLOCK - 1;
/// The longest name of a data set.
pub const MAX_NAME: usize = 64;
/// An envelope, a link or an account envelope.
pub const SEALED_SEED: usize = 32 + OVERHEAD;

/// An envelope, a link or an account envelope.
pub type SealedSeed = [u8; SEALED_SEED];
/// The cipher suite of this crate, as the chain numbers it.
pub const SUITE: u8 = 1;
