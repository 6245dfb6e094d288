// SPDX-License-Identifier: Apache-2.0

//! The limit on a councillor's motions.

use crate::{mock::*, pallet::*, types::*};
use frame_support::assert_ok;
use sp_core::H256;

fn motion(byte: u8) -> H256 {
    H256::repeat_byte(byte)
}

#[test]
fn councillor_can_have_three_open_motions() {
    run(|| {
        let mut live = vec![];
        for byte in 1..=3 {
            live.push(motion(byte));
            assert_ok!(Consortium::note_motion(&COUNCILLOR, &live));
        }
        assert!(!Consortium::may_propose(&COUNCILLOR, &live));
        let fourth = [live.as_slice(), &[motion(4)]].concat();
        let refused = Consortium::note_motion(&COUNCILLOR, &fourth);
        assert!(matches!(refused, Err(Error::TooManyMotions)));
        // Another councillor has its own limit.
        assert!(Consortium::may_propose(&N, &live));
        assert_ok!(Consortium::note_motion(&N, &fourth));
        // One of them ends.
        let live = [motion(1), motion(3), motion(4)];
        assert!(Consortium::may_propose(&COUNCILLOR, &live));
        assert_ok!(Consortium::note_motion(&COUNCILLOR, &[live.as_slice(), &[motion(5)]].concat()));
        assert_eq!(Motions::<Test>::get().len(), 4);
    });
}

#[test]
fn motion_that_is_proposed_again_belongs_to_the_new_proposer() {
    run(|| {
        assert_ok!(Consortium::note_motion(&COUNCILLOR, &[motion(1)]));
        assert_ok!(Consortium::note_motion(&N, &[motion(1)]));
        assert_eq!(Motions::<Test>::get().into_inner(), [(motion(1), N)]);
    });
}

#[test]
fn ended_motions_are_removed() {
    run(|| {
        for byte in 1..100 {
            assert_ok!(Consortium::note_motion(&COUNCILLOR, &[motion(byte)]));
        }
        assert_eq!(Motions::<Test>::get().len(), 1);
        assert_eq!(MAX_MOTIONS_EACH, 3);
    });
}
