// SPDX-License-Identifier: Apache-2.0

//! What the calls weigh: the contract, and for tests estimates, the worst case of database accesses
//! as counted in the code. A runtime measures its own.

use crate::types::NewValue;
use alloc::vec::Vec;
use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{RuntimeDbWeight, Weight},
};
use sp_runtime::SaturatedConversion;

/// What each call weighs. `d`: bytes of a description or a document; `s`: data sets; `v`: bytes of
/// values; `n`: items, values or batches. What checking values against schemas weighs comes on top:
/// [`check_values`](Self::check_values).
pub trait WeightInfo {
    /// `publish_plugin`.
    fn publish_plugin(d: u32) -> Weight;
    /// `retire_plugin`.
    fn retire_plugin() -> Weight;
    /// `create_container`.
    fn create_container(d: u32) -> Weight;
    /// `instantiate`.
    fn instantiate(d: u32, s: u32, v: u32) -> Weight;
    /// `clone_container`.
    fn clone_container(s: u32, v: u32) -> Weight;
    /// `set_description`.
    fn set_description(d: u32) -> Weight;
    /// `add_data_set`.
    fn add_data_set(d: u32) -> Weight;
    /// `retire_data_set`.
    fn retire_data_set() -> Weight;
    /// `purge`.
    fn purge(n: u32) -> Weight;
    /// `close_container`.
    fn close_container() -> Weight;
    /// Checking values or defaults. `w`: the work, in bytes times the schemas that apply to each.
    fn check_values(w: u32) -> Weight;
    /// Reading a compiled schema of `p` bytes.
    fn read_schema(p: u32) -> Weight;
    /// Compiling regular expressions. `w`: the work, in the units of the crate data-schema. It is
    /// given back for what was not done, so that it may be too little, and never too much.
    fn compile_patterns(w: u32) -> Weight;
    /// `set_entry`.
    fn set_entry(v: u32) -> Weight;
    /// `clear_entry`.
    fn clear_entry() -> Weight;
    /// `append`.
    fn append(n: u32, v: u32) -> Weight;
    /// `remove_item`.
    fn remove_item() -> Weight;
    /// `store`.
    fn store(n: u32, v: u32) -> Weight;
    /// `offer_ownership`. `s`: data sets of the container; `e`: envelopes.
    fn offer_ownership(s: u32, e: u32) -> Weight;
    /// `accept_ownership`. `s`: data sets of the container.
    fn accept_ownership(s: u32) -> Weight;
    /// `cancel_offer` and `decline_offer`. `s`: data sets of the container.
    fn cancel_offer(s: u32) -> Weight;
    /// `set_sealed_entry`.
    fn set_sealed_entry(v: u32) -> Weight;
    /// `append_sealed`.
    fn append_sealed(n: u32, v: u32) -> Weight;
    /// `set_role`. `s`: data sets.
    fn set_role(s: u32) -> Weight;
    /// `assign_role`.
    fn assign_role() -> Weight;
    /// `unassign_role`.
    fn unassign_role() -> Weight;
    /// `share`. `s`: data sets; `e`: envelopes.
    fn share(s: u32, e: u32) -> Weight;
    /// `unshare`. `s`: data sets.
    fn unshare(s: u32) -> Weight;
    /// `clear_expired`. `n`: grants.
    fn clear_expired(n: u32) -> Weight;
    /// `leave`. `n`: grants.
    fn leave(n: u32) -> Weight;
    /// `rename_role`.
    fn rename_role() -> Weight;
    /// `remove_role`. `s`: data sets of the container.
    fn remove_role(s: u32) -> Weight;
    /// `set_encryption_key`.
    fn set_encryption_key() -> Weight;
    /// `rotate_key`. `e`: envelopes besides the owner's.
    fn rotate_key(e: u32) -> Weight;
    /// `set_envelope`.
    fn set_envelope() -> Weight;
    /// `set_envelopes`. `e`: envelopes.
    fn set_envelopes(e: u32) -> Weight;
    /// `set_account_envelopes`. `e`: envelopes.
    fn set_account_envelopes(e: u32) -> Weight;
    /// `remove_account_envelope`.
    fn remove_account_envelope() -> Weight;
    /// The question whether an account may link a container. `s`: data sets that are looked at.
    fn may_link(s: u32) -> Weight;
}

/// The work of checking values. What a refused value took until it was refused is counted as well.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Work {
    /// The bytes of values times the schemas that apply to each.
    units: u32,
    /// The bytes of compiled schemas that were read.
    programs: u32,
    /// The work of compiling expressions.
    patterns: u32,
}

impl Work {
    /// Returns the bytes of values times the schemas that apply to each.
    pub fn units(self) -> u32 {
        self.units
    }

    /// Returns the most work of checking a value of this length.
    pub(crate) fn of(bytes: u32, schema: &data_schema::Schema) -> Self {
        let mut work = Self { units: bytes.saturating_mul(schema.cost()), ..Self::default() };
        work.add_schema(schema);
        work
    }

    /// Adds what checking one value took.
    pub(crate) fn add(&mut self, stats: data_schema::Stats) {
        self.units = self.units.saturating_add(stats.work());
    }

    /// Returns the work of compiling expressions, to which more is added.
    pub(crate) fn patterns(&mut self) -> &mut u32 {
        &mut self.patterns
    }

    /// Adds the reading of a compiled schema.
    pub(crate) fn add_schema(&mut self, schema: &data_schema::Schema) {
        self.programs = self.programs.saturating_add(schema.program().len().saturated_into());
    }
}

/// Returns the most work that checking a number of bytes against stored schemas can take. More
/// bytes than a call stores are refused unchecked.
pub(crate) fn max_work(
    bytes: impl SaturatedConversion + TryInto<u32>,
    schemas: impl SaturatedConversion + TryInto<u32>,
) -> Work {
    let schemas = schemas.saturated_into::<u32>().min(crate::MAX_DATA_SETS);
    let bytes = bytes.saturated_into::<u32>().min(crate::MAX_PAYLOAD);
    Work {
        units: bytes.saturating_mul(data_schema::MAX_COST),
        programs: schemas.saturating_mul(data_schema::MAX_PROGRAM),
        patterns: 0,
    }
}

/// Returns what a call weighs that compiled schemas, at most this many in a text of this length,
/// with the work that it did. Its own weight counts the most work of compiling expressions; nine
/// tenths of what was not done are given back, so that no measurement makes it too little.
pub(crate) fn with_compiling<W: WeightInfo>(
    call: Weight,
    schemas: u32,
    bytes: u32,
    work: Work,
) -> Weight {
    let left = most_patterns(schemas, bytes).saturating_sub(work.patterns);
    let left = W::compile_patterns(left);
    let back = left.saturating_sub(left.saturating_div(10));
    with_work::<W>(call.saturating_sub(back), work)
}

/// What a call weighs with the work of checking that it does. The call itself counts that a schema
/// is read, and this how long it is.
pub(crate) fn with_work<W: WeightInfo>(call: Weight, work: Work) -> Weight {
    let read = W::read_schema(work.programs).saturating_sub(W::read_schema(0));
    call.saturating_add(W::check_values(work.units)).saturating_add(read)
}

/// Returns the most work of compiling the expressions of schemas in a text of this length.
fn most_patterns(schemas: u32, bytes: u32) -> u32 {
    schemas
        .saturating_mul(data_schema::PATTERN_WORK)
        .saturating_add(bytes.saturating_mul(data_schema::PATTERN_WORK_BY_BYTE))
}

/// The bytes of items.
pub(crate) fn total(items: &[Vec<u8>]) -> u32 {
    items.iter().fold(0, |total, item| total.saturating_add(item.len().saturated_into()))
}

/// The bytes of values.
pub(crate) fn total_values(values: &[NewValue]) -> u32 {
    values.iter().fold(0, |total, new| total.saturating_add(new.value.len().saturated_into()))
}

/// Time to take a call apart, in picoseconds.
const CALL: u64 = 30_000_000;
/// Time to make, copy or change a data set with its event, in picoseconds.
const DATA_SET: u64 = 30_000_000;
/// Time to handle one more item, in picoseconds.
const ITEM: u64 = 2_000_000;
/// Time to hash, copy and store a byte, in picoseconds.
const BYTE: u64 = 10_000;
/// Time to read and compile a byte of a document, besides its expressions, in picoseconds.
const DOCUMENT_BYTE: u64 = 100_000;
/// Time of a unit of compiling expressions, in picoseconds.
const PATTERN: u64 = 25_000;
/// Time to read a byte of a compiled schema, in picoseconds.
const PROGRAM_BYTE: u64 = 1_000;
/// Time to check a byte of a value against one schema, in picoseconds: a tenth above the longest
/// that `twinchain-bench extrinsics` measured in WebAssembly, 54 ns.
const WORK: u64 = 60_000;

/// Estimates, with the database costs of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

/// Time, per unit: what, how often.
fn time(parts: &[(u64, u32)]) -> Weight {
    let time = parts.iter().fold(CALL, |sum, (each, times)| {
        sum.saturating_add(each.saturating_mul(u64::from(*times)))
    });
    Weight::from_parts(time, 0)
}

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn publish_plugin(d: u32) -> Weight {
        // A data set takes at least 35 bytes of the document, and there are at most 64.
        let data_sets = u64::from((d / 32).min(crate::MAX_DATA_SETS));
        <()>::publish_plugin(d)
            .saturating_add(db::<T>(data_sets.saturating_add(3), data_sets.saturating_add(6)))
    }

    fn retire_plugin() -> Weight {
        <()>::retire_plugin().saturating_add(db::<T>(1, 1))
    }

    fn create_container(d: u32) -> Weight {
        <()>::create_container(d).saturating_add(db::<T>(2, 4))
    }

    fn instantiate(d: u32, s: u32, v: u32) -> Weight {
        // A data set is written, and so is its default.
        let writes = u64::from(s).saturating_mul(2).saturating_add(6);
        <()>::instantiate(d, s, v).saturating_add(db::<T>(u64::from(s).saturating_add(5), writes))
    }

    fn clone_container(s: u32, v: u32) -> Weight {
        let sets = u64::from(s).saturating_mul(2);
        // Asking whether it may be cloned reads the data sets, too.
        let reads = sets.saturating_add(u64::from(crate::MAX_DATA_SETS)).saturating_add(9);
        <()>::clone_container(s, v).saturating_add(db::<T>(reads, sets.saturating_add(6)))
    }

    fn set_description(d: u32) -> Weight {
        <()>::set_description(d).saturating_add(db::<T>(1, 2))
    }

    fn add_data_set(d: u32) -> Weight {
        <()>::add_data_set(d).saturating_add(db::<T>(6, 6))
    }

    fn retire_data_set() -> Weight {
        <()>::retire_data_set().saturating_add(db::<T>(2, 2))
    }

    fn purge(n: u32) -> Weight {
        let batches = u64::from(n);
        <()>::purge(n).saturating_add(db::<T>(batches.saturating_add(4), batches.saturating_add(6)))
    }

    fn close_container() -> Weight {
        <()>::close_container().saturating_add(db::<T>(1, 1))
    }

    fn check_values(w: u32) -> Weight {
        <()>::check_values(w)
    }

    fn read_schema(p: u32) -> Weight {
        <()>::read_schema(p).saturating_add(db::<T>(1, 0))
    }

    fn compile_patterns(w: u32) -> Weight {
        <()>::compile_patterns(w)
    }

    fn set_entry(v: u32) -> Weight {
        <()>::set_entry(v).saturating_add(db::<T>(4, 2))
    }

    fn clear_entry() -> Weight {
        <()>::clear_entry().saturating_add(db::<T>(3, 2))
    }

    fn append(n: u32, v: u32) -> Weight {
        <()>::append(n, v).saturating_add(db::<T>(4, 2))
    }

    fn remove_item() -> Weight {
        <()>::remove_item().saturating_add(db::<T>(4, 2))
    }

    fn store(n: u32, v: u32) -> Weight {
        let sets = u64::from(n).saturating_mul(2);
        <()>::store(n, v).saturating_add(db::<T>(sets.saturating_add(2), sets))
    }

    fn offer_ownership(s: u32, e: u32) -> Weight {
        // Each data set is looked through, and the envelope that the offeree has of it already.
        let (sets, new) = (u64::from(s), u64::from(e));
        let reads = sets.saturating_mul(2).saturating_add(5);
        <()>::offer_ownership(s, e).saturating_add(db::<T>(reads, new.saturating_add(3)))
    }

    fn accept_ownership(s: u32) -> Weight {
        let sets = u64::from(s);
        // The roles that the new owner held, and what others keep.
        let (roles, others) = (u64::from(crate::MAX_HELD_ROLES), u64::from(crate::MAX_REMAINING));
        let writes = sets.saturating_mul(3).saturating_add(roles).saturating_add(10);
        let reads = sets.saturating_mul(2).saturating_add(roles).saturating_add(others);
        let reads = reads.saturating_add(8);
        <()>::accept_ownership(s).saturating_add(db::<T>(reads, writes))
    }

    fn cancel_offer(s: u32) -> Weight {
        let sets = u64::from(s);
        let writes = sets.saturating_mul(3).saturating_add(4);
        let reads = sets.saturating_mul(2).saturating_add(4);
        <()>::cancel_offer(s).saturating_add(db::<T>(reads, writes))
    }

    fn set_sealed_entry(v: u32) -> Weight {
        <()>::set_sealed_entry(v).saturating_add(db::<T>(3, 2))
    }

    fn append_sealed(n: u32, v: u32) -> Weight {
        <()>::append_sealed(n, v).saturating_add(db::<T>(3, 2))
    }

    fn set_role(s: u32) -> Weight {
        let sets = u64::from(s);
        <()>::set_role(s).saturating_add(db::<T>(sets.saturating_add(2), sets.saturating_add(2)))
    }

    fn assign_role() -> Weight {
        <()>::assign_role().saturating_add(db::<T>(4, 4))
    }

    fn unassign_role() -> Weight {
        <()>::unassign_role().saturating_add(db::<T>(5, 5))
    }

    fn share(s: u32, e: u32) -> Weight {
        let (sets, new) = (u64::from(s), u64::from(e));
        let reads = sets.saturating_add(new.saturating_mul(2)).saturating_add(3);
        // A data set changes when its sealing ends earlier, or its reader's envelope is taken.
        let writes = sets.saturating_mul(2).saturating_add(new.saturating_mul(3)).saturating_add(3);
        <()>::share(s, e).saturating_add(db::<T>(reads, writes))
    }

    fn unshare(s: u32) -> Weight {
        let sets = u64::from(s);
        let (reads, writes) = (sets.saturating_mul(2), sets.saturating_mul(3));
        <()>::unshare(s).saturating_add(db::<T>(reads.saturating_add(4), writes.saturating_add(5)))
    }

    fn clear_expired(n: u32) -> Weight {
        let grants = u64::from(n);
        let reads = grants.saturating_add(u64::from(crate::MAX_DATA_SETS)).saturating_add(5);
        <()>::clear_expired(n).saturating_add(db::<T>(reads, grants.saturating_add(5)))
    }

    fn leave(n: u32) -> Weight {
        let (grants, roles) = (u64::from(n), u64::from(crate::MAX_HELD_ROLES));
        let sets = u64::from(crate::MAX_DATA_SETS);
        // An envelope and whether one left before, for each grant.
        let reads = grants.saturating_mul(2).saturating_add(sets).saturating_add(roles);
        let writes = grants.saturating_mul(2).saturating_add(roles);
        <()>::leave(n).saturating_add(db::<T>(reads.saturating_add(5), writes.saturating_add(5)))
    }

    fn rename_role() -> Weight {
        <()>::rename_role().saturating_add(db::<T>(2, 2))
    }

    fn remove_role(s: u32) -> Weight {
        let sets = u64::from(s);
        let (reads, writes) = (sets.saturating_add(4), sets.saturating_add(2));
        <()>::remove_role(s).saturating_add(db::<T>(reads, writes))
    }

    fn set_encryption_key() -> Weight {
        <()>::set_encryption_key().saturating_add(db::<T>(2, 3))
    }

    fn rotate_key(e: u32) -> Weight {
        let readers = u64::from(e);
        let reads = readers.saturating_mul(3).saturating_add(6);
        <()>::rotate_key(e).saturating_add(db::<T>(reads, readers.saturating_add(7)))
    }

    fn set_envelope() -> Weight {
        <()>::set_envelope().saturating_add(db::<T>(8, 4))
    }

    fn set_envelopes(e: u32) -> Weight {
        let readers = u64::from(e);
        let reads = readers.saturating_mul(3).saturating_add(4);
        <()>::set_envelopes(e).saturating_add(db::<T>(reads, readers.saturating_add(3)))
    }

    fn set_account_envelopes(e: u32) -> Weight {
        <()>::set_account_envelopes(e).saturating_add(db::<T>(u64::from(e).saturating_add(2), 1))
    }

    fn remove_account_envelope() -> Weight {
        <()>::remove_account_envelope().saturating_add(db::<T>(1, 1))
    }

    fn may_link(s: u32) -> Weight {
        // An account that has grants alone needs one on a data set in use.
        <()>::may_link(s).saturating_add(db::<T>(u64::from(s).saturating_add(2), 0))
    }
}

fn db<T: frame_system::Config>(reads: u64, writes: u64) -> Weight {
    let costs: RuntimeDbWeight = T::DbWeight::get();
    costs.reads_writes(reads, writes)
}

/// The time alone, for tests.
impl WeightInfo for () {
    fn publish_plugin(d: u32) -> Weight {
        time(&[(DOCUMENT_BYTE, d), (PATTERN, most_patterns(crate::MAX_DATA_SETS, d))])
    }
    fn retire_plugin() -> Weight {
        time(&[(DATA_SET, 1)])
    }
    fn create_container(d: u32) -> Weight {
        time(&[(BYTE, d)])
    }
    fn instantiate(d: u32, s: u32, v: u32) -> Weight {
        time(&[(BYTE, d), (DATA_SET, s), (BYTE, v)])
    }
    fn clone_container(s: u32, v: u32) -> Weight {
        time(&[(BYTE, crate::MAX_DOCUMENT), (DATA_SET, s), (BYTE, v)])
    }
    fn set_description(d: u32) -> Weight {
        time(&[(BYTE, d)])
    }
    fn add_data_set(d: u32) -> Weight {
        time(&[(DATA_SET, 2), (DOCUMENT_BYTE, d), (PATTERN, most_patterns(1, d))])
    }
    fn retire_data_set() -> Weight {
        time(&[(DATA_SET, 1)])
    }
    fn purge(n: u32) -> Weight {
        // A batch has up to 64 KiB and 256 items, which are counted.
        time(&[(DATA_SET, 1), (BYTE.saturating_mul(u64::from(crate::MAX_PAYLOAD)), n)])
    }
    fn close_container() -> Weight {
        time(&[])
    }
    fn check_values(w: u32) -> Weight {
        Weight::from_parts(WORK.saturating_mul(u64::from(w)), 0)
    }
    fn read_schema(p: u32) -> Weight {
        time(&[(PROGRAM_BYTE, p)])
    }
    fn compile_patterns(w: u32) -> Weight {
        Weight::from_parts(PATTERN.saturating_mul(u64::from(w)), 0)
    }
    fn set_entry(v: u32) -> Weight {
        time(&[(DATA_SET, 1), (BYTE, v)])
    }
    fn clear_entry() -> Weight {
        time(&[(DATA_SET, 1)])
    }
    fn append(n: u32, v: u32) -> Weight {
        time(&[(DATA_SET, 1), (ITEM, n), (BYTE, v)])
    }
    fn remove_item() -> Weight {
        time(&[(DATA_SET, 1), (BYTE, crate::MAX_PAYLOAD), (ITEM, crate::MAX_ITEMS)])
    }
    fn store(n: u32, v: u32) -> Weight {
        time(&[(DATA_SET, n), (BYTE, v)])
    }
    fn offer_ownership(s: u32, e: u32) -> Weight {
        time(&[(DATA_SET, e), (ITEM, s)])
    }
    fn accept_ownership(s: u32) -> Weight {
        time(&[(ITEM, s)])
    }
    fn cancel_offer(s: u32) -> Weight {
        time(&[(ITEM, s)])
    }
    fn set_sealed_entry(v: u32) -> Weight {
        time(&[(DATA_SET, 1), (BYTE, v)])
    }
    fn append_sealed(n: u32, v: u32) -> Weight {
        time(&[(DATA_SET, 1), (ITEM, n), (BYTE, v)])
    }
    fn set_role(s: u32) -> Weight {
        time(&[(DATA_SET, s)])
    }
    fn assign_role() -> Weight {
        time(&[(DATA_SET, 1)])
    }
    fn unassign_role() -> Weight {
        time(&[(DATA_SET, 1)])
    }
    fn share(s: u32, e: u32) -> Weight {
        time(&[(DATA_SET, s), (DATA_SET, e)])
    }
    fn unshare(s: u32) -> Weight {
        time(&[(DATA_SET, s)])
    }
    fn clear_expired(n: u32) -> Weight {
        time(&[(ITEM, n)])
    }
    fn leave(n: u32) -> Weight {
        time(&[(ITEM, n)])
    }
    fn rename_role() -> Weight {
        time(&[(DATA_SET, 1)])
    }
    fn remove_role(s: u32) -> Weight {
        time(&[(DATA_SET, s)])
    }
    fn set_encryption_key() -> Weight {
        time(&[])
    }
    fn rotate_key(e: u32) -> Weight {
        time(&[(DATA_SET, 2), (DATA_SET, e)])
    }
    fn set_envelope() -> Weight {
        time(&[(DATA_SET, 2)])
    }
    fn set_envelopes(e: u32) -> Weight {
        time(&[(DATA_SET, 1), (DATA_SET, e)])
    }
    fn set_account_envelopes(e: u32) -> Weight {
        time(&[(DATA_SET, 2), (DATA_SET, e)])
    }
    fn remove_account_envelope() -> Weight {
        time(&[(DATA_SET, 2)])
    }
    fn may_link(_: u32) -> Weight {
        time(&[])
    }
}
