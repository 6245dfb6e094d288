// SPDX-License-Identifier: Apache-2.0

//! Members and administrators: admission, removal, and the authority to manage them.

use crate::{pallet::*, quota::Bucket, types::*};
use alloc::vec::Vec;
use frame_support::{dispatch::DispatchResult, ensure, traits::EnsureOrigin};
use frame_system::{
    ensure_signed,
    pallet_prelude::{BlockNumberFor, OriginFor},
    Pallet as System,
};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    /// Returns the organisations whose members and nodes the origin can manage: all, one, or none.
    pub(crate) fn identify_manager(origin: OriginFor<T>) -> Result<Manager, DispatchError> {
        let origin = match T::CouncilOrigin::try_origin(origin) {
            Ok(_) => return Ok(Manager::Council),
            Err(origin) => origin,
        };
        let who = ensure_signed(origin)?;
        Ok(match Members::<T>::get(who) {
            Some(Member { organisation, admin: true, .. }) => Manager::Admin(organisation),
            _ => Manager::None,
        })
    }

    /// Returns the organisation. Fails if it was removed, and unless `by` is the council or an
    /// administrator of this organisation. Fails for an administrator if it is suspended.
    pub(crate) fn ensure_may_manage(
        by: &Manager,
        id: OrganisationId,
    ) -> Result<Organisation, Error<T>> {
        let organisation = Self::ensure_not_removed(id)?;
        match by {
            Manager::Council => {},
            Manager::Admin(own) if *own == id => {
                ensure!(organisation.status == Status::Active, Error::Suspended);
            },
            Manager::Admin(_) | Manager::None => return Err(Error::NotAdmin),
        }
        Ok(organisation)
    }

    pub(crate) fn do_add_member(
        by: Manager,
        id: OrganisationId,
        account: T::AccountId,
        label: Vec<u8>,
    ) -> DispatchResult {
        let organisation = Self::ensure_may_manage(&by, id)?;
        Self::check_office(&by, &account)?;
        let label = Self::check_label(label)?;
        // Otherwise, removing and admitting a member again would refill its quota.
        let bucket = Bucket::exhausted(organisation.limits.quota, System::<T>::block_number());
        Self::put_member(id, organisation, account, label, bucket)?;
        Ok(())
    }

    /// Adds a member with this state of its quota.
    pub(crate) fn put_member(
        id: OrganisationId,
        mut organisation: Organisation,
        account: T::AccountId,
        label: Label,
        bucket: Bucket<BlockNumberFor<T>>,
    ) -> Result<(), Error<T>> {
        ensure!(!Members::<T>::contains_key(&account), Error::AlreadyMember);
        ensure!(organisation.members < organisation.limits.members, Error::MembersExhausted);
        organisation.members = organisation.members.saturating_add(1);
        Self::put_organisation(id, organisation)?;
        Members::<T>::insert(&account, Member { organisation: id, admin: false, bucket });
        MembersOf::<T>::insert(id, &account, &label);
        Self::ensure_provider(&account);
        Self::deposit_event(Event::MemberAdded { organisation: id, account, label });
        Ok(())
    }

    /// Ensures that the account exists: transactions of accounts that do not exist are rejected.
    /// The reference is never released. A new account of the same key would start with the same
    /// nonces, and its old transactions could be replayed.
    pub(crate) fn ensure_provider(account: &T::AccountId) {
        if System::<T>::providers(account) == 0 {
            System::<T>::inc_providers(account);
        }
    }

    pub(crate) fn do_remove_member(by: Manager, account: T::AccountId) -> DispatchResult {
        let member = Members::<T>::get(&account).ok_or(Error::<T>::NotMember)?;
        let id = member.organisation;
        let organisation = Self::ensure_may_manage(&by, id)?;
        Self::check_office(&by, &account)?;
        if member.admin {
            Self::check_last_admin(&by, &organisation)?;
        }
        Self::take_member(&account, member)?;
        Ok(())
    }

    /// Removes a member from its organisation.
    pub(crate) fn take_member(
        account: &T::AccountId,
        member: Member<BlockNumberFor<T>>,
    ) -> Result<(), Error<T>> {
        let id = member.organisation;
        let mut organisation = Organisations::<T>::get(id).ok_or(Error::OrganisationNotFound)?;
        organisation.members = organisation.members.saturating_sub(1);
        organisation.admins = organisation.admins.saturating_sub(member.admin.into());
        Self::put_organisation(id, organisation)?;
        Members::<T>::remove(account);
        MembersOf::<T>::remove(id, account);
        let account = account.clone();
        Self::deposit_event(Event::MemberRemoved { organisation: id, account });
        Ok(())
    }

    /// Ends the caller's membership. Fails if it is the last administrator or holds an office.
    pub(crate) fn do_leave_organisation(account: T::AccountId) -> DispatchResult {
        let member = Members::<T>::get(&account).ok_or(Error::<T>::NotMember)?;
        let organisation = Self::ensure_not_removed(member.organisation)?;
        let own = Manager::Admin(member.organisation);
        Self::check_office(&own, &account)?;
        if member.admin {
            Self::check_last_admin(&own, &organisation)?;
        }
        // Voids the claims that the account signed and no organisation has used.
        MemberClaims::<T>::mutate(&account, |used| *used = used.saturating_add(1));
        Self::take_member(&account, member)?;
        Ok(())
    }

    pub(crate) fn do_set_admin(by: Manager, account: T::AccountId, admin: bool) -> DispatchResult {
        let mut member = Members::<T>::get(&account).ok_or(Error::<T>::NotMember)?;
        let id = member.organisation;
        let mut organisation = Self::ensure_may_manage(&by, id)?;
        ensure!(member.admin != admin, Error::<T>::NotChanged);
        if admin {
            organisation.admins = organisation.admins.saturating_add(1);
        } else {
            Self::check_last_admin(&by, &organisation)?;
            organisation.admins = organisation.admins.saturating_sub(1);
        }
        member.admin = admin;
        Self::put_organisation(id, organisation)?;
        Members::<T>::insert(&account, member);
        Self::deposit_event(Event::AdminSet { organisation: id, account, admin });
        Ok(())
    }

    /// Fails if the account is a councillor or a validator, unless `by` is the council. An official
    /// loses its office when its organisation is removed. So an organisation cannot admit an
    /// official without its consent, nor remove one that still holds its office.
    fn check_office(by: &Manager, account: &T::AccountId) -> Result<(), Error<T>> {
        let council = matches!(by, Manager::Council);
        ensure!(council || !Self::is_official(account), Error::HoldsOffice);
        Ok(())
    }

    /// Fails if this would remove an organisation's last administrator, unless `by` is the council.
    fn check_last_admin(by: &Manager, organisation: &Organisation) -> Result<(), Error<T>> {
        let council = matches!(by, Manager::Council);
        ensure!(council || organisation.admins > 1, Error::LastAdmin);
        Ok(())
    }

    /// Returns a member and its organisation, whose quotas the member shares.
    pub(crate) fn member_and_organisation(
        account: &T::AccountId,
    ) -> Option<(Member<BlockNumberFor<T>>, Organisation)> {
        let member = Members::<T>::get(account)?;
        let organisation = Organisations::<T>::get(member.organisation)?;
        Some((member, organisation))
    }
}
