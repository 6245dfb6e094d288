// SPDX-License-Identifier: Apache-2.0

//! The command `twin template import`.

use super::{
    create::{self, Containers},
    file::File,
    fill,
    journal::{Journal, Record},
    publish::{self, Plugins},
    sender::Sent,
};
use crate::{
    cli::{Import, WaitFor},
    context::Context,
    output::{note, table, Reply},
};
use serde_json::{json, Value};
use std::{
    hash::{BuildHasher, Hasher, RandomState},
    time::Duration,
};
use twinchain_client::{
    chain::At,
    confidential,
    hash::blake2_256,
    names, reads, submit,
    template::{self, Valued, Visibility},
    AccountId32, Failure, Kind,
};

pub async fn run(context: &mut Context, arguments: Import) -> Result<Reply, Failure> {
    check_options(context)?;
    let file = File::read(&arguments.choices)?;
    let dropped = file.dropped();
    let account = context.account()?;
    let (chain, at) = context.at().await?;
    if fill::needs_keys(&file) {
        check_keys(context, &at, &account).await?;
    }
    let of = (&account, chain.genesis());
    let journal = Journal::of(context, &arguments, &file.text, of)?;
    if journal.read().is_some() && !context.options.dry_run {
        settle(context).await?;
    }
    let (_, at) = context.at().await?;
    let mut plugins = publish::find(&at, &file, &account).await?;
    publish::check(&at, &file, &publish::missing(&file, &plugins), &account).await?;
    let into = match &arguments.into {
        Some(path) => Some(context.find_twin(path).await?.2),
        None => interrupted(&at, (&file, &plugins), &journal, &account).await?,
    };
    if let Some(twin) = into {
        create::check(&at, (&file, &plugins), twin, &account).await?;
    }
    let asset = asset(&file, &arguments, &journal)?;
    if into.is_none() {
        for (twin, owner) in names::twins_of_asset(&at, &asset).await? {
            note(&format!("twin {twin}, owned by {owner}, is also a twin of this asset"));
        }
    }
    if context.options.dry_run {
        return Ok(planned(&file, &plugins, &asset, into, dropped));
    }
    let mut sent = Sent::default();
    let of = (&file, &mut plugins);
    let twin = make(context, &mut sent, of, (&asset, into), &journal).await.map_err(again)?;
    let result = finish(context, &mut sent, (&file, &plugins), twin).await;
    let (containers, written) = result.map_err(|failure| continued(failure, twin, &sent))?;
    journal.remove();
    let (_, at) = context.at().await?;
    let asset = reads::twin(&at, twin).await?.twin.asset.0 .0;
    let asset = String::from_utf8_lossy(&asset).into_owned();
    let made = Imported { twin, asset, containers, written, dropped };
    Ok(made.reply(&file, &plugins, sent))
}

/// Publishes the missing plugins, and creates the twin unless it exists. Returns its id.
async fn make(
    context: &mut Context,
    sent: &mut Sent,
    (file, plugins): (&File, &mut Plugins),
    (asset, into): (&str, Option<u64>),
    journal: &Journal,
) -> Result<u64, Failure> {
    let (from, _) = create::next_ids(&context.at().await?.1).await?;
    let mut record = Record { asset: asset.into(), from, twin: into };
    journal.write(&record)?;
    let new = publish::missing(file, plugins);
    publish::send(context, sent, &new, plugins).await?;
    if let Some(twin) = into {
        return Ok(twin);
    }
    let links = create::links(file, plugins)?;
    let known = |twin| {
        record.twin = Some(twin);
        journal.write(&record)
    };
    create::twin(context, sent, (file, asset), &links, known).await
}

/// Waits until the transactions of an interrupted import are in a block, or no longer in the pool.
async fn settle(context: &mut Context) -> Result<(), Failure> {
    const ATTEMPTS: u32 = 40;
    const PAUSE: Duration = Duration::from_secs(2);
    let account = context.signer()?.account();
    for attempt in 0..ATTEMPTS {
        let (chain, at) = context.at().await?;
        if submit::pending(&chain, &at, &account).await? == 0 {
            break;
        }
        if attempt == 0 {
            note("waiting for the transactions of the interrupted import");
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}

/// Adds the way to continue to the failure of an import that sent a transaction.
fn again(failure: Failure) -> Failure {
    match failure.kind {
        Kind::OutcomeUnknown => failure.fix("run the same command again: it continues"),
        _ => failure,
    }
}

fn check_options(context: &Context) -> Result<(), Failure> {
    if matches!(context.options.wait, WaitFor::None) {
        return Err(Failure::usage("an import must wait for each of its transactions")
            .fix("use --wait best or --wait finalized"));
    }
    if context.options.print_call {
        return Err(Failure::usage(
            "an import has several transactions, and later ones name what earlier ones created",
        )
        .fix("use --dry-run to see what it would do, or --as to act through a proxy"));
    }
    Ok(())
}

/// Fails if the account cannot seal: before anything is sent.
async fn check_keys(context: &mut Context, at: &At, account: &AccountId32) -> Result<(), Failure> {
    let keys = context.keys().await?;
    context.check_keystore(&keys)?;
    keys.keystore()?;
    confidential::reader(at, &keys, account).await.map(drop)
}

/// Returns the asset: the given one, that of an interrupted import, or a new one. Fails if the
/// chain does not accept it.
fn asset(file: &File, arguments: &Import, journal: &Journal) -> Result<String, Failure> {
    let asset = match (&arguments.asset, journal.read()) {
        (Some(asset), _) => crate::arguments::name(asset),
        (None, Some(record)) => record.asset,
        (None, None) => new_asset(file),
    };
    match template::names::asset_fault(&asset) {
        None => Ok(asset),
        Some(why) => Err(Failure::usage(format!("{asset} is not the name of an asset: {why}"))),
    }
}

/// Returns an asset that is named like the template, with a random ending. The ending must not
/// depend on the file: anyone could test guesses of its confidential values.
fn new_asset(file: &File) -> String {
    let random = RandomState::new().build_hasher().finish().to_le_bytes();
    let named = file.template.name().unwrap_or_default();
    let letters =
        named.chars().filter(|letter| letter.is_alphanumeric() || " -_.".contains(*letter));
    let mut name: String = letters.take(24).collect();
    name = name.trim().to_string();
    if name.is_empty() {
        name = "twin".into();
    }
    format!("{name}/{}", hex::encode(&random[..4]))
}

/// Returns the twin of an import that was interrupted, or `None`.
async fn interrupted(
    at: &At,
    of: (&File, &Plugins),
    journal: &Journal,
    account: &AccountId32,
) -> Result<Option<u64>, Failure> {
    let Some(record) = journal.read() else { return Ok(None) };
    let mut candidates: Vec<u64> = record.twin.into_iter().collect();
    if candidates.is_empty() {
        let twins = names::twins_of_asset(at, &record.asset).await?;
        let own =
            twins.into_iter().filter(|(twin, owner)| *twin >= record.from && owner == account);
        candidates.extend(own.map(|(twin, _)| twin));
    }
    for twin in candidates {
        if create::check(at, of, twin, account).await.is_ok() {
            note(&format!("continuing the interrupted import into twin {twin}"));
            return Ok(Some(twin));
        }
    }
    Ok(None)
}

/// Adds what the twin lacks: links with their instances, and values.
async fn finish(
    context: &mut Context,
    sent: &mut Sent,
    (file, plugins): (&File, &Plugins),
    twin: u64,
) -> Result<(Containers, Vec<String>), Failure> {
    let account = context.account()?;
    let (_, at) = context.at().await?;
    let (mut containers, rest) = create::compare(&at, (file, plugins), twin, &account).await?;
    if !rest.is_empty() {
        create::instances(context, sent, twin, &rest).await?;
        let (_, at) = context.at().await?;
        let (all, rest) = create::compare(&at, (file, plugins), twin, &account).await?;
        create::complete(twin, &rest)?;
        containers = all;
    }
    let written = fill::send(context, sent, file, &containers).await?;
    Ok((containers, written))
}

/// Adds the way to continue to the failure of an import whose twin exists.
fn continued(failure: Failure, twin: u64, sent: &Sent) -> Failure {
    let mut failure = failure.after(sent.hashes.clone());
    failure.message.push_str(&format!("; twin {twin} exists, and the import is not complete"));
    let way = format!("run the same command again to continue, or add --into {twin}");
    failure.fix = Some(match failure.fix {
        Some(fix) => format!("{fix}; then {way}"),
        None => way,
    });
    failure
}

/// Returns the reply of a dry run.
fn planned(
    file: &File,
    plugins: &Plugins,
    asset: &str,
    into: Option<u64>,
    dropped: Vec<Value>,
) -> Reply {
    let new = publish::missing(file, plugins);
    let values = fill::properties(file).count();
    let names: Vec<_> = new.iter().map(|part| part.link.clone()).collect();
    let links: Vec<_> = file.template.plugins.iter().map(|part| part.link.clone()).collect();
    let twin = match into {
        Some(twin) => format!("continue twin {twin}"),
        None => format!("create a twin of {asset}"),
    };
    let words = format!(
        "would publish {} of {} plugins, {twin} with {} instances, and write the values of \
         {values} properties; nothing was sent",
        names.len(),
        links.len(),
        links.len(),
    );
    let data = json!({
        "asset": asset,
        "publish": names,
        "plugins": links,
        "into": into,
        "values": values,
        "dropped": dropped,
        "dryRun": true,
    });
    Reply::new(data, words)
}

/// A complete import.
struct Imported {
    twin: u64,
    asset: String,
    containers: Containers,
    /// The paths of the values that were written into instances.
    written: Vec<String>,
    dropped: Vec<Value>,
}

impl Imported {
    fn reply(self, file: &File, plugins: &Plugins, sent: Sent) -> Reply {
        let (mut rows, mut list) = (Vec::new(), Vec::new());
        for part in &file.template.plugins {
            let plugin = plugins.get(&blake2_256(&part.document));
            let container = self.containers.get(&part.link).copied().unwrap_or_default();
            let (id, is_new) = plugin.map_or((0, false), |plugin| (plugin.id, plugin.is_new));
            let state = if is_new { "published" } else { "found" };
            let named = part.link.clone();
            rows.push([named, format!("{id} ({state})"), format!("c{container}")]);
            list.push(json!({
                "link": part.link,
                "plugin": id,
                "published": is_new,
                "container": container,
            }));
        }
        let (twin, asset) = (self.twin, &self.asset);
        let mut words = format!("twin {twin} of {asset}");
        if !rows.is_empty() {
            words.push_str(&format!("\n{}", table(["link", "plugin", "container"], rows)));
        }
        for path in &self.written {
            words.push_str(&format!("\n  value written: {path}"));
        }
        let without = self.without_keys(file);
        if !without.is_empty() {
            let keys = without.join(" ");
            words.push_str(&format!("\nwithout a key until twin key rotate: {keys}"));
        }
        let data = json!({
            "twin": twin,
            "asset": asset,
            "plugins": list,
            "written": self.written,
            "dropped": self.dropped,
            "withoutKeys": without,
            "transactions": sent.hashes,
            "blocks": sent.blocks,
        });
        Reply::new(data, words)
    }

    /// Returns the containers with confidential data sets that have no value and hence no key.
    fn without_keys(&self, file: &File) -> Vec<String> {
        let parts = file.template.plugins.iter().filter(|part| {
            part.properties.iter().any(|of| {
                let is_confidential = of.visibility == Visibility::Confidential;
                is_confidential && !matches!(of.value, Valued::InInstance(_))
            })
        });
        parts.filter_map(|part| Some(format!("c{}", self.containers.get(&part.link)?))).collect()
    }
}
