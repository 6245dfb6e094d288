// SPDX-License-Identifier: Apache-2.0

//! The largest sizes work, and the next larger ones fail.

use super::Error;
use crate::{mock::*, pallet::*, types::*};
use frame_support::assert_ok;
use twinchain_primitives::assert_noop;

/// Returns a document of 64 data sets. Each has its own schema of the same size.
fn full(schema_bytes: usize) -> String {
    let sets: Vec<_> = (0..64)
        .map(|n| {
            let frame = format!(r#"{{"title":"{n:02}"}}"#).len();
            let padding = "t".repeat(schema_bytes - frame);
            format!(r#""s{n:02}":{}"#, definition(&format!(r#"{{"title":"{n:02}{padding}"}}"#)))
        })
        .collect();
    document(&sets.join(","))
}

#[test]
fn a_document_of_262144_bytes_with_64_data_sets_works() {
    run(|| {
        let text = full(3_900);
        assert!(text.len() < 262_144);
        let longest = padded(&text, 262_144);
        assert_eq!(longest.len(), 262_144);
        let call = DataContainer::publish_plugin(signed(M), padded(&text, 262_145).into());
        assert_noop!(call, Error::DocumentTooLong);
        let container = instantiate(M, publish(M, &longest));
        assert_eq!(Schemas::<Test>::iter_keys().count(), 64);
        assert_eq!(DataContainer::data_sets(container).len(), 64);
        for n in 0..64 {
            assert_ok!(set(M, container, &format!("s{n:02}"), b"1"));
        }
        let call = DataContainer::add_data_set(
            signed(M),
            container,
            b"one more".to_vec(),
            definition("true").into(),
        );
        assert_noop!(call, Error::TooManyDataSets);
    });
}

#[test]
fn a_document_holds_three_schemas_of_65536_bytes() {
    run(|| {
        let schema = |n: usize| format!(r#"{{"title":"{n}{}"}}"#, "t".repeat(65_536 - 13));
        assert_eq!(schema(1).len(), 65_536);
        let sets: Vec<_> =
            (0..3).map(|n| format!(r#""s{n}":{}"#, definition(&schema(n)))).collect();
        let container = instantiate(M, publish(M, &document(&sets.join(","))));
        assert_ok!(set(M, container, "s2", b"1"));
    });
}

#[test]
fn every_write_call_accepts_the_longest_value() {
    run(|| {
        let list = r#"{"type":"list","visibility":"public","dataSchema":{"type":"string"}}"#;
        let sets = format!(r#""value":{},"log":{list}"#, definition(r#"{"type":"string"}"#));
        let container = instantiate(M, publish(M, &document(&sets)));
        let value = |bytes: usize| format!("\"{}\"", "v".repeat(bytes - 2));
        let (longest, longer) = (value(65_536), value(65_537));
        assert_ok!(set_value(container, longest.as_bytes()));
        assert_eq!(entry(container, "value").unwrap(), longest);
        let error = |index| Error::ValueTooLong { index, offset: u16::MAX };
        assert_noop!(set_value(container, longer.as_bytes()), error(0));
        assert_ok!(append(M, container, "log", &[&longest]));
        assert_noop!(append(M, container, "log", &["\"\"", &longer]), error(1));
        let store = |value: &str| {
            DataContainer::store(signed(M), container, vec![new_value("value", value)])
        };
        assert_ok!(store(&longest));
        assert_noop!(store(&longer), error(0));
        assert_noop!(store(&value(65_585)), Error::PayloadTooLong);
    });
}

#[test]
fn the_longest_default_works() {
    run(|| {
        let text = |bytes: usize| {
            document(&format!(
                r#""value":{{"type":"entry","visibility":"public","dataSchema":true,"value":"{}"}}"#,
                "v".repeat(bytes - 2)
            ))
        };
        let container = instantiate(M, publish(M, &text(65_536)));
        assert_eq!(entry(container, "value").unwrap().len(), 65_536);
        let long = text(65_537);
        let call = DataContainer::publish_plugin(signed(M), long.into());
        assert_noop!(call, Error::ValueTooLong { index: 0, offset: u16::MAX });
    });
}

#[test]
fn a_payload_of_65584_bytes_in_256_items_works() {
    run(|| {
        let container = service();
        let item = format!("{:256}", 1);
        assert_ok!(append(M, container, "stamps", &[item.as_str(); 256]));
        assert_eq!(items(container, "stamps")[0].len(), 256);
        let longer = format!("{:257}", 1);
        let mut items = [item.as_str(); 256];
        let longest = format!("{:304}", 1);
        items[255] = &longest;
        assert_ok!(append(M, container, "stamps", &items));
        items[0] = &longer;
        assert_noop!(append(M, container, "stamps", &items), Error::PayloadTooLong);
    });
}

#[test]
fn names_of_64_bytes_work_everywhere() {
    run(|| {
        let long = long_name();
        let text = format!(
            r#"{{"description":{{"name":"{long}"}},"template":{{"properties":{{"{long}":
            {{"type":"entry","visibility":"public","dataSchema":true,
            "permissions":{{"{long}":["set"]}}}}}}}}}}"#
        );
        let container = instantiate(M, publish(M, &text));
        assign(container, S, 0);
        assert_ok!(set(S, container, &long, b"1"));
        assert_eq!(entry(container, &long).unwrap(), "1");
        // Each letter has two bytes.
        let umlauts = "ü".repeat(32);
        let added = DataContainer::add_data_set(
            signed(M),
            container,
            umlauts.clone().into(),
            definition("true").into(),
        );
        assert_ok!(added);
        assert_ok!(set(M, container, &umlauts, b"1"));
    });
}

#[test]
fn the_deepest_value_and_the_longest_numbers_work() {
    run(|| {
        let container = container_of("true");
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert_ok!(set_value(container, nested(32).as_bytes()));
        let error = Error::TooDeep { index: 0, offset: 32 };
        assert_noop!(set_value(container, nested(33).as_bytes()), error);
        assert_ok!(set_value(container, "1".repeat(128).as_bytes()));
        let error = || Error::NumberOutOfBounds { index: 0, offset: 0 };
        assert_noop!(set_value(container, "1".repeat(129).as_bytes()), error());
        assert_ok!(set_value(container, b"1e512"));
        assert_noop!(set_value(container, b"1e-513"), error());
    });
}

#[test]
fn a_list_accepts_items_after_many_batches() {
    run(|| {
        let container = service();
        for n in 0..1_000 {
            assert_ok!(append(M, container, "stamps", &["1", "2"]));
            assert_eq!(data_set(container, "stamps").batches, n + 1);
        }
        assert_eq!(data_set(container, "stamps").count, 2_000);
    });
}

#[test]
fn one_plugin_makes_many_containers() {
    run(|| {
        let plugin = publish(M, r#"{"template":{"type":"certificate","properties":{}}}"#);
        for n in 0..1_000 {
            assert_eq!(instantiate(M, plugin), n);
        }
        let page = DataContainer::containers_of_owner(M, None, u32::MAX);
        assert_eq!(page.items.len(), 256);
        assert!(page.next.is_some());
        assert_eq!(Documents::<Test>::iter_keys().count(), 1);
        assert_eq!(MAX_DATA_SETS, 64);
    });
}

#[test]
fn a_plugin_at_all_limits_at_once_is_published_and_instantiated() {
    run(|| {
        let long = |n: usize| format!("{n:0>64}");
        let roles: Vec<_> = (0..16).map(|n| format!(r#""r{n:0>63}":["set","remove"]"#)).collect();
        let set = |n: usize| {
            let roles = if n < 2 { roles.join(",") } else { String::new() };
            format!(
                r#""{}":{{"type":"entry","visibility":"public","value":{n},"writeOnce":true,
                "dataSchema":{{"title":"{n}","enum":[{n},"{}"]}},"permissions":{{{roles}}}}}"#,
                long(n),
                "e".repeat(600)
            )
        };
        let sets: Vec<_> = (0..64).map(set).collect();
        let text = padded(&document(&sets.join(",")), MAX_DOCUMENT as usize);
        let call = Call::publish_plugin { document: text.clone().into() };
        let class = frame_support::dispatch::DispatchClass::Normal;
        let limit = Weights::get().get(class).max_extrinsic.unwrap();
        assert!(info(&call).call_weight.all_lte(limit));
        assert_ok!(dispatch(M, call));
        let container = instantiate(M, 0);
        let found = DataContainer::container(container).unwrap();
        assert_eq!((found.container.data_sets, found.roles.len()), (64, 16));
        assert_eq!(entry(container, &long(63)).unwrap(), "63");
        let more = format!("{text} ");
        let longer = DataContainer::publish_plugin(signed(M), more.into());
        assert_noop!(longer, Error::DocumentTooLong);
        // Retiring the plugin does not change a byte of the instance.
        let mut before = super::costs::state();
        assert_ok!(DataContainer::retire_plugin(signed(M), 0));
        let mut after = super::costs::state();
        let plugin = Plugins::<Test>::hashed_key_for(0);
        assert_ne!(before.remove(&plugin), after.remove(&plugin));
        assert_eq!(before, after);
    });
}
