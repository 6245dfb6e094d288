// SPDX-License-Identifier: Apache-2.0

//! What a chain begins with.

use crate::{mock::*, pallet::*};
use frame_support::assert_ok;

#[test]
fn members_of_the_genesis_begin_with_a_full_quota() {
    run(|| {
        for member in [M, C, S] {
            assert_eq!(Consortium::quota(member).unwrap().available, RATE.burst);
            assert_ok!(afford(member, RATE.burst));
        }
        assert!(Members::<Test>::get(M).unwrap().admin);
        assert!(!Members::<Test>::get(S).unwrap().admin);
    });
}

#[test]
fn nodes_of_the_genesis_may_connect() {
    let mut config = genesis();
    let peer = super::nodes::peer(9);
    config.organisations[0].nodes.push((sp_core::Bytes(peer.clone()), "rack 1".into()));
    build(config).execute_with(|| {
        assert_eq!(Consortium::nodes(), [crate::PeerId::try_from(peer).unwrap()]);
        Consortium::do_try_state().unwrap();
    });
}

#[test]
#[should_panic(
    expected = "the organisation `Builders Ltd` cannot be in the genesis: AlreadyMember"
)]
fn an_account_stands_once_only() {
    let mut config = genesis();
    config.organisations[1].members.push((M, String::new()));
    build(config);
}

#[test]
#[should_panic(expected = "NameTaken")]
fn a_name_stands_once_only() {
    let mut config = genesis();
    config.organisations[1].name = "Cranes Ltd".into();
    build(config);
}

#[test]
#[should_panic(expected = "InvalidPeerId")]
fn nodes_have_peer_ids() {
    let mut config = genesis();
    config.organisations[0].nodes.push((sp_core::Bytes(vec![1, 2, 3]), String::new()));
    build(config);
}

#[test]
#[should_panic(expected = "a validator stands twice")]
fn a_validator_stands_once_only() {
    let mut config = genesis();
    config.validators.push(VALIDATORS[0]);
    build(config);
}

#[test]
#[should_panic(expected = "there are too many validators")]
fn there_are_not_too_many_validators() {
    let mut config = genesis();
    config.validators.extend([90, 91]);
    build(config);
}

#[test]
fn the_genesis_says_how_long_sessions_are() {
    let mut config = genesis();
    config.session_length = Some(15);
    build(config).execute_with(|| {
        go_to(14);
        assert_eq!(sessions(), []);
        go_to(15);
        assert_eq!(sessions().len(), 1);
        go_to(30);
        assert_eq!(sessions().len(), 1);
        Consortium::do_try_state().unwrap();
    });
}

#[test]
#[should_panic(expected = "a session has at least 10 blocks")]
fn sessions_are_not_too_short() {
    let mut config = genesis();
    config.session_length = Some(9);
    build(config);
}
