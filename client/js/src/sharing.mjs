// SPDX-License-Identifier: Apache-2.0

// Gives and takes access. READ of a confidential data set comes with its newest key; taking READ
// away comes with a new key, in the same transaction.

import { fixed, same, textOrBytes, toHex } from './bytes.mjs';
import { ACCESS, share as shareArgs } from './calls.mjs';
import { blockOf, refusal } from './connection.mjs';
import { newestOf, readEpochs } from './epochs.mjs';
import { KeyChanged, NotFound } from './exceptions.mjs';
import { checkAll, flag, kindOf } from './options.mjs';
import { idOf, placeOf, shownId } from './records.mjs';
import { noKey, rotationOf } from './rotating.mjs';
import { accountOf, addressOf } from './ss58.mjs';

/** @typedef {import('./chain.mjs').DataSet} DataSet */
/** @typedef {import('./chain.mjs').View} View */
/** @typedef {import('./connection.mjs').Connection} Connection */
/** @typedef {'read' | 'write' | 'remove'} AccessName */
/** @typedef {{ dataSet: string, access: AccessName[] }} Access */

/**
 * @typedef {object} Shared
 * @property {number | string} container
 * @property {string} account
 * @property {Access[]} shared
 * @property {string[]} withoutKey the data sets that have no key yet: the account gets it with the
 *   first rotation
 * @property {number} [until] Unix milliseconds
 * @property {number} block
 * @property {string} blockHash
 */

/**
 * @typedef {object} Revoked
 * @property {number | string} container
 * @property {string} account
 * @property {Access[]} taken
 * @property {string[]} rotated the data sets with a new key
 * @property {boolean} isDue whether keys are still to be rotated, with `rotateDue`
 * @property {import('./rotating.mjs').LeftOut[]} leftOut
 * @property {number} block
 * @property {string} blockHash
 */

/**
 * @typedef {object} Keys
 * @property {string} account
 * @property {{ version: number, publicKey: string }} [onChain]
 * @property {{ version: number, publicKey: string }} [pinned]
 */

const BITS = /** @type {const} */ ({
  read: ACCESS.READ,
  write: ACCESS.WRITE,
  remove: ACCESS.REMOVE,
});
const NAMES = /** @type {AccessName[]} */ (Object.keys(BITS));

/**
 * @param {unknown} names
 * @returns {number}
 */
function bitsOf(names) {
  const list = typeof names === 'string' ? [names] : names;
  if (!Array.isArray(list) || list.length === 0) {
    throw new TypeError(`access is one or more of ${NAMES.join(', ')}, not ${kindOf(names)}`);
  }
  const wrong = list.find((name) => !NAMES.includes(name));
  if (wrong !== undefined) {
    throw new TypeError(`access is one or more of ${NAMES.join(', ')}, not ${String(wrong)}`);
  }
  return list.reduce((all, /** @type {AccessName} */ name) => all | BITS[name], 0);
}

/** @param {number} bits @returns {AccessName[]} */
export const namesOf = (bits) => NAMES.filter((name) => bits & BITS[name]);

/**
 * Returns the named data sets of a container, or all that are in use.
 *
 * @param {View} view
 * @param {bigint} container
 * @param {unknown} names
 * @returns {Promise<DataSet[]>}
 */
async function namedSets(view, container, names) {
  const all = await view.dataSets(container);
  if (names === undefined) return all.filter(({ isRetired }) => !isRetired);
  if (!Array.isArray(names) || names.length === 0) {
    throw new TypeError(`dataSets is a list of names, not ${kindOf(names)}`);
  }
  // A data set that is named twice counts once.
  const wanted = new Set(names.map((dataSet) => placeOf({ container, dataSet }).dataSet));
  return [...wanted].map((name) => {
    const set = all.find((each) => each.name === name);
    if (!set) throw new NotFound(`the container ${container} has no data set ${name}`);
    return set;
  });
}

/**
 * Returns another account's address as its bytes.
 *
 * @param {Connection} it
 * @param {unknown} address
 */
function otherAccount(it, address) {
  const account = accountOf(address, 'account');
  if (!same(account, it.account)) return account;
  throw new RangeError('this is your own account: a grant to yourself would outlast a handover');
}

/**
 * @param {unknown} until
 * @returns {number | undefined}
 */
function momentOf(until) {
  if (until === undefined) return undefined;
  const time = until instanceof Date ? until.getTime() : until;
  if (typeof time === 'number' && Number.isSafeInteger(time) && time >= 0) return time;
  throw new TypeError(`until is a Date, or Unix milliseconds, not ${String(until)}`);
}

/**
 * Gives an account access to data sets, with the newest key of each confidential one that it may
 * read. Pins the account's key if it is seen for the first time; throws `KeyChanged` if it differs
 * from the pinned one.
 *
 * @param {Connection} it
 * @param {object} options
 * @param {number | bigint | string} options.container
 * @param {string} options.account an SS58 address
 * @param {string[]} options.dataSets
 * @param {AccessName | AccessName[]} [options.access] `read` by default
 * @param {Date | number} [options.until] the last moment of the access; other access keeps its end
 * @returns {Promise<Shared>}
 */
export async function share(it, options) {
  checkAll('share', options, ['container', 'account', 'dataSets'], ['access', 'until']);
  const container = idOf(options.container, 'container');
  const account = otherAccount(it, options.account);
  const wanted = bitsOf(options.access ?? 'read');
  const until = momentOf(options.until);
  const view = await it.now();
  await it.ownedContainer(view, container);
  const sets = await namedSets(view, container, options.dataSets);
  const access = [];
  for (const set of sets) {
    const place = { container, dataSet: set.name };
    const isConfidential = await it.isConfidential(place, set);
    // Everyone reads a public data set, so READ of it is not granted.
    const bits = isConfidential ? wanted : wanted & ~ACCESS.READ;
    if (bits !== 0) access.push({ place, epoch: set.epoch, access: bits });
  }
  if (access.length === 0) throw refusal('ReadIsPublic');
  const isRead = access.some((part) => part.access & ACCESS.READ);
  const reader = isRead ? await readerOf(it, view, account) : { account };
  const parts = [];
  for (const { place, epoch, access: bits } of access) {
    const key = bits & ACCESS.READ ? await newestKey(it, view, place, epoch) : undefined;
    parts.push({ dataSet: place.dataSet, access: bits, key });
  }
  const args = await shareArgs({
    genesisHash: it.genesisHash,
    container,
    reader,
    access: parts,
    until,
    trust: await it.custody.keystore(),
  });
  const outcome = await it.send([{ pallet: 'DataContainer', call: 'share', args }]);
  return {
    container: shownId(container),
    account: addressOf(account),
    shared: parts.map(({ dataSet, access: bits }) => ({ dataSet, access: namesOf(bits) })),
    withoutKey: parts.filter(({ key }) => key === null).map(({ dataSet }) => dataSet),
    ...(until === undefined ? {} : { until }),
    ...blockOf(outcome),
  };
}

/**
 * Returns an account with its key, checked against the keystore.
 *
 * @param {Connection} it
 * @param {View} view
 * @param {Uint8Array} account
 */
async function readerOf(it, view, account) {
  const key = await view.encryptionKey(account);
  if (!key) throw refusal('NoEncryptionKey');
  await it.custody.check(key);
  return key;
}

/**
 * Returns the newest key of a data set to give away, or null if it has none.
 *
 * @param {Connection} it
 * @param {View} view
 * @param {import('./chain.mjs').Place} place
 * @param {number} epoch
 */
async function newestKey(it, view, place, epoch) {
  const newest = await newestOf(it, await readEpochs(it, view, place), epoch);
  if (!newest) return null;
  if (!newest.key) throw noKey(place, newest.epoch);
  return { epoch: newest.epoch, ...newest.key };
}

/**
 * Takes access away from an account. Where it takes READ, the same transaction rotates the key, so
 * that the account reads nothing that is written later.
 *
 * @param {Connection} it
 * @param {object} options
 * @param {number | bigint | string} options.container
 * @param {string} options.account an SS58 address
 * @param {string[]} [options.dataSets] all by default
 * @param {AccessName | AccessName[]} [options.access] all by default
 * @param {boolean} [options.rotate] `false` to rotate later, with `rotateDue`: until then the chain
 *   accepts no sealed values
 * @returns {Promise<Revoked>}
 */
export async function revoke(it, options) {
  checkAll('revoke', options, ['container', 'account'], ['dataSets', 'access', 'rotate']);
  const container = idOf(options.container, 'container');
  const account = otherAccount(it, options.account);
  const taken = bitsOf(options.access ?? NAMES);
  const isRotated = flag(options.rotate ?? true, 'rotate');
  const view = await it.now();
  await it.ownedContainer(view, container);
  const sets = await namedSets(view, container, options.dataSets);
  const members = await view.members(container);
  const rights = members.find((member) => same(member.account, account))?.rights;
  const access = sets
    .map((set) => ({ set, bits: taken & heldBits(rights, set.id) }))
    .filter(({ bits }) => bits !== 0);
  if (access.length === 0) throw refusal('NotShared');
  const list = access.map(({ set, bits }) => ({
    data_set: textOrBytes(set.name, 'the name'),
    access: bits,
  }));
  const unshare = {
    pallet: 'DataContainer',
    call: 'unshare',
    args: { container, account, access: list },
  };
  const keyed = access.filter(({ set, bits }) => bits & ACCESS.READ && set.epoch > 0);
  const rotations = [];
  for (const { set } of isRotated ? keyed : []) {
    const place = { container, dataSet: set.name };
    rotations.push(await rotationOf(it, view, place, { without: account }));
  }
  const calls = [unshare, ...rotations.flatMap((rotation) => rotation.calls)];
  const outcome = await it.send(
    calls,
    rotations.map(({ publicKey }) => publicKey),
  );
  return {
    container: shownId(container),
    account: addressOf(account),
    taken: access.map(({ set, bits }) => ({ dataSet: set.name, access: namesOf(bits) })),
    rotated: isRotated ? keyed.map(({ set }) => set.name) : [],
    isDue: !isRotated && keyed.length > 0,
    leftOut: rotations.flatMap((rotation) => rotation.leftOut),
    ...blockOf(outcome),
  };
}

/**
 * Returns the access that a grant gives to a data set, also after its end.
 *
 * @param {import('./chain.mjs').Rights | undefined} rights
 * @param {number} id
 */
function heldBits(rights, id) {
  const ends = rights?.grants.find((grant) => grant.id === id)?.ends ?? [];
  return NAMES.reduce(
    (all, name, index) => (ends[index] === undefined ? all : all | BITS[name]),
    0,
  );
}

/**
 * Returns the encryption key of an account on the chain, to be compared with the account over
 * another channel, and the key that is pinned here.
 *
 * @param {Connection} it
 * @param {{ account: string }} options
 * @returns {Promise<Keys>}
 */
export async function keyOf(it, options) {
  checkAll('keyOf', options, ['account']);
  const account = accountOf(options.account, 'account');
  const key = await (await it.now()).encryptionKey(account);
  const pin = (await it.custody.keystore()).pinned(account);
  const shown = (/** @type {{ version: number, public: Uint8Array }} */ of) => ({
    version: of.version,
    publicKey: toHex(of.public),
  });
  return {
    account: addressOf(account),
    ...(key && { onChain: shown(key) }),
    ...(pin && { pinned: shown(pin) }),
  };
}

/**
 * Accepts a key after the user compared it: the encryption key of an account, or, with a container
 * and a data set, the key of its newest epoch as the owner's.
 *
 * @param {Connection} it
 * @param {object} options
 * @param {string} options.publicKey as the owner of the key says it, hexadecimal after `0x`
 * @param {string} [options.account]
 * @param {number | bigint | string} [options.container]
 * @param {string} [options.dataSet]
 * @returns {Promise<void>}
 */
export async function accept(it, options) {
  checkAll('accept', options, ['publicKey'], ['account', 'container', 'dataSet']);
  const publicKey = fixed(options.publicKey, 32, 'publicKey');
  if ((options.account === undefined) === (options.container === undefined)) {
    throw new TypeError('accept takes the key of an account, or of a container and a data set');
  }
  const view = await it.now();
  if (options.account !== undefined) {
    const account = accountOf(options.account, 'account');
    const key = await view.encryptionKey(account);
    if (!key) throw refusal('NoEncryptionKey');
    if (!same(key.public, publicKey)) throw otherKey(it, key);
    await it.custody.update((keystore) => keystore.accept(key));
    return;
  }
  const place = placeOf({ container: options.container, dataSet: options.dataSet });
  const { epoch } = await view.dataSet(place);
  const record = (await view.epochs(place)).get(epoch);
  if (!record || !same(record.public, publicKey)) {
    throw new NotFound(
      `the key of epoch ${epoch} of ${place.dataSet} is not the one that you give`,
    );
  }
  it.custody.acceptEpoch(place, epoch, publicKey);
  await readEpochs(it, view, place);
}

/** @param {Connection} it @param {import('./chain.mjs').AccountKey} found */
function otherKey(it, found) {
  const words = `the chain has another key of ${addressOf(found.account)}: ${toHex(found.public)}`;
  return new KeyChanged(words, found, { version: found.version, public: found.public });
}
