// SPDX-License-Identifier: Apache-2.0

use super::chain;
use crate::{
    presets, signing::sign, Executive, Nonce, Runtime, RuntimeCall, System, TxExtension,
    UncheckedExtrinsic,
};
use codec::Encode;
use frame_support::dispatch::GetDispatchInfo;
use pallet_transaction_payment_rpc_runtime_api::runtime_decl_for_transaction_payment_api::TransactionPaymentApiV4;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
    traits::TransactionExtension,
    transaction_validity::{
        InvalidTransaction, TransactionSource, TransactionValidity, TransactionValidityError,
    },
};

/// The extensions that @polkadot/types 16.5.6 knows, in `extrinsic/signedExtensions/substrate`.
///
/// On connecting, it logs a warning about any other and encodes nothing for it. So an extension may
/// be added here only if a released Polkadot.js knows it, or if it has neither explicit nor
/// implicit data.
const KNOWN_TO_POLKADOT_JS: [&str; 15] = [
    "ChargeTransactionPayment",
    "CheckBlockGasLimit",
    "CheckEra",
    "CheckGenesis",
    "CheckMetadataHash",
    "CheckMortality",
    "CheckNonZeroSender",
    "CheckNonce",
    "CheckSpecVersion",
    "CheckTxVersion",
    "CheckVersion",
    "CheckWeight",
    "LockStakingStatus",
    "SkipCheckIfFeeless",
    "WeightReclaim",
];

#[test]
fn polkadot_js_knows_every_extension() {
    let nothing = scale_info::meta_type::<()>();
    for extension in <TxExtension as TransactionExtension<RuntimeCall>>::metadata() {
        let name = extension.identifier;
        let empty = name == "CheckMember" && extension.implicit == nothing;
        let known = KNOWN_TO_POLKADOT_JS.contains(&name);
        assert!(known || empty, "Polkadot.js does not know {name}");
    }
    assert_eq!(pallet_consortium::CheckMember::<Runtime>::new().encoded_size(), 0);
}

/// Returns a transaction as a client makes it: signed and immortal.
pub(super) fn signed(who: Sr25519Keyring, call: RuntimeCall) -> UncheckedExtrinsic {
    let nonce = System::account_nonce(who.to_account_id());
    signed_with_nonce(who, call, nonce)
}

/// Returns the same with a given nonce.
pub(super) fn signed_with_nonce(
    who: Sr25519Keyring,
    call: RuntimeCall,
    nonce: Nonce,
) -> UncheckedExtrinsic {
    sign(call, &who.pair(), nonce, System::block_hash(0))
}

pub(super) fn remark() -> RuntimeCall {
    frame_system::Call::remark { remark: vec![0; 128] }.into()
}

pub(super) fn validity(transaction: UncheckedExtrinsic) -> TransactionValidity {
    let genesis = System::block_hash(0);
    Executive::validate_transaction(TransactionSource::External, transaction, genesis)
}

#[test]
fn a_well_known_account_can_transact() {
    chain(presets::DEVELOPMENT).execute_with(|| {
        assert!(validity(signed(Sr25519Keyring::FerdieStash, remark())).is_ok());
    });
}

#[test]
fn an_account_that_is_not_a_member_cannot_transact() {
    chain(presets::DEVELOPMENT).execute_with(|| {
        let not_a_member =
            InvalidTransaction::Custom(pallet_consortium::extension::codes::NOT_A_MEMBER);
        assert_eq!(
            validity(signed(Sr25519Keyring::One, remark())),
            Err(TransactionValidityError::Invalid(not_a_member))
        );
    });
}

#[test]
fn a_transaction_costs_its_weight_and_no_fee() {
    chain(presets::DEVELOPMENT).execute_with(|| {
        let transaction = signed(Sr25519Keyring::Alice, remark());
        let weight = transaction.get_dispatch_info().total_weight();
        let answer = Runtime::query_info(transaction, 200);
        assert_eq!((answer.partial_fee, answer.weight), (0, weight));
        assert!(weight.ref_time() > remark().get_dispatch_info().call_weight.ref_time());
    });
}
