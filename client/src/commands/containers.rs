// SPDX-License-Identifier: Apache-2.0

//! The commands `twin container`.

use super::{
    checks,
    data::{sealed_entry, Reading},
};
use crate::{
    arguments::json_argument,
    cli::{Container, WaitFor},
    context::{as_json, shown, Context},
    output::{lines, table, Reply},
    times,
    words::{access_words, set_json, set_table},
};
use serde_json::json;
use twinchain_client::{
    api::{
        self,
        runtime_types::pallet_data_container::types::{Kind as DataSetKind, Status, Visibility},
    },
    chain::At,
    confidential::{self, DataSet},
    reads,
    rotations::Rotating,
    submit::Call,
    values, Chain, Failure, Kind,
};

pub async fn run(context: &mut Context, command: Container) -> Result<Reply, Failure> {
    match command {
        Container::Create { plugin, description } => create(context, plugin, description).await,
        Container::Show { path } => {
            let (_, at, container) = context.find_container(&path).await?;
            show(&at, container).await
        },
        Container::Clone { path, values } => clone(context, &path, values).await,
        Container::Close { path } => {
            let (_, at, container) = context.find_container(&path).await?;
            checks::owner_of_container(context, &at, container).await?;
            let question =
                format!("Closing container c{container} is permanent: no more writes. Continue?");
            context.confirm(&question)?;
            let call = api::transactions().data_container().close_container(container);
            let call = Call::encode(at.client(), &call)?;
            let words = format!("container c{container} is closed");
            let reply = Reply::new(json!({ "container": container }), words);
            context.send(&at, vec![call], |_| Ok(reply)).await
        },
    }
}

async fn create(
    context: &mut Context,
    plugin: Option<u64>,
    description: Option<String>,
) -> Result<Reply, Failure> {
    let description = description.as_deref().map(json_argument).transpose()?.unwrap_or_default();
    let (_, at) = context.at().await?;
    let calls = api::transactions().data_container();
    let call = match plugin {
        Some(plugin) => Call::encode(at.client(), &calls.instantiate(plugin, description))?,
        None => Call::encode(at.client(), &calls.create_container(description))?,
    };
    context
        .send(&at, vec![call], |done| {
            let made = done.find::<api::data_container::events::ContainerCreated>()?;
            let Some(made) = made else { return Ok(Reply::new(json!({}), "sent")) };
            let words = format!("container c{}", made.container);
            Ok(Reply::new(json!({ "container": made.container, "plugin": plugin }), words))
        })
        .await
}

/// Shows a container with its data sets and roles.
pub async fn show(at: &At, container: u64) -> Result<Reply, Failure> {
    let info = reads::info(at, container).await?;
    let sets = reads::data_sets(at, container).await?;
    let record = &info.container;
    let is_active = matches!(record.status, Status::Active);
    let described = !info.description.is_empty();
    let sets_data: Vec<_> = sets.iter().map(|(name, set)| set_json(name, set)).collect();
    let roles: Vec<_> = info
        .roles
        .iter()
        .map(|role| {
            let may = sets.iter().flat_map(|(name, set)| {
                let own = set.permissions.0.iter().filter(|of| of.role == role.role.id);
                own.map(move |of| format!("{name}: {}", access_words(of.access.0)))
            });
            (shown(&role.role.name.0 .0), role.holders, may.collect::<Vec<_>>())
        })
        .collect();
    let offer = record.offer.as_ref().map(
        |offer| json!({ "id": offer.id, "to": offer.to.to_string(), "deadline": offer.deadline }),
    );
    let data = json!({
        "container": container,
        "owner": record.owner.to_string(),
        "plugin": record.plugin,
        "clonedFrom": record.cloned_from,
        "active": is_active,
        "description": described.then(|| as_json(&info.description)),
        "revision": record.history.revision,
        "head": format!("{:?}", record.history.head),
        "offer": offer,
        "dataSets": sets_data,
        "roles": roles
            .iter()
            .map(|(name, holders, may)| json!({ "name": name, "holders": holders, "may": may }))
            .collect::<Vec<_>>(),
    });
    let mut words = lines(&[
        ("container", format!("c{container}")),
        ("owner", record.owner.to_string()),
        ("plugin", record.plugin.map_or("-".into(), |plugin| plugin.to_string())),
        ("state", if is_active { "active".into() } else { "closed".into() }),
        ("description", shown(&info.description)),
    ]);
    if let Some(offer) = &record.offer {
        words.push_str(&format!(
            "\non offer to {} until {}",
            offer.to,
            times::show(offer.deadline)
        ));
    }
    if !sets.is_empty() {
        words.push_str(&format!("\n\n{}", set_table(&sets)));
    }
    if !roles.is_empty() {
        let rows = roles
            .into_iter()
            .map(|(name, holders, may)| [name, holders.to_string(), may.join("; ")]);
        words.push_str(&format!("\n\n{}", table(["role", "holders", "may"], rows.collect())));
    }
    Ok(Reply::new(data, words))
}

/// Copies a container and, if requested, the values that the account may read.
async fn clone(context: &mut Context, path: &str, with_values: bool) -> Result<Reply, Failure> {
    let (chain, at, source) = context.find_container(path).await?;
    if with_values && matches!(context.options.wait, WaitFor::None) {
        return Err(Failure::usage(
            "--values must wait for the new container, to seal values for it",
        )
        .fix("add --wait best"));
    }
    let sets = match with_values {
        true => reads::data_sets(&at, source).await?,
        false => Vec::new(),
    };
    if sets.iter().any(|(_, set)| is_sealed_entry(set)) {
        // A keystore that does not open must fail the command before the clone is created.
        context.keys().await?.keystore()?;
    }
    let call = api::transactions().data_container().clone_container(source, with_values);
    let call = Call::encode(at.client(), &call)?;
    let made = std::cell::Cell::new(None);
    let reply = context
        .send(&at, vec![call], |done| {
            let event = done.find::<api::data_container::events::ContainerCreated>()?;
            let Some(event) = event else { return Ok(Reply::new(json!({}), "sent")) };
            made.set(Some((event.container, format!("{:?}", done.hash))));
            let words = format!("container c{} is a clone of c{source}", event.container);
            Ok(Reply::new(json!({ "container": event.container, "source": source }), words))
        })
        .await?;
    let Some((container, hash)) = made.into_inner().filter(|_| with_values) else {
        return Ok(reply);
    };
    let copies = Copies { context, chain: &chain, at: &at, source, container, done: vec![hash] };
    let (copied, closed) = copies.make(sets).await?;
    let mut words = format!("container c{container} is a clone of c{source}");
    for name in &copied {
        words.push_str(&format!("\n  sealed to a new key: {name}"));
    }
    for why in &closed {
        words.push_str(&format!("\n  not copied: {why}"));
    }
    let data = json!({
        "container": container,
        "source": source,
        "sealedAnew": copied,
        "notCopied": closed,
    });
    Ok(Reply::new(data, words))
}

/// Returns `true` if a data set is an entry whose value must be opened before it is copied.
fn is_sealed_entry(set: &DataSet) -> bool {
    let is_entry = matches!(set.kind, DataSetKind::Entry);
    let is_secret = matches!(set.visibility, Visibility::Confidential);
    is_entry && is_secret && set.count > 0 && set.retired.is_none()
}

/// The copying of confidential values into a new clone.
struct Copies<'a> {
    context: &'a mut Context,
    chain: &'a Chain,
    at: &'a At,
    source: u64,
    container: u64,
    /// The hashes of the transactions so far.
    done: Vec<String>,
}

impl Copies<'_> {
    /// Opens the values and seals them for the clone. Returns the names of the copied data sets,
    /// and the reasons why others were not copied. A failure carries the earlier transactions,
    /// because the clone exists.
    async fn make(
        mut self,
        sets: Vec<(String, DataSet)>,
    ) -> Result<(Vec<String>, Vec<String>), Failure> {
        let (mut copied, mut left) = (Vec::new(), Vec::new());
        for (name, set) in sets {
            if matches!(set.kind, DataSetKind::List) {
                if set.count > 0 && set.retired.is_none() {
                    left.push(format!("{name}: the items of lists are not copied"));
                }
                continue;
            }
            if !is_sealed_entry(&set) {
                continue;
            }
            match self.copy(&name, &set).await {
                Ok(None) => copied.push(name),
                Ok(Some(why)) => left.push(format!("{name}: {why}")),
                Err(failure) => {
                    let (container, source) = (self.container, self.source);
                    let mut failure = failure.after(self.done);
                    failure.message.push_str(&format!(
                        "; c{container} was created as a clone of c{source}, but not all values \
                         were copied"
                    ));
                    return Err(failure);
                },
            }
        }
        Ok((copied, left))
    }

    /// Copies a value. Returns the reason if the account cannot open it, or if it does not match
    /// its schema.
    async fn copy(&mut self, name: &str, set: &DataSet) -> Result<Option<String>, Failure> {
        let (chain, at, source) = (self.chain, self.at, self.source);
        let of = Reading { chain, at, container: source, name, record: set };
        let value = match of.entry(self.context).await {
            Ok((_, value)) => value,
            Err(failure) if ["no-key", "sealing"].contains(&failure.code.as_str()) => {
                return Ok(Some(failure.to_string()));
            },
            Err(failure) => return Err(failure),
        };
        // The account becomes the author of the copy, so the copy must match the schema.
        let schema = values::schema_of(at, set).await?;
        if let Err(failure) = values::check(&schema, name, &value) {
            return Ok(Some(format!("it does not match its schema: {failure}")));
        }
        let copy = copy_sealed(self.context, source, self.container, name, &value).await?;
        self.done.extend(copy);
        Ok(None)
    }
}

/// Creates the first key of a data set of a new container, and sets its sealed value, in one
/// transaction. Returns the transaction's hash.
async fn copy_sealed(
    context: &mut Context,
    source: u64,
    container: u64,
    name: &str,
    value: &[u8],
) -> Result<Option<String>, Failure> {
    let (chain, at) = context.at().await?;
    let record = confidential::data_set(&at, container, name).await?;
    let author = context.account()?;
    let made = reads::info(&at, container).await?.container;
    // A new clone belongs to the caller and has no keys. Seal nothing if the node says otherwise.
    if record.key.is_some() || made.owner != author || made.cloned_from != Some(source) {
        let message = format!("the node claims that c{container} is not a new clone of c{source}");
        return Err(Failure::new(Kind::VerificationFailed, "false-clone", message)
            .fix("use another node; no confidential value was copied"));
    }
    let keys = context.keys().await?;
    let (rotate, place, public) =
        Rotating { chain: &chain, at: &at, keys: &keys, container, name }.first().await?;
    let author = twinchain_sealing::Account(author.0);
    let sealed = twinchain_sealing::seal_value(&place, &public, &author, value)?;
    let epoch = place.epoch.get();
    let calls = vec![rotate, sealed_entry(&at, container, name, epoch, vec![sealed], None)?];
    let mut hash = None;
    let sent = context.send(&at, calls, |done| {
        hash = Some(format!("{:?}", done.hash));
        Ok(Reply::new(json!({}), ""))
    });
    sent.await?;
    Ok(hash)
}
