// SPDX-License-Identifier: Apache-2.0

//! Encryption keys of accounts, and account envelopes, in which an account keeps its own secret
//! key. No secret passes through this module.

use super::lookup::len_u32;
use crate::{
    growth::{Written, ACCOUNT_ENVELOPES_KEY},
    pallet::*,
    suite::{parse_sealed_seed, suite_of_length},
    types::*,
};
use alloc::vec::Vec;
use frame_support::{dispatch::DispatchResult, ensure, traits::Time};
use sp_runtime::{traits::Saturating, DispatchError};
use twinchain_primitives::blake2_256_of;

impl<T: Config> Pallet<T> {
    /// Sets the next version of an account's encryption key. `replaces` is the current version, 0
    /// if there is none. With `leaked`, records that the current version and all earlier ones
    /// leaked.
    pub(crate) fn do_set_encryption_key(
        who: T::AccountId,
        suite: u8,
        public: Vec<u8>,
        replaces: u32,
        leaked: bool,
    ) -> DispatchResult {
        let public = Self::parse_key(suite, &public)?;
        let old = EncryptionKeys::<T>::get(&who);
        let known = old.as_ref().map_or(0, |old| old.version);
        ensure!(replaces == known, Error::<T>::StaleKeyVersion);
        ensure!(!leaked || old.is_some(), Error::<T>::NoEncryptionKey);
        let now = frame_system::Pallet::<T>::block_number();
        if let Some(old) = &old {
            ensure!(old.key.public != public, Error::<T>::KeyUnchanged);
            let next = old.since.saturating_add(KEY_CHANGE_BLOCKS.into());
            ensure!(now >= next, Error::<T>::KeyChangedRecently);
        }
        let hash = Self::check_unused_key(Some(&who), &public)?;
        let version = known.checked_add(1).ok_or(Error::<T>::IdsExhausted)?;
        let leaked_keys = match leaked {
            true => Some(LeakedKeys { up_to: known, since: T::Time::now() }),
            false => old.and_then(|old| old.leaked),
        };
        let key = AccountKey { suite, public: public.clone() };
        UsedKeys::<T>::insert(Some(&who), hash, ());
        KeyVersions::<T>::insert(&who, version, &key);
        let new = EncryptionKey { version, key, since: now, leaked: leaked_keys };
        EncryptionKeys::<T>::insert(&who, new);
        Self::deposit_event(Event::EncryptionKeySet {
            account: who,
            version,
            suite,
            public,
            leaked,
        });
        Ok(())
    }

    /// Stores a version of an account's secret key, sealed for holders. Replaces the envelope that
    /// a holder already has. Returns the number of bytes written.
    pub(crate) fn do_set_account_envelopes(
        who: T::AccountId,
        version: u32,
        envelopes: Vec<HolderEnvelope<T::AccountId>>,
    ) -> Result<u64, DispatchError> {
        ensure!(!envelopes.is_empty(), Error::<T>::NothingToDo);
        ensure!(len_u32(&envelopes) <= MAX_KEY_HOLDERS, Error::<T>::TooManyEnvelopes);
        let own = KeyVersions::<T>::get(&who, version).ok_or(Error::<T>::KeyNotFound)?;
        let mut stored = AccountKeyEnvelopes::<T>::get(&who, version);
        let mut set = Vec::new();
        for envelope in envelopes {
            let new = Self::check_account_envelope(&who, &own, envelope)?;
            set.push((new.holder.clone(), blake2_256_of(&new.sealed)));
            stored.retain(|known| !known.holder.is(&new.holder));
            stored.try_push(new).map_err(|_| Error::<T>::TooManyHolders)?;
        }
        let mut written = Written::default();
        written.record(ACCOUNT_ENVELOPES_KEY, &stored);
        AccountKeyEnvelopes::<T>::insert(&who, version, stored);
        for (holder, envelope) in set {
            let account = who.clone();
            Self::deposit_event(Event::AccountEnvelopeSet { account, version, holder, envelope });
        }
        Ok(written.bytes())
    }

    /// Checks an envelope of the account's key `own`, and returns it. Fails if it is malformed, or
    /// if the recipient's key is `own`. A recipient outside the chain must not have any key that
    /// the account used.
    fn check_account_envelope(
        who: &T::AccountId,
        own: &AccountKey,
        envelope: HolderEnvelope<T::AccountId>,
    ) -> Result<AccountEnvelope<T::AccountId>, Error<T>> {
        let (key, holder, sealed) = match envelope {
            HolderEnvelope::Account { account, key_version, envelope } => {
                let known = EncryptionKeys::<T>::get(&account).ok_or(Error::NoEncryptionKey)?;
                ensure!(known.version == key_version, Error::StaleKeyVersion);
                (known.key, KeyHolder::Account(account, key_version), envelope)
            },
            HolderEnvelope::Key { public, envelope } => {
                let suite = suite_of_length(&public).ok_or(Error::InvalidPublicKey)?;
                let public = Self::parse_key(suite, &public)?;
                // An older key of the account may have leaked.
                let own = UsedKeys::<T>::contains_key(Some(who), blake2_256_of(&public));
                ensure!(!own, Error::SealedToItself);
                (AccountKey { suite, public: public.clone() }, KeyHolder::Key(public), envelope)
            },
        };
        ensure!(key.public != own.public, Error::SealedToItself);
        let sealed = parse_sealed_seed(key.suite, &sealed).ok_or(Error::InvalidSealedSeed)?;
        Ok(AccountEnvelope { holder, sealed })
    }

    /// Removes the envelope of a holder. The holder keeps a secret key that it has opened, so the
    /// account must set a new key to exclude it. Returns the number of bytes written.
    pub(crate) fn do_remove_account_envelope(
        who: T::AccountId,
        version: u32,
        holder: NamedHolder<T::AccountId>,
    ) -> Result<u64, DispatchError> {
        let mut stored = AccountKeyEnvelopes::<T>::get(&who, version);
        let at = stored.iter().position(|known| known.holder.is_named(&holder));
        let removed = stored.remove(at.ok_or(Error::<T>::HolderNotFound)?);
        let mut written = Written::default();
        if stored.is_empty() {
            AccountKeyEnvelopes::<T>::remove(&who, version);
        } else {
            written.record(ACCOUNT_ENVELOPES_KEY, &stored);
            AccountKeyEnvelopes::<T>::insert(&who, version, stored);
        }
        Self::deposit_event(Event::AccountEnvelopeRemoved {
            account: who,
            version,
            holder: removed.holder,
        });
        Ok(written.bytes())
    }
}
