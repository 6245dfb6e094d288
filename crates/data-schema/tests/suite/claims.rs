//! Claims about any input bytes. The fuzz targets try to refute them, and `corpus.rs` replays the
//! inputs that they kept.

use crate::oracle::{self, Json};
use codec::{Decode, Encode};
use data_schema::{
    json,
    pattern::{Pattern, PatternErrorKind, MAX_STEPS},
    Schema, ViolationKind, MAX_COST, MAX_PROGRAM, MAX_VALUE, MAX_VALUE_DEPTH,
};

/// Any bytes as the source of a schema give a verdict and never a panic. A schema that compiles
/// obeys the limits and can validate.
pub fn compile(source: &[u8]) {
    let built = Schema::build(source);
    match Schema::compile(source) {
        Ok(schema) => {
            assert_eq!(built.as_ref(), Ok(&schema));
            assert_eq!(Schema::refusals(source), []);
            assert!((1..=MAX_COST).contains(&schema.cost()));
            assert!(schema.program().len() <= MAX_PROGRAM as usize);
            assert_eq!(json::check(source, json::Limits::default()), Ok(()));
            // The source is JSON text too, so it can be a value.
            if let Ok(stats) = schema.check(source) {
                assert!(stats.live <= schema.cost() && stats.bytes as usize == source.len());
            }
        },
        Err(error) => {
            let refusal = built.unwrap_err();
            assert_eq!((refusal.kind, refusal.keyword), (error.kind, error.keyword));
            assert_eq!(refusal.offset, error.offset);
            let refusals = Schema::refusals(source);
            assert!(refusals.contains(&refusal), "{refusal} is not in {refusals:?}");
            assert!(refusals.is_sorted_by_key(|refused| refused.offset));
            assert!(error.offset as usize <= source.len());
            assert_eq!(error.pointer, json::pointer(source, error.offset));
            assert!(!error.to_string().is_empty());
        },
    }
}

/// The input is a schema, a zero byte and a value. The verdict is that of the oracle, `check` and
/// `validate` agree, and pointers lead to a value. If the schema does not compile, the value's
/// bytes are used as a damaged program, which may give any verdict but must not panic.
pub fn validate(input: &[u8]) {
    let zero = input.iter().position(|byte| *byte == 0).unwrap_or(input.len());
    let (source, value) = (&input[..zero], input.get(zero + 1..).unwrap_or_default());
    let Ok(schema) = Schema::build(source) else {
        if let Ok(schema) = Schema::decode(&mut &value.to_vec().encode()[..]) {
            let _ = schema.check(source);
            let _ = schema.cost();
        }
        return;
    };
    let verdict = schema.check(value);
    let (metered, same) = schema.metered(value);
    assert_eq!(same.map(|()| metered), verdict);
    assert!(metered.bytes as usize <= value.len() && metered.live <= schema.cost());
    let limits = json::Limits { bytes: MAX_VALUE, depth: MAX_VALUE_DEPTH, unique_keys: true };
    let well_formed = json::check(value, limits);
    match verdict {
        Ok(stats) => {
            assert_eq!(schema.validate(value), Ok(()));
            assert_eq!(well_formed, Ok(()));
            assert!(stats.live <= schema.cost() && stats.bytes as usize == value.len());
        },
        Err(violation) => {
            let error = schema.validate(value).unwrap_err();
            assert_eq!((error.kind, error.offset), (violation.kind, violation.offset));
            assert_ne!(error.kind, ViolationKind::InvalidProgram);
            assert!(error.offset as usize <= value.len());
        },
    }
    if well_formed.is_err() {
        return;
    }
    let (tree, instance) = (Json::parse(source).unwrap(), Json::parse(value).unwrap());
    assert_eq!(verdict.is_ok(), oracle::valid(&tree, &instance));
    if let Err(error) = schema.validate(value) {
        assert!(instance.at(&error.pointer).is_some(), "{error}");
    }
}

/// The input is a regular expression, a zero byte and a text. They give a verdict and never a
/// panic, within the reported steps, and the same verdict in other spellings. An input whose
/// expression does not compile is used as a damaged program.
pub fn pattern(input: &[u8]) {
    let zero = input.iter().position(|byte| *byte == 0).unwrap_or(input.len());
    let source = String::from_utf8_lossy(&input[..zero]);
    let text = String::from_utf8_lossy(input.get(zero + 1..).unwrap_or_default());
    let pattern = match Pattern::compile(&source) {
        Ok(pattern) => pattern,
        Err(error) => {
            assert!(error.at as usize <= source.chars().count());
            assert!(!error.to_string().is_empty());
            let damaged = Pattern::from_bytes(input);
            assert!(damaged.steps() <= MAX_STEPS);
            let _ = damaged.is_match(text.chars());
            return;
        },
    };
    assert!(pattern.steps() <= MAX_STEPS);
    let verdict = pattern.is_match(text.chars());
    let again = Pattern::from_bytes(pattern.as_bytes());
    assert_eq!(again.is_match(text.chars()), verdict);
    let spelled = |source: String| match Pattern::compile(&source) {
        Ok(pattern) => Some(pattern.is_match(text.chars())),
        Err(error) => {
            use PatternErrorKind::{GroupName, TooComplex, TooDeep, TooLong};
            // A group's name must not occur twice.
            let grown = [GroupName, TooComplex, TooDeep, TooLong];
            assert!(grown.contains(&error.kind), "{source}: {error}");
            None
        },
    };
    let same =
        [format!("(?:{source})"), format!("(?:{source}){{1}}"), format!("{source}|{source}")];
    for source in same {
        assert_eq!(spelled(source.clone()).unwrap_or(verdict), verdict, "{source} and {text:?}");
    }
    // An expression that matches the whole text also matches somewhere in it.
    if spelled(format!("^(?:{source})$")) == Some(true) {
        assert!(verdict, "{source} and {text:?}");
    }
}
