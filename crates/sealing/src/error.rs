// SPDX-License-Identifier: Apache-2.0

//! What can go wrong when something is sealed or opened.

use crate::limits::{BLOCK, MAX_NAME, MAX_PLAINTEXT};

/// A reason why nothing was sealed or opened.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes were sealed to another key, by another author or for another place, or were
    /// altered since.
    #[error(
        "does not open: it was sealed to another key, by another author, for another place (chain, \
         container, data set, epoch) or account, or was altered since"
    )]
    CannotOpen,
    /// The envelope opens, but holds another seed than that of the epoch.
    #[error(
        "the envelope for epoch {epoch} holds another seed than this epoch's: ask the owner, or \
         another reader, for a right one"
    )]
    FalseEnvelope {
        /// The epoch's number.
        epoch: u32,
    },
    /// The account envelope opens, but holds another secret key than that of the account.
    #[error(
        "the envelope holds another secret key than that of version {version} of the account: ask \
         the account, or another holder, for a right one"
    )]
    FalseAccountEnvelope {
        /// The version of the account's key.
        version: u32,
    },
    /// The link opens, but holds another seed than that of the epoch before.
    #[error(
        "epoch {epoch} links to another seed than that of the epoch before: what is older needs an \
         envelope of its own epoch"
    )]
    FalseLink {
        /// The number of the epoch that has the link.
        epoch: u32,
    },
    /// The value opens, but its padding is wrong.
    #[error("the value opens, but does not end in 0x80 and zeros to a multiple of {BLOCK} bytes")]
    BadPadding,
    /// The public key has low order, so that everybody can open what is sealed to it.
    #[error("nothing can be sealed to this public key: it has low order")]
    WeakKey,
    /// The account's key would be sealed to itself.
    #[error("an envelope that is sealed to the key in it opens nothing")]
    SealedToItself,
    /// The cipher suite is unknown.
    #[error("cipher suite {0} is unknown: update this program")]
    UnknownSuite(u8),
    /// There is no record of an epoch.
    #[error("the record of epoch {0} is missing: read all pages")]
    MissingEpoch(u32),
    /// None of the keys at hand opens the envelope.
    #[error(
        "the envelope is for version {version} of the reader's key, and no key at hand opens it: \
         look for a copy, restore the key from an account envelope, or ask for a new envelope"
    )]
    MissingKey {
        /// The version that the envelope names.
        version: u32,
    },
    /// The value is too long to be sealed.
    #[error("a sealed value has at most {MAX_PLAINTEXT} bytes, not {0}")]
    ValueTooLong(usize),
    /// The name of a data set is empty or too long.
    #[error("the name of a data set has 1 to {MAX_NAME} bytes, not {0}")]
    InvalidName(usize),
    /// The text is not a number of bytes in hexadecimal digits after `0x`.
    #[error("{what} is not {bytes} bytes in hexadecimal digits after 0x")]
    InvalidHex {
        /// What should have been there.
        what: &'static str,
        /// The number of bytes that it has.
        bytes: usize,
    },
    /// The system gave no random bytes.
    #[error("the system gives no random bytes")]
    NoRandomness,
}
