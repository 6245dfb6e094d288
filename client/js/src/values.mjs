// SPDX-License-Identifier: Apache-2.0

// Creates the arguments of calls that write sealed values, and opens stored ones.

import { concat, u32, u64 } from './bytes.mjs';
import { dataSetName, openValue, sealValue, SUITE } from './crypto.mjs';
import { WHERE } from './envelopes.mjs';
import { UnknownKey, UnknownSuite } from './exceptions.mjs';
import { jsonBytes } from './json.mjs';
import { checkOptions, kindOf } from './options.mjs';

/** @typedef {import('./crypto.mjs').Fixed} Fixed */
/** @typedef {import('./crypto.mjs').Integer} Integer */

/**
 * Checks a value before it is sealed or after it is opened. Throws if it does not match the data
 * set's schema. If the check calls a node, the node sees the value.
 *
 * @typedef {(container: bigint, dataSet: Uint8Array, value: Uint8Array) => unknown} Check
 */

/** The maximum number of items in one append, and the maximum size of all of them in bytes. */
export const MAX_ITEMS = 256;
export const MAX_PAYLOAD = 65_584;

const WRITE = [...WHERE, 'epoch', 'publicKey', 'author', 'expectedRevision', 'check'];

/**
 * Returns the arguments of `set_sealed_entry`.
 *
 * @param {object} options
 * @param {Fixed} options.genesisHash
 * @param {Integer} options.container
 * @param {Uint8Array | string} options.dataSet
 * @param {Integer} options.epoch
 * @param {Fixed} options.publicKey the epoch's, from the chain
 * @param {Fixed} options.author the account that writes; through a proxy, the real account
 * @param {Uint8Array | string} options.value JSON text
 * @param {Integer} [options.expectedRevision]
 * @param {Check} [options.check] throws if the value does not match; then nothing is sealed
 */
export async function setSealedEntry(options) {
  checkOptions('setSealedEntry', options, [...WRITE, 'value']);
  const { value, expectedRevision, ...where } = options;
  const [ciphertext] = await sealAll(where, [value]);
  return {
    container: u64(where.container, 'the container'),
    data_set: dataSetName(where.dataSet),
    epoch: u32(where.epoch, 'the epoch'),
    ciphertext,
    expected_revision: revision(expectedRevision),
  };
}

/**
 * Returns the arguments of `append_sealed`.
 *
 * @param {object} options
 * @param {Fixed} options.genesisHash
 * @param {Integer} options.container
 * @param {Uint8Array | string} options.dataSet
 * @param {Integer} options.epoch
 * @param {Fixed} options.publicKey the epoch's, from the chain
 * @param {Fixed} options.author the account that writes; through a proxy, the real account
 * @param {(Uint8Array | string)[]} options.items JSON texts, at most 256
 * @param {Integer} [options.expectedRevision]
 * @param {Check} [options.check] throws if an item does not match; then nothing is sealed
 */
export async function appendSealed(options) {
  checkOptions('appendSealed', options, [...WRITE, 'items']);
  const { items, expectedRevision, ...where } = options;
  if (!Array.isArray(items)) {
    throw new TypeError(`the items must be a list of JSON texts, not ${kindOf(items)}`);
  }
  if (items.length < 1 || items.length > MAX_ITEMS) {
    throw new RangeError(`one call appends 1 to ${MAX_ITEMS} items, not ${items.length}`);
  }
  const sealed = await sealAll(where, items);
  const total = concat(...sealed).length;
  if (total > MAX_PAYLOAD) {
    throw new RangeError(`one call stores at most ${MAX_PAYLOAD} sealed bytes, not ${total}`);
  }
  return {
    container: u64(where.container, 'the container'),
    data_set: dataSetName(where.dataSet),
    epoch: u32(where.epoch, 'the epoch'),
    items: sealed,
    expected_revision: revision(expectedRevision),
  };
}

/**
 * Opens a stored value with the keys that `openEnvelopes` found.
 *
 * @param {object} options
 * @param {Fixed} options.genesisHash
 * @param {Integer} options.container
 * @param {Uint8Array | string} options.dataSet
 * @param {{
 *   author: Fixed, suite?: Integer, epoch: Integer, ciphertext: Uint8Array
 * }} options.stored the author of the entry or batch, and the fields of its value or item's
 * `Sealed`
 * @param {Map<number, { secretKey: Uint8Array }>} options.keys by epoch
 * @param {Check} [options.check] throws if the value does not match its schema
 * @returns {Promise<{ value: Uint8Array, mismatch: Error | undefined }>} a value that does not
 *   match is returned with the mismatch, because no one can check it before it is opened
 */
export async function openStored(options) {
  checkOptions('openStored', options, [...WHERE, 'stored', 'keys', 'check']);
  const { genesisHash, container, dataSet, stored, keys, check } = options;
  const epoch = u32(stored.epoch, 'the epoch');
  if (stored.suite !== undefined && u32(stored.suite, 'the suite') !== SUITE) {
    throw new UnknownSuite(`the value uses cipher suite ${stored.suite}: update this program`);
  }
  const key = keys.get(epoch);
  if (!key) {
    throw new UnknownKey(
      `no key is available for epoch ${epoch}: it is newer than the envelope, or before a cut`,
    );
  }
  const place = { genesisHash, container, dataSet, epoch };
  const value = await openValue(place, key.secretKey, stored.author, stored.ciphertext);
  let mismatch;
  try {
    await check?.(u64(container, 'the container'), dataSetName(dataSet), value);
  } catch (error) {
    mismatch = error instanceof Error ? error : new Error(String(error));
  }
  return { value, mismatch };
}

/**
 * @param {{ genesisHash: Fixed, container: Integer, dataSet: Uint8Array | string, epoch: Integer,
 *   publicKey: Fixed, author: Fixed, check?: Check }} where
 * @param {(Uint8Array | string)[]} values
 */
async function sealAll({ publicKey, author, check, ...place }, values) {
  const encoded = values.map((value) => jsonBytes(value, 'a value'));
  for (const value of encoded) {
    await check?.(u64(place.container, 'the container'), dataSetName(place.dataSet), value);
  }
  return Promise.all(encoded.map((value) => sealValue(place, publicKey, author, value)));
}

/** @param {Integer | undefined} value */
const revision = (value) => (value === undefined ? undefined : u32(value, 'the revision'));
