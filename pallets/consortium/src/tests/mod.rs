// SPDX-License-Identifier: Apache-2.0

//! The pallet's tests, by topic.

mod claims;
mod extension;
mod genesis;
mod members;
mod motions;
mod multisigs;
mod nodes;
mod organisations;
mod properties;
mod quota;
mod removal;
mod shares;
mod state;
mod validators;
mod views;
