// SPDX-License-Identifier: Apache-2.0

//! Checks a consortium before its chain starts. Later is too late: a publicly known key cannot be
//! removed from a genesis.

use super::file::{GenesisFile, Organisation};
use pallet_consortium::MIN_SESSION_LENGTH;
use sc_network::config::{ed25519, NodeKeyConfig, Secret};
use sc_network::PeerId;
use sp_core::Get;
use sp_core::{
    crypto::{Ss58Codec, DEV_PHRASE},
    ecdsa, ed25519 as ed, sr25519, Pair,
};
use sp_runtime::{traits::IdentifyAccount, MultiSigner};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};
use twinchain_runtime::{
    configs::governance::{BlockBytes, BlockTime, MaxNodes},
    AccountId,
};

/// With fewer validators, finality stops as soon as one of them is offline.
pub const LEAST_VALIDATORS: usize = 4;
/// With fewer councillors, the council cannot decide as soon as one of them is absent: two thirds
/// of two are two.
pub const LEAST_COUNCILLORS: usize = 3;

/// Share of the chain's capacity, in percent, at which grants cause a warning.
const FULL_PERCENT: u64 = 80;

/// The names from which development keys are derived.
const WELL_KNOWN: [&str; 8] = ["Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie", "One", "Two"];
/// Secret node keys up to this number are rejected: examples everywhere use small numbers.
const SMALL_NODE_KEYS: u16 = 1024;

/// The result of a check.
#[derive(Debug, Default, PartialEq)]
pub struct Report {
    /// Problems that prevent the chain from being created.
    pub errors: Vec<String>,
    /// Problems that may be intended.
    pub warnings: Vec<String>,
}

/// Checks a whole consortium, and reports all problems.
pub fn check(file: &GenesisFile) -> Report {
    let mut report = Report::default();
    check_chain(file, &mut report);
    for organisation in &file.organisations {
        check_an_organisation(organisation, &mut report);
    }
    check_duplicates(file, &mut report);
    check_well_known_keys(file, &mut report);
    check_quorums(file, &mut report);
    check_capacity(file, &mut report);
    report
}

impl Report {
    fn error(&mut self, text: impl Into<String>) {
        self.errors.push(text.into());
    }

    fn warn(&mut self, text: impl Into<String>) {
        self.warnings.push(text.into());
    }
}

fn check_chain(file: &GenesisFile, report: &mut Report) {
    match &file.name {
        Some(name) if !name.trim().is_empty() => {},
        _ => report.error("no fragment gives the chain a `name`"),
    }
    let is_id = |id: &String| {
        !id.is_empty() && id.chars().all(|it| matches!(it, 'a'..='z' | '0'..='9' | '_' | '-'))
    };
    match &file.id {
        None => report.error("no fragment gives the chain an `id`"),
        Some(id) if !is_id(id) => report.error(format!(
            "the chain's id `{id}` may contain only lower case letters, digits, `_` and `-`"
        )),
        Some(_) => {},
    }
    if file.session_length.is_some_and(|length| length < MIN_SESSION_LENGTH) {
        report.error(format!(
            "a session (`session_length`) must have at least {MIN_SESSION_LENGTH} blocks"
        ));
    }
    if file.organisations.is_empty() {
        report.error("no fragment contains an organisation");
    }
}

fn check_an_organisation(organisation: &Organisation, report: &mut Report) {
    let name = &organisation.name;
    if organisation.admins.is_empty() {
        report.error(format!("`{name}` has no administrator (`admins`)"));
    }
    for (what, there_are, limit) in [
        (
            "members",
            organisation.admins.len() + organisation.members.len(),
            organisation.max_members(),
        ),
        ("nodes", organisation.nodes.len(), organisation.max_nodes()),
    ] {
        if there_are > usize::try_from(limit).unwrap_or(usize::MAX) {
            report
                .error(format!("`{name}` has {there_are} {what}, but at most {limit} are allowed"));
        }
    }
    for (rate, prefix) in [
        (organisation.quota(), ""),
        (organisation.time(), "time_"),
        (organisation.bytes(), "bytes_"),
    ] {
        if !rate.is_valid() {
            report.error(format!(
                "`{name}`: `{prefix}per_block` is not between 1 and `{prefix}burst`"
            ));
        }
    }
}

/// Reports accounts, keys and nodes that must be unique and occur twice.
fn check_duplicates(file: &GenesisFile, report: &mut Report) {
    let members = file.organisations.iter().flat_map(|organisation| {
        organisation.admins.iter().chain(&organisation.members).map(|member| &member.account)
    });
    twice("the account", members.map(address), "among the members", report);
    twice("the account", file.councillors().iter().map(address), "in the council", report);
    let validators = || file.validators();
    twice("the account", validators().map(|it| address(&it.account)), "as a validator", report);
    twice("the key", validators().map(|it| it.aura.to_ss58check()), "as `aura`", report);
    twice("the key", validators().map(|it| it.grandpa.to_ss58check()), "as `grandpa`", report);
    twice("the node", file.nodes().map(|it| it.peer_id.to_base58()), "on the list", report);
}

fn twice(what: &str, all: impl Iterator<Item = String>, place: &str, report: &mut Report) {
    let (mut seen, mut told) = (BTreeSet::new(), BTreeSet::new());
    for one in all {
        if !seen.insert(one.clone()) && told.insert(one.clone()) {
            report.error(format!("{what} {one} occurs twice {place}"));
        }
    }
}

/// Reports keys whose secret keys are publicly known.
fn check_well_known_keys(file: &GenesisFile, report: &mut Report) {
    // Cached, because deriving them takes a while.
    static KNOWN: LazyLock<BTreeMap<Vec<u8>, String>> = LazyLock::new(known_keys);
    static SMALL: LazyLock<BTreeMap<PeerId, u16>> = LazyLock::new(small_node_keys);
    let mut accounts = BTreeSet::new();
    for organisation in &file.organisations {
        accounts.extend(organisation.councillors.iter().cloned());
        accounts.extend(organisation.validators.iter().map(|it| it.account.clone()));
        accounts.extend(
            organisation.admins.iter().chain(&organisation.members).map(|it| it.account.clone()),
        );
    }
    let mut refuse = |what: &str, key: &[u8], shown: String| {
        if let Some(whose) = KNOWN.get(key) {
            report.error(format!("{what} {shown} is {whose}, whose secret key is public"));
        }
    };
    for account in &accounts {
        refuse("the account", account.as_ref(), address(account));
    }
    for validator in file.validators() {
        refuse("the key", validator.aura.as_ref(), validator.aura.to_ss58check());
        refuse("the key", validator.grandpa.as_ref(), validator.grandpa.to_ss58check());
    }
    for node in file.nodes() {
        if let Some(number) = SMALL.get(&node.peer_id) {
            report.error(format!(
                "the node {} has the secret key {number}, which anyone can guess",
                node.peer_id
            ));
        }
    }
}

/// Returns the accounts and public keys that derive from the development phrase, with their names.
fn known_keys() -> BTreeMap<Vec<u8>, String> {
    let paths = WELL_KNOWN
        .iter()
        .flat_map(|name| [format!("//{name}"), format!("//{name}//stash")])
        .chain([String::new()]);
    let mut keys = BTreeMap::new();
    for path in paths {
        let uri = format!("{DEV_PHRASE}{path}");
        let name = if path.is_empty() { "the development phrase".into() } else { path };
        let mut note = |key: Vec<u8>| keys.insert(key, name.clone());
        if let Ok(pair) = sr25519::Pair::from_string(&uri, None) {
            note(pair.public().0.to_vec());
        }
        if let Ok(pair) = ed::Pair::from_string(&uri, None) {
            note(pair.public().0.to_vec());
        }
        if let Ok(pair) = ecdsa::Pair::from_string(&uri, None) {
            let account: AccountId = MultiSigner::from(pair.public()).into_account();
            note(AsRef::<[u8]>::as_ref(&account).to_vec());
        }
    }
    keys.insert(vec![0; 32], "zero".into());
    keys
}

/// Returns the nodes whose secret keys are small numbers.
fn small_node_keys() -> BTreeMap<PeerId, u16> {
    let node = |number: u16| {
        let mut secret = [0; 32];
        secret[30..].copy_from_slice(&number.to_be_bytes());
        let secret = ed25519::SecretKey::try_from_bytes(&mut secret).ok()?;
        let keys = NodeKeyConfig::Ed25519(Secret::Input(secret)).into_keypair().ok()?;
        Some((keys.public().to_peer_id(), number))
    };
    (0..=SMALL_NODE_KEYS).filter_map(node).collect()
}

/// Checks that the chain continues when one participant is offline, and that no organisation
/// decides alone.
fn check_quorums(file: &GenesisFile, report: &mut Report) {
    let (validators, councillors) = (file.validators().count(), file.councillors().len());
    if validators < LEAST_VALIDATORS {
        report.error(format!(
            "{validators} validators are too few: with fewer than {LEAST_VALIDATORS}, no block \
             becomes final while one of them is offline"
        ));
    }
    if councillors < LEAST_COUNCILLORS {
        report.error(format!(
            "{councillors} councillors are too few: with fewer than {LEAST_COUNCILLORS}, the \
             council cannot decide after one of them loses its key"
        ));
    }
    let nodes = file.nodes().count();
    if nodes < validators {
        report.error(format!(
            "{validators} validators have only {nodes} nodes on the list (`nodes`): the others \
             could not connect"
        ));
    }
    match file.boot_nodes().len() {
        0 => report.warn("no node has an `address`, so nodes need --bootnodes to find each other"),
        1 => report.warn(
            "only one node has an `address`: while it is down or has another address, newcomers \
             find no one",
        ),
        _ => {},
    }
    for organisation in &file.organisations {
        let name = &organisation.name;
        if organisation.validators.len().saturating_mul(3) >= validators.max(1) {
            report.warn(format!(
                "`{name}` has {} of {validators} validators: without this organisation, no \
                 block becomes final",
                organisation.validators.len()
            ));
        }
        if organisation.councillors.len().saturating_mul(3) > councillors {
            report.warn(format!(
                "`{name}` has {} of {councillors} seats in the council: this organisation can \
                 block any decision",
                organisation.councillors.len()
            ));
        }
    }
}

/// Checks that the organisations together are granted no more than the chain's capacity. Warns from
/// [`FULL_PERCENT`] on, because later organisations could not be admitted.
fn check_capacity(file: &GenesisFile, report: &mut Report) {
    let all = |of: fn(&Organisation) -> u64| {
        file.organisations.iter().map(of).fold(0u64, u64::saturating_add)
    };
    let most_nodes = u64::from(<MaxNodes as Get<u32>>::get());
    for (granted, there_is, what, member) in [
        (
            all(|it| it.time().per_block),
            BlockTime::get(),
            "microseconds of each block",
            "time_per_block",
        ),
        (
            all(|it| it.bytes().per_block),
            BlockBytes::get(),
            "bytes of each block",
            "bytes_per_block",
        ),
        (all(|it| it.max_nodes().into()), most_nodes, "nodes", "max_nodes"),
    ] {
        let told = format!(
            "the organisations together are granted {granted} {what} (`{member}`), of {there_is} \
             in total"
        );
        if granted > there_is {
            report.error(told);
        } else if granted.saturating_mul(100) >= there_is.saturating_mul(FULL_PERCENT) {
            report.warn(format!("{told}: few organisations could be admitted later"));
        }
    }
}

fn address(account: &AccountId) -> String {
    account.to_ss58check()
}
