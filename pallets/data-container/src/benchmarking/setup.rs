// SPDX-License-Identifier: Apache-2.0

//! Plugins, containers and rights that are as full as they can be.

use super::texts;
use crate::{
    ops::{NewDataSet, Update},
    pallet::*,
    types::*,
};
use alloc::vec::Vec;
use core::ops::Range;
use data_schema::Schema;
use frame_benchmarking::v2::account;
use frame_support::BoundedVec;
use frame_system::pallet_prelude::BlockNumberFor;
use sp_core::{H256, U256};
use twinchain_primitives::{
    Access, ContainerId, DataSetId, Description, Moment, Name, PluginId, PublicKey, SealedSeed,
    SharedEnvelope, MAX_DESCRIPTION,
};

/// A public key that keeps a secret.
pub(super) const PUBLIC: [u8; 32] = [9; 32];
/// Another one, that was never used.
pub(super) const NEW_PUBLIC: [u8; 32] = [8; 32];
/// A sealed seed: the chain cannot tell it from another.
pub(super) const SEALED: [u8; 80] = [7; 80];
/// The epoch of all keys of data sets.
pub(super) const EPOCH: u32 = 7;
/// The segment of all epochs.
pub(super) const SEGMENT: u8 = 2;
/// The version of all keys of accounts.
pub(super) const VERSION: u32 = 3;

/// A container, and what is done with it.
pub(super) struct World<T: Config> {
    pub owner: T::AccountId,
    pub id: ContainerId,
    kind: Kind,
    visibility: Visibility,
}

impl<T: Config> World<T> {
    /// A container without data sets. It has all roles and the longest description.
    pub fn empty(kind: Kind, visibility: Visibility) -> Self {
        let owner: T::AccountId = account("owner", 0, 0);
        let mut update = Update::<T>::create(owner.clone(), Some(0), None).expect("there are ids");
        let id = update.id;
        RoleNames::<T>::insert(id, roles(MAX_ROLES));
        Pallet::<T>::put_first_description(&mut update, Some(description()));
        update.store();
        Self { owner, id, kind, visibility }
    }

    /// A container of so many data sets, of which confidential ones have keys. All roles may do
    /// something with them, which is not `wanted`.
    pub fn new(sets: u32, kind: Kind, visibility: Visibility, wanted: Access) -> Self {
        let world = Self::empty(kind, visibility);
        (0..sets).for_each(|n| world.add_data_set(n, visibility, others(wanted)));
        world
    }

    /// The same, with as many data sets as there can be.
    pub fn full(kind: Kind, visibility: Visibility, wanted: Access) -> Self {
        Self::new(MAX_DATA_SETS, kind, visibility, wanted)
    }

    /// Adds a data set that roles may have `access` to.
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

    pub fn data_set(&self, n: u32) -> DataSetOf<T> {
        DataSets::<T>::get(self.id, name(n)).expect("it exists")
    }

    pub fn change(&self, n: u32, change: impl FnOnce(&mut DataSetOf<T>)) {
        let mut data_set = self.data_set(n);
        change(&mut data_set);
        DataSets::<T>::insert(self.id, name(n), data_set);
    }

    pub fn container(&self) -> Container<T::AccountId, BlockNumberFor<T>> {
        Containers::<T>::get(self.id).expect("it exists")
    }

    /// An account with all roles and all grants, of which only that of the last data set gives
    /// anything to whoever wants to change that.
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

    /// Puts a value of so many bytes into an entry.
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

    /// Adds the largest batch to a list.
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

    /// Gives an account a key, and the current seeds of all data sets.
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

    /// Puts the container on offer to an account, for ever.
    pub fn offer(&self, to: &T::AccountId) {
        let mut container = self.container();
        container.offer = Some(Offer { id: 0, to: to.clone(), deadline: Moment::MAX });
        container.offers = 1;
        Containers::<T>::insert(self.id, container);
        OffersTo::<T>::insert(to, self.id, ());
    }
}

/// [`PUBLIC`], as it is stored.
pub(super) fn public() -> PublicKey {
    PublicKey::truncate_from(PUBLIC.to_vec())
}

/// [`SEALED`], as it is stored.
pub(super) fn sealed() -> SealedSeed {
    SealedSeed::truncate_from(SEALED.to_vec())
}

fn sealed_value(ciphertext: Value) -> StoredValue {
    let ciphertext = Ciphertext::truncate_from(ciphertext.into_inner());
    StoredValue::Sealed { suite: SUITE, epoch: EPOCH, ciphertext }
}

/// What is not wanted of what roles can have.
pub(super) fn others(wanted: Access) -> Access {
    Access::ALL.without(Access::READ | wanted)
}

pub(super) fn name(n: u32) -> Name {
    Name::try_from(texts::name(n)).expect("it is a name")
}

/// The name of the last data set.
pub(super) fn last_name() -> Vec<u8> {
    texts::name(LAST)
}

/// The last data set.
pub(super) const LAST: u32 = MAX_DATA_SETS - 1;

pub(super) fn set_id(n: u32) -> DataSetId {
    DataSetId::try_from(n).expect("there are few")
}

/// The key of a schema: every data set has one of its own.
pub(super) fn schema_hash(n: u32) -> H256 {
    H256(U256::from(n + 1).to_big_endian())
}

/// The schemas of so many data sets.
pub(super) fn put_schemas<T: Config>(sets: u32, schema: Schema) {
    let whole = Span { offset: 0, length: 0 };
    let schema =
        CompiledSchema { program: schema, document: H256::zero(), root: whole, place: Some(0) };
    (0..sets).for_each(|n| Schemas::<T>::insert(schema_hash(n), schema.clone()));
}

/// This many roles.
pub(super) fn roles(count: u32) -> Roles {
    let role = |n: u32| Role { id: n.try_into().expect("there are few"), name: name(n) };
    Roles::truncate_from((0..count).map(role).collect())
}

/// What so many roles may do with a data set.
pub(super) fn permissions(count: u32, access: Access) -> Permissions {
    let entry = |role: u32| RoleAccess { role: role.try_into().expect("there are few"), access };
    Permissions::truncate_from((0..count).map(entry).collect())
}

/// All roles, and everything on every data set until some time.
pub(super) fn rights(until: Option<Moment>) -> Rights {
    let roles = (0..MAX_HELD_ROLES).map(|role| role.try_into().expect("there are few"));
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

/// No role, and as many grants as there can be, none of which is on a data set.
pub(super) fn useless_rights() -> Rights {
    let mut rights = rights(None);
    rights.roles.clear();
    rights.grants.iter_mut().for_each(|grant| grant.data_set += set_id(MAX_DATA_SETS));
    rights
}

/// The longest description.
pub(super) fn description() -> Description {
    texts::digits(MAX_DESCRIPTION).try_into().expect("it is a JSON text")
}

/// Gives an account an encryption key, long ago.
pub(super) fn set_key<T: Config>(who: &T::AccountId) {
    let key = AccountKey { suite: SUITE, public: public() };
    KeyVersions::<T>::insert(who, VERSION, &key);
    let newest = EncryptionKey { version: VERSION, key, since: 0u32.into(), leaked: None };
    EncryptionKeys::<T>::insert(who, newest);
}

/// The current seeds of these data sets.
pub(super) fn envelopes(data_sets: Range<u32>) -> Vec<SharedEnvelope> {
    let envelope = |n| SharedEnvelope {
        data_set: texts::name(n),
        epoch: EPOCH,
        key_version: VERSION,
        envelope: SEALED.to_vec(),
    };
    data_sets.map(envelope).collect()
}

/// The seed for one reader.
pub(super) fn reader_envelope<T: Config>(reader: T::AccountId) -> ReaderEnvelope<T::AccountId> {
    ReaderEnvelope { reader, key_version: VERSION, envelope: SEALED.to_vec() }
}

/// Gives the key of an account as many holders as there can be, and returns these.
pub(super) fn holders<T: Config>(who: &T::AccountId) -> Vec<T::AccountId> {
    let holders: Vec<T::AccountId> =
        (0..MAX_KEY_HOLDERS).map(|n| account("holder", n, 0)).collect();
    holders.iter().for_each(set_key::<T>);
    let envelope = |holder: &T::AccountId| AccountEnvelope {
        holder: KeyHolder::Account(holder.clone(), VERSION),
        sealed: sealed(),
    };
    let envelopes = holders.iter().map(envelope).collect();
    AccountKeyEnvelopes::<T>::insert(who, VERSION, BoundedVec::truncate_from(envelopes));
    holders
}

/// Access to the first so many data sets.
pub(super) fn accesses(count: u32, access: Access) -> Vec<DataSetAccess> {
    (0..count).map(|n| DataSetAccess { data_set: texts::name(n), access }).collect()
}

/// A plugin of these data sets, with all roles, and a document.
pub(super) fn plugin<T: Config>(
    publisher: &T::AccountId,
    data_sets: Vec<Definition>,
    document: Vec<u8>,
) -> PluginId {
    let id = NextPluginId::<T>::get();
    let hash = H256(U256::from(id).to_big_endian());
    let plugin = Plugin {
        publisher: publisher.clone(),
        name: name(0),
        document: hash,
        replaces: Some(0),
        retired: false,
        description: None,
        data_sets: BoundedVec::truncate_from(data_sets),
        roles: roles(MAX_ROLES),
    };
    Plugins::<T>::insert(id, plugin);
    Documents::<T>::insert(hash, BoundedVec::truncate_from(document));
    NextPluginId::<T>::put(id + 1);
    id
}

/// A data set of a plugin, with permissions for all roles.
pub(super) fn definition(n: u32, kind: Kind, default: Option<Span>) -> Definition {
    Definition {
        name: name(n),
        kind,
        visibility: Visibility::Public,
        write_once: false,
        schema: schema_hash(n),
        default,
        permissions: permissions(MAX_ROLES, Access::WRITE),
    }
}

/// The longest plugin, so that reading it takes as long as it can.
pub(super) fn full_plugin<T: Config>(publisher: &T::AccountId) -> PluginId {
    let span = Span { offset: 0, length: 1 };
    let sets = (0..MAX_DATA_SETS).map(|n| definition(n, Kind::Entry, Some(span))).collect();
    plugin::<T>(publisher, sets, Vec::new())
}

/// The shortest sealed value, in bytes.
pub(super) const SHORTEST_SEALED: u32 = 48 + SEAL_BLOCK;

/// The length of sealed values of so many bytes together, and how long each is.
pub(super) fn sealed_lengths(count: u32, bytes: u32) -> Vec<u32> {
    let least = SHORTEST_SEALED;
    let most = (MAX_SEALED_VALUE - least) / SEAL_BLOCK;
    let blocks = bytes.saturating_sub(count * least) / SEAL_BLOCK;
    let share = |n: u32| (blocks / count + u32::from(n < blocks % count)).min(most);
    (0..count).map(|n| least + share(n) * SEAL_BLOCK).collect()
}
