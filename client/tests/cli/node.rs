// SPDX-License-Identifier: Apache-2.0

//! The development chain of the tests, and helpers to run the command against it.

use serde_json::Value;
use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::LazyLock,
    time::{Duration, Instant},
};

/// A node that runs until the tests end.
pub struct Node {
    pub url: String,
    _child: Child,
}

/// Returns the node that all tests share.
pub fn node() -> &'static Node {
    static NODE: LazyLock<Node> = LazyLock::new(start);
    &NODE
}

/// Returns cargo's output directory. The test program is in its `deps`.
fn programs() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.parent().unwrap().parent().unwrap().to_path_buf()
}

fn start() -> Node {
    let program = match std::env::var_os("TWINCHAIN_NODE") {
        Some(path) => path.into(),
        None => programs().join("twinchain-node"),
    };
    assert!(program.exists(), "the node {} does not exist: build it first", program.display());
    let mut command = Command::new(&program);
    command.args(["--dev", "--tmp", "--rpc-port", "0", "--port", "0", "--no-prometheus"]);
    // Histories are read back from the first block.
    command.args(["--state-pruning", "archive"]);
    // Ends the node with the tests, even if they are killed.
    #[cfg(target_os = "linux")]
    let mut command = {
        let own = std::process::id().to_string();
        let mut guard = Command::new("sh");
        let watch =
            "\"$@\" & node=$!; while kill -0 \"$0\" 2>/dev/null; do sleep 1; done; kill $node";
        guard.args(["-c", watch, &own]).arg(&program).args(command.get_args());
        guard
    };
    let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let log = BufReader::new(child.stderr.take().unwrap());
    let mut lines = log.lines();
    let mut url = None;
    for line in lines.by_ref() {
        let line = line.unwrap();
        if let Some((_, rest)) = line.split_once("Running JSON-RPC server: addr=") {
            url = Some(format!("ws://{}", rest.split(',').next().unwrap()));
            break;
        }
    }
    // The node would block if the pipe were full.
    std::thread::spawn(move || lines.for_each(drop));
    let url = url.expect("the node reports its address");
    let begin = Instant::now();
    while !twin(&url, Path::new("/"))
        .args(["asset", "find", "x"])
        .output()
        .unwrap()
        .status
        .success()
    {
        assert!(begin.elapsed() < Duration::from_secs(60), "the node does not respond");
        std::thread::sleep(Duration::from_millis(200));
    }
    Node { url, _child: child }
}

/// Returns a directory that all tests share, with the locks for nonces.
pub fn turns() -> PathBuf {
    std::env::temp_dir().join(format!("twin-test-{}", std::process::id()))
}

/// Returns the command, isolated from this user's configuration.
fn twin(url: &str, home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_twin"));
    command.args(["--url", url]).env_clear();
    command.env("XDG_DATA_HOME", home.join("data")).env("XDG_CONFIG_HOME", home.join("config"));
    command.env("HOME", home).stdin(Stdio::null());
    // All tests sign for the same accounts, so they share the locks for nonces.
    command.env("XDG_RUNTIME_DIR", turns());
    command
}

/// A user of the command, with its own home directory.
pub struct Twin {
    pub home: tempfile::TempDir,
    /// The address of the shared node, or of a relay in front of it.
    pub url: String,
    /// The first arguments of each command.
    pub options: Vec<String>,
}

impl Twin {
    /// Returns a user without a key.
    pub fn stranger() -> Self {
        let home = tempfile::tempdir().unwrap();
        Self { home, url: node().url.clone(), options: Vec::new() }
    }

    /// Returns a user with an account of the development chain, and a password for its keystore.
    pub fn developer(name: &str) -> Self {
        let mut twin = Self::stranger();
        let password = twin.file("password", "a password\n");
        twin.options = ["--dev", name, "--wait", "best", "--yes", "--password-file"]
            .map(String::from)
            .to_vec();
        twin.options.push(password);
        twin
    }

    /// Returns such a user with an encryption key.
    pub fn with_key(name: &str) -> Self {
        let twin = Self::developer(name);
        // Keys change at most once in 600 blocks, so all tests copy the first keystore.
        static FIRST: LazyLock<std::sync::Mutex<std::collections::BTreeMap<String, PathBuf>>> =
            LazyLock::new(Default::default);
        let mut first = FIRST.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match first.get(name) {
            Some(keystore) => {
                let copy = twin.home.path().join("keys.json");
                fs::copy(keystore, copy).unwrap();
            },
            None => {
                let path = twin.home.path().join("keys.json").display().to_string();
                twin.ok(&["--keystore", &path, "key", "new", "--no-recovery"]);
                let kept = turns().join(format!("{name}.json"));
                fs::copy(&path, &kept).unwrap();
                first.insert(name.into(), kept);
            },
        }
        drop(first);
        let path = twin.home.path().join("keys.json").display().to_string();
        let options = [twin.options.clone(), vec!["--keystore".into(), path]].concat();
        Self { options, ..twin }
    }

    /// Writes a file into the home directory. Returns its path.
    pub fn file(&self, name: &str, content: &str) -> String {
        let path = self.home.path().join(name);
        fs::write(&path, content).unwrap();
        path.display().to_string()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = twin(&self.url, self.home.path());
        command.args(&self.options).args(arguments);
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command that must succeed. Returns its output.
    #[track_caller]
    pub fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert!(output.status.success(), "{arguments:?} failed: {out}{err}");
        out.trim_end().to_string()
    }

    /// Runs a command that must succeed with `--json`. Returns the data.
    #[track_caller]
    pub fn json(&self, arguments: &[&str]) -> Value {
        let arguments = [&["--json"], arguments].concat();
        let mut answer: Value = serde_json::from_str(&self.ok(&arguments)).unwrap();
        assert_eq!(answer["schema"], 1);
        answer["data"].take()
    }

    /// Runs a command that must fail with this exit code and error code. Returns the error.
    #[track_caller]
    pub fn fails(&self, exit: i32, code: &str, arguments: &[&str]) -> Value {
        let words = self.run(arguments);
        let err = text(&words.stderr);
        assert_eq!(words.status.code(), Some(exit), "{arguments:?}: {}{err}", text(&words.stdout));
        assert!(err.contains(code), "{arguments:?}: {err}");
        assert!(words.stdout.is_empty(), "text output belongs on stderr");
        let output = self.run(&[&["--json"], arguments].concat());
        assert_eq!(output.status.code(), Some(exit));
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        let error = &answer["error"];
        assert_eq!((answer["schema"].as_u64(), error["code"].as_str()), (Some(1), Some(code)));
        assert_eq!(error["exit"].as_i64(), Some(i64::from(exit)));
        error.clone()
    }
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A plugin with an entry and a list of each visibility.
pub const SERVICE: &str = r#"{"description":{"name":"service"},
  "template":{"type":"service","properties":{
  "manual":{"type":"entry","permissions":{"0":["set"]},
    "dataSchema":{"type":"object","required":["url"],
      "properties":{"url":{"type":"string"},"pages":{"type":"integer","minimum":1}}}},
  "log":{"type":"list","permissions":{"technician":["set"]},
    "dataSchema":{"type":"object","required":["hours"],
      "properties":{"hours":{"type":"number","minimum":0}}}},
  "plate":{"type":"entry","visibility":"public","permissions":{"0":["set"]},
    "dataSchema":{"type":"string","maxLength":20}},
  "events":{"type":"list","visibility":"public","permissions":{"0":["set","remove"]},
    "dataSchema":{"type":"integer"}}}}}"#;

/// Publishes the plugin and creates an instance. Returns its path, such as `c7`.
pub fn service(of: &Twin) -> String {
    let file = of.file("service.json", SERVICE);
    let plugin = of.json(&["plugin", "publish", &file])["plugin"].to_string();
    let container = of.json(&["container", "create", "--plugin", &plugin])["container"].to_string();
    format!("c{container}")
}
