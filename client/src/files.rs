// SPDX-License-Identifier: Apache-2.0

//! Files of this user.

use crate::failure::Failure;
use std::path::Path;

/// Returns the failure that a file cannot be read or written.
pub fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::other(format!("{}: {error}", path.display()))
}

/// Makes a folder that only this user can enter, unless there is one.
pub fn private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
