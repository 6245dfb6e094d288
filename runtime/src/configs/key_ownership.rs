// SPDX-License-Identifier: Apache-2.0

//! Proof of the validator that a key belonged to when it voted twice.

use crate::{AccountId, Grandpa, Historical, Runtime, Session, SessionKeys};
use alloc::vec::Vec;
use frame_support::{
    storage::{with_transaction, TransactionOutcome},
    traits::KeyOwnerProofSystem,
};
use pallet_session::{
    historical::{self, HistoricalSessions, NoteHistoricalRoot},
    CurrentIndex, NextKeys, QueuedKeys, SessionManager,
};
use sp_consensus_grandpa::AuthorityId as GrandpaId;
use sp_core::crypto::KeyTypeId;
use sp_runtime::DispatchError;
use sp_session::MembershipProof;

/// Proves which validator uses a key in a session, and checks such proofs.
///
/// [`Historical`] proves ownership of the most recently registered keys. But a validator signs with
/// its old keys until the session after the next one. So this makes proofs of the keys in use, and
/// checks them against the root that [`note_root`] noted when their session began.
pub struct KeyOwnership;

impl KeyOwnerProofSystem<(KeyTypeId, GrandpaId)> for KeyOwnership {
    type Proof = MembershipProof;
    type IdentificationTuple = (AccountId, ());

    /// Returns a proof for this session, or `None` if no validator uses the key in it.
    fn prove(key: (KeyTypeId, GrandpaId)) -> Option<MembershipProof> {
        let proof = undone(|| {
            register(keys_in_use());
            Historical::prove(key.clone())
        })?;
        Self::check_proof(key, proof.clone()).map(|_| proof)
    }

    /// Returns the validator. Returns `None` if the proof is wrong, or if its session has not begun
    /// or is no longer known.
    fn check_proof(key: (KeyTypeId, GrandpaId), proof: MembershipProof) -> Option<(AccountId, ())> {
        let current = Session::current_index();
        if proof.session > current {
            return None;
        }
        undone(|| {
            // `Historical` compares with the noted root only for past sessions.
            CurrentIndex::<Runtime>::put(current.saturating_add(1));
            Historical::check_proof(key, proof)
        })
    }
}

/// Notes the root of the keys with which a session begins, for at most 100 validators.
///
/// [`Historical`] notes the root of the registered keys when it plans the session, and none at
/// genesis.
pub fn note_root(session: u32) {
    let root = undone(|| {
        register(QueuedKeys::<Runtime>::get());
        NoteHistoricalRoot::<Runtime, Begun>::new_session(session);
        HistoricalSessions::<Runtime>::get(session)
    });
    HistoricalSessions::<Runtime>::set(session, root);
}

/// The validators of the session that begins: those that are queued when it begins.
struct Begun;

impl SessionManager<AccountId> for Begun {
    fn new_session(_: u32) -> Option<Vec<AccountId>> {
        Some(QueuedKeys::<Runtime>::get().into_iter().map(|(validator, _)| validator).collect())
    }

    fn start_session(_: u32) {}

    fn end_session(_: u32) {}
}

impl historical::SessionManager<AccountId, ()> for Begun {
    fn new_session(index: u32) -> Option<Vec<(AccountId, ())>> {
        let validators = <Self as SessionManager<_>>::new_session(index)?;
        Some(validators.into_iter().map(|validator| (validator, ())).collect())
    }

    fn start_session(_: u32) {}

    fn end_session(_: u32) {}
}

/// Registers keys without any check, for [`Historical`] to find.
fn register(keys: Vec<(AccountId, SessionKeys)>) {
    for (validator, keys) in keys {
        NextKeys::<Runtime>::insert(validator, keys);
    }
}

/// Returns the validators of this session, at most 100, with the keys with which they sign.
fn keys_in_use() -> Vec<(AccountId, SessionKeys)> {
    let validators = Session::validators();
    let aura = pallet_aura::Authorities::<Runtime>::get();
    // During a restart of finality, GRANDPA's authorities are still those of the previous session.
    let grandpa = Grandpa::pending_change()
        .map_or_else(Grandpa::grandpa_authorities, |change| change.next_authorities.into_inner());
    let keys = aura.into_iter().zip(grandpa);
    let keys = keys.map(|(aura, (grandpa, _))| SessionKeys { aura, grandpa });
    validators.into_iter().zip(keys).collect()
}

/// Returns the result of `f` and reverts its writes.
fn undone<R>(f: impl FnOnce() -> Option<R>) -> Option<R> {
    with_transaction(|| TransactionOutcome::Rollback(Ok::<_, DispatchError>(f()))).ok().flatten()
}
