// SPDX-License-Identifier: Apache-2.0

//! What the calls do: `check_*` never writes, `do_*` checks, writes and tells.

mod account_keys;
mod clone;
mod containers;
mod data;
mod data_sets;
mod faults;
mod handover;
mod keys;
mod people;
mod plugins;
mod reads;
mod roles;
mod sealing;
mod sharing;
mod update;

pub(crate) use containers::NewDataSet;
pub(crate) use keys::NewEpoch;
pub(crate) use sealing::SealedFor;
#[cfg(feature = "runtime-benchmarks")]
pub(crate) use update::Update;
