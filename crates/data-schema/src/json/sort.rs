//! Sorting by a text and its hash, in bounded time for any texts.

use super::text::Text;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// Sorts by a key, which includes the hash of the text, then by the text, then by `then`.
///
/// Texts are compared only if their keys are equal, which requires an attacker. They are then
/// unescaped once: comparing escaped text takes ten times as long, and a sort compares many times.
pub(crate) fn sort_by_text<'t, T: Copy, K: Ord>(
    items: &mut [T],
    key: impl Fn(&T) -> K,
    text: impl Fn(&T) -> Text<'t>,
    then: impl Fn(&T, &T) -> Ordering,
) {
    items.sort_unstable_by_key(|item| key(item));
    let mut plain: Vec<u8> = Vec::new();
    let mut run: Vec<(usize, usize, T)> = Vec::new();
    for same in items.chunk_by_mut(|a, b| key(a) == key(b)) {
        if same.len() < 2 {
            continue;
        }
        plain.clear();
        run.clear();
        for item in same.iter() {
            let start = plain.len();
            text(item).append_to(&mut plain);
            run.push((start, plain.len(), *item));
        }
        let of = |(start, end, _): &(usize, usize, T)| plain.get(*start..*end).unwrap_or_default();
        run.sort_unstable_by(|a, b| of(a).cmp(of(b)).then_with(|| then(&a.2, &b.2)));
        for (slot, (.., item)) in same.iter_mut().zip(&run) {
            *slot = *item;
        }
    }
}
