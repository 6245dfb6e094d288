// SPDX-License-Identifier: Apache-2.0

//! The pallet by topic.

mod extension;
mod genesis;
mod members;
mod nodes;
mod organisations;
mod properties;
mod quota;
mod state;
mod validators;
mod views;
