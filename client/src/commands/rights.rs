// SPDX-License-Identifier: Apache-2.0

//! Sharing, roles, and explanations of access.

use super::checks;
use crate::{
    arguments::{name, now, pair},
    cli::{AccessName, Role, Share, Unshare, Why},
    context::{shown, Context},
    output::{table, Reply},
    times,
    words::{access_words, grant_bits, listing, READ, REMOVE, WRITE},
};
use serde_json::{json, Value};
use std::collections::BTreeMap;
use twinchain_client::{
    account,
    api::{
        self,
        runtime_types::{
            pallet_data_container::{
                answers::{EnvelopeState, ReaderInfo},
                types::{arguments::DataSetAccess, rights::Authority, Visibility},
            },
            twinchain_primitives::access::Access,
        },
    },
    chain::At,
    confidential::{self, DataSet},
    names::{self, Path, Place},
    reads,
    rotations::Rotating,
    submit::Call,
    AccountId32, Chain, Failure, Kind,
};

fn bits(names: &[AccessName]) -> u8 {
    let bit = |name: &AccessName| match name {
        AccessName::Read => READ,
        AccessName::Write => WRITE,
        AccessName::Remove => REMOVE,
    };
    names.iter().map(bit).fold(0, |all, bit| all | bit)
}

/// Finds the named data sets, which must be in one container, or all data sets of a container.
async fn named(
    context: &mut Context,
    paths: &[String],
    container: Option<&String>,
) -> Result<(Chain, At, u64, Vec<(String, DataSet)>), Failure> {
    if let Some(path) = container {
        let text = match path.bytes().all(|byte| byte.is_ascii_digit()) {
            true => format!("c{path}"),
            false => path.clone(),
        };
        let (chain, at, id) = context.find_container(&text).await?;
        let mut sets = reads::data_sets(&at, id).await?;
        sets.retain(|(_, set)| set.retired.is_none());
        return Ok((chain, at, id, sets));
    }
    let (chain, at) = context.at().await?;
    let mut of = None;
    let mut sets = Vec::new();
    for path in paths {
        let Place::DataSet { container, data_set } = names::find(&at, &Path::parse(path)?).await?
        else {
            return Err(Failure::usage(format!("{path} is not a data set"))
                .fix("--container takes all data sets of a container"));
        };
        if *of.get_or_insert(container) != container {
            return Err(Failure::usage("these data sets are in different containers")
                .fix("use one command for each container"));
        }
        // A data set that is named twice counts once.
        if sets.iter().all(|(name, _)| *name != data_set) {
            let record = confidential::data_set(&at, container, &data_set).await?;
            sets.push((data_set, record));
        }
    }
    let container = of.ok_or_else(|| Failure::usage("no data set is named"))?;
    Ok((chain, at, container, sets))
}

fn is_confidential(set: &DataSet) -> bool {
    matches!(set.visibility, Visibility::Confidential)
}

/// Gives an account access, with an envelope for each confidential data set that it may read.
pub async fn share(context: &mut Context, arguments: Share) -> Result<Reply, Failure> {
    let account = account::parse(&arguments.with)?;
    if context.named_account().is_ok_and(|own| own == account) {
        return Err(Failure::usage(
            "the owner has full access; a grant to yourself would remain after a handover",
        ));
    }
    let until =
        arguments.until.as_deref().map(|text| times::parse_moment(text, now())).transpose()?;
    let wanted = bits(&arguments.access);
    let (chain, at, container, sets) =
        named(context, &arguments.paths, arguments.container.as_ref()).await?;
    checks::owner_of_container(context, &at, container).await?;
    // Every account may read a public data set, so READ is not granted.
    let access: Vec<_> = sets
        .iter()
        .map(|(name, set)| (name, set, if is_confidential(set) { wanted } else { wanted & !READ }))
        .filter(|(.., bits)| *bits != 0)
        .collect();
    if access.is_empty() {
        return Err(Failure::usage("these data sets are public: every account can read them")
            .fix("to let the account write, add --access write"));
    }
    let (mut envelopes, mut without_key) = (Vec::new(), Vec::new());
    let mut reader = None;
    for (name, set, bits) in &access {
        if bits & READ == 0 {
            continue;
        }
        let keys = context.keys().await?;
        // Without a key yet, still pin the reader: the first rotation seals only to known readers.
        let reader = match reader {
            Some(reader) => reader,
            None => *reader.insert(super::key::named_reader(context, &at, &keys, &account).await?),
        };
        let newest = confidential::newest(&chain, &at, &keys, container, name, set).await?;
        let Some(newest) = newest else {
            without_key.push((*name).clone());
            continue;
        };
        let of = confidential::sealing_data_set(&chain, container, name)?;
        envelopes.push(confidential::envelope_for(&of, &newest, &reader)?);
    }
    let list = access
        .iter()
        .map(|(name, _, bits)| DataSetAccess {
            data_set: name.as_bytes().to_vec(),
            access: Access(*bits),
        })
        .collect();
    let call =
        api::transactions().data_container().share(container, account, list, until, envelopes);
    let call = Call::encode(at.client(), &call)?;
    let shared: Vec<_> = access
        .iter()
        .map(|(name, _, bits)| json!({ "dataSet": name, "access": access_words(*bits) }))
        .collect();
    let rows =
        access.iter().map(|(name, _, bits)| [(*name).clone(), access_words(*bits)]).collect();
    let end = until.map_or(String::new(), |until| format!(" until {}", times::show(until)));
    let mut words =
        format!("c{container} is shared with {account}{end}\n{}", table(["data set", "may"], rows));
    if !without_key.is_empty() {
        words.push_str(&format!(
            "\nwithout a key yet: {} (the account gets the key when you create it)",
            without_key.join(", ")
        ));
    }
    let data = json!({
        "container": container,
        "account": account.to_string(),
        "shared": shared,
        "until": until,
        "withoutKey": without_key,
    });
    context.send(&at, vec![call], |_| Ok(Reply::new(data, words))).await
}

/// Takes access away. Where READ is taken from a data set with a key, the same transaction rotates
/// the key, so that the account cannot read new data.
pub async fn unshare(context: &mut Context, arguments: Unshare) -> Result<Reply, Failure> {
    let account = account::parse(&arguments.with)?;
    let taken = match arguments.access.as_slice() {
        [] => READ | WRITE | REMOVE,
        names => bits(names),
    };
    let (chain, at, container, sets) =
        named(context, &arguments.paths, arguments.container.as_ref()).await?;
    checks::owner_of_container(context, &at, container).await?;
    let rights = at
        .client()
        .storage()
        .try_fetch(api::storage().data_container().account_rights(), (container, account))
        .await?;
    let rights = rights.map(|rights| rights.decode()).transpose()?;
    let held = |id: u16| {
        let grants = rights.iter().flat_map(|rights| &rights.grants.0);
        let grant = grants.into_iter().find(|grant| grant.data_set == id);
        grant.map_or(0, |grant| grant_bits(grant, |_| true))
    };
    let access: Vec<_> = sets
        .iter()
        .map(|(name, set)| (name, set, held(set.id) & taken))
        .filter(|(.., bits)| *bits != 0)
        .collect();
    let roles = rights.iter().flat_map(|rights| &rights.roles.0);
    let info = reads::info(&at, container).await?;
    let roles: Vec<_> = roles.map(|id| role_name(&info, *id)).collect();
    if access.is_empty() {
        let fix = match roles.as_slice() {
            [] => format!("twin access c{container} lists all rights"),
            [role, ..] => format!(
                "it holds the role {}: twin role unassign c{container}/{role} {account}",
                roles.join(", ")
            ),
        };
        let message = format!("{account} has no such grant in c{container}");
        return Err(Failure::not_found(message).fix(fix));
    }
    let list = access.iter().map(|(name, _, bits)| DataSetAccess {
        data_set: name.as_bytes().to_vec(),
        access: Access(*bits),
    });
    let call = api::transactions().data_container().unshare(container, account, list.collect());
    let mut calls = vec![Call::encode(at.client(), &call)?];
    let (mut sorted, mut left_out) = (Vec::new(), Vec::new());
    for (name, set, bits) in &access {
        if bits & READ == 0 || set.key.is_none() || arguments.no_rotate {
            continue;
        }
        let keys = context.keys().await?;
        keys.keystore().map_err(without_rotation)?;
        let mut rest = super::key::readers(&at, container, name).await?;
        rest.retain(|reader| *reader != account);
        let of = Rotating { chain: &chain, at: &at, keys: &keys, container, name };
        let readers = of.sort(&rest).await?;
        left_out.extend(super::key::report_rotation(container, name, &readers));
        sorted.push((*name, *set, readers));
    }
    super::key::ask_about_left_out(context, &left_out)?;
    let mut rotated = Vec::new();
    for (name, set, readers) in &sorted {
        let keys = context.keys().await?;
        let of = Rotating { chain: &chain, at: &at, keys: &keys, container, name };
        calls.extend(of.again(set, false, readers).await.map_err(without_rotation)?);
        rotated.push((*name).clone());
    }
    let keeps_key =
        |(_, set, bits): &&(&String, &DataSet, u8)| bits & READ != 0 && set.key.is_some();
    let due = access.iter().filter(keeps_key).count() > rotated.len();
    let rows =
        access.iter().map(|(name, _, bits)| [(*name).clone(), access_words(*bits)]).collect();
    let mut words =
        format!("taken from {account} in c{container}\n{}", table(["data set", "access"], rows));
    if !rotated.is_empty() {
        words.push_str(&format!("\nrotated: {}", rotated.join(", ")));
    }
    if due {
        words.push_str(&format!(
            "\nThe account still has the keys. No sealed writes are accepted until you rotate \
             them: twin key rotate c{container}"
        ));
    }
    for role in &roles {
        words.push_str(&format!(
            "\nthe account still holds the role {role}: twin role unassign c{container}/{role} \
             {account}"
        ));
    }
    let data = json!({
        "container": container,
        "account": account.to_string(),
        "taken": access
            .iter()
            .map(|(name, _, bits)| json!({ "dataSet": name, "access": access_words(*bits) }))
            .collect::<Vec<_>>(),
        "rotated": rotated,
        "leftOut": left_out,
        "roles": roles,
    });
    context.send(&at, calls, |_| Ok(Reply::new(data, words))).await
}

/// Adds the advice that access can be taken away even if the key cannot be rotated now.
fn without_rotation(failure: Failure) -> Failure {
    let fix = failure.fix.clone().map_or_else(String::new, |fix| format!("{fix}; or "));
    failure.fix(format!("{fix}take the access away now and rotate later: add --no-rotate"))
}

fn role_name(info: &reads::Info, id: u8) -> String {
    let role = info.roles.iter().find(|role| role.role.id == id);
    role.map_or_else(|| id.to_string(), |role| shown(&role.role.name.0 .0))
}

/// Lists the rights of all accounts in a container.
pub async fn access(context: &mut Context, path: &str) -> Result<Reply, Failure> {
    let (_, at, container) = context.find_container(path).await?;
    let info = reads::info(&at, container).await?;
    let sets = reads::data_sets(&at, container).await?;
    let others = super::handover::rights(&at, container, &sets).await?;
    let owner = info.container.owner.to_string();
    let mut rows = vec![[owner.clone(), "owns it".to_string()]];
    rows.extend(others.iter().map(|right| [right.account.clone(), right.what.clone()]));
    let data = json!({
        "container": container,
        "owner": owner,
        "accounts": others
            .iter()
            .map(|right| json!({ "account": right.account, "has": right.what }))
            .collect::<Vec<_>>(),
    });
    Ok(Reply::new(data, table(["account", "has"], rows)))
}

/// Lists the readers of a data set.
pub async fn readers(context: &mut Context, path: &str) -> Result<Reply, Failure> {
    let (_, at, container, name) = context.find_data_set(path).await?;
    let record = confidential::data_set(&at, container, &name).await?;
    if !is_confidential(&record) {
        let words = format!("c{container}/{name} is public: every account can read it");
        return Ok(Reply::new(json!({ "public": true, "readers": [] }), words));
    }
    let state = |state: &EnvelopeState| match state {
        EnvelopeState::Current => "has the newest key",
        EnvelopeState::OldKey => "has it, sealed to an older key of its own",
        EnvelopeState::OldEpoch => "has an older key",
        EnvelopeState::Missing => "has no key",
    };
    let readers = reads::readers_of(&at, container, &name).await?;
    let data: Vec<Value> = readers
        .iter()
        .map(|reader| {
            json!({
                "account": reader.account.to_string(),
                "until": reader.until,
                "envelope": state(&reader.envelope),
                "leaked": reader.leaked,
            })
        })
        .collect();
    let row = |reader: &ReaderInfo<AccountId32>| {
        let until = reader.until.map_or("no end".into(), times::show);
        [reader.account.to_string(), until, state(&reader.envelope).to_string()]
    };
    let words = table(["reader", "until", "key"], readers.iter().map(row).collect());
    Ok(Reply::new(json!({ "public": false, "readers": data }), words))
}

/// Shows the role or grant that gives an account access.
pub async fn why(context: &mut Context, arguments: Why) -> Result<Reply, Failure> {
    let account = account::parse(&arguments.account)?;
    let (_, at, container, name) = context.find_data_set(&arguments.path).await?;
    let bit = bits(&[arguments.access]);
    let word = access_words(bit);
    let call = api::runtime_apis().data_container_api().authority_of(
        container,
        name.clone().into(),
        account,
        Access(bit),
    );
    let info = reads::info(&at, container).await?;
    let authority = at.call(call).await?;
    let record = confidential::data_set(&at, container, &name).await?;
    if bit == READ && !is_confidential(&record) {
        let words = format!("{account} may read c{container}/{name}: it is public");
        return Ok(Reply::new(json!({ "may": true, "why": "it is public" }), words));
    }
    let by = match &authority {
        None => {
            let words = format!("{account} may not {word} c{container}/{name}");
            return Ok(Reply::new(json!({ "may": false }), words));
        },
        Some(Authority::Owner) => "it owns the container".to_string(),
        Some(Authority::Grant) => "it has a grant".to_string(),
        Some(Authority::Role(id)) => format!("it holds the role {}", role_name(&info, *id)),
    };
    let words = format!("{account} may {word} c{container}/{name}: {by}");
    Ok(Reply::new(json!({ "may": true, "why": by }), words))
}

/// Gives up the account's own rights in a container.
pub async fn leave(context: &mut Context, path: &str) -> Result<Reply, Failure> {
    let (_, at, container) = context.find_container(path).await?;
    context.confirm(&format!("You will lose all roles and grants in c{container}. Continue?"))?;
    let call = Call::encode(at.client(), &api::transactions().data_container().leave(container))?;
    let words = format!("you no longer have rights in c{container}");
    let reply = Reply::new(json!({ "container": container }), words);
    context.send(&at, vec![call], |_| Ok(reply)).await
}

/// Splits a path into a container and the name of a role.
async fn container_and_role(
    context: &mut Context,
    path: &str,
) -> Result<(At, u64, String), Failure> {
    let (_, at, place) = context.find(path).await?;
    match place {
        // In the path, the role's name takes the place of a data set.
        Place::DataSet { container, data_set } => Ok((at, container, data_set)),
        _ => Err(Failure::usage(format!("{path} names no role")).fix("write it as c7/technician")),
    }
}

pub async fn role(context: &mut Context, command: Role) -> Result<Reply, Failure> {
    let calls = api::transactions().data_container();
    match command {
        Role::List { path } => {
            let (_, at, container) = context.find_container(&path).await?;
            let info = reads::info(&at, container).await?;
            let roles: Vec<_> =
                info.roles.iter().map(|role| (shown(&role.role.name.0 .0), role.holders)).collect();
            let data: Vec<_> = roles
                .iter()
                .map(|(name, holders)| json!({ "name": name, "holders": holders }))
                .collect();
            let rows = roles.into_iter().map(|(name, holders)| [name, holders.to_string()]);
            let words = listing(rows.collect(), ["role", "holders"], "no roles");
            Ok(Reply::new(json!({ "container": container, "roles": data }), words))
        },
        Role::Set { path, permissions } => {
            let (at, container, role) = container_and_role(context, &path).await?;
            checks::owner_of_container(context, &at, container).await?;
            let mut list = BTreeMap::new();
            for text in &permissions {
                let (name, words) = pair(text)?;
                let mut bits = 0;
                for word in words.split(',').filter(|word| !word.is_empty()) {
                    bits |= match word {
                        "write" | "set" => WRITE,
                        "remove" => REMOVE,
                        "read" => {
                            return Err(Failure::usage("a role cannot give READ")
                                .fix("twin share gives READ, with a key"))
                        },
                        _ => return Err(Failure::usage(format!("{word} is not write or remove"))),
                    };
                }
                list.insert(self::name(name), bits);
            }
            let permissions = list.iter().map(|(name, bits)| DataSetAccess {
                data_set: name.as_bytes().to_vec(),
                access: Access(*bits),
            });
            let call = calls.set_role(container, role.clone().into(), permissions.collect());
            let call = Call::encode(at.client(), &call)?;
            let words: BTreeMap<_, _> =
                list.iter().map(|(name, bits)| (name, access_words(*bits))).collect();
            let reply = Reply::new(
                json!({
                    "container": container,
                    "role": role,
                    "permissions": words,
                }),
                format!("c{container}: role {role} is set"),
            );
            context.send(&at, vec![call], |_| Ok(reply)).await
        },
        Role::Assign { path, account } => assign(context, &path, &account, true).await,
        Role::Unassign { path, account } => assign(context, &path, &account, false).await,
    }
}

/// Assigns a role to an account, or unassigns it.
async fn assign(
    context: &mut Context,
    path: &str,
    account: &str,
    holds: bool,
) -> Result<Reply, Failure> {
    let account = account::parse(account)?;
    let (at, container, role) = container_and_role(context, path).await?;
    checks::owner_of_container(context, &at, container).await?;
    let info = reads::info(&at, container).await?;
    let names: Vec<_> = info.roles.iter().map(|role| shown(&role.role.name.0 .0)).collect();
    if !names.contains(&role) {
        let message = format!("c{container} has no role {role}");
        let fix = match names.as_slice() {
            [] => format!("create it: twin role set c{container}/{role} DATASET=write"),
            names => format!("its roles are {}; twin role set creates one", names.join(", ")),
        };
        return Err(Failure::new(Kind::NotFound, "DataContainer.RoleNotFound", message).fix(fix));
    }
    let (calls, name) = (api::transactions().data_container(), role.clone().into());
    let (call, end) = match holds {
        true => (
            Call::encode(at.client(), &calls.assign_role(container, account, name))?,
            "assigned to",
        ),
        false => {
            let call = calls.unassign_role(container, account, name);
            (Call::encode(at.client(), &call)?, "unassigned from")
        },
    };
    let reply = Reply::new(
        json!({ "container": container, "role": role, "account": account.to_string() }),
        format!("c{container}: role {role} is {end} {account}"),
    );
    context.send(&at, vec![call], |_| Ok(reply)).await
}
