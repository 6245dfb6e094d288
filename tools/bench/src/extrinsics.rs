// SPDX-License-Identifier: Apache-2.0

//! Measures extrinsics in the WebAssembly runtime as a node executes them, with the signature
//! check, but with the state in memory. Reports figures without judging them.
//!
//! The column `of weight` compares the time with the weight charged after the refund, without the
//! database's share, which does not apply in memory.

use crate::{
    chain::{genesis_storage, inherent_data, slot_digest, Executor},
    error::Result,
    hostile_texts::{dear_schema, digits, MAX_COST},
    report::Summary,
    state::{on_containers, OWNER},
};
use codec::{Decode, Encode};
use pallet_data_container::{Call as ContainerCall, WeightInfo};
use pallet_digital_twin::{Call as TwinCall, NewLink};
use sp_core::{
    sr25519,
    traits::{CallContext, CodeExecutor, RuntimeCode, WrappedRuntimeCode},
    H256,
};
use sp_io::hashing::blake2_256;
use sp_runtime::{traits::Header as _, ApplyExtrinsicResult};
use sp_state_machine::BasicExternalities;
use std::time::{Duration, Instant};
use twinchain_runtime::{
    signing, Header, Runtime, RuntimeCall, System, UncheckedExtrinsic, VERSION, WASM_BINARY,
};

/// Placeholder for the hash of the genesis block, which is never made.
const GENESIS: H256 = H256::repeat_byte(7);

/// The schema of the data sets `entry` and `list`.
const SCHEMA: &str = r#"{"type":"object","required":["id","hours"],"additionalProperties":false,
"properties":{"id":{"type":"string","maxLength":32},"hours":{"type":"integer","minimum":0},
"ok":{"type":"boolean"},"load":{"type":"number","maximum":1000},"temp":{"type":"number"},
"note":{"type":"string"},"by":{"type":"string"},"at":{"type":"string"},"kind":{"enum":["a","b"]},
"items":{"type":"array","items":{"type":"object","required":["part"],"properties":{
"part":{"type":"string","minLength":1},"count":{"type":"integer","minimum":1}}}}}}"#;

/// Returns a JSON literal, a different one for each number.
type Literal = fn(usize) -> String;

/// The content of the largest documents, by name.
const LITERALS: [(&str, Literal); 3] = [
    ("numbers", |n| format!("{}e{}", n * 7919 % 1000 + 1000, n % 400)),
    ("strings", |n| format!("\"{:x}\"", n * 7919)),
    ("long strings", |n| format!("\"{n}{}\"", "\\u00e4".repeat(60))),
];

/// Measures calls in memory.
#[derive(clap::Args, Debug)]
pub struct Extrinsics {
    /// Number of runs of each call; the median counts.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
}

impl Extrinsics {
    /// Measures the calls and prints the figures.
    pub fn run(&self) -> Result<()> {
        let wasm = WASM_BINARY.ok_or("the runtime was built without WebAssembly")?;
        let code_fetcher = WrappedRuntimeCode(wasm.into());
        let hash = blake2_256(wasm).to_vec();
        let code = RuntimeCode { code_fetcher: &code_fetcher, heap_pages: None, hash };
        let mut block = OpenBlock::begin(code, self.runs)?;
        println!("twinchain runtime {}, median of {} runs", VERSION.spec_version, self.runs);
        plugins(&mut block)?;
        containers_and_twins(&mut block)?;
        entries(&mut block)?;
        dear_entries(&mut block)?;
        appends(&mut block)
    }
}

/// Measures the publishing of an ordinary plugin, which is the first one, and of the largest ones.
fn plugins(block: &mut OpenBlock) -> Result<()> {
    let publish = |document| on_containers(ContainerCall::publish_plugin { document });
    let small = block.median(|_| publish(document()))?;
    println!("{:<44}{small:>10.1} us", "publishPlugin, 4 data sets, 3 KiB");
    for (what, literal) in LITERALS {
        let bytes = largest_document(literal, 0).len();
        let taken = block.median(|run| publish(largest_document(literal, run)))?;
        let charged = <() as WeightInfo>::publish_plugin(u32::try_from(bytes)?);
        println!(
            "{:<44}{taken:>10.1} us, {:.0} % of its weight",
            format!("publishPlugin, 64 data sets, {bytes} B, {what}"),
            100.0 * taken * 1e6 / charged.ref_time() as f64
        );
    }
    Ok(())
}

/// Measures the creation of containers and of twins. The later calls use the first container.
fn containers_and_twins(block: &mut OpenBlock) -> Result<()> {
    let instantiate = block.median(|_| {
        on_containers(ContainerCall::instantiate { plugin: 0, description: Vec::new() })
    })?;
    println!("{:<44}{instantiate:>10.1} us", "instantiate, 4 data sets");
    let twin = block.median(|run| {
        RuntimeCall::DigitalTwin(TwinCall::create_twin {
            description: br#"{"name":"Big Crane 250"}"#.to_vec(),
            asset: format!("cranes.example/BC250-{run}").into(),
            links: vec![NewLink::Container { name: b"service".into(), container: 0 }],
        })
    })?;
    println!("{:<44}{twin:>10.1} us", "createTwin with a link to a container");
    Ok(())
}

/// Measures writes of values of several lengths, next to remarks of the same length.
fn entries(block: &mut OpenBlock) -> Result<()> {
    println!(
        "\n{:<24}{:>10}{:>12}{:>14}{:>14}{:>12}",
        "setEntry, bytes", "remark us", "true us", "schema us", "checking us", "of weight"
    );
    for bytes in [128, 1_024, 16_384] {
        let remark = block.median(|run| {
            RuntimeCall::System(frame_system::Call::remark { remark: value(bytes, run) })
        })?;
        let free = block.median(|run| set_entry("free", value(bytes, run)))?;
        let typed = block.median(|run| set_entry("entry", value(bytes, run)))?;
        // The charged weight without the database, for a cost of 2.
        let size = u32::try_from(bytes)?;
        let weight = <()>::set_entry(size).saturating_add(<()>::check_values(size * 2));
        let weight = weight.ref_time() as f64 / 1e6;
        println!(
            "{bytes:<24}{remark:>10.1}{free:>12.1}{typed:>14.1}{:>14.1}{:>11.0}%",
            typed - free,
            100.0 * (typed - remark) / weight
        );
    }
    Ok(())
}

/// Measures writes with the slowest known check against a schema: for each of many small items, as
/// many schemas as are allowed.
fn dear_entries(block: &mut OpenBlock) -> Result<()> {
    println!("\n{:<24}{:>14}{:>20}", "worst setEntry, bytes", "us", "ns per byte and node");
    for bytes in [1_024, 16_384] {
        let free = block.median(|_| set_entry("free", digits(bytes, 0)))?;
        let dear = block.median(|_| set_entry("worst", digits(bytes, 0)))?;
        let each = (dear - free) * 1e3 / (bytes * MAX_COST) as f64;
        println!("{bytes:<24}{dear:>14.1}{each:>20.2}");
    }
    Ok(())
}

/// Measures appends of one item and of many.
fn appends(block: &mut OpenBlock) -> Result<()> {
    println!("\n{:<24}{:>14}{:>14}", "append, items of 128 B", "us", "us per item");
    let append = |count: usize, run: usize| {
        on_containers(ContainerCall::append {
            container: 0,
            data_set: b"list".into(),
            items: (0..count).map(|item| value(128, run + item)).collect(),
            expected_revision: None,
        })
    };
    let one = block.median(|run| append(1, run))?;
    println!("{:<24}{one:>14.1}", 1);
    for count in [16, 256] {
        let many = block.median(|run| append(count, run))?;
        println!("{count:<24}{many:>14.1}{:>14.2}", (many - one) / (count as f64 - 1.0));
    }
    Ok(())
}

/// The first block of a chain whose state is in memory. It accepts any number of calls.
struct OpenBlock<'a> {
    executor: Executor,
    code: RuntimeCode<'a>,
    state: BasicExternalities,
    signer: sr25519::Pair,
    /// Number of runs of each call.
    runs: usize,
}

impl<'a> OpenBlock<'a> {
    /// Begins the block, with its timestamp.
    fn begin(code: RuntimeCode<'a>, runs: u32) -> Result<Self> {
        let mut block = Self {
            executor: Executor::builder().build(),
            code,
            state: BasicExternalities::new(genesis_storage()?),
            signer: OWNER.pair(),
            runs: usize::try_from(runs)?,
        };
        let (number, slot) = (1, 1);
        let header =
            Header::new(number, Default::default(), Default::default(), GENESIS, slot_digest(slot));
        block.call("Core_initialize_block", &header.encode())?;
        let data = inherent_data(slot)?;
        let inherents = block.call("BlockBuilder_inherent_extrinsics", &data.encode())?;
        for inherent in Vec::<UncheckedExtrinsic>::decode(&mut &inherents[..])? {
            block.call("BlockBuilder_apply_extrinsic", &inherent.encode())?;
        }
        Ok(block)
    }

    /// Calls a function of the runtime.
    fn call(&mut self, function: &str, input: &[u8]) -> Result<Vec<u8>> {
        let context = CallContext::Onchain { import: false };
        Ok(self.executor.call(&mut self.state, &self.code, function, input, context).0?)
    }

    /// Executes a call signed by the owner. Returns the elapsed time.
    fn apply(&mut self, call: RuntimeCall) -> Result<Duration> {
        let nonce = self.state.execute_with(|| {
            // Blocks have limits, but this one must accept all calls.
            frame_system::BlockWeight::<Runtime>::kill();
            frame_system::BlockSize::<Runtime>::kill();
            System::reset_events();
            System::account_nonce(OWNER.to_account_id())
        });
        let extrinsic = signing::sign(call, &self.signer, nonce, GENESIS).encode();
        let start = Instant::now();
        let result = self.call("BlockBuilder_apply_extrinsic", &extrinsic)?;
        let time = start.elapsed();
        match ApplyExtrinsicResult::decode(&mut &result[..])? {
            Ok(Ok(())) => Ok(time),
            failed => Err(format!("a call failed: {failed:?}").into()),
        }
    }

    /// Runs a call repeatedly. Returns the median of its times, in microseconds.
    fn median(&mut self, call: impl Fn(usize) -> RuntimeCall) -> Result<f64> {
        let times = (0..self.runs).map(|run| self.apply(call(run)));
        Ok(Summary::of(times.collect::<Result<Vec<_>>>()?).median)
    }
}

/// Returns a call that sets an entry of the first container.
fn set_entry(data_set: &str, value: Vec<u8>) -> RuntimeCall {
    on_containers(ContainerCall::set_entry {
        container: 0,
        data_set: data_set.into(),
        value,
        expected_revision: None,
    })
}

/// Returns a JSON object of `bytes` bytes: some properties, the rest in an array of objects.
fn value(bytes: usize, run: usize) -> Vec<u8> {
    let mut text = format!(
        "{{\"id\":\"BC250-{run:05}\",\"hours\":{run},\"ok\":true,\"load\":12.75,\"temp\":-3.5"
    );
    text.push_str(",\"items\":[");
    while text.len() + 48 < bytes {
        if !text.ends_with('[') {
            text.push(',');
        }
        text.push_str("{\"part\":\"seal ring\",\"count\":4}");
    }
    text.push_str("],\"note\":\"");
    while text.len() + 2 < bytes {
        text.push('x');
    }
    text.push_str("\"}");
    text.into_bytes()
}

/// Returns the plugin document of the container.
fn document() -> Vec<u8> {
    let dear = dear_schema(0);
    format!(
        r#"{{"template":{{"type":"bench","properties":{{
"entry":{{"type":"entry","visibility":"public","dataSchema":{SCHEMA}}},
"free":{{"type":"entry","visibility":"public","dataSchema":true}},
"list":{{"type":"list","visibility":"public","dataSchema":{{"type":"array","items":{SCHEMA}}}}},
"worst":{{"type":"entry","visibility":"public","dataSchema":{dear}}}
}}}}}}"#
    )
    .into_bytes()
}

/// Returns a plugin document of 64 data sets and 16 roles with nearly the maximum length, with
/// literals in every schema. Each `run` has another document.
fn largest_document(literal: Literal, run: usize) -> Vec<u8> {
    let roles: Vec<_> = (0..16).map(|role| format!(r#""r{role}":["set","remove"]"#)).collect();
    let sets: Vec<_> = (0..64)
        .map(|set| {
            let mut text = format!(
                r#""s{set}":{{"type":"entry","permissions":{{{}}},"dataSchema":{{"enum":[{set}"#,
                if set == 0 { roles.join(",") } else { String::new() }
            );
            for n in 0.. {
                let next = literal(n);
                if text.len() + next.len() > 980 {
                    break;
                }
                text.push(',');
                text.push_str(&next);
            }
            text + "]}}"
        })
        .collect();
    format!(r#"{{"template":{{"type":"b{run}","properties":{{{}}}}}}}"#, sets.join(","))
        .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pallet_data_container::document;

    #[test]
    fn documents_have_the_expected_data_sets() {
        assert_eq!(document::plugin(&document()).unwrap().data_sets.len(), 4);
        for (what, literal) in LITERALS {
            let text = largest_document(literal, 3);
            let plugin = document::plugin(&text).unwrap();
            assert_eq!((plugin.data_sets.len(), plugin.roles.len()), (64, 16), "{what}");
        }
    }

    #[test]
    fn values_are_json_of_the_requested_length() {
        for bytes in [128, 1_024, 16_384] {
            let value = value(bytes, 7);
            assert_eq!(value.len(), bytes);
            serde_json::from_slice::<serde_json::Value>(&value).unwrap();
        }
    }

    #[test]
    fn every_call_succeeds() {
        Extrinsics { runs: 1 }.run().unwrap();
    }
}
