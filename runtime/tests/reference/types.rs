// SPDX-License-Identifier: Apache-2.0

//! The section of the page that describes types.

use crate::{
    book::Book,
    example::examples,
    source::Docs,
    text::{heading, line, sentences},
};
use scale_info::{form::PortableForm, Field, Type, TypeDef, Variant};
use std::collections::BTreeMap;

const INTRODUCTION: &str = "\
This chain's own types that the sections above name. A name such as `DigitalTwin::Status` is
the type of that pallet, where several pallets have one of this name. Other types are the SDK's.

Examples are JSON as Polkadot.js and Apps accept it. Byte strings in them are shortened.

| type | in Polkadot.js | in PAPI |
|---|---|---|
| `Bytes` | text, or hex after `0x` | `Uint8Array`; `Binary.fromText` converts text |
| `[u8; 32]`, `H256` | hex after `0x` | hex after `0x` |
| `AccountId32` | an address | an address |
| `u64`, `u128` | a number; a string where it is above 2^53 | `bigint` |
| other integers | a number | a number |
| `Option` | the value, or `null` | the value, or `undefined` |
| `Vec`, tuple | an array | an array |
| struct | an object; fields in camel case | an object; fields as they are here |
| struct of one field without a name | the field | the field |
| enum | `{ \"Variant\": value }`; a variant without fields is `\"Variant\"` too | \
`{ type: 'Variant', value }` |

Set every field of a struct by its name. Polkadot.js encodes a missing field as zeros and ignores
an unknown one.
";

/// Writes the section, with the types that are reachable from `roots`.
pub fn render(out: &mut String, book: &Book<'_>, roots: &[u32]) {
    heading(out, 2, "Types");
    out.push_str(INTRODUCTION);
    let mut instances: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for id in book.reached(roots.iter().copied()) {
        instances.entry(book.title(book.resolve(id))).or_default().push(id);
    }
    for (title, ids) in &instances {
        describe(out, book, title, ids);
    }
}

/// Describes a type by the instance that has the shortest example.
fn describe(out: &mut String, book: &Book<'_>, title: &str, instances: &[u32]) {
    let shown = |id: u32| examples(book, id, &title.to_lowercase());
    let shortest = instances.iter().copied().min_by_key(|id| shown(*id).concat().len());
    let id = shortest.expect("the type has an instance");
    let ty = book.resolve(id);
    let docs = Docs::of(&ty.path.segments);
    heading(out, 3, title);
    line(out, &format!("{}\n\n`{}`\n", docs.item(), ty.path.segments.join("::")));
    match &ty.type_def {
        TypeDef::Variant(of) => {
            for variant in &of.variants {
                describe_variant(out, book, &docs, variant);
            }
        },
        TypeDef::Composite(of) if of.fields.iter().all(|field| field.name.is_none()) => {
            line(out, &format!("Holds `{}`.", book.fields(&of.fields)));
        },
        TypeDef::Composite(of) => {
            for field in &of.fields {
                describe_field(out, book, &docs, field, ty);
            }
        },
        other => panic!("{other:?} is not a type of ours"),
    }
    let see = see(book, id);
    if !see.is_empty() {
        line(out, &format!("\n{see}"));
    }
    let (name, examples) = (book.name(id), shown(id));
    match examples.len() {
        1 => line(out, &format!("\nExample of `{name}`:")),
        _ => line(out, &format!("\nExamples of `{name}`, one of each variant:")),
    }
    for example in examples {
        line(out, &format!("\n```json\n{example}\n```"));
    }
}

/// Returns the links to the types that a type names, and the meaning of a generic one's parameters.
fn see(book: &Book<'_>, id: u32) -> String {
    let parameters = book.shown_parameters(book.resolve(id));
    let quoted = |texts: Vec<String>| format!("`{}`", texts.join("` and `"));
    let names = quoted(parameters.iter().map(|(name, _)| name.to_string()).collect());
    let types = quoted(parameters.iter().map(|(_, id)| book.name(*id)).collect());
    let stand = match parameters.len() {
        0 => return book.see(book.parts(id)),
        1 => "is the type",
        _ => "are the types",
    };
    let what = format!("{names} {stand} in angle brackets: {types} in `{}`.", book.name(id));
    sentences([what.as_str(), &book.see(parameters.iter().map(|(_, id)| *id))])
}

fn describe_variant(
    out: &mut String,
    book: &Book<'_>,
    docs: &Docs,
    variant: &Variant<PortableForm>,
) {
    let (name, index) = (&variant.name, variant.index);
    let of = docs.part(name);
    let (named, unnamed): (Vec<_>, Vec<_>) =
        variant.fields.iter().partition(|field| field.name.is_some());
    match unnamed.is_empty() {
        true => line(out, &format!("- `{name}` ({index}): {of}")),
        false => {
            line(out, &format!("- `{name}({})` ({index}): {of}", book.fields(&variant.fields)))
        },
    }
    for field in named {
        let inner = field.name.as_deref().unwrap_or_default();
        let of = docs.part(&format!("{name}.{inner}"));
        line(out, &format!("  - `{inner}`: `{}`. {of}", book.name(field.ty.id)));
    }
}

/// Describes a field of a struct.
fn describe_field(
    out: &mut String,
    book: &Book<'_>,
    docs: &Docs,
    field: &Field<PortableForm>,
    ty: &Type<PortableForm>,
) {
    let name = field.name.as_deref().unwrap_or_default();
    line(out, &format!("- `{name}`: `{}`. {}", book.field_type(ty, field), docs.part(name)));
}
