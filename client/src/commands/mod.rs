// SPDX-License-Identifier: Apache-2.0

//! The commands, with one file for each kind of thing.

mod any;
mod checks;
mod containers;
mod data;
mod devices;
mod handover;
mod history;
mod key;
mod plugins;
mod rights;
mod templates;
mod twins;
mod watch;

use crate::{
    cli::{Cli, Command},
    context::Context,
    output::Reply,
};
use clap::CommandFactory;
use std::path::Path;
use twinchain_client::Failure;

/// Runs a command.
pub async fn run(context: &mut Context, command: Command) -> Result<Reply, Failure> {
    match command {
        Command::Create(arguments) => twins::create(context, arguments).await,
        Command::Show { path } => twins::show(context, &path).await,
        Command::List(arguments) => twins::list(context, arguments).await,
        Command::Link(arguments) => twins::link(context, arguments).await,
        Command::Unlink { path } => twins::unlink(context, &path).await,
        Command::Deactivate { path } => twins::deactivate(context, &path).await,
        Command::Resolve { path } => twins::resolve(context, &path).await,
        Command::Asset(crate::cli::Asset::Find { asset }) => twins::of_asset(context, &asset).await,
        Command::Offer(arguments) => handover::offer(context, arguments).await,
        Command::Accept { path } => handover::accept(context, &path).await,
        Command::Decline { path } => handover::decline(context, &path).await,
        Command::CancelOffer { path } => handover::cancel(context, &path).await,
        Command::Plugin(command) => plugins::run(context, command).await,
        Command::Template(command) => templates::run(context, command).await,
        Command::History(arguments) => history::run(context, arguments).await,
        Command::Container(command) => containers::run(context, command).await,
        Command::Data(command) => data::run(context, command).await,
        Command::Share(arguments) => rights::share(context, arguments).await,
        Command::Unshare(arguments) => rights::unshare(context, arguments).await,
        Command::Readers { path } => rights::readers(context, &path).await,
        Command::Access { path } => rights::access(context, &path).await,
        Command::Why(arguments) => rights::why(context, arguments).await,
        Command::Leave { path } => rights::leave(context, &path).await,
        Command::Role(command) => rights::role(context, command).await,
        Command::Key(command) => key::run(context, command).await,
        Command::Watch(arguments) => watch::run(context, arguments).await,
        Command::Call(arguments) => any::call(context, arguments).await,
        Command::Submit { call } => any::submit(context, &call).await,
        Command::Completions { .. } | Command::Man { .. } => Ok(Reply::new(().into(), "")),
    }
}

/// Writes manual pages into a directory.
pub fn manual(folder: &Path) -> Result<(), Failure> {
    let write = || {
        std::fs::create_dir_all(folder)?;
        clap_mangen::generate_to(Cli::command(), folder)
    };
    write().map_err(|error| twinchain_client::files::failed(folder, &error))
}
