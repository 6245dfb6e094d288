// SPDX-License-Identifier: Apache-2.0

//! Whose transactions are accepted, and what they spend.
//!
//! | who | calls | spends from |
//! |---|---|---|
//! | a councillor or a validator | votes and keys | its small official quota, whatever its organisation |
//! | a member of an active organisation | all but operational | its quota and its organisation's |
//! | any other account | none | |
//!
//! Operational calls have a part of the block to themselves, so that votes always fit. They are
//! accepted from officials only, as the outermost call, and go before all others. What the filter
//! of the runtime forbids is refused here, so that it costs no block space.
//!
//! Nothing is taken apart to look inside: a batch, a proxy, a multisig or a proposal that is
//! executed at once has the weight of all that it does, and its signer pays for that.

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

/// Why a transaction is turned away: the number of a custom validity error.
pub mod codes {
    /// Invalid: the signer is no member of the consortium.
    pub const NOT_A_MEMBER: u8 = 101;
    /// Invalid: the signer's organisation is suspended.
    pub const ORGANISATION_SUSPENDED: u8 = 102;
    /// Unknown, not invalid, since it will be valid after some blocks: the signer's quota does not
    /// allow it yet.
    pub const QUOTA_EXHAUSTED: u8 = 103;
    /// Invalid: only few calls are accepted without a signature.
    pub const NOT_SIGNED: u8 = 104;
    /// Invalid: it costs more than a full quota, so that it would never go through.
    pub const EXCEEDS_QUOTA: u8 = 105;
    /// Invalid: an operational call that is not an official's vote or key. Votes are signed
    /// directly, not in a batch or through a proxy.
    pub const OPERATIONAL: u8 = 106;
    /// Invalid: the filter of the runtime forbids the call.
    pub const FORBIDDEN: u8 = 107;
    /// Unknown, not invalid, since it may become possible: an official call that would fail now,
    /// such as closing a motion that is not decided yet.
    pub const IN_VAIN: u8 = 109;
    /// Unknown, not invalid: the nonce is too far above the account's. The runtime's check of the
    /// nonce gives it.
    pub const NONCE_TOO_FAR_AHEAD: u8 = 108;
}

/// The most bytes that a call may declare to write, the second dimension of its weight. Officials
/// are not charged for them, so a bound that only says what a call may take is refused early.
pub const MAX_PROOF_SIZE: u64 = 1 << 40;

/// The longest official call that has priority, in bytes: a longer one could push what members sent
/// out of the pool.
pub const MAX_PRIORITY_LENGTH: usize = 4 * 1024;

/// The priority of officials' votes and keys: above all transactions of members, which have none.
pub const OFFICIAL_PRIORITY: TransactionPriority = TransactionPriority::MAX / 2;

/// Turns away whoever is no member, and charges the quotas. It has no data, neither in a
/// transaction nor in what is signed, so that clients need not know of it.
#[derive(Clone, Decode, DecodeWithMemTracking, Default, Encode, Eq, PartialEq, TypeInfo)]
#[scale_info(skip_type_params(T))]
pub struct CheckMember<T>(PhantomData<T>);

impl<T> CheckMember<T> {
    /// Checks membership.
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T> fmt::Debug for CheckMember<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CheckMember")
    }
}

/// What a transaction is charged to, as it will be.
#[derive(Clone, Debug)]
pub enum Charge<AccountId, N> {
    /// A member's quota, and those of its organisation.
    Member(AccountId, Member<N>, quota::Spending<N>),
    /// A councillor's or a validator's.
    Official(AccountId, quota::Bucket<N>),
}

/// Whom a transaction was charged to.
#[derive(Clone, Debug)]
pub enum Payer<AccountId> {
    /// A member, and its organisation.
    Member(AccountId, OrganisationId),
    /// A councillor or a validator.
    Official(AccountId),
}

/// What was charged, and to whom.
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
    /// Returns what a transaction of this weight and length costs.
    fn cost(weight: Weight, info: &DispatchInfo, len: usize) -> quota::Cost {
        let base = T::BlockWeights::get().get(info.class).base_extrinsic;
        let len = len.saturated_into();
        quota::Cost::new(weight.saturating_add(base), len, T::TimePerByte::get())
    }

    /// Fails if the runtime's filter forbids the call, if it is operational and not an official's
    /// own, or if it is an official's and in vain.
    fn check_call(
        who: &T::AccountId,
        call: &T::RuntimeCall,
        info: &DispatchInfo,
        official: bool,
    ) -> Result<(), TransactionValidityError> {
        // First, since it may become possible, which what is forbidden does not.
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

    /// Who is charged for a transaction, if it is accepted.
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
                // An official that is a member has that quota as well, for what the first could
                // pay.
                Err(spent) if cost.time <= T::OfficialQuota::get().burst => {
                    Self::charge_member(who, cost, now, source).map_err(|_| spent)
                },
                Err(exceeded) => Err(exceeded),
            };
        }
        Self::charge_member(who, cost, now, source)
    }

    /// Charges the quota of a member, and those of its organisation.
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

    /// Charges a bucket. While a block is made, what exceeds it now counts as not fitting into the
    /// block: the author then leaves the transaction in the pool for a later one, where it would
    /// throw away, and ban, one that fails for any other reason.
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
    /// What to charge.
    type Val = (Charge<T::AccountId, BlockNumberFor<T>>, quota::Cost);
    type Pre = Charged<T::AccountId>;

    fn weight(&self, call: &T::RuntimeCall) -> Weight {
        let base = match T::OfficialCalls::contains(call) {
            // A motion, its votes and the seats may be read as well, who proposed motions, and the
            // member's quota with its organisation; only one of the two quotas is written.
            true => <T as Config>::WeightInfo::check_official()
                .saturating_add(T::DbWeight::get().reads(7)),
            false => <T as Config>::WeightInfo::check_member(),
        };
        // What the organisation spent.
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

    /// Gives back what the call did not use, as far as it says what it used. The block is charged
    /// the same. The call may have removed the member: then there is nothing to give back to.
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
