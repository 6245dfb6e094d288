// SPDX-License-Identifier: Apache-2.0

//! What commands share: the profile, the connection, who signs, the keystore, and how calls are
//! sent.

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

/// A profile, in the configuration file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Profile {
    url: Option<String>,
    genesis: Option<String>,
    account: Option<String>,
    keystore: Option<PathBuf>,
}

/// What a command works with.
pub struct Context {
    pub options: Options,
    profile: Profile,
    chain: Option<Chain>,
    signer: Option<Signer>,
    keys: Option<Keys>,
    /// Whether a dry run has asked for the rights of the account that acts.
    pub are_rights_checked: bool,
}

impl Context {
    pub fn new(options: Options) -> Result<Self, Failure> {
        let profile = read_profile(&options)?;
        // A name that is mistyped is told also where it would not matter.
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

    /// Connects, at the first call.
    pub async fn chain(&mut self) -> Result<Chain, Failure> {
        if let Some(chain) = &self.chain {
            return Ok(chain.clone());
        }
        // A variable that is empty is none.
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

    /// The newest block, to read at: what one just wrote is there.
    pub async fn at(&mut self) -> Result<(Chain, At), Failure> {
        let chain = self.chain().await?;
        let at = chain.at_best().await?;
        Ok((chain, at))
    }

    /// Reads and follows a path.
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
                .fix("name it as c7, or by a link that leads to one")),
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
                .fix("name it as c7/manual, or 0/service/manual")),
        }
    }

    /// The account that acts: the one that `--as` names, or the signer's.
    pub fn account(&mut self) -> Result<AccountId32, Failure> {
        self.account_of(std::io::stdin().is_terminal())
    }

    /// The account that a command is about which only reads: nothing is asked for.
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

    /// The key that signs: asked for at the first call.
    pub fn signer(&mut self) -> Result<Signer, Failure> {
        if let Some(signer) = &self.signer {
            return Ok(signer.clone());
        }
        let signer = self.find_signer()?;
        let named = self.options.account.as_deref().map(account::parse).transpose()?;
        if let Some(named) = named.filter(|named| *named != signer.account()) {
            return Err(Failure::usage(format!(
                "this key signs for {}, and --account names {named}",
                signer.account()
            ))
            .fix("name one of them; to act for another account through a proxy: --as ACCOUNT"));
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

    /// The keystore of the account that acts.
    pub async fn keys(&mut self) -> Result<Keys, Failure> {
        let genesis = self.chain().await?.genesis();
        let account = self.account()?;
        match &self.keys {
            Some(keys) if keys.account() == Account(account.0) => Ok(keys.clone()),
            _ => Ok(self.keys.insert(self.keys_of(&account, genesis)?).clone()),
        }
    }

    /// The keystores that may know the data sets that are written: of the account that acts, and of
    /// the signer that is its proxy.
    pub async fn all_keys(&mut self) -> Result<Vec<Keys>, Failure> {
        let mut all = vec![self.keys().await?];
        // One that is named is that of the account that acts.
        let is_named = self.named_keystore().is_some();
        if self.options.as_account.is_some() && !self.options.print_call && !is_named {
            let (signer, genesis) = (self.signer()?.account(), self.chain().await?.genesis());
            all.push(self.keys_of(&signer, genesis)?);
        }
        Ok(all)
    }

    /// Fails if the account has no keystore for this chain but one for another, and nothing says
    /// that this is the right one: a node that names a false chain would have nothing compared with
    /// what the account knows. The accounts of `--dev` have no secrets.
    ///
    /// Fails as well if a keystore is named that is not there: it would be taken for none.
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
            "{account} has a keystore for another chain, {}, and none for that of this node, \
             {genesis}",
            other.display()
        );
        Err(Failure::new(Kind::VerificationFailed, "other-chain", message).fix(format!(
            "ask another node; if this is the right chain, say so: --genesis {genesis}"
        )))
    }

    /// The keystore that is named, by an option or the configuration.
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

    /// Asks a question that `--yes` answers.
    pub fn confirm(&self, question: &str) -> Result<(), Failure> {
        if self.options.yes || self.options.dry_run || self.options.print_call {
            return Ok(());
        }
        if !self.can_ask() {
            return Err(
                Failure::usage(format!("{question} No one is there to answer")).fix("add --yes")
            );
        }
        self.ask_person(question)
    }

    /// Fails in a dry run of what only writes a file.
    pub fn refuse_dry_run(&self) -> Result<(), Failure> {
        match self.options.dry_run {
            false => Ok(()),
            true => Err(Failure::usage("this only writes a file: there is nothing to check")),
        }
    }

    /// Returns whether there is a person to ask.
    pub fn can_ask(&self) -> bool {
        std::io::stdin().is_terminal()
    }

    /// Asks a question that a person has to answer.
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

    /// Sends calls, all or none; or prints them, or only checks them, as the options say. `done`
    /// makes the reply of what happened.
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

    /// The same in several transactions, one after the other, for what is too much for one. What is
    /// in one step is done as a whole or not at all. `before` are the hashes of transactions that
    /// the same command has done already.
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
        // One call is a text, as it has always been.
        let of_calls = match hex.as_slice() {
            [one] => json!({ "calls": names, "call": one }),
            all => json!({ "calls": names, "call": all }),
        };
        if self.options.print_call {
            return Ok(Reply::new(of_calls, hex.join("\n")));
        }
        if self.options.dry_run {
            // Whether the signer is a proxy of the account is not asked for.
            let are_rights_checked = self.are_rights_checked && self.options.as_account.is_none();
            let checked = match are_rights_checked {
                true => "the arguments and the rights are checked",
                false => "the arguments are checked, not the rights",
            };
            let mut reply = Reply::new(of_calls, format!("{checked}; nothing was sent: {list}"));
            reply.add("dryRun", json!(true));
            reply.add("rightsChecked", json!(are_rights_checked));
            return Ok(reply);
        }
        let (mut outcomes, mut hashes) = (Vec::new(), before.to_vec());
        // What is asked for is asked for before progress is shown.
        self.chain().await?;
        self.signer()?;
        let bar = Progress::new(&self.options, self.options.wait, calls.len());
        for call in &calls {
            // What a node was given may be on the chain, whatever becomes of this command.
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
                // A part is done: a program must not take this for nothing.
                Err(mut failure) => {
                    let (count, all) = (hashes.len(), before.len() + calls.len());
                    failure
                        .message
                        .push_str(&format!("; {count} of {all} transactions were done before"));
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
                let words = format!("sent, and not waited for: {list}\n{}", hashes.join("\n"));
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

    /// Fails unless the account that acts owns a thing, as the chain would with this code.
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

/// How long a command waits for a quota to fill up.
const PATIENCE_FOR_QUOTA: Duration = Duration::from_secs(15 * 60);

/// The names of calls, each once with how often it is there.
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

/// Waits until no other program of this user chooses a number for a transaction of this account.
/// Where that cannot be arranged, they may choose the same one, and the node refuses all but one.
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
                return Err(Failure::usage(format!("there is no {}", path.display()))
                    .fix("--profile names a part of the configuration file"))
            },
        },
    };
    let text = std::fs::read_to_string(&path).map_err(|error| files::failed(&path, &error))?;
    let wrong = |error: toml::de::Error| {
        Failure::usage(format!("{}: {}", path.display(), error.message()))
            .fix("it has url, genesis, account and keystore, and the same in [profiles.NAME]")
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

fn data_folder() -> Result<PathBuf, Failure> {
    use etcetera::BaseStrategy;
    let folders = etcetera::choose_base_strategy();
    Ok(folders.map_err(|error| Failure::other(error.to_string()))?.data_dir().join("twin"))
}

/// Asks for a secret on the terminal, without showing it.
pub fn ask(prompt: &str) -> Result<Zeroizing<String>, Failure> {
    let secret = rpassword::prompt_password(prompt).map_err(|error| {
        let what = prompt.trim_end_matches([':', ' ']);
        if error.kind() == std::io::ErrorKind::Interrupted {
            return Failure::other("interrupted");
        }
        let message = format!("there is no terminal to ask on: {what}");
        let fix = match what.contains("Phrase") {
            true => "use a terminal, --phrase-fd or --key-file",
            false => {
                "use a terminal, or a file: --password-file FILE; other passwords have options of \
                 their own, which --help names"
            },
        };
        Failure::not_permitted("no-terminal", message).fix(fix)
    })?;
    Ok(Zeroizing::new(secret))
}

fn no_account() -> Failure {
    Failure::usage("no account is named").fix(
        "--dev alice on a development chain; --account 5… to read; --key-file or --phrase-fd to \
         sign",
    )
}

/// A password from a file, or asked for.
pub fn password_from(file: Option<&Path>, prompt: &str, new: bool) -> Result<Password, Failure> {
    match file {
        Some(file) => Ok(read_password(file)?),
        None if new => ask_new(prompt),
        None => Ok(Password::new(&ask(prompt)?)?),
    }
}

/// The fewest characters of a new password: it is all that protects the file.
const MIN_PASSWORD: usize = 8;

fn ask_new(prompt: &str) -> Result<Password, Failure> {
    let first = ask(prompt)?;
    if first.chars().count() < MIN_PASSWORD {
        return Err(Failure::usage(format!(
            "a new password has at least {MIN_PASSWORD} characters"
        ))
        .fix("a few words in a row are better than a short riddle"));
    }
    match first == ask("The same again: ")? {
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

/// Reads a hash: 32 bytes in hexadecimal digits after `0x`.
pub fn parse_hash(text: &str) -> Result<H256, Failure> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    let mut bytes = [0; 32];
    match hex::decode_to_slice(digits, &mut bytes) {
        Ok(()) => Ok(H256(bytes)),
        Err(_) => Err(Failure::usage(format!("{text} is not a hash: it has not 32 bytes"))),
    }
}

/// A text that was given as an argument: `@FILE` is read, and `-` is standard input.
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

/// Bytes of the chain that are text.
pub fn shown(bytes: &[u8]) -> String {
    twinchain_client::failure::printable(&String::from_utf8_lossy(bytes))
}

/// JSON text as JSON, or as text if it is not JSON. Long numbers are rounded: the text is exact.
pub fn as_json(bytes: &[u8]) -> Value {
    match serde_json::from_slice(bytes) {
        Ok(value) => value,
        Err(_) => Value::String(shown(bytes)),
    }
}
