// SPDX-License-Identifier: Apache-2.0

//! Reading of plugin documents and data set definitions. These functions do not access the chain.
//!
//! A plugin document is one JSON text:
//!
//! ```json
//! {
//!   "description": { "name": "service" },
//!   "replaces": 7,
//!   "template": {
//!     "type": "service",
//!     "properties": {
//!       "manual": {
//!         "type": "entry",
//!         "dataSchema": { "type": "string" },
//!         "visibility": "public",
//!         "writeOnce": false,
//!         "value": "https://crane.example/manual.pdf",
//!         "permissions": { "technician": ["set", "remove"] }
//!       }
//!     }
//!   }
//! }
//! ```
//!
//! - `template.properties` contains the data sets. Each needs `type` (`entry` or `list`) and
//!   `dataSchema`.
//! - Without `visibility`, a data set is confidential.
//! - The plugin's name is `description.name`, or `template.type` if there is none.
//! - The role `0` is the owner, who has all access, so it is not stored.
//! - In a list, a schema of type array describes the list and its `items` the items. Any other
//!   schema describes the items.
//!
//! The chain ignores all other members. They are for people and programs outside the chain.

use crate::{types::*, weights::Work};
use alloc::vec::Vec;
use data_schema::{
    json::{Kind as JsonKind, Limits, Raw, Reader, Text},
    CompileErrorKind, Dialect, Schema, SchemaSource, Violation, ViolationKind,
};
use sp_runtime::SaturatedConversion;
use twinchain_primitives::{Access, Name, PluginId, RoleId, MAX_DESCRIPTION, MAX_NAME};

/// The role that denotes the owner in plugin documents. It comes from the original templates.
pub(crate) const OWNER_ROLE: &str = "0";

/// The kinds of faults in a document.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DocumentErrorKind {
    /// The document is longer than [`MAX_DOCUMENT`].
    TooLong,
    /// It is not valid JSON text: not JSON, too deep, a member twice, or a number out of bounds.
    Text(ViolationKind),
    /// A required member is missing, or a member has an invalid value.
    Member,
    /// A name is empty, too long, or has a character that is not allowed in names.
    Name,
    /// The description has more than [`MAX_DESCRIPTION`] bytes.
    DescriptionTooLong,
    /// It has more than [`MAX_DATA_SETS`] data sets.
    TooManyDataSets,
    /// It has more than [`MAX_ROLES`] roles.
    TooManyRoles,
    /// The array schema of a list has keywords other than those that describe its items.
    ListSchema,
    /// A confidential data set has a default, which would be published in clear.
    ConfidentialDefault,
    /// A list's default has more than [`MAX_ITEMS`] items, or is not an array.
    ListDefault,
    /// The defaults together are longer than [`MAX_PAYLOAD`].
    DefaultsTooLong,
    /// A schema cannot be compiled.
    Schema(CompileErrorKind),
    /// A default does not match its schema.
    Default(ViolationKind),
}

/// A fault in a document, and its place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DocumentError {
    /// The kind of the fault.
    pub fault: DocumentErrorKind,
    /// The number of the data set, in the order of the document; 0 if the fault is in no data set.
    pub index: u8,
    /// The byte offset in the document.
    pub offset: u32,
    /// The offset at which the data set's member begins; 0 if the fault is in no data set.
    pub start: u32,
    /// The keyword of the schema, if the fault is about one.
    pub keyword: Option<&'static str>,
    /// The exact fault, if the kind has several.
    pub detail: Option<&'static str>,
}

impl DocumentError {
    fn new(fault: DocumentErrorKind, offset: u32) -> Self {
        Self { fault, index: 0, offset, start: 0, keyword: None, detail: None }
    }

    fn in_data_set(self, index: usize, start: u32) -> Self {
        Self { index: index.saturated_into(), start, ..self }
    }

    /// Returns the byte offset from the beginning of the data set's member, at most 65,535.
    pub fn offset_in_data_set(&self) -> u16 {
        self.offset.saturating_sub(self.start).saturated_into()
    }
}

impl From<Violation> for DocumentError {
    fn from(violation: Violation) -> Self {
        // The reader reports a type mismatch where the document has a value of another type.
        let fault = match violation.kind {
            ViolationKind::TypeMismatch => DocumentErrorKind::Member,
            ViolationKind::TooLong => DocumentErrorKind::TooLong,
            keyword => DocumentErrorKind::Text(keyword),
        };
        Self::new(fault, violation.offset)
    }
}

/// A data set of a document, before its schema and default are checked.
#[derive(Clone, Debug)]
pub struct DataSetSource<'a> {
    /// Whether it is an entry or a list.
    pub kind: Kind,
    /// Whether it is public or confidential.
    pub visibility: Visibility,
    /// `true` if an entry can be set only once, or if a list's items are never removed.
    pub write_once: bool,
    /// The offset at which its member begins in the plugin document; 0 in a document of its own.
    pub start: u32,
    /// The value of `dataSchema`: the schema of the entry's value, of the list, or of its items.
    pub schema: Raw<'a>,
    /// The offset in `schema` of the schema of a value or an item, or `None` if any item is valid.
    pub place: Option<u32>,
    /// Its default, if any.
    pub default: Option<Raw<'a>>,
    /// The permissions of roles on it.
    pub permissions: Permissions,
}

impl<'a> DataSetSource<'a> {
    /// Returns the schema that a value or an item must match.
    pub fn schema_source(&self) -> SchemaSource<'a> {
        schema_source(self.schema.text, self.place)
    }
}

/// Returns the schema that begins at `place` in a `dataSchema`. For `None`, returns the schema that
/// any value matches.
pub(crate) fn schema_source(root: &[u8], place: Option<u32>) -> SchemaSource<'_> {
    match place {
        Some(place) => SchemaSource { root, place },
        None => SchemaSource { root: b"true", place: 0 },
    }
}

/// A plugin document, before its schemas and defaults are checked.
#[derive(Clone, Debug)]
pub struct PluginSource<'a> {
    /// The plugin's name.
    pub name: Name,
    /// The earlier plugin that it replaces, with the offset of the id in the document.
    pub replaces: Option<(PluginId, u32)>,
    /// Its description.
    pub description: Option<Raw<'a>>,
    /// Its roles.
    pub roles: Roles,
    /// Its data sets with their names.
    pub data_sets: Vec<(Name, DataSetSource<'a>)>,
}

/// Reads a plugin document.
pub fn plugin(document: &[u8]) -> Result<PluginSource<'_>, DocumentError> {
    let mut reader = Reader::new(document, limits())?;
    let (mut description, mut replaces, mut template) = (None, None, None);
    reader.begin_object()?;
    while let Some(key) = reader.next_key()? {
        if key == "description" {
            description = Some(reader.skip_value()?);
        } else if key == "replaces" {
            replaces = Some(plugin_id(reader.skip_value()?)?);
        } else if key == "template" {
            template = Some(reader.skip_value()?);
        } else {
            reader.skip_value()?;
        }
    }
    reader.finish()?;

    let template = template.ok_or(DocumentError::new(DocumentErrorKind::Member, 0))?;
    let (type_name, properties) = read_template(template)?;
    let name = match description.map(described_name).transpose()?.flatten() {
        Some(name) => name,
        None => type_name.ok_or(DocumentError::new(DocumentErrorKind::Name, template.offset))?,
    };
    if let Some(raw) = description.filter(|raw| size(raw) > MAX_DESCRIPTION) {
        return Err(DocumentError::new(DocumentErrorKind::DescriptionTooLong, raw.offset));
    }

    let mut roles = Roles::default();
    let mut data_sets = Vec::with_capacity(properties.len());
    for (index, (name, start, raw)) in properties.into_iter().enumerate() {
        let in_data_set = |error: DocumentError| error.in_data_set(index, start);
        let source = data_set(raw, start, &mut roles).map_err(in_data_set)?;
        data_sets.push((name, source));
    }
    let defaults = data_sets.iter().filter_map(|(_, source)| source.default.as_ref());
    if defaults.fold(0u32, |total, raw| total.saturating_add(size(raw))) > MAX_PAYLOAD {
        return Err(DocumentError::new(DocumentErrorKind::DefaultsTooLong, template.offset));
    }
    Ok(PluginSource { name, replaces, description, roles, data_sets })
}

/// Reads the definition of a single data set, which is a document of its own. Adds new roles to
/// `roles`.
pub fn definition<'a>(
    document: &'a [u8],
    roles: &mut Roles,
) -> Result<DataSetSource<'a>, DocumentError> {
    let mut reader = Reader::new(document, limits())?;
    let raw = reader.skip_value()?;
    reader.finish()?;
    data_set(raw, 0, roles)
}

/// The members of a plugin document that the chain reads.
const DOCUMENT_MEMBERS: [&str; 3] = ["description", "replaces", "template"];
/// The members of a template that the chain reads.
const TEMPLATE_MEMBERS: [&str; 2] = ["properties", "type"];
/// The members of a data set that the chain reads.
const DATA_SET_MEMBERS: [&str; 6] =
    ["dataSchema", "permissions", "type", "value", "visibility", "writeOnce"];

/// A member that the chain ignores, with a name similar to one that it reads.
#[derive(Clone, Copy, Debug)]
pub struct Misspelled<'a> {
    /// Its name.
    pub name: Text<'a>,
    /// The member that may be meant.
    pub meant: &'static str,
}

/// Returns the possibly misspelled members of a plugin document that is already validated.
pub fn misspelled_in_plugin(document: &[u8]) -> Result<Vec<Misspelled<'_>>, DocumentError> {
    let mut found = Vec::new();
    let whole = Raw { text: document, offset: 0 };
    for (name, template) in members(whole, &DOCUMENT_MEMBERS, &mut found)? {
        if name != "template" {
            continue;
        }
        for (name, properties) in members(template, &TEMPLATE_MEMBERS, &mut found)? {
            if name != "properties" {
                continue;
            }
            for (_, data_set) in members(properties, &[], &mut found)? {
                members(data_set, &DATA_SET_MEMBERS, &mut found)?;
            }
        }
    }
    Ok(found)
}

/// Returns the possibly misspelled members of a data set definition that is already validated.
pub fn misspelled_in_definition(document: &[u8]) -> Result<Vec<Misspelled<'_>>, DocumentError> {
    let mut found = Vec::new();
    members(Raw { text: document, offset: 0 }, &DATA_SET_MEMBERS, &mut found)?;
    Ok(found)
}

/// Returns the members of an object. Adds those with a name similar to a `known` one to `found`.
fn members<'a>(
    object: Raw<'a>,
    known: &[&'static str],
    found: &mut Vec<Misspelled<'a>>,
) -> Result<Vec<(Text<'a>, Raw<'a>)>, DocumentError> {
    let mut reader = reader_within(object)?;
    reader.begin_object()?;
    let mut all = Vec::new();
    while let Some(name) = reader.next_key()? {
        let value = reader.skip_value()?;
        if !known.iter().any(|known| name == *known) {
            let meant = data_schema::most_similar(&name, known.iter().copied());
            found.extend(meant.map(|meant| Misspelled { name, meant }));
        }
        all.push((name, value));
    }
    Ok(all)
}

/// Compiles the schema of a data set, and checks its default against it. Adds the work of checking
/// to `work`.
pub fn check(source: &DataSetSource<'_>, work: &mut Work) -> Result<Schema, DocumentError> {
    let offset = source.schema.offset;
    let schema =
        source.schema_source().compile(work.patterns()).map_err(|refusal| DocumentError {
            keyword: refusal.keyword,
            detail: refusal.detail,
            ..DocumentError::new(
                DocumentErrorKind::Schema(refusal.kind),
                offset.saturating_add(refusal.offset),
            )
        })?;
    check_default(source, &schema, work)?;
    Ok(schema)
}

/// Checks the default of a data set, if any, against its compiled schema. Adds the work to `work`.
fn check_default(
    source: &DataSetSource<'_>,
    schema: &Schema,
    work: &mut Work,
) -> Result<(), DocumentError> {
    let Some(default) = source.default else { return Ok(()) };
    for value in default_values(source.kind, default)? {
        let (stats, verdict) = schema.metered(value.text);
        work.add(stats);
        verdict.map_err(|violation| {
            let offset = value.offset.saturating_add(violation.offset);
            DocumentError {
                keyword: Some(violation.kind.as_str()),
                ..DocumentError::new(DocumentErrorKind::Default(violation.kind), offset)
            }
        })?;
    }
    Ok(())
}

/// Returns the values of a default: one for an entry, the items for a list.
pub fn default_values(kind: Kind, default: Raw<'_>) -> Result<Vec<Raw<'_>>, DocumentError> {
    if kind == Kind::Entry {
        return Ok(alloc::vec![default]);
    }
    let refused = DocumentError::new(DocumentErrorKind::ListDefault, default.offset);
    let mut reader = reader_within(default)?;
    reader.begin_array().map_err(|_| refused)?;
    let mut items = Vec::new();
    while reader.next_item()? {
        items.push(reader.skip_value()?);
        if items.len().saturated_into::<u32>() > MAX_ITEMS {
            return Err(refused);
        }
    }
    Ok(items)
}

/// Returns the length of a value, in bytes.
pub fn size(raw: &Raw<'_>) -> u32 {
    raw.text.len().saturated_into()
}

fn limits() -> Limits {
    Limits { bytes: MAX_DOCUMENT, ..Limits::default() }
}

/// Returns a reader for a part of a document that was already read as a whole. It does not check
/// again that keys are unique.
fn reader_within(raw: Raw<'_>) -> Result<Reader<'_>, Violation> {
    Reader::within(raw, Limits { unique_keys: false, ..limits() })
}

/// Parses a name.
fn name(text: &Text<'_>) -> Result<Name, DocumentError> {
    let mut buffer = [0u8; 64];
    debug_assert_eq!(buffer.len().saturated_into::<u32>(), MAX_NAME);
    text.copy_to(&mut buffer)
        .and_then(|bytes| Name::try_from(bytes).ok())
        .ok_or(DocumentError::new(DocumentErrorKind::Name, text.offset()))
}

/// Parses a plugin's id. Returns it with its offset.
fn plugin_id(raw: Raw<'_>) -> Result<(PluginId, u32), DocumentError> {
    core::str::from_utf8(raw.text)
        .ok()
        .and_then(|digits| digits.parse().ok())
        .map(|id| (id, raw.offset))
        .ok_or(DocumentError::new(DocumentErrorKind::Member, raw.offset))
}

/// Returns the name in a description, or `None`. A description can be any JSON value.
fn described_name(description: Raw<'_>) -> Result<Option<Name>, DocumentError> {
    let mut reader = reader_within(description)?;
    if reader.peek_kind()? != JsonKind::Object {
        return Ok(None);
    }
    reader.begin_object()?;
    while let Some(key) = reader.next_key()? {
        if key == "name" {
            return name(&reader.string()?).map(Some);
        }
        reader.skip_value()?;
    }
    Ok(None)
}

/// The data sets: name, offset of the member, and definition of each.
type Properties<'a> = Vec<(Name, u32, Raw<'a>)>;

fn read_template(template: Raw<'_>) -> Result<(Option<Name>, Properties<'_>), DocumentError> {
    let mut reader = reader_within(template)?;
    let (mut type_name, mut properties) = (None, None);
    reader.begin_object()?;
    while let Some(key) = reader.next_key()? {
        if key == "type" {
            type_name = Some(name(&reader.string()?)?);
        } else if key == "properties" {
            properties = Some(read_properties(&mut reader)?);
        } else {
            reader.skip_value()?;
        }
    }
    let properties =
        properties.ok_or(DocumentError::new(DocumentErrorKind::Member, template.offset))?;
    Ok((type_name, properties))
}

fn read_properties<'a>(reader: &mut Reader<'a>) -> Result<Properties<'a>, DocumentError> {
    let mut properties = Vec::new();
    reader.begin_object()?;
    while let Some(key) = reader.next_key()? {
        let index = properties.len();
        if index.saturated_into::<u32>() >= MAX_DATA_SETS {
            return Err(DocumentError::new(DocumentErrorKind::TooManyDataSets, key.offset()));
        }
        let name = name(&key).map_err(|error| error.in_data_set(index, key.offset()))?;
        properties.push((name, key.offset(), reader.skip_value()?));
    }
    Ok(properties)
}

fn data_set<'a>(
    raw: Raw<'a>,
    start: u32,
    roles: &mut Roles,
) -> Result<DataSetSource<'a>, DocumentError> {
    let mut reader = reader_within(raw)?;
    let (mut kind, mut schema, mut default) = (None, None, None);
    let (mut visibility, mut write_once) = (Visibility::Confidential, false);
    let mut permissions = Permissions::default();
    reader.begin_object()?;
    while let Some(key) = reader.next_key()? {
        if key == "type" {
            let text = reader.string()?;
            kind = Some(one_of(&text, &[("entry", Kind::Entry), ("list", Kind::List)])?);
        } else if key == "dataSchema" {
            schema = Some(reader.skip_value()?);
        } else if key == "value" {
            default = Some(reader.skip_value()?);
        } else if key == "visibility" {
            let choices =
                [("confidential", Visibility::Confidential), ("public", Visibility::Public)];
            visibility = one_of(&reader.string()?, &choices)?;
        } else if key == "writeOnce" {
            write_once = reader.boolean()?;
        } else if key == "permissions" {
            permissions = read_permissions(&mut reader, roles)?;
        } else {
            reader.skip_value()?;
        }
    }
    let missing = DocumentError::new(DocumentErrorKind::Member, raw.offset);
    let (kind, schema) = (kind.ok_or(missing)?, schema.ok_or(missing)?);
    let place = match kind {
        Kind::Entry => Some(0),
        Kind::List => item_schema(schema)?,
    };
    // An empty batch would be a revision without a change, so an empty default is omitted.
    let default = match (kind, default) {
        (Kind::List, Some(raw)) if is_empty_array(raw)? => None,
        (_, default) => default,
    };
    if let Some(default) = default.filter(|_| visibility == Visibility::Confidential) {
        return Err(DocumentError::new(DocumentErrorKind::ConfidentialDefault, default.offset));
    }
    if let Some(default) = default.filter(|raw| size(raw) > MAX_PAYLOAD) {
        return Err(DocumentError::new(DocumentErrorKind::DefaultsTooLong, default.offset));
    }
    Ok(DataSetSource { kind, visibility, write_once, start, schema, place, default, permissions })
}

/// Returns `true` if a value is an array without items.
fn is_empty_array(raw: Raw<'_>) -> Result<bool, DocumentError> {
    let mut reader = reader_within(raw)?;
    if reader.peek_kind()? != JsonKind::Array {
        return Ok(false);
    }
    reader.begin_array()?;
    Ok(!reader.next_item()?)
}

fn one_of<T: Copy>(text: &Text<'_>, choices: &[(&str, T)]) -> Result<T, DocumentError> {
    choices
        .iter()
        .find(|(word, _)| text == word)
        .map(|(_, choice)| *choice)
        .ok_or(DocumentError::new(DocumentErrorKind::Member, text.offset()))
}

fn read_permissions(
    reader: &mut Reader<'_>,
    roles: &mut Roles,
) -> Result<Permissions, DocumentError> {
    let mut permissions = Permissions::default();
    reader.begin_object()?;
    while let Some(key) = reader.next_key()? {
        let mut access = Access::NONE;
        reader.begin_array()?;
        while reader.next_item()? {
            let choices = [("set", Access::WRITE), ("remove", Access::REMOVE)];
            access = access | one_of(&reader.string()?, &choices)?;
        }
        if key == OWNER_ROLE {
            continue;
        }
        let role = role_id(roles, name(&key)?)
            .ok_or(DocumentError::new(DocumentErrorKind::TooManyRoles, key.offset()))?;
        if !access.is_empty() {
            permissions
                .try_push(RoleAccess { role, access })
                .map_err(|_| DocumentError::new(DocumentErrorKind::TooManyRoles, key.offset()))?;
        }
    }
    Ok(permissions)
}

/// Returns the id of a role. Adds a new role, or returns `None` if there is no room.
fn role_id(roles: &mut Roles, name: Name) -> Option<RoleId> {
    find_role(roles, &name).or_else(|| add_role(roles, name))
}

/// Returns the offset, in the schema of a list, of the schema of its items: the value of `items` if
/// the schema is of type array, otherwise the schema itself. Returns `None` if any item is valid.
///
/// Fails if an array schema has other keywords, because the chain would silently not check them.
fn item_schema(schema: Raw<'_>) -> Result<Option<u32>, DocumentError> {
    let mut reader = reader_within(schema)?;
    if reader.peek_kind()? != JsonKind::Object {
        return Ok(Some(0));
    }
    let mut dialect = Dialect::default();
    let (mut is_array, mut items, mut names) = (false, None, Vec::new());
    reader.begin_object()?;
    while let Some(key) = reader.next_key()? {
        if key == "type" {
            is_array = names_only_array(&mut reader)?;
        } else if key == "items" {
            let raw = reader.skip_value()?;
            items = Some(raw);
            if raw.text.starts_with(b"[") {
                // An array of schemas is positional: it describes the list, not each item.
                names.push(key);
            }
        } else if key == "$schema" {
            // An unknown dialect is rejected when the schema is compiled.
            let named = reader.string_or_skip()?.and_then(|uri| Dialect::named(&uri));
            dialect = named.unwrap_or_default();
        } else {
            reader.skip_value()?;
            names.push(key);
        }
    }
    let stands_alone = dialect.ignores_siblings_of_references();
    if !is_array || (stands_alone && names.iter().any(|name| *name == "$ref")) {
        return Ok(Some(0));
    }
    let demands = |name: &Text<'_>| !data_schema::is_annotation(name, dialect);
    match names.into_iter().find(demands) {
        Some(key) => Err(DocumentError::new(DocumentErrorKind::ListSchema, key.offset())),
        None => Ok(items.map(|raw| raw.offset.saturating_sub(schema.offset))),
    }
}

/// Reads the value of `type`. Returns `true` if it is `"array"` or `["array"]`.
fn names_only_array(reader: &mut Reader<'_>) -> Result<bool, DocumentError> {
    if reader.peek_kind()? != JsonKind::Array {
        return reads_array(reader);
    }
    let (mut arrays, mut others) = (0u32, 0u32);
    reader.begin_array()?;
    while reader.next_item()? {
        match reads_array(reader)? {
            true => arrays = arrays.saturating_add(1),
            false => others = others.saturating_add(1),
        }
    }
    Ok(arrays == 1 && others == 0)
}

/// Reads a value. Returns `true` if it is the string `array`.
fn reads_array(reader: &mut Reader<'_>) -> Result<bool, DocumentError> {
    Ok(reader.string_or_skip()?.is_some_and(|name| name == "array"))
}

impl DocumentError {
    /// Returns a word for the fault: the keyword of the schema, if it is about one.
    pub fn word(&self) -> &'static str {
        match self.fault {
            DocumentErrorKind::TooLong => "document",
            DocumentErrorKind::Text(keyword) | DocumentErrorKind::Default(keyword) => {
                keyword.as_str()
            },
            DocumentErrorKind::Member => "member",
            DocumentErrorKind::Name => "name",
            DocumentErrorKind::DescriptionTooLong => "description",
            DocumentErrorKind::TooManyDataSets => "properties",
            DocumentErrorKind::TooManyRoles => "permissions",
            DocumentErrorKind::ListSchema => "dataSchema",
            DocumentErrorKind::ConfidentialDefault
            | DocumentErrorKind::ListDefault
            | DocumentErrorKind::DefaultsTooLong => "value",
            DocumentErrorKind::Schema(_) => self.keyword.unwrap_or("dataSchema"),
        }
    }
}
