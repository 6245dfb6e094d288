// SPDX-License-Identifier: Apache-2.0

//! Serves clients by JSON-RPC, and limits the work for them.

mod admission;
mod connection;
mod methods;
mod requests;
mod server;

pub use admission::{Admission, Tasks};
pub use connection::STREAMS;
pub use methods::{create, Deps, GrandpaDeps};
pub use server::{start as start_server, Server};
