// SPDX-License-Identifier: Apache-2.0

//! Dry runs: whether a call would be accepted, and if not, what is wrong and where.

mod advice;

use crate::{
    answers::*,
    document::{self, DataSetSource, DocumentError, Misspelled},
    ops::{check_write_once, document_error, schema_of, value_error},
    pallet::*,
    types::*,
    weights::Work,
};
use alloc::{format, string::String, vec::Vec};
use data_schema::{
    json::{pointer, Raw},
    Schema, UnknownKeyword,
};
use frame_support::ensure;
use sp_runtime::SaturatedConversion;
use twinchain_primitives::ContainerId;

impl<T: Config> Pallet<T> {
    pub(crate) fn dry_run_value(
        id: ContainerId,
        name: Vec<u8>,
        call: WriteCall,
        value: &[u8],
    ) -> Result<(), Refusal> {
        let schema = Self::schema_for(id, name, call).map_err(without_place)?;
        schema.check(value).map_err(|violation| {
            let error = value_error::<T>(0, violation);
            let pointer = pointer_within(value, MAX_VALUE, violation.offset);
            refusal(error, violation.kind.as_str(), violation.offset, pointer)
        })?;
        Ok(())
    }

    pub(crate) fn dry_run_document(
        publisher: &T::AccountId,
        bytes: &[u8],
    ) -> Result<PluginPreview, Refusal> {
        let refuse = |error| document_refusal::<T>(bytes, error);
        let source = document::plugin(bytes).map_err(refuse)?;
        Self::check_replaces(publisher, &source).map_err(|error| {
            let offset = source.replaces.map_or(0, |(_, offset)| offset);
            refusal(error, "replaces", offset, b"/replaces".to_vec())
        })?;
        let definitions = Self::compile_data_sets(&source, &mut Work::default()).map_err(refuse)?;
        let sources = source.data_sets.iter().map(|(_, data_set)| data_set);
        let misspelled = document::misspelled_in_plugin(bytes).map_err(refuse)?;
        let warnings = warnings(bytes, misspelled, sources);
        Ok(PluginPreview {
            name: source.name,
            replaces: source.replaces.map(|(old, _)| old),
            data_sets: definitions.into_iter().map(|defined| defined.definition).collect(),
            roles: source.roles.into_iter().map(|role| role.name).collect(),
            warnings,
        })
    }

    pub(crate) fn dry_run_definition(
        id: ContainerId,
        name: Vec<u8>,
        bytes: &[u8],
    ) -> Result<DataSetPreview, Refusal> {
        let container =
            Containers::<T>::get(id).ok_or(Error::<T>::ContainerNotFound).map_err(without_place)?;
        let new = Self::check_new_data_set(id, &container, name).map_err(without_place)?;
        let refuse = |error| document_refusal::<T>(bytes, error);
        let mut roles = RoleNames::<T>::get(id);
        let source = document::definition(bytes, &mut roles).map_err(refuse)?;
        let defined = Self::define_one(&new, &source, &mut Work::default()).map_err(refuse)?;
        let misspelled = document::misspelled_in_definition(bytes).map_err(refuse)?;
        let warnings = warnings(bytes, misspelled, core::iter::once(&source));
        Ok(DataSetPreview { data_set: defined.definition, warnings })
    }

    /// Returns the schema that a value is checked against. Fails if the data set would not take one
    /// by this call from any signer.
    fn schema_for(id: ContainerId, name: Vec<u8>, call: WriteCall) -> Result<Schema, Error<T>> {
        let container = Containers::<T>::get(id).ok_or(Error::ContainerNotFound)?;
        ensure!(container.status == Status::Active, Error::ContainerClosed);
        let (_, data_set) = Self::active_data_set(id, name)?;
        let (kind, visibility) = match call {
            WriteCall::SetEntry => (Kind::Entry, Visibility::Public),
            WriteCall::Append => (Kind::List, Visibility::Public),
            WriteCall::SetSealedEntry => (Kind::Entry, Visibility::Confidential),
            WriteCall::AppendSealed => (Kind::List, Visibility::Confidential),
        };
        ensure!(data_set.kind == kind, Error::WrongKind);
        ensure!(
            data_set.visibility == visibility,
            match visibility {
                Visibility::Public => Error::Confidential,
                Visibility::Confidential => Error::NotConfidential,
            }
        );
        check_write_once::<T>(&data_set)?;
        schema_of::<T>(&data_set)
    }
}

/// Returns what may be a mistake in a document: members that are much like others, and those of
/// schemas that no draft knows.
fn warnings<'a>(
    document: &[u8],
    misspelled: Vec<Misspelled<'_>>,
    data_sets: impl Iterator<Item = &'a DataSetSource<'a>>,
) -> Vec<Warning> {
    let warning = |offset, name: String, message: String| {
        let pointer = pointer_within(document, MAX_DOCUMENT, offset);
        Warning { keyword: name.into(), offset, pointer, message: message.into() }
    };
    let members = misspelled.into_iter().map(|Misspelled { name, meant }| {
        let (offset, name) = (name.offset(), name.to_text());
        let message = format!("`{name}` means nothing here; did you mean `{meant}`?");
        warning(offset, name, message)
    });
    let unknown = data_sets.flat_map(|source| {
        let Raw { text, offset } = source.written_schema;
        Schema::unknown_keywords(text).map(move |keyword| (offset, keyword))
    });
    let keywords = unknown.map(|(start, UnknownKeyword { name, similar })| {
        let (offset, name) = (start.saturating_add(name.offset()), name.to_text());
        let suggestion = similar.map(|keyword| format!("; did you mean `{keyword}`?"));
        let suggestion = suggestion.unwrap_or_default();
        let message =
            format!("no draft of JSON Schema knows `{name}`: nothing checks it{suggestion}");
        warning(offset, name, message)
    });
    members.chain(keywords).take(MAX_WARNINGS.saturated_into()).collect()
}

/// A refusal that is about nothing smaller than the whole.
fn without_place<T: Config>(error: Error<T>) -> Refusal {
    refusal(error, "", 0, Vec::new())
}

/// Returns a refusal with the sentence about its error.
fn refusal<T: Config>(error: Error<T>, keyword: &str, offset: u32, pointer: Vec<u8>) -> Refusal {
    let message = error.sentence().into();
    Refusal { error: error.into(), keyword: keyword.into(), offset, pointer, message }
}

/// The JSON Pointer of a place in a text, of which the caller chose the length.
fn pointer_within(text: &[u8], limit: u32, offset: u32) -> Vec<u8> {
    let limit = text.len().min(limit.saturated_into());
    pointer(text.get(..limit).unwrap_or_default(), offset).into()
}

fn document_refusal<T: Config>(bytes: &[u8], refused: DocumentError) -> Refusal {
    let error = document_error::<T>(refused);
    let pointer = pointer_within(bytes, MAX_DOCUMENT, refused.offset);
    refusal(error, refused.word(), refused.offset, pointer)
}
