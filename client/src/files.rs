// SPDX-License-Identifier: Apache-2.0

//! The user's files and directories.

use crate::failure::Failure;
use std::path::Path;

/// Returns the failure for a file that cannot be read or written.
pub fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::other(format!("{}: {error}", path.display()))
}

/// Creates a directory that only this user can access, unless it exists.
pub fn private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
