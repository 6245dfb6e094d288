// SPDX-License-Identifier: Apache-2.0

//! What the tests of the pallets share.

use frame_support::dispatch::PostDispatchInfo;
use sp_runtime::{DispatchError, DispatchErrorWithPostInfo};

/// An error of a call, compared without what the refused call is charged.
pub trait Uncharge: Sized {
    /// Returns the error without the charge.
    fn uncharge(self) -> Self {
        self
    }
}

impl Uncharge for DispatchError {}

impl Uncharge for DispatchErrorWithPostInfo<PostDispatchInfo> {
    fn uncharge(self) -> Self {
        Self { post_info: PostDispatchInfo::default(), ..self }
    }
}

/// As `frame_support::assert_noop`, whatever the refused call is charged.
#[macro_export]
macro_rules! assert_noop {
    ($call:expr, $error:expr $(,)?) => {
        frame_support::assert_noop!(($call).map_err($crate::testing::Uncharge::uncharge), $error)
    };
}
