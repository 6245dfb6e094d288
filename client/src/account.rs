// SPDX-License-Identifier: Apache-2.0

//! Parsing of accounts as users write them.

use crate::failure::Failure;
use subxt::utils::AccountId32;
use subxt_signer::sr25519::dev;

/// A function that returns a well-known key.
type Key = fn() -> subxt_signer::sr25519::Keypair;

/// The accounts of a development chain, by name.
const DEVELOPERS: [(&str, Key); 6] = [
    ("alice", dev::alice),
    ("bob", dev::bob),
    ("charlie", dev::charlie),
    ("dave", dev::dave),
    ("eve", dev::eve),
    ("ferdie", dev::ferdie),
];

/// The maximum length of an address, in bytes.
const MAX_ADDRESS: usize = 64;

/// Returns the well-known key of a development chain with this name, such as `alice`, or `None`.
pub fn developer(name: &str) -> Option<subxt_signer::sr25519::Keypair> {
    let name = name.to_lowercase();
    DEVELOPERS.iter().find(|(known, _)| *known == name).map(|(_, key)| key())
}

/// Parses an account: an SS58 address, 32 bytes in hexadecimal after `0x`, or the name of an
/// account of the development chain.
pub fn parse(text: &str) -> Result<AccountId32, Failure> {
    if let Some(key) = developer(text) {
        return Ok(key.public_key().to_account_id());
    }
    if let Some(digits) = text.strip_prefix("0x") {
        let mut bytes = [0; 32];
        return match hex::decode_to_slice(digits, &mut bytes) {
            Ok(()) => Ok(AccountId32(bytes)),
            Err(_) => Err(Failure::usage(format!("{text} is not an account: it is not 32 bytes"))),
        };
    }
    // The library panics on a very long address.
    let parsed = if text.len() > MAX_ADDRESS { None } else { text.parse().ok() };
    parsed.ok_or_else(|| {
        Failure::usage(format!("{:.80} is not an account", text)).fix(
            "write an address such as 5Grw…utQY, 32 bytes after 0x, or on a development chain \
                 alice, bob, charlie, dave, eve or ferdie",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_can_be_written_in_three_ways() {
        let alice = dev::alice().public_key().to_account_id();
        for text in [alice.to_string(), format!("0x{}", hex::encode(alice.0)), "Alice".into()] {
            assert_eq!(parse(&text).unwrap(), alice);
        }
        let wrong = &alice.to_string()[1..];
        let long = "1".repeat(200);
        for text in ["", "0x12", "mallory", wrong, "0xzz", &long] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
