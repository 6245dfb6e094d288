//! The keywords of JSON Schema, from draft 3 to 2020-12.

use crate::json::Text;
use alloc::vec::Vec;

/// A keyword of the subset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keyword {
    Type,
    Enum,
    Const,
    Properties,
    Required,
    AdditionalProperties,
    MinProperties,
    MaxProperties,
    Items,
    PrefixItems,
    MinItems,
    MaxItems,
    MinLength,
    MaxLength,
    Minimum,
    Maximum,
    ExclusiveMinimum,
    ExclusiveMaximum,
    MultipleOf,
    AllOf,
    AnyOf,
    OneOf,
    Not,
}

/// What a member's name of a schema object is.
pub(crate) enum KeywordClass {
    Known(Keyword, &'static str),
    Refused(&'static str),
    /// A keyword of a draft that only annotates, or an extension: its name begins with `x-` or has
    /// a prefix before a colon, which no keyword has.
    Annotation,
    /// No draft knows it.
    Unknown,
}

/// The keywords of the subset, each with the value that it takes, in words.
const KNOWN: [(&str, Keyword, &str); 23] = [
    ("type", Keyword::Type, "a type's name or an array of different ones"),
    ("enum", Keyword::Enum, "an array of values"),
    ("const", Keyword::Const, "any value"),
    ("properties", Keyword::Properties, "an object of schemas"),
    ("required", Keyword::Required, "an array of different names in quotes"),
    ("additionalProperties", Keyword::AdditionalProperties, "a schema"),
    ("minProperties", Keyword::MinProperties, "a whole number, 0 or more"),
    ("maxProperties", Keyword::MaxProperties, "a whole number, 0 or more"),
    ("items", Keyword::Items, "a schema; for an array of schemas, use prefixItems"),
    ("prefixItems", Keyword::PrefixItems, "an array of at least one schema"),
    ("minItems", Keyword::MinItems, "a whole number, 0 or more"),
    ("maxItems", Keyword::MaxItems, "a whole number, 0 or more"),
    ("minLength", Keyword::MinLength, "a whole number, 0 or more"),
    ("maxLength", Keyword::MaxLength, "a whole number, 0 or more"),
    ("minimum", Keyword::Minimum, "a number without quotes"),
    ("maximum", Keyword::Maximum, "a number without quotes"),
    ("exclusiveMinimum", Keyword::ExclusiveMinimum, "a number without quotes, not true or false"),
    ("exclusiveMaximum", Keyword::ExclusiveMaximum, "a number without quotes, not true or false"),
    ("multipleOf", Keyword::MultipleOf, "a number above 0"),
    ("allOf", Keyword::AllOf, "an array of at least one schema"),
    ("anyOf", Keyword::AnyOf, "an array of at least one schema"),
    ("oneOf", Keyword::OneOf, "an array of at least one schema"),
    ("not", Keyword::Not, "a schema"),
];

/// The keywords of the drafts that only annotate.
const ANNOTATIONS: [&str; 15] = [
    "$comment",
    "$id",
    "$schema",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "default",
    "deprecated",
    "description",
    "examples",
    "format",
    "id",
    "readOnly",
    "title",
    "writeOnly",
];

/// The keywords of the drafts that change a verdict and are not in the subset.
const REFUSED: [&str; 28] = [
    "$anchor",
    "$defs",
    "$dynamicAnchor",
    "$dynamicRef",
    "$recursiveAnchor",
    "$recursiveRef",
    "$ref",
    "$vocabulary",
    "additionalItems",
    "contains",
    "definitions",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "disallow",
    "divisibleBy",
    "else",
    "extends",
    "if",
    "maxContains",
    "minContains",
    "pattern",
    "patternProperties",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
    "uniqueItems",
];

/// Longer than every keyword.
const LONGEST: usize = 24;

/// What `name` is; an escaped spelling of a keyword is that keyword.
pub(crate) fn classify(name: &Text<'_>) -> KeywordClass {
    let mut buffer = [0u8; LONGEST];
    // Keywords are not longer, and none is empty.
    let short = name.copy_to(&mut buffer).unwrap_or_default();
    if let Some((name, known, _)) = KNOWN.iter().find(|(known, ..)| known.as_bytes() == short) {
        return KeywordClass::Known(*known, name);
    }
    if let Some(name) = REFUSED.iter().find(|refused| refused.as_bytes() == short) {
        return KeywordClass::Refused(name);
    }
    let annotates = ANNOTATIONS.iter().any(|annotation| annotation.as_bytes() == short);
    match annotates || is_extension(name) {
        true => KeywordClass::Annotation,
        false => KeywordClass::Unknown,
    }
}

/// Returns whether a name says itself that no draft knows it.
fn is_extension(name: &Text<'_>) -> bool {
    name.bytes().take(2).eq(*b"x-") || name.bytes().any(|byte| byte == b':')
}

/// Returns the keyword of a draft that is written most like `name`.
pub(crate) fn most_similar_keyword(name: &Text<'_>) -> Option<&'static str> {
    let known = KNOWN.iter().map(|(known, ..)| *known);
    most_similar(name, known.chain(REFUSED).chain(ANNOTATIONS))
}

/// Returns the one of `known` that is written most like `name`, if it differs by at most two
/// insertions, deletions or replacements of a byte, and these are less than half of the name.
pub fn most_similar<'a>(
    name: &Text<'_>,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let mut buffer = [0u8; LONGEST];
    let name = name.copy_to(&mut buffer)?;
    let distances = known.into_iter().map(|known| (distance(name, known.as_bytes()), known));
    let (changes, known) = distances.min_by_key(|(changes, _)| *changes)?;
    (changes <= 2 && changes.saturating_mul(2) < name.len()).then_some(known)
}

/// Returns the Levenshtein distance of two names of at most [`LONGEST`] bytes.
fn distance(from: &[u8], to: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, byte) in from.iter().enumerate() {
        let mut diagonal = index;
        let mut left = index.saturating_add(1);
        for (cell, other) in row.iter_mut().skip(1).zip(to) {
            let replaced = diagonal.saturating_add(usize::from(byte != other));
            diagonal = *cell;
            left = replaced.min(cell.saturating_add(1)).min(left.saturating_add(1));
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = index.saturating_add(1);
        }
    }
    row.last().copied().unwrap_or_default()
}

/// Returns the value that a keyword of the subset takes, in words.
pub(crate) fn expected_value(name: &str) -> Option<&'static str> {
    KNOWN.iter().find(|(known, ..)| *known == name).map(|(.., takes)| *takes)
}

/// Returns whether a member of a schema object with this name means nothing to validation.
pub fn is_annotation(name: &Text<'_>) -> bool {
    matches!(classify(name), KeywordClass::Annotation | KeywordClass::Unknown)
}
