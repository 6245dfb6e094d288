// SPDX-License-Identifier: Apache-2.0

//! Membership of the consortium and the council, and the decisions about it.

use super::{
    consensus::DefaultSessionLength,
    growth::Growing,
    limits::{MAX_AUTHORITIES, MAX_COUNCILLORS, MAX_MOTIONS},
};
use crate::{
    AccountId, BlockNumber, Consortium, Council, Councillors, Grandpa, Runtime, RuntimeCall,
    RuntimeEvent, RuntimeOrigin, Signature, System, HOURS,
};
use alloc::{collections::BTreeSet, format, string::String, vec::Vec};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    dispatch::{DispatchResult, GetDispatchInfo},
    parameter_types,
    storage::unhashed,
    traits::{
        Consideration, ConstU32, ConstU64, Contains, ContainsPair, EitherOfDiverse,
        MaybeConsideration,
    },
    weights::Weight,
};
use frame_system::EnsureRoot;
use pallet_collective::EnsureProportionAtLeast;
use pallet_consortium::{
    quota::{Rate, PICOSECONDS_PER_UNIT},
    ProvideFor, RestartFinality, Seats, MIN_SEATS,
};
use scale_info::TypeInfo;
use sp_core::H256;
use sp_runtime::{
    traits::{BlakeTwo256, Convert, Hash},
    DispatchError,
};

/// The instance of pallet-collective that is the council.
pub(crate) type CouncilCollective = pallet_collective::Instance1;

/// Two thirds of the council, or root. No account is root; only the runtime itself uses it, to
/// vacate seats.
pub type EnsureTwoThirdsOfCouncil = EitherOfDiverse<
    EnsureRoot<AccountId>,
    EnsureProportionAtLeast<AccountId, CouncilCollective, 2, 3>,
>;

/// The maximum number of nodes of all organisations together.
pub type MaxNodes = ConstU32<1_000>;

/// See [`MAX_MOTIONS`].
type MaxMotions = ConstU32<MAX_MOTIONS>;

parameter_types! {
    /// The time in which a motion can be voted on: three days.
    pub const MotionDuration: BlockNumber = 72 * HOURS;
    /// The maximum weight of a motion: a third of a block.
    pub MaxProposalWeight: Weight =
        super::limits::RuntimeBlockWeights::get().max_block.saturating_div(3);
    /// The time that the signatories have for a multisig operation: thirty days.
    pub const MultisigLife: BlockNumber = 30 * 24 * HOURS;
    /// The execution time that a block has for ordinary transactions, in units.
    pub BlockTime: u64 = super::limits::normal_time().ref_time() / PICOSECONDS_PER_UNIT;
    /// The bytes per block that organisations may be granted: the bytes of transactions and those
    /// that they add to the state.
    pub const BlockBytes: u64 = super::limits::MAX_GRANTED_BYTES;
    /// The quota of councillors and validators for their official calls: enough to close the
    /// heaviest possible motion. A hundredth of a second is replenished with each block.
    pub const OfficialQuota: Rate = Rate { burst: 1_000_000, per_block: 10_000 };
}

/// The default vote: a councillor that does not vote counts as against the motion.
pub struct SilenceIsNo;

impl pallet_collective::DefaultVote for SilenceIsNo {
    fn default_vote(_: Option<bool>, _: u32, _: u32, _: u32) -> bool {
        false
    }
}

/// Returns the number of seats in the council.
fn seats() -> u32 {
    let seats = pallet_collective::Members::<Runtime, CouncilCollective>::decode_len();
    u32::try_from(seats.unwrap_or(0)).unwrap_or(u32::MAX)
}

/// Fails if the genesis state has a council that could not lose a member.
pub(crate) fn check_genesis() -> Result<(), String> {
    match seats() {
        MIN_SEATS.. => Ok(()),
        few => Err(format!("the council has {few} seats, and at least {MIN_SEATS} are needed")),
    }
}

/// Returns `true` if the council can lose a seat.
pub(crate) fn has_a_seat_to_spare() -> bool {
    seats() > MIN_SEATS
}

/// Returns `true` if these are different accounts and their number is valid for a council.
pub(crate) fn is_council(members: &[AccountId]) -> bool {
    // The number first, since any account can submit a long list.
    let count = u32::try_from(members.len()).unwrap_or(u32::MAX);
    (MIN_SEATS..=MAX_COUNCILLORS).contains(&count)
        && members.iter().collect::<BTreeSet<_>>().len() == members.len()
}

/// Returns `true` if a motion with this threshold can authorise a call: the threshold is at least
/// two, at least two thirds of the seats, and at most all of them.
pub(crate) fn may_authorise(threshold: u32) -> bool {
    let seats = seats();
    threshold <= seats && is_two_thirds(threshold, seats) && threshold >= 2
}

/// Returns `true` if these votes are at least two thirds of the seats.
fn is_two_thirds(votes: u32, seats: u32) -> bool {
    votes.saturating_mul(3) >= seats.saturating_mul(2)
}

/// Returns `true` if closing this motion now would end it without effect. It has the votes that it
/// needed when it was proposed, but the council has grown, and they no longer authorise a call.
pub(crate) fn closes_too_early(proposal: &H256) -> bool {
    motion(proposal).is_some_and(|motion| {
        let ayes = count(&motion.ayes);
        ayes >= motion.threshold
            && !is_two_thirds(ayes, seats())
            && !motion.is_rejected()
            && System::block_number() < motion.end
    })
}

fn count(votes: &[AccountId]) -> u32 {
    u32::try_from(votes.len()).unwrap_or(u32::MAX)
}

/// Records the proposer of a motion. Holds no deposit.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct MotionNoted;

impl Consideration<AccountId, u32> for MotionNoted {
    fn new(who: &AccountId, _: u32) -> Result<Self, DispatchError> {
        Consortium::note_motion(who, &live_motions())?;
        Ok(Self)
    }

    fn update(self, _: &AccountId, _: u32) -> Result<Self, DispatchError> {
        Ok(self)
    }

    fn drop(self, _: &AccountId) -> DispatchResult {
        Ok(())
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn ensure_successful(_: &AccountId, _: u32) {}
}

impl MaybeConsideration<AccountId, u32> for MotionNoted {
    /// Returns `true`, so that pallet-collective stores no consideration.
    fn is_none(&self) -> bool {
        true
    }
}

/// Returns the hashes of the open motions, the newest last.
fn live_motions() -> Vec<H256> {
    pallet_collective::Proposals::<Runtime, CouncilCollective>::get().into_inner()
}

impl pallet_collective::Config<CouncilCollective> for Runtime {
    type RuntimeOrigin = RuntimeOrigin;
    type Proposal = RuntimeCall;
    type RuntimeEvent = RuntimeEvent;
    type MotionDuration = MotionDuration;
    type MaxProposals = MaxMotions;
    type MaxMembers = ConstU32<MAX_COUNCILLORS>;
    type DefaultVote = SilenceIsNo;
    type WeightInfo = Growing<crate::weights::pallet_collective::WeightInfo<Self>>;
    type SetMembersOrigin = EnsureRoot<AccountId>;
    type MaxProposalWeight = MaxProposalWeight;
    type DisapproveOrigin = EnsureTwoThirdsOfCouncil;
    type KillOrigin = EnsureTwoThirdsOfCouncil;
    type Consideration = MotionNoted;
}

impl pallet_membership::Config<CouncilCollective> for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type AddOrigin = EnsureTwoThirdsOfCouncil;
    type RemoveOrigin = EnsureTwoThirdsOfCouncil;
    type SwapOrigin = EnsureTwoThirdsOfCouncil;
    type ResetOrigin = EnsureTwoThirdsOfCouncil;
    type PrimeOrigin = EnsureTwoThirdsOfCouncil;
    type MembershipInitialized = ProvideFor<Runtime, Council>;
    type MembershipChanged = ProvideFor<Runtime, Council>;
    type MaxMembers = ConstU32<MAX_COUNCILLORS>;
    type WeightInfo = Growing<crate::weights::pallet_membership::WeightInfo<Self>>;
}

/// The accounts that have a seat in the council.
pub struct IsCouncillor;

impl Contains<AccountId> for IsCouncillor {
    fn contains(account: &AccountId) -> bool {
        Council::is_member(account)
    }
}

impl Seats<AccountId> for IsCouncillor {
    const MOST: u32 = MAX_COUNCILLORS;

    fn seats() -> Vec<AccountId> {
        pallet_collective::Members::<Runtime, CouncilCollective>::get()
    }

    fn vacate(accounts: &[AccountId]) -> DispatchResult {
        let mut seats = Self::seats();
        seats.retain(|seat| !accounts.contains(seat));
        Councillors::reset_members(RuntimeOrigin::root(), seats)
    }
}

/// The operational calls: motions, votes and registrations of session keys.
pub struct OfficialCalls;

impl Contains<RuntimeCall> for OfficialCalls {
    fn contains(call: &RuntimeCall) -> bool {
        use pallet_collective::Call::{close, propose, vote};
        matches!(
            call,
            RuntimeCall::Council(propose { .. } | vote { .. } | close { .. })
                | RuntimeCall::Session(pallet_session::Call::set_keys { .. })
        )
    }
}

/// Maximum number of bytes by which a length bound may exceed the motion's length. The weight of a
/// call depends on the bound, which its caller declares.
const SPARE_LENGTH: u32 = 1_024;

/// Motions, votes and closings that would fail now. They are rejected early, so that the signer is
/// not charged for the bounds that it declared. For example, two councillors may close the same
/// motion independently.
pub struct VainCalls;

impl ContainsPair<AccountId, RuntimeCall> for VainCalls {
    fn contains(who: &AccountId, call: &RuntimeCall) -> bool {
        use pallet_collective::Call::{close, propose, vote};
        match call {
            RuntimeCall::Council(propose { proposal, length_bound, .. }) => {
                let hash = BlakeTwo256::hash_of(proposal);
                !Council::is_member(who)
                    || !fits(*length_bound, proposal)
                    || motion(&hash).is_some()
                    || !Consortium::may_propose(who, &live_motions())
            },
            RuntimeCall::Council(vote { proposal, index, approve }) => {
                !Council::is_member(who)
                    || motion(proposal).is_none_or(|motion| {
                        motion.index != *index || motion.has_vote(who, *approve)
                    })
            },
            RuntimeCall::Council(close {
                proposal_hash,
                index,
                proposal_weight_bound,
                length_bound,
            }) => {
                let decided = motion(proposal_hash)
                    .is_some_and(|motion| motion.index == *index && motion.is_decided());
                !decided
                    || closes_too_early(proposal_hash)
                    || !executes(proposal_hash, *proposal_weight_bound, *length_bound)
            },
            _ => false,
        }
    }
}

/// Returns `true` if the bound is at least the call's length and exceeds it by at most
/// [`SPARE_LENGTH`].
fn fits(bound: u32, call: &RuntimeCall) -> bool {
    let length = u32::try_from(call.encoded_size()).unwrap_or(u32::MAX);
    (length..=length.saturating_add(SPARE_LENGTH)).contains(&bound)
}

/// Returns `true` if a motion exists and can be executed within these bounds.
fn executes(proposal: &H256, weight_bound: Weight, length_bound: u32) -> bool {
    pallet_collective::ProposalOf::<Runtime, CouncilCollective>::get(proposal).is_some_and(|call| {
        let weight = call.get_dispatch_info().call_weight;
        weight.all_lte(weight_bound) && fits(length_bound, &call)
    })
}

/// A motion and its votes, as pallet-collective stores them. The fields of its own type are
/// private.
#[derive(Decode)]
struct Motion {
    index: u32,
    threshold: u32,
    ayes: Vec<AccountId>,
    nays: Vec<AccountId>,
    end: BlockNumber,
}

impl Motion {
    /// Returns `true` if the account has already voted this way.
    fn has_vote(&self, who: &AccountId, approve: bool) -> bool {
        let votes = if approve { &self.ayes } else { &self.nays };
        votes.contains(who)
    }

    /// Returns `true` if the motion can be closed: it has enough votes for or against, or its time
    /// is over.
    fn is_decided(&self) -> bool {
        let approved = count(&self.ayes) >= self.threshold;
        approved || self.is_rejected() || System::block_number() >= self.end
    }

    /// Returns `true` if the seats that have not voted against the motion are too few to pass it.
    fn is_rejected(&self) -> bool {
        seats().saturating_sub(count(&self.nays)) < self.threshold
    }
}

fn motion(proposal: &H256) -> Option<Motion> {
    type Voting = pallet_collective::Voting<Runtime, CouncilCollective>;
    unhashed::get(&Voting::hashed_key_for(proposal))
}

/// Calls that need no signature: the author's statement of the time; reports of offences, which
/// carry their proof; and the code of an upgrade that the council authorised.
pub struct BareCalls;

impl Contains<RuntimeCall> for BareCalls {
    fn contains(call: &RuntimeCall) -> bool {
        matches!(
            call,
            RuntimeCall::Timestamp(pallet_timestamp::Call::set { .. })
                | RuntimeCall::Grandpa(pallet_grandpa::Call::report_equivocation_unsigned { .. })
                | RuntimeCall::System(frame_system::Call::apply_authorized_upgrade { .. })
        )
    }
}

/// The hash of a validator's registered keys.
pub struct KeysOf;

impl Convert<AccountId, Option<H256>> for KeysOf {
    fn convert(account: AccountId) -> Option<H256> {
        let keys = pallet_session::NextKeys::<Runtime>::get(account)?;
        Some(BlakeTwo256::hash_of(&keys))
    }
}

/// GRANDPA, for the consortium to restart.
pub struct Finality;

impl RestartFinality<BlockNumber> for Finality {
    fn restart(delay: BlockNumber, best_finalized: BlockNumber) -> DispatchResult {
        Grandpa::note_stalled(RuntimeOrigin::root(), delay, best_finalized)
    }

    fn is_changing() -> bool {
        Grandpa::stalled().is_some() || Grandpa::pending_change().is_some()
    }
}

impl pallet_consortium::Config for Runtime {
    type CouncilOrigin = EnsureTwoThirdsOfCouncil;
    type Councillors = IsCouncillor;
    type OfficialCalls = OfficialCalls;
    type VainCalls = VainCalls;
    type BareCalls = BareCalls;
    type OfficialQuota = OfficialQuota;
    // At this rate, the bytes of a full block cost the time of a full block.
    type TimePerByte = ConstU64<300_000>;
    type BlockTime = BlockTime;
    type BlockBytes = BlockBytes;
    type MaxMotions = MaxMotions;
    type Signature = Signature;
    type Multisigs = super::proxy_and_multisig::Operations;
    type MultisigLife = MultisigLife;
    type Validating = super::consensus::Validating;
    type MaxNodes = MaxNodes;
    type MaxValidators = ConstU32<MAX_AUTHORITIES>;
    type DefaultSessionLength = DefaultSessionLength;
    type KeysOf = KeysOf;
    type Finality = Finality;
    type WeightInfo = crate::weights::pallet_consortium::WeightInfo<Self>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Helper;
}
