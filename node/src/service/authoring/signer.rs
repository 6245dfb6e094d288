// SPDX-License-Identifier: Apache-2.0

//! Reads the signer of an extrinsic.

use codec::{Decode, Input};
use twinchain_runtime::{opaque::UncheckedExtrinsic, AccountId, Address};

/// The first byte of a signed extrinsic of version 4, the only one that has a signer.
const SIGNED_V4: u8 = 0b1000_0100;

/// Returns the account that signed `extrinsic`, or `None` if it is not signed or malformed.
///
/// Decodes only the start, so that calls of a later runtime do not matter. Does not verify the
/// signature: the pool did so.
pub fn signer(extrinsic: &UncheckedExtrinsic) -> Option<AccountId> {
    let mut bytes = extrinsic.inner();
    if bytes.read_byte().ok()? != SIGNED_V4 {
        return None;
    }
    match Address::decode(&mut bytes).ok()? {
        Address::Id(account) => Some(account),
        // The runtime accepts no other form of address.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Encode;
    use sp_core::{sr25519, Pair};
    use twinchain_runtime::{signing::sign, Hash, RuntimeCall, UncheckedExtrinsic as Extrinsic};

    fn remark() -> RuntimeCall {
        RuntimeCall::decode(&mut &[0, 0, 4, 7][..]).unwrap()
    }

    fn opaque(extrinsic: &Extrinsic) -> UncheckedExtrinsic {
        UncheckedExtrinsic::try_from_encoded_extrinsic(&extrinsic.encode()).unwrap()
    }

    fn of_bytes(bytes: &[u8]) -> Option<AccountId> {
        signer(&UncheckedExtrinsic::from_blob(bytes.to_vec()))
    }

    #[test]
    fn signed_extrinsic_has_a_signer() {
        let pair = sr25519::Pair::from_string("//Alice", None).unwrap();
        let signed = sign(remark(), &pair, 3, Hash::zero());
        assert_eq!(signer(&opaque(&signed)), Some(pair.public().into()));
    }

    #[test]
    fn bare_extrinsic_has_no_signer() {
        assert_eq!(signer(&opaque(&Extrinsic::new_bare(remark()))), None);
    }

    #[test]
    fn call_is_not_decoded() {
        let account = AccountId::new([7; 32]);
        let start = [vec![SIGNED_V4], Address::Id(account.clone()).encode()].concat();
        assert_eq!(of_bytes(&[&start[..], &[255; 3]].concat()), Some(account));
        // One byte of the address is missing.
        assert_eq!(of_bytes(&start[..start.len() - 1]), None);
    }

    #[test]
    fn other_versions_addresses_and_garbage_have_no_signer() {
        let address = Address::Id(AccountId::new([7; 32])).encode();
        for version in [0x04, 0x05, 0x45, 0x85, 0x00, 0xff] {
            assert_eq!(of_bytes(&[&[version], &address[..]].concat()), None);
        }
        let raw = Address::Raw(vec![7; 32]).encode();
        assert_eq!(of_bytes(&[&[SIGNED_V4], &raw[..]].concat()), None);
        // A length far beyond the end.
        assert_eq!(of_bytes(&[SIGNED_V4, 2, 0xfe, 0xff, 0xff, 0xff]), None);
        assert_eq!(of_bytes(&[]), None);
        assert_eq!(of_bytes(&[SIGNED_V4]), None);
    }
}
