// SPDX-License-Identifier: Apache-2.0

//! The commands `twin key`: an account's encryption keys, the keys of data sets, and the keystore.

use super::{checks, devices};
use crate::{
    cli::Key,
    context::{ask, password_from, shown, Context},
    output::{note, Reply},
    times,
    words::{fingerprint, listing, versions_words},
};
use serde_json::{json, Value};
use std::{collections::BTreeSet, fs::OpenOptions, io::Write, path::Path};
use twinchain_client::{
    account,
    api::{
        self,
        runtime_types::pallet_data_container::types::{keys::EndReason, Visibility},
    },
    chain::At,
    confidential::{self, DataSet},
    files,
    keys::Keys,
    reads,
    rotations::{self, Readers, Rotating},
    signer,
    submit::Call,
    AccountId32, Chain, Failure, Kind,
};
use twinchain_sealing::{
    self as sealing,
    keystore::{file, Export, Keystore, Pin, DEFAULT_COST},
    GenesisHash, Holder, KeyVersion, PublicKey, SecretKey, SUITE,
};

pub async fn run(context: &mut Context, command: Key) -> Result<Reply, Failure> {
    match command {
        Key::New { leaked, no_recovery, recovery_file } => {
            new(context, leaked, no_recovery, recovery_file.as_deref()).await
        },
        Key::Show { account } => show(context, account).await,
        Key::Rotate { path, cut } => rotate(context, &path, cut).await,
        Key::Give { path, account } => give(context, &path, &account).await,
        Key::Try { path } => try_all(context, &path).await,
        Key::Due { path } => due(context, &path).await,
        Key::Recover { file, expect, colleague, other_password_file } => {
            let source = devices::Source {
                file: file.as_deref(),
                colleague: colleague.as_deref(),
                password_file: other_password_file.as_deref(),
            };
            devices::recover(context, source, &expect).await
        },
        Key::Devices { action } => devices::run(context, action).await,
        Key::Accept { whose } => accept(context, &whose).await,
        Key::Merge { file, other_password_file } => {
            merge(context, &file, other_password_file.as_deref()).await
        },
        Key::Export { file, container, new_password_file, no_keys } => {
            export(context, &file, &container, new_password_file.as_deref(), no_keys).await
        },
        Key::KeepPhrase => keep_phrase(context).await,
    }
}

/// Returns the key to seal to for an account that the user names. A key seen for the first time is
/// shown and pinned. A changed key is pinned only if the user confirms that it was compared:
/// `--yes` does not confirm this.
pub async fn named_reader(
    context: &Context,
    at: &At,
    keys: &Keys,
    account: &AccountId32,
) -> Result<sealing::Reader, Failure> {
    let pinned = keys.keystore()?.pinned(&sealing::Account(account.0));
    let reader = match confidential::reader(at, keys, account).await {
        Err(failure) if failure.code == "key-changed" && context.can_ask() => {
            let found = on_chain(at, account).await?;
            show_change(account, pinned.as_ref(), &found);
            context.ask_person(COMPARED)?;
            pin(keys, &found)?;
            return Ok(found);
        },
        found => found?,
    };
    if pinned.is_none() && reader.account != keys.account() {
        note(&format!(
            "first contact with {account}: its key {} has the fingerprint {}; compare it \
             with that account over a channel other than this chain",
            reader.version,
            fingerprint(&reader.public)
        ));
    }
    Ok(reader)
}

/// Pins a key that the user compared.
fn pin(keys: &Keys, found: &sealing::Reader) -> Result<(), Failure> {
    keys.update(|keystore| {
        keystore.accept(found);
        Ok(())
    })
}

const COMPARED: &str =
    "Did you compare the fingerprint with that account over a channel other than this chain?";

/// Returns the newest key of an account on the chain.
async fn on_chain(at: &At, account: &AccountId32) -> Result<sealing::Reader, Failure> {
    let found = confidential::encryption_key(at, account).await?;
    found.ok_or_else(|| Failure::not_found(format!("{account} has no encryption key")))
}

/// Shows the pinned key of an account, and its current key on the chain.
fn show_change(account: &AccountId32, pinned: Option<&Pin>, found: &sealing::Reader) {
    let before = pinned.map_or("none".into(), |pin| {
        format!("version {}: {}", pin.version, fingerprint(&pin.public))
    });
    let now = format!("version {}: {}", found.version, fingerprint(&found.public));
    note(&format!("{account}\npinned  {before}\nnow     {now}"));
}

/// Creates a key, saves it, and sends its public half with an envelope for a recovery key.
async fn new(
    context: &mut Context,
    leaked: bool,
    no_recovery: bool,
    recovery_file: Option<&Path>,
) -> Result<Reply, Failure> {
    let (chain, at) = context.at().await?;
    let account = context.account()?;
    let keys = context.keys().await?;
    let known = confidential::encryption_key_since(&at, &account).await?;
    // Check before creating keys that the chain would refuse.
    known.map_or(Ok(()), |(_, since)| check_time(&at, since))?;
    let on_chain = known.map(|(key, _)| key);
    if let Some(path) = recovery_file.filter(|path| path.exists()) {
        return Err(Failure::usage(format!("the file {} already exists", path.display())));
    }
    if let Some(found) = on_chain.filter(|_| !keys.exist()) {
        note(&format!(
            "{account} has key {} on the chain, but no keystore exists here. After a new key, data \
             sealed to the old one cannot be opened. If you have a recovery key or another device, \
             use twin key recover",
            found.version
        ));
        context.confirm("Create a new key anyway?")?;
    }
    let is_sent = !context.options.dry_run && !context.options.print_call;
    if is_sent && !no_recovery && recovery_file.is_none() {
        // Check before creating keys.
        check_can_show()?;
    }
    let held = match keys.exist() {
        true => Some(keys.keystore()?),
        false => None,
    };
    let is_alarm = |found: &sealing::Reader| {
        held.as_ref().is_some_and(|held| held.secret_of(&found.public).is_none())
    };
    if let Some(found) = on_chain.filter(is_alarm) {
        note(&format!(
            "the chain has key {} of {account}, with the fingerprint {}, which is not in this \
             keystore. If no other keystore of yours created it, someone else can sign for the \
             account: then move the account to another signing key",
            found.version,
            fingerprint(&found.public)
        ));
        context.confirm("Create a new key anyway?")?;
    }
    keys.create()?;
    let replaces = on_chain.map_or(0, |key| key.version.get());
    if leaked && replaces == 0 {
        return Err(Failure::usage("this is the first key; --leaked needs an earlier one"));
    }
    let version =
        KeyVersion::new(replaces + 1).ok_or_else(|| Failure::other("no key versions are left"))?;
    // If the key leaked, a key prepared for the next version may have leaked too.
    let reader = keys.own_key(version, leaked)?;
    let calls = api::transactions().data_container();
    let set = calls.set_encryption_key(SUITE, reader.public.0.to_vec(), replaces, leaked);
    let mut batch = vec![Call::encode(at.client(), &set)?];
    // Without a transaction the key is not shown, so a recovery key is only useful in a file.
    let recovery = match no_recovery || !(is_sent || recovery_file.is_some()) {
        true => None,
        false => Some(SecretKey::generate()?),
    };
    if let Some(recovery) = &recovery {
        let own = keys.update(|keystore| {
            keystore
                .key_of(version, &reader.public)
                .ok_or_else(|| Failure::other("the keystore does not have the key"))
        })?;
        batch.push(devices::held_by(&chain, &at, &own, &Holder::Key(recovery.public()))?);
        batch.extend(older_keys(&chain, &at, &keys, &account, recovery).await?);
    }
    if let (Some(recovery), false) = (&recovery, context.options.dry_run) {
        // The user has the recovery key before the chain stores an envelope for it.
        keep_recovery(context, recovery, &reader.public, recovery_file)?;
    }
    let words = format!(
        "key {version} of {account}\nfingerprint {}\nkeystore {}",
        fingerprint(&reader.public),
        keys.path().display()
    );
    let data = json!({
        "account": account.to_string(),
        "version": version.get(),
        "public": reader.public.to_string(),
        "fingerprint": fingerprint(&reader.public),
        "keystore": keys.path().display().to_string(),
        "recovery": recovery.is_some(),
    });
    context.send(&at, batch, |_| Ok(Reply::new(data, words))).await
}

/// Seals the account's earlier keys for a new recovery key as well, so that only the newest
/// recovery key must be kept. Notes the versions that have no room for another holder.
async fn older_keys(
    chain: &Chain,
    at: &At,
    keys: &Keys,
    account: &AccountId32,
    recovery: &SecretKey,
) -> Result<Vec<Call>, Failure> {
    const MAX_HOLDERS: usize = 16;
    let mut calls = Vec::new();
    if confidential::encryption_key(at, account).await?.is_none() {
        return Ok(calls);
    }
    let mut keystore = Keystore::clone(&*keys.keystore()?);
    for of in devices::versions(at, account).await? {
        let Some(own) = keystore.key_of(of.version, &of.public) else { continue };
        let version = of.version.get();
        if reads::account_envelopes(at, account, version).await?.len() >= MAX_HOLDERS {
            note(&format!(
                "key {version} has no room for another holder: keep its current recovery key"
            ));
            continue;
        }
        calls.push(devices::held_by(chain, at, &own, &Holder::Key(recovery.public()))?);
    }
    Ok(calls)
}

/// Fails if the chain would refuse a new key, because the account set one in block `since`.
fn check_time(at: &At, since: u64) -> Result<(), Failure> {
    const KEY_CHANGE_BLOCKS: u64 = 600;
    let next = since + KEY_CHANGE_BLOCKS;
    match next.checked_sub(at.number()) {
        None | Some(0 | 1) => Ok(()),
        Some(blocks) => Err(Failure::new(
            Kind::Refused,
            "DataContainer.KeyChangedRecently",
            format!(
                "an account changes its encryption key at most once in {KEY_CHANGE_BLOCKS} blocks"
            ),
        )
        .fix(format!("try again in block {next} or later: {blocks} blocks from now"))),
    }
}

/// Fails unless standard error is a terminal that can show a recovery key.
fn check_can_show() -> Result<(), Failure> {
    use std::io::IsTerminal;
    match std::io::stderr().is_terminal() {
        true => Ok(()),
        false => Err(Failure::usage("no terminal is available to show the recovery key")
            .fix("add --recovery-file FILE, or --no-recovery")),
    }
}

/// Writes the recovery key into a new file, or shows it once on the terminal. Includes the
/// account's public key, so that recovery accepts no other key as the account's own.
fn keep_recovery(
    context: &Context,
    recovery: &SecretKey,
    own: &PublicKey,
    path: Option<&Path>,
) -> Result<(), Failure> {
    let text = recovery.expose_hex();
    let Some(path) = path else {
        check_can_show()?;
        note("Write this recovery key down, and store it away from this machine.");
        note("If you lose the keystore, it recovers what you can read:");
        anstream::eprintln!("\n  {}\n", text.as_str());
        note(&format!("The key that it opens has the fingerprint {}.", fingerprint(own)));
        return context.confirm("Did you write it down?");
    };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let write = || {
        let mut file = options.open(path)?;
        file.write_all(text.as_bytes())?;
        file.write_all(format!("\nopens {own}\n").as_bytes())?;
        file.sync_all()
    };
    write().map_err(|error| files::failed(path, &error))
}

async fn show(context: &mut Context, of: Option<String>) -> Result<Reply, Failure> {
    let (_, at) = context.at().await?;
    let account = match &of {
        Some(text) => account::parse(text)?,
        None => context.named_account()?,
    };
    let on_chain = confidential::encryption_key(&at, &account).await?;
    let mut words = match &on_chain {
        Some(key) => {
            format!("{account}\nkey {} on the chain: {}", key.version, fingerprint(&key.public))
        },
        None => format!("{account} has no encryption key on the chain"),
    };
    let mut data = json!({
        "account": account.to_string(),
        "version": on_chain.map(|key| key.version.get()),
        "public": on_chain.map(|key| key.public.to_string()),
        "fingerprint": on_chain.map(|key| fingerprint(&key.public)),
    });
    if of.is_none() {
        let keys = context.keys().await?;
        if keys.exist() {
            let keystore = keys.keystore()?;
            let versions = keystore.versions();
            words.push_str(&format!(
                "\nkeystore {}\n  {}, {} seeds, {} pinned accounts",
                keys.path().display(),
                versions_words(&versions),
                keystore.seed_count(),
                keystore.pins().count()
            ));
            let mut copy = Keystore::clone(&keystore);
            data["keystore"] = json!({ "versions": versions, "seeds": copy.seed_count() });
            if let Some(key) = &on_chain {
                copy.check(key)?;
            }
        } else {
            words.push_str("\nno keystore exists: twin key new creates one");
        }
    }
    Ok(Reply::new(data, words))
}

async fn rotate(context: &mut Context, path: &str, cut: bool) -> Result<Reply, Failure> {
    use twinchain_client::names::Place as Named;
    let (chain, at, place) = context.find(path).await?;
    let (container, names) = match place {
        Named::DataSet { container, data_set } => (container, vec![data_set]),
        Named::Container(container) => {
            reads::info(&at, container).await?;
            let due = reads::due_in(&at, container).await?;
            let names =
                due.into_iter().map(|due| String::from_utf8_lossy(&due.data_set.0 .0).into_owned());
            (container, names.collect())
        },
        _ => return Err(Failure::usage(format!("{path} is not a data set or container"))),
    };
    checks::owner_of_container(context, &at, container).await?;
    if names.is_empty() {
        let words = format!("no key of c{container} is due for rotation");
        return Ok(Reply::new(json!({ "container": container, "rotated": [] }), words));
    }
    let (mut sorted, mut left_out) = (Vec::new(), Vec::new());
    for name in &names {
        let record = confidential::data_set(&at, container, name).await?;
        if matches!(record.visibility, Visibility::Public) {
            let message = format!("c{container}/{name} is public, and has no key");
            return Err(Failure::new(Kind::Refused, "DataContainer.NotConfidential", message)
                .fix(format!("twin container show c{container} lists the confidential ones")));
        }
        let keys = context.keys().await?;
        let readers = readers(&at, container, name).await?;
        let of = Rotating { chain: &chain, at: &at, keys: &keys, container, name };
        let readers = of.sort(&readers).await?;
        left_out.extend(report_rotation(container, name, &readers));
        sorted.push((name, record, readers));
    }
    ask_about_left_out(context, &left_out)?;
    let mut steps: Vec<Vec<Call>> = Vec::new();
    for (name, record, readers) in &sorted {
        let keys = context.keys().await?;
        let of = Rotating { chain: &chain, at: &at, keys: &keys, container, name };
        let calls = of.again(record, cut, readers).await?;
        match steps.last_mut() {
            Some(step) if fit_together(step, &calls) => step.extend(calls),
            _ => steps.push(calls),
        }
    }
    let words = format!("c{container}: rotated {}", names.join(", "));
    let data = json!({ "container": container, "rotated": names, "leftOut": left_out });
    context.send_steps(&at, steps, &[], |_| Ok(Reply::new(data, words))).await
}

/// Returns `true` if the rotation of another data set fits into the same transaction. The bounds
/// keep a transaction well under the limits of a block.
fn fit_together(step: &[Call], more: &[Call]) -> bool {
    const MAX_CALLS: usize = 16;
    const MAX_BYTES: usize = 64 * 1024;
    let bytes = |calls: &[Call]| calls.iter().map(|call| call.bytes().len()).sum::<usize>();
    step.len() + more.len() <= MAX_CALLS && bytes(step) + bytes(more) <= MAX_BYTES
}

/// Returns the readers of a data set, including an account that its container is offered to.
pub async fn readers(at: &At, container: u64, name: &str) -> Result<Vec<AccountId32>, Failure> {
    let readers = reads::readers_of(at, container, name).await?;
    let mut readers: Vec<_> = readers.into_iter().map(|reader| reader.account).collect();
    let offer = reads::info(at, container).await?.container.offer;
    readers.extend(offer.map(|offer| offer.to).filter(|to| !readers.contains(to)));
    Ok(readers)
}

/// Reports the accounts that get the new key of a data set, and those that do not. Returns the
/// latter as JSON.
pub fn report_rotation(container: u64, name: &str, readers: &Readers) -> Vec<Value> {
    let place = format!("c{container}/{name}");
    let list: Vec<_> = readers.given().iter().map(ToString::to_string).collect();
    if !list.is_empty() {
        note(&format!("the new key of {name} is sealed for you and {}", list.join(", ")));
    }
    let report = |(account, why): &(AccountId32, String)| {
        note(&format!(
            "left out of {place}: {account}: {why}\n  to include it: twin key give {place} \
             {account}"
        ));
        json!({ "dataSet": name, "account": account.to_string(), "why": why })
    };
    readers.left_out.iter().map(report).collect()
}

/// Asks whether to rotate without the readers that are left out: they cannot read later values.
pub fn ask_about_left_out(context: &Context, left_out: &[Value]) -> Result<(), Failure> {
    match left_out.is_empty() {
        true => Ok(()),
        false => context.confirm("Rotate without them? They cannot read what is written later."),
    }
}

/// Gives a reader the newest key of a data set.
async fn give(context: &mut Context, path: &str, account: &str) -> Result<Reply, Failure> {
    let account = account::parse(account)?;
    let (chain, at, container, name) = context.find_data_set(path).await?;
    let record = confidential::data_set(&at, container, &name).await?;
    if context.named_account().is_ok_and(|own| own == account) {
        return give_oneself(context, &chain, &at, container, &name).await;
    }
    checks::owner_of_container(context, &at, container).await?;
    let keys = context.keys().await?;
    let newest = confidential::newest(&chain, &at, &keys, container, &name, &record).await?;
    let (epoch, key) = newest.ok_or_else(|| {
        Failure::not_permitted("no-epoch", format!("c{container}/{name} has no key yet"))
    })?;
    let reader = confidential::known_reader(&at, &keys, &account)
        .await?
        .map_err(|why| Failure::not_permitted("unknown-key", format!("{account}: {why}")))?;
    let of = confidential::sealing_data_set(&chain, container, &name)?;
    let calls = rotations::envelopes(&at, &of, epoch, &key.seed, &[reader])?;
    let words = format!("{account} has the newest key of c{container}/{name}");
    let data = json!({ "container": container, "dataSet": name, "account": account.to_string() });
    context.send(&at, calls, |_| Ok(Reply::new(data, words))).await
}

/// Seals the account's own seeds of a data set to its newest key, after it changed the key.
async fn give_oneself(
    context: &mut Context,
    chain: &Chain,
    at: &At,
    container: u64,
    name: &str,
) -> Result<Reply, Failure> {
    let account = context.account()?;
    let keys = context.keys().await?;
    let own = confidential::reader(at, &keys, &account).await?;
    let of = confidential::sealing_data_set(chain, container, name)?;
    let opened = confidential::open(chain, at, &keys, container, name).await?;
    let held = confidential::envelopes(at, container, name, &account).await?;
    let old: Vec<_> = held.into_iter().filter(|held| held.key_version != own.version).collect();
    let mut calls = Vec::new();
    for envelope in &old {
        let key = opened.keys.get(&envelope.epoch).ok_or_else(|| {
            let message = format!("none of your keys opens epoch {} of {name}", envelope.epoch);
            Failure::not_permitted("no-key", message)
                .fix("ask the owner to run twin key give with your account")
        })?;
        let sealed = confidential::reader_envelope(&of.epoch(envelope.epoch), &own, &key.seed)?;
        let call = api::transactions().data_container().set_envelope(
            container,
            name.into(),
            account,
            envelope.epoch.get(),
            sealed.key_version,
            sealed.envelope,
        );
        calls.push(Call::encode(at.client(), &call)?);
    }
    if calls.is_empty() {
        let words =
            format!("all your keys of c{container}/{name} are sealed to your newest key already");
        return Ok(Reply::new(
            json!({ "container": container, "dataSet": name, "sealed": 0 }),
            words,
        ));
    }
    let words = format!("c{container}/{name}: {} keys are sealed to your newest key", calls.len());
    let data = json!({ "container": container, "dataSet": name, "sealed": calls.len() });
    context.send(at, calls, |_| Ok(Reply::new(data, words))).await
}

/// Tries every available key on every sealed value that the chain stores of a data set, regardless
/// of who may read it according to the chain.
async fn try_all(context: &mut Context, path: &str) -> Result<Reply, Failure> {
    let (chain, at, container, name) = context.find_data_set(path).await?;
    let record = confidential::data_set(&at, container, &name).await?;
    let keys = context.keys().await?;
    let of = confidential::sealing_data_set(&chain, container, &name)?;
    let stored = reads::sealed_values(&at, container, &record).await?;
    // Opening also keeps the seeds, so that they stay available if access is taken away later.
    let opened = confidential::open(&chain, &at, &keys, container, &name).await?;
    let secrets = confidential::all_secrets(&keys, opened)?;
    let mut rows = Vec::new();
    for sealed in &stored {
        let opens = KeyVersion::new(sealed.epoch).is_some_and(|epoch| {
            let place = of.epoch(epoch);
            let author = sealing::Account(sealed.author.0);
            let opens = |secret| sealing::open_value(&place, secret, &author, &sealed.ciphertext);
            secrets.iter().any(|secret| opens(secret).is_ok())
        });
        rows.push((sealed.what.clone(), sealed.epoch, opens));
    }
    let opened = rows.iter().filter(|(.., opens)| *opens).count();
    let data = json!({
        "container": container,
        "dataSet": name,
        "keysTried": secrets.len(),
        "opened": opened,
        "closed": rows.len() - opened,
        "values": rows
            .iter()
            .map(|(what, epoch, opens)| json!({ "value": what, "epoch": epoch, "opens": opens }))
            .collect::<Vec<_>>(),
    });
    let words = |(what, epoch, opens): &(String, u32, bool)| {
        [what.clone(), epoch.to_string(), if *opens { "opens" } else { "closed" }.to_string()]
    };
    let none = format!("c{container}/{name} has no sealed values");
    let table =
        listing(rows.iter().map(words).collect(), ["value", "epoch", "with your keys"], &none);
    Ok(Reply::new(data, format!("{} keys tried\n{table}", secrets.len())))
}

fn reason_words(reason: &EndReason) -> &'static str {
    match reason {
        EndReason::ReadExpires => "its READ ends",
        EndReason::ReadTaken => "READ was taken from it",
        EndReason::OwnerChanged => "it was the owner",
        EndReason::OfferEnded => "the offer to it ended",
        EndReason::KeyLeaked => "its key leaked",
        EndReason::ReaderLeft => "it left",
    }
}

async fn due(context: &mut Context, path: &str) -> Result<Reply, Failure> {
    let (_, at, container) = context.find_container(path).await?;
    reads::info(&at, container).await?;
    let due = reads::due_in(&at, container).await?;
    let (mut rows, mut data) = (Vec::new(), Vec::new());
    for rotation in &due {
        let name = shown(&rotation.data_set.0 .0);
        let (why, account, since) = match &rotation.end {
            None => ("it has no key yet", String::new(), String::new()),
            Some(end) => {
                (reason_words(&end.reason), end.account.to_string(), times::show(end.since))
            },
        };
        rows.push([name.clone(), why.into(), account.clone(), since]);
        let since = rotation.end.as_ref().map(|end| end.since);
        data.push(json!({ "dataSet": name, "why": why, "account": account, "since": since }));
    }
    let none = format!("no key of c{container} is due for rotation");
    let words = listing(rows, ["data set", "why", "account", "since"], &none);
    Ok(Reply::new(json!({ "container": container, "due": data }), words))
}

/// Pins the key of an account, or accepts the newest key of a data set as its owner's.
async fn accept(context: &mut Context, text: &str) -> Result<Reply, Failure> {
    match account::parse(text) {
        Ok(account) => accept_account(context, account).await,
        Err(_) if text.contains('/') => accept_epoch(context, text).await,
        Err(failure) => Err(failure),
    }
}

/// Asks whether the user compared a key. `--yes` confirms a key that is seen for the first time. A
/// changed key needs an answer on a terminal.
fn ask_compared(context: &Context, is_changed: bool) -> Result<(), Failure> {
    match is_changed {
        false => context.confirm(COMPARED),
        true if context.can_ask() => context.ask_person(COMPARED),
        true => Err(Failure::not_permitted("key-changed", "the key is not the known one")
            .fix("compare it, and answer on a terminal: --yes does not confirm this")),
    }
}

async fn accept_account(context: &mut Context, account: AccountId32) -> Result<Reply, Failure> {
    let (_, at) = context.at().await?;
    let found = on_chain(&at, &account).await?;
    let keys = context.keys().await?;
    let pinned = keys.keystore()?.pinned(&sealing::Account(account.0));
    show_change(&account, pinned.as_ref(), &found);
    let is_changed =
        pinned.is_some_and(|pin| (pin.version, pin.public) != (found.version, found.public));
    ask_compared(context, is_changed)?;
    pin(&keys, &found)?;
    let data = json!({
        "account": account.to_string(),
        "version": found.version.get(),
        "fingerprint": fingerprint(&found.public),
    });
    let done = if context.options.dry_run { "would pin" } else { "pinned" };
    Ok(Reply::new(data, format!("{done} version {} of {account}", found.version)))
}

/// Accepts the newest key of a data set as its owner's: one that is not linked to the keys in the
/// keystore.
async fn accept_epoch(context: &mut Context, path: &str) -> Result<Reply, Failure> {
    let (chain, at, container, name) = context.find_data_set(path).await?;
    let record = confidential::data_set(&at, container, &name).await?;
    let keys = context.keys().await?;
    let newest = confidential::newest_public(&at, (container, &name, &record)).await?;
    let (epoch, public) =
        newest.ok_or_else(|| Failure::not_found(format!("c{container}/{name} has no key yet")))?;
    let of = confidential::sealing_data_set(&chain, container, &name)?;
    let known = confidential::known_epochs(&of, &keys, &*keys.keystore()?);
    note(&format!("epoch {epoch} of c{container}/{name}: {}", fingerprint(&public)));
    // Compare the number too: a node could present a known key under another epoch.
    let is_other = !known.is_empty() && !known.contains(&(epoch, public));
    ask_compared(context, is_other)?;
    keys.accept_epoch(&of, epoch, public);
    let opened = confidential::open(&chain, &at, &keys, container, &name).await?;
    let is_kept = opened.keys.contains_key(&epoch);
    let words = match is_kept {
        true if context.options.dry_run => {
            format!("the keystore would keep epoch {epoch} of c{container}/{name}")
        },
        true => format!("the keystore keeps epoch {epoch} of c{container}/{name}"),
        false => format!("you cannot open epoch {epoch} of c{container}/{name}: nothing is kept"),
    };
    let data = json!({
        "container": container,
        "dataSet": name,
        "epoch": epoch.get(),
        "fingerprint": fingerprint(&public),
        "kept": is_kept,
    });
    Ok(Reply::new(data, words))
}

/// Asks whether the newest key of a data set is its owner's, if the failure is one that the user
/// can decide: the key is unproven, or the keystore has a newer key from a rotation that was never
/// executed. Otherwise, or without a terminal, fails with `failure`.
pub async fn ask_about_epoch(
    context: &Context,
    chain: &Chain,
    at: &At,
    keys: &Keys,
    of: (u64, &str, &DataSet),
    failure: Failure,
) -> Result<(), Failure> {
    let is_for_a_person = [confidential::UNPROVEN, confidential::FALSE_EPOCH];
    if !(is_for_a_person.contains(&failure.code.as_str()) && context.can_ask()) {
        return Err(failure);
    }
    let (container, name, _) = of;
    let Some((epoch, public)) = confidential::newest_public(at, of).await? else {
        return Err(failure);
    };
    note(&format!("{}\nthe fingerprint is {}", failure.message, fingerprint(&public)));
    context.ask_person("Did you compare the fingerprint with the owner?")?;
    let of = confidential::sealing_data_set(chain, container, name)?;
    keys.accept_epoch(&of, epoch, public);
    Ok(())
}

/// Merges another keystore into this one.
async fn merge(
    context: &mut Context,
    path: &Path,
    password_file: Option<&Path>,
) -> Result<Reply, Failure> {
    context.refuse_dry_run()?;
    let keys = context.keys().await?;
    std::fs::metadata(path).map_err(|error| files::failed(path, &error))?;
    let prompt = format!("Password of {}: ", path.display());
    let password = password_from(password_file, &prompt, false)?;
    let mut other = file::read(path, &password)?;
    other.bind(GenesisHash(context.chain().await?.genesis().0))?;
    ask_about_merge(context, &*keys.keystore()?, &other)?;
    let (conflicts, seeds) = keys.update(|keystore| {
        let before = keystore.seed_count();
        Ok((keystore.merge(&other)?, keystore.seed_count() - before))
    })?;
    let list: Vec<_> =
        conflicts.iter().map(|conflict| AccountId32(conflict.account.0).to_string()).collect();
    let mut words = format!("merged: {seeds} new seeds");
    for account in &list {
        words.push_str(&format!(
            "\nwarning: the two keystores have different keys of {account}; this one's is kept"
        ));
    }
    Ok(Reply::new(json!({ "newSeeds": seeds, "pinConflicts": list }), words))
}

/// Shows the keys and pins that a merge would add, besides seeds, and asks the user to confirm.
fn ask_about_merge(context: &Context, own: &Keystore, other: &Keystore) -> Result<(), Failure> {
    let mut new = Vec::new();
    for (version, public) in other.own_keys().filter(|(_, key)| own.secret_of(key).is_none()) {
        new.push(format!("a key of your account, version {version}: {}", fingerprint(&public)));
    }
    for (account, pin) in other.pins().filter(|(account, _)| own.pinned(account).is_none()) {
        let (account, print) = (AccountId32(account.0), fingerprint(&pin.public));
        new.push(format!("the key of {account}, version {}: {print}", pin.version));
    }
    for account in other.signer_accounts().filter(|account| own.signer(account).is_none()) {
        new.push(format!("a phrase that signs for {}", AccountId32(account.0)));
    }
    if new.is_empty() {
        return Ok(());
    }
    note(&format!("the other keystore adds\n  {}", new.join("\n  ")));
    context.confirm("Did you create that file yourself?")
}

/// Writes a copy of the keystore with another password.
async fn export(
    context: &mut Context,
    path: &Path,
    containers: &[String],
    password_file: Option<&Path>,
    no_keys: bool,
) -> Result<Reply, Failure> {
    context.refuse_dry_run()?;
    let mut chosen = BTreeSet::new();
    for text in containers {
        let (_, _, container) = context.find_container(text).await?;
        chosen.insert(container);
    }
    let parts = Export {
        containers: (!chosen.is_empty()).then_some(chosen),
        keys: !no_keys,
        signers: false,
    };
    let keys = context.keys().await?;
    let copy = keys.keystore()?.export(&parts);
    if path.exists() {
        return Err(Failure::usage(format!("the file {} already exists", path.display())));
    }
    let prompt = format!("New password of {}: ", path.display());
    let password = password_from(password_file, &prompt, true)?;
    let writing = twinchain_client::keys::writing();
    file::create(path, &copy, &password, DEFAULT_COST)?;
    drop(writing);
    let words = format!(
        "{}: {} seeds, {}",
        path.display(),
        copy.seed_count(),
        versions_words(&copy.versions())
    );
    Ok(Reply::new(json!({ "file": path.display().to_string(), "seeds": copy.seed_count() }), words))
}

/// Keeps the signing phrase in the keystore.
async fn keep_phrase(context: &mut Context) -> Result<Reply, Failure> {
    context.refuse_dry_run()?;
    let keys = context.keys().await?;
    keys.keystore()?;
    let uri = ask("Phrase of the signing account: ")?;
    let account = signer::Signer::from_uri(&uri)?.account();
    keys.update(|keystore| Ok(keystore.add_signer(sealing::Account(account.0), uri)?))?;
    Ok(Reply::new(
        json!({ "account": account.to_string() }),
        format!("the keystore now signs for {account}, with --account {account}"),
    ))
}
