// SPDX-License-Identifier: Apache-2.0

//! The chain's hash function.

use subxt::{config::substrate::BlakeTwo256, config::Hasher, utils::H256};

/// Returns the blake2_256 hash of bytes.
pub fn blake2_256(bytes: &[u8]) -> H256 {
    BlakeTwo256.hash(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_is_blake2_with_256_bits() {
        let expected = "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8";
        assert_eq!(hex::encode(blake2_256(b"").0), expected);
    }
}
