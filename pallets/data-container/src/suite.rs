// SPDX-License-Identifier: Apache-2.0

//! Checks of keys and ciphertexts that need no secret. This is the only file that depends on the
//! suite.

use crate::types::{MAX_SEALED_VALUE, MAX_VALUE, SEAL_BLOCK, SUITE};
use sp_runtime::SaturatedConversion;
use twinchain_primitives::{PublicKey, SealedSeed};

/// An X25519 public key as RFC 7748 encodes it.
type X25519 = [u8; 32];

/// The length of a seed or a secret key sealed with X25519: an ephemeral public key of 32 bytes,
/// the seed of 32, and a tag of 16.
const X25519_SEALED_SEED: usize = 80;
/// The bytes that sealing with X25519 adds to a value: an ephemeral public key of 32 bytes and a
/// tag of 16.
const X25519_OVERHEAD: u32 = 48;

/// The X25519 public keys with which every secret key gives the same shared secret, because their
/// order divides 8. In little endian: 0, 1, the two of order 8, and p - 1, p, p + 1.
const LOW_ORDER: [X25519; 7] = [
    [0; 32],
    with_ends(1, 0, 0),
    [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4,
        0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49,
        0xb8, 0x00,
    ],
    [
        0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef,
        0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f,
        0x11, 0x57,
    ],
    with_ends(0xec, 0xff, 0x7f),
    with_ends(0xed, 0xff, 0x7f),
    with_ends(0xee, 0xff, 0x7f),
];

/// Returns a key with the given first and last byte, and `between` for all bytes between them.
const fn with_ends(first: u8, between: u8, last: u8) -> X25519 {
    let mut key = [between; 32];
    key[0] = first;
    key[31] = last;
    key
}

/// 2^255 - 19 in little endian: the number of elements of the field.
const FIELD_PRIME: X25519 = with_ends(0xed, 0xff, 0x7f);

/// The reason why a public key is invalid.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PublicKeyError {
    /// The suite is unknown.
    UnsupportedSuite,
    /// Its length is not that of a key of the suite.
    WrongLength,
    /// It keeps no secret: its order divides 8, or it is another encoding of such a key.
    Weak,
    /// It is not in canonical form. RFC 7748 ignores the top bit and reduces the rest modulo 2^255
    /// - 19, so a key would have several encodings.
    NotCanonical,
}

/// Returns the suite whose public keys have the length of `public`, or `None`.
pub fn suite_of_length(public: &[u8]) -> Option<u8> {
    (public.len() == size_of::<X25519>()).then_some(SUITE)
}

/// Returns a public key of a suite. Fails if the suite is unknown, or if the key has a wrong
/// length, keeps no secret, or is not in canonical form.
pub fn parse_public_key(suite: u8, public: &[u8]) -> Result<PublicKey, PublicKeyError> {
    if suite != SUITE {
        return Err(PublicKeyError::UnsupportedSuite);
    }
    check_x25519(public.try_into().map_err(|_| PublicKeyError::WrongLength)?)?;
    PublicKey::try_from(public.to_vec()).map_err(|_| PublicKeyError::WrongLength)
}

/// Returns a seed or a secret key sealed with a suite, or `None` if the suite is unknown or the
/// length is wrong.
pub fn parse_sealed_seed(suite: u8, sealed: &[u8]) -> Option<SealedSeed> {
    let fits = suite == SUITE && sealed.len() == X25519_SEALED_SEED;
    fits.then(|| sealed.to_vec().try_into().ok()).flatten()
}

const _: () = assert!(MAX_SEALED_VALUE == MAX_VALUE + X25519_OVERHEAD);

/// Returns `true` if a value sealed with a suite can have this length: a multiple of [`SEAL_BLOCK`]
/// plus the overhead of sealing, at most [`MAX_SEALED_VALUE`].
pub fn is_sealed_length(suite: u8, bytes: usize) -> bool {
    let bytes: u32 = bytes.saturated_into();
    suite == SUITE
        && bytes <= MAX_SEALED_VALUE
        && bytes
            .checked_sub(X25519_OVERHEAD)
            .is_some_and(|padded| padded > 0 && padded.is_multiple_of(SEAL_BLOCK))
}

/// Fails if an X25519 key keeps no secret or is not in canonical form.
fn check_x25519(key: &X25519) -> Result<(), PublicKeyError> {
    if is_weak(key) {
        return Err(PublicKeyError::Weak);
    }
    // From the most significant byte. The top bit makes any key larger than the field.
    match key.iter().rev().cmp(FIELD_PRIME.iter().rev()) {
        core::cmp::Ordering::Less => Ok(()),
        _ => Err(PublicKeyError::NotCanonical),
    }
}

/// Returns `true` if a public key keeps no secret. Ignores the top bit, as RFC 7748 does.
fn is_weak(key: &X25519) -> bool {
    let same = |weak: &X25519| {
        key.iter().zip(weak).enumerate().all(|(at, (byte, other))| match at {
            31 => byte & 0x7f == *other,
            _ => byte == other,
        })
    };
    LOW_ORDER.iter().any(same)
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;
    use curve25519_dalek::{MontgomeryPoint, Scalar};

    /// Returns the shared secret of a secret and a public key, which is zero if the key is weak.
    fn shared(secret: u8, key: X25519) -> [u8; 32] {
        (MontgomeryPoint(key) * Scalar::from(8u64 * u64::from(secret))).to_bytes()
    }

    #[test]
    fn only_weak_keys_share_zero() {
        for mut key in LOW_ORDER {
            assert_eq!(check_x25519(&key), Err(PublicKeyError::Weak));
            assert_eq!(shared(3, key), [0; 32]);
            key[31] |= 0x80;
            assert_eq!(check_x25519(&key), Err(PublicKeyError::Weak), "the top bit is ignored");
        }
        for first in 2..200u8 {
            let key = with_ends(first, 0, 0);
            assert_eq!(check_x25519(&key), Ok(()));
            assert_ne!(shared(3, key), [0; 32]);
        }
        // Keys that differ in one bit from the long ones.
        for at in [2, 3, 4, 5, 6] {
            for byte in [0, 15, 31] {
                let mut key = LOW_ORDER[at];
                key[byte] ^= 4;
                assert!(!is_weak(&key) && shared(3, key) != [0; 32]);
            }
        }
    }

    #[test]
    fn each_key_has_a_single_encoding() {
        // 9 is the base point; p + 9 and 9 with the top bit are the same number.
        assert_eq!(check_x25519(&with_ends(9, 0, 0)), Ok(()));
        assert_eq!(check_x25519(&with_ends(9, 0, 0x80)), Err(PublicKeyError::NotCanonical));
        assert_eq!(check_x25519(&with_ends(0xf6, 0xff, 0x7f)), Err(PublicKeyError::NotCanonical));
        assert_eq!(shared(3, with_ends(9, 0, 0)), shared(3, with_ends(9, 0, 0x80)));
        assert_eq!(shared(3, with_ends(9, 0, 0)), shared(3, with_ends(0xf6, 0xff, 0x7f)));
        // The largest canonical numbers that are not weak, and the smallest that is not canonical.
        assert_eq!(check_x25519(&with_ends(0xeb, 0xff, 0x7f)), Ok(()));
        assert_eq!(check_x25519(&with_ends(0xec, 0xff, 0x7f)), Err(PublicKeyError::Weak));
        assert_eq!(check_x25519(&with_ends(0xef, 0xff, 0x7f)), Err(PublicKeyError::NotCanonical));
        assert_eq!(check_x25519(&[0xff; 32]), Err(PublicKeyError::NotCanonical));
    }

    #[test]
    fn suite_determines_the_lengths() {
        assert_eq!(parse_public_key(SUITE, &[9; 32]).map(|key| key.len()), Ok(32));
        for length in [0, 31, 33, 1_216, 1_217] {
            assert_eq!(parse_public_key(SUITE, &vec![9; length]), Err(PublicKeyError::WrongLength));
            assert_eq!(suite_of_length(&vec![9; length]), None);
        }
        assert_eq!(parse_sealed_seed(SUITE, &[9; 80]).map(|sealed| sealed.len()), Some(80));
        for length in [0, 79, 81, 1_168, 1_169] {
            assert_eq!(parse_sealed_seed(SUITE, &vec![9; length]), None);
        }
        for suite in [0, 2, u8::MAX] {
            assert_eq!(parse_public_key(suite, &[9; 32]), Err(PublicKeyError::UnsupportedSuite));
            assert_eq!(parse_sealed_seed(suite, &[9; 80]), None);
            assert!(!is_sealed_length(suite, 112));
        }
    }

    #[test]
    fn sealed_value_has_whole_blocks() {
        for length in [112, 176, 64 * 1_024 + 48] {
            assert!(is_sealed_length(SUITE, length));
            assert!(!is_sealed_length(SUITE, length - 1) && !is_sealed_length(SUITE, length + 1));
        }
        for length in [0, 47, 48, 64, 111, 64 * 1_025 + 48, usize::MAX] {
            assert!(!is_sealed_length(SUITE, length));
        }
    }
}
