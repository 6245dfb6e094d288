// SPDX-License-Identifier: Apache-2.0

//! Claims of accounts and nodes, and members that leave.

use crate::{mock::*, pallet::*, types::*};
use frame_support::assert_ok;
use sp_core::{ed25519, Pair};
use sp_runtime::{testing::TestSignature, DispatchError::BadOrigin, DispatchResult};
use twinchain_primitives::assert_noop;

type Error = crate::Error<Test>;

/// Signs a call that requires the signature of the account it is about.
pub fn sign(call: Call<Test>) -> Call<Test> {
    match call {
        Call::claim_member { organisation, account, label, .. } => {
            let signature = TestSignature(account, hash_of(organisation, account));
            Call::claim_member { organisation, account, label, signature }
        },
        call => call,
    }
}

fn hash_of(id: OrganisationId, who: AccountId) -> Vec<u8> {
    Consortium::member_claim(id, who).as_bytes().to_vec()
}

fn claim(by: AccountId, id: OrganisationId, who: AccountId) -> DispatchResult {
    claim_with(by, id, who, TestSignature(who, hash_of(id, who)))
}

fn claim_with(
    by: AccountId,
    id: OrganisationId,
    who: AccountId,
    signature: TestSignature,
) -> DispatchResult {
    Consortium::claim_member(signed(by), id, who, b"new".to_vec(), signature)
}

fn organisation_of(who: AccountId) -> Option<OrganisationId> {
    Members::<Test>::get(who).map(|member| member.organisation)
}

/// Returns the key pair of a node, and its peer id.
fn node(seed: u8) -> (ed25519::Pair, Vec<u8>) {
    let pair = ed25519::Pair::from_seed(&[seed; 32]);
    let peer = [vec![0x00, 0x24, 0x08, 0x01, 0x12, 0x20], pair.public().0.to_vec()].concat();
    (pair, peer)
}

fn claim_node(by: AccountId, id: OrganisationId, seed: u8) -> DispatchResult {
    let (pair, peer) = node(seed);
    let payload = Consortium::node_claim(id, peer.clone().try_into().unwrap());
    Consortium::claim_node(signed(by), id, peer, b"rack 1".to_vec(), pair.sign(payload.as_bytes()))
}

#[test]
fn account_can_claim_membership_after_another_organisation_admitted_it() {
    run(|| {
        // The manufacturer admits an account of the customer without its consent, as an
        // administrator.
        assert_ok!(Consortium::add_member(signed(M), MAKER, N, vec![]));
        assert_ok!(Consortium::set_admin(signed(M), N, true));
        let call = Consortium::add_member(signed(C), CUSTOMER, N, vec![]);
        assert_noop!(call, Error::AlreadyMember);
        events();
        assert_ok!(claim(C, CUSTOMER, N));
        let label = b"new".to_vec().try_into().unwrap();
        assert_eq!(
            events(),
            [
                Event::MemberRemoved { organisation: MAKER, account: N },
                Event::MemberAdded { organisation: CUSTOMER, account: N, label },
            ]
        );
        let member = Members::<Test>::get(N).unwrap();
        assert!(member.organisation == CUSTOMER && !member.admin);
        // Its quota begins empty, so moving to another organisation does not refill it.
        assert_eq!(Consortium::quota(N).unwrap().available, RATE.per_block);
    });
}

#[test]
fn last_administrator_can_claim_membership_of_another_organisation() {
    run(|| {
        assert_ok!(Consortium::add_member(signed(M), MAKER, N, vec![]));
        assert_ok!(Consortium::set_admin(signed(M), N, true));
        assert_ok!(Consortium::set_admin(signed(M), M, false));
        assert_ok!(claim(C, CUSTOMER, N));
        assert_eq!(Organisations::<Test>::get(MAKER).unwrap().admins, 0);
    });
}

#[test]
fn member_of_a_removed_organisation_can_be_claimed_before_clearing() {
    run(|| {
        assert_ok!(Consortium::remove_organisation(root(), MAKER));
        assert_ok!(claim(C, CUSTOMER, S));
        assert_ok!(claim(C, CUSTOMER, M));
        assert_eq!(members(MAKER), [].into());
    });
}

#[test]
fn claim_is_valid_once() {
    run(|| {
        let first = TestSignature(N, hash_of(CUSTOMER, N));
        assert_ok!(claim_with(C, CUSTOMER, N, first.clone()));
        assert_ok!(Consortium::leave_organisation(signed(N)));
        assert_noop!(claim_with(C, CUSTOMER, N, first), Error::InvalidClaim);
        assert_ok!(claim(C, CUSTOMER, N));
        assert_eq!(MemberClaims::<Test>::get(N), 3);
    });
}

#[test]
fn claim_can_be_wrapped_by_a_wallet() {
    run(|| {
        let payload = hash_of(CUSTOMER, N);
        let wrapped = [b"<Bytes>".to_vec(), payload, b"</Bytes>".to_vec()].concat();
        assert_ok!(claim_with(C, CUSTOMER, N, TestSignature(N, wrapped)));
    });
}

#[test]
fn claim_member_fails() {
    run(|| {
        let payload = hash_of(CUSTOMER, N);
        let good = TestSignature(N, payload.clone());
        let call =
            |origin| Consortium::claim_member(origin, CUSTOMER, N, b"new".to_vec(), good.clone());
        assert_noop!(call(RuntimeOrigin::none()), BadOrigin);
        assert_noop!(call(signed(M)), Error::NotAdmin);
        assert_noop!(call(signed(N)), Error::NotAdmin);
        assert_noop!(claim(C, 9, N), Error::OrganisationNotFound);
        let label = b"a/b".to_vec();
        let wrong = Consortium::claim_member(signed(C), CUSTOMER, N, label, good.clone());
        assert_noop!(wrong, Error::InvalidLabel);
        for wrong in [
            TestSignature(S, payload.clone()),
            TestSignature(N, vec![]),
            TestSignature(N, hash_of(MAKER, N)),
            TestSignature(N, hash_of(CUSTOMER, S)),
        ] {
            assert_noop!(claim_with(C, CUSTOMER, N, wrong), Error::InvalidClaim);
        }
        assert_noop!(claim(M, MAKER, S), Error::AlreadyMember);
        for account in 30..33 {
            assert_ok!(claim(C, CUSTOMER, account));
        }
        assert_noop!(call(signed(C)), Error::MembersExhausted);
        assert_ok!(Consortium::suspend_organisation(root(), CUSTOMER));
        assert_noop!(call(signed(C)), Error::Suspended);
        assert_ok!(Consortium::remove_organisation(root(), CUSTOMER));
        assert_noop!(call(root()), Error::Removed);
    });
}

#[test]
fn claim_of_another_chain_is_invalid() {
    run(|| {
        let here = hash_of(CUSTOMER, N);
        frame_system::BlockHash::<Test>::insert(0, sp_core::H256::repeat_byte(9));
        assert_ne!(here, hash_of(CUSTOMER, N));
        assert_noop!(claim_with(C, CUSTOMER, N, TestSignature(N, here)), Error::InvalidClaim);
    });
}

#[test]
fn member_can_leave() {
    run(|| {
        assert_ok!(Consortium::leave_organisation(signed(S)));
        assert_eq!(events(), [Event::MemberRemoved { organisation: MAKER, account: S }]);
        assert_eq!(organisation_of(S), None);
        assert_noop!(Consortium::leave_organisation(signed(S)), Error::NotMember);
        assert_noop!(Consortium::leave_organisation(RuntimeOrigin::none()), BadOrigin);
        assert_noop!(Consortium::leave_organisation(signed(M)), Error::LastAdmin);
        assert_ok!(Consortium::remove_organisation(root(), MAKER));
        assert_noop!(Consortium::leave_organisation(signed(M)), Error::Removed);
    });
}

#[test]
fn leaving_voids_unused_claims() {
    run(|| {
        let unused = TestSignature(N, hash_of(CUSTOMER, N));
        assert_ok!(Consortium::add_member(signed(C), CUSTOMER, N, vec![]));
        assert_ok!(Consortium::leave_organisation(signed(N)));
        assert_noop!(claim_with(C, CUSTOMER, N, unused), Error::InvalidClaim);
    });
}

#[test]
fn organisation_can_be_admitted_after_another_admitted_its_administrator() {
    run(|| {
        assert_ok!(Consortium::add_member(signed(M), MAKER, N, vec![]));
        let quota = RATE;
        let limits = Limits { members: 2, nodes: 1, quota, time: TIME, bytes: BYTES };
        let name = b"Service Ltd".to_vec();
        assert_ok!(Consortium::admit_organisation(root(), name, N, limits));
        let member = Members::<Test>::get(N).unwrap();
        assert!(member.organisation == 2 && member.admin);
        assert!(!members(MAKER).contains(&N));
    });
}

#[test]
fn node_can_be_claimed_after_another_organisation_listed_it() {
    run(|| {
        let (_, peer) = node(1);
        assert_ok!(Consortium::add_node(signed(M), MAKER, peer.clone(), vec![]));
        let call = Consortium::add_node(signed(C), CUSTOMER, peer.clone(), vec![]);
        assert_noop!(call, Error::NodeExists);
        events();
        assert_ok!(claim_node(C, CUSTOMER, 1));
        let peer = PeerId::try_from(peer).unwrap();
        let label = b"rack 1".to_vec().try_into().unwrap();
        assert_eq!(
            events(),
            [
                Event::NodeRemoved { organisation: MAKER, peer: peer.clone() },
                Event::NodeAdded { organisation: CUSTOMER, peer: peer.clone(), label },
            ]
        );
        assert_eq!(Nodes::<Test>::get(&peer), Some(CUSTOMER));
        assert_eq!(NodeClaims::<Test>::get(&peer), 1);
    });
}

#[test]
fn claim_node_fails() {
    run(|| {
        let (pair, peer) = node(1);
        let id = PeerId::try_from(peer.clone()).unwrap();
        let signature = pair.sign(Consortium::node_claim(CUSTOMER, id.clone()).as_bytes());
        let call = |origin, peer: &[u8], label: &[u8], signature| {
            Consortium::claim_node(origin, CUSTOMER, peer.to_vec(), label.to_vec(), signature)
        };
        assert_noop!(call(RuntimeOrigin::none(), &peer, b"", signature), BadOrigin);
        assert_noop!(call(signed(M), &peer, b"", signature), Error::NotAdmin);
        assert_noop!(call(signed(C), b"no peer id", b"", signature), Error::InvalidPeerId);
        assert_noop!(call(signed(C), &peer, b"a/b", signature), Error::InvalidLabel);
        let hashed = [vec![0x12, 0x20], vec![1; 32]].concat();
        assert_noop!(call(signed(C), &hashed, b"", signature), Error::InvalidPeerId);
        let (other, _) = node(2);
        let payload = Consortium::node_claim(CUSTOMER, id.clone());
        for wrong in [
            other.sign(payload.as_bytes()),
            pair.sign(Consortium::node_claim(MAKER, id).as_bytes()),
        ] {
            assert_noop!(call(signed(C), &peer, b"", wrong), Error::InvalidClaim);
        }
        assert_ok!(call(signed(C), &peer, b"", signature));
        // The claim was used.
        assert_ok!(Consortium::remove_node(signed(C), peer.clone()));
        assert_noop!(call(signed(C), &peer, b"", signature), Error::InvalidClaim);
        assert_ok!(claim_node(C, CUSTOMER, 1));
        assert_noop!(claim_node(C, CUSTOMER, 1), Error::NodeExists);
        for seed in 2..4 {
            assert_ok!(claim_node(C, CUSTOMER, seed));
        }
        assert_noop!(claim_node(C, CUSTOMER, 4), Error::NodesExhausted);
        assert_noop!(claim_node(C, 9, 4), Error::OrganisationNotFound);
        assert_ok!(Consortium::suspend_organisation(root(), CUSTOMER));
        assert_noop!(claim_node(C, CUSTOMER, 4), Error::Suspended);
        assert_ok!(Consortium::remove_organisation(root(), CUSTOMER));
        assert_noop!(claim_node(C, CUSTOMER, 4), Error::Removed);
    });
}
