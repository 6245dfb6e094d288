// SPDX-License-Identifier: Apache-2.0

//! The bytes that the calls of the SDK's pallets write to the state: keys and values, written or
//! replaced. [`Growing`] adds these upper bounds to weights that do not include them.
//!
//! | record | bytes, at most |
//! |---|---|
//! | operation of a multisig with `a` approvals | 178 + 32 `a` |
//! | `p` proxies of an account | 90 + 37 `p` |
//! | `a` announcements of an account | 90 + 68 `a` |
//! | motion of `b` bytes | 64 + `b` |
//! | lists of `p` motions and of their proposers | 68 + 96 `p` |
//! | `v` votes on a motion | 80 + 32 `v` |
//! | list of `m` councillors, kept by two pallets | 68 + 64 `m` |
//! | account | 160 |
//! | session keys of an account, with the index of owners | 354 |
//! | report of an offence, with the remaining validators | 6,654 |
//! | code of the runtime | 8 MiB |
//!
//! Not included: `set_storage`, which requires a root origin that does not occur, and changes of
//! deposits, which are always zero.

use super::limits::{MAX_AUTHORITIES, MAX_BLOCK_LENGTH, MAX_COUNCILLORS, MAX_MOTIONS};
use core::marker::PhantomData;
use frame_support::weights::Weight;
use twinchain_primitives::{sum_bytes as sum, writes_bytes};

/// The weights `W` plus the bytes that calls write.
pub struct Growing<W>(PhantomData<W>);

/// The prefix of every key: the hashes of the pallet's name and of the item's name.
const ITEM: u64 = 32;
/// An account, or a hash.
const ACCOUNT: u64 = 32;
/// The key of an account in a map, with a hash of 8 bytes.
const ACCOUNT_KEY: u64 = 8 + ACCOUNT;
/// The length prefix of a list.
const LENGTH: u64 = 2;
/// A block number or an index.
const NUMBER: u64 = 4;
/// A deposit.
const DEPOSIT: u64 = 16;
/// The record of an account in frame-system.
const PROVIDED: u64 = ITEM + 16 + ACCOUNT + 80;

/// Returns the bytes of `count` parts of `bytes` each.
fn each(count: u32, bytes: u64) -> u64 {
    u64::from(count).saturating_mul(bytes)
}

/// Returns the time of a call plus the bytes that it writes.
fn grows(time: Weight, bytes: u64) -> Weight {
    time.set_proof_size(0).saturating_add(writes_bytes(bytes))
}

/// Returns the bytes of the longest code: at most those of the block that contains it.
fn code() -> u64 {
    sum([5, MAX_BLOCK_LENGTH.into()])
}

impl<W: frame_system::WeightInfo> frame_system::WeightInfo for Growing<W> {
    fn remark(b: u32) -> Weight {
        W::remark(b)
    }
    fn remark_with_event(b: u32) -> Weight {
        W::remark_with_event(b)
    }
    fn set_heap_pages() -> Weight {
        grows(W::set_heap_pages(), 18)
    }
    fn set_code() -> Weight {
        grows(W::set_code(), code())
    }
    fn set_storage(i: u32) -> Weight {
        W::set_storage(i)
    }
    fn kill_storage(i: u32) -> Weight {
        W::kill_storage(i)
    }
    fn kill_prefix(p: u32) -> Weight {
        W::kill_prefix(p)
    }
    fn authorize_upgrade() -> Weight {
        grows(W::authorize_upgrade(), sum([ITEM, 33]))
    }
    fn apply_authorized_upgrade() -> Weight {
        grows(W::apply_authorized_upgrade(), code())
    }
}

/// Returns the bytes of a validator's keys: two of 32 bytes, each with its owner in an index.
fn session_keys() -> u64 {
    let owner = sum([ITEM, 8, 4, 1, 32, ACCOUNT]);
    sum([ITEM, ACCOUNT_KEY, 64, each(2, owner)])
}

impl<W: pallet_session::WeightInfo> pallet_session::WeightInfo for Growing<W> {
    fn set_keys() -> Weight {
        grows(W::set_keys(), sum([session_keys(), PROVIDED]))
    }
    fn purge_keys() -> Weight {
        grows(W::purge_keys(), PROVIDED)
    }
}

impl<W: pallet_grandpa::WeightInfo> pallet_grandpa::WeightInfo for Growing<W> {
    /// Adds the report, the index of reports of the same time slot, and the remaining validators.
    fn report_equivocation(validators: u32, nominators: u32) -> Weight {
        let report = sum([ITEM, 8, 32, ACCOUNT, 1, ACCOUNT]);
        let index = sum([ITEM, 24, 25, LENGTH, each(MAX_AUTHORITIES, 32)]);
        let left = sum([ITEM, LENGTH, each(MAX_AUTHORITIES, ACCOUNT)]);
        let time = W::report_equivocation(validators, nominators);
        grows(time, sum([report, index, left]))
    }
    fn note_stalled() -> Weight {
        grows(W::note_stalled(), sum([ITEM, NUMBER, NUMBER]))
    }
}

/// Returns the bytes of a multisig operation with its approvals.
fn operation(approvals: u32) -> u64 {
    let key = sum([ITEM, ACCOUNT_KEY, 16, 32]);
    sum([key, NUMBER, NUMBER, DEPOSIT, ACCOUNT, LENGTH, each(approvals, ACCOUNT)])
}

impl<W: pallet_multisig::WeightInfo> pallet_multisig::WeightInfo for Growing<W> {
    fn as_multi_threshold_1(z: u32) -> Weight {
        W::as_multi_threshold_1(z)
    }
    fn as_multi_create(s: u32, z: u32) -> Weight {
        grows(W::as_multi_create(s, z), operation(1))
    }
    fn as_multi_approve(s: u32, z: u32) -> Weight {
        grows(W::as_multi_approve(s, z), operation(s.saturating_add(1)))
    }
    fn as_multi_complete(s: u32, z: u32) -> Weight {
        W::as_multi_complete(s, z)
    }
    fn approve_as_multi_create(s: u32) -> Weight {
        grows(W::approve_as_multi_create(s), operation(1))
    }
    fn approve_as_multi_approve(s: u32) -> Weight {
        grows(W::approve_as_multi_approve(s), operation(s.saturating_add(1)))
    }
    fn cancel_as_multi(s: u32) -> Weight {
        W::cancel_as_multi(s)
    }
    fn poke_deposit(s: u32) -> Weight {
        W::poke_deposit(s)
    }
}

/// Returns the bytes of the proxies of an account.
fn proxies(count: u32) -> u64 {
    let one = sum([ACCOUNT, 1, NUMBER]);
    sum([ITEM, ACCOUNT_KEY, LENGTH, each(count, one), DEPOSIT])
}

/// Returns the bytes of the announcements of an account.
fn announcements(count: u32) -> u64 {
    let one = sum([ACCOUNT, 32, NUMBER]);
    sum([ITEM, ACCOUNT_KEY, LENGTH, each(count, one), DEPOSIT])
}

impl<W: pallet_proxy::WeightInfo> pallet_proxy::WeightInfo for Growing<W> {
    fn proxy(p: u32) -> Weight {
        W::proxy(p)
    }
    fn proxy_announced(a: u32, p: u32) -> Weight {
        grows(W::proxy_announced(a, p), announcements(a))
    }
    fn remove_announcement(a: u32, p: u32) -> Weight {
        grows(W::remove_announcement(a, p), announcements(a))
    }
    fn reject_announcement(a: u32, p: u32) -> Weight {
        grows(W::reject_announcement(a, p), announcements(a))
    }
    fn announce(a: u32, p: u32) -> Weight {
        grows(W::announce(a, p), announcements(a))
    }
    fn add_proxy(p: u32) -> Weight {
        grows(W::add_proxy(p), proxies(p))
    }
    fn remove_proxy(p: u32) -> Weight {
        grows(W::remove_proxy(p), proxies(p))
    }
    fn remove_proxies(p: u32) -> Weight {
        W::remove_proxies(p)
    }
    fn create_pure(p: u32) -> Weight {
        grows(W::create_pure(p), proxies(1))
    }
    fn kill_pure(p: u32) -> Weight {
        W::kill_pure(p)
    }
    fn poke_deposit() -> Weight {
        W::poke_deposit()
    }
}

/// Returns the bytes of the list of open motions.
fn motions(count: u32) -> u64 {
    sum([ITEM, LENGTH, each(count, 32)])
}

/// Returns the bytes of the votes on a motion, including its index, threshold and end.
fn votes(count: u32) -> u64 {
    sum([ITEM, 32, NUMBER, NUMBER, LENGTH, LENGTH, NUMBER, each(count, ACCOUNT)])
}

/// Returns the bytes of one of the two lists of councillors.
fn councillors(count: u32) -> u64 {
    sum([ITEM, LENGTH, each(count, ACCOUNT)])
}

impl<W: pallet_collective::WeightInfo> pallet_collective::WeightInfo for Growing<W> {
    fn set_members(m: u32, n: u32, p: u32) -> Weight {
        let bytes = sum([councillors(n), ITEM, ACCOUNT, each(p, votes(m))]);
        grows(W::set_members(m, n, p), bytes)
    }
    fn execute(b: u32, m: u32) -> Weight {
        W::execute(b, m)
    }
    fn propose_execute(b: u32, m: u32) -> Weight {
        W::propose_execute(b, m)
    }
    fn propose_proposed(b: u32, m: u32, p: u32) -> Weight {
        let motion = sum([ITEM, 32, b.into()]);
        let counter = sum([ITEM, NUMBER]);
        let proposers = sum([ITEM, LENGTH, each(p.saturating_add(1), 64)]);
        let bytes = sum([motion, motions(p), proposers, counter, votes(0)]);
        grows(W::propose_proposed(b, m, p), bytes)
    }
    fn vote(m: u32) -> Weight {
        grows(W::vote(m), votes(m))
    }
    fn close_early_disapproved(m: u32, p: u32) -> Weight {
        grows(W::close_early_disapproved(m, p), motions(p))
    }
    fn close_early_approved(b: u32, m: u32, p: u32) -> Weight {
        grows(W::close_early_approved(b, m, p), motions(p))
    }
    fn close_disapproved(m: u32, p: u32) -> Weight {
        grows(W::close_disapproved(m, p), motions(p))
    }
    fn close_approved(b: u32, m: u32, p: u32) -> Weight {
        grows(W::close_approved(b, m, p), motions(p))
    }
    fn disapprove_proposal(p: u32) -> Weight {
        grows(W::disapprove_proposal(p), motions(p))
    }
    fn kill(d: u32, p: u32) -> Weight {
        grows(W::kill(d, p), motions(p))
    }
    fn release_proposal_cost() -> Weight {
        W::release_proposal_cost()
    }
}

/// Returns the bytes of both lists of councillors, and of the votes on all motions, which change
/// when a councillor leaves.
fn seats(before: u32, after: u32) -> u64 {
    sum([each(2, councillors(after)), each(MAX_MOTIONS, votes(before))])
}

impl<W: pallet_membership::WeightInfo> pallet_membership::WeightInfo for Growing<W> {
    fn add_member(m: u32) -> Weight {
        let lists = each(2, councillors(m.saturating_add(1)));
        grows(W::add_member(m), sum([lists, PROVIDED]))
    }
    fn remove_member(m: u32) -> Weight {
        grows(W::remove_member(m), seats(m, m))
    }
    fn swap_member(m: u32) -> Weight {
        grows(W::swap_member(m), sum([seats(m, m), PROVIDED]))
    }
    fn reset_members(m: u32) -> Weight {
        let bytes = sum([seats(MAX_COUNCILLORS, m), each(m, PROVIDED)]);
        grows(W::reset_members(m), bytes)
    }
    fn change_key(m: u32) -> Weight {
        grows(W::change_key(m), sum([seats(m, m), PROVIDED]))
    }
    fn set_prime(m: u32) -> Weight {
        grows(W::set_prime(m), each(2, sum([ITEM, ACCOUNT])))
    }
    fn clear_prime() -> Weight {
        W::clear_prime()
    }
}
