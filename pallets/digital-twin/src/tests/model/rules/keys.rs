// SPDX-License-Identifier: Apache-2.0

//! Keys and envelopes.

use super::*;

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
            set_encryption_key { public } => {
                check_key(public, why);
                self.use_key(Some(who), public, why);
                let version = match self.keys.get(who) {
                    Some((version, known, since)) => {
                        why.when(known == public, "KeyUnchanged");
                        why.when(self.block < since + 600, "KeyChangedRecently");
                        version + 1
                    },
                    None => 1,
                };
                self.keys.insert(who.clone(), (version, *public, self.block));
            },
            rotate_key {
                container,
                data_set,
                expected_epoch,
                public,
                previous_seed,
                key_version,
                envelope: own,
                envelopes,
            } => {
                why.when(envelopes.len() > 64, "TooManyEnvelopes");
                check_key(public, why);
                let previous = previous_seed.len();
                why.when(previous != 0 && previous != 80, "InvalidSealedSeed");
                self.use_key(None, public, why);
                let keys = self.keys.clone();
                let container = self.shared(who, *container, why)?;
                let set = active(container, data_set, why)?;
                why.when(set.public, "NotConfidential");
                let epoch = set.key.as_ref().map_or(0, |key| key.epoch);
                why.when(*expected_epoch != epoch, "StaleEpoch");
                why.when(epoch == 0 && previous != 0, "NoKey");
                let known = set.key.as_ref().map(|key| key.public);
                why.when(known == Some(*public), "KeyUnchanged");
                let epoch = epoch + 1;
                let valid_until = Moment::MAX;
                set.key = Some(Key { epoch, public: *public, valid_until, end: None });
                set.epochs.insert(epoch, (*public, previous_seed.clone()));
                let key = keys.get(who).copied();
                envelope(set, (who, None), key, (epoch, *key_version, *own), now, why);
                for new in envelopes {
                    let id = named(container, data_set, why)?.id;
                    let until = may_hold(container, &new.reader, id, now, why)?;
                    let set = named(container, data_set, why)?;
                    let key = keys.get(&new.reader).copied();
                    let sealed = (epoch, new.key_version, new.envelope);
                    envelope(set, (&new.reader, until), key, sealed, now, why);
                }
            },
            set_envelope { container, data_set, reader, epoch, key_version, envelope: sealed } => {
                let key = self.keys.get(reader).copied();
                let container = self.container(*container, why)?;
                let own = who == reader;
                why.when(!own && container.owner != *who, "NotOwner");
                why.when(!own && container.offer.is_some(), "OfferPending");
                let owner = container.owner == *who;
                let offered = container.offer.as_ref().is_some_and(|offer| offer.to == *reader);
                let always = offered || container.owner == *reader;
                let set = named(container, data_set, why)?;
                why.when(set.retired.is_some() && !always, "DataSetRetired");
                // Only what it was given itself can it seal for its new key.
                let held = set.envelopes.get(reader).map(|(epoch, ..)| *epoch);
                let current = set.key.as_ref().map(|key| key.epoch);
                let lacks = !owner && (held.is_none() || held != current);
                let id = set.id;
                why.when(lacks, "MissingEnvelope");
                let until = may_hold(container, reader, id, now, why)?;
                let set = named(container, data_set, why)?;
                envelope(set, (reader, until), key, (*epoch, *key_version, *sealed), now, why);
            },
            _ => why.when(true, "no such call"),
        }
        Some(())
    }
}

/// The end of the READ of an account that may hold the current seed; the owner's and the offeree's
/// has none.
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

/// Keeps an envelope, if it is for the current epoch and the reader's current key; and with it the
/// reader, for good, in the trace of the seed. Sealing ends with the reader's READ.
pub(super) fn envelope(
    set: &mut DataSet,
    (reader, until): (&Who, Option<Moment>),
    key: Option<AccountKey>,
    (epoch, version, sealed): (u32, u32, [u8; 80]),
    now: Moment,
    why: &mut Reasons,
) {
    why.when(set.public, "NotConfidential");
    if let Some(current) = why.need(set.key.as_ref(), "NoKey") {
        why.when(current.epoch != epoch, "StaleEpoch");
        set.holders.entry(current.public).or_default().insert(reader.clone());
    }
    if let Some(key) = why.need(key, "NoEncryptionKey") {
        why.when(key.0 != version, "StaleKeyVersion");
    }
    set.envelopes.insert(reader.clone(), (epoch, version, sealed));
    set.end_with_read(reader, until, now);
}

/// Why a public key is refused: the generator knows two that keep no secret, and that those with the
/// top bit are second encodings.
fn check_key(key: &[u8; 32], why: &mut Reasons) {
    let mut one = [0; 32];
    one[0] = 1;
    why.when(*key == [0; 32] || *key == one, "WeakKey");
    why.when(key[31] & 0x80 != 0, "NonCanonicalKey");
}

thread_local! {
    static OLD_FAULT: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Whether the model of this thread makes a mistake that the pallet once made: `share` brings an
/// envelope for a data set that is not in its list, and sealing does not end with the reader's READ.
pub(super) fn old_fault() -> bool {
    OLD_FAULT.get()
}

/// Makes the model of this thread repeat that mistake.
pub fn repeat_old_fault() {
    OLD_FAULT.set(true);
}
