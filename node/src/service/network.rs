// SPDX-License-Identifier: Apache-2.0

//! Connects the node to the others. Like `sc_service::build_network`, with two differences.
//! Requests for blocks, state and warp proofs pass [`peer_requests`](super::peer_requests). And the
//! handlers that the SDK opens to all peers get no client that they could query: see
//! [`NetworkClient`].

use super::{
    network_client::NetworkClient,
    peer_requests::{AllowedPeers, Capture, Captured},
    throttled_pool::ThrottledPool,
    types::FullClient,
};
use sc_consensus::{DefaultImportQueue, ImportQueue};
use sc_network::{
    config::{FullNetworkConfiguration, ProtocolId},
    service::{
        traits::{NetworkService, RequestResponseConfig},
        NotificationMetrics,
    },
    NetworkBackend, Roles,
};
use sc_network_sync::{
    block_relay_protocol::{BlockDownloader, BlockRelayParams},
    block_request_handler::BlockRequestHandler,
    engine::SyncingEngine,
    service::network::NetworkServiceProvider,
    state_request_handler::StateRequestHandler,
    strategy::polkadot::{PolkadotSyncingStrategy, PolkadotSyncingStrategyConfig},
    strategy::SyncingStrategy,
    warp_request_handler::RequestHandler as WarpRequestHandler,
    SyncingService, WarpSyncConfig,
};
use sc_network_transactions::TransactionsHandlerController;
use sc_rpc::system::Request;
use sc_service::{
    build_network_advanced, default_gap_sync_body_policy, error::Error, BuildNetworkAdvancedParams,
    Configuration, TaskManager,
};
use sc_utils::mpsc::TracingUnboundedSender;
use sp_blockchain::HeaderBackend;
use sp_consensus::block_validation::DefaultBlockAnnounceValidator;
use std::sync::Arc;
use twinchain_runtime::{opaque::Block, Hash};

/// The parts from which the network is built.
pub struct Parts<'a, N: NetworkBackend<Block, Hash>> {
    /// The configuration of the node.
    pub config: &'a Configuration,
    /// The network's configuration, including the protocols added to it.
    pub net_config: FullNetworkConfiguration<Block, Hash, N>,
    /// The client.
    pub client: Arc<FullClient>,
    /// The pool through which other nodes submit.
    pub pool: Arc<ThrottledPool>,
    /// Runs the tasks.
    pub task_manager: &'a TaskManager,
    /// Verifies and imports the blocks of others.
    pub import_queue: DefaultImportQueue<Block>,
    /// The provider for warp sync, and for the proofs that this node serves.
    pub warp_sync: WarpSyncConfig<Block>,
    /// The metrics of notifications.
    pub metrics: NotificationMetrics,
    /// The peers whose requests this node serves.
    pub allowed: Arc<AllowedPeers>,
}

/// The network, and its handles for other parts of the node.
pub struct Network {
    /// The network.
    pub service: Arc<dyn NetworkService>,
    /// Fetches blocks from other nodes.
    pub sync: Arc<SyncingService<Block>>,
    /// The channel to the task that handles clients' requests about the network.
    pub system: TracingUnboundedSender<Request<Block>>,
    /// Sends transactions to other nodes.
    pub transactions: TransactionsHandlerController<Hash>,
}

/// Builds the network and starts its tasks.
pub fn build<N: NetworkBackend<Block, Hash>>(parts: Parts<'_, N>) -> Result<Network, Error> {
    let Parts {
        config,
        mut net_config,
        client,
        pool,
        task_manager,
        import_queue,
        warp_sync,
        metrics,
        allowed,
    } = parts;
    let provider = NetworkServiceProvider::new();
    let (protocol_id, fork_id) = (config.protocol_id(), config.chain_spec.fork_id());
    let registry = config.prometheus_config.as_ref().map(|config| &config.registry);
    let client = Arc::new(NetworkClient(client));
    let strategy = Handlers {
        config,
        protocol_id: protocol_id.clone(),
        net_config: &mut net_config,
        client: &client,
        task_manager,
        allowed: &allowed,
    }
    .strategy(&provider, warp_sync)?;
    // Without boot nodes, because the engine logs every second that a boot node is on another
    // chain. `node_list` logs which peers are missing.
    let boot_nodes = std::mem::take(&mut net_config.network_config.boot_nodes);
    let (engine, sync_service, block_announce_config) = SyncingEngine::new(
        Roles::from(&config.role),
        client.clone(),
        registry,
        metrics.clone(),
        &net_config,
        protocol_id.clone(),
        fork_id,
        Box::new(DefaultBlockAnnounceValidator),
        strategy,
        provider.handle(),
        import_queue.service(),
        net_config.peer_store_handle(),
    )?;
    net_config.network_config.boot_nodes = boot_nodes;
    // Essential: a node that can no longer follow the chain must stop.
    task_manager.spawn_essential_handle().spawn_blocking("syncing", None, engine.run());
    let (service, system, transactions, sync, _bitswap) =
        build_network_advanced(BuildNetworkAdvancedParams {
            role: config.role,
            protocol_id,
            fork_id,
            announce_block: config.announce_block,
            net_config,
            client,
            transaction_pool: pool,
            spawn_handle: task_manager.spawn_handle(),
            spawn_essential_handle: task_manager.spawn_essential_handle(),
            import_queue,
            sync_service,
            block_announce_config,
            network_service_provider: provider,
            metrics_registry: registry,
            metrics,
            blocks_pruning: config.blocks_pruning,
        })?;
    Ok(Network { service, sync, system, transactions })
}

/// The handlers of other nodes' requests.
struct Handlers<'a, N: NetworkBackend<Block, Hash>> {
    config: &'a Configuration,
    protocol_id: ProtocolId,
    net_config: &'a mut FullNetworkConfiguration<Block, Hash, N>,
    client: &'a Arc<NetworkClient>,
    task_manager: &'a TaskManager,
    allowed: &'a Arc<AllowedPeers>,
}

impl<N: NetworkBackend<Block, Hash>> Handlers<'_, N> {
    /// Registers a handler with the network, for allowed peers.
    fn add(&mut self, captured: Captured) {
        let tasks = self.task_manager.spawn_handle();
        let config = captured.filtered::<N>(self.allowed, &tasks);
        self.net_config.add_request_response_protocol(config);
    }

    /// Starts the handler of block requests. Returns the downloader.
    fn blocks(&mut self, provider: &NetworkServiceProvider) -> Arc<dyn BlockDownloader<Block>> {
        let peers = &self.config.network.default_peers_set;
        let BlockRelayParams { mut server, downloader, request_response_config } =
            BlockRequestHandler::new::<Capture<N>>(
                provider.handle(),
                &self.protocol_id,
                self.config.chain_spec.fork_id(),
                self.client.clone(),
                peers.in_peers.saturating_add(peers.out_peers) as usize,
            );
        let serve = async move { server.run().await };
        let tasks = self.task_manager.spawn_handle();
        tasks.spawn("block-request-handler", Some("networking"), serve);
        self.add(request_response_config);
        downloader
    }

    /// Starts the handlers of requests for blocks, state and warp proofs. Returns the strategy by
    /// which this node syncs.
    fn strategy(
        mut self,
        provider: &NetworkServiceProvider,
        warp_sync: WarpSyncConfig<Block>,
    ) -> Result<Box<dyn SyncingStrategy<Block>>, Error> {
        let tasks = self.task_manager.spawn_handle();
        let (fork_id, genesis) =
            (self.config.chain_spec.fork_id(), self.client.info().genesis_hash);
        let block_downloader = self.blocks(provider);
        let peers = self.net_config.network_config.default_peers_set_num_full as usize
            + self.net_config.network_config.default_peers_set.reserved_nodes.len();
        let (handler, captured) = StateRequestHandler::new::<Capture<N>>(
            &self.protocol_id,
            fork_id,
            self.client.clone(),
            peers,
        );
        tasks.spawn("state-request-handler", Some("networking"), handler.run());
        let state_request_protocol_name = captured.protocol_name().clone();
        self.add(captured);

        let mut warp_name = None;
        if let WarpSyncConfig::WithProvider(proofs) = &warp_sync {
            let (handler, captured) = WarpRequestHandler::new::<_, Capture<N>>(
                self.protocol_id.clone(),
                genesis,
                fork_id,
                proofs.clone(),
            );
            tasks.spawn("warp-sync-request-handler", Some("networking"), handler.run());
            warp_name = Some(captured.protocol_name().clone());
            self.add(captured);
        }
        let network = &self.net_config.network_config;
        let config = PolkadotSyncingStrategyConfig {
            mode: network.sync_mode,
            max_parallel_downloads: network.max_parallel_downloads,
            max_blocks_per_request: network.max_blocks_per_request,
            min_peers_to_start_warp_sync: network.min_peers_to_start_warp_sync,
            metrics_registry: self
                .config
                .prometheus_config
                .as_ref()
                .map(|config| config.registry.clone()),
            state_request_protocol_name,
            block_downloader,
            gap_sync_body_policy: default_gap_sync_body_policy(self.config.blocks_pruning),
        };
        let client = self.client.clone();
        let strategy = PolkadotSyncingStrategy::new(config, client, Some(warp_sync), warp_name)?;
        Ok(Box::new(strategy))
    }
}
