// SPDX-License-Identifier: Apache-2.0

//! The account's own keys and the keystore.

use crate::{
    node::{service, text},
    Twin,
};
use serde_json::json;
use std::fs;

#[test]
fn recovery_key_restores_a_lost_keystore() {
    let mut eve = Twin::developer("eve");
    let keystore = eve.home.path().join("keys.json").display().to_string();
    let recovery = eve.home.path().join("recovery").display().to_string();
    eve.options.extend(["--keystore".into(), keystore.clone()]);
    let key = eve.json(&["key", "new", "--recovery-file", &recovery]);
    assert_eq!((&key["version"], &key["recovery"]), (&json!(1), &json!(true)));
    #[cfg(unix)]
    for file in [&keystore, &recovery] {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600, "{file}");
    }
    assert_eq!(eve.json(&["key", "devices"])["holders"][0]["kind"], "key");
    let shown = eve.ok(&["key", "show"]);
    assert!(shown.contains(key["fingerprint"].as_str().unwrap()), "{shown}");

    fs::remove_file(&keystore).unwrap();
    eve.ok(&["key", "recover", &recovery]);
    assert_eq!(eve.json(&["key", "show"])["keystore"]["versions"], json!([1]));
    let wrong = eve.file("wrong", &format!("0x{}", "11".repeat(32)));
    eve.fails(4, "no-envelope", &["key", "recover", &wrong]);
    let damaged = eve.file("damaged", "0x12");
    eve.fails(4, "sealing", &["key", "recover", &damaged]);
    // Too early for another key: no file is created.
    let unmade = eve.home.path().join("unmade").display().to_string();
    let new = ["key", "new", "--recovery-file", &unmade];
    eve.fails(3, "DataContainer.KeyChangedRecently", &new);
    assert!(!fs::exists(&unmade).unwrap());
    assert_eq!(eve.json(&["key", "show"])["keystore"]["versions"], json!([1]));
}

#[test]
fn device_and_colleague_can_hold_the_key() {
    let (dave, bob) = (Twin::with_key("dave"), Twin::with_key("bob"));
    let of = service(&dave);
    let plan = format!("{of}/manual");
    dave.ok(&["key", "rotate", &plan]);
    dave.ok(&["data", "set", &plan, r#"{"url":"x"}"#]);

    // Another machine of the same account.
    let mut device = Twin::developer("dave");
    let keystore = device.home.path().join("device.json").display().to_string();
    device.options.extend(["--keystore".into(), keystore]);
    device.fails(4, "no-keystore", &["key", "recover"]);
    let public = device.json(&["key", "devices", "this"])["public"].as_str().unwrap().to_string();
    assert_eq!(device.json(&["key", "devices", "this"])["public"], public, "it is created once");
    device.fails(4, "no-envelope", &["key", "recover"]);
    let added = dave.json(&["key", "devices", "add", &public]);
    assert_eq!(added["versions"], json!([1]));
    let print = added["fingerprints"][0].as_str().unwrap();
    // Any account can seal a key for this device, so the user or a fingerprint must confirm it.
    let error = device.fails(4, "unconfirmed-key", &["key", "recover"]);
    assert!(error["fix"].as_str().unwrap().contains(print), "{error}");
    let other = ["key", "recover", "--expect", "0000 0000"];
    device.fails(4, "unconfirmed-key", &other);
    device.fails(4, "no-key", &["data", "get", &plan]);
    assert_eq!(device.json(&["key", "recover", "--expect", print])["restored"], json!([1]));
    assert_eq!(device.json(&["data", "get", &plan])["value"]["url"], "x");
    assert_eq!(
        device.json(&["key", "recover"])["restored"],
        json!([1]),
        "it is in the keystore now"
    );

    // A colleague, who opens the key into a keystore of that account.
    dave.fails(4, "unknown-key", &["key", "devices", "add", "bob"]);
    dave.ok(&["key", "accept", "bob"]);
    dave.ok(&["key", "devices", "add", "bob"]);
    let holders = dave.json(&["key", "devices"])["holders"].clone();
    assert_eq!(holders.as_array().unwrap().len(), 2, "{holders}");
    let mut colleague = Twin::developer("dave");
    let keystore = colleague.home.path().join("keys.json").display().to_string();
    colleague.options.extend(["--keystore".into(), keystore]);
    let of_bob = bob.home.path().join("keys.json").display().to_string();
    let password = bob.home.path().join("password").display().to_string();
    let recover = ["key", "recover", "--colleague", &of_bob, "--other-password-file", &password];
    colleague.fails(4, "unconfirmed-key", &recover);
    let recover = [&recover[..], &["--expect", print]].concat();
    assert_eq!(colleague.json(&recover)["restored"], json!([1]));
    assert_eq!(colleague.json(&["data", "get", &plan])["value"]["url"], "x");

    dave.ok(&["key", "devices", "remove", "bob"]);
    dave.ok(&["key", "devices", "remove", &public]);
    assert_eq!(dave.json(&["key", "devices"])["holders"], json!([]));
    dave.fails(5, "not-found", &["key", "devices", "remove", "bob"]);
    let none = Twin::developer("dave");
    none.fails(4, "no-keystore", &["key", "devices", "add", "bob"]);
    dave.fails(2, "usage", &["key", "devices", "add", "dave"]);
    dave.fails(2, "usage", &["key", "devices", "add", "0x12"]);
    // An account's id is not a device key.
    let bob_id = "0x8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48";
    dave.fails(2, "usage", &["key", "devices", "add", bob_id]);
    dave.fails(2, "usage", &["key", "devices", "add", "mallory"]);
}

#[test]
fn dry_run_writes_nothing() {
    let (alice, dave) = (Twin::with_key("alice"), Twin::with_key("dave"));
    let of = service(&alice);
    let manual = format!("{of}/manual");
    let keystore = alice.home.path().join("keys.json");
    let before = fs::read(&keystore).unwrap();
    for arguments in [
        &["key", "rotate", &manual][..],
        &["key", "accept", "dave"],
        &["share", &manual, "--with", "dave"],
    ] {
        alice.ok(&[&["--dry-run"], arguments].concat());
        assert_eq!(fs::read(&keystore).unwrap(), before, "{arguments:?}");
    }
    let copy = alice.home.path().join("copy.json").display().to_string();
    alice.fails(2, "usage", &["--dry-run", "key", "export", &copy]);
    alice.fails(2, "usage", &["--dry-run", "key", "devices", "this"]);
    assert!(!fs::exists(&copy).unwrap());
    let unmade = dave.home.path().join("unmade.json").display().to_string();
    let mut new = Twin::developer("dave");
    new.options.extend(["--keystore".into(), unmade.clone()]);
    let dry = ["--dry-run", "key", "new", "--no-recovery"];
    new.fails(3, "DataContainer.KeyChangedRecently", &dry);
    assert!(!fs::exists(&unmade).unwrap());
    // A named keystore that does not exist is not treated like a missing default.
    alice.ok(&["key", "rotate", &manual]);
    alice.ok(&["data", "set", &manual, r#"{"url":"x"}"#]);
    let mut mistyped = Twin::developer("alice");
    mistyped.options.extend(["--keystore".into(), unmade]);
    mistyped.fails(4, "no-keystore", &["data", "set", &manual, r#"{"url":"x"}"#]);
    // A missing file is not an error of permissions.
    let at = mistyped.options.iter().position(|option| option == "--password-file").unwrap();
    mistyped.options[at + 1] = "/nothing/there".into();
    let path = keystore.display().to_string();
    *mistyped.options.last_mut().unwrap() = path;
    mistyped.fails(1, "file", &["data", "get", &manual]);
}

#[test]
fn rotation_that_was_not_executed_does_not_block_writes() {
    let dave = Twin::with_key("dave");
    let manual = format!("{}/manual", service(&dave));
    let (rotate, get) = (["key", "rotate", &manual], ["data", "get", &manual]);
    let set = |url: &str| {
        dave.ok(&["data", "set", &manual, &format!(r#"{{"url":"{url}"}}"#)]);
        assert_eq!(dave.json(&get)["value"]["url"], url);
    };
    // Neither the first key nor a later one blocks them.
    dave.ok(&["--print-call", "key", "rotate", &manual]);
    dave.ok(&rotate);
    set("a");
    let printed = dave.ok(&["--print-call", "key", "rotate", &manual]);
    set("b");
    // A call that is executed later has the key that the keystore keeps.
    dave.ok(&["submit", &printed]);
    set("c");
    let marks = fs::read_to_string(dave.home.path().join("keys.json.prepared")).unwrap();
    assert_eq!(marks.lines().count(), 1, "only the first was never executed: {marks}");
}

#[test]
fn key_show_fails_when_own_key_is_unexpected() {
    let ferdie = Twin::with_key("ferdie");
    ferdie.ok(&["key", "show"]);
    // Another keystore of the same account, without the key on the chain.
    let mut other = Twin::developer("ferdie");
    let keystore = other.home.path().join("other.json").display().to_string();
    other.options.extend(["--keystore".into(), keystore]);
    other.ok(&["key", "devices", "this"]);
    let error = other.fails(4, "unexpected-key", &["key", "show"]);
    assert!(error["message"].as_str().unwrap().contains("someone else can sign"));
}

#[test]
fn secrets_are_in_no_argument_and_no_output() {
    let twin = Twin::with_key("dave");
    let file = fs::read_to_string(twin.home.path().join("keys.json")).unwrap();
    assert!(file.contains("\"version\": 2") && !file.contains("secretKey"));
    let help = text(&twin.run(&["--help"]).stdout);
    for option in ["--password ", "--phrase ", "--seed", "--secret"] {
        assert!(!help.contains(option), "{option} would take a secret");
    }
    for arguments in [&["key", "show"][..], &["--json", "key", "show"], &["key", "devices"]] {
        let output = twin.run(arguments);
        let all = text(&output.stdout) + &text(&output.stderr);
        assert!(!all.contains("a password"), "{all}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn phrase_can_come_from_a_file_descriptor() {
    let stranger = Twin::stranger();
    let phrase = stranger.file("phrase", "//Alice\n");
    let run = |arguments: &str| {
        let line = format!("exec \"$0\" \"$@\" {arguments} 7<{phrase}");
        let command = stranger.command(&["--phrase-fd", "7", "--wait", "best"]);
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", &line]).arg(command.get_program()).args(command.get_args());
        shell.env("XDG_RUNTIME_DIR", crate::node::turns());
        shell.output().unwrap()
    };
    let output = run("create --name x --asset cranes.example/phrase");
    assert!(output.status.success(), "{}", text(&output.stderr));
    let output = run("--account bob create --name x --asset cranes.example/phrase");
    assert_eq!(output.status.code(), Some(2), "the phrase is of another account");
    // The phrase of an account that is not a member.
    let phrase = stranger.file("phrase", "//Nobody\n");
    let line = format!("exec \"$0\" \"$@\" 7<{phrase}");
    let command = stranger.command(&[
        "--phrase-fd",
        "7",
        "create",
        "--name",
        "x",
        "--asset",
        "cranes.example/y",
    ]);
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &line]).arg(command.get_program()).args(command.get_args());
    let output = shell.output().unwrap();
    assert_eq!(output.status.code(), Some(4));
    assert!(text(&output.stderr).contains("not a member"), "{}", text(&output.stderr));
}

#[cfg(target_os = "linux")]
#[test]
fn password_prompts_appear_on_a_terminal() {
    use rexpect::session::{spawn_command, PtySession};
    let alice = Twin::with_key("alice");
    let mut asked = Twin::with_key("alice");
    let at = asked.options.iter().position(|option| option == "--password-file").unwrap();
    asked.options.drain(at..at + 2);
    let keystore = asked.home.path().join("keys.json").display().to_string();
    let spawn = |arguments: &[&str]| -> PtySession {
        spawn_command(asked.command(arguments), Some(30_000)).unwrap()
    };
    // The status prints as `Exited(process, code)`.
    let wait = |session: PtySession| {
        let status = format!("{:?}", session.process().wait().unwrap());
        status.rsplit([' ', ')']).find(|part| !part.is_empty()).unwrap().parse::<i32>().unwrap()
    };

    let mut session = spawn(&["key", "show"]);
    session.exp_string("Password of ").unwrap();
    session.send_line("a password").unwrap();
    let rest = session.exp_eof().unwrap();
    assert!(rest.contains("fingerprint") || rest.contains("key 1"), "{rest}");
    assert!(!rest.contains("a password"), "it is not shown");
    assert_eq!(wait(session), 0);

    let mut session = spawn(&["key", "show"]);
    session.exp_string("Password of ").unwrap();
    session.send_line("wrong").unwrap();
    session.exp_string("the password is wrong").unwrap();
    session.exp_eof().unwrap();
    assert_eq!(wait(session), 4);

    // Export with another password, and merge the copy back.
    let copy = alice.home.path().join("copy.json").display().to_string();
    let mut session = spawn(&["key", "export", &copy, "--no-keys"]);
    for (prompt, answer) in [
        ("Password of ", "a password"),
        ("New password", "another one"),
        ("Repeat the password", "another one"),
    ] {
        session.exp_string(prompt).unwrap();
        session.send_line(answer).unwrap();
    }
    session.exp_eof().unwrap();
    assert_eq!(wait(session), 0);
    let mut session = spawn(&["key", "merge", &copy]);
    session.exp_string(&format!("Password of {copy}")).unwrap();
    session.send_line("another one").unwrap();
    session.exp_string(&format!("Password of {keystore}")).unwrap();
    session.send_line("a password").unwrap();
    session.exp_string("merged").unwrap();
    session.exp_eof().unwrap();
    assert_eq!(wait(session), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn key_of_polkadot_js_can_sign_and_keystore_can_keep_a_phrase() {
    use rexpect::session::spawn_command;
    // `//Charlie`, exported from Polkadot.js with this password.
    let stranger = Twin::stranger();
    let file = stranger.file("charlie.json", include_str!("charlie.json"));
    let sign = ["--key-file", &file, "--wait", "best"];
    let run = |asset: &str, password: &str| {
        let create = ["create", "--name", "x", "--asset", asset];
        let command = stranger.command(&[&sign[..], &create].concat());
        let mut session = spawn_command(command, Some(60_000)).unwrap();
        session.exp_string("Password of ").unwrap();
        session.send_line(password).unwrap();
        session.exp_eof().unwrap()
    };
    let shown = run("cranes.example/exported", "wrong");
    assert!(shown.contains("the password does not open"), "{shown}");
    let shown = run("cranes.example/exported", "a password");
    assert!(shown.contains("of cranes.example/exported"), "{shown}");
    let found = stranger.json(&["asset", "find", "cranes.example/exported"]);
    let owner = found["twins"][0]["owner"].as_str().unwrap().to_string();
    assert!(owner.starts_with("5FLSigC9"), "{owner}");

    // A phrase in the keystore signs with only the keystore's password.
    let keeper = Twin::with_key("charlie");
    let mut session = spawn_command(keeper.command(&["key", "keep-phrase"]), Some(60_000)).unwrap();
    session.exp_string("Phrase of ").unwrap();
    session.send_line("//Charlie").unwrap();
    let shown = session.exp_eof().unwrap();
    assert!(shown.contains("signs for") && !shown.contains("//Charlie"), "{shown}");
    let mut signing = Twin::stranger();
    signing.options = keeper.options.clone();
    signing.options.drain(..2);
    signing.options.extend(["--account".into(), owner]);
    assert!(!signing.options.iter().any(|option| option == "--dev"));
    signing.ok(&["create", "--name", "x", "--asset", "cranes.example/kept"]);
}

#[cfg(target_os = "linux")]
#[test]
fn colours_appear_only_on_terminals_that_support_them() {
    use rexpect::session::spawn_command;
    let shown = |colour: bool| {
        let mut command = Twin::stranger().command(&["show", "c999999"]);
        command.env("TERM", "xterm-256color");
        if !colour {
            command.env("NO_COLOR", "1");
        }
        spawn_command(command, Some(30_000)).unwrap().exp_eof().unwrap()
    };
    assert!(shown(true).contains("\u{1b}["));
    let plain = shown(false);
    assert!(plain.contains("c999999") && !plain.contains("\u{1b}["), "{plain:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn changed_key_needs_confirmation_on_a_terminal() {
    use rexpect::session::spawn_command;
    use twinchain_sealing::{keystore, Account, Reader, SecretKey};
    let (alice, bob) = (Twin::with_key("alice"), Twin::with_key("bob"));
    let of = service(&alice);
    let manual = format!("{of}/manual");
    alice.ok(&["key", "rotate", &manual]);
    // Simulates that bob had another key when alice first saw it.
    let keys = alice.home.path().join("keys.json");
    let password = keystore::Password::new("a password").unwrap();
    let account = bob.json(&["key", "show"])["account"].as_str().unwrap().to_string();
    let account = twinchain_client::account::parse(&account).unwrap();
    let public = SecretKey::generate().unwrap().public();
    let (account, version) = (Account(account.0), 1.try_into().unwrap());
    keystore::file::update(&keys, &password, keystore::MIN_COST, |keystore| {
        keystore.accept(&Reader { account, version, public });
        Ok::<_, keystore::KeystoreError>(())
    })
    .unwrap();
    let share = ["share", &manual, "--with", "bob"];
    alice.fails(4, "key-changed", &share);
    alice.fails(4, "key-changed", &["key", "accept", "bob"]);
    let readers = || alice.json(&["readers", &manual])["readers"].as_array().unwrap().len();
    assert_eq!(readers(), 1, "only the owner");
    let ask = |arguments: &[&str], answer: &str| {
        let mut command = alice.command(arguments);
        command.stdin(std::process::Stdio::inherit());
        let mut session = spawn_command(command, Some(60_000)).unwrap();
        session.exp_string("Did you compare").unwrap();
        session.send_line(answer).unwrap();
        session.exp_eof().unwrap()
    };
    assert!(ask(&share, "n").contains("nothing was sent"));
    alice.fails(4, "key-changed", &share);
    assert!(ask(&share, "y").contains("is shared with"));
    alice.ok(&["data", "set", &manual, r#"{"url":"x"}"#]);
    assert_eq!(bob.ok(&["data", "get", &manual]), r#"{"url":"x"}"#);
}
