// SPDX-License-Identifier: Apache-2.0

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

/// The maximum length of a [`Name`], in bytes.
pub const MAX_NAME: u32 = 64;
/// The maximum length of an [`Asset`], in bytes.
pub const MAX_ASSET: u32 = 128;

/// The error for a text that is empty, too long, not UTF-8, or has a character that is not allowed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct InvalidText;

/// Returns `true` if the bytes are UTF-8 without control characters (Unicode category Cc).
pub fn is_readable(bytes: &[u8]) -> bool {
    core::str::from_utf8(bytes).is_ok_and(|text| !text.chars().any(char::is_control))
}

/// The ranges of code points that are invisible or that change the direction of the text after
/// them. Two texts that differ only in these look the same.
///
/// They are the code points with the property `Default_Ignorable_Code_Point` of Unicode 16, the
/// separators of lines and paragraphs, and the marks of interlinear annotation. U+200C and U+200D
/// are not included, because Persian, Hindi and other languages need them within words.
pub const HIDDEN: [(char, char); 20] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200b}'),
    ('\u{200e}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fff8}'),
    ('\u{fff9}', '\u{fffb}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e007f}'),
    ('\u{e0080}', '\u{e0fff}'),
];

/// Returns `true` if a text has no [`HIDDEN`] code points, and neither white space nor a joiner
/// (U+200C, U+200D) at its ends.
pub fn is_plain(bytes: &[u8]) -> bool {
    let hidden = |it: char| HIDDEN.iter().any(|(first, last)| (*first..=*last).contains(&it));
    let no_end = |it: char| it.is_whitespace() || matches!(it, '\u{200c}' | '\u{200d}');
    core::str::from_utf8(bytes).is_ok_and(|text| {
        !text.chars().any(hidden) && !text.starts_with(no_end) && !text.ends_with(no_end)
    })
}

/// The name of a link, a data set, a role or a plugin: UTF-8 text of 1 to [`MAX_NAME`] bytes. It
/// has no control characters, no [`HIDDEN`] code points, and no leading or trailing white space. It
/// has no `/`, which separates the steps of a path. Names are compared bytewise.
///
/// ```
/// use twinchain_primitives::Name;
/// assert!(Name::try_from(b"serviceLog".as_slice()).is_ok());
/// assert!(Name::try_from(b"engine/turbine".as_slice()).is_err());
/// assert!(Name::try_from(b" lead".as_slice()).is_err());
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

/// The physical thing that a twin represents, named by UTF-8 text of 1 to [`MAX_ASSET`] bytes. The
/// text has no control characters, no [`HIDDEN`] code points, and no leading or trailing white
/// space. By convention it is the manufacturer's identifier, a slash, and the serial number.
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
                // The length is checked first, because it bounds the work of the rest.
                let text = BoundedVec::try_from(bytes).map_err(|_| InvalidText)?;
                let allowed: fn(&[u8]) -> bool = $allowed;
                if !text.is_empty() && is_readable(&text) && is_plain(&text) && allowed(&text) {
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
        // The limit is in bytes, not characters: 22 times three bytes are 66.
        assert_eq!(Name::try_from("€".repeat(22).into_bytes()), Err(InvalidText));
    }

    #[test]
    fn names_must_be_readable_and_have_no_slash() {
        for bad in ["a/b", "/", "a\nb", "\0", "\u{7f}", "\u{85}"] {
            assert_eq!(Name::try_from(bad.as_bytes()), Err(InvalidText), "{bad:?}");
        }
        assert_eq!(Name::try_from([0xc3].as_slice()), Err(InvalidText));
        assert!(Name::try_from("Tür 3 – außen".as_bytes()).is_ok());
    }

    #[test]
    fn texts_with_hidden_code_points_are_rejected() {
        for (first, last) in HIDDEN {
            for hidden in [first, last] {
                for text in [format!("a{hidden}b"), format!("{hidden}a"), hidden.to_string()] {
                    assert!(Name::try_from(text.as_bytes()).is_err(), "{text:?}");
                    assert!(Asset::try_from(text.as_bytes()).is_err(), "{text:?}");
                }
            }
        }
        for space in [' ', '\u{a0}', '\u{2003}', '\u{3000}', '\u{200c}', '\u{200d}'] {
            let good = format!("a{space}b");
            assert!(Name::try_from(good.as_bytes()).is_ok(), "{good:?}");
            for bad in [format!("{space}a"), format!("a{space}"), space.to_string()] {
                assert!(Name::try_from(bad.as_bytes()).is_err(), "{bad:?}");
                assert!(Asset::try_from(bad.as_bytes()).is_err(), "{bad:?}");
            }
        }
        // Persian, Hindi, Korean, a combining mark, an emoji.
        for good in ["می\u{200c}خواهم", "क्\u{200d}ष", "엔진", "e\u{301}", "🏗"] {
            assert!(Name::try_from(good.as_bytes()).is_ok(), "{good:?}");
        }
    }

    #[test]
    fn hidden_code_points_are_in_order() {
        let ends: Vec<char> = HIDDEN.into_iter().flat_map(|(first, last)| [first, last]).collect();
        assert!(ends.is_sorted());
        assert!(HIDDEN.windows(2).all(|pair| pair[0].1 < pair[1].0));
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
