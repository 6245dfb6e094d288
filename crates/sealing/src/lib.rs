// SPDX-License-Identifier: Apache-2.0

//! Seals and opens the confidential data of Twinchain, and stores the keys for it. This crate does
//! not access a chain: it only processes bytes.
//!
//! A confidential data set has *epochs*. An epoch has a random seed of 32 bytes, from which its key
//! pair is derived. Values are sealed to the epoch's public key. The seed is sealed for each reader
//! (an *envelope*). The previous epoch's seed is sealed to the epoch's public key (a *link*), so
//! that the newest seed opens all epochs of its *segment*. A segment ends where an owner cut the
//! history. An account's own secret key can also be sealed, for a device, a colleague or a recovery
//! key (an *account envelope*).
//!
//! ```
//! use twinchain_sealing::*;
//!
//! # fn main() -> Result<(), Error> {
//! let place = Place {
//!     genesis: GenesisHash([7; 32]),
//!     container: 7,
//!     data_set: DataSetName::from_text("manual")?,
//!     epoch: 1.try_into().expect("is not zero"),
//! };
//! let epoch = EpochKey::generate()?;
//! let author = Account([1; 32]);
//! let sealed = seal_value(&place, &epoch.public, &author, br#"{"hours": 12}"#)?;
//! let opened = open_value(&place, &epoch.secret, &author, &sealed)?;
//! assert_eq!(opened.as_slice(), br#"{"hours": 12}"#);
//! # Ok(())
//! # }
//! ```
//!
//! The only primitive is HPKE (RFC 9180) in base mode, single shot: DHKEM(X25519, HKDF-SHA256),
//! HKDF-SHA256, ChaCha20-Poly1305. The output is one byte string: the encapsulated key (32 bytes),
//! the ciphertext and the tag (16 bytes). `client/js` uses the same format.
//!
//! Secrets are erased from memory when they are dropped, and `Debug` does not show them.

mod account;
mod bytes;
mod envelope;
mod error;
mod hex;
mod history;
mod hpke;
pub mod keystore;
mod limits;
mod padding;
mod place;
mod secret;
mod value;

pub use account::{open_account_envelope, seal_account_envelope, Holder, HolderKey};
pub use bytes::{Account, GenesisHash, PublicKey};
pub use envelope::{
    open_envelope, open_previous, seal_envelope, seal_previous, EpochKey, OwnKey, Reader,
};
pub use error::Error;
pub use history::{open_epochs, DataSet, EnvelopeRecord, EpochRecord, KeySource, Opened};
pub use limits::*;
pub use padding::{pad, unpad};
pub use place::{DataSetName, EpochNumber, KeyVersion, Place};
pub use secret::{SecretKey, Seed};
pub use value::{open_value, seal_value};

#[cfg(test)]
mod tests;
