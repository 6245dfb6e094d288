// SPDX-License-Identifier: Apache-2.0

//! The built-in genesis states.
//!
//! Both are for development and tests only: the secret keys of their accounts and validators are
//! public.

use crate::{
    AccountId, BlockNumber, ConsortiumConfig, CouncillorsConfig, RuntimeGenesisConfig,
    SessionConfig, SessionKeys,
};
use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use frame_support::{build_struct_json_patch, BoundedVec};
use pallet_consortium::{quota::Rate, GenesisOrganisation, GenesisRate};
use serde_json::Value;
use sp_core::{hex2array as hex, Bytes};
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

/// The preset of a chain with one validator, Alice.
pub const DEVELOPMENT: &str = DEV_RUNTIME_PRESET;

/// The preset of a chain with four validators, Alice to Dave, on four nodes with well-known keys.
pub const LOCAL: &str = "local";

/// Returns the names of all presets.
pub fn names() -> Vec<PresetId> {
    vec![DEVELOPMENT.into(), LOCAL.into()]
}

/// Returns the preset with this name as JSON, a patch of the default genesis state, or `None`.
pub fn get(name: &PresetId) -> Option<Vec<u8>> {
    let patch = match name.as_str() {
        DEVELOPMENT => genesis(vec![alice()], &[], None),
        LOCAL => genesis(four_validators(), &NODES, Some(LOCAL_SESSION_LENGTH)),
        _ => return None,
    };
    serde_json::to_vec(&patch).ok()
}

/// A validator at genesis, as pallet-session takes it: the holder of the keys, the validator, the
/// keys.
type Validator = (AccountId, AccountId, SessionKeys);

fn alice() -> Validator {
    validator(Sr25519Keyring::Alice, Ed25519Keyring::Alice)
}

fn four_validators() -> Vec<Validator> {
    vec![
        alice(),
        validator(Sr25519Keyring::Bob, Ed25519Keyring::Bob),
        validator(Sr25519Keyring::Charlie, Ed25519Keyring::Charlie),
        validator(Sr25519Keyring::Dave, Ed25519Keyring::Dave),
    ]
}

fn validator(aura: Sr25519Keyring, grandpa: Ed25519Keyring) -> Validator {
    let account = aura.to_account_id();
    let keys = SessionKeys { aura: aura.public().into(), grandpa: grandpa.public().into() };
    (account.clone(), account, keys)
}

/// The public keys of the nodes whose secret keys are 1, 2, 3 and 4 (`--node-key`, in 64
/// hexadecimal digits).
const NODES: [[u8; 32]; 4] = [
    hex!("4cb5abf6ad79fbf5abbccafcc269d85cd2651ed4b885b5869f241aedf0a5ba29"),
    hex!("7422b9887598068e32c4448a949adb290d0f4e35b9e01b0ee5f1a1e600fe2674"),
    hex!("f381626e41e7027ea431bfe3009e94bdd25a746beec468948d6c3c7c5dc9a54b"),
    hex!("fd50b8e3b144ea244fbf7737f550bc8dd0c2650bbc1aada833ca17ff8dbf329b"),
];

/// The quota of a member of the built-in organisation: nearly half of each block's ordinary
/// transactions, and a minute of execution in one burst.
const RATE: Rate = Rate { burst: 60_000_000, per_block: 1_125_000 };

/// The time that the members can spend together: most of the time of blocks. The rest is for
/// organisations that are admitted later.
const TIME: GenesisRate = GenesisRate { burst: 60_000_000, per_block: 2_000_000 };
/// The bytes that the members can spend together, by the same rule.
const BYTES: GenesisRate = GenesisRate { burst: 1 << 30, per_block: 24 << 20 };

/// Half a minute, so that a test sees validators join and leave.
const LOCAL_SESSION_LENGTH: BlockNumber = 10;

fn genesis(
    validators: Vec<Validator>,
    nodes: &[[u8; 32]],
    session_length: Option<BlockNumber>,
) -> Value {
    build_struct_json_patch!(RuntimeGenesisConfig {
        consortium: ConsortiumConfig {
            organisations: vec![organisation(nodes)],
            validators: validators.iter().map(|(account, ..)| account.clone()).collect(),
            session_length,
        },
        councillors: CouncillorsConfig { members: BoundedVec::truncate_from(council()) },
        session: SessionConfig { keys: validators },
    })
}

/// Returns the organisation of Alice to Ferdie and their stashes. Alice is the administrator.
fn organisation(nodes: &[[u8; 32]]) -> GenesisOrganisation<AccountId> {
    let (admins, members) = Sr25519Keyring::well_known()
        .map(|who| (who.to_account_id(), who.to_string().to_lowercase()))
        .partition(|(account, _)| *account == Sr25519Keyring::Alice.to_account_id());
    GenesisOrganisation {
        name: "Development".into(),
        max_members: 1_000,
        max_nodes: 100,
        burst: RATE.burst,
        per_block: RATE.per_block,
        time: TIME,
        bytes: BYTES,
        admins,
        members,
        nodes: nodes.iter().zip(1u32..).map(node).collect(),
    }
}

/// Returns a validator's node as the genesis takes it: its peer id and its name. The peer id is the
/// key in a protobuf in an identity multihash.
fn node((key, number): (&[u8; 32], u32)) -> (Bytes, String) {
    let prefix = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20];
    (Bytes(prefix.into_iter().chain(*key).collect()), format!("node {number}"))
}

/// Returns Alice, Bob and Charlie, of whom two decide.
fn council() -> Vec<AccountId> {
    let council = [Sr25519Keyring::Alice, Sr25519Keyring::Bob, Sr25519Keyring::Charlie];
    council.map(|who| who.to_account_id()).to_vec()
}
