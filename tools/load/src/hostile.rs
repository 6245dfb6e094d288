// SPDX-License-Identifier: Apache-2.0

//! Floods: requests from a client that wants to disturb the chain.

use crate::{
    drive::{Counts, Driver},
    error::Result,
    rpc::{hex_of, reason, Rpc, PAGE},
    sign::{in_parallel, Account},
    workloads::remark,
};
use codec::{Compact, Encode};
use jsonrpsee_core::{
    client::{ClientT, Error},
    params::{ArrayParams, BatchRequestBuilder},
    rpc_params,
};
use serde::de::IgnoredAny;
use sp_core::{sr25519, H256};
use std::{
    sync::{
        atomic::{AtomicBool, AtomicU64, Ordering},
        Arc, Mutex,
    },
    time::{Duration, Instant},
};
use tokio::{
    runtime::{Builder, Runtime},
    task::JoinSet,
};
use twinchain_runtime::{signing::immortal, Address, RuntimeCall, Signature, UncheckedExtrinsic};

/// The names of the floods, in the order in which they run.
pub const NAMES: [&str; 11] = [
    "bad signatures",
    "unsigned",
    "no members",
    "no quota",
    "malformed",
    "oversized",
    "list keys",
    "call runtime",
    "read block",
    "batches",
    "connections",
];

/// Number of connections of a flood.
pub const SOCKETS: usize = 8;
/// Number of requests in flight for each connection.
pub const IN_FLIGHT: usize = 32;
/// Number of requests in flight for each connection if a request has megabytes.
const FEW_IN_FLIGHT: usize = 2;
/// Number of presigned extrinsics for each connection. They are sent in a loop.
const SIGNED: u32 = 2_000;
/// Number of requests in a batch.
const BATCH: usize = 50;
/// Number of connections that one task keeps open at a time.
const KEPT: usize = IN_FLIGHT;
/// The longest request that a node accepts, in bytes: `MAX_REQUEST_SIZE` in `node/src/cli.rs`.
const LONGEST_REQUEST: usize = 10 * 1024 * 1024;
/// Upper bound of a request's length besides the extrinsic, in bytes.
const REST: usize = 4_096;
/// The lowest priority of a thread; see nice(2).
#[cfg(target_os = "linux")]
const LOWEST: i32 = 19;
/// Delay before a flood connects again after its connection broke.
const BEFORE_NEXT_CONNECTION: Duration = Duration::from_millis(100);

/// Makes the request with a given number for a connection.
type Next = Arc<dyn Fn(usize, u64) -> Request + Send + Sync>;

enum Request {
    Submit(Arc<str>),
    Call(&'static str, ArrayParams),
    Batch(&'static str, ArrayParams),
}

/// Many requests of one kind.
pub struct Flood {
    /// Name of the flood.
    pub name: &'static str,
    /// Number of requests in flight for each connection.
    pub in_flight: usize,
    /// `None`: the flood only connects.
    next: Option<Next>,
}

/// A running flood.
pub struct Running {
    started: Instant,
    stop: Arc<AtomicBool>,
    tally: Arc<Tally>,
    /// One thread with the lowest priority. It represents a program on another machine, which would
    /// not take processor time from the node.
    runtime: Runtime,
}

#[derive(Default)]
struct Tally {
    answered: AtomicU64,
    answers: Mutex<Counts>,
}

impl Tally {
    fn count(&self, answer: String) {
        self.answered.fetch_add(1, Ordering::Relaxed);
        let mut answers = self.answers.lock().expect("nothing panics while it holds the lock");
        *answers.entry(answer).or_default() += 1;
    }
}

/// Returns all floods, in the order of `NAMES`.
pub fn all(driver: &Driver, members: &[Account], poor: &[Account]) -> Result<Vec<Flood>> {
    let strangers = Account::many("//Nobody//load", SOCKETS)?;
    let block = driver.chain.blocks_from(0).into_iter().max_by_key(|block| block.bytes);
    let block = block.ok_or("no block was seen")?.hash;
    let next: [Option<Next>; NAMES.len()] = [
        Some(bad_signatures(members)),
        Some(unsigned()),
        Some(signed(driver, &strangers)),
        Some(signed(driver, poor)),
        Some(malformed(driver, members)?),
        Some(oversized(driver, members)?),
        Some(keys()),
        Some(call()),
        Some(read(block)),
        Some(batches()),
        None,
    ];
    let flood = |(name, next)| {
        let in_flight = match name {
            "oversized" | "batches" => FEW_IN_FLIGHT,
            _ => IN_FLIGHT,
        };
        Flood { name, in_flight, next }
    };
    Ok(NAMES.into_iter().zip(next).map(flood).collect())
}

fn submit(extrinsic: &[u8]) -> Request {
    Request::Submit(hex_of(extrinsic))
}

/// Makes extrinsics of members with a signature that is well-formed but wrong.
fn bad_signatures(members: &[Account]) -> Next {
    let members = members.to_vec();
    Arc::new(move |socket, number| {
        let account = &members[socket % members.len()];
        let mut signature = [1; 64];
        signature[..8].copy_from_slice(&number.to_le_bytes());
        let signature = Signature::Sr25519(sr25519::Signature::from_raw(signature));
        let address = Address::Id(account.id.clone());
        let call = remark(socket, number as u32);
        submit(&UncheckedExtrinsic::new_signed(call, address, signature, immortal(0)).encode())
    })
}

fn unsigned() -> Next {
    Arc::new(|socket, number| {
        submit(&UncheckedExtrinsic::new_bare(remark(socket, number as u32)).encode())
    })
}

/// Makes correctly signed extrinsics of accounts that are not members, or whose quota is tiny.
fn signed(driver: &Driver, accounts: &[Account]) -> Next {
    let signing = driver.signing;
    let jobs: Vec<_> = accounts.iter().enumerate().collect();
    let signed = in_parallel(jobs, |(position, account)| {
        let one = |nonce| hex_of(&signing.sign(account, nonce, remark(position, nonce)));
        (0..SIGNED).map(one).collect::<Vec<_>>()
    });
    Arc::new(move |socket, number| {
        let mine = &signed[socket % signed.len()];
        Request::Submit(mine[number as usize % mine.len()].clone())
    })
}

/// Makes bytes that are not an extrinsic: the bytes of a call, a truncated extrinsic, one with
/// a false length, and one with deeply nested calls.
fn malformed(driver: &Driver, members: &[Account]) -> Result<Next> {
    let member = members.first().ok_or("there must be at least one member")?;
    let good = driver.signing.sign(member, 0, remark(0, 0));
    let mut lying = Compact(u32::MAX).encode();
    lying.extend(&good);
    let nested = hex_of(&nested(20_000));
    Ok(Arc::new(move |socket, number| match number % 4 {
        0 => submit(&remark(socket, number as u32).encode().repeat(2)),
        1 => submit(&good[..number as usize % good.len()]),
        2 => submit(&lying),
        _ => Request::Submit(nested.clone()),
    }))
}

/// Encodes a `Utility.batch` of one call, nested to this depth, without a signature.
fn nested(depth: usize) -> Vec<u8> {
    const BARE: u8 = 4;
    let batch = [&[20, 0][..], &Compact(1u32).encode()].concat();
    let mut body = vec![BARE];
    body.extend(batch.repeat(depth));
    body.extend(remark(0, 0).encode());
    [Compact(body.len() as u32).encode(), body].concat()
}

/// Makes extrinsics of a member with unlimited quota. As hex, they are nearly too long for a
/// request. On every second connection they are too long: the client then gives the connection up.
fn oversized(driver: &Driver, members: &[Account]) -> Result<Next> {
    let member = members.last().ok_or("there must be at least one member")?;
    let make = |length| {
        let remark = vec![7; length];
        let call = RuntimeCall::System(frame_system::Call::remark { remark });
        hex_of(&driver.signing.sign(member, 0, call))
    };
    let all = [LONGEST_REQUEST / 2 - REST, LONGEST_REQUEST / 2 + REST].map(make);
    Ok(Arc::new(move |socket, _| Request::Submit(all[socket % all.len()].clone())))
}

fn keys() -> Next {
    Arc::new(|_, _| Request::Call("state_getKeysPaged", first_keys()))
}

fn batches() -> Next {
    Arc::new(|_, _| Request::Batch("state_getKeysPaged", first_keys()))
}

fn first_keys() -> ArrayParams {
    rpc_params!["0x", PAGE, None::<String>]
}

fn call() -> Next {
    Arc::new(|_, _| Request::Call("state_call", rpc_params!["Metadata_metadata", "0x"]))
}

fn read(block: H256) -> Next {
    Arc::new(move |_, _| Request::Call("chain_getBlock", rpc_params![block]))
}

impl Flood {
    /// Starts the flood.
    pub fn start(&self, url: &str) -> Result<Running> {
        let (stop, tally) = (Arc::new(AtomicBool::new(false)), Arc::new(Tally::default()));
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .on_thread_start(lowest_priority)
            .enable_all()
            .build()?;
        for socket in 0..SOCKETS {
            let (url, stop, tally) = (url.to_string(), stop.clone(), tally.clone());
            match &self.next {
                Some(next) => {
                    let next = next.clone();
                    runtime.spawn(requests(url, socket, self.in_flight, next, stop, tally))
                },
                None => runtime.spawn(connections(url, stop, tally)),
            };
        }
        Ok(Running { started: Instant::now(), stop, tally, runtime })
    }
}

impl Running {
    /// Stops the flood. Returns the responses per second, and their number by content.
    pub fn stop(self) -> (f64, Counts) {
        self.stop.store(true, Ordering::Relaxed);
        let seconds = self.started.elapsed().as_secs_f64();
        let answered = self.tally.answered.load(Ordering::Relaxed) as f64;
        // Does not wait for outstanding responses.
        self.runtime.shutdown_background();
        let answers = self.tally.answers.lock().expect("nothing panics while it holds the lock");
        (answered / seconds, answers.clone())
    }
}

fn lowest_priority() {
    // On other systems this would change the priority of the whole program.
    #[cfg(target_os = "linux")]
    rustix::process::nice(LOWEST).expect("any process may lower its priority");
}

/// Sends requests through one connection, and opens another when the node closes it.
async fn requests(
    url: String,
    socket: usize,
    in_flight: usize,
    next: Next,
    stop: Arc<AtomicBool>,
    tally: Arc<Tally>,
) {
    let number = Arc::new(AtomicU64::new(0));
    while !stop.load(Ordering::Relaxed) {
        let rpc = match Rpc::connect(&url).await {
            Ok(rpc) => rpc,
            Err(error) => {
                tally.count(format!("no connection: {}", reason(&error)));
                tokio::time::sleep(BEFORE_NEXT_CONNECTION).await;
                continue;
            },
        };
        let mut senders = JoinSet::new();
        for _ in 0..in_flight {
            let (rpc, next, number) = (rpc.clone(), next.clone(), number.clone());
            let (stop, tally) = (stop.clone(), tally.clone());
            senders.spawn(async move {
                while !stop.load(Ordering::Relaxed) && rpc.client().is_connected() {
                    let request = next(socket, number.fetch_add(1, Ordering::Relaxed));
                    tally.count(answer(send(&rpc, request).await));
                }
            });
        }
        while senders.join_next().await.is_some() {}
    }
}

fn answer(result: std::result::Result<(), Error>) -> String {
    match result {
        Ok(()) => "ok".into(),
        Err(error) => reason(&error),
    }
}

async fn send(rpc: &Rpc, request: Request) -> std::result::Result<(), Error> {
    match request {
        Request::Submit(extrinsic) => rpc.submit(&extrinsic).await.map(|_| ()),
        Request::Call(method, params) => {
            rpc.client().request::<IgnoredAny, _>(method, params).await.map(|_| ())
        },
        Request::Batch(method, params) => {
            let mut batch = BatchRequestBuilder::new();
            for _ in 0..BATCH {
                batch.insert(method, params.clone())?;
            }
            rpc.client().batch_request::<IgnoredAny>(batch).await.map(|_| ())
        },
    }
}

/// Connects repeatedly, and keeps some connections open for a while.
async fn connections(url: String, stop: Arc<AtomicBool>, tally: Arc<Tally>) {
    let mut kept = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        match Rpc::connect(&url).await {
            Ok(rpc) => {
                tally.count("ok".into());
                kept.push(rpc);
            },
            Err(error) => tally.count(reason(&error)),
        }
        if kept.len() == KEPT {
            kept.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Decode;

    #[test]
    fn nested_batches_decode_as_a_call() {
        let bytes = nested(3);
        let extrinsic = UncheckedExtrinsic::decode(&mut &bytes[..]).unwrap();
        let RuntimeCall::Utility(call) = &extrinsic.function else { panic!("{extrinsic:?}") };
        assert_eq!(format!("{call:?}").matches("batch").count(), 3);
    }

    #[test]
    fn a_bad_signature_is_well_formed() {
        let members = Account::many("//Alice//load", 2).unwrap();
        let Request::Submit(hex) = bad_signatures(&members)(1, 5) else { panic!("it submits") };
        let bytes = hex::decode(&hex[2..]).unwrap();
        let extrinsic = UncheckedExtrinsic::decode(&mut &bytes[..]).unwrap();
        assert_eq!(extrinsic.function, remark(1, 5));
    }
}
