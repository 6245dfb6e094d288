// SPDX-License-Identifier: Apache-2.0

//! The content of a keystore.

use super::{
    error::{KeystoreError, TrustError},
    pin::{Pin, PinConflict},
};
use crate::{
    bytes::{Account, GenesisHash, PublicKey},
    envelope::{EpochKey, OwnKey, Reader},
    history::{DataSet, KeySource, Opened},
    place::{EpochNumber, KeyVersion},
    secret::{SecretKey, Seed},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};
use zeroize::Zeroizing;

/// A secret encryption key of the account.
#[derive(Clone)]
pub(super) struct HeldKey {
    /// The expected version of the key on the chain.
    pub version: KeyVersion,
    pub secret: SecretKey,
    pub public: PublicKey,
}

/// The seed of an epoch. The epoch's public key is its index.
#[derive(Clone)]
pub(super) struct HeldSeed {
    pub container: u64,
    /// The bytes of the data set's name.
    pub data_set: Vec<u8>,
    pub epoch: EpochNumber,
    pub seed: Seed,
}

impl HeldSeed {
    fn is_of(&self, of: &DataSet) -> bool {
        self.container == of.container && self.data_set == of.name.as_bytes()
    }
}

/// The parts of a keystore to include in an [export](Keystore::export).
#[derive(Clone, Debug)]
pub struct Export {
    /// The containers whose seeds are included. `None` means all containers.
    pub containers: Option<BTreeSet<u64>>,
    /// `true` to include the account's encryption keys and the device key.
    pub keys: bool,
    /// `true` to include signing secrets.
    pub signers: bool,
}

impl Default for Export {
    fn default() -> Self {
        Self { containers: None, keys: true, signers: false }
    }
}

/// The secrets of an account on a chain, in memory.
#[derive(Clone)]
pub struct Keystore {
    pub(super) account: Account,
    /// `None` for a keystore of version 1, which names no chain, until it is bound to one.
    pub(super) genesis: Option<GenesisHash>,
    /// The keys in the order in which they were added.
    pub(super) keys: Vec<HeldKey>,
    pub(super) device: Option<SecretKey>,
    /// The seeds by the public keys of their epochs. A key with two places is stored twice, because
    /// a node can present a known key under a false place.
    pub(super) seeds: BTreeMap<PublicKey, Vec<HeldSeed>>,
    pub(super) pins: BTreeMap<Account, Pin>,
    pub(super) signers: BTreeMap<Account, Zeroizing<String>>,
}

impl fmt::Debug for Keystore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keystore")
            .field("account", &self.account)
            .field("genesis", &self.genesis)
            .field("keys", &self.versions())
            .field("seeds", &self.seed_count())
            .field("pins", &self.pins.len())
            .finish_non_exhaustive()
    }
}

impl Keystore {
    /// Returns an empty keystore.
    pub fn new(account: Account, genesis: GenesisHash) -> Self {
        Self {
            account,
            genesis: Some(genesis),
            keys: Vec::new(),
            device: None,
            seeds: BTreeMap::new(),
            pins: BTreeMap::new(),
            signers: BTreeMap::new(),
        }
    }

    /// Returns the account that the keys belong to.
    pub fn account(&self) -> Account {
        self.account
    }

    /// Returns the chain, or `None` if the keystore comes from a file of version 1 and is not
    /// [bound](Self::bind) yet.
    pub fn genesis(&self) -> Option<GenesisHash> {
        self.genesis
    }

    /// Binds a keystore of version 1 to a chain. Fails with [`KeystoreError::WrongChain`] if it is
    /// bound to another chain.
    pub fn bind(&mut self, genesis: GenesisHash) -> Result<(), KeystoreError> {
        match self.genesis {
            Some(bound) if bound != genesis => {
                Err(KeystoreError::WrongChain { keystore: bound, chain: genesis })
            },
            _ => {
                self.genesis = Some(genesis);
                Ok(())
            },
        }
    }

    /// Returns the versions of the encryption keys, oldest first.
    pub fn versions(&self) -> Vec<u32> {
        let mut versions: Vec<_> = self.keys.iter().map(|key| key.version.get()).collect();
        versions.sort_unstable();
        versions
    }

    /// Returns the account's keys, as versions and public keys.
    pub fn own_keys(&self) -> impl Iterator<Item = (KeyVersion, PublicKey)> + '_ {
        self.keys.iter().map(|key| (key.version, key.public))
    }

    /// Returns the key to send with `set_encryption_key`. Creates it, unless an earlier call
    /// created one for this version; of several, returns the first. Save the keystore before
    /// sending.
    ///
    /// `version` is one more than the version on the chain. Fails with [`KeystoreError::NewerKey`]
    /// if the keystore has a key of a later version.
    pub fn prepare_key(&mut self, version: KeyVersion) -> Result<Reader, KeystoreError> {
        if let Some(key) = self.keys.iter().find(|key| key.version == version) {
            return Ok(self.reader(key));
        }
        if let Some(newest) = self.versions().last().filter(|newest| **newest > version.get()) {
            return Err(KeystoreError::NewerKey { newest: *newest, version: version.get() });
        }
        let secret = SecretKey::generate()?;
        let public = secret.public();
        self.import_key(version, secret);
        Ok(Reader { account: self.account, version, public })
    }

    /// Creates a key for this version even if one exists, because that one may be known to others.
    pub fn new_key(&mut self, version: KeyVersion) -> Result<Reader, KeystoreError> {
        let secret = SecretKey::generate()?;
        let public = secret.public();
        self.import_key(version, secret);
        Ok(Reader { account: self.account, version, public })
    }

    /// Adds a key that was created elsewhere. If the key exists, changes its version. Never
    /// replaces a key.
    pub fn import_key(&mut self, version: KeyVersion, secret: SecretKey) {
        let public = secret.public();
        match self.keys.iter_mut().find(|key| key.public == public) {
            Some(key) => key.version = version,
            None => self.keys.push(HeldKey { version, secret, public }),
        }
    }

    /// Adds a key of this account from an account envelope, such as after a lost keystore. Fails
    /// with [`KeystoreError::OtherAccount`] if the key belongs to another account.
    pub fn restore(&mut self, key: OwnKey) -> Result<(), KeystoreError> {
        if key.account != self.account {
            return Err(KeystoreError::OtherAccount { keystore: self.account, other: key.account });
        }
        self.import_key(key.version, key.secret);
        Ok(())
    }

    fn reader(&self, key: &HeldKey) -> Reader {
        Reader { account: self.account, version: key.version, public: key.public }
    }

    /// Returns the secret of the account's key on the chain, and stores the chain's version for it.
    /// Returns `None` if the keystore never had the key: see [`TrustError::UnexpectedKey`].
    pub fn key_of(&mut self, version: KeyVersion, public: &PublicKey) -> Option<OwnKey> {
        let key = self.keys.iter_mut().find(|key| key.public == *public)?;
        key.version = version;
        Some(OwnKey { account: self.account, version, secret: key.secret.clone() })
    }

    /// Returns the public key of this device, which is not on the chain. The first call creates it.
    /// Save the keystore before sealing the account's secret key for it.
    pub fn prepare_device_key(&mut self) -> Result<PublicKey, KeystoreError> {
        let device = match self.device.take() {
            Some(device) => device,
            None => SecretKey::generate()?,
        };
        Ok(self.device.insert(device).public())
    }

    /// Returns the secret key of this device, or `None`.
    pub fn device_key(&self) -> Option<&SecretKey> {
        self.device.as_ref()
    }

    /// Returns the account's or device's secret key with this public key, or `None`.
    pub fn secret_of(&self, public: &PublicKey) -> Option<SecretKey> {
        let key = self.keys.iter().find(|key| key.public == *public).map(|key| &key.secret);
        key.or(self.device.as_ref().filter(|device| device.public() == *public)).cloned()
    }

    /// Adds the seed of an epoch that was created or opened. Save the keystore before using a
    /// created seed.
    pub fn add_seed(&mut self, data_set: &DataSet, epoch: EpochNumber, key: &EpochKey) {
        let held = HeldSeed {
            container: data_set.container,
            data_set: data_set.name.as_bytes().to_vec(),
            epoch,
            seed: key.seed.clone(),
        };
        self.insert_seed(key.public, held);
    }

    /// Adds a seed, unless it exists. Replaces a seed that does not match its public key, which can
    /// come from a damaged file.
    pub(super) fn insert_seed(&mut self, public: PublicKey, held: HeldSeed) {
        let all = self.seeds.entry(public).or_default();
        let same = all.iter_mut().find(|of| {
            of.container == held.container && of.data_set == held.data_set && of.epoch == held.epoch
        });
        let is_right = |of: &HeldSeed| EpochKey::from_seed(of.seed.clone()).public == public;
        match same {
            Some(same) if is_right(same) => {},
            Some(same) => *same = held,
            None => all.push(held),
        }
    }

    /// Returns all seeds with the public keys of their epochs.
    pub(super) fn held(&self) -> impl Iterator<Item = (&PublicKey, &HeldSeed)> {
        self.seeds.iter().flat_map(|(public, all)| all.iter().map(move |held| (public, held)))
    }

    /// Adds the seeds of all opened epochs. Returns `true` if any is new.
    pub fn add_opened(&mut self, data_set: &DataSet, opened: &Opened) -> bool {
        let before = self.seed_count();
        opened.keys.iter().for_each(|(epoch, key)| self.add_seed(data_set, *epoch, key));
        self.seed_count() > before
    }

    /// Returns every secret key: those derived from all seeds, the account's and the device's.
    pub fn secrets(&self) -> Vec<SecretKey> {
        let seeds = self.held().map(|(_, held)| EpochKey::from_seed(held.seed.clone()).secret);
        let keys = self.keys.iter().map(|key| key.secret.clone());
        seeds.chain(keys).chain(self.device.clone()).collect()
    }

    /// Returns the epochs of a data set with seeds in this keystore, with their public keys.
    pub fn epochs_of(&self, of: &DataSet) -> Vec<(EpochNumber, PublicKey)> {
        let held = self.held().filter(|(_, held)| held.is_of(of));
        held.map(|(public, held)| (held.epoch, *public)).collect()
    }

    /// Returns the data sets with seeds in this keystore, as containers and the bytes of names.
    pub fn data_sets(&self) -> BTreeSet<(u64, &[u8])> {
        self.held().map(|(_, held)| (held.container, held.data_set.as_slice())).collect()
    }

    /// Returns the number of seeds.
    pub fn seed_count(&self) -> usize {
        self.held().count()
    }

    /// Checks the encryption key of an account on the chain, and pins it if the account is new. A
    /// key of the keystore's account must be in the keystore.
    ///
    /// # Errors
    /// [`TrustError::UnexpectedKey`] for a key of the keystore's account,
    /// [`TrustError::KeyChanged`] for one of another account.
    pub fn check(&mut self, reader: &Reader) -> Result<(), TrustError> {
        let Reader { account, version, public } = *reader;
        if account == self.account {
            return match self.key_of(version, &public) {
                Some(_) => Ok(()),
                None => Err(TrustError::UnexpectedKey { found: *reader }),
            };
        }
        let found = Pin { version, public };
        let pinned = *self.pins.entry(account).or_insert(found);
        if pinned != found {
            return Err(TrustError::KeyChanged { found: *reader, pinned });
        }
        Ok(())
    }

    /// Replaces the pinned key of an account, after the user confirmed the new one. Does nothing
    /// for the keystore's account.
    pub fn accept(&mut self, reader: &Reader) {
        if reader.account != self.account {
            let pin = Pin { version: reader.version, public: reader.public };
            self.pins.insert(reader.account, pin);
        }
    }

    /// Returns the pinned key of another account, or `None`.
    pub fn pinned(&self, account: &Account) -> Option<Pin> {
        self.pins.get(account).copied()
    }

    /// Returns all pinned keys with their accounts.
    pub fn pins(&self) -> impl Iterator<Item = (&Account, &Pin)> {
        self.pins.iter()
    }

    /// Stores the secret URI (a phrase with an optional derivation path) that signs for an account.
    /// Fails with [`KeystoreError::OtherSigner`] if the keystore has a different one.
    pub fn add_signer(
        &mut self,
        account: Account,
        uri: Zeroizing<String>,
    ) -> Result<(), KeystoreError> {
        match self.signers.get(&account) {
            Some(held) if *held != uri => Err(KeystoreError::OtherSigner(account)),
            _ => {
                self.signers.insert(account, uri);
                Ok(())
            },
        }
    }

    /// Removes the secret URI that signs for an account. Returns `true` if it existed.
    pub fn remove_signer(&mut self, account: &Account) -> bool {
        self.signers.remove(account).is_some()
    }

    /// Returns the secret URI that signs for an account, or `None`.
    pub fn signer(&self, account: &Account) -> Option<&Zeroizing<String>> {
        self.signers.get(account)
    }

    /// Returns the accounts with a secret URI in this keystore.
    pub fn signer_accounts(&self) -> impl Iterator<Item = &Account> {
        self.signers.keys()
    }

    /// Adds the content of another keystore of the same account and chain, except the device key,
    /// which belongs to one machine. Keeps this keystore's pins, and returns the accounts for which
    /// the other has a different one.
    ///
    /// # Errors
    /// [`KeystoreError::OtherAccount`], [`KeystoreError::WrongChain`], and
    /// [`KeystoreError::NotBound`] if one of the two is of version 1 and not bound to a chain.
    pub fn merge(&mut self, other: &Self) -> Result<Vec<PinConflict>, KeystoreError> {
        if other.account != self.account {
            return Err(KeystoreError::OtherAccount {
                keystore: self.account,
                other: other.account,
            });
        }
        let (Some(_), Some(genesis)) = (self.genesis, other.genesis) else {
            return Err(KeystoreError::NotBound);
        };
        self.bind(genesis)?;
        for key in &other.keys {
            if !self.keys.iter().any(|own| own.public == key.public) {
                self.keys.push(key.clone());
            }
        }
        for (public, seed) in other.held() {
            self.insert_seed(*public, seed.clone());
        }
        for (account, uri) in &other.signers {
            self.signers.entry(*account).or_insert_with(|| uri.clone());
        }
        let mut conflicts = Vec::new();
        for (account, pin) in &other.pins {
            let own = *self.pins.entry(*account).or_insert(*pin);
            if own != *pin {
                conflicts.push(PinConflict { account: *account, own, other: *pin });
            }
        }
        Ok(conflicts)
    }

    /// Returns a keystore with some parts of this one and all its pins, for another device or for
    /// an account that reads some containers.
    pub fn export(&self, parts: &Export) -> Self {
        let mut copy = self.clone();
        if !parts.keys {
            copy.keys.clear();
            copy.device = None;
        }
        if !parts.signers {
            copy.signers.clear();
        }
        if let Some(containers) = &parts.containers {
            for held in copy.seeds.values_mut() {
                held.retain(|seed| containers.contains(&seed.container));
            }
        }
        copy
    }
}

impl KeySource for Keystore {
    fn seed(&self, of: &DataSet, epoch: EpochNumber, public: &PublicKey) -> Option<Seed> {
        let mut all = self.seeds.get(public).into_iter().flatten();
        let held = all.find(|held| held.is_of(of) && held.epoch == epoch);
        held.map(|held| held.seed.clone())
    }

    fn candidates(&self, version: KeyVersion) -> Vec<OwnKey> {
        let (first, others): (Vec<_>, Vec<_>) =
            self.keys.iter().rev().partition(|key| key.version == version);
        let own = |key: &HeldKey| OwnKey {
            account: self.account,
            version: key.version,
            secret: key.secret.clone(),
        };
        first.into_iter().chain(others).map(own).collect()
    }
}
