// SPDX-License-Identifier: Apache-2.0

//! The maximum cost of the calls, without the work of the containers in them, which has its own
//! weights.

use crate::{pallet::*, types::*};
use alloc::{format, vec::Vec};
use frame_benchmarking::v2::*;
use frame_support::{weights::Weight, BoundedVec};
use frame_system::RawOrigin;
use sp_core::H256;
use twinchain_primitives::{
    Asset, ContainerId, Description, History, Moment, Name, TwinId, MAX_ASSET, MAX_DESCRIPTION,
};

/// Helpers that the benchmarks need from the runtime.
pub trait BenchmarkHelper<AccountId> {
    /// Creates a container that its owner may link.
    fn container(owner: &AccountId) -> ContainerId;
}

/// Returns a name of the maximum length, which differs from others only at its end.
fn name(n: u32) -> Vec<u8> {
    format!("{n:n>64}").into_bytes()
}

fn bounded_name(n: u32) -> Name {
    Name::try_from(name(n)).expect("it is a name")
}

/// Returns a JSON text of this many bytes, at least one. No other text of this length has as many
/// tokens.
fn digits(bytes: u32) -> Vec<u8> {
    let items = bytes.saturating_sub(1) / 2;
    let mut text = match items {
        0 => b"1".to_vec(),
        _ => format!("[{}]", alloc::vec!["1"; items as usize].join(",")).into_bytes(),
    };
    text.resize(bytes as usize, b' ');
    text
}

/// Creates an account that owns a twin with the longest asset and the longest description.
fn twin<T: Config>() -> (T::AccountId, TwinId) {
    let owner: T::AccountId = account("owner", 0, 0);
    let id = NextTwinId::<T>::get();
    NextTwinId::<T>::put(id + 1);
    let asset = Asset::try_from(alloc::vec![b'a'; MAX_ASSET as usize]).expect("it is an asset");
    TwinsOfAsset::<T>::insert(Pallet::<T>::asset_hash(&asset), id, ());
    TwinsOfOwner::<T>::insert(&owner, id, ());
    let description = Description::try_from(digits(MAX_DESCRIPTION)).expect("it is a JSON text");
    Descriptions::<T>::insert(id, description);
    let twin = Twin {
        owner: owner.clone(),
        asset,
        status: Status::Active,
        links: 0,
        offers: 0,
        offer: None,
        history: History::new(&[0; 16], &H256::zero(), 0, 0u32.into()),
    };
    Twins::<T>::insert(id, twin);
    (owner, id)
}

/// Adds a link to a container, which need not exist.
fn link<T: Config>(id: TwinId, container: ContainerId) {
    Links::<T>::insert(id, bounded_name(0), Target::Container(container));
    TwinsOfContainer::<T>::insert(container, id, 1);
    Twins::<T>::mutate_extant(id, |twin| twin.links = 1);
}

/// Offers a twin without containers and without a deadline.
fn offer<T: Config>(id: TwinId, to: &T::AccountId) {
    OffersTo::<T>::insert(to, id, ());
    Twins::<T>::mutate_extant(id, |twin| {
        let containers = BoundedVec::new();
        twin.offer = Some(Offer { id: 0, to: to.clone(), deadline: Moment::MAX, containers });
        twin.offers = 1;
    });
}

#[benchmarks]
mod benchmarks {
    use super::*;

    /// Links to twins cost more than others, apart from the work of the containers.
    #[benchmark]
    fn create_twin(d: Linear<1, { MAX_DESCRIPTION }>, l: Linear<0, { MAX_LINKS_PER_CALL }>) {
        let owner: T::AccountId = account("owner", 0, 0);
        let asset = alloc::vec![b'a'; MAX_ASSET as usize];
        let new = |n| NewLink::Twin { name: name(n), twin: twin::<T>().1 };
        let links: Vec<_> = (0..l).map(new).collect();
        let id = NextTwinId::<T>::get();

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), digits(d), asset, links);

        assert_eq!(Twins::<T>::get(id).expect("it was made").links, l);
    }

    #[benchmark]
    fn set_description(d: Linear<1, { MAX_DESCRIPTION }>) {
        let (owner, id) = twin::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, digits(d));

        let description = Descriptions::<T>::get(id).expect("it has one");
        assert_eq!(description.as_ref().len(), d as usize);
    }

    /// The link pointed to another container. The caller owns the new one, which takes one read to
    /// check.
    #[benchmark]
    fn set_link() {
        let (owner, id) = twin::<T>();
        let container = T::BenchmarkHelper::container(&owner);
        let old = container + 1;
        link::<T>(id, old);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, name(0), Target::Container(container));

        assert!(TwinsOfContainer::<T>::contains_key(container, id));
        assert!(!TwinsOfContainer::<T>::contains_key(old, id));
    }

    #[benchmark]
    fn remove_link() {
        let (owner, id) = twin::<T>();
        let container = 7;
        link::<T>(id, container);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, name(0));

        assert_eq!(Twins::<T>::get(id).expect("it exists").links, 0);
        assert!(!TwinsOfContainer::<T>::contains_key(container, id));
    }

    #[benchmark]
    fn deactivate_twin() {
        let (owner, id) = twin::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id);

        assert_eq!(Twins::<T>::get(id).expect("it exists").status, Status::Deactivated);
    }

    /// An offer is renewed. The envelopes are grouped by container, but not passed to the
    /// containers.
    #[benchmark]
    fn offer_twin(e: Linear<0, { MAX_OFFER_ENVELOPES }>) {
        let (owner, id) = twin::<T>();
        let to: T::AccountId = account("to", 0, 0);
        offer::<T>(id, &to);
        let containers: Vec<_> = (0..u64::from(MAX_LINKS_PER_CALL)).collect();
        let new = |n| ContainerEnvelope {
            container: u64::from(n % MAX_LINKS_PER_CALL),
            data_set: name(n),
            epoch: 1,
            key_version: 1,
            envelope: alloc::vec![7; 80],
        };
        let envelopes = (0..e).map(new).collect();
        let sorted;
        let offered;

        #[block]
        {
            sorted = Pallet::<T>::group_by_container(&containers, envelopes);
            let deadline = Moment::MAX;
            offered = Pallet::<T>::do_offer_twin(
                &owner,
                id,
                to.clone(),
                deadline,
                Vec::new(),
                Vec::new(),
                &mut Weight::zero(),
            );
        }

        let sorted = sorted.expect("they are for these containers");
        assert_eq!(sorted.values().map(Vec::len).sum::<usize>(), e as usize);
        assert_eq!(offered, Ok(()));
        assert!(OffersTo::<T>::contains_key(to, id));
    }

    #[benchmark]
    fn accept_twin() {
        let (_, id) = twin::<T>();
        let to: T::AccountId = account("to", 0, 0);
        offer::<T>(id, &to);

        #[extrinsic_call]
        _(RawOrigin::Signed(to.clone()), id, 0);

        assert_eq!(Twins::<T>::get(id).expect("it exists").owner, to);
    }

    #[benchmark]
    fn cancel_offer() {
        let (owner, id) = twin::<T>();
        let to: T::AccountId = account("to", 0, 0);
        offer::<T>(id, &to);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id);

        assert!(!OffersTo::<T>::contains_key(to, id));
    }

    impl_benchmark_test_suite!(
        Pallet,
        crate::mock::ExtBuilder::default().build(),
        crate::mock::Test
    );
}
