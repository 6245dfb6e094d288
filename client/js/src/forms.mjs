// SPDX-License-Identifier: Apache-2.0

// Converts the arguments of calls into the form of a library for the chain.

import { toHex } from './bytes.mjs';

/** @typedef {Record<string, unknown>} Args */

/**
 * Converts arguments for Polkadot.js, for `api.tx.dataContainer.rotateKey(...list)`. All bytes
 * become hexadecimal, because it would read a `Uint8Array` for `Bytes` as SCALE.
 *
 * @param {Args} args
 * @returns {unknown[]}
 */
export const forPolkadotJs = (args) =>
  Object.values(args).map((value) =>
    // A variant without a value is written as its name.
    camelForm(value, (type, inner) => (inner === undefined ? type : { [type]: inner })),
  );

/**
 * Converts arguments for dedot, for `client.tx.dataContainer.rotateKey(...list)`.
 *
 * @param {Args} args
 * @returns {unknown[]}
 */
export const forDedot = (args) =>
  Object.values(args).map((value) =>
    camelForm(value, (type, inner) => (inner === undefined ? { type } : { type, value: inner })),
  );

/**
 * @param {unknown} value
 * @param {(type: string, inner: unknown) => unknown} makeVariant
 * @returns {unknown}
 */
function camelForm(value, makeVariant) {
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map((item) => camelForm(item, makeVariant));
  if (typeof value !== 'object' || value === null) return value;
  if (isVariant(value)) return makeVariant(value.type, camelForm(value.value, makeVariant));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      camelCase(name),
      camelForm(member, makeVariant),
    ]),
  );
}

/** @param {string} name such as `data_set` */
export const camelCase = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

const ACCOUNTS = new Set(['account', 'reader', 'to']);

/**
 * Converts arguments for PAPI, for `api.tx.DataContainer.rotate_key(forPapi(args, toAddress))`.
 * Accounts become addresses.
 *
 * @param {Args} args
 * @param {(account: Uint8Array) => string} toAddress `AccountId().dec` of PAPI
 * @returns {any}
 */
export function forPapi(args, toAddress) {
  return members(args);

  /** @param {object} struct */
  function members(struct) {
    const converted = Object.entries(struct).map(([name, value]) => [name, convert(name, value)]);
    return Object.fromEntries(converted);
  }

  /**
   * @param {string} name
   * @param {unknown} value
   * @returns {unknown}
   */
  function convert(name, value) {
    if (value instanceof Uint8Array) return ACCOUNTS.has(name) ? toAddress(value) : value;
    if (Array.isArray(value)) return value.map((item) => convert(name, item));
    if (typeof value !== 'object' || value === null) return value;
    if (!isVariant(value)) return members(value);
    return { type: value.type, value: convert(value.type.toLowerCase(), value.value) };
  }
}

/**
 * Returns `true` if an object in the arguments is a variant of an enum: no struct has these
 * members.
 *
 * @param {object} value
 * @returns {value is { type: string, value: unknown }}
 */
const isVariant = (value) => 'type' in value && 'value' in value;

/**
 * Puts calls into one transaction.
 *
 * @template T
 * @param {T[]} made
 * @param {(calls: T[]) => T} batchAll
 */
export const together = (made, batchAll) => (made.length === 1 ? made[0] : batchAll(made));
