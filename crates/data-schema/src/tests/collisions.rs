//! Tests of names with equal hashes. Hashes only save comparisons.

use crate::{
    json::{check, Limits, Text},
    Schema, ViolationKind,
};
use alloc::{format, string::String, vec::Vec};
use std::collections::HashMap;

/// Returns pairs of different names with the same hash.
fn pairs() -> Vec<(String, String)> {
    let mut seen = HashMap::new();
    let mut pairs = Vec::new();
    let mut state = 1u64;
    for _ in 0..400_000 {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let name = format!("{:x}", state >> 8);
        let hash = Text::new(name.as_bytes(), false, 0).hash();
        if let Some(other) = seen.insert(hash, name.clone()) {
            pairs.push((other, name));
        }
    }
    assert!(pairs.len() > 3);
    pairs
}

/// Returns the same text with an escape for each character.
#[allow(clippy::ptr_arg, reason = "used like `String::clone`")]
fn escaped(text: &String) -> String {
    text.chars().map(|letter| format!("\\u{:04x}", u32::from(letter))).collect()
}

#[test]
fn names_with_equal_hashes_are_distinguished() {
    for (a, b) in pairs() {
        let properties = format!(
            "{{\"properties\":{{\"{a}\":{{\"const\":1}},\"{b}\":{{\"const\":2}},\"c\":{{}}}},\
             \"required\":[\"{b}\"],\"additionalProperties\":false}}"
        );
        let schema = Schema::build(properties.as_bytes()).unwrap();
        let verdict = |value: String| schema.check(value.as_bytes()).map_err(|v| v.kind).err();
        assert_eq!(verdict(format!("{{\"{a}\":1,\"{b}\":2}}")), None);
        assert_eq!(verdict(format!("{{\"{b}\":2,\"{a}\":1}}")), None);
        assert_eq!(verdict(format!("{{\"{a}\":2,\"{b}\":2}}")), Some(ViolationKind::ConstMismatch));
        assert_eq!(verdict(format!("{{\"{b}\":1}}")), Some(ViolationKind::ConstMismatch));
        assert_eq!(verdict(format!("{{\"{a}\":1}}")), Some(ViolationKind::RequiredMismatch));

        for (known, other) in [(&a, &b), (&b, &a)] {
            let one =
                format!("{{\"properties\":{{\"{known}\":{{}}}},\"additionalProperties\":false}}");
            let schema = Schema::build(one.as_bytes()).unwrap();
            assert!(schema.check(format!("{{\"{known}\":1}}").as_bytes()).is_ok());
            let violation = schema.check(format!("{{\"{other}\":1}}").as_bytes()).unwrap_err();
            assert_eq!(violation.kind, ViolationKind::AdditionalPropertiesMismatch);

            let choice = format!("{{\"enum\":[\"{known}\",\"x\"]}}");
            let schema = Schema::build(choice.as_bytes()).unwrap();
            for spelled in [String::clone, escaped] {
                assert!(schema.check(format!("\"{}\"", spelled(known)).as_bytes()).is_ok());
                assert!(schema.check(format!("\"{}\"", spelled(other)).as_bytes()).is_err());
            }
            let both = format!("{{\"enum\":[\"{known}\",\"{other}\"]}}");
            let schema = Schema::build(both.as_bytes()).unwrap();
            for spelled in [String::clone, escaped] {
                assert!(schema.check(format!("\"{}\"", spelled(known)).as_bytes()).is_ok());
                assert!(schema.check(format!("\"{}\"", spelled(other)).as_bytes()).is_ok());
            }
        }
    }
}

#[test]
fn keys_with_equal_hashes_are_not_duplicates() {
    let pairs = pairs();
    let (a, b) = &pairs[0];
    let small = format!("{{\"{a}\":1,\"{b}\":2}}");
    assert_eq!(check(small.as_bytes(), Limits::default()), Ok(()));
    let mut large = String::from("{");
    for (a, b) in &pairs {
        large.push_str(&format!("\"{b}\":1,\"{a}\":2,"));
    }
    for n in 0..20 {
        large.push_str(&format!("\"filler{n}\":0,"));
    }
    let unique = format!("{large}\"last\":0}}");
    assert_eq!(check(unique.as_bytes(), Limits::default()), Ok(()));
    let twice = format!("{large}\"{a}\":0}}");
    let violation = check(twice.as_bytes(), Limits::default()).unwrap_err();
    assert_eq!(violation.kind, ViolationKind::DuplicateKey);
    assert_eq!(usize::try_from(violation.offset).unwrap(), large.len());
}

#[test]
fn an_escaped_text_has_the_hash_of_its_unescaped_text() {
    let mut plain = String::new();
    let mut escaped = String::new();
    for n in 0..40u32 {
        let c = char::from_u32(if n % 5 == 0 { 0xe4 + n } else { 0x61 + n % 26 }).unwrap();
        plain.push(c);
        escaped.push_str(&format!("\\u{:04x}", u32::from(c)));
        let (a, b) =
            (Text::new(plain.as_bytes(), false, 0), Text::new(escaped.as_bytes(), true, 0));
        assert_eq!(a.hash(), b.hash(), "{plain}");
        assert!(a == b && a.char_count() == n + 1 && b.char_count() == n + 1);
        // The reader hashes while it scans: the same key twice, in both spellings.
        for text in [
            format!("{{\"{plain}\":1,\"{escaped}\":2, \"padding\":3}}"),
            format!("{{\"{escaped}\":1,\"{plain}\":2}}"),
            format!("{{\"{plain}\":1,\"{plain}\":2}}"),
        ] {
            let violation = check(text.as_bytes(), Limits::default()).unwrap_err();
            assert_eq!(violation.kind, ViolationKind::DuplicateKey, "{text}");
        }
    }
}

#[test]
fn escapes_at_any_place_do_not_change_hash_and_text() {
    let plain = "a\u{e4}bcd\u{20ac}efghij\u{1f600}klmnopqrstuvwxyz0123456789";
    let whole = Text::new(plain.as_bytes(), false, 0);
    let letters: Vec<char> = plain.chars().collect();
    let mut state = 1u64;
    for round in 0..4_000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        // Few escapes, many, or one.
        let is_escaped = |at: usize| match round % 3 {
            0 => at == round % letters.len(),
            1 => state >> (at + 7) & 1 == 1,
            _ => state >> (at + 7) & 7 == 0,
        };
        let spelled: String = letters
            .iter()
            .enumerate()
            .map(|(at, letter)| {
                if !is_escaped(at) {
                    return String::from(*letter);
                }
                let mut units = [0u16; 2];
                letter
                    .encode_utf16(&mut units)
                    .iter()
                    .map(|unit| format!("\\u{unit:04x}"))
                    .collect()
            })
            .collect();
        let text = Text::new(spelled.as_bytes(), true, 0);
        assert_eq!(text.hash(), whole.hash(), "{spelled}");
        let mut bytes = Vec::new();
        text.append_to(&mut bytes);
        assert_eq!(bytes, plain.as_bytes(), "{spelled}");
    }
}
