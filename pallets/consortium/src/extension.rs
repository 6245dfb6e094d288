// SPDX-License-Identifier: Apache-2.0

//! The acceptance of transactions, and the quotas that they spend.
//!
//! | signer | calls | spends from |
//! |---|---|---|
//! | a councillor or a validator | votes and session keys | its small official quota, regardless of its organisation's status |
//! | a member of an active organisation | all but operational calls | its quota and its organisation's quotas |
//! | any other account | none | |
//!
//! Each block reserves room for operational calls, so that votes always fit. They are accepted only
//! from officials and only as the outermost call, and have priority over all others. Calls that the
//! runtime's filter forbids are rejected here, so that they take no block space.
//!
//! Nested calls are not inspected. A batch, a proxy, a multisig or a proposal that is executed
//! immediately has the weight of everything that it executes, and its signer pays for that.

use crate::{pallet::*, quota, types::*, WeightInfo};
use codec::{Decode, DecodeWithMemTracking, Encode};
use core::{fmt, marker::PhantomData};
use frame_support::{
    dispatch::{DispatchClass, DispatchInfo, PostDispatchInfo},
    traits::{Contains, ContainsPair, Get, OriginTrait},
    weights::Weight,
};
use frame_system::{pallet_prelude::BlockNumberFor, Pallet as System};
use scale_info::TypeInfo;
use sp_runtime::{
    traits::{
        AsSystemOriginSigner, DispatchInfoOf, DispatchOriginOf, Dispatchable, Implication,
        PostDispatchInfoOf, TransactionExtension, ValidateResult,
    },
    transaction_validity::{
        InvalidTransaction, TransactionPriority, TransactionSource, TransactionValidity,
        TransactionValidityError, UnknownTransaction, ValidTransaction,
    },
    DispatchResult, SaturatedConversion,
};

/// The codes of custom validity errors: the reasons why a transaction is rejected.
pub mod codes {
    /// Invalid: the signer is not a member of the consortium.
    pub const NOT_A_MEMBER: u8 = 101;
    /// Invalid: the signer's organisation is suspended.
    pub const ORGANISATION_SUSPENDED: u8 = 102;
    /// The signer's quota is exhausted. Unknown, not invalid, because the transaction becomes valid
    /// after some blocks.
    pub const QUOTA_EXHAUSTED: u8 = 103;
    /// Invalid: the call requires a signature. Only inherents and a few other calls do not.
    pub const NOT_SIGNED: u8 = 104;
    /// Invalid: the transaction costs more than a full quota, so it could never be included.
    pub const EXCEEDS_QUOTA: u8 = 105;
    /// Invalid: an operational call that is not an official's vote or registration of session keys.
    /// Sign votes directly, not in a batch or through a proxy.
    pub const OPERATIONAL: u8 = 106;
    /// Invalid: the filter of the runtime forbids the call.
    pub const FORBIDDEN: u8 = 107;
    /// An official call that would fail now, such as closing a motion that is not decided yet.
    /// Unknown, not invalid, because it may succeed later.
    pub const IN_VAIN: u8 = 109;
    /// The nonce is too far above the account's. Unknown, not invalid.
    /// [`CheckNonce`](crate::CheckNonce) returns it.
    pub const NONCE_TOO_FAR_AHEAD: u8 = 108;
}

/// The maximum number of bytes that a call can declare to write, in the second dimension of its
/// weight. A call with a higher bound is rejected early, because officials are not charged for
/// bytes.
pub const MAX_PROOF_SIZE: u64 = 1 << 40;

/// The maximum length of an official call that has priority, in bytes. A longer one could push the
/// transactions of members out of the pool.
pub const MAX_PRIORITY_LENGTH: usize = 4 * 1024;

/// The priority of officials' calls. It is above that of all transactions of members, which have
/// priority 0.
pub const OFFICIAL_PRIORITY: TransactionPriority = TransactionPriority::MAX / 2;

/// Rejects transactions of accounts that are not members, and charges the quotas. It adds no data
/// to a transaction or to its signed payload, so clients need no support for it.
#[derive(Clone, Decode, DecodeWithMemTracking, Default, Encode, Eq, PartialEq, TypeInfo)]
#[scale_info(skip_type_params(T))]
pub struct CheckMember<T>(PhantomData<T>);

impl<T> CheckMember<T> {
    /// Creates the extension.
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T> fmt::Debug for CheckMember<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CheckMember")
    }
}

/// The payer of a transaction, with the state of its quotas after the charge.
#[derive(Clone, Debug)]
pub enum Charge<AccountId, N> {
    /// A member's quota, and the quotas of its organisation.
    Member(AccountId, Member<N>, quota::Spending<N>),
    /// The official quota of a councillor or a validator.
    Official(AccountId, quota::Bucket<N>),
}

/// The payer of a transaction.
#[derive(Clone, Debug)]
pub enum Payer<AccountId> {
    /// A member and its organisation.
    Member(AccountId, OrganisationId),
    /// A councillor or a validator.
    Official(AccountId),
}

/// A charge and its payer.
#[derive(Clone, Debug)]
pub struct Charged<AccountId> {
    payer: Payer<AccountId>,
    cost: quota::Cost,
}

fn invalid(code: u8) -> TransactionValidityError {
    InvalidTransaction::Custom(code).into()
}

impl<T: Config + Send + Sync> CheckMember<T>
where
    T::RuntimeCall: Dispatchable<Info = DispatchInfo, PostInfo = PostDispatchInfo>,
{
    /// Returns the cost of a transaction of this weight and length.
    fn cost(weight: Weight, info: &DispatchInfo, len: usize) -> quota::Cost {
        let base = T::BlockWeights::get().get(info.class).base_extrinsic;
        let len = len.saturated_into();
        quota::Cost::new(weight.saturating_add(base), len, T::TimePerByte::get())
    }

    /// Fails if the runtime's filter forbids the call, if an account that is not an official
    /// submits an operational call, or if an official's call would fail now.
    fn check_call(
        who: &T::AccountId,
        call: &T::RuntimeCall,
        info: &DispatchInfo,
        official: bool,
    ) -> Result<(), TransactionValidityError> {
        // First, because such a call may succeed later, unlike a forbidden one.
        if official && T::VainCalls::contains(who, call) {
            return Err(UnknownTransaction::Custom(codes::IN_VAIN).into());
        }
        if !T::BaseCallFilter::contains(call) {
            return Err(invalid(codes::FORBIDDEN));
        }
        if info.call_weight.proof_size() > MAX_PROOF_SIZE {
            return Err(invalid(codes::EXCEEDS_QUOTA));
        }
        if info.class == DispatchClass::Operational && !official {
            return Err(invalid(codes::OPERATIONAL));
        }
        Ok(())
    }

    /// Returns the payer of a transaction, with the state of its quotas after the charge.
    fn charge(
        who: &T::AccountId,
        official: bool,
        cost: quota::Cost,
        source: TransactionSource,
    ) -> Result<Charge<T::AccountId, BlockNumberFor<T>>, TransactionValidityError> {
        let now = System::<T>::block_number();
        if official {
            let bucket = OfficialBuckets::<T>::get(who).unwrap_or_default();
            return match Self::spend(bucket, T::OfficialQuota::get(), cost.time, now, source) {
                Ok(bucket) => Ok(Charge::Official(who.clone(), bucket)),
                // An official that is a member can also spend its member's quota, on calls that a
                // full official quota could pay for.
                Err(spent) if cost.time <= T::OfficialQuota::get().burst => {
                    Self::charge_member(who, cost, now, source).map_err(|_| spent)
                },
                Err(exceeded) => Err(exceeded),
            };
        }
        Self::charge_member(who, cost, now, source)
    }

    /// Charges the quota of a member and the quotas of its organisation.
    fn charge_member(
        who: &T::AccountId,
        cost: quota::Cost,
        now: BlockNumberFor<T>,
        source: TransactionSource,
    ) -> Result<Charge<T::AccountId, BlockNumberFor<T>>, TransactionValidityError> {
        let (mut member, organisation) =
            Pallet::<T>::member_and_organisation(who).ok_or(invalid(codes::NOT_A_MEMBER))?;
        match organisation.status {
            Status::Active => {},
            Status::Suspended => return Err(invalid(codes::ORGANISATION_SUSPENDED)),
            Status::Removed => return Err(invalid(codes::NOT_A_MEMBER)),
        }
        let Limits { quota, time, bytes, .. } = organisation.limits;
        let mut spending = Spendings::<T>::get(member.organisation);
        member.bucket = Self::spend(member.bucket, quota, cost.time, now, source)?;
        spending.time = Self::spend(spending.time, time, cost.time, now, source)?;
        spending.bytes = Self::spend(spending.bytes, bytes, cost.bytes, now, source)?;
        Ok(Charge::Member(who.clone(), member, spending))
    }

    /// Charges a bucket. While a block is built, an exhausted quota counts as a full block. The
    /// block author then keeps the transaction in the pool for a later block. A transaction that
    /// fails for another reason would be removed and banned.
    fn spend(
        bucket: quota::Bucket<BlockNumberFor<T>>,
        rate: quota::Rate,
        cost: u64,
        now: BlockNumberFor<T>,
        source: TransactionSource,
    ) -> Result<quota::Bucket<BlockNumberFor<T>>, TransactionValidityError> {
        if cost > rate.burst {
            return Err(invalid(codes::EXCEEDS_QUOTA));
        }
        bucket.spend(rate, cost, now).ok_or(match source {
            TransactionSource::InBlock => InvalidTransaction::ExhaustsResources.into(),
            TransactionSource::Local | TransactionSource::External => {
                UnknownTransaction::Custom(codes::QUOTA_EXHAUSTED).into()
            },
        })
    }
}

impl<T: Config + Send + Sync> TransactionExtension<T::RuntimeCall> for CheckMember<T>
where
    T::RuntimeCall: Dispatchable<Info = DispatchInfo, PostInfo = PostDispatchInfo>,
    <T::RuntimeCall as Dispatchable>::RuntimeOrigin: AsSystemOriginSigner<T::AccountId> + Clone,
    DispatchOriginOf<T::RuntimeCall>: OriginTrait,
{
    const IDENTIFIER: &'static str = "CheckMember";
    type Implicit = ();
    /// The payer and the cost.
    type Val = (Charge<T::AccountId, BlockNumberFor<T>>, quota::Cost);
    type Pre = Charged<T::AccountId>;

    fn weight(&self, call: &T::RuntimeCall) -> Weight {
        let base = match T::OfficialCalls::contains(call) {
            // The check may also read a motion, its votes, the seats, the proposers, the member and
            // its organisation. It writes only one of the two quotas.
            true => <T as Config>::WeightInfo::check_official()
                .saturating_add(T::DbWeight::get().reads(7)),
            false => <T as Config>::WeightInfo::check_member(),
        };
        // The amounts that the organisation has spent.
        let spending = T::DbWeight::get().reads_writes(1, 1);
        base.saturating_add(spending)
    }

    fn validate(
        &self,
        origin: DispatchOriginOf<T::RuntimeCall>,
        call: &T::RuntimeCall,
        info: &DispatchInfoOf<T::RuntimeCall>,
        len: usize,
        _: (),
        _: &impl Implication,
        source: TransactionSource,
    ) -> ValidateResult<Self::Val, T::RuntimeCall> {
        let who = origin.as_system_origin_signer().ok_or(invalid(codes::NOT_SIGNED))?.clone();
        let official = T::OfficialCalls::contains(call) && Pallet::<T>::is_official(&who);
        Self::check_call(&who, call, info, official)?;
        let cost = Self::cost(info.total_weight(), info, len);
        let charge = Self::charge(&who, official, cost, source)?;
        let first = matches!(charge, Charge::Official(..)) && len <= MAX_PRIORITY_LENGTH;
        let priority = if first { OFFICIAL_PRIORITY } else { 0 };
        Ok((ValidTransaction { priority, ..Default::default() }, (charge, cost), origin))
    }

    fn prepare(
        self,
        (charge, cost): Self::Val,
        _: &DispatchOriginOf<T::RuntimeCall>,
        _: &T::RuntimeCall,
        _: &DispatchInfoOf<T::RuntimeCall>,
        _: usize,
    ) -> Result<Self::Pre, TransactionValidityError> {
        let payer = match charge {
            Charge::Member(who, member, spending) => {
                let organisation = member.organisation;
                Members::<T>::insert(&who, member);
                Spendings::<T>::insert(organisation, spending);
                Payer::Member(who, organisation)
            },
            Charge::Official(who, bucket) => {
                OfficialBuckets::<T>::insert(&who, bucket);
                Payer::Official(who)
            },
        };
        Ok(Charged { payer, cost })
    }

    /// Refunds the difference between the declared and the actual weight, as the block does. The
    /// call may have removed the member: then no quota is left to refund.
    fn post_dispatch_details(
        charged: Self::Pre,
        info: &DispatchInfoOf<T::RuntimeCall>,
        post_info: &PostDispatchInfoOf<T::RuntimeCall>,
        len: usize,
        _: &DispatchResult,
    ) -> Result<Weight, TransactionValidityError> {
        let used = Self::cost(post_info.calc_actual_weight(info), info, len);
        let unused = charged.cost.saturating_sub(used);
        if unused == quota::Cost::default() {
            return Ok(Weight::zero());
        }
        match charged.payer {
            Payer::Member(who, organisation) => {
                Members::<T>::mutate_extant(who, |member| {
                    member.bucket = member.bucket.give_back(unused.time);
                });
                Spendings::<T>::mutate_extant(organisation, |spending| {
                    *spending = spending.give_back(unused);
                });
            },
            Payer::Official(who) => OfficialBuckets::<T>::mutate_extant(who, |bucket| {
                *bucket = bucket.give_back(unused.time);
            }),
        }
        Ok(Weight::zero())
    }

    fn bare_validate(
        call: &T::RuntimeCall,
        _: &DispatchInfoOf<T::RuntimeCall>,
        _: usize,
    ) -> TransactionValidity {
        match T::BareCalls::contains(call) {
            true => Ok(ValidTransaction::default()),
            false => Err(invalid(codes::NOT_SIGNED)),
        }
    }

    fn bare_validate_and_prepare(
        call: &T::RuntimeCall,
        info: &DispatchInfoOf<T::RuntimeCall>,
        len: usize,
    ) -> Result<(), TransactionValidityError> {
        Self::bare_validate(call, info, len).map(|_| ())
    }
}
