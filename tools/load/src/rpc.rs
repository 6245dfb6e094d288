// SPDX-License-Identifier: Apache-2.0

//! The parts of the node's JSON-RPC that this program uses.

use crate::error::Result;
use codec::Decode;
use frame_support::{dispatch::PerDispatchClass, storage::storage_prefix};
use frame_system::EventRecord;
use jsonrpsee_core::{
    client::{ClientT, Error, Subscription, SubscriptionClientT},
    rpc_params,
    traits::ToRpcParams,
};
use jsonrpsee_ws_client::{WsClient, WsClientBuilder};
use serde::{de::DeserializeOwned, Deserialize};
use sp_core::{Bytes, H256};
use sp_runtime::Weight;
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use twinchain_runtime::{AccountId, Hash, Header, Nonce, Runtime, RuntimeEvent};

/// Timeout of a request. A node under load responds late; one that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(120);
/// The largest message in both directions, in bytes. It exceeds the node's limit, so that the node
/// is the one that rejects.
const MAX_MESSAGE: u32 = 64 * 1024 * 1024;
/// The maximum number of keys that a node lists in one response.
pub const PAGE: u32 = 1_000;

/// An event in the state.
pub type Event = EventRecord<RuntimeEvent, Hash>;

/// The keys and values of a state.
pub type State = BTreeMap<Vec<u8>, Vec<u8>>;

/// One connection to the node.
#[derive(Clone)]
pub struct Rpc(Arc<WsClient>);

/// A block as `chain_getBlock` returns it.
#[derive(Debug, Deserialize)]
pub struct Block {
    /// Header of the block.
    pub header: Header,
    /// Encoded extrinsics of the block.
    pub extrinsics: Vec<Bytes>,
}

#[derive(Debug, Deserialize)]
struct SignedBlock {
    block: Block,
}

#[derive(Debug, Deserialize)]
struct Changes {
    changes: Vec<(Bytes, Option<Bytes>)>,
}

impl Rpc {
    /// Connects to a node.
    pub async fn connect(url: &str) -> std::result::Result<Self, Error> {
        let client = WsClientBuilder::default()
            .request_timeout(PATIENCE)
            .max_concurrent_requests(4_096)
            .max_request_size(MAX_MESSAGE)
            .max_response_size(MAX_MESSAGE)
            .build(url)
            .await?;
        Ok(Self(Arc::new(client)))
    }

    /// Returns the connection itself, for requests that have no function here.
    pub fn client(&self) -> &WsClient {
        &self.0
    }

    /// Sends a request and returns the response.
    pub async fn call<R: DeserializeOwned>(
        &self,
        method: &str,
        params: impl ToRpcParams + Send,
    ) -> Result<R> {
        let answer = self.0.request(method, params).await;
        answer.map_err(|error| format!("{method}: {}", reason(&error)).into())
    }

    /// Submits an extrinsic, encoded as hex.
    pub async fn submit(&self, extrinsic: &str) -> std::result::Result<H256, Error> {
        self.0.request("author_submitExtrinsic", rpc_params![extrinsic]).await
    }

    /// Subscribes to headers of new best blocks (`NewHeads`) or of final blocks (`FinalizedHeads`).
    pub async fn heads(&self, kind: &str) -> Result<Subscription<Header>> {
        let (on, off) = (format!("chain_subscribe{kind}"), format!("chain_unsubscribe{kind}"));
        Ok(self.0.subscribe(&on, rpc_params![], &off).await?)
    }

    /// Returns the hash of the block with this number.
    pub async fn block_hash(&self, number: u32) -> Result<H256> {
        self.call("chain_getBlockHash", rpc_params![number]).await
    }

    /// Returns a block.
    pub async fn block(&self, hash: H256) -> Result<Block> {
        Ok(self.call::<SignedBlock>("chain_getBlock", rpc_params![hash]).await?.block)
    }

    /// Returns a decoded value from the state after a block.
    async fn value<T: Decode>(&self, key: Vec<u8>, at: H256) -> Result<Option<T>> {
        let value: Option<Bytes> =
            self.call("state_getStorage", rpc_params![Bytes(key), at]).await?;
        Ok(value.map(|value| T::decode(&mut &value.0[..])).transpose()?)
    }

    /// Returns the events of a block.
    pub async fn events(&self, at: H256) -> Result<Vec<Event>> {
        let key = storage_prefix(b"System", b"Events");
        Ok(self.value(key.to_vec(), at).await?.unwrap_or_default())
    }

    /// Returns the weight of a block, by dispatch class.
    pub async fn weight(&self, at: H256) -> Result<PerDispatchClass<Weight>> {
        let key = frame_system::BlockWeight::<Runtime>::hashed_key().to_vec();
        Ok(self.value(key, at).await?.unwrap_or_default())
    }

    /// Returns the nonces of accounts, in the order of the accounts.
    pub async fn nonces(&self, accounts: &[&AccountId]) -> Result<Vec<Nonce>> {
        let key = |account: &&AccountId| frame_system::Account::<Runtime>::hashed_key_for(account);
        let keys: Vec<_> = accounts.iter().map(key).collect();
        let at: H256 = self.call("chain_getBlockHash", rpc_params![]).await?;
        let values = self.values(&keys, at).await?;
        let nonce = |key: &Vec<u8>| match values.get(key) {
            // The nonce is the first field.
            Some(value) => Ok(Nonce::decode(&mut &value[..])?),
            None => Ok(0),
        };
        keys.iter().map(nonce).collect()
    }

    /// Returns all keys with a prefix, in the state after a block.
    pub async fn keys(&self, prefix: &[u8], at: H256) -> Result<Vec<Vec<u8>>> {
        let mut keys: Vec<Vec<u8>> = Vec::new();
        loop {
            let (prefix, last) = (Bytes(prefix.to_vec()), keys.last().cloned().map(Bytes));
            let params = rpc_params![prefix, PAGE, last, at];
            let page: Vec<Bytes> = self.call("state_getKeysPaged", params).await?;
            if page.is_empty() {
                return Ok(keys);
            }
            keys.extend(page.into_iter().map(|key| key.0));
        }
    }

    /// Returns the values of those keys that have one, in the state after a block.
    pub async fn values(&self, keys: &[Vec<u8>], at: H256) -> Result<State> {
        let mut values = State::new();
        for page in keys.chunks(PAGE as usize) {
            let page: Vec<_> = page.iter().cloned().map(Bytes).collect();
            let answer: Vec<Changes> =
                self.call("state_queryStorageAt", rpc_params![page, at]).await?;
            let changes = answer.into_iter().flat_map(|answer| answer.changes);
            values.extend(changes.filter_map(|(key, value)| Some((key.0, value?.0))));
        }
        Ok(values)
    }
}

/// Returns bytes in hexadecimal, with the prefix `0x`.
pub fn hex_of(bytes: &[u8]) -> Arc<str> {
    format!("0x{}", hex::encode(bytes)).into()
}

/// Returns a short reason for a failed request, so that equal failures can be counted together.
pub fn reason(error: &Error) -> String {
    match error {
        Error::Call(error) => {
            let data = error.data().map(|data| data.get().trim_matches('"').to_string());
            let more = data.filter(|data| data.len() < 100).map(|data| format!(" ({data})"));
            format!("{}: {}{}", error.code(), error.message(), more.unwrap_or_default())
        },
        Error::RestartNeeded(error) => reason(error),
        Error::Transport(error) => format!("connection: {error}"),
        other => other.to_string(),
    }
}
