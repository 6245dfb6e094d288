// SPDX-License-Identifier: Apache-2.0

//! What the calls weigh: the contract, and for tests estimates, the worst case of database accesses
//! as counted in the code. A runtime measures its own.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What each call weighs.
pub trait WeightInfo {
    /// `admit_organisation`.
    fn admit_organisation() -> Weight;
    /// `set_limits`, `suspend_organisation`, `resume_organisation`, `remove_organisation`.
    fn change_organisation() -> Weight;
    /// `clear_organisation` of `n` members and nodes.
    fn clear_organisation(n: u32) -> Weight;
    /// `add_member`.
    fn add_member() -> Weight;
    /// `remove_member`.
    fn remove_member() -> Weight;
    /// `set_admin`.
    fn set_admin() -> Weight;
    /// `add_node`.
    fn add_node() -> Weight;
    /// `remove_node`.
    fn remove_node() -> Weight;
    /// `add_validator`, `remove_validator`.
    fn change_validators() -> Weight;
    /// `authorize_upgrade`.
    fn authorize_upgrade() -> Weight;
    /// `restart_finality`.
    fn restart_finality() -> Weight;
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
    fn set_admin() -> Weight {
        Self::call(3, 2)
    }
    fn add_node() -> Weight {
        // The administrator, the organisation, the node twice, the count.
        Self::call(4, 4)
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

/// How many bytes the calls write to the state: of keys and values, written or replaced. These are
/// upper bounds, which calls declare as the second dimension of their weight.
///
/// | record | bytes, at most |
/// |---|---|
/// | organisation | 44 and what its type says, and the sum of all shares |
/// | its name, of `n` bytes | 54 + `n` |
/// | member | 80 and what its type says |
/// | its label, of `l` bytes | 94 + `l` |
/// | account | 160 |
/// | node with an id of `p` bytes and a label of `l` | 154 + 2 `p` + `l`, with index and count |
/// | validators | 34 and 32 for each |
pub(crate) mod growth {
    use crate::{pallet::Config, types::*};
    use codec::MaxEncodedLen;
    use frame_support::{traits::Get, weights::Weight};
    use frame_system::pallet_prelude::BlockNumberFor;
    use sp_runtime::SaturatedConversion;
    use twinchain_primitives::writes_bytes;

    /// The beginning of every key: the hashes of the pallet's name and the map's.
    const MAP: u64 = 32;
    /// The key of an organisation in a map.
    const ORGANISATION: u64 = 12;
    /// The key of an account in a map.
    const ACCOUNT: u64 = 48;
    /// The hash and the length before a text in a key.
    const HASHED: u64 = 18;
    /// The length before a text.
    const LENGTH: u64 = 2;
    /// A counter, or the number of a block.
    const NUMBER: u64 = MAP + 4;
    /// The record of an account in frame-system.
    const PROVIDED: u64 = MAP + ACCOUNT + 80;

    /// Returns the length of a text.
    fn len(text: &[u8]) -> u64 {
        text.len().saturated_into()
    }

    /// Returns a sum.
    fn sum(parts: impl IntoIterator<Item = u64>) -> u64 {
        parts.into_iter().fold(0, u64::saturating_add)
    }

    /// Returns the bytes of the longest value of a type.
    fn longest<V: MaxEncodedLen>() -> u64 {
        V::max_encoded_len().saturated_into()
    }

    /// Returns the bytes of an organisation.
    fn organisation() -> u64 {
        let granted = sum([MAP, longest::<Share>()]);
        sum([MAP, ORGANISATION, longest::<Organisation>(), granted])
    }

    /// Returns the bytes of a member.
    fn member<T: Config>() -> u64 {
        sum([MAP, ACCOUNT, longest::<Member<BlockNumberFor<T>>>()])
    }

    /// Returns the bytes of the label of a member.
    fn label(label: &[u8]) -> u64 {
        sum([MAP, ORGANISATION, ACCOUNT, LENGTH, len(label)])
    }

    /// Bounds `admit_organisation`.
    pub(crate) fn admit_organisation<T: Config>(name: &[u8]) -> Weight {
        let by_name = sum([MAP, HASHED, len(name), 4]);
        writes_bytes(sum([NUMBER, by_name])).saturating_add(add_member::<T>(&[]))
    }

    /// Bounds `set_limits`, `suspend_organisation`, `resume_organisation`, `remove_member` and
    /// `leave_organisation`.
    pub(crate) fn change_organisation() -> Weight {
        writes_bytes(organisation())
    }

    /// Bounds `remove_organisation`: the block until which its nodes are listed, the validators, and
    /// the council with the votes on its motions.
    pub(crate) fn remove_organisation<T: Config>() -> Weight {
        let seats = u64::from(<T::Councillors as Seats<_>>::MOST).saturating_mul(32);
        let council = sum([MAP, LENGTH, seats]).saturating_mul(2);
        let votes = sum([MAP, 48, seats]).saturating_mul(T::MaxMotions::get().into());
        let listed = sum([MAP, ORGANISATION, 4]);
        writes_bytes(sum([organisation(), listed, council, votes]))
            .saturating_add(change_validators::<T>())
    }

    /// Bounds `claim_member`: both organisations, the member, and the number of its claims.
    pub(crate) fn claim_member<T: Config>(label: &[u8]) -> Weight {
        writes_bytes(sum([organisation(), MAP, ACCOUNT, 4])).saturating_add(add_member::<T>(label))
    }

    /// Bounds `claim_node`: both organisations, the node, and the number of its claims.
    pub(crate) fn claim_node(peer: &[u8], label: &[u8]) -> Weight {
        writes_bytes(sum([organisation(), MAP, HASHED, len(peer), 4]))
            .saturating_add(add_node(peer, label))
    }

    /// Bounds `clear_organisation`: the block, and the count of nodes.
    pub(crate) fn clear_organisation() -> Weight {
        writes_bytes(sum([organisation(), NUMBER, NUMBER]))
    }

    /// Bounds `add_member`.
    pub(crate) fn add_member<T: Config>(text: &[u8]) -> Weight {
        writes_bytes(sum([organisation(), member::<T>(), label(text), PROVIDED]))
    }

    /// Bounds `set_admin`.
    pub(crate) fn set_admin<T: Config>() -> Weight {
        writes_bytes(sum([organisation(), member::<T>()]))
    }

    /// Bounds `add_node`.
    pub(crate) fn add_node(peer: &[u8], label: &[u8]) -> Weight {
        let key = sum([HASHED, len(peer)]);
        let node = sum([MAP, key, 4]);
        let labelled = sum([MAP, ORGANISATION, key, LENGTH, len(label)]);
        writes_bytes(sum([organisation(), NUMBER, node, labelled]))
    }

    /// Bounds `remove_node`.
    pub(crate) fn remove_node() -> Weight {
        writes_bytes(sum([organisation(), NUMBER]))
    }

    /// Bounds `add_validator` and `remove_validator`.
    pub(crate) fn change_validators<T: Config>() -> Weight {
        let accounts = u64::from(T::MaxValidators::get()).saturating_mul(32);
        writes_bytes(sum([MAP, LENGTH, accounts, PROVIDED]))
    }

    /// Bounds `authorize_upgrade`: a hash, and whether versions are compared.
    pub(crate) fn authorize_upgrade() -> Weight {
        writes_bytes(sum([MAP, 33]))
    }

    /// Bounds `restart_finality`: the delay, and the last final block.
    pub(crate) fn restart_finality() -> Weight {
        writes_bytes(sum([MAP, 8]))
    }
}
