//! Casts between lengths and the 32-bit numbers that programs and violations hold.

/// Returns a length or position as `u32`; no text is longer than that.
#[inline]
pub(crate) fn to_u32(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// Returns a length or position as `usize`; no target has fewer than 32 bits.
#[inline]
pub(crate) fn to_usize(value: u32) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}
