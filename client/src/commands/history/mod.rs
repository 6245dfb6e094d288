// SPDX-License-Identifier: Apache-2.0

//! The command `twin history`.

mod show;

use crate::{
    cli::History as Arguments,
    context::Context,
    output::{note, Progress, Reply},
};
use show::{Row, Shown};
use std::collections::BTreeMap;
use twinchain_client::{
    api::runtime_types::{
        bounded_collections::bounded_vec::BoundedVec,
        pallet_data_container::types::values::StoredValue,
    },
    chain::At,
    confidential::{self, DataSet},
    history::{
        diff::diff,
        source::Archive,
        values::{of_block, Stored, Values},
        verify, walk, Authority, Change, History, Subject,
    },
    names::Place,
    reads, values, Chain, Failure, Kind,
};
use twinchain_sealing::Opened;

/// Shows the changes of a data set, container or twin.
pub async fn run(context: &mut Context, arguments: Arguments) -> Result<Reply, Failure> {
    if arguments.csv && context.options.json {
        return Err(Failure::usage("--csv and --json exclude each other").fix("use one of them"));
    }
    let (chain, at, place) = context.find(&arguments.path).await?;
    let mut record = None;
    let subject = match place {
        Place::Twin(twin) => Subject::Twin(twin),
        Place::Container(container) => Subject::Container(container),
        Place::DataSet { container, data_set } => {
            let found = confidential::data_set(&at, container, &data_set).await?;
            let id = found.id;
            record = Some(found);
            Subject::DataSet(container, data_set, id)
        },
        _ => return Err(Failure::usage(format!("{} has no history", arguments.path))),
    };
    let archive = Archive { chain: &chain, subject: subject.clone() };
    let bar = Progress::new(&context.options, context.options.wait, 0);
    bar.say("reading the history back");
    let history = walk(&archive, at.number(), |_| {}).await?;
    let verdict = verify(&history, subject.first_head(&chain.genesis()));
    bar.say("reading the values");
    let found = all_values(&chain, &subject, &history).await?;
    drop(bar);
    check(&arguments, &subject, (&history, &found), &verdict)?;
    let roles = roles(&at, &subject).await?;
    let opener = Opener::of(context, (&chain, &at), (&subject, record.as_ref()), &found).await?;
    let rows = rows(&history, found, &opener, &roles);
    let finalized = chain.at_final().await?.number();
    let state = history.states.first().copied();
    let is_final = state.is_none_or(|state| state.changed <= finalized);
    let shown = Shown { subject, state, is_verified: verdict.is_ok(), is_final, rows };
    match arguments.csv {
        true => Ok(Reply::new(().into(), shown.csv())),
        false => Ok(shown.reply()),
    }
}

/// Reports what is wrong with a history, and fails if it must be verified.
fn check(
    arguments: &Arguments,
    subject: &Subject,
    (history, found): (&History, &[Option<Values>]),
    verdict: &Result<twinchain_client::H256, Failure>,
) -> Result<(), Failure> {
    let pairs = history.changes.iter().zip(found);
    let missing = pairs.filter(|(change, value)| change.payload.is_some() && value.is_none());
    let missing: Vec<_> = missing.map(|(change, _)| change.revision.to_string()).collect();
    let missing = (!missing.is_empty()).then(|| {
        let list = missing.join(", ");
        let message = format!("the node does not have the values of {subject}, revisions {list}");
        Failure::new(Kind::VerificationFailed, "missing-value", message)
            .fix("use another archive node; the heads are not affected")
    });
    for failure in verdict.as_ref().err().into_iter().chain(&missing) {
        match arguments.verify {
            true => return Err(failure.clone()),
            false => note(&format!("warning: {failure}")),
        }
    }
    Ok(())
}

/// Returns the values of all changes, each block once.
async fn all_values(
    chain: &Chain,
    subject: &Subject,
    history: &History,
) -> Result<Vec<Option<Values>>, Failure> {
    let mut blocks: BTreeMap<u64, Vec<&Change>> = BTreeMap::new();
    for change in &history.changes {
        blocks.entry(change.block).or_default().push(change);
    }
    let mut all = Vec::new();
    // Blocks are in the order of their changes.
    for (block, changes) in blocks {
        all.extend(of_block(chain, subject, block, &changes).await?);
    }
    Ok(all)
}

/// Returns the names of the roles of a container.
async fn roles(at: &At, subject: &Subject) -> Result<BTreeMap<u8, String>, Failure> {
    let Subject::DataSet(container, ..) = subject else { return Ok(BTreeMap::new()) };
    let roles = reads::info(at, *container).await?.roles;
    let named = roles
        .into_iter()
        .map(|role| (role.role.id, String::from_utf8_lossy(&role.role.name.0 .0).into_owned()));
    Ok(named.collect())
}

/// Opens sealed values, as far as the account's keys do.
struct Opener {
    of: Option<twinchain_sealing::DataSet>,
    opened: Opened,
    schema: Option<data_schema::Schema>,
    name: String,
    /// The reason why no keys are available.
    closed: Option<String>,
}

impl Opener {
    async fn of(
        context: &mut Context,
        (chain, at): (&Chain, &At),
        (subject, record): (&Subject, Option<&DataSet>),
        found: &[Option<Values>],
    ) -> Result<Self, Failure> {
        let mut opener = Self {
            of: None,
            opened: Opened::default(),
            schema: None,
            name: String::new(),
            closed: None,
        };
        let sealed = |values: &Values| values.iter().any(|it| matches!(it, Stored::Sealed(..)));
        let (Subject::DataSet(container, name, _), Some(record)) = (subject, record) else {
            return Ok(opener);
        };
        if !found.iter().flatten().any(sealed) {
            return Ok(opener);
        }
        opener.name.clone_from(name);
        opener.of = Some(confidential::sealing_data_set(chain, *container, name)?);
        if context.named_account().is_err() {
            opener.closed = Some("no account is named that could read it".into());
            return Ok(opener);
        }
        let keys = context.keys().await?;
        if !keys.exist() {
            opener.closed = Some(format!("the keystore {} does not exist", keys.path().display()));
            return Ok(opener);
        }
        opener.opened = confidential::open(chain, at, &keys, *container, name).await?;
        opener.schema = Some(values::schema_of(at, record).await?);
        Ok(opener)
    }

    /// Returns a value as it is shown.
    fn show(&self, change: &Change, stored: Stored) -> show::Value {
        let (suite, epoch, ciphertext) = match stored {
            Stored::Public(text) => return show::Value { text: Some(text), why: None },
            Stored::Sealed(suite, epoch, ciphertext) => (suite, epoch, ciphertext),
        };
        let closed = |why: String| show::Value { text: None, why: Some(why) };
        if let Some(why) = &self.closed {
            return closed(why.clone());
        }
        let Some(of) = &self.of else { return closed("it is sealed".into()) };
        let stored = StoredValue::Sealed { suite, epoch, ciphertext: BoundedVec(ciphertext) };
        match confidential::open_value(of, &self.opened, &change.author, &stored) {
            Err(failure) => closed(failure.message),
            Ok(text) => {
                let schema = self.schema.as_ref();
                let mismatch = schema.and_then(|schema| {
                    let failure = values::check(schema, &self.name, &text).err()?;
                    Some(format!("does not match its schema: {failure}"))
                });
                show::Value { text: Some(text.to_vec()), why: mismatch }
            },
        }
    }
}

/// Returns the rows to show. Each entry is compared with the value before it.
fn rows(
    history: &History,
    found: Vec<Option<Values>>,
    opener: &Opener,
    roles: &BTreeMap<u8, String>,
) -> Vec<Row> {
    let mut before: Option<Vec<u8>> = None;
    let mut rows = Vec::new();
    for (change, values) in history.changes.iter().zip(found) {
        let values = values.map(|values| {
            values.into_iter().map(|stored| opener.show(change, stored)).collect::<Vec<_>>()
        });
        let mut row =
            Row { change: change.clone(), by: by(change, roles), values, diff: Vec::new() };
        if change.kind == "Set" {
            let text = row.values.as_ref().and_then(|all| all.first()?.text.clone());
            if let (Some(before), Some(after)) = (&before, &text) {
                row.diff = diff(before, after);
            }
            before = text;
        } else if change.kind == "Clear" {
            before = None;
        }
        rows.push(row);
    }
    rows
}

fn by(change: &Change, roles: &BTreeMap<u8, String>) -> String {
    match change.authority {
        None => String::new(),
        Some(Authority::Owner) => "owner".into(),
        Some(Authority::Grant) => "grant".into(),
        Some(Authority::Role(id)) => match roles.get(&id) {
            Some(name) => format!("role {name}"),
            None => format!("role {id}"),
        },
    }
}
