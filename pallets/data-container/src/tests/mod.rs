// SPDX-License-Identifier: Apache-2.0

//! The pallet's tests, by topic. Every one ends with [`crate::Pallet::do_try_state`].

mod clone;
mod containers;
mod data;
mod data_sets;
mod lists;
mod plugins;
mod rights;
mod schemas;

use crate::mock::Test;

type Error = crate::Error<Test>;
type Event = crate::Event<Test>;
