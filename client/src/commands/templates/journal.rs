// SPDX-License-Identifier: Apache-2.0

//! The record of an import in progress, so that the same command continues it after an
//! interruption. Everything else is found on the chain.

use crate::{
    cli,
    context::{data_folder, Context},
};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use twinchain_client::{files, hash::blake2_256, AccountId32, Failure, H256};

/// An import in progress.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Record {
    /// The asset of the twin.
    pub asset: String,
    /// The first id that the twin can have.
    pub from: u64,
    /// The id of the twin, if it is known.
    pub twin: Option<u64>,
}

/// The file of an import's record.
pub struct Journal {
    path: PathBuf,
    is_dry: bool,
}

impl Journal {
    /// Returns the journal of an import: of the same file with the same options, by the same
    /// account on the same chain.
    pub fn of(
        context: &Context,
        arguments: &cli::Import,
        text: &[u8],
        (account, genesis): (&AccountId32, H256),
    ) -> Result<Self, Failure> {
        let choices = &arguments.choices;
        let options = serde_json::json!([
            choices.public,
            choices.visibility,
            choices.drop_invalid_values,
            arguments.asset
        ]);
        let options = options.to_string();
        let parts = [text, options.as_bytes(), &account.0, &genesis.0];
        let parts: Vec<u8> = parts.iter().flat_map(|part| blake2_256(part).0).collect();
        let name = format!("{:.32}.json", hex::encode(blake2_256(&parts).0));
        let path = data_folder()?.join("imports").join(name);
        Ok(Self { path, is_dry: context.options.dry_run })
    }

    /// Returns the record of an interrupted import, or `None`.
    pub fn read(&self) -> Option<Record> {
        serde_json::from_slice(&std::fs::read(&self.path).ok()?).ok()
    }

    /// Stores the record, before the transaction that it is about.
    pub fn write(&self, record: &Record) -> Result<(), Failure> {
        if self.is_dry {
            return Ok(());
        }
        let failed = |error| files::failed(&self.path, &error);
        if let Some(folder) = self.path.parent() {
            files::private_folder(folder).map_err(failed)?;
        }
        let text = serde_json::to_vec(record).map_err(|error| Failure::other(error.to_string()))?;
        let draft = self.path.with_extension("new");
        std::fs::write(&draft, text).map_err(failed)?;
        std::fs::rename(&draft, &self.path).map_err(failed)
    }

    /// Removes the record of a complete import.
    pub fn remove(&self) {
        if !self.is_dry {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
