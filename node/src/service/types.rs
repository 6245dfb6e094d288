// SPDX-License-Identifier: Apache-2.0

//! The node's parts with their types filled in.

use sc_executor::WasmExecutor;
use sc_transaction_pool::{FullChainApi, TransactionPoolHandle};
use sc_transaction_pool_api::TransactionPool;
use sp_consensus_aura::{sr25519::AuthoritySignature, Slot};
use twinchain_runtime::{
    opaque::{Block, Header},
    RuntimeApi,
};

/// The functions that the runtime may call: the standard ones.
pub type HostFunctions = sp_io::SubstrateHostFunctions;

/// The client: the chain, and calls into its runtime.
pub type FullClient = sc_service::TFullClient<Block, RuntimeApi, WasmExecutor<HostFunctions>>;

/// The database.
pub type FullBackend = sc_service::TFullBackend<Block>;

/// Which chain is the best: the longest of those that contain the last final block.
pub type FullSelectChain = sc_consensus::LongestChain<FullBackend, Block>;

/// Imports blocks and learns from them what GRANDPA must know.
pub type GrandpaBlockImport =
    sc_consensus_grandpa::GrandpaBlockImport<FullBackend, Block, FullClient, FullSelectChain>;

/// What the voter of GRANDPA shares with the import of blocks.
pub type GrandpaLink = sc_consensus_grandpa::LinkHalf<Block, FullClient, FullSelectChain>;

/// The SDK's transaction pool, of either type.
pub type FullPool = TransactionPoolHandle<Block, FullClient>;

/// Why the pool refuses a transaction.
pub type PoolError = <FullPool as TransactionPool>::Error;

/// Asks the runtime whether transactions are valid.
pub type Validation = FullChainApi<FullClient, Block>;

/// The slot in which a block was made. The genesis block has none.
pub fn slot_of(header: &Header) -> Option<Slot> {
    sc_consensus_aura::find_pre_digest::<Block, AuthoritySignature>(header).ok()
}
