// SPDX-License-Identifier: Apache-2.0

//! Twins and their links.

use super::checks;
use crate::{
    arguments::{json_argument, name, pair},
    cli::{Create, Link, List, Listed},
    context::{as_json, parse_hash, shown, Context},
    output::{lines, note, table, Reply},
    times,
    words::{listing, target_json, target_words},
};
use serde_json::{json, Value};
use twinchain_client::{
    account,
    api::{
        self,
        runtime_types::pallet_digital_twin::types::{NewLink, Status, Target},
    },
    chain::{At, PAGE},
    names::{self, Path, Place, Root},
    reads,
    submit::Call,
    AccountId32, Chain, Failure,
};

/// Creates a twin.
pub async fn create(context: &mut Context, arguments: Create) -> Result<Reply, Failure> {
    let description = match (&arguments.name, &arguments.description) {
        (Some(name), _) => json!({ "name": name }).to_string().into_bytes(),
        (None, Some(text)) => json_argument(text)?,
        (None, None) => {
            return Err(Failure::usage("a twin needs a name or a description")
                .fix("add --name \"Big Crane 250\", or --description with JSON text"))
        },
    };
    let (_, at) = context.at().await?;
    let mut links = Vec::new();
    for text in &arguments.plugins {
        let (name, plugin) = pair(text)?;
        let plugin = plugin.parse().map_err(|_| {
            Failure::usage(format!("{plugin} is not a plugin's number"))
                .fix("twin plugin list NAME finds it")
        })?;
        links.push(NewLink::Instantiate { name: self::name(name).into(), plugin });
    }
    for text in &arguments.links {
        let (name, target) = pair(text)?;
        let name: Vec<u8> = self::name(name).into();
        links.push(match target_of(&at, target).await? {
            Target::Container(container) => NewLink::Container { name, container },
            Target::Twin(twin) => NewLink::Twin { name, twin },
            Target::Account(account) => NewLink::Account { name, account },
            Target::Hash(hash) => NewLink::Hash { name, hash },
        });
    }
    let asset = name(&arguments.asset);
    for (twin, owner) in names::twins_of_asset(&at, &asset).await? {
        note(&format!("twin {twin}, owned by {owner}, is also a twin of this asset"));
    }
    let call = api::transactions().digital_twin().create_twin(
        description,
        asset.clone().into_bytes(),
        links,
    );
    let call = Call::encode(at.client(), &call)?;
    context
        .send(&at, vec![call], |done| {
            let made = done.find::<api::digital_twin::events::TwinCreated>()?;
            let set = done.find_all::<api::digital_twin::events::LinkSet>()?;
            let Some(made) = made else { return Ok(Reply::new(json!({}), "sent")) };
            let links: Vec<Value> = set
                .iter()
                .map(|link| {
                    json!({
                        "name": shown(&link.name.0 .0),
                        "target": target_json(&link.target),
                    })
                })
                .collect();
            let mut words = format!("twin {} of {asset}", made.twin);
            for link in &set {
                let name = shown(&link.name.0 .0);
                words.push_str(&format!("\n  {name} → {}", target_words(&link.target)));
            }
            Ok(Reply::new(json!({ "twin": made.twin, "asset": asset, "links": links }), words))
        })
        .await
}

/// Reads a target: a path, `account:ACCOUNT` or `hash:0x…`.
async fn target_of(at: &At, text: &str) -> Result<Target<AccountId32>, Failure> {
    if let Some(account) = text.strip_prefix("account:") {
        return Ok(Target::Account(account::parse(account)?));
    }
    if let Some(hash) = text.strip_prefix("hash:") {
        return Ok(Target::Hash(parse_hash(hash)?));
    }
    match names::find(at, &Path::parse(text)?).await? {
        Place::Twin(twin) => Ok(Target::Twin(twin)),
        Place::Container(container) => Ok(Target::Container(container)),
        Place::Account(account) => Ok(Target::Account(account)),
        Place::Hash(hash) => Ok(Target::Hash(hash)),
        Place::DataSet { .. } => {
            Err(Failure::usage("a link can target a container, but not one of its data sets"))
        },
    }
}

/// Shows the target of a path.
pub async fn show(context: &mut Context, path: &str) -> Result<Reply, Failure> {
    let (_, at, place) = context.find(path).await?;
    match place {
        Place::Twin(twin) => show_twin(&at, twin).await,
        Place::Container(container) => super::containers::show(&at, container).await,
        Place::DataSet { .. } => super::data::get(context, path).await,
        Place::Account(account) => {
            let text = account.to_string();
            Ok(Reply::new(json!({ "account": text }), text))
        },
        Place::Hash(hash) => {
            Ok(Reply::new(json!({ "hash": format!("{hash:?}") }), format!("{hash:?}")))
        },
    }
}

async fn show_twin(at: &At, twin: u64) -> Result<Reply, Failure> {
    let info = at.call(api::runtime_apis().digital_twin_api().twin(twin)).await?;
    let info = info.ok_or_else(|| Failure::not_found(format!("twin {twin} does not exist")))?;
    let links = reads::links_of(at, twin).await?;
    let record = &info.twin;
    let is_active = matches!(record.status, Status::Active);
    let offer = record.offer.as_ref().map(|offer| {
        json!({
            "id": offer.id,
            "to": offer.to.to_string(),
            "deadline": offer.deadline,
            "containers": offer.containers.0,
        })
    });
    let data = json!({
        "twin": twin,
        "owner": record.owner.to_string(),
        "asset": shown(&record.asset.0 .0),
        "active": is_active,
        "description": as_json(&info.description),
        "revision": record.history.revision,
        "head": format!("{:?}", record.history.head),
        "offer": offer,
        "links": links
            .iter()
            .map(|(name, target)| json!({ "name": shown(name), "target": target_json(target) }))
            .collect::<Vec<_>>(),
    });
    let mut words = lines(&[
        ("twin", twin.to_string()),
        ("asset", shown(&record.asset.0 .0)),
        ("owner", record.owner.to_string()),
        ("state", if is_active { "active".into() } else { "deactivated".into() }),
        ("description", shown(&info.description)),
        ("revision", record.history.revision.to_string()),
    ]);
    if let Some(offer) = &record.offer {
        words.push_str(&format!(
            "\non offer to {} until {}",
            offer.to,
            times::show(offer.deadline)
        ));
    }
    if !links.is_empty() {
        let rows = links.iter().map(|(name, target)| [shown(name), target_words(target)]).collect();
        words.push_str(&format!("\n\n{}", table(["link", "target"], rows)));
    }
    Ok(Reply::new(data, words))
}

/// Lists the twins, containers, plugins or offers of an account.
pub async fn list(context: &mut Context, arguments: List) -> Result<Reply, Failure> {
    let account = match &arguments.of {
        Some(text) => account::parse(text)?,
        None => context.named_account()?,
    };
    let (_, at) = context.at().await?;
    let twins = api::runtime_apis().digital_twin_api();
    let containers = api::runtime_apis().data_container_api();
    match arguments.what {
        Listed::Twins => {
            let ids = Chain::pages(|after| at.call(twins.twins_of_owner(account, after, PAGE)));
            let mut ids: Vec<u64> = ids.await?;
            ids.sort_unstable();
            let mut rows = Vec::new();
            let mut data = Vec::new();
            for id in ids {
                let Some(info) = at.call(twins.twin(id)).await? else { continue };
                let (asset, description) =
                    (shown(&info.twin.asset.0 .0), as_json(&info.description));
                let name = description.get("name").and_then(Value::as_str).unwrap_or_default();
                rows.push([id.to_string(), shown(name.as_bytes()), asset.clone()]);
                data.push(json!({ "twin": id, "asset": asset, "description": description }));
            }
            let words = listing(rows, ["twin", "name", "asset"], "no twins");
            Ok(Reply::new(json!({ "twins": data }), words))
        },
        Listed::Containers | Listed::Shared => {
            let is_shared = matches!(arguments.what, Listed::Shared);
            let ids: Vec<u64> = match is_shared {
                true => {
                    Chain::pages(|after| at.call(containers.shared_with(account, after, PAGE)))
                        .await?
                },
                false => {
                    Chain::pages(|after| {
                        at.call(containers.containers_of_owner(account, after, PAGE))
                    })
                    .await?
                },
            };
            let mut ids = ids;
            ids.sort_unstable();
            let mut rows = Vec::new();
            let mut data = Vec::new();
            for id in ids {
                let Some(info) = at.call(containers.container(id)).await? else { continue };
                let owner = info.container.owner.to_string();
                let plugin = info.container.plugin;
                rows.push([
                    format!("c{id}"),
                    plugin.map_or("-".into(), |plugin| plugin.to_string()),
                    owner.clone(),
                ]);
                data.push(json!({ "container": id, "plugin": plugin, "owner": owner }));
            }
            let words = listing(rows, ["container", "plugin", "owner"], "no containers");
            Ok(Reply::new(json!({ "containers": data }), words))
        },
        Listed::Plugins => {
            let ids = Chain::pages(|after| {
                at.call(containers.plugins_of_publisher(account, after, PAGE))
            });
            let mut ids: Vec<u64> = ids.await?;
            ids.sort_unstable();
            super::plugins::list_of(&at, ids).await
        },
        Listed::Offers => offers(&at, &account).await,
    }
}

async fn offers(at: &At, account: &AccountId32) -> Result<Reply, Failure> {
    let twins = Chain::pages(|after| {
        at.call(api::runtime_apis().digital_twin_api().offers_to(*account, after, PAGE))
    });
    let containers = Chain::pages(|after| {
        at.call(api::runtime_apis().data_container_api().offers_to(*account, after, PAGE))
    });
    let (twins, containers) = futures::try_join!(twins, containers)?;
    let (mut rows, mut data) = (Vec::new(), Vec::new());
    for offer in &twins {
        let until = times::show(offer.offer.deadline);
        rows.push([offer.twin.to_string(), offer.owner.to_string(), until]);
        data.push(json!({
            "twin": offer.twin,
            "owner": offer.owner.to_string(),
            "offer": offer.offer.id,
            "deadline": offer.offer.deadline,
            "containers": offer.offer.containers.0,
        }));
    }
    // Containers offered with a twin are listed with the twin.
    for offer in containers.iter().filter(|offer| offer.twin.is_none()) {
        let until = times::show(offer.offer.deadline);
        rows.push([format!("c{}", offer.container), offer.owner.to_string(), until]);
        data.push(json!({
            "container": offer.container,
            "owner": offer.owner.to_string(),
            "offer": offer.offer.id,
            "deadline": offer.offer.deadline,
        }));
    }
    let words = listing(rows, ["offered", "by", "until"], "no offers");
    Ok(Reply::new(json!({ "offers": data }), words))
}

/// Splits a path into the twin and the name of a link that it has or will have.
async fn twin_and_link(context: &mut Context, path: &str) -> Result<(At, u64, String), Failure> {
    let mut whole = Path::parse(path)?;
    let Some(name) = whole.steps.pop().filter(|_| !matches!(whole.root, Root::Asset(_))) else {
        return Err(Failure::usage(format!("{path} names no link")).fix("write it as 0/engine"));
    };
    let (_, at) = context.at().await?;
    match names::find(&at, &whole).await? {
        Place::Twin(twin) => Ok((at, twin, name)),
        _ => Err(Failure::usage(format!("{path} is not a link of a twin"))),
    }
}

/// Sets a link of a twin.
pub async fn link(context: &mut Context, arguments: Link) -> Result<Reply, Failure> {
    let (at, twin, name) = twin_and_link(context, &arguments.path).await?;
    checks::owner_of_twin(context, &at, twin).await?;
    let target = target_of(&at, &arguments.target).await?;
    let words = format!("twin {twin}: {name} → {}", target_words(&target));
    let data = json!({ "twin": twin, "name": name, "target": target_json(&target) });
    let call = api::transactions().digital_twin().set_link(twin, name.into_bytes(), target);
    let call = Call::encode(at.client(), &call)?;
    context.send(&at, vec![call], |_| Ok(Reply::new(data, words))).await
}

/// Removes a link.
pub async fn unlink(context: &mut Context, path: &str) -> Result<Reply, Failure> {
    let (at, twin, name) = twin_and_link(context, path).await?;
    checks::owner_of_twin(context, &at, twin).await?;
    let reply = Reply::new(
        json!({ "twin": twin, "name": name }),
        format!("twin {twin} no longer has a link {name}"),
    );
    let call = api::transactions().digital_twin().remove_link(twin, name.into_bytes());
    let call = Call::encode(at.client(), &call)?;
    context.send(&at, vec![call], |_| Ok(reply)).await
}

/// Deactivates a twin.
pub async fn deactivate(context: &mut Context, path: &str) -> Result<Reply, Failure> {
    let (_, at, twin) = context.find_twin(path).await?;
    checks::owner_of_twin(context, &at, twin).await?;
    context.confirm(&format!("Deactivating twin {twin} is permanent. Continue?"))?;
    let call = api::transactions().digital_twin().deactivate_twin(twin);
    let call = Call::encode(at.client(), &call)?;
    let reply = Reply::new(json!({ "twin": twin }), format!("twin {twin} is deactivated"));
    context.send(&at, vec![call], |_| Ok(reply)).await
}

/// Prints the target of a path.
pub async fn resolve(context: &mut Context, path: &str) -> Result<Reply, Failure> {
    let (_, _, place) = context.find(path).await?;
    let (data, words) = match place {
        Place::Twin(twin) => (json!({ "twin": twin }), twin.to_string()),
        Place::Container(container) => (json!({ "container": container }), format!("c{container}")),
        Place::DataSet { container, data_set } => {
            let words = format!("c{container}/{data_set}");
            (json!({ "container": container, "dataSet": data_set }), words)
        },
        Place::Account(account) => (json!({ "account": account.to_string() }), account.to_string()),
        Place::Hash(hash) => (json!({ "hash": format!("{hash:?}") }), format!("{hash:?}")),
    };
    Ok(Reply::new(data, words))
}

/// Lists the twins of an asset.
pub async fn of_asset(context: &mut Context, asset: &str) -> Result<Reply, Failure> {
    let asset = &name(asset.strip_prefix("asset:").unwrap_or(asset));
    let (_, at) = context.at().await?;
    let mut twins = names::twins_of_asset(&at, asset).await?;
    twins.sort_unstable_by_key(|(twin, _)| *twin);
    let data: Vec<_> = twins
        .iter()
        .map(|(twin, owner)| json!({ "twin": twin, "owner": owner.to_string() }))
        .collect();
    let rows = twins.iter().map(|(twin, owner)| [twin.to_string(), owner.to_string()]).collect();
    let words = listing(rows, ["twin", "owner"], &format!("{asset} has no twins"));
    Ok(Reply::new(json!({ "asset": asset, "twins": data }), words))
}
