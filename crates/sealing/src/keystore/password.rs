// SPDX-License-Identifier: Apache-2.0

//! Passwords of keystores.

use super::error::KeystoreError;
use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// A password, in normalization form NFKC: the same letters are typed as other code points on other
/// keyboards.
#[derive(Clone)]
pub struct Password {
    text: Zeroizing<String>,
    /// The key that was derived last: a program that changes a keystore reads it again first, and
    /// deriving takes a third of a second.
    last: Arc<Mutex<Option<DerivedKey>>>,
}

/// The key that a password gives with some parameters.
struct DerivedKey {
    parameters: Parameters,
    key: Box<Zeroizing<[u8; 32]>>,
}

/// What besides the password decides a key: scrypt's N, r and p, and the salt.
pub(super) type Parameters = (u32, u32, u32, [u8; 32]);

impl Password {
    /// Takes a password. Fails with [`KeystoreError::NoPassword`] if it is empty.
    pub fn new(text: &str) -> Result<Self, KeystoreError> {
        if text.is_empty() {
            return Err(KeystoreError::NoPassword);
        }
        // A code point becomes at most 18 by this form, so that the text is not moved as it grows.
        let mut normal = Zeroizing::new(String::with_capacity(18 * text.len()));
        normal.extend(text.nfkc());
        Ok(Self { text: normal, last: Arc::default() })
    }

    /// Returns the key that `derive` makes of the password, or that it made before with the same
    /// parameters.
    pub(super) fn key(
        &self,
        parameters: Parameters,
        derive: impl FnOnce(&[u8], &mut [u8; 32]) -> Result<(), KeystoreError>,
    ) -> Result<Box<Zeroizing<[u8; 32]>>, KeystoreError> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = last.as_ref().filter(|known| known.parameters == parameters) {
            return Ok(known.key.clone());
        }
        let mut key = Box::new(Zeroizing::new([0; 32]));
        derive(self.text.as_bytes(), &mut key)?;
        *last = Some(DerivedKey { parameters, key: key.clone() });
        Ok(key)
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(secret)")
    }
}
