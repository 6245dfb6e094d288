// SPDX-License-Identifier: Apache-2.0

//! The genesis states that are built in.
//!
//! Both are for development and tests: the secret keys of their accounts and validators are known
//! to everybody.

use crate::{AccountId, BalancesConfig, RuntimeGenesisConfig, SessionConfig, SessionKeys};
use alloc::{vec, vec::Vec};
use frame_support::build_struct_json_patch;
use serde_json::Value;
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

/// The preset of a chain of one validator, Alice.
pub const DEVELOPMENT: &str = DEV_RUNTIME_PRESET;

/// The preset of a chain of two validators, Alice and Bob.
pub const LOCAL: &str = "local";

/// The names of all presets.
pub fn names() -> Vec<PresetId> {
    vec![DEVELOPMENT.into(), LOCAL.into()]
}

/// The preset with this name as JSON, a patch of the default genesis state.
pub fn get(name: &PresetId) -> Option<Vec<u8>> {
    let patch = match name.as_str() {
        DEVELOPMENT => genesis(vec![alice()]),
        LOCAL => genesis(vec![alice(), bob()]),
        _ => return None,
    };
    serde_json::to_vec(&patch).ok()
}

/// A validator as pallet-session wants it at genesis: who holds the keys, who validates, the keys.
type Validator = (AccountId, AccountId, SessionKeys);

fn alice() -> Validator {
    validator(Sr25519Keyring::Alice, Ed25519Keyring::Alice)
}

fn bob() -> Validator {
    validator(Sr25519Keyring::Bob, Ed25519Keyring::Bob)
}

fn validator(aura: Sr25519Keyring, grandpa: Ed25519Keyring) -> Validator {
    let account = aura.to_account_id();
    let keys = SessionKeys { aura: aura.public().into(), grandpa: grandpa.public().into() };
    (account.clone(), account, keys)
}

fn genesis(validators: Vec<Validator>) -> Value {
    build_struct_json_patch!(RuntimeGenesisConfig {
        balances: BalancesConfig { balances: well_known_accounts() },
        session: SessionConfig { keys: validators },
    })
}

/// Alice to Ferdie and their stashes, each with the one unit that lets an account exist: only the
/// transactions of an account that exists are accepted. Nobody can spend it, since pallet-balances
/// has no calls here, and nobody else can come by one.
fn well_known_accounts() -> Vec<(AccountId, crate::Balance)> {
    Sr25519Keyring::well_known().map(|who| (who.to_account_id(), 1)).collect()
}
