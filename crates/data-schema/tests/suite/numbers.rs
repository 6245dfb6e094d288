//! Exact decimals, compared with big integers.

use crate::{
    oracle::{self, Json},
    rng::Rng,
    support::schema,
};
use data_schema::json::{Limits, Reader};
use num_bigint::BigInt;

fn digits(rng: &mut Rng, most: usize) -> String {
    let length = 1 + rng.below(most);
    let mut digits = String::new();
    for index in 0..length {
        digits.push(char::from(b'0' + rng.range(i64::from(index == 0), 9) as u8));
    }
    digits
}

fn matches(source: &str, value: &str) -> bool {
    schema(source).check(value.as_bytes()).is_ok()
}

fn expected(source: &str, value: &str) -> bool {
    let (source, value) = (Json::parse(source.as_bytes()), Json::parse(value.as_bytes()));
    oracle::valid(&source.unwrap(), &value.unwrap())
}

#[test]
fn multiples_of_any_divisor_are_recognised() {
    let mut rng = Rng::new(1);
    let mut multiples = 0;
    for round in 0..6_000 {
        // Powers of 2 and 5 in the divisor are the difficult part.
        let mut divisor: BigInt =
            digits(&mut rng, if round % 2 == 0 { 5 } else { 60 }).parse().unwrap();
        divisor *=
            BigInt::from(2).pow(rng.below(60) as u32) * BigInt::from(5).pow(rng.below(20) as u32);
        let mut factor: BigInt = digits(&mut rng, 25).parse().unwrap();
        if rng.percent(30) {
            factor = BigInt::from(1);
        }
        let mut value = &divisor * &factor;
        match rng.below(4) {
            0 => value += 1,
            1 => value /= BigInt::from(10).pow(rng.below(30) as u32),
            _ => {},
        }
        if value.to_string().trim_end_matches('0').len() > 128 {
            continue;
        }
        let (p, q) = (rng.range(-150, 150), rng.range(-150, 150));
        let p = if rng.percent(70) { q + rng.range(-3, 30) } else { p };
        let sign = if rng.percent(20) { "-" } else { "" };
        let (source, value) =
            (format!("{{\"multipleOf\":{divisor}e{q}}}"), format!("{sign}{value}e{p}"));
        let is_multiple = matches(&source, &value);
        assert_eq!(is_multiple, expected(&source, &value), "{value} of {source}");
        multiples += usize::from(is_multiple);
    }
    assert!((1_500..4_500).contains(&multiples), "{multiples}");
}

#[test]
fn bounds_compare_any_numbers() {
    let mut rng = Rng::new(2);
    let mut holds = 0;
    for _ in 0..6_000 {
        let a = format!("{}{}.{}", ["", "-"][rng.below(2)], rng.range(0, 99), digits(&mut rng, 50));
        let (a, p) = (a, rng.range(-20, 20));
        // The same number, shifted and slightly changed.
        let b = match rng.below(3) {
            0 => format!("{a}0e{p}"),
            1 => format!("{a}1e{p}"),
            _ => format!("{}e{}", rng.range(-999, 999), p - rng.range(0, 3)),
        };
        for name in ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "const"] {
            let (source, value) = (format!("{{\"{name}\":{b}}}"), format!("{a}e{p}"));
            let verdict = matches(&source, &value);
            assert_eq!(verdict, expected(&source, &value), "{value} with {source}");
            holds += usize::from(verdict);
        }
    }
    assert!((8_000..22_000).contains(&holds), "{holds}");
}

#[test]
fn numbers_report_their_values() {
    let number =
        |text: &'static str| Reader::new(text.as_bytes(), Limits::default()).unwrap().number();
    for (text, whole) in [
        ("0", Some(0)),
        ("-0", Some(0)),
        ("1e2", Some(100)),
        ("4294967295", Some(u32::MAX)),
        ("4294967295.0", Some(u32::MAX)),
        ("4294967296", None),
        ("-1", None),
        ("1.5", None),
        ("15e-1", None),
        ("1e10", None),
        ("4.2e9", Some(4_200_000_000)),
        ("1e400", None),
    ] {
        assert_eq!(number(text).unwrap().to_u32(), whole, "{text}");
    }
    assert!(number("1e400").unwrap().is_integer() && !number("1e-400").unwrap().is_integer());
    let (a, b) = (number("-1.50").unwrap().decimal(), number("-15e-1").unwrap().decimal());
    assert!(a == b && a.is_negative() && !a.is_zero() && a < number("0").unwrap().decimal());
    assert_eq!(format!("{a:?} {:?}", number("0.0").unwrap()), "-15e-1 0e0");
}
