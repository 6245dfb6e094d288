// SPDX-License-Identifier: Apache-2.0

// Addresses of accounts in SS58: base58 of the network's prefix, the account and a checksum.

import { blake2b } from '@noble/hashes/blake2.js';
import { concat, fixed, same } from './bytes.mjs';
import { kindOf } from './options.mjs';

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const LABEL = new TextEncoder().encode('SS58PRE');
const ACCOUNT_BYTES = 32;
const CHECKSUM_BYTES = 2;
/** The prefix of a chain without one of its own. */
export const GENERIC_PREFIX = 42;
/** Prefixes below this have one byte, others two. */
const ONE_BYTE = 64;
/** The longest address: two bytes of prefix, the account and the checksum, in base58. */
const MAX_LETTERS = 50;

/** @param {Uint8Array} body */
const checksum = (body) => blake2b(concat(LABEL, body), { dkLen: 64 }).subarray(0, CHECKSUM_BYTES);

/**
 * Returns the account of an address of any network. Also accepts the account's 32 bytes, or their
 * hexadecimal after `0x`.
 *
 * @param {unknown} address
 * @param {string} what
 * @returns {Uint8Array}
 */
export function accountOf(address, what) {
  if (address instanceof Uint8Array) return fixed(address, ACCOUNT_BYTES, what);
  if (typeof address !== 'string') {
    throw new TypeError(`${what} must be an SS58 address, not ${kindOf(address)}`);
  }
  if (address.startsWith('0x')) return fixed(address, ACCOUNT_BYTES, what);
  const bytes = fromBase58(address);
  const start = bytes && bytes[0] < ONE_BYTE ? 1 : 2;
  if (bytes?.length !== start + ACCOUNT_BYTES + CHECKSUM_BYTES) {
    throw new TypeError(`${what} is not an SS58 address: ${address.slice(0, MAX_LETTERS)}`);
  }
  const body = bytes.subarray(0, -CHECKSUM_BYTES);
  if (!same(checksum(body), bytes.subarray(-CHECKSUM_BYTES))) {
    throw new TypeError(`${what} is not an SS58 address, or has a typing error: ${address}`);
  }
  return Uint8Array.from(body.subarray(start));
}

/**
 * Returns the address of an account.
 *
 * @param {Uint8Array} account
 * @param {number} [prefix] of the network, at most 16,383
 * @returns {string}
 */
export function addressOf(account, prefix = GENERIC_PREFIX) {
  const body = concat(prefixBytes(prefix), fixed(account, ACCOUNT_BYTES, 'the account'));
  return toBase58(concat(body, checksum(body)));
}

/** @param {number} prefix */
const prefixBytes = (prefix) =>
  prefix < ONE_BYTE
    ? Uint8Array.of(prefix)
    : Uint8Array.of(((prefix & 0xfc) >> 2) | 0x40, (prefix >> 8) | ((prefix & 3) << 6));

/**
 * @param {string} text
 * @returns {Uint8Array | undefined} undefined if it is not base58, or too long for an address
 */
function fromBase58(text) {
  if (text.length === 0 || text.length > MAX_LETTERS) return undefined;
  let number = 0n;
  for (const letter of text) {
    const digit = ALPHABET.indexOf(letter);
    if (digit < 0) return undefined;
    number = number * 58n + BigInt(digit);
  }
  const zeros = /^1*/.exec(text)?.[0].length ?? 0;
  const hex = number === 0n ? '' : number.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  const bytes = even.match(/../g) ?? [];
  return Uint8Array.from([
    ...new Array(zeros).fill(0),
    ...bytes.map((byte) => Number(`0x${byte}`)),
  ]);
}

/** @param {Uint8Array} bytes */
function toBase58(bytes) {
  let number = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  let text = '';
  for (; number > 0n; number /= 58n) text = ALPHABET[Number(number % 58n)] + text;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return '1'.repeat(Math.max(zeros, 0)) + text;
}
