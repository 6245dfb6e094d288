// SPDX-License-Identifier: Apache-2.0

//! The command `consortium claim`: signs, with a node's key, that the node belongs to an
//! organisation.

use pallet_consortium::{claim_hash, PeerId, NODE_CLAIM};
use sc_network::config::{NodeKeyConfig, Secret};
use sc_service::BasePath;
use std::path::PathBuf;
use twinchain_runtime::Hash;

/// Path of a node's key, relative to the chain's directory.
pub const NODE_KEY: &str = "network/secret_ed25519";

/// The arguments of `consortium claim`.
#[derive(Debug, Clone, clap::Parser)]
pub struct ClaimCmd {
    /// The id of the organisation on the chain, a number.
    #[arg(long, value_name = "NUMBER")]
    pub organisation: u32,

    /// The hash of the chain's genesis block (`chain_getBlockHash` of 0).
    #[arg(long, value_name = "HASH")]
    pub genesis: Hash,

    /// The number of claims of this node that were used before (`consortium.nodeClaims`).
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub nonce: u32,

    /// The id of the chain, which names its data directory.
    #[arg(long, value_name = "ID")]
    pub chain_id: String,

    /// The node's base directory.
    #[arg(long, short = 'd', value_name = "PATH")]
    pub base_path: PathBuf,
}

/// A node's claim that it belongs to an organisation.
pub struct Claim {
    /// The node's peer id.
    pub peer: PeerId,
    /// The signature by the node's key.
    pub signature: Vec<u8>,
}

impl ClaimCmd {
    /// Prints the arguments of `claim_node`.
    pub fn run(&self) -> Result<(), String> {
        let Claim { peer, signature } = self.claim()?;
        println!("peer: {}", sp_core::bytes::to_hex(&peer, false));
        println!("signature: {}", sp_core::bytes::to_hex(&signature, false));
        Ok(())
    }

    /// Signs the claim. Fails if the node has no key yet.
    pub fn claim(&self) -> Result<Claim, String> {
        let path = BasePath::new(&self.base_path).config_dir(&self.chain_id).join(NODE_KEY);
        // The SDK would generate a key if the file did not exist.
        if !path.is_file() {
            return Err(format!("the node key {} does not exist", path.display()));
        }
        let keys = NodeKeyConfig::Ed25519(Secret::File(path.clone())).into_keypair();
        let keys = keys.map_err(|error| format!("{}: {error}", path.display()))?;
        let peer = PeerId::try_from(keys.public().to_peer_id().to_bytes())
            .map_err(|_| "the node's peer id is too long".to_string())?;
        let hash = claim_hash(NODE_CLAIM, self.genesis, self.organisation, &peer, self.nonce);
        Ok(Claim { peer, signature: keys.sign(hash.as_bytes()) })
    }
}
