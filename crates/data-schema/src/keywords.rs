//! The keywords of JSON Schema, from draft 3 to 2020-12.

use crate::json::Text;

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
    Annotation,
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

/// The keywords of the drafts that change a verdict and are not in the subset. Left out are those
/// that only annotate: `title`, `description`, `default`, `examples`, `$comment`, `$id`, `id`,
/// `$schema`, `format`, `deprecated`, `readOnly`, `writeOnly`, and the `content...` keywords.
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
    let Some(name) = name.copy_to(&mut buffer) else { return KeywordClass::Annotation };
    if let Some((name, known, _)) = KNOWN.iter().find(|(known, ..)| known.as_bytes() == name) {
        return KeywordClass::Known(*known, name);
    }
    match REFUSED.iter().find(|refused| refused.as_bytes() == name) {
        Some(name) => KeywordClass::Refused(name),
        None => KeywordClass::Annotation,
    }
}

/// Returns the value that a keyword of the subset takes, in words.
pub(crate) fn expected_value(name: &str) -> Option<&'static str> {
    KNOWN.iter().find(|(known, ..)| *known == name).map(|(.., takes)| *takes)
}

/// Returns whether a member of a schema object with this name means nothing to validation.
pub fn is_annotation(name: &Text<'_>) -> bool {
    matches!(classify(name), KeywordClass::Annotation)
}
