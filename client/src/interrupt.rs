// SPDX-License-Identifier: Apache-2.0

//! What ctrl-c does: it ends the command wherever it is, but not while a keystore is written, and
//! says what was sent.

use crate::output;
use std::sync::{Mutex, MutexGuard, PoisonError};
use subxt::utils::H256;
use twinchain_client::{keys, Failure, Kind};

/// What the command has sent.
#[derive(Default)]
struct Sent {
    /// What is sent now, in words.
    names: String,
    /// The hash of what a node was given and has not answered for.
    given: Option<H256>,
    /// The hashes of what is done.
    done: Vec<String>,
    /// Whether the command only reads, until it is interrupted.
    only_reads: bool,
}

static SENT: Mutex<Option<Sent>> = Mutex::new(None);

fn lock() -> MutexGuard<'static, Option<Sent>> {
    SENT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Remembers what is sent next.
pub fn sending(names: &str) {
    lock().get_or_insert_default().names = names.to_owned();
}

/// Remembers that a node was given a transaction.
pub fn given(hash: H256) {
    lock().get_or_insert_default().given = Some(hash);
}

/// Remembers that it is not known any more of a transaction that it may be under way: it is done,
/// or was refused.
pub fn settled(done: Option<String>) {
    let mut sent = lock();
    let sent = sent.get_or_insert_default();
    sent.given = None;
    sent.done.extend(done);
}

/// Remembers that an interruption is how the command ends.
pub fn only_reads() {
    lock().get_or_insert_default().only_reads = true;
}

/// Waits for ctrl-c, and then ends the program.
pub async fn watch(json: bool) {
    if tokio::signal::ctrl_c().await.is_err() {
        return;
    }
    // What is being written is written to its end.
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
                .fix("look whether it happened before you send it again")
        },
        None if done.is_empty() => {
            Failure::new(Kind::Other, "interrupted", "interrupted: nothing was sent")
        },
        None => {
            let message = format!("interrupted: {} transactions were done", done.len());
            Failure::new(Kind::Other, "interrupted", message)
        },
    };
    failure.after(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interruption_says_what_was_sent() {
        let sent = |given, done: &[&str]| Sent {
            names: "a call".into(),
            given,
            done: done.iter().map(|hash| (*hash).to_string()).collect(),
            only_reads: false,
        };
        let nothing = failure(sent(None, &[]));
        assert_eq!((nothing.kind, nothing.done().len()), (Kind::Other, 0));
        let between = failure(sent(None, &["0x01"]));
        // A part is done, so that a program must not take this for nothing.
        assert_eq!(
            (between.kind, between.done()),
            (Kind::OutcomeUnknown, &["0x01".to_string()][..])
        );
        let unknown = failure(sent(Some(H256([7; 32])), &["0x01"]));
        assert_eq!((unknown.kind, unknown.done().len()), (Kind::OutcomeUnknown, 1));
        assert!(unknown.message.contains("0x0707"), "{unknown:?}");
    }
}
