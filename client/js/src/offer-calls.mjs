// SPDX-License-Identifier: Apache-2.0

// Creates the arguments of calls that offer containers and twins. An offer discloses data: the
// offeree gets the keys of all confidential data sets with it.

import { fixed, u64 } from './bytes.mjs';
import { checkCount, envelopesFor, MAX_ENVELOPES } from './envelopes.mjs';
import { checkOptions } from './options.mjs';

/** @typedef {import('./crypto.mjs').Fixed} Fixed */
/** @typedef {import('./crypto.mjs').Integer} Integer */
/** @typedef {import('./crypto.mjs').Reader} Reader */
/** @typedef {import('./envelopes.mjs').NamedKey} NamedKey */
/** @typedef {import('./envelopes.mjs').Trust} Trust */

/** The maximum number of envelopes in `offer_twin`, for all its containers. */
export const MAX_OFFER_ENVELOPES = 256;

const OFFER_TWIN = ['genesisHash', 'twin', 'to', 'deadline', 'containers', 'trust'];

/**
 * Returns the arguments of `offer_ownership`. An offer discloses data: the offeree gets the keys of
 * all the container's confidential data sets with the offer, even if it never accepts.
 *
 * @param {object} options
 * @param {Fixed} options.genesisHash
 * @param {Integer} options.container
 * @param {Reader | { account: Fixed }} options.to a container without keys needs no encryption key
 * @param {Integer} options.deadline Unix milliseconds
 * @param {NamedKey[]} options.keys of every confidential data set that has a key
 * @param {Trust} options.trust
 */
export async function offerOwnership(options) {
  const names = ['genesisHash', 'container', 'to', 'deadline', 'keys', 'trust'];
  checkOptions('offerOwnership', options, names);
  const { genesisHash, container, to, deadline, keys, trust } = options;
  return {
    container: u64(container, 'the container'),
    to: fixed(to.account, 32, 'the account'),
    deadline: u64(deadline, 'the deadline'),
    envelopes: await envelopesFor({ genesisHash, container, reader: to, keys, trust }),
  };
}

/**
 * Returns the arguments of `offer_twin`: a twin with containers that change owner together with it.
 * It has room for at most 256 envelopes; for more, use `offerTwinCalls`.
 *
 * @param {object} options
 * @param {Fixed} options.genesisHash
 * @param {Integer} options.twin
 * @param {Reader | { account: Fixed }} options.to
 * @param {Integer} options.deadline Unix milliseconds
 * @param {{ container: Integer, keys: NamedKey[] }[]} options.containers
 * @param {Trust} options.trust
 */
export async function offerTwin(options) {
  checkOptions('offerTwin', options, OFFER_TWIN);
  const { genesisHash, twin, to, deadline, containers, trust } = options;
  const envelopes = await Promise.all(
    containers.map(async (offered) => {
      checkOptions('a container to offer', offered, ['container', 'keys']);
      const { container, keys } = offered;
      const sealed = await envelopesFor({ genesisHash, container, reader: to, keys, trust });
      return sealed.map((envelope) => ({
        container: u64(container, 'the container'),
        ...envelope,
      }));
    }),
  );
  return {
    twin: u64(twin, 'the twin'),
    to: fixed(to.account, 32, 'the account'),
    deadline: u64(deadline, 'the deadline'),
    containers: containers.map(({ container }) => u64(container, 'the container')),
    envelopes: envelopes.flat(),
  };
}

/**
 * Returns the calls that offer a twin with containers, for one batch, each with its pallet. One
 * `offer_twin` has room for at most 256 envelopes. If more are needed, some containers are offered
 * separately first: `offer_twin` renews these offers, and needs no envelopes that the offeree
 * already has.
 *
 * @param {Parameters<typeof offerTwin>[0]} options
 */
export async function offerTwinCalls(options) {
  checkOptions('offerTwinCalls', options, OFFER_TWIN);
  const { genesisHash, to, deadline, containers, trust } = options;
  /** @type {typeof containers} */
  const alone = [];
  let left = containers.reduce((sum, { keys }) => sum + keys.length, 0);
  for (const offered of containers.toSorted((a, b) => b.keys.length - a.keys.length)) {
    if (left <= MAX_OFFER_ENVELOPES) break;
    checkCount(offered.keys, 0, MAX_ENVELOPES, 'envelopes: a container has no more data sets');
    alone.push(offered);
    left -= offered.keys.length;
  }
  const first = await Promise.all(
    alone.map(async ({ container, keys }) => {
      const args = await offerOwnership({ genesisHash, container, to, deadline, keys, trust });
      return { pallet: 'DataContainer', call: 'offer_ownership', args };
    }),
  );
  const rest = containers.map((it) => (alone.includes(it) ? { ...it, keys: [] } : it));
  const args = await offerTwin({ ...options, containers: rest });
  return [...first, { pallet: 'DigitalTwin', call: 'offer_twin', args }];
}
