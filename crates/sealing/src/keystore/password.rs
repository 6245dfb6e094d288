// SPDX-License-Identifier: Apache-2.0

//! Passwords of keystores.

use super::error::KeystoreError;
use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// A password in normalization form NFKC, because different keyboards may enter the same letters as
/// different code points.
#[derive(Clone)]
pub struct Password {
    text: Zeroizing<String>,
    /// The last derived key. A program that changes a keystore reads it again first, and deriving a
    /// key takes about half a second.
    last: Arc<Mutex<Option<DerivedKey>>>,
}

/// A key derived from a password with certain parameters.
struct DerivedKey {
    parameters: Parameters,
    key: Box<Zeroizing<[u8; 32]>>,
}

/// The inputs of a key besides the password: scrypt's N, r and p, and the salt.
pub(super) type Parameters = (u32, u32, u32, [u8; 32]);

impl Password {
    /// Returns a password. Fails with [`KeystoreError::NoPassword`] if it is empty.
    pub fn new(text: &str) -> Result<Self, KeystoreError> {
        if text.is_empty() {
            return Err(KeystoreError::NoPassword);
        }
        // A code point becomes at most 18 in this form, so the text is never reallocated.
        let mut normal = Zeroizing::new(String::with_capacity(18 * text.len()));
        normal.extend(text.nfkc());
        Ok(Self { text: normal, last: Arc::default() })
    }

    /// Returns the key that `derive` derives from the password, or the last one if it had the same
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
