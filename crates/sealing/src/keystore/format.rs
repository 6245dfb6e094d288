// SPDX-License-Identifier: Apache-2.0

//! The text format of a keystore: JSON with a plain header, and a body protected by scrypt (RFC
//! 7914) and AES-256-GCM. See `docs/keystore.md`.

use super::{
    error::KeystoreError,
    limits::{MAX_COST, MIN_COST},
    password::Password,
    pin::Pin,
    store::{HeldKey, HeldSeed, Keystore},
};
use crate::{
    bytes::{Account, GenesisHash, PublicKey},
    place::{DataSetName, EpochNumber, KeyVersion},
    secret::{SecretKey, Seed},
};
use aes_gcm::{
    aead::{Aead, KeyInit, Payload},
    Aes256Gcm,
};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, collections::BTreeMap, io};
use zeroize::Zeroizing;

const FORMAT: &str = "twinchain-keystore";
/// The version of the format that is written.
const VERSION: u32 = 2;

const BLOCK_SIZE: u32 = 8;
const PARALLELISM: u32 = 1;

/// The whole keystore.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(flatten)]
    header: Header,
    sealed: String,
}

/// The plain header. It is authenticated as compact JSON, with its members in this order.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Header {
    format: String,
    version: u32,
    account: Account,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    genesis_hash: Option<GenesisHash>,
    kdf: Kdf,
    cipher: Cipher,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Kdf {
    name: String,
    n: u32,
    r: u32,
    p: u32,
    salt: Bytes<32>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Cipher {
    name: String,
    nonce: Bytes<12>,
}

/// Public bytes, written as hexadecimal after `0x`.
#[derive(Clone, Copy)]
struct Bytes<const N: usize>([u8; N]);

impl<const N: usize> Bytes<N> {
    fn random() -> Result<Self, KeystoreError> {
        let mut bytes = [0; N];
        getrandom::fill(&mut bytes).map_err(|_| crate::Error::NoRandomness)?;
        Ok(Self(bytes))
    }
}

impl<const N: usize> Serialize for Bytes<N> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("0x{}", hex::encode(self.0)))
    }
}

impl<'de, const N: usize> Deserialize<'de> for Bytes<N> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        let mut bytes = [0; N];
        crate::hex::read_hex(&text, &mut bytes, "a salt or nonce")
            .map_err(serde::de::Error::custom)?;
        Ok(Self(bytes))
    }
}

/// The sealed body of version 2.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Body<'a> {
    keys: Vec<Key>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    device: Option<SecretKey>,
    #[serde(borrow)]
    seeds: Vec<SeedOf<'a>>,
    pins: BTreeMap<Account, PinOf>,
    #[serde(borrow)]
    signers: BTreeMap<Account, Cow<'a, str>>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Key {
    version: KeyVersion,
    secret_key: SecretKey,
    public: PublicKey,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct SeedOf<'a> {
    container: Cow<'a, str>,
    data_set: Cow<'a, str>,
    epoch: EpochNumber,
    seed: Seed,
    public: PublicKey,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct PinOf {
    version: KeyVersion,
    public: PublicKey,
}

/// The sealed body of version 1.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FirstBody {
    keys: BTreeMap<KeyVersion, SecretKey>,
    pins: BTreeMap<Account, PinOf>,
    device: Option<SecretKey>,
}

impl Keystore {
    /// Returns the keystore as text, protected by a password. `cost` is scrypt's N, a power of two
    /// from [`MIN_COST`] to [`MAX_COST`].
    ///
    /// # Errors
    /// [`KeystoreError::NotBound`], [`KeystoreError::InvalidCost`], [`KeystoreError::NoPassword`].
    pub fn seal(&self, password: &Password, cost: u32) -> Result<String, KeystoreError> {
        seal(self, password, cost)
    }

    /// Opens the text of [`seal`](Self::seal) or `client/js`, of this version of the format or an
    /// earlier one.
    ///
    /// # Errors
    /// [`KeystoreError::Invalid`], [`KeystoreError::WrongPassword`].
    pub fn open(text: &str, password: &Password) -> Result<Self, KeystoreError> {
        open(text, password)
    }
}

fn seal(keystore: &Keystore, password: &Password, cost: u32) -> Result<String, KeystoreError> {
    let genesis_hash = Some(keystore.genesis.ok_or(KeystoreError::NotBound)?);
    let kdf = Kdf {
        name: "scrypt".into(),
        n: cost,
        r: BLOCK_SIZE,
        p: PARALLELISM,
        salt: Bytes::random()?,
    };
    let header = Header {
        format: FORMAT.into(),
        version: VERSION,
        account: keystore.account,
        genesis_hash,
        kdf,
        cipher: Cipher { name: "AES-256-GCM".into(), nonce: Bytes::random()? },
    };
    let plaintext = plaintext(&Body::of(keystore)).map_err(damaged)?;
    // Fail before writing a keystore that could not be read again.
    read(keystore.account, keystore.genesis.ok_or(KeystoreError::NotBound)?, &plaintext)?;
    let data = serde_json::to_vec(&header).map_err(damaged)?;
    let sealed = cipher(&header.kdf, password)?
        .encrypt(&header.cipher.nonce.0.into(), Payload { msg: &plaintext, aad: &data })
        .map_err(|_| KeystoreError::Invalid("it is too large".into()))?;
    let file = File { header, sealed: format!("0x{}", hex::encode(sealed)) };
    let mut text = serde_json::to_string_pretty(&file).map_err(damaged)?;
    text.push('\n');
    Ok(text)
}

fn open(text: &str, password: &Password) -> Result<Keystore, KeystoreError> {
    let (header, sealed) = parse(text)?;
    let data = serde_json::to_vec(&header).map_err(damaged)?;
    let plaintext = cipher(&header.kdf, password)?
        .decrypt(&header.cipher.nonce.0.into(), Payload { msg: &sealed, aad: &data })
        .map(Zeroizing::new)
        .map_err(|_| KeystoreError::WrongPassword)?;
    match header.genesis_hash {
        None => read_first(header.account, &plaintext),
        Some(genesis) => read(header.account, genesis, &plaintext),
    }
}

/// Parses the header, and checks that this program supports it. Returns it with the sealed body.
fn parse(text: &str) -> Result<(Header, Vec<u8>), KeystoreError> {
    /// The members that determine whether the rest can be read.
    #[derive(Deserialize)]
    struct Kind {
        format: String,
        version: u32,
    }
    let invalid = |why: &str| KeystoreError::Invalid(why.into());
    let kind: Kind = serde_json::from_str(text).map_err(damaged)?;
    if kind.format != FORMAT {
        return Err(invalid("its format is not a keystore's"));
    }
    if !matches!(kind.version, 1 | VERSION) {
        let version = kind.version;
        let why = format!("it has version {version}, and the newest known is {VERSION}: update it");
        return Err(KeystoreError::Invalid(why));
    }
    let File { header, sealed } = serde_json::from_str(text).map_err(damaged)?;
    if (header.version == 1) != header.genesis_hash.is_none() {
        return Err(invalid("a genesis hash is required in version 2, and only allowed there"));
    }
    let Kdf { name, n, r, p, .. } = &header.kdf;
    if (name.as_str(), *r, *p) != ("scrypt", BLOCK_SIZE, PARALLELISM) || !is_cost(*n) {
        return Err(invalid("this program does not accept the parameters of its key derivation"));
    }
    if header.cipher.name != "AES-256-GCM" {
        return Err(invalid("this program does not know its cipher"));
    }
    let sealed = sealed.strip_prefix("0x").and_then(|digits| hex::decode(digits).ok());
    Ok((header, sealed.ok_or_else(|| invalid("its sealed part is not hexadecimal"))?))
}

/// Converts a parser error. Keeps its position, but no content, which may be secret.
fn damaged(error: serde_json::Error) -> KeystoreError {
    let place = format!("line {}, column {}", error.line(), error.column());
    KeystoreError::Invalid(match error.classify() {
        serde_json::error::Category::Data => format!("a member is missing or wrong at {place}"),
        _ => format!("it is not JSON at {place}"),
    })
}

fn is_cost(n: u32) -> bool {
    n.is_power_of_two() && (MIN_COST..=MAX_COST).contains(&n)
}

fn cipher(kdf: &Kdf, password: &Password) -> Result<Aes256Gcm, KeystoreError> {
    if !is_cost(kdf.n) {
        return Err(KeystoreError::InvalidCost(kdf.n));
    }
    let log_n = u8::try_from(kdf.n.trailing_zeros()).unwrap_or_default();
    let parameters =
        scrypt::Params::new(log_n, kdf.r, kdf.p).map_err(|_| KeystoreError::InvalidCost(kdf.n))?;
    let key = password.key((kdf.n, kdf.r, kdf.p, kdf.salt.0), |password, key| {
        scrypt::scrypt(password, &kdf.salt.0, &parameters, key)
            .map_err(|_| KeystoreError::InvalidCost(kdf.n))
    })?;
    Ok(Aes256Gcm::new((&**key).into()))
}

/// Serializes into memory that is allocated once, because growing would leave copies behind.
fn plaintext(body: &Body<'_>) -> serde_json::Result<Zeroizing<Vec<u8>>> {
    let mut length = Counter(0);
    serde_json::to_writer(&mut length, body)?;
    let mut text = Zeroizing::new(Vec::with_capacity(length.0));
    serde_json::to_writer(&mut *text, body)?;
    Ok(text)
}

/// A writer that only counts bytes.
struct Counter(usize);

impl io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> Body<'a> {
    fn of(keystore: &'a Keystore) -> Self {
        let key = |key: &HeldKey| Key {
            version: key.version,
            secret_key: key.secret.clone(),
            public: key.public,
        };
        let seed = |(public, held): (&PublicKey, &HeldSeed)| SeedOf {
            container: held.container.to_string().into(),
            data_set: format!("0x{}", hex::encode(&held.data_set)).into(),
            epoch: held.epoch,
            seed: held.seed.clone(),
            public: *public,
        };
        let pin = |(account, pin): (&Account, &Pin)| {
            (*account, PinOf { version: pin.version, public: pin.public })
        };
        let signers = keystore.signers.iter();
        Self {
            keys: keystore.keys.iter().map(key).collect(),
            device: keystore.device.clone(),
            seeds: keystore.held().map(seed).collect(),
            pins: keystore.pins.iter().map(pin).collect(),
            signers: signers.map(|(account, uri)| (*account, Cow::from(uri.as_str()))).collect(),
        }
    }
}

fn read(
    account: Account,
    genesis: GenesisHash,
    plaintext: &[u8],
) -> Result<Keystore, KeystoreError> {
    let body: Body<'_> = serde_json::from_slice(plaintext).map_err(damaged)?;
    let mut keystore = Keystore::new(account, genesis);
    for key in body.keys {
        if key.secret_key.public() != key.public {
            let why = "a secret key does not belong to the public key beside it";
            return Err(KeystoreError::Invalid(why.into()));
        }
        keystore.import_key(key.version, key.secret_key);
    }
    keystore.device = body.device;
    for seed in body.seeds {
        let (public, held) = held_seed(seed)?;
        keystore.insert_seed(public, held);
    }
    if body.pins.contains_key(&account) {
        return Err(KeystoreError::Invalid("it has a pin of its own account".into()));
    }
    keystore.pins = pins(body.pins);
    let signers = body.signers.into_iter();
    keystore.signers =
        signers.map(|(account, uri)| (account, Zeroizing::new(uri.into_owned()))).collect();
    Ok(keystore)
}

fn held_seed(seed: SeedOf<'_>) -> Result<(PublicKey, HeldSeed), KeystoreError> {
    let invalid = |why: &str| KeystoreError::Invalid(why.into());
    // Only the exact form that this program writes: `parse` also accepts a sign and leading zeros.
    let container = seed.container.parse::<u64>().ok();
    let container = container.filter(|number| number.to_string() == seed.container);
    let name = seed.data_set.strip_prefix("0x").and_then(|digits| hex::decode(digits).ok());
    let name = name.and_then(|name| DataSetName::from_bytes(name).ok());
    let held = HeldSeed {
        container: container.ok_or_else(|| invalid("a container is not a number"))?,
        data_set: name.ok_or_else(|| invalid("a data set has no name"))?.as_bytes().to_vec(),
        epoch: seed.epoch,
        seed: seed.seed,
    };
    Ok((seed.public, held))
}

fn pins(pins: BTreeMap<Account, PinOf>) -> BTreeMap<Account, Pin> {
    let pin = |pin: PinOf| Pin { version: pin.version, public: pin.public };
    pins.into_iter().map(|(account, of)| (account, pin(of))).collect()
}

fn read_first(account: Account, plaintext: &[u8]) -> Result<Keystore, KeystoreError> {
    let body: FirstBody = serde_json::from_slice(plaintext).map_err(damaged)?;
    let mut keystore = Keystore::new(account, GenesisHash([0; 32]));
    keystore.genesis = None;
    for (version, secret) in body.keys {
        keystore.import_key(version, secret);
    }
    keystore.device = body.device;
    keystore.pins = pins(body.pins);
    // Programs of version 1 could pin a key of the account itself, which has no meaning.
    keystore.pins.remove(&account);
    Ok(keystore)
}
