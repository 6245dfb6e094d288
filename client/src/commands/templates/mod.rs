// SPDX-License-Identifier: Apache-2.0

//! The commands `twin template`.

mod create;
mod export;
mod fill;
mod import;
mod journal;
mod publish;
mod sender;

use crate::{
    cli::{Choices, Template as Command},
    context::{text_argument, Context},
    output::{note, table, Reply},
};
use serde_json::{json, Value};
use twinchain_client::{
    template::{self, problem, Options, Template, Valued, Visibility},
    Failure,
};

/// The maximum size of a template file, in bytes.
const MAX_FILE: u64 = 16 * 1024 * 1024;

pub async fn run(context: &mut Context, command: Command) -> Result<Reply, Failure> {
    match command {
        Command::Check(choices) => check(&choices),
        Command::Import(arguments) => import::run(context, arguments).await,
        Command::Export { path, out } => export::run(context, &path, out.as_deref()).await,
    }
}

/// A template file that was read.
struct File {
    name: String,
    text: Vec<u8>,
    template: Template,
}

impl File {
    /// Reads a template. Fails with all its problems.
    fn read(choices: &Choices) -> Result<Self, Failure> {
        let (name, text) = text_argument(&format!("@{}", choices.file.display()), MAX_FILE)?;
        let options = options(choices)?;
        match template::read(&text, &options) {
            Ok(template) => Ok(Self { name, text, template }),
            Err(problems) => Err(problem::failure(&name, &text, problems)),
        }
    }

    /// Returns the values that were set aside, as JSON, and prints a note about each.
    fn dropped(&self) -> Vec<Value> {
        let dropped = &self.template.dropped;
        for of in dropped {
            note(&format!("set aside: {}", of.problem.words(&self.name, &self.text)));
        }
        dropped.iter().map(|of| of.problem.to_json(&self.name, &self.text)).collect()
    }
}

fn options(choices: &Choices) -> Result<Options, Failure> {
    let mut options = Options {
        public: choices.public,
        drop_invalid: choices.drop_invalid_values,
        ..Options::default()
    };
    for text in &choices.visibility {
        let parts = text.rsplit_once('=').and_then(|(path, named)| {
            let (plugin, property) = path.split_once('/')?;
            Some(((plugin.to_string(), property.to_string()), Visibility::named(named)?))
        });
        let (key, visibility) = parts.ok_or_else(|| {
            Failure::usage(format!("{text} is not the visibility of a property"))
                .fix("write PLUGIN/PROPERTY=public or PLUGIN/PROPERTY=confidential")
        })?;
        options.visibility.insert(key, visibility);
    }
    Ok(options)
}

/// Shows what a template would create.
fn check(choices: &Choices) -> Result<Reply, Failure> {
    let file = File::read(choices)?;
    let dropped = file.dropped();
    let plugins = &file.template.plugins;
    let mut rows = Vec::new();
    for plugin in plugins {
        for of in &plugin.properties {
            let kind = match of.kind {
                template::Kind::Entry => "entry",
                template::Kind::List => "list",
            };
            let (property, visibility) = (of.name.clone(), of.visibility.name().into());
            rows.push([plugin.link.clone(), property, kind.into(), visibility, words(&of.value)]);
        }
    }
    let list = plugins.iter().map(|plugin| {
        let properties = plugin.properties.iter().map(|of| {
            json!({
                "name": of.name,
                "kind": match of.kind {
                    template::Kind::Entry => "entry",
                    template::Kind::List => "list",
                },
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
