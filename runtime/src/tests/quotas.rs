// SPDX-License-Identifier: Apache-2.0

//! No call bypasses a quota. Transactions are signed and applied in a block, with every call that
//! executes another one.

use super::{
    chain_of, config_of,
    transactions::{remark, signed, validity},
};
use crate::{
    configs::{
        governance::{MaxProposalWeight, OfficialQuota},
        proxy_and_multisig::ProxyType,
    },
    presets, AccountId, Address, BlockNumber, Consortium, Council, DigitalTwin, Executive, Header,
    Multisig, Proxy, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, System, UncheckedExtrinsic,
    SLOT_DURATION,
};
use codec::Encode;
use frame_support::{
    assert_ok,
    dispatch::{DispatchClass, GetDispatchInfo},
    traits::OriginTrait,
    weights::Weight,
};
use pallet_consortium::{
    extension::codes,
    quota::{Bucket, Rate, PICOSECONDS_PER_UNIT},
    GenesisOrganisation, GenesisRate, Limits, Members, OfficialBuckets, Organisations,
};
use sp_consensus_aura::{Slot, AURA_ENGINE_ID};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
    generic::{Digest, DigestItem},
    traits::{BlakeTwo256, Hash, Header as _},
    transaction_validity::{InvalidTransaction, TransactionValidityError, UnknownTransaction},
    ApplyExtrinsicResult, DispatchError, ExtrinsicInclusionMode,
};

/// The organisation of the development chain, whose members have large quotas.
pub(super) const DEVELOPMENT: u32 = 0;
/// The quota of the member of the small organisation. Almost none is replenished with a block.
const SMALL: Rate = Rate { burst: 400_000, per_block: 1 };
/// The shared quota of the small organisation: more than its member can spend.
const SHARED: GenesisRate = GenesisRate { burst: 1 << 40, per_block: 1 };
/// The member of the small organisation.
pub(super) const SMALL_MEMBER: Sr25519Keyring = Sr25519Keyring::One;
const STRANGER: Sr25519Keyring = Sr25519Keyring::Two;
/// A member with a large quota, for which others act.
pub(super) const COMPANY: Sr25519Keyring = Sr25519Keyring::Ferdie;
/// A councillor, and a member with a large quota.
pub(super) const COUNCILLOR: Sr25519Keyring = Sr25519Keyring::Alice;
/// The weight of the heavy calls, in units.
const HEAVY: u64 = 100_000;

/// Runs a test in the first block of a development chain with a small organisation.
pub(super) fn in_block(test: impl FnOnce()) {
    let mut config = config_of(presets::DEVELOPMENT);
    let small = GenesisOrganisation {
        name: "Small".into(),
        max_members: 1,
        max_nodes: 0,
        burst: SMALL.burst,
        per_block: SMALL.per_block,
        time: SHARED,
        bytes: SHARED,
        admins: vec![(SMALL_MEMBER.to_account_id(), "one".into())],
        members: vec![],
        nodes: vec![],
    };
    let organisations = config["consortium"]["organisations"].as_array_mut().unwrap();
    organisations.push(serde_json::to_value(small).unwrap());
    chain_of(&config).execute_with(|| {
        begin_block(1);
        test();
    });
}

/// Begins a block as its author does, with the slot and the time. Returns which extrinsics may
/// follow.
pub(super) fn begin_block(number: BlockNumber) -> ExtrinsicInclusionMode {
    let slot = Slot::from(u64::from(number));
    let digest = Digest { logs: vec![DigestItem::PreRuntime(AURA_ENGINE_ID, slot.encode())] };
    let parent = System::block_hash(number - 1);
    let header = Header::new(number, Default::default(), Default::default(), parent, digest);
    let mode = Executive::initialize_block(&header);
    let now = u64::from(number) * SLOT_DURATION;
    let time = UncheckedExtrinsic::new_bare(pallet_timestamp::Call::set { now }.into());
    assert_eq!(Executive::apply_extrinsic(time), Ok(Ok(())));
    mode
}

pub(super) fn origin(who: Sr25519Keyring) -> RuntimeOrigin {
    RuntimeOrigin::signed(who.to_account_id())
}

pub(super) fn apply(who: Sr25519Keyring, call: RuntimeCall) -> ApplyExtrinsicResult {
    Executive::apply_extrinsic(signed(who, call))
}

pub(super) fn invalid(code: u8) -> TransactionValidityError {
    InvalidTransaction::Custom(code).into()
}

fn exhausted() -> TransactionValidityError {
    UnknownTransaction::Custom(codes::QUOTA_EXHAUSTED).into()
}

/// Returns the units that a member has spent of its quota.
pub(super) fn spent(who: Sr25519Keyring) -> u64 {
    let member = Members::<Runtime>::get(who.to_account_id()).unwrap();
    let rate = Organisations::<Runtime>::get(member.organisation).unwrap().limits.quota;
    member.bucket.level(rate, System::block_number())
}

/// Returns the units that an official has spent of its official quota.
pub(super) fn spent_on_office(who: Sr25519Keyring) -> u64 {
    let bucket = OfficialBuckets::<Runtime>::get(who.to_account_id()).unwrap_or_default();
    bucket.level(OfficialQuota::get(), System::block_number())
}

/// Leaves `units` of the small member's quota.
fn leave(units: u64) {
    let bucket = Bucket { spent: SMALL.burst - units, at: System::block_number() };
    Members::<Runtime>::mutate_extant(SMALL_MEMBER.to_account_id(), |it| it.bucket = bucket);
}

/// Returns the units that the weight of a call costs, without its length.
pub(super) fn cost(call: &RuntimeCall) -> u64 {
    Consortium::cost(call.get_dispatch_info().call_weight, 0)
}

/// Returns a call that declares a weight of `units`. It requires root, so it fails, at the same
/// cost.
pub(super) fn weighing(units: u64) -> RuntimeCall {
    let weight = Weight::from_parts(units * PICOSECONDS_PER_UNIT, 0);
    pallet_utility::Call::with_weight { call: Box::new(remark()), weight }.into()
}

/// Returns a call that declares a weight of `units` and uses little of it. The first call in it
/// fails for every signer, so the second is not executed.
fn seeming(units: u64) -> RuntimeCall {
    pallet_utility::Call::batch { calls: vec![weighing(0), weighing(units)] }.into()
}

pub(super) fn create_twin() -> RuntimeCall {
    let (description, asset) = (b"{}".to_vec(), b"asset".to_vec());
    pallet_digital_twin::Call::create_twin { description, asset, links: vec![] }.into()
}

/// A function that makes a call that executes another one for this signer, with the setup for it.
type Wrap = fn(Sr25519Keyring, RuntimeCall) -> RuntimeCall;

/// Every call that executes another one, for its signer or for an account that it acts for.
const WRAPPERS: [(&str, Wrap); 12] = [
    ("batch", |_, call| pallet_utility::Call::batch { calls: vec![call] }.into()),
    ("batch_all", |_, call| pallet_utility::Call::batch_all { calls: vec![call] }.into()),
    ("force_batch", |_, call| pallet_utility::Call::force_batch { calls: vec![call] }.into()),
    ("the last of many", |_, call| {
        pallet_utility::Call::batch { calls: vec![remark(), remark(), call] }.into()
    }),
    ("if_else", |_, call| if_else(call, remark())),
    ("the else of if_else", |_, call| if_else(weighing(0), call)),
    ("as_derivative", as_derivative),
    ("proxy", proxy),
    ("proxy_announced", proxy_announced),
    ("as_multi_threshold_1", as_multi_threshold_1),
    ("as_multi", as_multi),
    ("several of them", |who, call| proxy(who, as_derivative(who, if_else(call, remark())))),
];

fn if_else(main: RuntimeCall, fallback: RuntimeCall) -> RuntimeCall {
    pallet_utility::Call::if_else { main: Box::new(main), fallback: Box::new(fallback) }.into()
}

fn as_derivative(_: Sr25519Keyring, call: RuntimeCall) -> RuntimeCall {
    pallet_utility::Call::as_derivative { index: 7, call: Box::new(call) }.into()
}

pub(super) fn address(who: Sr25519Keyring) -> Address {
    who.to_account_id().into()
}

fn let_act(who: Sr25519Keyring) {
    let (company, who) = (COMPANY.to_account_id(), who.to_account_id());
    assert_ok!(Proxy::add_proxy_delegate(&company, who, ProxyType::Any, 0));
}

pub(super) fn proxy(who: Sr25519Keyring, call: RuntimeCall) -> RuntimeCall {
    let_act(who);
    let real = address(COMPANY);
    pallet_proxy::Call::proxy { real, force_proxy_type: None, call: Box::new(call) }.into()
}

pub(super) fn proxy_announced(who: Sr25519Keyring, call: RuntimeCall) -> RuntimeCall {
    let_act(who);
    let (delegate, real) = (address(who), address(COMPANY));
    let hash = BlakeTwo256::hash_of(&call);
    assert_ok!(Proxy::announce(origin(who), real.clone(), hash));
    let call = Box::new(call);
    pallet_proxy::Call::proxy_announced { delegate, real, force_proxy_type: None, call }.into()
}

fn as_multi_threshold_1(_: Sr25519Keyring, call: RuntimeCall) -> RuntimeCall {
    let other_signatories = vec![COMPANY.to_account_id()];
    pallet_multisig::Call::as_multi_threshold_1 { other_signatories, call: Box::new(call) }.into()
}

/// Returns the last signature of two.
pub(super) fn as_multi(who: Sr25519Keyring, call: RuntimeCall) -> RuntimeCall {
    let max_weight = call.get_dispatch_info().call_weight;
    let call = Box::new(call);
    let (when, mine) = (Multisig::timepoint(), vec![who.to_account_id()]);
    assert_ok!(Multisig::as_multi(origin(COMPANY), 2, mine, None, call.clone(), max_weight));
    let other_signatories = vec![COMPANY.to_account_id()];
    let (threshold, maybe_timepoint) = (2, Some(when));
    pallet_multisig::Call::as_multi {
        threshold,
        other_signatories,
        maybe_timepoint,
        call,
        max_weight,
    }
    .into()
}

pub(super) fn propose(threshold: u32, motion: &RuntimeCall) -> RuntimeCall {
    let (proposal, length_bound) = (Box::new(motion.clone()), motion.encoded_size() as u32);
    RuntimeCall::Council(pallet_collective::Call::propose { threshold, proposal, length_bound })
}

/// Returns the call that executes a motion, and gives the motion the votes that it needs.
pub(super) fn close(motion: &RuntimeCall) -> RuntimeCall {
    let (proposal_hash, index) = (BlakeTwo256::hash_of(motion), 0);
    let length_bound = motion.encoded_size() as u32;
    let boxed = Box::new(motion.clone());
    assert_ok!(Council::propose(origin(COUNCILLOR), 2, boxed, length_bound));
    for councillor in [COUNCILLOR, Sr25519Keyring::Bob] {
        assert_ok!(Council::vote(origin(councillor), proposal_hash, index, true));
    }
    RuntimeCall::Council(pallet_collective::Call::close {
        proposal_hash,
        index,
        proposal_weight_bound: motion.get_dispatch_info().call_weight,
        length_bound,
    })
}

/// Returns a motion that the council can pass: admissions of organisations that weigh `units`.
fn admissions(units: u64) -> RuntimeCall {
    let admit = |number: u64| -> RuntimeCall {
        let name = format!("Company {number}").into_bytes();
        let admin = AccountId::from(BlakeTwo256::hash_of(&number).0);
        let limits = Limits {
            members: 1,
            nodes: 0,
            quota: SMALL,
            time: SHARED.into(),
            bytes: SHARED.into(),
        };
        pallet_consortium::Call::admit_organisation { name, admin, limits }.into()
    };
    let calls = (0..units.div_ceil(cost(&admit(0)))).map(admit).collect();
    pallet_utility::Call::batch_all { calls }.into()
}

pub(super) fn suspend_development() {
    assert_ok!(Consortium::suspend_organisation(RuntimeOrigin::root(), DEVELOPMENT));
}

/// Returns `true` if the council's motion was executed without an error.
fn motion_succeeded() -> bool {
    System::events().iter().any(|record| {
        let RuntimeEvent::Council(event) = &record.event else { return false };
        matches!(event, pallet_collective::Event::Executed { result: Ok(()), .. })
    })
}

#[test]
fn the_signer_pays_for_every_call_inside() {
    for (name, wrap) in WRAPPERS {
        in_block(|| {
            let inner = weighing(HEAVY);
            let call = wrap(SMALL_MEMBER, inner.clone());
            assert!(cost(&call) >= cost(&inner), "{name}");
            assert!(apply(SMALL_MEMBER, call).is_ok(), "{name}");
            assert!(spent(SMALL_MEMBER) >= HEAVY, "{name}: {}", spent(SMALL_MEMBER));
            assert_eq!(spent(COMPANY), 0, "{name}");
        });
    }
}

#[test]
fn an_executed_inner_call_is_charged() {
    for (name, wrap) in WRAPPERS {
        in_block(|| {
            let call = wrap(SMALL_MEMBER, create_twin());
            assert_eq!(apply(SMALL_MEMBER, call), Ok(Ok(())), "{name}");
            assert!(DigitalTwin::twin(0).is_some(), "{name}");
            assert!(spent(SMALL_MEMBER) >= cost(&create_twin()), "{name}");
        });
    }
}

#[test]
fn a_wrapped_call_beyond_the_rest_of_a_quota_is_rejected() {
    for (name, wrap) in WRAPPERS {
        in_block(|| {
            let call = wrap(SMALL_MEMBER, weighing(HEAVY));
            // As much as the inner call costs alone, without the call around it.
            leave(HEAVY);
            let refused = apply(SMALL_MEMBER, call.clone());
            assert_eq!(refused, Err(InvalidTransaction::ExhaustsResources.into()), "{name}");
            assert_eq!(spent(SMALL_MEMBER), SMALL.burst - HEAVY, "{name}");
            assert_eq!(validity(signed(SMALL_MEMBER, call)), Err(exhausted()), "{name}");
        });
    }
}

#[test]
fn a_wrapped_call_beyond_a_full_quota_is_rejected() {
    for (name, wrap) in WRAPPERS {
        in_block(|| {
            let call = wrap(SMALL_MEMBER, weighing(SMALL.burst));
            let refused = Err(invalid(codes::EXCEEDS_QUOTA));
            assert_eq!(apply(SMALL_MEMBER, call.clone()), refused, "{name}");
            assert_eq!(validity(signed(SMALL_MEMBER, call)).map(|_| Ok(())), refused, "{name}");
        });
    }
}

#[test]
fn a_wrapped_call_of_a_non_member_is_rejected() {
    for (name, wrap) in WRAPPERS {
        in_block(|| {
            let call = wrap(STRANGER, remark());
            let refused = Err(invalid(codes::NOT_A_MEMBER));
            assert_eq!(apply(STRANGER, call.clone()), refused, "{name}");
            assert_eq!(validity(signed(STRANGER, call)).map(|_| Ok(())), refused, "{name}");
        });
    }
}

#[test]
fn unused_weight_is_refunded_except_through_a_proxy() {
    for (name, wrap) in WRAPPERS {
        in_block(|| {
            let call = wrap(SMALL_MEMBER, seeming(HEAVY));
            assert!(cost(&call) >= HEAVY, "{name}");
            assert_eq!(apply(SMALL_MEMBER, call), Ok(Ok(())), "{name}");
            // pallet-proxy does not report the weight that the inner call used.
            let all = ["proxy", "proxy_announced", "several of them"].contains(&name);
            let spent = spent(SMALL_MEMBER);
            assert_eq!(spent >= HEAVY, all, "{name}: {spent}");
        });
    }
}

#[test]
fn a_multisig_call_fails_if_heavier_than_its_last_signer_declared() {
    in_block(|| {
        let call = as_multi(SMALL_MEMBER, create_twin());
        let RuntimeCall::Multisig(mut last) = call else { unreachable!() };
        let pallet_multisig::Call::as_multi { max_weight, .. } = &mut last else { unreachable!() };
        *max_weight = max_weight.saturating_sub(Weight::from_parts(1, 0));
        let error = pallet_multisig::Error::<Runtime>::MaxWeightTooLow;
        assert_eq!(apply(SMALL_MEMBER, last.into()), Ok(Err(error.into())));
        assert!(DigitalTwin::twin(0).is_none());
    });
}

#[test]
fn calls_that_require_root_fail_and_are_charged() {
    let as_origin = || Box::new(origin(COMPANY).into_caller());
    let inner = || Box::new(create_twin());
    let weight = Weight::from_parts(HEAVY * PICOSECONDS_PER_UNIT, 0);
    let calls = [
        pallet_utility::Call::dispatch_as { as_origin: as_origin(), call: inner() },
        pallet_utility::Call::dispatch_as_fallible { as_origin: as_origin(), call: inner() },
        pallet_utility::Call::with_weight { call: inner(), weight },
    ];
    for call in calls.map(RuntimeCall::from) {
        in_block(|| {
            let weight = cost(&call);
            assert_eq!(apply(SMALL_MEMBER, call), Ok(Err(DispatchError::BadOrigin)));
            assert!(DigitalTwin::twin(0).is_none());
            assert!(spent(SMALL_MEMBER) >= weight && weight >= cost(&create_twin()));
        });
    }
}

#[test]
fn votes_are_charged_to_the_official_quota() {
    in_block(|| {
        let motion = weighing(HEAVY);
        let (proposal, index, approve) = (BlakeTwo256::hash_of(&motion), 0, true);
        let vote = RuntimeCall::Council(pallet_collective::Call::vote { proposal, index, approve });
        let mut before = 0;
        for call in [propose(2, &motion), vote] {
            assert_eq!(apply(COUNCILLOR, call), Ok(Ok(())));
            assert!(spent_on_office(COUNCILLOR) > before);
            before = spent_on_office(COUNCILLOR);
        }
        assert_eq!(spent(COUNCILLOR), 0);
    });
}

#[test]
fn a_wrapped_vote_is_not_charged_to_the_official_quota() {
    for (name, wrap) in WRAPPERS {
        in_block(|| {
            let call = wrap(COUNCILLOR, propose(2, &remark()));
            // A call that is operational as a whole is rejected; any other is charged as a member's
            // call.
            match call.get_dispatch_info().class {
                DispatchClass::Operational => {
                    let refused = Err(invalid(codes::OPERATIONAL));
                    assert_eq!(apply(COUNCILLOR, call), refused, "{name}");
                    assert_eq!(spent(COUNCILLOR), 0, "{name}");
                },
                _ => {
                    assert!(apply(COUNCILLOR, call.clone()).is_ok(), "{name}");
                    assert!(spent(COUNCILLOR) > 0, "{name}");
                    suspend_development();
                    let suspended = Err(invalid(codes::ORGANISATION_SUSPENDED));
                    assert_eq!(apply(COUNCILLOR, call), suspended, "{name}");
                },
            }
            assert_eq!(spent_on_office(COUNCILLOR), 0, "{name}");
            assert_eq!(apply(COUNCILLOR, propose(2, &weighing(0))), Ok(Ok(())), "{name}");
        });
    }
}

#[test]
fn a_motion_is_charged_to_the_official_quota_of_its_closer() {
    in_block(|| {
        let motion = admissions(400_000);
        let closing = close(&motion);
        suspend_development();
        assert_eq!(apply(COUNCILLOR, closing), Ok(Ok(())));
        assert!(motion_succeeded());
        assert!(spent_on_office(COUNCILLOR) >= cost(&motion));
        assert_eq!(spent(COUNCILLOR), 0);
    });
}

#[test]
fn the_heaviest_motion_can_be_closed_with_the_official_quota() {
    let heaviest = MaxProposalWeight::get().ref_time() / PICOSECONDS_PER_UNIT;
    in_block(|| {
        let motion = admissions(heaviest - heaviest / 50);
        assert!(cost(&motion) <= heaviest);
        let closing = close(&motion);
        suspend_development();
        assert_eq!(apply(COUNCILLOR, closing), Ok(Ok(())));
        assert!(motion_succeeded());
        assert!(spent_on_office(COUNCILLOR) >= cost(&motion));
    });
}
