// SPDX-License-Identifier: Apache-2.0

//! Puts a node under load through its RPC sockets, and measures its performance.
//!
//! Each run uses a fresh chain of one validator, in a temporary folder. This program and the node
//! share the machine. So it does little work during a measurement: it presigns the extrinsics, and
//! reads their results from the blocks.

mod chain;
mod drive;
mod error;
mod follow;
mod gate;
mod hostile;
mod report;
mod rpc;
mod sign;
mod state;
mod workloads;

use chain::{Members, Node, Options};
use clap::{Args, Parser, Subcommand};
use drive::{Driver, Plan};
use error::Result;
use gate::Pressure;
use hostile::Running;
use report::{Bench, Figures, FloodFigures, Hostile, Setting, QUIET};
use sign::Account;
use std::{path::PathBuf, process::ExitCode, sync::Arc};
use tokio::signal::unix::{signal, SignalKind};
use twinchain_runtime::VERSION;
use workloads::{Workload, World};

/// Puts a node under load and measures its performance.
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Measure how many extrinsics of each kind a node finalises per second.
    Bench(BenchArgs),
    /// Measure how many extrinsics of members are included while a client floods the node. Fails if
    /// the rate drops too far.
    Hostile(HostileArgs),
}

#[derive(Debug, Args)]
struct CommonArgs {
    /// The node's program, built for release.
    #[arg(long)]
    node: PathBuf,
    /// Seconds of each measurement.
    #[arg(long, default_value_t = 30)]
    seconds: u64,
    /// Seconds of warm-up before each measurement.
    #[arg(long, default_value_t = 12)]
    warm_up: u64,
    /// Measure only the workload or flood with this name; can be repeated.
    #[arg(long)]
    only: Vec<String>,
    /// Folder for the results.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Folder for the chain's data, on a disk; the default is the folder of the node's program.
    #[arg(long)]
    base_path: Option<PathBuf>,
    /// Number of accounts that send extrinsics.
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u16).range(8..))]
    accounts: u16,
    /// Number of connections through which they send.
    #[arg(long, default_value_t = 4)]
    sockets: usize,
    /// Maximum number of extrinsics in flight, in blocks.
    #[arg(long, default_value_t = 3)]
    blocks_ahead: usize,
    /// Maximum number of extrinsics in flight; overrides --blocks-ahead.
    #[arg(long)]
    outstanding: Option<usize>,
    /// Number of extrinsics to presign for each second.
    #[arg(long, default_value_t = 3_000)]
    presign: usize,
    /// Further arguments for the node, after `--`.
    #[arg(last = true)]
    node_args: Vec<String>,
}

#[derive(Debug, Args)]
struct BenchArgs {
    #[command(flatten)]
    common: CommonArgs,
}

#[derive(Debug, Args)]
struct HostileArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// The minimum rate under a flood, as a fraction of the rate without one.
    #[arg(long, default_value_t = 0.7)]
    least: f64,
}

impl CommonArgs {
    fn plan(&self) -> Plan {
        let pressure = match self.outstanding {
            Some(count) => Pressure::Fixed(count),
            None => Pressure::Blocks(self.blocks_ahead),
        };
        let (warm_up, seconds) = (self.warm_up, self.seconds);
        Plan { warm_up, seconds, pressure }
    }

    /// Returns the number of extrinsics to presign for each account.
    fn each(&self) -> usize {
        let seconds = (self.warm_up + self.seconds) as usize;
        (self.presign * seconds).div_ceil(self.accounts.into())
    }

    fn start(&self, members: &Members) -> Result<Node> {
        let beside = self.node.parent().map_or_else(std::env::temp_dir, Into::into);
        let folder = self.base_path.clone().unwrap_or(beside);
        let (program, arguments) = (self.node.as_path(), &self.node_args[..]);
        Node::start(&Options { program, folder: &folder, arguments }, members)
    }

    fn setting(&self) -> Result<Setting> {
        Ok(Setting {
            machine: chain::machine(),
            node: chain::version(&self.node)?,
            runtime: VERSION.spec_version,
            seconds: self.seconds,
            warm_up: self.warm_up,
            accounts: self.accounts.into(),
            sockets: self.sockets,
            node_arguments: self.node_args.clone(),
        })
    }

    /// Returns `true` if the workload or flood with this name is to be measured.
    fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == name)
    }

    fn check(&self, names: &[&str]) -> Result<()> {
        match self.only.iter().find(|only| !names.contains(&only.as_str())) {
            Some(unknown) => {
                Err(format!("`{unknown}` is not a name; the names are: {}", names.join(", "))
                    .into())
            },
            None => Ok(()),
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let run = async {
        match cli.command {
            Command::Bench(args) => bench(&args.common).await.map(|()| true),
            Command::Hostile(args) => hostile(&args).await,
        }
    };
    // An interrupted run must also stop the node, which dropping the future does.
    let done = tokio::select! {
        done = run => done,
        interrupted = interrupted() => interrupted,
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        },
    }
}

async fn interrupted() -> Result<bool> {
    let (mut interrupt, mut end) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => {},
        _ = end.recv() => {},
    }
    Err("interrupted".into())
}

fn say(text: &str) {
    eprintln!("{text}");
}

async fn bench(args: &CommonArgs) -> Result<()> {
    args.check(&workloads::NAMES)?;
    let accounts = Account::many("//Alice//load", args.accounts.into())?;
    let rich = accounts.iter().map(|account| &account.id).collect();
    say("Starting a node with a new chain.");
    let node = args.start(&Members { rich, poor: Vec::new() })?;
    let driver = Driver::connect(node.url(), args.sockets).await?;
    say("Preparing plugins, containers and keys.");
    let world = Arc::new(World::prepare(&driver, &accounts).await?);
    let wanted = workloads::NAMES.into_iter().filter(|name| args.wants(name));
    let wanted: Vec<Workload> = wanted.map(|name| world.workload(name)).collect();
    let mut growths = Vec::new();
    let scale = state::Scale::new(&driver).await?;
    for workload in &wanted {
        growths.push(scale.weigh(workload, &accounts[0]).await?);
    }
    let mut bench = Bench { setting: args.setting()?, workloads: Vec::new() };
    for (workload, growth) in wanted.iter().zip(growths) {
        let name = workload.name;
        let each = match name {
            "share" => args.each().min(world.readers()),
            _ => args.each(),
        };
        say(&format!("{name}: signing {} extrinsics.", each * accounts.len()));
        let streams = driver.prepare(&accounts, &workload.make, each).await?;
        say(&format!("{name}: measuring for {} s.", args.seconds));
        let observed = driver.observe(&node, streams, &args.plan()).await?;
        let measured = driver.evaluate(&node, observed).await?;
        let figures = Figures::new(name, workload.items, &measured, growth);
        say(&format!(
            "{name}: {:.0} extrinsics/s, {} bad.",
            figures.extrinsics_per_second,
            figures.bad()
        ));
        bench.workloads.push(figures);
    }
    bench.compare(workloads::NAMES[0]);
    print!("{}", bench.table());
    if let Some(folder) = &args.out {
        report::write_json(folder, "bench.json", &bench)?;
        report::draw(folder, "bench.json", "bench.svg")?;
    }
    Ok(())
}

/// Number of floods after which the rate without a flood is measured again.
const BETWEEN_QUIET: usize = 3;

async fn hostile(args: &HostileArgs) -> Result<bool> {
    let common = &args.common;
    common.check(&hostile::NAMES)?;
    let accounts = Account::many("//Alice//load", common.accounts.into())?;
    let poor = Account::many("//Alice//poor", hostile::SOCKETS)?;
    let rich = accounts.iter().map(|account| &account.id).collect();
    let members = Members { rich, poor: poor.iter().map(|account| &account.id).collect() };
    say("Starting a node with a new chain.");
    let mut node = common.start(&members)?;
    let driver = Driver::connect(node.url(), common.sockets).await?;
    say("Preparing plugins, containers and keys.");
    let world = Arc::new(World::prepare(&driver, &accounts).await?);
    let make = world.workload("set_entry").make;
    let plan = common.plan();
    let all = hostile::all(&driver, &accounts, &poor)?;

    let wanted: Vec<_> = all.iter().filter(|flood| common.wants(flood.name)).collect();
    let mut floods = Vec::new();
    // The rate without a flood changes over time, so it is measured repeatedly.
    let quiet = || std::iter::once(None);
    let order = wanted.chunks(BETWEEN_QUIET).flat_map(|some| quiet().chain(some.iter().map(Some)));
    for flood in order.chain(quiet()) {
        let name = flood.map_or(QUIET, |flood| flood.name);
        say(&format!("{name}: measuring for {} s.", common.seconds));
        let streams = driver.prepare(&accounts, &make, common.each()).await?;
        let running = flood.map(|flood| flood.start(node.url())).transpose()?;
        let observed = driver.observe(&node, streams, &plan).await;
        let answers = running.map(Running::stop);
        let measured = match observed {
            Ok(observed) => driver.evaluate(&node, observed).await,
            Err(error) => Err(error),
        };
        let mut figures = match measured {
            Ok(measured) => FloodFigures::new(name, &measured),
            Err(error) => {
                say(&format!("{name}: {error}"));
                FloodFigures { name: name.into(), ..FloodFigures::default() }
            },
        };
        // A node is alive if it still makes blocks.
        figures.alive = node.is_alive() && driver.chain.next(drive::BLOCK_LIMIT).await.is_ok();
        if let Some(flood) = flood {
            figures.connections = (hostile::SOCKETS, flood.in_flight);
        }
        (figures.answers_per_second, figures.answers) = answers.unwrap_or_default();
        say(&format!("{name}: {:.0} extrinsics/s of members.", figures.extrinsics_per_second));
        let dead = !figures.alive;
        floods.push(figures);
        if dead {
            say(&node.log_tail());
            break;
        }
    }
    report::compare(&mut floods);
    let hostile = Hostile { setting: common.setting()?, least: args.least, floods };
    print!("{}", hostile.table());
    if let Some(folder) = &common.out {
        report::write_json(folder, "hostile.json", &hostile)?;
    }
    Ok(hostile.is_good())
}
