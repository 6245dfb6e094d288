// SPDX-License-Identifier: Apache-2.0

//! Signs transactions for clients in Rust. All of them are immortal: they never expire, so they can
//! be made long before they are sent.

use crate::{
    Address, Hash, Nonce, RuntimeCall, Signature, SignedPayload, TxExtension, UncheckedExtrinsic,
    VERSION,
};
use codec::Encode;
use sp_core::{sr25519, Pair};
use sp_runtime::generic::Era;

/// Returns the extensions of an immortal transaction.
pub fn immortal(nonce: Nonce) -> TxExtension {
    (
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckMortality::from(Era::Immortal),
        pallet_consortium::CheckMember::new(),
        pallet_consortium::CheckNonce(nonce),
        frame_system::CheckWeight::new(),
        frame_metadata_hash_extension::CheckMetadataHash::new(false),
        frame_system::WeightReclaim::new(),
    )
}

/// Returns the payload that is signed for an immortal transaction on the chain with this genesis
/// block. Reads no state.
pub fn immortal_payload(call: RuntimeCall, nonce: Nonce, genesis: Hash) -> SignedPayload {
    let (spec, transaction) = (VERSION.spec_version, VERSION.transaction_version);
    let implicit = ((), spec, transaction, genesis, genesis, (), (), (), None, ());
    SignedPayload::from_raw(call, immortal(nonce), implicit)
}

/// Signs `call` with `pair` as an immortal transaction on the chain with this genesis block. Reads
/// no state.
pub fn sign(
    call: RuntimeCall,
    pair: &sr25519::Pair,
    nonce: Nonce,
    genesis: Hash,
) -> UncheckedExtrinsic {
    let payload = immortal_payload(call, nonce, genesis);
    let signature = payload.using_encoded(|bytes| pair.sign(bytes));
    let (call, extension, _) = payload.deconstruct();
    UncheckedExtrinsic::new_signed(
        call,
        Address::Id(pair.public().into()),
        Signature::Sr25519(signature),
        extension,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Decode;
    use sp_keyring::Sr25519Keyring::Bob;
    use sp_runtime::{generic::Preamble, traits::Verify};

    const GENESIS: Hash = Hash::repeat_byte(7);

    fn remark() -> RuntimeCall {
        frame_system::Call::remark { remark: b"signed".to_vec() }.into()
    }

    #[test]
    fn signed_extrinsic_decodes_to_its_last_byte() {
        let bytes = sign(remark(), &Bob.pair(), 5, GENESIS).encode();
        let mut rest = &bytes[..];
        let decoded = UncheckedExtrinsic::decode(&mut rest).unwrap();
        assert!(rest.is_empty());
        assert_eq!(decoded.function, remark());
    }

    #[test]
    fn signature_is_valid_for_one_nonce_on_one_chain() {
        let signed = sign(remark(), &Bob.pair(), 5, GENESIS);
        let Preamble::Signed(address, signature, extension) = signed.preamble else {
            panic!("the extrinsic is signed");
        };
        assert_eq!(address, Address::Id(Bob.to_account_id()));
        assert_eq!(extension.6 .0, 5);
        let verify = |nonce, genesis| {
            let payload = immortal_payload(remark(), nonce, genesis);
            payload.using_encoded(|bytes| signature.verify(bytes, &Bob.to_account_id()))
        };
        assert!(verify(5, GENESIS));
        assert!(!verify(6, GENESIS));
        assert!(!verify(5, Hash::zero()));
    }
}
