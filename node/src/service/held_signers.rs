// SPDX-License-Identifier: Apache-2.0

//! The file of held signers: this node leaves their transactions out of its blocks, because one did
//! not return.
//!
//! Each line has the signer in SS58, the hash of the transaction, and the time in Unix
//! milliseconds, separated by spaces. A bare extrinsic has `-` as its signer, and only this
//! extrinsic is left out. The transactions stay in the pool, and other nodes decide for themselves.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};
use twinchain_runtime::{AccountId, Hash};

/// The file's name, in the chain's directory.
pub const FILE_NAME: &str = "held-signers";

/// The placeholder for the signer of a bare extrinsic.
const NO_SIGNER: &str = "-";

/// One line of the file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Held {
    /// The signer, all of whose transactions are left out, or `None` for a bare extrinsic.
    pub signer: Option<AccountId>,
    /// The hash of the extrinsic that did not return.
    pub hash: Hash,
    /// Time of detection, in Unix milliseconds.
    pub time: u64,
}

impl Held {
    /// Returns the address or the hash by which the entry is released.
    fn name(&self) -> String {
        match &self.signer {
            Some(signer) => signer.to_string(),
            None => format!("{:?}", self.hash),
        }
    }

    /// Returns `true` if `name` is the entry's signer or, without a signer, its hash.
    fn is_named(&self, name: &AccountId) -> bool {
        match &self.signer {
            Some(signer) => signer == name,
            None => self.hash.as_bytes() == AsRef::<[u8]>::as_ref(name),
        }
    }

    fn parse(line: &str) -> Result<Self, String> {
        let [signer, hash, time] = line.split_whitespace().collect::<Vec<_>>()[..] else {
            return Err("expected `SIGNER HASH TIME`".into());
        };
        let signer = match signer {
            NO_SIGNER => None,
            signer => {
                Some(signer.parse::<AccountId>().map_err(|error| format!("the signer: {error}"))?)
            },
        };
        let hash = hash.parse::<Hash>().map_err(|error| format!("the hash: {error}"))?;
        let time = time.parse::<u64>().map_err(|error| format!("the time: {error}"))?;
        Ok(Self { signer, hash, time })
    }

    fn line(&self) -> String {
        let signer = self.signer.as_ref().map_or(NO_SIGNER.into(), ToString::to_string);
        format!("{signer} {:?} {}\n", self.hash, self.time)
    }
}

/// The held signers that the file lists.
#[derive(Clone, Debug, Default)]
pub struct HeldSigners {
    path: PathBuf,
    held: Vec<Held>,
}

impl HeldSigners {
    /// Creates the list for the file at `path`, which is not read.
    pub fn new(path: PathBuf, held: Vec<Held>) -> Self {
        Self { path, held }
    }

    /// Reads the file at `path`. If it does not exist, no signer is held. Fails if the file cannot
    /// be read, or if a line is malformed; the error names the first such line.
    pub fn open(path: PathBuf) -> Result<Self, String> {
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            text => text.map_err(|error| format!("cannot read {}: {error}", path.display()))?,
        };
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let held = lines
            .map(|(index, line)| {
                let number = index.saturating_add(1);
                Held::parse(line)
                    .map_err(|error| format!("{}, line {number}: {error}", path.display()))
            })
            .collect::<Result<_, String>>()?;
        Ok(Self::new(path, held))
    }

    /// Returns the path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the number of lines.
    pub fn len(&self) -> u64 {
        self.held.len().try_into().unwrap_or(u64::MAX)
    }

    /// Returns `true` if an extrinsic is left out: its signer is held or, if it has none, its hash.
    pub fn contains(&self, signer: Option<&AccountId>, hash: &Hash) -> bool {
        self.held.iter().any(|held| match &held.signer {
            Some(held) => signer == Some(held),
            None => signer.is_none() && held.hash == *hash,
        })
    }

    /// Returns the held signers in one line, for the log.
    pub fn names(&self) -> String {
        let name = |held: &Held| match &held.signer {
            Some(signer) => format!("{signer} (extrinsic {:?})", held.hash),
            None => format!("extrinsic {:?} without a signer", held.hash),
        };
        self.held.iter().map(name).collect::<Vec<_>>().join(", ")
    }

    /// Adds a line to the file.
    pub fn hold(&mut self, held: Held) -> io::Result<()> {
        self.held.push(held);
        self.write()
    }

    /// Removes signers, or the hashes of bare extrinsics, from the file. Fails, and changes
    /// nothing, if one of them is not held.
    pub fn release(&mut self, names: &[AccountId]) -> Result<(), String> {
        let unknown = names.iter().find(|name| !self.held.iter().any(|held| held.is_named(name)));
        if let Some(unknown) = unknown {
            let held: Vec<String> = self.held.iter().map(Held::name).collect();
            return Err(format!(
                "--release-signer: {unknown} ({}) is not held, or was already released: start \
                 without this option. Held in {}: {}.",
                sp_core::bytes::to_hex(unknown.as_ref(), false),
                self.path.display(),
                if held.is_empty() { "none".into() } else { held.join(", ") },
            ));
        }
        if names.is_empty() {
            return Ok(());
        }
        self.held.retain(|held| !names.iter().any(|name| held.is_named(name)));
        self.write().map_err(|error| format!("cannot write {}: {error}", self.path.display()))
    }

    /// Replaces the file atomically, so that a crash leaves the old or the new one.
    fn write(&self) -> io::Result<()> {
        let folder = self.path.parent().ok_or(io::ErrorKind::InvalidInput)?;
        fs::create_dir_all(folder)?;
        let new = self.path.with_extension("new");
        let mut file = File::create(&new)?;
        file.write_all(self.held.iter().map(Held::line).collect::<String>().as_bytes())?;
        file.sync_all()?;
        fs::rename(&new, &self.path)?;
        // Persists the rename.
        File::open(folder)?.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cli::Cli, service::testing::account};
    use clap::Parser;

    fn hash(number: u8) -> Hash {
        Hash::repeat_byte(number)
    }

    fn of(number: u8) -> Held {
        Held { signer: Some(account(1, number)), hash: hash(number), time: 1_764_400_000_000 }
    }

    fn bare(number: u8) -> Held {
        Held { signer: None, ..of(number) }
    }

    /// Returns the list in a new directory, which is removed when the first value is dropped.
    fn file(held: &[Held]) -> (tempfile::TempDir, HeldSigners) {
        let folder = tempfile::tempdir().unwrap();
        let mut signers = HeldSigners::open(folder.path().join("chain").join(FILE_NAME)).unwrap();
        for held in held {
            signers.hold(held.clone()).unwrap();
        }
        (folder, signers)
    }

    /// Returns the error for a file with this text.
    fn refusal(text: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        fs::write(&path, text).unwrap();
        HeldSigners::open(path).unwrap_err()
    }

    fn reopened(signers: &HeldSigners) -> HeldSigners {
        HeldSigners::open(signers.path().into()).unwrap()
    }

    #[test]
    fn no_signer_is_held_without_a_file() {
        let (_folder, signers) = file(&[]);
        assert_eq!(signers.len(), 0);
        assert!(!signers.contains(Some(&account(1, 1)), &hash(1)));
        assert!(!signers.path().exists());
    }

    #[test]
    fn held_signers_survive_a_restart() {
        let (_folder, signers) = file(&[of(1), bare(2)]);
        let read = reopened(&signers);
        assert_eq!(read.held, [of(1), bare(2)]);
        assert_eq!(read.len(), 2);
        assert!(read.names().contains(&account(1, 1).to_string()));
        assert!(read.names().contains(&format!("{:?} without a signer", hash(2))));
    }

    #[test]
    fn signer_is_held_entirely_and_bare_extrinsic_by_hash() {
        let (_folder, signers) = file(&[of(1), bare(2)]);
        assert!(signers.contains(Some(&account(1, 1)), &hash(9)));
        assert!(!signers.contains(Some(&account(1, 3)), &hash(1)));
        assert!(signers.contains(None, &hash(2)));
        assert!(!signers.contains(None, &hash(1)));
        assert!(!signers.contains(Some(&account(1, 3)), &hash(2)));
    }

    #[test]
    fn released_signers_are_removed_from_the_file() {
        let (_folder, mut signers) = file(&[of(1), of(2), bare(3), of(1)]);
        signers.release(&[account(1, 1), AccountId::new(hash(3).0)]).unwrap();
        assert_eq!(reopened(&signers).held, [of(2)]);
        signers.release(&[account(1, 2)]).unwrap();
        assert_eq!(reopened(&signers).held, []);
    }

    #[test]
    fn hash_of_a_signed_extrinsic_does_not_release_it() {
        let (_folder, mut signers) = file(&[of(1)]);
        assert!(signers.release(&[AccountId::new(hash(1).0)]).is_err());
    }

    #[test]
    fn release_fails_and_changes_nothing_if_one_is_not_held() {
        let (_folder, mut signers) = file(&[of(1), of(2)]);
        let error = signers.release(&[account(1, 1), account(1, 3)]).unwrap_err();
        assert!(error.contains(&format!("{} (0x0103", account(1, 3))), "{error}");
        assert!(error.contains("is not held"), "{error}");
        assert!(error.contains(&account(1, 2).to_string()), "{error}");
        assert_eq!(reopened(&signers).held, [of(1), of(2)]);
        let (_folder, mut signers) = file(&[]);
        assert!(signers.release(&[account(1, 1)]).unwrap_err().ends_with(": none."));
        assert!(signers.release(&[]).is_ok());
    }

    #[test]
    fn command_line_accepts_addresses_and_hexadecimal() {
        let parse = |names: &[&str]| {
            let options = names.iter().flat_map(|name| ["--release-signer", *name]);
            let cli = Cli::try_parse_from(["twinchain-node"].into_iter().chain(options));
            cli.map(|cli| cli.release_signer).map_err(|error| error.to_string())
        };
        let address = account(1, 1).to_string();
        let hash = format!("{:?}", hash(2));
        assert_eq!(parse(&[]), Ok(vec![]));
        let both = vec![account(1, 1), AccountId::new([2; 32])];
        assert_eq!(parse(&[&address, &hash]), Ok(both));
        assert!(parse(&["5Ghost"]).unwrap_err().contains("--release-signer"));
        assert!(parse(&["0x12"]).is_err());
    }

    #[test]
    fn open_fails_and_names_a_malformed_line() {
        let good = of(1).line();
        let address = account(1, 1);
        for (line, error) in [
            ("what is this", "line 2: the signer"),
            (&*format!("{address} {:?}", hash(1)), "line 2: expected `SIGNER HASH TIME`"),
            (&*format!("{address} {:?} 1 2", hash(1)), "line 2: expected `SIGNER HASH TIME`"),
            (&*format!("{address} 0x12 1"), "line 2: the hash"),
            (&*format!("{address} {:?} yesterday", hash(1)), "line 2: the time"),
            (&*format!("{address} {:?} -1", hash(1)), "line 2: the time"),
        ] {
            let refusal = refusal(&format!("{good}{line}\n"));
            assert!(refusal.contains(error), "{line}: {refusal}");
        }
        // One character of the address is changed.
        let wrong = good.replacen(['A', 'B', 'C', 'D'], "E", 1);
        assert!(refusal(&wrong).contains("line 1: the signer"));
        assert!(refusal("\u{0}").contains("line 1"));
    }

    #[test]
    fn open_fails_if_the_file_is_unreadable() {
        let folder = tempfile::tempdir().unwrap();
        let error = HeldSigners::open(folder.path().into()).unwrap_err();
        assert!(error.starts_with("cannot read "), "{error}");
    }

    #[test]
    fn empty_lines_and_hexadecimal_addresses_are_accepted() {
        let (_folder, signers) = file(&[of(1)]);
        let hex = sp_core::bytes::to_hex(account(1, 1).as_ref(), false);
        let text = of(1).line().replace(&account(1, 1).to_string(), &hex);
        fs::write(signers.path(), format!("\n{text}\n\n")).unwrap();
        assert_eq!(reopened(&signers).held, [of(1)]);
    }

    #[test]
    fn leftover_file_of_a_crash_is_ignored() {
        let (_folder, mut signers) = file(&[of(1)]);
        fs::write(signers.path().with_extension("new"), "half a li").unwrap();
        assert_eq!(reopened(&signers).held, [of(1)]);
        signers.hold(of(2)).unwrap();
        assert_eq!(reopened(&signers).held, [of(1), of(2)]);
    }
}
