// SPDX-License-Identifier: Apache-2.0

//! Histories: the changes of a data set, container or twin, read back from an archive node and
//! proven with the head.
//!
//! The record of each thing names the block of its last change. [`walk`] reads that block's events,
//! then the record one block earlier, and so on. Each change is hashed into a head
//! (`head = blake2_256(head ++ SCALE(change))`), so that [`verify`] finds an omitted, added or
//! altered change. The state of the newest block itself is what the node says: compare it with
//! another node, or use a light client.

pub mod diff;
pub mod source;
pub mod values;

use crate::{
    failure::{Failure, Kind},
    hash::blake2_256,
};
use codec::Encode;
use subxt::utils::{AccountId32, H256};

/// The thing whose changes are read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Subject {
    /// A data set: container, name and id.
    DataSet(u64, String, u16),
    /// A container itself: definitions, roles, grants, keys and owners, but not its data.
    Container(u64),
    /// A twin itself: description, links and owners.
    Twin(u64),
}

impl Subject {
    /// Returns the head before the first change.
    pub fn first_head(&self, genesis: &H256) -> H256 {
        let genesis = genesis.0;
        let bytes = match self {
            Self::DataSet(container, _, id) => {
                (b"twinchain/head/2", genesis, container, id).encode()
            },
            Self::Container(id) => (b"twinchain/cont/1", genesis, id).encode(),
            Self::Twin(id) => (b"twinchain/twin/1", genesis, id).encode(),
        };
        blake2_256(&bytes)
    }
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::DataSet(container, name, _) => write!(f, "c{container}/{name}"),
            Self::Container(id) => write!(f, "c{id}"),
            Self::Twin(id) => write!(f, "twin {id}"),
        }
    }
}

/// The record of a thing after a block.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct State {
    /// The number of changes.
    pub revision: u64,
    /// The head after them.
    pub head: H256,
    /// The block of the last change.
    pub changed: u64,
}

/// One change.
#[derive(Clone, Debug)]
pub struct Change {
    /// The revision after the change.
    pub revision: u64,
    /// The kind of the change, such as `Set` or `LinkSet`.
    pub kind: String,
    /// The account that made it.
    pub author: AccountId32,
    /// The authority by which it was made, for data sets.
    pub authority: Option<Authority>,
    /// The block.
    pub block: u64,
    /// The time of the block, in Unix milliseconds.
    pub time: u64,
    /// The batch of a list, if the change is about one.
    pub batch: Option<u32>,
    /// The position in the batch, if the change is about one item.
    pub position: Option<u32>,
    /// The hash of the stored value or items.
    pub payload: Option<H256>,
    /// The other fields of the event, as JSON.
    pub fields: serde_json::Value,
    /// The bytes that the head contains.
    pub encoded: Vec<u8>,
}

/// The authority of a change of a data set.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Authority {
    /// The owner of the container.
    Owner,
    /// A role, by its id.
    Role(u8),
    /// A grant.
    Grant,
}

/// The source of a history: an archive node, or a test.
#[allow(async_fn_in_trait, reason = "its futures are awaited where they are made")]
pub trait Source {
    /// Returns the record after a block, or `None` if the thing does not exist there.
    async fn state(&self, block: u64) -> Result<Option<State>, Failure>;
    /// Returns the changes in a block, in order.
    async fn changes(&self, block: u64) -> Result<Vec<Change>, Failure>;
}

/// A history with the records at the blocks where it was read.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The changes, the first one first.
    pub changes: Vec<Change>,
    /// The revisions and heads in the state, the newest first.
    pub states: Vec<State>,
}

/// Reads all changes up to the block `newest`. Calls `progress` with the revision before each
/// block.
///
/// # Errors
/// [`Kind::VerificationFailed`] with the code `missing-change` if the changes of a block are not
/// those that the record counts.
pub async fn walk(
    source: &impl Source,
    newest: u64,
    mut progress: impl FnMut(u64),
) -> Result<History, Failure> {
    let missing = || Failure::not_found("it does not exist at this block");
    let mut state = source.state(newest).await?.ok_or_else(missing)?;
    let (mut history, mut blocks) = (History::default(), Vec::new());
    history.states.push(state);
    let mut before = newest.saturating_add(1);
    while state.revision > 0 {
        progress(state.revision);
        if state.changed >= before {
            return Err(gap(state.revision, state.changed));
        }
        let found = source.changes(state.changed).await?;
        let first = first_revision(&found, &state)?;
        before = state.changed;
        blocks.push(found);
        if first == 1 {
            break;
        }
        let parent = before.checked_sub(1).ok_or_else(|| gap(first - 1, before))?;
        state = source.state(parent).await?.ok_or_else(|| gap(first - 1, parent))?;
        if state.revision != first - 1 {
            return Err(gap(first - 1, parent));
        }
        history.states.push(state);
    }
    history.changes = blocks.into_iter().rev().flatten().collect();
    Ok(history)
}

/// Returns the revision of the first change in a block. Fails unless the changes are consecutive
/// and end with the revision of the record.
fn first_revision(found: &[Change], state: &State) -> Result<u64, Failure> {
    let wrong = || gap(state.revision, state.changed);
    let (first, last) = found.first().zip(found.last()).ok_or_else(wrong)?;
    let is_row = (first.revision..).zip(found).all(|(revision, of)| of.revision == revision);
    let is_here = found.iter().all(|of| of.block == state.changed);
    match is_row && is_here && last.revision == state.revision && first.revision > 0 {
        true => Ok(first.revision),
        false => Err(wrong()),
    }
}

fn gap(revision: u64, block: u64) -> Failure {
    let message = format!("the node does not have revision {revision} in block {block}");
    Failure::new(Kind::VerificationFailed, "missing-change", message)
        .fix("use another archive node; this one is incomplete, or does not say the truth")
}

/// Recomputes the heads of a history, and compares them with the records.
///
/// # Errors
/// [`Kind::VerificationFailed`] with the code `false-history`, and the revisions between which a
/// change is not the one that the chain recorded.
pub fn verify(history: &History, first: H256) -> Result<H256, Failure> {
    let (mut head, mut known) = (first, 0);
    let mut states = history.states.iter().rev().peekable();
    let mut check = |revision: u64, head: H256| {
        while let Some(state) = states.next_if(|state| state.revision <= revision) {
            if state.revision == revision && state.head != head {
                return Err(false_history(known + 1, revision, state.head, head));
            }
            known = state.revision;
        }
        Ok(())
    };
    check(0, head)?;
    for change in &history.changes {
        head = blake2_256(&[head.0.as_slice(), &change.encoded].concat());
        check(change.revision, head)?;
    }
    match history.states.first() {
        Some(newest) if newest.head == head => Ok(head),
        Some(newest) => Err(false_history(1, newest.revision, newest.head, head)),
        None => Ok(head),
    }
}

fn false_history(from: u64, to: u64, expected: H256, found: H256) -> Failure {
    let message = format!(
        "revisions {from} to {to} give the head {found:?}, but the state has {expected:?}: a \
         change is missing, added or altered, or the node is of another chain"
    );
    Failure::new(Kind::VerificationFailed, "false-history", message)
        .fix("use another archive node; --genesis names the chain that you expect")
}

#[cfg(test)]
mod tests;
