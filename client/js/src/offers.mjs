// SPDX-License-Identifier: Apache-2.0

// Examines an offer before it is accepted: opens every envelope that it brought, and lists the
// rights of others that remain.

import { toHex } from './bytes.mjs';
import { newestOf, readEpochs } from './epochs.mjs';
import { NotFound, UnprovenEpoch } from './exceptions.mjs';
import { checkAll } from './options.mjs';
import { idOf, shownId } from './records.mjs';
import { namesOf } from './sharing.mjs';
import { addressOf } from './ss58.mjs';

/** @typedef {import('./chain.mjs').DataSet} DataSet */
/** @typedef {import('./chain.mjs').View} View */
/** @typedef {import('./connection.mjs').Connection} Connection */

/** @typedef {{ container: number | string, dataSet: string }} Named */

/**
 * The content of an offer. Accept it only if `isGood`.
 *
 * @typedef {object} Review
 * @property {number} [twin]
 * @property {(number | string)[]} containers that change owner together
 * @property {number} offer its id, which the call to accept names
 * @property {string} from
 * @property {string} to
 * @property {number} deadline Unix milliseconds
 * @property {boolean} isLapsed
 * @property {boolean} isForMe
 * @property {Named[]} opened the confidential data sets whose newest key opens
 * @property {(Named & { why: string })[]} unopened those without a correct envelope
 * @property {(Named & { epochs: number[] })[]} closed older epochs that stay closed
 * @property {(Named & { epoch: number, publicKey: string })[]} unproven keys to compare with the
 *   owner, and to `accept`
 * @property {Remaining[]} remaining the rights of other accounts, which a handover does not change
 * @property {boolean} isGood whether the offer is for this account, not lapsed, and brings all keys
 */

/**
 * @typedef {object} Remaining
 * @property {number | string} container
 * @property {string} account
 * @property {string[]} roles
 * @property {{ dataSet: string, access: string[] }[]} grants
 */

/**
 * Examines the offer of a container, or of a twin with its containers.
 *
 * @param {Connection} it
 * @param {{ container?: number | bigint | string, twin?: number | bigint | string }} options
 * @returns {Promise<Review>}
 */
export async function reviewOffer(it, options) {
  checkAll('reviewOffer', options, [], ['container', 'twin']);
  if ((options.container === undefined) === (options.twin === undefined)) {
    throw new TypeError('reviewOffer needs either `container` or `twin`');
  }
  const view = await it.now();
  const { offered, containers, shown } = await offeredBy(view, options);
  const { owner, offer } = offered;
  if (!offer) throw new NotFound('this is not on offer');
  /** @type {Awaited<ReturnType<typeof reviewContainer>>[]} */
  const parts = [];
  for (const container of containers) parts.push(await reviewContainer(it, view, container));
  const all = (/** @type {keyof typeof parts[number]} */ name) =>
    parts.flatMap((part) => /** @type {any[]} */ (part[name]));
  const isForMe = addressOf(offer.to) === it.address;
  const isLapsed = offer.deadline < Date.now();
  const unopened = all('unopened');
  return {
    ...shown,
    containers: containers.map(shownId),
    offer: offer.id,
    from: addressOf(owner),
    to: addressOf(offer.to),
    deadline: offer.deadline,
    isLapsed,
    isForMe,
    opened: all('opened'),
    unopened,
    closed: all('closed'),
    unproven: all('unproven'),
    remaining: all('remaining'),
    isGood: isForMe && !isLapsed && unopened.length === 0,
  };
}

/**
 * @param {View} view
 * @param {{ container?: any, twin?: any }} options
 */
async function offeredBy(view, options) {
  if (options.twin === undefined) {
    const container = idOf(options.container, 'container');
    return { offered: await view.container(container), containers: [container], shown: {} };
  }
  const twin = idOf(options.twin, 'twin');
  const offered = await view.twin(twin);
  return { offered, containers: offered.containers, shown: { twin: Number(twin) } };
}

/**
 * @param {Connection} it
 * @param {View} view
 * @param {bigint} container
 */
async function reviewContainer(it, view, container) {
  const sets = await view.dataSets(container);
  /** @type {Pick<Review, 'opened' | 'unopened' | 'closed' | 'unproven'>} */
  const found = { opened: [], unopened: [], closed: [], unproven: [] };
  for (const set of sets) {
    // A retired data set needs an envelope only while it holds values.
    if (set.epoch > 0 && (!set.isRetired || set.hasData)) {
      await reviewSet(it, view, container, set, found);
    }
  }
  return { ...found, remaining: await remainingIn(it, view, container, sets) };
}

/**
 * @param {Connection} it
 * @param {View} view
 * @param {bigint} container
 * @param {DataSet} set
 * @param {Pick<Review, 'opened' | 'unopened' | 'closed' | 'unproven'>} found
 */
async function reviewSet(it, view, container, set, found) {
  const place = { container, dataSet: set.name };
  const named = { container: shownId(container), dataSet: set.name };
  const reading = await readEpochs(it, view, place);
  const { keys, records, envelopes, faults } = reading;
  const isFalse = envelopes.some(({ epoch }) => !keys.has(epoch));
  if (isFalse || !keys.has(set.epoch)) {
    const why = faults.map(({ message }) => message).join('; ');
    found.unopened.push({ ...named, why: why || `epoch ${set.epoch} has no envelope` });
  } else {
    found.opened.push(named);
  }
  const epochs = [...records.keys()].filter((epoch) => !keys.has(epoch));
  if (epochs.length > 0) found.closed.push({ ...named, epochs });
  try {
    await newestOf(it, reading, set.epoch);
  } catch (error) {
    if (!(error instanceof UnprovenEpoch)) throw error;
    const { epoch, publicKey } = error;
    found.unproven.push({ ...named, epoch, publicKey });
  }
}

/**
 * @param {Connection} it
 * @param {View} view
 * @param {bigint} container
 * @param {DataSet[]} sets
 * @returns {Promise<Remaining[]>}
 */
async function remainingIn(it, view, container, sets) {
  const { roles } = await view.container(container);
  const members = await view.members(container);
  const others = members.filter(({ account }) => toHex(account) !== toHex(it.account));
  return others.map(({ account, rights }) => ({
    container: shownId(container),
    account: addressOf(account),
    roles: rights.roles.map((id) => roles.get(id) ?? `role ${id}`),
    grants: rights.grants.map(({ id, ends }) => ({
      dataSet: sets.find((set) => set.id === id)?.name ?? `data set ${id}`,
      access: namesOf(
        ends.reduce(
          (/** @type {number} */ bits, end, index) =>
            end === undefined ? bits : bits | (1 << index),
          0,
        ),
      ),
    })),
  }));
}
