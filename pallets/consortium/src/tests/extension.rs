// SPDX-License-Identifier: Apache-2.0

//! The acceptance of transactions, and the quotas that they spend.

use crate::{extension::codes, mock::*, pallet::*, types::*, CheckMember, WeightInfo};
use codec::Encode;
use frame_support::{assert_ok, dispatch::GetDispatchInfo};
use sp_runtime::{
    traits::TransactionExtension,
    transaction_validity::{
        InvalidTransaction, TransactionSource, TransactionValidityError, UnknownTransaction,
    },
};

fn invalid(code: u8) -> Result<(), TransactionValidityError> {
    Err(InvalidTransaction::Custom(code).into())
}

fn exhausted() -> Result<(), TransactionValidityError> {
    Err(UnknownTransaction::Custom(codes::QUOTA_EXHAUSTED).into())
}

/// A vote.
fn vote() -> RuntimeCall {
    frame_system::Call::remark_with_event { remark: vec![] }.into()
}

/// Submits a transaction that costs this many units.
fn spend(who: AccountId, call: RuntimeCall, units: u64) -> Result<(), TransactionValidityError> {
    let length = length_for(&call, units);
    submit(who, call, length).map(|done| done.unwrap())
}

fn available(who: AccountId) -> u64 {
    let rate = RATE;
    Members::<Test>::get(who).unwrap().bucket.available(rate, System::block_number())
}

#[test]
fn extension_has_no_data_and_a_name() {
    assert_eq!(CheckMember::<Test>::new().encode(), Vec::<u8>::new());
    assert_eq!(CheckMember::<Test>::IDENTIFIER, "CheckMember");
    assert_eq!(std::mem::size_of::<CheckMember<Test>>(), 0);
    assert_eq!(format!("{:?}", CheckMember::<Test>::new()), "CheckMember");
}

#[test]
fn members_are_accepted_and_others_are_rejected() {
    run(|| {
        for member in [M, C, S] {
            assert_ok!(validate(member, &nothing(), 10));
        }
        for stranger in [N, COUNCILLOR, VALIDATORS[0]] {
            assert_eq!(validate(stranger, &nothing(), 10), invalid(codes::NOT_A_MEMBER));
        }
        assert_ok!(Consortium::remove_member(signed(M), S));
        assert_eq!(validate(S, &nothing(), 10), invalid(codes::NOT_A_MEMBER));
    });
}

#[test]
fn official_call_that_would_fail_is_rejected() {
    run(|| {
        let vain: RuntimeCall = frame_system::Call::remark_with_event { remark: vec![1] }.into();
        let refused = UnknownTransaction::Custom(codes::IN_VAIN).into();
        assert_eq!(validate(COUNCILLOR, &vain, 10), Err(refused));
        assert_ok!(validate(COUNCILLOR, &vote(), 10));
        // For a member that is not an official, the call is an ordinary one.
        assert_ok!(validate(M, &vain, 10));
    });
}

#[test]
fn members_of_a_suspended_or_removed_organisation_are_rejected() {
    run(|| {
        assert_ok!(Consortium::suspend_organisation(root(), MAKER));
        assert_eq!(validate(S, &nothing(), 10), invalid(codes::ORGANISATION_SUSPENDED));
        assert_ok!(validate(C, &nothing(), 10));
        assert_ok!(Consortium::resume_organisation(root(), MAKER));
        assert_ok!(validate(S, &nothing(), 10));
        assert_ok!(Consortium::remove_organisation(root(), MAKER));
        assert_eq!(validate(S, &nothing(), 10), invalid(codes::NOT_A_MEMBER));
    });
}

#[test]
fn unsigned_calls_are_rejected_unless_listed() {
    run(|| {
        let inherent = RuntimeCall::from(frame_system::Call::set_heap_pages { pages: 1 });
        for (call, accepted) in [(inherent, true), (nothing(), false), (vote(), false)] {
            let info = call.get_dispatch_info();
            let pool = CheckMember::<Test>::bare_validate(&call, &info, 1).map(|_| ());
            let block = CheckMember::<Test>::bare_validate_and_prepare(&call, &info, 1);
            let expected = if accepted { Ok(()) } else { invalid(codes::NOT_SIGNED) };
            assert_eq!((pool, block), (expected, expected));
        }
        // The same holds for a general transaction without a signer.
        let origin = RuntimeOrigin::none();
        let checked = check(origin, &nothing(), 1, TransactionSource::External);
        assert_eq!(checked, invalid(codes::NOT_SIGNED));
    });
}

#[test]
fn quota_is_replenished_at_the_expected_block() {
    run(|| {
        assert_ok!(spend(S, nothing(), 900));
        assert_eq!(available(S), 100);
        let length = length_for(&nothing(), 500);
        assert_eq!(validate(S, &nothing(), length), exhausted());
        // A block's author keeps the transaction for a later block.
        let in_block = check(signed(S), &nothing(), length, TransactionSource::InBlock);
        assert_eq!(in_block, Err(InvalidTransaction::ExhaustsResources.into()));
        go_to(4);
        assert_eq!(validate(S, &nothing(), length), exhausted());
        go_to(5);
        assert_ok!(validate(S, &nothing(), length));
        assert_ok!(spend(S, nothing(), 500));
        assert_eq!(available(S), 0);
        // The other members have their own quotas.
        assert_eq!(available(M), RATE.burst);
    });
}

#[test]
fn many_transactions_cost_as_much_as_one_of_their_length() {
    run(|| {
        let one = cost_of(&nothing(), 0);
        let mut sent = 0;
        while submit(S, nothing(), 0).is_ok() {
            sent += 1;
        }
        assert_eq!(sent, RATE.burst / one);
    });
}

#[test]
fn transaction_fails_when_it_exceeds_a_full_quota() {
    run(|| {
        let length = length_for(&nothing(), RATE.burst);
        assert_ok!(validate(S, &nothing(), length));
        assert_eq!(validate(S, &nothing(), length + 1), invalid(codes::EXCEEDS_QUOTA));
        // Weight counts as well as length.
        let heavy = RuntimeCall::from(frame_system::Call::remark { remark: vec![0; 8 << 20] });
        assert_eq!(validate(S, &heavy, 1), invalid(codes::EXCEEDS_QUOTA));
    });
}

#[test]
fn unused_weight_is_refunded() {
    run(|| {
        assert_ok!(Consortium::remove_organisation(root(), CUSTOMER));
        let call = RuntimeCall::from(Call::clear_organisation { organisation: CUSTOMER, limit: 3 });
        let (most, before) = (cost_of(&call, 0), available(S));
        assert_ok!(submit(S, call, 0).unwrap());
        // The call cleared one member, not three members and nodes.
        let clear = <Test as Config>::WeightInfo::clear_organisation;
        let unused = clear(3).saturating_sub(clear(1)).ref_time() / 1_000_000;
        assert_eq!(before - available(S), most - unused);
    });
}

#[test]
fn member_that_removes_itself_gets_no_refund() {
    run(|| {
        assert_ok!(Consortium::set_admin(root(), S, true));
        assert_ok!(submit(S, Call::remove_member { account: S }.into(), 0).unwrap());
        assert!(!Members::<Test>::contains_key(S));
        assert_eq!(validate(S, &nothing(), 0), invalid(codes::NOT_A_MEMBER));
    });
}

#[test]
fn officials_can_vote_without_an_active_organisation_or_quota() {
    run(|| {
        // A councillor that is not a member, and a validator.
        for official in [COUNCILLOR, VALIDATORS[1]] {
            assert_ok!(spend(official, vote(), 700));
            assert_eq!(validate(official, &vote(), length_for(&vote(), 500)), exhausted());
            go_to(System::block_number() + 4);
            assert_ok!(spend(official, vote(), 500));
            let too_long = length_for(&vote(), OFFICIAL.burst) + 1;
            assert_eq!(validate(official, &vote(), too_long), invalid(codes::EXCEEDS_QUOTA));
        }
        // A councillor that is a member, with an exhausted quota and a suspended organisation.
        assert_ok!(Consortium::add_validator(root(), S));
        assert_ok!(spend(S, nothing(), RATE.burst));
        assert_ok!(Consortium::suspend_organisation(root(), MAKER));
        assert_ok!(spend(S, vote(), 700));
        assert_eq!(validate(S, &nothing(), 0), invalid(codes::ORGANISATION_SUSPENDED));
        // For other accounts a vote is an ordinary call.
        assert_eq!(validate(N, &vote(), 0), invalid(codes::NOT_A_MEMBER));
        assert_ok!(spend(C, vote(), RATE.burst));
    });
}

#[test]
fn lower_limit_blocks_members_no_longer_than_an_exhausted_quota() {
    run(|| {
        assert_ok!(spend(S, nothing(), RATE.burst));
        let quota = crate::quota::Rate { burst: 400, per_block: 200 };
        let limits = Limits { members: 4, nodes: 1, quota, time: TIME, bytes: BYTES };
        assert_ok!(Consortium::set_limits(root(), MAKER, limits));
        go_to(3);
        assert_eq!(Consortium::quota(S).unwrap().available, 400);
        assert_ok!(validate(S, &nothing(), length_for(&nothing(), 400)));
    });
}

#[test]
fn transaction_writes_two_keys() {
    run(|| {
        assert_ok!(submit(S, nothing(), 0).unwrap());
        let before = super::state::all();
        assert_ok!(submit(S, nothing(), 0).unwrap());
        let after = super::state::all();
        let changed = after.iter().filter(|(key, value)| before.get(*key) != Some(value)).count();
        assert_eq!((changed, after.len()), (2, before.len()));
    });
}
