// SPDX-License-Identifier: Apache-2.0

//! Keystores in files. A lost key can mean lost data, so a write must never drop a key: each change
//! locks and rereads the file first, and replaces it atomically.

use super::{error::KeystoreError, password::Password, store::Keystore};
use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};
use zeroize::Zeroizing;

/// The maximum time to wait for another program that is writing.
const PATIENCE: Duration = Duration::from_secs(15);
const RETRY: Duration = Duration::from_millis(50);
/// The maximum size of a file, in bytes: more than a hundred thousand seeds.
const MAX_FILE: u64 = 64 * 1024 * 1024;

/// Writes a new keystore. `cost` is scrypt's N.
///
/// # Errors
/// [`KeystoreError::Exists`] if the file exists, which is then unchanged; any error of
/// [`Keystore::seal`]; [`KeystoreError::File`].
pub fn create(
    path: &Path,
    keystore: &Keystore,
    password: &Password,
    cost: u32,
) -> Result<(), KeystoreError> {
    let text = keystore.seal(password, cost)?;
    let _lock = Lock::take(path, PATIENCE)?;
    let draft = write(path, &text)?;
    // Unlike renaming, linking fails if the file exists.
    let linked = fs::hard_link(&draft, path);
    let _ = fs::remove_file(&draft);
    match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(KeystoreError::Exists(path.into()))
        },
        Err(error) => Err(failed(path)(error)),
        Ok(()) => sync_folder(path),
    }
}

/// Reads a keystore. Changes to the returned value are not written: see [`update`].
///
/// # Errors
/// [`KeystoreError::File`], and any error of [`Keystore::open`].
pub fn read(path: &Path, password: &Password) -> Result<Keystore, KeystoreError> {
    let mut text = String::new();
    let file = File::open(path).map_err(failed(path))?;
    file.take(MAX_FILE + 1).read_to_string(&mut text).map_err(failed(path))?;
    if text.len() as u64 > MAX_FILE {
        return Err(KeystoreError::TooLarge);
    }
    Keystore::open(&text, password)
}

/// Reads a keystore, changes it and writes it, under a lock against other programs. If `change`
/// fails, writes nothing.
///
/// # Errors
/// Any error of `change`, [`read`] or [`Keystore::seal`]; [`KeystoreError::Busy`].
pub fn update<T, E: From<KeystoreError>>(
    path: &Path,
    password: &Password,
    cost: u32,
    change: impl FnOnce(&mut Keystore) -> Result<T, E>,
) -> Result<T, E> {
    let path = &itself(path)?;
    let _lock = Lock::take(path, PATIENCE)?;
    let mut keystore = read(path, password)?;
    let result = change(&mut keystore)?;
    let text = keystore.seal(password, cost)?;
    replace(path, &text)?;
    Ok(result)
}

/// Changes the password of a keystore.
///
/// # Errors
/// The same as [`update`].
pub fn change_password(
    path: &Path,
    old: &Password,
    new: &Password,
    cost: u32,
) -> Result<(), KeystoreError> {
    let path = &itself(path)?;
    let _lock = Lock::take(path, PATIENCE)?;
    let text = read(path, old)?.seal(new, cost)?;
    replace(path, &text)
}

/// Returns the file that a path leads to. A symbolic link then stays a link, and programs that use
/// different links wait for the same lock.
fn itself(path: &Path) -> Result<PathBuf, KeystoreError> {
    fs::canonicalize(path).map_err(failed(path))
}

fn replace(path: &Path, text: &str) -> Result<(), KeystoreError> {
    let draft = write(path, text)?;
    fs::rename(draft, path).map_err(failed(path))?;
    sync_folder(path)
}

/// Writes a draft beside the file, readable only by this user, and syncs it to disk.
fn write(path: &Path, text: &str) -> Result<PathBuf, KeystoreError> {
    if text.len() as u64 > MAX_FILE {
        return Err(KeystoreError::TooLarge);
    }
    let draft = beside(path, ".new");
    // Remove the draft of a killed program. Under the lock, no other program writes here.
    match fs::remove_file(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(&draft)(error)),
        _ => {},
    }
    let mut file = create_new(&draft).map_err(failed(&draft))?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed(&draft))?;
    Ok(draft)
}

/// Creates a new file that is readable only by its owner from the start.
fn create_new(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Syncs the directory of a file to disk, so that its new name is durable.
fn sync_folder(path: &Path) -> Result<(), KeystoreError> {
    #[cfg(unix)]
    {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let folder = parent.unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed(folder))?;
    }
    Ok(())
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    name.into()
}

fn failed(path: &Path) -> impl Fn(io::Error) -> KeystoreError + '_ {
    |source| KeystoreError::File { path: path.into(), source }
}

/// The right to write a keystore's file: a lock file that exists as long as this value.
struct Lock(PathBuf);

impl Lock {
    fn take(path: &Path, patience: Duration) -> Result<Self, KeystoreError> {
        let lock = beside(path, ".lock");
        let begin = Instant::now();
        loop {
            match create_new(&lock) {
                Ok(_) => return Ok(Self(lock)),
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(failed(&lock)(error));
                },
                Err(_) if begin.elapsed() >= patience => {
                    return Err(KeystoreError::Busy { path: path.into(), lock });
                },
                Err(_) => thread::sleep(RETRY),
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Reads a password from a file, without the line break at its end.
///
/// # Errors
/// [`KeystoreError::File`], [`KeystoreError::NoPassword`].
pub fn read_password(path: &Path) -> Result<Password, KeystoreError> {
    let mut text = Zeroizing::new(String::with_capacity(MAX_PASSWORD));
    let file = File::open(path).map_err(failed(path))?;
    file.take(MAX_PASSWORD as u64).read_to_string(&mut text).map_err(failed(path))?;
    Password::new(text.trim_end_matches(['\r', '\n']))
}

/// The maximum size of a password file, in bytes.
const MAX_PASSWORD: usize = 4_096;
