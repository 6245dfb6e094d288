// SPDX-License-Identifier: Apache-2.0

//! The command `consortium join`: generates a node's keys on the machine where the node will run,
//! and prints the fragment that the other companies need.

use super::claim::{ClaimCmd, NODE_KEY};
use super::file::{compose, GenesisFile, Member, Node, Organisation, Validator};
use crate::service::check_keys;
use sc_cli::KeystoreParams;
use sc_network::multiaddr::Protocol;
use sc_network::{
    config::{NodeKeyConfig, Secret},
    Multiaddr, PeerId,
};
use sc_service::{BasePath, KeystoreContainer};
use sp_core::crypto::{key_types, KeyTypeId};
use sp_keystore::Keystore;
use std::{
    fs,
    path::{Path, PathBuf},
};
use twinchain_runtime::AccountId;

/// Found a consortium with other companies.
#[derive(Debug, Clone, clap::Subcommand)]
#[allow(clippy::large_enum_variant, reason = "one value per process")]
pub enum ConsortiumCmd {
    /// Generate this machine's keys, and print a fragment for the other companies.
    ///
    /// The node's key and, for a validator, its session keys are generated in the directory in
    /// which the node looks for them. They never leave it. The output is a fragment of the file for
    /// `chain-spec --from`, and contains nothing secret. Existing keys are kept, so a repeated call
    /// prints the same.
    Join(JoinCmd),

    /// Sign with this machine's node key that the node belongs to an organisation.
    ///
    /// An administrator of the organisation then lists the node with `consortium.claimNode`, even
    /// if another organisation listed it before. Prints the peer id's bytes and the signature.
    Claim(ClaimCmd),
}

/// The arguments of `consortium join`.
#[derive(Debug, Clone, clap::Parser)]
pub struct JoinCmd {
    /// The company's name, the same on all its machines.
    #[arg(long, value_name = "NAME")]
    pub organisation: String,

    /// The id of the chain, agreed on by all companies.
    #[arg(long, value_name = "ID")]
    pub chain_id: String,

    /// The node's base directory.
    #[arg(long, short = 'd', value_name = "PATH")]
    pub base_path: PathBuf,

    /// The company's account (generate one with `key generate`). It administers the company, is in
    /// the council, and owns the validator, unless you give other accounts for these.
    #[arg(long, value_name = "ADDRESS")]
    pub account: AccountId,

    /// An administrator, instead of the company's account. Can be repeated.
    #[arg(long, value_name = "ADDRESS")]
    pub admin: Vec<AccountId>,

    /// A councillor, instead of the company's account. Can be repeated.
    #[arg(long, value_name = "ADDRESS", conflicts_with = "no_councillor")]
    pub councillor: Vec<AccountId>,

    /// Add no councillor: the company has no seat in the council, or another machine's fragment
    /// names its councillor.
    #[arg(long)]
    pub no_councillor: bool,

    /// The account of the validator, instead of the company's account. Each validator needs its
    /// own.
    #[arg(long, value_name = "ADDRESS", conflicts_with = "no_validator")]
    pub validator: Option<AccountId>,

    /// Add no validator: this node does not validate.
    #[arg(long)]
    pub no_validator: bool,

    /// The company's name for this node. It is public.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub label: String,

    /// The address at which newcomers can reach this node, for example
    /// `/dns/twinchain.cranes.example/tcp/30333`. It makes the node a boot node.
    #[arg(long, value_name = "MULTIADDRESS")]
    pub address: Option<Multiaddr>,

    /// The file to write the fragment to. Default: the standard output.
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// The keystore of the session keys and its password: the same as for the running node.
    #[command(flatten)]
    pub keystore: KeystoreParams,
}

impl ConsortiumCmd {
    /// Runs the command.
    pub fn run(&self) -> Result<(), String> {
        match self {
            Self::Join(cmd) => cmd.run(),
            Self::Claim(cmd) => cmd.run(),
        }
    }
}

impl JoinCmd {
    fn run(&self) -> Result<(), String> {
        let fragment = self.fragment()?;
        let text = format!(
            "# The fragment of {} for the chain `{}`. It contains nothing secret.\n\n{}",
            self.organisation.escape_default(),
            self.chain_id.escape_default(),
            fragment.to_toml()?
        );
        match &self.output {
            None => print!("{text}"),
            Some(path) if fs::read_to_string(path).is_ok_and(|there| there != text) => {
                return Err(format!(
                    "the file {} exists and has other content: remove it, or give another --output",
                    path.display()
                ));
            },
            Some(path) => fs::write(path, text)
                .map_err(|error| format!("cannot write {}: {error}", path.display()))?,
        }
        for node in fragment.nodes() {
            let bytes = sp_core::bytes::to_hex(&node.peer_id.to_bytes(), false);
            eprintln!("peer id: {}", node.peer_id);
            eprintln!("peer id as bytes: {bytes}");
        }
        eprintln!("The secret keys are in {}. Back them up.", self.folder().display());
        Ok(())
    }

    /// Returns the directory of the chain's data.
    fn folder(&self) -> PathBuf {
        BasePath::new(&self.base_path).config_dir(&self.chain_id)
    }

    /// Generates the keys that do not exist yet, and returns the fragment that names them.
    pub fn fragment(&self) -> Result<GenesisFile, String> {
        check_chain_id(&self.chain_id)?;
        self.address.as_ref().map_or(Ok(()), check_address)?;
        let folder = self.folder();
        let peer_id = node_key(&folder.join(NODE_KEY))?;
        let label = compose(&self.label);
        let node = Node { peer_id, label, address: self.address.clone() };
        let validators = match self.no_validator {
            true => Vec::new(),
            false => vec![self.validator(&folder)?],
        };
        let or_the_account = |given: &[AccountId]| match given {
            [] => vec![self.account.clone()],
            given => given.to_vec(),
        };
        let admins = or_the_account(&self.admin)
            .into_iter()
            .map(|account| Member { account, label: String::new() })
            .collect();
        let councillors =
            if self.no_councillor { Vec::new() } else { or_the_account(&self.councillor) };
        let organisation = Organisation {
            name: compose(&self.organisation),
            councillors,
            admins,
            validators,
            nodes: vec![node],
            ..Organisation::default()
        };
        let id = Some(self.chain_id.clone());
        Ok(GenesisFile { id, organisations: vec![organisation], ..GenesisFile::default() })
    }

    fn validator(&self, folder: &Path) -> Result<Validator, String> {
        check_password_file(&self.keystore)?;
        let config = self.keystore.keystore_config(folder).map_err(|error| error.to_string())?;
        let keystore = KeystoreContainer::new(&config)
            .map_err(|error| {
                let place = config.path().unwrap_or(folder).display();
                format!("the keystore {place} cannot be opened: {error}")
            })?
            .local_keystore();
        check_keys(&*keystore).map_err(|error| error.to_string())?;
        let aura = the_key(key_types::AURA, keystore.sr25519_public_keys(key_types::AURA), || {
            keystore.sr25519_generate_new(key_types::AURA, None)
        })?;
        let grandpa =
            the_key(key_types::GRANDPA, keystore.ed25519_public_keys(key_types::GRANDPA), || {
                keystore.ed25519_generate_new(key_types::GRANDPA, None)
            })?;
        let account = self.validator.as_ref().unwrap_or(&self.account).clone();
        Ok(Validator { account, aura: aura.into(), grandpa: grandpa.into() })
    }
}

/// Fails if the file of a keystore's password does not exist. The SDK's error does not name it.
pub fn check_password_file(keystore: &KeystoreParams) -> Result<(), String> {
    match &keystore.password_filename {
        Some(path) if !path.is_file() => {
            Err(format!("--password-filename {}: no such file", path.display()))
        },
        _ => Ok(()),
    }
}

/// Returns the only key of its kind in the keystore, or generates one. Fails if there are several.
fn the_key<K, E: std::fmt::Display>(
    kind: KeyTypeId,
    there: Vec<K>,
    generate: impl FnOnce() -> Result<K, E>,
) -> Result<K, String> {
    let kind = String::from_utf8_lossy(&kind.0).into_owned();
    let mut there = there.into_iter();
    match (there.next(), there.next()) {
        (None, _) => generate().map_err(|error| format!("cannot generate a key `{kind}`: {error}")),
        (Some(key), None) => Ok(key),
        (Some(_), Some(_)) => Err(format!(
            "the keystore has several keys `{kind}`, but only one can be in the genesis: move the \
             files of the others out of it, or give another --base-path"
        )),
    }
}

/// Returns the peer id of the node whose key is in this file. Generates the key if the file does
/// not exist.
fn node_key(path: &Path) -> Result<PeerId, String> {
    if path.exists() {
        check_node_key(path)?;
    }
    let keys = NodeKeyConfig::Ed25519(Secret::File(path.into())).into_keypair();
    let keys = keys.map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(keys.public().to_peer_id())
}

/// Fails unless a file contains a node's secret key: 32 bytes, or 64 hexadecimal digits.
pub fn check_node_key(path: &Path) -> Result<(), String> {
    let shown = path.display();
    let content = fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => format!(
            "the node key {shown} does not exist: twinchain-node key generate-node-key --file \
             {shown} makes one, and consortium join makes one for a validator"
        ),
        _ => format!("the node key {shown} cannot be read: {error}"),
    })?;
    let is_hex = |text: &[u8]| text.len() == 64 && text.iter().all(u8::is_ascii_hexdigit);
    match content.len() == 32 || is_hex(&content) {
        true => Ok(()),
        false if is_hex(content.trim_ascii()) => Err(format!(
            "the node key {shown} has spaces or a newline around its 64 digits: remove them, with \
             printf %s \"$(cat {shown})\""
        )),
        false => Err(format!(
            "{shown} is not a node key: it has {} bytes, not 32 bytes or 64 hexadecimal digits",
            content.len()
        )),
    }
}

/// Fails unless a chain's id can name a directory.
pub fn check_chain_id(id: &str) -> Result<(), String> {
    let is_right =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte);
    match !id.is_empty() && id.bytes().all(is_right) {
        true => Ok(()),
        false => Err(format!(
            "--chain-id `{id}` is not an id: use only lower case letters, digits, `_` and `-`"
        )),
    }
}

/// Fails unless an address has a port, so that other nodes can dial it.
fn check_address(address: &Multiaddr) -> Result<(), String> {
    let has_port = |part: Protocol<'_>| matches!(part, Protocol::Tcp(1..) | Protocol::Udp(1..));
    match address.iter().any(has_port) {
        true => Ok(()),
        false => Err(format!(
            "--address {address} has no port: for example, write {}/tcp/30333",
            address.to_string().trim_end_matches('/')
        )),
    }
}
