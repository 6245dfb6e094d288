//! The reader: all of RFC 8259, bounds, pointers, and reading without a tree.

use crate::rng::Rng;
use data_schema::{
    json::{check, pointer, Kind, Limits, Raw, Reader, Token, MAX_READER_DEPTH},
    Violation, ViolationKind,
};

fn refusal(text: &[u8]) -> Option<(ViolationKind, u32)> {
    check(text, Limits::default()).err().map(|violation| (violation.kind, violation.offset))
}

#[test]
fn valid_texts_are_accepted() {
    for text in [
        "null",
        " true\r\n\t",
        "false",
        "0",
        "-0",
        "-0.0e+00",
        "1E5",
        "1.25e-7",
        "\"\"",
        "[]",
        "{}",
        "[ ]",
        "{ }",
        "[1,2 , 3]",
        "{\"\":null}",
        "[[[]],{\"a\":{}}]",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\\u0000\\uFFFF\\ud83D\\uDe00\"",
        "\"\u{7f}\u{80}\u{7ff}\u{ffff}\u{10ffff}\"",
        "\"/\"",
        "{\"a\" : 1 , \"b\" :[ ]}",
        "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaä\"",
        "123e-2",
    ] {
        assert_eq!(refusal(text.as_bytes()), None, "{text}");
        assert!(serde_json::from_str::<serde_json::Value>(text).is_ok(), "{text}");
    }
}

#[test]
fn invalid_texts_are_rejected_at_their_first_error() {
    for (text, offset) in [
        ("", 0),
        (" ", 1),
        ("nul", 0),
        ("nulL", 0),
        ("True", 0),
        ("truex", 4),
        ("+1", 0),
        ("01", 1),
        ("-01", 2),
        ("-", 1),
        (".5", 0),
        ("1.", 2),
        ("1.e1", 2),
        ("1e", 2),
        ("1e+", 3),
        ("0x1", 1),
        ("1 2", 2),
        ("NaN", 0),
        ("Infinity", 0),
        ("'a'", 0),
        ("\"", 1),
        ("\"abc", 4),
        ("\"\\\"", 3),
        ("\"\\x\"", 1),
        ("\"\\u12g4\"", 1),
        ("\"\\u123", 1),
        ("\"\t\"", 1),
        ("\"a\nb\"", 2),
        ("\"aaaaaaaa\u{1f}\"", 9),
        ("\"\\ud800\"", 1),
        ("\"\\udc00\"", 1),
        ("\"\\ud800x\"", 1),
        ("\"\\ud800\\u0041\"", 1),
        ("\"\\ud800\\ud800\"", 1),
        ("[", 1),
        ("[1", 2),
        ("[1,", 3),
        ("[1,]", 3),
        ("[,1]", 1),
        ("[1 2]", 3),
        ("[1}", 2),
        ("{", 1),
        ("{\"a\"", 4),
        ("{\"a\":", 5),
        ("{\"a\":}", 5),
        ("{\"a\" 1}", 5),
        ("{\"a\":1,}", 7),
        ("{a:1}", 1),
        ("{1:1}", 1),
        ("{\"a\":1 \"b\":2}", 7),
        ("{\"a\":1]", 6),
        ("{,}", 1),
        ("]", 0),
        ("}", 0),
        ("[]]", 2),
        ("{}{}", 2),
        ("\u{feff}1", 0),
        ("1\u{a0}", 1),
        ("/**/1", 0),
        ("[1]//", 3),
    ] {
        assert_eq!(
            refusal(text.as_bytes()),
            Some((ViolationKind::InvalidJson, offset)),
            "{text:?}"
        );
        assert!(serde_json::from_str::<serde_json::Value>(text).is_err(), "{text:?}");
    }
}

#[test]
fn strings_must_be_utf8() {
    for (text, offset) in [
        (&b"\"\xff\""[..], 1),
        (b"\"a\xc3\"", 2),
        (b"\"\xc0\x80\"", 1),
        (b"\"\xed\xa0\x80\"", 1),
        (b"\"\xf4\x90\x80\x80\"", 1),
        (b"\"abcdefgh\xe2\x82\"", 9),
        (b"{\"\x80\":1}", 2),
    ] {
        assert_eq!(refusal(text), Some((ViolationKind::InvalidUtf8, offset)), "{text:?}");
    }
    assert_eq!(refusal(b"\xff"), Some((ViolationKind::InvalidJson, 0)));
    // In a truncated character at the end of the text, the missing quote is reported first.
    assert_eq!(refusal(b"\"\xe2\x82"), Some((ViolationKind::InvalidJson, 3)));
}

#[test]
fn every_byte_in_a_string_is_seen_at_every_alignment() {
    for before in 0..20 {
        for byte in 0..=255u8 {
            let mut text = vec![b'"'];
            text.extend(vec![b'x'; before]);
            text.push(byte);
            text.extend(b"yyyyyyyyyyyy\"");
            let expected = serde_json::from_slice::<serde_json::Value>(&text).is_ok();
            assert_eq!(refusal(&text).is_none(), expected, "{byte} after {before}");
        }
    }
}

#[test]
fn limits_are_enforced() {
    let limits = Limits { bytes: 10, depth: 2, unique_keys: true };
    assert_eq!(check(b"[[1,2,3]]", limits), Ok(()));
    let too_long = Violation { kind: ViolationKind::TooLong, offset: 10 };
    assert_eq!(check(b"[[1,2,3,4]]", limits), Err(too_long));
    assert_eq!(check(b"[[[", limits), Err(Violation { kind: ViolationKind::TooDeep, offset: 2 }));
    assert_eq!(check(b"[{\"a\":[", limits).unwrap_err().kind, ViolationKind::TooDeep);
    let nest = |depth: u32| [vec![b'['; depth as usize], vec![b']'; depth as usize]].concat();
    let deepest = Limits { bytes: 1000, depth: u32::MAX, unique_keys: true };
    assert_eq!(check(&nest(MAX_READER_DEPTH), deepest), Ok(()));
    assert!(check(&nest(MAX_READER_DEPTH + 1), deepest).is_err());
    assert!(check(b"1", Limits { depth: 0, ..limits }).is_ok());
    assert!(check(b"[]", Limits { depth: 0, ..limits }).is_err());
    let twice = b"{\"a\":1,\"a\":2}";
    assert_eq!(check(twice, Limits::default()).unwrap_err().kind, ViolationKind::DuplicateKey);
    assert_eq!(check(twice, Limits { unique_keys: false, ..Limits::default() }), Ok(()));
}

#[test]
fn duplicate_keys_of_large_objects_are_found_without_quadratic_time() {
    // As many keys as fit, the last equal to the first. Nested, so that marks are tested.
    let mut text = String::from("{\"outer\":{");
    for n in 0..7_000 {
        text.push_str(&format!("\"{n}\":0,"));
    }
    text.push_str("\"0\":0},\"o\":1}");
    let found = check(text.as_bytes(), Limits::default()).unwrap_err();
    let place = text.rfind("\"0\":0}").unwrap() as u32;
    assert_eq!(found, Violation { kind: ViolationKind::DuplicateKey, offset: place });
    assert_eq!(pointer(text.as_bytes(), place), "/outer/0");
    let unique = text.replace(",\"0\":0}", "}");
    assert_eq!(check(unique.as_bytes(), Limits::default()), Ok(()));
    let outer = unique.replace("\"o\":1", "\"o\":1,\"\\u006futer\":2");
    assert_eq!(refusal(outer.as_bytes()).map(|r| r.0), Some(ViolationKind::DuplicateKey));
}

#[test]
fn strings_compare_and_count_after_unescaping() {
    let text = r#"["\u0061\ud83d\ude00\n", "a😀
", "plain", "\u00e9"]"#
        .replace("😀\n", "😀\\n");
    let mut reader = Reader::new(text.as_bytes(), Limits::default()).unwrap();
    reader.begin_array().unwrap();
    let (a, b, c) = (reader.string().unwrap(), reader.string().unwrap(), reader.string().unwrap());
    let d = reader.string().unwrap();
    assert!(a == b && a != c && a == "a😀\n" && c == "plain" && d == "é" && b != "a😀n");
    assert_eq!((a.char_count(), b.char_count(), c.char_count(), d.char_count()), (3, 3, 5, 1));
    assert_eq!((a.as_plain(), c.as_plain()), (None, Some("plain")));
    assert_eq!((a.to_text(), a.offset(), c.is_escaped()), ("a😀\n".to_string(), 1, false));
    assert_eq!(a.chars().collect::<Vec<_>>(), ['a', '😀', '\n']);
    let mut buffer = [0; 6];
    assert_eq!(a.copy_to(&mut buffer), Some("a😀\n".as_bytes()));
    assert_eq!(a.copy_to(&mut buffer[..5]), None);
    assert_eq!(c.copy_to(&mut buffer), Some(&b"plain"[..]));
    assert_eq!(format!("{d:?}"), "\"é\"");
    assert_eq!(c.raw(), b"plain");
}

#[test]
fn documents_are_walked_without_a_tree() {
    let text = br#" {"a": [1, {"x": "y"}, []], "b": true, "c": {"d": -2.5e0}, "e": null}"#;
    let mut reader = Reader::new(text, Limits::default()).unwrap();
    reader.begin_object().unwrap();
    assert!(reader.next_key().unwrap().unwrap() == "a");
    assert_eq!(reader.peek_kind(), Ok(Kind::Array));
    reader.begin_array().unwrap();
    let mut items = Vec::new();
    while reader.next_item().unwrap() {
        items.push((reader.peek_kind().unwrap(), reader.skip_value().unwrap()));
    }
    let kinds: Vec<Kind> = items.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, [Kind::Number, Kind::Object, Kind::Array]);
    assert_eq!(items[1].1, Raw { text: b"{\"x\": \"y\"}", offset: 11 });
    assert!(reader.next_key().unwrap().unwrap() == "b");
    assert_eq!(reader.boolean(), Ok(true));
    assert!(reader.next_key().unwrap().unwrap() == "c");
    let raw = reader.skip_value().unwrap();
    let mut inner = Reader::within(raw, Limits::default()).unwrap();
    inner.begin_object().unwrap();
    let key = inner.next_key().unwrap().unwrap();
    assert_eq!((key.to_text().as_str(), key.offset(), inner.offset()), ("d", 45, 45));
    assert_eq!(inner.string(), Err(Violation { kind: ViolationKind::TypeMismatch, offset: 50 }));
    assert!(reader.next_key().unwrap().unwrap() == "e");
    assert_eq!((reader.peek_kind(), reader.depth()), (Ok(Kind::Null), 1));
    assert!(matches!(reader.next(), Ok(Token::Null)));
    assert!(reader.next_key().unwrap().is_none());
    assert_eq!(reader.finish(), Ok(()));
    assert!(reader.finish().is_err(), "the end is returned once");
}

/// A caller that never reads the values that are announced.
#[test]
fn an_announced_value_must_be_read_before_the_next() {
    let broken = |offset| Violation { kind: ViolationKind::InvalidJson, offset };
    let invalid = |offset| Err::<bool, _>(broken(offset));
    let open = |text: &'static [u8]| Reader::new(text, Limits::default()).unwrap();

    let mut reader = open(b"[1, 2]");
    reader.begin_array().unwrap();
    assert_eq!(reader.next_item(), Ok(true));
    assert_eq!(reader.next_item(), invalid(1), "the item is unread");
    assert_eq!(reader.next_item(), invalid(1), "and stays unread");

    let mut reader = open(b"[1, 2]");
    reader.begin_array().unwrap();
    assert_eq!(reader.peek_kind(), Err(broken(1)), "no item was announced");
    assert_eq!(reader.next_item(), Ok(true));
    assert_eq!(reader.peek_kind(), Ok(Kind::Number));
    assert_eq!(reader.peek_kind(), Err(broken(1)), "its type was already peeked");
    assert_eq!(reader.next_item(), invalid(1), "a peek reads nothing");
    assert!(reader.number().is_ok());
    assert_eq!(reader.next_item(), Ok(true));
    assert!(reader.next_key().is_err());
    assert!(reader.number().is_ok());
    assert_eq!(reader.next_item(), Ok(false));

    let mut reader = open(br#"{"a": {"b": 1}}"#);
    assert!(reader.next_key().is_err(), "the object was not begun");
    let mut reader = open(br#"{"a": {"b": 1}}"#);
    reader.begin_object().unwrap();
    assert!(reader.next_key().unwrap().unwrap() == "a");
    assert_eq!(reader.next_key().map(|_| false), invalid(5), "the member is unread");
    let mut reader = open(br#"{"a": {"b": 1}}"#);
    reader.begin_object().unwrap();
    assert!(reader.next_item().is_err(), "an object has no items");
    for text in [&b"[1,]"[..], b"[1 2]", b"[,1]", b"[1", b"["] {
        let mut reader = open(text);
        reader.begin_array().unwrap();
        let mut steps = 0;
        while let Ok(true) = reader.next_item() {
            steps += 1;
            if reader.skip_value().is_err() {
                break;
            }
        }
        assert!(steps < 3, "{text:?}");
    }
}

#[test]
fn string_or_skip_returns_strings_and_skips_other_values() {
    let mut reader = Reader::new(br#"[1, "a\u0062", {"x": "y"}]"#, Limits::default()).unwrap();
    reader.begin_array().unwrap();
    let mut told = Vec::new();
    while reader.next_item().unwrap() {
        told.push(reader.string_or_skip().unwrap().map(|text| text.to_text()));
    }
    assert_eq!(told, [None, Some("ab".into()), None]);
}

#[test]
fn an_unexpected_type_is_reported() {
    let reader = |text: &'static str| Reader::new(text.as_bytes(), Limits::default()).unwrap();
    let wrong = |offset| Violation { kind: ViolationKind::TypeMismatch, offset };
    assert_eq!(reader(" []").begin_object(), Err(wrong(1)));
    assert_eq!(reader("{}").begin_array(), Err(wrong(0)));
    assert_eq!(reader("1").boolean(), Err(wrong(0)));
    assert_eq!(reader("\"1\"").number().unwrap_err(), wrong(0));
    let mut list = reader("[]");
    list.begin_array().unwrap();
    assert_eq!(list.skip_value(), Err(wrong(1)));
    let mut items = reader("[1]");
    items.begin_array().unwrap();
    assert_eq!(items.next_key().unwrap_err(), wrong(1));
}

#[test]
fn offsets_become_pointers() {
    let text = br#"{"a": [10, {"b/~": "x"}], "": {"c": []}}"#;
    for (offset, expected) in [
        (0, ""),
        (1, "/a"),
        (6, "/a"),
        (7, "/a/0"),
        (11, "/a/1"),
        (12, "/a/1/b~1~0"),
        (19, "/a/1/b~1~0"),
        (26, "/"),
        (30, "/"),
        (31, "//c"),
        (36, "//c"),
    ] {
        assert_eq!(pointer(text, offset), expected, "{offset}");
    }
    assert_eq!(pointer(b"[1, x]", 4), "/0");
    assert_eq!(pointer(b"", 0), "");
    assert_eq!(pointer(b"[[[", 9), "/0/0");
    assert_eq!(pointer(b"\xff\xff", 1), "");
}

/// Texts are compared unescaped, with any escapes and any common prefix.
#[test]
fn escaped_texts_compare_by_their_code_points() {
    let pieces =
        ["a", "\\n", "\\\\", "\\u0061", "é", "€", "😀", "\\ud83d\\ude00", "\\ud83d\\ude01", "\\/"];
    let mut rng = Rng::new(Rng::seed("TWINCHAIN_SEED", 7));
    let mut compared = [0; 3];
    for _ in 0..20_000 {
        let mut write =
            |count: usize| -> String { (0..count).map(|_| *rng.pick(&pieces)).collect() };
        let head = write(6);
        let (left, right) = (write(2), write(2));
        let source = format!(r#"["{head}{left}","{head}{right}"]"#);
        let mut reader = Reader::new(source.as_bytes(), Limits::default()).unwrap();
        reader.begin_array().unwrap();
        assert!(reader.next_item().unwrap());
        let a = reader.string().unwrap();
        assert!(reader.next_item().unwrap());
        let b = reader.string().unwrap();
        let same = a.to_text() == b.to_text();
        assert_eq!(a == b, same, "{source}");
        compared[usize::from(same) + usize::from(a.is_escaped() && b.is_escaped())] += 1;
    }
    assert!(compared.iter().all(|count| *count > 20), "{compared:?}");
}

/// Keys with equal hashes cost comparisons and never change a verdict.
#[test]
fn many_escaped_keys_that_differ_at_their_ends_are_distinguished() {
    let keys = |twice: bool| {
        let key = |at: usize| {
            format!("\"\\u0061{}{}\":1", "x".repeat(300), if twice { at / 2 } else { at })
        };
        format!("{{{}}}", (0..20).map(key).collect::<Vec<_>>().join(","))
    };
    assert_eq!(check(keys(false).as_bytes(), Limits::default()), Ok(()));
    let refused = check(keys(true).as_bytes(), Limits::default()).unwrap_err();
    assert_eq!(refused.kind, ViolationKind::DuplicateKey);
}
