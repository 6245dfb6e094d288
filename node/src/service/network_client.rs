// SPDX-License-Identifier: Apache-2.0

//! The client for the network: the blocks and the state that other nodes need to follow the chain,
//! but no runtime calls and no proofs of single values. The SDK serves those to any peer that
//! connects and requests them by `light/2`, and offers no filter.

use super::types::FullClient;
use sc_client_api::{
    BlockBackend, BlockchainEvents, CompactProof, FinalityNotifications, ImportNotifications,
    KeyValueStates, ProofProvider, StorageEventStream, StorageKey, StorageProof,
};
use sp_api::{ApiRef, ProvideRuntimeApi};
use sp_blockchain::{
    BlockStatus, CachedHeaderMetadata, Error, HeaderBackend, HeaderMetadata, Info, Result,
};
use sp_consensus::{block_validation::Chain, BlockStatus as ImportStatus};
use sp_core::{storage::ChildInfo, H256};
use sp_runtime::{
    generic::{BlockId, SignedBlock},
    traits::BlockIdTo,
    Justifications,
};
use sp_state_machine::KeyValueStorageLevel;
use std::sync::Arc;
use twinchain_runtime::{
    opaque::{Block, Header, UncheckedExtrinsic},
    BlockNumber, Hash,
};

/// A client that provides only what the network needs.
pub struct NetworkClient(pub Arc<FullClient>);

fn refused<T>() -> Result<T> {
    Err(Error::Application("this request is not available to other nodes".into()))
}

impl ProofProvider<Block> for NetworkClient {
    fn read_proof(&self, _: Hash, _: &mut dyn Iterator<Item = &[u8]>) -> Result<StorageProof> {
        refused()
    }

    fn read_child_proof(
        &self,
        _: Hash,
        _: &ChildInfo,
        _: &mut dyn Iterator<Item = &[u8]>,
    ) -> Result<StorageProof> {
        refused()
    }

    fn execution_proof(&self, _: Hash, _: &str, _: &[u8]) -> Result<(Vec<u8>, StorageProof)> {
        refused()
    }

    fn read_proof_collection(
        &self,
        hash: Hash,
        start_keys: &[Vec<u8>],
        size_limit: usize,
    ) -> Result<(CompactProof, u32)> {
        self.0.read_proof_collection(hash, start_keys, size_limit)
    }

    fn storage_collection(
        &self,
        hash: Hash,
        start_key: &[Vec<u8>],
        size_limit: usize,
    ) -> Result<Vec<(KeyValueStorageLevel, bool)>> {
        self.0.storage_collection(hash, start_key, size_limit)
    }

    fn verify_range_proof(
        &self,
        root: Hash,
        proof: CompactProof,
        start_keys: &[Vec<u8>],
    ) -> Result<(KeyValueStates, usize)> {
        self.0.verify_range_proof(root, proof, start_keys)
    }
}

impl ProvideRuntimeApi<Block> for NetworkClient {
    type Api = <FullClient as ProvideRuntimeApi<Block>>::Api;

    fn runtime_api(&self) -> ApiRef<'_, Self::Api> {
        self.0.runtime_api()
    }
}

impl HeaderBackend<Block> for NetworkClient {
    fn header(&self, hash: Hash) -> Result<Option<Header>> {
        self.0.header(hash)
    }

    fn info(&self) -> Info<Block> {
        self.0.info()
    }

    fn status(&self, hash: Hash) -> Result<BlockStatus> {
        self.0.status(hash)
    }

    fn number(&self, hash: Hash) -> Result<Option<BlockNumber>> {
        self.0.number(hash)
    }

    fn hash(&self, number: BlockNumber) -> Result<Option<Hash>> {
        self.0.hash(number)
    }
}

impl HeaderMetadata<Block> for NetworkClient {
    type Error = Error;

    fn header_metadata(&self, hash: Hash) -> Result<CachedHeaderMetadata<Block>> {
        self.0.header_metadata(hash)
    }

    fn insert_header_metadata(&self, hash: Hash, metadata: CachedHeaderMetadata<Block>) {
        self.0.insert_header_metadata(hash, metadata);
    }

    fn remove_header_metadata(&self, hash: Hash) {
        self.0.remove_header_metadata(hash);
    }
}

impl BlockBackend<Block> for NetworkClient {
    fn block_body(&self, hash: Hash) -> Result<Option<Vec<UncheckedExtrinsic>>> {
        self.0.block_body(hash)
    }

    fn block_indexed_body(&self, hash: Hash) -> Result<Option<Vec<Vec<u8>>>> {
        self.0.block_indexed_body(hash)
    }

    fn block_indexed_hashes(&self, hash: Hash) -> Result<Option<Vec<H256>>> {
        self.0.block_indexed_hashes(hash)
    }

    fn block(&self, hash: Hash) -> Result<Option<SignedBlock<Block>>> {
        self.0.block(hash)
    }

    fn block_status(&self, hash: Hash) -> Result<ImportStatus> {
        BlockBackend::block_status(&*self.0, hash)
    }

    fn justifications(&self, hash: Hash) -> Result<Option<Justifications>> {
        self.0.justifications(hash)
    }

    fn block_hash(&self, number: BlockNumber) -> Result<Option<Hash>> {
        self.0.block_hash(number)
    }

    fn indexed_transaction(&self, hash: H256) -> Result<Option<Vec<u8>>> {
        self.0.indexed_transaction(hash)
    }

    fn requires_full_sync(&self) -> bool {
        self.0.requires_full_sync()
    }
}

impl Chain<Block> for NetworkClient {
    fn block_status(
        &self,
        hash: Hash,
    ) -> std::result::Result<ImportStatus, Box<dyn std::error::Error + Send>> {
        Chain::block_status(&*self.0, hash)
    }
}

impl BlockIdTo<Block> for NetworkClient {
    type Error = Error;

    fn to_hash(&self, id: &BlockId<Block>) -> Result<Option<Hash>> {
        self.0.to_hash(id)
    }

    fn to_number(&self, id: &BlockId<Block>) -> Result<Option<BlockNumber>> {
        self.0.to_number(id)
    }
}

impl BlockchainEvents<Block> for NetworkClient {
    fn import_notification_stream(&self) -> ImportNotifications<Block> {
        self.0.import_notification_stream()
    }

    fn every_import_notification_stream(&self) -> ImportNotifications<Block> {
        self.0.every_import_notification_stream()
    }

    fn finality_notification_stream(&self) -> FinalityNotifications<Block> {
        self.0.finality_notification_stream()
    }

    fn storage_changes_notification_stream(
        &self,
        filter_keys: Option<&[StorageKey]>,
        child_filter_keys: Option<&[(StorageKey, Option<Vec<StorageKey>>)]>,
    ) -> Result<StorageEventStream<Hash>> {
        self.0.storage_changes_notification_stream(filter_keys, child_filter_keys)
    }
}
