// SPDX-License-Identifier: Apache-2.0

//! Templates: one JSON file with a twin's description and its plugins, and values for the
//! instances.
//!
//! ```json
//! {
//!   "description": { "name": "Big Crane 250" },
//!   "plugins": {
//!     "service": {
//!       "description": { "name": "service" },
//!       "template": { "type": "service", "properties": {
//!         "manual": { "type": "entry", "dataSchema": { "type": "string" }, "value": "https://…" }
//!       } }
//!     }
//!   }
//! }
//! ```
//!
//! Each member of `plugins` becomes a plugin, and an instance that is linked under its name.
//! [`read`](read::read) finds all problems of a file with the rules of the chain, without a node.
//! A value that must not or cannot be in a plugin document, such as a confidential one, is replaced
//! by [`MARK`] and stored in the instance. See `docs/templates.md`.

pub mod description;
pub mod export;
pub mod json;
pub mod names;
mod parts;
mod plugin;
pub mod problem;
mod property;
pub mod read;
mod reading;
mod schema;
pub mod single;
#[cfg(test)]
mod tests;

pub use parts::{
    limits, Dropped, Kind, PluginPart, Property, Valued, Visibility, IN_INSTANCE, MARK,
};
pub use problem::Problem;
pub use read::{read, Template};
pub use reading::Options;
