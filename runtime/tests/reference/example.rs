// SPDX-License-Identifier: Apache-2.0

//! Values of constants, and examples of types as Polkadot.js accepts them.

use crate::{book::Book, text::camel_case};
use codec::Decode;
use scale_info::{form::PortableForm, Field, TypeDef, TypeDefPrimitive, Variant};

/// A well-known account of development chains.
const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
/// Examples of bytes, by the name of the enclosing field or type. Others are binary.
const TEXTS: [(&str, &str); 13] = [
    ("asset", "cranes.example/BC250-4711"),
    ("data_set", "serviceLog"),
    ("description", r#"{"name":"Big Crane 250"}"#),
    ("document", r#"{"template":{"type":"service"}}"#),
    ("items", "12.5"),
    ("keyword", "minimum"),
    ("label", "Alice"),
    ("message", "the number is below the minimum"),
    ("name", "service"),
    ("pointer", "/hours"),
    ("shortvalue", "12.5"),
    ("storedvalue", "12.5"),
    ("value", "12.5"),
];
const BINARY: &str = "0x0102";
/// The access that both roles and accounts can have: WRITE.
const ACCESS: &str = "2";
/// Fields of 64 bits that are moments, in Unix milliseconds.
const MOMENTS: [&str; 5] = ["deadline", "since", "time", "until", "valid_until"];
const MOMENT: &str = "1893456000000";
/// Fields of type `Option` that have a value in examples. The others are `null`.
const GIVEN: [&str; 1] = ["read"];
/// The maximum number of columns of an example on one line.
const COLUMNS: usize = 90;

/// A value as JSON.
pub enum Json {
    Plain(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    fn text(text: &str) -> Self {
        Json::Plain(format!("{text:?}"))
    }

    fn null() -> Self {
        Json::Plain("null".into())
    }

    /// Returns the value on one line.
    fn inline(&self) -> String {
        match self {
            Json::Plain(text) => text.clone(),
            Json::List(items) => {
                let items: Vec<_> = items.iter().map(Json::inline).collect();
                format!("[{}]", items.join(", "))
            },
            Json::Object(members) => {
                let member =
                    |(name, value): &(String, Json)| format!("{name:?}: {}", value.inline());
                let members: Vec<_> = members.iter().map(member).collect();
                format!("{{ {} }}", members.join(", "))
            },
        }
    }

    /// Returns the value on one line if that is short, otherwise with a line for each member.
    pub fn lines(&self, indent: usize) -> String {
        let inline = self.inline();
        let (before, after) = ("  ".repeat(indent + 1), "  ".repeat(indent));
        match self {
            _ if inline.len() + after.len() <= COLUMNS => inline,
            Json::Plain(_) => inline,
            Json::List(items) => {
                let items: Vec<_> = items.iter().map(|item| item.lines(indent + 1)).collect();
                format!("[\n{before}{}\n{after}]", items.join(&format!(",\n{before}")))
            },
            Json::Object(members) => {
                let member = |(name, value): &(String, Json)| {
                    format!("{name:?}: {}", value.lines(indent + 1))
                };
                let members: Vec<_> = members.iter().map(member).collect();
                format!("{{\n{before}{}\n{after}}}", members.join(&format!(",\n{before}")))
            },
        }
    }
}

/// Returns the examples of a type as text: one of each variant of an enum with fields, otherwise
/// one.
pub fn examples(book: &Book<'_>, id: u32, hint: &str) -> Vec<String> {
    let of_all: Vec<Json> = match &book.resolve(id).type_def {
        TypeDef::Variant(of) if of.variants.iter().any(|variant| !variant.fields.is_empty()) => {
            of.variants.iter().map(|variant| variant_example(book, variant, hint)).collect()
        },
        _ => vec![example(book, id, hint)],
    };
    of_all.iter().map(|example| example.lines(0)).collect()
}

/// Returns an example of a type. `hint` is the name of the enclosing field or type.
fn example(book: &Book<'_>, id: u32, hint: &str) -> Json {
    let ty = book.resolve(id);
    let name = ty.path.ident().unwrap_or_default();
    match name.as_str() {
        "AccountId32" => return Json::text(ALICE),
        "Option" if !GIVEN.contains(&hint) => return Json::null(),
        "Option" => {
            let value = ty.type_params.first().and_then(|parameter| parameter.ty);
            return example(book, value.expect("an option has a type").id, hint);
        },
        _ => (),
    }
    let name = name.to_lowercase();
    let known = text_of(&name).is_some() || MOMENTS.contains(&name.as_str());
    let hint = if known { name.as_str() } else { hint };
    match &ty.type_def {
        TypeDef::Primitive(primitive) => Json::Plain(primitive_example(primitive, hint).into()),
        TypeDef::Sequence(of) if book.is_byte(of.type_param.id) => {
            Json::text(text_of(hint).unwrap_or(BINARY))
        },
        TypeDef::Sequence(of) => Json::List(vec![example(book, of.type_param.id, hint)]),
        TypeDef::Array(of) if book.is_byte(of.type_param.id) => {
            Json::text(&format!("0x{}", "01".repeat(of.len as usize)))
        },
        TypeDef::Array(of) => {
            Json::List((0..of.len).map(|_| example(book, of.type_param.id, hint)).collect())
        },
        TypeDef::Tuple(of) if of.fields.is_empty() => Json::null(),
        TypeDef::Tuple(of) => {
            Json::List(of.fields.iter().map(|ty| example(book, ty.id, hint)).collect())
        },
        TypeDef::Compact(of) => example(book, of.type_param.id, hint),
        TypeDef::Composite(of) => fields_example(book, &of.fields, hint),
        TypeDef::Variant(of) => enum_example(book, &of.variants, hint),
        TypeDef::BitSequence(_) => panic!("{hint}: bit sequences have no example"),
    }
}

/// Returns an example of a struct. The example of a single unnamed field is its content.
fn fields_example(book: &Book<'_>, fields: &[Field<PortableForm>], hint: &str) -> Json {
    let member = |field: &Field<PortableForm>| {
        let name = field.name.as_deref()?;
        Some((camel_case(name), example(book, field.ty.id, name)))
    };
    match fields {
        [] => Json::null(),
        [only] if only.name.is_none() => example(book, only.ty.id, hint),
        [first, ..] if first.name.is_none() => {
            Json::List(fields.iter().map(|field| example(book, field.ty.id, hint)).collect())
        },
        _ => Json::Object(fields.iter().filter_map(member).collect()),
    }
}

/// Returns an example of an enum: its first variant with fields, or a name if no variant has any.
fn enum_example(book: &Book<'_>, variants: &[Variant<PortableForm>], hint: &str) -> Json {
    let with_fields = variants.iter().find(|variant| !variant.fields.is_empty());
    let shown = with_fields.or(variants.first()).expect("an enum in use has variants");
    variant_example(book, shown, hint)
}

fn variant_example(book: &Book<'_>, variant: &Variant<PortableForm>, hint: &str) -> Json {
    if variant.fields.is_empty() {
        return Json::text(&variant.name);
    }
    let value = fields_example(book, &variant.fields, hint);
    Json::Object(vec![(variant.name.clone(), value)])
}

fn primitive_example(primitive: &TypeDefPrimitive, hint: &str) -> &'static str {
    match primitive {
        TypeDefPrimitive::Bool => "false",
        TypeDefPrimitive::Char | TypeDefPrimitive::Str => "\"a\"",
        TypeDefPrimitive::U8 if hint == "access" => ACCESS,
        TypeDefPrimitive::U64 if MOMENTS.contains(&hint) => MOMENT,
        _ => "1",
    }
}

fn text_of(hint: &str) -> Option<&'static str> {
    TEXTS.iter().find(|(name, _)| *name == hint).map(|(_, text)| *text)
}

/// Decodes a SCALE value from the start of `input` and returns it as text for readers.
pub fn value(book: &Book<'_>, id: u32, input: &mut &[u8]) -> String {
    match &book.resolve(id).type_def {
        TypeDef::Primitive(TypeDefPrimitive::Bool) => number::<bool>(input),
        TypeDef::Primitive(TypeDefPrimitive::U8) => number::<u8>(input),
        TypeDef::Primitive(TypeDefPrimitive::U16) => number::<u16>(input),
        TypeDef::Primitive(TypeDefPrimitive::U32) => number::<u32>(input),
        TypeDef::Primitive(TypeDefPrimitive::U64) => number::<u64>(input),
        TypeDef::Primitive(TypeDefPrimitive::U128) => number::<u128>(input),
        TypeDef::Composite(of) => {
            let field = |field: &Field<PortableForm>| {
                let shown = value(book, field.ty.id, input);
                match &field.name {
                    Some(name) => format!("`{name}` {shown}"),
                    None => shown,
                }
            };
            of.fields.iter().map(field).collect::<Vec<_>>().join(", ")
        },
        other => panic!("a constant of type {other:?} cannot be shown yet"),
    }
}

fn number<T: Decode + ToString>(input: &mut &[u8]) -> String {
    T::decode(input).expect("a constant decodes").to_string()
}
