// SPDX-License-Identifier: Apache-2.0

//! The command line.

use crate::founding::{ChainSpecCmd, ConsortiumCmd, GenesisHashCmd};
use clap::Arg;
use sc_cli::RunCmd;
use std::path::PathBuf;
use twinchain_runtime::AccountId;

/// Maximum size of an RPC request, in megabytes. A transaction in a request is written in
/// hexadecimal, so it can have half that size. The longest one that is needed carries the runtime's
/// code: just under four megabytes if it is not compressed. A client cannot interpret the response
/// to a request that is too long, so the limit is generous.
const MAX_REQUEST_SIZE: &str = "10";

/// Maximum number of subscriptions per connection. A storage subscription keeps up to 1,000 keys in
/// memory. The SDK's limit is 1,024.
const MAX_SUBSCRIPTIONS: &str = "128";

/// Lowest accepted value of `--min-free-space`, in MiB: what a node needs to write the data in its
/// memory.
const LEAST_FREE_SPACE: u64 = 64;

/// Headings of the help: for Twinchain's own options, and for those of every Substrate node.
const OWN: &str = "Options of Twinchain";
const OF_ALL: &str = "Options of every Substrate node";

/// The arguments of the command line.
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
    mut_arg("rpc_methods", rpc_methods),
    mut_arg("chain", chain),
    mut_arg("dev", dev)
)]
pub struct Cli {
    /// The command to run instead of the node.
    #[command(subcommand)]
    pub subcommand: Option<Subcommand>,

    /// Store the machine code of compiled runtimes in this directory, so that the node starts
    /// faster the next time. Anyone who can write to it can make the node run any code.
    #[arg(long, value_name = "PATH", help_heading = OWN)]
    pub runtime_cache: Option<PathBuf>,

    /// Release a held signer: an address or public key whose transactions this node leaves out of
    /// its blocks because one did not return. For an extrinsic without a signer, give its hash. Can
    /// be repeated. Fails if one of them is not held, so do not keep this option in a service file.
    #[arg(long, value_name = "ADDRESS", help_heading = OWN)]
    pub release_signer: Vec<AccountId>,

    /// Stop the node when the disk of its database has less free space. A database on a full disk
    /// loses blocks.
    #[arg(
        long,
        value_name = "MIB",
        default_value_t = 1024,
        value_parser = clap::value_parser!(u64).range(LEAST_FREE_SPACE..),
        help_heading = OWN
    )]
    pub min_free_space: u64,

    /// The options of a running node.
    #[clap(flatten)]
    pub run: RunCmd,
}

/// Replaces the SDK's help, which does not explain the difference.
fn pool_type(argument: Arg) -> Arg {
    argument.default_value("single-state").hide_possible_values(true).help(
        "The state against which waiting transactions are validated: that of the best chain \
         (single-state), or of every fork (fork-aware), which takes far more processor time",
    )
}

/// Replaces the SDK's help, which names chains that this node does not have.
fn chain(argument: Arg) -> Arg {
    let help = "The chain: dev or local, which use publicly known keys and are for development \
                and tests only, or the path of a consortium's specification";
    argument.help(help).long_help(help)
}

/// On the chain of a consortium, the SDK's rule would open unsafe methods to proxies.
fn rpc_methods(argument: Arg) -> Arg {
    let help = "The methods that clients can use: safe, unsafe (all methods, for operators), or \
                auto: all methods on this machine on a development chain, otherwise safe. A web \
                page from elsewhere can always use safe methods only";
    argument.help(help).long_help(help).hide_possible_values(true)
}

fn dev(argument: Arg) -> Arg {
    let help = "Run a development chain of one node. Sets --chain dev --alice --force-authoring \
                --tmp, except those that you set otherwise";
    argument.help(help).long_help(help)
}

/// Sets the default to 0, because a transaction that exceeded its sender's quota becomes valid once
/// the quota allows it. The pool then forgets the ban with the next blocks.
fn tx_ban_seconds(argument: Arg) -> Arg {
    let help = "Seconds for which the pool rejects the same transaction again after it rejected it";
    argument.default_value("0").help(help).long_help(help)
}

/// The commands of the node, besides running it.
#[derive(Debug, clap::Subcommand)]
#[allow(clippy::large_enum_variant, reason = "one value per process")]
pub enum Subcommand {
    /// Found a consortium with other companies.
    #[command(subcommand)]
    Consortium(ConsortiumCmd),

    /// Create the specification of a consortium's chain from the companies' fragments.
    ///
    /// The same fragments, in any order, and the same version of the node always give the same
    /// genesis hash. Fails if a key is publicly known, if anything occurs twice, or if there are
    /// too few validators or councillors.
    ChainSpec(ChainSpecCmd),

    /// Print the hash of a chain's genesis block.
    GenesisHash(GenesisHashCmd),

    /// Generate and inspect keys, and insert session keys into the keystore.
    #[command(subcommand)]
    Key(sc_cli::KeySubcommand),

    /// Write a chain specification as JSON, with the genesis configuration or the raw state.
    ExportChainSpec(sc_cli::ExportChainSpecCmd),

    /// Write a chain specification as JSON. Older name of `export-chain-spec`.
    BuildSpec(sc_cli::BuildSpecCmd),

    /// Re-execute a block and check it.
    CheckBlock(sc_cli::CheckBlockCmd),

    /// Write blocks to a file.
    ExportBlocks(sc_cli::ExportBlocksCmd),

    /// Write the state at a block as a chain specification.
    ExportState(sc_cli::ExportStateCmd),

    /// Read blocks from a file.
    ImportBlocks(sc_cli::ImportBlocksCmd),

    /// Remove the chain's database.
    PurgeChain(sc_cli::PurgeChainCmd),

    /// Revert to an earlier block, but never past a final one.
    Revert(sc_cli::RevertCmd),

    /// Show the best and the last final block of the database.
    ChainInfo(sc_cli::ChainInfoCmd),
}
