// SPDX-License-Identifier: Apache-2.0

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

/// The maximum length of a public key in any suite, in bytes: a key of X-Wing, a hybrid of X25519
/// and ML-KEM-768.
pub const MAX_PUBLIC_KEY: u32 = 1_216;
/// The maximum length of a sealed seed in any suite, in bytes. With X-Wing it consists of the
/// encapsulated key (1,120), a seed of 32 bytes and a tag of 16.
pub const MAX_SEALED_SEED: u32 = 1_168;

/// A public key. Its length depends on the suite: 32 bytes for an X25519 key (RFC 7748).
pub type PublicKey = BoundedVec<u8, ConstU32<MAX_PUBLIC_KEY>>;

/// A seed or a secret key of 32 bytes, sealed by HPKE (RFC 9180): the encapsulated key, the
/// encrypted seed, and a tag of 16 bytes. Its length depends on the suite: 80 bytes with X25519.
/// The chain cannot decrypt it.
pub type SealedSeed = BoundedVec<u8, ConstU32<MAX_SEALED_SEED>>;

/// The current seed of a confidential data set, sealed for the account that receives access by a
/// call.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct SharedEnvelope {
    /// The data set's name, text.
    pub data_set: Vec<u8>,
    /// The data set's current epoch.
    pub epoch: u32,
    /// The version of the recipient's encryption key to which it is sealed.
    pub key_version: u32,
    /// The sealed seed, binary.
    pub envelope: Vec<u8>,
}
