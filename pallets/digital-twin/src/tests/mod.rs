// SPDX-License-Identifier: Apache-2.0

//! The pallet's tests, by topic, on a runtime with the real data container pallet.

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
