// SPDX-License-Identifier: Apache-2.0

import { decodePapi } from '../errors.mjs';
import { camelCase, forPapi, together } from '../forms.mjs';
import { addressOf } from '../ss58.mjs';

/**
 * Returns the adapter of a client of PAPI. A signer is a `PolkadotSigner`.
 *
 * @param {any} client
 * @returns {import('./adapter.mjs').Adapter}
 */
export function papi(client) {
  const api = client.getUnsafeApi();
  const make = (/** @type {import('./adapter.mjs').Call} */ { pallet, call, args }) =>
    api.tx[pallet][call](forPapi(args, addressOf));
  return {
    genesisHash: async () => (await client.getChainSpecData()).genesisHash,
    async finalized() {
      const { hash, number } = await client.getFinalizedBlock();
      return { hash, number };
    },
    blockHash: (number) => client._request('chain_getBlockHash', [number]),
    read: async (at, runtimeApi, method, args) =>
      plain(await api.apis[runtimeApi][method](...args, { at })),
    async events(at) {
      const records = await api.query.System.Events.getValue({ at });
      return records.map((/** @type {any} */ { event }) => eventOf(event));
    },
    accountOf: ({ publicKey }) => publicKey,
    async submit(signer, calls, given) {
      const batchAll = (/** @type {any[]} */ all) =>
        api.tx.Utility.batch_all({ calls: all.map(({ decodedCall }) => decodedCall) });
      const signed = await together(calls.map(make), batchAll).sign(signer);
      await given();
      const { block, events, ok, dispatchError } = await client.submit(signed);
      return {
        block: { hash: block.hash, number: block.number },
        events: events.map(eventOf),
        failure: ok ? undefined : decodePapi(dispatchError),
      };
    },
  };
}

/**
 * @param {any} event
 * @returns {import('./adapter.mjs').Event}
 */
const eventOf = ({ type: pallet, value: { type: name, value } }) => ({
  pallet,
  name,
  data: plain(value),
});

/**
 * Returns a value of PAPI in the plain form: the members of structs in camel case.
 *
 * @param {any} value
 * @returns {any}
 */
function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  const members = Object.entries(value).map(([name, member]) => [camelCase(name), plain(member)]);
  return Object.fromEntries(members);
}
