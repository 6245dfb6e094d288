// SPDX-License-Identifier: Apache-2.0

//! Publishing and retiring plugins.

use super::error_mapping::document_error;
use crate::{
    document::{self, DataSetSource, DocumentError, PluginSource},
    growth::{self, Written},
    pallet::*,
    types::*,
    weights::Work,
};
use alloc::vec::Vec;
use codec::Encode;
use data_schema::{json::Raw, Schema, COMPILER_VERSION};
use frame_support::{ensure, BoundedVec};
use sp_core::H256;
use sp_io::hashing::blake2_256;
use sp_runtime::DispatchError;
use twinchain_primitives::{Name, PluginId};

/// A valid data set of a document.
pub(crate) struct CompiledDataSet {
    pub definition: Definition,
    /// Its compiled schema.
    pub program: Schema,
    /// The position of `dataSchema` in the document.
    pub root: Span,
    /// The place in `dataSchema` where the schema begins, as in [`CompiledSchema::place`].
    pub place: Option<u32>,
}

impl<T: Config> Pallet<T> {
    /// Publishes a plugin. Adds the work of validating its defaults to `work`. Returns the number
    /// of bytes written.
    pub(crate) fn do_publish_plugin(
        publisher: T::AccountId,
        bytes: Vec<u8>,
        work: &mut Work,
    ) -> Result<u64, DispatchError> {
        let document = Self::check_document_length(bytes)?;
        let source = document::plugin(&document).map_err(document_error::<T>)?;
        Self::check_replaces(&publisher, &source)?;
        let definitions = Self::compile_data_sets(&source, work).map_err(document_error::<T>)?;
        let PluginSource { name, replaces, description, roles, .. } = source;
        let description = description.map(|raw| span(&raw));
        let replaces = replaces.map(|(old, _)| old);
        let id = NextPluginId::<T>::get();
        let next = id.checked_add(1).ok_or(Error::<T>::IdsExhausted)?;

        let mut written = Written::default();
        let document = Self::store_document(&document, &mut written);
        let mut data_sets = BoundedVec::default();
        for CompiledDataSet { definition, program, root, place } in definitions {
            let schema = CompiledSchema { program, document, root, place };
            Self::store_schema(definition.schema, schema, &mut written);
            data_sets.try_push(definition).map_err(|_| Error::<T>::TooManyDataSets)?;
        }
        NextPluginId::<T>::put(next);
        written.count(growth::COUNTER);
        let (of, called) = (publisher.clone(), name.clone());
        PluginsOfPublisher::<T>::insert(&publisher, id, ());
        PluginsOfName::<T>::insert(&name, id, ());
        written.count(growth::INDEX);
        written.count(growth::name_index(name.as_ref()));
        if let Some(old) = replaces {
            SuccessorsOf::<T>::insert(old, id, ());
            written.count(growth::ID_INDEX);
        }
        let retired = false;
        let plugin =
            Plugin { publisher, name, document, replaces, retired, description, data_sets, roles };
        written.record(growth::PLUGIN_KEY, &plugin);
        Plugins::<T>::insert(id, plugin);
        Self::deposit_event(Event::PluginPublished {
            plugin: id,
            publisher: of,
            name: called,
            document,
            replaces,
        });
        Ok(written.bytes())
    }

    /// Retires a plugin. Returns the number of bytes written.
    pub(crate) fn do_retire_plugin(who: &T::AccountId, id: PluginId) -> Result<u64, DispatchError> {
        let mut plugin = Plugins::<T>::get(id).ok_or(Error::<T>::PluginNotFound)?;
        ensure!(plugin.publisher == *who, Error::<T>::NotPublisher);
        ensure!(!plugin.retired, Error::<T>::PluginRetired);
        plugin.retired = true;
        let mut written = Written::default();
        written.record(growth::PLUGIN_KEY, &plugin);
        Plugins::<T>::insert(id, plugin);
        Self::deposit_event(Event::PluginRetired { plugin: id });
        Ok(written.bytes())
    }

    /// Compiles the data sets of a plugin. Fails if one of them is invalid.
    pub(crate) fn compile_data_sets(
        source: &PluginSource<'_>,
        work: &mut Work,
    ) -> Result<Vec<CompiledDataSet>, DocumentError> {
        let define = |(index, (name, data_set)): (u8, &(Name, _))| {
            Self::define_one(name, data_set, work).map_err(|error| DocumentError {
                index,
                start: data_set.start,
                ..error
            })
        };
        (0u8..).zip(&source.data_sets).map(define).collect()
    }

    /// Compiles one data set. Fails if it is invalid.
    pub(crate) fn define_one(
        name: &Name,
        source: &DataSetSource<'_>,
        work: &mut Work,
    ) -> Result<CompiledDataSet, DocumentError> {
        let schema = document::check(source, work)?;
        let definition = Definition {
            name: name.clone(),
            kind: source.kind,
            visibility: source.visibility,
            write_once: source.write_once,
            schema: schema_key(source.schema.text, source.place, &schema),
            default: source.default.as_ref().map(span),
            permissions: source.permissions.clone(),
        };
        let root = span(&source.schema);
        Ok(CompiledDataSet { definition, program: schema, root, place: source.place })
    }

    /// Fails unless `publisher` published the plugin that the new one replaces.
    pub(crate) fn check_replaces(
        publisher: &T::AccountId,
        source: &PluginSource<'_>,
    ) -> Result<(), Error<T>> {
        if let Some((old, _)) = source.replaces {
            let old = Plugins::<T>::get(old).ok_or(Error::PluginNotFound)?;
            ensure!(old.publisher == *publisher, Error::NotPublisher);
        }
        Ok(())
    }

    /// Stores a compiled schema under its key, unless one is already stored. The key decides the
    /// meaning, so the stored one means the same.
    pub(crate) fn store_schema(key: H256, schema: CompiledSchema, written: &mut Written) {
        if !Schemas::<T>::contains_key(key) {
            written.record(growth::SCHEMA_KEY, &schema);
            Schemas::<T>::insert(key, schema);
        }
    }

    /// Returns the bytes as a document. Fails if they are too long.
    pub(crate) fn check_document_length(bytes: Vec<u8>) -> Result<Document, Error<T>> {
        Document::try_from(bytes).map_err(|_| Error::DocumentTooLong)
    }

    /// Stores a document under its hash, unless it is already stored. Returns the hash.
    pub(crate) fn store_document(document: &Document, written: &mut Written) -> H256 {
        let hash = blake2_256(document).into();
        if !Documents::<T>::contains_key(hash) {
            written.record(growth::DOCUMENT_KEY, document);
            Documents::<T>::insert(hash, document);
        }
        hash
    }
}

/// Returns the key of a compiled schema: the blake2_256 of everything that decides its meaning.
/// This is the version of the compiler, the dialect, the flags (none so far), the place in
/// `dataSchema` where the schema begins, and all of `dataSchema`, because references lead into it.
pub(crate) fn schema_key(root: &[u8], place: Option<u32>, compiled: &Schema) -> H256 {
    const FLAGS: u8 = 0;
    let key = (COMPILER_VERSION, compiled.dialect().number(), FLAGS, place, root);
    key.using_encoded(blake2_256).into()
}

fn span(raw: &Raw<'_>) -> Span {
    Span { offset: raw.offset, length: document::size(raw) }
}
