// SPDX-License-Identifier: Apache-2.0

//! The check of a transaction's nonce: that of the SDK, and a limit on how far ahead it can be.

use crate::{extension::codes, pallet::Config};
use codec::{Decode, DecodeWithMemTracking, Encode};
use core::fmt;
use frame_support::{
    dispatch::{DispatchInfo, PostDispatchInfo},
    weights::Weight,
};
use scale_info::TypeInfo;
use sp_runtime::{
    traits::{
        AsSystemOriginSigner, Dispatchable, Implication, Saturating, TransactionExtension,
        ValidateResult,
    },
    transaction_validity::{TransactionSource, TransactionValidityError, UnknownTransaction},
    DispatchResult,
};

/// The maximum number of transactions of one account that can wait for earlier ones. A pool keeps
/// waiting transactions, so an account could otherwise fill it with transactions that cannot be
/// included for a long time.
pub const MAX_NONCES_AHEAD: u32 = 256;

type Inner<T> = frame_system::CheckNonce<T>;

/// Checks the nonce like [`frame_system::CheckNonce`]. It has the same name and encoding, so
/// clients need no change. Rejects nonces that are more than [`MAX_NONCES_AHEAD`] above the
/// account's, with the code [`codes::NONCE_TOO_FAR_AHEAD`].
#[derive(Clone, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
#[scale_info(skip_type_params(T))]
pub struct CheckNonce<T: Config>(#[codec(compact)] pub T::Nonce);

impl<T: Config> CheckNonce<T> {
    fn inner(&self) -> Inner<T> {
        Inner::from(self.0)
    }
}

impl<T: Config> fmt::Debug for CheckNonce<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("CheckNonce").field(&self.0).finish()
    }
}

impl<T: Config + Send + Sync> TransactionExtension<T::RuntimeCall> for CheckNonce<T>
where
    T::RuntimeCall: Dispatchable<Info = DispatchInfo, PostInfo = PostDispatchInfo>,
    <T::RuntimeCall as Dispatchable>::RuntimeOrigin: AsSystemOriginSigner<T::AccountId> + Clone,
{
    const IDENTIFIER: &'static str = "CheckNonce";
    type Implicit = ();
    type Val = <Inner<T> as TransactionExtension<T::RuntimeCall>>::Val;
    type Pre = <Inner<T> as TransactionExtension<T::RuntimeCall>>::Pre;

    fn weight(&self, call: &T::RuntimeCall) -> Weight {
        self.inner().weight(call)
    }

    fn validate(
        &self,
        origin: T::RuntimeOrigin,
        call: &T::RuntimeCall,
        info: &DispatchInfo,
        len: usize,
        (): (),
        implication: &impl Implication,
        source: TransactionSource,
    ) -> ValidateResult<Self::Val, T::RuntimeCall> {
        if let Some(signer) = origin.as_system_origin_signer() {
            let next = frame_system::Pallet::<T>::account_nonce(signer);
            if self.0 > next.saturating_add(MAX_NONCES_AHEAD.into()) {
                // Unknown, not invalid: it becomes valid later.
                return Err(UnknownTransaction::Custom(codes::NONCE_TOO_FAR_AHEAD).into());
            }
        }
        self.inner().validate(origin, call, info, len, (), implication, source)
    }

    fn prepare(
        self,
        val: Self::Val,
        origin: &T::RuntimeOrigin,
        call: &T::RuntimeCall,
        info: &DispatchInfo,
        len: usize,
    ) -> Result<Self::Pre, TransactionValidityError> {
        self.inner().prepare(val, origin, call, info, len)
    }

    fn post_dispatch_details(
        pre: Self::Pre,
        info: &DispatchInfo,
        post_info: &PostDispatchInfo,
        len: usize,
        result: &DispatchResult,
    ) -> Result<Weight, TransactionValidityError> {
        <Inner<T> as TransactionExtension<T::RuntimeCall>>::post_dispatch_details(
            pre, info, post_info, len, result,
        )
    }
}
