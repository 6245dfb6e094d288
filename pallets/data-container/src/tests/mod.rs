// SPDX-License-Identifier: Apache-2.0

//! The pallet's tests, by topic. Nearly every test ends with [`crate::Pallet::do_try_state`].

mod account_keys;
mod claims;
mod clone;
mod containers;
mod costs;
mod data;
mod data_sets;
mod documents;
mod dry_runs;
mod errors;
mod examples;
mod handover;
mod heads;
mod history;
mod keys;
mod leave;
mod lists;
mod plugins;
mod properties;
mod reports;
mod rights;
mod roles;
mod scenarios;
mod schemas;
mod sealed;
mod segments;
mod sharing;
mod sizes;
mod state;
mod views;
mod weights;

use crate::{document, mock::Test};

type Error = crate::Error<Test>;
type Event = crate::Event<Test>;
