// SPDX-License-Identifier: Apache-2.0

//! Answers to the questions that the view functions of [`Pallet`](crate::Pallet) ask. They never
//! write.

mod containers;
mod dry_runs;
mod keys;
mod rights;
