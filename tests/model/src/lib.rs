// SPDX-License-Identifier: Apache-2.0

//! A model of both pallets, which runs the same random sequences of calls.
//!
//! The model consists of plain maps (`world`) with the rules of the design (`rules`, `twins`).
//! After every call, the pallets and the model must agree on the result, on all data, and on the
//! authority of each account. The state must be consistent. At intervals, a state rebuilt from
//! events alone (`rebuilt`) must match the state. A table of all calls and errors is printed.
//!
//! Sequences are the same in every run. To run more or others: `TWINCHAIN_SEQUENCES=3000
//! TWINCHAIN_SEED=7 cargo test --release -p twinchain-model -- --nocapture`.

#![cfg(test)]

mod chain;
mod generate;
mod growth;
mod old_faults;
mod rebuilt;
mod rules;
mod samples;
mod twins;
mod world;

use chain::*;
use frame_support::traits::{GetCallName, PalletInfoAccess};
use generate::{Generator, Step, PEOPLE};
use growth::{Before, Bytes as WrittenBytes};
use old_faults::OldFault;
use pallet_data_container as containers;
use pallet_data_container::operation::Operation;
use rebuilt::Rebuilt;
use sp_runtime::DispatchError;
use std::{
    collections::{BTreeMap, BTreeSet},
    thread,
};
use twinchain_primitives::{Access, ContainerId, Moment, TwinId};
use world::*;

/// Number of steps in a sequence.
const STEPS: usize = 200;
/// Minimum number of successes of every call.
const ENOUGH: u64 = 50;
/// Minimum number of occurrences of every error. Some errors require one text among hundreds.
const ENOUGH_ERRORS: u64 = 20;
/// Number of sequences of the model alone in which the rarest old fault is searched for.
const SEARCHED: u64 = 1_500;
/// One sequence in this many measures the bytes that its calls write.
const MEASURED: u64 = 8;
/// Maximum number of random calls that are discarded before a block passes.
const TRIES: usize = 12;
/// Frequent reasons. Most calls that they reject are discarded.
const COMMON: [&str; 17] = [
    "ContainerNotFound",
    "DataSetNotFound",
    "KeyNotFound",
    "NoEncryptionKey",
    "NoKey",
    "NotConfidential",
    "NotOwner",
    "NotPermitted",
    "NothingToDo",
    "OfferNotFound",
    "OfferPending",
    "TooManyItems",
    "WrongKind",
    "twin:Deactivated",
    "twin:LinkNotFound",
    "twin:NotOwner",
    "twin:OfferNotFound",
];
/// Errors that random calls cannot reach. A unit test covers each: corrupt state, counters at their
/// limits, and limits that require thousands of calls.
const OUT_OF_REACH: [&str; 7] = [
    "Corrupt",
    "CorruptSchema",
    "IdsExhausted",
    "PurgedEnough",
    "TooManySegments",
    "twin:IdsExhausted",
    "twin:LinksExhausted",
];

/// The results of calls: successes of each call, and occurrences of each error.
#[derive(Default)]
struct Table {
    done: BTreeMap<String, u64>,
    refused: BTreeMap<String, u64>,
    errors: BTreeMap<String, u64>,
    /// Bytes written by successful calls, where measured.
    written: BTreeMap<String, WrittenBytes>,
}

impl Table {
    fn merge(&mut self, other: Self) {
        for (name, bytes) in other.written {
            self.written.entry(name).or_default().add(bytes);
        }
        for (mine, others) in [
            (&mut self.done, other.done),
            (&mut self.refused, other.refused),
            (&mut self.errors, other.errors),
        ] {
            for (name, count) in others {
                *mine.entry(name).or_default() += count;
            }
        }
    }

    fn print(&self) {
        let (done, refused) = (self.done.values().sum::<u64>(), self.refused.values().sum::<u64>());
        println!("counted: model: {done} calls succeeded, {refused} were rejected");
        let calls = self.done.iter().map(|(call, done)| {
            let refused = self.refused.get(call).unwrap_or(&0);
            format!("{call} {done}/{refused}")
        });
        let errors = self.errors.iter().map(|(error, count)| format!("{error} {count}"));
        let row = |all: Vec<String>| all.join(", ");
        println!("counted: model: calls (succeeded/rejected): {}", row(calls.collect()));
        println!("counted: model: errors: {}", row(errors.collect()));
        let written = self.written.iter().map(|(call, bytes)| format!("{call} {bytes}"));
        let written = row(written.collect());
        println!("counted: model: bytes per call (declared/charged/written): {written}");
    }
}

/// A chain and its model.
struct Run {
    world: World,
    table: Table,
    /// The state rebuilt from the events.
    rebuilt: Rebuilt,
    /// `true` if the bytes that calls write are measured, which takes as long as everything else.
    measured: bool,
}

impl Run {
    /// Takes a random step that the model accepts, or sometimes one that it rejects.
    fn advance(&mut self, generator: &mut Generator) {
        for _ in 0..TRIES {
            let (who, call) = match generator.step(&self.world) {
                Step::Blocks(passed) => return self.pass(passed),
                Step::Call(who, call) => (who, *call),
            };
            let attempt = self.world.attempt(&who, &call);
            let reasons = &attempt.reasons.0;
            let common = reasons.iter().any(|reason| COMMON.contains(&reason.as_str()));
            if reasons.is_empty() || generator.in_hundred(if common { 4 } else { 90 }) {
                return self.compare(who, call, attempt);
            }
        }
        self.pass(1);
    }

    /// Checks that no value can be sealed now that an account without READ could open.
    fn check_traces(&self) {
        if let Some(leak) = leak(&self.world) {
            panic!("{leak}");
        }
    }

    /// Lets this number of blocks pass.
    fn pass(&mut self, blocks: BlockNumber) {
        self.world.block += blocks;
        self.world.now += Moment::from(blocks) * SLOT;
        set_block(self.world.block, self.world.now);
        self.compare_data();
        self.check_traces();
        try_state();
    }

    /// Makes a call, and compares the result, the events and the changes.
    fn compare(&mut self, who: Who, call: RuntimeCall, Attempt { world, reasons }: Attempt) {
        let name = name_of_call(&call);
        System::reset_events();
        let before = self.measured.then(|| Before::new(&call));
        let outcome = dispatch(who, call.clone());
        if let Some(bytes) = before.map(|before| before.check(&name, &outcome)) {
            self.table.written.entry(name.clone()).or_default().add(bytes);
        }
        match outcome {
            Ok(_) => {
                assert!(
                    reasons.0.is_empty(),
                    "{name} succeeded in spite of {reasons:?}: {}",
                    shown(&call)
                );
                self.world = world;
                *self.table.done.entry(name).or_default() += 1;
                self.compare_events();
            },
            Err(failed) => {
                let error = name_of_error(failed.error);
                assert!(reasons.0.contains(&error), "{error}, not {reasons:?}: {}", shown(&call));
                *self.table.refused.entry(name).or_default() += 1;
                *self.table.errors.entry(error).or_default() += 1;
            },
        }
        self.compare_data();
        self.check_traces();
        try_state();
    }

    /// Checks that the events name the author and the authority of every change of a data set.
    fn compare_events(&mut self) {
        for event in take_events() {
            self.rebuilt.apply(&event, self.world.block, self.world.now);
            let RuntimeEvent::DataContainer(containers::Event::DataSetChanged {
                container,
                name,
                operation,
                ..
            }) = event
            else {
                continue;
            };
            let (revision, author, authority) = match operation {
                Operation::Set { revision, author, authority, .. }
                | Operation::Clear { revision, author, authority, .. }
                | Operation::Append { revision, author, authority, .. }
                | Operation::Remove { revision, author, authority, .. }
                | Operation::Retire { revision, author, authority, .. } => {
                    (revision, author, authority)
                },
            };
            let set = &self.world.containers[&container].data_sets[name.as_ref()];
            if set.revision == revision {
                assert_eq!(set.last, Some((author, right(authority))));
            }
        }
    }

    fn compare_data(&self) {
        assert_eq!(containers::NextPluginId::<Runtime>::get(), self.world.plugins.len() as u64);
        assert_eq!(
            containers::NextContainerId::<Runtime>::get(),
            self.world.containers.len() as u64
        );
        assert_eq!(
            pallet_digital_twin::NextTwinId::<Runtime>::get(),
            self.world.twins.len() as u64
        );
        for (id, container) in &self.world.containers {
            compare_container(*id, container);
        }
        for (id, twin) in &self.world.twins {
            compare_twin(*id, twin);
        }
        for who in &PEOPLE {
            compare_keys(who, &self.world);
        }
    }

    /// Compares the access of each account in one container, and its authority.
    fn compare_rights(&self, id: ContainerId) {
        let container = &self.world.containers[&id];
        for (name, set) in &container.data_sets {
            for who in &PEOPLE {
                for wanted in [READ, WRITE, REMOVE, WRITE | REMOVE] {
                    let public = wanted == READ && set.public;
                    let access = Access::from_bits(wanted).unwrap();
                    let told = DataContainer::authority_of(id, name.clone(), who.clone(), access);
                    let known = container.right(who, set, wanted, self.world.now);
                    if !public {
                        assert_eq!(told.map(right), known, "{who} {wanted} {set:?}");
                    }
                }
            }
            let sealing = DataContainer::sealing(id, name.clone());
            let open = matches!(sealing, Some(containers::Sealing::Open { .. }));
            assert_eq!(open, container.takes_sealed(set, self.world.now), "{sealing:?} {set:?}");
        }
        let due = DataContainer::rotations_due(id, None, None);
        let names = due.items.iter().map(|due| due.data_set.as_ref().to_vec());
        assert_eq!(names.collect::<BTreeSet<_>>(), container.rotations_due(&self.world));
        assert_eq!(due.next, None);
    }
}

fn compare_container(id: ContainerId, model: &Container) {
    let stored = containers::Containers::<Runtime>::get(id).unwrap();
    assert_eq!(stored.owner, model.owner);
    assert_eq!(stored.status == containers::Status::Closed, model.closed);
    assert_eq!(stored.plugin, model.plugin);
    assert_eq!(usize::from(stored.data_sets), model.data_sets.len());
    assert_eq!(stored.offers, model.offers);
    let told = stored.offer.map(|offer| (offer.id, offer.to, offer.deadline));
    let known = model.offer.clone();
    assert_eq!(told, known.map(|offer| (offer.id, offer.to, offer.deadline)));
    let with = model.offer.as_ref().and_then(|offer| offer.with);
    assert_eq!(containers::OfferedWith::<Runtime>::get(id), with);
    let description = containers::Descriptions::<Runtime>::get(id);
    assert_eq!(description.map_or(vec![], |text| text.as_ref().to_vec()), model.description);
    let roles = containers::RoleNames::<Runtime>::get(id);
    let told = roles.iter().map(|role| (role.id, role.name.as_ref()));
    assert!(told.eq(model.roles.iter().map(|(id, name)| (*id, name.as_bytes()))));
    assert_eq!(stored.cloned_from, model.cloned_from);
    let rights = containers::AccountRights::<Runtime>::iter_prefix(id);
    assert_eq!(rights.count(), model.rights.len());
    for (who, model) in &model.rights {
        let stored = containers::AccountRights::<Runtime>::get(id, who).unwrap();
        assert_eq!(stored.roles.to_vec(), model.roles);
        let grants: BTreeMap<_, _> = stored
            .grants
            .iter()
            .map(|grant| {
                let parts = [(READ, grant.read), (WRITE, grant.write), (REMOVE, grant.remove)];
                let ends = parts.into_iter().filter_map(|(bit, end)| Some((bit, end?.moment())));
                (grant.data_set, ends.collect())
            })
            .collect();
        let known = model.grants.iter().map(|(id, grant)| (*id, grant.0.clone()));
        assert_eq!(grants, known.collect());
    }
    let mut count = 0;
    for (name, stored) in containers::DataSets::<Runtime>::iter_prefix(id) {
        count += 1;
        compare_data_set(id, &stored, &model.data_sets[name.as_ref()]);
    }
    assert_eq!(count, model.data_sets.len());
}

fn compare_data_set(
    id: ContainerId,
    stored: &containers::DataSet<Who, BlockNumber>,
    model: &DataSet,
) {
    assert_eq!(stored.id, model.id);
    assert_eq!(stored.kind == containers::Kind::List, model.list);
    assert_eq!(stored.visibility == containers::Visibility::Public, model.public);
    assert_eq!(stored.retired, model.retired);
    assert_eq!(stored.write_once, model.write_once);
    assert_eq!(stored.revision, model.revision);
    assert_eq!(stored.count, model.count());
    let key = stored.key.map(|key| (key.epoch, key.segment, key.valid_until));
    assert_eq!(key, model.key.as_ref().map(|key| (key.epoch, key.segment, key.valid_until)));
    let end = containers::SealingEnds::<Runtime>::get(id, model.id);
    let end = end.map(|end| (end.account, reason(end.reason), end.since));
    assert_eq!(end, model.key.as_ref().and_then(|key| key.end.clone()));
    let left = containers::SeedsLeft::<Runtime>::get(id, model.id);
    let left = left.map(|left| (left.account, left.since));
    assert_eq!(left, model.key.as_ref().and_then(|key| key.left.first().cloned()));
    let permissions: BTreeMap<_, _> =
        stored.permissions.iter().map(|entry| (entry.role, entry.access.bits())).collect();
    assert_eq!(permissions, model.permissions);
    let short = stored.value.clone().map(Into::into);
    let entry = short.or_else(|| containers::LongEntries::<Runtime>::get(id, model.id));
    let entry = entry.map(|entry| value(&entry.author, entry.value));
    assert_eq!(entry, model.entry);
    assert_eq!(stored.batches as usize, model.batches.len());
    for (batch, model_batch) in (0..).zip(&model.batches) {
        let batch = containers::Batches::<Runtime>::get((id, model.id, batch)).unwrap();
        let value = |item| value(&batch.author, item);
        let items = batch.items.into_iter().map(|item| item.map(value));
        assert!(items.eq(model_batch.iter().cloned()));
    }
    if model.public {
        return;
    }
    let envelopes: BTreeMap<_, _> = containers::Envelopes::<Runtime>::iter_prefix((id, model.id))
        .map(|(at, envelope)| {
            let envelope = Envelope {
                epoch: envelope.epoch,
                version: envelope.key_version,
                oldest: envelope.oldest_key_version,
                seed: envelope.sealed.into(),
            };
            (at, envelope)
        })
        .collect();
    assert_eq!(envelopes, model.envelopes);
    let epochs: BTreeMap<_, _> = containers::Epochs::<Runtime>::iter_prefix((id, model.id))
        .map(|(number, epoch)| {
            let epoch = Epoch {
                segment: epoch.segment,
                public: epoch.public.into(),
                previous: epoch.previous.map(Into::into),
            };
            (number, epoch)
        })
        .collect();
    assert_eq!(epochs, model.epochs);
    // No cut, handover or unsharing may take from an account the epochs that it could open at a
    // cut.
    for (who, kept) in &model.kept {
        let lost: Vec<_> = kept.difference(&model.opens(who)).copied().collect();
        assert!(lost.is_empty(), "{who} lost the epochs {lost:?} of {model:?}");
    }
}

fn compare_keys(who: &Who, world: &World) {
    let model = world.keys.get(who);
    let newest = containers::EncryptionKeys::<Runtime>::get(who).map(|key| {
        let leaked = key.leaked.map(|leaked| (leaked.up_to, leaked.since));
        (key.version, key.since, leaked)
    });
    assert_eq!(newest, model.map(|keys| (keys.version(), keys.since, keys.leaked)));
    let all: BTreeMap<u32, Bytes> = containers::KeyVersions::<Runtime>::iter_prefix(who)
        .map(|(version, key)| (version, key.public.into()))
        .collect();
    let known = (1..).zip(model.map(|keys| keys.all.clone()).unwrap_or_default());
    assert_eq!(all, known.collect());
    let secrets =
        containers::AccountKeyEnvelopes::<Runtime>::iter_prefix(who).map(|(version, all)| {
            let holders = all.into_iter().map(|found| {
                let holder = match found.holder {
                    containers::KeyHolder::Account(who, version) => Holder::Account(who, version),
                    containers::KeyHolder::Key(public) => Holder::Key(public.into()),
                };
                (holder, Bytes::from(found.sealed))
            });
            (version, holders.collect::<Vec<_>>())
        });
    let known = world.secrets.iter().filter(|((of, _), _)| of == who);
    let known = known.map(|((_, version), all)| (*version, all.clone()));
    assert_eq!(secrets.collect::<BTreeMap<_, _>>(), known.collect());
}

fn compare_twin(id: TwinId, model: &Twin) {
    let stored = pallet_digital_twin::Twins::<Runtime>::get(id).unwrap();
    assert_eq!(stored.owner, model.owner);
    assert_eq!(stored.asset.as_ref(), model.asset);
    assert_eq!(stored.status == pallet_digital_twin::Status::Deactivated, model.deactivated);
    assert_eq!(stored.links as usize, model.links.len());
    assert_eq!(stored.offers, model.offers);
    let told = stored.offer.map(|it| (it.id, it.to, it.deadline, it.containers.into_inner()));
    let known = model.offer.clone();
    assert_eq!(told, known.map(|it| (it.id, it.to, it.deadline, it.containers)));
    assert_eq!(
        pallet_digital_twin::Descriptions::<Runtime>::get(id).unwrap().as_ref(),
        model.description
    );
    let links: BTreeMap<_, _> = pallet_digital_twin::Links::<Runtime>::iter_prefix(id)
        .map(|(name, target)| {
            let link = match target {
                pallet_digital_twin::Target::Container(id) => Link::Container(id),
                pallet_digital_twin::Target::Twin(id) => Link::Twin(id),
                pallet_digital_twin::Target::Account(who) => Link::Account(who),
                pallet_digital_twin::Target::Hash(hash) => Link::Hash(hash.0),
            };
            (name.as_ref().to_vec(), link)
        })
        .collect();
    assert_eq!(links, model.links);
}

fn value(author: &Who, stored: containers::StoredValue) -> Value {
    match stored {
        containers::StoredValue::Public(bytes) => Value::Public(bytes.as_slice().into()),
        containers::StoredValue::Sealed { epoch, ciphertext, .. } => {
            let author = author.clone();
            Value::Sealed { epoch, author, bytes: ciphertext.as_slice().into() }
        },
    }
}

fn reason(reason: containers::EndReason) -> End {
    match reason {
        containers::EndReason::ReadExpires => End::Expires,
        containers::EndReason::ReadTaken => End::Taken,
        containers::EndReason::OwnerChanged => End::OwnerChanged,
        containers::EndReason::OfferEnded => End::OfferEnded,
        containers::EndReason::KeyLeaked | containers::EndReason::ReaderLeft => {
            panic!("this reason does not end sealing")
        },
    }
}

fn right(authority: containers::Authority) -> Right {
    match authority {
        containers::Authority::Owner => Right::Owner,
        containers::Authority::Role(role) => Right::Role(role),
        containers::Authority::Grant => Right::Grant,
    }
}

/// Returns the name of an error as the model uses it.
fn name_of_error(error: DispatchError) -> String {
    let DispatchError::Module(error) = error else { panic!("{error:?}") };
    let name = error.message.unwrap();
    if usize::from(error.index) == DigitalTwin::index() {
        format!("twin:{name}")
    } else {
        name.into()
    }
}

/// Formats a call, truncated to 500 characters.
fn shown(call: &impl core::fmt::Debug) -> String {
    format!("{call:?}").chars().take(500).collect()
}

/// Returns a description of a data set whose next sealed value an account without READ could open.
fn leak(world: &World) -> Option<String> {
    world.containers.iter().find_map(|(id, container)| {
        container.data_sets.values().find_map(|set| {
            let who = container.leak(set, world)?;
            Some(format!("{who} has the seed of {set:?} in {id} but no READ"))
        })
    })
}

/// Runs one sequence on a new chain.
fn sequence(seed: u64) -> Table {
    chain().execute_with(|| {
        let world = World { now: START, block: 1, ..World::default() };
        let measured = seed.is_multiple_of(MEASURED);
        let mut run = Run { world, table: Table::default(), rebuilt: Rebuilt::default(), measured };
        let mut generator = Generator::new(seed);
        for document in samples::first_documents() {
            let call = containers::Call::publish_plugin { document }.into();
            let attempt = run.world.attempt(&PEOPLE[0], &call);
            run.compare(PEOPLE[0].clone(), call, attempt);
        }
        for at in 0..STEPS {
            run.advance(&mut generator);
            if !run.world.containers.is_empty() {
                let count = run.world.containers.len();
                run.compare_rights((at % count) as ContainerId);
            }
            if at % 20 == 0 {
                run.rebuilt.compare();
            }
        }
        run.rebuilt.compare();
        run.table
    })
}

/// Runs a sequence of the model alone with an old fault. Returns `true` if the trace rule finds it.
fn finds(fault: OldFault, seed: u64) -> bool {
    old_faults::repeat_old_fault(fault);
    let mut world = World { now: START, block: 1, ..World::default() };
    let mut generator = Generator::new(seed);
    for document in samples::first_documents() {
        let call = containers::Call::publish_plugin { document }.into();
        world = world.attempt(&PEOPLE[0], &call).world;
    }
    for _ in 0..STEPS * TRIES {
        match generator.step(&world) {
            Step::Blocks(passed) => {
                world.block += passed;
                world.now += Moment::from(passed) * SLOT;
            },
            Step::Call(who, call) => {
                let attempt = world.attempt(&who, &call);
                if attempt.reasons.0.is_empty() {
                    world = attempt.world;
                }
            },
        }
        if leak(&world).is_some() {
            return true;
        }
    }
    false
}

/// Random sequences reach the old faults, and the trace rule finds them.
#[test]
fn trace_rule_finds_the_old_faults() {
    for (fault, searched) in
        [(OldFault::ShareBeside, SEARCHED), (OldFault::KeyUsedAgain, SEARCHED / 4)]
    {
        let found = (0..searched).filter(|seed| {
            let seed = *seed;
            // On a separate thread, so that no other test has the fault.
            thread::spawn(move || finds(fault, seed)).join().expect("the model does not panic")
        });
        let found = found.count();
        println!("counted: model: {fault:?} was found in {found} of {searched} sequences");
        assert!(found >= 3, "{fault:?} {found}");
    }
}

fn from_environment(name: &str, otherwise: u64) -> u64 {
    std::env::var(name)
        .ok()
        .map_or(otherwise, |text| text.parse().expect("the variable must be a number"))
}

#[test]
fn pallets_agree_with_the_model() {
    let first = from_environment("TWINCHAIN_SEED", 1) << 32;
    let count = from_environment("TWINCHAIN_SEQUENCES", 2_000);
    let threads = thread::available_parallelism().map_or(1, usize::from) as u64;
    let work = |thread: u64| {
        let mut table = Table::default();
        for seed in (first + thread..first + count).step_by(threads as usize) {
            let done = std::panic::catch_unwind(|| sequence(seed));
            match done {
                Ok(one) => table.merge(one),
                Err(_) => panic!("the sequence with seed {seed} failed"),
            }
        }
        table
    };
    let mut table = Table::default();
    thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|thread| scope.spawn(move || work(thread))).collect();
        for one in all {
            table.merge(one.join().expect("a sequence failed; its seed is above"));
        }
    });
    table.print();
    let (done, refused) = (table.done.values().sum::<u64>(), table.refused.values().sum::<u64>());
    assert!(
        done >= refused,
        "{done} calls succeeded and {refused} were rejected: too few successes"
    );
    if count < 500 {
        return println!("counted: model: too few sequences to require every call and error");
    }
    for error in every_error() {
        let count = *table.errors.get(&error).unwrap_or(&0);
        let reached = count >= ENOUGH_ERRORS || OUT_OF_REACH.contains(&error.as_str());
        assert!(reached, "{error} occurred only {count} times");
    }
    for call in every_call() {
        let count = *table.done.get(&call).unwrap_or(&0);
        assert!(count >= ENOUGH, "{call} succeeded only {count} times");
    }
}

/// Returns the names of all errors, from the metadata.
fn every_error() -> Vec<String> {
    let of = |prefix: &str, names: Vec<String>| {
        names.into_iter().map(|name| format!("{prefix}{name}")).collect::<Vec<_>>()
    };
    let mut all = of("", variants::<containers::Error<Runtime>>());
    all.extend(of("twin:", variants::<pallet_digital_twin::Error<Runtime>>()));
    all.retain(|name| !name.contains("__"));
    all
}

/// Returns the names of all calls.
fn every_call() -> Vec<String> {
    let twins = TwinCallNames::get_call_names().iter().map(|name| format!("twin:{name}"));
    let containers = chain::ContainerCall::get_call_names().iter().map(ToString::to_string);
    twins.chain(containers).collect()
}

type TwinCallNames = twins::TwinCall;

/// Returns the names of an enum's variants.
fn variants<V: scale_info::TypeInfo>() -> Vec<String> {
    match V::type_info().type_def {
        scale_info::TypeDef::Variant(variants) => {
            variants.variants.iter().map(|variant| variant.name.to_string()).collect()
        },
        _ => panic!("the type is not an enum"),
    }
}
