// SPDX-License-Identifier: Apache-2.0

//! The bytes that the calls write to the state: keys and values, written or replaced. The functions
//! here return upper bounds, which calls declare as the second dimension of their weight.
//!
//! | record | bytes, at most |
//! |---|---|
//! | container | 196 |
//! | description of `d` bytes | 50 + `d` |
//! | roles with their names | 1,121 |
//! | the number of holders of a role | 61 |
//! | data set with a name of `n` bytes, without a value | 241 + `n` |
//! | value of `v` bytes, in either record | 112 + `v`; up to 564 in the data set's record |
//! | batch of `i` items of together `v` bytes | 116 + 6 `i` + `v`; sealed 116 + 11 `i` + `v` |
//! | rights of an account | 2,259, with the index |
//! | envelope of `e` bytes | 129 + `e` |
//! | the reason why sealing to a key ends | 99 |
//! | epoch with a key of `p` bytes and a sealed seed of `e` | 158 + `p` + `e`, with the index |
//! | account envelopes of a version of a key | 1,997 |
//! | plugin | 10,712, with the indices |
//! | document or definition of `d` bytes | 68 + `d` |
//! | compiled schema of `s` bytes of JSON | 74 + 12 `s`, at most 16,454 |
//!
//! A rewritten record can have its maximum length. Calls that rewrite several records therefore
//! count the bytes that they store ([`Written`]), and the rest is refunded.

use crate::types::*;
use alloc::vec::Vec;
use codec::Encode;
use frame_support::weights::Weight;
use sp_runtime::SaturatedConversion;
use twinchain_primitives::{sum_bytes as sum, writes_bytes, SharedEnvelope, MAX_DESCRIPTION};

/// The prefix of every key: the hashes of the pallet's name and the map's name.
const MAP: u64 = 32;
/// The key of a container or a plugin in a map.
const ID: u64 = 16;
/// The key of an account in a map.
const ACCOUNT: u64 = 48;
/// The key of a data set's id in a map.
const DATA_SET_ID: u64 = 10;
/// The key of a batch, an epoch or a version in a map.
const NUMBER: u64 = 12;
/// The key of a segment in a map.
const SEGMENT: u64 = 9;
/// A hash, which is its own key.
const HASH: u64 = 32;
/// The length prefix of a list or a text of less than 16 KiB.
const LENGTH: u64 = 2;
/// The length prefix of a longer list or text.
const LONG_LENGTH: u64 = 4;

/// The counter of plugins or containers.
pub(crate) const COUNTER: u64 = MAP + 8;
/// An entry of an index of accounts and containers.
pub(crate) const INDEX: u64 = MAP + ACCOUNT + ID;
/// An entry of an index of plugins and containers.
pub(crate) const ID_INDEX: u64 = MAP + ID + ID;
/// The number of accounts that lost their last right in the block.
pub(crate) const REMOVED_RIGHTS: u64 = MAP + 8;
/// The number of holders of a role.
pub(crate) const ROLE_HOLDERS: u64 = MAP + ID + 9 + 4;
/// The twin together with which a container is on offer.
pub(crate) const OFFERED_WITH: u64 = MAP + ID + 8;
/// The number of envelopes that were removed in the block.
pub(crate) const REMOVED_ENVELOPES: u64 = MAP + 8;
/// The entry of a data set's key in the index of used keys.
pub(crate) const USED_KEY: u64 = MAP + 17 + HASH;
/// The entry of an account's key in the index of used keys.
const USED_ACCOUNT_KEY: u64 = MAP + 49 + HASH;

/// The keys of records.
pub(crate) const PLUGIN_KEY: u64 = MAP + ID;
pub(crate) const CONTAINER_KEY: u64 = MAP + ID;
pub(crate) const DESCRIPTION_KEY: u64 = MAP + ID;
pub(crate) const ROLE_NAMES_KEY: u64 = MAP + ID;
pub(crate) const DOCUMENT_KEY: u64 = MAP + HASH;
pub(crate) const SCHEMA_KEY: u64 = MAP + HASH;
pub(crate) const RIGHTS_KEY: u64 = MAP + ID + ACCOUNT;
pub(crate) const LONG_ENTRY_KEY: u64 = MAP + ID + DATA_SET_ID;
pub(crate) const BATCH_KEY: u64 = MAP + ID + DATA_SET_ID + NUMBER;
pub(crate) const EPOCH_KEY: u64 = MAP + ID + DATA_SET_ID + NUMBER;
pub(crate) const ENVELOPE_KEY: u64 = MAP + ID + DATA_SET_ID + SEGMENT + ACCOUNT;
pub(crate) const SEALING_END_KEY: u64 = MAP + ID + DATA_SET_ID;
pub(crate) const ACCOUNT_ENVELOPES_KEY: u64 = MAP + ACCOUNT + NUMBER;
const ENCRYPTION_KEY_KEY: u64 = MAP + ACCOUNT;

/// Records at their maximum length, with their keys. A test compares them with their types.
const CONTAINER: u64 = CONTAINER_KEY + 148;
const ROLE_NAMES: u64 = ROLE_NAMES_KEY + 1_073;
const RIGHTS: u64 = RIGHTS_KEY + 2_067 + INDEX;
const SEALING_END: u64 = SEALING_END_KEY + 41;
const PLUGIN: u64 = PLUGIN_KEY + 10_376;
/// The record of a data set without a value and without its key.
const DATA_SET: u64 = 175;
/// The longest value in that record: at most [`MAX_SHORT_VALUE`] bytes of JSON text or ciphertext.
const SHORT_VALUE: u64 = 564;
/// The fields before a value or the items of a batch: author, block and time.
const AUTHORED: u64 = 44;
/// The fields before the length of a value: the variant, and for a sealed value its suite and
/// epoch.
const VALUE: u64 = 6;
/// The longest sealed seed or secret key of any suite.
const SEALED_SEED: u64 = 80;
/// The account envelopes of a version of a key: 16, each for an account.
const ACCOUNT_ENVELOPES: u64 = ACCOUNT_ENVELOPES_KEY + 1 + 16 * (37 + LENGTH + SEALED_SEED);

/// The maximum number of bytes of a compiled schema apart from those for each byte of its source.
/// It includes the place of its source.
const COMPILED_SCHEMA: u64 = 1_069;

/// The number of bytes that a call has written so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Written(u64);

impl Written {
    /// Returns the number of bytes.
    pub fn bytes(self) -> u64 {
        self.0
    }

    /// Adds bytes.
    pub fn count(&mut self, bytes: u64) {
        self.0 = self.0.saturating_add(bytes);
    }

    /// Adds a record whose key has `key` bytes.
    pub fn record(&mut self, key: u64, value: &impl Encode) {
        self.count(key);
        self.count(value.encoded_size().saturated_into());
    }
}

/// Returns the length of a text or a list.
fn len<V>(items: &[V]) -> u64 {
    items.len().saturated_into()
}

/// Returns the length of the key of a data set.
pub(crate) fn data_set_key(name: &[u8]) -> u64 {
    sum([MAP, ID, 16, LENGTH, len(name)])
}

/// Returns the length of a data set without a value.
fn data_set(name: &[u8]) -> u64 {
    sum([data_set_key(name), DATA_SET])
}

/// Returns the length of a data set with the longest value that its record can hold.
fn full_data_set(name: &[u8]) -> u64 {
    sum([data_set(name), SHORT_VALUE])
}

/// A data set with the longest name and value, and the reason why sealing to its key ends.
const LIMITED_DATA_SET: u64 =
    MAP + ID + 16 + LENGTH + 64 + DATA_SET + SHORT_VALUE + SEALING_END + REMOVED_ENVELOPES;

/// Returns the bytes that the value of an entry takes, in either record.
fn entry(value: u64) -> u64 {
    sum([LONG_ENTRY_KEY, AUTHORED, VALUE, LONG_LENGTH, value])
}

/// Returns the length of the separate record of an entry's public value, or 0 if the value is short
/// and stored in the record of its data set.
pub(crate) fn long_entry(value: &[u8]) -> u64 {
    match len(value) > MAX_SHORT_VALUE.into() {
        true => entry(len(value)),
        false => 0,
    }
}

/// Returns the length of a batch whose items take `items` bytes.
fn batch(items: u64) -> u64 {
    sum([BATCH_KEY, AUTHORED, LENGTH, items])
}

/// Returns the length of a batch of public items.
pub(crate) fn public_batch(items: &[Vec<u8>]) -> u64 {
    batch(all_items(items, PUBLIC_ITEM))
}

/// Returns the length of items with their length prefixes and `before` bytes before each.
fn all_items(items: &[Vec<u8>], before: u64) -> u64 {
    sum(items.iter().map(|item| sum([before, item.encoded_size().saturated_into()])))
}

/// The fields before the length of a public item: that it exists, and that it is public.
const PUBLIC_ITEM: u64 = 2;
/// The fields before the length of a sealed item: the same, and its suite and epoch.
const SEALED_ITEM: u64 = 7;

/// Returns the length of an entry of the index of plugins by name.
pub(crate) fn name_index(name: &[u8]) -> u64 {
    sum([MAP, 16, LENGTH, len(name), ID])
}

/// Returns the length of the record of a description of `bytes`.
fn description(bytes: u64) -> u64 {
    sum([DESCRIPTION_KEY, LENGTH, bytes])
}

/// Returns the length of the record of a document or a definition of `bytes`.
fn document(bytes: u64) -> u64 {
    sum([DOCUMENT_KEY, LONG_LENGTH, bytes])
}

/// Returns the length of the compiled schemas of at most `count` data sets, from a total of `bytes`
/// of JSON text.
fn schemas(count: u64, bytes: u64) -> u64 {
    let programs = bytes.saturating_mul(data_schema::MAX_PROGRAM_BY_BYTE.into());
    let most = count.saturating_mul(data_schema::MAX_PROGRAM.into());
    let each = sum([SCHEMA_KEY, LONG_LENGTH, COMPILED_SCHEMA]);
    sum([count.saturating_mul(each), programs.min(most)])
}

/// Returns the length of the record of an envelope.
fn envelope(sealed: &[u8]) -> u64 {
    sum([ENVELOPE_KEY, 12, LENGTH, len(sealed)])
}

/// Returns the length of a new container with `sets` data sets, without their values.
fn container(description_bytes: u64, sets: u32) -> u64 {
    let name = [0; 64];
    let sets = u64::from(sets).saturating_mul(data_set(&name));
    let description = description(description_bytes);
    sum([COUNTER, INDEX, ID_INDEX, CONTAINER, ROLE_NAMES, description, sets])
}

/// Bounds `publish_plugin`. The names are in the document, so they are no longer than it. All other
/// bytes of the document can be schemas.
pub(crate) fn publish_plugin(text: &[u8]) -> Weight {
    let bytes = len(text);
    // A data set takes at least 35 bytes of the document.
    let sets = (bytes / 32).min(MAX_DATA_SETS.into());
    // The fields of the plugin, and of each data set without its name and permissions.
    let plugin = sum([PLUGIN_KEY, 152, sets.saturating_mul(47)]);
    let indices = sum([INDEX, name_index(&[0; 64]), ID_INDEX]);
    writes_bytes(sum([COUNTER, indices, document(bytes), plugin, bytes, schemas(sets, bytes)]))
}

/// Bounds `retire_plugin`.
pub(crate) fn retire_plugin() -> Weight {
    writes_bytes(PLUGIN)
}

/// Bounds `create_container`.
pub(crate) fn create_container(text: &[u8]) -> Weight {
    writes_bytes(sum([COUNTER, INDEX, CONTAINER, description(len(text))]))
}

/// Bounds `instantiate` for the largest plugin: one with as many defaults as a document can hold.
pub(crate) fn instantiate(text: &[u8]) -> Weight {
    let description = len(text).max(MAX_DESCRIPTION.into());
    writes_bytes(sum([
        container(description, MAX_DATA_SETS),
        defaults(MAX_DATA_SETS.into(), MAX_PAYLOAD.into()),
    ]))
}

/// Returns the length of the values of `count` defaults from a total of `bytes` of JSON text. Some
/// can be lists of short items.
fn defaults(count: u64, bytes: u64) -> u64 {
    let items = count.saturating_mul(MAX_ITEMS.into()).min(bytes / 2);
    // A comma in the text can become up to four bytes in the batch.
    sum([count.saturating_mul(batch(0)), bytes, items.saturating_mul(3)])
}

/// Bounds `clone_container` for the largest container.
pub(crate) fn clone_container() -> Weight {
    let values = u64::from(MAX_DATA_SETS).saturating_mul(entry(0));
    let definitions = container(MAX_DESCRIPTION.into(), MAX_DATA_SETS);
    writes_bytes(sum([definitions, values, MAX_PAYLOAD.into()]))
}

/// Bounds `set_description`.
pub(crate) fn set_description(text: &[u8]) -> Weight {
    writes_bytes(sum([CONTAINER, description(len(text))]))
}

/// Bounds `add_data_set`. The definition contains the schema and the default.
pub(crate) fn add_data_set(name: &[u8], definition: &[u8]) -> Weight {
    let bytes = len(definition);
    // A list of short items takes up to twice the length of its text.
    let default = batch(bytes.saturating_mul(2));
    let definition = sum([document(bytes), schemas(1, bytes), data_set(name)]);
    writes_bytes(sum([CONTAINER, ROLE_NAMES, definition, default]))
}

/// Bounds `retire_data_set`.
pub(crate) fn retire_data_set(name: &[u8]) -> Weight {
    writes_bytes(sum([CONTAINER, full_data_set(name)]))
}

/// Bounds `purge`.
pub(crate) fn purge(name: &[u8]) -> Weight {
    writes_bytes(sum([CONTAINER, data_set(name), REMOVED_ENVELOPES]))
}

/// Bounds `close_container`.
pub(crate) fn close_container() -> Weight {
    writes_bytes(CONTAINER)
}

/// Bounds `offer_ownership`.
pub(crate) fn offer_ownership(envelopes: &[SharedEnvelope]) -> Weight {
    let sealed = envelopes.iter().map(|new| envelope(&new.envelope));
    writes_bytes(sum(sealed)).saturating_add(offer_without_envelopes())
}

/// Bounds an offer as part of a twin's, with `envelopes` envelopes of a total of `sealed` bytes.
pub(crate) fn offer_with_twin(envelopes: u32, sealed: u32) -> Weight {
    let all = u64::from(envelopes).saturating_mul(envelope(&[])).saturating_add(sealed.into());
    writes_bytes(all).saturating_add(offer_without_envelopes())
}

/// Bounds an offer without envelopes.
fn offer_without_envelopes() -> Weight {
    writes_bytes(sum([CONTAINER, INDEX, OFFERED_WITH]))
}

/// Returns the bytes of ending an account's reading in all data sets of a container.
fn revoked_seeds() -> u64 {
    u64::from(MAX_DATA_SETS).saturating_mul(LIMITED_DATA_SET)
}

/// Bounds `accept_ownership`.
pub(crate) fn accept_ownership() -> Weight {
    writes_bytes(sum([CONTAINER, INDEX, lost_rights(), revoked_seeds()]))
}

/// Returns the bytes of taking all rights from an account.
fn lost_rights() -> u64 {
    u64::from(MAX_HELD_ROLES).saturating_mul(ROLE_HOLDERS).saturating_add(REMOVED_RIGHTS)
}

/// Bounds `cancel_offer` and `decline_offer`.
pub(crate) fn cancel_offer() -> Weight {
    writes_bytes(sum([CONTAINER, revoked_seeds()]))
}

/// Bounds `set_entry` and `set_sealed_entry`.
pub(crate) fn set_entry(name: &[u8], value: &[u8]) -> Weight {
    writes_bytes(sum([data_set(name), entry(len(value))]))
}

/// Bounds `store`.
pub(crate) fn store(values: &[NewValue]) -> Weight {
    values
        .iter()
        .fold(Weight::zero(), |all, new| all.saturating_add(set_entry(&new.data_set, &new.value)))
}

/// Bounds `clear_entry`.
pub(crate) fn clear_entry(name: &[u8]) -> Weight {
    writes_bytes(data_set(name))
}

/// Bounds `append`.
pub(crate) fn append(name: &[u8], items: &[Vec<u8>]) -> Weight {
    writes_bytes(sum([data_set(name), public_batch(items)]))
}

/// Bounds `append_sealed`.
pub(crate) fn append_sealed(name: &[u8], items: &[Vec<u8>]) -> Weight {
    writes_bytes(sum([data_set(name), batch(all_items(items, SEALED_ITEM))]))
}

/// Bounds `remove_item` for the longest batch.
pub(crate) fn remove_item(name: &[u8]) -> Weight {
    let before = SEALED_ITEM.saturating_add(LONG_LENGTH);
    let items = u64::from(MAX_ITEMS).saturating_mul(before).saturating_add(MAX_PAYLOAD.into());
    writes_bytes(sum([data_set(name), batch(items)]))
}

/// Bounds `set_role`.
pub(crate) fn set_role(permissions: &[DataSetAccess]) -> Weight {
    let sets = permissions.iter().map(|on| full_data_set(&on.data_set));
    writes_bytes(sum([CONTAINER, ROLE_NAMES, sum(sets)]))
}

/// Bounds `assign_role` and `unassign_role`.
pub(crate) fn assign_role() -> Weight {
    writes_bytes(sum([CONTAINER, RIGHTS, ROLE_HOLDERS]))
}

/// Bounds `rename_role`.
pub(crate) fn rename_role() -> Weight {
    writes_bytes(sum([CONTAINER, ROLE_NAMES]))
}

/// Bounds `remove_role`, which removes the permissions of the role from all data sets of a
/// container.
pub(crate) fn remove_role() -> Weight {
    let sets = u64::from(MAX_DATA_SETS).saturating_mul(full_data_set(&[0; 64]));
    writes_bytes(sum([CONTAINER, ROLE_NAMES, sets]))
}

/// Bounds `share`. READ with an end changes the data sets, and so can each envelope.
pub(crate) fn share(access: &[DataSetAccess], ends: bool, envelopes: &[SharedEnvelope]) -> Weight {
    let limited = |name: &[u8]| sum([full_data_set(name), SEALING_END]);
    let ended = access.iter().filter(|_| ends).map(|on| limited(&on.data_set));
    let sealed = envelopes.iter().map(|new| sum([limited(&new.data_set), envelope(&new.envelope)]));
    writes_bytes(sum([CONTAINER, RIGHTS, sum(ended), sum(sealed)]))
}

/// Bounds `unshare`.
pub(crate) fn unshare(access: &[DataSetAccess]) -> Weight {
    let limited = |on: &DataSetAccess| sum([full_data_set(&on.data_set), SEALING_END]);
    let sets = access.iter().map(|on| sum([limited(on), REMOVED_ENVELOPES]));
    writes_bytes(sum([CONTAINER, RIGHTS, sum(sets)]))
}

/// Bounds `clear_expired`.
pub(crate) fn clear_expired() -> Weight {
    let removed = u64::from(MAX_GRANTS).saturating_mul(REMOVED_ENVELOPES);
    writes_bytes(sum([CONTAINER, RIGHTS, removed]))
}

/// Bounds `leave`.
pub(crate) fn leave() -> Weight {
    let each = REMOVED_ENVELOPES.saturating_add(SEALING_END);
    let seeds = u64::from(MAX_GRANTS).saturating_mul(each);
    writes_bytes(sum([CONTAINER, lost_rights(), seeds]))
}

/// Bounds `set_encryption_key`: the newest version, its record, and the index of used keys.
pub(crate) fn set_encryption_key(public: &[u8]) -> Weight {
    // The suite, the length, and the key.
    let key = sum([1, LENGTH, len(public)]);
    let newest = sum([ENCRYPTION_KEY_KEY, 4, key, 4, 13]);
    writes_bytes(sum([newest, MAP, ACCOUNT, NUMBER, key, USED_ACCOUNT_KEY]))
}

/// Bounds `rotate_key`.
pub(crate) fn rotate_key<AccountId>(
    name: &[u8],
    public: &[u8],
    previous: &PreviousSeed,
    own: &[u8],
    envelopes: &[ReaderEnvelope<AccountId>],
) -> Weight {
    let previous = match previous {
        PreviousSeed::Link(seed) => len(seed),
        PreviousSeed::Cut => 0,
    };
    let epoch = sum([EPOCH_KEY, 2, LENGTH, len(public), 1, LENGTH, previous, USED_KEY]);
    writes_bytes(sum([epoch, envelope(own)])).saturating_add(set_envelopes(name, envelopes))
}

/// Bounds `set_envelope`.
pub(crate) fn set_envelope(name: &[u8], sealed: &[u8]) -> Weight {
    writes_bytes(sum([CONTAINER, full_data_set(name), SEALING_END, envelope(sealed)]))
}

/// Bounds `set_envelopes`.
pub(crate) fn set_envelopes<AccountId>(
    name: &[u8],
    envelopes: &[ReaderEnvelope<AccountId>],
) -> Weight {
    let sealed = envelopes.iter().map(|new| envelope(&new.envelope));
    writes_bytes(sum([CONTAINER, full_data_set(name), SEALING_END, sum(sealed)]))
}

/// Bounds `set_account_envelopes` and `remove_account_envelope`.
pub(crate) fn account_envelopes() -> Weight {
    writes_bytes(ACCOUNT_ENVELOPES)
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::as_conversions)]
mod tests;
