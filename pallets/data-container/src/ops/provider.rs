// SPDX-License-Identifier: Apache-2.0

//! The trait [`Containers`](ContainersTrait), through which twins use containers.

use super::look_through::LookThrough;
use crate::{access::has_any_access, growth, pallet::*, types::*, WeightInfo};
use alloc::vec::Vec;
use frame_support::{dispatch::DispatchResult, traits::Time, weights::Weight};
use sp_runtime::DispatchError;
use twinchain_primitives::{
    ContainerId, Containers as ContainersTrait, Moment, PluginId, SharedEnvelope, TwinId,
};

impl<T: Config> ContainersTrait<T::AccountId> for Pallet<T> {
    fn instantiate(
        owner: &T::AccountId,
        plugin: PluginId,
        spent: &mut Weight,
    ) -> Result<ContainerId, DispatchError> {
        Self::do_instantiate(owner.clone(), plugin, Vec::new(), spent)
    }

    fn may_link(
        who: &T::AccountId,
        container: ContainerId,
        spent: &mut Weight,
    ) -> Result<bool, DispatchError> {
        Self::may_link_container(who, container, spent)
    }

    fn offer(
        owner: &T::AccountId,
        to: &T::AccountId,
        deadline: Moment,
        twin: TwinId,
        container: ContainerId,
        envelopes: Vec<SharedEnvelope>,
        spent: &mut Weight,
    ) -> DispatchResult {
        Self::do_offer(owner, container, to.clone(), deadline, Some(twin), envelopes, spent)
    }

    fn accept(
        owner: &T::AccountId,
        to: &T::AccountId,
        twin: TwinId,
        container: ContainerId,
        spent: &mut Weight,
    ) -> DispatchResult {
        Self::do_accept_with_twin(owner, to, twin, container, spent)
    }

    fn cancel(author: &T::AccountId, twin: TwinId, container: ContainerId, spent: &mut Weight) {
        Self::do_cancel_with_twin(author, twin, container, spent);
    }

    fn offer_weight(envelopes: u32, sealed: u32) -> Weight {
        let growth = growth::offer_with_twin(envelopes, sealed);
        T::WeightInfo::offer_ownership(MAX_DATA_SETS, envelopes).saturating_add(growth)
    }

    fn accept_weight() -> Weight {
        Self::accept_time(MAX_DATA_SETS).saturating_add(growth::accept_ownership())
    }

    fn cancel_weight() -> Weight {
        T::WeightInfo::cancel_offer(MAX_DATA_SETS).saturating_add(growth::cancel_offer())
    }

    fn instantiate_weight() -> Weight {
        T::WeightInfo::instantiate(MAX_DOCUMENT, MAX_DATA_SETS, MAX_PAYLOAD)
            .saturating_add(growth::instantiate(&[]))
    }

    fn may_link_weight() -> Weight {
        T::WeightInfo::may_link(MAX_DATA_SETS)
    }

    #[cfg(any(feature = "try-runtime", feature = "std"))]
    fn offered_with_twins() -> Vec<twinchain_primitives::OfferedWithTwin<T::AccountId>> {
        let describe = |(container, twin)| {
            let Container { owner, offer, .. } = Containers::<T>::get(container)?;
            let Offer { to, deadline, .. } = offer?;
            Some(twinchain_primitives::OfferedWithTwin { container, twin, owner, to, deadline })
        };
        OfferedWith::<T>::iter().filter_map(describe).collect()
    }
}

impl<T: Config> Pallet<T> {
    /// Returns `true` if an account may link a container: its owner, an account with a role or an
    /// active grant, and any account if the container has no confidential data sets in use. Adds
    /// the weight used so far to `spent`, also on failure.
    pub(crate) fn may_link_container(
        who: &T::AccountId,
        id: ContainerId,
        spent: &mut Weight,
    ) -> Result<bool, DispatchError> {
        let mut charge = LookThrough::begin(spent, T::WeightInfo::may_link);
        let container = Containers::<T>::get(id).ok_or(Error::<T>::ContainerNotFound)?;
        if container.confidential == 0 || container.owner == *who {
            return Ok(true);
        }
        charge.looks_at(container.data_sets);
        let in_use = DataSets::<T>::iter_prefix_values(id)
            .filter(|data_set| data_set.is_active())
            .map(|data_set| data_set.id);
        Ok(AccountRights::<T>::get(id, who)
            .is_some_and(|rights| has_any_access(&rights, in_use, T::Time::now())))
    }
}
