// SPDX-License-Identifier: Apache-2.0

use crate::MAX_DESCRIPTION;
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use data_schema::json::Limits;
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use sp_runtime::SaturatedConversion;

/// The reason why a text is not a [`Description`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DescriptionError {
    /// It has more than [`MAX_DESCRIPTION`] bytes.
    TooLong,
    /// It is not JSON text (RFC 8259), or an object in it has two members with the same name.
    NotJson {
        /// The offset of the first invalid byte.
        offset: u16,
    },
}

/// The owner's description of a twin or a container: a JSON text (RFC 8259) of 1 to
/// [`MAX_DESCRIPTION`] bytes, stored byte for byte.
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
        // The length is checked first, because it bounds the work of the rest.
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
