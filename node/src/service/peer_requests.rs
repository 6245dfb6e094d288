// SPDX-License-Identifier: Apache-2.0

//! Serves requests for blocks, state and warp proofs only to the peers that this node may
//! communicate with.
//!
//! The network refuses announcement substreams to other peers, but it keeps their connections, and
//! the SDK serves the requests of all connected peers. So a filter in front of the SDK's handlers
//! takes their requests from the network, and passes on those of allowed peers. A handler hands its
//! queue to the network's type by a generic parameter. Here that type is [`Capture`], which is not
//! a network and only stores the configuration.

use super::lock;
use async_channel::{Receiver, Sender};
use async_trait::async_trait;
use log::debug;
use sc_network::{
    config::{NotificationHandshake, Params, SetConfig},
    error::Error,
    peer_store::PeerStoreProvider,
    request_responses::IncomingRequest,
    service::traits::{NetworkService, RequestResponseConfig},
    types::ProtocolName,
    NetworkBackend, NotificationMetrics, NotificationService, PeerId,
};
use sc_service::SpawnTaskHandle;
use std::{
    collections::BTreeSet,
    convert::Infallible,
    marker::PhantomData,
    sync::{Arc, Mutex},
    time::Duration,
};
use substrate_prometheus_endpoint::Registry;
use twinchain_runtime::{opaque::Block, Hash};

const LOG_TARGET: &str = "peer-requests";

/// Maximum number of requests of one protocol that wait in front of its handler's own queue.
const QUEUE: usize = 128;

/// The peers whose requests are served.
#[derive(Debug, Default)]
pub struct AllowedPeers(Mutex<BTreeSet<PeerId>>);

impl AllowedPeers {
    /// Allows these peers and no others.
    pub fn set(&self, peers: BTreeSet<PeerId>) {
        *lock(&self.0) = peers;
    }

    fn contain(&self, peer: &PeerId) -> bool {
        lock(&self.0).contains(peer)
    }
}

/// Replaces the network's type while a handler is created. It has no values.
pub struct Capture<N>(Infallible, PhantomData<fn() -> N>);

/// The protocol configuration that a handler gives to the network.
#[derive(Debug)]
pub struct Captured {
    name: ProtocolName,
    fallback_names: Vec<ProtocolName>,
    max_request_size: u64,
    max_response_size: u64,
    timeout: Duration,
    queue: Option<Sender<IncomingRequest>>,
}

impl RequestResponseConfig for Captured {
    fn protocol_name(&self) -> &ProtocolName {
        &self.name
    }
}

impl Captured {
    /// Returns the configuration for the network, with the filter's queue in front of the
    /// handler's.
    pub fn filtered<N: NetworkBackend<Block, Hash>>(
        self,
        allowed: &Arc<AllowedPeers>,
        tasks: &SpawnTaskHandle,
    ) -> N::RequestResponseProtocolConfig {
        let Self { name, fallback_names, max_request_size, max_response_size, timeout, queue } =
            self;
        let queue = queue.map(|handler| {
            let (sender, receiver) = async_channel::bounded(QUEUE);
            let filter = filter(name.clone(), receiver, handler, allowed.clone());
            tasks.spawn("peer-request-filter", Some("networking"), filter);
            sender
        });
        N::request_response_config(
            name,
            fallback_names,
            max_request_size,
            max_response_size,
            timeout,
            queue,
        )
    }
}

/// Passes on the requests of allowed peers. Drops those of others, which refuses them.
async fn filter(
    name: ProtocolName,
    requests: Receiver<IncomingRequest>,
    handler: Sender<IncomingRequest>,
    allowed: Arc<AllowedPeers>,
) {
    while let Ok(request) = requests.recv().await {
        let peer = request.peer;
        if !allowed.contain(&peer) {
            debug!(target: LOG_TARGET, "Refused {name} to {peer}: it is not on the list.");
            continue;
        }
        match handler.try_send(request) {
            Ok(()) => {},
            Err(error) if error.is_closed() => return,
            // The network drops requests for a full queue in the same way.
            Err(_) => {
                debug!(target: LOG_TARGET, "Refused {name} to {peer}: the queue is full.")
            },
        }
    }
}

#[async_trait]
impl<N: NetworkBackend<Block, Hash>> NetworkBackend<Block, Hash> for Capture<N> {
    type NotificationProtocolConfig = N::NotificationProtocolConfig;
    type RequestResponseProtocolConfig = Captured;
    type NetworkService<B, H> = N::NetworkService<B, H>;
    type PeerStore = N::PeerStore;

    fn new(_: Params<Block, Hash, Self>) -> Result<Self, Error> {
        Err(Error::Io(std::io::Error::other("a capture is not a network")))
    }

    fn network_service(&self) -> Arc<dyn NetworkService> {
        match self.0 {}
    }

    fn peer_store(bootnodes: Vec<PeerId>, registry: Option<Registry>) -> Self::PeerStore {
        N::peer_store(bootnodes, registry)
    }

    fn register_notification_metrics(registry: Option<&Registry>) -> NotificationMetrics {
        N::register_notification_metrics(registry)
    }

    fn notification_config(
        protocol_name: ProtocolName,
        fallback_names: Vec<ProtocolName>,
        max_notification_size: u64,
        handshake: Option<NotificationHandshake>,
        set_config: SetConfig,
        metrics: NotificationMetrics,
        peer_store: Arc<dyn PeerStoreProvider>,
    ) -> (Self::NotificationProtocolConfig, Box<dyn NotificationService>) {
        N::notification_config(
            protocol_name,
            fallback_names,
            max_notification_size,
            handshake,
            set_config,
            metrics,
            peer_store,
        )
    }

    fn request_response_config(
        name: ProtocolName,
        fallback_names: Vec<ProtocolName>,
        max_request_size: u64,
        max_response_size: u64,
        timeout: Duration,
        queue: Option<Sender<IncomingRequest>>,
    ) -> Captured {
        Captured { name, fallback_names, max_request_size, max_response_size, timeout, queue }
    }

    async fn run(mut self) {
        match self.0 {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::{channel::oneshot, executor::block_on};

    fn peer(seed: u8) -> PeerId {
        // A multihash: identity, 36 bytes, a protobuf with an Ed25519 key.
        let mut bytes = vec![0, 36, 8, 1, 18, 32];
        bytes.extend([seed; 32]);
        PeerId::from_bytes(&bytes).unwrap()
    }

    #[test]
    fn only_requests_of_currently_allowed_peers_are_passed_on() {
        let allowed = Arc::new(AllowedPeers::default());
        allowed.set([peer(1)].into());
        let (network, requests) = async_channel::bounded(8);
        let (handler, passed) = async_channel::bounded(8);
        let ask = |of: u8| {
            let (pending_response, answer) = oneshot::channel();
            let request = IncomingRequest { peer: peer(of), payload: vec![of], pending_response };
            network.try_send(request).unwrap();
            answer
        };
        let filtering = std::thread::spawn({
            let allowed = allowed.clone();
            move || block_on(filter("/sync".into(), requests, handler, allowed))
        });
        let (first, stranger) = (ask(1), ask(2));
        assert_eq!(block_on(passed.recv()).unwrap().payload, [1]);
        assert!(block_on(stranger).is_err(), "a dropped request is refused");
        drop(first);
        allowed.set([peer(2)].into());
        let (_second, removed) = (ask(2), ask(1));
        assert_eq!(block_on(passed.recv()).unwrap().payload, [2]);
        assert!(block_on(removed).is_err());
        drop(network);
        filtering.join().unwrap();
        assert!(passed.is_empty());
    }
}
