// SPDX-License-Identifier: Apache-2.0

//! The commands `twin plugin`.

use crate::{
    arguments::{name, MAX_DOCUMENT},
    cli::{FromSchema, Plugin},
    context::{as_json, shown, text_argument, Context},
    output::{lines, table, Reply},
    words::{kind_words, listing, visibility_words},
};
use serde_json::{json, Value};
use std::{io::Write, path::Path};
use twinchain_client::{
    api::{self, runtime_types::pallet_data_container::answers::Refusal},
    chain::{At, PAGE},
    submit::Call,
    template::{self, single},
    Chain, Failure, Kind,
};

pub async fn run(context: &mut Context, command: Plugin) -> Result<Reply, Failure> {
    match command {
        Plugin::Publish { file } => publish(context, &file).await,
        Plugin::Check { file } => check(context, &file).await,
        Plugin::FromSchema(arguments) => from_schema(context, arguments).await,
        Plugin::Show { plugin, document } => show(context, plugin, document).await,
        Plugin::List { name } => {
            let (_, at) = context.at().await?;
            let containers = api::runtime_apis().data_container_api();
            let ids = Chain::pages(|after| {
                at.call(containers.plugins_of_name(name.clone().into_bytes(), after, PAGE))
            });
            let mut ids = ids.await?;
            ids.sort_unstable();
            list_of(&at, ids).await
        },
        Plugin::Retire { plugin } => {
            let (_, at) = context.at().await?;
            context.confirm(&format!("Plugin {plugin} will allow no new instances. Continue?"))?;
            let call = api::transactions().data_container().retire_plugin(plugin);
            let call = Call::encode(at.client(), &call)?;
            let reply =
                Reply::new(json!({ "plugin": plugin }), format!("plugin {plugin} is retired"));
            context.send(&at, vec![call], |_| Ok(reply)).await
        },
    }
}

/// Lists plugins.
pub async fn list_of(at: &At, ids: Vec<u64>) -> Result<Reply, Failure> {
    let (mut rows, mut data) = (Vec::new(), Vec::new());
    for id in ids {
        let info = at.call(api::runtime_apis().data_container_api().plugin(id)).await?;
        let Some(info) = info else { continue };
        let plugin = &info.plugin;
        let (name, publisher) = (shown(&plugin.name.0 .0), plugin.publisher.to_string());
        let state = if plugin.retired { "retired" } else { "in use" };
        rows.push([id.to_string(), name.clone(), publisher.clone(), state.into()]);
        data.push(json!({
            "plugin": id,
            "name": name,
            "publisher": publisher,
            "retired": plugin.retired,
        }));
    }
    let words = listing(rows, ["plugin", "name", "publisher", "state"], "no plugins");
    Ok(Reply::new(json!({ "plugins": data }), words))
}

fn read(file: &Path) -> Result<(String, Vec<u8>), Failure> {
    text_argument(&format!("@{}", file.display()), MAX_DOCUMENT)
}

/// Checks a document on the chain, and shows what publishing it would define.
async fn check(context: &mut Context, file: &Path) -> Result<Reply, Failure> {
    let (name, document) = read(file)?;
    let (_, at) = context.at().await?;
    // The publisher matters only if the document replaces a plugin.
    let publisher = context.named_account().unwrap_or(twinchain_client::AccountId32([0; 32]));
    let call = api::runtime_apis().data_container_api().check_document(publisher, document.clone());
    let preview =
        at.call(call).await?.map_err(|refusal| refused(&at, &refusal, &name, &document))?;
    let sets: Vec<_> = preview.data_sets.iter().zip(&preview.reports).collect();
    let texts = |all: &[Vec<u8>]| all.iter().map(|text| shown(text)).collect::<Vec<_>>();
    let data: Vec<Value> = sets
        .iter()
        .map(|(set, report)| {
            json!({
                "name": shown(&set.name.0 .0),
                "kind": kind_words(&set.kind),
                "visibility": visibility_words(&set.visibility),
                "dialect": shown(&report.dialect),
                "checked": texts(&report.checked),
                "annotations": texts(&report.annotations),
                "unknown": texts(&report.unknown),
                "cost": report.cost,
                "programBytes": report.program,
                "write": {
                    "time": weight(&report.write.fixed),
                    "timePerByte": weight(&report.write.per_byte),
                },
            })
        })
        .collect();
    let rows = sets
        .iter()
        .map(|(set, report)| {
            [
                shown(&set.name.0 .0),
                kind_words(&set.kind).into(),
                visibility_words(&set.visibility).into(),
                shown(&report.dialect),
                texts(&report.checked).join(", "),
                report.cost.to_string(),
            ]
        })
        .collect();
    let warnings: Vec<_> = preview
        .warnings
        .iter()
        .map(|warning| {
            json!({
                "keyword": shown(&warning.keyword),
                "pointer": shown(&warning.pointer),
                "offset": warning.offset,
                "message": shown(&warning.message),
            })
        })
        .collect();
    let plugin = shown(&preview.name.0 .0);
    let mut words = format!(
        "plugin {plugin}\n{}",
        table(["data set", "kind", "visibility", "draft", "checked", "cost"], rows)
    );
    for warning in &preview.warnings {
        words.push_str(&format!(
            "\nwarning: {} at {}",
            shown(&warning.message),
            shown(&warning.pointer)
        ));
    }
    let roles = preview.roles.iter().map(|role| shown(&role.0 .0)).collect::<Vec<_>>();
    Ok(Reply::new(
        json!({
            "name": plugin,
            "replaces": preview.replaces,
            "roles": roles,
            "dataSets": data,
            "warnings": warnings,
        }),
        words,
    ))
}

/// Returns the time of a weight, in picoseconds.
fn weight(weight: &api::runtime_types::sp_weights::weight_v2::Weight) -> u64 {
    weight.ref_time
}

/// Returns the failure for a document or value that the chain would refuse.
pub fn refused(at: &At, refusal: &Refusal, name: &str, text: &[u8]) -> Failure {
    let mut failure = Failure::new(Kind::Refused, "refused", shown(&refusal.message));
    // The metadata gives the error's name and advice.
    let bytes = codec::Encode::encode(&refusal_error(refusal));
    let known = twinchain_client::submit::dispatch_failure(at.client(), &bytes);
    failure.code = known.code;
    failure.kind = known.kind;
    failure.fix = known.fix;
    let offset = usize::try_from(refusal.offset).unwrap_or(usize::MAX);
    let mut failure = failure.at(name, text, offset);
    failure.pointer = Some(shown(&refusal.pointer));
    failure
}

/// Encodes a module error: 3, the pallet's index, the error. Other errors become zeros.
fn refusal_error(refusal: &Refusal) -> [u8; 6] {
    use api::runtime_types::sp_runtime::DispatchError;
    match &refusal.error {
        DispatchError::Module(module) => {
            let [a, b, c, d] = module.error;
            [3, module.index, a, b, c, d]
        },
        _ => [0; 6],
    }
}

/// The maximum size of a file with a schema, in bytes: with white space.
const MAX_SCHEMA_FILE: u64 = 4 * 1024 * 1024;

/// Publishes a plugin with one data set that has the schema of a file, or writes its document.
async fn from_schema(context: &mut Context, arguments: FromSchema) -> Result<Reply, Failure> {
    let file = arguments.file.display().to_string();
    let (source, schema) = text_argument(&format!("@{file}"), MAX_SCHEMA_FILE)?;
    let schema = schema.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&schema);
    crate::arguments::check_json(&source, schema)?;
    let base = arguments.file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let (plugin, data_set) = single::names_for(base);
    let choices = single::Choices {
        plugin: arguments.name.map_or(plugin, |text| name(&text)),
        data_set: arguments.data_set.map_or(data_set, |text| name(&text)),
        kind: if arguments.list { template::Kind::List } else { template::Kind::Entry },
        visibility: match arguments.public {
            true => template::Visibility::Public,
            false => template::Visibility::Confidential,
        },
    };
    let document = single::document(schema, &choices);
    // All problems of the schema, at their places in the file.
    if let Err(faults) = single::check(schema, &choices) {
        return Err(template::problem::failure(&source, schema, faults));
    }
    let Some(out) = arguments.out else { return publish_text(context, &file, document).await };
    context.refuse_dry_run()?;
    write_new(&out, &document)?;
    let words = format!("{}: plugin {}", out.display(), choices.plugin);
    let data = json!({
        "file": out.display().to_string(),
        "name": choices.plugin,
        "dataSet": choices.data_set,
    });
    Ok(Reply::new(data, words))
}

/// Writes a new file that only this user can read. Fails if it exists.
pub fn write_new(path: &Path, text: &[u8]) -> Result<(), Failure> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(text));
    written.map_err(|error| twinchain_client::files::failed(path, &error))
}

async fn publish(context: &mut Context, file: &Path) -> Result<Reply, Failure> {
    let (name, document) = read(file)?;
    publish_text(context, &name, document).await
}

async fn publish_text(
    context: &mut Context,
    name: &str,
    document: Vec<u8>,
) -> Result<Reply, Failure> {
    let (_, at) = context.at().await?;
    let publisher = context.account()?;
    let check =
        api::runtime_apis().data_container_api().check_document(publisher, document.clone());
    let preview =
        at.call(check).await?.map_err(|refusal| refused(&at, &refusal, name, &document))?;
    for warning in &preview.warnings {
        crate::output::note(&format!(
            "warning: {} at {}",
            shown(&warning.message),
            shown(&warning.pointer)
        ));
    }
    let call = api::transactions().data_container().publish_plugin(document);
    let call = Call::encode(at.client(), &call)?;
    context
        .send(&at, vec![call], |done| {
            let made = done.find::<api::data_container::events::PluginPublished>()?;
            let Some(made) = made else { return Ok(Reply::new(json!({}), "sent")) };
            let name = shown(&made.name.0 .0);
            let words = format!("plugin {}: {name}", made.plugin);
            Ok(Reply::new(
                json!({ "plugin": made.plugin, "name": name, "replaces": made.replaces }),
                words,
            ))
        })
        .await
}

async fn show(context: &mut Context, id: u64, document: bool) -> Result<Reply, Failure> {
    let (_, at) = context.at().await?;
    let info = at.call(api::runtime_apis().data_container_api().plugin(id)).await?;
    let info = info.ok_or_else(|| Failure::not_found(format!("plugin {id} does not exist")))?;
    if document {
        let words = String::from_utf8_lossy(&info.document).into_owned();
        return Ok(Reply::new(as_json(&info.document), words));
    }
    let plugin = &info.plugin;
    let name = shown(&plugin.name.0 .0);
    let sets: Vec<_> = plugin
        .data_sets
        .0
        .iter()
        .map(|set| {
            [
                shown(&set.name.0 .0),
                kind_words(&set.kind).to_string(),
                visibility_words(&set.visibility).to_string(),
            ]
        })
        .collect();
    let roles: Vec<_> = plugin.roles.0.iter().map(|role| shown(&role.name.0 .0)).collect();
    let data = json!({
        "plugin": id,
        "name": name,
        "publisher": plugin.publisher.to_string(),
        "replaces": plugin.replaces,
        "retired": plugin.retired,
        "roles": roles,
        "dataSets": sets
            .iter()
            .map(|[name, kind, visibility]| {
                json!({ "name": name, "kind": kind, "visibility": visibility })
            })
            .collect::<Vec<_>>(),
    });
    let head = lines(&[
        ("plugin", id.to_string()),
        ("name", name),
        ("publisher", plugin.publisher.to_string()),
        ("state", if plugin.retired { "retired".into() } else { "in use".into() }),
        ("roles", roles.join(", ")),
    ]);
    Ok(Reply::new(data, format!("{head}\n\n{}", table(["data set", "kind", "visibility"], sets))))
}
