// SPDX-License-Identifier: Apache-2.0

//! Members cannot keep the council from deciding, and a minority of the council cannot decide.

use super::{
    quotas::{
        address, apply, as_multi, close, create_twin, in_block, invalid, origin, propose, proxy,
        proxy_announced, spent, spent_on_office, suspend_development, weighing, COMPANY,
        COUNCILLOR, SMALL_MEMBER,
    },
    transactions::{remark, signed, signed_with_nonce, validity},
};
use crate::{
    configs::{
        governance::{CouncilCollective, MotionDuration, OfficialQuota, VainCalls},
        proxy_and_multisig::ProxyType,
        system::CallFilter,
    },
    AccountId, Address, Council, Proxy, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, System,
};
use codec::Encode;
use frame_support::{
    assert_noop, assert_ok,
    traits::{Contains, ContainsPair, InstanceFilter},
    weights::Weight,
};
use pallet_collective::Call as CouncilCall;
use pallet_consortium::{
    extension::{codes, MAX_PROOF_SIZE, OFFICIAL_PRIORITY},
    nonce::MAX_NONCES_AHEAD,
    quota::Bucket,
    OfficialBuckets,
};
use pallet_membership::Call as SeatCall;
use sp_core::H256;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve};
use sp_runtime::{
    traits::{BlakeTwo256, Dispatchable, Hash},
    transaction_validity::{InvalidTransaction, UnknownTransaction},
    DispatchError,
};

fn filtered() -> DispatchError {
    frame_system::Error::<Runtime>::CallFiltered.into()
}

/// Returns a call that closes a motion that does not exist, with the maximum weight of a motion.
fn close_nothing() -> RuntimeCall {
    RuntimeCall::Council(CouncilCall::close {
        proposal_hash: H256::zero(),
        index: 0,
        proposal_weight_bound: Weight::from_parts(900_000_000_000, 1 << 20),
        length_bound: u32::MAX,
    })
}

fn vote() -> RuntimeCall {
    let (proposal, index, approve) = (H256::zero(), 0, true);
    RuntimeCall::Council(CouncilCall::vote { proposal, index, approve })
}

fn batch(calls: Vec<RuntimeCall>) -> RuntimeCall {
    pallet_utility::Call::batch { calls }.into()
}

pub(super) fn seats(members: &[Sr25519Keyring]) {
    let members = members.iter().map(|who| who.to_account_id()).collect();
    let reset = pallet_membership::Pallet::<Runtime, _>::reset_members;
    assert_ok!(reset(RuntimeOrigin::root(), members));
}

#[test]
fn only_officials_can_make_operational_calls() {
    in_block(|| {
        let kill = frame_system::Call::kill_prefix { prefix: vec![], subkeys: u32::MAX };
        let restart = pallet_consortium::Call::restart_finality { delay: 1, best_finalized: 0 };
        let operational = [
            close_nothing(),
            vote(),
            propose(2, &remark()),
            kill.into(),
            restart.into(),
            batch(vec![vote()]),
            proxy(SMALL_MEMBER, vote()),
        ];
        for call in operational {
            let refused = Err(invalid(codes::OPERATIONAL));
            assert_eq!(apply(SMALL_MEMBER, call.clone()), refused, "{call:?}");
            assert_eq!(validity(signed(SMALL_MEMBER, call)).map(|_| Ok(())), refused);
        }
        assert_eq!(spent(SMALL_MEMBER), 0);
        // Neither is an official's vote inside another call, nor an operational call that is not a
        // vote.
        let kill = frame_system::Call::kill_prefix { prefix: vec![], subkeys: 1 };
        for call in [batch(vec![vote()]), kill.into()] {
            assert_eq!(apply(COUNCILLOR, call), Err(invalid(codes::OPERATIONAL)));
        }
        assert!(apply(COUNCILLOR, propose(2, &remark())).is_ok());
    });
}

#[test]
fn votes_have_priority_over_calls_of_members() {
    in_block(|| {
        let priority = |who, call| validity(signed(who, call)).unwrap().priority;
        assert_eq!(priority(COUNCILLOR, propose(2, &remark())), OFFICIAL_PRIORITY);
        assert_eq!(priority(COUNCILLOR, create_twin()), 0);
        assert_eq!(priority(SMALL_MEMBER, create_twin()), 0);
    });
}

#[test]
fn filtered_calls_take_no_room_in_a_block() {
    let forbidden = || {
        let proposal = Box::new(remark());
        [
            RuntimeCall::Session(pallet_session::Call::purge_keys {}),
            RuntimeCall::Council(CouncilCall::execute { proposal, length_bound: 100 }),
            RuntimeCall::Councillors(SeatCall::change_key { new: address(COMPANY) }),
            RuntimeCall::Councillors(SeatCall::set_prime { who: address(COMPANY) }),
            pallet_proxy::Call::remove_proxies {}.into(),
            pallet_proxy::Call::kill_pure {
                spawner: address(COMPANY),
                proxy_type: ProxyType::Any,
                index: 0,
                height: 0,
                ext_index: 0,
            }
            .into(),
        ]
    };
    for call in forbidden() {
        in_block(|| {
            let refused = Err(invalid(codes::FORBIDDEN));
            assert_eq!(apply(COUNCILLOR, call.clone()), refused, "{call:?}");
            assert_eq!(validity(signed(COUNCILLOR, call.clone())).map(|_| Ok(())), refused);
            assert_eq!(spent(COUNCILLOR) + spent_on_office(COUNCILLOR), 0);
            // Inside another call it fails, and the signer pays.
            let inner = vec![remark(), call.clone()];
            let all = RuntimeCall::from(pallet_utility::Call::batch_all { calls: inner });
            assert_eq!(apply(COUNCILLOR, all), Ok(Err(filtered())), "{call:?}");
            assert!(spent(COUNCILLOR) > 0);
        });
    }
}

#[test]
fn a_motion_whose_threshold_authorises_nothing_is_rejected() {
    in_block(|| {
        for (members, allowed) in [
            (&[Alice, Bob, Charlie][..], 2..=3),
            (&[Alice, Bob, Charlie, Dave], 3..=4),
            (&[Alice, Bob, Charlie, Dave, Eve], 4..=5),
        ] {
            seats(members);
            for threshold in [0, 1, 2, 3, 4, 5, 6, 100, u32::MAX] {
                let call = propose(threshold, &remark());
                let accepted = allowed.contains(&threshold);
                assert_eq!(CallFilter::contains(&call), accepted, "{threshold} of {members:?}");
                let answer = validity(signed(COUNCILLOR, call));
                assert_eq!(answer.is_ok(), accepted, "{threshold} of {members:?}");
            }
        }
    });
}

#[test]
fn a_councillor_that_does_not_vote_counts_against_the_motion() {
    in_block(|| {
        seats(&[Alice, Bob, Charlie, Dave, Eve]);
        let motion = remark();
        let (hash, length) = (BlakeTwo256::hash_of(&motion), motion.encoded_size() as u32);
        assert_ok!(Council::propose(origin(Alice), 4, Box::new(motion), length));
        for who in [Alice, Bob, Charlie] {
            assert_ok!(Council::vote(origin(who), hash, 0, true));
        }
        let close = || Council::close(origin(Alice), hash, 0, Weight::MAX, length);
        assert_noop!(close(), pallet_collective::Error::<Runtime, _>::TooEarly);
        System::set_block_number(System::block_number() + MotionDuration::get());
        assert_ok!(close());
        let disapproved = pallet_collective::Event::Disapproved { proposal_hash: hash };
        System::assert_has_event(RuntimeEvent::Council(disapproved));
    });
}

#[test]
fn a_council_has_at_least_three_seats() {
    in_block(|| {
        let remove = |who| RuntimeCall::Councillors(SeatCall::remove_member { who: address(who) });
        let reset = |members: &[Sr25519Keyring]| {
            let members = members.iter().map(|who| who.to_account_id()).collect();
            RuntimeCall::Councillors(SeatCall::reset_members { members })
        };
        let as_council = |call: RuntimeCall| {
            let origin = pallet_collective::RawOrigin::<AccountId, _>::Members(3, 3);
            call.dispatch(RuntimeOrigin::from(origin)).map(|_| ()).map_err(|error| error.error)
        };
        assert_eq!(as_council(remove(Alice)), Err(filtered()));
        for few in [&[][..], &[Alice], &[Alice, Bob], &[Alice, Alice, Bob], &[Alice; 4]] {
            assert_eq!(as_council(reset(few)), Err(filtered()), "{few:?}");
        }
        assert_eq!(as_council(reset(&[Alice, Bob, Charlie, Dave])), Ok(()));
        assert_eq!(as_council(remove(Alice)), Ok(()));
        assert_eq!(as_council(remove(Bob)), Err(filtered()));
        // The same inside a motion with several calls.
        let both = batch(vec![remark(), remove(Bob)]);
        assert_ok!(as_council(both));
        assert_eq!(pallet_collective::Members::<Runtime, _>::get().len(), 3);
    });
}

#[test]
fn a_company_keeps_its_proxies() {
    let take = || -> [RuntimeCall; 2] {
        let kill = pallet_proxy::Call::kill_pure {
            spawner: address(COUNCILLOR),
            proxy_type: ProxyType::Any,
            index: 0,
            height: System::block_number(),
            ext_index: 0,
        };
        [pallet_proxy::Call::remove_proxies {}.into(), kill.into()]
    };
    for at in [0, 1] {
        in_block(|| {
            let own = COMPANY.to_account_id();
            let delegate = Address::from(COUNCILLOR.to_account_id());
            assert_ok!(Proxy::add_proxy(origin(COMPANY), delegate, ProxyType::Any, 0));
            let before = pallet_proxy::Proxies::<Runtime>::get(&own);
            let call = Box::new(take()[at].clone());
            assert_ok!(Proxy::proxy(origin(COUNCILLOR), address(COMPANY), None, call));
            let executed = pallet_proxy::Event::ProxyExecuted { result: Err(filtered()) };
            System::assert_has_event(RuntimeEvent::Proxy(executed));
            assert_eq!(pallet_proxy::Proxies::<Runtime>::get(&own), before);
        });
    }
}

#[test]
fn a_twins_proxy_can_make_daily_calls_but_no_final_ones() {
    use pallet_data_container::Call as Data;
    use pallet_digital_twin::Call as Twin;
    let name = || b"manual".to_vec();
    let who = || COMPANY.to_account_id();
    let daily: Vec<RuntimeCall> = vec![
        create_twin(),
        Twin::remove_link { twin: 0, name: name() }.into(),
        Data::create_container { description: vec![] }.into(),
        Data::instantiate { plugin: 0, description: vec![] }.into(),
        Data::clear_entry { container: 0, data_set: name(), expected_revision: None }.into(),
        batch(vec![create_twin()]),
    ];
    let more: Vec<RuntimeCall> = vec![
        Twin::deactivate_twin { twin: 0 }.into(),
        Twin::cancel_offer { twin: 0 }.into(),
        Data::close_container { container: 0 }.into(),
        Data::retire_data_set { container: 0, data_set: name() }.into(),
        Data::purge { container: 0, data_set: name(), limit: 1 }.into(),
        Data::cancel_offer { container: 0 }.into(),
        Data::unshare { container: 0, account: who(), access: vec![] }.into(),
        Data::assign_role { container: 0, account: who(), role: name() }.into(),
        Data::remove_account_envelope {
            version: 1,
            holder: pallet_data_container::NamedHolder::Account(who()),
        }
        .into(),
        pallet_consortium::Call::remove_member { account: who() }.into(),
        pallet_proxy::Call::remove_proxies {}.into(),
    ];
    // Handovers, and calls with which the account gives up its own access.
    let (deadline, to) = (0, who());
    let handovers: Vec<RuntimeCall> = vec![
        Twin::offer_twin { twin: 0, to, deadline, containers: vec![], envelopes: vec![] }.into(),
        Twin::accept_twin { twin: 0, offer: 0 }.into(),
        Twin::decline_offer { twin: 0, offer: 0 }.into(),
        Data::offer_ownership { container: 0, to: who(), deadline, envelopes: vec![] }.into(),
        Data::accept_ownership { container: 0, offer: 0 }.into(),
        Data::decline_offer { container: 0, offer: 0 }.into(),
        Data::leave { container: 0 }.into(),
    ];
    let (access, until, envelopes) = (vec![], None, vec![]);
    let sharing: Vec<RuntimeCall> = vec![
        Data::share { container: 0, account: who(), access, until, envelopes }.into(),
        Data::set_role { container: 0, role: name(), permissions: vec![] }.into(),
        Data::rename_role { container: 0, role: name(), new_name: name() }.into(),
        Data::remove_role { container: 0, role: name() }.into(),
        Data::set_envelopes { container: 0, data_set: name(), epoch: 1, envelopes: vec![] }.into(),
        Data::set_envelope {
            container: 0,
            data_set: name(),
            reader: who(),
            epoch: 1,
            key_version: 1,
            envelope: vec![],
        }
        .into(),
        Data::rotate_key {
            container: 0,
            data_set: name(),
            expected_epoch: 0,
            suite: 1,
            public: vec![],
            previous_seed: pallet_data_container::PreviousSeed::Cut,
            key_version: 1,
            envelope: vec![],
            envelopes: vec![],
        }
        .into(),
    ];
    for call in &daily {
        assert!(ProxyType::Twins.filter(call) && ProxyType::Any.filter(call), "{call:?}");
    }
    for call in more.iter().chain(&handovers).chain(&sharing) {
        assert!(!ProxyType::Twins.filter(call) && ProxyType::Any.filter(call), "{call:?}");
    }
    for call in &handovers {
        assert!(!ProxyType::Share.filter(call) && !ProxyType::Data.filter(call), "{call:?}");
    }
    for call in &sharing {
        assert!(ProxyType::Share.filter(call) && !ProxyType::Data.filter(call), "{call:?}");
    }
    let all = [ProxyType::Any, ProxyType::Data, ProxyType::Share, ProxyType::Twins];
    for kind in all {
        assert!(ProxyType::Any.is_superset(&kind) && kind.is_superset(&kind));
    }
    assert!(ProxyType::Twins.is_superset(&ProxyType::Data));
    for (kind, other) in [
        (ProxyType::Data, ProxyType::Twins),
        (ProxyType::Twins, ProxyType::Share),
        (ProxyType::Twins, ProxyType::Any),
        (ProxyType::Share, ProxyType::Twins),
    ] {
        assert!(!kind.is_superset(&other), "{kind:?} {other:?}");
    }
}

#[test]
fn calls_in_a_batch_of_a_twins_proxy_are_filtered() {
    in_block(|| {
        let company = COMPANY.to_account_id();
        let delegate = COUNCILLOR.to_account_id();
        assert_ok!(Proxy::add_proxy_delegate(&company, delegate, ProxyType::Twins, 0));
        let deactivate = pallet_digital_twin::Call::deactivate_twin { twin: 0 }.into();
        let all = pallet_utility::Call::batch_all { calls: vec![create_twin(), deactivate] };
        let call = Box::new(all.into());
        assert_ok!(Proxy::proxy(origin(COUNCILLOR), address(COMPANY), None, call));
        let executed = pallet_proxy::Event::ProxyExecuted { result: Err(filtered()) };
        System::assert_has_event(RuntimeEvent::Proxy(executed));
        assert!(crate::DigitalTwin::twin(0).is_none());
    });
}

#[test]
fn nonces_far_ahead_are_rejected() {
    in_block(|| {
        let answer = |ahead| validity(signed_with_nonce(SMALL_MEMBER, create_twin(), ahead));
        for near in [0, 1, MAX_NONCES_AHEAD] {
            assert!(answer(near).is_ok(), "{near}");
        }
        for far in [MAX_NONCES_AHEAD + 1, 1_000_000, u32::MAX] {
            let refused = UnknownTransaction::Custom(codes::NONCE_TOO_FAR_AHEAD);
            assert_eq!(answer(far), Err(refused.into()), "{far}");
        }
        // A nonce still cannot be used twice.
        assert!(apply(SMALL_MEMBER, create_twin()).is_ok());
        assert!(answer(0).is_err());
    });
}

#[test]
fn official_calls_in_vain_are_not_charged() {
    in_block(|| {
        let in_vain = || Err(UnknownTransaction::Custom(codes::IN_VAIN).into());
        assert_eq!(apply(COUNCILLOR, close_nothing()), in_vain());
        let motion = weighing(1);
        let closing = close(&motion);
        // The second of two calls that close the same motion.
        assert_eq!(apply(COUNCILLOR, closing.clone()), Ok(Ok(())));
        let before = spent_on_office(Bob);
        assert_eq!(apply(Bob, closing), in_vain());
        assert_eq!(spent_on_office(Bob), before);
        // A motion that is already proposed, and votes and closings that do not match it.
        assert_eq!(apply(COUNCILLOR, propose(2, &motion)), Ok(Ok(())));
        let length = motion.encoded_size() as u32;
        let close = RuntimeCall::Council(CouncilCall::close {
            proposal_hash: BlakeTwo256::hash_of(&motion),
            index: 1,
            proposal_weight_bound: Weight::from_parts(900_000_000_000, 1 << 20),
            length_bound: length,
        });
        assert_eq!(apply(COUNCILLOR, close.clone()), in_vain());
        assert_eq!(apply(COUNCILLOR, propose(2, &motion)), in_vain());
        let proposal = BlakeTwo256::hash_of(&motion);
        let vote =
            |index, approve| RuntimeCall::Council(CouncilCall::vote { proposal, index, approve });
        assert_eq!(apply(COUNCILLOR, vote(0, true)), in_vain());
        for who in [COUNCILLOR, Bob] {
            assert_eq!(apply(who, vote(1, true)), Ok(Ok(())));
        }
        for (weight, length) in [(0, length), (900_000_000_000, 1), (900_000_000_000, 1 << 30)] {
            let RuntimeCall::Council(mut wrong) = close.clone() else { unreachable!() };
            if let CouncilCall::close { proposal_weight_bound, length_bound, .. } = &mut wrong {
                (*proposal_weight_bound, *length_bound) =
                    (Weight::from_parts(weight, 1 << 20), length);
            }
            assert_eq!(apply(COUNCILLOR, wrong.into()), in_vain(), "{weight} {length}");
        }
        assert_eq!(apply(COUNCILLOR, close), Ok(Ok(())));
        let long = CouncilCall::propose {
            threshold: 2,
            proposal: Box::new(remark()),
            length_bound: 1 << 29,
        };
        assert_eq!(apply(COUNCILLOR, long.into()), in_vain());
    });
}

#[test]
fn no_call_fills_a_block_with_proof_size() {
    in_block(|| {
        for proof in [MAX_PROOF_SIZE + 1, u64::MAX / 20 * 17, u64::MAX] {
            let weight = Weight::from_parts(0, proof);
            let declared = pallet_utility::Call::with_weight { call: Box::new(remark()), weight };
            let multi = pallet_multisig::Call::approve_as_multi {
                threshold: 2,
                other_signatories: vec![COMPANY.to_account_id()],
                maybe_timepoint: None,
                call_hash: [0; 32],
                max_weight: weight,
            };
            let refused = Err(invalid(codes::EXCEEDS_QUOTA));
            assert_eq!(apply(SMALL_MEMBER, declared.clone().into()), refused, "{proof}");
            let inside = batch(vec![remark(), declared.into()]);
            assert_eq!(apply(SMALL_MEMBER, inside), refused, "{proof}");
            // A call that only declares a future weight does not consume it now.
            let _ = apply(COUNCILLOR, multi.into());
            let taken = System::block_weight().total().proof_size();
            assert!(taken < u64::MAX / 2, "{taken}");
        }
        // Other transactions still find room.
        assert_eq!(apply(COUNCILLOR, create_twin()), Ok(Ok(())));
    });
}

#[test]
fn long_official_calls_have_no_priority() {
    in_block(|| {
        let long = |bytes| frame_system::Call::remark { remark: vec![0; bytes] }.into();
        let priority = |bytes| {
            let call = propose(2, &long(bytes));
            validity(signed(COUNCILLOR, call)).unwrap().priority
        };
        assert_eq!(priority(1_000), OFFICIAL_PRIORITY);
        assert_eq!(priority(70_000), 0);
    });
}

#[test]
fn an_official_without_official_quota_votes_with_its_member_quota() {
    in_block(|| {
        let now = System::block_number();
        let all = Bucket::exhausted(OfficialQuota::get(), now);
        OfficialBuckets::<Runtime>::insert(COUNCILLOR.to_account_id(), all);
        assert_eq!(apply(COUNCILLOR, propose(2, &remark())), Ok(Ok(())));
        assert!(spent(COUNCILLOR) > 0);
        assert_eq!(OfficialBuckets::<Runtime>::get(COUNCILLOR.to_account_id()), Some(all));
        // An account whose organisation is suspended has no member quota.
        suspend_development();
        let exhausted = Err(InvalidTransaction::ExhaustsResources.into());
        assert_eq!(apply(COUNCILLOR, propose(3, &create_twin())), exhausted);
    });
}

#[test]
fn only_an_official_can_close_a_motion() {
    in_block(|| {
        let closing = close(&weighing(1));
        assert_eq!(apply(SMALL_MEMBER, closing.clone()), Err(invalid(codes::OPERATIONAL)));
        assert_eq!(apply(COUNCILLOR, closing), Ok(Ok(())));
    });
}

/// A motion is removed when it is executed, even if its call fails.
#[test]
fn a_decided_motion_is_not_lost_by_nesting() {
    let closes_inside = |levels| {
        let mut executed = false;
        in_block(|| {
            let code_hash = H256::repeat_byte(1);
            let motion = pallet_consortium::Call::authorize_upgrade { code_hash }.into();
            let closing = close(&motion);
            let nested = (0..levels).fold(closing, |call, _| batch(vec![call]));
            assert_ok!(nested.dispatch(origin(SMALL_MEMBER)));
            executed = System::authorized_upgrade().is_some();
            let motions = pallet_collective::Proposals::<Runtime, CouncilCollective>::get();
            let pending = motions.contains(&BlakeTwo256::hash_of(&motion));
            assert_ne!(pending, executed, "{levels}");
        });
        executed
    };
    assert!(closes_inside(0) && closes_inside(16));
    assert!(![17, 100, 240, 252, 253].into_iter().any(closes_inside));
}

#[test]
fn an_announced_call_is_not_lost_by_choosing_another_proxy_type() {
    in_block(|| {
        let (company, delegate) = (COMPANY.to_account_id(), SMALL_MEMBER.to_account_id());
        let announced = proxy_announced(SMALL_MEMBER, remark());
        let data = ProxyType::Data;
        assert_ok!(Proxy::add_proxy_delegate(&company, delegate.clone(), data, 0));
        assert_eq!(apply(COUNCILLOR, announced.clone()), Err(invalid(codes::FORBIDDEN)));
        assert_noop!(announced.clone().dispatch(origin(COUNCILLOR)), filtered());
        assert_ok!(Proxy::remove_proxy_delegate(&company, delegate, data, 0));
        assert_ok!(announced.dispatch(origin(COUNCILLOR)));
    });
}

/// A multisig can hold a seat. It votes with the quota of the member that signs last.
#[test]
fn a_multisig_with_a_seat_can_vote() {
    in_block(|| {
        let mut signatories = [SMALL_MEMBER.to_account_id(), COMPANY.to_account_id()];
        signatories.sort();
        let seat = crate::Multisig::multi_account_id(&signatories, 2);
        let members = vec![Alice.to_account_id(), Bob.to_account_id(), seat.clone()];
        let reset = pallet_membership::Pallet::<Runtime, _>::reset_members;
        assert_ok!(reset(RuntimeOrigin::root(), members));
        let motion = remark();
        assert_ok!(propose(2, &motion).dispatch(origin(Alice)));
        let proposal = BlakeTwo256::hash_of(&motion);
        let vote = CouncilCall::vote { proposal, index: 0, approve: true }.into();
        assert_eq!(spent(SMALL_MEMBER), 0);
        assert_eq!(apply(SMALL_MEMBER, as_multi(SMALL_MEMBER, vote)), Ok(Ok(())));
        assert!(spent(SMALL_MEMBER) > 0);
        type Voting = pallet_collective::Voting<Runtime, CouncilCollective>;
        type Votes = (u32, u32, Vec<AccountId>);
        let key = Voting::hashed_key_for(proposal);
        let (_, _, ayes): Votes = frame_support::storage::unhashed::get(&key).unwrap();
        assert_eq!(ayes, [seat]);
    });
}

#[test]
fn votes_without_a_seat_or_without_effect_are_in_vain() {
    in_block(|| {
        let motion = remark();
        let is_vain = |who: Sr25519Keyring, call: &RuntimeCall| {
            VainCalls::contains(&who.to_account_id(), call)
        };
        assert!(
            is_vain(SMALL_MEMBER, &propose(2, &motion)) && !is_vain(Alice, &propose(2, &motion))
        );
        assert_ok!(propose(2, &motion).dispatch(origin(Alice)));
        let proposal = BlakeTwo256::hash_of(&motion);
        let vote =
            |approve| -> RuntimeCall { CouncilCall::vote { proposal, index: 0, approve }.into() };
        assert!(is_vain(SMALL_MEMBER, &vote(true)) && !is_vain(Alice, &vote(true)));
        assert_ok!(vote(true).dispatch(origin(Alice)));
        assert!(is_vain(Alice, &vote(true)) && !is_vain(Alice, &vote(false)));
    });
}
