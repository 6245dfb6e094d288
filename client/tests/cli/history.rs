// SPDX-License-Identifier: Apache-2.0

//! Histories of data sets, containers and twins, from a node that keeps all states.

use crate::{
    node::{service, text},
    Twin,
};
use codec::Encode;
use serde_json::{json, Value};
use twinchain_client::{hash::blake2_256, signer::Signer, AccountId32};

fn changes(history: &Value) -> Vec<Value> {
    assert_eq!(history["verified"], true, "{history}");
    history["changes"].as_array().unwrap().clone()
}

fn texts(history: &Value) -> Vec<Vec<String>> {
    let text = |value: &Value| value["text"].as_str().unwrap_or("closed").to_string();
    let values = |change: &Value| change["values"].as_array().unwrap().iter().map(text).collect();
    changes(history).iter().map(values).collect()
}

/// Returns the JSON of a call that sets the entry `plate`.
fn set(container: &str, value: &str) -> Value {
    json!({ "DataContainer": { "set_entry": {
        "container": container[1..].parse::<u64>().unwrap(),
        "data_set": "plate",
        "value": value,
        "expected_revision": null,
    } } })
}

/// Returns the address of the multisig of Alice and Bob with threshold 1.
fn multisig_of_alice_and_bob() -> String {
    let mut all = ["alice", "bob"].map(|name| Signer::developer(name).unwrap().account().0);
    all.sort_unstable();
    let bytes = (b"modlpy/utilisuba", all.to_vec(), 1u16).encode();
    AccountId32(blake2_256(&bytes).0).to_string()
}

#[test]
fn entry_shows_every_revision_however_it_was_written() {
    let (alice, eve) = (Twin::developer("alice"), Twin::developer("eve"));
    let of = service(&alice);
    let plate = format!("{of}/plate");
    assert_eq!(changes(&alice.json(&["history", &plate, "--verify"])), [json!(null); 0]);
    alice.ok(&["data", "set", &plate, r#""direct""#]);
    // Several writes in one block: in a batch, and by proxies within a batch or around one.
    let batch = |calls: &[Value]| format!("calls={}", json!(calls));
    let calls = batch(&[set(&of, "\"a\""), set(&of, "\"b\""), set(&of, "\"c\"")]);
    alice.ok(&["call", "Utility.batch_all", &calls]);
    alice.ok(&["call", "Proxy.add_proxy", "delegate=eve", "proxy_type=Data", "delay=0"]);
    eve.ok(&["--as", "alice", "data", "set", &plate, r#""by proxy""#]);
    let calls = batch(&[set(&of, "\"p1\""), set(&of, "\"p2\"")]);
    eve.ok(&["--as", "alice", "call", "Utility.batch_all", &calls]);
    let proxy = |value: &str| {
        let call = set(&of, value);
        json!({ "Proxy": { "proxy": { "real": "alice", "force_proxy_type": null, "call": call } } })
    };
    eve.ok(&["call", "Utility.batch_all", &batch(&[proxy("\"p3\""), proxy("\"p4\"")])]);
    // A multisig of Alice and Bob writes by a grant, twice in one block.
    let multisig = multisig_of_alice_and_bob();
    alice.ok(&["share", &plate, "--with", &multisig, "--access", "write"]);
    let by_both = |value: &str| {
        json!({ "Multisig": { "as_multi_threshold_1": {
            "other_signatories": ["bob"],
            "call": set(&of, value),
        } } })
    };
    alice.ok(&["call", "Utility.batch_all", &batch(&[by_both("\"m1\""), by_both("\"m2\"")])]);
    alice.ok(&["data", "clear", &plate]);
    let long = format!("\"{}\"", "x".repeat(20));
    alice.ok(&["data", "set", &plate, &long]);
    let history = alice.json(&["history", &plate, "--verify"]);
    let found = texts(&history);
    let expected = ["direct", "a", "b", "c", "by proxy", "p1", "p2", "p3", "p4", "m1", "m2"];
    let mut expected: Vec<_> = expected.iter().map(|text| vec![format!("\"{text}\"")]).collect();
    expected.extend([vec![], vec![long]]);
    assert_eq!(found, expected);
    let all = changes(&history);
    let revisions: Vec<_> = all.iter().map(|change| change["revision"].as_u64().unwrap()).collect();
    assert_eq!(revisions, (1..=13).collect::<Vec<_>>());
    let is_by = |change: &Value, author: &str| change["author"].as_str().unwrap() == author;
    let alices = alice.json(&["key", "show"])["account"].as_str().unwrap().to_string();
    assert!(all[..9].iter().all(|change| is_by(change, &alices)));
    assert!(all[9..11].iter().all(|change| is_by(change, &multisig)));
    assert_eq!((&all[9]["authority"], &all[0]["authority"]), (&json!("grant"), &json!("owner")));
    assert_eq!(all[11]["change"], "Clear");
    let diff = json!({ "pointer": "", "before": "\"direct\"", "after": "\"a\"" });
    assert_eq!(all[1]["diff"][0], diff);
    let record = &alice.json(&["data", "list", &of])["dataSets"][2];
    assert_eq!((&record["name"], &record["head"]), (&json!("plate"), &history["head"]));
    // Text and comma-separated values.
    let words = alice.ok(&["history", &plate]);
    assert!(words.contains("the changes give this head") && words.contains("→ \"a\""), "{words}");
    let csv = alice.ok(&["history", &plate, "--csv"]);
    let lines: Vec<_> = csv.lines().collect();
    assert_eq!(lines.len(), 14);
    assert!(lines[0].starts_with("revision,change,author,authority,block,time,item,value"));
    assert!(lines[1].ends_with(r#","""direct""""#), "{csv}");
    let output = alice.run(&["--json", "history", &plate, "--csv"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
}

#[test]
fn list_and_roles_and_grants_are_shown() {
    let (alice, bob) = (Twin::with_key("alice"), Twin::with_key("bob"));
    let of = service(&alice);
    let (events, log) = (format!("{of}/events"), format!("{of}/log"));
    alice.ok(&["data", "append", &events, "1", "2", "3"]);
    alice.ok(&["share", &events, "--with", "bob", "--access", "write"]);
    bob.ok(&["data", "append", &events, "4"]);
    alice.ok(&["data", "remove", &events, "0.1"]);
    let history = alice.json(&["history", &events, "--verify"]);
    let expected = [vec!["1", "2", "3"], vec!["4"], vec![]];
    assert_eq!(
        texts(&history),
        expected.map(|all| all.into_iter().map(String::from).collect::<Vec<_>>())
    );
    let all = changes(&history);
    assert_eq!((&all[1]["authority"], &all[2]["item"]), (&json!("grant"), &json!("0.1")));
    let csv = alice.ok(&["history", &events, "--csv"]);
    assert_eq!(csv.lines().count(), 1 + 3 + 1 + 1, "a row for each item: {csv}");
    // Sealed items are opened by those who can.
    alice.ok(&["key", "rotate", &log]);
    alice.ok(&["role", "assign", &format!("{of}/technician"), "bob"]);
    alice.ok(&["data", "append", &log, r#"{"hours":1}"#]);
    bob.ok(&["data", "append", &log, r#"{"hours":2}"#]);
    alice.ok(&["key", "rotate", &log]);
    alice.ok(&["data", "append", &log, r#"{"hours":3}"#]);
    let history = alice.json(&["history", &log, "--verify"]);
    let hours = |hours: u8| vec![format!("{{\"hours\":{hours}}}")];
    assert_eq!(texts(&history), [hours(1), hours(2), hours(3)]);
    assert_eq!(changes(&history)[1]["authority"], "role technician");
    let history = Twin::stranger().json(&["history", &log, "--verify"]);
    assert_eq!(texts(&history), [["closed"], ["closed"], ["closed"]]);
}

#[test]
fn defaults_and_copies_are_found() {
    let alice = Twin::developer("alice");
    let document = r#"{"template":{"type":"defaults","properties":{
        "a":{"type":"entry","visibility":"public","dataSchema":true,"value": { "x": 1 } },
        "b":{"type":"list","visibility":"public","dataSchema":true,"value":[1, 2]}}}}"#;
    let file = alice.file("defaults.json", document);
    let plugin = alice.json(&["plugin", "publish", &file])["plugin"].to_string();
    let next = alice.json(&["container", "create"])["container"].as_u64().unwrap();
    let of = alice.json(&["container", "create", "--plugin", &plugin])["container"].clone();
    let read = |path: &str| alice.json(&["history", path, "--verify"]);
    assert_eq!(texts(&read(&format!("c{of}/a"))), [[r#"{ "x": 1 }"#]]);
    assert_eq!(texts(&read(&format!("c{of}/b"))), [["1", "2"]]);
    assert!(of.as_u64() > Some(next));
    let clone = alice.json(&["container", "clone", &format!("c{of}"), "--values"]);
    assert_eq!(texts(&read(&format!("c{}/a", clone["container"]))), [[r#"{ "x": 1 }"#]]);
    // A definition with a default.
    let definition = r#"{"type":"entry","visibility":"public","dataSchema":true,"value":[7]}"#;
    let container = format!("container={of}");
    let definition = format!("definition={definition}");
    alice.ok(&["call", "DataContainer.add_data_set", &container, "name=c", &definition]);
    assert_eq!(texts(&read(&format!("c{of}/c"))), [["[7]"]]);
}

#[test]
fn histories_of_containers_and_twins_are_verified() {
    let alice = Twin::developer("alice");
    let of = service(&alice);
    let twin = alice.json(&["create", "--name", "T", "--asset", "history.example/1"]);
    let twin = twin["twin"].to_string();
    alice.ok(&["link", &format!("{twin}/service"), &of]);
    alice.ok(&["unlink", &format!("{twin}/service")]);
    let history = alice.json(&["history", &twin, "--verify"]);
    let kinds: Vec<_> =
        changes(&history).iter().map(|it| it["change"].as_str().unwrap().to_string()).collect();
    assert_eq!(kinds, ["TwinCreated", "DescriptionSet", "LinkSet", "LinkRemoved"]);
    assert_eq!(changes(&history)[2]["fields"]["name"], "service");
    assert_eq!(alice.json(&["show", &twin])["head"], history["head"]);
    let history = alice.json(&["history", &of, "--verify"]);
    assert_eq!(alice.json(&["container", "show", &of])["head"], history["head"]);
    assert!(changes(&history).len() >= 5, "{history}");
    alice.ok(&["container", "close", &of]);
    let history = alice.json(&["history", &of, "--verify"]);
    assert_eq!(changes(&history).last().unwrap()["change"], "ContainerClosed");
    alice.fails(5, "not-found", &["history", "c99999"]);
    alice.fails(5, "not-found", &["history", &format!("{of}/nothing")]);
    alice.fails(
        8,
        "other-chain",
        &["--genesis", &format!("0x{}", "00".repeat(32)), "history", &of],
    );
    alice.fails(2, "usage", &["history", "nothing"]);
}
