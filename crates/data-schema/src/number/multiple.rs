//! `multipleOf`, exactly and in bounded time.
//!
//! `a * 10^p` is a multiple of `b * 10^q` (digits without trailing zeros) if and only if `p >= q`
//! and `b` divides `a * 10^(p-q)`. With `b = 2^x * 5^y * c` this means: `c` divides `a`, and so do
//! the powers of 2 and 5 that `10^(p-q)` does not cover. So the power of ten is never computed, and
//! the largest number has 128 digits.

use super::Decimal;
use alloc::vec::Vec;

/// 128 decimal digits have at most 426 bits.
const LIMBS: usize = 14;

/// A number in binary, with the lowest 32 bits first.
#[derive(Clone)]
struct Wide {
    limbs: [u32; LIMBS],
    used: usize,
}

impl Wide {
    /// Returns the digits as an integer.
    fn new(value: &Decimal<'_>) -> Self {
        let mut wide = Self { limbs: [0; LIMBS], used: 0 };
        let (mut chunk, mut scale) = (0u32, 1u32);
        for digit in value.digits() {
            chunk = chunk.wrapping_mul(10).wrapping_add(u32::from(digit & 0x0f));
            scale = scale.wrapping_mul(10);
            if scale == 1_000_000_000 {
                wide.mul_add(scale, chunk);
                (chunk, scale) = (0, 1);
            }
        }
        if scale > 1 {
            wide.mul_add(scale, chunk);
        }
        wide
    }

    fn limbs(&self) -> &[u32] {
        self.limbs.get(..self.used).unwrap_or_default()
    }

    fn mul_add(&mut self, factor: u32, addend: u32) {
        let mut carry = addend;
        for limb in self.limbs.iter_mut().take(self.used) {
            (*limb, carry) = split(product(*limb, factor).wrapping_add(u64::from(carry)));
        }
        if carry != 0 {
            if let Some(limb) = self.limbs.get_mut(self.used) {
                *limb = carry;
                self.used = self.used.saturating_add(1);
            }
        }
    }

    /// Divides by `divisor` if that leaves no remainder. Returns `true` if it did.
    fn divide(&mut self, divisor: u32) -> bool {
        let mut quotient = self.limbs;
        let mut remainder = 0u64;
        for limb in quotient.iter_mut().take(self.used).rev() {
            let part = remainder.wrapping_shl(32) | u64::from(*limb);
            let divisor = u64::from(divisor);
            (*limb, _) = split(part.checked_div(divisor).unwrap_or_default());
            remainder = part.checked_rem(divisor).unwrap_or_default();
        }
        if remainder != 0 {
            return false;
        }
        self.limbs = quotient;
        while self.used > 0 && self.limbs.get(self.used.saturating_sub(1)) == Some(&0) {
            self.used = self.used.saturating_sub(1);
        }
        true
    }

    fn trailing_zeros(&self) -> u32 {
        let mut zeros = 0u32;
        for limb in self.limbs() {
            zeros = zeros.saturating_add(limb.trailing_zeros());
            if *limb != 0 {
                break;
            }
        }
        zeros
    }

    /// Divides by `5^times` if that leaves no remainder. Returns `true` if it did.
    fn divide_by_fives(&mut self, mut times: u32) -> bool {
        const STEP: u32 = 13;
        while times > 0 {
            let step = times.min(STEP);
            if !self.divide(5u32.saturating_pow(step)) {
                return false;
            }
            times = times.saturating_sub(step);
        }
        true
    }

    /// Returns `true` if the odd `divisor` divides this number, which is not 0. In that case, a
    /// Montgomery reduction from the low end leaves 0 or the divisor itself.
    fn is_multiple_of(&self, divisor: &[u32]) -> bool {
        if divisor == [1] {
            return true;
        }
        let (Some(lowest), true) = (divisor.first(), self.used >= divisor.len()) else {
            return false;
        };
        // Newton's iteration. An odd number is its own inverse in the lowest 3 bits, and each step
        // doubles the number of correct bits.
        let mut inverse = *lowest;
        for _ in 0..4 {
            let error = 2u32.wrapping_sub(lowest.wrapping_mul(inverse));
            inverse = inverse.wrapping_mul(error);
        }
        let mut rest = [0u32; LIMBS.saturating_mul(2).saturating_add(1)];
        for (slot, limb) in rest.iter_mut().zip(self.limbs()) {
            *slot = *limb;
        }
        for position in 0..self.used {
            let window = rest.get_mut(position..).unwrap_or_default();
            let low = window.first().copied().unwrap_or_default();
            let factor = low.wrapping_mul(inverse).wrapping_neg();
            let mut carry = 0u32;
            let mut limbs = divisor.iter();
            for slot in window {
                let limb = limbs.next();
                if limb.is_none() && carry == 0 {
                    break;
                }
                let sum = product(factor, limb.copied().unwrap_or_default())
                    .wrapping_add(u64::from(*slot))
                    .wrapping_add(u64::from(carry));
                (*slot, carry) = split(sum);
            }
        }
        let result = rest.get(self.used..).unwrap_or_default();
        result.get(..divisor.len()) == Some(divisor)
    }
}

fn product(a: u32, b: u32) -> u64 {
    u64::from(a).wrapping_mul(u64::from(b))
}

/// Returns the low and the high half.
fn split(value: u64) -> (u32, u32) {
    let [a, b, c, d, e, f, g, h] = value.to_le_bytes();
    (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]))
}

/// The encoded number of `multipleOf` in a program: the exponent (i16), the powers of 2 and 5 in
/// the digits (u16 each), the number of 32-bit limbs of the rest (u8), and these limbs, all
/// little-endian.
#[derive(Clone, Copy)]
pub(crate) struct Divisor<'a> {
    exponent: i32,
    twos: u16,
    fives: u16,
    limbs: &'a [[u8; 4]],
}

impl<'a> Divisor<'a> {
    /// Appends the encoding of a positive number.
    pub fn encode(value: &Decimal<'_>, out: &mut Vec<u8>) {
        let mut wide = Wide::new(value);
        let (mut twos, mut fives) = (0u16, 0u16);
        while wide.used > 0 && wide.trailing_zeros() > 0 {
            let zeros = wide.trailing_zeros().min(31);
            wide.divide(1u32.wrapping_shl(zeros));
            twos = twos.saturating_add(u16::try_from(zeros).unwrap_or_default());
        }
        for step in [13u16, 1] {
            let power = 5u32.saturating_pow(u32::from(step));
            while wide.used > 0 && wide.divide(power) {
                fives = fives.saturating_add(step);
            }
        }
        let exponent = i16::try_from(value.exponent()).unwrap_or_default();
        out.extend_from_slice(&exponent.to_le_bytes());
        out.extend_from_slice(&twos.to_le_bytes());
        out.extend_from_slice(&fives.to_le_bytes());
        out.push(u8::try_from(wide.used).unwrap_or_default());
        for limb in wide.limbs() {
            out.extend_from_slice(&limb.to_le_bytes());
        }
    }

    /// Decodes the encoding at the start of `bytes`.
    pub fn decode(bytes: &'a [u8]) -> Option<Self> {
        let (head, rest) = bytes.split_first_chunk::<7>()?;
        let [e0, e1, t0, t1, f0, f1, count] = *head;
        let length = usize::from(count).checked_mul(4)?;
        let (limbs, _) = rest.get(..length)?.as_chunks::<4>();
        Some(Self {
            exponent: i32::from(i16::from_le_bytes([e0, e1])),
            twos: u16::from_le_bytes([t0, t1]),
            fives: u16::from_le_bytes([f0, f1]),
            limbs: limbs.get(..usize::from(count).min(LIMBS))?,
        })
    }

    /// Does the same for digits and a divisor that fit into 64 bits, as nearly all do. Returns
    /// `None` for others.
    fn divides_small(&self, value: &Decimal<'_>, twos: u32, fives: u32) -> Option<bool> {
        let [limb] = self.limbs else { return None };
        // 19 digits are less than 2^64.
        if value.len() > 19 {
            return None;
        }
        let digits = value.digits().fold(0u64, |digits, digit| {
            digits.wrapping_mul(10).wrapping_add(u64::from(digit & 0x0f))
        });
        let divisor = u64::from(u32::from_le_bytes(*limb))
            .checked_mul(2u64.checked_pow(twos)?)?
            .checked_mul(5u64.checked_pow(fives)?)?;
        Some(digits.checked_rem(divisor)? == 0)
    }

    /// Returns `true` if `value` is this number times an integer.
    pub fn divides(&self, value: &Decimal<'_>) -> bool {
        if value.is_zero() {
            return true;
        }
        let Ok(power) = u32::try_from(value.exponent().saturating_sub(self.exponent)) else {
            return false;
        };
        let twos = u32::from(self.twos).saturating_sub(power);
        let fives = u32::from(self.fives).saturating_sub(power);
        if twos == 0 && fives == 0 && self.limbs == [[1, 0, 0, 0]] {
            return true;
        }
        if let Some(divides) = self.divides_small(value, twos, fives) {
            return divides;
        }
        let mut divisor = [0u32; LIMBS];
        for (slot, limb) in divisor.iter_mut().zip(self.limbs) {
            *slot = u32::from_le_bytes(*limb);
        }
        let divisor = divisor.get(..self.limbs.len()).unwrap_or_default();
        let mut wide = Wide::new(value);
        wide.trailing_zeros() >= twos && wide.is_multiple_of(divisor) && wide.divide_by_fives(fives)
    }
}
