// SPDX-License-Identifier: Apache-2.0

//! Implementation of the dispatchables: `check_*` only reads; `do_*` checks, writes and deposits
//! events.

mod account_keys;
mod clone;
mod containers;
mod data;
mod data_sets;
mod epochs;
mod error_mapping;
mod handover;
mod look_through;
mod lookup;
mod plugins;
mod provider;
mod roles;
mod sealing;
mod sharing;
mod update;

#[cfg(any(feature = "try-runtime", feature = "std"))]
pub(crate) use containers::slice_of_span;
pub(crate) use containers::NewDataSet;
pub(crate) use data::{check_write_once, schema_of};
pub(crate) use error_mapping::{document_error, value_error};
#[cfg(any(feature = "try-runtime", feature = "std"))]
pub(crate) use plugins::schema_key;
pub(crate) use plugins::CompiledDataSet;
#[cfg(feature = "runtime-benchmarks")]
pub(crate) use update::Update;
