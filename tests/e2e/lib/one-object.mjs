// SPDX-License-Identifier: Apache-2.0

// Helpers for tests of the client's one object: people with keystores, containers, and an adapter
// that lies.

import assert from 'node:assert/strict';
import { adapterOf } from '../../../client/js/src/adapters/adapter.mjs';
import * as client from '../../../client/js/src/index.mjs';
import { bytes, eventOf } from './chain.mjs';

/** Publishes a plugin with these data sets. Returns its id. */
export async function publish({ api, chain, alice }, properties) {
  const document = { description: { name: 'service' }, template: { properties } };
  const call = api.tx.dataContainer.publishPlugin(bytes(JSON.stringify(document)));
  const { events } = await chain.succeed(alice, call);
  return eventOf(events, 'dataContainer', 'PluginPublished').plugin.toBigInt();
}

/** Returns an empty keystore of an account with where it is saved, as a browser has it. */
export function emptyStore({ api }, { publicKey }) {
  const keystore = new client.Keystore(publicKey, api.genesisHash.toU8a());
  const store = { keystore, notes: {}, saves: 0, save: () => (store.saves += 1) };
  return store;
}

/** Connects an account through a library, or through what `lie` makes of its adapter. */
export function join(library, store, pair, lie = (adapter) => adapter) {
  const { keystore, save, notes } = store;
  const options = { signer: library.signerOf(pair), save, notes };
  return client.connect(lie(adapterOf(library.api)), keystore, options);
}

/** Makes an instance of a plugin. Returns its container's number. */
export async function instantiate(owner, plugin) {
  const args = { plugin, description: new Uint8Array(0) };
  const { events } = await owner.send({ pallet: 'DataContainer', call: 'instantiate', args });
  const created = events.find(({ name }) => name === 'ContainerCreated');
  return Number(created.data.container);
}

/** Returns the place of a data set, with further options. */
export const of = (dataSet, container, rest = {}) => ({ container, dataSet, ...rest });

/** Returns the refusal with which a method fails. */
export const refused = (promise) =>
  promise.then(
    () => assert.fail('the call succeeded'),
    (error) => {
      assert.equal(error.name, 'Refused', error.stack);
      return error;
    },
  );

/**
 * Returns what changes the results of a runtime API: `change(method, result, args)`. Also counts
 * the transactions that it sends.
 */
export const lying =
  (change, sent = []) =>
  (adapter) => ({
    ...adapter,
    read: async (at, api, method, args) =>
      change(method, await adapter.read(at, api, method, args), args),
    submit: (signer, calls, given) => {
      sent.push(calls);
      return adapter.submit(signer, calls, given);
    },
  });
