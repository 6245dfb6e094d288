// SPDX-License-Identifier: Apache-2.0

//! The implementation of the view functions of [`Pallet`]. They never write.

use crate::{
    pallet::*,
    quota::{Bucket, Cost, Rate, Spending},
    types::*,
};
use alloc::vec::Vec;
use frame_support::{traits::Get, weights::Weight};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::traits::{One, Saturating};
use twinchain_primitives::{keys_after, Page};

impl<T: Config> Pallet<T> {
    pub(crate) fn read_organisation(id: OrganisationId) -> Option<Organisation> {
        Organisations::<T>::get(id)
    }

    pub(crate) fn read_organisations(
        after: Option<OrganisationId>,
        limit: u32,
    ) -> Page<OrganisationInfo, OrganisationId> {
        let first = after.map_or(0, |after| after.saturating_add(1));
        let all = (first..NextOrganisationId::<T>::get()).filter_map(|id| {
            let organisation = Organisations::<T>::get(id)?;
            Some((id, OrganisationInfo { id, organisation }))
        });
        Page::collect(all, limit)
    }

    pub(crate) fn read_member(
        account: T::AccountId,
    ) -> Option<(OrganisationId, MemberInfo<T::AccountId>)> {
        let Member { organisation, admin, .. } = Members::<T>::get(&account)?;
        let label = MembersOf::<T>::get(organisation, &account)?;
        Some((organisation, MemberInfo { account, label, admin }))
    }

    pub(crate) fn read_members_of(
        organisation: OrganisationId,
        after: Option<T::AccountId>,
        limit: u32,
    ) -> Page<MemberInfo<T::AccountId>, T::AccountId> {
        let members = keys_after::<MembersOf<T>, _, _, _>(organisation, after);
        let known = members.filter_map(|account| {
            let (_, info) = Self::member(account.clone())?;
            Some((account, info))
        });
        Page::collect(known, limit)
    }

    pub(crate) fn read_quota(account: T::AccountId) -> Option<Quota> {
        let member = Members::<T>::get(account)?;
        let rate = Organisations::<T>::get(member.organisation)?.limits.quota;
        Some(Self::quota_in(member.bucket, rate))
    }

    pub(crate) fn read_official_quota(account: T::AccountId) -> Option<Quota> {
        let rate = T::OfficialQuota::get();
        let bucket = OfficialBuckets::<T>::get(&account).unwrap_or_default();
        Self::is_official(&account).then(|| Self::quota_in(bucket, rate))
    }

    pub(crate) fn read_organisation_quota(id: OrganisationId) -> Option<OrganisationQuota> {
        let limits = Organisations::<T>::get(id)?.limits;
        let Spending { time, bytes } = Spendings::<T>::get(id);
        Some(OrganisationQuota {
            time: Self::quota_in(time, limits.time),
            bytes: Self::quota_in(bytes, limits.bytes),
        })
    }

    pub(crate) fn read_byte_cost(weight: Weight, length: u32) -> u64 {
        Cost::new(weight, length.into(), T::TimePerByte::get()).bytes
    }

    pub(crate) fn read_cost(weight: Weight, length: u32) -> u64 {
        Cost::new(weight, length.into(), T::TimePerByte::get()).time
    }

    pub(crate) fn read_validators() -> Vec<T::AccountId> {
        Validators::<T>::get().into_inner()
    }

    pub(crate) fn read_nodes() -> Vec<PeerId> {
        let mut listing = alloc::collections::BTreeMap::new();
        let listed = |(peer, organisation): (PeerId, OrganisationId)| {
            let listed =
                listing.entry(organisation).or_insert_with(|| Self::lists_nodes(organisation));
            listed.then_some(peer)
        };
        Nodes::<T>::iter().filter_map(listed).collect()
    }

    pub(crate) fn read_nodes_of(
        organisation: OrganisationId,
        after: Option<PeerId>,
        limit: u32,
    ) -> Page<NodeInfo, PeerId> {
        let nodes = keys_after::<NodesOf<T>, _, _, _>(organisation, after);
        let known = nodes.filter_map(|peer| {
            let label = NodesOf::<T>::get(organisation, &peer)?;
            Some((peer.clone(), NodeInfo { peer, label }))
        });
        Page::collect(known, limit)
    }

    fn quota_in(bucket: Bucket<BlockNumberFor<T>>, rate: Rate) -> Quota {
        let next = frame_system::Pallet::<T>::block_number().saturating_add(One::one());
        Quota { rate, available: bucket.available(rate, next) }
    }
}
