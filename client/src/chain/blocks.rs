// SPDX-License-Identifier: Apache-2.0

//! Finalized blocks in order and without gaps.

use super::{At, Chain};
use crate::failure::{unreachable_node, Failure, Kind};
use std::time::Duration;

/// The maximum time without a block before the subscription is renewed. A subscription can fall
/// silent without an error when the connection is lost.
const SILENCE: Duration = Duration::from_secs(60);
/// The maximum number of consecutive attempts when the node is unreachable.
const ATTEMPTS: u32 = 8;
/// The maximum number of attempts to read one block that a node does not return.
const ATTEMPTS_OF_ONE_BLOCK: u32 = 3;
/// The delay before the second attempt. It doubles with each attempt, to a minute in total.
const PAUSE: Duration = Duration::from_millis(500);

/// A stream of finalized blocks that resumes after a lost connection.
pub struct Blocks {
    chain: Chain,
    stream: Option<subxt::client::Blocks<super::Config>>,
    /// The number of the next block to return; `None` before the first.
    next: Option<u64>,
    /// The number of the newest known finalized block.
    newest: u64,
}

impl Blocks {
    /// Follows finalized blocks, starting with number `from`, or with the newest block.
    pub fn follow(chain: &Chain, from: Option<u64>) -> Self {
        Self { chain: chain.clone(), stream: None, next: from, newest: 0 }
    }

    /// Waits for the next block, and reads it with `read`. Reconnects if the connection is lost or
    /// silent; each block is returned exactly once.
    ///
    /// # Errors
    /// Any error of `read`; [`Kind::Unreachable`] if the node is unreachable for a minute;
    /// [`Kind::VerificationFailed`](crate::Kind::VerificationFailed) if a node of another chain
    /// runs at its address.
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
                // The node may lack the block temporarily or permanently.
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
                // The node may be back at the next attempt.
                Err(_) => {},
            }
        }
    }

    async fn advance<T>(
        &mut self,
        read: &impl AsyncFn(&At) -> Result<T, Failure>,
    ) -> Result<(At, T), Failure> {
        let number = match self.next {
            // Read missed blocks by number.
            Some(number) if number <= self.newest => number,
            _ => self.wait().await?,
        };
        let at = At(self.chain.client().at_block(number).await?);
        let found = read(&at).await?;
        self.next = Some(number + 1);
        Ok((at, found))
    }

    /// Waits for a block that is not older than the next one. Returns the number to continue with.
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
