//! The index of a source, made in one pass before the compilation. It resolves any number of
//! references in little time.

use crate::{
    cast::to_usize,
    compile_error::{CompileErrorKind, CompileFailure},
    dialect::Dialect,
    json::{sort_by_text, Key, Limits, Reader, Text, Token, MAX_READER_DEPTH},
    keywords::{subschemas, Subschemas},
    MAX_SOURCE,
};
use alloc::vec::Vec;
use core::cmp::Ordering;

/// A member of an object, or an item of an array.
#[derive(Clone, Copy)]
struct Member {
    /// The offset of the object or array.
    parent: u32,
    /// The name with its hash. An item has an empty name, and its position in place of the hash.
    key: Key,
    /// The offset of the value.
    value: u32,
}

/// The kind of a place in a source.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A schema, or an array of schemas.
    Schema,
    /// An object whose members are schemas.
    Schemas,
    /// A value, or a member that no draft knows, and its content. A reference may lead into it.
    Other,
}

impl Place {
    /// Returns the kind of the member with this name.
    fn member(self, name: &Text<'_>) -> Self {
        match (self, subschemas(name)) {
            (Place::Schemas, _) | (Place::Schema, Subschemas::Own) => Place::Schema,
            (Place::Schema, Subschemas::ByName) => Place::Schemas,
            (Place::Schema, Subschemas::None) | (Place::Other, _) => Place::Other,
        }
    }
}

/// The keywords that name a schema.
const NAMING: [&str; 3] = ["$id", "id", "$anchor"];

/// An array or object that is being read.
struct Open<'a> {
    start: u32,
    /// Its index among all arrays and objects.
    number: usize,
    is_object: bool,
    items: u32,
    place: Place,
    /// The values of the keywords that name a schema, and the offsets of those keywords.
    names: [Option<(Text<'a>, u32)>; 3],
    has_reference: bool,
}

/// A name of a schema.
struct Naming<'a> {
    /// The keyword that gives the name.
    keyword: &'static str,
    name: Text<'a>,
    /// The offset of the keyword.
    offset: u32,
    /// The start and the end of the schema.
    start: u32,
    end: u32,
    place: Place,
    /// `true` if a reference is beside it.
    beside_reference: bool,
}

/// A part of the source with its own identifier, in which references would have other targets.
struct Resource {
    start: u32,
    end: u32,
    /// The offset of its identifier.
    identifier: u32,
}

/// A schema that references can name without its location.
struct Anchor {
    name: Vec<u8>,
    schema: u32,
}

/// The information about a source that the compiler needs first.
pub(super) struct Index<'a> {
    source: &'a [u8],
    /// The offset of the root.
    root: u32,
    /// The identifier of the root, with which references may name the source itself. Empty if it
    /// has none.
    name: Vec<u8>,
    pub dialect: Dialect,
    members: Vec<Member>,
    sorted: bool,
    /// The starts and ends of arrays and objects, sorted by start.
    spans: Vec<(u32, u32)>,
    /// Sorted by name.
    anchors: Vec<Anchor>,
    /// Sorted. None is within another.
    resources: Vec<Resource>,
}

impl<'a> Index<'a> {
    /// Reads a source. Fails if it is not JSON, or if it names a dialect that is not supported.
    pub fn new(source: &'a [u8], unique_keys: bool) -> Result<Self, CompileFailure> {
        let limits = Limits { bytes: MAX_SOURCE, depth: MAX_READER_DEPTH, unique_keys };
        let mut pass = Pass {
            reader: Reader::new(source, limits)?,
            open: Vec::new(),
            members: Vec::new(),
            spans: Vec::new(),
            root: None,
            dialect: None,
            names: Vec::new(),
        };
        pass.run()?;
        let Pass { members, spans, root, dialect, mut names, .. } = pass;
        let (dialect, root) = (dialect.unwrap_or_default(), root.unwrap_or_default());
        // Older drafts ignore keywords beside `$ref`, so identifiers beside one do not count. A
        // fragment as identifier is a name within the source, not a resource of its own.
        if dialect.ignores_siblings_of_references() {
            names.retain(|name| !name.beside_reference);
        }
        let is_fragment = |naming: &Naming<'_>| naming.name.bytes().next() == Some(b'#');
        let identifier = dialect.identifier();
        let of_resource = |naming: &&Naming<'_>| {
            let names_another = naming.start != root && !is_fragment(naming);
            naming.keyword == identifier && names_another && naming.place != Place::Schemas
        };
        let resource = |naming: &Naming<'_>| Resource {
            start: naming.start,
            end: naming.end,
            identifier: naming.offset,
        };
        let resources = names.iter().filter(of_resource).map(resource).collect();
        let of_root = |naming: &&Naming<'_>| {
            naming.keyword == identifier && naming.start == root && !is_fragment(naming)
        };
        let name = names.iter().find(of_root).map_or_else(Vec::new, |naming| {
            naming.name.bytes().take_while(|byte| *byte != b'#').collect()
        });
        let mut index = Self {
            source,
            root,
            name,
            dialect,
            members,
            sorted: false,
            spans,
            anchors: Vec::new(),
            resources: outermost(resources),
        };
        index.find_anchors(&names)?;
        Ok(index)
    }

    /// Finds the schemas that references can name without their location. Fails if two have the
    /// same name.
    fn find_anchors(&mut self, names: &[Naming<'_>]) -> Result<(), CompileFailure> {
        let has_anchors = self.dialect >= Dialect::Draft2019;
        let keyword = if has_anchors { "$anchor" } else { self.dialect.identifier() };
        let mut anchors: Vec<(Anchor, u32)> = Vec::new();
        for naming in names {
            let is_own = self.identifier_around(naming.start).is_none();
            if naming.keyword != keyword || naming.place != Place::Schema || !is_own {
                continue;
            }
            let name: Vec<u8> = naming.name.bytes().collect();
            let name = match (has_anchors, name.split_first()) {
                (true, _) => Some(name),
                (false, Some((b'#', fragment))) => percent_decoded(fragment),
                (false, _) => None,
            };
            // An empty fragment is the whole source, wherever it occurs.
            if let Some(name) = name.filter(|name| !name.is_empty()) {
                anchors.push((Anchor { name, schema: naming.start }, naming.name.offset()));
            }
        }
        anchors.sort_by(|(one, _), (other, _)| one.name.cmp(&other.name));
        for ((one, at), (other, after)) in anchors.iter().zip(anchors.iter().skip(1)) {
            if one.name == other.name {
                let (kind, offset) = (CompileErrorKind::InvalidKeywordValue, *at.max(after));
                return Err(CompileFailure::new(kind, Some(keyword), offset));
            }
        }
        self.anchors = anchors.into_iter().map(|(anchor, _)| anchor).collect();
        Ok(())
    }

    /// Returns the end of the array or object that begins at `start`.
    pub fn end(&self, start: u32) -> Option<u32> {
        let found = self.spans.binary_search_by_key(&start, |(start, _)| *start).ok()?;
        self.spans.get(found).map(|(_, end)| *end)
    }

    /// Returns the text.
    pub fn source(&self) -> &'a [u8] {
        self.source
    }

    /// Returns the offset of the root.
    pub fn root(&self) -> u32 {
        self.root
    }

    /// Returns `true` if a schema may begin at this offset.
    pub fn is_schema(&self, offset: u32) -> bool {
        matches!(self.source.get(to_usize(offset)), Some(b'{' | b't' | b'f'))
    }

    /// Returns `true` if an object has a member `$ref` that is a string.
    pub fn is_reference(&mut self, object: u32) -> bool {
        let value = self.member(object, b"$ref");
        value.is_some_and(|at| self.source.get(to_usize(at)) == Some(&b'"'))
    }

    /// Returns the offset of the identifier of the part of the source that contains `offset`, if
    /// that part has its own.
    pub fn identifier_around(&self, offset: u32) -> Option<u32> {
        let after = self.resources.partition_point(|resource| resource.start <= offset);
        let resource = self.resources.get(after.checked_sub(1)?)?;
        (offset < resource.end).then_some(resource.identifier)
    }

    /// Returns the offset of the schema to which a reference leads.
    pub fn resolve(&mut self, reference: &Text<'_>) -> Result<u32, CompileErrorKind> {
        let text: Vec<u8> = reference.bytes().collect();
        let fragment = match text.split_first() {
            None => &[][..],
            Some((b'#', fragment)) => fragment,
            Some(_) => self.fragment_of_root(&text).ok_or(CompileErrorKind::ReferenceAway)?,
        };
        let lost = CompileErrorKind::ReferenceNotFound;
        let fragment = percent_decoded(fragment).ok_or(lost)?;
        let target = match fragment.split_first() {
            None => Some(self.root),
            Some((b'/', pointer)) => self.follow(pointer),
            Some(_) => self.anchor(&fragment),
        };
        target.filter(|target| self.is_schema(*target)).ok_or(lost)
    }

    /// Returns the fragment of a reference that begins with the root's identifier, or `None` for
    /// others.
    fn fragment_of_root<'t>(&self, reference: &'t [u8]) -> Option<&'t [u8]> {
        if self.name.is_empty() {
            return None;
        }
        match reference.strip_prefix(self.name.as_slice())? {
            [] => Some(&[]),
            [b'#', fragment @ ..] => Some(fragment),
            _ => None,
        }
    }

    fn anchor(&self, name: &[u8]) -> Option<u32> {
        let found = self.anchors.binary_search_by(|anchor| anchor.name.as_slice().cmp(name));
        self.anchors.get(found.ok()?).map(|anchor| anchor.schema)
    }

    /// Follows a JSON Pointer (RFC 6901) without its first `/`.
    fn follow(&mut self, pointer: &[u8]) -> Option<u32> {
        let mut at = self.root;
        for token in pointer.split(|byte| *byte == b'/') {
            let token = unescaped(token)?;
            at = match self.source.get(to_usize(at))? {
                b'[' => self.find(at, position(&token)?, &[])?,
                b'{' => self.member(at, &token)?,
                _ => return None,
            };
        }
        Some(at)
    }

    /// Returns the offset of the value of an object's member with this name.
    fn member(&mut self, object: u32, name: &[u8]) -> Option<u32> {
        self.find(object, Text::new(name, false, 0).hash(), name)
    }

    /// Does the same by the hash of the name, or by the position of an item, which has no name.
    fn find(&mut self, parent: u32, hash: u32, name: &[u8]) -> Option<u32> {
        self.sort();
        let source = self.source;
        let found = self.members.binary_search_by(|Member { parent: of, key, .. }| {
            let order = of.cmp(&parent).then_with(|| key.hash.cmp(&hash));
            order.then_with(|| key.text(source).cmp_plain(name))
        });
        self.members.get(found.ok()?).map(|member| member.value)
    }

    fn sort(&mut self) {
        if !self.sorted {
            let source = self.source;
            sort_by_text(
                &mut self.members,
                |member| (member.parent, member.key.hash),
                |member| member.key.text(source),
                |_, _| Ordering::Equal,
            );
            self.sorted = true;
        }
    }
}

/// The pass over a source from its first byte to its last.
struct Pass<'a> {
    reader: Reader<'a>,
    open: Vec<Open<'a>>,
    members: Vec<Member>,
    spans: Vec<(u32, u32)>,
    root: Option<u32>,
    dialect: Option<Dialect>,
    names: Vec<Naming<'a>>,
}

impl<'a> Pass<'a> {
    fn run(&mut self) -> Result<(), CompileFailure> {
        let mut name = Text::default();
        loop {
            let token = self.reader.next()?;
            let offset = self.reader.offset();
            match token {
                Token::End => return Ok(()),
                Token::Key(key) => {
                    name = key;
                    continue;
                },
                Token::EndArray | Token::EndObject => {
                    if let Some(open) = self.open.pop() {
                        self.close(open, offset.saturating_add(1));
                    }
                    continue;
                },
                _ => {},
            }
            let place = self.member(&name, offset);
            match token {
                Token::BeginArray | Token::BeginObject => {
                    self.open.push(Open {
                        start: offset,
                        number: self.spans.len(),
                        is_object: matches!(token, Token::BeginObject),
                        items: 0,
                        place,
                        names: [None; 3],
                        has_reference: false,
                    });
                    self.spans.push((offset, offset));
                },
                _ => self.scalar(&name, &token, offset)?,
            }
        }
    }

    /// Records a value that begins at `offset`. `name` is its name if it is a member. Returns its
    /// kind.
    fn member(&mut self, name: &Text<'a>, offset: u32) -> Place {
        let Some(parent) = self.open.last_mut() else {
            self.root = Some(offset);
            return Place::Schema;
        };
        let (key, place) = if parent.is_object {
            let key = Key::new(name, name.offset().saturating_add(1), self.reader.key_hash());
            (key, parent.place.member(name))
        } else {
            let key = Key::new(&Text::default(), 0, parent.items);
            parent.items = parent.items.saturating_add(1);
            (key, parent.place)
        };
        self.members.push(Member { parent: parent.start, key, value: offset });
        place
    }

    /// Reads a string, number, `true`, `false` or `null`. `name` is its name if it is a member.
    fn scalar(
        &mut self,
        name: &Text<'a>,
        token: &Token<'a>,
        offset: u32,
    ) -> Result<(), CompileFailure> {
        let is_root = self.open.len() == 1;
        let Some(open) = self.open.last_mut().filter(|open| open.is_object) else { return Ok(()) };
        if is_root && name == "$schema" {
            let dialect = match token {
                Token::String(uri) => Dialect::named(uri),
                _ => None,
            };
            let refused =
                CompileFailure::new(CompileErrorKind::UnknownDialect, Some("$schema"), offset);
            self.dialect = Some(dialect.ok_or(refused)?);
        }
        let Token::String(text) = token else { return Ok(()) };
        open.has_reference |= name == "$ref";
        for (keyword, slot) in NAMING.into_iter().zip(&mut open.names) {
            if name == keyword {
                *slot = Some((*text, name.offset()));
            }
        }
        Ok(())
    }

    fn close(&mut self, open: Open<'a>, end: u32) {
        let Open { start, number, place, names, has_reference: beside_reference, .. } = open;
        if let Some((_, slot)) = self.spans.get_mut(number) {
            *slot = end;
        }
        for (keyword, name) in NAMING.into_iter().zip(names) {
            let Some((name, offset)) = name else { continue };
            let naming = Naming { keyword, name, offset, start, end, place, beside_reference };
            self.names.push(naming);
        }
    }
}

/// Removes resources within others, and sorts the rest.
fn outermost(mut resources: Vec<Resource>) -> Vec<Resource> {
    resources.sort_unstable_by_key(|resource| resource.start);
    let mut end = 0u32;
    resources.retain(|resource| {
        let is_outside = resource.start >= end;
        end = end.max(resource.end);
        is_outside
    });
    resources
}

/// Decodes the percent-encoding of a URI's fragment (RFC 3986, section 2.1). Returns `None` if it
/// is malformed.
fn percent_decoded(fragment: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(fragment.len());
    let mut bytes = fragment.iter();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let mut digit = || char::from(*bytes.next()?).to_digit(16);
                let (high, low) = (digit()?, digit()?);
                u8::try_from(high << 4 | low).ok()?
            },
            other => *other,
        });
    }
    Some(decoded)
}

/// Unescapes a token of a JSON Pointer. Returns `None` if it is malformed.
fn unescaped(token: &[u8]) -> Option<Vec<u8>> {
    let mut name = Vec::with_capacity(token.len());
    let mut bytes = token.iter();
    while let Some(byte) = bytes.next() {
        name.push(match byte {
            b'~' => match bytes.next()? {
                b'0' => b'~',
                b'1' => b'/',
                _ => return None,
            },
            other => *other,
        });
    }
    Some(name)
}

/// Returns the position of an item that a token of a JSON Pointer names, or `None`.
fn position(token: &[u8]) -> Option<u32> {
    let is_plain = matches!(token, [b'0'] | [b'1'..=b'9', ..]);
    let digits = core::str::from_utf8(token).ok().filter(|_| is_plain)?;
    digits.bytes().all(|digit| digit.is_ascii_digit()).then_some(())?;
    digits.parse().ok()
}
