//! Regular expressions: the cases of ECMA-262, errors and their locations, limits, and the verdicts
//! of another implementation.

use crate::rng::Rng;
use data_schema::pattern::{
    Pattern, PatternError, PatternErrorKind as Kind, MAX_PATTERN, MAX_PATTERN_DEPTH, MAX_POSITIONS,
    MAX_STEPS,
};

fn pattern(source: &str) -> Pattern<Vec<u8>> {
    Pattern::compile(source).unwrap_or_else(|error| panic!("{source}: {error} at {}", error.at))
}

fn matches(source: &str, text: &str) -> bool {
    pattern(source).is_match(text.chars())
}

/// Checks the texts that an expression matches, and those that it does not match.
#[track_caller]
fn check(source: &str, matching: &[&str], others: &[&str]) {
    for text in matching {
        assert!(matches(source, text), "{source} matches {text:?}");
    }
    for text in others {
        assert!(!matches(source, text), "{source} does not match {text:?}");
    }
}

#[track_caller]
fn refused(source: &str, kind: Kind, at: u32) {
    assert_eq!(Pattern::compile(source), Err(PatternError { kind, at }), "{source}");
}

#[test]
fn an_expression_is_not_anchored() {
    check("b", &["b", "abc"], &["", "ac"]);
    check("^b", &["b", "bc"], &["ab"]);
    check("b$", &["b", "ab"], &["bc", "b\n"]);
    check("^b$", &["b"], &["bb", "\nb", ""]);
    check("", &["", "a"], &[]);
}

#[test]
fn the_ends_of_the_text_can_be_anywhere_in_an_expression() {
    check("^a$|^null$", &["a", "null"], &["aa", "nulls"]);
    check("(^a)|(b$)", &["ax", "xb"], &["xa", "bx"]);
    check("a^b|b$a", &[], &["ab", "ba", "a", "b"]);
    check("^^a$$", &["a"], &["aa"]);
    check("^$", &[""], &["a"]);
    check("$^", &[""], &["a"]);
    check("(?:^|-)a(?:$|-)", &["a", "x-a", "-a-x"], &["xa", "ax"]);
    check("(?:^x)*y", &["y", "xy", "ay"], &["x"]);
    check("^|x", &["", "a"], &[]);
    check("$", &["", "a"], &[]);
}

#[test]
fn repetitions_are_counted() {
    check("^a{2}$", &["aa"], &["a", "aaa"]);
    check("^a{2,}$", &["aa", "aaaaaaaa"], &["a"]);
    check("^a{2,4}?$", &["aa", "aaaa"], &["a", "aaaaa"]);
    check("^a{0}b$", &["b"], &["ab"]);
    check("^(?:ab){2,3}c?$", &["abab", "abababc"], &["ab", "abababab"]);
    check("^(?:a*)*$", &["", "aaa"], &["b"]);
    check("^(?:a|b{2})+$", &["abb", "bba"], &["ab", ""]);
    check("^[0-9]{100}$", &[&"7".repeat(100)], &[&"7".repeat(99), &"7".repeat(101)]);
    check("^(?:x{60}y){3}$", &[&("x".repeat(60) + "y").repeat(3)], &[&"x".repeat(183)]);
}

#[test]
fn classes_and_escapes_are_those_of_the_flag_u() {
    check(r"^\d$", &["0", "9"], &["٣", "a"]);
    check(r"^\D$", &["٣", "a"], &["0"]);
    check(r"^\w$", &["a", "Z", "_", "0"], &["é", "-"]);
    check(r"^\W$", &["é", "-", "😀"], &["a"]);
    check(r"^\s$", &[" ", "\u{feff}", "\u{a0}", "\u{2028}", "\n", "\u{b}"], &["\u{180e}", "a"]);
    check(r"^\S$", &["a", "\u{200b}"], &[" ", "\u{3000}"]);
    check("^.$", &["a", "😀", "\u{85}"], &["\n", "\r", "\u{2028}", "\u{2029}", ""]);
    check(r"^[\w-]+$", &["a-b_1"], &["a b"]);
    check(r"^[^a-c\d]$", &["d", "é"], &["a", "5"]);
    check("^[]$", &[], &["", "a"]);
    check("^[^]$", &["\n", "😀"], &["", "ab"]);
    check(r"^[\b]$", &["\u{8}"], &["b"]);
    check(r"^[\-a]$", &["-", "a"], &["b"]);
    check(r"^[a\-c]$", &["-"], &["b"]);
    check("^[a-]$", &["a", "-"], &["b"]);
    check("^[-a]$", &["a", "-"], &["b"]);
    check("^[+--]$", &["+", ",", "-"], &["."]);
    check(r"^\x41\u0042\u{43}\t\cJ\0$", &["ABC\t\n\0"], &["ABC"]);
    check(r"^\ud83d\ude00$", &["😀"], &["\u{fffd}"]);
    check("^[😀-😂]$", &["😁"], &["😃"]);
    check("^😀+$", &["😀😀"], &["😁"]);
    check(r"^\^\$\\\.\*\+\?\(\)\[\]\{\}\|\/$", &["^$\\.*+?()[]{}|/"], &[]);
    check("^(?<year>[0-9]{4})-(?<month>[0-9]{2})$", &["2026-11"], &["26-11"]);
}

#[test]
fn unsupported_syntax_is_rejected_by_kind_and_location() {
    for source in ["a(?=b)", "a(?!b)", "a(?<=b)", "a(?<!b)"] {
        refused(source, Kind::LookAround, 1);
    }
    for source in [r"a\b", r"a\B"] {
        refused(source, Kind::WordBoundary, 1);
    }
    for source in [r"(a)\1", r"(a)\k<n>"] {
        refused(source, Kind::BackReference, 3);
    }
    for source in [r"ab\p{L}", r"ab\P{L}", r"a[\p{L}]"] {
        refused(source, Kind::UnicodeProperty, 2);
    }
    for source in ["(a", "x(a|b", "x[a", r"x[\", "a)"] {
        refused(source, Kind::Unbalanced, if source.starts_with('(') { 0 } else { 1 });
    }
    for source in ["a**", "a{2}{3}", "a{2,1}", "a{b}", "a{2", "a{,2}", "^*", "$+", "(*"] {
        let at = if matches!(source, "a**" | "a{2}{3}") { source.find(['*', '}']) } else { None };
        refused(source, Kind::InvalidQuantifier, at.map_or(1, |at| at as u32 + 1));
    }
    for source in [r"\-", r"\_", r"\a", r"\x4", r"\u{110000}", r"\u{}", r"\c1", r"\00", r"\"] {
        refused(source, Kind::InvalidEscape, 0);
    }
    for source in ["[b-a]", r"[\d-z]", r"[a-\d]"] {
        refused(source, Kind::InvalidRange, 1);
    }
    for source in ["a{1}}", "a]", "a(?i:b)", "a(?<1>b)", "a(?<n", "a(?<>b)"] {
        let at = if source == "a{1}}" { 4 } else { 1 };
        refused(source, Kind::InvalidSyntax, at);
    }
    refused("(?<n>a)(?<n>b)", Kind::GroupName, 7);
    let kinds = [
        Kind::LookAround,
        Kind::WordBoundary,
        Kind::BackReference,
        Kind::UnicodeProperty,
        Kind::TooComplex,
    ];
    assert!(kinds.into_iter().all(|kind| kind.to_string().contains(": ")));
}

#[test]
fn limits_are_enforced() {
    let long = |length: u32| "a".repeat(length as usize);
    assert!(Pattern::compile(&long(MAX_PATTERN)).is_ok());
    refused(&long(MAX_PATTERN + 1), Kind::TooLong, MAX_PATTERN);
    let deep = |depth: u32| "(".repeat(depth as usize) + &")".repeat(depth as usize);
    assert!(Pattern::compile(&deep(MAX_PATTERN_DEPTH)).is_ok());
    refused(&deep(MAX_PATTERN_DEPTH + 1), Kind::TooDeep, MAX_PATTERN_DEPTH);
    assert!(Pattern::compile(&format!("^.{{{MAX_POSITIONS}}}$")).is_ok());
    for source in [
        format!("^.{{{}}}$", MAX_POSITIONS + 1),
        "a{99999999999999999999}".into(),
        // Repetitions of empty parts end too.
        "(((){1000}){1000}){1000}".into(),
        "(((^|){1000}){1000}){1000}".into(),
        // More jumps than the steps of a character allow.
        (0..40).map(|_| "[a-z]?x*").collect::<String>() + "[0-9]{900}",
        // More letters than a byte can number.
        (0x4e00..0x4f00u32).filter_map(char::from_u32).collect(),
    ] {
        refused(&source, Kind::TooComplex, 0);
    }
}

#[test]
fn the_steps_are_bounded_and_reported() {
    assert_eq!(pattern("").steps(), 0);
    assert!((1..=MAX_STEPS).contains(&pattern("^a$").steps()));
    // A choice of many words takes as many steps as one of few.
    assert_eq!(pattern("^(?:ab|cd|ef|gh)$").steps(), pattern("^(?:ab|cd)$").steps());
    assert!(pattern("^a{1000}$").steps() > pattern("^a{10}$").steps());
}

#[test]
fn a_damaged_program_gives_a_verdict() {
    let program = pattern("^(?:[a-c]{2,70}é|x+)*$");
    let bytes = program.as_bytes();
    assert!(Pattern::from_bytes(bytes).is_match("abé".chars()));
    for length in 0..bytes.len() {
        let _ = Pattern::from_bytes(&bytes[..length]).is_match("abcé😀x".chars());
    }
    let mut rng = Rng::new(22);
    for _ in 0..20_000 {
        let mut damaged = bytes.to_vec();
        for _ in 0..=rng.below(3) {
            // In half of the cases, the header.
            let within = if rng.percent(50) { 140 } else { damaged.len() };
            let place = rng.below(within);
            damaged[place] = rng.next() as u8;
        }
        let damaged = Pattern::from_bytes(damaged);
        let _ = damaged.is_match("abcé😀x".chars());
        assert!(damaged.steps() <= MAX_STEPS);
    }
}

/// Returns a random expression and a text that it matches.
fn expression(rng: &mut Rng, depth: u32) -> (String, String) {
    const ATOMS: [(&str, &str); 20] = [
        ("a", "a"),
        ("b", "b"),
        ("-", "-"),
        (".", "é"),
        (r"\d", "7"),
        (r"\w", "_"),
        (r"\s", " "),
        (r"\S", "/"),
        (r"\D", "b"),
        (r"\W", "-"),
        ("[ab]", "b"),
        ("[^a]", "1"),
        (r"[\w-]", "-"),
        (r"[^\d ]", "😀"),
        ("é", "é"),
        ("[à-ü]", "é"),
        ("[😀-😂]", "😁"),
        (r"\u{1F600}", "😀"),
        (r"\x61", "a"),
        (r"\.", "."),
    ];
    let (mut source, mut text) = (String::new(), String::new());
    for _ in 0..=rng.below(3) {
        let (mut part, one) = if depth > 0 && rng.percent(30) {
            let (inner, one) = expression(rng, depth - 1);
            let (other, two) = expression(rng, 0);
            match rng.below(3) {
                0 => (format!("(?:{inner})"), one),
                1 => (format!("({inner}|{other})"), two),
                _ => (format!("({other}|{inner})"), one),
            }
        } else {
            let (atom, one) = *rng.pick(&ATOMS);
            (atom.into(), one.into())
        };
        let (sign, times) = match rng.below(18) {
            0 => ("*", rng.below(3)),
            1 => ("+", 1 + rng.below(3)),
            2 => ("?", rng.below(2)),
            3 => ("{2}", 2),
            4 => ("{1,3}", 1 + rng.below(3)),
            5 => ("{0,2}?", rng.below(3)),
            _ => ("", 1),
        };
        part.push_str(sign);
        source.push_str(&part);
        text.push_str(&one.repeat(times));
    }
    (source, text)
}

/// Returns the text with one character changed, removed or added.
fn edit(rng: &mut Rng, text: &str) -> String {
    let mut points: Vec<char> = text.chars().collect();
    let other = *rng.pick(&['a', 'b', '1', '-', ' ', 'é', '😀', '/', '_', 'ÿ', '\n']);
    let place = rng.below(points.len() + 1);
    match rng.below(3) {
        0 => points.insert(place, other),
        1 if place < points.len() => points[place] = other,
        _ if place < points.len() => drop(points.remove(place)),
        _ => points.push(other),
    }
    points.into_iter().collect()
}

#[test]
fn verdicts_equal_those_of_the_jsonschema_crate() {
    let seed = Rng::seed("DATA_SCHEMA_SEED", 262);
    let mut rng = Rng::new(seed);
    let (mut compared, mut valid) = (0u32, 0u32);
    for _ in 0..6_000 {
        let (mut source, text) = expression(&mut rng, 2);
        if rng.percent(85) {
            source = format!("^(?:{source})$");
        }
        let compiled = pattern(&source);
        let schema = serde_json::json!({ "pattern": source });
        let reference = jsonschema::draft202012::new(&schema).unwrap();
        for edits in [0, 0, 1, 1, 2, 3] {
            let text = (0..edits).fold(text.clone(), |text, _| edit(&mut rng, &text));
            let expected = reference.is_valid(&serde_json::Value::String(text.clone()));
            let got = compiled.is_match(text.chars());
            assert_eq!(got, expected, "seed {seed}: {source} and {text:?}");
            compared += 1;
            valid += u32::from(got);
        }
    }
    let percent = 100 * valid / compared;
    println!(
        "counted: {compared} texts compared with the jsonschema crate (seed {seed}), of which \
         {percent} % match"
    );
    assert!((30..=70).contains(&percent));
}
