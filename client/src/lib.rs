// SPDX-License-Identifier: Apache-2.0

//! A library for programs that use Twinchain, and the command `twin`.
//!
//! The library connects to a node ([`Chain`]), names things by path ([`Place`](names::Place)),
//! seals and opens confidential data on the way ([`confidential`]), and submits calls ([`submit`]).
//! Whatever goes wrong is a [`Failure`], which says what to do about it.

pub mod account;
#[allow(missing_docs, clippy::all, rustdoc::all, reason = "it is generated from the metadata")]
pub mod api {
    //! Calls, storage, runtime APIs and types of the chain, generated from `metadata.scale`.
    // The generator makes two types of `Page`, and takes the cursor of the one for its items' type.
    #[subxt::subxt(
        runtime_metadata_path = "metadata.scale",
        substitute_type(
            path = "twinchain_primitives::page::Page1<Item, Cursor>",
            with = "crate::chain::Page<Item, Cursor>"
        ),
        substitute_type(
            path = "twinchain_primitives::page::Page2<Item, Cursor>",
            with = "crate::chain::Page<Item, Cursor>"
        )
    )]
    mod generated {}
    pub use generated::*;
}
pub mod chain;
pub mod confidential;
pub mod failure;
pub mod files;
pub mod keys;
pub mod marks;
pub mod names;
pub mod reads;
pub mod rotations;
pub mod signer;
pub mod submit;
pub mod values;

pub use chain::Chain;
pub use failure::{Failure, Kind};
pub use subxt::utils::{AccountId32, H256};
