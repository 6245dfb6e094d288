// SPDX-License-Identifier: Apache-2.0

//! Values, schemas and documents of the maximum length that take the longest to check.

use pallet_data_container::{
    MAX_DATA_SETS, MAX_DOCUMENT, MAX_ITEMS, MAX_PAYLOAD, MAX_ROLES, MAX_VALUE,
};
use twinchain_primitives::MAX_DESCRIPTION;

/// The maximum number of schemas that apply to one place of a value.
pub const MAX_COST: usize = 32;
/// Number of lists in the largest plugin. The other data sets are entries.
const LISTS: u32 = MAX_DATA_SETS / 2;

/// Returns a name of the maximum length that differs from others only at its end.
pub fn name(n: u32) -> String {
    format!("{n:n>64}")
}

/// Returns a JSON text of `bytes` bytes with only digits, which match [`dear_schema`]. Each seed
/// gives another text, if there is room for eight digits.
pub fn digits(bytes: usize, seed: u32) -> Vec<u8> {
    let mut text = b"[".to_vec();
    let (mut rest, mut place) = (seed, 0);
    while text.len() + 3 <= bytes {
        // The last of the numbers takes longest to find.
        let digit = if place < 8 { rest % 5 } else { 4 };
        (rest, place) = (rest / 5, place + 1);
        text.push(b'0' + u8::try_from(digit).unwrap_or_default());
        text.push(b',');
    }
    text.pop();
    text.push(b']');
    text.resize(bytes, b' ');
    text
}

/// Returns the maximum number of items for one append, each of the maximum length.
pub fn items(seed: u32) -> Vec<Vec<u8>> {
    let bytes = (MAX_PAYLOAD / MAX_ITEMS) as usize;
    (0..MAX_ITEMS).map(|item| digits(bytes, seed * MAX_ITEMS + item)).collect()
}

/// Returns different names with the same hash in the tables of names: `letters` letters `a` (a
/// multiple of eight) and 16 characters more. The last eight characters compensate for the eight
/// before. They are in the order in which they are found, which takes longer to sort than
/// alphabetical order.
fn names_of_one_hash(letters: usize) -> impl Iterator<Item = String> {
    assert!(letters > 0 && letters.is_multiple_of(8), "{letters} letters");
    let word = |hash: u64, word: u64| (hash.rotate_left(23) ^ word).wrapping_mul(HASH_FACTOR);
    let before = (0..letters / 8).fold(0, |hash, _| word(hash, u64::from_le_bytes(*b"aaaaaaaa")));
    let printable = |byte: &u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
    // Eight hexadecimal digits that neither rise nor fall.
    let numbers = (1u32..).map(|n| n.wrapping_mul(0x9e37_79b1));
    numbers.filter_map(move |n| {
        let number = format!("{n:08x}");
        let hash = word(before, u64::from_le_bytes(*number.as_bytes().first_chunk::<8>()?));
        let end = (hash.rotate_left(23) ^ u64::from_le_bytes(*b"00000000")).to_le_bytes();
        let end = end.iter().all(printable).then(|| String::from_utf8_lossy(&end).into_owned())?;
        Some(format!("{}{number}{end}", "a".repeat(letters)))
    })
}

/// The factor of `data_schema::json::Text::hash`.
const HASH_FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// Returns a name that begins with an escape, so that it is compared as text.
fn escaped(name: &str) -> String {
    format!(r#""\u0061{}""#, name.get(1..).unwrap_or_default())
}

/// Returns an object of at most `bytes` bytes whose keys have the same hash and `letters` letters
/// each.
pub fn keys_of_one_hash(letters: usize, bytes: usize) -> Vec<u8> {
    let mut text = String::from("{");
    for name in names_of_one_hash(letters) {
        let member = format!("{}:1,", escaped(&name));
        if text.len() + member.len() > bytes {
            break;
        }
        text.push_str(&member);
    }
    text.pop();
    text.push('}');
    text.into_bytes()
}

/// Returns a definition whose schema has the maximum length. Its properties have the same hash, and
/// are sorted, required and referred to by name.
pub fn properties_of_one_hash(run: u32) -> Vec<u8> {
    const LETTERS: usize = 64;
    const ROOM: usize = 64 * 1024 - 100;
    let names: Vec<_> = names_of_one_hash(LETTERS).take(ROOM / (3 * LETTERS + 110)).collect();
    let first = escaped(&names[0]).replacen('"', "\"#/properties/", 1);
    let property = |(n, name): (usize, &String)| match n {
        0 => format!("{}:{{}}", escaped(name)),
        _ => format!(r#"{}:{{"$ref":{first}}}"#, escaped(name)),
    };
    let properties = names.iter().enumerate().map(property).collect::<Vec<_>>().join(",");
    let required = names.iter().map(|name| escaped(name)).collect::<Vec<_>>().join(",");
    let schema =
        format!(r#"{{"title":{run},"properties":{{{properties}}},"required":[{required}]}}"#);
    definition("entry", "public", &schema)
}

/// Returns the longest array of items that all differ and have the same length, in an order far
/// from sorted. It takes the longest to compare for `uniqueItems`.
pub fn different_items(seed: u32) -> Vec<u8> {
    const COUNT: u32 = 7_921;
    let item = |n: u32| {
        // 89 and 7,919 are coprime, and so are 7,921 and 7,919.
        let n = (n + seed) * 7_919 % COUNT;
        format!("[{},{}]", 10 + n / 89, 10 + n % 89)
    };
    let mut text = format!("[{}]", (0..COUNT).map(item).collect::<Vec<_>>().join(",")).into_bytes();
    text.resize(MAX_VALUE as usize, b' ');
    text
}

/// A schema that requires all items to differ.
pub const DIFFERENT_ITEMS: &str = r#"{"uniqueItems":true}"#;

/// Returns the longest string. No pattern of [`dear_patterns`] matches before its end.
pub fn long_string(seed: u32) -> Vec<u8> {
    format!("\"{seed:a>width$}\"", width = MAX_VALUE as usize - 2).into_bytes()
}

/// Returns a schema with the maximum number of patterns that have the maximum number of positions.
pub fn dear_patterns() -> String {
    let one = r#"{"pattern":"[^z]{1000}$"}"#;
    format!(r#"{{"allOf":[{}]}}"#, [one; 10].join(","))
}

/// Returns a definition with the maximum number of unknown members.
pub fn unknown_keys(run: u32) -> Vec<u8> {
    let mut text =
        format!(r#"{{"type":"list","visibility":"public","dataSchema":{{"title":{run}}}"#);
    for n in 0.. {
        let next = format!(r#","{n:x}":0"#);
        if text.len() + next.len() + 1 > MAX_DOCUMENT as usize {
            break;
        }
        text.push_str(&next);
    }
    text.push('}');
    text.into_bytes()
}

/// Returns a schema that accepts any value and differs from others.
pub fn title(n: u32) -> String {
    format!(r#"{{"title":{n}}}"#)
}

/// Returns a schema that applies the maximum number of schemas to every number in [`digits`], each
/// with the slowest keywords: `examples/worst.rs` of the crate data-schema searches for them. With
/// one comparison more, each would count as two.
pub fn dear_schema(n: u32) -> String {
    let (least, most) = (format!("-0.{}1", "0".repeat(126)), format!("9.{}1", "0".repeat(126)));
    let branch = format!(
        r#"{{"enum":[0,1,2,3,4,5,6,7,8,9,10,11],"minimum":{least},"maximum":{most},
        "multipleOf":1e-400}}"#
    );
    let branches = vec![branch; MAX_COST - 1].join(",");
    format!(r#"{{"title":{n},"items":{{"anyOf":[{branches}]}}}}"#)
}

/// Returns permissions for all roles, with the given names.
pub fn permissions(role: impl Fn(u32) -> String) -> String {
    let roles = (0..MAX_ROLES).map(|n| format!(r#""{}":["remove"]"#, role(n)));
    roles.collect::<Vec<_>>().join(",")
}

/// Returns the definition of one data set.
pub fn definition(kind: &str, visibility: &str, schema: &str) -> Vec<u8> {
    let roles = permissions(name);
    let start = format!(r#""type":"{kind}","visibility":"{visibility}""#);
    format!(r#"{{{start},"permissions":{{{roles}}},"dataSchema":{schema}}}"#).into_bytes()
}

/// Returns different numbers in at most `bytes` bytes. Of all literals, they take the longest to
/// read.
fn numbers(bytes: usize) -> String {
    let mut text = String::from("0");
    for n in 0usize.. {
        let next = format!(",{}e{}", n * 7_919 % 1_000 + 1_000, n % 400);
        if text.len() + next.len() > bytes {
            break;
        }
        text.push_str(&next);
    }
    text
}

/// Returns a plugin document of the maximum length, padded with blanks.
fn document(run: u32, description: &str, data_sets: &[String]) -> Vec<u8> {
    let sets = data_sets.join(",");
    let kind = name(run);
    let mut text = format!(
        r#"{{"description":{description},"template":{{"type":"{kind}","properties":{{{sets}}}}}}}"#
    )
    .into_bytes();
    let bytes = MAX_DOCUMENT as usize;
    assert!(text.len() <= bytes, "the document has {} bytes", text.len());
    text.resize(bytes, b' ');
    text
}

/// Returns a document with the maximum number of schemas that take the longest to compile: patterns
/// for about as much work as is allowed, and numbers. No other run has any of them.
pub fn many_schemas(run: u32) -> Vec<u8> {
    let long = r#"{"pattern":"[a-c]{1000}"}"#;
    let patterns = vec![r#"{"pattern":"abcdefghijklmnop"}"#; 24].join(",");
    let room = (MAX_DOCUMENT as usize - 2_000) / MAX_DATA_SETS as usize;
    let set = |n: u32| {
        let roles = if n == 0 { permissions(name) } else { String::new() };
        let title = run * MAX_DATA_SETS + n;
        let text = format!(
            r#""{}":{{"type":"entry","permissions":{{{roles}}},
            "dataSchema":{{"title":{title},"prefixItems":[{long},{patterns}],"enum":["#,
            name(n)
        );
        let left = room.saturating_sub(text.len() - roles.len() + 4);
        format!("{text}{}]}}}}", numbers(left))
    };
    document(run, "0", &(0..MAX_DATA_SETS).map(set).collect::<Vec<_>>())
}

/// Returns a document with default values of nearly 64 KiB in total, each with the most expensive
/// schema.
pub fn dear_defaults(run: u32) -> Vec<u8> {
    const SETS: u32 = 4;
    let set = |n: u32| {
        let schema = dear_schema(run * SETS + n);
        let start = format!(
            r#""s{n}":{{"type":"entry","visibility":"public","dataSchema":{schema},"value":"#
        );
        let value = digits(MAX_PAYLOAD as usize / SETS as usize, run);
        format!("{start}{}}}", String::from_utf8_lossy(&value))
    };
    document(run, "0", &(0..SETS).map(set).collect::<Vec<_>>())
}

/// Returns a document with the maximum number of items, each of one byte, and 32 schemas for each.
pub fn many_items(run: u32) -> Vec<u8> {
    let branches = vec![r#"{"minimum":0}"#; MAX_COST - 1].join(",");
    let value = vec!["1"; MAX_ITEMS as usize].join(",");
    let set = |n: u32| {
        let title = run * MAX_DATA_SETS + n;
        let schema = format!(r#"{{"title":{title},"allOf":[{branches}]}}"#);
        let start = format!(r#""type":"list","visibility":"public","value":[{value}]"#);
        format!(r#""s{n}":{{{start},"dataSchema":{schema}}}"#)
    };
    let (mut sets, mut bytes) = (Vec::new(), 200);
    for set in (0..MAX_DATA_SETS).map(set) {
        bytes += set.len() + 1;
        if bytes > MAX_DOCUMENT as usize {
            break;
        }
        sets.push(set);
    }
    document(run, "0", &sets)
}

/// Returns a plugin with the maximum number of data sets and roles. All data sets have defaults:
/// half of them are lists of many short items, the others are values that fill the payload of one
/// call.
pub fn largest_plugin() -> Vec<u8> {
    let description = digits(MAX_DESCRIPTION as usize, 0);
    let description = String::from_utf8_lossy(&description);
    let roles = permissions(|n| format!("r{n}"));
    let set = |n: u32, kind: &str, value: &str| {
        let (name, title) = (name(n), title(n));
        let start = format!(r#""type":"{kind}","visibility":"public""#);
        let end = format!(r#""dataSchema":{title},"value":{value}"#);
        format!(r#""{name}":{{{start},"permissions":{{{roles}}},{end}}}"#)
    };
    let list = format!("[{}]", vec!["1"; MAX_ITEMS as usize].join(","));
    let mut sets: Vec<_> = (0..LISTS).map(|n| set(n, "list", &list)).collect();
    let taken = LISTS as usize * list.len();
    let left = (MAX_PAYLOAD as usize - taken) / (MAX_DATA_SETS - LISTS) as usize;
    sets.extend((LISTS..MAX_DATA_SETS).map(|n| {
        let value = digits(left, n);
        set(n, "entry", &String::from_utf8_lossy(&value))
    }));
    document(0, &description, &sets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_schema::{
        json::{Limits, Reader, Token},
        Schema,
    };
    use pallet_data_container::weights::Work;
    use pallet_data_container::{document, Roles};
    use std::collections::BTreeSet;

    /// The longest source of a schema, in bytes.
    const MAX_SOURCE: usize = 64 * 1024;

    /// Returns the number of data sets and roles, the work of the defaults, and the bytes of the
    /// schemas.
    fn read(text: &[u8]) -> (usize, usize, u32, usize) {
        assert_eq!(text.len(), MAX_DOCUMENT as usize);
        let plugin = document::plugin(text).unwrap();
        let mut work = Work::default();
        for (_, set) in &plugin.data_sets {
            document::check(set, &mut work).unwrap();
        }
        let schemas = plugin.data_sets.iter().map(|(_, set)| set.schema.text.len());
        (plugin.data_sets.len(), plugin.roles.len(), work.units(), schemas.sum())
    }

    #[test]
    fn documents_have_the_maximum_size() {
        let (sets, roles, _, schemas) = read(&many_schemas(3));
        assert_eq!((sets, roles), (64, 16));
        assert!(schemas > 200_000, "{schemas}");

        let (sets, _, work, _) = read(&dear_defaults(3));
        assert_eq!(sets, 4);
        assert!(work > 55_000 * 32, "{work}");

        let (sets, _, work, _) = read(&many_items(3));
        assert!(sets >= 60, "{sets}");
        assert!(work as usize >= sets * 256, "{work}");

        let (sets, roles, _, _) = read(&largest_plugin());
        assert_eq!((sets, roles), (64, 16));
    }

    #[test]
    fn keys_have_one_hash_and_fill_the_text() {
        for (letters, longest) in [(384, MAX_DESCRIPTION), (3_200, MAX_VALUE), (16, MAX_VALUE)] {
            let text = keys_of_one_hash(letters, longest as usize);
            let slack = longest - text.len() as u32;
            assert!(slack as usize <= letters + 30, "{slack} bytes are unused");
            let (mut names, mut hashes) = (BTreeSet::new(), BTreeSet::new());
            let mut reader = Reader::new(&text, Limits::default()).unwrap();
            loop {
                match reader.next().unwrap() {
                    Token::Key(name) => {
                        hashes.insert(name.hash());
                        names.insert(name.to_text());
                    },
                    Token::End => break,
                    _ => {},
                }
            }
            assert_eq!(hashes.len(), 1);
            assert!(names.len() >= 19, "{}", names.len());
        }
    }

    #[test]
    fn definitions_have_the_maximum_length() {
        let text = unknown_keys(3);
        let value: serde_json::Value = serde_json::from_slice(&text).unwrap();
        let keys = value.as_object().unwrap().len();
        assert!(keys > 6_000 && text.len() <= MAX_DOCUMENT as usize, "{keys}");
        assert!(document::definition(&text, &mut Roles::default()).is_ok());

        let text = properties_of_one_hash(3);
        let set = document::definition(&text, &mut Roles::default()).unwrap();
        assert!((60_000..=MAX_SOURCE).contains(&set.schema.text.len()));
        let schema = document::check(&set, &mut Work::default()).unwrap();
        assert!(schema.check(b"{}").is_err());
    }

    #[test]
    fn values_match_their_schemas() {
        for seed in [0, 5] {
            let schema = Schema::build(DIFFERENT_ITEMS.as_bytes()).unwrap();
            assert_eq!(schema.check(&different_items(seed)).map(|stats| stats.live), Ok(2));
            let schema = Schema::build(dear_patterns().as_bytes()).unwrap();
            let value = long_string(seed);
            assert_eq!(value.len(), MAX_VALUE as usize);
            let stats = schema.check(&value).unwrap();
            assert!(stats.live as usize > MAX_COST - 8, "{stats:?}");
        }
    }

    #[test]
    fn runs_share_no_schema_or_document() {
        for make in [many_schemas, dear_defaults, many_items] {
            let documents: Vec<_> = (0..3).map(make).collect();
            let schemas = documents.iter().flat_map(|text| {
                let plugin = document::plugin(text).unwrap();
                plugin.data_sets.into_iter().map(|(_, set)| set.schema.text.to_vec())
            });
            let schemas: Vec<_> = schemas.collect();
            let different: BTreeSet<_> = schemas.iter().collect();
            assert_eq!(schemas.len(), different.len());
        }
    }

    #[test]
    fn digits_match_the_most_expensive_schema_and_differ() {
        for kind in ["entry", "list"] {
            let text = definition(kind, "public", &dear_schema(1));
            let set = document::definition(&text, &mut Roles::default()).unwrap();
            assert_eq!(set.permissions.len(), 16);
            assert!(set.schema.text.len() <= MAX_SOURCE);
            let schema = document::check(&set, &mut Work::default()).unwrap();
            let value = digits(MAX_VALUE as usize, 1_234);
            let stats = schema.check(&value).unwrap();
            assert_eq!(value.len(), MAX_VALUE as usize);
            assert_eq!(stats.live as usize, MAX_COST);
        }
        let seeds: BTreeSet<_> = (0..2_000).map(|seed| digits(40, seed)).collect();
        assert_eq!(seeds.len(), 2_000);
        assert!(seeds.iter().all(|text| text.len() == 40));
        let bytes = items(7).iter().map(Vec::len).sum::<usize>();
        assert!(MAX_PAYLOAD as usize - bytes < MAX_ITEMS as usize);
    }
}
