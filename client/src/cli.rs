// SPDX-License-Identifier: Apache-2.0

//! The command line of `twin`: commands, options and their help texts.

mod templates;

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
pub use templates::{Choices, FromSchema, History, Import, Template};

/// Digital twins on a Twinchain network: create, find, read, write, share and hand them over.
///
/// A path names a twin, a container or a data set. 0/engine/service/manual starts at twin 0,
/// follows the links engine and service, and names the data set manual. c7/manual is a data set of
/// container 7. asset:NAME is the twin of an asset; no link can follow it. A local development node
/// needs no configuration:
///
///   twin --dev alice create --name "Big Crane 250" --asset cranes.example/BC250-4711
#[derive(Debug, Parser)]
#[command(
    name = "twin",
    version,
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "Exit codes: 1 other, 2 usage, 3 refused by the chain, 4 not permitted or key \
                  missing, 5 not found, 6 node unreachable, 7 sent but outcome unknown, \
                  8 verification failed."
)]
pub struct Cli {
    #[command(flatten)]
    pub options: Options,
    #[command(subcommand)]
    pub command: Command,
}

/// The options of every command.
#[derive(Args, Debug)]
pub struct Options {
    /// The node's WebSocket address [default: ws://127.0.0.1:9944]
    #[arg(long, global = true, env = "TWIN_URL", value_name = "URL", help_heading = "Connection")]
    pub url: Option<String>,
    /// The hash of the chain's genesis block; a node of another chain is refused
    #[arg(
        long,
        global = true,
        env = "TWIN_GENESIS",
        value_name = "HASH",
        help_heading = "Connection"
    )]
    pub genesis: Option<String>,
    /// The profile to use from the configuration file
    #[arg(
        long,
        global = true,
        env = "TWIN_PROFILE",
        value_name = "NAME",
        help_heading = "Connection"
    )]
    pub profile: Option<String>,
    /// The configuration file [default: twin/config.toml in the user's configuration directory]
    #[arg(
        long,
        global = true,
        env = "TWIN_CONFIG",
        value_name = "FILE",
        help_heading = "Connection"
    )]
    pub config: Option<PathBuf>,

    /// Sign with a well-known key of a development chain: alice, bob, charlie, dave, eve, ferdie
    #[arg(long, global = true, value_name = "NAME", help_heading = "Account")]
    pub dev: Option<String>,
    /// Sign with a key exported from Polkadot.js; prompts for its password
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        conflicts_with = "dev",
        help_heading = "Account"
    )]
    pub key_file: Option<PathBuf>,
    /// Sign with the phrase read from this open file descriptor
    #[arg(
        long,
        global = true,
        value_name = "FD",
        conflicts_with_all = ["dev", "key_file"],
        help_heading = "Account"
    )]
    pub phrase_fd: Option<u32>,
    /// Act for this account, through a proxy
    #[arg(
        long = "as",
        global = true,
        env = "TWIN_AS",
        value_name = "ACCOUNT",
        help_heading = "Account"
    )]
    pub as_account: Option<String>,
    /// The account to read as, or to sign for with the phrase in its keystore
    // Commands have an argument of their own named `account`.
    #[arg(
        id = "own_account",
        long = "account",
        global = true,
        env = "TWIN_ACCOUNT",
        value_name = "ACCOUNT",
        help_heading = "Account"
    )]
    pub account: Option<String>,
    /// The keystore [default: one for each account and chain in the user's data directory]
    #[arg(
        long,
        global = true,
        env = "TWIN_KEYSTORE",
        value_name = "FILE",
        help_heading = "Account"
    )]
    pub keystore: Option<PathBuf>,
    /// Read the keystore's password from this file instead of prompting. Other passwords have their
    /// own options
    #[arg(long, global = true, value_name = "FILE", help_heading = "Account")]
    pub password_file: Option<PathBuf>,

    /// Print one JSON object: {schema, data} or {schema, error}
    #[arg(long, global = true, help_heading = "Output")]
    pub json: bool,
    /// Run all checks, and send nothing
    #[arg(long, global = true, help_heading = "Output")]
    pub dry_run: bool,
    /// Print the call in hexadecimal, for a multisig or Polkadot.js Apps, and send nothing
    #[arg(long, global = true, conflicts_with = "dry_run", help_heading = "Output")]
    pub print_call: bool,
    /// The block to wait for after sending
    #[arg(long, global = true, value_enum, default_value_t, help_heading = "Output")]
    pub wait: WaitFor,
    /// Answer yes to every question
    #[arg(long, short, global = true, help_heading = "Output")]
    pub yes: bool,
}

/// The block that a command waits for after it sends a transaction.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum WaitFor {
    /// The best block that contains the transaction
    Best,
    /// The finalized block that contains the transaction
    #[default]
    Finalized,
    /// No block: do not wait
    None,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create a twin, with links and instances of plugins
    Create(Create),
    /// Show a twin, a container or the target of a path
    Show {
        /// A path, such as 0, c7, 0/engine or asset:cranes.example/BC250-4711
        path: String,
    },
    /// List the twins, containers, offers or plugins of an account
    List(List),
    /// Add a link to a twin, or replace one
    Link(Link),
    /// Remove a link from a twin
    Unlink {
        /// The twin and the link's name, such as 0/engine
        path: String,
    },
    /// Offer a twin with containers, or a container, to another account
    Offer(Offer),
    /// Accept an offer to this account, after opening its keys and listing the remaining rights
    Accept {
        /// The twin (0) or container (c7)
        path: String,
    },
    /// Decline an offer to this account
    Decline {
        /// The twin (0) or container (c7)
        path: String,
    },
    /// Cancel your own offer, or any lapsed offer
    CancelOffer {
        /// The twin (0) or container (c7)
        path: String,
    },
    /// Deactivate a twin permanently
    Deactivate {
        /// The twin
        path: String,
    },
    /// Print the target of a path
    Resolve {
        /// A path, such as 0/engine/service
        path: String,
    },
    /// Publish, show and check plugins
    #[command(subcommand)]
    Plugin(Plugin),
    /// Check, import and export templates of twins
    #[command(subcommand)]
    Template(Template),
    /// Create, show, clone and close containers
    #[command(subcommand)]
    Container(Container),
    /// Read and write data; confidential data is sealed and opened automatically
    #[command(subcommand)]
    Data(Data),
    /// Show the changes of a data set, container or twin, with their values, and verify them
    History(History),
    /// Give an account access to data sets, in one transaction
    Share(Share),
    /// Take access away, and rotate the keys so that the account cannot read new data
    Unshare(Unshare),
    /// List the readers of a data set
    Readers {
        /// The data set, such as c7/manual
        path: String,
    },
    /// List the rights in a container: roles, and grants with their ends
    Access {
        /// The container, such as c7
        path: String,
    },
    /// Show the role or grant that gives an account access
    Why(Why),
    /// Give up your own roles and grants in a container
    Leave {
        /// The container, such as c7
        path: String,
    },
    /// Create, assign and list roles
    #[command(subcommand)]
    Role(Role),
    /// Manage encryption keys and the keystore
    #[command(subcommand)]
    Key(Key),
    /// Find the twins of an asset
    #[command(subcommand)]
    Asset(Asset),
    /// Print the events of finalized blocks as they arrive
    Watch(Watch),
    /// Submit any call of the chain
    Call(Call),
    /// Sign and submit a call printed by --print-call
    Submit {
        /// The call in hexadecimal, starting with 0x
        call: String,
    },
    /// Print a script for command completion in a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write manual pages into a directory
    Man {
        /// The directory
        folder: PathBuf,
    },
}

#[derive(Args, Debug)]
pub struct Create {
    /// The asset, such as cranes.example/BC250-4711
    #[arg(long)]
    pub asset: String,
    /// The twin's name, stored as the description {"name": NAME}
    #[arg(long, conflicts_with = "description")]
    pub name: Option<String>,
    /// The description: JSON text, or @FILE
    #[arg(long, value_name = "JSON")]
    pub description: Option<String>,
    /// Link an instance of a plugin: NAME=PLUGIN, where PLUGIN is a number
    #[arg(long = "plugin", value_name = "NAME=PLUGIN")]
    pub plugins: Vec<String>,
    /// Link something that exists: NAME=PATH, NAME=account:ACCOUNT or NAME=hash:0x…
    #[arg(long = "link", value_name = "NAME=TARGET")]
    pub links: Vec<String>,
}

#[derive(Args, Debug)]
pub struct List {
    /// The account [default: your own]
    pub of: Option<String>,
    /// The kind of things to list
    #[arg(long, value_enum, default_value_t)]
    pub what: Listed,
}

/// The things that `list` can list.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Listed {
    /// Twins that the account owns
    #[default]
    Twins,
    /// Containers that the account owns
    Containers,
    /// Containers that are shared with the account
    Shared,
    /// Offers to the account
    Offers,
    /// Plugins that the account published
    Plugins,
}

#[derive(Args, Debug)]
pub struct Link {
    /// The twin and the link's name, such as 0/engine
    pub path: String,
    /// A path, account:ACCOUNT or hash:0x…
    pub target: String,
}

#[derive(Args, Debug)]
pub struct Offer {
    /// The twin (0) or container (c7)
    pub path: String,
    /// The account that may accept
    #[arg(long, value_name = "ACCOUNT")]
    pub to: String,
    /// The duration of the offer, such as 7d, 12h or 30m
    #[arg(long = "for", default_value = "7d", value_name = "TIME")]
    pub lasts: String,
    /// Containers to hand over with the twin, such as c7
    #[arg(long = "with", value_name = "CONTAINER")]
    pub with: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub enum Plugin {
    /// Publish a plugin document
    Publish {
        /// The document
        file: PathBuf,
    },
    /// Show a plugin
    Show {
        /// The plugin's number
        plugin: u64,
        /// Print the document exactly as published
        #[arg(long)]
        document: bool,
    },
    /// List the plugins with a name
    List {
        /// The name
        name: String,
    },
    /// Show what a document would define, or why the chain would refuse it
    Check {
        /// The document
        file: PathBuf,
    },
    /// Publish a plugin with one data set, from a file with a JSON Schema
    FromSchema(FromSchema),
    /// Retire a plugin, so that no new instances of it can be created
    Retire {
        /// The plugin's number
        plugin: u64,
    },
}

#[derive(Debug, Subcommand)]
pub enum Container {
    /// Create a container: empty, or an instance of a plugin
    Create {
        /// The plugin's number
        #[arg(long)]
        plugin: Option<u64>,
        /// The description: JSON text, or @FILE
        #[arg(long, value_name = "JSON")]
        description: Option<String>,
    },
    /// Show a container with its data sets and roles
    Show {
        /// A path, such as c7 or 0/service
        path: String,
    },
    /// Copy a container's definitions into a new container that you own
    Clone {
        /// A path, such as c7 or 0/service
        path: String,
        /// Also copy the values that you may read; confidential values are sealed to new keys
        #[arg(long)]
        values: bool,
    },
    /// Close a container permanently: no more writes
    Close {
        /// The container, such as c7
        path: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum Data {
    /// Print the value of an entry, or the items of a list
    Get {
        /// The data set, such as c7/manual or 0/service/manual
        path: String,
    },
    /// Set an entry
    Set {
        /// The entry, such as c7/manual
        path: String,
        /// JSON text, @FILE, or - for standard input
        value: String,
        /// Fail unless the entry has this revision
        #[arg(long, value_name = "N")]
        revision: Option<u32>,
    },
    /// Append items to a list
    Append {
        /// The list, such as c7/log
        path: String,
        /// The items, one for each argument: JSON text, @FILE, or - for standard input
        #[arg(required = true)]
        items: Vec<String>,
        /// Take each line of a file as an item; of a file with a JSON array, each element
        #[arg(long)]
        each: bool,
        /// Fail unless the list has this revision
        #[arg(long, value_name = "N")]
        revision: Option<u32>,
    },
    /// List the data sets of a container with the state of their values
    List {
        /// A path, such as c7 or 0/service
        path: String,
    },
    /// Print the schema of a data set, from its plugin or its definition
    Schema {
        /// The data set, such as c7/manual
        path: String,
    },
    /// Clear an entry
    Clear {
        /// The entry, such as c7/manual
        path: String,
    },
    /// Remove an item of a list
    Remove {
        /// The list, such as c7/log
        path: String,
        /// The item's address as shown by data get: BATCH.POSITION
        item: String,
    },
}

#[derive(Args, Debug)]
pub struct Share {
    /// The data sets, such as c7/manual 0/service/log; all in one container
    #[arg(required_unless_present = "container")]
    pub paths: Vec<String>,
    /// Share all data sets of this container
    #[arg(long, conflicts_with = "paths", value_name = "CONTAINER")]
    pub container: Option<String>,
    /// The account
    #[arg(long)]
    pub with: String,
    /// The access to give: read, write, remove, separated by commas
    #[arg(long, default_value = "read", value_delimiter = ',', value_name = "ACCESS")]
    pub access: Vec<AccessName>,
    /// The end of the access: a date and time (2026-12-31T23:59:59Z), or a time from now (30d, 12h)
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
}

#[derive(Args, Debug)]
pub struct Unshare {
    /// The data sets, such as c7/manual; all in one container
    #[arg(required_unless_present = "container")]
    pub paths: Vec<String>,
    /// Take access to all data sets of this container away
    #[arg(long, conflicts_with = "paths", value_name = "CONTAINER")]
    pub container: Option<String>,
    /// The account
    #[arg(long)]
    pub with: String,
    /// The access to take away: read, write, remove, separated by commas [default: all]
    #[arg(long, value_delimiter = ',', value_name = "ACCESS")]
    pub access: Vec<AccessName>,
    /// Do not rotate the keys: the account loses its access, and no sealed writes are accepted
    /// until the keys are rotated
    #[arg(long)]
    pub no_rotate: bool,
}

/// The access that an account can have to a data set.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum AccessName {
    /// Read a confidential data set
    Read,
    /// Set an entry, or append to a list; plugins call it set
    #[value(alias = "set")]
    Write,
    /// Clear an entry, or remove an item
    Remove,
}

#[derive(Args, Debug)]
pub struct Why {
    /// The account
    pub account: String,
    /// The access to explain
    #[arg(value_enum)]
    pub access: AccessName,
    /// The data set, such as c7/manual
    pub path: String,
}

#[derive(Debug, Subcommand)]
pub enum Role {
    /// List the roles of a container
    List {
        /// The container, such as c7
        path: String,
    },
    /// Create a role, or change its permissions
    Set {
        /// The container and the role, such as c7/technician
        path: String,
        /// DATASET=write,remove; DATASET= removes the permissions
        #[arg(required = true)]
        permissions: Vec<String>,
    },
    /// Give an account a role
    Assign {
        /// The container and the role, such as c7/technician
        path: String,
        /// The account
        account: String,
    },
    /// Take a role from an account
    Unassign {
        /// The container and the role, such as c7/technician
        path: String,
        /// The account
        account: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum Key {
    /// Create the account's encryption key, or its next version, and a recovery key
    New {
        /// Others may know the current key
        #[arg(long)]
        leaked: bool,
        /// Create no recovery key: if the keystore is lost, the data is lost
        #[arg(long)]
        no_recovery: bool,
        /// Write the recovery key into this new file instead of to the terminal
        #[arg(long, value_name = "FILE", conflicts_with = "no_recovery")]
        recovery_file: Option<PathBuf>,
    },
    /// Show the account's keys, on the chain and in the keystore
    Show {
        /// The account [default: your own]
        account: Option<String>,
    },
    /// Create the first key of a confidential data set, or rotate it, with envelopes for its
    /// readers
    Rotate {
        /// The data set, such as c7/manual; or a container, such as c7, for all that are due
        path: String,
        /// Hide older data from readers that are added later: starts a new segment
        #[arg(long)]
        cut: bool,
    },
    /// Give a reader the newest key of a data set, after a rotation left it out or it has a new
    /// key; or seal your own account's seeds to its newest key
    Give {
        /// The data set, such as c7/manual
        path: String,
        /// The account
        account: String,
    },
    /// Try every available key on every sealed value that the chain stores of a data set
    Try {
        /// The data set, such as c7/manual
        path: String,
    },
    /// List the data sets of a container that are due for rotation, and why
    Due {
        /// The container, such as c7
        path: String,
    },
    /// Restore the account's key from an account envelope: with a recovery key, with this device's
    /// key, or as a colleague
    Recover {
        /// The file with the recovery key in hexadecimal, starting with 0x [default: this device's
        /// key, created by key devices this]
        file: Option<PathBuf>,
        /// The fingerprint that the key must have, as key show prints it on the other machine;
        /// replaces the prompt
        #[arg(long, value_name = "FINGERPRINT")]
        expect: Vec<String>,
        /// The keystore of another account that also holds the key
        #[arg(long, value_name = "FILE", conflicts_with = "file")]
        colleague: Option<PathBuf>,
        /// Read that keystore's password from this file instead of prompting
        #[arg(long, value_name = "FILE", requires = "colleague")]
        other_password_file: Option<PathBuf>,
    },
    /// List the holders of the account's key (devices, colleagues, recovery keys), or change them
    Devices {
        #[command(subcommand)]
        action: Option<Devices>,
    },
    /// Pin an account's encryption key, or accept the newest key of a data set as its owner's,
    /// after comparing fingerprints
    Accept {
        /// The account, or a data set such as c7/manual
        whose: String,
    },
    /// Add the contents of another keystore of the same account and chain
    Merge {
        /// The other keystore
        file: PathBuf,
        /// Read its password from this file instead of prompting
        #[arg(long, value_name = "FILE")]
        other_password_file: Option<PathBuf>,
    },
    /// Write a copy of the keystore with another password
    Export {
        /// The new file
        file: PathBuf,
        /// Include only the seeds of these containers
        #[arg(long, value_name = "CONTAINER")]
        container: Vec<String>,
        /// Read the new password from this file instead of prompting
        #[arg(long, value_name = "FILE")]
        new_password_file: Option<PathBuf>,
        /// Leave out the account's secret keys
        #[arg(long)]
        no_keys: bool,
    },
    /// Keep the signing phrase in the keystore, so that only the password is needed
    KeepPhrase,
}

/// The actions on the holders of a key.
#[derive(Debug, Subcommand)]
pub enum Devices {
    /// Print this device's public key, to add on another machine; the first use creates it
    This,
    /// Let a device or a colleague hold the account's keys: it can then read what the account reads
    Add {
        /// The public key of a device in hexadecimal, starting with 0x, or an account
        holder: String,
    },
    /// Remove a holder. It keeps the keys that it opened: key new --leaked replaces them
    Remove {
        /// The public key in hexadecimal, starting with 0x, or an account
        holder: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum Asset {
    /// List the twins of an asset with their owners
    Find {
        /// The asset, such as cranes.example/BC250-4711
        asset: String,
    },
}

#[derive(Args, Debug)]
pub struct Watch {
    /// Print only events of this twin, container or data set
    pub path: Option<String>,
    /// Start at this block instead of the newest
    #[arg(long, value_name = "BLOCK")]
    pub from: Option<u64>,
    /// Stop after this number of blocks
    #[arg(long, value_name = "N")]
    pub blocks: Option<u64>,
}

#[derive(Args, Debug)]
pub struct Call {
    /// The call, such as DataContainer.set_description
    pub call: String,
    /// The arguments by name: a JSON object, or NAME=VALUE for each
    pub arguments: Vec<String>,
}
