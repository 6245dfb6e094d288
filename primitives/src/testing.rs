// SPDX-License-Identifier: Apache-2.0

//! Helpers that the tests of the pallets share.

use frame_support::{dispatch::PostDispatchInfo, storage::storage_prefix};
use sp_runtime::{DispatchError, DispatchErrorWithPostInfo, SaturatedConversion};
use std::collections::BTreeMap;

/// An error of a call that can be compared without the charge for the failed call.
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

/// Like `frame_support::assert_noop`, but ignores the charge for the failed call.
#[macro_export]
macro_rules! assert_noop {
    ($call:expr, $error:expr $(,)?) => {
        frame_support::assert_noop!(($call).map_err($crate::testing::Uncharge::uncharge), $error)
    };
}

/// The keys and values of a state.
pub type State = BTreeMap<Vec<u8>, Vec<u8>>;

/// Returns the whole state. Must run within externalities.
pub fn state() -> State {
    let (mut state, mut key) = (State::new(), Vec::new());
    while let Some(next) = sp_io::storage::next_key(&key) {
        if let Some(value) = sp_io::storage::get(&next) {
            state.insert(next.clone(), value.to_vec());
        }
        key = next;
    }
    state
}

/// Returns the number of bytes of keys and values in `after` that are new or changed since
/// `before`. Ignores keys that every block writes.
pub fn written_bytes(before: &State, after: &State) -> u64 {
    let changed = after.iter().filter(|(key, value)| before.get(*key) != Some(value));
    let bytes = |(key, value): (&Vec<u8>, &Vec<u8>)| key.len().saturating_add(value.len());
    let all = changed.filter(|(key, _)| !is_of_every_block(key)).map(bytes);
    all.fold(0, usize::saturating_add).saturated_into()
}

/// Returns `true` if every block writes this key: the time, the events and counters of
/// frame-system, and the client's keys for the current extrinsic.
fn is_of_every_block(key: &[u8]) -> bool {
    let kept = [b"Account".as_slice(), b"AuthorizedUpgrade"];
    if kept.iter().any(|item| key.starts_with(&storage_prefix(b"System", item))) {
        return false;
    }
    let pallets = [b"System".as_slice(), b"Timestamp"];
    let client = key.starts_with(b":") && key != b":code";
    client || pallets.iter().any(|pallet| key.starts_with(&sp_io::hashing::twox_128(pallet)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_bytes_counts_new_and_changed_values() {
        let events = [storage_prefix(b"System", b"Events").as_slice(), b"events"].concat();
        let account = [storage_prefix(b"System", b"Account").as_slice(), b"account"].concat();
        let of = |records: &[(&[u8], &[u8])]| -> State {
            records.iter().map(|(key, value)| (key.to_vec(), value.to_vec())).collect()
        };
        let before = of(&[(b"same", b"1"), (b"gone", b"2"), (b"longer", b"3")]);
        let after = of(&[(b"same", b"1"), (b"longer", b"33"), (b"new", b"4"), (&events, b"5")]);
        assert_eq!(written_bytes(&before, &after), 8 + 4);
        let after = of(&[(&account, b"6"), (b":extrinsic_index", b"7"), (b":code", b"8")]);
        let bytes: u64 = (account.len() + 1 + 6).saturated_into();
        assert_eq!(written_bytes(&before, &after), bytes);
    }

    #[test]
    fn state_returns_all_keys_and_values() {
        sp_io::TestExternalities::default().execute_with(|| {
            sp_io::storage::set(b"a", b"1");
            sp_io::storage::set(b"b", b"");
            let state = state();
            assert_eq!(state.get(b"a".as_slice()), Some(&b"1".to_vec()));
            assert_eq!(state.get(b"b".as_slice()), Some(&vec![]));
        });
    }
}
