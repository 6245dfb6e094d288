//! The keywords of JSON Schema, from draft 3 to 2020-12.

use crate::json::Text;

/// A keyword of the subset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
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
pub(super) enum Class {
    Known(Known, &'static str),
    Refused(&'static str),
    Annotation,
}

/// Each keyword of the subset, and what it takes, in words.
const KNOWN: [(&str, Known, &str); 23] = [
    ("type", Known::Type, "a type's name or an array of different ones"),
    ("enum", Known::Enum, "an array of values"),
    ("const", Known::Const, "any value"),
    ("properties", Known::Properties, "an object of schemas"),
    ("required", Known::Required, "an array of different names in quotes"),
    ("additionalProperties", Known::AdditionalProperties, "a schema"),
    ("minProperties", Known::MinProperties, "a whole number, 0 or more"),
    ("maxProperties", Known::MaxProperties, "a whole number, 0 or more"),
    ("items", Known::Items, "a schema; for an array of schemas, use prefixItems"),
    ("prefixItems", Known::PrefixItems, "an array of at least one schema"),
    ("minItems", Known::MinItems, "a whole number, 0 or more"),
    ("maxItems", Known::MaxItems, "a whole number, 0 or more"),
    ("minLength", Known::MinLength, "a whole number, 0 or more"),
    ("maxLength", Known::MaxLength, "a whole number, 0 or more"),
    ("minimum", Known::Minimum, "a number without quotes"),
    ("maximum", Known::Maximum, "a number without quotes"),
    ("exclusiveMinimum", Known::ExclusiveMinimum, "a number without quotes, not true or false"),
    ("exclusiveMaximum", Known::ExclusiveMaximum, "a number without quotes, not true or false"),
    ("multipleOf", Known::MultipleOf, "a number above 0"),
    ("allOf", Known::AllOf, "an array of at least one schema"),
    ("anyOf", Known::AnyOf, "an array of at least one schema"),
    ("oneOf", Known::OneOf, "an array of at least one schema"),
    ("not", Known::Not, "a schema"),
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
pub(super) fn classify(name: &Text<'_>) -> Class {
    let mut buffer = [0u8; LONGEST];
    let Some(name) = name.copy_to(&mut buffer) else { return Class::Annotation };
    if let Some((name, known, _)) = KNOWN.iter().find(|(known, ..)| known.as_bytes() == name) {
        return Class::Known(*known, name);
    }
    match REFUSED.iter().find(|refused| refused.as_bytes() == name) {
        Some(name) => Class::Refused(name),
        None => Class::Annotation,
    }
}

/// What a keyword of the subset takes, in words.
pub(crate) fn takes(name: &str) -> Option<&'static str> {
    KNOWN.iter().find(|(known, ..)| *known == name).map(|(.., takes)| *takes)
}
