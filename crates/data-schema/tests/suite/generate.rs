//! Random schemas, values for them, single edits, and many spellings.

use crate::{oracle::Json, rng::Rng};
use data_schema::pattern::Pattern;

/// The range of the generated numbers.
#[derive(Clone, Copy, PartialEq)]
pub enum Numbers {
    /// Numbers that 64-bit floats hold and divide exactly.
    Plain,
    /// Any numbers within the bounds: many digits, large exponents.
    Wide,
}

pub struct Generator {
    pub rng: Rng,
    pub numbers: Numbers,
    /// The schema for which values are made, and into which references lead.
    pub root: Json,
}

/// The names of definitions. The last two have another spelling in a JSON Pointer in a URI.
const DEFINITIONS: [&str; 4] = ["a", "b", "c/~d", "größe %"];
const POINTERS: [&str; 4] = ["a", "b", "c~1~0d", "gr%C3%B6%c3%9fe%20%25"];
/// The anchors of the first two definitions.
pub const ANCHORS: [&str; 2] = ["first", "second.one"];
/// Expressions for texts of [`LETTERS`].
const PATTERNS: [&str; 10] = [
    "a",
    "^[abZ]",
    "é|😀|/",
    "^.{0,2}$",
    "[^a]$",
    "^(?:[^b]b?)*$",
    "^$|Z",
    r"\n|\S{3}",
    r#"["/]"#,
    r"^\w+|\x62$",
];

/// Expressions for names of members.
const NAME_PATTERNS: [&str; 6] = ["^[a-d]$", "a", "^x", "e$", "^.{0,1}$", "renamed|/"];

const NAMES: [&str; 10] = ["a", "b", "c", "d", "name", "größe", "a/b", "~", "", "serialNumber"];
const LETTERS: [&str; 8] = ["a", "b", "Z", "é", "😀", "\"", "\n", "/"];
const TYPES: [&str; 7] = ["null", "boolean", "integer", "number", "string", "array", "object"];

impl Generator {
    pub fn number(&mut self) -> Json {
        if self.numbers == Numbers::Wide && self.rng.percent(50) {
            return Json::Number(self.wide());
        }
        let whole = self.rng.range(-12, 30);
        Json::Number(match self.rng.below(8) {
            0 => format!("{whole}.5"),
            1 => format!("{whole}.25"),
            2 => (whole * 1000).to_string(),
            3 if self.rng.percent(20) => (whole << 40).to_string(),
            _ => whole.to_string(),
        })
    }

    fn digits(&mut self, most: usize) -> String {
        let length = 1 + self.rng.below(most);
        let mut digits = String::from(*self.rng.pick(&["1", "2", "3", "9", "48", "625"]));
        for _ in 1..length {
            digits.push(*self.rng.pick(&['0', '0', '1', '5', '9', '2']));
        }
        digits
    }

    fn wide(&mut self) -> String {
        let sign = if self.rng.percent(30) { "-" } else { "" };
        let digits = self.digits(40);
        match self.rng.below(6) {
            0 => format!("{sign}{digits}"),
            1 => format!("{sign}0.{digits}"),
            2 => format!("{sign}{digits}e{}", self.rng.range(-400, 400)),
            3 => format!("{sign}{digits}.{}E+{}", self.digits(20), self.rng.range(0, 100)),
            4 => format!("{sign}0.00{digits}e-{}", self.rng.range(0, 100)),
            _ => format!("{sign}1e{}", self.rng.range(-500, 500)),
        }
    }

    fn positive(&mut self) -> Json {
        if self.numbers == Numbers::Wide && self.rng.percent(60) {
            return Json::Number(self.wide().trim_start_matches('-').into());
        }
        const STEPS: [&str; 10] = ["1", "2", "3", "5", "7", "0.5", "0.25", "10", "1.5", "100"];
        Json::Number((*self.rng.pick(&STEPS)).into())
    }

    pub fn string(&mut self, length: usize) -> Json {
        Json::String((0..length).map(|_| *self.rng.pick(&LETTERS)).collect())
    }

    pub fn value(&mut self, depth: usize) -> Json {
        match self.rng.below(if depth == 0 { 6 } else { 9 }) {
            0 => Json::Null,
            1 => Json::Bool(self.rng.percent(50)),
            2 | 3 => self.number(),
            4 | 5 => {
                let length = self.rng.below(5);
                self.string(length)
            },
            6 => {
                let count = self.rng.below(4);
                Json::Array((0..count).map(|_| self.value(depth - 1)).collect())
            },
            _ => {
                let mut members: Vec<(String, Json)> = Vec::new();
                for _ in 0..self.rng.below(4) {
                    let name = *self.rng.pick(&NAMES);
                    if members.iter().all(|(key, _)| key != name) {
                        let value = self.value(depth - 1);
                        members.push((name.into(), value));
                    }
                }
                Json::Object(members)
            },
        }
    }

    /// Returns a schema with subschemas down to `depth` and with definitions for references.
    pub fn whole(&mut self, depth: usize) -> Json {
        let mut definitions = DEFINITIONS.map(|name| (name.to_string(), self.schema(2)));
        for ((_, schema), anchor) in definitions.iter_mut().zip(ANCHORS) {
            let members = [
                ("$anchor".into(), Json::text(anchor)),
                ("allOf".into(), Json::Array(vec![schema.clone()])),
            ];
            *schema = Json::Object(members.into());
        }
        let root = self.schema(depth);
        let Json::Object(mut members) = root else { return root };
        members.push(("$defs".into(), Json::Object(definitions.into())));
        Json::Object(members)
    }

    fn reference(&mut self) -> Json {
        match self.rng.below(8) {
            0 => Json::text("#"),
            n if n <= ANCHORS.len() => Json::String(format!("#{}", ANCHORS[n - 1])),
            n => Json::String(format!("#/$defs/{}", POINTERS[n % 4])),
        }
    }

    /// Returns a schema with subschemas down to `depth`.
    pub fn schema(&mut self, depth: usize) -> Json {
        if self.rng.percent(4) {
            return Json::Bool(self.rng.percent(75));
        }
        let mut members = Vec::new();
        if self.rng.percent(9) {
            members.push(("$ref".into(), self.reference()));
            if self.rng.percent(60) {
                return Json::Object(members);
            }
        }
        let flavour = self.rng.below(if depth == 0 { 6 } else { 13 });
        match flavour {
            0 | 1 => self.number_keywords(&mut members),
            2 => self.string_keywords(&mut members),
            3 => {
                let count = 1 + self.rng.below(4);
                let values = (0..count).map(|_| self.value(2)).collect();
                members.push(("enum".into(), Json::Array(values)));
            },
            4 if self.rng.percent(60) => members.push(("const".into(), self.value(2))),
            4 | 5 => {
                let count = 1 + self.rng.below(3);
                let mut names: Vec<&str> = Vec::new();
                for _ in 0..count {
                    let name = *self.rng.pick(&TYPES);
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
                let names = names.into_iter().map(Json::text).collect();
                members.push(("type".into(), Json::Array(names)));
            },
            6..=8 => self.object_keywords(&mut members, depth),
            9 | 10 => self.array_keywords(&mut members, depth),
            _ => self.logic_keywords(&mut members, depth),
        }
        let own = match flavour {
            0 | 1 => *self.rng.pick(&["number", "number", "integer"]),
            2 => "string",
            6..=8 => "object",
            9 | 10 => "array",
            _ => "",
        };
        if !own.is_empty() && self.rng.percent(60) {
            members.push(("type".into(), Json::text(own)));
        }
        if self.rng.percent(12) {
            self.number_keywords(&mut members);
        }
        if self.rng.percent(8) {
            self.string_keywords(&mut members);
        }
        if depth > 0 && self.rng.percent(10) {
            self.logic_keywords(&mut members, depth);
        }
        if self.rng.percent(5) {
            members.push(("title".into(), Json::text("an annotation")));
        }
        let mut unique: Vec<(String, Json)> = Vec::new();
        for (name, value) in members {
            if unique.iter().all(|(other, _)| *other != name) {
                unique.push((name, value));
            }
        }
        Json::Object(unique)
    }

    fn number_keywords(&mut self, members: &mut Vec<(String, Json)>) {
        for name in ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"] {
            if self.rng.percent(28) {
                members.push((name.into(), self.number()));
            }
        }
        if self.rng.percent(30) {
            members.push(("multipleOf".into(), self.positive()));
        }
    }

    fn string_keywords(&mut self, members: &mut Vec<(String, Json)>) {
        let low = self.rng.range(0, 4);
        if self.rng.percent(60) {
            members.push(("minLength".into(), Json::number(low)));
        }
        if self.rng.percent(60) {
            let high = low + self.rng.range(0, 3);
            members.push(("maxLength".into(), Json::number(high)));
        }
        if self.rng.percent(50) {
            let pattern = self.rng.pick(&PATTERNS).replace(r"\\", r"\");
            members.push(("pattern".into(), Json::String(pattern)));
        }
    }

    fn object_keywords(&mut self, members: &mut Vec<(String, Json)>, depth: usize) {
        let mut names: Vec<&str> = Vec::new();
        for _ in 0..self.rng.below(5) {
            let name = *self.rng.pick(&NAMES);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if self.rng.percent(80) {
            let schemas = names.iter().map(|name| ((*name).into(), self.schema(depth - 1)));
            members.push(("properties".into(), Json::Object(schemas.collect())));
        }
        if self.rng.percent(40) {
            let mut required: Vec<Json> = Vec::new();
            for name in &names {
                if self.rng.percent(50) {
                    required.push(Json::text(name));
                }
            }
            if self.rng.percent(15) && !names.contains(&"extra") {
                required.push(Json::text("extra"));
            }
            members.push(("required".into(), Json::Array(required)));
        }
        if self.rng.percent(40) {
            let schema =
                if self.rng.percent(50) { Json::Bool(false) } else { self.schema(depth - 1) };
            members.push(("additionalProperties".into(), schema));
        }
        if self.rng.percent(20) {
            let count = 1 + self.rng.below(2);
            let first = self.rng.below(NAME_PATTERNS.len());
            let patterns = (0..count).map(|n| NAME_PATTERNS[(first + n) % NAME_PATTERNS.len()]);
            let schemas = patterns.map(|name| (name.into(), self.schema(depth - 1)));
            members.push(("patternProperties".into(), Json::Object(schemas.collect())));
        }
        if self.rng.percent(20) {
            members.push(("propertyNames".into(), self.schema_of_names()));
        }
        if self.rng.percent(25) {
            let schemas = self.rng.percent(50);
            let keyword = if schemas { "dependentSchemas" } else { "dependentRequired" };
            let first = self.rng.below(NAMES.len());
            let count = 1 + self.rng.below(2);
            let demands = (0..count).map(|n| {
                let demand = match schemas {
                    true => self.schema(depth - 1),
                    false => {
                        let count = self.rng.below(3);
                        let names = (0..count).map(|more| (first + n + more + 1) % NAMES.len());
                        Json::Array(names.map(|name| Json::text(NAMES[name])).collect())
                    },
                };
                (NAMES[(first + n) % NAMES.len()].to_string(), demand)
            });
            members.push((keyword.into(), Json::Object(demands.collect())));
        }
        let low = self.rng.range(0, 3);
        if self.rng.percent(25) {
            members.push(("minProperties".into(), Json::number(low)));
        }
        if self.rng.percent(25) {
            let high = low + self.rng.range(0, 3);
            members.push(("maxProperties".into(), Json::number(high)));
        }
    }

    /// Returns a schema that many names match.
    fn schema_of_names(&mut self) -> Json {
        let (name, pattern): (&str, &str) = (
            NAMES[self.rng.below(NAMES.len())],
            NAME_PATTERNS[self.rng.below(NAME_PATTERNS.len())],
        );
        let keyword = match self.rng.below(5) {
            0 => ("pattern", Json::text(pattern)),
            1 => ("maxLength", Json::number(self.rng.range(1, 8))),
            2 => ("minLength", Json::number(self.rng.range(0, 2))),
            3 => (
                "enum",
                Json::Array(NAMES[self.rng.below(4)..].iter().map(|n| Json::text(n)).collect()),
            ),
            _ => ("not", Json::Object(vec![("const".into(), Json::text(name))])),
        };
        Json::Object(vec![(keyword.0.into(), keyword.1)])
    }

    fn array_keywords(&mut self, members: &mut Vec<(String, Json)>, depth: usize) {
        if self.rng.percent(40) {
            let count = 1 + self.rng.below(3);
            let schemas = (0..count).map(|_| self.schema(depth - 1)).collect();
            members.push(("prefixItems".into(), Json::Array(schemas)));
        }
        if self.rng.percent(60) {
            members.push(("items".into(), self.schema(depth - 1)));
        }
        let low = self.rng.range(0, 3);
        if self.rng.percent(30) {
            members.push(("minItems".into(), Json::number(low)));
        }
        if self.rng.percent(30) {
            let high = low + self.rng.range(0, 3);
            members.push(("maxItems".into(), Json::number(high)));
        }
        if self.rng.percent(40) {
            members.push(("uniqueItems".into(), Json::Bool(self.rng.percent(85))));
        }
        if self.rng.percent(35) {
            members.push(("contains".into(), self.schema(depth - 1)));
            let low = self.rng.range(0, 2);
            if self.rng.percent(50) {
                members.push(("minContains".into(), Json::number(low)));
            }
            if self.rng.percent(50) {
                let high = low + self.rng.range(0, 2);
                members.push(("maxContains".into(), Json::number(high)));
            }
        }
    }

    fn logic_keywords(&mut self, members: &mut Vec<(String, Json)>, depth: usize) {
        let name = *self.rng.pick(&["allOf", "anyOf", "oneOf", "not", "if"]);
        if name == "if" {
            members.push((name.into(), self.schema(depth - 1)));
            for name in ["then", "else"] {
                if self.rng.percent(75) {
                    members.push((name.into(), self.schema(depth - 1)));
                }
            }
            return;
        }
        let schema = if name == "not" {
            self.schema(depth - 1)
        } else {
            let count = 1 + self.rng.below(3);
            Json::Array((0..count).map(|_| self.schema(depth - 1)).collect())
        };
        members.push((name.into(), schema));
    }

    /// Returns a value that probably matches.
    pub fn sample(&mut self, schema: &Json, depth: usize) -> Json {
        let Json::Object(members) = schema else { return self.value(2) };
        if depth == 0 {
            return self.value(1);
        }
        if let Some(value) = schema.get("const") {
            return value.clone();
        }
        if let Some(Json::Array(values)) = schema.get("enum") {
            if !values.is_empty() {
                return self.rng.pick(values).clone();
            }
        }
        if let Some(Json::String(reference)) = schema.get("$ref") {
            let target = self.target(reference);
            if members.len() == 1 || self.rng.percent(50) {
                return self.sample(&target, depth - 1);
            }
        }
        let mut value = self.own(schema, depth);
        for (name, branches) in members {
            let chosen: Vec<&Json> = match (name.as_str(), branches) {
                ("allOf", Json::Array(branches)) => branches.iter().collect(),
                ("anyOf" | "oneOf", Json::Array(branches)) => vec![self.rng.pick(branches)],
                ("then" | "else", branch) if self.rng.percent(60) => vec![branch],
                _ => continue,
            };
            for branch in chosen {
                let other = self.sample(branch, depth - 1);
                match (&mut value, other) {
                    (Json::Object(all), Json::Object(more)) => {
                        for (key, value) in more {
                            if all.iter().all(|(other, _)| *other != key) {
                                all.push((key, value));
                            }
                        }
                    },
                    (_, other) if self.rng.percent(70) => value = other,
                    _ => {},
                }
            }
        }
        value
    }

    /// Returns the target of a reference that `reference` made.
    fn target(&self, reference: &str) -> Json {
        let ends_with = |name: &&str| reference.ends_with(&format!("/{name}"));
        let index = POINTERS.iter().position(ends_with);
        let index = index.or(ANCHORS.iter().position(|name| reference[1..] == **name));
        match index {
            Some(index) => self.root.get("$defs").unwrap().get(DEFINITIONS[index]).unwrap().clone(),
            None => self.root.clone(),
        }
    }

    /// Returns a value that fits the schema's own keywords.
    fn own(&mut self, schema: &Json, depth: usize) -> Json {
        let has = |names: &[&str]| names.iter().any(|name| schema.get(name).is_some());
        let kind: String = match schema.get("type") {
            Some(Json::String(name)) => name.clone(),
            Some(Json::Array(names)) => match self.rng.pick(names) {
                Json::String(name) => name.clone(),
                _ => String::new(),
            },
            _ if self.rng.percent(15) => String::new(),
            _ if has(&["properties", "required", "additionalProperties", "minProperties"]) => {
                "object".into()
            },
            _ if has(&["maxProperties", "patternProperties", "propertyNames"]) => "object".into(),
            _ if has(&["dependentRequired", "dependentSchemas"]) => "object".into(),
            _ if has(&["items", "prefixItems", "minItems", "maxItems", "uniqueItems"]) => {
                "array".into()
            },
            _ if has(&["contains"]) => "array".into(),
            _ if has(&["minLength", "maxLength", "pattern"]) => "string".into(),
            _ if has(&["minimum", "maximum", "multipleOf"]) => "number".into(),
            _ if has(&["exclusiveMinimum", "exclusiveMaximum"]) => "number".into(),
            _ => String::new(),
        };
        match kind.as_str() {
            "null" => Json::Null,
            "boolean" => Json::Bool(self.rng.percent(50)),
            "integer" => match self.near(schema) {
                Json::Number(text) if !text.contains('.') => Json::Number(text),
                _ => Json::number(self.rng.range(-5, 30)),
            },
            "number" => self.near(schema),
            "string" => {
                let low = count(schema, "minLength").unwrap_or(0);
                let high = count(schema, "maxLength").unwrap_or(low + 3).max(low);
                for _ in 0..4 {
                    let length = low + self.rng.below(high - low + 1);
                    let Json::String(text) = self.string(length) else { continue };
                    let fits = match schema.get("pattern") {
                        Some(Json::String(pattern)) => {
                            Pattern::compile(pattern).unwrap().is_match(text.chars())
                        },
                        _ => true,
                    };
                    if fits {
                        return Json::String(text);
                    }
                }
                self.string(low)
            },
            "array" => {
                let prefix = match schema.get("prefixItems") {
                    Some(Json::Array(schemas)) => schemas.as_slice(),
                    _ => &[],
                };
                let low = count(schema, "minItems").unwrap_or(0);
                let high = count(schema, "maxItems").unwrap_or(low + 3).max(low);
                let length = low + self.rng.below(high - low + 1);
                let further = schema.get("items").unwrap_or(&Json::Bool(true));
                let mut items: Vec<Json> = (0..length)
                    .map(|index| self.sample(prefix.get(index).unwrap_or(further), depth - 1))
                    .collect();
                if let Some(contained) = schema.get("contains") {
                    let count = count(schema, "minContains").unwrap_or(1).min(items.len());
                    let start = self.rng.below(items.len() - count + 1);
                    for item in &mut items[start..start + count] {
                        *item = self.sample(contained, depth - 1);
                    }
                }
                items.into()
            },
            "object" => self.object(schema, depth),
            _ => self.value(2),
        }
    }

    /// Adds a member that probably matches a schema, unless the object has one of this name.
    fn add_member(
        &mut self,
        members: &mut Vec<(String, Json)>,
        name: &str,
        schema: &Json,
        depth: usize,
    ) {
        if members.iter().all(|(key, _)| key != name) {
            let value = self.sample(schema, depth - 1);
            members.push((name.into(), value));
        }
    }

    fn object(&mut self, schema: &Json, depth: usize) -> Json {
        let mut members: Vec<(String, Json)> = Vec::new();
        if let Some(Json::Object(properties)) = schema.get("properties") {
            for (name, schema) in properties {
                if *schema.as_bool() != Some(false) && self.rng.percent(75) {
                    let value = self.sample(schema, depth - 1);
                    members.push((name.clone(), value));
                }
            }
        }
        let further = schema.get("additionalProperties").unwrap_or(&Json::Bool(true));
        if let Some(Json::Array(required)) = schema.get("required") {
            for name in required {
                let Json::String(name) = name else { continue };
                let known = schema.get("properties").and_then(|known| known.get(name));
                self.add_member(&mut members, name, known.unwrap_or(further), depth);
            }
        }
        if let Some(Json::Object(patterns)) = schema.get("patternProperties") {
            for (pattern, schema) in patterns {
                let expression = Pattern::compile(pattern).unwrap();
                let name = *self.rng.pick(&NAMES);
                if expression.is_match(name.chars()) && self.rng.percent(70) {
                    self.add_member(&mut members, name, schema, depth);
                }
            }
        }
        for keyword in ["dependentRequired", "dependentSchemas"] {
            let Some(Json::Object(demands)) = schema.get(keyword) else { continue };
            for (name, demand) in demands {
                if self.rng.percent(60) {
                    self.add_member(&mut members, name, further, depth);
                }
                let Json::Array(names) = demand else { continue };
                for name in names {
                    let Json::String(name) = name else { continue };
                    if self.rng.percent(60) {
                        self.add_member(&mut members, name, further, depth);
                    }
                }
            }
        }
        let low = count(schema, "minProperties").unwrap_or(0);
        while members.len() < low || (further.as_bool() != &Some(false) && self.rng.percent(25)) {
            let name = format!("x{}", members.len());
            let value = self.sample(further, depth - 1);
            members.push((name, value));
        }
        Json::Object(members)
    }

    /// Returns a number near a bound, or a multiple.
    fn near(&mut self, schema: &Json) -> Json {
        let names = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
        let texts: Vec<String> = names
            .iter()
            .filter_map(|name| match schema.get(name) {
                Some(Json::Number(text)) => Some(text.clone()),
                _ => None,
            })
            .collect();
        if texts.is_empty() || self.rng.percent(30) {
            return self.number();
        }
        let text = self.rng.pick(&texts).clone();
        match text.parse::<i64>() {
            Ok(value) if value.abs() < 1 << 45 => match self.rng.below(3) {
                0 => Json::number(value + self.rng.range(-3, 3)),
                1 => Json::number(value * self.rng.range(-3, 6)),
                _ => Json::number(value),
            },
            _ if self.numbers == Numbers::Wide && !text.contains(['e', 'E']) => {
                match self.rng.below(4) {
                    0 => Json::Number(format!("{text}e{}", self.rng.range(-3, 90))),
                    1 if text.contains('.') => Json::Number(format!("{text}1")),
                    _ => Json::Number(text),
                }
            },
            _ => Json::Number(text),
        }
    }

    /// Makes one edit at a random place.
    pub fn mutate(&mut self, value: &mut Json) {
        match value {
            Json::Array(items) if !items.is_empty() && self.rng.percent(75) => {
                let index = self.rng.below(items.len());
                match self.rng.below(6) {
                    0 => drop(items.remove(index)),
                    1 => {
                        let item = self.value(1);
                        items.push(item);
                    },
                    _ => self.mutate(&mut items[index]),
                }
            },
            Json::Object(members) if !members.is_empty() && self.rng.percent(80) => {
                let index = self.rng.below(members.len());
                match self.rng.below(7) {
                    0 => drop(members.remove(index)),
                    1 => members[index].0 = format!("renamed{}", members.len()),
                    2 => {
                        let added = self.value(1);
                        members.push((format!("added{}", members.len()), added));
                    },
                    _ => self.mutate(&mut members[index].1),
                }
            },
            Json::String(text) if self.rng.percent(60) => {
                if self.rng.percent(50) {
                    text.push('x');
                } else {
                    text.pop();
                }
            },
            Json::Number(text) if self.rng.percent(60) => {
                if let Ok(number) = text.parse::<i64>() {
                    *value = Json::number(number + self.rng.range(-20, 20));
                } else {
                    *value = self.number();
                }
            },
            Json::Bool(bit) if self.rng.percent(50) => *bit = !*bit,
            value => *value = self.value(1),
        }
    }

    /// Writes the text of a value in one of many spellings.
    pub fn write(&mut self, value: &Json, out: &mut String) {
        self.space(out);
        match value {
            Json::Null => out.push_str("null"),
            Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Json::Number(text) => self.write_number(text, out),
            Json::String(text) => self.write_string(text, out),
            Json::Array(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    self.write(item, out);
                }
                self.space(out);
                out.push(']');
            },
            Json::Object(members) => {
                out.push('{');
                let turn = if members.is_empty() { 0 } else { self.rng.below(members.len()) };
                let turned = members[turn..].iter().chain(&members[..turn]);
                for (index, (key, item)) in turned.enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    self.space(out);
                    self.write_string(key, out);
                    self.space(out);
                    out.push(':');
                    self.write(item, out);
                }
                self.space(out);
                out.push('}');
            },
        }
        self.space(out);
    }

    fn space(&mut self, out: &mut String) {
        if self.rng.percent(6) {
            out.push_str(self.rng.pick::<&str>(&[" ", "\n", "\t\r", "  "]));
        }
    }

    fn write_number(&mut self, text: &str, out: &mut String) {
        out.push_str(text);
        if text.contains(['e', 'E', '.']) {
            return;
        }
        match self.rng.below(20) {
            0 => out.push_str(".0"),
            1 => out.push_str("e0"),
            2 => out.push_str(".00E+00"),
            3 if text.ends_with('0') && text.len() > 1 && text != "-0" => {
                out.pop();
                out.push_str("e1");
            },
            _ => {},
        }
    }

    fn write_string(&mut self, text: &str, out: &mut String) {
        out.push('"');
        for c in text.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                c if (c as u32) < 0x20 || self.rng.percent(6) => {
                    let mut units = [0; 2];
                    for unit in c.encode_utf16(&mut units) {
                        out.push_str(&format!("\\u{unit:04X}"));
                    }
                },
                c => out.push(c),
            }
        }
        out.push('"');
    }
}

impl Json {
    fn as_bool(&self) -> &Option<bool> {
        match self {
            Json::Bool(true) => &Some(true),
            Json::Bool(false) => &Some(false),
            _ => &None,
        }
    }
}

impl From<Vec<Json>> for Json {
    fn from(items: Vec<Json>) -> Self {
        Json::Array(items)
    }
}

fn count(schema: &Json, name: &str) -> Option<usize> {
    match schema.get(name) {
        Some(Json::Number(text)) => text.parse().ok(),
        _ => None,
    }
}
