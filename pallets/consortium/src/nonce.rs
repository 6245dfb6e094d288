// SPDX-License-Identifier: Apache-2.0

//! The nonce of a transaction, as the SDK checks it, and not too far ahead.

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

/// The most transactions of one account that may wait for those before them. A pool keeps what
/// waits, so that an account could otherwise fill it with transactions that are far from their
/// turn.
pub const MAX_NONCES_AHEAD: u32 = 256;

type Inner<T> = frame_system::CheckNonce<T>;

/// Checks the nonce as [`frame_system::CheckNonce`] does, whose name and bytes it has, so that
/// clients take it for that. Refuses nonces that are more than [`MAX_NONCES_AHEAD`] above the
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
                // Unknown, not invalid: it will be valid later.
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
