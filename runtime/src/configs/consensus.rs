// SPDX-License-Identifier: Apache-2.0

//! The authors of blocks, and finality.

use super::key_ownership::{note_root, KeyOwnership};
use super::{growth::Growing, limits::MAX_AUTHORITIES};
use crate::{
    AccountId, Aura, Balances, BlockNumber, Consortium, Grandpa, Historical, Offences, Runtime,
    RuntimeCall, RuntimeEvent, UncheckedExtrinsic, SLOT_DURATION,
};
use alloc::vec::Vec;
use frame_support::{
    parameter_types,
    traits::{ConstBool, ConstU128, ConstU32, ConstU64, FindAuthor, Get},
};
use pallet_session::{historical::NoteHistoricalRoot, SessionManager};
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_runtime::{
    impl_opaque_keys,
    traits::{Convert, ConvertInto, OpaqueKeys},
};

/// The number of past sessions that the chain knows: a week of them. An offence is punished only if
/// it is reported within that time.
const KNOWN_SESSIONS: u32 = 336;

parameter_types! {
    /// The blocks of a session, unless the genesis sets another number: half an hour. The block
    /// that begins a session has no room for ordinary transactions, so short sessions would reduce
    /// throughput.
    pub const DefaultSessionLength: BlockNumber = 600;
    /// The blocks of a session. At least 1, because it is a divisor.
    pub SessionLength: BlockNumber = pallet_consortium::SessionLength::<Runtime>::get().max(1);
    /// Sessions are counted from the genesis block.
    pub const SessionOffset: BlockNumber = 0;
    /// The number of blocks in which an offence can be reported.
    pub ReportLongevity: u64 = KnownSessions::get().saturating_mul(SessionLength::get().into());
    /// [`KNOWN_SESSIONS`], as GRANDPA counts them.
    pub KnownSessions: u64 = KNOWN_SESSIONS.into();
}

impl_opaque_keys! {
    /// The keys with which a validator's node signs.
    pub struct SessionKeys {
        /// Signs the blocks that the node makes.
        pub aura: Aura,
        /// Signs the node's votes on finality.
        pub grandpa: Grandpa,
    }
}

impl pallet_aura::Config for Runtime {
    type AuthorityId = AuraId;
    type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
    // No validator is ever disabled: pallet-aura panics on the block of a disabled author.
    type DisabledValidators = ();
    type AllowMultipleBlocksPerSlot = ConstBool<false>;
    type SlotDuration = ConstU64<SLOT_DURATION>;
}

impl pallet_grandpa::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = Growing<()>;
    type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
    type MaxNominators = ConstU32<0>;
    type MaxSetIdSessionEntries = KnownSessions;
    type KeyOwnerProof = sp_session::MembershipProof;
    type EquivocationReportSystem =
        pallet_grandpa::EquivocationReportSystem<Self, Offences, KeyOwnership, ReportLongevity>;
}

impl pallet_authorship::Config for Runtime {
    type FindAuthor = Author;
    type EventHandler = ();
}

/// The account of the validator that made a block.
pub struct Author;

impl FindAuthor<AccountId> for Author {
    fn find_author<'a, I>(digests: I) -> Option<AccountId>
    where
        I: 'a + IntoIterator<Item = (sp_runtime::ConsensusEngineId, &'a [u8])>,
    {
        let index = <Aura as FindAuthor<u32>>::find_author(digests)?;
        let index = usize::try_from(index).ok()?;
        pallet_session::Validators::<Runtime>::get().into_iter().nth(index)
    }
}

impl pallet_session::historical::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type FullIdentification = ();
    type FullIdentificationOf = NothingMore;
}

/// The identification of a validator beyond its account: none.
pub struct NothingMore;

impl Convert<AccountId, Option<()>> for NothingMore {
    fn convert(_: AccountId) -> Option<()> {
        Some(())
    }
}

impl pallet_offences::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type IdentificationTuple = (AccountId, ());
    type OnOffenceHandler = Consortium;
}

impl frame_system::offchain::CreateTransactionBase<pallet_grandpa::Call<Runtime>> for Runtime {
    type Extrinsic = UncheckedExtrinsic;
    type RuntimeCall = RuntimeCall;
}

/// Reports of offences carry their own proof, so they need no signature.
impl frame_system::offchain::CreateBare<pallet_grandpa::Call<Runtime>> for Runtime {
    fn create_bare(call: RuntimeCall) -> UncheckedExtrinsic {
        UncheckedExtrinsic::new_bare(call)
    }
}

/// The sessions that the consortium plans. Notes their roots for proofs and prunes roots of
/// sessions in which offences can no longer be reported.
pub struct Sessions;

type Noted = NoteHistoricalRoot<Runtime, Consortium>;

impl SessionManager<AccountId> for Sessions {
    fn new_session(index: u32) -> Option<Vec<AccountId>> {
        Noted::new_session(index)
    }

    fn new_session_genesis(index: u32) -> Option<Vec<AccountId>> {
        Noted::new_session_genesis(index)
    }

    fn start_session(index: u32) {
        Noted::start_session(index);
        note_root(index);
        if let Some(first) = index.checked_sub(KNOWN_SESSIONS) {
            Historical::prune_up_to(first);
        }
    }

    fn end_session(index: u32) {
        Noted::end_session(index);
    }
}

/// The validators of this session and of the next one.
pub struct Validating;

impl Get<Vec<AccountId>> for Validating {
    fn get() -> Vec<AccountId> {
        let queued = pallet_session::QueuedKeys::<Runtime>::get();
        let queued = queued.into_iter().map(|(validator, _)| validator);
        pallet_session::Validators::<Runtime>::get().into_iter().chain(queued).collect()
    }
}

impl pallet_session::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = ConvertInto;
    type ShouldEndSession = pallet_session::PeriodicSessions<SessionLength, SessionOffset>;
    type NextSessionRotation = pallet_session::PeriodicSessions<SessionLength, SessionOffset>;
    type SessionManager = Sessions;
    type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
    type Keys = SessionKeys;
    type DisablingStrategy = ();
    type WeightInfo = Growing<pallet_session::weights::SubstrateWeight<Self>>;
    type Currency = Balances;
    type KeyDeposit = ConstU128<0>;
}
