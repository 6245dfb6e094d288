// SPDX-License-Identifier: Apache-2.0

//! Dry runs: whether a call would be accepted and, if not, what is wrong and where.

mod advice;

use crate::{
    answers::*,
    document::{self, DataSetSource, DocumentError, DocumentErrorKind, Misspelled},
    growth,
    ops::{check_write_once, document_error, schema_of, value_error, CompiledDataSet},
    pallet::*,
    types::*,
    weights::{with_work, WeightInfo, Work},
};
use alloc::{collections::BTreeSet, format, string::String, vec::Vec};
use data_schema::{
    json::pointer, CompileErrorKind, Dialect, KeywordRole, KeywordUse, Schema, SchemaSource,
    Violation, ViolationKind,
};
use frame_support::{ensure, weights::Weight};
use sp_runtime::SaturatedConversion;
use twinchain_primitives::ContainerId;

/// The most faults of a schema that a dry run reports besides the first.
const MAX_OTHER_REFUSALS: usize = 16;

impl<T: Config> Pallet<T> {
    pub(crate) fn dry_run_value(
        id: ContainerId,
        name: Vec<u8>,
        call: WriteCall,
        value: &[u8],
    ) -> Result<(), Refusal> {
        let schema = Self::schema_for(id, name, call).map_err(without_place)?;
        let is_sealed = matches!(call, WriteCall::SetSealedEntry | WriteCall::AppendSealed);
        // Padding takes at least one byte, so a value of the greatest length cannot be sealed.
        let longest = if is_sealed { MAX_VALUE.saturating_sub(1) } else { MAX_VALUE };
        let verdict = match value.len().saturated_into::<u32>() > longest {
            true => Err(Violation { kind: ViolationKind::TooLong, offset: longest }),
            false => schema.check(value),
        };
        verdict.map_err(|violation| {
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
        let refuse = |error| document_refusal::<T>(bytes, error, None);
        let source = document::plugin(bytes).map_err(refuse)?;
        Self::check_replaces(publisher, &source).map_err(|error| {
            let offset = source.replaces.map_or(0, |(_, offset)| offset);
            refusal(error, "replaces", offset, b"/replaces".to_vec())
        })?;
        let compiled = Self::compile_data_sets(&source, &mut Work::default());
        let compiled = compiled.map_err(|error| {
            let of = source.data_sets.get(usize::from(error.index)).map(|(_, data_set)| data_set);
            document_refusal::<T>(bytes, error, of)
        })?;
        let pairs = source.data_sets.iter().zip(&compiled);
        let reports = pairs.map(|((_, source), compiled)| report::<T>(source, compiled)).collect();
        let misspelled = document::misspelled_in_plugin(bytes).map_err(refuse)?;
        let sources = source.data_sets.iter().map(|(_, data_set)| data_set);
        let warnings = warnings(bytes, misspelled, sources.zip(&compiled));
        Ok(PluginPreview {
            name: source.name,
            replaces: source.replaces.map(|(old, _)| old),
            data_sets: compiled.into_iter().map(|compiled| compiled.definition).collect(),
            reports,
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
        let refuse = |error| document_refusal::<T>(bytes, error, None);
        let mut roles = RoleNames::<T>::get(id);
        let source = document::definition(bytes, &mut roles).map_err(refuse)?;
        let defined = Self::define_one(&new, &source, &mut Work::default());
        let defined =
            defined.map_err(|error| document_refusal::<T>(bytes, error, Some(&source)))?;
        let misspelled = document::misspelled_in_definition(bytes).map_err(refuse)?;
        let warnings = warnings(bytes, misspelled, core::iter::once((&source, &defined)));
        let report = report::<T>(&source, &defined);
        Ok(DataSetPreview { data_set: defined.definition, report, warnings })
    }

    /// Returns the schema against which `call` validates a value. Fails if the data set accepts
    /// this call from no account.
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

/// Returns warnings about possible mistakes in a document: members with a misspelled name, and
/// members of schemas that the schema's draft does not apply.
fn warnings<'a>(
    document: &[u8],
    misspelled: Vec<Misspelled<'_>>,
    data_sets: impl Iterator<Item = (&'a DataSetSource<'a>, &'a CompiledDataSet)>,
) -> Vec<Warning> {
    let warning = |offset, name: String, message: String| {
        let pointer = pointer_within(document, MAX_DOCUMENT, offset);
        Warning { keyword: name.into(), offset, pointer, message: message.into() }
    };
    let members = misspelled.into_iter().map(|Misspelled { name, meant }| {
        let (offset, name) = (name.offset(), name.to_text());
        let message = format!("the chain ignores `{name}`; did you mean `{meant}`?");
        warning(offset, name, message)
    });
    let keywords = data_sets.flat_map(|(source, compiled)| {
        let (start, dialect) = (source.schema.offset, compiled.program.dialect());
        // All of a list's schema as written, not only the part for its items.
        let whole = SchemaSource { root: source.schema.text, place: 0 };
        let found = whole.keywords().into_iter();
        found.filter_map(move |keyword| {
            let message = doubt(&keyword, dialect)?;
            Some((start.saturating_add(keyword.name.offset()), keyword.name.to_text(), message))
        })
    });
    let keywords = keywords.map(|(offset, name, message)| warning(offset, name, message));
    members.chain(keywords).take(MAX_WARNINGS.saturated_into()).collect()
}

/// Returns why a member of a schema may be a mistake, or `None` if it is not in doubt.
fn doubt(found: &KeywordUse<'_>, dialect: Dialect) -> Option<String> {
    let (name, draft) = (found.name.to_text(), dialect.name());
    match found.role {
        KeywordRole::Checked | KeywordRole::Annotation | KeywordRole::Refused => None,
        KeywordRole::Unknown => {
            let suggestion = found.similar().map(|keyword| format!("; did you mean `{keyword}`?"));
            let suggestion = suggestion.unwrap_or_default();
            Some(format!("no draft of JSON Schema defines `{name}`: it is not checked{suggestion}"))
        },
        KeywordRole::Later => {
            Some(format!("`{name}` belongs to a later draft than {draft}: it is not checked"))
        },
        KeywordRole::BesideReference => Some(format!(
            "`{name}` is beside `$ref`, where {draft} ignores it: it is not checked; put both \
             into `allOf`"
        )),
    }
}

/// Returns a report of what the chain checks of a schema.
fn report<T: Config>(source: &DataSetSource<'_>, compiled: &CompiledDataSet) -> SchemaReport {
    let (mut checked, mut annotations, mut unknown) =
        <(BTreeSet<_>, BTreeSet<_>, BTreeSet<_>)>::default();
    for found in source.schema_source().keywords() {
        let names = match found.role {
            KeywordRole::Checked => &mut checked,
            KeywordRole::Annotation | KeywordRole::Later | KeywordRole::BesideReference => {
                &mut annotations
            },
            KeywordRole::Unknown => &mut unknown,
            // A schema with such a keyword is rejected before there is a report.
            KeywordRole::Refused => continue,
        };
        names.insert(Vec::from(found.name.to_text()));
    }
    SchemaReport {
        dialect: compiled.program.dialect().name().into(),
        checked: checked.into_iter().collect(),
        annotations: annotations.into_iter().collect(),
        unknown: unknown.into_iter().collect(),
        cost: compiled.program.cost(),
        program: compiled.program.program().len().saturated_into(),
        write: write_cost::<T>(&compiled.definition, &compiled.program),
    }
}

/// Returns the most that a write to a data set takes of a quota.
fn write_cost<T: Config>(definition: &Definition, program: &Schema) -> WriteCost {
    let weight = |bytes: u32| {
        let value = Vec::from_iter(core::iter::repeat_n(b' ', bytes.saturated_into()));
        let name = definition.name.as_ref();
        let sealed = definition.visibility == Visibility::Confidential;
        let (call, growth) = match definition.kind {
            Kind::Entry if sealed => {
                (T::WeightInfo::set_sealed_entry(bytes), growth::set_entry(name, &value))
            },
            Kind::Entry => (T::WeightInfo::set_entry(bytes), growth::set_entry(name, &value)),
            Kind::List if sealed => {
                (T::WeightInfo::append_sealed(1, bytes), growth::append(name, &[value]))
            },
            Kind::List => (T::WeightInfo::append(1, bytes), growth::append(name, &[value])),
        };
        let work = if sealed { Work::default() } else { Work::of(bytes, program) };
        with_work::<T::WeightInfo>(call, work).saturating_add(growth)
    };
    // From this length on, a value has a record of its own, which costs the most.
    let least = MAX_SHORT_VALUE.saturating_add(1);
    let bytes = u64::from(MAX_VALUE.saturating_sub(least)).max(1);
    let all = weight(MAX_VALUE).saturating_sub(weight(least));
    let per_byte = all.saturating_div(bytes);
    // The length prefix of a long value takes more bytes than that of a short one, and the
    // remainder of the division is largest there.
    let fixed = [least, MAX_VALUE]
        .map(|bytes| weight(bytes).saturating_sub(per_byte.saturating_mul(bytes.into())));
    let fixed = fixed.into_iter().fold(Weight::zero(), |most, fixed| most.max(fixed));
    WriteCost { fixed, per_byte }
}

/// Returns a refusal for an error that has no place in the value or document.
fn without_place<T: Config>(error: Error<T>) -> Refusal {
    refusal(error, "", 0, Vec::new())
}

/// Returns a refusal with the sentence for its error.
fn refusal<T: Config>(error: Error<T>, keyword: &str, offset: u32, pointer: Vec<u8>) -> Refusal {
    let message = error.sentence().into();
    Refusal { error: error.into(), keyword: keyword.into(), offset, pointer, message }
}

/// Returns the JSON Pointer of a place in a text. Reads at most `limit` bytes, because the caller
/// chooses the length of the text.
fn pointer_within(text: &[u8], limit: u32, offset: u32) -> Vec<u8> {
    let limit = text.len().min(limit.saturated_into());
    pointer(text.get(..limit).unwrap_or_default(), offset).into()
}

/// Returns the refusal of a document. If the schema of `data_set` is refused, the message also
/// lists its other faults.
fn document_refusal<T: Config>(
    bytes: &[u8],
    refused: DocumentError,
    data_set: Option<&DataSetSource<'_>>,
) -> Refusal {
    let error = document_error::<T>(refused);
    let pointer = pointer_within(bytes, MAX_DOCUMENT, refused.offset);
    let refusal = refusal(error, refused.word(), refused.offset, pointer);
    let DocumentErrorKind::Schema(kind) = refused.fault else { return refusal };
    let message = match (kind, refused.keyword, refused.detail) {
        (_, Some(keyword), Some(detail)) => Some(format!("`{keyword}`: {detail}")),
        (CompileErrorKind::UnsupportedKeyword, Some(keyword), None) => {
            let instead = data_schema::replacement(keyword);
            Some(format!("the chain does not check `{keyword}`: {instead}"))
        },
        (CompileErrorKind::InvalidKeywordValue, Some(keyword), None) => {
            data_schema::expected_value(keyword).map(|takes| format!("`{keyword}` takes {takes}"))
        },
        _ => None,
    };
    let mut message = message.map_or(refusal.message, Vec::from);
    if let Some(data_set) = data_set {
        message.extend(other_refusals(bytes, refused.offset, data_set).into_bytes());
    }
    Refusal { message, ..refusal }
}

/// Returns the other faults of a schema that is refused at `offset`, so that its author can correct
/// all of them together.
fn other_refusals(document: &[u8], offset: u32, data_set: &DataSetSource<'_>) -> String {
    let start = data_set.schema.offset;
    let mut others = data_set.schema_source().refusals();
    others.retain(|other| start.saturating_add(other.offset) != offset);
    let mut message = String::new();
    for other in others.iter().take(MAX_OTHER_REFUSALS) {
        let place = pointer_within(document, MAX_DOCUMENT, start.saturating_add(other.offset));
        let place = String::from_utf8_lossy(&place);
        message.push_str(&format!("; also, at {place}: {}", other.reason()));
    }
    let more = others.len().saturating_sub(MAX_OTHER_REFUSALS);
    if more > 0 {
        message.push_str(&format!("; and {more} more"));
    }
    message
}
