// SPDX-License-Identifier: Apache-2.0

//! Calls that create plugins and containers, and change their definitions.

use super::*;

impl Generator {
    /// Returns a call that creates a plugin or container.
    pub(super) fn making(&mut self, world: &World) -> (Who, ContainerCall) {
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
                // The first plugins are rarely retired, because all containers are made from them.
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

    /// Returns a call that changes a container's definitions.
    pub(super) fn defining(&mut self, world: &World) -> (Who, ContainerCall) {
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
                let names = ["a", "b", "c", "d", "log", "ü"];
                let fine = names.get(self.below(7)).map(|name| name.as_bytes().to_vec());
                let name = fine.unwrap_or_else(|| self.wrong_name());
                let definition = self.one_of(&texts).cloned().unwrap_or_default();
                add_data_set { container: id, name, definition }
            },
            20..=22 => {
                let data_set = self.set_name(container, |set| set.retired.is_none() && set.id > 3);
                retire_data_set { container: id, data_set }
            },
            23..=27 => {
                let data_set = self.set_name(container, |set| set.retired.is_some());
                let held = container
                    .data_sets
                    .get(&data_set)
                    .map_or(0, |set| set.batches.len() + set.envelopes.len() + set.epochs.len());
                // Purges a part only where it does not matter which one, and never more than the
                // limit.
                let plain = container.data_sets.get(&data_set).is_none_or(|set| set.public);
                if held >= 64 && !plain {
                    return (who, set_description { container: id, description: b"{}".to_vec() });
                }
                let limit = if plain && self.in_hundred(50) { 1 } else { 64 };
                let any = self.in_hundred(60);
                let who = self.person_who(|who| any || *who == container.owner);
                return (who, purge { container: id, data_set, limit });
            },
            28 if self.in_hundred(70) => {
                set_description { container: id, description: self.description() }
            },
            28 => close_container { container: id },
            _ => {
                // Attempts on a closed or offered container.
                let id = self.container_id(world, |other| other.closed || other.offer.is_some());
                let owner = world.containers.get(&id).map(|other| &other.owner);
                if let Some(closed) = world.containers.get(&id).filter(|other| other.closed) {
                    let data_set = self.set_name(closed, |set| !set.write_once && set.holds());
                    let set = closed.data_sets.get(&data_set);
                    let few = |set: &DataSet| {
                        set.batches.len() + set.envelopes.len() + set.epochs.len() < 64
                    };
                    if set.is_none_or(few) {
                        let call = purge { container: id, data_set, limit: 64 };
                        return (self.person_who(|who| *who == closed.owner), call);
                    }
                }
                let call = set_description { container: id, description: b"{}".to_vec() };
                return (self.person_who(|who| Some(who) == owner), call);
            },
        };
        (who, call)
    }
}
