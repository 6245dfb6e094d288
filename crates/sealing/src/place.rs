// SPDX-License-Identifier: Apache-2.0

//! The place that a sealed value or seed is bound to. It cannot be opened for another place.

use crate::{
    bytes::{Account, GenesisHash},
    error::Error,
    limits::MAX_NAME,
};
use std::{fmt, num::NonZeroU32};
use unicode_normalization::UnicodeNormalization;

/// The number of an epoch. The first is 1: epoch 0 has no key.
pub type EpochNumber = NonZeroU32;
/// The version of an account's encryption key. The first is 1.
pub type KeyVersion = NonZeroU32;

/// Labels of 16 bytes for the kinds of sealed data, so that none can be confused with another.
pub(crate) mod label {
    pub const ENVELOPE: &[u8; 16] = b"twinchain/v1/env";
    pub const PREVIOUS: &[u8; 16] = b"twinchain/v1/prv";
    pub const VALUE: &[u8; 16] = b"twinchain/v1/val";
    pub const ACCOUNT: &[u8; 16] = b"twinchain/v1/acc";
}

/// The name of a data set: 1 to [`MAX_NAME`] bytes.
#[derive(Clone, Eq, Ord, PartialEq, PartialOrd)]
pub struct DataSetName(Vec<u8>);

impl DataSetName {
    /// Returns the name with these bytes, as on the chain. Fails with [`Error::InvalidName`] if the
    /// length is out of range.
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Result<Self, Error> {
        let bytes = bytes.into();
        match bytes.len() {
            1..=MAX_NAME => Ok(Self(bytes)),
            length => Err(Error::InvalidName(length)),
        }
    }

    /// Returns the name for text that a user typed, in normalization form NFC (Unicode Standard
    /// Annex 15). The chain compares bytes, so names that look the same must be the same.
    pub fn from_text(text: &str) -> Result<Self, Error> {
        Self::from_bytes(text.nfc().collect::<String>())
    }

    /// Returns the bytes of the name.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for DataSetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

impl fmt::Debug for DataSetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&String::from_utf8_lossy(&self.0), f)
    }
}

/// An epoch of a data set of a container on a chain.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Place {
    /// The chain.
    pub genesis: GenesisHash,
    /// The id of the container.
    pub container: u64,
    /// The data set.
    pub data_set: DataSetName,
    /// The epoch. For a link, the epoch to whose key it is sealed.
    pub epoch: EpochNumber,
}

impl Place {
    /// Returns the `info` of HPKE: label (16 bytes), genesis hash (32), container (u64), blake2-256
    /// of the data set's name (32), epoch (u32). Integers are little endian.
    pub(crate) fn info(&self, label: &[u8; 16]) -> Vec<u8> {
        let name = blake2_256(self.data_set.as_bytes());
        [
            label.as_slice(),
            &self.genesis.0,
            &self.container.to_le_bytes(),
            &name,
            &self.epoch.get().to_le_bytes(),
        ]
        .concat()
    }
}

/// Returns the `info` of an account envelope: label (16 bytes), genesis hash (32), account (32),
/// version of its key (u32, little endian).
pub(crate) fn account_info(genesis: GenesisHash, account: Account, version: KeyVersion) -> Vec<u8> {
    [label::ACCOUNT.as_slice(), &genesis.0, &account.0, &version.get().to_le_bytes()].concat()
}

fn blake2_256(bytes: &[u8]) -> [u8; 32] {
    let hash = blake2b_simd::Params::new().hash_length(32).hash(bytes);
    let mut result = [0; 32];
    result.copy_from_slice(hash.as_bytes());
    result
}
