//! Casts between lengths and the 32-bit numbers in programs and violations.

/// Returns a length or position as `u32`. Every text is shorter than the maximum.
#[inline]
pub(crate) fn to_u32(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// Returns a length or position as `usize`. Every target has at least 32 bits.
#[inline]
pub(crate) fn to_usize(value: u32) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}
