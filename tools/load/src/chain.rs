// SPDX-License-Identifier: Apache-2.0

//! A chain made for one measurement, and the node that runs it.

use crate::error::Result;
use serde_json::{json, Value};
use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use twinchain_runtime::AccountId;

/// Quotas are not what is measured: with this one, in microseconds, nobody comes to the end of it.
const PLENTY: u64 = 1_000_000_000_000_000;
/// A tiny one: enough for a few extrinsics, and next to nothing comes back.
const POOR: (u64, u64) = (3_000, 1);
/// How long a node may take until it answers.
const START_LIMIT: Duration = Duration::from_secs(120);
/// The lines of a node's log that are shown when it goes wrong.
const LOG_TAIL: usize = 40;
/// The kernel counts processor time in hundredths of a second, on every architecture.
const TICKS_PER_SECOND: f64 = 100.0;

/// Whom the chain knows from its first block on.
pub struct Members<'a> {
    /// Members with more quota than they can use.
    pub rich: Vec<&'a AccountId>,
    /// Members of another organisation, with a tiny one.
    pub poor: Vec<&'a AccountId>,
}

/// How to start a node.
pub struct Options<'a> {
    /// The program.
    pub program: &'a Path,
    /// The folder for the folder with its data.
    pub folder: &'a Path,
    /// Further arguments. They replace what would be given otherwise.
    pub arguments: &'a [String],
}

/// A running node with a chain of its own. Both go with it.
pub struct Node {
    process: Child,
    folder: TempDir,
    url: String,
}

impl Node {
    /// Makes a chain and starts its only validator.
    pub fn start(options: &Options, members: &Members) -> Result<Self> {
        check_on_disk(options.folder)?;
        let folder =
            tempfile::Builder::new().prefix("twinchain-load-").tempdir_in(options.folder)?;
        let specification = specification(options.program, folder.path(), members)?;
        let log = fs::File::create(folder.path().join("node.log"))?;
        let process = Command::new(options.program)
            .args(arguments(&specification, folder.path(), options.arguments))
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .map_err(|error| format!("{} does not start: {error}", options.program.display()))?;
        let mut node = Self { process, folder, url: String::new() };
        node.url = node.wait_for_url()?;
        Ok(node)
    }

    fn wait_for_url(&mut self) -> Result<String> {
        let limit = Instant::now() + START_LIMIT;
        loop {
            if let Some(port) = port(&self.log()) {
                return Ok(format!("ws://127.0.0.1:{port}"));
            }
            if !self.is_alive() || Instant::now() > limit {
                return Err(format!("the node is not ready; its log:\n{}", self.log_tail()).into());
            }
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// Where it answers.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What it wrote.
    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("node.log")).unwrap_or_default()
    }

    /// The end of that.
    pub fn log_tail(&self) -> String {
        let log = self.log();
        let lines: Vec<_> = log.lines().rev().take(LOG_TAIL).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    /// Whether it still runs.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(None))
    }

    /// Its use of the machine.
    pub fn usage(&self) -> Usage {
        Usage::of(&self.process.id().to_string())
    }

    /// Forgets the peak of its memory, so that the next one is that of what follows.
    pub fn forget_peak(&self) {
        // Where the kernel does not allow it, the peak is the one since the start.
        let _ = fs::write(format!("/proc/{}/clear_refs", self.process.id()), "5");
    }

    /// The bytes that its data takes on the disk.
    pub fn disk(&self) -> u64 {
        allocated(&self.folder.path().join("data"))
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn arguments(specification: &Path, folder: &Path, more: &[String]) -> Vec<String> {
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let data = text(&folder.join("data"));
    // One validator without peers, with a key that it need not make.
    let defaults = [
        ("--chain", Some(text(specification))),
        ("--base-path", Some(data)),
        ("--database", Some("paritydb".into())),
        ("--alice", None),
        ("--force-authoring", None),
        ("--node-key", Some(format!("{:064x}", 1))),
        ("--listen-addr", Some("/ip4/127.0.0.1/tcp/0".into())),
        ("--rpc-port", Some("0".into())),
        // A full block, as hex, is longer than what a node answers otherwise.
        ("--rpc-max-response-size", Some("32".into())),
        ("--no-mdns", None),
        ("--no-prometheus", None),
        ("--no-telemetry", None),
    ];
    let given = |name: &str| {
        more.iter().any(|other| other == name || other.starts_with(&format!("{name}=")))
    };
    let mut all = Vec::new();
    for (name, value) in defaults.into_iter().filter(|(name, _)| !given(name)) {
        all.push(name.to_string());
        all.extend(value);
    }
    all.extend_from_slice(more);
    all
}

/// Writes the specification of a chain like the development chain, but with these members, and like
/// one of a consortium: its nodes keep the state of every final block.
fn specification(program: &Path, folder: &Path, members: &Members) -> Result<PathBuf> {
    let (plain, raw) = (folder.join("plain.json"), folder.join("raw.json"));
    export(program, "dev".as_ref(), false, &plain)?;
    let mut specification: Value = serde_json::from_slice(&fs::read(&plain)?)?;
    patch(&mut specification, members)?;
    fs::write(&plain, serde_json::to_vec(&specification)?)?;
    export(program, &plain, true, &raw)?;
    Ok(raw)
}

fn export(program: &Path, chain: &Path, raw: bool, output: &Path) -> Result<()> {
    let mut command = Command::new(program);
    command.args(["export-chain-spec", "--chain"]).arg(chain).arg("--output").arg(output);
    if raw {
        command.arg("--raw");
    }
    let done = command
        .output()
        .map_err(|error| format!("{} does not start: {error}; was it built?", program.display()))?;
    if !done.status.success() {
        let error = String::from_utf8_lossy(&done.stderr);
        return Err(format!("the node makes no chain specification: {error}").into());
    }
    Ok(())
}

fn patch(specification: &mut Value, members: &Members) -> Result<()> {
    specification["name"] = "Twinchain Load".into();
    specification["id"] = "twinchain_load".into();
    specification["chainType"] = "Live".into();
    let organisations = specification
        .pointer_mut("/genesis/runtimeGenesis/patch/consortium/organisations")
        .and_then(Value::as_array_mut)
        .ok_or("the node's chain specification has no organisations")?;
    let first = organisations.first_mut().ok_or("the development chain has no organisation")?;
    first["burst"] = PLENTY.into();
    first["perBlock"] = PLENTY.into();
    // Only bursts are without a limit: organisations together are granted what blocks carry.
    first["time"]["burst"] = PLENTY.into();
    first["bytes"]["burst"] = PLENTY.into();
    first["maxMembers"] = u32::MAX.into();
    let listed = first["members"].as_array_mut().ok_or("the organisation has no members")?;
    listed.extend(labelled(&members.rich));
    if !members.poor.is_empty() {
        let (burst, per_block) = POOR;
        organisations.push(json!({
            "name": "Poor", "maxMembers": u32::MAX, "maxNodes": 0, "burst": burst,
            "perBlock": per_block, "time": { "burst": PLENTY, "perBlock": 1 },
            "bytes": { "burst": PLENTY, "perBlock": 1 }, "admins": [],
            "members": labelled(&members.poor), "nodes": [],
        }));
    }
    Ok(())
}

fn labelled(accounts: &[&AccountId]) -> Vec<Value> {
    accounts.iter().zip(0u32..).map(|(account, n)| json!([account, format!("load {n}")])).collect()
}

/// The port in the line in which a node says that it answers.
fn port(log: &str) -> Option<u16> {
    let (_, rest) = log.split_once("Running JSON-RPC server: addr=")?;
    let address = rest.split([',', '\n']).next()?;
    address.rsplit_once(':')?.1.trim().parse().ok()
}

/// What a process used of the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Usage {
    /// Seconds of processor time since its start.
    pub cpu: f64,
    /// The memory that it has now, in bytes.
    pub memory: u64,
    /// The most that it had, in bytes.
    pub peak: u64,
}

impl Usage {
    /// This process' own.
    pub fn own() -> Self {
        Self::of("self")
    }

    fn of(process: &str) -> Self {
        let read = |what| fs::read_to_string(format!("/proc/{process}/{what}")).unwrap_or_default();
        let status = read("status");
        Self {
            cpu: cpu_seconds(&read("stat")).unwrap_or_default(),
            memory: status_bytes(&status, "VmRSS").unwrap_or_default(),
            peak: status_bytes(&status, "VmHWM").unwrap_or_default(),
        }
    }
}

/// User and system time of `/proc/PID/stat`. The name in brackets may hold anything, so it is the
/// last bracket that counts.
fn cpu_seconds(stat: &str) -> Option<f64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut times = rest.split_whitespace().skip(11).map(|time| time.parse::<f64>().ok());
    Some((times.next()?? + times.next()??) / TICKS_PER_SECOND)
}

/// A size in `/proc/PID/status`.
fn status_bytes(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1_024)
}

/// What a folder takes on the disk. A database makes its files longer than what is in them.
fn allocated(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let size = |entry: fs::DirEntry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => allocated(&entry.path()),
        Ok(metadata) => metadata.blocks() * 512,
        Err(_) => 0,
    };
    entries.flatten().map(size).sum()
}

/// A database in memory would be measured faster than it is.
fn check_on_disk(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let folder = folder.canonicalize()?;
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    match file_system(&mounts, &folder) {
        Some("tmpfs" | "ramfs") => Err(format!(
            "{} is in memory, not on a disk: name another folder with --base-path",
            folder.display()
        )
        .into()),
        _ => Ok(()),
    }
}

/// The kind of file system that a folder is on: that of the longest mount point above it.
fn file_system<'a>(mounts: &'a str, folder: &Path) -> Option<&'a str> {
    let mount = |line: &'a str| {
        let mut fields = line.split(' ').skip(1);
        Some((fields.next()?, fields.next()?))
    };
    let above = mounts.lines().filter_map(mount).filter(|(point, _)| folder.starts_with(point));
    above.max_by_key(|(point, _)| point.len()).map(|(_, kind)| kind)
}

/// The machine, in a few words.
pub fn machine() -> String {
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let info = read("/proc/cpuinfo");
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("unknown processor", |(_, model)| model.trim());
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let memory = status_bytes(&read("/proc/meminfo"), "MemTotal").unwrap_or_default();
    format!("{cores} cores of {model}, {:.0} GB", memory as f64 / 1e9)
}

/// What the node calls itself.
pub fn version(program: &Path) -> Result<String> {
    let done = Command::new(program)
        .arg("--version")
        .output()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    Ok(String::from_utf8_lossy(&done.stdout).trim().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_read_behind_a_name_with_brackets() {
        let stat = "77 (a) b) R 1 2 3 4 5 6 7 8 9 10 250 150 0 0 20 0 9";
        assert_eq!(cpu_seconds(stat), Some(4.0));
        assert_eq!(cpu_seconds("77 (short) R 1"), None);
        assert_eq!(cpu_seconds(""), None);
    }

    #[test]
    fn memory_is_read_in_bytes() {
        let status = "Name:\tnode\nVmHWM:\t  2048 kB\nVmRSS:\t    1024 kB\n";
        assert_eq!(status_bytes(status, "VmRSS"), Some(1_048_576));
        assert_eq!(status_bytes(status, "VmHWM"), Some(2_097_152));
        assert_eq!(status_bytes(status, "VmSwap"), None);
    }

    #[test]
    fn this_process_uses_something() {
        assert!(Usage::own().memory > 0);
        assert!(Usage::own().peak >= Usage::own().memory / 2);
    }

    #[test]
    fn the_longest_mount_point_counts() {
        let mounts = "disk / ext4 rw 0 0\nshm /dev/shm tmpfs rw 0 0\nother /deva xfs rw 0 0\n";
        assert_eq!(file_system(mounts, Path::new("/dev/shm/x")), Some("tmpfs"));
        assert_eq!(file_system(mounts, Path::new("/dev/other")), Some("ext4"));
        assert_eq!(file_system("", Path::new("/")), None);
    }

    #[test]
    fn the_port_stands_in_the_log() {
        let log = "x\n2026 Running JSON-RPC server: addr=127.0.0.1:4567,[::1]:4568\ny";
        assert_eq!(port(log), Some(4567));
        assert_eq!(port("Running JSON-RPC server: addr=127.0.0.1:99\n"), Some(99));
        assert_eq!(port("nothing"), None);
    }

    #[test]
    fn arguments_that_are_given_replace_the_defaults() {
        let more = ["--database=x", "--rpc-port", "7"].map(String::from);
        let all = arguments(Path::new("spec"), Path::new("folder"), &more);
        assert!(!all.contains(&"paritydb".into()));
        assert_eq!(all.iter().filter(|one| *one == "--rpc-port").count(), 1);
        assert!(all.ends_with(&more));
    }

    #[test]
    fn the_specification_gets_the_members() {
        let mut specification = json!({ "genesis": { "runtimeGenesis": { "patch": {
            "consortium": { "organisations": [{ "burst": 1, "members": [["x", "bob"]] }] },
        } } } });
        let account = AccountId::new([1; 32]);
        let members = Members { rich: vec![&account], poor: vec![&account] };
        patch(&mut specification, &members).unwrap();
        let organisations =
            specification.pointer("/genesis/runtimeGenesis/patch/consortium/organisations");
        let organisations = organisations.unwrap().as_array().unwrap();
        assert_eq!(organisations[0]["members"][1], json!([account, "load 0"]));
        assert_eq!(organisations[0]["burst"], PLENTY);
        assert_eq!(organisations[1]["burst"], POOR.0);
        assert!(patch(&mut json!({}), &members).is_err());
    }
}
