// SPDX-License-Identifier: Apache-2.0

//! Histories from an archive node. Each block is decoded with the metadata of its own runtime.

use super::{Authority, Change, Source, State, Subject};
use crate::{
    chain::{At, Chain, ClientAt},
    dynamic::{bytes_of_value, to_json},
    failure::{Failure, Kind},
};
use serde_json::{Map, Value};
use subxt::{
    ext::scale_value::{self, At as _, Composite, Primitive, Value as Scale, ValueDef},
    utils::{AccountId32, H256},
};

/// A node with the history of a thing.
pub struct Archive<'a> {
    /// The connection.
    pub chain: &'a Chain,
    /// The thing.
    pub subject: Subject,
}

/// Returns a block by its number.
///
/// # Errors
/// [`Kind::Other`] with the code `pruned` if the node no longer has its state.
pub async fn at_block(chain: &Chain, block: u64) -> Result<At, Failure> {
    let found = chain.client().at_block(block).await;
    found.map(At::new).map_err(|error| pruned(block, error.into()))
}

/// Returns the failure of a node that does not have the state of a block. Other failures stay as
/// they are.
pub fn pruned(block: u64, failure: Failure) -> Failure {
    let words = failure.message.to_lowercase();
    let signs = ["discarded", "unknown block", "unknownblock", "not found"];
    if failure.kind != Kind::Other || !signs.iter().any(|sign| words.contains(sign)) {
        return failure;
    }
    let message = format!("the node does not keep the state of block {block}");
    Failure::new(Kind::Other, "pruned", message).fix(
        "use --url with an archive node; a development node is one if its first start had \
         --state-pruning archive",
    )
}

impl Archive<'_> {
    /// Returns the record of the thing at a block.
    pub async fn record(&self, at: &At) -> Result<Option<Scale>, Failure> {
        let (pallet, entry, keys) = match &self.subject {
            Subject::DataSet(container, name, _) => {
                let keys = vec![number_value(*container), Scale::from_bytes(name.as_bytes())];
                ("DataContainer", "DataSets", keys)
            },
            Subject::Container(id) => ("DataContainer", "Containers", vec![number_value(*id)]),
            Subject::Twin(id) => ("DigitalTwin", "Twins", vec![number_value(*id)]),
        };
        fetch(at, pallet, entry, keys).await
    }
}

fn number_value(number: u64) -> Scale {
    Scale::u128(number.into())
}

/// Reads an item of the storage of a block, with the types of its runtime.
pub async fn fetch(
    at: &At,
    pallet: &str,
    entry: &str,
    keys: Vec<Scale>,
) -> Result<Option<Scale>, Failure> {
    let address = subxt::dynamic::storage::<Vec<Scale>, Scale>(pallet, entry);
    let found = at.client().storage().try_fetch(address, keys).await;
    let found = found.map_err(|error| pruned(at.number(), error.into()))?;
    Ok(found.map(|found| found.decode()).transpose()?)
}

impl Source for Archive<'_> {
    async fn state(&self, block: u64) -> Result<Option<State>, Failure> {
        let at = at_block(self.chain, block).await?;
        let Some(record) = self.record(&at).await? else { return Ok(None) };
        let history = match self.subject {
            Subject::DataSet(..) => &record,
            _ => record.at("history").ok_or_else(|| unknown("history"))?,
        };
        let member = |name: &str| history.at(name).ok_or_else(|| unknown(name));
        let revision = number(member("revision")?).ok_or_else(|| unknown("revision"))?;
        let changed = number(member("changed")?).ok_or_else(|| unknown("changed"))?;
        let head = hash(member("head")?).ok_or_else(|| unknown("head"))?;
        Ok(Some(State { revision, head, changed }))
    }

    async fn changes(&self, block: u64) -> Result<Vec<Change>, Failure> {
        let at = at_block(self.chain, block).await?;
        let events = at.client().events().fetch().await;
        let events = events.map_err(|error| pruned(block, error.into()))?;
        let mut all = Vec::new();
        for event in events.iter() {
            let event = event?;
            let wanted = match self.subject {
                Subject::Twin(_) => "DigitalTwin",
                _ => "DataContainer",
            };
            if event.pallet_name() != wanted {
                continue;
            }
            let (index, bytes) = (event.event_index(), event.field_bytes());
            let fields = Fields::decode(at.client(), wanted, index, bytes)?;
            all.extend(self.change(event.event_name(), index, &fields, bytes)?);
        }
        Ok(all)
    }
}

impl Archive<'_> {
    /// Returns an event as a change of the thing, or `None` if it is not about it.
    fn change(
        &self,
        name: &str,
        index: u8,
        fields: &Fields<'_>,
        bytes: &[u8],
    ) -> Result<Option<Change>, Failure> {
        let has = |field: &str, id: u64| fields.get(field).and_then(number) == Some(id);
        match &self.subject {
            Subject::DataSet(container, _, id) => {
                let is_ours = has("container", *container) && has("data_set", (*id).into());
                match (name, is_ours) {
                    ("DataSetChanged", true) => operation(fields).map(Some),
                    _ => Ok(None),
                }
            },
            Subject::Container(id) if has("container", *id) => stamped(name, index, fields, bytes),
            Subject::Twin(id) if has("twin", *id) => stamped(name, index, fields, bytes),
            _ => Ok(None),
        }
    }
}

/// The fields of an event, each with its bytes.
struct Fields<'a>(Vec<(String, Scale, &'a [u8])>);

impl<'a> Fields<'a> {
    fn decode(at: &ClientAt, pallet: &str, index: u8, bytes: &'a [u8]) -> Result<Self, Failure> {
        let metadata = at.metadata();
        let pallet = metadata.pallet_by_name(pallet).ok_or_else(|| unknown(pallet))?;
        let variant = pallet.event_variant_by_index(index).ok_or_else(|| unknown("event"))?;
        let (mut rest, mut all) = (bytes, Vec::new());
        for field in &variant.fields {
            let before = rest;
            let value =
                scale_value::scale::decode_as_type(&mut rest, field.ty.id, metadata.types())
                    .map_err(|_| unknown(&variant.name))?;
            let used = before.get(..before.len() - rest.len()).unwrap_or_default();
            all.push((field.name.clone().unwrap_or_default(), value.remove_context(), used));
        }
        Ok(Self(all))
    }

    fn get(&self, name: &str) -> Option<&Scale> {
        self.0.iter().find(|(of, ..)| of == name).map(|(_, value, _)| value)
    }

    /// Returns the fields except these as JSON.
    fn json(&self, without: &[&str]) -> Value {
        let rest = self.0.iter().filter(|(name, ..)| !without.contains(&name.as_str()));
        Value::Object(rest.map(|(name, value, _)| (name.clone(), to_json(value))).collect())
    }
}

/// Returns the operation of a data set, from its event.
fn operation(fields: &Fields<'_>) -> Result<Change, Failure> {
    let missing = || unknown("operation");
    let found = fields.0.iter().find(|(name, ..)| name == "operation");
    let (_, value, encoded) = found.ok_or_else(missing)?;
    let ValueDef::Variant(variant) = &value.value else { return Err(missing()) };
    let member = |name: &str| variant.values.at(name);
    let number = |name: &str| member(name).and_then(number).ok_or_else(|| unknown(name));
    let small = |name: &str| member(name).and_then(self::number).map(|number| number as u32);
    Ok(Change {
        revision: number("revision")?,
        kind: variant.name.clone(),
        author: member("author").and_then(account).ok_or_else(|| unknown("author"))?,
        authority: member("authority").and_then(authority),
        block: number("block")?,
        time: number("time")?,
        batch: small("batch"),
        position: small("position"),
        payload: member("payload_hash").and_then(hash),
        fields: Value::Object(Map::new()),
        encoded: encoded.to_vec(),
    })
}

/// Returns a change of a twin or container, from its event with a stamp. Returns `None` for an
/// event without one, which is not part of the history.
fn stamped(
    name: &str,
    index: u8,
    fields: &Fields<'_>,
    bytes: &[u8],
) -> Result<Option<Change>, Failure> {
    let Some(stamp) = fields.get("stamp") else { return Ok(None) };
    let number = |name: &str| stamp.at(name).and_then(number).ok_or_else(|| unknown(name));
    Ok(Some(Change {
        revision: number("revision")?,
        kind: name.into(),
        author: stamp.at("author").and_then(account).ok_or_else(|| unknown("author"))?,
        authority: None,
        block: number("block")?,
        time: number("time")?,
        batch: None,
        position: None,
        payload: None,
        fields: fields.json(&["stamp", "container", "twin"]),
        // The event without the index of the pallet.
        encoded: [&[index], bytes].concat(),
    }))
}

fn unknown(what: &str) -> Failure {
    Failure::new(
        Kind::Other,
        "other-version",
        format!("this program does not know the form of `{what}` in this block"),
    )
    .fix("use a twin command of a later version")
}

/// Returns the number in a value, also if a struct of one field wraps it.
pub fn number(value: &Scale) -> Option<u64> {
    match &value.value {
        ValueDef::Primitive(Primitive::U128(number)) => u64::try_from(*number).ok(),
        ValueDef::Composite(Composite::Unnamed(values)) if values.len() == 1 => number(&values[0]),
        _ => None,
    }
}

/// Returns the hash in a value.
pub fn hash(value: &Scale) -> Option<H256> {
    bytes_of_value(value)?.try_into().ok().map(H256)
}

fn account(value: &Scale) -> Option<AccountId32> {
    bytes_of_value(value)?.try_into().ok().map(AccountId32)
}

fn authority(value: &Scale) -> Option<Authority> {
    let ValueDef::Variant(variant) = &value.value else { return None };
    match variant.name.as_str() {
        "Owner" => Some(Authority::Owner),
        "Grant" => Some(Authority::Grant),
        "Role" => {
            let id = variant.values.values().next().and_then(number)?;
            Some(Authority::Role(u8::try_from(id).ok()?))
        },
        _ => None,
    }
}
