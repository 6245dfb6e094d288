// SPDX-License-Identifier: Apache-2.0

//! What an account needs to read confidential data: its secret encryption keys, the seeds of the
//! epochs that it made or opened, and the public keys of other accounts as it first saw them.
//!
//! A keystore belongs to one account on one chain. [`Keystore::seal`] makes a text of it that a
//! password protects; [`mod@file`] keeps the text in a file. `docs/keystore.md` describes the
//! format, which `client/js` reads and writes as well.

mod error;
pub mod file;
mod format;
mod limits;
mod password;
mod pin;
mod store;

pub use error::{KeystoreError, TrustError};
pub use limits::{DEFAULT_COST, MAX_COST, MIN_COST};
pub use password::Password;
pub use pin::{Pin, PinConflict};
pub use store::{Export, Keystore};
