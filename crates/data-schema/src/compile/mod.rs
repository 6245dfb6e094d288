//! Compiles the source of a schema to its program. One pass over the text indexes its parts. A
//! second one reads each reachable schema, with a stack of the open schemas.

mod graph;
mod index;
mod literal;
mod node;

use crate::{
    cast::{to_u32, to_usize},
    compile_error::CompileErrorKind,
    compile_error::CompileFailure,
    dialect::Dialect,
    json::{Limits, Raw, Reader, Text, Token, MAX_READER_DEPTH},
    keywords::{classify, Keyword, KeywordClass, KeywordRole, KeywordUse},
    number::Decimal,
    pattern::Pattern,
    program::{conditions, types, FALSE_NODE, TRUE_NODE},
    MAX_DEPTH, MAX_NODES, MAX_SOURCE, PATTERN_WORK, PATTERN_WORK_BY_BYTE,
};
use alloc::{collections::BTreeMap, vec::Vec};
use graph::{Child, Graph, Units};
use index::Index;
use node::{Builder, Demand, Dependent, Expression, Output, Property, Values};

/// The part of its parent to which a schema belongs.
#[derive(Clone, Copy)]
enum Slot<'a> {
    /// None: it is the root, or the target of a reference.
    Alone,
    Property(Text<'a>, u32),
    Additional,
    Items,
    FurtherItems,
    Not,
    Contains,
    Names,
    If,
    Then,
    Else,
    /// For members whose names match the expression.
    Pattern(Option<Expression>),
    /// For objects with this member.
    Dependent(Text<'a>, u32),
    List(List),
}

/// A keyword whose value is an array of schemas.
#[derive(Clone, Copy)]
enum List {
    Prefix,
    All,
    Any,
    One,
}

/// The part of an open schema that is read next.
#[derive(Clone, Copy)]
enum Mode {
    /// Its keywords.
    Keywords,
    /// The members of a keyword whose value is an object of schemas.
    Members(Members, &'static str),
    /// The schemas of an array that begins at the offset.
    List(List, &'static str, u32),
}

/// A keyword whose value is an object of schemas.
#[derive(Clone, Copy)]
enum Members {
    Properties,
    Patterns,
    DependentRequired,
    DependentSchemas,
    Dependencies,
}

/// A schema object that is being read.
struct Frame<'a> {
    builder: Builder<'a>,
    mode: Mode,
    slot: Slot<'a>,
}

struct Compiler<'a> {
    index: Index<'a>,
    reader: Reader<'a>,
    output: Output,
    graph: Graph,
    /// The number of schemas read so far.
    count: u32,
    frames: Vec<Frame<'a>>,
    /// The remaining work for compiling expressions.
    pattern_work: u32,
    /// The compiled expressions by their text, so that each is compiled once.
    expressions: BTreeMap<Vec<u8>, Option<Expression>>,
    /// The schemas by offset: those that are compiled, and the targets of references.
    places: BTreeMap<u32, u32>,
    /// Targets of references that may not be compiled yet.
    waiting: Vec<u32>,
    /// The last finished schema without a parent.
    alone: Option<Child>,
    /// The survey of a schema that may be rejected, if one was requested.
    survey: Option<Survey<'a>>,
}

/// The content of a source and all of its errors.
#[derive(Default)]
struct Survey<'a> {
    /// The roles of the members of schema objects, and the ends of the values that are skipped.
    uses: Vec<(KeywordUse<'a>, u32)>,
    /// The reasons for a rejection, in the order in which they were found.
    refusals: Vec<CompileFailure>,
}

/// A part of a text that is a schema.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    /// The text into which references lead. It determines the dialect.
    pub root: &'a [u8],
    /// The offset of the schema in the text, or `None` for the whole text.
    pub place: Option<u32>,
    /// `true` if it is known that no object in the text has duplicate keys.
    pub has_unique_keys: bool,
}

/// Compiles a schema to its program. Adds the work of compiling expressions to `patterns`, even on
/// failure.
pub(crate) fn compile(source: Source<'_>, patterns: &mut u32) -> Result<Vec<u8>, CompileFailure> {
    let mut compiler = Compiler::new(source)?;
    let outcome = compiler.run(source.place);
    let left = match &outcome {
        // The work of the expression that exceeded the limit is not known, so all of it counts.
        Err(refused) if refused.kind == CompileErrorKind::PatternTooComplex => 0,
        _ => compiler.pattern_work,
    };
    *patterns = patterns.saturating_add(pattern_work(source.root).saturating_sub(left));
    compiler.output.finish(compiler.graph, outcome?, compiler.index.dialect)
}

/// Returns the roles of the members of a schema and of its subschemas, and all reasons for a
/// rejection, in the order of the text. Considers only schemas that are compiled. The search skips
/// rejected members and ends only if the rest cannot be read.
pub(crate) fn survey(source: Source<'_>) -> (Vec<KeywordUse<'_>>, Vec<CompileFailure>) {
    let mut compiler = match Compiler::new(source) {
        Ok(compiler) => compiler,
        Err(refused) => return (Vec::new(), Vec::from([refused])),
    };
    compiler.survey = Some(Survey::default());
    let outcome = compiler.run(source.place);
    let Compiler { survey, places, output, graph, index, .. } = compiler;
    let Survey { uses, mut refusals } = survey.unwrap_or_default();
    // The limits on the whole can be checked only if every part is valid.
    match outcome {
        Err(refused) => refusals.push(refused),
        Ok(root) if refusals.is_empty() => {
            refusals.extend(output.finish(graph, root, index.dialect).err());
        },
        Ok(_) => {},
    }
    refusals.sort_by_key(|refused| refused.offset);
    let settled = uses.into_iter().map(|(found, end)| {
        // The target of a reference is checked where it is compiled.
        let is_referred_to = places.range(found.name.offset()..end).next().is_some();
        match found.role {
            KeywordRole::Unknown | KeywordRole::Later if is_referred_to => {
                KeywordUse { role: KeywordRole::Annotation, ..found }
            },
            _ => found,
        }
    });
    (settled.collect(), refusals)
}

/// Returns the maximum work of compiling all expressions of a source.
fn pattern_work(source: &[u8]) -> u32 {
    to_u32(source.len()).saturating_mul(PATTERN_WORK_BY_BYTE).saturating_add(PATTERN_WORK)
}

/// Returns a reader at `offset` of a text that was read before.
fn reader_at(source: &[u8], offset: u32) -> Result<Reader<'_>, CompileFailure> {
    let limits = Limits { bytes: MAX_SOURCE, depth: MAX_READER_DEPTH, unique_keys: false };
    let text = source.get(to_usize(offset)..).unwrap_or_default();
    Ok(Reader::within(Raw { text, offset }, limits)?)
}

impl<'a> Compiler<'a> {
    fn new(source: Source<'a>) -> Result<Self, CompileFailure> {
        Ok(Self {
            index: Index::new(source.root, !source.has_unique_keys)?,
            reader: reader_at(source.root, 0)?,
            output: Output::new(source.root.len()),
            graph: Graph::default(),
            count: 0,
            frames: Vec::with_capacity(4),
            pattern_work: pattern_work(source.root),
            expressions: BTreeMap::new(),
            places: BTreeMap::new(),
            waiting: Vec::new(),
            alone: None,
            survey: None,
        })
    }

    /// Compiles the schema at `place` and all targets of references.
    fn run(&mut self, place: Option<u32>) -> Result<Child, CompileFailure> {
        let root = self.read(place.unwrap_or(self.index.root()))?;
        while let Some(place) = self.waiting.pop() {
            let promised = self.places.get(&place).copied();
            if promised.is_some_and(|schema| !self.graph.is_compiled(schema)) {
                self.read(place)?;
            }
        }
        Ok(root)
    }

    /// Compiles the schema that begins at `place`.
    fn read(&mut self, place: u32) -> Result<Child, CompileFailure> {
        self.reader = reader_at(self.index.source(), place)?;
        let token = self.reader.next()?;
        if let Err(refused) = self.schema(token, Slot::Alone, None) {
            self.note(refused)?;
            return Ok(self.boolean(true, place));
        }
        while let Some(frame) = self.frames.last() {
            let (mode, depth) = (frame.mode, self.reader.depth());
            match self.step(mode) {
                Err(refused) if self.survey.is_some() => self.pass_over(refused, mode, depth)?,
                outcome => outcome?,
            }
        }
        self.alone.take().ok_or_else(|| self.refuse(CompileErrorKind::NotASchema))
    }

    /// Continues after a rejected member or item. `depth` is the nesting of the text before it.
    fn pass_over(
        &mut self,
        refused: CompileFailure,
        mode: Mode,
        depth: u32,
    ) -> Result<(), CompileFailure> {
        self.note(refused)?;
        if self.reader.is_before_value() {
            self.reader.skip_value()?;
        }
        while self.reader.depth() > depth {
            self.reader.next()?;
        }
        if let Mode::List(list, ..) = mode {
            let any = self.boolean(true, refused.offset);
            self.deliver(any, Slot::List(list));
        }
        Ok(())
    }

    /// Records a reason for rejection in the survey. Fails without a survey, or if the error makes
    /// the rest unreadable.
    fn note(&mut self, refused: CompileFailure) -> Result<(), CompileFailure> {
        use CompileErrorKind as Kind;
        let is_local = matches!(
            refused.kind,
            Kind::NotASchema
                | Kind::UnsupportedKeyword
                | Kind::InvalidKeywordValue
                | Kind::UnknownType
                | Kind::UnknownDialect
                | Kind::ReferenceNotFound
                | Kind::ReferenceAway
                | Kind::NestedId
                | Kind::InvalidPattern
                | Kind::UnsupportedPattern
        );
        match &mut self.survey {
            Some(survey) if is_local => {
                survey.refusals.push(refused);
                Ok(())
            },
            _ => Err(refused),
        }
    }

    fn dialect(&self) -> Dialect {
        self.index.dialect
    }

    /// Returns the number of open schemas.
    fn depth(&self) -> usize {
        self.frames.len()
    }

    /// Returns a failure at the last token.
    fn refuse(&self, kind: CompileErrorKind) -> CompileFailure {
        CompileFailure::new(kind, None, self.reader.offset())
    }

    /// Returns the failure for a token that is not a valid value of the keyword.
    fn invalid(&self, name: &'static str) -> CompileFailure {
        CompileFailure { keyword: Some(name), ..self.refuse(CompileErrorKind::InvalidKeywordValue) }
    }

    fn builder(&mut self) -> Result<&mut Builder<'a>, CompileFailure> {
        let offset = self.reader.offset();
        let failure = CompileFailure::new(CompileErrorKind::InvalidJson, None, offset);
        self.frames.last_mut().map(|frame| &mut frame.builder).ok_or(failure)
    }

    fn set_mode(&mut self, mode: Mode) {
        if let Some(frame) = self.frames.last_mut() {
            frame.mode = mode;
        }
    }

    /// Counts a schema. Fails if there are too many.
    fn count(&mut self, offset: u32) -> Result<(), CompileFailure> {
        self.count = self.count.saturating_add(1);
        if self.count > MAX_NODES {
            return Err(CompileFailure::new(CompileErrorKind::TooManyNodes, None, offset));
        }
        Ok(())
    }

    /// Counts a schema and writes it into the program.
    fn emit(&mut self, builder: &mut Builder<'a>) -> Result<Child, CompileFailure> {
        self.count(builder.offset)?;
        self.output.node(builder, &mut self.graph)
    }

    /// Adds a boolean schema, without counting it.
    fn boolean(&mut self, verdict: bool, offset: u32) -> Child {
        let node = if verdict { TRUE_NODE } else { FALSE_NODE };
        let units = Units { here: 1, member: 0 };
        Child { schema: self.graph.add(node, offset, units, &[]), reference: 0 }
    }

    fn step(&mut self, mode: Mode) -> Result<(), CompileFailure> {
        let token = self.reader.next()?;
        match (mode, token) {
            (Mode::Keywords, Token::Key(name)) => self.keyword(&name),
            (Mode::Keywords, _) => match self.frames.pop() {
                Some(frame) => self.end(frame),
                None => Ok(()),
            },
            (Mode::Members(members, keyword), Token::Key(name)) => {
                self.member(members, keyword, name)
            },
            (Mode::Members(..), _) => {
                self.set_mode(Mode::Keywords);
                Ok(())
            },
            (Mode::List(list, name, offset), Token::EndArray) => {
                let builder = self.builder()?;
                let schemas = match list {
                    List::Prefix => &builder.prefix,
                    List::All => &builder.all,
                    List::Any => &builder.any,
                    List::One => &builder.one,
                };
                let is_empty = schemas.is_empty();
                self.set_mode(Mode::Keywords);
                if is_empty {
                    return Err(CompileFailure { offset, ..self.invalid(name) });
                }
                Ok(())
            },
            (Mode::List(list, name, _), token) => self.schema(token, Slot::List(list), Some(name)),
        }
    }

    /// Reads a member of a keyword whose value is an object of schemas.
    fn member(
        &mut self,
        members: Members,
        keyword: &'static str,
        name: Text<'a>,
    ) -> Result<(), CompileFailure> {
        let hash = self.reader.key_hash();
        let slot = match members {
            Members::Properties => Slot::Property(name, hash),
            Members::Patterns => Slot::Pattern(self.expression(&name, keyword)?),
            _ => Slot::Dependent(name, hash),
        };
        let token = self.reader.next()?;
        match (members, token) {
            (Members::DependentRequired, _) | (Members::Dependencies, Token::BeginArray) => {
                let names = self.names(token, keyword)?;
                let demands = Demand::Names(names, keyword);
                let dependent = Dependent { name: (name, hash), demands };
                self.builder()?.dependents.push(dependent);
                Ok(())
            },
            _ => self.schema(token, slot, Some(keyword)),
        }
    }

    /// Reads the schema that begins with `token`.
    fn schema(
        &mut self,
        token: Token<'a>,
        slot: Slot<'a>,
        keyword: Option<&'static str>,
    ) -> Result<(), CompileFailure> {
        let offset = self.reader.offset();
        if to_u32(self.depth()) >= MAX_DEPTH {
            return Err(self.refuse(CompileErrorKind::TooDeep));
        }
        if let (Token::BeginObject, Some(schema)) = (token, self.places.get(&offset).copied()) {
            if self.graph.is_compiled(schema) {
                self.count(offset)?;
                if let Some(end) = self.index.end(offset) {
                    self.reader.skip_to(end, true);
                }
                self.deliver(Child { schema, reference: 0 }, slot);
                return Ok(());
            }
        }
        let by_position = self.dialect().has_items_by_position();
        let child = match token {
            // In draft 4, booleans are allowed only for `additionalProperties` and
            // `additionalItems`.
            Token::Bool(verdict)
                if self.dialect().has_boolean_schemas()
                    || matches!(slot, Slot::Additional | Slot::FurtherItems) =>
            {
                self.count(offset)?;
                self.boolean(verdict, offset)
            },
            Token::BeginObject
                if self.dialect().ignores_siblings_of_references()
                    && self.index.is_reference(offset) =>
            {
                self.count(offset)?;
                self.lone_reference()?
            },
            Token::BeginObject => {
                let builder = Builder::new(offset);
                self.frames.push(Frame { builder, mode: Mode::Keywords, slot });
                return Ok(());
            },
            Token::BeginArray if matches!(slot, Slot::Items) && by_position => {
                return self.list(token, List::Prefix, "items");
            },
            // In older drafts, an array as `items` had the meaning of `prefixItems`.
            Token::BeginArray if matches!(slot, Slot::Items) => return Err(self.invalid("items")),
            _ => {
                return Err(CompileFailure {
                    keyword,
                    ..self.refuse(CompileErrorKind::NotASchema)
                });
            },
        };
        self.complete(offset, child);
        self.deliver(child, slot);
        Ok(())
    }

    /// Reads an object with a `$ref` to its end, in a dialect that ignores the keywords beside it.
    fn lone_reference(&mut self) -> Result<Child, CompileFailure> {
        let mut child = None;
        while let Token::Key(name) = self.reader.next()? {
            if name == "$ref" {
                let Token::String(text) = self.reader.next()? else {
                    return Err(self.invalid("$ref"));
                };
                child = Some(self.refer(&text)?);
                self.record(name, KeywordRole::Checked);
                continue;
            }
            let role = match classify(&name, self.dialect()) {
                KeywordClass::Known(keyword, _) if keyword.is_checked() => {
                    KeywordRole::BesideReference
                },
                KeywordClass::Refused(_) => KeywordRole::BesideReference,
                KeywordClass::Later => KeywordRole::Later,
                KeywordClass::Unknown => KeywordRole::Unknown,
                KeywordClass::Known(..) | KeywordClass::Annotation => KeywordRole::Annotation,
            };
            self.ignore(&name, role)?;
        }
        child.ok_or_else(|| self.refuse(CompileErrorKind::InvalidJson))
    }

    /// Returns the target of a reference.
    fn refer(&mut self, text: &Text<'a>) -> Result<Child, CompileFailure> {
        let reference = text.offset();
        let failure = |kind| CompileFailure::new(kind, Some("$ref"), reference);
        if let Some(offset) = self.index.identifier_around(reference) {
            let keyword = Some(self.dialect().identifier());
            return Err(CompileFailure { keyword, offset, ..failure(CompileErrorKind::NestedId) });
        }
        let target = self.index.resolve(text).map_err(failure)?;
        let schema = match self.places.get(&target) {
            Some(schema) => *schema,
            None => {
                let schema = self.graph.promise(target);
                self.places.insert(target, schema);
                self.waiting.push(target);
                schema
            },
        };
        Ok(Child { schema, reference })
    }

    /// Ends a schema object.
    fn end(&mut self, frame: Frame<'a>) -> Result<(), CompileFailure> {
        let Frame { mut builder, slot, .. } = frame;
        let offset = builder.offset;
        let child = match self.node(&mut builder) {
            Ok(child) => child,
            Err(refused) => {
                self.note(refused)?;
                self.boolean(true, offset)
            },
        };
        self.complete(offset, child);
        self.deliver(child, slot);
        Ok(())
    }

    /// Writes the schema of an object that was read to its end.
    fn node(&mut self, builder: &mut Builder<'a>) -> Result<Child, CompileFailure> {
        self.settle(builder)?;
        self.add_dependents(builder)?;
        self.emit(builder)
    }

    /// Combines keywords that affect each other.
    fn settle(&mut self, builder: &mut Builder<'a>) -> Result<(), CompileFailure> {
        if self.dialect().has_items_by_position() && !builder.prefix.is_empty() {
            builder.items = builder.further_items;
        }
        let names = ["exclusiveMinimum", "exclusiveMaximum"];
        let [least, most, above, below, _] = &mut builder.bounds;
        let bounds = [(least, above), (most, below)];
        for ((name, exclusive), (bound, excluded)) in
            names.into_iter().zip(builder.exclusive).zip(bounds)
        {
            match exclusive {
                Some((true, _)) if bound.is_some() => *excluded = bound.take(),
                // `true` without a bound to exclude.
                Some((true, offset)) => {
                    let kind = CompileErrorKind::InvalidKeywordValue;
                    return Err(CompileFailure::new(kind, Some(name), offset));
                },
                _ => {},
            }
        }
        Ok(())
    }

    /// Makes a condition of each member with a requirement: an object that has the member must meet
    /// the requirement.
    fn add_dependents(&mut self, builder: &mut Builder<'a>) -> Result<(), CompileFailure> {
        let offset = builder.offset;
        for Dependent { name, demands } in core::mem::take(&mut builder.dependents) {
            let mut has_member = Builder::requiring(offset, &[name], "required");
            has_member.types = types::OBJECT;
            let mut condition = Builder::new(offset);
            let demanded = match demands {
                Demand::Names(names, _) if names.is_empty() => continue,
                Demand::Names(names, keyword) => {
                    condition.condition = conditions::DEPENDENT_REQUIRED;
                    self.emit(&mut Builder::requiring(offset, &names, keyword))?
                },
                Demand::Schema(child) => {
                    condition.condition = conditions::DEPENDENT_SCHEMAS;
                    child
                },
            };
            condition.when = Some(self.emit(&mut has_member)?);
            condition.then = Some(demanded);
            let condition = self.emit(&mut condition)?;
            builder.all.push(condition);
        }
        Ok(())
    }

    /// Records that the schema that begins at `offset` is compiled, for references to it.
    fn complete(&mut self, offset: u32, child: Child) {
        match self.places.get(&offset).copied() {
            Some(promised) if !self.graph.is_compiled(promised) => {
                self.graph.fulfil(promised, child);
            },
            Some(_) => {},
            // Its target may not be compiled yet when this place is read in another context.
            None if child.reference != 0 => {
                let itself = self.graph.promise(offset);
                self.places.insert(offset, itself);
                self.graph.fulfil(itself, child);
            },
            None => {
                self.places.insert(offset, child.schema);
            },
        }
    }

    /// Adds a finished schema to its parent.
    fn deliver(&mut self, child: Child, slot: Slot<'a>) {
        let Some(Frame { builder, .. }) = self.frames.last_mut() else {
            self.alone = Some(child);
            return;
        };
        match slot {
            Slot::Alone => self.alone = Some(child),
            Slot::Property(name, hash) => {
                builder.properties.push(Property { name, hash, schema: Some(child) });
            },
            Slot::Additional => builder.additional = Some(child),
            Slot::Items => builder.items = Some(child),
            Slot::FurtherItems => builder.further_items = Some(child),
            Slot::Not => builder.not = Some(child),
            Slot::Contains => builder.contains = Some(child),
            Slot::Names => builder.names = Some(child),
            Slot::Pattern(expression) => builder.patterns.push((expression, child)),
            Slot::Dependent(name, hash) => {
                let demands = Demand::Schema(child);
                builder.dependents.push(Dependent { name: (name, hash), demands });
            },
            Slot::If => builder.when = Some(child),
            Slot::Then => builder.then = Some(child),
            Slot::Else => builder.otherwise = Some(child),
            Slot::List(List::Prefix) => builder.prefix.push(child),
            Slot::List(List::All) => builder.all.push(child),
            Slot::List(List::Any) => builder.any.push(child),
            Slot::List(List::One) => builder.one.push(child),
        }
    }

    /// Records the role of a member, if a survey was requested.
    fn record(&mut self, name: Text<'a>, role: KeywordRole) {
        self.record_until(name, role, name.offset());
    }

    /// Records the role of a member whose value is skipped and ends at `end`.
    fn record_until(&mut self, name: Text<'a>, role: KeywordRole, end: u32) {
        if let Some(survey) = &mut self.survey {
            survey.uses.push((KeywordUse { name, role }, end));
        }
    }

    /// Reads the value of a member of a schema object.
    fn keyword(&mut self, key: &Text<'a>) -> Result<(), CompileFailure> {
        let (known, name) = match classify(key, self.dialect()) {
            KeywordClass::Known(known, name) => (known, name),
            KeywordClass::Annotation => return self.ignore(key, KeywordRole::Annotation),
            KeywordClass::Later => return self.ignore(key, KeywordRole::Later),
            KeywordClass::Unknown => return self.ignore(key, KeywordRole::Unknown),
            KeywordClass::Refused(name) => {
                self.record(*key, KeywordRole::Refused);
                return Err(CompileFailure {
                    keyword: Some(name),
                    ..self.refuse(CompileErrorKind::UnsupportedKeyword)
                });
            },
        };
        match known {
            Keyword::Definitions => {},
            _ if known.is_checked() => self.record(*key, KeywordRole::Checked),
            _ => self.record(*key, KeywordRole::Annotation),
        }
        if known == Keyword::Definitions {
            // Definitions are compiled as targets of references.
            let start = self.reader.next_offset();
            if self.index.source().get(to_usize(start)) != Some(&b'{') {
                self.reader.next()?;
                return Err(self.invalid(name));
            }
            return self.ignore(key, KeywordRole::Annotation);
        }
        let token = self.reader.next()?;
        match known {
            Keyword::Type => {
                let types = self.types(token, name)?;
                self.builder()?.types = types;
            },
            Keyword::Enum => {
                let values = self.values(token, name)?;
                self.builder()?.choices = Some(values);
            },
            Keyword::Const => {
                let literal = self.literal(token)?;
                let mut values = Values::default();
                values.insert(literal);
                self.builder()?.constant = Some(values);
            },
            Keyword::Required => {
                let names = self.names(token, name)?;
                self.builder()?.require(&names);
            },
            Keyword::Properties => self.members(token, Members::Properties, name)?,
            Keyword::PatternProperties => self.members(token, Members::Patterns, name)?,
            Keyword::DependentRequired => self.members(token, Members::DependentRequired, name)?,
            Keyword::DependentSchemas => self.members(token, Members::DependentSchemas, name)?,
            Keyword::Dependencies => self.members(token, Members::Dependencies, name)?,
            Keyword::PropertyNames => self.schema(token, Slot::Names, Some(name))?,
            Keyword::Contains => self.schema(token, Slot::Contains, Some(name))?,
            Keyword::MinContains => self.range(token, name, |b, n| b.contained.fewest = n)?,
            Keyword::MaxContains => self.range(token, name, |b, n| b.contained.most = n)?,
            Keyword::If => self.schema(token, Slot::If, Some(name))?,
            Keyword::Then => self.schema(token, Slot::Then, Some(name))?,
            Keyword::Else => self.schema(token, Slot::Else, Some(name))?,
            Keyword::AdditionalProperties => self.schema(token, Slot::Additional, Some(name))?,
            Keyword::Items => self.schema(token, Slot::Items, Some(name))?,
            Keyword::AdditionalItems => self.schema(token, Slot::FurtherItems, Some(name))?,
            Keyword::Not => self.schema(token, Slot::Not, Some(name))?,
            Keyword::PrefixItems => self.list(token, List::Prefix, name)?,
            Keyword::AllOf => self.list(token, List::All, name)?,
            Keyword::AnyOf => self.list(token, List::Any, name)?,
            Keyword::OneOf => self.list(token, List::One, name)?,
            Keyword::MinProperties => self.range(token, name, |b, n| b.size.fewest = n)?,
            Keyword::MaxProperties => self.range(token, name, |b, n| b.size.most = n)?,
            Keyword::MinItems => self.range(token, name, |b, n| b.count.fewest = n)?,
            Keyword::MaxItems => self.range(token, name, |b, n| b.count.most = n)?,
            Keyword::UniqueItems => {
                let Token::Bool(unique) = token else { return Err(self.invalid(name)) };
                self.builder()?.unique = unique;
            },
            Keyword::MinLength => self.range(token, name, |b, n| b.length.fewest = n)?,
            Keyword::MaxLength => self.range(token, name, |b, n| b.length.most = n)?,
            Keyword::Pattern => self.pattern(token, name)?,
            Keyword::Minimum => self.bound(token, name, |[slot, ..]| slot)?,
            Keyword::Maximum => self.bound(token, name, |[_, slot, ..]| slot)?,
            Keyword::ExclusiveMinimum | Keyword::ExclusiveMaximum
                if self.dialect() == Dialect::Draft4 =>
            {
                let Token::Bool(exclusive) = token else { return Err(self.invalid(name)) };
                let offset = self.reader.offset();
                let [least, most] = &mut self.builder()?.exclusive;
                let slot = if known == Keyword::ExclusiveMinimum { least } else { most };
                *slot = Some((exclusive, offset));
            },
            Keyword::ExclusiveMinimum => self.bound(token, name, |[_, _, slot, ..]| slot)?,
            Keyword::ExclusiveMaximum => self.bound(token, name, |[_, _, _, slot, _]| slot)?,
            Keyword::MultipleOf => self.bound(token, name, |[.., slot]| slot)?,
            Keyword::Reference => {
                let Token::String(text) = token else { return Err(self.invalid(name)) };
                let child = self.refer(&text)?;
                self.builder()?.all.push(child);
            },
            Keyword::Anchor => match token {
                Token::String(text) if is_anchor(&text, self.dialect()) => {},
                _ => return Err(self.invalid(name)),
            },
            Keyword::Dialect => {
                let same = match token {
                    Token::String(uri) => Dialect::named(&uri) == Some(self.dialect()),
                    _ => false,
                };
                if !same {
                    let kind = CompileErrorKind::UnknownDialect;
                    return Err(CompileFailure { keyword: Some(name), ..self.refuse(kind) });
                }
            },
            Keyword::Definitions => {},
        }
        Ok(())
    }

    /// Skips the value of a member that checks nothing.
    fn ignore(&mut self, key: &Text<'a>, role: KeywordRole) -> Result<(), CompileFailure> {
        let start = self.reader.next_offset();
        let end = self.index.end(start);
        self.record_until(*key, role, end.unwrap_or(start));
        match end {
            Some(end) => self.reader.skip_to(end, false),
            None => {
                self.reader.skip_value()?;
            },
        }
        Ok(())
    }

    /// Begins a keyword whose value is an object of schemas.
    fn members(
        &mut self,
        token: Token<'a>,
        members: Members,
        name: &'static str,
    ) -> Result<(), CompileFailure> {
        match token {
            Token::BeginObject => {
                self.set_mode(Mode::Members(members, name));
                Ok(())
            },
            _ => Err(self.invalid(name)),
        }
    }

    fn list(
        &mut self,
        token: Token<'a>,
        list: List,
        name: &'static str,
    ) -> Result<(), CompileFailure> {
        match token {
            Token::BeginArray => {
                self.set_mode(Mode::List(list, name, self.reader.offset()));
                Ok(())
            },
            _ => Err(self.invalid(name)),
        }
    }

    /// Reads `pattern`, a regular expression.
    fn pattern(&mut self, token: Token<'a>, name: &'static str) -> Result<(), CompileFailure> {
        let Token::String(text) = token else { return Err(self.invalid(name)) };
        self.builder()?.pattern = self.expression(&text, name)?;
        Ok(())
    }

    /// Compiles a regular expression. Returns `None` if every text matches it.
    fn expression(
        &mut self,
        text: &Text<'a>,
        name: &'static str,
    ) -> Result<Option<Expression>, CompileFailure> {
        let mut key = Vec::new();
        text.append_to(&mut key);
        match self.expressions.get(&key) {
            Some(expression) => Ok(*expression),
            None => {
                let source: Vec<char> = text.chars().collect();
                let pattern = Pattern::within(&source, &mut self.pattern_work);
                let pattern = pattern.map_err(|refused| CompileFailure {
                    kind: CompileErrorKind::from(refused.kind),
                    keyword: Some(name),
                    offset: text.offset_of_char(refused.at),
                    detail: Some(refused.kind.sentence()),
                })?;
                let expression = self.output.expression(&pattern);
                self.expressions.insert(key, expression);
                Ok(expression)
            },
        }
    }

    /// Reads `type`: one name, or an array of different names.
    fn types(&mut self, token: Token<'a>, name: &'static str) -> Result<u8, CompileFailure> {
        match token {
            Token::String(text) => self.type_named(&text).map(|(_, bits)| bits),
            Token::BeginArray => {
                let start = self.reader.offset();
                let (mut seen, mut types) = (0u8, 0u8);
                loop {
                    match self.reader.next()? {
                        Token::String(text) => {
                            let (one, bits) = self.type_named(&text)?;
                            if seen & one != 0 {
                                return Err(self.invalid(name));
                            }
                            seen |= one;
                            types |= bits;
                        },
                        Token::EndArray if types == 0 => {
                            return Err(CompileFailure { offset: start, ..self.invalid(name) });
                        },
                        Token::EndArray => return Ok(types),
                        _ => return Err(self.invalid(name)),
                    }
                }
            },
            _ => Err(self.invalid(name)),
        }
    }

    /// Returns the bit of the name itself, and the bits of the types that it includes.
    fn type_named(&self, text: &Text<'_>) -> Result<(u8, u8), CompileFailure> {
        const NUMBER: u8 = types::INTEGER | types::WHOLE | types::FRACTION;
        let integer = match self.dialect().integers_by_value() {
            true => types::INTEGER | types::WHOLE,
            false => types::INTEGER,
        };
        let names = [
            ("null", types::NULL, types::NULL),
            ("boolean", types::BOOLEAN, types::BOOLEAN),
            ("integer", types::INTEGER, integer),
            ("number", types::FRACTION, NUMBER),
            ("string", types::STRING, types::STRING),
            ("array", types::ARRAY, types::ARRAY),
            ("object", types::OBJECT, types::OBJECT),
        ];
        match names.into_iter().find(|(name, ..)| text == name) {
            Some((_, one, bits)) => Ok((one, bits)),
            None => Err(CompileFailure {
                keyword: Some("type"),
                ..self.refuse(CompileErrorKind::UnknownType)
            }),
        }
    }

    /// Reads `enum`: an array of values. No value matches an empty one.
    fn values(
        &mut self,
        token: Token<'a>,
        name: &'static str,
    ) -> Result<Values<'a>, CompileFailure> {
        if !matches!(token, Token::BeginArray) {
            return Err(self.invalid(name));
        }
        let mut values = Values::default();
        loop {
            match self.reader.next()? {
                Token::EndArray => return Ok(values),
                token => {
                    let literal = self.literal(token)?;
                    values.insert(literal);
                },
            }
        }
    }

    /// Reads an array of names with their hashes. The end of the schema checks that they differ.
    fn names(
        &mut self,
        token: Token<'a>,
        name: &'static str,
    ) -> Result<Vec<(Text<'a>, u32)>, CompileFailure> {
        if !matches!(token, Token::BeginArray) {
            return Err(self.invalid(name));
        }
        let mut names = Vec::new();
        loop {
            match self.reader.next()? {
                Token::EndArray => return Ok(names),
                Token::String(name) => names.push((name, name.hash())),
                _ => return Err(self.invalid(name)),
            }
        }
    }

    /// Reads a count, which is a whole number in any notation. Larger ones count as `u32::MAX`,
    /// which no text exceeds.
    fn range(
        &mut self,
        token: Token<'a>,
        name: &'static str,
        set: impl Fn(&mut Builder<'a>, u32),
    ) -> Result<(), CompileFailure> {
        let Token::Number(number) = token else { return Err(self.invalid(name)) };
        if number.decimal().is_negative() || !number.is_integer() {
            return Err(self.invalid(name));
        }
        set(self.builder()?, number.to_u32().unwrap_or(u32::MAX));
        Ok(())
    }

    /// Reads a number to compare with. For `multipleOf` it must be above 0.
    fn bound(
        &mut self,
        token: Token<'a>,
        name: &'static str,
        slot: impl for<'b> Fn(&'b mut [Option<Decimal<'a>>; 5]) -> &'b mut Option<Decimal<'a>>,
    ) -> Result<(), CompileFailure> {
        let Token::Number(number) = token else { return Err(self.invalid(name)) };
        let value = number.decimal();
        if name == "multipleOf" && (value.is_negative() || value.is_zero()) {
            return Err(self.invalid(name));
        }
        *slot(&mut self.builder()?.bounds) = Some(value);
        Ok(())
    }
}

/// Returns `true` if a text is valid for `$anchor`: Core, 8.2.2, and 8.2.3 in 2019-09.
fn is_anchor(text: &Text<'_>, dialect: Dialect) -> bool {
    let (first_sign, sign) = match dialect {
        Dialect::Draft2019 => (None, ':'),
        _ => (Some('_'), '_'),
    };
    let mut letters = text.chars();
    let first = letters.next();
    first.is_some_and(|first| first.is_ascii_alphabetic() || Some(first) == first_sign)
        && letters.all(|letter| {
            letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.') || letter == sign
        })
}
