// SPDX-License-Identifier: Apache-2.0

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

/// The longest [`Name`], in bytes.
pub const MAX_NAME: u32 = 64;
/// The longest [`Asset`], in bytes.
pub const MAX_ASSET: u32 = 128;

/// The text is empty, too long, no UTF-8, or has a character that is not allowed there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct InvalidText;

/// Whether the bytes are UTF-8 without control characters (Unicode category Cc).
pub fn is_readable(bytes: &[u8]) -> bool {
    core::str::from_utf8(bytes).is_ok_and(|text| !text.chars().any(char::is_control))
}

/// The name of a link, a data set, a role or a plugin: 1 to [`MAX_NAME`] bytes of UTF-8 without
/// control characters and without `/`, which separates the steps of a path. Compared bytewise.
///
/// ```
/// use twinchain_primitives::Name;
/// assert!(Name::try_from(b"serviceLog".as_slice()).is_ok());
/// assert!(Name::try_from(b"engine/turbine".as_slice()).is_err());
/// assert!(Name::try_from([].as_slice()).is_err());
/// ```
#[derive(
    Clone,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Encode,
    Eq,
    MaxEncodedLen,
    Ord,
    PartialEq,
    PartialOrd,
    TypeInfo,
)]
pub struct Name(BoundedVec<u8, ConstU32<MAX_NAME>>);

/// The physical thing that a twin stands for: 1 to [`MAX_ASSET`] bytes of UTF-8 without control
/// characters. By convention the maker's identifier, a slash, the serial number.
///
/// ```
/// use twinchain_primitives::Asset;
/// assert!(Asset::try_from(b"cranes.example/BC250-4711".as_slice()).is_ok());
/// assert!(Asset::try_from([0xff].as_slice()).is_err());
/// ```
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Asset(BoundedVec<u8, ConstU32<MAX_ASSET>>);

macro_rules! readable_text {
    ($type:ty, $allowed:expr) => {
        impl TryFrom<&[u8]> for $type {
            type Error = InvalidText;

            fn try_from(bytes: &[u8]) -> Result<Self, InvalidText> {
                Vec::from(bytes).try_into()
            }
        }

        impl TryFrom<Vec<u8>> for $type {
            type Error = InvalidText;

            fn try_from(bytes: Vec<u8>) -> Result<Self, InvalidText> {
                // The length comes first: it bounds the work of the rest.
                let text = BoundedVec::try_from(bytes).map_err(|_| InvalidText)?;
                let allowed: fn(&[u8]) -> bool = $allowed;
                if !text.is_empty() && is_readable(&text) && allowed(&text) {
                    Ok(Self(text))
                } else {
                    Err(InvalidText)
                }
            }
        }

        impl AsRef<[u8]> for $type {
            fn as_ref(&self) -> &[u8] {
                &self.0
            }
        }
    };
}

readable_text!(Name, |text| !text.contains(&b'/'));
readable_text!(Asset, |_| true);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_1_to_64_bytes() {
        assert_eq!(Name::try_from([].as_slice()), Err(InvalidText));
        assert!(Name::try_from(vec![b'a'; 64]).is_ok());
        assert_eq!(Name::try_from(vec![b'a'; 65]), Err(InvalidText));
        // Bytes count, not characters: 22 times three bytes are 66.
        assert_eq!(Name::try_from("€".repeat(22).into_bytes()), Err(InvalidText));
    }

    #[test]
    fn names_are_readable_and_without_slash() {
        for bad in ["a/b", "/", "a\nb", "\0", "\u{7f}", "\u{85}"] {
            assert_eq!(Name::try_from(bad.as_bytes()), Err(InvalidText), "{bad:?}");
        }
        assert_eq!(Name::try_from([0xc3].as_slice()), Err(InvalidText));
        assert!(Name::try_from("Tür 3 – außen".as_bytes()).is_ok());
    }

    #[test]
    fn assets_have_1_to_128_readable_bytes() {
        assert!(Asset::try_from(b"maker/serial/1".as_slice()).is_ok());
        assert!(Asset::try_from(vec![b'a'; 128]).is_ok());
        assert_eq!(Asset::try_from(vec![b'a'; 129]), Err(InvalidText));
        assert_eq!(Asset::try_from([].as_slice()), Err(InvalidText));
        assert_eq!(Asset::try_from(b"a\tb".as_slice()), Err(InvalidText));
    }
}
