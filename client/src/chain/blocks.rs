// SPDX-License-Identifier: Apache-2.0

//! Final blocks, one after the other, without gaps.

use super::{At, Chain};
use crate::failure::{unreachable_node, Failure};
use std::time::Duration;

/// How long no block may arrive before the subscription is made anew: a subscription can fall
/// silent without an error when the connection was lost.
const SILENCE: Duration = Duration::from_secs(60);
/// How often in a row a silent or failing subscription is made anew.
const ATTEMPTS: u32 = 5;

/// A stream of final blocks that resumes where it stopped.
pub struct Blocks {
    chain: Chain,
    stream: Option<subxt::client::Blocks<super::Config>>,
    /// The number of the next block to return; `None` before the first.
    next: Option<u64>,
    /// The newest final block that is known.
    newest: u64,
}

impl Blocks {
    /// Follows final blocks: from number `from` on, or from the newest one.
    pub fn follow(chain: &Chain, from: Option<u64>) -> Self {
        Self { chain: chain.clone(), stream: None, next: from, newest: 0 }
    }

    /// Waits for the next block. Fails with [`Kind::Unreachable`](crate::Kind::Unreachable) if the
    /// node stays silent.
    pub async fn next(&mut self) -> Result<At, Failure> {
        let mut failure = None;
        for _ in 0..ATTEMPTS {
            match self.advance().await {
                Ok(at) => return Ok(at),
                Err(error) => {
                    self.stream = None;
                    failure = Some(error);
                },
            }
        }
        Err(failure.unwrap_or_else(|| unreachable_node("no block arrives")))
    }

    async fn advance(&mut self) -> Result<At, Failure> {
        let number = match self.next {
            // Blocks that were missed are read by number.
            Some(number) if number <= self.newest => number,
            _ => self.wait().await?,
        };
        let at = At(self.chain.client().at_block(number).await?);
        self.next = Some(number + 1);
        Ok(at)
    }

    /// Waits for a block that is not behind the next one. Returns the number to go on with.
    async fn wait(&mut self) -> Result<u64, Failure> {
        loop {
            let stream = match &mut self.stream {
                Some(stream) => stream,
                None => self.stream.insert(self.chain.client().stream_blocks().await?),
            };
            let block = tokio::time::timeout(SILENCE, stream.next()).await;
            let block = block.map_err(|_| unreachable_node("no block arrives"))?;
            let block = block.ok_or_else(|| unreachable_node("the subscription ended"))??;
            self.newest = self.newest.max(block.number());
            let next = self.next.unwrap_or(block.number());
            if next <= self.newest {
                return Ok(next);
            }
        }
    }
}
