// SPDX-License-Identifier: Apache-2.0

//! The built-in chains, and how others are loaded.

use sc_chain_spec::ChainSpecBuilder;
use sc_executor::read_embedded_version;
use sc_executor_common::runtime_blob::RuntimeBlob;
use sc_network::config::MultiaddrWithPeerId;
use sc_service::construct_genesis_block;
use sc_service::{ChainType, Properties};
use sp_core::storage::{well_known_keys, StateVersion, Storage};
use sp_runtime::traits::{BlakeTwo256, Block as _, Hash as _};
use std::path::PathBuf;
use twinchain_runtime::{opaque::Block, Hash};
use twinchain_runtime::{presets, SS58_PREFIX, TOKEN_DECIMALS, TOKEN_SYMBOL, WASM_BINARY};

/// A chain specification without extensions.
pub type ChainSpec = sc_service::GenericChainSpec;

type Builder = ChainSpecBuilder;

/// Prefix of the names of the network protocols. It keeps nodes of other kinds of chains from
/// communicating with this one.
const PROTOCOL_ID: &str = "twinchain";

/// Returns the built-in specification named `id`, or the one in the file at this path. An empty
/// `id` means `local`.
pub fn load(id: &str) -> Result<ChainSpec, String> {
    match id {
        "dev" => development(),
        "" | "local" => local(),
        path => ChainSpec::from_json_file(PathBuf::from(path)).map_err(|error| {
            format!("`{path}` is neither a known chain (dev, local) nor a specification: {error}")
        }),
    }
}

/// Returns a chain with one validator, Alice, for development on one machine.
fn development() -> Result<ChainSpec, String> {
    built_in("Twinchain Development", "twinchain_dev", ChainType::Development, presets::DEVELOPMENT)
}

/// Returns a chain with four validators, Alice to Dave, to try out a network.
fn local() -> Result<ChainSpec, String> {
    built_in("Twinchain Local", "twinchain_local", ChainType::Local, presets::LOCAL)
}

fn built_in(
    name: &str,
    id: &str,
    chain_type: ChainType,
    preset: &str,
) -> Result<ChainSpec, String> {
    Ok(builder(name, id, chain_type)?.with_genesis_config_preset_name(preset).build())
}

fn builder(name: &str, id: &str, chain_type: ChainType) -> Result<Builder, String> {
    let runtime = WASM_BINARY.ok_or(
        "this node was built without a runtime, so it has no built-in chains: build it without \
         SKIP_WASM_BUILD, or give the path of a chain specification",
    )?;
    Ok(ChainSpec::builder(runtime, None)
        .with_name(name)
        .with_id(id)
        .with_chain_type(chain_type)
        .with_protocol_id(PROTOCOL_ID)
        .with_properties(properties()))
}

/// Returns the specification of a consortium's chain. `genesis` is a patch of the default genesis
/// configuration.
pub fn of_a_consortium(
    name: &str,
    id: &str,
    genesis: serde_json::Value,
    boot_nodes: Vec<MultiaddrWithPeerId>,
) -> Result<ChainSpec, String> {
    Ok(builder(name, id, ChainType::Live)?
        .with_boot_nodes(boot_nodes)
        .with_genesis_config_patch(genesis)
        .build())
}

/// Returns the properties that wallets read. The symbol and the decimals are part of the metadata's
/// hash, so they are set although there is no token.
fn properties() -> Properties {
    let mut properties = Properties::new();
    properties.insert("ss58Format".into(), SS58_PREFIX.into());
    properties.insert("tokenSymbol".into(), TOKEN_SYMBOL.into());
    properties.insert("tokenDecimals".into(), TOKEN_DECIMALS.into());
    properties
}

/// Returns the hash of the genesis block. It depends on the genesis state only.
pub fn genesis_hash(storage: Storage) -> Result<Hash, String> {
    let version = state_version(&storage)?;
    let root = BlakeTwo256::trie_root(storage.top.into_iter().collect(), version);
    Ok(construct_genesis_block::<Block>(root, version).hash())
}

/// Returns the layout version of the state, which the runtime declares. Reads it from the embedded
/// version, because a call would have to compile the runtime.
fn state_version(storage: &Storage) -> Result<StateVersion, String> {
    let code = storage.top.get(well_known_keys::CODE).ok_or("the chain has no runtime")?;
    let version = RuntimeBlob::uncompress_if_needed(code)
        .and_then(|blob| read_embedded_version(&blob))
        .map_err(|error| format!("the runtime cannot be read: {error}"))?
        .ok_or("the runtime does not declare its version")?;
    Ok(version.state_version())
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_runtime::BuildStorage;

    #[test]
    fn built_in_chains_have_a_genesis_state() {
        for id in ["dev", "local"] {
            let spec = load(id).unwrap();
            assert!(!spec.build_storage().unwrap().top.is_empty(), "{id}");
            assert!(spec.as_json(false).unwrap().contains("\"tokenSymbol\": \"UNIT\""), "{id}");
        }
    }

    #[test]
    fn local_is_the_default() {
        assert_eq!(load("").unwrap().id(), load("local").unwrap().id());
    }

    #[test]
    fn exported_specification_loads_again() {
        let path = std::env::temp_dir().join(format!("twinchain-spec-{}.json", std::process::id()));
        let exported = load("dev").unwrap().as_json(true).unwrap();
        std::fs::write(&path, &exported).unwrap();
        let loaded = load(path.to_str().unwrap()).unwrap().as_json(true);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(loaded.unwrap(), exported);
    }

    #[test]
    fn loading_fails_when_the_chain_is_unknown() {
        let error = load("no-such-chain").err().unwrap();
        assert!(error.contains("neither a known chain"), "{error}");
    }
}
