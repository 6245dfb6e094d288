// SPDX-License-Identifier: Apache-2.0

//! What the calls do.

mod lookup;
mod members;
mod nodes;
mod organisations;
