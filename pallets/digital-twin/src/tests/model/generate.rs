// SPDX-License-Identifier: Apache-2.0

//! Random calls. Most of them could go well, since the generator looks at the model; each of their
//! arguments is wrong now and then.

use super::{rules::ContainerCall, samples, twins::TwinCall, world::*};
use crate::types::{ContainerEnvelope, NewLink, Target};
use pallet_data_container::{DataSetAccess, NewValue, ReaderEnvelope};
use proptest::prelude::{Rng, RngExt};
use proptest::test_runner::{RngAlgorithm, TestRng};
use sp_core::H256;
use sp_runtime::AccountId32;
use twinchain_primitives::{Access, ContainerId, Moment, SharedEnvelope, TwinId};

/// The accounts that act.
pub const PEOPLE: [Who; 6] = [
    AccountId32::new([1; 32]),
    AccountId32::new([2; 32]),
    AccountId32::new([3; 32]),
    AccountId32::new([4; 32]),
    AccountId32::new([5; 32]),
    AccountId32::new([6; 32]),
];

/// How many containers and twins there are before no more are made on purpose.
const ENOUGH: usize = 5;

/// One step of a sequence.
#[derive(Clone, Debug)]
pub enum Step {
    Container(Who, ContainerCall),
    Twin(Who, TwinCall),
    /// So many blocks pass.
    Blocks(u64),
}

/// A source of random steps.
pub struct Generator(TestRng);

impl Generator {
    pub fn new(seed: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        Self(TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
    }

    fn below(&mut self, end: usize) -> usize {
        self.0.random_range(0..end.max(1))
    }

    /// Whether something happens that does in so many of a hundred cases.
    pub fn in_hundred(&mut self, cases: usize) -> bool {
        self.below(100) < cases
    }

    fn one_of<V: Clone>(&mut self, values: &[V]) -> Option<V> {
        (!values.is_empty()).then(|| values[self.below(values.len())].clone())
    }

    fn person(&mut self) -> Who {
        PEOPLE[self.below(6)].clone()
    }

    /// Somebody for whom something holds, or now and then anybody.
    fn person_who(&mut self, test: impl Fn(&Who) -> bool) -> Who {
        let fit: Vec<_> = PEOPLE.into_iter().filter(|who| test(who)).collect();
        match self.in_hundred(4) {
            true => self.person(),
            false => self.one_of(&fit).unwrap_or_else(|| self.person()),
        }
    }

    fn seed(&mut self) -> [u8; 80] {
        let mut bytes = [0; 80];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    fn public_key(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        match self.below(40) {
            0 => {},
            1 => bytes[0] = 1,
            _ => self.0.fill_bytes(&mut bytes),
        }
        bytes
    }

    fn until(&mut self, now: Moment) -> Option<Moment> {
        let moments = [0, 3_000, 6_000, 30_000, 300_000, 3_000_000];
        match self.below(20) {
            0 => Some(now - 1),
            at @ 1..=11 => Some(now + moments[at % 6]),
            _ => None,
        }
    }

    fn deadline(&mut self, now: Moment) -> Moment {
        self.until(now).unwrap_or(Moment::MAX)
    }

    fn description(&mut self) -> Bytes {
        let wrong = self.in_hundred(8);
        let at = if wrong { 3 + self.below(2) } else { self.below(3) };
        samples::descriptions()[at].clone()
    }

    fn container_id(&mut self, world: &World, test: impl Fn(&Container) -> bool) -> ContainerId {
        if self.in_hundred(1) {
            return 99;
        }
        let all: Vec<_> = world.containers.iter().collect();
        let fit: Vec<_> =
            all.iter().filter(|(_, container)| test(container)).map(|(id, _)| **id).collect();
        match self.in_hundred(5) {
            true => self.below(all.len()) as u64,
            false => self.one_of(&fit).unwrap_or_else(|| self.below(all.len()) as u64),
        }
    }

    /// The name of a data set for which something holds, or now and then of any, or of none.
    fn set_name(&mut self, container: &Container, test: impl Fn(&DataSet) -> bool) -> Bytes {
        match self.below(100) {
            0 => return b"none".to_vec(),
            1 => return b"a/b".to_vec(),
            _ => {},
        }
        let all: Vec<_> = container.data_sets.keys().cloned().collect();
        let fit: Vec<_> = container
            .data_sets
            .iter()
            .filter(|(_, set)| test(set))
            .map(|(name, _)| name.clone())
            .collect();
        let any = self.in_hundred(6) || fit.is_empty();
        self.one_of(if any { &all } else { &fit }).unwrap_or_else(|| b"none".to_vec())
    }

    fn role_name(&mut self, container: &Container) -> Bytes {
        match self.below(40) {
            0 => b"nobody".to_vec(),
            1 => b"a/b".to_vec(),
            _ => {
                let role = self.one_of(&container.roles).unwrap_or_else(|| "worker".into());
                role.into_bytes()
            },
        }
    }

    fn revision(&mut self, set: Option<&DataSet>) -> Option<u32> {
        match self.below(20) {
            0 => Some(77),
            1..=4 => set.map(|set| set.revision),
            _ => None,
        }
    }

    /// A value that fits the data set, or now and then not.
    fn value(&mut self, set: Option<&DataSet>) -> Bytes {
        let schema = set.map_or("true", |set| &set.schema);
        let (fine, wrong) = samples::values(schema);
        match self.in_hundred(12) {
            true => self.one_of(&wrong).unwrap_or_default(),
            false => fine.to_vec(),
        }
    }

    fn ciphertext(&mut self) -> Bytes {
        let lengths = [111, 48, 16_368 + 64, 113];
        match self.in_hundred(3) {
            true => vec![1; lengths[self.below(4)]],
            false => vec![self.below(256) as u8; 112 + 64 * self.below(3)],
        }
    }

    /// The epoch of a data set, or now and then another one.
    fn epoch(&mut self, set: Option<&DataSet>) -> u32 {
        let epoch = set.and_then(|set| set.key.as_ref()).map_or(0, |key| key.epoch);
        if self.in_hundred(4) {
            epoch + 1
        } else {
            epoch
        }
    }

    fn key_version(&mut self, world: &World, who: &Who) -> u32 {
        let version = world.keys.get(who).map_or(1, |key| key.0);
        if self.in_hundred(3) {
            version + 1
        } else {
            version
        }
    }

    /// What somebody needs who is offered a container.
    fn disclosure(
        &mut self,
        world: &World,
        container: &Container,
        to: &Who,
    ) -> Vec<SharedEnvelope> {
        let mut all = vec![];
        for (name, set) in &container.data_sets {
            let wanted = if set.key.is_some() { 90 } else { 1 };
            if self.in_hundred(wanted) {
                all.push(SharedEnvelope {
                    data_set: name.clone(),
                    epoch: self.epoch(Some(set)),
                    key_version: self.key_version(world, to),
                    envelope: self.seed(),
                });
            }
        }
        all
    }

    pub fn step(&mut self, world: &World) -> Step {
        match self.below(100) {
            0..=4 => {
                let passing = [1, 1, 2, 10, 100, 601];
                Step::Blocks(passing[self.below(6)])
            },
            5..=26 => {
                let (who, call) = self.twin_call(world);
                Step::Twin(who, call)
            },
            _ => {
                let (who, call) = self.container_call(world);
                Step::Container(who, call)
            },
        }
    }

    fn container_call(&mut self, world: &World) -> (Who, ContainerCall) {
        match self.below(124) {
            0..=19 if world.containers.len() < ENOUGH => self.making(world),
            0..=1 => self.making(world),
            4..=19 => self.defining(world),
            20..=64 => self.writing(world),
            65..=95 => self.permitting(world),
            96..=111 => self.keying(world),
            _ => self.offering(world),
        }
    }

    /// Calls that make plugins and containers.
    fn making(&mut self, world: &World) -> (Who, ContainerCall) {
        use pallet_data_container::Call::*;
        let who = self.person();
        let plugins = world.plugins.len();
        let some = |it: &mut Self| if it.in_hundred(4) { 99 } else { it.below(plugins) as u64 };
        let call = match self.below(20) {
            0..=5 => {
                let texts: Vec<_> = samples::documents().keys().collect();
                publish_plugin { document: self.one_of(&texts).cloned().unwrap_or_default() }
            },
            6 => {
                // One of the first plugins seldom, or everybody runs out of them.
                let plugin = if self.in_hundred(80) { plugins as u64 - 1 } else { some(self) };
                let owner = world.plugins.get(plugin as usize).map(|plugin| &plugin.publisher);
                let call = retire_plugin { plugin };
                return (self.person_who(|who| Some(who) == owner), call);
            },
            7 => create_container { description: self.description() },
            8..=11 => {
                let container = self.container_id(world, |_| true);
                clone_container { container, with_values: self.in_hundred(50) }
            },
            _ => {
                let plugin = if self.in_hundred(70) { self.below(3) as u64 } else { some(self) };
                let description = if self.in_hundred(70) { vec![] } else { self.description() };
                instantiate { plugin, description }
            },
        };
        (who, call)
    }

    /// Calls that change what a container is.
    fn defining(&mut self, world: &World) -> (Who, ContainerCall) {
        use pallet_data_container::Call::*;
        let id =
            self.container_id(world, |container| !container.closed && container.offer.is_none());
        let Some(container) = world.containers.get(&id) else {
            return (self.person(), close_container { container: id });
        };
        let who = self.person_who(|who| *who == container.owner);
        let call = match self.below(30) {
            0..=2 => set_description { container: id, description: self.description() },
            3..=19 => {
                let room = container.data_sets.len() < 9;
                let texts: Vec<_> = samples::definitions()
                    .iter()
                    .filter(|(_, verdict)| room || verdict.is_err())
                    .map(|(text, _)| text)
                    .collect();
                let names = ["a", "b", "c", "d", "log", "ü", "a/b"];
                let name = names[self.below(7)].as_bytes().to_vec();
                let definition = self.one_of(&texts).cloned().unwrap_or_default();
                add_data_set { container: id, name, definition }
            },
            20..=22 => {
                let data_set = self.set_name(container, |set| !set.retired && set.id > 3);
                retire_data_set { container: id, data_set }
            },
            23..=27 => {
                let data_set = self.set_name(container, |set| set.retired);
                let held = container
                    .data_sets
                    .get(&data_set)
                    .map_or(0, |set| set.batches.len() + set.envelopes.len() + set.epochs.len());
                // A part only where it does not matter which one, and never more than the limit.
                let plain = container.data_sets.get(&data_set).is_none_or(|set| set.public);
                if held >= 64 && !plain {
                    return (who, set_description { container: id, description: b"{}".to_vec() });
                }
                let limit = if plain && self.in_hundred(50) { 1 } else { 64 };
                return (self.person(), purge { container: id, data_set, limit });
            },
            28 if self.in_hundred(70) => {
                set_description { container: id, description: self.description() }
            },
            28 => close_container { container: id },
            _ => {
                // Whatever is tried on a closed or offered one.
                let id = self.container_id(world, |other| other.closed || other.offer.is_some());
                let owner = world.containers.get(&id).map(|other| &other.owner);
                let call = set_description { container: id, description: b"{}".to_vec() };
                return (self.person_who(|who| Some(who) == owner), call);
            },
        };
        (who, call)
    }

    /// Calls that write data.
    fn writing(&mut self, world: &World) -> (Who, ContainerCall) {
        use pallet_data_container::Call::*;
        let kind = self.below(46);
        // A key may be due for rotation.
        let due = self.in_hundred(30);
        let fits = |set: &DataSet| match kind {
            0..=14 => set.public && !set.list && !(set.write_once && set.revision > 0),
            15..=22 => set.public && set.list,
            23..=30 => {
                let once = set.write_once && set.revision > 0;
                !(set.public || set.list || once)
                    && set.key.as_ref().is_some_and(|key| due || world.now <= key.valid_until)
            },
            31..=37 => {
                let valid = set.key.as_ref().is_some_and(|key| due || world.now <= key.valid_until);
                !set.public && set.list && valid
            },
            38..=41 => !set.list && set.entry.is_some() && !set.write_once,
            _ => set.list && set.count() > 0 && !set.write_once,
        };
        let removes = kind >= 38;
        let id = self.container_id(world, |container| {
            let frozen = container.closed || (removes && container.offer.is_some());
            !frozen && container.data_sets.values().any(|set| !set.retired && fits(set))
        });
        let Some(container) = world.containers.get(&id) else {
            let (data_set, value) = (b"manual".to_vec(), b"1".to_vec());
            let call = set_entry { container: id, data_set, value, expected_revision: None };
            return (self.person(), call);
        };
        let data_set = self.set_name(container, |set| !set.retired && fits(set));
        let set = container.data_sets.get(&data_set);
        let wanted = if removes { REMOVE } else { WRITE };
        let may = |who: &Who| {
            set.is_some_and(|set| container.right(who, set, wanted, world.now).is_some())
        };
        let who = self.person_who(may);
        let expected_revision = self.revision(set);
        let call = match kind {
            0..=9 => {
                let value = self.value(set);
                set_entry { container: id, data_set, value, expected_revision }
            },
            10..=14 => {
                let mut values =
                    vec![NewValue { data_set, value: self.value(set), expected_revision }];
                match self.below(20) {
                    0 => values.clear(),
                    1 => values = vec![values[0].clone(); 65],
                    2 => {
                        let long = NewValue { value: vec![b' '; 14_000], ..values[0].clone() };
                        values = vec![long; 5];
                    },
                    3..=12 => {
                        let other = self.set_name(container, |set| {
                            set.public && !set.list && !set.retired && !set.write_once
                        });
                        let value = self.value(container.data_sets.get(&other));
                        values.push(NewValue { data_set: other, value, expected_revision: None });
                    },
                    _ => {},
                }
                store { container: id, values }
            },
            15..=22 => {
                let mut items = vec![];
                for _ in 0..=self.below(3) {
                    items.push(self.value(set));
                }
                match self.below(40) {
                    0 => items.clear(),
                    1 => items = vec![items[0].clone(); 257],
                    2 => items = vec![vec![b' '; 14_000]; 5],
                    _ => {},
                }
                append { container: id, data_set, items, expected_revision }
            },
            23..=30 => set_sealed_entry {
                container: id,
                data_set,
                epoch: self.epoch(set),
                ciphertext: self.ciphertext(),
                expected_revision,
            },
            31..=37 => {
                let mut items = vec![];
                for _ in 0..=self.below(2) {
                    items.push(self.ciphertext());
                }
                match self.below(40) {
                    0 => items.clear(),
                    1 => items = vec![vec![0; 112]; 257],
                    _ => {},
                }
                let epoch = self.epoch(set);
                append_sealed { container: id, data_set, epoch, items, expected_revision }
            },
            38..=41 => clear_entry { container: id, data_set, expected_revision },
            _ => {
                let mut places = vec![];
                for (batch, items) in (0..).zip(set.iter().flat_map(|set| &set.batches)) {
                    for (position, item) in (0..).zip(items) {
                        if item.is_some() {
                            places.push((batch, position));
                        }
                    }
                }
                let none = self.in_hundred(4);
                let (batch, position) = self.one_of(&places).filter(|_| !none).unwrap_or((0, 200));
                remove_item { container: id, data_set, batch, position, expected_revision }
            },
        };
        (who, call)
    }

    /// Calls that give and take rights.
    fn permitting(&mut self, world: &World) -> (Who, ContainerCall) {
        use pallet_data_container::Call::*;
        let kind = self.below(31);
        let now = world.now;
        let expired = |rights: &Rights| rights.grants.values().any(|grant| !grant.holds(now));
        let fits = |container: &Container| match kind {
            26.. => container.rights.values().any(expired),
            21..=25 => container.rights.values().any(|rights| !rights.grants.is_empty()),
            6..=8 => container.rights.values().any(|rights| !rights.roles.is_empty()),
            _ => true,
        };
        let id = self.container_id(world, |container| container.offer.is_none() && fits(container));
        let Some(container) = world.containers.get(&id) else {
            let account = self.person();
            return (self.person(), clear_expired { container: id, account });
        };
        let who = self.person_who(|who| *who == container.owner);
        let account = self.person();
        let call = match kind {
            0..=2 => {
                let mut permissions = vec![];
                for _ in 0..=self.below(2) {
                    let bits = match self.below(30) {
                        0 => 8,
                        1 => READ,
                        _ => [0, WRITE, REMOVE, WRITE | REMOVE][self.below(4)],
                    };
                    let data_set = self.set_name(container, |set| !set.retired);
                    permissions.push(DataSetAccess { data_set, access: access(bits) });
                }
                self.spoil(&mut permissions);
                let crowd = self.below(20);
                let role = match self.below(20) {
                    0 => b"0".to_vec(),
                    1..=4 if container.roles.len() < 16 => format!("role {crowd}").into_bytes(),
                    _ => self.role_name(container),
                };
                set_role { container: id, role, permissions }
            },
            3..=5 => {
                let role = self.role_name(container);
                assign_role { container: id, account, role }
            },
            6..=8 => {
                let holders: Vec<_> = container
                    .rights
                    .iter()
                    .flat_map(|(who, rights)| rights.roles.iter().map(move |role| (who, *role)))
                    .collect();
                let holder = self.one_of(&holders).filter(|_| !self.in_hundred(8));
                let (account, role) = match holder {
                    Some((who, role)) => {
                        (who.clone(), container.roles[usize::from(role)].clone().into_bytes())
                    },
                    None => (account, self.role_name(container)),
                };
                unassign_role { container: id, account, role }
            },
            9..=20 => return (who, self.sharing(world, id, container, account)),
            21..=25 => {
                let given: Vec<_> = container
                    .rights
                    .iter()
                    .flat_map(|(who, rights)| rights.grants.iter().map(move |grant| (who, grant)))
                    .collect();
                let grant = self.one_of(&given).filter(|_| !self.in_hundred(8));
                let (account, name, bits) = match grant {
                    Some((who, (id, grant))) => {
                        let name = container.data_sets.iter().find(|(_, set)| set.id == *id);
                        let bits = match self.below(12) {
                            0 => 0,
                            1 => 8,
                            2..=5 => READ,
                            _ => grant.access,
                        };
                        (who.clone(), name.map_or(vec![], |(name, _)| name.clone()), bits)
                    },
                    None => (account, self.set_name(container, |_| true), WRITE),
                };
                let mut list = vec![DataSetAccess { data_set: name, access: access(bits) }];
                self.spoil(&mut list);
                unshare { container: id, account, access: list }
            },
            _ => {
                let holders: Vec<_> = container
                    .rights
                    .iter()
                    .filter(|(_, rights)| expired(rights))
                    .map(|(who, _)| who.clone())
                    .collect();
                let account = self.one_of(&holders).unwrap_or(account);
                return (self.person(), clear_expired { container: id, account });
            },
        };
        (who, call)
    }

    /// Empties a list now and then, or makes it too long.
    fn spoil(&mut self, list: &mut Vec<DataSetAccess>) {
        match self.below(30) {
            0 => list.clear(),
            1 => *list = vec![list[0].clone(); 65],
            _ => {},
        }
    }

    fn sharing(
        &mut self,
        world: &World,
        id: ContainerId,
        container: &Container,
        account: Who,
    ) -> ContainerCall {
        let (mut list, mut envelopes) = (vec![], vec![]);
        for _ in 0..=self.below(2) {
            let data_set = self.set_name(container, |set| !set.retired);
            let set = container.data_sets.get(&data_set);
            let secret = set.is_some_and(|set| !set.public);
            let bits = match self.below(50) {
                0 => 0,
                1 => 8,
                2 => READ,
                _ if secret => [READ, READ | WRITE, READ | WRITE | REMOVE, WRITE][self.below(4)],
                _ => [WRITE, REMOVE, WRITE | REMOVE][self.below(3)],
            };
            let keyed = set.is_some_and(|set| set.key.is_some()) && bits & READ != 0;
            if (keyed && self.in_hundred(50)) || self.in_hundred(2) {
                envelopes.push(SharedEnvelope {
                    data_set: data_set.clone(),
                    epoch: self.epoch(set),
                    key_version: self.key_version(world, &account),
                    envelope: self.seed(),
                });
            }
            list.push(DataSetAccess { data_set, access: access(bits) });
        }
        self.spoil(&mut list);
        if let Some(first) = envelopes.first().filter(|_| self.in_hundred(8)) {
            envelopes = vec![first.clone(); 65];
        }
        let until = self.until(world.now);
        let (container, access) = (id, list);
        pallet_data_container::Call::share { container, account, access, until, envelopes }
    }

    /// Calls about keys.
    fn keying(&mut self, world: &World) -> (Who, ContainerCall) {
        use pallet_data_container::Call::*;
        let kind = self.below(16);
        if kind < 2 {
            let since = |who: &Who| world.keys.get(who).map_or(0, |key| key.2 + 600);
            let soon = self.in_hundred(30);
            let who = self.person_who(|who| soon || world.block >= since(who));
            return (who, set_encryption_key { public: self.public_key() });
        }
        let due = |set: &DataSet| {
            !set.public
                && !set.retired
                && set.key.as_ref().is_none_or(|key| world.now > key.valid_until)
        };
        let id = self.container_id(world, |container| match kind {
            2..=8 => container.offer.is_none() && container.data_sets.values().any(due),
            _ => container.data_sets.values().any(|set| set.key.is_some()),
        });
        let Some(container) = world.containers.get(&id) else {
            let envelope = self.seed();
            let (reader, data_set) = (self.person(), b"steps".to_vec());
            let call = set_envelope {
                container: id,
                data_set,
                reader: reader.clone(),
                epoch: 1,
                key_version: 1,
                envelope,
            };
            return (reader, call);
        };
        if kind < 12 {
            return self.rotation(world, id, container);
        }
        let data_set = self.set_name(container, |set| set.key.is_some());
        let set = container.data_sets.get(&data_set);
        let reads = |who: &Who| {
            container.owner == *who
                || set.is_some_and(|set| container.reads_until(who, set.id, world.now).is_some())
        };
        let reader = self.person_who(reads);
        let who = match self.in_hundred(50) {
            true => reader.clone(),
            false => self.person_who(|who| *who == container.owner),
        };
        let call = set_envelope {
            container: id,
            data_set,
            epoch: self.epoch(set),
            key_version: self.key_version(world, &reader),
            reader,
            envelope: self.seed(),
        };
        (who, call)
    }

    fn rotation(
        &mut self,
        world: &World,
        id: ContainerId,
        container: &Container,
    ) -> (Who, ContainerCall) {
        let now = world.now;
        let data_set = self.set_name(container, |set| {
            let due = set.key.as_ref().is_none_or(|key| now > key.valid_until);
            !set.public && !set.retired && due
        });
        let set = container.data_sets.get(&data_set);
        let who = self.person_who(|who| *who == container.owner);
        let mut envelopes = vec![];
        for reader in PEOPLE {
            let reads =
                set.is_some_and(|set| container.reads_until(&reader, set.id, now).is_some());
            if (reads && world.keys.contains_key(&reader)) || self.in_hundred(1) {
                envelopes.push(ReaderEnvelope {
                    key_version: self.key_version(world, &reader),
                    reader,
                    envelope: self.seed(),
                });
            }
        }
        if let Some(first) = envelopes.first().filter(|_| self.in_hundred(8)) {
            envelopes = vec![first.clone(); 65];
        }
        let keyed = set.is_some_and(|set| set.key.is_some());
        let previous_seed = match self.below(30) {
            0..=1 => vec![1; 79],
            2 => self.seed().to_vec(),
            at if keyed && at < 20 => self.seed().to_vec(),
            _ => vec![],
        };
        let call = pallet_data_container::Call::rotate_key {
            container: id,
            data_set,
            expected_epoch: self.epoch(set),
            public: self.public_key(),
            previous_seed,
            key_version: self.key_version(world, &who),
            envelope: self.seed(),
            envelopes,
        };
        (who, call)
    }

    /// Calls that hand containers over.
    fn offering(&mut self, world: &World) -> (Who, ContainerCall) {
        use pallet_data_container::Call::*;
        let kind = self.below(12);
        let id = self.container_id(world, |container| match (kind, &container.offer) {
            (0..=4, None) => true,
            (5..=8, Some(offer)) => offer.with.is_none(),
            (9.., Some(_)) => true,
            _ => false,
        });
        let Some(container) = world.containers.get(&id) else {
            return (self.person(), cancel_offer { container: id });
        };
        let owner = self.person_who(|who| *who == container.owner);
        match kind {
            0..=4 => {
                let any = self.in_hundred(15);
                let to = self.person_who(|who| any || *who != container.owner);
                let mut envelopes = self.disclosure(world, container, &to);
                if let Some(first) = envelopes.first().filter(|_| self.in_hundred(8)) {
                    envelopes = vec![first.clone(); 65];
                }
                let deadline = self.deadline(world.now);
                (owner, offer_ownership { container: id, to, deadline, envelopes })
            },
            5..=8 => {
                let offer = container.offer.as_ref();
                let to = self.person_who(|who| offer.is_some_and(|offer| offer.to == *who));
                let wrong = self.in_hundred(4);
                let offer = offer.map_or(0, |offer| offer.id) + u32::from(wrong);
                (to, accept_ownership { container: id, offer })
            },
            _ => (owner, cancel_offer { container: id }),
        }
    }

    fn twin_id(&mut self, world: &World, test: impl Fn(&Twin) -> bool) -> TwinId {
        if self.in_hundred(2) {
            return 99;
        }
        let fit: Vec<_> =
            world.twins.iter().filter(|(_, twin)| test(twin)).map(|(id, _)| *id).collect();
        match self.in_hundred(5) {
            true => self.below(world.twins.len()) as u64,
            false => {
                let any = self.below(world.twins.len()) as u64;
                self.one_of(&fit).unwrap_or(any)
            },
        }
    }

    fn link_name(&mut self) -> Bytes {
        let names = ["engine", "service", "ü", "a"];
        if self.in_hundred(2) {
            b"a/b".to_vec()
        } else {
            names[self.below(4)].as_bytes().to_vec()
        }
    }

    fn linkable(&mut self, world: &World, who: &Who) -> ContainerId {
        self.container_id(world, |container| container.may_link(who, world.now))
    }

    fn new_links(&mut self, world: &World, who: &Who) -> Vec<NewLink<Who>> {
        let mut links = vec![];
        for at in 0..self.below(4) {
            let name = if self.in_hundred(3) { vec![b'a'] } else { vec![b'a' + at as u8] };
            links.push(match self.below(12) {
                0..=2 if world.containers.len() < ENOUGH => {
                    let plugin = if self.in_hundred(8) { 99 } else { self.below(3) as u64 };
                    NewLink::Instantiate { name, plugin }
                },
                0..=5 => NewLink::Container { name, container: self.linkable(world, who) },
                6..=8 => {
                    let twin =
                        if world.twins.is_empty() { 0 } else { self.twin_id(world, |_| true) };
                    NewLink::Twin { name, twin }
                },
                9 => NewLink::Account { name, account: self.person() },
                10 => NewLink::Hash { name, hash: H256([7; 32]) },
                _ => NewLink::Hash { name: self.link_name(), hash: H256([8; 32]) },
            });
        }
        if self.in_hundred(2) {
            let hash = H256([9; 32]);
            links = (b'a'..b'r').map(|name| NewLink::Hash { name: vec![name], hash }).collect();
        }
        links
    }

    fn twin_call(&mut self, world: &World) -> (Who, TwinCall) {
        use crate::Call::*;
        let kind = if world.twins.is_empty() { 0 } else { self.below(33) };
        if kind < 4 && (world.twins.len() < 2 * ENOUGH || self.in_hundred(30)) {
            let who = self.person();
            let assets: [&[u8]; 4] = [b"cranes.example/BC250-4711", b"a", b"b", b""];
            let wrong = self.in_hundred(3);
            let asset = if wrong { assets[3] } else { assets[self.below(3)] }.to_vec();
            let (description, links) = (self.description(), self.new_links(world, &who));
            return (who, create_twin { description, asset, links });
        }
        let id = self.twin_id(world, |twin| match kind {
            0..=16 => !twin.deactivated && twin.offer.is_none(),
            17..=22 => !twin.deactivated,
            _ => twin.offer.is_some(),
        });
        let Some(twin) = world.twins.get(&id) else {
            return match self.below(3) {
                0 => (self.person(), deactivate_twin { twin: id }),
                1 => (self.person(), accept_twin { twin: id, offer: 0 }),
                _ => (self.person(), cancel_offer { twin: id }),
            };
        };
        let who = self.person_who(|who| *who == twin.owner);
        match kind {
            0..=6 => {
                let description = self.description();
                (who, set_description { twin: id, description })
            },
            7..=12 => {
                let target = match self.below(8) {
                    0..=3 => Target::Container(self.linkable(world, &who)),
                    4..=5 => Target::Twin(self.twin_id(world, |_| true)),
                    6 => Target::Account(self.person()),
                    _ => Target::Hash(H256([5; 32])),
                };
                (who, set_link { twin: id, name: self.link_name(), target })
            },
            13..=15 => {
                let known: Vec<_> = twin.links.keys().cloned().collect();
                let name = self.one_of(&known).filter(|_| !self.in_hundred(8));
                let name = name.unwrap_or_else(|| self.link_name());
                (who, remove_link { twin: id, name })
            },
            16 if self.in_hundred(60) => (who, deactivate_twin { twin: id }),
            16 => {
                let description = b"{}".to_vec();
                (who, set_description { twin: id, description })
            },
            17..=22 => (who.clone(), self.offer_twin(world, id, &who)),
            23..=28 => {
                let offer = twin.offer.as_ref();
                let to = self.person_who(|who| offer.is_some_and(|offer| offer.to == *who));
                let wrong = self.in_hundred(4);
                let offer = offer.map_or(0, |offer| offer.id) + u32::from(wrong);
                (to, accept_twin { twin: id, offer })
            },
            29 => {
                // What an offer forbids.
                (who, remove_link { twin: id, name: self.link_name() })
            },
            _ => (who, cancel_offer { twin: id }),
        }
    }

    fn offer_twin(&mut self, world: &World, id: TwinId, who: &Who) -> TwinCall {
        let any = self.in_hundred(15);
        let to = self.person_who(|to| any || to != who);
        let own: Vec<_> = world
            .containers
            .iter()
            .filter(|(_, container)| container.owner == *who && container.offer.is_none())
            .map(|(id, _)| *id)
            .collect();
        let mut containers = vec![];
        for _ in 0..self.below(3) {
            let next = match self.in_hundred(4) {
                true => Some(self.container_id(world, |_| true)),
                false => self.one_of(&own),
            };
            containers
                .extend(next.filter(|next| !containers.contains(next) || self.in_hundred(30)));
        }
        let mut envelopes = vec![];
        for container in &containers {
            if let Some(known) = world.containers.get(container) {
                for new in self.disclosure(world, known, &to) {
                    envelopes.push(ContainerEnvelope {
                        container: *container,
                        data_set: new.data_set,
                        epoch: new.epoch,
                        key_version: new.key_version,
                        envelope: new.envelope,
                    });
                }
            }
        }
        let any = ContainerEnvelope {
            container: 98,
            data_set: b"steps".to_vec(),
            epoch: 1,
            key_version: 1,
            envelope: self.seed(),
        };
        match self.below(40) {
            0..=2 => containers = (0..17).collect(),
            3 => envelopes.push(any),
            4 => envelopes = vec![any; 257],
            _ => {},
        }
        let deadline = self.deadline(world.now);
        TwinCall::offer_twin { twin: id, to, deadline, containers, envelopes }
    }
}

/// Access of any bits, those without a meaning as well.
fn access(bits: u8) -> Access {
    codec::Decode::decode(&mut &[bits][..]).unwrap_or(Access::NONE)
}
