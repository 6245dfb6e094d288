// SPDX-License-Identifier: Apache-2.0

//! The invariants of the pallet's storage. Checked after every test, and by try-runtime on a live
//! chain's state.

#![cfg(any(feature = "try-runtime", feature = "std"))]

use crate::{
    document,
    ops::{schema_key, slice_of_span},
    pallet::*,
    suite::{is_sealed_length, parse_public_key, parse_sealed_seed, suite_of_length},
    types::*,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use data_schema::json::{self, Limits};
use frame_support::{ensure, traits::Time};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_core::H256;
use sp_io::hashing::blake2_256;
use sp_runtime::{SaturatedConversion, TryRuntimeError};
use twinchain_primitives::{
    Access, ContainerId, DataSetId, Description, History, Moment, Name, RoleId,
};

type Sets<T> = BTreeMap<(ContainerId, DataSetId), (Name, DataSetOf<T>)>;

/// Returns `true` if the ids and the names of the roles are unique, and the ids are below their
/// limit.
fn are_roles(roles: &Roles) -> bool {
    let ids: BTreeSet<_> = roles.iter().map(|role| role.id).collect();
    let names: BTreeSet<_> = roles.iter().map(|role| &role.name).collect();
    let small = ids.iter().all(|id| u32::from(*id) < MAX_ROLES);
    small && ids.len() == roles.len() && names.len() == roles.len()
}

/// Returns `true` if all permissions are for one of these roles.
fn all_known(permissions: &Permissions, roles: &Roles) -> bool {
    let known = |entry: &RoleAccess| roles.iter().any(|role| role.id == entry.role);
    permissions.iter().all(known)
}

impl<T: Config> Pallet<T> {
    /// Checks every invariant of the pallet. The work grows with the state, so never call it in a
    /// block.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::check_documents()?;
        Self::check_schemas()?;
        Self::check_plugins()?;
        let sets = Self::check_data_sets()?;
        Self::check_containers(&sets)?;
        Self::check_entries(&sets)?;
        Self::check_batches(&sets)?;
        Self::check_owners()?;
        Self::check_plugin_indices()?;
        Self::check_rights(&sets)?;
        Self::check_roles(&sets)?;
        Self::check_offers()?;
        Self::check_epochs(&sets)?;
        Self::check_envelopes(&sets)?;
        Self::check_sealing_ends(&sets)?;
        Self::check_seeds_left(&sets)?;
        Self::check_encryption_keys()?;
        Self::check_account_envelopes()
    }

    /// Fails unless each document is stored under its hash.
    fn check_documents() -> Result<(), TryRuntimeError> {
        for (hash, document) in Documents::<T>::iter() {
            ensure!(hash.0 == blake2_256(&document), "a document is stored under a wrong hash");
        }
        Ok(())
    }

    /// Fails unless each schema is the result of compiling its source, and is stored under the key
    /// of that source.
    fn check_schemas() -> Result<(), TryRuntimeError> {
        for (key, schema) in Schemas::<T>::iter() {
            let document =
                Documents::<T>::get(schema.document).ok_or("a schema has no document")?;
            let root = slice_of_span(&document, schema.root)
                .ok_or("a schema has no source in its document")?;
            let compiled = document::schema_source(root.text, schema.place).compile(&mut 0);
            let is_same = compiled.is_ok_and(|compiled| compiled == schema.program);
            ensure!(is_same, "a schema differs from its compiled source");
            let own = schema_key(root.text, schema.place, &schema.program);
            ensure!(key == own, "a schema is stored under a wrong key");
        }
        Ok(())
    }

    /// Fails unless each plugin has an assigned id, a document, schemas, and only permissions of
    /// its own roles.
    fn check_plugins() -> Result<(), TryRuntimeError> {
        let next = NextPluginId::<T>::get();
        for (id, plugin) in Plugins::<T>::iter() {
            ensure!(id < next, "a plugin has an unassigned id");
            let published = PluginsOfPublisher::<T>::contains_key(&plugin.publisher, id);
            ensure!(published, "a plugin is not in the index of its publisher");
            let named = PluginsOfName::<T>::contains_key(&plugin.name, id);
            ensure!(named, "a plugin is not in the index of its name");
            let follows = |old| SuccessorsOf::<T>::contains_key(old, id);
            ensure!(
                plugin.replaces.is_none_or(follows),
                "a plugin is not in the index of its predecessor"
            );
            ensure!(are_roles(&plugin.roles), "a plugin has a duplicate role");
            ensure!(plugin.replaces.is_none_or(|old| old < id), "a plugin replaces a later one");
            let document =
                Documents::<T>::get(plugin.document).ok_or("a plugin has no document")?;
            if let Some(span) = plugin.description {
                let described = slice_of_span(&document, span)
                    .is_some_and(|raw| Description::try_from(raw.text.to_vec()).is_ok());
                ensure!(described, "a description is not a value in its document");
            }
            for definition in plugin.data_sets {
                ensure!(Schemas::<T>::contains_key(definition.schema), "a plugin has no schema");
                let permissions = &definition.permissions;
                ensure!(
                    all_known(permissions, &plugin.roles),
                    "a plugin permits access to an unknown role"
                );
                if let Some(span) = definition.default {
                    let limits = Limits { bytes: MAX_PAYLOAD, ..Limits::default() };
                    let whole = slice_of_span(&document, span)
                        .is_some_and(|raw| json::check(raw.text, limits).is_ok());
                    ensure!(whole, "a default is not a value in its document");
                    ensure!(
                        definition.visibility == Visibility::Public,
                        "a confidential data set has a default"
                    );
                }
            }
        }
        Ok(())
    }

    /// Fails unless the indices of plugins match the plugins.
    fn check_plugin_indices() -> Result<(), TryRuntimeError> {
        for (publisher, id, ()) in PluginsOfPublisher::<T>::iter() {
            let published = Plugins::<T>::get(id).is_some_and(|found| found.publisher == publisher);
            ensure!(published, "a plugin is in the index of another publisher");
        }
        for (name, id, ()) in PluginsOfName::<T>::iter() {
            let named = Plugins::<T>::get(id).is_some_and(|plugin| plugin.name == name);
            ensure!(named, "a plugin is in the index of another name");
        }
        for (old, id, ()) in SuccessorsOf::<T>::iter() {
            let follows = Plugins::<T>::get(id).is_some_and(|plugin| plugin.replaces == Some(old));
            ensure!(follows, "a plugin is in the index of one that it does not replace");
        }
        for (plugin, id, ()) in InstancesOf::<T>::iter() {
            let made = Containers::<T>::get(id).is_some_and(|found| found.plugin == Some(plugin));
            ensure!(made, "a container is in the index of a plugin of which it is not an instance");
        }
        Ok(())
    }

    /// Fails unless each data set has a container, a schema, a document and a unique id. Returns
    /// the data sets.
    fn check_data_sets() -> Result<Sets<T>, TryRuntimeError> {
        let mut sets = BTreeMap::new();
        let now = frame_system::Pallet::<T>::block_number();
        for (container, name, set) in DataSets::<T>::iter() {
            ensure!(Containers::<T>::contains_key(container), "a data set has no container");
            ensure!(Schemas::<T>::contains_key(set.schema), "a data set has no schema");
            ensure!(Documents::<T>::contains_key(set.document), "a data set has no document");
            ensure!(set.changed <= now, "a data set was changed in the future");
            ensure!(set.kind == Kind::List || set.batches == 0, "an entry has batches");
            ensure!(set.kind == Kind::List || set.count <= 1, "an entry has several values");
            let first = crate::operation::initial_head(
                &frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::from(0u32)),
                container,
                set.id,
            );
            ensure!(
                (set.revision == 0) == (set.head == first),
                "a data set's head and revision do not match"
            );
            ensure!(set.revision >= set.batches, "a list has more batches than changes");
            ensure!(set.revision > 0 || set.count == 0, "a data set without changes has data");
            ensure!(set.revision > 0 || set.is_active(), "a data set without changes is retired");
            let once = set.kind == Kind::Entry && set.write_once && set.is_active();
            ensure!(!once || set.revision <= 1, "an entry was written more than once");
            let wrong = |entry: &RoleAccess| {
                !entry.access.is_valid() || entry.access.intersects(Access::READ)
            };
            ensure!(!set.permissions.iter().any(wrong), "a permission has invalid access");
            let once: BTreeSet<_> = set.permissions.iter().map(|entry| entry.role).collect();
            ensure!(
                once.len() == set.permissions.len(),
                "a data set has two permissions for one role"
            );
            let id = (container, set.id);
            ensure!(sets.insert(id, (name, set)).is_none(), "two data sets have the same id");
        }
        Ok(sets)
    }

    /// Fails unless each container has an assigned id, counts its data sets, and is in its owner's
    /// index.
    fn check_containers(sets: &Sets<T>) -> Result<(), TryRuntimeError> {
        let next = NextContainerId::<T>::get();
        for (id, container) in Containers::<T>::iter() {
            ensure!(id < next, "a container has an unassigned id");
            let listed = |plugin| InstancesOf::<T>::contains_key(plugin, id);
            ensure!(
                container.plugin.is_none_or(listed),
                "an instance is not in the index of its plugin"
            );
            ensure!(
                container.cloned_from.is_none_or(|source| source < id),
                "a clone is older than its source"
            );
            let History { revision, changed, .. } = container.history;
            let now = frame_system::Pallet::<T>::block_number();
            ensure!(revision > 0 && changed <= now, "a container has a wrong history");
            let own: Vec<_> = sets.range((id, 0)..=(id, DataSetId::MAX)).collect();
            let ids = own.iter().map(|((_, data_set), _)| *data_set);
            ensure!(ids.eq(0..container.data_sets), "a container miscounts its data sets");
            let confidential = own.iter().filter(|(_, (_, set))| {
                set.visibility == Visibility::Confidential && set.is_active()
            });
            ensure!(
                confidential.count() == usize::from(container.confidential),
                "a container miscounts its confidential data sets"
            );
            ensure!(
                ContainersOfOwner::<T>::contains_key(&container.owner, id),
                "a container is not in the index of its owner"
            );
            ensure!(
                container.plugin.is_none_or(Plugins::<T>::contains_key),
                "the plugin of a container does not exist"
            );
            ensure!(
                container.offer.is_none_or(|offer| offer.id < container.offers),
                "an offer has an unassigned id"
            );
        }
        for id in Descriptions::<T>::iter_keys().chain(RoleNames::<T>::iter_keys()) {
            ensure!(Containers::<T>::contains_key(id), "a description or a role has no container");
        }
        Ok(())
    }

    /// Fails unless each value belongs to an entry that counts it, and matches the schema.
    fn check_entries(sets: &Sets<T>) -> Result<(), TryRuntimeError> {
        let mut values = 0u64;
        let short = sets.iter().filter_map(|((container, data_set), (_, set))| {
            Some((*container, *data_set, set.value.clone()?.into()))
        });
        for (container, data_set, entry) in LongEntries::<T>::iter() {
            let (_, set) = sets.get(&(container, data_set)).ok_or("a value has no data set")?;
            let long = entry.value.bytes().len() > MAX_SHORT_VALUE.saturated_into();
            ensure!(
                set.value.is_none() && long,
                "a short value is not in the record of its data set"
            );
        }
        for (container, data_set, entry) in LongEntries::<T>::iter().chain(short) {
            let (_, set) = sets.get(&(container, data_set)).ok_or("a value has no data set")?;
            ensure!(set.kind == Kind::Entry && set.count == 1, "an entry miscounts its value");
            ensure!(entry.block <= set.changed, "an entry was written in the future");
            Self::check_stored(set, &entry.value)?;
            values = values.saturating_add(1);
        }
        let counted = sets.values().filter(|(_, set)| set.kind == Kind::Entry && set.count == 1);
        ensure!(u64::try_from(counted.count()) == Ok(values), "an entry has no value");
        Ok(())
    }

    /// Fails unless each batch belongs to a list that counts it and its live items, and these match
    /// the schema.
    fn check_batches(sets: &Sets<T>) -> Result<(), TryRuntimeError> {
        let mut counts: BTreeMap<(ContainerId, DataSetId), (u32, u32)> = BTreeMap::new();
        for ((container, data_set, batch), stored) in Batches::<T>::iter() {
            let id = (container, data_set);
            let (_, set) = sets.get(&id).ok_or("a batch has no data set")?;
            ensure!(set.kind == Kind::List && batch < set.batches, "a batch has a wrong number");
            let (batches, live) = counts.entry(id).or_default();
            *batches = batches.saturating_add(1);
            ensure!(stored.block <= set.changed, "a batch was appended in the future");
            for item in stored.items.iter().flatten() {
                Self::check_stored(set, item)?;
                *live = live.saturating_add(1);
            }
        }
        for (id, (_, set)) in sets.iter().filter(|(_, (_, set))| set.kind == Kind::List) {
            let found = counts.get(id).copied().unwrap_or_default();
            ensure!(found == (set.batches, set.count), "a list miscounts its items");
        }
        Ok(())
    }

    fn check_stored(set: &DataSetOf<T>, value: &StoredValue) -> Result<(), TryRuntimeError> {
        let schema = Schemas::<T>::get(set.schema).ok_or("a data set has no schema")?.program;
        match value {
            StoredValue::Public(value) => {
                ensure!(
                    set.visibility == Visibility::Public,
                    "a confidential value is stored in clear"
                );
                ensure!(schema.check(value).is_ok(), "a stored value does not match its schema");
            },
            StoredValue::Sealed { suite, epoch, ciphertext } => {
                ensure!(set.visibility == Visibility::Confidential, "a public value is sealed");
                let known = set.key.is_some_and(|key| (1..=key.epoch).contains(epoch));
                ensure!(known, "a value is sealed for an unknown epoch");
                ensure!(
                    is_sealed_length(*suite, ciphertext.len()),
                    "a sealed value has a wrong length"
                );
            },
        }
        Ok(())
    }

    /// Fails unless each entry of the owners' index is a container of that owner.
    fn check_owners() -> Result<(), TryRuntimeError> {
        for (owner, id, ()) in ContainersOfOwner::<T>::iter() {
            let container =
                Containers::<T>::get(id).ok_or("an owner's index names an unknown container")?;
            ensure!(container.owner == owner, "a container is in the index of another owner");
        }
        Ok(())
    }

    /// Fails unless rights belong to a container, are not empty, and name existing roles and data
    /// sets.
    fn check_rights(sets: &Sets<T>) -> Result<(), TryRuntimeError> {
        for (account, container, ()) in ContainersSharedWith::<T>::iter() {
            let rights = AccountRights::<T>::contains_key(container, &account);
            ensure!(rights, "an account without rights is in the index");
        }
        for (container, account, rights) in AccountRights::<T>::iter() {
            let listed = ContainersSharedWith::<T>::contains_key(&account, container);
            ensure!(listed, "an account with rights is not in the index");
            ensure!(Containers::<T>::contains_key(container), "rights have no container");
            ensure!(
                !rights.roles.is_empty() || !rights.grants.is_empty(),
                "an account has empty rights"
            );
            let roles = RoleNames::<T>::get(container);
            let known = |held: &RoleId| roles.iter().any(|role| role.id == *held);
            ensure!(rights.roles.iter().all(known), "an account holds an unknown role");
            let about = |grant: &Grant| sets.contains_key(&(container, grant.data_set));
            ensure!(
                rights.grants.iter().all(about),
                "an account has a grant on an unknown data set"
            );
            for grant in &rights.grants {
                let public = sets.get(&(container, grant.data_set)).is_some_and(|(_, set)| {
                    set.visibility == Visibility::Public && grant.read.is_some()
                });
                let nothing = grant.access().is_empty();
                ensure!(!nothing && !public, "an account has an empty grant");
            }
            let roles: BTreeSet<_> = rights.roles.iter().collect();
            ensure!(roles.len() == rights.roles.len(), "an account holds a role twice");
            let granted: BTreeSet<_> = rights.grants.iter().map(|grant| grant.data_set).collect();
            ensure!(
                granted.len() == rights.grants.len(),
                "an account has two grants on a data set"
            );
        }
        Ok(())
    }

    /// Fails unless roles have unique ids and names, permissions are of existing roles, and the
    /// numbers of holders are correct.
    fn check_roles(sets: &Sets<T>) -> Result<(), TryRuntimeError> {
        for (container, roles) in RoleNames::<T>::iter() {
            ensure!(Containers::<T>::contains_key(container), "roles have no container");
            ensure!(are_roles(&roles), "a container has a duplicate role");
        }
        for ((container, _), (_, set)) in sets {
            let roles = RoleNames::<T>::get(container);
            ensure!(
                all_known(&set.permissions, &roles),
                "a data set has a permission for an unknown role"
            );
        }
        let mut holders: BTreeMap<(ContainerId, RoleId), u32> = BTreeMap::new();
        for (container, _, rights) in AccountRights::<T>::iter() {
            for role in rights.roles {
                let count = holders.entry((container, role)).or_default();
                *count = count.saturating_add(1);
            }
        }
        let counted: BTreeMap<_, _> =
            RoleHolders::<T>::iter().map(|(id, role, count)| ((id, role), count)).collect();
        ensure!(counted == holders, "a container miscounts the holders of a role");
        Ok(())
    }

    /// Fails unless the offerees' index contains exactly the current offers.
    fn check_offers() -> Result<(), TryRuntimeError> {
        let mut open = 0usize;
        for (id, container) in Containers::<T>::iter() {
            if let Some(offer) = container.offer {
                ensure!(offer.to != container.owner, "a container is offered to its owner");
                ensure!(OffersTo::<T>::contains_key(offer.to, id), "an offer is not in the index");
                open = open.saturating_add(1);
            } else {
                ensure!(
                    !OfferedWith::<T>::contains_key(id),
                    "a container with a twin's offer is not on offer"
                );
            }
        }
        ensure!(
            OffersTo::<T>::iter().count() == open,
            "the index has an offer that does not exist"
        );
        let known = |id| Containers::<T>::contains_key(id);
        ensure!(OfferedWith::<T>::iter_keys().all(known), "a twin offers an unknown container");
        Ok(())
    }

    /// Fails unless each key is that of its epoch, all epochs up to it exist (a purge lowers the
    /// key's epoch), and the segments have no gaps.
    fn check_epochs(sets: &Sets<T>) -> Result<(), TryRuntimeError> {
        for ((container, data_set, number), epoch) in Epochs::<T>::iter() {
            let (_, set) = sets.get(&(container, data_set)).ok_or("an epoch has no data set")?;
            let key = set.key.ok_or("an epoch belongs to a data set without a key")?;
            ensure!((1..=key.epoch).contains(&number), "an epoch has a wrong number");
            ensure!(
                number != key.epoch || (epoch.suite, epoch.segment) == (key.suite, key.segment),
                "an epoch does not match its key"
            );
            let valid = parse_public_key(epoch.suite, &epoch.public);
            ensure!(valid.as_ref() == Ok(&epoch.public), "an epoch has an invalid key");
            let hash = H256::from(blake2_256(&epoch.public));
            let used = UsedKeys::<T>::contains_key(None::<T::AccountId>, hash);
            ensure!(used, "the key of an epoch is not in the index of used keys");
            let before = Epochs::<T>::get((container, data_set, number.saturating_sub(1)));
            let last = before.map_or(0, |before| before.segment);
            match epoch.previous {
                None => ensure!(
                    epoch.segment == last.saturating_add(1),
                    "a cut does not start the next segment"
                ),
                Some(seed) => {
                    ensure!(epoch.segment == last, "a link leads into another segment");
                    let fits = parse_sealed_seed(epoch.suite, &seed).is_some();
                    ensure!(fits, "a link has a wrong length");
                },
            }
            ensure!(epoch.segment <= MAX_SEGMENTS, "a data set has too many segments");
        }
        for ((container, data_set), (_, set)) in sets {
            let Some(key) = set.key else { continue };
            ensure!(set.visibility == Visibility::Confidential, "a public data set has a key");
            let found = Epochs::<T>::iter_key_prefix((container, data_set)).count();
            ensure!(u32::try_from(found) == Ok(key.epoch), "an epoch is missing");
        }
        Ok(())
    }

    /// Fails unless each envelope is for an epoch of its segment and for a key of the reader. An
    /// envelope of the newest segment must belong to an account that may read, or could until its
    /// grant ended. No value can be sealed for an account after its READ ends.
    fn check_envelopes(sets: &Sets<T>) -> Result<(), TryRuntimeError> {
        for ((id, data_set, segment, account), envelope) in Envelopes::<T>::iter() {
            let (_, set) = sets.get(&(id, data_set)).ok_or("an envelope has no data set")?;
            let key = set.key.ok_or("an envelope belongs to a data set without a key")?;
            let epoch = Epochs::<T>::get((id, data_set, envelope.epoch));
            let known = epoch.is_some_and(|epoch| epoch.segment == segment);
            ensure!(known, "an envelope is not for an epoch of its segment");
            let Envelope { key_version, oldest_key_version, .. } = envelope;
            ensure!(
                (1..=key_version).contains(&oldest_key_version),
                "an envelope has a wrong oldest key version"
            );
            let reader = KeyVersions::<T>::get(&account, key_version)
                .ok_or("an envelope is for an unknown key")?;
            let fits = parse_sealed_seed(reader.suite, &envelope.sealed).is_some();
            ensure!(fits, "an envelope has a wrong length");
            let container = Containers::<T>::get(id).ok_or("an envelope has no container")?;
            let offered = container.offer.is_some_and(|offer| offer.to == account);
            if segment != key.segment || container.owner == account || offered {
                continue;
            }
            let grant = AccountRights::<T>::get(id, &account)
                .and_then(|rights| rights.grants.into_iter().find(|g| g.data_set == data_set))
                .and_then(|grant| grant.read)
                .ok_or("an account that may not read has an envelope")?;
            let current = envelope.epoch == key.epoch && set.is_active();
            let ends = grant.moment().unwrap_or(Moment::MAX);
            ensure!(!current || key.valid_until <= ends, "a value can be sealed after READ ends");
        }
        Ok(())
    }

    /// Fails unless exactly the keys whose sealing has an end have a stored reason for it.
    fn check_sealing_ends(sets: &Sets<T>) -> Result<(), TryRuntimeError> {
        for (id, data_set, end) in SealingEnds::<T>::iter() {
            let (_, set) = sets.get(&(id, data_set)).ok_or("an end of sealing has no data set")?;
            let key = set.key.ok_or("an end of sealing belongs to a data set without a key")?;
            let valid_until = match end.reason {
                EndReason::ReadExpires => end.since,
                EndReason::ReadTaken | EndReason::OwnerChanged | EndReason::OfferEnded => 0,
                EndReason::KeyLeaked | EndReason::ReaderLeft => {
                    return Err("an end of sealing has a wrong reason".into());
                },
            };
            ensure!(key.valid_until == valid_until, "sealing ends at a different moment");
        }
        for ((id, data_set), (_, set)) in sets {
            let ends = set.key.is_some_and(|key| key.valid_until < Moment::MAX);
            let known = SealingEnds::<T>::contains_key(id, data_set);
            ensure!(ends == known, "sealing ends without a reason");
        }
        Ok(())
    }

    /// Fails unless each data set that a reader left has a key, and the reader left before now.
    fn check_seeds_left(sets: &Sets<T>) -> Result<(), TryRuntimeError> {
        let now = T::Time::now();
        for (id, data_set, left) in SeedsLeft::<T>::iter() {
            let (_, set) = sets.get(&(id, data_set)).ok_or("a reader left an unknown data set")?;
            ensure!(set.key.is_some(), "a reader left a data set without a key");
            ensure!(left.reason == EndReason::ReaderLeft, "a reader left for a wrong reason");
            ensure!(left.since <= now, "a reader left in the future");
        }
        Ok(())
    }

    /// Fails unless the keys of each account are numbered from 1 without gaps, are valid and keep
    /// secrets.
    fn check_encryption_keys() -> Result<(), TryRuntimeError> {
        let mut versions = 0u64;
        for (account, newest) in EncryptionKeys::<T>::iter() {
            let leaked = newest.leaked.map_or(0, |leaked| leaked.up_to);
            ensure!(leaked < newest.version, "the newest key of an account leaked");
            let known = KeyVersions::<T>::get(&account, newest.version);
            ensure!(
                known.as_ref() == Some(&newest.key),
                "the newest key does not match its version"
            );
            for version in 1..=newest.version {
                let key = KeyVersions::<T>::get(&account, version).ok_or("a key is missing")?;
                let valid = parse_public_key(key.suite, &key.public);
                ensure!(valid.as_ref() == Ok(&key.public), "an account has an invalid key");
                let hash = H256::from(blake2_256(&key.public));
                let used = UsedKeys::<T>::contains_key(Some(&account), hash);
                ensure!(used, "the key of an account is not in the index of used keys");
                versions = versions.saturating_add(1);
            }
        }
        let stored = KeyVersions::<T>::iter_keys().count();
        ensure!(u64::try_from(stored) == Ok(versions), "a key has a wrong version");
        Ok(())
    }

    /// Fails unless account envelopes are for a key of the account, with at most one for each
    /// holder.
    fn check_account_envelopes() -> Result<(), TryRuntimeError> {
        for (account, version, envelopes) in AccountKeyEnvelopes::<T>::iter() {
            ensure!(!envelopes.is_empty(), "a key has an empty list of holders");
            let known = KeyVersions::<T>::contains_key(&account, version);
            ensure!(known, "an account envelope is for an unknown key");
            for (at, envelope) in envelopes.iter().enumerate() {
                let others = envelopes.iter().skip(at.saturating_add(1));
                let mut same = others.filter(|other| other.holder.is(&envelope.holder));
                ensure!(same.next().is_none(), "a holder has two envelopes of a key");
                let suite = match &envelope.holder {
                    KeyHolder::Account(holder, version) => {
                        KeyVersions::<T>::get(holder, version).map(|key| key.suite)
                    },
                    KeyHolder::Key(public) => suite_of_length(public),
                };
                let suite = suite.ok_or("a holder has no key")?;
                let fits = parse_sealed_seed(suite, &envelope.sealed).is_some();
                ensure!(fits, "an account envelope has a wrong length");
            }
        }
        Ok(())
    }
}
