// SPDX-License-Identifier: Apache-2.0

//! How long extrinsics take in the WebAssembly runtime, as a node executes them: the signature
//! checked, the state in memory. Reports figures and judges nothing.
//!
//! `cargo bench -p twinchain-node --bench extrinsics`
//!
//! The column `of weight` compares the time with the weight that was charged after the refund, less
//! the database's part, which the memory here does not cost.

use codec::{Decode, Encode};
use pallet_data_container::{Call as ContainerCall, WeightInfo};
use pallet_digital_twin::{Call as TwinCall, NewLink};
use sc_chain_spec::GenesisConfigBuilderRuntimeCaller;
use sc_executor::WasmExecutor;
use sp_core::{
    traits::{CallContext, CodeExecutor, RuntimeCode, WrappedRuntimeCode},
    Pair,
};
use sp_inherents::InherentData;
use sp_keyring::Sr25519Keyring::Alice;
use sp_runtime::{traits::Header as _, ApplyExtrinsicResult};
use sp_state_machine::BasicExternalities;
use std::time::{Duration, Instant};
use twinchain_runtime::{
    immortal, Address, Header, Runtime, RuntimeCall, Signature, SignedPayload, System,
    UncheckedExtrinsic, SLOT_DURATION, VERSION, WASM_BINARY,
};

const RUNS: usize = 200;

type Host = sp_io::SubstrateHostFunctions;

struct Chain<'a> {
    executor: WasmExecutor<Host>,
    code: RuntimeCode<'a>,
    state: BasicExternalities,
}

impl Chain<'_> {
    fn call(&mut self, method: &str, input: &[u8]) -> Vec<u8> {
        let context = CallContext::Onchain { import: false };
        let state = &mut self.state;
        self.executor.call(state, &self.code, method, input, context).0.expect("it does not fail")
    }

    /// A new block, with its timestamp.
    fn begin(&mut self) {
        let slot = sp_runtime::DigestItem::PreRuntime(*b"aura", 1u64.encode());
        let mut header = Header::new(
            1,
            Default::default(),
            Default::default(),
            [7; 32].into(),
            Default::default(),
        );
        header.digest_mut().push(slot);
        self.call("Core_initialize_block", &header.encode());
        let mut data = InherentData::new();
        data.put_data(sp_timestamp::INHERENT_IDENTIFIER, &SLOT_DURATION).expect("it is new");
        let inherents = self.call("BlockBuilder_inherent_extrinsics", &data.encode());
        for inherent in Vec::<UncheckedExtrinsic>::decode(&mut &inherents[..]).expect("it decodes")
        {
            self.call("BlockBuilder_apply_extrinsic", &inherent.encode());
        }
    }

    /// Executes a call, signed by Alice, and tells how long it took.
    fn apply(&mut self, call: RuntimeCall) -> Duration {
        let extrinsic = self.state.execute_with(|| {
            // Blocks are full some time, and this one is to go on.
            frame_system::BlockWeight::<Runtime>::kill();
            frame_system::BlockSize::<Runtime>::kill();
            System::reset_events();
            signed(call).encode()
        });
        let start = Instant::now();
        let result = self.call("BlockBuilder_apply_extrinsic", &extrinsic);
        let time = start.elapsed();
        let result = ApplyExtrinsicResult::decode(&mut &result[..]).expect("it decodes");
        result.expect("it is valid").expect("it succeeds");
        time
    }

    /// The median of many runs, in microseconds.
    fn median(&mut self, call: impl Fn(usize) -> RuntimeCall) -> f64 {
        let mut times: Vec<_> = (0..RUNS).map(|run| self.apply(call(run))).collect();
        times.sort();
        times[RUNS / 2].as_secs_f64() * 1e6
    }
}

fn signed(call: RuntimeCall) -> UncheckedExtrinsic {
    let account = Alice.to_account_id();
    let extension = immortal(System::account_nonce(&account));
    let payload = SignedPayload::new(call.clone(), extension.clone()).expect("it has implicits");
    let signature = payload.using_encoded(|bytes| Alice.pair().sign(bytes));
    UncheckedExtrinsic::new_signed(
        call,
        Address::Id(account),
        Signature::Sr25519(signature),
        extension,
    )
}

/// A JSON object of about so many bytes: ten properties, the rest in an array of objects.
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

const SCHEMA: &str = r#"{"type":"object","required":["id","hours"],"additionalProperties":false,
"properties":{"id":{"type":"string","maxLength":32},"hours":{"type":"integer","minimum":0},
"ok":{"type":"boolean"},"load":{"type":"number","maximum":1000},"temp":{"type":"number"},
"note":{"type":"string"},"by":{"type":"string"},"at":{"type":"string"},"kind":{"enum":["a","b"]},
"items":{"type":"array","items":{"type":"object","required":["part"],"properties":{
"part":{"type":"string","minLength":1},"count":{"type":"integer","minimum":1}}}}}}"#;

/// The longest way through a schema that is known: 32 schemas for each of many small items.
fn worst_schema() -> String {
    let branch = r#"{"minimum":0,"maximum":9,"enum":[0,1,2,3,4]}"#;
    format!(r#"{{"items":{{"allOf":[{}]}}}}"#, [branch; 31].join(","))
}

/// An array of one-digit numbers, of about so many bytes.
fn digits(bytes: usize) -> Vec<u8> {
    let mut text = b"[1".to_vec();
    while text.len() + 3 <= bytes {
        text.extend(b",4");
    }
    text.push(b']');
    text
}

fn document(schema: &str) -> Vec<u8> {
    format!(
        r#"{{"template":{{"type":"bench","properties":{{
"entry":{{"type":"entry","visibility":"public","dataSchema":{schema}}},
"free":{{"type":"entry","visibility":"public","dataSchema":true}},
"list":{{"type":"list","visibility":"public","dataSchema":{{"type":"array","items":{schema}}}}},
"worst":{{"type":"entry","visibility":"public","dataSchema":{}}}
}}}}}}"#,
        worst_schema()
    )
    .into_bytes()
}

/// A document of 64 data sets and 16 roles, nearly as long as one may be, with a text made of
/// `literal` in every schema; `run` makes it another document each time.
fn largest_document(literal: impl Fn(usize) -> String, run: usize) -> Vec<u8> {
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

fn main() {
    // `cargo test --benches` and `cargo nextest` ask benches for their tests: there are none.
    if std::env::args().any(|argument| argument == "--test" || argument == "--list") {
        return;
    }
    let wasm = WASM_BINARY.expect("the runtime was built as WebAssembly");
    let fetch = WrappedRuntimeCode(wasm.into());
    let hash = sp_io::hashing::blake2_256(wasm).to_vec();
    let genesis = GenesisConfigBuilderRuntimeCaller::<()>::new(wasm)
        .get_storage_for_named_preset(Some(&"development".to_string()))
        .expect("the preset is there");
    let mut chain = Chain {
        executor: WasmExecutor::builder().build(),
        code: RuntimeCode { code_fetcher: &fetch, heap_pages: None, hash },
        state: BasicExternalities::new(genesis),
    };
    chain.begin();
    println!("twinchain runtime {}, median of {RUNS} runs", VERSION.spec_version);

    let publish = |schema: &str| {
        RuntimeCall::DataContainer(ContainerCall::publish_plugin { document: document(schema) })
    };
    let started = chain.median(|_| publish(SCHEMA));
    println!("{:<44}{started:>10.1} us", "publishPlugin, 4 data sets, 3 KiB");
    type Literal = fn(usize) -> String;
    let literals: [(&str, Literal); 3] = [
        ("numbers", |n| format!("{}e{}", n * 7919 % 1000 + 1000, n % 400)),
        ("strings", |n| format!("\"{:x}\"", n * 7919)),
        ("long strings", |n| format!("\"{n}{}\"", "\\u00e4".repeat(60))),
    ];
    for (what, literal) in literals {
        let publish = |run| {
            let document = largest_document(literal, run);
            RuntimeCall::DataContainer(ContainerCall::publish_plugin { document })
        };
        let (bytes, taken) = (largest_document(literal, 0).len(), chain.median(publish));
        let charged =
            <() as WeightInfo>::publish_plugin(u32::try_from(bytes).expect("it is small"));
        println!(
            "{:<44}{taken:>10.1} us, {:.0} % of its weight",
            format!("publishPlugin, 64 data sets, {bytes} B, {what}"),
            100.0 * taken * 1e6 / charged.ref_time() as f64
        );
    }
    let instantiate = chain.median(|_| {
        RuntimeCall::DataContainer(ContainerCall::instantiate { plugin: 0, description: vec![] })
    });
    println!("{:<44}{instantiate:>10.1} us", "instantiate, 4 data sets");
    let twin = chain.median(|run| {
        RuntimeCall::DigitalTwin(TwinCall::create_twin {
            description: br#"{"name":"Big Crane 250"}"#.to_vec(),
            asset: format!("cranes.example/BC250-{run}").into(),
            links: vec![NewLink::Container { name: b"service".into(), container: 0 }],
        })
    });
    println!("{:<44}{twin:>10.1} us", "createTwin with a link to a container");

    println!(
        "\n{:<24}{:>10}{:>12}{:>14}{:>14}{:>12}",
        "setEntry, bytes", "remark us", "true us", "schema us", "checking us", "of weight"
    );
    for bytes in [128, 1_024, 16_384] {
        let remark = chain.median(|run| {
            RuntimeCall::System(frame_system::Call::remark { remark: value(bytes, run) })
        });
        let set = |data_set: &'static str| {
            move |run: usize| {
                RuntimeCall::DataContainer(ContainerCall::set_entry {
                    container: 0,
                    data_set: data_set.into(),
                    value: value(bytes, run),
                    expected_revision: None,
                })
            }
        };
        let free = chain.median(set("free"));
        let typed = chain.median(set("entry"));
        // What the call charges besides the database, for a cost of 2 schemas at a place.
        let size = u32::try_from(bytes).expect("it is small");
        let weight = <()>::set_entry(size).saturating_add(<()>::check_values(size * 2));
        let weight = weight.ref_time() as f64 / 1e6;
        println!(
            "{bytes:<24}{remark:>10.1}{free:>12.1}{typed:>14.1}{:>14.1}{:>11.0}%",
            typed - free,
            100.0 * (typed - remark) / weight
        );
    }

    println!("\n{:<24}{:>14}{:>20}", "worst setEntry, bytes", "us", "ns a byte and node");
    for bytes in [1_024, 16_384] {
        let set = |data_set: &'static str| {
            move |_| {
                RuntimeCall::DataContainer(ContainerCall::set_entry {
                    container: 0,
                    data_set: data_set.into(),
                    value: digits(bytes),
                    expected_revision: None,
                })
            }
        };
        let (free, worst) = (chain.median(set("free")), chain.median(set("worst")));
        println!("{bytes:<24}{worst:>14.1}{:>20.2}", (worst - free) * 1e3 / (bytes * 32) as f64);
    }

    println!("\n{:<24}{:>14}{:>14}", "append, items of 128 B", "us", "us an item");
    let append = |count: usize| {
        move |run: usize| {
            RuntimeCall::DataContainer(ContainerCall::append {
                container: 0,
                data_set: b"list".into(),
                items: (0..count).map(|item| value(128, run + item)).collect(),
                expected_revision: None,
            })
        }
    };
    let one = chain.median(append(1));
    println!("{:<24}{one:>14.1}", 1);
    for count in [16, 256] {
        let many = chain.median(append(count));
        println!("{count:<24}{many:>14.1}{:>14.2}", (many - one) / (count as f64 - 1.0));
    }
}
