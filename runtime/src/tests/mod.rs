// SPDX-License-Identifier: Apache-2.0

//! The runtime's external interface: its genesis states, its metadata, its transactions and its
//! limits.

mod blocks;
mod calls;
mod consensus;
mod genesis;
mod governance;
mod growth;
mod metadata;
#[cfg(not(feature = "runtime-benchmarks"))]
pub(crate) mod migrations;
mod offices;
mod quotas;
mod transactions;
mod version;
mod weights;

use crate::{presets, Runtime, RuntimeGenesisConfig};
use serde_json::Value;
use sp_genesis_builder::runtime_decl_for_genesis_builder::GenesisBuilder;
use sp_io::TestExternalities;

/// Returns the genesis configuration of a preset: the defaults, patched.
fn config_of(preset: &str) -> Value {
    let default = serde_json::to_value(RuntimeGenesisConfig::default()).unwrap();
    let patch = presets::get(&preset.into()).unwrap();
    merged(default, serde_json::from_slice(&patch).unwrap())
}

/// Merges as chain specifications do (RFC 7396, except the removal, which presets do not use).
fn merged(mut target: Value, patch: Value) -> Value {
    match patch {
        Value::Object(entries) => {
            for (key, value) in entries {
                let old = target[&key].take();
                target[&key] = merged(old, value);
            }
            target
        },
        other => other,
    }
}

/// Returns a chain with the genesis state of a preset.
fn chain(preset: &str) -> TestExternalities {
    chain_of(&config_of(preset))
}

/// Returns a chain with the genesis state of a configuration.
fn chain_of(config: &Value) -> TestExternalities {
    let json = serde_json::to_vec(config).unwrap();
    let mut externalities = TestExternalities::default();
    externalities.execute_with(|| Runtime::build_state(json)).unwrap();
    externalities
}
