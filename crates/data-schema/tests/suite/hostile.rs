//! Hostile input must never cause a panic, a hang or a wrong acceptance.

use crate::{
    generate::{Generator, Numbers},
    rng::Rng,
    support::{fill, schema},
};
use codec::{Decode, Encode};
use data_schema::{
    json::{pointer, Limits},
    Schema, ViolationKind, MAX_COST, MAX_PROGRAM, MAX_SOURCE, MAX_VALUE, MAX_VALUE_DEPTH,
};
use num_bigint::BigInt;
use std::time::{Duration, Instant};

const SOURCE: &str = r#"{"type":"object","title":"\u00e4\ud83d\ude00","properties":{
    "a":{"type":["integer","null"],"minimum":-1.5e2,"exclusiveMaximum":100,"multipleOf":0.5},
    "b":{"enum":["x","größe",1,2.5,null,[1,{"k":2}],{"z":[]}]},
    "c":{"oneOf":[{"type":"string","minLength":1,"maxLength":3},{"prefixItems":[{"const":1}],"items":{"not":{"type":"number"}},"minItems":1,"maxItems":3}]},
    "d":{"anyOf":[{"required":["p","q"]},{"maxProperties":1,"minProperties":1}],"allOf":[true,{}]}},
    "required":["a"],"additionalProperties":false}"#;
const VALUE: &str =
    r#" {"a":12.0e0, "b":[1,{"k":2e0}],"c":[1,"\ud83d\ude00ß",null],"\u0064":{"p":[{}],"q":-0}} "#;

/// Returns a program of arbitrary bytes, which only a damaged state could contain.
fn raw(program: &[u8]) -> Option<Schema> {
    Schema::decode(&mut &program.to_vec().encode()[..]).ok()
}

#[test]
fn the_example_is_valid() {
    assert_eq!(schema(SOURCE).validate(VALUE.as_bytes()), Ok(()));
}

#[test]
fn every_prefix_is_rejected() {
    for end in 0..SOURCE.len() {
        assert!(Schema::compile(&SOURCE.as_bytes()[..end]).is_err(), "{end}");
    }
    let schema = schema(SOURCE);
    for end in 0..VALUE.len() - 1 {
        let error = schema.validate(&VALUE.as_bytes()[..end]).unwrap_err();
        assert!(error.offset as usize <= end, "{end}: {error:?}");
    }
}

fn damage(rng: &mut Rng, bytes: &mut Vec<u8>) {
    for _ in 0..1 + rng.below(3) {
        let index = rng.below(bytes.len().max(1));
        match rng.below(6) {
            0 if !bytes.is_empty() => drop(bytes.remove(index)),
            1 => bytes.insert(index.min(bytes.len()), rng.next() as u8),
            2 => bytes.truncate(index),
            3 if !bytes.is_empty() => bytes[index] ^= 1 << rng.below(8),
            4 if !bytes.is_empty() => {
                let other = rng.below(bytes.len());
                bytes.swap(index, other);
            },
            _ if !bytes.is_empty() => bytes[index] = *rng.pick(b"{}[]\",:\\u01e-.\x00\xff"),
            _ => {},
        }
    }
}

#[test]
fn damaged_sources_and_values_give_verdicts() {
    let mut rng = Rng::new(Rng::seed("DATA_SCHEMA_SEED", 3));
    let whole = schema(SOURCE);
    let mut compiled = 0;
    for _ in 0..60_000 {
        let mut source = SOURCE.as_bytes().to_vec();
        damage(&mut rng, &mut source);
        match Schema::compile(&source) {
            Ok(schema) => {
                compiled += 1;
                let _ = schema.validate(VALUE.as_bytes());
            },
            Err(error) => assert!(error.offset as usize <= source.len()),
        }
        let mut value = VALUE.as_bytes().to_vec();
        damage(&mut rng, &mut value);
        if let Err(error) = whole.validate(&value) {
            assert!(error.offset as usize <= value.len());
            assert_ne!(error.kind, ViolationKind::InvalidProgram);
        }
    }
    assert!(compiled > 1_000, "{compiled}");
}

#[test]
fn damaged_programs_give_verdicts() {
    let mut rng = Rng::new(Rng::seed("DATA_SCHEMA_SEED", 4));
    let program = schema(SOURCE).program().to_vec();
    for end in 0..program.len() {
        let schema = raw(&program[..end]).unwrap();
        let _ = schema.check(VALUE.as_bytes());
        assert!((1..=MAX_COST).contains(&schema.cost()));
    }
    let mut invalid = 0;
    for _ in 0..200_000 {
        let mut program = program.clone();
        damage(&mut rng, &mut program);
        if let Some(schema) = raw(&program) {
            if let Err(violation) = schema.check(VALUE.as_bytes()) {
                invalid += u32::from(violation.kind == ViolationKind::InvalidProgram);
            }
        }
    }
    assert!(invalid > 1_000, "{invalid}");
    for _ in 0..50_000 {
        let mut noise = vec![1, 1];
        noise.extend((0..rng.below(64)).map(|_| rng.below(40) as u8));
        let _ = raw(&noise).unwrap().check(VALUE.as_bytes());
    }
}

#[test]
fn a_program_that_refers_to_itself_is_stopped() {
    use ViolationKind::InvalidProgram;
    // The root applies itself to the same place, by `allOf` and by `not`.
    for counts in [[1, 0, 0, 0], [0, 0, 0, 1], [0, 1, 0, 0], [255, 255, 255, 255]] {
        let mut program = vec![2, 1, 0, 0, 12, 0, 0, 0, 255, 0, 0, 0, 255, 32, 18, 0, 0, 0];
        program.extend(counts);
        program.extend([12, 0, 0, 0].repeat(counts.iter().map(|n| *n as usize).sum()));
        assert_eq!(raw(&program).unwrap().check(b"[1]").unwrap_err().kind, InvalidProgram);
    }
    let program = vec![1, 1, 0, 0, 8, 0, 0, 0, 255, 0, 0, 0];
    assert_eq!(raw(&program).unwrap().check(b"1").unwrap_err().kind, InvalidProgram);
    assert_eq!(raw(&[]).unwrap().check(b"1").unwrap_err().kind, InvalidProgram);
    assert_eq!(
        raw(&[2, 1, 0, 0, 255, 255, 255, 255]).unwrap().check(b"1").unwrap_err().kind,
        InvalidProgram
    );
    assert!(raw(&vec![0; MAX_PROGRAM as usize + 1]).is_none());
}

#[test]
fn deep_and_long_texts_are_rejected() {
    let schema = schema("true");
    let check = |text: &[u8]| schema.check(text).map_err(|v| (v.kind, v.offset)).map(|_| ());
    let depth = MAX_VALUE_DEPTH as usize;
    assert_eq!(
        check(&vec![b'['; MAX_VALUE as usize]),
        Err((ViolationKind::TooDeep, MAX_VALUE_DEPTH))
    );
    let nest = |depth: usize| [vec![b'['; depth], vec![b']'; depth]].concat();
    assert_eq!(check(&nest(depth)), Ok(()));
    assert_eq!(check(&nest(depth + 1)), Err((ViolationKind::TooDeep, MAX_VALUE_DEPTH)));
    let objects = format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
    assert_eq!(check(objects.as_bytes()), Ok(()));
    let long = format!("\"{}\"", "x".repeat(MAX_VALUE as usize - 2));
    assert_eq!(check(long.as_bytes()), Ok(()));
    assert_eq!(check(format!("{long} ").as_bytes()), Err((ViolationKind::TooLong, MAX_VALUE)));
    assert_eq!(check(&vec![b'9'; MAX_VALUE as usize]), Err((ViolationKind::NumberOutOfBounds, 0)));
    assert_eq!(check(&vec![b'0'; MAX_VALUE as usize]), Err((ViolationKind::InvalidJson, 1)));
    assert_eq!(
        check(&vec![b' '; MAX_VALUE as usize]),
        Err((ViolationKind::InvalidJson, MAX_VALUE))
    );
    let zero = format!("0.{}", "0".repeat(MAX_VALUE as usize - 2));
    assert_eq!(check(zero.as_bytes()), Ok(()));
    assert_eq!(check(&[0xff; 100]), Err((ViolationKind::InvalidJson, 0)));
    assert!(Schema::compile(&vec![b'['; MAX_SOURCE as usize]).is_err());
    assert!(Schema::compile(&vec![b'{'; MAX_SOURCE as usize]).is_err());
    let nots = "{\"not\":".repeat(1_000);
    assert!(Schema::compile(nots.as_bytes()).is_err());
}

/// Checks the time. Superlinear time would exceed the limit by far more than the noise of a
/// machine.
fn quick(what: &str, run: impl Fn()) {
    let best = (0..5)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .min();
    println!("{what}: {:?}", best.unwrap_or_default());
    assert!(best < Some(Duration::from_millis(1_000)), "{what}: {best:?}");
}

#[test]
fn no_input_takes_long() {
    let most = MAX_VALUE as usize - 2;
    // The value must be valid, or the measurement would end at the first violation.
    let run = |what: &str, source: &str, value: &str| {
        let schema = schema(source);
        let stats = schema.check(value.as_bytes()).unwrap();
        quick(&format!("{what}, {} units", stats.work()), || {
            let _ = std::hint::black_box(schema.check(value.as_bytes()));
        });
    };
    // As many branches as the cost allows, all of which are tried at every place.
    let anyway = |branch: &str| format!("\"anyOf\":[{}true]", format!("{{{branch}}},").repeat(30));
    let everywhere = |keywords: &str| format!("{{\"items\":{{{}}}}}", anyway(keywords));
    let divisor = |divisor: &str| everywhere(&format!("\"multipleOf\":{divisor}"));
    let list = |item: &str| fill(|_| item.into(), most, '[', ']');
    let long = "7".repeat(128);
    run("long divisors", &divisor(&format!("{}1", "3".repeat(127))), &list(&long));
    run("middle divisors", &divisor(&format!("{}1", "3".repeat(63))), &list(&long));
    run("short numbers", &divisor(&format!("{}1e-300", "3".repeat(127))), &list("7"));
    let fives = BigInt::from(5).pow(183).to_string();
    run("powers of 5", &divisor(&fives), &list(&fives));
    let twos = BigInt::from(2).pow(425).to_string();
    run("powers of 2", &divisor(&twos), &list(&twos));
    run("long bounds", &everywhere(&format!("\"maximum\":{long}")), &list(&long));
    let names = fill(|n| format!("\"{n}\":0"), most, '{', '}');
    run("many keys", "true", &names);
    let words = |count: usize| -> String {
        (0..count).map(|n| format!("\"{n}\"")).collect::<Vec<_>>().join(",")
    };
    run("many keys, many names", &format!("{{\"required\":[{}]}}", words(700)), &names);
    let some = format!("{{{}}}", anyway(&format!("\"required\":[{}]", words(30))));
    run("many keys, some names in each branch", &some, &names);
    let strings = fill(|n| format!("\"\\u0031{n}\""), most, '[', ']');
    run("many words", &everywhere(&format!("\"enum\":[{}]", words(40))), &strings);
    run("nested", &everywhere("\"items\":{\"items\":{}}"), &list("[[[[[[]]]]]]"));
    run("tokens", &everywhere("\"minimum\":0,\"maximum\":9,\"enum\":[0,1,2]"), &list("0"));
    let wide =
        fill(|n| format!("\"p{n}\":{{\"enum\":[1,2],\"multipleOf\":1e-300}}"), 7_000, '{', '}');
    quick("compiling properties", || {
        let _ =
            std::hint::black_box(Schema::build(format!("{{\"properties\":{wide}}}").as_bytes()));
    });
    let hard =
        fill(|n| format!("{{\"multipleOf\":1{}e-{n}}}", "0123456789".repeat(12)), 8_000, '[', ']');
    quick("compiling divisors", || {
        let _ =
            std::hint::black_box(Schema::build(format!("{{\"prefixItems\":{hard}}}").as_bytes()));
    });
}

#[test]
fn pointers_of_any_offset_are_found_in_any_text() {
    let mut generator =
        Generator { rng: Rng::new(5), numbers: Numbers::Wide, root: crate::oracle::Json::Null };
    for _ in 0..300 {
        let value = generator.value(4);
        let mut text = String::new();
        generator.write(&value, &mut text);
        let mut bytes = text.into_bytes();
        for offset in 0..bytes.len() as u32 + 2 {
            assert!(value.at(&pointer(&bytes, offset)).is_some());
        }
        damage(&mut generator.rng, &mut bytes);
        for offset in 0..bytes.len() as u32 + 2 {
            let _ = pointer(&bytes, offset);
        }
        let _ = data_schema::json::check(&bytes, Limits::default());
    }
}
