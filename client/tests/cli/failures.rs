// SPDX-License-Identifier: Apache-2.0

//! Exit codes, and failures around a command: usage, connection, configuration and proxies.

use crate::{node::node, node::text, Twin};

#[test]
fn wrong_usage_fails_before_any_prompt() {
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
    // Without a terminal the signer cannot be prompted for, and commands that read never prompt.
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
fn wrong_usage_prints_one_object_with_json() {
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
fn command_fails_when_the_node_is_unreachable() {
    let mut stranger = Twin::stranger();
    stranger.options = vec!["--url".into(), "ws://127.0.0.1:1".into()];
    let output = stranger.command(&["show", "0"]);
    // `command` passes the node's address already, and a repeated option is an error.
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
fn command_fails_when_the_chain_is_not_the_pinned_one() {
    let stranger = Twin::stranger();
    let genesis = format!("0x{}", "00".repeat(32));
    stranger.fails(8, "other-chain", &["--genesis", &genesis, "show", "0"]);
    stranger.fails(2, "usage", &["--genesis", "0x12", "show", "0"]);
}

#[test]
fn profile_provides_defaults_that_options_override() {
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
fn command_fails_when_the_proxied_call_fails() {
    let (alice, bob) = (Twin::developer("alice"), Twin::developer("bob"));
    alice.ok(&["call", "Proxy.add_proxy", "delegate=bob", "proxy_type=Data", "delay=0"]);
    let made = alice.json(&["container", "create"]);
    let of = format!("c{}", made["container"]);
    // The proxy may write data, but not create or close containers.
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
    // A named keystore belongs to the acting account, and is not opened for the proxy.
    let of_alice = Twin::with_key("alice");
    let keystore = of_alice.home.path().join("keys.json").display().to_string();
    let plate = format!("{service}/plate");
    bob.ok(&["--keystore", &keystore, "--as", "alice", "data", "set", &plate, r#""named""#]);
    assert_eq!(alice.ok(&["data", "get", &plate]), r#""named""#);
}
