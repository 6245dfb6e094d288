// SPDX-License-Identifier: Apache-2.0

//! Nodes.

use crate::{mock::*, pallet::*, types::*};
use frame_support::assert_ok;
use sp_runtime::{DispatchError::BadOrigin, DispatchResult};
use twinchain_primitives::assert_noop;

type Error = crate::Error<Test>;

/// The multihash of an Ed25519 key of 32 equal bytes.
pub fn peer(byte: u8) -> Vec<u8> {
    [vec![0x00, 0x24, 0x08, 0x01, 0x12, 0x20], vec![byte; 32]].concat()
}

/// A SHA-256 multihash, which cannot contain an Ed25519 key.
fn hashed(byte: u8) -> Vec<u8> {
    [vec![0x12, 0x20], vec![byte; 32]].concat()
}

fn add(by: AccountId, organisation: OrganisationId, peer: Vec<u8>) -> DispatchResult {
    Consortium::add_node(signed(by), organisation, peer, b"rack 1".to_vec())
}

#[test]
fn administrator_can_list_nodes_within_the_limit() {
    run(|| {
        assert_ok!(add(M, MAKER, peer(1)));
        let (id, label) = (peer(1).try_into().unwrap(), b"rack 1".to_vec().try_into().unwrap());
        assert_eq!(events(), [Event::NodeAdded { organisation: MAKER, peer: id, label }]);
        assert_ok!(add(M, MAKER, peer(2)));
        assert_ok!(add(M, MAKER, peer(3)));
        assert_noop!(add(M, MAKER, peer(4)), Error::NodesExhausted);
        assert_ok!(add(C, CUSTOMER, peer(4)));
        assert_ok!(add(C, CUSTOMER, peer(5)));
        assert_eq!(Consortium::nodes().len(), 5);
        assert_ok!(add(C, CUSTOMER, peer(6)));
        assert_noop!(add(C, CUSTOMER, peer(7)), Error::NodesExhausted);
        assert_ok!(Consortium::remove_node(signed(M), peer(1)));
        let peer_id = peer(1).try_into().unwrap();
        let told = Event::NodeRemoved { organisation: MAKER, peer: peer_id };
        assert_eq!(events().last(), Some(&told));
        assert_ok!(add(M, MAKER, peer(8)));
    });
}

#[test]
fn nodes_stay_listed_on_suspension_but_not_on_removal() {
    run(|| {
        assert_ok!(add(M, MAKER, peer(1)));
        assert_ok!(add(C, CUSTOMER, peer(2)));
        assert_ok!(Consortium::suspend_organisation(root(), MAKER));
        assert_eq!(Consortium::nodes().len(), 2);
        assert_ok!(Consortium::remove_organisation(root(), MAKER));
        assert_eq!(Consortium::nodes(), [PeerId::try_from(peer(2)).unwrap()]);
    });
}

#[test]
fn add_node_fails() {
    run(|| {
        assert_noop!(
            Consortium::add_node(RuntimeOrigin::none(), MAKER, peer(1), vec![]),
            BadOrigin
        );
        assert_noop!(add(S, MAKER, peer(1)), Error::NotAdmin);
        assert_noop!(add(N, MAKER, peer(1)), Error::NotAdmin);
        assert_noop!(add(C, MAKER, peer(1)), Error::NotAdmin);
        assert_noop!(add(M, 9, peer(1)), Error::OrganisationNotFound);
        let mut wrong = vec![vec![], vec![0; 38], b"12D3KooWFakePeer".to_vec(), vec![0x12; 65]];
        wrong.extend([peer(1)[..37].to_vec(), [peer(1), vec![0]].concat(), hashed(1)]);
        for peer in wrong {
            assert_noop!(add(M, MAKER, peer.clone()), Error::InvalidPeerId);
            assert_noop!(Consortium::remove_node(signed(M), peer), Error::InvalidPeerId);
        }
        let call = Consortium::add_node(signed(M), MAKER, peer(1), b"a/b".to_vec());
        assert_noop!(call, Error::InvalidLabel);
        assert_ok!(add(C, CUSTOMER, peer(1)));
        assert_noop!(add(M, MAKER, peer(1)), Error::NodeExists);
        assert_ok!(Consortium::suspend_organisation(root(), MAKER));
        assert_noop!(add(M, MAKER, peer(2)), Error::Suspended);
        assert_ok!(Consortium::remove_organisation(root(), MAKER));
        assert_noop!(add(M, MAKER, peer(2)), Error::Removed);
    });
}

#[test]
fn remove_node_fails() {
    run(|| {
        assert_ok!(add(M, MAKER, peer(1)));
        let remove = |by| Consortium::remove_node(signed(by), peer(1));
        assert_noop!(Consortium::remove_node(RuntimeOrigin::none(), peer(1)), BadOrigin);
        assert_noop!(Consortium::remove_node(signed(M), peer(2)), Error::NodeNotFound);
        assert_noop!(remove(S), Error::NotAdmin);
        assert_noop!(remove(C), Error::NotAdmin);
        assert_ok!(Consortium::suspend_organisation(root(), MAKER));
        assert_noop!(remove(M), Error::Suspended);
        assert_ok!(Consortium::remove_organisation(root(), MAKER));
        assert_noop!(remove(M), Error::Removed);
    });
}
