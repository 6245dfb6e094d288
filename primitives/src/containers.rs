// SPDX-License-Identifier: Apache-2.0

use crate::{ContainerId, Moment, PluginId, SharedEnvelope, TwinId};
use alloc::vec::Vec;
use frame_support::{dispatch::DispatchResult, weights::Weight};
use sp_runtime::DispatchError;

/// A container that is on offer with a twin.
#[cfg(any(feature = "try-runtime", feature = "std"))]
#[derive(Debug)]
pub struct OfferedWithTwin<AccountId> {
    /// The container.
    pub container: ContainerId,
    /// The twin.
    pub twin: TwinId,
    /// The container's owner.
    pub owner: AccountId,
    /// The offeree.
    pub to: AccountId,
    /// The last moment to accept, in Unix milliseconds.
    pub deadline: Moment,
}

/// The operations on data containers that twins need.
pub trait Containers<AccountId> {
    /// Creates a container from a plugin, owned by `owner`. Adds the weight used so far to `spent`,
    /// also on failure. Fails with the provider's error if the plugin does not exist or is retired.
    ///
    /// The caller must open a storage layer, so that a failure leaves no changes.
    fn instantiate(
        owner: &AccountId,
        plugin: PluginId,
        spent: &mut Weight,
    ) -> Result<ContainerId, DispatchError>;

    /// Returns `true` if an account may link the container from its twins. The owner and accounts
    /// with any access to the container may; any account may if it has no confidential data set.
    /// Adds the weight used so far to `spent`, also on failure. Fails with the provider's error if
    /// the container does not exist.
    fn may_link(
        who: &AccountId,
        container: ContainerId,
        spent: &mut Weight,
    ) -> Result<bool, DispatchError>;

    /// Offers a container together with a twin: it can then only be handed over with the twin.
    /// Renews an offer to the same account. Adds the weight used so far to `spent`. Fails with the
    /// provider's error if the container does not exist, has another owner, is on offer to another
    /// account, or if the offeree lacks an envelope.
    fn offer(
        owner: &AccountId,
        to: &AccountId,
        deadline: Moment,
        twin: TwinId,
        container: ContainerId,
        envelopes: Vec<SharedEnvelope>,
        spent: &mut Weight,
    ) -> DispatchResult;

    /// Hands over a container that is on offer with a twin. Adds the weight used so far to `spent`.
    /// Fails with the provider's error unless it is still on offer by the same owner, with the same
    /// twin, to the same account.
    fn accept(
        owner: &AccountId,
        to: &AccountId,
        twin: TwinId,
        container: ContainerId,
        spent: &mut Weight,
    ) -> DispatchResult;

    /// Ends the offer of a container together with its twin's offer, if it is still on offer with
    /// that twin. `author` is the account that ended the twin's offer, which the caller has
    /// checked. Adds the weight used to `spent`.
    fn cancel(author: &AccountId, twin: TwinId, container: ContainerId, spent: &mut Weight);

    /// Returns the maximum weight of [`Self::offer`] with this many envelopes, of `sealed` bytes in
    /// total.
    fn offer_weight(envelopes: u32, sealed: u32) -> Weight;

    /// Returns the maximum weight of [`Self::accept`].
    fn accept_weight() -> Weight;

    /// Returns the maximum weight of [`Self::cancel`].
    fn cancel_weight() -> Weight;

    /// Returns the maximum weight of [`Self::instantiate`].
    fn instantiate_weight() -> Weight;

    /// Returns the maximum weight of [`Self::may_link`].
    fn may_link_weight() -> Weight;

    /// Returns all containers that are on offer with a twin, for comparison with the twins' offers.
    #[cfg(any(feature = "try-runtime", feature = "std"))]
    fn offered_with_twins() -> Vec<OfferedWithTwin<AccountId>>;
}
