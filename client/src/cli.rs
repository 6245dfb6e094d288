// SPDX-License-Identifier: Apache-2.0

//! What `twin` understands.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Digital twins on a Twinchain network: make, find, read, write, share, hand over.
///
/// Things are named by path. 0/engine/service/manual begins at twin 0, follows the links engine and
/// service, and names the data set manual. c7/manual is a data set of container 7. asset:NAME is
/// the twin of an asset, and nothing follows it. Against a local development node nothing has to be
/// configured:
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

/// What every command takes.
#[derive(Args, Debug)]
pub struct Options {
    /// The node's WebSocket address [default: ws://127.0.0.1:9944]
    #[arg(long, global = true, env = "TWIN_URL", value_name = "URL", help_heading = "Connection")]
    pub url: Option<String>,
    /// The hash of the chain's first block, which the node must have
    #[arg(
        long,
        global = true,
        env = "TWIN_GENESIS",
        value_name = "HASH",
        help_heading = "Connection"
    )]
    pub genesis: Option<String>,
    /// The part of the configuration file that is used
    #[arg(
        long,
        global = true,
        env = "TWIN_PROFILE",
        value_name = "NAME",
        help_heading = "Connection"
    )]
    pub profile: Option<String>,
    /// The configuration file [default: twin/config.toml in the user's configuration folder]
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
    /// Sign with a key that Polkadot.js exported; its password is asked for
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        conflicts_with = "dev",
        help_heading = "Account"
    )]
    pub key_file: Option<PathBuf>,
    /// Sign with the phrase that is read from this open file descriptor
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
    /// The account: to read as, or to sign for with the phrase in its keystore
    // Commands have an argument of their own that is called `account`.
    #[arg(
        id = "own_account",
        long = "account",
        global = true,
        env = "TWIN_ACCOUNT",
        value_name = "ACCOUNT",
        help_heading = "Account"
    )]
    pub account: Option<String>,
    /// The keystore [default: one for each account and chain in the user's data folder]
    #[arg(
        long,
        global = true,
        env = "TWIN_KEYSTORE",
        value_name = "FILE",
        help_heading = "Account"
    )]
    pub keystore: Option<PathBuf>,
    /// Read the keystore's password from this file, instead of asking for it. Other passwords have
    /// options of their own
    #[arg(long, global = true, value_name = "FILE", help_heading = "Account")]
    pub password_file: Option<PathBuf>,

    /// Print one JSON object: {schema, data} or {schema, error}
    #[arg(long, global = true, help_heading = "Output")]
    pub json: bool,
    /// Check all that can be checked, and send nothing
    #[arg(long, global = true, help_heading = "Output")]
    pub dry_run: bool,
    /// Print the call in hexadecimal digits, for a multisig or Apps, and send nothing
    #[arg(long, global = true, conflicts_with = "dry_run", help_heading = "Output")]
    pub print_call: bool,
    /// What to wait for after sending
    #[arg(long, global = true, value_enum, default_value_t, help_heading = "Output")]
    pub wait: WaitFor,
    /// Answer yes to every question
    #[arg(long, short, global = true, help_heading = "Output")]
    pub yes: bool,
}

/// What a command waits for after it sent a transaction.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum WaitFor {
    /// The newest block
    Best,
    /// A final block
    #[default]
    Finalized,
    /// Nothing
    None,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a twin, with links and instances of plugins
    Create(Create),
    /// Show a twin, a container or what a path leads to
    Show {
        /// Such as 0, c7, 0/engine or asset:cranes.example/BC250-4711
        path: String,
    },
    /// List twins and containers of an account
    List(List),
    /// Link something to a twin, or replace a link
    Link(Link),
    /// Take a link away from a twin
    Unlink {
        /// The twin and the link's name, such as 0/engine
        path: String,
    },
    /// Offer a twin with containers, or a container, to another account
    Offer(Offer),
    /// Accept what is offered to this account, after opening its keys and listing whose rights
    /// remain
    Accept {
        /// The twin (0) or container (c7)
        path: String,
    },
    /// Decline what is offered to this account
    Decline {
        /// The twin (0) or container (c7)
        path: String,
    },
    /// End an offer of one's own, or a lapsed one
    CancelOffer {
        /// The twin (0) or container (c7)
        path: String,
    },
    /// Freeze a twin for good
    Deactivate {
        /// The twin
        path: String,
    },
    /// Print what a path leads to
    Resolve {
        /// Such as 0/engine/service
        path: String,
    },
    /// Publish, show and check plugins
    #[command(subcommand)]
    Plugin(Plugin),
    /// Make, show, clone and close containers
    #[command(subcommand)]
    Container(Container),
    /// Read and write data; what is confidential is opened and sealed on the way
    #[command(subcommand)]
    Data(Data),
    /// Give an account access to data sets, all or nothing
    Share(Share),
    /// Take access away, and rotate the keys so that nothing new can be read
    Unshare(Unshare),
    /// List who can read a data set
    Readers {
        /// The data set, such as c7/manual
        path: String,
    },
    /// List who may do what in a container: roles, and grants with their ends
    Access {
        /// The container, such as c7
        path: String,
    },
    /// Say which role or grant lets an account do something
    Why(Why),
    /// Give up one's own roles and grants in a container
    Leave {
        /// The container, such as c7
        path: String,
    },
    /// Make, assign and list roles
    #[command(subcommand)]
    Role(Role),
    /// Encryption keys, and the keystore
    #[command(subcommand)]
    Key(Key),
    /// Find the twins of an asset
    #[command(subcommand)]
    Asset(Asset),
    /// Print events of final blocks as they come
    Watch(Watch),
    /// Make any call of the chain
    Call(Call),
    /// Sign and submit a call that was printed by --print-call
    Submit {
        /// The call in hexadecimal digits after 0x
        call: String,
    },
    /// Print a script that completes commands in a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write manual pages into a folder
    Man {
        /// The folder
        folder: PathBuf,
    },
}

#[derive(Args, Debug)]
pub struct Create {
    /// The physical thing, such as cranes.example/BC250-4711
    #[arg(long)]
    pub asset: String,
    /// A name, which becomes the description {"name": NAME}
    #[arg(long, conflicts_with = "description")]
    pub name: Option<String>,
    /// The description: JSON text, or @FILE
    #[arg(long, value_name = "JSON")]
    pub description: Option<String>,
    /// Link an instance of a plugin: NAME=PLUGIN, where PLUGIN is a number
    #[arg(long = "plugin", value_name = "NAME=PLUGIN")]
    pub plugins: Vec<String>,
    /// Link something that is there: NAME=PATH, NAME=account:ACCOUNT or NAME=hash:0x…
    #[arg(long = "link", value_name = "NAME=TARGET")]
    pub links: Vec<String>,
}

#[derive(Args, Debug)]
pub struct List {
    /// The account [default: one's own]
    pub of: Option<String>,
    /// What is listed
    #[arg(long, value_enum, default_value_t)]
    pub what: Listed,
}

/// What is listed.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Listed {
    /// Twins that it owns
    #[default]
    Twins,
    /// Containers that it owns
    Containers,
    /// Containers that are shared with it
    Shared,
    /// What is offered to it
    Offers,
    /// Plugins that it published
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
    /// For how long, such as 7d, 12h or 30m
    #[arg(long = "for", default_value = "7d", value_name = "TIME")]
    pub lasts: String,
    /// Containers that change hands with the twin, such as c7
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
        /// Its number
        plugin: u64,
        /// Print the document as it was published
        #[arg(long)]
        document: bool,
    },
    /// List the plugins of a name
    List {
        /// The name
        name: String,
    },
    /// Say what publishing a document would make, or why it would be refused
    Check {
        /// The document
        file: PathBuf,
    },
    /// Let a plugin make no more instances
    Retire {
        /// Its number
        plugin: u64,
    },
}

#[derive(Debug, Subcommand)]
pub enum Container {
    /// Make a container: empty, or an instance of a plugin
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
        /// Such as c7 or 0/service
        path: String,
    },
    /// Copy a container's definitions into a new one of one's own
    Clone {
        /// Such as c7 or 0/service
        path: String,
        /// Also copy the values that the account may read; confidential ones are sealed anew
        #[arg(long)]
        values: bool,
    },
    /// Close a container: no more writes, for good
    Close {
        /// Such as c7
        path: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum Data {
    /// Print the value of an entry, or the items of a list
    Get {
        /// Such as c7/manual or 0/service/manual
        path: String,
    },
    /// Set an entry
    Set {
        /// Such as c7/manual
        path: String,
        /// JSON text, @FILE, or - for standard input
        value: String,
        /// Refuse if the entry has another revision
        #[arg(long, value_name = "N")]
        revision: Option<u32>,
    },
    /// Append items to a list
    Append {
        /// Such as c7/log
        path: String,
        /// One item for each argument: JSON text, @FILE, or - for standard input
        #[arg(required = true)]
        items: Vec<String>,
        /// Take each line of a file as an item, or each item of it if it is an array
        #[arg(long)]
        each: bool,
        /// Refuse if the list has another revision
        #[arg(long, value_name = "N")]
        revision: Option<u32>,
    },
    /// List the data sets of a container with their values' state
    List {
        /// Such as c7 or 0/service
        path: String,
    },
    /// Print the schema of a data set, as its plugin or definition says it
    Schema {
        /// Such as c7/manual
        path: String,
    },
    /// Clear an entry
    Clear {
        /// Such as c7/manual
        path: String,
    },
    /// Remove an item of a list
    Remove {
        /// Such as c7/log
        path: String,
        /// The item's address, as data get shows it: BATCH.POSITION
        item: String,
    },
}

#[derive(Args, Debug)]
pub struct Share {
    /// Data sets, such as c7/manual 0/service/log; of one container
    #[arg(required_unless_present = "container")]
    pub paths: Vec<String>,
    /// Share all data sets of this container
    #[arg(long, conflicts_with = "paths", value_name = "CONTAINER")]
    pub container: Option<String>,
    /// The account
    #[arg(long)]
    pub with: String,
    /// What it may do: read, write, remove, separated by commas
    #[arg(long, default_value = "read", value_delimiter = ',', value_name = "ACCESS")]
    pub access: Vec<AccessName>,
    /// Until when: a date and time (2026-12-31T23:59:59Z), or a time from now (30d, 12h)
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
}

#[derive(Args, Debug)]
pub struct Unshare {
    /// Data sets, such as c7/manual; of one container
    #[arg(required_unless_present = "container")]
    pub paths: Vec<String>,
    /// All data sets of this container
    #[arg(long, conflicts_with = "paths", value_name = "CONTAINER")]
    pub container: Option<String>,
    /// The account
    #[arg(long)]
    pub with: String,
    /// What is taken away: read, write, remove, separated by commas [default: all]
    #[arg(long, value_delimiter = ',', value_name = "ACCESS")]
    pub access: Vec<AccessName>,
    /// Leave the keys as they are: the account loses its right, and nothing is written before they
    /// are rotated
    #[arg(long)]
    pub no_rotate: bool,
}

/// What an account may do with a data set.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum AccessName {
    /// Read what is confidential
    Read,
    /// Set an entry, append to a list; plugins call it set
    #[value(alias = "set")]
    Write,
    /// Clear an entry, remove an item
    Remove,
}

#[derive(Args, Debug)]
pub struct Why {
    /// The account
    pub account: String,
    /// What it would do
    #[arg(value_enum)]
    pub access: AccessName,
    /// The data set, such as c7/manual
    pub path: String,
}

#[derive(Debug, Subcommand)]
pub enum Role {
    /// List the roles of a container
    List {
        /// Such as c7
        path: String,
    },
    /// Make a role, or change what it may do
    Set {
        /// The container and the role, such as c7/technician
        path: String,
        /// DATASET=write,remove; DATASET= takes it away
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
    /// Make the account's encryption key, or the next version of it, and a recovery key
    New {
        /// Others may know the key that this replaces
        #[arg(long)]
        leaked: bool,
        /// Make no recovery key: a lost keystore is then lost data
        #[arg(long)]
        no_recovery: bool,
        /// Write the recovery key into this new file, instead of the terminal
        #[arg(long, value_name = "FILE", conflicts_with = "no_recovery")]
        recovery_file: Option<PathBuf>,
    },
    /// Show the account's keys, on the chain and in the keystore
    Show {
        /// The account [default: one's own]
        account: Option<String>,
    },
    /// Make the first key of a confidential data set, or rotate it, with envelopes for its readers
    Rotate {
        /// Such as c7/manual, or c7 for all that are due
        path: String,
        /// Hide what is older from later readers: begins a new segment
        #[arg(long)]
        cut: bool,
    },
    /// Give a reader the newest key of a data set: one that a rotation left out, or that has a new
    /// key; or seal what one's own account has for its newest key
    Give {
        /// Such as c7/manual
        path: String,
        /// The account
        account: String,
    },
    /// Try every key at hand on every sealed value that the chain stores of a data set
    Try {
        /// Such as c7/manual
        path: String,
    },
    /// List the data sets of a container whose key is to be rotated, and why
    Due {
        /// Such as c7
        path: String,
    },
    /// Restore the account's key from an account envelope: with a recovery key, with the key of
    /// this device, or as a colleague
    Recover {
        /// The file that holds the recovery key in hexadecimal digits after 0x [default: the key of
        /// this device, which key devices this made]
        file: Option<PathBuf>,
        /// The fingerprint that the key must have, as key show prints it on the other machine:
        /// instead of being asked
        #[arg(long, value_name = "FINGERPRINT")]
        expect: Vec<String>,
        /// The keystore of another account, which holds the key as well
        #[arg(long, value_name = "FILE", conflicts_with = "file")]
        colleague: Option<PathBuf>,
        /// Read that keystore's password from this file, instead of asking for it
        #[arg(long, value_name = "FILE", requires = "colleague")]
        other_password_file: Option<PathBuf>,
    },
    /// List the holders of the account's key: devices, colleagues, recovery keys; or change them
    Devices {
        #[command(subcommand)]
        action: Option<Devices>,
    },
    /// Pin an account's encryption key, or take the newest key of a data set for its owner's, after
    /// comparing fingerprints
    Accept {
        /// The account, or a data set such as c7/manual
        whose: String,
    },
    /// Add what another keystore of the same account and chain holds
    Merge {
        /// The other file
        file: PathBuf,
        /// Read its password from this file, instead of asking for it
        #[arg(long, value_name = "FILE")]
        other_password_file: Option<PathBuf>,
    },
    /// Write a copy of the keystore with another password
    Export {
        /// The new file
        file: PathBuf,
        /// Take the seeds of these containers only
        #[arg(long, value_name = "CONTAINER")]
        container: Vec<String>,
        /// Read the new password from this file, instead of asking for it
        #[arg(long, value_name = "FILE")]
        new_password_file: Option<PathBuf>,
        /// Leave the account's secret keys out
        #[arg(long)]
        no_keys: bool,
    },
    /// Keep the signing phrase in the keystore, so that the password alone is asked for
    KeepPhrase,
}

/// What is done with the holders of a key.
#[derive(Debug, Subcommand)]
pub enum Devices {
    /// Print the public key of this device, which another one adds; it is made at the first call
    This,
    /// Let a device or a colleague hold the account's keys: it then reads what the account reads
    Add {
        /// The public key of a device in hexadecimal digits after 0x, or an account
        holder: String,
    },
    /// Remove a holder. It keeps what it opened: a new key (key new --leaked) takes it out
    Remove {
        /// The public key in hexadecimal digits after 0x, or an account
        holder: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum Asset {
    /// List the twins of an asset with their owners
    Find {
        /// Such as cranes.example/BC250-4711
        asset: String,
    },
}

#[derive(Args, Debug)]
pub struct Watch {
    /// Only events of this twin, container or data set
    pub path: Option<String>,
    /// Begin at this block, instead of the newest
    #[arg(long, value_name = "BLOCK")]
    pub from: Option<u64>,
    /// Stop after this number of blocks
    #[arg(long, value_name = "N")]
    pub blocks: Option<u64>,
}

#[derive(Args, Debug)]
pub struct Call {
    /// Such as DataContainer.set_description
    pub call: String,
    /// Its arguments, by name: a JSON object, or NAME=VALUE for each
    pub arguments: Vec<String>,
}
