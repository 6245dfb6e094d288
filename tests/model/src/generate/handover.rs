// SPDX-License-Identifier: Apache-2.0

//! Calls that hand containers over.

use super::*;

impl Generator {
    /// Returns a call about an offer.
    pub(super) fn offering(&mut self, world: &World) -> (Who, ContainerCall) {
        use pallet_data_container::Call::*;
        let kind = self.below(16);
        let id = self.container_id(world, |container| match (kind, &container.offer) {
            (0..=4, None) => true,
            (5..=9, Some(offer)) => offer.with.is_none(),
            (10.., Some(_)) => true,
            _ => false,
        });
        let Some(container) = world.containers.get(&id) else {
            return (self.person(), cancel_offer { container: id });
        };
        let owner = self.person_who(|who| *who == container.owner);
        match kind {
            0..=4 | 13.. => {
                // A renewal, sometimes to another account.
                let any = self.in_hundred(15);
                let open = container.offer.as_ref().filter(|_| kind > 4).map(|offer| &offer.to);
                let fits = |who: &Who| open.map_or(*who != container.owner, |to| to == who);
                let to = self.person_who(|who| any || fits(who));
                let mut envelopes = self.disclosure(world, container, &to);
                if let Some(first) = envelopes.first().filter(|_| self.in_hundred(8)) {
                    envelopes = vec![first.clone(); 65];
                }
                let deadline = self.deadline(world.now);
                (owner, offer_ownership { container: id, to, deadline, envelopes })
            },
            5..=9 => {
                let offer = container.offer.as_ref();
                let to = self.person_who(|who| offer.is_some_and(|offer| offer.to == *who));
                let wrong = self.in_hundred(4);
                let offer = offer.map_or(0, |offer| offer.id) + u32::from(wrong);
                match kind {
                    9 => (to, decline_offer { container: id, offer }),
                    _ => (to, accept_ownership { container: id, offer }),
                }
            },
            _ => {
                // Any account can clear a lapsed offer.
                let lapsed = container.offer.as_ref().is_some_and(|open| world.now > open.deadline);
                let who = if lapsed { self.person() } else { owner };
                (who, cancel_offer { container: id })
            },
        }
    }
}
