// SPDX-License-Identifier: Apache-2.0

//! Containers and rights that are as full as possible.

use super::{
    keys::{public, sealed, sealed_value, set_key, EPOCH, SEGMENT, VERSION},
    plugins::schema_hash,
    texts,
};
use crate::{
    ops::{NewDataSet, Update},
    pallet::*,
    types::*,
};
use alloc::vec::Vec;
use core::ops::Range;
use frame_benchmarking::v2::account;
use frame_support::BoundedVec;
use frame_system::{pallet_prelude::BlockNumberFor, RawOrigin};
use sp_core::H256;
use twinchain_primitives::{
    Access, ContainerId, DataSetId, Description, Moment, Name, MAX_DESCRIPTION,
};

/// A container, with the operations that prepare it for a benchmark.
pub(super) struct World<T: Config> {
    pub owner: T::AccountId,
    pub id: ContainerId,
    kind: Kind,
    visibility: Visibility,
}

impl<T: Config> World<T> {
    /// Creates a container without data sets. It has all roles and the longest description.
    pub fn empty(kind: Kind, visibility: Visibility) -> Self {
        let owner: T::AccountId = account("owner", 0, 0);
        let mut update = Update::<T>::create(owner.clone(), Some(0), None).expect("an id is left");
        let id = update.id;
        RoleNames::<T>::insert(id, roles(MAX_ROLES));
        Pallet::<T>::put_first_description(&mut update, Some(description()));
        update.store();
        Self { owner, id, kind, visibility }
    }

    /// Creates a container with `sets` data sets. Confidential ones have keys. All roles have
    /// access to them, but not the access `wanted`.
    pub fn new(sets: u32, kind: Kind, visibility: Visibility, wanted: Access) -> Self {
        let world = Self::empty(kind, visibility);
        (0..sets).for_each(|n| world.add_data_set(n, visibility, others(wanted)));
        world
    }

    /// Creates such a container with the maximum number of data sets.
    pub fn full(kind: Kind, visibility: Visibility, wanted: Access) -> Self {
        Self::new(MAX_DATA_SETS, kind, visibility, wanted)
    }

    /// Adds a data set to which all roles have `access`.
    pub fn add_data_set(&self, n: u32, visibility: Visibility, access: Access) {
        let mut update = Update::<T>::load(&self.owner, self.id).expect("it exists");
        let new = NewDataSet {
            name: name(n),
            kind: self.kind,
            visibility,
            write_once: false,
            schema: schema_hash(n),
            document: H256::zero(),
            permissions: permissions(MAX_ROLES, access),
        };
        let mut data_set = Pallet::<T>::new_data_set(&mut update, new).expect("there is room");
        if visibility == Visibility::Confidential {
            data_set.key = Some(EpochKey {
                epoch: EPOCH,
                suite: SUITE,
                segment: SEGMENT,
                valid_until: Moment::MAX,
            });
            let epoch = Epoch {
                suite: SUITE,
                segment: SEGMENT,
                public: public(),
                previous: Some(sealed()),
            };
            Epochs::<T>::insert((self.id, data_set.id, EPOCH), epoch);
        }
        DataSets::<T>::insert(self.id, name(n), data_set);
        update.store();
    }

    /// Returns the origin of a call that the owner signs.
    pub fn origin(&self) -> RawOrigin<T::AccountId> {
        RawOrigin::Signed(self.owner.clone())
    }

    pub fn data_set(&self, n: u32) -> DataSetOf<T> {
        DataSets::<T>::get(self.id, name(n)).expect("it exists")
    }

    pub fn change(&self, n: u32, change: impl FnOnce(&mut DataSetOf<T>)) {
        let mut data_set = self.data_set(n);
        change(&mut data_set);
        DataSets::<T>::insert(self.id, name(n), data_set);
    }

    /// Sets the permissions of all data sets of a full container.
    pub fn permit(&self, permissions: Permissions) {
        for n in 0..MAX_DATA_SETS {
            self.change(n, |data_set| data_set.permissions = permissions.clone());
        }
    }

    pub fn container(&self) -> Container<T::AccountId, BlockNumberFor<T>> {
        Containers::<T>::get(self.id).expect("it exists")
    }

    /// Returns an account with all roles and all grants. For a change of the last data set, only
    /// the last grant gives access.
    pub fn writer(&self) -> T::AccountId {
        let who = account("writer", 0, 0);
        self.give(&who, rights(Some(Moment::MAX)));
        who
    }

    pub fn give(&self, who: &T::AccountId, rights: Rights) {
        for role in &rights.roles {
            RoleHolders::<T>::mutate(self.id, role, |count| *count = Some(count.unwrap_or(0) + 1));
        }
        Pallet::<T>::put_rights(self.id, who, rights);
    }

    /// Sets an entry to a value of `bytes` bytes.
    pub fn set(&self, n: u32, bytes: u32) {
        let value = Value::truncate_from(texts::digits(bytes));
        let value = match self.data_set(n).visibility {
            Visibility::Public => StoredValue::Public(value),
            Visibility::Confidential => sealed_value(value),
        };
        let (author, block, time) = (self.owner.clone(), 0u32.into(), 0);
        let short = match ShortValue::try_from(value) {
            Ok(value) => Some(Entry { author, block, time, value }),
            Err(value) => {
                let entry = Entry { author, block, time, value };
                LongEntries::<T>::insert(self.id, set_id(n), entry);
                None
            },
        };
        self.change(n, |data_set| {
            data_set.value = short;
            data_set.count = 1;
            data_set.revision = 1;
        });
    }

    /// Appends the largest batch to a list.
    pub fn append(&self, n: u32) {
        let bytes = MAX_PAYLOAD / MAX_ITEMS;
        let value = || Value::truncate_from(texts::digits(bytes));
        let item = || match self.visibility {
            Visibility::Public => StoredValue::Public(value()),
            Visibility::Confidential => sealed_value(value()),
        };
        let items: Vec<_> = (0..MAX_ITEMS).map(|_| Some(item())).collect();
        self.change(n, |data_set| {
            let batch = (self.id, data_set.id, data_set.batches);
            let items = BoundedVec::truncate_from(items);
            let stored = Batch { author: self.owner.clone(), block: 0u32.into(), time: 0, items };
            Batches::<T>::insert(batch, stored);
            data_set.batches += 1;
            data_set.count += MAX_ITEMS;
            data_set.revision += 1;
        });
    }

    /// Gives an account a key, and envelopes with the current seeds of all data sets.
    pub fn disclose(&self, who: &T::AccountId) {
        set_key::<T>(who);
        for n in 0..u32::from(self.container().data_sets) {
            let envelope = Envelope {
                epoch: EPOCH,
                key_version: VERSION,
                oldest_key_version: VERSION,
                sealed: sealed(),
            };
            Envelopes::<T>::insert((self.id, set_id(n), SEGMENT, who), envelope);
        }
    }

    /// Offers the container to an account, with the latest possible deadline.
    pub fn offer(&self, to: &T::AccountId) {
        let mut container = self.container();
        container.offer = Some(Offer { id: 0, to: to.clone(), deadline: Moment::MAX });
        container.offers = 1;
        Containers::<T>::insert(self.id, container);
        OffersTo::<T>::insert(to, self.id, ());
    }
}

/// Returns the access that roles can have, without `wanted`.
pub(super) fn others(wanted: Access) -> Access {
    Access::ALL.without(Access::READ | wanted)
}

pub(super) fn name(n: u32) -> Name {
    Name::try_from(texts::name(n)).expect("it is a name")
}

/// Returns the name of the last data set.
pub(super) fn last_name() -> Vec<u8> {
    texts::name(LAST)
}

/// The number of the last data set.
pub(super) const LAST: u32 = MAX_DATA_SETS - 1;

pub(super) fn set_id(n: u32) -> DataSetId {
    DataSetId::try_from(n).expect("it is small")
}

/// Returns `count` roles.
pub(super) fn roles(count: u32) -> Roles {
    let role = |n: u32| Role { id: n.try_into().expect("it is small"), name: name(n) };
    Roles::truncate_from((0..count).map(role).collect())
}

/// Returns the permissions of `count` roles on a data set.
pub(super) fn permissions(count: u32, access: Access) -> Permissions {
    let entry = |role: u32| RoleAccess { role: role.try_into().expect("it is small"), access };
    Permissions::truncate_from((0..count).map(entry).collect())
}

/// Returns all roles, and grants of all access to every data set until `until`.
pub(super) fn rights(until: Option<Moment>) -> Rights {
    let roles = (0..MAX_HELD_ROLES).map(|role| role.try_into().expect("it is small"));
    let grant = |n| {
        let mut grant = Grant::none(set_id(n));
        grant.give(Access::ALL, Until::from_call(until));
        grant
    };
    Rights {
        roles: BoundedVec::truncate_from(roles.collect()),
        grants: BoundedVec::truncate_from((0..MAX_GRANTS).map(grant).collect()),
    }
}

/// Returns all roles, and grants of all access to every data set. The first `count` grants have
/// ended.
pub(super) fn rights_of_which_ended(count: u32) -> Rights {
    let mut rights = rights(None);
    let ended = rights.grants.iter_mut().take(count as usize);
    ended.for_each(|grant| grant.give(Access::ALL, Until::Moment(0)));
    rights
}

/// Returns the maximum number of grants, none of which is on an existing data set, and no roles.
pub(super) fn useless_rights() -> Rights {
    let mut rights = rights(None);
    rights.roles.clear();
    rights.grants.iter_mut().for_each(|grant| grant.data_set += set_id(MAX_DATA_SETS));
    rights
}

/// Returns the longest description.
pub(super) fn description() -> Description {
    texts::digits(MAX_DESCRIPTION).try_into().expect("it is JSON")
}

/// Returns `access` to each of the first `count` data sets.
pub(super) fn accesses(count: u32, access: Access) -> Vec<DataSetAccess> {
    (0..count).map(|n| DataSetAccess { data_set: texts::name(n), access }).collect()
}

/// Returns a value of `bytes` bytes for each of these data sets, which have none.
pub(super) fn new_values(data_sets: Range<u32>, bytes: u32) -> Vec<NewValue> {
    let new = |n| NewValue {
        data_set: texts::name(n),
        value: texts::value(bytes),
        expected_revision: Some(0),
    };
    data_sets.map(new).collect()
}
