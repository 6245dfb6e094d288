// SPDX-License-Identifier: Apache-2.0

// The history of a data set from an archive: its operations, and the proof that none is missing or
// altered. The head in the finalised state chains all of them.

import { concat, fixed, same, textOrBytes, toHex, u32Bytes, u64Bytes } from './bytes.mjs';
import { blake2_256 } from './crypto.mjs';
import { FalseHistory, NotFound } from './exceptions.mjs';
import { checkAll } from './options.mjs';
import { accountIn, bytesIn, numberOf, placeOf, shownId, typeOf } from './records.mjs';
import { addressOf } from './ss58.mjs';

/** @typedef {import('./chain.mjs').Place} Place */
/** @typedef {import('./chain.mjs').View} View */
/** @typedef {import('./connection.mjs').Connection} Connection */
/** @typedef {import('./reading.mjs').Where} Where */

/**
 * One change of a data set.
 *
 * @typedef {object} Operation
 * @property {'Set' | 'Clear' | 'Append' | 'Remove' | 'Retire'} type
 * @property {number} revision
 * @property {string} author an SS58 address
 * @property {'Owner' | 'Grant' | { role: number }} authority
 * @property {number} block
 * @property {number} time Unix milliseconds
 * @property {number} [batch] of `Append` and `Remove`
 * @property {number} [position] of `Remove`
 * @property {string} [payloadHash] of `Set` and `Append`
 */

/**
 * @typedef {object} History
 * @property {number | string} container
 * @property {string} dataSet
 * @property {number} revision
 * @property {string} head
 * @property {number} block the finalised block whose state has this head
 * @property {string} blockHash
 * @property {Operation[]} operations oldest first
 */

const LABEL = textOrBytes('twinchain/head/2', 'the label');
/** The kinds of operations in SCALE, with the fields that follow the common ones. */
export const OPERATIONS = /** @type {const} */ ({
  Set: { index: 0, fields: ['payloadHash'] },
  Clear: { index: 1, fields: [] },
  Append: { index: 2, fields: ['batch', 'payloadHash'] },
  Remove: { index: 3, fields: ['batch', 'position'] },
  Retire: { index: 4, fields: [] },
});
/** The fields of all operations, in order. */
export const COMMON = ['revision', 'author', 'authority', 'block', 'time'];

/**
 * Returns all operations of a data set. Needs an archive node: others keep 256 blocks.
 *
 * @param {Connection} it
 * @param {Where} options
 * @returns {Promise<History>}
 */
export async function history(it, options) {
  checkAll('history', options, ['container', 'dataSet']);
  const { shown } = await walk(it, placeOf(options));
  return shown;
}

/**
 * Returns the same, after recomputing the head from the operations. Throws `FalseHistory` if one is
 * missing, altered or false.
 *
 * @param {Connection} it
 * @param {Where & { known?: { revision: number, head: string } }} options the history must contain
 *   `known`: a revision with its head, from an earlier verification or from someone you trust
 * @returns {Promise<History>}
 */
export async function verifyHistory(it, options) {
  checkAll('verifyHistory', options, ['container', 'dataSet'], ['known']);
  const { known } = options;
  if (known !== undefined) checkAll('known', known, ['revision', 'head']);
  const place = placeOf(options);
  const { shown, id } = await walk(it, place);
  const heads = [initialHead(it.genesisHash, place.container, id)];
  for (const operation of shown.operations) {
    heads.push(nextHead(/** @type {Uint8Array} */ (heads.at(-1)), operation));
  }
  if (toHex(/** @type {Uint8Array} */ (heads.at(-1))) !== shown.head) {
    throw new FalseHistory(
      `the operations of ${place.dataSet} in container ${place.container} do not lead to its head ` +
        `${shown.head}: one of them is missing, altered or false`,
    );
  }
  const found = known && heads[known.revision];
  if (known && (!found || !same(found, fixed(known.head, 32, 'the known head')))) {
    throw new FalseHistory(
      `the history does not contain the known head of revision ${known.revision}`,
    );
  }
  return shown;
}

/**
 * Walks back from the newest change to the first: each record names the block of its last change.
 *
 * @param {Connection} it
 * @param {Place} place
 */
async function walk(it, place) {
  const newest = await it.now();
  const record = await newest.dataSet(place);
  /** @type {Operation[]} */
  let operations = [];
  let set = record;
  while (set.revision > 0) {
    const at = await newest.before(set.changed);
    const changes = await changesIn(at, place, record.id);
    const first = changes.at(0)?.revision ?? 0;
    if (changes.at(-1)?.revision !== set.revision || first !== set.revision - changes.length + 1) {
      throw new FalseHistory(
        `block ${set.changed} does not have the change with revision ${set.revision} of ` +
          `${place.dataSet} in container ${place.container}`,
      );
    }
    operations = [...changes, ...operations];
    if (first === 1) break;
    const before = set;
    set = await (await newest.before(set.changed - 1)).dataSet(place);
    if (set.revision !== first - 1 || set.changed >= before.changed) {
      throw new FalseHistory(
        `the record before block ${before.changed} does not have revision ${first - 1}`,
      );
    }
  }
  const shown = {
    container: shownId(place.container),
    dataSet: place.dataSet,
    revision: record.revision,
    head: toHex(record.head),
    block: newest.block.number,
    blockHash: newest.block.hash,
    operations,
  };
  return { shown, id: record.id };
}

/**
 * Returns the operations of a data set in a block, in order. Calls in batches and through proxies
 * have their events in the block, too.
 *
 * @param {View} view
 * @param {Place} place
 * @param {number} id
 * @returns {Promise<Operation[]>}
 */
async function changesIn(view, { container }, id) {
  const events = await view.events().catch((cause) => {
    throw new NotFound(
      `the node does not have the events of block ${view.block.number}: use an archive node`,
      { cause },
    );
  });
  return events
    .filter(({ pallet, name }) => pallet === 'DataContainer' && name === 'DataSetChanged')
    .filter(({ data }) => BigInt(data.container) === container && Number(data.dataSet) === id)
    .map(({ data }) => operationOf(data.operation));
}

/**
 * Reads an operation. Fails for kinds and fields that this program does not know: it could not hash
 * them.
 *
 * @param {any} operation
 * @returns {Operation}
 */
function operationOf(operation) {
  const type = typeOf(operation);
  if (!Object.hasOwn(OPERATIONS, type)) throw unknown(type);
  const kind = OPERATIONS[/** @type {keyof typeof OPERATIONS} */ (type)];
  const given = operation.value;
  const names = [...COMMON, ...kind.fields];
  const other = Object.keys(given).find((name) => !names.includes(name));
  if (other !== undefined) throw unknown(`${type}.${other}`);
  const number = (/** @type {string} */ name) => numberOf(given[name], name);
  const rest = kind.fields.map((name) => [
    name,
    name === 'payloadHash' ? toHex(fixed(bytesIn(given[name]), 32, name)) : number(name),
  ]);
  return {
    type: /** @type {Operation['type']} */ (type),
    revision: number('revision'),
    author: addressOf(accountIn(given.author)),
    authority: authorityOf(given.authority),
    block: number('block'),
    time: number('time'),
    ...Object.fromEntries(rest),
  };
}

/** @param {any} authority @returns {Operation['authority']} */
function authorityOf(authority) {
  const type = typeOf(authority);
  if (type === 'Owner' || type === 'Grant') return type;
  if (type !== 'Role') throw unknown(type);
  return { role: numberOf(authority.value, 'a role') };
}

/** @param {string} what */
const unknown = (what) => new FalseHistory(`an operation has ${what}: update this program`);

/**
 * Returns the head of a data set without changes.
 *
 * @param {Uint8Array} genesisHash
 * @param {bigint} container
 * @param {number} id
 */
export const initialHead = (genesisHash, container, id) =>
  blake2_256(concat(LABEL, genesisHash, u64Bytes(container), u32Bytes(id).subarray(0, 2)));

/**
 * Returns the head after one more change: `blake2_256(head ++ SCALE(operation))`.
 *
 * @param {Uint8Array} head
 * @param {Operation} operation
 */
export function nextHead(head, operation) {
  const { type, revision, author, authority, block, time } = operation;
  const { index, fields } = OPERATIONS[type];
  return blake2_256(
    concat(
      head,
      Uint8Array.of(index),
      u32Bytes(revision),
      accountIn(author),
      authorityBytes(authority),
      u32Bytes(block),
      u64Bytes(BigInt(time)),
      ...fields.map((name) =>
        name === 'payloadHash' ? bytesIn(operation[name]) : u32Bytes(Number(operation[name])),
      ),
    ),
  );
}

/** @param {Operation['authority']} authority */
function authorityBytes(authority) {
  if (authority === 'Owner') return Uint8Array.of(0);
  return authority === 'Grant' ? Uint8Array.of(2) : Uint8Array.of(1, authority.role);
}
