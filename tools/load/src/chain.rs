// SPDX-License-Identifier: Apache-2.0

//! A fresh chain for one measurement, and the node that runs it.

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

/// Quota in microseconds that no account exhausts: the measurement is not about quotas.
const PLENTY: u64 = 1_000_000_000_000_000;
/// Burst and replenishment per block of a tiny quota, in microseconds: enough for a few extrinsics.
const POOR: (u64, u64) = (3_000, 1);
/// Limit for a node to start its RPC server.
const START_LIMIT: Duration = Duration::from_secs(120);
/// Lines of the node's log that are shown when it fails.
const LOG_TAIL: usize = 40;
/// The kernel counts processor time in hundredths of a second, on every architecture.
const TICKS_PER_SECOND: f64 = 100.0;

/// The accounts in the genesis block.
pub struct Members<'a> {
    /// Members with more quota than they can use.
    pub rich: Vec<&'a AccountId>,
    /// Members of another organisation, with a tiny quota.
    pub poor: Vec<&'a AccountId>,
}

/// Options for starting a node.
pub struct Options<'a> {
    /// The node's program.
    pub program: &'a Path,
    /// The parent of the folder with the node's data.
    pub folder: &'a Path,
    /// Further arguments. They replace the default arguments of the same name.
    pub arguments: &'a [String],
}

/// A running node with its own chain. Dropping it stops the node and deletes the data.
pub struct Node {
    process: Child,
    folder: TempDir,
    url: String,
}

impl Node {
    /// Creates a chain and starts its only validator.
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
            .map_err(|error| format!("cannot start {}: {error}", options.program.display()))?;
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

    /// Returns the URL of the node's RPC server.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the node's log.
    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("node.log")).unwrap_or_default()
    }

    /// Returns the last lines of the log.
    pub fn log_tail(&self) -> String {
        let log = self.log();
        let lines: Vec<_> = log.lines().rev().take(LOG_TAIL).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    /// Returns `true` if the process still runs.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(None))
    }

    /// Returns the processor time and the memory that the node used.
    pub fn usage(&self) -> Usage {
        Usage::of(&self.process.id().to_string())
    }

    /// Resets the peak of the node's memory, so that the next peak is of what follows.
    pub fn forget_peak(&self) {
        // Where the kernel does not allow this, the peak is the one since the start.
        let _ = fs::write(format!("/proc/{}/clear_refs", self.process.id()), "5");
    }

    /// Returns the bytes that the node's data occupies on disk.
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
    // One validator without peers, with a fixed network key.
    let defaults = [
        ("--chain", Some(text(specification))),
        ("--base-path", Some(data)),
        ("--database", Some("paritydb".into())),
        ("--alice", None),
        ("--force-authoring", None),
        ("--node-key", Some(format!("{:064x}", 1))),
        ("--listen-addr", Some("/ip4/127.0.0.1/tcp/0".into())),
        ("--rpc-port", Some("0".into())),
        // A full block as hex exceeds the default limit of a response.
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

/// Writes the specification of a chain like the development chain, but with these members. Its type
/// is `Live`, as for a consortium: its nodes keep the state of every finalised block.
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
        .map_err(|error| format!("cannot start {}: {error}. Was it built?", program.display()))?;
    if !done.status.success() {
        let error = String::from_utf8_lossy(&done.stderr);
        return Err(format!("the node failed to export the chain specification: {error}").into());
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
    // Only the bursts are unlimited: together, organisations get no more per block than a block
    // carries.
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

/// Returns the port from the log line about the RPC server.
fn port(log: &str) -> Option<u16> {
    let (_, rest) = log.split_once("Running JSON-RPC server: addr=")?;
    let address = rest.split([',', '\n']).next()?;
    address.rsplit_once(':')?.1.trim().parse().ok()
}

/// A process' use of the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Usage {
    /// Processor time since the start, in seconds.
    pub cpu: f64,
    /// Current memory, in bytes.
    pub memory: u64,
    /// Peak of the memory, in bytes.
    pub peak: u64,
}

impl Usage {
    /// Returns the usage of this process.
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

/// Returns user plus system time from `/proc/PID/stat`, in seconds. The process name can contain
/// brackets, so the fields begin after the last one.
fn cpu_seconds(stat: &str) -> Option<f64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut times = rest.split_whitespace().skip(11).map(|time| time.parse::<f64>().ok());
    Some((times.next()?? + times.next()??) / TICKS_PER_SECOND)
}

/// Returns a size from `/proc/PID/status`, in bytes.
fn status_bytes(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1_024)
}

/// Returns the bytes that a folder occupies on disk. Databases preallocate files, so this counts
/// blocks, not lengths.
fn allocated(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let size = |entry: fs::DirEntry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => allocated(&entry.path()),
        Ok(metadata) => metadata.blocks() * 512,
        Err(_) => 0,
    };
    entries.flatten().map(size).sum()
}

/// Fails if the folder is in memory: a database there would appear faster than it is.
fn check_on_disk(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let folder = folder.canonicalize()?;
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    match file_system(&mounts, &folder) {
        Some("tmpfs" | "ramfs") => Err(format!(
            "{} is in memory, not on a disk; pass another folder with --base-path",
            folder.display()
        )
        .into()),
        _ => Ok(()),
    }
}

/// Returns the type of the file system that contains a folder: that of the longest mount point
/// above it.
fn file_system<'a>(mounts: &'a str, folder: &Path) -> Option<&'a str> {
    let mount = |line: &'a str| {
        let mut fields = line.split(' ').skip(1);
        Some((fields.next()?, fields.next()?))
    };
    let above = mounts.lines().filter_map(mount).filter(|(point, _)| folder.starts_with(point));
    above.max_by_key(|(point, _)| point.len()).map(|(_, kind)| kind)
}

/// Returns a short description of the machine.
pub fn machine() -> String {
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let info = read("/proc/cpuinfo");
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("unknown processor", |(_, model)| model.trim());
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let memory = status_bytes(&read("/proc/meminfo"), "MemTotal").unwrap_or_default();
    format!("{cores} cores of {model}, {:.0} GB", memory as f64 / 1e9)
}

/// Returns the node's version as it prints it.
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
    fn processor_time_is_read_after_a_name_with_brackets() {
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
    fn the_port_is_read_from_the_log() {
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
    fn the_specification_contains_the_members() {
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
