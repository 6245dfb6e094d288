// SPDX-License-Identifier: Apache-2.0

//! What can go wrong with a keystore.

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

/// A reason why a keystore was not opened, changed or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeystoreError {
    /// The text is not a keystore, or not one that this program knows.
    #[error("this is not a keystore that this program can read: {0}")]
    Invalid(String),
    /// The password is wrong, or the text was altered: the two cannot be told apart.
    #[error("the keystore does not open: the password is wrong, or the file was altered")]
    WrongPassword,
    /// The password is empty.
    #[error("a keystore needs a password")]
    NoPassword,
    /// The cost is not one that keystores may have.
    #[error("scrypt's N is a power of two from {MIN_COST} to {MAX_COST}, not {0}")]
    InvalidCost(u32),
    /// The keystore belongs to another chain.
    #[error(
        "the keystore is for the chain {keystore}, and this is the chain {chain}: use the keystore \
         of this chain, or connect to the other"
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
    #[error("the keystore is of the account {keystore}, and this is of the account {other}")]
    OtherAccount {
        /// The account of the keystore.
        keystore: Account,
        /// The other account.
        other: Account,
    },
    /// There is a key of a later version.
    #[error(
        "the keystore has a key of version {newest} already, so the next on the chain cannot be \
         {version}: is this the right chain?"
    )]
    NewerKey {
        /// The newest version in the keystore.
        newest: u32,
        /// The version that was asked for.
        version: u32,
    },
    /// There is another signing secret of the account.
    #[error("the keystore has another secret that signs for {0} already")]
    OtherSigner(Account),
    /// The file would be, or is, longer than a keystore may be.
    #[error("a keystore has at most 64 MiB: export the seeds of some containers to another one")]
    TooLarge,
    /// There is a file already.
    #[error("there is a file {0} already: it is left as it is")]
    Exists(PathBuf),
    /// Another program is changing the file.
    #[error("another program is writing {path}; if there is none, remove {lock} and try again")]
    Busy {
        /// The file.
        path: PathBuf,
        /// The file that exists while a program writes.
        lock: PathBuf,
    },
    /// The file could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Something could not be sealed or opened.
    #[error(transparent)]
    Sealing(Error),
}

/// A reason not to seal to a key.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TrustError {
    /// The chain has a key of one's own account that the keystore never had.
    #[error(
        "the chain has a key {} of your own account, as version {}, that this keystore never had. \
         Another keystore of yours made it, or somebody else can sign for your account. Seal \
         nothing to it: merge the other keystore, or set a new key and say that the old one leaked",
        found.public,
        found.version
    )]
    UnexpectedKey {
        /// What the chain says.
        found: Reader,
    },
    /// The key of another account is not the one that was pinned.
    #[error(
        "the encryption key of {} changed from {} (version {}) to {} (version {}). Ask that \
         account, over another channel than this chain, whether the new key is its own, and accept \
         it if so{}",
        found.account,
        pinned.public,
        pinned.version,
        found.public,
        found.version,
        if found.version <= pinned.version {
            ". A chain never goes back to an earlier version: mistrust the node"
        } else {
            ""
        }
    )]
    KeyChanged {
        /// What the chain says now.
        found: Reader,
        /// What it said before.
        pinned: Pin,
    },
}

/// So that `?` works in functions that seal.
impl From<Error> for KeystoreError {
    fn from(error: Error) -> Self {
        Self::Sealing(error)
    }
}
