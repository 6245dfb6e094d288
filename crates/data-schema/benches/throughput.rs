//! The throughput of validation on values of 128 bytes, 1 KiB and 16 KiB. Compares with serde_json,
//! which only builds a tree, and with serde_json and the jsonschema crate, which do the same job.
//!
//! Run with `cargo bench -p data-schema`. With `TWINCHAIN_SCHEMAS=FOLDER` it also measures five
//! schemas of industry: those with the longest examples in a folder of `NAME.schema.json` and
//! `NAME.example.json`.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a benchmark is not part of a release"
)]

use criterion::{criterion_group, criterion_main, Criterion, Throughput};
use data_schema::Schema;
use std::{env, fs, hint::black_box, path::PathBuf};

/// A typical schema of ten properties.
const RECORD: &str = r#"{
    "type": "object",
    "properties": {
        "id": {"type": "integer", "minimum": 0},
        "kind": {"enum": ["inspection", "repair", "overhaul", "other"]},
        "at": {"type": "string", "minLength": 10, "maxLength": 30},
        "by": {"type": "string", "maxLength": 40},
        "hours": {"type": "number", "minimum": 0, "maximum": 24, "multipleOf": 0.25},
        "ok": {"type": "boolean"},
        "parts": {"type": "array", "items": {"type": "string"}, "maxItems": 16},
        "note": {"type": ["string", "null"]},
        "cost": {"type": "number", "exclusiveMinimum": 0},
        "place": {"type": "object", "properties": {"x": {"type": "number"}, "y": {"type": "number"}}}
    },
    "required": ["id", "kind"],
    "additionalProperties": false
}"#;

fn record(n: usize) -> String {
    format!(
        r#"{{"id":{n},"kind":"repair","at":"2026-07-14T09:30:00Z","by":"S. Technician","hours":1.25,"ok":true,"parts":["P-{n}","bolt M8"]}}"#
    )
}

/// Returns a list of records of almost `length` bytes. `separator` may contain white space.
fn list(length: usize, separator: &str) -> String {
    let mut text = String::from("[");
    for n in 0.. {
        let next = record(n);
        if text.len() + next.len() + separator.len() + 1 > length {
            break;
        }
        text.push_str(if n > 0 { separator } else { "" });
        text.push_str(&next);
    }
    text.push(']');
    text
}

fn throughput(c: &mut Criterion) {
    let items = format!("{{\"type\":\"array\",\"items\":{RECORD}}}");
    let cases = [
        ("128 B", RECORD, record(7)),
        ("1 KiB", items.as_str(), list(1024, ", ")),
        ("16 KiB", items.as_str(), list(16 * 1024, ",\n  ")),
    ];
    for (name, source, value) in cases {
        let schema = Schema::compile(source.as_bytes()).unwrap();
        let reference =
            jsonschema::draft202012::new(&serde_json::from_str(source).unwrap()).unwrap();
        let value = value.as_bytes();
        assert!(schema.check(value).is_ok());
        assert!(reference.is_valid(&serde_json::from_slice(value).unwrap()));

        let mut group = c.benchmark_group(name);
        group.throughput(Throughput::Bytes(value.len() as u64));
        group.bench_function("data-schema", |b| b.iter(|| schema.check(black_box(value))));
        group.bench_function("serde_json, parse only", |b| {
            b.iter(|| serde_json::from_slice::<serde_json::Value>(black_box(value)))
        });
        group.bench_function("serde_json and jsonschema", |b| {
            b.iter(|| {
                let value: serde_json::Value = serde_json::from_slice(black_box(value)).unwrap();
                reference.is_valid(&value)
            })
        });
        group.finish();
    }

    let mut group = c.benchmark_group("compile");
    group.throughput(Throughput::Bytes(RECORD.len() as u64));
    group.bench_function("data-schema", |b| b.iter(|| Schema::build(black_box(RECORD.as_bytes()))));
    group.bench_function("jsonschema", |b| {
        b.iter(|| {
            let source = serde_json::from_str(black_box(RECORD)).unwrap();
            jsonschema::draft202012::new(&source).unwrap()
        })
    });
    group.finish();
}

/// Returns the names, schemas and examples of five schemas of industry, if the variable names a
/// folder.
fn industry() -> Vec<(String, String, String)> {
    let Some(folder) = env::var_os("TWINCHAIN_SCHEMAS").map(PathBuf::from) else {
        return Vec::new();
    };
    let mut all: Vec<(String, String, String)> = fs::read_dir(&folder)
        .unwrap()
        .filter_map(|entry| {
            let file = entry.unwrap().file_name().into_string().unwrap();
            let name = file.strip_suffix(".schema.json")?.to_string();
            let read =
                |kind| fs::read_to_string(folder.join(format!("{name}.{kind}.json"))).unwrap();
            let (schema, example) = (read("schema"), read("example"));
            let compiled = Schema::compile(schema.as_bytes()).ok()?;
            compiled.check(example.as_bytes()).ok()?;
            Some((name, schema, example))
        })
        .collect();
    all.sort_by_key(|(.., example)| usize::MAX - example.len());
    all.truncate(5);
    all
}

fn schemas_of_industry(c: &mut Criterion) {
    for (name, source, value) in industry() {
        let schema = Schema::compile(source.as_bytes()).unwrap();
        let reference = jsonschema::options()
            .should_validate_formats(false)
            .build(&serde_json::from_str(&source).unwrap())
            .unwrap();
        let value = value.as_bytes();
        let mut group = c.benchmark_group(format!("{name}, {} B", value.len()));
        group.throughput(Throughput::Bytes(value.len() as u64));
        group.bench_function("data-schema", |b| b.iter(|| schema.check(black_box(value))));
        group.bench_function("serde_json and jsonschema", |b| {
            b.iter(|| {
                let value: serde_json::Value = serde_json::from_slice(black_box(value)).unwrap();
                reference.is_valid(&value)
            })
        });
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(30)
        .warm_up_time(std::time::Duration::from_millis(500))
        .measurement_time(std::time::Duration::from_secs(2));
    targets = throughput, schemas_of_industry
}
criterion_main!(benches);
