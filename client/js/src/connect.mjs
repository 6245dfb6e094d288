// SPDX-License-Identifier: Apache-2.0

// One object for the whole: reads, writes, shares, rotates and verifies, through a library for the
// chain. It takes SS58 addresses and JSON values, and returns plain objects.

import { adapterOf } from './adapters/adapter.mjs';
import { fixed, same } from './bytes.mjs';
import { Connection } from './connection.mjs';
import { Custody, memoryStore } from './custody.mjs';
import { history, verifyHistory } from './history.mjs';
import { Keystore } from './keystore.mjs';
import { reviewOffer } from './offers.mjs';
import { checkAll, kindOf } from './options.mjs';
import { read } from './reading.mjs';
import { ensureKey, rotate, rotateDue } from './rotating.mjs';
import { accept, keyOf, revoke, share } from './sharing.mjs';
import { accountOf, addressOf } from './ss58.mjs';
import { append, update, write } from './writing.mjs';

/**
 * @typedef {object} ConnectOptions
 * @property {any} [signer] signs for the keystore's account: a pair of a keyring or
 *   `{ address, signer }` for Polkadot.js and dedot, a `PolkadotSigner` for PAPI. Without it, the
 *   connection only reads
 * @property {import('./custody.mjs').Save} [save] saves a keystore in memory. Required for one
 * @property {Record<string, string[]>} [notes] the lists beside a keystore in memory, from an
 *   earlier connection. The connection changes them: save them together with the keystore
 * @property {import('./calls.mjs').Check} [check] checks confidential values against their schema,
 *   before they are sealed and after they are opened: throws if they do not match
 */

/**
 * Connects an account to the chain.
 *
 * @param {any} api an `ApiPromise` of Polkadot.js, a client of PAPI or dedot, or an adapter
 * @param {Keystore | import('./custody.mjs').Store} keystore a keystore in memory, with `save`, or
 *   `keystoreFile(path, password)` of `@twinchain/client/keystore-file`
 * @param {ConnectOptions} [options]
 * @returns {Promise<Twinchain>}
 */
export async function connect(api, keystore, options = {}) {
  checkAll('connect', options, [], ['signer', 'save', 'notes', 'check']);
  const adapter = adapterOf(api);
  const store = storeOf(keystore, options);
  const { signer, check } = options;
  if (check !== undefined && typeof check !== 'function') {
    throw new TypeError(`check must be a function, not ${kindOf(check)}`);
  }
  const genesisHash = fixed(await adapter.genesisHash(), 32, 'the genesis hash');
  const { account } = await store.read(genesisHash);
  if (signer !== undefined) checkSigner(adapter, signer, account);
  const custody = new Custody(store, genesisHash, account);
  return new Twinchain(new Connection({ adapter, genesisHash, account, custody, signer, check }));
}

/**
 * @param {Keystore | import('./custody.mjs').Store} keystore
 * @param {ConnectOptions} options
 */
function storeOf(keystore, { save, notes = {} }) {
  if (keystore instanceof Keystore) {
    if (typeof save === 'function') return memoryStore(keystore, save, notes);
    throw new TypeError(
      'a keystore in memory needs `save`, a function that stores it: lost keys are lost data',
    );
  }
  if (typeof keystore?.read === 'function' && typeof keystore.update === 'function')
    return keystore;
  throw new TypeError(
    `the keystore must be a Keystore, or keystoreFile(path, password), not ${kindOf(keystore)}`,
  );
}

/**
 * @param {import('./adapters/adapter.mjs').Adapter} adapter
 * @param {unknown} signer
 * @param {Uint8Array} account
 */
function checkSigner(adapter, signer, account) {
  if (typeof signer !== 'object' || signer === null) {
    throw new TypeError(`signer is what the library signs with, not ${kindOf(signer)}`);
  }
  const signs = accountOf(adapter.accountOf(signer), "the signer's account");
  if (same(signs, account)) return;
  throw new RangeError(
    `the signer signs for ${addressOf(signs)}, but the keystore is of ${addressOf(account)}`,
  );
}

/** A connection of one account to the chain: see `connect`. */
export class Twinchain {
  #connection;

  /** @param {Connection} connection */
  constructor(connection) {
    this.#connection = connection;
  }

  /** The account, as an SS58 address. */
  get address() {
    return this.#connection.address;
  }

  /**
   * Reads an entry, or the items of a list. An item that cannot be opened does not hide the others.
   *
   * @param {Parameters<typeof read>[1]} options
   * @returns {Promise<import('./reading.mjs').ReadEntry | import('./reading.mjs').ReadList>}
   */
  read(options) {
    return read(this.#connection, options);
  }

  /**
   * Sets an entry to a JSON value, or to exact JSON text.
   *
   * @param {Parameters<typeof write>[1]} options
   * @returns {Promise<import('./writing.mjs').Written>}
   */
  write(options) {
    return write(this.#connection, options);
  }

  /**
   * Appends JSON values, or exact JSON texts, to a list.
   *
   * @param {Parameters<typeof append>[1]} options
   * @returns {Promise<import('./writing.mjs').Written>}
   */
  append(options) {
    return append(this.#connection, options);
  }

  /**
   * Reads an entry, changes its value, and writes it. Does it again if another write came first.
   *
   * @param {Parameters<typeof update>[1]} options
   * @returns {Promise<import('./writing.mjs').Written>}
   */
  update(options) {
    return update(this.#connection, options);
  }

  /**
   * Gives an account access to data sets, with the keys that it needs.
   *
   * @param {Parameters<typeof share>[1]} options
   * @returns {Promise<import('./sharing.mjs').Shared>}
   */
  share(options) {
    return share(this.#connection, options);
  }

  /**
   * Takes access away, and rotates the keys that the account has, in the same transaction.
   *
   * @param {Parameters<typeof revoke>[1]} options
   * @returns {Promise<import('./sharing.mjs').Revoked>}
   */
  revoke(options) {
    return revoke(this.#connection, options);
  }

  /**
   * Rotates the key of a data set.
   *
   * @param {Parameters<typeof rotate>[1]} options
   * @returns {Promise<import('./rotating.mjs').Rotated>}
   */
  rotate(options) {
    return rotate(this.#connection, options);
  }

  /**
   * Rotates all keys of a container that are due, and makes those that are missing.
   *
   * @param {Parameters<typeof rotateDue>[1]} options
   * @returns {Promise<import('./rotating.mjs').Rotated>}
   */
  rotateDue(options) {
    return rotateDue(this.#connection, options);
  }

  /**
   * Examines the offer of a container or twin before it is accepted.
   *
   * @param {Parameters<typeof reviewOffer>[1]} options
   * @returns {Promise<import('./offers.mjs').Review>}
   */
  reviewOffer(options) {
    return reviewOffer(this.#connection, options);
  }

  /**
   * Returns all changes of a data set. Needs an archive node.
   *
   * @param {Parameters<typeof history>[1]} options
   * @returns {Promise<import('./history.mjs').History>}
   */
  history(options) {
    return history(this.#connection, options);
  }

  /**
   * Returns all changes of a data set, after a proof that none is missing or altered.
   *
   * @param {Parameters<typeof verifyHistory>[1]} options
   * @returns {Promise<import('./history.mjs').History>}
   */
  verifyHistory(options) {
    return verifyHistory(this.#connection, options);
  }

  /**
   * Makes sure that the account has an encryption key on the chain, and returns it.
   *
   * @returns {Promise<import('./rotating.mjs').OwnPublicKey>}
   */
  ensureKey() {
    return ensureKey(this.#connection);
  }

  /**
   * Returns the encryption key of an account on the chain, and the pinned one.
   *
   * @param {Parameters<typeof keyOf>[1]} options
   * @returns {Promise<import('./sharing.mjs').Keys>}
   */
  keyOf(options) {
    return keyOf(this.#connection, options);
  }

  /**
   * Accepts a key that the user compared: of an account, or of the newest epoch of a data set.
   *
   * @param {Parameters<typeof accept>[1]} options
   * @returns {Promise<void>}
   */
  accept(options) {
    return accept(this.#connection, options);
  }

  /**
   * Sends any calls in one transaction, and waits until it is final: all of them happen, or none.
   * Arguments are named and ordered as on the chain: bytes as Uint8Arrays, u64 as BigInts, accounts
   * as 32 bytes, variants as `{ type, value }`.
   *
   * @param {...import('./adapters/adapter.mjs').Call} calls
   * @returns {Promise<Pick<import('./adapters/adapter.mjs').Outcome, 'block' | 'events'>>}
   */
  async send(...calls) {
    if (calls.length === 0) throw new TypeError('send needs a call');
    for (const call of calls) checkAll('a call', call, ['pallet', 'call', 'args']);
    const { block, events } = await this.#connection.send(calls);
    return { block, events };
  }
}
