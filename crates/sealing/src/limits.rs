// SPDX-License-Identifier: Apache-2.0

//! Lengths in bytes, and the suite.

/// The number of bytes that sealing adds: the encapsulated key and the tag.
pub const OVERHEAD: usize = ENCAPSULATED + TAG;
pub(crate) const ENCAPSULATED: usize = 32;
const TAG: usize = 16;
/// Padded values have a multiple of this number of bytes.
pub const BLOCK: usize = 64;
/// The maximum length of a ciphertext on the chain.
pub const MAX_CIPHERTEXT: usize = 65_584;
/// The maximum length of a value to seal. Padding takes at least one byte.
pub const MAX_PLAINTEXT: usize = (MAX_CIPHERTEXT - OVERHEAD) / BLOCK * BLOCK - 1;
/// The maximum length of a data set's name.
pub const MAX_NAME: usize = 64;
/// The length of an envelope, a link or an account envelope.
pub const SEALED_SEED: usize = 32 + OVERHEAD;

/// An envelope, a link or an account envelope.
pub type SealedSeed = [u8; SEALED_SEED];
/// The cipher suite of this crate, by its number on the chain.
pub const SUITE: u8 = 1;
