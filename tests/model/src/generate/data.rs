// SPDX-License-Identifier: Apache-2.0

//! Calls that write data.

use super::*;

impl Generator {
    /// Returns a call that writes data.
    pub(super) fn writing(&mut self, world: &World) -> (Who, ContainerCall) {
        use pallet_data_container::Call::*;
        let kind = self.below(46);
        // Sometimes also chooses a data set whose key no longer accepts sealed writes.
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
            !frozen && container.data_sets.values().any(|set| set.retired.is_none() && fits(set))
        });
        let Some(container) = world.containers.get(&id) else {
            let (data_set, value) = (b"manual".to_vec(), b"1".to_vec());
            let call = set_entry { container: id, data_set, value, expected_revision: None };
            return (self.person(), call);
        };
        let data_set = self.set_name(container, |set| set.retired.is_none() && fits(set));
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
                            set.public && !set.list && set.retired.is_none() && !set.write_once
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
}
