// SPDX-License-Identifier: Apache-2.0

//! The types that the Twinchain pallets share: ids, names, access bits, pages and histories, and
//! the trait through which twins use containers.
//!
//! Nothing here depends on a pallet, so the pallets need not depend on each other. Terms are
//! defined in docs/glossary.md.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod access;
mod charge;
mod containers;
mod description;
mod history;
mod page;
mod sealed;
#[cfg(feature = "std")]
pub mod testing;
mod text;

pub use access::Access;
pub use charge::{sum_bytes, with_actual_weight, with_written_bytes, writes_bytes};
pub use containers::Containers;
#[cfg(any(feature = "try-runtime", feature = "std"))]
pub use containers::OfferedWithTwin;
pub use description::{Description, DescriptionError};
pub use history::{blake2_256_of, History, Stamp};
pub use page::{keys_after, page_of_keys, Page, MAX_PAGE};
pub use sealed::{PublicKey, SealedSeed, SharedEnvelope, MAX_PUBLIC_KEY, MAX_SEALED_SEED};
pub use text::{is_plain, is_readable, Asset, InvalidText, Name, HIDDEN, MAX_ASSET, MAX_NAME};

/// The id of a twin. Ids are assigned in sequence from 0 and never reused.
pub type TwinId = u64;
/// The id of a data container. Ids are assigned in sequence from 0 and never reused.
pub type ContainerId = u64;
/// The id of a published plugin. Ids are assigned in sequence from 0 and never reused.
pub type PluginId = u64;
/// The id of a data set within its container. Ids are assigned in sequence from 0 and never reused.
pub type DataSetId = u16;
/// The id of a role within its container: its position in the container's list of roles.
pub type RoleId = u8;

/// The maximum length of the description of a twin or a container, in bytes of JSON text.
pub const MAX_DESCRIPTION: u32 = 8 * 1024;
/// A moment: Unix time in milliseconds.
pub type Moment = u64;
