// SPDX-License-Identifier: Apache-2.0

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, FullCodec};
use frame_support::{storage::StorageDoubleMap, IterableStorageDoubleMap};
use scale_info::TypeInfo;

/// The maximum number of items on one page, even if the caller passes a higher limit.
pub const MAX_PAGE: u32 = 256;

/// One page of the results of a read.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct Page<Item, Cursor> {
    /// The items, at most [`MAX_PAGE`].
    pub items: Vec<Item>,
    /// The cursor to pass to the next call, or `None` if this is the last page.
    pub next: Option<Cursor>,
}

impl<Item, Cursor> Page<Item, Cursor> {
    /// Collects `limit` items (at least 1, at most [`MAX_PAGE`]) of `source`. If more follow,
    /// `next` is the cursor of the last item on the page. The next page starts after it.
    pub fn collect(source: impl Iterator<Item = (Cursor, Item)>, limit: u32) -> Self {
        let limit = limit.clamp(1, MAX_PAGE);
        let mut items = Vec::new();
        let (mut last, mut next) = (None, None);
        for (taken, (cursor, item)) in (0..=limit).zip(source) {
            // An item beyond the limit shows that another page follows.
            if taken == limit {
                next = last.take();
                break;
            }
            items.push(item);
            last = Some(cursor);
        }
        Self { items, next }
    }
}

/// Returns the second keys of a double map under a first key, starting after `after`, in the map's
/// order. They are the source of a page whose cursor is the key.
pub fn keys_after<Map, First, Second, Value>(
    first: First,
    after: Option<Second>,
) -> Map::PartialKeyIterator
where
    Map: IterableStorageDoubleMap<First, Second, Value>,
    First: FullCodec + Clone,
    Second: FullCodec,
    Value: FullCodec,
{
    match after {
        Some(second) => {
            let key = <Map as StorageDoubleMap<_, _, _>>::hashed_key_for(first.clone(), second);
            Map::iter_key_prefix_from(first, key)
        },
        None => Map::iter_key_prefix(first),
    }
}

/// Returns one page of the second keys of a double map under a first key, starting after `after`.
/// The cursor is the key.
pub fn page_of_keys<Map, First, Second, Value>(
    first: First,
    after: Option<Second>,
    limit: u32,
) -> Page<Second, Second>
where
    Map: IterableStorageDoubleMap<First, Second, Value>,
    First: FullCodec + Clone,
    Second: FullCodec + Clone,
    Value: FullCodec,
{
    let keys = keys_after::<Map, _, _, _>(first, after);
    Page::collect(keys.map(|key| (key.clone(), key)), limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_page_has_no_cursor() {
        let page = Page::collect((0..3).map(|n| (n, n)), 3);
        assert_eq!(page, Page { items: vec![0, 1, 2], next: None });
    }

    #[test]
    fn page_has_a_cursor_when_items_follow() {
        let page = Page::collect((0..9).map(|n| (n, n)), 3);
        assert_eq!(page, Page { items: vec![0, 1, 2], next: Some(2) });
    }

    #[test]
    fn limit_is_clamped() {
        assert_eq!(Page::collect((0..9).map(|n| (n, n)), 0).items.len(), 1);
        assert_eq!(Page::collect((0..999).map(|n| (n, n)), u32::MAX).items.len(), 256);
    }
}
