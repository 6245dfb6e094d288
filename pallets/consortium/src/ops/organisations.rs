// SPDX-License-Identifier: Apache-2.0

//! Organisations: their admission, limits, suspension and clearing.

use crate::{pallet::*, types::*};
use alloc::vec::Vec;
use frame_support::{dispatch::DispatchResult, ensure};
use sp_runtime::{DispatchError, SaturatedConversion};
use twinchain_primitives::Name;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_admit_organisation(
        name: Vec<u8>,
        admin: T::AccountId,
        limits: Limits,
    ) -> DispatchResult {
        let id = Self::new_organisation(name, limits)?;
        // Otherwise, an administrator that admitted the account first could keep the company out.
        if let Some(member) = Members::<T>::get(&admin) {
            Self::take_member(&admin, member)?;
        }
        Self::do_add_member(Manager::Council, id, admin.clone(), Vec::new())?;
        Self::do_set_admin(Manager::Council, admin, true)
    }

    /// Creates an organisation without members.
    pub(crate) fn new_organisation(
        name: Vec<u8>,
        limits: Limits,
    ) -> Result<OrganisationId, Error<T>> {
        let name = Name::try_from(name).map_err(|_| Error::InvalidName)?;
        ensure!(!OrganisationsByName::<T>::contains_key(&name), Error::NameTaken);
        ensure!(limits.is_valid(), Error::InvalidLimits);
        let id = NextOrganisationId::<T>::get();
        NextOrganisationId::<T>::put(id.checked_add(1).ok_or(Error::IdsExhausted)?);
        OrganisationsByName::<T>::insert(&name, id);
        Self::deposit_event(Event::OrganisationAdmitted { organisation: id, name: name.clone() });
        let status = Status::Active;
        let organisation = Organisation { name, status, limits, members: 0, admins: 0, nodes: 0 };
        Self::put_organisation(id, organisation)?;
        Ok(id)
    }

    pub(crate) fn do_set_limits(id: OrganisationId, limits: Limits) -> DispatchResult {
        let mut organisation = Self::ensure_not_removed(id)?;
        ensure!(limits.is_valid(), Error::<T>::InvalidLimits);
        organisation.limits = limits;
        Self::put_organisation(id, organisation)?;
        Self::deposit_event(Event::LimitsSet { organisation: id, limits });
        Ok(())
    }

    pub(crate) fn do_set_status(id: OrganisationId, status: Status) -> DispatchResult {
        let mut organisation = Self::ensure_not_removed(id)?;
        match (organisation.status, status) {
            (Status::Suspended, Status::Suspended) => Err(Error::<T>::Suspended)?,
            (Status::Active, Status::Active) => Err(Error::<T>::NotSuspended)?,
            _ => organisation.status = status,
        }
        Self::put_organisation(id, organisation)?;
        Self::deposit_event(Event::StatusSet { organisation: id, status });
        Ok(())
    }

    /// Clears members first, then nodes. Returns the number of both.
    pub(crate) fn do_clear_organisation(
        id: OrganisationId,
        limit: u32,
    ) -> Result<u32, DispatchError> {
        let mut organisation =
            Organisations::<T>::get(id).ok_or(Error::<T>::OrganisationNotFound)?;
        ensure!(organisation.status == Status::Removed, Error::<T>::NotRemoved);
        ensure!(!Self::lists_nodes(id), Error::<T>::NodesListed);
        ensure!(organisation.members > 0 || organisation.nodes > 0, Error::<T>::NothingToDo);
        // The search steps over every key that this block removed, so each block allows one search.
        let now = frame_system::Pallet::<T>::block_number();
        ensure!(LastClearing::<T>::get() < now, Error::<T>::ClearedEnough);
        LastClearing::<T>::put(now);
        let limit: usize = limit.clamp(1, MAX_CLEAR).saturated_into();
        let members: Vec<_> = MembersOf::<T>::drain_prefix(id).take(limit).collect();
        for (account, _) in &members {
            Members::<T>::remove(account);
        }
        let room = limit.saturating_sub(members.len());
        let nodes: Vec<_> = NodesOf::<T>::drain_prefix(id).take(room).collect();
        for (peer, _) in &nodes {
            Nodes::<T>::remove(peer);
        }
        let cleared: u32 = members.len().saturating_add(nodes.len()).saturated_into();
        organisation.members = organisation.members.saturating_sub(members.len().saturated_into());
        organisation.nodes = organisation.nodes.saturating_sub(nodes.len().saturated_into());
        // Administrators can be among the remaining members, but their number no longer matters.
        organisation.admins = 0;
        Self::put_organisation(id, organisation)?;
        ListedUntil::<T>::remove(id);
        Spendings::<T>::remove(id);
        Self::deposit_event(Event::Cleared { organisation: id, cleared });
        Ok(cleared)
    }
}
