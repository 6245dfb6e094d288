//! Schemas that industry has published, with their example values, from the folder in
//! `TWINCHAIN_SCHEMAS`. The folder has a `NAME.schema.json` and a `NAME.example.json` for each.

use data_schema::{Schema, MAX_SOURCE};
use serde_json::Value;
use std::{env, fs, path::PathBuf};

/// A schema with its example.
struct Sample {
    name: String,
    schema: String,
    example: String,
}

fn samples() -> Option<Vec<Sample>> {
    let Some(folder) = env::var_os("TWINCHAIN_SCHEMAS").map(PathBuf::from) else {
        println!("SKIPPED: industry: TWINCHAIN_SCHEMAS is not set to a folder of schemas");
        return None;
    };
    let mut samples = Vec::new();
    for entry in fs::read_dir(&folder).expect("the folder can be read") {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_str().unwrap().to_owned();
        let Some(name) = file.strip_suffix(".schema.json") else { continue };
        let read = |kind: &str| fs::read_to_string(folder.join(format!("{name}.{kind}.json")));
        let (schema, example) = (read("schema").unwrap(), read("example").unwrap());
        samples.push(Sample { name: name.into(), schema, example });
    }
    samples.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(!samples.is_empty(), "{folder:?} has no schemas");
    Some(samples)
}

/// Returns all texts that differ from `value` in one place: a member or item removed, a value
/// replaced, an item repeated.
fn variants(value: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    let replacements = [
        Value::Null,
        Value::from("x"),
        Value::from(""),
        Value::from(-1),
        Value::from(1_000_000),
        Value::Array(Vec::new()),
        Value::Object(serde_json::Map::new()),
    ];
    all.extend(replacements);
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                for variant in variants(item) {
                    let mut changed = items.clone();
                    changed[index] = variant;
                    all.push(Value::Array(changed));
                }
                let mut repeated = items.clone();
                repeated.push(item.clone());
                all.push(Value::Array(repeated));
            }
        },
        Value::Object(members) => {
            for (name, member) in members {
                let mut less = members.clone();
                less.remove(name);
                all.push(Value::Object(less));
                for variant in variants(member) {
                    let mut changed = members.clone();
                    changed.insert(name.clone(), variant);
                    all.push(Value::Object(changed));
                }
            }
        },
        Value::String(text) => {
            all.push(Value::from(format!("{text}x")));
            all.push(Value::from(text.to_lowercase()));
        },
        _ => {},
    }
    all
}

#[test]
fn industry_schemas_get_the_verdicts_of_the_jsonschema_crate() {
    let Some(samples) = samples() else { return };
    let (mut accepted, mut refused, mut matching, mut compared, mut valid) = (0, 0, 0, 0, 0);
    let (mut longest, mut costliest) = (0, 0);
    for Sample { name, schema: source, example } in &samples {
        let schema = match Schema::compile(source.as_bytes()) {
            Ok(schema) => schema,
            Err(error) => {
                println!("refused: {name}, {} bytes: {error}", source.len());
                refused += u32::from(source.len() <= MAX_SOURCE as usize);
                continue;
            },
        };
        accepted += 1;
        longest = longest.max(schema.program().len());
        costliest = costliest.max(schema.cost());
        let reference = jsonschema::options()
            .should_validate_formats(false)
            .build(&serde_json::from_str(source).unwrap())
            .unwrap();
        let value: Value = serde_json::from_str(example).unwrap();
        let verdict = schema.validate(example.as_bytes());
        assert_eq!(verdict.is_ok(), reference.is_valid(&value), "{name}: {verdict:?}");
        matching += u32::from(verdict.is_ok());
        for variant in variants(&value).iter().take(4_000) {
            let text = variant.to_string();
            let verdict = schema.validate(text.as_bytes());
            assert_eq!(verdict.is_ok(), reference.is_valid(variant), "{name}: {verdict:?} {text}");
            compared += 1;
            valid += u32::from(verdict.is_ok());
        }
    }
    println!(
        "counted: {accepted} of {} schemas of industry compile, {matching} examples match; \
         {compared} changed examples compared, {valid} of them valid; the longest program has \
         {longest} bytes, the highest cost is {costliest}",
        samples.len()
    );
    assert!(20 * refused <= samples.len() as u32, "more than one in twenty is rejected");
}
