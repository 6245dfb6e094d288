// SPDX-License-Identifier: Apache-2.0

//! The filter of calls that no account can make.

use super::governance;
use crate::{Address, Runtime, RuntimeCall};
use frame_support::{
    storage::{
        transactional::{Layer, TRANSACTION_LEVEL_KEY},
        unhashed,
    },
    traits::Contains,
};

/// The maximum number of calls around a call that executes what others agreed to. Such a call
/// removes the agreement even if it fails. FRAME rejects calls nested more than 255 deep, so deep
/// nesting would make the call fail, and the agreement would be lost.
const MAX_NESTING: Layer = 16;

/// Returns `true` if at most [`MAX_NESTING`] calls enclose the current one.
fn is_shallow() -> bool {
    unhashed::get_or_default::<Layer>(TRANSACTION_LEVEL_KEY) <= MAX_NESTING
}

/// Returns `true` unless the delegate has several proxy types for the account. Any account can send
/// an announced call and choose the type. With the wrong type the call is rejected, and the
/// announcement is lost.
fn is_proxy_of_one_type(delegate: &Address, real: &Address) -> bool {
    let (Address::Id(delegate), Address::Id(real)) = (delegate, real) else { return true };
    let (proxies, _) = pallet_proxy::Proxies::<Runtime>::get(real);
    proxies.iter().filter(|proxy| proxy.delegate == *delegate).count() < 2
}

/// The filter of calls. It applies to every origin except root.
pub struct CallFilter;

impl Contains<RuntimeCall> for CallFilter {
    fn contains(call: &RuntimeCall) -> bool {
        use pallet_collective::Call as Council;
        use pallet_membership::Call as Councillors;
        use pallet_multisig::Call as Multisig;
        use pallet_proxy::Call as Proxy;
        match call {
            // A validator without keys would drop out of the next session without anyone's consent.
            // If the last one did so, finality would stop permanently.
            RuntimeCall::Session(pallet_session::Call::purge_keys { .. }) => false,
            // Councillors decide together. A call that one of them executes alone would bypass the
            // quotas.
            RuntimeCall::Council(Council::execute { .. }) => false,
            RuntimeCall::Council(Council::propose { threshold, .. }) => {
                governance::may_authorise(*threshold)
            },
            RuntimeCall::Council(Council::close { proposal_hash, .. }) => {
                !governance::closes_too_early(proposal_hash) && is_shallow()
            },
            // Each removes the motion, the operation or the announcement.
            RuntimeCall::Multisig(Multisig::as_multi { .. }) => is_shallow(),
            RuntimeCall::Proxy(Proxy::proxy_announced { delegate, real, .. }) => {
                is_shallow() && is_proxy_of_one_type(delegate, real)
            },
            // A councillor cannot give away its seat, and there is no prime, whose vote would count
            // for others.
            RuntimeCall::Councillors(
                Councillors::change_key { .. } | Councillors::set_prime { .. },
            ) => false,
            // In a council of fewer than three seats, the loss of one member would prevent every
            // decision.
            RuntimeCall::Councillors(Councillors::remove_member { .. }) => {
                governance::has_a_seat_to_spare()
            },
            RuntimeCall::Councillors(Councillors::reset_members { members }) => {
                governance::is_council(members)
            },
            // Otherwise one proxy of a company account could permanently remove all its proxies.
            RuntimeCall::Proxy(Proxy::kill_pure { .. } | Proxy::remove_proxies { .. }) => false,
            _ => true,
        }
    }
}
