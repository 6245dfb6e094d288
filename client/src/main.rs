// SPDX-License-Identifier: Apache-2.0

//! The command `twin`.

mod arguments;
mod cli;
mod commands;
mod context;
mod interrupt;
mod output;
mod times;
mod words;

use clap::{CommandFactory, Parser};
use cli::{Cli, Command};
use context::Context;
use std::{io::Write, process::ExitCode};
use twinchain_client::Failure;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return misused(&error),
    };
    match &cli.command {
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "twin", &mut script);
            // A closed pipe is not an error.
            let _ = std::io::stdout().write_all(&script);
            return ExitCode::SUCCESS;
        },
        Command::Man { folder } => return finish(commands::manual(folder), cli.options.json),
        _ => {},
    }
    let json = cli.options.json;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let result = runtime.map_err(|error| Failure::other(error.to_string())).and_then(|runtime| {
        runtime.spawn(interrupt::watch(json));
        let result = runtime.block_on(run(cli));
        // A background connection must not keep the command from ending.
        runtime.shutdown_background();
        result
    });
    finish(result, json)
}

/// Reports a usage error, or prints the requested help or version.
fn misused(error: &clap::Error) -> ExitCode {
    let is_json = std::env::args_os().any(|argument| argument == "--json");
    if !(is_json && error.use_stderr()) {
        let _ = error.print();
        return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
    }
    let words = error.to_string();
    let message = words.split("\n\n").next().unwrap_or_default();
    let message = message.strip_prefix("error: ").unwrap_or(message);
    finish(Err(Failure::usage(message).fix("see twin --help, or --help after a command")), true)
}

fn finish(result: Result<(), Failure>, json: bool) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::fail(&failure, json);
            ExitCode::from(failure.kind.exit_code())
        },
    }
}

async fn run(cli: Cli) -> Result<(), Failure> {
    let mut context = Context::new(cli.options)?;
    let reply = commands::run(&mut context, cli.command).await?;
    reply.print(&context.options)
}
