// SPDX-License-Identifier: Apache-2.0

//! Values: public ones, confidential ones, and wrong ones.

use crate::{node::service, Twin};
use serde_json::json;

#[test]
fn public_values_are_set_appended_removed_and_cleared() {
    let alice = Twin::developer("alice");
    let of = service(&alice);
    let (plate, events) = (format!("{of}/plate"), format!("{of}/events"));
    alice.fails(5, "not-found", &["data", "get", &plate]);
    let file = alice.file("plate.json", r#""from a file""#);
    assert_eq!(alice.json(&["data", "set", &plate, &format!("@{file}")])["revision"], 1);
    assert_eq!(alice.ok(&["data", "get", &plate]), r#""from a file""#);
    alice.fails(
        3,
        "DataContainer.StaleRevision",
        &["data", "set", &plate, r#""x""#, "--revision", "0"],
    );
    alice.ok(&["data", "set", &plate, r#""x""#, "--revision", "1"]);
    alice.ok(&["data", "clear", &plate]);
    alice.fails(5, "not-found", &["data", "get", &plate]);

    alice.ok(&["data", "append", &events, "1", "2", "3"]);
    alice.ok(&["data", "append", &events, "1e2"]);
    alice.ok(&["data", "remove", &events, "0.1"]);
    let items = alice.json(&["data", "get", &events])["items"].clone();
    let items: Vec<_> = items.as_array().unwrap().iter().map(|item| item["item"].clone()).collect();
    assert_eq!(items, ["0.0", "0.2", "1.0"]);
    alice.fails(5, "DataContainer.ItemNotFound", &["data", "remove", &events, "0.1"]);
    for wrong in ["1", "x.y", ".", "0.0.0", "99999999999.0"] {
        alice.fails(2, "usage", &["data", "remove", &events, wrong]);
    }
}

#[test]
fn a_wrong_value_is_shown_with_its_place_before_it_is_sent() {
    let alice = Twin::developer("alice");
    let of = service(&alice);
    let (plate, events, manual) =
        (format!("{of}/plate"), format!("{of}/events"), format!("{of}/manual"));
    for (path, verb, value, code, pointer) in [
        (&plate, "set", "hello", "DataContainer.InvalidJson", ""),
        (&plate, "set", "7", "DataContainer.TypeMismatch", ""),
        (&events, "append", "1.5", "DataContainer.TypeMismatch", ""),
        (&manual, "set", r#"{"url":"x","pages":0}"#, "DataContainer.MinimumMismatch", "/pages"),
        (&manual, "set", r#"{"pages":1}"#, "DataContainer.RequiredMismatch", ""),
        (&manual, "set", r#"{"url":"x","url":"y"}"#, "DataContainer.DuplicateKey", "/url"),
    ] {
        let error = alice.fails(3, code, &["data", verb, path, value]);
        assert_eq!(error["pointer"], pointer, "{value}");
    }
    alice.fails(2, "usage", &["data", "append", &plate, r#""x""#]);
    alice.fails(2, "usage", &["data", "set", &events, "1"]);
    alice.fails(5, "not-found", &["data", "set", &format!("{of}/nothing"), "1"]);
    let long = alice.file("long.json", &format!("\"{}\"", "x".repeat(70_000)));
    alice.fails(2, "usage", &["data", "set", &plate, &format!("@{long}")]);
    alice.fails(1, "other", &["data", "set", &plate, "@/nothing/there"]);
    Twin::developer("bob").fails(
        4,
        "DataContainer.NotPermitted",
        &["data", "set", &plate, r#""x""#],
    );
}

#[test]
fn confidential_values_are_sealed_and_opened_on_the_way() {
    let alice = Twin::with_key("alice");
    let of = service(&alice);
    let (manual, log) = (format!("{of}/manual"), format!("{of}/log"));
    let value = r#"{"url": "https://cranes.example", "pages": 12345678901234567890123}"#;
    alice.fails(4, "no-epoch", &["data", "set", &manual, value]);
    alice.ok(&["key", "rotate", &of]);
    alice.ok(&["data", "set", &manual, value]);
    assert_eq!(alice.ok(&["data", "get", &manual]), value, "byte for byte");
    let data = alice.json(&["data", "get", &manual]);
    assert_eq!((data["text"].as_str(), &data["mismatch"]), (Some(value), &json!(null)));
    alice.ok(&["data", "append", &log, r#"{"hours":1}"#, r#"{"hours":2.5}"#]);
    assert_eq!(alice.json(&["data", "get", &log])["items"][1]["value"]["hours"], 2.5);

    // An account without a keystore, a key or a right reads nothing.
    Twin::developer("alice").fails(4, "no-keystore", &["data", "get", &manual]);
    let bob = Twin::with_key("bob");
    bob.fails(4, "no-key", &["data", "get", &manual]);
    bob.fails(4, "no-key", &["data", "get", &log]);
    assert_eq!(bob.json(&["key", "try", &manual])["opened"], 0);
    assert_eq!(alice.json(&["key", "try", &log])["opened"], 2);
    let mut wrong = Twin::with_key("alice");
    let file = wrong.file("wrong", "another password");
    *wrong.options.iter_mut().find(|option| option.ends_with("/password")).unwrap() = file;
    wrong.fails(4, "keystore", &["data", "get", &manual]);
}

#[test]
fn nothing_that_is_stored_reaches_a_terminal_as_it_is() {
    let (alice, bob) = (Twin::with_key("alice"), Twin::with_key("bob"));
    let of = service(&alice);
    let log = format!("{of}/log");
    alice.ok(&["key", "rotate", &log]);
    alice.ok(&["share", &log, "--with", "bob", "--access", "write"]);
    // What matches no schema is sealed by a program that does not look: here the call itself.
    let hidden = "{\"\u{202e}hours\":1,\"hours\":2}";
    bob.ok(&["data", "append", &log, hidden]);
    let escape = r#"{"hours":1,"\u001b]0;title\u0007":"\u009b2J"}"#;
    bob.ok(&["data", "append", &log, escape]);
    for arguments in [&["data", "get", &log][..], &["--json", "data", "get", &log]] {
        let output = alice.ok(arguments);
        assert!(
            !output.contains(|letter: char| letter.is_control() && letter != '\n'),
            "{output:?}"
        );
    }
    assert!(!alice.ok(&["data", "get", &log]).contains('\u{202e}'));
    let strange = "{\"name\":\"\u{202e}x\u{9b}\"}";
    let made = alice.json(&["container", "create", "--description", strange]);
    let shown = alice.ok(&["show", &format!("c{}", made["container"])]);
    assert!(!shown.contains(['\u{202e}', '\u{9b}']), "{shown:?}");
}
