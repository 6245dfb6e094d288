//! Random schemas and values, compared with the verdicts of other validators.

use crate::{
    generate::{Generator, Numbers},
    oracle::{self, Json},
    rng::Rng,
};
use data_schema::{CompileErrorKind, Dialect, Schema};
use std::collections::BTreeMap;

const KEYWORDS: [&str; 38] = [
    "$ref",
    "$anchor",
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
    "uniqueItems",
    "maxItems",
    "minLength",
    "pattern",
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
    "if",
    "then",
    "else",
    "contains",
    "minContains",
    "maxContains",
    "patternProperties",
    "propertyNames",
    "dependentRequired",
    "dependentSchemas",
    "$defs",
];

/// The number of pairs and of valid pairs for each keyword in a schema.
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

    /// Returns the number of pairs with a keyword, and the percentage of valid ones.
    fn of(&self, name: &str) -> (u32, u32) {
        let (pairs, matches) = self.0.get(name).copied().unwrap_or_default();
        (pairs, 100 * matches / pairs.max(1))
    }

    /// Prints the balance in lines that `scripts/test.sh` shows, and checks it.
    fn check(&self, keywords: &[&str]) {
        for names in keywords.chunks(4) {
            let counts = names.iter().map(|name| {
                let (pairs, percent) = self.of(name);
                format!("  {name:<20} {pairs:>6} {percent:>2} %")
            });
            println!("counted: {}", counts.collect::<String>());
        }
        for name in keywords {
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
            (
                "properties" | "$defs" | "definitions" | "patternProperties" | "dependentSchemas"
                | "dependencies",
                Json::Object(schemas),
            ) => {
                schemas.iter().for_each(|(_, schema)| keywords(schema, found));
            },
            ("allOf" | "anyOf" | "oneOf" | "prefixItems" | "items", Json::Array(schemas)) => {
                schemas.iter().for_each(|schema| keywords(schema, found));
            },
            (
                "items"
                | "not"
                | "additionalProperties"
                | "additionalItems"
                | "if"
                | "then"
                | "else"
                | "contains"
                | "propertyNames",
                schema,
            ) => keywords(schema, found),
            _ => {},
        }
    }
}

/// The errors that are allowed for a random schema: it may exceed a limit, and its references may
/// form a circle.
const MAY_BE_REFUSED: [CompileErrorKind; 3] =
    [CompileErrorKind::TooComplex, CompileErrorKind::TooLong, CompileErrorKind::CircularReference];

/// Compiles a random source. Returns `None` if it is rejected with an allowed error.
fn compiled(source: &str) -> Option<Schema> {
    let error = match Schema::compile(source.as_bytes()) {
        Ok(schema) => return Some(schema),
        Err(error) => error,
    };
    assert!(MAY_BE_REFUSED.contains(&error.kind), "{error}: {source}");
    None
}

/// Compares verdicts until `pairs` pairs are in the balance. Pairs that are only candidates are
/// compared too. `prepare` makes the reference from a schema's text and value.
fn compare<R>(
    name: &str,
    numbers: Numbers,
    seed: u64,
    pairs: u32,
    prepare: impl Fn(&str, &Json) -> R,
    reference: impl Fn(&R, &str, &Json) -> bool,
) {
    let mut generator = Generator { rng: Rng::new(seed), numbers, root: Json::Null };
    let mut balance = Balance::default();
    let (mut compared, mut kept, mut refused) = (0, 0, 0);
    while kept < pairs {
        let tree = generator.whole(3);
        generator.root = tree.clone();
        let mut source = String::new();
        generator.write(&tree, &mut source);
        let Some(schema) = compiled(&source) else {
            refused += 1;
            continue;
        };
        let prepared = prepare(&source, &tree);
        for want in [true, false].repeat(4) {
            // Searches for values with the wanted verdict, so that both verdicts are about equally
            // frequent.
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
    balance.check(&KEYWORDS);
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
fn verdicts_equal_those_of_the_oracle_with_any_numbers() {
    compare(
        "the oracle",
        Numbers::Wide,
        Rng::seed("DATA_SCHEMA_SEED", 8259),
        100_000,
        |_, tree| tree.clone(),
        |tree, _, value| oracle::valid(tree, value),
    );
}

/// Returns the same schema in an earlier dialect, as far as that can express it.
fn earlier(tree: &Json, dialect: Dialect) -> Json {
    let members = match tree {
        Json::Object(members) => members,
        // In draft 4, a schema is an object.
        Json::Bool(verdict) if dialect == Dialect::Draft4 => {
            let nothing = ("not".into(), Json::Object(Vec::new()));
            return Json::Object(if *verdict { Vec::new() } else { vec![nothing] });
        },
        other => return other.clone(),
    };
    let all = |schemas: &[Json]| {
        Json::Array(schemas.iter().map(|schema| earlier(schema, dialect)).collect())
    };
    let each = |schemas: &[(String, Json)]| {
        let each = schemas.iter().map(|(name, schema)| (name.clone(), earlier(schema, dialect)));
        Json::Object(each.collect())
    };
    let has_prefix = tree.get("prefixItems").is_some();
    let mut written: Vec<(String, Json)> = Vec::new();
    let mut add = |name: &str, value: Json| written.push((name.into(), value));
    for (name, value) in members {
        match (name.as_str(), value) {
            ("$ref", Json::String(text)) if dialect <= Dialect::Draft7 => {
                add("$ref", Json::String(text.replace("$defs", "definitions")));
            },
            ("$anchor", Json::String(anchor)) if dialect <= Dialect::Draft7 => {
                let keyword = if dialect == Dialect::Draft4 { "id" } else { "$id" };
                add(keyword, Json::String(format!("#{anchor}")));
            },
            ("$defs", Json::Object(schemas)) if dialect <= Dialect::Draft7 => {
                add("definitions", each(schemas));
            },
            // Only later drafts have these keywords.
            ("contains" | "propertyNames", _) if dialect < Dialect::Draft6 => {},
            ("if" | "then" | "else", _) if dialect < Dialect::Draft7 => {},
            ("minContains" | "maxContains", _) if dialect < Dialect::Draft2019 => {},
            ("dependentSchemas" | "dependentRequired", Json::Object(demands))
                if dialect <= Dialect::Draft7 =>
            {
                let demands = demands.iter().map(|(name, demand)| match demand {
                    Json::Array(names) if names.is_empty() => (name.clone(), schema_of_nothing()),
                    Json::Array(_) => (name.clone(), demand.clone()),
                    schema => (name.clone(), earlier(schema, dialect)),
                });
                add("dependencies", Json::Object(demands.collect()));
            },
            (
                "$defs" | "properties" | "patternProperties" | "dependentSchemas",
                Json::Object(schemas),
            ) => {
                add(name, each(schemas));
            },
            ("if" | "then" | "else" | "contains" | "propertyNames", schema) => {
                add(name, earlier(schema, dialect));
            },
            ("prefixItems", Json::Array(schemas)) => add("items", all(schemas)),
            ("items", schema) if has_prefix => {
                add("additionalItems", earlier_or_boolean(schema, dialect));
            },
            ("additionalProperties", schema) => add(name, earlier_or_boolean(schema, dialect)),
            ("items" | "not", schema) => add(name, earlier(schema, dialect)),
            ("allOf" | "anyOf" | "oneOf", Json::Array(schemas)) => add(name, all(schemas)),
            ("const", value) if dialect == Dialect::Draft4 => {
                add("enum", Json::Array(vec![value.clone()]));
            },
            ("enum", Json::Array(_))
                if dialect == Dialect::Draft4 && tree.get("const").is_some() => {},
            // Early drafts require different values and at least one name.
            ("enum", Json::Array(values)) => {
                let differs = |(index, value): (usize, &Json)| {
                    let before = values[..index].iter();
                    before.into_iter().all(|other| !oracle::equal(other, value))
                };
                let kept = values.iter().enumerate().filter(|pair| differs(*pair));
                add(name, Json::Array(kept.map(|(_, value)| value.clone()).collect()));
            },
            ("required", Json::Array(names)) if names.is_empty() => {},
            ("exclusiveMinimum" | "exclusiveMaximum", bound) if dialect == Dialect::Draft4 => {
                let (inclusive, exclusive) =
                    if name == "exclusiveMinimum" { ("minimum", name) } else { ("maximum", name) };
                if tree.get(inclusive).is_none() {
                    add(inclusive, bound.clone());
                }
                add(exclusive, Json::Bool(true));
            },
            _ => add(name, value.clone()),
        }
    }
    Json::Object(written)
}

/// Returns a schema without rules. In draft 4, a dependency names at least one member.
fn schema_of_nothing() -> Json {
    Json::Object(Vec::new())
}

/// Returns the same schema for a keyword that takes a boolean in every draft.
fn earlier_or_boolean(schema: &Json, dialect: Dialect) -> Json {
    match schema {
        Json::Bool(verdict) => Json::Bool(*verdict),
        schema => earlier(schema, dialect),
    }
}

/// Writes the text of a value in its shortest spelling.
fn plain(value: &Json, out: &mut String) {
    let text = |text: &str| serde_json::Value::from(text).to_string();
    match value {
        Json::Null => out.push_str("null"),
        Json::Bool(verdict) => out.push_str(&verdict.to_string()),
        Json::Number(number) => out.push_str(number),
        Json::String(string) => out.push_str(&text(string)),
        Json::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                plain(item, out);
            }
            out.push(']');
        },
        Json::Object(members) => {
            out.push('{');
            for (index, (name, item)) in members.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                out.push_str(&text(name));
                out.push(':');
                plain(item, out);
            }
            out.push('}');
        },
    }
}

/// Schemas of earlier drafts give the verdicts of the jsonschema crate and of the oracle.
#[test]
fn verdicts_in_earlier_dialects_equal_those_of_two_other_validators() {
    let seed = Rng::seed("DATA_SCHEMA_SEED", 4_679);
    for (dialect, uri) in [
        (Dialect::Draft4, "http://json-schema.org/draft-04/schema#"),
        (Dialect::Draft6, "http://json-schema.org/draft-06/schema"),
        (Dialect::Draft7, "http://json-schema.org/draft-07/schema#"),
        (Dialect::Draft2019, "https://json-schema.org/draft/2019-09/schema"),
    ] {
        let mut generator =
            Generator { rng: Rng::new(seed), numbers: Numbers::Plain, root: Json::Null };
        let (mut compared, mut valid, mut refused, mut balance) = (0, 0, 0, Balance::default());
        while compared < 40_000 {
            let tree = generator.whole(3);
            generator.root = tree.clone();
            let Json::Object(mut members) = earlier(&tree, dialect) else { continue };
            members.insert(0, ("$schema".into(), Json::text(uri)));
            let written = Json::Object(members);
            let mut source = String::new();
            plain(&written, &mut source);
            let Some(schema) = compiled(&source) else {
                refused += 1;
                continue;
            };
            let reference: serde_json::Value = serde_json::from_str(&source).unwrap();
            let reference = jsonschema::options()
                .should_validate_formats(false)
                .build(&reference)
                .unwrap_or_else(|error| panic!("{error}: {source}"));
            for turn in 0..10 {
                let mut value = generator.sample(&tree, 6);
                if turn % 2 == 1 {
                    generator.mutate(&mut value);
                }
                let mut text = String::new();
                generator.write(&value, &mut text);
                let written_value = Json::parse(text.as_bytes()).unwrap();
                let verdict = schema.check(text.as_bytes());
                let expected = reference.is_valid(&serde_json::from_str(&text).unwrap());
                assert_eq!(verdict.is_ok(), expected, "{source}\n{text}\n{verdict:?}");
                assert_eq!(expected, oracle::valid(&written, &written_value), "{source}\n{text}");
                compared += 1;
                valid += u32::from(expected);
                balance.count(&written, expected);
            }
        }
        println!(
            "counted: {compared} pairs of {} compared (seed {seed}), {} % valid, {refused} schemas \
             refused",
            dialect.name(),
            100 * valid / compared
        );
        assert!((30..=70).contains(&(100 * valid / compared)));
        let keywords = KEYWORDS.into_iter().filter_map(|name| match (name, dialect) {
            ("const" | "contains" | "propertyNames", Dialect::Draft4) => None,
            ("if" | "then" | "else", Dialect::Draft4 | Dialect::Draft6) => None,
            ("$anchor", Dialect::Draft4) => Some("id"),
            ("$anchor", Dialect::Draft6 | Dialect::Draft7) => Some("$id"),
            ("minContains" | "maxContains", _) if dialect <= Dialect::Draft7 => None,
            ("dependentRequired" | "$defs", _) if dialect <= Dialect::Draft7 => None,
            ("dependentSchemas", _) if dialect <= Dialect::Draft7 => Some("dependencies"),
            ("prefixItems", _) => Some("additionalItems"),
            _ => Some(name),
        });
        balance.check(&keywords.collect::<Vec<_>>());
    }
}
