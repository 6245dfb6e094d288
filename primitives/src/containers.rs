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
    /// The account that it is offered to.
    pub to: AccountId,
    /// The last moment to accept, Unix milliseconds.
    pub deadline: Moment,
}

/// What a twin needs to know of data containers, and nothing more.
pub trait Containers<AccountId> {
    /// Creates a container from a plugin, owned by `owner`. Adds the weight that it took to
    /// `spent`: the time also when it fails. Fails with the provider's error if the plugin does not
    /// exist or is retired.
    ///
    /// The caller has a storage layer open: after an error nothing of it remains.
    fn instantiate(
        owner: &AccountId,
        plugin: PluginId,
        spent: &mut Weight,
    ) -> Result<ContainerId, DispatchError>;

    /// Returns whether an account may link the container from a twin of its own: its owner, an
    /// account with any access to it, or any account if it has no confidential data set. Adds the
    /// weight that it took to `spent`, also when it fails: with the provider's error, if there is
    /// no such container.
    fn may_link(
        who: &AccountId,
        container: ContainerId,
        spent: &mut Weight,
    ) -> Result<bool, DispatchError>;

    /// Puts a container on offer together with a twin: it then changes hands with the twin only.
    /// Renews an offer to the same account. Adds the weight that it took to `spent`. Fails with the
    /// provider's error if there is no such container, it is not the owner's, it is on offer to
    /// another account, or the recipient lacks an envelope.
    fn offer(
        owner: &AccountId,
        to: &AccountId,
        deadline: Moment,
        twin: TwinId,
        container: ContainerId,
        envelopes: Vec<SharedEnvelope>,
        spent: &mut Weight,
    ) -> DispatchResult;

    /// Hands over a container that is on offer with a twin. Adds the weight that it took to
    /// `spent`. Fails with the provider's error unless it still is: by the same owner, with the
    /// same twin, to the same account.
    fn accept(
        owner: &AccountId,
        to: &AccountId,
        twin: TwinId,
        container: ContainerId,
        spent: &mut Weight,
    ) -> DispatchResult;

    /// Ends the offer of a container together with its twin's, if it is still on offer with it.
    /// `author` is the account that ended the twin's, which the caller has checked. Adds the weight
    /// that it took to `spent`.
    fn cancel(author: &AccountId, twin: TwinId, container: ContainerId, spent: &mut Weight);

    /// The most that [`Self::offer`] can weigh with this many envelopes, together of `sealed`
    /// bytes.
    fn offer_weight(envelopes: u32, sealed: u32) -> Weight;

    /// The most that [`Self::accept`] can weigh.
    fn accept_weight() -> Weight;

    /// The most that [`Self::cancel`] can weigh.
    fn cancel_weight() -> Weight;

    /// The most that [`Self::instantiate`] can weigh.
    fn instantiate_weight() -> Weight;

    /// The most that [`Self::may_link`] can weigh.
    fn may_link_weight() -> Weight;

    /// Returns all containers that are on offer with a twin, to compare them with the twins'
    /// offers.
    #[cfg(any(feature = "try-runtime", feature = "std"))]
    fn offered_with_twins() -> Vec<OfferedWithTwin<AccountId>>;
}
