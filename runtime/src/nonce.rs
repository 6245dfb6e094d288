// SPDX-License-Identifier: Apache-2.0

//! The nonce of a transaction, as the SDK checks it, and not too far ahead.

use crate::{Nonce, Runtime, RuntimeCall, RuntimeOrigin};
use codec::{Decode, DecodeWithMemTracking, Encode};
use core::fmt;
use frame_support::{
    dispatch::{DispatchInfo, PostDispatchInfo},
    weights::Weight,
};
use pallet_consortium::extension::codes;
use scale_info::TypeInfo;
use sp_runtime::{
    traits::{AsSystemOriginSigner, Implication, TransactionExtension, ValidateResult},
    transaction_validity::{TransactionSource, TransactionValidityError, UnknownTransaction},
    DispatchResult,
};

/// The most transactions of one account that may wait for those before them. A pool keeps what waits,
/// so that an account could otherwise fill it with transactions that are far from their turn.
pub const MAX_NONCES_AHEAD: Nonce = 256;

type Inner = frame_system::CheckNonce<Runtime>;

/// Checks the nonce as [`frame_system::CheckNonce`] does, whose name and bytes it has, so that clients
/// take it for that. Refuses nonces that are more than [`MAX_NONCES_AHEAD`] above the account's, with
/// the code [`codes::NONCE_TOO_FAR_AHEAD`].
#[derive(Clone, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct CheckNonce(#[codec(compact)] pub Nonce);

impl CheckNonce {
    fn inner(&self) -> Inner {
        Inner::from(self.0)
    }
}

impl fmt::Debug for CheckNonce {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CheckNonce({})", self.0)
    }
}

impl TransactionExtension<RuntimeCall> for CheckNonce {
    const IDENTIFIER: &'static str = "CheckNonce";
    type Implicit = ();
    type Val = <Inner as TransactionExtension<RuntimeCall>>::Val;
    type Pre = <Inner as TransactionExtension<RuntimeCall>>::Pre;

    fn weight(&self, call: &RuntimeCall) -> Weight {
        self.inner().weight(call)
    }

    fn validate(
        &self,
        origin: RuntimeOrigin,
        call: &RuntimeCall,
        info: &DispatchInfo,
        len: usize,
        (): (),
        implication: &impl Implication,
        source: TransactionSource,
    ) -> ValidateResult<Self::Val, RuntimeCall> {
        if let Some(signer) = origin.as_system_origin_signer() {
            let next = frame_system::Pallet::<Runtime>::account_nonce(signer);
            if self.0 > next.saturating_add(MAX_NONCES_AHEAD) {
                // Unknown, not invalid: it will be valid later.
                return Err(UnknownTransaction::Custom(codes::NONCE_TOO_FAR_AHEAD).into());
            }
        }
        self.inner().validate(origin, call, info, len, (), implication, source)
    }

    fn prepare(
        self,
        val: Self::Val,
        origin: &RuntimeOrigin,
        call: &RuntimeCall,
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
        <Inner as TransactionExtension<RuntimeCall>>::post_dispatch_details(
            pre, info, post_info, len, result,
        )
    }
}
