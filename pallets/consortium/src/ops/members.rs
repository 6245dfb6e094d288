// SPDX-License-Identifier: Apache-2.0

//! Members and administrators: who keeps them, and what they begin with.

use crate::{
    pallet::*,
    quota::{Bucket, Rate},
    types::*,
};
use alloc::vec::Vec;
use frame_support::{dispatch::DispatchResult, ensure, traits::EnsureOrigin};
use frame_system::{
    ensure_signed,
    pallet_prelude::{BlockNumberFor, OriginFor},
    Pallet as System,
};
use sp_runtime::DispatchError;

/// Who keeps an organisation's members and nodes.
pub(crate) enum By {
    /// The council, or root: for every organisation.
    Council,
    /// The administrator of one organisation.
    Admin(OrganisationId),
    /// Anybody else.
    Nobody,
}

impl<T: Config> Pallet<T> {
    /// Who it is that wants to keep members or nodes.
    pub(crate) fn ensure_admin(origin: OriginFor<T>) -> Result<By, DispatchError> {
        let origin = match T::AdminOrigin::try_origin(origin) {
            Ok(_) => return Ok(By::Council),
            Err(origin) => origin,
        };
        let who = ensure_signed(origin)?;
        Ok(match Members::<T>::get(who) {
            Some(Member { organisation, admin: true, .. }) => By::Admin(organisation),
            _ => By::Nobody,
        })
    }

    /// The organisation, if it was not removed and may be kept: by the council, or, while it is not
    /// suspended, by its own administrators.
    pub(crate) fn kept(by: &By, id: OrganisationId) -> Result<Organisation, Error<T>> {
        let organisation = Self::existing(id)?;
        match by {
            By::Council => {},
            By::Admin(own) if *own == id => {
                ensure!(organisation.status == Status::Active, Error::Suspended);
            },
            By::Admin(_) | By::Nobody => return Err(Error::NotAdmin),
        }
        Ok(organisation)
    }

    pub(crate) fn do_add_member(
        by: By,
        id: OrganisationId,
        account: T::AccountId,
        label: Vec<u8>,
    ) -> DispatchResult {
        let organisation = Self::kept(&by, id)?;
        let label = Self::check_label(label)?;
        // Otherwise, removing and admitting again would be a way to a full quota.
        let bucket = Bucket::exhausted(organisation.limits.quota, System::<T>::block_number());
        Self::put_member(id, organisation, account, label, bucket)?;
        Ok(())
    }

    /// Adds a member with what it spent.
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
        Organisations::<T>::insert(id, organisation);
        Members::<T>::insert(&account, Member { organisation: id, admin: false, bucket });
        MembersOf::<T>::insert(id, &account, &label);
        Self::provide(&account);
        Self::deposit_event(Event::MemberAdded { organisation: id, account, label });
        Ok(())
    }

    /// Lets an account exist: only the transactions of accounts that do are accepted. Never undone,
    /// since the next account of the same key would begin with the same nonces, and the old
    /// transactions could be sent again.
    pub(crate) fn provide(account: &T::AccountId) {
        if System::<T>::providers(account) == 0 {
            System::<T>::inc_providers(account);
        }
    }

    pub(crate) fn do_remove_member(by: By, account: T::AccountId) -> DispatchResult {
        let member = Members::<T>::get(&account).ok_or(Error::<T>::NotMember)?;
        let id = member.organisation;
        let mut organisation = Self::kept(&by, id)?;
        if member.admin {
            Self::check_last_admin(&by, &organisation)?;
            organisation.admins = organisation.admins.saturating_sub(1);
        }
        organisation.members = organisation.members.saturating_sub(1);
        Organisations::<T>::insert(id, organisation);
        Members::<T>::remove(&account);
        MembersOf::<T>::remove(id, &account);
        Self::deposit_event(Event::MemberRemoved { organisation: id, account });
        Ok(())
    }

    pub(crate) fn do_set_admin(by: By, account: T::AccountId, admin: bool) -> DispatchResult {
        let mut member = Members::<T>::get(&account).ok_or(Error::<T>::NotMember)?;
        let id = member.organisation;
        let mut organisation = Self::kept(&by, id)?;
        ensure!(member.admin != admin, Error::<T>::NotChanged);
        if admin {
            organisation.admins = organisation.admins.saturating_add(1);
        } else {
            Self::check_last_admin(&by, &organisation)?;
            organisation.admins = organisation.admins.saturating_sub(1);
        }
        member.admin = admin;
        Organisations::<T>::insert(id, organisation);
        Members::<T>::insert(&account, member);
        Self::deposit_event(Event::AdminSet { organisation: id, account, admin });
        Ok(())
    }

    /// An organisation does not lose its last administrator by accident.
    fn check_last_admin(by: &By, organisation: &Organisation) -> Result<(), Error<T>> {
        let council = matches!(by, By::Council);
        ensure!(council || organisation.admins > 1, Error::LastAdmin);
        Ok(())
    }

    /// What a member of this account's organisation may spend, and what it has spent.
    pub(crate) fn member_quota(
        account: &T::AccountId,
    ) -> Option<(Member<BlockNumberFor<T>>, Status, Rate)> {
        let member = Members::<T>::get(account)?;
        let organisation = Organisations::<T>::get(member.organisation)?;
        Some((member, organisation.status, organisation.limits.quota))
    }
}
