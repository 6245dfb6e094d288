// SPDX-License-Identifier: Apache-2.0

//! Things of the chain as text and as JSON.

use crate::{arguments::now, context::shown, output::table, times};
use serde_json::{json, Value};
use twinchain_client::{
    api::runtime_types::{
        pallet_data_container::types::{
            rights::{Grant, Until},
            Kind as DataSetKind, Visibility,
        },
        pallet_digital_twin::types::Target,
    },
    confidential::DataSet,
    AccountId32,
};
use twinchain_sealing::PublicKey;

pub const READ: u8 = 1;
pub const WRITE: u8 = 2;
pub const REMOVE: u8 = 4;

/// Returns the name of a data set's kind.
pub fn kind_words(kind: &DataSetKind) -> &'static str {
    match kind {
        DataSetKind::Entry => "entry",
        DataSetKind::List => "list",
    }
}

/// Returns the name of a data set's visibility.
pub fn visibility_words(visibility: &Visibility) -> &'static str {
    match visibility {
        Visibility::Confidential => "confidential",
        Visibility::Public => "public",
    }
}

/// Returns the access bits of a grant whose ends pass a test.
pub fn grant_bits(grant: &Grant, counts: impl Fn(&Until) -> bool) -> u8 {
    let bits = [(READ, &grant.read), (WRITE, &grant.write), (REMOVE, &grant.remove)];
    let held = bits.iter().filter(|(_, until)| until.as_ref().is_some_and(&counts));
    held.fold(0, |all, (bit, _)| all | bit)
}

/// Returns the currently valid access of a grant as text, with the ends.
pub fn grant_words(grant: &Grant) -> String {
    let now = now();
    let word = |(word, until): (&str, &Option<Until>)| match until {
        None => None,
        Some(Until::Forever) => Some(word.to_string()),
        Some(Until::Moment(end)) if *end >= now => {
            Some(format!("{word} until {}", times::show(*end)))
        },
        Some(Until::Moment(_)) => None,
    };
    let words = [("read", &grant.read), ("write", &grant.write), ("remove", &grant.remove)];
    words.into_iter().filter_map(word).collect::<Vec<_>>().join(", ")
}

/// Returns key versions as text.
pub fn versions_words(versions: &[u32]) -> String {
    let list: Vec<_> = versions.iter().map(ToString::to_string).collect();
    match list.len() {
        0 => "no keys".into(),
        1 => format!("the key of version {}", list[0]),
        _ => format!("the keys of versions {}", list.join(", ")),
    }
}

/// Returns access bits as text.
pub fn access_words(bits: u8) -> String {
    let words = [(READ, "read"), (WRITE, "write"), (REMOVE, "remove")];
    let held = words.iter().filter(|(bit, _)| bits & bit != 0).map(|(_, word)| *word);
    held.collect::<Vec<_>>().join(", ")
}

/// Returns a table of data sets.
pub fn set_table(sets: &[(String, DataSet)]) -> String {
    let row = |(name, set): &(String, DataSet)| {
        [
            shown(name.as_bytes()),
            kind_words(&set.kind).to_string(),
            visibility_words(&set.visibility).to_string(),
            set.revision.to_string(),
            set.count.to_string(),
            state_words(set).to_string(),
        ]
    };
    let titles = ["data set", "kind", "visibility", "revision", "values", "state"];
    table(titles, sets.iter().map(row).collect())
}

fn state_words(set: &DataSet) -> &'static str {
    match (&set.visibility, &set.key, set.retired) {
        (_, _, Some(_)) => "retired",
        (Visibility::Confidential, None, _) => "has no key",
        (Visibility::Confidential, Some(key), _) if key.valid_until == 0 => "rotation due",
        _ if set.write_once => "write once",
        _ => "",
    }
}

/// Returns a data set as JSON.
pub fn set_json(name: &str, set: &DataSet) -> Value {
    json!({
        "name": shown(name.as_bytes()),
        "kind": kind_words(&set.kind),
        "visibility": visibility_words(&set.visibility),
        "writeOnce": set.write_once,
        "retired": set.retired,
        "revision": set.revision,
        "values": set.count,
        "changed": set.changed,
        "head": format!("{:?}", set.head),
        "epoch": set.key.as_ref().map(|key| key.epoch),
        // The maximum value means no end.
        "validUntil": set
            .key
            .as_ref()
            .filter(|key| key.valid_until != u64::MAX)
            .map(|key| key.valid_until.to_string()),
    })
}

/// Returns a table, or `none` if it has no rows.
pub fn listing<const N: usize>(rows: Vec<[String; N]>, titles: [&str; N], none: &str) -> String {
    match rows.is_empty() {
        true => none.to_string(),
        false => table(titles, rows),
    }
}

/// Returns a link's target as JSON.
pub fn target_json(target: &Target<AccountId32>) -> Value {
    match target {
        Target::Container(id) => json!({ "container": id }),
        Target::Twin(id) => json!({ "twin": id }),
        Target::Account(account) => json!({ "account": account.to_string() }),
        Target::Hash(hash) => json!({ "hash": format!("{hash:?}") }),
    }
}

/// Returns a link's target as text.
pub fn target_words(target: &Target<AccountId32>) -> String {
    match target {
        Target::Container(id) => format!("container c{id}"),
        Target::Twin(id) => format!("twin {id}"),
        Target::Account(account) => format!("account {account}"),
        Target::Hash(hash) => format!("hash {hash:?}"),
    }
}

/// Returns the fingerprint of a key, grouped for reading aloud.
pub fn fingerprint(public: &PublicKey) -> String {
    let digits = hex::encode(public.0);
    let groups: Vec<_> = digits.as_bytes().chunks(4).take(8).map(String::from_utf8_lossy).collect();
    groups.join(" ")
}
