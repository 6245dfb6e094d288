// SPDX-License-Identifier: Apache-2.0

//! Changes of a container. The bytes of each change are chained into the container's head and
//! deposited in an event.

use crate::{
    growth::{self, Written},
    pallet::*,
    types::*,
};
use alloc::vec::Vec;
use frame_support::{ensure, traits::Time};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_core::H256;
use twinchain_primitives::{ContainerId, DataSetId, History, Name, PluginId, RoleId, Stamp};

/// The label in the hash from which the head of a container starts.
const LABEL: &[u8; 16] = b"twinchain/cont/1";

/// The stamp of the pallet's events.
pub(crate) type StampOf<T> = Stamp<<T as frame_system::Config>::AccountId, BlockNumberFor<T>>;

/// A container that a call changes, and the account that signed the call. The call stores it at the
/// end.
#[must_use = "the deposited changes must be stored"]
pub(crate) struct Update<T: Config> {
    pub id: ContainerId,
    pub author: T::AccountId,
    pub container: Container<T::AccountId, BlockNumberFor<T>>,
    /// The bytes that the call has written so far.
    pub written: Written,
    /// The data set whose record in `SealingEnds` is already counted in `written`.
    pub sealing_ended: Option<DataSetId>,
}

impl<T: Config> Update<T> {
    /// Creates a container with a new id, and adds it to the indices of its owner and its plugin.
    pub(crate) fn create(
        owner: T::AccountId,
        plugin: Option<PluginId>,
        cloned_from: Option<ContainerId>,
    ) -> Result<Self, Error<T>> {
        let id = NextContainerId::<T>::get();
        NextContainerId::<T>::put(id.checked_add(1).ok_or(Error::IdsExhausted)?);
        ContainersOfOwner::<T>::insert(&owner, id, ());
        let block = frame_system::Pallet::<T>::block_number();
        let container = Container {
            owner: owner.clone(),
            status: Status::Active,
            plugin,
            cloned_from,
            data_sets: 0,
            confidential: 0,
            offers: 0,
            offer: None,
            history: History::new(LABEL, &genesis_hash::<T>(), id, block),
        };
        let mut written = Written::default();
        written.count(growth::COUNTER);
        written.count(growth::INDEX);
        if let Some(plugin) = plugin {
            InstancesOf::<T>::insert(plugin, id, ());
            written.count(growth::ID_INDEX);
        }
        let mut new = Self { id, author: owner.clone(), container, written, sealing_ended: None };
        new.deposit(|container, stamp| Event::ContainerCreated { container, stamp, owner, plugin });
        Ok(new)
    }

    /// Opens a container for any account. Fails if it does not exist.
    pub(crate) fn load(author: &T::AccountId, id: ContainerId) -> Result<Self, Error<T>> {
        let container = Containers::<T>::get(id).ok_or(Error::ContainerNotFound)?;
        Ok(Self {
            id,
            author: author.clone(),
            container,
            written: Written::default(),
            sealing_ended: None,
        })
    }

    /// Opens a container for its owner. Fails for any other account.
    pub(crate) fn load_owned(author: &T::AccountId, id: ContainerId) -> Result<Self, Error<T>> {
        let update = Self::load(author, id)?;
        ensure!(update.container.owner == *author, Error::NotOwner);
        Ok(update)
    }

    /// Opens a container for its owner to share it. Fails if it is on offer. It may be closed.
    pub(crate) fn load_for_sharing(
        author: &T::AccountId,
        id: ContainerId,
    ) -> Result<Self, Error<T>> {
        let update = Self::load_owned(author, id)?;
        ensure!(update.container.offer.is_none(), Error::OfferPending);
        Ok(update)
    }

    /// Opens a container for its owner to change its definitions. Fails if it is closed or on
    /// offer.
    pub(crate) fn load_for_change(
        author: &T::AccountId,
        id: ContainerId,
    ) -> Result<Self, Error<T>> {
        let update = Self::load_owned(author, id)?;
        Pallet::check_unfrozen(&update.container)?;
        Ok(update)
    }

    /// Counts and chains a change, and deposits its event.
    pub(crate) fn deposit(&mut self, event: impl FnOnce(ContainerId, StampOf<T>) -> Event<T>) {
        let block = frame_system::Pallet::<T>::block_number();
        let (id, author) = (self.id, self.author.clone());
        let history = &mut self.container.history;
        let event = history.record(author, block, T::Time::now(), |stamp| event(id, stamp));
        Pallet::<T>::deposit_event(event);
    }

    /// Deposits one event for each role that has permissions on the new data sets, and for each new
    /// role. Roles from position `new` on are new.
    pub(crate) fn deposit_roles(
        &mut self,
        roles: &Roles,
        new: usize,
        data_sets: &[(DataSetId, Permissions)],
    ) {
        for (position, Role { id, name }) in roles.iter().enumerate() {
            let of_role = |(data_set, permissions): &(_, Permissions)| {
                let entry = permissions.iter().find(|entry| entry.role == *id)?;
                Some(DataSetPermission { data_set: *data_set, access: entry.access })
            };
            let permissions: Vec<_> = data_sets.iter().filter_map(of_role).collect();
            if permissions.is_empty() && position < new {
                continue;
            }
            self.deposit_role(*id, name.clone(), permissions);
        }
    }

    /// Deposits the event that sets a role's permissions on data sets.
    pub(crate) fn deposit_role(
        &mut self,
        role: RoleId,
        name: Name,
        permissions: Vec<DataSetPermission>,
    ) {
        self.deposit(|container, stamp| Event::RoleSet {
            container,
            stamp,
            role,
            name,
            permissions,
        });
    }

    /// Deposits the event for what remains of an account's grant on a data set.
    pub(crate) fn deposit_unshared(&mut self, account: &T::AccountId, left: &Grant) {
        let (account, data_set, access) = (account.clone(), left.data_set, left.access());
        self.deposit(|container, stamp| Event::Unshared {
            container,
            stamp,
            account,
            data_set,
            access,
        });
    }

    /// Deposits the event for an account that no longer holds a role.
    pub(crate) fn deposit_unassigned(&mut self, account: T::AccountId, role: RoleId) {
        self.deposit(|container, stamp| Event::RoleUnassigned { container, stamp, account, role });
    }

    /// Deposits the event for an account's removed envelope in a segment.
    pub(crate) fn deposit_envelope_removed(
        &mut self,
        data_set: DataSetId,
        account: T::AccountId,
        segment: u8,
    ) {
        self.deposit(|container, stamp| Event::EnvelopeRemoved {
            container,
            stamp,
            data_set,
            account,
            segment,
        });
    }

    /// Stores a data set.
    pub(crate) fn put_data_set(&mut self, name: &Name, data_set: &DataSetOf<T>) {
        self.written.record(growth::data_set_key(name.as_ref()), data_set);
        DataSets::<T>::insert(self.id, name, data_set);
    }

    /// Stores the roles.
    pub(crate) fn put_roles(&mut self, roles: &Roles) {
        self.written.record(growth::ROLE_NAMES_KEY, roles);
        RoleNames::<T>::insert(self.id, roles);
    }

    /// Adds one holder to a role.
    pub(crate) fn add_holder(&mut self, role: RoleId) {
        self.set_holders(role, |holders| holders.saturating_add(1));
    }

    /// Removes one holder from a role.
    pub(crate) fn remove_holder(&mut self, role: RoleId) {
        self.set_holders(role, |holders| holders.saturating_sub(1));
    }

    fn set_holders(&mut self, role: RoleId, change: impl FnOnce(u32) -> u32) {
        RoleHolders::<T>::mutate_exists(self.id, role, |holders| {
            *holders = Some(change(holders.unwrap_or(0))).filter(|left| *left > 0);
        });
        self.written.count(growth::ROLE_HOLDERS);
    }

    /// Removes all roles and grants of an account, and deposits an event for each.
    pub(crate) fn drop_rights(&mut self, account: &T::AccountId, rights: Rights) {
        for role in rights.roles {
            self.remove_holder(role);
            self.deposit_unassigned(account.clone(), role);
        }
        for grant in rights.grants {
            self.deposit_unshared(account, &Grant::none(grant.data_set));
        }
        self.put_rights(account, Rights::default());
    }

    /// Stores an account's rights.
    pub(crate) fn put_rights(&mut self, account: &T::AccountId, rights: Rights) {
        if rights.is_empty() {
            self.written.count(growth::REMOVED_RIGHTS);
        } else {
            self.written.record(growth::RIGHTS_KEY, &rights);
            self.written.count(growth::INDEX);
        }
        Pallet::<T>::put_rights(self.id, account, rights);
    }

    /// Stores the container. Returns the number of bytes that the call wrote.
    pub(crate) fn store(mut self) -> u64 {
        self.written.record(growth::CONTAINER_KEY, &self.container);
        Containers::<T>::insert(self.id, self.container);
        self.written.bytes()
    }
}

/// Returns the hash of block 0, which frame-system keeps permanently.
pub(crate) fn genesis_hash<T: Config>() -> H256 {
    frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::from(0u32))
}
