// SPDX-License-Identifier: Apache-2.0

//! The commands `chain-spec` and `genesis-hash`.

use super::{
    check::{check, Report},
    file::{GenesisFile, Member, Organisation},
};
use crate::chain_spec::{self, genesis_hash, ChainSpec};
use pallet_consortium::GenesisOrganisation;
use serde_json::json;
use sp_core::Bytes;
use sp_runtime::BuildStorage;
use std::{fs, path::PathBuf};
use twinchain_runtime::{AccountId, SessionKeys};

/// The arguments of `chain-spec`.
#[derive(Debug, Clone, clap::Parser)]
pub struct ChainSpecCmd {
    /// A file that lists the participants, or a fragment of it as `consortium join` prints it. Can
    /// be repeated. JSON if its name ends in `.json`, otherwise TOML.
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    pub from: Vec<PathBuf>,

    /// Write the raw genesis state instead of the genesis configuration.
    #[arg(long)]
    pub raw: bool,

    /// The file to write the specification to. Default: the standard output.
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// The arguments of `genesis-hash`.
#[derive(Debug, Clone, clap::Parser)]
pub struct GenesisHashCmd {
    /// The chain's specification, or the name of a built-in chain.
    #[arg(long, value_name = "CHAIN_SPEC")]
    pub chain: String,
}

impl ChainSpecCmd {
    /// Creates the specification. All other output goes to the standard error.
    pub fn run(&self) -> Result<(), String> {
        let fragments: Vec<_> =
            self.from.iter().map(|path| GenesisFile::read(path)).collect::<Result<_, _>>()?;
        let file = GenesisFile::merge(fragments)?;
        let Report { errors, warnings } = check(&file);
        for warning in warnings {
            eprintln!("warning: {warning}");
        }
        if !errors.is_empty() {
            return Err(format!("the chain cannot be created:\n- {}", errors.join("\n- ")));
        }
        let spec = specification(&file)?;
        let json = spec.as_json(self.raw)?;
        let hash = genesis_hash(spec.build_storage()?)?;
        match &self.output {
            None => println!("{json}"),
            Some(path) => fs::write(path, json)
                .map_err(|error| format!("cannot write {}: {error}", path.display()))?,
        }
        for organisation in &file.organisations {
            eprintln!(
                "{}: {} members, {} councillors, {} validators, {} nodes",
                organisation.name,
                organisation.admins.len().saturating_add(organisation.members.len()),
                organisation.councillors.len(),
                organisation.validators.len(),
                organisation.nodes.len(),
            );
        }
        eprintln!("genesis hash: {hash:?}");
        eprintln!(
            "The hash covers the state, but not the name, the id and the boot nodes: compare the \
             files for those."
        );
        Ok(())
    }
}

impl GenesisHashCmd {
    /// Prints the hash of the genesis block.
    pub fn run(&self) -> Result<(), String> {
        println!("{:?}", genesis_hash(chain_spec::load(&self.chain)?.build_storage()?)?);
        Ok(())
    }
}

/// Returns the specification of a consortium's chain.
pub fn specification(file: &GenesisFile) -> Result<ChainSpec, String> {
    let name = file.name.as_deref().unwrap_or_default();
    let id = file.id.as_deref().unwrap_or_default();
    chain_spec::of_a_consortium(name, id, genesis(file), file.boot_nodes())
}

/// Returns the patch of the default genesis configuration.
fn genesis(file: &GenesisFile) -> serde_json::Value {
    let mut validators: Vec<_> = file.validators().collect();
    validators.sort();
    let keys = validators.iter().map(|it| {
        let keys = SessionKeys { aura: it.aura.clone(), grandpa: it.grandpa.clone() };
        (&it.account, &it.account, keys)
    });
    let organisations = file.organisations.iter().map(organisation);
    json!({
        "consortium": {
            "organisations": organisations.collect::<Vec<_>>(),
            "validators": validators.iter().map(|it| &it.account).collect::<Vec<_>>(),
            "sessionLength": file.session_length,
        },
        "councillors": { "members": file.councillors() },
        "session": { "keys": keys.collect::<Vec<_>>() },
    })
}

fn organisation(of: &Organisation) -> GenesisOrganisation<AccountId> {
    let members = |members: &[Member]| {
        members.iter().map(|it| (it.account.clone(), it.label.clone())).collect()
    };
    let quota = of.quota();
    GenesisOrganisation {
        name: of.name.clone(),
        max_members: of.max_members(),
        max_nodes: of.max_nodes(),
        burst: quota.burst,
        per_block: quota.per_block,
        time: of.time().into(),
        bytes: of.bytes().into(),
        admins: members(&of.admins),
        members: members(&of.members),
        nodes: of.nodes.iter().map(|it| (Bytes(it.peer_id.to_bytes()), it.label.clone())).collect(),
    }
}
