//! The drafts of JSON Schema, and how a schema names its own.
//!
//! Where a draft defines what is checked here, as `core` and `validation` for its two documents:
//!
//! | subject | 4 | 6 | 7 | 2019-09 | 2020-12 |
//! |---|---|---|---|---|---|
//! | documents | `draft-zyp-json-schema-04`, `draft-fge-json-schema-validation-00` | `draft-wright-json-schema-01`, `draft-wright-json-schema-validation-01` | `draft-handrews-json-schema-01`, `draft-handrews-json-schema-validation-01` | `draft-handrews-json-schema-02`, `draft-handrews-json-schema-validation-02` | `draft-bhutton-json-schema-01`, `draft-bhutton-json-schema-validation-01` |
//! | `type`, `enum`, `const` | validation 5.5 | validation 6.23 to 6.25 | validation 6.1 | validation 6.1 | validation 6.1 |
//! | numbers | validation 5.1 | validation 6.1 to 6.5 | validation 6.2 | validation 6.2 | validation 6.2 |
//! | strings | validation 5.2 | validation 6.6 to 6.8 | validation 6.3 | validation 6.3 | validation 6.3 |
//! | arrays | validation 5.3 | validation 6.9 to 6.14 | validation 6.4 | core 9.3.1, validation 6.4 | core 10.3.1, validation 6.4 |
//! | objects | validation 5.4 | validation 6.15 to 6.22 | validation 6.5 | core 9.3.2, validation 6.5 | core 10.3.2, validation 6.5 |
//! | conditions | - | - | validation 6.6 | core 9.2.2 | core 10.2.2 |
//! | logic | validation 5.5.3 to 5.5.6 | validation 6.26 to 6.29 | validation 6.7 | core 9.2.1 | core 10.2.1 |
//! | references | core 7, and `draft-pbryan-zyp-json-ref-03` | core 8 | core 8.3 | core 8.2.3, 8.2.4 | core 8.2.2, 8.2.3 |
//! | definitions | validation 5.5.7 | validation 7.1 | validation 9 | core 8.2.5 | core 8.2.4 |

use crate::json::Text;

/// A draft of JSON Schema, in the order of their publication.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub enum Dialect {
    /// Draft 3, which no schema can be written in here. Its keywords are known, and refused.
    Draft3,
    /// Draft 4.
    Draft4,
    /// Draft 6.
    Draft6,
    /// Draft 7.
    Draft7,
    /// Draft 2019-09.
    Draft2019,
    /// Draft 2020-12, which a schema without `$schema` is written in.
    #[default]
    Draft2020,
}

impl Dialect {
    /// Returns the dialect that a value of `$schema` names, if it is supported. `http` and `https`,
    /// and an empty fragment or none, are the same.
    pub fn named(uri: &Text<'_>) -> Option<Self> {
        /// Longer than every name.
        const LONGEST: usize = 64;
        let mut buffer = [0u8; LONGEST];
        let uri = core::str::from_utf8(uri.copy_to(&mut buffer)?).ok()?;
        let uri = uri.strip_suffix('#').unwrap_or(uri);
        let uri = uri.strip_prefix("http://").or_else(|| uri.strip_prefix("https://"))?;
        Some(match uri.strip_prefix("json-schema.org/")? {
            "draft/2020-12/schema" => Self::Draft2020,
            "draft/2019-09/schema" => Self::Draft2019,
            "draft-07/schema" => Self::Draft7,
            "draft-06/schema" => Self::Draft6,
            "draft-04/schema" => Self::Draft4,
            _ => return None,
        })
    }

    /// Returns a number of its own, which never changes: compiled schemas are stored by it.
    pub const fn number(self) -> u8 {
        match self {
            Self::Draft3 => 3,
            Self::Draft4 => 4,
            Self::Draft6 => 6,
            Self::Draft7 => 7,
            Self::Draft2019 => 19,
            Self::Draft2020 => 20,
        }
    }

    /// Returns the dialect of this number, or 2020-12 if none has it.
    pub(crate) fn numbered(number: u8) -> Self {
        use Dialect::{Draft2019, Draft4, Draft6, Draft7};
        let all = [Draft4, Draft6, Draft7, Draft2019];
        all.into_iter().find(|dialect| dialect.number() == number).unwrap_or_default()
    }

    /// Returns the name by which people know it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft3 => "draft 3",
            Self::Draft4 => "draft 4",
            Self::Draft6 => "draft 6",
            Self::Draft7 => "draft 7",
            Self::Draft2019 => "draft 2019-09",
            Self::Draft2020 => "draft 2020-12",
        }
    }

    /// Returns whether the keywords beside `$ref` mean nothing.
    pub fn ignores_siblings_of_references(self) -> bool {
        self <= Self::Draft7
    }

    /// Whether `true` and `false` are schemas wherever a schema may stand.
    pub(crate) fn has_boolean_schemas(self) -> bool {
        self >= Self::Draft6
    }

    /// Whether an array of schemas as `items` applies by position.
    pub(crate) fn has_items_by_position(self) -> bool {
        self <= Self::Draft2019
    }

    /// Whether `1.0` is an integer for `type`. In draft 4, an integer has no fraction and no
    /// exponent.
    pub(crate) fn integers_by_value(self) -> bool {
        self >= Self::Draft6
    }

    /// The keyword that gives a schema a name of its own.
    pub(crate) fn identifier(self) -> &'static str {
        if self <= Self::Draft4 {
            "id"
        } else {
            "$id"
        }
    }
}
