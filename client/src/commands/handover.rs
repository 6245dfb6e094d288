// SPDX-License-Identifier: Apache-2.0

//! The handover of twins and containers.

use super::checks;
use crate::{
    arguments::now,
    cli::Offer,
    context::{shown, Context},
    output::{note, table, Reply},
    times,
    words::grant_words,
};
use serde_json::{json, Value};
use twinchain_client::{
    account,
    api::{
        self,
        runtime_types::{
            pallet_data_container::types::Visibility, pallet_digital_twin::types::ContainerEnvelope,
        },
    },
    chain::{At, PAGE},
    confidential::{self, DataSet},
    keys::Keys,
    names::{self, Path, Place},
    reads, rotations,
    submit::Call,
    AccountId32, Chain, Failure, Kind,
};
use twinchain_sealing::{EpochNumber, Reader};

/// The maximum number of envelopes in one offer of a twin.
const MAX_OFFER_ENVELOPES: usize = 256;

/// Offers a twin with containers, or a container. The offer includes the keys of all confidential
/// data sets of the containers.
pub async fn offer(context: &mut Context, arguments: Offer) -> Result<Reply, Failure> {
    let to = account::parse(&arguments.to)?;
    if context.named_account().is_ok_and(|own| own == to) {
        return Err(Failure::usage("you cannot make an offer to yourself"));
    }
    let deadline = now().saturating_add(times::parse_span(&arguments.lasts)?);
    let (chain, at, place) = context.find(&arguments.path).await?;
    let mut containers = Vec::new();
    for path in &arguments.with {
        match names::find(&at, &Path::parse(path)?).await? {
            Place::Container(container) => containers.push(container),
            _ => return Err(Failure::usage(format!("{path} is not a container"))),
        }
    }
    let twin = match place {
        Place::Twin(twin) => Some(twin),
        Place::Container(container) if containers.is_empty() => {
            containers.push(container);
            None
        },
        _ => {
            return Err(Failure::usage(
                "offer a twin, optionally --with containers, or a container without --with",
            ))
        },
    };
    if let Some(twin) = twin {
        let owner = reads::twin(&at, twin).await?.twin.owner;
        context.check_owner(&format!("twin {twin}"), "DigitalTwin.NotOwner", &owner)?;
    }
    for container in &containers {
        checks::owner_of_container(context, &at, *container).await?;
    }
    let mut seen = Vec::new();
    let mut keyed = Vec::new();
    for container in &containers {
        for (name, set) in reads::data_sets(&at, *container).await? {
            if !can_be_read(&set) {
                continue;
            }
            let discloses = match &set.visibility {
                Visibility::Public => "public",
                Visibility::Confidential => "confidential: its keys",
            };
            seen.push([format!("c{container}"), name.clone(), discloses.to_string()]);
            if set.key.is_some() {
                keyed.push((*container, name, set));
            }
        }
    }
    if !seen.is_empty() {
        let words = table(["container", "data set", "the offeree sees"], seen.clone());
        note(&format!("{to} can read this as soon as it is offered, and keeps it:\n{words}"));
    }
    let what =
        twin.map_or_else(|| format!("container c{}", containers[0]), |twin| format!("twin {twin}"));
    // If the account has no key to seal to, fail before the question.
    let sealing = match keyed.as_slice() {
        [] => None,
        _ => {
            let keys = context.keys().await?;
            let reader = super::key::named_reader(context, &at, &keys, &to).await?;
            Some((keys, reader))
        },
    };
    context.confirm(&format!("Offer {what} to {to}, until {}?", times::show(deadline)))?;
    let (envelopes, older) = match &sealing {
        None => (Vec::new(), Vec::new()),
        Some((keys, reader)) => seal_for(&chain, &at, keys, reader, &keyed).await?,
    };
    let calls = offer_calls(&at, twin, &to, deadline, &containers, envelopes, older)?;
    let words = format!("{what} is on offer to {to} until {}", times::show(deadline));
    let data = json!({
        "twin": twin,
        "containers": containers,
        "to": to.to_string(),
        "deadline": deadline,
        "disclosed": seen
            .iter()
            .map(|[container, set, what]| {
                json!({ "container": container, "dataSet": set, "what": what })
            })
            .collect::<Vec<_>>(),
    });
    context.send(&at, calls, |_| Ok(Reply::new(data, words))).await
}

/// Returns `true` if a data set has or may get something to read. The chain requires an envelope
/// for each of these. A retired one may still hold values.
fn can_be_read(set: &DataSet) -> bool {
    set.retired.is_none() || set.count > 0 || set.batches > 0
}

/// Seals the newest seeds of data sets for an account. Also returns the calls that give the account
/// the seeds of older segments.
async fn seal_for(
    chain: &Chain,
    at: &At,
    keys: &Keys,
    reader: &Reader,
    keyed: &[(u64, String, DataSet)],
) -> Result<(Vec<ContainerEnvelope>, Vec<Call>), Failure> {
    let to = AccountId32(reader.account.0);
    let (mut envelopes, mut older) = (Vec::new(), Vec::new());
    for (container, name, set) in keyed {
        let of = confidential::sealing_data_set(chain, *container, name)?;
        let newest = confidential::newest(chain, at, keys, *container, name, set).await?;
        let Some(newest) = newest else { continue };
        let sealed = confidential::envelope_for(&of, &newest, reader)?;
        envelopes.push(ContainerEnvelope {
            container: *container,
            data_set: sealed.data_set,
            epoch: sealed.epoch,
            key_version: sealed.key_version,
            envelope: sealed.envelope,
        });
        // The chain refuses duplicates: the account may have been a reader, or declined an offer.
        let held = confidential::envelopes(at, *container, name, &to).await?;
        let has = |epoch: &EpochNumber| {
            held.iter().any(|of| of.epoch == *epoch && of.key_version == reader.version)
        };
        for (epoch, key) in confidential::older_segments(chain, at, keys, *container, name).await? {
            if has(&epoch) {
                continue;
            }
            older.extend(rotations::envelopes(at, &of, epoch, &key.seed, &[*reader])?);
        }
    }
    Ok((envelopes, older))
}

fn offer_calls(
    at: &At,
    twin: Option<u64>,
    to: &AccountId32,
    deadline: u64,
    containers: &[u64],
    envelopes: Vec<ContainerEnvelope>,
    older: Vec<Call>,
) -> Result<Vec<Call>, Failure> {
    use api::runtime_types::twinchain_primitives::sealed::SharedEnvelope;
    let shared = |of: &ContainerEnvelope| SharedEnvelope {
        data_set: of.data_set.clone(),
        epoch: of.epoch,
        key_version: of.key_version,
        envelope: of.envelope.clone(),
    };
    let alone = |container: u64, envelopes: &[ContainerEnvelope]| {
        let own = envelopes.iter().filter(|of| of.container == container).map(shared).collect();
        let call = api::transactions().data_container();
        Call::encode(at.client(), &call.offer_ownership(container, *to, deadline, own))
    };
    let mut calls = Vec::new();
    let Some(twin) = twin else {
        for container in containers {
            calls.push(alone(*container, &envelopes)?);
        }
        calls.extend(older);
        return Ok(calls);
    };
    // An offer of a twin carries at most 256 envelopes. If more are needed, some containers are
    // offered separately first: the twin's offer renews these, and needs no envelopes that the
    // offeree already has.
    let mut rest = envelopes;
    for container in containers {
        if rest.len() <= MAX_OFFER_ENVELOPES {
            break;
        }
        calls.push(alone(*container, &rest)?);
        rest.retain(|of| of.container != *container);
    }
    let offer = api::transactions().digital_twin().offer_twin(
        twin,
        *to,
        deadline,
        containers.to_vec(),
        rest,
    );
    calls.push(Call::encode(at.client(), &offer)?);
    calls.extend(older);
    Ok(calls)
}

/// The offer at a path.
enum Offered {
    Twin { twin: u64, offer: u32, to: AccountId32, deadline: u64, containers: Vec<u64> },
    Container { container: u64, offer: u32, to: AccountId32, deadline: u64 },
}

async fn offered(context: &mut Context, path: &str) -> Result<(Chain, At, Offered), Failure> {
    let (chain, at, place) = context.find(path).await?;
    let missing = || {
        Failure::not_found(format!("{path} is not on offer"))
            .fix("twin list --what offers lists the offers to you")
    };
    let offered = match place {
        Place::Twin(twin) => {
            let info = at.call(api::runtime_apis().digital_twin_api().twin(twin)).await?;
            let info =
                info.ok_or_else(|| Failure::not_found(format!("twin {twin} does not exist")))?;
            let offer = info.twin.offer.ok_or_else(missing)?;
            let (id, to, deadline) = (offer.id, offer.to, offer.deadline);
            Offered::Twin { twin, offer: id, to, deadline, containers: offer.containers.0 }
        },
        Place::Container(container) => {
            let info = reads::info(&at, container).await?;
            let offer = info.container.offer.ok_or_else(missing)?;
            let (id, to, deadline) = (offer.id, offer.to, offer.deadline);
            Offered::Container { container, offer: id, to, deadline }
        },
        _ => return Err(Failure::usage(format!("{path} is not a twin or container"))),
    };
    Ok((chain, at, offered))
}

/// Fails unless the offer is to the acting account.
fn check_offeree(context: &mut Context, path: &str, offered: &Offered) -> Result<(), Failure> {
    let (Offered::Twin { to, .. } | Offered::Container { to, .. }) = offered;
    match *to == context.account()? {
        true => Ok(()),
        false => Err(Failure::not_permitted("not-offeree", format!("{path} is on offer to {to}"))),
    }
}

/// Opens every envelope, lists all rights that remain, and accepts the offer.
pub async fn accept(context: &mut Context, path: &str) -> Result<Reply, Failure> {
    let (chain, at, offered) = offered(context, path).await?;
    check_offeree(context, path, &offered)?;
    let (Offered::Twin { deadline, .. } | Offered::Container { deadline, .. }) = &offered;
    if *deadline < now() {
        let message = format!("the offer of {path} lapsed on {}", times::show(*deadline));
        return Err(Failure::new(Kind::Refused, "OfferLapsed", message)
            .fix("ask the owner for a new offer"));
    }
    let containers = match &offered {
        Offered::Twin { containers, .. } => containers.clone(),
        Offered::Container { container, .. } => vec![*container],
    };
    let (mut opened, mut closed) = (Vec::new(), Vec::new());
    let (mut remaining, mut unproven) = (Vec::new(), Vec::new());
    for container in &containers {
        let sets = reads::data_sets(&at, *container).await?;
        for (name, set) in &sets {
            if set.key.is_none() || !can_be_read(set) {
                continue;
            }
            let keys = context.keys().await?;
            let place = format!("c{container}/{name}");
            let of = (*container, name.as_str(), set);
            let found = confidential::access(&chain, &at, &keys, of).await?;
            let newest = set.key.as_ref().map_or(0, |key| key.epoch);
            let opens_newest = found.open.iter().any(|epoch| epoch.get() == newest);
            if !opens_newest || !found.false_envelopes.is_empty() {
                let why = match found.false_envelopes.is_empty() {
                    true => format!("epoch {newest} has no envelope"),
                    false => found.false_envelopes.join("; "),
                };
                let message = format!("{place} does not open: {why}");
                return Err(Failure::new(Kind::VerificationFailed, "false-envelope", message)
                    .fix("do not accept; ask the owner for a new offer with a correct envelope"));
            }
            if found.is_unproven {
                unproven.push(format!("twin key accept {place}"));
            }
            if !found.closed.is_empty() {
                let list: Vec<_> = found.closed.iter().map(ToString::to_string).collect();
                closed.push(format!("{place}: epochs {}", list.join(", ")));
            }
            opened.push(place);
        }
        let own = context.account()?.to_string();
        let rights = rights(&at, *container, &sets).await?;
        remaining.extend(rights.into_iter().filter(|right| right.account != own));
    }
    let list: Vec<_> = containers.iter().map(|container| format!("c{container}")).collect();
    let mut words = match (&offered, list.as_slice()) {
        (Offered::Container { container, .. }, _) => {
            format!("to hand over: container c{container}\n")
        },
        (Offered::Twin { twin, .. }, []) => {
            format!("to hand over: twin {twin}, without containers\n")
        },
        (Offered::Twin { twin, .. }, list) => {
            format!("to hand over: twin {twin}, with the containers {}\n", list.join(", "))
        },
    };
    words += &format!(
        "opened: {}",
        if opened.is_empty() { "no confidential data sets".into() } else { opened.join(", ") }
    );
    if !closed.is_empty() {
        words.push_str(&format!(
            "\nyou cannot read older values, because the offer has no keys for them: {}",
            closed.join("; ")
        ));
    }
    if remaining.is_empty() {
        words.push_str("\nno other account keeps rights");
    } else {
        let rows = remaining
            .iter()
            .map(|right| [right.container.clone(), right.account.clone(), right.what.clone()]);
        words.push_str(&format!(
            "\nthese rights of other accounts remain:\n{}",
            table(["container", "account", "keeps"], rows.collect())
        ));
    }
    for command in &unproven {
        words.push_str(&format!(
            "\nno link proves that the newest key follows from the keys you had; compare it with \
             the owner: {command}"
        ));
    }
    note(&words);
    context.confirm("Accept the offer?")?;
    let call = match &offered {
        Offered::Twin { twin, offer, .. } => Call::encode(
            at.client(),
            &api::transactions().digital_twin().accept_twin(*twin, *offer),
        )?,
        Offered::Container { container, offer, .. } => Call::encode(
            at.client(),
            &api::transactions().data_container().accept_ownership(*container, *offer),
        )?,
    };
    let remaining: Vec<Value> = remaining
        .iter()
        .map(|right| {
            json!({
                "container": right.container,
                "account": right.account,
                "keeps": right.what,
            })
        })
        .collect();
    let data = json!({
        "accepted": path,
        "containers": containers,
        "opened": opened,
        "closed": closed,
        "remaining": remaining,
    });
    let mut words = match &offered {
        Offered::Twin { twin, .. } => format!("twin {twin} is yours"),
        Offered::Container { container, .. } => format!("container c{container} is yours"),
    };
    let rotations: Vec<_> =
        containers.iter().map(|container| format!("twin key rotate c{container}")).collect();
    if !opened.is_empty() {
        words.push_str(&format!(
            ". Rotate the keys, so that the former owner cannot read new data: {}",
            rotations.join("; ")
        ));
    }
    if !unproven.is_empty() {
        words.push_str(&format!(
            "\nFirst compare the newest keys with the former owner, because no link proves that \
             they follow from the keys you had: {}",
            unproven.join("; ")
        ));
    }
    context.send(&at, vec![call], |_| Ok(Reply::new(data, words))).await
}

/// The rights in a container of an account other than the owner. A handover does not change them.
pub struct Remaining {
    pub container: String,
    pub account: String,
    pub what: String,
}

/// Returns the roles and valid grants of all accounts in a container.
pub async fn rights(
    at: &At,
    container: u64,
    sets: &[(String, DataSet)],
) -> Result<Vec<Remaining>, Failure> {
    let info = reads::info(at, container).await?;
    let members = Chain::pages(|after| {
        let call = api::runtime_apis().data_container_api();
        at.call(call.members(container, after, PAGE))
    });
    let members = members.await?;
    let mut all = Vec::new();
    for (account, rights) in members {
        let mut what: Vec<String> = Vec::new();
        for id in &rights.roles.0 {
            let role = info.roles.iter().find(|role| role.role.id == *id);
            what.push(role.map_or_else(
                || format!("role {id}"),
                |role| format!("role {}", shown(&role.role.name.0 .0)),
            ));
        }
        for grant in &rights.grants.0 {
            let may = grant_words(grant);
            let name =
                sets.iter().find(|(_, set)| set.id == grant.data_set).map(|(name, _)| name.clone());
            if !may.is_empty() {
                let name = name.unwrap_or_else(|| grant.data_set.to_string());
                what.push(format!("{name}: {may}"));
            }
        }
        if !what.is_empty() {
            all.push(Remaining {
                container: format!("c{container}"),
                account: account.to_string(),
                what: what.join("; "),
            });
        }
    }
    Ok(all)
}

/// Declines an offer.
pub async fn decline(context: &mut Context, path: &str) -> Result<Reply, Failure> {
    let (_, at, offered) = offered(context, path).await?;
    check_offeree(context, path, &offered)?;
    let call = match offered {
        Offered::Twin { twin, offer, .. } => Call::encode(
            at.client(),
            &api::transactions().digital_twin().decline_offer(twin, offer),
        )?,
        Offered::Container { container, offer, .. } => Call::encode(
            at.client(),
            &api::transactions().data_container().decline_offer(container, offer),
        )?,
    };
    let reply = Reply::new(json!({ "declined": path }), format!("you declined {path}"));
    context.send(&at, vec![call], |_| Ok(reply)).await
}

/// Cancels an offer.
pub async fn cancel(context: &mut Context, path: &str) -> Result<Reply, Failure> {
    let (_, at, offered) = offered(context, path).await?;
    let call = match offered {
        Offered::Twin { twin, .. } => {
            Call::encode(at.client(), &api::transactions().digital_twin().cancel_offer(twin))?
        },
        Offered::Container { container, .. } => Call::encode(
            at.client(),
            &api::transactions().data_container().cancel_offer(container),
        )?,
    };
    let reply =
        Reply::new(json!({ "cancelled": path }), format!("the offer of {path} is cancelled"));
    context.send(&at, vec![call], |_| Ok(reply)).await
}
