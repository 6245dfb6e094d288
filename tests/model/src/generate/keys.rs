// SPDX-License-Identifier: Apache-2.0

//! Calls about keys.

use super::*;

impl Generator {
    /// Returns a call about keys.
    pub(super) fn keying(&mut self, world: &World) -> (Who, ContainerCall) {
        use pallet_data_container::Call::*;
        let kind = self.below(18);
        if kind < 2 {
            let since = |who: &Who| world.keys.get(who).map_or(0, |keys| keys.since + 600);
            let soon = self.in_hundred(30);
            let who = self.person_who(|who| soon || world.block >= since(who));
            let public = self.new_or_used_key(world);
            let stale = u32::from(self.in_hundred(5));
            let replaces = world.version(&who).unwrap_or(0) + stale;
            let (suite, leaked) = (self.suite(), self.in_hundred(40));
            return (who, set_encryption_key { suite, public, replaces, leaked });
        }
        if kind < 4 {
            return self.account_envelopes(world);
        }
        let due = |set: &DataSet| {
            !set.public
                && set.retired.is_none()
                && set.key.as_ref().is_none_or(|key| world.now > key.valid_until)
        };
        let id = self.container_id(world, |container| match kind {
            4..=10 => container.offer.is_none() && container.data_sets.values().any(due),
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
        if kind < 14 {
            return self.rotation(world, id, container);
        }
        let data_set = self.set_name(container, |set| set.key.is_some());
        let set = container.data_sets.get(&data_set);
        let reads = |who: &Who| {
            container.owner == *who
                || set.is_some_and(|set| container.reads_until(who, set.id, world.now).is_some())
        };
        // Sometimes for an account that may not read, or was left out.
        let any = self.in_hundred(20);
        let reader = self.person_who(|who| any || reads(who));
        let who = match self.in_hundred(50) {
            true => reader.clone(),
            false => self.person_who(|who| *who == container.owner),
        };
        let epoch = self.epoch_of_a_segment(set);
        if kind < 16 {
            let call = set_envelope {
                container: id,
                data_set,
                epoch,
                key_version: self.key_version(world, &reader),
                reader,
                envelope: self.seed(),
            };
            return (who, call);
        }
        let who = self.person_who(|who| *who == container.owner);
        let mut envelopes: Vec<_> = (0..self.below(4))
            .map(|_| {
                let reader = self.person_who(|who| any || reads(who));
                let key_version = self.key_version(world, &reader);
                ReaderEnvelope { reader, key_version, envelope: self.seed() }
            })
            .collect();
        if let Some(first) = envelopes.first().filter(|_| self.in_hundred(8)) {
            envelopes = vec![first.clone(); 65];
        }
        (who, set_envelopes { container: id, data_set, epoch, envelopes })
    }

    /// Returns the newest epoch of some segment, or sometimes of none.
    fn epoch_of_a_segment(&mut self, set: Option<&DataSet>) -> u32 {
        let ends = |set: &DataSet| {
            let all = set.epochs.keys().copied();
            all.filter(|epoch| set.segment_that_ends_with(*epoch).is_some()).collect::<Vec<_>>()
        };
        let ends = set.map(ends).unwrap_or_default();
        let older = self.in_hundred(40);
        self.one_of(&ends).filter(|_| older).unwrap_or_else(|| self.epoch(set))
    }

    /// Returns a call that seals an account's secret key for holders, or removes a holder.
    fn account_envelopes(&mut self, world: &World) -> (Who, ContainerCall) {
        use pallet_data_container::Call::*;
        let any = self.in_hundred(10);
        let who = self.person_who(|who| any || world.keys.contains_key(who));
        let newest = world.version(&who).unwrap_or(1);
        let version = match self.below(10) {
            0 => newest + 1,
            1..=3 => 1,
            _ => newest,
        };
        let known = world.secrets.get(&(who.clone(), version)).cloned().unwrap_or_default();
        if self.in_hundred(if known.is_empty() { 10 } else { 60 }) {
            let holder = match self.one_of(&known).map(|(holder, _)| holder) {
                Some(Holder::Account(account, _)) => NamedHolder::Account(account),
                Some(Holder::Key(public)) => NamedHolder::Key(public),
                None => NamedHolder::Account(self.person()),
            };
            return (who, remove_account_envelope { version, holder });
        }
        let many = self.in_hundred(if known.len() > 8 { 80 } else { 35 });
        let mut envelopes: Vec<_> = (0..if many { 16 } else { self.below(4) })
            .map(|_| match many || self.in_hundred(50) {
                true => HolderEnvelope::Key { public: self.public_key(), envelope: self.seed() },
                false => {
                    let account = self.person_who(|who| any || world.keys.contains_key(who));
                    let key_version = self.key_version(world, &account);
                    HolderEnvelope::Account { account, key_version, envelope: self.seed() }
                },
            })
            .collect();
        if many {
            // Of this many random keys, one is usually invalid.
            for envelope in &mut envelopes {
                let HolderEnvelope::Key { public, .. } = envelope else { continue };
                *public = vec![public.first().copied().unwrap_or(3) | 2; 32];
                public[31] = 0x40;
            }
        }
        if let Some(first) = envelopes.first().filter(|_| self.in_hundred(8)) {
            envelopes = vec![first.clone(); 17];
        }
        (who, set_account_envelopes { version, envelopes })
    }

    /// Returns a new public key, or sometimes one that was used before.
    fn new_or_used_key(&mut self, world: &World) -> Vec<u8> {
        let used: Vec<_> = world.used.iter().map(|(_, key)| key.clone()).collect();
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
            let offered = container.offer.as_ref().is_some_and(|offer| offer.to == reader);
            // Some readers are left out, and some accounts that are not readers are included.
            let wanted =
                if (reads || offered) && world.keys.contains_key(&reader) { 80 } else { 2 };
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
            0..=1 => PreviousSeed::Link(vec![1; 79]),
            2 => PreviousSeed::Link(self.seed()),
            at if keyed && at < 18 => PreviousSeed::Link(self.seed()),
            _ => PreviousSeed::Cut,
        };
        let call = pallet_data_container::Call::rotate_key {
            container: id,
            data_set,
            expected_epoch: self.epoch(set),
            suite: self.suite(),
            public: match set.and_then(|set| set.key.as_ref()) {
                Some(key) if self.in_hundred(15) => key.public.clone(),
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
