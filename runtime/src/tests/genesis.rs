// SPDX-License-Identifier: Apache-2.0

use super::{chain, config_of};
use crate::{presets, AccountId, Aura, Consortium, Grandpa, Runtime, Session, System};
use sp_genesis_builder::runtime_decl_for_genesis_builder::GenesisBuilder;
use sp_keyring::Sr25519Keyring;

/// Returns the validators of each preset and the number of nodes that it lists.
fn expected() -> Vec<(&'static str, Vec<AccountId>, usize)> {
    use Sr25519Keyring::{Alice, Bob, Charlie, Dave};
    let accounts = |of: &[Sr25519Keyring]| of.iter().map(|who| who.to_account_id()).collect();
    vec![
        (presets::DEVELOPMENT, accounts(&[Alice]), 0),
        (presets::LOCAL, accounts(&[Alice, Bob, Charlie, Dave]), 4),
    ]
}

#[test]
fn every_preset_builds_a_state_with_its_validators_and_nodes() {
    assert_eq!(presets::names(), expected().iter().map(|e| e.0.to_string()).collect::<Vec<_>>());
    for (name, validators, nodes) in expected() {
        chain(name).execute_with(|| {
            assert_eq!(Session::validators(), validators, "{name}");
            assert_eq!(Aura::authorities_len(), validators.len(), "{name}");
            assert_eq!(Grandpa::grandpa_authorities().len(), validators.len(), "{name}");
            assert_eq!(Consortium::nodes().len(), nodes, "{name}");
        });
    }
}

#[test]
fn well_known_accounts_exist_and_no_other_account_does() {
    for name in presets::names() {
        chain(&name).execute_with(|| {
            for who in Sr25519Keyring::well_known() {
                assert!(System::providers(&who.to_account_id()) > 0, "{name}: {who}");
            }
            assert_eq!(System::providers(&Sr25519Keyring::One.to_account_id()), 0, "{name}");
        });
    }
}

#[test]
fn default_preset_is_served_without_a_name() {
    assert!(Runtime::get_preset(&None).is_some());
}

#[test]
fn an_unknown_preset_is_none() {
    assert_eq!(Runtime::get_preset(&Some("production-of-another-chain".into())), None);
}

/// Any client can call `GenesisBuilder_build_state` on a node. With this configuration the call
/// would derive four billion accounts.
#[test]
fn genesis_state_is_not_built_twice() {
    let mut config = config_of(presets::DEVELOPMENT);
    config["balances"]["devAccounts"] = serde_json::json!([u32::MAX, 1, null]);
    let json = serde_json::to_vec(&config).unwrap();
    chain(presets::DEVELOPMENT).execute_with(|| {
        let before = sp_io::storage::root(sp_runtime::StateVersion::V1);
        assert!(Runtime::build_state(json).is_err());
        assert_eq!(sp_io::storage::root(sp_runtime::StateVersion::V1), before);
    });
}
