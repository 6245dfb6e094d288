// SPDX-License-Identifier: Apache-2.0

//! The choice of validators: the appointed ones that have registered keys.

use crate::{pallet::*, types::RestartFinality, WeightInfo};
use alloc::vec::Vec;
use core::marker::PhantomData;
use frame_support::{
    dispatch::DispatchResult,
    ensure,
    traits::{ChangeMembers, InitializeMembers},
    weights::Weight,
    BoundedVec,
};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_core::H256;
use sp_runtime::{
    traits::{Convert, Saturating, Zero},
    Perbill, SaturatedConversion,
};
use sp_staking::{
    offence::{OffenceDetails, OnOffenceHandler},
    SessionIndex,
};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_add_validator(account: T::AccountId) -> DispatchResult {
        let mut validators = Validators::<T>::get();
        ensure!(!validators.contains(&account), Error::<T>::AlreadyValidator);
        validators.try_push(account.clone()).map_err(|_| Error::<T>::TooManyValidators)?;
        Validators::<T>::put(validators);
        Self::ensure_provider(&account);
        Self::deposit_event(Event::ValidatorAdded { account });
        Ok(())
    }

    pub(crate) fn do_remove_validator(account: T::AccountId) -> DispatchResult {
        let mut validators = Validators::<T>::get();
        ensure!(validators.contains(&account), Error::<T>::NotValidator);
        ensure!(validators.len() > 1, Error::<T>::LastValidator);
        Self::dismiss(&mut validators, account, false);
        Validators::<T>::put(validators);
        Ok(())
    }

    /// Removes an account from the appointed validators, which the caller stores.
    pub(crate) fn dismiss(
        validators: &mut BoundedVec<T::AccountId, T::MaxValidators>,
        account: T::AccountId,
        offence: bool,
    ) {
        validators.retain(|validator| *validator != account);
        Self::deposit_event(Event::ValidatorRemoved { account, offence });
    }

    pub(crate) fn do_restart_finality(
        delay: BlockNumberFor<T>,
        best_finalized: BlockNumberFor<T>,
    ) -> DispatchResult {
        // The delay runs from the first block of the next session. If it had not passed by the
        // session after that, finality would miss a change of validators in that session.
        let fits = delay.saturating_mul(2u32.into()) <= SessionLength::<T>::get();
        ensure!(!delay.is_zero() && fits, Error::<T>::InvalidDelay);
        ensure!(!T::Finality::is_changing(), Error::<T>::FinalityChanging);
        let now = frame_system::Pallet::<T>::block_number();
        ensure!(best_finalized < now, Error::<T>::NoSuchBlock);
        T::Finality::restart(delay, best_finalized)?;
        Self::deposit_event(Event::FinalityRestarted { delay, best_finalized });
        Ok(())
    }

    /// Returns the appointed validators that have registered keys.
    fn validators_with_keys() -> BoundedVec<(T::AccountId, H256), T::MaxValidators> {
        let with_keys = Validators::<T>::get()
            .into_iter()
            .filter_map(|account| T::KeysOf::convert(account.clone()).map(|keys| (account, keys)));
        BoundedVec::truncate_from(with_keys.collect())
    }

    /// Returns the validators of the next session to plan. Returns `None` if they and their keys
    /// are unchanged, or if no one would remain: an empty set would stop finality permanently.
    fn plan_next_session() -> Option<Vec<T::AccountId>> {
        let plan = Self::validators_with_keys();
        if plan.is_empty() || plan == Planned::<T>::get() {
            return None;
        }
        Planned::<T>::put(&plan);
        Some(plan.into_iter().map(|(account, _)| account).collect())
    }
}

impl<T: Config> pallet_session::SessionManager<T::AccountId> for Pallet<T> {
    fn new_session(_: SessionIndex) -> Option<Vec<T::AccountId>> {
        Self::plan_next_session()
    }

    /// Returns all appointed validators: at genesis their keys are not known yet. They are planned
    /// again, with their keys, when the first session begins.
    fn new_session_genesis(_: SessionIndex) -> Option<Vec<T::AccountId>> {
        let validators = Validators::<T>::get().into_inner();
        (!validators.is_empty()).then_some(validators)
    }

    fn start_session(_: SessionIndex) {}

    fn end_session(_: SessionIndex) {}
}

impl<T: Config> pallet_session::historical::SessionManager<T::AccountId, ()> for Pallet<T> {
    fn new_session(index: SessionIndex) -> Option<Vec<(T::AccountId, ())>> {
        let plan = <Self as pallet_session::SessionManager<_>>::new_session(index)?;
        Some(plan.into_iter().map(|account| (account, ())).collect())
    }

    fn new_session_genesis(index: SessionIndex) -> Option<Vec<(T::AccountId, ())>> {
        let plan = <Self as pallet_session::SessionManager<_>>::new_session_genesis(index)?;
        Some(plan.into_iter().map(|account| (account, ())).collect())
    }

    fn start_session(_: SessionIndex) {}

    fn end_session(_: SessionIndex) {}
}

/// Dismisses validators that equivocate in finality votes, unless no validator would remain.
impl<T: Config> OnOffenceHandler<T::AccountId, (T::AccountId, ()), Weight> for Pallet<T> {
    fn on_offence(
        offenders: &[OffenceDetails<T::AccountId, (T::AccountId, ())>],
        _: &[Perbill],
        _: SessionIndex,
    ) -> Weight {
        let mut validators = Validators::<T>::get();
        for OffenceDetails { offender: (account, ()), .. } in offenders {
            if !validators.contains(account) {
                continue;
            }
            if validators.len() > 1 {
                Self::dismiss(&mut validators, account.clone(), true);
            } else {
                Self::deposit_event(Event::OffenderKept { account: account.clone() });
            }
        }
        Validators::<T>::put(validators);
        T::WeightInfo::on_offence(offenders.len().saturated_into())
    }
}

/// A wrapper that ensures that every new councillor exists as an account, and then notifies
/// `Inner`.
pub struct ProvideFor<T, Inner>(PhantomData<(T, Inner)>);

impl<T: Config, Inner: ChangeMembers<T::AccountId>> ChangeMembers<T::AccountId>
    for ProvideFor<T, Inner>
{
    fn change_members_sorted(
        incoming: &[T::AccountId],
        outgoing: &[T::AccountId],
        sorted_new: &[T::AccountId],
    ) {
        incoming.iter().for_each(Pallet::<T>::ensure_provider);
        Inner::change_members_sorted(incoming, outgoing, sorted_new);
    }

    fn set_prime(prime: Option<T::AccountId>) {
        Inner::set_prime(prime);
    }

    fn get_prime() -> Option<T::AccountId> {
        Inner::get_prime()
    }
}

impl<T: Config, Inner: InitializeMembers<T::AccountId>> InitializeMembers<T::AccountId>
    for ProvideFor<T, Inner>
{
    fn initialize_members(members: &[T::AccountId]) {
        members.iter().for_each(Pallet::<T>::ensure_provider);
        Inner::initialize_members(members);
    }
}
