// SPDX-License-Identifier: Apache-2.0

//! Accounts, and extrinsics that they sign offline.

use crate::error::Result;
use codec::Encode;
use sp_core::{sr25519, Pair, H256};
use std::thread;
use twinchain_runtime::{signing, AccountId, RuntimeCall};

/// An account whose secret key is known.
#[derive(Clone)]
pub struct Account {
    /// Key pair of the account.
    pub pair: sr25519::Pair,
    /// Address of the account on the chain.
    pub id: AccountId,
}

impl Account {
    /// Returns the account of a secret such as `//Alice//load/7`.
    pub fn new(secret: &str) -> Result<Self> {
        let pair = sr25519::Pair::from_string(secret, None)
            .map_err(|error| format!("`{secret}` is not a secret: {error:?}"))?;
        let id = pair.public().into();
        Ok(Self { pair, id })
    }

    /// Returns accounts of numbered derivations of one secret.
    pub fn many(secret: &str, count: usize) -> Result<Vec<Self>> {
        (0..count).map(|number| Self::new(&format!("{secret}/{number}"))).collect()
    }
}

/// The domain of a signature: one chain, and the runtime version of this program.
#[derive(Clone, Copy)]
pub struct Signing {
    /// The hash of the chain's genesis block.
    pub genesis: H256,
}

impl Signing {
    /// Returns a signed extrinsic, encoded.
    pub fn sign(&self, account: &Account, nonce: u32, call: RuntimeCall) -> Vec<u8> {
        signing::sign(call, &account.pair, nonce, self.genesis).encode()
    }
}

/// Applies `work` to all `jobs` on all processors, and returns the results in order.
pub fn in_parallel<T: Send, R: Send>(jobs: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let each = jobs.len().div_ceil(threads).max(1);
    let mut jobs = jobs.into_iter();
    let chunks: Vec<Vec<T>> = (0..threads).map(|_| jobs.by_ref().take(each).collect()).collect();
    thread::scope(|scope| {
        let work = &work;
        let running: Vec<_> = chunks
            .into_iter()
            .map(|chunk| scope.spawn(move || chunk.into_iter().map(work).collect::<Vec<_>>()))
            .collect();
        running
            .into_iter()
            .flat_map(|thread| thread.join().expect("the work of a thread does not panic"))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_of_a_secret_differ() {
        let accounts = Account::many("//Alice//load", 3).unwrap();
        assert_ne!(accounts[0].id, accounts[1].id);
        assert_ne!(accounts[1].id, accounts[2].id);
        assert!(Account::new("//").is_err() || Account::new("no such words").is_err());
    }

    #[test]
    fn work_in_parallel_keeps_its_order() {
        let done = in_parallel((0..1_001).collect(), |n: u32| n * 2);
        assert_eq!(done, (0..1_001).map(|n| n * 2).collect::<Vec<_>>());
        assert!(in_parallel(Vec::<u32>::new(), |n| n).is_empty());
    }
}
