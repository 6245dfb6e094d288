// SPDX-License-Identifier: Apache-2.0

use crate::{ContainerId, PluginId};
use frame_support::weights::Weight;
use sp_runtime::DispatchError;

/// What a twin needs to know of data containers, and nothing more.
pub trait Containers<AccountId> {
    /// Creates a container from a plugin, owned by `owner`, and tells its id and the weight that
    /// it really took. Fails with the provider's error if the plugin does not exist or is retired.
    ///
    /// The caller has a storage layer open: after an error nothing of it remains.
    fn instantiate(
        owner: &AccountId,
        plugin: PluginId,
    ) -> Result<(ContainerId, Weight), DispatchError>;

    /// Whether the account may hang the container on a twin of its own: its owner, somebody with
    /// any access to it, or anybody if it has no confidential data set. Fails with the provider's
    /// error if there is no such container.
    fn may_link(who: &AccountId, container: ContainerId) -> Result<bool, DispatchError>;

    /// The most that [`Self::instantiate`] can weigh.
    fn instantiate_weight() -> Weight;

    /// The most that [`Self::may_link`] can weigh.
    fn may_link_weight() -> Weight;
}
