// SPDX-License-Identifier: Apache-2.0

//! No error without a test: neither of the pallet's, nor of those that a call's own text names.

use super::Error;
use crate::{mock::*, pallet::*};
use frame_support::{assert_noop, assert_ok};
use scale_info::{TypeDef, TypeInfo};
use std::collections::{BTreeMap, BTreeSet};

/// The tests' source.
const TESTS: [&str; 16] = [
    include_str!("clone.rs"),
    include_str!("containers.rs"),
    include_str!("data.rs"),
    include_str!("data_sets.rs"),
    include_str!("errors.rs"),
    include_str!("examples.rs"),
    include_str!("history.rs"),
    include_str!("lists.rs"),
    include_str!("plugins.rs"),
    include_str!("properties.rs"),
    include_str!("rights.rs"),
    include_str!("scenarios.rs"),
    include_str!("schemas.rs"),
    include_str!("sizes.rs"),
    include_str!("state.rs"),
    include_str!("views.rs"),
];

/// What a call's text names and no call can give, with the reason.
const UNREACHABLE: [(&str, &str, &str); 1] = [(
    "publish_plugin",
    "PayloadTooLong",
    "the defaults stand in the document, which is no longer than what one call stores",
)];

fn variants() -> Vec<(String, u8)> {
    match Error::type_info().type_def {
        TypeDef::Variant(errors) => errors
            .variants
            .iter()
            .filter(|variant| !variant.name.starts_with("__"))
            .map(|variant| (variant.name.to_string(), variant.index))
            .collect(),
        _ => panic!("errors are an enum"),
    }
}

/// The words that follow each `before` in a text, as far as they are letters.
fn words<'a>(text: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(before).skip(1).map(|rest| {
        let end = rest.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(rest.len());
        &rest[..end]
    })
}

/// The errors that a part of the tests asserts.
fn asserted(source: &str) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = words(source, "Error::").map(Into::into).collect();
    found.extend(words(source, "refused!(").map(String::from));
    found
}

#[test]
fn every_error_is_asserted_by_a_test() {
    let found: BTreeSet<_> = TESTS.iter().flat_map(|source| asserted(source)).collect();
    let missing: Vec<_> =
        variants().into_iter().filter(|(name, _)| !found.contains(name)).collect();
    assert!(missing.is_empty(), "no test asserts {missing:?}");
}

/// The calls with the errors that their texts name.
fn documented() -> BTreeMap<String, BTreeSet<String>> {
    let source = include_str!("../lib.rs");
    let all = variants();
    let from = |first: &str, last: u8| -> Vec<String> {
        let begin = all.iter().find(|(name, _)| name == first).unwrap().1;
        let chosen = all.iter().filter(|(_, index)| (begin..=last).contains(index));
        chosen.map(|(name, _)| name.clone()).collect()
    };
    let mut calls = BTreeMap::new();
    for part in source.split("/// # Errors").skip(1) {
        let (text, rest) = part.split_once("/// # Events").unwrap();
        let text = text.replace("///", " ").split_whitespace().collect::<Vec<_>>().join(" ");
        let call = rest.split("pub fn ").nth(1).unwrap().split('(').next().unwrap().to_string();
        let mut errors: BTreeSet<String> = text
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|word| all.iter().any(|(name, _)| name == word))
            .map(Into::into)
            .collect();
        if text.contains("from `NotASchema` on") {
            errors.extend(from("NotASchema", 59));
        }
        if text.contains("from `InvalidJson` on") {
            errors.extend(from("InvalidJson", u8::MAX));
        }
        if text.contains("those of `publish_plugin`") {
            errors.extend(from("InvalidMember", u8::MAX));
        }
        if text.contains("those of `set_entry`") {
            let entry: BTreeSet<String> = BTreeMap::get(&calls, "set_entry").cloned().unwrap();
            errors.extend(entry);
        }
        // Only a damaged state gives this one; it has a test of its own.
        errors.remove("CorruptSchema");
        calls.insert(call, errors);
    }
    calls
}

/// The errors that the tests named after a call assert.
fn tested(call: &str) -> BTreeSet<String> {
    let mut errors = BTreeSet::new();
    let begin = format!("fn {call}_fails_when");
    for test in TESTS.iter().flat_map(|source| source.split("#[test]")) {
        if !test.trim_start().starts_with(&begin) {
            continue;
        }
        errors.extend(asserted(test));
        // The tables of what is refused are used by the tests of several calls.
        let table = include_str!("schemas.rs");
        for name in ["refused_values()", "refused_schemas()"] {
            if test.contains(name) {
                let rest = table.split(&format!("fn {name}")).nth(1).unwrap();
                errors.extend(asserted(rest.split("\n}").next().unwrap()));
            }
        }
    }
    errors
}

#[test]
fn every_error_that_a_call_names_is_asserted_for_that_call() {
    let documented = documented();
    assert_eq!(documented.len(), 15);
    for (call, errors) in documented {
        let tested = tested(&call);
        let missing: Vec<_> = errors
            .iter()
            .filter(|error| !tested.contains(*error))
            .filter(|error| !UNREACHABLE.iter().any(|(of, what, _)| *of == call && what == error))
            .collect();
        assert!(missing.is_empty(), "no test named after {call} asserts {missing:?}");
    }
}

#[test]
fn errors_keep_their_indices() {
    let all = variants();
    let expected = [
        ("PluginNotFound", 0),
        ("NotPermitted", 11),
        ("Corrupt", 28),
        ("InvalidMember", 40),
        ("SchemaTooComplex", 50),
        ("InvalidJson", 60),
        ("CorruptSchema", 66),
        ("Type", 70),
        ("FalseSchema", 90),
    ];
    for (name, index) in expected {
        assert!(all.contains(&(name.into(), index)), "{name}");
    }
    assert_eq!(all.len(), 68);
}

/// What only a damaged state can give; the checks after a test would find the damage.
#[test]
fn a_missing_document_is_reported() {
    ExtBuilder.build().execute_with(|| {
        let plugin = publish(M, SERVICE);
        assert_ok!(DataContainer::do_try_state());
        Documents::<Test>::remove(hash(SERVICE.as_bytes()));
        let call = DataContainer::instantiate(signed(M), plugin, vec![]);
        assert_noop!(call, Error::Corrupt);
        assert!(DataContainer::do_try_state().is_err());
    });
}

#[test]
fn a_damaged_schema_is_reported() {
    ExtBuilder.build().execute_with(|| {
        let container = container_of(r#"{"type":"string"}"#);
        let key = Schemas::<Test>::hashed_key_for(hash(br#"{"type":"string"}"#));
        // A program of bytes that no compiler wrote.
        for program in [&[][..], &[0xff], &[0xff; 64], &[0; 64], &[1, 2, 3]] {
            let bytes = codec::Encode::encode(&program.to_vec());
            frame_support::storage::unhashed::put_raw(&key, &bytes);
            let call = set_value(container, b"\"a\"");
            assert_noop!(call, Error::CorruptSchema { index: 0, offset: 0 });
        }
    });
}

#[test]
fn a_damaged_state_is_found() {
    let found = |damage: fn(u64)| {
        ExtBuilder.build().execute_with(|| {
            let id = service();
            assert_ok!(set(M, id, "hours", b"1"));
            assert_ok!(append(M, id, "stamps", &["1", "2"]));
            assign(id, S, TECHNICIAN);
            assert_ok!(DataContainer::do_try_state());
            damage(id);
            assert!(DataContainer::do_try_state().is_err());
        });
    };
    found(|_| NextPluginId::<Test>::put(0));
    found(|_| NextContainerId::<Test>::put(0));
    found(Containers::<Test>::remove);
    found(|_| Plugins::<Test>::remove(0));
    found(|_| Schemas::<Test>::remove(hash(br#"{"type": "integer"}"#)));
    found(|_| Documents::<Test>::insert(hash(b"a"), sp_runtime::BoundedVec::default()));
    found(|id| Entries::<Test>::remove(id, HOURS));
    found(|id| Batches::<Test>::remove((id, 4, 0)));
    found(RolesOf::<Test>::remove);
    found(|id| DataSets::<Test>::remove(id, name("serial")));
    found(|id| ContainersOfOwner::<Test>::remove(M, id));
    found(|id| ContainersOfOwner::<Test>::insert(X, id, ()));
    found(|id| grant(id, X, 99, twinchain_primitives::Access::WRITE, None));
    found(|id| assign(id, X, 9));
    found(|id| AccountRights::<Test>::insert(id, X, crate::Rights::default()));
    found(|id| {
        let value = crate::StoredValue::Public(b"\"no number\"".to_vec().try_into().unwrap());
        Entries::<Test>::insert(id, HOURS, value);
    });
    let change = |change: fn(&mut crate::DataSet<u64>)| {
        ExtBuilder.build().execute_with(|| {
            let id = service();
            DataSets::<Test>::mutate(id, name("hours"), |set| change(set.as_mut().unwrap()));
            assert!(DataContainer::do_try_state().is_err());
        });
    };
    change(|set| set.id = 1);
    change(|set| set.count = 1);
    change(|set| set.batches = 1);
    change(|set| set.revision = 1);
    change(|set| set.changed = 99);
    change(|set| set.head = Default::default());
    change(|set| set.visibility = crate::Visibility::Confidential);
}
