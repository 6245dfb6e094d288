// SPDX-License-Identifier: Apache-2.0

//! Calls of the twin pallet.

use super::*;

impl Generator {
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
            self.wrong_name()
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

    pub(super) fn twin_call(&mut self, world: &World) -> (Who, TwinCall) {
        use pallet_digital_twin::Call::*;
        let kind = if world.twins.is_empty() { 0 } else { self.below(37) };
        if kind < 4 && (world.twins.len() < 2 * ENOUGH || self.in_hundred(30)) {
            let who = self.person();
            let fine = ["cranes.example/BC250-4711", "a", "b"];
            let wrong = ["", "a ", "\u{200b}b", "b\u{202e}4711"];
            let is_wrong = self.in_hundred(3);
            let asset = if is_wrong { wrong[self.below(4)] } else { fine[self.below(3)] };
            let asset = asset.as_bytes().to_vec();
            let (description, links) = (self.description(), self.new_links(world, &who));
            return (who, create_twin { description, asset, links });
        }
        let id = self.twin_id(world, |twin| match kind {
            0..=16 => !twin.deactivated && twin.offer.is_none(),
            17..=22 => twin.offer.is_none(),
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
            23..=28 | 33..=34 => {
                let offer = twin.offer.as_ref();
                let to = self.person_who(|who| offer.is_some_and(|offer| offer.to == *who));
                let wrong = self.in_hundred(4);
                let offer = offer.map_or(0, |offer| offer.id) + u32::from(wrong);
                match kind {
                    33..=34 => (to, decline_offer { twin: id, offer }),
                    _ => (to, accept_twin { twin: id, offer }),
                }
            },
            29 => {
                // An offer forbids this call.
                (who, remove_link { twin: id, name: self.link_name() })
            },
            35.. => (who.clone(), self.offer_twin(world, id, &who)),
            _ => {
                let lapsed = twin.offer.as_ref().is_some_and(|open| world.now > open.deadline);
                let who = if lapsed { self.person() } else { who };
                (who, cancel_offer { twin: id })
            },
        }
    }

    fn offer_twin(&mut self, world: &World, id: TwinId, who: &Who) -> TwinCall {
        let any = self.in_hundred(15);
        let open = world.twins.get(&id).and_then(|twin| twin.offer.as_ref());
        let fits = |to: &Who| open.map_or(to != who, |open| open.to == *to);
        let to = self.person_who(|to| any || fits(to));
        let own: Vec<_> = world
            .containers
            .iter()
            .filter(|(_, container)| container.owner == *who && container.offer.is_none())
            .map(|(id, _)| *id)
            .collect();
        // A renewal includes all containers that are already on offer.
        let mut containers = open.map_or(vec![], |open| open.containers.clone());
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
                        envelope: new.envelope.clone(),
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
