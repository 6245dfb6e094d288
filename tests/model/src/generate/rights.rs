// SPDX-License-Identifier: Apache-2.0

//! Calls that give and take rights.

use super::*;

impl Generator {
    /// Returns a call that gives or takes rights.
    pub(super) fn permitting(&mut self, world: &World) -> (Who, ContainerCall) {
        use pallet_data_container::Call::*;
        let kind = self.below(37);
        let now = world.now;
        let expired = |rights: &Rights| rights.grants.values().any(|grant| grant.expired(now));
        let fits = |container: &Container| match kind {
            26..=30 => container.rights.values().any(expired),
            31..=32 => !container.rights.is_empty(),
            21..=25 => container.rights.values().any(|rights| !rights.grants.is_empty()),
            6..=8 => container.rights.values().any(|rights| !rights.roles.is_empty()),
            _ => true,
        };
        let leaves = (31..=32).contains(&kind);
        let id = self.container_id(world, |container| {
            (leaves || container.offer.is_none()) && fits(container)
        });
        let Some(container) = world.containers.get(&id) else {
            let account = self.person();
            return (self.person(), clear_expired { container: id, account });
        };
        let who = self.person_who(|who| *who == container.owner);
        // Often a reader that was left out of a rotation.
        let left_out = |who: &Who| {
            container.data_sets.values().any(|set| {
                let Some(key) = &set.key else { return false };
                let held = set.envelopes.get(&(key.segment, who.clone()));
                let reads = container.reads_until(who, set.id, now).is_some();
                held.is_none_or(|held| held.epoch != key.epoch) && reads
            })
        };
        let any = self.in_hundred(60);
        let account = self.person_who(|who| any || left_out(who));
        let call = match kind {
            0..=2 => {
                let mut permissions = vec![];
                for _ in 0..=self.below(2) {
                    let bits = match self.below(30) {
                        0 => 8,
                        1 => READ,
                        _ => [0, WRITE, REMOVE, WRITE | REMOVE][self.below(4)],
                    };
                    let data_set = self.set_name(container, |set| set.retired.is_none());
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
                        let named = container.roles.iter().find(|(id, _)| *id == role);
                        let name = named.map_or(String::new(), |(_, name)| name.clone());
                        (who.clone(), name.into_bytes())
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
                            _ => grant.access(),
                        };
                        (who.clone(), name.map_or(vec![], |(name, _)| name.clone()), bits)
                    },
                    None => (account, self.set_name(container, |_| true), WRITE),
                };
                let mut list = vec![DataSetAccess { data_set: name, access: access(bits) }];
                // Other grants of the account, sometimes a duplicate.
                let grants = container.rights.get(&account).map(|rights| &rights.grants);
                for (id, grant) in grants.into_iter().flatten() {
                    let found = container.data_sets.iter().find(|(_, set)| set.id == *id);
                    if let Some((name, _)) = found.filter(|_| self.in_hundred(25)) {
                        let access = access(grant.access());
                        list.push(DataSetAccess { data_set: name.clone(), access });
                    }
                }
                self.spoil(&mut list);
                unshare { container: id, account, access: list }
            },
            31..=32 => {
                let who = self.person_who(|who| container.rights.contains_key(who));
                return (who, leave { container: id });
            },
            33..=34 => {
                let names = [&b"0"[..], b"worker", b"role 1", b"new", b"newer"];
                let fine = names.get(self.below(6)).map(|name| name.to_vec());
                let new_name = fine.unwrap_or_else(|| self.wrong_name());
                rename_role { container: id, role: self.role_name(container), new_name }
            },
            35.. => remove_role { container: id, role: self.role_name(container) },
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

    /// Sometimes empties a list or makes it too long.
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
            let data_set = self.set_name(container, |set| set.retired.is_none());
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
        // Envelopes for data sets that are not in the list. The account may or may not read them
        // already.
        for (name, set) in &container.data_sets {
            let reads = container.reads_until(&account, set.id, world.now).is_some();
            let wanted = if set.key.is_some() && reads { 60 } else { 1 };
            if self.in_hundred(wanted) {
                envelopes.push(SharedEnvelope {
                    data_set: name.clone(),
                    epoch: self.epoch(Some(set)),
                    key_version: self.key_version(world, &account),
                    envelope: self.seed(),
                });
            }
        }
        self.spoil(&mut list);
        if let Some(first) = envelopes.first().filter(|_| self.in_hundred(8)) {
            envelopes = vec![first.clone(); 65];
        }
        let until = self.until(world.now);
        let (container, access) = (id, list);
        pallet_data_container::Call::share { container, account, access, until, envelopes }
    }
}

/// Returns an access of any bits, including invalid ones.
fn access(bits: u8) -> Access {
    codec::Decode::decode(&mut &[bits][..]).unwrap_or(Access::NONE)
}
