// SPDX-License-Identifier: Apache-2.0

//! The JSON-RPC methods: those of every Substrate node, by the old and the new specification
//! (<https://paritytech.github.io/json-rpc-interface-spec/>), and those for nonces, fees and
//! finality.

use crate::service::{FullBackend, FullClient, ThrottledPool};
use jsonrpsee::{Methods, RpcModule};
use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
use sc_client_api::Backend;
use sc_consensus_grandpa::{
    FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState,
};
use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
use sc_rpc::{
    author::{Author, AuthorApiServer},
    chain::ChainApiServer,
    offchain::{Offchain, OffchainApiServer},
    state::{ChildStateApiServer, StateApiServer},
    system::{Request, System as SystemMethods, SystemApiServer as _, SystemInfo},
    SubscriptionTaskExecutor,
};
use sc_rpc_spec_v2::{
    archive::{Archive, ArchiveApiServer},
    bitswap::{Bitswap, BitswapApiServer},
    chain_head::{ChainHead, ChainHeadApiServer, ChainHeadConfig},
    chain_spec::{ChainSpec, ChainSpecApiServer},
    transaction::{
        Transaction, TransactionApiServer, TransactionBroadcast, TransactionBroadcastApiServer,
        TransactionMetrics,
    },
};
use sc_service::error::Error;
use sc_transaction_pool::TransactionPoolHandle;
use sc_utils::mpsc::TracingUnboundedSender;
use sp_blockchain::HeaderBackend;
use sp_consensus::SyncOracle;
use sp_keystore::KeystorePtr;
use std::sync::Arc;
use substrate_frame_rpc_system::{System, SystemApiServer};
use twinchain_runtime::{opaque::Block, BlockNumber, Hash};

/// Maximum number of transactions that a connection can broadcast at the same time.
const MAX_BROADCASTS: usize = 16;

/// The dependencies of the methods.
pub struct Deps {
    /// The client.
    pub client: Arc<FullClient>,
    /// The database.
    pub backend: Arc<FullBackend>,
    /// The transaction pool.
    pub pool: Arc<TransactionPoolHandle<Block, FullClient>>,
    /// The pool through which clients submit.
    pub pool_for_clients: Arc<ThrottledPool>,
    /// The keystore.
    pub keystore: KeystorePtr,
    /// The shared state of the finality gadget.
    pub grandpa: GrandpaDeps,
    /// Reports whether the node is still syncing.
    pub sync: Arc<dyn SyncOracle + Send + Sync>,
    /// The channel to the task that handles requests about the network.
    pub network: TracingUnboundedSender<Request<Block>>,
    /// The names of the node and the chain.
    pub system: SystemInfo,
    /// Whether the node keeps the state of every final block.
    pub is_archive: bool,
    /// The metrics of watched transactions.
    pub metrics: Option<TransactionMetrics>,
}

/// The dependencies of the finality methods.
#[derive(Clone)]
pub struct GrandpaDeps {
    /// The state of the rounds in which this node votes.
    pub voter_state: SharedVoterState,
    /// The current authorities.
    pub authority_set: SharedAuthoritySet<Hash, BlockNumber>,
    /// The stream of new justifications.
    pub justifications: GrandpaJustificationStream<Block>,
    /// Provides proofs of finality for any block.
    pub proofs: Arc<FinalityProofProvider<FullBackend, Block>>,
}

/// Returns a module with all methods. Their tasks run on `executor`. Fails if two methods have the
/// same name.
pub fn create(deps: Deps, executor: SubscriptionTaskExecutor) -> Result<RpcModule<()>, Error> {
    let Deps {
        client,
        backend,
        pool,
        pool_for_clients,
        keystore,
        grandpa,
        sync,
        network,
        system,
        is_archive,
        metrics,
    } = deps;
    let genesis =
        client.hash(0)?.ok_or_else(|| Error::Other("the database has no genesis block".into()))?;
    let mut module = RpcModule::new(());
    let mut add =
        |methods: Methods| module.merge(methods).map_err(|error| Error::Application(error.into()));
    let tasks = || executor.clone();

    let (state, child_state) = sc_rpc::state::new_full(client.clone(), tasks(), None);
    add(state.into_rpc().into())?;
    add(child_state.into_rpc().into())?;
    add(sc_rpc::chain::new_full(client.clone(), tasks()).into_rpc().into())?;
    let author = Author::new(client.clone(), pool_for_clients.clone(), keystore, tasks());
    add(author.into_rpc().into())?;
    add(ChainSpec::new(system.chain_name.clone(), genesis, system.properties.clone())
        .into_rpc()
        .into())?;
    add(SystemMethods::new(system, network).into_rpc().into())?;
    if let Some(storage) = backend.offchain_storage() {
        add(Offchain::new(storage).into_rpc().into())?;
    }

    let (at, pool_at) = (client.clone(), pool_for_clients.clone());
    add(Transaction::new(at, pool_at, tasks(), metrics).into_rpc().into())?;
    let (at, pool_at) = (client.clone(), pool_for_clients);
    add(TransactionBroadcast::new(at, pool_at, tasks(), MAX_BROADCASTS).into_rpc().into())?;
    let limits = ChainHeadConfig::default();
    let chain_head = ChainHead::new(client.clone(), backend.clone(), tasks(), limits);
    add(chain_head.into_rpc().into())?;
    if is_archive {
        add(Archive::new(client.clone(), backend, genesis, tasks()).into_rpc().into())?;
    }
    add(Bitswap::new(client.clone(), sync).into_rpc().into())?;

    add(System::new(client.clone(), pool).into_rpc().into())?;
    add(TransactionPayment::new(client).into_rpc().into())?;
    let GrandpaDeps { voter_state, authority_set, justifications, proofs } = grandpa;
    let finality = Grandpa::new(tasks(), authority_set, voter_state, justifications, proofs);
    add(finality.into_rpc().into())?;
    Ok(module)
}
