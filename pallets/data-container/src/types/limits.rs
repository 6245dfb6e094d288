// SPDX-License-Identifier: Apache-2.0

//! The limits of the pallet.

use twinchain_primitives::Moment;

/// The maximum length of a plugin document or a data set definition, in bytes of JSON text.
pub const MAX_DOCUMENT: u32 = 256 * 1024;
/// The maximum length of a value or an item, in bytes.
pub const MAX_VALUE: u32 = data_schema::MAX_VALUE;
/// The maximum length of a sealed value or item, in bytes: that of a value, plus the overhead of
/// sealing.
pub const MAX_SEALED_VALUE: u32 = MAX_VALUE + 48;
/// The maximum number of bytes of values that one call can store.
pub const MAX_PAYLOAD: u32 = MAX_SEALED_VALUE;
/// The maximum length of a value that is stored in the record of its entry, in bytes. A write of a
/// short value stores only one record. A longer value has its own record, so that changes of the
/// entry's other fields stay cheap.
pub const MAX_SHORT_VALUE: u32 = 512;
/// The maximum number of items that one call can append.
pub const MAX_ITEMS: u32 = 256;
/// The maximum number of data sets that one container can ever have, including retired ones.
pub const MAX_DATA_SETS: u32 = 64;
/// The maximum number of roles of one container.
pub const MAX_ROLES: u32 = 16;
/// The maximum number of roles that one account can hold in one container.
pub const MAX_HELD_ROLES: u32 = 16;
/// The maximum number of grants that one account can have in one container.
pub const MAX_GRANTS: u32 = 64;
/// The maximum number of accounts that a handover examines for remaining rights.
pub const MAX_REMAINING: u32 = 16;
/// The number of accounts that lost their last right in the same block above which the event of a
/// handover lists no remaining rights. The search for these steps over each of the accounts.
pub const MAX_REMOVED_BEFORE_LISTING: u32 = 64;
/// The delay after which accounts other than the owner can purge a retired data set, in
/// milliseconds: 30 days.
pub const PURGE_DELAY: Moment = 30 * 24 * 60 * 60 * 1_000;
/// The maximum number of storage keys that one call of `purge` removes.
pub const MAX_PURGE: u32 = 64;
/// The number of envelopes removed in the same block from which `purge` no longer searches for
/// envelopes, because a search steps over each of them. Each search counts as [`MAX_PURGE`]
/// envelopes.
pub const MAX_REMOVED_BEFORE_SEARCH: u32 = 512;
/// The maximum number of envelopes that one call can bring, in addition to the owner's.
pub const MAX_ENVELOPES: u32 = 64;
/// The minimum number of blocks between two changes of an account's encryption key.
pub const KEY_CHANGE_BLOCKS: u32 = 600;
/// The maximum number of segments of one data set: rotations that cut its history, including the
/// first.
pub const MAX_SEGMENTS: u8 = 16;
/// The maximum number of holders of one version of an account's secret key.
pub const MAX_KEY_HOLDERS: u32 = 16;
/// The only suite: HPKE (RFC 9180) in base mode with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and
/// ChaCha20-Poly1305.
pub const SUITE: u8 = 1;
/// The block size, in bytes, to which sealed values are padded, so that their length reveals
/// little.
pub const SEAL_BLOCK: u32 = 64;

// The limits that the encoding of errors and the size of calls impose.
const _: () = {
    assert!(MAX_ITEMS <= 1 << 8, "an error's index has 8 bits");
    assert!(MAX_SEALED_VALUE <= MAX_PAYLOAD, "the longest value fits into a call");
};
