// SPDX-License-Identifier: Apache-2.0

//! Tests the requests of foreign peers, on both network backends: a node refuses those of a peer
//! that is not on the chain's list, and serves those of a listed peer that needs them to follow the
//! chain.

use futures::{FutureExt, StreamExt};
use litep2p::{
    config::ConfigBuilder,
    crypto::ed25519::{Keypair, SecretKey},
    protocol::request_response::{
        ConfigBuilder as ProtocolBuilder, DialOptions, RequestResponseEvent, RequestResponseHandle,
    },
    types::multiaddr::Multiaddr,
    Litep2p, Litep2pEvent, PeerId,
};
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const NODE: &str = env!("CARGO_BIN_EXE_twinchain-node");
const PATIENCE: Duration = Duration::from_secs(120);

/// The secret keys of Alice's and Bob's nodes, which are on the list of the chain `local`, and of a
/// stranger's.
const ALICE: u8 = 1;
const BOB: u8 = 2;
const STRANGER: u8 = 99;

fn secret(of: u8) -> [u8; 32] {
    let mut secret = [0; 32];
    secret[31] = of;
    secret
}

/// A node that runs until it is dropped.
struct Node {
    child: Child,
    address: Multiaddr,
    _base: tempfile::TempDir,
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Node {
    fn start(backend: &str) -> Self {
        let base = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let listen = format!("/ip4/127.0.0.1/tcp/{port}");
        let mut child = Command::new(NODE)
            .args(["--chain", "local", "--alice", "--network-backend", backend])
            .args(["--node-key", &secret(ALICE).map(|byte| format!("{byte:02x}")).concat()])
            .args(["--listen-addr", &listen, "--rpc-port", "0"])
            .args(["--no-prometheus", "--no-telemetry", "--no-mdns", "--base-path"])
            .arg(base.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let begin = Instant::now();
        let mut line = String::new();
        while !line.contains("Running JSON-RPC server") {
            line.clear();
            assert!(log.read_line(&mut line).unwrap() > 0, "the node ended");
            assert!(begin.elapsed() < PATIENCE, "the node does not start");
        }
        // The node would block if the log were not read.
        std::thread::spawn(move || std::io::copy(&mut log.by_ref(), &mut std::io::sink()));
        Self { child, address: listen.parse().unwrap(), _base: base }
    }
}

/// Returns the hash of the genesis block of the chain `local`.
fn genesis() -> [u8; 32] {
    let output = Command::new(NODE).args(["genesis-hash", "--chain", "local"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let digits = text.trim().trim_start_matches("0x");
    assert_eq!(digits.len(), 64, "{text} {}", String::from_utf8_lossy(&output.stderr));
    let byte = |at: usize| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).unwrap();
    std::array::from_fn(byte)
}

/// Returns a field of a Protocol Buffers message: bytes with their length.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let length = u8::try_from(bytes.len()).unwrap();
    assert!(length < 128);
    [&[number << 3 | 2, length], bytes].concat()
}

/// Returns the protocols, each with a request that a listed peer gets a response to.
fn requests(genesis: &[u8; 32]) -> BTreeMap<&'static str, Vec<u8>> {
    // Requests one header, of the genesis block. The attribute for headers is in the highest byte.
    let headers = [vec![1 << 3, 0x80, 0x80, 0x80, 0x08], field(3, &[0; 4]), vec![6 << 3, 1]];
    let state = [field(1, genesis), vec![3 << 3, 1]];
    let call = [field(2, genesis), field(3, b"Core_version"), field(4, b"")].concat();
    BTreeMap::from([
        ("sync/2", headers.concat()),
        ("state/2", state.concat()),
        ("sync/warp", genesis.to_vec()),
        ("light/2", field(1, &call)),
    ])
}

/// Sends a node the requests of all protocols. Returns the responses, `None` if refused.
async fn ask(node: &Node, genesis: &[u8; 32], of: u8) -> BTreeMap<&'static str, Option<Vec<u8>>> {
    let requests = requests(genesis);
    let hash: String = genesis.iter().map(|byte| format!("{byte:02x}")).collect();
    let key = Keypair::from(SecretKey::try_from_bytes(&mut secret(of)).unwrap());
    let mut config = ConfigBuilder::new().with_keypair(key).with_tcp(Default::default());
    let mut handles: Vec<(&str, RequestResponseHandle)> = Vec::new();
    for name in requests.keys() {
        let protocol = ProtocolBuilder::new(format!("/{hash}/{name}").into())
            .with_max_size(16 * 1024 * 1024)
            .with_timeout(Duration::from_secs(20))
            .build();
        config = config.with_request_response_protocol(protocol.0);
        handles.push((name, protocol.1));
    }
    let mut peer = Litep2p::new(config.build()).unwrap();
    let secret_of_node = SecretKey::try_from_bytes(&mut secret(ALICE)).unwrap();
    let id = PeerId::from_public_key(&Keypair::from(secret_of_node).public().into());
    let address = format!("{}/p2p/{id}", node.address).parse().unwrap();
    peer.dial_address(address).await.unwrap();
    while !matches!(peer.next_event().await.unwrap(), Litep2pEvent::ConnectionEstablished { .. }) {}
    let mut answers = BTreeMap::new();
    for (name, handle) in &mut handles {
        let request = requests[*name].clone();
        handle.send_request(id, request, DialOptions::Reject).await.unwrap();
        let answer = loop {
            let event = futures::select! {
                event = handle.next().fuse() => event.unwrap(),
                _ = peer.next_event().fuse() => continue,
            };
            match event {
                RequestResponseEvent::ResponseReceived { response, .. } => break Some(response),
                RequestResponseEvent::RequestFailed { .. } => break None,
                RequestResponseEvent::RequestReceived { .. } => {},
            }
        };
        answers.insert(*name, answer);
    }
    answers
}

fn check_that_only_listed_peers_are_served(backend: &str) {
    let (node, genesis) = (Node::start(backend), genesis());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let within = |answers| tokio::time::timeout(PATIENCE, answers);
        let listed = within(ask(&node, &genesis, BOB)).await.unwrap();
        for name in ["sync/2", "state/2", "sync/warp"] {
            let answer = listed[name].as_ref();
            assert!(answer.is_some_and(|answer| !answer.is_empty()), "{backend}: {name} for Bob");
        }
        let stranger = within(ask(&node, &genesis, STRANGER)).await.unwrap();
        for name in ["sync/2", "state/2", "sync/warp"] {
            assert_eq!(stranger[name], None, "{backend}: {name} for a stranger");
        }
        // The SDK's handler responds to every peer, with an empty proof.
        let nothing = [0x0a, 0x00];
        for (who, answers) in [("Bob", &listed), ("a stranger", &stranger)] {
            let answer = answers["light/2"].clone().unwrap_or_default();
            assert!(
                answer.is_empty() || answer == nothing,
                "{backend}: light/2 for {who}: {answer:?}"
            );
        }
    });
}

#[test]
fn litep2p_node_serves_only_listed_peers() {
    check_that_only_listed_peers_are_served("litep2p");
}

#[test]
fn libp2p_node_serves_only_listed_peers() {
    check_that_only_listed_peers_are_served("libp2p");
}
