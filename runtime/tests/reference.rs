// SPDX-License-Identifier: Apache-2.0

//! `docs/extrinsics.md` is generated from the runtime's metadata, and this test fails when it is
//! not what the metadata says. `scripts/generate-docs.sh` writes it anew.

use codec::Decode;
use frame_metadata::{
    v16::{ItemDeprecationInfo, PalletMetadata, RuntimeMetadataV16, StorageEntryType},
    RuntimeMetadata, RuntimeMetadataPrefixed,
};
use scale_info::{form::PortableForm, Field, PortableRegistry, TypeDef, TypeDefPrimitive, Variant};
use std::fmt::Write;
use twinchain_runtime::Runtime;

/// Set to write the document instead of comparing it.
const WRITE: &str = "TWINCHAIN_WRITE_DOCS";
const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/extrinsics.md");

/// The pallets that this project is about, told whole; of the others, the calls.
const OWN: [&str; 3] = ["DigitalTwin", "DataContainer", "Consortium"];

#[test]
fn the_reference_is_what_the_metadata_says() {
    let bytes = Runtime::metadata_at_version(16).expect("version 16 is served");
    let RuntimeMetadata::V16(metadata) =
        RuntimeMetadataPrefixed::decode(&mut &bytes[..]).expect("it decodes").1
    else {
        panic!("version 16 is something else")
    };
    let document = render(&metadata);
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(DOCUMENT, document).expect("the folder docs is there");
        return;
    }
    let committed = std::fs::read_to_string(DOCUMENT).unwrap_or_default();
    let line = committed.lines().zip(document.lines()).position(|(a, b)| a != b);
    assert!(
        committed == document,
        "docs/extrinsics.md is stale (first difference in line {:?}): run scripts/generate-docs.sh",
        line.map_or(committed.lines().count(), |line| line + 1)
    );
}

fn render(metadata: &RuntimeMetadataV16) -> String {
    let mut out = String::from(
        "# Extrinsics, events, errors, storage\n\n\
         Generated from the runtime's metadata by `scripts/generate-docs.sh`: do not edit.\n\n\
         `Bytes` is text or binary data of any length; what it may be is said with each call. \
         Numbers behind names are the indices in the encoding.\n",
    );
    let book = Book { types: &metadata.types };
    for name in OWN {
        let pallet = metadata.pallets.iter().find(|pallet| pallet.name == name);
        book.pallet(&mut out, pallet.expect("it is in the runtime"));
    }
    for api in metadata.apis.iter().filter(|api| OWN.iter().any(|own| api.name.starts_with(own))) {
        heading(&mut out, 2, &format!("Runtime API {}", api.name));
        paragraph(&mut out, &api.docs);
        for method in &api.methods {
            let inputs: Vec<_> = method
                .inputs
                .iter()
                .map(|input| format!("{}: {}", input.name, book.name(input.ty.id)))
                .collect();
            let answer = book.name(method.output.id);
            line(&mut out, &format!("- `{}({}) -> {answer}`", method.name, inputs.join(", ")));
            line(&mut out, &format!("  {}", joined(&method.docs)));
        }
    }
    heading(&mut out, 2, "Calls of the other pallets");
    for pallet in metadata.pallets.iter().filter(|pallet| !OWN.contains(&pallet.name.as_str())) {
        for call in pallet.calls.iter().flat_map(|calls| book.variants(calls.ty.id)) {
            let summary = call.docs.first().map(|doc| doc.trim()).unwrap_or_default();
            let (pallet, name) = (&pallet.name, &call.name);
            line(
                &mut out,
                &format!("- `{pallet}.{name}({})` {summary}", book.fields(&call.fields)),
            );
        }
    }
    heading(&mut out, 2, "Transaction extensions");
    for extension in metadata.extrinsic.transaction_extensions.iter() {
        line(&mut out, &format!("- `{}`", extension.identifier));
    }
    out
}

struct Book<'a> {
    types: &'a PortableRegistry,
}

impl Book<'_> {
    fn pallet(&self, out: &mut String, pallet: &PalletMetadata<PortableForm>) {
        heading(out, 2, &format!("{} ({})", pallet.name, pallet.index));
        heading(out, 3, &format!("{}: calls", pallet.name));
        for call in pallet.calls.iter().flat_map(|calls| self.variants(calls.ty.id)) {
            heading(out, 4, &format!("`{}` ({})", call.name, call.index));
            line(out, &format!("`{}({})`\n", call.name, self.fields(&call.fields)));
            for doc in &call.docs {
                let doc = doc.strip_prefix(' ').unwrap_or(doc);
                // The call's headings stand below those of the page.
                let doc = doc.strip_prefix("# ").map_or(doc.to_string(), |t| format!("**{t}**\n"));
                line(out, &doc);
            }
        }
        heading(out, 3, &format!("{}: events", pallet.name));
        for event in pallet.event.iter().flat_map(|event| self.variants(event.ty.id)) {
            self.variant(out, event);
        }
        heading(out, 3, &format!("{}: errors", pallet.name));
        for error in pallet.error.iter().flat_map(|error| self.variants(error.ty.id)) {
            self.variant(out, error);
        }
        heading(out, 3, &format!("{}: storage", pallet.name));
        for entry in pallet.storage.iter().flat_map(|storage| &storage.entries) {
            let shape = match &entry.ty {
                StorageEntryType::Plain(value) => self.name(value.id),
                StorageEntryType::Map { hashers, key, value } => {
                    let hashers: Vec<_> =
                        hashers.iter().map(|hasher| format!("{hasher:?}")).collect();
                    let (key, value) = (self.name(key.id), self.name(value.id));
                    format!("{key} → {value}` by `{}", hashers.join(", "))
                },
            };
            line(out, &format!("- `{}`: `{shape}`", entry.name));
            line(out, &format!("  {}", joined(&entry.docs)));
        }
        heading(out, 3, &format!("{}: limits", pallet.name));
        for constant in &pallet.constants {
            let value = u32::decode(&mut &constant.value[..]).map(|value| value.to_string());
            let value = value.unwrap_or_else(|_| format!("{:02x?}", constant.value));
            line(out, &format!("- `{}`: {value}. {}", constant.name, joined(&constant.docs)));
        }
        heading(out, 3, &format!("{}: view functions", pallet.name));
        for view in &pallet.view_functions {
            let inputs: Vec<_> = view
                .inputs
                .iter()
                .map(|input| format!("{}: {}", input.name, self.name(input.ty.id)))
                .collect();
            let answer = self.name(view.output.id);
            line(out, &format!("- `{}({}) -> {answer}`", view.name, inputs.join(", ")));
            line(out, &format!("  {}", joined(&view.docs)));
            if !matches!(view.deprecation_info, ItemDeprecationInfo::NotDeprecated) {
                line(out, "  Deprecated.");
            }
        }
    }

    fn variant(&self, out: &mut String, variant: &Variant<PortableForm>) {
        let fields = match variant.fields.is_empty() {
            true => String::new(),
            false => format!(" {{ {} }}", self.fields(&variant.fields)),
        };
        line(out, &format!("- `{}{fields}` ({})", variant.name, variant.index));
        line(out, &format!("  {}", joined(&variant.docs)));
    }

    fn variants(&self, ty: u32) -> Vec<&Variant<PortableForm>> {
        match &self.types.resolve(ty).expect("types resolve").type_def {
            TypeDef::Variant(def) => def.variants.iter().collect(),
            other => panic!("{other:?} has no variants"),
        }
    }

    fn fields(&self, fields: &[Field<PortableForm>]) -> String {
        let field = |field: &Field<PortableForm>| match &field.name {
            Some(name) => format!("{name}: {}", self.name(field.ty.id)),
            None => self.name(field.ty.id),
        };
        fields.iter().map(field).collect::<Vec<_>>().join(", ")
    }

    /// A type's name, as Polkadot.js shows it.
    fn name(&self, ty: u32) -> String {
        let ty = self.types.resolve(ty).expect("types resolve");
        let byte = |id: u32| {
            let inner = &self.types.resolve(id).expect("types resolve").type_def;
            matches!(inner, TypeDef::Primitive(TypeDefPrimitive::U8))
        };
        let parameters: Vec<_> =
            ty.type_params.iter().filter_map(|param| Some(self.name(param.ty?.id))).collect();
        match &ty.type_def {
            TypeDef::Primitive(primitive) => format!("{primitive:?}").to_lowercase(),
            TypeDef::Sequence(of) if byte(of.type_param.id) => "Bytes".into(),
            TypeDef::Sequence(of) => format!("Vec<{}>", self.name(of.type_param.id)),
            TypeDef::Array(of) => format!("[{}; {}]", self.name(of.type_param.id), of.len),
            TypeDef::Tuple(of) => {
                let parts: Vec<_> = of.fields.iter().map(|field| self.name(field.id)).collect();
                format!("({})", parts.join(", "))
            },
            TypeDef::Compact(of) => format!("Compact<{}>", self.name(of.type_param.id)),
            // A bounded vector is what it holds.
            TypeDef::Composite(of) if ty.path.ident().is_some_and(|name| name == "BoundedVec") => {
                self.name(of.fields.first().expect("it has one field").ty.id)
            },
            _ => {
                let name = ty.path.ident().unwrap_or_else(|| "_".into());
                match name.as_str() {
                    "Option" | "Result" | "Page" => format!("{name}<{}>", parameters.join(", ")),
                    _ => name,
                }
            },
        }
    }
}

fn heading(out: &mut String, level: usize, text: &str) {
    writeln!(out, "\n{} {text}\n", "#".repeat(level)).expect("strings take all");
}

fn line(out: &mut String, text: &str) {
    writeln!(out, "{}", text.trim_end()).expect("strings take all");
}

fn paragraph(out: &mut String, docs: &[String]) {
    line(out, &format!("{}\n", joined(docs)));
}

fn joined(docs: &[String]) -> String {
    docs.iter().map(|doc| doc.trim()).collect::<Vec<_>>().join(" ")
}
