//! Searches for the schema and the value that take the most time for their cost, in any mixture of
//! keywords: nanoseconds for each byte and unit of [`Stats::work`](data_schema::Stats::work).
//!
//! ```text
//! cargo run --release -p data-schema --example worst -- [SECONDS [SEED]]
//! ```
//!
//! The search is a hill climb: it changes a pair in one place, and keeps the change if the pair
//! takes more time. Add its results to the benchmark of the pallet, `check_values`, which measures
//! them in WebAssembly.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a measuring tool is not part of a release"
)]

use data_schema::Schema;
use std::{env, hint::black_box, time::Instant};

/// The bytes of a value: an eighth of the longest value under the first limits, as benchmarked.
const BYTES: usize = 2_048;

/// The item that an array or object repeats.
const ITEMS: [&str; 26] = [
    "7",
    "1",
    "0",
    "-7",
    "7.0",
    "0.7",
    "7e1",
    "7e300",
    "7e-300",
    "LONG",
    "17",
    "true",
    "null",
    "\"\"",
    "\"a\"",
    "\"ab\"",
    "\"\\n\"",
    "\"\\u0061\"",
    "\"é\"",
    "\"TEXT\"",
    "\"ESCAPED\"",
    "[]",
    "{}",
    "[7]",
    "{\"a\":7}",
    "{\"a\":7,\"b\":7}",
];
/// A member of a schema that applies to the items.
const KEYWORDS: [&str; 75] = [
    "\"minimum\":0",
    "\"minimum\":-1e300",
    "\"minimum\":LEAST",
    "\"maximum\":9",
    "\"maximum\":1e300",
    "\"maximum\":MOST",
    "\"exclusiveMinimum\":0",
    "\"exclusiveMinimum\":LEAST",
    "\"exclusiveMaximum\":9",
    "\"exclusiveMaximum\":MOST",
    "\"exclusiveMaximum\":1e301",
    "\"multipleOf\":1",
    "\"multipleOf\":0.1",
    "\"multipleOf\":7",
    "\"multipleOf\":1e-300",
    "\"multipleOf\":ODD",
    "\"multipleOf\":7e-400",
    "\"multipleOf\":FIVES",
    "\"const\":7",
    "\"const\":ITEM",
    "\"enum\":[7]",
    "\"enum\":[ITEM,1,2,3,4,5,6,8,9,10,11]",
    "\"enum\":[ITEM,NUMBERS]",
    "\"enum\":[ITEM,PRECISE]",
    "\"enum\":[ITEM,TEXTS]",
    "\"enum\":[ITEM,[7,[7]],{\"a\":[7]}]",
    "\"minLength\":0",
    "\"minLength\":1",
    "\"maxLength\":2",
    "\"maxLength\":100",
    "\"pattern\":\"a|é|^.?\"",
    "\"pattern\":\"^(?:[^x]|xx)*$\"",
    "\"pattern\":\"^.{0,64}$\"",
    "\"pattern\":\"^(?:a?b?c?d?e?.?)*$\"",
    "\"pattern\":\"^[^z]{0,1000}$\"",
    "\"minItems\":0",
    "\"maxItems\":3",
    "\"uniqueItems\":true",
    "\"items\":{\"maximum\":9}",
    "\"items\":{\"const\":7}",
    "\"prefixItems\":[{\"minimum\":1}]",
    "\"minProperties\":0",
    "\"maxProperties\":9",
    "\"required\":[\"a\"]",
    "\"required\":[KEYS]",
    "\"contains\":{\"maximum\":9}",
    "\"contains\":{\"const\":ITEM},\"minContains\":0",
    "\"contains\":{\"maximum\":9},\"maxContains\":5000",
    "\"contains\":true,\"minContains\":2,\"maxContains\":3",
    "\"dependentSchemas\":{\"a\":{\"minProperties\":1},\"c\":{}}",
    "\"dependentSchemas\":{DEMANDS}",
    "\"dependencies\":{\"a\":[\"b\"],\"b\":{\"minProperties\":1}}",
    "\"dependencies\":{DEMANDS}",
    "\"items\":[{\"minimum\":1}],\"additionalItems\":{\"maximum\":9}",
    "\"items\":[{}],\"additionalItems\":false",
    "\"$ref\":\"#/$defs/number\"",
    "\"$ref\":\"#/$defs/chain\"",
    "\"$ref\":\"#named\"",
    "\"items\":{\"$ref\":\"#\"}",
    "\"patternProperties\":{\"a\":{},\"^[0-9]\":{\"maximum\":9}}",
    "\"patternProperties\":{\"^.{0,64}$\":{}}",
    "\"propertyNames\":{\"maxLength\":9}",
    "\"propertyNames\":{\"enum\":[\"a\",\"b\",TEXTS]}",
    "\"dependentRequired\":{\"a\":[\"b\"],\"c\":[\"d\"]}",
    "\"if\":{\"maximum\":9},\"then\":{\"minimum\":0},\"else\":{}",
    "\"properties\":{\"a\":{\"const\":7},\"b\":{}}",
    "\"properties\":{NAMES}",
    "\"additionalProperties\":{\"maximum\":9}",
    "\"allOf\":[{},{\"maximum\":9}]",
    "\"anyOf\":[{\"maximum\":-9},{}]",
    "\"anyOf\":[{\"const\":8},{\"const\":9},{}]",
    "\"oneOf\":[{\"minimum\":100},{\"maximum\":99},{\"const\":5}]",
    "\"not\":{\"const\":8}",
    "\"not\":{\"type\":\"null\",\"enum\":[8]}",
    "\"type\":[\"null\",\"boolean\",\"number\",\"string\",\"array\",\"object\"]",
];
/// The schema and the value around the keywords and items.
const FRAMES: [(&str, &str); 10] = [
    ("{\"items\":{\"allOf\":[BRANCHES]}}", "["),
    ("{\"items\":{\"anyOf\":[BRANCHES]}}", "["),
    ("{\"uniqueItems\":true,\"items\":{\"allOf\":[BRANCHES]}}", "["),
    ("{\"additionalProperties\":{\"allOf\":[BRANCHES]}}", "{"),
    ("{\"allOf\":[EVERY]}", "["),
    ("{\"contains\":{\"allOf\":[BRANCHES]}}", "["),
    ("{\"propertyNames\":{\"allOf\":[BRANCHES]}}", "{"),
    ("{\"patternProperties\":{PATTERNS}}", "{"),
    ("{DRAFT_7,\"items\":{\"allOf\":[BRANCHES]}}", "["),
    ("{DRAFT_7,\"additionalProperties\":{\"allOf\":[BRANCHES]}}", "{"),
];

/// The targets of references.
const DEFINITIONS: &str = "\"$defs\":{\"number\":{\"maximum\":9},\
    \"chain\":{\"$ref\":\"#/$defs/link\"},\"link\":{\"$ref\":\"#/$defs/number\"},\
    \"named\":{\"$anchor\":\"named\",\"minLength\":1,\"minItems\":0}}";

#[derive(Clone)]
struct Pair {
    frame: usize,
    item: usize,
    keywords: Vec<usize>,
    branches: usize,
}

/// A random number generator without dependencies (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most as u64) as usize
    }

    fn pair(&mut self) -> Pair {
        let keywords = (0..1 + self.below(5)).map(|_| self.below(KEYWORDS.len())).collect();
        let (frame, item) = (self.below(FRAMES.len()), self.below(ITEMS.len()));
        Pair { frame, item, keywords, branches: 1 + self.below(31) }
    }

    fn change(&mut self, pair: &Pair) -> Pair {
        let mut next = pair.clone();
        match self.below(8) {
            0 => next.frame = self.below(FRAMES.len()),
            1 => next.item = self.below(ITEMS.len()),
            2 => next.branches = 1 + self.below(31),
            3 | 4 => next.keywords.push(self.below(KEYWORDS.len())),
            5 if next.keywords.len() > 1 => {
                let index = self.below(next.keywords.len());
                next.keywords.swap_remove(index);
            },
            _ => {
                let index = self.below(next.keywords.len());
                next.keywords[index] = self.below(KEYWORDS.len());
            },
        }
        next
    }
}

/// Replaces the words in capitals by longer texts.
fn spelled(text: &str, item: &str) -> String {
    let list = |count: usize, one: &dyn Fn(usize) -> String| {
        (0..count).map(one).collect::<Vec<_>>().join(",")
    };
    let mut text = text.replace("ITEM", item);
    if text.contains("NUMBERS") {
        text = text.replace("NUMBERS", &list(200, &|n| format!("{}", 20 + n)));
    }
    if text.contains("PRECISE") {
        let precise = list(60, &|n| format!("7.{}{}", "0".repeat(120), 100 + n));
        text = text.replace("PRECISE", &precise);
    }
    if text.contains("TEXTS") {
        text = text.replace("TEXTS", &list(200, &|n| format!("\"text {n}\"")));
    }
    if text.contains("KEYS") {
        text = text.replace("KEYS", &list(200, &|n| format!("\"{n}\"")));
    }
    if text.contains("DEMANDS") {
        let names = ["a", "0", "1", "2", "3", "4", "5", "6"];
        let demand = |n: usize| format!("\"{}\":{{\"minProperties\":{n}}}", names[n]);
        text = text.replace("DEMANDS", &list(names.len(), &demand));
    }
    if text.contains("NAMES") {
        text = text.replace("NAMES", &list(60, &|n| format!("\"name{n}\":{{}}")));
    }
    text.replace("LEAST", &format!("6.{}", "9".repeat(127)))
        .replace("MOST", &format!("7.{}1", "0".repeat(126)))
        .replace("ODD", &format!("1{}1e-500", "3".repeat(126)))
        .replace("FIVES", "1.1754943508222875e-38")
        .replace("LONG", &"7".repeat(128))
        .replace("TEXT", &"text ".repeat(50))
        .replace("ESCAPED", &"\\u0061".repeat(50))
}

impl Pair {
    fn schema(&self) -> String {
        let mut used = Vec::new();
        let mut members = Vec::new();
        let item = spelled(ITEMS[self.item], "");
        for keyword in &self.keywords {
            let text = spelled(KEYWORDS[*keyword], &item);
            let name = text.split(':').next().unwrap().to_string();
            if !used.contains(&name) {
                used.push(name);
                members.push(text);
            }
        }
        let branch = format!("{{{}}}", members.join(","));
        let (frame, _) = FRAMES[self.frame];
        let all = vec![branch.as_str(); self.branches].join(",");
        let every = vec![format!("{{\"items\":{branch}}}"); self.branches].join(",");
        let pattern = |n: usize| format!("\"^[0-9]*(?:{n})?\":{branch}");
        let patterns = (0..self.branches / 2 + 1).map(pattern).collect::<Vec<_>>().join(",");
        let draft_7 = "\"$schema\":\"http://json-schema.org/draft-07/schema#\"";
        let mut schema = frame
            .replace("BRANCHES", &all)
            .replace("EVERY", &every)
            .replace("PATTERNS", &patterns)
            .replace("DRAFT_7", draft_7);
        if schema.contains("\"$ref\"") {
            schema.truncate(schema.len() - 1);
            schema.push_str(&format!(",{DEFINITIONS}}}"));
        }
        schema
    }

    fn value(&self) -> String {
        let item = spelled(ITEMS[self.item], "");
        let is_array = FRAMES[self.frame].1 == "[";
        let mut text = String::from(if is_array { "[" } else { "{" });
        for n in 0.. {
            let name = if is_array { String::new() } else { format!("\"{n}\":") };
            if text.len() + name.len() + item.len() + 2 > BYTES {
                break;
            }
            text.push_str(if n > 0 { "," } else { "" });
            text.push_str(&name);
            text.push_str(&item);
        }
        text.push(if is_array { ']' } else { '}' });
        text
    }

    /// Returns the nanoseconds for each unit in the fastest run, or `None` if the value is not
    /// checked to its end.
    fn measure(&self, runs: usize) -> Option<f64> {
        let (source, value) = (self.schema(), self.value());
        let schema = Schema::build(source.as_bytes()).ok()?;
        let (stats, _) = schema.metered(value.as_bytes());
        if (stats.bytes as usize) < value.len() {
            return None;
        }
        let mut best = f64::MAX;
        for _ in 0..runs {
            let start = Instant::now();
            for _ in 0..4 {
                black_box(schema.metered(black_box(value.as_bytes())).0);
            }
            best = best.min(start.elapsed().as_nanos() as f64 / 4.0);
        }
        Some(best / f64::from(stats.work()))
    }
}

fn main() {
    let mut arguments = env::args().skip(1).map(|text| text.parse::<u64>().expect("a number"));
    let (seconds, seed) = (arguments.next().unwrap_or(30), arguments.next().unwrap_or(1));
    let mut random = Random(seed.max(1) * 0x9e37_79b9_7f4a_7c15);
    let start = Instant::now();
    let mut found: Vec<(f64, Pair)> = Vec::new();
    let mut tried = 0u64;
    while start.elapsed().as_secs() < seconds {
        let mut pair = random.pair();
        let Some(mut most) = pair.measure(3) else { continue };
        // A climb ends after 150 changes without an improvement.
        let mut idle = 0;
        while idle < 150 && start.elapsed().as_secs() < seconds {
            let next = random.change(&pair);
            tried += 1;
            idle += 1;
            if next.measure(3).is_none_or(|time| time <= most) {
                continue;
            }
            // Measured again, so that noise is not taken for an improvement.
            if let Some(time) = next.measure(9).filter(|time| *time > most * 1.01) {
                (pair, most, idle) = (next, time, 0);
            }
        }
        found.push((most, pair));
    }
    found.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    println!("{tried} pairs tried in {} climbs", found.len());
    for (_, pair) in found.iter().take(5) {
        let again = pair.measure(200).unwrap_or_default();
        let (source, value) = (pair.schema(), pair.value());
        let one = &KEYWORDS;
        let keywords: Vec<_> = pair.keywords.iter().map(|keyword| one[*keyword]).collect();
        println!(
            "{again:.2} ns: {} branches of {{{}}} in {} for {} ({} and {} bytes)",
            pair.branches,
            keywords.join(","),
            FRAMES[pair.frame].0,
            ITEMS[pair.item],
            source.len(),
            value.len()
        );
    }
}
