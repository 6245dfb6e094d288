// SPDX-License-Identifier: Apache-2.0

//! A library for programs that use Twinchain, and the command `twin`.
//!
//! The library connects to a node ([`Chain`]), finds things by path ([`Place`](names::Place)),
//! seals and opens confidential data ([`confidential`]), and submits calls ([`submit`]). Every
//! error is a [`Failure`] with advice on what to do.

pub mod account;
#[allow(missing_docs, clippy::all, rustdoc::all, reason = "it is generated from the metadata")]
pub mod api {
    //! Calls, storage, runtime APIs and types of the chain, generated from `metadata.scale`.
    // The generator emits two `Page` types, and confuses the cursor type of one with its item type.
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
pub mod dynamic;
pub mod failure;
pub mod files;
pub mod hash;
pub mod history;
pub mod keys;
pub mod marks;
pub mod names;
pub mod reads;
pub mod rotations;
pub mod signer;
pub mod submit;
pub mod template;
pub mod values;

pub use chain::Chain;
pub use failure::{Failure, Kind};
pub use subxt::utils::{AccountId32, H256};
