// SPDX-License-Identifier: Apache-2.0

//! The genesis states that are built in.
//!
//! Both are for development and tests: the secret keys of their accounts and validators are known
//! to everybody.

use crate::{
    AccountId, ConsortiumConfig, CouncillorsConfig, RuntimeGenesisConfig, SessionConfig,
    SessionKeys,
};
use alloc::{string::ToString, vec, vec::Vec};
use frame_support::{build_struct_json_patch, BoundedVec};
use pallet_consortium::{quota::Rate, GenesisOrganisation};
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

/// What a member of the built-in organisation may spend: a whole block of ordinary transactions
/// each, and a minute's worth of execution at once.
const RATE: Rate = Rate { burst: 60_000_000, per_block: 1_125_000 };

fn genesis(validators: Vec<Validator>) -> Value {
    build_struct_json_patch!(RuntimeGenesisConfig {
        consortium: ConsortiumConfig {
            organisations: vec![organisation()],
            validators: validators.iter().map(|(account, ..)| account.clone()).collect(),
        },
        councillors: CouncillorsConfig { members: BoundedVec::truncate_from(council()) },
        session: SessionConfig { keys: validators },
    })
}

/// Alice to Ferdie and their stashes. Alice admits others.
fn organisation() -> GenesisOrganisation<AccountId> {
    let (admins, members) = Sr25519Keyring::well_known()
        .map(|who| (who.to_account_id(), who.to_string().to_lowercase()))
        .partition(|(account, _)| *account == Sr25519Keyring::Alice.to_account_id());
    GenesisOrganisation {
        name: "Development".into(),
        max_members: 1_000,
        max_nodes: 100,
        burst: RATE.burst,
        per_block: RATE.per_block,
        admins,
        members,
        nodes: vec![],
    }
}

/// Two of Alice, Bob and Charlie decide.
fn council() -> Vec<AccountId> {
    let council = [Sr25519Keyring::Alice, Sr25519Keyring::Bob, Sr25519Keyring::Charlie];
    council.map(|who| who.to_account_id()).to_vec()
}
