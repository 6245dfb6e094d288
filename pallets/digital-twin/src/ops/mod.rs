// SPDX-License-Identifier: Apache-2.0

//! The implementation of the calls. `check_*` never writes. `do_*` checks, writes and emits events.

mod handover;
mod links;
mod resolve;
mod twins;
mod update;
