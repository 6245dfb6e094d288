// SPDX-License-Identifier: Apache-2.0

//! Twins, plugins, containers, and generic calls.

use crate::{
    node::{service, text, SERVICE},
    Twin,
};
use serde_json::json;

#[test]
fn twin_can_be_created_shown_linked_and_deactivated() {
    let alice = Twin::developer("alice");
    let asset = "cranes.example/things-1";
    let made = alice.json(&["create", "--name", "Crane", "--asset", asset]);
    let twin = made["twin"].to_string();
    assert!(alice.ok(&["show", &twin]).contains("cranes.example/things-1"));
    assert_eq!(alice.json(&["asset", "find", asset])["twins"][0]["twin"], made["twin"]);
    let listed = alice.json(&["list"]);
    assert!(listed["twins"].as_array().unwrap().iter().any(|of| of["twin"] == made["twin"]));

    // Link a part, an account and a hash; then follow a path through the part.
    let part = alice.json(&[
        "create",
        "--description",
        r#"{"name":"Engine"}"#,
        "--asset",
        "cranes.example/engine-1",
        "--link",
        "maker=account:bob",
    ]);
    let part = part["twin"].to_string();
    alice.ok(&["link", &format!("{twin}/engine"), &part]);
    let hash = format!("0x{}", "ab".repeat(32));
    alice.ok(&["link", &format!("{twin}/drawing"), &format!("hash:{hash}")]);
    assert_eq!(alice.ok(&["resolve", &format!("{twin}/engine")]), part);
    assert_eq!(alice.json(&["resolve", &format!("asset:{asset}")])["twin"], made["twin"]);
    let maker = alice.json(&["resolve", &format!("{twin}/engine/maker")]);
    assert!(maker["account"].as_str().unwrap().starts_with("5FHneW46"));
    assert_eq!(alice.json(&["resolve", &format!("{twin}/drawing")])["hash"], json!(hash));
    alice.fails(5, "not-found", &["resolve", &format!("{twin}/drawing/more")]);
    alice.fails(5, "not-found", &["resolve", &format!("{twin}/gear")]);
    alice.ok(&["unlink", &format!("{twin}/drawing")]);
    alice.fails(5, "not-found", &["resolve", &format!("{twin}/drawing")]);
    alice.fails(5, "DigitalTwin.LinkNotFound", &["unlink", &format!("{twin}/drawing")]);

    let bob = Twin::developer("bob");
    bob.fails(4, "DigitalTwin.NotOwner", &["link", &format!("{twin}/mine"), &part]);
    bob.fails(4, "DigitalTwin.NotOwner", &["deactivate", &twin]);
    alice.ok(&["deactivate", &twin]);
    assert_eq!(alice.json(&["show", &twin])["active"], false);
    alice.fails(3, "DigitalTwin.Deactivated", &["deactivate", &twin]);
}

#[test]
fn plugin_can_be_checked_published_and_retired() {
    let alice = Twin::developer("alice");
    let file = alice.file("service.json", SERVICE);
    let checked = alice.json(&["plugin", "check", &file]);
    let sets = checked["dataSets"].as_array().unwrap();
    assert_eq!((sets.len(), checked["name"].as_str()), (4, Some("service")));
    assert_eq!(sets[0]["checked"], json!(["minimum", "properties", "required", "type"]));
    let id = alice.json(&["plugin", "publish", &file])["plugin"].to_string();
    assert_eq!(alice.ok(&["plugin", "show", &id, "--document"]), SERVICE);
    assert_eq!(alice.json(&["plugin", "show", &id])["roles"], json!(["technician"]));
    let named = alice.json(&["plugin", "list", "service"]);
    assert!(named["plugins"]
        .as_array()
        .unwrap()
        .iter()
        .any(|of| of["plugin"].as_u64() == id.parse().ok()));

    // A wrong document fails with its location before anything is sent.
    let wrong =
        alice.file("wrong.json", &SERVICE.replace(r#""type":"string""#, r#""type":"text""#));
    for verb in ["check", "publish"] {
        let error = alice.fails(3, "DataContainer.UnknownType", &["plugin", verb, &wrong]);
        assert_eq!(error["pointer"], "/template/properties/manual/dataSchema/properties/url/type");
    }
    Twin::developer("bob").fails(4, "DataContainer.NotPublisher", &["plugin", "retire", &id]);
    alice.ok(&["plugin", "retire", &id]);
    assert_eq!(alice.json(&["plugin", "show", &id])["retired"], true);
    alice.fails(3, "DataContainer.PluginRetired", &["container", "create", "--plugin", &id]);
    alice.fails(5, "not-found", &["plugin", "show", "99999"]);
}

#[test]
fn container_can_be_created_cloned_and_closed() {
    let alice = Twin::developer("alice");
    let empty = alice.json(&["container", "create", "--description", r#"{"name":"box"}"#]);
    let empty = format!("c{}", empty["container"]);
    assert_eq!(alice.json(&["container", "show", &empty])["description"]["name"], "box");
    assert_eq!(alice.json(&["data", "list", &empty])["dataSets"], json!([]));

    let of = service(&alice);
    alice.ok(&["data", "set", &format!("{of}/plate"), r#""No. 7""#]);
    let clone = alice.json(&["container", "clone", &of, "--values"]);
    let clone = format!("c{}", clone["container"]);
    assert_eq!(alice.ok(&["data", "get", &format!("{clone}/plate")]), r#""No. 7""#);
    alice.ok(&["container", "close", &clone]);
    alice.fails(
        3,
        "DataContainer.ContainerClosed",
        &["data", "set", &format!("{clone}/plate"), r#""x""#],
    );
    Twin::developer("bob").fails(4, "DataContainer.NotOwner", &["container", "close", &of]);
    alice.fails(5, "not-found", &["container", "show", "c99999"]);
}

#[test]
fn any_call_can_be_made_by_name() {
    let alice = Twin::developer("alice");
    let of = service(&alice);
    let id = &of[1..];
    let container = format!("container={id}");
    alice.ok(&["call", "DataContainer.set_description", &container, r#"description={"a":1}"#]);
    assert_eq!(alice.json(&["show", &of])["description"]["a"], 1);
    let whole = format!(
        r#"{{"container":{id},"account":"bob","access":[{{"data_set":"plate","access":2}}],
            "until":null,"envelopes":[]}}"#
    );
    alice.ok(&["call", "dataContainer.share", &whole]);
    assert_eq!(alice.json(&["why", "bob", "write", &format!("{of}/plate")])["may"], true);
    for (arguments, says) in [
        (vec!["call", "nothing"], "not a call"),
        (vec!["call", "Nothing.x"], "no pallet"),
        (vec!["call", "DataContainer.x"], "no call"),
        (vec!["call", "DataContainer.leave"], "expected a number"),
        (vec!["call", "DataContainer.leave", "container=-1"], "not a number"),
        (vec!["call", "DataContainer.leave", "container=1", "more=2"], "no argument more"),
        (vec!["call", "DataContainer.leave", "1"], "has no name"),
        (vec!["call", "DigitalTwin.set_link", "twin=0", "name=x", "target=Nothing"], "not one of"),
        (vec!["call", "DataContainer.share", "container=0", "account=nobody"], "not an account"),
    ] {
        let error = alice.fails(2, "usage", &arguments);
        assert!(error["message"].as_str().unwrap().contains(says), "{arguments:?}: {error}");
    }
}

#[test]
fn printed_call_can_be_submitted_by_another_command() {
    let alice = Twin::developer("alice");
    let of = service(&alice);
    let path = format!("{of}/plate");
    let revision = || alice.json(&["data", "list", &of])["dataSets"][2]["revision"].clone();
    let before = revision();
    let hex = alice.ok(&["--print-call", "data", "set", &path, r#""printed""#]);
    assert!(hex.starts_with("0x"), "{hex}");
    let dry = alice.json(&["--dry-run", "data", "set", &path, r#""dry""#]);
    assert_eq!((&dry["dryRun"], revision()), (&json!(true), before));
    alice.ok(&["submit", &hex]);
    assert_eq!(alice.ok(&["data", "get", &path]), r#""printed""#);
    for wrong in ["0x", "0x0102", "hello", "0xzz"] {
        alice.fails(2, "usage", &["submit", wrong]);
    }
    // A dry run also checks the value.
    let error = alice.fails(
        3,
        "DataContainer.MaxLengthMismatch",
        &["--dry-run", "data", "set", &path, r#""longer than twenty letters""#],
    );
    assert_eq!(error["pointer"], "");
}

#[test]
fn watch_prints_events_as_json_lines() {
    let alice = Twin::developer("alice");
    let of = service(&alice);
    let made = alice.json(&["data", "set", &format!("{of}/plate"), r#""watched""#]);
    assert!(made["block"].as_str().unwrap().starts_with("0x"));
    // The block of the write and 20 before it, in one of which the container was created.
    let from = made["blockNumber"].as_u64().unwrap().saturating_sub(20).max(1).to_string();
    let output = alice.run(&["--json", "watch", &of, "--from", &from, "--blocks", "21"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let lines: Vec<serde_json::Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<_> = lines.iter().map(|line| line["data"]["event"].as_str().unwrap()).collect();
    assert!(names.contains(&"DataContainer.ContainerCreated"), "{names:?}");
    let id: u64 = of[1..].parse().unwrap();
    assert!(lines.iter().all(|line| line["data"]["fields"]["container"] == json!(id)));
}

#[test]
fn help_manual_pages_and_completions_exist() {
    let stranger = Twin::stranger();
    let help = stranger.ok(&["--help"]);
    snapbox::assert_data_eq!(format!("{help}\n"), snapbox::file!["help.txt"].raw());
    for word in ["create", "share", "Exit codes", "--json", "c7/manual"] {
        assert!(help.contains(word), "{word}");
    }
    for shell in ["bash", "zsh", "fish"] {
        assert!(stranger.ok(&["completions", shell]).contains("twin"));
    }
    let folder = stranger.home.path().join("man");
    stranger.ok(&["man", &folder.display().to_string()]);
    assert!(std::fs::read_dir(folder).unwrap().count() > 20);
}

#[test]
fn list_shows_what_belongs_to_an_account() {
    let (alice, bob) = (Twin::with_key("alice"), Twin::with_key("bob"));
    let of = service(&alice);
    alice.ok(&["share", &format!("{of}/events"), "--with", "bob", "--access", "write"]);
    let id: u64 = of[1..].parse().unwrap();
    let has = |of_whom: &Twin, what: &str, list: &str, name: &str, id: u64| {
        let found = of_whom.json(&["list", "--what", what])[list].clone();
        found.as_array().unwrap().iter().any(|item| item[name] == json!(id))
    };
    assert!(has(&alice, "containers", "containers", "container", id));
    assert!(!has(&bob, "containers", "containers", "container", id));
    assert!(has(&bob, "shared", "containers", "container", id));
    let plugin = alice.json(&["show", &of])["plugin"].as_u64().unwrap();
    assert!(has(&alice, "plugins", "plugins", "plugin", plugin));
    assert!(!has(&bob, "plugins", "plugins", "plugin", plugin));
    alice.ok(&["plugin", "list", "service"]);
}
