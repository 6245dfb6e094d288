// SPDX-License-Identifier: Apache-2.0

//! The command `twin template export`.

use super::publish::stored;
use crate::{
    commands::{data::Reading, plugins::write_new},
    context::{as_json, Context},
    output::{note, Reply},
};
use serde_json::json;
use std::{collections::BTreeMap, path::Path};
use twinchain_client::{
    api::{
        self,
        runtime_types::{
            pallet_data_container::types::Kind as DataSetKind, pallet_digital_twin::types::Target,
        },
    },
    chain::At,
    failure::escaped_json,
    reads,
    template::{
        description::Header,
        export::{marked, template, value_text, with_values},
    },
    Chain, Failure,
};

/// Prints or writes the template of a twin.
pub async fn run(context: &mut Context, path: &str, out: Option<&Path>) -> Result<Reply, Failure> {
    if out.is_some() {
        context.refuse_dry_run()?;
    }
    let (chain, at, twin) = context.find_twin(path).await?;
    let header = Header::read(&reads::twin(&at, twin).await?.description);
    let mut of =
        Export { context, chain: &chain, at: &at, unread: Vec::new(), left_out: Vec::new() };
    let mut plugins = Vec::new();
    for (name, target) in reads::links_of(&at, twin).await? {
        let name = String::from_utf8_lossy(&name).into_owned();
        if let Some(document) = of.document(&name, &target).await? {
            plugins.push((name, document));
        }
    }
    let Export { unread, left_out, .. } = of;
    let text = template(&header, &plugins);
    for what in unread
        .iter()
        .map(|why| format!("not readable: {why}"))
        .chain(left_out.iter().map(|why| format!("left out: {why}")))
    {
        note(&what);
    }
    let shown = escaped_json(&String::from_utf8_lossy(&text));
    let mut data = json!({
        "twin": twin,
        "plugins": plugins.len(),
        "unread": unread,
        "leftOut": left_out,
    });
    let Some(out) = out else {
        data["template"] = as_json(&text);
        data["text"] = json!(shown);
        return Ok(Reply::new(data, shown.trim_end()));
    };
    // Without the escapes for terminals, so that an import finds the same plugins.
    write_new(out, &text)?;
    data["file"] = json!(out.display().to_string());
    Ok(Reply::new(data, format!("{}: {} plugins", out.display(), plugins.len())))
}

/// The export of a twin at a block.
struct Export<'a> {
    context: &'a mut Context,
    chain: &'a Chain,
    at: &'a At,
    /// The values that could not be read, with the reason.
    unread: Vec<String>,
    /// The links that are not part of the template, with the reason.
    left_out: Vec<String>,
}

impl Export<'_> {
    /// Returns the document of the plugin of a link, with the values of its instance. Returns
    /// `None` if the target is not an instance of a plugin.
    async fn document(
        &mut self,
        name: &str,
        target: &Target<twinchain_client::AccountId32>,
    ) -> Result<Option<Vec<u8>>, Failure> {
        let Target::Container(container) = target else {
            self.left_out.push(format!("{name} is not a link to a container"));
            return Ok(None);
        };
        let Some(plugin) = reads::info(self.at, *container).await?.container.plugin else {
            self.left_out.push(format!("{name}, c{container}, is not an instance of a plugin"));
            return Ok(None);
        };
        let address = api::storage().data_container().plugins();
        let found = self.at.client().storage().try_fetch(address, (plugin,)).await?;
        let missing = || Failure::not_found(format!("plugin {plugin} does not exist"));
        let hash = found.ok_or_else(missing)?.decode()?.document;
        let document = stored(self.at, hash).await?;
        let damaged = |_| Failure::other(format!("the document of plugin {plugin} is damaged"));
        let mut values = BTreeMap::new();
        for property in marked(&document).map_err(damaged)? {
            match self.value(*container, &property).await {
                Ok(value) => values.extend(value.map(|value| (property, value))),
                Err(failure) if is_closed(&failure) => {
                    self.unread.push(format!("{name}/{property}: {failure}"));
                },
                Err(failure) => return Err(failure),
            }
        }
        with_values(&document, &values).map(Some).map_err(damaged)
    }

    /// Returns the value of a data set as JSON text, or `None` if it has none.
    async fn value(&mut self, container: u64, name: &str) -> Result<Option<Vec<u8>>, Failure> {
        let sets = reads::data_sets(self.at, container).await?;
        let Some((_, record)) = sets.iter().find(|(of, _)| of == name) else {
            return Ok(None);
        };
        let (chain, at) = (self.chain, self.at);
        let reading = Reading { chain, at, container, name, record };
        let values = reading.values(self.context).await?;
        let values: Vec<_> = values.iter().map(|value| value.to_vec()).collect();
        let is_list = matches!(record.kind, DataSetKind::List);
        // The mark stays: an empty list in its place would be another document.
        if values.is_empty() {
            if record.revision == 0 {
                self.unread.push(format!("c{container}/{name} has no value"));
            }
            return Ok(None);
        }
        let text = value_text(is_list, &values);
        if text.is_none() {
            self.unread.push(format!("c{container}/{name}: its author sealed what is not JSON"));
        }
        Ok(text)
    }
}

/// Returns `true` if a value exists but the account cannot open it.
fn is_closed(failure: &Failure) -> bool {
    const CODES: [&str; 6] =
        ["no-key", "sealing", "no-keystore", "keystore", "not-found", "no-terminal"];
    CODES.contains(&failure.code.as_str())
        || (failure.code == "usage" && failure.message.contains("no account is named"))
}
