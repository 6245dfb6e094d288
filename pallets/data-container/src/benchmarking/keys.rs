// SPDX-License-Identifier: Apache-2.0

//! Keys, envelopes and sealed values.

use super::{setup::World, texts};
use crate::{pallet::*, types::*};
use alloc::vec::Vec;
use core::ops::Range;
use frame_benchmarking::v2::account;
use frame_support::BoundedVec;
use twinchain_primitives::{Moment, PublicKey, SealedSeed, SharedEnvelope};

/// A public key that is not weak.
pub(super) const PUBLIC: [u8; 32] = [9; 32];
/// Another public key, which was never used.
pub(super) const NEW_PUBLIC: [u8; 32] = [8; 32];
/// A sealed seed. The chain cannot distinguish it from any other.
pub(super) const SEALED: [u8; 80] = [7; 80];
/// The epoch of the keys of all data sets.
pub(super) const EPOCH: u32 = 7;
/// The segment of all epochs.
pub(super) const SEGMENT: u8 = 2;
/// The version of the encryption keys of all accounts.
pub(super) const VERSION: u32 = 3;

/// Returns [`PUBLIC`] in the form in which it is stored.
pub(super) fn public() -> PublicKey {
    PublicKey::truncate_from(PUBLIC.to_vec())
}

/// Returns [`SEALED`] in the form in which it is stored.
pub(super) fn sealed() -> SealedSeed {
    SealedSeed::truncate_from(SEALED.to_vec())
}

pub(super) fn sealed_value(ciphertext: Value) -> StoredValue {
    let ciphertext = Ciphertext::truncate_from(ciphertext.into_inner());
    StoredValue::Sealed { suite: SUITE, epoch: EPOCH, ciphertext }
}

/// Gives an account an encryption key, set in block 0.
pub(super) fn set_key<T: Config>(who: &T::AccountId) {
    let key = AccountKey { suite: SUITE, public: public() };
    KeyVersions::<T>::insert(who, VERSION, &key);
    let newest = EncryptionKey { version: VERSION, key, since: 0u32.into(), leaked: None };
    EncryptionKeys::<T>::insert(who, newest);
}

/// Returns envelopes with the current seeds of these data sets.
pub(super) fn envelopes(data_sets: Range<u32>) -> Vec<SharedEnvelope> {
    let envelope = |n| SharedEnvelope {
        data_set: texts::name(n),
        epoch: EPOCH,
        key_version: VERSION,
        envelope: SEALED.to_vec(),
    };
    data_sets.map(envelope).collect()
}

/// Gives the key of an account the maximum number of holders, and returns them.
pub(super) fn holders<T: Config>(who: &T::AccountId) -> Vec<T::AccountId> {
    let holders: Vec<T::AccountId> =
        (0..MAX_KEY_HOLDERS).map(|n| account("holder", n, 0)).collect();
    holders.iter().for_each(set_key::<T>);
    let envelope = |holder: &T::AccountId| AccountEnvelope {
        holder: KeyHolder::Account(holder.clone(), VERSION),
        sealed: sealed(),
    };
    let envelopes = holders.iter().map(envelope).collect();
    AccountKeyEnvelopes::<T>::insert(who, VERSION, BoundedVec::truncate_from(envelopes));
    holders
}

/// Returns envelopes for the last `count` of the maximum number of holders, all of which already
/// hold the account's key.
pub(super) fn holder_envelopes<T: Config>(
    who: &T::AccountId,
    count: u32,
) -> Vec<HolderEnvelope<T::AccountId>> {
    let key = AccountKey { suite: SUITE, public: PublicKey::truncate_from(NEW_PUBLIC.to_vec()) };
    KeyVersions::<T>::insert(who, VERSION, key);
    let envelope = |account| HolderEnvelope::Account {
        account,
        key_version: VERSION,
        envelope: SEALED.to_vec(),
    };
    holders::<T>(who).into_iter().rev().take(count as usize).map(envelope).collect()
}

impl<T: Config> World<T> {
    /// Makes an account a reader of all data sets, with all the rights that it can have. Returns
    /// its next envelope. The READ of a later reader ends earlier, so its envelope lowers the key's
    /// `valid_until`.
    pub fn reader(&self, n: u32) -> ReaderEnvelope<T::AccountId> {
        let reader: T::AccountId = account("reader", n, 0);
        self.give(&reader, super::setup::rights(Some(Moment::MAX - 1 - Moment::from(n))));
        self.disclose(&reader);
        ReaderEnvelope { reader, key_version: VERSION, envelope: SEALED.to_vec() }
    }

    /// Makes `count` accounts readers, and returns their next envelopes.
    pub fn readers(&self, count: u32) -> Vec<ReaderEnvelope<T::AccountId>> {
        (0..count).map(|n| self.reader(n)).collect()
    }
}

/// The length of the shortest sealed value, in bytes.
pub(super) const SHORTEST_SEALED: u32 = 48 + SEAL_BLOCK;

/// Returns the lengths of `count` sealed values of at most `bytes` bytes together.
pub(super) fn sealed_lengths(count: u32, bytes: u32) -> Vec<u32> {
    let least = SHORTEST_SEALED;
    let most = (MAX_SEALED_VALUE - least) / SEAL_BLOCK;
    let blocks = bytes.saturating_sub(count * least) / SEAL_BLOCK;
    let share = |n: u32| (blocks / count + u32::from(n < blocks % count)).min(most);
    (0..count).map(|n| least + share(n) * SEAL_BLOCK).collect()
}
