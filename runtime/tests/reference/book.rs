// SPDX-License-Identifier: Apache-2.0

//! The types of the metadata: their names, and the selection that the page describes.

use crate::text::{anchor, pallet_name};
use scale_info::{
    form::PortableForm, Field, PortableRegistry, Type, TypeDef, TypeDefPrimitive, Variant,
};
use std::collections::BTreeSet;

/// The crates whose types the page describes, and their paths in the repository.
pub const CRATES: [(&str, &str); 6] = [
    ("data_schema", "crates/data-schema"),
    ("pallet_consortium", "pallets/consortium"),
    ("pallet_data_container", "pallets/data-container"),
    ("pallet_digital_twin", "pallets/digital-twin"),
    ("twinchain_primitives", "primitives"),
    ("twinchain_runtime", "runtime"),
];

pub struct Book<'a> {
    pub types: &'a PortableRegistry,
}

impl<'a> Book<'a> {
    pub fn resolve(&self, id: u32) -> &'a Type<PortableForm> {
        self.types.resolve(id).expect("types resolve")
    }

    pub fn variants(&self, id: u32) -> &'a [Variant<PortableForm>] {
        match &self.resolve(id).type_def {
            TypeDef::Variant(def) => def.variants.as_slice(),
            other => panic!("{other:?} has no variants"),
        }
    }

    pub fn fields(&self, fields: &[Field<PortableForm>]) -> String {
        let field = |field: &Field<PortableForm>| match &field.name {
            Some(name) => format!("{name}: {}", self.name(field.ty.id)),
            None => self.name(field.ty.id),
        };
        fields.iter().map(field).collect::<Vec<_>>().join(", ")
    }

    /// Returns a type's name, in the form of Polkadot.js where it has one.
    pub fn name(&self, id: u32) -> String {
        let ty = self.resolve(id);
        match &ty.type_def {
            TypeDef::Primitive(primitive) => format!("{primitive:?}").to_lowercase(),
            TypeDef::Sequence(of) if self.is_byte(of.type_param.id) => "Bytes".into(),
            TypeDef::Sequence(of) => format!("Vec<{}>", self.name(of.type_param.id)),
            TypeDef::Array(of) => format!("[{}; {}]", self.name(of.type_param.id), of.len),
            TypeDef::Tuple(of) => format!("({})", self.names(of.fields.iter().map(|ty| ty.id))),
            TypeDef::Compact(of) => format!("Compact<{}>", self.name(of.type_param.id)),
            TypeDef::Composite(of) if is_wrapper(ty) => {
                self.name(of.fields.first().expect("a wrapper has one field").ty.id)
            },
            _ => {
                let title = self.title(ty);
                match self.shown_parameters(ty) {
                    shown if shown.is_empty() => title,
                    shown => format!("{title}<{}>", self.names(shown.iter().map(|(_, id)| *id))),
                }
            },
        }
    }

    fn names(&self, ids: impl IntoIterator<Item = u32>) -> String {
        ids.into_iter().map(|id| self.name(id)).collect::<Vec<_>>().join(", ")
    }

    pub fn is_byte(&self, id: u32) -> bool {
        matches!(self.resolve(id).type_def, TypeDef::Primitive(TypeDefPrimitive::U8))
    }

    /// Returns a type's name without parameters, prefixed with the pallet if two crates have that
    /// name.
    pub fn title(&self, ty: &Type<PortableForm>) -> String {
        let name = ty.path.ident().unwrap_or_else(|| "_".into());
        let shared = |other: &Type<PortableForm>| {
            is_own(other) && other.path != ty.path && other.path.ident().as_ref() == Some(&name)
        };
        match is_own(ty) && self.types.types.iter().any(|other| shared(&other.ty)) {
            true => format!("{}::{name}", pallet_name(&ty.path.segments[0])),
            false => name,
        }
    }

    /// Returns the parameters that the page shows for a generic type, by their names in the source.
    /// For a type of this project, these are the ones that differ between its instances, which the
    /// account and the block number never do.
    pub fn shown_parameters<'b>(&self, ty: &'b Type<PortableForm>) -> Vec<(&'b str, u32)> {
        let instances = self.instances(ty);
        let differs = |position: usize| {
            let of = ty.type_params[position].ty;
            instances.iter().any(|other| other.type_params[position].ty != of)
        };
        let known = ty.path.ident().is_some_and(|name| name == "Option" || name == "Result");
        let shown = |position: &usize| known || (is_own(ty) && differs(*position));
        (0..ty.type_params.len())
            .filter(shown)
            .filter_map(|position| {
                let parameter = &ty.type_params[position];
                Some((parameter.name.as_str(), parameter.ty?.id))
            })
            .collect()
    }

    /// Returns the type of a struct's field, as the source has it if it differs between instances.
    pub fn field_type(&self, ty: &Type<PortableForm>, field: &Field<PortableForm>) -> String {
        let has_it = |other: &Type<PortableForm>| match &other.type_def {
            TypeDef::Composite(of) => {
                of.fields.iter().any(|its| its.name == field.name && its.ty == field.ty)
            },
            _ => false,
        };
        match &field.type_name {
            Some(source) if !self.instances(ty).into_iter().all(has_it) => source.clone(),
            _ => self.name(field.ty.id),
        }
    }

    /// Returns the instances of a type, with any parameters.
    fn instances(&self, ty: &Type<PortableForm>) -> Vec<&'a Type<PortableForm>> {
        let types = self.types.types.iter().map(|other| &other.ty);
        types.filter(|other| other.path == ty.path).collect()
    }

    /// Returns this project's types that are reachable from `roots`, including the roots.
    pub fn reached(&self, roots: impl IntoIterator<Item = u32>) -> BTreeSet<u32> {
        let (mut open, mut seen) = (Vec::from_iter(roots), BTreeSet::new());
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                open.extend(self.parts(id));
            }
        }
        seen.into_iter().filter(|id| is_own(self.resolve(*id))).collect()
    }

    /// Returns a sentence that links this project's types that `roots` name.
    pub fn see(&self, roots: impl IntoIterator<Item = u32>) -> String {
        let (mut open, mut titles) = (Vec::from_iter(roots), BTreeSet::new());
        while let Some(id) = open.pop() {
            let ty = self.resolve(id);
            if is_own(ty) {
                titles.insert(self.title(ty));
                open.extend(self.shown_parameters(ty).iter().map(|(_, id)| *id));
            } else {
                open.extend(self.parts(id));
            }
        }
        let links: Vec<_> =
            titles.iter().map(|title| format!("[{title}](#{})", anchor(title))).collect();
        match links.is_empty() {
            true => String::new(),
            false => format!("Types: {}.", links.join(", ")),
        }
    }

    /// Returns the types of which a type directly consists.
    pub fn parts(&self, id: u32) -> Vec<u32> {
        let ty = self.resolve(id);
        match &ty.type_def {
            _ if is_made(ty) => Vec::new(),
            TypeDef::Composite(of) => of.fields.iter().map(|field| field.ty.id).collect(),
            TypeDef::Variant(of) => of
                .variants
                .iter()
                .flat_map(|variant| &variant.fields)
                .map(|field| field.ty.id)
                .collect(),
            TypeDef::Sequence(of) => vec![of.type_param.id],
            TypeDef::Array(of) => vec![of.type_param.id],
            TypeDef::Compact(of) => vec![of.type_param.id],
            TypeDef::Tuple(of) => of.fields.iter().map(|ty| ty.id).collect(),
            TypeDef::Primitive(_) | TypeDef::BitSequence(_) => Vec::new(),
        }
    }
}

/// Returns `true` if a type is shown as its content: a bounded vector, or a public key of the SDK.
fn is_wrapper(ty: &Type<PortableForm>) -> bool {
    ty.path.ident().is_some_and(|name| name == "BoundedVec" || name == "Public")
}

/// Returns `true` if the page describes a type among the types of this project.
pub fn is_own(ty: &Type<PortableForm>) -> bool {
    let of = |(name, _): &(&str, &str)| ty.path.segments.first().is_some_and(|first| first == name);
    CRATES.iter().any(of) && !is_made(ty)
}

/// Returns `true` if a macro of FRAME generates a type. For a pallet, these are the calls, events
/// and errors, which have their own sections. For the runtime, these are the enums over all
/// pallets.
fn is_made(ty: &Type<PortableForm>) -> bool {
    match ty.path.segments.as_slice() {
        [runtime, _] => runtime == "twinchain_runtime",
        [_, module, _] => module == "pallet",
        _ => false,
    }
}
