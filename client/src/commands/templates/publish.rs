// SPDX-License-Identifier: Apache-2.0

//! Publishing of a template's plugins: those that the chain does not have.

use super::{file::File, sender};
use crate::{
    commands::plugins::refused,
    context::{shown, Context},
    output::note,
};
use std::collections::BTreeMap;
use twinchain_client::{
    api,
    chain::{At, PAGE},
    hash::blake2_256,
    submit::Call,
    template::{
        json::{self, locate, Compact},
        problem, PluginPart, Problem,
    },
    AccountId32, Chain, Failure, H256,
};

/// A plugin of the chain.
#[derive(Clone, Copy, Debug)]
pub struct Published {
    pub id: u64,
    /// `true` if this import published it.
    pub is_new: bool,
}

/// The plugins of the chain by the hash of the document in the template.
pub type Plugins = BTreeMap<H256, Published>;

/// Returns the published plugins of a template. Prefers those of `account`.
pub async fn find(at: &At, file: &File, account: &AccountId32) -> Result<Plugins, Failure> {
    let mut all = Plugins::new();
    for part in &file.template.plugins {
        let hash = blake2_256(&part.document);
        if !all.contains_key(&hash) {
            all.extend(find_one(at, part, hash, account).await?.map(|found| (hash, found)));
        }
    }
    Ok(all)
}

/// The maximum number of plugins of one name whose documents are compared.
const MAX_COMPARED: usize = 32;

/// Finds a plugin with the same content: the same bytes, or the same except white space.
async fn find_one(
    at: &At,
    part: &PluginPart,
    hash: H256,
    account: &AccountId32,
) -> Result<Option<Published>, Failure> {
    let calls = api::runtime_apis().data_container_api();
    let named = Chain::pages(|after| {
        at.call(calls.plugins_of_name(part.name.clone().into_bytes(), after, PAGE))
    });
    let mut ids: Vec<u64> = named.await?;
    ids.sort_unstable();
    let mut candidates = Vec::new();
    for id in ids {
        let address = api::storage().data_container().plugins();
        let Some(found) = at.client().storage().try_fetch(address, (id,)).await? else { continue };
        let record = found.decode()?;
        let names = record.data_sets.0.iter().map(|set| set.name.0 .0.as_slice());
        let wanted = part.properties.iter().map(|property| property.name.as_bytes());
        if !record.retired && names.eq(wanted) {
            let (is_own, document) = (record.publisher == *account, record.document);
            candidates.push((document != hash, !is_own, id, document));
        }
    }
    candidates.sort_unstable_by_key(|(is_other, is_others, id, _)| (*is_other, *is_others, *id));
    for (is_other, _, id, document) in candidates.into_iter().take(MAX_COMPARED) {
        if !is_other || is_same(at, document, &part.document).await? {
            return Ok(Some(Published { id, is_new: false }));
        }
    }
    Ok(None)
}

/// Returns `true` if a document of the chain is `text` except white space.
async fn is_same(at: &At, document: H256, text: &[u8]) -> Result<bool, Failure> {
    Ok(Compact::of(&stored(at, document).await?).text == text)
}

/// Returns a document of the chain.
pub async fn stored(at: &At, document: H256) -> Result<Vec<u8>, Failure> {
    let address = api::storage().data_container().documents();
    let found = at.client().storage().try_fetch(address, (document,)).await?;
    let missing =
        || Failure::not_found(format!("the chain does not have the document {document:?}"));
    Ok(found.ok_or_else(missing)?.decode()?.0)
}

/// Returns the plugins of a template that are not published, each content once.
pub fn missing<'a>(file: &'a File, found: &Plugins) -> Vec<&'a PluginPart> {
    let mut seen: Vec<H256> = found.keys().copied().collect();
    let parts = file.template.plugins.iter();
    let is_missing = |part: &&PluginPart| {
        let hash = blake2_256(&part.document);
        let is_new = !seen.contains(&hash);
        seen.push(hash);
        is_new
    };
    parts.filter(is_missing).collect()
}

/// Asks the node whether the chain would accept documents. Fails with all its refusals.
pub async fn check(
    at: &At,
    file: &File,
    parts: &[&PluginPart],
    publisher: &AccountId32,
) -> Result<(), Failure> {
    let mut problems = Vec::new();
    for part in parts {
        let call = api::runtime_apis().data_container_api();
        let call = call.check_document(*publisher, part.document.clone());
        let refusal = match at.call(call).await? {
            Ok(preview) => {
                for of in preview.warnings {
                    let (message, pointer) = (shown(&of.message), shown(&of.pointer));
                    note(&format!("warning: {}: {message} at {pointer}", part.link));
                }
                continue;
            },
            Err(refusal) => refusal,
        };
        let failure = refused(at, &refusal, &part.link, &part.document);
        let pointer = failure.pointer.unwrap_or_default();
        let link = json::step(&part.link);
        problems.push(Problem {
            plugin: Some(part.link.clone()),
            property: None,
            reason: format!("the chain refuses the plugin: {}", failure.message),
            offset: locate(&file.text, &format!("/plugins/{link}{pointer}")),
            is_about_value: false,
        });
    }
    match problems.is_empty() {
        true => Ok(()),
        false => Err(problem::failure(&file.name, &file.text, problems)),
    }
}

/// Publishes plugins, and adds them to `found`.
pub async fn send(
    context: &mut Context,
    sent: &mut sender::Sent,
    parts: &[&PluginPart],
    found: &mut Plugins,
) -> Result<(), Failure> {
    if parts.is_empty() {
        return Ok(());
    }
    let (_, at) = context.at().await?;
    note(&format!("publishing {} plugins", parts.len()));
    let calls = api::transactions().data_container();
    let encode = |part: &&PluginPart| {
        Ok(vec![Call::encode(at.client(), &calls.publish_plugin(part.document.clone()))?])
    };
    let groups = parts.iter().map(encode).collect::<Result<_, Failure>>()?;
    let see = |done: &twinchain_client::submit::Done| {
        for made in done.find_all::<api::data_container::events::PluginPublished>()? {
            found.insert(made.document, Published { id: made.plugin, is_new: true });
        }
        Ok(())
    };
    sender::send(context, sent, groups, see).await
}

/// Returns the plugin of a part. All parts are published at this point.
pub fn of(found: &Plugins, part: &PluginPart) -> Result<Published, Failure> {
    let missing = || {
        Failure::other(format!("the node did not report the published plugin of {}", part.link))
            .fix("run the same command again: published plugins are found and used")
    };
    found.get(&blake2_256(&part.document)).copied().ok_or_else(missing)
}
