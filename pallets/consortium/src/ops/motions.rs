// SPDX-License-Identifier: Apache-2.0

//! How many motions a councillor may have that can be voted on: the council's room for them is
//! shared by all.

use crate::{pallet::*, types::MAX_MOTIONS_EACH};
use alloc::vec::Vec;
use frame_support::{ensure, BoundedVec};
use sp_core::H256;
use sp_runtime::SaturatedConversion;

impl<T: Config> Pallet<T> {
    /// Returns whether a councillor may propose one more motion, while `live` can be voted on.
    pub fn may_propose(who: &T::AccountId, live: &[H256]) -> bool {
        Self::count_motions(&Self::live_motions(live), who) < MAX_MOTIONS_EACH
    }

    /// Notes who proposed a motion, which is the last of those that can be voted on. Forgets those
    /// that ended. Fails with `TooManyMotions` if the councillor has as many as it may have.
    pub fn note_motion(who: &T::AccountId, live: &[H256]) -> Result<(), Error<T>> {
        let Some((new, earlier)) = live.split_last() else { return Ok(()) };
        let mut motions = Self::live_motions(earlier);
        let room = Self::count_motions(&motions, who) < MAX_MOTIONS_EACH;
        ensure!(room, Error::TooManyMotions);
        motions.push((*new, who.clone()));
        let motions = BoundedVec::try_from(motions).map_err(|_| Error::TooManyMotions)?;
        Motions::<T>::put(motions);
        Ok(())
    }

    /// Returns the noted motions that are among the live ones.
    fn live_motions(live: &[H256]) -> Vec<(H256, T::AccountId)> {
        let noted = Motions::<T>::get();
        noted.into_iter().filter(|(motion, _)| live.contains(motion)).collect()
    }

    fn count_motions(motions: &[(H256, T::AccountId)], who: &T::AccountId) -> u32 {
        motions.iter().filter(|(_, proposer)| proposer == who).count().saturated_into()
    }
}
