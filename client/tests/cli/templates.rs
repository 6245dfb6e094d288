// SPDX-License-Identifier: Apache-2.0

//! Templates: checked without a node, imported, exported, and continued after an interruption.

use crate::{
    node::{node, text},
    relay::{Relay, Then},
    Twin,
};
use serde_json::{json, Value};
use std::{
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
};
use twinchain_client::Chain;

/// The request that gives a transaction to the node.
const SUBMISSION: &str = "author_submitAndWatchExtrinsic";

fn example(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/examples").join(name);
    std::fs::read_to_string(path).unwrap()
}

const EXAMPLES: [&str; 6] = [
    "battery-pass-aspect",
    "battery-passport",
    "heavy-machine",
    "maintenance-log",
    "oddities",
    "part-relationship",
];

/// A word that no other test writes, as a confidential value.
fn secret(name: &str) -> String {
    format!("secret-{name}-{}", std::process::id())
}

/// A template in the style of the original system, with a public and two confidential values.
fn bike(name: &str) -> String {
    let secret = secret(name);
    format!(
        r#"{{ "description": {{ "name": "Bike {name}", "dbcpVersion": 2, "x": 1.0 }},
  "extra": [ 1e2 ],
  "plugins": {{
    "data": {{
      "description": {{ "name": "bike {name}", "version": "0.1.0",
        "i18n": {{ "de": {{ "name": "Fahrrad" }} }} }},
      "template": {{ "type": "metadata", "properties": {{
        "frame": {{ "dataSchema": {{ "$id": "frame", "type": "object",
            "properties": {{ "number": {{ "type": "string", "default": "" }} }},
            "additionalProperties": false }},
          "permissions": {{ "0": ["set"], "1": ["set"] }}, "type": "entry",
          "value": {{ "number": "{secret}" }} }},
        "rides": {{ "dataSchema": {{ "$id": "frame", "type": "array",
            "items": {{ "type": "object" }} }}, "type": "list",
          "permissions": {{ "0": ["set", "remove"] }},
          "value": [ {{ "to": "{secret}", "km": 12.50 }}, {{ "km": 1e1 }} ] }},
        "color": {{ "dataSchema": {{ "type": "string" }}, "type": "entry",
          "visibility": "public", "value": "red {name}" }}
      }} }}
    }},
    "none": {{ "template": {{ "type": "none {name}", "properties": {{}} }} }}
  }} }}"#
    )
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Imports a template, and checks that the export is the same and publishes nothing new.
#[track_caller]
fn round_trip(alice: &Twin, text: &str, more: &[&str]) -> Value {
    let file = alice.file("template.json", text);
    let made = alice.json(&[&["template", "import", &file], more].concat());
    let export = alice.json(&["template", "export", &made["twin"].to_string()]);
    assert_eq!((&export["unread"], &export["leftOut"]), (&json!([]), &json!([])));
    if more.is_empty() {
        assert_eq!(export["template"], parsed(text));
    }
    let again = alice.file("again.json", export["text"].as_str().unwrap());
    let again = alice.json(&["--dry-run", "template", "import", &again]);
    assert_eq!(again["publish"], json!([]), "{again}");
    made
}

#[test]
fn all_examples_survive_an_import_and_an_export() {
    let alice = Twin::with_key("alice");
    for name in EXAMPLES {
        let document = example(&format!("{name}.json"));
        let text =
            format!(r#"{{"description":{{"name":"{name}"}},"plugins":{{"it":{document}}}}}"#);
        round_trip(&alice, &text, &[]);
        round_trip(&alice, &text, &["--public"]);
    }
    // A plugin that was published alone, with other white space, is used again.
    let document = example("heavy-machine.json").replace("Twinchain examples", "alone");
    let file = alice.file("alone.json", &document);
    let id = alice.json(&["plugin", "publish", &file])["plugin"].clone();
    let text = format!(r#"{{"description":{{}},"plugins":{{"a":{document},"b":{document}}}}}"#);
    let made = round_trip(&alice, &text, &[]);
    assert_eq!((&made["plugins"][0]["plugin"], &made["plugins"][1]["plugin"]), (&id, &id));
    assert_ne!(made["plugins"][0]["container"], made["plugins"][1]["container"]);
}

/// Returns the bytes of all blocks, as the node reports them, in hexadecimal.
async fn blocks() -> Result<String, twinchain_client::Failure> {
    let chain = Chain::connect(&node().url, None).await?;
    let newest = chain.at_best().await?.number();
    let mut all = String::new();
    for number in 0..=newest {
        let at = chain.client().at_block(number).await?;
        for extrinsic in at.extrinsics().fetch().await?.iter() {
            all.push_str(&hex::encode(extrinsic.unwrap().bytes()));
        }
        all.push_str(&hex::encode(at.events().fetch().await?.bytes()));
    }
    Ok(all)
}

#[test]
fn confidential_values_are_sealed_and_in_no_block_in_clear() {
    let alice = Twin::with_key("alice");
    let made = round_trip(&alice, &bike("sealed"), &[]);
    // Published, created, and filled: three blocks.
    assert_eq!(made["transactions"].as_array().unwrap().len(), 3, "{made}");
    assert_eq!(made["written"].as_array().unwrap().len(), 2, "{made}");
    let twin = made["twin"].to_string();
    let frame = alice.json(&["data", "get", &format!("{twin}/data/frame")]);
    assert_eq!(frame["value"]["number"], secret("sealed"));
    let rides = alice.json(&["data", "get", &format!("{twin}/data/rides")]);
    assert_eq!(rides["items"].as_array().unwrap().len(), 2);
    assert_eq!(alice.ok(&["data", "get", &format!("{twin}/data/color")]), "\"red sealed\"");
    // No one else reads the values, and the export says so.
    let stranger = Twin::stranger();
    let export = stranger.json(&["template", "export", &twin]);
    assert_eq!(export["unread"].as_array().unwrap().len(), 2, "{export}");
    assert!(!export["text"].as_str().unwrap().contains(&secret("sealed")));
    // Every block: what must not be there is not there, and what is public is.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let all = runtime.block_on(blocks()).unwrap();
    assert!(!all.contains(&hex::encode(secret("sealed"))), "a confidential value is in a block");
    assert!(all.contains(&hex::encode("red sealed")), "the search finds public values");
}

#[test]
fn template_of_13_plugins_takes_two_blocks() {
    let alice = Twin::developer("alice");
    let document =
        |at: usize| example("heavy-machine.json").replace("Heavy", &format!("No{at} Heavy"));
    let plugins = (0..13).map(|at| {
        let text =
            document(at).replace("Twinchain examples", &format!("13 of {}", std::process::id()));
        format!("\"part {at}\":{text}")
    });
    let plugins: Vec<_> = plugins
        .enumerate()
        .map(|(at, text)| text.replace("\"version\"", &format!("\"x{at}\":{at},\"version\"")))
        .collect();
    let text = format!(r#"{{"description":{{"name":"13"}},"plugins":{{{}}}}}"#, plugins.join(","));
    let made = round_trip(&alice, &text, &[]);
    assert_eq!(made["blocks"].as_array().unwrap().len(), 2, "{made}");
    assert_eq!(made["plugins"].as_array().unwrap().len(), 13);
    // More than one call links: still one transaction, and every link has its own instance.
    let parts: Vec<_> = (0..20)
        .map(|at| format!(r#""l{at}":{{"template":{{"type":"link {at}","properties":{{}}}}}}"#))
        .collect();
    let text = format!(r#"{{"plugins":{{{}}}}}"#, parts.join(","));
    let made = round_trip(&alice, &text, &[]);
    // A third one corrects links if another test created a container in between.
    assert!((2..=3).contains(&made["blocks"].as_array().unwrap().len()), "{made}");
    for at in 0..20 {
        let link = alice.json(&["resolve", &format!("{}/l{at}", made["twin"])]);
        let container = format!("c{}", link["container"]);
        let plugin = alice.json(&["container", "show", &container])["plugin"].to_string();
        assert_eq!(alice.json(&["plugin", "show", &plugin])["name"], format!("link {at}"));
    }
}

#[test]
fn all_problems_are_named_without_a_node() {
    let mut stranger = Twin::stranger();
    stranger.url = "ws://127.0.0.1:1".into();
    let good = stranger.file("bike.json", &bike("check"));
    let checked = stranger.json(&["template", "check", &good]);
    let values: Vec<_> = checked["plugins"][0]["properties"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| of["value"].as_str().unwrap())
        .collect();
    assert_eq!(values, ["in the instance", "2 items in the instance", "in the plugin"]);
    let wrong = bike("check")
        .replace("\"type\": \"object\"", "\"type\": \"thing\"")
        .replace("\"red check\"", "\"\"")
        .replace(
            "{ \"type\": \"string\" }, \"type\": \"entry\"",
            "{ \"type\": \"number\" }, \"type\": \"entry\"",
        );
    let file = stranger.file("wrong.json", &wrong);
    let error = stranger.fails(3, "template", &["template", "check", &file]);
    let problems = error["problems"].as_array().unwrap();
    let found: Vec<_> = problems
        .iter()
        .map(|of| (of["property"].as_str().unwrap(), of["pointer"].as_str().unwrap()))
        .collect();
    let at = |rest: &str| format!("/plugins/data/template/properties/{rest}");
    let expected = [
        ("frame", at("frame/dataSchema/type")),
        ("rides", at("rides/dataSchema/items/type")),
        ("color", at("color/value")),
    ];
    assert_eq!(found, expected.each_ref().map(|(name, place)| (*name, place.as_str())));
    assert!(problems.iter().all(|of| of["line"].as_u64() > Some(1) && of["file"] == json!(file)));
    let words = text(&stranger.run(&["template", "check", &file]).stderr);
    assert!(words.contains("wrong.json:") && words.contains("data/color: value:"), "{words}");
    // A value that fails can be set aside; the rest must be right.
    let wrong = bike("check")
        .replace("\"string\" }, \"type\": \"entry\"", "\"number\" }, \"type\": \"entry\"");
    let file = stranger.file("wrong.json", &wrong);
    let dropped = stranger.json(&["template", "check", &file, "--drop-invalid-values"]);
    assert_eq!(dropped["dropped"][0]["property"], "color");
    // Nothing is sent for a file with problems.
    let alice = Twin::developer("alice");
    alice.fails(3, "template", &["template", "import", &file, "--asset", "bikes.example/wrong"]);
    let twins = alice.json(&["asset", "find", "bikes.example/wrong"]);
    assert_eq!(twins["twins"], json!([]));
    for (arguments, exit) in [
        (&["template", "check", "/nothing/there.json"][..], 1),
        (&["template", "check", &good, "--visibility", "data=public"], 2),
        (&["template", "check", &good, "--visibility", "data/none=public"], 3),
        (&["template", "import", &good], 2),
    ] {
        assert_eq!(stranger.run(arguments).status.code(), Some(exit), "{arguments:?}");
    }
}

#[test]
fn import_fails_before_anything_is_sent_when_it_cannot_be_completed() {
    let alice = Twin::with_key("alice");
    let file = alice.file("bike.json", &bike("refused"));
    let import = ["template", "import", &file, "--asset", "bikes.example/refused"];
    // Without a keystore, the confidential values could not be sealed.
    Twin::developer("alice").fails(4, "no-keystore", &import);
    let mut none = Twin::with_key("alice");
    let wait = none.options.iter().position(|option| option == "best").unwrap();
    none.options[wait] = "none".into();
    none.fails(2, "usage", &import);
    alice.fails(2, "usage", &[&["--print-call"], &import[..]].concat());
    // The plugin that it replaces belongs to another account, which only the node knows.
    let document = r#"{"template":{"type":"of bob","properties":{}}}"#;
    let bob = Twin::developer("bob");
    let id = bob.json(&["plugin", "publish", &bob.file("of-bob.json", document)])["plugin"].clone();
    let newer = document.replace("{\"template\"", &format!("{{\"replaces\":{id},\"template\""));
    let text = format!(r#"{{"plugins":{{"of/":1,"newer":{newer}}}}}"#);
    assert_eq!(
        alice.run(&["template", "check", &alice.file("x.json", &text)]).status.code(),
        Some(3)
    );
    let text = text.replace("\"of/\":1,", "");
    let file = alice.file("replaces.json", &text);
    let import = ["template", "import", &file, "--asset", "bikes.example/refused"];
    let error = alice.fails(3, "template", &import);
    assert_eq!(error["problems"][0]["pointer"], "/plugins/newer/replaces", "{error}");
    assert_eq!(alice.json(&["asset", "find", "bikes.example/refused"])["twins"], json!([]));
    // A dry run sends nothing either.
    let file = alice.file("bike.json", &bike("refused"));
    let planned = alice.json(&["--dry-run", "template", "import", &file]);
    assert_eq!((&planned["publish"], &planned["values"]), (&json!(["data", "none"]), &json!(2)));
    assert_eq!(alice.json(&["plugin", "list", "bike refused"])["plugins"], json!([]));
}

#[test]
fn interrupted_import_continues_without_repeating_anything() {
    // The connection is lost behind the first, second or third transaction, or before it.
    for (name, cut, then) in [
        ("cut-1", 0, Then::CutBehind),
        ("cut-2", 1, Then::CutBehind),
        ("cut-3", 2, Then::CutBehind),
    ] {
        let mut alice = Twin::with_key("alice");
        let direct = alice.url.clone();
        let count = AtomicU32::new(0);
        let relay = Relay::start(move |message| {
            match message.contains(SUBMISSION) && count.fetch_add(1, Ordering::SeqCst) == cut {
                true => then,
                false => Then::GoOn,
            }
        });
        alice.url.clone_from(&relay.url);
        let file = alice.file("bike.json", &bike(name));
        let asset = format!("bikes.example/{name}");
        let import = ["template", "import", &file, "--asset", &asset];
        let output = alice.run(&import);
        assert_eq!(output.status.code(), Some(7), "{name}: {}", text(&output.stderr));
        alice.url = direct;
        // The node still has the transaction in its pool: the command waits for it.
        let made = alice.json(&import);
        let twins = alice.json(&["asset", "find", &asset])["twins"].clone();
        assert_eq!(twins.as_array().unwrap().len(), 1, "{name}: {twins}");
        assert_eq!(twins[0]["twin"], made["twin"]);
        let listed = alice.json(&["plugin", "list", &format!("bike {name}")])["plugins"].clone();
        assert_eq!(listed.as_array().unwrap().len(), 1, "{name}: {listed}");
        let export = alice.json(&["template", "export", &made["twin"].to_string()]);
        assert_eq!(export["template"], parsed(&bike(name)), "{name}");
        let rides = alice.json(&["data", "get", &format!("{}/data/rides", made["twin"])]);
        assert_eq!(rides["revision"], 1, "{name}: the items are appended once");
        // The next import of the same file makes another twin.
        let other = alice.json(&import);
        assert_ne!(other["twin"], made["twin"], "{name}");
        // An import can also be continued by naming the twin, which then has all it needs.
        let done = alice.json(&["template", "import", &file, "--into", &made["twin"].to_string()]);
        assert_eq!((&done["twin"], &done["transactions"]), (&made["twin"], &json!([])));
    }
    let alice = Twin::developer("alice");
    let other = alice.json(&["create", "--name", "other", "--asset", "bikes.example/other"]);
    let file = alice.file("x.json", r#"{"plugins":{}}"#);
    alice.fails(2, "usage", &["template", "import", &file, "--into", &other["twin"].to_string()]);
}

#[test]
fn export_writes_a_new_file_and_names_what_it_leaves_out() {
    let alice = Twin::with_key("alice");
    let file = alice.file("bike.json", &bike("export"));
    let twin = alice.json(&["template", "import", &file])["twin"].to_string();
    alice.ok(&["link", &format!("{twin}/maker"), "account:bob"]);
    let out = alice.home.path().join("out.json").display().to_string();
    let done = alice.json(&["template", "export", &twin, "--out", &out]);
    assert_eq!(done["leftOut"].as_array().unwrap().len(), 1, "{done}");
    let written = std::fs::read_to_string(&out).unwrap();
    assert_eq!(parsed(&written), parsed(&bike("export")));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&out).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "it contains confidential values");
    }
    alice.fails(1, "other", &["template", "export", &twin, "--out", &out]);
    assert_eq!(parsed(&alice.ok(&["template", "export", &twin])), parsed(&written));
    // A later value of a confidential property is exported, and publishes nothing new.
    alice.ok(&["data", "set", &format!("{twin}/data/frame"), r#"{"number":"2"}"#]);
    let export = alice.json(&["template", "export", &twin]);
    let frame = &export["template"]["plugins"]["data"]["template"]["properties"]["frame"];
    assert_eq!(frame["value"]["number"], "2");
    let again = alice.file("again.json", export["text"].as_str().unwrap());
    assert_eq!(alice.json(&["--dry-run", "template", "import", &again])["publish"], json!([]));
}

#[test]
fn schema_of_a_file_becomes_a_plugin() {
    let alice = Twin::developer("alice");
    let schema = r##"{ "$schema": "http://json-schema.org/draft-04/schema", "title": "Batch",
        "type": "object", "properties": { "id": { "$ref": "#/components/schemas/Id" } },
        "components": { "schemas": { "Id": { "type": "string", "pattern": "^B[0-9]+$" } } } }"##;
    let file = alice.file("io.example.batch-1.0.0-Batch.schema.json", schema);
    let made = alice.json(&["plugin", "from-schema", &file, "--public"]);
    assert_eq!(made["name"], "io.example.batch-1.0.0-Batch");
    let made = alice.json(&["container", "create", "--plugin", &made["plugin"].to_string()]);
    let batch = format!("c{}/batch", made["container"]);
    alice.ok(&["data", "set", &batch, r#"{"id":"B1"}"#]);
    alice.fails(3, "DataContainer.PatternMismatch", &["data", "set", &batch, r#"{"id":"C1"}"#]);
    let out = alice.home.path().join("list.json").display().to_string();
    let stranger = Twin::stranger();
    stranger.ok(&["plugin", "from-schema", &file, "--list", "--data-set", "all", "--out", &out]);
    let checked = alice.json(&["plugin", "check", &out]);
    assert_eq!(
        (&checked["dataSets"][0]["name"], &checked["dataSets"][0]["kind"]),
        (&json!("all"), &json!("list"))
    );
    let wrong = alice.file("wrong.schema.json", "{\"type\":\"thing\",\n\"minimum\":\"x\"}");
    let error = alice.fails(3, "template", &["plugin", "from-schema", &wrong]);
    assert_eq!(error["problems"].as_array().unwrap().len(), 2, "{error}");
}
