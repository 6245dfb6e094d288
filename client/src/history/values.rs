// SPDX-License-Identifier: Apache-2.0

//! The values of a history. A change contains the hash of what it stored. The value with that hash
//! comes from the state after the block; if it was replaced in the same block, from the calls of
//! the block, at any depth of batches, proxies, multisigs and motions, and from what these calls
//! copy: the defaults of plugins and definitions, and the entries of cloned containers.

use super::{
    source::{at_block, fetch, number},
    Change, Subject,
};
use crate::{
    chain::{At, Chain},
    dynamic::bytes_of_value,
    failure::Failure,
    hash::blake2_256,
    template::json::{items, member, members},
};
use codec::Encode;
use data_schema::json::Raw;
use std::collections::BTreeMap;
use subxt::{
    ext::scale_value::{At as _, Composite, Value as Scale, ValueDef, Variant},
    utils::H256,
};

/// A value as the chain stored it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Stored {
    /// The JSON text of an entry or of one item.
    Public(Vec<u8>),
    /// A ciphertext, with its suite and epoch.
    Sealed(u8, u32, Vec<u8>),
}

/// The values of a change: one for an entry, the items for a batch.
pub type Values = Vec<Stored>;

/// The values of a block by their hashes.
#[derive(Debug, Default)]
struct Candidates(BTreeMap<H256, Values>);

/// The suites that exist.
const SUITES: [u8; 1] = [1];

impl Candidates {
    fn add_public(&mut self, value: Vec<u8>) {
        self.0.insert(blake2_256(&value), vec![Stored::Public(value)]);
    }

    fn add_items(&mut self, items: Vec<Vec<u8>>) {
        let hash = blake2_256(&items.encode());
        self.0.insert(hash, items.into_iter().map(Stored::Public).collect());
    }

    fn add_sealed(&mut self, epoch: u32, ciphertext: &[u8]) {
        for suite in SUITES {
            let hash = blake2_256(&(suite, epoch, ciphertext).encode());
            self.0.insert(hash, vec![Stored::Sealed(suite, epoch, ciphertext.to_vec())]);
        }
    }

    fn add_sealed_items(&mut self, epoch: u32, items: &[Vec<u8>]) {
        for suite in SUITES {
            let hash = blake2_256(&(suite, epoch, items).encode());
            let stored = |item: &Vec<u8>| Stored::Sealed(suite, epoch, item.clone());
            self.0.insert(hash, items.iter().map(stored).collect());
        }
    }

    /// Adds the values that a call brings, and those of the calls within it.
    fn add_call(&mut self, call: &Scale) {
        for variant in variants_within(call) {
            self.add_variant(variant);
        }
    }

    fn add_variant(&mut self, Variant { name, values }: &Variant<()>) {
        let bytes = |name: &str| values.at(name).and_then(bytes_of_value);
        let epoch = values.at("epoch").and_then(number).and_then(|epoch| u32::try_from(epoch).ok());
        match (name.as_str(), epoch) {
            ("set_entry", _) => bytes("value").into_iter().for_each(|it| self.add_public(it)),
            ("store", _) => {
                let list = values.at("values").map(elements).unwrap_or_default();
                let texts = list.into_iter().filter_map(|of| bytes_of_value(of.at("value")?));
                texts.for_each(|it| self.add_public(it));
            },
            ("set_sealed_entry", Some(epoch)) => {
                bytes("ciphertext").into_iter().for_each(|it| self.add_sealed(epoch, &it));
            },
            ("append", _) => self.add_items(values.at("items").map(byte_lists).unwrap_or_default()),
            ("append_sealed", Some(epoch)) => {
                let list = values.at("items").map(byte_lists).unwrap_or_default();
                self.add_sealed_items(epoch, &list);
            },
            ("add_data_set", _) => {
                let definition = bytes("definition").unwrap_or_default();
                self.add_default(Raw { text: &definition, offset: 0 });
            },
            _ => {},
        }
    }

    /// Adds the default of a definition.
    fn add_default(&mut self, definition: Raw<'_>) {
        let Ok(all) = members(definition) else { return };
        let Some(value) = all.iter().find(|member| member.name == "value") else { return };
        self.add_public(value.value.text.to_vec());
        if let Ok(list) = items(value.value) {
            self.add_items(list.into_iter().map(|item| item.text.to_vec()).collect());
        }
    }

    /// Adds the defaults of a plugin document.
    fn add_document(&mut self, document: &[u8]) {
        let whole = Raw { text: document, offset: 0 };
        let Ok(Some(template)) = member(whole, "template") else { return };
        let Ok(Some(properties)) = member(template, "properties") else { return };
        for property in members(properties).unwrap_or_default() {
            self.add_default(property.value);
        }
    }
}

/// Returns all variants within a value, at any depth.
fn variants_within(value: &Scale) -> Vec<&Variant<()>> {
    let (mut all, mut open) = (Vec::new(), vec![value]);
    while let Some(value) = open.pop() {
        match &value.value {
            ValueDef::Variant(variant) => {
                all.push(variant);
                open.extend(variant.values.values());
            },
            // Bytes contain nothing, and are long.
            ValueDef::Composite(_) if bytes_of_value(value).is_some_and(|it| it.len() > 1) => {},
            ValueDef::Composite(composite) => open.extend(composite.values()),
            _ => {},
        }
    }
    all
}

fn elements(value: &Scale) -> Vec<&Scale> {
    match &value.value {
        ValueDef::Composite(Composite::Unnamed(values)) => values.iter().collect(),
        _ => Vec::new(),
    }
}

fn byte_lists(value: &Scale) -> Vec<Vec<u8>> {
    let list = |of: &&Scale| elements(of).is_empty() || bytes_of_value(of).is_some();
    let list = elements(value).into_iter().filter(list);
    list.map(|of| bytes_of_value(of).unwrap_or_default()).collect()
}

/// Returns the values of the changes in one block, in the same order. `None` for a change without a
/// value, or whose value is nowhere.
pub async fn of_block(
    chain: &Chain,
    subject: &Subject,
    block: u64,
    changes: &[&Change],
) -> Result<Vec<Option<Values>>, Failure> {
    let Subject::DataSet(container, name, id) = subject else {
        return Ok(vec![None; changes.len()]);
    };
    let at = at_block(chain, block).await?;
    let mut found = Candidates::default();
    let wanted = |found: &Candidates| {
        let missing = |change: &&&Change| {
            change.payload.is_some_and(|payload| !found.0.contains_key(&payload))
        };
        changes.iter().any(|change| missing(&change))
    };
    add_state(&mut found, &at, (*container, name, *id), changes).await?;
    if wanted(&found) {
        add_calls(&mut found, chain, &at).await?;
    }
    if wanted(&found) {
        add_copies(&mut found, chain, &at, *container, name).await?;
    }
    let value = |change: &&Change| change.payload.and_then(|it| found.0.get(&it).cloned());
    Ok(changes.iter().map(value).collect())
}

/// Adds what the state has after a block: the entry, and the batches of these changes.
async fn add_state(
    found: &mut Candidates,
    at: &At,
    (container, name, id): (u64, &str, u16),
    changes: &[&Change],
) -> Result<(), Failure> {
    add_entry(found, at, container, name, id).await?;
    for batch in changes.iter().filter_map(|change| change.batch) {
        let keys = [u128::from(container), u128::from(id), u128::from(batch)];
        let keys = keys.map(Scale::u128).to_vec();
        let Some(stored) = fetch(at, "DataContainer", "Batches", keys).await? else { continue };
        let list = stored.at("items").map(elements).unwrap_or_default();
        // A removed item is `None`, and the hash of the batch cannot be computed any more.
        let values: Option<Values> = list.into_iter().map(|of| stored_value(some(of)?)).collect();
        let Some(values) = values else { continue };
        let texts = values.iter().map(|value| match value {
            Stored::Public(text) | Stored::Sealed(.., text) => text.clone(),
        });
        let texts: Vec<_> = texts.collect();
        match values.first() {
            Some(Stored::Sealed(_, epoch, _)) => found.add_sealed_items(*epoch, &texts),
            _ => found.add_items(texts),
        }
    }
    Ok(())
}

/// Adds the value of an entry at a block.
async fn add_entry(
    found: &mut Candidates,
    at: &At,
    container: u64,
    name: &str,
    id: u16,
) -> Result<(), Failure> {
    let keys = vec![Scale::u128(container.into()), Scale::from_bytes(name)];
    let record = fetch(at, "DataContainer", "DataSets", keys).await?;
    let short = record.as_ref().and_then(|record| record.at("value")).and_then(some);
    let keys = vec![Scale::u128(container.into()), Scale::u128(id.into())];
    let long = fetch(at, "DataContainer", "LongEntries", keys).await?;
    for entry in [short, long.as_ref()].into_iter().flatten() {
        match entry.at("value").and_then(stored_value) {
            Some(Stored::Public(text)) => found.add_public(text),
            Some(Stored::Sealed(_, epoch, text)) => found.add_sealed(epoch, &text),
            None => {},
        }
    }
    Ok(())
}

/// Returns the value in an option, or `None`.
fn some(value: &Scale) -> Option<&Scale> {
    match &value.value {
        ValueDef::Variant(variant) if variant.name == "Some" => variant.values.values().next(),
        _ => None,
    }
}

fn stored_value(value: &Scale) -> Option<Stored> {
    let ValueDef::Variant(variant) = &value.value else { return None };
    match variant.name.as_str() {
        "Public" => variant.values.values().next().and_then(bytes_of_value).map(Stored::Public),
        "Sealed" => {
            let number = |name: &str| variant.values.at(name).and_then(number);
            let suite = u8::try_from(number("suite")?).ok()?;
            let epoch = u32::try_from(number("epoch")?).ok()?;
            let ciphertext = variant.values.at("ciphertext").and_then(bytes_of_value)?;
            Some(Stored::Sealed(suite, epoch, ciphertext))
        },
        _ => None,
    }
}

/// Adds what the calls of a block bring. The call of a motion is in the state before the block.
async fn add_calls(found: &mut Candidates, chain: &Chain, at: &At) -> Result<(), Failure> {
    let extrinsics = at.client().extrinsics().fetch().await;
    let extrinsics =
        extrinsics.map_err(|error| super::source::pruned(at.number(), error.into()))?;
    for extrinsic in extrinsics.iter() {
        let undecoded = |error| {
            let block = at.number();
            Failure::other(format!("a transaction of block {block} cannot be decoded: {error}"))
        };
        let extrinsic = extrinsic.map_err(undecoded)?;
        let call: Scale = extrinsic.decode_call_data_as()?;
        found.add_call(&call);
        let closes = variants_within(&call).into_iter().filter(|variant| variant.name == "close");
        for close in closes {
            let hash = close.values.at("proposal_hash").and_then(super::source::hash);
            let (Some(hash), Some(parent)) = (hash, at.number().checked_sub(1)) else { continue };
            let parent = at_block(chain, parent).await?;
            let keys = vec![Scale::from_bytes(hash.0)];
            let motion = fetch(&parent, "Council", "ProposalOf", keys).await?;
            motion.iter().for_each(|call| found.add_call(call));
        }
    }
    Ok(())
}

/// Adds what a new container copies: the defaults of its plugin, and the entries of its source.
async fn add_copies(
    found: &mut Candidates,
    chain: &Chain,
    at: &At,
    container: u64,
    name: &str,
) -> Result<(), Failure> {
    let keys = vec![Scale::u128(container.into())];
    let Some(record) = fetch(at, "DataContainer", "Containers", keys).await? else { return Ok(()) };
    let inner = |name: &str| record.at(name).and_then(some).and_then(number);
    if let Some(plugin) = inner("plugin") {
        let keys = vec![Scale::u128(plugin.into())];
        let plugin = fetch(at, "DataContainer", "Plugins", keys).await?;
        if let Some(hash) = plugin.and_then(|of| super::source::hash(of.at("document")?)) {
            let keys = vec![Scale::from_bytes(hash.0)];
            let document = fetch(at, "DataContainer", "Documents", keys).await?;
            document.iter().filter_map(bytes_of_value).for_each(|it| found.add_document(&it));
        }
    }
    let Some(source) = inner("cloned_from") else { return Ok(()) };
    let before = match at.number().checked_sub(1) {
        Some(parent) => Some(at_block(chain, parent).await?),
        None => None,
    };
    for at in before.iter().chain([at]) {
        let keys = vec![Scale::u128(source.into()), Scale::from_bytes(name)];
        let Some(record) = fetch(at, "DataContainer", "DataSets", keys).await? else { continue };
        if let Some(id) = record.at("id").and_then(number).and_then(|id| u16::try_from(id).ok()) {
            add_entry(found, at, source, name, id).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(pallet: &str, name: &str, fields: Vec<(&str, Scale)>) -> Scale {
        let fields = fields.into_iter().map(|(name, value)| (name.to_string(), value));
        Scale::unnamed_variant(pallet, [Scale::named_variant(name, fields)])
    }

    fn set(value: &str) -> Scale {
        let value = Scale::from_bytes(value);
        call("DataContainer", "set_entry", vec![("container", Scale::u128(7)), ("value", value)])
    }

    #[test]
    fn calls_are_found_within_batches_proxies_and_multisigs() {
        let sealed = call(
            "DataContainer",
            "set_sealed_entry",
            vec![("epoch", Scale::u128(3)), ("ciphertext", Scale::from_bytes([9; 112]))],
        );
        let items = [Scale::from_bytes("1"), Scale::from_bytes("[2]")];
        let append =
            call("DataContainer", "append", vec![("items", Scale::unnamed_composite(items))]);
        let batch = |calls: Vec<Scale>| {
            call("Utility", "batch_all", vec![("calls", Scale::unnamed_composite(calls))])
        };
        let proxy = call("Proxy", "proxy", vec![("call", batch(vec![set("\"a\""), sealed]))]);
        let multisig = call("Multisig", "as_multi", vec![("call", proxy)]);
        let mut found = Candidates::default();
        found.add_call(&batch(vec![multisig, append, set("2")]));
        let public = |text: &str| vec![Stored::Public(text.into())];
        assert_eq!(found.0[&blake2_256(b"\"a\"")], public("\"a\""));
        assert_eq!(found.0[&blake2_256(b"2")], public("2"));
        let hash = blake2_256(&(1u8, 3u32, vec![9u8; 112]).encode());
        assert_eq!(found.0[&hash], [Stored::Sealed(1, 3, vec![9; 112])]);
        let hash = blake2_256(&vec![b"1".to_vec(), b"[2]".to_vec()].encode());
        assert_eq!(found.0[&hash].len(), 2);
        assert_eq!(found.0.len(), 4);
    }

    #[test]
    fn defaults_come_from_documents_and_definitions() {
        let document = br#"{"template":{"properties":{
            "a":{"type":"entry","dataSchema":true,"value": { "x": 1 } },
            "b":{"type":"list","dataSchema":true,"value":[1, 2]},
            "c":{"type":"list","dataSchema":true}}}}"#;
        let mut found = Candidates::default();
        found.add_document(document);
        assert!(found.0.contains_key(&blake2_256(b"{ \"x\": 1 }")));
        let items = vec![b"1".to_vec(), b"2".to_vec()];
        assert!(found.0.contains_key(&blake2_256(&items.encode())));
        for broken in [&b""[..], b"[]", b"{\"template\":1}", b"{\"template\":{\"properties\":[]}}"]
        {
            found.add_document(broken);
        }
    }
}
