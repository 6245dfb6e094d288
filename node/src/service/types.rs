// SPDX-License-Identifier: Apache-2.0

//! Type aliases for the node's parts.

use sc_executor::WasmExecutor;
use sc_transaction_pool::{FullChainApi, TransactionPoolHandle};
use sc_transaction_pool_api::TransactionPool;
use sp_consensus_aura::{sr25519::AuthoritySignature, Slot};
use twinchain_runtime::{
    opaque::{Block, Header},
    RuntimeApi,
};

/// The host functions that the runtime can call: the standard ones.
pub type HostFunctions = sp_io::SubstrateHostFunctions;

/// The client: the chain, and calls into its runtime.
pub type FullClient = sc_service::TFullClient<Block, RuntimeApi, WasmExecutor<HostFunctions>>;

/// The database.
pub type FullBackend = sc_service::TFullBackend<Block>;

/// Selects the best chain: the longest of those that contain the last final block.
pub type FullSelectChain = sc_consensus::LongestChain<FullBackend, Block>;

/// Imports blocks, and extracts the changes that GRANDPA needs.
pub type GrandpaBlockImport =
    sc_consensus_grandpa::GrandpaBlockImport<FullBackend, Block, FullClient, FullSelectChain>;

/// The state that the GRANDPA voter shares with the block import.
pub type GrandpaLink = sc_consensus_grandpa::LinkHalf<Block, FullClient, FullSelectChain>;

/// The SDK's transaction pool, of either type.
pub type FullPool = TransactionPoolHandle<Block, FullClient>;

/// The reason why the pool rejects a transaction.
pub type PoolError = <FullPool as TransactionPool>::Error;

/// Validates transactions in the runtime.
pub type Validation = FullChainApi<FullClient, Block>;

/// Returns the slot of a block, or `None` for the genesis block.
pub fn slot_of(header: &Header) -> Option<Slot> {
    sc_consensus_aura::find_pre_digest::<Block, AuthoritySignature>(header).ok()
}
