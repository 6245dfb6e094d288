// SPDX-License-Identifier: Apache-2.0

//! The limits of a single request, and its cost.

use jsonrpsee::types::{
    error::{INVALID_PARAMS_CODE, METHOD_NOT_FOUND_CODE},
    ErrorObject, ErrorObjectOwned, Request,
};
use sc_rpc::DenyUnsafe;
use serde::{
    de::{Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor},
    Deserializer,
};
use serde_json::{value::RawValue, Value};
use std::{borrow::Cow, collections::BTreeSet, fmt};

/// Maximum number of keys, or block numbers, in one request.
const MAX_KEYS: usize = 1_000;

/// Maximum length of the arguments of a request that names keys, in bytes. A key of this chain has
/// fewer than 500.
const MAX_KEYS_TEXT: usize = 1024 * 1024;

/// Maximum length of a runtime function's name, in bytes. Longer arguments are not compared.
const MAX_FUNCTION_NAME: usize = 200;

/// An upper bound of a request's cost.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Cost {
    /// A transaction. The pool has its own limits.
    Submission,
    /// A negligible cost.
    Little,
    /// Reading some values or a block.
    Read,
    /// A call into the runtime, a proof, or many values. Unknown methods count as this.
    Call,
    /// A search through the whole state.
    Search,
    /// Values that a dedicated thread reads, as fast as the client reads them.
    Stream,
}

impl Cost {
    /// Returns the cost of a method.
    pub fn of(method: &str) -> Self {
        match method {
            "author_submitExtrinsic"
            | "author_submitAndWatchExtrinsic"
            | "transactionWatch_v1_submitAndWatch"
            | "transaction_v1_broadcast" => Self::Submission,
            "system_accountNextIndex"
            | "account_nextIndex"
            | "system_dryRun"
            | "system_dryRunAt" => Self::Call,
            "chainHead_v1_storage" | "archive_v1_storage" | "archive_v1_storageDiff" => {
                Self::Stream
            },
            "state_getStorage"
            | "state_getStorageAt"
            | "state_getStorageHash"
            | "state_getStorageHashAt"
            | "state_getKeysPaged"
            | "state_getKeysPagedAt"
            | "state_getRuntimeVersion"
            | "chain_getRuntimeVersion"
            | "chain_getBlock"
            | "archive_v1_body"
            | "archive_v1_header"
            | "author_pendingExtrinsics" => Self::Read,
            "state_getStorageSize"
            | "state_getStorageSizeAt"
            | "state_getKeys"
            | "state_getPairs"
            | "childstate_getKeys"
            | "childstate_getStorageSize" => Self::Search,
            _ => {
                let little = ["system_", "chain_", "chainHead_", "chainSpec_", "rpc_", "author_"];
                // Subscriptions work in tasks, which wait for their client.
                let is_subscription = method.contains("ubscri") || method.contains("unwatch");
                match is_subscription || little.iter().any(|prefix| method.starts_with(prefix)) {
                    true => Self::Little,
                    false => Self::Call,
                }
            },
        }
    }
}

/// The methods that take a list of keys or numbers, and whether a repeated item can be removed.
const LISTS: &[(&str, bool)] = &[
    ("archive_v1_storage", true),
    ("archive_v1_storageDiff", true),
    ("chainHead_v1_storage", true),
    ("chainHead_v1_unpin", false),
    ("chain_getBlockHash", false),
    ("chain_getHead", false),
    // Its response has the order of the keys.
    ("childstate_getStorageEntries", false),
    ("state_getChildReadProof", true),
    ("state_getReadProof", true),
    ("state_queryStorage", true),
    ("state_queryStorageAt", true),
    ("state_subscribeStorage", true),
];

/// The methods that call a runtime function by name.
const CALLS: &[&str] =
    &["archive_v1_call", "chainHead_v1_call", "state_call", "state_callAt", "state_callRecorded"];

/// Runtime functions that only the node can call: they need host extensions that clients do not
/// get. Without those they fail, and the node would log an error.
const NOT_FOR_CLIENTS: &[&str] =
    &["SessionKeys_generate_session_keys", "OffchainWorkerApi_offchain_worker"];

/// The methods that return all keys in one response, and those that return them in pages.
const WITHOUT_PAGES: &[(&str, &str)] =
    &[("state_getKeys", "state_getKeysPaged"), ("childstate_getKeys", "childstate_getKeysPaged")];

/// Rejects requests beyond the limits, and removes repeated items.
pub fn bound(
    request: &mut Request<'_>,
    unsafe_methods: DenyUnsafe,
) -> Result<(), ErrorObjectOwned> {
    let method = &*request.method;
    if let Some((_, paged)) = WITHOUT_PAGES.iter().find(|(name, _)| *name == method) {
        unsafe_methods.check_if_safe().map_err(|_| {
            let message = format!("{method} reads all keys in one answer: use {paged}");
            ErrorObject::owned(METHOD_NOT_FOUND_CODE, message, None::<()>)
        })?;
    }
    let Some(params) = request.params.as_deref() else { return Ok(()) };
    if CALLS.contains(&method) {
        check_function(params)?;
    }
    if let Some((_, is_set)) = LISTS.iter().find(|(name, _)| *name == method) {
        if let Some(fewer) = bound_lists(params, *is_set)? {
            request.params = Some(Cow::Owned(fewer));
        }
    }
    Ok(())
}

/// Maximum number of arguments. None of the methods that are limited here takes more.
const MAX_ARGUMENTS: usize = 5;

/// The first arguments of a request, by position or by name. Stops reading at the first one too
/// many.
#[derive(Default)]
struct Arguments<'a>(Vec<&'a RawValue>);

impl<'de> Visitor<'de> for &mut Arguments<'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("arguments")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(argument) = list.next_element()? {
            self.0.push(argument);
            if self.0.len() > MAX_ARGUMENTS {
                return Err(A::Error::custom("too many arguments"));
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut named: A) -> Result<(), A::Error> {
        while let Some((_, argument)) = named.next_entry::<IgnoredAny, &RawValue>()? {
            self.0.push(argument);
            if self.0.len() > MAX_ARGUMENTS {
                return Err(A::Error::custom("too many arguments"));
            }
        }
        Ok(())
    }
}

/// Returns the arguments of a request. Anything but a list or an object yields none, and the method
/// itself rejects it. Fails if there are more than [`MAX_ARGUMENTS`].
fn arguments(params: &RawValue) -> Result<Vec<&RawValue>, ErrorObjectOwned> {
    let mut arguments = Arguments::default();
    let mut reader = serde_json::Deserializer::from_str(params.get());
    // Fails for scalars, which hold no arguments, and for too many arguments.
    let _ = reader.deserialize_any(&mut arguments);
    match arguments.0.len() > MAX_ARGUMENTS {
        true => Err(invalid(format!("this method takes at most {MAX_ARGUMENTS} arguments"))),
        false => Ok(arguments.0),
    }
}

fn check_function(params: &RawValue) -> Result<(), ErrorObjectOwned> {
    let all = arguments(params)?;
    let short = all.into_iter().filter(|text| text.get().len() < 6 * MAX_FUNCTION_NAME);
    let mut names = short.filter_map(|text| serde_json::from_str::<String>(text.get()).ok());
    match names.find(|name| NOT_FOR_CLIENTS.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => Err(invalid(format!("{name} is not for clients: only the node can call it"))),
    }
}

/// Checks the lists among the arguments. Returns the arguments without repeated items, or `None` if
/// there are none. Rejects arguments that cannot be parsed, because a method might parse them more
/// leniently.
fn bound_lists(params: &RawValue, is_set: bool) -> Result<Option<Box<RawValue>>, ErrorObjectOwned> {
    let too_many = || {
        invalid(format!("one request takes at most 1,000 keys, and {} KiB", MAX_KEYS_TEXT / 1024))
    };
    if params.get().len() > MAX_KEYS_TEXT {
        return Err(too_many());
    }
    arguments(params)?;
    let value = serde_json::from_str::<Value>(params.get());
    let mut value =
        value.map_err(|error| invalid(format!("the arguments are not JSON: {error}")))?;
    let arguments: Vec<&mut Value> = match &mut value {
        Value::Array(list) => list.iter_mut().collect(),
        Value::Object(named) => named.values_mut().collect(),
        _ => return Ok(None),
    };
    let mut has_removed = false;
    for list in arguments.into_iter().filter_map(Value::as_array_mut) {
        if list.len() > MAX_KEYS {
            return Err(too_many());
        }
        let mut seen = BTreeSet::new();
        let before = list.len();
        if is_set {
            list.retain(|item| seen.insert(meaning(item)));
        }
        has_removed |= list.len() < before;
    }
    match has_removed {
        true => RawValue::from_string(value.to_string()).map(Some).map_err(|_| too_many()),
        false => Ok(None),
    }
}

/// Returns a normalized form of an item, to find repeated ones: a key with its digits in lower
/// case, or a key with the kind of result.
fn meaning(item: &Value) -> String {
    let key = |value: &Value| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_ascii_lowercase);
        text.strip_prefix("0x").map(str::to_owned).unwrap_or(text)
    };
    match item {
        Value::Object(members) => ["key", "type", "returnType", "paginationStartKey"]
            .map(|name| members.get(name).map(key).unwrap_or_default())
            .join(" "),
        other => key(other),
    }
}

fn invalid(message: String) -> ErrorObjectOwned {
    ErrorObject::owned(INVALID_PARAMS_CODE, message, None::<()>)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jsonrpsee::types::Id;

    /// Returns the arguments that a method receives, or the error message.
    fn bounded(method: &str, params: &str) -> Result<String, String> {
        let params = RawValue::from_string(params.into()).unwrap();
        let mut request = Request::new(method.into(), Some(&params), Id::Number(1));
        bound(&mut request, DenyUnsafe::Yes).map_err(|error| error.message().to_string())?;
        Ok(request.params.unwrap().get().to_string())
    }

    #[test]
    fn repeated_keys_are_removed() {
        let params = r#"[["0x01","0x02","0x01","0X01"],null]"#;
        let fewer = r#"[["0x01","0x02"],null]"#;
        assert_eq!(bounded("state_queryStorageAt", params).unwrap(), fewer);
        let named = r#"{"keys":["0x01","0x01"]}"#;
        assert_eq!(bounded("state_getReadProof", named).unwrap(), r#"{"keys":["0x01"]}"#);
        let items = r#"["id","0x00",[{"key":"0x01","type":"value"},{"key":"0x01","type":"hash"}]]"#;
        assert_eq!(bounded("chainHead_v1_storage", items).unwrap(), items);
        // A member that methods ignore does not make an item different.
        let items =
            r#"["id","0x00",[{"key":"0x01","type":"value","n":1},{"key":"01","type":"value"}]]"#;
        let fewer = r#"["id","0x00",[{"key":"0x01","n":1,"type":"value"}]]"#;
        assert_eq!(bounded("chainHead_v1_storage", items).unwrap(), fewer);
        // Arguments that cannot be parsed here are rejected: the method might parse them.
        let deep = format!("[[\"0x01\"],null,{}{}]", "[".repeat(200), "]".repeat(200));
        for unreadable in [deep.as_str(), r#"[["0x01"],null,"\ud800"]"#] {
            assert!(bounded("state_queryStorageAt", unreadable).is_err(), "{unreadable}");
        }
        // Where the order matters, nothing changes.
        let numbers = "[[1,2,1]]";
        assert_eq!(bounded("chain_getBlockHash", numbers).unwrap(), numbers);
    }

    #[test]
    fn too_many_keys_are_rejected() {
        let keys = |count| format!("[[{}\"0x\"]]", "\"0x\",".repeat(count - 1));
        for (method, _) in LISTS {
            assert!(bounded(method, &keys(MAX_KEYS)).is_ok(), "{method}");
            let error = bounded(method, &keys(MAX_KEYS + 1)).unwrap_err();
            assert!(error.contains("at most 1,000 keys"), "{method}: {error}");
        }
        let long = format!("[[\"{}\"]]", "0".repeat(MAX_KEYS_TEXT));
        assert!(bounded("state_getReadProof", &long).is_err());
        // The limit does not apply to a value.
        assert!(
            bounded("state_call", &format!("[\"f\",\"{}\"]", "0".repeat(MAX_KEYS_TEXT))).is_ok()
        );
    }

    #[test]
    fn functions_of_the_node_are_rejected_in_any_notation() {
        for params in [
            r#"["SessionKeys_generate_session_keys","0x00"]"#,
            r#"["\u0053essionKeys_generate_session_keys","0x00"]"#,
            r#"{"name":"SessionKeys_generate_session_keys","bytes":"0x00"}"#,
        ] {
            for method in CALLS {
                assert!(
                    bounded(method, params).unwrap_err().contains("not for clients"),
                    "{method}"
                );
            }
        }
        assert!(bounded("state_call", r#"["Core_version","0x"]"#).is_ok());
        let many = format!("[{}1]", "1,".repeat(MAX_ARGUMENTS));
        for (method, _) in [("state_call", ()), ("state_queryStorageAt", ())] {
            assert!(bounded(method, &many).unwrap_err().contains("at most 5 arguments"));
        }
        for no_arguments in ["1", "null", "[]", "{}", r#""text""#] {
            assert!(bounded("state_call", no_arguments).is_ok());
            assert!(bounded("state_getReadProof", no_arguments).is_ok());
        }
    }

    #[test]
    fn only_operators_can_read_all_keys_without_pages() {
        let error = bounded("state_getKeys", r#"["0x"]"#).unwrap_err();
        assert!(error.contains("state_getKeysPaged"), "{error}");
        let params = RawValue::from_string(r#"["0x"]"#.into()).unwrap();
        let mut request = Request::new("state_getKeys".into(), Some(&params), Id::Number(1));
        assert!(bound(&mut request, DenyUnsafe::No).is_ok());
    }

    #[test]
    fn unknown_methods_count_as_expensive() {
        assert_eq!(Cost::of("state_call"), Cost::Call);
        assert_eq!(Cost::of("future_method"), Cost::Call);
        assert_eq!(Cost::of("payment_queryInfo"), Cost::Call);
        assert_eq!(Cost::of("system_health"), Cost::Little);
        for subscription in [
            "state_unsubscribeStorage",
            "state_subscribeStorage",
            "grandpa_subscribeJustifications",
            "chainHead_v1_body",
            "chainHead_v1_call",
        ] {
            assert_eq!(Cost::of(subscription), Cost::Little, "it waits for its client");
        }
        assert_eq!(Cost::of("chainHead_v1_storage"), Cost::Stream);
        assert_eq!(Cost::of("author_submitExtrinsic"), Cost::Submission);
    }
}
