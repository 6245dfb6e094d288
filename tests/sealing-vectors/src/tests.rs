// SPDX-License-Identifier: Apache-2.0

use hpke::{
    aead::ChaCha20Poly1305,
    kdf::HkdfSha256,
    kem::X25519HkdfSha256,
    rand_core::{TryCryptoRng, TryRng},
    single_shot_open, single_shot_seal_with_rng, Deserializable, HpkeError, Kem, OpModeR, OpModeS,
    Serializable,
};
use serde_json::Value;
use std::convert::Infallible;

type PublicKey = <X25519HkdfSha256 as Kem>::PublicKey;
type SecretKey = <X25519HkdfSha256 as Kem>::PrivateKey;

const RFC: &str = include_str!("../../../client/js/vectors/rfc9180.json");
const OWN: &str = include_str!("../../../client/js/vectors/twinchain.json");

/// Returns a text field of a vector.
fn text<'a>(vector: &'a Value, field: &str) -> &'a str {
    vector[field].as_str().unwrap_or_else(|| panic!("no {field} in {vector}"))
}

fn bytes(vector: &Value, field: &str) -> Vec<u8> {
    hex::decode(text(vector, field)).unwrap_or_else(|error| panic!("{field}: {error}"))
}

/// Returns a number of a vector, as a u32 in little endian.
fn number(vector: &Value, field: &str) -> [u8; 4] {
    let number = vector[field].as_u64().expect("a number");
    u32::try_from(number).expect("a u32").to_le_bytes()
}

fn list<'a>(vectors: &'a Value, field: &str) -> &'a [Value] {
    let list = vectors[field].as_array().expect("a list");
    assert!(!list.is_empty(), "no {field}");
    list
}

fn own() -> Value {
    serde_json::from_str(OWN).expect("JSON")
}

fn blake2_256(bytes: &[u8]) -> Vec<u8> {
    blake2b_simd::Params::new().hash_length(32).hash(bytes).as_bytes().to_vec()
}

/// A random generator that returns the seed of an ephemeral key pair, once.
struct Fixed(Vec<u8>);

impl TryRng for Fixed {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        unreachable!("a key pair takes bytes")
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        unreachable!("a key pair takes bytes")
    }

    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Infallible> {
        to.copy_from_slice(&std::mem::take(&mut self.0));
        Ok(())
    }
}

impl TryCryptoRng for Fixed {}

/// Returns a secret key as X25519 uses it (RFC 7748, `decodeScalar25519`). Implementations store
/// either form.
fn clamped(mut secret: Vec<u8>) -> Vec<u8> {
    secret[0] &= 248;
    secret[31] = secret[31] & 127 | 64;
    secret
}

fn derive(seed: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let (secret, public) = X25519HkdfSha256::derive_keypair(seed);
    (secret.to_bytes().to_vec(), public.to_bytes().to_vec())
}

fn seal(seed: Vec<u8>, public: &[u8], info: &[u8], aad: &[u8], plaintext: &[u8]) -> Vec<u8> {
    let public = PublicKey::from_bytes(public).expect("a key");
    let (key, ciphertext) = single_shot_seal_with_rng::<
        ChaCha20Poly1305,
        HkdfSha256,
        X25519HkdfSha256,
    >(&OpModeS::Base, &public, info, plaintext, aad, &mut Fixed(seed))
    .expect("sealing to a valid key");
    [key.to_bytes().to_vec(), ciphertext].concat()
}

fn open(secret: &[u8], info: &[u8], aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, HpkeError> {
    let secret = SecretKey::from_bytes(secret).expect("a key");
    let (key, ciphertext) = sealed.split_at_checked(32).ok_or(HpkeError::OpenError)?;
    let key = Deserializable::from_bytes(key)?;
    single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &secret,
        &key,
        info,
        ciphertext,
        aad,
    )
}

/// Returns the `info` of the place that a vector describes.
fn info(vector: &Value, label: &str) -> Vec<u8> {
    assert_eq!(label.len(), 16);
    let name = text(vector, "data_set").as_bytes();
    assert_eq!(name, bytes(vector, "data_set_hex"));
    assert_eq!(blake2_256(name), bytes(vector, "data_set_hash"));
    let container: u64 = text(vector, "container").parse().expect("a u64");
    [
        label.as_bytes(),
        &bytes(vector, "genesis_hash"),
        &container.to_le_bytes(),
        &blake2_256(name),
        &number(vector, "epoch"),
    ]
    .concat()
}

/// Returns the `info` of an account envelope for the account that a vector describes.
fn account_info(vector: &Value, label: &str) -> Vec<u8> {
    assert_eq!(label.len(), 16);
    let (genesis, account) = (bytes(vector, "genesis_hash"), bytes(vector, "account"));
    [label.as_bytes(), &genesis, &account, &number(vector, "version")].concat()
}

/// Returns the associated data of an account envelope: its holder in SCALE.
fn holder(vector: &Value) -> Vec<u8> {
    let holder = &vector["holder"];
    if holder["public"].is_null() {
        let (account, version) = (bytes(holder, "account"), number(holder, "key_version"));
        return [&[0u8][..], &account, &version].concat();
    }
    let public = bytes(holder, "public");
    assert_eq!(public.len(), 32, "its length must be 0x80 in compact form");
    [&[1u8, 0x80][..], &public].concat()
}

/// Returns the public key of a secret key.
fn public_of(secret: &[u8]) -> Vec<u8> {
    let secret = SecretKey::from_bytes(secret).expect("a key");
    X25519HkdfSha256::sk_to_pk(&secret).to_bytes().to_vec()
}

/// Seals according to a vector, and opens it again. Returns the plaintext.
fn check(vector: &Value, label: &str, info: &[u8], aad: &[u8]) -> Vec<u8> {
    let name = text(vector, "name");
    assert_eq!(text(vector, "label"), label, "{name}");
    assert_eq!(info, bytes(vector, "info"), "{name}");
    assert_eq!(aad, bytes(vector, "aad"), "{name}");
    let (plaintext, sealed) = (bytes(vector, "plaintext"), bytes(vector, "sealed"));
    let public = bytes(vector, "recipient_public_key");
    let seed = bytes(vector, "ephemeral_seed");
    assert_eq!(seal(seed, &public, info, aad, &plaintext), sealed, "{name}");
    let secret = bytes(vector, "recipient_secret_key");
    assert_eq!(open(&secret, info, aad, &sealed).expect(name), plaintext, "{name}");
    let mut other = info.to_vec();
    other[55] ^= 1;
    assert!(open(&secret, &other, aad, &sealed).is_err(), "{name} opens elsewhere");
    plaintext
}

/// Returns the value in a padded plaintext, or `None` if the padding is wrong.
fn unpad(padded: &[u8]) -> Option<&[u8]> {
    let end = padded.iter().rposition(|byte| *byte != 0)?;
    let whole = padded.len().is_multiple_of(64) && padded.len() - end <= 64;
    (whole && padded[end] == 0x80).then(|| &padded[..end])
}

#[test]
fn rfc_9180_test_vector_matches() {
    let vector: Value = serde_json::from_str(RFC).expect("JSON");
    for (seed, secret, public) in [("ikmE", "skEm", "pkEm"), ("ikmR", "skRm", "pkRm")] {
        let pair = (clamped(bytes(&vector, secret)), bytes(&vector, public));
        assert_eq!(derive(&bytes(&vector, seed)), pair);
    }
    let (info, aad, plaintext) =
        (bytes(&vector, "info"), bytes(&vector, "aad"), bytes(&vector, "pt"));
    let sealed = [bytes(&vector, "enc"), bytes(&vector, "ct")].concat();
    let made = seal(bytes(&vector, "ikmE"), &bytes(&vector, "pkRm"), &info, &aad, &plaintext);
    assert_eq!(made, sealed);
    assert_eq!(open(&bytes(&vector, "skRm"), &info, &aad, &sealed), Ok(plaintext));
}

#[test]
fn key_pairs_are_derived_from_their_seeds() {
    let vectors = own();
    for pair in list(&vectors, "key_pairs") {
        let known = (clamped(bytes(pair, "secret_key")), bytes(pair, "public_key"));
        assert_eq!(derive(&bytes(pair, "seed")), known);
    }
}

#[test]
fn envelopes_contain_the_seed_of_their_epoch() {
    let vectors = own();
    for vector in list(&vectors, "envelopes") {
        let aad = [bytes(vector, "reader"), number(vector, "key_version").to_vec()].concat();
        let label = "twinchain/v1/env";
        let seed = check(vector, label, &info(vector, label), &aad);
        assert_eq!(derive(&seed).1, bytes(vector, "epoch_public_key"));
        assert_eq!(bytes(vector, "sealed").len(), 80);
    }
}

#[test]
fn links_contain_the_seed_of_the_previous_epoch() {
    let vectors = own();
    for vector in list(&vectors, "previous_seeds") {
        let label = "twinchain/v1/prv";
        let seed = check(vector, label, &info(vector, label), &[]);
        assert_eq!(derive(&seed).1, bytes(vector, "previous_public_key"));
    }
}

#[test]
fn account_envelopes_contain_the_secret_key_of_the_account() {
    let vectors = own();
    for vector in list(&vectors, "account_envelopes") {
        let label = "twinchain/v1/acc";
        let info = account_info(vector, label);
        assert_eq!(info.len(), 16 + 32 + 32 + 4);
        let secret = check(vector, label, &info, &holder(vector));
        assert_eq!(public_of(&secret), bytes(vector, "account_public_key"));
        assert_eq!(bytes(vector, "sealed").len(), 80);
    }
}

#[test]
fn values_are_padded_and_bound_to_their_author() {
    let vectors = own();
    for vector in list(&vectors, "values") {
        let label = "twinchain/v1/val";
        let plaintext = check(vector, label, &info(vector, label), &bytes(vector, "author"));
        assert_eq!(unpad(&plaintext), Some(bytes(vector, "value").as_slice()));
        assert_eq!(bytes(vector, "sealed").len(), plaintext.len() + 48);
    }
}

#[test]
fn newest_seed_opens_all_older_ones() {
    let vectors = own();
    let history = &vectors["history"];
    let epochs = list(history, "epochs");
    let mut seed = bytes(history, "newest_seed");
    for at in (0..epochs.len()).rev() {
        let (secret, public) = derive(&seed);
        assert_eq!(public, bytes(&epochs[at], "public"));
        assert_eq!(seed, bytes(&history["seeds"][at], "seed"));
        if at > 0 {
            let mut place = history.clone();
            place["epoch"] = epochs[at]["epoch"].clone();
            let info = info(&place, "twinchain/v1/prv");
            let previous = bytes(&epochs[at], "previous");
            seed = open(&secret, &info, &[], &previous).expect("the link opens");
        }
    }
}

#[test]
fn opening_fails_for_negative_vectors() {
    let vectors = own();
    let mut seen = 0;
    for (kind, label) in [
        ("envelopes", "twinchain/v1/env"),
        ("previous_seeds", "twinchain/v1/prv"),
        ("account_envelopes", "twinchain/v1/acc"),
        ("values", "twinchain/v1/val"),
    ] {
        for vector in list(&vectors["cannot_open"], kind) {
            seen += 1;
            let name = text(vector, "name");
            let info = match kind {
                "account_envelopes" => account_info(vector, label),
                _ => info(vector, label),
            };
            let aad = match kind {
                "account_envelopes" => holder(vector),
                "envelopes" => {
                    [bytes(vector, "reader"), number(vector, "key_version").to_vec()].concat()
                },
                "values" => bytes(vector, "author"),
                _ => vec![],
            };
            let secret = bytes(vector, "recipient_secret_key");
            let opened = open(&secret, &info, &aad, &bytes(vector, "sealed"));
            match (text(vector, "error"), opened) {
                ("CannotOpen", opened) => assert!(opened.is_err(), "{name}"),
                ("BadPadding", Ok(padded)) => assert_eq!(unpad(&padded), None, "{name}"),
                ("FalseEnvelope", Ok(secret)) if kind == "account_envelopes" => {
                    assert_ne!(public_of(&secret), bytes(vector, "account_public_key"), "{name}");
                },
                ("FalseEnvelope", Ok(seed)) => {
                    assert_ne!(derive(&seed).1, bytes(vector, "epoch_public_key"), "{name}");
                },
                ("FalseLink", Ok(seed)) => {
                    assert_ne!(derive(&seed).1, bytes(vector, "previous_public_key"), "{name}");
                },
                (error, opened) => panic!("{name}: {error}, but {opened:?}"),
            }
        }
    }
    assert!(seen >= 10, "only {seen} negative vectors");
}

#[test]
fn sealing_fails_for_a_key_of_low_order() {
    let vectors = own();
    for key in list(&vectors, "low_order") {
        let key = hex::decode(key.as_str().or(key["public_key"].as_str()).expect("a key"));
        let public = PublicKey::from_bytes(&key.expect("hex")).expect("32 bytes");
        let sealed = single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &public,
            &[],
            b"seed",
            &[],
            &mut Fixed(vec![7; 32]),
        );
        assert!(sealed.is_err());
    }
}
