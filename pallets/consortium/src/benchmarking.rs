// SPDX-License-Identifier: Apache-2.0

//! The maximum cost of the calls, of the transaction extension and of the session hooks. Names and
//! labels have the maximum length, and the council and the validators the maximum number. The
//! caller of calls that manage members and nodes is an administrator, which must be looked up.
//! members and nodes is an administrator, who is looked up.

use crate::{
    ops::nodes::ED25519,
    pallet::*,
    quota::{Bucket, Rate},
    types::*,
    CheckMember,
};
use alloc::{format, vec::Vec};
use frame_benchmarking::v2::*;
use frame_support::{
    dispatch::{DispatchInfo, PostDispatchInfo},
    traits::{Contains, EnsureOrigin, Get, OriginTrait},
    weights::Weight,
    BoundedVec,
};
use frame_system::{Pallet as System, RawOrigin};
use pallet_session::SessionManager;
use sp_core::{ed25519, H256, U256};
use sp_runtime::{
    traits::{
        AsSystemOriginSigner, AsTransactionAuthorizedOrigin, DispatchTransaction, Dispatchable,
        Hash, Saturating,
    },
    SaturatedConversion,
};
use sp_staking::offence::{OffenceDetails, OnOffenceHandler};

/// Helpers that the benchmarks need from the runtime.
pub trait BenchmarkHelper<AccountId, Call, Signature> {
    /// Fills the council with accounts that have no other role.
    fn fill_council();

    /// Opens the maximum number of motions, with the votes of the whole council.
    fn fill_motions();

    /// Returns an account, and its signature of a message that can depend on the account. Uses the
    /// kind of signature that takes longest to verify.
    fn sign(message: impl FnOnce(&AccountId) -> Vec<u8>) -> (AccountId, Signature);

    /// Returns the key of a node, and its signature of a message that can depend on the key.
    fn sign_as_node(
        message: impl FnOnce(&ed25519::Public) -> Vec<u8>,
    ) -> (ed25519::Public, ed25519::Signature);

    /// Begins a multisig operation with the maximum number of signatories. Returns its account and
    /// its hash.
    fn begin_operation() -> (AccountId, [u8; 32]);

    /// Registers session keys for an account.
    fn register_keys(account: &AccountId);

    /// Returns a call that officials pay for with their own quota.
    fn official_call() -> Call;
}

/// Quotas that no benchmark exhausts, with a minimal share of the chain's capacity.
const LIMITS: Limits =
    Limits { members: 1_000, nodes: 1, quota: PLENTY, time: PLENTY, bytes: PLENTY };
/// See [`LIMITS`].
const PLENTY: Rate = Rate { burst: 1 << 60, per_block: 1 };

/// Returns a name or a label of the maximum length, which differs from others only at its end.
fn name(n: u32) -> Vec<u8> {
    format!("{n:n>64}").into_bytes()
}

fn label() -> Label {
    Label::truncate_from(name(0))
}

/// Returns a peer id of an Ed25519 key, the longest kind.
fn peer(n: u32) -> PeerId {
    PeerId::truncate_from([&ED25519[..], &U256::from(n).to_big_endian()].concat())
}

/// Creates an organisation with an administrator.
fn organisation<T: Config>() -> (OrganisationId, T::AccountId) {
    another_organisation::<T>(0)
}

/// Creates the organisation with this number, with an administrator.
fn another_organisation<T: Config>(n: u32) -> (OrganisationId, T::AccountId) {
    let id = Pallet::<T>::new_organisation(name(n), LIMITS).expect("it is new");
    let admin: T::AccountId = account("admin", n, 0);
    put_member::<T>(id, &admin, true);
    (id, admin)
}

fn put_member<T: Config>(id: OrganisationId, account: &T::AccountId, admin: bool) {
    let bucket = Bucket::default();
    let member = Member { organisation: id, admin, bucket };
    Members::<T>::insert(account, member);
    MembersOf::<T>::insert(id, account, label());
    Pallet::<T>::ensure_provider(account);
    change::<T>(id, |organisation| {
        organisation.members += 1;
        organisation.admins += u32::from(admin);
    });
}

fn put_node<T: Config>(id: OrganisationId, n: u32) {
    list_node::<T>(id, peer(n));
}

fn list_node<T: Config>(id: OrganisationId, peer: PeerId) {
    Nodes::<T>::insert(&peer, id);
    NodesOf::<T>::insert(id, peer, label());
    change::<T>(id, |organisation| organisation.nodes += 1);
}

fn change<T: Config>(id: OrganisationId, change: impl FnOnce(&mut Organisation)) {
    let mut organisation = Organisations::<T>::get(id).expect("it exists");
    change(&mut organisation);
    Pallet::<T>::put_organisation(id, organisation).expect("it is within the limits");
}

fn council<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
    T::CouncilOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)
}

/// Appoints this many accounts as validators.
fn appoint<T: Config>(count: u32) -> Vec<T::AccountId> {
    let validators: Vec<T::AccountId> = (0..count).map(|n| account("validator", n, 0)).collect();
    Validators::<T>::put(BoundedVec::truncate_from(validators.clone()));
    validators
}

/// Returns `true` if a transaction of the call is accepted. Part of its weight is refunded.
fn submit<T: Config + Send + Sync>(who: &T::AccountId, call: &T::RuntimeCall) -> bool
where
    T::RuntimeCall: Dispatchable<Info = DispatchInfo, PostInfo = PostDispatchInfo>,
    T::RuntimeOrigin: AsSystemOriginSigner<T::AccountId> + AsTransactionAuthorizedOrigin + Clone,
    <T::RuntimeCall as Dispatchable>::RuntimeOrigin: OriginTrait,
{
    let info = DispatchInfo { call_weight: Weight::from_parts(9_000_000, 0), ..Default::default() };
    let used = PostDispatchInfo { actual_weight: Some(Weight::zero()), ..Default::default() };
    let origin = RawOrigin::Signed(who.clone()).into();
    CheckMember::<T>::new().test_run(origin, call, &info, 0, 0, |_| Ok(used)).is_ok()
}

#[benchmarks(where
    T: Config + Send + Sync,
    T::RuntimeCall: Dispatchable<Info = DispatchInfo, PostInfo = PostDispatchInfo>,
    T::RuntimeOrigin: AsSystemOriginSigner<T::AccountId> + AsTransactionAuthorizedOrigin + Clone,
    <T::RuntimeCall as Dispatchable>::RuntimeOrigin: OriginTrait,
)]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn admit_organisation() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        let id = NextOrganisationId::<T>::get();
        let admin: T::AccountId = account("admin", 0, 0);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, name(0), admin.clone(), LIMITS);

        assert!(Members::<T>::get(admin).is_some_and(|admin| admin.organisation == id));
        Ok(())
    }

    /// Limits have more bytes than a status.
    #[benchmark]
    fn change_organisation() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        let (id, _) = organisation::<T>();
        // The sum of all shares changes with the limits.
        let limits = Limits { nodes: 0, time: Rate { per_block: 2, ..PLENTY }, ..LIMITS };

        #[extrinsic_call]
        set_limits(origin as T::RuntimeOrigin, id, limits);

        assert_eq!(Organisations::<T>::get(id).expect("it exists").limits, limits);
        Ok(())
    }

    /// All but three councillors and one validator are removed, with their votes on all motions.
    #[benchmark]
    fn remove_organisation() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        let (id, _) = organisation::<T>();
        T::BenchmarkHelper::fill_council();
        T::BenchmarkHelper::fill_motions();
        let mut validators = appoint::<T>(T::MaxValidators::get());
        validators.iter().for_each(T::BenchmarkHelper::register_keys);
        // The last validator stays, which maximises the search for keys.
        let last = validators.split_off(1).pop();
        let staying = MIN_SEATS.saturated_into::<usize>();
        let seats = T::Councillors::seats();
        for account in seats.iter().skip(staying).chain(&validators) {
            put_member::<T>(id, account, false);
        }

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id);

        assert_eq!(Organisations::<T>::get(id).expect("it exists").status, Status::Removed);
        assert_eq!(T::Councillors::seats().len(), staying.min(seats.len()));
        assert!(last.is_some_and(|last| Validators::<T>::get().contains(&last)));
        Ok(())
    }

    /// Nodes, because their count is updated as well, unlike that of members.
    #[benchmark]
    fn clear_organisation(n: Linear<1, { MAX_CLEAR }>) {
        let (id, admin) = organisation::<T>();
        // Without members, so that nodes are cleared.
        Members::<T>::remove(&admin);
        MembersOf::<T>::remove(id, &admin);
        (0..n).for_each(|n| put_node::<T>(id, n));
        change::<T>(id, |organisation| {
            organisation.members = 0;
            organisation.status = Status::Removed;
        });

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), id, MAX_CLEAR);

        assert_eq!(Organisations::<T>::get(id).expect("it exists").nodes, 0);
    }

    #[benchmark]
    fn add_member() {
        let (id, admin) = organisation::<T>();
        let account: T::AccountId = account("account", 0, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), id, account.clone(), name(0));

        assert!(Members::<T>::contains_key(account));
    }

    #[benchmark]
    fn remove_member() {
        let (id, admin) = organisation::<T>();
        let account: T::AccountId = account("account", 0, 0);
        put_member::<T>(id, &account, true);

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), account.clone());

        assert!(!Members::<T>::contains_key(account));
    }

    /// An administrator of another organisation. It signed as wallets do, which takes two
    /// verifications.
    #[benchmark]
    fn claim_member() {
        let (id, admin) = organisation::<T>();
        let (other, _) = another_organisation::<T>(1);
        let (account, signature) = T::BenchmarkHelper::sign(|account| {
            let hash = Pallet::<T>::member_claim(id, account.clone());
            [b"<Bytes>", hash.as_bytes(), b"</Bytes>"].concat()
        });
        put_member::<T>(other, &account, true);

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), id, account.clone(), name(0), signature);

        assert!(Members::<T>::get(account).is_some_and(|member| member.organisation == id));
    }

    /// An administrator that is not the last one.
    #[benchmark]
    fn leave_organisation() {
        let (id, _) = organisation::<T>();
        T::BenchmarkHelper::fill_council();
        appoint::<T>(T::MaxValidators::get());
        let account: T::AccountId = account("account", 0, 0);
        put_member::<T>(id, &account, true);

        #[extrinsic_call]
        _(RawOrigin::Signed(account.clone()));

        assert!(!Members::<T>::contains_key(account));
    }

    #[benchmark]
    fn set_admin() {
        let (id, admin) = organisation::<T>();
        let account: T::AccountId = account("account", 0, 0);
        put_member::<T>(id, &account, true);

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), account.clone(), false);

        assert!(Members::<T>::get(account).is_some_and(|member| !member.admin));
    }

    #[benchmark]
    fn add_node() {
        let (id, admin) = organisation::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), id, peer(0).into(), name(0));

        assert_eq!(Nodes::<T>::get(peer(0)), Some(id));
    }

    /// A node that another organisation listed.
    #[benchmark]
    fn claim_node() {
        let (id, admin) = organisation::<T>();
        let (other, _) = another_organisation::<T>(1);
        let peer = |key: &ed25519::Public| PeerId::truncate_from([&ED25519[..], &key[..]].concat());
        let (key, signature) = T::BenchmarkHelper::sign_as_node(|key| {
            Pallet::<T>::node_claim(id, peer(key)).as_bytes().to_vec()
        });
        let peer = peer(&key);
        list_node::<T>(other, peer.clone());

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), id, peer.clone().into(), name(0), signature);

        assert_eq!(Nodes::<T>::get(peer), Some(id));
    }

    #[benchmark]
    fn remove_node() {
        let (id, admin) = organisation::<T>();
        put_node::<T>(id, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), peer(0).into());

        assert!(!Nodes::<T>::contains_key(peer(0)));
    }

    /// A new validator, because its account may have to be created.
    #[benchmark]
    fn change_validators() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        appoint::<T>(T::MaxValidators::get().saturating_sub(1));
        let account: T::AccountId = account("account", 0, 0);

        #[extrinsic_call]
        add_validator(origin as T::RuntimeOrigin, account.clone());

        assert!(Validators::<T>::get().contains(&account));
        Ok(())
    }

    #[benchmark]
    fn authorize_upgrade() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        let code_hash = T::Hashing::hash(b"code");

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, code_hash);

        assert!(System::<T>::authorized_upgrade().is_some());
        Ok(())
    }

    #[benchmark]
    fn restart_finality() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        System::<T>::set_block_number(2u32.into());

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, 1u32.into(), 1u32.into());

        let event =
            Event::<T>::FinalityRestarted { delay: 1u32.into(), best_finalized: 1u32.into() };
        System::<T>::assert_last_event(<T as frame_system::Config>::RuntimeEvent::from(event));
        Ok(())
    }

    #[benchmark]
    fn clear_multisig() {
        let (account, call_hash) = T::BenchmarkHelper::begin_operation();
        let now = System::<T>::block_number();
        System::<T>::set_block_number(now.saturating_add(T::MultisigLife::get()));
        let (_, anyone) = organisation::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(anyone), account.clone(), call_hash);

        assert!(T::Multisigs::began(&account, call_hash).is_none());
    }

    /// A member submits an ordinary call. Its quota is charged, and a part is refunded.
    #[benchmark]
    fn check_member() {
        let (id, who) = organisation::<T>();
        let call = frame_system::Call::remark { remark: Vec::new() }.into();
        let accepted;

        #[block]
        {
            accepted = submit::<T>(&who, &call);
        }

        assert!(accepted && Members::<T>::get(who).is_some_and(|who| who.organisation == id));
    }

    /// A member that is not an official submits an official call. The check first searches for it
    /// among the officials.
    #[benchmark]
    fn check_official() {
        let (id, _) = organisation::<T>();
        let who: T::AccountId = account("member", 0, 0);
        put_member::<T>(id, &who, false);
        T::BenchmarkHelper::fill_council();
        appoint::<T>(T::MaxValidators::get());
        let call = T::BenchmarkHelper::official_call();
        assert!(T::OfficialCalls::contains(&call) && !Pallet::<T>::is_official(&who));
        let accepted;

        #[block]
        {
            accepted = submit::<T>(&who, &call);
        }

        assert!(accepted && Members::<T>::get(who).is_some_and(|member| member.bucket.spent > 0));
    }

    /// The last validator submits an official call, for comparison with [`check_official`].
    #[benchmark(extra)]
    fn check_validator() {
        T::BenchmarkHelper::fill_council();
        let who = appoint::<T>(T::MaxValidators::get()).pop().expect("there are some");
        let call = T::BenchmarkHelper::official_call();
        let accepted;

        #[block]
        {
            accepted = submit::<T>(&who, &call);
        }

        assert!(accepted && OfficialBuckets::<T>::contains_key(who));
    }

    /// The previous plan had the same validators, of which the last one has changed its keys.
    #[benchmark]
    fn new_session(v: Linear<1, { T::MaxValidators::get() }>) {
        let validators = appoint::<T>(v);
        validators.iter().for_each(T::BenchmarkHelper::register_keys);
        <Pallet<T> as SessionManager<_>>::new_session(1).expect("the first plan is new");
        Planned::<T>::mutate(|planned| {
            planned.iter_mut().last().expect("there are some").1 = H256::zero();
        });
        let planned;

        #[block]
        {
            planned = <Pallet<T> as SessionManager<_>>::new_session(2);
        }

        assert_eq!(planned, Some(validators));
    }

    /// All validators but one, because the last one would be kept.
    #[benchmark]
    fn on_offence(o: Linear<1, { T::MaxValidators::get() - 1 }>) {
        let validators = appoint::<T>(T::MaxValidators::get());
        // From the last one, which maximises each search.
        let offenders: Vec<_> = validators
            .into_iter()
            .rev()
            .take(o as usize)
            .map(|account| OffenceDetails { offender: (account, ()), reporters: Vec::new() })
            .collect();

        #[block]
        {
            <Pallet<T> as OnOffenceHandler<_, _, _>>::on_offence(&offenders, &[], 0);
        }

        assert_eq!(Validators::<T>::get().len() as u32, T::MaxValidators::get() - o);
    }

    impl_benchmark_test_suite!(
        Pallet,
        crate::mock::build(crate::mock::genesis()),
        crate::mock::Test
    );
}
