// SPDX-License-Identifier: Apache-2.0

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;

/// An X25519 public key (RFC 7748).
pub type PublicKey = [u8; 32];

/// A seed of 32 bytes as HPKE (RFC 9180) seals it: an ephemeral public key, the encrypted seed, and
/// a tag of 16 bytes. The chain never sees what is in it.
pub type SealedSeed = [u8; 80];

/// The current seed of a confidential data set, sealed for the one whom a call is about.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct SharedEnvelope {
    /// The data set's name, text.
    pub data_set: Vec<u8>,
    /// The data set's current epoch.
    pub epoch: u32,
    /// The version of the recipient's encryption key to which it is sealed.
    pub key_version: u32,
    /// The sealed seed.
    pub envelope: SealedSeed,
}
