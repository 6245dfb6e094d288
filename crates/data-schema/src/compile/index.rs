//! Where everything in a source stands: read once, before anything is compiled, so that references
//! lead somewhere in little time however many there are.

use crate::{
    cast::{to_u32, to_usize},
    compile_error::{CompileErrorKind, CompileFailure},
    dialect::Dialect,
    json::{Limits, Reader, Text, Token, MAX_READER_DEPTH},
    MAX_SOURCE,
};
use alloc::vec::Vec;

/// A member of an object, or an item of an array.
#[derive(Clone, Copy)]
struct Member {
    /// Where the object or array begins.
    parent: u32,
    /// The hash of the name, or the position of the item.
    hash: u32,
    /// Where the name begins, after its quote.
    name: u32,
    /// Twice the bytes of the name, plus one if there are escapes.
    length: u32,
    /// Where the value begins.
    value: u32,
}

impl Member {
    fn text<'a>(&self, source: &'a [u8]) -> Text<'a> {
        let start = to_usize(self.name);
        let end = start.saturating_add(to_usize(self.length >> 1));
        Text::new(source.get(start..end).unwrap_or_default(), self.length & 1 == 1, self.name)
    }
}

/// What stands at a place of a source.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A schema, or an array of schemas. Below a keyword that no draft knows, this is assumed.
    Schema,
    /// An object whose members are schemas.
    Schemas,
    /// A value that is not read as a schema.
    Value,
}

impl Place {
    /// What the member of this name is.
    fn member(self, name: &Text<'_>) -> Self {
        const SCHEMAS: [&str; 5] =
            ["properties", "$defs", "definitions", "patternProperties", "dependentSchemas"];
        const VALUES: [&str; 4] = ["const", "enum", "default", "examples"];
        match self {
            Place::Schemas => Place::Schema,
            Place::Value => Place::Value,
            Place::Schema if SCHEMAS.iter().any(|known| name == known) => Place::Schemas,
            Place::Schema if VALUES.iter().any(|known| name == known) => Place::Value,
            Place::Schema => Place::Schema,
        }
    }
}

/// An array or object that is being read.
struct Open {
    start: u32,
    is_object: bool,
    items: u32,
    place: Place,
    /// The values of `$id` and `id`, if they name this schema.
    identifiers: [Option<u32>; 2],
}

/// A part of the source with a name of its own, where references would mean something else.
struct Resource {
    start: u32,
    end: u32,
    /// Where its name stands.
    identifier: u32,
}

/// What is known about a source before it is compiled.
pub(super) struct Index<'a> {
    source: &'a [u8],
    /// Where the root begins.
    root: u32,
    pub dialect: Dialect,
    members: Vec<Member>,
    sorted: bool,
    /// Each name of a schema, and where the schema begins. Where drafts take them from `$id`, they
    /// begin with `#`.
    anchors: Vec<(Text<'a>, u32)>,
    /// Sorted, none within another.
    resources: Vec<Resource>,
}

impl<'a> Index<'a> {
    /// Reads a source. Fails if it is not JSON, or says that it is of a dialect that is not supported.
    pub fn new(source: &'a [u8], unique_keys: bool) -> Result<Self, CompileFailure> {
        let limits = Limits { bytes: MAX_SOURCE, depth: MAX_READER_DEPTH, unique_keys };
        let mut pass = Pass {
            reader: Reader::new(source, limits)?,
            open: Vec::new(),
            members: Vec::new(),
            root: None,
            dialect: None,
            anchors: Vec::new(),
            resources: [Vec::new(), Vec::new()],
        };
        pass.run()?;
        let Pass { members, root, dialect, anchors, resources, .. } = pass;
        let dialect = dialect.unwrap_or_default();
        let [of_new, of_old] = resources;
        let (keyword, resources) =
            if dialect.identifier() == "$id" { ("$id", of_new) } else { ("id", of_old) };
        let anchor = match dialect >= Dialect::Draft2019 {
            true => "$anchor",
            false => keyword,
        };
        let mut index = Self {
            source,
            root: root.unwrap_or_default(),
            dialect,
            members,
            sorted: false,
            anchors: Vec::new(),
            resources: outermost(resources),
        };
        let named = anchors.into_iter().filter(|(found, name, _)| {
            *found == anchor && (anchor == "$anchor" || name.bytes().next() == Some(b'#'))
        });
        index.anchors = named.map(|(_, name, schema)| (name, schema)).collect();
        index.anchors.sort_by(|a, b| a.0.cmp_text(&b.0));
        let pairs = index.anchors.iter().zip(index.anchors.iter().skip(1));
        for ((one, _), (other, _)) in pairs {
            if one == other {
                return Err(CompileFailure {
                    kind: CompileErrorKind::InvalidKeywordValue,
                    keyword: Some(anchor),
                    offset: one.offset().max(other.offset()),
                });
            }
        }
        Ok(index)
    }

    /// The text.
    pub fn source(&self) -> &'a [u8] {
        self.source
    }

    /// Where the root begins.
    pub fn root(&self) -> u32 {
        self.root
    }

    /// Whether a schema may begin here.
    pub fn is_schema(&self, offset: u32) -> bool {
        matches!(self.source.get(to_usize(offset)), Some(b'{' | b't' | b'f'))
    }

    /// Whether an object has a member `$ref` that is a string.
    pub fn is_reference(&mut self, object: u32) -> bool {
        let name = Text::new(b"$ref", false, 0);
        let value = self.find(object, name.hash(), b"$ref");
        value.is_some_and(|at| self.source.get(to_usize(at)) == Some(&b'"'))
    }

    /// The name of its own of a part of the source that this place is in.
    pub fn identifier_around(&self, offset: u32) -> Option<u32> {
        let after = self.resources.partition_point(|resource| resource.start <= offset);
        let resource = self.resources.get(after.checked_sub(1)?)?;
        (offset < resource.end).then_some(resource.identifier)
    }

    /// Where the schema begins that a reference names.
    pub fn resolve(&mut self, reference: &Text<'_>) -> Result<u32, CompileErrorKind> {
        let text: Vec<u8> = reference.bytes().collect();
        let fragment = match text.split_first() {
            None => &[][..],
            Some((b'#', fragment)) => fragment,
            Some(_) => return Err(CompileErrorKind::ReferenceAway),
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

    fn anchor(&self, name: &[u8]) -> Option<u32> {
        let plain = |text: &Text<'a>| match text.bytes().next() {
            Some(b'#') => text.bytes().skip(1).eq(name.iter().copied()),
            _ => text.bytes().eq(name.iter().copied()),
        };
        self.anchors.iter().find(|(text, _)| plain(text)).map(|(_, schema)| *schema)
    }

    /// Follows a JSON Pointer (RFC 6901) without its first `/`.
    fn follow(&mut self, pointer: &[u8]) -> Option<u32> {
        let mut at = self.root;
        for token in pointer.split(|byte| *byte == b'/') {
            let token = unescaped(token)?;
            at = match self.source.get(to_usize(at))? {
                b'[' => {
                    let item = position(&token)?;
                    self.find(at, item, &[])?
                },
                b'{' => {
                    let name = Text::new(&token, false, 0);
                    self.find(at, name.hash(), &token)?
                },
                _ => return None,
            };
        }
        Some(at)
    }

    /// The value of a member of this name, which is not escaped, or of the item at this position,
    /// which has none.
    fn find(&mut self, parent: u32, hash: u32, name: &[u8]) -> Option<u32> {
        self.sort();
        let source = self.source;
        let found = self.members.binary_search_by(|member| {
            let order = member.parent.cmp(&parent).then_with(|| member.hash.cmp(&hash));
            order.then_with(|| member.text(source).cmp_plain(name))
        });
        self.members.get(found.ok()?).map(|member| member.value)
    }

    fn sort(&mut self) {
        if !self.sorted {
            let source = self.source;
            self.members.sort_unstable_by(|a, b| {
                let order = a.parent.cmp(&b.parent).then_with(|| a.hash.cmp(&b.hash));
                order.then_with(|| a.text(source).cmp_text(&b.text(source)))
            });
            self.sorted = true;
        }
    }
}

/// Reads a source from its first byte to its last.
struct Pass<'a> {
    reader: Reader<'a>,
    open: Vec<Open>,
    members: Vec<Member>,
    root: Option<u32>,
    dialect: Option<Dialect>,
    /// What may name a schema: the keyword, the name, and where the schema begins.
    anchors: Vec<(&'static str, Text<'a>, u32)>,
    /// Those that `$id` makes, and those that `id` makes.
    resources: [Vec<Resource>; 2],
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
                        self.close(&open, offset);
                    }
                    continue;
                },
                _ => {},
            }
            let place = self.member(&name, offset);
            match token {
                Token::BeginArray | Token::BeginObject => {
                    let is_object = matches!(token, Token::BeginObject);
                    let identifiers = [None; 2];
                    self.open.push(Open { start: offset, is_object, items: 0, place, identifiers });
                },
                _ => self.scalar(&name, &token, offset)?,
            }
        }
    }

    /// A value begins at `offset`, which has this name if it is a member. Returns what it is.
    fn member(&mut self, name: &Text<'a>, offset: u32) -> Place {
        let Some(parent) = self.open.last_mut() else {
            self.root = Some(offset);
            return Place::Schema;
        };
        let mut member =
            Member { parent: parent.start, hash: parent.items, name: 0, length: 0, value: offset };
        let place = if parent.is_object {
            member.hash = self.reader.key_hash();
            member.name = name.offset().saturating_add(1);
            let bytes = to_u32(name.raw().len());
            member.length = bytes.wrapping_shl(1) | u32::from(name.is_escaped());
            parent.place.member(name)
        } else {
            parent.items = parent.items.saturating_add(1);
            parent.place
        };
        self.members.push(member);
        place
    }

    /// A string, number, `true`, `false` or `null` of this name, if it is a member.
    fn scalar(
        &mut self,
        name: &Text<'a>,
        token: &Token<'a>,
        offset: u32,
    ) -> Result<(), CompileFailure> {
        let is_root = self.open.len() == 1;
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        if !open.is_object || open.place != Place::Schema {
            return Ok(());
        }
        if is_root && name == "$schema" {
            let dialect = match token {
                Token::String(uri) => Dialect::named(uri),
                _ => None,
            };
            let refused = CompileFailure {
                kind: CompileErrorKind::UnknownDialect,
                keyword: Some("$schema"),
                offset,
            };
            self.dialect = Some(dialect.ok_or(refused)?);
        }
        let Token::String(text) = token else { return Ok(()) };
        if name == "$anchor" {
            self.anchors.push(("$anchor", *text, open.start));
        }
        for (keyword, slot) in ["$id", "id"].into_iter().zip(&mut open.identifiers) {
            if name != keyword {
                continue;
            }
            if text.bytes().next() == Some(b'#') {
                self.anchors.push((keyword, *text, open.start));
            } else if !is_root {
                *slot = Some(name.offset());
            }
        }
        Ok(())
    }

    fn close(&mut self, open: &Open, end: u32) {
        for (resources, identifier) in self.resources.iter_mut().zip(open.identifiers) {
            if let Some(identifier) = identifier {
                resources.push(Resource { start: open.start, end, identifier });
            }
        }
    }
}

/// Leaves out what is within another, and sorts the rest.
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

/// The bytes that a fragment of a URI stands for (RFC 3986, section 2.1).
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

/// The name that a token of a JSON Pointer stands for.
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

/// The position of an item that a token of a JSON Pointer stands for.
fn position(token: &[u8]) -> Option<u32> {
    let is_plain = matches!(token, [b'0'] | [b'1'..=b'9', ..]);
    let digits = core::str::from_utf8(token).ok().filter(|_| is_plain)?;
    digits.bytes().all(|digit| digit.is_ascii_digit()).then_some(())?;
    digits.parse().ok()
}
