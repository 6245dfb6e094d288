// SPDX-License-Identifier: Apache-2.0

//! Forms can show every argument of every call of both pallets. No argument is nested deeper than a
//! list of flat structs or of enums with flat variants. None is or contains an optional byte
//! sequence, which forms handle incorrectly.
//!
//! *Flat* types are numbers, booleans, text and bytes, account ids, hashes and other arrays of
//! bytes, optional integers, and enums without fields.

use crate::mock::*;
use codec::Encode;
use frame_metadata::{RuntimeMetadata, RuntimeMetadataPrefixed};
use scale_info::{
    form::PortableForm, MetaType, PortableRegistry, Registry, TypeDef, TypeDefPrimitive, TypeInfo,
};
use std::collections::BTreeSet;

/// The types by id, as a client has them.
struct Forms<'a>(&'a PortableRegistry);

impl Forms<'_> {
    fn def(&self, id: u32) -> &TypeDef<PortableForm> {
        &self.0.resolve(id).expect("metadata is complete").type_def
    }

    /// Returns the type inside a wrapper of one unnamed field, such as a bounded vector or an
    /// account id. Clients show the inner type.
    fn unwrapped(&self, id: u32) -> u32 {
        match self.def(id) {
            TypeDef::Composite(wrapper) => match wrapper.fields.as_slice() {
                [field] if field.name.is_none() => self.unwrapped(field.ty.id),
                _ => id,
            },
            _ => id,
        }
    }

    fn is_u8(&self, id: u32) -> bool {
        matches!(self.def(self.unwrapped(id)), TypeDef::Primitive(TypeDefPrimitive::U8))
    }

    fn is_bytes(&self, id: u32) -> bool {
        match self.def(self.unwrapped(id)) {
            TypeDef::Sequence(list) => self.is_u8(list.type_param.id),
            TypeDef::Primitive(TypeDefPrimitive::Str) => true,
            _ => false,
        }
    }

    fn is_integer(&self, id: u32) -> bool {
        use TypeDefPrimitive::{Bool, Char, Str};
        match self.def(self.unwrapped(id)) {
            TypeDef::Primitive(primitive) => !matches!(primitive, Bool | Char | Str),
            TypeDef::Compact(compact) => self.is_integer(compact.type_param.id),
            _ => false,
        }
    }

    /// Returns the type inside an `Option`, or `None` if the type is not an `Option`.
    fn optional(&self, id: u32) -> Option<u32> {
        let info = self.0.resolve(id).expect("metadata is complete");
        let is_option = info.path.segments == ["Option"];
        is_option.then(|| info.type_params[0].ty.expect("it holds something").id)
    }

    fn is_flat(&self, id: u32) -> bool {
        let id = self.unwrapped(id);
        if let Some(held) = self.optional(id) {
            return self.is_integer(held);
        }
        match self.def(id) {
            TypeDef::Primitive(_) | TypeDef::Compact(_) => true,
            TypeDef::Sequence(_) => self.is_bytes(id),
            TypeDef::Array(array) => self.is_u8(array.type_param.id),
            TypeDef::Variant(choice) => choice.variants.iter().all(|one| one.fields.is_empty()),
            TypeDef::Composite(_) | TypeDef::Tuple(_) | TypeDef::BitSequence(_) => false,
        }
    }

    /// Returns `true` if the type is flat, or a struct or an enum of flat types.
    fn is_one_deep(&self, id: u32) -> bool {
        let id = self.unwrapped(id);
        if self.optional(id).is_some() {
            return self.is_flat(id);
        }
        match self.def(id) {
            TypeDef::Composite(whole) => whole.fields.iter().all(|part| self.is_flat(part.ty.id)),
            TypeDef::Tuple(whole) => whole.fields.iter().all(|part| self.is_flat(part.id)),
            TypeDef::Variant(choice) => {
                choice.variants.iter().flat_map(|one| &one.fields).all(|f| self.is_flat(f.ty.id))
            },
            _ => self.is_flat(id),
        }
    }

    /// Returns `true` if a form can show the argument: [`Self::is_one_deep`], or a list of such.
    fn is_form(&self, id: u32) -> bool {
        match self.def(self.unwrapped(id)) {
            TypeDef::Sequence(list) => self.is_one_deep(list.type_param.id),
            _ => self.is_one_deep(id),
        }
    }

    /// Returns `true` if the type contains an optional byte sequence at any depth.
    fn has_optional_bytes(&self, id: u32, seen: &mut BTreeSet<u32>) -> bool {
        if !seen.insert(id) {
            return false;
        }
        if self.optional(id).is_some_and(|held| self.is_bytes(held)) {
            return true;
        }
        let parts: Vec<u32> = match self.def(id) {
            TypeDef::Composite(whole) => whole.fields.iter().map(|part| part.ty.id).collect(),
            TypeDef::Variant(choice) => {
                choice.variants.iter().flat_map(|one| &one.fields).map(|f| f.ty.id).collect()
            },
            TypeDef::Sequence(list) => vec![list.type_param.id],
            TypeDef::Array(array) => vec![array.type_param.id],
            TypeDef::Tuple(whole) => whole.fields.iter().map(|part| part.id).collect(),
            TypeDef::Compact(compact) => vec![compact.type_param.id],
            TypeDef::Primitive(_) | TypeDef::BitSequence(_) => vec![],
        };
        parts.into_iter().any(|part| self.has_optional_bytes(part, seen))
    }

    /// Returns the problem with an argument, or `None`.
    fn complaint(&self, id: u32) -> Option<&'static str> {
        if self.has_optional_bytes(id, &mut BTreeSet::new()) {
            return Some("optional bytes");
        }
        (!self.is_form(id)).then_some("too deep")
    }
}

/// Returns the mock's metadata, as clients decode it.
fn metadata() -> frame_metadata::v15::RuntimeMetadataV15 {
    let bytes = Test::metadata_at_version(15).expect("version 15 is served");
    let metadata: RuntimeMetadataPrefixed = codec::Decode::decode(&mut &bytes[..]).unwrap();
    let RuntimeMetadata::V15(metadata) = metadata.1 else {
        panic!("the metadata is not of version 15")
    };
    metadata
}

#[test]
fn forms_can_show_every_argument_of_every_call() {
    let metadata = metadata();
    let forms = Forms(&metadata.types);
    for (pallet, least) in [("DigitalTwin", 5), ("DataContainer", 15)] {
        let found = metadata.pallets.iter().find(|found| found.name == pallet).unwrap();
        let calls = found.calls.as_ref().unwrap().ty.id;
        let TypeDef::Variant(calls) = forms.def(calls) else { panic!("calls are variants") };
        assert!(calls.variants.len() >= least, "{pallet} has calls");
        for call in &calls.variants {
            for argument in &call.fields {
                let name = argument.name.as_deref().unwrap_or_default();
                let complaint = forms.complaint(argument.ty.id);
                assert_eq!(complaint, None, "{pallet}.{}, argument {name}", call.name);
            }
        }
    }
}

/// Forms show the names of the arguments of calls.
#[test]
fn every_argument_has_a_name_and_every_call_has_docs() {
    let metadata = metadata();
    let forms = Forms(&metadata.types);
    for pallet in metadata
        .pallets
        .iter()
        .filter(|p| ["DigitalTwin", "DataContainer"].contains(&p.name.as_str()))
    {
        let TypeDef::Variant(calls) = forms.def(pallet.calls.as_ref().unwrap().ty.id) else {
            panic!("calls are variants")
        };
        for call in &calls.variants {
            assert!(!call.docs.is_empty(), "{} has no docs", call.name);
            assert!(call.fields.iter().all(|field| field.name.is_some()), "{}", call.name);
        }
    }
}

/// Returns the problem that the check finds with a type, or `None`.
fn judge<T: TypeInfo + 'static>() -> Option<&'static str> {
    let mut registry = Registry::new();
    let id = registry.register_type(&MetaType::new::<T>()).id;
    Forms(&registry.into()).complaint(id)
}

#[derive(TypeInfo)]
#[allow(dead_code)]
struct Flat {
    text: Vec<u8>,
    number: u64,
    revision: Option<u32>,
    key: [u8; 32],
    choice: Choice,
    account: sp_runtime::AccountId32,
    name: twinchain_primitives::Name,
}

#[derive(TypeInfo)]
#[allow(dead_code)]
enum Choice {
    This,
    That,
}

#[derive(TypeInfo)]
#[allow(dead_code)]
enum Shape {
    Container(u64),
    Named { name: Vec<u8>, hash: sp_core::H256 },
    Nothing,
}

#[derive(TypeInfo)]
#[allow(dead_code)]
struct WithShape {
    shape: Shape,
}

#[derive(TypeInfo)]
#[allow(dead_code)]
struct WithList {
    numbers: Vec<u64>,
}

#[derive(TypeInfo)]
#[allow(dead_code)]
struct WithOptionalBytes {
    text: Option<Vec<u8>>,
}

#[derive(TypeInfo)]
#[allow(dead_code)]
struct Wrapped<T>(T);

#[derive(TypeInfo)]
#[allow(dead_code)]
enum Deep {
    Of(Shape),
}

#[test]
fn check_accepts_flat_types() {
    assert_eq!(judge::<u64>(), None);
    assert_eq!(judge::<bool>(), None);
    assert_eq!(judge::<Vec<u8>>(), None);
    assert_eq!(judge::<String>(), None);
    assert_eq!(judge::<[u8; 80]>(), None);
    assert_eq!(judge::<Option<u32>>(), None);
    assert_eq!(judge::<codec::Compact<u64>>(), None);
    assert_eq!(judge::<Wrapped<Vec<u8>>>(), None);
    assert_eq!(judge::<Flat>(), None);
    assert_eq!(judge::<Choice>(), None);
    assert_eq!(judge::<Shape>(), None);
    assert_eq!(judge::<(u64, Vec<u8>)>(), None);
    assert_eq!(judge::<Vec<Vec<u8>>>(), None);
    assert_eq!(judge::<Vec<Flat>>(), None);
    assert_eq!(judge::<Vec<Shape>>(), None);
    assert_eq!(judge::<Vec<(u16, u64)>>(), None);
}

#[test]
fn check_rejects_optional_bytes_at_any_depth() {
    let refused = Some("optional bytes");
    assert_eq!(judge::<Option<Vec<u8>>>(), refused);
    assert_eq!(judge::<Option<String>>(), refused);
    assert_eq!(judge::<Option<twinchain_primitives::Name>>(), refused);
    assert_eq!(judge::<Vec<Option<Vec<u8>>>>(), refused);
    assert_eq!(judge::<WithOptionalBytes>(), refused);
    assert_eq!(judge::<Vec<WithOptionalBytes>>(), refused);
    assert_eq!(judge::<(u8, Wrapped<Option<Vec<u8>>>)>(), refused);
}

#[test]
fn check_rejects_types_deeper_than_a_list_of_flat_structs() {
    let refused = Some("too deep");
    assert_eq!(judge::<Vec<Vec<Flat>>>(), refused);
    assert_eq!(judge::<Vec<Vec<Vec<u8>>>>(), refused);
    assert_eq!(judge::<Vec<Vec<u64>>>(), refused);
    assert_eq!(judge::<WithShape>(), refused);
    assert_eq!(judge::<Vec<WithShape>>(), refused);
    assert_eq!(judge::<WithList>(), refused);
    assert_eq!(judge::<Vec<WithList>>(), refused);
    assert_eq!(judge::<Deep>(), refused);
    assert_eq!(judge::<Option<Flat>>(), refused);
    assert_eq!(judge::<Option<Choice>>(), refused);
    assert_eq!(judge::<Option<[u8; 32]>>(), refused);
    assert_eq!(judge::<Option<Option<u8>>>(), refused);
    assert_eq!(judge::<[u64; 4]>(), refused);
    assert_eq!(judge::<(u8, (u8, u8))>(), refused);
}

#[test]
fn wrapper_adds_no_bytes() {
    let text = b"a".to_vec();
    assert_eq!(name("a").encode(), text.encode());
}
