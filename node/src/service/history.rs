// SPDX-License-Identifier: Apache-2.0

//! The amount of history that a node keeps. It is fixed when the database is created, by whichever
//! command creates it. Later starts detect the mode of the existing database.

use super::types::FullBackend;
use log::info;
use sc_consensus_grandpa::GrandpaPruningFilter;
use sc_service::{
    config::{Configuration, DatabaseSource},
    error::Error,
    new_db_backend, ChainType, PruningMode,
};
use std::{path::Path, sync::Arc};

const LOG_TARGET: &str = "history";

/// Files that a database has from the start: ParityDB's and RocksDB's.
const MARKS: [&str; 2] = ["metadata", "CURRENT"];

/// Opens or creates the database, and sets the detected state pruning in the configuration.
///
/// Unless configured otherwise, a new node of a live chain keeps the state of every final block, so
/// that recorded data can be proved later.
pub fn open(config: &mut Configuration) -> Result<Arc<FullBackend>, Error> {
    let mut refusal = None;
    for mode in modes(config) {
        config.state_pruning = mode;
        let mut settings = config.db_config();
        // Makes a pruned node keep the blocks that its peers need for warp sync.
        settings.pruning_filters = vec![Arc::new(GrandpaPruningFilter)];
        match new_db_backend(settings) {
            Ok(backend) => {
                say(&config.state_pruning);
                return Ok(backend);
            },
            Err(error) if error.to_string().contains("Incompatible pruning modes") => {
                refusal = Some(error);
            },
            Err(error) => return Err(error.into()),
        }
    }
    Err(refusal
        .map_or_else(|| Error::Other("the database has no known pruning mode".into()), Error::from))
}

/// Returns the modes that the database may have. The right mode is known only when the database is
/// opened: the SDK rejects the others. `None` is the SDK's default.
fn modes(config: &Configuration) -> Vec<Option<PruningMode>> {
    match &config.state_pruning {
        Some(mode) => vec![Some(mode.clone())],
        None if is_there(&config.database) => {
            vec![Some(PruningMode::ArchiveCanonical), Some(PruningMode::ArchiveAll), None]
        },
        None => vec![new_mode(&config.chain_spec.chain_type())],
    }
}

fn say(mode: &Option<PruningMode>) {
    let kept = match mode {
        Some(PruningMode::ArchiveAll) => "the state of every block".to_string(),
        Some(PruningMode::ArchiveCanonical) => "the state of every final block".to_string(),
        Some(PruningMode::Constrained(limits)) => match limits.max_blocks {
            Some(blocks) => format!("the state of the last {blocks} final blocks"),
            None => "the state of recent blocks".to_string(),
        },
        None => "the state of the last 256 final blocks".to_string(),
    };
    info!(
        target: LOG_TARGET,
        "📚 This node keeps {kept}. A database that was created with less never has more."
    );
}

fn new_mode(chain: &ChainType) -> Option<PruningMode> {
    matches!(chain, ChainType::Live).then_some(PruningMode::ArchiveCanonical)
}

/// Returns `true` if the database exists, not only its directory.
fn is_there(source: &DatabaseSource) -> bool {
    let has_marks = |path: &Path| MARKS.iter().any(|mark| path.join(mark).exists());
    match source {
        DatabaseSource::Auto { paritydb_path, rocksdb_path, .. } => {
            has_marks(paritydb_path) || has_marks(rocksdb_path)
        },
        source => source.path().is_some_and(has_marks),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_folder_is_not_a_database() {
        let folder = tempfile::tempdir().unwrap();
        let source = DatabaseSource::ParityDb { path: folder.path().into() };
        assert!(!is_there(&source));
        std::fs::write(folder.path().join("lock"), "").unwrap();
        assert!(!is_there(&source));
        std::fs::write(folder.path().join("metadata"), "").unwrap();
        assert!(is_there(&source));
    }

    #[test]
    fn live_chain_keeps_its_history() {
        assert_eq!(new_mode(&ChainType::Live), Some(PruningMode::ArchiveCanonical));
        assert_eq!(new_mode(&ChainType::Development), None);
    }
}
