// SPDX-License-Identifier: Apache-2.0

// Reads the values that a node returns, and those that a program gives. Both can be anything, so
// every member that is used is checked here.

import { fixed, fromHex, textOrBytes, u32, u64 } from './bytes.mjs';
import { MAX_NAME } from './crypto.mjs';
import { TwinchainError } from './exceptions.mjs';
import { kindOf } from './options.mjs';
import { accountOf, addressOf } from './ss58.mjs';

/** @typedef {import('./chain.mjs').Authorship} Authorship */
/** @typedef {import('./chain.mjs').DataSet} DataSet */
/** @typedef {import('./chain.mjs').Place} Place */
/** @typedef {import('./chain.mjs').Rights} Rights */
/** @typedef {import('./chain.mjs').Stored} Stored */

/** @param {any} after */
export const addressIn = (after) => (after === undefined ? undefined : addressOf(accountIn(after)));

/** @param {any} after @returns {object | undefined} */
export const cursorOf = (after) =>
  after && {
    data_set: numberOf(after.dataSet, 'a data set'),
    reader: after.reader ? addressIn(after.reader) : undefined,
  };

/** @param {any} found @returns {DataSet} */
export function dataSetOf([name, set]) {
  return {
    name: textIn(name),
    id: numberOf(set.id, 'a data set'),
    kind: typeOf(set.kind) === 'List' ? 'list' : 'entry',
    // Anything else than public is treated as confidential.
    isConfidential: typeOf(set.visibility) !== 'Public',
    isRetired: (set.retired ?? null) !== null,
    revision: numberOf(set.revision, 'a revision'),
    head: fixed(bytesIn(set.head), 32, 'a head'),
    changed: numberOf(set.changed, 'a block number'),
    hasData: numberOf(set.count, 'a count') > 0 || numberOf(set.batches, 'a count') > 0,
    epoch: set.key ? numberOf(set.key.epoch, 'an epoch') : 0,
  };
}

/** @param {any} found @returns {Authorship} */
export const authorshipOf = ({ author, block, time }) => ({
  author: accountIn(author),
  block: numberOf(block, 'a block number'),
  time: numberOf(time, 'a time'),
});

/** @param {any} value @returns {Stored} */
export function storedOf(value) {
  const type = typeOf(value);
  if (type === 'Public') return { bytes: bytesIn(value.value) };
  if (type !== 'Sealed') throw new TwinchainError(`a value of type ${type}: update this program`);
  const { suite, epoch, ciphertext } = value.value;
  return {
    suite: numberOf(suite, 'a suite'),
    epoch: numberOf(epoch, 'an epoch'),
    ciphertext: bytesIn(ciphertext),
  };
}

/**
 * Returns an item, null if it was removed, or an error: one false item does not hide the others.
 *
 * @param {any} item
 */
export function itemOf(item) {
  if (item === undefined || item === null) return null;
  try {
    return storedOf(item);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** @param {any} offer */
export const offerOf = (offer) =>
  offer
    ? {
        id: numberOf(offer.id, 'an offer'),
        to: accountIn(offer.to),
        deadline: numberOf(offer.deadline, 'a deadline'),
      }
    : undefined;

/** @param {any} rights @returns {Rights} */
export function rightsOf({ roles, grants }) {
  // The ids of roles are bytes: a list, or one string of bytes.
  const ids = Array.isArray(roles) ? roles : [...bytesIn(roles)];
  /** @param {any} until null for no end, undefined without this access */
  const endOf = (until) => {
    if (until === undefined || until === null) return undefined;
    return typeOf(until) === 'Forever' ? null : numberOf(until.value, 'an end');
  };
  return {
    roles: ids.map((/** @type {any} */ id) => numberOf(id, 'a role')),
    grants: listOf(grants, 'the grants').map((/** @type {any} */ grant) => ({
      id: numberOf(grant.dataSet, 'a data set'),
      ends: [grant.read, grant.write, grant.remove].map(endOf),
    })),
  };
}

/** @param {any} value @param {string} what @returns {any[]} */
export function listOf(value, what) {
  if (Array.isArray(value)) return value;
  throw new TypeError(`the node returns ${kindOf(value)} for ${what}`);
}

/** @param {any} value @returns {string} the type of an enum */
export function typeOf(value) {
  const type = typeof value === 'string' ? value : value?.type;
  if (typeof type === 'string') return type;
  throw new TypeError(`the node returns ${kindOf(value)} for an enum`);
}

/** @param {any} value @returns {Uint8Array} */
export function bytesIn(value) {
  if (typeof value === 'string') return fromHex(value);
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  throw new TypeError(`the node returns ${kindOf(value)} for bytes`);
}

/** @param {any} value @returns {string} */
export const textIn = (value) => new TextDecoder().decode(bytesIn(value));

/** @param {any} value @returns {Uint8Array} */
export const accountIn = (value) => accountOf(value, 'an account');

/** @param {any} value @param {string} what @returns {number} */
export function numberOf(value, what) {
  const number = u64(value, what);
  if (number > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError(`${what} is too large`);
  return Number(number);
}

/** @param {string} name @returns {Uint8Array} */
export const bytesOf = (name) => textOrBytes(name, 'the name');

/**
 * Returns the place that the options of a method name.
 *
 * @param {{ container: unknown, dataSet?: unknown }} options
 * @returns {Place}
 */
export function placeOf({ container, dataSet }) {
  if (typeof dataSet !== 'string') {
    throw new TypeError(`dataSet is the name of a data set, not ${kindOf(dataSet)}`);
  }
  const name = dataSet.normalize('NFC');
  const { length } = textOrBytes(name, 'dataSet');
  if (length < 1 || length > MAX_NAME) {
    throw new RangeError(`the name of a data set has 1 to ${MAX_NAME} bytes, not ${length}`);
  }
  return { container: idOf(container, 'container'), dataSet: name };
}

/** @param {unknown} value @param {string} what @returns {bigint} */
export function idOf(value, what) {
  const isId = ['number', 'bigint', 'string'].includes(typeof value);
  if (!isId) throw new TypeError(`${what} is the number of a ${what}, not ${kindOf(value)}`);
  return u64(/** @type {any} */ (value), what);
}

/** @param {unknown} value @returns {number | undefined} */
export const revisionOf = (value) =>
  value === undefined ? undefined : u32(/** @type {any} */ (value), 'expectedRevision');

/** Returns an id as a number, or as text if JSON has no such number. @param {bigint} id */
export const shownId = (id) => (id <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(id) : String(id));
