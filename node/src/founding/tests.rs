// SPDX-License-Identifier: Apache-2.0

//! Tests with a consortium of four companies, and with the problems that it may have.

use super::{
    check::{check, Report},
    claim::Claim,
    file::{GenesisFile, Member, Organisation},
    join::{check_chain_id, ConsortiumCmd},
    spec::specification,
};
use crate::chain_spec::genesis_hash;
use clap::Parser;
use pallet_consortium::{claim_hash, NODE_CLAIM};
use sc_service::{config::KeystoreConfig, KeystoreContainer};
use sp_core::{
    crypto::{key_types::AURA, Ss58Codec},
    ed25519, sr25519, Get, Pair,
};
use sp_keystore::Keystore;
use sp_runtime::BuildStorage;
use std::path::Path;
use twinchain_runtime::{
    configs::governance::{BlockBytes, BlockTime, MaxNodes},
    AccountId,
};

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: ConsortiumCmd,
}

const COMPANIES: [&str; 4] = ["Builders", "Cranes", "Doors", "Elevators"];

fn account(name: &str) -> AccountId {
    sr25519::Pair::from_string(&format!("//{name}"), None).unwrap().public().0.into()
}

/// Returns the fragment that `consortium join` with these options makes in this directory.
fn join(folder: &Path, company: &str, options: &[&str]) -> Result<GenesisFile, String> {
    let command = Cli::try_parse_from(
        ["twinchain-node", "join", "--chain-id", "chain", "--organisation", company]
            .into_iter()
            .chain(["--base-path", folder.join(company).to_str().unwrap()])
            .chain(["--account", &account(company).to_ss58check()])
            .chain(options.iter().copied()),
    );
    match command.map_err(|error| error.to_string())?.command {
        ConsortiumCmd::Join(command) => command.fragment(),
        ConsortiumCmd::Claim(_) => unreachable!("it is `join`"),
    }
}

fn head() -> GenesisFile {
    GenesisFile { name: Some("Chain".into()), id: Some("chain".into()), ..GenesisFile::default() }
}

/// Returns the fragments of four companies, each with a validator at an address.
fn fragments() -> Vec<GenesisFile> {
    let folder = tempfile::tempdir().unwrap();
    let company =
        |name| join(folder.path(), name, &["--address", "/ip4/127.0.0.1/tcp/30333"]).unwrap();
    COMPANIES.map(company).into_iter().chain([head()]).collect()
}

fn whole() -> GenesisFile {
    GenesisFile::merge(fragments()).unwrap()
}

fn errors_after(edit: impl FnOnce(&mut GenesisFile)) -> Vec<String> {
    let mut file = whole();
    edit(&mut file);
    check(&file).errors
}

fn only_error(edit: impl FnOnce(&mut GenesisFile)) -> String {
    let errors = errors_after(edit);
    assert_eq!(errors.len(), 1, "{errors:?}");
    errors.into_iter().next().unwrap()
}

#[test]
fn four_companies_make_a_chain() {
    let file = whole();
    assert_eq!(check(&file), Report::default());
    let spec = specification(&file).unwrap();
    assert_eq!((spec.name(), spec.id()), ("Chain", "chain"));
    assert_eq!(spec.boot_nodes().len(), 4);
    genesis_hash(spec.build_storage().unwrap()).unwrap();
}

#[test]
fn the_order_of_fragments_does_not_matter() {
    let fragments = fragments();
    let hash = |fragments: Vec<GenesisFile>| {
        let spec = specification(&GenesisFile::merge(fragments).unwrap()).unwrap();
        genesis_hash(spec.build_storage().unwrap()).unwrap()
    };
    let first = hash(fragments.clone());
    assert_eq!(hash(fragments.iter().rev().cloned().collect()), first);
    let mut other = fragments;
    other[0].organisations[0].nodes[0].label = "other".into();
    assert_ne!(hash(other), first);
}

#[test]
fn fragment_is_unchanged_after_a_round_trip() {
    let whole = whole();
    let toml = whole.to_toml().unwrap();
    assert_eq!(GenesisFile::from_toml(&toml).unwrap(), whole);
    assert_eq!(GenesisFile::from_json(&serde_json::to_string(&whole).unwrap()).unwrap(), whole);
    assert!(GenesisFile::from_toml("nmae = \"Chain\"").unwrap_err().contains("unknown field"));
    assert!(GenesisFile::from_json("{\"organisations\": [{}]}")
        .unwrap_err()
        .contains("missing field"));
}

#[test]
fn joining_again_keeps_the_keys() {
    let folder = tempfile::tempdir().unwrap();
    let first = join(folder.path(), "Cranes", &[]).unwrap();
    assert_eq!(join(folder.path(), "Cranes", &[]).unwrap(), first);
    let elsewhere = tempfile::tempdir().unwrap();
    assert_ne!(join(elsewhere.path(), "Cranes", &[]).unwrap(), first);
}

#[test]
fn fragments_of_different_chains_are_rejected() {
    let other = GenesisFile { id: Some("other".into()), ..head() };
    let [first, ..] = &fragments()[..] else { panic!("there are four") };
    assert!(GenesisFile::merge([first.clone(), other]).unwrap_err().contains("id"));
}

#[test]
fn chain_id_cannot_name_another_directory() {
    for id in ["../up", "", "a/b", "A"] {
        assert!(check_chain_id(id).unwrap_err().contains("is not an id"), "{id}");
    }
    check_chain_id("cranes-2_test").unwrap();
}

#[test]
fn address_without_a_port_is_rejected() {
    let folder = tempfile::tempdir().unwrap();
    for address in ["/dns/cranes.example", "/ip4/127.0.0.1", "/dns/cranes.example/tcp/0"] {
        let error = join(folder.path(), "Cranes", &["--address", address]).unwrap_err();
        assert!(error.contains("has no port"), "{error}");
    }
    join(folder.path(), "Cranes", &["--address", "/dns/cranes.example/tcp/443/wss"]).unwrap();
}

#[test]
fn session_keys_use_the_given_keystore_and_password() {
    let folder = tempfile::tempdir().unwrap();
    let (keys, password) = (folder.path().join("keys"), folder.path().join("password"));
    std::fs::write(&password, "a password").unwrap();
    let options = [
        ["--keystore-path", keys.to_str().unwrap()],
        ["--password-filename", password.to_str().unwrap()],
    ];
    let first = join(folder.path(), "Cranes", options.as_flattened()).unwrap();
    assert_eq!(std::fs::read_dir(&keys).unwrap().count(), 2);
    assert!(!folder.path().join("Cranes/chains/chain/keystore").exists());
    assert_eq!(join(folder.path(), "Cranes", options.as_flattened()).unwrap(), first);
    // The file names are the public keys, so only signing needs the password.
    let open = |password: Option<&str>| {
        let password = password.map(|it| it.to_string().into());
        let config = KeystoreConfig::Path { path: keys.clone(), password };
        KeystoreContainer::new(&config).unwrap().local_keystore()
    };
    let aura =
        sr25519::Public::try_from(first.organisations[0].validators[0].aura.as_ref()).unwrap();
    let signs = |password| matches!(open(password).sr25519_sign(AURA, &aura, b"x"), Ok(Some(_)));
    assert!(signs(Some("a password")));
    assert!(!signs(None) && !signs(Some("another")));
    // A second `join` without the password, or with another one, would hide that.
    let again = |options: &[&str]| join(folder.path(), "Cranes", options).unwrap_err();
    let place = options[0];
    assert!(again(&place).contains("--password-filename FILE"));
    let other = folder.path().join("other");
    std::fs::write(&other, "another").unwrap();
    let with = |file: &Path| {
        again([place, ["--password-filename", file.to_str().unwrap()]].as_flattened())
    };
    assert!(with(&other).contains("cannot be used"));
    let missing = folder.path().join("missing");
    assert!(with(&missing).contains(missing.to_str().unwrap()));
}

#[test]
fn node_key_with_a_newline_is_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Cranes/chains/chain/network/secret_ed25519");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, format!("{}\n", "0a".repeat(32))).unwrap();
    let error = join(folder.path(), "Cranes", &[]).unwrap_err();
    assert!(error.contains("newline") && error.contains("printf"), "{error}");
}

#[test]
fn secrets_are_readable_by_their_owner_only_and_are_not_in_the_fragment() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let fragment = join(folder.path(), "Cranes", &[]).unwrap().to_toml().unwrap();
    let chain = folder.path().join("Cranes/chains/chain");
    let mut secrets = vec![chain.join("network/secret_ed25519")];
    secrets.extend(std::fs::read_dir(chain.join("keystore")).unwrap().map(|it| it.unwrap().path()));
    assert_eq!(secrets.len(), 3);
    for path in secrets {
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", path.display());
        let secret = std::fs::read(&path).unwrap();
        let shown = String::from_utf8_lossy(&secret).trim_matches('"').to_string();
        assert!(!fragment.contains(&shown), "{}", path.display());
    }
}

#[test]
fn other_accounts_can_replace_the_company_account() {
    let folder = tempfile::tempdir().unwrap();
    let addresses = ["a", "b", "c"].map(|name| account(name).to_ss58check());
    let options =
        ["--admin", &addresses[0], "--councillor", &addresses[1], "--validator", &addresses[2]];
    let file = join(folder.path(), "Cranes", &options).unwrap();
    let [of] = &file.organisations[..] else { panic!("one organisation") };
    assert_eq!(of.admins[0].account, account("a"));
    assert_eq!(of.councillors, [account("b")]);
    assert_eq!(of.validators[0].account, account("c"));
    let file = join(folder.path(), "Doors", &["--no-validator", "--no-councillor"]).unwrap();
    let [of] = &file.organisations[..] else { panic!("one organisation") };
    assert_eq!((of.councillors.len(), of.validators.len(), of.nodes.len()), (0, 0, 1));
    assert!(!folder.path().join("Doors/chains/chain/keystore").exists());
    let both = ["--no-validator", "--validator", &addresses[0]];
    assert!(join(folder.path(), "Doors", &both).is_err());
}

#[test]
fn several_machines_of_a_company_become_one() {
    let folder = tempfile::tempdir().unwrap();
    let second =
        ["--no-councillor", "--validator", &account("second").to_ss58check(), "--label", "rack 2"];
    let merged = GenesisFile::merge([
        join(folder.path(), "Cranes", &[]).unwrap(),
        join(&folder.path().join("second"), "Cranes", &second).unwrap(),
    ])
    .unwrap();
    let [of] = &merged.organisations[..] else { panic!("one organisation") };
    assert_eq!((of.admins.len(), of.validators.len(), of.nodes.len()), (1, 2, 2));
}

#[test]
fn fragments_that_disagree_are_rejected() {
    let said = |edit: fn(&mut Organisation)| {
        let mut organisation = Organisation { name: "Cranes".into(), ..Organisation::default() };
        edit(&mut organisation);
        GenesisFile { organisations: vec![organisation], ..GenesisFile::default() }
    };
    let merged = GenesisFile::merge([said(|it| it.burst = Some(1)), said(|it| it.burst = Some(2))]);
    assert_eq!(
        merged.unwrap_err(),
        "two fragments have different values for the organisation `Cranes`: burst"
    );
    let other = GenesisFile { id: Some("other".into()), ..GenesisFile::default() };
    assert!(GenesisFile::merge([head(), other]).unwrap_err().contains("id"));
    assert!(GenesisFile::merge([head(), GenesisFile::default(), head()]).is_ok());
}

#[test]
fn chain_needs_a_name_an_id_and_organisations() {
    assert!(only_error(|file| file.name = None).contains("`name`"));
    assert!(only_error(|file| file.id = None).contains("`id`"));
    assert!(only_error(|file| file.id = Some("../up".into())).contains("lower case"));
    assert!(only_error(|file| file.session_length = Some(1)).contains("at least 10 blocks"));
    let errors = errors_after(|file| file.organisations.clear());
    assert!(errors.contains(&"no fragment contains an organisation".into()), "{errors:?}");
}

#[test]
fn well_known_keys_are_rejected() {
    let alice = sr25519::Pair::from_string("//Alice", None).unwrap().public();
    let ed = ed25519::Pair::from_string("//Bob", None).unwrap().public();
    let member = |account: [u8; 32]| Member { account: account.into(), label: String::new() };
    for (whose, edit) in [
        (
            "//Alice",
            Box::new(|it: &mut Organisation| it.members.push(member(alice.0)))
                as Box<dyn Fn(&mut Organisation)>,
        ),
        ("//Bob", Box::new(|it| it.admins.push(member(ed.0)))),
        ("//Alice", Box::new(|it| it.councillors[0] = alice.0.into())),
        ("//Alice", Box::new(|it| it.validators[0].aura = alice.into())),
        ("//Bob", Box::new(|it| it.validators[0].grandpa = ed.into())),
        ("zero", Box::new(|it| it.members.push(member([0; 32])))),
    ] {
        let error = only_error(|file| edit(&mut file.organisations[1]));
        assert!(error.contains(&format!("is {whose}, whose secret key is public")), "{error}");
    }
    let node = "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp".parse().unwrap();
    let error = only_error(|file| file.organisations[0].nodes[0].peer_id = node);
    assert!(error.contains("has the secret key 1,"), "{error}");
}

#[test]
fn duplicates_are_rejected() {
    for (what, edit) in [
        (
            "among the members",
            (|of, other| of.members = other.admins.clone()) as fn(&mut Organisation, &Organisation),
        ),
        ("in the council", |of, other| of.councillors = other.councillors.clone()),
        ("as a validator", |of, other| {
            of.validators[0].account = other.validators[0].account.clone();
        }),
        ("as `aura`", |of, other| of.validators[0].aura = other.validators[0].aura.clone()),
        ("as `grandpa`", |of, other| {
            of.validators[0].grandpa = other.validators[0].grandpa.clone()
        }),
        ("on the list", |of, other| of.nodes[0].peer_id = other.nodes[0].peer_id),
    ] {
        let error = only_error(|file| {
            let other = file.organisations[1].clone();
            edit(&mut file.organisations[0], &other);
        });
        assert!(error.contains("occurs twice") && error.ends_with(what), "{error}");
    }
}

#[test]
fn too_few_validators_or_councillors_are_rejected() {
    let error = only_error(|file| file.organisations[0].validators.clear());
    assert!(error.contains("3 validators are too few"), "{error}");
    let error = only_error(|file| {
        file.organisations[0].councillors.clear();
        file.organisations[1].councillors.clear();
    });
    assert!(error.contains("2 councillors are too few"), "{error}");
    let error = only_error(|file| file.organisations[0].admins.clear());
    assert!(error.contains("`Builders` has no administrator"), "{error}");
    let error = only_error(|file| file.organisations[0].nodes.clear());
    assert!(error.contains("4 validators have only 3 nodes"), "{error}");
    let error = only_error(|file| file.organisations[0].max_nodes = Some(0));
    assert!(error.contains("has 1 nodes, but at most 0 are allowed"), "{error}");
    let error = only_error(|file| file.organisations[0].per_block = Some(0));
    assert!(error.contains("`per_block`"), "{error}");
    let error = only_error(|file| file.organisations[0].time_burst = Some(1));
    assert!(error.contains("`time_per_block` is not between 1 and `time_burst`"), "{error}");
    let error = only_error(|file| file.organisations[0].bytes_per_block = Some(0));
    assert!(error.contains("`bytes_per_block`"), "{error}");
}

#[test]
fn claim_is_signed_with_the_node_key() {
    let folder = tempfile::tempdir().unwrap();
    let genesis = format!("{:?}", sp_core::H256::repeat_byte(7));
    let path = folder.path().join("Builders");
    let claim = || {
        let arguments = ["twinchain-node", "claim", "--organisation", "3", "--nonce", "1"];
        let chain = ["--chain-id", "chain", "--genesis", &genesis];
        let base = ["--base-path", path.to_str().unwrap()];
        match Cli::parse_from(arguments.into_iter().chain(chain).chain(base)).command {
            ConsortiumCmd::Claim(command) => command.claim(),
            ConsortiumCmd::Join(_) => unreachable!("it is `claim`"),
        }
    };
    // The command does not generate a key.
    assert!(claim().is_err_and(|error| error.contains("does not exist")));
    let node = join(folder.path(), "Builders", &[]).unwrap();
    let peer_id = node.nodes().next().unwrap().peer_id;
    let Claim { peer, signature } = claim().unwrap();
    assert_eq!(peer.to_vec(), peer_id.to_bytes());
    let key = ed25519::Public::try_from(&peer[6..]).unwrap();
    let payload = claim_hash(NODE_CLAIM, sp_core::H256::repeat_byte(7), 3, &peer, 1);
    let signature = ed25519::Signature::try_from(signature.as_slice()).unwrap();
    assert!(ed25519::Pair::verify(&signature, payload.as_bytes(), &key));
}

#[test]
fn grants_beyond_the_capacity_are_rejected() {
    let most_nodes = <MaxNodes as Get<u32>>::get();
    let grant = |time, bytes, nodes| {
        move |file: &mut GenesisFile| {
            let first = &mut file.organisations[0];
            (first.time_burst, first.time_per_block) = (Some(time), Some(time));
            (first.bytes_burst, first.bytes_per_block) = (Some(bytes), Some(bytes));
            first.max_nodes = Some(nodes);
        }
    };
    for (edit, what) in [
        (grant(BlockTime::get(), 1, 1), "microseconds of each block (`time_per_block`)"),
        (grant(1, BlockBytes::get(), 1), "bytes of each block (`bytes_per_block`)"),
        (grant(1, 1, most_nodes), "nodes (`max_nodes`)"),
    ] {
        let error = only_error(edit);
        assert!(error.contains(what), "{error}");
    }
    // The other three organisations have the defaults.
    let mut file = whole();
    grant(BlockTime::get() * 8 / 10, 1, most_nodes * 8 / 10)(&mut file);
    let Report { errors, warnings } = check(&file);
    assert_eq!((errors, warnings.len()), (vec![], 2), "{warnings:?}");
    assert!(
        warnings.iter().all(|it| it.ends_with("few organisations could be admitted later")),
        "{warnings:?}"
    );
}

#[test]
fn concentrated_power_causes_warnings() {
    let mut file = whole();
    let moved = file.organisations[1].validators.remove(0);
    file.organisations[0].validators.push(moved);
    let moved = file.organisations[1].councillors.remove(0);
    file.organisations[0].councillors.push(moved);
    for node in file.organisations.iter_mut().flat_map(|it| &mut it.nodes) {
        node.address = None;
    }
    let Report { errors, warnings } = check(&file);
    assert_eq!(errors, Vec::<String>::new());
    for told in ["no node has an `address`", "2 of 4 validators", "2 of 4 seats"] {
        assert!(warnings.iter().any(|warning| warning.contains(told)), "{told}: {warnings:?}");
    }
    file.organisations[0].nodes[0].address = Some("/ip4/127.0.0.1/tcp/30333".parse().unwrap());
    let Report { warnings, .. } = check(&file);
    let told = "only one node has an `address`";
    assert!(warnings.iter().any(|warning| warning.contains(told)), "{warnings:?}");
}

#[test]
fn names_and_labels_that_look_the_same_are_the_same() {
    let folder = tempfile::tempdir().unwrap();
    // "Künzli", with the diaeresis as a separate code point.
    let apart = "Ku\u{308}nzli";
    let fragment = join(folder.path(), apart, &["--label", apart]).unwrap();
    let [organisation] = &fragment.organisations[..] else { panic!("one organisation") };
    assert_eq!(organisation.name, "K\u{fc}nzli");
    assert_eq!(organisation.nodes[0].label, "K\u{fc}nzli");
    let written = fragment.to_toml().unwrap().replace("K\u{fc}nzli", apart);
    assert_eq!(GenesisFile::from_toml(&written).unwrap(), fragment);
    let merged = GenesisFile::merge([GenesisFile::from_toml(&written).unwrap(), fragment]);
    assert_eq!(merged.unwrap().organisations.len(), 1);
}
