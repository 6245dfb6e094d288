// SPDX-License-Identifier: Apache-2.0

//! The holders of an account's secret keys: devices, colleagues and recovery keys.

use crate::{
    cli::Devices,
    context::{password_from, Context},
    output::{note, Reply},
    words::{fingerprint, listing, versions_words},
};
use serde_json::json;
use std::{collections::BTreeSet, path::Path};
use twinchain_client::{
    account,
    api::{
        self,
        runtime_types::pallet_data_container::types::{
            arguments::{HolderEnvelope, NamedHolder},
            keys::KeyHolder,
        },
    },
    chain::At,
    confidential, files,
    keys::Keys,
    reads,
    submit::Call,
    AccountId32, Chain, Failure, Kind,
};
use twinchain_sealing::{
    self as sealing,
    keystore::{file, Keystore},
    GenesisHash, Holder, HolderKey, KeySource, KeyVersion, OwnKey, PublicKey, Reader, SecretKey,
};
use zeroize::Zeroizing;

/// The maximum number of versions of an account's key that are read.
const MAX_VERSIONS: u32 = 1_000;

pub async fn run(context: &mut Context, action: Option<Devices>) -> Result<Reply, Failure> {
    match action {
        None => list(context).await,
        Some(Devices::This) => this(context).await,
        Some(Devices::Add { holder }) => add(context, &holder).await,
        Some(Devices::Remove { holder }) => remove(context, &holder).await,
    }
}

/// Lists the holders of the account's keys, for all versions.
async fn list(context: &mut Context) -> Result<Reply, Failure> {
    let (_, at) = context.at().await?;
    let account = context.account()?;
    let Some(newest) = confidential::encryption_key(&at, &account).await? else {
        return Ok(Reply::new(
            json!({ "holders": [] }),
            format!("{account} has no encryption key"),
        ));
    };
    let (mut rows, mut data) = (Vec::new(), Vec::new());
    for of in versions(&at, &account).await? {
        let version = of.version.get();
        for (holder, _) in reads::account_envelopes(&at, &account, version).await? {
            let (kind, name, key) = match &holder {
                KeyHolder::Account(account, key) => {
                    ("account", account.to_string(), key.to_string())
                },
                KeyHolder::Key(public) => {
                    ("key", format!("0x{}", hex::encode(&public.0)), "".into())
                },
            };
            data.push(json!({ "version": version, "kind": kind, "holder": name }));
            rows.push([version.to_string(), kind.to_string(), name, key]);
        }
    }
    let none = format!("no one else holds the keys of {account}");
    let words = listing(rows, ["version", "kind", "holder", "its key"], &none);
    Ok(Reply::new(json!({ "version": newest.version.get(), "holders": data }), words))
}

/// Creates this device's key if it does not exist, and shows its public half.
async fn this(context: &mut Context) -> Result<Reply, Failure> {
    context.refuse_dry_run()?;
    let keys = context.keys().await?;
    keys.create()?;
    let public = keys.update(|keystore| Ok(keystore.prepare_device_key()?))?;
    let words = format!(
        "{public}\nOn a device that has the account's keys, run: twin key devices add {public}\n\
         Then run here: twin key recover"
    );
    Ok(Reply::new(json!({ "public": public.to_string() }), words))
}

/// A holder as named on the command line.
enum Named {
    Account(AccountId32),
    Key(PublicKey),
}

impl Named {
    fn parse(text: &str) -> Result<Self, Failure> {
        let Some(digits) = text.strip_prefix("0x") else {
            return Ok(Self::Account(account::parse(text)?));
        };
        let mut bytes = [0; 32];
        match hex::decode_to_slice(digits, &mut bytes) {
            Ok(()) => Ok(Self::Key(PublicKey(bytes))),
            Err(_) => Err(Failure::usage(format!("{text} is not a public key"))
                .fix("write 64 digits after 0x, as twin key devices this prints them")),
        }
    }

    fn is(&self, holder: &KeyHolder<AccountId32>) -> bool {
        match (self, holder) {
            (Self::Account(named), KeyHolder::Account(account, _)) => named == account,
            (Self::Key(named), KeyHolder::Key(public)) => public.0.as_slice() == named.0,
            _ => false,
        }
    }
}

/// Returns the versions of the account's key on the chain, with the public keys. An account changes
/// its key at most once in half an hour, so more than [`MAX_VERSIONS`] are not plausible.
pub async fn versions(at: &At, account: &AccountId32) -> Result<Vec<Reader>, Failure> {
    let newest = confidential::encryption_key(at, account).await?;
    let newest = newest
        .ok_or_else(|| Failure::not_found(format!("{account} has no encryption key")))?
        .version;
    if newest.get() > MAX_VERSIONS {
        let message = format!("the node claims that {account} has had {newest} keys");
        return Err(Failure::new(Kind::VerificationFailed, "too-many-versions", message)
            .fix("use another node"));
    }
    let mut all = Vec::new();
    for number in 1..=newest.get() {
        let Some(version) = KeyVersion::new(number) else { continue };
        all.extend(reads::version_of(at, account, version).await?);
    }
    Ok(all)
}

/// Returns the call that stores an envelope of a version of the account's key for a holder.
pub fn held_by(chain: &Chain, at: &At, own: &OwnKey, holder: &Holder) -> Result<Call, Failure> {
    let genesis = GenesisHash(chain.genesis().0);
    let envelope = sealing::seal_account_envelope(genesis, own, holder)?.to_vec();
    let envelope = match holder {
        Holder::Account(reader) => HolderEnvelope::Account {
            account: AccountId32(reader.account.0),
            key_version: reader.version.get(),
            envelope,
        },
        Holder::Key(public) => HolderEnvelope::Key { public: public.0.to_vec(), envelope },
    };
    let call = api::transactions().data_container();
    Call::encode(at.client(), &call.set_account_envelopes(own.version.get(), vec![envelope]))
}

/// Seals every version of the account's key in the keystore for a holder.
async fn add(context: &mut Context, holder: &str) -> Result<Reply, Failure> {
    let named = Named::parse(holder)?;
    let (chain, at) = context.at().await?;
    let account = context.account()?;
    let keys = context.keys().await?;
    let to = match &named {
        Named::Account(holder) if *holder == account => {
            return Err(Failure::usage("an account already holds its own key"))
        },
        // The holder can read everything, so the key that the chain names is not enough.
        Named::Account(holder) => match confidential::known_reader(&at, &keys, holder).await? {
            Ok(reader) => Holder::Account(reader),
            Err(why) => {
                return Err(Failure::not_permitted("unknown-key", format!("{holder}: {why}"))
                    .fix(format!("compare the fingerprint: twin key accept {holder}")))
            },
        },
        Named::Key(public) => {
            let account = AccountId32(public.0);
            if confidential::encryption_key(&at, &account).await?.is_some() {
                return Err(Failure::usage(format!("{public} is an account, not a device"))
                    .fix(format!("name it as an account: {account}")));
            }
            Holder::Key(*public)
        },
    };
    let (mut calls, mut given, mut prints) = (Vec::new(), Vec::new(), Vec::new());
    let mut keystore = Keystore::clone(&*keys.keystore()?);
    for of in versions(&at, &account).await? {
        let Some(own) = keystore.key_of(of.version, &of.public) else { continue };
        calls.push(held_by(&chain, &at, &own, &to)?);
        given.push(of.version.get());
        prints.push(fingerprint(&of.public));
    }
    if calls.is_empty() {
        return Err(Failure::not_permitted(
            "missing-key",
            format!("the keystore has none of the keys of {account} on the chain"),
        ));
    }
    let kind = match &named {
        Named::Account(_) => "the account",
        Named::Key(_) => "the device",
    };
    note(&format!("{kind} {holder} will be able to read everything that {account} reads"));
    context.confirm("Let it hold the account's keys?")?;
    let words = format!(
        "{holder} holds {} of {account}, with the fingerprints\n  {}",
        versions_words(&given),
        prints.join("\n  ")
    );
    let data = json!({ "holder": holder, "versions": given, "fingerprints": prints });
    context.send(&at, calls, |_| Ok(Reply::new(data, words))).await
}

/// Removes the envelopes of a holder.
async fn remove(context: &mut Context, holder: &str) -> Result<Reply, Failure> {
    let named = Named::parse(holder)?;
    let (_, at) = context.at().await?;
    let account = context.account()?;
    let (mut calls, mut removed) = (Vec::new(), Vec::new());
    for of in versions(&at, &account).await? {
        let holders = reads::account_envelopes(&at, &account, of.version.get()).await?;
        if !holders.iter().any(|(holder, _)| named.is(holder)) {
            continue;
        }
        let holder = match &named {
            Named::Account(account) => NamedHolder::Account(*account),
            Named::Key(public) => NamedHolder::Key(public.0.to_vec()),
        };
        let call = api::transactions().data_container();
        let call = call.remove_account_envelope(of.version.get(), holder);
        calls.push(Call::encode(at.client(), &call)?);
        removed.push(of.version.get());
    }
    if calls.is_empty() {
        return Err(Failure::not_found(format!("{holder} holds no key of {account}"))
            .fix("twin key devices lists the holders"));
    }
    let words = format!(
        "{holder} is removed from {}. It keeps the keys that it opened. To keep new data from it: \
         twin key new --leaked",
        versions_words(&removed)
    );
    let data = json!({ "holder": holder, "versions": removed });
    context.send(&at, calls, |_| Ok(Reply::new(data, words))).await
}

/// The source of the keys to recover.
pub struct Source<'a> {
    /// A file with a recovery key. If `None`, this device's key is used.
    pub file: Option<&'a Path>,
    /// The keystore of another account.
    pub colleague: Option<&'a Path>,
    /// The file with the password of that keystore.
    pub password_file: Option<&'a Path>,
}

/// A secret that opens account envelopes.
enum Opener {
    /// A recovery key with the public key that it is meant to open, or this device's key.
    Key(SecretKey, Option<PublicKey>),
    /// The keystore of another account.
    Colleague(Keystore),
}

impl Opener {
    fn read(keys: &Keys, source: &Source<'_>) -> Result<Self, Failure> {
        if let Some(path) = source.file {
            let text = std::fs::read_to_string(path).map_err(|error| files::failed(path, &error));
            let text = Zeroizing::new(text?);
            let mut lines = text.lines();
            let secret = SecretKey::from_hex(lines.next().unwrap_or_default().trim())?;
            let opens = lines.find_map(|line| line.strip_prefix("opens 0x"));
            let mut public = [0; 32];
            let public = opens
                .filter(|digits| hex::decode_to_slice(digits.trim(), &mut public).is_ok())
                .map(|_| PublicKey(public));
            return Ok(Self::Key(secret, public));
        }
        if let Some(path) = source.colleague {
            std::fs::metadata(path).map_err(|error| files::failed(path, &error))?;
            let prompt = format!("Password of {}: ", path.display());
            let password = password_from(source.password_file, &prompt, false)?;
            return Ok(Self::Colleague(file::read(path, &password)?));
        }
        let device = keys.keystore()?.device_key().cloned();
        let device = device.ok_or_else(|| {
            Failure::not_permitted("no-device-key", "the keystore has no device key")
                .fix("create one: twin key devices this; or name a file with a recovery key")
        })?;
        Ok(Self::Key(device, None))
    }

    /// Returns the keys that may open the envelope of a holder.
    fn keys_for(&self, holder: &KeyHolder<AccountId32>) -> Vec<HolderKey> {
        match (self, holder) {
            (Self::Key(secret, _), KeyHolder::Key(public))
                if public.0.as_slice() == secret.public().0 =>
            {
                vec![HolderKey::Key(secret.clone())]
            },
            (Self::Colleague(keystore), KeyHolder::Account(account, version))
                if keystore.account().0 == account.0 =>
            {
                let keys = KeyVersion::new(*version).map(|version| {
                    let own = |own| HolderKey::Account(sealing::OwnKey { version, ..own });
                    keystore.candidates(version).into_iter().map(own).collect()
                });
                keys.unwrap_or_default()
            },
            _ => Vec::new(),
        }
    }
}

/// Restores the account's keys from account envelopes.
///
/// Envelopes are not signed: a node could seal a key of its own for this device and present it as
/// the account's. So a key is kept only if the recovery file names it, if its fingerprint is
/// expected, or if the user confirms that it was compared.
pub async fn recover(
    context: &mut Context,
    source: Source<'_>,
    expected: &[String],
) -> Result<Reply, Failure> {
    let (chain, at) = context.at().await?;
    let account = context.account()?;
    let keys = context.keys().await?;
    let opener = Opener::read(&keys, &source)?;
    let genesis = GenesisHash(chain.genesis().0);
    let (mut opened, mut failures) = (Vec::new(), Vec::new());
    for of in versions(&at, &account).await? {
        let version = of.version;
        for (holder, sealed) in reads::account_envelopes(&at, &account, version.get()).await? {
            for own in opener.keys_for(&holder) {
                match sealing::open_account_envelope(genesis, &of, &own, &sealed) {
                    Ok(key) => opened.push((of.public, key)),
                    Err(error) => failures.push(format!("version {version}: {error}")),
                }
            }
        }
    }
    opened.dedup_by_key(|(public, _)| *public);
    if opened.is_empty() {
        let mut message = format!("no account envelope of {account} opens with this key");
        if !failures.is_empty() {
            message = format!("{message}: {}", failures.join("; "));
        }
        return Err(Failure::new(Kind::NotPermitted, "no-envelope", message));
    }
    let is_named =
        |public: &PublicKey| matches!(&opener, Opener::Key(_, Some(own)) if own == public);
    let plain = |text: &str| text.replace([' ', ':'], "").to_lowercase();
    let is_expected = |public: &PublicKey| {
        let print = plain(&fingerprint(public));
        expected.iter().any(|text| plain(text) == print)
    };
    let held = match keys.exist() {
        true => Some(keys.keystore()?),
        false => None,
    };
    let (mut restored, mut rows) = (BTreeSet::new(), Vec::new());
    for (public, key) in opened {
        let is_held = held.as_ref().is_some_and(|held| held.secret_of(&public).is_some());
        let (version, print) = (key.version, fingerprint(&public));
        if !(is_held || is_named(&public) || is_expected(&public)) {
            note(&format!("key {version} of {account} has the fingerprint {print}"));
            if !expected.is_empty() || !context.can_ask() {
                let message = format!("key {version} is not confirmed as the account's own");
                return Err(Failure::not_permitted("unconfirmed-key", message).fix(format!(
                    "compare {print} with the fingerprint on another machine, and add --expect \
                     FINGERPRINT"
                )));
            }
            context.ask_person("Is this the fingerprint that the other machine shows?")?;
        }
        keys.create()?;
        keys.update(|keystore| Ok(keystore.restore(key)?))?;
        restored.insert(version.get());
        rows.push(print);
    }
    let list: Vec<_> = restored.iter().copied().collect();
    Ok(Reply::new(
        json!({
            "account": account.to_string(),
            "restored": restored,
            "fingerprints": rows,
        }),
        format!("restored {} of {account}\n  {}", versions_words(&list), rows.join("\n  ")),
    ))
}
