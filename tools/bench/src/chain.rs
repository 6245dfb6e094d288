// SPDX-License-Identifier: Apache-2.0

//! A chain in this process: the client and the database of a node and the WebAssembly runtime,
//! without a network. Blocks are made and imported one after the other, and are final immediately.

use crate::error::Result;
use codec::{Decode, Encode};
use frame_support::weights::Weight;
use futures::executor::block_on;
use sc_block_builder::BlockBuilderBuilder;
use sc_chain_spec::{json_patch, GenesisBlockBuilder, GenesisConfigBuilderRuntimeCaller};
use sc_client_api::{
    backend::{Backend as _, BlockImportOperation, NewBlockState},
    StorageProvider, TrieCacheContext,
};
use sc_client_db::{BlocksPruning, DatabaseSettings, DatabaseSource, PruningMode};
use sc_consensus::{
    BlockImport, BlockImportParams, ForkChoiceStrategy, ImportResult, StateAction, StorageChanges,
};
use sc_executor::WasmExecutor;
use sp_api::{ApiExt, CallContext, Core, ProvideRuntimeApi};
use sp_blockchain::HeaderBackend;
use sp_consensus::BlockOrigin;
use sp_core::{testing::TaskExecutor, H256};
use sp_inherents::InherentData;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
    traits::{BlakeTwo256, Block as _, Header as _},
    Digest, DigestItem, OpaqueExtrinsic,
};
use sp_state_machine::Backend as _;
use sp_storage::StorageKey;
use std::{
    collections::{hash_map::Entry, HashMap},
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use twinchain_runtime::{
    opaque::{Block, Header},
    signing, AccountId, Runtime, RuntimeApi, RuntimeCall, RuntimeEvent, SLOT_DURATION, VERSION,
    WASM_BINARY,
};

type HostFunctions = sp_io::SubstrateHostFunctions;
/// The executor of the runtime.
pub type Executor = WasmExecutor<HostFunctions>;
type Client = sc_service::TFullClient<Block, RuntimeApi, Executor>;
type Backend = sc_service::TFullBackend<Block>;

/// The state after a block, as stored in the database.
pub type State = <Backend as sc_client_api::Backend<Block>>::State;
/// A key of the state and its value.
pub type Record = (Vec<u8>, Vec<u8>);

/// The default size of a node's trie cache, in bytes.
pub const NODES_TRIE_CACHE: usize = 1024 * 1024 * 1024;

/// A quota that no measurement uses up, and that JSON represents exactly.
const ENOUGH: u64 = 1 << 50;

/// A chain in a folder.
pub struct Chain {
    client: Client,
    backend: Arc<Backend>,
    genesis: H256,
}

/// A block that is built but not yet imported.
pub struct Built {
    block: Block,
    changes: sp_state_machine::StorageChanges<BlakeTwo256>,
    /// Time that each extrinsic took, in order.
    pub applied: Vec<Duration>,
    /// Time that the end of the block took. Most of it is the state's new root.
    pub finished: Duration,
}

/// The source of an imported block's state.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Import {
    /// The node's own block, whose changes are known.
    Own,
    /// Another validator's block, which is executed.
    Foreign,
}

impl Chain {
    /// Opens the chain in a folder, or creates it. With `None`, the trie has no cache.
    pub fn open(folder: &Path, trie_cache: Option<usize>) -> Result<Self> {
        let backend = sc_service::new_db_backend::<Block>(DatabaseSettings {
            trie_cache_maximum_size: trie_cache,
            // The node's default.
            state_pruning: Some(PruningMode::ArchiveCanonical),
            source: DatabaseSource::ParityDb { path: folder.into() },
            blocks_pruning: BlocksPruning::KeepFinalized,
            pruning_filters: Vec::new(),
            metrics_registry: None,
        })?;
        let executor = Executor::builder().build();
        let genesis = GenesisBlockBuilder::new_with_storage(
            genesis_storage()?,
            true,
            backend.clone(),
            executor.clone(),
        )?;
        let extensions = sc_client_api::execution_extensions::ExecutionExtensions::new(
            None,
            Arc::new(executor.clone()),
        );
        let client = sc_service::new_client(
            backend.clone(),
            executor,
            genesis,
            Default::default(),
            Default::default(),
            extensions,
            Box::new(TaskExecutor::new()),
            None,
            None,
            Default::default(),
        )?;
        let genesis = client.info().genesis_hash;
        Ok(Self { client, backend, genesis })
    }

    /// Returns the hash of the genesis block.
    pub fn genesis(&self) -> H256 {
        self.genesis
    }

    /// Returns the hash of the newest block.
    pub fn head(&self) -> H256 {
        self.client.info().best_hash
    }

    /// Returns the number of the newest block.
    pub fn height(&self) -> u32 {
        self.client.info().best_number
    }

    /// Returns the client, for calls of runtime APIs.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Returns the state after the newest block.
    pub fn state(&self) -> Result<State> {
        Ok(self.backend.state_at(self.head(), TrieCacheContext::Trusted)?)
    }

    /// Clears the trie cache. The caches of the database and of the operating system remain.
    pub fn forget(&self) {
        self.backend.reset_trie_cache();
    }

    /// Returns a decoded value from the newest state.
    pub fn read<V: Decode>(&self, key: Vec<u8>) -> Result<Option<V>> {
        let value = self.client.storage(self.head(), &StorageKey(key))?;
        Ok(value.map(|value| V::decode(&mut &value.0[..])).transpose()?)
    }

    /// Returns the whole newest state. Only suitable for small states.
    pub fn records(&self) -> Result<Vec<Record>> {
        let pairs = self.client.storage_pairs(self.head(), None, None)?;
        Ok(pairs.map(|(key, value)| (key.0, value.0)).collect())
    }

    /// Returns extrinsics with these calls in order, signed for the next block.
    pub fn sign(&self, calls: Vec<(Sr25519Keyring, RuntimeCall)>) -> Result<Vec<OpaqueExtrinsic>> {
        // Deriving a pair from words takes far longer than signing, so each is derived once.
        let mut signers = HashMap::new();
        let mut signed = Vec::with_capacity(calls.len());
        for (who, call) in calls {
            let (pair, nonce) = match signers.entry(who) {
                Entry::Occupied(signer) => signer.into_mut(),
                Entry::Vacant(signer) => {
                    signer.insert((who.pair(), self.nonce(&who.to_account_id())?))
                },
            };
            let extrinsic = signing::sign(call, pair, *nonce, self.genesis).encode();
            signed.push(OpaqueExtrinsic::try_from_encoded_extrinsic(&extrinsic)?);
            *nonce += 1;
        }
        Ok(signed)
    }

    fn nonce(&self, account: &AccountId) -> Result<u32> {
        // The nonce is the first field of an account's record.
        let nonce = self.read(frame_system::Account::<Runtime>::hashed_key_for(account))?;
        Ok(nonce.unwrap_or_default())
    }

    /// Builds the next block. Fails if an extrinsic is invalid or fails.
    pub fn build(&self, extrinsics: &[OpaqueExtrinsic]) -> Result<Built> {
        let (number, hash) = (self.height(), self.head());
        // One slot per block, so that the slot determines the time.
        let slot = u64::from(number + 1);
        let mut builder = BlockBuilderBuilder::new(&self.client)
            .on_parent_block(hash)
            .with_parent_block_number(number)
            .with_inherent_digests(slot_digest(slot))
            .build()?;
        for inherent in builder.create_inherents(inherent_data(slot)?)? {
            builder.push(inherent)?;
        }
        let mut applied = Vec::with_capacity(extrinsics.len());
        for extrinsic in extrinsics {
            let start = Instant::now();
            builder.push(extrinsic.clone())?;
            applied.push(start.elapsed());
        }
        let start = Instant::now();
        let (block, changes) = builder.build()?.into_inner();
        let finished = start.elapsed();
        let built = Built { block, changes, applied, finished };
        built.check()?;
        Ok(built)
    }

    /// Executes a block as an importing node does, discards the result, and returns the elapsed
    /// time.
    pub fn execute(&self, built: &Built) -> Result<Duration> {
        let mut api = self.client.runtime_api();
        api.set_call_context(CallContext::Onchain { import: true });
        let block = built.block.clone();
        let start = Instant::now();
        api.execute_block(self.head(), block.into())?;
        Ok(start.elapsed())
    }

    /// Imports a block and returns the elapsed time.
    pub fn import(&self, built: Built, import: Import) -> Result<Duration> {
        let (header, body) = built.block.deconstruct();
        let (origin, state_action) = match import {
            Import::Own => (
                BlockOrigin::Own,
                StateAction::ApplyChanges(StorageChanges::Changes(built.changes)),
            ),
            Import::Foreign => (BlockOrigin::File, StateAction::Execute),
        };
        let mut params = BlockImportParams::new(origin, header);
        params.body = Some(body);
        params.state_action = state_action;
        params.finalized = true;
        params.fork_choice = Some(ForkChoiceStrategy::LongestChain);
        let start = Instant::now();
        let result = block_on(self.client.import_block(params))?;
        let time = start.elapsed();
        match result {
            ImportResult::Imported(_) => Ok(time),
            other => Err(format!("the block was not imported: {other:?}").into()),
        }
    }

    /// Builds and imports a block of these calls.
    pub fn run(&self, calls: Vec<(Sr25519Keyring, RuntimeCall)>) -> Result<()> {
        let built = self.build(&self.sign(calls)?)?;
        self.import(built, Import::Own)?;
        Ok(())
    }

    /// Writes records into the state with a block that is not executed. Returns the time for the
    /// state's new root and the time for the database.
    pub fn put(&self, records: &[Record]) -> Result<(Duration, Duration)> {
        let (number, parent) = (self.height(), self.head());
        // The runtime requires consecutive block numbers.
        let counter = frame_support::storage::storage_prefix(b"System", b"Number");
        let counted = (number + 1).encode();
        let delta = records
            .iter()
            .map(|(key, value)| (&key[..], Some(&value[..])))
            .chain([(&counter[..], Some(&counted[..]))]);
        let start = Instant::now();
        let (root, transaction) = self.state()?.storage_root(delta, VERSION.state_version());
        let rooted = start.elapsed();
        let header = Header::new(number + 1, Default::default(), root, parent, Default::default());
        let start = Instant::now();
        let mut operation = self.backend.begin_operation()?;
        self.backend.begin_state_operation(&mut operation, parent)?;
        operation.update_db_storage(transaction)?;
        operation.set_block_data(
            header,
            Some(Vec::new()),
            None,
            None,
            NewBlockState::Final,
            true,
        )?;
        self.backend.commit_operation(operation)?;
        Ok((rooted, start.elapsed()))
    }
}

impl Built {
    /// Returns the value that the block set for a key.
    pub fn value<V: Decode>(&self, key: &[u8]) -> Result<Option<V>> {
        let change = self.changes.main_storage_changes.iter().find(|(changed, _)| changed == key);
        let value = change.and_then(|(_, value)| value.as_ref());
        Ok(value.map(|value| V::decode(&mut &value[..])).transpose()?)
    }

    /// Returns all changes of the block. `None` as a value: the key was removed.
    pub fn changes(&self) -> impl Iterator<Item = (&Vec<u8>, Option<&Vec<u8>>)> {
        self.changes.main_storage_changes.iter().map(|(key, value)| (key, value.as_ref()))
    }

    /// Returns the events of the block, with their phases.
    pub fn events(&self) -> Result<Vec<frame_system::EventRecord<RuntimeEvent, H256>>> {
        let key = frame_support::storage::storage_prefix(b"System", b"Events");
        Ok(self.value(&key)?.unwrap_or_default())
    }

    /// Returns the block's weight so far, in picoseconds.
    pub fn weight(&self) -> Result<u64> {
        Ok(self.whole_weight()?.ref_time())
    }

    /// Returns the block's weight so far: picoseconds, and bytes of extrinsics and of writes.
    pub fn whole_weight(&self) -> Result<Weight> {
        let weight = self.value::<frame_system::ConsumedWeight>(&frame_system::BlockWeight::<
            Runtime,
        >::hashed_key())?;
        Ok(weight.ok_or("the block has no weight")?.total())
    }

    fn check(&self) -> Result<()> {
        let failed = |event: &RuntimeEvent| {
            matches!(event, RuntimeEvent::System(frame_system::Event::ExtrinsicFailed { .. }))
        };
        match self.events()?.iter().find(|record| failed(&record.event)) {
            Some(record) => Err(format!("an extrinsic failed: {record:?}").into()),
            None => Ok(()),
        }
    }
}

/// Returns the digest of a block that was made in this slot.
pub fn slot_digest(slot: u64) -> Digest {
    Digest { logs: vec![DigestItem::PreRuntime(*b"aura", slot.encode())] }
}

/// Returns the inherent data of a block that was made in this slot: the time.
pub fn inherent_data(slot: u64) -> Result<InherentData> {
    let mut data = InherentData::new();
    data.put_data(sp_timestamp::INHERENT_IDENTIFIER, &(slot * SLOT_DURATION))?;
    Ok(data)
}

/// Returns the state of the development preset, with quotas and a session that nothing exhausts.
pub fn genesis_storage() -> Result<sp_storage::Storage> {
    let wasm = WASM_BINARY.ok_or("the runtime was built without WebAssembly")?;
    let caller = GenesisConfigBuilderRuntimeCaller::<HostFunctions>::new(wasm);
    let preset = twinchain_runtime::presets::DEVELOPMENT.to_string();
    let mut patch = caller.get_named_preset(Some(&preset))?;
    let organisation =
        patch.pointer_mut("/consortium/organisations/0").ok_or("the preset has no organisation")?;
    json_patch::merge(
        organisation,
        serde_json::json!({
            "burst": ENOUGH, "perBlock": ENOUGH,
            "time": { "burst": ENOUGH }, "bytes": { "burst": ENOUGH },
        }),
    );
    json_patch::merge(
        &mut patch,
        serde_json::json!({ "consortium": { "sessionLength": u32::MAX } }),
    );
    let mut storage = caller.get_storage_for_patch(patch)?;
    storage.top.insert(sp_storage::well_known_keys::CODE.to_vec(), wasm.to_vec());
    Ok(storage)
}
