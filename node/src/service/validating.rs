// SPDX-License-Identifier: Apache-2.0

//! Logs changes of whether this node's keys are among the validators', and what the operator can
//! do.

use super::types::FullClient;
use futures::StreamExt;
use log::{info, warn};
use sc_client_api::BlockchainEvents;
use sc_service::Error;
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use sp_consensus_aura::{sr25519::AuthorityId, AuraApi};
use sp_core::crypto::{
    key_types::{AURA, GRANDPA},
    ByteArray,
};
use sp_keystore::{Keystore, KeystorePtr};
use std::{collections::BTreeSet, sync::Arc};
use twinchain_runtime::{BlockNumber, Hash};

const LOG_TARGET: &str = "validating";

/// The last logged status.
#[derive(Debug, Default, Eq, PartialEq)]
enum Said {
    #[default]
    Nothing,
    Validates,
    DoesNot,
}

impl Said {
    /// Returns the message to log, if the status changed, and whether it is a warning.
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
                    "This node no longer validates, as of #{number}: its validator was dismissed, \
                     took part in an offence, or registered other keys. To validate again, \
                     register its keys with session.setKeys, and get a motion of the council, \
                     consortium.addValidator. See docs/operations.md, Add a validator."
                ),
            ),
            (_, false) => (
                false,
                format!(
                    "This node does not validate, as of #{number}: none of its keys belongs to a \
                     validator. See docs/operations.md, Add a validator."
                ),
            ),
        })
    }
}

/// Fails if a session key cannot be used, which is the case without its password. Without this
/// check the node would start, and stop at its first vote.
pub fn check_keys(keystore: &dyn Keystore) -> Result<(), Error> {
    let unusable = |error| {
        Error::Other(format!(
            "a session key of the keystore cannot be used: {error}. Give the password that the \
             keys were made with: --password-filename FILE; keys that were made without a password \
             need none"
        ))
    };
    for key in keystore.sr25519_public_keys(AURA) {
        keystore.sr25519_sign(AURA, &key, &[]).map_err(unusable)?;
    }
    for key in keystore.ed25519_public_keys(GRANDPA) {
        keystore.ed25519_sign(GRANDPA, &key, &[]).map_err(unusable)?;
    }
    Ok(())
}

fn validates(client: &FullClient, keystore: &KeystorePtr, block: Hash) -> Option<bool> {
    let authorities: Vec<AuthorityId> = client.runtime_api().authorities(block).ok()?;
    let own: BTreeSet<Vec<u8>> =
        keystore.sr25519_public_keys(AURA).iter().map(ByteArray::to_raw_vec).collect();
    Some(authorities.iter().any(|authority| own.contains(&authority.to_raw_vec())))
}

/// Watches the validators while the node runs.
pub async fn watch(client: Arc<FullClient>, keystore: KeystorePtr) {
    let mut said = Said::default();
    let mut finalised = client.finality_notification_stream();
    let info = client.info();
    let mut block = (info.finalized_hash, info.finalized_number);
    loop {
        let (hash, number) = block;
        // A node has no state until its warp sync has finished.
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
    fn dismissed_validator_is_told_how_to_return() {
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
