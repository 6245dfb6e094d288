// SPDX-License-Identifier: Apache-2.0

//! Plugins and containers: creation and changes.

use super::{data::public, lookup::*};
use crate::{chain::ContainerCall, samples, world::*};
use std::{collections::BTreeMap, rc::Rc};
use twinchain_primitives::ContainerId;

impl World {
    pub(super) fn definitions(
        &mut self,
        who: &Who,
        call: &ContainerCall,
        why: &mut Reasons,
    ) -> Option<()> {
        use pallet_data_container::Call::*;
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
                let now = self.now;
                let container = self.defined(who, *container, why)?;
                let set = active(container, data_set, why)?;
                set.retired = Some(now);
                set.revision += 1;
                set.last = Some((who.clone(), Right::Owner));
            },
            purge { container, data_set, limit } => {
                let now = self.now;
                let container = self.container(*container, why)?;
                let owner = container.owner == *who;
                let closed = container.closed;
                why.when(closed && !owner, "NotOwner");
                why.when(container.offer.is_some(), "OfferPending");
                let set = named(container, data_set, why)?;
                // In a closed container, no data set is in use.
                why.when(set.retired.is_none() && !closed, "NotRetired");
                why.when(set.write_once, "WriteOnce");
                let days = 30 * 24 * 3_600_000;
                let soon = set.retired.is_none_or(|then| now < then + days);
                why.when(!owner && soon, "PurgeTooEarly");
                let held = set.count() > 0 || !set.batches.is_empty() || set.key.is_some();
                why.when(!held, "NothingToDo");
                if set.retired.is_none() {
                    set.retired = Some(now);
                    set.revision += 1;
                    set.last = Some((who.clone(), Right::Owner));
                }
                let limit = (*limit).clamp(1, 64) as usize;
                purged(set, limit);
            },
            close_container { container } => self.defined(who, *container, why)?.closed = true,
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
            cloned_from: None,
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
        let mut sets: Vec<_> =
            from.data_sets.into_iter().filter(|(_, set)| set.retired.is_none()).collect();
        sets.sort_by_key(|(_, set)| set.id);
        // A clone is an instance if its data sets match the plugin's and the plugin is not retired.
        let plugin = from.plugin.filter(|id| {
            let plugin = &self.plugins[*id as usize];
            let own = sets.iter().map(|(name, set)| {
                let schema = set.schema.to_string();
                (name.clone(), set.list, set.public, set.write_once, schema)
            });
            let defined = plugin.data_sets.iter().map(|of| {
                let name = of.name.clone().into_bytes();
                (name, of.list, of.public, of.write_once, of.schema.clone())
            });
            !plugin.retired && own.eq(defined)
        });
        let id = self.add_container(who, plugin, from.description.clone());
        let container = self.container(id, why)?;
        container.cloned_from = Some(source);
        container.roles.clone_from(&from.roles);
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
                holders: BTreeMap::new(),
                kept: BTreeMap::new(),
                ..old
            };
            container.data_sets.insert(name, set);
        }
        why.when(size > 65_584, "PayloadTooLong");
        Some(())
    }
}

/// Adds a data set with its default, which the caller has checked.
pub(super) fn add_data_set(
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
        retired: None,
        revision: u32::from(written),
        last: author.filter(|_| written).map(|who| (who.clone(), Right::Owner)),
        entry,
        batches,
        permissions,
        key: None,
        epochs: BTreeMap::new(),
        envelopes: BTreeMap::new(),
        holders: BTreeMap::new(),
        kept: BTreeMap::new(),
    };
    container.data_sets.insert(name, set);
}

/// Removes at most `limit` records of a retired data set: batches from the newest on, then
/// envelopes, then epochs from the newest on. The generator purges only some of the envelopes only
/// where it does not matter which ones.
fn purged(set: &mut DataSet, limit: usize) {
    let batches = set.batches.len().min(limit);
    set.batches.truncate(set.batches.len() - batches);
    set.entry = None;
    let room = limit - batches;
    let Some(key) = set.key.as_mut().filter(|_| room > 0) else { return };
    let envelopes = set.envelopes.len().min(room);
    if envelopes == set.envelopes.len() {
        set.envelopes.clear();
    }
    // A purge intentionally takes epochs from all accounts.
    set.kept.clear();
    for _ in envelopes..room {
        set.epochs.pop_last();
    }
    match set.epochs.last_key_value() {
        Some((epoch, newest)) => {
            (key.epoch, key.segment) = (*epoch, newest.segment);
            key.public.clone_from(&newest.public);
        },
        None => set.key = None,
    }
}

pub(super) fn describe(description: &[u8], why: &mut Reasons) {
    if let Some(error) = samples::description_error(description) {
        why.when(!description.is_empty(), error);
    }
}
