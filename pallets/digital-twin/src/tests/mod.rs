// SPDX-License-Identifier: Apache-2.0

//! The pallet on a chain with the real data container pallet, by topic.

mod costs;
mod forms;
mod handover;
mod heads;
mod indices;
mod links;
mod properties;
mod resolve;
mod twins;
mod views;
mod weights;
