// SPDX-License-Identifier: Apache-2.0

import { fromHex } from '../bytes.mjs';
import { camelCase, forDedot, together } from '../forms.mjs';

/**
 * Returns the adapter of a client of dedot. A signer is a pair of a keyring of Polkadot.js, or
 * `{ address, signer }` with the signer of an extension.
 *
 * @param {any} client
 * @returns {import('./adapter.mjs').Adapter}
 */
export function dedot(client) {
  const lower = (/** @type {string} */ name) => name[0].toLowerCase() + name.slice(1);
  const make = (/** @type {import('./adapter.mjs').Call} */ { pallet, call, args }) =>
    client.tx[lower(pallet)][camelCase(call)](...forDedot(args));
  return {
    genesisHash: async () => client.genesisHash,
    async finalized() {
      const { hash, number } = await client.block.finalized();
      return { hash, number };
    },
    blockHash: (number) => client.rpc.chain_getBlockHash(number),
    async read(at, runtimeApi, method, args) {
      const { call } = await client.at(at);
      const list = forDedot(Object.fromEntries(args.entries()));
      return plain(await call[lower(runtimeApi)][camelCase(method)](...list));
    },
    async events(at) {
      const { query } = await client.at(at);
      return (await query.system.events()).map((/** @type {any} */ { event }) => eventOf(event));
    },
    accountOf: ({ address }) => address,
    async submit(signer, calls, given) {
      const batchAll = (/** @type {any[]} */ all) =>
        client.tx.utility.batchAll(all.map(({ call }) => call));
      const call = together(calls.map(make), batchAll);
      const [who, options] = signer.signer ? [signer.address, { signer: signer.signer }] : [signer];
      await call.sign(who, options);
      await given();
      const sending = call.send();
      // Both promises reject if the pool rejects the transaction.
      const sent = Promise.all([sending.untilFinalized(), sending]).catch(rethrow);
      const [{ status, events, dispatchError }] = await sent;
      return {
        block: { hash: status.value.blockHash, number: status.value.blockNumber },
        events: events.map((/** @type {any} */ { event }) => eventOf(event)),
        failure: dispatchError && failureOf(client, dispatchError),
      };
    },
  };
}

/**
 * Gives a rejection of dedot the form of PAPI's, which `explainRejection` reads.
 *
 * @param {any} thrown
 * @returns {never}
 */
function rethrow(thrown) {
  if (thrown?.data?.err) thrown.error = thrown.data.err;
  throw thrown;
}

/**
 * @param {any} event
 * @returns {import('./adapter.mjs').Event}
 */
const eventOf = ({ pallet, palletEvent }) =>
  typeof palletEvent === 'string'
    ? { pallet, name: palletEvent, data: {} }
    : { pallet, name: palletEvent.name, data: plain(palletEvent.data) };

/**
 * Decodes an error of dedot, with the client's metadata.
 *
 * @param {any} client
 * @param {any} dispatchError
 * @returns {import('../errors.mjs').Failure}
 */
function failureOf(client, dispatchError) {
  const meta = dispatchError.type === 'Module' && client.registry.findErrorMeta(dispatchError);
  if (!meta) return { error: dispatchError.type ?? String(dispatchError) };
  /** @type {Record<string, number>} */
  const fields = {};
  // A module error has 4 bytes: its index, then its fields in SCALE.
  let rest = fromHex(dispatchError.value.error).subarray(1);
  for (const { name, typeId } of meta.fields) {
    const codec = client.registry.findCodec(typeId);
    const value = codec.tryDecode(rest);
    fields[name] = Number(value);
    rest = rest.subarray(codec.tryEncode(value).length);
  }
  return { pallet: meta.pallet, error: meta.name, docs: meta.docs?.join(' '), fields };
}

/**
 * Returns a value of dedot in the plain form: accounts as hexadecimal.
 *
 * @param {any} value
 * @returns {any}
 */
function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (typeof value.address === 'function' && typeof value.raw === 'string') return value.raw;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}
