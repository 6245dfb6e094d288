// SPDX-License-Identifier: Apache-2.0

//! What the calls weigh: the contract, and for tests estimates, the worst case of database accesses
//! as counted in the code. A runtime measures its own.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What each call weighs.
pub trait WeightInfo {
    /// `admit_organisation`.
    fn admit_organisation() -> Weight;
    /// `set_limits`, `suspend_organisation`, `resume_organisation`.
    fn change_organisation() -> Weight;
    /// `remove_organisation`.
    fn remove_organisation() -> Weight;
    /// `clear_organisation` of `n` members and nodes.
    fn clear_organisation(n: u32) -> Weight;
    /// `add_member`.
    fn add_member() -> Weight;
    /// `remove_member`.
    fn remove_member() -> Weight;
    /// `claim_member`.
    fn claim_member() -> Weight;
    /// `leave_organisation`.
    fn leave_organisation() -> Weight;
    /// `set_admin`.
    fn set_admin() -> Weight;
    /// `add_node`.
    fn add_node() -> Weight;
    /// `claim_node`.
    fn claim_node() -> Weight;
    /// `remove_node`.
    fn remove_node() -> Weight;
    /// `add_validator`, `remove_validator`.
    fn change_validators() -> Weight;
    /// `authorize_upgrade`.
    fn authorize_upgrade() -> Weight;
    /// `restart_finality`.
    fn restart_finality() -> Weight;
    /// `clear_multisig`.
    fn clear_multisig() -> Weight;
    /// [`CheckMember`](crate::CheckMember), for a call that no office is needed for.
    fn check_member() -> Weight;
    /// The same for a call of councillors and validators, whoever sends it.
    fn check_official() -> Weight;
    /// Planning a session of `v` validators. The block in which one begins has room for nothing
    /// else, so that this only has to fit.
    fn new_session(v: u32) -> Weight;
    /// Dismissing `o` offenders.
    fn on_offence(o: u32) -> Weight;
}

/// Time of a call, in picoseconds.
const CALL: u64 = 30_000_000;
/// Time to check membership, in picoseconds.
const CHECK: u64 = 10_000_000;

/// Time to check a signature, in picoseconds.
const SIGNATURE: u64 = 300_000_000;

/// Time to plan or dismiss a validator, in picoseconds.
const VALIDATOR: u64 = 10_000_000;

fn each(validators: u32) -> Weight {
    Weight::from_parts(VALIDATOR.saturating_mul(u64::from(validators)), 0)
}

/// Estimates, with the database costs of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> SubstrateWeight<T> {
    fn call(reads: u64, writes: u64) -> Weight {
        Weight::from_parts(CALL, 0).saturating_add(T::DbWeight::get().reads_writes(reads, writes))
    }
}

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn admit_organisation() -> Weight {
        // The counter, the organisation, its name, the member twice, the account.
        Self::call(5, 6)
    }
    fn change_organisation() -> Weight {
        Self::call(1, 1)
    }
    fn remove_organisation() -> Weight {
        // The council and validators of the tests' chain are few: each with its member, and a vote.
        Self::call(50, 20)
    }
    fn clear_organisation(n: u32) -> Weight {
        let n = u64::from(n);
        // The organisation and the count of nodes; of each, both directions.
        Self::call(n.saturating_mul(2).saturating_add(4), n.saturating_mul(2).saturating_add(2))
    }
    fn add_member() -> Weight {
        // The administrator, the organisation, the member twice, the account.
        Self::call(4, 4)
    }
    fn remove_member() -> Weight {
        Self::call(3, 3)
    }
    fn claim_member() -> Weight {
        // As `add_member` and `remove_member`, and the number of claims.
        Self::call(8, 8).saturating_add(Weight::from_parts(SIGNATURE, 0))
    }
    fn leave_organisation() -> Weight {
        // As `remove_member`, and who holds office.
        Self::call(6, 4)
    }
    fn set_admin() -> Weight {
        Self::call(3, 2)
    }
    fn add_node() -> Weight {
        // The administrator, the organisation, the node twice, the count.
        Self::call(4, 4)
    }
    fn claim_node() -> Weight {
        // As `add_node` and `remove_node`, and the number of claims.
        Self::call(9, 9).saturating_add(Weight::from_parts(SIGNATURE, 0))
    }
    fn remove_node() -> Weight {
        Self::call(4, 4)
    }
    fn change_validators() -> Weight {
        Self::call(2, 2)
    }
    fn authorize_upgrade() -> Weight {
        Self::call(0, 1)
    }
    fn restart_finality() -> Weight {
        Self::call(0, 1)
    }
    fn clear_multisig() -> Weight {
        Self::call(1, 1)
    }
    fn check_member() -> Weight {
        // The member and its organisation.
        Weight::from_parts(CHECK, 0).saturating_add(T::DbWeight::get().reads_writes(2, 1))
    }
    fn check_official() -> Weight {
        // The council, the validators, and of whoever is neither the member and its organisation.
        Weight::from_parts(CHECK, 0).saturating_add(T::DbWeight::get().reads_writes(4, 1))
    }
    fn new_session(v: u32) -> Weight {
        // Who is appointed and was planned, and the keys of each.
        Self::call(u64::from(v).saturating_add(2), 1).saturating_add(each(v))
    }
    fn on_offence(o: u32) -> Weight {
        Self::call(1, 1).saturating_add(each(o))
    }
}
