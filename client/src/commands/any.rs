// SPDX-License-Identifier: Apache-2.0

//! Any call of the chain, with JSON arguments that are encoded by the chain's metadata.

use crate::{
    arguments::pair,
    cli,
    context::Context,
    output::{note, Reply},
};
use serde_json::{json, Value};
use std::collections::BTreeMap;
use subxt::ext::scale_value::{self, Composite};
use twinchain_client::{
    chain::At,
    dynamic::{composite_json, from_json, is_bytes, to_json},
    submit::{Call, Done},
    Failure,
};

/// Submits a call by its name.
pub async fn call(context: &mut Context, arguments: cli::Call) -> Result<Reply, Failure> {
    let (_, at) = context.at().await?;
    let name = &arguments.call;
    let (pallet, call) = name.split_once('.').ok_or_else(|| {
        Failure::usage(format!("{name} is not a call"))
            .fix("write PALLET.CALL, such as DigitalTwin.set_link")
    })?;
    let metadata = at.client().metadata();
    let pallet = metadata
        .pallets()
        .find(|known| known.name().eq_ignore_ascii_case(pallet))
        .ok_or_else(|| {
            let names: Vec<_> =
                metadata.pallets().map(|pallet| pallet.name().to_string()).collect();
            Failure::usage(format!("the chain has no pallet {pallet}"))
                .fix(format!("its pallets are {}", names.join(", ")))
        })?;
    // Also accepts the JavaScript spelling: setLink for set_link.
    let plain = |name: &str| name.replace('_', "").to_lowercase();
    let variants = pallet.call_variants().unwrap_or_default();
    let variant =
        variants.iter().find(|known| plain(&known.name) == plain(call)).ok_or_else(|| {
            let names: Vec<_> = variants.iter().map(|call| call.name.as_str()).collect();
            Failure::usage(format!("{} has no call {call}", pallet.name()))
                .fix(format!("its calls are {}", names.join(", ")))
        })?;
    let mut given = read_arguments(&arguments.arguments)?;
    let names: Vec<_> = variant.fields.iter().filter_map(|field| field.name.clone()).collect();
    if let Some(name) = given.keys().find(|name| !names.contains(name)) {
        return Err(Failure::usage(format!("{call} has no argument {name}"))
            .fix(format!("its arguments are {}", names.join(", "))));
    }
    let mut fields = Vec::new();
    for field in &variant.fields {
        let field_name = field.name.clone().unwrap_or_default();
        let value = match given.remove(&field_name) {
            None => Value::Null,
            Some(Given::Json(value)) => value,
            Some(Given::Text(text)) if is_bytes(field.ty.id, metadata.types()) => text.into(),
            Some(Given::Text(text)) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        };
        let kind = field.type_name.clone().unwrap_or_default();
        let scale = from_json(&value, field.ty.id, metadata.types()).map_err(|why| {
            Failure::usage(format!("{field_name} ({kind}): {why}"))
                .fix("docs/extrinsics.md has an example of each type")
        })?;
        fields.push((field_name, scale));
    }
    let payload =
        subxt::dynamic::transaction(pallet.name(), &variant.name, Composite::Named(fields));
    let call = Call::encode(at.client(), &payload)?;
    let name = call.name();
    context.send(&at, vec![call], |done| happened(&name, done)).await
}

/// Submits a call that `--print-call` printed.
pub async fn submit(context: &mut Context, text: &str) -> Result<Reply, Failure> {
    let bytes = text.strip_prefix("0x").and_then(|digits| hex::decode(digits).ok());
    let bytes = bytes.ok_or_else(|| Failure::usage("the call is not hexadecimal after 0x"))?;
    let (_, at) = context.at().await?;
    let call = Call::decode(at.client(), bytes)?;
    let account = context.account()?;
    note(&format!("{account} would sign\n{}", arguments_of(&at, &call)?));
    context.confirm(&format!("Sign and send {}?", call.name()))?;
    let name = call.name();
    context.send(&at, vec![call], |done| happened(&name, done)).await
}

/// Returns a call with its arguments as JSON text, named as in the metadata.
fn arguments_of(at: &At, call: &Call) -> Result<String, Failure> {
    let metadata = at.client().metadata();
    let of = metadata.outer_enums().call_enum_ty();
    let mut bytes = call.bytes();
    let value = scale_value::scale::decode_as_type(&mut bytes, of, metadata.types())
        .map_err(|error| Failure::other(format!("the call cannot be shown: {error}")))?;
    let text = to_json(&value.remove_context());
    Ok(serde_json::to_string_pretty(&text).unwrap_or_default())
}

/// Reports the events of a call.
fn happened(call: &str, done: &Done) -> Result<Reply, Failure> {
    let (mut words, mut data) = (format!("{call} is done"), Vec::new());
    for event in done.events.iter().flat_map(|events| events.iter()) {
        let event = event?;
        let name = format!("{}.{}", event.pallet_name(), event.event_name());
        let fields = composite_json(&event.decode_fields_unchecked_as::<Composite<()>>()?);
        words.push_str(&format!("\n  {name} {fields}"));
        data.push(json!({ "event": name, "fields": fields }));
    }
    Ok(Reply::new(json!({ "call": call, "events": data }), words))
}

/// An argument as given on the command line.
enum Given {
    /// A member of a JSON object of all arguments.
    Json(Value),
    /// The value of NAME=VALUE: text if the call takes bytes, otherwise JSON.
    Text(String),
}

/// Reads arguments: one JSON object, or NAME=VALUE for each argument.
fn read_arguments(arguments: &[String]) -> Result<BTreeMap<String, Given>, Failure> {
    if let [one] = arguments {
        if let Ok(Value::Object(members)) = serde_json::from_str(one) {
            return Ok(members
                .into_iter()
                .map(|(name, value)| (name, Given::Json(value)))
                .collect());
        }
    }
    let mut all = BTreeMap::new();
    for text in arguments {
        let (name, value) = pair(text)?;
        all.insert(name.to_string(), Given::Text(value.to_string()));
    }
    Ok(all)
}
