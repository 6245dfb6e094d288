// SPDX-License-Identifier: Apache-2.0

//! Submits extrinsics at the rate that the chain accepts, and measures the result.

use crate::{
    chain::{Node, Usage},
    error::Result,
    follow::{Block, Chain},
    gate::{Gate, Pressure},
    rpc::{hex_of, reason, Rpc},
    sign::{in_parallel, Account, Signing},
};
use frame_support::{dispatch::DispatchClass, Blake2_256, StorageHasher};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc, Mutex, MutexGuard,
    },
    time::Duration,
};
use tokio::{
    sync::Semaphore,
    task::{JoinHandle, JoinSet},
};
use twinchain_runtime::{
    configs::system::{RuntimeBlockLength, RuntimeBlockWeights},
    RuntimeCall, RuntimeEvent, SLOT_DURATION, VERSION,
};

/// Makes the call of a transaction, from the account's position among the senders and its nonce. No
/// two calls are the same.
pub type Make = Arc<dyn Fn(usize, u32) -> RuntimeCall + Send + Sync>;

/// The number of occurrences of each message.
pub type Counts = BTreeMap<String, u64>;

const STEP: Duration = Duration::from_millis(SLOT_DURATION / 30);
/// Extrinsics that wait for the node's response, for each connection.
const IN_FLIGHT: usize = 32;
/// Submissions of a rejected extrinsic before its account gives up.
const TRIES: u32 = 5;
const BEFORE_NEXT_TRY: Duration = Duration::from_millis(200);
/// Age at which an extrinsic is submitted again, in case the pool lost it: twice the wait when
/// three blocks' worth of extrinsics are in flight.
const OVERDUE: Duration = Duration::from_millis(6 * SLOT_DURATION);
/// Maximum number of extrinsics that are submitted again at a time.
const RESCUED: usize = 500;
/// Limit for one block, on a machine that also does other work.
pub const BLOCK_LIMIT: Duration = Duration::from_secs(60);
/// Limit for submitted extrinsics to become final.
const DRAIN_LIMIT: Duration = Duration::from_secs(90);

/// An account and the extrinsics that it sends, in the order of their nonces.
pub struct Stream {
    account: Account,
    position: usize,
    nonce: u32,
    ready: VecDeque<Vec<u8>>,
    /// Makes further calls when all presigned extrinsics are used up.
    more: Option<Make>,
}

impl Stream {
    fn next(&mut self, signing: &Signing, tally: &Tally) -> Option<Vec<u8>> {
        if let Some(ready) = self.ready.pop_front() {
            return Some(ready);
        }
        let call = self.more.as_ref()?(self.position, self.nonce);
        self.nonce += 1;
        tally.late.fetch_add(1, Ordering::Relaxed);
        Some(signing.sign(&self.account, self.nonce - 1, call))
    }
}

/// The problems on the way to the pool.
#[derive(Default)]
struct Tally {
    refused: Mutex<Counts>,
    late: AtomicU64,
    lost: AtomicU64,
}

impl Tally {
    fn refuse(&self, why: String) {
        *self.locked().entry(why).or_default() += 1;
    }

    fn refused(&self) -> Counts {
        self.locked().clone()
    }

    fn locked(&self) -> MutexGuard<'_, Counts> {
        self.refused.lock().expect("nothing panics while it holds the lock")
    }
}

/// The connections to a node, and the state of its chain.
pub struct Driver {
    /// The connections for extrinsics.
    pub sockets: Vec<Rpc>,
    /// The connection for queries.
    pub rpc: Rpc,
    /// The blocks seen so far.
    pub chain: Arc<Chain>,
    /// Signs extrinsics for this chain.
    pub signing: Signing,
}

/// The observations while extrinsics were sent. Some extrinsics are still in flight.
pub struct Observed {
    run: Run,
    /// The best block before the first extrinsic.
    begin: u32,
    /// The size of the database before the first extrinsic, in bytes.
    disk: u64,
    /// The blocks between which the figures are measured.
    first: Block,
    last: Block,
    /// The usage of the node and of this program at these blocks.
    usage: [(Usage, Usage); 2],
}

/// The plan of a measurement.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Seconds before the measurement begins.
    pub warm_up: u64,
    /// Minimum seconds of the measurement.
    pub seconds: u64,
    /// The number of extrinsics that may be in flight.
    pub pressure: Pressure,
}

/// The result of a measurement between two blocks.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// The slots between the two blocks: the elapsed time in the chain's count.
    pub slots: u64,
    /// The blocks, without the one at which the measurement began.
    pub blocks: u64,
    /// The extrinsics in them that this program submitted and that are final.
    pub extrinsics: u64,
    /// Seconds until each was in a block, sorted.
    pub to_inclusion: Vec<f64>,
    /// Seconds until each was final, sorted.
    pub to_finality: Vec<f64>,
    /// The average fraction used of a block's weight for ordinary transactions.
    pub weight_fill: f64,
    /// The average fraction used of a block's length for ordinary transactions.
    pub length_fill: f64,
    /// The node's processor use; 1 is one core.
    pub node_cpu: f64,
    /// This program's processor use; 1 is one core.
    pub own_cpu: f64,
    /// The node's memory at the end, and its peak, in bytes.
    pub memory: (u64, u64),
    /// The number of extrinsics that may be in flight, at the end.
    pub on_their_way: usize,
    /// The bytes by which the database grew on disk from the first extrinsic to the last, and the
    /// number of extrinsics in that time.
    pub disk: (i64, u64),
    /// Rejections by the pool, including the warm-up. Each attempt counts.
    pub refused: Counts,
    /// Extrinsics that the pool accepted but no longer had when they were overdue, or that no block
    /// included.
    pub lost: u64,
    /// Extrinsics in a block that failed.
    pub failed: Counts,
    /// Extrinsics that were signed during the measurement.
    pub late: u64,
}

impl Measured {
    /// Returns the time between the two blocks, in seconds.
    pub fn seconds(&self) -> f64 {
        (self.slots * SLOT_DURATION) as f64 / 1e3
    }

    /// Returns the extrinsics per second.
    pub fn rate(&self) -> f64 {
        self.extrinsics as f64 / self.seconds()
    }

    /// Returns the number of slots without a block.
    pub fn missed(&self) -> u64 {
        self.slots.saturating_sub(self.blocks)
    }
}

impl Driver {
    /// Connects to a node.
    pub async fn connect(url: &str, sockets: usize) -> Result<Self> {
        let rpc = Rpc::connect(url).await?;
        let version: serde_json::Value = rpc.call("state_getRuntimeVersion", [(); 0]).await?;
        if version["specVersion"] != VERSION.spec_version {
            let ours = VERSION.spec_version;
            return Err(format!("this program requires version {ours} of the runtime").into());
        }
        let mut all = Vec::new();
        for _ in 0..sockets {
            all.push(Rpc::connect(url).await?);
        }
        let chain = Chain::follow(Rpc::connect(url).await?).await?;
        let signing = Signing { genesis: rpc.block_hash(0).await? };
        Ok(Self { sockets: all, rpc, chain, signing })
    }

    /// Signs `each` extrinsics of every account.
    pub async fn prepare(
        &self,
        accounts: &[Account],
        make: &Make,
        each: usize,
    ) -> Result<Vec<Stream>> {
        let ids: Vec<_> = accounts.iter().map(|account| &account.id).collect();
        let nonces = self.rpc.nonces(&ids).await?;
        let jobs: Vec<_> = accounts.iter().zip(nonces).enumerate().collect();
        let signing = self.signing;
        Ok(tokio::task::block_in_place(|| {
            in_parallel(jobs, |(position, (account, first))| {
                let nonces = (first..).take(each);
                let sign = |nonce| signing.sign(account, nonce, make(position, nonce));
                let ready: VecDeque<_> = nonces.map(sign).collect();
                let nonce = first + ready.len() as u32;
                let more = Some(make.clone());
                Stream { account: account.clone(), position, nonce, ready, more }
            })
        }))
    }

    /// Sends each account's calls in order, and waits until all have succeeded.
    pub async fn send_all(&self, calls: Vec<(&Account, Vec<RuntimeCall>)>) -> Result<()> {
        let ids: Vec<_> = calls.iter().map(|(account, _)| &account.id).collect();
        let nonces = self.rpc.nonces(&ids).await?;
        let jobs: Vec<_> = calls.into_iter().zip(nonces).enumerate().collect();
        let signing = self.signing;
        let streams = tokio::task::block_in_place(|| {
            in_parallel(jobs, |(position, ((account, calls), nonce))| {
                let signed = calls.into_iter().zip(nonce..);
                let ready = signed.map(|(call, nonce)| signing.sign(account, nonce, call));
                let ready = ready.collect();
                Stream { account: account.clone(), position, nonce, ready, more: None }
            })
        });
        let first = self.best_number();
        let run = Run::start(self, streams, Pressure::Blocks(3));
        let (_, tally) = run.finish(self, true).await?;
        let failed = self.failures(&self.chain.blocks_from(first)).await?;
        let (refused, left) = (tally.refused(), self.chain.forget_all());
        if refused.is_empty() && failed.is_empty() && left == 0 {
            return Ok(());
        }
        Err(format!(
            "preparation failed: rejected {refused:?}, failed {failed:?}, {left} in no block"
        )
        .into())
    }

    fn best_number(&self) -> u32 {
        self.chain.best().map_or(0, |block| block.number)
    }

    /// Sends the streams' extrinsics for the planned time.
    pub async fn observe(
        &self,
        node: &Node,
        streams: Vec<Stream>,
        plan: &Plan,
    ) -> Result<Observed> {
        node.forget_peak();
        let begin = self.best_number();
        let disk = node.disk();
        let run = Run::start(self, streams, plan.pressure);
        tokio::time::sleep(Duration::from_secs(plan.warm_up)).await;
        let first = self.chain.next(BLOCK_LIMIT).await?;
        let before = (node.usage(), Usage::own());
        let slots = (plan.seconds * 1_000).div_ceil(SLOT_DURATION);
        let reached = || self.chain.best().is_some_and(|best| best.slot >= first.slot + slots);
        let limit = Duration::from_secs(plan.seconds) + BLOCK_LIMIT;
        if !self.chain.wait(limit, reached).await? {
            return Err("the node stopped making blocks".into());
        }
        let last = self.chain.best().ok_or("no block was seen")?;
        let usage = [before, (node.usage(), Usage::own())];
        Ok(Observed { run, begin, disk, first, last, usage })
    }

    /// Waits until all extrinsics are final, and returns the measurement.
    pub async fn evaluate(&self, node: &Node, observed: Observed) -> Result<Measured> {
        let Observed { run, begin, disk, first, last, usage: [before, after] } = observed;
        let (on_their_way, tally) = run.finish(self, false).await?;
        let lost = tally.lost.load(Ordering::Relaxed) + self.chain.forget_all();

        let all = self.chain.blocks_from(begin + 1);
        let within = |block: &&Block| first.number < block.number && block.number <= last.number;
        let blocks: Vec<_> = all.iter().filter(within).cloned().collect();
        let (weight_fill, length_fill) = self.fill(&blocks).await?;
        let since = |instant: fn(&Block) -> Option<std::time::Instant>| {
            let times = blocks.iter().flat_map(|block| {
                let until = instant(block);
                let time = move |from: &std::time::Instant| Some((until? - *from).as_secs_f64());
                block.submitted.iter().filter_map(time)
            });
            let mut times: Vec<_> = times.collect();
            times.sort_by(f64::total_cmp);
            times
        };
        let to_finality = since(|block| block.finalised);
        let time = (last.seen - first.seen).as_secs_f64();
        Ok(Measured {
            slots: last.slot - first.slot,
            blocks: u64::from(last.number - first.number),
            extrinsics: to_finality.len() as u64,
            to_inclusion: since(|block| Some(block.seen)),
            to_finality,
            weight_fill,
            length_fill,
            node_cpu: (after.0.cpu - before.0.cpu) / time,
            own_cpu: (after.1.cpu - before.1.cpu) / time,
            memory: (after.0.memory, after.0.peak),
            on_their_way,
            disk: (
                node.disk() as i64 - disk as i64,
                all.iter().map(|block| block.submitted.len() as u64).sum(),
            ),
            refused: tally.refused(),
            lost,
            failed: self.failures(&all).await?,
            late: tally.late.load(Ordering::Relaxed),
        })
    }

    /// Returns the average fill of blocks, by weight and by length, as fractions of the limits for
    /// ordinary transactions.
    async fn fill(&self, blocks: &[Block]) -> Result<(f64, f64)> {
        let weights = RuntimeBlockWeights::get();
        let most = weights.get(DispatchClass::Normal).max_total.unwrap_or(weights.max_block);
        let longest = *RuntimeBlockLength::get().max.get(DispatchClass::Normal);
        let (mut weight, mut length) = (0.0, 0.0);
        for block in blocks {
            let normal = *self.rpc.weight(block.hash).await?.get(DispatchClass::Normal);
            weight += normal.ref_time() as f64 / most.ref_time() as f64;
            length += block.bytes as f64 / f64::from(longest);
        }
        let count = blocks.len().max(1) as f64;
        Ok((weight / count, length / count))
    }

    /// Returns the extrinsics that failed in these blocks, by their error.
    async fn failures(&self, blocks: &[Block]) -> Result<Counts> {
        let mut failed = Counts::new();
        for block in blocks.iter().filter(|block| !block.submitted.is_empty()) {
            for record in self.rpc.events(block.hash).await? {
                let RuntimeEvent::System(frame_system::Event::ExtrinsicFailed {
                    dispatch_error,
                    ..
                }) = record.event
                else {
                    continue;
                };
                let error = <&'static str>::from(dispatch_error);
                *failed.entry(format!("{error}: {dispatch_error:?}")).or_default() += 1;
            }
        }
        Ok(failed)
    }
}

/// Running streams: one task for each, with one extrinsic at a time, to keep the order of the
/// nonces.
struct Run {
    gate: Arc<Gate>,
    tally: Arc<Tally>,
    tasks: JoinSet<()>,
    /// Background tasks until the run ends.
    aside: [JoinHandle<()>; 2],
}

impl Drop for Run {
    fn drop(&mut self) {
        self.aside.iter().for_each(JoinHandle::abort);
    }
}

/// A connection that takes a limited number of extrinsics at a time.
#[derive(Clone)]
struct Socket {
    rpc: Rpc,
    free: Arc<Semaphore>,
}

impl Run {
    fn start(driver: &Driver, streams: Vec<Stream>, pressure: Pressure) -> Self {
        let (gate, tally) = (Arc::new(Gate::new(pressure)), Arc::new(Tally::default()));
        driver.chain.open(Some(gate.clone()));
        let sockets = driver.sockets.iter();
        let sockets: Vec<_> = sockets
            .map(|rpc| Socket { rpc: rpc.clone(), free: Arc::new(Semaphore::new(IN_FLIGHT)) })
            .collect();
        let mut tasks = JoinSet::new();
        for stream in streams {
            let socket = sockets[stream.position % sockets.len()].clone();
            let (chain, signing) = (driver.chain.clone(), driver.signing);
            tasks.spawn(send(stream, socket, chain, signing, gate.clone(), tally.clone()));
        }
        let rescue = rescue(driver.rpc.clone(), driver.chain.clone(), tally.clone());
        let rescue = tokio::spawn(rescue);
        let paced = gate.clone();
        let pace = tokio::spawn(async move {
            let mut ticks = tokio::time::interval(STEP);
            loop {
                ticks.tick().await;
                paced.step();
            }
        });
        Self { gate, tally, tasks, aside: [pace, rescue] }
    }

    /// Stops the streams, or with `all` waits until they end. Then waits until every submitted
    /// extrinsic is final. Returns the number that could be in flight, and the problems.
    async fn finish(mut self, driver: &Driver, all: bool) -> Result<(usize, Arc<Tally>)> {
        let target = self.gate.target();
        if !all {
            self.gate.close();
        }
        while self.tasks.join_next().await.is_some() {}
        let chain = &driver.chain;
        chain.wait(DRAIN_LIMIT, || chain.outstanding() == 0).await?;
        chain.open(None);
        let last = driver.best_number();
        if !chain.wait(DRAIN_LIMIT, || chain.is_final(last)).await? {
            return Err(format!("block {last} did not become final").into());
        }
        Ok((target, self.tally.clone()))
    }
}

async fn send(
    mut stream: Stream,
    socket: Socket,
    chain: Arc<Chain>,
    signing: Signing,
    gate: Arc<Gate>,
    tally: Arc<Tally>,
) {
    while gate.enter().await {
        let Some(extrinsic) = stream.next(&signing, &tally) else {
            gate.leave();
            return;
        };
        if !submit(&extrinsic, &socket, &chain, &tally).await {
            gate.leave();
            return;
        }
    }
}

/// Submits again extrinsics that the pool lost, as a client does after a timeout. Otherwise all
/// later extrinsics of the account would wait forever.
async fn rescue(rpc: Rpc, chain: Arc<Chain>, tally: Arc<Tally>) {
    let mut ticks = tokio::time::interval(Duration::from_millis(SLOT_DURATION));
    loop {
        ticks.tick().await;
        for extrinsic in chain.overdue(OVERDUE, RESCUED) {
            // The pool rejects an extrinsic that it already has.
            if rpc.submit(&extrinsic).await.is_ok() {
                tally.lost.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

/// Submits one extrinsic. Returns `true` if the pool accepted it.
async fn submit(extrinsic: &[u8], socket: &Socket, chain: &Chain, tally: &Tally) -> bool {
    let hash = Blake2_256::hash(extrinsic);
    let hex = hex_of(extrinsic);
    for _ in 0..TRIES {
        // Nothing closes this semaphore.
        let _place = socket.free.acquire().await;
        // Registered first: the extrinsic can be in a block before the response arrives.
        chain.expect(hash, hex.clone());
        let Err(error) = socket.rpc.submit(&hex).await else { return true };
        chain.forget(&hash);
        tally.refuse(reason(&error));
        tokio::time::sleep(BEFORE_NEXT_TRY).await;
    }
    false
}

/// Returns the value that this fraction of the sorted values does not exceed, or 0 if there are
/// none.
pub fn percentile(sorted: &[f64], part: f64) -> f64 {
    let rank = (part * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.max(1) - 1).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_measured_values() {
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(percentile(&values, 0.5), 50.0);
        assert_eq!(percentile(&values, 0.95), 95.0);
        assert_eq!(percentile(&values, 1.0), 100.0);
        assert_eq!(percentile(&[3.0], 0.95), 3.0);
        assert_eq!(percentile(&[3.0, 4.0], 0.0), 3.0);
        assert_eq!(percentile(&[], 0.5), 0.0);
    }
}
