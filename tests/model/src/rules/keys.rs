// SPDX-License-Identifier: Apache-2.0

//! Keys and envelopes.

use super::lookup::*;
use crate::{chain::ContainerCall, old_faults::*, world::*};
use pallet_data_container::{HolderEnvelope, NamedHolder, PreviousSeed};
use std::collections::{BTreeMap, BTreeSet};
use twinchain_primitives::{ContainerId, Moment};

impl World {
    pub(super) fn keys(
        &mut self,
        who: &Who,
        call: &ContainerCall,
        why: &mut Reasons,
    ) -> Option<()> {
        use pallet_data_container::Call::*;
        let now = self.now;
        match call {
            set_encryption_key { suite, public, replaces, leaked } => {
                check_key(*suite, public, why);
                self.use_key(Some(who), public, why);
                let mut keys = self.keys.get(who).cloned().unwrap_or_default();
                let version = keys.version();
                why.when(*replaces != version, "StaleKeyVersion");
                why.when(*leaked && version == 0, "NoEncryptionKey");
                why.when(keys.all.last() == Some(public), "KeyUnchanged");
                let soon = version > 0 && self.block < keys.since + 600;
                why.when(soon, "KeyChangedRecently");
                if *leaked {
                    keys.leaked = Some((version, now));
                }
                keys.all.push(public.clone());
                keys.since = self.block;
                self.keys.insert(who.clone(), keys);
            },
            rotate_key {
                container,
                data_set,
                expected_epoch,
                suite,
                public,
                previous_seed,
                key_version,
                envelope: own,
                envelopes,
            } => {
                why.when(envelopes.len() > 64, "TooManyEnvelopes");
                check_key(*suite, public, why);
                let previous = match previous_seed {
                    PreviousSeed::Link(seed) => Some(seed.clone()),
                    PreviousSeed::Cut => None,
                };
                let odd = previous.as_ref().is_some_and(|seed| seed.len() != 80);
                why.when(odd, "InvalidSealedSeed");
                self.use_key(None, public, why);
                let versions = self.versions();
                let container = self.owned(who, *container, why)?;
                if let Some(offer) = &container.offer {
                    // A value that is sealed from now on is part of the offer, so the offeree needs
                    // the seed.
                    why.when(now > offer.deadline, "OfferLapsed");
                    let disclosed = envelopes.iter().any(|new| new.reader == offer.to);
                    why.when(!disclosed, "MissingEnvelope");
                    // A data set has few segments, so a seller must not use them up. The first key
                    // always begins one.
                    let keyed = container.data_sets.get(data_set).map(|set| set.key.is_some());
                    why.when(keyed == Some(true) && previous.is_none(), "OfferPending");
                }
                let set = active(container, data_set, why)?;
                why.when(set.public, "NotConfidential");
                let (epoch, last) = set.key.as_ref().map_or((0, 0), |key| (key.epoch, key.segment));
                why.when(*expected_epoch != epoch, "StaleEpoch");
                why.when(epoch == 0 && previous.is_some(), "NoKey");
                let known = set.key.as_ref().map(|key| &key.public);
                let again = makes(OldFault::KeyUsedAgain);
                why.when(known == Some(public) && !again, "KeyUnchanged");
                let cut = previous.is_none();
                why.when(cut && last == 16, "TooManySegments");
                if cut {
                    let readers: BTreeSet<Who> =
                        set.envelopes.keys().map(|(_, who)| who.clone()).collect();
                    for reader in readers {
                        let opens = set.opens(&reader);
                        set.kept.entry(reader).or_default().extend(opens);
                    }
                }
                let (epoch, segment) = (epoch + 1, last + u8::from(cut));
                let (public, valid_until) = (public.clone(), Moment::MAX);
                set.epochs.insert(epoch, Epoch { segment, public: public.clone(), previous });
                set.key =
                    Some(Key { epoch, segment, public, valid_until, end: None, left: vec![] });
                let sealed = (epoch, *key_version, own.as_slice());
                envelope(set, (who, None), versions.get(who), sealed, now, why);
                for new in envelopes {
                    let id = named(container, data_set, why)?.id;
                    let until = may_hold(container, &new.reader, id, now, why)?;
                    let set = named(container, data_set, why)?;
                    let version = versions.get(&new.reader);
                    let sealed = (epoch, new.key_version, new.envelope.as_slice());
                    envelope(set, (&new.reader, until), version, sealed, now, why);
                }
            },
            set_envelope { container, data_set, reader, epoch, key_version, envelope: sealed } => {
                let sealed = (*epoch, *key_version, sealed.as_slice());
                let had = self.has_seed(*container, data_set, *epoch, reader);
                self.give_seed(who, *container, data_set, (reader, had), sealed, why)?;
            },
            set_envelopes { container, data_set, epoch, envelopes } => {
                why.when(envelopes.is_empty(), "NothingToDo");
                why.when(envelopes.len() > 64, "TooManyEnvelopes");
                self.owned(who, *container, why)?;
                let had: Vec<_> = envelopes
                    .iter()
                    .map(|new| self.has_seed(*container, data_set, *epoch, &new.reader))
                    .collect();
                for (new, had) in envelopes.iter().zip(had) {
                    let sealed = (*epoch, new.key_version, new.envelope.as_slice());
                    let reader = (&new.reader, had);
                    self.give_seed(who, *container, data_set, reader, sealed, why)?;
                }
            },
            set_account_envelopes { version, envelopes } => {
                why.when(envelopes.is_empty(), "NothingToDo");
                why.when(envelopes.len() > 16, "TooManyEnvelopes");
                let own = self
                    .keys
                    .get(who)
                    .and_then(|keys| keys.all.get((*version).checked_sub(1)? as usize).cloned());
                let own = why.need(own, "KeyNotFound")?;
                let mut all =
                    self.secrets.get(&(who.clone(), *version)).cloned().unwrap_or_default();
                for new in envelopes {
                    let (key, holder, sealed) = match new {
                        HolderEnvelope::Account { account, key_version, envelope } => {
                            let keys = why.need(self.keys.get(account), "NoEncryptionKey")?;
                            why.when(keys.version() != *key_version, "StaleKeyVersion");
                            let holder = Holder::Account(account.clone(), *key_version);
                            (keys.all.last()?.clone(), holder, envelope)
                        },
                        HolderEnvelope::Key { public, envelope } => {
                            check_key(1, public, why);
                            let own = (Some(who.clone()), public.clone());
                            why.when(self.used.contains(&own), "SealedToItself");
                            (public.clone(), Holder::Key(public.clone()), envelope)
                        },
                    };
                    why.when(key == own, "SealedToItself");
                    why.when(sealed.len() != 80, "InvalidSealedSeed");
                    all.retain(|(known, _)| !same_holder(known, &holder));
                    all.push((holder, sealed.clone()));
                    why.when(all.len() > 16, "TooManyHolders");
                }
                self.secrets.insert((who.clone(), *version), all);
            },
            remove_account_envelope { version, holder } => {
                let named = match holder {
                    NamedHolder::Account(account) => Holder::Account(account.clone(), 0),
                    NamedHolder::Key(public) => Holder::Key(public.clone()),
                };
                let at = (who.clone(), *version);
                let all = why.need(self.secrets.get_mut(&at), "HolderNotFound")?;
                let before = all.len();
                all.retain(|(known, _)| !same_holder(known, &named));
                why.when(all.len() == before, "HolderNotFound");
                if all.is_empty() {
                    self.secrets.remove(&at);
                }
            },
            _ => why.when(true, "no such call"),
        }
        Some(())
    }

    /// Returns the version of every account's newest key.
    pub(super) fn versions(&self) -> BTreeMap<Who, u32> {
        self.keys.iter().map(|(who, keys)| (who.clone(), keys.version())).collect()
    }

    /// Returns `true` if a reader has the seed of a segment's newest epoch, sealed to its newest
    /// key.
    fn has_seed(&self, id: ContainerId, data_set: &[u8], epoch: u32, reader: &Who) -> bool {
        let set = self.containers.get(&id).and_then(|found| found.data_sets.get(data_set));
        let version = self.version(reader);
        let held = set.and_then(|set| {
            let segment = set.segment_that_ends_with(epoch)?;
            set.envelopes.get(&(segment, reader.clone()))
        });
        held.is_some_and(|held| held.epoch == epoch && Some(held.version) == version)
    }

    /// Gives a reader the seed of a segment's newest epoch. `had` is `true` if the reader already
    /// has it.
    fn give_seed(
        &mut self,
        who: &Who,
        id: ContainerId,
        data_set: &[u8],
        (reader, had): (&Who, bool),
        sealed: (u32, u32, &[u8]),
        why: &mut Reasons,
    ) -> Option<()> {
        let (now, version) = (self.now, self.version(reader));
        let container = self.container(id, why)?;
        let own = who == reader;
        let owner = container.owner == *who;
        why.when(!own && !owner, "NotOwner");
        let offeree = container.offer.as_ref().map(|offer| offer.to.clone());
        let lapsed = container.offer.as_ref().is_some_and(|offer| now > offer.deadline);
        why.when(!own && lapsed, "OfferLapsed");
        let always = offeree.as_ref() == Some(reader) || container.owner == *reader;
        let set = named(container, data_set, why)?;
        // During an offer, readers can still get the current seed, so that a rotation excludes none
        // of them. For the offeree, the seller must not replace an envelope that it already has.
        let current = set.key.as_ref().is_some_and(|key| key.epoch == sealed.0);
        let frozen = match &offeree {
            None => false,
            Some(offeree) if offeree == reader => had,
            Some(_) => !current,
        };
        why.when(!own && frozen, "OfferPending");
        why.when(set.retired.is_some() && !always, "DataSetRetired");
        // An account can only reseal a seed that it was given.
        let segment = set.segment_that_ends_with(sealed.0);
        why.when(set.public, "NotConfidential");
        why.when(set.key.is_none(), "NoKey");
        why.when(segment.is_none(), "StaleEpoch");
        let held = segment.and_then(|segment| set.envelopes.get(&(segment, reader.clone())));
        let lacks = !owner && held.is_none_or(|held| held.epoch != sealed.0);
        let id = set.id;
        why.when(lacks, "MissingEnvelope");
        let until = may_hold(container, reader, id, now, why)?;
        let set = named(container, data_set, why)?;
        envelope(set, (reader, until), version.as_ref(), sealed, now, why);
        Some(())
    }
}

fn same_holder(one: &Holder, other: &Holder) -> bool {
    match (one, other) {
        (Holder::Account(one, _), Holder::Account(other, _)) => one == other,
        _ => one == other,
    }
}

/// Returns the end of READ for an account that may hold the current seed, or `Some(None)` for the
/// owner and the offeree, whose access has no end.
pub(super) fn may_hold(
    container: &Container,
    who: &Who,
    set: u16,
    now: Moment,
    why: &mut Reasons,
) -> Option<Option<Moment>> {
    let of = container.data_sets.values().find(|other| other.id == set)?;
    why.when(of.retired.is_some() && !of.holds(), "DataSetRetired");
    let offered = container.offer.as_ref().is_some_and(|offer| offer.to == *who);
    if container.owner == *who || offered {
        return Some(None);
    }
    why.need(container.reads_until(who, set, now), "NotAReader")
}

/// Stores an envelope, if it is for a segment's newest epoch and the reader's current key. Also
/// records the reader permanently as a holder of the seed. If the epoch is the current one, sealing
/// ends with the reader's READ.
pub(super) fn envelope(
    set: &mut DataSet,
    (reader, until): (&Who, Option<Moment>),
    known: Option<&u32>,
    (epoch, version, seed): (u32, u32, &[u8]),
    now: Moment,
    why: &mut Reasons,
) {
    why.when(set.public, "NotConfidential");
    why.when(seed.len() != 80, "InvalidSealedSeed");
    if let Some(known) = why.need(known, "NoEncryptionKey") {
        why.when(*known != version, "StaleKeyVersion");
    }
    why.when(set.key.is_none(), "NoKey");
    let Some(segment) = why.need(set.segment_that_ends_with(epoch), "StaleEpoch") else { return };
    let public = set.epochs[&epoch].public.clone();
    set.holders.entry(public).or_default().insert((reader.clone(), version));
    let before = set.envelopes.get(&(segment, reader.clone()));
    let same = before.filter(|before| before.epoch == epoch);
    let oldest = same.map_or(version, |before| before.oldest.min(version));
    let new = Envelope { epoch, version, oldest, seed: seed.to_vec() };
    set.envelopes.insert((segment, reader.clone()), new);
    if set.key.as_ref().is_some_and(|key| key.epoch == epoch) {
        set.end_with_read(reader, until, now);
    }
}

/// Like [`envelope`], for calls that give only the current seed.
pub(super) fn current_envelope(
    set: &mut DataSet,
    reader: (&Who, Option<Moment>),
    known: Option<&u32>,
    sealed: (u32, u32, &[u8]),
    now: Moment,
    why: &mut Reasons,
) {
    why.when(set.key.as_ref().is_some_and(|key| key.epoch != sealed.0), "StaleEpoch");
    envelope(set, reader, known, sealed, now, why);
}

/// Checks a public key. The generator uses two weak keys; keys with the top bit are second
/// encodings.
fn check_key(suite: u8, key: &[u8], why: &mut Reasons) {
    let mut one = [0; 32];
    one[0] = 1;
    why.when(suite != 1, "UnsupportedSuite");
    why.when(key.len() != 32, "InvalidPublicKey");
    why.when(*key == [0; 32] || *key == one, "WeakKey");
    why.when(key.get(31).is_some_and(|last| last & 0x80 != 0), "NonCanonicalKey");
}
