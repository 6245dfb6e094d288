// SPDX-License-Identifier: Apache-2.0

//! The limit on the number of open motions of one councillor. All councillors share the council's
//! room for motions.

use crate::{pallet::*, types::MAX_MOTIONS_EACH};
use alloc::vec::Vec;
use frame_support::{ensure, BoundedVec};
use sp_core::H256;
use sp_runtime::SaturatedConversion;

impl<T: Config> Pallet<T> {
    /// Returns `true` if a councillor can propose one more motion. `live` lists the open motions.
    pub fn may_propose(who: &T::AccountId, live: &[H256]) -> bool {
        Self::count_motions(&Self::live_motions(live), who) < MAX_MOTIONS_EACH
    }

    /// Records the account that proposed a motion, which is the last of the open motions in `live`.
    /// Removes the records of motions that have ended. Fails with `TooManyMotions` if the
    /// councillor has reached its limit.
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

    /// Returns the recorded motions that are still open.
    fn live_motions(live: &[H256]) -> Vec<(H256, T::AccountId)> {
        let noted = Motions::<T>::get();
        noted.into_iter().filter(|(motion, _)| live.contains(motion)).collect()
    }

    fn count_motions(motions: &[(H256, T::AccountId)], who: &T::AccountId) -> u32 {
        motions.iter().filter(|(_, proposer)| proposer == who).count().saturated_into()
    }
}
