//! The oracle: a simple validator with a tree, recursion and big integers. It is slow, and easy to
//! compare with the text of the standard.

use data_schema::{
    json::{Limits, Reader, Token},
    pattern::Pattern,
    Dialect,
};
use num_bigint::{BigInt, Sign};
use std::cmp::Ordering;

/// A JSON value, with numbers as they are written.
#[derive(Clone, Debug)]
pub enum Json {
    Null,
    Bool(bool),
    Number(String),
    String(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    pub fn number(value: i64) -> Self {
        Json::Number(value.to_string())
    }

    pub fn text(value: &str) -> Self {
        Json::String(value.into())
    }

    pub fn get(&self, name: &str) -> Option<&Json> {
        match self {
            Json::Object(members) => members.iter().find(|(key, _)| key == name).map(|(_, v)| v),
            _ => None,
        }
    }

    /// Parses a text that is valid JSON, or returns `None`.
    pub fn parse(text: &[u8]) -> Option<Json> {
        let mut reader = Reader::new(text, Limits::default()).ok()?;
        let token = reader.next().ok()?;
        let value = Self::read(&mut reader, token, text)?;
        reader.finish().ok()?;
        Some(value)
    }

    fn read(reader: &mut Reader<'_>, token: Token<'_>, text: &[u8]) -> Option<Json> {
        Some(match token {
            Token::Null => Json::Null,
            Token::Bool(value) => Json::Bool(value),
            Token::Number(_) => {
                let start = reader.offset() as usize;
                let length = text[start..]
                    .iter()
                    .take_while(|byte| {
                        matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')
                    })
                    .count();
                Json::Number(String::from_utf8(text[start..start + length].to_vec()).ok()?)
            },
            Token::String(value) => Json::String(value.to_text()),
            Token::BeginArray => {
                let mut items = Vec::new();
                loop {
                    match reader.next().ok()? {
                        Token::EndArray => return Some(Json::Array(items)),
                        token => items.push(Self::read(reader, token, text)?),
                    }
                }
            },
            Token::BeginObject => {
                let mut members = Vec::new();
                loop {
                    match reader.next().ok()? {
                        Token::Key(key) => {
                            let token = reader.next().ok()?;
                            members.push((key.to_text(), Self::read(reader, token, text)?));
                        },
                        _ => return Some(Json::Object(members)),
                    }
                }
            },
            Token::EndArray | Token::EndObject | Token::Key(_) | Token::End => return None,
        })
    }

    /// Follows a JSON Pointer.
    pub fn at(&self, pointer: &str) -> Option<&Json> {
        let mut place = self;
        for step in pointer.split('/').skip(1) {
            let name = step.replace("~1", "/").replace("~0", "~");
            place = match place {
                Json::Array(items) => items.get(name.parse::<usize>().ok()?)?,
                place => place.get(&name)?,
            };
        }
        Some(place)
    }
}

/// Returns the number as `digits * 10^exponent`.
pub fn decimal(literal: &str) -> (BigInt, i64) {
    let (mantissa, exponent) = match literal.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().unwrap_or(0)),
        None => (literal, 0),
    };
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: BigInt = format!("{integer}{fraction}").parse().unwrap();
    if digits.sign() == Sign::NoSign {
        return (digits, 0);
    }
    (digits, exponent - fraction.len() as i64)
}

/// Returns both numbers as integers in units of the same power of ten.
fn aligned(a: &str, b: &str) -> (BigInt, BigInt) {
    let ((a, p), (b, q)) = (decimal(a), decimal(b));
    let least = p.min(q);
    let ten = BigInt::from(10);
    (a * ten.pow((p - least) as u32), b * ten.pow((q - least) as u32))
}

fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = aligned(a, b);
    a.cmp(&b)
}

fn multiple(a: &str, b: &str) -> bool {
    let (a, b) = aligned(a, b);
    (a % b).sign() == Sign::NoSign
}

fn is_integer(literal: &str) -> bool {
    multiple(literal, "1")
}

pub fn equal(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Null, Json::Null) => true,
        (Json::Bool(a), Json::Bool(b)) => a == b,
        (Json::Number(a), Json::Number(b)) => compare(a, b) == Ordering::Equal,
        (Json::String(a), Json::String(b)) => a == b,
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        },
        (Json::Object(a), Json::Object(_)) => {
            let Json::Object(members) = b else { return false };
            a.len() == members.len()
                && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        },
        _ => false,
    }
}

/// A schema that compiles, with its dialect.
struct Oracle<'a> {
    root: &'a Json,
    dialect: Dialect,
}

/// Returns `true` if `value` matches `schema`, which must compile.
pub fn valid(schema: &Json, value: &Json) -> bool {
    let dialect = match schema.get("$schema") {
        Some(Json::String(uri)) => {
            let uri = uri.trim_end_matches('#');
            match uri.strip_prefix("https://").or(uri.strip_prefix("http://")).unwrap() {
                "json-schema.org/draft-04/schema" => Dialect::Draft4,
                "json-schema.org/draft-06/schema" => Dialect::Draft6,
                "json-schema.org/draft-07/schema" => Dialect::Draft7,
                "json-schema.org/draft/2019-09/schema" => Dialect::Draft2019,
                _ => Dialect::Draft2020,
            }
        },
        _ => Dialect::Draft2020,
    };
    Oracle { root: schema, dialect }.valid(schema, value)
}

impl Oracle<'_> {
    fn valid(&self, schema: &Json, value: &Json) -> bool {
        let members = match schema {
            Json::Bool(verdict) => return *verdict,
            Json::Object(members) => members,
            _ => panic!("a schema is an object or a boolean"),
        };
        if let (Some(Json::String(reference)), true) =
            (schema.get("$ref"), self.dialect <= Dialect::Draft7)
        {
            return self.valid(self.target(reference), value);
        }
        members.iter().all(|(name, wanted)| self.keyword(schema, name, wanted, value))
    }

    /// Returns the target of a reference.
    fn target(&self, reference: &str) -> &Json {
        let fragment = decoded(reference.trim_start_matches('#'));
        match fragment.is_empty() || fragment.starts_with('/') {
            true => self.root.at(&fragment).expect("the pointer has a target"),
            false => self.anchor(self.root, true, &fragment).expect("a schema has this name"),
        }
    }

    /// Returns the schema with this name. `is_schema` is `true` if the members of `place` are
    /// keywords.
    fn anchor<'a>(&self, place: &'a Json, is_schema: bool, name: &str) -> Option<&'a Json> {
        let keyword = match self.dialect {
            Dialect::Draft4 => "id",
            Dialect::Draft6 | Dialect::Draft7 => "$id",
            _ => "$anchor",
        };
        match place {
            Json::Array(items) => items.iter().find_map(|item| self.anchor(item, is_schema, name)),
            Json::Object(members) => {
                let own = if keyword == "$anchor" { name.to_string() } else { format!("#{name}") };
                if is_schema
                    && place
                        .get(keyword)
                        .is_some_and(|id| matches!(id, Json::String(id) if *id == own))
                {
                    return Some(place);
                }
                members.iter().find_map(|(key, value)| match key.as_str() {
                    "const" | "enum" | "default" | "examples" if is_schema => None,
                    "properties" | "$defs" | "definitions" | "patternProperties"
                    | "dependentSchemas"
                        if is_schema =>
                    {
                        self.anchor(value, false, name)
                    },
                    _ => self.anchor(value, true, name),
                })
            },
            _ => None,
        }
    }

    fn has_type(&self, value: &Json, name: &str) -> bool {
        match value {
            Json::Null => name == "null",
            Json::Bool(_) => name == "boolean",
            Json::Number(_) if name == "number" => true,
            Json::Number(n) if self.dialect == Dialect::Draft4 => {
                name == "integer" && !n.contains(['.', 'e', 'E'])
            },
            Json::Number(n) => name == "integer" && is_integer(n),
            Json::String(_) => name == "string",
            Json::Array(_) => name == "array",
            Json::Object(_) => name == "object",
        }
    }
}

/// Returns the text of a URI fragment without percent-encoding.
fn decoded(fragment: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = fragment.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = std::str::from_utf8(&rest[..2]).unwrap();
        bytes.push(u8::from_str_radix(digits, 16).unwrap());
        rest = &rest[2..];
    }
    String::from_utf8(bytes).unwrap()
}

fn list(value: &Json) -> &[Json] {
    match value {
        Json::Array(items) => items,
        _ => &[],
    }
}

fn string(value: &Json) -> &str {
    match value {
        Json::String(text) => text,
        Json::Number(text) => text,
        _ => "",
    }
}

/// Returns the schemas whose expressions match a name. `patterns.rs` compares the expressions with
/// another engine.
fn matching<'a>(schemas: &'a Json, name: &'a str) -> impl Iterator<Item = &'a Json> {
    let Json::Object(schemas) = schemas else { panic!("patternProperties is an object") };
    let matches = move |pattern: &str| Pattern::compile(pattern).unwrap().is_match(name.chars());
    schemas.iter().filter(move |(pattern, _)| matches(pattern)).map(|(_, schema)| schema)
}

impl Oracle<'_> {
    fn keyword(&self, schema: &Json, name: &str, wanted: &Json, value: &Json) -> bool {
        let count = |n: usize| compare(&n.to_string(), string(wanted));
        let is_flag = |name: &str| matches!(schema.get(name), Some(Json::Bool(true)));
        let (draft, by_position) = (self.dialect, self.dialect <= Dialect::Draft2019);
        match name {
            "type" => match wanted {
                Json::Array(names) => names.iter().any(|name| self.has_type(value, string(name))),
                name => self.has_type(value, string(name)),
            },
            "enum" => list(wanted).iter().any(|member| equal(member, value)),
            "const" => draft == Dialect::Draft4 || equal(wanted, value),
            "allOf" => list(wanted).iter().all(|schema| self.valid(schema, value)),
            "anyOf" => list(wanted).iter().any(|schema| self.valid(schema, value)),
            "oneOf" => list(wanted).iter().filter(|schema| self.valid(schema, value)).count() == 1,
            "not" => !self.valid(wanted, value),
            "if" if draft >= Dialect::Draft7 => {
                let follows = if self.valid(wanted, value) { "then" } else { "else" };
                schema.get(follows).is_none_or(|schema| self.valid(schema, value))
            },
            "$ref" => self.valid(self.target(string(wanted)), value),
            _ => match value {
                Json::Number(n) => match name {
                    "minimum" if draft == Dialect::Draft4 && is_flag("exclusiveMinimum") => {
                        compare(n, string(wanted)).is_gt()
                    },
                    "maximum" if draft == Dialect::Draft4 && is_flag("exclusiveMaximum") => {
                        compare(n, string(wanted)).is_lt()
                    },
                    "minimum" => compare(n, string(wanted)).is_ge(),
                    "maximum" => compare(n, string(wanted)).is_le(),
                    "exclusiveMinimum" if draft > Dialect::Draft4 => {
                        compare(n, string(wanted)).is_gt()
                    },
                    "exclusiveMaximum" if draft > Dialect::Draft4 => {
                        compare(n, string(wanted)).is_lt()
                    },
                    "multipleOf" => multiple(n, string(wanted)),
                    _ => true,
                },
                Json::String(text) => match name {
                    "minLength" => count(text.chars().count()).is_ge(),
                    "maxLength" => count(text.chars().count()).is_le(),
                    // `patterns.rs` compares expressions with another engine.
                    "pattern" => Pattern::compile(string(wanted)).unwrap().is_match(text.chars()),
                    _ => true,
                },
                Json::Array(items) => match name {
                    "minItems" => count(items.len()).is_ge(),
                    "maxItems" => count(items.len()).is_le(),
                    "uniqueItems" => {
                        !matches!(wanted, Json::Bool(true))
                            || items.iter().enumerate().all(|(index, item)| {
                                items[..index].iter().all(|other| !equal(other, item))
                            })
                    },
                    "contains" if draft >= Dialect::Draft6 => {
                        let bound = |name: &str, otherwise: usize| match schema.get(name) {
                            Some(Json::Number(n)) if draft >= Dialect::Draft2019 => n.clone(),
                            _ => otherwise.to_string(),
                        };
                        let found = items.iter().filter(|item| self.valid(wanted, item)).count();
                        let found = found.to_string();
                        compare(&found, &bound("minContains", 1)).is_ge()
                            && compare(&found, &bound("maxContains", items.len())).is_le()
                    },
                    "prefixItems" if !by_position => self.by_position(wanted, items),
                    "items" if by_position && matches!(wanted, Json::Array(_)) => {
                        self.by_position(wanted, items)
                    },
                    "additionalItems" => match schema.get("items") {
                        Some(Json::Array(prefix)) if by_position => {
                            items.iter().skip(prefix.len()).all(|item| self.valid(wanted, item))
                        },
                        _ => true,
                    },
                    "items" => {
                        let prefix = match by_position {
                            true => None,
                            false => schema.get("prefixItems"),
                        };
                        let prefix = prefix.map_or(0, |prefix| list(prefix).len());
                        items.iter().skip(prefix).all(|item| self.valid(wanted, item))
                    },
                    _ => true,
                },
                Json::Object(members) => match name {
                    "minProperties" => count(members.len()).is_ge(),
                    "maxProperties" => count(members.len()).is_le(),
                    "required" => list(wanted).iter().all(|name| value.get(string(name)).is_some()),
                    "properties" => members.iter().all(|(key, value)| {
                        wanted.get(key).is_none_or(|schema| self.valid(schema, value))
                    }),
                    "patternProperties" => {
                        let mut pairs = members.iter().flat_map(|(key, value)| {
                            matching(wanted, key).map(move |schema| (schema, value))
                        });
                        pairs.all(|(schema, value)| self.valid(schema, value))
                    },
                    "additionalProperties" => members.iter().all(|(key, value)| {
                        schema.get("properties").is_some_and(|known| known.get(key).is_some())
                            || schema
                                .get("patternProperties")
                                .is_some_and(|known| matching(known, key).next().is_some())
                            || self.valid(wanted, value)
                    }),
                    "propertyNames" if draft >= Dialect::Draft6 => {
                        members.iter().all(|(key, _)| self.valid(wanted, &Json::text(key)))
                    },
                    "dependentRequired" | "dependentSchemas" if draft >= Dialect::Draft2019 => {
                        self.dependents(wanted, value)
                    },
                    "dependencies" if draft <= Dialect::Draft7 => self.dependents(wanted, value),
                    _ => true,
                },
                Json::Null | Json::Bool(_) => true,
            },
        }
    }

    /// Returns `true` if an object meets the requirements of its members: names or schemas.
    fn dependents(&self, demands: &Json, object: &Json) -> bool {
        let Json::Object(demands) = demands else { panic!("the keyword is an object") };
        let mut demanded = demands.iter().filter(|(name, _)| object.get(name).is_some());
        demanded.all(|(_, demand)| match demand {
            Json::Array(names) => names.iter().all(|name| object.get(string(name)).is_some()),
            schema => self.valid(schema, object),
        })
    }

    fn by_position(&self, schemas: &Json, items: &[Json]) -> bool {
        items.iter().zip(list(schemas)).all(|(item, schema)| self.valid(schema, item))
    }
}
