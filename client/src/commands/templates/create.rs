// SPDX-License-Identifier: Apache-2.0

//! Creating of a template's twin, with an instance of each plugin.

use super::{
    file::File,
    publish::{self, Plugins},
    sender::{self, is_too_large, Sent},
};
use crate::context::Context;
use std::collections::BTreeMap;
use twinchain_client::{
    api::{
        self,
        runtime_types::pallet_digital_twin::types::{NewLink, Target},
    },
    chain::At,
    hash::blake2_256,
    reads,
    submit::{Call, Done},
    template::limits,
    AccountId32, Failure, Kind,
};

/// A link to create, and the plugin of its instance.
type Link = (String, u64);

/// The containers of a twin by the names of the links.
pub type Containers = BTreeMap<String, u64>;

/// Returns the links of a template.
pub fn links(file: &File, plugins: &Plugins) -> Result<Vec<Link>, Failure> {
    let parts = file.template.plugins.iter();
    parts.map(|part| Ok((part.link.clone(), publish::of(plugins, part)?.id))).collect()
}

/// Creates the twin with all instances in one transaction, or in several if it does not fit.
/// Returns its id.
pub async fn twin(
    context: &mut Context,
    sent: &mut Sent,
    (file, asset): (&File, &str),
    links: &[Link],
    mut known: impl FnMut(u64) -> Result<(), Failure>,
) -> Result<u64, Failure> {
    let mut count = links.len();
    loop {
        match try_twin(context, sent, (file, asset), &links[..count]).await {
            Ok(twin) => {
                known(twin)?;
                instances(context, sent, twin, &links[count..]).await?;
                return Ok(twin);
            },
            // Nothing was sent.
            Err(failure) if is_too_large(&failure) && count > 1 => count /= 2,
            Err(failure) => return Err(failure),
        }
    }
}

/// The number of times that a transaction is made again because other accounts created twins or
/// containers in between.
const ATTEMPTS: u32 = 4;

/// Creates the twin with these links, all or nothing. One call creates at most 16 links, so the
/// others follow in the same transaction, under the ids that the twin and the containers will have.
/// The transaction also creates a guard link, and removes it under the expected id. If the twin
/// gets another id, the transaction thus fails as a whole, and is made again. If a container gets
/// another id, the links of the twin are corrected.
async fn try_twin(
    context: &mut Context,
    sent: &mut Sent,
    (file, asset): (&File, &str),
    links: &[Link],
) -> Result<u64, Failure> {
    // The guard takes the place of a link.
    let count = if links.len() > limits::LINKS { limits::LINKS - 1 } else { links.len() };
    let (first, rest) = links.split_at(count);
    let moment = crate::arguments::now().to_le_bytes();
    let guard = blake2_256(&[asset.as_bytes(), &moment].concat());
    let guard_name = format!("import {:.16}", hex::encode(guard.0)).into_bytes();
    let mut attempt = 1;
    loop {
        let (_, at) = context.at().await?;
        let new = first.iter().map(|(name, plugin)| NewLink::Instantiate {
            name: name.clone().into_bytes(),
            plugin: *plugin,
        });
        let mut new: Vec<_> = new.collect();
        let (twin, container) = next_ids(&at).await?;
        let mut guarded = Vec::new();
        if !rest.is_empty() {
            new.push(NewLink::Hash { name: guard_name.clone(), hash: guard });
            let remove = api::transactions().digital_twin().remove_link(twin, guard_name.clone());
            guarded.push(Call::encode(at.client(), &remove)?);
        }
        let stored = file.template.header.stored();
        let twins = api::transactions().digital_twin();
        let create = twins.create_twin(stored, asset.to_string().into_bytes(), new);
        let mut calls = vec![Call::encode(at.client(), &create)?];
        calls.extend(guarded);
        let next = container + first.len() as u64;
        calls.extend(instance_calls(&at, twin, next, rest)?);
        let mut made = Made::default();
        let result = sender::once(context, sent, calls, &mut |done| made.see(done)).await;
        match result {
            Ok(()) => {
                let twin = made.twin.ok_or_else(|| Failure::other("the node reports no twin"))?;
                correct(context, sent, twin, made, links).await?;
                return Ok(twin);
            },
            Err(failure) if !rest.is_empty() && is_race(&failure) && attempt < ATTEMPTS => {
                attempt += 1;
            },
            Err(failure) => return Err(failure),
        }
    }
}

/// Returns `true` if a transaction failed because the twin or a container has another id.
fn is_race(failure: &Failure) -> bool {
    const CODES: [&str; 6] = [
        "DigitalTwin.LinkNotFound",
        "DigitalTwin.NotOwner",
        "DigitalTwin.TwinNotFound",
        "DigitalTwin.ContainerNotFound",
        "DigitalTwin.MayNotLink",
        "DataContainer.ContainerNotFound",
    ];
    CODES.contains(&failure.code.as_str())
}

/// Returns the ids of the next twin and the next container.
pub async fn next_ids(at: &At) -> Result<(u64, u64), Failure> {
    let storage = at.client().storage();
    let twin = storage.fetch(api::storage().digital_twin().next_twin_id(), ()).await?;
    let container = storage.fetch(api::storage().data_container().next_container_id(), ()).await?;
    Ok((twin.decode()?, container.decode()?))
}

/// Returns the calls that create instances and link them to a twin. `next` is the id of the next
/// container.
fn instance_calls(at: &At, twin: u64, next: u64, links: &[Link]) -> Result<Vec<Call>, Failure> {
    let mut calls = Vec::new();
    for (container, (name, plugin)) in (next..).zip(links) {
        let make = api::transactions().data_container().instantiate(*plugin, Vec::new());
        let name = name.clone().into_bytes();
        let target = Target::Container(container);
        let link = api::transactions().digital_twin().set_link(twin, name, target);
        calls.push(Call::encode(at.client(), &make)?);
        calls.push(Call::encode(at.client(), &link)?);
    }
    Ok(calls)
}

/// Creates instances, and links them to an existing twin.
pub async fn instances(
    context: &mut Context,
    sent: &mut Sent,
    twin: u64,
    links: &[Link],
) -> Result<(), Failure> {
    let (mut rest, mut count, mut attempt) = (links, links.len(), 1);
    while !rest.is_empty() {
        let part = &rest[..count.min(rest.len())];
        let (_, at) = context.at().await?;
        let (_, next) = next_ids(&at).await?;
        let calls = instance_calls(&at, twin, next, part)?;
        let mut made = Made::default();
        match sender::once(context, sent, calls, &mut |done| made.see(done)).await {
            Ok(()) => {
                correct(context, sent, twin, made, part).await?;
                rest = &rest[part.len()..];
            },
            Err(failure) if is_too_large(&failure) && count > 1 => count /= 2,
            Err(failure) if is_race(&failure) && attempt < ATTEMPTS => attempt += 1,
            Err(failure) => return Err(failure),
        }
    }
    Ok(())
}

/// The events of a transaction that creates instances.
#[derive(Default)]
struct Made {
    twin: Option<u64>,
    /// The new containers, in order.
    containers: Vec<u64>,
    /// The links that were set: twin, name and container.
    links: Vec<(u64, Vec<u8>, Option<u64>)>,
}

impl Made {
    fn see(&mut self, done: &Done) -> Result<(), Failure> {
        let twin = done.find::<api::digital_twin::events::TwinCreated>()?;
        self.twin = twin.map(|made| made.twin);
        let made = done.find_all::<api::data_container::events::ContainerCreated>()?;
        self.containers = made.into_iter().map(|made| made.container).collect();
        let set = done.find_all::<api::digital_twin::events::LinkSet>()?;
        let link = |set: api::digital_twin::events::LinkSet| {
            let container = match set.target {
                Target::Container(container) => Some(container),
                _ => None,
            };
            (set.twin, set.name.0 .0, container)
        };
        self.links = set.into_iter().map(link).collect();
        Ok(())
    }
}

/// Corrects links that lead to another container than theirs, because another account created a
/// container in between.
async fn correct(
    context: &mut Context,
    sent: &mut Sent,
    twin: u64,
    made: Made,
    links: &[Link],
) -> Result<(), Failure> {
    let (_, at) = context.at().await?;
    let calls = api::transactions().digital_twin();
    let mut wrong = Vec::new();
    for ((name, _), container) in links.iter().zip(&made.containers) {
        let is_set = made.links.iter().any(|(of, link, target)| {
            *of == twin && link == name.as_bytes() && *target == Some(*container)
        });
        if !is_set {
            let target = Target::Container(*container);
            let call = calls.set_link(twin, name.clone().into_bytes(), target);
            wrong.push(vec![Call::encode(at.client(), &call)?]);
        }
    }
    for (of, name, _) in made.links.iter().filter(|(of, ..)| *of != twin) {
        wrong.push(vec![Call::encode(at.client(), &calls.remove_link(*of, name.clone()))?]);
    }
    sender::send(context, sent, wrong, |_| Ok(())).await
}

/// Returns the containers of a twin by the names of the links, and the links that are missing.
///
/// Fails if [`check`] does.
pub async fn compare(
    at: &At,
    (file, plugins): (&File, &Plugins),
    twin: u64,
    account: &AccountId32,
) -> Result<(Containers, Vec<Link>), Failure> {
    let containers = check(at, (file, plugins), twin, account).await?;
    let mut rest = links(file, plugins)?;
    rest.retain(|(link, _)| !containers.contains_key(link));
    Ok((containers, rest))
}

/// Returns the containers of a twin by the names of the links. Plugins that are not published yet
/// have no instance.
///
/// Fails unless the account owns the twin, the twin has the template's description, and its links
/// lead to instances of the template's plugins.
pub async fn check(
    at: &At,
    (file, plugins): (&File, &Plugins),
    twin: u64,
    account: &AccountId32,
) -> Result<Containers, Failure> {
    let info = reads::twin(at, twin).await?;
    if info.twin.owner != *account {
        let message = format!("twin {twin} is owned by {}, not by {account}", info.twin.owner);
        return Err(Failure::not_permitted("DigitalTwin.NotOwner", message));
    }
    let other = |what: &str| {
        Failure::usage(format!("twin {twin} was not created from this template: {what}"))
            .fix("import without --into to create a new twin")
    };
    if info.description != file.template.header.stored() {
        return Err(other("its description differs"));
    }
    let existing: BTreeMap<_, _> = reads::links_of(at, twin).await?.into_iter().collect();
    let mut containers = Containers::new();
    for part in &file.template.plugins {
        let Some(target) = existing.get(part.link.as_bytes()) else { continue };
        let elsewhere = || other(&format!("the link {} leads elsewhere", part.link));
        let Target::Container(container) = target else { return Err(elsewhere()) };
        let made = reads::info(at, *container).await?.container;
        let plugin = publish::of(plugins, part).ok().map(|plugin| plugin.id);
        if plugin.is_none() || made.plugin != plugin || made.owner != *account {
            return Err(elsewhere());
        }
        containers.insert(part.link.clone(), *container);
    }
    Ok(containers)
}

/// Fails unless a twin has all links of the template: the node claims to have created them.
pub fn complete(twin: u64, rest: &[Link]) -> Result<(), Failure> {
    match rest.first() {
        None => Ok(()),
        Some((name, _)) => {
            let message = format!("the node reports twin {twin} without the link {name}");
            Err(Failure::new(Kind::VerificationFailed, "false-twin", message)
                .fix("run the same command again, or use another node"))
        },
    }
}
