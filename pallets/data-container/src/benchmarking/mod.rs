// SPDX-License-Identifier: Apache-2.0

//! Benchmarks of the worst case: every record that a call reads is as full as possible, and the
//! caller's access comes from the last of the grants that are searched.
//!
//! FRAME requires the benchmarks of a pallet to be in one module. Their helpers are in other
//! modules, by topic.

mod keys;
mod plugins;
mod setup;
mod texts;

use crate::{pallet::*, types::*};
use alloc::vec::Vec;
use data_schema::pattern::Pattern;
use frame_benchmarking::v2::*;
use frame_support::weights::Weight;
use frame_system::RawOrigin;
use keys::*;
use plugins::*;
use setup::*;
use twinchain_primitives::{Access, Moment, MAX_DESCRIPTION};

/// The functions that the benchmarks need from the runtime.
pub trait BenchmarkHelper {
    /// Sets the time to `now`, which is from 1 to 1,000 milliseconds after the Unix epoch.
    fn set_time(now: Moment);
}

#[benchmarks]
mod benchmarks {
    use super::*;

    /// Every data set has its own schema, of the kind that takes the longest to compile.
    #[benchmark]
    fn publish_plugin(d: Linear<16_384, { MAX_DOCUMENT }>) {
        let publisher: T::AccountId = account("publisher", 0, 0);
        let replaced = full_plugin::<T>(&publisher);
        let document = texts::document(d, replaced);

        #[extrinsic_call]
        _(RawOrigin::Signed(publisher), document);

        let plugin = Plugins::<T>::get(replaced + 1).expect("it was published");
        assert_eq!(plugin.data_sets.len(), MAX_DATA_SETS as usize);
        assert_eq!(plugin.roles.len(), MAX_ROLES as usize);
    }

    #[benchmark]
    fn retire_plugin() {
        let publisher: T::AccountId = account("publisher", 0, 0);
        let plugin = full_plugin::<T>(&publisher);

        #[extrinsic_call]
        _(RawOrigin::Signed(publisher), plugin);

        assert!(Plugins::<T>::get(plugin).is_some_and(|plugin| plugin.retired));
    }

    #[benchmark]
    fn create_container(d: Linear<0, { MAX_DESCRIPTION }>) {
        let owner: T::AccountId = account("owner", 0, 0);
        let id = NextContainerId::<T>::get();
        let description = if d == 0 { Vec::new() } else { texts::digits(d) };

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), description);

        assert!(Containers::<T>::contains_key(id));
    }

    /// The instance has its own description of the greatest length, so the document is read only
    /// for defaults. These cost the most as lists of many short items.
    #[benchmark]
    fn instantiate(
        d: Linear<{ MAX_DESCRIPTION }, { MAX_DOCUMENT }>,
        s: Linear<{ LISTS }, { MAX_DATA_SETS }>,
        v: Linear<{ 3 * LISTS }, { SHORTEST_LIST * LISTS }>,
    ) {
        let owner: T::AccountId = account("owner", 0, 0);
        let plugin = plugin_with_defaults::<T>(&owner, d, s, v / LISTS);
        let id = NextContainerId::<T>::get();

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), plugin, texts::digits(MAX_DESCRIPTION));

        let written = DataSets::<T>::iter_prefix_values(id).filter(|set| set.revision == 1);
        assert_eq!(written.count(), s as usize);
    }

    /// The cloner has only a grant on the data set that is searched last. One data set is
    /// confidential, because otherwise the call requires no right. All values are too long for the
    /// records of their data sets. The data sets are those of the plugin, so the call compares all
    /// of them with it.
    #[benchmark]
    fn clone_container(
        s: Linear<5, { MAX_DATA_SETS }>,
        v: Linear<{ (MAX_SHORT_VALUE + 1) * MAX_DATA_SETS }, { MAX_PAYLOAD }>,
    ) {
        let (world, plugin) = clonable::<T>(s, v);
        let cloner = world.cloner();
        let id = NextContainerId::<T>::get();

        #[extrinsic_call]
        _(RawOrigin::Signed(cloner), world.id, true);

        assert_eq!(DataSets::<T>::iter_prefix(id).count(), s as usize);
        assert_eq!(Containers::<T>::get(id).expect("it was created").plugin, Some(plugin));
        let valued = DataSets::<T>::iter_prefix_values(id).filter(|set| set.count == 1);
        assert_eq!(valued.count(), s as usize - 1);
    }

    #[benchmark]
    fn set_description(d: Linear<0, { MAX_DESCRIPTION }>) {
        let world = World::<T>::empty(Kind::Entry, Visibility::Public);
        let description = if d == 0 { Vec::new() } else { texts::digits(d) };

        #[extrinsic_call]
        _(world.origin(), world.id, description);

        assert_eq!(Descriptions::<T>::contains_key(world.id), d > 0);
    }

    /// A new role, a new schema and a default. The schema takes the longest of all parts of a
    /// definition for its length, and has at most a quarter of the longest definition.
    #[benchmark]
    fn add_data_set(d: Linear<4_096, { data_schema::MAX_SOURCE }>) {
        let world = World::<T>::new(LAST, Kind::Entry, Visibility::Public, Access::WRITE);
        RoleNames::<T>::insert(world.id, roles(MAX_ROLES - 1));
        let definition = texts::definition(d);

        #[extrinsic_call]
        _(world.origin(), world.id, last_name(), definition);

        assert_eq!(world.data_set(LAST).count, MAX_ITEMS);
        assert_eq!(RoleNames::<T>::get(world.id).len(), MAX_ROLES as usize);
    }

    #[benchmark]
    fn retire_data_set() {
        let world = World::<T>::full(Kind::Entry, Visibility::Confidential, Access::WRITE);

        #[extrinsic_call]
        _(world.origin(), world.id, last_name());

        assert!(!world.data_set(LAST).is_active());
    }

    /// For all but the largest `n`, the call also searches for what is left once all batches are
    /// cleared. It also clears an entry, which a list does not have. So this costs more than either
    /// kind.
    #[benchmark]
    fn purge(n: Linear<1, { MAX_PURGE }>) {
        let world = World::<T>::full(Kind::Entry, Visibility::Confidential, Access::WRITE);
        world.set(LAST, MAX_VALUE);
        (0..n).for_each(|_| world.append(LAST));
        Epochs::<T>::remove((world.id, set_id(LAST), EPOCH));
        Containers::<T>::mutate_extant(world.id, |closed| closed.status = Status::Closed);

        #[extrinsic_call]
        _(world.origin(), world.id, last_name(), MAX_PURGE);

        assert!(!world.data_set(LAST).is_active());

        assert_eq!(world.data_set(LAST).batches, 0);
        assert!(!LongEntries::<T>::contains_key(world.id, set_id(LAST)));
    }

    #[benchmark]
    fn close_container() {
        let world = World::<T>::full(Kind::Entry, Visibility::Public, Access::WRITE);

        #[extrinsic_call]
        _(world.origin(), world.id);

        assert_eq!(world.container().status, Status::Closed);
    }

    /// Validates a value against a schema, and does nothing else. An eighth of the longest value is
    /// enough for the slope. The noise that remains in the intercept is charged to every write.
    #[benchmark]
    fn check_values(
        w: Linear<{ 3 * data_schema::MAX_COST }, { MAX_VALUE / 8 * data_schema::MAX_COST }>,
    ) {
        let schema = texts::dear_schema();
        let value = texts::digits(w / data_schema::MAX_COST);
        let checked;

        #[block]
        {
            checked = schema.check(&value);
        }

        let stats = checked.expect("the value matches");
        assert_eq!(stats.bytes * stats.live, w / data_schema::MAX_COST * data_schema::MAX_COST);
    }

    /// Compiles expressions whose work is at most `w`.
    #[benchmark]
    fn compile_patterns(w: Linear<0, { 1 << 20 }>) {
        let sources = texts::expressions(w);
        let mut work = u32::MAX;

        #[block]
        {
            for source in &sources {
                Pattern::within(source, &mut work).expect("it is an expression");
            }
        }

        assert!(u32::MAX - work <= w && w - (u32::MAX - work) < 32_768);
    }

    /// Reads a compiled schema of `p` bytes.
    #[benchmark]
    fn read_schema(p: Linear<1_024, { data_schema::MAX_PROGRAM }>) {
        put_schemas::<T>(1, texts::schema_of_length(p));
        let read;

        #[block]
        {
            read = Schemas::<T>::get(schema_hash(0));
        }

        assert_eq!(read.expect("it is stored").program.program().len(), p as usize);
    }

    /// Reads a short schema and the value, and validates almost nothing of it. A longer schema is
    /// charged separately: [`read_schema`].
    #[benchmark]
    fn set_entry(v: Linear<1, { MAX_VALUE }>) {
        let world = World::<T>::full(Kind::Entry, Visibility::Public, Access::WRITE);
        put_schemas::<T>(MAX_DATA_SETS, texts::schema_of_length(1_024));
        world.set(LAST, MAX_VALUE);
        world.offer(&account("offeree", 0, 0));
        let who = world.writer();

        #[extrinsic_call]
        _(RawOrigin::Signed(who), world.id, last_name(), texts::value(v), Some(1));

        assert_eq!(world.data_set(LAST).revision, 2);
    }

    #[benchmark]
    fn clear_entry() {
        let world = World::<T>::full(Kind::Entry, Visibility::Confidential, Access::REMOVE);
        world.set(LAST, MAX_VALUE);
        let who = world.writer();

        #[extrinsic_call]
        _(RawOrigin::Signed(who), world.id, last_name(), Some(1));

        assert_eq!(world.data_set(LAST).count, 0);
    }

    /// A quarter of the maximum is enough for the slopes, as in [`check_values`].
    #[benchmark]
    fn append(n: Linear<4, { MAX_ITEMS / 4 }>, v: Linear<{ MAX_ITEMS }, { MAX_PAYLOAD / 4 }>) {
        let world = World::<T>::full(Kind::List, Visibility::Public, Access::WRITE);
        put_schemas::<T>(MAX_DATA_SETS, texts::schema_of_length(1_024));
        world.offer(&account("offeree", 0, 0));
        let who = world.writer();
        let items = (0..n).map(|_| texts::value(v / n)).collect();

        #[extrinsic_call]
        _(RawOrigin::Signed(who), world.id, last_name(), items, Some(0));

        assert_eq!(world.data_set(LAST).count, n);
    }

    #[benchmark]
    fn remove_item() {
        let world = World::<T>::full(Kind::List, Visibility::Confidential, Access::REMOVE);
        world.append(LAST);
        let who = world.writer();

        #[extrinsic_call]
        _(RawOrigin::Signed(who), world.id, last_name(), 0, MAX_ITEMS - 1, Some(1));

        assert_eq!(world.data_set(LAST).count, MAX_ITEMS - 1);
    }

    #[benchmark]
    fn store(n: Linear<4, { MAX_DATA_SETS }>, v: Linear<{ MAX_DATA_SETS }, { MAX_PAYLOAD }>) {
        let world = World::<T>::full(Kind::Entry, Visibility::Public, Access::WRITE);
        put_schemas::<T>(MAX_DATA_SETS, texts::schema_of_length(1_024));
        world.offer(&account("offeree", 0, 0));
        let who = world.writer();
        // The last ones, because their grants are found last.
        let values = new_values(MAX_DATA_SETS - n..MAX_DATA_SETS, v / n);

        #[extrinsic_call]
        _(RawOrigin::Signed(who), world.id, values);

        let valued = DataSets::<T>::iter_prefix_values(world.id).filter(|set| set.count == 1);
        assert_eq!(valued.count(), n as usize);
    }

    /// Renews an offer whose offeree already has envelopes.
    #[benchmark]
    fn offer_ownership(
        s: Linear<{ MAX_DATA_SETS / 2 }, { MAX_DATA_SETS }>,
        e: Linear<0, { MAX_DATA_SETS / 2 }>,
    ) {
        let world = World::<T>::new(s, Kind::Entry, Visibility::Confidential, Access::WRITE);
        let to: T::AccountId = account("to", 0, 0);
        world.disclose(&to);
        world.offer(&to);
        OfferedWith::<T>::insert(world.id, 7);

        #[extrinsic_call]
        _(world.origin(), world.id, to.clone(), Moment::MAX, envelopes(0..e));

        assert!(world.container().offer.is_some_and(|offer| offer.to == to && offer.id == 1));
        assert!(!OfferedWith::<T>::contains_key(world.id));
    }

    /// More accounts keep rights than the event lists, and the new owner loses all roles.
    #[benchmark]
    fn accept_ownership(s: Linear<1, { MAX_DATA_SETS }>) {
        let world = World::<T>::new(s, Kind::Entry, Visibility::Confidential, Access::WRITE);
        let to = world.writer();
        world.disclose(&world.owner);
        world.disclose(&to);
        world.offer(&to);
        for n in 0..=MAX_REMAINING {
            world.give(&account("member", n, 0), rights(None));
        }

        #[extrinsic_call]
        _(RawOrigin::Signed(to.clone()), world.id, 0);

        assert_eq!(world.container().owner, to);
        assert!(!Envelopes::<T>::contains_key((world.id, set_id(s - 1), SEGMENT, world.owner)));
    }

    #[benchmark]
    fn cancel_offer(s: Linear<1, { MAX_DATA_SETS }>) {
        let world = World::<T>::new(s, Kind::Entry, Visibility::Confidential, Access::WRITE);
        let to: T::AccountId = account("to", 0, 0);
        world.disclose(&to);
        world.give(&to, Rights { grants: Default::default(), ..rights(None) });
        world.offer(&to);

        #[extrinsic_call]
        _(world.origin(), world.id);

        assert!(world.container().offer.is_none());
        assert!(!Envelopes::<T>::contains_key((world.id, set_id(s - 1), SEGMENT, to)));
    }

    #[benchmark]
    fn set_sealed_entry(v: Linear<{ SHORTEST_SEALED }, { MAX_VALUE }>) {
        let world = World::<T>::full(Kind::Entry, Visibility::Confidential, Access::WRITE);
        world.set(LAST, MAX_VALUE);
        world.offer(&account("offeree", 0, 0));
        let who = world.writer();
        let value = alloc::vec![7; sealed_lengths(1, v)[0] as usize];

        #[extrinsic_call]
        _(RawOrigin::Signed(who), world.id, last_name(), EPOCH, value, Some(1));

        assert_eq!(world.data_set(LAST).revision, 2);
    }

    #[benchmark]
    fn append_sealed(
        n: Linear<5, { MAX_ITEMS }>,
        v: Linear<{ MAX_ITEMS * (SHORTEST_SEALED) }, { MAX_PAYLOAD }>,
    ) {
        let world = World::<T>::full(Kind::List, Visibility::Confidential, Access::WRITE);
        world.offer(&account("offeree", 0, 0));
        let who = world.writer();
        let lengths = sealed_lengths(n, v).into_iter();
        let items = lengths.map(|length| alloc::vec![7; length as usize]).collect();

        #[extrinsic_call]
        _(RawOrigin::Signed(who), world.id, last_name(), EPOCH, items, Some(0));

        assert_eq!(world.data_set(LAST).count, n);
    }

    /// The role is new, and the last that the container has room for.
    #[benchmark]
    fn set_role(s: Linear<1, { MAX_DATA_SETS }>) {
        let world = World::<T>::full(Kind::Entry, Visibility::Public, Access::WRITE);
        RoleNames::<T>::insert(world.id, roles(MAX_ROLES - 1));
        world.permit(permissions(MAX_ROLES - 1, Access::WRITE));
        let role = texts::name(MAX_ROLES - 1);
        let access = accesses(s, Access::WRITE);

        #[extrinsic_call]
        _(world.origin(), world.id, role, access);

        assert_eq!(world.data_set(s - 1).permissions.len(), MAX_ROLES as usize);
    }

    #[benchmark]
    fn assign_role() {
        let world = World::<T>::full(Kind::Entry, Visibility::Public, Access::WRITE);
        let who: T::AccountId = account("holder", 0, 0);
        let mut rights = rights(Some(Moment::MAX));
        rights.roles.pop();
        world.give(&who, rights);

        #[extrinsic_call]
        _(world.origin(), world.id, who.clone(), texts::name(MAX_HELD_ROLES - 1));

        let rights = AccountRights::<T>::get(world.id, who).expect("it has rights");
        assert_eq!(rights.roles.len(), MAX_HELD_ROLES as usize);
    }

    #[benchmark]
    fn unassign_role() {
        let world = World::<T>::full(Kind::Entry, Visibility::Public, Access::WRITE);
        let who = world.writer();

        #[extrinsic_call]
        _(world.origin(), world.id, who.clone(), texts::name(MAX_HELD_ROLES - 1));

        let rights = AccountRights::<T>::get(world.id, who).expect("it has rights");
        assert_eq!(rights.roles.len(), MAX_HELD_ROLES as usize - 1);
    }

    /// All grants exist and have a later end, so every data set is written. The envelopes are for
    /// other data sets, where sealing also ends with the reader's READ.
    #[benchmark]
    fn share(s: Linear<1, { MAX_DATA_SETS / 2 }>, e: Linear<0, { MAX_DATA_SETS / 2 }>) {
        let others = MAX_DATA_SETS / 2;
        let world = World::<T>::full(Kind::Entry, Visibility::Confidential, Access::WRITE);
        let who = world.writer();
        world.disclose(&who);
        world.give(&who, rights(Some(Moment::MAX - 1)));
        let (access, until) = (accesses(s, Access::ALL), Some(Moment::MAX - 2));

        #[extrinsic_call]
        _(world.origin(), world.id, who.clone(), access, until, envelopes(others..others + e));

        let rights = AccountRights::<T>::get(world.id, who).expect("it has rights");
        let until = Until::from_call(until);
        let given = rights.grants.iter().filter(|grant| grant.write == Some(until));
        assert_eq!(given.count(), s as usize);
    }

    #[benchmark]
    fn unshare(s: Linear<1, { MAX_DATA_SETS }>) {
        let world = World::<T>::full(Kind::Entry, Visibility::Confidential, Access::WRITE);
        let who = world.writer();
        world.disclose(&who);
        let access = accesses(s, Access::ALL);

        #[extrinsic_call]
        _(world.origin(), world.id, who.clone(), access);

        assert!(!Envelopes::<T>::contains_key((world.id, set_id(s - 1), SEGMENT, who)));
        assert_eq!(world.data_set(s - 1).key.expect("it has one").valid_until, 0);
    }

    #[benchmark]
    fn clear_expired(n: Linear<1, { MAX_GRANTS }>) {
        let world = World::<T>::full(Kind::Entry, Visibility::Confidential, Access::WRITE);
        let who: T::AccountId = account("holder", 0, 0);
        world.give(&who, rights_of_which_ended(n));
        world.disclose(&who);
        T::BenchmarkHelper::set_time(1);
        let anybody: T::AccountId = account("anybody", 0, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(anybody), world.id, who.clone());

        let rights = AccountRights::<T>::get(world.id, who).expect("it has rights");
        assert_eq!(rights.grants.len(), (MAX_GRANTS - n) as usize);
    }

    /// Other accounts hold the roles as well, so all counts are written.
    #[benchmark]
    fn leave(n: Linear<1, { MAX_GRANTS }>) {
        let world = World::<T>::full(Kind::Entry, Visibility::Confidential, Access::WRITE);
        world.give(&account("other", 0, 0), rights(None));
        let who: T::AccountId = account("reader", 0, 0);
        world.disclose(&who);
        let mut rights = rights(None);
        rights.grants.truncate(n as usize);
        world.give(&who, rights);

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), world.id);

        assert!(!AccountRights::<T>::contains_key(world.id, &who));
        assert!(SeedsLeft::<T>::contains_key(world.id, set_id(n - 1)));
    }

    #[benchmark]
    fn rename_role() {
        let world = World::<T>::empty(Kind::Entry, Visibility::Public);
        let (old, new) = (texts::name(MAX_ROLES - 1), texts::name(MAX_ROLES));

        #[extrinsic_call]
        _(world.origin(), world.id, old, new);

        let last = RoleNames::<T>::get(world.id).pop().expect("it has roles");
        assert_eq!(last.name, name(MAX_ROLES));
    }

    #[benchmark]
    fn remove_role(s: Linear<1, { MAX_DATA_SETS }>) {
        let world = World::<T>::new(s, Kind::Entry, Visibility::Public, Access::WRITE);
        (0..s).for_each(|n| world.set(n, MAX_SHORT_VALUE));
        let role = texts::name(MAX_ROLES - 1);

        #[extrinsic_call]
        _(world.origin(), world.id, role);

        assert_eq!(world.data_set(s - 1).permissions.len(), MAX_ROLES as usize - 1);
    }

    #[benchmark]
    fn set_encryption_key() {
        let who: T::AccountId = account("who", 0, 0);
        set_key::<T>(&who);
        frame_system::Pallet::<T>::set_block_number(KEY_CHANGE_BLOCKS.into());

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), SUITE, NEW_PUBLIC.to_vec(), VERSION, true);

        assert_eq!(EncryptionKeys::<T>::get(who).expect("it has one").version, VERSION + 1);
    }

    /// Each reader has all the rights that it can have.
    #[benchmark]
    fn rotate_key(e: Linear<0, { MAX_ENVELOPES }>) {
        let world = World::<T>::full(Kind::Entry, Visibility::Confidential, Access::WRITE);
        set_key::<T>(&world.owner);
        let envelopes = world.readers(e);
        let end =
            SealingEnd { account: world.owner.clone(), reason: EndReason::ReaderLeft, since: 0 };
        SeedsLeft::<T>::insert(world.id, set_id(LAST), end);

        #[extrinsic_call]
        _(
            world.origin(),
            world.id,
            last_name(),
            EPOCH,
            SUITE,
            NEW_PUBLIC.to_vec(),
            PreviousSeed::Link(SEALED.to_vec()),
            VERSION,
            SEALED.to_vec(),
            envelopes,
        );

        assert_eq!(world.data_set(LAST).key.expect("it has one").epoch, EPOCH + 1);
    }

    #[benchmark]
    fn set_envelope() {
        let world = World::<T>::full(Kind::Entry, Visibility::Confidential, Access::WRITE);
        let ReaderEnvelope { reader, key_version, envelope } = world.reader(0);

        #[extrinsic_call]
        _(world.origin(), world.id, last_name(), reader.clone(), EPOCH, key_version, envelope);

        assert!(Envelopes::<T>::contains_key((world.id, set_id(LAST), SEGMENT, reader)));
    }

    /// Each reader already has an envelope of the epoch.
    #[benchmark]
    fn set_envelopes(e: Linear<1, { MAX_ENVELOPES }>) {
        let world = World::<T>::full(Kind::Entry, Visibility::Confidential, Access::WRITE);
        let envelopes = world.readers(e);

        #[extrinsic_call]
        _(world.origin(), world.id, last_name(), EPOCH, envelopes);

        let key = world.data_set(LAST).key.expect("it has one");
        assert_eq!(key.valid_until, Moment::MAX - Moment::from(e));
    }

    /// All holders already have envelopes, which are replaced from the last one on.
    #[benchmark]
    fn set_account_envelopes(e: Linear<1, { MAX_KEY_HOLDERS }>) {
        let who: T::AccountId = account("who", 0, 0);
        set_key::<T>(&who);
        let envelopes = holder_envelopes::<T>(&who, e);

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), VERSION, envelopes);

        let stored = AccountKeyEnvelopes::<T>::get(who, VERSION);
        assert_eq!(stored.len(), MAX_KEY_HOLDERS as usize);
    }

    #[benchmark]
    fn remove_account_envelope() {
        let who: T::AccountId = account("who", 0, 0);
        let last = holders::<T>(&who).pop().expect("it is not empty");

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), VERSION, NamedHolder::Account(last));

        let stored = AccountKeyEnvelopes::<T>::get(who, VERSION);
        assert_eq!(stored.len(), MAX_KEY_HOLDERS as usize - 1);
    }

    /// The account has only grants, on data sets that are not in use, so all data sets are
    /// searched.
    #[benchmark]
    fn may_link(s: Linear<1, { MAX_DATA_SETS }>) {
        let world = World::<T>::new(s, Kind::Entry, Visibility::Confidential, Access::WRITE);
        let who: T::AccountId = account("who", 0, 0);
        world.give(&who, useless_rights());
        let answer;

        #[block]
        {
            answer = Pallet::<T>::may_link_container(&who, world.id, &mut Weight::zero());
        }

        assert_eq!(answer, Ok(false));
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder.build(), crate::mock::Test);
}
