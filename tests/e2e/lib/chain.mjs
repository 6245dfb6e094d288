// SPDX-License-Identifier: Apache-2.0

// Access to a chain through Polkadot.js: sends transactions, waits until they are final, and reads
// the results.

import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import { stringToU8a, u8aToHex, u8aToString, u8aToU8a } from '@polkadot/util';
import { base58Decode } from '@polkadot/util-crypto';
import assert from 'node:assert/strict';

/**
 * Time limit for a transaction to become final: a block comes every 3 seconds, finality 2 blocks
 * later.
 */
const FINAL_LIMIT = 90_000;

/** The accounts that exist at genesis, and can therefore send transactions. */
const NAMES = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie'];

export function accounts() {
  const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 });
  const pairs = NAMES.flatMap((name) => [
    [name.toLowerCase(), keyring.addFromUri(`//${name}`, { name })],
    [`${name.toLowerCase()}Stash`, keyring.addFromUri(`//${name}//stash`, { name })],
  ]);
  return Object.fromEntries(pairs);
}

/** Converts text or bytes for an argument of type `Bytes` in Polkadot.js. */
export const bytes = (text) => u8aToHex(typeof text === 'string' ? stringToU8a(text) : text);

/** Returns the text in a `Bytes`, within any wrappers. */
export const text = (value) => u8aToString(value.toU8a(true));

/** Converts a peer id as nodes show it to the bytes on the chain. */
export const peerIdBytes = (id) => u8aToHex(base58Decode(id));

/** Returns a connection with helpers for tests. `quiet` hides the warnings at the start. */
export async function connect(url, { quiet = true } = {}) {
  const provider = new WsProvider(url);
  const api = await ApiPromise.create({ provider, noInitWarn: quiet, throwOnConnect: true });
  const chain = new Chain(api);
  return { api, chain, ...accounts(), close: () => api.disconnect() };
}

export class Chain {
  #nonces = new Map();
  #final;

  /** `final: false`: waits only for inclusion in a block, where nothing becomes final. */
  constructor(api, { final = true } = {}) {
    this.api = api;
    this.#final = final;
  }

  /**
   * Signs and sends a transaction, and waits until it is final. Returns the block's hash and
   * number, the events, and the error if the call failed. Transactions of one account can be sent
   * without waiting: they are executed in this order.
   */
  async send(signer, call) {
    const nonce = this.#nonce(signer);
    const options = { nonce: await nonce, era: 64 };
    const result = await new Promise((resolve, reject) => {
      let unsubscribe;
      const end = (settle, value) => {
        clearTimeout(timer);
        Promise.resolve(unsubscribe).then((stop) => stop?.(), () => {});
        settle(value);
      };
      const awaited = this.#final ? 'final' : 'in a block';
      const timer = setTimeout(
        () => end(reject, new Error(`${name(call)} was not ${awaited} in ${FINAL_LIMIT / 1000} s`)),
        FINAL_LIMIT,
      );
      unsubscribe = call.signAndSend(signer, options, (status) => {
        if (status.internalError) end(reject, status.internalError);
        else if (this.#final ? status.isFinalized : status.isInBlock) end(resolve, status);
        else if (status.isError) end(reject, new Error(`${name(call)}: ${status.status}`));
      });
      unsubscribe.catch((error) => end(reject, error));
    });
    const { dispatchError, events, status } = result;
    return {
      blockHash: this.#final ? status.asFinalized : status.asInBlock,
      blockNumber: result.blockNumber.toNumber(),
      events: events.map(({ event }) => event),
      info: result.dispatchInfo,
      error: dispatchError ? decodeError(this.api, dispatchError) : undefined,
    };
  }

  // Returns the next nonce of an account: read once, then counted.
  #nonce(signer) {
    const { address } = signer;
    const last = this.#nonces.get(address);
    const next = last
      ? last.then((nonce) => nonce + 1)
      : this.api.rpc.system.accountNextIndex(address).then((nonce) => nonce.toNumber());
    this.#nonces.set(address, next);
    return next;
  }

  /** Like `send`, but the call must succeed. */
  async succeed(signer, call) {
    const outcome = await this.send(signer, call);
    if (outcome.error) {
      assert.fail(`${name(call)} by ${signer.meta.name} failed: ${describe(outcome.error)}`);
    }
    return outcome;
  }

  /** Like `send`, but the call must fail with `pallet.Error`, and with these fields if given. */
  async fail(signer, call, expected, fields) {
    const outcome = await this.send(signer, call);
    assert.ok(outcome.error, `${name(call)} by ${signer.meta.name} succeeded, instead of ${expected}`);
    assert.equal(outcome.error.name, expected, describe(outcome.error));
    if (fields) assert.deepEqual(outcome.error.fields, fields);
    return outcome;
  }
}

const name = (call) => `${call.method.section}.${call.method.method}`;
const describe = ({ name, fields, docs }) => `${name} ${JSON.stringify(fields)}: ${docs}`;

/**
 * Decodes a dispatch error. A module error has 4 bytes: the error's index, then its fields, if any,
 * in SCALE.
 */
export function decodeError(api, error) {
  if (!error.isModule) return { name: error.toString(), fields: {}, docs: '' };
  const { error: raw } = error.asModule;
  const meta = api.registry.findMetaError(error.asModule);
  const fields = {};
  let rest = raw.toU8a().subarray(1);
  for (const field of meta.fields) {
    const type = api.registry.createLookupType(field.type);
    const value = api.registry.createTypeUnsafe(type, [rest]);
    fields[field.name.unwrap().toString()] = value.toJSON();
    rest = rest.subarray(value.encodedLength);
  }
  return {
    name: `${meta.section}.${meta.name}`,
    fields,
    docs: meta.docs.filter(Boolean).join(' ').trim(),
  };
}

/** Returns the events of a pallet with this name, as data by field. */
export function eventsOf(events, section, method) {
  return events
    .filter((event) => event.section === section && event.method === method)
    .map((event) => event.data);
}

/** Returns the only event of this kind. */
export function eventOf(events, section, method) {
  const found = eventsOf(events, section, method);
  assert.equal(found.length, 1, `one event ${section}.${method}`);
  return found[0];
}

/** Returns every key and value in the raw storage of these pallets at a block, as hex. */
export async function rawState(api, pallets, hash) {
  const pairs = [];
  for (const pallet of pallets) {
    // All keys of a pallet begin with the 16-byte hash of its name.
    const [entry] = Object.values(api.query[pallet]);
    const prefix = entry.keyPrefix().slice(0, 2 + 32);
    const keys = await api.rpc.state.getKeysPaged(prefix, 1000, prefix, hash);
    assert.ok(keys.length > 0 && keys.length < 1000, 'one page of keys is enough here');
    const values = await Promise.all(keys.map((key) => api.rpc.state.getStorage.raw(key, hash)));
    keys.forEach((key, index) => pairs.push([key.toHex(), u8aToHex(u8aToU8a(values[index]))]));
  }
  return new Map(pairs);
}
