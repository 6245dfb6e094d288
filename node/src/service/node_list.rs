// SPDX-License-Identifier: Apache-2.0

//! Restricts this node's peers to those on the chain's list.
//!
//! The network accepts only reserved peers from the start. After every final block, this task reads
//! the chain's list, and adds and removes reserved peers by the difference to the previous list. It
//! adds and removes them one by one: replacing the set, or switching between reserved and all
//! peers, makes the litep2p backend forget which peers are connected.
//!
//! Besides listed peers, these may connect:
//!
//! - Always: the peers given with `--reserved-nodes`. The operator decides for their own node.
//! - The boot nodes, until the node has caught up once. A newcomer knows only the list of the
//!   genesis, or of the time when it was stopped, so without boot nodes it might find no peer.
//!
//! An empty list changes nothing. A node that obeyed it would cut itself off from all others, and
//! no block that fills the list again could become final.

use super::{
    peer_requests::AllowedPeers,
    types::{slot_of, FullClient},
};
use futures::{
    future::{self, Either},
    FutureExt, StreamExt,
};
use futures_timer::Delay;
use log::{error, info, warn};
use pallet_consortium::runtime_api::ConsortiumApi;
use sc_client_api::BlockchainEvents;
use sc_network::{
    config::MultiaddrWithPeerId,
    multiaddr::Protocol,
    service::traits::{NetworkPeers, NetworkService},
    types::ProtocolName,
    Multiaddr, PeerId,
};
use sc_service::Configuration;
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use sp_consensus_aura::SlotDuration;
use sp_runtime::traits::Header as _;
use std::{
    collections::BTreeSet,
    fs,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use substrate_prometheus_endpoint::{register, Counter, Gauge, PrometheusError, Registry, U64};
use twinchain_runtime::{
    opaque::{Block, Header},
    AccountId, Hash,
};

/// Maximum age of the last final block of a node that has caught up.
const CAUGHT_UP: Duration = Duration::from_secs(600);

/// Interval at which a node checks its state when it receives no final blocks.
const LOOK: Duration = Duration::from_secs(30);

/// Time without a new final block after which a node is not considered to be catching up.
const STANDS: Duration = Duration::from_secs(120);

/// Interval at which the warning is repeated that other nodes do not communicate with this one.
const REPEAT: Duration = Duration::from_secs(600);

const LOG_TARGET: &str = "node-list";

/// A set of peers, ordered so that log lines are comparable.
type Peers = BTreeSet<PeerId>;

/// The peers that may connect, by reason.
struct Allowed {
    /// This node's peer id.
    ours: PeerId,
    /// The peers that the operator allowed. The network already has them as reserved peers.
    always: Peers,
    /// The boot nodes that help a newcomer, until it has caught up.
    boot: Peers,
    /// The chain's latest list.
    listed: Peers,
    /// Peers that were removed from the list. They do not count as boot nodes.
    removed: Peers,
    /// The reserved peers that were set in the network, without `always`.
    applied: Peers,
}

/// The changes to apply to the network.
#[derive(Debug, PartialEq)]
struct Difference {
    added: Vec<PeerId>,
    removed: Vec<PeerId>,
}

impl Allowed {
    fn new(ours: PeerId, always: Peers, boot: Peers) -> Self {
        let (listed, removed, applied) = (Peers::new(), Peers::new(), Peers::new());
        Self { ours, always, boot, listed, removed, applied }
    }

    /// Excludes the peers that were removed before this node started.
    fn without(mut self, removed: Peers) -> Self {
        self.boot.retain(|peer| !removed.contains(peer));
        self.removed = removed;
        self
    }

    /// Applies a new list. Returns the changes for the network.
    fn update(&mut self, listed: Peers, caught_up: bool) -> Difference {
        if !listed.is_empty() {
            let gone = self.listed.difference(&listed).copied().collect::<Peers>();
            self.removed.extend(gone);
            self.removed.retain(|peer| !listed.contains(peer));
            let removed = &self.removed;
            self.boot.retain(|peer| !removed.contains(peer));
            self.listed = listed;
        }
        // Without a list, a node has only the boot nodes.
        if caught_up && !self.listed.is_empty() {
            self.boot.clear();
        }
        let wanted: Peers = self
            .listed
            .union(&self.boot)
            .filter(|peer| **peer != self.ours && !self.always.contains(*peer))
            .copied()
            .collect();
        let added = wanted.difference(&self.applied).copied().collect();
        let removed = self.applied.difference(&wanted).copied().collect();
        self.applied = wanted;
        Difference { added, removed }
    }

    /// Returns the peers whose requests are served.
    fn answered(&self) -> Peers {
        self.applied.union(&self.always).copied().collect()
    }

    /// Returns `true` if this node is on the list, so that others accept it.
    fn is_listed(&self) -> bool {
        self.listed.contains(&self.ours)
    }
}

/// The metrics for Prometheus.
struct Metrics {
    listed: Gauge<U64>,
    allowed: Gauge<U64>,
    this_node_listed: Gauge<U64>,
    added: Counter<U64>,
    removed: Counter<U64>,
}

impl Metrics {
    fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        let gauge = |name: &str, help: &str| register(Gauge::new(name, help)?, registry);
        let counter = |name: &str, help: &str| register(Counter::new(name, help)?, registry);
        Ok(Self {
            listed: gauge("twinchain_nodes_listed", "Nodes on the chain's list")?,
            allowed: gauge("twinchain_peers_allowed", "Peers that this node may communicate with")?,
            this_node_listed: gauge(
                "twinchain_this_node_listed",
                "1 if this node is on the chain's list, so that others communicate with it",
            )?,
            added: counter("twinchain_peers_added_total", "Peers allowed since the start")?,
            removed: counter("twinchain_peers_removed_total", "Peers removed since the start")?,
        })
    }
}

/// The peers that are allowed before the network starts.
pub struct Start {
    client: Arc<FullClient>,
    /// The peers that the operator reserved.
    operator: Peers,
    /// The boot nodes.
    boot: Peers,
    /// The file of the peers that were removed before.
    removed: Removed,
    /// The peers whose requests are served.
    answered: Arc<AllowedPeers>,
}

/// The file of the peers that were removed from the list, one per line. Without it, a node that
/// restarts while finality is stalled would admit a removed boot node, because it cannot know
/// whether its list is current.
struct Removed(PathBuf);

impl Removed {
    fn read(&self) -> Peers {
        let text = fs::read_to_string(&self.0).unwrap_or_default();
        text.lines().filter_map(|line| line.parse().ok()).collect()
    }

    fn write(&self, peers: &Peers) {
        let text: String = peers.iter().map(|peer| format!("{peer}\n")).collect();
        let draft = self.0.with_extension("new");
        let written = fs::write(&draft, text).and_then(|()| fs::rename(&draft, &self.0));
        if let Err(error) = written {
            warn!(target: LOG_TARGET, "Cannot write {}: {error}", self.0.display());
        }
    }
}

impl Start {
    /// Allows the peers on the list of the last final block, so that their first requests are
    /// served.
    pub fn new(
        config: &Configuration,
        client: Arc<FullClient>,
        answered: Arc<AllowedPeers>,
    ) -> Self {
        let ids = |addresses: &[MultiaddrWithPeerId]| {
            addresses.iter().map(|address| address.peer_id).collect::<Peers>()
        };
        let operator = ids(&config.network.default_peers_set.reserved_nodes);
        let boot = ids(&config.network.boot_nodes);
        let folder = config.base_path.config_dir(config.chain_spec.id());
        let removed = Removed(folder.join("removed-peers"));
        let start = Self { client, operator, boot, removed, answered };
        // A node that has yet to warp has no state to read.
        let listed = read(&start.client, start.client.info().finalized_hash);
        let listed = listed.map(|(_, listed)| listed).unwrap_or_default();
        start.answered.set(start.allowed(&listed));
        start
    }

    fn allowed(&self, listed: &Peers) -> Peers {
        let removed = self.removed.read();
        let boot = self.boot.difference(&removed);
        self.operator.iter().chain(boot).chain(listed).copied().collect()
    }
}

/// Keeps the reserved peers in line with the chain's list.
pub struct NodeList {
    /// The peers that are allowed before the first list.
    pub start: Start,
    pub network: Arc<dyn NetworkService>,
    pub sync: Arc<sc_network_sync::SyncingService<Block>>,
    /// The protocol whose peers are restricted. All others follow it.
    pub protocol: ProtocolName,
    pub slot_duration: SlotDuration,
    pub prometheus: Option<Registry>,
}

impl NodeList {
    /// Runs until the stream of final blocks ends.
    pub async fn run(self) {
        let metrics = self.prometheus.as_ref().and_then(|registry| {
            Metrics::register(registry)
                .inspect_err(
                    |error| warn!(target: LOG_TARGET, "Cannot register the metrics: {error}"),
                )
                .ok()
        });
        let ours = self.network.local_peer_id();
        let client = &self.start.client;
        let (operator, boot) = (self.start.operator.clone(), self.start.boot.clone());
        let removed = self.start.removed.read();
        let mut allowed = Allowed::new(ours, operator, boot).without(removed);
        let mut standing = Standing::new(Instant::now());
        let mut was_unreadable = false;
        let mut next_count = Instant::now().checked_add(STANDS);
        let mut finalised = client.finality_notification_stream();
        let mut block = client.info().finalized_hash;
        loop {
            match read(client, block) {
                Ok((header, listed)) => {
                    was_unreadable = false;
                    let empty = listed.is_empty();
                    let before = allowed.removed.clone();
                    let difference = allowed.update(listed, self.caught_up(&header));
                    if allowed.removed != before {
                        self.start.removed.write(&allowed.removed);
                    }
                    self.start.answered.set(allowed.answered());
                    self.apply(*header.number(), &allowed, &difference);
                    let state = State {
                        is_listed: allowed.is_listed() || allowed.listed.is_empty(),
                        has_caught_up: self.caught_up(&header),
                        number: *header.number(),
                    };
                    standing.say(state, Instant::now(), allowed.ours);
                    if let Some(metrics) = &metrics {
                        metrics.listed.set(if empty { 0 } else { allowed.listed.len() as u64 });
                        metrics.allowed.set((allowed.applied.len() + allowed.always.len()) as u64);
                        metrics.this_node_listed.set((!standing.is_bad()).into());
                        metrics.added.inc_by(difference.added.len() as u64);
                        metrics.removed.inc_by(difference.removed.len() as u64);
                    }
                },
                // A node has no state until its warp sync has finished.
                Err(error) if !was_unreadable => {
                    was_unreadable = true;
                    warn!(
                        target: LOG_TARGET,
                        "Cannot read the list of nodes at {block}, so it stays unchanged: {error}"
                    );
                },
                Err(_) => {},
            }
            if next_count.is_some_and(|next| Instant::now() >= next) {
                next_count = Instant::now().checked_add(REPEAT);
                self.say_who_is_missing(&allowed).await;
            }
            // Without peers no block arrives, but the warning must be repeated.
            let next = future::select(finalised.next(), Delay::new(LOOK)).await;
            let Either::Left((next, _)) = next else { continue };
            let Some(mut newest) = next else { return };
            // While many blocks arrive, only the newest list counts.
            while let Some(Some(newer)) = finalised.next().now_or_never() {
                newest = newer;
            }
            block = newest.hash;
        }
    }

    /// Logs the listed peers that are not connected.
    async fn say_who_is_missing(&self, allowed: &Allowed) {
        let Ok(connected) = self.sync.peers_info().await else { return };
        let connected: Peers = connected.into_iter().map(|(peer, _)| peer).collect();
        let wanted = allowed.listed.iter().filter(|peer| **peer != allowed.ours);
        let missing: Vec<PeerId> =
            wanted.filter(|peer| !connected.contains(peer)).copied().collect();
        if !missing.is_empty() {
            warn!(
                target: LOG_TARGET,
                "🪪 {} of {} listed peers are not connected: {}. They are offline, unreachable, or \
                 on another chain.",
                missing.len(),
                allowed.listed.len(),
                names(&missing),
            );
        }
    }

    /// Returns `true` if a final block is so recent that its list is current.
    fn caught_up(&self, header: &Header) -> bool {
        let Some(time) = slot_of(header).and_then(|slot| slot.timestamp(self.slot_duration)) else {
            return false;
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        now.saturating_sub(time.as_duration()) <= CAUGHT_UP
    }

    /// Applies the changes to the network, and logs them.
    fn apply(&self, number: u32, allowed: &Allowed, difference: &Difference) {
        if difference.added.is_empty() && difference.removed.is_empty() {
            return;
        }
        // Listed peers do not use the slots that `--in-peers` limits.
        self.sync.set_no_slot_peers(allowed.applied.iter().copied().collect());
        for peer in &difference.added {
            let address = Multiaddr::empty().with(Protocol::P2p((*peer).into()));
            let added =
                self.network.add_peers_to_reserved_set(self.protocol.clone(), [address].into());
            if let Err(error) = added {
                error!(target: LOG_TARGET, "Cannot add {peer}: {error}");
            }
        }
        for peer in &difference.removed {
            self.network.remove_reserved_peer(*peer);
            // litep2p keeps it as an ordinary peer while slots are free, although it accepts none.
            self.network.disconnect_peer(*peer, self.protocol.clone());
        }
        info!(
            target: LOG_TARGET,
            "🪪 Peers allowed at #{number}: {} (listed {}); added: {}; removed: {}",
            allowed.applied.len() + allowed.always.len(),
            allowed.listed.len(),
            names(&difference.added),
            names(&difference.removed),
        );
    }
}

/// The status of this node in a final block.
#[derive(Clone, Copy)]
struct State {
    /// Whether this node is on the list, or the list is empty.
    is_listed: bool,
    /// Whether the block is so recent that the list is current.
    has_caught_up: bool,
    number: u32,
}

/// The last log message about this node's place on the list.
struct Standing {
    number: Option<u32>,
    /// The time of the last change of the last final block.
    since: Instant,
    said: Option<Saying>,
    /// The time of the last message.
    at: Instant,
}

/// A message about this node's place on the list.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Saying {
    Listed,
    /// Not on an old list, but catching up with newer ones.
    CatchingUp,
    NotListed,
}

impl Standing {
    fn new(now: Instant) -> Self {
        Self { number: None, since: now, said: None, at: now }
    }

    /// Returns the message to log now, if any.
    fn update(&mut self, state: State, now: Instant) -> Option<Saying> {
        if self.number.replace(state.number) != Some(state.number) {
            self.since = now;
        }
        let stands = now.saturating_duration_since(self.since) >= STANDS;
        let saying = match state {
            State { is_listed: true, .. } => Saying::Listed,
            State { has_caught_up: true, .. } => Saying::NotListed,
            _ if stands => Saying::NotListed,
            _ => Saying::CatchingUp,
        };
        let is_again =
            saying == Saying::NotListed && now.saturating_duration_since(self.at) >= REPEAT;
        if self.said == Some(saying) && !is_again {
            return None;
        }
        self.said = Some(saying);
        self.at = now;
        Some(saying)
    }

    /// Returns `true` if this node is not on the list, as far as it knows.
    fn is_bad(&self) -> bool {
        self.said == Some(Saying::NotListed)
    }

    /// Logs the message, if one is due.
    fn say(&mut self, state: State, now: Instant, ours: PeerId) {
        let number = state.number;
        match self.update(state, now) {
            None => {},
            Some(Saying::Listed) => {
                info!(target: LOG_TARGET, "🪪 This node is on the list at #{number}");
            },
            Some(Saying::CatchingUp) => info!(
                target: LOG_TARGET,
                "🪪 This node, {ours}, is not on the list at #{number}. That list is old: the node \
                 is catching up."
            ),
            Some(Saying::NotListed) => warn!(
                target: LOG_TARGET,
                "🪪 This node, {ours}, is not on the list at #{number}: other nodes do not \
                 communicate with it. An administrator of its organisation can add it with \
                 consortium.addNode."
            ),
        }
    }
}

/// Returns the peers in one line, with at most five names.
fn names(peers: &[PeerId]) -> String {
    const SHOWN: usize = 5;
    if peers.is_empty() {
        return "none".into();
    }
    let shown: Vec<String> = peers.iter().take(SHOWN).map(ToString::to_string).collect();
    let more = peers.len().saturating_sub(SHOWN);
    if more == 0 {
        shown.join(", ")
    } else {
        format!("{} and {more} more", shown.join(", "))
    }
}

/// Returns the header of a block, and the list in its state.
fn read(client: &FullClient, block: Hash) -> Result<(Header, Peers), String> {
    let header =
        client.header(block).map_err(|error| error.to_string())?.ok_or("the block is unknown")?;
    let api = client.runtime_api();
    let listed = ConsortiumApi::<Block, AccountId>::nodes(&*api, block)
        .map_err(|error| error.to_string())?;
    let peer = |bytes: pallet_consortium::PeerId| {
        PeerId::from_bytes(&bytes)
            .inspect_err(|error| error!(target: LOG_TARGET, "Invalid peer id: {error}: {bytes:?}"))
            .ok()
    };
    Ok((header, listed.into_iter().filter_map(peer).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peers(seeds: &[u8]) -> Peers {
        seeds.iter().map(|seed| peer(*seed)).collect()
    }

    fn peer(seed: u8) -> PeerId {
        // A multihash: identity, 36 bytes, a protobuf with an Ed25519 key.
        let mut bytes = vec![0, 36, 8, 1, 18, 32];
        bytes.extend([seed; 32]);
        PeerId::from_bytes(&bytes).unwrap()
    }

    fn difference(added: &[u8], removed: &[u8]) -> Difference {
        Difference {
            added: peers(added).into_iter().collect(),
            removed: peers(removed).into_iter().collect(),
        }
    }

    fn allowed() -> Allowed {
        Allowed::new(peer(1), peers(&[2]), peers(&[3, 4]))
    }

    #[test]
    fn newcomer_talks_to_boot_nodes_and_its_old_list() {
        let mut allowed = allowed();
        assert_eq!(allowed.update(peers(&[5]), false), difference(&[3, 4, 5], &[]));
        assert!(!allowed.is_listed());
    }

    #[test]
    fn unlisted_boot_nodes_are_dropped_after_catching_up() {
        let mut allowed = allowed();
        allowed.update(peers(&[1, 3]), false);
        assert_eq!(allowed.answered(), peers(&[2, 3, 4]));
        assert_eq!(allowed.update(peers(&[1, 3]), true), difference(&[], &[4]));
        assert_eq!(allowed.update(peers(&[1, 3]), false), difference(&[], &[]));
        assert!(allowed.is_listed());
    }

    #[test]
    fn removed_peer_stays_excluded_after_a_restart() {
        let mut before = allowed();
        before.update(peers(&[1, 3, 5]), false);
        before.update(peers(&[1, 5]), false);
        assert_eq!(before.removed, peers(&[3]));
        let folder = tempfile::tempdir().unwrap();
        let file = Removed(folder.path().join("removed-peers"));
        assert_eq!(file.read(), Peers::new());
        file.write(&before.removed);
        // Boot node 4 was never on the list, and still helps.
        let mut after = allowed().without(file.read());
        assert_eq!(after.update(peers(&[1, 5]), false), difference(&[4, 5], &[]));
        // A removed peer returns with a new list.
        assert_eq!(after.update(peers(&[1, 3, 5]), false), difference(&[3], &[]));
        assert_eq!(after.removed, Peers::new());
    }

    #[test]
    fn only_the_difference_is_applied() {
        let mut allowed = allowed();
        allowed.update(peers(&[5, 6]), true);
        assert_eq!(allowed.update(peers(&[6, 7]), true), difference(&[7], &[5]));
        assert_eq!(allowed.update(peers(&[6, 7]), true), difference(&[], &[]));
    }

    #[test]
    fn this_node_and_reserved_peers_are_unchanged() {
        let mut allowed = allowed();
        assert_eq!(allowed.update(peers(&[1, 2, 5]), true), difference(&[5], &[]));
        assert_eq!(allowed.update(peers(&[6]), true), difference(&[6], &[5]));
        assert!(!allowed.is_listed());
    }

    #[test]
    fn empty_list_changes_nothing() {
        let mut allowed = allowed();
        assert_eq!(allowed.update(Peers::new(), true), difference(&[3, 4], &[]));
        allowed.update(peers(&[1, 5]), true);
        assert_eq!(allowed.update(Peers::new(), true), difference(&[], &[]));
        assert!(allowed.is_listed());
    }

    #[test]
    fn only_a_node_that_stays_unlisted_warns_repeatedly() {
        let begin = Instant::now();
        let at = |seconds| begin.checked_add(Duration::from_secs(seconds)).unwrap();
        let old = |number| State { is_listed: false, has_caught_up: false, number };
        let mut newcomer = Standing::new(begin);
        assert_eq!(newcomer.update(old(0), at(0)), Some(Saying::CatchingUp));
        assert_eq!(newcomer.update(old(1_000), at(100)), None);
        assert!(!newcomer.is_bad());
        let listed = State { is_listed: true, ..old(2_000) };
        assert_eq!(newcomer.update(listed, at(200)), Some(Saying::Listed));
        let removed = State { has_caught_up: true, ..old(3_000) };
        assert_eq!(newcomer.update(removed, at(300)), Some(Saying::NotListed));
        // A node without peers sees no new final block.
        let mut stranger = Standing::new(begin);
        assert_eq!(stranger.update(old(0), at(0)), Some(Saying::CatchingUp));
        assert_eq!(stranger.update(old(0), at(90)), None);
        assert_eq!(stranger.update(old(0), at(120)), Some(Saying::NotListed));
        assert!(stranger.is_bad());
        assert_eq!(stranger.update(old(0), at(700)), None);
        assert_eq!(stranger.update(old(0), at(720)), Some(Saying::NotListed));
    }

    #[test]
    fn long_list_is_shortened_in_the_log() {
        let many: Vec<PeerId> = peers(&[1, 2, 3, 4, 5, 6, 7]).into_iter().collect();
        assert_eq!(names(&[]), "none");
        assert_eq!(names(&many[..2]), format!("{}, {}", many[0], many[1]));
        assert!(names(&many).ends_with("and 2 more"));
    }
}
