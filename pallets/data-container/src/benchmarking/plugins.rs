// SPDX-License-Identifier: Apache-2.0

//! Plugins and schemas.

use super::{
    setup::{name, permissions, roles, useless_rights, World, LAST},
    texts,
};
use crate::{pallet::*, types::*};
use alloc::vec::Vec;
use data_schema::Schema;
use frame_benchmarking::v2::account;
use frame_support::BoundedVec;
use sp_core::{H256, U256};
use twinchain_primitives::{Access, PluginId};

/// The length of the shortest list with the maximum number of items, in bytes.
pub(super) const SHORTEST_LIST: u32 = 2 * MAX_ITEMS + 1;
/// The number of data sets whose defaults are such lists.
pub(super) const LISTS: u32 = 32;

/// Returns the key of a data set's schema. Every data set has its own schema.
pub(super) fn schema_hash(n: u32) -> H256 {
    H256(U256::from(n + 1).to_big_endian())
}

/// Stores a schema for each of `sets` data sets.
pub(super) fn put_schemas<T: Config>(sets: u32, schema: Schema) {
    let whole = Span { offset: 0, length: 0 };
    let schema =
        CompiledSchema { program: schema, document: H256::zero(), root: whole, place: Some(0) };
    (0..sets).for_each(|n| Schemas::<T>::insert(schema_hash(n), schema.clone()));
}

/// Stores a plugin with these data sets, all roles and a document. Returns its id.
pub(super) fn plugin<T: Config>(
    publisher: &T::AccountId,
    data_sets: Vec<Definition>,
    document: Vec<u8>,
) -> PluginId {
    let id = NextPluginId::<T>::get();
    let hash = H256(U256::from(id).to_big_endian());
    let plugin = Plugin {
        publisher: publisher.clone(),
        name: name(0),
        document: hash,
        replaces: Some(0),
        retired: false,
        description: None,
        data_sets: BoundedVec::truncate_from(data_sets),
        roles: roles(MAX_ROLES),
    };
    Plugins::<T>::insert(id, plugin);
    Documents::<T>::insert(hash, BoundedVec::truncate_from(document));
    NextPluginId::<T>::put(id + 1);
    id
}

/// Returns a data set of a plugin, with permissions for all roles.
pub(super) fn definition(n: u32, kind: Kind, default: Option<Span>) -> Definition {
    Definition {
        name: name(n),
        kind,
        visibility: Visibility::Public,
        write_once: false,
        schema: schema_hash(n),
        default,
        permissions: permissions(MAX_ROLES, Access::WRITE),
    }
}

/// Stores the largest plugin, which takes the longest to read.
pub(super) fn full_plugin<T: Config>(publisher: &T::AccountId) -> PluginId {
    let span = Span { offset: 0, length: 1 };
    let sets = (0..MAX_DATA_SETS).map(|n| definition(n, Kind::Entry, Some(span))).collect();
    plugin::<T>(publisher, sets, Vec::new())
}

/// Stores a plugin with `sets` data sets, all with a default. The first [`LISTS`] defaults are
/// lists of `bytes` bytes. The document has `document` bytes.
pub(super) fn plugin_with_defaults<T: Config>(
    publisher: &T::AccountId,
    document: u32,
    sets: u32,
    bytes: u32,
) -> PluginId {
    let digit = Span { offset: 1, length: 1 };
    let whole = Span { offset: 0, length: bytes };
    let define = |n| match n < LISTS {
        true => definition(n, Kind::List, Some(whole)),
        false => definition(n, Kind::Entry, Some(digit)),
    };
    let mut text = texts::digits(bytes);
    text.resize(document as usize, b' ');
    plugin::<T>(publisher, (0..sets).map(define).collect(), text)
}

/// Creates a container with `sets` data sets, as an instance of a new plugin. Returns both. One
/// data set is confidential. The others hold `bytes` bytes in total.
pub(super) fn clonable<T: Config>(sets: u32, bytes: u32) -> (World<T>, PluginId) {
    let public = sets - 1;
    let world = World::<T>::new(public, Kind::Entry, Visibility::Public, Access::WRITE);
    world.add_data_set(public, Visibility::Confidential, Access::WRITE);
    (0..public).for_each(|n| world.set(n, bytes / public));
    let mut defined: Vec<_> = (0..sets).map(|n| definition(n, Kind::Entry, None)).collect();
    defined[public as usize].visibility = Visibility::Confidential;
    let plugin = plugin::<T>(&world.owner, defined, Vec::new());
    Containers::<T>::mutate_extant(world.id, |source| source.plugin = Some(plugin));
    (world, plugin)
}

impl<T: Config> World<T> {
    /// Returns an account whose only right is a grant on the data set that is searched last.
    pub fn cloner(&self) -> T::AccountId {
        let cloner = account("cloner", 0, 0);
        let mut rights = useless_rights();
        let last = DataSets::<T>::iter_prefix_values(self.id).last().expect("it is not empty");
        rights.grants[LAST as usize].data_set = last.id;
        self.give(&cloner, rights);
        cloner
    }
}
