// SPDX-License-Identifier: Apache-2.0

//! The bytes of keys and values that each call writes or replaces in the state. These are upper
//! bounds, which calls declare as the second dimension of their weight. They exclude the bytes that
//! the container pallet writes.
//!
//! | record | bytes, at most |
//! |---|---|
//! | twin of an asset of `a` bytes | 136 + `a`; 173 more while on offer |
//! | description of `d` bytes | 50 + `d` |
//! | link with a name of `n` bytes | 99 + `n`; 68 more for the index of a container or a twin |
//! | entry of the index of assets | 80 |
//! | entry of an index of accounts | 96 |

use crate::types::*;
use frame_support::weights::Weight;
use sp_runtime::SaturatedConversion;
use twinchain_primitives::{sum_bytes as sum, writes_bytes};

/// The prefix of every key: the hashes of the pallet's name and the map's name.
const MAP: u64 = 32;
/// The key of a twin or a container in a map.
const ID: u64 = 16;
/// The length prefix of a text of less than 16 KiB.
const LENGTH: u64 = 2;

/// The counter of twins, with its key.
const COUNTER: u64 = MAP + 8;
/// An entry of the index of assets.
const ASSET_INDEX: u64 = MAP + 32 + ID;
/// An entry of an index of accounts.
const INDEX: u64 = MAP + 48 + ID;
/// The number of links from a twin to a container or a twin, with its key.
const TARGET_INDEX: u64 = MAP + ID + ID + 4;
/// A twin without its asset and without an offer.
const TWIN: u64 = MAP + ID + 86 + LENGTH;
/// A twin with the longest asset and without an offer.
const LONG_TWIN: u64 = TWIN + 128;
/// An offer with 16 containers.
const OFFER: u64 = 173;

/// Returns the length of a text.
fn len(text: &[u8]) -> u64 {
    text.len().saturated_into()
}

/// Returns the bytes of a description.
fn description(text: &[u8]) -> u64 {
    sum([MAP, ID, LENGTH, len(text)])
}

/// Returns the bytes of a link to any target, without the index of the target.
fn link(name: &[u8]) -> u64 {
    sum([MAP, ID, 16, LENGTH, len(name), 33])
}

/// Bounds `create_twin`.
pub(crate) fn create_twin<AccountId>(
    text: &[u8],
    asset: &[u8],
    links: &[NewLink<AccountId>],
) -> Weight {
    let links = links.iter().map(|new| match new {
        NewLink::Container { name, .. }
        | NewLink::Instantiate { name, .. }
        | NewLink::Twin { name, .. } => sum([link(name), TARGET_INDEX]),
        NewLink::Account { name, .. } | NewLink::Hash { name, .. } => link(name),
    });
    let twin = sum([TWIN, len(asset), description(text)]);
    writes_bytes(sum([COUNTER, ASSET_INDEX, INDEX, twin, sum(links)]))
}

/// Bounds `set_description`.
pub(crate) fn set_description(text: &[u8]) -> Weight {
    writes_bytes(sum([LONG_TWIN, description(text)]))
}

/// Bounds `set_link`. The replaced link can be one of two to the same target.
pub(crate) fn set_link<AccountId>(name: &[u8], target: &Target<AccountId>) -> Weight {
    let new = match target {
        Target::Container(_) | Target::Twin(_) => TARGET_INDEX,
        Target::Account(_) | Target::Hash(_) => 0,
    };
    writes_bytes(sum([LONG_TWIN, link(name), TARGET_INDEX, new]))
}

/// Bounds `remove_link`. The removed link can be one of two to the same target.
pub(crate) fn remove_link() -> Weight {
    writes_bytes(sum([LONG_TWIN, TARGET_INDEX]))
}

/// Bounds `deactivate_twin`.
pub(crate) fn deactivate_twin() -> Weight {
    writes_bytes(LONG_TWIN)
}

/// Bounds `offer_twin`.
pub(crate) fn offer_twin() -> Weight {
    writes_bytes(sum([LONG_TWIN, OFFER, INDEX]))
}

/// Bounds `accept_twin`.
pub(crate) fn accept_twin() -> Weight {
    writes_bytes(sum([LONG_TWIN, INDEX]))
}

/// Bounds `cancel_offer`.
pub(crate) fn cancel_offer() -> Weight {
    writes_bytes(LONG_TWIN)
}

#[cfg(test)]
mod tests;
