// SPDX-License-Identifier: Apache-2.0

//! The invariants of the pallet. Every test checks them, and try-runtime checks them on a live
//! state.

#![cfg(any(feature = "try-runtime", feature = "std"))]

use crate::{pallet::*, types::*};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::{ensure, traits::Get};
use frame_system::Pallet as System;
use sp_runtime::TryRuntimeError;

/// The numbers of members, administrators and nodes of an organisation.
type Counts = (u32, u32, u32);

impl<T: Config> Pallet<T> {
    /// Checks every invariant of the pallet. Its work grows with the state, so no block may run it.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let mut counts = BTreeMap::new();
        Self::check_members(&mut counts)?;
        Self::check_nodes(&mut counts)?;
        Self::check_organisations(&counts)?;
        Self::check_validators()
    }

    /// Checks that every member is listed by its organisation and exists as an account.
    fn check_members(counts: &mut BTreeMap<OrganisationId, Counts>) -> Result<(), TryRuntimeError> {
        let mut members = 0usize;
        for (account, Member { organisation, admin, .. }) in Members::<T>::iter() {
            ensure!(
                MembersOf::<T>::contains_key(organisation, &account),
                "a member is missing from its organisation"
            );
            ensure!(System::<T>::providers(&account) > 0, "a member does not exist as an account");
            let (all, admins, _) = counts.entry(organisation).or_default();
            *all = all.saturating_add(1);
            *admins = admins.saturating_add(admin.into());
            members = members.saturating_add(1);
        }
        ensure!(MembersOf::<T>::iter_keys().count() == members, "a label has no member");
        Ok(())
    }

    /// Checks that every node is listed by its organisation, and that the count of nodes is right.
    fn check_nodes(counts: &mut BTreeMap<OrganisationId, Counts>) -> Result<(), TryRuntimeError> {
        let mut nodes = 0u32;
        for (peer, organisation) in Nodes::<T>::iter() {
            ensure!(
                NodesOf::<T>::contains_key(organisation, &peer),
                "a node is missing from its organisation"
            );
            let (.., own) = counts.entry(organisation).or_default();
            *own = own.saturating_add(1);
            nodes = nodes.saturating_add(1);
        }
        ensure!(Nodes::<T>::count() == nodes, "the count of nodes is wrong");
        ensure!(
            u32::try_from(NodesOf::<T>::iter_keys().count()) == Ok(nodes),
            "a label has no node"
        );
        Ok(())
    }

    /// Checks that every organisation has an assigned id, that the index of names has it, and that
    /// its counts are right.
    fn check_organisations(
        counts: &BTreeMap<OrganisationId, Counts>,
    ) -> Result<(), TryRuntimeError> {
        let next = NextOrganisationId::<T>::get();
        let mut organisations = 0u32;
        let mut granted = Share::default();
        for (id, organisation) in Organisations::<T>::iter() {
            ensure!(id < next, "an organisation has an id that was not assigned");
            ensure!(
                OrganisationsByName::<T>::get(&organisation.name) == Some(id),
                "an organisation's name does not lead to it"
            );
            ensure!(organisation.limits.is_valid(), "an organisation has an invalid quota");
            granted = granted.saturating_add(organisation.share());
            let (members, admins, nodes) = counts.get(&id).copied().unwrap_or_default();
            ensure!(organisation.members == members, "an organisation's count of members is wrong");
            ensure!(organisation.nodes == nodes, "an organisation's count of nodes is wrong");
            ensure!(
                organisation.admins == admins || organisation.status == Status::Removed,
                "an organisation's count of administrators is wrong"
            );
            organisations = organisations.saturating_add(1);
        }
        ensure!(organisations == next, "an organisation is missing");
        ensure!(granted == Granted::<T>::get(), "the sum of all shares is wrong");
        ensure!(granted.time <= T::BlockTime::get(), "more time is granted than blocks have");
        ensure!(granted.bytes <= T::BlockBytes::get(), "more bytes are granted than blocks have");
        ensure!(
            granted.nodes <= T::MaxNodes::get(),
            "more nodes are granted than the chain allows"
        );
        ensure!(
            ListedUntil::<T>::iter_keys().all(|id| Organisations::<T>::get(id)
                .is_some_and(|organisation| organisation.status == Status::Removed)),
            "an organisation that was not removed is due for delisting"
        );
        ensure!(
            u32::try_from(OrganisationsByName::<T>::iter_keys().count()) == Ok(organisations),
            "a name has no organisation"
        );
        let known = |id: &OrganisationId| Organisations::<T>::contains_key(id);
        ensure!(counts.keys().all(known), "a member or a node has no organisation");
        Ok(())
    }

    /// Checks that no validator is listed twice, that each exists as an account, and that sessions
    /// are long enough.
    fn check_validators() -> Result<(), TryRuntimeError> {
        let validators = Validators::<T>::get();
        let distinct: BTreeSet<_> = validators.iter().collect();
        ensure!(distinct.len() == validators.len(), "a validator is listed twice");
        ensure!(
            validators.iter().all(|account| System::<T>::providers(account) > 0),
            "a validator does not exist as an account"
        );
        ensure!(SessionLength::<T>::get() >= MIN_SESSION_LENGTH.into(), "sessions are too short");
        Ok(())
    }
}
