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

/// The bytes of a list of as many items as there can be, in the fewest bytes.
pub(super) const SHORTEST_LIST: u32 = 2 * MAX_ITEMS + 1;
/// The data sets whose defaults are such lists.
pub(super) const LISTS: u32 = 32;

/// The key of a schema: every data set has one of its own.
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

/// A plugin of these data sets, with all roles, and a document.
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

/// A data set of a plugin, with permissions for all roles.
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

/// The longest plugin, so that reading it takes as long as it can.
pub(super) fn full_plugin<T: Config>(publisher: &T::AccountId) -> PluginId {
    let span = Span { offset: 0, length: 1 };
    let sets = (0..MAX_DATA_SETS).map(|n| definition(n, Kind::Entry, Some(span))).collect();
    plugin::<T>(publisher, sets, Vec::new())
}

/// A plugin of `sets` data sets, all with a default: [`LISTS`] of them a list of `bytes` bytes. Its
/// document has `document` bytes.
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

/// A container of `sets` data sets that is an instance of the plugin that is returned. One data set
/// is confidential, the others hold `bytes` bytes together.
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
    /// An account whose only right is a grant on the data set that is looked at last.
    pub fn cloner(&self) -> T::AccountId {
        let cloner = account("cloner", 0, 0);
        let mut rights = useless_rights();
        let last = DataSets::<T>::iter_prefix_values(self.id).last().expect("there are some");
        rights.grants[LAST as usize].data_set = last.id;
        self.give(&cloner, rights);
        cloner
    }
}
