// SPDX-License-Identifier: Apache-2.0

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, FullCodec};
use frame_support::{storage::StorageDoubleMap, IterableStorageDoubleMap};
use scale_info::TypeInfo;

/// The most items that one page of a read holds, whatever the caller asks for.
pub const MAX_PAGE: u32 = 256;

/// One page of a longer answer.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct Page<Item, Cursor> {
    /// The items, at most [`MAX_PAGE`].
    pub items: Vec<Item>,
    /// Where to go on: pass it to the next call. Nothing: this was the last page.
    pub next: Option<Cursor>,
}

impl<Item, Cursor> Page<Item, Cursor> {
    /// Collects up to `limit` items (at most [`MAX_PAGE`], at least one) of `source`. If more
    /// follow, `next` is the cursor of the last item in the page: the next page starts after it.
    pub fn collect(source: impl Iterator<Item = (Cursor, Item)>, limit: u32) -> Self {
        let limit = limit.clamp(1, MAX_PAGE);
        let mut items = Vec::new();
        let (mut last, mut next) = (None, None);
        for (taken, (cursor, item)) in (0..=limit).zip(source) {
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

/// The second keys of a double map under a first one, from behind `after` on, in the map's order:
/// the source of a page whose cursor is the key.
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

/// One page of the second keys of a double map under a first one, behind `after`. The cursor is the
/// key.
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
    fn a_page_ends_where_the_source_ends() {
        let page = Page::collect((0..3).map(|n| (n, n)), 3);
        assert_eq!(page, Page { items: vec![0, 1, 2], next: None });
    }

    #[test]
    fn a_full_page_tells_where_to_go_on() {
        let page = Page::collect((0..9).map(|n| (n, n)), 3);
        assert_eq!(page, Page { items: vec![0, 1, 2], next: Some(2) });
    }

    #[test]
    fn the_limit_has_limits() {
        assert_eq!(Page::collect((0..9).map(|n| (n, n)), 0).items.len(), 1);
        assert_eq!(Page::collect((0..999).map(|n| (n, n)), u32::MAX).items.len(), 256);
    }
}
