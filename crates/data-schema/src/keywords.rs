//! The keywords of JSON Schema, from draft 3 to 2020-12.

use crate::{dialect::Dialect, json::Text};
use alloc::vec::Vec;

/// A keyword that is compiled.
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
    AdditionalItems,
    PrefixItems,
    MinItems,
    MaxItems,
    UniqueItems,
    MinLength,
    MaxLength,
    Pattern,
    Minimum,
    Maximum,
    ExclusiveMinimum,
    ExclusiveMaximum,
    MultipleOf,
    AllOf,
    AnyOf,
    OneOf,
    Not,
    If,
    Then,
    Else,
    Contains,
    MinContains,
    MaxContains,
    PatternProperties,
    PropertyNames,
    DependentRequired,
    DependentSchemas,
    Dependencies,
    Reference,
    Anchor,
    Definitions,
    Dialect,
}

impl Keyword {
    /// Returns `true` if the keyword itself checks values.
    pub fn is_checked(self) -> bool {
        !matches!(self, Self::Anchor | Self::Definitions | Self::Dialect)
    }
}

/// The class of a member's name in a schema object.
pub(crate) enum KeywordClass {
    Known(Keyword, &'static str),
    Refused(&'static str),
    /// A keyword of the draft that only annotates, or an extension: its name begins with `x-` or
    /// contains a colon, which no keyword does.
    Annotation,
    /// Only a later draft knows it, so it has no effect.
    Later,
    /// No draft knows it.
    Unknown,
}

/// The meaning of a keyword in the drafts that have it.
#[derive(Clone, Copy)]
enum Meaning {
    /// It is compiled. The string describes the values that it takes.
    Compiled(Keyword, &'static str),
    Annotates,
    /// It would change verdicts and is not supported. The string says what to do instead.
    Refused(&'static str),
}

use Dialect::{Draft2019, Draft2020, Draft3, Draft4, Draft6, Draft7};
use Meaning::{Annotates, Compiled, Refused};

const SCHEMA: &str = "a schema";
const SCHEMAS: &str = "an array of at least one schema";
const COUNT: &str = "a whole number, 0 or more";
const NUMBER: &str = "a number without quotes";
const EXCLUSIVE: &str =
    "a number without quotes, not true or false; in draft 4 true or false, beside the bound";

const REMOVE: &str = "remove it";
const ANCHOR: &str = "use `$anchor`";
const REFERENCE: &str = "use `$ref`, with `#` for the whole schema";
const ITEMS: &str = "use `items` beside `prefixItems`";
const ADDITIONAL: &str = "use `additionalProperties`, beside all `properties`";

/// Every keyword with the first and the last draft that has it, and its meaning there.
const KEYWORDS: [(&str, Dialect, Dialect, Meaning); 66] = [
    ("type", Draft3, Draft2020, {
        Compiled(Keyword::Type, "a type's name or an array of different ones")
    }),
    ("enum", Draft3, Draft2020, Compiled(Keyword::Enum, "an array of values")),
    ("const", Draft6, Draft2020, Compiled(Keyword::Const, "any value")),
    ("properties", Draft3, Draft2020, Compiled(Keyword::Properties, "an object of schemas")),
    ("required", Draft3, Draft2020, {
        Compiled(Keyword::Required, "an array of different names in quotes")
    }),
    ("additionalProperties", Draft3, Draft2020, Compiled(Keyword::AdditionalProperties, SCHEMA)),
    ("minProperties", Draft4, Draft2020, Compiled(Keyword::MinProperties, COUNT)),
    ("maxProperties", Draft4, Draft2020, Compiled(Keyword::MaxProperties, COUNT)),
    ("items", Draft3, Draft2020, {
        Compiled(Keyword::Items, "a schema; for an array of schemas, use prefixItems")
    }),
    ("additionalItems", Draft3, Draft2019, Compiled(Keyword::AdditionalItems, SCHEMA)),
    ("prefixItems", Draft2020, Draft2020, Compiled(Keyword::PrefixItems, SCHEMAS)),
    ("minItems", Draft3, Draft2020, Compiled(Keyword::MinItems, COUNT)),
    ("maxItems", Draft3, Draft2020, Compiled(Keyword::MaxItems, COUNT)),
    ("uniqueItems", Draft3, Draft2020, Compiled(Keyword::UniqueItems, "true or false")),
    ("minLength", Draft3, Draft2020, Compiled(Keyword::MinLength, COUNT)),
    ("maxLength", Draft3, Draft2020, Compiled(Keyword::MaxLength, COUNT)),
    ("pattern", Draft3, Draft2020, {
        Compiled(Keyword::Pattern, "a regular expression of ECMA-262 in quotes")
    }),
    ("minimum", Draft3, Draft2020, Compiled(Keyword::Minimum, NUMBER)),
    ("maximum", Draft3, Draft2020, Compiled(Keyword::Maximum, NUMBER)),
    ("exclusiveMinimum", Draft3, Draft2020, Compiled(Keyword::ExclusiveMinimum, EXCLUSIVE)),
    ("exclusiveMaximum", Draft3, Draft2020, Compiled(Keyword::ExclusiveMaximum, EXCLUSIVE)),
    ("multipleOf", Draft4, Draft2020, Compiled(Keyword::MultipleOf, "a number above 0")),
    ("allOf", Draft4, Draft2020, Compiled(Keyword::AllOf, SCHEMAS)),
    ("anyOf", Draft4, Draft2020, Compiled(Keyword::AnyOf, SCHEMAS)),
    ("oneOf", Draft4, Draft2020, Compiled(Keyword::OneOf, SCHEMAS)),
    ("not", Draft4, Draft2020, Compiled(Keyword::Not, SCHEMA)),
    ("if", Draft7, Draft2020, Compiled(Keyword::If, SCHEMA)),
    ("then", Draft7, Draft2020, Compiled(Keyword::Then, SCHEMA)),
    ("else", Draft7, Draft2020, Compiled(Keyword::Else, SCHEMA)),
    ("contains", Draft6, Draft2020, Compiled(Keyword::Contains, SCHEMA)),
    ("minContains", Draft2019, Draft2020, Compiled(Keyword::MinContains, COUNT)),
    ("maxContains", Draft2019, Draft2020, Compiled(Keyword::MaxContains, COUNT)),
    ("patternProperties", Draft3, Draft2020, {
        Compiled(Keyword::PatternProperties, "an object of schemas, named by regular expressions")
    }),
    ("propertyNames", Draft6, Draft2020, Compiled(Keyword::PropertyNames, SCHEMA)),
    ("dependentRequired", Draft2019, Draft2020, {
        Compiled(Keyword::DependentRequired, "an object of arrays of different names in quotes")
    }),
    ("dependentSchemas", Draft2019, Draft2020, {
        Compiled(Keyword::DependentSchemas, "an object of schemas")
    }),
    ("dependencies", Draft3, Draft7, {
        Compiled(Keyword::Dependencies, "an object of schemas or arrays of names in quotes")
    }),
    ("$ref", Draft3, Draft2020, {
        Compiled(Keyword::Reference, "a place of the same schema in quotes, such as \"#/$defs/id\"")
    }),
    ("$anchor", Draft2019, Draft2020, {
        Compiled(Keyword::Anchor, "a name in quotes, of letters, digits, `-`, `_` and `.`")
    }),
    ("$defs", Draft2019, Draft2020, Compiled(Keyword::Definitions, "an object of schemas")),
    ("definitions", Draft4, Draft2020, Compiled(Keyword::Definitions, "an object of schemas")),
    ("$schema", Draft3, Draft2020, {
        Compiled(Keyword::Dialect, "the name of the draft, the same in the whole schema")
    }),
    ("$comment", Draft7, Draft2020, Annotates),
    ("$id", Draft6, Draft2020, Annotates),
    ("contentEncoding", Draft7, Draft2020, Annotates),
    ("contentMediaType", Draft7, Draft2020, Annotates),
    ("contentSchema", Draft2019, Draft2020, Annotates),
    ("default", Draft3, Draft2020, Annotates),
    ("deprecated", Draft2019, Draft2020, Annotates),
    ("description", Draft3, Draft2020, Annotates),
    ("examples", Draft6, Draft2020, Annotates),
    ("format", Draft3, Draft2020, Annotates),
    // It identifies a schema only in the drafts 3 and 4; later ones ignore it.
    ("id", Draft3, Draft2020, Annotates),
    ("readOnly", Draft7, Draft2020, Annotates),
    ("title", Draft3, Draft2020, Annotates),
    ("writeOnly", Draft7, Draft2020, Annotates),
    ("$dynamicAnchor", Draft2020, Draft2020, Refused(ANCHOR)),
    ("$dynamicRef", Draft2020, Draft2020, Refused(REFERENCE)),
    ("$recursiveAnchor", Draft2019, Draft2019, Refused(REMOVE)),
    ("$recursiveRef", Draft2019, Draft2019, Refused(REFERENCE)),
    ("$vocabulary", Draft2019, Draft2020, Refused(REMOVE)),
    ("disallow", Draft3, Draft3, Refused("use `not`")),
    ("divisibleBy", Draft3, Draft3, Refused("use `multipleOf`")),
    ("extends", Draft3, Draft3, Refused("use `allOf`")),
    ("unevaluatedItems", Draft2019, Draft2020, Refused(ITEMS)),
    ("unevaluatedProperties", Draft2019, Draft2020, Refused(ADDITIONAL)),
];

/// A length above that of every keyword.
const LONGEST: usize = 24;

/// Returns the class of `name` in a dialect. An escaped spelling of a keyword is that keyword.
///
/// A keyword that only an earlier draft has is rejected, since the check that its author expects
/// would silently not happen.
pub(crate) fn classify(name: &Text<'_>, dialect: Dialect) -> KeywordClass {
    let mut buffer = [0u8; LONGEST];
    // A longer name is not a keyword, and no keyword is empty.
    let short = name.copy_to(&mut buffer).unwrap_or_default();
    let found = KEYWORDS.iter().find(|(known, ..)| known.as_bytes() == short);
    let Some((name, first, last, meaning)) = found else {
        return match is_extension(name) {
            true => KeywordClass::Annotation,
            false => KeywordClass::Unknown,
        };
    };
    match meaning {
        _ if dialect < *first => KeywordClass::Later,
        Annotates => KeywordClass::Annotation,
        Compiled(keyword, _) if dialect <= *last => KeywordClass::Known(*keyword, name),
        Compiled(..) | Refused(_) => KeywordClass::Refused(name),
    }
}

/// Returns every keyword of the drafts with its role in a dialect, or `None` if it is rejected
/// there.
pub fn keywords(dialect: Dialect) -> impl Iterator<Item = (&'static str, Option<KeywordRole>)> {
    KEYWORDS.iter().map(move |(name, first, last, meaning)| {
        let role = match meaning {
            _ if dialect < *first => Some(KeywordRole::Later),
            Annotates => Some(KeywordRole::Annotation),
            Compiled(keyword, _) if dialect <= *last && keyword.is_checked() => {
                Some(KeywordRole::Checked)
            },
            Compiled(..) if dialect <= *last => Some(KeywordRole::Annotation),
            Compiled(..) | Refused(_) => None,
        };
        (*name, role)
    })
}

/// The subschemas in the value of a keyword.
pub(crate) enum Subschemas {
    None,
    /// The value is a schema, or an array of schemas.
    Own,
    /// The members of the value are schemas.
    ByName,
}

/// Returns the kind of subschemas that the value of this keyword has in the drafts that know it.
pub(crate) fn subschemas(name: &Text<'_>) -> Subschemas {
    const BY_NAME: [&str; 6] = [
        "properties",
        "$defs",
        "definitions",
        "patternProperties",
        "dependentSchemas",
        "dependencies",
    ];
    const OWN: [&str; 17] = [
        "items",
        "additionalItems",
        "prefixItems",
        "additionalProperties",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "if",
        "then",
        "else",
        "contains",
        "contentSchema",
        "propertyNames",
        "unevaluatedItems",
        "unevaluatedProperties",
        "extends",
    ];
    let is_one_of = |known: &[&str]| known.iter().any(|known| name == known);
    if is_one_of(&BY_NAME) {
        Subschemas::ByName
    } else if is_one_of(&OWN) {
        Subschemas::Own
    } else {
        Subschemas::None
    }
}

/// Returns `true` if a name is marked as an extension.
fn is_extension(name: &Text<'_>) -> bool {
    name.bytes().take(2).eq(*b"x-") || name.bytes().any(|byte| byte == b':')
}

/// Returns the name in `known` that is most similar to `name`, or `None`. It must differ by at most
/// two insertions, deletions or replacements of a byte, and by less than half of the name.
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

/// Returns a description of the value that a keyword takes, or `None` for other names.
pub fn expected_value(name: &str) -> Option<&'static str> {
    KEYWORDS.iter().find_map(|(known, .., meaning)| match meaning {
        Compiled(_, takes) if *known == name => Some(*takes),
        _ => None,
    })
}

/// Returns what to do instead of using a keyword that is not supported.
pub fn replacement(name: &str) -> &'static str {
    let found = KEYWORDS.iter().find(|(known, ..)| *known == name);
    match found {
        Some((.., Refused(instead))) => instead,
        // For a keyword that a later draft no longer has.
        Some(("additionalItems", ..)) => ITEMS,
        Some(("dependencies", ..)) => "use `dependentRequired` or `dependentSchemas`",
        _ => REMOVE,
    }
}

/// Returns `true` if a member of a schema object with this name checks nothing itself. Definitions
/// take effect where a reference leads to them.
pub fn is_annotation(name: &Text<'_>, dialect: Dialect) -> bool {
    match classify(name, dialect) {
        KeywordClass::Annotation | KeywordClass::Later | KeywordClass::Unknown => true,
        KeywordClass::Known(keyword, _) => !keyword.is_checked(),
        KeywordClass::Refused(_) => false,
    }
}

/// The role of a member of a schema object in validation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KeywordRole {
    /// It is checked.
    Checked,
    /// It describes and checks nothing.
    Annotation,
    /// Only a later draft than the schema's knows it: it checks nothing.
    Later,
    /// It is beside `$ref`, in a draft where that has no effect: it checks nothing.
    BesideReference,
    /// No draft knows it: it checks nothing, and may be a misspelling.
    Unknown,
    /// It would check something that is not supported, so the schema is rejected.
    Refused,
}

/// A member of a schema object.
#[derive(Clone, Copy, Debug)]
pub struct KeywordUse<'a> {
    /// The name, with its offset in the source.
    pub name: Text<'a>,
    /// The role of the member.
    pub role: KeywordRole,
}

impl KeywordUse<'_> {
    /// Returns the most similar keyword of a draft, or `None` if none is similar.
    pub fn similar(&self) -> Option<&'static str> {
        most_similar(&self.name, KEYWORDS.iter().map(|(known, ..)| *known))
    }
}
