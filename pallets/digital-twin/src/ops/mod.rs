// SPDX-License-Identifier: Apache-2.0

//! What the calls do: `check_*` never writes, `do_*` checks, writes and tells.

mod handover;
mod links;
mod resolve;
mod twins;
mod update;
