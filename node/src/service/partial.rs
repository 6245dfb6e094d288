// SPDX-License-Identifier: Apache-2.0

//! The parts of a node that need no network. Commands on the database use them, too.

use super::{
    history,
    types::{
        FullBackend, FullClient, FullSelectChain, GrandpaBlockImport, GrandpaLink, HostFunctions,
    },
};
use crate::chain_spec::genesis_hash;
use log::{info, warn};
use sc_client_api::Backend;
use sc_consensus_aura::{ImportQueueParams, SlotDuration};
use sc_executor::{HeapAllocStrategy, DEFAULT_HEAP_ALLOC_STRATEGY};
use sc_service::{
    config::ExecutorConfiguration, error::Error, ChainType, Configuration, GenesisBlockBuilder,
    KeystoreContainer, TaskManager,
};
use sc_telemetry::{Telemetry, TelemetryWorker};
use sp_blockchain::HeaderBackend;
use sp_consensus_aura::sr25519::AuthorityPair as AuraPair;
use std::{path::Path, sync::Arc, time::Instant};
use twinchain_runtime::{opaque::Block, RuntimeApi};

/// Maximum number of blocks between two stored justifications, from which other nodes learn the
/// final block without having voted.
pub const JUSTIFICATION_PERIOD: u32 = 512;

const LOG_TARGET: &str = "start-up";

/// Maximum number of telemetry messages that wait for their endpoint.
const TELEMETRY_BUFFER: usize = 16;

/// The parts of a node that need no network.
pub struct Partial {
    /// The client.
    pub client: Arc<FullClient>,
    /// The database.
    pub backend: Arc<FullBackend>,
    /// Runs the node's tasks.
    pub task_manager: TaskManager,
    /// The keystore.
    pub keystore: KeystoreContainer,
    /// Selects the best chain.
    pub select_chain: FullSelectChain,
    /// Verifies and imports the blocks of others.
    pub import_queue: sc_consensus::DefaultImportQueue<Block>,
    /// Imports blocks.
    pub block_import: GrandpaBlockImport,
    /// The duration of a slot.
    pub slot_duration: SlotDuration,
    /// The part of the block import that the voter needs.
    pub grandpa_link: GrandpaLink,
    /// Reports to telemetry endpoints, if any are configured.
    pub telemetry: Option<Telemetry>,
}

/// Returns the executor of runtimes. It caches compiled runtimes in `cache`.
fn executor(
    config: &ExecutorConfiguration,
    cache: Option<&Path>,
) -> sc_executor::WasmExecutor<HostFunctions> {
    let strategy = config.default_heap_pages.map_or(DEFAULT_HEAP_ALLOC_STRATEGY, |pages| {
        HeapAllocStrategy::Static { extra_pages: pages.try_into().unwrap_or(u32::MAX) }
    });
    let mut builder = sc_executor::WasmExecutor::builder()
        .with_execution_method(config.wasm_method)
        .with_onchain_heap_alloc_strategy(strategy)
        .with_offchain_heap_alloc_strategy(strategy)
        .with_max_runtime_instances(config.max_runtime_instances)
        .with_runtime_cache_size(config.runtime_cache_size);
    if let Some(cache) = cache {
        builder = builder.with_cache_path(cache);
    }
    builder.build()
}

type Executor = sc_executor::WasmExecutor<HostFunctions>;

/// Returns the builder of the genesis block. Fails if the database of a live chain has another
/// genesis: a node that used it would follow another chain than its operator named.
fn checked_genesis(
    config: &Configuration,
    backend: &Arc<FullBackend>,
    executor: Executor,
) -> Result<GenesisBlockBuilder<Block, FullBackend, Executor>, Error> {
    let storage = config.chain_spec.as_storage_builder().build_storage();
    let storage = storage.map_err(sp_blockchain::Error::Storage)?;
    if let Some(there) = backend.blockchain().hash(0)? {
        let named = genesis_hash(storage.clone()).map_err(Error::Other)?;
        if named != there {
            let message = format!(
                "the specification is of the chain {named}, and the database of the chain {there}. \
                 Use the specification of the database's chain, or another --base-path"
            );
            if config.chain_spec.chain_type() == ChainType::Live {
                return Err(Error::Other(message));
            }
            // The genesis of built-in chains changes with every version of the node.
            warn!(target: LOG_TARGET, "⚠️  The node uses its database: {message}.");
        }
    }
    let commits = !config.no_genesis();
    Ok(GenesisBlockBuilder::new_with_storage(storage, commits, backend.clone(), executor)?)
}

/// Opens the database, or creates it with the genesis state, and assembles the parts. Compiled
/// runtimes are cached in `runtime_cache`.
///
/// Fails if the specification is of another live chain than the database.
pub fn partial(config: &mut Configuration, runtime_cache: Option<&Path>) -> Result<Partial, Error> {
    let backend = history::open(config)?;
    let config = &*config;
    let telemetry = config
        .telemetry_endpoints
        .clone()
        .filter(|endpoints| !endpoints.is_empty())
        .map(|endpoints| {
            let worker = TelemetryWorker::new(TELEMETRY_BUFFER)?;
            let telemetry = worker.handle().new_telemetry(endpoints);
            Ok::<_, sc_telemetry::Error>((worker, telemetry))
        })
        .transpose()?;

    let executor = executor(&config.executor, runtime_cache);
    info!(
        target: LOG_TARGET,
        "⏳ Compiling the runtime, which takes up to a minute unless it is in the system's cache or \
         in --runtime-cache ..."
    );
    let begin = Instant::now();
    let genesis = checked_genesis(config, &backend, executor.clone())?;
    let (client, backend, keystore, task_manager) =
        sc_service::new_full_parts_with_genesis_builder::<Block, RuntimeApi, _, _>(
            config,
            telemetry.as_ref().map(|(_, telemetry)| telemetry.handle()),
            executor,
            backend,
            genesis,
            false,
        )?;
    let seconds = begin.elapsed().as_secs_f32();
    info!(target: LOG_TARGET, "⌛ The runtime is ready after {seconds:.1} s.");
    let client = Arc::new(client);

    let telemetry = telemetry.map(|(worker, telemetry)| {
        task_manager.spawn_handle().spawn("telemetry", None, worker.run());
        telemetry
    });

    let select_chain = FullSelectChain::new(backend.clone());

    let (block_import, grandpa_link) = sc_consensus_grandpa::block_import(
        client.clone(),
        JUSTIFICATION_PERIOD,
        &client,
        select_chain.clone(),
        telemetry.as_ref().map(Telemetry::handle),
    )?;

    let slot_duration = sc_consensus_aura::slot_duration(&*client)?;
    let import_queue =
        sc_consensus_aura::import_queue::<AuraPair, _, _, _, _, _>(ImportQueueParams {
            block_import: block_import.clone(),
            justification_import: Some(Box::new(block_import.clone())),
            client: client.clone(),
            create_inherent_data_providers: move |_parent, ()| async move {
                Ok(inherents(slot_duration))
            },
            spawner: &task_manager.spawn_essential_handle(),
            registry: config.prometheus_registry(),
            check_for_equivocation: Default::default(),
            telemetry: telemetry.as_ref().map(Telemetry::handle),
            compatibility_mode: Default::default(),
        })?;

    Ok(Partial {
        client,
        backend,
        task_manager,
        keystore,
        select_chain,
        import_queue,
        block_import,
        slot_duration,
        grandpa_link,
        telemetry,
    })
}

/// Returns the inherents of a block: its slot and the time.
pub fn inherents(
    slot_duration: SlotDuration,
) -> (sp_consensus_aura::inherents::InherentDataProvider, sp_timestamp::InherentDataProvider) {
    let timestamp = sp_timestamp::InherentDataProvider::from_system_time();
    let slot = sp_consensus_aura::inherents::InherentDataProvider::from_timestamp_and_slot_duration(
        *timestamp,
        slot_duration,
    );
    (slot, timestamp)
}
