// SPDX-License-Identifier: Apache-2.0

//! The runtime APIs: the queries that the node, and through it clients, can make to the runtime.

use crate::{
    configs::key_ownership::KeyOwnership, presets, AccountId, Aura, Balance, Block, BlockNumber,
    Consortium, DataContainer, DigitalTwin, Executive, Grandpa, InherentDataExt, Nonce, Runtime,
    RuntimeCall, RuntimeGenesisConfig, SessionKeys, System, VERSION,
};
use alloc::vec::Vec;
use frame_support::traits::KeyOwnerProofSystem;
use frame_support::{
    dispatch::{DispatchInfo, GetDispatchInfo},
    genesis_builder_helper,
    view_functions::{ViewFunctionDispatchError, ViewFunctionId},
    weights::Weight,
};
use pallet_consortium::{
    MemberInfo, NodeInfo, Organisation, OrganisationId, OrganisationInfo, OrganisationQuota,
    PeerId, Quota, Share,
};
use pallet_data_container::{
    AccountEnvelope, AccountKey, Authority, Authorship, BatchInfo, ContainerInfo, DataSet,
    DataSetPreview, DueRotation, EncryptionKey, Entry, Envelope, Epoch, PluginInfo, PluginPreview,
    ReaderInfo, Refusal, Rights, RotationCursor, WriteCall,
};
use pallet_digital_twin::{ResolveError, Target, TwinInfo};
use pallet_transaction_payment_rpc_runtime_api::{FeeDetails, RuntimeDispatchInfo};
use sp_api::impl_runtime_apis;
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_core::{crypto::KeyTypeId, OpaqueMetadata, H256};
use sp_genesis_builder::PresetId;
use sp_inherents::{CheckInherentsResult, InherentData};
use sp_runtime::{
    traits::{Block as BlockT, NumberFor},
    transaction_validity::{TransactionSource, TransactionValidity},
    ApplyExtrinsicResult, ExtrinsicInclusionMode,
};
use sp_session::OpaqueGeneratedSessionKeys;
use sp_version::RuntimeVersion;
use twinchain_primitives::{Access, ContainerId, Moment, Name, Page, PluginId, TwinId};

/// The fee details of a chain without fees.
const FREE: FeeDetails<Balance> = FeeDetails { inclusion_fee: None, tip: 0 };

/// Returns the weight with a fee of zero.
fn free(info: DispatchInfo) -> RuntimeDispatchInfo<Balance> {
    RuntimeDispatchInfo { weight: info.total_weight(), class: info.class, partial_fee: 0 }
}

impl_runtime_apis! {
    impl sp_api::Core<Block> for Runtime {
        fn version() -> RuntimeVersion {
            VERSION
        }

        fn execute_block(block: <Block as BlockT>::LazyBlock) {
            Executive::execute_block(block);
        }

        fn initialize_block(header: &<Block as BlockT>::Header) -> ExtrinsicInclusionMode {
            Executive::initialize_block(header)
        }
    }

    impl sp_api::Metadata<Block> for Runtime {
        fn metadata() -> OpaqueMetadata {
            OpaqueMetadata::new(Runtime::metadata().into())
        }

        fn metadata_at_version(version: u32) -> Option<OpaqueMetadata> {
            Runtime::metadata_at_version(version)
        }

        fn metadata_versions() -> Vec<u32> {
            Runtime::metadata_versions()
        }
    }

    impl frame_support::view_functions::runtime_api::RuntimeViewFunction<Block> for Runtime {
        fn execute_view_function(
            id: ViewFunctionId,
            input: Vec<u8>,
        ) -> Result<Vec<u8>, ViewFunctionDispatchError> {
            Runtime::execute_view_function(id, input)
        }
    }

    impl sp_block_builder::BlockBuilder<Block> for Runtime {
        fn apply_extrinsic(extrinsic: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
            Executive::apply_extrinsic(extrinsic)
        }

        fn finalize_block() -> <Block as BlockT>::Header {
            Executive::finalize_block()
        }

        fn inherent_extrinsics(data: InherentData) -> Vec<<Block as BlockT>::Extrinsic> {
            data.create_extrinsics()
        }

        fn check_inherents(
            block: <Block as BlockT>::LazyBlock,
            data: InherentData,
        ) -> CheckInherentsResult {
            data.check_extrinsics(&block)
        }
    }

    impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
        fn validate_transaction(
            source: TransactionSource,
            tx: <Block as BlockT>::Extrinsic,
            block_hash: <Block as BlockT>::Hash,
        ) -> TransactionValidity {
            Executive::validate_transaction(source, tx, block_hash)
        }
    }

    impl sp_consensus_aura::AuraApi<Block, AuraId> for Runtime {
        fn slot_duration() -> sp_consensus_aura::SlotDuration {
            sp_consensus_aura::SlotDuration::from_millis(Aura::slot_duration())
        }

        fn authorities() -> Vec<AuraId> {
            pallet_aura::Authorities::<Runtime>::get().into_inner()
        }
    }

    impl sp_consensus_grandpa::GrandpaApi<Block> for Runtime {
        fn grandpa_authorities() -> sp_consensus_grandpa::AuthorityList {
            Grandpa::grandpa_authorities()
        }

        fn current_set_id() -> sp_consensus_grandpa::SetId {
            Grandpa::current_set_id()
        }

        fn generate_key_ownership_proof(
            _set_id: sp_consensus_grandpa::SetId,
            authority_id: sp_consensus_grandpa::AuthorityId,
        ) -> Option<sp_consensus_grandpa::OpaqueKeyOwnershipProof> {
            use codec::Encode;
            KeyOwnership::prove((sp_consensus_grandpa::KEY_TYPE, authority_id))
                .map(|proof| proof.encode())
                .map(sp_consensus_grandpa::OpaqueKeyOwnershipProof::new)
        }

        fn submit_report_equivocation_unsigned_extrinsic(
            equivocation_proof: sp_consensus_grandpa::EquivocationProof<
                <Block as BlockT>::Hash,
                NumberFor<Block>,
            >,
            key_owner_proof: sp_consensus_grandpa::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            Grandpa::submit_unsigned_equivocation_report(
                equivocation_proof,
                key_owner_proof.decode()?,
            )
        }
    }

    impl sp_session::SessionKeys<Block> for Runtime {
        fn generate_session_keys(
            owner: Vec<u8>,
            seed: Option<Vec<u8>>,
        ) -> OpaqueGeneratedSessionKeys {
            SessionKeys::generate(&owner, seed).into()
        }

        fn decode_session_keys(encoded: Vec<u8>) -> Option<Vec<(Vec<u8>, KeyTypeId)>> {
            SessionKeys::decode_into_raw_public_keys(&encoded)
        }
    }

    impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
        fn account_nonce(account: AccountId) -> Nonce {
            System::account_nonce(account)
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance>
        for Runtime
    {
        fn query_info(
            extrinsic: <Block as BlockT>::Extrinsic,
            _len: u32,
        ) -> RuntimeDispatchInfo<Balance> {
            free(extrinsic.get_dispatch_info())
        }

        fn query_fee_details(
            _extrinsic: <Block as BlockT>::Extrinsic,
            _len: u32,
        ) -> FeeDetails<Balance> {
            FREE
        }

        fn query_weight_to_fee(_weight: Weight) -> Balance {
            0
        }

        fn query_length_to_fee(_length: u32) -> Balance {
            0
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentCallApi<
        Block,
        Balance,
        RuntimeCall,
    > for Runtime
    {
        fn query_call_info(call: RuntimeCall, _len: u32) -> RuntimeDispatchInfo<Balance> {
            free(call.get_dispatch_info())
        }

        fn query_call_fee_details(_call: RuntimeCall, _len: u32) -> FeeDetails<Balance> {
            FREE
        }

        fn query_weight_to_fee(_weight: Weight) -> Balance {
            0
        }

        fn query_length_to_fee(_length: u32) -> Balance {
            0
        }
    }

    impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
        fn build_state(json: Vec<u8>) -> sp_genesis_builder::Result {
            // Any client can call this on a node, and the work has no bound of this runtime's.
            if frame_system::BlockHash::<Runtime>::contains_key(0) {
                return Err("the chain has its genesis state".into());
            }
            genesis_builder_helper::build_state::<RuntimeGenesisConfig>(json)?;
            crate::configs::governance::check_genesis()
        }

        fn get_preset(name: &Option<PresetId>) -> Option<Vec<u8>> {
            genesis_builder_helper::get_preset::<RuntimeGenesisConfig>(name, presets::get)
        }

        fn preset_names() -> Vec<PresetId> {
            presets::names()
        }
    }

    impl pallet_data_container::runtime_api::DataContainerApi<Block, AccountId, BlockNumber>
        for Runtime
    {
        fn plugin(id: PluginId) -> Option<PluginInfo<AccountId>> {
            DataContainer::plugin(id)
        }

        fn plugins_of_publisher(
            publisher: AccountId,
            after: Option<PluginId>,
            limit: u32,
        ) -> Page<PluginId, PluginId> {
            DataContainer::plugins_of_publisher(publisher, after, limit)
        }

        fn plugins_of_name(
            name: Vec<u8>,
            after: Option<PluginId>,
            limit: u32,
        ) -> Page<PluginId, PluginId> {
            DataContainer::plugins_of_name(name, after, limit)
        }

        fn successors(
            plugin: PluginId,
            after: Option<PluginId>,
            limit: u32,
        ) -> Page<PluginId, PluginId> {
            DataContainer::successors(plugin, after, limit)
        }

        fn instances(
            plugin: PluginId,
            after: Option<ContainerId>,
            limit: u32,
        ) -> Page<ContainerId, ContainerId> {
            DataContainer::instances(plugin, after, limit)
        }

        fn container(id: ContainerId) -> Option<ContainerInfo<AccountId, BlockNumber>> {
            DataContainer::container(id)
        }

        fn data_sets(container: ContainerId) -> Vec<(Name, DataSet<AccountId, BlockNumber>)> {
            DataContainer::data_sets(container)
        }

        fn entry(
            container: ContainerId,
            data_set: Vec<u8>,
        ) -> Option<Entry<AccountId, BlockNumber>> {
            DataContainer::entry(container, data_set)
        }

        fn entry_author(
            container: ContainerId,
            data_set: Vec<u8>,
        ) -> Option<Authorship<AccountId, BlockNumber>> {
            DataContainer::entry_author(container, data_set)
        }

        fn batches(
            container: ContainerId,
            data_set: Vec<u8>,
            from: u32,
            limit: u32,
        ) -> Page<BatchInfo<AccountId, BlockNumber>, u32> {
            DataContainer::batches(container, data_set, from, limit)
        }

        fn can(
            container: ContainerId,
            data_set: Vec<u8>,
            account: AccountId,
            access: Access,
        ) -> bool {
            DataContainer::can(container, data_set, account, access)
        }

        fn authority_of(
            container: ContainerId,
            data_set: Vec<u8>,
            account: AccountId,
            access: Access,
        ) -> Option<Authority> {
            DataContainer::authority_of(container, data_set, account, access)
        }

        fn containers_of_owner(
            owner: AccountId,
            after: Option<ContainerId>,
            limit: u32,
        ) -> Page<ContainerId, ContainerId> {
            DataContainer::containers_of_owner(owner, after, limit)
        }

        fn members(
            container: ContainerId,
            after: Option<AccountId>,
            limit: u32,
        ) -> Page<(AccountId, Rights), AccountId> {
            DataContainer::members(container, after, limit)
        }

        fn shared_with(
            account: AccountId,
            after: Option<ContainerId>,
            limit: u32,
        ) -> Page<ContainerId, ContainerId> {
            DataContainer::shared_with(account, after, limit)
        }

        fn readable(container: ContainerId, account: AccountId) -> Vec<Name> {
            DataContainer::readable(container, account)
        }

        fn readers(
            container: ContainerId,
            data_set: Vec<u8>,
            after: Option<AccountId>,
            limit: u32,
        ) -> Page<ReaderInfo<AccountId>, AccountId> {
            DataContainer::readers(container, data_set, after, limit)
        }

        fn sealing(
            container: ContainerId,
            data_set: Vec<u8>,
        ) -> Option<pallet_data_container::Sealing<AccountId>> {
            DataContainer::sealing(container, data_set)
        }

        fn rotations_due(
            container: ContainerId,
            before: Option<Moment>,
            after: Option<RotationCursor<AccountId>>,
        ) -> Page<DueRotation<AccountId>, RotationCursor<AccountId>> {
            DataContainer::rotations_due(container, before, after)
        }

        fn offers_to(
            account: AccountId,
            after: Option<ContainerId>,
            limit: u32,
        ) -> Page<pallet_data_container::OfferInfo<AccountId>, ContainerId> {
            DataContainer::offers_to(account, after, limit)
        }

        fn encryption_key(account: AccountId) -> Option<EncryptionKey<BlockNumber>> {
            DataContainer::encryption_key(account)
        }

        fn encryption_keys(
            account: AccountId,
            from: u32,
            limit: u32,
        ) -> Page<(u32, AccountKey), u32> {
            DataContainer::encryption_keys(account, from, limit)
        }

        fn account_envelopes(account: AccountId, version: u32) -> Vec<AccountEnvelope<AccountId>> {
            DataContainer::account_envelopes(account, version)
        }

        fn envelopes(
            container: ContainerId,
            data_set: Vec<u8>,
            account: AccountId,
        ) -> Vec<(u8, Envelope)> {
            DataContainer::envelopes(container, data_set, account)
        }

        fn epochs(
            container: ContainerId,
            data_set: Vec<u8>,
            from: u32,
            limit: u32,
        ) -> Page<(u32, Epoch), u32> {
            DataContainer::epochs(container, data_set, from, limit)
        }

        fn check_value(
            container: ContainerId,
            data_set: Vec<u8>,
            call: WriteCall,
            value: Vec<u8>,
        ) -> Result<(), Refusal> {
            DataContainer::check_value(container, data_set, call, value)
        }

        fn check_document(
            publisher: AccountId,
            document: Vec<u8>,
        ) -> Result<PluginPreview, Refusal> {
            DataContainer::check_document(publisher, document)
        }

        fn check_definition(
            container: ContainerId,
            name: Vec<u8>,
            definition: Vec<u8>,
        ) -> Result<DataSetPreview, Refusal> {
            DataContainer::check_definition(container, name, definition)
        }
    }

    impl pallet_consortium::runtime_api::ConsortiumApi<Block, AccountId> for Runtime {
        fn organisation(id: OrganisationId) -> Option<Organisation> {
            Consortium::organisation(id)
        }

        fn organisations(
            after: Option<OrganisationId>,
            limit: u32,
        ) -> Page<OrganisationInfo, OrganisationId> {
            Consortium::organisations(after, limit)
        }

        fn member(account: AccountId) -> Option<(OrganisationId, MemberInfo<AccountId>)> {
            Consortium::member(account)
        }

        fn members_of(
            organisation: OrganisationId,
            after: Option<AccountId>,
            limit: u32,
        ) -> Page<MemberInfo<AccountId>, AccountId> {
            Consortium::members_of(organisation, after, limit)
        }

        fn quota(account: AccountId) -> Option<Quota> {
            Consortium::quota(account)
        }

        fn organisation_quota(organisation: OrganisationId) -> Option<OrganisationQuota> {
            Consortium::organisation_quota(organisation)
        }

        fn byte_cost(weight: Weight, length: u32) -> u64 {
            Consortium::byte_cost(weight, length)
        }

        fn granted() -> Share {
            Consortium::granted()
        }

        fn member_claim(organisation: OrganisationId, account: AccountId) -> H256 {
            Consortium::member_claim(organisation, account)
        }

        fn node_claim(organisation: OrganisationId, peer: PeerId) -> H256 {
            Consortium::node_claim(organisation, peer)
        }

        fn official_quota(account: AccountId) -> Option<Quota> {
            Consortium::official_quota(account)
        }

        fn cost(weight: Weight, length: u32) -> u64 {
            Consortium::cost(weight, length)
        }

        fn validators() -> Vec<AccountId> {
            Consortium::validators()
        }

        fn nodes() -> Vec<PeerId> {
            Consortium::nodes()
        }

        fn nodes_of(
            organisation: OrganisationId,
            after: Option<PeerId>,
            limit: u32,
        ) -> Page<NodeInfo, PeerId> {
            Consortium::nodes_of(organisation, after, limit)
        }
    }

    impl pallet_digital_twin::runtime_api::DigitalTwinApi<Block, AccountId, BlockNumber>
        for Runtime
    {
        fn twin(id: TwinId) -> Option<TwinInfo<AccountId, BlockNumber>> {
            DigitalTwin::twin(id)
        }

        fn links(
            twin: TwinId,
            after: Option<Name>,
            limit: u32,
        ) -> Page<(Name, Target<AccountId>), Name> {
            DigitalTwin::links(twin, after, limit)
        }

        fn twins_of_asset(
            asset: Vec<u8>,
            after: Option<TwinId>,
            limit: u32,
        ) -> Page<(TwinId, AccountId), TwinId> {
            DigitalTwin::twins_of_asset(asset, after, limit)
        }

        fn twins_of_owner(
            owner: AccountId,
            after: Option<TwinId>,
            limit: u32,
        ) -> Page<TwinId, TwinId> {
            DigitalTwin::twins_of_owner(owner, after, limit)
        }

        fn offers_to(
            account: AccountId,
            after: Option<TwinId>,
            limit: u32,
        ) -> Page<pallet_digital_twin::OfferInfo<AccountId>, TwinId> {
            DigitalTwin::offers_to(account, after, limit)
        }

        fn twins_of_container(
            container: ContainerId,
            after: Option<TwinId>,
            limit: u32,
        ) -> Page<TwinId, TwinId> {
            DigitalTwin::twins_of_container(container, after, limit)
        }

        fn twins_of_twin(
            target: TwinId,
            after: Option<TwinId>,
            limit: u32,
        ) -> Page<TwinId, TwinId> {
            DigitalTwin::twins_of_twin(target, after, limit)
        }

        fn resolve(twin: TwinId, path: Vec<u8>) -> Result<Target<AccountId>, ResolveError> {
            DigitalTwin::resolve(twin, path)
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    impl frame_benchmarking::Benchmark<Block> for Runtime {
        fn benchmark_metadata(
            extra: bool,
        ) -> (Vec<frame_benchmarking::BenchmarkList>, Vec<frame_support::traits::StorageInfo>) {
            crate::benchmarks::metadata(extra)
        }

        fn dispatch_benchmark(
            config: frame_benchmarking::BenchmarkConfig,
        ) -> Result<Vec<frame_benchmarking::BenchmarkBatch>, alloc::string::String> {
            crate::benchmarks::dispatch(config)
        }
    }

    // For developers' tools, which report errors by a panic. Not in the runtime of a chain.
    #[cfg(feature = "try-runtime")]
    impl frame_try_runtime::TryRuntime<Block> for Runtime {
        // try-runtime reports a failed check by panicking.
        #[allow(clippy::expect_used)]
        fn on_runtime_upgrade(checks: frame_try_runtime::UpgradeCheckSelect) -> (Weight, Weight) {
            let weight = Executive::try_runtime_upgrade(checks).expect("the upgrade checks hold");
            (weight, crate::configs::system::RuntimeBlockWeights::get().max_block)
        }

        #[allow(clippy::expect_used)]
        fn execute_block(
            block: <Block as BlockT>::LazyBlock,
            state_root_check: bool,
            signature_check: bool,
            select: frame_try_runtime::TryStateSelect,
        ) -> Weight {
            Executive::try_execute_block(block, state_root_check, signature_check, select)
                .expect("the block executes and the state is consistent")
        }
    }
}
