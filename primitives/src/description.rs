// SPDX-License-Identifier: Apache-2.0

use crate::MAX_DESCRIPTION;
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use data_schema::json::Limits;
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use sp_runtime::SaturatedConversion;

/// Why a text is no [`Description`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DescriptionError {
    /// It has more than [`MAX_DESCRIPTION`] bytes.
    TooLong,
    /// It is no JSON text (RFC 8259), or an object in it has a member twice.
    NotJson {
        /// The offset of the first byte that is wrong.
        offset: u16,
    },
}

/// What a twin or a container is, in its owner's words: one JSON text (RFC 8259) of at most
/// [`MAX_DESCRIPTION`] bytes, kept byte for byte.
///
/// ```
/// use twinchain_primitives::{Description, DescriptionError};
/// assert!(Description::try_from(br#"{"name":"Big Crane 250"}"#.to_vec()).is_ok());
/// let unquoted = Description::try_from(b"Big Crane 250".to_vec());
/// assert_eq!(unquoted, Err(DescriptionError::NotJson { offset: 0 }));
/// ```
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Description(BoundedVec<u8, ConstU32<MAX_DESCRIPTION>>);

impl TryFrom<Vec<u8>> for Description {
    type Error = DescriptionError;

    fn try_from(text: Vec<u8>) -> Result<Self, DescriptionError> {
        // The length comes first: it bounds the work of the rest.
        let text = BoundedVec::try_from(text).map_err(|_| DescriptionError::TooLong)?;
        data_schema::json::check(&text, Limits::default()).map_err(|violation| {
            DescriptionError::NotJson { offset: violation.offset.saturated_into() }
        })?;
        Ok(Self(text))
    }
}

impl From<Description> for Vec<u8> {
    fn from(description: Description) -> Self {
        description.0.into()
    }
}

impl AsRef<[u8]> for Description {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}
