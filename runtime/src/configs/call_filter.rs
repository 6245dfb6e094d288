// SPDX-License-Identifier: Apache-2.0

//! Which calls may be made at all.

use super::governance;
use crate::{Address, Runtime, RuntimeCall};
use frame_support::{
    storage::{
        transactional::{Layer, TRANSACTION_LEVEL_KEY},
        unhashed,
    },
    traits::Contains,
};

/// How many calls may stand around one that executes what others agreed to, and removes it even if
/// that fails. FRAME refuses what is nested more than 255 deep: nested deep enough, such a call
/// would fail, and what was agreed to would be lost.
const MAX_NESTING: Layer = 16;

/// Returns whether at most [`MAX_NESTING`] calls stand around the one that is looked at.
fn is_shallow() -> bool {
    unhashed::get_or_default::<Layer>(TRANSACTION_LEVEL_KEY) <= MAX_NESTING
}

/// Returns whether a delegate has not several types for an account. Anyone sends what it announced,
/// and may choose the type: with the wrong one, the call is refused, and the announcement is gone.
fn is_proxy_of_one_type(delegate: &Address, real: &Address) -> bool {
    let (Address::Id(delegate), Address::Id(real)) = (delegate, real) else { return true };
    let (proxies, _) = pallet_proxy::Proxies::<Runtime>::get(real);
    proxies.iter().filter(|proxy| proxy.delegate == *delegate).count() < 2
}

/// Which calls may be made at all.
pub struct CallFilter;

impl Contains<RuntimeCall> for CallFilter {
    fn contains(call: &RuntimeCall) -> bool {
        use pallet_collective::Call as Council;
        use pallet_membership::Call as Councillors;
        use pallet_multisig::Call as Multisig;
        use pallet_proxy::Call as Proxy;
        match call {
            // A validator that takes its keys away would be left out of the next session without
            // anybody's consent, and the last one would stop finality for good.
            RuntimeCall::Session(pallet_session::Call::purge_keys { .. }) => false,
            // Councillors decide together. What one of them executes alone would be a way around
            // the quotas.
            RuntimeCall::Council(Council::execute { .. }) => false,
            RuntimeCall::Council(Council::propose { threshold, .. }) => {
                governance::may_authorise(*threshold)
            },
            RuntimeCall::Council(Council::close { proposal_hash, .. }) => {
                !governance::closes_too_early(proposal_hash) && is_shallow()
            },
            // The motion, the operation or the announcement is gone afterwards.
            RuntimeCall::Multisig(Multisig::as_multi { .. }) => is_shallow(),
            RuntimeCall::Proxy(Proxy::proxy_announced { delegate, real, .. }) => {
                is_shallow() && is_proxy_of_one_type(delegate, real)
            },
            // A councillor's seat is not its own to give away, and none of them counts for others.
            RuntimeCall::Councillors(
                Councillors::change_key { .. } | Councillors::set_prime { .. },
            ) => false,
            // A council of fewer than three could not lose a member without losing its say.
            RuntimeCall::Councillors(Councillors::remove_member { .. }) => {
                governance::has_a_seat_to_spare()
            },
            RuntimeCall::Councillors(Councillors::reset_members { members }) => {
                governance::is_council(members)
            },
            // One proxy of a company's account would leave it without anybody, for ever.
            RuntimeCall::Proxy(Proxy::kill_pure { .. } | Proxy::remove_proxies { .. }) => false,
            _ => true,
        }
    }
}
