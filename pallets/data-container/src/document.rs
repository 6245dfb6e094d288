// SPDX-License-Identifier: Apache-2.0

//! Reading plugin documents and data set definitions. Pure: knows no chain.
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
//! `template.properties` has the data sets; each needs `type` (`entry` or `list`) and `dataSchema`.
//! Without `visibility` a data set is confidential. The plugin's name is `description.name`, or
//! `template.type` if there is none. The role `0` is the owner, who may do everything, so it is not
//! kept. A list's schema of type array stands for its `items`; any other is the items' own.
//! Everything else in the document is for people and programs outside the chain.

use crate::{types::*, weights::Work};
use alloc::vec::Vec;
use data_schema::{
    json::{Kind as JsonKind, Limits, Raw, Reader, Text},
    CompileErrorKind, Dialect, Schema, SchemaSource, Violation, ViolationKind,
};
use sp_runtime::SaturatedConversion;
use twinchain_primitives::{Access, Name, PluginId, RoleId, MAX_DESCRIPTION, MAX_NAME};

/// The role of the original templates that stands for the owner.
pub(crate) const OWNER_ROLE: &str = "0";

/// What is wrong with a document.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DocumentErrorKind {
    /// The document is longer than [`MAX_DOCUMENT`].
    TooLong,
    /// It is no JSON text: too deep, a member twice, a number out of bounds, or no JSON at all.
    Text(ViolationKind),
    /// A member that the document needs is missing, or is not what it has to be.
    Member,
    /// A name is empty, too long, or has a character that names do not have.
    Name,
    /// The description has more than [`MAX_DESCRIPTION`] bytes.
    DescriptionTooLong,
    /// More than [`MAX_DATA_SETS`] data sets.
    TooManyDataSets,
    /// More than [`MAX_ROLES`] roles.
    TooManyRoles,
    /// The array schema of a list says more than what its items are.
    ListSchema,
    /// A confidential data set has a default, which would be published in clear.
    ConfidentialDefault,
    /// A list's default has more than [`MAX_ITEMS`] items, or is not an array.
    ListDefault,
    /// The defaults together are longer than [`MAX_PAYLOAD`].
    DefaultsTooLong,
    /// A schema is refused.
    Schema(CompileErrorKind),
    /// A default does not match its schema.
    Default(ViolationKind),
}

/// What is wrong with a document, and where.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DocumentError {
    /// What.
    pub fault: DocumentErrorKind,
    /// The data set, in the document's order; 0 if it is about none.
    pub index: u8,
    /// The byte offset in the document.
    pub offset: u32,
    /// Where in the document the data set's member begins; 0 if it is about none.
    pub start: u32,
    /// The schema's keyword, if it is about one.
    pub keyword: Option<&'static str>,
    /// What exactly is wrong, where there are several reasons of the kind.
    pub detail: Option<&'static str>,
}

impl DocumentError {
    fn new(fault: DocumentErrorKind, offset: u32) -> Self {
        Self { fault, index: 0, offset, start: 0, keyword: None, detail: None }
    }

    fn in_data_set(self, index: usize, start: u32) -> Self {
        Self { index: index.saturated_into(), start, ..self }
    }

    /// Returns the byte offset from where the data set's member begins, as far as an error of the
    /// pallet can say it.
    pub fn offset_in_data_set(&self) -> u16 {
        self.offset.saturating_sub(self.start).saturated_into()
    }
}

impl From<Violation> for DocumentError {
    fn from(violation: Violation) -> Self {
        // The reader says `type` where the text has another value than was asked for.
        let fault = match violation.kind {
            ViolationKind::TypeMismatch => DocumentErrorKind::Member,
            ViolationKind::TooLong => DocumentErrorKind::TooLong,
            keyword => DocumentErrorKind::Text(keyword),
        };
        Self::new(fault, violation.offset)
    }
}

/// A data set as a document has it, its schema and default not yet checked.
#[derive(Clone, Debug)]
pub struct DataSetSource<'a> {
    /// One value or many.
    pub kind: Kind,
    /// Who can read it.
    pub visibility: Visibility,
    /// Whether an entry is set once at most, and a list's items stay for ever.
    pub write_once: bool,
    /// Where its member begins in the plugin's document; 0 in a document of its own.
    pub start: u32,
    /// What the document has as `dataSchema`: the schema of its value, or of a list or its items.
    pub schema: Raw<'a>,
    /// Where in it the schema of a value or an item begins; `None` for a list of any items.
    pub place: Option<u32>,
    /// Its default.
    pub default: Option<Raw<'a>>,
    /// What roles may do with it.
    pub permissions: Permissions,
}

impl<'a> DataSetSource<'a> {
    /// Returns the schema that a value or an item has to match.
    pub fn schema_source(&self) -> SchemaSource<'a> {
        schema_source(self.schema.text, self.place)
    }
}

/// Returns the schema that begins at `place` of what a data set has as `dataSchema`; for `None` the
/// one that anything matches.
pub(crate) fn schema_source(root: &[u8], place: Option<u32>) -> SchemaSource<'_> {
    match place {
        Some(place) => SchemaSource { root, place },
        None => SchemaSource { root: b"true", place: 0 },
    }
}

/// A plugin as its document has it, its schemas and defaults not yet checked.
#[derive(Clone, Debug)]
pub struct PluginSource<'a> {
    /// Its name.
    pub name: Name,
    /// The plugin that it is a new version of, and where the document says so.
    pub replaces: Option<(PluginId, u32)>,
    /// Its description.
    pub description: Option<Raw<'a>>,
    /// Its roles.
    pub roles: Roles,
    /// Its data sets.
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

/// Reads the definition of a single data set: a whole document of its own.
pub fn definition<'a>(
    document: &'a [u8],
    roles: &mut Roles,
) -> Result<DataSetSource<'a>, DocumentError> {
    let mut reader = Reader::new(document, limits())?;
    let raw = reader.skip_value()?;
    reader.finish()?;
    data_set(raw, 0, roles)
}

/// The members of a plugin document that mean something to the chain.
const DOCUMENT_MEMBERS: [&str; 3] = ["description", "replaces", "template"];
/// Those of its template.
const TEMPLATE_MEMBERS: [&str; 2] = ["properties", "type"];
/// Those of a data set.
const DATA_SET_MEMBERS: [&str; 6] =
    ["dataSchema", "permissions", "type", "value", "visibility", "writeOnce"];

/// A member that means nothing to the chain, and is written much like one that does.
#[derive(Clone, Copy, Debug)]
pub struct Misspelled<'a> {
    /// Its name.
    pub name: Text<'a>,
    /// The member that may be meant.
    pub meant: &'static str,
}

/// Returns what may be misspelled in a plugin document that was read before.
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

/// Returns what may be misspelled in a definition of a data set that was read before.
pub fn misspelled_in_definition(document: &[u8]) -> Result<Vec<Misspelled<'_>>, DocumentError> {
    let mut found = Vec::new();
    members(Raw { text: document, offset: 0 }, &DATA_SET_MEMBERS, &mut found)?;
    Ok(found)
}

/// Returns the members of an object. Adds those that are much like `known` ones to `found`.
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

/// Checks the default of a data set, if it has one, against its compiled schema.
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

/// Returns the values with which a data set begins: one for an entry, the items for a list.
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

/// The bytes of a value.
pub fn size(raw: &Raw<'_>) -> u32 {
    raw.text.len().saturated_into()
}

fn limits() -> Limits {
    Limits { bytes: MAX_DOCUMENT, ..Limits::default() }
}

/// A reader over a part of a document that was read as a whole: that its keys differ is known.
fn reader_within(raw: Raw<'_>) -> Result<Reader<'_>, Violation> {
    Reader::within(raw, Limits { unique_keys: false, ..limits() })
}

/// A name, if the text is one.
fn name(text: &Text<'_>) -> Result<Name, DocumentError> {
    let mut buffer = [0u8; 64];
    debug_assert_eq!(buffer.len().saturated_into::<u32>(), MAX_NAME);
    text.copy_to(&mut buffer)
        .and_then(|bytes| Name::try_from(bytes).ok())
        .ok_or(DocumentError::new(DocumentErrorKind::Name, text.offset()))
}

/// The id of a plugin, and where it stands.
fn plugin_id(raw: Raw<'_>) -> Result<(PluginId, u32), DocumentError> {
    core::str::from_utf8(raw.text)
        .ok()
        .and_then(|digits| digits.parse().ok())
        .map(|id| (id, raw.offset))
        .ok_or(DocumentError::new(DocumentErrorKind::Member, raw.offset))
}

/// The name in a description, which may be any JSON value.
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

/// The data sets: the name of each, where its member begins, and its definition.
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
    // An empty batch would be a revision without a change.
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

/// Returns whether a value is an array without items.
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

/// Returns the id of a role, which is added if it is new and there is room.
fn role_id(roles: &mut Roles, name: Name) -> Option<RoleId> {
    find_role(roles, &name).or_else(|| add_role(roles, name))
}

/// Where the schema of a list's items begins in the list's schema: what `items` says if the schema
/// is of type array, or the schema itself; `None` if an item may be anything. What else the array's
/// schema demands would silently not be checked: it is refused.
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
                // Items by position say what a whole list is.
                names.push(key);
            }
        } else if key == "$schema" {
            // What is not a dialect is refused with the schema.
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

/// Reads the value of `type`. Returns whether it is `"array"` or `["array"]`.
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

/// Reads a value. Returns whether it is the string `array`.
fn reads_array(reader: &mut Reader<'_>) -> Result<bool, DocumentError> {
    Ok(reader.string_or_skip()?.is_some_and(|name| name == "array"))
}

impl DocumentError {
    /// A word for what is wrong: the schema's keyword where it is about one.
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
