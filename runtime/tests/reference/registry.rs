// SPDX-License-Identifier: Apache-2.0

//! The runtime APIs and their types, in the form of `substrate-interface` for Python. It reads
//! metadata V14, which has no runtime APIs.

use crate::{book::Book, OWN};
use frame_metadata::v16::RuntimeMetadataV16;
use scale_info::{form::PortableForm, Field, TypeDef, Variant};
use serde_json::{json, Map, Value};
use std::collections::BTreeSet;

/// Returns the registry as JSON.
pub fn render(metadata: &RuntimeMetadataV16) -> String {
    let mut types = Types { book: Book { types: &metadata.types }, defined: Map::new() };
    let mut apis = Map::new();
    let own: BTreeSet<String> = OWN.iter().map(|pallet| format!("{pallet}Api")).collect();
    for api in metadata.apis.iter().filter(|api| own.contains(&api.name)) {
        let mut methods = Map::new();
        for method in &api.methods {
            let params: Vec<_> = method
                .inputs
                .iter()
                .map(|input| json!({ "name": input.name, "type": types.name(input.ty.id) }))
                .collect();
            let output = types.name(method.output.id);
            methods.insert(method.name.clone(), json!({ "params": params, "type": output }));
        }
        apis.insert(api.name.clone(), json!({ "methods": methods }));
    }
    let registry = json!({ "runtime_api": apis, "types": types.defined });
    format!("{}\n", serde_json::to_string_pretty(&registry).expect("it is JSON"))
}

struct Types<'a> {
    book: Book<'a>,
    defined: Map<String, Value>,
}

impl Types<'_> {
    /// Returns the name of a type, and defines the type if the library does not know it.
    fn name(&mut self, id: u32) -> String {
        let book = Book { types: self.book.types };
        let ty = book.resolve(id);
        let ident = ty.path.ident();
        match (&ty.type_def, ident.as_deref()) {
            (_, Some("AccountId32")) => "AccountId".into(),
            (_, Some("H256")) => "H256".into(),
            (_, Some("Option")) => {
                let of = ty.type_params.first().and_then(|parameter| parameter.ty);
                format!("Option<{}>", self.name(of.expect("an option is of a type").id))
            },
            (TypeDef::Primitive(primitive), _) => format!("{primitive:?}").to_lowercase(),
            (TypeDef::Sequence(of), _) if book.is_byte(of.type_param.id) => "Bytes".into(),
            (TypeDef::Sequence(of), _) => format!("Vec<{}>", self.name(of.type_param.id)),
            (TypeDef::Array(of), _) => format!("[{}; {}]", self.name(of.type_param.id), of.len),
            (TypeDef::Compact(of), _) => format!("Compact<{}>", self.name(of.type_param.id)),
            (TypeDef::Tuple(of), _) => self.tuple(of.fields.iter().map(|ty| ty.id)),
            (TypeDef::Composite(of), _) if of.fields.iter().all(|field| field.name.is_none()) => {
                self.unnamed(&of.fields)
            },
            (TypeDef::Composite(of), _) => self.define(id, |types| types.fields(&of.fields)),
            (TypeDef::Variant(of), _) => self.define(id, |types| types.variants(&of.variants)),
            (TypeDef::BitSequence(_), _) => panic!("no answer has a sequence of bits"),
        }
    }

    /// Defines a type under a name that no other has: the id distinguishes instances, and
    /// types of one name.
    fn define(&mut self, id: u32, definition: impl FnOnce(&mut Self) -> Value) -> String {
        let ident = self.book.resolve(id).path.ident().unwrap_or_default();
        let name = format!("twinchain::{ident}{id}");
        if !self.defined.contains_key(&name) {
            // Present before its parts are defined, for a type that contains itself.
            self.defined.insert(name.clone(), Value::Null);
            let definition = definition(self);
            self.defined.insert(name.clone(), definition);
        }
        name
    }

    fn fields(&mut self, fields: &[Field<PortableForm>]) -> Value {
        let fields: Vec<_> =
            fields.iter().map(|field| json!([field.name, self.name(field.ty.id)])).collect();
        json!({ "type": "struct", "type_mapping": fields })
    }

    /// Defines an enum. The library counts variants from 0, so unused indices have names.
    fn variants(&mut self, variants: &[Variant<PortableForm>]) -> Value {
        let last = variants.iter().map(|variant| variant.index).max().unwrap_or_default();
        let mut mapping: Vec<_> =
            (0..=last).map(|index| json!([format!("unused{index}"), "Null"])).collect();
        for variant in variants {
            mapping[usize::from(variant.index)] = json!([variant.name, self.variant(variant)]);
        }
        json!({ "type": "enum", "type_mapping": mapping })
    }

    fn variant(&mut self, variant: &Variant<PortableForm>) -> Value {
        match variant.fields.as_slice() {
            [] => json!("Null"),
            fields if fields.iter().all(|field| field.name.is_none()) => {
                json!(self.unnamed(fields))
            },
            fields => {
                let named = fields.iter().map(|field| {
                    let name = field.name.clone().unwrap_or_default();
                    (name, Value::from(self.name(field.ty.id)))
                });
                Value::Object(named.collect())
            },
        }
    }

    /// Returns the type of fields without names: of one field its own.
    fn unnamed(&mut self, fields: &[Field<PortableForm>]) -> String {
        match fields {
            [] => "Null".into(),
            [field] => self.name(field.ty.id),
            fields => self.tuple(fields.iter().map(|field| field.ty.id)),
        }
    }

    fn tuple(&mut self, ids: impl Iterator<Item = u32>) -> String {
        let names: Vec<_> = ids.map(|id| self.name(id)).collect();
        match names.as_slice() {
            [] => "Null".into(),
            names => format!("({})", names.join(", ")),
        }
    }
}
