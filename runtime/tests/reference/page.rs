// SPDX-License-Identifier: Apache-2.0

//! The page `docs/extrinsics.md`.

use crate::{
    book::Book,
    example::value,
    text::{heading, joined, line, sentences},
    types, OWN,
};
use frame_metadata::v16::{
    FunctionParamMetadata, ItemDeprecationInfo, PalletMetadata, RuntimeApiMetadata,
    RuntimeMetadataV16, StorageEntryType,
};
use scale_info::{form::PortableForm, Variant};

const INTRODUCTION: &str = "\
# Extrinsics, events, errors, storage, types

Generated from the runtime's metadata by `scripts/generate-docs.sh`: do not edit.

`Bytes` is text or binary data of any length; each call documents its limits. Numbers after
names are the indices in the encoding. [Types](#types) describes this chain's own types, each
with an example.
";

pub fn render(metadata: &RuntimeMetadataV16) -> String {
    let mut out = String::from(INTRODUCTION);
    let book = Book { types: &metadata.types };
    for name in OWN {
        let pallet = metadata.pallets.iter().find(|pallet| pallet.name == name);
        book.pallet(&mut out, pallet.expect("the runtime has the pallet"));
    }
    for api in own_apis(metadata) {
        book.api(&mut out, api);
    }
    heading(&mut out, 2, "Calls of the other pallets");
    for pallet in metadata.pallets.iter().filter(|pallet| !is_own(pallet)) {
        book.summary(&mut out, pallet);
    }
    heading(&mut out, 2, "Transaction extensions");
    for extension in &metadata.extrinsic.transaction_extensions {
        line(&mut out, &format!("- `{}`", extension.identifier));
    }
    types::render(&mut out, &book, &roots(&book, metadata));
    out
}

fn is_own(pallet: &PalletMetadata<PortableForm>) -> bool {
    OWN.contains(&pallet.name.as_str())
}

fn own_apis(
    metadata: &RuntimeMetadataV16,
) -> impl Iterator<Item = &RuntimeApiMetadata<PortableForm>> {
    metadata.apis.iter().filter(|api| OWN.iter().any(|own| api.name.starts_with(own)))
}

/// Returns the types that the sections of the page name.
fn roots(book: &Book<'_>, metadata: &RuntimeMetadataV16) -> Vec<u32> {
    let mut roots = Vec::new();
    for pallet in &metadata.pallets {
        let calls = pallet.calls.iter().map(|calls| calls.ty.id);
        roots.extend(calls.flat_map(|calls| types_of(book.variants(calls))));
        if !is_own(pallet) {
            continue;
        }
        let event = pallet.event.iter().map(|event| event.ty.id);
        let error = pallet.error.iter().map(|error| error.ty.id);
        roots.extend(event.chain(error).flat_map(|ty| types_of(book.variants(ty))));
        for entry in pallet.storage.iter().flat_map(|storage| &storage.entries) {
            roots.extend(stored(&entry.ty));
        }
        roots.extend(pallet.constants.iter().map(|constant| constant.ty.id));
        for view in &pallet.view_functions {
            roots.extend(view.inputs.iter().map(|input| input.ty.id));
            roots.push(view.output.id);
        }
    }
    for method in own_apis(metadata).flat_map(|api| &api.methods) {
        roots.extend(method.inputs.iter().map(|input| input.ty.id));
        roots.push(method.output.id);
    }
    roots
}

/// Returns the types of the fields of these variants.
fn types_of(variants: &[Variant<PortableForm>]) -> Vec<u32> {
    variants.iter().flat_map(|variant| &variant.fields).map(|field| field.ty.id).collect()
}

/// Returns the types of a key and a value, or of a value alone.
fn stored(entry: &StorageEntryType<PortableForm>) -> Vec<u32> {
    match entry {
        StorageEntryType::Plain(value) => vec![value.id],
        StorageEntryType::Map { key, value, .. } => vec![key.id, value.id],
    }
}

impl Book<'_> {
    fn pallet(&self, out: &mut String, pallet: &PalletMetadata<PortableForm>) {
        heading(out, 2, &format!("{} ({})", pallet.name, pallet.index));
        heading(out, 3, &format!("{}: calls", pallet.name));
        for call in pallet.calls.iter().flat_map(|calls| self.variants(calls.ty.id)) {
            self.call(out, call);
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
        self.storage(out, pallet);
        heading(out, 3, &format!("{}: limits", pallet.name));
        for constant in &pallet.constants {
            let value = value(self, constant.ty.id, &mut &constant.value[..]);
            let docs = joined(&constant.docs);
            line(out, &format!("- `{}`: {value}. {docs}", constant.name));
        }
        heading(out, 3, &format!("{}: view functions", pallet.name));
        for view in &pallet.view_functions {
            self.question(out, &view.name, &view.inputs, view.output.id, &view.docs);
            if !matches!(view.deprecation_info, ItemDeprecationInfo::NotDeprecated) {
                line(out, "  Deprecated.");
            }
        }
    }

    fn call(&self, out: &mut String, call: &Variant<PortableForm>) {
        heading(out, 4, &format!("`{}` ({})", call.name, call.index));
        line(out, &format!("`{}({})`\n", call.name, self.fields(&call.fields)));
        for doc in &call.docs {
            // The headings of a call are below those of the page.
            match doc.strip_prefix("# ") {
                Some(title) => line(out, &format!("**{title}**\n")),
                None => line(out, doc),
            }
        }
        let see = self.see(call.fields.iter().map(|field| field.ty.id));
        if !see.is_empty() {
            line(out, &format!("\n{see}"));
        }
    }

    fn variant(&self, out: &mut String, variant: &Variant<PortableForm>) {
        let fields = match variant.fields.is_empty() {
            true => String::new(),
            false => format!(" {{ {} }}", self.fields(&variant.fields)),
        };
        line(out, &format!("- `{}{fields}` ({})", variant.name, variant.index));
        let see = self.see(variant.fields.iter().map(|field| field.ty.id));
        line(out, &format!("  {}", sentences([joined(&variant.docs).as_str(), &see])));
    }

    fn storage(&self, out: &mut String, pallet: &PalletMetadata<PortableForm>) {
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
            let see = self.see(stored(&entry.ty));
            line(out, &format!("  {}", sentences([joined(&entry.docs).as_str(), &see])));
        }
    }

    fn api(&self, out: &mut String, api: &RuntimeApiMetadata<PortableForm>) {
        heading(out, 2, &format!("Runtime API {}", api.name));
        line(out, &format!("{}\n", joined(&api.docs)));
        for method in &api.methods {
            self.question(out, &method.name, &method.inputs, method.output.id, &method.docs);
        }
    }

    /// Writes a view function or a method of a runtime API.
    fn question(
        &self,
        out: &mut String,
        name: &str,
        inputs: &[FunctionParamMetadata<PortableForm>],
        output: u32,
        docs: &[String],
    ) {
        let named: Vec<_> = inputs
            .iter()
            .map(|input| format!("{}: {}", input.name, self.name(input.ty.id)))
            .collect();
        line(out, &format!("- `{name}({}) -> {}`", named.join(", "), self.name(output)));
        let see = self.see(inputs.iter().map(|input| input.ty.id).chain([output]));
        line(out, &format!("  {}", sentences([joined(docs).as_str(), &see])));
    }

    /// Writes the calls of an SDK pallet, one line for each.
    fn summary(&self, out: &mut String, pallet: &PalletMetadata<PortableForm>) {
        for call in pallet.calls.iter().flat_map(|calls| self.variants(calls.ty.id)) {
            let summary = call.docs.first().map(|doc| doc.trim()).unwrap_or_default();
            let call_form =
                format!("`{}.{}({})`", pallet.name, call.name, self.fields(&call.fields));
            let see = self.see(call.fields.iter().map(|field| field.ty.id));
            line(out, &format!("- {}", sentences([call_form.as_str(), summary, &see])));
        }
    }
}
