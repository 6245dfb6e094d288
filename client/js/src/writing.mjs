// SPDX-License-Identifier: Apache-2.0

// Writes data sets: public values as they are, confidential ones sealed to an epoch that is proven
// to be the owner's.

import { same, textOrBytes } from './bytes.mjs';
import { ACCESS, appendSealed, MAX_ITEMS, setSealedEntry } from './calls.mjs';
import { blockOf, refusal, revisionIn } from './connection.mjs';
import { newestOf, readEpochs } from './epochs.mjs';
import { FalseVisibility, Refused } from './exceptions.mjs';
import { checkedText, jsonText } from './json.mjs';
import { checkAll, flag, kindOf } from './options.mjs';
import { read } from './reading.mjs';
import { placeOf, revisionOf, shownId } from './records.mjs';

/** @typedef {import('./chain.mjs').Place} Place */
/** @typedef {import('./chain.mjs').DataSet} DataSet */
/** @typedef {import('./chain.mjs').View} View */
/** @typedef {import('./connection.mjs').Connection} Connection */
/** @typedef {import('./reading.mjs').Where} Where */

/**
 * @typedef {object} Lock
 * @property {number} [expectedRevision] the revision that `read` returned: if the data set has
 *   changed since, the write is refused as `StaleRevision`
 * @property {boolean} [confidential] `true` to refuse the write if the data set is public
 */

/**
 * @typedef {object} Written
 * @property {number | string} container
 * @property {string} dataSet
 * @property {number | undefined} revision the new one
 * @property {number} block
 * @property {string} blockHash
 */

/** The number of times that `update` tries again when others write in between. */
const MAX_UPDATES = 5;
const ALL = ['expectedRevision', 'confidential'];

/**
 * Sets an entry to a JSON value, or to exact JSON text.
 *
 * @param {Connection} it
 * @param {Where & Lock & { value?: unknown, text?: string }} options
 * @returns {Promise<Written>}
 */
export async function write(it, options) {
  checkAll('write', options, ['container', 'dataSet'], ['value', 'text', ...ALL]);
  return store(it, options, 'entry', [textOf(options, 'value', 'text', jsonText, checkedText)]);
}

/**
 * Appends items to a list, as one batch: JSON values, or exact JSON texts.
 *
 * @param {Connection} it
 * @param {Where & Lock & { items?: unknown[], texts?: string[] }} options
 * @returns {Promise<Written>}
 */
export async function append(it, options) {
  checkAll('append', options, ['container', 'dataSet'], ['items', 'texts', ...ALL]);
  /** @param {(item: unknown, what: string) => string} convert */
  const each = (convert) => (/** @type {unknown} */ list, /** @type {string} */ what) => {
    if (!Array.isArray(list)) throw new TypeError(`${what} must be a list, not ${kindOf(list)}`);
    if (list.length < 1 || list.length > MAX_ITEMS) {
      throw new RangeError(`one call appends 1 to ${MAX_ITEMS} items, not ${list.length}`);
    }
    return Array.from(list, (item, at) => convert(item, `${what}[${at}]`));
  };
  const texts = textOf(options, 'items', 'texts', each(jsonText), each(checkedText));
  return store(it, options, 'list', texts);
}

/**
 * Returns what one of two options gives, of which exactly one must be given.
 *
 * @template T
 * @param {Record<string, any>} options
 * @param {string} value
 * @param {string} text
 * @param {(given: unknown, what: string) => T} ofValue
 * @param {(given: unknown, what: string) => T} ofText
 * @returns {T}
 */
function textOf(options, value, text, ofValue, ofText) {
  const given = [value, text].filter((name) => name in options);
  if (given.length !== 1) throw new TypeError(`give either \`${value}\` or \`${text}\``);
  const [name] = given;
  return name === text ? ofText(options[text], text) : ofValue(options[value], value);
}

/**
 * Reads an entry, changes its value, and writes it if no one else has written in between. If
 * someone has, does it all again.
 *
 * @param {Connection} it
 * @param {Where & { change: (value: any) => unknown }} options `change` gets the value, or
 *   undefined if the entry has none, and returns the new one
 * @returns {Promise<Written>}
 */
export async function update(it, options) {
  checkAll('update', options, ['container', 'dataSet', 'change']);
  const { container, dataSet, change } = options;
  if (typeof change !== 'function') throw new TypeError('change must be a function');
  for (let attempt = 1; ; attempt += 1) {
    const found = await read(it, { container, dataSet });
    if (found.kind !== 'entry') throw refusal('WrongKind');
    const value = await change(found.text === undefined ? undefined : found.value);
    try {
      return await write(it, { container, dataSet, value, expectedRevision: found.revision });
    } catch (error) {
      const isStale = error instanceof Refused && error.error === 'StaleRevision';
      if (!isStale || attempt >= MAX_UPDATES) throw error;
    }
  }
}

/**
 * Writes texts. If the key was rotated in between, seals and sends them again, once.
 *
 * @param {Connection} it
 * @param {Where & Lock} options
 * @param {'entry' | 'list'} kind
 * @param {string[]} texts
 */
async function store(it, options, kind, texts) {
  const place = placeOf(options);
  const lock = {
    revision: revisionOf(options.expectedRevision),
    isExpected: flag(options.confidential ?? false, 'confidential'),
  };
  try {
    return await storeOnce(it, place, kind, texts, lock);
  } catch (error) {
    if (!(error instanceof Refused) || error.error !== 'StaleEpoch') throw error;
    return storeOnce(it, place, kind, texts, lock);
  }
}

/**
 * @param {Connection} it
 * @param {Place} place
 * @param {'entry' | 'list'} kind
 * @param {string[]} texts
 * @param {{ revision: number | undefined, isExpected: boolean }} lock
 * @returns {Promise<Written>}
 */
async function storeOnce(it, place, kind, texts, { revision, isExpected }) {
  const view = await it.now();
  const set = await view.dataSet(place);
  if (set.kind !== kind) throw refusal('WrongKind');
  const isConfidential = await it.isConfidential(place, set);
  if (isExpected && !isConfidential) {
    throw new FalseVisibility(
      `${place.dataSet} in container ${place.container} is public: nothing was sent`,
    );
  }
  if (revision !== undefined && revision !== set.revision) throw refusal('StaleRevision');
  await checkMayWrite(it, view, place, set);
  const call = isConfidential
    ? await sealedCall(it, view, place, set, texts, revision)
    : publicCall(place, kind, texts, revision);
  const outcome = await it.send([call]);
  return {
    container: shownId(place.container),
    dataSet: place.dataSet,
    revision: revisionIn(outcome, place),
    ...blockOf(outcome),
  };
}

/**
 * Fails with the error that the chain would give if the account may not write. Nothing is sealed or
 * sent then.
 *
 * @param {Connection} it
 * @param {View} view
 * @param {Place} place
 * @param {DataSet} set
 */
async function checkMayWrite(it, view, place, set) {
  if (await view.can(place, it.account, ACCESS.WRITE)) return;
  if (set.isRetired) throw refusal('DataSetRetired');
  const { isClosed, offer, owner } = await view.container(place.container);
  if (isClosed) throw refusal('ContainerClosed');
  throw refusal(offer && same(owner, it.account) ? 'OfferPending' : 'NotPermitted');
}

/**
 * @param {Place} place
 * @param {'entry' | 'list'} kind
 * @param {string[]} texts
 * @param {number | undefined} revision
 * @returns {import('./adapters/adapter.mjs').Call}
 */
function publicCall({ container, dataSet }, kind, texts, revision) {
  const values = texts.map((text) => textOrBytes(text, 'a value'));
  const content = kind === 'entry' ? { value: values[0] } : { items: values };
  const data_set = textOrBytes(dataSet, 'the name');
  const args = { container, data_set, ...content, expected_revision: revision };
  return { pallet: 'DataContainer', call: kind === 'entry' ? 'set_entry' : 'append', args };
}

/**
 * @param {Connection} it
 * @param {View} view
 * @param {Place} place
 * @param {DataSet} set
 * @param {string[]} texts
 * @param {number | undefined} expectedRevision
 * @returns {Promise<import('./adapters/adapter.mjs').Call>}
 */
async function sealedCall(it, view, place, set, texts, expectedRevision) {
  const newest = await newestOf(it, await readEpochs(it, view, place), set.epoch);
  if (!newest) throw refusal('NoKey');
  const state = await view.sealing(place);
  if (state === 'RotationDue' || state === 'OfferLapsed') throw refusal(state);
  const { epoch, publicKey } = newest;
  const { genesisHash, account: author, check } = it;
  const where = { genesisHash, ...place, epoch, publicKey, author, expectedRevision, check };
  if (set.kind === 'entry') {
    const args = await setSealedEntry({ ...where, value: texts[0] });
    return { pallet: 'DataContainer', call: 'set_sealed_entry', args };
  }
  const args = await appendSealed({ ...where, items: texts });
  return { pallet: 'DataContainer', call: 'append_sealed', args };
}
