// SPDX-License-Identifier: Apache-2.0

//! What the calls do: `check_*` never writes, `do_*` checks, writes and tells.

mod clone;
mod containers;
mod data;
mod data_sets;
mod faults;
mod plugins;
mod reads;

pub(crate) use containers::NewDataSet;
