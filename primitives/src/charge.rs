// SPDX-License-Identifier: Apache-2.0

//! Charges: the second dimension of weight, and refunds.

use frame_support::{
    dispatch::{DispatchResultWithPostInfo, PostDispatchInfo},
    weights::Weight,
};
use sp_runtime::{DispatchError, DispatchErrorWithPostInfo};

/// Returns the weight of writing this many bytes to the state, with a reference time of zero.
///
/// The second dimension of weight, which FRAME calls the proof size, counts the bytes of keys and
/// values that a call writes or replaces. This chain creates no storage proofs of blocks.
///
/// ```
/// use twinchain_primitives::writes_bytes;
/// let weight = writes_bytes(100).saturating_add(writes_bytes(20));
/// assert_eq!((weight.ref_time(), weight.proof_size()), (0, 120));
/// ```
pub const fn writes_bytes(bytes: u64) -> Weight {
    Weight::from_parts(0, bytes)
}

/// Returns the sum of these numbers of bytes, saturating.
pub fn sum_bytes(parts: impl IntoIterator<Item = u64>) -> u64 {
    parts.into_iter().fold(0, u64::saturating_add)
}

/// Charges a call for `spent`. A failed call is charged for the time only, because it leaves
/// nothing in the state.
pub fn with_actual_weight<R>(
    spent: Weight,
    result: Result<R, DispatchError>,
) -> DispatchResultWithPostInfo {
    match result {
        Ok(_) => Ok(PostDispatchInfo::from(Some(spent))),
        Err(error) => {
            let post_info = PostDispatchInfo::from(Some(spent.set_proof_size(0)));
            Err(DispatchErrorWithPostInfo { post_info, error })
        },
    }
}

/// Charges a call for `time` in any case, and for the number of written bytes in `result`.
pub fn with_written_bytes(
    time: Weight,
    result: Result<u64, DispatchError>,
) -> DispatchResultWithPostInfo {
    let written = writes_bytes(result.unwrap_or_default());
    with_actual_weight(time.saturating_add(written), result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failed_call_is_not_charged_for_bytes() {
        let spent = Weight::from_parts(5, 100);
        let refused = with_actual_weight::<()>(spent, Err(DispatchError::BadOrigin)).unwrap_err();
        assert_eq!(refused.post_info.actual_weight, Some(Weight::from_parts(5, 0)));
        let done = with_actual_weight(spent, Ok(())).unwrap();
        assert_eq!(done.actual_weight, Some(spent));
    }

    #[test]
    fn written_bytes_are_added_to_the_time() {
        let time = Weight::from_parts(5, 0);
        let done = with_written_bytes(time, Ok(70)).unwrap();
        assert_eq!(done.actual_weight, Some(Weight::from_parts(5, 70)));
        let refused = with_written_bytes(time, Err(DispatchError::BadOrigin)).unwrap_err();
        assert_eq!(refused.post_info.actual_weight, Some(time));
    }
}
