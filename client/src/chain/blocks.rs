// SPDX-License-Identifier: Apache-2.0

//! Final blocks, one after the other, without gaps.

use super::{At, Chain};
use crate::failure::{unreachable_node, Failure, Kind};
use std::time::Duration;

/// How long no block may arrive before the subscription is made anew: a subscription can fall
/// silent without an error when the connection was lost.
const SILENCE: Duration = Duration::from_secs(60);
/// How often in a row a silent or failing subscription is made anew, over a new connection.
const ATTEMPTS: u32 = 8;
/// How often a block is asked for that a node does not give.
const ATTEMPTS_OF_ONE_BLOCK: u32 = 3;
/// How long to wait before the first of these attempts. Each one waits twice as long as the one
/// before: a minute in all.
const PAUSE: Duration = Duration::from_millis(500);

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

    /// Waits for the next block, and reads what is wanted of it. A connection that is lost, or
    /// silent, is made anew; no block is left out, and none is returned twice.
    ///
    /// # Errors
    /// What `read` fails with; [`Kind::Unreachable`] if the node stays away for a minute,
    /// [`Kind::VerificationFailed`](crate::Kind::VerificationFailed) if another chain's node
    /// answers at its address.
    pub async fn next<T>(
        &mut self,
        read: impl AsyncFn(&At) -> Result<T, Failure>,
    ) -> Result<(At, T), Failure> {
        let mut pause = PAUSE;
        let mut attempt = 1;
        loop {
            let failure = match self.advance(&read).await {
                Ok(found) => return Ok(found),
                Err(failure) => failure,
            };
            let attempts = match failure.kind {
                Kind::Unreachable => ATTEMPTS,
                // The node may lack the block for a moment, or for good.
                Kind::Other => ATTEMPTS_OF_ONE_BLOCK,
                _ => 0,
            };
            if attempt >= attempts {
                return Err(failure);
            }
            self.stream = None;
            attempt += 1;
            tokio::time::sleep(pause).await;
            pause *= 2;
            match self.chain.reconnect().await {
                Ok(chain) => self.chain = chain,
                Err(failure) if failure.kind != Kind::Unreachable => return Err(failure),
                // It may be back at the next attempt.
                Err(_) => {},
            }
        }
    }

    async fn advance<T>(
        &mut self,
        read: &impl AsyncFn(&At) -> Result<T, Failure>,
    ) -> Result<(At, T), Failure> {
        let number = match self.next {
            // Blocks that were missed are read by number.
            Some(number) if number <= self.newest => number,
            _ => self.wait().await?,
        };
        let at = At(self.chain.client().at_block(number).await?);
        let found = read(&at).await?;
        self.next = Some(number + 1);
        Ok((at, found))
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
