// SPDX-License-Identifier: Apache-2.0

//! The tasks of every node besides the network: telemetry, metrics, the informant, and the RPC
//! server. Like `sc_service::spawn_tasks`, but with this project's own server: see [`crate::rpc`].

use super::{
    node::Node,
    threads::{concurrent_requests, with_low_priority, MAX_THREADS},
    throttled_pool::ThrottledPool,
    types::FullClient,
};
use crate::rpc::{self, Admission, GrandpaDeps, Tasks, STREAMS};
use futures::FutureExt;
use log::info;
use sc_client_api::UsageProvider;
use sc_network::service::traits::NetworkService;
use sc_network_sync::SyncingService;
use sc_rpc::system::{Request, SystemInfo};
use sc_rpc_server::RpcMetrics;
use sc_rpc_spec_v2::transaction::TransactionMetrics;
use sc_service::{
    config::{Configuration, PrometheusConfig},
    error::Error,
    init_telemetry, MetricsService, TaskManager,
};
use sc_telemetry::{Telemetry, TelemetryHandle};
use sc_utils::mpsc::TracingUnboundedSender;
use std::sync::Arc;
use tokio::runtime::{Builder, Runtime};
use twinchain_runtime::opaque::Block;

/// The dependencies of the tasks, besides the node's parts.
pub struct Surroundings<'a> {
    /// The configuration.
    pub config: Configuration,
    /// Runs the tasks.
    pub task_manager: &'a mut TaskManager,
    /// The pool through which clients submit.
    pub pool_for_clients: Arc<ThrottledPool>,
    /// The dependencies of the finality methods.
    pub grandpa: GrandpaDeps,
    /// The network.
    pub network: Arc<dyn NetworkService>,
    /// Fetches blocks from other nodes.
    pub sync: Arc<SyncingService<Block>>,
    /// The channel to the task that handles requests about the network.
    pub system: TracingUnboundedSender<Request<Block>>,
    /// Reports to telemetry endpoints, if any are configured.
    pub telemetry: Option<&'a mut Telemetry>,
}

/// Starts the tasks.
pub fn start(node: &Node, surroundings: Surroundings<'_>) -> Result<(), Error> {
    let Surroundings {
        config,
        task_manager,
        pool_for_clients,
        grandpa,
        network,
        sync,
        system,
        telemetry,
    } = surroundings;
    let client = &node.client;
    let chain = client.usage_info().chain;
    let seeds = config.dev_key_seed.clone().map(|seed| vec![seed]).unwrap_or_default();
    let keystore = node.keystore.clone();
    sp_session::generate_initial_session_keys(client.clone(), chain.best_hash, seeds, keystore)
        .map_err(|error| Error::Application(Box::new(error)))?;
    let telemetry =
        telemetry.map(|telemetry| announce(&config, client, &network, telemetry)).transpose()?;
    info!("📦 Highest known block at #{}", chain.best_number);

    let tasks = task_manager.spawn_handle();
    tasks.spawn(
        "txpool-notifications",
        Some("transaction-pool"),
        sc_transaction_pool::notification_future(
            client.clone(),
            pool_for_clients.clone(),
            config.transaction_pool.use_all_block_notifications(),
        ),
    );
    let metrics = match config.prometheus_config.clone() {
        Some(PrometheusConfig { port, registry }) => {
            let version = &config.impl_version;
            let metrics = MetricsService::with_prometheus(
                telemetry, &registry, node.role, &node.name, version,
            )?;
            let endpoint = substrate_prometheus_endpoint::init_prometheus(port, registry);
            tasks.spawn("prometheus-endpoint", None, endpoint.map(drop));
            metrics
        },
        None => MetricsService::new(telemetry),
    };
    let measured =
        metrics.run(client.clone(), pool_for_clients.clone(), network.clone(), sync.clone());
    tasks.spawn("telemetry-periodic-send", None, measured);

    let deps = rpc::Deps {
        client: client.clone(),
        backend: node.backend.clone(),
        pool: node.pool.pool.clone(),
        pool_for_clients,
        keystore: node.keystore.clone(),
        grandpa,
        sync: sync.clone(),
        network: system,
        system: SystemInfo {
            chain_name: config.chain_spec.name().into(),
            impl_name: config.impl_name.clone(),
            impl_version: config.impl_version.clone(),
            properties: config.chain_spec.properties(),
            chain_type: config.chain_spec.chain_type(),
        },
        is_archive: is_archive(&config),
        metrics: config.prometheus_registry().map(TransactionMetrics::new).transpose()?,
    };
    let server = answer_clients(&config, deps)?;
    tasks.spawn("informant", None, sc_informant::build(client.clone(), network, sync));
    task_manager.keep_alive((config.base_path, server));
    Ok(())
}

/// Returns `true` if the node keeps every block and the state of every final block.
fn is_archive(config: &Configuration) -> bool {
    let keeps_state = config.state_pruning.as_ref().is_some_and(|mode| mode.is_archive());
    keeps_state && config.blocks_pruning.is_archive()
}

/// Starts the reports to telemetry endpoints.
fn announce(
    config: &Configuration,
    client: &Arc<FullClient>,
    network: &Arc<dyn NetworkService>,
    telemetry: &mut Telemetry,
) -> Result<TelemetryHandle, Error> {
    let system = sc_sysinfo::gather_sysinfo();
    sc_sysinfo::print_sysinfo(&system);
    Ok(init_telemetry(
        config.network.node_name.clone(),
        config.impl_name.clone(),
        config.impl_version.clone(),
        config.chain_spec.name().to_string(),
        config.role.is_authority(),
        network.clone(),
        client.clone(),
        telemetry,
        Some(system),
    )?)
}

/// Creates the asynchronous runtime of the RPC server. Some methods work in its worker threads
/// instead of those for blocking work. So it has more worker threads than the number of admitted
/// requests of both kinds that do so.
fn runtime(max_connections: u32) -> std::io::Result<Runtime> {
    let streams = (max_connections as usize).saturating_mul(STREAMS);
    Builder::new_multi_thread()
        .thread_name("rpc")
        .worker_threads(2 * concurrent_requests() + 2)
        .max_blocking_threads(streams.saturating_add(MAX_THREADS))
        .enable_all()
        .build()
}

/// Starts the RPC server, in threads of low priority.
fn answer_clients(config: &Configuration, deps: rpc::Deps) -> Result<rpc::Server, Error> {
    let runtime = with_low_priority(|| runtime(config.rpc.max_connections))?;
    let admission = Arc::new(Admission::new(concurrent_requests()));
    let tasks = Tasks { runtime: runtime.handle().clone(), admission: admission.clone() };
    let metrics = RpcMetrics::new(config.prometheus_registry())?;
    let module = rpc::create(deps, Arc::new(tasks))?;
    let chain = config.chain_spec.chain_type();
    rpc::start_server(&config.rpc, &chain, metrics, module, admission, runtime)
}
