// SPDX-License-Identifier: Apache-2.0

//! Runs the command that the command line gives.

use crate::{
    chain_spec,
    cli::{Cli, Subcommand},
    founding::{check_node_key, check_password_file, NODE_KEY},
    service::{open_database, partial, start, Options, Partial},
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

/// Parses the command line and runs the node or the command.
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
            // This settles the database options, with which the command then opens it.
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
            // GRANDPA's own records of the reverted blocks must be reverted with them.
            let revert_grandpa = Box::new(|client, _backend, blocks| {
                sc_consensus_grandpa::revert(client, blocks)?;
                Ok(())
            });
            Ok((cmd.run(client, backend, Some(revert_grandpa)), task_manager))
        }),
    }
}

/// Log levels that keep the log quiet by default. A block author logs three lines about each of its
/// blocks before it is imported, and the import is logged as well. A client's call that fails is
/// not a fault of the node. Of a peer on another chain, the network logs a rejection every second;
/// `node_list` logs which listed nodes are missing. `--log aura=info`, for example, restores one of
/// them.
const QUIET: &str =
    "sc_basic_authorship=warn,aura=warn,wasm-runtime=error,sub-libp2p::peerset=error";

fn run_node(mut cli: Cli) -> sc_cli::Result<()> {
    check_arguments(&cli).map_err(sc_cli::Error::Input)?;
    // Put first, so that the operator's own `--log` options override it.
    cli.run.shared_params.log.insert(0, QUIET.into());
    let options = Options {
        pool: cli.run.pool_config.clone(),
        runtime_cache: cli.runtime_cache.take(),
        released: std::mem::take(&mut cli.release_signer),
        min_free_space: cli.min_free_space,
    };
    cli.create_runner(&cli.run)?.run_node_until_exit(|config| async move {
        let start = match config.network.network_backend {
            NetworkBackendType::Litep2p => start::<Litep2pNetworkBackend>,
            NetworkBackendType::Libp2p => start::<NetworkWorker<Block, Hash>>,
        };
        let tasks = start(config, &options);
        tasks.map_err(sc_cli::Error::Service)
    })
}

/// Rejects arguments that would start a node in a way the operator did not intend.
fn check_arguments(cli: &Cli) -> Result<(), String> {
    let run = &cli.run;
    let named = run.shared_params.chain.as_deref().filter(|chain| !chain.is_empty());
    let names_chain = named.is_some() || run.shared_params.dev;
    if run.validator && !names_chain {
        return Err("--validator without --chain would validate the built-in chain `local`, with \
                    publicly known keys. Give the consortium's specification: --chain \
                    FILE.json"
            .into());
    }
    check_password_file(&run.keystore_params)?;
    let keys = &run.network_params.node_key_params;
    keys.node_key_file.as_deref().map_or(Ok(()), check_node_key)?;
    if run.validator && keys.node_key_file.is_none() && keys.node_key.is_none() {
        check_joined(cli)?;
    }
    cli.runtime_cache.as_deref().map_or(Ok(()), check_cache)
}

/// Rejects a validator whose node key is not in its data directory. The SDK's own error suggests
/// making a new key, which would not be on the chain's list.
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
        [] => "Check that --base-path is the one given to `consortium join`.".to_string(),
        names => format!("There are node keys for {}: check the chain's id.", names.join(", ")),
    };
    Err(format!(
        "{} has no node key. {hint} To make a new key: twinchain-node consortium join --chain-id \
         {id} --base-path {path} ...",
        folder.display()
    ))
}

/// Rejects a directory for machine code that other users can write to: they could make the node run
/// any code.
#[cfg(unix)]
fn check_cache(folder: &Path) -> Result<(), String> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let path = folder.display();
    match std::fs::metadata(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(format!("--runtime-cache {path}: {error}")),
        _ if folder.is_relative() => {
            Err(format!("--runtime-cache {path} is relative: give an absolute path"))
        },
        Ok(found) if !found.is_dir() => Err(format!("--runtime-cache {path} is not a directory")),
        Ok(found) if found.permissions().mode() & 0o022 != 0 => Err(format!(
            "--runtime-cache {path} is writable by other users, who could make this node run any \
             code: run chmod go-w {path}"
        )),
        Ok(found) => {
            let own = rustix::process::geteuid().as_raw();
            match [own, 0].contains(&found.uid()) {
                true => Ok(()),
                false => Err(format!(
                    "--runtime-cache {path} belongs to another user, who could make this node run \
                     any code: use a directory that the node's own user owns"
                )),
            }
        },
    }
}

/// Other systems do not have these permissions.
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
    fn validator_without_a_chain_is_rejected() {
        assert!(check(&["--validator"]).unwrap_err().contains("--chain"));
        for named in [&["--validator", "--chain", "local"][..], &["--dev"], &["--alice"], &[]] {
            check(named).unwrap();
        }
    }

    #[test]
    fn validator_without_a_node_key_is_rejected() {
        let base = tempfile::tempdir().unwrap();
        let spec = base.path().join("cranes.json");
        let chain =
            chain_spec::of_a_consortium("Cranes", "cranes", serde_json::json!({}), Vec::new());
        std::fs::write(&spec, chain.unwrap().as_json(false).unwrap()).unwrap();
        let (spec, path) = (spec.to_str().unwrap(), base.path().to_str().unwrap());
        let run = || check(&["--chain", spec, "--base-path", path, "--validator"]);
        let error = run().unwrap_err();
        assert!(error.contains("consortium join --chain-id cranes"), "{error}");
        // Keys of another chain in the same directory are named in the error.
        let key = |of: &str| base.path().join("chains").join(of).join(NODE_KEY);
        std::fs::create_dir_all(key("doors").parent().unwrap()).unwrap();
        std::fs::write(key("doors"), [7; 32]).unwrap();
        assert!(run().unwrap_err().contains("node keys for doors"));
        std::fs::create_dir_all(key("cranes").parent().unwrap()).unwrap();
        std::fs::write(key("cranes"), [7; 32]).unwrap();
        run().unwrap();
    }

    #[test]
    fn start_fails_when_the_node_key_is_invalid() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let run = || check(&["--dev", "--node-key-file", path.to_str().unwrap()]);
        assert!(run().unwrap_err().contains("generate-node-key"));
        for (content, says) in [
            (&b"abc"[..], "has 3 bytes"),
            (&[b"00".repeat(32), b"\n".to_vec()].concat(), "a newline"),
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
    fn runtime_cache_writable_by_others_is_rejected() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let with_mode = |mode| {
            let permissions = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(folder.path(), permissions).unwrap();
            check(&["--dev", "--runtime-cache", folder.path().to_str().unwrap()])
        };
        for mode in [0o777, 0o775, 0o702] {
            assert!(with_mode(mode).unwrap_err().contains("writable by other users"), "{mode:o}");
        }
        for mode in [0o700, 0o755] {
            with_mode(mode).unwrap();
        }
        let missing = folder.path().join("missing");
        check(&["--dev", "--runtime-cache", missing.to_str().unwrap()]).unwrap();
    }
}
