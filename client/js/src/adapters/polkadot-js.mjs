// SPDX-License-Identifier: Apache-2.0

import { decodePolkadotJs } from '../errors.mjs';
import { camelCase, forPolkadotJs, together } from '../forms.mjs';

/**
 * Returns the adapter of an `ApiPromise` of Polkadot.js. A signer is a pair of its keyring, or
 * `{ address, signer }` with the signer of an extension.
 *
 * @param {any} api
 * @returns {import('./adapter.mjs').Adapter}
 */
export function polkadotJs(api) {
  const lower = (/** @type {string} */ name) => name[0].toLowerCase() + name.slice(1);
  const make = (/** @type {import('./adapter.mjs').Call} */ { pallet, call, args }) =>
    api.tx[lower(pallet)][camelCase(call)](...forPolkadotJs(args));
  return {
    genesisHash: async () => api.genesisHash.toHex(),
    async finalized() {
      const hash = await api.rpc.chain.getFinalizedHead();
      const { number } = await api.rpc.chain.getHeader(hash);
      return { hash: hash.toHex(), number: number.toNumber() };
    },
    blockHash: async (number) => (await api.rpc.chain.getBlockHash(number)).toHex(),
    async read(at, runtimeApi, method, args) {
      const { call } = await api.at(at);
      const list = forPolkadotJs(Object.fromEntries(args.entries()));
      return plain(await call[lower(runtimeApi)][camelCase(method)](...list));
    },
    async events(at) {
      const { query } = await api.at(at);
      return (await query.system.events()).map((/** @type {any} */ { event }) => eventOf(event));
    },
    accountOf: ({ address }) => address,
    async submit(signer, calls, given) {
      const call = together(calls.map(make), (all) => api.tx.utility.batchAll(all));
      const [who, options] = signer.signer ? [signer.address, { signer: signer.signer }] : [signer];
      const signed = await call.signAsync(who, { nonce: -1, ...options });
      await given();
      const result = await finalized(signed);
      const { dispatchError, events, status } = result;
      return {
        block: { hash: status.asFinalized.toHex(), number: result.blockNumber.toNumber() },
        events: events.map((/** @type {any} */ { event }) => eventOf(event)),
        failure: dispatchError && decodePolkadotJs(api.registry, dispatchError),
      };
    },
  };
}

/**
 * Sends a signed transaction. Resolves to the result in the finalised block.
 *
 * @param {any} signed
 * @returns {Promise<any>}
 */
function finalized(signed) {
  return new Promise((resolve, reject) => {
    /** @type {Promise<() => void> | undefined} */
    let subscription;
    const stop = () => subscription?.then((unsubscribe) => unsubscribe?.()).catch(() => {});
    subscription = signed.send((/** @type {any} */ result) => {
      if (result.status.isFinalized) resolve(result);
      else if (result.isError) reject(new Error(`the transaction is ${result.status.type}`));
      else return;
      queueMicrotask(stop);
    });
    subscription?.catch(reject);
  });
}

/**
 * @param {any} event
 * @returns {import('./adapter.mjs').Event}
 */
function eventOf({ section, method, data }) {
  const names = /** @type {string[]} */ (data.names ?? []);
  const fields = names.map((name, index) => [name, plain(data[index])]);
  return {
    pallet: section[0].toUpperCase() + section.slice(1),
    name: method,
    data: Object.fromEntries(fields),
  };
}

/**
 * Returns a value of Polkadot.js in the plain form.
 *
 * @param {any} codec
 * @returns {any}
 */
export function plain(codec) {
  if (typeof codec?.isSome === 'boolean') return codec.isSome ? plain(codec.unwrap()) : undefined;
  if (codec instanceof Uint8Array) return /** @type {any} */ (codec).toU8a(true);
  if (Array.isArray(codec)) return Array.from(codec, plain);
  if (codec instanceof Map) {
    return Object.fromEntries([...codec].map(([name, member]) => [camelCase(name), plain(member)]));
  }
  if (codec instanceof Boolean) return codec.valueOf();
  if (codec instanceof String) return String(codec);
  if (typeof codec?.toBigInt === 'function') return codec.toBigInt();
  if (Array.isArray(codec?.defKeys)) return { type: codec.type, value: plain(codec.inner) };
  return undefined;
}
