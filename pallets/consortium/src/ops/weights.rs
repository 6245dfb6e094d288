// SPDX-License-Identifier: Apache-2.0

//! Weights of calls that do what several measured ones do, put together from these.

use crate::{pallet::*, types::Seats, weights::WeightInfo};
use frame_support::{traits::Get, weights::Weight};
use frame_system::WeightInfo as _;

/// The time that checking a signature takes at most, in picoseconds: ECDSA's recovery, the slowest.
const SIGNATURE_TIME: u64 = 150_000_000;

impl<T: Config> Pallet<T> {
    /// Removing an organisation looks up each councillor and validator among its members, and the
    /// keys of those that remain, and sets the council anew.
    pub(crate) fn removal_weight() -> Weight {
        let most = u64::from(<T::Councillors as Seats<_>>::MOST)
            .saturating_add(u64::from(T::MaxValidators::get()).saturating_mul(2));
        let motions = T::MaxMotions::get().into();
        T::WeightInfo::change_organisation()
            .saturating_add(T::WeightInfo::on_offence(T::MaxValidators::get()))
            .saturating_add(T::DbWeight::get().reads_writes(most, 6))
            // Votes of those that lose their seats.
            .saturating_add(T::DbWeight::get().reads_writes(motions, motions))
    }

    /// A claim removes a member from one organisation, and adds it to another.
    pub(crate) fn claim_member_weight() -> Weight {
        T::WeightInfo::remove_member()
            .saturating_add(T::WeightInfo::add_member())
            .saturating_add(Self::claim_weight())
    }

    /// See [`Self::claim_member_weight`].
    pub(crate) fn claim_node_weight() -> Weight {
        T::WeightInfo::remove_node()
            .saturating_add(T::WeightInfo::add_node())
            .saturating_add(Self::claim_weight())
    }

    /// A signature is checked twice at most: plain, and as wallets sign.
    fn claim_weight() -> Weight {
        Weight::from_parts(SIGNATURE_TIME.saturating_mul(2), 0)
            .saturating_add(T::DbWeight::get().reads_writes(2, 1))
    }

    /// One operation is read and removed, and an event deposited.
    pub(crate) fn clear_multisig_weight() -> Weight {
        <T as frame_system::Config>::SystemWeightInfo::remark_with_event(64)
            .saturating_add(T::DbWeight::get().reads_writes(1, 1))
    }
}
