// SPDX-License-Identifier: Apache-2.0

//! Abandoned multisig operations.

use crate::{mock::*, pallet::*};
use frame_support::assert_ok;
use sp_runtime::DispatchError::BadOrigin;
use twinchain_primitives::assert_noop;

type Error = crate::Error<Test>;

#[test]
fn any_account_can_clear_an_old_operation() {
    run(|| {
        let clear = |origin, account| Consortium::clear_multisig(origin, account, [1; 32]);
        begin_operation(M, [1; 32], 1);
        assert_noop!(clear(RuntimeOrigin::none(), M), BadOrigin);
        assert_noop!(clear(signed(N), S), Error::OperationNotFound);
        let other = Consortium::clear_multisig(signed(N), M, [2; 32]);
        assert_noop!(other, Error::OperationNotFound);
        go_to(30);
        assert_noop!(clear(signed(N), M), Error::OperationTooYoung);
        go_to(31);
        events();
        assert_ok!(clear(signed(N), M));
        assert_eq!(events(), [Event::OperationCleared { account: M, call_hash: [1; 32] }]);
        assert_noop!(clear(signed(N), M), Error::OperationNotFound);
    });
}
