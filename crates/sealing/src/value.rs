// SPDX-License-Identifier: Apache-2.0

//! Values sealed to the public key of an epoch.

use crate::{
    bytes::{Account, PublicKey},
    error::Error,
    hpke,
    limits::{BLOCK, MAX_CIPHERTEXT, MAX_PLAINTEXT, OVERHEAD},
    padding::{pad, unpad},
    place::{label, Place},
    secret::SecretKey,
};
use zeroize::Zeroizing;

/// Seals a value, which is JSON text, to an epoch's public key. `author` is the account that will
/// write it. Through a proxy, that is the account for which the proxy acts.
///
/// # Errors
/// [`Error::ValueTooLong`], [`Error::WeakKey`].
pub fn seal_value(
    place: &Place,
    public: &PublicKey,
    author: &Account,
    value: &[u8],
) -> Result<Vec<u8>, Error> {
    if value.len() > MAX_PLAINTEXT {
        return Err(Error::ValueTooLong(value.len()));
    }
    hpke::seal(public, &place.info(label::VALUE), &author.0, &pad(value))
}

/// Opens a value. This proves that it was sealed for this place and author by someone who knew the
/// public key, but not who wrote it: the chain records that.
///
/// # Errors
/// [`Error::CannotOpen`], [`Error::BadPadding`].
pub fn open_value(
    place: &Place,
    secret: &SecretKey,
    author: &Account,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let padded = sealed.len().checked_sub(OVERHEAD).ok_or(Error::CannotOpen)?;
    if padded < BLOCK || !padded.is_multiple_of(BLOCK) || sealed.len() > MAX_CIPHERTEXT {
        return Err(Error::CannotOpen);
    }
    unpad(hpke::open(secret, &place.info(label::VALUE), &author.0, sealed)?)
}
