// SPDX-License-Identifier: Apache-2.0

//! The declared and the actual weight of calls, and the room in a block.

use crate::{
    mock::*,
    pallet::*,
    types::*,
    weights::{max_work, with_compiling, with_work, Work},
    WeightInfo,
};
use frame_support::{
    assert_ok,
    dispatch::{extract_actual_weight, DispatchClass},
    traits::GetCallName,
    weights::{RuntimeDbWeight, Weight},
};
use twinchain_primitives::ContainerId;

type Charged = <Test as Config>::WeightInfo;

/// Returns the largest weight that one transaction of a user may have.
fn limit() -> Weight {
    Weights::get().get(DispatchClass::Normal).max_extrinsic.unwrap()
}

/// Submits a call that refunds weight. Returns the declared and the actual weight.
fn weigh(call: Call<Test>) -> (Weight, Weight) {
    let declared = info(&call).call_weight;
    let actual = dispatch(M, call).unwrap().actual_weight.unwrap();
    assert!(actual.all_lte(declared), "{actual} was more than {declared}");
    assert!(declared.all_lte(limit()), "{declared} is more than {}", limit());
    (declared, actual)
}

/// Returns the time of a weight, without the bytes that a call writes.
fn time(weight: Weight) -> Weight {
    weight.set_proof_size(0)
}

fn set(container: ContainerId, value: &str) -> Call<Test> {
    Call::set_entry {
        container,
        data_set: b"value".to_vec(),
        value: value.into(),
        expected_revision: None,
    }
}

/// Returns each call once, with the longest arguments.
pub fn longest_calls() -> Vec<Call<Test>> {
    let (container, data_set) = (0, b"hours".to_vec());
    let value = vec![b' '; MAX_VALUE as usize];
    let values =
        vec![
            NewValue { data_set: data_set.clone(), value: value.clone(), expected_revision: None };
            4
        ];
    let items = vec![vec![b' '; 256]; 256];
    let accesses = vec![access("hours", twinchain_primitives::Access::WRITE); 64];
    let envelope = || twinchain_primitives::SharedEnvelope {
        data_set: vec![],
        epoch: 1,
        key_version: 1,
        envelope: SEALED_SEED.to_vec(),
    };
    vec![
        Call::publish_plugin { document: vec![b' '; MAX_DOCUMENT as usize] },
        Call::retire_plugin { plugin: 0 },
        Call::create_container { description: vec![b' '; 8_192] },
        Call::instantiate { plugin: 0, description: vec![b' '; 8_192] },
        Call::clone_container { container, with_values: true },
        Call::set_description { container, description: vec![b' '; 8_192] },
        Call::add_data_set {
            container,
            name: vec![b'n'; 64],
            definition: vec![b' '; MAX_DOCUMENT as usize],
        },
        Call::retire_data_set { container, data_set: data_set.clone() },
        Call::purge { container, data_set: data_set.clone(), limit: u32::MAX },
        Call::close_container { container },
        Call::set_entry { container, data_set: data_set.clone(), value, expected_revision: None },
        Call::clear_entry { container, data_set: data_set.clone(), expected_revision: None },
        Call::append { container, data_set: data_set.clone(), items, expected_revision: None },
        Call::remove_item { container, data_set, batch: 0, position: 0, expected_revision: None },
        Call::store { container, values },
        Call::offer_ownership {
            container,
            to: C,
            deadline: START,
            envelopes: vec![envelope(); 64],
        },
        Call::accept_ownership { container, offer: 0 },
        Call::cancel_offer { container },
        Call::decline_offer { container, offer: 0 },
        Call::set_sealed_entry {
            container,
            data_set: vec![],
            epoch: 1,
            ciphertext: vec![0; MAX_VALUE as usize],
            expected_revision: None,
        },
        Call::append_sealed {
            container,
            data_set: vec![],
            epoch: 1,
            items: vec![vec![0; 256]; 256],
            expected_revision: None,
        },
        Call::set_role { container, role: vec![], permissions: accesses.clone() },
        Call::assign_role { container, account: C, role: vec![] },
        Call::unassign_role { container, account: C, role: vec![] },
        Call::share {
            container,
            account: C,
            access: accesses.clone(),
            until: None,
            envelopes: vec![envelope(); 64],
        },
        Call::unshare { container, account: C, access: accesses },
        Call::clear_expired { container, account: C },
        Call::leave { container },
        Call::rename_role { container, role: vec![], new_name: vec![b'n'; 64] },
        Call::remove_role { container, role: vec![] },
        Call::set_encryption_key { suite: 1, public: vec![9; 32], replaces: 0, leaked: true },
        Call::rotate_key {
            container,
            data_set: vec![],
            expected_epoch: 0,
            suite: 1,
            public: vec![9; 32],
            previous_seed: PreviousSeed::Cut,
            key_version: 1,
            envelope: SEALED_SEED.to_vec(),
            envelopes: vec![
                ReaderEnvelope {
                    reader: C,
                    key_version: 1,
                    envelope: SEALED_SEED.to_vec()
                };
                64
            ],
        },
        Call::set_envelope {
            container,
            data_set: vec![],
            reader: C,
            epoch: 1,
            key_version: 1,
            envelope: SEALED_SEED.to_vec(),
        },
        Call::set_envelopes {
            container,
            data_set: vec![],
            epoch: 1,
            envelopes: vec![
                ReaderEnvelope {
                    reader: C,
                    key_version: 1,
                    envelope: SEALED_SEED.to_vec()
                };
                64
            ],
        },
        Call::set_account_envelopes {
            version: 1,
            envelopes: vec![
                HolderEnvelope::Account {
                    account: C,
                    key_version: 1,
                    envelope: SEALED_SEED.to_vec()
                };
                16
            ],
        },
        Call::remove_account_envelope { version: 1, holder: NamedHolder::Account(C) },
    ]
}

#[test]
fn the_longest_calls_fit_into_a_block() {
    run(|| {
        for call in longest_calls() {
            let weight = info(&call).call_weight;
            assert!(weight.any_gt(Weight::zero()));
            // Five of the heaviest calls still leave room for others.
            assert!(weight.saturating_mul(5).all_lte(limit()), "{weight}: {call:?}");
        }
    });
}

/// The list above has every call.
#[test]
fn every_call_is_among_the_longest() {
    let named: std::collections::BTreeSet<_> =
        longest_calls().iter().map(GetCallName::get_call_name).collect();
    let all: std::collections::BTreeSet<_> =
        Call::<Test>::get_call_names().iter().copied().collect();
    assert_eq!(named, all);
}

#[test]
fn a_hostile_length_weighs_more_and_never_less() {
    run(|| {
        let short = info(&Call::publish_plugin { document: vec![0; 10] }).call_weight;
        let long = info(&Call::publish_plugin { document: vec![0; 4_000_000] }).call_weight;
        assert!(long.ref_time() > short.ref_time() * 10);
        let few = info(&set(0, "1")).call_weight;
        let many = info(&set(0, &"1".repeat(4_000_000))).call_weight;
        assert!(many.ref_time() > few.ref_time() * 10);
        let items = |count| Call::append {
            container: 0,
            data_set: vec![],
            items: vec![vec![]; count],
            expected_revision: None,
        };
        let of = |count| info(&items(count)).call_weight;
        assert!(of(100_000).ref_time() > of(1).ref_time() * 10);
        assert!(of(100_000).proof_size() > of(1).proof_size() * 10);
    });
}

#[test]
fn unused_weight_is_refunded() {
    run(|| {
        let plugin = publish(M, SERVICE);
        let (declared, actual) = weigh(Call::instantiate { plugin, description: vec![] });
        assert!(actual.ref_time() < declared.ref_time());
        let container = 0;
        let (declared, actual) = weigh(Call::clone_container { container, with_values: true });
        assert!(actual.ref_time() < declared.ref_time());

        // A schema that reads a value once.
        let container = container_of(r#"{"type":"string"}"#);
        let (declared, actual) = weigh(set(container, r#""a long text, but a simple schema""#));
        assert!(actual.ref_time() < declared.ref_time());
        // A schema that reads the value as often as a schema may.
        let all: Vec<_> = (100..131).map(|n| format!(r#"{{"maxLength":{n}}}"#)).collect();
        let all = all.join(",");
        let dear = container_of(&format!(r#"{{"allOf":[{all}]}}"#));
        let value = r#""a long text, but a simple schema""#;
        assert!(weigh(set(dear, value)).1.ref_time() > actual.ref_time());

        let values = vec![new_value("value", "\"1\""), new_value("value", "\"2\"")];
        let (declared, actual) = weigh(Call::store { container, values });
        assert!(actual.ref_time() < declared.ref_time());
    });
}

#[test]
fn defaults_are_charged_for_the_work_of_validating_them() {
    run(|| {
        // A long value, and as many schemas for each number in it as possible.
        let branches = vec![r#"{"minimum":0}"#; 31].join(",");
        let schema = format!(r#"{{"items":{{"allOf":[{branches}]}}}}"#);
        let value = format!("[1{}]", ",1".repeat(8_000));
        let work = max_work(value.len(), 0u32);
        let definition = format!(
            r#"{{"type":"entry","visibility":"public","dataSchema":{schema},"value":{value}}}"#
        );
        let text = document(&format!(r#""value":{definition}"#));
        let own = Charged::publish_plugin(text.len() as u32);
        let (declared, actual) = weigh(Call::publish_plugin { document: text.clone().into() });
        assert_eq!(time(declared), with_work::<Charged>(own, max_work(text.len(), 0u32)));
        // The schema has no expressions.
        let (sets, bytes) = (MAX_DATA_SETS, text.len() as u32);
        assert_eq!(time(actual), with_compiling::<Charged>(own, sets, bytes, work));

        DataContainer::create_container(signed(M), vec![]).unwrap();
        let bytes = definition.len() as u32;
        let own = Charged::add_data_set(bytes);
        let (_, actual) = weigh(Call::add_data_set {
            container: 0,
            name: b"value".to_vec(),
            definition: definition.into(),
        });
        assert_eq!(time(actual), with_compiling::<Charged>(own, 1, bytes, work));
    });
}

#[test]
fn compiling_is_charged_for_the_expressions_in_the_schema() {
    run(|| {
        // Schemas of the same length: without an expression, with a short one, and with a long one.
        let schemas = [
            r#"{"title":"^[a-z]{1}0000$"}"#,
            r#"{"pattern":"[a-z]{1}00$"}"#,
            r#"{"pattern":"[a-z]{999}$"}"#,
        ];
        let charged = schemas.map(|schema| {
            let text = padded(&document_of(schema), 400);
            let (declared, actual) = weigh(Call::publish_plugin { document: text.into() });
            (declared.ref_time(), actual.ref_time())
        });
        let [(declared, none), (_, short), (_, long)] = charged;
        assert!(none * 3 < declared, "{charged:?}");
        assert!(none < short && short < long, "{charged:?}");
        let most = Charged::compile_patterns(MAX_DATA_SETS * data_schema::PATTERN_WORK);
        assert!(long - none < most.ref_time() / 10, "{charged:?}");

        // A schema that is rejected for its expression is charged for all the work that it may
        // take.
        let refusal = |schema: &str| {
            let text = padded(&document_of(schema), 400);
            weigh_by(M, Call::publish_plugin { document: text.into() }).1.ref_time()
        };
        let early = refusal(r#"{"type":"text"}"#);
        let late = refusal(r#"{"allOf":[{"pattern":"^.{1,999}$"},{"pattern":"^.{1,998}$"}]}"#);
        let all = Charged::compile_patterns(data_schema::PATTERN_WORK).ref_time();
        assert!(late - early > all / 10 * 8, "{early} {late}");
        assert_eq!(early, none, "the work that was not done is refunded as well");
    });
}

#[test]
fn appending_and_purging_refund_unused_weight() {
    run(|| {
        let container = service();
        let data_set = b"usageLog".to_vec();
        let items = texts(&[r#"{"hours":1}"#; 256]);
        let append =
            Call::append { container, data_set: data_set.clone(), items, expected_revision: None };
        let (declared, actual) = weigh(append);
        assert!(actual.ref_time() < declared.ref_time());
        assert_ok!(DataContainer::retire_data_set(signed(M), container, data_set.clone()));
        let purge = Call::purge { container, data_set, limit: 64 };
        let (declared, actual) = weigh(purge);
        assert!(actual.ref_time() < declared.ref_time());
    });
}

/// Submits a call of an account, accepted or rejected. Returns the declared and the actual weight.
fn weigh_by(who: AccountId, call: Call<Test>) -> (Weight, Weight) {
    let info = info(&call);
    let actual = extract_actual_weight(&dispatch(who, call), &info);
    assert!(actual.all_lte(info.call_weight), "{actual} was more than {}", info.call_weight);
    (info.call_weight, actual)
}

#[test]
fn handovers_are_charged_for_the_data_sets_that_they_read() {
    run(|| {
        let container = service();
        let sets = u32::from(Containers::<Test>::get(container).unwrap().data_sets);
        assert!(sets > 0 && sets < MAX_DATA_SETS / 4);
        let (accept, decline) = (
            |offer| Call::accept_ownership { container, offer },
            |offer| Call::decline_offer { container, offer },
        );
        let offer = |container| Call::offer_ownership {
            container,
            to: C,
            deadline: START + SLOT,
            envelopes: vec![],
        };
        // A call rejected before it reads data sets is charged for none, and one rejected after
        // that for all.
        for (who, call, least) in [
            (M, offer(77), Charged::offer_ownership(0, 0)),
            (X, offer(container), Charged::offer_ownership(0, 0)),
            (C, accept(0), Charged::accept_ownership(0)),
            (C, decline(0), Charged::cancel_offer(0)),
            (M, Call::cancel_offer { container }, Charged::cancel_offer(0)),
        ] {
            let (declared, refused) = weigh_by(who, call.clone());
            assert!(refused.all_gte(least), "{refused} is less than {least}: {call:?}");
            assert!(refused.saturating_mul(2).all_lte(time(declared)), "{refused} {declared}");
        }
        rotate(container, "price", &[]);
        let (_, refused) = weigh_by(M, offer(container));
        assert_eq!(refused, Charged::offer_ownership(sets, 0));
        assert_ok!(DataContainer::retire_data_set(signed(M), container, b"price".to_vec()));

        // A successful call is charged for the data sets that exist.
        let ended = Charged::cancel_offer(sets);
        for (who, call, took) in [
            (M, offer(container), Charged::offer_ownership(sets, 0)),
            (C, decline(0), ended),
            (M, offer(container), Charged::offer_ownership(sets, 0)),
            (M, Call::cancel_offer { container }, ended),
            (M, offer(container), Charged::offer_ownership(sets, 0)),
            (C, accept(2), DataContainer::accept_time(sets)),
        ] {
            let (declared, done) = weigh_by(who, call.clone());
            assert_eq!(time(done), took, "{call:?}");
            assert!(done.ref_time() < declared.ref_time() && done.proof_size() > 0, "{call:?}");
        }
    });
}

#[test]
fn the_largest_instance_and_clone_weigh_at_most_what_they_declare() {
    run(|| {
        let sets: Vec<_> = (0..64)
            .map(|n| {
                format!(
                    r#""s{n}":{{"type":"entry","visibility":"public","dataSchema":true,"value":"{}"}}"#,
                    "v".repeat(930)
                )
            })
            .collect();
        let text = document(&sets.join(","));
        assert!(text.len() > 60_000 && text.len() < 65_536);
        weigh(Call::publish_plugin { document: text.into() });
        weigh(Call::instantiate { plugin: 0, description: vec![] });
        weigh(Call::clone_container { container: 0, with_values: true });
        assert_eq!(LongEntries::<Test>::iter().count(), 128);
    });
}

#[test]
fn the_smallest_data_sets_are_all_charged() {
    run(|| {
        // 64 data sets in the fewest bytes, each with its own schema.
        let letters = (b'A'..=b'z').filter(u8::is_ascii_alphanumeric).chain(b'0'..=b'9');
        let sets: Vec<_> = letters
            .chain(*b"-+")
            .enumerate()
            .map(|(n, name)| {
                let (name, blanks) = (char::from(name), " ".repeat(n));
                format!(r#""{name}":{{"type":"list","dataSchema":{{{blanks}}}}}"#)
            })
            .collect();
        assert_eq!(sets.len(), 64);
        let text = format!(r#"{{"template":{{"type":"t","properties":{{{}}}}}}}"#, sets.join(","));
        let work = max_work(text.len(), 0u32);
        let computed = with_work::<()>(<()>::publish_plugin(text.len() as u32), work);
        let call = Call::publish_plugin { document: text.into() };
        let database = time(info(&call).call_weight).saturating_sub(computed);
        assert_ok!(dispatch(M, call));
        assert_eq!(Schemas::<Test>::iter().count(), 64);
        // Writes each schema, the plugin, its document, its id and three indices.
        let costs: RuntimeDbWeight = <Test as frame_system::Config>::DbWeight::get();
        assert_eq!(database, costs.reads_writes(64 + 3, 64 + 6));
        // The shortest data set limits how many a document can hold.
        assert!(sets.iter().all(|set| set.len() + 1 > 32));
    });
}

/// Submits a call that is rejected. Returns the declared weight and the charge.
fn weigh_refused(call: Call<Test>) -> (Weight, Weight) {
    let declared = info(&call).call_weight;
    let actual = dispatch(M, call).unwrap_err().post_info.actual_weight.unwrap();
    assert!(actual.all_lte(declared), "{actual} was more than {declared}");
    (declared, actual)
}

/// A rejected call is charged for what it did. A value that is wrong at its beginning costs no more
/// than its bytes. One that is wrong at its end costs as much as one that is stored.
#[test]
fn a_rejected_value_is_charged_for_the_work_done_until_then() {
    run(|| {
        let container = container_of(r#"{"type": "array", "items": {"type": "integer"}}"#);
        let numbers = "1,".repeat(2_000);
        let base = Charged::set_entry(numbers.len() as u32 + 4);
        let work = |actual: Weight| actual.saturating_sub(base);
        let (declared, late) = weigh_refused(set(container, &format!("[{numbers}\"x\"]")));
        let (_, early) = weigh_refused(set(container, &format!("[\"x\",{numbers}1]")));
        let (_, fine) = weigh(set(container, &format!("[{numbers}111]")));
        assert!(work(late).ref_time() > 0 && work(late).all_lte(work(fine)));
        assert!(work(early).ref_time() > 0);
        assert!(work(early).saturating_mul(100).all_lte(work(late)), "{early} {late}");
        assert!(work(late).saturating_mul(9).all_lte(work(declared)), "{late} {declared}");
        // The lexer may have read all of a text that is not JSON.
        let (_, broken) = weigh_refused(set(container, &format!("[{numbers}1")));
        assert!(work(broken).all_lte(work(fine)));
    });
}

#[test]
fn a_call_rejected_before_any_value_is_validated_pays_for_none() {
    run(|| {
        let container = container_of("true");
        let nobodys = |call| weigh_refused(call).1;
        let (data_set, expected_revision) = (b"none".to_vec(), None);
        let value = vec![b'1'; 1_000];
        let call = Call::set_entry {
            container,
            data_set: data_set.clone(),
            value: value.clone(),
            expected_revision,
        };
        assert_eq!(
            nobodys(call),
            Charged::set_entry(1_000).saturating_add(Charged::check_values(0))
        );
        let items = vec![value.clone(); 3];
        let call = Call::append { container, data_set: data_set.clone(), items, expected_revision };
        let none = Charged::check_values(0);
        assert_eq!(nobodys(call), Charged::append(3, 3_000).saturating_add(none));
        let value = NewValue { data_set: data_set.clone(), value, expected_revision };
        let call = Call::store { container, values: vec![value] };
        assert_eq!(nobodys(call), Charged::store(1, 1_000).saturating_add(none));
        let call = Call::publish_plugin { document: b"{".to_vec() };
        let compiling =
            |call, schemas| with_compiling::<Charged>(call, schemas, 1, Work::default());
        assert_eq!(nobodys(call), compiling(Charged::publish_plugin(1), MAX_DATA_SETS));
        let call = Call::add_data_set { container, name: vec![], definition: b"{".to_vec() };
        assert_eq!(nobodys(call), compiling(Charged::add_data_set(1), 1));
        // Without a plugin or a container, nothing is copied.
        let call = Call::instantiate { plugin: 9, description: vec![] };
        assert_eq!(nobodys(call), Charged::instantiate(0, 0, 0));
        let call = Call::clone_container { container: 9, with_values: true };
        assert_eq!(nobodys(call), Charged::clone_container(0, 0));
        let call = Call::purge { container, data_set, limit: 64 };
        assert_eq!(nobodys(call), Charged::purge(0));
        assert_eq!(
            nobodys(Call::clear_expired { container, account: C }),
            Charged::clear_expired(0)
        );
    });
}

#[test]
fn values_before_the_rejected_one_are_charged() {
    run(|| {
        let container = container_of(r#"{"type": "integer"}"#);
        let list = r#"{"type":"list","visibility":"public","dataSchema":{"type":"integer"}}"#;
        let add = DataContainer::add_data_set(signed(M), container, b"log".to_vec(), list.into());
        assert_ok!(add);
        let append = |wrong: usize| {
            let mut items = vec![b"1234567890".to_vec(); 200];
            items[wrong] = b"\"23456789\"".to_vec();
            let data_set = b"log".to_vec();
            weigh_refused(Call::append { container, data_set, items, expected_revision: None }).1
        };
        let base = Charged::append(200, 2_000);
        let done: Vec<_> =
            [0, 99, 199].map(append).iter().map(|it| it.saturating_sub(base)).collect();
        assert!(done[0].saturating_mul(50).all_lte(done[1]), "{done:?}");
        assert!(done[1].saturating_mul(3).all_gte(done[2].saturating_mul(1)), "{done:?}");
        assert!(done[1].saturating_mul(19).all_lte(done[2].saturating_mul(10)), "{done:?}");
    });
}
