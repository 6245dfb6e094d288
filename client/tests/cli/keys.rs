// SPDX-License-Identifier: Apache-2.0

//! The account's own keys, and the keystore.

use crate::{node::text, Twin};
use serde_json::json;
use std::fs;

#[test]
fn a_lost_keystore_comes_back_from_the_recovery_key() {
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
    // Too early for another key, and the file is not overwritten.
    eve.fails(1, "other", &["key", "new", "--recovery-file", &recovery]);
    eve.fails(3, "DataContainer.KeyChangedRecently", &["key", "new", "--no-recovery"]);
}

#[test]
fn an_unexpected_key_of_ones_own_is_an_alarm() {
    let ferdie = Twin::with_key("ferdie");
    ferdie.ok(&["key", "show"]);
    // Another keystore of the same account, which never had the key that is on the chain.
    let mut other = Twin::developer("ferdie");
    let keystore = other.home.path().join("other.json").display().to_string();
    other.options.extend(["--keystore".into(), keystore]);
    other.fails(3, "DataContainer.KeyChangedRecently", &["key", "new", "--no-recovery"]);
    let error = other.fails(4, "unexpected-key", &["key", "show"]);
    assert!(error["message"].as_str().unwrap().contains("somebody else can sign"));
}

#[test]
fn secrets_stand_in_no_argument_and_no_output() {
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
fn a_phrase_comes_from_a_file_descriptor() {
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
    assert_eq!(output.status.code(), Some(0), "the phrase decides who signs");
    // A phrase of an account that is not a member.
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
fn passwords_are_asked_for_on_a_terminal() {
    use rexpect::session::{spawn_command, PtySession};
    let alice = Twin::with_key("alice");
    let mut asked = Twin::with_key("alice");
    let at = asked.options.iter().position(|option| option == "--password-file").unwrap();
    asked.options.drain(at..at + 2);
    let keystore = asked.home.path().join("keys.json").display().to_string();
    let spawn = |arguments: &[&str]| -> PtySession {
        spawn_command(asked.command(arguments), Some(30_000)).unwrap()
    };
    // `Exited(process, code)`.
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

    // An export with another password, which merges back.
    let copy = alice.home.path().join("copy.json").display().to_string();
    let mut session = spawn(&["key", "export", &copy, "--no-keys"]);
    for (prompt, answer) in
        [("Password of ", "a password"), ("New password", "another"), ("The same again", "another")]
    {
        session.exp_string(prompt).unwrap();
        session.send_line(answer).unwrap();
    }
    session.exp_eof().unwrap();
    assert_eq!(wait(session), 0);
    let mut session = spawn(&["key", "merge", &copy]);
    session.exp_string(&format!("Password of {copy}")).unwrap();
    session.send_line("another").unwrap();
    session.exp_string(&format!("Password of {keystore}")).unwrap();
    session.send_line("a password").unwrap();
    session.exp_string("merged").unwrap();
    session.exp_eof().unwrap();
    assert_eq!(wait(session), 0);
}
