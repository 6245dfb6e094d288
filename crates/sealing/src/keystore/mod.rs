// SPDX-License-Identifier: Apache-2.0

//! The keystore: the secrets that an account needs to read confidential data. It holds the
//! account's secret encryption keys, the seeds of the epochs that it created or opened, and the
//! pinned public keys of other accounts.
//!
//! A keystore belongs to one account on one chain. [`Keystore::seal`] converts it into text that a
//! password protects; [`mod@file`] stores the text in a file. `docs/keystore.md` describes the
//! format, which `client/js` also reads and writes.

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
