// SPDX-License-Identifier: Apache-2.0

// Makes new keys of data sets, and the account's own key. Seals only to keys that the keystore
// knows: a lying node could name a reader that must not read, with a key of its own.

import { same, toHex } from './bytes.mjs';
import { MAX_ENVELOPES, rotate as rotation, setEncryptionKey, setEnvelopes } from './calls.mjs';
import { blockOf, refusal } from './connection.mjs';
import { newestOf, readEpochs } from './epochs.mjs';
import { NotFound, UnknownKey } from './exceptions.mjs';
import { checkAll, flag } from './options.mjs';
import { idOf, placeOf, shownId } from './records.mjs';
import { addressOf } from './ss58.mjs';

/** @typedef {import('./adapters/adapter.mjs').Call} Call */
/** @typedef {import('./chain.mjs').AccountKey} AccountKey */
/** @typedef {import('./chain.mjs').Place} Place */
/** @typedef {import('./chain.mjs').View} View */
/** @typedef {import('./connection.mjs').Connection} Connection */
/** @typedef {import('./keystore.mjs').Keystore} Keystore */

/**
 * A reader that does not get a new key, and why. Accept its key, and rotate again or share again.
 *
 * @typedef {{ dataSet: string, account: string, why: string }} LeftOut
 */

/** @typedef {{ calls: Call[], publicKey: Uint8Array, leftOut: LeftOut[] }} Rotation */

/**
 * @typedef {object} Rotated
 * @property {number | string} container
 * @property {string[]} rotated the data sets with a new key
 * @property {LeftOut[]} leftOut
 * @property {number} [block] missing if no key was due
 * @property {string} [blockHash]
 */

/** @typedef {{ version: number, publicKey: string, isNew: boolean }} OwnPublicKey */

/** The largest number of calls in one transaction, well under the limits of a block. */
const MAX_CALLS = 16;
const MAX_ROTATIONS = 8;

/**
 * Makes sure that the account has an encryption key on the chain, and that the keystore has it. The
 * keystore has the secret key before the chain knows the public one.
 *
 * @param {Connection} it
 * @returns {Promise<OwnPublicKey>}
 */
export async function ensureKey(it) {
  const found = await (await it.now()).encryptionKey(it.account);
  if (found) {
    await it.custody.check(found);
    return { version: found.version, publicKey: toHex(found.public), isNew: false };
  }
  const isHeld = (await it.custody.keystore()).versions.includes(1);
  const key = await it.custody.update(async (keystore) => keystore.prepareKey(1));
  if (!isHeld) await it.custody.prepare([key.public]);
  const args = setEncryptionKey(key);
  await it.send([{ pallet: 'DataContainer', call: 'set_encryption_key', args }], [key.public]);
  return { version: key.version, publicKey: toHex(key.public), isNew: true };
}

/**
 * Rotates the key of a data set. With `cut`, readers added later cannot read older data.
 *
 * @param {Connection} it
 * @param {import('./reading.mjs').Where & { cut?: boolean }} options
 * @returns {Promise<Rotated>}
 */
export async function rotate(it, options) {
  checkAll('rotate', options, ['container', 'dataSet'], ['cut']);
  const place = placeOf(options);
  const view = await it.now();
  await it.ownedContainer(view, place.container);
  return rotateAll(it, view, [place], flag(options.cut ?? false, 'cut'));
}

/**
 * Rotates all keys of a container that are due: of data sets that have no key yet, or that an
 * account lost access to.
 *
 * @param {Connection} it
 * @param {{ container: number | bigint | string }} options
 * @returns {Promise<Rotated>}
 */
export async function rotateDue(it, options) {
  checkAll('rotateDue', options, ['container']);
  const container = idOf(options.container, 'container');
  const view = await it.now();
  await it.ownedContainer(view, container);
  const due = new Set((await view.rotationsDue(container)).map(({ dataSet }) => dataSet));
  const places = [...due].map((dataSet) => ({ container, dataSet }));
  if (places.length === 0) return { container: shownId(container), rotated: [], leftOut: [] };
  return rotateAll(it, view, places, false);
}

/**
 * Rotates the keys of data sets of one container, in as few transactions as possible.
 *
 * @param {Connection} it
 * @param {View} view
 * @param {Place[]} places
 * @param {boolean} cut
 * @returns {Promise<Rotated>}
 */
async function rotateAll(it, view, places, cut) {
  /** @type {LeftOut[]} */
  const leftOut = [];
  let outcome;
  for (const group of groupsOf(places, MAX_ROTATIONS)) {
    const made = [];
    for (const place of group) made.push(await rotationOf(it, view, place, { cut }));
    leftOut.push(...made.flatMap((one) => one.leftOut));
    const calls = made.flatMap((one) => one.calls);
    const keys = made.map(({ publicKey }) => publicKey);
    if (calls.length <= MAX_CALLS) outcome = await it.send(calls, keys);
    else for (const one of made) outcome = await it.send(one.calls, [one.publicKey]);
  }
  return {
    container: shownId(places[0].container),
    rotated: places.map(({ dataSet }) => dataSet),
    leftOut,
    ...(outcome && blockOf(outcome)),
  };
}

/** @template T @param {T[]} all @param {number} size @returns {T[][]} */
function groupsOf(all, size) {
  const starts = Array.from({ length: Math.ceil(all.length / size) }, (_, index) => index * size);
  return starts.map((start) => all.slice(start, start + size));
}

/**
 * Makes a new epoch of a data set, saves its seed, and returns the calls: first the rotation, then
 * envelopes that do not fit into it.
 *
 * @param {Connection} it
 * @param {View} view
 * @param {Place} place
 * @param {object} options
 * @param {boolean} [options.cut]
 * @param {Uint8Array} [options.without] a reader that loses its access in the same transaction
 * @returns {Promise<Rotation>}
 */
export async function rotationOf(it, view, place, { cut = false, without }) {
  const { genesisHash, custody } = it;
  const set = await view.dataSet(place);
  if (!(await it.isConfidential(place, set))) throw refusal('NotConfidential');
  const owner = await ownKey(it, view);
  const { readers, leftOut } = await sortReaders(it, view, place, without);
  const newest = await newestOf(it, await readEpochs(it, view, place), set.epoch);
  const epoch = newest?.epoch ?? 0;
  const isLinked = newest !== undefined && !cut;
  if (isLinked && !newest.key) throw noKey(place, epoch);
  const [first, ...rest] = groupsOf(readers, MAX_ENVELOPES);
  const keystore = await custody.keystore();
  const made = await rotation({
    genesisHash,
    ...place,
    epoch,
    previous: isLinked ? { epoch, .../** @type {any} */ (newest.key) } : undefined,
    cut: newest !== undefined && cut,
    owner,
    readers: first ?? [],
    trust: keystore,
  });
  // Until the chain has the key, it does not show what the chain should have.
  await custody.prepare([made.publicKey]);
  await custody.rememberConfidential(place);
  await custody.update((changed) => changed.addSeed({ ...place, ...made }));
  const key = { epoch: made.epoch, seed: made.seed, publicKey: made.publicKey };
  const more = await Promise.all(
    rest.map((group) =>
      setEnvelopes({
        genesisHash,
        ...place,
        epoch: made.epoch,
        key,
        readers: group,
        trust: keystore,
      }),
    ),
  );
  const calls = [
    { pallet: 'DataContainer', call: 'rotate_key', args: made.args },
    ...more.map((args) => ({ pallet: 'DataContainer', call: 'set_envelopes', args })),
  ];
  return { calls, publicKey: made.publicKey, leftOut };
}

/** @param {Place} place @param {number} epoch */
export const noKey = ({ container, dataSet }, epoch) =>
  new UnknownKey(
    `the keystore opens no key of epoch ${epoch} of ${dataSet} in container ${container}: use the ` +
      'keystore that made it, or ask a reader for an envelope',
  );

/** @param {Connection} it @param {View} view @returns {Promise<AccountKey>} */
async function ownKey(it, view) {
  const owner = await view.encryptionKey(it.account);
  if (!owner) throw new NotFound('your account has no encryption key: call ensureKey first');
  await it.custody.check(owner);
  return owner;
}

/**
 * Sorts the readers of a data set, and an account that its container is offered to, by whether the
 * keystore knows their keys.
 *
 * @param {Connection} it
 * @param {View} view
 * @param {Place} place
 * @param {Uint8Array} [without]
 */
async function sortReaders(it, view, place, without) {
  const { offer } = await view.container(place.container);
  const all = [...(await view.readers(place)), ...(offer ? [offer.to] : [])];
  const left = new Set([it.account, ...(without ? [without] : [])].map(toHex));
  const keystore = await it.custody.keystore();
  /** @type {AccountKey[]} */
  const readers = [];
  /** @type {LeftOut[]} */
  const leftOut = [];
  for (const account of all) {
    if (left.has(toHex(account))) continue;
    left.add(toHex(account));
    const key = await view.encryptionKey(account);
    const why = unknownKey(keystore, key);
    if (key && !why) readers.push(key);
    else leftOut.push({ dataSet: place.dataSet, account: addressOf(account), why: why ?? '' });
  }
  return { readers, leftOut };
}

/**
 * Returns why nothing is sealed to a key, or undefined if the keystore has it pinned.
 *
 * @param {Keystore} keystore
 * @param {AccountKey | undefined} key
 */
function unknownKey(keystore, key) {
  if (!key) return 'it has no encryption key';
  const pin = keystore.pinned(key.account);
  if (!pin) return 'its key is not known here: share with it, or accept its key';
  const isSame = pin.version === key.version && same(pin.public, key.public);
  return isSame ? undefined : 'its key changed: accept the new key';
}
