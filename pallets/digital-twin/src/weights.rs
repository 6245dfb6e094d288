// SPDX-License-Identifier: Apache-2.0

//! What the calls weigh: the contract, and for tests estimates, the worst case of database accesses
//! as counted in the code. A runtime measures its own.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What each call weighs.
pub trait WeightInfo {
    /// `create_twin` with a description of `d` bytes and `l` links, each to a twin: what containers
    /// cost comes on top.
    fn create_twin(d: u32, l: u32) -> Weight;
    /// `set_description` with `d` bytes.
    fn set_description(d: u32) -> Weight;
    /// `set_link` that replaces a container's link by another container's, without the question
    /// whether the container may be linked.
    fn set_link() -> Weight;
    /// `remove_link` of a link to a container.
    fn remove_link() -> Weight;
    /// `deactivate_twin`.
    fn deactivate_twin() -> Weight;
    /// `offer_twin` with `e` envelopes, without what the containers cost.
    fn offer_twin(e: u32) -> Weight;
    /// `accept_twin`, without what the containers cost.
    fn accept_twin() -> Weight;
    /// `cancel_offer` and `decline_offer`, without what the containers cost.
    fn cancel_offer() -> Weight;
}

/// Time to take a call apart, in picoseconds.
const CALL: u64 = 30_000_000;
/// Time to check and copy a byte of JSON text, in picoseconds.
const BYTE: u64 = 20_000;
/// Time to check, index and tell a link, in picoseconds.
const LINK: u64 = 20_000_000;

/// Estimates, with the database costs of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

fn weigh<W: Get<frame_support::weights::RuntimeDbWeight>>(
    time: u64,
    reads: u64,
    writes: u64,
) -> Weight {
    Weight::from_parts(time, 0).saturating_add(W::get().reads_writes(reads, writes))
}

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn create_twin(d: u32, l: u32) -> Weight {
        let (d, l) = (u64::from(d), u64::from(l));
        let time =
            CALL.saturating_add(BYTE.saturating_mul(d)).saturating_add(LINK.saturating_mul(l));
        // Read: the counter; a link and its index. Written: the counter, the twin, its
        // description, two indices; a link and its index.
        weigh::<T::DbWeight>(
            time,
            l.saturating_mul(3).saturating_add(1),
            l.saturating_mul(2).saturating_add(5),
        )
    }

    fn set_description(d: u32) -> Weight {
        weigh::<T::DbWeight>(CALL.saturating_add(BYTE.saturating_mul(u64::from(d))), 1, 2)
    }

    fn set_link() -> Weight {
        weigh::<T::DbWeight>(CALL.saturating_add(LINK), 5, 4)
    }

    fn remove_link() -> Weight {
        weigh::<T::DbWeight>(CALL.saturating_add(LINK), 3, 3)
    }

    fn deactivate_twin() -> Weight {
        weigh::<T::DbWeight>(CALL, 1, 1)
    }

    fn offer_twin(e: u32) -> Weight {
        // Sorting them takes less than a link.
        weigh::<T::DbWeight>(CALL.saturating_add(LINK.saturating_mul(u64::from(e))), 1, 2)
    }

    fn accept_twin() -> Weight {
        weigh::<T::DbWeight>(CALL, 1, 4)
    }

    fn cancel_offer() -> Weight {
        weigh::<T::DbWeight>(CALL, 1, 2)
    }
}

impl WeightInfo for () {
    fn create_twin(_: u32, l: u32) -> Weight {
        Weight::from_parts(CALL.saturating_add(LINK.saturating_mul(u64::from(l))), 0)
    }
    fn set_description(_: u32) -> Weight {
        Weight::from_parts(CALL, 0)
    }
    fn set_link() -> Weight {
        Weight::from_parts(CALL, 0)
    }
    fn remove_link() -> Weight {
        Weight::from_parts(CALL, 0)
    }
    fn deactivate_twin() -> Weight {
        Weight::from_parts(CALL, 0)
    }
    fn offer_twin(_: u32) -> Weight {
        Weight::from_parts(CALL, 0)
    }
    fn accept_twin() -> Weight {
        Weight::from_parts(CALL, 0)
    }
    fn cancel_offer() -> Weight {
        Weight::from_parts(CALL, 0)
    }
}
