// SPDX-License-Identifier: Apache-2.0

//! Exit codes, and what is said when something is wrong around a command.

use crate::{node::node, node::text, Twin};

#[test]
fn wrong_use_is_told_before_anything_is_asked() {
    let stranger = Twin::stranger();
    for arguments in
        [&[][..], &["nothing"], &["create"], &["--dev", "alice", "--phrase-fd", "3", "list"]]
    {
        let output = stranger.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
    for path in ["", "engine", "c", "-", "0//a"] {
        stranger.fails(2, "usage", &["show", "--", path]);
    }
    stranger.fails(5, "not-found", &["show", "99999"]);
    stranger.fails(5, "not-found", &["show", "c99999"]);
    stranger.fails(5, "not-found", &["show", "asset:nobody.example/1"]);
    stranger.fails(2, "usage", &["list", "nobody"]);
    stranger.fails(2, "usage", &["--dev", "mallory", "deactivate", "0"]);
    // Without a terminal no one can be asked who signs, and reading asks no one.
    stranger.fails(2, "usage", &["create", "--name", "x", "--asset", "x/1"]);
    stranger.fails(2, "usage", &["list"]);
    stranger.fails(
        4,
        "no-terminal",
        &["--account", "alice", "create", "--name", "x", "--asset", "x/1"],
    );
    stranger.fails(2, "usage", &["--dev", "alcie", "show", "0"]);
    stranger.fails(5, "not-found", &["data", "get", "c99999/manual"]);
    for url in ["127.0.0.1:9944", "http://127.0.0.1:9944"] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_twin"))
            .args(["--url", url, "show", "0"])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{url}");
    }
}

#[test]
fn misuse_is_one_object_as_well() {
    for arguments in
        [&["--json", "frobnicate"][..], &["data", "set", "c0/x", "--json"], &["--json"]]
    {
        let output = Twin::stranger().run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(
            (answer["schema"].as_u64(), answer["error"]["exit"].as_u64()),
            (Some(1), Some(2))
        );
    }
    let output = Twin::stranger().run(&["--json", "--help"]);
    assert!(output.status.success() && text(&output.stdout).contains("Usage"));
}

#[test]
fn a_node_that_is_not_there_is_told() {
    let mut stranger = Twin::stranger();
    stranger.options = vec!["--url".into(), "ws://127.0.0.1:1".into()];
    let output = stranger.command(&["show", "0"]);
    // The first address is that of the node; the last one counts.
    let mut output = output;
    let output = output.output().unwrap();
    assert_eq!(output.status.code(), Some(2), "an option is given once: {}", text(&output.stderr));
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_twin"))
        .args(["--json", "--url", "ws://127.0.0.1:1", "show", "0"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(6));
    assert!(text(&output.stdout).contains("\"unreachable\""));
}

#[test]
fn another_chain_than_the_pinned_one_is_refused() {
    let stranger = Twin::stranger();
    let genesis = format!("0x{}", "00".repeat(32));
    stranger.fails(8, "other-chain", &["--genesis", &genesis, "show", "0"]);
    stranger.fails(2, "usage", &["--genesis", "0x12", "show", "0"]);
}

#[test]
fn a_profile_says_what_is_not_said_otherwise() {
    let stranger = Twin::stranger();
    let url = &node().url;
    let config = stranger.file(
        "config.toml",
        &format!(
            "account = \"alice\"\n[profiles.far]\nurl = \"ws://127.0.0.1:1\"\n\
             [profiles.near]\nurl = \"{url}\"\naccount = \"bob\"\n"
        ),
    );
    let run = |arguments: &[&str]| {
        std::process::Command::new(env!("CARGO_BIN_EXE_twin"))
            .args(["--config", &config, "--json"])
            .args(arguments)
            .env_clear()
            .env("HOME", stranger.home.path())
            .output()
            .unwrap()
    };
    assert_eq!(run(&["--profile", "far", "show", "0"]).status.code(), Some(6));
    assert_eq!(run(&["--profile", "nothing", "show", "0"]).status.code(), Some(2));
    assert!(run(&["--profile", "near", "list"]).status.success());
    assert!(run(&["--url", url, "list"]).status.success());
    let config = stranger.file("config.toml", "colour = \"red\"\n");
    let output = run(&["list"]);
    assert_eq!((config.is_empty(), output.status.code()), (false, Some(2)));
}

#[test]
fn what_a_proxy_may_not_do_fails_although_the_proxy_was_called() {
    let (alice, bob) = (Twin::developer("alice"), Twin::developer("bob"));
    alice.ok(&["call", "Proxy.add_proxy", "delegate=bob", "proxy_type=Data", "delay=0"]);
    let made = alice.json(&["container", "create"]);
    let of = format!("c{}", made["container"]);
    // Data may be written, and nothing made.
    bob.fails(3, "System.CallFiltered", &["--as", "alice", "container", "create"]);
    bob.fails(3, "System.CallFiltered", &["--as", "alice", "container", "close", &of]);
    Twin::developer("charlie").fails(
        4,
        "Proxy.NotProxy",
        &["--as", "alice", "container", "create"],
    );
    let service = crate::node::service(&alice);
    bob.ok(&["--as", "alice", "data", "set", &format!("{service}/plate"), r#""by proxy""#]);
    let value = alice.json(&["data", "get", &format!("{service}/plate")]);
    assert!(value["author"].as_str().unwrap().starts_with("5Grw"), "{value}");
    // A keystore that is named is that of the account that acts, and is not opened for the proxy.
    let of_alice = Twin::with_key("alice");
    let keystore = of_alice.home.path().join("keys.json").display().to_string();
    let plate = format!("{service}/plate");
    bob.ok(&["--keystore", &keystore, "--as", "alice", "data", "set", &plate, r#""named""#]);
    assert_eq!(alice.ok(&["data", "get", &plate]), r#""named""#);
}
