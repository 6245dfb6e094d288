// SPDX-License-Identifier: Apache-2.0

//! The model's data: plain maps. Only identifiers are taken from the pallets.

use super::old_faults::{makes, OldFault};
use crate::chain::{BlockNumber, RuntimeCall};
use sp_runtime::AccountId32;
use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};
use twinchain_primitives::{ContainerId, Moment, TwinId};

pub type Who = AccountId32;
pub type Bytes = Vec<u8>;

/// The bits of an access.
pub const READ: u8 = 1;
pub const WRITE: u8 = 2;
pub const REMOVE: u8 = 4;
/// All bits.
pub const ALL: u8 = READ | WRITE | REMOVE;

/// Every reason to reject a call. A call succeeds if none applies; otherwise the pallet may report
/// any of them. Reasons of the twin pallet begin with `twin:`.
#[derive(Debug, Default)]
pub struct Reasons(pub BTreeSet<String>);

impl Reasons {
    pub fn when(&mut self, refused: bool, reason: &str) {
        if refused {
            self.0.insert(reason.into());
        }
    }

    /// Returns the value, or adds the reason for its absence.
    pub fn need<V>(&mut self, value: Option<V>, reason: &str) -> Option<V> {
        self.when(value.is_none(), reason);
        value
    }
}

/// The authority of an account's action.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Right {
    Owner,
    Role(u8),
    Grant,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Value {
    Public(Rc<[u8]>),
    Sealed { epoch: u32, author: Who, bytes: Rc<[u8]> },
}

/// A data set as a plugin or the owner defines it.
#[derive(Clone, Debug, Default)]
pub struct Definition {
    pub name: String,
    pub list: bool,
    pub public: bool,
    pub write_once: bool,
    pub schema: String,
    pub default: Vec<String>,
    /// The access of each role.
    pub permissions: Vec<(String, u8)>,
}

#[derive(Clone, Debug)]
pub struct Plugin {
    pub publisher: Who,
    pub retired: bool,
    pub description: Bytes,
    pub data_sets: Vec<Definition>,
}

#[derive(Clone, Debug, Default)]
pub struct Rights {
    /// In the order of assignment.
    pub roles: Vec<u8>,
    pub grants: BTreeMap<u16, Grant>,
}

/// The end of each granted bit; `None` means without an end.
#[derive(Clone, Debug, Default)]
pub struct Grant(pub BTreeMap<u8, Option<Moment>>);

impl Grant {
    /// Returns all its bits, lapsed or not.
    pub fn access(&self) -> u8 {
        self.0.keys().sum()
    }

    /// Returns the bits that are valid at a moment.
    pub fn active(&self, now: Moment) -> u8 {
        let holds = |until: &Option<Moment>| until.is_none_or(|until| now <= until);
        self.0.iter().filter(|(_, until)| holds(until)).map(|(bit, _)| bit).sum()
    }

    pub fn expired(&self, now: Moment) -> bool {
        self.access() != self.active(now)
    }
}

#[derive(Clone, Debug)]
pub struct Key {
    pub epoch: u32,
    pub segment: u8,
    pub public: Bytes,
    pub valid_until: Moment,
    /// The end of sealing to this key: the account, the reason, the moment.
    pub end: Option<(Who, End, Moment)>,
    /// The readers that left voluntarily since its creation, in order, with the moment.
    pub left: Vec<(Who, Moment)>,
}

/// The reason for which an account lost READ.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum End {
    Expires,
    Taken,
    OwnerChanged,
    OfferEnded,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Epoch {
    pub segment: u8,
    pub public: Bytes,
    /// The sealed seed of the previous epoch, unless this is the first of its segment.
    pub previous: Option<Bytes>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Envelope {
    pub epoch: u32,
    /// The version of the reader's key.
    pub version: u32,
    /// The oldest key version to which this epoch's seed was sealed.
    pub oldest: u32,
    pub seed: Bytes,
}

#[derive(Clone, Debug)]
pub struct DataSet {
    pub id: u16,
    pub list: bool,
    pub public: bool,
    pub write_once: bool,
    pub schema: Rc<str>,
    pub retired: Option<Moment>,
    pub revision: u32,
    /// The author of the last change, and its authority.
    pub last: Option<(Who, Right)>,
    pub entry: Option<Value>,
    pub batches: Vec<Vec<Option<Value>>>,
    /// The access of each role, by the role's id.
    pub permissions: BTreeMap<u8, u8>,
    pub key: Option<Key>,
    pub epochs: BTreeMap<u32, Epoch>,
    /// By segment and reader.
    pub envelopes: BTreeMap<(u8, Who), Envelope>,
    /// By the seed's public key: every account that was ever given the seed, and the key version to
    /// which it was sealed. Entries are never removed.
    pub holders: BTreeMap<Bytes, BTreeSet<(Who, u32)>>,
    /// The epochs that each account could open from the state at the time of a cut. Only a purge
    /// may take them away.
    pub kept: BTreeMap<Who, BTreeSet<u32>>,
}

impl DataSet {
    /// Returns `true` if the data set holds data, or held items that were removed.
    pub fn holds(&self) -> bool {
        self.entry.is_some() || !self.batches.is_empty()
    }

    /// Returns the epochs that an account can open from the state: those of its envelopes, and all
    /// that are linked to them.
    pub fn opens(&self, who: &Who) -> BTreeSet<u32> {
        let mut all = BTreeSet::new();
        for envelope in self.envelopes.iter().filter(|((_, of), _)| of == who).map(|(_, own)| own) {
            let mut epoch = envelope.epoch;
            all.insert(epoch);
            while self.epochs.get(&epoch).is_some_and(|found| found.previous.is_some()) {
                epoch -= 1;
                all.insert(epoch);
            }
        }
        all
    }

    /// Returns the segment of which this is the newest epoch.
    pub fn segment_that_ends_with(&self, epoch: u32) -> Option<u8> {
        let segment = |epoch: u32| self.epochs.get(&epoch).map(|epoch| epoch.segment);
        let newest = self.key.as_ref().map(|key| key.epoch);
        match newest == Some(epoch) {
            true => segment(epoch),
            false => {
                segment(epoch).filter(|own| segment(epoch + 1).is_some_and(|next| next != *own))
            },
        }
    }

    /// Removes the account's envelope of the newest segment.
    pub fn forget(&mut self, who: &Who) {
        if let Some(key) = &self.key {
            self.envelopes.remove(&(key.segment, who.clone()));
        }
    }

    pub fn count(&self) -> u32 {
        let items = self.batches.iter().flatten().flatten().count();
        items as u32 + u32::from(self.entry.is_some())
    }

    /// Ends sealing to the current key at the end of a reader's READ.
    pub fn end_with_read(&mut self, who: &Who, until: Option<Moment>, now: Moment) {
        if let Some(until) = until {
            self.lower_validity(until, (who.clone(), End::Expires, until), now);
        }
    }

    /// Ends sealing to the current key now.
    pub fn end_now(&mut self, who: &Who, reason: End, now: Moment) {
        self.lower_validity(0, (who.clone(), reason, now), now);
    }

    fn lower_validity(&mut self, until: Moment, end: (Who, End, Moment), now: Moment) {
        let open = |key: &&mut Key| until < key.valid_until && now <= key.valid_until;
        if let Some(key) = self.key.as_mut().filter(open) {
            key.valid_until = until;
            key.end = Some(end);
        }
    }
}

#[derive(Clone, Debug)]
pub struct Offer {
    pub id: u32,
    pub to: Who,
    pub deadline: Moment,
    /// For a container: the twin together with which it changes owner.
    pub with: Option<TwinId>,
    /// For a twin: the containers that change owner with it.
    pub containers: Vec<ContainerId>,
}

#[derive(Clone, Debug)]
pub struct Container {
    pub owner: Who,
    pub closed: bool,
    pub plugin: Option<u64>,
    pub cloned_from: Option<ContainerId>,
    pub description: Bytes,
    /// Ids and names, in order of creation.
    pub roles: Vec<(u8, String)>,
    pub data_sets: BTreeMap<Bytes, DataSet>,
    pub rights: BTreeMap<Who, Rights>,
    pub offers: u32,
    pub offer: Option<Offer>,
}

impl Container {
    /// Returns the authority that gives `who` all of `wanted`, or `None`: the rules of permissions.
    pub fn right(&self, who: &Who, set: &DataSet, wanted: u8, now: Moment) -> Option<Right> {
        let changes = wanted & (WRITE | REMOVE) != 0;
        if changes && (self.closed || set.retired.is_some()) {
            return None;
        }
        if wanted & REMOVE != 0 && self.offer.is_some() {
            return None;
        }
        if self.owner == *who {
            // A seller must not rewrite an entry that is on offer.
            let rewrites = wanted & WRITE != 0 && !set.list && self.offer.is_some();
            return (!rewrites).then_some(Right::Owner);
        }
        if set.retired.is_some() {
            return None;
        }
        let rights = self.rights.get(who)?;
        for role in &rights.roles {
            let access = set.permissions.get(role).copied().unwrap_or(0);
            if access & wanted == wanted {
                return Some(Right::Role(*role));
            }
        }
        let active = rights.grants.get(&set.id)?.active(now);
        (active & wanted == wanted).then_some(Right::Grant)
    }

    /// Returns the end of the grant by which an account reads a confidential data set, if it has
    /// one.
    pub fn reads_until(&self, who: &Who, set: u16, now: Moment) -> Option<Option<Moment>> {
        let grant = self.rights.get(who)?.grants.get(&set)?;
        if grant.active(now) & READ == 0 {
            return None;
        }
        grant.0.get(&READ).copied()
    }

    /// Returns `true` if the account may link or clone the container.
    pub fn may_link(&self, who: &Who, now: Moment) -> bool {
        let used =
            |id: &u16| self.data_sets.values().any(|set| set.id == *id && set.retired.is_none());
        let any = |rights: &Rights| {
            let mut grants = rights.grants.iter();
            !rights.roles.is_empty() || grants.any(|(id, grant)| grant.active(now) != 0 && used(id))
        };
        self.data_sets.values().all(|set| set.public || set.retired.is_some())
            || self.owner == *who
            || self.rights.get(who).is_some_and(any)
    }

    /// Returns `true` if a sealed write by an account with WRITE is accepted at the moment `now`.
    pub fn takes_sealed(&self, set: &DataSet, now: Moment) -> bool {
        let lapsed = self.offer.as_ref().is_some_and(|offer| now > offer.deadline);
        let open = !self.closed && set.retired.is_none() && !lapsed;
        open && set.key.as_ref().is_some_and(|key| now <= key.valid_until)
    }

    /// If a sealed write is accepted now, returns an account that was given the current seed but
    /// must not read the value.
    ///
    /// The guarantee concerns everything an account was ever given, not only the state. Whenever a
    /// sealed write is accepted, every account that was ever given the seed of its epoch must be
    /// one of these:
    ///
    /// - the owner,
    /// - a reader,
    /// - the offeree of an offer that has not lapsed, or
    /// - a reader that left voluntarily, which must not block the others.
    pub fn leak(&self, set: &DataSet, world: &World) -> Option<Who> {
        let now = world.now;
        let key = set.key.as_ref().filter(|_| self.takes_sealed(set, now))?;
        let offeree = self.offer.as_ref().map(|offer| &offer.to);
        let may = |who: &&Who| {
            self.owner == **who
                || offeree == Some(*who)
                || self.reads_until(who, set.id, now).is_some()
                || key.left.iter().any(|(left, _)| left == *who)
        };
        // A seed is identified by its public key, in whichever data set it was given.
        let sets = world.containers.values().flat_map(|container| container.data_sets.values());
        let holders = sets.filter_map(|set| set.holders.get(&key.public)).flatten();
        holders.map(|(who, _)| who).find(|who| !may(who)).cloned()
    }

    /// Returns the data sets that are due for rotation: they accept no sealed writes, a reader
    /// left, or their seed was sealed to a key that its account reported as leaked.
    pub fn rotations_due(&self, world: &World) -> BTreeSet<Bytes> {
        let leaked = |(who, version): &(Who, u32)| {
            let leaked = world.keys.get(who).and_then(|keys| keys.leaked);
            leaked.is_some_and(|(up_to, _)| *version <= up_to)
        };
        let due = |set: &DataSet| match &set.key {
            None => true,
            Some(key) => {
                let holders = set.holders.get(&key.public);
                world.now > key.valid_until
                    || !key.left.is_empty()
                    || holders.into_iter().flatten().any(leaked)
            },
        };
        let sets = self.data_sets.iter().filter(|(_, set)| !set.public && set.retired.is_none());
        match self.closed {
            true => BTreeSet::new(),
            false => sets.filter(|(_, set)| due(set)).map(|(name, _)| name.clone()).collect(),
        }
    }

    /// Ends the access of an account that had the seeds and must not keep it.
    pub fn end_disclosure(&mut self, who: &Who, reason: End, now: Moment) {
        let reads: BTreeSet<u16> = self
            .data_sets
            .values()
            .map(|set| set.id)
            .filter(|id| self.reads_until(who, *id, now).is_some())
            .collect();
        let owner = self.owner == *who;
        for set in self.data_sets.values_mut().filter(|set| set.key.is_some()) {
            if !owner && !reads.contains(&set.id) {
                set.forget(who);
            }
            set.end_now(who, reason, now);
        }
    }

    pub fn tidy(&mut self, who: &Who) {
        let empty = |rights: &Rights| rights.roles.is_empty() && rights.grants.is_empty();
        if self.rights.get(who).is_some_and(empty) {
            self.rights.remove(who);
        }
    }
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Link {
    Container(ContainerId),
    Twin(TwinId),
    Account(Who),
    Hash([u8; 32]),
}

#[derive(Clone, Debug)]
pub struct Twin {
    pub owner: Who,
    pub asset: Bytes,
    pub description: Bytes,
    pub deactivated: bool,
    pub links: BTreeMap<Bytes, Link>,
    pub offers: u32,
    pub offer: Option<Offer>,
}

/// The encryption keys of an account.
#[derive(Clone, Debug, Default)]
pub struct AccountKeys {
    /// All public keys, starting with version 1.
    pub all: Vec<Bytes>,
    /// The block in which the newest was set.
    pub since: BlockNumber,
    /// The newest leaked version, and the time of the report.
    pub leaked: Option<(u32, Moment)>,
}

impl AccountKeys {
    pub fn version(&self) -> u32 {
        self.all.len() as u32
    }
}

/// The holder of an account's secret key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Holder {
    Account(Who, u32),
    Key(Bytes),
}

/// The whole state of the model.
#[derive(Clone, Debug, Default)]
pub struct World {
    pub now: Moment,
    pub block: BlockNumber,
    pub plugins: Vec<Rc<Plugin>>,
    pub containers: BTreeMap<ContainerId, Rc<Container>>,
    pub twins: BTreeMap<TwinId, Rc<Twin>>,
    pub keys: BTreeMap<Who, AccountKeys>,
    /// The sealed secret keys of accounts, by account and version.
    pub secrets: BTreeMap<(Who, u32), Vec<(Holder, Bytes)>>,
    /// The public keys that were ever used, of data sets and of each account.
    pub used: BTreeSet<(Option<Who>, Bytes)>,
}

/// The result of a call in the model, valid if no reason rejects the call.
pub struct Attempt {
    pub world: World,
    pub reasons: Reasons,
}

impl World {
    /// Returns the version of an account's newest key.
    pub fn version(&self, who: &Who) -> Option<u32> {
        self.keys.get(who).map(AccountKeys::version)
    }

    /// Records a key, and rejects it if it was used before.
    pub fn use_key(&mut self, who: Option<&Who>, key: &[u8], why: &mut Reasons) {
        let new = self.used.insert((who.cloned(), key.to_vec()));
        why.when(!new && !makes(OldFault::KeyUsedAgain), "KeyUsed");
    }

    pub fn attempt(&self, who: &Who, call: &RuntimeCall) -> Attempt {
        let (mut world, mut reasons) = (self.clone(), Reasons::default());
        let made = match call {
            RuntimeCall::DataContainer(call) => world.container_call(who, call, &mut reasons),
            RuntimeCall::DigitalTwin(call) => world.twin_call(who, call, &mut reasons),
            _ => reasons.need(None, "the model has no such call"),
        };
        assert!(
            made.is_some() || !reasons.0.is_empty(),
            "the call stopped without a reason: {call:?}"
        );
        Attempt { world, reasons }
    }
}

/// Returns `true` for a name: 1 to 64 bytes of plain text without `/`.
pub fn is_name(bytes: &[u8]) -> bool {
    (1..=64).contains(&bytes.len()) && !bytes.contains(&b'/') && is_plain_text(bytes)
}

/// Returns `true` for UTF-8 without control characters, without white space at its ends, and
/// without invisible or direction-changing code points. Of the latter, it knows those that the
/// generator uses.
pub fn is_plain_text(bytes: &[u8]) -> bool {
    let hides = |letter| matches!(letter, '\u{ad}' | '\u{200b}' | '\u{202e}' | '\u{2066}');
    std::str::from_utf8(bytes).is_ok_and(|text| {
        text.trim() == text && !text.chars().any(|letter| letter.is_control() || hides(letter))
    })
}

/// Invalid names.
pub const WRONG_NAMES: [&str; 7] =
    ["a/b", " a", "a\u{a0}", "a\u{ad}", "\u{200b}a", "\u{202e}a", "a\u{2066}b"];
