//! Exact decimal numbers as in JSON text (RFC 8259, section 6), without floats.
//!
//! A number is accepted if its exact value is 0, or has at most [`MAX_DIGITS`] significant digits
//! and is in `10^-512 <= |x| < 10^513` (in scientific notation `d.ddd * 10^e` with `e` from -512 to
//! 512). The bound is on the value, never on its notation: `0e999999` is 0, and `1` followed by 600
//! zeros and `e-600` is 1. Every operation takes constant time, or time linear in the number of
//! digits in the text.

mod multiple;

pub(crate) use multiple::Divisor;

use crate::cast::to_u32;
use core::{cmp::Ordering, fmt};

/// The maximum number of significant digits.
pub const MAX_DIGITS: usize = 128;

/// The largest decimal exponent. Its negative is the smallest one.
pub const MAX_EXPONENT: i32 = 512;

/// A number as it is written in a text: its parts, without its value.
#[derive(Clone, Copy, Default)]
pub struct Number<'a> {
    pub(crate) negative: bool,
    pub(crate) integer: &'a [u8],
    pub(crate) fraction: &'a [u8],
    pub(crate) exponent: i32,
    /// `true` if an exponent is written.
    pub(crate) is_scientific: bool,
}

impl<'a> Number<'a> {
    /// Returns `true` if the value is within the bounds of this module.
    #[inline]
    pub(crate) fn is_bounded(&self) -> bool {
        let digits = self.integer.len().saturating_add(self.fraction.len());
        // A number with few digits and without exponent is within the bounds.
        (digits <= MAX_DIGITS && self.exponent == 0) || self.decimal().is_bounded()
    }

    /// Returns `true` if the value is an integer for `type`: `1.0` and `1e2` are.
    #[inline]
    pub fn is_integer(&self) -> bool {
        match (self.fraction, self.exponent) {
            ([], 0..) => true,
            ([.., b'1'..=b'9'], ..=0) => false,
            _ => self.decimal().exponent >= 0,
        }
    }

    /// Returns `true` if the number is written without fraction and exponent.
    #[inline]
    pub(crate) fn is_plain(&self) -> bool {
        self.fraction.is_empty() && !self.is_scientific
    }

    /// Returns the value if it is an integer from 0 to `u32::MAX`, or `None`.
    pub fn to_u32(&self) -> Option<u32> {
        let decimal = self.decimal();
        if decimal.negative || !(0..=10).contains(&decimal.exponent) {
            return None;
        }
        let mut value = 0u32;
        for digit in decimal.digits() {
            value = value.checked_mul(10)?.checked_add(u32::from(digit & 0x0f))?;
        }
        for _ in 0..decimal.exponent {
            value = value.checked_mul(10)?;
        }
        Some(value)
    }

    /// Returns the exact value.
    #[inline]
    pub fn decimal(&self) -> Decimal<'a> {
        let fraction = trim_end(self.fraction);
        // Zeros are trimmed at both ends, beyond the point if one part is empty.
        let (mut first, mut second) = (trim_start(self.integer), fraction);
        let mut exponent = self.exponent.saturating_sub(to_i32(fraction.len()));
        if first.is_empty() {
            (first, second) = (trim_start(fraction), &[]);
        }
        if second.is_empty() {
            let trimmed = trim_end(first);
            let zeros = first.len().saturating_sub(trimmed.len());
            exponent = exponent.saturating_add(to_i32(zeros));
            first = trimmed;
        }
        if first.is_empty() {
            return Decimal { negative: false, first, second, exponent: 0 };
        }
        Decimal { negative: self.negative, first, second, exponent }
    }
}

impl fmt::Debug for Number<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.decimal(), f)
    }
}

/// An exact value `± digits * 10^exponent`. The digits neither begin nor end with a zero, so equal
/// values are equal in every part. 0 has no digits. Equality and order are mathematical.
#[derive(Clone, Copy)]
pub struct Decimal<'a> {
    negative: bool,
    /// The ASCII digits before and after the point, as two parts of the text.
    first: &'a [u8],
    second: &'a [u8],
    exponent: i32,
}

impl<'a> Decimal<'a> {
    /// Returns `true` if the value is below 0.
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// Returns `true` if the value is 0.
    #[inline]
    pub fn is_zero(&self) -> bool {
        self.first.is_empty()
    }

    /// Returns the exponent of the last digit.
    pub(crate) fn exponent(&self) -> i32 {
        self.exponent
    }

    /// Returns the significant digits in ASCII.
    pub(crate) fn digits(&self) -> impl DoubleEndedIterator<Item = u8> + Clone + 'a {
        self.first.iter().chain(self.second).copied()
    }

    /// Returns the number of significant digits.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.first.len().saturating_add(self.second.len())
    }

    /// Compares with the number of these parts, which must be in the form of this type. It does not
    /// make a `Decimal`, since moving one takes longer than comparing.
    #[inline]
    pub(crate) fn cmp_parts(&self, negative: bool, digits: &[u8], exponent: i32) -> Ordering {
        let magnitude = match (self.is_zero(), digits.is_empty()) {
            (true, true) => return Ordering::Equal,
            // Zero is not negative.
            (true, false) if negative => return Ordering::Greater,
            (true, false) => return Ordering::Less,
            (false, _) if self.negative != negative || digits.is_empty() => {
                return if self.negative { Ordering::Less } else { Ordering::Greater };
            },
            (false, _) => {
                let other = exponent.saturating_add(to_i32(digits.len())).saturating_sub(1);
                self.scientific().cmp(&other)
            },
        };
        let magnitude = magnitude.then_with(|| match self.second {
            [] => self.first.cmp(digits),
            second => match digits.split_at_checked(self.first.len()) {
                Some((head, tail)) => self.first.cmp(head).then_with(|| second.cmp(tail)),
                None => self.first.cmp(digits),
            },
        });
        if self.negative {
            magnitude.reverse()
        } else {
            magnitude
        }
    }

    fn is_bounded(&self) -> bool {
        self.is_zero()
            || (self.len() <= MAX_DIGITS
                && (-MAX_EXPONENT..=MAX_EXPONENT).contains(&self.scientific()))
    }

    /// Returns the exponent of the first digit.
    #[inline]
    fn scientific(&self) -> i32 {
        self.exponent.saturating_add(to_i32(self.len())).saturating_sub(1)
    }

    #[inline]
    fn cmp_magnitude(&self, other: &Decimal<'_>) -> Ordering {
        match (self.is_zero(), other.is_zero()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            // Both begin with the same power of ten, so the digits compare lexicographically.
            (false, false) => {
                self.scientific().cmp(&other.scientific()).then_with(|| self.cmp_digits(other))
            },
        }
    }

    #[inline]
    fn cmp_digits(&self, other: &Decimal<'_>) -> Ordering {
        if !other.second.is_empty() {
            return self.digits().cmp(other.digits());
        }
        // The digits of a bound are in one piece.
        match other.first.split_at_checked(self.first.len()) {
            Some((head, tail)) => self.first.cmp(head).then_with(|| self.second.cmp(tail)),
            None => self.first.cmp(other.first),
        }
    }
}

impl Ord for Decimal<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.cmp_magnitude(other),
            (true, true) => other.cmp_magnitude(self),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Decimal<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal<'_> {}

impl fmt::Debug for Decimal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.negative { "-" } else { "" })?;
        for digit in self.digits() {
            write!(f, "{}", char::from(digit))?;
        }
        write!(f, "{}e{}", if self.is_zero() { "0" } else { "" }, self.exponent)
    }
}

#[inline]
fn to_i32(value: usize) -> i32 {
    i32::try_from(to_u32(value)).unwrap_or(i32::MAX)
}

#[inline]
fn trim_start(mut digits: &[u8]) -> &[u8] {
    while let [b'0', rest @ ..] = digits {
        digits = rest;
    }
    digits
}

#[inline]
fn trim_end(mut digits: &[u8]) -> &[u8] {
    while let [rest @ .., b'0'] = digits {
        digits = rest;
    }
    digits
}
