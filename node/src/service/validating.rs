// SPDX-License-Identifier: Apache-2.0

//! Says whether this node's keys are among the validators', when that changes, and what to do.

use super::types::FullClient;
use futures::StreamExt;
use log::{info, warn};
use sc_client_api::BlockchainEvents;
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use sp_consensus_aura::{sr25519::AuthorityId, AuraApi};
use sp_core::crypto::{key_types::AURA, ByteArray};
use sp_keystore::KeystorePtr;
use std::{collections::BTreeSet, sync::Arc};
use twinchain_runtime::{BlockNumber, Hash};

const LOG_TARGET: &str = "validating";

/// Whether this node validates, as far as it was said.
#[derive(Debug, Default, Eq, PartialEq)]
enum Said {
    #[default]
    Nothing,
    Validates,
    DoesNot,
}

impl Said {
    /// Returns what to say now, and whether it is bad.
    fn update(&mut self, validates: bool, number: BlockNumber) -> Option<(bool, String)> {
        let new = if validates { Self::Validates } else { Self::DoesNot };
        if *self == new {
            return None;
        }
        let before = std::mem::replace(self, new);
        Some(match (before, validates) {
            (_, true) => (false, format!("This node validates, as of #{number}.")),
            (Self::Validates, false) => (
                true,
                format!(
                    "This node does not validate any more, as of #{number}: its validator was \
                     dismissed, took part in an offence, or registered other keys. The way back: \
                     register its keys with session.setKeys, and a motion of the council, \
                     consortium.addValidator. See docs/operations.md, Add a validator."
                ),
            ),
            (_, false) => (
                false,
                format!(
                    "This node does not validate, as of #{number}: none of its keys is a \
                     validator's. See docs/operations.md, Add a validator."
                ),
            ),
        })
    }
}

fn validates(client: &FullClient, keystore: &KeystorePtr, block: Hash) -> Option<bool> {
    let authorities: Vec<AuthorityId> = client.runtime_api().authorities(block).ok()?;
    let own: BTreeSet<Vec<u8>> =
        keystore.sr25519_public_keys(AURA).iter().map(ByteArray::to_raw_vec).collect();
    Some(authorities.iter().any(|authority| own.contains(&authority.to_raw_vec())))
}

/// Watches the validators as long as the node runs.
pub async fn watch(client: Arc<FullClient>, keystore: KeystorePtr) {
    let mut said = Said::default();
    let mut finalised = client.finality_notification_stream();
    let info = client.info();
    let mut block = (info.finalized_hash, info.finalized_number);
    loop {
        let (hash, number) = block;
        // A node that warps has no state until it has arrived.
        let words = validates(&client, &keystore, hash).and_then(|it| said.update(it, number));
        match words {
            Some((true, words)) => warn!(target: LOG_TARGET, "⚠️  {words}"),
            Some((false, words)) => info!(target: LOG_TARGET, "🔑 {words}"),
            None => {},
        }
        let Some(newest) = finalised.next().await else { return };
        block = (newest.hash, newest.header.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dismissed_validator_reads_the_way_back() {
        let mut said = Said::default();
        let (is_bad, words) = said.update(false, 0).unwrap();
        assert!(!is_bad && words.contains("does not validate, as of #0"), "{words}");
        assert_eq!(said.update(false, 1), None);
        assert!(said.update(true, 2).unwrap().1.contains("validates, as of #2"));
        let (is_bad, words) = said.update(false, 3).unwrap();
        assert!(is_bad && words.contains("consortium.addValidator"), "{words}");
        assert_eq!(said.update(false, 4), None);
    }
}
