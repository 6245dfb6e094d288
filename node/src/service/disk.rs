// SPDX-License-Identifier: Apache-2.0

//! Stops the node before its disk is full. A database that cannot write loses its queued data,
//! including final blocks, and the system may kill the process in the middle of a write. A node
//! that stops in time has written everything.
//!
//! The SDK's `sc-storage-monitor` starts only after the database is open, checks every five
//! seconds, and has no metric.

use super::metrics;
use futures_timer::Delay;
use log::{error, warn};
use sc_service::{Error, TaskManager};
use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};
use substrate_prometheus_endpoint::{Gauge, Registry, U64};

const LOG_TARGET: &str = "disk";

const MIB: u64 = 1024 * 1024;

/// Interval between two checks of the free space, each of which takes microseconds. The node itself
/// writes about 10 MB in three seconds at most, but another program can fill a disk in a second.
const LOOK: Duration = Duration::from_millis(100);

/// Watches the free space of the file system that contains a directory.
pub struct Disk {
    folder: PathBuf,
    /// The free space that the node needs, in bytes.
    least: u64,
    free: Option<Gauge<U64>>,
}

impl Disk {
    /// Creates the watch for the disk of `folder`, which need not exist yet. `least` is the free
    /// space, in MiB, that the node needs.
    ///
    /// Fails if there is less, or if the free space cannot be read.
    pub fn new(folder: &Path, least: u64, prometheus: Option<&Registry>) -> Result<Self, Error> {
        let exists = folder.ancestors().find(|folder| folder.exists());
        let folder = exists.unwrap_or(Path::new("/")).to_path_buf();
        let free = metrics::gauge(
            prometheus,
            "twinchain_disk_free_bytes",
            "Free space of the disk with the database, in bytes",
        );
        let disk = Self { folder, least: least.saturating_mul(MIB), free };
        let free = disk.look().map_err(|error| {
            Error::Other(format!(
                "cannot read the free space of {}: {error}",
                disk.folder.display()
            ))
        })?;
        disk.check(free).map_err(Error::Other)?;
        Ok(disk)
    }

    /// Stops the node when the free space falls below the limit.
    pub fn watch(self, task_manager: &TaskManager) {
        let tasks = task_manager.spawn_essential_handle();
        tasks.spawn("disk-watch", None, self.run());
    }

    /// Completes when the free space falls below the limit.
    async fn run(self) {
        let mut readable = true;
        loop {
            Delay::new(LOOK).await;
            match self.look() {
                Ok(free) => {
                    readable = true;
                    if let Err(message) = self.check(free) {
                        error!(target: LOG_TARGET, "🛑 The node stops: {message}");
                        return;
                    }
                },
                // Logged once, and not a reason to stop.
                Err(error) if readable => {
                    readable = false;
                    warn!(
                        target: LOG_TARGET,
                        "⚠️  Cannot read the free space of {}: {error}",
                        self.folder.display()
                    );
                },
                Err(_) => {},
            }
        }
    }

    /// Returns the free space in bytes that is available to this user.
    fn look(&self) -> io::Result<u64> {
        let found = rustix::fs::statvfs(&self.folder)?;
        let free = found.f_bavail.saturating_mul(found.f_frsize);
        if let Some(gauge) = &self.free {
            gauge.set(free);
        }
        Ok(free)
    }

    fn check(&self, free: u64) -> Result<(), String> {
        if free >= self.least {
            return Ok(());
        }
        Err(format!(
            "the disk of {} is full. {} MiB are free, but the node needs {} (--min-free-space). No \
             data is lost: free some space or enlarge the disk, then start the node again",
            self.folder.display(),
            free / MIB,
            self.least / MIB
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[test]
    fn missing_folder_is_on_the_disk_of_its_parent() {
        let parent = tempfile::tempdir().expect("a folder");
        let disk = Disk::new(&parent.path().join("chains/of/mine"), 1, None).expect("free space");
        assert_eq!(disk.folder, parent.path());
    }

    #[test]
    fn start_fails_when_space_is_short() {
        let folder = tempfile::tempdir().expect("a folder");
        let least = u64::MAX / MIB;
        let Err(Error::Other(message)) = Disk::new(folder.path(), least, None) else {
            panic!("it starts");
        };
        assert!(message.contains(&folder.path().display().to_string()), "{message}");
        assert!(message.contains("--min-free-space"), "{message}");
        assert!(message.contains(&least.to_string()), "{message}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn watch_ends_when_space_is_short() {
        let folder = tempfile::tempdir().expect("a folder").path().to_path_buf();
        let disk = Disk { folder: "/".into(), least: u64::MAX, free: None };
        disk.run().await;
        // An unreadable directory does not stop the node.
        let gone = Disk { folder, least: u64::MAX, free: None };
        let deadline = Delay::new(3 * LOOK).fuse();
        futures::select_biased! {
            () = gone.run().fuse() => panic!("it ends"),
            () = { deadline } => {},
        }
    }
}
