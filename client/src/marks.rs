// SPDX-License-Identifier: Apache-2.0

//! Lists of public facts beside a keystore, one per line, which programs change without the
//! password. Without the file, a program takes the more careful path.

use std::{
    collections::BTreeSet,
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// A list in a file, named like the keystore with an additional ending.
#[derive(Clone, Debug)]
pub struct Marks(PathBuf);

impl Marks {
    /// Returns the list beside a keystore. Does not create it.
    pub fn beside(keystore: &Path, ending: &str) -> Self {
        let mut name = keystore.as_os_str().to_owned();
        name.push(ending);
        Self(name.into())
    }

    /// Returns `true` if the list contains a line.
    pub fn contain(&self, line: &str) -> bool {
        self.lines().iter().any(|known| known == line)
    }

    fn lines(&self) -> Vec<String> {
        let text = fs::read_to_string(&self.0).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Returns `true` if the list exists, even if it is empty.
    pub fn exist(&self) -> bool {
        self.0.exists()
    }

    /// Adds a line, unless the list contains it.
    pub fn add(&self, line: &str) -> io::Result<()> {
        self.add_all([line.to_owned()])
    }

    /// Adds the lines that the list does not contain. Creates the file even without lines.
    pub fn add_all(&self, lines: impl IntoIterator<Item = String>) -> io::Result<()> {
        let known: BTreeSet<_> = self.lines().into_iter().collect();
        let new: BTreeSet<_> = lines.into_iter().filter(|line| !known.contains(line)).collect();
        if new.is_empty() && self.exist() {
            return Ok(());
        }
        let text: String = new.iter().map(|line| format!("{line}\n")).collect();
        self.open(OpenOptions::new().append(true))?.write_all(text.as_bytes())
    }

    /// Removes the matching lines. A line that another program adds during this call may be lost.
    pub fn remove(&self, which: impl Fn(&str) -> bool) -> io::Result<()> {
        let lines = self.lines();
        let kept: String =
            lines.iter().filter(|line| !which(line)).map(|line| format!("{line}\n")).collect();
        let is_same = kept.lines().count() == lines.len();
        match is_same {
            true => Ok(()),
            false => {
                self.open(OpenOptions::new().write(true).truncate(true))?.write_all(kept.as_bytes())
            },
        }
    }

    fn open(&self, options: &mut OpenOptions) -> io::Result<fs::File> {
        options.create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
        options.open(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_added_once_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let marks = Marks::beside(&folder.path().join("keys.json"), ".prepared");
        assert!(!marks.contain("a"));
        marks.remove(|_| true).unwrap();
        for line in ["a", "b", "a"] {
            marks.add(line).unwrap();
        }
        let text = || fs::read_to_string(folder.path().join("keys.json.prepared")).unwrap();
        assert_eq!(text(), "a\nb\n");
        marks.remove(|line| line == "a").unwrap();
        assert_eq!(text(), "b\n");
        assert!(marks.contain("b") && !marks.contain("a"));
    }
}
