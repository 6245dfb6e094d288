// SPDX-License-Identifier: Apache-2.0

//! The commands `twin data`: values are read and opened, or checked, sealed and written.

use super::checks;
use crate::{
    arguments::{MAX_ITEMS, MAX_PAYLOAD, MAX_VALUE},
    cli::Data,
    context::{as_json, shown, text_argument, Context},
    output::{table, Reply},
    times,
    words::{set_json, set_table, REMOVE, WRITE},
};
use data_schema::{json, Schema};
use serde_json::json;
use twinchain_client::{
    api::{
        self,
        runtime_types::pallet_data_container::types::{
            values::{Batch, StoredValue},
            Kind as DataSetKind, Visibility,
        },
    },
    chain::At,
    confidential::{self, DataSet},
    keys::Keys,
    reads,
    submit::Call,
    values, AccountId32, Chain, Failure, Kind,
};
use twinchain_sealing::Opened;
use zeroize::Zeroizing;

pub async fn run(context: &mut Context, command: Data) -> Result<Reply, Failure> {
    match command {
        Data::Get { path } => get(context, &path).await,
        Data::Set { path, value, revision } => set(context, &path, &value, revision).await,
        Data::Append { path, items, each, revision } => {
            append(context, &path, &items, each, revision).await
        },
        Data::List { path } => {
            let (_, at, container) = context.find_container(&path).await?;
            let sets = reads::data_sets(&at, container).await?;
            let data: Vec<_> = sets.iter().map(|(name, set)| set_json(name, set)).collect();
            let words = match sets.is_empty() {
                true => format!("c{container} has no data sets"),
                false => set_table(&sets),
            };
            Ok(Reply::new(json!({ "container": container, "dataSets": data }), words))
        },
        Data::Schema { path } => {
            let (_, at, container, name) = context.find_data_set(&path).await?;
            let record = confidential::data_set(&at, container, &name).await?;
            let source = values::source_of(&at, &record).await?;
            let words = String::from_utf8_lossy(&source).into_owned();
            let data = json!({
                "container": container,
                "dataSet": name,
                "schema": as_json(&source),
                "text": words,
            });
            Ok(Reply::new(data, words))
        },
        Data::Clear { path } => {
            let (_, at, container, name) = context.find_data_set(&path).await?;
            let words = format!("c{container}/{name} is empty");
            let reply = Reply::new(json!({ "container": container, "dataSet": name }), words);
            let calls = api::transactions().data_container();
            let call = calls.clear_entry(container, name.clone().into(), None);
            let call = Call::encode(at.client(), &call)?;
            checks::access(context, &at, (container, &name), REMOVE).await?;
            context.send(&at, vec![call], |_| Ok(reply)).await
        },
        Data::Remove { path, item } => remove(context, &path, &item).await,
    }
}

/// An entry with its value, author and time.
type Entry =
    api::runtime_types::pallet_data_container::types::values::Entry<AccountId32, u32, StoredValue>;

/// A data set to read at a block.
pub struct Reading<'a> {
    pub chain: &'a Chain,
    pub at: &'a At,
    pub container: u64,
    pub name: &'a str,
    pub record: &'a DataSet,
}

impl Reading<'_> {
    /// Opens the keys for reading. A public data set needs none.
    async fn keys(&self, context: &mut Context) -> Result<Opened, Failure> {
        match self.record.visibility {
            Visibility::Public => Ok(Opened::default()),
            Visibility::Confidential => {
                let keys = context.keys().await?;
                confidential::open(self.chain, self.at, &keys, self.container, self.name).await
            },
        }
    }

    fn sealing(&self) -> Result<twinchain_sealing::DataSet, Failure> {
        confidential::sealing_data_set(self.chain, self.container, self.name)
    }

    /// Returns an entry and its opened value.
    ///
    /// # Errors
    /// [`Kind::NotFound`] if the entry has no value.
    pub async fn entry(
        &self,
        context: &mut Context,
    ) -> Result<(Entry, Zeroizing<Vec<u8>>), Failure> {
        let Self { container, name, .. } = self;
        let entry = reads::entry(self.at, *container, name).await?;
        let entry =
            entry.ok_or_else(|| Failure::not_found(format!("c{container}/{name} has no value")))?;
        let keys = self.keys(context).await?;
        let value = confidential::open_value(&self.sealing()?, &keys, &entry.author, &entry.value)?;
        Ok((entry, value))
    }

    /// Returns the opened value of an entry, or the items of a list in order. A data set without
    /// values returns none.
    pub async fn values(&self, context: &mut Context) -> Result<Vec<Zeroizing<Vec<u8>>>, Failure> {
        if matches!(self.record.kind, DataSetKind::Entry) {
            return match self.record.count {
                0 => Ok(Vec::new()),
                _ => Ok(vec![self.entry(context).await?.1]),
            };
        }
        let batches = reads::batches(self.at, self.container, self.name).await?;
        if batches.is_empty() {
            return Ok(Vec::new());
        }
        let (keys, of) = (self.keys(context).await?, self.sealing()?);
        let mut all = Vec::new();
        for batch in &batches {
            for item in batch.stored.items.0.iter().flatten() {
                all.push(confidential::open_value(&of, &keys, &batch.stored.author, item)?);
            }
        }
        Ok(all)
    }

    /// Returns the schema to check an opened value against, or `None` for a public value, which the
    /// chain has checked.
    async fn schema(&self) -> Result<Option<Schema>, Failure> {
        match self.record.visibility {
            Visibility::Public => Ok(None),
            Visibility::Confidential => values::schema_of(self.at, self.record).await.map(Some),
        }
    }
}

/// Prints a value or the items of a list. A value that does not match its schema is shown with the
/// mismatch, because no one can check a sealed value before it is opened.
pub async fn get(context: &mut Context, path: &str) -> Result<Reply, Failure> {
    let (chain, at, container, name) = context.find_data_set(path).await?;
    let record = confidential::data_set(&at, container, &name).await?;
    let reading = Reading { chain: &chain, at: &at, container, name: &name, record: &record };
    match record.kind {
        DataSetKind::Entry => get_entry(context, &reading).await,
        DataSetKind::List => get_list(context, &reading).await,
    }
}

async fn get_entry(context: &mut Context, of: &Reading<'_>) -> Result<Reply, Failure> {
    let Reading { container, name, record, .. } = of;
    let (entry, value) = of.entry(context).await?;
    let mismatch = of.schema().await?.and_then(|schema| mismatch(&schema, name, &value));
    let text = String::from_utf8_lossy(&value).into_owned();
    let data = json!({
        "container": container,
        "dataSet": name,
        "value": as_json(&value),
        "text": text,
        "revision": record.revision,
        "author": entry.author.to_string(),
        "block": entry.block,
        "time": entry.time,
        "mismatch": mismatch,
    });
    let mut words = shown(&value);
    if let Some(mismatch) = mismatch {
        words.push_str(&format!("\nThe value does not match its schema: {mismatch}"));
    }
    Ok(Reply::new(data, words))
}

/// Returns why a value does not match its schema, or `None` if it matches.
fn mismatch(schema: &Schema, name: &str, value: &[u8]) -> Option<String> {
    let failure = values::check(schema, name, value).err()?;
    Some(match failure.pointer.as_deref() {
        None | Some("") => failure.message,
        Some(pointer) => format!("{} at {pointer}", failure.message),
    })
}

async fn get_list(context: &mut Context, reading: &Reading<'_>) -> Result<Reply, Failure> {
    let Reading { container, name, record, .. } = reading;
    let batches = reads::batches(reading.at, *container, name).await?;
    let keys = match batches.is_empty() {
        true => Opened::default(),
        false => reading.keys(context).await?,
    };
    let of = reading.sealing()?;
    let schema = reading.schema().await?;
    let (mut rows, mut data) = (Vec::new(), Vec::new());
    for batch in &batches {
        let Batch { author, time, items, block } = &batch.stored;
        for (position, item) in items.0.iter().enumerate() {
            let Some(stored) = item else { continue };
            let address = format!("{}.{position}", batch.batch);
            let opened = confidential::open_value(&of, &keys, author, stored);
            let wrong = match (&opened, &schema) {
                (Ok(value), Some(schema)) => mismatch(schema, name, value),
                _ => None,
            };
            let words = match (&opened, &wrong) {
                (Err(_), _) => "(closed)".into(),
                (Ok(value), None) => shown(value),
                (Ok(value), Some(wrong)) => {
                    format!("{}\ndoes not match its schema: {wrong}", shown(value))
                },
            };
            rows.push([address.clone(), words, author.to_string(), times::show(*time)]);
            data.push(json!({
                "item": address,
                "value": opened.as_ref().ok().map(|value| as_json(value)),
                "text": opened.as_ref().ok().map(|value| String::from_utf8_lossy(value)),
                "author": author.to_string(),
                "block": block,
                "time": time,
                "mismatch": wrong,
                "closed": opened.as_ref().err().map(|failure| failure.message.clone()),
            }));
        }
    }
    let closed = data.iter().filter(|item| !item["closed"].is_null()).count();
    if closed > 0 && closed == data.len() {
        let why = data[0]["closed"].as_str().unwrap_or_default().to_string();
        return Err(Failure::not_permitted("no-key", why)
            .fix("ask the owner for READ access, or for a new envelope"));
    }
    let words = match rows.is_empty() {
        true => format!("c{container}/{name} has no items"),
        false => table(["item", "value", "author", "time"], rows),
    };
    let data = json!({
        "container": container,
        "dataSet": name,
        "revision": record.revision,
        "items": data,
    });
    Ok(Reply::new(data, words))
}

/// Returns the call that sets a sealed entry.
pub fn sealed_entry(
    at: &At,
    container: u64,
    name: &str,
    epoch: u32,
    mut sealed: Vec<Vec<u8>>,
    revision: Option<u32>,
) -> Result<Call, Failure> {
    let ciphertext = sealed.pop().unwrap_or_default();
    let calls = api::transactions().data_container();
    Call::encode(
        at.client(),
        &calls.set_sealed_entry(container, name.into(), epoch, ciphertext, revision),
    )
}

async fn set(
    context: &mut Context,
    path: &str,
    value: &str,
    revision: Option<u32>,
) -> Result<Reply, Failure> {
    let (source, value) = text_argument(value, MAX_VALUE)?;
    write(context, path, vec![(source, value)], revision, false).await
}

async fn append(
    context: &mut Context,
    path: &str,
    arguments: &[String],
    each: bool,
    revision: Option<u32>,
) -> Result<Reply, Failure> {
    let mut items = Vec::new();
    for argument in arguments {
        match each {
            false => items.push(text_argument(argument, MAX_VALUE)?),
            true => {
                let (source, text) = text_argument(argument, MAX_ITEMS_FILE)?;
                items.extend(items_of(&source, &text)?);
            },
        }
    }
    if items.is_empty() {
        return Err(Failure::usage("there are no items to append"));
    }
    write(context, path, items, revision, true).await
}

/// The maximum size of a file of items, in bytes.
const MAX_ITEMS_FILE: u64 = 64 * 1024 * 1024;

/// Splits a text into items: the elements of a JSON array, or the lines that are not blank. Each
/// item keeps its exact bytes.
fn items_of(source: &str, text: &[u8]) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    if !text.trim_ascii_start().starts_with(b"[") {
        let lines = text.split(|byte| *byte == b'\n').enumerate();
        let lines = lines.filter(|(_, line)| !line.trim_ascii().is_empty());
        let item = |(index, line): (usize, &[u8])| {
            (format!("{source}, line {}", index + 1), line.trim_ascii().to_vec())
        };
        return Ok(lines.map(item).collect());
    }
    let limits = json::Limits { bytes: u32::MAX, ..json::Limits::default() };
    let mut items = Vec::new();
    let mut read = || {
        let mut reader = json::Reader::new(text, limits)?;
        reader.begin_array()?;
        while reader.next_item()? {
            let item = reader.skip_value()?;
            items.push((format!("{source}, item {}", items.len()), item.text.to_vec()));
        }
        reader.finish()
    };
    read().map_err(|violation| values::failure(&violation, source, text))?;
    Ok(items)
}

/// Checks values with the chain's own schema, seals confidential ones, and writes them. If the key
/// was rotated meanwhile, seals and writes them again, once.
async fn write(
    context: &mut Context,
    path: &str,
    items: Vec<(String, Vec<u8>)>,
    revision: Option<u32>,
    append: bool,
) -> Result<Reply, Failure> {
    match write_once(context, path, &items, revision, append, &[]).await {
        Err(failure) if failure.code == "DataContainer.StaleEpoch" => {
            crate::output::note("the key was rotated meanwhile: sealing to the new key");
            write_once(context, path, &items, revision, append, failure.done()).await
        },
        result => result,
    }
}

/// Writes values once. `done` are the transactions of an earlier attempt: their items are skipped.
async fn write_once(
    context: &mut Context,
    path: &str,
    items: &[(String, Vec<u8>)],
    revision: Option<u32>,
    append: bool,
    done: &[String],
) -> Result<Reply, Failure> {
    let (chain, at, container, name) = context.find_data_set(path).await?;
    let record = confidential::data_set(&at, container, &name).await?;
    match (&record.kind, append) {
        (DataSetKind::Entry, true) => {
            return Err(Failure::usage(format!("{path} is an entry, not a list"))
                .fix("twin data set sets it"))
        },
        (DataSetKind::List, false) => {
            return Err(Failure::usage(format!("{path} is a list, not an entry"))
                .fix("twin data append appends to it"))
        },
        _ => {},
    }
    if matches!(record.visibility, Visibility::Public) {
        check_public(context, container, &name).await?;
    }
    let schema = values::schema_of(&at, &record).await?;
    for (index, (source, value)) in items.iter().enumerate() {
        values::check(&schema, source, value).map_err(|mut failure| {
            if items.len() > 1 {
                failure.message =
                    format!("item {} of {}: {}", index + 1, items.len(), failure.message);
            }
            failure
        })?;
    }
    let plain: Vec<Vec<u8>> = items.iter().map(|(_, value)| value.clone()).collect();
    let of = (container, name.as_str(), &record);
    let calls = api::transactions().data_container();
    let mut steps = match record.visibility {
        Visibility::Public => {
            checks::public_write(context, &at, of, items).await?;
            steps_of(plain, revision, |mut values, revision| {
                let name = name.clone().into();
                match append {
                    false => {
                        let value = values.pop().unwrap_or_default();
                        Call::encode(
                            at.client(),
                            &calls.set_entry(container, name, value, revision),
                        )
                    },
                    true => {
                        Call::encode(at.client(), &calls.append(container, name, values, revision))
                    },
                }
            })?
        },
        Visibility::Confidential => {
            let (epoch, sealed) = seal(context, &chain, &at, of, &plain).await?;
            steps_of(sealed, revision, |sealed, revision| match append {
                false => sealed_entry(&at, container, &name, epoch, sealed, revision),
                true => {
                    let name = name.clone().into();
                    let call = calls.append_sealed(container, name, epoch, sealed, revision);
                    Call::encode(at.client(), &call)
                },
            })?
        },
    };
    steps.drain(..done.len().min(steps.len()));
    let count = items.len();
    context
        .send_steps(&at, steps, done, |done| {
            let last = done.last().ok_or_else(|| Failure::other("no transaction was sent"))?;
            let change = last.find::<api::data_container::events::DataSetChanged>()?;
            let revision = change.map(|change| revision_of(&change.operation));
            let what = match append {
                true if count == 1 => "1 item is appended".to_string(),
                true => format!("{count} items are appended"),
                false => "is set".to_string(),
            };
            let words = match revision {
                Some(revision) => format!("c{container}/{name}: {what}, revision {revision}"),
                None => format!("c{container}/{name}: sent"),
            };
            Ok(Reply::new(
                json!({ "container": container, "dataSet": name, "revision": revision }),
                words,
            ))
        })
        .await
}

/// Seals values for a data set, if the acting account may write it. Through a proxy, the author is
/// the account that the proxy acts for.
async fn seal(
    context: &mut Context,
    chain: &Chain,
    at: &At,
    of: (u64, &str, &DataSet),
    plain: &[Vec<u8>],
) -> Result<(u32, Vec<Vec<u8>>), Failure> {
    let (container, name, _) = of;
    let author = context.account()?;
    checks::may(context, at, (container, name), &author, WRITE).await?;
    let keys = context.keys().await?;
    context.check_keystore(&keys)?;
    let keys = Some(keys).filter(Keys::exist);
    let seal = || confidential::seal(chain, at, keys.as_ref(), of, &author, plain);
    match (seal().await, &keys) {
        (Err(failure), Some(keys)) => {
            super::key::ask_about_epoch(context, chain, at, keys, of, failure).await?;
            seal().await
        },
        (result, _) => result,
    }
}

/// Fails if the keystore knows a data set as confidential but the node says that it is public: the
/// value would be sent as plain text.
async fn check_public(context: &mut Context, container: u64, name: &str) -> Result<(), Failure> {
    let is_sent = !(context.options.dry_run || context.options.print_call);
    // Prompt for the signer now, before the data to send is final. In a dry run, never prompt.
    let account = if is_sent { context.account() } else { context.named_account() };
    if !is_sent && account.is_err() {
        return Ok(());
    }
    account?;
    for keys in context.all_keys().await? {
        context.check_keystore(&keys)?;
        if keys.is_known_confidential(container, name)? {
            let message =
                format!("c{container}/{name} is confidential, but the node says it is public");
            return Err(Failure::new(Kind::VerificationFailed, "false-visibility", message)
                .fix("use another node; no value was sent"));
        }
    }
    Ok(())
}

/// Splits items into portions that each fit into one call.
pub fn in_portions(items: Vec<Vec<u8>>) -> Vec<Vec<Vec<u8>>> {
    let (mut portions, mut bytes) = (vec![Vec::new()], 0);
    for item in items {
        let fits = portions.last().is_some_and(|portion: &Vec<_>| {
            portion.is_empty() || portion.len() < MAX_ITEMS && bytes + item.len() <= MAX_PAYLOAD
        });
        if !fits {
            portions.push(Vec::new());
            bytes = 0;
        }
        bytes += item.len();
        if let Some(portion) = portions.last_mut() {
            portion.push(item);
        }
    }
    portions
}

/// Returns one transaction for each portion of items. Only the first expects the revision.
fn steps_of(
    items: Vec<Vec<u8>>,
    revision: Option<u32>,
    call: impl Fn(Vec<Vec<u8>>, Option<u32>) -> Result<Call, Failure>,
) -> Result<Vec<Vec<Call>>, Failure> {
    let revisions = std::iter::once(revision).chain(std::iter::repeat(None));
    let portions = in_portions(items).into_iter().zip(revisions);
    portions.map(|(portion, revision)| Ok(vec![call(portion, revision)?])).collect()
}

async fn remove(context: &mut Context, path: &str, item: &str) -> Result<Reply, Failure> {
    let address = item.split_once('.').and_then(|(batch, position)| {
        Some((batch.parse::<u32>().ok()?, position.parse::<u32>().ok()?))
    });
    let (batch, position) = address.ok_or_else(|| {
        Failure::usage(format!("{item} is not an item's address"))
            .fix("write BATCH.POSITION as data get shows it, such as 0.2")
    })?;
    let (_, at, container, name) = context.find_data_set(path).await?;
    let reply = Reply::new(
        json!({ "container": container, "dataSet": name, "item": item }),
        format!("c{container}/{name}: item {item} is removed"),
    );
    let calls = api::transactions().data_container();
    let call = calls.remove_item(container, name.clone().into(), batch, position, None);
    let call = Call::encode(at.client(), &call)?;
    checks::access(context, &at, (container, &name), REMOVE).await?;
    context.send(&at, vec![call], |_| Ok(reply)).await
}

/// Returns the revision after an operation.
fn revision_of<A, N>(
    operation: &api::runtime_types::pallet_data_container::operation::Operation<A, N>,
) -> u32 {
    use api::runtime_types::pallet_data_container::operation::Operation;
    match operation {
        Operation::Set { revision, .. }
        | Operation::Clear { revision, .. }
        | Operation::Append { revision, .. }
        | Operation::Remove { revision, .. }
        | Operation::Retire { revision, .. } => *revision,
    }
}
