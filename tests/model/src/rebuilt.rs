// SPDX-License-Identifier: Apache-2.0

//! The state rebuilt from events alone: owners, links, members, roles, rights, readers, keys and
//! heads. Only [`Rebuilt::compare`] reads the state.

use super::world::{Bytes, Who};
use crate::chain::*;
use codec::Encode;
use pallet_data_container as containers;
use pallet_data_container::{operation, Event as ContainerEvent};
use pallet_digital_twin::Target;
use sp_core::H256;
use sp_io::hashing::blake2_256;
use std::collections::BTreeMap;
use twinchain_primitives::{ContainerId, DataSetId, Moment, TwinId};

#[derive(Debug, Default, Eq, PartialEq)]
struct Grant(BTreeMap<u8, Option<Moment>>);

#[derive(Debug, Default, Eq, PartialEq)]
struct Rights {
    roles: Vec<u8>,
    grants: BTreeMap<DataSetId, Grant>,
}

/// An epoch: suite, segment, public key, and the hash of the link to the previous epoch.
type Epoch = (u8, u8, Bytes, Option<H256>);

#[derive(Debug, Eq, PartialEq)]
struct DataSet {
    name: Bytes,
    kind: containers::Kind,
    visibility: containers::Visibility,
    write_once: bool,
    schema: H256,
    document: H256,
    retired: Option<Moment>,
    revision: u32,
    head: H256,
    changed: BlockNumber,
    permissions: BTreeMap<u8, u8>,
    epochs: BTreeMap<u32, Epoch>,
    valid_until: Moment,
    /// The account because of which sealing ends, the reason, and the time.
    end: Option<(Who, containers::EndReason, Moment)>,
    /// The first reader that left voluntarily, and the time.
    left: Option<(Who, Moment)>,
    /// By segment and reader: epoch, key version, and the hash of the sealed seed.
    envelopes: BTreeMap<(u8, Who), (u32, u32, H256)>,
}

#[derive(Debug, Eq, PartialEq)]
struct Container {
    owner: Who,
    closed: bool,
    plugin: Option<u64>,
    cloned_from: Option<ContainerId>,
    description: Option<H256>,
    /// Ids and names, in order of creation.
    roles: Vec<(u8, Bytes)>,
    rights: BTreeMap<Who, Rights>,
    data_sets: BTreeMap<DataSetId, DataSet>,
    /// Id, offeree, deadline and twin.
    offer: Option<(u32, Who, Moment, Option<TwinId>)>,
    revision: u64,
    head: H256,
    changed: BlockNumber,
}

#[derive(Debug, Eq, PartialEq)]
struct Twin {
    owner: Who,
    asset: Bytes,
    description: Option<H256>,
    deactivated: bool,
    links: BTreeMap<Bytes, Target<Who>>,
    offer: Option<(u32, Who, Moment, Vec<ContainerId>)>,
    revision: u64,
    head: H256,
    changed: BlockNumber,
}

/// An account's keys: suite and public key of all versions, the block of the newest, and the newest
/// leaked version with the time of the report.
#[derive(Debug, Default, Eq, PartialEq)]
struct Keys {
    all: Vec<(u8, Bytes)>,
    since: BlockNumber,
    leaked: Option<(u32, Moment)>,
}

/// A holder of a secret key, and the hash of the sealed key.
type SealedSecret = (containers::KeyHolder<Who>, H256);

#[derive(Debug, Default, Eq, PartialEq)]
pub struct Rebuilt {
    containers: BTreeMap<ContainerId, Container>,
    twins: BTreeMap<TwinId, Twin>,
    keys: BTreeMap<Who, Keys>,
    /// By account and version: the holders, each with the hash of its sealed key.
    secrets: BTreeMap<(Who, u32), Vec<SealedSecret>>,
}

/// Roles, and the granted bits by data set.
type ActiveRights = (Vec<u8>, BTreeMap<DataSetId, u8>);

fn active_rights(rights: &Rights, now: Moment) -> ActiveRights {
    let active = rights.grants.iter().map(|(data_set, grant)| {
        let lasting = grant.0.iter().filter(|(_, end)| end.is_none_or(|end| now <= end));
        (*data_set, lasting.fold(0, |bits, (bit, _)| bits | bit))
    });
    (rights.roles.clone(), active.filter(|(_, bits)| *bits != 0).collect())
}

fn told_rights(kept: &containers::KeptRights<Who>) -> (Who, ActiveRights) {
    let access = kept.access.iter().map(|access| (access.data_set, access.access.bits()));
    (kept.account.clone(), (kept.roles.clone(), access.collect()))
}

fn hash(bytes: &[u8]) -> H256 {
    blake2_256(bytes).into()
}

fn first_head(label: &[u8; 16], id: u64) -> H256 {
    hash(&[label.to_vec(), System::block_hash(0).encode(), id.encode()].concat())
}

fn next_head(head: H256, event: &impl Encode) -> H256 {
    hash(&[head.encode(), event.encode()].concat())
}

impl Rebuilt {
    /// Applies an event, with the number and the time of its block.
    pub fn apply(&mut self, event: &RuntimeEvent, block: BlockNumber, time: Moment) {
        match event {
            RuntimeEvent::DataContainer(event) => self.container_event(event, block, time),
            RuntimeEvent::DigitalTwin(event) => self.twin_event(event, block),
            _ => {},
        }
    }

    fn of(&mut self, id: &ContainerId) -> &mut Container {
        self.containers.get_mut(id).expect("the container was created")
    }

    fn set(&mut self, id: &ContainerId, data_set: &DataSetId) -> &mut DataSet {
        self.of(id).data_sets.get_mut(data_set).expect("the data set was added")
    }

    fn container_event(
        &mut self,
        event: &ContainerEvent<Runtime>,
        block: BlockNumber,
        time: Moment,
    ) {
        use ContainerEvent::*;
        // Only stamped events belong to the history of a container.
        let bytes = event.encode();
        let stamped = is_stamped(&RuntimeEvent::DataContainer(event.clone()));
        let id = ContainerId::from_le_bytes(bytes[1..9].try_into().unwrap_or_default());
        let revision =
            || u64::from_le_bytes(bytes[9..17].try_into().expect("the event has a stamp"));
        match event {
            ContainerCreated { container, owner, plugin, .. } => {
                let new = Container {
                    owner: owner.clone(),
                    closed: false,
                    plugin: *plugin,
                    cloned_from: None,
                    description: None,
                    roles: vec![],
                    rights: BTreeMap::new(),
                    data_sets: BTreeMap::new(),
                    offer: None,
                    revision: 0,
                    head: first_head(b"twinchain/cont/1", *container),
                    changed: block,
                };
                assert!(self.containers.insert(*container, new).is_none());
            },
            ContainerCloned { container, source, .. } => {
                self.of(container).cloned_from = Some(*source);
            },
            DescriptionSet { container, description, .. } => {
                self.of(container).description = *description;
            },
            ContainerClosed { container, .. } => self.of(container).closed = true,
            DataSetAdded {
                container,
                data_set,
                name,
                kind,
                visibility,
                write_once,
                schema,
                document,
                ..
            } => {
                let genesis = System::block_hash(0);
                let new = DataSet {
                    name: name.as_ref().to_vec(),
                    kind: *kind,
                    visibility: *visibility,
                    write_once: *write_once,
                    schema: *schema,
                    document: *document,
                    retired: None,
                    revision: 0,
                    head: operation::initial_head(&genesis, *container, *data_set),
                    changed: block,
                    permissions: BTreeMap::new(),
                    epochs: BTreeMap::new(),
                    valid_until: 0,
                    end: None,
                    left: None,
                    envelopes: BTreeMap::new(),
                };
                assert!(self.of(container).data_sets.insert(*data_set, new).is_none());
            },
            DataSetChanged { container, data_set, operation, .. } => {
                let set = self.set(container, data_set);
                set.head = operation::next_head(&set.head, operation);
                set.revision += 1;
                set.changed = block;
                if let operation::Operation::Retire { time, .. } = operation {
                    set.retired = Some(*time);
                }
            },
            DataSetPurged { container, data_set, epochs, .. } => {
                let set = self.set(container, data_set);
                set.epochs.retain(|epoch, _| epoch <= epochs);
                if set.epochs.is_empty() {
                    (set.valid_until, set.end, set.left) = (0, None, None);
                }
            },
            RoleSet { container, role, name, permissions, .. } => {
                let found = self.of(container);
                match found.roles.iter().find(|(id, _)| id == role) {
                    Some((_, known)) => assert_eq!(known, name.as_ref()),
                    None => found.roles.push((*role, name.as_ref().to_vec())),
                }
                for permission in permissions {
                    let set = self.set(container, &permission.data_set);
                    set.permissions.remove(role);
                    if !permission.access.is_empty() {
                        set.permissions.insert(*role, permission.access.bits());
                    }
                }
            },
            RoleRenamed { container, role, name, .. } => {
                let roles = self.of(container).roles.iter_mut();
                for (_, known) in roles.filter(|(id, _)| id == role) {
                    *known = name.as_ref().to_vec();
                }
            },
            RoleRemoved { container, role, .. } => {
                let found = self.of(container);
                found.roles.retain(|(id, _)| id != role);
                for set in found.data_sets.values_mut() {
                    set.permissions.remove(role);
                }
            },
            ReaderLeft { container, data_set, account, .. } => {
                self.set(container, data_set).left = Some((account.clone(), time));
            },
            RoleAssigned { container, account, role, .. } => {
                self.of(container).rights.entry(account.clone()).or_default().roles.push(*role);
            },
            RoleUnassigned { container, account, role, .. } => {
                let rights =
                    self.of(container).rights.get_mut(account).expect("the account has rights");
                rights.roles.retain(|held| held != role);
                self.tidy(container, account);
            },
            Shared { container, account, data_set, access, until, .. } => {
                let rights = self.of(container).rights.entry(account.clone()).or_default();
                let grant = rights.grants.entry(*data_set).or_default();
                for bit in [1, 2, 4] {
                    if access.bits() & bit != 0 {
                        grant.0.insert(bit, *until);
                    }
                }
            },
            Unshared { container, account, data_set, access, .. } => {
                let rights =
                    self.of(container).rights.get_mut(account).expect("the account has rights");
                let grant = rights.grants.get_mut(data_set).expect("the account has a grant");
                grant.0.retain(|bit, _| access.bits() & bit != 0);
                rights.grants.retain(|_, grant| !grant.0.is_empty());
                self.tidy(container, account);
            },
            KeyRotated { container, data_set, epoch, suite, segment, public, previous, .. } => {
                let set = self.set(container, data_set);
                let new = (*suite, *segment, public.to_vec(), *previous);
                set.epochs.insert(*epoch, new);
                (set.valid_until, set.end, set.left) = (Moment::MAX, None, None);
            },
            SealingLimited { container, data_set, valid_until, account, reason, .. } => {
                let set = self.set(container, data_set);
                let since = match reason {
                    containers::EndReason::ReadExpires => *valid_until,
                    _ => time,
                };
                set.valid_until = *valid_until;
                set.end = Some((account.clone(), *reason, since));
            },
            EnvelopeSet {
                container,
                data_set,
                account,
                segment,
                epoch,
                key_version,
                envelope,
                ..
            } => {
                let at = (*segment, account.clone());
                let new = (*epoch, *key_version, *envelope);
                self.set(container, data_set).envelopes.insert(at, new);
            },
            EnvelopeRemoved { container, data_set, account, segment, .. } => {
                let at = (*segment, account.clone());
                let removed = self.set(container, data_set).envelopes.remove(&at);
                assert!(removed.is_some(), "the envelope existed");
            },
            OwnershipOffered { container, offer, to, deadline, twin, .. } => {
                self.of(container).offer = Some((*offer, to.clone(), *deadline, *twin));
            },
            OwnershipTransferred { container, to, remaining, .. } => {
                let found = self.of(container);
                assert!(!remaining.more);
                let told: BTreeMap<_, _> = remaining.accounts.iter().map(told_rights).collect();
                let others = found.rights.iter().filter(|(who, _)| *who != to);
                let active = others.map(|(who, rights)| (who.clone(), active_rights(rights, time)));
                let known =
                    active.filter(|(_, (roles, access))| !roles.is_empty() || !access.is_empty());
                assert_eq!(told, known.collect());
                found.owner = to.clone();
                found.offer = None;
            },
            OfferCancelled { container, .. } => self.of(container).offer = None,
            EncryptionKeySet { account, version, suite, public, leaked } => {
                let keys = self.keys.entry(account.clone()).or_default();
                if *leaked {
                    keys.leaked = Some((keys.all.len() as u32, time));
                }
                keys.since = block;
                keys.all.push((*suite, public.to_vec()));
                assert_eq!(keys.all.len() as u32, *version);
            },
            AccountEnvelopeSet { account, version, holder, envelope } => {
                let all = self.secrets.entry((account.clone(), *version)).or_default();
                all.retain(|(known, _)| !known.is(holder));
                all.push((holder.clone(), *envelope));
            },
            AccountEnvelopeRemoved { account, version, holder } => {
                let at = (account.clone(), *version);
                let all = self.secrets.get_mut(&at).expect("the account had envelopes");
                all.retain(|(known, _)| known != holder);
                if all.is_empty() {
                    self.secrets.remove(&at);
                }
            },
            _ => {},
        }
        if stamped {
            let found = self.of(&id);
            found.revision += 1;
            assert_eq!(found.revision, revision(), "an event is missing");
            found.head = next_head(found.head, event);
            found.changed = block;
        }
    }

    fn tidy(&mut self, container: &ContainerId, account: &Who) {
        let rights = &mut self.of(container).rights;
        if rights.get(account).is_some_and(|rights| *rights == Rights::default()) {
            rights.remove(account);
        }
    }

    fn twin_event(&mut self, event: &pallet_digital_twin::Event<Runtime>, block: BlockNumber) {
        use pallet_digital_twin::Event::*;
        let bytes = event.encode();
        let id = TwinId::from_le_bytes(bytes[1..9].try_into().expect("the event names a twin"));
        if let TwinCreated { owner, asset, .. } = event {
            let new = Twin {
                owner: owner.clone(),
                asset: asset.as_ref().to_vec(),
                description: None,
                deactivated: false,
                links: BTreeMap::new(),
                offer: None,
                revision: 0,
                head: first_head(b"twinchain/twin/1", id),
                changed: block,
            };
            assert!(self.twins.insert(id, new).is_none());
        }
        let twin = self.twins.get_mut(&id).expect("the twin was created");
        match event {
            DescriptionSet { description, .. } => twin.description = Some(*description),
            LinkSet { name, target, .. } => {
                twin.links.insert(name.as_ref().to_vec(), target.clone());
            },
            LinkRemoved { name, .. } => {
                assert!(twin.links.remove(name.as_ref()).is_some(), "the link existed");
            },
            TwinDeactivated { .. } => twin.deactivated = true,
            TwinOffered { offer, to, deadline, containers, .. } => {
                twin.offer = Some((*offer, to.clone(), *deadline, containers.clone()));
            },
            TwinTransferred { to, .. } => {
                twin.owner = to.clone();
                twin.offer = None;
            },
            OfferCancelled { .. } => twin.offer = None,
            _ => {},
        }
        twin.revision += 1;
        let told = u64::from_le_bytes(bytes[9..17].try_into().expect("the event has a stamp"));
        assert_eq!(twin.revision, told, "an event is missing");
        twin.head = next_head(twin.head, event);
        twin.changed = block;
    }

    /// Asserts that everything matches the state.
    pub fn compare(&self) {
        assert_eq!(*self, from_state());
    }
}

/// Reads the same data from the state.
fn from_state() -> Rebuilt {
    let mut found = Rebuilt::default();
    for (id, stored) in containers::Containers::<Runtime>::iter() {
        found.containers.insert(id, container_from_state(id, stored));
    }
    for (id, stored) in pallet_digital_twin::Twins::<Runtime>::iter() {
        let links = pallet_digital_twin::Links::<Runtime>::iter_prefix(id);
        let description = pallet_digital_twin::Descriptions::<Runtime>::get(id);
        let twin = Twin {
            owner: stored.owner,
            asset: stored.asset.as_ref().to_vec(),
            description: description.map(|text| hash(text.as_ref())),
            deactivated: stored.status == pallet_digital_twin::Status::Deactivated,
            links: links.map(|(name, target)| (name.as_ref().to_vec(), target)).collect(),
            offer: stored.offer.map(|it| (it.id, it.to, it.deadline, it.containers.into_inner())),
            revision: stored.history.revision,
            head: stored.history.head,
            changed: stored.history.changed,
        };
        found.twins.insert(id, twin);
    }
    for (who, newest) in containers::EncryptionKeys::<Runtime>::iter() {
        let key = |version| containers::KeyVersions::<Runtime>::get(&who, version).unwrap();
        let all = (1..=newest.version).map(key).map(|key| (key.suite, key.public.into()));
        let leaked = newest.leaked.map(|leaked| (leaked.up_to, leaked.since));
        let keys = Keys { all: all.collect(), since: newest.since, leaked };
        found.keys.insert(who.clone(), keys);
    }
    for (who, version, all) in containers::AccountKeyEnvelopes::<Runtime>::iter() {
        let all = all.into_iter().map(|found| (found.holder, hash(&found.sealed)));
        found.secrets.insert((who, version), all.collect());
    }
    found
}

fn container_from_state(
    id: ContainerId,
    stored: containers::Container<Who, BlockNumber>,
) -> Container {
    let description = containers::Descriptions::<Runtime>::get(id);
    let roles = containers::RoleNames::<Runtime>::get(id);
    let rights = containers::AccountRights::<Runtime>::iter_prefix(id).map(|(who, rights)| {
        let grants = rights.grants.iter().map(|grant| {
            let parts = [(1, grant.read), (2, grant.write), (4, grant.remove)];
            let ends = parts.into_iter().filter_map(|(bit, end)| Some((bit, end?.moment())));
            (grant.data_set, Grant(ends.collect()))
        });
        let roles = rights.roles.to_vec();
        (who, Rights { roles, grants: grants.collect() })
    });
    let with = containers::OfferedWith::<Runtime>::get(id);
    let data_sets = containers::DataSets::<Runtime>::iter_prefix(id);
    Container {
        owner: stored.owner,
        closed: stored.status == containers::Status::Closed,
        plugin: stored.plugin,
        cloned_from: stored.cloned_from,
        description: description.map(|text| hash(text.as_ref())),
        roles: roles.iter().map(|role| (role.id, role.name.as_ref().to_vec())).collect(),
        rights: rights.collect(),
        data_sets: data_sets
            .map(|(name, set)| (set.id, data_set_from_state(id, name.as_ref().to_vec(), set)))
            .collect(),
        offer: stored.offer.map(|it| (it.id, it.to, it.deadline, with)),
        revision: stored.history.revision,
        head: stored.history.head,
        changed: stored.history.changed,
    }
}

fn data_set_from_state(
    id: ContainerId,
    name: Bytes,
    stored: containers::DataSet<Who, BlockNumber>,
) -> DataSet {
    let permissions = stored.permissions.iter();
    let epochs =
        containers::Epochs::<Runtime>::iter_prefix((id, stored.id)).map(|(number, epoch)| {
            let previous = epoch.previous.map(|seed| hash(&seed));
            (number, (epoch.suite, epoch.segment, epoch.public.into(), previous))
        });
    let envelopes = containers::Envelopes::<Runtime>::iter_prefix((id, stored.id));
    let epochs: BTreeMap<u32, Epoch> = epochs.collect();
    // The current key is that of the newest epoch.
    let newest = epochs.last_key_value().map(|(number, epoch)| (*number, epoch.0, epoch.1));
    assert_eq!(newest, stored.key.map(|key| (key.epoch, key.suite, key.segment)));
    DataSet {
        name,
        kind: stored.kind,
        visibility: stored.visibility,
        write_once: stored.write_once,
        schema: stored.schema,
        document: stored.document,
        retired: stored.retired,
        revision: stored.revision,
        head: stored.head,
        changed: stored.changed,
        permissions: permissions.map(|entry| (entry.role, entry.access.bits())).collect(),
        epochs,
        valid_until: stored.key.map_or(0, |key| key.valid_until),
        end: containers::SealingEnds::<Runtime>::get(id, stored.id)
            .map(|end| (end.account, end.reason, end.since)),
        left: containers::SeedsLeft::<Runtime>::get(id, stored.id)
            .map(|left| (left.account, left.since)),
        envelopes: envelopes
            .map(|(at, found)| (at, (found.epoch, found.key_version, hash(&found.sealed))))
            .collect(),
    }
}
