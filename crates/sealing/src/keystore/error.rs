// SPDX-License-Identifier: Apache-2.0

//! The errors of keystores.

use super::{
    limits::{MAX_COST, MIN_COST},
    pin::Pin,
};
use crate::{
    bytes::{Account, GenesisHash},
    envelope::Reader,
    error::Error,
};
use std::path::PathBuf;

/// The reason why a keystore could not be opened, changed or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeystoreError {
    /// The text is not a keystore of a known format.
    #[error("this is not a keystore that this program can read: {0}")]
    Invalid(String),
    /// The password is wrong or the text was altered, which cannot be distinguished.
    #[error("the keystore does not open: the password is wrong, or the file was altered")]
    WrongPassword,
    /// The password is empty.
    #[error("a keystore needs a password")]
    NoPassword,
    /// The cost is out of range.
    #[error("scrypt's N must be a power of two from {MIN_COST} to {MAX_COST}, not {0}")]
    InvalidCost(u32),
    /// The keystore belongs to another chain.
    #[error(
        "the keystore is for the chain {keystore}, but this is the chain {chain}: use this chain's \
         keystore, or connect to the other chain"
    )]
    WrongChain {
        /// The chain of the keystore.
        keystore: GenesisHash,
        /// The other chain.
        chain: GenesisHash,
    },
    /// The keystore is of version 1, which names no chain.
    #[error("the keystore is of version 1 and names no chain: bind it to one before writing it")]
    NotBound,
    /// The key or keystore belongs to another account.
    #[error("the keystore is of the account {keystore}, but this is of the account {other}")]
    OtherAccount {
        /// The account of the keystore.
        keystore: Account,
        /// The other account.
        other: Account,
    },
    /// The keystore has a key of a later version.
    #[error(
        "the keystore has a key of version {newest} already, so the next on the chain cannot be \
         {version}: is this the right chain?"
    )]
    NewerKey {
        /// The newest version in the keystore.
        newest: u32,
        /// The requested version.
        version: u32,
    },
    /// The keystore has another signing secret of the account.
    #[error("the keystore already has another secret that signs for {0}")]
    OtherSigner(Account),
    /// The file is or would be too large.
    #[error("a keystore has at most 64 MiB: export the seeds of some containers to another one")]
    TooLarge,
    /// The file already exists.
    #[error("the file {0} already exists and is not overwritten")]
    Exists(PathBuf),
    /// Another program is changing the file.
    #[error("another program is writing {path}; if none is running, remove {lock} and try again")]
    Busy {
        /// The file.
        path: PathBuf,
        /// The lock file, which exists while a program writes.
        lock: PathBuf,
    },
    /// The file could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// Something could not be sealed or opened.
    #[error(transparent)]
    Sealing(Error),
}

/// A reason not to seal to an encryption key.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TrustError {
    /// The chain has a key of the keystore's account that the keystore never had.
    #[error(
        "the chain has a key {} of your own account, as version {}, that is not in this keystore. \
         Either another keystore of yours created it, or someone else can sign for your account. \
         Seal nothing to it: merge the other keystore, or set a new key and mark the old one as \
         leaked",
        found.public,
        found.version
    )]
    UnexpectedKey {
        /// The key on the chain.
        found: Reader,
    },
    /// The key of another account is not the pinned one.
    #[error(
        "the encryption key of {} changed from {} (version {}) to {} (version {}). Ask that \
         account, over a channel other than this chain, whether the new key is its own, and accept \
         it if so{}",
        found.account,
        pinned.public,
        pinned.version,
        found.public,
        found.version,
        if found.version <= pinned.version {
            ". A chain never goes back to an earlier version: do not trust the node"
        } else {
            ""
        }
    )]
    KeyChanged {
        /// The key on the chain.
        found: Reader,
        /// The key that is pinned.
        pinned: Pin,
    },
}

/// Allows `?` in functions that seal.
impl From<Error> for KeystoreError {
    fn from(error: Error) -> Self {
        Self::Sealing(error)
    }
}
