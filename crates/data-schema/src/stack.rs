//! A stack that allocates only when it grows large, since an allocation is a call out of the
//! runtime.

use alloc::vec::Vec;

/// A stack of up to `N` elements in place, and any number on the heap.
pub(crate) struct Stack<T, const N: usize> {
    inline: [T; N],
    used: usize,
    /// All elements, once there have been more than `N`.
    heap: Vec<T>,
}

impl<T: Copy + Default, const N: usize> Default for Stack<T, N> {
    fn default() -> Self {
        Self { inline: [T::default(); N], used: 0, heap: Vec::new() }
    }
}

impl<T: Copy + Default, const N: usize> Stack<T, N> {
    #[inline]
    pub fn as_slice(&self) -> &[T] {
        if self.heap.is_empty() {
            self.inline.get(..self.used).unwrap_or_default()
        } else {
            &self.heap
        }
    }

    #[inline]
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        if self.heap.is_empty() {
            self.inline.get_mut(..self.used).unwrap_or_default()
        } else {
            &mut self.heap
        }
    }

    #[inline]
    pub fn len(&self) -> usize {
        if self.heap.is_empty() {
            self.used
        } else {
            self.heap.len()
        }
    }

    /// Adds an element on top and returns it, to be written in place. Passing it by value would
    /// store it twice, in pieces of different sizes, which stalls the processor.
    #[inline]
    pub fn push_slot(&mut self) -> Option<&mut T> {
        if self.heap.is_empty() && self.used < N {
            let slot = self.inline.get_mut(self.used);
            self.used = self.used.wrapping_add(1);
            slot
        } else {
            self.heap_slot()
        }
    }

    #[cold]
    fn heap_slot(&mut self) -> Option<&mut T> {
        if self.heap.is_empty() {
            self.heap.reserve(N.saturating_mul(4));
            self.heap.extend_from_slice(&self.inline);
        }
        self.heap.push(T::default());
        self.heap.last_mut()
    }

    #[inline]
    pub fn truncate(&mut self, length: usize) {
        if self.heap.is_empty() {
            self.used = self.used.min(length);
        } else {
            self.heap.truncate(length);
            self.used = 0;
        }
    }
}
