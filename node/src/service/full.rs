// SPDX-License-Identifier: Apache-2.0

//! The running node.

use super::{
    authoring::{self, AuthorPool, TimedProposerFactory, Watch, PROPOSAL_PORTION},
    clock,
    disk::Disk,
    equivocations, finality,
    held_signers::{self, HeldSigners},
    metrics, migrations,
    network::{self, Network, Parts},
    node::Node,
    node_list::{self, NodeList},
    partial::{inherents, partial, Partial, JUSTIFICATION_PERIOD},
    peer_requests::AllowedPeers,
    pool::{transaction_pool, NodePool},
    tasks::{self, Surroundings},
    threads::provide_instances,
    throttled_pool::ThrottledPool,
    types::{FullBackend, FullSelectChain, GrandpaBlockImport, GrandpaLink},
    validating,
};
use crate::rpc::GrandpaDeps;
use log::{info, warn};
use sc_cli::TransactionPoolParams;
use sc_consensus::DefaultImportQueue;
use sc_consensus_aura::{SlotProportion, StartAuraParams};
use sc_consensus_grandpa::{
    warp_proof, FinalityProofProvider, GrandpaParams, SharedAuthoritySet, SharedVoterState,
    ThreeQuartersOfTheUnfinalizedChain, VotingRulesBuilder,
};
use sc_network::{
    config::{FullNetworkConfiguration, NonReservedPeerMode},
    service::{traits::NetworkService, NotificationMetrics},
    types::ProtocolName,
    NetworkBackend, NotificationService,
};
use sc_network_sync::{block_announces_protocol_name, SyncingService};
use sc_service::{
    error::Error, propagate_transaction_notifications, Configuration, TaskManager, WarpSyncConfig,
};
use sc_telemetry::Telemetry;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_blockchain::HeaderBackend;
use sp_consensus_aura::sr25519::AuthorityPair as AuraPair;
use sp_runtime::Percent;
use std::{path::PathBuf, sync::Arc, time::Duration};
use substrate_prometheus_endpoint::{Gauge, U64};
use twinchain_runtime::{
    configs::system::MAX_BLOCK_LENGTH, opaque::Block, AccountId, BlockNumber, Hash,
};

const LOG_TARGET: &str = "authoring";

/// Estimated time in which a message of the finality gadget reaches all nodes.
const GOSSIP_DURATION: Duration = Duration::from_millis(333);

/// The held signers, and the metric that counts them.
struct Held {
    signers: HeldSigners,
    count: Option<Gauge<U64>>,
}

/// The services that connect the node to others.
struct Connection {
    network: Arc<dyn NetworkService>,
    sync: Arc<SyncingService<Block>>,
    grandpa: GrandpaChannel,
}

/// The protocol and the messages of the voters.
struct GrandpaChannel {
    protocol: ProtocolName,
    messages: Box<dyn NotificationService>,
}

/// The options of a running node, besides the SDK's configuration.
pub struct Options {
    /// The parameters of the transaction pool.
    pub pool: TransactionPoolParams,
    /// The directory that caches compiled runtimes, if any.
    pub runtime_cache: Option<PathBuf>,
    /// The held signers to release.
    pub released: Vec<AccountId>,
    /// The free space, in MiB, that the node needs.
    pub min_free_space: u64,
}

/// Starts the node's tasks with the given network backend.
///
/// Fails if the disk is full, or if a part of the node cannot be started.
pub fn start<N: NetworkBackend<Block, Hash>>(
    mut config: Configuration,
    options: &Options,
) -> Result<TaskManager, Error> {
    let Options { pool, runtime_cache, released, min_free_space } = options;
    // Checked before anything is written.
    let folder = config.base_path.config_dir(config.chain_spec.id());
    let folder = config.database.path().unwrap_or(&folder);
    let disk = Disk::new(folder, *min_free_space, config.prometheus_registry())?;
    let held = held_signers(&config, released)?;
    provide_instances(&mut config);
    let Partial {
        client,
        backend,
        mut task_manager,
        keystore,
        select_chain,
        import_queue,
        block_import,
        slot_duration,
        grandpa_link,
        mut telemetry,
    } = partial(&mut config, runtime_cache.as_deref())?;
    disk.watch(&task_manager);
    let pool = transaction_pool(pool, &config, &client, &task_manager);
    let node = Node {
        role: config.role,
        name: config.network.node_name.clone(),
        force_authoring: config.force_authoring,
        client,
        backend,
        slot_duration,
        pool,
        keystore: keystore.keystore(),
        prometheus: config.prometheus_registry().cloned(),
        telemetry: telemetry.as_ref().map(Telemetry::handle),
    };
    if node.role.is_authority() {
        validating::check_keys(&*node.keystore)?;
    }
    let disable_grandpa = config.disable_grandpa;
    let voter_state = SharedVoterState::empty();
    let for_rpc = grandpa_deps(&node, &grandpa_link, voter_state.clone());
    let connection =
        connect::<N>(config, &node, &mut task_manager, telemetry.as_mut(), import_queue, for_rpc)?;

    let watch = clock::watch(node.client.clone(), node.slot_duration, node.prometheus.clone());
    task_manager.spawn_handle().spawn("clock-watch", None, watch);
    let watch = finality::watch(node.client.clone(), voter_state.clone());
    task_manager.spawn_handle().spawn("finality-watch", None, watch);
    if node.role.is_authority() {
        let watch = validating::watch(node.client.clone(), node.keystore.clone());
        task_manager.spawn_handle().spawn("validating-watch", None, watch);
        author(&node, held, &connection.sync, &task_manager, select_chain, block_import)?;
    }
    if !disable_grandpa {
        finalise(node, connection, &task_manager, grandpa_link, voter_state)?;
    }
    Ok(task_manager)
}

/// Reads the held signers, after releasing those in `released`.
fn held_signers(config: &Configuration, released: &[AccountId]) -> Result<Held, Error> {
    let folder = config.base_path.config_dir(config.chain_spec.id());
    let mut signers =
        HeldSigners::open(folder.join(held_signers::FILE_NAME)).map_err(Error::Other)?;
    signers.release(released).map_err(Error::Other)?;
    for released in released {
        info!(target: LOG_TARGET, "Released: {released} is no longer left out of blocks.");
    }
    if signers.len() > 0 {
        warn!(
            target: LOG_TARGET,
            "⚠️  This node leaves the transactions of held signers out of its blocks, because one \
             did not return: {}. See {} and docs/operations.md.",
            signers.names(),
            signers.path().display(),
        );
    }
    let count = metrics::gauge(
        config.prometheus_registry(),
        "twinchain_held_signers",
        "Signers, and bare extrinsics, that this node leaves out of its blocks",
    );
    if let Some(count) = &count {
        count.set(signers.len());
    }
    Ok(Held { signers, count })
}

/// Returns the dependencies of the finality methods of JSON-RPC.
fn grandpa_deps(node: &Node, link: &GrandpaLink, voter_state: SharedVoterState) -> GrandpaDeps {
    let authority_set = link.shared_authority_set().clone();
    GrandpaDeps {
        voter_state,
        authority_set: authority_set.clone(),
        justifications: link.justification_stream(),
        proofs: FinalityProofProvider::new_for_service(node.backend.clone(), Some(authority_set)),
    }
}

/// Starts the network, the tasks that follow the chain, and those that serve requests.
// A single function, because values pass through it whose types are in crates that the node does
// not depend on.
fn connect<N: NetworkBackend<Block, Hash>>(
    mut config: Configuration,
    node: &Node,
    task_manager: &mut TaskManager,
    telemetry: Option<&mut Telemetry>,
    import_queue: DefaultImportQueue<Block>,
    grandpa_deps: GrandpaDeps,
) -> Result<Connection, Error> {
    // Set before the network starts and never changed: see `node_list`.
    config.network.default_peers_set.non_reserved_mode = NonReservedPeerMode::Deny;
    let metrics = N::register_notification_metrics(node.prometheus.as_ref());
    let (net_config, grandpa) = network_configuration::<N>(&config, node, metrics.clone());
    let (client, backend) = (node.client.clone(), node.backend.clone());
    let NodePool { pool, gate, .. } = &node.pool;
    let for_network = Arc::new(ThrottledPool::for_network(pool.clone(), gate.clone()));
    let for_clients = Arc::new(ThrottledPool::for_clients(pool.clone(), gate.clone()));
    let warp_sync = warp_sync(backend, grandpa_deps.authority_set.clone());
    let allowed = Arc::<AllowedPeers>::default();
    let list = node_list::Start::new(&config, client.clone(), allowed.clone());
    let Network { service: network, sync, system, transactions } = network::build(Parts {
        config: &config,
        net_config,
        client,
        pool: for_network,
        task_manager,
        import_queue,
        warp_sync,
        metrics,
        allowed,
    })?;
    follow_chain(&config, node, list, &network, &sync, task_manager);

    let propagation = propagate_transaction_notifications(
        for_clients.clone(),
        transactions,
        node.telemetry.clone(),
    );
    let tasks = task_manager.spawn_handle();
    tasks.spawn("on-transaction-imported", Some("transaction-pool"), propagation);
    let surroundings = Surroundings {
        config,
        task_manager,
        pool_for_clients: for_clients,
        grandpa: grandpa_deps,
        network: network.clone(),
        sync: sync.clone(),
        system,
        telemetry,
    };
    tasks::start(node, surroundings)?;
    Ok(Connection { network, sync, grandpa })
}

/// Returns the configuration of the network, and the voters' protocol, which is a part of it.
fn network_configuration<N: NetworkBackend<Block, Hash>>(
    config: &Configuration,
    node: &Node,
    metrics: NotificationMetrics,
) -> (FullNetworkConfiguration<Block, Hash, N>, GrandpaChannel) {
    let mut net_config =
        FullNetworkConfiguration::<Block, Hash, N>::new(&config.network, node.prometheus.clone());
    // One peer is enough for `--sync warp`, because every proof is checked. With the default of
    // three, a newcomer to a small consortium could wait forever.
    net_config.network_config.min_peers_to_start_warp_sync = Some(1);
    let protocol = sc_consensus_grandpa::protocol_standard_name(
        &node.client.info().genesis_hash,
        &config.chain_spec,
    );
    let (grandpa_config, messages) = sc_consensus_grandpa::grandpa_peers_set_config::<Block, N>(
        protocol.clone(),
        metrics,
        net_config.peer_store_handle(),
    );
    net_config.add_notification_protocol(grandpa_config);
    (net_config, GrandpaChannel { protocol, messages })
}

/// Returns the provider for warp sync: proofs of finality, which this node checks and serves.
fn warp_sync(
    backend: Arc<FullBackend>,
    authority_set: SharedAuthoritySet<Hash, BlockNumber>,
) -> WarpSyncConfig<Block> {
    WarpSyncConfig::WithProvider(Arc::new(warp_proof::NetworkProvider::<Block, FullBackend>::new(
        backend,
        authority_set,
        Vec::new(),
    )))
}

/// Starts the tasks that follow the chain: the node list, equivocations, migrations.
fn follow_chain(
    config: &Configuration,
    node: &Node,
    list: node_list::Start,
    network: &Arc<dyn NetworkService>,
    sync: &Arc<SyncingService<Block>>,
    task_manager: &TaskManager,
) {
    let node_list = NodeList {
        network: network.clone(),
        sync: sync.clone(),
        protocol: block_announces_protocol_name(
            node.client.info().genesis_hash,
            config.chain_spec.fork_id(),
        )
        .into(),
        start: list,
        slot_duration: node.slot_duration,
        prometheus: node.prometheus.clone(),
    };
    // Essential: a node that no longer follows the list would admit removed peers.
    task_manager.spawn_essential_handle().spawn("node-list", None, node_list.run());
    task_manager.spawn_handle().spawn(
        "equivocations",
        None,
        equivocations::watch(node.client.clone(), node.prometheus.clone()),
    );
    task_manager.spawn_handle().spawn(
        "migrations",
        None,
        migrations::watch(node.client.clone(), node.prometheus.clone()),
    );
}

/// Returns the pool for this node's block author, and starts the watchdog of the extrinsics that
/// the block author executes.
fn author_pool(node: &Node, held: Held) -> Result<AuthorPool, Error> {
    let watch = Arc::<Watch>::default();
    let signers = Arc::new(held.signers.clone());
    let slot = node.slot_duration.as_duration();
    authoring::guard(&watch, slot, held.signers, held.count)?;
    Ok(AuthorPool {
        pool: node.pool.pool.clone(),
        members: node.pool.members.clone(),
        validation: node.pool.validation.clone(),
        held: signers,
        watch,
    })
}

/// Starts making a block in each of this node's slots.
fn author(
    node: &Node,
    held: Held,
    sync: &Arc<SyncingService<Block>>,
    task_manager: &TaskManager,
    select_chain: FullSelectChain,
    block_import: GrandpaBlockImport,
) -> Result<(), Error> {
    let mut proposer_factory = sc_basic_authorship::ProposerFactory::new(
        task_manager.spawn_handle(),
        node.client.clone(),
        Arc::new(author_pool(node, held)?),
        node.prometheus.as_ref(),
        node.telemetry.clone(),
    );
    // The runtime decides what fits into a block. The default here is lower.
    proposer_factory
        .set_default_block_size_limit(MAX_BLOCK_LENGTH.try_into().unwrap_or(usize::MAX));
    // Otherwise the SDK's proposer ends the block after some transactions that do not fit, even if
    // all are from one organisation beyond its quota. `AuthorPool` limits the failed attempts.
    proposer_factory.set_soft_deadline(Percent::from_percent(100));
    let slot_duration = node.slot_duration;
    let aura =
        sc_consensus_aura::start_aura::<AuraPair, _, _, _, _, _, _, _, _, _, _>(StartAuraParams {
            slot_duration,
            client: node.client.clone(),
            select_chain,
            block_import,
            proposer_factory: TimedProposerFactory(proposer_factory),
            sync_oracle: sync.clone(),
            justification_sync_link: sync.clone(),
            create_inherent_data_providers: move |_parent, ()| async move {
                Ok(inherents(slot_duration))
            },
            force_authoring: node.force_authoring,
            // Block production continues while finality waits: a write must be included even when
            // too few validators vote.
            backoff_authoring_blocks: None::<()>,
            keystore: node.keystore.clone(),
            block_proposal_slot_portion: SlotProportion::new(PROPOSAL_PORTION),
            max_block_proposal_slot_portion: None,
            telemetry: node.telemetry.clone(),
            compatibility_mode: Default::default(),
        })?;
    // Essential: a validator that no longer makes blocks must stop visibly.
    task_manager.spawn_essential_handle().spawn_blocking("aura", Some("block-authoring"), aura);
    Ok(())
}

/// Starts voting on finality, or only observing if the node does not validate.
fn finalise(
    node: Node,
    connection: Connection,
    task_manager: &TaskManager,
    link: GrandpaLink,
    voter_state: SharedVoterState,
) -> Result<(), Error> {
    let Connection { network, sync, grandpa } = connection;
    let keystore = node.role.is_authority().then_some(node.keystore);
    let voter = sc_consensus_grandpa::run_grandpa_voter(GrandpaParams {
        config: sc_consensus_grandpa::Config {
            gossip_duration: GOSSIP_DURATION,
            justification_generation_period: JUSTIFICATION_PERIOD,
            observer_enabled: false,
            local_role: node.role,
            name: Some(node.name),
            keystore,
            telemetry: node.telemetry.clone(),
            protocol_name: grandpa.protocol,
        },
        link,
        network,
        sync,
        notification_service: grandpa.messages,
        // Votes for the best block itself, while the default stays two blocks behind: block
        // authors take turns, so forks are rare, and users wait for finality.
        voting_rule: VotingRulesBuilder::new().add(ThreeQuartersOfTheUnfinalizedChain).build(),
        prometheus_registry: node.prometheus,
        shared_voter_state: voter_state,
        telemetry: node.telemetry,
        offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(node.pool.pool),
    })?;
    // Essential for the same reason as authoring.
    task_manager.spawn_essential_handle().spawn_blocking("grandpa-voter", None, voter);
    Ok(())
}
