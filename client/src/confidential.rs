// SPDX-License-Identifier: Apache-2.0

//! Confidential data on the way: read from the chain and opened, sealed and made into calls.

use crate::{
    api::{
        self,
        runtime_types::{
            bounded_collections::bounded_vec::BoundedVec,
            pallet_data_container::types::{
                arguments::{PreviousSeed, ReaderEnvelope},
                keys::{Envelope, Epoch},
                values::StoredValue,
            },
            twinchain_primitives::sealed::SharedEnvelope,
        },
    },
    chain::{At, Chain, PAGE},
    failure::{Failure, Kind},
    keys::Keys,
};
use std::collections::BTreeMap;
use subxt::utils::AccountId32;
use twinchain_sealing as sealing;
use twinchain_sealing::{
    keystore::Keystore, open_epochs, Account, DataSetName, EnvelopeRecord, EpochKey, EpochNumber,
    EpochRecord, GenesisHash, KeySource, Opened, Place, PublicKey, Reader, SecretKey, Seed, SUITE,
};
use zeroize::Zeroizing;

/// A data set of a container, as the chain keeps it.
pub type DataSet = api::runtime_types::pallet_data_container::types::DataSet<AccountId32, u32>;

/// Returns the record of a data set.
pub async fn data_set(at: &At, container: u64, name: &str) -> Result<DataSet, Failure> {
    let address = api::storage().data_container().data_sets();
    let key = (container, stored_name(name));
    let found = at.client().storage().try_fetch(address, key).await?;
    match found {
        Some(value) => Ok(value.decode()?),
        None if !exists(at, container).await? => {
            Err(Failure::not_found(format!("there is no container c{container}")))
        },
        None => Err(Failure::not_found(format!("container c{container} has no data set {name}"))
            .fix(format!("twin container show c{container} lists them"))),
    }
}

async fn exists(at: &At, container: u64) -> Result<bool, Failure> {
    let call = api::runtime_apis().data_container_api().container(container);
    Ok(at.call(call).await?.is_some())
}

/// A name as the chain keeps it.
pub fn stored_name(name: &str) -> api::runtime_types::twinchain_primitives::text::Name {
    api::runtime_types::twinchain_primitives::text::Name(BoundedVec(name.as_bytes().to_vec()))
}

/// Returns the data set in the terms of sealing.
pub fn sealing_data_set(
    chain: &Chain,
    container: u64,
    name: &str,
) -> Result<sealing::DataSet, Failure> {
    Ok(sealing::DataSet {
        genesis: GenesisHash(chain.genesis().0),
        container,
        name: DataSetName::from_bytes(name)?,
    })
}

/// Reads the epochs of a data set.
async fn epochs(
    at: &At,
    container: u64,
    name: &str,
) -> Result<BTreeMap<EpochNumber, EpochRecord>, Failure> {
    let records = epoch_records(at, container, name).await?;
    let record = |(number, epoch): (u32, Epoch)| {
        let public = epoch.public.0.as_slice().try_into().map(PublicKey);
        let previous = epoch.previous.map(|previous| previous.0.as_slice().try_into());
        let record = EpochRecord {
            suite: epoch.suite,
            public: public.unwrap_or(PublicKey([0; 32])),
            previous: previous.transpose().ok().flatten(),
        };
        Some((EpochNumber::new(number)?, record))
    };
    Ok(records.into_iter().filter_map(record).collect())
}

async fn epoch_records(at: &At, container: u64, name: &str) -> Result<Vec<(u32, Epoch)>, Failure> {
    let pages = Chain::pages(|from: Option<u32>| {
        let call = api::runtime_apis().data_container_api();
        at.call(call.epochs(container, name.into(), from.unwrap_or(1), PAGE))
    });
    pages.await
}

/// Returns the newest epoch of each segment but the newest one, as far as they can be opened. An
/// envelope of it opens its segment.
pub async fn older_segments(
    chain: &Chain,
    at: &At,
    keys: &Keys,
    container: u64,
    name: &str,
) -> Result<Vec<(EpochNumber, EpochKey)>, Failure> {
    let mut newest = BTreeMap::new();
    for (number, epoch) in epoch_records(at, container, name).await? {
        newest.insert(epoch.segment, number);
    }
    newest.pop_last();
    if newest.is_empty() {
        return Ok(Vec::new());
    }
    let opened = open(chain, at, keys, container, name).await?;
    let key = |number: &u32| {
        let number = EpochNumber::new(*number)?;
        Some((number, opened.keys.get(&number)?.clone()))
    };
    Ok(newest.values().filter_map(key).collect())
}

/// Reads the envelopes of an account.
pub async fn envelopes(
    at: &At,
    container: u64,
    name: &str,
    account: &AccountId32,
) -> Result<Vec<EnvelopeRecord>, Failure> {
    let call = api::runtime_apis().data_container_api();
    let found: Vec<(u8, Envelope)> =
        at.call(call.envelopes(container, name.into(), *account)).await?;
    let record = |(_, envelope): (u8, Envelope)| {
        Some(EnvelopeRecord {
            epoch: EpochNumber::new(envelope.epoch)?,
            key_version: EpochNumber::new(envelope.key_version)?,
            sealed: envelope.sealed.0.as_slice().try_into().ok()?,
        })
    };
    Ok(found.into_iter().filter_map(record).collect())
}

/// The epochs of a data set as a node says them at one time, and what the keystore opens of them.
///
/// A node may answer the next question in another way. So what is proven of one answer is used of
/// that answer only.
struct Reading {
    of: sealing::DataSet,
    records: BTreeMap<EpochNumber, EpochRecord>,
    envelopes: Vec<EnvelopeRecord>,
    opened: Opened,
}

impl Reading {
    /// Reads the epochs, opens what can be opened, and keeps the seeds of those that are proven to
    /// be the owner's.
    async fn of(
        chain: &Chain,
        at: &At,
        keys: &Keys,
        container: u64,
        name: &str,
    ) -> Result<Self, Failure> {
        let of = sealing_data_set(chain, container, name)?;
        let account = AccountId32(keys.account().0);
        let (records, envelopes) = futures::try_join!(
            epochs(at, container, name),
            envelopes(at, container, name, &account)
        )?;
        keys.confirm(|public| records.values().any(|record| record.public == *public));
        let keystore = keys.keystore()?;
        let opened = open_epochs(&of, &records, &envelopes, &*keystore);
        let reading = Self { of, records, envelopes, opened };
        let of = &reading.of;
        let mut kept = reading.proven(keys, &keystore);
        kept.retain(|(number, key)| keystore.seed(of, *number, &key.public).is_none());
        if !kept.is_empty() {
            keys.update(|keystore| {
                kept.iter().for_each(|(number, key)| keystore.add_seed(of, *number, key));
                Ok(())
            })?;
        }
        keys.remember_confidential(container, name);
        Ok(reading)
    }

    /// Returns the opened epochs that are kept, because only an account that had the keys before
    /// can have made them. A node can make an epoch of its own, and seal its seed to any account:
    /// envelopes are not signed. What it cannot make is a link, which holds the seed of the epoch
    /// before.
    ///
    /// All are kept of a data set that the keystore knows nothing of. Otherwise those before the
    /// newest one that it knows, and those after it that are linked to one another, up to the first
    /// cut. Those before prove nothing, since the number of an epoch belongs to its seed.
    fn proven(&self, keys: &Keys, keystore: &Keystore) -> Vec<(EpochNumber, &EpochKey)> {
        let all = || self.opened.keys.iter().map(|(number, key)| (*number, key));
        if known_epochs(&self.of, keys, keystore).is_empty() {
            return all().collect();
        }
        let mut newest = None;
        for (number, key) in all() {
            let is_known = keystore.seed(&self.of, number, &key.public).is_some()
                || keys.is_accepted(&self.of, number, &key.public);
            if is_known || newest.is_some_and(|before| self.follows((number, key), before)) {
                newest = Some((number, key));
            }
        }
        let newest = newest.map(|(number, _)| number);
        all().filter(|(number, _)| newest.is_some_and(|newest| *number <= newest)).collect()
    }

    /// Returns whether an epoch is the next one after another, and its link holds the seed of that.
    fn follows(
        &self,
        (number, key): (EpochNumber, &EpochKey),
        (before, known): (EpochNumber, &EpochKey),
    ) -> bool {
        let link = self.records.get(&number).and_then(|record| record.previous.as_ref());
        before.checked_add(1) == Some(number)
            && link.is_some_and(|link| {
                let place = self.of.epoch(number);
                let opened = sealing::open_previous(&place, &key.secret, &known.public, link);
                opened.is_ok_and(|opened| opened.public == known.public)
            })
    }

    /// Returns the newest epoch, proven to be the owner's.
    fn newest(&self, keys: &Keys, record: &DataSet) -> Result<Option<Newest>, Failure> {
        let epoch = record.key.as_ref().and_then(|key| EpochNumber::new(key.epoch));
        let Some(number) = epoch else { return Ok(None) };
        let found = self.records.get(&number);
        let found = found.ok_or_else(|| sealing::Error::MissingEpoch(number.get()))?;
        if found.suite != SUITE {
            return Err(sealing::Error::UnknownSuite(found.suite).into());
        }
        let key = self.opened.keys.get(&number).cloned();
        let newest = Newest { number, public: found.public, key };
        if keys.is_accepted(&self.of, number, &found.public) {
            return Ok(Some(newest));
        }
        // What was proven before is in the keystore by now.
        let keystore = keys.keystore()?;
        let known = known_epochs(&self.of, keys, &keystore);
        check_epoch(&self.of, number, &found.public, &known)?;
        let is_known = keystore.seed(&self.of, number, &found.public).is_some();
        if is_known || known.is_empty() {
            return Ok(Some(newest));
        }
        let (container, name) = (self.of.container, &self.of.name);
        let message = format!(
            "nothing proves that the owner made epoch {number} of c{container}/{name}: it is not \
             linked to a key that the keystore knows"
        );
        Err(Failure::new(Kind::VerificationFailed, UNPROVEN, message).fix(format!(
            "compare the key with the account that was the owner then: twin key accept \
                 c{container}/{name}"
        )))
    }
}

/// The code of a failure that a person can decide, by comparing the public key of an epoch with the
/// owner: see [`Keys::accept_epoch`].
pub const UNPROVEN: &str = "unproven-epoch";
/// The code of the same if the keystore knows a newer epoch, or another of this number: a node
/// lies, now or when it had that one kept.
pub const FALSE_EPOCH: &str = "false-epoch";

/// The newest epoch of a data set, of which there is nothing to say that it is not the owner's.
pub struct Newest {
    /// Its number.
    pub number: EpochNumber,
    /// Its public key, to seal to.
    pub public: PublicKey,
    /// Its key, if the keystore opens it.
    pub key: Option<EpochKey>,
}

/// Opens all epochs of a data set that the keystore can open, and keeps the seeds of those that are
/// proven to be the owner's.
pub async fn open(
    chain: &Chain,
    at: &At,
    keys: &Keys,
    container: u64,
    name: &str,
) -> Result<Opened, Failure> {
    Ok(Reading::of(chain, at, keys, container, name).await?.opened)
}

/// Returns the newest epoch of a data set, or `None` if it has no key yet.
///
/// # Errors
/// [`Kind::VerificationFailed`] if the keystore knows others of it, and this one does not follow
/// from them: a node could have made it, to read what is written. The code is [`UNPROVEN`], or
/// [`FALSE_EPOCH`].
pub async fn prove_epoch(
    chain: &Chain,
    at: &At,
    keys: &Keys,
    (container, name, record): (u64, &str, &DataSet),
) -> Result<Option<Newest>, Failure> {
    Reading::of(chain, at, keys, container, name).await?.newest(keys, record)
}

/// Returns the newest epoch of a data set as the node says it, with its public key; `None` if it
/// has no key.
pub async fn newest_public(
    at: &At,
    (container, name, record): (u64, &str, &DataSet),
) -> Result<Option<(EpochNumber, PublicKey)>, Failure> {
    let epoch = record.key.as_ref().and_then(|key| EpochNumber::new(key.epoch));
    let Some(epoch) = epoch else { return Ok(None) };
    let epochs = epochs(at, container, name).await?;
    Ok(epochs.get(&epoch).map(|record| (epoch, record.public)))
}

/// What an account can open of a data set.
pub struct Access {
    /// The epochs that are open.
    pub open: Vec<EpochNumber>,
    /// Those that are closed: nothing that the account was given leads to them.
    pub closed: Vec<EpochNumber>,
    /// Envelopes for the account that no key of its own opens, each with why.
    pub false_envelopes: Vec<String>,
    /// Whether nothing proves that the newest epoch is the owner's: see [`UNPROVEN`].
    pub is_unproven: bool,
}

/// Opens every envelope that the chain has for the account, and follows every link from there.
pub async fn access(
    chain: &Chain,
    at: &At,
    keys: &Keys,
    (container, name, record): (u64, &str, &DataSet),
) -> Result<Access, Failure> {
    let reading = Reading::of(chain, at, keys, container, name).await?;
    let newest = reading.newest(keys, record);
    let is_unproven = newest.is_err_and(|failure| failure.code == UNPROVEN);
    let Reading { records, envelopes, opened, .. } = reading;
    let is_open = |epoch: &EpochNumber| opened.keys.contains_key(epoch);
    let (open, closed) = records.keys().copied().partition(is_open);
    let faults: Vec<_> = opened.faults.iter().map(ToString::to_string).collect();
    let why = |of: &EnvelopeRecord| {
        format!("the envelope of epoch {} does not open: {}", of.epoch, faults.join("; "))
    };
    let unopened = envelopes.iter().filter(|of| !is_open(&of.epoch)).map(why).collect();
    Ok(Access { open, closed, false_envelopes: unopened, is_unproven })
}

/// Returns every secret key that the keystore holds or leads to: seeds of any data set, what was
/// [opened](open) of this one, and the account's and the device's own keys.
pub fn all_secrets(keys: &Keys, opened: Opened) -> Result<Vec<SecretKey>, Failure> {
    let mut all = keys.keystore()?.secrets();
    all.extend(opened.keys.into_values().map(|key| key.secret));
    Ok(all)
}

/// Opens a stored value, whatever its visibility is.
///
/// # Errors
/// [`Kind::NotPermitted`] if it is sealed to an epoch that is not open.
pub fn open_value(
    of: &sealing::DataSet,
    opened: &Opened,
    author: &AccountId32,
    stored: &StoredValue,
) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let (suite, epoch, ciphertext) = match stored {
        StoredValue::Public(value) => return Ok(Zeroizing::new(value.0.clone())),
        StoredValue::Sealed { suite, epoch, ciphertext } => (*suite, *epoch, &ciphertext.0),
    };
    if suite != SUITE {
        return Err(sealing::Error::UnknownSuite(suite).into());
    }
    let number = EpochNumber::new(epoch);
    let found = number.and_then(|number| Some((number, opened.keys.get(&number)?)));
    let Some((number, key)) = found else {
        return Err(no_key(&of.name.to_string(), epoch, opened));
    };
    let author = Account(author.0);
    Ok(sealing::open_value(&of.epoch(number), &key.secret, &author, ciphertext)?)
}

/// Why an epoch is closed.
fn no_key(name: &str, epoch: u32, opened: &Opened) -> Failure {
    let faults: Vec<_> = opened.faults.iter().map(ToString::to_string).collect();
    let mut message = format!("no key at hand opens epoch {epoch} of {name}");
    if !faults.is_empty() {
        message = format!("{message}: {}", faults.join("; "));
    }
    Failure::not_permitted("no-key", message)
        .fix("ask the owner for READ, or for a new envelope; twin readers lists who has one")
}

/// The newest encryption key of an account, checked against what the keystore knows of it.
///
/// # Errors
/// [`Kind::NotFound`] if the account has none; [`Kind::NotPermitted`] if it is another than was
/// pinned, or an unexpected one of one's own.
pub async fn reader(at: &At, keys: &Keys, account: &AccountId32) -> Result<Reader, Failure> {
    let reader = encryption_key(at, account).await?.ok_or_else(|| {
        Failure::not_found(format!("{account} has no encryption key"))
            .fix("it makes one with: twin key new")
    })?;
    let keystore = keys.keystore()?;
    let is_known = reader.account == keys.account() || keystore.pinned(&reader.account).is_some();
    if reader.account == keys.account() {
        check_own(keys, &keystore, &reader)?;
    }
    match is_known {
        true => Keystore::clone(&keystore).check(&reader)?,
        // Pinning the key changes the file.
        false => keys.update(|keystore| Ok(keystore.check(&reader)?))?,
    }
    Ok(reader)
}

/// Fails if the keystore knows a later key of its account than the node says: the earlier one may
/// have leaked since.
fn check_own(keys: &Keys, keystore: &Keystore, found: &Reader) -> Result<(), Failure> {
    keys.confirm(|public| *public == found.public);
    let is_later = |(version, public): &(EpochNumber, PublicKey)| {
        *version > found.version && *public != found.public && !keys.is_prepared(public)
    };
    let Some((later, _)) = keystore.own_keys().find(is_later) else { return Ok(()) };
    let version = found.version;
    let message = format!(
        "the node says that version {version} of your own key is the newest, and the keystore has \
         version {later}"
    );
    Err(Failure::new(Kind::VerificationFailed, "older-key", message).fix(format!(
        "ask another node; if version {later} was never set, make a new key: twin key new --leaked"
    )))
}

/// Returns the newest encryption key of an account if the keystore knows it, without pinning
/// anything, or else why not.
pub async fn known_reader(
    at: &At,
    keys: &Keys,
    account: &AccountId32,
) -> Result<Result<Reader, String>, Failure> {
    let Some(reader) = encryption_key(at, account).await? else {
        return Ok(Err("it has no encryption key".into()));
    };
    Ok(match keys.keystore()?.pinned(&reader.account) {
        None => Err(format!("its key was never seen here: twin key accept {account}")),
        Some(pin) if pin.public != reader.public || pin.version != reader.version => {
            Err(format!("its key changed: twin key accept {account}"))
        },
        Some(_) => Ok(reader),
    })
}

/// Returns the newest encryption key that the chain has of an account, or `None`.
pub async fn encryption_key(at: &At, account: &AccountId32) -> Result<Option<Reader>, Failure> {
    Ok(encryption_key_since(at, account).await?.map(|(reader, _)| reader))
}

/// The same, with the number of the block in which the key was set.
pub async fn encryption_key_since(
    at: &At,
    account: &AccountId32,
) -> Result<Option<(Reader, u64)>, Failure> {
    let call = api::runtime_apis().data_container_api().encryption_key(*account);
    let Some(found) = at.call(call).await? else { return Ok(None) };
    if found.key.suite != SUITE {
        return Err(sealing::Error::UnknownSuite(found.key.suite).into());
    }
    let public = found.key.public.0.as_slice().try_into().ok();
    let version = EpochNumber::new(found.version);
    Ok(public.zip(version).map(|(public, version)| {
        let reader = Reader { account: Account(account.0), version, public: PublicKey(public) };
        (reader, found.since.into())
    }))
}

/// The newest epoch of a data set with its key, to pass its seed on.
///
/// # Errors
/// [`Kind::NotPermitted`] if it is closed; as [`prove_epoch`].
pub async fn newest(
    chain: &Chain,
    at: &At,
    keys: &Keys,
    container: u64,
    name: &str,
    record: &DataSet,
) -> Result<Option<(EpochNumber, EpochKey)>, Failure> {
    let reading = Reading::of(chain, at, keys, container, name).await?;
    match reading.newest(keys, record)? {
        None => Ok(None),
        Some(Newest { number, key: Some(key), .. }) => Ok(Some((number, key))),
        Some(Newest { number, .. }) => Err(no_key(name, number.get(), &reading.opened)),
    }
}

/// Seals the newest seed of a data set for an account, as `share` and `offer_ownership` take it.
pub fn envelope_for(
    of: &sealing::DataSet,
    (epoch, key): &(EpochNumber, EpochKey),
    reader: &Reader,
) -> Result<SharedEnvelope, Failure> {
    let envelope = sealing::seal_envelope(&of.epoch(*epoch), reader, &key.seed)?;
    Ok(SharedEnvelope {
        data_set: of.name.as_bytes().to_vec(),
        epoch: epoch.get(),
        key_version: reader.version.get(),
        envelope: envelope.to_vec(),
    })
}

/// Seals a seed for a reader, as `rotate_key` and `set_envelopes` take it.
pub fn reader_envelope(
    place: &Place,
    reader: &Reader,
    seed: &Seed,
) -> Result<ReaderEnvelope<AccountId32>, Failure> {
    Ok(ReaderEnvelope {
        reader: AccountId32(reader.account.0),
        key_version: reader.version.get(),
        envelope: sealing::seal_envelope(place, reader, seed)?.to_vec(),
    })
}

/// What a rotation sends.
pub struct Rotation {
    /// The epoch before, 0 if there was none.
    pub expected_epoch: u32,
    /// The public key of the new epoch.
    pub public: PublicKey,
    /// The link to the epoch before, or a cut.
    pub previous: PreviousSeed,
    /// The owner's key version.
    pub key_version: u32,
    /// The owner's envelope.
    pub envelope: Vec<u8>,
    /// Those of others.
    pub envelopes: Vec<ReaderEnvelope<AccountId32>>,
}

/// Makes a new epoch, keeps its seed in the keystore, and returns what the call sends.
pub fn rotate(
    keys: &Keys,
    of: &sealing::DataSet,
    before: Option<&(EpochNumber, EpochKey)>,
    expected_epoch: u32,
    owner: &Reader,
    readers: &[Reader],
) -> Result<Rotation, Failure> {
    let number = expected_epoch.checked_add(1).and_then(EpochNumber::new);
    let number = number.ok_or_else(|| Failure::other("there are no more epochs"))?;
    let place = of.epoch(number);
    let key = EpochKey::generate()?;
    // It is on the disk before the chain knows of it.
    keys.remember_confidential(of.container, &of.name.to_string());
    keys.prepare(key.public);
    keys.update(|keystore| {
        keystore.add_seed(of, number, &key);
        Ok(())
    })?;
    let previous = match before {
        Some((_, before)) => {
            let link = sealing::seal_previous(&place, &key.public, &before.seed)?;
            PreviousSeed::Link(link.to_vec())
        },
        None => PreviousSeed::Cut,
    };
    let envelope = |reader: &Reader| reader_envelope(&place, reader, &key.seed);
    Ok(Rotation {
        expected_epoch,
        public: key.public,
        previous,
        key_version: owner.version.get(),
        envelope: envelope(owner)?.envelope,
        envelopes: readers.iter().map(envelope).collect::<Result<_, _>>()?,
    })
}

/// Seals values to the newest epoch of a data set, whose public key is on the chain. An account
/// that may write needs no key. One that has a keystore compares the epoch with what it knows of
/// the data set, so that a node that lies does not get the values: see [`prove_epoch`].
pub async fn seal(
    chain: &Chain,
    at: &At,
    keys: Option<&Keys>,
    of: (u64, &str, &DataSet),
    author: &AccountId32,
    values: &[Vec<u8>],
) -> Result<(u32, Vec<Vec<u8>>), Failure> {
    let (container, name, record) = of;
    let epoch = record.key.as_ref().and_then(|key| EpochNumber::new(key.epoch));
    let Some(epoch) = epoch else {
        let message = format!("the confidential data set {name} has no key yet");
        return Err(Failure::new(Kind::NotPermitted, "no-epoch", message)
            .fix(format!("its owner makes one with: twin key rotate c{container}/{name}")));
    };
    let of = sealing_data_set(chain, container, name)?;
    let newest = match keys {
        Some(keys) => {
            let newest = prove_epoch(chain, at, keys, (container, name, record)).await?;
            newest.map(|newest| newest.public)
        },
        None => {
            let records = epochs(at, container, name).await?;
            let newest = records.get(&epoch);
            if let Some(newest) = newest.filter(|newest| newest.suite != SUITE) {
                return Err(sealing::Error::UnknownSuite(newest.suite).into());
            }
            newest.map(|newest| newest.public)
        },
    };
    let newest = newest.ok_or_else(|| sealing::Error::MissingEpoch(epoch.get()))?;
    let place: Place = of.epoch(epoch);
    let author = Account(author.0);
    let seal = |value: &Vec<u8>| sealing::seal_value(&place, &newest, &author, value);
    let sealed = values.iter().map(seal).collect::<Result<_, _>>()?;
    Ok((epoch.get(), sealed))
}

/// Returns the epochs of a data set that the keystore knows, without those whose rotation may never
/// have been executed.
pub fn known_epochs(
    of: &sealing::DataSet,
    keys: &Keys,
    keystore: &Keystore,
) -> Vec<(EpochNumber, PublicKey)> {
    let mut known = keystore.epochs_of(of);
    known.retain(|(_, public)| !keys.is_prepared(public));
    known
}

/// Fails if the newest epoch of a data set, as the node says it, is older than one that is known,
/// or has another public key.
fn check_epoch(
    of: &sealing::DataSet,
    epoch: EpochNumber,
    public: &PublicKey,
    known: &[(EpochNumber, PublicKey)],
) -> Result<(), Failure> {
    let newest = known.iter().map(|(number, _)| *number).max();
    let same = || known.iter().filter(|(number, _)| *number == epoch);
    let is_other = same().count() > 0 && !same().any(|(_, key)| key == public);
    if newest.is_some_and(|newest| newest > epoch) || is_other {
        let message = format!(
            "the node says that epoch {epoch} of {} is the newest, with the key {public}; the \
             keystore knows a newer epoch, or another key of it",
            of.name
        );
        let (container, name) = (of.container, &of.name);
        return Err(Failure::new(Kind::VerificationFailed, FALSE_EPOCH, message).fix(format!(
            "ask another node, or compare the key with the owner: twin key accept \
             c{container}/{name}"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use subxt::utils::H256;

    fn number(number: u32) -> EpochNumber {
        EpochNumber::new(number).unwrap()
    }

    fn reading() -> Reading {
        let of = sealing::DataSet {
            genesis: GenesisHash([8; 32]),
            container: 7,
            name: DataSetName::from_bytes("manual").unwrap(),
        };
        let (records, opened) = (BTreeMap::new(), Opened::default());
        Reading { of, records, envelopes: Vec::new(), opened }
    }

    fn keys() -> Keys {
        let ask = std::sync::Arc::new(|_| Err(Failure::other("no one is asked")));
        Keys::new("none".into(), &AccountId32([1; 32]), H256([8; 32]), ask)
    }

    impl Reading {
        /// Adds an epoch, linked to the one before unless it is a cut.
        fn add(&mut self, epoch: u32, is_linked: bool) -> EpochKey {
            let key = EpochKey::generate().unwrap();
            let before = EpochNumber::new(epoch - 1);
            let before = before.and_then(|before| self.opened.keys.get(&before));
            let previous = before.filter(|_| is_linked).map(|before| {
                let place = self.of.epoch(number(epoch));
                sealing::seal_previous(&place, &key.public, &before.seed).unwrap()
            });
            let record = EpochRecord { suite: SUITE, public: key.public, previous };
            self.records.insert(number(epoch), record);
            self.opened.keys.insert(number(epoch), key.clone());
            key
        }

        fn kept(&self, keys: &Keys, keystore: &Keystore) -> Vec<u32> {
            self.proven(keys, keystore).into_iter().map(|(number, _)| number.get()).collect()
        }
    }

    #[test]
    fn what_a_node_can_make_is_not_kept() {
        let (mut reading, keys) = (reading(), keys());
        let mut keystore = Keystore::new(Account([1; 32]), reading.of.genesis);
        reading.add(1, false);
        let second = reading.add(2, true);
        // Of a data set that was never seen, all is kept.
        assert_eq!(reading.kept(&keys, &keystore), [1, 2]);
        keystore.add_seed(&reading.of, number(2), &second);
        reading.add(3, true);
        reading.add(4, true);
        assert_eq!(reading.kept(&keys, &keystore), [1, 2, 3, 4]);
        // A node adds one of its own, with another that is linked to it.
        let own = reading.add(5, false);
        reading.add(6, true);
        assert_eq!(reading.kept(&keys, &keystore), [1, 2, 3, 4]);
        // A link that holds another seed than that of the epoch before proves nothing.
        let false_seed = EpochKey::generate().unwrap().seed;
        let link = sealing::seal_previous(&reading.of.epoch(number(5)), &own.public, &false_seed);
        reading.records.get_mut(&number(5)).unwrap().previous = Some(link.unwrap());
        assert_eq!(reading.kept(&keys, &keystore), [1, 2, 3, 4]);
        // Nor does a key that is known under another number, or of another data set.
        reading.opened.keys.insert(number(5), second.clone());
        assert_eq!(reading.kept(&keys, &keystore), [1, 2, 3, 4]);
        let elsewhere = sealing::DataSet { container: 8, ..reading.of.clone() };
        keystore.add_seed(&elsewhere, number(5), &own);
        reading.opened.keys.insert(number(5), own.clone());
        assert_eq!(reading.kept(&keys, &keystore), [1, 2, 3, 4]);
        // A person compared it.
        keys.accept_epoch(&reading.of, number(5), own.public);
        assert_eq!(reading.kept(&keys, &keystore), [1, 2, 3, 4, 5, 6]);
        // The keystore knows others than the node has.
        let mut other = Keystore::new(Account([1; 32]), reading.of.genesis);
        other.add_seed(&reading.of, number(1), &EpochKey::generate().unwrap());
        assert!(reading.kept(&self::keys(), &other).is_empty());
    }

    #[test]
    fn an_older_key_of_ones_own_is_not_sealed_to() {
        let (of, keys) = (reading().of, keys());
        let mut keystore = Keystore::new(Account([1; 32]), of.genesis);
        let first = keystore.new_key(number(1)).unwrap();
        check_own(&keys, &keystore, &first).unwrap();
        let second = keystore.new_key(number(2)).unwrap();
        check_own(&keys, &keystore, &second).unwrap();
        let error = check_own(&keys, &keystore, &first).unwrap_err();
        assert_eq!((error.kind, error.code.as_str()), (Kind::VerificationFailed, "older-key"));
    }
}
