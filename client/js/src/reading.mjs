// SPDX-License-Identifier: Apache-2.0

// Reads data sets: public values as they are, sealed ones opened with the keystore.

import { openStored } from './calls.mjs';
import { readEpochs } from './epochs.mjs';
import { UnknownKey } from './exceptions.mjs';
import { readValue } from './json.mjs';
import { checkAll } from './options.mjs';
import { placeOf, shownId } from './records.mjs';
import { addressOf } from './ss58.mjs';

/** @typedef {import('./chain.mjs').Authorship} Authorship */
/** @typedef {import('./chain.mjs').Place} Place */
/** @typedef {import('./chain.mjs').Stored} Stored */
/** @typedef {import('./connection.mjs').Connection} Connection */

/**
 * The place of a data set.
 *
 * @typedef {object} Where
 * @property {number | bigint | string} container its number
 * @property {string} dataSet its name
 */

/**
 * A value with its author. `mismatch` says why the value is not what its schema demands, or not
 * JSON at all: anyone who may write can seal anything.
 *
 * @typedef {object} ReadValue
 * @property {any} value the JSON value; null if it is not JSON
 * @property {string | null} text the exact text; null if there is none
 * @property {string} author an SS58 address
 * @property {number} block
 * @property {number} time Unix milliseconds
 * @property {string} [mismatch]
 */

/**
 * An item of a list. `closed` says why it cannot be read, and then it has no value.
 *
 * @typedef {{ item: string, batch: number, position: number, closed?: string }} Address
 * @typedef {ReadValue & Address} ReadItem
 */

/**
 * @typedef {object} ReadSet
 * @property {number | string} container
 * @property {string} dataSet
 * @property {'public' | 'confidential'} visibility
 * @property {number} revision to write it again: `expectedRevision`
 */

/**
 * @typedef {ReadSet & { kind: 'entry' } & Partial<ReadValue>} ReadEntry without the members of a
 *   value if the entry has none
 * @typedef {ReadSet & { kind: 'list', items: ReadItem[] }} ReadList
 */

/**
 * Reads an entry or a list. An entry that cannot be opened throws; an item that cannot be opened
 * does not hide the others.
 *
 * @param {Connection} it
 * @param {Where} options
 * @returns {Promise<ReadEntry | ReadList>}
 */
export async function read(it, options) {
  checkAll('read', options, ['container', 'dataSet']);
  const place = placeOf(options);
  const view = await it.now();
  const set = await view.dataSet(place);
  const isConfidential = await it.isConfidential(place, set);
  const keys = isConfidential ? (await readEpochs(it, view, place)).keys : undefined;
  const open = { it, place, keys };
  const visibility = isConfidential ? 'confidential' : 'public';
  const { revision } = set;
  const shown = {
    container: shownId(place.container),
    dataSet: place.dataSet,
    visibility,
    revision,
  };
  if (set.kind === 'entry') {
    const entry = await view.entry(place);
    const value = entry && (await opened(open, entry, entry.value));
    return /** @type {ReadEntry} */ ({ ...shown, kind: 'entry', ...value });
  }
  const items = [];
  for (const batch of await view.batches(place)) {
    for (const [position, stored] of batch.items.entries()) {
      if (stored) items.push(await itemOf(open, batch, position, stored));
    }
  }
  return /** @type {ReadList} */ ({ ...shown, kind: 'list', items });
}

/**
 * The means to open values. Without keys, the data set is public.
 *
 * @typedef {Map<number, { secretKey: Uint8Array }>} Keys by epoch
 * @typedef {{ it: Connection, place: Place, keys: Keys | undefined }} Open
 */

/**
 * Returns an item, or why it is closed.
 *
 * @param {Open} open
 * @param {import('./chain.mjs').Batch} batch
 * @param {number} position
 * @param {Stored | Error} stored
 * @returns {Promise<ReadItem>}
 */
async function itemOf(open, batch, position, stored) {
  const address = { item: `${batch.batch}.${position}`, batch: batch.batch, position };
  try {
    if (stored instanceof Error) throw stored;
    return { ...address, ...(await opened(open, batch, stored)) };
  } catch (error) {
    const closed = error instanceof Error ? error.message : String(error);
    return { ...address, value: null, text: null, ...shownAuthor(batch), closed };
  }
}

/** @param {Authorship} from */
const shownAuthor = ({ author, block, time }) => ({ author: addressOf(author), block, time });

/**
 * @param {Open} open
 * @param {Authorship} from
 * @param {Stored} stored
 * @returns {Promise<ReadValue>}
 */
async function opened({ it, place, keys }, from, stored) {
  const { bytes, mismatch } = await bytesOf();
  const { value, text, fault } = readValue(bytes);
  const wrong = fault ?? mismatch;
  return { value, text, ...shownAuthor(from), ...(wrong === undefined ? {} : { mismatch: wrong }) };

  /** @returns {Promise<{ bytes: Uint8Array, mismatch?: string }>} */
  async function bytesOf() {
    if (!keys && 'bytes' in stored) return stored;
    // The chain stores no such value, so the node made it up.
    if (!keys || 'bytes' in stored) {
      throw new UnknownKey(
        'this value is sealed in a public data set, or plain in a confidential one',
      );
    }
    const { genesisHash, check } = it;
    const { author } = from;
    const found = await openStored({
      genesisHash,
      ...place,
      stored: { author, ...stored },
      keys,
      check,
    });
    return { bytes: found.value, mismatch: found.mismatch?.message };
  }
}
