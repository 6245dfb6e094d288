// SPDX-License-Identifier: Apache-2.0

// The keystore of a connection, and what the client remembers beside it: which data sets are
// confidential, and which keys were made here but not yet seen on the chain. Keys are saved here
// before the chain knows of them.

import { same, textOrBytes, toHex } from './bytes.mjs';
import { OlderKey } from './exceptions.mjs';
import { Keystore } from './keystore.mjs';
import { checkChain } from './keystore-format.mjs';

/** @typedef {import('./chain.mjs').Place} Place */
/** @typedef {'confidential' | 'prepared'} List */

/**
 * Keeps a keystore: a file, or what a browser has. `keystoreFile` returns one.
 *
 * @typedef {object} Store
 * @property {(genesisHash: Uint8Array) => Promise<Keystore>} read
 * @property {<T>(change: (keystore: Keystore) => T | Promise<T>, genesisHash: Uint8Array)
 *   => Promise<T>} update changes the keystore, and resolves once it is saved
 * @property {(list: List) => Promise<string[] | undefined>} [readNotes] undefined if the list does
 *   not exist
 * @property {(list: List, lines: string[]) => Promise<void>} [writeNotes]
 */

/**
 * Saves a keystore of a program that keeps it itself, such as in a browser: `keystore.seal` returns
 * the text to store. Resolves once it is stored.
 *
 * @typedef {(keystore: Keystore) => unknown} Save
 */

/**
 * Returns a store for a keystore in memory.
 *
 * @param {Keystore} keystore
 * @param {Save} save
 * @param {Record<string, string[]>} notes the lists, which this store changes
 * @returns {Store}
 */
export function memoryStore(keystore, save, notes) {
  return {
    read: async (genesisHash) => {
      if (keystore.genesisHash) checkChain(keystore.genesisHash, genesisHash);
      return keystore;
    },
    update: async (change) => {
      const result = await change(keystore);
      await save(keystore);
      return result;
    },
    readNotes: async (list) => notes[list],
    writeNotes: async (list, lines) => {
      notes[list] = lines;
      await save(keystore);
    },
  };
}

export class Custody {
  #store;
  #genesisHash;
  /** @type {Keystore | undefined} */
  #open;
  /** @type {Promise<unknown>} */
  #turn = Promise.resolve();
  /**
   * The epochs that the user compared with their owner.
   *
   * @type {Set<string>}
   */
  #accepted = new Set();

  /**
   * @param {Store} store
   * @param {Uint8Array} genesisHash
   * @param {Uint8Array} account
   */
  constructor(store, genesisHash, account) {
    this.#store = store;
    this.#genesisHash = genesisHash;
    this.account = account;
  }

  /** @returns {Promise<Keystore>} as it was last read or changed */
  async keystore() {
    if (!this.#open) {
      const keystore = await this.#store.read(this.#genesisHash);
      if (!same(keystore.account, this.account)) {
        throw new RangeError(
          `the keystore is of the account ${toHex(keystore.account)}, not of ${toHex(this.account)}`,
        );
      }
      this.#open = keystore;
    }
    return this.#open;
  }

  /**
   * Changes the keystore, and resolves once it is saved. Changes of one connection take turns.
   *
   * @template T
   * @param {(keystore: Keystore) => T | Promise<T>} change
   * @returns {Promise<T>}
   */
  async update(change) {
    await this.keystore();
    return this.#inTurn(() =>
      this.#store.update(async (keystore) => {
        const result = await change(keystore);
        this.#open = keystore;
        return result;
      }, this.#genesisHash),
    );
  }

  /**
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  #inTurn(work) {
    const result = this.#turn.then(work, work);
    this.#turn = result.catch(() => {});
    return result;
  }

  /** @param {List} list @returns {Promise<string[]>} */
  async #notes(list) {
    return (await this.#store.readNotes?.(list)) ?? [];
  }

  /**
   * @param {List} list
   * @param {(lines: Set<string>) => void} change
   */
  #note(list, change) {
    return this.#inTurn(async () => {
      const before = await this.#notes(list);
      const lines = new Set(before);
      change(lines);
      const isSame = lines.size === before.length && before.every((line) => lines.has(line));
      if (!isSame) await this.#store.writeNotes?.(list, [...lines]);
    });
  }

  /**
   * Returns `true` if a data set is noted as confidential, or the keystore has seeds of it.
   *
   * @param {Place} place
   */
  async isKnownConfidential(place) {
    const noted = await this.#notes('confidential');
    return noted.includes(lineOf(place)) || (await this.keystore()).epochsOf(place).length > 0;
  }

  /**
   * Notes that a data set is confidential, which never changes. A node can then not make the client
   * send its values as plain text.
   *
   * @param {Place} place
   */
  rememberConfidential(place) {
    return this.#note('confidential', (lines) => lines.add(lineOf(place)));
  }

  /**
   * Notes keys that are made here, before they are saved and sent. Until the chain has them, they
   * do not show what the chain should have.
   *
   * @param {Uint8Array[]} keys
   */
  prepare(keys) {
    return this.#note('prepared', (lines) => keys.forEach((key) => lines.add(toHex(key))));
  }

  /**
   * Notes that the chain may have these keys.
   *
   * @param {Uint8Array[]} keys
   */
  confirm(keys) {
    return this.#note('prepared', (lines) => keys.forEach((key) => lines.delete(toHex(key))));
  }

  /**
   * Returns the epochs of a data set that the keystore knows, except those that the chain may never
   * have had.
   *
   * @param {Place} place
   */
  async knownEpochs(place) {
    const prepared = await this.#notes('prepared');
    const all = (await this.keystore()).epochsOf(place);
    return all.filter(({ publicKey }) => !prepared.includes(toHex(publicKey)));
  }

  /**
   * Accepts an epoch's key as the owner's, after the user compared it.
   *
   * @param {Place} place
   * @param {number} epoch
   * @param {Uint8Array} publicKey
   */
  acceptEpoch(place, epoch, publicKey) {
    this.#accepted.add(`${lineOf(place)} ${epoch} ${toHex(publicKey)}`);
  }

  /**
   * @param {Place} place
   * @param {number} epoch
   * @param {Uint8Array} publicKey
   */
  isAccepted(place, epoch, publicKey) {
    return this.#accepted.has(`${lineOf(place)} ${epoch} ${toHex(publicKey)}`);
  }

  /**
   * Checks the key of an account before anything is sealed to it, and pins it if it is new. Throws
   * `KeyChanged`, `UnexpectedKey` or `OlderKey`.
   *
   * @param {import('./chain.mjs').AccountKey} reader
   */
  async check(reader) {
    const isOwn = same(reader.account, this.account);
    if (isOwn) await this.#checkOwn(reader);
    const keystore = await this.keystore();
    if (isOwn || keystore.pinned(reader.account)) keystore.check(reader);
    else await this.update((changed) => changed.check(reader));
  }

  /**
   * Fails if the keystore has a later key than the node reports: the reported one may have leaked.
   *
   * @param {import('./chain.mjs').AccountKey} found
   */
  async #checkOwn(found) {
    await this.confirm([found.public]);
    const prepared = await this.#notes('prepared');
    const later = (await this.keystore()).ownKeys.find(
      (key) => key.version > found.version && !prepared.includes(toHex(key.public)),
    );
    if (!later || same(later.public, found.public)) return;
    throw new OlderKey(
      `the node reports version ${found.version} as your newest key, but the keystore has version ` +
        `${later.version}: use another node, or set a new key`,
    );
  }
}

/**
 * Returns the line of a data set in the list of confidential ones: the container, and the name in
 * hexadecimal.
 *
 * @param {Place} place
 */
const lineOf = ({ container, dataSet }) =>
  `${container} ${toHex(textOrBytes(dataSet, 'the name')).slice(2)}`;
