// SPDX-License-Identifier: Apache-2.0

//! Envelopes and links: seeds of epochs, sealed for readers and to the next epoch.

use crate::{
    bytes::{Account, PublicKey},
    error::Error,
    hpke,
    limits::SealedSeed,
    place::{label, KeyVersion, Place},
    secret::{SecretKey, Seed},
};

/// The seed and key pair of an epoch.
#[derive(Clone, Debug)]
pub struct EpochKey {
    /// The seed.
    pub seed: Seed,
    /// The secret key derived from the seed.
    pub secret: SecretKey,
    /// The public key.
    pub public: PublicKey,
}

impl EpochKey {
    /// Returns a new epoch with a random seed.
    pub fn generate() -> Result<Self, Error> {
        Ok(Self::from_seed(Seed::generate()?))
    }

    /// Derives the key pair from a seed.
    pub fn from_seed(seed: Seed) -> Self {
        let (secret, public) = hpke::derive_key_pair(&seed);
        Self { seed, secret, public }
    }
}

/// An account with a version of its encryption key on the chain.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Reader {
    /// The account.
    pub account: Account,
    /// The version of the key.
    pub version: KeyVersion,
    /// The key.
    pub public: PublicKey,
}

/// A version of an account's secret encryption key.
#[derive(Clone, Debug)]
pub struct OwnKey {
    /// The account.
    pub account: Account,
    /// The version of the key.
    pub version: KeyVersion,
    /// The secret key.
    pub secret: SecretKey,
}

/// Returns the associated data of an envelope: reader (32 bytes), key version (u32, little endian).
pub(crate) fn reader_data(account: Account, version: KeyVersion) -> [u8; 36] {
    let mut data = [0; 36];
    let (front, back) = data.split_at_mut(32);
    front.copy_from_slice(&account.0);
    back.copy_from_slice(&version.get().to_le_bytes());
    data
}

/// Seals the seed of the epoch at this place for a reader. Fails with [`Error::WeakKey`].
pub fn seal_envelope(place: &Place, reader: &Reader, seed: &Seed) -> Result<SealedSeed, Error> {
    let data = reader_data(reader.account, reader.version);
    sealed_seed(&hpke::seal(&reader.public, &place.info(label::ENVELOPE), &data, seed.expose())?)
}

/// Opens an envelope, and checks that the seed in it belongs to the epoch's public key on the
/// chain.
///
/// # Errors
/// [`Error::CannotOpen`], [`Error::FalseEnvelope`].
pub fn open_envelope(
    place: &Place,
    own: &OwnKey,
    public: &PublicKey,
    sealed: &[u8],
) -> Result<EpochKey, Error> {
    let data = reader_data(own.account, own.version);
    let key = open_seed(&own.secret, &place.info(label::ENVELOPE), &data, sealed)?;
    if key.public != *public {
        return Err(Error::FalseEnvelope { epoch: place.epoch.get() });
    }
    Ok(key)
}

/// Seals the seed of the previous epoch to the key of the epoch at this place. Fails with
/// [`Error::WeakKey`].
pub fn seal_previous(
    place: &Place,
    public: &PublicKey,
    previous: &Seed,
) -> Result<SealedSeed, Error> {
    sealed_seed(&hpke::seal(public, &place.info(label::PREVIOUS), &[], previous.expose())?)
}

/// Opens the link of the epoch at this place, and checks that the seed in it belongs to the
/// previous epoch's public key on the chain.
///
/// # Errors
/// [`Error::CannotOpen`], [`Error::FalseLink`].
pub fn open_previous(
    place: &Place,
    secret: &SecretKey,
    previous_public: &PublicKey,
    sealed: &[u8],
) -> Result<EpochKey, Error> {
    let key = open_seed(secret, &place.info(label::PREVIOUS), &[], sealed)?;
    if key.public != *previous_public {
        return Err(Error::FalseLink { epoch: place.epoch.get() });
    }
    Ok(key)
}

/// Opens a sealed seed, and derives its key pair.
fn open_seed(
    secret: &SecretKey,
    info: &[u8],
    data: &[u8],
    sealed: &[u8],
) -> Result<EpochKey, Error> {
    let opened = hpke::open(secret, info, data, sealed)?;
    let seed = opened.as_slice().try_into().map_err(|_| Error::CannotOpen)?;
    Ok(EpochKey::from_seed(Seed::from_bytes(seed)))
}

/// Converts a sealed 32-byte secret, which has 80 bytes.
pub(crate) fn sealed_seed(sealed: &[u8]) -> Result<SealedSeed, Error> {
    sealed.try_into().map_err(|_| Error::WeakKey)
}
