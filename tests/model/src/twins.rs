// SPDX-License-Identifier: Apache-2.0

//! The effect of each call of the twin pallet on the model, and every reason to reject it.

use super::{rules::hand_over, samples, world::*};
use crate::chain::Runtime;
use pallet_digital_twin::{ContainerEnvelope, NewLink, Target};
use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};
use twinchain_primitives::{ContainerId, Moment, SharedEnvelope, TwinId};

pub type TwinCall = pallet_digital_twin::Call<Runtime>;

impl World {
    fn owned_twin(&mut self, who: &Who, id: TwinId, why: &mut Reasons) -> Option<&mut Twin> {
        let twin = why.need(self.twins.get_mut(&id), "twin:NotFound").map(Rc::make_mut)?;
        why.when(twin.owner != *who, "twin:NotOwner");
        Some(twin)
    }

    /// Returns the twin, and checks the conditions for changes of the description and links.
    fn open_twin(&mut self, who: &Who, id: TwinId, why: &mut Reasons) -> Option<&mut Twin> {
        let twin = self.owned_twin(who, id, why)?;
        why.when(twin.deactivated, "twin:Deactivated");
        why.when(twin.offer.is_some(), "twin:OfferPending");
        Some(twin)
    }

    /// Makes the call, or adds the reasons for rejecting it. The model is then unusable.
    pub fn twin_call(&mut self, who: &Who, call: &TwinCall, why: &mut Reasons) -> Option<()> {
        use pallet_digital_twin::Call::*;
        let now = self.now;
        match call {
            create_twin { description, asset, links } => {
                self.create(who, description, asset, links, why)?;
            },
            set_description { twin, description } => {
                describe(description, why);
                self.open_twin(who, *twin, why)?.description.clone_from(description);
            },
            set_link { twin, name, target } => {
                why.when(!is_name(name), "twin:InvalidName");
                let link = self.link(who, target, why);
                let twin = self.open_twin(who, *twin, why)?;
                twin.links.insert(name.clone(), link?);
            },
            remove_link { twin, name } => {
                why.when(!is_name(name), "twin:InvalidName");
                let twin = self.open_twin(who, *twin, why)?;
                why.need(twin.links.remove(name), "twin:LinkNotFound")?;
            },
            deactivate_twin { twin } => self.open_twin(who, *twin, why)?.deactivated = true,
            offer_twin { twin, to, deadline, containers, envelopes } => {
                self.offer_twin(who, *twin, (to, *deadline), containers, envelopes, why)?;
            },
            accept_twin { twin: id, offer } => {
                let twin = why.need(self.twins.get_mut(id), "twin:NotFound").map(Rc::make_mut)?;
                let open = why.need(twin.offer.take(), "twin:OfferNotFound")?;
                why.when(open.to != *who, "twin:NotOfferee");
                why.when(open.id != *offer, "twin:WrongOffer");
                why.when(now > open.deadline, "twin:OfferLapsed");
                let from = std::mem::replace(&mut twin.owner, open.to);
                for container in open.containers {
                    let container = self.container(container, why)?;
                    let with = container.offer.clone().filter(|with| {
                        with.with == Some(*id) && with.to == *who && container.owner == from
                    });
                    if let Some(with) = why.need(with, "NotOfferedWithTwin") {
                        hand_over(container, with, now, why);
                    }
                }
            },
            cancel_offer { twin: id } => {
                let twin = why.need(self.twins.get_mut(id), "twin:NotFound").map(Rc::make_mut)?;
                // Any account can clear a lapsed offer.
                let lapsed = twin.offer.as_ref().is_some_and(|open| now > open.deadline);
                why.when(twin.owner != *who && !lapsed, "twin:NotOwner");
                let open = why.need(twin.offer.take(), "twin:OfferNotFound")?;
                for container in open.containers {
                    self.cancel_with(*id, container);
                }
            },
            decline_offer { twin: id, offer } => {
                let twin = why.need(self.twins.get_mut(id), "twin:NotFound").map(Rc::make_mut)?;
                let open = why.need(twin.offer.take(), "twin:OfferNotFound")?;
                why.when(open.to != *who, "twin:NotOfferee");
                why.when(open.id != *offer, "twin:WrongOffer");
                for container in open.containers {
                    self.cancel_with(*id, container);
                }
            },
            _ => why.when(true, "no such call"),
        }
        Some(())
    }

    fn create(
        &mut self,
        who: &Who,
        description: &[u8],
        asset: &[u8],
        links: &[NewLink<Who>],
        why: &mut Reasons,
    ) -> Option<()> {
        describe(description, why);
        why.when(!is_plain_text(asset) || !(1..=128).contains(&asset.len()), "twin:InvalidAsset");
        why.when(links.len() > 16, "twin:TooManyLinks");
        let names: BTreeSet<_> = links.iter().map(NewLink::name).collect();
        why.when(names.len() < links.len(), "twin:DuplicateLink");
        why.when(names.iter().any(|name| !is_name(name)), "twin:InvalidName");
        let id = self.twins.len() as TwinId;
        let mut twin = Twin {
            owner: who.clone(),
            asset: asset.to_vec(),
            description: description.to_vec(),
            deactivated: false,
            links: BTreeMap::new(),
            offers: 0,
            offer: None,
        };
        for link in links {
            let (name, target) = match link {
                NewLink::Instantiate { name, plugin } => {
                    let new = self.instantiate(who, *plugin, &[], why).map(Link::Container);
                    (name, new)
                },
                NewLink::Container { name, container } => {
                    (name, self.link(who, &Target::Container(*container), why))
                },
                NewLink::Twin { name, twin } => (name, self.link(who, &Target::Twin(*twin), why)),
                NewLink::Account { name, account } => (name, Some(Link::Account(account.clone()))),
                NewLink::Hash { name, hash } => (name, Some(Link::Hash(hash.0))),
            };
            if let Some(target) = target {
                twin.links.insert(name.clone(), target);
            }
        }
        self.twins.insert(id, Rc::new(twin));
        Some(())
    }

    /// Returns the link, and checks that the account may link to the target.
    fn link(&mut self, who: &Who, target: &Target<Who>, why: &mut Reasons) -> Option<Link> {
        let now = self.now;
        Some(match target {
            Target::Container(id) => {
                let container = self.container(*id, why)?;
                why.when(!container.may_link(who, now), "twin:MayNotLink");
                Link::Container(*id)
            },
            Target::Twin(id) => {
                // A twin can be linked as soon as it exists.
                why.when(!self.twins.contains_key(id), "twin:TargetNotFound");
                Link::Twin(*id)
            },
            Target::Account(account) => Link::Account(account.clone()),
            Target::Hash(hash) => Link::Hash(hash.0),
        })
    }

    fn offer_twin(
        &mut self,
        who: &Who,
        id: TwinId,
        (to, deadline): (&Who, Moment),
        containers: &[ContainerId],
        envelopes: &[ContainerEnvelope],
        why: &mut Reasons,
    ) -> Option<()> {
        let now = self.now;
        why.when(envelopes.len() > 256, "twin:TooManyEnvelopes");
        why.when(containers.len() > 16, "twin:TooManyContainers");
        let distinct: BTreeSet<_> = containers.iter().collect();
        why.when(distinct.len() < containers.len(), "twin:DuplicateContainer");
        let other = envelopes.iter().any(|new| !distinct.contains(&new.container));
        why.when(other, "twin:ContainerNotOffered");
        why.when(to == who, "twin:OfferToSelf");
        why.when(deadline < now, "twin:InvalidExpiry");
        // A renewal names the same account and all containers that are already on offer.
        if let Some(open) = &self.owned_twin(who, id, why)?.offer {
            let fewer = open.containers.iter().any(|open| !containers.contains(open));
            why.when(open.to != *to || fewer, "twin:OfferPending");
        }
        for container in containers {
            let own: Vec<_> = envelopes
                .iter()
                .filter(|new| new.container == *container)
                .map(|new| SharedEnvelope {
                    data_set: new.data_set.clone(),
                    epoch: new.epoch,
                    key_version: new.key_version,
                    envelope: new.envelope.clone(),
                })
                .collect();
            self.offer(who, *container, to, deadline, Some(id), &own, why);
        }
        let twin = self.owned_twin(who, id, why)?;
        let offer = twin.offers;
        twin.offers += 1;
        let (to, containers) = (to.clone(), containers.to_vec());
        twin.offer = Some(Offer { id: offer, to, deadline, with: None, containers });
        Some(())
    }

    /// Ends the offer of a container, if it is still tied to this twin.
    fn cancel_with(&mut self, twin: TwinId, id: ContainerId) {
        let now = self.now;
        let container = self.containers.get_mut(&id).map(Rc::make_mut);
        let with = |container: &&mut Container| {
            container.offer.as_ref().is_some_and(|offer| offer.with == Some(twin))
        };
        if let Some(container) = container.filter(with) {
            if let Some(open) = container.offer.take() {
                container.end_disclosure(&open.to, End::OfferEnded, now);
            }
        }
    }
}

/// Checks the description of a twin, which must not be empty.
fn describe(description: &[u8], why: &mut Reasons) {
    if let Some(error) = samples::description_error(description) {
        why.when(true, &format!("twin:{error}"));
    }
}
