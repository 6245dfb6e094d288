// SPDX-License-Identifier: Apache-2.0

// The interface between the client and a library for the chain. To use another library, write an
// object with these members and give it to `connect`.
//
// Values have one plain form. Structs are objects with members in camel case. Enums are
// `{ type, value }`, or only the type's name if it has no value. An omitted option is undefined or
// null. Tuples and lists are arrays. Integers are numbers or BigInts. Bytes are Uint8Arrays or
// hexadecimal after `0x`; accounts can be SS58 addresses, too.

import { dedot } from './dedot.mjs';
import { papi } from './papi.mjs';
import { polkadotJs } from './polkadot-js.mjs';

/**
 * A call, with arguments as the functions of calls.mjs make them: members named and ordered as on
 * the chain, bytes and accounts as Uint8Arrays, u64 as BigInts, variants `{ type, value }`.
 *
 * @typedef {{ pallet: string, call: string, args: Record<string, unknown> }} Call
 *   such as `DataContainer` and `rotate_key`
 */

/**
 * An event of a block, in the plain form.
 *
 * @typedef {{ pallet: string, name: string, data: any }} Event
 *   such as `DataContainer` and `DataSetChanged`
 */

/** @typedef {{ hash: string, number: number }} Block */

/**
 * A transaction in a finalised block. `failure` says why its calls were refused.
 *
 * @typedef {object} Outcome
 * @property {Block} block
 * @property {Event[]} events of the transaction
 * @property {import('../errors.mjs').Failure} [failure]
 */

/**
 * The parts of a library that the client uses. All reads are of the given finalised block.
 *
 * @typedef {object} Adapter
 * @property {() => Promise<import('../crypto.mjs').Fixed>} genesisHash
 * @property {() => Promise<Block>} finalized the newest finalised block
 * @property {(number: number) => Promise<string>} blockHash of a finalised block
 * @property {(at: string, api: string, method: string, args: unknown[]) => Promise<any>} read calls
 *   a runtime API such as `DataContainerApi` and `data_sets`. Arguments are as in a `Call`, but
 *   accounts are SS58 addresses
 * @property {(at: string) => Promise<Event[]>} events decoded with that block's own metadata
 * @property {(signer: any) => Uint8Array | string} accountOf the account that a signer signs for
 * @property {(signer: any, calls: Call[], given: () => Promise<void>) => Promise<Outcome>} submit
 *   signs one transaction, in which all calls happen or none; calls `given` right before the node
 *   gets it; resolves once it is final. Throws what the library throws
 */

/**
 * Returns the adapter of a library.
 *
 * @param {any} api an `ApiPromise` of Polkadot.js, a client of PAPI or dedot, or an `Adapter`
 * @returns {Adapter}
 */
export function adapterOf(api) {
  const has = (/** @type {string[]} */ ...names) =>
    names.every((name) => typeof api?.[name] === 'function');
  if (has('read', 'events', 'submit', 'finalized', 'blockHash')) return api;
  if (has('getUnsafeApi', 'getFinalizedBlock')) return papi(api);
  if (api?.rpcVersion !== undefined && has('at')) return dedot(api);
  if (api?.isReadyOrError !== undefined && has('at')) return polkadotJs(api);
  throw new TypeError(
    'connect takes an ApiPromise of Polkadot.js, a client of PAPI or dedot, or an adapter',
  );
}
