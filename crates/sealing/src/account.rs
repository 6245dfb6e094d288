// SPDX-License-Identifier: Apache-2.0

//! Account envelopes: an account's own secret key, sealed for holders that may read what the
//! account reads.

use crate::{
    bytes::{GenesisHash, PublicKey},
    envelope::{reader_data, sealed_seed, OwnKey, Reader},
    error::Error,
    hpke,
    limits::SealedSeed,
    place::account_info,
    secret::SecretKey,
};

// The variants of a holder in SCALE, and the compact encoding of a key's length.
const ACCOUNT: u8 = 0;
const KEY: u8 = 1;
const COMPACT_KEY_LENGTH: u8 = 32 << 2;

/// The recipient of an account envelope.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Holder {
    /// An account, with its encryption key.
    Account(Reader),
    /// A key outside the chain, such as of a device or on paper.
    Key(PublicKey),
}

/// The secret key of a holder.
#[derive(Clone, Debug)]
pub enum HolderKey {
    /// The secret key of an account.
    Account(OwnKey),
    /// The secret key outside the chain.
    Key(SecretKey),
}

impl Holder {
    /// Returns the public key to seal to.
    pub fn public(&self) -> &PublicKey {
        match self {
            Self::Account(reader) => &reader.public,
            Self::Key(public) => public,
        }
    }

    /// Returns the associated data, which is the holder in SCALE: 0, account (32 bytes), version of
    /// its key (u32); or 1, the length in compact form, public key.
    fn data(&self) -> Vec<u8> {
        match self {
            Self::Account(reader) => {
                [&[ACCOUNT][..], &reader_data(reader.account, reader.version)].concat()
            },
            Self::Key(public) => [&[KEY, COMPACT_KEY_LENGTH][..], &public.0].concat(),
        }
    }
}

impl HolderKey {
    fn secret(&self) -> &SecretKey {
        match self {
            Self::Account(own) => &own.secret,
            Self::Key(secret) => secret,
        }
    }

    /// Returns the holder that the secret key belongs to.
    pub fn holder(&self) -> Holder {
        match self {
            Self::Account(OwnKey { account, version, secret }) => Holder::Account(Reader {
                account: *account,
                version: *version,
                public: secret.public(),
            }),
            Self::Key(secret) => Holder::Key(secret.public()),
        }
    }
}

/// Seals an account's secret key for a holder, which can then read what the account reads.
///
/// # Errors
/// [`Error::SealedToItself`], [`Error::WeakKey`].
pub fn seal_account_envelope(
    genesis: GenesisHash,
    own: &OwnKey,
    holder: &Holder,
) -> Result<SealedSeed, Error> {
    if *holder.public() == own.secret.public() {
        return Err(Error::SealedToItself);
    }
    let info = account_info(genesis, own.account, own.version);
    sealed_seed(&hpke::seal(holder.public(), &info, &holder.data(), own.secret.expose())?)
}

/// Opens an account envelope, and checks that the secret key in it belongs to the account's public
/// key on the chain.
///
/// # Errors
/// [`Error::CannotOpen`], [`Error::FalseAccountEnvelope`].
pub fn open_account_envelope(
    genesis: GenesisHash,
    of: &Reader,
    own: &HolderKey,
    sealed: &[u8],
) -> Result<OwnKey, Error> {
    let info = account_info(genesis, of.account, of.version);
    let opened = hpke::open(own.secret(), &info, &own.holder().data(), sealed)?;
    let secret = opened.as_slice().try_into().map_err(|_| Error::CannotOpen)?;
    let secret = SecretKey::from_bytes(secret);
    if secret.public() != of.public {
        return Err(Error::FalseAccountEnvelope { version: of.version.get() });
    }
    Ok(OwnKey { account: of.account, version: of.version, secret })
}
