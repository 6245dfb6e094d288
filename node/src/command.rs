// SPDX-License-Identifier: Apache-2.0

//! Does what was asked for on the command line.

use crate::{
    chain_spec,
    cli::{Cli, Subcommand},
    service::{partial, start, Partial},
};
use sc_cli::SubstrateCli;
use sc_network::{config::NetworkBackendType, Litep2pNetworkBackend, NetworkWorker};
use sc_service::{ChainType, Configuration, PruningMode};
use std::path::Path;
use twinchain_runtime::{opaque::Block, Hash};

impl SubstrateCli for Cli {
    fn impl_name() -> String {
        "Twinchain Node".into()
    }

    fn impl_version() -> String {
        env!("SUBSTRATE_CLI_IMPL_VERSION").into()
    }

    fn description() -> String {
        env!("CARGO_PKG_DESCRIPTION").into()
    }

    fn author() -> String {
        "the Twinchain authors".into()
    }

    fn support_url() -> String {
        env!("CARGO_PKG_REPOSITORY").into()
    }

    fn copyright_start_year() -> i32 {
        2026
    }

    fn load_spec(&self, id: &str) -> Result<Box<dyn sc_service::ChainSpec>, String> {
        chain_spec::load(id).map(|spec| Box::new(spec) as Box<_>)
    }
}

/// Reads the command line and obeys.
pub fn run() -> sc_cli::Result<()> {
    let cli = Cli::from_args();
    match &cli.subcommand {
        None => run_node(cli),
        Some(Subcommand::Consortium(cmd)) => cmd.run().map_err(sc_cli::Error::Input),
        Some(Subcommand::ChainSpec(cmd)) => cmd.run().map_err(sc_cli::Error::Input),
        Some(Subcommand::GenesisHash(cmd)) => cmd.run().map_err(sc_cli::Error::Input),
        Some(Subcommand::Key(cmd)) => cmd.run(&cli),
        Some(Subcommand::ExportChainSpec(cmd)) => cmd.run(cli.load_spec(&cmd.chain)?),
        Some(Subcommand::BuildSpec(cmd)) => {
            cli.create_runner(cmd)?.sync_run(|config| cmd.run(config.chain_spec, config.network))
        },
        Some(Subcommand::PurgeChain(cmd)) => {
            cli.create_runner(cmd)?.sync_run(|config| cmd.run(config.database))
        },
        Some(Subcommand::ChainInfo(cmd)) => {
            cli.create_runner(cmd)?.sync_run(|config| cmd.run::<Block>(&config))
        },
        Some(Subcommand::CheckBlock(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let Partial { client, import_queue, task_manager, .. } = partial(&config, None)?;
            Ok((cmd.run(client, import_queue), task_manager))
        }),
        Some(Subcommand::ExportBlocks(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let Partial { client, task_manager, .. } = partial(&config, None)?;
            Ok((cmd.run(client, config.database), task_manager))
        }),
        Some(Subcommand::ExportState(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let Partial { client, task_manager, .. } = partial(&config, None)?;
            Ok((cmd.run(client, config.chain_spec), task_manager))
        }),
        Some(Subcommand::ImportBlocks(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let Partial { client, import_queue, task_manager, .. } = partial(&config, None)?;
            Ok((cmd.run(client, import_queue), task_manager))
        }),
        Some(Subcommand::Revert(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let Partial { client, backend, task_manager, .. } = partial(&config, None)?;
            // What GRANDPA noted of the blocks that go must go with them.
            let revert_grandpa = Box::new(|client, _backend, blocks| {
                sc_consensus_grandpa::revert(client, blocks)?;
                Ok(())
            });
            Ok((cmd.run(client, backend, Some(revert_grandpa)), task_manager))
        }),
    }
}

fn run_node(mut cli: Cli) -> sc_cli::Result<()> {
    let pool = cli.run.pool_config.clone();
    let cache = cli.runtime_cache.take();
    let released = std::mem::take(&mut cli.release_signer);
    cli.create_runner(&cli.run)?.run_node_until_exit(|mut config| async move {
        keep_history(&mut config);
        let start = match config.network.network_backend {
            NetworkBackendType::Litep2p => start::<Litep2pNetworkBackend>,
            NetworkBackendType::Libp2p => start::<NetworkWorker<Block, Hash>>,
        };
        let tasks = start(config, &pool, cache.as_deref(), &released);
        tasks.map_err(sc_cli::Error::Service)
    })
}

/// A new node of a consortium's own chain keeps the state of every final block, unless it is told
/// otherwise: what was recorded has to be provable later. A database goes on as it was begun.
fn keep_history(config: &mut Configuration) {
    let is_new = !config.database.path().is_some_and(Path::exists);
    if config.chain_spec.chain_type() == ChainType::Live && is_new {
        config.state_pruning.get_or_insert(PruningMode::ArchiveCanonical);
    }
}
