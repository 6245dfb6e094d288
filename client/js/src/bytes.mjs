// SPDX-License-Identifier: Apache-2.0

// Encoding of bytes and numbers for hashing and sealing. Input is copied into a plain Uint8Array,
// because the libraries for the chain use subclasses of it.

const HEX = /^0x[0-9a-fA-F]*$/;
/** The hexadecimal digits, as ASCII. */
const DIGITS = new TextEncoder().encode('0123456789abcdef');
const U32_MAX = 2n ** 32n - 1n;
const U64_MAX = 2n ** 64n - 1n;

/**
 * @param {Uint8Array} bytes
 * @returns {string} lower case, with `0x` in front
 */
export function toHex(bytes) {
  // Byte by byte, because a keystore has millions of bytes, too many for a string each.
  const text = new Uint8Array(2 * bytes.length);
  for (let at = 0; at < bytes.length; at += 1) {
    text[2 * at] = DIGITS[bytes[at] >> 4];
    text[2 * at + 1] = DIGITS[bytes[at] & 15];
  }
  return `0x${new TextDecoder().decode(text)}`;
}

/**
 * @param {string} hex with `0x` in front
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function fromHex(hex) {
  if (typeof hex !== 'string' || hex.length % 2 !== 0 || !HEX.test(hex)) {
    throw new TypeError('this is not hexadecimal after 0x');
  }
  const bytes = new Uint8Array(hex.length / 2 - 1);
  for (let at = 0; at < bytes.length; at += 1) {
    bytes[at] = Number.parseInt(hex.slice(2 + 2 * at, 4 + 2 * at), 16);
  }
  return bytes;
}

/**
 * Returns bytes of a fixed length, such as a key, an account or a hash. Accepts hexadecimal after
 * `0x`, which is unambiguous here.
 *
 * @param {Uint8Array | string} value
 * @param {number} length
 * @param {string} what
 * @returns {Uint8Array}
 */
export function fixed(value, length, what) {
  const bytes = typeof value === 'string' && value.startsWith('0x') ? fromHex(value) : value;
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`${what} must be a Uint8Array, or hex`);
  if (bytes.length !== length) {
    throw new RangeError(`${what} has ${bytes.length} bytes instead of ${length}`);
  }
  return Uint8Array.from(bytes);
}

/**
 * Returns bytes of any length, or text as UTF-8. A string is always text, even if it looks like
 * hexadecimal.
 *
 * @param {Uint8Array | string} value
 * @param {string} what
 * @returns {Uint8Array}
 */
export function textOrBytes(value, what) {
  if (typeof value === 'string') {
    // Encoding a lone surrogate would silently replace it.
    if (/\p{Surrogate}/u.test(value)) throw new RangeError(`${what} is not well-formed text`);
    return new TextEncoder().encode(value);
  }
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  throw new TypeError(`${what} must be text or a Uint8Array`);
}

/**
 * Returns an integer as a BigInt. Accepts those of Polkadot.js, objects that convert to their
 * digits.
 *
 * @param {number | bigint | { toString(): string }} value
 * @param {bigint} max
 * @param {string} what
 */
function integer(value, max, what) {
  const isUnsafe = typeof value === 'number' && !Number.isSafeInteger(value);
  const digits = String(value);
  if (isUnsafe || !/^\d{1,20}$/.test(digits) || BigInt(digits) > max) {
    throw new RangeError(`${what} must be an integer from 0 to ${max}`);
  }
  return BigInt(digits);
}

/**
 * @param {number | bigint | { toString(): string }} value
 * @param {string} what
 * @returns {number}
 */
export const u32 = (value, what) => Number(integer(value, U32_MAX, what));

/**
 * @param {number | bigint | { toString(): string }} value
 * @param {string} what
 * @returns {bigint}
 */
export const u64 = (value, what) => integer(value, U64_MAX, what);

/** @param {number} value */
export function u32Bytes(value) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

/** @param {bigint} value */
export function u64Bytes(value) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  return bytes;
}

/** @param {Uint8Array[]} parts */
export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let start = 0;
  for (const part of parts) {
    whole.set(part, start);
    start += part.length;
  }
  return whole;
}

/**
 * Returns `true` if two byte strings are equal. Only for public bytes, because the time depends on
 * the position of the first difference.
 *
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 */
export const same = (a, b) => a.length === b.length && a.every((byte, index) => byte === b[index]);
