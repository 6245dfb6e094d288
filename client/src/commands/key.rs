// SPDX-License-Identifier: Apache-2.0

//! Encryption keys: an account's own, those of data sets, and the keystore.

use crate::{
    cli::Key,
    context::{ask, shown, Context},
    output::{note, Reply},
    times,
};
use serde_json::{json, Value};
use std::{collections::BTreeSet, fs::OpenOptions, io::Write, path::Path};
use twinchain_client::{
    account,
    api::{
        self,
        runtime_types::pallet_data_container::{
            answers::DueRotation,
            types::{
                arguments::HolderEnvelope,
                keys::{EndReason, KeyHolder},
            },
        },
    },
    chain::At,
    confidential::{self, DataSet},
    keys::Keys,
    signer,
    submit::Call,
    AccountId32, Chain, Failure, Kind,
};
use twinchain_sealing::{
    self as sealing,
    keystore::{file, Export, Keystore, Password, DEFAULT_COST},
    GenesisHash, Holder, HolderKey, KeyVersion, Place, PublicKey, Reader, SecretKey, SUITE,
};
use zeroize::Zeroizing;

/// The most envelopes that one call brings.
const MAX_ENVELOPES: usize = 64;

pub async fn run(context: &mut Context, command: Key) -> Result<Reply, Failure> {
    match command {
        Key::New { leaked, no_recovery, recovery_file } => {
            new(context, leaked, no_recovery, recovery_file.as_deref()).await
        },
        Key::Show { account } => show(context, account).await,
        Key::Rotate { path, cut } => rotate(context, &path, cut).await,
        Key::Due { path } => due(context, &path).await,
        Key::Recover { file } => recover(context, &file).await,
        Key::Devices => devices(context).await,
        Key::Accept { account } => accept(context, &account).await,
        Key::Merge { file } => merge(context, &file).await,
        Key::Export { file, container, no_keys } => {
            export(context, &file, &container, no_keys).await
        },
        Key::KeepPhrase => keep_phrase(context).await,
    }
}

/// A fingerprint of a key, for reading aloud.
fn fingerprint(public: &PublicKey) -> String {
    let digits = hex::encode(public.0);
    let groups: Vec<_> = digits.as_bytes().chunks(4).take(8).map(String::from_utf8_lossy).collect();
    groups.join(" ")
}

/// Makes a key, saves it, and sends its public half, with an envelope for a recovery key.
async fn new(
    context: &mut Context,
    leaked: bool,
    no_recovery: bool,
    recovery_file: Option<&Path>,
) -> Result<Reply, Failure> {
    let (chain, at) = context.at().await?;
    let account = context.account()?;
    let keys = context.keys().await?;
    keys.create()?;
    let on_chain = confidential::encryption_key(&at, &account).await?;
    let replaces = on_chain.map_or(0, |key| key.version.get());
    if leaked && replaces == 0 {
        return Err(Failure::usage("this is the first key: none before it could have leaked"));
    }
    let version =
        KeyVersion::new(replaces + 1).ok_or_else(|| Failure::other("no more versions"))?;
    let reader = keys.update(|keystore| Ok(keystore.prepare_key(version)?))?;
    let calls = api::transactions().data_container();
    let set = calls.set_encryption_key(SUITE, reader.public.0.to_vec(), replaces, leaked);
    let mut batch = vec![Call::encode(at.client(), &set)?];
    let recovery = match no_recovery {
        true => None,
        false => Some(SecretKey::generate()?),
    };
    if let Some(recovery) = &recovery {
        let own = keys.update(|keystore| {
            keystore
                .key_of(version, &reader.public)
                .ok_or_else(|| Failure::other("the key is gone"))
        })?;
        let holder = Holder::Key(recovery.public());
        let genesis = GenesisHash(chain.genesis().0);
        let envelope = HolderEnvelope::Key {
            public: recovery.public().0.to_vec(),
            envelope: sealing::seal_account_envelope(genesis, &own, &holder)?.to_vec(),
        };
        batch.push(Call::encode(
            at.client(),
            &calls.set_account_envelopes(version.get(), vec![envelope]),
        )?);
    }
    let is_sent = !context.options.dry_run && !context.options.print_call;
    if let (Some(recovery), true) = (&recovery, is_sent) {
        // It is safe before the chain seals to it.
        keep_recovery(context, recovery, recovery_file)?;
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

/// Writes the recovery key into a new file, or shows it on the terminal, once.
fn keep_recovery(
    context: &Context,
    recovery: &SecretKey,
    path: Option<&Path>,
) -> Result<(), Failure> {
    let text = recovery.expose_hex();
    let Some(path) = path else {
        use std::io::IsTerminal;
        if !std::io::stderr().is_terminal() {
            return Err(Failure::usage(
                "the recovery key is shown on a terminal, and there is none",
            )
            .fix("add --recovery-file FILE, or --no-recovery"));
        }
        note(
            context_options(context),
            "Write this recovery key down, and keep it apart from this machine.",
        );
        note(context_options(context), "It opens what you can read, should the keystore be lost:");
        anstream::eprintln!("\n  {}\n", text.as_str());
        return context.confirm("Did you write it down?");
    };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let write = || {
        let mut file = options.open(path)?;
        file.write_all(text.as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()
    };
    write().map_err(|error| signer::file(path, &error))
}

fn context_options(context: &Context) -> &crate::cli::Options {
    &context.options
}

async fn show(context: &mut Context, of: Option<String>) -> Result<Reply, Failure> {
    let (_, at) = context.at().await?;
    let own = context.account();
    let account = match &of {
        Some(text) => account::parse(text)?,
        None => own?,
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
                "\nkeystore {}\n  keys of versions {versions:?}, {} seeds, {} pinned accounts",
                keys.path().display(),
                keystore.seed_count(),
                keystore.pins().count()
            ));
            let mut copy = Keystore::clone(&keystore);
            data["keystore"] = json!({ "versions": versions, "seeds": copy.seed_count() });
            if let Some(key) = &on_chain {
                copy.check(key)?;
            }
        } else {
            words.push_str("\nthere is no keystore: twin key new makes one");
        }
    }
    Ok(Reply::new(data, words))
}

/// Makes the first rotation of a data set, which is always a cut.
pub async fn first_rotation(
    chain: &Chain,
    at: &At,
    keys: &Keys,
    container: u64,
    name: &str,
) -> Result<(Call, Place, PublicKey), Failure> {
    let of = confidential::sealing_data_set(chain, container, name)?;
    let account = AccountId32(keys.account().0);
    let owner = confidential::reader(at, keys, &account).await?;
    let rotation = confidential::rotate(keys, &of, None, 0, &owner, &[])?;
    let public = rotation.public.as_slice().try_into().map(PublicKey);
    let public = public.map_err(|_| Failure::other("a key has 32 bytes"))?;
    let call = rotation_call(at, container, name, rotation)?;
    let first = KeyVersion::MIN;
    Ok((call, of.epoch(first), public))
}

fn rotation_call(
    at: &At,
    container: u64,
    name: &str,
    rotation: confidential::Rotation,
) -> Result<Call, Failure> {
    let call = api::transactions().data_container().rotate_key(
        container,
        name.into(),
        rotation.expected_epoch,
        SUITE,
        rotation.public,
        rotation.previous,
        rotation.key_version,
        rotation.envelope,
        rotation.envelopes,
    );
    Call::encode(at.client(), &call)
}

/// Makes the calls that rotate a data set's key for its owner and these readers: those that the call
/// has no room for follow in others.
#[allow(clippy::too_many_arguments, reason = "each is another thing")]
pub async fn rotation(
    chain: &Chain,
    at: &At,
    keys: &Keys,
    container: u64,
    name: &str,
    record: &DataSet,
    cut: bool,
    readers: &[AccountId32],
) -> Result<Vec<Call>, Failure> {
    let of = confidential::sealing_data_set(chain, container, name)?;
    let account = AccountId32(keys.account().0);
    let owner = confidential::reader(at, keys, &account).await?;
    let mut known = Vec::new();
    for reader in readers.iter().filter(|reader| **reader != account) {
        known.push(confidential::reader(at, keys, reader).await?);
    }
    let expected = record.key.as_ref().map_or(0, |key| key.epoch);
    let before = match cut || expected == 0 {
        true => None,
        false => confidential::newest(chain, at, keys, container, name, record).await?,
    };
    let (first, rest) = known.split_at(known.len().min(MAX_ENVELOPES));
    let rotation = confidential::rotate(keys, &of, before.as_ref(), expected, &owner, first)?;
    let public: PublicKey = PublicKey(rotation.public.as_slice().try_into().unwrap_or([0; 32]));
    let mut calls = vec![rotation_call(at, container, name, rotation)?];
    if !rest.is_empty() {
        let epoch =
            KeyVersion::new(expected + 1).ok_or_else(|| Failure::other("no more epochs"))?;
        let seed = sealing::KeySource::seed(&*keys.keystore()?, &public)
            .ok_or_else(|| Failure::other("the seed is gone"))?;
        calls.extend(envelopes(at, &of, epoch, &seed, rest)?);
    }
    Ok(calls)
}

/// Makes the calls that give readers a seed, 64 in each.
pub fn envelopes(
    at: &At,
    of: &sealing::DataSet,
    epoch: KeyVersion,
    seed: &sealing::Seed,
    readers: &[Reader],
) -> Result<Vec<Call>, Failure> {
    use api::runtime_types::pallet_data_container::types::arguments::ReaderEnvelope;
    let place = of.epoch(epoch);
    let envelope = |reader: &Reader| -> Result<_, Failure> {
        Ok(ReaderEnvelope {
            reader: AccountId32(reader.account.0),
            key_version: reader.version.get(),
            envelope: sealing::seal_envelope(&place, reader, seed)?.to_vec(),
        })
    };
    readers
        .chunks(MAX_ENVELOPES)
        .map(|page| {
            let list = page.iter().map(envelope).collect::<Result<_, _>>()?;
            let name = of.name.as_bytes().to_vec();
            let call = api::transactions().data_container();
            Call::encode(at.client(), &call.set_envelopes(of.container, name, epoch.get(), list))
        })
        .collect()
}

async fn due_in(at: &At, container: u64) -> Result<Vec<DueRotation<AccountId32>>, Failure> {
    Chain::pages(|after| {
        let call = api::runtime_apis().data_container_api();
        at.call(call.rotations_due(container, None, after))
    })
    .await
}

async fn rotate(context: &mut Context, path: &str, cut: bool) -> Result<Reply, Failure> {
    use twinchain_client::names::Place as Named;
    let (chain, at, place) = context.find(path).await?;
    let (container, names) = match place {
        Named::DataSet { container, data_set } => (container, vec![data_set]),
        Named::Container(container) => {
            let due = due_in(&at, container).await?;
            let names =
                due.into_iter().map(|due| String::from_utf8_lossy(&due.data_set.0 .0).into_owned());
            (container, names.collect())
        },
        _ => return Err(Failure::usage(format!("{path} is not a data set or container"))),
    };
    if names.is_empty() {
        let words = format!("no key of c{container} is due for rotation");
        return Ok(Reply::new(json!({ "container": container, "rotated": [] }), words));
    }
    let mut calls = Vec::new();
    for name in &names {
        let record = confidential::data_set(&at, container, name).await?;
        let keys = context.keys().await?;
        let readers = super::rights::readers_of(&at, container, name).await?;
        let readers: Vec<_> = readers.into_iter().map(|reader| reader.account).collect();
        calls.extend(rotation(&chain, &at, &keys, container, name, &record, cut, &readers).await?);
    }
    let words = format!("c{container}: rotated {}", names.join(", "));
    let data = json!({ "container": container, "rotated": names });
    context.send(&at, calls, |_| Ok(Reply::new(data, words))).await
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
    let due = due_in(&at, container).await?;
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
    let words = super::twins::listing(rows, ["data set", "why", "account", "since"], &none);
    Ok(Reply::new(json!({ "container": container, "due": data }), words))
}

async fn account_envelopes(
    at: &At,
    account: &AccountId32,
    version: u32,
) -> Result<Vec<(KeyHolder<AccountId32>, Vec<u8>)>, Failure> {
    let call = api::runtime_apis().data_container_api();
    let found = at.call(call.account_envelopes(account.clone(), version)).await?;
    Ok(found.into_iter().map(|of| (of.holder, of.sealed.0)).collect())
}

/// Restores the account's key from an account envelope.
async fn recover(context: &mut Context, path: &Path) -> Result<Reply, Failure> {
    let text =
        Zeroizing::new(std::fs::read_to_string(path).map_err(|error| signer::file(path, &error))?);
    let secret = SecretKey::from_hex(text.trim())?;
    let public = secret.public();
    let (chain, at) = context.at().await?;
    let account = context.account()?;
    let newest = confidential::encryption_key(&at, &account)
        .await?
        .ok_or_else(|| Failure::not_found(format!("{account} has no encryption key to recover")))?;
    let mut restored = Vec::new();
    let keys = context.keys().await?;
    for number in 1..=newest.version.get() {
        let Some(version) = KeyVersion::new(number) else { continue };
        let known = version_of(&at, &account, version).await?;
        let Some(of) = known else { continue };
        for (holder, sealed) in account_envelopes(&at, &account, number).await? {
            let own = HolderKey::Key(secret.clone());
            let is_it = matches!(&holder, KeyHolder::Key(key) if key.0.as_slice() == public.0);
            if !is_it {
                continue;
            }
            let genesis = GenesisHash(chain.genesis().0);
            let key = sealing::open_account_envelope(genesis, &of, &own, &sealed)?;
            keys.create()?;
            keys.update(|keystore| Ok(keystore.restore(key)?))?;
            restored.push(number);
        }
    }
    match restored.is_empty() {
        true => Err(Failure::new(
            Kind::NotPermitted,
            "no-envelope",
            format!("no account envelope of {account} is for this recovery key"),
        )),
        false => Ok(Reply::new(
            json!({ "account": account.to_string(), "restored": restored }),
            format!("restored the key of versions {restored:?} of {account}"),
        )),
    }
}

/// A version of an account's key, as the chain has it.
async fn version_of(
    at: &At,
    account: &AccountId32,
    version: KeyVersion,
) -> Result<Option<Reader>, Failure> {
    let address = api::storage().data_container().key_versions();
    let found = at.client().storage().try_fetch(address, (account.clone(), version.get())).await?;
    let Some(found) = found else { return Ok(None) };
    let public = found.decode()?.public.0.as_slice().try_into().ok().map(PublicKey);
    let account = sealing::Account(account.0);
    Ok(public.map(|public| Reader { account, version, public }))
}

/// Lists who holds the account's key.
async fn devices(context: &mut Context) -> Result<Reply, Failure> {
    let (_, at) = context.at().await?;
    let account = context.account()?;
    let Some(newest) = confidential::encryption_key(&at, &account).await? else {
        return Ok(Reply::new(
            json!({ "holders": [] }),
            format!("{account} has no encryption key"),
        ));
    };
    let holders = account_envelopes(&at, &account, newest.version.get()).await?;
    let row = |(holder, _): &(KeyHolder<AccountId32>, Vec<u8>)| match holder {
        KeyHolder::Account(account, version) => {
            ["account".to_string(), account.to_string(), format!("version {version}")]
        },
        KeyHolder::Key(public) => {
            ["key".to_string(), format!("0x{}", hex::encode(&public.0)), String::new()]
        },
    };
    let rows: Vec<_> = holders.iter().map(row).collect();
    let data: Vec<Value> =
        rows.iter().map(|[kind, holder, _]| json!({ "kind": kind, "holder": holder })).collect();
    let none = format!("no one else holds key {} of {account}", newest.version);
    let words = super::twins::listing(rows, ["kind", "holder", "its key"], &none);
    Ok(Reply::new(json!({ "version": newest.version.get(), "holders": data }), words))
}

/// Pins a changed key.
async fn accept(context: &mut Context, text: &str) -> Result<Reply, Failure> {
    let account = account::parse(text)?;
    let (_, at) = context.at().await?;
    let found = confidential::encryption_key(&at, &account)
        .await?
        .ok_or_else(|| Failure::not_found(format!("{account} has no encryption key")))?;
    let keys = context.keys().await?;
    let pinned = keys.keystore()?.pinned(&sealing::Account(account.0));
    let before = pinned.map_or("none".into(), |pin| {
        format!("version {}: {}", pin.version, fingerprint(&pin.public))
    });
    let now = format!("version {}: {}", found.version, fingerprint(&found.public));
    note(context_options(context), &format!("{account}\npinned  {before}\nnow     {now}"));
    context.confirm("Did you compare the fingerprint with that account, over another channel?")?;
    keys.update(|keystore| {
        keystore.accept(&found);
        Ok(())
    })?;
    let data = json!({ "account": account.to_string(), "version": found.version.get(), "fingerprint": fingerprint(&found.public) });
    Ok(Reply::new(data, format!("pinned version {} of {account}", found.version)))
}

/// Adds what another keystore holds.
async fn merge(context: &mut Context, path: &Path) -> Result<Reply, Failure> {
    let keys = context.keys().await?;
    let password = Password::new(&ask(&format!("Password of {}: ", path.display()))?)?;
    let mut other = file::read(path, &password)?;
    other.bind(GenesisHash(context.chain().await?.genesis().0))?;
    let (conflicts, seeds) = keys.update(|keystore| {
        let before = keystore.seed_count();
        Ok((keystore.merge(&other)?, keystore.seed_count() - before))
    })?;
    let list: Vec<_> =
        conflicts.iter().map(|conflict| AccountId32(conflict.account.0).to_string()).collect();
    let mut words = format!("merged: {seeds} new seeds");
    for account in &list {
        words.push_str(&format!(
            "\nwarning: both pinned another key of {account}; the one that was here stays"
        ));
    }
    Ok(Reply::new(json!({ "newSeeds": seeds, "pinConflicts": list }), words))
}

/// Writes a copy of the keystore with another password.
async fn export(
    context: &mut Context,
    path: &Path,
    containers: &[String],
    no_keys: bool,
) -> Result<Reply, Failure> {
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
    let (first, again) =
        (ask(&format!("New password of {}: ", path.display()))?, ask("The same again: ")?);
    if first != again {
        return Err(Failure::usage("the two passwords differ"));
    }
    file::create(path, &copy, &Password::new(&first)?, DEFAULT_COST)?;
    let words = format!(
        "{}: {} seeds, keys of versions {:?}",
        path.display(),
        copy.seed_count(),
        copy.versions()
    );
    Ok(Reply::new(json!({ "file": path.display().to_string(), "seeds": copy.seed_count() }), words))
}

/// Keeps the signing phrase in the keystore.
async fn keep_phrase(context: &mut Context) -> Result<Reply, Failure> {
    let keys = context.keys().await?;
    keys.keystore()?;
    let uri = ask("Phrase of the signing account: ")?;
    let account = signer::Signer::from_uri(&uri)?.account();
    keys.update(|keystore| Ok(keystore.add_signer(sealing::Account(account.0), uri)?))?;
    Ok(Reply::new(
        json!({ "account": account.to_string() }),
        format!("the keystore signs for {account}"),
    ))
}
