// SPDX-License-Identifier: Apache-2.0

//! Handover of containers.

use super::{keys::current_envelope, lookup::*};
use crate::{chain::ContainerCall, world::*};
use twinchain_primitives::{ContainerId, Moment, SharedEnvelope, TwinId};

impl World {
    pub(super) fn handover(
        &mut self,
        who: &Who,
        call: &ContainerCall,
        why: &mut Reasons,
    ) -> Option<()> {
        use pallet_data_container::Call::*;
        let now = self.now;
        match call {
            offer_ownership { container, to, deadline, envelopes } => {
                self.offer(who, *container, to, *deadline, None, envelopes, why)?;
            },
            accept_ownership { container, offer } => {
                let container = self.container(*container, why)?;
                let open = why.need(container.offer.clone(), "OfferNotFound")?;
                why.when(open.with.is_some(), "OfferedWithTwin");
                why.when(open.to != *who, "NotOfferee");
                why.when(open.id != *offer, "WrongOffer");
                hand_over(container, open, now, why);
            },
            decline_offer { container, offer } => {
                let container = self.container(*container, why)?;
                let open = why.need(container.offer.take(), "OfferNotFound")?;
                why.when(open.with.is_some(), "OfferedWithTwin");
                why.when(open.to != *who, "NotOfferee");
                why.when(open.id != *offer, "WrongOffer");
                container.end_disclosure(&open.to, End::OfferEnded, now);
            },
            cancel_offer { container } => {
                let container = self.container(*container, why)?;
                // Any account can clear a lapsed offer.
                let lapsed = container.offer.as_ref().is_some_and(|open| now > open.deadline);
                why.when(container.owner != *who && !lapsed, "NotOwner");
                let open = why.need(container.offer.take(), "OfferNotFound")?;
                container.end_disclosure(&open.to, End::OfferEnded, now);
            },
            _ => why.when(true, "no such call"),
        }
        Some(())
    }

    /// Puts a container on offer, alone or with a twin.
    #[allow(clippy::too_many_arguments, reason = "the arguments of the call")]
    pub fn offer(
        &mut self,
        who: &Who,
        id: ContainerId,
        to: &Who,
        deadline: Moment,
        with: Option<TwinId>,
        envelopes: &[SharedEnvelope],
        why: &mut Reasons,
    ) -> Option<()> {
        let now = self.now;
        why.when(envelopes.len() > 64, "TooManyEnvelopes");
        why.when(to == who, "OfferToSelf");
        why.when(deadline < now, "InvalidExpiry");
        let version = self.version(to);
        let container = self.owned(who, id, why)?;
        let other = container.offer.as_ref().is_some_and(|open| open.to != *to);
        why.when(other, "OfferPending");
        for new in envelopes {
            if let Some(set) = named(container, &new.data_set, why) {
                let sealed = (new.epoch, new.key_version, new.envelope.as_slice());
                why.when(set.retired.is_some() && !set.holds(), "DataSetRetired");
                current_envelope(set, (to, None), version.as_ref(), sealed, now, why);
            }
        }
        let readable = |set: &DataSet| {
            let Some(current) = &set.key else { return true };
            let found = set.envelopes.get(&(current.segment, to.clone()));
            let fits =
                |found: &Envelope| found.epoch == current.epoch && version == Some(found.version);
            (set.retired.is_some() && !set.holds()) || found.is_some_and(fits)
        };
        why.when(!container.data_sets.values().all(readable), "MissingEnvelope");
        let offer = container.offers;
        container.offers += 1;
        let to = to.clone();
        container.offer = Some(Offer { id: offer, to, deadline, with, containers: vec![] });
        Some(())
    }
}

/// Transfers a container to the offeree.
pub fn hand_over(container: &mut Container, offer: Offer, now: Moment, why: &mut Reasons) {
    why.when(now > offer.deadline, "OfferLapsed");
    let from = std::mem::replace(&mut container.owner, offer.to.clone());
    container.offer = None;
    container.rights.remove(&offer.to);
    container.end_disclosure(&from, End::OwnerChanged, now);
}
