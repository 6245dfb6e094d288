// SPDX-License-Identifier: Apache-2.0

//! The running node.

use super::{
    authoring::{self, AuthorPool, TimedProposerFactory, Watch, PROPOSAL_PORTION},
    clock, equivocations, finality,
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
use std::{path::Path, sync::Arc, time::Duration};
use substrate_prometheus_endpoint::{Gauge, U64};
use twinchain_runtime::{
    configs::system::MAX_BLOCK_LENGTH, opaque::Block, AccountId, BlockNumber, Hash,
};

const LOG_TARGET: &str = "authoring";

/// How long a message of the finality gadget takes to everybody, at a guess.
const GOSSIP_DURATION: Duration = Duration::from_millis(333);

/// Whose transactions this node leaves out of its blocks, and the metric of how many.
struct Held {
    signers: HeldSigners,
    count: Option<Gauge<U64>>,
}

/// What connects the node to the others.
struct Connection {
    network: Arc<dyn NetworkService>,
    sync: Arc<SyncingService<Block>>,
    grandpa: GrandpaChannel,
}

/// How the voters talk to each other.
struct GrandpaChannel {
    protocol: ProtocolName,
    messages: Box<dyn NotificationService>,
}

/// Starts the node's tasks, with the given network backend and transaction pool. Compiled runtimes
/// are kept in `runtime_cache`. Those in `released` are held no more.
pub fn start<N: NetworkBackend<Block, Hash>>(
    mut config: Configuration,
    pool: &TransactionPoolParams,
    runtime_cache: Option<&Path>,
    released: &[AccountId],
) -> Result<TaskManager, Error> {
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
    } = partial(&mut config, runtime_cache)?;
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

/// Reads whose transactions this node leaves out of its blocks, after releasing those.
fn held_signers(config: &Configuration, released: &[AccountId]) -> Result<Held, Error> {
    let folder = config.base_path.config_dir(config.chain_spec.id());
    let mut signers =
        HeldSigners::open(folder.join(held_signers::FILE_NAME)).map_err(Error::Other)?;
    signers.release(released).map_err(Error::Other)?;
    for released in released {
        info!(target: LOG_TARGET, "Released: {released} is not left out of blocks any more.");
    }
    if signers.len() > 0 {
        warn!(
            target: LOG_TARGET,
            "⚠️  This node leaves the transactions of held signers out of its blocks, since one did \
             not return: {}. See {} and docs/operations.md.",
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

/// Returns what the JSON-RPC methods about finality work with.
fn grandpa_deps(node: &Node, link: &GrandpaLink, voter_state: SharedVoterState) -> GrandpaDeps {
    let authority_set = link.shared_authority_set().clone();
    GrandpaDeps {
        voter_state,
        authority_set: authority_set.clone(),
        justifications: link.justification_stream(),
        proofs: FinalityProofProvider::new_for_service(node.backend.clone(), Some(authority_set)),
    }
}

/// Starts the network, the tasks that follow the chain, and those that answer requests.
// One function, since values go from the first to the last whose types are in crates that the node
// does not depend on.
fn connect<N: NetworkBackend<Block, Hash>>(
    mut config: Configuration,
    node: &Node,
    task_manager: &mut TaskManager,
    telemetry: Option<&mut Telemetry>,
    import_queue: DefaultImportQueue<Block>,
    grandpa_deps: GrandpaDeps,
) -> Result<Connection, Error> {
    // Set before the network starts, and never again: see `node_list`.
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
    // One peer is enough for `--sync warp`, since every proof is checked. The default of three
    // would leave a newcomer to a small consortium waiting for ever.
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

/// Returns how nodes warp to the head: by proofs of finality, which this node checks and serves.
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

/// Starts the tasks that follow the chain: the list of peers, two blocks of one slot, migrations.
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
    // Essential: a node that no longer hears of the list would let in who was removed.
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

/// Returns the pool for this node's author, and starts the watchdog of what it executes.
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

/// Starts making a block in every slot that is this node's.
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
    // What fits into a block is the runtime's decision. The default here is less.
    proposer_factory
        .set_default_block_size_limit(MAX_BLOCK_LENGTH.try_into().unwrap_or(usize::MAX));
    // The SDK's proposer would end the block after some transactions that do not fit, even if all
    // are of one company beyond its quota. `AuthorPool` bounds how many are tried in vain.
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
            // Blocks go on while finality waits: recording must not depend on every third
            // validator being there.
            backoff_authoring_blocks: None::<()>,
            keystore: node.keystore.clone(),
            block_proposal_slot_portion: SlotProportion::new(PROPOSAL_PORTION),
            max_block_proposal_slot_portion: None,
            telemetry: node.telemetry.clone(),
            compatibility_mode: Default::default(),
        })?;
    // Essential: a validator that makes no blocks any more had better stop than pretend.
    task_manager.spawn_essential_handle().spawn_blocking("aura", Some("block-authoring"), aura);
    Ok(())
}

/// Starts voting on what is final, or only listening if the node does not validate.
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
        // Votes for the best block itself, where the default stays two blocks behind: authors take
        // turns, so forks are rare, and people wait for finality.
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
