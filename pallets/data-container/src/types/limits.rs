// SPDX-License-Identifier: Apache-2.0

//! The limits of the pallet.

use twinchain_primitives::Moment;

/// The longest plugin document or data set definition, in bytes of JSON text.
pub const MAX_DOCUMENT: u32 = 256 * 1024;
/// The longest value or item, in bytes.
pub const MAX_VALUE: u32 = data_schema::MAX_VALUE;
/// The longest sealed value or item, in bytes: the longest value and what sealing adds.
pub const MAX_SEALED_VALUE: u32 = MAX_VALUE + 48;
/// The most bytes of values that one call stores.
pub const MAX_PAYLOAD: u32 = MAX_SEALED_VALUE;
/// The longest value that is stored in the record of its entry, in bytes. A write then stores one
/// record; a longer value has one of its own, so that what changes an entry but no value stays
/// cheap.
pub const MAX_SHORT_VALUE: u32 = 512;
/// The most items that one call appends.
pub const MAX_ITEMS: u32 = 256;
/// The most data sets that one container ever has, retired ones included.
pub const MAX_DATA_SETS: u32 = 64;
/// The most roles that one container has.
pub const MAX_ROLES: u32 = 16;
/// The most roles that one account holds in one container.
pub const MAX_HELD_ROLES: u32 = 16;
/// The most grants that one account has in one container.
pub const MAX_GRANTS: u32 = 64;
/// The most accounts that a handover looks at for the rights that remain.
pub const MAX_REMAINING: u32 = 16;
/// The most accounts that lost their last right in a container in the same block before the event
/// of a handover lists none. A search steps over each of them.
pub const MAX_REMOVED_BEFORE_LISTING: u32 = 64;
/// How long a retired data set stays before accounts other than its owner may purge it: 30 days, in
/// milliseconds.
pub const PURGE_DELAY: Moment = 30 * 24 * 60 * 60 * 1_000;
/// The most keys of the state that one call of `purge` removes.
pub const MAX_PURGE: u32 = 64;
/// The most envelopes, removed in the same block, that a search of `purge` steps over. A search
/// counts as [`MAX_PURGE`] of them.
pub const MAX_REMOVED_BEFORE_SEARCH: u32 = 512;
/// The most envelopes that one call brings, besides the owner's.
pub const MAX_ENVELOPES: u32 = 64;
/// The fewest blocks between two changes of an account's encryption key.
pub const KEY_CHANGE_BLOCKS: u32 = 600;
/// The most segments of one data set: rotations that cut its history, the first included.
pub const MAX_SEGMENTS: u8 = 16;
/// The most holders of one version of an account's secret key.
pub const MAX_KEY_HOLDERS: u32 = 16;
/// The suite X25519: HPKE (RFC 9180) in base mode with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and
/// ChaCha20-Poly1305. It is the only one so far.
pub const SUITE: u8 = 1;
/// The block size in bytes to which sealed values are padded, so that their length reveals little.
pub const SEAL_BLOCK: u32 = 64;

// What errors can say, and what fits into a call.
const _: () = {
    assert!(MAX_ITEMS <= 1 << 8, "an error's index has 8 bits");
    assert!(MAX_SEALED_VALUE <= MAX_PAYLOAD, "the longest value fits into a call");
};
