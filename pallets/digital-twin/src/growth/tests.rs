// SPDX-License-Identifier: Apache-2.0

//! The bounds of the written bytes, compared with the encoded lengths of the types.

use super::*;
use codec::MaxEncodedLen;
use twinchain_primitives::{Asset, Description, Name};

type Account = [u8; 32];

fn bytes<V: MaxEncodedLen>() -> u64 {
    u64::try_from(V::max_encoded_len()).unwrap()
}

#[test]
fn bounds_match_the_encoded_lengths() {
    // An `Option` is one byte longer than its content. The constant of the twin includes that byte.
    let offer = bytes::<Offer<Account>>();
    assert_eq!(OFFER, offer);
    assert_eq!(LONG_TWIN + OFFER, MAP + ID + bytes::<Twin<Account, u32>>());
    assert_eq!(LONG_TWIN - TWIN + LENGTH, bytes::<Asset>());
    assert_eq!(link(&[0; 64]), MAP + ID + 16 + bytes::<Name>() + bytes::<Target<Account>>());
    assert_eq!(description(&[0; 8_192]), MAP + ID + bytes::<Description>());
}
