// SPDX-License-Identifier: Apache-2.0

//! No call of the consortium or of the SDK's pallets writes more bytes than it declares. For data
//! containers and twins, `tests/model` checks this.

use super::{
    quotas::{address, apply, in_block, origin, proxy, COMPANY, SMALL_MEMBER},
    transactions::remark,
};
use crate::{
    configs::{
        limits::{
            EXTRINSIC_BYTES, MAX_AUTHORITIES, MAX_BLOCK_LENGTH, MAX_COUNCILLORS, MAX_MOTIONS,
        },
        proxy_and_multisig::ProxyType,
        system::RuntimeBlockWeights,
    },
    AccountId, Address, Consortium, Multisig, Offences, Runtime, RuntimeCall, RuntimeOrigin,
    SessionKeys, System,
};
use codec::Encode;
use frame_support::{
    assert_ok,
    dispatch::{extract_actual_weight, DispatchClass, GetDispatchInfo},
    traits::ConstU32,
    weights::Weight,
    BoundedVec,
};
use pallet_collective::Call as CouncilCall;
use pallet_consortium::{quota::Rate, Call as ConsortiumCall, Limits};
use pallet_grandpa::WeightInfo;
use pallet_membership::Call as SeatCall;
use pallet_multisig::Call as MultisigCall;
use pallet_proxy::Call as ProxyCall;
use sp_core::{ed25519, Pair, H256};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use sp_runtime::traits::{BlakeTwo256, Dispatchable, Hash};
use sp_staking::offence::ReportOffence;
use twinchain_primitives::testing::{state, written_bytes};

/// Makes a call, which must succeed, and checks that it writes at most the bytes that it is charged
/// for. Returns the bytes that it declares and those that it writes.
fn measure(origin: RuntimeOrigin, call: impl Into<RuntimeCall>) -> (u64, u64) {
    let call = call.into();
    let (info, before, name) = (call.get_dispatch_info(), state(), format!("{call:.120?}"));
    let outcome = call.dispatch(origin);
    let written = written_bytes(&before, &state());
    let charged = extract_actual_weight(&outcome, &info).proof_size();
    assert!(outcome.is_ok(), "{name}: {outcome:?}");
    let declared = info.call_weight.proof_size();
    assert!(written <= charged, "{name} writes {written} and is charged for {charged} bytes");
    assert!(charged <= declared, "{name} is charged for {charged} and declares {declared} bytes");
    (declared, written)
}

fn account(n: u32) -> AccountId {
    BlakeTwo256::hash_of(&n).0.into()
}

/// Appoints `count` validators.
fn put_validators(count: u32) {
    let all: BoundedVec<_, ConstU32<MAX_AUTHORITIES>> =
        (0..count).map(account).collect::<Vec<_>>().try_into().unwrap();
    pallet_consortium::Validators::<Runtime>::put(all);
}

fn root() -> RuntimeOrigin {
    RuntimeOrigin::root()
}

#[test]
fn the_base_weight_covers_the_bytes_that_the_checks_write() {
    in_block(|| {
        for class in [DispatchClass::Normal, DispatchClass::Operational] {
            let base = RuntimeBlockWeights::get().get(class).base_extrinsic;
            assert_eq!(base.proof_size(), EXTRINSIC_BYTES);
        }
        let before = state();
        assert_ok!(apply(SMALL_MEMBER, remark()));
        let written = written_bytes(&before, &state());
        assert!(written > 0 && written <= EXTRINSIC_BYTES, "{written}");
    });
}

#[test]
fn the_consortiums_calls_write_at_most_what_they_declare() {
    in_block(|| {
        let quota = Rate { burst: u64::MAX, per_block: 1 };
        let limits = Limits { members: u32::MAX, nodes: 100, quota, time: quota, bytes: quota };
        let name = vec![b'n'; 64];
        let organisation = pallet_consortium::NextOrganisationId::<Runtime>::get();
        let admin = account(0);
        let admit = ConsortiumCall::admit_organisation { name, admin: admin.clone(), limits };
        let (declared, written) = measure(root(), admit);
        assert!(declared <= written + written / 2, "{declared} {written}");
        let label = || vec![b'l'; 64];
        let add = ConsortiumCall::add_member { organisation, account: account(1), label: label() };
        let (declared, written) = measure(RuntimeOrigin::signed(admin), add);
        assert!(declared <= written + written / 2, "{declared} {written}");
        let account = || account(1);
        measure(root(), ConsortiumCall::set_admin { account: account(), admin: true });
        let peer = || [vec![0, 0x24, 8, 1, 0x12, 0x20], vec![7; 32]].concat();
        let (peer_id, label) = (peer(), label());
        measure(root(), ConsortiumCall::add_node { organisation, peer: peer_id, label });
        measure(root(), ConsortiumCall::remove_node { peer: peer() });
        measure(root(), ConsortiumCall::remove_member { account: account() });
        measure(root(), ConsortiumCall::set_limits { organisation, limits });
        measure(root(), ConsortiumCall::suspend_organisation { organisation });
        measure(root(), ConsortiumCall::resume_organisation { organisation });
        measure(root(), ConsortiumCall::remove_organisation { organisation });
        let clear = ConsortiumCall::clear_organisation { organisation, limit: 64 };
        measure(origin(COMPANY), clear);
        put_validators(MAX_AUTHORITIES - 1);
        let account = super::growth::account(1_000);
        measure(root(), ConsortiumCall::add_validator { account: account.clone() });
        measure(root(), ConsortiumCall::remove_validator { account });
        measure(root(), ConsortiumCall::authorize_upgrade { code_hash: H256::repeat_byte(1) });
        measure(root(), ConsortiumCall::restart_finality { delay: 1, best_finalized: 0 });
    });
}

#[test]
fn claims_and_removals_write_at_most_what_they_declare() {
    in_block(|| {
        let (organisation, label) = (0, || vec![b'l'; 64]);
        let account = SMALL_MEMBER.to_account_id();
        let claim = Consortium::member_claim(organisation, account.clone());
        let signature = SMALL_MEMBER.sign(claim.as_bytes()).into();
        let claim =
            ConsortiumCall::claim_member { organisation, account, label: label(), signature };
        measure(origin(Sr25519Keyring::Alice), claim);
        measure(origin(SMALL_MEMBER), ConsortiumCall::leave_organisation {});

        let key = ed25519::Pair::from_seed(&[7; 32]);
        let peer = [&[0, 0x24, 8, 1, 0x12, 0x20][..], &key.public()[..]].concat();
        let claim = Consortium::node_claim(organisation, peer.clone().try_into().unwrap());
        let signature = key.sign(claim.as_bytes());
        let claim = ConsortiumCall::claim_node { organisation, peer, label: label(), signature };
        measure(origin(Sr25519Keyring::Alice), claim);

        // A company with a councillor and a validator, and motions with its votes.
        let admin = Sr25519Keyring::Dave.to_account_id();
        let quota = Rate { burst: 1, per_block: 1 };
        let limits = Limits { members: 3, nodes: 0, quota, time: quota, bytes: quota };
        let removed = pallet_consortium::NextOrganisationId::<Runtime>::get();
        let admit = ConsortiumCall::admit_organisation { name: label(), admin, limits };
        measure(root(), admit);
        for (number, seat) in (0u32..).zip([Sr25519Keyring::Ferdie, Sr25519Keyring::Eve]) {
            let account = seat.to_account_id();
            pallet_consortium::Members::<Runtime>::mutate_extant(&account, |member| {
                member.organisation = removed;
            });
            measure(root(), SeatCall::add_member { who: account.clone().into() });
            if number == 0 {
                measure(root(), ConsortiumCall::add_validator { account });
            }
        }
        let motion = Box::new(remark());
        let length_bound = motion.encoded_size() as u32;
        let proposer = origin(Sr25519Keyring::Ferdie);
        let propose = CouncilCall::propose { threshold: 4, proposal: motion, length_bound };
        measure(proposer, propose);
        measure(root(), ConsortiumCall::remove_organisation { organisation: removed });
    });
}

#[test]
fn lists_of_proxies_write_at_most_what_they_declare() {
    in_block(|| {
        let add = |n| ProxyCall::add_proxy {
            delegate: account(n).into(),
            proxy_type: ProxyType::Any,
            delay: 0,
        };
        let all: Vec<_> = (0..32).map(|n| measure(origin(COMPANY), add(n))).collect();
        let (declared, written) = all[31];
        assert!(declared - written < 2, "{declared} {written}");
        let (delegate, proxy_type, delay) = (account(5).into(), ProxyType::Any, 0);
        measure(origin(COMPANY), ProxyCall::remove_proxy { delegate, proxy_type, delay });
        let (proxy_type, delay, index) = (ProxyType::Any, 0, 1);
        measure(origin(COMPANY), ProxyCall::create_pure { proxy_type, delay, index });

        // The account is added as a proxy too, now that there is room.
        proxy(SMALL_MEMBER, remark());
        let real = || address(COMPANY);
        let announce = |n: u32| ProxyCall::announce { real: real(), call_hash: hash(n) };
        let all: Vec<_> = (0..31).map(|n| measure(origin(SMALL_MEMBER), announce(n))).collect();
        assert!(all[30].1 > 2_100, "{all:?}");
        let call = Box::new(remark());
        let call_hash = BlakeTwo256::hash_of(&call);
        measure(origin(SMALL_MEMBER), ProxyCall::announce { real: real(), call_hash });
        let delegate = address(SMALL_MEMBER);
        let force_proxy_type = None;
        let announced =
            ProxyCall::proxy_announced { delegate, real: real(), force_proxy_type, call };
        measure(origin(COMPANY), announced);
        let remove = ProxyCall::remove_announcement { real: real(), call_hash: hash(0) };
        measure(origin(SMALL_MEMBER), remove);
        let delegate = address(SMALL_MEMBER);
        let reject = ProxyCall::reject_announcement { delegate, call_hash: hash(1) };
        measure(origin(COMPANY), reject);
        measure(origin(COMPANY), ProxyCall::poke_deposit {});
    });
}

fn hash(n: u32) -> H256 {
    BlakeTwo256::hash_of(&n)
}

#[test]
fn multisig_operations_write_at_most_what_they_declare() {
    in_block(|| {
        let mut signatories: Vec<_> = (0..32).map(account).collect();
        signatories.sort();
        let call = || Box::new(remark());
        let max_weight = remark().get_dispatch_info().call_weight;
        let others = |who: &AccountId| -> Vec<_> {
            signatories.iter().filter(|other| *other != who).cloned().collect()
        };
        let (when, mut seen) = (Multisig::timepoint(), Vec::new());
        for (at, who) in (0..).zip(&signatories) {
            let (threshold, other_signatories) = (32, others(who));
            let maybe_timepoint = (at > 0).then_some(when);
            let signed = RuntimeOrigin::signed(who.clone());
            seen.push(match at % 2 {
                0 => {
                    let call_hash = sp_io::hashing::blake2_256(&remark().encode());
                    let max_weight = Weight::zero();
                    measure(
                        signed,
                        MultisigCall::approve_as_multi {
                            threshold,
                            other_signatories,
                            maybe_timepoint,
                            call_hash,
                            max_weight,
                        },
                    )
                },
                _ => {
                    let call = call();
                    measure(
                        signed,
                        MultisigCall::as_multi {
                            threshold,
                            other_signatories,
                            maybe_timepoint,
                            call,
                            max_weight,
                        },
                    )
                },
            });
        }
        // The last approval but one stores 31 approvals; the last one stores none.
        assert!(seen[30].1 > 1_100 && seen[31].1 == 0, "{seen:?}");
        let other_signatories = vec![account(1)];
        measure(
            origin(COMPANY),
            MultisigCall::as_multi_threshold_1 { other_signatories, call: call() },
        );
    });
}

#[test]
fn motions_and_seats_write_at_most_what_they_declare() {
    use pallet_collective::Call::{close, disapprove_proposal, kill, propose, vote};
    in_block(|| {
        let seats: Vec<_> = (0..MAX_COUNCILLORS).map(account).collect();
        let reset = |members| RuntimeCall::Councillors(SeatCall::reset_members { members });
        measure(root(), reset(seats.clone()));
        let by = |n: usize| RuntimeOrigin::signed(seats[n].clone());
        let motion = |n: u32, bytes: usize| -> RuntimeCall {
            frame_system::Call::remark { remark: [n.encode(), vec![0; bytes]].concat() }.into()
        };
        let motions: Vec<_> = (0..MAX_MOTIONS).map(|n| motion(n, 1_000 * n as usize)).collect();
        // Each councillor may have three.
        for (n, motion) in motions.iter().enumerate() {
            let (threshold, proposal) = (67, Box::new(motion.clone()));
            let length_bound = motion.encoded_size() as u32;
            let call = RuntimeCall::Council(propose { threshold, proposal, length_bound });
            let (declared, written) = measure(by(n / 3), call);
            assert!(declared < written + 10_000, "{declared} {written}");
        }
        for (index, motion) in (0..).zip(&motions) {
            let proposal = BlakeTwo256::hash_of(motion);
            for (n, approve) in [(0, true), (1, false)] {
                let call = RuntimeCall::Council(vote { proposal, index, approve });
                measure(by(n), call);
            }
        }
        let proposal = BlakeTwo256::hash_of(&motions[0]);
        for n in 2..100 {
            let call = RuntimeCall::Council(vote { proposal, index: 0, approve: n < 68 });
            let (declared, written) = measure(by(n), call);
            assert!(declared >= written, "{declared} {written}");
        }
        // All motions on which a councillor voted change when it leaves.
        let address = |n: usize| Address::from(seats[n].clone());
        let (who, add) = (address(1), account(1_000));
        let (_, written) =
            measure(root(), RuntimeCall::Councillors(SeatCall::remove_member { who }));
        assert!(written > 15_000, "{written}");
        let who = add.clone().into();
        measure(root(), RuntimeCall::Councillors(SeatCall::add_member { who }));
        let (remove, add) = (address(0), account(1_001).into());
        measure(root(), RuntimeCall::Councillors(SeatCall::swap_member { remove, add }));
        measure(root(), RuntimeCall::Councillors(SeatCall::clear_prime {}));
        let call = RuntimeCall::Council(close {
            proposal_hash: proposal,
            index: 0,
            proposal_weight_bound: motions[0].get_dispatch_info().call_weight,
            length_bound: motions[0].encoded_size() as u32,
        });
        let approve = RuntimeCall::Council(vote { proposal, index: 0, approve: true });
        measure(by(70), approve);
        let approve = RuntimeCall::Council(vote { proposal, index: 0, approve: true });
        measure(by(71), approve);
        measure(by(2), call);
        let proposal_hash = BlakeTwo256::hash_of(&motions[1]);
        measure(root(), RuntimeCall::Council(disapprove_proposal { proposal_hash }));
        let proposal_hash = BlakeTwo256::hash_of(&motions[2]);
        measure(root(), RuntimeCall::Council(kill { proposal_hash }));
        measure(root(), reset((500..600).map(account).collect()));
    });
}

#[test]
fn keys_and_offences_write_at_most_what_they_declare() {
    in_block(|| {
        let who = Sr25519Keyring::Ferdie;
        let statement = [b"POP_".as_slice(), who.to_account_id().as_ref()].concat();
        let aura = who.pair().sign(&statement);
        let grandpa = Ed25519Keyring::Ferdie.pair().sign(&statement);
        let keys = SessionKeys {
            aura: who.public().into(),
            grandpa: Ed25519Keyring::Ferdie.public().into(),
        };
        let proof = (aura, grandpa).encode();
        let set = RuntimeCall::Session(pallet_session::Call::set_keys { keys, proof });
        let (declared, written) = measure(origin(who), set);
        assert!(declared <= written + 20, "{declared} {written}");

        // Reports as GRANDPA makes them, of the maximum number of validators.
        type Weights = <Runtime as pallet_grandpa::Config>::WeightInfo;
        let declared = Weights::report_equivocation(100, 0);
        put_validators(MAX_AUTHORITIES);
        for offender in (0..MAX_AUTHORITIES).map(account) {
            let offence = pallet_grandpa::EquivocationOffence {
                time_slot: pallet_grandpa::TimeSlot { set_id: u64::MAX, round: u64::MAX },
                session_index: 0,
                validator_set_count: MAX_AUTHORITIES,
                offender: (offender, ()),
            };
            let before = state();
            assert!(Offences::report_offence(vec![account(0)], offence).is_ok());
            let written = written_bytes(&before, &state());
            assert!(written <= declared.proof_size(), "{written} {declared}");
        }
        assert!(System::events().len() > 100);
    });
}

#[test]
fn an_upgrade_fits_into_a_block_full_of_ordinary_transactions() {
    let limits = RuntimeBlockWeights::get();
    let reserved = limits.get(DispatchClass::Operational).reserved.unwrap();
    let apply = frame_system::Call::<Runtime>::apply_authorized_upgrade { code: vec![] };
    let bytes = apply.get_dispatch_info().call_weight.proof_size();
    assert!(bytes > u64::from(MAX_BLOCK_LENGTH));
    // FRAME also counts the length of the extrinsic.
    let all = bytes + u64::from(MAX_BLOCK_LENGTH) + EXTRINSIC_BYTES;
    assert!(all <= reserved.proof_size(), "{all} {reserved}");
}

#[test]
fn the_largest_calls_fit_into_a_block_many_times() {
    use pallet_data_container::Call as ContainerCall;
    use pallet_digital_twin::{Call as TwinCall, ContainerEnvelope, NewLink};
    let limit = RuntimeBlockWeights::get().get(DispatchClass::Normal).max_extrinsic.unwrap();
    let envelope = |n: u64| ContainerEnvelope {
        container: n % 16,
        data_set: vec![b'n'; 64],
        epoch: 1,
        key_version: 1,
        envelope: vec![0; 80],
    };
    let links = (0..16).map(|plugin| NewLink::Instantiate { name: vec![b'n'; 64], plugin });
    let calls: Vec<RuntimeCall> = vec![
        ContainerCall::publish_plugin { document: vec![b' '; 65_536] }.into(),
        ContainerCall::instantiate { plugin: 0, description: vec![b' '; 8_192] }.into(),
        ContainerCall::clone_container { container: 0, with_values: true }.into(),
        TwinCall::create_twin {
            description: vec![b' '; 8_192],
            asset: vec![b'a'; 128],
            links: links.collect(),
        }
        .into(),
        TwinCall::offer_twin {
            twin: 0,
            to: account(0),
            deadline: 0,
            containers: (0..16).collect(),
            envelopes: (0..256).map(envelope).collect(),
        }
        .into(),
        TwinCall::accept_twin { twin: 0, offer: 0 }.into(),
    ];
    for call in calls {
        let bytes = call.get_dispatch_info().call_weight.proof_size();
        let name = format!("{call:.60?}");
        assert!(bytes > 50_000 && bytes * 16 < limit.proof_size(), "{name}: {bytes}");
    }
}
