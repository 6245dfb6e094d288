// SPDX-License-Identifier: Apache-2.0

//! Public, confidential and invalid values.

use crate::{
    node::{service, text},
    Twin,
};
use serde_json::json;
use twinchain_client::{confidential, signer::Signer};

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
fn wrong_value_fails_with_its_location_before_sending() {
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
fn confidential_values_are_sealed_and_opened_automatically() {
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

    // An account without a keystore, a key or access cannot read the value.
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
fn sealed_value_that_does_not_match_is_shown_with_the_mismatch() {
    let alice = Twin::with_key("alice");
    let of = service(&alice);
    let (manual, log) = (format!("{of}/manual"), format!("{of}/log"));
    alice.ok(&["key", "rotate", &of]);
    // The command refuses to seal this value, so seal it with the library.
    alice.fails(3, "DataContainer.RequiredMismatch", &["data", "set", &manual, "{}"]);
    let sealed = |name: &str, value: &str| {
        let (url, container) = (alice.url.clone(), of[1..].parse().unwrap());
        let work = async {
            let chain = twinchain_client::Chain::connect(&url, None).await?;
            let at = chain.at_best().await?;
            let record = confidential::data_set(&at, container, name).await?;
            let author = Signer::developer("alice")?.account();
            let values = [value.as_bytes().to_vec()];
            confidential::seal(&chain, &at, None, (container, name, &record), &author, &values)
                .await
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let (_, mut sealed) = runtime.block_on(work).unwrap();
        format!("0x{}", hex::encode(sealed.remove(0)))
    };
    let (container, epoch) = (format!("container={}", &of[1..]), "epoch=1");
    let value = format!("ciphertext={}", sealed("manual", r#"{"pages":1}"#));
    let name = "data_set=manual";
    alice.ok(&["call", "DataContainer.set_sealed_entry", &container, name, epoch, &value]);
    let items = format!("items=[\"{}\"]", sealed("log", r#"{"hours":-1}"#));
    let name = "data_set=log";
    alice.ok(&["call", "DataContainer.append_sealed", &container, name, epoch, &items]);

    let data = alice.json(&["data", "get", &manual]);
    assert_eq!(data["value"], json!({ "pages": 1 }));
    assert!(data["mismatch"].as_str().unwrap().contains("requires"), "{data}");
    assert!(alice.ok(&["data", "get", &manual]).contains("does not match its schema"));
    let data = alice.json(&["data", "get", &log]);
    let mismatch = data["items"][0]["mismatch"].as_str().unwrap();
    assert!(mismatch.contains("/hours"), "{data}");
}

#[test]
fn real_account_is_the_author_of_a_write_through_a_proxy() {
    let (alice, dave) = (Twin::with_key("alice"), Twin::developer("dave"));
    alice.ok(&["call", "Proxy.add_proxy", "delegate=dave", "proxy_type=Data", "delay=0"]);
    let of = service(&alice);
    let manual = format!("{of}/manual");
    alice.ok(&["key", "rotate", &manual]);
    dave.ok(&["--as", "alice", "data", "set", &manual, r#"{"url":"by proxy"}"#]);
    let data = alice.json(&["data", "get", &manual]);
    assert_eq!(data["value"]["url"], "by proxy");
    assert!(data["author"].as_str().unwrap().starts_with("5Grw"), "{data}");
}

#[test]
fn dry_run_checks_values_and_rights_on_the_chain() {
    let alice = Twin::with_key("alice");
    let of = service(&alice);
    let (plate, events) = (format!("{of}/plate"), format!("{of}/events"));
    let dry = |of: &Twin, arguments: &[&str]| of.json(&[&["--dry-run"], arguments].concat());
    let done = dry(&alice, &["data", "set", &plate, r#""x""#]);
    assert_eq!((&done["dryRun"], &done["rightsChecked"]), (&json!(true), &json!(true)));
    assert_eq!(alice.json(&["data", "list", &of])["dataSets"].as_array().unwrap().len(), 4);
    let bob = Twin::developer("bob");
    let refused = |code: &str, arguments: &[&str]| {
        bob.fails(4, code, &[&["--dry-run"], arguments].concat());
    };
    refused("DataContainer.NotPermitted", &["data", "set", &plate, r#""x""#]);
    refused("DataContainer.NotPermitted", &["data", "append", &events, "1"]);
    refused("DataContainer.NotPermitted", &["data", "remove", &events, "0.0"]);
    refused("DataContainer.NotPermitted", &["data", "clear", &plate]);
    refused("DataContainer.NotOwner", &["role", "assign", &format!("{of}/technician"), "bob"]);
    refused("DataContainer.NotOwner", &["share", &plate, "--with", "dave", "--access", "write"]);
    refused("DataContainer.NotOwner", &["container", "close", &of]);
    refused("DataContainer.NotOwner", &["offer", &of, "--to", "dave"]);
    // A closed container accepts no value.
    alice.ok(&["container", "close", &of]);
    let closed = ["--dry-run", "data", "set", &plate, r#""x""#];
    alice.fails(3, "DataContainer.ContainerClosed", &closed);
    // The dry runs sent nothing.
    alice.fails(5, "not-found", &["data", "get", &plate]);
}

#[test]
fn write_fails_when_node_calls_a_confidential_data_set_public() {
    let alice = Twin::with_key("alice");
    let of = service(&alice);
    let (manual, plate) = (format!("{of}/manual"), format!("{of}/plate"));
    alice.ok(&["key", "rotate", &manual]);
    alice.ok(&["data", "set", &manual, r#"{"url":"x"}"#]);
    alice.ok(&["data", "set", &plate, r#""public""#]);
    // The record is beside the keystore, so no password is needed to read it.
    let known = alice.home.path().join("keys.json.confidential");
    let text = std::fs::read_to_string(&known).unwrap();
    assert_eq!(text, format!("{} {}\n", &of[1..], hex::encode("manual")));
    // Simulates a node that reports a data set as public that was confidential before.
    std::fs::write(&known, format!("{} {}\n", &of[1..], hex::encode("plate"))).unwrap();
    alice.fails(8, "false-visibility", &["data", "set", &plate, r#""secret""#]);
    alice.fails(8, "false-visibility", &["--dry-run", "data", "set", &plate, r#""secret""#]);
    assert_eq!(alice.ok(&["data", "get", &plate]), r#""public""#);
    // If the list was not copied with the keystore, it is rebuilt from the seeds.
    std::fs::remove_file(&known).unwrap();
    alice.ok(&["data", "set", &plate, r#""public again""#]);
    let text = std::fs::read_to_string(&known).unwrap();
    assert_eq!(text, format!("{} {}\n", &of[1..], hex::encode("manual")));
    // A keystore behind a symbolic link uses the lists beside the actual file.
    #[cfg(unix)]
    {
        let (link, keys) =
            (alice.home.path().join("link.json"), alice.home.path().join("keys.json"));
        std::os::unix::fs::symlink(keys, &link).unwrap();
        std::fs::write(&known, format!("{} {}\n", &of[1..], hex::encode("plate"))).unwrap();
        let link = link.display().to_string();
        let set = ["--keystore", &link, "data", "set", &plate, r#""secret""#];
        let options: Vec<_> = alice.options.iter().map(String::as_str).collect();
        let without: Vec<_> = options[..options.len() - 2].iter().copied().chain(set).collect();
        let mut other = Twin::stranger();
        other.options.clear();
        other.fails(8, "false-visibility", &without);
    }
}

#[test]
fn write_fails_when_the_named_keystore_is_missing() {
    let alice = Twin::with_key("alice");
    let of = service(&alice);
    let manual = format!("{of}/manual");
    alice.ok(&["key", "rotate", &manual]);
    let other = Twin::developer("alice");
    let config = other.home.path().join("config").join("twin");
    std::fs::create_dir_all(&config).unwrap();
    std::fs::write(config.join("config.toml"), "keystore = \"/no/such/keys.json\"\n").unwrap();
    for set in [
        ["data", "set", &manual, r#"{"url":"x"}"#],
        ["data", "set", &format!("{of}/plate"), r#""x""#],
    ] {
        other.fails(4, "no-keystore", &set);
    }
}

#[test]
fn write_fails_when_the_keystore_is_of_another_chain() {
    let alice = Twin::with_key("alice");
    let of = service(&alice);
    let (manual, plate) = (format!("{of}/manual"), format!("{of}/plate"));
    alice.ok(&["key", "rotate", &manual]);
    // The phrase of a development account, read like any other phrase.
    let phrase = alice.file("phrase", "//Alice");
    let run = |arguments: &[&str]| {
        let twin = env!("CARGO_BIN_EXE_twin");
        let line = format!(
            r#"exec "{twin}" --json --url "$0" --phrase-fd 3 --wait best "$@" 3<"{phrase}""#
        );
        let mut command = std::process::Command::new("sh");
        command.args(["-c", &line, &alice.url]).args(arguments).env_clear();
        command.env("HOME", alice.home.path()).env("XDG_RUNTIME_DIR", crate::node::turns());
        command.env("XDG_DATA_HOME", alice.home.path().join("data")).output().unwrap()
    };
    // A keystore of another chain in the default directory.
    let account = alice.json(&["key", "show"])["account"].as_str().unwrap().to_string();
    let folder = alice.home.path().join("data").join("twin");
    std::fs::create_dir_all(&folder).unwrap();
    let keystore = folder.join(format!("{account}-01020304.json"));
    std::fs::write(&keystore, "{}").unwrap();
    for set in [["data", "set", &manual, r#"{"url":"x"}"#], ["data", "set", &plate, r#""x""#]] {
        let output = run(&set);
        assert_eq!(output.status.code(), Some(8), "{}", text(&output.stderr));
        assert!(text(&output.stdout).contains("other-chain"), "{}", text(&output.stdout));
    }
    let answer: serde_json::Value =
        serde_json::from_slice(&run(&["data", "set", &plate, "\"x\""]).stdout).unwrap();
    let fix = answer["error"]["fix"].as_str().unwrap();
    let genesis = fix.split("--genesis ").nth(1).unwrap();
    assert!(run(&["--genesis", genesis, "data", "set", &plate, "\"x\""]).status.success());
}

#[test]
fn items_can_come_from_lines_or_a_json_array_in_a_file() {
    let alice = Twin::developer("alice");
    let of = service(&alice);
    let events = format!("{of}/events");
    let lines = format!("@{}", alice.file("lines", "1\n\n 2 \n3"));
    let array = format!("@{}", alice.file("array.json", " [4, 5,\n6 ]\n"));
    alice.ok(&["data", "append", &events, "--each", &lines, &array]);
    let found = alice.json(&["data", "get", &events])["items"].clone();
    let values: Vec<_> =
        found.as_array().unwrap().iter().map(|item| item["value"].clone()).collect();
    assert_eq!(values, (1..=6).map(|number| json!(number)).collect::<Vec<_>>());
    let wrong = format!("@{}", alice.file("wrong.json", "[1,\n\"x\"]"));
    let error = alice.fails(
        3,
        "DataContainer.TypeMismatch",
        &["data", "append", &events, "--each", &wrong],
    );
    assert!(error["message"].as_str().is_some(), "{error}");
    let broken = format!("@{}", alice.file("broken.json", "[1,"));
    alice.fails(3, "DataContainer.InvalidJson", &["data", "append", &events, "--each", &broken]);
    let empty = format!("@{}", alice.file("empty", "\n"));
    alice.fails(2, "usage", &["data", "append", &events, "--each", &empty]);
    // A file argument without the leading @.
    let file = alice.file("value.json", "1");
    let error = alice.fails(3, "DataContainer.InvalidJson", &["data", "append", &events, &file]);
    assert!(error["fix"].as_str().unwrap().contains("write @"), "{error}");
}

#[test]
fn schema_is_shown_exactly_as_written() {
    let alice = Twin::developer("alice");
    let of = service(&alice);
    let shown = alice.ok(&["data", "schema", &format!("{of}/plate")]);
    assert_eq!(shown, r#"{"type":"string","maxLength":20}"#);
    let data = alice.json(&["data", "schema", &format!("{of}/events")]);
    assert_eq!(data["schema"], json!({ "type": "integer" }));
    alice.fails(5, "not-found", &["data", "schema", &format!("{of}/none")]);
}

#[test]
fn stored_control_characters_never_reach_the_terminal() {
    let (alice, bob) = (Twin::with_key("alice"), Twin::with_key("bob"));
    let of = service(&alice);
    let log = format!("{of}/log");
    alice.ok(&["key", "rotate", &log]);
    alice.ok(&["share", &log, "--with", "bob", "--access", "write"]);
    // Schemas allow additional members, so these values pass the check before sealing.
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
