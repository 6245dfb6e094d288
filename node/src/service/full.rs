// SPDX-License-Identifier: Apache-2.0

//! The running node.

use super::{
    authoring::{Prompt, READY},
    equivocations,
    guarded::Guarded,
    node_list::NodeList,
    partial::{inherents, partial, JUSTIFICATION_PERIOD},
    pool::transaction_pool,
    threads::{bound_requests, with_low_priority},
    FullClient, FullSelectChain, GrandpaBlockImport, GrandpaLink, Partial,
};
use crate::rpc;
use sc_cli::TransactionPoolParams;
use sc_consensus_aura::{SlotDuration, SlotProportion, StartAuraParams};
use sc_consensus_grandpa::{
    warp_proof, FinalityProofProvider, GrandpaParams, SharedVoterState,
    ThreeQuartersOfTheUnfinalizedChain, VotingRulesBuilder,
};
use sc_network::{
    config::{FullNetworkConfiguration, MultiaddrWithPeerId, NonReservedPeerMode},
    service::traits::NetworkService,
    types::ProtocolName,
    NetworkBackend, NotificationService, PeerId,
};
use sc_network_sync::block_announces_protocol_name;
use sc_service::{
    error::Error, BuildNetworkParams, Configuration, Role, SpawnTasksParams, TaskManager,
    WarpSyncConfig,
};
use sc_telemetry::{Telemetry, TelemetryHandle};
use sc_transaction_pool::TransactionPoolHandle;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_blockchain::HeaderBackend;
use sp_consensus_aura::sr25519::AuthorityPair as AuraPair;
use std::{path::Path, sync::Arc, time::Duration};
use substrate_prometheus_endpoint::Registry;
use twinchain_runtime::{configs::system::MAX_BLOCK_LENGTH, opaque::Block, Hash};

/// How long a message of the finality gadget takes to everybody, at a guess.
const GOSSIP_DURATION: Duration = Duration::from_millis(333);

/// What the tasks of the consensus share.
struct Node {
    role: Role,
    name: String,
    client: Arc<FullClient>,
    slot_duration: SlotDuration,
    pool: Arc<TransactionPoolHandle<Block, FullClient>>,
    keystore: sp_keystore::KeystorePtr,
    sync: Arc<sc_network_sync::SyncingService<Block>>,
    prometheus: Option<Registry>,
    telemetry: Option<TelemetryHandle>,
}

/// Starts the node's tasks, with the given network backend and transaction pool. Compiled runtimes
/// are kept in `runtime_cache`.
pub fn start<N: NetworkBackend<Block, Hash>>(
    mut config: Configuration,
    pool: &TransactionPoolParams,
    runtime_cache: Option<&Path>,
) -> Result<TaskManager, Error> {
    bound_requests(&mut config);
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
    } = partial(&config, runtime_cache)?;
    let prometheus = config.prometheus_registry().cloned();
    let pool = Arc::new(transaction_pool(pool, &config, &client, &task_manager));

    // Set before the network starts, and never again: see `node_list`.
    config.network.default_peers_set.non_reserved_mode = NonReservedPeerMode::Deny;
    let metrics = N::register_notification_metrics(prometheus.as_ref());
    let mut net_config =
        FullNetworkConfiguration::<Block, Hash, N>::new(&config.network, prometheus.clone());
    // One peer is enough for `--sync warp`, since every proof is checked. The default of three would
    // leave a newcomer to a small consortium waiting for ever.
    net_config.network_config.min_peers_to_start_warp_sync = Some(1);
    let grandpa_protocol = sc_consensus_grandpa::protocol_standard_name(
        &client.info().genesis_hash,
        &config.chain_spec,
    );
    let (grandpa_config, grandpa_messages) =
        sc_consensus_grandpa::grandpa_peers_set_config::<Block, N>(
            grandpa_protocol.clone(),
            metrics.clone(),
            net_config.peer_store_handle(),
        );
    net_config.add_notification_protocol(grandpa_config);

    let warp_sync = Arc::new(warp_proof::NetworkProvider::new(
        backend.clone(),
        grandpa_link.shared_authority_set().clone(),
        Vec::new(),
    ));

    let (network, system_rpc_tx, tx_handler_controller, sync, _bitswap) =
        sc_service::build_network(BuildNetworkParams {
            config: &config,
            net_config,
            client: client.clone(),
            transaction_pool: pool.clone(),
            spawn_handle: task_manager.spawn_handle(),
            spawn_essential_handle: task_manager.spawn_essential_handle(),
            import_queue,
            block_announce_validator_builder: None,
            warp_sync_config: Some(WarpSyncConfig::WithProvider(warp_sync)),
            block_relay: None,
            metrics,
            gap_sync_body_policy: None,
        })?;

    let voter_state = SharedVoterState::empty();
    let rpc_deps = rpc::Deps {
        client: client.clone(),
        pool: pool.clone(),
        grandpa: rpc::GrandpaDeps {
            voter_state: voter_state.clone(),
            authority_set: grandpa_link.shared_authority_set().clone(),
            justifications: grandpa_link.justification_stream(),
            proofs: FinalityProofProvider::new_for_service(
                backend.clone(),
                Some(grandpa_link.shared_authority_set().clone()),
            ),
        },
    };

    let node = Node {
        role: config.role,
        name: config.network.node_name.clone(),
        client: client.clone(),
        slot_duration,
        pool: pool.clone(),
        keystore: keystore.keystore(),
        sync: sync.clone(),
        prometheus,
        telemetry: telemetry.as_ref().map(Telemetry::handle),
    };
    let node_list = NodeList {
        client: client.clone(),
        network: network.clone(),
        sync: sync.clone(),
        protocol: block_announces_protocol_name(
            client.info().genesis_hash,
            config.chain_spec.fork_id(),
        )
        .into(),
        reserved: ids(&config.network.default_peers_set.reserved_nodes),
        boot: ids(&config.network.boot_nodes),
        slot_duration,
        prometheus: node.prometheus.clone(),
    };
    // Essential: a node that no longer hears of the list would let in who was removed.
    task_manager.spawn_essential_handle().spawn("node-list", None, node_list.run());
    task_manager.spawn_handle().spawn(
        "equivocations",
        None,
        equivocations::watch(client.clone(), node.prometheus.clone()),
    );
    let force_authoring = config.force_authoring;
    let disable_grandpa = config.disable_grandpa;

    // The threads that answer requests start with these tasks.
    with_low_priority(|| {
        sc_service::spawn_tasks(SpawnTasksParams {
            config,
            client,
            backend,
            task_manager: &mut task_manager,
            keystore: keystore.keystore(),
            transaction_pool: Arc::new(Guarded(pool)),
            rpc_builder: Box::new(move |executor| {
                rpc::create(rpc_deps.clone(), executor).map_err(Error::Application)
            }),
            network: network.clone(),
            system_rpc_tx,
            tx_handler_controller,
            sync_service: sync,
            telemetry: telemetry.as_mut(),
            tracing_execute_block: None,
        })
    })?;

    if node.role.is_authority() {
        author(&node, &task_manager, select_chain, block_import, force_authoring)?;
    }
    if !disable_grandpa {
        let channel = GrandpaChannel { network, protocol: grandpa_protocol, grandpa_messages };
        finalise(node, &task_manager, grandpa_link, channel, voter_state)?;
    }
    Ok(task_manager)
}

fn ids(addresses: &[MultiaddrWithPeerId]) -> Vec<PeerId> {
    addresses.iter().map(|address| address.peer_id).collect()
}

/// Makes a block in every slot that is this node's.
fn author(
    node: &Node,
    task_manager: &TaskManager,
    select_chain: FullSelectChain,
    block_import: GrandpaBlockImport,
    force_authoring: bool,
) -> Result<(), Error> {
    let mut proposer_factory = sc_basic_authorship::ProposerFactory::new(
        task_manager.spawn_handle(),
        node.client.clone(),
        Arc::new(Guarded(node.pool.clone())),
        node.prometheus.as_ref(),
        node.telemetry.clone(),
    );
    // What fits into a block is the runtime's decision. The default here is less.
    proposer_factory
        .set_default_block_size_limit(MAX_BLOCK_LENGTH.try_into().unwrap_or(usize::MAX));
    let slot_duration = node.slot_duration;
    let aura =
        sc_consensus_aura::start_aura::<AuraPair, _, _, _, _, _, _, _, _, _, _>(StartAuraParams {
            slot_duration,
            client: node.client.clone(),
            select_chain,
            block_import,
            proposer_factory: Prompt(proposer_factory),
            sync_oracle: node.sync.clone(),
            justification_sync_link: node.sync.clone(),
            create_inherent_data_providers: move |_parent, ()| async move {
                Ok(inherents(slot_duration))
            },
            force_authoring,
            // Blocks go on while finality waits: recording must not depend on every third
            // validator being there.
            backoff_authoring_blocks: None::<()>,
            keystore: node.keystore.clone(),
            block_proposal_slot_portion: SlotProportion::new(READY),
            max_block_proposal_slot_portion: None,
            telemetry: node.telemetry.clone(),
            compatibility_mode: Default::default(),
        })?;
    // Essential: a validator that makes no blocks any more had better stop than pretend.
    task_manager.spawn_essential_handle().spawn_blocking("aura", Some("block-authoring"), aura);
    Ok(())
}

/// How the voters talk to each other.
struct GrandpaChannel {
    network: Arc<dyn NetworkService>,
    protocol: ProtocolName,
    grandpa_messages: Box<dyn NotificationService>,
}

/// Votes on what is final, or without a validator's keys only listens.
fn finalise(
    node: Node,
    task_manager: &TaskManager,
    link: GrandpaLink,
    channel: GrandpaChannel,
    voter_state: SharedVoterState,
) -> Result<(), Error> {
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
            protocol_name: channel.protocol,
        },
        link,
        network: channel.network,
        sync: node.sync,
        notification_service: channel.grandpa_messages,
        // Votes for the best block itself, where the default stays two blocks behind: authors take
        // turns, so forks are rare, and people wait for finality.
        voting_rule: VotingRulesBuilder::new().add(ThreeQuartersOfTheUnfinalizedChain).build(),
        prometheus_registry: node.prometheus,
        shared_voter_state: voter_state,
        telemetry: node.telemetry,
        offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(node.pool),
    })?;
    // Essential for the same reason as authoring.
    task_manager.spawn_essential_handle().spawn_blocking("grandpa-voter", None, voter);
    Ok(())
}
