// SPDX-License-Identifier: Apache-2.0

//! Opening the epochs of a data set from known seeds, envelopes and links.

use crate::{
    bytes::{GenesisHash, PublicKey},
    envelope::{open_envelope, open_previous, EpochKey, OwnKey},
    error::Error,
    limits::{SealedSeed, SUITE},
    place::{DataSetName, EpochNumber, KeyVersion, Place},
    secret::Seed,
};
use std::collections::BTreeMap;

/// A data set of a container on a chain.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DataSet {
    /// The chain.
    pub genesis: GenesisHash,
    /// The id of the container.
    pub container: u64,
    /// The name of the data set.
    pub name: DataSetName,
}

impl DataSet {
    /// Returns the place of one of its epochs.
    pub fn epoch(&self, epoch: EpochNumber) -> Place {
        let Self { genesis, container, name } = self;
        Place { genesis: *genesis, container: *container, data_set: name.clone(), epoch }
    }
}

/// A record of the chain's map `Epochs`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EpochRecord {
    /// The cipher suite.
    pub suite: u8,
    /// The public key.
    pub public: PublicKey,
    /// The link: the seed of the previous epoch, sealed to this one. `None` in the first epoch of a
    /// segment.
    pub previous: Option<SealedSeed>,
}

/// A record of the chain's map `Envelopes`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EnvelopeRecord {
    /// The epoch whose seed is sealed.
    pub epoch: EpochNumber,
    /// The version of the reader's key.
    pub key_version: KeyVersion,
    /// The sealed seed.
    pub sealed: SealedSeed,
}

/// A source of secrets.
pub trait KeySource {
    /// Returns the seed of an epoch of a data set with this public key, or `None`. Must not return
    /// the seed of another epoch or data set, even if its public key is the same: a node may lie
    /// about an epoch's key, to have the seed sealed to others as this data set's.
    fn seed(&self, of: &DataSet, epoch: EpochNumber, public: &PublicKey) -> Option<Seed>;

    /// Returns the keys that may open an envelope for this version of the reader's key, most likely
    /// first.
    fn candidates(&self, version: KeyVersion) -> Vec<OwnKey>;
}

/// The opened epochs of a data set.
#[derive(Clone, Debug, Default)]
pub struct Opened {
    /// The keys by epoch.
    pub keys: BTreeMap<EpochNumber, EpochKey>,
    /// The reasons why other epochs cannot be opened: a false envelope or link, or one that does
    /// not open; a missing key; an unknown suite.
    pub faults: Vec<Error>,
}

/// Opens every epoch of a data set whose seed `source` has, whose seed is in an envelope of the
/// reader, or that is linked from one of those. A fault in one epoch does not affect the others.
pub fn open_epochs(
    data_set: &DataSet,
    epochs: &BTreeMap<EpochNumber, EpochRecord>,
    envelopes: &[EnvelopeRecord],
    source: &impl KeySource,
) -> Opened {
    let mut opened = Opened::default();
    for (number, record) in epochs {
        let key = source.seed(data_set, *number, &record.public).map(EpochKey::from_seed);
        if let Some(key) = key.filter(|key| key.public == record.public) {
            opened.keys.insert(*number, key);
        }
    }
    for envelope in envelopes {
        if opened.keys.contains_key(&envelope.epoch) {
            continue;
        }
        match open_with_any(data_set, epochs, envelope, source) {
            Ok(key) => drop(opened.keys.insert(envelope.epoch, key)),
            Err(fault) => opened.faults.push(fault),
        }
    }
    // Newest first, so that one seed opens all epochs that it leads to.
    for (number, record) in epochs.iter().rev() {
        let Some(fault) = follow_link(data_set, epochs, &mut opened, *number, record).err() else {
            continue;
        };
        opened.faults.push(fault);
    }
    opened
}

/// Opens an envelope with the first matching key of the reader.
fn open_with_any(
    data_set: &DataSet,
    epochs: &BTreeMap<EpochNumber, EpochRecord>,
    envelope: &EnvelopeRecord,
    source: &impl KeySource,
) -> Result<EpochKey, Error> {
    let record = epochs.get(&envelope.epoch).ok_or(Error::MissingEpoch(envelope.epoch.get()))?;
    check_suite(record)?;
    let place = data_set.epoch(envelope.epoch);
    let version = envelope.key_version;
    for own in source.candidates(version) {
        // The envelope is bound to the version that it names, even if the source has another one.
        match open_envelope(&place, &OwnKey { version, ..own }, &record.public, &envelope.sealed) {
            Err(Error::CannotOpen) => {},
            result => return result,
        }
    }
    Err(Error::MissingKey { version: version.get() })
}

/// Opens the epoch before `number`, unless it is already open, or `number` itself is not open or
/// has no link.
fn follow_link(
    data_set: &DataSet,
    epochs: &BTreeMap<EpochNumber, EpochRecord>,
    opened: &mut Opened,
    number: EpochNumber,
    record: &EpochRecord,
) -> Result<(), Error> {
    let before = number.get().checked_sub(1).and_then(EpochNumber::new);
    let (Some(key), Some(link), Some(before)) =
        (opened.keys.get(&number), record.previous.as_ref(), before)
    else {
        return Ok(());
    };
    if opened.keys.contains_key(&before) {
        return Ok(());
    }
    check_suite(record)?;
    let older = epochs.get(&before).ok_or(Error::MissingEpoch(before.get()))?;
    let key = open_previous(&data_set.epoch(number), &key.secret, &older.public, link)?;
    opened.keys.insert(before, key);
    Ok(())
}

fn check_suite(record: &EpochRecord) -> Result<(), Error> {
    match record.suite {
        SUITE => Ok(()),
        suite => Err(Error::UnknownSuite(suite)),
    }
}
