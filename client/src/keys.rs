// SPDX-License-Identifier: Apache-2.0

//! A command's keystore: opened on first use, and written when it changes.

use crate::{
    failure::{Failure, Kind},
    files,
    marks::Marks,
};
use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use subxt::utils::{AccountId32, H256};
use twinchain_sealing::{
    keystore::{file, Keystore, KeystoreError, Password, DEFAULT_COST},
    Account, DataSet, EpochNumber, GenesisHash, KeyVersion, PublicKey, Reader,
};

/// Prompts for a password. The argument is `true` for a new password, which must be repeated.
pub type AskPassword = Arc<dyn Fn(bool) -> Result<Password, Failure> + Send + Sync>;

/// An accepted epoch of a data set: container, name, number and public key.
type AcceptedEpoch = (u64, Vec<u8>, EpochNumber, PublicKey);

/// An opened keystore, and its password.
type Open = (Arc<Keystore>, Password);

static WRITING: Mutex<()> = Mutex::new(());

/// Waits until this program writes no keystore. While the returned guard exists, it writes none.
pub fn writing() -> MutexGuard<'static, ()> {
    WRITING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The keystore of one account on one chain. Clones share the opened keystore.
#[derive(Clone)]
pub struct Keys {
    path: PathBuf,
    account: Account,
    genesis: GenesisHash,
    ask: AskPassword,
    open: Arc<Mutex<Option<Open>>>,
    /// The public keys of epochs that the user compared with the owner.
    accepted: Arc<Mutex<BTreeSet<AcceptedEpoch>>>,
    /// The data sets that are known to be confidential.
    confidential: Marks,
    /// The public keys that were created here and not yet seen on the chain.
    prepared: Marks,
    /// The prepared keys that this command created.
    made: Arc<Mutex<BTreeSet<PublicKey>>>,
    /// `true` if changes stay in memory.
    is_dry: bool,
    cost: u32,
}

impl Keys {
    /// Returns a handle of the keystore without opening it.
    pub fn new(path: PathBuf, account: &AccountId32, genesis: H256, ask: AskPassword) -> Self {
        let (account, genesis) = (Account(account.0), GenesisHash(genesis.0));
        // Through a symbolic link, use the lists beside the actual keystore.
        let itself = std::fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        Self {
            confidential: Marks::beside(&itself, ".confidential"),
            prepared: Marks::beside(&itself, ".prepared"),
            path,
            account,
            genesis,
            ask,
            open: Arc::default(),
            accepted: Arc::default(),
            made: Arc::default(),
            is_dry: false,
            cost: DEFAULT_COST,
        }
    }

    /// Keeps all changes in memory, for a dry run.
    pub fn dry(self, is_dry: bool) -> Self {
        Self { is_dry, ..self }
    }

    /// Accepts the public key of an epoch as the owner's, after the user compared it.
    pub fn accept_epoch(&self, of: &DataSet, epoch: EpochNumber, public: PublicKey) {
        let accepted = (of.container, of.name.as_bytes().to_vec(), epoch, public);
        self.accepted.lock().unwrap_or_else(PoisonError::into_inner).insert(accepted);
    }

    /// Returns `true` if the user compared and accepted the public key of an epoch.
    pub fn is_accepted(&self, of: &DataSet, epoch: EpochNumber, public: &PublicKey) -> bool {
        let accepted = (of.container, of.name.as_bytes().to_vec(), epoch, *public);
        self.accepted.lock().unwrap_or_else(PoisonError::into_inner).contains(&accepted)
    }

    fn confidential_line(container: u64, name: &str) -> String {
        format!("{container} {}", hex::encode(name))
    }

    /// Records that a data set is confidential, which never changes. A node can then not trick the
    /// command into sending its values as plain text. Best effort; does not need the keystore.
    pub fn remember_confidential(&self, container: u64, name: &str) {
        if !self.is_dry {
            let _ = self.confidential.add(&Self::confidential_line(container, name));
        }
    }

    /// Returns `true` if a data set is recorded as confidential, or the keystore has keys of it.
    /// Needs the password only if the list is missing, such as after a keystore was copied.
    pub fn is_known_confidential(&self, container: u64, name: &str) -> Result<bool, Failure> {
        if !self.confidential.exist() && self.exist() {
            let keystore = self.keystore()?;
            self.remember_seeds(&keystore);
            let has_keys =
                |(of, data_set): (u64, &[u8])| of == container && data_set == name.as_bytes();
            return Ok(keystore.data_sets().into_iter().any(has_keys));
        }
        Ok(self.confidential.contain(&Self::confidential_line(container, name)))
    }

    /// Records the data sets with keys in the keystore as confidential.
    fn remember_seeds(&self, keystore: &Keystore) {
        if !self.is_dry {
            let line =
                |(container, name): (u64, &[u8])| format!("{container} {}", hex::encode(name));
            let _ = self.confidential.add_all(keystore.data_sets().into_iter().map(line));
        }
    }

    /// Records that a key was created here, before it is stored and sent. Until the chain has the
    /// key, the key does not prove what the chain should have. Best effort: without the mark, the
    /// key counts as one that the chain had.
    pub fn prepare(&self, public: PublicKey) {
        if !self.is_dry {
            let _ = self.prepared.add(&public.to_string());
            self.made.lock().unwrap_or_else(PoisonError::into_inner).insert(public);
        }
    }

    /// Returns `true` if a key was created here and not yet seen on the chain.
    pub fn is_prepared(&self, public: &PublicKey) -> bool {
        self.prepared.contain(&public.to_string())
    }

    /// Records that the chain has the keys for which `is_there` returns `true`.
    pub fn confirm(&self, is_there: impl Fn(&PublicKey) -> bool) {
        if !self.is_dry {
            let line_is_there = |line: &str| line.parse().is_ok_and(|public| is_there(&public));
            let _ = self.prepared.remove(line_is_there);
        }
    }

    /// Records that the chain may have the keys that this command created, because a node received
    /// them.
    pub fn confirm_made(&self) {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if !made.is_empty() {
            self.confirm(|public| made.contains(public));
        }
    }

    /// Records that the chain has none of the keys that this command created, because it refused
    /// them.
    pub fn prepare_again(&self) {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if !self.is_dry {
            let _ = self.prepared.add_all(made.iter().map(ToString::to_string));
        }
    }

    /// Returns the path of the file.
    pub fn path(&self) -> &std::path::Path {
        &self.path
    }

    /// Returns `true` if the file exists, even if it cannot be read now, such as a dangling link or
    /// a file in a closed directory. Treating it as missing would skip the comparison with it.
    pub fn exist(&self) -> bool {
        match std::fs::symlink_metadata(&self.path) {
            Ok(_) => true,
            Err(error) => error.kind() != std::io::ErrorKind::NotFound,
        }
    }

    /// Returns the account that the keys belong to.
    pub fn account(&self) -> Account {
        self.account
    }

    fn open(&self) -> MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the keystore. The first call opens it.
    ///
    /// # Errors
    /// [`Kind::NotPermitted`] if it does not exist, the password is wrong, or it belongs to another
    /// account or chain.
    pub fn keystore(&self) -> Result<Arc<Keystore>, Failure> {
        Ok(self.with_password()?.0)
    }

    fn with_password(&self) -> Result<Open, Failure> {
        let mut open = self.open();
        if let Some(open) = &*open {
            return Ok(open.clone());
        }
        if !self.exist() {
            let message = format!("the keystore {} does not exist", self.path.display());
            return Err(Failure::new(Kind::NotPermitted, "no-keystore", message).fix(
                "if the account has a key already: twin key recover, or twin key devices this; \
                     otherwise twin key new. Use --keystore for another file",
            ));
        }
        let password = (self.ask)(false)?;
        let mut keystore = file::read(&self.path, &password)?;
        self.check(&mut keystore)?;
        Ok(open.insert((Arc::new(keystore), password)).clone())
    }

    fn check(&self, keystore: &mut Keystore) -> Result<(), KeystoreError> {
        if keystore.account() != self.account {
            return Err(KeystoreError::OtherAccount {
                keystore: keystore.account(),
                other: self.account,
            });
        }
        keystore.bind(self.genesis)
    }

    /// Creates an empty keystore, unless it exists.
    pub fn create(&self) -> Result<(), Failure> {
        if self.exist() || self.open().is_some() {
            return self.keystore().map(|_| ());
        }
        if self.is_dry {
            // No password is needed, because no file is written.
            let keystore = Keystore::new(self.account, self.genesis);
            *self.open() = Some((Arc::new(keystore), Password::new("-")?));
            return Ok(());
        }
        if let Some(folder) = self.path.parent() {
            files::private_folder(folder).map_err(|error| files::failed(folder, &error))?;
        }
        let password = (self.ask)(true)?;
        let keystore = Keystore::new(self.account, self.genesis);
        let _writing = writing();
        file::create(&self.path, &keystore, &password, self.cost)?;
        *self.open() = Some((Arc::new(keystore), password));
        Ok(())
    }

    /// Changes the keystore in the file and in memory. Reads the file again first, because another
    /// program may have changed it.
    pub fn update<T>(
        &self,
        change: impl FnOnce(&mut Keystore) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let (before, password) = self.with_password()?;
        if self.is_dry {
            let mut keystore = Keystore::clone(&before);
            let result = change(&mut keystore)?;
            *self.open() = Some((Arc::new(keystore), password));
            return Ok(result);
        }
        let _writing = writing();
        let (result, keystore) = file::update(&self.path, &password, self.cost, |keystore| {
            self.check(keystore)?;
            let result = change(keystore)?;
            Ok::<_, Failure>((result, keystore.clone()))
        })?;
        self.remember_seeds(&keystore);
        *self.open() = Some((Arc::new(keystore), password));
        Ok(result)
    }

    /// Returns the key to send as this version of the account's own key. Creates a new one if
    /// `is_new`, or if the keystore has later keys that the chain never had, because a node may
    /// have reported a false version. Otherwise returns the key prepared earlier.
    pub fn own_key(&self, version: KeyVersion, is_new: bool) -> Result<Reader, Failure> {
        self.update(|keystore| {
            let before: Vec<_> = keystore.own_keys().collect();
            let mut later = before.iter().filter(|(held, _)| *held > version).peekable();
            let are_unused =
                later.peek().is_some() && later.all(|(_, public)| self.is_prepared(public));
            let reader = match is_new || are_unused {
                true => keystore.new_key(version)?,
                false => keystore.prepare_key(version)?,
            };
            if !before.iter().any(|(_, public)| *public == reader.public) {
                self.prepare(reader.public);
            }
            Ok(reader)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use twinchain_sealing::keystore::MIN_COST;

    #[test]
    fn key_for_a_false_version_does_not_block_a_later_one() {
        let folder = tempfile::tempdir().unwrap();
        let ask: AskPassword = Arc::new(|_| Ok(Password::new("a password")?));
        let (account, genesis) = (AccountId32([1; 32]), H256([8; 32]));
        let path = folder.path().join("keys.json");
        let keys = Keys::new(path, &account, genesis, ask);
        let keys = Keys { cost: MIN_COST, ..keys };
        keys.create().unwrap();
        let version = |number| KeyVersion::new(number).unwrap();
        // The node reports that the account has 50 versions, and the call is never executed.
        let unused = keys.own_key(version(51), false).unwrap();
        assert_eq!(keys.own_key(version(51), false).unwrap(), unused, "it is prepared once");
        let second = keys.own_key(version(2), false).unwrap();
        keys.confirm_made();
        assert!(!keys.is_prepared(&second.public));
        // The chain had version 51, so it cannot go back.
        let error = keys.own_key(version(1), false).unwrap_err();
        assert!(error.message.contains("the keystore has a key of version 51"), "{error:?}");
        assert!(keys.own_key(version(1), true).is_ok(), "a leaked key can still be replaced");
    }
}
