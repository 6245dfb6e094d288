// SPDX-License-Identifier: Apache-2.0

//! The command line.

use crate::founding::{ChainSpecCmd, ConsortiumCmd, GenesisHashCmd};
use clap::Arg;
use sc_cli::RunCmd;
use std::path::PathBuf;
use twinchain_runtime::AccountId;

/// In megabytes. A transaction in a request is written in hexadecimal and may have half of it, and the
/// longest that there is need for is the runtime's code: not quite four megabytes if nobody compressed
/// it. A client whose request is too long gets no answer that it understands, so this is not tighter.
const MAX_REQUEST_SIZE: &str = "10";

/// A subscription of storage keeps up to 1,000 keys in memory. The SDK's limit is 1,024.
const MAX_SUBSCRIPTIONS: &str = "128";

/// What options of Twinchain stand under in the help, and those that every Substrate node has.
const OWN: &str = "Options of Twinchain";
const OF_ALL: &str = "Options of every Substrate node";

/// What was asked for on the command line.
#[derive(Debug, clap::Parser)]
#[command(
    next_help_heading = OF_ALL,
    mut_arg("pool_type", pool_type),
    mut_arg("pool_limit", |argument| argument.default_value("32768")),
    mut_arg("pool_kbytes", |argument| argument.default_value("65536")),
    mut_arg("tx_ban_seconds", tx_ban_seconds),
    mut_arg("rpc_max_subscriptions_per_connection", |argument| {
        argument.default_value(MAX_SUBSCRIPTIONS)
    }),
    mut_arg("rpc_max_request_size", |argument| argument.default_value(MAX_REQUEST_SIZE)),
    mut_arg("chain", chain),
    mut_arg("dev", dev)
)]
pub struct Cli {
    /// Something else than running the node.
    #[command(subcommand)]
    pub subcommand: Option<Subcommand>,

    /// Keep the machine code that runtimes are compiled to in this folder, so that a node starts
    /// faster the next time. Whoever can write there can make the node run anything.
    #[arg(long, value_name = "PATH", help_heading = OWN)]
    pub runtime_cache: Option<PathBuf>,

    /// Release a signer, by its address or public key, whose transactions this node leaves out of
    /// its blocks since one did not return; or an extrinsic without a signer, by its hash. May be
    /// given several times. Fails if one is not held, so give it once and not for good.
    #[arg(long, value_name = "ADDRESS", help_heading = OWN)]
    pub release_signer: Vec<AccountId>,

    /// How to run the node.
    #[clap(flatten)]
    pub run: RunCmd,
}

/// What the SDK says of its pools is not what decides here.
fn pool_type(argument: Arg) -> Arg {
    argument.default_value("single-state").hide_possible_values(true).help(
        "What waiting transactions are judged by: the best chain (single-state), or every fork \
         (fork-aware), which takes far more of the processor",
    )
}

/// The SDK names chains that this node does not know.
fn chain(argument: Arg) -> Arg {
    let help = "The chain: dev or local, which are for trying things out with keys that everybody \
                knows, or the path of a consortium's specification";
    argument.help(help).long_help(help)
}

fn dev(argument: Arg) -> Arg {
    let help = "Run a development chain of one node: --chain dev --alice --force-authoring --tmp, \
                each unless it is given otherwise";
    argument.help(help).long_help(help)
}

/// Only until the next blocks, in which the pool forgets what is older than this. A transaction that was
/// too much for its sender's quota goes through once the quota allows it.
fn tx_ban_seconds(argument: Arg) -> Arg {
    let help = "How long the pool remembers which bytes it turned away";
    argument.default_value("0").help(help).long_help(help)
}

/// What the node can do besides running.
#[derive(Debug, clap::Subcommand)]
#[allow(clippy::large_enum_variant, reason = "it is made once in a process' life")]
pub enum Subcommand {
    /// Found a consortium with other companies.
    #[command(subcommand)]
    Consortium(ConsortiumCmd),

    /// Make the specification of a consortium's chain from what its companies bring in.
    ///
    /// Everybody who calls this with the same fragments, in any order, and the same version of the node
    /// gets the same genesis hash. It is refused if a key is well known, if anything stands twice, or if
    /// there are too few validators or councillors.
    ChainSpec(ChainSpecCmd),

    /// Print the hash of a chain's genesis block.
    GenesisHash(GenesisHashCmd),

    /// Make and look at keys, and put session keys into the keystore.
    #[command(subcommand)]
    Key(sc_cli::KeySubcommand),

    /// Write a chain specification as JSON, with the genesis configuration or the raw state.
    ExportChainSpec(sc_cli::ExportChainSpecCmd),

    /// Write a chain specification as JSON. Older form of `export-chain-spec`.
    BuildSpec(sc_cli::BuildSpecCmd),

    /// Execute a block again and check it.
    CheckBlock(sc_cli::CheckBlockCmd),

    /// Write blocks to a file.
    ExportBlocks(sc_cli::ExportBlocksCmd),

    /// Write the state at a block as a chain specification.
    ExportState(sc_cli::ExportStateCmd),

    /// Read blocks from a file.
    ImportBlocks(sc_cli::ImportBlocksCmd),

    /// Remove the chain's database.
    PurgeChain(sc_cli::PurgeChainCmd),

    /// Go back to an earlier block, but never behind a final one.
    Revert(sc_cli::RevertCmd),

    /// Show the best and the last final block of the database.
    ChainInfo(sc_cli::ChainInfoCmd),
}
