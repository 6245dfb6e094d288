// SPDX-License-Identifier: Apache-2.0

//! HPKE (RFC 9180) in base mode, single shot, on byte strings: DHKEM(X25519, HKDF-SHA256) 0x0020,
//! HKDF-SHA256 0x0001, ChaCha20-Poly1305 0x0003.

use crate::{
    bytes::PublicKey,
    error::Error,
    limits::ENCAPSULATED,
    secret::{SecretKey, Seed},
};
use hpke::{
    aead::ChaCha20Poly1305,
    kdf::HkdfSha256,
    kem::X25519HkdfSha256,
    rand_core::{TryCryptoRng, TryRng},
    single_shot_open, single_shot_seal_with_rng, Deserializable, HpkeError, Kem, OpModeR, OpModeS,
    Serializable,
};
use std::convert::Infallible;
use zeroize::Zeroizing;

type RawPublic = <X25519HkdfSha256 as Kem>::PublicKey;
type RawSecret = <X25519HkdfSha256 as Kem>::PrivateKey;

impl SecretKey {
    /// Returns a random key for an account, a device or a sheet of paper.
    pub fn generate() -> Result<Self, Error> {
        Ok(derive_key_pair(&Seed::generate()?).0)
    }

    /// Returns the public key.
    pub fn public(&self) -> PublicKey {
        public_of(self)
    }
}

/// Derives a key pair: `DeriveKeyPair` of RFC 9180, section 7.1.3.
pub(crate) fn derive_key_pair(seed: &Seed) -> (SecretKey, PublicKey) {
    let (secret, public) = X25519HkdfSha256::derive_keypair(seed.expose());
    let mut key = SecretKey::zero();
    secret.write_exact(key.bytes_mut());
    (key, public_bytes(&public))
}

/// Returns the public key of a secret key.
fn public_of(secret: &SecretKey) -> PublicKey {
    match RawSecret::from_bytes(secret.expose()) {
        Ok(secret) => public_bytes(&X25519HkdfSha256::sk_to_pk(&secret)),
        // Unreachable: any 32 bytes are a valid secret key.
        Err(_) => PublicKey([0; 32]),
    }
}

fn public_bytes(public: &RawPublic) -> PublicKey {
    let mut bytes = [0; 32];
    public.write_exact(&mut bytes);
    PublicKey(bytes)
}

/// Seals with a random ephemeral key.
pub(crate) fn seal(
    public: &PublicKey,
    info: &[u8],
    aad: &[u8],
    plaintext: &[u8],
) -> Result<Vec<u8>, Error> {
    seal_with(Seed::generate()?, public, info, aad, plaintext)
}

/// Seals with the ephemeral key derived from a seed. The seed must be random and used only once, or
/// the plaintext is disclosed.
pub(crate) fn seal_with(
    ephemeral: Seed,
    public: &PublicKey,
    info: &[u8],
    aad: &[u8],
    plaintext: &[u8],
) -> Result<Vec<u8>, Error> {
    let public = RawPublic::from_bytes(&public.0).map_err(|_| Error::WeakKey)?;
    let sealed = single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &public,
        info,
        plaintext,
        aad,
        &mut Ephemeral(ephemeral),
    );
    let (encapsulated, ciphertext) = sealed.map_err(|_| Error::WeakKey)?;
    let mut all = Vec::with_capacity(ENCAPSULATED + ciphertext.len());
    all.extend_from_slice(&encapsulated.to_bytes());
    all.extend_from_slice(&ciphertext);
    Ok(all)
}

/// Opens the output of [`seal`].
pub(crate) fn open(
    secret: &SecretKey,
    info: &[u8],
    aad: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let open = || -> Result<Vec<u8>, HpkeError> {
        let secret = RawSecret::from_bytes(secret.expose())?;
        let (key, ciphertext) =
            sealed.split_at_checked(ENCAPSULATED).ok_or(HpkeError::OpenError)?;
        single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &secret,
            &Deserializable::from_bytes(key)?,
            info,
            ciphertext,
            aad,
        )
    };
    open().map(Zeroizing::new).map_err(|_| Error::CannotOpen)
}

/// A random generator that returns the seed of the ephemeral key pair, once.
struct Ephemeral(Seed);

impl TryRng for Ephemeral {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Infallible> {
        // A library that requests another length would create predictable keys.
        assert_eq!(to.len(), 32, "an ephemeral key pair takes 32 bytes");
        to.copy_from_slice(self.0.expose());
        self.0 = Seed::generate().expect("the system returned random bytes before");
        Ok(())
    }
}

impl TryCryptoRng for Ephemeral {}
