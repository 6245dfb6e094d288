// SPDX-License-Identifier: Apache-2.0

//! What the calls do.

mod members;
mod nodes;
mod organisations;

pub(crate) use members::By;
