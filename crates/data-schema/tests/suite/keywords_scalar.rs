//! Numbers and strings (JSON Schema 2020-12, Validation, sections 6.2 and 6.3).

use crate::support::{accepts, rejects};
use data_schema::ViolationKind;

const OTHERS: [&str; 5] = ["null", "true", "[1]", "{}", "\"a text of some length\""];

#[test]
fn minimum_includes_its_number() {
    let source = r#"{"minimum":1.1}"#;
    accepts(source, &["1.1", "1.10", "11e-1", "1.11", "2", "1e512"]);
    rejects(
        source,
        ViolationKind::MinimumMismatch,
        &["1.09", "0", "-1.1", "-1e512", "1.0999999999999999999999"],
    );
    accepts(source, &OTHERS);
    accepts(r#"{"minimum":-2}"#, &["-2", "-2.0", "-1.99", "0", "-0"]);
    rejects(r#"{"minimum":-2}"#, ViolationKind::MinimumMismatch, &["-2.0000001", "-3"]);
    accepts(r#"{"minimum":0}"#, &["0", "-0", "-0.0e3"]);
}

#[test]
fn maximum_includes_its_number() {
    let source = r#"{"maximum":3.0}"#;
    accepts(source, &["3", "3.0", "2.6", "-4", "1e-512", "-1e512"]);
    rejects(
        source,
        ViolationKind::MaximumMismatch,
        &["3.5", "3.00000000000000000000000000000000001", "1e9"],
    );
    accepts(source, &OTHERS);
}

#[test]
fn exclusive_bounds_exclude_their_number() {
    accepts(r#"{"exclusiveMinimum":1.1}"#, &["1.2", "1.1000000000000000000000000001"]);
    rejects(
        r#"{"exclusiveMinimum":1.1}"#,
        ViolationKind::ExclusiveMinimumMismatch,
        &["1.1", "1.10e0", "0.6"],
    );
    accepts(r#"{"exclusiveMaximum":3.0}"#, &["2.2", "2.9999999999999999999999999999", "-9"]);
    rejects(
        r#"{"exclusiveMaximum":3.0}"#,
        ViolationKind::ExclusiveMaximumMismatch,
        &["3", "3.0", "3.5", "300"],
    );
    accepts(r#"{"exclusiveMinimum":1,"exclusiveMaximum":0}"#, &OTHERS);
}

#[test]
fn forty_digits_compare_exactly() {
    let source = r#"{"minimum":1234567890123456789012345678901234567890,
        "exclusiveMaximum":1234567890123456789012345678901234567892}"#;
    accepts(source, &["1234567890123456789012345678901234567890"]);
    accepts(source, &["1234567890123456789012345678901234567891.99999"]);
    rejects(source, ViolationKind::MinimumMismatch, &["1234567890123456789012345678901234567889"]);
    rejects(
        source,
        ViolationKind::ExclusiveMaximumMismatch,
        &["1234567890123456789012345678901234567892"],
    );
    rejects(
        source,
        ViolationKind::ExclusiveMaximumMismatch,
        &["1.234567890123456789012345678901234567892e39"],
    );
}

#[test]
fn multiple_of_is_exact() {
    accepts(r#"{"multipleOf":2}"#, &["10", "0", "-4", "1e30", "2.0"]);
    rejects(
        r#"{"multipleOf":2}"#,
        ViolationKind::MultipleOfMismatch,
        &["7", "1", "2.5", "-3", "1e-1"],
    );
    accepts(r#"{"multipleOf":1.5}"#, &["0", "4.5", "-1.50", "15e-1", "3"]);
    rejects(r#"{"multipleOf":1.5}"#, ViolationKind::MultipleOfMismatch, &["35", "1", "0.5"]);
    accepts(r#"{"multipleOf":0.0001}"#, &["0.0075", "1", "1e300"]);
    rejects(r#"{"multipleOf":0.0001}"#, ViolationKind::MultipleOfMismatch, &["0.00751", "1e-5"]);
    accepts(r#"{"multipleOf":0.1}"#, &["0.3", "0.7", "1.1", "19.9", "1e16"]);
    accepts(r#"{"multipleOf":0.01}"#, &["4.35", "1.15", "0.07"]);
    accepts(r#"{"multipleOf":0.123456789}"#, &["0.123456789", "-0.370370367", "123456789e500"]);
    rejects(
        r#"{"multipleOf":0.123456789}"#,
        ViolationKind::MultipleOfMismatch,
        &["1e308", "1e500"],
    );
    accepts(r#"{"multipleOf":1e-8}"#, &["12391239123", "0.00000001"]);
    accepts(r#"{"multipleOf":2}"#, &OTHERS);
    accepts(r#"{"multipleOf":7e512}"#, &["0", "7e512", "-7e512", "-0.0"]);
    rejects(
        r#"{"multipleOf":7e512}"#,
        ViolationKind::MultipleOfMismatch,
        &["7e511", "8e512", "1e-512"],
    );
    rejects(
        r#"{"multipleOf":3e-400}"#,
        ViolationKind::MultipleOfMismatch,
        &["1e400", "1e-400", "1e-401"],
    );
    accepts(r#"{"multipleOf":3e-400}"#, &["3e400", "111e400", "9e-400", "4.2e-399"]);
}

#[test]
fn lengths_count_code_points() {
    let source = r#"{"minLength":2,"maxLength":3}"#;
    accepts(
        source,
        &["\"ab\"", "\"abc\"", "\"éü\"", "\"😀😀\"", "\"\\uD83D\\uDE00a\"", "\"\\n\\n\""],
    );
    accepts(source, &["\"e\\u0301\"", "\"\\u0000\\u0000\\u0000\""]);
    rejects(
        source,
        ViolationKind::MinLengthMismatch,
        &["\"\"", "\"a\"", "\"😀\"", "\"\\uD83D\\uDE00\""],
    );
    rejects(
        source,
        ViolationKind::MaxLengthMismatch,
        &["\"abcd\"", "\"😀😀😀😀\"", "\"\\\\\\\\\\\\\\\\\""],
    );
    accepts(source, &["1", "null", "[]", "{}", "12345"]);
    accepts(r#"{"maxLength":0}"#, &["\"\""]);
    accepts(r#"{"minLength":1.0,"maxLength":2e0}"#, &["\"a\""]);
    accepts(r#"{"maxLength":1e300}"#, &["\"a\""]);
    rejects(r#"{"minLength":1e300}"#, ViolationKind::MinLengthMismatch, &["\"a\""]);
    rejects(
        r#"{"maxLength":200}"#,
        ViolationKind::MaxLengthMismatch,
        &[&format!("\"{}\"", "ö".repeat(201))],
    );
    accepts(r#"{"maxLength":200}"#, &[&format!("\"{}\"", "ö".repeat(200))]);
}

#[test]
fn numbers_beyond_the_bounds_are_rejected() {
    let digits = "7".repeat(128);
    accepts("true", &[&digits, "1e512", "9.9e512", "-1e-512", "0e999999999999", "0.0e-9999"]);
    accepts(
        "true",
        &[&format!("0.{}1e600", "0".repeat(599)), &format!("1{}e-700", "0".repeat(700))],
    );
    accepts("true", &["1e0000000000000000000000000000000000000000002"]);
    let long = format!("{digits}7");
    rejects(
        "true",
        ViolationKind::NumberOutOfBounds,
        &[&long, "1e513", "0.1e514", "10e512", "1e-513"],
    );
    rejects(
        "true",
        ViolationKind::NumberOutOfBounds,
        &["0.1e-512", "1e99999999999999999999", "-1e-9999"],
    );
    accepts("true", &[&format!("{digits}000"), &format!("0.000{digits}")]);
}
