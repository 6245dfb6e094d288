// SPDX-License-Identifier: Apache-2.0

//! Sharing, roles, keys of data sets, and handover.

use crate::{node::service, Twin};
use serde_json::json;

#[test]
fn share_lets_an_account_read_and_unshare_ends_it() {
    let (alice, bob) = (Twin::with_key("alice"), Twin::with_key("bob"));
    let of = service(&alice);
    let (manual, log) = (format!("{of}/manual"), format!("{of}/log"));
    alice.ok(&["key", "rotate", &of]);
    alice.ok(&["data", "set", &manual, r#"{"url":"old"}"#]);
    let shared = alice.json(&["share", "--container", &of, "--with", "bob"]);
    let sets: Vec<_> =
        shared["shared"].as_array().unwrap().iter().map(|of| of["dataSet"].clone()).collect();
    assert_eq!(sets, ["manual", "log"], "every account can read public data");
    assert_eq!(bob.ok(&["data", "get", &manual]), r#"{"url":"old"}"#);
    let readers = alice.json(&["readers", &manual])["readers"].clone();
    assert_eq!(readers.as_array().unwrap().len(), 2);
    assert_eq!(alice.json(&["why", "bob", "read", &manual])["why"], "it has a grant");

    bob.fails(4, "DataContainer.NotPermitted", &["data", "append", &log, r#"{"hours":1}"#]);
    alice.ok(&["share", &log, "--with", "bob", "--access", "read,write", "--until", "1h"]);
    bob.ok(&["data", "append", &log, r#"{"hours":1}"#]);
    for reader in [&alice, &bob] {
        assert_eq!(reader.json(&["data", "get", &log])["items"][0]["value"]["hours"], 1);
    }

    let taken = alice.json(&["unshare", &manual, &log, "--with", "bob"]);
    assert_eq!(taken["rotated"], json!(["manual", "log"]));
    alice.ok(&["data", "set", &manual, r#"{"url":"new"}"#]);
    bob.fails(4, "no-key", &["data", "get", &manual]);
    assert_eq!(bob.json(&["key", "try", &manual])["opened"], 0);
    assert_eq!(bob.json(&["key", "try", &log])["opened"], 1, "earlier values stay readable");
    bob.fails(4, "DataContainer.NotPermitted", &["data", "append", &log, r#"{"hours":2}"#]);
    alice.fails(5, "not-found", &["unshare", &manual, "--with", "bob"]);
    assert_eq!(alice.json(&["key", "due", &of])["due"], json!([]));
    assert_eq!(alice.json(&["why", "bob", "read", &manual])["may"], false);
}

#[test]
fn rotation_leaves_out_readers_with_unknown_keys() {
    let (alice, bob) = (Twin::with_key("alice"), Twin::with_key("bob"));
    let of = service(&alice);
    let manual = format!("{of}/manual");
    alice.ok(&["key", "rotate", &manual]);
    alice.ok(&["share", &manual, "--with", "bob"]);
    // Another keystore of the same account, which did not share with bob: a lying node could list
    // any account.
    let other = Twin::with_key("alice");
    let rotated = other.json(&["key", "rotate", &manual]);
    let left_out = rotated["leftOut"].as_array().unwrap();
    assert_eq!(left_out.len(), 1);
    assert!(left_out[0]["account"].as_str().unwrap().starts_with("5FHneW46"));
    other.ok(&["data", "set", &manual, r#"{"url":"new"}"#]);
    bob.fails(4, "no-key", &["data", "get", &manual]);
    other.fails(4, "unknown-key", &["key", "give", &manual, "bob"]);
    other.ok(&["key", "accept", "bob"]);
    other.ok(&["key", "give", &manual, "bob"]);
    assert_eq!(bob.ok(&["data", "get", &manual]), r#"{"url":"new"}"#);
    // Bob's seeds are sealed to his newest key already.
    assert_eq!(bob.json(&["key", "give", &manual, "bob"])["sealed"], 0);
    // The first keystore missed a rotation: it reads the new key, and does not seal to the old one.
    assert_eq!(alice.ok(&["data", "get", &manual]), r#"{"url":"new"}"#);
    assert_eq!(alice.json(&["key", "rotate", &manual])["leftOut"], json!([]));
}

#[test]
fn account_shared_with_before_the_first_key_can_read_after_it() {
    let (alice, bob) = (Twin::with_key("alice"), Twin::with_key("bob"));
    let of = service(&alice);
    let manual = format!("{of}/manual");
    assert_eq!(alice.json(&["share", &manual, "--with", "bob"])["withoutKey"], json!(["manual"]));
    assert_eq!(alice.json(&["key", "rotate", &manual])["leftOut"], json!([]));
    alice.ok(&["data", "set", &manual, r#"{"url":"x"}"#]);
    assert_eq!(bob.ok(&["data", "get", &manual]), r#"{"url":"x"}"#);
}

#[test]
fn cut_hides_older_data_from_later_readers() {
    let (alice, bob) = (Twin::with_key("alice"), Twin::with_key("bob"));
    let of = service(&alice);
    let log = format!("{of}/log");
    alice.ok(&["key", "rotate", &log]);
    alice.ok(&["data", "append", &log, r#"{"hours":1}"#]);
    alice.ok(&["key", "rotate", &log]);
    alice.ok(&["data", "append", &log, r#"{"hours":2}"#]);
    alice.ok(&["key", "rotate", &log, "--cut"]);
    alice.ok(&["data", "append", &log, r#"{"hours":3}"#]);
    alice.ok(&["share", &log, "--with", "bob"]);
    let tried = bob.json(&["key", "try", &log]);
    assert_eq!((&tried["opened"], &tried["closed"]), (&json!(1), &json!(2)));
    let items = bob.json(&["data", "get", &log])["items"].clone();
    assert_eq!(items[2]["value"]["hours"], 3);
    assert!(items[0]["closed"].is_string());
    assert_eq!(alice.json(&["key", "try", &log])["opened"], 3);
}

#[test]
fn offer_leaves_out_what_the_offeree_already_has() {
    let (alice, bob) = (Twin::with_key("alice"), Twin::with_key("bob"));
    let of = service(&alice);
    let log = format!("{of}/log");
    alice.ok(&["key", "rotate", &log]);
    alice.ok(&["share", &log, "--with", "bob"]);
    alice.ok(&["data", "append", &log, r#"{"hours":1}"#]);
    bob.ok(&["data", "get", &log]);
    alice.ok(&["key", "rotate", &log, "--cut"]);
    alice.ok(&["data", "append", &log, r#"{"hours":2}"#]);
    // Bob has the key of the segment before the cut, and after declining also that of the newest.
    alice.ok(&["offer", &of, "--to", "bob"]);
    bob.ok(&["decline", &of]);
    alice.ok(&["offer", &of, "--to", "bob"]);
    let accepted = bob.json(&["accept", &of]);
    assert_eq!(accepted["closed"], json!([]), "{accepted}");
    assert_eq!(bob.json(&["key", "try", &log])["closed"], 0);
}

#[test]
fn access_can_be_listed_and_taken_without_a_rotation() {
    let (alice, bob) = (Twin::with_key("alice"), Twin::with_key("bob"));
    let of = service(&alice);
    let (manual, role) = (format!("{of}/manual"), format!("{of}/technician"));
    alice.ok(&["key", "rotate", &manual]);
    let until = "2099-01-01T00:00:00Z";
    alice.ok(&["share", &manual, "--with", "bob", "--access", "read,set", "--until", until]);
    alice.ok(&["role", "assign", &role, "bob"]);
    let has = alice.json(&["access", &of])["accounts"][0]["has"].as_str().unwrap().to_string();
    for part in ["role technician", "manual: read until 2099", "write until 2099"] {
        assert!(has.contains(part), "{has}");
    }
    assert!(alice.ok(&["access", &of]).contains("owns it"));
    alice.fails(5, "not-found", &["access", "c999999"]);
    // A machine without the keystore can take access away, but cannot rotate the key.
    let bare = Twin::developer("alice");
    let error = bare.fails(4, "no-keystore", &["unshare", &manual, "--with", "bob"]);
    assert!(error["fix"].as_str().unwrap().contains("--no-rotate"), "{error}");
    // A data set that is named twice is unshared once.
    let twice = ["unshare", &manual, &manual, "--with", "bob", "--no-rotate"];
    let words = bare.ok(&twice);
    assert!(
        words.contains("No sealed writes are accepted") && words.contains("role unassign"),
        "{words}"
    );
    alice.fails(3, "DataContainer.RotationDue", &["data", "set", &manual, r#"{"url":"x"}"#]);
    alice.ok(&["key", "rotate", &manual]);
    alice.ok(&["data", "set", &manual, r#"{"url":"x"}"#]);
    bob.fails(4, "no-key", &["data", "get", &manual]);
    let public = ["why", "dave", "read", &format!("{of}/plate")];
    assert_eq!(alice.json(&public)["why"], "it is public");
    // A public data set has no key, and a failed rotation changes nothing.
    let plate = format!("{of}/plate");
    alice.fails(3, "DataContainer.NotConfidential", &["key", "rotate", &plate]);
    alice.ok(&["data", "set", &plate, r#""x""#]);
    alice.fails(5, "not-found", &["key", "due", "c999999"]);
}

#[test]
fn roles_can_be_created_assigned_and_unassigned() {
    let alice = Twin::with_key("alice");
    let of = service(&alice);
    let (log, role) = (format!("{of}/log"), format!("{of}/technician"));
    alice.ok(&["key", "rotate", &log]);
    let charlie = Twin::developer("charlie");
    charlie.fails(4, "DataContainer.NotPermitted", &["data", "append", &log, r#"{"hours":1}"#]);
    alice.ok(&["role", "assign", &role, "charlie"]);
    // A writer needs no key and cannot read.
    charlie.ok(&["data", "append", &log, r#"{"hours":1}"#]);
    let why = charlie.json(&["why", "charlie", "write", &log]);
    assert_eq!(why["why"], "it holds the role technician");
    alice.ok(&["role", "set", &role, "log=remove"]);
    charlie.fails(4, "DataContainer.NotPermitted", &["data", "append", &log, r#"{"hours":2}"#]);
    charlie.ok(&["data", "remove", &log, "0.0"]);
    alice.ok(&["role", "unassign", &role, "charlie"]);
    assert_eq!(alice.json(&["role", "list", &of])["roles"][0]["holders"], 0);
    alice.fails(2, "usage", &["role", "set", &role, "log=read"]);
    alice.fails(2, "usage", &["role", "set", &role, "log=dance"]);
    alice.fails(
        5,
        "DataContainer.RoleNotFound",
        &["role", "assign", &format!("{of}/nobody"), "charlie"],
    );
    charlie.fails(3, "DataContainer.NothingToDo", &["leave", &of]);
    alice.ok(&["share", &format!("{of}/plate"), "--with", "charlie", "--access", "write"]);
    charlie.ok(&["leave", &of]);
}

#[test]
fn twin_is_handed_over_with_its_containers() {
    let (alice, bob) = (Twin::with_key("alice"), Twin::with_key("bob"));
    let of = service(&alice);
    let (manual, log) = (format!("{of}/manual"), format!("{of}/log"));
    alice.ok(&["key", "rotate", &of]);
    alice.ok(&["data", "append", &log, r#"{"hours":1}"#]);
    alice.ok(&["key", "rotate", &log, "--cut"]);
    alice.ok(&["data", "append", &log, r#"{"hours":2}"#]);
    alice.ok(&["data", "set", &manual, r#"{"url":"old"}"#]);
    alice.ok(&["share", &manual, "--with", "charlie", "--access", "write"]);
    let twin = alice.json(&[
        "create",
        "--name",
        "Crane",
        "--asset",
        "cranes.example/sold",
        "--link",
        &format!("service={of}"),
    ]);
    let twin = twin["twin"].to_string();
    let offered = alice.json(&["offer", &twin, "--to", "bob", "--with", &of, "--for", "1h"]);
    let disclosed = offered["disclosed"].as_array().unwrap();
    let of_set = |name: &str| disclosed.iter().find(|set| set["dataSet"] == name).unwrap();
    assert_eq!(of_set("manual")["what"], "confidential: its keys");
    assert_eq!(of_set("plate")["what"], "public");
    assert_eq!(bob.json(&["list", "--what", "offers"])["offers"][0]["twin"].to_string(), twin);
    alice.fails(3, "DataContainer.OfferPending", &["data", "set", &manual, r#"{"url":"x"}"#]);
    Twin::developer("dave").fails(4, "not-offeree", &["accept", &twin]);

    let accepted = bob.json(&["accept", &twin]);
    assert_eq!(accepted["opened"], json!([manual, log]));
    assert_eq!(accepted["remaining"][0]["keeps"], "manual: write");
    // The new owner also reads the values before the cut.
    assert_eq!(bob.json(&["key", "try", &log])["opened"], 2);
    bob.ok(&["key", "rotate", &of]);
    bob.ok(&["data", "set", &manual, r#"{"url":"new"}"#]);
    assert_eq!(alice.json(&["key", "try", &manual])["opened"], 0);
    alice.fails(4, "DataContainer.NotPermitted", &["data", "set", &manual, r#"{"url":"x"}"#]);
}

#[test]
fn offer_can_be_declined_or_cancelled() {
    let (alice, bob) = (Twin::with_key("alice"), Twin::with_key("bob"));
    let of = service(&alice);
    bob.fails(5, "not-found", &["accept", &of]);
    alice.ok(&["offer", &of, "--to", "bob", "--for", "1h"]);
    Twin::developer("dave").fails(4, "not-offeree", &["decline", &of]);
    bob.ok(&["decline", &of]);
    alice.ok(&["offer", &of, "--to", "bob", "--for", "1h"]);
    bob.fails(4, "DataContainer.NotOwner", &["cancel-offer", &of]);
    alice.ok(&["cancel-offer", &of]);
    alice.fails(5, "not-found", &["cancel-offer", &of]);
    alice.fails(2, "usage", &["offer", &of, "--to", "bob", "--for", "soon"]);
    alice.fails(2, "usage", &["offer", &of, "--to", "nobody"]);
}

#[test]
fn retired_data_set_with_values_is_handed_over_with_its_keys() {
    let (alice, dave) = (Twin::with_key("alice"), Twin::with_key("dave"));
    let of = service(&alice);
    let (container, manual) = (format!("container={}", &of[1..]), format!("{of}/manual"));
    alice.ok(&["key", "rotate", &manual]);
    alice.ok(&["data", "set", &manual, r#"{"url":"old"}"#]);
    alice.ok(&["call", "DataContainer.retire_data_set", &container, "data_set=manual"]);
    let seen = alice.json(&["--dry-run", "offer", &of, "--to", "dave"]);
    assert!(seen["calls"].as_array().is_some(), "{seen}");
    // An envelope that does not open, stored by another program.
    let key = dave.json(&["key", "show"])["version"].to_string();
    let envelope = json!({
        "data_set": "manual", "epoch": 1, "key_version": key.parse::<u32>().unwrap(),
        "envelope": format!("0x{}", "11".repeat(80)),
    });
    let envelopes = format!("envelopes=[{envelope}]");
    let deadline = format!("deadline={}", 4_102_444_800_000u64);
    alice.ok(&[
        "call",
        "DataContainer.offer_ownership",
        &container,
        "to=dave",
        &deadline,
        &envelopes,
    ]);
    dave.fails(8, "false-envelope", &["accept", &of]);
    alice.ok(&["cancel-offer", &of]);
    alice.ok(&["offer", &of, "--to", "dave"]);
    assert_eq!(dave.json(&["accept", &of])["opened"], json!([manual.clone()]));
    assert_eq!(dave.json(&["data", "get", &manual])["value"]["url"], "old");
}

#[test]
fn clone_copies_the_readable_values() {
    let (alice, bob) = (Twin::with_key("alice"), Twin::with_key("bob"));
    let of = service(&alice);
    alice.ok(&["key", "rotate", &of]);
    alice.ok(&["data", "set", &format!("{of}/manual"), r#"{"url":"x"}"#]);
    alice.ok(&["data", "set", &format!("{of}/plate"), r#""plate""#]);
    let clone = |of_whom: &Twin| of_whom.json(&["container", "clone", &of, "--values"]);
    alice.ok(&["share", &format!("{of}/events"), "--with", "bob", "--access", "write"]);
    let closed = clone(&bob);
    assert_eq!(
        (&closed["sealedAnew"], closed["notCopied"].as_array().unwrap().len()),
        (&json!([]), 1)
    );
    alice.ok(&["share", &format!("{of}/manual"), "--with", "bob"]);
    let copy = clone(&bob);
    assert_eq!((&copy["sealedAnew"], &copy["notCopied"]), (&json!(["manual"]), &json!([])));
    let own = format!("c{}", copy["container"]);
    assert_eq!(bob.ok(&["data", "get", &format!("{own}/manual")]), r#"{"url":"x"}"#);
    assert_eq!(bob.ok(&["data", "get", &format!("{own}/plate")]), r#""plate""#);
    assert_eq!(alice.json(&["key", "try", &format!("{own}/manual")])["opened"], 0);
    // The items of lists are not copied, and the reply reports that. A keystore that does not open
    // fails the command before the clone is created.
    alice.ok(&["data", "append", &format!("{of}/log"), r#"{"hours":1}"#]);
    let left = clone(&alice)["notCopied"].clone();
    assert!(left[0].as_str().unwrap().contains("lists are not copied"), "{left}");
    let wrong = alice.file("wrong", "another password");
    let options = ["--password-file", &wrong, "container", "clone", &of, "--values"];
    let mut other = Twin::with_key("alice");
    let password = other.options.iter().position(|option| option == "--password-file").unwrap();
    other.options.drain(password..password + 2);
    other.fails(4, "keystore", &options);
    let mut hasty = Twin::with_key("bob");
    *hasty.options.iter_mut().find(|option| *option == "best").unwrap() = "none".into();
    let error = hasty.fails(2, "usage", &["container", "clone", &of, "--values"]);
    assert!(error["message"].as_str().unwrap().contains("to seal values for it"), "{error}");
}
