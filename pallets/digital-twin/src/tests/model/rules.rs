// SPDX-License-Identifier: Apache-2.0

//! What each call on data containers does to the model, and every reason to refuse it.

use super::{samples, world::*};
use crate::mock::Test;
use std::{collections::BTreeMap, rc::Rc};
use twinchain_primitives::{ContainerId, Moment, SharedEnvelope, TwinId};

pub type ContainerCall = pallet_data_container::Call<Test>;

/// What a write brings.
#[derive(Clone, Copy)]
enum Form {
    Public,
    Sealed(u32),
    Nothing,
}

/// Which data set a write is for, and what it needs.
struct Access<'a> {
    container: ContainerId,
    data_set: &'a [u8],
    list: bool,
    wanted: u8,
    form: Form,
    expected: Option<u32>,
}

impl World {
    pub fn container(&mut self, id: ContainerId, why: &mut Reasons) -> Option<&mut Container> {
        why.need(self.containers.get_mut(&id), "ContainerNotFound").map(Rc::make_mut)
    }

    fn owned(&mut self, who: &Who, id: ContainerId, why: &mut Reasons) -> Option<&mut Container> {
        let container = self.container(id, why)?;
        why.when(container.owner != *who, "NotOwner");
        Some(container)
    }

    /// What sharing, roles and keys need: the owner, and no offer.
    fn shared(&mut self, who: &Who, id: ContainerId, why: &mut Reasons) -> Option<&mut Container> {
        let container = self.owned(who, id, why)?;
        why.when(container.offer.is_some(), "OfferPending");
        Some(container)
    }

    /// What changing definitions needs: the owner, not closed, and no offer.
    fn defined(&mut self, who: &Who, id: ContainerId, why: &mut Reasons) -> Option<&mut Container> {
        let container = self.shared(who, id, why)?;
        why.when(container.closed, "ContainerClosed");
        Some(container)
    }

    /// Makes the call, or tells why not: then the model is no longer worth anything.
    pub fn container_call(
        &mut self,
        who: &Who,
        call: &ContainerCall,
        why: &mut Reasons,
    ) -> Option<()> {
        use pallet_data_container::Call::*;
        let now = self.now;
        match call {
            publish_plugin { document } => match samples::document(document) {
                Err(error) => why.when(true, error),
                Ok(sample) => {
                    if let Some(old) = sample.replaces {
                        let old = why.need(self.plugins.get(old as usize), "PluginNotFound")?;
                        why.when(old.publisher != *who, "NotPublisher");
                    }
                    self.plugins.push(Rc::new(Plugin {
                        publisher: who.clone(),
                        retired: false,
                        description: sample.description.clone().into_bytes(),
                        data_sets: sample.data_sets.clone(),
                    }));
                },
            },
            retire_plugin { plugin } => {
                let plugin = self.plugins.get_mut(*plugin as usize);
                let plugin = why.need(plugin, "PluginNotFound").map(Rc::make_mut)?;
                why.when(plugin.publisher != *who, "NotPublisher");
                why.when(plugin.retired, "PluginRetired");
                plugin.retired = true;
            },
            create_container { description } => {
                describe(description, why);
                self.add_container(who, None, description.clone());
            },
            instantiate { plugin, description } => {
                self.instantiate(who, *plugin, description, why)?;
            },
            clone_container { container, with_values } => {
                self.clone_of(who, *container, *with_values, why)?;
            },
            set_description { container, description } => {
                describe(description, why);
                self.defined(who, *container, why)?.description.clone_from(description);
            },
            add_data_set { container, name, definition } => {
                let container = self.defined(who, *container, why)?;
                why.when(!is_name(name), "InvalidName");
                why.when(container.data_sets.contains_key(name), "DataSetExists");
                match samples::definition(definition) {
                    Err(error) => why.when(true, error),
                    Ok(sample) => add_data_set(container, name.clone(), sample, Some(who), why),
                }
            },
            retire_data_set { container, data_set } => {
                let container = self.defined(who, *container, why)?;
                let set = active(container, data_set, why)?;
                set.retired = true;
                set.revision += 1;
                set.last = Some((who.clone(), Right::Owner));
            },
            purge { container, data_set, limit } => {
                let container = self.container(*container, why)?;
                why.when(container.closed, "ContainerClosed");
                why.when(container.offer.is_some(), "OfferPending");
                let set = named(container, data_set, why)?;
                why.when(!set.retired, "NotRetired");
                let held = set.count() > 0 || !set.batches.is_empty() || set.key.is_some();
                why.when(!held, "NothingToDo");
                purged(set, (*limit).clamp(1, 64) as usize);
            },
            close_container { container } => self.defined(who, *container, why)?.closed = true,
            offer_ownership { container, to, deadline, envelopes } => {
                self.offer(who, *container, to, *deadline, None, envelopes, why)?;
            },
            accept_ownership { container, offer } => {
                let container = self.container(*container, why)?;
                let open = why.need(container.offer.clone(), "OfferNotFound")?;
                why.when(open.with.is_some(), "OfferedWithTwin");
                why.when(open.to != *who, "NotOfferee");
                why.when(open.id != *offer, "WrongOffer");
                hand_over(container, open, now, why);
            },
            cancel_offer { container } => {
                let container = self.owned(who, *container, why)?;
                let open = why.need(container.offer.take(), "OfferNotFound")?;
                container.end_disclosure(&open.to, now);
            },
            set_entry { container, data_set, value, expected_revision } => {
                self.set(who, *container, data_set, value, *expected_revision, why)?;
            },
            store { container, values } => {
                why.when(values.is_empty(), "NothingToDo");
                why.when(values.len() > 64, "TooManyItems");
                let size: usize = values.iter().map(|new| new.value.len()).sum();
                why.when(size > 65_536, "PayloadTooLong");
                self.container(*container, why)?;
                for new in values {
                    let expected = new.expected_revision;
                    self.set(who, *container, &new.data_set, &new.value, expected, why);
                }
            },
            set_sealed_entry { container, data_set, epoch, ciphertext, expected_revision } => {
                let access = Access {
                    container: *container,
                    data_set,
                    list: false,
                    wanted: WRITE,
                    form: Form::Sealed(*epoch),
                    expected: *expected_revision,
                };
                why.when(!is_sealed(ciphertext), "InvalidCiphertext");
                let set = self.open(who, access, why)?;
                why.when(set.write_once && set.revision > 1, "WriteOnce");
                set.entry = Some(sealed(who, *epoch, ciphertext));
            },
            clear_entry { container, data_set, expected_revision } => {
                let access = Access {
                    container: *container,
                    data_set,
                    list: false,
                    wanted: REMOVE,
                    form: Form::Nothing,
                    expected: *expected_revision,
                };
                let set = self.open(who, access, why)?;
                why.when(set.write_once, "WriteOnce");
                why.need(set.entry.take(), "ItemNotFound")?;
            },
            append { container, data_set, items, expected_revision } => {
                let access = Access {
                    container: *container,
                    data_set,
                    list: true,
                    wanted: WRITE,
                    form: Form::Public,
                    expected: *expected_revision,
                };
                check_items(items, why);
                let set = self.open(who, access, why)?;
                for item in items {
                    samples::check_value(&set.schema, item, why);
                }
                let stored = items.iter().map(|item| Some(public(item))).collect();
                set.batches.push(stored);
            },
            append_sealed { container, data_set, epoch, items, expected_revision } => {
                let access = Access {
                    container: *container,
                    data_set,
                    list: true,
                    wanted: WRITE,
                    form: Form::Sealed(*epoch),
                    expected: *expected_revision,
                };
                check_items(items, why);
                why.when(items.iter().any(|item| !is_sealed(item)), "InvalidCiphertext");
                let set = self.open(who, access, why)?;
                let stored = items.iter().map(|item| Some(sealed(who, *epoch, item))).collect();
                set.batches.push(stored);
            },
            remove_item { container, data_set, batch, position, expected_revision } => {
                let access = Access {
                    container: *container,
                    data_set,
                    list: true,
                    wanted: REMOVE,
                    form: Form::Nothing,
                    expected: *expected_revision,
                };
                let set = self.open(who, access, why)?;
                why.when(set.write_once, "WriteOnce");
                let batch = set.batches.get_mut(*batch as usize);
                let item = batch.and_then(|batch| batch.get_mut(*position as usize));
                why.need(item.and_then(Option::take), "ItemNotFound")?;
            },
            set_role { container, role, permissions } => {
                let container = self.defined(who, *container, why)?;
                check_list(permissions.len(), why);
                let owner = role.as_slice() == b"0";
                why.when(!is_name(role) || owner, "InvalidName");
                let role = String::from_utf8_lossy(role).into_owned();
                let role = role_of(container, &role, why);
                for new in permissions {
                    let bits = new.access.bits();
                    why.when(bits > 7, "InvalidAccess");
                    why.when(bits & READ != 0, "RolesCannotRead");
                    if let Some(set) = active(container, &new.data_set, why) {
                        set.permissions.remove(&role);
                        if bits != 0 {
                            set.permissions.insert(role, bits);
                        }
                    }
                }
            },
            assign_role { container, account, role } => {
                let container = self.shared(who, *container, why)?;
                let role = known_role(container, role, why)?;
                let rights = container.rights.entry(account.clone()).or_default();
                why.when(rights.roles.contains(&role), "RoleHeld");
                rights.roles.push(role);
            },
            unassign_role { container, account, role } => {
                let container = self.shared(who, *container, why)?;
                let role = known_role(container, role, why)?;
                let rights = container.rights.entry(account.clone()).or_default();
                why.when(!rights.roles.contains(&role), "RoleNotHeld");
                rights.roles.retain(|held| *held != role);
                container.tidy(account);
            },
            share { container, account, access, until, envelopes } => {
                check_list(access.len(), why);
                why.when(envelopes.len() > 64, "TooManyEnvelopes");
                why.when(until.is_some_and(|until| until < now), "InvalidExpiry");
                let key = self.keys.get(account).copied();
                let container = self.shared(who, *container, why)?;
                for new in access {
                    let bits = new.access.bits();
                    why.when(bits == 0 || bits > 7, "InvalidAccess");
                    give(container, account, &new.data_set, bits, *until, now, why);
                }
                for new in envelopes {
                    let Some(id) = active(container, &new.data_set, why).map(|set| set.id) else {
                        continue;
                    };
                    let reads = container.reads_until(account, id, now).is_some();
                    why.when(!reads, "NotAReader");
                    let sealed = (new.epoch, new.key_version, new.envelope);
                    envelope(named(container, &new.data_set, why)?, account, key, sealed, why);
                }
                container.tidy(account);
            },
            unshare { container, account, access } => {
                check_list(access.len(), why);
                let container = self.shared(who, *container, why)?;
                for new in access {
                    let bits = new.access.bits();
                    why.when(bits == 0 || bits > 7, "InvalidAccess");
                    take(container, account, &new.data_set, bits, now, why);
                }
                container.tidy(account);
            },
            clear_expired { container, account } => {
                let container = self.container(*container, why)?;
                why.when(container.offer.is_some(), "OfferPending");
                let rights = container.rights.entry(account.clone()).or_default();
                let ended: Vec<u16> = rights
                    .grants
                    .iter()
                    .filter(|(_, grant)| !grant.holds(now))
                    .map(|(id, _)| *id)
                    .collect();
                why.when(ended.is_empty(), "NothingToDo");
                rights.grants.retain(|_, grant| grant.holds(now));
                let owner = container.owner == *account;
                for set in container.data_sets.values_mut() {
                    if ended.contains(&set.id) && !owner {
                        set.envelopes.remove(account);
                    }
                }
                container.tidy(account);
            },
            set_encryption_key { public } => {
                why.when(is_weak(public), "WeakKey");
                let version = match self.keys.get(who) {
                    Some((version, _, since)) => {
                        why.when(self.block < since + 600, "KeyChangedRecently");
                        version + 1
                    },
                    None => 1,
                };
                self.keys.insert(who.clone(), (version, *public, self.block));
            },
            rotate_key {
                container,
                data_set,
                expected_epoch,
                public,
                previous_seed,
                key_version,
                envelope: own,
                envelopes,
            } => {
                why.when(envelopes.len() > 64, "TooManyEnvelopes");
                why.when(is_weak(public), "WeakKey");
                let previous = previous_seed.len();
                why.when(previous != 0 && previous != 80, "InvalidSealedSeed");
                let keys = self.keys.clone();
                let container = self.shared(who, *container, why)?;
                let set = active(container, data_set, why)?;
                why.when(set.public, "NotConfidential");
                let epoch = set.key.as_ref().map_or(0, |key| key.epoch);
                why.when(*expected_epoch != epoch, "StaleEpoch");
                why.when(epoch == 0 && previous != 0, "NoKey");
                let epoch = epoch + 1;
                set.key = Some(Key { epoch, valid_until: Moment::MAX });
                set.epochs.insert(epoch, (*public, previous_seed.clone()));
                let key = keys.get(who).copied();
                envelope(set, who, key, (epoch, *key_version, *own), why);
                for new in envelopes {
                    let id = named(container, data_set, why)?.id;
                    let until = container.reads_until(&new.reader, id, now);
                    let until = why.need(until, "NotAReader")?;
                    let set = named(container, data_set, why)?;
                    let key = keys.get(&new.reader).copied();
                    let sealed = (epoch, new.key_version, new.envelope);
                    envelope(set, &new.reader, key, sealed, why);
                    set.lower(until);
                }
            },
            set_envelope { container, data_set, reader, epoch, key_version, envelope: sealed } => {
                let key = self.keys.get(reader).copied();
                let container = self.container(*container, why)?;
                let own = who == reader;
                why.when(!own && container.owner != *who, "NotOwner");
                why.when(!own && container.offer.is_some(), "OfferPending");
                let offered = container.offer.as_ref().is_some_and(|offer| offer.to == *reader);
                let reads = offered || container.owner == *reader;
                let set = named(container, data_set, why)?;
                let (id, retired) = (set.id, set.retired);
                let mut until = None;
                if !reads {
                    why.when(retired, "DataSetRetired");
                    let grant = container.reads_until(reader, id, now);
                    until = why.need(grant, "NotAReader").flatten();
                }
                let set = named(container, data_set, why)?;
                envelope(set, reader, key, (*epoch, *key_version, *sealed), why);
                set.lower(until);
            },
            _ => why.when(true, "no such call"),
        }
        Some(())
    }

    pub fn add_container(
        &mut self,
        owner: &Who,
        plugin: Option<u64>,
        description: Bytes,
    ) -> ContainerId {
        let id = self.containers.len() as ContainerId;
        let container = Container {
            owner: owner.clone(),
            closed: false,
            plugin,
            description,
            roles: vec![],
            data_sets: BTreeMap::new(),
            rights: BTreeMap::new(),
            offers: 0,
            offer: None,
        };
        self.containers.insert(id, Rc::new(container));
        id
    }

    pub fn instantiate(
        &mut self,
        who: &Who,
        plugin: u64,
        description: &[u8],
        why: &mut Reasons,
    ) -> Option<ContainerId> {
        describe(description, why);
        let from = why.need(self.plugins.get(plugin as usize), "PluginNotFound")?.clone();
        why.when(from.retired, "PluginRetired");
        let description = if description.is_empty() { &from.description } else { description };
        let id = self.add_container(who, Some(plugin), description.to_vec());
        let container = self.container(id, why)?;
        for definition in &from.data_sets {
            let name = definition.name.clone().into_bytes();
            add_data_set(container, name, definition, Some(who), why);
        }
        Some(id)
    }

    fn clone_of(
        &mut self,
        who: &Who,
        source: ContainerId,
        with_values: bool,
        why: &mut Reasons,
    ) -> Option<()> {
        let now = self.now;
        let from = self.container(source, why)?.clone();
        why.when(!from.may_link(who, now), "MayNotClone");
        let id = self.add_container(who, from.plugin, from.description.clone());
        let container = self.container(id, why)?;
        container.roles.clone_from(&from.roles);
        let mut sets: Vec<_> = from.data_sets.into_iter().filter(|(_, set)| !set.retired).collect();
        sets.sort_by_key(|(_, set)| set.id);
        let mut size = 0;
        for (new, (name, old)) in (0..).zip(sets) {
            let value = old.entry.filter(|value| with_values && matches!(value, Value::Public(_)));
            if let Some(Value::Public(bytes)) = &value {
                size += bytes.len();
            }
            let written = value.is_some();
            let set = DataSet {
                id: new,
                revision: u32::from(written),
                last: written.then(|| (who.clone(), Right::Owner)),
                entry: value,
                batches: vec![],
                key: None,
                epochs: BTreeMap::new(),
                envelopes: BTreeMap::new(),
                ..old
            };
            container.data_sets.insert(name, set);
        }
        why.when(size > 65_536, "PayloadTooLong");
        Some(())
    }

    /// The data set that a write is for, counted and signed as changed.
    fn open(&mut self, who: &Who, access: Access<'_>, why: &mut Reasons) -> Option<&mut DataSet> {
        let now = self.now;
        let container = self.container(access.container, why)?;
        why.when(container.closed, "ContainerClosed");
        let removes = access.wanted & REMOVE != 0;
        why.when(removes && container.offer.is_some(), "OfferPending");
        let lapsed = container.offer.as_ref().is_some_and(|offer| now > offer.deadline);
        let set = active(container, access.data_set, why)?.clone();
        let right = container.right(who, &set, access.wanted, now);
        why.when(right.is_none(), "NotPermitted");
        why.when(set.list != access.list, "WrongKind");
        match access.form {
            Form::Public => why.when(!set.public, "Confidential"),
            Form::Nothing => {},
            Form::Sealed(epoch) => {
                why.when(set.public, "NotConfidential");
                why.when(lapsed, "OfferLapsed");
                if let Some(key) = why.need(set.key.as_ref(), "NoKey") {
                    why.when(key.epoch != epoch, "StaleEpoch");
                    why.when(now > key.valid_until, "RotationDue");
                }
            },
        }
        why.when(access.expected.is_some_and(|revision| revision != set.revision), "StaleRevision");
        let set = named(container, access.data_set, why)?;
        set.revision += 1;
        set.last = right.map(|right| (who.clone(), right));
        Some(set)
    }

    fn set(
        &mut self,
        who: &Who,
        container: ContainerId,
        data_set: &[u8],
        value: &[u8],
        expected: Option<u32>,
        why: &mut Reasons,
    ) -> Option<()> {
        let (wanted, form) = (WRITE, Form::Public);
        let access = Access { container, data_set, list: false, wanted, form, expected };
        let set = self.open(who, access, why)?;
        why.when(set.write_once && set.revision > 1, "WriteOnce");
        samples::check_value(&set.schema, value, why);
        set.entry = Some(public(value));
        Some(())
    }

    /// Puts a container on offer, alone or with a twin.
    #[allow(clippy::too_many_arguments)]
    pub fn offer(
        &mut self,
        who: &Who,
        id: ContainerId,
        to: &Who,
        deadline: Moment,
        with: Option<TwinId>,
        envelopes: &[SharedEnvelope],
        why: &mut Reasons,
    ) -> Option<()> {
        let now = self.now;
        why.when(envelopes.len() > 64, "TooManyEnvelopes");
        why.when(to == who, "OfferToSelf");
        why.when(deadline < now, "InvalidExpiry");
        let key = self.keys.get(to).copied();
        let container = self.owned(who, id, why)?;
        if let Some(old) = container.offer.take().filter(|old| old.to != *to) {
            container.end_disclosure(&old.to, now);
        }
        for new in envelopes {
            if let Some(set) = named(container, &new.data_set, why) {
                envelope(set, to, key, (new.epoch, new.key_version, new.envelope), why);
            }
        }
        let readable = |set: &DataSet| match (&set.key, set.envelopes.get(to)) {
            (None, _) => true,
            (Some(current), Some((epoch, version, _))) => {
                *epoch == current.epoch && key.is_some_and(|key| key.0 == *version)
            },
            (Some(_), None) => false,
        };
        why.when(!container.data_sets.values().all(readable), "MissingEnvelope");
        let offer = container.offers;
        container.offers += 1;
        let to = to.clone();
        container.offer = Some(Offer { id: offer, to, deadline, with, containers: vec![] });
        Some(())
    }
}

/// Gives a container to whom it is offered.
pub fn hand_over(container: &mut Container, offer: Offer, now: Moment, why: &mut Reasons) {
    why.when(now > offer.deadline, "OfferLapsed");
    let from = std::mem::replace(&mut container.owner, offer.to.clone());
    container.offer = None;
    container.rights.remove(&offer.to);
    container.end_disclosure(&from, now);
}

/// Adds access to one grant of an account.
fn give(
    container: &mut Container,
    account: &Who,
    data_set: &[u8],
    bits: u8,
    until: Option<Moment>,
    now: Moment,
    why: &mut Reasons,
) -> Option<()> {
    let set = active(container, data_set, why)?;
    why.when(bits & READ != 0 && set.public, "ReadIsPublic");
    let id = set.id;
    let grants = &mut container.rights.entry(account.clone()).or_default().grants;
    let before = grants.get(&id).filter(|old| old.holds(now)).map_or(0, |old| old.access);
    let access = before | bits;
    grants.insert(id, Grant { access, until });
    let owner = container.owner == *account;
    let set = named(container, data_set, why)?;
    if access & READ == 0 && !owner {
        set.envelopes.remove(account);
    }
    if access & READ != 0 && !owner {
        set.lower(until);
    }
    Some(())
}

/// Takes access away from one grant of an account.
fn take(
    container: &mut Container,
    account: &Who,
    data_set: &[u8],
    bits: u8,
    now: Moment,
    why: &mut Reasons,
) -> Option<()> {
    let id = named(container, data_set, why)?.id;
    let owner = container.owner == *account;
    let grants = &mut container.rights.entry(account.clone()).or_default().grants;
    let grant = grants.get_mut(&id).filter(|grant| grant.access & bits != 0);
    let grant = why.need(grant, "NotShared")?;
    let reads = grant.access & READ != 0 && bits & READ != 0;
    let held = grant.holds(now);
    grant.access &= !bits;
    if grant.access == 0 {
        grants.remove(&id);
    }
    let set = named(container, data_set, why)?;
    if reads && !owner {
        set.envelopes.remove(account);
        if held {
            set.lower(Some(0));
        }
    }
    Some(())
}

/// Keeps an envelope, if it is for the present epoch and the reader's present key.
fn envelope(
    set: &mut DataSet,
    reader: &Who,
    key: Option<AccountKey>,
    (epoch, version, sealed): (u32, u32, [u8; 80]),
    why: &mut Reasons,
) {
    why.when(set.public, "NotConfidential");
    if let Some(current) = why.need(set.key.as_ref(), "NoKey") {
        why.when(current.epoch != epoch, "StaleEpoch");
    }
    if let Some(key) = why.need(key, "NoEncryptionKey") {
        why.when(key.0 != version, "StaleKeyVersion");
    }
    set.envelopes.insert(reader.clone(), (epoch, version, sealed));
}

/// Adds a data set with its default, which was checked before.
fn add_data_set(
    container: &mut Container,
    name: Bytes,
    new: &Definition,
    author: Option<&Who>,
    why: &mut Reasons,
) {
    why.when(container.data_sets.len() >= 64, "TooManyDataSets");
    let permissions = new
        .permissions
        .iter()
        .map(|(role, access)| (role_of(container, role, why), *access))
        .collect();
    let written = !new.default.is_empty();
    let mut values = new.default.iter().map(|value| public(value.as_bytes()));
    let (entry, batches) = match (new.list, written) {
        (_, false) => (None, vec![]),
        (false, true) => (values.next(), vec![]),
        (true, true) => (None, vec![values.map(Some).collect()]),
    };
    let set = DataSet {
        id: container.data_sets.len() as u16,
        list: new.list,
        public: new.public,
        write_once: new.write_once,
        schema: new.schema.as_str().into(),
        retired: false,
        revision: u32::from(written),
        last: author.filter(|_| written).map(|who| (who.clone(), Right::Owner)),
        entry,
        batches,
        permissions,
        key: None,
        epochs: BTreeMap::new(),
        envelopes: BTreeMap::new(),
    };
    container.data_sets.insert(name, set);
}

/// Takes at most so many things out of a retired data set: batches from the newest on, then
/// envelopes, then epochs. The generator asks for a part of a confidential one only where it does
/// not matter which part it is.
fn purged(set: &mut DataSet, limit: usize) {
    let batches = set.batches.len().min(limit);
    set.batches.truncate(set.batches.len() - batches);
    set.entry = None;
    let mut room = limit - batches;
    let envelopes = set.envelopes.len().min(room);
    room -= envelopes;
    if envelopes == set.envelopes.len() {
        set.envelopes.clear();
    }
    let epochs = set.epochs.len().min(room);
    if epochs == set.epochs.len() {
        set.epochs.clear();
        if epochs < room {
            set.key = None;
        }
    }
}

pub fn named<'a>(
    container: &'a mut Container,
    name: &[u8],
    why: &mut Reasons,
) -> Option<&'a mut DataSet> {
    why.when(!is_name(name), "InvalidName");
    why.need(container.data_sets.get_mut(name), "DataSetNotFound")
}

fn active<'a>(
    container: &'a mut Container,
    name: &[u8],
    why: &mut Reasons,
) -> Option<&'a mut DataSet> {
    let set = named(container, name, why)?;
    why.when(set.retired, "DataSetRetired");
    Some(set)
}

/// The position of a role, which is added if there is none of this name.
fn role_of(container: &mut Container, role: &str, why: &mut Reasons) -> u8 {
    let known = container.roles.iter().position(|known| known == role);
    known.unwrap_or_else(|| {
        why.when(container.roles.len() >= 16, "TooManyRoles");
        container.roles.push(role.into());
        container.roles.len() - 1
    }) as u8
}

fn known_role(container: &Container, role: &[u8], why: &mut Reasons) -> Option<u8> {
    why.when(!is_name(role), "InvalidName");
    let position = container.roles.iter().position(|known| known.as_bytes() == role);
    why.need(position.map(|position| position as u8), "RoleNotFound")
}

fn check_list(length: usize, why: &mut Reasons) {
    why.when(length == 0, "NothingToDo");
    why.when(length > 64, "TooManyItems");
}

fn check_items(items: &[Bytes], why: &mut Reasons) {
    why.when(items.is_empty(), "NothingToDo");
    why.when(items.len() > 256, "TooManyItems");
    why.when(items.iter().map(Vec::len).sum::<usize>() > 65_536, "PayloadTooLong");
}

fn describe(description: &[u8], why: &mut Reasons) {
    if let Some(error) = samples::description_error(description) {
        why.when(!description.is_empty(), error);
    }
}

fn public(value: &[u8]) -> Value {
    Value::Public(value.into())
}

fn sealed(author: &Who, epoch: u32, bytes: &[u8]) -> Value {
    Value::Sealed { epoch, author: author.clone(), bytes: bytes.into() }
}

/// Ciphertexts: 48 bytes and the padded value, of 64 bytes or a multiple, 16,384 at most.
fn is_sealed(bytes: &[u8]) -> bool {
    (112..=16_384).contains(&bytes.len()) && (bytes.len() - 48).is_multiple_of(64)
}

/// The generator knows two keys that keep no secret.
fn is_weak(key: &[u8; 32]) -> bool {
    let mut one = [0; 32];
    one[0] = 1;
    *key == [0; 32] || *key == one
}
