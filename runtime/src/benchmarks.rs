// SPDX-License-Identifier: Apache-2.0

//! The benchmarks that this runtime can run.
//!
//! The benchmarks of pallet-session are in an SDK crate that requires staking, so its weights are
//! the SDK's. So are those of pallet-migrations, which no transaction is charged.

use crate::{
    configs::{
        governance::CouncilCollective,
        limits::{MAX_COUNCILLORS, MAX_MOTIONS},
    },
    AccountId, AllPalletsWithSystem, Consortium, Council, Councillors, DataContainer, DigitalTwin,
    MultiBlockMigrations, Multisig, Proxy, Runtime, RuntimeCall, RuntimeOrigin, SessionKeys,
    Signature, System, Timestamp, Utility,
};
use alloc::{string::String, vec::Vec};
use frame_benchmarking::{
    account, baseline::Pallet as BaselineBench, BenchmarkBatch, BenchmarkConfig, BenchmarkList,
};
use frame_support::{
    storage::unhashed,
    traits::{Get, StorageInfo, StorageInfoTrait, WhitelistedStorageKeys},
    BoundedVec,
};
use frame_system_benchmarking::{
    extensions::Pallet as SystemExtensionsBench, Pallet as SystemBench,
};
use sp_core::{ed25519, sr25519, H256};
use sp_io::crypto::{ecdsa_generate, ecdsa_sign, ed25519_generate, ed25519_sign};
use sp_runtime::{
    traits::{BlakeTwo256, Hash, IdentifyAccount},
    KeyTypeId, MultiSigner,
};
use twinchain_primitives::{ContainerId, Moment};

frame_benchmarking::define_benchmarks!(
    [frame_benchmarking, BaselineBench::<Runtime>]
    [frame_system, SystemBench::<Runtime>]
    [frame_system_extensions, SystemExtensionsBench::<Runtime>]
    [pallet_collective, Council]
    [pallet_consortium, Consortium]
    [pallet_data_container, DataContainer]
    [pallet_digital_twin, DigitalTwin]
    [pallet_membership, Councillors]
    [pallet_migrations, MultiBlockMigrations]
    [pallet_multisig, Multisig]
    [pallet_proxy, Proxy]
    [pallet_timestamp, Timestamp]
    [pallet_utility, Utility]
);

impl frame_benchmarking::baseline::Config for Runtime {}
impl frame_system_benchmarking::Config for Runtime {}

/// The setup that the benchmarks of a pallet need from the other pallets.
pub struct Helper;

impl pallet_data_container::BenchmarkHelper for Helper {
    fn set_time(now: Moment) {
        // Not through the call: Aura would require the time to be in the current slot.
        pallet_timestamp::Now::<Runtime>::put(now);
    }
}

impl pallet_digital_twin::BenchmarkHelper<AccountId> for Helper {
    fn container(owner: &AccountId) -> ContainerId {
        let id = pallet_data_container::NextContainerId::<Runtime>::get();
        let origin = RuntimeOrigin::signed(owner.clone());
        let created = DataContainer::create_container(origin, Vec::new());
        assert!(created.is_ok(), "any account can create an empty container");
        id
    }
}

/// The keys that sign claims in benchmarks.
const CLAIMS: KeyTypeId = KeyTypeId(*b"clai");

impl pallet_consortium::BenchmarkHelper<AccountId, RuntimeCall, Signature> for Helper {
    fn fill_council() {
        let mut councillors: Vec<AccountId> =
            (0..MAX_COUNCILLORS).map(|n| account("councillor", n, 0)).collect();
        councillors.sort();
        let set = Councillors::reset_members(RuntimeOrigin::root(), councillors);
        assert!(set.is_ok(), "the council has that many seats");
    }

    fn fill_motions() {
        type Voting = pallet_collective::Voting<Runtime, CouncilCollective>;
        let voters = pallet_collective::Members::<Runtime, CouncilCollective>::get();
        let hashes: Vec<H256> = (0..MAX_MOTIONS).map(|n| BlakeTwo256::hash_of(&n)).collect();
        for (index, hash) in (0..MAX_MOTIONS).zip(&hashes) {
            let end = System::block_number().saturating_add(1);
            // As pallet-collective encodes it: the fields of its own type are private.
            let votes = (index, MAX_COUNCILLORS, &voters, Vec::<AccountId>::new(), end);
            unhashed::put(&Voting::hashed_key_for(hash), &votes);
        }
        let motions = BoundedVec::truncate_from(hashes);
        pallet_collective::Proposals::<Runtime, CouncilCollective>::put(motions);
    }

    fn sign(message: impl FnOnce(&AccountId) -> Vec<u8>) -> (AccountId, Signature) {
        let key = ecdsa_generate(CLAIMS, None);
        let account = MultiSigner::from(key).into_account();
        let signature = ecdsa_sign(CLAIMS, &key, &message(&account));
        (account, signature.expect("the key was generated above").into())
    }

    fn sign_as_node(
        message: impl FnOnce(&ed25519::Public) -> Vec<u8>,
    ) -> (ed25519::Public, ed25519::Signature) {
        let key = ed25519_generate(CLAIMS, None);
        let signature = ed25519_sign(CLAIMS, &key, &message(&key));
        (key, signature.expect("the key was generated above"))
    }

    fn begin_operation() -> (AccountId, [u8; 32]) {
        let most = <Runtime as pallet_multisig::Config>::MaxSignatories::get();
        let signatories: Vec<AccountId> = (0..most).map(|n| account("signatory", n, 0)).collect();
        let of = Multisig::multi_account_id(&signatories, 2);
        let operation = pallet_multisig::Multisig {
            when: Multisig::timepoint(),
            deposit: 0,
            depositor: account("signatory", 0, 0),
            approvals: BoundedVec::truncate_from(signatories),
        };
        pallet_multisig::Multisigs::<Runtime>::insert(&of, [7; 32], operation);
        (of, [7; 32])
    }

    fn register_keys(account: &AccountId) {
        let bytes: [u8; 32] = account.clone().into();
        let keys = SessionKeys {
            aura: sr25519::Public::from_raw(bytes).into(),
            grandpa: ed25519::Public::from_raw(bytes).into(),
        };
        pallet_session::NextKeys::<Runtime>::insert(account, keys);
    }

    fn official_call() -> RuntimeCall {
        let proposal = Default::default();
        RuntimeCall::Council(pallet_collective::Call::vote { proposal, index: 0, approve: true })
    }
}

/// Lists the benchmarks and the storage of the pallets. Includes the `extra` benchmarks if set.
pub fn metadata(extra: bool) -> (Vec<BenchmarkList>, Vec<StorageInfo>) {
    let mut list = Vec::new();
    list_benchmarks!(list, extra);
    (list, AllPalletsWithSystem::storage_info())
}

/// Runs a benchmark.
pub fn dispatch(config: BenchmarkConfig) -> Result<Vec<BenchmarkBatch>, String> {
    let mut whitelist = AllPalletsWithSystem::whitelisted_storage_keys();
    // The first transaction of every block writes it, so no read of it reaches the database.
    whitelist.push(pallet_timestamp::Now::<Runtime>::hashed_key().to_vec().into());
    let mut batches = Vec::new();
    let params = (&config, &whitelist);
    add_benchmarks!(params, batches);
    Ok(batches)
}
