//! The obvious validator: a tree, recursion and big integers. Slow, and easy to compare with the
//! standard's text.

use data_schema::json::{Limits, Reader, Token};
use num_bigint::{BigInt, Sign};
use std::cmp::Ordering;

/// A JSON value; numbers as they are written.
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

    /// Reads a text that is valid JSON, or returns nothing.
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

/// `digits * 10^exponent`.
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

/// Both numbers as integers in units of the same power of ten.
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

fn has_type(value: &Json, name: &str) -> bool {
    match value {
        Json::Null => name == "null",
        Json::Bool(_) => name == "boolean",
        Json::Number(n) => name == "number" || (name == "integer" && is_integer(n)),
        Json::String(_) => name == "string",
        Json::Array(_) => name == "array",
        Json::Object(_) => name == "object",
    }
}

/// Whether `value` matches `schema`, of which is known that it compiles.
pub fn valid(schema: &Json, value: &Json) -> bool {
    let members = match schema {
        Json::Bool(verdict) => return *verdict,
        Json::Object(members) => members,
        _ => panic!("no schema"),
    };
    members.iter().all(|(name, wanted)| keyword(schema, name, wanted, value))
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

fn keyword(schema: &Json, name: &str, wanted: &Json, value: &Json) -> bool {
    let count = |n: usize| compare(&n.to_string(), string(wanted));
    match name {
        "type" => match wanted {
            Json::Array(names) => names.iter().any(|name| has_type(value, string(name))),
            name => has_type(value, string(name)),
        },
        "enum" => list(wanted).iter().any(|member| equal(member, value)),
        "const" => equal(wanted, value),
        "allOf" => list(wanted).iter().all(|schema| valid(schema, value)),
        "anyOf" => list(wanted).iter().any(|schema| valid(schema, value)),
        "oneOf" => list(wanted).iter().filter(|schema| valid(schema, value)).count() == 1,
        "not" => !valid(wanted, value),
        _ => match value {
            Json::Number(n) => match name {
                "minimum" => compare(n, string(wanted)).is_ge(),
                "maximum" => compare(n, string(wanted)).is_le(),
                "exclusiveMinimum" => compare(n, string(wanted)).is_gt(),
                "exclusiveMaximum" => compare(n, string(wanted)).is_lt(),
                "multipleOf" => multiple(n, string(wanted)),
                _ => true,
            },
            Json::String(text) => match name {
                "minLength" => count(text.chars().count()).is_ge(),
                "maxLength" => count(text.chars().count()).is_le(),
                _ => true,
            },
            Json::Array(items) => match name {
                "minItems" => count(items.len()).is_ge(),
                "maxItems" => count(items.len()).is_le(),
                "prefixItems" => items.iter().zip(list(wanted)).all(|(item, s)| valid(s, item)),
                "items" => {
                    let prefix = schema.get("prefixItems").map_or(0, |prefix| list(prefix).len());
                    items.iter().skip(prefix).all(|item| valid(wanted, item))
                },
                _ => true,
            },
            Json::Object(members) => match name {
                "minProperties" => count(members.len()).is_ge(),
                "maxProperties" => count(members.len()).is_le(),
                "required" => list(wanted).iter().all(|name| value.get(string(name)).is_some()),
                "properties" => members
                    .iter()
                    .all(|(key, value)| wanted.get(key).is_none_or(|schema| valid(schema, value))),
                "additionalProperties" => members.iter().all(|(key, value)| {
                    schema.get("properties").is_some_and(|known| known.get(key).is_some())
                        || valid(wanted, value)
                }),
                _ => true,
            },
            Json::Null | Json::Bool(_) => true,
        },
    }
}
