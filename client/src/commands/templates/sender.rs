// SPDX-License-Identifier: Apache-2.0

//! Sending of groups of calls in as few transactions as possible.

use crate::{context::Context, output::Reply};
use serde_json::json;
use std::collections::VecDeque;
use twinchain_client::{
    submit::{Call, Done},
    Failure,
};

/// The transactions of a command.
#[derive(Debug, Default)]
pub struct Sent {
    /// Their hashes.
    pub hashes: Vec<String>,
    /// The numbers of their blocks.
    pub blocks: Vec<u64>,
}

/// Sends groups of calls in one transaction, which executes all of them or none. If they exceed
/// what a block or a quota takes, nothing is sent, and each half is tried. Calls `see` after each
/// transaction.
pub async fn send(
    context: &mut Context,
    sent: &mut Sent,
    groups: Vec<Vec<Call>>,
    mut see: impl FnMut(&Done) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut queue: VecDeque<_> = [groups].into();
    while let Some(mut groups) = queue.pop_front() {
        let calls: Vec<_> = groups.iter().flatten().cloned().collect();
        if calls.is_empty() {
            continue;
        }
        match once(context, sent, calls, &mut see).await {
            Err(failure) if is_too_large(&failure) => {
                // The calls of a single group are in order, and each can be done alone.
                if groups.len() == 1 {
                    groups = groups.concat().into_iter().map(|call| vec![call]).collect();
                }
                if groups.len() < 2 {
                    return Err(failure);
                }
                let rest = groups.split_off(groups.len() / 2);
                queue.push_front(rest);
                queue.push_front(groups);
            },
            result => result?,
        }
    }
    Ok(())
}

/// Sends calls in one transaction.
pub async fn once(
    context: &mut Context,
    sent: &mut Sent,
    calls: Vec<Call>,
    see: &mut impl FnMut(&Done) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let (_, at) = context.at().await?;
    let before = sent.hashes.clone();
    let mut seen = Ok(());
    let step = context.send_steps(&at, vec![calls], &before, |all| {
        for done in all {
            sent.hashes.push(format!("{:?}", done.hash));
            sent.blocks.extend(done.block.map(|(_, number)| number));
            seen = see(done);
        }
        Ok(Reply::new(json!({}), ""))
    });
    step.await?;
    seen.map_err(|failure| failure.after(sent.hashes.clone()))
}

/// Returns `true` if a transaction was refused because of its size.
pub fn is_too_large(failure: &Failure) -> bool {
    failure.code == "rule.105"
        || failure.code == "rejected" && failure.message.contains("ExhaustsResources")
}
