// SPDX-License-Identifier: Apache-2.0

//! The shares of the chain's capacity that organisations are granted, and the quotas that their
//! members share.

use crate::{extension::codes, mock::*, pallet::*, quota::Rate, types::*};
use frame_support::{assert_ok, dispatch::GetDispatchInfo};
use sp_runtime::transaction_validity::{InvalidTransaction, UnknownTransaction};
use twinchain_primitives::assert_noop;

type Error = crate::Error<Test>;

const LIMITS: Limits = Limits { members: 4, nodes: 3, quota: RATE, time: TIME, bytes: BYTES };

fn set(limits: Limits) {
    assert_ok!(Consortium::set_limits(root(), MAKER, limits));
}

/// Returns what the manufacturer's members can spend together in the next block, in time and in
/// bytes.
fn left() -> (u64, u64) {
    let OrganisationQuota { time, bytes } = Consortium::organisation_quota(MAKER).unwrap();
    (time.available, bytes.available)
}

fn refused(who: AccountId, length: u64) -> Option<u8> {
    match validate(who, &nothing(), length).err()? {
        sp_runtime::transaction_validity::TransactionValidityError::Unknown(
            UnknownTransaction::Custom(code),
        ) => Some(code),
        sp_runtime::transaction_validity::TransactionValidityError::Invalid(
            InvalidTransaction::Custom(code),
        ) => Some(code),
        other => panic!("{other:?}"),
    }
}

#[test]
fn members_share_time() {
    run(|| {
        set(Limits { time: Rate { burst: 900, per_block: 60 }, ..LIMITS });
        assert_ok!(afford(S, 900));
        assert!(submit(M, nothing(), length_for(&nothing(), 500)).unwrap().is_ok());
        // The administrator's spending reduces what the other member can spend, although that
        // member's own quota is full.
        assert_eq!(Consortium::quota(S).unwrap().available, RATE.burst);
        assert_eq!(refused(S, length_for(&nothing(), 500)), Some(codes::QUOTA_EXHAUSTED));
        assert_eq!(refused(S, length_for(&nothing(), 950)), Some(codes::EXCEEDS_QUOTA));
        assert_ok!(afford(S, 400));
        // It does not reduce the quota of another organisation.
        assert_ok!(afford(C, RATE.burst));
        go_to(System::block_number() + 2);
        assert_ok!(afford(S, 500));
    });
}

#[test]
fn members_share_bytes() {
    run(|| {
        let length = 100;
        let each = length;
        set(Limits { bytes: Rate { burst: 2 * each, per_block: each }, ..LIMITS });
        assert!(submit(M, nothing(), length).unwrap().is_ok());
        assert_eq!(left().1, 2 * each);
        assert!(submit(S, nothing(), length).unwrap().is_ok());
        assert_eq!(refused(S, 1), Some(codes::QUOTA_EXHAUSTED));
        go_to(System::block_number() + 1);
        assert_eq!(refused(S, length), None);
        assert_eq!(refused(S, length + 1), Some(codes::QUOTA_EXHAUSTED));
        assert_eq!(refused(S, 2 * each + 1), Some(codes::EXCEEDS_QUOTA));
        assert_eq!(Consortium::byte_cost(frame_support::weights::Weight::from_parts(7, 5), 10), 15);
    });
}

#[test]
fn member_also_has_its_own_quota() {
    run(|| {
        assert!(submit(S, nothing(), length_for(&nothing(), RATE.burst)).unwrap().is_ok());
        assert_eq!(refused(S, 0), Some(codes::QUOTA_EXHAUSTED));
        assert!(left().0 > RATE.burst);
    });
}

#[test]
fn unused_weight_is_refunded_to_the_organisation() {
    run(|| {
        let plenty = Rate { burst: 1_000_000, per_block: 1 };
        set(Limits { quota: plenty, time: plenty, ..LIMITS });
        // Clearing declares the maximum, and fails.
        let clear = Call::<Test>::clear_organisation { organisation: CUSTOMER, limit: 64 };
        let before = left();
        assert!(submit(M, clear.clone().into(), 0).unwrap().is_err());
        let spent = before.0 - left().0;
        let own = plenty.burst - Consortium::quota(M).unwrap().available;
        assert!(spent < cost_of(&clear.into(), 0), "{spent}");
        assert_eq!(spent, own);
    });
}

#[test]
fn organisation_pays_for_the_bytes_that_a_call_writes() {
    run(|| {
        let plenty = Rate { burst: 1_000_000, per_block: 1 };
        let limits = Limits { quota: plenty, time: plenty, ..LIMITS };
        set(limits);
        let total = || Spendings::<Test>::get(MAKER).bytes.spent;
        let spent = |call: Call<Test>| {
            let before = total();
            let result = submit(M, call.clone().into(), 0).unwrap();
            let declared = call.get_dispatch_info().call_weight.proof_size();
            assert!(declared > 0);
            (result, total() - before, declared)
        };
        let add = Call::add_member { organisation: MAKER, account: N, label: vec![b'l'; 64] };
        let (result, bytes, declared) = spent(add.clone());
        assert_ok!(result);
        assert_eq!(bytes, declared);
        // If a call fails and reports no actual weight, the organisation is charged as the block
        // is.
        let (result, bytes, declared) = spent(add);
        assert!(result.is_err());
        assert_eq!(bytes, declared);
        // The declared weight must be available in advance.
        let bytes = Rate { burst: declared - 1, per_block: 1 };
        set(Limits { bytes, ..limits });
        let other = Call::add_member { organisation: MAKER, account: 99, label: vec![b'l'; 64] };
        let too_much = InvalidTransaction::Custom(codes::EXCEEDS_QUOTA);
        assert_eq!(validate(M, &other.into(), 0), Err(too_much.into()));
    });
}

#[test]
fn shares_cannot_exceed_the_capacity_of_blocks() {
    run(|| {
        assert_eq!(Consortium::granted(), Share { time: 1_000, bytes: 20_000, nodes: 6 });
        let rate = |per_block| Rate { burst: per_block, per_block };
        let time = rate(BLOCK_TIME - TIME.per_block);
        let bytes = rate(BLOCK_BYTES - BYTES.per_block);
        let call = |limits| Consortium::set_limits(root(), MAKER, limits);
        let too_much = || Error::CapacityExceeded;
        let too_many = || Error::TooManyNodes;
        let cases: [(Limits, fn() -> Error); 5] = [
            (Limits { time: rate(time.burst + 1), ..LIMITS }, too_much),
            (Limits { bytes: rate(bytes.burst + 1), ..LIMITS }, too_much),
            (Limits { time: rate(u64::MAX), ..LIMITS }, too_much),
            (Limits { nodes: 5, ..LIMITS }, too_many),
            (Limits { nodes: u32::MAX, ..LIMITS }, too_many),
        ];
        for (limits, error) in cases {
            assert_noop!(call(limits), error());
            let name = b"Third Ltd".to_vec();
            let limits = Limits { nodes: limits.nodes.max(3), ..limits };
            let call = Consortium::admit_organisation(root(), name, N, limits);
            assert_noop!(call, error());
        }
        set(Limits { time, bytes, nodes: 4, ..LIMITS });
        let least = Limits { time: rate(1), bytes: rate(1), nodes: 0, ..LIMITS };
        let admit =
            |limits| Consortium::admit_organisation(root(), b"Third Ltd".to_vec(), N, limits);
        assert_noop!(admit(least), Error::CapacityExceeded);
        // Lower limits or a removal make room.
        set(LIMITS);
        assert_ok!(Consortium::remove_organisation(root(), CUSTOMER));
        assert_eq!(Consortium::granted(), Share { time: 500, bytes: 10_000, nodes: 3 });
        assert_ok!(admit(Limits { time, bytes, nodes: 4, ..LIMITS }));
    });
}

#[test]
fn nodes_above_a_lowered_limit_count_until_removed() {
    run(|| {
        for byte in 1..4 {
            let peer = super::nodes::peer(byte);
            assert_ok!(Consortium::add_node(signed(M), MAKER, peer, vec![]));
        }
        set(Limits { nodes: 1, ..LIMITS });
        assert_eq!(Consortium::granted().nodes, 6);
        assert_ok!(Consortium::remove_node(signed(M), super::nodes::peer(1)));
        assert_eq!(Consortium::granted().nodes, 5);
        assert_ok!(Consortium::remove_organisation(root(), MAKER));
        assert_eq!(Consortium::granted().nodes, 5);
        let clear = Consortium::clear_organisation(signed(N), MAKER, 64);
        assert!(clear.is_ok());
        assert_eq!(Consortium::granted().nodes, 3);
    });
}

#[test]
fn genesis_cannot_grant_more_than_the_capacity_of_blocks() {
    let build_with = |edit: fn(&mut GenesisOrganisation<AccountId>)| {
        std::panic::catch_unwind(move || {
            let mut config = genesis();
            edit(&mut config.organisations[0]);
            build(config);
        })
        .is_err()
    };
    assert!(build_with(|it| it.time = GenesisRate { burst: 9_999, per_block: BLOCK_TIME }));
    assert!(build_with(|it| it.bytes = GenesisRate { burst: 99_999, per_block: BLOCK_BYTES }));
    assert!(build_with(|it| it.bytes = GenesisRate { burst: 1, per_block: 2 }));
    assert!(build_with(|it| it.max_nodes = 5));
    assert!(!build_with(|it| it.max_nodes = 4));
}
