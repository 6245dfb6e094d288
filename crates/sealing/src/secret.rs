// SPDX-License-Identifier: Apache-2.0

//! Secrets of 32 bytes. They are on the heap, so that moving them leaves no copy, and are erased
//! when they are dropped.

use crate::{error::Error, hex::read_hex};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{borrow::Cow, fmt};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

macro_rules! secret32 {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(Box<[u8; 32]>);

        impl $name {
            /// Copies the bytes. The caller must erase its own copy.
            pub fn from_bytes(bytes: &[u8; 32]) -> Self {
                let mut secret = Self::zero();
                secret.0.copy_from_slice(bytes);
                secret
            }

            /// Parses hexadecimal after `0x`.
            pub fn from_hex(text: &str) -> Result<Self, Error> {
                let mut secret = Self::zero();
                read_hex(text, secret.0.as_mut(), $what)?;
                Ok(secret)
            }

            /// Returns the secret bytes.
            pub fn expose(&self) -> &[u8; 32] {
                &self.0
            }

            /// Returns the secret bytes in hexadecimal after `0x`.
            pub fn expose_hex(&self) -> Zeroizing<String> {
                let mut digits = Zeroizing::new([0u8; 64]);
                // Cannot fail: the buffer has room for 32 bytes.
                let _ = ::hex::encode_to_slice(self.0.as_ref(), digits.as_mut());
                let mut text = Zeroizing::new(String::with_capacity(66));
                text.push_str("0x");
                digits.iter().for_each(|digit| text.push(char::from(*digit)));
                text
            }

            pub(crate) fn zero() -> Self {
                Self(Box::new([0; 32]))
            }

            pub(crate) fn bytes_mut(&mut self) -> &mut [u8; 32] {
                &mut self.0
            }
        }

        impl Drop for $name {
            fn drop(&mut self) {
                self.0.as_mut().zeroize();
            }
        }

        impl ZeroizeOnDrop for $name {}

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(secret)"))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.expose_hex())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Cow::<'de, str>::deserialize(deserializer)?;
                let secret = Self::from_hex(&text);
                if let Cow::Owned(mut text) = text {
                    text.zeroize();
                }
                secret.map_err(serde::de::Error::custom)
            }
        }
    };
}

secret32!(
    /// The seed of an epoch. It opens everything sealed in the epoch.
    Seed,
    "a seed"
);
secret32!(
    /// An X25519 secret key (RFC 7748).
    SecretKey,
    "a secret key"
);

impl Seed {
    /// Returns a random seed.
    pub fn generate() -> Result<Self, Error> {
        let mut seed = Self::zero();
        getrandom::fill(seed.bytes_mut()).map_err(|_| Error::NoRandomness)?;
        Ok(seed)
    }
}
