// SPDX-License-Identifier: Apache-2.0

//! The consortium in the genesis block.

use crate::{mock::*, pallet::*};
use frame_support::assert_ok;

#[test]
fn genesis_members_begin_with_a_full_quota() {
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
fn genesis_nodes_can_connect() {
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
fn genesis_fails_when_an_account_is_listed_twice() {
    let mut config = genesis();
    config.organisations[1].members.push((M, String::new()));
    build(config);
}

#[test]
#[should_panic(expected = "NameTaken")]
fn genesis_fails_when_a_name_is_used_twice() {
    let mut config = genesis();
    config.organisations[1].name = "Cranes Ltd".into();
    build(config);
}

#[test]
#[should_panic(expected = "InvalidPeerId")]
fn genesis_fails_when_a_peer_id_is_invalid() {
    let mut config = genesis();
    config.organisations[0].nodes.push((sp_core::Bytes(vec![1, 2, 3]), String::new()));
    build(config);
}

#[test]
#[should_panic(expected = "a validator is listed twice")]
fn genesis_fails_when_a_validator_is_listed_twice() {
    let mut config = genesis();
    config.validators.push(VALIDATORS[0]);
    build(config);
}

#[test]
#[should_panic(expected = "there are too many validators")]
fn genesis_fails_when_validators_exceed_the_maximum() {
    let mut config = genesis();
    config.validators.extend([90, 91]);
    build(config);
}

#[test]
fn genesis_sets_the_session_length() {
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
#[should_panic(expected = "a session must have at least 10 blocks")]
fn genesis_fails_when_sessions_are_too_short() {
    let mut config = genesis();
    config.session_length = Some(9);
    build(config);
}
