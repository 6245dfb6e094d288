// SPDX-License-Identifier: Apache-2.0

//! The view functions.

use crate::{mock::*, types::*};
use frame_support::{assert_ok, weights::Weight};

#[test]
fn all_records_can_be_read_in_pages() {
    run(|| {
        let page = Consortium::organisations(None, 1);
        assert_eq!((page.items[0].id, page.next), (MAKER, Some(MAKER)));
        let page = Consortium::organisations(Some(MAKER), 9);
        assert_eq!((page.items[0].id, page.next), (CUSTOMER, None));
        assert_eq!(Consortium::organisation(CUSTOMER), Some(page.items[0].organisation.clone()));
        assert_eq!(Consortium::organisation(9), None);
        assert!(Consortium::organisations(Some(u32::MAX), 9).items.is_empty());

        let first = Consortium::members_of(MAKER, None, 1);
        let second = Consortium::members_of(MAKER, first.next, 1);
        let mut known: Vec<_> =
            [&first.items[0], &second.items[0]].map(|it| (it.account, it.admin)).to_vec();
        known.sort_unstable();
        assert_eq!((known, second.next), (vec![(M, true), (S, false)], None));
        let (organisation, member) = Consortium::member(S).unwrap();
        assert_eq!((organisation, member.label.to_vec()), (MAKER, b"service".to_vec()));
        assert!(Consortium::member(N).is_none());

        for byte in 1..4 {
            let peer = super::nodes::peer(byte);
            assert_ok!(Consortium::add_node(signed(M), MAKER, peer, vec![byte + 64]));
        }
        let first = Consortium::nodes_of(MAKER, None, 2);
        let rest = Consortium::nodes_of(MAKER, first.next, 2);
        let labels: std::collections::BTreeSet<_> =
            first.items.iter().chain(&rest.items).map(|node| node.label.to_vec()).collect();
        assert_eq!(labels, [b"A".to_vec(), b"B".to_vec(), b"C".to_vec()].into());
        assert_eq!(Consortium::validators(), VALIDATORS);
    });
}

#[test]
fn quotas_show_what_the_next_block_allows() {
    run(|| {
        assert_eq!(Consortium::quota(S), Some(Quota { rate: RATE, available: RATE.burst }));
        assert!(submit(S, nothing(), length_for(&nothing(), 700)).unwrap().is_ok());
        let spent = RATE.burst - Consortium::quota(S).unwrap().available + RATE.per_block;
        go_to(3);
        let later = RATE.burst - Consortium::quota(S).unwrap().available + RATE.per_block;
        assert_eq!(spent - later, 2 * RATE.per_block);
        assert_eq!(Consortium::quota(N), None);
        let full = Quota { rate: OFFICIAL, available: OFFICIAL.burst };
        assert_eq!(Consortium::official_quota(COUNCILLOR), Some(full));
        assert_eq!(Consortium::official_quota(VALIDATORS[0]), Some(full));
        assert_eq!(Consortium::official_quota(S), None);
        assert_eq!(Consortium::cost(Weight::from_parts(5_000_001, 0), 10), 16);
    });
}
