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
                why.when(is_weak(public), "WeakKey");
                let version = match self.keys.get(who) {
                    Some((version, _, since)) => {
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
                why.when(is_weak(public), "WeakKey");
                let previous = previous_seed.len();
                why.when(previous != 0 && previous != 80, "InvalidSealedSeed");
                let keys = self.keys.clone();
                let container = self.shared(who, *container, why)?;
                let set = active(container, data_set, why)?;
                why.when(set.public, "NotConfidential");
                let epoch = set.key.as_ref().map_or(0, |key| key.epoch);
                why.when(*expected_epoch != epoch, "StaleEpoch");
                why.when(epoch == 0 && previous != 0, "NoKey");
                let epoch = epoch + 1;
                set.key = Some(Key { epoch, valid_until: Moment::MAX });
                set.epochs.insert(epoch, (*public, previous_seed.clone()));
                let key = keys.get(who).copied();
                envelope(set, who, key, (epoch, *key_version, *own), why);
                for new in envelopes {
                    let id = named(container, data_set, why)?.id;
                    let until = container.reads_until(&new.reader, id, now);
                    let until = why.need(until, "NotAReader")?;
                    let set = named(container, data_set, why)?;
                    let key = keys.get(&new.reader).copied();
                    let sealed = (epoch, new.key_version, new.envelope);
                    envelope(set, &new.reader, key, sealed, why);
                    set.lower(until);
                }
            },
            set_envelope { container, data_set, reader, epoch, key_version, envelope: sealed } => {
                let key = self.keys.get(reader).copied();
                let container = self.container(*container, why)?;
                let own = who == reader;
                why.when(!own && container.owner != *who, "NotOwner");
                why.when(!own && container.offer.is_some(), "OfferPending");
                let offered = container.offer.as_ref().is_some_and(|offer| offer.to == *reader);
                let reads = offered || container.owner == *reader;
                let set = named(container, data_set, why)?;
                let (id, retired) = (set.id, set.retired);
                let mut until = None;
                if !reads {
                    why.when(retired, "DataSetRetired");
                    let grant = container.reads_until(reader, id, now);
                    until = why.need(grant, "NotAReader").flatten();
                }
                let set = named(container, data_set, why)?;
                envelope(set, reader, key, (*epoch, *key_version, *sealed), why);
                set.lower(until);
            },
            _ => why.when(true, "no such call"),
        }
        Some(())
    }
}

/// Keeps an envelope, if it is for the present epoch and the reader's present key.
pub(super) fn envelope(
    set: &mut DataSet,
    reader: &Who,
    key: Option<AccountKey>,
    (epoch, version, sealed): (u32, u32, [u8; 80]),
    why: &mut Reasons,
) {
    why.when(set.public, "NotConfidential");
    if let Some(current) = why.need(set.key.as_ref(), "NoKey") {
        why.when(current.epoch != epoch, "StaleEpoch");
    }
    if let Some(key) = why.need(key, "NoEncryptionKey") {
        why.when(key.0 != version, "StaleKeyVersion");
    }
    set.envelopes.insert(reader.clone(), (epoch, version, sealed));
}

/// The generator knows two keys that keep no secret.
fn is_weak(key: &[u8; 32]) -> bool {
    let mut one = [0; 32];
    one[0] = 1;
    *key == [0; 32] || *key == one
}
