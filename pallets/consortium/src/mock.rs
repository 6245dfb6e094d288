// SPDX-License-Identifier: Apache-2.0

//! A runtime with this pallet and real sessions, and the initial state of the tests.

use crate::{self as pallet_consortium, pallet::*, quota::Rate, types::*};
use codec::Encode;
use frame_support::{
    derive_impl,
    dispatch::{DispatchResult, GetDispatchInfo},
    parameter_types,
    traits::{ConstU128, ConstU32, ConstU64, Contains, ContainsPair, Get, Hooks},
    weights::constants::ParityDbWeight,
};
use frame_system::EnsureRoot;
use sp_core::H256;
#[cfg(feature = "runtime-benchmarks")]
use sp_core::{ed25519, Pair};
use sp_io::TestExternalities;
use sp_runtime::{
    impl_opaque_keys,
    testing::{TestSignature, UintAuthorityId},
    traits::{Convert, ConvertInto, OpaqueKeys, TransactionExtension, TxBaseImplication},
    transaction_validity::{TransactionSource, TransactionValidityError},
    BoundToRuntimeAppPublic, BuildStorage, KeyTypeId, RuntimeAppPublic, StateVersion,
};
use std::{cell::RefCell, collections::BTreeSet};

pub type Block = frame_system::mocking::MockBlock<Test>;
pub type AccountId = u64;

/// The administrator of the manufacturer, whose organisation is [`MAKER`].
pub const M: AccountId = 1;
/// The administrator of the customer, whose organisation is [`CUSTOMER`].
pub const C: AccountId = 2;
/// An ordinary member of the manufacturer.
pub const S: AccountId = 3;
/// An account that is not a member.
pub const N: AccountId = 4;
/// A councillor that is not a member.
pub const COUNCILLOR: AccountId = 10;
/// The validators of the genesis.
pub const VALIDATORS: [AccountId; 3] = [21, 22, 23];
pub const MAKER: OrganisationId = 0;
pub const CUSTOMER: OrganisationId = 1;

/// The quota of a member.
pub const RATE: Rate = Rate { burst: 1_000, per_block: 100 };
/// The quota of an organisation, in time. It is more than the tests of a member's quota spend.
pub const TIME: Rate = Rate { burst: 5_000, per_block: 500 };
/// The quota of an organisation, in bytes.
pub const BYTES: Rate = Rate { burst: 1_000_000, per_block: 10_000 };
/// The execution time of a block that can be granted to all organisations together.
pub const BLOCK_TIME: u64 = 2_000;
/// The bytes of a block that can be granted to all organisations together.
pub const BLOCK_BYTES: u64 = 50_000;
/// The maximum number of nodes of all organisations together. Benchmarks need many.
pub const MAX_NODES: u32 = if cfg!(feature = "runtime-benchmarks") { 100 } else { 7 };
/// The quota of an official.
pub const OFFICIAL: Rate = Rate { burst: 1_000, per_block: 100 };

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeError,
        RuntimeEvent,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeOrigin,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(2)]
    pub type Session = pallet_session;
    #[runtime::pallet_index(3)]
    pub type Consortium = pallet_consortium;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type AccountData = pallet_balances::AccountData<u128>;
    type Block = Block;
    type DbWeight = ParityDbWeight;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
    type Balance = u128;
    type ExistentialDeposit = ConstU128<1>;
}

impl_opaque_keys! {
    pub struct Keys {
        pub dummy: UintAuthorityId,
    }
}

thread_local! {
    /// The validators of each session that began, and whether they or their keys changed.
    static SESSIONS: RefCell<Vec<(bool, Vec<AccountId>)>> = const { RefCell::new(vec![]) };
}

/// Records the validators of each session.
pub struct Sessions;

impl pallet_session::SessionHandler<AccountId> for Sessions {
    const KEY_TYPE_IDS: &'static [KeyTypeId] = &[UintAuthorityId::ID];

    fn on_genesis_session<K: OpaqueKeys>(_: &[(AccountId, K)]) {}

    fn on_new_session<K: OpaqueKeys>(
        changed: bool,
        validators: &[(AccountId, K)],
        _: &[(AccountId, K)],
    ) {
        let accounts = validators.iter().map(|(account, _)| *account).collect();
        SESSIONS.with_borrow_mut(|sessions| sessions.push((changed, accounts)));
    }

    fn on_disabled(_: u32) {}
}

/// Returns the sessions that began since the last call of this function.
pub fn sessions() -> Vec<(bool, Vec<AccountId>)> {
    SESSIONS.with_borrow_mut(std::mem::take)
}

impl BoundToRuntimeAppPublic for Sessions {
    type Public = UintAuthorityId;
}

impl pallet_session::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = ConvertInto;
    type ShouldEndSession = pallet_session::PeriodicSessions<Length, ConstU64<0>>;
    type NextSessionRotation = ();
    type SessionManager = Consortium;
    type SessionHandler = Sessions;
    type Keys = Keys;
    type DisablingStrategy = ();
    type WeightInfo = ();
    type Currency = Balances;
    type KeyDeposit = ConstU128<0>;
}

/// The hash of the registered session keys.
pub struct KeysOf;

impl Convert<AccountId, Option<H256>> for KeysOf {
    fn convert(account: AccountId) -> Option<H256> {
        let keys = pallet_session::NextKeys::<Test>::get(account)?;
        Some(sp_io::hashing::blake2_256(&keys.encode()).into())
    }
}

pub struct Councillors;
impl Contains<AccountId> for Councillors {
    fn contains(account: &AccountId) -> bool {
        Self::seats().contains(account)
    }
}

impl Seats<AccountId> for Councillors {
    const MOST: u32 = 10;

    fn seats() -> Vec<AccountId> {
        SEATS.with_borrow(Clone::clone)
    }

    fn vacate(accounts: &[AccountId]) -> DispatchResult {
        SEATS.with_borrow_mut(|seats| seats.retain(|seat| !accounts.contains(seat)));
        Ok(())
    }
}

thread_local! {
    /// The council.
    static SEATS: RefCell<Vec<AccountId>> = RefCell::new(vec![COUNCILLOR]);
    /// The pending multisig operation, and the block in which it began.
    static OPERATION: RefCell<Option<(AccountId, [u8; 32], u64)>> = const { RefCell::new(None) };
}

/// Makes these accounts the only councillors.
pub fn seat(accounts: &[AccountId]) {
    SEATS.set(accounts.to_vec());
}

/// Begins a multisig operation.
pub fn begin_operation(account: AccountId, call_hash: [u8; 32], block: u64) {
    OPERATION.set(Some((account, call_hash, block)));
}

/// The validators of the current session and of the next one.
pub struct Validating;
impl Get<Vec<AccountId>> for Validating {
    fn get() -> Vec<AccountId> {
        let queued = pallet_session::QueuedKeys::<Test>::get();
        Session::validators().into_iter().chain(queued.into_iter().map(|(who, _)| who)).collect()
    }
}

pub struct Multisigs;
impl PendingMultisigs<AccountId, u64> for Multisigs {
    fn began(account: &AccountId, call_hash: [u8; 32]) -> Option<u64> {
        let pending = OPERATION.with_borrow(Clone::clone);
        pending.filter(|(of, hash, _)| of == account && *hash == call_hash).map(|(.., at)| at)
    }

    fn forget(_: &AccountId, _: [u8; 32]) {
        OPERATION.set(None);
    }
}

/// Official calls of the mock: `remark_with_event` represents a vote.
pub struct OfficialCalls;
impl Contains<RuntimeCall> for OfficialCalls {
    fn contains(call: &RuntimeCall) -> bool {
        matches!(call, RuntimeCall::System(frame_system::Call::remark_with_event { .. }))
    }
}

/// Calls of the mock that would fail: `remark_with_event` with one byte represents such a vote.
pub struct VainCalls;
impl ContainsPair<AccountId, RuntimeCall> for VainCalls {
    fn contains(_: &AccountId, call: &RuntimeCall) -> bool {
        use frame_system::Call::remark_with_event;
        matches!(call, RuntimeCall::System(remark_with_event { remark }) if remark.len() == 1)
    }
}

/// Bare calls of the mock: `set_heap_pages` represents an inherent.
pub struct BareCalls;
impl Contains<RuntimeCall> for BareCalls {
    fn contains(call: &RuntimeCall) -> bool {
        matches!(call, RuntimeCall::System(frame_system::Call::set_heap_pages { .. }))
    }
}

thread_local! {
    /// The arguments of the last restart of finality.
    static RESTARTED: RefCell<Option<(u64, u64)>> = const { RefCell::new(None) };
}

/// A finality gadget that records its arguments.
pub struct Finality;
impl RestartFinality<u64> for Finality {
    fn restart(delay: u64, best_finalized: u64) -> DispatchResult {
        RESTARTED.set(Some((delay, best_finalized)));
        Ok(())
    }

    fn is_changing() -> bool {
        RESTARTED.with_borrow(Option::is_some)
    }
}

/// Returns the arguments of a restart of finality since the last call of this function.
pub fn restarted() -> Option<(u64, u64)> {
    RESTARTED.take()
}

parameter_types! {
    pub const OfficialQuota: Rate = OFFICIAL;
    pub Length: u64 = crate::SessionLength::<Test>::get();
}

impl Config for Test {
    type CouncilOrigin = EnsureRoot<AccountId>;
    type Councillors = Councillors;
    type OfficialCalls = OfficialCalls;
    type VainCalls = VainCalls;
    type BareCalls = BareCalls;
    type OfficialQuota = OfficialQuota;
    type TimePerByte = ConstU64<1_000_000>;
    type BlockTime = ConstU64<BLOCK_TIME>;
    type BlockBytes = ConstU64<BLOCK_BYTES>;
    type MaxMotions = ConstU32<10>;
    type Signature = TestSignature;
    type Multisigs = Multisigs;
    type MultisigLife = ConstU64<30>;
    type Validating = Validating;
    type MaxNodes = ConstU32<MAX_NODES>;
    type MaxValidators = ConstU32<4>;
    type DefaultSessionLength = ConstU64<10>;
    type KeysOf = KeysOf;
    type Finality = Finality;
    type WeightInfo = crate::weights::SubstrateWeight<Test>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Helper;
}

/// Helpers that the benchmarks need.
#[cfg(feature = "runtime-benchmarks")]
pub struct Helper;

#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkHelper<AccountId, RuntimeCall, TestSignature> for Helper {
    fn fill_council() {
        let most = u64::from(<Councillors as Seats<_>>::MOST);
        seat(&(COUNCILLOR..COUNCILLOR + most).collect::<Vec<_>>());
    }

    fn fill_motions() {}

    fn sign(message: impl FnOnce(&AccountId) -> Vec<u8>) -> (AccountId, TestSignature) {
        (N, TestSignature(N, message(&N)))
    }

    fn sign_as_node(
        message: impl FnOnce(&ed25519::Public) -> Vec<u8>,
    ) -> (ed25519::Public, ed25519::Signature) {
        let pair = ed25519::Pair::from_seed(&[7; 32]);
        (pair.public(), pair.sign(&message(&pair.public())))
    }

    fn begin_operation() -> (AccountId, [u8; 32]) {
        begin_operation(N, [7; 32], System::block_number());
        (N, [7; 32])
    }

    fn register_keys(account: &AccountId) {
        let keys = Keys { dummy: UintAuthorityId(*account) };
        pallet_session::NextKeys::<Test>::insert(account, keys);
    }

    fn official_call() -> RuntimeCall {
        frame_system::Call::remark_with_event { remark: vec![] }.into()
    }
}

fn organisation(name: &str, admin: AccountId) -> GenesisOrganisation<AccountId> {
    GenesisOrganisation {
        name: name.into(),
        max_members: 4,
        max_nodes: 3,
        burst: RATE.burst,
        per_block: RATE.per_block,
        time: GenesisRate { burst: TIME.burst, per_block: TIME.per_block },
        bytes: GenesisRate { burst: BYTES.burst, per_block: BYTES.per_block },
        admins: vec![(admin, "admin".into())],
        members: vec![],
        nodes: vec![],
    }
}

/// The genesis of [`run`].
pub fn genesis() -> GenesisConfig<Test> {
    let mut maker = organisation("Cranes Ltd", M);
    maker.members.push((S, "service".into()));
    GenesisConfig {
        organisations: vec![maker, organisation("Builders Ltd", C)],
        validators: VALIDATORS.to_vec(),
        session_length: None,
    }
}

/// Builds a chain in its first block, from this genesis.
pub fn build(consortium: GenesisConfig<Test>) -> TestExternalities {
    let keys = consortium
        .validators
        .iter()
        .map(|account| (*account, *account, Keys { dummy: UintAuthorityId(*account) }))
        .collect();
    let genesis = RuntimeGenesisConfig {
        consortium,
        session: pallet_session::GenesisConfig { keys, non_authority_keys: vec![] },
        ..RuntimeGenesisConfig::default()
    };
    let mut externalities = TestExternalities::new(genesis.build_storage().unwrap());
    seat(&[COUNCILLOR]);
    externalities.execute_with(|| {
        System::set_block_number(1);
        sessions();
    });
    externalities
}

/// Runs a test on a chain with a manufacturer, a customer and validators, then checks its state.
pub fn run(test: impl FnOnce()) {
    build(genesis()).execute_with(|| {
        test();
        Consortium::do_try_state().unwrap();
    });
}

/// Advances to a block.
pub fn go_to(block: u64) {
    while System::block_number() < block {
        System::set_block_number(System::block_number() + 1);
        Session::on_initialize(System::block_number());
    }
}

/// Ends the current session and the next one, so that decisions take effect.
pub fn two_sessions() {
    go_to(System::block_number() / 10 * 10 + 20);
}

pub fn root() -> RuntimeOrigin {
    RuntimeOrigin::root()
}

pub fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

/// Returns the root of the whole state.
pub fn state() -> Vec<u8> {
    sp_io::storage::root(StateVersion::V1)
}

/// Returns all events of this pallet since the last call of this function.
pub fn events() -> Vec<Event<Test>> {
    let events = System::read_events_for_pallet::<Event<Test>>();
    System::reset_events();
    events
}

/// Returns the smallest call.
pub fn nothing() -> RuntimeCall {
    frame_system::Call::remark { remark: vec![] }.into()
}

/// Returns the length with which a call costs this many units.
pub fn length_for(call: &RuntimeCall, units: u64) -> u64 {
    units.checked_sub(cost_of(call, 0)).expect("it costs more than that")
}

/// Returns the cost of a call in an extrinsic of this length, in units.
pub fn cost_of(call: &RuntimeCall, length: u64) -> u64 {
    let mut info = call.get_dispatch_info();
    info.extension_weight = crate::CheckMember::<Test>::new().weight(call);
    let base = <<Test as frame_system::Config>::BlockWeights as Get<
        frame_system::limits::BlockWeights,
    >>::get()
    .get(info.class)
    .base_extrinsic;
    crate::quota::cost(info.total_weight() + base, length, 1_000_000)
}

/// Validates a transaction of a call, as the pool does.
pub fn validate(
    who: AccountId,
    call: &RuntimeCall,
    length: u64,
) -> Result<(), TransactionValidityError> {
    check(signed(who), call, length, TransactionSource::External)
}

pub fn check(
    origin: RuntimeOrigin,
    call: &RuntimeCall,
    length: u64,
    source: TransactionSource,
) -> Result<(), TransactionValidityError> {
    let mut info = call.get_dispatch_info();
    let extension = crate::CheckMember::<Test>::new();
    info.extension_weight = extension.weight(call);
    let implication = TxBaseImplication(());
    extension.validate(origin, call, &info, length as usize, (), &implication, source).map(|_| ())
}

/// Validates and dispatches a transaction of a call, as a block does.
pub fn submit(
    who: AccountId,
    call: RuntimeCall,
    length: u64,
) -> Result<DispatchResult, TransactionValidityError> {
    use sp_runtime::traits::DispatchTransaction;
    let mut info = call.get_dispatch_info();
    let extension = crate::CheckMember::<Test>::new();
    info.extension_weight = extension.weight(&call);
    let done = extension.dispatch_transaction(signed(who), call, &info, length as usize, 0)?;
    Ok(done.map(|_| ()).map_err(|failed| failed.error))
}

/// Validates a transaction that costs this many units, as the pool does.
pub fn afford(who: AccountId, units: u64) -> Result<(), TransactionValidityError> {
    validate(who, &nothing(), length_for(&nothing(), units))
}

/// Returns the members in the maps, for comparison.
pub fn members(organisation: OrganisationId) -> BTreeSet<AccountId> {
    MembersOf::<Test>::iter_key_prefix(organisation).collect()
}

impl twinchain_primitives::testing::Uncharge for Error<Test> {}
