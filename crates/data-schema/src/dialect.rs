//! The drafts of JSON Schema, and how a schema names its draft.
//!
//! The sections in which each draft defines the checks of this crate, in its validation document
//! (V) or its core specification (C):
//!
//! - Draft 4, `draft-fge-json-schema-validation-00` (V), `draft-zyp-json-schema-04` (C) and, for
//!   references, `draft-pbryan-zyp-json-ref-03`: numbers V 5.1, strings V 5.2, arrays V 5.3,
//!   objects V 5.4, any value and logic V 5.5, definitions V 5.5.7, identifiers C 7.
//! - Draft 6, `draft-wright-json-schema-validation-01`, `draft-wright-json-schema-01`: numbers V
//!   6.1 to 6.5, strings V 6.6 to 6.8, arrays V 6.9 to 6.14, objects V 6.15 to 6.22, any value V
//!   6.23 to 6.25, logic V 6.26 to 6.29, definitions V 7.1, references C 8.
//! - Draft 7, `draft-handrews-json-schema-validation-01`, `draft-handrews-json-schema-01`: any
//!   value V 6.1, numbers V 6.2, strings V 6.3, arrays V 6.4, objects V 6.5, conditions V 6.6,
//!   logic V 6.7, definitions V 9, references C 8.3.
//! - Draft 2019-09, `draft-handrews-json-schema-validation-02`, `draft-handrews-json-schema-02`:
//!   any value V 6.1, numbers V 6.2, strings V 6.3, arrays V 6.4 and C 9.3.1, objects V 6.5 and C
//!   9.3.2, logic C 9.2.1, conditions C 9.2.2, references C 8.2.3 and 8.2.4, definitions C 8.2.5.
//! - Draft 2020-12, `draft-bhutton-json-schema-validation-01`, `draft-bhutton-json-schema-01`: see
//!   the table in the crate's documentation.

use crate::json::Text;

/// A draft of JSON Schema, in the order of publication.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub enum Dialect {
    /// Draft 3, which is not supported. Its keywords are known and rejected.
    Draft3,
    /// Draft 4.
    Draft4,
    /// Draft 6.
    Draft6,
    /// Draft 7.
    Draft7,
    /// Draft 2019-09.
    Draft2019,
    /// Draft 2020-12, the default of a schema without `$schema`.
    #[default]
    Draft2020,
}

impl Dialect {
    /// Returns the dialect that a value of `$schema` names, or `None` if it is not supported.
    /// Ignores the difference between `http` and `https`, and an empty fragment.
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

    /// Returns the number of the dialect, which never changes: stored compiled schemas contain it.
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

    /// Returns the dialect with this number, or 2020-12 if none has it.
    pub(crate) fn numbered(number: u8) -> Self {
        use Dialect::{Draft2019, Draft4, Draft6, Draft7};
        let all = [Draft4, Draft6, Draft7, Draft2019];
        all.into_iter().find(|dialect| dialect.number() == number).unwrap_or_default()
    }

    /// Returns the common name of the dialect.
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

    /// Returns `true` if the keywords beside `$ref` have no effect.
    pub fn ignores_siblings_of_references(self) -> bool {
        self <= Self::Draft7
    }

    /// Returns `true` if `true` and `false` are schemas wherever a schema is allowed.
    pub(crate) fn has_boolean_schemas(self) -> bool {
        self >= Self::Draft6
    }

    /// Returns `true` if an array of schemas as `items` applies by position.
    pub(crate) fn has_items_by_position(self) -> bool {
        self <= Self::Draft2019
    }

    /// Returns `true` if `1.0` is an integer for `type`. In draft 4, an integer has neither a
    /// fraction nor an exponent.
    pub(crate) fn integers_by_value(self) -> bool {
        self >= Self::Draft6
    }

    /// Returns the keyword that identifies a schema.
    pub(crate) fn identifier(self) -> &'static str {
        if self <= Self::Draft4 {
            "id"
        } else {
            "$id"
        }
    }
}
