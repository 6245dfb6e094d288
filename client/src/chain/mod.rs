// SPDX-License-Identifier: Apache-2.0

//! The connection to a node, and reads at a block.

use crate::failure::{unreachable_node, Failure, Kind};
use std::{future::Future, sync::Arc, time::Duration};
use subxt::{
    backend::LegacyBackend,
    client::OnlineClientAtBlockImpl,
    config::SubstrateConfig,
    ext::{scale_decode::DecodeAsType, scale_encode::EncodeAsType},
    utils::H256,
    OnlineClient,
};
use subxt_rpcs::RpcClient;

mod blocks;
pub(crate) mod metadata;
pub use blocks::Blocks;

/// The chain's configuration, for subxt.
pub type Config = SubstrateConfig;
/// A client at one block.
pub type ClientAt = subxt::client::ClientAtBlock<Config, OnlineClientAtBlockImpl<Config>>;

/// The address of a local node.
pub const LOCAL: &str = "ws://127.0.0.1:9944";
/// The maximum number of items in a page.
pub const PAGE: u32 = 256;
/// The maximum number of pages of a list.
const MAX_PAGES: u32 = 4_096;
/// The maximum number of attempts to read the best block, which may be replaced during the read.
const ATTEMPTS: u32 = 5;
/// The delay between these attempts.
const PAUSE: Duration = Duration::from_millis(100);
/// The timeout for connecting.
const PATIENCE: Duration = Duration::from_secs(10);

/// A connection to a node.
#[derive(Clone)]
pub struct Chain {
    client: OnlineClient<Config>,
    rpc: RpcClient,
    url: Arc<str>,
}

impl Chain {
    /// Connects to a node. `genesis` is the expected hash of the chain's genesis block.
    ///
    /// # Errors
    /// [`Kind::Unreachable`] if no node responds, [`Kind::VerificationFailed`] if the node belongs
    /// to another chain.
    pub async fn connect(url: &str, genesis: Option<H256>) -> Result<Self, Failure> {
        let connect = async {
            // The user decides whether to use TLS.
            let rpc = RpcClient::from_insecure_url(url).await.map_err(subxt::Error::from)?;
            // Single requests instead of subscriptions: most commands read a few things and end.
            let backend = Arc::new(LegacyBackend::builder().build(rpc.clone()));
            let known = metadata::own_version().map(|version| (version, metadata::own().clone()));
            let config = Config::builder().set_metadata_for_spec_versions(known).build();
            let client = OnlineClient::from_backend_with_config(config, backend).await?;
            Ok::<_, Failure>(Self { client, rpc, url: url.into() })
        };
        let chain = match tokio::time::timeout(PATIENCE, connect).await {
            Ok(chain) => chain.map_err(|failure| {
                let message = format!("no node responds at {url}: {}", failure.message);
                Failure::new(Kind::Unreachable, "unreachable", message)
                    .fix("check that the node is running; use --url for another address")
            })?,
            Err(_) => return Err(unreachable_node(&format!("{url} took more than 10 seconds"))),
        };
        match genesis {
            Some(expected) if expected != chain.genesis() => Err(Failure::new(
                Kind::VerificationFailed,
                "other-chain",
                format!("{url} is a node of the chain {:?}, not of {expected:?}", chain.genesis()),
            )
            .fix("connect to a node of the right chain, or correct the profile's genesis")),
            _ => Ok(chain),
        }
    }

    /// Reconnects to the same node after the connection was lost. The node must still be on the
    /// same chain.
    ///
    /// # Errors
    /// As [`Self::connect`].
    pub async fn reconnect(&self) -> Result<Self, Failure> {
        Self::connect(&self.url, Some(self.genesis())).await
    }

    /// Returns the hash of the chain's genesis block.
    pub fn genesis(&self) -> H256 {
        self.client.genesis_hash()
    }

    /// Returns the subxt client.
    pub fn client(&self) -> &OnlineClient<Config> {
        &self.client
    }

    /// Returns the node's JSON-RPC client.
    pub fn rpc(&self) -> &RpcClient {
        &self.rpc
    }

    /// Returns the newest finalized block, to read at.
    pub async fn at_final(&self) -> Result<At, Failure> {
        Ok(At(self.client.at_current_block().await?))
    }

    /// Returns the node's best block, to read at. It may not be finalized.
    pub async fn at_best(&self) -> Result<At, Failure> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            match self.at_best_once().await {
                // The best block may have been replaced since its hash was read.
                Err(failure) if attempt < ATTEMPTS && failure.kind == Kind::Other => {
                    tokio::time::sleep(PAUSE).await;
                },
                result => return result,
            }
        }
    }

    async fn at_best_once(&self) -> Result<At, Failure> {
        let hash: Option<H256> = self
            .rpc
            .request("chain_getBlockHash", subxt_rpcs::rpc_params![])
            .await
            .map_err(subxt::Error::from)?;
        let hash = hash.ok_or_else(|| unreachable_node("the node has no blocks"))?;
        Ok(At(self.client.at_block(hash).await?))
    }

    /// Reads all pages of a list.
    pub async fn pages<T, C, F>(mut page: impl FnMut(Option<C>) -> F) -> Result<Vec<T>, Failure>
    where
        F: Future<Output = Result<Page<T, C>, Failure>>,
    {
        let (mut all, mut after) = (Vec::new(), None);
        for _ in 0..MAX_PAGES {
            let Page { items, next } = page(after.take()).await?;
            all.extend(items);
            match next {
                Some(cursor) => after = Some(cursor),
                None => return Ok(all),
            }
        }
        Err(Failure::other("the node returns an endless list"))
    }
}

/// A page of a list, as a runtime API returns it.
#[derive(Clone, Debug, DecodeAsType, EncodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct Page<Item, Cursor> {
    /// The items.
    pub items: Vec<Item>,
    /// The cursor of the next page, or `None` at the end.
    pub next: Option<Cursor>,
}

/// A block to read at.
pub struct At(ClientAt);

impl At {
    /// Returns a block to read at.
    pub fn new(client: ClientAt) -> Self {
        Self(client)
    }

    /// Returns the subxt client at this block.
    pub fn client(&self) -> &ClientAt {
        &self.0
    }

    /// Returns the number of the block.
    pub fn number(&self) -> u64 {
        self.0.block_number()
    }

    /// Calls a runtime API.
    pub async fn call<P: subxt::runtime_apis::Payload>(
        &self,
        payload: P,
    ) -> Result<P::ReturnType, Failure> {
        Ok(self.0.runtime_apis().call(payload).await?)
    }
}
