// SPDX-License-Identifier: Apache-2.0

//! Abandoned multisig operations. They have no deposit, so no one has a reason to cancel them.

use crate::{pallet::*, types::PendingMultisigs};
use frame_support::{dispatch::DispatchResult, ensure, traits::Get};
use sp_runtime::traits::Saturating;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_clear_multisig(account: T::AccountId, call_hash: [u8; 32]) -> DispatchResult {
        let began = T::Multisigs::began(&account, call_hash);
        let began = began.ok_or(Error::<T>::OperationNotFound)?;
        let age = frame_system::Pallet::<T>::block_number().saturating_sub(began);
        ensure!(age >= T::MultisigLife::get(), Error::<T>::OperationTooYoung);
        T::Multisigs::forget(&account, call_hash);
        Self::deposit_event(Event::OperationCleared { account, call_hash });
        Ok(())
    }
}
