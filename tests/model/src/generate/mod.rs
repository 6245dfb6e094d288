// SPDX-License-Identifier: Apache-2.0

//! Random calls. Most of them can succeed, because the generator consults the model. Each argument
//! is sometimes wrong.

mod data;
mod definitions;
mod handover;
mod keys;
mod rights;
mod twins;

use super::{chain::ContainerCall, samples, twins::TwinCall, world::*};
use crate::chain::{BlockNumber, RuntimeCall};
use pallet_data_container::{
    DataSetAccess, HolderEnvelope, NamedHolder, NewValue, PreviousSeed, ReaderEnvelope,
};
use pallet_digital_twin::{ContainerEnvelope, NewLink, Target};
use proptest::prelude::{Rng, RngExt};
use proptest::test_runner::{RngAlgorithm, TestRng};
use sp_core::H256;
use sp_runtime::AccountId32;
use twinchain_primitives::{Access, ContainerId, Moment, SharedEnvelope, TwinId};

/// The accounts that make calls.
pub const PEOPLE: [Who; 6] = [
    AccountId32::new([1; 32]),
    AccountId32::new([2; 32]),
    AccountId32::new([3; 32]),
    AccountId32::new([4; 32]),
    AccountId32::new([5; 32]),
    AccountId32::new([6; 32]),
];

/// Number of containers, and half the number of twins, from which few more are created.
const ENOUGH: usize = 5;

/// One step of a sequence.
#[derive(Clone, Debug)]
pub enum Step {
    Call(Who, Box<RuntimeCall>),
    /// This number of blocks passes.
    Blocks(BlockNumber),
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

    /// Returns `true` in `cases` of 100 cases, at random.
    pub fn in_hundred(&mut self, cases: usize) -> bool {
        self.below(100) < cases
    }

    fn one_of<V: Clone>(&mut self, values: &[V]) -> Option<V> {
        (!values.is_empty()).then(|| values[self.below(values.len())].clone())
    }

    fn person(&mut self) -> Who {
        PEOPLE[self.below(6)].clone()
    }

    /// Returns an account for which `test` holds, or sometimes any account.
    fn person_who(&mut self, test: impl Fn(&Who) -> bool) -> Who {
        let fit: Vec<_> = PEOPLE.into_iter().filter(|who| test(who)).collect();
        match self.in_hundred(4) {
            true => self.person(),
            false => self.one_of(&fit).unwrap_or_else(|| self.person()),
        }
    }

    /// Returns a sealed seed, rarely one of a wrong length.
    fn seed(&mut self) -> Vec<u8> {
        let mut bytes = vec![0; if self.below(100) == 0 { 79 } else { 80 }];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    /// Returns the only suite, rarely an unknown one.
    fn suite(&mut self) -> u8 {
        1 + u8::from(self.in_hundred(2))
    }

    fn public_key(&mut self) -> Vec<u8> {
        let mut bytes = vec![0; 32];
        match self.below(40) {
            0 => {},
            1 => bytes[0] = 1,
            3 => bytes = vec![9; 31],
            kind => {
                self.0.fill_bytes(&mut bytes);
                let top = if kind == 2 { 0x80 } else { 0 };
                bytes[31] = bytes[31] & 0x7f | top;
            },
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

    /// Returns the name of a data set for which `test` holds, or sometimes of another, or of none.
    fn set_name(&mut self, container: &Container, test: impl Fn(&DataSet) -> bool) -> Bytes {
        match self.below(100) {
            0 => return b"none".to_vec(),
            1 => return self.wrong_name(),
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

    fn wrong_name(&mut self) -> Bytes {
        WRONG_NAMES[self.below(WRONG_NAMES.len())].as_bytes().to_vec()
    }

    fn role_name(&mut self, container: &Container) -> Bytes {
        match self.below(40) {
            0 => b"nobody".to_vec(),
            1 => self.wrong_name(),
            _ => {
                let role = self.one_of(&container.roles).map(|(_, name)| name);
                role.unwrap_or_else(|| "worker".into()).into_bytes()
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

    /// Returns a value that fits the data set, or sometimes not.
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

    /// Returns the current epoch of a data set, or sometimes another.
    fn epoch(&mut self, set: Option<&DataSet>) -> u32 {
        let epoch = set.and_then(|set| set.key.as_ref()).map_or(0, |key| key.epoch);
        if self.in_hundred(4) {
            epoch + 1
        } else {
            epoch
        }
    }

    fn key_version(&mut self, world: &World, who: &Who) -> u32 {
        let version = world.version(who).unwrap_or(1);
        if self.in_hundred(3) {
            version + 1
        } else {
            version
        }
    }

    /// Returns the envelopes for the offeree of a container.
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
        // Sometimes a duplicate.
        if let Some(first) = all.first().filter(|_| self.in_hundred(6)).cloned() {
            all.push(first);
        }
        all
    }

    pub fn step(&mut self, world: &World) -> Step {
        match self.below(100) {
            0..=4 => {
                // Sometimes a month.
                let passing = [1, 1, 2, 10, 100, 601];
                let month = self.in_hundred(3);
                Step::Blocks(if month { 900_000 } else { passing[self.below(6)] })
            },
            5..=26 => {
                let (who, call) = self.twin_call(world);
                Step::Call(who, Box::new(call.into()))
            },
            _ => {
                let (who, call) = self.container_call(world);
                Step::Call(who, Box::new(call.into()))
            },
        }
    }

    fn container_call(&mut self, world: &World) -> (Who, ContainerCall) {
        match self.below(133) {
            0..=19 if world.containers.len() < ENOUGH => self.making(world),
            0..=1 => self.making(world),
            4..=19 => self.defining(world),
            20..=64 => self.writing(world),
            65..=101 => self.permitting(world),
            102..=119 => self.keying(world),
            _ => self.offering(world),
        }
    }
}
