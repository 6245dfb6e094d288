//! Random schemas and values: the verdicts of other validators.

use crate::{
    generate::{Generator, Numbers},
    oracle::{self, Json},
    rng::Rng,
};
use data_schema::{CompileErrorKind, Schema};
use std::collections::BTreeMap;

const KEYWORDS: [&str; 23] = [
    "type",
    "enum",
    "const",
    "properties",
    "required",
    "additionalProperties",
    "minProperties",
    "maxProperties",
    "items",
    "prefixItems",
    "minItems",
    "maxItems",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
];

/// The pairs and the valid ones among them, for each keyword that a schema has somewhere.
#[derive(Default)]
struct Balance(BTreeMap<String, (u32, u32)>);

impl Balance {
    fn count(&mut self, schema: &Json, valid: bool) {
        let mut found = Vec::new();
        keywords(schema, &mut found);
        found.sort_unstable();
        found.dedup();
        for name in found {
            let (pairs, matches) = self.0.entry(name.into()).or_default();
            *pairs += 1;
            *matches += u32::from(valid);
        }
    }

    /// How many pairs a keyword is in, and how many of a hundred are valid.
    fn of(&self, name: &str) -> (u32, u32) {
        let (pairs, matches) = self.0.get(name).copied().unwrap_or_default();
        (pairs, 100 * matches / pairs.max(1))
    }

    /// Says what is in the balance, in lines that `scripts/test.sh` shows, and checks it.
    fn check(&self) {
        for names in KEYWORDS.chunks(4) {
            let counts = names.iter().map(|name| {
                let (pairs, percent) = self.of(name);
                format!("  {name:<20} {pairs:>6} {percent:>2} %")
            });
            println!("counted: {}", counts.collect::<String>());
        }
        for name in KEYWORDS {
            let (pairs, percent) = self.of(name);
            assert!(pairs > 1_000 && (30..=70).contains(&percent), "{name} is out of balance");
        }
    }
}

fn keywords<'a>(schema: &'a Json, found: &mut Vec<&'a str>) {
    let Json::Object(members) = schema else { return };
    for (name, value) in members {
        found.push(name);
        match (name.as_str(), value) {
            ("properties", Json::Object(schemas)) => {
                schemas.iter().for_each(|(_, schema)| keywords(schema, found));
            },
            ("allOf" | "anyOf" | "oneOf" | "prefixItems", Json::Array(schemas)) => {
                schemas.iter().for_each(|schema| keywords(schema, found));
            },
            ("items" | "not" | "additionalProperties", schema) => keywords(schema, found),
            _ => {},
        }
    }
}

/// Compares the verdicts until `pairs` pairs are in the balance; those that were only looked at on
/// the way are compared too. The reference is made from a schema's text and value.
fn compare<R>(
    name: &str,
    numbers: Numbers,
    seed: u64,
    pairs: u32,
    prepare: impl Fn(&str, &Json) -> R,
    reference: impl Fn(&R, &str, &Json) -> bool,
) {
    let mut generator = Generator { rng: Rng::new(seed), numbers };
    let mut balance = Balance::default();
    let (mut compared, mut kept, mut refused) = (0, 0, 0);
    while kept < pairs {
        let tree = generator.schema(3);
        let mut source = String::new();
        generator.write(&tree, &mut source);
        let schema = match Schema::compile(source.as_bytes()) {
            Ok(schema) => schema,
            Err(error) => {
                let too_much = [CompileErrorKind::TooComplex, CompileErrorKind::TooLong];
                assert!(too_much.contains(&error.kind), "{error}: {source}");
                refused += 1;
                continue;
            },
        };
        let prepared = prepare(&source, &tree);
        for want in [true, false].repeat(4) {
            // Values of the wanted verdict are looked for, so that both are about as common.
            for _ in 0..6 {
                let mut value = generator.sample(&tree, 6);
                if generator.rng.percent(if want { 20 } else { 85 }) {
                    generator.mutate(&mut value);
                }
                let mut text = String::new();
                generator.write(&value, &mut text);
                if text.len() > data_schema::MAX_VALUE as usize {
                    continue;
                }
                let expected = reference(&prepared, &text, &value);
                let stats = schema.check(text.as_bytes());
                assert_eq!(
                    stats.is_ok(),
                    expected,
                    "seed {seed}, pair {compared}\nschema {source}\nvalue {text}\ngot {stats:?}"
                );
                if let Ok(stats) = stats {
                    assert!(stats.live <= schema.cost(), "seed {seed}: {source} {text}");
                }
                compared += 1;
                if expected == want {
                    kept += 1;
                    balance.count(&tree, expected);
                    break;
                }
            }
        }
    }
    println!(
        "counted: {compared} pairs compared with {name} (seed {seed}), {refused} schemas too \
         complex; {kept} pairs by keyword, with how many are valid:"
    );
    balance.check();
}

#[test]
fn verdicts_equal_those_of_the_jsonschema_crate() {
    compare(
        "the jsonschema crate",
        Numbers::Plain,
        Rng::seed("DATA_SCHEMA_SEED", 202_012),
        150_000,
        |source, _| {
            let schema: serde_json::Value = serde_json::from_str(source).unwrap();
            jsonschema::draft202012::new(&schema).unwrap()
        },
        |validator, text, _| validator.is_valid(&serde_json::from_str(text).unwrap()),
    );
}

#[test]
fn verdicts_equal_those_of_the_obvious_validator_with_any_numbers() {
    compare(
        "the obvious validator",
        Numbers::Wide,
        Rng::seed("DATA_SCHEMA_SEED", 8259),
        100_000,
        |_, tree| tree.clone(),
        |tree, _, value| oracle::valid(tree, value),
    );
}
