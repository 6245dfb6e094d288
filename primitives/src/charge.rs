// SPDX-License-Identifier: Apache-2.0

use frame_support::{
    dispatch::{DispatchResultWithPostInfo, PostDispatchInfo},
    weights::Weight,
};
use sp_runtime::{DispatchError, DispatchErrorWithPostInfo};

/// Charges a call for what it did: `spent`, whether it succeeded or was refused.
pub fn with_actual_weight<R>(
    spent: Weight,
    result: Result<R, DispatchError>,
) -> DispatchResultWithPostInfo {
    let post_info = PostDispatchInfo::from(Some(spent));
    match result {
        Ok(_) => Ok(post_info),
        Err(error) => Err(DispatchErrorWithPostInfo { post_info, error }),
    }
}
