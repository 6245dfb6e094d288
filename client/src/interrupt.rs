// SPDX-License-Identifier: Apache-2.0

//! The handling of Ctrl-C: the command ends immediately, except while it writes a keystore, and
//! reports what it has sent.

use crate::output;
use std::sync::{Mutex, MutexGuard, PoisonError};
use subxt::utils::H256;
use twinchain_client::{keys, Failure, Kind};

/// The transactions of the command so far.
#[derive(Default)]
struct Sent {
    /// The calls of the current transaction.
    names: String,
    /// The hash of a transaction that a node has and whose outcome is unknown.
    given: Option<H256>,
    /// The hashes of completed transactions.
    done: Vec<String>,
    /// `true` if the command only reads until it is interrupted.
    only_reads: bool,
}

static SENT: Mutex<Option<Sent>> = Mutex::new(None);

fn lock() -> MutexGuard<'static, Option<Sent>> {
    SENT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Records the calls of the next transaction.
pub fn sending(names: &str) {
    lock().get_or_insert_default().names = names.to_owned();
}

/// Records that a node has a transaction.
pub fn given(hash: H256) {
    lock().get_or_insert_default().given = Some(hash);
}

/// Records that the outcome of the current transaction is known: it is done, or was refused
/// (`None`).
pub fn settled(done: Option<String>) {
    let mut sent = lock();
    let sent = sent.get_or_insert_default();
    sent.given = None;
    sent.done.extend(done);
}

/// Records that the command runs until it is interrupted, and then succeeds.
pub fn only_reads() {
    lock().get_or_insert_default().only_reads = true;
}

/// Waits for Ctrl-C, and then ends the program.
pub async fn watch(json: bool) {
    if tokio::signal::ctrl_c().await.is_err() {
        return;
    }
    // Wait until a keystore that is being written is complete.
    let _writing = keys::writing();
    let sent = lock().take().unwrap_or_default();
    if sent.only_reads {
        std::process::exit(0);
    }
    let failure = failure(sent);
    output::fail(&failure, json);
    std::process::exit(failure.kind.exit_code().into());
}

fn failure(sent: Sent) -> Failure {
    let Sent { names, given, done, .. } = sent;
    let failure = match given {
        Some(hash) => {
            let message = format!("interrupted: the node has {names} as {hash:?}");
            Failure::new(Kind::OutcomeUnknown, "interrupted", message)
                .fix("check whether it was executed before you send it again")
        },
        None if done.is_empty() => {
            Failure::new(Kind::Other, "interrupted", "interrupted: nothing was sent")
        },
        None => {
            let message = format!("interrupted: completed transactions: {}", done.len());
            Failure::new(Kind::Other, "interrupted", message)
        },
    };
    failure.after(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interruption_reports_what_was_sent() {
        let sent = |given, done: &[&str]| Sent {
            names: "a call".into(),
            given,
            done: done.iter().map(|hash| (*hash).to_string()).collect(),
            only_reads: false,
        };
        let nothing = failure(sent(None, &[]));
        assert_eq!((nothing.kind, nothing.done().len()), (Kind::Other, 0));
        let between = failure(sent(None, &["0x01"]));
        // One transaction was completed, so a program must not assume that nothing happened.
        assert_eq!(
            (between.kind, between.done()),
            (Kind::OutcomeUnknown, &["0x01".to_string()][..])
        );
        let unknown = failure(sent(Some(H256([7; 32])), &["0x01"]));
        assert_eq!((unknown.kind, unknown.done().len()), (Kind::OutcomeUnknown, 1));
        assert!(unknown.message.contains("0x0707"), "{unknown:?}");
    }
}
