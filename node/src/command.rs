// SPDX-License-Identifier: Apache-2.0

//! Does what was asked for on the command line.

use crate::{
    chain_spec,
    cli::{Cli, Subcommand},
    founding::{check_node_key, NODE_KEY},
    service::{open_database, partial, start, Partial},
};
use sc_cli::SubstrateCli;
use sc_network::{config::NetworkBackendType, Litep2pNetworkBackend, NetworkWorker};
use sc_service::{BasePath, ChainSpec as _, ChainType};
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
        Some(Subcommand::ChainInfo(cmd)) => cli.create_runner(cmd)?.sync_run(|mut config| {
            // It opens the database as the configuration says.
            drop(open_database(&mut config)?);
            cmd.run::<Block>(&config)
        }),
        Some(Subcommand::CheckBlock(cmd)) => cli.create_runner(cmd)?.async_run(|mut config| {
            let Partial { client, import_queue, task_manager, .. } = partial(&mut config, None)?;
            Ok((cmd.run(client, import_queue), task_manager))
        }),
        Some(Subcommand::ExportBlocks(cmd)) => cli.create_runner(cmd)?.async_run(|mut config| {
            let Partial { client, task_manager, .. } = partial(&mut config, None)?;
            Ok((cmd.run(client, config.database), task_manager))
        }),
        Some(Subcommand::ExportState(cmd)) => cli.create_runner(cmd)?.async_run(|mut config| {
            let Partial { client, task_manager, .. } = partial(&mut config, None)?;
            Ok((cmd.run(client, config.chain_spec), task_manager))
        }),
        Some(Subcommand::ImportBlocks(cmd)) => cli.create_runner(cmd)?.async_run(|mut config| {
            let Partial { client, import_queue, task_manager, .. } = partial(&mut config, None)?;
            Ok((cmd.run(client, import_queue), task_manager))
        }),
        Some(Subcommand::Revert(cmd)) => cli.create_runner(cmd)?.async_run(|mut config| {
            let Partial { client, backend, task_manager, .. } = partial(&mut config, None)?;
            // What GRANDPA noted of the blocks that go must go with them.
            let revert_grandpa = Box::new(|client, _backend, blocks| {
                sc_consensus_grandpa::revert(client, blocks)?;
                Ok(())
            });
            Ok((cmd.run(client, backend, Some(revert_grandpa)), task_manager))
        }),
    }
}

/// What is not said unless it is asked for. Authors say three things of each block of their own
/// before it is imported, which is said as well. A call of a client that fails is not a fault of
/// the node. And of one partner on another chain the network says once a second that it is
/// rejected; who is missing is said by `node_list`. `--log aura=info`, for example, brings one of
/// them back.
const QUIET: &str =
    "sc_basic_authorship=warn,aura=warn,wasm-runtime=error,sub-libp2p::peerset=error";

fn run_node(mut cli: Cli) -> sc_cli::Result<()> {
    check_arguments(&cli).map_err(sc_cli::Error::Input)?;
    // What stands first is overruled by what the operator says.
    cli.run.shared_params.log.insert(0, QUIET.into());
    let pool = cli.run.pool_config.clone();
    let cache = cli.runtime_cache.take();
    let released = std::mem::take(&mut cli.release_signer);
    cli.create_runner(&cli.run)?.run_node_until_exit(|config| async move {
        let start = match config.network.network_backend {
            NetworkBackendType::Litep2p => start::<Litep2pNetworkBackend>,
            NetworkBackendType::Libp2p => start::<NetworkWorker<Block, Hash>>,
        };
        let tasks = start(config, &pool, cache.as_deref(), &released);
        tasks.map_err(sc_cli::Error::Service)
    })
}

/// Refuses what would start a node that its operator did not mean.
fn check_arguments(cli: &Cli) -> Result<(), String> {
    let run = &cli.run;
    let named = run.shared_params.chain.as_deref().filter(|chain| !chain.is_empty());
    let names_chain = named.is_some() || run.shared_params.dev;
    if run.validator && !names_chain {
        return Err("--validator without --chain would validate the built-in chain `local`, with \
                    keys that everybody knows. Name the consortium's specification: --chain \
                    FILE.json"
            .into());
    }
    let keys = &run.network_params.node_key_params;
    keys.node_key_file.as_deref().map_or(Ok(()), check_node_key)?;
    if run.validator && keys.node_key_file.is_none() && keys.node_key.is_none() {
        check_joined(cli)?;
    }
    cli.runtime_cache.as_deref().map_or(Ok(()), check_cache)
}

/// Refuses a validator whose key is not where it looks for it. The SDK's advice would make a new
/// one, which no chain lists.
fn check_joined(cli: &Cli) -> Result<(), String> {
    let shared = &cli.run.shared_params;
    let Some(chain) = shared.chain.as_deref() else { return Ok(()) };
    let spec = chain_spec::load(chain)?;
    if spec.chain_type() != ChainType::Live
        || cli.run.network_params.node_key_params.unsafe_force_node_key_generation
    {
        return Ok(());
    }
    let base = shared.base_path().map_err(|error| error.to_string())?;
    let base = base.unwrap_or_else(|| BasePath::from_project("", "", "twinchain-node"));
    let folder = base.config_dir(spec.id());
    if folder.join(NODE_KEY).exists() {
        return check_node_key(&folder.join(NODE_KEY));
    }
    let (id, path) = (spec.id(), base.path().display());
    let others = std::fs::read_dir(base.path().join("chains")).into_iter().flatten().flatten();
    let others = others.filter(|entry| entry.path().join(NODE_KEY).exists());
    let names: Vec<_> =
        others.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    let hint = match names.as_slice() {
        [] => "is this the --base-path that `consortium join` was given?".to_string(),
        names => format!("there is one for {}: was that the --chain-id?", names.join(", ")),
    };
    Err(format!(
        "there is no node key in {}: {hint} A new one is made by: twinchain-node consortium join \
         --chain-id {id} --base-path {path} ...",
        folder.display()
    ))
}

/// Refuses a folder for machine code that others can write: they could make the node run anything.
#[cfg(unix)]
fn check_cache(folder: &Path) -> Result<(), String> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let path = folder.display();
    match std::fs::metadata(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(format!("--runtime-cache {path}: {error}")),
        _ if folder.is_relative() => {
            Err(format!("--runtime-cache {path} is relative: give the whole path"))
        },
        Ok(found) if !found.is_dir() => Err(format!("--runtime-cache {path} is not a folder")),
        Ok(found) if found.permissions().mode() & 0o022 != 0 => Err(format!(
            "--runtime-cache {path} can be written by others, who could make this node run \
             anything: chmod go-w {path}"
        )),
        Ok(found) => {
            let own = rustix::process::geteuid().as_raw();
            match [own, 0].contains(&found.uid()) {
                true => Ok(()),
                false => Err(format!(
                    "--runtime-cache {path} belongs to another user, who could make this node run \
                     anything: use a folder of the node's own user"
                )),
            }
        },
    }
}

/// Elsewhere the system has no such permissions.
#[cfg(not(unix))]
fn check_cache(_: &Path) -> Result<(), String> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    fn check(arguments: &[&str]) -> Result<(), String> {
        check_arguments(&Cli::parse_from([&["twinchain-node"], arguments].concat()))
    }

    #[test]
    fn a_validator_with_public_keys_is_refused() {
        assert!(check(&["--validator"]).unwrap_err().contains("--chain"));
        for named in [&["--validator", "--chain", "local"][..], &["--dev"], &["--alice"], &[]] {
            check(named).unwrap();
        }
    }

    #[test]
    fn a_validator_is_pointed_to_where_its_keys_are_made() {
        let base = tempfile::tempdir().unwrap();
        let spec = base.path().join("cranes.json");
        let chain =
            chain_spec::of_a_consortium("Cranes", "cranes", serde_json::json!({}), Vec::new());
        std::fs::write(&spec, chain.unwrap().as_json(false).unwrap()).unwrap();
        let (spec, path) = (spec.to_str().unwrap(), base.path().to_str().unwrap());
        let run = || check(&["--chain", spec, "--base-path", path, "--validator"]);
        let error = run().unwrap_err();
        assert!(error.contains("consortium join --chain-id cranes"), "{error}");
        // Keys of another chain are a hint.
        let key = |of: &str| base.path().join("chains").join(of).join(NODE_KEY);
        std::fs::create_dir_all(key("doors").parent().unwrap()).unwrap();
        std::fs::write(key("doors"), [7; 32]).unwrap();
        assert!(run().unwrap_err().contains("there is one for doors"));
        std::fs::create_dir_all(key("cranes").parent().unwrap()).unwrap();
        std::fs::write(key("cranes"), [7; 32]).unwrap();
        run().unwrap();
    }

    #[test]
    fn a_node_key_is_checked_before_the_start() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let run = || check(&["--dev", "--node-key-file", path.to_str().unwrap()]);
        assert!(run().unwrap_err().contains("generate-node-key"));
        for (content, says) in [
            (&b"abc"[..], "has 3 bytes"),
            (&[b"00".repeat(32), b"\n".to_vec()].concat(), "a new line"),
            (&b"zz".repeat(32), "64 bytes"),
        ] {
            std::fs::write(&path, content).unwrap();
            assert!(run().unwrap_err().contains(says), "{:?}", run());
        }
        for content in [&[7; 32][..], &b"0a".repeat(32)] {
            std::fs::write(&path, content).unwrap();
            run().unwrap();
        }
    }

    #[cfg(unix)]
    #[test]
    fn machine_code_is_not_taken_from_a_folder_that_others_write() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let with_mode = |mode| {
            let permissions = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(folder.path(), permissions).unwrap();
            check(&["--dev", "--runtime-cache", folder.path().to_str().unwrap()])
        };
        for mode in [0o777, 0o775, 0o702] {
            assert!(with_mode(mode).unwrap_err().contains("written by others"), "{mode:o}");
        }
        for mode in [0o700, 0o755] {
            with_mode(mode).unwrap();
        }
        let missing = folder.path().join("missing");
        check(&["--dev", "--runtime-cache", missing.to_str().unwrap()]).unwrap();
    }
}
