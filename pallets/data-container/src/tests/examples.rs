// SPDX-License-Identifier: Apache-2.0

//! Every plugin of `docs/examples`: published, instantiated and filled with its sample data.

use super::Error;
use crate::{mock::*, pallet::*, types::*};
use codec::Decode;
use data_schema::json::{Limits, Reader};
use frame_support::assert_ok;
use sp_runtime::DispatchError;
use twinchain_primitives::{assert_noop, ContainerId};

macro_rules! example {
    ($name:literal) => {
        Example {
            document: include_str!(concat!("../../../../docs/examples/", $name, ".json")),
            data: include_str!(concat!("../../../../docs/examples/data/", $name, ".json")),
        }
    };
}

struct Example {
    document: &'static str,
    data: &'static str,
}

const EXAMPLES: [Example; 6] = [
    example!("heavy-machine"),
    example!("maintenance-log"),
    example!("battery-passport"),
    example!("oddities"),
    example!("battery-pass-aspect"),
    example!("part-relationship"),
];

/// An invalid value or item, and its fault.
struct Invalid {
    value: Vec<u8>,
    keyword: String,
    pointer: String,
}

/// The samples of one data set, each value byte for byte as in the file.
#[derive(Default)]
struct Samples {
    data_set: String,
    set: Vec<Vec<u8>>,
    append: Vec<Vec<Vec<u8>>>,
    invalid: Vec<Invalid>,
}

fn values(reader: &mut Reader<'_>) -> Vec<Vec<u8>> {
    let mut values = Vec::new();
    reader.begin_array().unwrap();
    while reader.next_item().unwrap() {
        values.push(reader.skip_value().unwrap().text.to_vec());
    }
    values
}

fn invalid(reader: &mut Reader<'_>) -> Invalid {
    let mut invalid = Invalid { value: Vec::new(), keyword: String::new(), pointer: String::new() };
    reader.begin_object().unwrap();
    while let Some(key) = reader.next_key().unwrap() {
        match key.to_text().as_str() {
            "value" => invalid.value = reader.skip_value().unwrap().text.to_vec(),
            "keyword" => invalid.keyword = reader.string().unwrap().to_text(),
            "pointer" => invalid.pointer = reader.string().unwrap().to_text(),
            other => panic!("{other}"),
        }
    }
    // The schema `false` has no keyword.
    if invalid.keyword == "false" {
        invalid.keyword = "falseSchema".into();
    }
    invalid
}

fn samples(text: &str) -> Vec<Samples> {
    let mut reader = Reader::new(text.as_bytes(), Limits::default()).unwrap();
    let mut all = Vec::new();
    reader.begin_object().unwrap();
    while let Some(name) = reader.next_key().unwrap() {
        let mut samples = Samples { data_set: name.to_text(), ..Default::default() };
        reader.begin_object().unwrap();
        while let Some(key) = reader.next_key().unwrap() {
            match key.to_text().as_str() {
                "set" => samples.set = values(&mut reader),
                "append" => {
                    reader.begin_array().unwrap();
                    while reader.next_item().unwrap() {
                        samples.append.push(values(&mut reader));
                    }
                },
                "invalid" => {
                    reader.begin_array().unwrap();
                    while reader.next_item().unwrap() {
                        samples.invalid.push(invalid(&mut reader));
                    }
                },
                other => panic!("{other}"),
            }
        }
        all.push(samples);
    }
    reader.finish().unwrap();
    all
}

fn each(test: impl Fn(ContainerId, &Example, Samples)) {
    for example in &EXAMPLES {
        run(|| {
            let container = instantiate(M, publish(M, example.document));
            for samples in samples(example.data) {
                test(container, example, samples);
            }
        });
    }
}

fn is_public(container: ContainerId, name: &str) -> bool {
    data_set(container, name).visibility == Visibility::Public
}

/// Returns the error's name (see [`error_of`]), index and offset.
fn parts(error: DispatchError) -> (String, u8, u16) {
    let DispatchError::Module(module) = error else { panic!("{error:?}") };
    let error = Error::decode(&mut &module.error[..]).unwrap();
    let shown = format!("{error:?}");
    let [_, index, low, high] = module.error;
    (shown.split(' ').next().unwrap().into(), index, u16::from_le_bytes([low, high]))
}

/// Returns the name of the error for a keyword: capitalised, and followed by `Mismatch` unless it
/// is for the schema `false`.
fn error_of(keyword: &str) -> String {
    let (first, rest) = keyword.split_at(1);
    let ending = if keyword == "falseSchema" { "" } else { "Mismatch" };
    first.to_uppercase() + rest + ending
}

#[test]
fn documents_are_published_and_returned_byte_for_byte() {
    run(|| {
        for (example, (sets, public)) in
            EXAMPLES.iter().zip([(16, 12), (13, 9), (24, 14), (15, 12), (2, 2), (2, 2)])
        {
            let preview = DataContainer::check_document(M, example.document.into()).unwrap();
            let id = publish(M, example.document);
            let info = DataContainer::plugin(id).unwrap();
            assert_eq!(info.document, example.document.as_bytes());
            assert_eq!(info.plugin.name, preview.name);
            assert_eq!(preview.data_sets.len(), sets);
            let shown = preview.data_sets.iter();
            let shown = shown.filter(|set| set.visibility == Visibility::Public).count();
            assert_eq!(shown, public);
            let names: Vec<_> = preview.data_sets.iter().map(|set| set.name.clone()).collect();
            let sampled: Vec<_> =
                samples(example.data).iter().map(|samples| name(&samples.data_set)).collect();
            assert_eq!(names, sampled);

            let container = instantiate(C, id);
            let described = DataContainer::container(container).unwrap().description;
            assert!(example.document.contains(std::str::from_utf8(&described).unwrap()));
        }
    });
}

#[test]
fn public_samples_are_accepted_and_read_back() {
    each(|container, _, samples| {
        let set_name = samples.data_set.as_str();
        if !is_public(container, set_name) {
            return;
        }
        for value in &samples.set {
            assert_eq!(check_value(container, set_name, value.clone()), Ok(()));
            assert_ok!(set(M, container, set_name, value));
            assert_eq!(entry(container, set_name).unwrap().as_bytes(), value);
        }
        let before = items(container, set_name).len();
        for batch in &samples.append {
            let call =
                DataContainer::append(signed(M), container, set_name.into(), batch.clone(), None);
            assert_ok!(call);
        }
        let stored: Vec<Vec<Vec<u8>>> = items(container, set_name)
            .into_iter()
            .skip(before)
            .map(|batch| batch.into_iter().map(|item| item.unwrap().into_bytes()).collect())
            .collect();
        assert_eq!(stored, samples.append);
        assert!(!samples.set.is_empty() || !samples.append.is_empty(), "{set_name}");
    });
}

#[test]
fn invalid_samples_are_rejected_with_keyword_offset_and_pointer() {
    each(|container, _, samples| {
        let set_name = samples.data_set.as_str();
        for Invalid { value, keyword, pointer } in &samples.invalid {
            let refusal = check_value(container, set_name, value.clone()).unwrap_err();
            let text = String::from_utf8_lossy(value);
            assert_eq!(String::from_utf8(refusal.keyword).unwrap(), *keyword, "{text}");
            assert_eq!(String::from_utf8(refusal.pointer).unwrap(), *pointer, "{text}");
            if !is_public(container, set_name) {
                continue;
            }
            let before = root();
            let error = match data_set(container, set_name).kind {
                Kind::Entry => set(M, container, set_name, value).unwrap_err(),
                Kind::List => {
                    DataContainer::append(
                        signed(M),
                        container,
                        set_name.into(),
                        vec![value.clone()],
                        None,
                    )
                    .unwrap_err()
                    .error
                },
            };
            assert_eq!(before, root());
            assert_eq!(error, refusal.error);
            assert_eq!(parts(error), (error_of(keyword), 0, refusal.offset as u16), "{text}");
        }
    });
}

#[test]
fn one_invalid_item_fails_the_whole_batch() {
    each(|container, _, samples| {
        let set_name = samples.data_set.as_str();
        if !is_public(container, set_name) || samples.append.is_empty() {
            return;
        }
        for Invalid { value, keyword, .. } in &samples.invalid {
            let mut batch = samples.append[0].clone();
            let index = batch.len() as u8;
            batch.push(value.clone());
            let before = root();
            let call = DataContainer::append(signed(M), container, set_name.into(), batch, None);
            let (shown, at, _) = parts(call.unwrap_err().error);
            assert_eq!((shown, at), (error_of(keyword), index));
            assert_eq!(before, root());
        }
    });
}

#[test]
fn confidential_samples_match_but_are_not_stored_in_clear() {
    each(|container, _, samples| {
        let set_name = samples.data_set.as_str();
        if is_public(container, set_name) {
            return;
        }
        for value in samples.set.iter().chain(samples.append.iter().flatten()) {
            assert_eq!(check_value(container, set_name, value.clone()), Ok(()));
        }
        for value in &samples.set {
            assert_noop!(set(M, container, set_name, value), Error::Confidential);
        }
        for batch in &samples.append {
            let call =
                DataContainer::append(signed(M), container, set_name.into(), batch.clone(), None);
            assert_noop!(call, Error::Confidential);
        }
    });
}

#[test]
fn examples_are_cloned_with_all_their_public_values() {
    for example in &EXAMPLES {
        run(|| {
            let source = instantiate(M, publish(M, example.document));
            for samples in samples(example.data) {
                if is_public(source, &samples.data_set) {
                    for value in &samples.set {
                        assert_ok!(set(M, source, &samples.data_set, value));
                    }
                }
            }
            assert_ok!(DataContainer::clone_container(signed(M), source, true));
            for (name, old) in DataContainer::data_sets(source) {
                let new = DataSets::<Test>::get(source + 1, &name).unwrap();
                let value =
                    |id, set: &DataSet<AccountId, u64>| LongEntries::<Test>::get(id, set.id);
                assert_eq!(value(source + 1, &new), value(source, &old));
            }
        });
    }
}

#[test]
fn a_role_holder_can_write_what_an_example_permits() {
    run(|| {
        let container = instantiate(M, publish(M, EXAMPLES[3].document));
        let roles = RoleNames::<Test>::get(container);
        let role = roles.iter().find(|role| role.name == name("64")).unwrap();
        assign(container, S, role.id);
        assert_ok!(append(S, container, "tags", &[r#""neu""#]));
        assert_noop!(set(S, container, "identity", b"{}"), Error::NotPermitted);
        assert_noop!(append(X, container, "tags", &[r#""neu""#]), Error::NotPermitted);
    });
}
