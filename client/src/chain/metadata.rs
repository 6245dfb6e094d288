// SPDX-License-Identifier: Apache-2.0

//! The metadata of a chain's runtime, kept in a file by the hash of the runtime's code. It is half
//! a megabyte to transfer, and takes a node longer to make than most commands run.

use codec::Decode;
use std::path::Path;
use subxt::{metadata::ArcMetadata, utils::H256, Metadata};
use subxt_rpcs::{rpc_params, RpcClient};

/// The key of the runtime's code in the state: `:code`.
const CODE: &str = "0x3a636f6465";
/// The version of metadata that is asked for, encoded.
const VERSION: &str = "0x10000000";

/// Returns the metadata of the node's runtime with its version, from the folder or from the node.
/// `None` leaves it to the client to ask for it.
///
/// A node that lies can put wrong metadata there. What is signed is compared with the metadata that
/// this program was made from.
pub async fn cached(rpc: &RpcClient, folder: Option<&Path>) -> Option<(u32, ArcMetadata)> {
    let folder = folder?;
    let hash: H256 = rpc.request("state_getStorageHash", rpc_params![CODE]).await.ok()?;
    let version: serde_json::Value =
        rpc.request("state_getRuntimeVersion", rpc_params![]).await.ok()?;
    let version = u32::try_from(version["specVersion"].as_u64()?).ok()?;
    let path = folder.join(format!("{}.scale", hex::encode(hash.0)));
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(_) => {
            let bytes = ask(rpc).await?;
            keep(folder, &path, &bytes);
            bytes
        },
    };
    let metadata = Metadata::decode_from(&bytes).ok();
    if metadata.is_none() {
        let _ = std::fs::remove_file(&path);
    }
    Some((version, metadata?.into()))
}

async fn ask(rpc: &RpcClient) -> Option<Vec<u8>> {
    let method = "Metadata_metadata_at_version";
    let answer: String = rpc.request("state_call", rpc_params![method, VERSION]).await.ok()?;
    let bytes = hex::decode(answer.strip_prefix("0x")?).ok()?;
    Option::<Vec<u8>>::decode(&mut bytes.as_slice()).ok()?
}

/// Writes a file that is there as a whole or not at all. Without it the next command asks again.
fn keep(folder: &Path, path: &Path, bytes: &[u8]) {
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let _ = crate::files::private_folder(folder)
        .and_then(|()| std::fs::write(&draft, bytes))
        .and_then(|()| std::fs::rename(&draft, path));
}
