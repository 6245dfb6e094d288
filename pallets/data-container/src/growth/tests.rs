// SPDX-License-Identifier: Apache-2.0

//! Comparisons of the bounds with the lengths of the records.

use super::*;
use crate::suite::parse_sealed_seed;
use codec::MaxEncodedLen;
use data_schema::Schema;
use twinchain_primitives::{Description, Name};

type Account = [u8; 32];
type Number = u32;

fn bytes<V: MaxEncodedLen>() -> u64 {
    V::max_encoded_len() as u64
}

#[test]
fn record_lengths_match_their_types() {
    assert_eq!(CONTAINER, CONTAINER_KEY + bytes::<Container<Account, Number>>());
    assert_eq!(ROLE_NAMES, ROLE_NAMES_KEY + bytes::<Roles>());
    assert_eq!(RIGHTS, RIGHTS_KEY + bytes::<Rights>() + INDEX);
    assert_eq!(SEALING_END, SEALING_END_KEY + bytes::<SealingEnd<Account>>());
    assert_eq!(PLUGIN, PLUGIN_KEY + bytes::<Plugin<Account>>());
    assert_eq!(DATA_SET + SHORT_VALUE, bytes::<DataSet<Account, Number>>());
    assert_eq!(SHORT_VALUE, bytes::<Entry<Account, Number, ShortValue>>());
    assert_eq!(full_data_set(&[0; 64]) + SEALING_END + REMOVED_ENVELOPES, LIMITED_DATA_SET);
    assert_eq!(data_set_key(&[0; 64]), MAP + ID + 16 + bytes::<Name>());
    assert_eq!(description(8_192), DESCRIPTION_KEY + bytes::<Description>());
    assert_eq!(document(262_144), DOCUMENT_KEY + bytes::<Document>());
    assert_eq!(entry(65_584), LONG_ENTRY_KEY + bytes::<Entry<Account, Number>>());
    assert_eq!(envelope(&[]), ENVELOPE_KEY + bytes::<Envelope>() - 1_168);
    let key = bytes::<EncryptionKey<Number>>() - 1_216;
    let version = bytes::<AccountKey>() - 1_216;
    let records = [ENCRYPTION_KEY_KEY, key, MAP + ACCOUNT + NUMBER, version, USED_ACCOUNT_KEY];
    assert_eq!(set_encryption_key(&[]).proof_size(), sum(records));
}

#[test]
fn no_suite_has_longer_seeds() {
    for suite in 0..=u8::MAX {
        for length in 0..1_300 {
            let parsed = parse_sealed_seed(suite, &vec![0; length]);
            assert!(parsed.is_none() || length as u64 <= SEALED_SEED, "{suite} {length}");
        }
    }
    let holder = |n: u32| AccountEnvelope {
        holder: KeyHolder::Account([7u8; 32], n),
        sealed: vec![0; SEALED_SEED as usize].try_into().unwrap(),
    };
    let all = AccountEnvelopes::truncate_from((0..MAX_KEY_HOLDERS).map(holder).collect());
    assert_eq!(ACCOUNT_ENVELOPES, ACCOUNT_ENVELOPES_KEY + all.encoded_size() as u64);
}

/// Returns the length of the record of a schema, and its bound.
fn compiled(source: &[u8]) -> Option<(u64, u64)> {
    let program = Schema::compile(source).ok()?;
    let schema = CompiledSchema {
        program,
        document: Default::default(),
        root: Span { offset: 0, length: 0 },
        place: Some(0),
    };
    Some((SCHEMA_KEY + schema.encoded_size() as u64, schemas(1, len(source))))
}

#[test]
fn compiled_schemas_are_within_their_bound() {
    let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    // The patterns differ, because equal expressions are compiled only once.
    let patterns = |count: usize| {
        let pattern = |n: usize| {
            let (start, end) = letters.split_at(n % letters.len());
            format!(r#"{{"pattern":"{end}{start}"}}"#)
        };
        format!(r#"{{"prefixItems":[{}]}}"#, (0..count).map(pattern).collect::<Vec<_>>().join(","))
    };
    // The maximum number of patterns in a schema.
    let most = (0..60).rev().find_map(|count| compiled(patterns(count).as_bytes()));
    let (written, bound) = most.unwrap();
    assert!(written <= bound && written * 10 > bound * 7, "{written} {bound}");
    let folder =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../crates/data-schema/fuzz/corpus/compile");
    let mut count = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let source = std::fs::read(file.unwrap().path()).unwrap();
        let Some((written, bound)) = compiled(&source) else { continue };
        assert!(written <= bound, "{written} {bound} {}", String::from_utf8_lossy(&source));
        count += 1;
    }
    assert!(count > 20, "{count}");
    let parts =
        ["[]", "{}", "[0]", "[[0]]", r#"{"":0}"#, r#""a""#, "null", "1", "-1", "1e9", "[[],[]]"];
    for part in parts {
        for many in [1, 10, 60] {
            let all = vec![part; many].join(",");
            for source in [
                format!(r#"{{"const":[{all}]}}"#),
                format!(r#"{{"enum":[{all}]}}"#),
                format!(r#"{{"prefixItems":[{{"const":{part}}}{}]}}"#, ",true".repeat(many)),
            ] {
                let Some((written, bound)) = compiled(source.as_bytes()) else { continue };
                assert!(written <= bound, "{written} {bound} {source}");
            }
        }
    }
}

#[test]
fn data_set_takes_at_least_32_bytes_of_a_document() {
    assert!(r#""a":{"type":"list","dataSchema":{}},"#.len() >= 32);
    let one = publish_plugin(&[0; 64]).proof_size() - publish_plugin(&[0; 32]).proof_size();
    assert!(one > SCHEMA_KEY + COMPILED_SCHEMA + 47 + 32 * 13);
    let around = CompiledSchema::max_encoded_len() - Schema::max_encoded_len();
    assert_eq!(COMPILED_SCHEMA, u64::from(data_schema::MIN_PROGRAM) + around as u64);
}

#[test]
fn lists_of_short_items_are_within_the_bound_of_defaults() {
    for (items, length) in [(1, 1), (256, 1), (256, 63), (200, 64), (256, 255), (1, 65_536)] {
        let text = (items * (length + 1) + 1) as u64;
        let stored = public_batch(&vec![vec![0; length]; items]);
        assert!(stored <= defaults(1, text), "{items} {length}");
        assert!(stored <= batch(text * 2), "{items} {length}");
    }
    for length in [1, 512, 513, 65_536] {
        assert!(long_entry(&vec![0; length]) <= defaults(1, length as u64));
    }
}

#[test]
fn lengths_do_not_overflow() {
    let bytes = writes_bytes(sum([u64::MAX, defaults(u64::MAX, u64::MAX)]));
    assert_eq!(bytes.proof_size(), u64::MAX);
    assert_eq!(schemas(u64::MAX, u64::MAX), u64::MAX);
}
