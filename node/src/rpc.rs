// SPDX-License-Identifier: Apache-2.0

//! The JSON-RPC methods besides those that every node has: nonces, fees, finality.

use crate::service::{FullBackend, FullClient};
use jsonrpsee::RpcModule;
use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
use sc_consensus_grandpa::{
    FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState,
};
use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
use sc_rpc::SubscriptionTaskExecutor;
use sc_transaction_pool::TransactionPoolHandle;
use std::sync::Arc;
use substrate_frame_rpc_system::{System, SystemApiServer};
use twinchain_runtime::{opaque::Block, BlockNumber, Hash};

/// What the methods work with.
#[derive(Clone)]
pub struct Deps {
    /// The client.
    pub client: Arc<FullClient>,
    /// The transaction pool.
    pub pool: Arc<TransactionPoolHandle<Block, FullClient>>,
    /// What the finality gadget shares.
    pub grandpa: GrandpaDeps,
}

/// What the methods about finality work with.
#[derive(Clone)]
pub struct GrandpaDeps {
    /// The rounds in which this node votes.
    pub voter_state: SharedVoterState,
    /// The authorities.
    pub authority_set: SharedAuthoritySet<Hash, BlockNumber>,
    /// New justifications.
    pub justifications: GrandpaJustificationStream<Block>,
    /// Proofs of finality for any block.
    pub proofs: Arc<FinalityProofProvider<FullBackend, Block>>,
}

/// All methods in one module. Subscriptions run on the given executor.
pub fn create(
    deps: Deps,
    executor: SubscriptionTaskExecutor,
) -> Result<RpcModule<()>, Box<dyn std::error::Error + Send + Sync>> {
    let Deps { client, pool, grandpa } = deps;
    let mut module = RpcModule::new(());
    module.merge(System::new(client.clone(), pool).into_rpc())?;
    module.merge(TransactionPayment::new(client).into_rpc())?;
    module.merge(
        Grandpa::new(
            executor,
            grandpa.authority_set,
            grandpa.voter_state,
            grandpa.justifications,
            grandpa.proofs,
        )
        .into_rpc(),
    )?;
    Ok(module)
}
