// SPDX-License-Identifier: Apache-2.0

//! Implementation of the view functions of [`Pallet`](crate::Pallet). They only read.

mod containers;
mod dry_runs;
mod keys;
mod rights;
