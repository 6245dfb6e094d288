// SPDX-License-Identifier: Apache-2.0

// The epochs of a data set as a node reports them, and what the keystore proves of them. Envelopes
// are not signed: a node can make an epoch of its own, and seal its seed to any account. It cannot
// make a link, which contains the seed of the epoch before.

import { same, toHex } from './bytes.mjs';
import { openEnvelopes, openPrevious, SUITE } from './crypto.mjs';
import { CannotOpen, FalseLink, UnknownSuite, UnprovenEpoch } from './exceptions.mjs';

/** @typedef {import('./chain.mjs').Epoch} Epoch */
/** @typedef {import('./chain.mjs').Place} Place */
/** @typedef {import('./crypto.mjs').EpochKey} EpochKey */
/** @typedef {import('./connection.mjs').Connection} Connection */
/** @typedef {Map<number, EpochKey>} Keys by epoch */

/**
 * The newest epoch of a data set, which does not contradict the keystore.
 *
 * @typedef {{ epoch: number, publicKey: Uint8Array, key: EpochKey | undefined }} Newest
 */

/**
 * The epochs of a data set in one response of a node. A proof holds for this response only.
 *
 * @typedef {object} Reading
 * @property {Place} place
 * @property {Map<number, Epoch>} records
 * @property {{ epoch: number, key_version: number, sealed: Uint8Array }[]} envelopes
 * @property {Keys} keys that the keystore opens
 * @property {Error[]} faults
 */

/**
 * Reads the epochs of a data set, opens those that the keystore can open, and saves the seeds of
 * those that are proven to be the owner's.
 *
 * @param {Connection} it
 * @param {import('./chain.mjs').View} view
 * @param {Place} place
 * @returns {Promise<Reading>}
 */
export async function readEpochs(it, view, place) {
  const { custody, genesisHash, account } = it;
  const [records, envelopes] = await Promise.all([
    view.epochs(place),
    view.envelopes(place, account),
  ]);
  await custody.confirm([...records.values()].map((record) => record.public));
  const keystore = await custody.keystore();
  const { keys, faults } = await openEnvelopes({
    genesisHash,
    ...place,
    epochs: records,
    envelopes,
    own: (version) => keystore.keys(version),
    seeds: keystore,
  });
  const reading = { place, records, envelopes, keys, faults };
  const isHeld = async (/** @type {number} */ epoch) =>
    Boolean(await keystore.seed(keyOf(keys, epoch).publicKey, { ...place, epoch }));
  const proven = await provenEpochs(it, reading);
  const held = await Promise.all(proven.map(isHeld));
  const fresh = proven.filter((_, index) => !held[index]);
  if (fresh.length > 0) {
    const saved = fresh.map((epoch) => /** @type {const} */ ([epoch, keyOf(keys, epoch)]));
    await custody.update((changed) => changed.addSeeds({ ...place, keys: saved }));
  }
  await custody.rememberConfidential(place);
  return reading;
}

/** @param {Keys} keys @param {number} epoch */
const keyOf = (keys, epoch) => /** @type {EpochKey} */ (keys.get(epoch));

/**
 * Returns the opened epochs to save: those that only an account with the earlier keys can have
 * made. If the keystore knows no epoch of the data set, these are all. Otherwise: the epochs up to
 * the newest known one, and those that follow it by an unbroken chain of links.
 *
 * @param {Connection} it
 * @param {Reading} reading
 * @returns {Promise<number[]>} oldest first
 */
async function provenEpochs(it, reading) {
  const { custody, genesisHash } = it;
  const { place, records, keys } = reading;
  const all = [...keys.keys()].sort((a, b) => a - b);
  const known = await custody.knownEpochs(place);
  if (known.length === 0) return all;
  let newest = 0;
  for (const epoch of all) {
    const { publicKey } = keyOf(keys, epoch);
    const isKnown = isAmong(known, epoch, publicKey) || custody.isAccepted(place, epoch, publicKey);
    if (isKnown || (newest > 0 && (await follows(newest, epoch)))) newest = epoch;
  }
  return all.filter((epoch) => epoch <= newest);

  /** @param {number} before @param {number} epoch */
  async function follows(before, epoch) {
    const link = records.get(epoch)?.previous;
    if (before + 1 !== epoch || !link) return false;
    const { secretKey } = keyOf(keys, epoch);
    const earlier = keyOf(keys, before).publicKey;
    try {
      await openPrevious({ genesisHash, ...place, epoch }, secretKey, earlier, link);
      return true;
    } catch (error) {
      if (error instanceof CannotOpen || error instanceof FalseLink) return false;
      throw error;
    }
  }
}

/**
 * @param {{ epoch: number, publicKey: Uint8Array }[]} known
 * @param {number} epoch
 * @param {Uint8Array} publicKey
 */
const isAmong = (known, epoch, publicKey) =>
  known.some((each) => each.epoch === epoch && same(each.publicKey, publicKey));

/**
 * Returns the newest epoch of a data set, or undefined if it has no key yet. Throws `UnprovenEpoch`
 * if the keystore knows epochs of the data set from which this one does not follow.
 *
 * @param {Connection} it
 * @param {Reading} reading
 * @param {number} epoch the newest one, by the data set's record
 * @returns {Promise<Newest | undefined>}
 */
export async function newestOf(it, reading, epoch) {
  const { custody } = it;
  const { place, records, keys } = reading;
  // `readEpochs` has saved the seeds of all epochs that are proven.
  const known = await custody.knownEpochs(place);
  if (epoch === 0 && known.length === 0) return undefined;
  const record = records.get(epoch);
  if (!record) throw contradiction(place, epoch, 'of which it has no record');
  if (record.suite !== SUITE) {
    throw new UnknownSuite(`epoch ${epoch} uses cipher suite ${record.suite}: update this program`);
  }
  const newest = { epoch, publicKey: record.public, key: keys.get(epoch) };
  if (custody.isAccepted(place, epoch, record.public) || known.length === 0) return newest;
  const isKnown = isAmong(known, epoch, record.public);
  if (known.some((each) => each.epoch > epoch)) {
    throw contradiction(place, epoch, 'but the keystore has a newer one', record);
  }
  if (!isKnown && known.some((each) => each.epoch === epoch)) {
    throw contradiction(place, epoch, 'but the keystore has another key of it', record);
  }
  if (isKnown) return newest;
  throw new UnprovenEpoch(
    `epoch ${epoch} of ${place.dataSet} in container ${place.container} is not proven to be the ` +
      "owner's: no link leads to it from a key in the keystore. Compare its key " +
      `${toHex(record.public)} with the owner, and accept it`,
    { epoch, publicKey: toHex(record.public) },
  );
}

/**
 * @param {Place} place
 * @param {number} epoch
 * @param {string} why
 * @param {Epoch} [record]
 */
function contradiction({ container, dataSet }, epoch, why, record) {
  const publicKey = record ? toHex(record.public) : '';
  return new UnprovenEpoch(
    `the node reports epoch ${epoch} of ${dataSet} in container ${container} as the newest, ${why}: ` +
      'use another node, or compare the key with the owner and accept it',
    { epoch, publicKey },
  );
}
