// SPDX-License-Identifier: Apache-2.0

//! Writing of values that are stored only in the instances: confidential ones, sealed to new keys,
//! and public ones that do not fit into the plugin document.

use super::{create::Containers, file::File, sender};
use crate::{
    commands::data::{in_portions, sealed_entry},
    context::Context,
    output::note,
};
use std::collections::BTreeMap;
use twinchain_client::{
    api::{self, runtime_types::pallet_data_container::types as stored},
    chain::At,
    confidential::{self, DataSet},
    keys::Keys,
    reads, rotations,
    submit::Call,
    template::{Kind, Property, Valued, Visibility},
    AccountId32, Chain, Failure, Kind as FailureKind,
};
use twinchain_sealing::{Account, Place, PublicKey};

/// Returns the properties with values for the instances, with the names of their links.
pub fn properties(file: &File) -> impl Iterator<Item = (&str, &Property, &[Vec<u8>])> {
    file.template.plugins.iter().flat_map(|part| {
        part.properties.iter().filter_map(|property| match &property.value {
            Valued::InInstance(values) => Some((part.link.as_str(), property, values.as_slice())),
            _ => None,
        })
    })
}

/// Returns `true` if a template has confidential values.
pub fn needs_keys(file: &File) -> bool {
    properties(file).any(|(_, property, _)| property.visibility == Visibility::Confidential)
}

/// A value to write, and the data set that it belongs to.
struct Work<'a> {
    container: u64,
    property: &'a Property,
    values: &'a [Vec<u8>],
    record: DataSet,
}

/// Writes the values that the instances do not have yet. Returns the paths of those it wrote.
pub async fn send(
    context: &mut Context,
    sent: &mut sender::Sent,
    file: &File,
    containers: &Containers,
) -> Result<Vec<String>, Failure> {
    let (chain, at) = context.at().await?;
    let work = open_work(&at, file, containers).await?;
    if work.is_empty() {
        return Ok(Vec::new());
    }
    let written = work.iter().map(|of| format!("c{}/{}", of.container, of.property.name)).collect();
    note(&format!("writing the values of {} properties", work.len()));
    let author = context.account()?;
    let keys = match needs_keys(file) {
        true => Some(context.keys().await?),
        false => None,
    };
    let of = Sealing { chain: &chain, at: &at, keys: keys.as_ref(), author };
    let groups = of.groups(&work).await?;
    sender::send(context, sent, groups, |_| Ok(())).await?;
    Ok(written)
}

/// Returns the values that are not written yet. Each data set is a new one, unless an earlier
/// import was interrupted.
async fn open_work<'a>(
    at: &At,
    file: &'a File,
    containers: &Containers,
) -> Result<Vec<Work<'a>>, Failure> {
    let mut records: BTreeMap<u64, BTreeMap<String, DataSet>> = BTreeMap::new();
    let mut work = Vec::new();
    for (link, property, values) in properties(file) {
        let Some(container) = containers.get(link).copied() else { continue };
        if let std::collections::btree_map::Entry::Vacant(of) = records.entry(container) {
            of.insert(reads::data_sets(at, container).await?.into_iter().collect());
        }
        let record = records.get_mut(&container).and_then(|all| all.remove(&property.name));
        let record = record.ok_or_else(|| {
            Failure::not_found(format!("c{container} has no data set {}", property.name))
        })?;
        check_visibility(container, property, &record)?;
        let done = match property.kind {
            Kind::Entry => usize::try_from(record.revision).unwrap_or(usize::MAX),
            Kind::List => record.batches as usize,
        };
        if done < portions(property, values).len() {
            work.push(Work { container, property, values, record });
        }
    }
    Ok(work)
}

/// Fails if the chain has another visibility than the template. A confidential value is then not
/// sealed: a node that lies about the plugin must not get it.
fn check_visibility(container: u64, property: &Property, record: &DataSet) -> Result<(), Failure> {
    let is_public = matches!(record.visibility, stored::Visibility::Public);
    if is_public == (property.visibility == Visibility::Public) {
        return Ok(());
    }
    let message = format!(
        "c{container}/{} is {} in the template, but the node says otherwise",
        property.name,
        property.visibility.name()
    );
    Err(Failure::new(FailureKind::VerificationFailed, "false-visibility", message)
        .fix("use another node; no value was sent"))
}

/// Splits the values of a property into portions of one call each. Values to seal are split by
/// their size before sealing, so that an import that continues splits them in the same way.
fn portions(property: &Property, values: &[Vec<u8>]) -> Vec<Vec<Vec<u8>>> {
    match (property.kind, property.visibility) {
        (Kind::Entry, _) => vec![values.to_vec()],
        (Kind::List, Visibility::Public) => in_portions(values.to_vec()),
        (Kind::List, Visibility::Confidential) => sealed_portions(values),
    }
}

fn sealed_portions(values: &[Vec<u8>]) -> Vec<Vec<Vec<u8>>> {
    use twinchain_client::template::limits::{ITEMS, PAYLOAD, SEALING};
    let (mut all, mut bytes) = (vec![Vec::new()], 0);
    for value in values {
        let size = value.len() + SEALING;
        let is_full = all.last().is_some_and(|portion: &Vec<_>| {
            portion.len() == ITEMS || (!portion.is_empty() && bytes + size > PAYLOAD)
        });
        if is_full {
            all.push(Vec::new());
            bytes = 0;
        }
        bytes += size;
        if let Some(portion) = all.last_mut() {
            portion.push(value.clone());
        }
    }
    all
}

/// The sealing of values by their author.
struct Sealing<'a> {
    chain: &'a Chain,
    at: &'a At,
    keys: Option<&'a Keys>,
    author: AccountId32,
}

impl Sealing<'_> {
    /// Returns the calls for each property. New keys are in the keystore when it returns.
    async fn groups(&self, work: &[Work<'_>]) -> Result<Vec<Vec<Call>>, Failure> {
        let is_new = |of: &&Work<'_>| {
            of.property.visibility == Visibility::Confidential && of.record.key.is_none()
        };
        let new = work.iter().filter(is_new);
        let new: Vec<_> = new.map(|of| (of.container, of.property.name.clone())).collect();
        let mut first = match self.keys {
            Some(keys) if !new.is_empty() => {
                rotations::first_keys(self.chain, self.at, keys, &new).await?
            },
            _ => Vec::new(),
        }
        .into_iter();
        let mut groups = Vec::new();
        for of in work {
            groups.push(match of.property.visibility {
                Visibility::Public => self.public(of)?,
                Visibility::Confidential if of.record.key.is_none() => {
                    let missing = || Failure::other("a new key is missing");
                    let (rotate, place, public) = first.next().ok_or_else(missing)?;
                    let mut calls = vec![rotate];
                    calls.extend(self.sealed(of, &place, &public)?);
                    calls
                },
                Visibility::Confidential => self.sealed_again(of).await?,
            });
        }
        Ok(groups)
    }

    fn public(&self, of: &Work<'_>) -> Result<Vec<Call>, Failure> {
        let calls = api::transactions().data_container();
        let (container, name) = (of.container, of.property.name.as_bytes());
        let client = self.at.client();
        if of.property.kind == Kind::Entry {
            let value = of.values.first().cloned().unwrap_or_default();
            let call = calls.set_entry(container, name.to_vec(), value, Some(0));
            return Ok(vec![Call::encode(client, &call)?]);
        }
        let done = of.record.batches as usize;
        let rest = portions(of.property, of.values).into_iter().skip(done);
        let append = |(revision, items)| {
            let call = calls.append(container, name.to_vec(), items, Some(revision));
            Call::encode(client, &call)
        };
        (of.record.revision..).zip(rest).map(append).collect()
    }

    fn sealed(
        &self,
        of: &Work<'_>,
        place: &Place,
        public: &PublicKey,
    ) -> Result<Vec<Call>, Failure> {
        let author = Account(self.author.0);
        let (container, name) = (of.container, of.property.name.as_str());
        let epoch = place.epoch.get();
        let done = match of.property.kind {
            Kind::Entry => 0,
            Kind::List => of.record.batches as usize,
        };
        let rest = portions(of.property, of.values).into_iter().skip(done);
        let call = |(revision, values): (u32, Vec<Vec<u8>>)| {
            let seal =
                |value: &Vec<u8>| twinchain_sealing::seal_value(place, public, &author, value);
            let sealed = values.iter().map(seal).collect::<Result<Vec<_>, _>>()?;
            match of.property.kind {
                Kind::Entry => {
                    sealed_entry(self.at, container, name, epoch, sealed, Some(revision))
                },
                Kind::List => {
                    let calls = api::transactions().data_container();
                    let revision = Some(revision);
                    let call = calls.append_sealed(container, name.into(), epoch, sealed, revision);
                    Call::encode(self.at.client(), &call)
                },
            }
        };
        (of.record.revision..).zip(rest).map(call).collect()
    }

    /// Seals values to the newest key of a data set, which an interrupted import created.
    async fn sealed_again(&self, of: &Work<'_>) -> Result<Vec<Call>, Failure> {
        let missing = || Failure::other("the keystore is missing");
        let keys = self.keys.ok_or_else(missing)?;
        let name = of.property.name.as_str();
        let named = (of.container, name, &of.record);
        let newest = confidential::prove_epoch(self.chain, self.at, keys, named).await?;
        let newest = newest.ok_or_else(missing)?;
        let place = confidential::sealing_data_set(self.chain, of.container, name)?;
        self.sealed(of, &place.epoch(newest.number), &newest.public)
    }
}
