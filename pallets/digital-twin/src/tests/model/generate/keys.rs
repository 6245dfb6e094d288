// SPDX-License-Identifier: Apache-2.0

//! Calls about keys.

use super::*;

impl Generator {
    /// Calls about keys.
    pub(super) fn keying(&mut self, world: &World) -> (Who, ContainerCall) {
        use pallet_data_container::Call::*;
        let kind = self.below(16);
        if kind < 2 {
            let since = |who: &Who| world.keys.get(who).map_or(0, |key| key.2 + 600);
            let soon = self.in_hundred(30);
            let who = self.person_who(|who| soon || world.block >= since(who));
            let public = self.new_or_used_key(world);
            return (who, set_encryption_key { public });
        }
        let due = |set: &DataSet| {
            !set.public
                && set.retired.is_none()
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
        // Also for one that may not read, or was left out.
        let any = self.in_hundred(20);
        let reader = self.person_who(|who| any || reads(who));
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

    /// A new public key, or now and then one that was used somewhere.
    fn new_or_used_key(&mut self, world: &World) -> [u8; 32] {
        let used: Vec<_> = world.used.iter().map(|(_, key)| *key).collect();
        let again = self.in_hundred(10);
        self.one_of(&used).filter(|_| again).unwrap_or_else(|| self.public_key())
    }

    fn rotation(
        &mut self,
        world: &World,
        id: ContainerId,
        container: &Container,
    ) -> (Who, ContainerCall) {
        let now = world.now;
        let early = self.in_hundred(40);
        let data_set = self.set_name(container, |set| {
            let due = set.key.as_ref().is_none_or(|key| now > key.valid_until);
            !set.public && set.retired.is_none() && (due || early)
        });
        let set = container.data_sets.get(&data_set);
        let who = self.person_who(|who| *who == container.owner);
        let mut envelopes = vec![];
        for reader in PEOPLE {
            let reads =
                set.is_some_and(|set| container.reads_until(&reader, set.id, now).is_some());
            // Some readers are left out, and some who are none are not.
            let wanted = if reads && world.keys.contains_key(&reader) { 80 } else { 2 };
            if self.in_hundred(wanted) {
                envelopes.push(ReaderEnvelope {
                    key_version: self.key_version(world, &reader),
                    reader,
                    envelope: self.seed(),
                });
            }
        }
        if let Some(first) = envelopes.first().filter(|_| self.in_hundred(6)).cloned() {
            envelopes.push(first);
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
            public: match set.and_then(|set| set.key.as_ref()) {
                Some(key) if self.in_hundred(15) => key.public,
                _ => self.new_or_used_key(world),
            },
            previous_seed,
            key_version: self.key_version(world, &who),
            envelope: self.seed(),
            envelopes,
        };
        (who, call)
    }
}
