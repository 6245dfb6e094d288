// SPDX-License-Identifier: Apache-2.0

//! Keys that sign transactions. A secret comes from a prompt, an open file or a keystore, but never
//! from an argument or the environment.

use crate::{account, chain::Config, failure::Failure, files};
use std::{fmt, path::Path, str::FromStr};
use subxt::utils::{AccountId32, MultiSignature};
use subxt_signer::{sr25519::Keypair, SecretUri};
use zeroize::Zeroizing;

/// A key that signs for an account.
#[derive(Clone)]
pub struct Signer(Keypair);

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Signer").field(&self.account()).finish()
    }
}

impl Signer {
    /// Returns the well-known key with this name of a development chain, such as `alice`.
    pub fn developer(name: &str) -> Result<Self, Failure> {
        account::developer(name).map(Self).ok_or_else(|| {
            Failure::usage(format!("{name} is not an account of the development chain"))
                .fix("use alice, bob, charlie, dave, eve or ferdie")
        })
    }

    /// Parses a secret URI: a phrase of words or a seed in hexadecimal, with an optional derivation
    /// path (`//stash`).
    pub fn from_uri(uri: &Zeroizing<String>) -> Result<Self, Failure> {
        let invalid = || {
            Failure::not_permitted("signer", "this is not a valid phrase")
                .fix("use 12 to 24 words of the BIP-39 list, or a seed of 32 bytes after 0x")
        };
        // The library would use the well-known development phrase for an empty one.
        if uri.trim().is_empty() {
            return Err(invalid());
        }
        let uri = SecretUri::from_str(uri.trim()).map_err(|_| invalid())?;
        Keypair::from_uri(&uri).map(Self).map_err(|_| invalid())
    }

    /// Reads a key exported by Polkadot.js as JSON, with its password.
    pub fn from_polkadot_js(path: &Path, password: &Zeroizing<String>) -> Result<Self, Failure> {
        const LONGEST: u64 = 64 * 1024;
        let name = path.display();
        let size = std::fs::metadata(path).map_err(|error| files::failed(path, &error))?.len();
        let damaged = || Failure::other(format!("{name} is not a key exported from Polkadot.js"));
        if size > LONGEST {
            return Err(damaged());
        }
        let json = std::fs::read_to_string(path).map_err(|error| files::failed(path, &error))?;
        let value: serde_json::Value = serde_json::from_str(&json).map_err(|_| damaged())?;
        // The library slices the text without checking its length.
        let encoded = value["encoded"].as_str().ok_or_else(damaged)?;
        if encoded.len() < 4 * (68 + 117) / 3 {
            return Err(damaged());
        }
        use subxt_signer::polkadot_js_compat::{decrypt_json, Error};
        decrypt_json(&json, password).map(Self).map_err(|error| match error {
            Error::Secretbox(_) | Error::InvalidKeys => {
                Failure::not_permitted("signer", format!("the password does not open {name}"))
            },
            other => Failure::other(format!("{name}: {other}")),
        })
    }

    /// Returns the account that the key signs for.
    pub fn account(&self) -> AccountId32 {
        self.0.public_key().to_account_id()
    }
}

impl subxt::tx::Signer<Config> for Signer {
    fn account_id(&self) -> AccountId32 {
        self.account()
    }

    fn sign(&self, payload: &[u8]) -> MultiSignature {
        subxt::tx::Signer::<Config>::sign(&self.0, payload)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrase_determines_its_account() {
        let uri = |text: &str| Signer::from_uri(&Zeroizing::new(text.into()));
        let alice = Signer::developer("alice").unwrap();
        assert_eq!(uri("//Alice").unwrap().account(), alice.account());
        for wrong in ["", "hello", "0x12", "bottom drive obey lake curtain smoke basket hold"] {
            let failure = uri(wrong).unwrap_err();
            assert!(wrong.is_empty() || !format!("{failure:?}").contains(wrong), "{failure:?}");
        }
        assert!(!format!("{alice:?}").contains("Keypair"));
        assert!(Signer::developer("mallory").is_err());
    }

    #[test]
    fn damaged_export_fails_without_a_panic() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.json");
        let password = Zeroizing::new("x".into());
        let encoding = r#""encoding":{"content":["pkcs8","sr25519"],
            "type":["scrypt","xsalsa20-poly1305"],"version":"3"},
            "address":"5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY""#;
        for text in [
            String::new(),
            "{}".into(),
            format!(r#"{{"encoded":"AAAA",{encoding}}}"#),
            format!(r#"{{"encoded":"{}",{encoding}}}"#, "A".repeat(300)),
            format!(r#"{{"encoded":"{}",{encoding}}}"#, "!".repeat(300)),
        ] {
            std::fs::write(&path, &text).unwrap();
            assert!(Signer::from_polkadot_js(&path, &password).is_err(), "{text}");
        }
        assert!(Signer::from_polkadot_js(&folder.path().join("none"), &password).is_err());
    }
}
