// SPDX-License-Identifier: Apache-2.0

//! Confidential data: read from the chain and opened, or sealed and encoded as calls.

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

/// The record of a data set in the chain's storage.
pub type DataSet = api::runtime_types::pallet_data_container::types::DataSet<AccountId32, u32>;

/// Returns the record of a data set.
pub async fn data_set(at: &At, container: u64, name: &str) -> Result<DataSet, Failure> {
    let address = api::storage().data_container().data_sets();
    let key = (container, stored_name(name));
    let found = at.client().storage().try_fetch(address, key).await?;
    match found {
        Some(value) => Ok(value.decode()?),
        None if !exists(at, container).await? => {
            Err(Failure::not_found(format!("container c{container} does not exist")))
        },
        None => Err(Failure::not_found(format!("container c{container} has no data set {name}"))
            .fix(format!("twin container show c{container} lists its data sets"))),
    }
}

async fn exists(at: &At, container: u64) -> Result<bool, Failure> {
    let call = api::runtime_apis().data_container_api().container(container);
    Ok(at.call(call).await?.is_some())
}

/// Returns a name in the chain's storage type.
pub fn stored_name(name: &str) -> api::runtime_types::twinchain_primitives::text::Name {
    api::runtime_types::twinchain_primitives::text::Name(BoundedVec(name.as_bytes().to_vec()))
}

/// Returns the data set as the sealing crate identifies it.
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

/// Reads the epochs of a data set. Skips those that cannot be decoded.
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

/// Returns the newest epoch of each segment except the newest segment, if the account can open it.
/// An envelope of that epoch opens its whole segment.
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

/// Reads the envelopes of an account for a data set.
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

/// The epochs of a data set in one response of a node, and what the keystore opens of them.
///
/// A node may respond differently the next time. So a proof based on one response applies to that
/// response only.
struct Reading {
    of: sealing::DataSet,
    records: BTreeMap<EpochNumber, EpochRecord>,
    envelopes: Vec<EnvelopeRecord>,
    opened: Opened,
}

impl Reading {
    /// Reads the epochs, opens those it can, and stores the seeds of those that are proven to be
    /// the owner's.
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

    /// Returns the opened epochs to store: those that only an account with the earlier keys can
    /// have created. Envelopes are not signed, so a node can create an epoch and seal its seed to
    /// any account. It cannot create a link, which contains the previous epoch's seed.
    ///
    /// If the keystore knows no epoch of the data set, all are stored. Otherwise: the epochs up to
    /// the newest known one, and those after it that form an unbroken chain of links up to the
    /// first cut. The earlier ones prove nothing about later ones, because an epoch's number
    /// belongs to its seed.
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

    /// Returns `true` if an epoch directly follows another, and its link contains the other's seed.
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

    /// Returns the newest epoch. Fails unless it is proven to be the owner's.
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
        // `Reading::of` has stored the seeds of all epochs that are proven.
        let keystore = keys.keystore()?;
        let known = known_epochs(&self.of, keys, &keystore);
        check_epoch(&self.of, number, &found.public, &known)?;
        let is_known = keystore.seed(&self.of, number, &found.public).is_some();
        if is_known || known.is_empty() {
            return Ok(Some(newest));
        }
        let (container, name) = (self.of.container, &self.of.name);
        let message = format!(
            "epoch {number} of c{container}/{name} is not proven to be the owner's: it is not \
             linked to a key in the keystore"
        );
        Err(Failure::new(Kind::VerificationFailed, UNPROVEN, message).fix(format!(
            "compare the key with the account that was the owner at that time: twin key accept \
             c{container}/{name}"
        )))
    }
}

/// The code of a failure that the user can resolve by comparing an epoch's public key with the
/// owner: see [`Keys::accept_epoch`].
pub const UNPROVEN: &str = "unproven-epoch";
/// The code of such a failure if the keystore knows a newer epoch, or a different key of this
/// epoch: the node presents false data now, or did so when that key was stored.
pub const FALSE_EPOCH: &str = "false-epoch";

/// The newest epoch of a data set, which does not contradict the keystore.
pub struct Newest {
    /// Its number.
    pub number: EpochNumber,
    /// Its public key, to seal to.
    pub public: PublicKey,
    /// Its key, if the keystore opens it.
    pub key: Option<EpochKey>,
}

/// Opens all epochs of a data set that the keystore can open. Stores the seeds of those that are
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
/// [`Kind::VerificationFailed`] if the keystore knows epochs of the data set and this one does not
/// follow from them: a node could have created it to read what is written. The code is [`UNPROVEN`]
/// or [`FALSE_EPOCH`].
pub async fn prove_epoch(
    chain: &Chain,
    at: &At,
    keys: &Keys,
    (container, name, record): (u64, &str, &DataSet),
) -> Result<Option<Newest>, Failure> {
    Reading::of(chain, at, keys, container, name).await?.newest(keys, record)
}

/// Returns the newest epoch of a data set and its public key, as the node reports them, without any
/// proof. Returns `None` if the data set has no key.
pub async fn newest_public(
    at: &At,
    (container, name, record): (u64, &str, &DataSet),
) -> Result<Option<(EpochNumber, PublicKey)>, Failure> {
    let epoch = record.key.as_ref().and_then(|key| EpochNumber::new(key.epoch));
    let Some(epoch) = epoch else { return Ok(None) };
    let epochs = epochs(at, container, name).await?;
    Ok(epochs.get(&epoch).map(|record| (epoch, record.public)))
}

/// The epochs of a data set that an account can and cannot open.
pub struct Access {
    /// The epochs that the account can open.
    pub open: Vec<EpochNumber>,
    /// The epochs that it cannot open: neither an envelope nor a link leads to them.
    pub closed: Vec<EpochNumber>,
    /// A description of each envelope for the account that none of its keys opens.
    pub false_envelopes: Vec<String>,
    /// `true` if the newest epoch is not proven to be the owner's: see [`UNPROVEN`].
    pub is_unproven: bool,
}

/// Opens every envelope of the account on the chain, and follows all links from there.
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

/// Returns every secret key that is available: those of the keystore's seeds for any data set, of
/// the [opened](open) epochs of this one, and the account's and the device's own keys.
pub fn all_secrets(keys: &Keys, opened: Opened) -> Result<Vec<SecretKey>, Failure> {
    let mut all = keys.keystore()?.secrets();
    all.extend(opened.keys.into_values().map(|key| key.secret));
    Ok(all)
}

/// Returns a stored value, opened if it is sealed.
///
/// # Errors
/// [`Kind::NotPermitted`] if it is sealed to an epoch that is not opened.
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

/// Returns the failure for an epoch that is not opened.
fn no_key(name: &str, epoch: u32, opened: &Opened) -> Failure {
    let faults: Vec<_> = opened.faults.iter().map(ToString::to_string).collect();
    let mut message = format!("none of your keys opens epoch {epoch} of {name}");
    if !faults.is_empty() {
        message = format!("{message}: {}", faults.join("; "));
    }
    Failure::not_permitted("no-key", message)
        .fix("ask the owner for READ access, or for a new envelope; twin readers lists who has one")
}

/// Returns the newest encryption key of an account, checked against the keystore. Pins it if the
/// account is not known yet.
///
/// # Errors
/// [`Kind::NotFound`] if the account has no key; [`Kind::NotPermitted`] if the key differs from the
/// pinned one, or is an unexpected key of the keystore's account.
pub async fn reader(at: &At, keys: &Keys, account: &AccountId32) -> Result<Reader, Failure> {
    let reader = encryption_key(at, account).await?.ok_or_else(|| {
        Failure::not_found(format!("{account} has no encryption key"))
            .fix("the account needs to run: twin key new")
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

/// Fails if the keystore has a later key of its account than the node reports: the reported one may
/// have leaked.
fn check_own(keys: &Keys, keystore: &Keystore, found: &Reader) -> Result<(), Failure> {
    keys.confirm(|public| *public == found.public);
    let is_later = |(version, public): &(EpochNumber, PublicKey)| {
        *version > found.version && *public != found.public && !keys.is_prepared(public)
    };
    let Some((later, _)) = keystore.own_keys().find(is_later) else { return Ok(()) };
    let version = found.version;
    let message = format!(
        "the node reports version {version} as your newest key, but the keystore has version \
         {later}"
    );
    Err(Failure::new(Kind::VerificationFailed, "older-key", message).fix(format!(
        "use another node; if version {later} was never set, create a new key: twin key new \
         --leaked"
    )))
}

/// Returns the newest encryption key of an account if the keystore has it pinned, or otherwise the
/// reason. Pins nothing.
pub async fn known_reader(
    at: &At,
    keys: &Keys,
    account: &AccountId32,
) -> Result<Result<Reader, String>, Failure> {
    let Some(reader) = encryption_key(at, account).await? else {
        return Ok(Err("it has no encryption key".into()));
    };
    Ok(match keys.keystore()?.pinned(&reader.account) {
        None => Err(format!("its key is not known here: twin key accept {account}")),
        Some(pin) if pin.public != reader.public || pin.version != reader.version => {
            Err(format!("its key changed: twin key accept {account}"))
        },
        Some(_) => Ok(reader),
    })
}

/// Returns the newest encryption key of an account on the chain, or `None`.
pub async fn encryption_key(at: &At, account: &AccountId32) -> Result<Option<Reader>, Failure> {
    Ok(encryption_key_since(at, account).await?.map(|(reader, _)| reader))
}

/// Returns the same as [`encryption_key`], with the number of the block in which the key was set.
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

/// Returns the newest epoch of a data set with its key, to seal its seed for others.
///
/// # Errors
/// [`Kind::NotPermitted`] if the account cannot open it; otherwise as for [`prove_epoch`].
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

/// Seals the newest seed of a data set for an account, in the form for `share` and
/// `offer_ownership`.
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

/// Seals a seed for a reader, in the form for `rotate_key` and `set_envelopes`.
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

/// The arguments of a rotation.
pub struct Rotation {
    /// The number of the previous epoch, or 0 if none exists.
    pub expected_epoch: u32,
    /// The public key of the new epoch.
    pub public: PublicKey,
    /// The link to the previous epoch, or a cut.
    pub previous: PreviousSeed,
    /// The version of the owner's encryption key.
    pub key_version: u32,
    /// The owner's envelope.
    pub envelope: Vec<u8>,
    /// The envelopes of other readers.
    pub envelopes: Vec<ReaderEnvelope<AccountId32>>,
}

/// Creates a new epoch, stores its seed in the keystore, and returns the arguments of the call.
pub fn rotate(
    keys: &Keys,
    of: &sealing::DataSet,
    before: Option<&(EpochNumber, EpochKey)>,
    expected_epoch: u32,
    owner: &Reader,
    readers: &[Reader],
) -> Result<Rotation, Failure> {
    let number = expected_epoch.checked_add(1).and_then(EpochNumber::new);
    let number = number.ok_or_else(|| Failure::other("no epoch numbers are left"))?;
    let place = of.epoch(number);
    let key = EpochKey::generate()?;
    // The seed must be on disk before the chain knows the epoch.
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

/// Creates the first epochs of data sets, stores their seeds in the keystore, and returns the
/// arguments of the calls.
pub fn first_rotations(
    keys: &Keys,
    data_sets: &[sealing::DataSet],
    owner: &Reader,
) -> Result<Vec<Rotation>, Failure> {
    let new = |of| Ok::<_, Failure>((of, EpochKey::generate()?));
    let new = data_sets.iter().map(new).collect::<Result<Vec<_>, _>>()?;
    // The seeds must be on disk before the chain knows the epochs.
    for (of, key) in &new {
        keys.remember_confidential(of.container, &of.name.to_string());
        keys.prepare(key.public);
    }
    keys.update(|keystore| {
        new.iter().for_each(|(of, key)| keystore.add_seed(of, EpochNumber::MIN, key));
        Ok(())
    })?;
    let rotation = |(of, key): &(&sealing::DataSet, EpochKey)| {
        let envelope = reader_envelope(&of.epoch(EpochNumber::MIN), owner, &key.seed)?;
        Ok(Rotation {
            expected_epoch: 0,
            public: key.public,
            previous: PreviousSeed::Cut,
            key_version: owner.version.get(),
            envelope: envelope.envelope,
            envelopes: Vec::new(),
        })
    };
    new.iter().map(rotation).collect()
}

/// Seals values to the newest epoch of a data set, whose public key is on the chain. A writer
/// without keys can do this. With a keystore, the epoch is first checked against the known ones, so
/// that a lying node cannot obtain the values: see [`prove_epoch`].
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
            .fix(format!("the owner can create it with: twin key rotate c{container}/{name}")));
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

/// Returns the epochs of a data set that the keystore knows, except those whose rotation may never
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

/// Fails if the newest epoch that the node reports is older than a known one, or has a different
/// public key.
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
            "the node reports epoch {epoch} of {} as the newest, with the key {public}, but the \
             keystore has a newer epoch or a different key of it",
            of.name
        );
        let (container, name) = (of.container, &of.name);
        return Err(Failure::new(Kind::VerificationFailed, FALSE_EPOCH, message).fix(format!(
            "use another node, or compare the key with the owner: twin key accept \
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
        let ask = std::sync::Arc::new(|_| Err(Failure::other("no terminal in this test")));
        Keys::new("none".into(), &AccountId32([1; 32]), H256([8; 32]), ask)
    }

    impl Reading {
        /// Adds an epoch, linked to the previous one unless it is a cut.
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
    fn keystore_does_not_keep_epochs_that_a_node_can_make() {
        let (mut reading, keys) = (reading(), keys());
        let mut keystore = Keystore::new(Account([1; 32]), reading.of.genesis);
        reading.add(1, false);
        let second = reading.add(2, true);
        // For an unknown data set, all epochs are kept.
        assert_eq!(reading.kept(&keys, &keystore), [1, 2]);
        keystore.add_seed(&reading.of, number(2), &second);
        reading.add(3, true);
        reading.add(4, true);
        assert_eq!(reading.kept(&keys, &keystore), [1, 2, 3, 4]);
        // The node adds an epoch of its own, and another that is linked to it.
        let own = reading.add(5, false);
        reading.add(6, true);
        assert_eq!(reading.kept(&keys, &keystore), [1, 2, 3, 4]);
        // A link with a seed other than the previous epoch's proves nothing.
        let false_seed = EpochKey::generate().unwrap().seed;
        let link = sealing::seal_previous(&reading.of.epoch(number(5)), &own.public, &false_seed);
        reading.records.get_mut(&number(5)).unwrap().previous = Some(link.unwrap());
        assert_eq!(reading.kept(&keys, &keystore), [1, 2, 3, 4]);
        // Nor does a key that is known under another number, or for another data set.
        reading.opened.keys.insert(number(5), second.clone());
        assert_eq!(reading.kept(&keys, &keystore), [1, 2, 3, 4]);
        let elsewhere = sealing::DataSet { container: 8, ..reading.of.clone() };
        keystore.add_seed(&elsewhere, number(5), &own);
        reading.opened.keys.insert(number(5), own.clone());
        assert_eq!(reading.kept(&keys, &keystore), [1, 2, 3, 4]);
        // The user compared the key.
        keys.accept_epoch(&reading.of, number(5), own.public);
        assert_eq!(reading.kept(&keys, &keystore), [1, 2, 3, 4, 5, 6]);
        // The keystore has keys that the node does not report.
        let mut other = Keystore::new(Account([1; 32]), reading.of.genesis);
        other.add_seed(&reading.of, number(1), &EpochKey::generate().unwrap());
        assert!(reading.kept(&self::keys(), &other).is_empty());
    }

    #[test]
    fn sealing_fails_when_node_reports_an_older_own_key() {
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
