// SPDX-License-Identifier: Apache-2.0

//! The state that commands share: the profile, the connection, the signer, the keystore, and the
//! sending of calls.

use crate::{
    cli::{Options, WaitFor},
    interrupt,
    output::{Progress, Reply},
};
use serde::Deserialize;
use serde_json::{json, Value};
use std::{
    fs::File,
    io::{IsTerminal, Read},
    path::{Path, PathBuf},
    time::Duration,
};
use twinchain_client::{
    account,
    chain::{At, LOCAL},
    failure::{Failure, Kind},
    files,
    keys::Keys,
    names::{self, Place},
    signer::Signer,
    submit::{self, Call, Done, Step, Submission, Wait},
    AccountId32, Chain, H256,
};
use twinchain_sealing::{
    keystore::{file::read_password, Password},
    Account,
};
use zeroize::Zeroizing;

/// A profile of the configuration file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Profile {
    url: Option<String>,
    genesis: Option<String>,
    account: Option<String>,
    keystore: Option<PathBuf>,
}

/// The options, profile, connection, signer and keystore of a command.
pub struct Context {
    pub options: Options,
    profile: Profile,
    chain: Option<Chain>,
    signer: Option<Signer>,
    keys: Option<Keys>,
    /// `true` if a dry run has checked the rights of the acting account.
    pub are_rights_checked: bool,
}

impl Context {
    pub fn new(options: Options) -> Result<Self, Failure> {
        let profile = read_profile(&options)?;
        // A mistyped name fails even in a command that does not use it.
        options.dev.as_deref().map(Signer::developer).transpose()?;
        Ok(Self {
            options,
            profile,
            chain: None,
            signer: None,
            keys: None,
            are_rights_checked: false,
        })
    }

    /// Returns the connection. The first call connects.
    pub async fn chain(&mut self) -> Result<Chain, Failure> {
        if let Some(chain) = &self.chain {
            return Ok(chain.clone());
        }
        // An empty environment variable counts as unset.
        let given = self.options.url.as_ref().filter(|url| !url.is_empty());
        let url = given.or(self.profile.url.as_ref());
        let url = url.map_or(LOCAL, String::as_str);
        if !(url.starts_with("ws://") || url.starts_with("wss://")) {
            return Err(Failure::usage(format!("{url} is not the address of a node"))
                .fix("write ws://127.0.0.1:9944, or wss:// and a host"));
        }
        let given = self.options.genesis.as_ref().filter(|genesis| !genesis.is_empty());
        let genesis = given.or(self.profile.genesis.as_ref());
        let genesis = genesis.map(|text| parse_hash(text)).transpose()?;
        let chain = Chain::connect(url, genesis).await?;
        self.chain = Some(chain.clone());
        Ok(chain)
    }

    /// Returns the connection and the best block, so that reads include the user's latest writes.
    pub async fn at(&mut self) -> Result<(Chain, At), Failure> {
        let chain = self.chain().await?;
        let at = chain.at_best().await?;
        Ok((chain, at))
    }

    /// Parses and follows a path.
    pub async fn find(&mut self, path: &str) -> Result<(Chain, At, Place), Failure> {
        let path = names::Path::parse(path)?;
        let (chain, at) = self.at().await?;
        let place = names::find(&at, &path).await?;
        Ok((chain, at, place))
    }

    pub async fn find_container(&mut self, path: &str) -> Result<(Chain, At, u64), Failure> {
        let (chain, at, place) = self.find(path).await?;
        match place {
            Place::Container(container) => Ok((chain, at, container)),
            _ => Err(Failure::usage(format!("{path} is not a container"))
                .fix("write c7, or a path whose last link targets a container")),
        }
    }

    pub async fn find_twin(&mut self, path: &str) -> Result<(Chain, At, u64), Failure> {
        let (chain, at, place) = self.find(path).await?;
        match place {
            Place::Twin(twin) => Ok((chain, at, twin)),
            _ => Err(Failure::usage(format!("{path} is not a twin"))),
        }
    }

    pub async fn find_data_set(&mut self, path: &str) -> Result<(Chain, At, u64, String), Failure> {
        let (chain, at, place) = self.find(path).await?;
        match place {
            Place::DataSet { container, data_set } => Ok((chain, at, container, data_set)),
            _ => Err(Failure::usage(format!("{path} is not a data set"))
                .fix("write c7/manual, or 0/service/manual")),
        }
    }

    /// Returns the acting account: the one that `--as` names, or the signer's. Prompts if
    /// necessary.
    pub fn account(&mut self) -> Result<AccountId32, Failure> {
        self.account_of(std::io::stdin().is_terminal())
    }

    /// Returns the acting account for a command that only reads. Never prompts.
    pub fn named_account(&mut self) -> Result<AccountId32, Failure> {
        self.account_of(false)
    }

    fn account_of(&mut self, may_ask: bool) -> Result<AccountId32, Failure> {
        if let Some(text) = &self.options.as_account {
            return account::parse(text);
        }
        let options = &self.options;
        if options.dev.is_some() || options.key_file.is_some() || options.phrase_fd.is_some() {
            return Ok(self.signer()?.account());
        }
        match self.options.account.as_ref().or(self.profile.account.as_ref()) {
            Some(text) => account::parse(text),
            None if may_ask => Ok(self.signer()?.account()),
            None => Err(no_account()),
        }
    }

    /// Returns the signer. The first call may prompt for a secret.
    pub fn signer(&mut self) -> Result<Signer, Failure> {
        if let Some(signer) = &self.signer {
            return Ok(signer.clone());
        }
        let signer = self.find_signer()?;
        let named = self.options.account.as_deref().map(account::parse).transpose()?;
        if let Some(named) = named.filter(|named| *named != signer.account()) {
            return Err(Failure::usage(format!(
                "this key signs for {}, but --account names {named}",
                signer.account()
            ))
            .fix("use only one of them; to act for another account through a proxy, add --as"));
        }
        self.signer = Some(signer.clone());
        Ok(signer)
    }

    fn find_signer(&mut self) -> Result<Signer, Failure> {
        let options = &self.options;
        if let Some(name) = &options.dev {
            return Signer::developer(name);
        }
        if let Some(path) = &options.key_file {
            let prompt = format!("Password of {}: ", path.display());
            std::fs::metadata(path).map_err(|error| files::failed(path, &error))?;
            return Signer::from_polkadot_js(path, &ask(&prompt)?);
        }
        if let Some(descriptor) = options.phrase_fd {
            return Signer::from_uri(&read_descriptor(descriptor)?);
        }
        let account = options.account.as_ref().or(self.profile.account.as_ref());
        let account = account.map(|text| account::parse(text)).transpose()?;
        if let (Some(account), Some(chain)) = (&account, &self.chain) {
            let keys = match &self.keys {
                Some(keys) if keys.account() == Account(account.0) => keys.clone(),
                _ => self.keys_of(account, chain.genesis())?,
            };
            if keys.exist() {
                let keystore = keys.keystore()?;
                if let Some(uri) = keystore.signer(&Account(account.0)) {
                    let signer = Signer::from_uri(uri)?;
                    return match signer.account() == *account {
                        true => Ok(signer),
                        false => Err(Failure::not_permitted(
                            "signer",
                            format!("the phrase in the keystore does not sign for {account}"),
                        )),
                    };
                }
            }
        }
        if account.is_none() && !std::io::stdin().is_terminal() {
            return Err(no_account());
        }
        let signer = Signer::from_uri(&ask("Phrase of the signing account: ")?)?;
        match account {
            Some(account) if account != signer.account() => Err(Failure::usage(format!(
                "this phrase signs for {}, not for {account}",
                signer.account()
            ))),
            _ => Ok(signer),
        }
    }

    /// Returns the keystore of the acting account.
    pub async fn keys(&mut self) -> Result<Keys, Failure> {
        let genesis = self.chain().await?.genesis();
        let account = self.account()?;
        match &self.keys {
            Some(keys) if keys.account() == Account(account.0) => Ok(keys.clone()),
            _ => Ok(self.keys.insert(self.keys_of(&account, genesis)?).clone()),
        }
    }

    /// Returns the keystores that may know the data sets to write: the acting account's, and that
    /// of the signer if it acts as a proxy.
    pub async fn all_keys(&mut self) -> Result<Vec<Keys>, Failure> {
        let mut all = vec![self.keys().await?];
        // A named keystore belongs to the acting account only.
        let is_named = self.named_keystore().is_some();
        if self.options.as_account.is_some() && !self.options.print_call && !is_named {
            let (signer, genesis) = (self.signer()?.account(), self.chain().await?.genesis());
            all.push(self.keys_of(&signer, genesis)?);
        }
        Ok(all)
    }

    /// Fails if the account has a keystore for another chain but none for this one, unless the user
    /// confirms the chain with `--genesis`. Otherwise a node could name a false chain, and nothing
    /// would be compared with what the account knows. Accounts of `--dev` have no secrets.
    ///
    /// Also fails if a named keystore does not exist. It must not be treated like a missing
    /// default.
    pub fn check_keystore(&self, keys: &Keys) -> Result<(), Failure> {
        if self.named_keystore().is_some() {
            return keys.keystore().map(drop);
        }
        let is_pinned = self.options.genesis.is_some() || self.profile.genesis.is_some();
        if is_pinned || self.options.dev.is_some() || keys.exist() {
            return Ok(());
        }
        let account = AccountId32(keys.account().0).to_string();
        let own = |entry: std::fs::DirEntry| {
            let name = entry.file_name().into_string().ok()?;
            let rest = name.strip_prefix(&account)?.strip_prefix('-')?;
            rest.ends_with(".json").then(|| entry.path())
        };
        let folder = std::fs::read_dir(data_folder()?).into_iter().flatten().flatten();
        let Some(other) = folder.filter_map(own).min() else { return Ok(()) };
        let genesis = self
            .chain
            .as_ref()
            .map_or_else(String::new, |chain| format!("0x{}", hex::encode(chain.genesis().0)));
        let message = format!(
            "{account} has a keystore for another chain, {}, but none for this node's chain, \
             {genesis}",
            other.display()
        );
        Err(Failure::new(Kind::VerificationFailed, "other-chain", message)
            .fix(format!("use another node; if this is the right chain, add --genesis {genesis}")))
    }

    /// Returns the keystore that an option or the configuration names.
    fn named_keystore(&self) -> Option<&PathBuf> {
        self.options.keystore.as_ref().or(self.profile.keystore.as_ref())
    }

    fn keys_of(&self, account: &AccountId32, genesis: H256) -> Result<Keys, Failure> {
        let path = match self.named_keystore() {
            Some(path) => path.clone(),
            None => data_folder()?.join(format!("{account}-{:.8}.json", hex::encode(genesis.0))),
        };
        let password_file = self.options.password_file.clone();
        let name = path.display().to_string();
        let asks = move |new: bool| {
            let what = if new { "New password" } else { "Password" };
            password_from(password_file.as_deref(), &format!("{what} of {name}: "), new)
        };
        let keys = Keys::new(path, account, genesis, std::sync::Arc::new(asks));
        Ok(keys.dry(self.options.dry_run))
    }

    /// Asks a question that `--yes` confirms.
    pub fn confirm(&self, question: &str) -> Result<(), Failure> {
        if self.options.yes || self.options.dry_run || self.options.print_call {
            return Ok(());
        }
        if !self.can_ask() {
            return Err(Failure::usage(format!(
                "{question} No terminal is available for the answer"
            ))
            .fix("add --yes"));
        }
        self.ask_person(question)
    }

    /// Fails in a dry run, for a command that only writes a file.
    pub fn refuse_dry_run(&self) -> Result<(), Failure> {
        match self.options.dry_run {
            false => Ok(()),
            true => Err(Failure::usage("this only writes a file; run it without --dry-run")),
        }
    }

    /// Returns `true` if standard input is a terminal.
    pub fn can_ask(&self) -> bool {
        std::io::stdin().is_terminal()
    }

    /// Asks a question that the user must answer on the terminal.
    pub fn ask_person(&self, question: &str) -> Result<(), Failure> {
        eprint!("{} [y/N] ", twinchain_client::failure::printable(question));
        let mut answer = String::new();
        std::io::stdin()
            .read_line(&mut answer)
            .map_err(|error| Failure::other(error.to_string()))?;
        match matches!(answer.trim(), "y" | "Y" | "yes" | "Yes") {
            true => Ok(()),
            false => Err(Failure::new(Kind::Other, "declined", "nothing was sent")),
        }
    }

    /// Sends calls in one transaction; or prints or only checks them, depending on the options.
    /// `done` makes the reply from the outcome.
    pub async fn send(
        &mut self,
        at: &At,
        calls: Vec<Call>,
        done: impl FnOnce(&Done) -> Result<Reply, Failure>,
    ) -> Result<Reply, Failure> {
        let done = |all: &[Done]| match all {
            [.., last] => done(last),
            [] => Ok(Reply::silent()),
        };
        self.send_steps(at, vec![calls], &[], done).await
    }

    /// Sends several transactions in order, for calls that are too many for one. Each step is one
    /// transaction, executed completely or not at all. `before` are the hashes of earlier
    /// transactions of the same command.
    pub async fn send_steps(
        &mut self,
        at: &At,
        steps: Vec<Vec<Call>>,
        before: &[String],
        done: impl FnOnce(&[Done]) -> Result<Reply, Failure>,
    ) -> Result<Reply, Failure> {
        let names: Vec<_> = steps.iter().flatten().map(Call::name).collect();
        let list = short_list(&names);
        let mut calls = Vec::new();
        for step in steps {
            let mut call = Call::all(at.client(), step)?;
            if self.options.as_account.is_some() {
                let real = self.account()?;
                call = call.by_proxy(at.client(), &real)?;
            }
            calls.push(call);
        }
        let hex = |call: &Call| format!("0x{}", hex::encode(call.bytes()));
        let hex: Vec<_> = calls.iter().map(hex).collect();
        // A single call stays a string, for compatibility with existing scripts.
        let of_calls = match hex.as_slice() {
            [one] => json!({ "calls": names, "call": one }),
            all => json!({ "calls": names, "call": all }),
        };
        if self.options.print_call {
            return Ok(Reply::new(of_calls, hex.join("\n")));
        }
        if self.options.dry_run {
            // Through a proxy, the rights of the signer itself are not checked.
            let are_rights_checked = self.are_rights_checked && self.options.as_account.is_none();
            let checked = match are_rights_checked {
                true => "the arguments and rights are checked",
                false => "the arguments are checked, but not the rights",
            };
            let mut reply = Reply::new(of_calls, format!("{checked}; nothing was sent: {list}"));
            reply.add("dryRun", json!(true));
            reply.add("rightsChecked", json!(are_rights_checked));
            return Ok(reply);
        }
        let (mut outcomes, mut hashes) = (Vec::new(), before.to_vec());
        // Prompt before the progress bar appears.
        self.chain().await?;
        self.signer()?;
        let bar = Progress::new(&self.options, self.options.wait, calls.len());
        for call in &calls {
            // A transaction given to a node may reach the chain even if this command fails.
            if let Some(keys) = &self.keys {
                keys.confirm_made();
            }
            let result = self.submit(call, &list, &bar).await;
            let was_refused =
                result.as_ref().is_err_and(|failure| failure.kind != Kind::OutcomeUnknown);
            if let Some(keys) = self.keys.as_ref().filter(|_| was_refused) {
                keys.prepare_again();
            }
            match result {
                Ok(outcome) => {
                    hashes.push(format!("{:?}", outcome.hash));
                    outcomes.push(outcome);
                },
                Err(failure) if hashes.is_empty() => return Err(failure),
                // Earlier transactions are done: the failure must not look as if nothing happened.
                Err(mut failure) => {
                    let (count, all) = (hashes.len(), before.len() + calls.len());
                    failure.message.push_str(&format!("; {count} of {all} transactions are done"));
                    return Err(failure.after(hashes));
                },
            }
            bar.advance();
        }
        drop(bar);
        let is_known = outcomes.iter().all(|outcome| outcome.block.is_some());
        let mut reply = match is_known {
            true => done(&outcomes)?,
            false => {
                let words = format!("sent without waiting: {list}\n{}", hashes.join("\n"));
                Reply::new(json!({ "sent": true }), words)
            },
        };
        match hashes.as_slice() {
            [one] => reply.add("transaction", json!(one)),
            all => reply.add("transactions", json!(all)),
        }
        if let Some((hash, number)) = outcomes.last().and_then(|outcome| outcome.block) {
            reply.add("block", json!(format!("{hash:?}")));
            reply.add("blockNumber", json!(number));
        }
        Ok(reply)
    }

    /// Sends one transaction.
    async fn submit(&mut self, call: &Call, names: &str, bar: &Progress) -> Result<Done, Failure> {
        let chain = self.chain().await?;
        let signer = self.signer()?;
        interrupt::sending(names);
        let observer = |step| match step {
            Step::Pacing(blocks) => bar.say_pacing(blocks),
            Step::Given(hash) => interrupt::given(hash),
            Step::Sent => bar.say_sent(),
        };
        let submission = Submission {
            wait: match self.options.wait {
                WaitFor::Best => Wait::Best,
                WaitFor::Finalized => Wait::Finalized,
                WaitFor::None => Wait::None,
            },
            patience: PATIENCE_FOR_QUOTA,
            turn: take_turn(&signer.account()).await,
            observer: &observer,
        };
        let result = submit::submit(&chain, call, &signer, submission).await;
        let done = result.as_ref().ok().map(|done| format!("{:?}", done.hash));
        interrupt::settled(done);
        result
    }

    /// Fails with the chain's error code if the acting account does not own a thing.
    pub fn check_owner(
        &mut self,
        of: &str,
        code: &str,
        owner: &AccountId32,
    ) -> Result<(), Failure> {
        let Ok(account) = self.named_account() else { return Ok(()) };
        self.are_rights_checked = true;
        match account == *owner {
            true => Ok(()),
            false => Err(Failure::not_permitted(
                code,
                format!("{of} is owned by {owner}, not by {account}"),
            )),
        }
    }
}

/// The maximum time to wait for a quota to fill up.
const PATIENCE_FOR_QUOTA: Duration = Duration::from_secs(15 * 60);

/// Returns the names of calls, with a count for repeated ones.
fn short_list(names: &[String]) -> String {
    let mut counted: Vec<(&str, usize)> = Vec::new();
    for name in names {
        match counted.last_mut() {
            Some((last, count)) if last == name => *count += 1,
            _ => counted.push((name, 1)),
        }
    }
    let word = |(name, count): &(&str, usize)| match count {
        1 => (*name).to_string(),
        count => format!("{count} × {name}"),
    };
    counted.iter().map(word).collect::<Vec<_>>().join(", ")
}

/// Waits up to 30 seconds until no other program of this user chooses a nonce for the account.
/// Returns `None` if the lock is not available: two programs may then choose the same nonce, and
/// the node refuses one of the transactions.
async fn take_turn(account: &AccountId32) -> Option<File> {
    const PAUSE: Duration = Duration::from_millis(50);
    let folder = match std::env::var_os("XDG_RUNTIME_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => data_folder().ok()?,
    };
    files::private_folder(&folder).ok()?;
    let path = folder.join(format!("twin-{account}.turn"));
    let file = File::options().create(true).truncate(false).write(true).open(path).ok()?;
    for _ in 0..600 {
        match file.try_lock() {
            Ok(()) => return Some(file),
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
    None
}

fn read_profile(options: &Options) -> Result<Profile, Failure> {
    let path = match &options.config {
        Some(path) => path.clone(),
        None => match config_folder()?.join("config.toml") {
            path if path.exists() => path,
            _ if options.profile.is_none() => return Ok(Profile::default()),
            path => {
                return Err(Failure::usage(format!("{} does not exist", path.display()))
                    .fix("--profile needs a configuration file with that profile"))
            },
        },
    };
    let text = std::fs::read_to_string(&path).map_err(|error| files::failed(&path, &error))?;
    let wrong = |error: toml::de::Error| {
        Failure::usage(format!("{}: {}", path.display(), error.message()))
            .fix("valid names are url, genesis, account and keystore, also in [profiles.NAME]")
    };
    let mut table: toml::Table = text.parse().map_err(wrong)?;
    let mut profiles = match table.remove("profiles") {
        Some(toml::Value::Table(profiles)) => profiles,
        _ => toml::Table::new(),
    };
    let table = match &options.profile {
        Some(name) => profiles
            .remove(name)
            .ok_or_else(|| Failure::usage(format!("{} has no profile {name}", path.display())))?,
        None => toml::Value::Table(table),
    };
    table.try_into().map_err(wrong)
}

fn config_folder() -> Result<PathBuf, Failure> {
    use etcetera::BaseStrategy;
    let folders = etcetera::choose_base_strategy();
    Ok(folders.map_err(|error| Failure::other(error.to_string()))?.config_dir().join("twin"))
}

/// Returns the directory for keystores and other data of this user.
pub fn data_folder() -> Result<PathBuf, Failure> {
    use etcetera::BaseStrategy;
    let folders = etcetera::choose_base_strategy();
    Ok(folders.map_err(|error| Failure::other(error.to_string()))?.data_dir().join("twin"))
}

/// Prompts for a secret on the terminal without showing it.
pub fn ask(prompt: &str) -> Result<Zeroizing<String>, Failure> {
    let secret = rpassword::prompt_password(prompt).map_err(|error| {
        let what = prompt.trim_end_matches([':', ' ']);
        if error.kind() == std::io::ErrorKind::Interrupted {
            return Failure::other("interrupted");
        }
        let message = format!("no terminal is available for the prompt: {what}");
        let fix = match what.contains("Phrase") {
            true => "use a terminal, --phrase-fd or --key-file",
            false => {
                "use a terminal, or a file: --password-file FILE; other passwords have their own \
                 options, which --help lists"
            },
        };
        Failure::not_permitted("no-terminal", message).fix(fix)
    })?;
    Ok(Zeroizing::new(secret))
}

fn no_account() -> Failure {
    Failure::usage("no account is named").fix(
        "use --dev alice on a development chain, --account 5… to read, or --key-file or \
         --phrase-fd to sign",
    )
}

/// Reads a password from a file, or prompts for it. A new password is prompted for twice.
pub fn password_from(file: Option<&Path>, prompt: &str, new: bool) -> Result<Password, Failure> {
    match file {
        Some(file) => Ok(read_password(file)?),
        None if new => ask_new(prompt),
        None => Ok(Password::new(&ask(prompt)?)?),
    }
}

/// The minimum length of a new password, in characters. Only the password protects the file.
const MIN_PASSWORD: usize = 8;

fn ask_new(prompt: &str) -> Result<Password, Failure> {
    let first = ask(prompt)?;
    if first.chars().count() < MIN_PASSWORD {
        return Err(Failure::usage(format!(
            "a new password needs at least {MIN_PASSWORD} characters"
        ))
        .fix("several words in a row are better than a short complex password"));
    }
    match first == ask("Repeat the password: ")? {
        true => Ok(Password::new(&first)?),
        false => Err(Failure::usage("the two passwords differ")),
    }
}

/// Reads a secret from a file descriptor that the caller opened.
fn read_descriptor(descriptor: u32) -> Result<Zeroizing<String>, Failure> {
    const LONGEST: u64 = 4_096;
    let path = PathBuf::from(format!("/dev/fd/{descriptor}"));
    let mut text = Zeroizing::new(String::with_capacity(LONGEST as usize));
    let file = File::open(&path).map_err(|error| files::failed(&path, &error))?;
    file.take(LONGEST).read_to_string(&mut text).map_err(|error| files::failed(&path, &error))?;
    let end = text.trim_end().len();
    text.truncate(end);
    Ok(text)
}

/// Parses a hash: 32 bytes in hexadecimal, with or without `0x`.
pub fn parse_hash(text: &str) -> Result<H256, Failure> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    let mut bytes = [0; 32];
    match hex::decode_to_slice(digits, &mut bytes) {
        Ok(()) => Ok(H256(bytes)),
        Err(_) => Err(Failure::usage(format!("{text} is not a hash: it is not 32 bytes"))),
    }
}

/// Returns a text argument and its source. `@FILE` is read from the file, and `-` from standard
/// input.
pub fn text_argument(text: &str, longest: u64) -> Result<(String, Vec<u8>), Failure> {
    let read = |name: &str, from: &mut dyn Read| {
        let mut bytes = Vec::new();
        from.take(longest + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| files::failed(Path::new(name), &error))?;
        match bytes.len() as u64 > longest {
            true => Err(Failure::usage(format!("{name} has more than {longest} bytes"))),
            false => Ok((name.to_string(), bytes)),
        }
    };
    match (text, text.strip_prefix('@')) {
        ("-", _) => read("standard input", &mut std::io::stdin()),
        (_, Some(name)) => {
            let mut file =
                File::open(name).map_err(|error| files::failed(Path::new(name), &error))?;
            read(name, &mut file)
        },
        _ => Ok(("the argument".into(), text.as_bytes().to_vec())),
    }
}

/// Returns bytes from the chain as text that is safe to print.
pub fn shown(bytes: &[u8]) -> String {
    twinchain_client::failure::printable(&String::from_utf8_lossy(bytes))
}

/// Returns JSON text as a JSON value, or as a string if it is not JSON. Long numbers are rounded,
/// so exact output needs the text.
pub fn as_json(bytes: &[u8]) -> Value {
    match serde_json::from_slice(bytes) {
        Ok(value) => value,
        Err(_) => Value::String(shown(bytes)),
    }
}
