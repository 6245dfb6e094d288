// SPDX-License-Identifier: Apache-2.0

//! The commands `twin template`.

mod create;
mod export;
mod file;
mod fill;
mod import;
mod journal;
mod publish;
mod sender;

use crate::{
    cli::{Choices, Template as Command},
    context::Context,
    output::{table, Reply},
};
use file::File;
use serde_json::json;
use twinchain_client::{template::Valued, Failure};

pub async fn run(context: &mut Context, command: Command) -> Result<Reply, Failure> {
    match command {
        Command::Check(choices) => check(&choices),
        Command::Import(arguments) => import::run(context, arguments).await,
        Command::Export { path, out } => export::run(context, &path, out.as_deref()).await,
    }
}

/// Shows what a template would create.
fn check(choices: &Choices) -> Result<Reply, Failure> {
    let file = File::read(choices)?;
    let dropped = file.dropped();
    let plugins = &file.template.plugins;
    let mut rows = Vec::new();
    for plugin in plugins {
        for of in &plugin.properties {
            let (kind, visibility) = (of.kind.name().into(), of.visibility.name().into());
            let (link, property) = (plugin.link.clone(), of.name.clone());
            rows.push([link, property, kind, visibility, words(&of.value)]);
        }
    }
    let list = plugins.iter().map(|plugin| {
        let properties = plugin.properties.iter().map(|of| {
            json!({
                "name": of.name,
                "kind": of.kind.name(),
                "visibility": of.visibility.name(),
                "value": words(&of.value),
            })
        });
        json!({
            "link": plugin.link,
            "name": plugin.name,
            "bytes": plugin.document.len(),
            "hash": format!("{:?}", twinchain_client::hash::blake2_256(&plugin.document)),
            "properties": properties.collect::<Vec<_>>(),
        })
    });
    let list: Vec<_> = list.collect();
    let titles = ["plugin", "property", "kind", "visibility", "value"];
    let count = plugins.len();
    let words = format!("{}: {count} plugins\n{}", file.name, table(titles, rows));
    let data = json!({ "name": file.template.name(), "plugins": list, "dropped": dropped });
    Ok(Reply::new(data, words))
}

fn words(value: &Valued) -> String {
    match value {
        Valued::No => "-".into(),
        Valued::InDocument => "in the plugin".into(),
        Valued::InInstance(values) if values.len() == 1 => "in the instance".into(),
        Valued::InInstance(values) => format!("{} items in the instance", values.len()),
        Valued::Elsewhere => "not in the file".into(),
    }
}
