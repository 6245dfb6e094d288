// SPDX-License-Identifier: Apache-2.0

//! Seats, motions and organisations, across the pallets.

use super::{
    config_of,
    governance::seats,
    quotas::{apply, in_block, origin, propose, weighing, COMPANY, COUNCILLOR, SMALL_MEMBER},
    transactions::remark,
};
use crate::{
    presets, Consortium, Council, Multisig, Runtime, RuntimeCall, RuntimeGenesisConfig,
    RuntimeOrigin, System, HOURS,
};
use codec::Encode;
use frame_support::{assert_noop, assert_ok, weights::Weight};
use pallet_collective::Call as CouncilCall;
use pallet_consortium::{extension::codes, Error, Motions, Status};
use sp_core::H256;
use sp_genesis_builder::runtime_decl_for_genesis_builder::GenesisBuilder;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve, Ferdie, One};
use sp_runtime::{
    traits::{BlakeTwo256, Hash},
    transaction_validity::UnknownTransaction,
    ApplyExtrinsicResult, DispatchError,
};

/// The id of the organisation whose only member is [`SMALL_MEMBER`].
const SMALL: u32 = 1;

fn in_vain() -> ApplyExtrinsicResult {
    Err(UnknownTransaction::Custom(codes::IN_VAIN).into())
}

fn hash(call: &RuntimeCall) -> H256 {
    BlakeTwo256::hash_of(call)
}

fn vote(who: Sr25519Keyring, motion: &RuntimeCall) {
    assert_ok!(Council::vote(origin(who), hash(motion), 0, true));
}

fn sits(who: Sr25519Keyring) -> bool {
    let who = who.to_account_id();
    let listed = pallet_membership::Members::<Runtime, _>::get().contains(&who);
    assert_eq!(listed, Council::is_member(&who));
    listed
}

#[test]
fn a_councillor_has_at_most_three_open_motions() {
    in_block(|| {
        let motion = |number: u64| weighing(number);
        for number in 1..=3 {
            assert_eq!(apply(COUNCILLOR, propose(2, &motion(number))), Ok(Ok(())));
        }
        assert_eq!(apply(COUNCILLOR, propose(2, &motion(4))), in_vain());
        // The limit also holds inside another call, which the pool does not see.
        let calls = vec![remark(), propose(2, &motion(4))];
        let batch = pallet_utility::Call::batch_all { calls }.into();
        let refused = Error::<Runtime>::TooManyMotions.into();
        assert_eq!(apply(COUNCILLOR, batch), Ok(Err(refused)));
        assert_eq!(pallet_collective::Proposals::<Runtime, _>::get().len(), 3);
        // Other councillors have their own limit. The first can propose again when one of its
        // motions ends.
        assert_eq!(apply(Bob, propose(2, &motion(4))), Ok(Ok(())));
        assert_ok!(Council::disapprove_proposal(RuntimeOrigin::root(), hash(&motion(2))));
        assert_eq!(apply(COUNCILLOR, propose(2, &motion(5))), Ok(Ok(())));
        assert_eq!(Motions::<Runtime>::get().len(), 4);
        assert_eq!(pallet_collective::CostOf::<Runtime, _>::iter().count(), 0);
    });
}

#[test]
fn a_motion_needs_two_thirds_of_the_seats_at_its_closing() {
    in_block(|| {
        let motion = remark();
        let length = motion.encoded_size() as u32;
        assert_ok!(Council::propose(origin(Alice), 2, Box::new(motion.clone()), length));
        vote(Alice, &motion);
        vote(Bob, &motion);
        seats(&[Alice, Bob, Charlie, Dave, Eve, Ferdie]);
        let close = RuntimeCall::Council(CouncilCall::close {
            proposal_hash: hash(&motion),
            index: 0,
            proposal_weight_bound: Weight::from_parts(900_000_000_000, 0),
            length_bound: length,
        });
        assert_eq!(apply(COUNCILLOR, close.clone()), in_vain());
        let calls = vec![remark(), close.clone()];
        let batch = pallet_utility::Call::batch_all { calls }.into();
        let filtered = DispatchError::from(frame_system::Error::<Runtime>::CallFiltered);
        assert_eq!(apply(COUNCILLOR, batch), Ok(Err(filtered)));
        assert!(pallet_collective::ProposalOf::<Runtime, _>::contains_key(hash(&motion)));
        vote(Charlie, &motion);
        assert_eq!(apply(COUNCILLOR, close.clone()), in_vain());
        vote(Dave, &motion);
        assert_eq!(apply(COUNCILLOR, close), Ok(Ok(())));
        assert!(!pallet_collective::ProposalOf::<Runtime, _>::contains_key(hash(&motion)));
    });
}

#[test]
fn genesis_fails_with_a_council_of_two() {
    for members in [&[][..], &[Alice], &[Alice, Bob]] {
        let mut config = config_of(presets::DEVELOPMENT);
        let members: Vec<_> = members.iter().map(|who| who.to_account_id()).collect();
        config["councillors"]["members"] = serde_json::to_value(&members).unwrap();
        let json = serde_json::to_vec(&config).unwrap();
        let refused = sp_io::TestExternalities::default()
            .execute_with(|| Runtime::build_state(json))
            .unwrap_err();
        assert!(refused.contains(&format!("the council has {} seats", members.len())), "{refused}");
    }
    // The default configuration does not make a chain.
    let json = serde_json::to_vec(&RuntimeGenesisConfig::default()).unwrap();
    let built = sp_io::TestExternalities::default().execute_with(|| Runtime::build_state(json));
    assert!(built.is_err());
}

#[test]
fn a_removed_company_loses_its_seats_and_their_votes() {
    in_block(|| {
        seats(&[Alice, Bob, Charlie, One]);
        let motion = remark();
        let length = motion.encoded_size() as u32;
        assert_ok!(Council::propose(origin(Alice), 3, Box::new(motion.clone()), length));
        vote(One, &motion);
        assert!(sits(SMALL_MEMBER));
        assert_ok!(Consortium::remove_organisation(RuntimeOrigin::root(), SMALL));
        assert!(!sits(SMALL_MEMBER) && sits(Alice));
        let voted = Council::vote(origin(One), hash(&motion), 0, false);
        assert_noop!(voted, pallet_collective::Error::<Runtime, _>::NotMember);
        for who in [Alice, Bob] {
            vote(who, &motion);
        }
        // The removed company's vote no longer counts.
        let early = Council::close(origin(Alice), hash(&motion), 0, Weight::MAX, length);
        assert!(early.is_err());
    });
}

#[test]
fn a_company_is_not_removed_if_too_few_seats_would_remain() {
    in_block(|| {
        seats(&[Alice, Bob, One]);
        let removed = Consortium::remove_organisation(RuntimeOrigin::root(), SMALL);
        assert_noop!(removed, Error::<Runtime>::TooFewSeats);
        // The first organisation has all validators and all councillors.
        let removed = Consortium::remove_organisation(RuntimeOrigin::root(), 0);
        assert_noop!(removed, Error::<Runtime>::TooFewSeats);
        seats(&[Dave, Eve, Ferdie]);
        let of = Consortium::organisation(0).unwrap();
        assert_eq!(of.status, Status::Active);
    });
}

#[test]
fn a_multisig_operation_is_cleared_after_a_month() {
    in_block(|| {
        let (who, other) = (COUNCILLOR, COMPANY);
        let signatories = vec![other.to_account_id()];
        let call = [7; 32];
        let began = Multisig::approve_as_multi(
            origin(who),
            2,
            signatories,
            None,
            call,
            Weight::from_parts(1, 0),
        );
        assert_ok!(began);
        let mut all = [who.to_account_id(), other.to_account_id()];
        all.sort();
        let account = Multisig::multi_account_id(&all, 2);
        let clear = || Consortium::clear_multisig(origin(SMALL_MEMBER), account.clone(), call);
        assert_noop!(clear(), Error::<Runtime>::OperationTooYoung);
        System::set_block_number(System::block_number() + 30 * 24 * HOURS);
        assert_ok!(clear());
        assert_noop!(clear(), Error::<Runtime>::OperationNotFound);
    });
}

#[test]
fn a_claim_requires_the_accounts_own_signature() {
    in_block(|| {
        let claim = |who: Sr25519Keyring, signer: Sr25519Keyring| {
            let account = who.to_account_id();
            let payload = Consortium::member_claim(0, account.clone());
            let signature = signer.sign(payload.as_bytes()).into();
            Consortium::claim_member(origin(Alice), 0, account, b"one".to_vec(), signature)
        };
        let refused = Error::<Runtime>::InvalidClaim;
        assert_noop!(claim(SMALL_MEMBER, COMPANY), refused);
        assert_ok!(claim(SMALL_MEMBER, SMALL_MEMBER));
        let (organisation, _) = Consortium::member(SMALL_MEMBER.to_account_id()).unwrap();
        assert_eq!(organisation, 0);
    });
}

#[test]
fn organisations_are_charged_for_bytes() {
    in_block(|| {
        let spent = || pallet_consortium::Spendings::<Runtime>::get(0);
        assert_eq!(spent().bytes.spent, 0);
        let long = frame_system::Call::remark { remark: vec![0; 50_000] };
        assert_eq!(apply(COMPANY, long.into()), Ok(Ok(())));
        let after = spent();
        assert!((50_000..52_000).contains(&after.bytes.spent), "{after:?}");
        assert!(after.time.spent > 0);
        // A councillor's votes are not charged to the organisation.
        assert_eq!(apply(COUNCILLOR, propose(2, &remark())), Ok(Ok(())));
        assert_eq!(spent(), after);
    });
}
