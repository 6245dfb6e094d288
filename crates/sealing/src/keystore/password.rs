// SPDX-License-Identifier: Apache-2.0

//! Passwords of keystores.

use super::error::KeystoreError;
use std::fmt;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// A password, in normalization form NFKC: the same letters are typed as other code points on other
/// keyboards.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes a password. Fails with [`KeystoreError::NoPassword`] if it is empty.
    pub fn new(text: &str) -> Result<Self, KeystoreError> {
        if text.is_empty() {
            return Err(KeystoreError::NoPassword);
        }
        // A code point becomes at most 18 by this form, so that the text is not moved as it grows.
        let mut normal = Zeroizing::new(String::with_capacity(18 * text.len()));
        normal.extend(text.nfkc());
        Ok(Self(normal))
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(secret)")
    }
}
