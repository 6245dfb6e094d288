// SPDX-License-Identifier: Apache-2.0

//! Plugins: published, retired.

use super::error_mapping::document_error;
use crate::{
    document::{self, DataSetSource, DocumentError, PluginSource},
    growth::{self, Written},
    pallet::*,
    types::*,
    weights::Work,
};
use alloc::vec::Vec;
use data_schema::{json::Raw, Schema};
use frame_support::{ensure, BoundedVec};
use sp_core::H256;
use sp_io::hashing::blake2_256;
use sp_runtime::DispatchError;
use twinchain_primitives::{Name, PluginId};

/// A data set of a document, in order.
pub(crate) struct CompiledDataSet {
    pub definition: Definition,
    /// Its compiled schema.
    pub schema: Schema,
}

impl<T: Config> Pallet<T> {
    /// Publishes a plugin. Adds the work of checking its defaults to `work`. Returns the bytes that
    /// it wrote.
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
        let (data_sets, schemas): (Vec<_>, Vec<_>) =
            definitions.into_iter().map(|compiled| (compiled.definition, compiled.schema)).unzip();
        let data_sets = BoundedVec::try_from(data_sets).map_err(|_| Error::<T>::TooManyDataSets)?;
        let id = NextPluginId::<T>::get();
        let next = id.checked_add(1).ok_or(Error::<T>::IdsExhausted)?;

        let mut written = Written::default();
        for (definition, schema) in data_sets.iter().zip(schemas) {
            Self::store_schema(definition.schema, schema, &mut written);
        }
        let document = Self::store_document(&document, &mut written);
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

    /// Retires a plugin. Returns the bytes that it wrote.
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

    /// The definitions of a plugin's data sets with their compiled schemas, if all are in order.
    pub(crate) fn compile_data_sets(
        source: &PluginSource<'_>,
        work: &mut Work,
    ) -> Result<Vec<CompiledDataSet>, DocumentError> {
        let define = |(index, (name, data_set)): (u8, &(Name, _))| {
            Self::define_one(name, data_set, work).map_err(|error| DocumentError { index, ..error })
        };
        (0u8..).zip(&source.data_sets).map(define).collect()
    }

    /// The definition of one data set with its compiled schema, if it is in order.
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
            schema: schema_hash(&source.schema),
            default: source.default.as_ref().map(span),
            permissions: source.permissions.clone(),
        };
        Ok(CompiledDataSet { definition, schema })
    }

    /// Whoever publishes a new version published the one that it replaces.
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

    /// Keeps a compiled schema under the hash of its source. What is there already is the same.
    pub(crate) fn store_schema(hash: H256, schema: Schema, written: &mut Written) {
        if !Schemas::<T>::contains_key(hash) {
            written.record(growth::SCHEMA_KEY, &schema);
            Schemas::<T>::insert(hash, schema);
        }
    }

    /// Returns a document that can be stored.
    pub(crate) fn check_document_length(bytes: Vec<u8>) -> Result<Document, Error<T>> {
        Document::try_from(bytes).map_err(|_| Error::DocumentTooLong)
    }

    /// Stores a document under its hash, once. Returns the hash.
    pub(crate) fn store_document(document: &Document, written: &mut Written) -> H256 {
        let hash = blake2_256(document).into();
        if !Documents::<T>::contains_key(hash) {
            written.record(growth::DOCUMENT_KEY, document);
            Documents::<T>::insert(hash, document);
        }
        hash
    }
}

/// The key of a schema: the blake2_256 of its source.
pub(crate) fn schema_hash(source: &Raw<'_>) -> H256 {
    blake2_256(source.text).into()
}

fn span(raw: &Raw<'_>) -> Span {
    Span { offset: raw.offset, length: document::size(raw) }
}
