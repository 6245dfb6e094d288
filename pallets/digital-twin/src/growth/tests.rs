// SPDX-License-Identifier: Apache-2.0

//! The bounds of what calls write, against the records' lengths.

use super::*;
use codec::MaxEncodedLen;
use twinchain_primitives::{Asset, Description, Name};

type Account = [u8; 32];

fn bytes<V: MaxEncodedLen>() -> u64 {
    u64::try_from(V::max_encoded_len()).unwrap()
}

#[test]
fn records_are_as_long_as_their_types_say() {
    // `Option` has one byte more than what is in it, and that byte is in the twin.
    let offer = bytes::<Offer<Account>>();
    assert_eq!(OFFER, offer);
    assert_eq!(LONG_TWIN + OFFER, MAP + ID + bytes::<Twin<Account, u32>>());
    assert_eq!(LONG_TWIN - TWIN + LENGTH, bytes::<Asset>());
    assert_eq!(link(&[0; 64]), MAP + ID + 16 + bytes::<Name>() + bytes::<Target<Account>>());
    assert_eq!(description(&[0; 8_192]), MAP + ID + bytes::<Description>());
}
