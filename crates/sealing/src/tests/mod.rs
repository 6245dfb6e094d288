// SPDX-License-Identifier: Apache-2.0

mod history;
mod keystore;
mod vectors;

use crate::{history::KeySource, *};
use ::hex as hex_crate;
use serde_json::Value;
use std::collections::BTreeMap;

const OWN: &str = include_str!("../../../../client/js/vectors/twinchain.json");
const RFC: &str = include_str!("../../../../client/js/vectors/rfc9180.json");

fn vectors() -> Value {
    serde_json::from_str(OWN).unwrap()
}

fn list<'a>(vectors: &'a Value, field: &str) -> &'a [Value] {
    let list = vectors[field].as_array().unwrap();
    assert!(!list.is_empty(), "no {field}");
    list
}

fn text<'a>(vector: &'a Value, field: &str) -> &'a str {
    vector[field].as_str().unwrap_or_else(|| panic!("no {field} in {vector}"))
}

fn bytes(vector: &Value, field: &str) -> Vec<u8> {
    hex_crate::decode(text(vector, field)).unwrap()
}

fn bytes32(vector: &Value, field: &str) -> [u8; 32] {
    bytes(vector, field).try_into().unwrap()
}

fn number(vector: &Value, field: &str) -> KeyVersion {
    u32::try_from(vector[field].as_u64().unwrap()).unwrap().try_into().unwrap()
}

fn data_set(vector: &Value) -> DataSet {
    DataSet {
        genesis: GenesisHash(bytes32(vector, "genesis_hash")),
        container: text(vector, "container").parse().unwrap(),
        name: DataSetName::from_text(text(vector, "data_set")).unwrap(),
    }
}

fn place(vector: &Value) -> Place {
    data_set(vector).epoch(number(vector, "epoch"))
}

fn seed(vector: &Value, field: &str) -> Seed {
    Seed::from_bytes(&bytes32(vector, field))
}

fn secret(vector: &Value, field: &str) -> SecretKey {
    SecretKey::from_bytes(&bytes32(vector, field))
}

fn version(number: u32) -> KeyVersion {
    number.try_into().unwrap()
}

/// The committed epochs of one data set with their seeds.
struct History {
    data_set: DataSet,
    epochs: BTreeMap<EpochNumber, EpochRecord>,
    seeds: BTreeMap<EpochNumber, Seed>,
}

fn history() -> History {
    let vectors = vectors();
    let history = &vectors["history"];
    let record = |epoch: &Value| {
        let previous = epoch["previous"].as_str();
        let record = EpochRecord {
            suite: SUITE,
            public: PublicKey(bytes32(epoch, "public")),
            previous: previous.map(|hex| hex_crate::decode(hex).unwrap().try_into().unwrap()),
        };
        (number(epoch, "epoch"), record)
    };
    let seed = |of: &Value| (number(of, "epoch"), seed(of, "seed"));
    History {
        data_set: data_set(history),
        epochs: list(history, "epochs").iter().map(record).collect(),
        seeds: list(history, "seeds").iter().map(seed).collect(),
    }
}

/// A source with some seeds and keys.
#[derive(Default)]
struct Known {
    seeds: Vec<Seed>,
    keys: Vec<OwnKey>,
}

impl KeySource for Known {
    fn seed(&self, _: &DataSet, _: EpochNumber, public: &PublicKey) -> Option<Seed> {
        let keys = self.seeds.iter().map(|seed| EpochKey::from_seed(seed.clone()));
        keys.into_iter().find(|key| key.public == *public).map(|key| key.seed)
    }

    fn candidates(&self, _: KeyVersion) -> Vec<OwnKey> {
        self.keys.clone()
    }
}
