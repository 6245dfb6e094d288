// SPDX-License-Identifier: Apache-2.0

//! Who makes blocks, and who finalises them.

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

/// How many past sessions are known: a week of them. An offence is punished only if it is reported
/// by then.
const KNOWN_SESSIONS: u32 = 336;

parameter_types! {
    /// The blocks of a session where the genesis says nothing else: half an hour. The block that
    /// begins a session has no room for ordinary transactions, so shorter ones would be felt.
    pub const DefaultSessionLength: BlockNumber = 600;
    /// The blocks of a session. Never none: that would be divided by.
    pub SessionLength: BlockNumber = pallet_consortium::SessionLength::<Runtime>::get().max(1);
    /// Sessions are counted from the genesis block.
    pub const SessionOffset: BlockNumber = 0;
    /// For how many blocks an offence can be reported.
    pub ReportLongevity: u64 = KnownSessions::get().saturating_mul(SessionLength::get().into());
    /// [`KNOWN_SESSIONS`], as GRANDPA counts them.
    pub KnownSessions: u64 = KNOWN_SESSIONS.into();
}

impl_opaque_keys! {
    /// The keys with which a validator's node signs.
    pub struct SessionKeys {
        /// Signs the blocks that it makes.
        pub aura: Aura,
        /// Signs its votes on what is final.
        pub grandpa: Grandpa,
    }
}

impl pallet_aura::Config for Runtime {
    type AuthorityId = AuraId;
    type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
    // Nobody is ever disabled: pallet-aura panics on the block of a disabled author.
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

/// There is no more to say of a validator than its account.
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

/// Reports of offences bring their own proof, so nobody signs them.
impl frame_system::offchain::CreateBare<pallet_grandpa::Call<Runtime>> for Runtime {
    fn create_bare(call: RuntimeCall) -> UncheckedExtrinsic {
        UncheckedExtrinsic::new_bare(call)
    }
}

/// The sessions as the consortium wants them, noted for proofs, as far back as offences are punished.
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
