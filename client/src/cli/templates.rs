// SPDX-License-Identifier: Apache-2.0

//! The command line of templates, of plugins from schemas, and of histories.

use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub enum Template {
    /// Show what a template would create, or all problems of the file. Needs no node
    #[command(after_help = "Examples:\n  twin template check bike.json\n  twin template check \
                            bike.json --public --visibility service/contract=confidential")]
    Check(Choices),
    /// Create a twin from a template: publish the plugins that are not published yet, create the
    /// twin with an instance of each, and seal the confidential values
    #[command(after_help = "Everything is checked before anything is sent. Plugins that are \
                            published with the same content are used again. An import that was \
                            interrupted continues when the same command is run again.\n\nExamples:\
                            \n  twin --dev alice template import bike.json --asset \
                            bikes.example/B7\n  twin --dev alice template import bike.json \
                            --public\n  twin --dev alice --dry-run template import bike.json")]
    Import(Import),
    /// Print the template of a twin, with the values that your keys open
    #[command(
        after_help = "The output contains confidential values in clear.\n\nExamples:\n  twin \
                            --dev alice template export 7\n  twin --dev alice template export \
                            asset:bikes.example/B7 --out bike.json"
    )]
    Export {
        /// The twin, such as 7 or asset:bikes.example/B7
        path: String,
        /// Write the template into this new file
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// A template file, and the choices for its import.
#[derive(Args, Clone, Debug)]
pub struct Choices {
    /// The template
    pub file: PathBuf,
    /// Make the properties public that state no visibility; without it they are confidential
    #[arg(long)]
    pub public: bool,
    /// The visibility of a property, regardless of the file: PLUGIN/PROPERTY=public or
    /// PLUGIN/PROPERTY=confidential
    #[arg(long, value_name = "PLUGIN/PROPERTY=VISIBILITY")]
    pub visibility: Vec<String>,
    /// Set aside the values that do not match their schema, and name each
    #[arg(long)]
    pub drop_invalid_values: bool,
}

#[derive(Args, Debug)]
pub struct Import {
    #[command(flatten)]
    pub choices: Choices,
    /// The asset [default: the template's name and a random ending]
    #[arg(long)]
    pub asset: Option<String>,
    /// Continue an interrupted import into this twin
    #[arg(long, value_name = "TWIN")]
    pub into: Option<String>,
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  twin --dev alice plugin from-schema \
                        io.catenax.batch-3.0.1-Batch.schema.json --public\n  twin plugin \
                        from-schema batch.schema.json --list --data-set batches --out batch.json")]
pub struct FromSchema {
    /// The file with the schema
    pub file: PathBuf,
    /// The name of the plugin [default: the file's name without its endings]
    #[arg(long)]
    pub name: Option<String>,
    /// The name of the data set [default: the last part of the file's name]
    #[arg(long, value_name = "NAME")]
    pub data_set: Option<String>,
    /// Make the data set a list whose items match the schema
    #[arg(long)]
    pub list: bool,
    /// Make the data set public; without it, it is confidential
    #[arg(long)]
    pub public: bool,
    /// Write the plugin document into this new file instead of publishing it. Needs no node
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(after_help = "Needs a node that keeps the state of all blocks (an archive node).\n\n\
                        Examples:\n  twin history 0/service/manual\n  twin history c7 --verify\n  \
                        twin history 0/service/log --csv > log.csv")]
pub struct History {
    /// A data set (c7/manual), a container (c7) or a twin (0)
    pub path: String,
    /// Fail unless the changes give the head in the state, and every value is found
    #[arg(long)]
    pub verify: bool,
    /// Print comma-separated values (RFC 4180): a row for each change, or for each appended item
    #[arg(long)]
    pub csv: bool,
}
