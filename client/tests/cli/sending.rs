// SPDX-License-Identifier: Apache-2.0

//! Sending: lost connections, keys that are rotated meanwhile, quotas, and `--wait`.

use crate::{
    node::{service, text, turns},
    relay::{Relay, Then},
    Twin,
};
use serde_json::{json, Value};
use std::{
    io::{BufRead, BufReader},
    process::Stdio,
    sync::{
        atomic::{AtomicU32, Ordering},
        Mutex,
    },
    time::Duration,
};

const SUBMISSION: &str = "author_submit";

#[test]
fn outcome_is_unknown_when_connection_is_lost_after_sending() {
    let mut charlie = Twin::developer("charlie");
    let direct = Twin::developer("charlie");
    let relay = Relay::start(|message| match message.contains(SUBMISSION) {
        true => Then::CutBehind,
        false => Then::GoOn,
    });
    charlie.url.clone_from(&relay.url);
    let output = charlie.run(&["--json", "create", "--name", "x", "--asset", "cranes.example/7"]);
    assert_eq!(output.status.code(), Some(7), "{}", text(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["error"]["code"], "outcome-unknown");
    let message = answer["error"]["message"].as_str().unwrap();
    assert!(message.contains("0x"), "the message names the transaction: {message}");
    // The transaction was executed, exactly once.
    let made = || direct.json(&["asset", "find", "cranes.example/7"])["twins"].clone();
    for _ in 0..50 {
        if made().as_array().unwrap().len() == 1 {
            break;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    std::thread::sleep(Duration::from_secs(5));
    assert_eq!(made().as_array().unwrap().len(), 1);
}

/// A list that bob may append to, without a key of his own. He uses a relay that has the owner
/// rotate the key before it forwards his transaction with the given index, counted from 0.
struct Rotating {
    owner: std::sync::Arc<Mutex<Twin>>,
    bob: Twin,
    log: String,
    _relay: Relay,
}

impl Rotating {
    fn before(transaction: u32) -> Self {
        let alice = Twin::with_key("alice");
        let log = format!("{}/log", service(&alice));
        alice.ok(&["key", "rotate", &log]);
        alice.ok(&["share", &log, "--with", "bob", "--access", "write"]);
        let owner = std::sync::Arc::new(Mutex::new(alice));
        let (path, rotating, count) = (log.clone(), owner.clone(), AtomicU32::new(0));
        let relay = Relay::start(move |message| {
            if message.contains(SUBMISSION) && count.fetch_add(1, Ordering::SeqCst) == transaction {
                rotating.lock().unwrap().ok(&["key", "rotate", &path]);
            }
            Then::GoOn
        });
        let mut bob = Twin::developer("bob");
        bob.url.clone_from(&relay.url);
        Self { owner, bob, log, _relay: relay }
    }

    fn items(&self) -> Vec<Value> {
        let data = self.owner.lock().unwrap().json(&["data", "get", &self.log]);
        data["items"].as_array().unwrap().clone()
    }
}

#[test]
fn write_is_sealed_again_when_the_key_was_rotated_in_between() {
    let of = Rotating::before(0);
    let output = of.bob.run(&["data", "append", &of.log, r#"{"hours":1}"#]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("sealing to the new key"), "{}", text(&output.stderr));
    let items = of.items();
    assert_eq!((items.len(), &items[0]["value"]), (1, &json!({ "hours": 1 })));
}

#[test]
fn appended_items_are_not_repeated_when_the_key_was_rotated() {
    let of = Rotating::before(1);
    let items: Vec<_> = (0..300).map(|number| format!("{{\"hours\":{number}}}")).collect();
    let items = items.iter().map(String::as_str);
    let append = ["data", "append", &of.log].into_iter().chain(items);
    let done = of.bob.json(&append.collect::<Vec<_>>());
    assert_eq!(done["transactions"].as_array().unwrap().len(), 2, "{done}");
    let items = of.items();
    let hours: Vec<_> = items.iter().map(|item| &item["value"]["hours"]).collect();
    let expected: Vec<_> = (0..300).map(|number| json!(number)).collect();
    assert_eq!(hours, expected.iter().collect::<Vec<_>>());
}

#[test]
fn partial_failure_reports_what_is_done() {
    let alice = Twin::developer("alice");
    let of = service(&alice);
    let mut cut = Twin::developer("alice");
    let count = AtomicU32::new(0);
    let relay = Relay::start(move |message| {
        match message.contains(SUBMISSION) && count.fetch_add(1, Ordering::SeqCst) == 1 {
            true => Then::CutBehind,
            false => Then::GoOn,
        }
    });
    cut.url.clone_from(&relay.url);
    let events = format!("{of}/events");
    let items: Vec<_> = (0..300).map(|number| number.to_string()).collect();
    let items = items.iter().map(String::as_str);
    let arguments: Vec<_> =
        ["--json", "data", "append", &events].into_iter().chain(items).collect();
    let output = cut.run(&arguments);
    assert_eq!(output.status.code(), Some(7), "{}", text(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["error"]["done"].as_array().unwrap().len(), 1, "{answer}");
    assert!(answer["error"]["message"].as_str().unwrap().contains("1 of 2"), "{answer}");
}

#[test]
fn watch_continues_after_a_lost_connection_without_a_gap() {
    let alice = Twin::developer("alice");
    let of = service(&alice);
    let relay = Relay::start(|_| Then::GoOn);
    let mut watcher = Twin::stranger();
    watcher.url.clone_from(&relay.url);
    let mut watch = watcher
        .command(&["--json", "watch", &of])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines();
    let plate = format!("{of}/plate");
    std::thread::sleep(Duration::from_secs(2));
    let mut seen = Vec::new();
    for turn in 0..3u64 {
        // The container changes while the watcher is disconnected.
        relay.cut();
        alice.ok(&["data", "set", &plate, &format!("\"{turn}\"")]);
        let mut next =
            || -> Value { serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap() };
        let mut line = next();
        // The container may have been created in a block that was not finalized yet.
        while line["data"]["event"] != "DataContainer.DataSetChanged" {
            line = next();
        }
        let operation = &line["data"]["fields"]["operation"]["Set"];
        seen.push(operation["revision"].as_u64().unwrap());
    }
    watch.kill().unwrap();
    watch.wait().unwrap();
    assert_eq!(seen, [seen[0], seen[0] + 1, seen[0] + 2]);
}

#[cfg(target_os = "linux")]
#[test]
fn interruption_reports_what_was_sent() {
    let mut charlie = Twin::developer("charlie");
    let relay = Relay::start(|message| {
        if message.contains(SUBMISSION) {
            std::thread::sleep(Duration::from_secs(4));
        }
        Then::GoOn
    });
    charlie.url.clone_from(&relay.url);
    let create = ["--json", "create", "--name", "x", "--asset", "cranes.example/interrupted"];
    let mut command = charlie.command(&create);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_secs(3));
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(7), "{}", text(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["error"]["code"], "interrupted");
    assert!(answer["error"]["message"].as_str().unwrap().contains("0x"), "{answer}");
}

#[test]
fn wait_option_determines_what_is_waited_for() {
    let mut dave = Twin::developer("dave");
    let wait = dave.options.iter().position(|option| option == "best").unwrap();
    let mut made = |what: &str| {
        dave.options[wait] = what.into();
        dave.json(&["create", "--name", "x", "--asset", &format!("cranes.example/{what}")])
    };
    let none = made("none");
    assert_eq!((&none["sent"], &none["block"]), (&json!(true), &Value::Null));
    assert!(none["transaction"].as_str().unwrap().starts_with("0x"));
    for what in ["best", "finalized"] {
        let done = made(what);
        assert!(done["twin"].is_u64() && done["blockNumber"].is_u64(), "{done}");
    }
}

#[test]
fn more_items_than_one_call_takes_are_sent_in_several() {
    let alice = Twin::with_key("alice");
    let of = service(&alice);
    let (events, log) = (format!("{of}/events"), format!("{of}/log"));
    let items: Vec<_> = (0..300).map(|number| number.to_string()).collect();
    let append = |path: &str, items: &[String], more: &[&str]| {
        let items = items.iter().map(String::as_str);
        alice.json(
            &["data", "append", path]
                .into_iter()
                .chain(items)
                .chain(more.iter().copied())
                .collect::<Vec<_>>(),
        )
    };
    let done = append(&events, &items, &[]);
    assert_eq!(done["transactions"].as_array().unwrap().len(), 2, "{done}");
    let found = alice.json(&["data", "get", &events])["items"].clone();
    let values: Vec<_> = found.as_array().unwrap().iter().map(|item| &item["value"]).collect();
    assert_eq!(
        values,
        (0..300).map(|number| json!(number)).collect::<Vec<_>>().iter().collect::<Vec<_>>()
    );
    // Ciphertexts are longer, and their stored size counts.
    alice.ok(&["key", "rotate", &log]);
    let long = format!("{{\"hours\":1,\"note\":\"{}\"}}", "x".repeat(30_000));
    let done = append(&log, &vec![long; 3], &[]);
    assert_eq!(done["transactions"].as_array().unwrap().len(), 2, "{done}");
    assert_eq!(alice.json(&["data", "get", &log])["items"].as_array().unwrap().len(), 3);
    // Only the first transaction expects the revision.
    let error = alice.run(&["--json", "data", "append", &events, "1", "--revision", "1"]);
    assert_eq!(error.status.code(), Some(3), "{}", text(&error.stdout));
}

/// A member of an organisation with a small quota that starts empty waits until it has filled up.
#[test]
fn used_up_quota_is_waited_for() {
    let alice = Twin::developer("alice");
    let slow = Twin::stranger();
    let phrase = slow.file("phrase", "//Slow\n");
    let as_slow = |arguments: &str| {
        let line = format!("exec \"$0\" \"$@\" {arguments} 7<{phrase}");
        let command = slow.command(&["--phrase-fd", "7", "--wait", "best"]);
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", &line]).arg(command.get_program()).args(command.get_args());
        shell.env("XDG_RUNTIME_DIR", turns());
        shell.output().unwrap()
    };
    let account = subxt_account("//Slow");
    let rate = |burst: u64, per_block: u64| json!({ "burst": burst, "per_block": per_block });
    let limits = json!({
        "members": 1,
        "nodes": 0,
        "quota": rate(1_000_000, 200),
        "time": rate(2_000_000, 1_000),
        "bytes": rate(2_000_000, 100_000),
    });
    let motion = json!({ "Consortium": { "admit_organisation": {
        "name": "Slow Ltd", "admin": account, "limits": limits,
    } } });
    let length = "length_bound=1000";
    let proposal = format!("proposal={motion}");
    let events = alice.json(&["call", "Council.propose", "threshold=2", &proposal, length]);
    let proposed = &events["events"].as_array().unwrap().iter();
    let proposed = proposed
        .clone()
        .find(|event| event["event"] == "Council.Proposed")
        .unwrap_or_else(|| panic!("{events}"));
    let hash = format!("proposal={}", proposed["fields"]["proposal_hash"].as_str().unwrap());
    let index = format!("index={}", proposed["fields"]["proposal_index"]);
    for voter in ["alice", "bob"] {
        Twin::developer(voter).ok(&["call", "Council.vote", &hash, &index, "approve=true"]);
    }
    let hash = hash.replace("proposal=", "proposal_hash=");
    let weight = r#"proposal_weight_bound={"ref_time":2000000000,"proof_size":100000}"#;
    alice.ok(&["call", "Council.close", &hash, &index, weight, length]);
    let output = as_slow("create --name slow --asset cranes.example/slow");
    let words = text(&output.stderr);
    assert!(output.status.success(), "{words}");
    assert!(words.contains("waiting until it has filled up, which takes at most "), "{words}");
}

/// Returns the address of an account.
fn subxt_account(uri: &str) -> String {
    use std::str::FromStr;
    let uri = subxt_signer::SecretUri::from_str(uri).unwrap();
    subxt_signer::sr25519::Keypair::from_uri(&uri).unwrap().public_key().to_account_id().to_string()
}
