// SPDX-License-Identifier: Apache-2.0

//! Roles: their permissions and their holders.

use super::update::Update;
use crate::{document::OWNER_ROLE, pallet::*, types::*};
use alloc::vec::Vec;
use frame_support::ensure;
use sp_runtime::DispatchError;
use twinchain_primitives::{Access, ContainerId, Name, RoleId};

impl<T: Config> Pallet<T> {
    /// Sets a role's permissions on some data sets. Creates the role if it does not exist. Returns
    /// the number of bytes written.
    pub(crate) fn do_set_role(
        who: &T::AccountId,
        id: ContainerId,
        role: Vec<u8>,
        permissions: Vec<DataSetAccess>,
    ) -> Result<u64, DispatchError> {
        let mut update = Update::<T>::load_for_change(who, id)?;
        Self::check_access_list(&permissions)?;
        let role_name = Self::check_role_name(role)?;
        let (role, added) = Self::find_or_add_role(id, &role_name)?;
        let mut changed = Vec::new();
        let mut set = Vec::new();
        for DataSetAccess { data_set, access } in permissions {
            let (name, mut data_set) = Self::active_data_set(id, data_set)?;
            ensure!(access.is_empty() || access.is_valid(), Error::<T>::InvalidAccess);
            ensure!(!access.intersects(Access::READ), Error::<T>::RolesCannotRead);
            data_set.permissions.retain(|entry| entry.role != role);
            if !access.is_empty() {
                let entry = RoleAccess { role, access };
                data_set.permissions.try_push(entry).map_err(|_| Error::<T>::TooManyRoles)?;
            }
            set.push(DataSetPermission { data_set: data_set.id, access });
            changed.push((name, data_set));
        }
        if let Some(roles) = added {
            update.put_roles(&roles);
        }
        for (name, data_set) in &changed {
            update.put_data_set(name, data_set);
        }
        update.deposit_role(role, role_name, set);
        Ok(update.store())
    }

    /// Assigns a role to an account. Returns the number of bytes written.
    pub(crate) fn do_assign_role(
        who: &T::AccountId,
        id: ContainerId,
        account: T::AccountId,
        role: Vec<u8>,
    ) -> Result<u64, DispatchError> {
        let (mut update, role, mut rights) = Self::role_and_rights(who, id, &account, role)?;
        ensure!(!rights.roles.contains(&role), Error::<T>::RoleHeld);
        rights.roles.try_push(role).map_err(|_| Error::<T>::TooManyRoles)?;
        update.add_holder(role);
        update.put_rights(&account, rights);
        update.deposit(|container, stamp| Event::RoleAssigned { container, stamp, account, role });
        Ok(update.store())
    }

    /// Takes a role from an account. Returns the number of bytes written.
    pub(crate) fn do_unassign_role(
        who: &T::AccountId,
        id: ContainerId,
        account: T::AccountId,
        role: Vec<u8>,
    ) -> Result<u64, DispatchError> {
        let (mut update, role, mut rights) = Self::role_and_rights(who, id, &account, role)?;
        ensure!(rights.roles.contains(&role), Error::<T>::RoleNotHeld);
        rights.roles.retain(|held| *held != role);
        update.remove_holder(role);
        update.put_rights(&account, rights);
        update.deposit_unassigned(account, role);
        Ok(update.store())
    }

    /// Renames a role. Returns the number of bytes written.
    pub(crate) fn do_rename_role(
        who: &T::AccountId,
        id: ContainerId,
        role: Vec<u8>,
        new_name: Vec<u8>,
    ) -> Result<u64, DispatchError> {
        let mut update = Update::<T>::load_for_change(who, id)?;
        let (role, mut roles) = Self::named_role(id, role)?;
        let name = Self::check_role_name(new_name)?;
        ensure!(find_role(&roles, &name).is_none(), Error::<T>::RoleExists);
        for renamed in roles.iter_mut().filter(|other| other.id == role) {
            renamed.name = name.clone();
        }
        update.put_roles(&roles);
        update.deposit(|container, stamp| Event::RoleRenamed { container, stamp, role, name });
        Ok(update.store())
    }

    /// Removes a role that no account holds, and its permissions. Returns the number of data sets
    /// searched and the number of bytes written.
    pub(crate) fn do_remove_role(
        who: &T::AccountId,
        id: ContainerId,
        role: Vec<u8>,
    ) -> Result<(u32, u64), DispatchError> {
        let mut update = Update::<T>::load_for_change(who, id)?;
        let (role, mut roles) = Self::named_role(id, role)?;
        ensure!(!RoleHolders::<T>::contains_key(id, role), Error::<T>::RoleInUse);
        roles.retain(|other| other.id != role);
        update.put_roles(&roles);
        // The id is now free for a new role, so no data set may refer to it, not even a retired
        // one.
        for (name, mut data_set) in Self::data_sets_in_order(id) {
            let before = data_set.permissions.len();
            data_set.permissions.retain(|entry| entry.role != role);
            if data_set.permissions.len() != before {
                update.put_data_set(&name, &data_set);
            }
        }
        update.deposit(|container, stamp| Event::RoleRemoved { container, stamp, role });
        Ok((update.container.data_sets.into(), update.store()))
    }

    /// Returns the id of the role with this name, and all roles of the container.
    fn named_role(id: ContainerId, role: Vec<u8>) -> Result<(RoleId, Roles), Error<T>> {
        let name = Name::try_from(role).map_err(|_| Error::InvalidName)?;
        let roles = RoleNames::<T>::get(id);
        let role = find_role(&roles, &name).ok_or(Error::RoleNotFound)?;
        Ok((role, roles))
    }

    /// Returns the name of a new role. Fails if it is not a valid name or is reserved for the
    /// owner.
    fn check_role_name(role: Vec<u8>) -> Result<Name, Error<T>> {
        let name = Name::try_from(role).map_err(|_| Error::InvalidName)?;
        ensure!(name.as_ref() != OWNER_ROLE.as_bytes(), Error::InvalidName);
        Ok(name)
    }

    /// Opens a container for its owner. Returns it with the role's id and the account's rights.
    fn role_and_rights(
        who: &T::AccountId,
        id: ContainerId,
        account: &T::AccountId,
        role: Vec<u8>,
    ) -> Result<(Update<T>, RoleId, Rights), DispatchError> {
        let update = Update::<T>::load_for_sharing(who, id)?;
        let (role, _) = Self::named_role(id, role)?;
        Ok((update, role, AccountRights::<T>::get(id, account).unwrap_or_default()))
    }

    /// Returns the id of a role. If the role is new, also returns all roles with the new one added.
    fn find_or_add_role(id: ContainerId, role: &Name) -> Result<(RoleId, Option<Roles>), Error<T>> {
        let mut roles = RoleNames::<T>::get(id);
        if let Some(known) = find_role(&roles, role) {
            return Ok((known, None));
        }
        let new = add_role(&mut roles, role.clone()).ok_or(Error::TooManyRoles)?;
        Ok((new, Some(roles)))
    }
}
